//! Worlds: random sites with hidden things in every form that a site can be written in, each with a secret word of its own.
//!
//! A world is a site × hidden things × their forms (front matter in TOML and YAML, parts of bundles, rows in four
//! formats, heads of data files, translations, files, metadata of pictures) × declarations × slips × reasons to be
//! hidden. Whatever the program makes of it:
//!
//! * no output holds a secret word;
//! * if it publishes, the output is byte for byte that of the same site without the hidden things;
//! * if the author made a slip that may publish something, it publishes nothing, even with its faults lowered and accepted.
//!
//! `PAMPHLET_WORLDS=20000 cargo test --test worlds` tries that many, `PAMPHLET_WORLD=17` just one; `PAMPHLET_PROGRAM`
//! names another program to try.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use run::{Ran, differences, files, run};

const NOW: &str = "2026-05-14 09:00";

/// How many worlds are tried by default.
const WORLDS: u64 = 1000;

type Tree = BTreeMap<String, Vec<u8>>;

/// Pseudo-random numbers from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("below a usize")
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// What an author wrote to hide something.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Says {
    /// It is hidden.
    Plainly,
    /// In a way that the program does not read; it must refuse rather than publish.
    Wrongly,
}

/// A field that hides: its name, and its value in TOML.
type Line = (&'static str, &'static str);

/// Fields that hide, written correctly.
const PLAIN: &[Line] = &[
    ("status", "\"draft\""),
    ("publish_at", "2026-05-14 09:01"),
    ("publish_at", "\"2026-05-20 09:30\""),
    ("publish_at", "2026-05-14T08:00:01Z"),
    ("publish_at", "2026-05-14T10:30:00+01:00"),
    ("publish_at", "2099-01-01T00:00:00"),
    ("date", "2026-05-15"),
    ("date", "\"2027-01-01\""),
    ("date", "2026-05-14 09:01"),
    ("date", "2099-12-31"),
    ("expires", "2026-05-14"),
    ("expires", "\"2020-01-01\""),
    ("expires", "2026-05-14 09:00"),
];

/// Fields that were meant to hide but are written wrongly.
const WRONG: &[Line] = &[
    ("status", "\"Draft\""),
    ("status", "\"private\""),
    ("status", "true"),
    ("status", "[\"draft\"]"),
    ("stauts", "\"draft\""),
    ("Status", "\"draft\""),
    ("statuss", "\"draft\""),
    ("draft", "true"),
    ("Draft", "\"yes\""),
    ("isDraft", "true"),
    ("private", "true"),
    ("hidden", "true"),
    ("published", "false"),
    ("visibility", "\"private\""),
    ("embargo", "2027-01-01"),
    ("embargoed_until", "\"2026-05-20 09:30\""),
    ("embargo-until", "2027-01-01"),
    ("publish_at", "\"tomorrow\""),
    ("publish_at", "2026-05-20"),
    ("publish_at", "\"20/05/2026 09:30\""),
    ("publish_at", "\"2026-13-20 09:30\""),
    ("publish_at", "\"2026-03-29 01:30\""),
    ("publish_at", "[\"2026-05-20 09:30\"]"),
    ("publsh_at", "\"2026-05-20 09:30\""),
    ("publishAt", "\"2026-05-20 09:30\""),
    ("publish-at", "\"2026-05-20 09:30\""),
    ("publish_date", "2027-01-01"),
    ("date", "\"next year\""),
    ("date", "\"01/01/2027\""),
    ("dtae", "2027-01-01"),
    ("expires", "\"soon\""),
    ("expire", "2020-01-01"),
    ("expiry_date", "2020-01-01"),
];

/// Fields of `WRONG` that hide in a spreadsheet, where the case of a column's name and what stands between its words do not count.
const PLAIN_IN_SPREADSHEETS: &[Line] = &[("Status", "\"draft\""), ("publish-at", "\"2026-05-20 09:30\"")];

/// Fields that hide, in an undeclared group.
const GROUPS: &[&str] = &["extra", "params", "meta", "seo", "options"];

/// The format that fields are written in.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Notation {
    Toml,
    Yaml,
    Json,
    Csv,
}

impl Notation {
    fn ending(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Yaml => "yaml",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }

