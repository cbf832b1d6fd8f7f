//! A count → a site of that many publications, always the same, for each program that is compared.
//!
//! The files of `content/publications/` are the same bytes for all: 600 to 1,200 words with headings, lists, a table,
//! links, a quotation, a footnote, code in each tenth; 2 or 3 of 12 themes, 1 to 3 of 40 authors.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::designs;

/// For whom a site is written.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// Pamphlet, with templates as plain as the peer's.
    Plain,
    /// Pamphlet, with its own theme.
    Civic,
    /// The same with the index of the search.
    Searched,
    /// The same with images of links.
    Drawn,
    Hugo,
}

const THEMES: usize = 12;
const PEOPLE: usize = 40;

const WORDS: &[&str] = &[
    "local",
    "wealth",
    "economy",
    "council",
    "place",
    "people",
    "public",
    "services",
    "procurement",
    "community",
    "anchor",
    "institutions",
    "land",
    "ownership",
    "democratic",
    "spending",
    "strategy",
    "evidence",
    "housing",
    "health",
    "skills",
    "investment",
    "finance",
    "planning",
    "climate",
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "is",
    "that",
    "for",
    "with",
    "as",
    "on",
    "by",
    "more",
    "than",
    "council's",
];

/// A small generator of numbers, so that every machine makes the same site.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| WORDS[self.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
    }

    fn sentences(&mut self, words: usize) -> String {
        let mut text = String::new();
        for _ in 0..words / 14 {
            let _ = write!(text, "{}. ", self.words(14));
        }
        text.trim_end().to_owned()
    }
}

/// Writes a site with a home page and nothing else.
pub(crate) fn generate_page(site: &Path, kind: Kind) {
    for (path, text) in designs::files(kind) {
        write(site, path, text);
    }
    let index = if kind == Kind::Hugo { "_index.md" } else { "index.md" };
    write(site, &format!("content/{index}"), "+++\ntitle = \"Home\"\n+++\nWelcome.\n");
}

/// Writes the site of `count` publications into `site`.
pub(crate) fn generate(site: &Path, kind: Kind, count: usize) {
    generate_page(site, kind);
    let write = |path: &str, text: &str| write(site, path, text);
    let term = |folder: &str, name: &str| match kind {
        Kind::Hugo => format!("content/{folder}/{name}/_index.md"),
        _ => format!("content/{folder}/{name}.md"),
    };
    for n in 0..THEMES {
        let text = format!("+++\ntitle = \"Theme {n}\"\nsummary = \"About theme {n}.\"\n+++\n");
        write(&term("themes", &format!("theme-{n}")), &text);
    }
    let people = if kind == Kind::Hugo { "authors" } else { "people" };
    for n in 0..PEOPLE {
        let text = format!("+++\ntitle = \"Person {n}\"\nrole = \"Researcher\"\n+++\n");
        write(&term(people, &format!("person-{n}")), &text);
    }
    if kind == Kind::Hugo {
        write("content/publications/_index.md", "+++\ntitle = \"Publications\"\n+++\n");
    }
    let mut numbers = Numbers(7);
    for n in 0..count {
        write(&format!("content/publications/{}.md", name(n)), &publication(&mut numbers, n, count));
    }
}

fn write(site: &Path, path: &str, text: &str) {
    let path = site.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The name of the `n`th publication.
pub(crate) fn name(n: usize) -> String {
    format!("report-{n:05}")
}

fn publication(numbers: &mut Numbers, n: usize, count: usize) -> String {
    let themes: Vec<String> = (0..2 + n % 2).map(|i| format!("\"theme-{}\"", (n + i * 5) % THEMES)).collect();
    let authors: Vec<String> = (0..1 + n % 3).map(|i| format!("\"person-{}\"", (n + i * 13) % PEOPLE)).collect();
    let mut text = format!(
        "+++\ntitle = \"Report {n} on {}\"\nsummary = \"{}.\"\nkind = \"blog\"\ndate = {}-{:02}-{:02}\nauthors = [{}]\nthemes = [{}]\n+++\n",
        numbers.words(4),
        numbers.words(14),
        2006 + n % 20,
        1 + n % 12,
        1 + n % 28,
        authors.join(", "),
        themes.join(", ")
    );
    for section in 0..4 + numbers.below(3) {
        let length = 40 + numbers.below(50);
        let _ = write!(text, "\n## {} {section}\n\n{}\n\n", numbers.words(3), numbers.sentences(length));
        let _ = write!(
            text,
            "{} [{}](/publications/{}/) {}. *{}* and **{}**.\n\n",
            numbers.words(20),
            numbers.words(3),
            name(numbers.below(count)),
            numbers.words(30),
            numbers.words(2),
            numbers.words(2)
        );
        match section {
            0 => list(numbers, &mut text),
            1 => table(numbers, &mut text),
            2 => {
                let _ = writeln!(text, "> {}", numbers.words(30));
            }
            3 => {
                let (before, after, note) = (numbers.words(20), numbers.words(10), numbers.words(12));
                let _ = write!(text, "{before}.[^a] {after}.\n\n[^a]: {note}.\n");
                if n.is_multiple_of(10) {
                    code(numbers, n, &mut text);
                }
            }
            _ => {
                let _ = writeln!(text, "### {}\n\n{}", numbers.words(3), numbers.sentences(45));
            }
        }
    }
    text
}

fn list(numbers: &mut Numbers, text: &mut String) {
    for _ in 0..4 {
        let _ = writeln!(text, "- {}", numbers.words(12));
    }
}

fn table(numbers: &mut Numbers, text: &mut String) {
    text.push_str("| Place | Spend | Share |\n|---|---:|---:|\n");
    for row in 0..4 {
        let _ = writeln!(text, "| {} | {row}0 | 1{row} |", numbers.words(2));
    }
}

/// No two blocks are alike, so that nobody gains by remembering one.
fn code(numbers: &mut Numbers, n: usize, text: &mut String) {
    let _ = write!(text, "\n```python\ndef share_{n}(local, total):\n    \"\"\"{}.\"\"\"\n", numbers.words(8));
    for line in 0..8 {
        let _ =
            writeln!(text, "    spend_{line} = local[\"{}\"] * {n}.{line}  # {}", numbers.words(1), numbers.words(4));
    }
    text.push_str("    return sum(local.values()) / total\n```\n");
}
