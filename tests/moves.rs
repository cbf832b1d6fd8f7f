//! After any move or merge on any site: `check` reports what it reported before, each address that was public is
//! answered, and no byte changes except those that were shown.
//!
//! The sites are generated from a fixed seed, so that a run is repeatable; `PROPTEST_CASES=1000` tries that many random ones.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use run::{build, files, program, run};

type Tree = BTreeMap<String, Vec<u8>>;

const NOW: &str = "2026-05-14 09:00";

/// One entry, with numbers that choose its shape.
#[derive(Clone, Debug)]
struct One {
    collection: &'static str,
    shape: u8,
    notation: u8,
    aliases: u8,
    refers: Vec<(Index, u8)>,
}

/// One step: which entry or folder moves, and where to.
#[derive(Clone, Debug)]
struct Step {
    what: Index,
    how: u8,
}

const COLLECTIONS: &[&str] = &["publications", "publications", "themes", "people", "pages", "topics"];

fn one() -> impl Strategy<Value = One> {
    let refers = prop::collection::vec((any::<Index>(), any::<u8>()), 0..6);
    (prop::sample::select(COLLECTIONS), any::<u8>(), any::<u8>(), any::<u8>(), refers)
        .prop_map(|(collection, shape, notation, aliases, refers)| One { collection, shape, notation, aliases, refers })
}

fn step() -> impl Strategy<Value = Step> {
    (any::<Index>(), any::<u8>()).prop_map(|(what, how)| Step { what, how })
}

impl One {
    fn is_row(&self) -> bool {
        self.collection == "topics"
    }

    fn is_bundle(&self) -> bool {
        self.collection == "publications" && self.shape.is_multiple_of(3)
    }

    fn is_draft(&self) -> bool {
        self.shape % 7 == 6
    }

    fn is_yaml(&self) -> bool {
        self.notation.is_multiple_of(2)
    }
}

/// Names that need care in one notation or another.
fn key(number: usize, one: &One) -> String {
    match one.shape % 5 {
        0 => format!("plain-{number}"),
        1 if !one.is_row() => format!("with space {number}"),
        2 if !one.is_row() => format!("ümläut-{number}"),
        3 if !one.is_row() => format!("per%cent({number})"),
        _ => format!("k{number}"),
    }
}

/// The file of an entry, below `content/`.
fn place(all: &[One], number: usize) -> String {
    let one = &all[number];
    let key = key(number, one);
    let folder = match one.collection {
        "pages" if one.shape.is_multiple_of(4) => "section/".to_owned(),
        "pages" => String::new(),
        "publications" if one.shape.is_multiple_of(2) => "publications/2026/".to_owned(),
        other => format!("{other}/"),
    };
    match one.is_bundle() {
        true => format!("{folder}{key}/index.md"),
        false => format!("{folder}{key}.md"),
    }
}

fn relative(from: &str, to: &str) -> String {
    let up = "../".repeat(from.matches('/').count());
    format!("{up}{to}")
}

fn encoded(path: &str) -> String {
    path.replace('%', "%25").replace(' ', "%20").replace('(', "%28").replace(')', "%29")
}

/// A link to another entry, in one of the possible ways.
fn link(all: &[One], number: usize, target: usize, how: u8) -> String {
    let (from, to) = (place(all, number), place(all, target));
    let path = relative(&from, &to);
    let coded = encoded(&path);
    match how % 7 {
        0 => format!("[to {target}]({coded})"),
        1 => format!("[to {target}]({coded}#heading-{target})"),
        2 => format!("[to {target}](<{}>)", path.replace('%', "%25")),
        3 => format!("[to {target}][r{number}-{target}-{how}]\n\n[r{number}-{target}-{how}]: {coded} \"{coded}\""),
        4 => format!("<a href=\"{coded}\">to {target}</a>"),
        5 => format!("[{coded} is to {target}]({coded}) `{coded}`"),
        _ => format!("[to {target} by its address]({})", address(all, target)),
    }
}

