// One form as it stands in front of a person: its questions, what is wrong with them, and sending.

import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.mjs";
import { BlockList } from "./blocks.mjs";
import { problem } from "./checks.mjs";
import { Below, useNeeds } from "./needs.mjs";
import { Surfaces, arrived, byBlock, leaving, useSurface } from "./surface.mjs";
import { Trouble } from "./trouble.mjs";
import { Guarded } from "./undrawn.mjs";

const CONTROL = "input, select, textarea, button";

// What the server says is wrong, and what was found here; a question that is changed is asked anew.
function useErrors(told) {
  const [errors, setErrors] = useState(told ?? {});
  const heard = JSON.stringify(told ?? {});
  useLayoutEffect(() => setErrors(told ?? {}), [heard]);
  const clear = (id) => setErrors((all) => (id in all ? { ...all, [id]: undefined } : all));
  return [errors, setErrors, clear];
}

// What Slack's client would not send: block id -> words.
function unready(surface) {
  const found = {};
  for (const field of surface.fields) {
    if (field.block.type !== "input") continue;
    const words = problem(field.block, field.element, field.value, surface.ctx.t);
    if (words) found[field.block.block_id] = words;
  }
  return found;
}

function useForm(view, ctx) {
  const surface = useSurface(ctx, { view_id: view.id }, view.values, view.blocks);
  const [errors, setErrors, clear] = useErrors(view.errors);
  const [busy, setBusy] = useState("");
  const [failed, setFailed] = useState(null);
  const [looks, look] = useState(0); // how often the focus was sent to a wrong answer
  const running = useRef(false);

  const once = (what, act) => async () => {
    if (running.current) return;
    running.current = true;
    setBusy(what);
    setFailed(null);
    const answer = await act();
    running.current = false;
    setBusy("");
    setFailed(answer.ok === false && !hasErrors(answer.errors) ? answer : null);
  };
  const wrong = (found) => {
    setErrors(found);
    look((count) => count + 1);
  };
  const send = once("submit", async () => {
    const sent = surface.standing();
    leaving(sent);
    await surface.sending;
    const answer = await surface.act("submit", { view_id: view.id, values: byBlock(sent) });
    // Where the form reached the workspace, what was typed is held there, right or wrong.
    arrived(sent, answer.ok !== false || "errors" in answer);
    if (hasErrors(answer.errors)) wrong(answer.errors);
    return answer;
  });
  const submit = () => {
    const found = unready(surface);
    if (!hasErrors(found)) return send();
    surface.flush();
    wrong(found);
  };
  const close = once("close", async () => {
    surface.closing = true;
    const answer = await surface.act("close", { view_id: view.id });
    surface.closing = answer.ok !== false;
    return answer;
  });
  Object.assign(surface, { edited: clear, submit: view.submit ? submit : null });
  return { surface, errors, busy, failed, looks, submit, close };
}

const hasErrors = (errors) => Object.values(errors ?? {}).some(Boolean);

const sends = (event) =>
  event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat && !event.isComposing;
const KEYS = /^Mac|^iP/.test(navigator.platform) ? "⌘ + Enter" : "Ctrl + Enter";

export function Modal({ view, ctx }) {
  return html`<${Form} key=${view.id} view=${view} ctx=${ctx} />`;
}

function Form({ view, ctx }) {
  const { surface, errors, busy, failed, looks, submit, close } = useForm(view, ctx);
  const root = useRef(null);
  const below = useNeeds(root, surface, view.blocks);
  const looked = useRef(0);
  useEffect(() => {
    if (busy || looked.current === looks) return;
    looked.current = looks;
    root.current.querySelector("[data-wrong]")?.querySelector(CONTROL)?.focus();
  }, [looks, busy]);
  useLayoutEffect(() => {
    // The questions cannot be used while they are being sent; the focus must not fall out of them.
    if (busy === "submit") root.current.querySelector("[data-submit]").focus();
  }, [busy]);
  const keys = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (sends(event) && view.submit) {
      event.preventDefault();
      submit();
    }
  };
  const ids = (view.blocks ?? []).map((block) => block?.block_id);
  const elsewhere = Object.entries(errors).filter(([id, words]) => words && !ids.includes(id));
  return html`<${Surfaces.Provider} value=${surface}>
    <div class="bk-modal" ref=${root} data-view=${view.id} onKeyDown=${keys}>
      <header class="bk-modal-top">
        <button type="button" class="bk-close" data-close="" onClick=${close}>
          ${view.close || ctx.t("blocks.close")}
        </button>
        <h2 class="bk-modal-title">${view.title}</h2>
      </header>
      <div class="bk-modal-body" inert=${busy === "submit"} aria-busy=${busy ? "true" : undefined}>
        <${Guarded} of=${view.blocks} type="modal" ctx=${ctx}>
          <${BlockList} blocks=${view.blocks} errors=${errors} />
        <//>
      </div>
      <footer class="bk-modal-bottom">
        ${elsewhere.map(
          ([id, words]) => html`<p class="bk-error" role="alert" key=${id}>${words}</p>`,
        )}
        <${Trouble} answer=${failed} ctx=${ctx} />
        <${Below} below=${below} ctx=${ctx} />
        ${view.submit &&
        html`<button
          type="button"
          class=${`bk-button bk-primary bk-submit ${busy === "submit" ? "bk-busy" : ""}`}
          data-submit=""
          aria-disabled=${busy ? "true" : undefined}
          aria-keyshortcuts="Control+Enter Meta+Enter"
          onClick=${submit}
        >
          ${busy === "submit" ? ctx.t("blocks.sending") : view.submit}
        </button>`}
        ${view.submit &&
        html`<p class="bk-keys">${ctx.t("blocks.keys", { keys: KEYS })}</p>`}
      </footer>
      <p class="bk-hidden" role="status">${busy === "submit" ? ctx.t("blocks.sending") : ""}</p>
    </div>
  <//>`;
}
