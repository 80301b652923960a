// Days and times, picked in the world's time and the person's zone.

import { html, useContext } from "../html.mjs";
import { aria, useFirst } from "./ask.mjs";
import { instant, wall } from "./dates.mjs";
import { useField } from "./field.mjs";
import { Surfaces } from "./surface.mjs";

// How each picker writes its value into the browser's control, reads it, and begins from now.
const PICKERS = {
  datepicker: {
    type: "date",
    shown: (value) => value,
    read: (text) => text || null,
    begin: (now) => now.slice(0, 10),
    word: "blocks.today",
  },
  timepicker: {
    type: "time",
    shown: (value) => value,
    read: (text) => text.slice(0, 5) || null,
    begin: (now) => now.slice(11, 16),
    word: "blocks.now",
  },
  datetimepicker: {
    type: "datetime-local",
    shown: (value, zone) => wall(value, zone).slice(0, 16),
    read: (text, zone) => instant(text, zone),
    begin: (now, zone) => instant(now, zone),
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
    field.type(picker.begin(wall(ctx.now(), zone), zone));
    first.current.focus();
  };
  return html`<span class="bk-when">
      <input
        ...${aria(named)}
        ref=${first}
        class="bk-text"
        type=${picker.type}
        value=${field.value ? picker.shown(field.value, zone) : ""}
        data-action=${element.action_id}
        onInput=${(event) => field.type(picker.read(event.currentTarget.value, zone))}
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
