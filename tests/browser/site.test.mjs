// The published site in a browser: nobody is shut out, nothing comes from elsewhere, everything works without script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { axe, launch } from "./browser.mjs";
import { PAGES_OF_THE_MANUAL, Site, TYPES_OF_PAGES } from "./site.mjs";

let browser, site, manual;

before(async () => {
  site = await new Site().start();
  manual = await new Site("docs").start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await manual?.stop();
});

/** A page of a window of its own; faults are what it writes to its console as errors, and scripts that fail. */
async function opened(address, options = {}, from = site) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.faults = [];
  page.requests = [];
  page.on("request", (request) => page.requests.push(request.url()));
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && !/status of 404/.test(message.text()) && page.faults.push(message.text()));
  await page.goto(from.url + address);
  return page;
}
async function each(check) {
  const found = [];
  for (const [what, address] of Object.entries(TYPES_OF_PAGES)) {
    found.push(...(await check(what, address)).map((fault) => `${what} (${address}): ${fault}`));
  }
  return found;
}

test("every type of page is there", () => {
  const pages = site.pages();
  assert.deepEqual(Object.values(TYPES_OF_PAGES).filter((address) => !pages.includes(address)), []);
});

for (const [colorScheme, width] of [["light", 1440], ["dark", 1440], ["light", 390], ["dark", 390]]) {
  test(`axe-core finds nothing on any type of page, ${colorScheme}, ${width} px`, async () => {
    const faults = [];
    for (const [what, address] of Object.entries(TYPES_OF_PAGES)) {
      const page = await opened(address, { colorScheme, viewport: { width, height: 900 } });
      faults.push(...(await axe(page)).map((fault) => `${what} (${address}): ${fault}`));
      await page.context().close();
    }
    assert.deepEqual(faults, []);
  });
}

test("at 320 px, which is 1280 px at 400 %, nothing has to be scrolled sideways", async () => {
  const faults = [];
  for (const [what, address] of Object.entries(TYPES_OF_PAGES)) {
    const page = await opened(address, { viewport: { width: 320, height: 256 } });
    const wide = await page.evaluate(() => {
      if (document.documentElement.scrollWidth <= 320) return [];
      // What scrolls by itself may be wide: a table, code.
      const scrolls = (element) => element.closest(".table, pre, [tabindex='0']");
      return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > 321 && !scrolls(one)).map((one) => one.outerHTML.slice(0, 80));
    });
    faults.push(...wide.slice(0, 3).map((fault) => `${what} (${address}): ${fault}`));
    await page.context().close();
  }
  assert.deepEqual(faults, []);
});

test("without script every page says the same, and the search leads to lists", async () => {
  const faults = await each(async (what, address) => {
    const [plain, full] = await Promise.all([opened(address, { javaScriptEnabled: false }), opened(address)]);
    // A button that needs script is not there without it.
    const words = (page) => page.locator("main").evaluate((main) => { main.querySelectorAll("[data-copy]").forEach((one) => one.remove()); return main.innerText; });
    const [a, b] = what === "search" ? ["", ""] : [await words(plain), await words(full)];
    await Promise.all([plain.context().close(), full.context().close()]);
    return a === b ? [] : ["its text needs script"];
  });
  assert.deepEqual(faults, []);
  const page = await opened("/search/", { javaScriptEnabled: false });
  assert.equal(await page.locator("[data-search]").isVisible(), false);
  assert.match(await page.locator("main").innerText(), /needs JavaScript/);
  await page.click("main a:text-is('Publications')");
  assert.match(page.url(), /\/publications\/$/);
});

test("nothing comes from elsewhere, nothing is stored, no policy is broken", async () => {
  const faults = await each(async (_, address) => {
    const page = await opened(address);
    const stored = await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length].join());
    const foreign = page.requests.filter((url) => !url.startsWith(site.url) && !url.startsWith("data:"));
    await page.context().close();
    return [...page.faults, ...foreign, ...(stored === ",0,0" ? [] : [`stores ${stored}`])];
  });
  assert.deepEqual(faults, []);
});

