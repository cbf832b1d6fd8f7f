// Debian's Chromium, and waiting on conditions instead of the clock.
import { chromium } from "playwright-core";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

function found() {
  if (process.env.PAMPHLET_CHROMIUM) return process.env.PAMPHLET_CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch { /* the next name */ }
  }
  throw new Error("no Chromium on the path; set PAMPHLET_CHROMIUM");
}

export const launch = (more = []) => chromium.launch({ executablePath: found(), args: ["--no-sandbox", "--disable-dev-shm-usage", ...more] });

/** The bar and all that belongs to it. Playwright looks into open shadow roots. */
export const frame = (page) => page.locator("pamphlet-preview");

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const told = ({ violations }) =>
  violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => JSON.stringify(node.target) + " " + node.failureSummary).join(" | ")}`);

/** What axe-core finds on a page, by WCAG 2.2 AA and its best practices. */
export async function axe(page) {
  // Through the debugger: the page's own policy lets no other script in.
  await page.evaluate(source);
  return told(await page.evaluate((runOnly) => axe.run(document, { runOnly }), runOnly));
}

/** What axe-core finds in the preview's own element, by WCAG 2.2 AA and its best practices. */
export async function violations(page) {
  // One whose part is drawn anew ends with an error.
  await page.evaluate(() => Promise.allSettled(document.querySelector("pamphlet-preview").shadowRoot.getAnimations().map((one) => one.finished)));
  await page.evaluate(source);
  return told(await page.evaluate((runOnly) => axe.run({ include: ["pamphlet-preview"] }, { runOnly }), runOnly));
}

/** Makes a page believe that its tab is in view, or is not. */
export const visibility = (page, state) => page.evaluate((state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}, state);
