// A list to search in, for one or for several: the combobox pattern of the ARIA practices.

import { html, useContext, useLayoutEffect, useRef, useState } from "../html.mjs";
import { aria, useFirst } from "./ask.mjs";
import { useField } from "./field.mjs";
import { useOwnId } from "./ids.mjs";
import { plain } from "./mrkdwn.mjs";
import { Surfaces } from "./surface.mjs";
import { isList } from "./values.mjs";

const HEADING = 32; // px that a group's name covers of the lines under it
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// The groups with only those lines that have the searched letters.
function narrowed(groups, query) {
  const wanted = folded(query.trim());
  return groups
    .map(({ label, lines }) => ({
      label,
      lines: lines.filter((line) => folded(line.words).includes(wanted)),
    }))
    .filter((group) => group.lines.length > 0);
}

export function Picker({ block, element, named, groups }) {
  const { ctx } = useContext(Surfaces);
  const field = useField(block, element);
  const first = useFirst(element);
  const listId = useOwnId();
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);

  const several = isList(element);
  const chosen = several ? field.value : field.value === null ? [] : [field.value];
  const all = groups.flatMap((group) => group.lines);
  const wordsOf = (value) => all.find((l) => l.value === value)?.words ?? value;
  const shown = open ? narrowed(groups, query) : [];
  const lines = shown.flatMap((group) => group.lines);
  const active = Math.min(at, lines.length - 1);
  const full = several && chosen.length >= (element.max_selected_items ?? Infinity);

  const show = () => {
    if (open) return;
    const current = several ? 0 : all.findIndex((l) => l.value === field.value);
    setQuery("");
    setAt(Math.max(0, current));
    setOpen(true);
  };
  const hide = () => setOpen(false);
  const pick = (value) => {
    if (!several) {
      field.type(value);
      return hide();
    }
    setQuery("");
    if (chosen.includes(value)) field.type(chosen.filter((one) => one !== value));
    else if (!full) field.type([...chosen, value]);
  };
  const remove = (value) => {
    field.type(several ? chosen.filter((one) => one !== value) : null);
    first.current.focus();
  };
  const search = (event) => {
    setQuery(event.currentTarget.value);
    setAt(0);
    setOpen(true);
  };
  const keys = (event) => {
    const { key } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) return; // the form's own
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (!open) show();
      else setAt((active + (key === "ArrowDown" ? 1 : -1) + lines.length) % (lines.length || 1));
    } else if (key === "Enter") {
      if (!open) show();
      else if (lines[active]) pick(lines[active].value);
    } else if (key === "Escape" && open) hide();
    else if (key === "Backspace" && several && !(open && query) && chosen.length) {
      remove(chosen.at(-1));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const blur = () => {
    hide();
    field.blur();
  };

  const name = named.label ?? "";
  const words = open ? query : several || field.value === null ? "" : wordsOf(field.value);
  const empty = element.placeholder
    ? plain(element.placeholder)
    : ctx.t(several ? "blocks.choose_several" : "blocks.choose");
  return html`<div class="bk-picker" data-action=${element.action_id}>
    ${several &&
    chosen.length > 0 &&
    html`<ul class="bk-chips" aria-label=${ctx.t("blocks.chosen")}>
      ${chosen.map(
        (value) => html`<li key=${value}>
          <span>${wordsOf(value)}</span>
          <${Remove}
            label=${ctx.t("blocks.remove", { name: wordsOf(value) })}
            remove=${() => remove(value)}
          />
        </li>`,
      )}
    </ul>`}
    <div class="bk-picker-box">
      <input
        ...${aria(named)}
        ref=${first}
        type="text"
        role="combobox"
        class="bk-text"
        autocomplete="off"
        aria-autocomplete="list"
        aria-expanded=${open ? "true" : "false"}
        aria-controls=${open ? listId : undefined}
        aria-activedescendant=${open && lines[active] ? `${listId}-${active}` : undefined}
        placeholder=${open && !several && field.value ? wordsOf(field.value) : empty}
        value=${words}
        onInput=${search}
        onClick=${show}
        onKeyDown=${keys}
        onFocus=${field.focus}
        onBlur=${blur}
      />
      ${!several &&
      field.value !== null &&
      (block.optional || block.type !== "input") &&
      html`<${Remove}
        label=${ctx.t("blocks.clear", { name }).trim()}
        remove=${() => remove()}
      />`}
    </div>
    ${open &&
    html`<${List} ...${{ listId, shown, chosen, active, several, full, pick, name, ctx }} />`}
    ${full &&
    html`<p class="bk-count">
      ${ctx.t("blocks.most_chosen", { most: element.max_selected_items })}
    </p>`}
    ${field.after}
  </div>`;
}

