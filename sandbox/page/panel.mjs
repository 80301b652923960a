// A panel beside the phones; at phone width a sheet from below.
import { html, useEffect, useRef } from "./html.mjs";
import { Icon } from "./icons.mjs";

export function Panel({ t, name, narrow, close, children }) {
  const heading = useRef();
  const body = useRef();
  const opener = useRef(null);
  useEffect(() => {
    opener.current = document.activeElement;
    (body.current.querySelector("[data-first]") || heading.current).focus();
    return () => {
      // The same panel's button, also when another one took its place meanwhile.
      const back = document.querySelector(`[data-opens="${name}"]`) || opener.current;
      if (document.activeElement === document.body) back?.focus?.();
    };
  }, [name]);
  useEffect(() => {
    // Wherever the focus is; a form on a phone keeps the key to itself.
    const leave = (event) => event.key === "Escape" && !event.defaultPrevented && close();
    document.addEventListener("keydown", leave);
    return () => document.removeEventListener("keydown", leave);
  }, [close]);
  return html`
    <aside
      class=${narrow ? "panel sheet" : "panel"}
      data-panel=${name}
      aria-labelledby="panel-heading"
    >
      <header class="panel-head">
        <h2 id="panel-heading" ref=${heading} tabindex="-1">${t(`${name}.title`)}</h2>
        <button type="button" class="round" aria-label=${t("panel.close")} onClick=${close}>
          <${Icon} name="close" />
        </button>
      </header>
      <div class="panel-body" ref=${body}>${children}</div>
    </aside>
  `;
}
