//! What holds for all sites: the same input gives the same bytes, nothing hidden is published, and no input crashes the
//! program.
//!
//! The sites are generated from a fixed seed, so that a run is repeatable; `PROPTEST_CASES=1000` tries that many random ones.
//! Each property has been seen to fail: its test says what was broken by hand for that.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use run::{build, differences, files, program, run};

/// When the generated sites are built.
const NOW: &str = "2026-05-14 09:00";

/// After the last date on the project's own site.
const OWN_NOW: &str = "2027-01-04 09:00";

type Tree = BTreeMap<String, Vec<u8>>;

fn runner(cases: u32) -> TestRunner {
    let config = |cases| Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    match std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()) {
        Some(asked) => TestRunner::new(config(asked)),
        None => TestRunner::new_with_rng(config(cases), TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    }
}

fn holds<S: Strategy>(cases: u32, of: &S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    if let Err(fault) = runner(cases).run(of, property) {
        panic!("{fault}");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// A generated site
// ---------------------------------------------------------------------------------------------------------------------

/// Who may see an entry.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Seen {
    Public,
    Withdrawn,
    Draft,
    Later(&'static str),
}

/// One entry of a generated site.
#[derive(Clone, Debug)]
struct One {
    seen: Seen,
    /// Chooses its collection, its kind, whether it is a bundle, a row …
    shape: u8,
    day: u8,
    refers: Vec<Index>,
}

/// The collections that entries are spread over, in this order.
const COLLECTIONS: &[&str] = &["publications", "themes", "events", "people", "topics", "values", "pages"];

impl One {
    fn is_public(&self) -> bool {
        matches!(self.seen, Seen::Public | Seen::Withdrawn)
    }

    fn collection(&self) -> &'static str {
        COLLECTIONS[usize::from(self.shape) % COLLECTIONS.len()]
    }

    fn is_row(&self) -> bool {
        matches!(self.collection(), "topics" | "values")
    }

    /// Whether it has a Welsh text, which does not state who may see it.
    fn is_translated(&self) -> bool {
        self.shape.is_multiple_of(3)
    }

    fn is_bundle(&self) -> bool {
        self.shape >= 128 && !self.is_row() && self.collection() != "pages"
    }
}

fn entry() -> impl Strategy<Value = One> {
    let seen = prop_oneof![
        4 => Just(Seen::Public),
        1 => Just(Seen::Withdrawn),
        2 => Just(Seen::Draft),
        1 => Just(Seen::Later("2026-05-14 09:01")),
        1 => Just(Seen::Later("2031-01-01T00:00:00+13:00")),
    ];
    (seen, any::<u8>(), 1u8..28, prop::collection::vec(any::<Index>(), 0..6))
        .prop_map(|(seen, shape, day, refers)| One { seen, shape, day, refers })
}

fn entries() -> impl Strategy<Value = Vec<One>> {
    prop::collection::vec(entry(), 3..24)
}

/// A word that occurs only in what must not be seen.
fn secret(number: usize) -> String {
    format!("zq{number}secretxj")
}

fn key(all: &[One], number: usize) -> String {
    let word = if all[number].is_public() { format!("open{number}") } else { secret(number) };
    format!("{}-{word}", all[number].collection())
}

/// Which entries of a site are written.
#[derive(Clone, Copy, PartialEq)]
enum Written {
    All,
    /// As if the hidden entries had never existed: no file of theirs, no reference to them.
    PublicOnly,
}

/// The files of a site.
fn site(all: &[One], written: Written) -> Tree {
    let mut tree = Tree::new();
    let mut put = |name: String, text: String| {
        tree.insert(name, text.into_bytes());
    };
    put(
        "site.toml".to_owned(),
        "title = \"Generated\"\nbase_url = \"https://example.org/below/\"\nlanguage = \"en-GB\"\n\
         timezone = \"Europe/London\"\ntheme = \"civic\"\n\n[organisation]\nname = \"Generated\"\n\n\
         [languages.cy]\n\n\
         [security]\ncontact = \"a@example.org\"\nexpires = 2027-01-01\n\n\
         [lists.publications]\nformats = [\"html\", \"atom\", \"rss\"]\n"
            .to_owned(),
    );
    put("content/index.md".to_owned(), "+++\ntitle = \"Home\"\n+++\n\nWelcome.\n".to_owned());
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    for (number, one) in all.iter().enumerate() {
        if written == Written::PublicOnly && !one.is_public() {
            continue;
        }
        let fields = fields(all, number, written);
        let key = key(all, number);
        let collection = one.collection();
        if one.is_row() {
            let mut row = |file: &str, fields: &str| {
                let text = rows.entry(format!("content/{collection}/{collection}{file}.toml")).or_default();
                let _ = write!(text, "[[{collection}]]\nid = \"{key}\"\n{fields}\n");
            };
            row("", &fields);
            if one.is_translated() {
                row(".cy", &translated(all, number));
            }
            continue;
        }
        let folder = if collection == "pages" { "content".to_owned() } else { format!("content/{collection}") };
        let mut text = format!("+++\n{fields}+++\n\n{}", body(all, number));
        if one.is_translated() {
            let file = if one.is_bundle() { format!("{key}/index") } else { key.clone() };
            let title = translated(all, number);
            put(format!("{folder}/{file}.cy.md"), format!("+++\n{title}+++\n\n## Pennawd\n\nTestun {title}\n"));
        }
        if one.is_bundle() {
            let word = if one.is_public() { format!("file{number}") } else { secret(number) };
            let _ = write!(text, "\n[the file]({word}.txt)\n");
            put(format!("{folder}/{key}/index.md"), text);
            put(format!("{folder}/{key}/{word}.txt"), format!("{word}\n"));
            put(format!("{folder}/{key}/not-linked.txt"), secret(number));
            put(format!("{folder}/{key}/part.md"), format!("## Part {word}\n\nText of {word}.\n"));
        } else {
            put(format!("{folder}/{key}.md"), text);
        }
    }
    for (file, text) in rows {
        put(file, text);
    }
    tree
}

/// What the Welsh text of an entry states; it takes everything else, including an embargo, from its original.
fn translated(all: &[One], number: usize) -> String {
    let word = if all[number].is_public() { format!("open{number}") } else { secret(number) };
    format!("title = \"Teitl {word}\"\n")
}

fn fields(all: &[One], number: usize, written: Written) -> String {
    let one = &all[number];
    let word = if one.is_public() { format!("open{number}") } else { secret(number) };
    let mut text = format!(
        "title = \"Title {word}\"\nsummary = \"Summary {word} & <co>\"\ninternal_note = \"{}\"\n",
        secret(number)
    );
    let _ = writeln!(text, "weight = {}", one.day % 5);
    match one.seen {
        Seen::Public => {}
        Seen::Withdrawn => {
            text.push_str("status = \"withdrawn\"\nwithdrawn = { date = 2026-05-01, reason = \"It was wrong.\" }\n");
        }
        Seen::Draft => text.push_str("status = \"draft\"\n"),
        Seen::Later(when) => {
            let _ = writeln!(text, "publish_at = \"{when}\"");
        }
    }
    let month = one.shape % 9 + 1;
    let day = format!("2026-0{month}-{:02}", one.day);
    // References to hidden entries are written too, unless no hidden entry is.
    let written_keys = |collection: &str, with_collection: bool| -> Vec<(String, bool)> {
        let mut keys: Vec<(String, bool)> = Vec::new();
        for target in one.refers.iter().map(|index| index.index(all.len())) {
            let fits = collection.is_empty() || all[target].collection() == collection;
            let prefix = if with_collection { format!("{}/", all[target].collection()) } else { String::new() };
            let key = format!("\"{prefix}{}\"", key(all, target));
            let is_written = written == Written::All || all[target].is_public();
            if fits && target != number && !keys.iter().any(|(known, _)| *known == key) {
                keys.push((key, is_written));
            }
        }
        keys
    };
    let keys = |collection: &str, with_collection: bool| -> Vec<String> {
        let all = written_keys(collection, with_collection);
        all.into_iter().filter(|(_, is_written)| *is_written).map(|(key, _)| key).collect()
    };
    let first = |collection: &str, with_collection: bool| -> Option<String> {
        let first = written_keys(collection, with_collection).into_iter().next();
        first.filter(|(_, is_written)| *is_written).map(|(key, _)| key)
    };
    let list = |name: &str, keys: Vec<String>| format!("{name} = [{}]\n", keys.join(", "));
    text += &list("related", keys("", true));
    if !one.is_row() {
        let _ = writeln!(text, "aliases = [\"/was/{word}/\"]");
        text += &list("topics", keys("topics", false));
    }
    match one.collection() {
        "publications" => {
            let kind = ["report", "briefing", "blog", "toolkit"][usize::from(one.day) % 4];
            let _ = writeln!(text, "kind = \"{kind}\"\ndate = 2026-03-{:02}", one.day);
            text += &list("themes", keys("themes", false));
            let mut authors = keys("people", false);
            authors.push(format!("{{ name = \"By {word}\" }}"));
            text += &list("authors", authors);
            if let Some(event) = first("events", false) {
                let _ = writeln!(text, "event = {event}");
            }
        }
        "events" => {
            let _ = writeln!(text, "start = {day} 10:00\nvenue = {{ name = \"Hall {word}\" }}");
            text += &list("speakers", keys("people", false));
            text += &list("themes", keys("themes", false));
        }
        "people" => {
            let _ = writeln!(text, "role = \"Role {word}\"");
        }
        "values" => {
            let _ = writeln!(text, "text = \"Statement {word}\"");
        }
        "topics" => {
            if let Some(theme) = first("themes", true).filter(|_| one.shape >= 128) {
                let _ = writeln!(text, "see = {theme}");
            }
        }
        _ => {}
    }
    text
}

/// A text that links to what readers may see: a link to a hidden entry would be an error.
fn body(all: &[One], number: usize) -> String {
    let one = &all[number];
    let word = if one.is_public() { format!("open{number}") } else { secret(number) };
    let mut text =
        format!("## Heading {word}\n\nText of {word}.[^n]\n\n[^n]: A note of {word}.\n\n<!-- {} -->\n", secret(number));
    for target in one.refers.iter().map(|index| index.index(all.len())) {
        let other = &all[target];
        // A topic may have no page, if another entry represents it; we do not know its anchor.
        if other.is_public() && !other.is_row() && target != number {
            let (up, key) = (if one.collection() == "pages" { "" } else { "../" }, key(all, target));
            let up = if one.is_bundle() { "../../" } else { up };
            let folder = if other.collection() == "pages" { String::new() } else { format!("{}/", other.collection()) };
            let file = if other.is_bundle() { format!("{key}/index.md") } else { format!("{key}.md") };
            let _ = write!(text, "\n[to {target}]({up}{folder}{file})\n");
        }
    }
    text
}

/// The published files of a site, which must be publishable.
fn published(tree: &Tree) -> Result<Tree, TestCaseError> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    run::write(folder.path(), tree);
    let out = folder.path().join("out");
    let ran = build(folder.path(), &out, NOW);
    prop_assert_eq!(ran.code, Some(0), "{}", ran.err);
    Ok(files(&out))
}

