//! The manual in `docs/` is a site that the program builds, and it covers everything that the program knows.
//!
//! What the program knows is asked of the program itself, or read from the tables of its code: a new setting, function,
//! option or kind of fault that the manual does not mention makes a test fail. Examples are tried: the words after a
//! block's language say what it is (see `what_the_examples_say_is_accepted`).
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const NOW: &str = "2026-11-20 09:00";

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn page(name: &str) -> String {
    fs::read_to_string(docs().join(format!("content/{name}.md"))).unwrap()
}

/// The words of a page that are in inline code or code blocks.
fn code_words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut is_block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_block = !is_block;
            continue;
        }
        for (number, part) in line.split('`').enumerate() {
            if is_block || number % 2 == 1 {
                let names = part.split(|c: char| !c.is_alphanumeric() && !"_-".contains(c));
                words.extend(names.map(str::to_owned));
            }
        }
    }
    words
}

/// The text below the heading that names `[table]`, up to the next heading.
fn section<'t>(text: &'t str, table: &str) -> Option<&'t str> {
    let names = [format!("`[{table}]`"), format!("`[[{table}]]`"), format!("`[{table}."), format!("`[[{table}.")];
    let is_heading = |line: &str| line.starts_with("## ") && names.iter().any(|name| line.contains(name));
    let start = text.match_indices("\n## ").find(|(at, _)| is_heading(text[at + 1..].lines().next().unwrap_or("")))?.0;
    let rest = &text[start + 1..];
    Some(rest.find("\n## ").map_or(rest, |end| &rest[..end]))
}

#[track_caller]
fn assert_none_missing(missing: &[String]) {
    assert!(missing.is_empty(), "the manual does not say:\n{}", missing.join("\n"));
}

/// A nearly empty site.
fn small_site(root: &Path, settings: &str) {
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let site = format!("title = \"A\"\nbase_url = \"https://www.example.org/\"\ntheme = \"own\"\n{settings}");
    let files = BTreeMap::from([
        file("site.toml", &site),
        file("content/index.md", "+++\ntitle = \"A\"\n+++\n"),
        file("themes/own/theme.toml", "extends = \"civic\"\n"),
    ]);
    run::write(root, &files);
}

const ORGANISATION: &str = "[organisation]\nname = \"A\"\n";

/// The names that the program lists when `file` holds an unknown one.
fn known(settings: &str) -> Vec<String> {
    let home = tempfile::tempdir().unwrap();
    small_site(home.path(), settings);
    known_in(home.path())
}

