//! What real users and real sites fell into: each case is a small site, what must be said of it, and what readers must get.
//!
//! `tests/field/KIND.txt` holds the cases of one kind. `== NAME` begins a case, which adds to the site in
//! `tests/field/base/`:
//!
//! * `-- PATH --`, then lines up to `--`: a file. `-- PATH bytes --`: `\xA3` is a byte in it. `-- PATH times N --`: its last
//!   line stands N times, with the number in place of `NN`.
//! * `text | …`: a page `content/text.md` with this text, on its line 6; `fields | …`: one with these YAML fields, from its
//!   line 2; `report | …`: a report `content/publications/r/index.md` with these fields beside those that it must have.
//!   In all, `\n` is a line break, and `\u{A0}` a character.
//! * `settings | …`: more lines at the end of `site.toml`; `top | …`: at its start.
//! * `picture PATH`: a picture. `cut picture PATH`: the first third of one. `pipe PATH`: a pipe. `without PATH`: the file is not there.
//! * `run | …`: a command, which runs before the site is checked and built. `\u{…}` is a character here too.
//!
//! What is right: `says nothing`; or one `says CODE at FILE:LINE` for each message of `check`, and no other. `messages N` is
//! how many `check` prints. `help holds "…"` is anywhere in a message or its help. `corrected FILE holds "…"` is after
//! `check --fix`. `published ADDRESS holds "…"`, `published ADDRESS holds not "…"` and `hidden ADDRESS` are about what
//! `build` makes. `built holds "…"` is about its words. `exit N` and `prints holds "…"` are about the command that ran; `site FILE holds "…"` and `no FILE` about the
//! files that it left.
//!
//! `PAMPHLET_PROGRAM` names another program to try; `PAMPHLET_TABLE` a file for a line about each case, to compare two.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

mod run;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const NOW: &str = "2027-01-04 09:00";

struct Case {
    kind: String,
    name: String,
    lines: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/field")
}

fn cases() -> Vec<Case> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    paths.sort();
    let mut cases: Vec<Case> = Vec::new();
    for path in paths {
        let kind = path.file_stem().unwrap().to_str().unwrap().to_owned();
        for line in fs::read_to_string(&path).unwrap().lines() {
            if let Some(name) = line.strip_prefix("== ") {
                cases.push(Case { kind: kind.clone(), name: name.to_owned(), lines: Vec::new() });
            } else if let Some(case) = cases.last_mut().filter(|case| case.kind == kind) {
                case.lines.push(line.to_owned());
            }
        }
    }
    cases
}

/// `\n` as a line break, `\u{A0}` as that character.
fn unescaped(text: &str) -> String {
    let text = text.replace("\\n", "\n");
    let mut parts = text.split("\\u{");
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').expect("a brace ends the character's number");
        all.push(u32::from_str_radix(code, 16).ok().and_then(char::from_u32).expect("it is a character"));
        all.push_str(rest);
    }
    all
}

/// `\xA3` as that byte.
fn bytes(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or("").as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two digits after \\x"));
        bytes.extend(part[2..].bytes());
    }
    bytes
}

/// The words of a command; `"…"` is one.
fn words(line: &str) -> Vec<String> {
    let quoted = line.split('"').enumerate();
    let words = quoted.flat_map(|(n, part)| match n % 2 {
        0 => part.split_whitespace().map(unescaped).collect(),
        _ => vec![unescaped(part)],
    });
    words.collect()
}

fn put(site: &Path, path: &str, content: &[u8]) {
    let file = site.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, content).unwrap();
}

/// A file of a case, with the words between its dashes.
fn put_file(site: &Path, heading: &str, text: &str) {
    if let Some(path) = heading.strip_suffix(" bytes") {
        put(site, path, &bytes(text));
    } else if let Some((path, count)) = heading.split_once(" times ") {
        let (start, last) = text.trim_end_matches('\n').rsplit_once('\n').expect("two lines");
        let rows = (1..=count.parse().unwrap()).map(|n: usize| last.replace("NN", &n.to_string()));
        put(site, path, format!("{start}\n{}\n", rows.collect::<Vec<_>>().join("\n")).as_bytes());
    } else {
        put(site, &unescaped(heading), text.as_bytes());
    }
}

/// Runs the program that is tried for the site.
fn ran(site: &Path, arguments: &[String]) -> run::Ran {
    let program = run::binary();
    run::run(Command::new(program).args(["--color", "never"]).args(arguments).current_dir(site))
}

/// A report with these fields, and with those that a report must have.
fn report(fields: &str) -> String {
    let mut all = fields.to_owned();
    for field in [
        "kind: report",
        "title: R",
        "summary: What we found.",
        "date: 2026-05-14",
        "authors: [jane-smith]",
        "themes: [homes]",
        "findings: [Rents rise.]",
    ] {
        let key = field.split_once(' ').map_or(field, |(key, _)| key);
        if !fields.lines().any(|line| line.starts_with(key)) {
            write!(all, "\n{field}").unwrap();
        }
    }
    format!("---\n{all}\n---\n\nText.\n")
}

