// Each output is read by a program that did not write it, and must say what the source says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { plugins } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import "@citation-js/plugin-ris";
import { parseFeed } from "@rowanmanning/feed-parser";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import ICAL from "ical.js";
import { ODD, build, manual } from "./site.mjs";

const find = createRequire(import.meta.url).resolve;
const site = build();
const docs = manual();
after(() => [site, docs].forEach((one) => one.remove()));
const named = (end) => site.names.filter((name) => name.endsWith(end));

// Seen to fail with `</script>` let through in a block of JSON-LD.
test("the Nu HTML checker finds no error on any page, the manual's too", () => {
  const jar = find("vnu-jar/build/dist/vnu.jar");
  const ran = spawnSync("java", ["-Xss4m", "-jar", jar, "--skip-non-html", "--errors-only", "--verbose", "--format", "gnu", site.out, docs.out], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const lines = ran.stderr.split("\n").filter((line) => line.includes(": error"));
  assert.deepEqual(lines, []);
  assert.equal(ran.status, 0, ran.stderr.slice(0, 2000));
  const page = spawnSync("java", ["-Xss4m", "-jar", jar, "--errors-only", site.report], { encoding: "utf8" });
  assert.equal(page.status, 0, page.stderr);
  assert.ok(named(".html").length > 80);
  assert.ok(docs.names.filter((name) => name.endsWith(".html")).length > 110);
});

/** Type → what it extends and which properties it has, from the vocabulary as its keepers publish it. */
function vocabulary() {
  const types = new Map();
  const text = readFileSync(find("schema-dts").replace(/schema\.js$/, "schema.d.ts"), "utf8");
  for (const [, name, bases, body] of text.matchAll(/interface (\w+)Base extends ([^{]+)\{([\s\S]*?)\n\}/g)) {
    const above = [...bases.matchAll(/(\w+)Base/g)].map((found) => found[1]);
    const own = [...body.matchAll(/^\s*"?(\w+)"?\?:/gm)].map((found) => found[1]);
    types.set(name, { above, own });
  }
  for (const [, name, body] of text.matchAll(/interface (\w+)Leaf extends ([^{]+)\{/g)) {
    if (!types.has(name)) types.set(name, { above: [...body.matchAll(/(\w+)Base/g)].map((found) => found[1]), own: [] });
  }
  return types;
}

// Seen to fail with a language given to a term, which schema.org does not know.
test("JSON-LD uses types and properties that schema.org has", () => {
  const types = vocabulary();
  assert.ok(types.get("Article")?.own.includes("articleBody") && types.get("Thing")?.own.includes("name"), "the vocabulary was read");
  const known = (type, key, seen = new Set()) => {
    const declared = types.get(type);
    if (!declared || seen.has(type)) return false;
    return declared.own.includes(key) || declared.above.some((one) => known(one, key, seen.add(type)));
  };
  const wrong = [];
  let things = 0;
  const look = (value, page) => {
    if (Array.isArray(value)) return value.forEach((one) => look(one, page));
    if (value === null || typeof value !== "object") return;
    const type = value["@type"];
    if (type) {
      things += 1;
      if (!types.has(type)) wrong.push(`${page}: there is no ${type}`);
      else for (const key of Object.keys(value)) if (!key.startsWith("@") && !known(type, key)) wrong.push(`${page}: a ${type} has no ${key}`);
    }
    Object.entries(value).forEach(([key, one]) => key === "@context" || look(one, page));
  };
  for (const page of named(".html")) {
    for (const [, block] of site.read(page).matchAll(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/g)) look(JSON.parse(block), page);
  }
  assert.deepEqual([...new Set(wrong)], []);
  assert.ok(things > 300, `${things}`);
  const [, block] = site.read("publications/odd-signs/index.html").match(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/);
  assert.equal(JSON.parse(block)["@graph"][0].headline, ODD.title);
});

// Seen to fail with RSS dated by the last change, and naming entries otherwise than Atom.
test("feeds are read, in both formats with the same ids", () => {
  const feeds = site.names.filter((name) => /(^|\/)(feed|rss)\.xml$/.test(name));
  assert.ok(feeds.length > 5, feeds.join());
  for (const name of feeds) {
    const feed = parseFeed(site.read(name));
    assert.equal(feed.self, `https://cles.org.uk/${name}`, name);
    assert.ok(feed.title && feed.url, name);
    for (const item of feed.items) assert.ok(item.id && item.title && item.url && (item.published ?? item.updated), `${name}: ${item.title}`);
  }
  const [atom, rss] = ["feed", "rss"].map((name) => parseFeed(site.read(`publications/${name}.xml`)));
  assert.deepEqual([atom.meta.type, rss.meta.type], ["atom", "rss"]);
  const said = (feed) => feed.items.map((item) => [item.id, item.title, item.url, item.description, item.published.toISOString()]);
  assert.deepEqual(said(rss), said(atom));
  assert.ok(atom.items.some((item) => item.id === "tag:example.org,2026:odd" && item.title === ODD.title));
});

// Seen to fail with the last day of an event as its end, which calendars leave out.
test("calendars are read, whole days and cancellations too", () => {
  const calendars = named(".ics");
  assert.ok(calendars.length > 4);
  for (const name of calendars) {
    for (const event of new ICAL.Component(ICAL.parse(site.read(name))).getAllSubcomponents("vevent")) {
      for (const needed of ["uid", "dtstamp", "dtstart", "summary", "url"]) assert.ok(event.getFirstPropertyValue(needed), `${name}: ${needed}`);
      // A stamp from the future would make a later change look older than what calendars have.
      assert.ok(event.getFirstPropertyValue("dtstamp").toJSDate() <= new Date("2026-11-20T09:00Z"), name);
    }
  }
  const event = new ICAL.Component(ICAL.parse(site.read("events/odd-signs/event.ics"))).getFirstSubcomponent("vevent");
  const value = (key) => event.getFirstPropertyValue(key);
  assert.equal(value("summary"), ODD.event);
  assert.equal(value("status"), "CANCELLED");
  assert.deepEqual([value("dtstart"), value("dtend")].map((when) => [when.isDate, when.toString()]), [[true, "2027-05-01"], [true, "2027-05-03"]]);
});

// Seen to fail with `--` as it is in BibTeX, which TeX makes one dash.
test("citations are read, and say the same in three formats", () => {
  const [bib, ris, csl] = ["bib", "ris", "json"].map((end) => site.read(`publications/odd-signs/cite.${end}`));
  const read = { bib: plugins.input.chain(bib)[0], ris: plugins.input.chain(ris)[0], csl: plugins.input.chain(csl)[0] };
  for (const [form, item] of Object.entries(read)) {
    assert.equal(item.type, "report", form);
    assert.equal(item.title.replace(/<\/?span[^>]*>/g, ""), ODD.title, form);
    assert.equal(item.DOI, ODD.doi, form);
    assert.equal(item.URL, "https://cles.org.uk/publications/odd-signs/", form);
    assert.deepEqual(item.issued["date-parts"][0].slice(0, 2), [2026, 5], form);
    assert.equal(item.author.length, 1, `${form}: ${JSON.stringify(item.author)}`);
    assert.ok(item.publisher, form);
    // The reader of BibTeX gives them in a list.
    assert.equal([item.keyword].flat().join(), "Create great places", form);
  }
  for (const name of [...named("cite.bib"), ...named("cite.ris")]) assert.equal(plugins.input.chain(site.read(name)).length, 1, name);
});

test("sitemaps are XML, and all that they name is there", () => {
  const xml = site.read("sitemap.xml");
  assert.equal(XMLValidator.validate(xml), true);
  const { urlset } = new XMLParser().parse(xml);
  assert.ok(urlset.url.length > 50);
  for (const { loc, lastmod } of urlset.url) {
    const { origin, pathname } = new URL(loc);
    assert.equal(origin, "https://cles.org.uk");
    assert.ok(site.names.includes(`${decodeURIComponent(pathname).slice(1)}index.html`), loc);
    assert.ok(lastmod === undefined || Date.parse(lastmod) <= Date.parse("2026-11-20T09:00Z"), `${loc} ${lastmod}`);
  }
  assert.match(site.read("robots.txt"), /^Sitemap: https:\/\/cles\.org\.uk\/sitemap\.xml$/m);
});

test("security.txt has what RFC 9116 requires", () => {
  const fields = site.read(".well-known/security.txt").trim().split("\n").map((line) => line.split(/: (.*)/).slice(0, 2));
  const all = (name) => fields.filter(([key]) => key === name).map(([, value]) => value);
  assert.deepEqual(all("Contact"), ["mailto:security@example.org"]);
  assert.deepEqual(all("Expires"), ["2027-10-31T23:59:59Z"]);
});
