// The bar above the phones: whose phones are shown, and what else there is to open.
import { html, useEffect, useRef } from "./html.mjs";
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
      <div class="people" role="group" aria-label=${t("top.people")} tabindex=${narrow ? 0 : -1}>
        ${people.map((person) => {
          const on = narrow ? shown[0] === person : shown.includes(person);
          const chip = { store, t, person, on, toggle, narrow };
          return html`<${Chip} key=${person.id} ...${chip} />`;
        })}
      </div>
      ${!narrow && html`<${Language} ...${speech} />`}
    </header>
  `;
}

function Chip({ store, t, person, on, toggle, narrow }) {
  const phone = useStore(store, (state) => state.phones[person.id]);
  const waiting = phone
    ? Object.values(phone.rooms).reduce((sum, room) => sum + (room.with_app ? room.unread : 0), 0)
    : 0;
  const button = useRef();
  useEffect(() => {
    if (on && narrow) button.current.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [on, narrow]);
  return html`
    <button
      ref=${button}
      type="button"
      class="chip"
      aria-pressed=${on ? "true" : "false"}
      title=${person.title}
      data-person=${person.id}
      onClick=${() => toggle(person.id)}
    >
      <${Face} person=${person} />
      <span>${first(person)}</span>
      ${!on &&
      waiting > 0 &&
      html`<span class="dot"><span class="unseen">${t("top.unread", { waiting })}</span></span>`}
    </button>
  `;
}

// At phone width the same things stand below, within reach of a thumb.
export function Tools({ store, t, zone, language, panel, setPanel, ...rest }) {
  const clock = useStore(store, (state) => state.clock);
  useTicking(clock);
  return html`
    <nav class="tools" aria-label=${t("top.tools")}>
      <${Opener} name="clock" ...${{ panel, setPanel }}>
        <${Icon} name="clock" /> ${clock ? clockTime(store.now(), { language, zone }) : "…"}
      <//>
      <${Buttons} ...${{ store, t, panel, setPanel }} />
      <${Language} language=${language} ...${rest} />
    </nav>
  `;
}

export function Buttons({ store, t, panel, setPanel }) {
  const trouble = useStore(store, (state) => state.trouble);
  const wrong = trouble && trouble.lost.length + trouble.faults.filter((one) => !one.spent).length;
  return html`
    <div class="buttons">
      <${Opener} name="trouble" ...${{ panel, setPanel }}>
        ${t("trouble.open")}
        ${wrong > 0 && html`<span class="count">${wrong}</span>`}
      <//>
      <${Opener} name="calls" ...${{ panel, setPanel }}>${t("calls.open")}<//>
    </div>
  `;
}

function Language({ language, setLanguage }) {
  const other = language === "en" ? "es" : "en";
  return html`
    <button type="button" class="tool" lang=${other} onClick=${() => setLanguage(other)}>
      ${other === "es" ? "Español" : "English"}
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