/// The address of an entry's page, as the theme makes it.
fn address(all: &[One], number: usize) -> String {
    let slug = slug::slugify(key(number, &all[number]));
    match all[number].collection {
        "pages" if all[number].shape.is_multiple_of(4) => format!("/section/{slug}/"),
        "pages" => format!("/{slug}/"),
        other => format!("/{other}/{slug}/"),
    }
}

fn site(all: &[One]) -> Tree {
    let mut tree = Tree::new();
    let mut menus = String::new();
    let mut rows = String::new();
    for (number, one) in all.iter().enumerate() {
        let targets: Vec<(usize, u8)> = one.refers.iter().map(|(index, how)| (index.index(all.len()), *how)).collect();
        let keys = |collection: &str, full: bool| -> Vec<String> {
            let mut found: Vec<String> = Vec::new();
            for (target, how) in &targets {
                let other = &all[*target];
                let fits = collection.is_empty() || other.collection == collection;
                let prefix = if full || how % 2 == 0 { format!("{}/", other.collection) } else { String::new() };
                let slug = if other.is_row() { slug::slugify(key(*target, other)) } else { key(*target, other) };
                let section =
                    if other.collection == "pages" && other.shape.is_multiple_of(4) { "section/" } else { "" };
                let name = format!("{prefix}{section}{slug}");
                let same = |known: &String| known.ends_with(&slug);
                if fits && *target != number && !other.is_draft() && !found.iter().any(same) {
                    found.push(name);
                }
            }
            found
        };
        if one.is_row() {
            let related: Vec<String> = keys("", true).iter().map(|key| format!("\"{key}\"")).collect();
            let _ = write!(
                rows,
                "[[topics]]\nid = \"{}\"\ntitle = \"Topic {number}\"\nrelated = [{}]\n\n",
                key(number, one),
                related.join(", ")
            );
            continue;
        }
        let file = place(all, number);
        let mut fields: Vec<(&str, Vec<String>)> = vec![("related", keys("", true)), ("topics", keys("topics", false))];
        if one.collection == "publications" {
            fields.push(("themes", keys("themes", false)));
            let mut authors = keys("people", false);
            authors.push("the-editor".to_owned());
            fields.push(("authors", authors));
        }
        match one.aliases % 4 {
            0 => fields.push(("aliases", vec![format!("/was/{number}/")])),
            1 => fields.push(("aliases", vec![format!("/was/{number}.php?x=1"), format!("/was {number}.html")])),
            _ => {}
        }
        let mut text = front_matter(one, number, &fields);
        let _ = write!(text, "\n## Heading {number}\n\nSome words.\n");
        for (target, how) in &targets {
            let other = &all[*target];
            if !other.is_row() && !other.is_draft() {
                let _ = write!(text, "\n{}\n", link(all, number, *target, *how));
            }
        }
        if one.is_bundle() {
            let folder = file.trim_end_matches("index.md");
            let _ = write!(text, "\n[the data](<data {number}.csv>)\n\n[a part](part.md)\n");
            tree.insert(format!("content/{folder}data {number}.csv"), b"a,b\n1,2\n".to_vec());
            tree.insert(
                format!("content/{folder}part.md"),
                format!("## Part of {number}\n\n[up](index.md) [home]({})\n", relative(&file, "index.md")).into_bytes(),
            );
        }
        if one.aliases % 3 == 1 {
            let there = targets.iter().find(|(target, _)| !all[*target].is_row() && !all[*target].is_draft());
            let there = there.map_or_else(String::new, |(target, _)| link(all, number, *target, 0));
            let welsh = format!(
                "+++\ntitle = \"Teitl {number}\"\nsummary = \"Crynodeb {number}\"\n+++\n\nTestun.\n\n{there}\n"
            );
            let name = file.strip_suffix(".md").unwrap_or(&file);
            tree.insert(format!("content/{name}.cy.md"), welsh.into_bytes());
        }
        if one.notation % 5 == 4 {
            text = text.replace('\n', "\r\n");
        }
        if one.notation % 11 == 10 {
            text.insert(0, '\u{feff}');
        }
        if one.shape % 9 == 1 && !one.is_draft() {
            let _ = write!(menus, "[[menus.main]]\ntitle = \"Entry {number}\"\nurl = '{}'\n\n", address(all, number));
        }
        tree.insert(format!("content/{file}"), text.into_bytes());
    }
    let settings = "title = \"Generated\"\nbase_url = \"https://example.org/below/\"\ntheme = \"civic\"\n\n\
                    [organisation]\nname = \"Generated\"\n\n[languages.cy]\ntitle = \"Wedi ei greu\"\n\n[[moved]]\nfrom = \"/reports/{x}/\"\nto = \"/publications/{x}/\"\n\n";
    tree.insert("site.toml".to_owned(), format!("{settings}{menus}").into_bytes());
    tree.insert("content/index.md".to_owned(), b"+++\ntitle = \"Home\"\n+++\n\nWelcome.\n".to_vec());
    tree.insert(
        "content/people/the-editor.md".to_owned(),
        b"+++\ntitle = \"The editor\"\nrole = \"Role\"\n+++\n\nEdits.\n".to_vec(),
    );
    tree.insert("content/topics/topics.toml".to_owned(), rows.into_bytes());
    if !all.iter().any(One::is_row) {
        tree.remove("content/topics/topics.toml");
    }
    tree
}

