// A conversation, or a thread in it, or the app's home tab; with what is written below.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./html.mjs";
import { Blocks } from "./blocks/blocks.mjs";
import { Composer } from "./composer.mjs";
import { bringIntoView, useFocusKept } from "./focus.mjs";
import { Icon } from "./icons.mjs";
import { Message } from "./message.mjs";
import { day } from "./time.mjs";
import { unopened } from "./rooms.mjs";
import { plain } from "./text.mjs";

const AT_ONCE = 60; // messages; older ones are asked for by a button
const NEAR = 80; // px from the end at which somebody is taken to read the newest

export function Room(props) {
  const { phone, workspace, ctx, t, at, go } = props;
  const room = find(phone, workspace, at.room, ctx);
  const existing = phone.rooms[room?.id];
  useEffect(() => {
    if (existing && existing.id !== at.room) go({ room: existing.id });
  }, [existing?.id]);
  const home = room?.with_app && workspace.home_tab && !at.thread;
  const shown = home && at.tab === "home" ? "home" : "messages";
  useEffect(() => {
    if (shown === "home") ctx.act("home", { tab: "home" });
  }, [shown]);
  const reading = existing?.unread > 0 && shown === "messages" && !at.locked;
  useEffect(() => {
    if (reading) ctx.act("read", { channel: existing.id });
  }, [reading, existing?.unread]);
  if (!room) return html`<${Gone} t=${t} go=${go} />`;
  return html`
    <div class="room">
      <${Head} ...${{ room, t, at, go, ctx }} />
      ${home && html`<${Tabs} ...${{ t, go, shown, unread: room.unread }} />`}
      ${shown === "home"
        ? html`<${Home} ...${{ phone, ctx, t }} />`
        : html`<${Talk} key=${at.thread || "all"} ...${{ ...props, room }} />`}
    </div>
  `;
}

// A conversation that nobody has begun yet goes by the other one's id.
function find(phone, workspace, id, ctx) {
  if (phone.rooms[id]) return phone.rooms[id];
  const rooms = Object.values(phone.rooms);
  if (workspace.app?.user === id) return rooms.find((one) => one.with_app) || unopened(workspace.app);
  const person = ctx.names.people.get(id);
  if (!person) return null;
  const direct = rooms.find(
    (one) => one.kind === "im" && one.members.includes(id) && one.members.includes(ctx.user),
  );
  return direct || { ...unopened(person), name: person.real_name };
}

function Gone({ t, go }) {
  return html`
    <div class="empty">
      <p>${t("room.gone")}</p>
      <button type="button" class="plain" onClick=${() => go({ room: null, thread: null })}>
        ${t("room.back")}
      </button>
    </div>
  `;
}

function Head({ room, t, at, go, ctx }) {
  const back = () => go(at.thread ? { thread: null } : { room: null });
  const sign = room.kind === "public_channel" ? "#" : "";
  const people = room.kind.endsWith("channel") ? room.members.length : 0;
  return html`
    <div class="screen-head">
      <button type="button" class="round" aria-label=${t("room.back")} onClick=${back}>
        <${Icon} name="back" />
      </button>
      <div class="screen-title">
        <h3>${at.thread ? t("thread.title") : `${sign}${room.name}`}</h3>
        <p class="quiet">
          ${at.thread ? `${sign}${room.name}` : people > 0 && t(people === 1 ? "room.member" : "room.members", { count: people })}
        </p>
      </div>
      ${room.is_ext_shared && html`<span class="tag warned">${t("room.shared")}</span>`}
      ${room.is_archived && html`<span class="tag">${t("rooms.archived")}</span>`}
      ${!room.is_member &&
      html`<button
        type="button"
        class="plain"
        onClick=${() => ctx.act("join", { channel: room.id })}
      >
        ${t("room.join")}
      </button>`}
    </div>
  `;
}

function Tabs({ t, go, shown, unread }) {
  const tab = (name) => html`
    <button
      type="button"
      aria-pressed=${shown === name ? "true" : "false"}
      data-tab=${name}
      onClick=${() => go({ tab: name })}
    >
      ${t(`room.${name}`)}
      ${name === "messages" &&
      shown === "home" &&
      unread > 0 &&
      html` <span class="count">${unread}<span class="unseen"> ${t("rooms.unread")}</span></span>`}
    </button>
  `;
  return html`<div class="tabs" role="group" aria-label=${t("room.tabs")}>
    ${tab("home")}${tab("messages")}
  </div>`;
}

