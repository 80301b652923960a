// The markdown block: headings, lists, quotes, code, tables, and the marks inside a line.

import { html } from "../html.mjs";
import { Link } from "./mrkdwn.mjs";

const INLINE = new RegExp(
  [
    String.raw`\x60(?<code>[^\x60\n]+)\x60`,
    String.raw`\[(?<words>[^\]\n]+)\]\((?<url>[^()\s]+)\)`,
    String.raw`<(?<bare>(?:https?|mailto):[^<>\s]+)>`,
    String.raw`(?<two>\*\*|__)(?=\S)(?<bold>.+?\S|\S)\k<two>`,
    String.raw`~~(?=\S)(?<strike>.+?)~~`,
    String.raw`(?<!\w)(?<one>[*_])(?=\S)(?<italic>.+?\S|\S)\k<one>(?!\w)`,
  ].join("|"),
);

function marked({ code, words, url, bare, bold, strike, italic }) {
  if (code) return html`<code>${code}</code>`;
  if (words) return html`<${Link} url=${url}>${inline(words)}<//>`;
  if (bare) return html`<${Link} url=${bare}>${bare}<//>`;
  if (bold) return html`<strong>${inline(bold)}</strong>`;
  return strike ? html`<s>${inline(strike)}</s>` : html`<em>${inline(italic)}</em>`;
}

function inline(text) {
  const found = INLINE.exec(text);
  if (!found) return text ? [text.replace(/\\([*_`~[\]<>#-])/g, "$1")] : [];
  const after = text.slice(found.index + found[0].length);
  return [...inline(text.slice(0, found.index)), marked(found.groups), ...inline(after)];
}

const cells = (line) =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

function row(line, tag) {
  return html`<tr>${cells(line).map((cell) => html`<${tag}>${inline(cell)}<//>`)}</tr>`;
}

function table([head, , ...rows]) {
  return html`<table>
    <thead>${row(head, "th")}</thead>
    <tbody>${rows.map((line) => row(line, "td"))}</tbody>
  </table>`;
}

const MARK = /^\s*(?:[-*+]|\d+[.)])\s+/;
const items = (lines) => lines.map((line) => html`<li>${inline(line.replace(MARK, ""))}</li>`);
const bullets = (lines) => html`<ul>${items(lines)}</ul>`;
const steps = (lines) => html`<ol start=${parseInt(lines[0], 10)}>${items(lines)}</ol>`;
const paragraph = (lines) => html`<p class="bk-lines">${inline(lines.join("\n"))}</p>`;
const unquoted = (lines) => lines.map((line) => line.replace(/^\s*> ?/, ""));
const quote = (lines) => html`<blockquote>${drawn(unquoted(lines))}</blockquote>`;

function headed([, signs, words]) {
  const level = signs.length + 2;
  return html`<p class="bk-heading" role="heading" aria-level=${level}>${inline(words)}</p>`;
}

// Kinds of lines, tried in this order; lines of one kind that follow each other are drawn together.
const KINDS = [
  [/^\s*$/, () => null],
  [/^\s*([-*_])(\s*\1){2,}\s*$/, () => html`<hr />`],
  [/^\s*>/, quote],
  [/^\s*[-*+]\s+/, bullets],
  [/^\s*\d+[.)]\s+/, steps],
  [/^\s*\|.*\|\s*$/, (lines) => (lines.length > 1 ? table(lines) : paragraph(lines))],
  [/^/, paragraph],
];
const HEADING = /^(#{1,6})\s+(.*)$/;

function drawn(lines) {
  const parts = [];
  let at = 0;
  while (at < lines.length) {
    const heading = HEADING.exec(lines[at]);
    if (heading) {
      parts.push(headed(heading));
      at += 1;
      continue;
    }
    const kind = KINDS.find(([form]) => form.test(lines[at]));
    let end = at + 1;
    const goesOn = (line) =>
      !HEADING.test(line) && KINDS.find(([form]) => form.test(line)) === kind;
    while (end < lines.length && goesOn(lines[end])) end += 1;
    parts.push(kind[1](lines.slice(at, end)));
    at = end;
  }
  return parts;
}

export function Markdown({ block }) {
  const parts = block.text.split(/^```[^\n]*\n([\s\S]*?)\n?```$/m);
  return html`<div class="bk-mrkdwn">
    ${parts.map((part, at) => (at % 2 ? html`<pre>${part}</pre>` : drawn(part.split("\n"))))}
  </div>`;
}
