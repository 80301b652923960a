// What Slack's client says before it sends a form. The sandbox asks the same once more.

import { isEmpty } from "./values.mjs";

function textProblem(element, text, t) {
  const least = element.min_length ?? 0;
  const most = element.max_length ?? 3000;
  const count = [...text].length;
  if (count < least) return t("blocks.text_least", { least });
  return count > most ? t("blocks.text_most", { most }) : null;
}

function numberProblem(element, text, t) {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return t("blocks.number");
  if (text.includes(".") && !element.is_decimal_allowed) return t("blocks.number_whole");
  const least = element.min_value;
  const most = element.max_value;
  if (least != null && Number(text) < Number(least)) return t("blocks.number_least", { least });
  if (most != null && Number(text) > Number(most)) return t("blocks.number_most", { most });
  return null;
}

// Why this input would not be sent; null if it would.
export function problem(block, element, value, t) {
  if (isEmpty(value)) return block.optional ? null : t("blocks.complete");
  if (element.type === "plain_text_input") return textProblem(element, value, t);
  if (element.type === "number_input") return numberProblem(element, value, t);
  if (element.type === "email_text_input" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value)) {
    return t("blocks.email");
  }
  if (element.type === "url_text_input" && !/^https?:\/\/\S+/.test(value)) return t("blocks.link");
  return null;
}