// ---------------------------------------------------------------------------------------------------------------------
// The properties
// ---------------------------------------------------------------------------------------------------------------------

// Seen to fail: with references to hidden entries shown (`values.rs` without its check whether they are public), a page
// "tells of what is hidden"; the same with hidden entries counted as referring. The second half found a real fault: a
// hidden topic made the theme that represents it show a list. With translations that inherit neither status nor embargo
// and do not ask their original, their pages give it away.
#[test]
fn nothing_hidden_leaks() {
    holds(30, &entries(), |all| {
        let out = published(&site(&all, Written::All))?;
        for number in 0..all.len() {
            let word = secret(number);
            for (name, bytes) in &out {
                prop_assert!(!name.contains(&word), "{name} tells of an entry that is hidden");
                let found = bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()));
                prop_assert!(!found, "{name} tells of what is hidden: {}", around(bytes, &word));
            }
        }
        // Nor does anything else reveal it: a count, an empty heading, a page of a list.
        let without = published(&site(&all, Written::PublicOnly))?;
        let wrong = differences(&without, &out);
        prop_assert!(wrong.is_empty(), "what is hidden makes a difference:\n{}", wrong.join("\n"));
        Ok(())
    });
}

fn around(bytes: &[u8], word: &str) -> String {
    let text = String::from_utf8_lossy(bytes).into_owned();
    text.lines().find(|line| line.contains(word)).unwrap_or_default().to_owned()
}

