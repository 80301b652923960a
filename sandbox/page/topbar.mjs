// The bar above the phones: whose phones are shown, and what else there is to open.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./html.mjs";
import { useWalk } from "./clock.mjs";
import { clockTime, useTicking } from "./time.mjs";
import { useStore } from "./store.mjs";
import { Icon } from "./icons.mjs";

export function TopBar({ store, t, people, shown, toggle, narrow, ...speech }) {
  const workspace = useStore(store, (state) => state.workspace);
  return html`
    <header class="topbar">
      <h1 class="brand">
        <img src="./icon.svg" alt="" width="28" height="28" />
        <span>${workspace?.team.name || "Belay"}</span>
      </h1>
      <${People} ...${{ store, t, people, shown, toggle, narrow }} />
      ${!narrow && html`<${Language} ...${speech} />`}
    </header>
  `;
}

// One stop for the Tab key; arrows go from person to person.
function People({ store, t, people, shown, toggle, narrow }) {
  const phones = useStore(store, (state) => state.phones);
  const bar = useRef();
  const [at, setAt] = useState(null);
  const hidden = useHiddenNews(bar, [phones, people, shown]);
  const isOn = (person) => (narrow ? shown[0] === person : shown.includes(person));
  const stop = people.some((one) => one.id === at) ? at : (people.find(isOn) || people[0])?.id;
  const keys = (event) => {
    const ids = people.map((person) => person.id);
    const here = ids.indexOf(stop);
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const goal = ids.at(next % ids.length);
    bar.current.querySelector(`[data-person="${CSS.escape(goal)}"]`).focus();
  };
  return html`
    <div class="people-frame" data-news=${hidden || undefined}>
      <div
        class="people"
        role="toolbar"
        data-part="people"
        aria-label=${t("top.people")}
        ref=${bar}
        onKeyDown=${keys}
      >
        ${people.map((person) => {
          const chip = { t, person, toggle, narrow, on: isOn(person), stop: person.id === stop };
          const waiting = waitingFor(phones[person.id]);
          return html`<${Chip} key=${person.id} ...${chip} ...${{ waiting, setAt }} />`;
        })}
      </div>
    </div>
  `;
}

const waitingFor = (phone) =>
  Object.values(phone?.rooms || {}).reduce(
    (sum, room) => sum + (room.with_app ? room.unread : 0),
    0,
  );

// On which side somebody with news is scrolled out of the bar: "left", "right", both or none.
function useHiddenNews(bar, when) {
  const [hidden, setHidden] = useState("");
  const look = () => {
    const box = bar.current.getBoundingClientRect();
    const news = [...bar.current.querySelectorAll(".news")].map((one) => one.getBoundingClientRect());
    const left = news.some((one) => one.right < box.left + one.width / 2) ? "left" : "";
    const right = news.some((one) => one.left > box.right - one.width / 2) ? "right" : "";
    setHidden(`${left} ${right}`.trim());
  };
  useLayoutEffect(look, when);
  useEffect(() => {
    const box = bar.current;
    box.addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      box.removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, []);
  return hidden;
}

function Chip({ t, person, on, stop, waiting, toggle, narrow, setAt }) {
  const button = useRef();
  const news = !on && waiting > 0;
  useEffect(() => {
    if (on && narrow) button.current.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [on, narrow]);
  return html`
    <button
      ref=${button}
      type="button"
      class=${news ? "chip news" : "chip"}
      aria-pressed=${on ? "true" : "false"}
      title=${person.title}
      tabindex=${stop ? 0 : -1}
      data-person=${person.id}
      onFocus=${() => setAt(person.id)}
      onClick=${() => toggle(person.id)}
    >
      <${Face} person=${person} />
      <span class="chip-name">${first(person)}</span>
      ${news &&
      html`<span class="dot">${waiting}<span class="unseen"> ${t("rooms.unread")}</span></span>`}
    </button>
  `;
}

// At phone width the same things stand below, within reach of a thumb.
export function Tools({ store, t, zone, language, panel, setPanel, ...rest }) {
  const clock = useStore(store, (state) => state.clock);
  const [walk, said] = useWalk(store, t, { language, zone });
  useTicking(clock);
  return html`
    <nav class="tools" aria-label=${t("top.tools")} data-part="clock">
      <${Opener} name="clock" ...${{ panel, setPanel }}>
        <b>${clock ? clockTime(store.now(), { language, zone }) : "…"}</b>
        <span>${t("clock.open")}</span>
      <//>
      <button
        type="button"
        class="tool"
        data-walk="news"
        aria-disabled=${clock?.walking ? "true" : "false"}
        onClick=${() => !clock?.walking && walk({ to: "news" })}
      >
        <${Icon} name="next" /><span>${t("clock.next")}</span>
      </button>
      <${Buttons} ...${{ store, t, panel, setPanel }} />
      <${Language} language=${language} ...${rest} />
      <p class="tools-said" role="status">${said}</p>
    </nav>
  `;
}

export function Buttons({ store, t, panel, setPanel }) {
  const trouble = useStore(store, (state) => state.trouble);
  const wrong = trouble && trouble.lost.length + trouble.faults.filter((one) => !one.spent).length;
  return html`
    <div class="buttons">
      <${Opener} name="trouble" ...${{ panel, setPanel }}>
        <${Icon} name="trouble" /><span>${t("trouble.open")}</span>
        ${wrong > 0 && html`<span class="count">${wrong}</span>`}
      <//>
      <${Opener} name="calls" ...${{ panel, setPanel }}>
        <${Icon} name="calls" /><span>${t("calls.open")}</span>
      <//>
    </div>
  `;
}

function Language({ language, setLanguage }) {
  const other = language === "en" ? "es" : "en";
  return html`
    <button type="button" class="tool" lang=${other} onClick=${() => setLanguage(other)}>
      <b aria-hidden="true">${other.toUpperCase()}</b>
      <span>${other === "es" ? "Español" : "English"}</span>
    </button>
  `;
}

function Opener({ name, panel, setPanel, children }) {
  return html`
    <button
      type="button"
      class="tool"
      data-opens=${name}
      aria-expanded=${panel === name ? "true" : "false"}
      onClick=${() => setPanel(panel === name ? null : name)}
    >
      ${children}
    </button>
  `;
}

const TINTS = 6;

export function Face({ person, app }) {
  const name = person.real_name || person.name || "";
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word) && !word.endsWith("."));
  const letters = (words[0]?.[0] || "?") + (words.length > 1 ? words.at(-1)[0] : "");
  let mixed = 0;
  for (const letter of person.id) mixed = (mixed * 31 + letter.codePointAt(0)) % 9973;
  const tint = app ? "app" : mixed % TINTS;
  return html`<span class="face" data-tint=${tint} aria-hidden="true">${letters}</span>`;
}

export const first = (person) => {
  const words = (person.real_name || person.name).split(" ");
  return words[0].endsWith(".") ? words.join(" ") : words[0];
};
