// Where one writes: messages, and slash commands with the names that the app's manifest gives.
import { html, useEffect, useRef, useState } from "./html.mjs";
import { useOwnId } from "./blocks/ids.mjs";
import { Icon } from "./icons.mjs";
import { keep, kept } from "./remember.mjs";

export function Composer({ room, thread, t, ctx, lost, workspace, go }) {
  const key = `draft ${ctx.user} ${room.id} ${thread || ""}`;
  const [text, setText] = useState(() => kept(key, ""));
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState("");
  const [chosen, setChosen] = useState(0);
  const [closed, setClosed] = useState(false);
  const input = useRef();
  const id = useOwnId();
  useEffect(() => keep(key, text), [key, text]);
  useEffect(() => setProblem(""), [lost]);
  if (room.is_archived || !room.is_member) {
    return html`<p class="composer-off quiet">
      ${t(room.is_archived ? "composer.archived" : "composer.not_member")}
    </p>`;
  }
  const offered = closed ? [] : fitting(text, workspace.commands);
  const open = offered.length > 0;
  const at = Math.min(chosen, offered.length - 1);

  const write = (value) => {
    setText(value);
    setProblem("");
    setChosen(0);
    setClosed(false);
  };
  const complete = (command) => {
    write(`${command.command} `);
    input.current.focus();
  };
  const send = async () => {
    const said = text.trim();
    if (!said || sending) return;
    if (lost) return setProblem(t("composer.no_signal"));
    if (said.startsWith("/") && thread) return setProblem(t("composer.no_commands"));
    setSending(true);
    setClosed(true);
    const answer = await deliver(said, { room, thread, ctx });
    setSending(false);
    const trouble = troubled(answer, t);
    if (trouble) return setProblem(trouble);
    setText("");
    setProblem("");
    if (answer.channel && answer.channel !== room.id) go({ room: answer.channel });
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: offered.length - 1 }[event.key];
    if (open && step) {
      event.preventDefault();
      setChosen((at + step) % offered.length);
    } else if (open && (event.key === "Tab" || event.key === "Enter")) {
      // A command that stands there already is sent; a part of one is completed first.
      if (event.key === "Enter" && offered[at].command === text.trim()) return;
      event.preventDefault();
      complete(offered[at]);
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      setClosed(true);
    }
  };
  const name = room.kind === "public_channel" ? `#${room.name}` : room.name;
  const label = t(thread ? "composer.answer" : "composer.to", { name });
  return html`
    <form
      class="composer"
      onSubmit=${(event) => {
        event.preventDefault();
        send();
      }}
    >
      <${Offered} ...${{ offered, at, id, t, complete }} />
      <p class="problem" role="alert">${problem}</p>
      <div class="composer-row">
        <input
          ref=${input}
          type="text"
          role="combobox"
          aria-label=${label}
          aria-autocomplete="list"
          aria-expanded=${open ? "true" : "false"}
          aria-controls=${`${id}-list`}
          aria-activedescendant=${open ? `${id}-${at}` : null}
          autocomplete="off"
          placeholder=${label}
          value=${text}
          onInput=${(event) => write(event.target.value)}
          onKeyDown=${onKeyDown}
          onFocus=${() => setClosed(false)}
          onBlur=${() => setClosed(true)}
        />
        <button
          type="submit"
          class="round send"
          aria-label=${t(sending ? "composer.sending" : "composer.send")}
          aria-disabled=${sending || !text.trim() ? "true" : "false"}
        >
          <${Icon} name="send" />
        </button>
      </div>
    </form>
  `;
}

// The list stays in the page while it is empty, so that what controls it can name it.
function Offered({ offered, at, id, t, complete }) {
  return html`
    <ul
      id=${`${id}-list`}
      class="offered"
      role="listbox"
      aria-label=${t("composer.commands")}
      hidden=${!offered.length}
    >
      ${offered.map(
        (command, index) => html`
          <li
            key=${command.command}
            id=${`${id}-${index}`}
            role="option"
            aria-selected=${index === at ? "true" : "false"}
            onMouseDown=${(event) => {
              event.preventDefault();
              complete(command);
            }}
          >
            <b>${command.command}</b> <span class="quiet">${command.usage_hint || ""}</span>
            <span class="offered-what">${command.description}</span>
          </li>
        `,
      )}
    </ul>
  `;
}

// Commands whose names begin with what is typed, as long as it is one word.
export function fitting(text, commands) {
  if (!/^\/\S*$/.test(text)) return [];
  return commands.filter((one) => one.command.startsWith(text.toLowerCase()));
}

function deliver(said, { room, thread, ctx }) {
  const [, command, rest] = said.match(/^(\/\S*)\s*([\s\S]*)$/) || [];
  if (command) return ctx.act("command", { channel: room.id, command, text: rest });
  return ctx.act("message", { channel: room.id, text: said, thread_ts: thread || null });
}

// What to say of an answer that is not one; nothing typed is lost then.
function troubled(answer, t) {
  if (answer.error === "no_signal") return t("composer.no_signal");
  if (answer.error === "dispatch_failed") return t("composer.dispatch_failed");
  if (answer.error === "operation_timeout") return t("composer.timeout");
  if (answer.error === "unreachable") return t("page.lost");
  if (answer.error) return t("composer.failed", { error: answer.error });
  return answer.ok ? "" : answer.answer || t("composer.failed", { error: "" });
}
