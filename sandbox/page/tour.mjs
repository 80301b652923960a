// The guided tour: a panel beside the phones, a sheet below them at phone width. It shows nothing
// as long as no tour is put up (POST /_control/tour; the document stands in `store.state.tour`).
import { html, useCallback, useEffect, useRef, useState } from "./html.mjs";
import { post } from "./api.mjs";
import { keep, kept } from "./remember.mjs";
import { useStore } from "./store.mjs";
import { Guide } from "./tour_guide.mjs";
import { first } from "./topbar.mjs";

// What the workspace speaks follows the page, where whoever started it hears wishes.
function useLanguage(store, tour, language) {
  useEffect(() => {
    const offered = store.state.trouble?.wishes.offered;
    const other = tour && tour.language !== language;
    if (other && offered) post("/wishes", { wish: `speak_${language}` });
  }, [language, Boolean(tour)]);
}

// `taken` is called when somebody uses a phone themselves.
function useGuide(store, tour, taken) {
  const [, redraw] = useState(0);
  const guide = useRef(null);
  useEffect(() => {
    if (!tour) return undefined;
    guide.current = new Guide(store, tour, () => redraw((count) => count + 1));
    guide.current.pace = kept("tour pace", "brisk");
    redraw((count) => count + 1);
    return () => {
      guide.current.leave();
      guide.current = null;
    };
  }, [store, tour]);
  useEffect(() => {
    // Whoever touches a phone while it plays has taken over.
    const touched = ({ target }) => {
      if (!target.closest?.(".phone")) return;
      if (["show", "play"].includes(guide.current?.mode)) guide.current.stop();
      taken();
    };
    document.addEventListener("pointerdown", touched);
    return () => document.removeEventListener("pointerdown", touched);
  }, [taken]);
  return guide.current;
}

export function Tour(props) {
  const { store, t, language, narrow } = props;
  const tour = useStore(store, (state) => state.tour);
  const workspace = useStore(store, (state) => state.workspace);
  const [folded, setFolded] = useState(() => kept("tour folded", false));
  // At phone width the phone needs the room.
  const taken = useCallback(() => narrow && setFolded(true), [narrow]);
  const guide = useGuide(store, tour, taken);
  useEffect(() => keep("tour folded", folded), [folded]);
  useLanguage(store, tour, language);
  if (!guide || !workspace) return null;
  const acting = guide.mode !== "idle";
  const closed = folded || (narrow && acting);
  return html`
    <aside
      class=${closed ? "tour folded" : "tour"}
      data-tour=${guide.mode}
      data-tour-language=${tour.language}
      aria-labelledby="tour-name"
    >
      <header class="tour-head">
        <h2 id="tour-name">${t("tour.title")}</h2>
        <span class="quiet">${progress(guide, t)}</span>
        <button
          type="button"
          class="plain"
          hidden=${narrow && acting}
          data-fold
          aria-expanded=${closed ? "false" : "true"}
          onClick=${() => setFolded(!folded)}
        >
          ${t(folded ? "tour.unfold" : "tour.fold")}
        </button>
      </header>
      ${guide.eyes.over
        ? html`<${Over} ...${{ guide, t }} />`
        : html`<${Step} ...${props} ...${{ guide, workspace, closed }} />`}
      <p class="unseen" role="status">${guide.ready ? announced(guide, t) : ""}</p>
    </aside>
  `;
}

const progress = ({ eyes }, t) =>
  t("tour.step", { number: Math.min(eyes.at + 1, eyes.steps.length), count: eyes.steps.length });

function announced(guide, t) {
  if (guide.eyes.over) return t("tour.over");
  if (guide.trouble) return t("tour.unfit");
  const { name } = guide.eyes.step;
  return guide.eyes.done ? t("tour.done", { name }) : `${progress(guide, t)}: ${name}`;
}

function Step({ guide, t, workspace, closed }) {
  const { step, done } = guide.eyes;
  const person = workspace.people.find((one) => one.id === step.who);
  return html`
    <div class="tour-body" tabindex="0" role="group" aria-label=${step.name}>
      ${!closed && html`<p class="quiet tour-scene">${step.heading}</p>`}
      <h3 class="tour-step">${step.name}</h3>
      ${!closed &&
      html`
        <p>${step.why}</p>
        <p class="tour-who">
          <b>${person ? first(person) : t("tour.time")}</b>
          ${" "}${toDo(step.act, t)}
        </p>
        <${Answers} act=${step.act} />
        <${Promises} ...${{ guide, t, workspace }} />
      `}
      ${guide.trouble && html`<${Unfit} ...${{ guide, t }} />`}
    </div>
    <${Buttons} ...${{ guide, t, done, closed }} />
  `;
}

