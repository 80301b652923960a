// The forms in front of a phone, up to three on top of each other. Only the front one can be
// reached; the others stay as they are below, with what is typed in them.
import { html, useEffect, useRef } from "./html.mjs";
import { Modal } from "./blocks/modal.mjs";
import { useFocusKept } from "./focus.mjs";

const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), " +
  "textarea:not([disabled]), summary, [tabindex='0']";

// After a reload nobody knows what opened the form: the phone itself gets the focus back.
const NOBODY = { isConnected: false };

export function Modals({ phone, ctx, hidden }) {
  const { views } = phone;
  const opener = useRef(null);
  const last = useRef(null);
  // The button that opened the first form gets the focus back when the last one is gone.
  useEffect(() => {
    if (views.length) opener.current ??= last.current ?? NOBODY;
    if (views.length || !opener.current) return;
    const back = opener.current.isConnected
      ? opener.current
      : document.querySelector(`[data-phone="${CSS.escape(ctx.user)}"]`);
    if (document.activeElement === document.body) back.focus();
    opener.current = null;
  }, [views.length]);
  useEffect(() => {
    const note = (event) => {
      const inPhone = event.target.closest?.(`[data-phone="${CSS.escape(ctx.user)}"]`);
      if (inPhone && !event.target.closest(".modal")) last.current = event.target;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, [ctx.user]);
  return views.map((view, index) => {
    const front = index === views.length - 1;
    return html`<${Front} key=${view.id} ...${{ view, ctx, front, hidden }} />`;
  });
}

function Front({ view, ctx, front, hidden }) {
  const box = useRef();
  useEffect(() => {
    if (!front) return;
    const active = document.activeElement;
    const phone = box.current.closest(".phone");
    // Somebody may be typing on another phone: theirs is the focus.
    const free = active === document.body || phone.contains(active);
    if (free && !box.current.contains(active)) enter(box.current);
  }, [front]);
  // An answer may take the place of the questions: whoever sent them goes on from there.
  useFocusKept(box, (form) => wayIn(form), [view]);
  return html`
    <div
      class="modal"
      ref=${box}
      role="dialog"
      aria-modal=${front ? "true" : null}
      aria-label=${view.title}
      tabindex="-1"
      inert=${!front || hidden}
      hidden=${!front}
      data-view=${view.id}
      onKeyDown=${trap}
    >
      <${Modal} view=${view} ctx=${ctx} />
    </div>
  `;
}

function reachable(box) {
  const inside = [...box.querySelectorAll(FOCUSABLE)];
  return inside.filter((one) => one.checkVisibility() && !one.closest("[inert]"));
}

// The focus goes to the first question, or to the first that still needs an answer where it is
// answered already; a form without any is entered at its first button.
function wayIn(box) {
  const inside = reachable(box);
  const question = inside.find((one) => !one.closest("[data-close], header, footer"));
  const open = inside.find((one) => one.closest("[data-needs]"));
  const asks = question?.closest(".bk-input");
  return (asks && open) || question || inside[0] || box;
}

// What is to be read before the first question comes first: where that is out of sight, the form
// itself gets the focus, and stays at its beginning.
function enter(box) {
  const there = wayIn(box);
  const end = box.querySelector(".bk-modal-body")?.getBoundingClientRect().bottom ?? Infinity;
  const seen = there.getBoundingClientRect().bottom <= end || !there.closest(".bk-modal-body");
  (seen ? there : box).focus({ preventScroll: true });
}

// The Tab key goes round within the form.
function trap(event) {
  if (event.key !== "Tab") return;
  const inside = reachable(event.currentTarget);
  if (!inside.length) return;
  const [first, end] = [inside[0], inside.at(-1)];
  const active = document.activeElement;
  if (event.shiftKey && (active === first || active === event.currentTarget)) {
    event.preventDefault();
    end.focus();
  } else if (!event.shiftKey && active === end) {
    event.preventDefault();
    first.focus();
  }
}