fn front_matter(one: &One, number: usize, fields: &[(&str, Vec<String>)]) -> String {
    let mut plain = vec![format!("title = \"Title {number}\""), format!("summary = \"Summary {number}\"")];
    if one.is_draft() {
        plain.push("status = \"draft\"".to_owned());
    }
    match one.collection {
        "publications" => {
            plain.extend(["kind = \"blog\"".to_owned(), format!("date = 2026-0{}-11", one.shape % 5 + 1)])
        }
        "people" => plain.push("role = \"Role\"".to_owned()),
        _ => {}
    }
    if one.notation.is_multiple_of(3) {
        plain.rotate_left(1);
    }
    let mut text = String::new();
    if one.is_yaml() {
        text.push_str("---\n");
        plain.iter().for_each(|line| text.push_str(&format!("{}\n", line.replacen(" = ", ": ", 1))));
        for (name, values) in fields.iter().filter(|(_, values)| !values.is_empty()) {
            match (values.as_slice(), one.notation % 8) {
                ([only], 0) => text.push_str(&format!("{name}: \"{only}\" # one\n")),
                (_, 2 | 4) => {
                    text.push_str(&format!("{name}:\n"));
                    values.iter().for_each(|value| text.push_str(&format!("  - '{value}'\n")));
                }
                _ => {
                    let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
                    text.push_str(&format!("{name}: [{}]\n", values.join(", ")));
                }
            }
        }
        text.push_str("---\n");
    } else {
        text.push_str("+++\n");
        plain.iter().for_each(|line| text.push_str(&format!("{line} # a remark\n")));
        for (name, values) in fields {
            let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
            match (values.as_slice(), one.notation % 8) {
                ([only], 1) => text.push_str(&format!("{name} = {only}\n")),
                (_, 3) if !values.is_empty() => {
                    text.push_str(&format!("{name} = [\n  {}, # last\n]\n", values.join(",\n  ")))
                }
                _ => text.push_str(&format!("{name} = [ {} ]\n", values.join(", "))),
            }
        }
        text.push_str("+++\n");
    }
    text
}

/// The output of `check`: the number of faults of each kind.
fn faults(root: &Path) -> Result<BTreeMap<String, usize>, TestCaseError> {
    let ran = run(program(root).args(["check", "--format", "json", "--now", NOW]));
    prop_assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.err);
    let mut found = BTreeMap::new();
    for line in ran.out.lines() {
        let fault: serde_json::Value =
            serde_json::from_str(line).map_err(|error| TestCaseError::fail(error.to_string()))?;
        *found.entry(format!("{} {}", fault["severity"], fault["code"])).or_default() += 1;
    }
    Ok(found)
}

