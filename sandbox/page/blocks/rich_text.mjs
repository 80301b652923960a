// What Slack's own clients send: text that was written with the toolbar.

import { html } from "../html.mjs";
import { dateWords } from "./dates.mjs";
import { EMOJI } from "./emoji.mjs";
import { Channel, Link, Person } from "./mrkdwn.mjs";
import { Undrawn } from "./undrawn.mjs";

const MARKS = { code: "code", bold: "strong", italic: "em", strike: "s", underline: "u" };

function marked(style, words) {
  const tags = Object.keys(MARKS).filter((name) => style?.[name]);
  return tags.reduce((inside, name) => html`<${MARKS[name]}>${inside}<//>`, words);
}

function emoji({ name, unicode }) {
  if (EMOJI[name]) return EMOJI[name];
  if (!unicode) return `:${name}:`;
  return String.fromCodePoint(...unicode.split("-").map((code) => parseInt(code, 16)));
}

const INLINE = {
  text: ({ text }) => text,
  link: ({ url, text }) => html`<${Link} url=${url}>${text || url}<//>`,
  user: ({ user_id }, ctx) => html`<${Person} id=${user_id} ctx=${ctx} />`,
  channel: ({ channel_id }, ctx) => html`<${Channel} id=${channel_id} ctx=${ctx} />`,
  usergroup: ({ usergroup_id }) => html`<span class="bk-mention">@${usergroup_id}</span>`,
  broadcast: ({ range }) => html`<span class="bk-mention">@${range}</span>`,
  emoji: (item) => emoji(item),
  color: ({ value }) => html`<code>${value}</code>`,
  date: ({ timestamp, format, fallback }, ctx) =>
    dateWords(timestamp, format ?? "{date_pretty}", fallback ?? "", ctx),
};

const words = (items, ctx) =>
  (items ?? []).map((item) =>
    INLINE[item.type]
      ? marked(item.style, INLINE[item.type](item, ctx))
      : html`<${Undrawn} type=${item.type} ctx=${ctx} />`,
  );

function List({ element, ctx }) {
  const tag = element.style === "ordered" ? "ol" : "ul";
  const start = tag === "ol" ? (element.offset ?? 0) + 1 : undefined;
  return html`<${tag} class=${`bk-indent-${Math.min(element.indent ?? 0, 8)}`} start=${start}>
    ${element.elements.map((item) => html`<li>${words(item.elements, ctx)}</li>`)}
  <//>`;
}

const PARTS = {
  rich_text_section: ({ elements }, ctx) => html`<p class="bk-lines">${words(elements, ctx)}</p>`,
  rich_text_list: (element, ctx) => html`<${List} element=${element} ctx=${ctx} />`,
  rich_text_quote: ({ elements }, ctx) =>
    html`<blockquote class="bk-lines">${words(elements, ctx)}</blockquote>`,
  rich_text_preformatted: ({ elements }, ctx) => html`<pre>${words(elements, ctx)}</pre>`,
};

export function RichText({ block, ctx }) {
  return html`<div class="bk-mrkdwn">
    ${block.elements.map((part) =>
      PARTS[part.type]
        ? PARTS[part.type](part, ctx)
        : html`<${Undrawn} type=${part.type} ctx=${ctx} />`,
    )}
  </div>`;
}
