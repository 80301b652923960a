// Reactions under a message, and adding one by its name.
import { html, useEffect, useRef, useState } from "./html.mjs";
import * as emoji from "./blocks/emoji.mjs";

const AT_HAND = ["+1", "eyes", "white_check_mark"];

export function Reactions({ message, act, t }) {
  const names = Object.keys(message.reactions);
  if (!names.length) return null;
  return html`
    <ul class="reactions" aria-label=${t("reactions.all")}>
      ${names.map((name) => {
        const mine = message.reacted.includes(name);
        return html`
          <li key=${name}>
            <button
              type="button"
              aria-pressed=${mine ? "true" : "false"}
              aria-label=${t("reactions.one", { name, count: message.reactions[name] })}
              onClick=${() => act(mine ? "unreact" : "react", { name })}
            >
              <span aria-hidden="true">${drawn(name)} ${message.reactions[name]}</span>
            </button>
          </li>
        `;
      })}
    </ul>
  `;
}

const drawn = (name) => emoji.EMOJI?.[name] || `:${name}:`;

export function ReactWith({ act, t, done }) {
  const [name, setName] = useState("");
  const [problem, setProblem] = useState("");
  const first = useRef();
  useEffect(() => first.current.focus(), []);
  const add = async (given) => {
    const bare = given.replaceAll(":", "").trim();
    if (!bare) return;
    const answer = await act("react", { name: bare });
    if (answer.ok) done();
    else setProblem(t(answer.error === "no_signal" ? "phone.no_signal" : "reactions.failed"));
  };
  return html`
    <form
      class="react"
      onSubmit=${(event) => {
        event.preventDefault();
        add(name);
      }}
      onKeyDown=${(event) => event.key === "Escape" && done()}
    >
      ${AT_HAND.map(
        (one, index) => html`
          <button
            key=${one}
            ref=${index ? null : first}
            type="button"
            class="round"
            aria-label=${t("reactions.add_one", { name: one })}
            onClick=${() => add(one)}
          >
            <span aria-hidden="true">${drawn(one)}</span>
          </button>
        `,
      )}
      <label>
        <span class="unseen">${t("reactions.name")}</span>
        <input
          value=${name}
          placeholder=":eyes:"
          autocomplete="off"
          onInput=${(event) => setName(event.target.value)}
        />
      </label>
      <button type="submit" class="plain">${t("reactions.add")}</button>
      <p role="status" class="problem">${problem}</p>
    </form>
  `;
}
