// What this renderer draws. A test holds these lists against everything that the bot can send,
// and the gallery against these lists. One name a line, so that they can be read without a browser.

export const BLOCKS = [
  "actions",
  "context",
  "divider",
  "file",
  "header",
  "image",
  "input",
  "markdown",
  "rich_text",
  "section",
];

export const ELEMENTS = [
  "button",
  "channels_select",
  "checkboxes",
  "conversations_select",
  "datepicker",
  "datetimepicker",
  "email_text_input",
  "image",
  "multi_channels_select",
  "multi_conversations_select",
  "multi_static_select",
  "multi_users_select",
  "number_input",
  "overflow",
  "plain_text_input",
  "radio_buttons",
  "static_select",
  "timepicker",
  "url_text_input",
  "users_select",
];
