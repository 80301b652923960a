// Lets time go by until somebody is to do something, from event to event: each of them happens.
import { post } from "./api.mjs";

const WALKS = 12; // to the next event, at most, until what a step promises is there
const ARRIVED = 2500; // ms until what happened on a walk is drawn

// Somebody took over, or what was waited for did not come.
export class Lost extends Error {}

export async function goOn(guide) {
  const pointed = guide.mode === "self";
  await guide.run("walk", async () => {
    const { goal, mine, eyes } = guide;
    guide.way = [];
    while (!eyes.over && eyes.at <= goal) {
      await pass(guide, mine);
      if (!eyes.done) throw new Lost();
      await guide.rest(1);
      if (!mine()) throw new Lost();
      guide.forward();
    }
  });
  if (pointed && guide.mode === "idle" && !guide.trouble) guide.self();
}

async function pass(guide, mine) {
  const { eyes } = guide;
  for (let count = 0; count < WALKS && !eyes.done; count += 1) {
    const news = eyes.step.then.length > 0;
    const body = news ? { to: "news" } : { seconds: eyes.left };
    const answer = await post("/clock/forward", body);
    if (!mine() || !answer.ok) throw new Lost();
    const end = performance.now() + ARRIVED;
    while (!eyes.done && performance.now() < end) {
      await new Promise((go) => setTimeout(go, 30));
      guide.look();
      if (!eyes.done) eyes.overtake();
    }
    if (news && !answer.steps && !eyes.done) throw new Lost();
  }
}
