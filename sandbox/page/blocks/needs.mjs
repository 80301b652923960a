// Which questions of a form still need an answer (marked `data-needs`), and those out of sight.

import { html, useLayoutEffect, useRef, useState } from "../html.mjs";
import { plain } from "./mrkdwn.mjs";
import { isEmpty } from "./values.mjs";

const CONTROL = "input, select, textarea, button";
const SEEN = 24; // px of a question that must be in sight for somebody to notice it

const NONE = "not_picked"; // a line of a menu by which an app says that nothing is chosen yet

const needs = ({ block, value }) =>
  block.type === "input" && !block.optional && (isEmpty(value) || value === NONE);

function mark(body, surface) {
  const open = new Set([...surface.fields].filter(needs).map(({ block }) => block.block_id));
  for (const node of body.querySelectorAll("[data-block]")) {
    node.toggleAttribute("data-needs", open.has(node.dataset.blockId));
  }
}

// The questions below what is in sight that need an answer: {count, node, label}; null for none.
function outOfSight(body) {
  const end = body.getBoundingClientRect().bottom - SEEN;
  const all = [...body.querySelectorAll("[data-needs]")];
  const below = all.filter((node) => node.getBoundingClientRect().top > end);
  const label = below[0]?.querySelector(".bk-label")?.textContent.trim();
  return label ? { count: below.length, node: below[0], label } : null;
}

// What each question is answered with. An app that fills some in gives them another id, or value.
const answers = (surface) => {
  const asked = [...surface.fields].filter(({ block }) => block.type === "input");
  return new Map(
    asked.map(({ block, value }) => [plain(block.label), JSON.stringify([block.block_id, value])]),
  );
};

const filled = (before, after) =>
  before.size === after.size &&
  [...after.keys()].every((label) => before.has(label)) &&
  [...after].some(([label, answer]) => before.get(label) !== answer);

// Whoever let a button fill in what is usual goes on at what is still open.
function goToOpen(body) {
  const active = document.activeElement;
  if (!body.contains(active) || !active.matches(".bk-button")) return;
  body.querySelector("[data-needs]")?.querySelector(CONTROL)?.focus();
}

const same = (one, other) => one?.count === other?.count && one?.node === other?.node;

export function useNeeds(root, surface, blocks) {
  const [below, setBelow] = useState(null);
  const before = useRef(null);
  useLayoutEffect(() => {
    const body = root.current.querySelector(".bk-modal-body");
    const look = () => {
      mark(body, surface);
      const found = outOfSight(body);
      setBelow((before) => (same(before, found) ? before : found));
    };
    look();
    const now = answers(surface);
    if (before.current && filled(before.current, now)) goToOpen(body);
    before.current = now;
    surface.answered = () => {
      before.current = answers(surface);
      setTimeout(look);
    };
    body.addEventListener("scroll", look, { passive: true });
    const grown = new ResizeObserver(look);
    grown.observe(body);
    return () => {
      surface.answered = () => {};
      body.removeEventListener("scroll", look);
      grown.disconnect();
    };
  }, [surface, blocks]);
  return below;
}

// A line that says so, and leads there.
export function Below({ below, ctx }) {
  if (!below) return null;
  const { count, node, label } = below;
  const go = () => {
    node.scrollIntoView({ block: "center" });
    node.querySelector(CONTROL)?.focus({ preventScroll: true });
  };
  return html`<button type="button" class="bk-below" data-below="" onClick=${go}>
    <span aria-hidden="true">↓ </span>
    ${ctx.t(count === 1 ? "blocks.below_one" : "blocks.below", { count, label })}
  </button>`;
}
