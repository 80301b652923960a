// Asks once more before something is done, inside one person's phone: the other phones go on.

import { html, useLayoutEffect, useRef, useState } from "../html.mjs";
import { createPortal } from "../vendor/preact.module.js";
import { useOwnId } from "./ids.mjs";
import { Text } from "./mrkdwn.mjs";

const phoneOf = (node) => node.closest("[data-phone]") ?? document.body;

// While a dialog stands in a phone, nothing else in that phone can be reached.
function quieten(phone, dialog) {
  const others = [...phone.children].filter((node) => node !== dialog && !node.inert);
  others.forEach((node) => (node.inert = true));
  return () => others.forEach((node) => (node.inert = false));
}

function Confirm({ asked, phone, answer, ctx }) {
  const box = useRef(null);
  const id = useOwnId();
  useLayoutEffect(() => {
    const restore = quieten(phone, box.current);
    box.current.querySelector("button").focus();
    return restore;
  }, [phone]);
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    answer(false);
  };
  return html`<div class="bk-veil" ref=${box} onKeyDown=${escape}>
    <div
      class="bk-dialog"
      role="alertdialog"
      aria-labelledby=${`${id}t`}
      aria-describedby=${`${id}d`}
    >
      <h2 id=${`${id}t`}>${asked.title.text}</h2>
      <div id=${`${id}d`}><${Text} object=${asked.text} ctx=${ctx} /></div>
      <div class="bk-dialog-buttons">
        <button type="button" class="bk-button" onClick=${() => answer(false)}>
          ${asked.deny.text}
        </button>
        <button
          type="button"
          class=${`bk-button bk-${asked.style === "danger" ? "danger" : "primary"}`}
          onClick=${() => answer(true)}
        >
          ${asked.confirm.text}
        </button>
      </div>
    </div>
  </div>`;
}

// [ask, dialog]: `await ask(confirm)` is true if the person says yes; without `confirm` at once.
// It stands in the phone of these blocks, and the focus goes back to where it was.
export function useConfirm(surface) {
  const [open, setOpen] = useState(null);
  const ask = (asked) => {
    if (!asked) return Promise.resolve(true);
    const before = document.activeElement;
    return new Promise((resolve) => {
      const answer = (yes) => {
        setOpen(null);
        resolve(yes);
        setTimeout(() => before?.isConnected && before.focus());
      };
      setOpen({ asked, answer, phone: phoneOf(surface.root) });
    });
  };
  const { ctx } = surface;
  const dialog = open && createPortal(html`<${Confirm} ...${open} ctx=${ctx} />`, open.phone);
  return [ask, dialog];
}