    /// A TOML value in this notation.
    fn value(self, value: &str) -> String {
        let bare = value.starts_with(|c: char| c.is_ascii_digit());
        match self {
            Self::Toml | Self::Yaml => value.to_owned(),
            Self::Json if bare => format!("\"{value}\""),
            Self::Json => value.to_owned(),
            Self::Csv => value.trim_matches(['"', '[', ']']).to_owned(),
        }
    }
}

/// The fields of a page or a row: their names, and their values in TOML.
type Fields = Vec<(String, String)>;

fn lines(fields: &Fields, notation: Notation) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        let value = notation.value(value);
        let _ = match (notation, name.split_once('.')) {
            // A group takes one line, so that the order of lines does not matter.
            (Notation::Toml, Some((group, name))) => writeln!(text, "{group} = {{ {name} = {value} }}"),
            (Notation::Toml, None) => writeln!(text, "{name} = {value}"),
            (_, Some((group, name))) => writeln!(text, "{group}:\n  {name}: {value}"),
            (_, None) => writeln!(text, "{name}: {value}"),
        };
    }
    text
}

/// A Markdown file, with what an author may have put before and around its front matter.
fn page(dice: &mut Dice, fields: &Fields, body: &str, may_slip: bool) -> String {
    let notation = dice.pick(&[Notation::Toml, Notation::Yaml]);
    let fence = if notation == Notation::Toml { "+++" } else { "---" };
    let (before, after) = if may_slip {
        (dice.pick(&["", "", "\n", "\u{feff}", "\u{feff}\n\n", "\n  \n", "\r\n"]), dice.pick(&["", "", " ", "\t"]))
    } else {
        ("", "")
    };
    let text = format!("{before}{fence}{after}\n{}{fence}{after}\n\n{body}\n", lines(fields, notation));
    if may_slip && dice.one_in(6) { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text }
}

/// Rows in a data file.
fn rows(notation: Notation, name: &str, rows: &[&Fields]) -> String {
    match notation {
        Notation::Toml => rows.iter().map(|row| format!("[[{name}]]\n{}\n", lines(row, notation))).collect(),
        Notation::Yaml => {
            let row = |row: &&Fields| {
                let text = lines(row, notation);
                let indented: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
                format!("-{}\n", &indented.join("\n")[1..])
            };
            rows.iter().map(row).collect()
        }
        Notation::Json => {
            let field = |(name, value): &(String, String)| match name.split_once('.') {
                Some((group, name)) => format!("\"{group}\": {{\"{name}\": {}}}", notation.value(value)),
                None => format!("\"{name}\": {}", notation.value(value)),
            };
            let row = |row: &&Fields| format!("{{{}}}", row.iter().map(field).collect::<Vec<_>>().join(", "));
            format!("[{}]\n", rows.iter().map(row).collect::<Vec<_>>().join(",\n"))
        }
        Notation::Csv => {
            // Two columns for one field are refused, so it has the name by which the first row calls it.
            let same = |one: &str, other: &str| one.replace('-', "_") == other.replace('-', "_");
            let mut names: Vec<&str> = Vec::new();
            for (name, _) in rows.iter().flat_map(|row| row.iter()) {
                if !names.iter().any(|known| same(known, name)) {
                    names.push(name);
                }
            }
            let mut text = format!("{}\n", names.join(","));
            for row in rows {
                let cell = |name: &&str| {
                    let found = row.iter().find(|(known, _)| same(known, name));
                    found.map(|(_, value)| notation.value(value)).unwrap_or_default()
                };
                let _ = writeln!(text, "{}", names.iter().map(cell).collect::<Vec<_>>().join(","));
            }
            text
        }
    }
}

/// A site with hidden things, the same without them, and what is known about them.
#[derive(Default)]
struct World {
    settings: String,
    with: Tree,
    without: Tree,
    secrets: Vec<String>,
    /// What the hidden things are, for the message of a failure.
    told: Vec<String>,
    /// Whether nothing may be published.
    is_refused: bool,
    /// Whether the site publishes hidden things in another form, so that only secrecy can be compared.
    is_changed: bool,
    is_accepted: bool,
}

