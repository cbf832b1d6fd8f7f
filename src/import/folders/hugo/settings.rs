//! Hugo's configuration: one file or a folder of them → what it says of addresses, languages, menus and taxonomies.

use jiff::tz::TimeZone;
use regex::Regex;

use super::super::Folder;
use super::super::ignored::Ignored;
use super::super::lenient::{self, Notation, at, get, key, raw, text, text_at, texts, truth};
use crate::data::{Raw, RawKind, Table};
use crate::import::site::survey::Note;
use crate::schema::zone;

/// What Hugo's configuration says.
pub(super) struct Settings {
    /// All of it, as one group.
    pub(super) all: Raw,
    pub(super) base: Option<String>,
    pub(super) zone: TimeZone,
    pub(super) zone_name: Option<String>,
    /// Its own language first.
    pub(super) languages: Vec<Language>,
    /// Where texts lie, and the language of all below, if that is one language's folder.
    pub(super) content: Vec<Mount>,
    /// Where files lie that are published as they are.
    pub(super) statics: Vec<String>,
    /// The taxonomies by the name that pages use: `tags`.
    pub(super) taxonomies: Vec<String>,
    /// Whether lists of taxonomies and their terms have pages.
    pub(super) has_terms: bool,
    pub(super) keeps_capitals: bool,
    pub(super) drafts: bool,
    pub(super) future: bool,
    pub(super) expired: bool,
    /// Files that are passed over, by their paths; `None`: what says so cannot be read, and any may be one.
    ignored: Option<Vec<Regex>>,
    /// Languages that are switched off.
    pub(super) off: Vec<String>,
    /// The fields of the date, in the order in which they are asked.
    pub(super) dates: Vec<String>,
}

/// A language of the site.
#[derive(Clone, Debug, Default)]
pub(super) struct Language {
    pub(super) code: String,
    /// How the addresses of its pages begin: empty, or `/cy`.
    pub(super) prefix: String,
    pub(super) weight: i64,
}

/// A folder of texts.
#[derive(Debug, Default)]
pub(super) struct Mount {
    pub(super) folder: String,
    /// Below which path of the site its files are: empty, or `blog`.
    pub(super) at: String,
    pub(super) lang: Option<String>,
    /// Patterns of files below it that are left out, and of those that alone are read.
    pub(super) without: Ignored,
    pub(super) only: Option<Ignored>,
}

/// The names of the file that holds the whole configuration.
const FILES: &[&str] =
    &["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml", "config.yml", "config.json"];

/// Whether there is a folder `config/_default/` with settings of Hugo.
pub(in super::super) fn has_config_folder(folder: &Folder<'_>) -> bool {
    folder.below("config/_default").any(|(_, name)| Notation::of(name).is_some())
}

/// Whether a file `config.toml` or the like has settings that only Hugo has.
pub(in super::super) fn has_settings(folder: &Folder<'_>) -> bool {
    FILES.iter().any(|name| {
        let read = folder.text(name).and_then(|text| lenient::file(name, &text));
        let known = ["baseurl", "languagecode", "defaultcontentlanguage", "permalinks", "taxonomies", "theme"];
        read.is_some_and(|(raw, _)| known.iter().any(|name| at(&raw, &[name]).is_some()))
    })
}

/// Everything that the configuration says, merged as Hugo does: a file's name says which group it holds.
fn merged(folder: &Folder<'_>, notes: &mut Vec<Note>) -> Raw {
    let mut table: Table = Vec::new();
    let mut read = |path: &str| {
        let Some((raw, faults)) = folder.text(path).and_then(|text| lenient::file(path, &text)) else { return };
        notes.extend(faults.into_iter().map(|fault| super::super::pages::unreadable(path, &fault)));
        let stem = path.rsplit('/').next().unwrap_or_default().split('.').collect::<Vec<_>>();
        let RawKind::Table(inner) = raw.kind else { return };
        let under = match stem.as_slice() {
            ["hugo" | "config", _] => inner,
            ["languages", _] => group(&["languages"], inner),
            ["languages", code, _] => group(&["languages", code], inner),
            ["menus" | "menu", _] => group(&["menus"], inner),
            ["menus" | "menu", code, _] => group(&["languages", code, "menus"], inner),
            [name, code, _] => group(&["languages", code, name], inner),
            [name, _] => group(&[name], inner),
            _ => return,
        };
        lenient::fill(&mut table, &under);
    };
    for name in FILES {
        read(name);
    }
    for place in ["config/production", "config/_default"] {
        let paths: Vec<&str> = folder.below(place).map(|(path, _)| path).collect();
        paths.into_iter().for_each(&mut read);
    }
    raw(RawKind::Table(table))
}

