// Buttons, and the menu behind three dots.

import { html, useContext, useEffect, useLayoutEffect, useRef, useState } from "../html.mjs";
import { useConfirm } from "./dialog.mjs";
import { useOwnId } from "./ids.mjs";
import { plain, safeLink } from "./mrkdwn.mjs";
import { Surfaces } from "./surface.mjs";
import { Trouble } from "./trouble.mjs";

// [busy, failed answer, press]: one act at a time, and what became of it.
function useAct(surface) {
  const [state, setState] = useState({ busy: false, answer: null });
  const here = useRef(true);
  const running = useRef(false);
  useEffect(() => () => void (here.current = false), []);
  const press = async (name, body) => {
    if (running.current) return;
    running.current = true;
    setState({ busy: true, answer: null });
    const answer = await surface.act(name, { ...surface.where, ...body });
    running.current = false;
    if (here.current) setState({ busy: false, answer: answer.ok === false ? answer : null });
  };
  return [state.busy, state.answer, press];
}

function follow(url) {
  const link = safeLink(url);
  if (link) window.open(link, "_blank", "noopener,noreferrer");
}

export function Button({ block, element }) {
  const surface = useContext(Surfaces);
  const { ctx } = surface;
  const [busy, failed, press] = useAct(surface);
  const [ask, dialog] = useConfirm(surface);
  const click = async () => {
    if (busy || !(await ask(element.confirm))) return;
    if (element.url) follow(element.url);
    const { action_id, value } = element;
    press("click", { block_id: block.block_id, action_id, ...(value == null ? {} : { value }) });
  };
  const style = ["primary", "danger"].includes(element.style) ? `bk-${element.style}` : "";
  return html`<button
      type="button"
      class=${`bk-button ${style} ${busy ? "bk-busy" : ""}`}
      aria-label=${element.accessibility_label}
      aria-disabled=${busy ? "true" : undefined}
      aria-busy=${busy ? "true" : undefined}
      data-action=${element.action_id}
      onClick=${click}
    >
      ${plain(element.text)}
    </button>
    <${Trouble} answer=${failed} ctx=${ctx} />
    ${dialog}`;
}

export function Overflow({ block, element }) {
  const surface = useContext(Surfaces);
  const { ctx } = surface;
  const [busy, failed, press] = useAct(surface);
  const [ask, dialog] = useConfirm(surface);
  const [open, setOpen] = useState(false);
  const button = useRef(null);
  const id = useOwnId();
  const close = (back) => {
    setOpen(false);
    if (back) button.current.focus();
  };
  const pick = async (option) => {
    close(true);
    if (!(await ask(element.confirm))) return;
    if (option.url) follow(option.url);
    press("choose", {
      block_id: block.block_id,
      action_id: element.action_id,
      value: option.value,
    });
  };
  const arrow = (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    setOpen(event.key === "ArrowUp" ? "last" : "first");
  };
  return html`<span class="bk-overflow">
      <button
        type="button"
        ref=${button}
        class=${`bk-button bk-dots ${busy ? "bk-busy" : ""}`}
        aria-label=${ctx.t("blocks.more")}
        aria-haspopup="menu"
        aria-expanded=${open ? "true" : "false"}
        aria-controls=${open ? id : undefined}
        aria-busy=${busy ? "true" : undefined}
        data-action=${element.action_id}
        onClick=${() => !busy && setOpen(open ? false : "first")}
        onKeyDown=${arrow}
      >
        <span aria-hidden="true">⋯</span>
      </button>
      ${open && html`<${Menu} ...${{ id, element, pick, close, start: open, button, ctx }} />`}
    </span>
    <${Trouble} answer=${failed} ctx=${ctx} />
    ${dialog}`;
}

function Menu({ id, element, pick, close, start, button, ctx }) {
  const list = useRef(null);
  const items = () => [...list.current.children];
  useLayoutEffect(() => {
    const room = list.current.closest(".bk-blocks").getBoundingClientRect();
    const leftwards = list.current.getBoundingClientRect().right > room.right;
    list.current.classList.toggle("bk-leftwards", leftwards);
    items().at(start === "last" ? -1 : 0).focus({ preventScroll: true });
    list.current.scrollIntoView({ block: "nearest" });
    const outside = ({ target }) => {
      if (!list.current?.contains(target) && !button.current?.contains(target)) close(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);
  const keys = (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const to = nextItem(event.key, all, at);
    if (to) to.focus();
    else if (event.key === "Escape") close(true);
    else if (event.key === "Tab") return close(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div
    class="bk-menu"
    role="menu"
    id=${id}
    ref=${list}
    aria-label=${ctx.t("blocks.more")}
    onKeyDown=${keys}
  >
    ${element.options.map(
      (option) => html`<button
        type="button"
        role="menuitem"
        tabindex="-1"
        key=${option.value}
        onClick=${() => pick(option)}
      >
        ${plain(option.text)}
        ${option.description && html`<small>${plain(option.description)}</small>`}
      </button>`,
    )}
  </div>`;
}

// Where a key leads in a menu: the arrows go round, Home and End to the ends, a letter to the next
// line that begins with it.
function nextItem(key, all, at) {
  if (key === "ArrowDown") return all[(at + 1) % all.length];
  if (key === "ArrowUp") return all.at(at - 1);
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  if (key.length !== 1 || key === " ") return null;
  const begins = (item) => item.textContent.trim().toLowerCase().startsWith(key.toLowerCase());
  return [...all.slice(at + 1), ...all.slice(0, at + 1)].find(begins);
}
