// An id for an element that nothing else on the page has. Preact's own useId names by place, so
// that two blocks share an id once a push has moved one of them.

import { useRef } from "../html.mjs";

let count = 0;

export function useOwnId() {
  const id = useRef(null);
  id.current ??= `bk${(count += 1)}`;
  return id.current;
}
