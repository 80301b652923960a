// What all questions share: their name and words for a screen reader, and the first focus.

import { useContext, useLayoutEffect, useRef } from "../html.mjs";
import { Surfaces } from "./surface.mjs";

// named: { id, labelledby, label, describedby, wrong, required }
export function aria({ id, labelledby, label, describedby, wrong, required }) {
  return {
    id,
    "aria-labelledby": labelledby,
    "aria-label": labelledby ? undefined : label,
    "aria-describedby": describedby || undefined,
    "aria-invalid": wrong ? "true" : undefined,
    "aria-required": required ? "true" : undefined,
  };
}

// The focus goes to the question that the app names, unless somebody is busy on another phone.
export function useFirst(element) {
  const node = useRef(null);
  const { where } = useContext(Surfaces);
  // Before anybody can act in the form: later, it would take the focus from who types already.
  useLayoutEffect(() => {
    if (!element.focus_on_load || !where.view_id) return;
    const active = document.activeElement;
    const mine = node.current.closest("[data-phone]");
    if (active === document.body || mine?.contains(active)) node.current.focus();
  }, []);
  return node;
}
