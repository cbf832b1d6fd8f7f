//! The marks that tell whether one snapshot shows more than another.

#![allow(clippy::disallowed_methods, reason = "the tests write the sites that they read")]

use std::collections::BTreeSet;
use std::fs;

use jiff::Timestamp;

use super::View;
use crate::config::Overrides;
use crate::pipeline::{self, Memory};

const SETTINGS: &str = "title = \"A\"\nbase_url = \"https://example.org/\"\n[organisation]\nname = \"A\"\n";

/// The marks of a site with these files of `content/`.
fn visible(files: &[(&str, &str)]) -> BTreeSet<String> {
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("site.toml"), SETTINGS).expect("a file");
    for (name, text) in files {
        let file = home.path().join("content").join(name);
        fs::create_dir_all(file.parent().expect("a folder above")).expect("a folder");
        fs::write(file, text).expect("a file");
    }
    let clock: Timestamp = "2026-05-14T09:00:00Z".parse().expect("a moment");
    let read = pipeline::read(home.path(), &Overrides::default(), clock, &mut Memory::default()).expect("a site");
    let sources = read.value.sources.expect("settings");
    let now = pipeline::now(clock, &sources.config);
    let site = pipeline::make(&sources, now, View::Published).site;
    site.visible().map(|mark| format!("{mark:?}")).collect()
}

/// Seen to fail when blocks, or parts, are not counted.
#[test]
fn whatever_shows_more_has_a_mark_of_its_own() {
    let page = |text: &str| format!("+++\ntitle = \"A\"\n+++\n\n{text}\n");
    let block = |hour: u8| format!(":::after 2026-06-01 0{hour}:00\nLater.\n:::\n\n");
    let draft = "+++\ntitle = \"A\"\nstatus = \"draft\"\n+++\n\nText.\n";
    let (open, one, two) = (page("Text."), page(&block(1)), page(&(block(1) + &block(2))));
    let part = |text: &str| visible(&[("publications/a/index.md", &open), ("publications/a/2-b.md", text)]);
    let whole = |text: &str| visible(&[("a.md", text)]);
    for (more, less) in [
        (whole(&open), whole(draft)),
        (whole(&open), whole(&one)),
        (whole(&one), whole(&two)),
        (whole(&one), whole(draft)),
        (part(&open), part(draft)),
    ] {
        assert!(!more.is_subset(&less), "{more:?}\n{less:?}");
        assert!(less.is_subset(&more) || less.len() > more.len(), "{less:?}");
    }
}