fn known_in(root: &Path) -> Vec<String> {
    let said = run::run(run::program(root).arg("check")).out;
    let help = said.split("zzqqxx`").nth(1).and_then(|rest| {
        rest.lines().take(8).find_map(|line| line.split_once("= help: the settings here are ").map(|(_, names)| names))
    });
    help.into_iter().flat_map(|names| names.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[test]
fn the_manual_is_built_without_a_fault_and_every_code_has_its_page() {
    let ran = run::run(run::program(&docs()).args(["check", "--strict", "--now", NOW]));
    assert_eq!(format!("{}{}", ran.out, ran.err), "Nothing is wrong.\n");

    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let ran = run::build(&docs(), &out, NOW);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let list = fs::read_to_string(out.join("faults/index.html")).unwrap();
    for code in pamphlet::Code::ALL {
        let page = fs::read_to_string(out.join(format!("faults/{}/index.html", code.as_str()))).unwrap();
        assert!(page.contains(&format!("<h1><code>{}</code></h1>", code.as_str())), "{}", code.as_str());
        assert!(list.contains(&format!("href=\"/faults/{}/\"", code.as_str())), "the list lacks {}", code.as_str());
    }
    let pages = fs::read_dir(docs().join("content/faults")).unwrap().count();
    assert_eq!(pages, pamphlet::Code::ALL.len(), "a page of a fault that there is not");
    // Other themes have their lists; a manual has none.
    assert!(!out.join("publications").exists() && !out.join("events").exists());
}

/// Seen to fail with a key removed from a table of `settings.md`, and with `[severities]` left out.
#[test]
fn every_setting_is_in_the_manual() {
    let settings = page("settings");
    let root = known(&format!("zzqqxx = 1\n{ORGANISATION}"));
    assert!(root.len() > 15 && root.contains(&"organisation".to_owned()), "{root:?}");
    let mut missing = Vec::new();
    for name in &root {
        // A table is one in which a key can be wrong.
        let shapes = [format!("[{name}]"), format!("[[{name}]]"), format!("[{name}.cy]"), format!("[[{name}.cy]]")];
        let other = if name == "organisation" { "" } else { ORGANISATION };
        let found = shapes.iter().find_map(|header| {
            let keys = known(&format!("{other}{header}\nzzqqxx = 1\n"));
            (!keys.is_empty()).then_some(keys)
        });
        let is_table = found.is_some() || ["severities", "settings", "publish"].contains(&name.as_str());
        let text = match is_table {
            true => section(&settings, name),
            false => settings.split("\n## ").next(),
        };
        let Some(text) = text else {
            missing.push(format!("settings.md has no heading `[{name}]`"));
            continue;
        };
        let elsewhere = match name.as_str() {
            "collections" | "lists" | "directives" | "renditions" | "licences" => page("themes"),
            "languages" => page("languages"),
            _ => String::new(),
        };
        let words = code_words(&format!("{text}\n{elsewhere}"));
        let keys = found.unwrap_or_else(|| vec![name.clone()]);
        missing.extend(keys.iter().filter(|key| !words.contains(*key)).map(|key| format!("[{name}] {key}")));
    }
    assert_none_missing(&missing);
}

/// Each setting of a table that has the column "if nothing is said" says there what is declared.
///
/// Seen to fail with another `timezone` in `settings.md`, and without the row of `redirect_pages`.
#[test]
fn the_manual_says_what_is_declared() {
    let settings = page("settings");
    let declared: toml::Table = toml::from_str(include_str!("../src/config/settings.toml")).unwrap();
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for table in declared["table"].as_array().unwrap() {
        let header = table.get("header").map_or("", |header| header.as_str().unwrap());
        if table.get("in").is_some_and(|place| place.as_str() == Some("theme")) {
            continue;
        }
        let text = match header.trim_matches(['[', ']']) {
            "" => settings.split("\n## ").next(),
            name => section(&settings, name),
        };
        let Some(text) = text.filter(|text| text.contains("| if nothing is said |")) else { continue };
        for (key, field) in table["fields"].as_table().unwrap() {
            let row = text.lines().find(|line| line.starts_with(&format!("| `{key}` |")));
            let says = row.and_then(|row| row.trim_end_matches([' ', '|']).rsplit('|').next()).unwrap_or("").trim();
            let expected = match (field.get("default"), field.get("required")) {
                (Some(default), _) => format!("`{default}`"),
                (None, Some(_)) => "it must be there".to_owned(),
                (None, None) => "nothing".to_owned(),
            };
            compared += 1;
            if says != expected {
                wrong.push(format!("{header} {key}: {expected}, not {says}"));
            }
        }
    }
    assert!(compared > 8, "{compared}");
    assert_none_missing(&wrong);
}

/// Seen to fail with the row of `exists`, with `per_page` of lists and with `warn_over` of fields removed.
#[test]
fn every_key_function_and_value_of_themes_is_in_the_manual() {
    let themes = page("themes") + &page("machines") + &page("search") + &page("languages");
    let words = code_words(&themes);
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    // The keys of theme.toml and of its tables.
    let home = tempfile::tempdir().unwrap();
    small_site(home.path(), ORGANISATION);
    fs::write(home.path().join("themes/own/theme.toml"), "extends = \"civic\"\nzzqqxx = 1\n").unwrap();
    let root = known_in(home.path());
    assert!(root.len() > 8, "{root:?}");
    wanted.extend(root);
    fs::write(home.path().join("themes/own/theme.toml"), "extends = \"civic\"\n[[contrast]]\nzzqqxx = 1\n").unwrap();
    wanted.extend(known_in(home.path()));
    for table in ["collections.publications", "collections.publications.kinds.report", "lists.publications", "search"]
        .into_iter()
        .chain([
            "directives.callout",
            "renditions.text",
            "languages.cy.collections.events",
            "languages.cy.lists.events",
        ])
    {
        let keys = known(&format!("{ORGANISATION}[{table}]\nzzqqxx = 1\n"));
        assert!(!keys.is_empty(), "[{table}] says nothing of its keys");
        wanted.extend(keys);
    }
    // The attributes of fields, and the names of types and traits.
    wanted.extend(quoted(between(include_str!("../src/schema/declare.rs"), "const SETTINGS: &[&str] = &[", "];")));
    let base = include_str!("../src/schema/base.toml");
    wanted.extend(base.lines().filter_map(|line| Some(line.strip_prefix('[')?.trim_end_matches(']').to_owned())));
    wanted.remove("base");
    // Functions and filters, and the values that templates get.
    let functions = include_str!("../src/template/functions.rs");
    for what in ["register_function(\"", "register_filter(\""] {
        wanted.extend(functions.split(what).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
    }
    let pages = include_str!("../src/render/page.rs");
    wanted.extend(pages.split("insert_value(\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
    let views = include_str!("../src/views/page.rs");
    let names = views.split("pub(crate) ").skip(1).filter_map(|rest| rest.split_once(": "));
    wanted.extend(names.map(|(name, _)| name.to_owned()).filter(|name| !name.contains(' ')));
    // Templates call it `type`.
    wanted.remove("media_type");
    for text in [pages, functions, include_str!("../src/template/values.rs")] {
        let pairs = text.split("(\"").skip(1).filter_map(|rest| rest.split_once('"'));
        let is_key = |key: &str| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        wanted.extend(pairs.filter(|(key, rest)| is_key(key) && rest.starts_with(", ")).map(|(key, _)| key.to_owned()));
    }
    assert!(wanted.len() > 100, "{}", wanted.len());
    let missing: Vec<String> = wanted.into_iter().filter(|name| !words.contains(name)).collect();
    assert_none_missing(&missing);
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).expect("the table is there");
    rest.split_once(end).expect("it ends").0
}

fn quoted(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split('"').skip(1).step_by(2).map(str::to_owned)
}

/// Seen to fail with the rows of `noindex` and of the block `recommendation`, and with `programme` left out.
#[test]
fn every_field_and_block_is_in_the_manual() {
    let words = code_words(&page("writing"));
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    let names = |line: &str| line.split_once(" = ").map(|(name, _)| name.trim().to_owned());
    let is_field = |line: &&str| !line.starts_with(['#', '[', ' ']) && line.contains(" = ");
    wanted.extend(include_str!("../src/schema/base.toml").lines().filter(is_field).filter_map(names));
    let mut table = "";
    for line in include_str!("../themes/civic/theme.toml").lines() {
        if let Some(header) = line.strip_prefix('[') {
            table = header.trim_end_matches(']');
            let field = table.strip_prefix("collections.").and_then(|table| table.split_once(".fields."));
            wanted.extend(field.and_then(|(_, field)| field.split('.').next()).map(str::to_owned));
            if let Some(block) = table.strip_prefix("directives.") {
                wanted.insert(block.split('.').next().unwrap().to_owned());
            }
        } else if (table.ends_with(".attributes") || table.ends_with(".fields")) && is_field(&line) {
            wanted.extend(names(line));
        }
    }
    let missing: Vec<String> = wanted.into_iter().filter(|name| !words.contains(name)).collect();
    assert_none_missing(&missing);
}

/// Seen to fail with a row of `commands.md` removed.
#[test]
fn every_command_and_option_is_in_the_manual() {
    let text = page("commands");
    let help = |arguments: &[&str]| run::run(run::program(Path::new(".")).args(arguments)).out;
    let main = help(&["--help"]);
    let commands: Vec<&str> = between(&main, "Commands:\n", "\n\n")
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next().filter(|_| !line.starts_with("   ")))
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.len() > 10, "{commands:?}");
    let options = |help: &str| -> Vec<String> {
        let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
        let named = lines.filter_map(|line| line.split([' ', ',', '<']).find(|word| word.starts_with("--")));
        named.map(str::to_owned).collect()
    };
    let general = options(&main);
    let mut missing = Vec::new();
    for name in commands {
        let Some((_, rest)) = text.split_once(&format!("\n## `pamphlet {name}")) else {
            missing.push(format!("a section `pamphlet {name}`"));
            continue;
        };
        let words = code_words(rest.split("\n## ").next().unwrap());
        let own = options(&help(&[name, "--help"]));
        let own = own.iter().filter(|option| !general.contains(option));
        missing.extend(own.filter(|option| !words.contains(*option)).map(|option| format!("{name} {option}")));
    }
    let words = code_words(&text);
    missing.extend(general.into_iter().filter(|option| !words.contains(option)));
    assert_none_missing(&missing);
}

/// A fenced block of the manual: its place, the words after its fence, its text.
struct Example {
    place: String,
    info: String,
    text: String,
}

fn examples() -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    for (name, bytes) in run::files(&docs().join("content")) {
        let mut open = false;
        for (number, line) in String::from_utf8(bytes).unwrap().lines().enumerate() {
            match line.strip_prefix("```") {
                Some(info) if !open => {
                    let place = format!("docs/content/{name}:{}", number + 1);
                    found.push(Example { place, info: info.trim().to_owned(), text: String::new() });
                    open = true;
                }
                Some(_) => open = false,
                None if open => {
                    let text = &mut found.last_mut().unwrap().text;
                    text.push_str(line);
                    text.push('\n');
                }
                None => {}
            }
        }
    }
    found
}

/// The page on words has every word of `civic` as it is, and every word of the program.
#[test]
fn every_word_of_the_interface_is_in_the_manual() {
    let page = page("words");
    let theme = include_str!("../themes/civic/strings/en.toml");
    for line in theme.lines().filter(|line| line.contains(" = ")) {
        assert!(page.lines().any(|other| other == line), "words.md does not have the line {line}");
    }
    let own = [
        between(include_str!("../src/markdown/mod.rs"), "pub(crate) const WORDS: &[(&str, &str)] = &[", "];"),
        between(include_str!("../src/template/strings.rs"), "const WORDS: &[(&str, &str)] =", "];"),
    ];
    for word in own
        .iter()
        .flat_map(|text| quoted(text))
        .filter(|word| !word.contains([' ', '{']) && word.to_lowercase() == *word)
    {
        assert!(page.contains(&format!("{word} = ")), "words.md does not have {word}");
    }
}

/// Whoever writes pages finds every template of `civic`.
#[test]
fn every_template_of_civic_is_named() {
    let writing = page("writing");
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/civic/templates");
    for entry in fs::read_dir(templates).expect("it is there") {
        let name = entry.expect("it can be read").file_name().into_string().expect("a plain name");
        if name.ends_with(".html") && name != "components.html" {
            assert!(writing.contains(&format!("`{name}`")), "writing.md does not name the template {name}");
        }
    }
}

/// ```` ```toml site ```` is a part of site.toml, ```` ```toml theme ```` of theme.toml; ```` ```toml report ```` and the
/// like are fields of such a page, ```` ```markdown ```` is its text. Each is put into a new site and must cause no
/// fault. ```` ```toml strings ````, ```` ```html template NAME ```` and ```` ```css asset NAME ```` are files of a
/// theme. In the pages of faults, blocks show what is wrong.
///
/// Seen to fail with a misspelt key in each of these.
#[test]
fn what_the_examples_say_is_accepted() {
    let home = tempfile::tempdir().unwrap();
    let begun = home.path().join("begun");
    let ran = run::run(run::program(Path::new(".")).arg("init").arg(&begun));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let begun = run::files(&begun);
    let mut tried = BTreeMap::new();
    let mut wrong = Vec::new();
    for (number, example) in examples().iter().enumerate() {
        if example.place.contains("/faults/") {
            continue;
        }
        let words: Vec<&str> = example.info.split_whitespace().collect();
        let mut files = begun.clone();
        let mut add = |name: &str, text: String| files.entry(name.to_owned()).or_default().extend(text.into_bytes());
        let (file, kind) = match words.as_slice() {
            ["toml", "site"] => {
                let least = "title = \"A\"\nbase_url = \"https://www.example.org/\"\n";
                let organisation = if example.text.contains("[organisation]") { "" } else { ORGANISATION };
                let text = format!("{}{}\n{organisation}", without(least, &example.text), example.text);
                files.insert("site.toml".to_owned(), text.into_bytes());
                ("site.toml", "site")
            }
            ["toml", "theme"] => {
                let extends = without("extends = \"civic\"\n", &example.text);
                add("themes/own/theme.toml", format!("{extends}{}", example.text));
                let site = String::from_utf8_lossy(&begun["site.toml"]).replace("\"civic\"", "\"own\"");
                files.insert("site.toml".to_owned(), site.into_bytes());
                ("themes/own/theme.toml", "theme")
            }
            ["toml", "strings"] => {
                add("strings/en.toml", example.text.clone());
                ("strings/en.toml", "theme")
            }
            // Templates and styles of a theme that extends `civic`.
            ["html", "template", name] | ["css", "asset", name] => {
                let folder = if words[0] == "html" { "templates" } else { "assets" };
                add(&format!("themes/own/{folder}/{name}"), example.text.clone());
                add("themes/own/assets/ours.css", String::new());
                add("themes/own/theme.toml", "extends = \"civic\"\n".to_owned());
                let site = String::from_utf8_lossy(&begun["site.toml"]).replace("\"civic\"", "\"own\"");
                files.insert("site.toml".to_owned(), site.into_bytes());
                ("", "design")
            }
            ["toml", kind @ ("report" | "event" | "person" | "page")] => {
                let (folder, least) = match *kind {
                    "report" => (
                        "publications",
                        "title = \"An example\"\nkind = \"report\"\nsummary = \"S\"\ndate = 2026-05-14\nauthors = [{ name = \"A\" }]\nthemes = [\"our-first-theme\"]\n",
                    ),
                    "event" => {
                        ("events", "title = \"An example\"\nstart = 2027-05-14\nvenue = { name = \"Online\" }\n")
                    }
                    "person" => ("people", "title = \"Jane Smith\"\nrole = \"Director\"\n"),
                    _ => ("pages", "title = \"An example\"\n"),
                };
                // A draft's faults are warnings.
                let fields = example.text.replace("+++\n", "\n").replace("status = \"draft\"\n", "");
                let (fields, text) = fields.split_once("\n\n").unwrap_or((&fields, ""));
                add(
                    &format!("content/{folder}/example.md"),
                    format!("+++\n{}{fields}\n+++\n\n{text}", without(least, fields)),
                );
                ("example.md", "fields")
            }
            ["markdown"] => {
                add("content/example.md", format!("+++\ntitle = \"An example\"\n+++\n\n{}", example.text));
                ("example.md", "text")
            }
            ["toml" | "markdown", ..] => {
                wrong.push(format!("{}: `{}` does not say what it is", example.place, example.info));
                continue;
            }
            _ => continue,
        };
        *tried.entry(kind).or_insert(0) += 1;
        let site = home.path().join(number.to_string());
        run::write(&site, &files);
        let ran = run::run(run::program(&site).args(["check", "--format", "json", "--now", NOW]));
        for line in ran.out.lines().filter(|line| line.contains("\"severity\":\"error\"") && line.contains(file)) {
            // Examples name people, pages and pictures that this site lacks.
            let names_others = ["dangling-reference", "missing-file", "broken-source-link", "unknown-menu-target"];
            let is_tolerated = names_others.iter().any(|code| line.contains(&format!("\"code\":\"{code}\"")));
            if !is_tolerated {
                wrong.push(format!("{} ({}): {line}", example.place, example.info));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(["site", "theme", "design", "fields", "text"].iter().all(|kind| tried.contains_key(kind)), "{tried:?}");
}

/// The lines at the top of `text`, before any table, whose key is not in `other`; and the rest of it.
fn without(text: &str, other: &str) -> String {
    let key = |line: &str| line.split_once(" = ").map(|(key, _)| key.trim().to_owned()).unwrap_or_default();
    let stated: BTreeSet<String> = other.lines().take_while(|line| !line.starts_with('[')).map(key).collect();
    text.lines()
        .filter(|line| line.is_empty() || !stated.contains(&key(line)))
        .map(|line| format!("{line}\n"))
        .collect()
}
