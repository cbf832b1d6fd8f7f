// A server that speaks the protocol of `pamphlet serve` and says what a test tells it to say: the client alone is under test.
import { createServer } from "node:http";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const client = new URL("../../src/serve/client/", import.meta.url);
const read = (name) => readFileSync(new URL(name, client), "utf8");
const script = () => `(() => {\n${read("idiomorph.js")}\nconst PAMPHLET_CSS = ${JSON.stringify(read("preview.css"))};\n${read("preview.js")}\n})();\n`;

export const quiet = {
  revision: 1, forced: false, view: "everything", now: "23 November 2026, 20:05",
  page: { title: "Who owns the high street?", states: [], words: 1240, minutes: 6,
    source: "content/publications/high-street.md", editor: "vscode://file/site/content/publications/high-street.md:1:1", advice: [] },
  faults: [], more_faults: 0, moments: [],
};

/** As strict as a site can be whose own scripts and styles still work. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'";

export class FakeServer {
  /** Address → { body, type?, status? }; `body` of a page is the whole document. */
  files = new Map();
  state = quiet;
  tabs = new Set();
  asked = [];
  /** Whether it was started again under another secret. */
  shut = false;
  /** What answers to fetched pages wait for, made at once as they are. */
  held = null;

  async start(port = 0) {
    this.server = createServer((request, answer) => this.#answer(request, answer));
    await new Promise((done) => this.server.listen(port, "127.0.0.1", done));
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  async stop() {
    const closed = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    this.tabs.clear();
    await closed;
  }

  put(address, body, type = "text/html; charset=utf-8", status = 200) {
    this.files.set(address, { body, type, status });
    for (const tab of this.tabs) if (tab.page === address && this.etag(address) !== tab.etag) this.#changed(tab);
  }

  etag(address) {
    return createHash("sha1").update(this.files.get(address)?.body ?? "").digest("hex").slice(0, 8);
  }

  say(event, data) {
    for (const tab of this.tabs) tab.answer.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  setState(change) {
    this.state = { ...this.state, ...change };
    this.say("state", this.state);
  }

  #changed(tab) {
    tab.etag = this.etag(tab.page);
    tab.answer.write("event: changed\ndata: {}\n\n");
  }

  #answer(request, answer) {
    const url = new URL(request.url, this.url);
    this.asked.push(request.url);
    if (this.shut) return answer.writeHead(403, { "content-type": "text/plain" }).end("a secret");
    if (url.pathname === "/.pamphlet/preview.js") return answer.writeHead(200, { "content-type": "text/javascript" }).end(script());
    if (url.pathname === "/.pamphlet/events") {
      answer.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      const tab = { answer, page: url.searchParams.get("page"), etag: url.searchParams.get("etag") };
      this.tabs.add(tab);
      request.on("close", () => this.tabs.delete(tab));
      if (tab.etag !== this.etag(tab.page)) this.#changed(tab);
      answer.write(`event: state\ndata: ${JSON.stringify(this.state)}\n\n`);
      return;
    }
    const file = this.files.get(url.pathname);
    if (!file) return answer.writeHead(404, { "content-type": "text/plain" }).end("none");
    const headers = { "content-type": file.type, "content-security-policy": POLICY, etag: `"${this.etag(url.pathname)}"`, "cache-control": "no-cache" };
    const line = `<script src="/.pamphlet/preview.js" data-prefix="" data-page="${url.pathname}" data-etag="${this.etag(url.pathname)}" defer></script>\n`;
    const body = file.type.startsWith("text/html") ? file.body.replace("</body>", `${line}</body>`) : file.body;
    const send = () => answer.writeHead(file.status, headers).end(body);
    if (this.held) this.held.then(send);
    else send();
  }
}
