// Short lists: a menu of the browser's own, boxes to tick, one of a few.

import { html, useContext } from "../html.mjs";
import { aria, useFirst } from "./ask.mjs";
import { useField } from "./field.mjs";
import { Text, plain } from "./mrkdwn.mjs";
import { Picker } from "./picker.mjs";
import { Surfaces } from "./surface.mjs";
import { allOptions } from "./values.mjs";

const MANY = 10; // more lines than this get a field to search in

const line = (option) => ({
  value: option.value,
  words: plain(option.text),
  more: option.description && plain(option.description),
});

export function StaticSelect(props) {
  const { element } = props;
  if (allOptions(element).length <= MANY && element.type === "static_select") {
    return html`<${NativeSelect} ...${props} />`;
  }
  const groups = element.option_groups?.map((group) => ({
    label: plain(group.label),
    lines: group.options.map(line),
  }));
  return html`<${Picker} ...${props} groups=${groups ?? [{ lines: element.options.map(line) }]} />`;
}

function NativeSelect({ block, element, named }) {
  const { ctx } = useContext(Surfaces);
  const field = useField(block, element);
  const first = useFirst(element);
  const empty = element.placeholder ? plain(element.placeholder) : ctx.t("blocks.choose");
  const lines = (options) =>
    options.map(
      ({ value, text }) => html`<option key=${value} value=${value}>${plain(text)}</option>`,
    );
  return html`<select
      ...${aria(named)}
      ref=${first}
      class="bk-select"
      data-action=${element.action_id}
      value=${field.value ?? ""}
      onChange=${(event) => field.type(event.currentTarget.value || null)}
      onFocus=${field.focus}
      onBlur=${field.blur}
    >
      ${(!field.value || block.optional) && html`<option value="">${empty}</option>`}
      ${lines(element.options ?? [])}
      ${(element.option_groups ?? []).map(
        ({ label, options }) =>
          html`<optgroup key=${plain(label)} label=${plain(label)}>${lines(options)}</optgroup>`,
      )}
    </select>
    ${field.after}`;
}

// Boxes and round ones differ in how many may be chosen.
function Choices({ block, element, named, kind, role, chosen, pick }) {
  const { ctx } = useContext(Surfaces);
  const first = useFirst(element);
  const { id, required, wrong, ...words } = named;
  const group = kind === "radio" ? { wrong, required } : {};
  return html`<div role=${role} ...${aria({ ...words, ...group })}>
    ${element.options.map((option, at) => {
      const own = `${id}-${at}`;
      return html`<label class="bk-choice" key=${option.value}>
        <input
          type=${kind}
          name=${id}
          id=${own}
          ref=${at === 0 ? first : undefined}
          checked=${chosen.includes(option.value)}
          aria-invalid=${kind === "checkbox" && wrong ? "true" : undefined}
          onChange=${(event) => pick(option.value, event.currentTarget)}
        />
        <span>
          <${Text} object=${option.text} ctx=${ctx} />
          ${option.description &&
          html`<small><${Text} object=${option.description} ctx=${ctx} /></small>`}
        </span>
      </label>`;
    })}
  </div>`;
}

export function Checkboxes(props) {
  const field = useField(props.block, props.element);
  const pick = (value, box) => {
    const others = field.value.filter((one) => one !== value);
    field.type(box.checked ? [...others, value] : others);
  };
  return html`<div onFocusIn=${field.focus} onFocusOut=${field.blur}>
    <${Choices} ...${props} kind="checkbox" role="group" chosen=${field.value} pick=${pick} />
    ${field.after}
  </div>`;
}

export function RadioButtons(props) {
  const field = useField(props.block, props.element);
  const chosen = field.value === null ? [] : [field.value];
  return html`<div onFocusIn=${field.focus} onFocusOut=${field.blur}>
    <${Choices} ...${props} kind="radio" role="radiogroup" chosen=${chosen} pick=${field.type} />
    ${field.after}
  </div>`;
}