impl World {
    fn of(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(1));
        let mut world = Self::default();
        world.settle(&mut dice);
        world.add_public(&mut dice);
        let things = 1 + dice.below(4);
        // Most worlds hold no slip: otherwise hardly any would be published.
        let wrong = dice.one_in(3).then(|| dice.below(things));
        for number in 0..things {
            let says = if wrong == Some(number) { Says::Wrongly } else { Says::Plainly };
            world.add_hidden(&mut dice, number, says);
        }
        if world.told.iter().any(|told| told.contains(": expires =")) {
            for collection in ["pages", "publications", "topics"] {
                let _ = writeln!(world.settings, "[collections.{collection}]\nexpired = \"gone\"");
            }
        }
        let settings = world.settings.clone().into_bytes();
        world.with.insert("site.toml".to_owned(), settings.clone());
        world.without.insert("site.toml".to_owned(), settings);
        world
    }

    fn settle(&mut self, dice: &mut Dice) {
        self.settings = "title = \"Worlds\"\nbase_url = \"https://example.org/\"\nlanguage = \"en-GB\"\n\
             timezone = \"Europe/London\"\ntheme = \"civic\"\n[organisation]\nname = \"Worlds\"\n[languages.cy]\n\
             [security]\ncontact = \"a@example.org\"\nexpires = 2027-01-01\n"
            .to_owned();
        match dice.below(8) {
            // Narrowed, and with a field of the site's own.
            0 => self.settings.push_str(
                "[collections.publications.fields]\nstatus = { type = \"enum(draft|published)\", label = \"Stage\" }\n\
                 ward = \"text\"\n",
            ),
            1 => self.settings.push_str(
                "[collections.pages.fields]\npublish_at = { type = \"datetime\", help = \"when the press may write\" }\n\
                 date = { type = \"moment\", label = \"Day\" }\n",
            ),
            // Retyped, or with a field that only seems to hide.
            2 if dice.one_in(3) => {
                let field = dice.pick(&[
                    "publish_at = \"list(datetime)\"",
                    "publish_at = \"text\"",
                    "status = \"list(text)\"",
                    "status = \"prose\"",
                    "status = \"enum(Draft|done)\"",
                    "expires = \"text\"",
                    "date = \"text\"",
                    "draft = \"bool\"",
                    "embargo = \"datetime\"",
                    "private = \"bool\"",
                ]);
                let collection = dice.pick(&["pages", "publications", "topics"]);
                let _ = writeln!(self.settings, "[collections.{collection}.fields]\n{field}");
                self.told.push(format!("declared {field} in {collection}"));
                self.is_refused = true;
            }
            _ => {}
        }
        if dice.one_in(2) {
            let severity = dice.pick(&["\"off\"", "\"warning\""]);
            self.settings.push_str("[severities]\n");
            for code in [
                "unknown-field",
                "bad-date",
                "not-allowed-value",
                "wrong-type",
                "link-to-hidden",
                "missing-field",
                "translation-alone",
                "unknown-directive",
                "directive-attributes",
                "directive-unclosed",
                "directive-unopened",
            ] {
                let _ = writeln!(self.settings, "{code} = {severity}");
            }
        }
        self.is_accepted = dice.one_in(3);
    }

    fn both(&mut self, path: &str, text: impl Into<Vec<u8>>) {
        let bytes = text.into();
        self.with.insert(path.to_owned(), bytes.clone());
        self.without.insert(path.to_owned(), bytes);
    }

    fn add_public(&mut self, dice: &mut Dice) {
        self.both("content/index.md", "+++\ntitle = \"Home\"\n+++\n\nWelcome.\n");
        self.both("content/index.cy.md", "+++\ntitle = \"Hafan\"\n+++\n\nCroeso.\n");
        self.both("content/about.md", "+++\ntitle = \"About\"\n+++\n\nOpen.\n");
        let open = "+++\ntitle = \"Open\"\nsummary = \"S\"\ndate = 2026-01-01\nkind = \"blog\"\ntopics = [\"land\"]\n\
             authors = [{ name = \"A\" }]\n+++\n\nSee [the land](../topics/land.md) of ours.\n";
        self.both("content/publications/open.md", open);
        self.both(
            "content/publications/parts/index.md",
            open.replace("\"Open\"", "\"Parts\"").replace("../", "../../"),
        );
        self.both("content/publications/parts/index.cy.md", "---\ntitle: Rhannau\n---\n\nAgored.\n");
        self.both("content/publications/parts/1-first.md", "---\ntitle: First\n---\n\nThe first part.\n");
        self.both("content/publications/parts/1-first.cy.md", "---\ntitle: Cyntaf\n---\n\nY rhan gyntaf.\n");
        self.both("content/topics/land.md", "+++\ntitle = \"Land\"\n+++\n\nLand.\n");
        if dice.one_in(2) {
            self.both(
                "content/people/ada.md",
                "+++\ntitle = \"Ada Sample\"\nrole = \"Editor\"\nsample = true\n+++\n\nShe writes.\n",
            );
        }
    }

    /// A reason to be hidden.
    fn reason(&mut self, dice: &mut Dice, says: Says, notation: Option<Notation>, told: &str) -> Fields {
        let may_group = notation != Some(Notation::Csv);
        let in_spreadsheets = if may_group { &[] } else { PLAIN_IN_SPREADSHEETS };
        if says == Says::Plainly {
            // The theme only allows publications a date without a time.
            let is_fit = |(name, value): &&Line| told != "publication" || *name != "date" || !value.contains(':');
            let fit: Vec<&Line> = PLAIN.iter().filter(is_fit).chain(in_spreadsheets).collect();
            let (name, value) = *dice.pick(&fit);
            self.told.push(format!("{told}: {name} = {value}"));
            return vec![(name.to_owned(), value.to_owned())];
        }
        self.is_refused = true;
        if may_group && dice.one_in(4) {
            let (name, value) = dice.pick(&[PLAIN[0], PLAIN[2], ("draft", "true"), ("private", "true"), PLAIN[11]]);
            let name = format!("{}.{name}", dice.pick(GROUPS));
            self.told.push(format!("{told}: {name} = {value}"));
            return vec![(name, value.to_owned())];
        }
        // A cell that says `draft` counts, with or without a list's brackets.
        let is_fit = |line: &&Line| (may_group || !line.1.starts_with('[')) && !in_spreadsheets.contains(line);
        let fit: Vec<&Line> = WRONG.iter().filter(is_fit).collect();
        let (name, value) = *dice.pick(&fit);
        self.told.push(format!("{told}: {name} = {value}"));
        vec![(name.to_owned(), value.to_owned())]
    }

    fn add_hidden(&mut self, dice: &mut Dice, number: usize, says: Says) {
        let word = format!("zq{number}secretxj");
        self.secrets.push(word.clone());
        let titled = |title: &str| vec![("title".to_owned(), format!("\"{title}\""))];
        let body =
            format!("Text of {word}.\n\n## Heading {word}\n\n[A link](/about/) and a note.[^1]\n\n[^1]: Note {word}.");
        match dice.below(11) {
            0 | 1 => {
                let mut fields = titled(&word);
                fields.extend(self.reason(dice, says, None, "page"));
                self.fill(dice, &mut fields, &[("summary", format!("\"S {word}\""))]);
                let text = page(dice, &fields, &body, true);
                self.with.insert(format!("content/page-{word}.md"), text.into_bytes());
            }
            2 => {
                // A publication, as a bundle with files of its own.
                let mut fields = titled(&word);
                let reason = self.reason(dice, says, None, "publication");
                let is_dated = reason.iter().any(|(name, _)| name == "date");
                fields.extend(reason);
                let more = [
                    ("summary", format!("\"S {word}\"")),
                    ("kind", "\"blog\"".to_owned()),
                    ("topics", "[\"land\"]".to_owned()),
                ];
                fields.extend(more.map(|(name, value)| (name.to_owned(), value)));
                if !is_dated {
                    fields.push(("date".to_owned(), "2026-01-01".to_owned()));
                }
                let folder = format!("content/publications/{word}");
                let body = format!("{body}\n\n[The paper](paper-{word}.csv)");
                self.with.insert(format!("{folder}/index.md"), page(dice, &fields, &body, true).into_bytes());
                self.with.insert(format!("{folder}/paper-{word}.csv"), format!("a,b\n{word},1\n").into_bytes());
            }
            3 | 4 => {
                // A part of a public bundle.
                let mut fields = titled(&word);
                if says == Says::Plainly && dice.one_in(5) {
                    fields.push(("status".to_owned(), "\"withdrawn\"".to_owned()));
                    self.told.push("part: withdrawn".to_owned());
                } else {
                    fields.extend(self.reason(dice, says, None, "part"));
                }
                let text = page(dice, &fields, &body, true);
                if dice.one_in(4) {
                    // A translated part, of one that is shown.
                    let path = format!("content/publications/parts/{}-shown", number + 2);
                    self.both(&format!("{path}.md"), format!("---\ntitle: Shown {number}\n---\n\nShown.\n"));
                    self.with.insert(format!("{path}.cy.md"), text.into_bytes());
                } else {
                    self.with.insert(format!("content/publications/parts/{}-{word}.md", number + 2), text.into_bytes());
                }
            }
            5 | 6 => {
                // A row beside a public one.
                let notation = dice.pick(&[Notation::Toml, Notation::Yaml, Notation::Json, Notation::Csv]);
                let mut fields = titled(&word);
                fields.extend(self.reason(dice, says, Some(notation), &format!("row in {notation:?}")));
                if notation == Notation::Csv || dice.one_in(3) {
                    // An empty value says nothing.
                    let empty = match notation {
                        Notation::Yaml | Notation::Csv => "",
                        Notation::Json => "null",
                        Notation::Toml => "\"\"",
                    };
                    self.fill(dice, &mut fields, &[("publish_at", empty.to_owned()), ("expires", empty.to_owned())]);
                }
                let shown = titled(&format!("Shown {number}"));
                let both: Vec<&Fields> = if dice.one_in(2) { vec![&shown, &fields] } else { vec![&fields, &shown] };
                let file = format!("content/topics/rows-{number}.{}", notation.ending());
                self.with.insert(file.clone(), rows(notation, "topics", &both).into_bytes());
                self.without.insert(file, rows(notation, "topics", &[&shown]).into_bytes());
            }
            9 | 10 => {
                // A block of a public text, or of a part.
                let block = self.block(dice, says, &word);
                let fields = titled(&format!("Shown {number}"));
                let path = match dice.below(3) {
                    0 => format!("content/publications/parts/{}-shown.md", number + 2),
                    1 => format!("content/text-{number}.md"),
                    _ => format!("content/topics/shown-{number}.md"),
                };
                let seed = dice.next();
                let text = |block: &str| {
                    let body = format!("Before.\n\n{block}\n\n## Behind\n\nAfter all.[^n]\n\n[^n]: A note.");
                    page(&mut Dice(seed), &fields, &body, true).into_bytes()
                };
                self.with.insert(path.clone(), text(&block));
                self.without.insert(path, text(""));
            }
            7 if says == Says::Wrongly => {
                // The head of a file of rows.
                let notation = dice.pick(&[Notation::Toml, Notation::Yaml, Notation::Json]);
                let (name, value) = dice.pick(PLAIN);
                self.told.push(format!("head in {notation:?}: {name} = {value}"));
                self.is_refused = true;
                let own = titled(&word);
                let value = notation.value(value);
                let text = match notation {
                    Notation::Toml => format!("{name} = {value}\n{}", rows(notation, "topics", &[&own])),
                    Notation::Json => {
                        format!("{{\"{name}\": {value}, \"topics\": {}}}", rows(notation, "topics", &[&own]))
                    }
                    _ => format!("{name}: {value}\ntopics:\n{}", rows(notation, "topics", &[&own])),
                };
                self.with.insert(format!("content/topics/rows-{number}.{}", notation.ending()), text.into_bytes());
            }
            7 => {
                // The metadata of a picture; the picture itself is public.
                let name = format!("content/photo-{number}.png");
                self.with.insert(name.clone(), picture(Some(&word)));
                self.without.insert(name, picture(None));
                let text = format!("+++\ntitle = \"Picture {number}\"\n+++\n\n![A square](photo-{number}.png)\n");
                self.both(&format!("content/picture-{number}.md"), text);
                self.told.push("what a picture carries".to_owned());
                self.is_changed = true;
            }
            _ => {
                // A translation, hidden on its own or with its original.
                let own = dice.one_in(2);
                let mut original = titled(&if own { format!("Shown {number}") } else { word.clone() });
                let mut fields = titled(&format!("Teitl {word}"));
                let reason = self.reason(dice, says, None, if own { "translation" } else { "original" });
                if own { &mut fields } else { &mut original }.extend(reason);
                let path = format!("content/text-{number}");
                let text = if own { "Shown.".to_owned() } else { body.clone() };
                let original = page(dice, &original, &text, false).into_bytes();
                if own {
                    self.both(&format!("{path}.md"), original);
                } else {
                    self.with.insert(format!("{path}.md"), original);
                }
                let text = page(dice, &fields, &body, true);
                self.with.insert(format!("{path}.cy.md"), text.into_bytes());
            }
        }
    }

    /// A block that is hidden until a moment.
    fn block(&mut self, dice: &mut Dice, says: Says, word: &str) -> String {
        let inner = dice.pick(&[
            "Text of WORD.",
            "## WORD\n\nText.[^WORD]\n\n[^WORD]: Note.",
            "![WORD](https://example.org/WORD.png)",
            "- WORD\n- more",
            "```\nWORD\n```",
            "| WORD | b |\n|---|---|\n| 1 | 2 |",
            ":::callout WORD\nText.\n:::",
            ":::chart {#fig-WORD type=\"bar\" title=\"WORD\" alt=\"WORD\"}\n| WORD | b |\n|---|---|\n| WORD | 2 |\n:::",
            "[WORD](/about/)\n\n[x]: /about/ \"WORD\"",
        ]);
        let inner = inner.replace("WORD", word);
        let when = dice.pick(&["2026-05-14 09:01", "2026-05-14T08:00:01Z", "2027-01-01 00:01", "2099-12-31 23:59"]);
        let colons = dice.pick(&[":::", ":::", "::: "]);
        if says == Says::Plainly {
            self.told.push(format!("block: {when}"));
            return format!("{colons}after {when}\n{inner}\n:::");
        }
        self.is_refused = true;
        let (begin, end) = dice.pick(&[
            (":::after tomorrow", ":::"),
            (":::after", ":::"),
            (":::after 2027-01-01", ":::"),
            (":::after 2027-02-30 00:01", ":::"),
            (":::after {until=\"2027-01-01 00:01\"}", ":::"),
            (":::After 2027-01-01 00:01", ":::"),
            (":::afte 2027-01-01 00:01", ":::"),
            (":::atfer 2027-01-01 00:01", ":::"),
            (":::until 2027-01-01 00:01", ":::"),
            (":::embargo 2027-01-01 00:01", ":::"),
            (":::private", ":::"),
            (":::after 2027-01-01 00:01", ""),
            (":::after 2027-01-01 00:01\n:::\n", ":::"),
            (":::after 2027-01-01 00:01\n:::callout A", ":::"),
        ]);
        self.told.push(format!("block: {begin} … {end}"));
        format!("{begin}\n{inner}\n{end}")
    }

    /// Adds some of `more` that are missing.
    fn fill(&mut self, dice: &mut Dice, fields: &mut Fields, more: &[(&str, String)]) {
        for (name, value) in more {
            if dice.one_in(2) && !fields.iter().any(|(known, _)| known == name) {
                fields.push(((*name).to_owned(), value.clone()));
            }
        }
    }

    /// What is wrong with the program's result for this world in `folder`, which holds only the cache of the last one.
    fn faults(&self, seed: u64, folder: &Path) -> Vec<String> {
        let (here, there) = (folder.join("with"), folder.join("without"));
        for place in [folder, &here, &there] {
            clear(place);
        }
        run::write(&here, &self.with);
        if self.is_accepted {
            pamphlet(&here, &["check", "--accept-existing", "--now", NOW]);
        }
        let strict = seed.is_multiple_of(4);
        let build = |site: &Path, out: &Path| {
            let mut arguments =
                vec!["build", "--now", NOW, "-o", out.to_str().expect("a temporary folder has a plain name")];
            arguments.extend(strict.then_some("--strict"));
            pamphlet(site, &arguments)
        };
        let out = folder.join("out");
        let built = build(&here, &out);
        let published = files(&out);
        let mut wrong = Vec::new();
        for word in &self.secrets {
            let holds = |(name, bytes): &(&String, &Vec<u8>)| {
                name.contains(word) || bytes.windows(word.len()).any(|window| window == word.as_bytes())
            };
            wrong.extend(published.iter().filter(holds).map(|(name, _)| format!("{name} holds {word}")));
        }
        if self.is_refused {
            if built.code != Some(1) || !published.is_empty() {
                wrong.push("something was published in spite of a slip".to_owned());
            }
        } else if built.code != Some(0) {
            wrong.push(format!("nothing was published:\n{}", built.err));
        } else if !self.is_changed && wrong.is_empty() {
            run::write(&there, &self.without);
            let other = folder.join("other");
            let clean = build(&there, &other);
            if clean.code != Some(0) {
                wrong.push(format!("the site without what is hidden has faults:\n{}", clean.err));
            }
            wrong.extend(differences(&files(&other), &published));
        }
        wrong
    }
}

