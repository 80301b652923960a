// Draws every block and element in every state, for those who build and for the tests. Nothing is
// sent anywhere. The address may say ?lang=es and ?only=<name of a case>, and tests show one case
// after the other with `gallery.show`.
import { html, render } from "./html.mjs";
import { Blocks, BLOCKS as DRAWN_BLOCKS } from "./blocks/blocks.mjs";
import { ELEMENTS as DRAWN_ELEMENTS } from "./blocks/elements.mjs";
import { Modal } from "./blocks/modal.mjs";
import * as registry from "./blocks/registry.mjs";
import * as words from "./blocks/words.mjs";

const NOW = 1_796_040_000; // Monday 30 November 2026, 5:00 in Denver
const byId = (...rows) => new Map(rows.map((row) => [row.id, row]));
const names = {
  people: byId(
    { id: "UANA", name: "ana", real_name: "Ana Peer" },
    { id: "ULEA", name: "lea", real_name: "Léa Supervisor" },
    { id: "UGUS", name: "gus", real_name: "Gus Lead" },
    { id: "UBOT", name: "belay", real_name: "Belay", is_bot: true },
  ),
  channels: byId({ id: "CFIELD", name: "field" }, { id: "CSAFE", name: "safety" }),
};

// What was done, and how it is answered: `gallery.answers[name]` is an answer, or a function of the
// body that gives one or a promise of one.
const gallery = { acts: [], answers: {}, cases: [], registry, shows: 0 };
window.gallery = gallery;
gallery.drawn = { blocks: Object.keys(DRAWN_BLOCKS), elements: Object.keys(DRAWN_ELEMENTS) };

async function act(name, body) {
  gallery.acts.push({ name, ...body });
  const answer = gallery.answers[name] ?? { ok: true, delivered: true, acked: true };
  return typeof answer === "function" ? answer(body) : answer;
}

function contextIn(language) {
  const t = (key, named = {}) =>
    words[language][key].replace(/\{(\w+)\}/g, (whole, name) => named[name] ?? whole);
  return { user: "UANA", names, now: () => NOW, zone: "America/Denver", language, t, act };
}

function Case({ name, blocks, values, errors, view, gone, ctx }) {
  const where = { channel: "CFIELD", ts: `${name}.0` };
  const inside = view
    ? html`<${Modal} view=${view} ctx=${ctx} />`
    : html`<${Blocks} ...${{ blocks, values, errors, where, ctx }} />`;
  return html`<article data-case=${name}>
    <h2>${name}</h2>
    <div class=${`case-phone ${view ? "case-form" : ""}`} data-phone=${`U ${name}`}>
      ${!gone && inside}
    </div>
  </article>`;
}

const draw = () =>
  render(
    gallery.cases.map(
      (one) => html`<${Case} key=${`${gallery.shows} ${one.name}`} ...${one} ctx=${gallery.ctx} />`,
    ),
    document.getElementById("gallery"),
  );

// What a push from the server does: parts of a case change.
gallery.push = (name, change) => {
  const at = gallery.cases.findIndex((one) => one.name === name);
  const before = gallery.cases[at];
  const view = change.view && { ...before.view, ...change.view };
  gallery.cases[at] = { ...before, ...change, ...(view ? { view } : {}) };
  draw();
};

// One case, or all of them, as if the page had just been opened.
gallery.show = (name, language = "en") => {
  document.activeElement.blur();
  render(null, document.getElementById("gallery"));
  gallery.shows += 1;
  gallery.ctx = contextIn(language);
  gallery.cases = all.filter((one) => !name || one.name === name);
  gallery.acts = [];
  gallery.answers = {};
  document.documentElement.lang = language;
  draw();
};

const all = await (await fetch("./gallery.json")).json();
const asked = new URLSearchParams(location.search);
gallery.show(asked.get("only"), asked.get("lang") === "es" ? "es" : "en");
document.body.dataset.ready = "";
