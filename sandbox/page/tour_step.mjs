// What the tour says of its step: what to press and where, and what is seen then.
import { html } from "./html.mjs";
import { first } from "./topbar.mjs";

const WALKS = [15, 5, 1]; // the clock's own buttons, in minutes

// The first sentence of what is looked for, as a line to read. A title ("Dr.") ends no sentence.
const words = ({ texts }) =>
  texts[0].split(/\n|(?<=\p{Ll}{2}[.!?])\s/u)[0].replace(/^[\s:·,.✓[]+|[\s:·,\]]+$/g, "");

function whose({ user, channel }, workspace) {
  if (user) return first(workspace.people.find((one) => one.id === user));
  return `#${workspace.channels.find((one) => one.id === channel)?.name}`;
}

// One plain sentence: what to press, and where.
export function instruction({ guide, workspace, t, narrow, language }) {
  const { step, left } = guide.eyes;
  const { act, then, who } = step;
  if (act.kind === "passes") {
    if (guide.eyes.done) return t("tour.moment");
    if (then.length) return t("tour.do_news", { next: t("clock.next") });
    const minutes = Math.max(1, Math.ceil(left / 60));
    const clock = t(narrow ? "tour.clock_below" : "tour.clock_above");
    return t("tour.do_passes", { minutes, clock, presses: presses(minutes, t, language) });
  }
  const name = first(workspace.people.find((one) => one.id === who));
  if (act.kind === "reads") {
    return t("tour.do_reads", { name, channel: whose({ channel: act.channel }, workspace).slice(1) });
  }
  if (act.kind === "types") {
    if (!act.home) return t("tour.do_types", { name, command: act.command });
    return t("tour.do_home", { name, press: act.home, send: act.sends });
  }
  if (!act.answers) return t("tour.do_presses", { name, press: act.label });
  return t("tour.do_form", { name, press: act.label, send: act.sends });
}

// One at a time, the phone on which the step happens is brought to the front from here, too.
function Bring({ guide, workspace, t, narrow, shown, toggle }) {
  const { who } = guide.eyes.step;
  if (!narrow || !who || shown[0]?.id === who) return null;
  const name = first(workspace.people.find((one) => one.id === who));
  const bring = () => {
    toggle(who);
    guide.focusThere();
  };
  return html`<button type="button" class="plain tour-bring" data-first onClick=${bring}>
    ${t("tour.bring", { name })}
  </button>`;
}

function presses(minutes, t, language) {
  const found = [];
  let rest = minutes;
  for (const walk of WALKS) {
    const count = Math.floor(rest / walk);
    rest -= count * walk;
    const button = t("clock.minutes", { minutes: walk });
    if (count) found.push(count > 1 ? t("tour.times", { button, count }) : button);
  }
  return new Intl.ListFormat(language).format(found);
}

export function Step(props) {
  const { guide, t, closed } = props;
  const { step, own } = guide.eyes;
  const told = instruction(props);
  return html`
    <div class="tour-body" tabindex="0" role="group" aria-label=${step.name}>
      <${Past} ...${props} />
      ${!closed && html`<p class="quiet tour-scene">${step.heading}</p>`}
      <h3 class=${closed ? "unseen tour-step" : "tour-step"}>${step.name}</h3>
      <p class="tour-do">${told}</p>
      <${Bring} ...${props} />
      <${Answers} act=${step.act} />
      ${!closed && html`<p>${step.why}</p>`}
      ${!closed && html`<${Promises} ...${props} />`}
      ${own.otherwise && !guide.formOpen && html`<${Otherwise} ...${props} />`}
      ${guide.trouble &&
      html`<p class="tour-unfit">${t("tour.unfit")}</p>
        <${StartOver} ...${props} />`}
    </div>
  `;
}

// What was done last, and what was seen then.
function Past({ guide, t, workspace, closed }) {
  const { past } = guide;
  if (!past) return null;
  if (past.otherwise) return html`<${Otherwise} ...${{ guide, t }} />`;
  const { name, then } = past.step;
  return html`<div class="tour-past">
    <p><span aria-hidden="true">✓</span> <b>${name}</b></p>
    ${!closed && then.length > 0 && html`<p>${saw(then, t, workspace)}</p>`}
  </div>`;
}

// In a sentence: who saw what. As it is shown, and as it is announced.
export function saw(then, t, workspace) {
  const seen = then.map((promise) => `${whose(promise, workspace)}: ${words(promise).replace(/\.$/, "")}`);
  return [...new Set(seen)].slice(0, 3).join(" · ");
}

function Otherwise({ guide, t }) {
  return html`<p class="tour-unfit">${t("tour.otherwise")}</p>
    <${StartOver} ...${{ guide, t }} />`;
}

export function StartOver({ guide, t }) {
  return html`<button
    type="button"
    class="plain"
    data-tour-do="over"
    onClick=${() => guide.startOver()}
  >
    ${t("tour.start_over")}
  </button>`;
}

function Answers({ act }) {
  if (!act.answers) return null;
  return html`<dl class="tour-answers">
    ${act.answers.map(
      ({ label, shown }) => html`<div key=${label}><dt>${label}</dt><dd>${shown}</dd></div>`,
    )}
  </dl>`;
}

function Promises({ guide, t, workspace }) {
  const { step, own } = guide.eyes;
  if (!step.then.length) return null;
  return html`
    <h4 class="quiet">${t("tour.then")}</h4>
    <ul class="tour-then">
      ${step.then.map((promise, index) => {
        const seen = Boolean(own.seen?.[index]);
        return html`<li key=${index} data-seen=${seen ? "" : undefined}>
          <span aria-hidden="true">${seen ? "✓" : "○"}</span>
          <span class="unseen">${t(seen ? "tour.seen" : "tour.unseen")}</span>
          <span><b>${whose(promise, workspace)}</b> ${words(promise)}</span>
        </li>`;
      })}
    </ul>
  `;
}
