//! A file's folder and name → what it is: an entry, a part of one, rows, or none of these.
//!
//! The file's text is not read.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::path::SitePath;
use crate::schema::Name;
use crate::source::SourceFile;

/// Where a content file belongs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Role {
    /// An entry with this collection, key and language; with its folder if it is a bundle.
    Entry { collection: Name, key: String, lang: Option<Name>, bundle: Option<SitePath> },
    /// A part of the bundle in this folder, in a language, with its name in the bundle.
    Part { folder: SitePath, lang: Option<Name>, name: String },
    /// A file of rows, in a language.
    Rows { collection: Name, lang: Option<Name> },
    /// None of these: published only if an entry refers to it.
    File,
}

pub(crate) fn is_markdown(file: &SourceFile) -> bool {
    matches!(file.path.ending().as_str(), "md" | "markdown")
}

/// Which entry, part or file of rows `file` is: decided by its folder and name alone.
pub(super) fn role(file: &SourceFile, config: &Config, bundles: &BTreeSet<SitePath>) -> Role {
    let path = &file.path;
    let Some(below) = path.below("content") else { return Role::File };
    let collection = below
        .split_once('/')
        .and_then(|(first, _)| config.collection(first))
        .map_or_else(|| Name::from("pages"), |collection| collection.name.clone());
    if !is_markdown(file) {
        let is_data = matches!(path.ending().as_str(), "toml" | "json" | "csv" | "yaml" | "yml");
        let in_bundle = &*collection != "pages" && owning_bundle(path, bundles).is_some();
        return if is_data
            && !in_bundle
            && below.contains('/')
            && config.collection(below.split('/').next().unwrap_or("")).is_some()
        {
            // Only a language that the site publishes counts: `2019.old.csv` is not in one.
            let lang = path.stem().rsplit_once('.').and_then(|(_, code)| config.language_named(code));
            Role::Rows { collection, lang: lang.map(|lang| config.in_language(lang).code.clone()) }
        } else {
            Role::File
        };
    }
    let (stem, lang) = language_of(path, config);
    let folder = path.folder();
    let is_index = stem == "index";
    if &*collection == "pages" {
        // The folders of pages form the site's tree, so a page's key is its path.
        let folder_key = folder.below("content").unwrap_or("");
        let key = match (is_index, folder_key) {
            (true, "") => "index".to_owned(),
            (true, folder) => folder.to_owned(),
            (false, "") => stem.to_owned(),
            (false, folder) => format!("{folder}/{stem}"),
        };
        let bundle = (is_index && !folder_key.is_empty()).then_some(folder);
        return Role::Entry { collection, key, lang, bundle };
    }
    match owning_bundle(path, bundles) {
        Some(owner) if is_index && owner == folder => {
            let key = folder.name().to_owned();
            Role::Entry { collection, key, lang, bundle: Some(folder) }
        }
        Some(folder) => Role::Part { folder, lang, name: stem.to_owned() },
        None => Role::Entry { collection, key: stem.to_owned(), lang, bundle: None },
    }
}

/// The outermost folder that has an `index.md` and contains `path`, below its collection's own folder.
fn owning_bundle(path: &SitePath, bundles: &BTreeSet<SitePath>) -> Option<SitePath> {
    let mut owner = None;
    let mut folder = path.folder();
    // `content/COLLECTION` itself is never a bundle.
    while folder.parts().count() > 2 {
        if bundles.contains(&folder) {
            owner = Some(folder.clone());
        }
        folder = folder.folder();
    }
    owner
}

/// A file's name without its language, such as `report` for `report.cy.md`, and that language.
fn language_of<'p>(path: &'p SitePath, config: &Config) -> (&'p str, Option<Name>) {
    let Some((stem, code)) = path.stem().rsplit_once('.') else { return (path.stem(), None) };
    match config.language_named(code) {
        Some(lang) => (stem, Some(config.in_language(lang).code.clone())),
        None if is_language(code) || is_variant(code, config) => (stem, Some(Name::from(code))),
        None => (path.stem(), None),
    }
}

/// Whether this is a declared language with a region or script: `cy-GB` if there is `cy`.
fn is_variant(text: &str, config: &Config) -> bool {
    let Some((primary, rest)) = text.split_once(['-', '_']) else { return false };
    let is_tag = rest
        .split(['-', '_'])
        .all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    let primary = primary.to_ascii_lowercase();
    let is_declared = config.languages().any(|lang| {
        let code = &config.in_language(lang).code;
        code.split('-').next().is_some_and(|own| own.eq_ignore_ascii_case(&primary))
    });
    is_tag && is_declared
}

fn is_language(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase())
}