/// Files below `content/` and at the root; no outputs.
fn sources(root: &Path) -> Tree {
    let mut tree = files(root);
    tree.retain(|name, _| name.starts_with("content/") || !name.contains('/'));
    tree
}

/// Each address in `addresses.txt` is a published file, or a rule that leads to one.
fn all_answered(root: &Path) -> Result<(), TestCaseError> {
    let out = root.join("out");
    let built = build(root, &out, NOW);
    prop_assert_eq!(built.code, Some(0), "{}", built.err);
    let published = files(&out);
    let rules: String =
        published.get("_redirects").map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    // Rules for addresses that lead nowhere, one for each language, are not redirects.
    let redirects = rules.lines().filter(|line| !line.ends_with(" 404"));
    let rules: BTreeMap<&str, &str> =
        redirects.filter_map(|line| line.trim_end_matches(" 301").rsplit_once(' ')).collect();
    let list = std::fs::read_to_string(root.join("addresses.txt")).expect("the list is there");
    let is_there = |address: &str| {
        let path = address.trim_start_matches('/');
        published.contains_key(&format!("{path}index.html")) || published.contains_key(path)
    };
    for address in list.lines().filter(|line| line.starts_with('/')) {
        let rule = rules.get(format!("/below{}", address.replace('%', "%25").replace(' ', "%20")).as_str());
        prop_assert!(is_there(address) || rule.is_some(), "{address} is lost");
    }
    for (name, text) in sources(root).iter().filter(|(name, _)| name.starts_with("content/")) {
        let text = String::from_utf8_lossy(text);
        let old = rules
            .keys()
            .map(|from| from.trim_start_matches("/below"))
            .find(|from| text.contains(&format!("]({from})")));
        prop_assert!(old.is_none(), "{name} still leads to {old:?}");
    }
    for (from, to) in rules {
        let to = to.trim_start_matches("/below").replace("%20", " ").replace("%25", "%");
        let to = to.split('#').next().unwrap_or_default();
        prop_assert!(to.contains(':') || is_there(to), "{from} leads to {to}, where there is nothing");
    }
    Ok(())
}

/// An entry that has moved goes back to where it was: then no address is its own former one.
fn there_and_back(root: &Path, said: &str, old: &str, known: &BTreeMap<String, usize>) -> Result<(), TestCaseError> {
    let mut moves = said.lines().filter_map(|line| line.split_once(" → "));
    let first = moves.find(|(from, _)| *from == old || from.starts_with(&format!("{old}/")));
    let Some((from, to)) = first else { return Err(TestCaseError::fail(format!("nothing moved: {said}"))) };
    let rest = from.strip_prefix(old).unwrap_or_default();
    let new = to.strip_suffix(rest).unwrap_or(to);
    let back = run(program(root).args(["move", new, old]));
    prop_assert_eq!(back.code, Some(0), "{} → {}: {}", new, old, back.err);
    for (fault, count) in faults(root)? {
        prop_assert!(
            count <= known.get(&fault).copied().unwrap_or(0) || fault.contains("warning"),
            "{fault}: {}",
            back.out
        );
    }
    all_answered(root)
}

