// What is to be done next for a step of the tour, and doing it with what is drawn, as people would.
import { bringIntoView } from "./focus.mjs";
import { kept } from "./remember.mjs";
import { plain } from "./blocks/mrkdwn.mjs";

const shown = (node) => node?.textContent.trim() ?? "";
const phoneOf = (user) => document.querySelector(`[data-phone="${CSS.escape(user)}"]`);
const formOf = (phone) => phone.querySelector(".modal:not([hidden])");

// The next gesture, or null where there is nothing to press (yet).
// {el, act: "click" | "type" | "answer", text, opens, last, way}: `opens` brings a form, `last` ends
// it, `way` only leads to where it happens.
export function next(step, store) {
  const { act, who } = step;
  if (act.kind === "passes") return { el: clock(step), act: "walk", last: true };
  const phone = phoneOf(who);
  if (!phone) return click(document.querySelector(`[data-person="${CSS.escape(who)}"]`));
  const locked = phone.querySelector(".lock .unlock");
  if (locked) return click(locked);
  const form = formOf(phone);
  if (form) return inForm(form, act);
  const goal = target(step, store);
  if (!goal) return null;
  const way = toRoom(phone, who, goal.room, act.home ? "home" : "messages");
  if (way) return { ...way, way: true };
  if (act.home) return inHome(phone, act);
  if (act.kind === "types") return inComposer(phone, act);
  const message = phone.querySelector(`[data-ts="${goal.ts}"]`);
  if (!message) return click(phone.querySelector(".older"));
  if (act.kind === "reads") return { ...click(intoThread(message, act)), last: true };
  return inMessage(message, act);
}

const click = (el) => el && { el, act: "click" };

// What is promised comes by the button that goes on to the news; other minutes are pressed.
function clock({ then }) {
  const walks = document.querySelector("[data-walks]");
  const news = then.length && document.querySelector("[data-walk=news]");
  return news || walks || document.querySelector("[data-opens=clock]");
}

// Who else has what a step asks for, where the one whom it means has it not; null where nobody has.
export function otherFor(step, people, store) {
  const has = (who) => target({ ...step, who }, store);
  return has(step.who) ? step.who : people.find(has) || null;
}

// A page leads to its thread; else it is opened where it stands.
function intoThread(message, { link }) {
  const ways = [...message.querySelectorAll(".bk-way")];
  return ways.find((node) => shown(node) === link) || message.querySelector(".replies");
}

// The conversation in which the step happens, and the message.
function target({ who, act }, store) {
  const { phones, workspace } = store.state;
  const rooms = Object.values(phones[who]?.rooms || {});
  const withApp = rooms.find((room) => room.with_app);
  if (act.kind === "types") return { room: withApp?.id || workspace.app?.user };
  const leads = (one) => JSON.stringify(one.blocks).includes(`|${act.link}>`);
  const page = act.kind === "reads" && withApp?.messages.findLast(leads);
  if (page) return { room: withApp.id, ts: page.ts };
  const others = rooms.filter((room) => room !== withApp);
  const searched = rooms.filter((room) => room.id === act.channel);
  for (const room of searched.length ? searched : [withApp, ...others].filter(Boolean)) {
    const fits = act.kind === "reads" ? (one) => one.reply_count : (one) => offers(one, act.label);
    const found = room.messages.findLast(fits);
    if (found) return { room: room.id, ts: found.ts };
  }
  return null;
}

function offers(message, label) {
  const words = (thing) => plain(thing.text) === label;
  const elements = message.blocks.flatMap((block) => [
    ...(block.type === "actions" ? block.elements : []),
    ...(block.accessory ? [block.accessory] : []),
  ]);
  return elements.some((one) => (one.options ? one.options.some(words) : one.text && words(one)));
}

function toRoom(phone, who, room, tab) {
  const place = kept(`place ${who}`, {});
  const here = place.room === room && !place.thread;
  if (here && (place.tab === "home") === (tab === "home")) return null;
  if (here) return click(phone.querySelector(`[data-tab=${tab}]`));
  // The same button leads out of a thread and then out of its channel: `text` tells them apart.
  const back = click(phone.querySelector(".room .screen-head button"));
  if (place.room) return back && { ...back, text: place.thread || place.room };
  return click(phone.querySelector(`[data-channel="${CSS.escape(room)}"]`));
}

