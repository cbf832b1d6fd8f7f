//! Every hint works: the fixture of each fault, mended as its message says, has nothing wrong any more.
//!
//! First `check --fix` corrects what it corrects by itself. What it leaves to the author is spliced as the JSON output
//! says. Then the author does what the help says, as written in the fixture (`tests/fixture/mod.rs`). After that nothing
//! may be wrong, and readers may not see what they could not see before, unless the fixture lists it.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

mod fixture;
mod run;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fixture::{Fixture, Laid, NOW};

/// Fixtures whose fault no act of an author within the site can end, and why.
const NO_ACT: &[(&str, &str)] = &[
    ("share-image-letters", "no typeface with these letters is kept here"),
    ("share-image-letters.chart", "no typeface with these letters is kept here"),
    ("share-image-letters.site", "no typeface with these letters is kept here"),
];

/// Fixtures with a fault that has neither help nor fix, since the message itself says what to do.
const SAYS_ITSELF: &[&str] = &[
    "bad-date",
    "not-utf8",
    "template-fault.word",
    "time-in-clock-change",
    "unknown-field.below",
    "wrong-setting",
    "wrong-setting.moved",
    "wrong-setting.tokens",
    "wrong-setting.typeface",
];

/// A fault as `--format json` prints it.
#[derive(Clone, PartialEq, Debug)]
struct Told {
    code: String,
    file: String,
    message: String,
    is_error: bool,
    has_help: bool,
    /// The file, the bytes to remove, the text to put there.
    fix: Vec<(String, usize, usize, String)>,
}

fn told(site: &Path) -> Vec<Told> {
    let ran = run::run(program(site).args(["check", "--now", NOW, "--format", "json"]));
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    let told = |line: &str| {
        let fault: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("").to_owned();
        let number = |value: &serde_json::Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        let edits = fault["fix"]["edits"].as_array().cloned().unwrap_or_default();
        Told {
            code: text(&fault["code"]),
            file: text(&fault["file"]),
            message: text(&fault["message"]),
            is_error: fault["severity"] == "error",
            has_help: !fault["help"].is_null(),
            fix: edits
                .iter()
                .map(|edit| (text(&edit["file"]), number(&edit["start"]), number(&edit["end"]), text(&edit["text"])))
                .collect(),
        }
    };
    ran.out.lines().map(told).collect()
}

fn program(site: &Path) -> Command {
    let mut command = run::program(Path::new("."));
    command.current_dir(site);
    command
}

/// The pages and files that readers would get, with all faults accepted that can be lowered, and the texts of the pages;
/// `None` if the site cannot be published.
fn published(site: &Path) -> Option<(BTreeSet<String>, String)> {
    let out = site.join("out-of-test");
    let known = fs::read(site.join("known-faults.toml")).ok();
    run::run(program(site).args(["check", "--now", NOW, "--accept-existing"]));
    let built = run::run(program(site).args(["build", "--now", NOW, "-o", "out-of-test"]));
    // A page at a former address only redirects readers to one that exists; what the search has is on the pages.
    let is_other = |name: &str| {
        ["pagefind", ".pf_", "words."].iter().any(|part| name.contains(part))
            || name == "_redirects"
            || name.starts_with("assets/")
    };
    let leads_on = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("http-equiv=\"refresh\"");
    let files: Vec<(String, Vec<u8>)> =
        run::files(&out).into_iter().filter(|(name, bytes)| !is_other(name) && !leads_on(bytes)).collect();
    let texts = files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect();
    let names = files.into_iter().map(|(name, _)| name).collect();
    let _ = fs::remove_dir_all(out);
    let _ = fs::remove_dir_all(site.join(".out-of-test.pamphlet"));
    let _ = fs::remove_file(site.join("known-faults.toml"));
    if let Some(known) = known {
        fs::write(site.join("known-faults.toml"), known).unwrap();
    }
    (built.code == Some(0)).then_some((names, texts))
}

