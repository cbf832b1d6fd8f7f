// The texts of this site, which are English, on pages in Arabic: a full stop, a bracket or a comma beside English words stays where it belongs.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { launch } from "./browser.mjs";
import { Site, TYPES_OF_PAGES } from "./site.mjs";

/** The words of the interface with Arabic words in the places of English ones. */
const words = () => ["civic", "mosaic"].map((design) => readFileSync(join(import.meta.dirname, `../../themes/${design}/strings/en.toml`), "utf8")).join("\n")
  .replace(/"([^"\n]*)"/g, (_, text) => `"${text.replace(/\{\w+\}|[A-Za-z]+/g, (part) => (part.startsWith("{") ? part : "كلمة"))}"`);

/** Lines of mostly Latin letters whose last sign stands before the letter that it follows. */
function reordered() {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    // What authors write in a text is theirs to mark.
    if (!node.parentElement.checkVisibility() || node.parentElement.closest(".prose :is(p, li, h2, h3, td, th, dt, dd, figcaption):not(.source, [class*=figure], [class*=label]), svg, pre, .unseen")) continue;
    const latin = (node.data.match(/[A-Za-z]/g) ?? []).length;
    const arabic = (node.data.match(/[\u0600-\u06ff]/g) ?? []).length;
    const end = node.data.trimEnd().search(/[A-Za-z][.!?)”’:;]+$/);
    if (latin <= arabic || end === -1) continue;
    const place = (at) => {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      return range.getBoundingClientRect();
    };
    const [letter, sign] = [place(end), place(end + 1)];
    if (sign.left < letter.left && sign.top < letter.bottom && letter.top < sign.bottom) found.push(`${node.parentElement.localName}.${node.parentElement.className}: ${node.data.trim()}`);
  }
  return found;
}

// Seen to fail without `isolated` in the templates, on summaries, findings, citations, addresses and descriptions.
for (const design of ["civic", "mosaic"]) {
  test(`English titles, names and sentences on Arabic pages keep their order: ${design}`, async () => {
    const site = new Site().changed((path, text) => {
      if (path === "site.toml") return text.replace('language = "en-GB"', 'language = "ar"').replace('theme = "civic"', `theme = "${design}"`).replace("[organisation]", '[organisation]\ntel = "+44 161 832 7871"');
      return text;
    });
    mkdirSync(join(site.source, "strings"));
    writeFileSync(join(site.source, "strings/ar.toml"), words());
    await site.start();
    const browser = await launch();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      page.setDefaultTimeout(10_000);
      const wrong = [];
      for (const [what, address] of Object.entries(TYPES_OF_PAGES)) {
        if (address.startsWith("/cy/")) continue;
        await page.goto(site.url + address);
        assert.equal(await page.getAttribute("html", "dir"), "rtl", address);
        wrong.push(...(await page.evaluate(reordered)).map((fault) => `${what}: ${fault}`));
      }
      assert.deepEqual(wrong, []);
      // The plus of a telephone number comes first, a list of names in English ends with its last one.
      await page.goto(site.url + TYPES_OF_PAGES.contact);
      const edges = await page.locator(".meta a[href^='tel:'], .foot a[href^='tel:']").last().evaluate((one) => {
        const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
        const node = walker.nextNode();
        return [0, node.data.length - 1].map((at) => {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          return range.getBoundingClientRect().left;
        });
      });
      assert.ok(edges[0] < edges[1], String(edges));
    } finally {
      await browser.close();
      await site.stop();
    }
  });
}

// Seen to fail with a filter that isolates everything.
test("pages in one language have no marks for another's direction", async () => {
  const site = await new Site().start();
  try {
    for (const address of site.pages()) assert.ok(!/<bdi dir=/.test(site.bytes(address)), address);
  } finally {
    await site.stop();
  }
});
