// Readers who make letters twice as large, and nothing else: by a style of their own, by their browser's usual size, by its smallest size.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { Site, TYPES_OF_PAGES } from "./site.mjs";

const DESIGNS = ["civic", "mosaic"];
const sites = {};

before(async () => {
  for (const design of DESIGNS) {
    sites[design] = await new Site().changed((path, text) => (path === "site.toml" ? text.replace('theme = "civic"', `theme = "${design}"`) : text)).start();
  }
});
after(async () => {
  for (const site of Object.values(sites)) await site.stop();
});

/** What is cut off, lies over other words or makes the page wider. */
function faults() {
  const found = [];
  const named = (one) => `<${one.localName} class="${one.className}"> “${one.textContent.trim().replace(/\s+/g, " ").slice(0, 40)}”`;
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over > 0) {
    const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && one.checkVisibility() && !one.closest(".table, pre, .unseen, .skip"));
    found.push(`${over} px too wide: ${wide.slice(-1).map(named)}`);
  }
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || !parent.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || parent.closest(".unseen, .skip, script, style, noscript, option, pre")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    // Letters are less high than the line that they stand in.
    const high = parseFloat(getComputedStyle(parent).fontSize) * 0.7;
    for (const { left, right, top, bottom } of range.getClientRects()) {
      const middle = (top + bottom) / 2;
      if (right - left > 1) boxes.push({ node, parent, left, right, top: middle - high / 2, bottom: middle + high / 2 });
    }
  }
  for (const { parent, left, right, top, bottom } of boxes) {
    if ((left < -1 || right > innerWidth + 1) && !parent.closest(".table")) found.push(`beyond the edge: ${named(parent)}`);
    for (let one = parent; one !== document.body; one = one.parentElement) {
      const style = getComputedStyle(one);
      const box = one.getBoundingClientRect();
      const cuts = (axis) => ["hidden", "clip"].includes(style[`overflow${axis}`]);
      if ((cuts("X") && (left < box.left - 1 || right > box.right + 1)) || (cuts("Y") && (top < box.top - 1 || bottom > box.bottom + 1))) found.push(`cut off by ${named(one)}: ${named(parent)}`);
    }
  }
  boxes.sort((a, b) => a.top - b.top);
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length && boxes[j].top < boxes[i].bottom; j++) {
      const [a, b] = [boxes[i], boxes[j]];
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - b.top;
      if (width > 2 && height > 2 && a.node !== b.node) found.push(`${named(a.parent)} lies over ${named(b.parent)}`);
    }
  }
  return [...new Set(found)].slice(0, 6);
}

const TYPES = ["home", "publications", "report", "event", "person", "theme", "search", "people", "place", "project", "not found", "topic", "values", "contact"];

// Seen to fail: the name of the house over the link to the other language, covers and figures wider than a phone, and in mosaic a story under
// the next event beside it.
for (const [how, args, style] of [
  ["a reader's own style", [], true],
  ["the browser's usual size", ["--blink-settings=defaultFontSize=32"], false],
  ["the browser's smallest size", ["--blink-settings=minimumFontSize=24"], false],
]) {
  for (const design of DESIGNS) {
    test(`letters of twice the size are whole and apart: ${how}, ${design}`, async () => {
      const browser = await launch(args);
      const wrong = [];
      try {
        const page = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
        page.setDefaultTimeout(10_000);
        const chart = sites[design].pages().find((one) => /\/fig-[^/]+\/$/.test(one));
        for (const address of [...TYPES.map((what) => TYPES_OF_PAGES[what]), chart]) {
          await page.goto(sites[design].url + (address === "/search/" ? "/search/?q=salford" : address));
          if (address === "/search/") await page.waitForFunction(() => document.querySelector(".search-results").children.length > 0);
          if (style) await page.evaluate(() => { document.documentElement.style.fontSize = "32px"; });
          for (const width of [390, 820, 1280]) {
            await page.setViewportSize({ width, height: 900 });
            // Letters of charts are as large as those around them; on a phone as large as the drawing has room for, and the table
            // behind it is as large as the rest.
            const letters = await page.evaluate(() => [...document.querySelectorAll(".chart text")].map((one) => parseFloat(getComputedStyle(one.querySelector("tspan") ?? one).fontSize)));
            const cells = await page.evaluate(() => [...document.querySelectorAll(".chart-numbers td")].map((one) => parseFloat(getComputedStyle(one).fontSize)));
            const least = width === 390 ? 15.5 : 24;
            if (Math.min(...letters) < least) wrong.push(`${address} at ${width} px: letters of a chart of ${Math.min(...letters)} px`);
            if (Math.min(...cells) < 24) wrong.push(`${address} at ${width} px: numbers of a chart of ${Math.min(...cells)} px`);
            if (address === chart) assert.ok(letters.length > 4, "the chart has letters");
            wrong.push(...(await page.evaluate(faults)).map((fault) => `${address} at ${width} px: ${fault}`));
          }
        }
      } finally {
        await browser.close();
      }
      assert.deepEqual(wrong, []);
    });
  }
}
