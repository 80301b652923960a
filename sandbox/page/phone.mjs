// One person's phone: where they are in it, what stands in front of it, and what it is told.
import { html, useEffect, useMemo, useRef, useState } from "./html.mjs";
import { actAs, post } from "./api.mjs";
import { useFocusKept } from "./focus.mjs";
import { Banner, Lock } from "./lock.mjs";
import { Icon } from "./icons.mjs";
import { Modals } from "./modals.mjs";
import { keep, kept } from "./remember.mjs";
import { Room } from "./room.mjs";
import { Rooms } from "./rooms.mjs";
import { clockTime, useTicking } from "./time.mjs";
import { useStore } from "./store.mjs";
import { Face } from "./topbar.mjs";

// Nobody has been anywhere yet: the phone opens on the app, which is what it is here for.
const AT_FIRST = { room: undefined, thread: null, tab: "home", locked: false };

export function Phone({ store, t, language, person }) {
  const phone = useStore(store, (state) => state.phones[person.id]);
  const workspace = useStore(store, (state) => state.workspace);
  const lost = useStore(store, (state) => Boolean(state.trouble?.lost.includes(person.id)));
  const zone = person.tz;
  const run = useStore(store, (state) => state.tour?.run);
  const settled = useStore(store, (state) => speaks(state, language));
  const first = phone && workspace && settled && placeAtFirst(phone, workspace);
  const [at, setAt] = usePlace(person.id, run, first);
  const ctx = useCtx(store, workspace, person, t, language, setAt);
  const go = (change) => setAt((before) => ({ ...before, ...change }));
  const root = useRef();
  useLanding(root, at);
  const modal = phone?.views.length > 0 && !at.locked;
  const common = { store, t, ctx, phone, workspace, person, at, go, lost };
  return html`
    <section
      class="phone"
      ref=${root}
      data-part="phone"
      data-phone=${person.id}
      tabindex="-1"
      aria-keyshortcuts="F6"
      aria-label=${t("phone.of", { name: person.real_name })}
    >
      <${Status} ...${common} language=${language} zone=${zone} />
      ${phone && html`<${Banner} ...${common} quiet=${at.locked} />`}
      <div class="glass">
        <div class="screen" inert=${modal || at.locked}>
          ${!phone && html`<p class="empty">${t("page.opening")}</p>`}
          ${phone && !at.room && html`<${Rooms} ...${common} />`}
          ${phone && at.room && html`<${Room} key=${withWhom(at.room, phone, person)} ...${common} />`}
        </div>
        ${phone && html`<${Modals} ...${common} hidden=${at.locked} />`}
        ${phone && at.locked && html`<${Lock} ...${common} language=${language} zone=${zone} />`}
      </div>
    </section>
  `;
}

// Whether the workspace speaks the page's language, or nobody is there who could let it.
function speaks({ tour, trouble }, language) {
  return !tour || tour.language === language || (trouble && !trouble.wishes.offered);
}

// What was said is read first; as long as nothing was, there is the app's Home.
function placeAtFirst(phone, { app, home_tab }) {
  const room = Object.values(phone.rooms).find((one) => one.with_app);
  const tab = home_tab && !room?.messages.length ? "home" : "messages";
  return { room: room?.id ?? app?.user ?? null, tab };
}

// Where the phone stands survives a reload, and not that everything begins anew (`run`).
function usePlace(user, run, first) {
  const key = `place ${user}`;
  const [at, setAt] = useState(() => ({ ...AT_FIRST, ...kept(key, {}) }));
  useEffect(() => {
    if (run === undefined || at.run === run) return;
    setAt((before) => (before.run === undefined ? { ...before, run } : { ...AT_FIRST, run }));
  }, [run]);
  useEffect(() => {
    if (first && at.room === undefined) setAt((before) => ({ ...before, ...first }));
  }, [Boolean(first), at.room]);
  useEffect(() => {
    if (at.room !== undefined) keep(key, at);
  }, [at]);
  return [at, setAt];
}

