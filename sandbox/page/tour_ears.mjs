// What the tour hears: what people press and send, told apart from what comes about anyhow.
import { answersLeft } from "./tour_hands.mjs";

const CATCHES_UP = 8000; // ms after a press in which the story may still wait for what it brings
const KINDS = ["click", "keydown"];

export class Ears {
  #acted = null; // {step, at}: the last step that somebody did what was asked for

  constructor(guide) {
    this.guide = guide;
    for (const kind of KINDS) document.addEventListener(kind, this.hear, true);
  }

  leave() {
    for (const kind of KINDS) document.removeEventListener(kind, this.hear, true);
  }

  // Whether somebody did a moment ago what the step asks for.
  acted(step) {
    return this.#acted?.step === step && performance.now() - this.#acted.at < CATCHES_UP;
  }

  hear = (event) => {
    const { type, key, target } = event;
    const { eyes, ready } = this.guide;
    if (!ready || eyes.over) return;
    const clicked = type === "click";
    if (clicked) this.#press(target);
    if (clicked || key === "Enter") this.#command(target);
    const pressed = clicked && target.closest?.("[data-submit]");
    if (pressed || (key === "Enter" && sendsByKey(event))) this.#sent();
  };

  // A form that is sent with other answers than later steps count on.
  #sent() {
    const { eyes } = this.guide;
    const left = answersLeft(eyes.step);
    if (left === null) return;
    this.#note();
    eyes.own.otherwise = left.some((one) => one.matters);
    eyes.keep();
  }

  #press(target) {
    const { eyes } = this.guide;
    const button = target.closest?.(".bk-button, [role=menuitem]");
    const phone = button?.closest("[data-phone]")?.dataset.phone;
    if (!phone || !eyes.own.known) return;
    const label = button.textContent.trim();
    eyes.notePress(phone, label);
    const { act, who } = eyes.step;
    if (act.label === label && !act.answers && who === phone) this.#note();
  }

  #command(target) {
    const { act, who } = this.guide.eyes.step;
    if (act.kind !== "types" || act.answers) return;
    const composer = target.closest?.(`[data-phone="${CSS.escape(who)}"] .composer`);
    if (composer?.querySelector("input")?.value.trim() === act.command) this.#note();
  }

  #note() {
    this.#acted = { step: this.guide.eyes.step, at: performance.now() };
  }
}

const sendsByKey = ({ target, ctrlKey, metaKey }) =>
  target.closest?.(".modal") && (ctrlKey || metaKey || target.matches("input[type=text]"));
