//! Each kind of fault, shown once: `tests/faults/CODE.txt` holds the files of a small site and the complete output.
//!
//! `PAMPHLET_UPDATE=1 cargo test --test faults` rewrites the output: read the result. How a fixture is written is in
//! `tests/fixture/mod.rs`; that its help can be followed, in `tests/helps.rs`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]

mod fixture;
mod run;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The sentences promised word for word.
const PROMISED: &[&str] = &[
    "I cannot read `14/05/26` as a date; write the year first: 2026-05-14",
    "the title begins with a curly quotation mark, which Word makes; type a straight one",
    "the colon in `Wealth: who owns it?` ends the key early; put the title in quotation marks",
    "`image` stands below `[[corrections]]`, so it belongs to that correction; move it above line 9",
    "spend.csv was saved in an old character set (the £ in line 1); in Excel choose CSV UTF-8",
    "no person is called `jane-smth`; did you mean `jane-smith` (people/jane-smith.md)?",
    "`bridge.jpg` has no description; write what it shows, or mark it decorative",
    "`public_html` holds 312 files that Pamphlet did not write; nothing was touched",
    "themes/ holds the site's design; pages about themes you work on go into content/themes/",
];

/// The output for a fixture's site.
fn said(sections: &[(String, String)]) -> String {
    let home = tempfile::tempdir().unwrap();
    let site = home.path().join("site");
    fs::create_dir(&site).unwrap();
    let laid = fixture::lay_out(&site, sections);
    let ran = run::run(run::program(Path::new(".")).current_dir(&site).args(&laid.command));
    let all = format!("{}{}exit {}\n", ran.out, ran.err, ran.code.map_or(-1, |code| code));
    all.replace(home.path().to_str().unwrap(), "HOME")
}

#[test]
fn the_site_below_all_fixtures_is_clean() {
    assert_eq!(said(&[]), "Nothing is wrong.\nexit 0\n");
}

#[test]
fn every_fault_is_told_as_it_should_be() {
    let update = std::env::var_os("PAMPHLET_UPDATE").is_some();
    let mut wrong = Vec::new();
    for fixture in fixture::all() {
        let (code, path) = (&fixture.name, &fixture.path);
        let expected = fixture.section("said").unwrap_or("");
        let said = said(&fixture.sections);
        if update {
            let text = fs::read_to_string(path).unwrap();
            let input = text.split_once("-- said --\n").map_or(text.as_str(), |(input, _)| input);
            fs::write(path, format!("{input}-- said --\n{said}")).unwrap();
        } else if said != expected {
            wrong.push(format!("{code}: expected\n{expected}\nbut it says\n{said}"));
        }
        let base = code.split_once('.').map_or(code.as_str(), |(base, _)| base);
        if !said.contains(&format!("[{base}]")) {
            wrong.push(format!("{code}: not told in\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_fixture_and_every_fixture_a_code() {
    let codes: BTreeSet<String> = pamphlet::Code::ALL.iter().map(|code| code.as_str().to_owned()).collect();
    let shown: BTreeSet<String> =
        fixture::all().into_iter().map(|fixture| fixture.name.split('.').next().unwrap_or("").to_owned()).collect();
    // A file that can be listed but not read when its turn comes: `store` tests that on its own.
    let missing: Vec<&String> = codes.difference(&shown).collect();
    assert_eq!(missing, ["copy-unreadable"]);
    assert!(shown.is_subset(&codes), "{:?}", shown.difference(&codes));
}

/// How many messages a text for people holds.
fn messages(said: &str) -> usize {
    said.lines().filter(|line| line.starts_with("error[") || line.starts_with("warning[")).count()
}

/// Over all fixtures: `check` and `build --strict` refuse the same sites, before and after their faults are accepted; `-v` and
/// JSON show every fault, the text without it at most as many, and an accepted fault is in no message of its own.
#[test]
fn check_and_a_strict_build_agree() {
    let mut wrong = Vec::new();
    for fixture in fixture::all().iter().filter(|fixture| fixture.section("command").is_none()) {
        let home = tempfile::tempdir().unwrap();
        let site = home.path().join("site");
        fs::create_dir(&site).unwrap();
        let laid = fixture::lay_out(&site, &fixture.sections);
        let run = |more: &[&str]| {
            let now = ["--now", fixture::NOW];
            run::run(run::program(Path::new(".")).current_dir(&site).args(more).args(now))
        };
        for is_accepted in [false, true] {
            if is_accepted {
                run(&["check", "--accept-existing"]);
            }
            let (plain, all, json) = (run(&["check"]), run(&["check", "-v"]), run(&["check", "--format", "json"]));
            let strict = run(&["build", "--strict", "-o", "out"]);
            let name = format!("{}, accepted: {is_accepted}", fixture.name);
            if (plain.code == Some(0)) != (strict.code == Some(0)) {
                wrong
                    .push(format!("{name}: check:\n{}{}\nstrict:\n{}{}", plain.out, plain.err, strict.out, strict.err));
            }
            let (few, many, lines) = (messages(&plain.out), messages(&all.out), json.out.lines().count());
            if many != lines || few > many {
                wrong.push(format!("{name}: {few} messages, {many} with `-v`, {lines} in JSON"));
            }
        }
        drop(laid);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_was_promised_is_said_word_for_word() {
    let all: String = fixture::all().into_iter().map(|fixture| fs::read_to_string(fixture.path).unwrap()).collect();
    for sentence in PROMISED {
        assert!(all.contains(sentence), "nothing says: {sentence}");
    }
}