test("pages are light: a report with its styles, a list, the site's own script", () => {
  const packed = (address) => gzipSync(site.bytes(address), { level: 6 }).length;
  const styles = (address) => [...site.bytes(address).toString().matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map((match) => packed(match[1])).reduce((a, b) => a + b, 0);
  const report = packed(TYPES_OF_PAGES.report) + styles(TYPES_OF_PAGES.report);
  assert.ok(report <= 60 * 1024, `the report weighs ${report} bytes`);
  for (const address of ["/publications/", "/events/", "/themes/", "/topics/", "/people/"]) {
    assert.ok(packed(address) <= 14 * 1024, `${address} weighs ${packed(address)} bytes`);
  }
  for (const address of site.pages()) {
    for (const [, script] of site.bytes(address).toString().matchAll(/<script[^>]* src="([^"]+)"/g)) {
      assert.ok(site.bytes(script).length <= 10 * 1024, `${script} weighs ${site.bytes(script).length} bytes`);
    }
  }
});

test("Chromium reads the manifest, every icon, and the images of links", async () => {
  const page = await opened("/publications/sample-where-the-pound-goes/");
  const devtools = await page.context().newCDPSession(page);
  const manifest = await devtools.send("Page.getAppManifest");
  assert.deepEqual(manifest.errors, []);
  assert.equal(manifest.url, site.url + "/site.webmanifest");
  const { name, icons } = JSON.parse(manifest.data);
  assert.equal(name, "Centre for Local Economic Strategies");
  const size = (address) => page.evaluate(async (src) => {
    const image = new Image();
    image.src = src;
    await image.decode();
    return [image.naturalWidth, image.naturalHeight].join("x");
  }, address);
  for (const icon of icons) assert.equal(await size(icon.src), icon.sizes);
  assert.equal(await size("/apple-touch-icon.png"), "180x180");
  assert.equal(await size("/favicon.ico"), "48x48");
  for (const address of ["/", "/cy/", "/publications/sample-small-lots/", "/people/"]) {
    const said = site.bytes(address).toString().match(/property="og:image" content="https:\/\/cles.org.uk([^"]+)"/)[1];
    assert.equal(await size(said), "1200x630", address);
  }
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("turned for scripts from right to left, pages are whole and numbers stand beside their text", async () => {
  const faults = await each(async (_, address) => {
    const page = await opened(address, { viewport: { width: 390, height: 900 } });
    const found = await page.evaluate(() => {
      document.documentElement.dir = "rtl";
      const found = [];
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth > clientWidth) found.push(`${scrollWidth} px wide`);
      // The number is laid over the side on which lines begin, so there must be room.
      for (const one of document.querySelectorAll(".findings li, .statements > li")) {
        if (parseFloat(getComputedStyle(one).paddingRight) < 30) found.push("a number over its text");
      }
      const onward = document.querySelector(".onward");
      if (onward && !getComputedStyle(onward, "::after").content.includes("←")) found.push("an arrow that points back");
      return found;
    });
    await page.context().close();
    return found;
  });
  assert.deepEqual(faults, []);
});

test("a footnote leads there and back", async () => {
  const page = await opened(TYPES_OF_PAGES.report);
  const call = page.locator("main sup a").first();
  const id = await call.getAttribute("id") ?? await call.evaluate((one) => one.parentElement.id);
  await call.click();
  const note = new URL(page.url()).hash;
  assert.equal(await page.locator(note.replaceAll(":", "\\:")).count(), 1);
  await page.locator(`${note.replaceAll(":", "\\:")} a`).last().click();
  assert.equal(new URL(page.url()).hash, `#${id}`);
});

test("the other language is one step away, on the same subject", async () => {
  const page = await opened("/about/values/");
  await page.click("text=Cymraeg");
  assert.match(page.url(), /\/cy\/about\/gwerthoedd\/$/);
  assert.equal(await page.getAttribute("html", "lang"), "cy");
  assert.equal(await page.innerText("h1"), "Ein gwerthoedd");
  await page.click("text=English");
  assert.match(page.url(), /\/about\/values\/$/);
  const english = await opened("/about/sources/");
  assert.equal(await english.locator(".languages a").count(), 0);
});

const found = (page) => page.waitForFunction(() => /\d/.test(document.querySelector(".search-status").textContent) && document.querySelector(".search-results").children.length > 0);