/// One machine: cores, zone, locale.
const MACHINES: &[(&str, &str, &str)] =
    &[("1", "UTC", "C"), ("4", "Pacific/Auckland", "tr_TR.UTF-8"), ("2", "America/St_Johns", "de_DE.UTF-8")];

/// The published files of the site in `root`, built on one of the machines.
fn on_machine(root: &Path, out: &Path, machine: usize, now: &str) -> Tree {
    let (jobs, zone, locale) = MACHINES[machine % MACHINES.len()];
    let ran = run(program(root)
        .args(["build", "--jobs", jobs, "--now", now, "-o"])
        .arg(out)
        .env("TZ", zone)
        .env("LC_ALL", locale)
        .env("LANG", locale));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    files(out)
}

// Seen to fail: with the date in a feed read in the machine's zone instead of the site's, line 16 of each feed differed.
#[test]
fn same_input_gives_same_bytes() {
    holds(12, &entries(), |all| {
        let tree = site(&all, Written::All);
        let mut first: Option<Tree> = None;
        for machine in 0..MACHINES.len() {
            let folder = tempfile::tempdir().expect("a temporary folder can be made");
            let root = folder.path().join(["a", "another/folder", "ünï code"][machine]);
            // The order of the files in a folder differs too.
            match machine {
                0 => run::write(&root, &tree),
                _ => run::write(&root, tree.iter().rev()),
            }
            let out = on_machine(&root, &folder.path().join("out"), machine, NOW);
            let expected = first.get_or_insert_with(|| out.clone());
            let wrong = differences(expected, &out);
            prop_assert!(wrong.is_empty(), "{:?}:\n{}", MACHINES[machine], wrong.join("\n"));
        }
        Ok(())
    });
}

