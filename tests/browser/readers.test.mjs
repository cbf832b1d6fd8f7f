// Readers who come by other means: with the keyboard alone, in colours of their own, without motion, on a phone, on paper.
// What each test was seen to fail on stands above it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { Site, TYPES_OF_PAGES } from "./site.mjs";

let browser, site;

before(async () => {
  site = await new Site().start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

async function opened(address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(site.url + address);
  return page;
}

/** What `check` finds on pages of these types, all if none is named. */
async function each(options, check, types = Object.keys(TYPES_OF_PAGES)) {
  const faults = [];
  for (const what of types) {
    const page = await opened(TYPES_OF_PAGES[what], options);
    faults.push(...(await check(page)).map((fault) => `${what} (${TYPES_OF_PAGES[what]}): ${fault}`));
    await page.context().close();
  }
  return faults;
}

// The keyboard --------------------------------------------------------------------------------------------------------

/** What a page is asked about the element that has the focus: where it is in the order of the page, and how it is seen. */
function focused() {
  const one = document.activeElement;
  if (one === document.body) return null;
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (colour) => channels(colour).slice(0, 3).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  let ground = one.parentElement;
  while (ground.parentElement && channels(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const style = getComputedStyle(one);
  const [light, dark] = [luminance(style.outlineColor), luminance(getComputedStyle(ground).backgroundColor)].sort((a, b) => b - a);
  const box = one.getClientRects()[0] ?? one.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
  const covered = points.filter(([x, y]) => {
    const over = document.elementFromPoint(x, y);
    return !(over && (one === over || one.contains(over) || over.contains(one)));
  });
  return {
    what: one.outerHTML.slice(0, 90), place: window.reachable.indexOf(one),
    outlined: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2, contrast: (light + 0.05) / (dark + 0.05),
    inside: box.top >= -1 && box.bottom <= innerHeight + 1 && box.left >= -1 && box.right <= innerWidth + 1, covered: covered.length > 0,
  };
}

// Seen to fail: with `tabindex="2"` on a link of the menu (order); `tabindex="-1"` on the links of cards (not reached);
// `:focus-visible { outline: auto }` and one of the paper's colour (no outline, contrast); a sticky masthead (covered).
for (const [colorScheme, width] of [["light", 390], ["dark", 1280]]) {
  test(`with the keyboard everything is reached once, in order, seen and not hidden, ${colorScheme}, ${width} px`, async () => {
    const types = ["home", "home in Welsh", "page", "accessibility statement", "press", "theme", "publications of a kind", "report", "withdrawn evidence", "press release", "events",
      "event", "person", "place", "project", "search", "not found"];
    const faults = await each({ colorScheme, viewport: { width, height: 700 } }, async (page) => {
      const found = [];
      if (page.url().endsWith("/search/")) {
        await page.focus("#search_words");
        await page.locator(".search-facet:not([hidden]) input").first().waitFor({ state: "attached" });
        await page.click("summary");
        await page.evaluate(() => document.activeElement.blur());
        await page.reload();
      }
      // In the order of the page, which is the order of its parts: masthead, way here, main content, foot.
      const count = await page.evaluate(() => {
        window.reachable = [...document.querySelectorAll("a[href], button, input, summary, select, textarea, [tabindex='0']")].filter((one) => one.checkVisibility() && !one.disabled);
        const part = (one) => [".skip", ".masthead", ".crumbs", "main", ".foot"].findIndex((part) => one.closest(part));
        window.parts = window.reachable.map(part);
        return window.reachable.length;
      });
      const parts = await page.evaluate(() => window.parts);
      if (parts.includes(-1) || parts.some((part, i) => i > 0 && part < parts[i - 1])) found.push(`its parts are out of order: ${parts}`);
      for (let step = 0; step <= count; step++) {
        await page.keyboard.press("Tab");
        const seen = await page.evaluate(focused);
        if (!seen) {
          if (step !== count) found.push(`the keyboard reaches ${step} of ${count}`);
          break;
        }
        if (seen.place !== step) found.push(`step ${step} is at ${seen.place}: ${seen.what}`);
        if (!seen.outlined || seen.contrast < 3) found.push(`no outline, or a faint one: ${JSON.stringify(seen)}`);
        if (!seen.inside || seen.covered) found.push(`hidden: ${JSON.stringify(seen)}`);
        if (seen.place === -1 || found.length > 5) break;
      }
      return found;
    }, types);
    assert.deepEqual(faults, []);
  });
}

// Seen to fail with the link's target misspelt, without `tabindex` on `main`, and with the link never brought into view.
test("the way past the menu comes first, is seen, and leads past the menu", async () => {
  const faults = await each({ viewport: { width: 390, height: 700 } }, async (page) => {
    const skip = page.locator(".skip");
    const inView = () => skip.evaluate((one) => one.getBoundingClientRect().bottom > 0);
    const found = [];
    if (await inView()) found.push("it stands in the way before it is wanted");
    await page.keyboard.press("Tab");
    if (!(await page.evaluate(() => document.activeElement.matches(".skip")))) found.push("it does not come first");
    if (!(await inView())) found.push("it is not seen");
    await page.keyboard.press("Enter");
    if (await page.evaluate(() => document.activeElement.localName) !== "main") found.push("it does not lead to the main content");
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => !document.activeElement.closest("main, .foot"))) found.push("the next step is before the main content");
    return found;
  });
  assert.deepEqual(faults, []);
});

// The reader's own colours ----------------------------------------------------------------------------------------------

// Seen to fail on the style without its rules for forced colours: clear borders under the whole menu, no ground under the current
// kind; with links of the text made not underlined; with the button's border taken away.
test("in forced colours links, buttons, the current page and the focus are told apart", async () => {
  const current = [];
  const faults = await each({ forcedColors: "active", colorScheme: "dark" }, async (page) => {
    const { found, told } = await page.evaluate(() => {
      const ground = getComputedStyle(document.body).backgroundColor;
      const seenBorders = (style) => ["Top", "Right", "Bottom", "Left"].map((side) => {
        const [width, kind, colour] = ["Width", "Style", "Color"].map((what) => style[`border${side}${what}`]);
        return kind !== "none" && parseFloat(width) > 0 && colour !== ground ? `${width} ${colour}` : "";
      });
      /** All by which a reader can tell an element from another, as it is in these colours. */
      const looks = (one) => {
        const style = getComputedStyle(one);
        return [style.color, style.backgroundColor.endsWith(", 0)") ? ground : style.backgroundColor, style.textDecorationLine, ...seenBorders(style)].join(" | ");
      };
      const found = [];
      for (const one of document.querySelectorAll("a[href], button")) {
        if (!one.checkVisibility()) continue;
        const style = getComputedStyle(one);
        const framed = seenBorders(style).some(Boolean);
        // In lists of nothing but links a link needs no line of its own; in a text, or where it is to be pressed, it does.
        const listed = one.closest(".menu, .contents, .brand, .skip, .note-back, .recommendation-label, .note-reference, .logos");
        if ((one.matches("button, .button") && !framed) || (!listed && !framed && !style.textDecorationLine.includes("underline") && !one.matches("[aria-current]"))) {
          found.push(`not told from text: ${one.outerHTML.slice(0, 80)}`);
        }
      }
      const told = [];
      for (const one of document.querySelectorAll("a[aria-current]:not(.brand)")) {
        const others = [...one.closest("nav").querySelectorAll("a[href]:not([aria-current])")];
        told.push(one.closest("nav").className);
        if (others.some((other) => looks(other) === looks(one))) found.push(`not told from the others: ${looks(one)}: ${one.outerHTML.slice(0, 80)}`);
      }
      return { found, told };
    });
    current.push(...told);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return [style.outlineStyle, parseFloat(style.outlineWidth) >= 2, style.outlineColor !== getComputedStyle(document.body).backgroundColor];
    });
    if (String(outline) !== "solid,true,true") found.push(`the focus is not seen: ${outline}`);
    return found;
  });
  assert.deepEqual(faults, []);
  for (const nav of ["menu", "facets"]) assert.ok(current.includes(nav), `no page has a current one in its ${nav}`);
});

