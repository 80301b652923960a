// Everything inside a message, a modal or a home tab that comes from Block Kit.

import { html, useContext } from "../html.mjs";
import { Element, Picture } from "./elements.mjs";
import { useOwnId } from "./ids.mjs";
import { Markdown } from "./markdown.mjs";
import { Text, plain } from "./mrkdwn.mjs";
import { RichText } from "./rich_text.mjs";
import { Surfaces, useSurface } from "./surface.mjs";
import { Guarded, Undrawn } from "./undrawn.mjs";

function Section({ block, ctx }) {
  const id = useOwnId();
  const { accessory } = block;
  const named = { id: `${id}e`, labelledby: id, label: plain(block.text) };
  const controls = accessory && accessory.type !== "image" && accessory.type !== "button";
  return html`<div class=${`bk-section ${controls ? "bk-with-control" : ""}`}>
    <div class="bk-words" id=${id}>
      ${block.text && html`<${Text} object=${block.text} ctx=${ctx} />`}
      ${block.fields &&
      html`<div class="bk-fields">
        ${block.fields.map((field) => html`<div><${Text} object=${field} ctx=${ctx} /></div>`)}
      </div>`}
    </div>
    ${accessory &&
    html`<div class="bk-accessory">
      <${Element} block=${block} element=${accessory} named=${named} />
    </div>`}
  </div>`;
}

function Context({ block, ctx }) {
  return html`<div class="bk-context">
    ${block.elements.map((item) =>
      item.type === "image"
        ? html`<${Picture} element=${item} />`
        : html`<${Text} object=${item} ctx=${ctx} />`,
    )}
  </div>`;
}

function Actions({ block, ctx }) {
  const id = useOwnId();
  return html`<div class="bk-actions">
    ${block.elements.map((element, at) => {
      const label = element.placeholder ? plain(element.placeholder) : ctx.t("blocks.choose");
      const named = { id: `${id}-${at}`, label };
      const key = element.action_id ?? at;
      return html`<${Element} key=${key} block=${block} element=${element} named=${named} />`;
    })}
  </div>`;
}

const GROUPS = ["checkboxes", "radio_buttons"];

function Input({ block, ctx, error }) {
  const id = useOwnId();
  const { element, hint, label, optional } = block;
  const ids = { label: `${id}l`, optional: `${id}o`, hint: `${id}h`, error: `${id}e` };
  const described = [optional && ids.optional, hint && ids.hint, error && ids.error];
  const named = {
    id,
    labelledby: ids.label,
    label: plain(label),
    describedby: described.filter(Boolean).join(" "),
    wrong: Boolean(error),
    required: !optional,
  };
  const question = plain(label);
  return html`<div class="bk-input">
    <div class="bk-question">
      ${GROUPS.includes(element.type)
        ? html`<span class="bk-label" id=${ids.label}>${question}</span>`
        : html`<label class="bk-label" id=${ids.label} for=${id}>${question}</label>`}
      ${optional &&
      html`<span class="bk-optional" id=${ids.optional}>${ctx.t("blocks.optional")}</span>`}
    </div>
    <${Element} block=${block} element=${element} named=${named} />
    ${hint && html`<p class="bk-hint" id=${ids.hint}>${plain(hint)}</p>`}
    ${error && html`<p class="bk-error" id=${ids.error}>${error}</p>`}
  </div>`;
}

function ImageBlock({ block }) {
  return html`<figure class="bk-image">
    ${block.title && html`<figcaption>${plain(block.title)}</figcaption>`}
    <${Picture} element=${block} small=${false} />
  </figure>`;
}

function File({ block, ctx }) {
  const name = block.title || block.external_id;
  return html`<div class="bk-file">
    <span aria-hidden="true">📄 </span>${ctx.t("blocks.file", { name })}
  </div>`;
}

function Header({ block }) {
  return html`<div class="bk-header" role="heading" aria-level="3">${plain(block.text)}</div>`;
}

export const BLOCKS = {
  actions: Actions,
  context: Context,
  divider: () => html`<hr class="bk-divider" />`,
  file: File,
  header: Header,
  image: ImageBlock,
  input: Input,
  markdown: Markdown,
  rich_text: RichText,
  section: Section,
};

// One block, with what is wrong about it. Questions show that themselves.
function Block({ block, error, ctx }) {
  const type = block?.type;
  const drawn = Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : null;
  const body = drawn
    ? html`<${drawn} block=${block} error=${error} ctx=${ctx} />`
    : html`<${Undrawn} type=${type} ctx=${ctx} />`;
  const wrong = error ? "" : undefined;
  return html`<div data-block=${type} data-block-id=${block?.block_id} data-wrong=${wrong}>
    <${Guarded} of=${block} type=${type} ctx=${ctx}>${body}<//>
    ${error && type !== "input" && html`<p class="bk-error">${error}</p>`}
  </div>`;
}

// Blocks keep their place by their id; those that have none, by their order.
function keys(blocks) {
  const seen = new Map();
  return blocks.map((block) => {
    const id = `${block?.block_id ?? "none"} ${block?.type}`;
    seen.set(id, (seen.get(id) ?? 0) + 1);
    return `${id} ${seen.get(id)}`;
  });
}

export function BlockList({ blocks, errors }) {
  const surface = useContext(Surfaces);
  const { ctx } = surface;
  const list = Array.isArray(blocks) ? blocks : [];
  const named = keys(list);
  return html`<div class="bk-blocks" ref=${(node) => void (surface.root = node)}>
    ${list.map((block, at) => {
      const error = errors?.[block?.block_id];
      return html`<${Block} key=${named[at]} block=${block} error=${error} ctx=${ctx} />`;
    })}
  </div>`;
}

export function Blocks(props) {
  const { view_id, channel, ts } = props.where;
  return html`<${Surfaced} key=${view_id ?? `${channel} ${ts}`} ...${props} />`;
}

function Surfaced({ blocks, values, errors, where, ctx }) {
  const surface = useSurface(ctx, where, values, blocks);
  return html`<${Surfaces.Provider} value=${surface}>
    <${Guarded} of=${blocks} type="message" ctx=${ctx}>
      <${BlockList} blocks=${blocks} errors=${errors} />
    <//>
  <//>`;
}