#[test]
fn own_site_is_the_same_everywhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let copy = folder.path().join("copy of the site");
    for place in ["content", "themes", "static", "templates", "assets"] {
        run::write(&copy.join(place), files(&root.join(place)).iter());
    }
    std::fs::copy(root.join("site.toml"), copy.join("site.toml")).expect("the settings can be copied");
    let here = on_machine(root, &folder.path().join("here"), 0, OWN_NOW);
    let there = on_machine(&copy, &folder.path().join("there"), 1, OWN_NOW);
    let wrong = differences(&here, &there);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// Seen to fail: with files that are no longer published left in place, "… is there and was not expected".
#[test]
fn a_rebuild_equals_a_clean_build() {
    holds(10, &(entries(), entries(), any::<bool>()), |(before, after, in_place)| {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let out = folder.path().join("out");
        let after = site(&after, Written::All);
        for (name, tree) in [("before", &site(&before, Written::All)), ("after", &after)] {
            let root = folder.path().join(name);
            run::write(&root, tree);
            let mut command = program(&root);
            command.args(["build", "--now", NOW, "-o"]).arg(&out);
            if in_place {
                command.arg("--in-place");
            }
            let ran = run(&mut command);
            prop_assert_eq!(ran.code, Some(0), "{}", ran.err);
        }
        let wrong = differences(&published(&after)?, &files(&out));
        prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    });
}