// Motion ----------------------------------------------------------------------------------------------------------------

// Seen to fail with `a { transition: color 0.2s }`, with an animation of `.hero::after`, and with `scroll-behavior: smooth` outside its query.
test("who wants no motion has none", async () => {
  const faults = await each({ reducedMotion: "reduce" }, (page) => page.evaluate(() => {
    const found = document.getAnimations().map((one) => `it moves: ${one.animationName ?? one.transitionProperty}`);
    for (const one of document.querySelectorAll("*")) {
      for (const part of [null, "::before", "::after"]) {
        const style = getComputedStyle(one, part);
        const lasts = [style.transitionDuration, style.transitionDelay].some((times) => times.split(",").some((time) => parseFloat(time) > 0));
        if (lasts || style.animationName !== "none" || style.scrollBehavior !== "auto") found.push(`${one.localName}.${one.className}${part ?? ""} moves`);
      }
    }
    return found;
  }));
  assert.deepEqual(faults, []);
  // Which says something, as others see the page glide.
  const page = await opened("/", { reducedMotion: "no-preference" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), "smooth");
});

// A phone ---------------------------------------------------------------------------------------------------------------

// Seen to fail with the notices put below the facts, and without the room between labels.
test("on a phone, what is withdrawn, replaced or off says so before anything is scrolled; no label touches another", async () => {
  const phone = { viewport: { width: 390, height: 844 } };
  for (const what of ["withdrawn evidence", "replaced edition", "cancelled event"]) {
    const page = await opened(TYPES_OF_PAGES[what], phone);
    const below = await page.locator(".notice-withdrawn, .notice-state").evaluate((one) => one.getBoundingClientRect().bottom);
    assert.ok(below <= 844, `${what}: ${below}`);
    await page.context().close();
  }
  const touching = await each(phone, (page) => page.locator(".label + .label").evaluateAll((labels) => labels
    .map((one) => [one.previousElementSibling.getBoundingClientRect(), one.getBoundingClientRect(), one])
    .filter(([a, b]) => b.left - a.right < 4 && b.top - a.bottom < 2)
    .map(([, , one]) => one.parentElement.outerHTML.slice(0, 120))));
  assert.deepEqual(touching, []);
});

