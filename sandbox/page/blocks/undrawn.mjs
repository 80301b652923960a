// Stands where something cannot be drawn, and says what it would have been.

import { html, useErrorBoundary, useLayoutEffect, useRef } from "../html.mjs";

export function Undrawn({ type, ctx }) {
  return html`<div class="bk-undrawn" data-undrawn=${type ?? "?"}>
    ${ctx.t("blocks.undrawn", { type: type ?? "?" })}
  </div>`;
}

// Whatever goes wrong inside stays inside; the next version of it is tried again.
export function Guarded({ of, type, ctx, children }) {
  const [fault, again] = useErrorBoundary();
  const before = useRef(of);
  useLayoutEffect(() => {
    if (fault && before.current !== of) again();
    before.current = of;
  }, [of]);
  return fault ? html`<${Undrawn} type=${type} ctx=${ctx} />` : children;
}
