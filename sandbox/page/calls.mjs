// What the bot called and what it was answered, for those who build bots.
import { Component, html, useState } from "./html.mjs";
import { exactTime } from "./time.mjs";
import { useStore } from "./store.mjs";

const SHOWN = 120;

export function Calls({ store, t, language, zone }) {
  const calls = useStore(store, (state) => state.calls);
  const errors = useStore(store, (state) => state.errors);
  const [filter, setFilter] = useState("");
  const [which, setWhich] = useState("calls");
  const wanted = filter.trim().toLowerCase();
  const rows = which === "calls" ? calls : errors;
  const name = which === "calls" ? "method" : "where";
  const found = rows.filter((row) => row[name].toLowerCase().includes(wanted)).slice(-SHOWN);
  const one = which === "calls" ? Call : Refusal;
  return html`
    <div class="group" role="group" aria-label=${t("calls.which")}>
      ${["calls", "refused"].map(
        (tab) => html`
          <button
            key=${tab}
            type="button"
            aria-pressed=${which === tab ? "true" : "false"}
            onClick=${() => setWhich(tab)}
          >
            ${t(`calls.${tab}`, { count: (tab === "calls" ? calls : errors).length })}
          </button>
        `,
      )}
    </div>
    <label class="filter">
      <span>${t("calls.filter")}</span>
      <input
        type="search"
        placeholder="chat.postMessage"
        value=${filter}
        onInput=${(event) => setFilter(event.target.value)}
      />
    </label>
    ${!found.length && html`<p class="quiet">${t("calls.none")}</p>`}
    <ol class="calls">
      ${found
        .toReversed()
        .map((row) => html`<${one} key=${row.n} ...${{ row, t, language, zone }} />`)}
    </ol>
  `;
}

class Call extends Component {
  shouldComponentUpdate(next, state) {
    const changed = next.row !== this.props.row || next.language !== this.props.language;
    return changed || state.open !== this.state.open;
  }

  render({ row, t, language, zone }, { open }) {
    const bad = row.status !== undefined && (row.status !== 200 || row.answer?.ok === false);
    const told = row.answer?.error || row.fault || row.status || "…";
    return html`
      <li data-call=${row.method}>
        <details onToggle=${(event) => this.setState({ open: event.currentTarget.open })}>
          <summary>
            <code>${row.method}</code>
            <span class=${bad ? "verdict bad" : "verdict"}>${bad ? told : (row.status ?? "…")}</span>
            <time class="quiet">${exactTime(row.world, { language, zone })}</time>
          </summary>
          ${open &&
          html`<h3>${t("calls.args")}</h3>
            <pre tabindex="0" aria-label=${t("calls.args")} role="region">${json(row.args)}</pre>
            <h3>${t("calls.answer")}</h3>
            <pre tabindex="0" aria-label=${t("calls.answer")} role="region">
${json(row.answer ?? row.fault ?? null)}</pre
            >`}
        </details>
      </li>
    `;
  }
}

const json = (value) => JSON.stringify(value, null, 2);

function Refusal({ row }) {
  return html`
    <li class="refusal" data-refused=${row.where}>
      <code>${row.where}</code> <span class="verdict bad">${row.error}</span>
      ${row.why !== row.error && html`<p class="quiet">${row.why}</p>`}
    </li>
  `;
}
