//! The architecture, as far as the sources show it: the order of the modules in `lib.rs` is the order of the data, the
//! disk is read in one place and written in one, and nothing makes two builds differ.
#![allow(missing_docs, clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A source file: its path below `src/`, its top-level module, its code without comments and tests.
struct Source {
    name: String,
    module: String,
    text: String,
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    assert!(files.len() > 5, "no sources below {}", root.display());
    files
        .iter()
        .map(|file| {
            let path = file.strip_prefix(&root).expect("found below it");
            let name = path.to_string_lossy().replace('\\', "/");
            let module = name.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(file).expect("a source can be read");
            let code = code(&name, &text);
            Source { name, module, text, code }
        })
        .collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources can be read") {
        let path = entry.expect("an entry of a folder can be read").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// The code without comments; nothing from test files, and nothing below `mod tests {`.
fn code(name: &str, text: &str) -> String {
    if name.ends_with("/tests.rs") || name.ends_with("/testing.rs") || name.starts_with("cli/live/") {
        return String::new();
    }
    text.lines()
        .take_while(|line| !line.starts_with("mod tests {"))
        .map(|line| if line.trim_start().starts_with("//") { "" } else { line })
        .collect::<Vec<_>>()
        .join("\n")
}

/// The modules that `code` names after `crate::`, including those in braces: `use crate::{a, b::c}`.
fn used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, found) in code.match_indices("crate::") {
        // `$crate::` belongs to a macro, `other_crate::` to another crate.
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + found.len()..];
        match rest.strip_prefix('{') {
            None => used.extend(first_word(rest)),
            Some(rest) => {
                let mut depth = 0;
                let mut item = String::new();
                for c in rest.chars() {
                    match c {
                        '}' if depth == 0 => break,
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 0 => used.extend(first_word(&std::mem::take(&mut item))),
                        _ => item.push(c),
                    }
                }
                used.extend(first_word(&item));
            }
        }
    }
    used
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

#[test]
fn a_module_uses_only_those_above_it() {
    let sources = sources();
    let root = sources.iter().find(|source| source.name == "lib.rs").expect("the library has a root");
    let order: Vec<&str> = root
        .code
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    assert!(order.starts_with(&["path", "diagnostic"]), "lib.rs lists its modules in reading order: {order:?}");
    let place = |name: &str| order.iter().position(|module| *module == name);
    let mut wrong = Vec::new();
    for source in &sources {
        let Some(own) = place(&source.module) else {
            assert!(["lib", "main"].contains(&source.module.as_str()), "lib.rs does not list `{}`", source.name);
            continue;
        };
        let below = used(&source.code).into_iter().filter(|name| place(name).is_some_and(|at| at > own));
        wrong.extend(below.map(|name| format!("{} uses `{name}`, which comes later", source.name)));
    }
    assert_eq!(wrong, [] as [String; 0]);
}

#[test]
fn imports_are_found_in_every_form() {
    let code = "use crate::a::{b, c};\nuse crate::{d, e::{f, g}, h as i};\nlet x = crate::j::k(); other_crate::l();";
    let expected = ["a", "d", "e", "h", "j"].map(str::to_owned);
    assert_eq!(used(code), BTreeSet::from(expected));
}

/// Names that only some modules may use, and why.
const KEPT_TO: &[(&str, &[&str], &str)] = &[
    ("std::fs", &["source", "store"], "the disk is read by `source` and written by `store`"),
    ("File::open", &["source", "store"], "the disk is read by `source` and written by `store`"),
    ("tempfile::", &["store"], "the disk is written by `store`"),
    ("walkdir::", &["source", "store"], "the disk is read by `source`"),
    ("HashMap", &[], "its order differs from run to run; `IndexMap` and `BTreeMap` keep one"),
    ("HashSet", &[], "its order differs from run to run; `IndexSet` and `BTreeSet` keep one"),
    // `source` and `store` compare the times of files; they read no clock.
    ("SystemTime", &["cli", "source", "store"], "the clock is read once, by the command"),
    ("SystemTime::now", &["cli"], "the clock is read once, by the command"),
    ("Instant", &["cli"], "the clock is read once, by the command"),
    ("Timestamp::now", &["cli"], "the clock is read once, by the command"),
    ("ZonedDateTime::now", &["cli"], "the clock is read once, by the command"),
    ("TimeZone::system", &[], "a site says its zone"),
    ("std::env", &["cli"], "the environment is read by the command alone"),
    ("println!", &["cli"], "only the command prints"),
];

