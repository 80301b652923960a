// The whole page: bars above, phones on the desk, and panels beside them.
import { html, useEffect, useMemo, useState } from "./html.mjs";
import { Clock, ClockPanel } from "./clock.mjs";
import { Calls } from "./calls.mjs";
import { goInto, nextPart } from "./focus.mjs";
import { Phone } from "./phone.mjs";
import { Panel } from "./panel.mjs";
import { inAddress, keep, kept, toAddress } from "./remember.mjs";
import { useStore } from "./store.mjs";
import { Buttons, Tools, TopBar } from "./topbar.mjs";
import { Tour } from "./tour.mjs";
import { Trouble } from "./trouble.mjs";
import { speaker } from "./words.mjs";

const NARROW = matchMedia("(max-width: 719px)");
const PHONES = 3;
const NOBODY = [];
const LANGUAGES = ["en", "es"];

export function Page({ store, socket }) {
  const [asked, setLanguage] = useState(LANGUAGES.find((one) => one === inAddress("lang")));
  // Until somebody asks for one, what the workspace speaks.
  const told = useStore(store, (state) => state.tour?.language);
  const language = asked || told || LANGUAGES[0];
  const [wanted, setWanted] = useState(inAddress("people").split(",").filter(Boolean));
  const [panel, setPanel] = useState(null);
  const narrow = useNarrow();
  const workspace = useStore(store, (state) => state.workspace);
  const connection = useStore(store, (state) => state.connection);
  const t = useMemo(() => speaker(language), [language]);
  // The tour looks at the phones of all who are in it, and names first whom to look at.
  const toured = useStore(store, (state) => state.tour)?.people || NOBODY;
  const people = useMemo(() => everybody(workspace, toured), [workspace, toured]);
  const shown = useMemo(
    () => chosen(people, wanted.length ? wanted : toured),
    [people, wanted, toured],
  );
  const watched = [...new Set([...shown.map((person) => person.id), ...toured])].join(",");
  useEffect(() => socket.want({ people: watched.split(",").filter(Boolean) }), [watched]);
  useEffect(() => socket.want({ calls: panel === "calls" }), [panel === "calls"]);
  useEffect(() => {
    document.documentElement.lang = language;
    toAddress({ lang: language === "en" ? "" : language });
  }, [language]);
  useEffect(() => {
    document.title = workspace ? t("page.title", { team: workspace.team.name }) : "Belay";
  }, [workspace, t]);
  useEffect(() => {
    document.addEventListener("keydown", nextPart);
    return () => document.removeEventListener("keydown", nextPart);
  }, []);

  const choose = (list) => {
    setWanted(list);
    toAddress({ people: list.join(",") });
  };
  const toggle = (id) => {
    if (narrow) landOnNews(store, id);
    choose(toggled(shown, id, narrow));
    // One at a time, whoever asks for a phone goes to it.
    if (narrow) setTimeout(() => document.querySelector(".phone")?.focus());
  };
  const zone = workspace?.zone || "Etc/UTC";
  const around = { store, t, language, zone, narrow };
  const tools = { panel, setPanel, language, setLanguage };
  const fronts = narrow ? shown.slice(0, 1) : shown;
  return html`
    <button type="button" class="skip" onClick=${() => goInto(document.querySelector(".phone"))}>
      ${t("page.skip")}
    </button>
    <${TopBar} ...${around} ...${tools} people=${people} shown=${shown} toggle=${toggle} />
    ${!narrow &&
    html`<div class="strip" data-part="clock"><${Clock} ...${around} /><${Buttons} ...${around} ...${tools} /></div>`}
    ${connection === "lost" && html`<p class="lost" role="alert">${t("page.lost")}</p>`}
    <div class="desk">
      <main class="phones" aria-label=${t("page.phones")}>
        ${fronts.map(
          (person) => html`<${Phone} key=${person.id} ...${around} person=${person} />`,
        )}
        ${workspace && !shown.length && html`<p class="nobody">${t("page.nobody")}</p>`}
        ${!workspace && html`<p class="nobody">${t("page.opening")}</p>`}
      </main>
      <${Tour} ...${around} toggle=${toggle} shown=${shown} />
      ${panel &&
      html`<${Panel} t=${t} name=${panel} narrow=${narrow} close=${() => setPanel(null)}>
        ${panel === "clock" && html`<${ClockPanel} ...${around} />`}
        ${panel === "trouble" && html`<${Trouble} ...${around} shown=${shown} />`}
        ${panel === "calls" && html`<${Calls} ...${around} />`}
      <//>`}
    </div>
    ${narrow && html`<${Tools} ...${around} ...${tools} />`}
  `;
}

// Whoever goes to a phone on which the app said something new goes to where it stands.
function landOnNews(store, user) {
  const rooms = Object.values(store.state.phones[user]?.rooms || {});
  const room = rooms.find((one) => one.with_app && one.unread);
  const key = `place ${user}`;
  if (room) keep(key, { ...kept(key, {}), room: room.id, thread: null, tab: "messages" });
}

// Those who are in the story come first.
function everybody(workspace, toured) {
  const all = (workspace?.people || []).filter((person) => !person.is_bot && !person.deleted);
  const place = (person) => (toured.indexOf(person.id) + toured.length + 1) % (toured.length + 1);
  return all.toSorted((one, other) => place(one) - place(other));
}

// Who is shown: those who were asked for; otherwise people who do different work.
function chosen(people, wanted) {
  const known = wanted.map((id) => people.find((person) => person.id === id)).filter(Boolean);
  if (known.length) return known.slice(0, PHONES);
  const byTitle = new Map(people.toReversed().map((person) => [person.title, person]));
  const various = people.filter((person) => byTitle.get(person.title) === person);
  return [...various, ...people.filter((person) => !various.includes(person))].slice(0, PHONES);
}

// Side by side a press shows or hides somebody; one at a time it brings them to the front.
function toggled(shown, id, narrow) {
  const ids = shown.map((person) => person.id);
  const others = ids.filter((one) => one !== id);
  if (narrow) return [id, ...others].slice(0, PHONES);
  if (ids.includes(id)) return others.length ? others : ids;
  return [...ids, id].slice(-PHONES);
}

function useNarrow() {
  const [narrow, setNarrow] = useState(NARROW.matches);
  useEffect(() => {
    const look = () => setNarrow(NARROW.matches);
    NARROW.addEventListener("change", look);
    return () => NARROW.removeEventListener("change", look);
  }, []);
  return narrow;
}
