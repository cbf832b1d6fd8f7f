// Each output is read by a program that did not write it, and must say what the source says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { plugins } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import "@citation-js/plugin-ris";
import { parse as parseBibTeX } from "@retorquere/bibtex-parser";
import { parseFeed } from "@rowanmanning/feed-parser";
import Ajv from "ajv";
import { XMLParser } from "fast-xml-parser";
import { loadFromString } from "html-metadata";
import ICAL from "ical.js";
import robotsParser from "robots-parser";
import { validateXML } from "xmllint-wasm";
import { CITED } from "./cited.mjs";
import { EXPIRES, ODD, build, manual } from "./site.mjs";

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
  // In RSS a description is HTML, in Atom it is text.
  const text = (html) => html?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  assert.deepEqual(said(rss).map((item) => item.with(3, text(item[3]))), said(atom));
  assert.ok(atom.items.some((item) => item.id === "tag:example.org,2026:odd" && item.title === ODD.title));
  assert.deepEqual(atom.items.filter((item) => item.url.includes("/sample-")), []);
  const paper = atom.items.find((item) => item.title === "A paper");
  assert.equal(paper.updated.toISOString(), "2026-07-01T23:00:00.000Z", "the correction is of 2 July, in London");
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
  assert.equal(value("conference"), ODD.join);
  assert.equal(value("location"), ODD.join);
  assert.equal(value("last-modified").toString(), "2026-09-30T23:00:00Z");
  assert.ok(value("sequence") > 0);
  const listed = new ICAL.Component(ICAL.parse(site.read("events/events.ics"))).getAllSubcomponents("vevent");
  assert.deepEqual(listed.map((event) => event.getFirstPropertyValue("summary")), [ODD.event]);
  assert.equal(new ICAL.Component(ICAL.parse(site.read("events/sample-past-seminar/event.ics"))).getFirstSubcomponent("vevent").getFirstPropertyValue("summary"), "Sample: Who owns the high street?");
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

// Seen to fail with `?`` as it is, with `<` as it is, and with a name that holds a comma given to RIS as it is.
test("citations of hostile titles, names and files say the same to five readers", () => {
  const python = spawnSync(join(import.meta.dirname, ".venv/bin/python"), ["citations.py", join(site.out, "publications")], { cwd: import.meta.dirname, encoding: "utf8" });
  assert.equal(python.status, 0, python.stderr);
  const others = JSON.parse(python.stdout);
  const folders = named("cite.bib").map((name) => name.split("/").at(-2));
  // A file's name may be written in other letters in the address.
  const at = (title) => folders.find((folder) => JSON.parse(site.read(`publications/${folder}/cite.json`))[0].title === title);
  const keys = new Set();
  for (const { title, authors, whole } of CITED) {
    const folder = at(title);
    assert.ok(folder, title);
    const [bib, ris, csl] = ["bib", "ris", "json"].map((end) => site.read(`publications/${folder}/cite.${end}`));
    const { entries, errors } = parseBibTeX(bib, { sentenceCase: false, caseProtection: false });
    assert.deepEqual(errors, [], title);
    assert.equal(entries.length, 1, title);
    assert.match(entries[0].key, /^[a-z0-9][a-z0-9-]*$/);
    keys.add(entries[0].key);
    const [cited] = JSON.parse(csl);
    assert.equal(cited.id, entries[0].key, title);
    const chain = (text, type) => plugins.input.chain(text, { forceType: type })[0];
    const read = { "citation.js, BibTeX": chain(bib, "@bibtex/text"), "citation.js, RIS": chain(ris, "@ris/file"), CSL: cited };
    const of = ({ family = "", given = "", literal, "non-dropping-particle": particle }) => literal ?? [particle ? `${particle} ${family}` : family, given].filter(Boolean).join(", ");
    const names = Object.entries(read).map(([reader, item]) => [reader, item.title, item.URL, item.author.map(of)]);
    const better = entries[0].fields.author.map(({ name, lastName = "", firstName, prefix }) => name ?? [prefix ? `${prefix} ${lastName}` : lastName, firstName].filter(Boolean).join(", "));
    names.push(["bibtex-parser", entries[0].fields.title, entries[0].fields.url, better]);
    for (const reader of ["pybtex", "rispy"]) {
      const { title, url, authors } = others[folder][reader];
      names.push([reader, title, url, authors.map((parts) => parts.filter(Boolean).join(", "))]);
    }
    for (const [reader, said, url, by] of names) {
      assert.equal(said.replace(/<\/?span[^>]*>/g, "").replace(/<i><\/i>/g, ""), title, reader);
      assert.equal(url, `https://cles.org.uk/publications/${folder}/`, reader);
      // RIS has no sign that keeps a comma within a name.
      const expected = whole && /RIS|rispy/.test(reader) ? authors.map((name) => name.replaceAll(",", "")) : authors;
      assert.deepEqual(by.map((name) => name.replace(/,$/, "")), expected, `${reader}: ${title}`);
    }
  }
  assert.equal(keys.size, CITED.length, "each has a key of its own");
});

