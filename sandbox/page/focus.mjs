// Nobody loses their place: where what had the focus goes away, something near it gets the focus.
import { useEffect } from "./html.mjs";

// What stood around the focus the last time that somebody had one.
let trail = [];
document.addEventListener("focusin", (event) => (trail = event.composedPath()));
document.addEventListener("pointerdown", (event) => {
  if (!event.composedPath().includes(document.activeElement)) trail = [];
});

// Looks whenever one of `when` changed; `next(element, lost)` says what in `root` gets the focus
// that `lost` had.
export function useFocusKept(root, next, when) {
  useEffect(() => {
    if (document.activeElement !== document.body || !trail.includes(root.current)) return;
    const there = next(root.current, trail[0]);
    if (!there) return;
    if (!there.matches("a, button, input, [tabindex]")) there.tabIndex = -1;
    there.focus({ preventScroll: true });
  }, when);
}

// F6 goes from part to part of the page, as it goes from pane to pane elsewhere: a form open on one
// phone keeps the Tab key to itself.
export function nextPart(event) {
  if (event.key !== "F6") return;
  const parts = [...document.querySelectorAll("[data-part]")].filter((one) => one.checkVisibility());
  if (!parts.length) return;
  event.preventDefault();
  const here = parts.findIndex((one) => one.contains(document.activeElement));
  const step = event.shiftKey ? parts.length - 1 : 1;
  goInto(parts[here < 0 ? 0 : (here + step) % parts.length]);
}

export function goInto(part) {
  const form = part?.querySelector(".modal:not([hidden])");
  const there = form || (part && firstIn(part)) || part;
  there?.focus({ preventScroll: true });
  bringIntoView(there);
}

// With the head of the message that it stands in, where both fit.
export function bringIntoView(el) {
  el?.closest(".message")?.scrollIntoView({ block: "nearest" });
  el?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// What somebody came for: what the story points at, what is marked, what a phone asks for. Else the
// first button, or what can be read there.
function firstIn(part) {
  const all = (selector, inside = part) =>
    [...inside.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const first = (...args) => all(...args)[0];
  const marked = first("[data-pointed]") || first("[data-first]");
  if (marked || !part.matches(".phone")) {
    return marked || first("button:not([tabindex='-1'])") || first("[tabindex='0']");
  }
  const asks = first("[data-home]") || all(".message:has(.bk-button)").at(-1);
  const main = asks && (first(".bk-primary", asks) || first(".bk-button", asks));
  return first(".unlock") || main || first(".line");
}