function inHome(phone, { home }) {
  const buttons = [...phone.querySelectorAll("[data-home] .bk-button")];
  const button = click(buttons.find((node) => shown(node) === home));
  return button && { ...button, opens: true };
}

function inComposer(phone, { command, answers }) {
  const input = phone.querySelector(".composer input");
  if (input?.value !== command) return input && { el: input, act: "type", text: command };
  return {
    ...click(phone.querySelector(".composer .send")),
    opens: Boolean(answers),
    last: !answers,
  };
}

function inMessage(message, { label, answers }) {
  const ends = { opens: Boolean(answers), last: !answers };
  const labelled = (nodes) => [...nodes].find((node) => shown(node) === label);
  const button = labelled(message.querySelectorAll(".bk-button, [role=menuitem]"));
  if (button) return { ...click(button), ...ends };
  return click(message.querySelector(".bk-dots"));
}

function inForm(form, { answers }) {
  const blocks = (answers || []).map(({ label }) => question(form, label));
  if (!answers || blocks.includes(undefined)) return click(form.querySelector("[data-close]"));
  for (const [index, { answer }] of answers.entries()) {
    const control = controlOf(blocks[index], answer);
    // What is not offered yet may be a moment later, when the form is opened anew.
    if (!control) return { ...click(form.querySelector("[data-close]")), again: true };
    if (!answered(control, answer)) return { el: control, act: "answer", text: answer };
  }
  return { ...click(form.querySelector("[data-submit]")), last: true };
}

function question(form, label) {
  const found = [...form.querySelectorAll(".bk-label")].find((node) => shown(node) === label);
  return found?.closest("[data-block]");
}

function controlOf(block, answer) {
  const choices = [...block.querySelectorAll(".bk-choice")];
  const choice = choices.find((node) => shown(node).startsWith(answer));
  if (choices.length) return choice;
  return block.querySelector("[data-time]") || block.querySelector("select, input, textarea");
}

function answered(control, answer) {
  const box = control.querySelector("input");
  if (box) return box.checked;
  if (control.dataset.time !== undefined) return control.value === answer;
  if (control.tagName === "SELECT") return shown(control.selectedOptions[0]) === answer;
  const open = control.getAttribute("aria-expanded") === "true";
  return !open && control.value === answer;
}

// The answers of a step that its open form does not hold; null where the form is not open.
export function answersLeft({ who, act }) {
  const phone = act.answers && phoneOf(who);
  const form = phone && formOf(phone);
  const asked = form ? act.answers.map((one) => [one, question(form, one.label)]) : [];
  if (!asked.length || asked.some(([, block]) => !block)) return null;
  const left = asked.filter(([{ answer }, block]) => {
    const control = controlOf(block, answer);
    return !(control && answered(control, answer));
  });
  return left.map(([one]) => one);
}

// Does a gesture. `breath` waits a moment between what a person would do one after the other.
export async function perform({ el, act, text }, breath) {
  if (act === "click") return el.click();
  if (act === "type") return typed(el, text, breath);
  if (el.classList.contains("bk-choice")) return el.click();
  if (el.tagName === "SELECT") {
    const option = [...el.options].find((one) => shown(one) === text || one.value === text);
    el.value = option?.value ?? "";
    return el.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (el.getAttribute("role") !== "combobox") return typed(el, text, breath);
  if (el.getAttribute("aria-expanded") !== "true") el.click();
  await breath();
  const lines = [...el.closest(".bk-picker").querySelectorAll("[role=option]")];
  lines.find((line) => line.firstChild.textContent.trim() === text)?.click();
}

async function typed(el, text, breath) {
  for (let end = 1; end <= text.length; end += 1) {
    put(el, text.slice(0, end));
    await breath(text.length);
  }
}

function put(el, value) {
  el.value = value;
  el.dispatchEvent(new Event("input", { bubbles: true }));
}

// A ring around what is to be pressed; one at a time.
export function pointAt(el) {
  for (const node of document.querySelectorAll("[data-pointed]")) {
    if (node !== el) delete node.dataset.pointed;
  }
  if (!el || el.dataset.pointed === "") return;
  el.dataset.pointed = "";
  bringIntoView(el);
}

export const formOpen = (user) => {
  const phone = phoneOf(user);
  return Boolean(phone && formOf(phone));
};
