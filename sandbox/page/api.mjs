// The control API. Every answer is an object with `ok`; nothing is thrown.
// What is on its way when the page is reloaded still arrives; a browser keeps 64 kB of such bodies.
const KEPT = 60_000;

async function call(method, path, body) {
  try {
    const text = body && JSON.stringify(body);
    const answer = await fetch(`./_control${path}`, {
      method,
      headers: text ? { "Content-Type": "application/json" } : {},
      body: text,
      keepalive: Boolean(text) && text.length < KEPT && path.startsWith("/act/fill"),
    });
    return await answer.json();
  } catch {
    return { ok: false, error: "unreachable" };
  }
}

export const post = (path, body) => call("POST", path, body || {});
export const remove = (path) => call("DELETE", path);
export const actAs = (user) => (name, body) => post(`/act/${name}`, { user, ...body });