// Paper -----------------------------------------------------------------------------------------------------------------

/** The pages that come out of a printer. */
async function printed(page, options = { preferCSSPageSize: true }) {
  // Pictures further down are loaded when they come near; a reader who prints has come by them.
  await page.evaluate(() => document.querySelectorAll("img").forEach((one) => { one.loading = "eager"; }));
  await page.waitForFunction(() => [...document.images].every((one) => one.complete));
  const file = join(site.folder, "printed.pdf");
  writeFileSync(file, await page.pdf(options));
  const told = (...how) => execFileSync("pdftotext", [...how, file, "-"], { encoding: "utf8" });
  // In the order in which it is written, so that columns are not read across.
  return { text: told("-raw"), boxes: told("-bbox-layout") };
}
const close = (text) => text.normalize("NFKC").replace(/[\s\u00ad]+/g, "");

// Seen to fail with the menu, the forms of a citation and the search's form left in, each by itself, and with `.prose p` not printed.
test("on paper there is the whole text and nothing to press", async () => {
  const page = await opened(TYPES_OF_PAGES.report);
  const text = close((await printed(page)).text);
  await page.emulateMedia({ media: "print" });
  const said = await page.locator("h1, .standfirst, .meta dd, main :is(h2, h3, p, li, td, dd)").evaluateAll((all) => all
    .filter((one) => !one.closest("nav, .downloads, .cite-forms, .figure-data, .chart-numbers, pre, [aria-labelledby='part_next']") && !one.querySelector("a[href^=http], sup, p, ul, ol, li, .label"))
    .map((one) => one.innerText));
  assert.ok(said.length > 60, `${said.length} pieces of text`);
  assert.deepEqual(said.filter((words) => !text.includes(close(words))), []);
  for (const words of ["BibTeX", "Skip to the main content", "Read next", "Data of figure", "You are here", "Privacy"]) assert.ok(!text.includes(close(words)), `${words} is printed`);
  const faults = await each({}, async (page) => {
    await page.emulateMedia({ media: "print" });
    return page.evaluate(() => [...document.querySelectorAll("nav, form, button, input, [download]:not(:has(img)), .skip, .cite-forms, .languages, .downloads, [type='text/calendar']")]
      .filter((one) => one.checkVisibility()).map((one) => `${one.outerHTML.slice(0, 80)} is printed`));
  });
  assert.deepEqual(faults, []);
});

// Seen to fail with the rule that prints addresses for `.prose` alone.
test("on paper a link to elsewhere says its address", async () => {
  let count = 0;
  const faults = await each({}, async (page) => {
    const links = page.locator(".prose a[href^=http], .small-print a[href^=http], .button:not(.button-quiet, [download])");
    const addresses = await links.evaluateAll((all) => all.map((one) => one.href));
    count += addresses.length;
    const text = close((await printed(page)).text);
    return addresses.filter((address) => !text.includes(address)).map((address) => `${address} is not printed`);
  }, ["accessibility statement", "report", "event", "toolkit"]);
  assert.deepEqual(faults, []);
  assert.ok(count >= 4, `${count} addresses`);
});

// Seen to fail without `break-after: avoid`, and with it for h2 alone.
test("on paper no heading is the last line of a page", async () => {
  const page = await opened(TYPES_OF_PAGES.report);
  const headings = await page.locator("main :is(h2, h3, dt, .figure-label, .figure-title, .findings-title)").evaluateAll((all) => all.map((one) => one.innerText));
  const wanted = new Set(headings.map(close));
  const alone = [];
  // Wherever a page may end: sheets of many heights put each heading near the foot of one of them.
  for (let height = 150; height <= 300; height += 10) {
    const { boxes } = await printed(page, { width: "210mm", height: `${height}mm`, margin: { top: "15mm", bottom: "15mm", left: "22mm", right: "22mm" } });
    for (const sheet of boxes.split("<page ").slice(1)) {
      const lines = [...sheet.matchAll(/<line [^>]*yMax="([\d.]+)"[^>]*>([\s\S]*?)<\/line>/g)].map(([, foot, words]) => [Number(foot), close(words.replace(/<[^>]+>/g, ""))]);
      const last = lines.sort((a, b) => a[0] - b[0]).at(-1);
      if (last && wanted.has(last[1])) alone.push(`${height} mm: ${last[1]}`);
    }
  }
  assert.deepEqual(alone, []);
});