/// A change to a file that no author makes on purpose.
#[derive(Clone, Debug)]
enum Slip {
    Cut(Index, u8),
    Truncate(Index),
    Swap(Index, Index),
    Insert(Index, &'static [u8]),
    DeleteLine(Index),
    RepeatLine(Index),
}

/// Fragments with a meaning in one of the formats, or in none.
const FRAGMENTS: &[&[u8]] = &[
    b"+++",
    b"---",
    b"[[",
    b"]]",
    b"\"\"\"",
    b"\"",
    b"'",
    b":::",
    b":::callout",
    b":::quote {by=",
    b"{",
    b"}",
    b"{{ ",
    b" }}",
    b"{% ",
    b"\xef\xbb\xbf",
    b"\0",
    b"\xc3\xa9",
    b"\xf0\x9f\x98\x80",
    b"e\xcc\x81",
    b"\xe2\x80\x9c",
    b"\xff",
    b"\xc3",
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b"\t",
    b"|",
    b"[^",
    b"[^1]: ",
    b"<!--",
    b"<div ",
    b"<script>",
    b"</",
    b"$$",
    b"```",
    b"2026-02-30",
    b"2026-03-29 01:30",
    b"0",
    b"-1",
    b"99999999999999999999",
    b"../",
    b"..",
    b"#",
    b"# ",
    b"\\",
    b"&",
    b"%",
    b"%zz",
    b": ",
    b"- ",
    b",",
    b"&a ",
    b"*a ",
    b"publish_at = ",
    b"status = \"draft\"\n",
    b"see = \"themes/one\"\n",
    b"slug = \"..\"\n",
    b"slug = \"\"\n",
    b"per_page = 0\n",
    b"route = \"\"\n",
    b"list(",
    b"ref(",
    b"record{a: text}",
    b"either(",
    b"{slug}",
    b"{year}",
    b"{{ entry.x.y }}",
    b"{% include \"base.html\" %}",
    b"{% extends \"entry.html\" %}",
    b"\n- ",
    b"\n> ",
    b"\n    ",
    b"[a](b.md)",
    b"![](x.png)",
    b"kind = \"report\"\n",
    b"date = 0000-01-01\n",
    b"date = 9999-12-31\n",
    b"publish_at = 9999-12-31 23:59\n",
];

fn slip() -> impl Strategy<Value = Slip> {
    let at = || any::<Index>();
    prop_oneof![
        1 => (at(), any::<u8>()).prop_map(|(at, length)| Slip::Cut(at, length)),
        1 => at().prop_map(Slip::Truncate),
        1 => (at(), at()).prop_map(|(a, b)| Slip::Swap(a, b)),
        3 => (at(), prop::sample::select(FRAGMENTS)).prop_map(|(at, what)| Slip::Insert(at, what)),
        1 => at().prop_map(Slip::DeleteLine),
        1 => at().prop_map(Slip::RepeatLine),
    ]
}

impl Slip {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let end = bytes.len();
        match self {
            Slip::Cut(at, length) => {
                let at = at.index(end + 1);
                bytes.drain(at..(at + usize::from(*length)).min(end));
            }
            Slip::Truncate(at) => bytes.truncate(at.index(end + 1)),
            Slip::Swap(a, b) if end > 0 => bytes.swap(a.index(end), b.index(end)),
            Slip::Swap(..) => {}
            Slip::Insert(at, what) => {
                let at = at.index(end + 1);
                bytes.splice(at..at, what.iter().copied());
            }
            Slip::DeleteLine(at) | Slip::RepeatLine(at) => {
                let mut lines: Vec<Vec<u8>> =
                    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
                if lines.is_empty() {
                    return;
                }
                let at = at.index(lines.len());
                match self {
                    Slip::DeleteLine(_) => drop(lines.remove(at)),
                    _ => lines.insert(at, lines[at].clone()),
                }
                *bytes = lines.concat();
            }
        }
    }
}

