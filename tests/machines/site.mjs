// The project's own site, with two more entries whose every sign means something to some format, built into a folder.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { files } from "./cited.mjs";

const ROOT = join(import.meta.dirname, "../..");

/** What must come back from every format; `title` is written with `--` for its dash, as texts are. */
export const ODD = {
  title: "A & B: 5% of #1_000, $2 {each ~ 3^2; \\ “q” </script>–> <!é 🎉",
  doi: "10.1234/a_b-c(1)",
  join: "https://meet.example.org/towns,cities;a?b=%C3%A9&c=1",
  event: "Towns, cities; and a long title, with é and 🎉, which has to be folded more than once \\ so it is",
};

const REPORT = `+++
kind = "report"
title = '${ODD.title.replace("–", "--")}'
themes = ["great-places"]
summary = '5% & more_or_less </script>--> of it'
date = 2026-05-04
updated = 2026-06-01
id = "tag:example.org,2026:odd"
doi = "${ODD.doi}"
authors = [{ name = "Marks and Spencer", affiliation = "Smith & Sons" }]
+++

Text.
`;

const EVENT = `+++
kind = "seminar"
title = '${ODD.event}'
summary = 'Two days; with, signs'
start = 2027-05-01
end = 2027-05-02
state = "cancelled"
mode = "online"
online_url = "${ODD.join}"
venue = { name = "Online" }
updated = 2026-10-01
+++

Text.
`;

// A paper in two languages, whose Welsh file is named first, with a correction after its last update.
const PAPER = `+++
kind = "briefing"
title = "A paper"
themes = ["great-places"]
summary = "In two languages."
date = 2026-05-04
updated = 2026-06-01
authors = ["ada-sample", { name = "Dee Emm" }]
files = [{ file = "papur.pdf", lang = "cy" }, { file = "paper.pdf", lang = "en" }]
corrections = [{ date = 2026-07-02, text = "One word." }]
+++

Text.
`;

const EVIDENCE = PAPER.replace("briefing", "evidence").replace("A paper", "Evidence").replace(/files = .*\n/, "");

/** The day on which the contact for weaknesses expires: readers of it ask the clock. */
export const EXPIRES = new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10);

export function build() {
  const folder = mkdtempSync(join(tmpdir(), "pamphlet-machines-"));
  const site = join(folder, "site");
  mkdirSync(site);
  for (const part of ["content", "themes"]) cpSync(join(ROOT, part), join(site, part), { recursive: true });
  writeFileSync(join(site, "content/publications/odd-signs.md"), REPORT);
  writeFileSync(join(site, "content/events/odd-signs.md"), EVENT);
  writeFileSync(join(site, "content/publications/evidence.md"), EVIDENCE);
  mkdirSync(join(site, "content/publications/paper"));
  writeFileSync(join(site, "content/publications/paper/index.md"), PAPER);
  for (const [path, text] of files()) {
    mkdirSync(dirname(join(site, "content", path)), { recursive: true });
    writeFileSync(join(site, "content", path), text);
  }
  for (const file of ["papur.pdf", "paper.pdf"]) writeFileSync(join(site, "content/publications/paper", file), "%PDF-1.7\n");
  const more = '\n[security]\ncontact = "security@example.org"\nexpires = ' + EXPIRES + '\n\n[lists.publications]\nformats = ["html", "atom", "rss"]\n';
  writeFileSync(join(site, "site.toml"), readFileSync(join(ROOT, "site.toml"), "utf8") + more);
  return built(folder, site);
}

/** The manual. */
export const manual = () => built(mkdtempSync(join(tmpdir(), "pamphlet-manual-")), join(ROOT, "docs"));

function built(folder, site) {
  const out = join(folder, "out");
  // Advice on long titles is not what is looked for.
  execFileSync(process.env.PAMPHLET_BIN, ["--quiet", "--root", site, "build", "-o", out, "--now", "2026-11-20 09:00"], { stdio: ["ignore", "ignore", "pipe"] });
  const report = join(folder, "report.html");
  execFileSync(process.env.PAMPHLET_BIN, ["--quiet", "--root", site, "check", "--report", report, "--now", "2026-11-20 09:00"], { stdio: ["ignore", "ignore", "pipe"] });
  return {
    out,
    report,
    names: readdirSync(out, { recursive: true }).sort(),
    read: (name) => readFileSync(join(out, name), "utf8"),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