fn group(names: &[&str], inner: Table) -> Table {
    names.iter().rev().fold(inner, |inner, name| vec![(key(name), raw(RawKind::Table(inner)))])
}

/// Reads the configuration.
pub(super) fn read(folder: &Folder<'_>, notes: &mut Vec<Note>) -> Settings {
    let all = merged(folder, notes);
    let flag = |name: &str| at(&all, &[name]).and_then(truth).unwrap_or(false);
    let zone_name = text_at(&all, &["timezone"]);
    let languages = languages(&all);
    let disabled: Vec<String> =
        at(&all, &["disablekinds"]).map(texts).unwrap_or_default().iter().map(|kind| kind.to_lowercase()).collect();
    let taxonomies = match at(&all, &["taxonomies"]).map(|raw| &raw.kind) {
        Some(RawKind::Table(table)) => table.iter().filter_map(|(_, plural)| text(plural)).collect(),
        _ => vec!["categories".to_owned(), "tags".to_owned()],
    };
    let dates = at(&all, &["frontmatter", "date"]).map(texts).unwrap_or_default();
    let usual = ["date", "publishdate", "pubdate", "published", "lastmod", "modified"];
    Settings {
        base: text_at(&all, &["baseurl"]),
        zone: zone_name.as_deref().and_then(zone).unwrap_or(TimeZone::UTC),
        zone_name,
        content: mounts(&all, &languages),
        ignored: ignored(&all, notes),
        off: off(&all),
        statics: match at(&all, &["staticdir"]).map(texts) {
            Some(folders) if !folders.is_empty() => folders,
            _ => vec!["static".to_owned()],
        },
        languages,
        taxonomies,
        has_terms: !disabled.iter().any(|kind| matches!(kind.as_str(), "term" | "taxonomyterm")),
        keeps_capitals: flag("disablepathtolower"),
        drafts: flag("builddrafts"),
        future: flag("buildfuture"),
        expired: flag("buildexpired"),
        dates: dates
            .into_iter()
            .flat_map(|name| match name.as_str() {
                ":default" => usual.map(str::to_owned).to_vec(),
                _ => vec![name.to_lowercase()],
            })
            .chain(at(&all, &["frontmatter", "date"]).is_none().then(|| usual.map(str::to_owned)).into_iter().flatten())
            .collect(),
        all,
    }
}

fn languages(all: &Raw) -> Vec<Language> {
    let own = text_at(all, &["defaultcontentlanguage"]).unwrap_or_else(|| "en".to_owned());
    let is_below = at(all, &["defaultcontentlanguageinsubdir"]).and_then(truth).unwrap_or(false);
    let off = off(all);
    let mut found: Vec<Language> = match at(all, &["languages"]).map(|raw| &raw.kind) {
        Some(RawKind::Table(table)) => table
            .iter()
            .filter(|(key, _)| !off.contains(&key.name.to_lowercase()))
            .map(|(key, value)| Language {
                code: key.name.to_lowercase(),
                prefix: String::new(),
                weight: match at(value, &["weight"]).map(|raw| &raw.kind) {
                    Some(RawKind::Int(weight)) if *weight != 0 => *weight,
                    _ => i64::MAX,
                },
            })
            .collect(),
        _ => Vec::new(),
    };
    if !found.iter().any(|language| language.code.eq_ignore_ascii_case(&own)) {
        found.push(Language { code: own.to_lowercase(), ..Language::default() });
    }
    for language in &mut found {
        let is_own = language.code.eq_ignore_ascii_case(&own);
        language.prefix = if is_own && !is_below { String::new() } else { format!("/{}", language.code) };
    }
    found.sort_by_key(|language| (!language.code.eq_ignore_ascii_case(&own), language.weight, language.code.clone()));
    found
}

/// The languages that are switched off.
fn off(all: &Raw) -> Vec<String> {
    let mut off: Vec<String> = at(all, &["disablelanguages"]).map(texts).unwrap_or_default();
    if let Some(RawKind::Table(table)) = at(all, &["languages"]).map(|raw| &raw.kind) {
        // What cannot be read switches it off.
        let is_off = |value: &Raw| at(value, &["disabled"]).is_some_and(|value| truth(value) != Some(false));
        off.extend(table.iter().filter(|(_, value)| is_off(value)).map(|(key, _)| key.name.clone()));
    }
    off.iter().map(|code| code.to_lowercase()).collect()
}

/// What `ignoreFiles` passes over.
fn ignored(all: &Raw, notes: &mut Vec<Note>) -> Option<Vec<Regex>> {
    let patterns = at(all, &["ignorefiles"]).map(texts).unwrap_or_default();
    let read: Result<Vec<Regex>, _> = patterns.iter().map(|pattern| Regex::new(pattern)).collect();
    if read.is_err() {
        let how = "one of its patterns cannot be read, so all pages are drafts: correct it, and import again";
        notes.push(super::super::pages::note("`ignoreFiles` in the settings", how, "", 0, patterns.join(", ")));
    }
    read.ok()
}