/// `check --fix`, and what must hold for it alone; adds the kinds of fault that it corrected.
fn correct(fixture: &Fixture, site: &Path, before: &[Told], corrected: &mut BTreeSet<String>, wrong: &mut Vec<String>) {
    if before.iter().all(|fault| fault.fix.is_empty()) {
        return;
    }
    let sources = run::files(site);
    let ran = run::run(program(site).args(["check", "--now", NOW, "--fix"]));
    let after = told(site);
    let was_there = |fault: &Told| before.iter().any(|old| (&old.code, &old.file) == (&fault.code, &fault.file));
    for fault in after.iter().filter(|fault| fault.is_error && !was_there(fault)) {
        wrong.push(format!("{}: `--fix` makes new: {fault:?}", fixture.name));
    }
    if (run::files(site) != sources) != ran.err.contains("Corrected ") {
        wrong.push(format!("{}: `--fix` does not say what it did: {}", fixture.name, ran.err));
    }
    for fault in before.iter().filter(|fault| !fault.fix.is_empty()) {
        let is_gone = !after.iter().any(|left| (&left.code, &left.message) == (&fault.code, &fault.message));
        if is_gone {
            corrected.insert(fault.code.clone());
        } else if !ran.err.contains("note: ") {
            wrong.push(format!("{}: `--fix` leaves {fault:?} in silence", fixture.name));
        }
    }
}

/// Makes the corrections that `--fix` has left to the author, one after the other.
fn splice(site: &Path) {
    for _ in 0..20 {
        let left = told(site);
        let Some(fault) = left.iter().find(|fault| !fault.fix.is_empty()) else { return };
        let mut edits = fault.fix.clone();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.1));
        for (file, start, end, text) in edits {
            let mut bytes = fs::read(site.join(&file)).unwrap();
            bytes.splice(start..end, text.into_bytes());
            fs::write(site.join(&file), bytes).unwrap();
        }
    }
}

/// Changes a text: stretches of lines with `- ` become those with `+ ` below them; those alone come at the end.
fn changed(text: &str, change: &str) -> Result<String, String> {
    let mut all: Vec<&str> = text.lines().collect();
    let mut lines = change.lines().filter(|line| !line.is_empty()).peekable();
    loop {
        let mut take = |mark: &str| -> Vec<&str> {
            let taken = std::iter::from_fn(|| lines.next_if(|line| line.starts_with(mark)));
            taken.map(|line| line[1..].strip_prefix(' ').unwrap_or("")).collect()
        };
        let (old, new) = (take("-"), take("+"));
        if old.is_empty() && new.is_empty() {
            return Ok(all.join("\n") + "\n");
        }
        if old.is_empty() {
            all.extend(new);
            continue;
        }
        let mut places = (0..all.len()).filter(|at| all[*at..].starts_with(&old));
        let (Some(at), None) = (places.next(), places.next()) else {
            return Err(format!("not there once:\n{}\nin:\n{text}", old.join("\n")));
        };
        all.splice(at..at + old.len(), new);
    }
}

/// Does what the fixture says that an author does.
fn act(fixture: &Fixture, site: &Path, laid: &mut Laid) -> Result<(), String> {
    for (heading, text) in &fixture.sections {
        let Some(act) = heading.strip_prefix("then ") else { continue };
        let words: Vec<&str> = act.split_whitespace().collect();
        match words.as_slice() {
            ["shows"] => {}
            ["again"] => laid.command = text.lines().map(str::to_owned).collect(),
            ["run"] => {
                let ran = run::run(program(site).args(text.lines()));
                if ran.code != Some(0) {
                    return Err(format!("{text}: {}{}", ran.out, ran.err));
                }
            }
            ["release", path] => laid.held.retain(|(held, _)| held != path),
            ["without", path] => {
                let path = site.join(path);
                let removed = if path.is_dir() && !path.is_symlink() {
                    fs::remove_dir_all(&path)
                } else {
                    fs::remove_file(&path)
                };
                removed.map_err(|why| format!("{}: {why}", path.display()))?;
            }
            [from, "goes", "to", to] => {
                fs::create_dir_all(site.join(to).parent().unwrap()).unwrap();
                fs::rename(site.join(from), site.join(to)).map_err(|why| format!("{from}: {why}"))?;
            }
            [.., "bytes"] => fixture::put(site, act.trim_end_matches(" bytes"), &fixture::bytes(text)),
            _ => {
                let old = fs::read(site.join(act)).unwrap_or_default();
                let old = String::from_utf8(old).map_err(|why| format!("{act}: {why}"))?;
                fixture::put(site, act, changed(&old, text).map_err(|why| format!("{act}: {why}"))?.as_bytes());
            }
        }
    }
    Ok(())
}

