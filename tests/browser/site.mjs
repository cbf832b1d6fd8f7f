// The published site as a plain file server has it, with the strict headers that the manual asks hosts to send.
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".xml": "application/xml",
  ".txt": "text/plain", ".pdf": "application/pdf", ".webp": "image/webp", ".jpg": "image/jpeg", ".png": "image/png", ".json": "application/json",
  ".ico": "image/x-icon", ".woff2": "font/woff2", ".avif": "image/avif", ".webmanifest": "application/manifest+json" };

/** The site of this repository, or the one in the folder `source` of it, built into a folder of its own and served. */
export class Site {
  constructor(source = ".") {
    this.source = join(import.meta.dirname, "../..", source);
    this.folder = mkdtempSync(join(tmpdir(), "pamphlet-site-"));
    this.root = join(this.folder, "public");
  }

  /** Takes a copy of the source, in which `change` may rewrite the settings and the text of each page: `change(path, text)`. */
  changed(change) {
    const copy = join(this.folder, "source");
    for (const name of ["site.toml", "content", "themes"]) cpSync(join(this.source, name), join(copy, name), { recursive: true });
    for (const name of readdirSync(copy, { recursive: true }).filter((name) => name === "site.toml" || name.endsWith(".md"))) {
      const text = readFileSync(join(copy, name), "utf8");
      writeFileSync(join(copy, name), change(name, text));
    }
    this.source = copy;
    return this;
  }

  async start() {
    // First, as a server that listens would keep the tests of a site that cannot be built from ending.
    this.build();
    this.server = createServer((request, response) => this.answer(request, response));
    await new Promise((done) => this.server.listen(0, "127.0.0.1", done));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  build(...options) {
    execFileSync(process.env.PAMPHLET_BIN, ["--quiet", "--root", this.source, "build", "-o", this.root, "--now", "2026-11-20 09:00", ...options]);
    this.policy = readFileSync(join(this.root, "_headers"), "utf8").match(/Content-Security-Policy: (.*)/)[1];
    return this;
  }

  answer(request, response) {
    const { pathname } = new URL(request.url, "http://site");
    const wanted = join(this.root, decodeURIComponent(pathname), pathname.endsWith("/") ? "index.html" : "");
    const file = [wanted, join(this.root, "404.html")].find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
    const headers = { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": this.policy };
    const bytes = readFileSync(file);
    const packs = /text|javascript|json|xml/.test(headers["Content-Type"]) && /gzip/.test(request.headers["accept-encoding"]);
    response.writeHead(file === wanted ? 200 : 404, packs ? { ...headers, "Content-Encoding": "gzip" } : headers);
    response.end(packs ? gzipSync(bytes) : bytes);
  }

  /** The addresses of all pages. */
  pages() {
    const all = readdirSync(this.root, { recursive: true }).filter((name) => name.endsWith(".html"));
    return all.map((name) => `/${name.replace(/index\.html$/, "")}`).sort();
  }

  /** A published file's bytes. */
  bytes(address) {
    return readFileSync(join(this.root, address, address.endsWith("/") ? "index.html" : ""));
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    rmSync(this.folder, { recursive: true });
  }
}

/** One page of every type, by what it is. */
export const TYPES_OF_PAGES = {
  home: "/", "home in Welsh": "/cy/", page: "/about/", values: "/about/values/", "values in Welsh": "/cy/about/gwerthoedd/", achievements: "/about/achievements/",
  sources: "/about/sources/", "what we do": "/what-we-do/", "accessibility statement": "/accessibility/", privacy: "/privacy/", contact: "/contact/", press: "/press/",
  themes: "/themes/", theme: "/themes/community-wealth-building/", "theme in Welsh": "/cy/themau/adeiladu-cyfoeth-cymunedol/", topics: "/topics/", topic: "/topics/procurement/",
  publications: "/publications/", "publications in Welsh": "/cy/cyhoeddiadau/", "publications of a kind": "/publications/kind/report/", "publications of a year": "/publications/year/2026/",
  "publications of a theme": "/themes/community-wealth-building/publications/",
  report: "/publications/sample-where-the-pound-goes/", "replaced edition": "/publications/sample-where-the-pound-went/", briefing: "/publications/sample-small-lots/",
  "withdrawn evidence": "/publications/sample-empty-shops/", toolkit: "/publications/sample-reading-a-register/",
  blog: "/publications/sample-a-walk-down-the-high-street/", "press release": "/publications/sample-press-release/",
  events: "/events/", "past events": "/events/past/", event: "/events/sample-where-the-pound-goes-launch/", "cancelled event": "/events/sample-cancelled-lecture/",
  "moved event with a waiting list": "/events/sample-register-clinic/", "full event": "/events/sample-procurement-training/", "past event": "/events/sample-past-seminar/",
  people: "/people/", person: "/people/ada-sample/", "person who left": "/people/cleo-specimen/", places: "/places/", place: "/places/salford/",
  projects: "/projects/", project: "/projects/salford-economy-for-all/", "project with outcomes": "/projects/sample-spending-review/", search: "/search/", "not found": "/404.html",
};

/** One page of every type of the manual. */
export const PAGES_OF_THE_MANUAL = { home: "/", text: "/settings/", "a long text": "/themes/", faults: "/faults/", fault: "/faults/broken-link/", search: "/search/", "not found": "/404.html" };