fn mounts(all: &Raw, languages: &[Language]) -> Vec<Mount> {
    let mut found = Vec::new();
    if let Some(RawKind::List(items)) = at(all, &["module", "mounts"]).map(|raw| &raw.kind) {
        for item in items {
            let (Some(source), Some(target)) = (text_at(item, &["source"]), text_at(item, &["target"])) else {
                continue;
            };
            let Some(below) = target.trim_matches('/').strip_prefix("content") else { continue };
            let lang = text_at(item, &["lang"]).or_else(|| text_at(item, &["sites", "matrix", "languages"]));
            let patterns = |key: &str| at(item, &[key]).map(texts).unwrap_or_default();
            let (mut without, mut only) = (Ignored::default(), None::<Ignored>);
            patterns("excludefiles").iter().for_each(|pattern| without.add("", pattern));
            for pattern in patterns("includefiles").iter().chain(&patterns("files")) {
                match pattern.trim().strip_prefix('!') {
                    Some(pattern) => without.add("", pattern.trim()),
                    None => only.get_or_insert_default().add("", pattern),
                }
            }
            found.push(Mount {
                folder: source.trim_matches('/').to_owned(),
                at: below.trim_matches('/').to_owned(),
                lang: lang.map(|lang| lang.to_lowercase()),
                without,
                only,
            });
        }
    }
    for language in languages {
        let own = at(all, &["languages", &language.code, "contentdir"]).and_then(text);
        if let Some(own) = own {
            let folder = own.trim_matches('/').to_owned();
            found.push(Mount { folder, lang: Some(language.code.clone()), ..Mount::default() });
        }
    }
    let usual = text_at(all, &["contentdir"]).unwrap_or_else(|| "content".to_owned());
    let usual = usual.trim_matches(['/', '.']).to_owned();
    // The usual folder is read unless the site's own language has another.
    let own = languages.first().map(|language| language.code.as_str());
    let has_own = |mount: &Mount| mount.lang.is_none() || mount.lang.as_deref() == own;
    if !found.iter().any(|mount| mount.at.is_empty() && has_own(mount)) {
        found.push(Mount { folder: usual, ..Mount::default() });
    }
    // A folder within another is a language's own, whatever is above it.
    found.sort_by_key(|mount| std::cmp::Reverse(mount.folder.len()));
    found.dedup_by(|a, b| a.folder == b.folder && a.at == b.at && a.lang == b.lang);
    found
}

impl Mount {
    /// Whether a file below the folder is no part of the site.
    pub(super) fn leaves_out(&self, below: &str) -> bool {
        self.without.has(below) || self.only.as_ref().is_some_and(|only| !only.has(below))
    }
}

impl Settings {
    /// Whether a file is passed over by its path; without a value, nobody can tell.
    pub(super) fn ignores(&self, path: &str) -> Option<bool> {
        let whole = format!("/{path}");
        Some(self.ignored.as_ref()?.iter().any(|pattern| pattern.is_match(&whole)))
    }

    /// A setting that a language may state for itself.
    pub(super) fn of_language<'a>(&'a self, lang: &str, path: &[&str]) -> Option<&'a Raw> {
        let own: Vec<&str> = ["languages", lang].iter().copied().chain(path.iter().copied()).collect();
        at(&self.all, &own).or_else(|| at(&self.all, path))
    }

    /// The pattern of addresses of a kind of pages in a section, if one is stated.
    pub(super) fn permalink(&self, lang: &str, kind: &str, section: &str) -> Option<String> {
        let table = match &self.of_language(lang, &["permalinks"])?.kind {
            RawKind::Table(table) => table,
            _ => return None,
        };
        let of_kind = get(table, kind).filter(|raw| matches!(raw.kind, RawKind::Table(_)));
        let found = of_kind.and_then(|raw| at(raw, &[section])).or_else(|| {
            let plain = get(table, section).filter(|raw| matches!(raw.kind, RawKind::Text(_)));
            plain.filter(|_| kind == "page")
        });
        found.and_then(text)
    }

    /// Whether the pages of a section end in `.html`.
    pub(super) fn is_ugly(&self, section: &str) -> bool {
        let Some(raw) = at(&self.all, &["uglyurls"]) else { return false };
        match &raw.kind {
            RawKind::Table(table) => get(table, section).and_then(truth).unwrap_or(false),
            _ => truth(raw).unwrap_or(false),
        }
    }
}
