//! A whole import, tried by hand.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::files::{Content, files};
use super::plan::{Here, first_settings, plan};
use crate::config::{Config, Overrides};
use crate::import::wordpress::Exports;
use crate::path::SitePath;
use crate::source::Tree;

#[test]
fn try_out() {
    let (Ok(from), Ok(to)) = (std::env::var("TRY_FROM"), std::env::var("TRY_TO")) else { return };
    let mut exports = Exports::default();
    let begun = std::time::Instant::now();
    for one in from.split(',') {
        exports.read(one, std::io::BufReader::new(std::fs::File::open(one).unwrap())).unwrap();
    }
    let uploads = std::env::var("TRY_UPLOADS").ok();
    let lying: Option<Vec<String>> = uploads.as_ref().map(|root| {
        walkdir::WalkDir::new(root)
            .into_iter()
            .filter_map(Result::ok)
            .filter(|one| one.file_type().is_file())
            .map(|one| one.path().strip_prefix(root).unwrap().to_string_lossy().into_owned())
            .collect()
    });
    let (survey, mut texts) = exports.finish(lying.as_deref(), "2026-11-30 09:00");
    eprintln!("read after {:?}", begun.elapsed());
    let settings = first_settings(&survey);
    let tree = Tree::unwritten(Path::new(&to), [(SitePath::new("site.toml").unwrap(), settings.clone())]);
    let config = Config::read(&tree, &Overrides::default());
    for fault in &config.faults {
        eprintln!("{}", fault.message);
    }
    let config = config.value.expect("settings");
    texts.set_shortcodes(&config.import_shortcodes);
    let (none, entries, earlier) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
    let here = Here {
        config: &config,
        is_new: true,
        now: "2026-11-30 09:00",
        files: &none,
        entries: &entries,
        earlier: &earlier,
    };
    let plan = plan(&survey, &here);
    eprintln!("planned after {:?}", begun.elapsed());
    for kind in &plan.kinds {
        eprintln!(
            "{} -> {} {:?} new:{} {} ({} hidden) {:?}",
            kind.old, kind.collection, kind.kind, kind.is_new, kind.count, kind.hidden, kind.examples
        );
        for field in &kind.fields {
            eprintln!("    {} -> {:?}: {} ×{} {:?}", field.old, field.new, field.ty, field.count, field.example);
        }
    }
    let mut losses = crate::import::losses::Losses::default();
    for note in &plan.notes {
        losses.changed(
            &note.what,
            &note.how,
            format!("{}:{}", note.place.file.rsplit('/').next().unwrap(), note.place.line),
            &note.words,
        );
    }
    for file in files(&survey, &plan, &texts, &config, true) {
        let path = Path::new(&to).join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(!path.exists(), "{}", path.display());
        match file.content {
            Content::Text(text) => std::fs::write(path, text).unwrap(),
            Content::Copy(from) => {
                std::fs::copy(Path::new(uploads.as_ref().unwrap()).join(from), path).unwrap();
            }
        }
        losses.absorb(file.losses);
    }
    eprintln!("written after {:?}", begun.elapsed());
    for (what, why) in &plan.hidden {
        eprintln!("hidden: {what}: {why}");
    }
    eprintln!("{}", losses.report(false));
}
