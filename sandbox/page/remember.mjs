// What a reload must not lose. In the address: people and language, so that it can be passed on.
// In the tab's own storage: drafts, and where each phone stands.
export function inAddress(name) {
  return new URLSearchParams(location.search).get(name) || "";
}

export function toAddress(values) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const readable = query.toString().replaceAll("%2C", ",");
  history.replaceState(null, "", readable ? `?${readable}` : location.pathname);
}

export function kept(key, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(key, value) {
  try {
    if (value === "" || value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing still shows everything.
  }
}