/// What the program did with a case's site.
struct Outcome {
    home: tempfile::TempDir,
    command: Option<run::Ran>,
    said: Vec<String>,
    /// All messages with their help.
    told: String,
    messages: usize,
    built: String,
}

impl Outcome {
    fn site(&self) -> PathBuf {
        self.home.path().join("site")
    }
}

/// Lays out a case's site, runs its command, checks and builds.
fn tried(case: &Case) -> Outcome {
    let home = tempfile::tempdir().unwrap();
    let site = home.path().join("site");
    run::write(&site, &run::files(&folder().join("base")));
    let mut command = None;
    let mut lines = case.lines.iter();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            let text: String =
                lines.by_ref().take_while(|line| *line != "--").map(|line| format!("{line}\n")).collect();
            put_file(&site, heading, &text);
        } else if let Some(text) = line.strip_prefix("text | ") {
            let page = format!("---\ntitle: A text\nsummary: What it says.\n---\n\n{}\n", unescaped(text));
            put(&site, "content/text.md", page.as_bytes());
        } else if let Some(fields) = line.strip_prefix("fields | ") {
            let fields = unescaped(fields);
            let title = if fields.contains("title:") { "" } else { "\ntitle: A text" };
            put(&site, "content/text.md", format!("---\n{fields}{title}\n---\n\nText.\n").as_bytes());
        } else if let Some(fields) = line.strip_prefix("report | ") {
            put(&site, "content/publications/r/index.md", report(&unescaped(fields)).as_bytes());
        } else if let Some(lines) = line.strip_prefix("settings | ") {
            let settings = fs::read_to_string(site.join("site.toml")).unwrap();
            put(&site, "site.toml", format!("{settings}\n{}\n", unescaped(lines)).as_bytes());
        } else if let Some(lines) = line.strip_prefix("top | ") {
            let settings = fs::read_to_string(site.join("site.toml")).unwrap();
            put(&site, "site.toml", format!("{}\n{settings}", unescaped(lines)).as_bytes());
        } else if let Some(path) = line.strip_prefix("picture ") {
            put(&site, &unescaped(path), include_bytes!("field/picture.png"));
        } else if let Some(path) = line.strip_prefix("cut picture ") {
            put(&site, path, include_bytes!("field/cut.jpg"));
        } else if let Some(path) = line.strip_prefix("pipe ") {
            fs::create_dir_all(site.join(path).parent().unwrap()).unwrap();
            assert!(Command::new("mkfifo").arg(site.join(path)).status().unwrap().success());
        } else if let Some(path) = line.strip_prefix("without ") {
            fs::remove_file(site.join(path)).unwrap();
        } else if let Some(line) = line.strip_prefix("run | ") {
            command = Some(ran(&site, &words(line)));
        }
    }
    let asks = |verbs: &[&str]| case.lines.iter().any(|line| verbs.iter().any(|verb| line.starts_with(verb)));
    let now = format!("--now \"{NOW}\"");
    let command_for = |what: &str, verbs: &[&str]| match asks(verbs) {
        true => ran(&site, &words(&format!("{what} {now}"))),
        false => run::Ran { code: None, out: String::new(), err: String::new() },
    };
    let checked = command_for("check --format json", &["says ", "help "]);
    let (mut said, mut told) = (Vec::new(), String::new());
    for line in checked.out.lines() {
        let fault: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| fault[key].as_str().unwrap_or_default().to_owned();
        let line = fault["line"].as_u64().map(|line| format!(":{line}")).unwrap_or_default();
        said.push(format!("{} at {}{line}", text("code"), text("file")));
        writeln!(told, "{} = {}", text("message"), text("help")).unwrap();
    }
    let short = command_for("check", &["messages ", "help "]);
    told.push_str(&short.out);
    let starts = |line: &&str| ["error[", "warning["].iter().any(|start| line.starts_with(start));
    let messages = short.out.lines().filter(starts).count();
    let built = command_for("build -o ../out", &["published ", "hidden ", "built "]);
    said.sort();
    Outcome { home, command, said, told, messages, built: format!("{}{}", built.out, built.err) }
}

/// `… holds "…"` and `… holds not "…"`: the place, whether it is to be there, and what.
fn holds(rest: &str) -> (&str, bool, String) {
    let (place, text) = rest.split_once(" holds ").expect("it says what is held");
    let (is_wanted, text) = text.strip_prefix("not ").map_or((true, text), |text| (false, text));
    (place, is_wanted, unescaped(text.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)))
}

