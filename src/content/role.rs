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

/// Whether a file holds a text.
pub(crate) fn is_markdown(file: &SourceFile) -> bool {
    is_text(&file.path)
}

fn is_text(path: &SitePath) -> bool {
    matches!(path.ending().as_str(), "md" | "markdown")
}

/// Whether entries, or parts of them, are read from a file of `content/`. Such a file is never published as it is: it also holds
/// what readers may not see.
pub(crate) fn is_source(path: &SitePath, config: &Config, is_in_bundle: bool) -> bool {
    let may_hold_rows = || path.below("content").is_some_and(|below| holds_rows(path, below, config));
    is_text(path) || !is_in_bundle && may_hold_rows()
}

/// Whether a data file at `below`, its path in `content/`, holds rows unless it is in a bundle.
fn holds_rows(path: &SitePath, below: &str, config: &Config) -> bool {
    let is_data = matches!(path.ending().as_str(), "toml" | "json" | "csv" | "yaml" | "yml");
    is_data && below.split_once('/').is_some_and(|(first, _)| config.collection(first).is_some())
}

/// What other files there are.
pub(super) struct Names<'a> {
    /// The folders with a page of their own.
    pub(super) bundles: BTreeSet<SitePath>,
    pub(super) texts: BTreeSet<&'a SitePath>,
}

/// Which entry, part or file of rows `file` is: decided by its folder, its name and the names beside it.
pub(super) fn role(file: &SourceFile, config: &Config, names: &Names<'_>) -> Role {
    let bundles = &names.bundles;
    let path = &file.path;
    let Some(below) = path.below("content") else { return Role::File };
    let collection = below
        .split_once('/')
        .and_then(|(first, _)| config.collection(first))
        .map_or_else(|| Name::from("pages"), |collection| collection.name.clone());
    if !is_markdown(file) {
        let in_bundle = &*collection != "pages" && owning_bundle(path, bundles).is_some();
        return if !in_bundle && holds_rows(path, below, config) {
            // Only a language that the site publishes counts: `2019.old.csv` is not in one.
            let lang = path.stem().rsplit_once('.').and_then(|(_, code)| config.language_named(code));
            Role::Rows { collection, lang: lang.map(|lang| config.in_language(lang).code.clone()) }
        } else {
            Role::File
        };
    }
    let (stem, lang) = language_of(path, config, names);
    // Hugo's name for the page of a folder: it is reported.
    if stem == "_index" {
        return Role::File;
    }
    let folder = path.folder();
    let is_index = stem == "index";
    if is_index && folder.below("content") == Some(&*collection) {
        // The text of the page that lists the collection; without such a list, a page like any other.
        return Role::Entry { collection: "pages".into(), key: collection.to_string(), lang, bundle: None };
    }
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
fn language_of<'p>(path: &'p SitePath, config: &Config, names: &Names<'_>) -> (&'p str, Option<Name>) {
    let Some((stem, code)) = path.stem().rsplit_once('.') else { return (path.stem(), None) };
    match config.language_named(code) {
        Some(lang) => (stem, Some(config.in_language(lang).code.clone())),
        None if is_variant(code, config) || is_translation(path, stem, code, names) => (stem, Some(Name::from(code))),
        None => (path.stem(), None),
    }
}

/// Whether a name ends like that of a translation into a language that the site does not publish. `data.gov.md` and `gov.uk.md`
/// do not, unless `gov.md` is beside it.
fn is_translation(path: &SitePath, stem: &str, code: &str, names: &Names<'_>) -> bool {
    // Who renames a page to `report.old.md` takes it down; and beside its original, any short ending may be a copy or a language.
    let is_short = (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase());
    if COPIES.contains(&code) || UNMISTAKABLE.contains(&code) {
        return true;
    }
    let is_there =
        |ending: &str| path.folder().join(&format!("{stem}.{ending}")).is_some_and(|one| names.texts.contains(&one));
    (is_short || language_in(code).is_some()) && (is_there("md") || is_there("markdown"))
}

/// Endings of copies that are kept but not meant to be seen.
const COPIES: &[&str] = &["old", "bak", "tmp"];

/// The language of a code such as `de`, `CY`, `zh-Hant` or `de-AT`.
fn language_in(code: &str) -> Option<String> {
    let mut parts = code.split(['-', '_']);
    let language = parts.next()?.to_ascii_lowercase();
    let is_subtag = |part: &str| match part.len() {
        2 | 4 => part.bytes().all(|byte| byte.is_ascii_alphabetic()),
        3 => part.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    (LANGUAGES.split(' ').any(|known| known == language) && parts.all(is_subtag)).then_some(language)
}

/// The languages with a code of two letters (ISO 639-1).
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee \
     el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg \
     ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv \
     ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl \
     tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Codes of languages that think tanks publish in, and that are neither words nor the end of many a host's name.
const UNMISTAKABLE: &[&str] = &[
    "ar", "bn", "cs", "cy", "da", "de", "el", "es", "fa", "fr", "ga", "gd", "nl", "pl", "pt", "ro", "ru", "sv", "tr",
    "ur", "zh",
];

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_language_is_an_ending_that_means_one() {
        let there = SitePath::new("content/twin.md").expect("inside");
        let names = Names { bundles: BTreeSet::new(), texts: BTreeSet::from([&there]) };
        let is = |name: &str| {
            let path = SitePath::new(&format!("content/{name}.md")).expect("inside");
            let (stem, code) = path.stem().rsplit_once('.').expect("a dot");
            is_translation(&path, stem, code, &names)
        };
        for name in [
            "x.cy",
            "index.de",
            "twin.de",
            "twin.uk",
            "twin.is",
            "twin.zh-Hant",
            "twin.de-AT",
            "twin.CY",
            "twin.es-419",
            "twin.gov",
            "x.old",
            "index.bak",
        ] {
            assert!(is(name), "{name}");
        }
        for name in [
            "data.gov",
            "gov.uk",
            "co.uk",
            "about.us",
            "welcome.to",
            "e.on",
            "what.is",
            "node.js",
            "x.abc",
            "x.pdf",
            "index.gov",
            "twin.no-10",
            "v1.2",
            "8.30am",
            "x.de-AT",
            "x.CY",
            "is.it",
        ] {
            assert!(!is(name), "{name}");
        }
    }
}
