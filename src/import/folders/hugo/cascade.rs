//! `cascade` in Hugo's settings and in the texts of sections → fields that pages below take if they do not state them.

use super::super::lenient::{at, fill, get, text, texts};
use super::settings::Settings;
use crate::data::{Raw, RawKind, Table};

/// All cascades of a site.
pub(super) struct Cascades {
    all: Vec<Cascade>,
}

struct Cascade {
    /// `None`: of all languages.
    lang: Option<String>,
    /// The folders that it is below.
    folders: Vec<String>,
    target: Target,
    fields: Table,
}

/// Which of the pages below are meant.
#[derive(Default)]
struct Target {
    kinds: Vec<String>,
    langs: Vec<String>,
    path: Option<String>,
}

impl Cascades {
    /// Reads the cascades of the settings and of the texts of folders.
    pub(super) fn new<'a>(
        settings: &Settings,
        texts: impl Iterator<Item = (&'a str, &'a [String], &'a Table, bool)>,
    ) -> Self {
        let mut all = Vec::new();
        for (lang, folders, fields, is_branch) in texts {
            if let Some(cascade) = get(fields, "cascade").filter(|_| is_branch) {
                read(cascade, Some(lang), folders, &mut all);
            }
        }
        if let Some(cascade) = at(&settings.all, &["cascade"]) {
            read(cascade, None, &[], &mut all);
        }
        // The nearest is asked first.
        all.sort_by_key(|cascade| std::cmp::Reverse(cascade.folders.len()));
        Self { all }
    }

    /// Gives a page the fields that it does not state.
    pub(super) fn apply(&self, lang: &str, folders: &[String], name: &str, is_branch: bool, fields: &mut Table) {
        for cascade in &self.all {
            // It holds for the section itself too.
            let is_below = folders.starts_with(&cascade.folders);
            let speaks = cascade.lang.as_deref().is_none_or(|own| own == lang);
            if is_below && speaks && cascade.target.means(lang, folders, name, is_branch) {
                fill(fields, &cascade.fields);
            }
        }
    }
}

fn read(raw: &Raw, lang: Option<&str>, folders: &[String], all: &mut Vec<Cascade>) {
    match &raw.kind {
        RawKind::List(items) => items.iter().for_each(|item| read(item, lang, folders, all)),
        RawKind::Table(table) => {
            let target = get(table, "_target").or_else(|| get(table, "target")).map(target).unwrap_or_default();
            let mut fields: Table = table
                .iter()
                .filter(|(key, _)| !matches!(key.name.to_lowercase().as_str(), "_target" | "target" | "params"))
                .cloned()
                .collect();
            if let Some(RawKind::Table(params)) = get(table, "params").map(|raw| &raw.kind) {
                fill(&mut fields, params);
            }
            all.push(Cascade { lang: lang.map(str::to_owned), folders: folders.to_vec(), target, fields });
        }
        _ => {}
    }
}

fn target(raw: &Raw) -> Target {
    let words = |name: &str| {
        let read = at(raw, &[name]).map(texts).unwrap_or_default();
        read.iter().map(|word| word.trim_matches(['{', '}']).to_lowercase()).collect::<Vec<_>>()
    };
    let split =
        |words: Vec<String>| words.iter().flat_map(|word| word.split(',')).map(|word| word.trim().to_owned()).collect();
    Target { kinds: split(words("kind")), langs: split(words("lang")), path: at(raw, &["path"]).and_then(text) }
}

impl Target {
    fn means(&self, lang: &str, folders: &[String], name: &str, is_branch: bool) -> bool {
        let kind = if is_branch { "section" } else { "page" };
        let has_kind = self.kinds.is_empty() || self.kinds.iter().any(|known| known == kind || known == "*");
        let has_lang = self.langs.is_empty() || self.langs.iter().any(|known| known == lang || known == "*");
        let folder: String = folders.iter().map(|folder| format!("/{folder}")).collect();
        let path = if matches!(name, "index" | "_index") { folder } else { format!("{folder}/{name}") };
        let has_path = self.path.as_deref().is_none_or(|pattern| is_like(pattern, &path));
        has_kind && has_lang && has_path
    }
}

/// Whether a page may be meant by a pattern of paths; in doubt it is, since a cascade may hide.
fn is_like(pattern: &str, path: &str) -> bool {
    let fixed = pattern.split(['*', '?', '{', '[']).next().unwrap_or_default().to_lowercase();
    let fixed = fixed.trim_end_matches('/');
    path.to_lowercase().strip_prefix(fixed).is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with('/')
            || pattern.len() > fixed.len() + 1 && !pattern[fixed.len()..].starts_with('/')
    })
}
