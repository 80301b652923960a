// An instant: a day and a time of it, each a list, in the world's time and the person's zone.
// The browser's own control has seven stops for a keyboard, and speaks the browser's language.

import { html, useContext } from "../html.mjs";
import { aria, useFirst } from "./ask.mjs";
import { dayWords, instant, nextDays, timeWords, wall } from "./dates.mjs";
import { useField } from "./field.mjs";
import { Surfaces } from "./surface.mjs";

const AHEAD = 60; // days that are offered, from yesterday on
const STEP = 5; // minutes between two times

const clocks = Array.from({ length: (24 * 60) / STEP }, (_, at) => {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor((at * STEP) / 60))}:${two((at * STEP) % 60)}`;
});

// What is chosen is always on its list, as exact as it is.
const among = (list, one) => (!one || list.includes(one) ? list : [...list, one].sort());

export function Moment({ block, element, named }) {
  const { ctx } = useContext(Surfaces);
  const field = useField(block, element);
  const first = useFirst(element);
  const zone = element.timezone ?? ctx.zone;
  const now = wall(ctx.now(), zone);
  const [day, clock] = field.value ? wall(field.value, zone).slice(0, 16).split("T") : ["", ""];
  const pick = (one, other) => field.type(instant(`${one}T${other}`, zone));
  const where = { language: ctx.language, today: now.slice(0, 10) };
  const time = `${named.id}-time`;
  const list = (name, chosen, values, words, take) => html`<select
    ...${name}
    class="bk-select"
    value=${chosen}
    onChange=${(event) => take(event.currentTarget.value)}
    onFocus=${field.focus}
    onBlur=${field.blur}
  >
    ${!chosen && html`<option value="">${ctx.t("blocks.choose")}</option>`}
    ${values.map((one) => html`<option key=${one} value=${one}>${words(one, where)}</option>`)}
  </select>`;
  const begin = () => {
    field.type(instant(now, zone));
    first.current.focus();
  };
  const days = among(nextDays(now.slice(0, 10), AHEAD), day);
  const ofDay = { ...aria(named), ref: first, "data-action": element.action_id };
  const ofTime = {
    "data-time": "",
    "aria-labelledby": named.labelledby ? `${named.labelledby} ${time}` : undefined,
    "aria-label": named.labelledby ? undefined : `${named.label} ${ctx.t("blocks.time")}`,
  };
  return html`<span class="bk-when">
      ${list(ofDay, day, days, dayWords, (one) => pick(one, clock || now.slice(11, 16)))}
      <span id=${time} hidden>${ctx.t("blocks.time")}</span>
      ${list(ofTime, clock, among(clocks, clock), timeWords, (one) =>
        pick(day || now.slice(0, 10), one),
      )}
      ${!field.value &&
      html`<button type="button" class="bk-button bk-now" onClick=${begin}>
        ${ctx.t("blocks.now")}
      </button>`}
    </span>
    ${field.after}`;
}
