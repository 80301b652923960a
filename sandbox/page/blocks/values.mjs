// Values as a person picks them (option values, ids, dates, text), out of Slack's state shapes.

const TEXTS = ["plain_text_input", "email_text_input", "url_text_input", "number_input"];
const LISTS = {
  multi_static_select: "selected_options",
  checkboxes: "selected_options",
  multi_users_select: "selected_users",
  multi_channels_select: "selected_channels",
  multi_conversations_select: "selected_conversations",
};
const KEYS = {
  ...LISTS,
  static_select: "selected_option",
  radio_buttons: "selected_option",
  users_select: "selected_user",
  channels_select: "selected_channel",
  conversations_select: "selected_conversation",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
};

export const isText = (element) => TEXTS.includes(element.type);
export const isList = (element) => element.type in LISTS;
export const isEmpty = (value) => value == null || value === "" || value.length === 0;
export const same = (one, other) =>
  (isEmpty(one) && isEmpty(other)) || JSON.stringify(one) === JSON.stringify(other);

const bare = (item) => (item && typeof item === "object" ? item.value : item);

// What the server holds for an element; its initial value where the server says nothing.
export function held(element, state) {
  const key = isText(element) ? "value" : KEYS[element.type];
  const initial = isText(element) ? "initial_value" : key.replace("selected_", "initial_");
  const value = state ? state[key] : element[initial];
  if (isList(element)) return (value ?? []).map(bare);
  return bare(value) ?? null;
}

export function allOptions(element) {
  const groups = element.option_groups ?? [];
  return [...(element.options ?? []), ...groups.flatMap((group) => group.options ?? [])];
}

// Using it reaches the app at once; an input block waits for the form to be sent.
export const dispatches = (block) => block.type !== "input" || Boolean(block.dispatch_action);