function toDo(act, t) {
  if (act.kind === "passes") return t("tour.passes", { minutes: act.seconds / 60 });
  if (act.kind === "types") return t("tour.types", { command: act.command });
  if (act.kind === "presses") return t("tour.presses", { label: act.label });
  return t("tour.reads");
}

function Answers({ act }) {
  if (!act.answers) return null;
  return html`<dl class="tour-answers">
    ${act.answers.map(
      ({ label, answer }) => html`<div key=${label}><dt>${label}</dt><dd>${answer}</dd></div>`,
    )}
  </dl>`;
}

function Promises({ guide, t, workspace }) {
  const { step, own } = guide.eyes;
  if (!step.then.length) return null;
  const name = ({ user, channel }) =>
    user
      ? first(workspace.people.find((one) => one.id === user))
      : `#${workspace.channels.find((one) => one.id === channel)?.name}`;
  return html`
    <h4 class="quiet">${t("tour.then")}</h4>
    <ul class="tour-then">
      ${step.then.map((promise, index) => {
        const seen = Boolean(own.seen?.[index]);
        return html`<li key=${index} data-seen=${seen ? "" : undefined}>
          <span aria-hidden="true">${seen ? "✓" : "○"}</span>
          <span class="unseen">${t(seen ? "tour.seen" : "tour.unseen")}</span>
          <span><b>${name(promise)}</b> ${words(promise)}</span>
        </li>`;
      })}
    </ul>
  `;
}

// The first sentence of what is looked for, as a line to read. A title ("Dr.") ends no sentence.
const words = ({ texts }) =>
  texts[0].split(/\n|(?<=[^.\s]{3}[.!?])\s/)[0].replace(/^[\s:·,.✓[]+|[\s:·,\]]+$/g, "");

function Unfit({ guide, t }) {
  return html`<p class="tour-unfit">${t("tour.unfit")}</p>
    <button type="button" class="plain" data-tour-do="over" onClick=${() => guide.startOver()}>
      ${t("tour.start_over")}
    </button>`;
}

function Over({ guide, t }) {
  return html`
    <div class="tour-body">
      <h3 class="tour-step">${t("tour.over")}</h3>
      <p>${t("tour.over_about")}</p>
    </div>
    <div class="tour-buttons">
      <button type="button" class="plain" data-tour-do="over" onClick=${() => guide.startOver()}>
        ${t("tour.start_over")}
      </button>
    </div>
  `;
}

function Buttons({ guide, t, done, closed }) {
  const button = (name, words, go, main) => html`
    <button type="button" class=${main ? "plain main" : "plain"} data-tour-do=${name} onClick=${go}>
      ${words}
    </button>
  `;
  const acting = guide.mode !== "idle";
  const go = () => guide.go();
  return html`
    <div class="tour-buttons">
      ${acting && button("stop", t("tour.stop"), () => guide.stop(), true)}
      ${!acting && !done && button("show", t("tour.show"), guide.show, true)}
      ${!acting && !done && !closed && button("self", t("tour.self"), () => guide.self())}
      ${!acting && done && button("next", t("tour.next"), go, true)}
      ${!acting && !done && !closed && button("next", t("tour.skip"), go)}
      ${!acting && !closed && button("play", t("tour.play"), guide.play)}
      ${!acting && !closed && html`<${Pace} ...${{ guide, t }} />`}
    </div>
  `;
}

function Pace({ guide, t }) {
  const choose = ({ currentTarget }) => {
    guide.pace = currentTarget.value;
    keep("tour pace", guide.pace);
    guide.redraw();
  };
  const names = { calm: t("tour.calm"), brisk: t("tour.brisk"), quick: t("tour.quick") };
  return html`
    <label class="tour-pace">
      <span class="unseen">${t("tour.pace")}</span>
      <select value=${guide.pace} onChange=${choose}>
        ${Object.entries(names).map(
          ([pace, name]) => html`<option key=${pace} value=${pace}>${name}</option>`,
        )}
      </select>
    </label>
  `;
}
