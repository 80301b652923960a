// Slack's own markup: *bold*, _italic_, ~strike~, `code`, quotes, lists, mentions, links and dates.

import { html } from "../html.mjs";
import { dateWords } from "./dates.mjs";
import { EMOJI } from "./emoji.mjs";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const unescaped = (text) => text.replace(/&(?:amp|lt|gt);/g, (found) => ENTITIES[found]);
const named = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);

// Words between two signs: *...*, without a sign or a word right outside of them.
const styled = (sign) =>
  String.raw`(?<![\p{L}\p{N}${sign}])[${sign}](?=\S)((?:<[^<>\n]*>|[^${sign}\n<])*?\S)[${sign}]` +
  String.raw`(?![\p{L}\p{N}${sign}])`;
const INLINE = new RegExp(
  ["`([^`\\n]+)`", "<([^<>\\n]+)>", styled("*"), styled("_"), styled("~")].join("|"),
  "u",
);

// A link that may be followed; null for anything that could run as a program.
export function safeLink(url) {
  return /^(https?:\/\/|mailto:|tel:)/i.test(url) ? url : null;
}

export function Link({ url, children }) {
  const link = safeLink(unescaped(url));
  if (!link) return html`<span>${children}</span>`;
  return html`<a href=${link} target="_blank" rel="noopener noreferrer">${children}</a>`;
}

export function Person({ id, label, ctx }) {
  const found = ctx.names.people.get(id);
  const mine = id === ctx.user ? "bk-me" : "";
  const name = found?.real_name || found?.name || label || id;
  return html`<span class=${`bk-mention ${mine}`}>@${name}</span>`;
}

export function Channel({ id, label, ctx }) {
  const name = ctx.names.channels.get(id)?.name || label || id;
  const go = ctx.wayTo?.(id);
  if (!go) return html`<span class="bk-mention">#${name}</span>`;
  return html`<button type="button" class="bk-mention bk-way" onClick=${go}>#${name}</button>`;
}

// The address of a message, as Slack gives it; it leads to the message, or to its thread.
const MESSAGE = /^https:\/\/[\w-]+\.slack\.com\/archives\/([A-Z0-9_]+)\/p\d+(?:\?thread_ts=([\d.]+))?/;

function wayTo(url, ctx) {
  const [found, channel, thread] = MESSAGE.exec(unescaped(url)) || [];
  return found ? ctx.wayTo?.(channel, thread) : null;
}

// What stands in <...>.
function angled(inside, ctx) {
  const [target, ...rest] = inside.split("|");
  const label = rest.length ? unescaped(rest.join("|")) : "";
  const id = target.slice(1);
  if (target.startsWith("@")) return html`<${Person} id=${id} label=${label} ctx=${ctx} />`;
  if (target.startsWith("#")) return html`<${Channel} id=${id} label=${label} ctx=${ctx} />`;
  if (target.startsWith("!date^")) return dated(target, label, ctx);
  if (target.startsWith("!")) {
    const [what] = id.split("^");
    return html`<span class="bk-mention">${label || `@${what}`}</span>`;
  }
  const words = label || unescaped(target).replace(/^(mailto|tel):/, "");
  const go = wayTo(target, ctx);
  if (go) return html`<button type="button" class="bk-mention bk-way" onClick=${go}>${words}</button>`;
  return html`<${Link} url=${target}>${named(words)}<//>`;
}

function dated(target, label, ctx) {
  const [, seconds, format, link] = target.split("^");
  const words = dateWords(seconds, unescaped(format ?? ""), label, ctx);
  const time = html`<time datetime=${isoOf(seconds)}>${words}</time>`;
  return link ? html`<${Link} url=${link}>${time}<//>` : time;
}

const isoOf = (seconds) => {
  const at = new Date(Number(seconds) * 1000);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};

function inline(text, ctx) {
  const parts = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    const [whole, code, angle, bold, italic, strike] = found;
    if (found.index) parts.push(named(unescaped(rest.slice(0, found.index))));
    if (code) parts.push(html`<code>${unescaped(code)}</code>`);
    else if (angle) parts.push(angled(angle, ctx));
    else if (bold) parts.push(html`<strong>${inline(bold, ctx)}</strong>`);
    else if (italic) parts.push(html`<em>${inline(italic, ctx)}</em>`);
    else parts.push(html`<s>${inline(strike, ctx)}</s>`);
    rest = rest.slice(found.index + whole.length);
  }
  return rest ? [...parts, named(unescaped(rest))] : parts;
}

// A line's kind, and what is left of it without its mark.
function lineOf(line) {
  const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
  if (quote) return ["quote", quote[1]];
  const bullet = /^\s*(?:•|◦|-) +(.*)$/.exec(line);
  if (bullet) return ["bullets", bullet[1]];
  const step = /^\s*(\d+)\. +(.*)$/.exec(line);
  return step ? ["steps", step[2], Number(step[1])] : ["text", line];
}

// Lines of one kind that follow each other.
function gathered(text) {
  const runs = [];
  for (const line of text.split("\n")) {
    const [kind, words, number] = lineOf(line);
    if (runs.at(-1)?.kind !== kind) runs.push({ kind, lines: [], number });
    runs.at(-1).lines.push(words);
  }
  return runs;
}

function drawRun({ kind, lines, number }, ctx) {
  const words = () => inline(lines.join("\n"), ctx);
  const items = () => lines.map((line) => html`<li>${inline(line, ctx)}</li>`);
  if (kind === "quote") return html`<blockquote>${words()}</blockquote>`;
  if (kind === "bullets") return html`<ul>${items()}</ul>`;
  if (kind === "steps") return html`<ol start=${number}>${items()}</ol>`;
  return html`<div class="bk-lines">${words()}</div>`;
}

export function Mrkdwn({ text, ctx }) {
  const parts = String(text ?? "").split(/```\n?([\s\S]+?)\n?```/);
  return html`<div class="bk-mrkdwn">
    ${parts.map((part, at) => {
      if (at % 2) return html`<pre>${unescaped(part)}</pre>`;
      // The line breaks around a box of code are the box's own.
      const begun = at > 0 ? part.replace(/^\n/, "") : part;
      const words = at < parts.length - 1 ? begun.replace(/\n$/, "") : begun;
      return words && gathered(words).map((run) => drawRun(run, ctx));
    })}
  </div>`;
}

// A text object's words where only plain text may stand.
export function plain(object) {
  const text = object?.text ?? "";
  return object?.emoji === false ? text : named(text);
}

export function Text({ object, ctx }) {
  if (object?.type === "mrkdwn") return html`<${Mrkdwn} text=${object.text} ctx=${ctx} />`;
  return html`<span class="bk-lines">${plain(object)}</span>`;
}
