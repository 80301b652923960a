// Starts the page: the store, the tab's connection, and everything that is drawn from them.
import { html, render } from "./html.mjs";
import { Page } from "./page.mjs";
import { Socket } from "./socket.mjs";
import { Store } from "./store.mjs";

const store = new Store();
const socket = new Socket(store);
render(html`<${Page} store=${store} socket=${socket} />`, document.getElementById("page"));
