// The few icons of the page, drawn as lines in the colour of the text beside them.
import { html } from "./html.mjs";

const LINES = {
  back: "M15 5l-7 7 7 7",
  clock: "M12 7v5l3 2 M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  close: "M6 6l12 12 M18 6L6 18",
  lock: "M7 11V8a5 5 0 0 1 10 0v3 M6 11h12v9H6z",
  pin: "M9 4h6l-1 6 3 3H7l3-3z M12 13v7",
  send: "M5 12h13 M12 6l6 6-6 6",
  signal: "M4 20v-3 M9 20v-6 M14 20v-10 M19 20V6",
  nosignal: "M4 20v-3 M9 20v-6 M14 20v-4 M19 20V11 M4 4l16 16",
  more: "M6 12h.01 M12 12h.01 M18 12h.01",
  file: "M7 3h7l4 4v14H7z M14 3v4h4",
  next: "M5 6l7 6-7 6z M13 6l6 6-6 6 M20 6v12",
  trouble: "M12 4l9 16H3z M12 10v4 M12 17h.01",
  calls: "M4 7h16 M4 12h16 M4 17h10",
  pause: "M9 6v12 M15 6v12",
  write: "M5 19l1-4L16 5l3 3L9 18z",
};

export function Icon({ name }) {
  return html`
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d=${LINES[name]} />
    </svg>
  `;
}