test("a search finds pages and their sections, narrows, and can be linked to", async () => {
  const page = await opened("/search/");
  await page.keyboard.press("Tab");
  await page.focus("#search_words");
  await page.keyboard.type("community wealth");
  await found(page);
  assert.match(await page.innerText(".search-results"), /Build community wealth/);
  assert.match(await page.innerText(".search-status"), /^Results: \d+$/);
  const all = await page.locator(".search-results > li").count();
  await page.click("summary");
  await page.check("input[name=themes][value='Build community wealth']");
  await page.waitForFunction((all) => document.querySelectorAll(".search-results > li").length < all, all);
  assert.deepEqual(await axe(page), []);
  const again = await opened(new URL(page.url()).pathname + new URL(page.url()).search);
  await found(again);
  assert.equal(await again.inputValue("#search_words"), "community wealth");
  assert.equal(await again.isChecked("input[name=themes][value='Build community wealth']"), true);
  await again.click(".search-results a");
  assert.match(await again.innerText("h1"), /Wealth/i);
  assert.deepEqual([...page.faults, ...again.faults], []);
});

// Seen to fail without the list of words.
test("a search with two letters wrong finds what was meant, and says so", async () => {
  for (const [asked, instead] of [["procuremnet", "procurement"], ["comunnity", "community"], ["resillience", "resilience"]]) {
    const page = await opened(`/search/?q=${asked}`);
    await found(page);
    const said = await page.locator(".search-status").innerText();
    assert.ok(said.includes(`“${asked}”`) && said.includes(`“${instead}”`), said);
    await page.context().close();
  }
});