function Remove({ label, remove }) {
  return html`<button type="button" class="bk-remove" aria-label=${label} onClick=${remove}>
    <span aria-hidden="true">×</span>
  </button>`;
}

// Scrolls the list alone: what stands around it keeps its place.
function reveal(list, id) {
  const box = list?.getBoundingClientRect();
  const line = document.getElementById(id)?.getBoundingClientRect();
  if (!box || !line) return;
  const above = line.top - HEADING - box.top;
  if (above < 0) list.scrollTop += above;
  else list.scrollTop += Math.max(0, line.bottom - box.bottom);
}

function List({ listId, shown, chosen, active, several, full, pick, name, ctx }) {
  const list = useRef(null);
  useLayoutEffect(() => {
    list.current?.closest(".bk-picker").scrollIntoView({ block: "nearest" });
  }, []);
  useLayoutEffect(() => reveal(list.current, `${listId}-${active}`), [active, shown.length]);
  if (shown.length === 0) {
    return html`<p class="bk-count" role="status">${ctx.t("blocks.nothing_found")}</p>`;
  }
  let at = -1;
  const option = ({ value, words, more }) => {
    at += 1;
    const is = chosen.includes(value);
    return html`<div
      role="option"
      key=${value}
      id=${`${listId}-${at}`}
      class=${`bk-option ${at === active ? "bk-active" : ""}`}
      aria-selected=${is ? "true" : "false"}
      aria-disabled=${full && !is ? "true" : undefined}
      onClick=${() => pick(value)}
    >
      ${words}${more && html`<small>${more}</small>`}
    </div>`;
  };
  // The focus stays in the field while the list is used with the mouse or a finger.
  return html`<div
    class="bk-list"
    role="listbox"
    ref=${list}
    id=${listId}
    aria-label=${name || ctx.t("blocks.choose")}
    aria-multiselectable=${several ? "true" : undefined}
    onMouseDown=${(event) => event.preventDefault()}
  >
    ${shown.map((group, number) =>
      group.label
        ? html`<div role="group" key=${group.label} aria-labelledby=${`${listId}g${number}`}>
            <div class="bk-group" role="presentation" id=${`${listId}g${number}`}>
              ${group.label}
            </div>
            ${group.lines.map(option)}
          </div>`
        : group.lines.map(option),
    )}
  </div>`;
}

// People and channels are lists that the workspace fills.
export function People(props) {
  const { ctx } = useContext(Surfaces);
  const people = [...ctx.names.people.values()].filter((one) => !one.is_bot && !one.deleted);
  const lines = people.map(({ id, name, real_name }) => ({
    value: id,
    words: real_name || name || id,
  }));
  return html`<${Picker} ...${props} groups=${[{ lines }]} />`;
}

export function Channels(props) {
  const { ctx } = useContext(Surfaces);
  const channels = [...ctx.names.channels.values()];
  const lines = channels.map((one) => ({ value: one.id, words: `#${one.name}` }));
  return html`<${Picker} ...${props} groups=${[{ lines }]} />`;
}
