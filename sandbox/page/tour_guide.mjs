// Leads through the tour: shows a step, waits for the person to do it, or plays all of it.
import { post } from "./api.mjs";
import { bringIntoView } from "./focus.mjs";
import { Ears } from "./tour_ears.mjs";
import { Eyes } from "./tour_eyes.mjs";
import { answersLeft, formOpen, next, otherFor, perform, pointAt } from "./tour_hands.mjs";
import { goOn, Lost } from "./tour_walk.mjs";
import { AGAIN, ARRIVES, ASKS, GESTURES, LATE, LOOKS, still } from "./tour_pace.mjs";
import { OPENS, PACES, READS, SETTLES } from "./tour_pace.mjs";

export class Guide {
  // or "self": it points and waits; "show": it does one step; "play": all of them; "walk": it lets
  // time go by until the next step for people
  mode = "idle";
  trouble = false;
  pace = "brisk";
  past = null; // the step that was done last: {step, otherwise}
  stuckAt = performance.now(); // when somebody last had what the step asks for
  way = []; // what happened on the last walk: [{at, step}]

  constructor(store, tour, redraw) {
    Object.assign(this, { store, tour, redraw, eyes: new Eyes(store, tour), turn: 0 });
    this.unsubscribe = store.subscribe(() => this.look());
    this.timer = setInterval(() => this.look(), LOOKS);
    this.ears = new Ears(this);
  }

  leave() {
    this.unsubscribe();
    clearInterval(this.timer);
    this.ears.leave();
    this.stop();
  }

  get ready() {
    const { phones, workspace, clock } = this.store.state;
    return Boolean(workspace && clock && this.tour.people.every((user) => phones[user]));
  }

  look() {
    if (!this.ready || this.eyes.over) return;
    const byHand = this.mode === "idle" || this.mode === "self";
    const before = this.wasDone;
    const fresh = this.eyes.look() || (byHand && this.eyes.overtake());
    const { done } = this.eyes;
    const now = performance.now();
    this.wasDone = done;
    if (!done || !before) this.doneAt = now;
    if (done) this.trouble = false;
    if (byHand && done && now - this.doneAt > READS) return this.forward();
    if (this.mode === "self") pointAt(done ? null : this.plan()?.el);
    const late = byHand && (this.#isLate(now) || this.#isStuck(now)) && !this.trouble;
    if (late) this.trouble = true;
    const drawn = this.drawn;
    const left = answersLeft(this.eyes.step)?.map(({ label }) => label);
    this.drawn = JSON.stringify([done, this.catching, left]);
    if (fresh || late || drawn !== this.drawn) this.redraw();
  }

  // It was pressed or sent, and what that brings is on its way.
  get catching() {
    const { step, done } = this.eyes;
    return Boolean(!done && this.ears.acted(step) && !this.formOpen);
  }

  // Nobody has what the step asks for. Where somebody else has it, the step is theirs.
  #isStuck(now) {
    const { step, done } = this.eyes;
    const asks = ["presses", "reads"].includes(step.act.kind) && !done && !this.formOpen;
    const who = asks && !this.catching ? otherFor(step, this.tour.people, this.store) : step.who;
    const moves = who && who !== step.who && now - this.stuckAt > LATE;
    const cured = asks && who === step.who && this.trouble;
    if (moves) step.who = who;
    if (cured) this.trouble = false;
    if (who === step.who) this.stuckAt = now;
    if (moves || cured) this.redraw();
    return now - this.stuckAt > LATE;
  }

