// What the page knows, as the server told it. Components read parts of it and are drawn anew only
// when their part is another object than before.
import { useEffect, useRef, useState } from "./html.mjs";

const RECORDS_KEPT = 500;

const EMPTY = {
  connection: "opening", // then "open", or "lost" while another try is made
  workspace: null, // {team, people, channels, app, commands, home_tab, zone}
  clock: null, // {now, rate, walking, next_due, heard}
  trouble: null, // {faults, sockets, lost, wishes}
  tour: null,
  phones: {}, // by person: {rooms, views, home, notifications}
  calls: [],
  errors: [],
};

export class Store {
  constructor() {
    this.state = EMPTY;
    this.listeners = new Set();
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  set(change) {
    this.state = { ...this.state, ...change };
    for (const listener of [...this.listeners]) listener();
  }

  hear(told) {
    const { type, ...rest } = told;
    if (type === "workspace") this.set({ workspace: rest });
    else if (type === "clock") this.set({ clock: { ...rest, heard: performance.now() } });
    else if (type === "state") this.set({ trouble: rest });
    else if (type === "tour") this.set({ tour: rest.tour });
    else if (type === "calls") this.set(records(this.state, rest));
    else if (type === "reset") this.set({ phones: {}, calls: [], errors: [] });
    else if (type === "phone") {
      const before = told.whole ? undefined : this.state.phones[told.user];
      this.set({ phones: { ...this.state.phones, [told.user]: phone(before, told) } });
    }
  }

  // World time in unix seconds, between two words of the server by the tab's own clock.
  now = () => {
    const clock = this.state.clock;
    if (!clock) return Date.now() / 1000;
    return clock.now + ((performance.now() - clock.heard) / 1000) * clock.rate;
  };
}

// A phone after news of it: what did not change stays the same object.
export function phone(before, told) {
  const old = before || { rooms: {}, views: [], home: null, notifications: [] };
  const rooms = told.conversations || told.gone ? { ...old.rooms } : old.rooms;
  for (const id of told.gone || []) delete rooms[id];
  for (const { head, changed, removed } of told.conversations || []) {
    const known = rooms[head.id]?.messages || [];
    const same = !changed.length && !removed.length;
    rooms[head.id] = { ...head, messages: same ? known : merged(known, changed, removed) };
  }
  return {
    rooms,
    views: told.views || old.views,
    home: "home" in told ? told.home : old.home,
    notifications: told.notifications
      ? [...old.notifications, ...told.notifications]
      : old.notifications,
  };
}

function merged(known, changed, removed) {
  const byTs = new Map(known.map((message) => [message.ts, message]));
  for (const ts of removed) byTs.delete(ts);
  for (const message of changed) byTs.set(message.ts, message);
  return [...byTs.values()].sort((one, other) => (one.ts < other.ts ? -1 : 1));
}

function records(state, { calls, errors }) {
  const byNumber = new Map(state.calls.map((call) => [call.n, call]));
  for (const call of calls) byNumber.set(call.n, call);
  const sorted = [...byNumber.values()].sort((one, other) => one.n - other.n);
  return {
    calls: sorted.slice(-RECORDS_KEPT),
    errors: [...state.errors, ...errors].slice(-RECORDS_KEPT),
  };
}

// A part of the store; the component is drawn anew when it becomes another object.
export function useStore(store, part) {
  const [, redraw] = useState(0);
  const seen = useRef();
  seen.current = part(store.state);
  const asked = useRef(part);
  asked.current = part;
  useEffect(() => {
    const look = () => {
      if (asked.current(store.state) !== seen.current) redraw((count) => count + 1);
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return seen.current;
}
