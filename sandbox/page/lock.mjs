// The phone when nobody looks into it: the locked screen, and the banner over whatever is open.
import { html, useEffect, useRef, useState } from "./html.mjs";
import { clockTime, day, useTicking, when } from "./time.mjs";
import { useStore } from "./store.mjs";
import { plain } from "./text.mjs";

const ON_LOCK = 20; // notifications
const BANNER_STAYS = 7000; // ms

export function Lock({ store, t, ctx, phone, at, go, language, zone }) {
  const clock = useStore(store, (state) => state.clock);
  useTicking(clock);
  const now = store.now();
  const here = { language, zone };
  const notes = phone.notifications.slice(-ON_LOCK).reverse();
  const button = useRef();
  useEffect(() => {
    // Whoever locked it may unlock it at once; a reload takes the focus from nobody.
    const phone = button.current.closest(".phone");
    if (phone.contains(document.activeElement)) button.current.focus();
  }, []);
  return html`
    <div class="lock" data-lock role="group" aria-label=${t("lock.title")}>
      <p class="lock-time">${clockTime(now, here)}</p>
      <p class="lock-day">${day(now, here)}</p>
      <ul class="notes" aria-label=${t("lock.notifications")} aria-live="polite">
        ${notes.map(
          (note) => html`
            <li key=${note.seq}>
              <button
                type="button"
                class=${note.held_by_dnd ? "lock-note held" : "lock-note"}
                data-notification=${note.ts}
                onClick=${() => go({ locked: false, ...placeOf(note, phone) })}
              >
                <span class="lock-who">
                  <b>${note.title}</b>
                  <time>${when(note.world, now, here)}</time>
                </span>
                <span class="lock-text">${plain(note.text, ctx.names)}</span>
                ${note.held_by_dnd && html`<span class="lock-held">${t("lock.held")}</span>`}
              </button>
            </li>
          `,
        )}
      </ul>
      ${!notes.length && html`<p class="lock-none">${t("lock.none")}</p>`}
      <button
        type="button"
        class="unlock"
        ref=${button}
        onClick=${() => go({ locked: false })}
      >
        ${t("lock.unlock")}
      </button>
    </div>
  `;
}

// Where a notification leads: its conversation, or the thread that it belongs to.
export function placeOf(note, phone) {
  const message = phone.rooms[note.channel]?.messages.find((one) => one.ts === note.ts);
  const thread = message?.thread_ts && message.thread_ts !== message.ts ? message.thread_ts : null;
  return { room: note.channel, thread, tab: "messages" };
}

// Comes over the phone's name, where nothing is pressed, when a notification arrives for a
// conversation that is not open.
export function Banner({ t, ctx, phone, at, go, quiet }) {
  const newest = phone.notifications.at(-1);
  const [shown, setShown] = useState(null);
  const seen = useRef(newest?.seq || 0);
  const place = useRef();
  useEffect(() => {
    if (!newest || newest.seq <= seen.current) return;
    seen.current = newest.seq;
    const goal = placeOf(newest, phone);
    const open = at.room === goal.room && at.thread === goal.thread && at.tab === "messages";
    if (!quiet && !open && !newest.held_by_dnd) setShown(newest);
  }, [newest?.seq]);
  useEffect(() => {
    if (!shown) return undefined;
    // Nobody is about to press it any more.
    const leave = () => !place.current?.matches(":focus-within, :hover") && setShown(null);
    const timer = setInterval(leave, BANNER_STAYS);
    return () => clearInterval(timer);
  }, [shown]);
  const there = shown && at.room === shown.channel && at.tab === "messages";
  const visible = shown && !quiet && !there;
  const open = () => {
    setShown(null);
    go(placeOf(shown, phone));
  };
  return html`
    <div class="banner-place" role="status" ref=${place}>
      ${visible &&
      html`<button type="button" class="banner" data-banner=${shown.ts} onClick=${open}>
        <b>${shown.title}</b>
        <span>${plain(shown.text, ctx.names)}</span>
        <span class="unseen">${t("banner.open")}</span>
      </button>`}
    </div>
  `;
}
