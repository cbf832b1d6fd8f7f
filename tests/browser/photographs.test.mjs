// Pages full of photographs: whatever comes late, nothing moves. The pictures are made here, as noisy as those of a camera, so that no
// page weighs less than it would.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { Site, TYPES_OF_PAGES } from "./site.mjs";

let browser;
const shots = {};

before(async () => {
  browser = await launch();
  const page = await browser.newPage();
  // Across, upright and square, as they come from cameras; none has the shape that a page gives it.
  for (const [name, width, height] of [["across", 2000, 1335], ["upright", 1200, 1801], ["square", 1111, 1111]]) {
    const data = await page.evaluate(([width, height]) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height];
      const ink = canvas.getContext("2d");
      const sky = ink.createLinearGradient(0, 0, width, height);
      ["#31506b", "#c9b79a", "#3c3a2e"].forEach((colour, n) => sky.addColorStop(n / 2, colour));
      ink.fillStyle = sky;
      ink.fillRect(0, 0, width, height);
      const pixels = ink.getImageData(0, 0, width, height);
      // The same noise each time.
      let seed = 1;
      for (let i = 0; i < pixels.data.length; i += 4) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        for (let c = 0; c < 3; c++) pixels.data[i + c] += (seed >> (c + 12)) % 48 - 24;
      }
      ink.putImageData(pixels, 0, 0);
      return canvas.toDataURL("image/jpeg", 0.8).split(",")[1];
    }, [width, height]);
    shots[name] = Buffer.from(data, "base64");
  }
  await page.close();
});
after(async () => { await browser?.close(); });

/** The site of this repository with a photograph wherever there can be one, in texts too. */
async function photographed(design) {
  const names = Object.keys(shots);
  const site = new Site().changed((path, text) => {
    if (path === "site.toml") return text.replace('theme = "civic"', `theme = "${design}"`);
    if (!path.startsWith("content/") || /\.cy\.md$/.test(path)) return text;
    const up = "../".repeat(path.split("/").length - 2);
    const of = (n) => `${up}photographs/${names[(path.length + n) % names.length]}.jpg`;
    const head = /^image = |^\[image\]/m.test(text) ? text : text.replace("+++\n", `+++\nimage = { file = "${of(0)}", alt = "A street", caption = "A street on market day", credit = "Made for this test", focus = "30% 70%" }\n`);
    return `${head}\n\n![A square](${of(1)})\n\n:::figure{title="A figure that is a photograph" source="Made for this test"}\n![A yard](${of(2)})\n:::\n`;
  });
  mkdirSync(join(site.source, "content/photographs"));
  for (const [name, bytes] of Object.entries(shots)) writeFileSync(join(site.source, `content/photographs/${name}.jpg`), bytes);
  return site.start();
}

const TYPES = ["home", "page", "values", "achievements", "what we do", "contact", "press", "themes", "theme", "topics", "topic", "publications", "publications of a kind", "report",
  "replaced edition", "briefing", "blog", "press release", "events", "event", "past event", "people", "person", "places", "place", "projects", "project", "search", "not found"];

// Seen to fail with pictures whose width and height are left out, and on the search page, whose form pushed all else down when its script came.
for (const design of ["civic", "mosaic"]) {
  test(`nothing moves where photographs come late: ${design}`, async () => {
    const site = await photographed(design);
    const moved = [];
    let shown = 0;
    try {
      for (const viewport of [{ width: 390, height: 844 }, { width: 1440, height: 900 }]) {
        const context = await browser.newContext({ viewport });
        const page = await context.newPage();
        page.setDefaultTimeout(15_000);
        await page.addInitScript(() => {
          window.moved = [];
          const named = (node) => node && `<${node.localName ?? node.nodeName} class="${node.className ?? ""}"> ${(node.textContent ?? "").trim().slice(0, 30)}`;
          new PerformanceObserver((list) => list.getEntries().forEach((one) => window.moved.push(`${one.value}: ${one.sources.map((source) => named(source.node)).slice(0, 3)}`)))
            .observe({ type: "layout-shift", buffered: true });
        });
        // Pictures wait until the page has been seen without them.
        let held = [];
        await page.route(/\.(?:jpg|jpeg|webp|avif|png)$/, (route) => { if (held) held.push(route); else route.continue(); });
        for (const what of TYPES) {
          held = [];
          await page.goto(site.url + TYPES_OF_PAGES[what], { waitUntil: "domcontentloaded" });
          await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
          const all = held;
          held = null;
          await Promise.all(all.map((route) => route.continue()));
          // Down the page, so that what comes lazily comes while it is looked at.
          await page.evaluate(async () => {
            const next = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
              scrollTo(0, y);
              await next();
            }
            const seen = [...document.images].filter((one) => one.checkVisibility());
            for (const one of seen) one.loading = "eager";
            await Promise.all(seen.map((one) => one.decode()));
            await next();
          });
          shown += await page.evaluate(() => [...document.images].filter((one) => /\.(?:jpg|webp|avif)/.test(one.currentSrc) && one.checkVisibility()).length);
          moved.push(...(await page.evaluate(() => window.moved)).map((one) => `${what} at ${viewport.width} px: ${one}`));
        }
        await context.close();
      }
    } finally {
      await site.stop();
    }
    assert.ok(shown > 200, `only ${shown} photographs were shown`);
    assert.deepEqual(moved, []);
  });
}
