//! Jekyll's `_config.yml` → collections, defaults, patterns of addresses, and which files are read at all.

use jiff::tz::TimeZone;

use super::super::Folder;
use super::super::lenient::{self, at, text, text_at, texts, truth};
use super::super::pages;
use crate::data::{Raw, RawKind, Table};
use crate::import::site::survey::Note;
use crate::schema::zone;

/// What the configuration says.
pub(super) struct Settings {
    pub(super) all: Raw,
    pub(super) base: Option<String>,
    pub(super) language: Option<String>,
    pub(super) zone: TimeZone,
    pub(super) zone_name: Option<String>,
    /// The folder of the site: empty, or `src/`.
    pub(super) source: String,
    /// The folder of the collections, below that: empty, or `collections/`.
    pub(super) collections_dir: String,
    pub(super) collections: Vec<Collection>,
    pub(super) permalink: String,
    pub(super) future: bool,
    pub(super) drafts: bool,
    defaults: Vec<Default>,
    include: Vec<String>,
    exclude: Vec<String>,
}

/// A collection.
#[derive(Clone, Debug)]
pub(super) struct Collection {
    pub(super) name: String,
    pub(super) has_pages: bool,
    pub(super) permalink: Option<String>,
}

/// Fields for all pages of a folder or of a kind.
struct Default {
    path: String,
    kind: Option<String>,
    values: Table,
}

/// Reads the configuration.
pub(super) fn read(folder: &Folder<'_>, notes: &mut Vec<Note>) -> Settings {
    let mut all = Raw { kind: RawKind::Table(Vec::new()), span: 0..0 };
    for name in ["_config.yml", "_config.yaml", "_config.toml"] {
        if let Some((raw, faults)) = folder.text(name).and_then(|text| lenient::file(name, &text)) {
            notes.extend(faults.iter().map(|fault| pages::unreadable(name, fault)));
            all = raw;
            break;
        }
    }
    let folder_of = |name: &str| {
        let written = text_at(&all, &[name]).unwrap_or_default();
        let bare = written.trim_start_matches("./").trim_matches('/').to_owned();
        if bare.is_empty() || bare == "." { String::new() } else { format!("{bare}/") }
    };
    let list = |name: &str| at(&all, &[name]).map(texts).unwrap_or_default();
    let zone_name = text_at(&all, &["timezone"]);
    let url = text_at(&all, &["url"]).unwrap_or_default();
    let below = text_at(&all, &["baseurl"]).unwrap_or_default();
    Settings {
        base: (!url.is_empty()).then(|| format!("{}/{}", url.trim_end_matches('/'), below.trim_matches('/'))),
        language: ["lang", "locale", "language", "default_lang"].iter().find_map(|name| text_at(&all, &[name])),
        zone: zone_name.as_deref().and_then(zone).unwrap_or(TimeZone::UTC),
        zone_name,
        source: folder_of("source"),
        collections_dir: folder_of("collections_dir"),
        collections: collections(&all),
        permalink: text_at(&all, &["permalink"]).unwrap_or_else(|| "date".to_owned()),
        future: at(&all, &["future"]).and_then(truth).unwrap_or(false),
        drafts: at(&all, &["show_drafts"]).and_then(truth).unwrap_or(false),
        defaults: defaults(&all),
        include: list("include"),
        exclude: match list("exclude") {
            given if !given.is_empty() => given,
            _ => Vec::new(),
        },
        all,
    }
}

fn collections(all: &Raw) -> Vec<Collection> {
    let plain = |name: &str| Collection { name: name.to_owned(), has_pages: false, permalink: None };
    let mut found = match at(all, &["collections"]).map(|raw| &raw.kind) {
        Some(RawKind::List(items)) => items.iter().filter_map(text).map(|name| plain(&name)).collect(),
        Some(RawKind::Table(table)) => table
            .iter()
            .map(|(key, value)| Collection {
                has_pages: at(value, &["output"]).and_then(truth).unwrap_or(false),
                permalink: text_at(value, &["permalink"]),
                ..plain(&key.name)
            })
            .collect(),
        _ => Vec::new(),
    };
    match found.iter_mut().find(|collection| collection.name == "posts") {
        Some(posts) => posts.has_pages = true,
        None => found.push(Collection { has_pages: true, ..plain("posts") }),
    }
    found
}

fn defaults(all: &Raw) -> Vec<Default> {
    let Some(RawKind::List(items)) = at(all, &["defaults"]).map(|raw| &raw.kind) else { return Vec::new() };
    let mut found: Vec<Default> = items
        .iter()
        .filter_map(|item| {
            let RawKind::Table(values) = &at(item, &["values"])?.kind else { return None };
            Some(Default {
                path: text_at(item, &["scope", "path"]).unwrap_or_default().trim_matches('/').to_owned(),
                kind: text_at(item, &["scope", "type"]),
                values: values.clone(),
            })
        })
        .collect();
    // The last of equals wins, as does the one that says more exactly where it holds.
    found.reverse();
    found.sort_by_key(|one| {
        std::cmp::Reverse((one.path.matches('/').count() + usize::from(!one.path.is_empty()), one.kind.is_some()))
    });
    found
}

impl Settings {
    /// Gives a page the fields that it does not state.
    pub(super) fn fill(&self, path: &str, kind: &str, fields: &mut Table) {
        for default in &self.defaults {
            let has_kind = default.kind.as_deref().is_none_or(|own| own == kind || own == "post" && kind == "posts");
            // The folder of a collection may be meant by the collection's name.
            let bare = path.trim_start_matches('_');
            if has_kind && (is_below(path, &default.path) || is_below(bare, &default.path)) {
                lenient::fill(fields, &default.values);
            }
        }
    }

    /// Whether Jekyll reads a file at all.
    pub(super) fn reads(&self, path: &str) -> bool {
        const USUAL: &[&str] = &[
            "Gemfile",
            "Gemfile.lock",
            "node_modules",
            "vendor/bundle",
            "vendor/cache",
            "vendor/gems",
            "vendor/ruby",
            "_site",
            ".sass-cache",
            ".jekyll-cache",
        ];
        if self.include.iter().any(|glob| is_like(path, glob)) {
            return true;
        }
        let is_special = path.split('/').any(|part| part.starts_with(['_', '.', '#']) || part.ends_with('~'));
        !is_special
            && !USUAL.iter().any(|glob| is_like(path, glob))
            && !self.exclude.iter().any(|glob| is_like(path, glob))
    }

    /// Whether somebody asked for a file below a collection or a folder of posts to be left out.
    pub(super) fn excludes(&self, path: &str) -> bool {
        self.exclude.iter().any(|glob| is_like(path, glob))
    }
}

/// Whether a path is below a folder, which may have stars.
fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path == folder
        || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        || folder.contains('*') && is_like(path, folder)
}

/// Whether a path, or a folder above it, is what a pattern with stars says.
fn is_like(path: &str, glob: &str) -> bool {
    let glob = glob.trim_start_matches("./").trim_matches('/');
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.map(|end| &path[..end]).any(|part| matches(part.as_bytes(), glob.as_bytes()))
}

fn matches(text: &[u8], glob: &[u8]) -> bool {
    match glob.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => {
            let rest = if rest.first() == Some(&b'*') { &rest[1..] } else { rest };
            (0..=text.len()).any(|at| matches(&text[at..], rest))
        }
        Some((first, rest)) => text.split_first().is_some_and(|(own, text)| own == first && matches(text, rest)),
    }
}