/// Removes everything except the site and its cache.
fn clear(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.expect("an entry of a folder can be read");
        let path = entry.path();
        match entry.file_name().to_str() {
            Some("with" | "without" | ".pamphlet") => {}
            _ if path.is_dir() => std::fs::remove_dir_all(path).expect("a folder can be removed"),
            _ => std::fs::remove_file(path).expect("a file can be removed"),
        }
    }
}

fn pamphlet(site: &Path, arguments: &[&str]) -> Ran {
    let program = run::binary();
    run(Command::new(program).args(["--color", "never", "--root"]).arg(site).args(arguments))
}

/// A PNG of one grey square, with a text in it (W3C, PNG, 11.3.4.3).
fn picture(text: Option<&str>) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        let body: Vec<u8> = kind.iter().chain(data).copied().collect();
        png.extend(u32::try_from(data.len()).expect("a small picture").to_be_bytes());
        png.extend(&body);
        png.extend(crc(&body).to_be_bytes());
    };
    let side = 8_u8;
    chunk(b"IHDR", &[0, 0, 0, side, 0, 0, 0, side, 8, 0, 0, 0, 0]);
    if let Some(text) = text {
        chunk(b"tEXt", &[b"Comment\0", text.as_bytes()].concat());
    }
    let row = [0, 128, 128, 128, 128, 128, 128, 128, 128];
    let rows = row.repeat(usize::from(side));
    let length = u16::try_from(rows.len()).expect("a small picture");
    // One uncompressed zlib block (RFC 1950, RFC 1951).
    let mut data = vec![0x78, 0x01, 0x01];
    data.extend(length.to_le_bytes());
    data.extend((!length).to_le_bytes());
    data.extend(&rows);
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in &rows {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    data.extend((b << 16 | a).to_be_bytes());
    chunk(b"IDAT", &data);
    chunk(b"IEND", &[]);
    png
}

/// The checksum of a PNG's chunk (W3C, PNG, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
    })
}

/// A number from the environment.
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn nothing_hidden_is_in_any_world() {
    let seeds = match asked("PAMPHLET_WORLD") {
        Some(seed) => seed..seed + 1,
        None => 0..asked("PAMPHLET_WORLDS").unwrap_or(WORLDS),
    };
    println!("worlds {seeds:?}");
    let next = AtomicU64::new(seeds.start);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut failed = Vec::new();
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return failed;
            }
            let world = World::of(seed);
            let wrong = world.faults(seed, folder.path());
            if !wrong.is_empty() {
                let site: String = world
                    .with
                    .iter()
                    .map(|(path, bytes)| format!("-- {path} --\n{}", String::from_utf8_lossy(bytes)))
                    .collect();
                let shown = if seeds.end - seeds.start == 1 { site } else { String::new() };
                failed.push(format!("world {seed} ({}):\n{}\n{shown}", world.told.join("; "), wrong.join("\n")));
            }
        }
    };
    let failed: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no thread fell")).collect()
    });
    assert!(failed.is_empty(), "{} worlds failed:\n{}", failed.len(), failed.join("\n"));
}
