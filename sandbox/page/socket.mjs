// The tab's one WebSocket: it says whom it shows and hears what changes. It comes back by itself.
const FIRST_PAUSE = 400; // ms
const LONGEST_PAUSE = 4000; // ms

export class Socket {
  constructor(store) {
    this.store = store;
    this.wanted = { people: [], calls: false };
    this.pause = FIRST_PAUSE;
    this.open();
  }

  // Whom to show, and whether to tell of calls: {people: [ids], calls: true}
  want(wanted) {
    this.wanted = { ...this.wanted, ...wanted };
    this.say();
  }

  say() {
    if (this.ws.readyState === WebSocket.OPEN) this.ws.send(JSON.stringify(this.wanted));
  }

  open() {
    const address = new URL("./_page", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.search = "";
    this.ws = new WebSocket(address);
    this.ws.onopen = () => {
      this.pause = FIRST_PAUSE;
      this.store.set({ connection: "open", calls: [], errors: [] });
      this.say();
    };
    this.ws.onmessage = (event) => this.store.hear(JSON.parse(event.data));
    this.ws.onclose = () => {
      this.store.set({ connection: "lost" });
      setTimeout(() => this.open(), this.pause);
      this.pause = Math.min(this.pause * 1.6, LONGEST_PAUSE);
    };
  }
}
