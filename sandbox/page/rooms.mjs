// The list of a phone's conversations: the app's first, then channels, then direct messages.
import { html, useState } from "./html.mjs";
import { Icon } from "./icons.mjs";
import { when } from "./time.mjs";
import { Face } from "./topbar.mjs";
import { plain } from "./text.mjs";

export function Rooms({ phone, workspace, person, ctx, t, go }) {
  const [writing, setWriting] = useState(false);
  const rooms = Object.values(phone.rooms);
  const app = workspace.app;
  const withApp = rooms.find((room) => room.with_app) || (app && unopened(app));
  const mine = rooms.filter((room) => room.is_member && !isDirect(room));
  const open = rooms.filter((room) => !room.is_member && !isDirect(room));
  const direct = rooms.filter((room) => isDirect(room) && !room.with_app);
  const line = (room) => html`<${Line} key=${room.id} ...${{ room, workspace, person, ctx, t, go }} />`;
  return html`
    <div class="rooms">
      <div class="screen-head">
        <h3>${workspace.team.name}</h3>
        <button
          type="button"
          class="round"
          aria-label=${t("rooms.write")}
          aria-expanded=${writing ? "true" : "false"}
          onClick=${() => setWriting(!writing)}
        >
          <${Icon} name="write" />
        </button>
      </div>
      ${writing && html`<${WhoTo} ...${{ workspace, person, t, go }} />`}
      <nav aria-label=${t("rooms.all", { name: person.real_name })}>
        ${withApp && html`<ul class="lines">${line(withApp)}</ul>`}
        <${Group} title=${t("rooms.channels")}>${byName(mine).map(line)}<//>
        <${Group} title=${t("rooms.direct")}>${byName(direct).map(line)}<//>
        <${Group} title=${t("rooms.open")}>${byName(open).map(line)}<//>
      </nav>
    </div>
  `;
}

const isDirect = (room) => room.kind === "im" || room.kind === "mpim";
const byName = (rooms) => rooms.toSorted((one, other) => one.name.localeCompare(other.name));

// The conversation with the app before anybody said a word in it.
export function unopened(person) {
  return {
    id: person.user || person.id,
    name: person.name,
    kind: "im",
    with_app: Boolean(person.user),
    is_member: true,
    members: [],
    unread: 0,
    messages: [],
  };
}

function Group({ title, children }) {
  if (!children.length) return null;
  return html`
    <h4 class="group-title">${title}</h4>
    <ul class="lines">${children}</ul>
  `;
}

function Line({ room, workspace, person, ctx, t, go }) {
  const last = room.messages.at(-1);
  const preview = last ? plain(last.text, ctx.names) : "";
  const mine = last?.user === person.id ? `${t("rooms.you")} ` : "";
  const other = room.members.find((id) => id !== person.id);
  const face = ctx.names.people.get(other) || { id: room.id, name: room.name };
  // Before its first word an app has nothing to show but its Home.
  const tab = room.with_app && workspace.home_tab && !last ? "home" : "messages";
  return html`
    <li>
      <button
        type="button"
        class=${room.unread ? "line unread" : "line"}
        data-channel=${room.id}
        onClick=${() => go({ room: room.id, thread: null, tab })}
      >
        ${isDirect(room)
          ? html`<${Face} person=${face} app=${room.with_app} />`
          : html`<span class="hash" aria-hidden="true"
              >${room.kind === "private_channel" ? html`<${Icon} name="lock" />` : "#"}</span
            >`}
        <span class="line-name">
          ${room.name} ${room.with_app && html`<span class="tag">${t("message.app")}</span>`}
          ${room.is_ext_shared && html`<span class="tag">${t("rooms.shared")}</span>`}
          ${room.is_archived && html`<span class="tag">${t("rooms.archived")}</span>`}
        </span>
        ${last && html`<span class="line-time">${when(Number(last.ts), ctx.now(), ctx)}</span>`}
        <span class="line-text">${preview ? mine + preview : t("rooms.empty")}</span>
        ${room.unread > 0 &&
        html`<span class="count"
          >${room.unread}<span class="unseen"> ${t("rooms.unread")}</span></span
        >`}
      </button>
    </li>
  `;
}

function WhoTo({ workspace, person, t, go }) {
  const others = workspace.people.filter(
    (one) => one.id !== person.id && !one.deleted && !one.is_bot,
  );
  return html`
    <div class="who-to">
      <h4 class="group-title">${t("rooms.write")}</h4>
      <ul class="lines">
        ${others.map(
          (one) => html`
            <li key=${one.id}>
              <button
                type="button"
                class="line line-short"
                onClick=${() => go({ room: one.id, thread: null, tab: "messages" })}
              >
                <${Face} person=${one} />
                <span class="line-name">${one.real_name}</span>
                <span class="line-text">${one.title}</span>
              </button>
            </li>
          `,
        )}
      </ul>
    </div>
  `;
}
