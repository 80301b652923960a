// Where blocks stand: one message, one modal or one home tab. It gathers and sends what is typed.

import { createContext, useLayoutEffect, useRef } from "../html.mjs";
import { dispatches } from "./values.mjs";

const PAUSE = 200; // ms of quiet after which typing is sent

export const Surfaces = createContext(null);

// All of these take [field, value], what was sent.
export const byBlock = (sent) =>
  Object.fromEntries(sent.map(([field, value]) => [field.block.block_id, value]));
export const leaving = (sent) => sent.forEach(([field, value]) => field.leaving(value));
export const arrived = (sent, ok) => sent.forEach(([field, value]) => field.arrived(value, ok));

class Surface {
  fields = new Set();
  sending = Promise.resolve();
  edited = () => {};
  answered = () => {}; // in a modal: some answer is another one than before
  submit = null; // in a modal: what Enter in a line of text does
  closing = false;

  add(field) {
    this.fields.add(field);
    return () => {
      // Another phone may be looked at for a while: what was typed here is kept by the server.
      if (field.due) this.flush([field]);
      this.fields.delete(field);
    };
  }

  async act(name, body) {
    try {
      return await this.ctx.act(name, body);
    } catch {
      return { ok: false, error: "dispatch_failed" };
    }
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  // This sends what was typed and not sent yet, one after the other, so that none overtakes.
  flush(due = [...this.fields].filter((field) => field.due)) {
    if (due.length === 0 || this.closing) return this.sending;
    clearTimeout(this.timer);
    const sent = due.map((field) => [field, field.value]);
    leaving(sent);
    this.sending = this.sending.then(() => this.#carry(sent));
    return this.sending;
  }

  async #carry(sent) {
    if (this.where.view_id) {
      const answer = await this.act("fill", { ...this.where, values: byBlock(sent) });
      return arrived(sent, answer.ok !== false);
    }
    for (const one of sent) {
      const answer = await this.act("choose", one[0].choice(one[1]));
      arrived([one], answer.ok !== false);
    }
  }

  // What stands on the screen in the questions of a form, as [field, value]. Inputs that tell the
  // app at once have told it already.
  standing() {
    const asked = [...this.fields].filter(({ block }) => block.type === "input");
    const told = asked.filter((field) => !dispatches(field.block) || field.unsent);
    return told.map((field) => [field, field.value]);
  }
}

export function useSurface(ctx, where, values, blocks) {
  const kept = useRef(null);
  kept.current ??= new Surface();
  const surface = kept.current;
  Object.assign(surface, { ctx, where, values });
  // A form that changed under somebody's hands: what could not be sent a moment ago may go now.
  useLayoutEffect(() => void surface.flush(), [surface, blocks]);
  useLayoutEffect(() => {
    const leave = () => surface.flush();
    addEventListener("pagehide", leave);
    return () => removeEventListener("pagehide", leave);
  }, [surface]);
  return surface;
}
