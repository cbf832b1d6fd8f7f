// `pamphlet serve` itself, on a new site in a temporary folder, with a browser looking at it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { frame, launch, visibility } from "./browser.mjs";

const binary = process.env.PAMPHLET_BIN ?? fileURLToPath(new URL("../../target/debug/pamphlet", import.meta.url));
const REPORT = "content/publications/long-report.md";
const paragraphs = (words) => Array.from({ length: 80 }, (_, i) => `Paragraph ${i}${i === 50 ? `: ${words}` : ""}.`).join("\n\n");
const report = ({ title = "A long report", words = "first words", more = 'status = "draft"\n' } = {}) =>
  `+++\ntitle = "${title}"\nkind = "report"\nsummary = "What a long report says in short."\ndate = 2026-01-15\nauthors = [{ name = "Alex Sample" }]\nthemes = ["our-first-theme"]\n${more}+++\n\n${paragraphs(words)}\n`;

let browser, folder, site, server, url, page;
const write = (path, text) => writeFileSync(join(site, path), text);
const text = (words) => page.getByText(words).waitFor();

before(async () => { browser = await launch(); });
after(() => browser?.close());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pamphlet-browser-"));
  site = join(folder, "site");
  execFileSync(binary, ["init", site, "--name", "Think Tank"], { stdio: "ignore" });
  write(REPORT, report());
  server = spawn(binary, ["--root", site, "serve", "--port", "0", "--editor", "code"], { stdio: ["ignore", "pipe", "pipe"] });
  url = await new Promise((done, fail) => {
    let said = "";
    for (const stream of [server.stdout, server.stderr]) {
      stream.on("data", (bytes) => {
        said += bytes;
        const found = said.match(/http:\/\/[^\s]+/);
        if (found) done(found[0].replace(/\/$/, ""));
      });
    }
    server.on("exit", () => fail(new Error(`it ended: ${said}`)));
  });
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(15_000);
  await page.goto(`${url}/publications/long-report/`);
  await frame(page).locator(".bar").waitFor();
});

afterEach(async () => {
  await page?.close();
  if (server.exitCode === null) {
    const ended = new Promise((done) => server.once("exit", done));
    server.kill();
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

test("an edit is in the page, which stays where it is, with its state and its source in the bar", async () => {
  const bar = await frame(page).locator(".bar").innerText();
  assert.match(bar, /Draft[\s\S]*A long report[\s\S]*long-report\.md/);
  assert.match(await frame(page).locator(".bar a.edit").getAttribute("href"), /long-report\.md/);
  const top = () => page.getByText("Paragraph 60.").evaluate((p) => p.getBoundingClientRect().top);
  await page.evaluate(() => { window.same = true; });
  await page.getByText("Paragraph 60.").evaluate((p) => p.scrollIntoView({ block: "center", behavior: "instant" }));
  const before = await top();
  write(REPORT, report({ words: "second words" }).replace("Paragraph 2.", "Paragraph 2.\n\nPut in between.\n\n* and a list\n* of two"));
  await text("Paragraph 50: second words.");
  assert.ok(Math.abs((await top()) - before) < 1.5, `${before} became ${await top()}`);
  assert.equal(await page.evaluate(() => window.same), true);
});

test("a fault comes up with its line of the source over the last good page, and goes when mended", async () => {
  // In a draft it would be a warning.
  write(REPORT, report({ more: 'autors = ["jane"]\n' }));
  const sheet = frame(page).locator(".errors.sheet");
  await sheet.waitFor();
  const said = await sheet.innerText();
  for (const words of ["On this page", "unknown-field", `${REPORT}:8:1`, 'autors = ["jane"]']) assert.ok(said.includes(words), `${words} in ${said}`);
  await text("Paragraph 50: first words.");
  write(REPORT, "+++\ntitle = \"A long\n+++\nno\n");
  await frame(page).getByText("toml-syntax").waitFor();
  await text("Paragraph 50: first words.");
  write(REPORT, report({ words: "mended words" }));
  await sheet.waitFor({ state: "detached" });
  await text("Paragraph 50: mended words.");
});

test("a page that is deleted says so, and comes back", async () => {
  rmSync(join(site, REPORT));
  await frame(page).getByText("This page is no longer there.").waitFor();
  await text("Paragraph 50: first words.");
  write(REPORT, report({ words: "here again" }));
  await text("Paragraph 50: here again.");
  await frame(page).getByText("This page is no longer there.").waitFor({ state: "detached" });
});

test("a page that is renamed links to where it went", async () => {
  write(REPORT, report({ more: 'aliases = ["/publications/long-report/"]\n' }));
  renameSync(join(site, REPORT), join(site, "content/publications/renamed-report.md"));
  await frame(page).getByText("This page has moved.").waitFor();
  await frame(page).getByRole("link", { name: /^Go to/ }).click();
  await page.waitForURL(`${url}/publications/renamed-report/`);
  await text("Paragraph 50: first words.");
});

test("a page that is renamed while nobody looks links to where it went", async () => {
  await visibility(page, "hidden");
  renameSync(join(site, REPORT), join(site, "content/publications/renamed-report.md"));
  for (;;) if ((await fetch(`${url}/publications/renamed-report/`)).status === 200) break;
  await visibility(page, "visible");
  await frame(page).getByText("This page has moved.").waitFor();
  await text("Paragraph 50: first words.");
  await frame(page).getByRole("link", { name: "Go to “A long report”" }).click();
  await page.waitForURL(`${url}/publications/renamed-report/`);
});

test("a style and a template that are edited are merged into the page", async () => {
  await page.evaluate(() => { window.same = true; });
  const own = fileURLToPath(new URL("../../themes/civic", import.meta.url));
  const theme = join(site, "themes/civic");
  if (!existsSync(theme)) {
    // All at once: half a theme has other programs, and a page with other programs is rightly loaded whole.
    mkdirSync(join(site, "themes"), { recursive: true });
    cpSync(own, join(folder, "theme"), { recursive: true });
    renameSync(join(folder, "theme"), theme);
  }
  const css = join(theme, "assets/civic.css");
  writeFileSync(css, `${readFileSync(css, "utf8")}\nh1 { color: rgb(1, 2, 3); }\n`);
  await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).color === "rgb(1, 2, 3)"
    && document.querySelectorAll("link[rel=stylesheet][href*=civic]").length === 1);
  const base = join(theme, "templates/base.html");
  // The same for a template of which only the beginning is there.
  const edited = join(folder, "base.html");
  writeFileSync(edited, readFileSync(base, "utf8").replace("</footer>", "<p>A line of the template</p></footer>"));
  renameSync(edited, base);
  await text("A line of the template");
  assert.equal(await page.evaluate(() => window.same), true);
});

test("as everyone sees it, a draft is not there, and there is a way back", async () => {
  await frame(page).getByRole("button", { name: "As everyone sees it" }).click();
  await page.getByText("Paragraph 1.", { exact: true }).waitFor({ state: "detached" });
  await frame(page).getByRole("button", { name: "With drafts" }).click();
  await text("Paragraph 50: first words.");
});