  // The time is over, and what it should have brought is not there: the story is another one.
  #isLate(now) {
    const { step, left, done } = this.eyes;
    const waits = step.act.kind !== "passes" || done || left > 0 || this.store.state.clock.walking;
    if (waits) this.overAt = now;
    return now - this.overAt > LATE;
  }

  get formOpen() {
    return formOpen(this.eyes.step.who);
  }

  plan() {
    return next(this.eyes.step, this.store);
  }

  // The phone goes to what a step is about, and the focus with it, as soon as it is there.
  async focusThere() {
    const { step } = this.eyes;
    const end = performance.now() + ARRIVES;
    while (performance.now() < end && this.eyes.step === step) {
      await new Promise((go) => setTimeout(go, 50));
      const { el, way } = this.plan() || {};
      if (!el?.closest(`[data-phone="${CSS.escape(step.who)}"]`)) continue;
      if (way) el.click();
      else {
        el.focus();
        bringIntoView(el);
        return;
      }
    }
  }

  stop() {
    this.turn += 1;
    this.mode = "idle";
    pointAt(null);
    this.redraw();
  }

  self() {
    this.stop();
    this.mode = "self";
    this.look();
    this.redraw();
  }

  skip() {
    this.stop();
    this.forward();
  }

  // To where the next part of the story begins, which fits whatever happened in this one.
  skipPart() {
    const { heading } = this.eyes.step;
    this.stop();
    while (!this.eyes.over && this.eyes.step.heading === heading) this.forward();
  }

  // The last of the steps, from this one on, in which nobody does anything.
  get goal() {
    const { steps, at } = this.eyes;
    const end = steps.findIndex((step, index) => index > at && step.act.kind !== "passes");
    return steps[at]?.act.kind === "passes" ? (end < 0 ? steps.length : end) - 1 : -1;
  }

  forward() {
    const { step, done, own } = this.eyes;
    const at = Math.max(0, ...Object.values(own.seen || {})) || this.store.now();
    if (this.mode !== "walk") this.way = [];
    else if (done) this.way = [...this.way, { at, step }];
    this.past = done ? { step, otherwise: own.otherwise } : null;
    this.trouble = false;
    this.wasDone = false;
    this.eyes.forward();
    this.redraw();
  }

  async startOver() {
    this.stop();
    await post("/wishes", { wish: "start_over" });
  }

  show = () => this.run("show", () => this.#step());

  play = () =>
    this.run("play", async () => {
      while (!this.eyes.over) {
        await this.#step();
        await this.rest(2);
        this.forward();
      }
    });

  goOn = () => goOn(this);

  // Does something as long as nobody takes over.
  async run(mode, work) {
    this.stop();
    this.mode = mode;
    this.trouble = false;
    this.redraw();
    const turn = this.turn;
    this.mine = () => turn === this.turn;
    try {
      await work();
    } catch (problem) {
      if (!(problem instanceof Lost)) throw problem;
      if (turn === this.turn) this.trouble = true;
    }
    if (turn === this.turn) this.stop();
  }

  async #step() {
    const mine = this.mine;
    for (let count = 0; count < GESTURES && !this.eyes.done; count += 1) {
      await this.#until(() => this.eyes.done || this.plan(), OPENS / 2);
      if (this.eyes.done) return;
      const gesture = this.plan();
      pointAt(gesture.el);
      await this.rest(1);
      if (!mine()) throw new Lost();
      // Somebody may have pressed something meanwhile: look again before doing it.
      if (this.eyes.done || this.plan()?.el !== gesture.el) continue;
      if (gesture.act === "walk") await this.#walk();
      else await perform(gesture, (parts = 1) => this.rest(1 / parts));
      await this.#after(gesture);
    }
    pointAt(null);
    if (!this.eyes.done) throw new Lost();
  }

  async #after(gesture) {
    const who = this.eyes.step.who;
    // What takes a moment to be so is looked for again.
    const once = gesture.last && this.eyes.step.again;
    if (gesture.again) await new Promise((go) => setTimeout(go, AGAIN));
    else if (once) await this.#until(() => this.eyes.done, ASKS).catch(tooSoon(this.mine));
    else if (gesture.last) await this.#until(() => this.eyes.done, SETTLES);
    else if (gesture.opens) await this.#until(() => formOpen(who) || this.eyes.done, OPENS);
    else await this.#until(() => changed(gesture, this.plan()), OPENS / 2);
  }

  async #walk() {
    const answer = await post("/clock/forward", { seconds: this.eyes.left });
    if (!answer.ok) throw new Lost();
  }

  async rest(beats) {
    const long = PACES[this.pace] * beats * (still() ? 0.5 : 1);
    await new Promise((go) => setTimeout(go, long));
  }

  // Waits for something to be so; what never comes, or a person who takes over, ends the step.
  async #until(so, most) {
    const mine = this.mine;
    const end = performance.now() + most;
    while (!so()) {
      if (!mine() || performance.now() > end) throw new Lost();
      await new Promise((go) => setTimeout(go, 30));
      this.look();
    }
  }
}

const tooSoon = (mine) => (problem) => {
  if (!(problem instanceof Lost) || !mine()) throw problem;
};

const changed = (one, other) => ["el", "act", "text"].some((part) => one[part] !== other?.[part]);
