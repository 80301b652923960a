// Instants and clocks in a person's zone, and Slack's date tokens.

const LOCALES = { en: "en-US", es: "es-MX" };

// The clock on the wall at an instant, as YYYY-MM-DDTHH:MM:SS.
export function wall(seconds, zone) {
  const form = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const found = Object.fromEntries(
    form.formatToParts(new Date(seconds * 1000)).map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second } = found;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

// The instant (unix seconds) at which the wall clock shows YYYY-MM-DDTHH:MM; null for no date.
export function instant(local, zone) {
  const wanted = Date.parse(`${local.slice(0, 16)}:00Z`) / 1000;
  if (Number.isNaN(wanted)) return null;
  const shownAt = (seconds) => Date.parse(`${wall(seconds, zone)}Z`) / 1000;
  const first = wanted - (shownAt(wanted) - wanted);
  return first - (shownAt(first) - wanted);
}

const HOURS = 3_600_000;
const noon = (day) => Date.parse(`${day}T12:00:00Z`);
const write = (at, language, options) =>
  new Intl.DateTimeFormat(LOCALES[language] ?? LOCALES.en, { timeZone: "UTC", ...options }).format(at);

// So many days from the day before `today` on, each as YYYY-MM-DD.
export const nextDays = (today, count) =>
  Array.from({ length: count }, (_, at) =>
    new Date(noon(today) + (at - 1) * 24 * HOURS).toISOString().slice(0, 10),
  );

// A day as people say it: by its name where it is near, else by its date. Both would be cut off on
// a phone.
export function dayWords(day, { language, today }) {
  const date = write(noon(day), language, { weekday: "short", month: "short", day: "numeric" });
  const near = nearby({ day, today }, language);
  return near ? `${near[0].toUpperCase()}${near.slice(1)}` : date;
}

// A time of day, HH:MM, as people write it.
export const timeWords = (clock, { language }) =>
  write(Date.parse(`2000-01-01T${clock}:00Z`), language, TIMES.time);

const DATES = {
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
};
const TIMES = {
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

function nearby({ day, today }, language) {
  const days = Math.round((Date.parse(day) - Date.parse(today)) / 86_400_000);
  if (Math.abs(days) > 1) return null;
  return new Intl.RelativeTimeFormat(LOCALES[language], { numeric: "auto" }).format(days, "day");
}

function ago(seconds, now, language) {
  const form = new Intl.RelativeTimeFormat(LOCALES[language], { numeric: "auto" });
  const away = seconds - now;
  const units = [["day", 86_400], ["hour", 3_600], ["minute", 60]];
  const [unit, size] = units.find(([, length]) => Math.abs(away) >= length) ?? ["second", 1];
  return form.format(Math.round(away / size), unit);
}

// One name in braces of a date token, such as {date_short_pretty}; null if there is none such.
function piece(name, seconds, { zone, language, now }) {
  const locale = LOCALES[language] ?? LOCALES.en;
  const write = (options) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }).format(seconds * 1000);
  if (TIMES[name]) return write(TIMES[name]);
  if (name === "date_num") return wall(seconds, zone).slice(0, 10);
  if (name === "ago") return ago(seconds, now(), language);
  const plainName = name.replace("_pretty", "");
  if (!DATES[plainName]) return null;
  const near = { day: wall(seconds, zone).slice(0, 10), today: wall(now(), zone).slice(0, 10) };
  const pretty = name.endsWith("_pretty") && nearby(near, language);
  return pretty || write(DATES[plainName]);
}

// <!date^SECONDS^FORMAT|fallback> in words; the fallback for what cannot be read.
export function dateWords(seconds, format, fallback, ctx) {
  const at = Number(seconds);
  if (!Number.isFinite(at)) return fallback;
  try {
    return format.replace(/\{(\w+)\}/g, (whole, name) => piece(name, at, ctx) ?? whole);
  } catch {
    return fallback;
  }
}