/// The golden sites and this repository's own, for slips to be made in.
fn whole_sites() -> Vec<Tree> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("the golden sites are there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    names.sort();
    let mut sites: Vec<Tree> = names.iter().map(|name| files(&name.join("in"))).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let content = files(&root.join("content")).into_iter().map(|(name, bytes)| (format!("content/{name}"), bytes));
    let settings = std::fs::read(root.join("site.toml")).expect("the settings can be read");
    sites.push(content.chain([("site.toml".to_owned(), settings)]).collect());
    sites
}

// Seen to fail unprovoked: a reference to a collection that had gone from the settings crashed the program, and a line
// without a theme showed a template's fault in the program's internal words. By hand: with each column in JSON one too
// far, a fault "ends before it begins".
#[test]
fn no_source_makes_it_fall() {
    let sites = whole_sites();
    let change = (any::<Index>(), prop::collection::vec(slip(), 1..4));
    let changes = prop::collection::vec(change, 1..4);
    holds(120, &(any::<Index>(), changes), |(which, changes)| {
        let mut tree = which.get(&sites).clone();
        let names: Vec<String> = tree.keys().cloned().collect();
        for (file, slips) in &changes {
            let bytes = tree.get_mut(file.get(&names)).expect("it is one of its names");
            slips.iter().for_each(|slip| slip.apply(bytes));
        }
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        run::write(folder.path(), &tree);
        let built = build(folder.path(), &folder.path().join("out"), NOW);
        prop_assert!(matches!(built.code, Some(0 | 1)), "build ended with {:?}:\n{}", built.code, built.err);
        let checked = run(program(folder.path()).args(["check", "--format", "json", "--now", NOW]));
        prop_assert!(matches!(checked.code, Some(0 | 1)), "check ended with {:?}:\n{}", checked.code, checked.err);
        for line in checked.out.lines() {
            place_is_inside(line, &tree)?;
        }
        let strict = folder.path().join("strict");
        let strict = run(program(folder.path()).args(["build", "--strict", "--now", NOW, "-o"]).arg(&strict));
        // What is wrong only later, once everything scheduled is public, does not stop a build of today.
        let of_today =
            |line: &&str| line.contains("\"error\"") && !line.contains("this shows once everything scheduled");
        let errors: Vec<&str> = checked.out.lines().filter(of_today).collect();
        prop_assert_eq!(strict.code == Some(0), errors.is_empty(), "{:#?}\n{}", errors, strict.err);
        Ok(())
    });
}

/// A fault's place, as JSON gives it, is inside its file.
fn place_is_inside(line: &str, tree: &Tree) -> Result<(), TestCaseError> {
    let fault: serde_json::Value =
        serde_json::from_str(line).map_err(|error| TestCaseError::fail(format!("{error}: {line}")))?;
    prop_assert!(fault["message"].as_str().is_some_and(|message| !message.is_empty()), "{line}");
    let number = |key: &str| fault[key].as_u64().and_then(|number| usize::try_from(number).ok());
    let (Some(file), Some(first), Some(last)) = (fault["file"].as_str(), number("line"), number("end_line")) else {
        return Ok(());
    };
    let Some(bytes) = tree.get(file) else {
        // A site whose `theme` is lost takes the built-in one.
        let is_built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join(file).is_file() && file.starts_with("themes/");
        prop_assert!(is_built_in, "there is no file `{file}`: {line}");
        return Ok(());
    };
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    if file.starts_with("content/") {
        // There a carriage return alone ends a line too (CommonMark 0.31, 2.1).
        text = text.replace("\r\n", "\0\n").replace('\r', "\n");
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let (Some(column), Some(end_column)) = (number("column"), number("end_column")) else {
        return Err(TestCaseError::fail(format!("a line without a column: {line}")));
    };
    for (number, column) in [(first, column), (last, end_column)] {
        let length = number.checked_sub(1).and_then(|number| lines.get(number)).map(|line| line.chars().count());
        let is_inside = length.is_some_and(|length| (1..=length + 1).contains(&column));
        prop_assert!(is_inside, "line {number}, column {column} lie outside {file}: {line}");
    }
    prop_assert!((first, column) <= (last, end_column), "it ends before it begins: {line}");
    Ok(())
}