test("a search leads to the section that says it", async () => {
  const page = await opened("/search/?q=manchester");
  await found(page);
  const part = page.locator(".search-parts a").first();
  const href = await part.getAttribute("href");
  assert.match(href, /#/);
  await part.click();
  assert.equal(await page.locator(new URL(page.url()).hash).count(), 1);
});

// Seen to fail: every excerpt of a page or a section began with the title above it.
test("what a result quotes does not repeat its title, and has what was looked for in it", async () => {
  for (const words of ["salford", "community wealth", "manchester", "accessibility", "fairness"]) {
    const page = await opened(`/search/?q=${encodeURIComponent(words)}`);
    await found(page);
    const { wrong, marks } = await page.evaluate(() => {
      const letters = (one) => one.textContent.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
      const pairs = [...document.querySelectorAll(".search-results .card")].map((one) => [one.querySelector(".card-title"), one.querySelector(".card-words > p:not(.eyebrow)")]);
      const parts = [...document.querySelectorAll(".search-parts li")].map((one) => [one.querySelector("a"), one.querySelector("p")]);
      const all = [...pairs, ...parts];
      return {
        wrong: all.filter(([title, quoted]) => letters(quoted).startsWith(letters(title))).map(([title]) => title.textContent),
        marks: all.filter(([title, quoted]) => quoted.querySelector("mark")).length,
      };
    });
    assert.deepEqual(wrong, [], words);
    assert.ok(marks > 0, words);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  }
});

/** Results have the day of an event, the drawing or picture of anything else; kinds are narrowed by collection. */
async function showsWhatItFound(from) {
  const page = await opened("/search/?q=pound", {}, from);
  await found(page);
  const rows = await page.locator(".search-results .card").evaluateAll((all) => Promise.all(all.map(async (one) => {
    const image = one.querySelector(":scope > .cover img");
    if (image) [image.loading, await image.decode()];
    return [one.querySelector("a").getAttribute("href"), one.querySelector(":scope > .day")?.textContent.trim() ?? (image?.naturalWidth > 0 ? "picture" : "nothing")];
  })));
  assert.ok(rows.some(([href, shown]) => href.startsWith("/events/") && shown === "4 March 2027"), String(rows));
  assert.ok(rows.some(([href, shown]) => href.startsWith("/publications/") && shown === "picture"), String(rows));
  assert.ok(rows.every(([, shown]) => shown !== "nothing"), String(rows));
  await page.click("summary");
  const groups = await page.locator(".search-group:visible").evaluateAll((all) => all.map((one) => [one.querySelector("p").textContent, [...one.querySelectorAll("input")].filter((box) => box.checkVisibility()).map((box) => box.value)]));
  assert.deepEqual(groups, [["Publications", ["Report"]], ["Events", ["Launch"]]]);
  assert.deepEqual([...page.faults, ...(await axe(page))], []);
  await page.context().close();
}

// Of the pages asked for, one is a sample, one is under embargo, one a draft, one withdrawn: and nothing else keeps each away, as
// the second site says of none that it is a sample. Seen to fail with the survey's withdrawal taken out of its text.
test("what is invented, hidden or withdrawn is not found", async () => {
  const real = await new Site().changed((_, text) => text.replace(/^sample = true$/m, "")).start();
  const addresses = async (from, words) => {
    const page = await opened(`/search/?q=${encodeURIComponent(`"${words}"`)}`, {}, from);
    await page.waitForFunction(() => !["", document.querySelector("[data-search]").dataset.working].includes(document.querySelector(".search-status").textContent));
    // A search that cannot be loaded finds nothing either.
    assert.notEqual(await page.innerText(".search-status"), await page.getAttribute("[data-search]", "data-failed"));
    const found = await page.locator(".search-results a").evaluateAll((links) => links.map((link) => new URL(link.href).pathname));
    await page.context().close();
    return found;
  };
  try {
    const asked = { "sample-where-the-pound-went": "photograph of a spreadsheet", "sample-empty-shops": "Two volunteers walked", "sample-embargoed-report": "one minute past midnight",
      "sample-draft-on-housing": "This text is unfinished" };
    for (const [slug, words] of Object.entries(asked)) {
      const page = `/publications/${slug}/`;
      assert.deepEqual((await addresses(site, words)).filter((one) => one === page), [], `${words}, on the site as it is`);
      assert.equal((await addresses(real, words)).includes(page), slug === "sample-where-the-pound-went", `${words}, on one without samples`);
    }
    assert.deepEqual((await addresses(site, "Ada Sample")).filter((one) => /sample/.test(one)), []);
    // A number that a field quotes from a data file. Seen to fail with the words of plain fields alone.
    assert.ok((await addresses(real, "38%")).includes("/publications/sample-where-the-pound-goes/"));
    await showsWhatItFound(real);
  } finally {
    await real.stop();
  }
});

test("each language is searched by itself", async () => {
  const page = await opened("/cy/search/?q=cyfoeth");
  await found(page);
  assert.match(await page.innerText(".search-results"), /Adeiladu cyfoeth cymunedol/);
  const english = await opened("/search/?q=cyfoeth");
  await english.waitForFunction(() => document.querySelector(".search-status").textContent === document.querySelector("[data-search]").dataset.nothing);
});

// Seen to fail with the warnings' colour made paler, and with a table that does not scroll.
test("the manual: axe-core finds nothing, nothing has to be scrolled sideways, nothing comes from elsewhere", async () => {
  const faults = [];
  for (const [colorScheme, width] of [["light", 1440], ["dark", 1440], ["light", 320], ["dark", 390]]) {
    for (const [what, address] of Object.entries(PAGES_OF_THE_MANUAL)) {
      const page = await opened(address, { colorScheme, viewport: { width, height: 900 } }, manual);
      const found = [...page.faults, ...(await axe(page)), ...page.requests.filter((url) => !url.startsWith(manual.url) && !url.startsWith("data:"))];
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.push("it has to be scrolled sideways");
      faults.push(...found.map((fault) => `${what} (${address}), ${colorScheme}, ${width} px: ${fault}`));
      await page.context().close();
    }
  }
  assert.deepEqual(faults, []);
});

test("the manual can be searched, and is read on with the keyboard", async () => {
  const page = await opened("/search/?q=curly+quotation", {}, manual);
  await page.locator(".search-results a", { hasText: "toml-syntax" }).first().waitFor();
  await page.goto(`${manual.url}/first-hour/`);
  await page.locator(".onwards a[rel=next]").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/writing/");
  assert.equal(await page.locator(".chapters a[aria-current=page]").innerText(), "Writing");
  await page.context().close();
});
