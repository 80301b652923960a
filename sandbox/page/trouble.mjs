// What may go wrong, at the press of a button; and putting it right again.
import { html, useState } from "./html.mjs";
import { post, remove } from "./api.mjs";
import { useStore } from "./store.mjs";
import { first } from "./topbar.mjs";

const SLACK = {
  outage: { effect: "outage", replay: true, count: null },
  slow: { effect: "slow", seconds: 2, count: null },
  http_500: { effect: "http_500", probability: 0.5, count: null },
};

export function Trouble({ store, t, shown }) {
  const state = useStore(store, (known) => known.trouble);
  if (!state) return null;
  const inForce = (effect) => state.faults.find((one) => one.effect === effect && !one.spent);
  const calm = !state.faults.length && !state.lost.length;
  const restore = async () => {
    await remove("/faults");
    for (const user of state.lost) await post("/signal", { user, lost: false });
  };
  return html`
    <p class="quiet">${t("trouble.about")}</p>
    <section aria-labelledby="trouble-slack">
      <h3 id="trouble-slack">${t("trouble.slack")}</h3>
      ${Object.entries(SLACK).map(([effect, fault]) => {
        const there = inForce(effect);
        const turn = () => (there ? remove(`/faults?id=${there.id}`) : post("/faults", fault));
        return html`<${Switch} key=${effect} ...${{ t, name: effect, on: Boolean(there), turn }} />`;
      })}
      <${Once} t=${t} name="sockets" go=${() => post("/faults", DROP)} />
      <p class="quiet">${t("trouble.connections", { count: state.sockets })}</p>
    </section>
    <${Bot} t=${t} wishes=${state.wishes} />
    <section aria-labelledby="trouble-phones">
      <h3 id="trouble-phones">${t("trouble.phones")}</h3>
      ${shown.map((person) => {
        const on = state.lost.includes(person.id);
        const turn = () => post("/signal", { user: person.id, lost: !on });
        const label = t("trouble.signal", { name: first(person) });
        return html`<${Switch} key=${person.id} ...${{ t, name: "signal", label, on, turn }} />`;
      })}
    </section>
    <button type="button" class="plain wide" disabled=${calm} onClick=${restore}>
      ${t("trouble.restore")}
    </button>
  `;
}

const DROP = { effect: "drop_sockets", count: null };

function Switch({ t, name, label, on, turn }) {
  const about = t(`trouble.${name}.about`);
  return html`
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked=${on ? "true" : "false"}
      data-fault=${name}
      onClick=${turn}
    >
      <span><b>${label || t(`trouble.${name}`)}</b> <span class="quiet">${about}</span></span>
      <span class="track" aria-hidden="true"></span>
    </button>
  `;
}

function Once({ t, name, go }) {
  return html`
    <button type="button" class="plain wide" data-fault=${name} onClick=${go}>
      ${t(`trouble.${name}`)}
    </button>
  `;
}

// The workspace does not own the bot's process: whoever started it hears the wish.
function Bot({ t, wishes }) {
  const [problem, setProblem] = useState("");
  const wish = async (name) => {
    const answer = await post("/wishes", { wish: name });
    setProblem(answer.ok ? "" : t("bot.not_offered"));
  };
  const last = wishes.last;
  const said = last && (last.done ? last.said || t("bot.done") : t("bot.asked"));
  return html`
    <section aria-labelledby="trouble-bot">
      <h3 id="trouble-bot">${t("bot.title")}</h3>
      <div class="pair">
        ${["kill_bot", "start_bot"].map(
          (name) => html`
            <button
              key=${name}
              type="button"
              class="plain"
              data-wish=${name}
              disabled=${!wishes.offered}
              onClick=${() => wish(name)}
            >
              ${t(`bot.${name}`)}
            </button>
          `,
        )}
      </div>
      <p class="quiet" role="status">
        ${wishes.offered ? problem || said || "" : t("bot.not_offered")}
      </p>
    </section>
  `;
}
