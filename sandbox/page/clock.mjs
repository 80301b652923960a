// The world's clock: what time it is there, how fast it goes, and walks to what is due next.
import { html, useState } from "./html.mjs";
import { post } from "./api.mjs";
import { clockTime, exactTime, shortDay, useTicking } from "./time.mjs";
import { useStore } from "./store.mjs";

const RATES = [1, 10, 60];
const MINUTES = [1, 5, 15];

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

function Inside({ store, t, language, zone }) {
  const clock = useStore(store, (state) => state.clock);
  const [trouble, setTrouble] = useState("");
  useTicking(clock);
  if (!clock) return null;
  const where = { language, zone };
  const set = (body) => post("/clock", body);
  const walk = async (body) => {
    setTrouble("");
    const answer = await post("/clock/forward", body);
    if (!answer.ok) setTrouble(t("clock.failed"));
    else if (!answer.complete) setTrouble(t("clock.incomplete"));
    else if (body.to === "next" && !answer.steps) setTrouble(t("clock.nothing"));
  };
  return html`
    <p class="clock-now">
      <time>${exactTime(store.now(), where)}</time>
      <span class="quiet" title=${zone}>${shortDay(store.now(), where)}</span>
    </p>
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
    <div class="group" role="group" aria-label=${t("clock.walk")}>
      <${Walk} clock=${clock} go=${() => walk({ to: "next" })}>${t("clock.next")}<//>
      ${MINUTES.map(
        (minutes) => html`
          <${Walk} key=${minutes} clock=${clock} go=${() => walk({ seconds: minutes * 60 })}>
            ${t("clock.minutes", { minutes })}
          <//>
        `,
      )}
    </div>
    <p class="clock-due quiet" role="status">${trouble || due(clock, store.now(), t, where)}</p>
  `;
}

function due(clock, now, t, where) {
  if (clock.walking) return t("clock.walking");
  const at = clock.next_due;
  if (!at || at < now) return "";
  const today = shortDay(at, where) === shortDay(now, where);
  const time = clockTime(at, where);
  return t("clock.due", { time: today ? time : `${shortDay(at, where)}, ${time}` });
}

function Choice({ on, choose, children }) {
  return html`
    <button type="button" aria-pressed=${on ? "true" : "false"} onClick=${choose}>
      ${children}
    </button>
  `;
}

// While a walk runs the buttons keep their focus and do nothing.
function Walk({ clock, go, children }) {
  const off = clock.walking;
  return html`
    <button type="button" aria-disabled=${off ? "true" : "false"} onClick=${() => !off && go()}>
      ${children}
    </button>
  `;
}