// Seen to fail with a key that CSL does not know.
test("CSL-JSON is as its schema has it", () => {
  const lib = join(import.meta.dirname, ".venv/lib");
  const schema = join(lib, readdirSync(lib)[0], "site-packages/commonmeta/resources/csl-data.json");
  // The schema is of draft 7 in all but the types of some values, of which it gives several.
  const valid = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(schema, "utf8")));
  assert.ok(!valid([{ type: "report", id: "a", pages: 4 }]) && !valid([{ type: "leaflet", id: "a" }]), "it refuses what is wrong");
  assert.ok(named("cite.json").length > 4);
  for (const name of named("cite.json")) assert.ok(valid(JSON.parse(site.read(name))), `${name}: ${JSON.stringify(valid.errors)}`);
});

// Seen to fail with `lastmod` before `loc`, and without its time zone, which the schema lets through.
test("sitemaps are as their schema has them, and all that they name is there", async () => {
  const schema = readFileSync(join(dirname(find("sitemap/package.json")), "schema/sitemap.xsd"), "utf8");
  const check = async (contents) => validateXML({ xml: [{ fileName: "sitemap.xml", contents }], schema: [schema] });
  const xml = site.read("sitemap.xml");
  const found = await check(xml);
  assert.ok(found.valid, JSON.stringify(found.errors));
  assert.ok(!(await check(xml.replace("<loc>", "<lock>").replace("</loc>", "</lock>"))).valid, "it refuses what is wrong");
  const { urlset } = new XMLParser().parse(xml);
  assert.ok(urlset.url.length > 40, `${urlset.url.length}`);
  const robots = robotsParser("https://cles.org.uk/robots.txt", site.read("robots.txt"));
  assert.deepEqual(robots.getSitemaps(), ["https://cles.org.uk/sitemap.xml"]);
  for (const { loc, lastmod } of urlset.url) {
    const { origin, pathname } = new URL(loc);
    assert.equal(origin, "https://cles.org.uk");
    assert.ok(site.names.includes(`${decodeURIComponent(pathname).slice(1)}index.html`), loc);
    assert.ok(lastmod === undefined || /[+-]\d\d:\d\d$/.test(lastmod) && Date.parse(lastmod) <= Date.parse("2026-11-20T09:00Z"), `${loc} ${lastmod}`);
    assert.equal(robots.isAllowed(loc, "Googlebot"), true, loc);
  }
});

// Seen to fail with the Welsh file as the paper, with the tags on evidence, and with `og:image` left out.
test("Open Graph and the tags for scholars are read from the heads of pages", async () => {
  for (const name of named(".html").filter((name) => !name.endsWith("404.html") && !name.includes("/fig-") && !site.read(name).includes('http-equiv="refresh"'))) {
    const { openGraph, highwirePress, general } = await loadFromString(site.read(name));
    // The four that ogp.me requires.
    for (const needed of ["title", "type", "url"]) assert.ok(openGraph[needed], `${name}: ${needed}`);
    assert.ok(openGraph.image.url.startsWith("https://cles.org.uk/"), name);
    assert.equal(openGraph.url, general.canonical, name);
    assert.equal(highwirePress !== undefined, ["Report", "Briefing"].includes(openGraph.section), `${name} is ${openGraph.section}`);
    if (highwirePress) for (const needed of ["title", "author", "publication_date", "technical_report_institution"]) assert.ok(highwirePress[needed], `${name}: ${needed}`);
  }
  const { openGraph, highwirePress } = await loadFromString(site.read("publications/paper/index.html"));
  assert.deepEqual([openGraph.published_time, openGraph.modified_time, openGraph.section], ["2026-05-04", "2026-07-02", "Briefing"]);
  assert.deepEqual(highwirePress.author, ["Sample, Ada", "Dee Emm"]);
  assert.equal(highwirePress.publication_date, "2026/05/04");
  assert.equal(highwirePress.pdf_url, "https://cles.org.uk/publications/paper/paper.pdf");
  const odd = await loadFromString(site.read("publications/odd-signs/index.html"));
  assert.deepEqual([odd.openGraph.title, odd.highwirePress.title], [ODD.title, ODD.title]);
});

// Seen to fail with a day for the moment at which it expires.
test("security.txt has what RFC 9116 requires", () => {
  const address = "https://cles.org.uk/.well-known/security.txt";
  const program = ["security.py", address];
  const ran = spawnSync(join(import.meta.dirname, ".venv/bin/python"), program, { cwd: import.meta.dirname, input: site.read(".well-known/security.txt"), encoding: "utf8" });
  assert.equal(ran.status, 0, ran.stderr);
  const { valid, errors, fields } = JSON.parse(ran.stdout);
  assert.deepEqual([valid, errors], [true, []]);
  const all = (name) => fields.filter(([key]) => key === name).map(([, value]) => value);
  assert.deepEqual(all("contact"), ["mailto:security@example.org"]);
  assert.deepEqual(all("expires"), [`${EXPIRES}T23:59:59Z`]);
  assert.deepEqual(all("canonical"), [address]);
});

// Seen to fail with a schema that lets unknown fields through, and with one that asks a translation for a title.
test("the schemas for editors accept what the program accepts, and refuse the shapes that it refuses", () => {
  const ran = spawnSync(join(import.meta.dirname, ".venv/bin/python"), ["schemas.py", process.env.PAMPHLET_BIN], { cwd: import.meta.dirname, encoding: "utf8" });
  assert.equal(ran.status, 0, ran.stderr);
  const { wrong, accepted, refused } = JSON.parse(ran.stdout);
  assert.deepEqual(wrong, []);
  assert.ok(accepted > 200 && refused > 20, `${accepted} accepted, ${refused} refused`);
});
