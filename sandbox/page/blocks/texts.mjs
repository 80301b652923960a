// Lines and paragraphs to type.

import { html, useContext } from "../html.mjs";
import { aria, useFirst } from "./ask.mjs";
import { useField } from "./field.mjs";
import { useOwnId } from "./ids.mjs";
import { plain } from "./mrkdwn.mjs";
import { Surfaces } from "./surface.mjs";

const KEYBOARDS = {
  email_text_input: "email",
  number_input: "decimal",
  url_text_input: "url",
};

// What is said about the length: early enough to stop, and never by cutting what was typed.
function Count({ id, element, text, t }) {
  const count = [...text].length;
  const { min_length: least, max_length: most } = element;
  if (most && count > most * 0.8) {
    const over = count > most;
    return html`<p class=${`bk-count ${over ? "bk-over" : ""}`} id=${id}>
      ${t("blocks.count", { count, most })}
    </p>`;
  }
  if (!least || !count || count >= least) return html`<span id=${id} hidden></span>`;
  return html`<p class="bk-count" id=${id}>${t("blocks.count_least", { count, least })}</p>`;
}

export function TextInput({ block, element, named }) {
  const { ctx, submit } = useContext(Surfaces);
  const field = useField(block, element);
  const first = useFirst(element);
  const countId = useOwnId();
  const text = field.value ?? "";
  const keys = (event) => {
    if (event.key !== "Enter" || event.isComposing || element.multiline) return;
    if (event.ctrlKey || event.metaKey) return; // the form's own
    event.preventDefault();
    if (field.tellsOnEnter) field.dispatch();
    else submit?.();
  };
  const shared = {
    ...aria({ ...named, describedby: [named.describedby, countId].filter(Boolean).join(" ") }),
    ref: first,
    class: "bk-text",
    value: text,
    placeholder: element.placeholder && plain(element.placeholder),
    autocomplete: "off",
    onInput: (event) => field.type(event.currentTarget.value),
    onFocus: field.focus,
    onBlur: field.blur,
    onKeyDown: keys,
  };
  const control = element.multiline
    ? html`<textarea rows="3" ...${shared}></textarea>`
    : html`<input type="text" inputmode=${KEYBOARDS[element.type]} ...${shared} />`;
  return html`${control}
    <${Count} id=${countId} element=${element} text=${text} t=${ctx.t} />
    ${field.after}`;
}