/// The command of a step, as a user may type it.
fn command(tree: &Tree, number: usize, step: &Step) -> Vec<String> {
    let pages: Vec<&String> = tree
        .keys()
        .filter(|name| {
            name.ends_with(".md")
                && !name.ends_with(".cy.md")
                && !name.ends_with("/part.md")
                && *name != "content/index.md"
        })
        .collect();
    let Some(file) = pages.get(step.what.index(pages.len().max(1))) else { return Vec::new() };
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (old, above) = match file.strip_suffix("/index.md") {
        Some(bundle) => (bundle.to_owned(), bundle.rsplit_once('/').map_or("", |(folder, _)| folder)),
        None => ((*file).clone(), folder),
    };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match step.how % 6 {
        0 => words(&["move", &old, &format!("new-{number}")]),
        1 => words(&["move", &old, &format!("{above}/deeper {number}/")]),
        2 if above.contains("2026") || above.contains("section") => {
            words(&["move", above, &format!("{above}-{number}")])
        }
        3 => words(&[
            "move",
            &old,
            &format!("{above}/ä new (name) {number}{}", if old.ends_with(".md") { ".md" } else { "" }),
        ]),
        4 => {
            let others: Vec<&&String> = pages.iter().filter(|other| **other != *file).collect();
            match others.get(usize::from(step.how) % others.len().max(1)) {
                Some(other) => words(&["merge", &old, other, "--drop-text"]),
                None => Vec::new(),
            }
        }
        _ => words(&["move", &old, &format!("{above}/plain-new-{number}")]),
    }
}

fn runner(cases: u32) -> TestRunner {
    let config = |cases| Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    match std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()) {
        Some(asked) => TestRunner::new(config(asked)),
        None => TestRunner::new_with_rng(config(cases), TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    }
}

#[test]
fn nothing_is_lost_by_moving() {
    let all = (prop::collection::vec(one(), 4..14), prop::collection::vec(step(), 1..5));
    let done = std::cell::Cell::new((0, 0));
    let result = runner(24).run(&all, |(all, steps)| {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let root = folder.path();
        run::write(root, &site(&all));
        let accepted = run(program(root).args(["addresses", "--accept"]));
        prop_assert_eq!(accepted.code, Some(0), "{}", accepted.err);
        // Addresses from the pattern of `[[moved]]` were public too.
        let mut list = std::fs::read_to_string(root.join("addresses.txt")).expect("the list is there");
        for (number, one) in
            all.iter().enumerate().filter(|(_, one)| one.collection == "publications" && !one.is_draft())
        {
            let _ = writeln!(list, "/reports/{}/", slug::slugify(key(number, one)));
        }
        std::fs::write(root.join("addresses.txt"), list).expect("the list can be written");
        let known = faults(root)?;
        for (number, step) in steps.iter().enumerate() {
            let before = sources(root);
            let words = command(&before, number, step);
            if words.is_empty() {
                continue;
            }
            let dry = run(program(root).args(&words).arg("--dry-run"));
            prop_assert_eq!(&sources(root), &before, "a dry run changes something: {:?}", words);
            let ran = run(program(root).args(&words));
            prop_assert_eq!((&ran.out, ran.code), (&dry.out, dry.code), "{:?}", words);
            let (moved, refused) = done.get();
            if ran.code != Some(0) {
                // A folder that the theme names, a page that links to a bundle's files: reported, and nothing done.
                prop_assert_eq!(&sources(root), &before, "{:?} was refused and changed something: {}", words, ran.err);
                prop_assert!(words[0] == "merge", "{words:?} was refused: {}", ran.err);
                done.set((moved, refused + 1));
                continue;
            }
            done.set((moved + 1, refused));
            let after = faults(root)?;
            let may_vanish = words[0] == "merge";
            for (fault, count) in &after {
                let was = known.get(fault).copied().unwrap_or(0);
                prop_assert!(
                    *count <= was || fault.contains("warning"),
                    "{words:?} brings {fault}:\n{}\n{}",
                    ran.out,
                    run(program(root).args(["check", "--now", NOW])).out
                );
            }
            prop_assert!(
                may_vanish
                    || known.keys().filter(|fault| fault.contains("error")).all(|fault| after.contains_key(fault)),
                "{words:?}"
            );
            all_answered(root)?;
            if words[0] == "move" && step.how >= 128 {
                there_and_back(root, &ran.out, &words[1], &known)?;
            }
        }
        Ok(())
    });
    if let Err(fault) = result {
        panic!("{fault}");
    }
    let (moved, refused) = done.get();
    assert!(moved > refused * 3, "{refused} steps were refused, {moved} done");
}