function Home({ phone, ctx, t }) {
  const box = useRef();
  useFocusKept(box, (home) => home, [phone.home]);
  if (!phone.home) return html`<p class="empty">${t("room.no_home")}</p>`;
  const { id, blocks, values, errors } = phone.home;
  return html`
    <div class="home" data-home ref=${box}>
      <${Blocks} ...${{ blocks, values, errors, ctx }} where=${{ view_id: id }} />
    </div>
  `;
}

function Talk({ room, t, ctx, at, go, lost, workspace, person }) {
  const [most, setMost] = useState(AT_ONCE);
  const all = room.messages.filter((message) => belongs(message, at.thread));
  const shown = all.slice(-most);
  const list = useNewestInView(shown.at(-1)?.ts);
  const spoken = useSpoken(all, ctx, t);
  return html`
    <div class="talk" ref=${list} tabindex="0" role="group" aria-label=${t("room.messages")}>
      ${all.length > shown.length &&
      html`<button type="button" class="plain older" onClick=${() => setMost(most + AT_ONCE)}>
        ${t("room.older")}
      </button>`}
      ${!all.length && html`<p class="empty">${t("rooms.empty")}</p>`}
      <ol class="messages">
        ${withDays(shown, ctx).map((item) =>
          item.day
            ? html`<li class="day" key=${item.day}>${item.day}</li>`
            : html`<${Message}
                key=${item.message.ts}
                ...${{ ...item, ctx, t, go }}
                channel=${room.id}
                inThread=${Boolean(at.thread)}
              />`,
        )}
      </ol>
    </div>
    <p class="unseen" aria-live="polite">${spoken}</p>
    <${Composer} ...${{ room, t, ctx, lost, workspace, person, go }} thread=${at.thread} />
  `;
}

// In a thread stand its first message and the answers; outside of it everything else.
function belongs(message, thread) {
  if (thread) return message.ts === thread || message.thread_ts === thread;
  return !message.thread_ts || message.thread_ts === message.ts;
}

// One flat list, so that each message keeps its place in the page when older ones leave it.
function withDays(messages, ctx) {
  const items = [];
  let before = null;
  let today = "";
  for (const message of messages) {
    const follows = Boolean(before && together(before, message));
    before = message;
    const of = day(Number(message.ts), ctx);
    if (of !== today) items.push({ day: of });
    items.push({ message, follows: follows && of === today });
    today = of;
  }
  return items;
}

function together(one, other) {
  const apart = Number(other.ts) - Number(one.ts);
  return one.user === other.user && one.ephemeral === other.ephemeral && apart < 300;
}

// A new message comes into view for those who were reading the newest, and for nobody else. One that
// is longer than the view is shown from its beginning, where what it asks for stands.
function useNewestInView(newest) {
  const list = useRef();
  const near = useRef(true);
  useLayoutEffect(() => {
    if (!near.current) return;
    const box = list.current;
    box.scrollTop = box.scrollHeight;
    if (!fits(box)) box.scrollTop += topOf(last(box)) - topOf(box);
  }, [newest]);
  useEffect(() => {
    const box = list.current;
    const note = () => {
      near.current = !last(box) || topOf(last(box)) < topOf(box) + box.clientHeight + NEAR;
    };
    // Blocks may grow after they were drawn, and the room for them may shrink: what has the focus
    // stays in sight.
    const grown = new ResizeObserver(() => {
      const active = document.activeElement;
      if (near.current && fits(box)) box.scrollTop = box.scrollHeight;
      else if (box !== active && box.contains(active)) bringIntoView(active);
    });
    box.addEventListener("scroll", note, { passive: true });
    grown.observe(box);
    grown.observe(box.querySelector(".messages"));
    return () => {
      box.removeEventListener("scroll", note);
      grown.disconnect();
    };
  }, []);
  return list;
}

const topOf = (element) => element.getBoundingClientRect().top;
const last = (box) => box.querySelector(".messages").lastElementChild;
const fits = (box) => (last(box)?.offsetHeight ?? 0) <= box.clientHeight;

// What a screen reader says of a message that came while the conversation is open.
function useSpoken(all, ctx, t) {
  const seen = useRef(all.at(-1)?.ts || "");
  const [spoken, setSpoken] = useState("");
  const newest = all.at(-1);
  useEffect(() => {
    if (!newest || newest.ts <= seen.current) return;
    seen.current = newest.ts;
    if (newest.user === ctx.user) return;
    setSpoken(t("room.spoken", { author: newest.author, text: plain(newest.text, ctx.names) }));
  }, [newest?.ts]);
  return spoken;
}
