// Leads through the tour: shows a step, waits for the person to do it, or plays all of it.
import { post } from "./api.mjs";
import { Eyes } from "./tour_eyes.mjs";
import { answersDiffer, formOpen, next, perform, pointAt } from "./tour_hands.mjs";

const PACES = { calm: 1400, brisk: 500, quick: 40 }; // ms between two gestures
const SETTLES = 20_000; // ms until all that a step promises should be there
const OPENS = 10_000; // ms until a form should be there
const ARRIVES = 3000; // ms until a phone that was asked for is on the screen
const GESTURES = 60; // more than any step takes
const LOOKS = 250; // ms between two looks at what is not pushed: where a phone stands, the clock
const READS = 1200; // ms for which a step that was done still stands there, ticked
const LATE = 4000; // ms after which what time should have brought does not come any more
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

class Lost extends Error {}

export class Guide {
  mode = "idle"; // or "self": it points and waits; "show": it does one step; "play": all of them
  trouble = false;
  pace = "brisk";
  past = null; // the step that was done last: {step, otherwise}

  constructor(store, tour, redraw) {
    Object.assign(this, { store, tour, redraw, eyes: new Eyes(store, tour), turn: 0 });
    this.unsubscribe = store.subscribe(() => this.look());
    this.timer = setInterval(() => this.look(), LOOKS);
    for (const kind of ["click", "keydown"]) document.addEventListener(kind, this.noteSent, true);
  }

  leave() {
    this.unsubscribe();
    clearInterval(this.timer);
    for (const kind of ["click", "keydown"]) document.removeEventListener(kind, this.noteSent, true);
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
    if (byHand && done && now - this.doneAt > READS) return this.#forward();
    if (this.mode === "self") pointAt(done ? null : this.plan()?.el);
    const late = byHand && this.#isLate(now) && !this.trouble;
    if (late) this.trouble = true;
    if (fresh || late || before !== done) this.redraw();
  }

  // The time is over, and what it should have brought is not there: the story is another one.
  #isLate(now) {
    const { step, left, done } = this.eyes;
    const waits = step.act.kind !== "passes" || done || left > 0 || this.store.state.clock.walking;
    if (waits) this.overAt = now;
    return now - this.overAt > LATE;
  }

  // A form that is sent with other answers than later steps count on.
  noteSent = ({ type, key, target }) => {
    if (type === "click") this.#notePress(target);
    const pressed = type === "click" && target.closest?.("[data-submit]");
    const entered = key === "Enter" && target.closest?.(".modal");
    if ((!pressed && !entered) || !this.ready || this.eyes.over) return;
    const differ = answersDiffer(this.eyes.step);
    if (differ === null) return;
    this.eyes.own.otherwise = differ;
    this.eyes.keep();
  };

  #notePress(target) {
    const button = target.closest?.(".bk-button, [role=menuitem]");
    const phone = button?.closest("[data-phone]");
    if (phone && this.eyes.own.known) {
      this.eyes.notePress(phone.dataset.phone, button.textContent.trim());
    }
  }

  get formOpen() {
    return formOpen(this.eyes.step.who);
  }

  plan() {
    return next(this.eyes.step, this.store);
  }

  // The focus goes to what a step is about, as soon as it is there.
  async focusThere() {
    const { step } = this.eyes;
    const end = performance.now() + ARRIVES;
    while (performance.now() < end && this.eyes.step === step) {
      await new Promise((go) => setTimeout(go, 50));
      const el = this.plan()?.el;
      if (el?.closest(`[data-phone="${CSS.escape(step.who)}"]`)) {
        el.focus();
        el.scrollIntoView({ block: "nearest" });
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
    this.#forward();
  }

  #forward() {
    const { step, done, own } = this.eyes;
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

  show = () => this.#run("show", () => this.#step());

  play = () =>
    this.#run("play", async () => {
      while (!this.eyes.over) {
        await this.#step();
        await this.#rest(2);
        this.#forward();
      }
    });

  // Does something as long as nobody takes over.
  async #run(mode, work) {
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
      await this.#rest(1);
      if (!mine()) throw new Lost();
      // Somebody may have pressed something meanwhile: look again before doing it.
      if (this.eyes.done || this.plan()?.el !== gesture.el) continue;
      if (gesture.act === "walk") await this.#walk();
      else await perform(gesture, (parts = 1) => this.#rest(1 / parts));
      await this.#after(gesture);
    }
    pointAt(null);
    if (!this.eyes.done) throw new Lost();
  }

  async #after(gesture) {
    const who = this.eyes.step.who;
    if (gesture.last) await this.#until(() => this.eyes.done, SETTLES);
    else if (gesture.opens) await this.#until(() => formOpen(who) || this.eyes.done, OPENS);
    else await this.#until(() => changed(gesture, this.plan()), OPENS / 2);
  }

  async #walk() {
    const answer = await post("/clock/forward", { seconds: this.eyes.left });
    if (!answer.ok) throw new Lost();
  }

  async #rest(beats) {
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

const changed = (one, other) => ["el", "act", "text"].some((part) => one[part] !== other?.[part]);
