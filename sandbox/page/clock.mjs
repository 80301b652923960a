// The world's clock: what time it is there, how fast it goes, and walks to what is due next.
import { html, useEffect, useRef, useState } from "./html.mjs";
import { post } from "./api.mjs";
import { clockTime, exactTime, shortDay, useTicking } from "./time.mjs";
import { useStore } from "./store.mjs";

const RATES = [1, 10, 60];
const MINUTES = [15, 5, 1];
const SAID_STAYS = 8000; // ms

// As a strip above the phones.
export function Clock(props) {
  return html`
    <section class="clock" aria-label=${props.t("clock.title")}>
      <${Inside} ...${props} />
    </section>
  `;
}

// In a panel, at phone width.
export function ClockPanel(props) {
  return html`<div class="clock clock-tall"><${Inside} ...${props} /></div>`;
}

// [walk, said]: goes forward as `POST /clock/forward` takes it; what is to be said of it.
export function useWalk(store, t, where) {
  const [said, setSaid] = useState("");
  // What is far off is said first; whoever presses again, while it is said, goes there.
  const farOff = useRef(null);
  useEffect(() => {
    const end = () => {
      setSaid("");
      farOff.current = null;
    };
    const timer = said && setTimeout(end, SAID_STAYS);
    return () => clearTimeout(timer);
  }, [said]);
  const walk = async (body) => {
    setSaid("");
    const goes = body.to === "news" && farOff.current !== null;
    farOff.current = null;
    const answer = await post("/clock/forward", goes ? { to: "next" } : body);
    if (!answer.ok) setSaid(t("clock.failed"));
    else if (!answer.complete) setSaid(t("clock.incomplete"));
    else if (body.to === "news" && !answer.steps) {
      farOff.current = answer.next_due ?? null;
      setSaid(nothing(answer.next_due, t, where));
    }
  };
  return [walk, said];
}

function nothing(at, t, where) {
  if (!at) return t("clock.nothing");
  return t("clock.nothing_until", { time: `${shortDay(at, where)}, ${clockTime(at, where)}` });
}

function Inside({ store, t, language, zone }) {
  const clock = useStore(store, (state) => state.clock);
  const where = { language, zone };
  const [walk, said] = useWalk(store, t, where);
  useTicking(clock);
  if (!clock) return null;
  const set = (body) => post("/clock", body);
  return html`
    <p class="clock-now">
      <time>${exactTime(store.now(), where)}</time>
      <span class="quiet" title=${zone}>${shortDay(store.now(), where)}</span>
    </p>
    <div class="group" data-walks role="group" aria-label=${t("clock.walk")}>
      <${Walk} name="news" clock=${clock} go=${() => walk({ to: "news" })}>${t("clock.next")}<//>
      ${MINUTES.map(
        (minutes) => html`
          <${Walk}
            key=${minutes}
            name=${minutes}
            clock=${clock}
            go=${() => walk({ seconds: minutes * 60 })}
          >
            ${t("clock.minutes", { minutes })}
          <//>
        `,
      )}
    </div>
    <div class="group" role="group" aria-label=${t("clock.speed")}>
      <${Choice} on=${clock.rate === 0 && !clock.walking} choose=${() => set({ pause: true })}>
        ${t("clock.pause")}
      <//>
      ${RATES.map(
        (rate) => html`
          <${Choice}
            key=${rate}
            on=${clock.rate === rate && !clock.walking}
            choose=${() => set({ rate })}
          >
            ×${rate}
          <//>
        `,
      )}
    </div>
    <p class="clock-due quiet" role="status">${said || (clock.walking ? t("clock.walking") : "")}</p>
  `;
}

function Choice({ on, choose, children }) {
  return html`
    <button type="button" aria-pressed=${on ? "true" : "false"} onClick=${choose}>
      ${children}
    </button>
  `;
}

// While a walk runs the buttons keep their focus and do nothing.
function Walk({ name, clock, go, children }) {
  const off = clock.walking;
  return html`
    <button
      type="button"
      data-walk=${name}
      data-first=${name === "news" ? "" : undefined}
      aria-disabled=${off ? "true" : "false"}
      onClick=${() => !off && go()}
    >
      ${children}
    </button>
  `;
}
