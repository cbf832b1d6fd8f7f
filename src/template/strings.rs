//! `strings/LANGUAGE.toml` of the theme and the site → the words of the interface in one language.
//!
//! A line is `key = "text with {placeholders}"`, or `key = { one = "…", other = "…" }` where the wording depends on a number;
//! a language has the forms that Unicode CLDR gives it: Welsh has `zero`, `one`, `two`, `few`, `many` and `other`. A line of the site
//! that nothing asks for is reported, and so is a file that no language reads.

use std::collections::BTreeSet;

use icu_locale::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use indexmap::IndexMap;

use crate::config::{Config, Lang};
use crate::data::{self, Key, RawKind};
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::markdown;
use crate::path::SitePath;
use crate::source::Tree;

/// The words that pages need in any theme, in English.
const WORDS: &[(&str, &str)] = &[
    ("home", "Home"),
    ("not-found-title", "Page not found"),
    ("search", "Search"),
    ("page-n", "Page {number}"),
    ("figure-n", "Figure {number}"),
];

/// The plural forms, as a strings file names them.
const FORMS: &[(&str, PluralCategory)] = &[
    ("zero", PluralCategory::Zero),
    ("one", PluralCategory::One),
    ("two", PluralCategory::Two),
    ("few", PluralCategory::Few),
    ("many", PluralCategory::Many),
];

/// The words of one language.
#[derive(Default, Debug)]
pub(crate) struct Strings {
    words: IndexMap<String, Text>,
    rules: Option<PluralRules>,
    /// The names of the words that themes have.
    of_themes: BTreeSet<String>,
}

/// The names in a file of words.
fn keys(raw: &data::Raw) -> impl Iterator<Item = &str> {
    let table = match &raw.kind {
        RawKind::Table(table) => table.as_slice(),
        _ => &[],
    };
    table.iter().map(|(key, _)| key.name.as_str())
}

/// Whether a template names these words: `t(key="latest")`, `t(key="fault-" ~ severity)`.
fn is_in_templates(name: &str, tree: &Tree) -> bool {
    let begins = |text: &str| {
        let quoted = text.split(['"', '\'']);
        quoted
            .into_iter()
            .any(|part| part == name || part.len() > 2 && part.ends_with(['-', '.', '_']) && name.starts_with(part))
    };
    let is_template = |path: &SitePath| path.below("templates").is_some() || path.as_str().contains("/templates/");
    let of_folder =
        |folder| tree.below(folder).filter(|file| is_template(&file.path)).filter_map(crate::source::SourceFile::text);
    of_folder("templates").chain(of_folder("themes")).any(begins)
}

/// The faults of files in the site's `strings/` that no language reads.
fn files_not_read(tree: &Tree, config: &Config) -> Vec<Diagnostic> {
    let codes: Vec<&str> = config.languages().map(|lang| &*config.in_language(lang).code).collect();
    let read = || codes.iter().flat_map(|code| [*code, code.split('-').next().unwrap_or(code)]).chain(["en"]);
    let fault = |file: &crate::source::SourceFile| {
        let (name, stem) = (file.path.name(), file.path.stem());
        if file.path.ending() == "toml" && read().any(|code| code == stem) {
            return None;
        }
        let is_code = (2..4).contains(&stem.len()) && stem.bytes().all(|byte| byte.is_ascii_lowercase());
        let help = match is_code {
            true => format!("the site is not published in `{stem}`: declare `[languages.{stem}]` in site.toml"),
            false => {
                let mut names: Vec<String> =
                    read().map(|code| format!("`{}.toml`", code.split('-').next().unwrap_or(code))).collect();
                names.sort();
                names.dedup();
                format!("files of words are called after their languages: here {}", names.join(", "))
            }
        };
        Some(
            Diagnostic::new(Code::FileNotRead, format!("nothing reads strings/{name}"))
                .span(Span::file(&file.path))
                .help(help),
        )
    };
    tree.below("strings").filter_map(fault).collect()
}

#[derive(Clone, Debug)]
struct Text {
    forms: Vec<(PluralCategory, String)>,
    other: String,
    /// Whether a file of the language itself has it, or the language needs none.
    is_own: bool,
}

impl Strings {
    /// Reads the words of a language: the site's own before the theme's, the theme's before Pamphlet's, and English for those
    /// that are missing.
    pub(super) fn read(tree: &Tree, config: &Config, lang: Lang, faults: &mut Vec<Diagnostic>) -> Self {
        let code = &*config.in_language(lang).code;
        let short = code.split('-').next().unwrap_or("en");
        let locale: Option<Locale> = code.parse().ok();
        let rules = locale.and_then(|locale| PluralRules::try_new_cardinal(locale.into()).ok());
        let mut strings = Self { words: IndexMap::new(), rules, of_themes: BTreeSet::new() };
        for (key, text) in markdown::WORDS.iter().chain(WORDS) {
            let text = Text { forms: Vec::new(), other: (*text).to_owned(), is_own: short == "en" };
            strings.words.insert((*key).to_owned(), text);
        }
        let mut folders: Vec<String> =
            config.themes.iter().rev().map(|theme| format!("themes/{theme}/strings")).collect();
        folders.push("strings".to_owned());
        // All English first: a theme's Welsh is never covered by another theme's English.
        let mut names = vec!["en", short, code];
        names.dedup();
        if lang == Lang::OWN {
            faults.extend(files_not_read(tree, config));
        }
        let mut of_site: Vec<(Key, SitePath)> = Vec::new();
        for name in names {
            for folder in &folders {
                if let Some(file) = tree.named(&format!("{folder}/{name}.toml"))
                    && let Some(text) = file.text()
                {
                    let raw = data::toml(&file.path, text, 0).into_value(faults);
                    let is_own = name != "en" || short == "en";
                    if folder == "strings"
                        && is_own
                        && let RawKind::Table(table) = &raw.kind
                    {
                        of_site.extend(table.iter().map(|(key, _)| (key.clone(), file.path.clone())));
                    }
                    if folder != "strings" {
                        strings.of_themes.extend(keys(&raw).map(str::to_owned));
                    }
                    strings.add(&file.path, &raw, is_own, faults);
                }
            }
        }
        faults.extend(strings.lacking(tree, config, lang));
        faults.extend(of_site.iter().filter_map(|(key, file)| strings.unasked(key, file, tree, config)));
        strings
    }

