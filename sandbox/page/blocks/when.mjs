// A day, or a time of day, picked in the world's time and the person's zone.

import { html, useContext } from "../html.mjs";
import { aria, useFirst } from "./ask.mjs";
import { wall } from "./dates.mjs";
import { useField } from "./field.mjs";
import { Surfaces } from "./surface.mjs";

// How each picker reads the browser's control, and begins from now.
const PICKERS = {
  datepicker: {
    type: "date",
    read: (text) => text || null,
    begin: (now) => now.slice(0, 10),
    word: "blocks.today",
  },
  timepicker: {
    type: "time",
    read: (text) => text.slice(0, 5) || null,
    begin: (now) => now.slice(11, 16),
    word: "blocks.now",
  },
};

export function When({ block, element, named }) {
  const { ctx } = useContext(Surfaces);
  const field = useField(block, element);
  const first = useFirst(element);
  const picker = PICKERS[element.type];
  const zone = element.timezone ?? ctx.zone;
  const begin = () => {
    field.type(picker.begin(wall(ctx.now(), zone)));
    first.current.focus();
  };
  return html`<span class="bk-when">
      <input
        ...${aria(named)}
        ref=${first}
        class="bk-text"
        type=${picker.type}
        value=${field.value ?? ""}
        data-action=${element.action_id}
        onInput=${(event) => field.type(picker.read(event.currentTarget.value))}
        onFocus=${field.focus}
        onBlur=${field.blur}
      />
      ${!field.value &&
      html`<button type="button" class="bk-button bk-now" onClick=${begin}>
        ${ctx.t(picker.word)}
      </button>`}
    </span>
    ${field.after}`;
}
