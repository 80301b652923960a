// One answer on the screen: what the server holds, or what was typed over it and not heard back.
//
// A draft lives from the first touch until the server holds the same. A push never changes a field
// that has the focus or unsent typing; the echo of what was sent a moment ago changes nothing.

import { html, useContext, useLayoutEffect, useRef, useState } from "../html.mjs";
import { useConfirm } from "./dialog.mjs";
import { Surfaces } from "./surface.mjs";
import { Trouble } from "./trouble.mjs";
import { dispatches, held, isList, isText, same } from "./values.mjs";

const UNSENT = "unsent";
const UNDER_WAY = "under way";
const SENT = "sent";
// A date that is typed passes through other dates, so the app is told after a pause.
const CLOCKS = ["datepicker", "timepicker", "datetimepicker"];

class Field {
  draft = null; // { value, state, touched }
  echoes = [];
  focused = false;
  answer = null; // of the last act that reached the app at once, if it failed
  busy = false;

  draw(surface, block, element, redraw) {
    Object.assign(this, { surface, block, element, redraw });
    const state = surface.values?.[block.block_id]?.[element.action_id];
    const heard = held(element, state);
    const changed = this.heard !== undefined && !same(heard, this.heard);
    this.heard = heard;
    if (changed && this.draft) this.hear();
  }

  hear() {
    if (this.draft.state !== SENT || this.focused) return;
    const own = same(this.draft.value, this.heard);
    const echo = this.echoes.some((value) => same(value, this.heard));
    if (own || !echo) this.forget();
  }

  forget() {
    this.draft = null;
    this.echoes = [];
  }

  get value() {
    return this.draft ? this.draft.value : this.heard;
  }

  get due() {
    return this.draft?.state === UNSENT && !dispatches(this.block);
  }

  get unsent() {
    return this.draft?.state === UNSENT;
  }

  focus = () => {
    this.focused = true;
    this.draft ??= { value: this.heard, state: SENT, touched: false };
  };

  blur = () => {
    this.focused = false;
    if (this.draft && !this.draft.touched) this.forget();
    this.surface.flush();
    this.redraw();
  };

  // A person typed or picked something.
  type = (value) => {
    this.draft = { value, state: UNSENT, touched: true };
    this.surface.edited(this.block.block_id);
    this.redraw();
    this.surface.answered();
    if (!dispatches(this.block)) this.surface.later();
    else if (CLOCKS.includes(this.element.type)) this.soon(800);
    else if (!isText(this.element)) this.dispatch();
    else if (this.tellsEach) this.soon(300);
  };

  soon(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.dispatch, pause);
  }

  get #triggers() {
    return this.element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  }

  get tellsEach() {
    return dispatches(this.block) && this.#triggers.includes("on_character_entered");
  }

  get tellsOnEnter() {
    return dispatches(this.block) && this.#triggers.includes("on_enter_pressed");
  }

  // This tells the app at once. What is picked meanwhile follows after the answer.
  dispatch = async () => {
    if (this.busy) return;
    this.busy = true;
    this.answer = null;
    this.redraw();
    if (!(await this.ask(this.element.confirm))) {
      this.busy = false;
      this.forget();
      return this.redraw();
    }
    const value = this.value;
    this.leaving(value);
    const answer = await this.surface.act("choose", this.choice(value));
    this.busy = false;
    this.arrived(value, answer.ok !== false);
    this.answer = answer.ok === false ? answer : null;
    this.redraw();
    if (this.unsent && !same(this.value, value)) this.dispatch();
  };

  choice(value) {
    const { block_id } = this.block;
    const named = { ...this.surface.where, block_id, action_id: this.element.action_id };
    return isList(this.element) ? { ...named, values: value } : { ...named, value: value || null };
  }

  leaving(value) {
    if (!this.draft) return;
    this.echoes.push(value);
    this.draft.state = UNDER_WAY;
  }

  arrived(value, ok) {
    if (this.draft && same(this.draft.value, value)) this.draft.state = ok ? SENT : UNSENT;
  }
}

export function useField(block, element) {
  const surface = useContext(Surfaces);
  const [, count] = useState(0);
  const kept = useRef(null);
  kept.current ??= new Field();
  const field = kept.current;
  field.draw(surface, block, element, () => count((n) => n + 1));
  useLayoutEffect(() => surface.add(field), [surface, field]);
  const [ask, dialog] = useConfirm(surface);
  field.ask = ask;
  // What stands under the control: why the app was not told, or whether it really should be.
  field.after = html`<${Trouble}
      answer=${field.answer}
      again=${field.dispatch}
      ctx=${surface.ctx}
    />${dialog}`;
  return field;
}
