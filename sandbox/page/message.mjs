// One message: who, when, what, and what people added to it.
import { Component, html, useRef, useState } from "./html.mjs";
import { Blocks } from "./blocks/blocks.mjs";
import { Mrkdwn } from "./blocks/mrkdwn.mjs";
import { bringIntoView, useFocusKept } from "./focus.mjs";
import { Icon } from "./icons.mjs";
import { Reactions, ReactWith } from "./reactions.mjs";
import { clockTime } from "./time.mjs";
import { Face } from "./topbar.mjs";

// Drawn anew only when something about it changed: a conversation may have hundreds.
export class Message extends Component {
  shouldComponentUpdate(next) {
    return Object.keys(next).some((name) => name !== "go" && next[name] !== this.props[name]);
  }

  render(props) {
    return html`<${Shown} ...${props} />`;
  }
}

// The same button of a message that was edited, or the first that it has now.
function sameOrNext(mine, lost) {
  const buttons = [...mine.querySelectorAll(".said .bk-button")];
  const action = lost?.dataset?.action;
  const button = buttons.find((one) => action && one.dataset.action === action) || buttons[0];
  bringIntoView(button);
  return button || mine;
}

// A key that is held down presses once: the next button may have the focus by then.
const once = (event) => {
  const presses = event.key === "Enter" || event.key === " ";
  if (presses && event.repeat && event.target.matches("button")) event.preventDefault();
};

function Shown({ message, ctx, t, go, channel, follows, inThread }) {
  const [open, setOpen] = useState(false);
  const item = useRef();
  useFocusKept(item, sameOrNext, [message]);
  const author = ctx.names.people.get(message.user) || { id: message.user, name: message.author };
  const act = (name, more) => ctx.act(name, { channel, ts: message.ts, ...more });
  return html`
    <li
      ref=${item}
      class=${`message${follows ? " follows" : ""}${message.ephemeral ? " ephemeral" : ""}`}
      data-ts=${message.ts}
      onKeyDown=${once}
    >
      ${!follows && html`<${Face} person=${author} app=${message.by_app} />`}
      <div class="message-main">
        ${message.pinned && html`<p class="note"><${Icon} name="pin" />${t("message.pinned")}</p>`}
        ${message.ephemeral && html`<p class="note">${t("message.ephemeral")}</p>`}
        <p class=${follows ? "message-head unseen" : "message-head"}>
          <b>${message.author}</b>
          ${message.by_app && html`<span class="tag">${t("message.app")}</span>`}
          <time class="quiet">${clockTime(Number(message.ts), ctx)}</time>
        </p>
        <${Said} ...${{ message, ctx, channel }} />
        ${message.edited && html`<span class="quiet edited">${t("message.edited")}</span>`}
        ${(message.files || []).map((file) => html`<${File} key=${file.id} ...${{ file, t }} />`)}
        <${Reactions} ...${{ message, act, t }} />
        ${!inThread &&
        message.reply_count > 0 &&
        html`<button type="button" class="replies" onClick=${() => go({ thread: message.ts })}>
          ${t(message.reply_count === 1 ? "message.reply" : "message.replies", {
            count: message.reply_count,
          })}
        </button>`}
        ${open && html`<${More} ...${{ message, act, t, inThread, go }} close=${() => setOpen(false)} />`}
      </div>
      ${!message.ephemeral &&
      html`<div class="message-tools">
        <button
          type="button"
          class="round"
          aria-label=${t("message.more", { author: message.author })}
          aria-expanded=${open ? "true" : "false"}
          onClick=${() => setOpen(!open)}
        >
          <${Icon} name="more" />
        </button>
      </div>`}
    </li>
  `;
}

// What can be done with a message: answer it in a thread, pin it, react to it.
function More({ message, act, t, inThread, go, close }) {
  const pin = async () => {
    await act(message.pinned ? "unpin" : "pin");
    close();
  };
  return html`
    <div class="more">
      ${!inThread &&
      html`<button
        type="button"
        class="plain"
        onClick=${() => go({ thread: message.thread_ts || message.ts })}
      >
        ${t("message.answer")}
      </button>`}
      <button type="button" class="plain" onClick=${pin}>
        ${t(message.pinned ? "message.unpin" : "message.pin")}
      </button>
      <${ReactWith} ...${{ act, t }} done=${close} />
    </div>
  `;
}

function Said({ message, ctx, channel }) {
  if (!message.blocks.length) {
    return html`<div class="said"><${Mrkdwn} text=${message.text} ctx=${ctx} /></div>`;
  }
  const { blocks, values, ts } = message;
  return html`<div class="said">
    <${Blocks} ...${{ blocks, values, ctx }} errors=${NONE} where=${{ channel, ts }} />
  </div>`;
}

const NONE = {};

function File({ file, t }) {
  if (file.deleted) return html`<p class="file quiet">${t("message.file_gone")}</p>`;
  const size = file.size ? t("message.size", { size: Math.max(1, Math.round(file.size / 1024)) }) : "";
  return html`
    <p class="file">
      <${Icon} name="file" />
      <span><b>${file.title || file.name}</b> <span class="quiet">${file.name} ${size}</span></span>
    </p>
  `;
}
