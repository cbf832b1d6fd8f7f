//! Whole sites → whole trees and whole messages.
//!
//! `tests/sites/NAME/` holds a site in `in/`, its published files in `out/`, and the messages of `build` and `check` in
//! `diagnostics.txt`. If there is `out-later/`, the site is built again into the same folder at a later moment, and must
//! equal that. `PAMPHLET_UPDATE=1 cargo test --test golden` rewrites what is expected; read the difference before you
//! commit it.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use quick_xml::Reader;
use quick_xml::events::Event;

use run::{Ran, build, differences, files, program};

/// When the golden sites are built.
const NOW: &str = "2026-05-14 09:00";
/// The minute at which their embargoes end.
const LATER: &str = "2026-05-14 09:30";

fn sites() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let mut sites: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the golden sites are there")
        .map(|entry| entry.expect("an entry of a folder can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    sites.sort();
    sites
}

/// Builds and checks each golden site on its own thread; reports all differences of all sites in one message.
#[test]
fn golden_sites() {
    let sites = sites();
    assert!(sites.len() >= 7, "only {} golden sites", sites.len());
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> = sites.iter().map(|site| scope.spawn(move || differs(site))).collect();
        running.into_iter().flat_map(|one| one.join().expect("a golden site can be built")).collect()
    });
    assert!(wrong.is_empty(), "{}\n\nPAMPHLET_UPDATE=1 takes what is there now as right.", wrong.join("\n"));
}

/// How the site in `folder` differs from what is expected.
fn differs(folder: &Path) -> Vec<String> {
    let root = folder.join("in");
    let temporary = tempfile::tempdir().expect("a temporary folder can be made");
    let out = temporary.path().join("out");
    let mut wrong = Vec::new();
    let said = said_at(&root, &out, NOW, &mut wrong);
    compare(folder, "out", &files(&out), &mut wrong);
    compare_said(folder, "diagnostics.txt", &said, &mut wrong);
    if folder.join("out-later").is_dir() {
        let said = said_at(&root, &out, LATER, &mut wrong);
        compare(folder, "out-later", &files(&out), &mut wrong);
        compare_said(folder, "diagnostics-later.txt", &said, &mut wrong);
    }
    let known = ["in", "out", "out-later", "diagnostics.txt", "diagnostics-later.txt"];
    for entry in fs::read_dir(folder).expect("the site's folder is there") {
        let name = entry.expect("an entry of a folder can be read").file_name().to_string_lossy().into_owned();
        if !known.contains(&name.as_str()) {
            wrong.push(format!("nothing uses {name}"));
        }
    }
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    wrong.into_iter().map(|one| format!("{name}/{one}")).collect()
}

/// The messages of `build` and `check` for the site as of `now`.
fn said_at(root: &Path, out: &Path, now: &str, wrong: &mut Vec<String>) -> String {
    let built = build(root, out, now);
    let checked = run::run(program(root).args(["check", "--now", now]));
    for (command, ran) in [("build", &built), ("check", &checked)] {
        if !matches!(ran.code, Some(0 | 1)) {
            wrong.push(format!("{command} ended with {:?}:\n{}", ran.code, ran.err));
        }
    }
    for (name, bytes) in files(out) {
        if name.ends_with("feed.xml") || name.starts_with("sitemap") {
            wrong.extend(xml_faults(&name, &bytes));
        }
    }
    format!("{}\n{}", shown("build", &built, out), shown("check", &checked, out))
}

fn shown(command: &str, ran: &Ran, out: &Path) -> String {
    let mut text = format!("$ pamphlet {command} --now …\n{}{}", ran.out, ran.err);
    text = text.replace(&out.display().to_string(), "OUT");
    let code = ran.code.unwrap_or(-1);
    // The duration is the only thing that differs between two runs.
    let lines = text.lines().map(|line| match line.split_once(" as they were, in ") {
        Some((before, _)) => format!("{before} as they were, in TIME."),
        None => line.to_owned(),
    });
    format!("{}\nexit code {code}\n", lines.collect::<Vec<_>>().join("\n"))
}

fn is_updating() -> bool {
    std::env::var_os("PAMPHLET_UPDATE").is_some_and(|value| value == "1")
}

fn compare(folder: &Path, name: &str, found: &BTreeMap<String, Vec<u8>>, wrong: &mut Vec<String>) {
    let place = folder.join(name);
    if is_updating() {
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(&place).expect("a folder can be made");
        run::write(&place, found);
    }
    wrong.extend(differences(&files(&place), found).into_iter().map(|one| format!("{name}/{one}")));
}

fn compare_said(folder: &Path, name: &str, said: &str, wrong: &mut Vec<String>) {
    let place = folder.join(name);
    if is_updating() {
        fs::write(&place, said).expect("a file can be written");
    }
    let expected = fs::read_to_string(&place).unwrap_or_default();
    if expected != said {
        wrong.push(format!("{name} differs; what is said now:\n{said}"));
    }
}

/// What a feed (RFC 4287) or a sitemap (sitemaps.org 0.9) lacks.
fn xml_faults(name: &str, bytes: &[u8]) -> Vec<String> {
    let counts = match elements(bytes) {
        Ok(counts) => counts,
        Err(error) => return vec![format!("{name} is no XML: {error}")],
    };
    let count = |path: &str| counts.get(path).copied().unwrap_or(0);
    let (entry, needed): (&str, &[&str]) = if name.ends_with("feed.xml") {
        ("feed/entry", &["id", "title", "updated", "link"])
    } else {
        ("urlset/url", &["loc"])
    };
    let mut wrong = Vec::new();
    for element in needed {
        if count(&format!("{entry}/{element}")) < count(entry) {
            wrong.push(format!("{name}: not every {entry} has `{element}`"));
        }
    }
    if name.ends_with("feed.xml") {
        // `author` is needed once, in the feed or in every entry (RFC 4287, 4.1.1).
        for element in ["id", "title", "updated", "author/name"] {
            if count(&format!("feed/{element}")) != 1 {
                wrong.push(format!("{name}: the feed has not one `{element}`"));
            }
        }
    } else if count("urlset") != 1 {
        wrong.push(format!("{name} does not begin with `urlset`"));
    }
    wrong
}

/// How often each path of elements occurs in a document; empty elements do not count.
fn elements(bytes: &[u8]) -> Result<BTreeMap<String, usize>, String> {
    let mut reader = Reader::from_reader(bytes);
    // Each open element with whether it holds anything yet.
    let mut open: Vec<(String, bool)> = Vec::new();
    let mut counts = BTreeMap::new();
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let holds = match &event {
            Event::Text(text) => !text.trim_ascii().is_empty(),
            Event::Start(_) | Event::Empty(_) | Event::CData(_) | Event::GeneralRef(_) => true,
            _ => false,
        };
        if let Some((_, filled)) = open.last_mut() {
            *filled |= holds;
        }
        let prefix = open.last().map_or_else(String::new, |(path, _)| format!("{path}/"));
        let path = |name: &str| format!("{prefix}{name}");
        match event {
            Event::Start(start) => open.push((path(start.name().as_ref()), false)),
            Event::Empty(empty) => *counts.entry(path(empty.name().as_ref())).or_default() += 1,
            Event::End(_) => {
                if let Some((path, true)) = open.pop() {
                    *counts.entry(path).or_default() += 1;
                }
            }
            Event::Eof if open.is_empty() => return Ok(counts),
            Event::Eof => return Err(format!("<{prefix}> is never closed")),
            _ => {}
        }
    }
}
