//! For looking at a real site, which is not kept here.

use super::*;

/// Prints what is found in a folder on disk: `PAMPHLET_FOLDER=… cargo test --lib look_at_a_folder -- --ignored --nocapture`.
#[test]
#[ignore = "for looking at a real site"]
#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
fn look_at_a_folder() {
    let Some(root) = std::env::var_os("PAMPHLET_FOLDER").map(std::path::PathBuf::from) else { return };
    let mut files: Vec<String> = walkdir::WalkDir::new(&root)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| entry.path().strip_prefix(&root).ok()?.to_str().map(str::to_owned))
        .collect();
    files.sort();
    let bytes = |path: &str| std::fs::read(root.join(path)).map_err(|error| error.to_string());
    let folder = Folder { files: &files, bytes: &bytes };
    let program = program(&folder).expect("known");
    let now: Timestamp = "2026-11-30T10:00:00Z".parse().expect("a moment");
    let (survey, read) = self::survey(&folder, program, now, Meanings::new(&[]));
    println!("{} {:?}", program.name(), survey.about);
    let mut kinds: std::collections::BTreeMap<(String, String), usize> = std::collections::BTreeMap::new();
    for entry in &survey.entries {
        let state = format!("{:?}", entry.state);
        *kinds
            .entry((
                format!("{} {:?} list={}", entry.kind, entry.lang, entry.is_list),
                state.chars().take(60).collect(),
            ))
            .or_default() += 1;
    }
    kinds.iter().for_each(|(kind, count)| println!("{kind:?} {count}"));
    for entry in survey.entries.iter().step_by(survey.entries.len() / 8 + 1) {
        println!(
            "{} {} {:?} {:?} uses {:?}\n   {:?}",
            entry.id,
            entry.key,
            entry.addresses,
            entry.state,
            entry.uses,
            entry.fields.iter().map(|(name, _)| name).collect::<Vec<_>>()
        );
    }
    println!(
        "terms {} people {} menus {:?} files {} redirects {} addresses {:?}",
        survey.terms.len(),
        survey.people.len(),
        survey.menus.iter().map(|menu| (&menu.name, menu.items.len())).collect::<Vec<_>>(),
        survey.files.len(),
        survey.redirects.len(),
        survey.addresses.len()
    );
    let mut notes: std::collections::BTreeMap<(String, String), (usize, String)> = std::collections::BTreeMap::new();
    for note in &survey.notes {
        notes
            .entry((note.what.clone(), note.how.clone()))
            .or_insert_with(|| (0, format!("{}:{} {}", note.place.file, note.place.line, note.words)))
            .0 += 1;
    }
    notes.iter().for_each(|(note, count)| println!("{note:?} {count:?}"));
    struct Same;
    impl crate::import::site::texts::Links for Same {
        fn target(&self, to: &str) -> crate::import::site::texts::Target {
            crate::import::site::texts::Target::To(to.to_owned())
        }
        fn alt(&self, _: &str) -> Option<&str> {
            None
        }
    }
    use crate::import::site::texts::Texts as _;
    let options = crate::markdown::Options {
        extensions: true,
        smart_punctuation: false,
        html: crate::markdown::HtmlPolicy::Sanitise,
    };
    let mut losses = crate::import::losses::Losses::default();
    let mut same = 0;
    for entry in &survey.entries {
        let text = read.text(entry, &crate::path::SitePath::root(), &Same, &options);
        if let crate::import::site::survey::Body::Markdown(body) = &entry.body {
            same += usize::from(body.trim() == text.markdown.trim());
        }
        if let Some(out) = std::env::var_os("PAMPHLET_OUT") {
            let place = std::path::Path::new(&out).join(&entry.id);
            std::fs::create_dir_all(place.parent().expect("a folder")).expect("made");
            std::fs::write(place, &text.markdown).expect("written");
        }
        losses.absorb(text.losses);
    }
    println!("{same} texts unchanged of {}\n{}", survey.entries.len(), losses.report(false));
}
