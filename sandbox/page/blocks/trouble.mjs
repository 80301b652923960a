// Says in words what became of an act that did not work, and offers to try it again.

import { html } from "../html.mjs";

const GONE = ["message_not_found", "no_such_element", "no_such_option", "not_found"];
const KNOWN = ["bad_response", "dispatch_failed", "no_signal", "operation_timeout"];

export function troubleKey({ error, delivered }) {
  if (GONE.includes(error)) return "blocks.trouble.gone";
  if (error !== "no_signal" && delivered === false) return "blocks.trouble.dispatch_failed";
  if (error === "unreachable") return "blocks.trouble.dispatch_failed";
  return `blocks.trouble.${KNOWN.includes(error) ? error : "other"}`;
}

export function Trouble({ answer, again, ctx }) {
  if (!answer) return null;
  return html`<div class="bk-trouble" role="alert" data-trouble=${answer.error ?? "other"}>
    <span>${ctx.t(troubleKey(answer))}</span>
    ${again &&
    html`<button type="button" class="bk-again" onClick=${again}>
      ${ctx.t("blocks.try_again")}
    </button>`}
  </div>`;
}