#[test]
fn disk_clock_and_environment_are_kept_to_their_rooms() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, modules, why) in KEPT_TO {
            if !modules.contains(&source.module.as_str()) && names(&source.code, name) {
                wrong.push(format!("{} names `{name}`: {why}", source.name));
            }
        }
    }
    assert_eq!(wrong, [] as [String; 0]);
}

/// The names that show who may see an entry, and where.
const TELLS_VISIBILITY: &[&str] = &[
    "Status::",
    "core.status",
    "core.publish_at",
    "core.expires",
    "core.is_sample",
    "core.noindex",
    "(\"status\")",
    "(\"publish_at\")",
    "get(\"noindex\")",
    "(\"sample\")",
];

/// One module reads those fields, one says what follows from them.
const ANSWERS_VISIBILITY: &[&str] = &["content/core.rs", "site/visibility.rs", "schema/secrecy.rs"];

#[test]
fn one_module_says_who_may_see_what() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !ANSWERS_VISIBILITY.contains(&source.name.as_str())) {
        let told = TELLS_VISIBILITY.iter().filter(|name| source.code.contains(**name));
        wrong.extend(told.map(|name| format!("{} holds `{name}`: ask `site::visibility`", source.name)));
    }
    assert_eq!(wrong, [] as [String; 0]);
}

/// The modules with outputs for machines: JSON-LD and other tags, calendars, citations, feeds, the search, share images.
const FOR_MACHINES: &[&str] = &[
    "views/",
    "template/metadata/",
    "render/calendar.rs",
    "render/citation.rs",
    "render/feed.rs",
    "render/sitemap.rs",
    "search.rs",
    "cards/",
];

/// The names that read template values, which hold fields declared by themes.
const ASKS_TEMPLATES: &[&str] = &["tera", "get_from_path", "entry_value", "as_map", "asked.full", "asked.plain"];

/// Seen to fail with `entry_value` in `search.rs`, and with `get_from_path` in `template/metadata/scholar.rs`.
#[test]
fn machines_are_told_what_views_say_and_not_what_templates_see() {
    let (mut wrong, mut found) = (Vec::new(), BTreeSet::new());
    for source in &sources() {
        let Some(room) = FOR_MACHINES.iter().find(|room| source.name.starts_with(**room)) else { continue };
        found.insert(*room);
        let asked = ASKS_TEMPLATES.iter().filter(|name| names(&source.code, name));
        wrong.extend(asked.map(|name| format!("{} holds `{name}`: ask `views`", source.name)));
    }
    assert_eq!(wrong, [] as [String; 0]);
    assert_eq!(found.len(), FOR_MACHINES.len(), "a file is called otherwise now: {found:?}");
}

/// Whether `code` holds `name` as whole words, not as part of a longer one.
fn names(code: &str, name: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    let goes_on = |after: &str| name.ends_with(joins) && after.starts_with(joins);
    code.match_indices(name).any(|(at, _)| !code[..at].ends_with(joins) && !goes_on(&code[at + name.len()..]))
}

#[test]
fn every_file_says_what_it_is_and_stays_readable() {
    let mut wrong = Vec::new();
    for source in sources() {
        if !source.text.starts_with("//! ") {
            wrong.push(format!("{} has no header", source.name));
        }
        let lines = source.text.lines().count();
        if lines > 600 {
            wrong.push(format!("{} has {lines} lines", source.name));
        }
    }
    assert_eq!(wrong, [] as [String; 0]);
}