    /// Whether a theme, a template or the program knows these words.
    fn is_asked_for(&self, name: &str, tree: &Tree, config: &Config) -> bool {
        let is_built_in = || markdown::WORDS.iter().chain(WORDS).any(|(known, _)| *known == name);
        let is_licence = || config.licences.values().any(|licence| licence.text.as_deref() == Some(name));
        let is_facet = || {
            let facet = name.strip_prefix("facet-");
            facet
                .is_some_and(|facet| config.search.iter().any(|search| search.facets.iter().any(|one| **one == *facet)))
        };
        self.of_themes.contains(name) || is_facet() || is_built_in() || is_licence() || is_in_templates(name, tree)
    }

    /// The fault that nothing asks for the words `key` of the site's `file`.
    fn unasked(&self, key: &Key, file: &SitePath, tree: &Tree, config: &Config) -> Option<Diagnostic> {
        let name = key.name.as_str();
        if self.is_asked_for(name, tree, config) {
            return None;
        }
        let known = || self.of_themes.iter().map(String::as_str);
        let words = |text: &str| text.to_lowercase().replace([' ', '_'], "-");
        // Some write the English words for the name.
        let by_words = || {
            known().find(|key| {
                words(key) == words(name) || self.words.get(*key).is_some_and(|text| words(&text.other) == words(name))
            })
        };
        let fault = Diagnostic::new(Code::StringsUnknown, format!("nothing on the site asks for the words `{name}`"));
        let fault = fault.at(file, key.span.clone());
        Some(match by_words().or_else(|| nearest(name, known())) {
            Some(near) => fault.help(format!("did you mean `{near}`?")).meant(near),
            None => fault.help("the page \"Words of the interface\" of the manual lists the names; delete the line if no template of yours asks for it"),
        })
    }

    /// One fault for all the words that a language lacks.
    fn lacking(&self, tree: &Tree, config: &Config, lang: Lang) -> Option<Diagnostic> {
        let missing: Vec<&str> =
            self.words.iter().filter(|(_, text)| !text.is_own).map(|(key, _)| key.as_str()).collect();
        // Words that nothing asks for are reported where they stand.
        let missing: Vec<&str> = missing.into_iter().filter(|key| self.is_asked_for(key, tree, config)).collect();
        let first = missing.first()?;
        let language = config.in_language(lang);
        let number = missing.len();
        let short = language.code.split('-').next().unwrap_or(&language.code);
        let what = match number {
            1 => format!("the theme has no words for `{first}` in {}", language.name),
            _ => format!("the theme has no words in {} for `{first}` and {} more", language.name, number - 1),
        };
        let site = SitePath::new("site.toml").expect("a plain name stays inside");
        Some(
            Diagnostic::new(Code::StringsMissing, what)
                .span(Span::file(&site))
                .help(format!("write them in strings/{short}.toml next to site.toml; until then they are in English")),
        )
    }

    fn add(&mut self, file: &SitePath, raw: &data::Raw, is_own: bool, faults: &mut Vec<Diagnostic>) {
        let RawKind::Table(table) = &raw.kind else { return };
        for (key, value) in table {
            let text = |value: Option<&data::Raw>| match value.map(|value| &value.kind) {
                Some(RawKind::Text(text)) => Some(text.clone()),
                _ => None,
            };
            let other = text(Some(value)).or_else(|| text(value.get("other")));
            match other {
                Some(other) => {
                    let forms = FORMS.iter().filter_map(|(name, form)| Some((*form, text(value.get(name))?))).collect();
                    self.words.insert(key.name.clone(), Text { forms, other, is_own });
                }
                None => faults.push(
                    Diagnostic::new(
                        Code::StringsSyntax,
                        format!("`{}` must be text, or have the texts `one` and `other`", key.name),
                    )
                    .at(file, value.span.clone())
                    .help(format!("write `{} = {{ one = \"{{n}} page\", other = \"{{n}} pages\" }}`", key.name)),
                ),
            }
        }
    }

    /// The text `key` with its placeholders filled in; `None` if there is none.
    pub(crate) fn get<'a>(
        &self,
        key: &str,
        n: Option<i64>,
        fill: impl Iterator<Item = (&'a str, String)>,
    ) -> Option<String> {
        let text = self.words.get(key)?;
        let form = n.and_then(|n| {
            let asked = self.rules.as_ref()?.category_for(n.unsigned_abs());
            text.forms.iter().find(|(form, _)| *form == asked).map(|(_, text)| text)
        });
        let mut out = form.unwrap_or(&text.other).clone();
        for (name, value) in fill {
            out = out.replace(&format!("{{{name}}}"), &value);
        }
        Some(out)
    }

    /// A word without placeholders; the key itself if the theme has none.
    pub(crate) fn word(&self, key: &str) -> String {
        self.get(key, None, std::iter::empty()).unwrap_or_else(|| key.to_owned())
    }

    /// The text `key` as it is written, with its placeholders; empty if there is none.
    pub(crate) fn pattern(&self, key: &str) -> &str {
        self.words.get(key).map_or("", |text| &text.other)
    }

    /// All keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }
}
