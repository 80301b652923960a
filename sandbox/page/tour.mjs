// The guided tour: a panel beside the phones, a sheet below them at phone width. It shows nothing
// as long as no tour is put up (POST /_control/tour; the document stands in `store.state.tour`).
import { html, useCallback, useEffect, useMemo, useRef, useState } from "./html.mjs";
import { post } from "./api.mjs";
import { useFocusKept } from "./focus.mjs";
import { keep, kept } from "./remember.mjs";
import { useStore } from "./store.mjs";
import { Guide } from "./tour_guide.mjs";
import { headed, instruction, saw, StartOver, Step } from "./tour_step.mjs";

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
    const touched = ({ type, target }) => {
      if (!target.closest?.(".phone")) return;
      const plays = ["show", "play", "walk"].includes(guide.current?.mode);
      // What plays moves the focus, too; and whoever comes by with F6 has used nothing yet.
      if (type === "focusin" && (plays || target.matches(".phone"))) return;
      if (plays) guide.current.stop();
      taken();
    };
    for (const kind of ["pointerdown", "focusin"]) document.addEventListener(kind, touched);
    return () => {
      for (const kind of ["pointerdown", "focusin"]) document.removeEventListener(kind, touched);
    };
  }, [taken]);
  return guide.current;
}

// A phone on whose screen the story and the buttons below it would leave nothing of the app.
const LOW = matchMedia("(max-width: 719px) and (max-height: 700px)");

export function Tour(props) {
  const { store, t, language, narrow, shown, toggle, zone } = props;
  const all = useStore(store, (state) => state.tour);
  const [story, setStory] = useState(() => kept("tour story", ""));
  useEffect(() => keep("tour story", story), [story]);
  const tour = useMemo(() => all && chosen(all, story), [all, story]);
  const workspace = useStore(store, (state) => state.workspace);
  useStore(store, (state) => state.clock); // an instruction counts the minutes that are left
  const [folded, setFolded] = useState(() => kept("tour folded", LOW.matches));
  // At phone width the phone needs the room.
  const taken = useCallback(() => narrow && setFolded(true), [narrow]);
  const guide = useGuide(store, tour, taken);
  const root = useRef();
  useEffect(() => keep("tour folded", folded), [folded]);
  useLanguage(store, tour, language);
  const { mode, eyes } = guide || {};
  const helped = (panel) =>
    panel.querySelector("[data-first]") || panel.querySelector(".tour-buttons button");
  useFocusKept(root, helped, [mode, eyes?.at, eyes?.done, guide?.catching, folded]);
  if (!guide || !workspace) return null;
  const acting = mode !== "idle";
  const closed = folded || (narrow && acting);
  const stories = { tour, all, setStory };
  const shared = { ...stories, guide, workspace, t, narrow, language, zone, closed, shown, toggle };
  return html`
    <aside
      ref=${root}
      class=${closed ? "tour folded" : "tour"}
      data-tour=${mode}
      data-tour-language=${tour.language}
      data-part="tour"
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
      ${eyes.over
        ? html`<${Over} ...${shared} />`
        : html`<${Step} ...${shared} /><${Buttons} ...${shared} />`}
      <p class="unseen" role="status">${guide.ready ? announced(shared) : ""}</p>
    </aside>
  `;
}

// One of the stories, as if there were no other; each has its own place in the tab's memory.
function chosen({ more = [], ...first }, name) {
  const other = more.find((one) => one.name === name);
  return other ? { ...first, ...other, key: `tour ${name}` } : { ...first, key: "tour" };
}

const progress = ({ eyes }, t) =>
  t("tour.step", { number: Math.min(eyes.at + 1, eyes.steps.length), count: eyes.steps.length });

function announced(shared) {
  const { guide, workspace, t } = shared;
  const { past, eyes } = guide;
  if (eyes.over) return t("tour.over");
  if (guide.trouble) return t("tour.unfit");
  const seen = past && `${t("tour.saw")} ${saw(past.step.then, t, workspace)}.`;
  const before = past?.otherwise ? t("tour.otherwise") : past?.step.then.length ? seen : "";
  // Not the minutes that are left: each of them would be announced.
  const told = eyes.step.act.kind === "passes" ? "" : instruction(shared);
  return `${before} ${progress(guide, t)}. ${headed(guide, t)}. ${told}`.trim();
}

function Over({ guide, t, ...stories }) {
  return html`
    <div class="tour-body">
      <h3 class="tour-step">${t("tour.over")}</h3>
      <p>${stories.tour.over}</p>
    </div>
    <div class="tour-buttons">
      <${StartOver} ...${{ guide, t }} /><${Stories} ...${{ t, ...stories }} />
    </div>
  `;
}

function Buttons({ guide, t, closed, ...stories }) {
  const button = (name, words, go, main) => html`
    <button
      key=${name}
      type="button"
      class=${main ? "plain main" : "plain"}
      data-tour-do=${name}
      onClick=${go}
    >
      ${words}
    </button>
  `;
  if (guide.mode !== "idle") {
    return html`<div class="tour-buttons">
      ${button("stop", t("tour.stop"), () => guide.stop(), true)}
    </div>`;
  }
  if (closed) return null;
  return html`
    <div class="tour-buttons">
      <p class="quiet tour-yourself">${t("tour.yourself")}</p>
      ${button("self", t("tour.self"), () => guide.self(), guide.goal < 0)}
      ${button("show", t("tour.show"), guide.show)}
      ${button("next", t("tour.skip"), () => guide.skip())}
      ${button("play", t("tour.play"), guide.play)}
      <${Pace} ...${{ guide, t }} />
      <${Stories} ...${{ t, ...stories }} />
    </div>
  `;
}

// After everything else: whoever plays the first story passes it by.
function Stories({ t, tour, all, setStory }) {
  if (!all.more?.length) return null;
  return html`
    <label class="tour-pace">
      <span class="unseen">${t("tour.story")}</span>
      <select value=${tour.name} onChange=${({ currentTarget }) => setStory(currentTarget.value)}>
        ${[all, ...all.more].map(
          ({ name, title }) => html`<option key=${name} value=${name}>${title}</option>`,
        )}
      </select>
    </label>
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
