// What the tour sees: whether what a step promises stands on somebody's phone by now.
import { keep, kept } from "./remember.mjs";

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

const left = (step, start, now) => Math.max(0, start.since + step.act.seconds - now);

function isDone({ act, then, who }, start, now) {
  const told = then.every((_, index) => start.seen[index]);
  if (act.kind === "passes") return told && left({ act }, start, now) < 1;
  if (act.kind !== "reads") return told;
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
    const before = kept("tour", {});
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
    return left(this.step, this.own, this.store.now());
  }

  get done() {
    return !this.over && Boolean(this.own.known) && isDone(this.step, this.own, this.store.now());
  }

  // The next step begins where this one was done, whenever somebody comes to look at it.
  begin(at) {
    const start = (at === this.own.at + 1 && this.own.next) || this.#now();
    this.own = { run: this.own.run, at, next: null, ...start };
    this.look();
    keep("tour", this.own);
  }

  // Looks at every phone; true if something is seen that was not seen before.
  look() {
    if (this.over) return false;
    if (!this.own.known) this.begin(this.own.at);
    const fresh = this.#tick(this.step, this.own);
    if (this.done) this.own.next ||= this.#now();
    if (fresh) keep("tour", this.own);
    return fresh;
  }

  // Whether somebody has done the next step by now, without a word to the tour.
  get ahead() {
    const after = this.steps[this.own.at + 1];
    if (!after || !this.own.next || !this.done) return false;
    this.#tick(after, this.own.next);
    return isDone(after, this.own.next, this.store.now());
  }

  #now() {
    return { since: this.store.now(), seen: [], known: this.#all() };
  }

  #tick(step, start) {
    const fresh = step.then
      .map((_, index) => index)
      .filter((index) => !start.seen[index] && this.#kept(step.then[index], start.known));
    for (const index of fresh) start.seen[index] = true;
    return fresh.length > 0;
  }

  #kept({ user, channel, texts, edited }, known) {
    const wanted = texts.map((text) => text.toLowerCase());
    return this.#messages(user, channel).some(([key, message]) => {
      const before = known[key];
      const text = whole(message);
      const fresh = before === undefined || (edited && before !== digest(text));
      return fresh && wanted.every((one) => text.includes(one));
    });
  }

  #all() {
    const users = Object.keys(this.store.state.phones);
    const found = users.flatMap((user) => this.#of(user, () => true));
    return Object.fromEntries(found.map(([key, message]) => [key, digest(whole(message))]));
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
