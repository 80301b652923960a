// How long the tour takes for what: the pace of its gestures, and how long it waits for what should come.
export const PACES = { calm: 1400, brisk: 500, quick: 40 }; // ms between two gestures
export const SETTLES = 20_000; // ms until all that a step promises should be there
export const OPENS = 10_000; // ms until a form should be there
export const ARRIVES = 3000; // ms until a phone that was asked for is on the screen
export const GESTURES = 60; // more than any step takes
export const LOOKS = 250; // ms between two looks at what is not pushed: where a phone stands, the clock
export const READS = 600; // ms for which a step that was done still stands there, ticked
export const AGAIN = 800; // ms until a form may offer what it did not
export const ASKS = 2500; // ms until it is asked once more
export const LATE = 4000; // ms after which what time should have brought does not come any more
export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
