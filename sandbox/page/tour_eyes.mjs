// What the tour sees: whether what a step promises stands on somebody's phone by now.
import { keep, kept } from "./remember.mjs";

const PRESSES_KEPT = 50;
const SETTLES = 6000; // ms in which what a step promises may follow what shows that it came about
const BOLD = /(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])/g;

// Everything that stands in a message, as one text; a button's label stands in brackets.
export function whole(message) {
  const lines = [message.text || ""];
  gather(message.blocks, lines);
  return lines
    .join("\n")
    .replace(BOLD, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .toLowerCase();
}

function gather(thing, lines) {
  if (Array.isArray(thing)) for (const one of thing) gather(one, lines);
  else if (thing?.type === "button") lines.push(`[${thing.text.text}]`);
  else if (typeof thing?.text === "string") lines.push(thing.text);
  else if (thing && typeof thing === "object") {
    for (const one of Object.values(thing)) if (typeof one === "object") gather(one, lines);
  }
}

function digest(text) {
  let mixed = 7;
  for (let at = 0; at < text.length; at += 1) mixed = (mixed * 31 + text.charCodeAt(at)) | 0;
  return mixed;
}

// A step in which time passes is done once what it promises is there; one that promises nothing,
// when the time is over.
function isDone({ act, then, who }, own, left) {
  if (then.length) return then.every((_, index) => own.seen[index]);
  if (act.kind === "passes") return left < 1;
  if (act.kind !== "reads") return true;
  const place = kept(`place ${who}`, {});
  return place.room === act.channel && Boolean(place.thread);
}

// Where the tour stands survives a reload: the step, what was there when it began, what was seen.
export class Eyes {
  constructor(store, tour) {
    this.store = store;
    this.steps = tour.scenes.flatMap(({ heading, steps }) =>
      steps.map((step) => ({ ...step, heading })),
    );
    this.key = tour.key;
    const before = kept(this.key, {});
    this.own = before.run === tour.run ? before : { run: tour.run, at: 0, known: null };
  }

  get at() {
    return this.own.at;
  }

  get step() {
    return this.steps[this.own.at];
  }

  get over() {
    return this.own.at >= this.steps.length;
  }

  // How many seconds of world time are still to pass in this step.
  get left() {
    return Math.max(0, this.own.since + (this.step.act.seconds || 0) - this.store.now());
  }

  get done() {
    if (this.over || !this.own.known) return false;
    return Boolean(this.own.instead) || isDone(this.step, this.own, this.left);
  }

  begin(at, start = this.#now()) {
    const { run, pressed } = this.own;
    this.own = { run, pressed, at, seen: {}, otherwise: false, ...start };
    this.cameAbout = null;
    this.look();
    this.keep();
  }

  // The next step begins where this one was done, whenever somebody comes to look at it.
  forward() {
    this.begin(this.own.at + 1, (this.done && this.own.next) || undefined);
  }

  keep() {
    keep(this.key, this.own);
  }

  // Looks at every phone; true if something is seen that was not seen before.
  look() {
    if (this.over) return false;
    if (!this.own.known) this.begin(this.own.at);
    const fresh = this.step.then.flatMap((promise, index) => {
      const found = !this.own.seen[index] && this.#kept(promise);
      return found ? [[index, found]] : [];
    });
    for (const [index, found] of fresh) this.own.seen[index] = found;
    if (!this.done && this.#isInstead()) Object.assign(this.own, { instead: true, otherwise: true });
    if (this.done) this.own.next ||= this.#after();
    if (fresh.length) this.keep();
    return fresh.length > 0;
  }

  // It came about, and not as the step has it: somebody else did it, or others were told of it.
  #isInstead() {
    if (!this.#cameAbout(this.step)) return false;
    this.cameAbout ??= performance.now();
    return !this.#pressed(this.step) || performance.now() - this.cameAbout > SETTLES;
  }

  #cameAbout({ instead }) {
    return Boolean(instead?.some((promise) => this.#kept(promise)));
  }

  // Goes on to a later step that somebody has done already, if there is one; the steps between are
  // passed over.
  overtake() {
    const at = this.steps.findIndex(
      (step, index) =>
        index > this.own.at &&
        ((step.then.length &&
          this.#pressed(step) &&
          step.then.every((promise) => this.#kept(promise))) ||
          this.#cameAbout(step)),
    );
    if (this.done || at < 0) return false;
    this.begin(at, { since: this.own.since, known: this.own.known });
    return true;
  }

  // Somebody pressed what a step asks for. Told apart by it: what a step promises may stand there
  // for another reason.
  notePress(who, label) {
    this.own.pressed = [...(this.own.pressed || []), `${who} ${label}`].slice(-PRESSES_KEPT);
    this.keep();
  }

  #pressed({ act, who }) {
    return act.kind !== "presses" || this.own.pressed?.includes(`${who} ${act.label}`);
  }

  #now() {
    return { since: this.store.now(), known: this.#all(() => true) };
  }

  // Where the clock went further than the step asked for, the next one begins within that time:
  // what was said since is seen there.
  #after() {
    if (this.step.act.kind !== "passes") return this.#now();
    const told = Math.max(0, ...Object.values(this.own.seen));
    const since = told || this.own.since + this.step.act.seconds;
    return { since, known: this.#all((message) => Number(message.ts) <= since) };
  }

  // When the message was written that keeps a promise; 0 where there is none yet.
  #kept({ user, channel, texts, edited }) {
    const { known } = this.own;
    const wanted = texts.map((text) => text.toLowerCase());
    const found = this.#messages(user, channel).find(([key, message]) => {
      const before = known[key];
      const text = whole(message);
      const fresh = before === undefined || (edited && before !== digest(text));
      return fresh && wanted.every((one) => text.includes(one));
    });
    return found ? Number(found[1].ts) : 0;
  }

  #all(wanted) {
    const users = Object.keys(this.store.state.phones);
    const found = users.flatMap((user) => this.#of(user, () => true));
    const fitting = found.filter(([, message]) => wanted(message));
    return Object.fromEntries(fitting.map(([key, message]) => [key, digest(whole(message))]));
  }

  #messages(user, channel) {
    if (user) return this.#of(user, (room) => room.kind === "im");
    const users = Object.keys(this.store.state.phones);
    return users.flatMap((one) => this.#of(one, (room) => room.id === channel));
  }

  #of(user, wanted) {
    const rooms = Object.values(this.store.state.phones[user]?.rooms || {}).filter(wanted);
    return rooms.flatMap((room) =>
      room.messages.map((message) => [`${room.id} ${message.ts}`, message]),
    );
  }
}
