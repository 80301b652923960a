// A message's text as one plain line: for lists, lock screens and what is read aloud.
const REFERENCE = /<([@#!])([^>|]+)(?:\|([^>]*))?>/g;
const LINK = /<(?:https?:|mailto:|tel:)[^>|]+(?:\|([^>]*))?>/g;

export function plain(text, names) {
  return (text || "")
    .replace(REFERENCE, (whole, sign, id, label) => reference(sign, id, label, names))
    .replace(LINK, (whole, label) => label || whole.slice(1, -1))
    .replace(/(^|[\s(])[*_~`](\S(?:[^\n]*?\S)?)[*_~`](?=[\s).,:;!?]|$)/g, "$1$2")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ")
    .trim();
}

function reference(sign, id, label, names) {
  if (sign === "@") return `@${names.people.get(id)?.real_name || label || id}`;
  if (sign === "#") return `#${names.channels.get(id)?.name || label || id}`;
  if (id.startsWith("date^")) return label || "";
  return label || `@${id.replace(/^subteam\^/, "")}`;
}