// Whoever goes from one place in the phone to another finds the focus there: at the newest message,
// at the beginning of Home, or at the line of the conversation that they left.
function useLanding(root, at) {
  const before = useRef(at);
  const landing = (phone) => {
    const { room, thread } = before.current;
    const find = (selector) => phone.querySelector(selector);
    if (at.locked) return null;
    if (!at.room) return find(`[data-channel="${CSS.escape(room)}"]`) || find(".line");
    const left = thread && !at.thread && find(`[data-ts="${CSS.escape(thread)}"] .replies`);
    const messages = phone.querySelectorAll(".messages > .message");
    return left || find("[data-home]") || [...messages].at(-1) || find(".screen-head button");
  };
  useFocusKept(root, landing, [at.room, at.thread, at.tab, at.locked]);
  useEffect(() => {
    before.current = at;
  }, [at]);
}

// What the renderer of blocks needs to know of the phone that it draws for.
function useCtx(store, workspace, person, t, language, setAt) {
  return useMemo(() => {
    const byId = (rows) => new Map((rows || []).map((row) => [row.id, row]));
    const names = { people: byId(workspace?.people), channels: byId(workspace?.channels) };
    const act = withSignal(store, person.id);
    // Into a channel that this phone has, or a thread there; null for any other.
    const wayTo = (id, thread = null) =>
      store.state.phones[person.id]?.rooms[id]
        ? () => setAt((before) => ({ ...before, room: id, thread, tab: "messages" }))
        : null;
    return { user: person.id, names, now: store.now, zone: person.tz, language, t, act, wayTo };
  }, [store, workspace, person.id, person.tz, t, language]);
}

// A phone without signal does not even try.
function withSignal(store, user) {
  const act = actAs(user);
  return async (name, body) => {
    const lost = store.state.trouble?.lost.includes(user);
    return lost ? { ok: false, error: "no_signal" } : act(name, body);
  };
}

function Status({ store, t, person, phone, at, go, lost, language, zone }) {
  const clock = useStore(store, (state) => state.clock);
  useTicking(clock);
  const time = clock ? clockTime(store.now(), { language, zone }) : "";
  const missed = at.locked ? 0 : unread(phone);
  const signal = () => post("/signal", { user: person.id, lost: !lost });
  return html`
    <header class="phone-top">
      <${Face} person=${person} />
      <div class="phone-owner">
        <h2>${person.real_name}</h2>
        <p class="quiet">${person.title} ${missed > 0 && html`<span class="unseen">
          ${t("phone.unread", { count: missed })}
        </span>`}</p>
      </div>
      <span class="phone-time">${time}</span>
      <button
        type="button"
        class=${lost ? "round warned" : "round"}
        aria-pressed=${lost ? "true" : "false"}
        aria-label=${t("phone.lose_signal")}
        title=${t(lost ? "phone.no_signal" : "phone.lose_signal")}
        onClick=${signal}
      >
        <${Icon} name=${lost ? "nosignal" : "signal"} />
      </button>
      <button
        type="button"
        class="round"
        aria-pressed=${at.locked ? "true" : "false"}
        aria-label=${t("phone.lock")}
        title=${t("phone.lock")}
        onClick=${() => go({ locked: !at.locked })}
      >
        <${Icon} name="lock" />
      </button>
    </header>
    <p class=${lost ? "no-signal" : "no-signal unseen"} role="status">
      ${lost ? t("phone.no_signal") : ""}
    </p>
  `;
}

// A direct conversation is the same one before its first message, when it has no id of its own yet:
// what is being written in it stays.
function withWhom(id, phone, person) {
  const room = phone.rooms[id];
  return (room?.kind === "im" && room.members.find((one) => one !== person.id)) || id;
}

const unread = (phone) =>
  Object.values(phone?.rooms || {}).reduce((sum, room) => sum + room.unread, 0);