/// What is not as it should be.
fn wrong(case: &Case) -> Vec<String> {
    let outcome = tried(case);
    let mut wrong = Vec::new();
    let mut says: Option<Vec<String>> = None;
    let mut is_in_file = false;
    for line in &case.lines {
        if line.starts_with("-- ") {
            is_in_file = true;
        }
        if is_in_file {
            is_in_file = line != "--";
        } else if line == "says nothing" {
            says = Some(Vec::new());
        } else if let Some(said) = line.strip_prefix("says ") {
            says.get_or_insert_default().push(said.to_owned());
        } else {
            wrong.extend(judged(line, &outcome));
        }
    }
    if let Some(mut says) = says {
        says.sort();
        if says != outcome.said {
            let list = |all: &[String]| if all.is_empty() { "nothing".to_owned() } else { all.join(", ") };
            let what = format!("says {}, not {}: {}", list(&outcome.said), list(&says), outcome.told.trim());
            wrong.push(what);
        }
    }
    wrong
}

/// What is wrong by this line of a case.
fn judged(line: &str, outcome: &Outcome) -> Option<String> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let out = |address: &str| {
        let index = if address.ends_with('/') { "index.html" } else { "" };
        outcome.home.path().join("out").join(format!("{}{index}", address.trim_start_matches('/')))
    };
    let held = |file: &Path, what: &str| {
        let (place, is_wanted, text) = holds(what);
        let Ok(page) = fs::read(file) else { return Some(format!("{place} is not there: {}", outcome.built.trim())) };
        let page = String::from_utf8_lossy(&page).into_owned();
        let is_right = page.contains(&text) == is_wanted;
        let main = page.split_once("<main").map_or(page.as_str(), |(_, main)| main);
        (!is_right).then(|| format!("{place} holds {}`{text}`: {main}", if is_wanted { "no " } else { "" }))
    };
    match verb {
        "messages" => {
            let is_right = rest == outcome.messages.to_string();
            (!is_right).then(|| format!("{} messages, not {rest}: {}", outcome.messages, outcome.told.trim()))
        }
        "help" => {
            let (_, is_wanted, text) = holds(line);
            let is_right = outcome.told.contains(&text) == is_wanted;
            (!is_right).then(|| format!("{line}: {}", outcome.told.trim()))
        }
        "corrected" => {
            let copy = outcome.home.path().join("copy");
            run::write(&copy, &run::files(&outcome.site()));
            let _ = ran(&copy, &words(&format!("check --fix --now \"{NOW}\"")));
            held(&copy.join(holds(rest).0), rest)
        }
        "published" => held(&out(holds(rest).0), rest),
        "hidden" => out(rest).exists().then(|| format!("{rest} is published")),
        "site" => held(&outcome.site().join(holds(rest).0), rest),
        "no" => outcome.site().join(rest).exists().then(|| format!("{rest} is there")),
        "exit" => {
            let code = outcome.command.as_ref().and_then(|ran| ran.code);
            let is_right = code.is_some_and(|code| code.to_string() == rest);
            (!is_right).then(|| format!("exit {code:?}, not {rest}: {}", printed(outcome)))
        }
        "prints" => {
            let (_, is_wanted, text) = holds(line);
            let is_right = printed(outcome).contains(&text) == is_wanted;
            (!is_right).then(|| format!("{line}: {}", printed(outcome)))
        }
        "built" => {
            let (_, is_wanted, text) = holds(line);
            let is_right = outcome.built.contains(&text) == is_wanted;
            (!is_right).then(|| format!("{line}: {}", outcome.built))
        }
        "" | "--" | "text" | "fields" | "report" | "settings" | "top" | "picture" | "cut" | "pipe" | "without"
        | "run" | "#" => None,
        _ => panic!("a case does not know `{line}`"),
    }
}

fn printed(outcome: &Outcome) -> String {
    outcome.command.as_ref().map(|ran| format!("{}{}", ran.out, ran.err)).unwrap_or_default()
}

/// Seen to fail on the program of before these mends, but for the cases whose names end with "(held)".
#[test]
fn what_others_fell_into_is_read_or_said() {
    let cases = cases();
    let only = std::env::var("PAMPHLET_CASE").unwrap_or_default();
    let cases: Vec<&Case> =
        cases.iter().filter(|case| format!("{} {}", case.kind, case.name).contains(&only)).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let wrong: Vec<Vec<String>> = std::thread::scope(|scope| {
        let part = cases.len().div_ceil(threads).max(1);
        let threads: Vec<_> = cases
            .chunks(part)
            .map(|part| scope.spawn(|| part.iter().map(|case| wrong(case)).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let (mut table, mut all) = (String::new(), String::new());
    for (case, wrong) in cases.iter().zip(&wrong) {
        writeln!(table, "{}\t{}\t{}", case.kind, case.name, wrong.join(" · ").replace('\n', "⏎")).unwrap();
        if !wrong.is_empty() {
            write!(all, "{}: {}\n    {}\n\n", case.kind, case.name, wrong.join("\n    ")).unwrap();
        }
    }
    if let Some(file) = std::env::var_os("PAMPHLET_TABLE") {
        fs::write(file, table).unwrap();
    }
    assert!(all.is_empty(), "{all}");
}
