// Lighthouse on the pages that readers come to most. Accessibility, best practices and search engines' wishes are at 100; how fast
// a page is depends on the machine, so that is told and not tested.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import lighthouse, { desktopConfig } from "lighthouse";
import { launch } from "./browser.mjs";
import { Site } from "./site.mjs";

const REPORT = "/publications/sample-where-the-pound-goes/";
const PORT = 9223;

let browser, site;

before(async () => {
  // As a report is that nobody invented: one that search engines may list.
  site = await new Site().changed((name, text) => (name.includes("sample-where-the-pound-goes/index.md") ? text.replace(/^sample = true$/m, "") : text)).start();
  // A page that says it belongs to another host is none of this one's.
  site.build("--base-url", site.url + "/");
  browser = await launch([`--remote-debugging-port=${PORT}`]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

for (const [what, address] of [["home", "/"], ["a list", "/publications/"], ["a report", REPORT]]) {
  for (const [device, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
    test(`Lighthouse: ${what}, ${device}`, async (t) => {
      const { lhr } = await lighthouse(site.url + address, { port: PORT, logLevel: "error" }, config);
      assert.equal(lhr.runtimeError, undefined);
      const failed = ["accessibility", "best-practices", "seo"].flatMap((category) =>
        lhr.categories[category].auditRefs
          .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
          .map(({ id }) => `${category}: ${id}: ${lhr.audits[id].title} ${JSON.stringify(lhr.audits[id].details?.items ?? lhr.audits[id].explanation ?? "")}`));
      assert.deepEqual(failed, []);
      for (const category of ["accessibility", "best-practices", "seo"]) assert.equal(lhr.categories[category].score, 1, category);
      const measured = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"];
      t.diagnostic(`performance ${Math.round(lhr.categories.performance.score * 100)}: ${measured.map((id) => `${id} ${lhr.audits[id].displayValue}`).join(", ")}`);
    });
  }
}