/// What is wrong with the hints of a fixture.
fn follow(fixture: &Fixture, corrected: &mut BTreeSet<String>) -> Vec<String> {
    let name = &fixture.name;
    let mut wrong = Vec::new();
    let home = tempfile::tempdir().unwrap();
    let site = home.path().join("site");
    fs::create_dir(&site).unwrap();
    let mut laid = fixture::lay_out(&site, &fixture.sections);
    let before = told(&site);
    for fault in before.iter().filter(|fault| !fault.has_help && fault.fix.is_empty()) {
        if !SAYS_ITSELF.contains(&name.as_str()) {
            wrong.push(format!("{name}: says nothing to do: {fault:?}"));
        }
    }
    if NO_ACT.iter().any(|(known, _)| known == name) {
        return wrong;
    }
    let (seen, texts) = published(&site).unwrap_or_else(|| {
        let clean = home.path().join("clean");
        fs::create_dir(&clean).unwrap();
        fixture::lay_out(&clean, &[]);
        published(&clean).unwrap()
    });
    correct(fixture, &site, &before, corrected, &mut wrong);
    splice(&site);
    if let Err(why) = act(fixture, &site, &mut laid) {
        wrong.push(format!("{name}: cannot be followed: {why}"));
        return wrong;
    }
    let ran = run::run(program(&site).args(&laid.command));
    if ran.code != Some(0) {
        wrong.push(format!("{name}: the same command:\n{}{}", ran.out, ran.err));
    }
    let left = run::run(program(&site).args(["check", "--now", NOW]));
    // What another command makes may have warnings: it is to be worked on.
    let is_fine = left.err == "Nothing is wrong.\n" || fixture.section("command").is_some() && left.code == Some(0);
    if !is_fine {
        wrong.push(format!("{name}: is left:\n{}{}", left.out, left.err));
    }
    let Some((shown, texts_after)) = published(&site) else {
        wrong.push(format!("{name}: cannot be published now"));
        return wrong;
    };
    let may: BTreeSet<&str> = fixture.section("then shows").unwrap_or("").lines().collect();
    let new: BTreeSet<&str> = shown.difference(&seen).map(String::as_str).collect();
    if new != may {
        wrong.push(format!("{name}: readers see {new:?} that they did not see, and {may:?} is expected"));
    }
    for hidden in fixture.section("never shows").unwrap_or("").lines() {
        if texts.contains(hidden) || texts_after.contains(hidden) {
            wrong.push(format!("{name}: readers see `{hidden}`"));
        }
    }
    wrong
}
/// The kinds of fault that `check --fix` corrects here.
const CORRECTED: &[&str] = &[
    "bad-address",
    "bad-date",
    "bad-lang",
    "bad-url",
    "broken-source-link",
    "damaged-letters",
    "dangling-reference",
    "foreign-markup",
    "heading-one",
    "heading-skip",
    "markup-in-field",
    "not-allowed-value",
    "redirect-chain",
    "strings-unknown",
    "unknown-anchor",
    "unknown-directive",
    "unknown-field",
    "unknown-menu-target",
    "unknown-setting",
    "unread-block",
    "unread-mark",
    "wrong-setting",
];

/// Seen to fail with corrections placed one byte further on: five kinds of fault were no longer corrected. Seen to fail with
/// the help of `footnote-twice` as it was, which led to a note that nothing refers to.
#[test]
fn every_hint_that_is_followed_ends_its_fault_and_nothing_else_happens() {
    let only = std::env::var("PAMPHLET_FIXTURE").ok();
    let fixtures: Vec<Fixture> =
        fixture::all().into_iter().filter(|one| only.as_ref().is_none_or(|only| one.name.contains(only))).collect();
    let next = AtomicUsize::new(0);
    let found = Mutex::new((BTreeSet::new(), Vec::new()));
    let work = || {
        while let Some(fixture) = fixtures.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut corrected = BTreeSet::new();
            let wrong = follow(fixture, &mut corrected);
            let mut found = found.lock().unwrap();
            found.0.extend(corrected);
            found.1.extend(wrong);
        }
    };
    std::thread::scope(|scope| {
        (0..std::thread::available_parallelism().map_or(2, usize::from)).for_each(|_| drop(scope.spawn(work)));
    });
    let (corrected, mut wrong) = found.into_inner().unwrap();
    wrong.sort();
    assert!(wrong.is_empty(), "{} hints fail:\n{}", wrong.len(), wrong.join("\n"));
    if only.is_none() {
        assert_eq!(corrected.iter().map(String::as_str).collect::<Vec<_>>(), CORRECTED);
    }
}
