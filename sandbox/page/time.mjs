// World time for people, in the zone and the language of whoever reads it.
import { useEffect, useState } from "./html.mjs";

const made = new Map();

function format(language, zone, options) {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  if (!made.has(key)) {
    made.set(key, new Intl.DateTimeFormat(LOCALES[language], { timeZone: zone, ...options }));
  }
  return made.get(key);
}

// Days and hours are written as in the United States, like the bot's.
const LOCALES = { en: "en-US", es: "es-US" };
const CLOCK = { hour: "numeric", minute: "2-digit" };
const SECONDS = { ...CLOCK, second: "2-digit" };
const DAY = { weekday: "long", day: "numeric", month: "long" };
const SHORT_DAY = { weekday: "short", day: "numeric", month: "short" };

export const clockTime = (seconds, { language, zone }) =>
  format(language, zone, CLOCK).format(seconds * 1000);
export const exactTime = (seconds, { language, zone }) =>
  format(language, zone, SECONDS).format(seconds * 1000);
export const day = (seconds, { language, zone }) =>
  format(language, zone, DAY).format(seconds * 1000);
export const shortDay = (seconds, { language, zone }) =>
  format(language, zone, SHORT_DAY).format(seconds * 1000);

// The time alone if it is today, otherwise the day.
export const when = (seconds, now, where) =>
  shortDay(seconds, where) === shortDay(now, where)
    ? clockTime(seconds, where)
    : shortDay(seconds, where);

// Draws the component anew while the world's clock runs: each second, faster when the world is.
export function useTicking(clock) {
  const [, redraw] = useState(0);
  const rate = clock?.rate || 0;
  useEffect(() => {
    if (!rate) return undefined;
    const timer = setInterval(() => redraw((count) => count + 1), rate > 5 ? 200 : 1000);
    return () => clearInterval(timer);
  }, [rate]);
}
