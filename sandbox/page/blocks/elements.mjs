// Every element that can be drawn, by its type.

import { html, useContext } from "../html.mjs";
import { Button, Overflow } from "./buttons.mjs";
import { Checkboxes, RadioButtons, StaticSelect } from "./choices.mjs";
import { Channels, People } from "./picker.mjs";
import { Surfaces } from "./surface.mjs";
import { TextInput } from "./texts.mjs";
import { Guarded, Undrawn } from "./undrawn.mjs";
import { Moment } from "./moment.mjs";
import { When } from "./when.mjs";

// Pictures are shown by their words: the page loads nothing from elsewhere.
export function Picture({ element, small = true }) {
  const kind = small ? "bk-picture" : "bk-picture bk-large";
  return html`<span class=${kind} role="img" aria-label=${element.alt_text}>
    <span aria-hidden="true">▣ ${element.alt_text}</span>
  </span>`;
}

export const ELEMENTS = {
  button: Button,
  channels_select: Channels,
  checkboxes: Checkboxes,
  conversations_select: Channels,
  datepicker: When,
  datetimepicker: Moment,
  email_text_input: TextInput,
  image: Picture,
  multi_channels_select: Channels,
  multi_conversations_select: Channels,
  multi_static_select: StaticSelect,
  multi_users_select: People,
  number_input: TextInput,
  overflow: Overflow,
  plain_text_input: TextInput,
  radio_buttons: RadioButtons,
  static_select: StaticSelect,
  timepicker: When,
  url_text_input: TextInput,
  users_select: People,
};

// One element. Another type under the same ids is another element, with nothing typed in it.
export function Element({ block, element, named }) {
  const { ctx } = useContext(Surfaces);
  const type = element?.type;
  const drawn = Object.hasOwn(ELEMENTS, type) ? ELEMENTS[type] : null;
  if (!drawn) return html`<${Undrawn} type=${type} ctx=${ctx} />`;
  const key = `${block.block_id} ${element.action_id} ${type}`;
  return html`<${Guarded} of=${element} type=${type} ctx=${ctx} key=${key}>
    <${drawn} block=${block} element=${element} named=${named} />
  <//>`;
}
