// What the tour says of its step: what to press and where, and what is seen then.
import { html } from "./html.mjs";
import { clockTime } from "./time.mjs";
import { first } from "./topbar.mjs";
import { answersLeft } from "./tour_hands.mjs";

// The first sentence of what is looked for, as a line to read. A title ("Dr.") ends no sentence.
const words = ({ texts }) => {
  const [line] = texts[0].split(/\n|(?<=\p{Ll}{2}[.!?])\s/u);
  const plain = line.replace(/^[\s:·,.✓[]+|[\s:·,\]]+$/g, "");
  // Before it stands what the tour cannot know, as which of the responders it is.
  return /^\p{Ll}/u.test(plain) ? `… ${plain}` : plain;
};

function whose({ user, channel }, workspace) {
  if (user) return first(workspace.people.find((one) => one.id === user));
  return `#${workspace.channels.find((one) => one.id === channel)?.name}`;
}

// One plain sentence: what to press, and where.
export function instruction({ guide, workspace, t }) {
  const { act, who } = guide.eyes.step;
  if (guide.eyes.done) return t("tour.moment");
  if (guide.catching) return t("tour.catching");
  if (act.kind === "passes") {
    if (guide.mode === "walk") return t("clock.walking");
    if (guide.eyes.steps[guide.goal].until) return t("tour.do_until");
    return t("tour.do_passes", { minutes: minutesLeft(guide.eyes) });
  }
  const name = first(workspace.people.find((one) => one.id === who));
  if (act.kind === "reads") {
    return t("tour.do_reads", { name, link: act.link, channel: whose({ channel: act.channel }, workspace) });
  }
  if (act.kind === "types") {
    const written = !act.command.startsWith("/");
    if (written) return t("tour.do_writes", { name, command: act.command });
    if (!act.home) return t("tour.do_types", { name, command: act.command });
    return t("tour.do_home", { name, press: act.home, send: act.sends });
  }
  if (act.channel && act.answers) {
    const channel = whose({ channel: act.channel }, workspace).slice(1);
    return t("tour.do_channel", { name, channel, press: act.label, send: act.sends });
  }
  if (!act.answers) return t("tour.do_presses", { name, press: act.label });
  return t("tour.do_form", { name, press: act.label, send: act.sends });
}

// From here one goes to what is to be pressed; one at a time, its phone is brought to the front.
function Bring({ guide, workspace, t, narrow, shown, toggle }) {
  const { who } = guide.eyes.step;
  const fronts = narrow ? shown.slice(0, 1) : shown;
  const there = fronts.some((one) => one.id === who);
  if (!who || (narrow && there)) return null;
  const name = first(workspace.people.find((one) => one.id === who));
  const bring = () => {
    if (!there) toggle(who);
    guide.focusThere();
  };
  return html`<button type="button" class="plain tour-bring" data-first onClick=${bring}>
    ${t("tour.bring", { name })}
  </button>`;
}

// One press lets time go by until somebody is to do something again.
function GoOn({ guide, t }) {
  const { goal, eyes } = guide;
  if (goal < 0 || guide.mode === "walk" || eyes.done) return null;
  return html`<button
    type="button"
    class="plain tour-go"
    data-first
    data-tour-do="go"
    onClick=${guide.goOn}
  >
    ${wayOn(guide, t)}
  </button>`;
}

const minutesLeft = ({ left }) => Math.max(1, Math.ceil(left / 60));

function wayOn({ goal, eyes }, t) {
  return eyes.steps[goal].until || t("tour.go_minutes", { minutes: minutesLeft(eyes) });
}

// What nobody has to do to see how the story goes on.
function LeaveOut({ guide, t }) {
  if (!guide.eyes.step.leave_out) return null;
  return html`<button
    type="button"
    class="plain tour-go"
    data-first
    data-tour-do="leave"
    onClick=${() => guide.skip()}
  >
    ${guide.eyes.step.leave_out}
  </button>`;
}

// What is still to come is not told as if it had happened.
export function headed({ eyes }, t) {
  const { step, done } = eyes;
  const kind = done ? "tour.done" : step.leave_out ? "tour.if_you_like" : "tour.next";
  return t(kind, { name: step.name });
}

export function Step(props) {
  const { guide, t, closed } = props;
  const { step, own } = guide.eyes;
  const told = instruction(props);
  const doing = !guide.catching && !guide.eyes.done;
  return html`
    <div class="tour-body" tabindex="0" role="group" aria-label=${headed(guide, t)}>
      <${Past} ...${props} />
      ${!closed && html`<p class="quiet tour-scene">${step.heading}</p>`}
      <h3 class=${closed ? "unseen tour-step" : "tour-step"}>${headed(guide, t)}</h3>
      <p class="tour-do">${told}</p>
      ${doing && step.note && html`<p class="tour-note">${step.note}</p>`}
      ${doing &&
      html`<${Bring} ...${props} /><${GoOn} ...${props} /><${LeaveOut} ...${props} />
        <${Answers} step=${step} t=${t} />`}
      ${!closed && html`<p>${step.why}</p>`}
      ${!closed && html`<${Promises} ...${props} />`}
      ${own.otherwise && !guide.formOpen && html`<${Otherwise} ...${props} />`}
      ${guide.trouble &&
      html`<p class="tour-unfit">${t("tour.unfit")}</p>
        <${NextPart} ...${props} /><${StartOver} ...${props} />`}
    </div>
  `;
}

// The next part of the story, if there is one.
function NextPart({ guide, t }) {
  const { steps, at, step } = guide.eyes;
  const next = steps.slice(at).find((one) => one.heading !== step.heading);
  if (!next) return null;
  return html`<button
    type="button"
    class="plain"
    data-tour-do="part"
    onClick=${() => guide.skipPart()}
  >
    ${t("tour.next_part", { part: next.heading })}
  </button>`;
}

// What happened while time went by, in its order.
function Way({ guide, t, zone, language }) {
  return html`<div class="tour-past">
    <p>${t("tour.way")}</p>
    <ol class="tour-way">
      ${guide.way.map(
        ({ at, step }, index) => html`<li key=${index}>
          <time>${clockTime(at, { language, zone })}</time> <b>${step.name}</b>
        </li>`,
      )}
    </ol>
  </div>`;
}

// What was done last, and what was seen then.
function Past(props) {
  const { guide, t, workspace, closed } = props;
  const { past } = guide;
  if (!past) return null;
  // Folded, the last of it is enough: what is to be done next must not be pushed off a phone.
  if (guide.way.length > 1 && !closed) return html`<${Way} ...${props} />`;
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

// What is to be filled in. What the form holds by itself is named only where somebody changed it.
function Answers({ step, t }) {
  const { answers } = step.act;
  if (!answers) return null;
  const left = answersLeft(step)?.map(({ label }) => label) ?? [];
  const told = answers.filter(({ label, filled_in }) => !filled_in || left.includes(label));
  return html`<dl class="tour-answers">
      ${told.map(
        ({ label, shown }) => html`<div key=${label}><dt>${label}</dt><dd>${shown}</dd></div>`,
      )}
    </dl>
    ${told.length < answers.length && html`<p class="tour-rest">${t("tour.rest")}</p>`}`;
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
          <span><b>${whose(promise, workspace)}:</b> ${words(promise)}</span>
        </li>`;
      })}
    </ul>
  `;
}
