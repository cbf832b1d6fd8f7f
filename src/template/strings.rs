//! `strings/LANGUAGE.toml` of the theme and the site → the words of the interface in one language.
//!
//! A line is `key = "text with {placeholders}"`, or `key = { one = "…", other = "…" }` where the wording depends on a number;
//! a language has the forms that Unicode CLDR gives it: Welsh has `zero`, `one`, `two`, `few`, `many` and `other`.

use icu_locale::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use indexmap::IndexMap;

use crate::config::{Config, Lang};
use crate::data::{self, RawKind};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::markdown;
use crate::path::SitePath;
use crate::source::Tree;

/// The words that pages need in any theme, in English.
const WORDS: &[(&str, &str)] =
    &[("home", "Home"), ("not-found-title", "Page not found"), ("search", "Search"), ("page-n", "Page {number}")];

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
        let mut strings = Self { words: IndexMap::new(), rules };
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
        for name in names {
            for folder in &folders {
                if let Some(file) = tree.named(&format!("{folder}/{name}.toml"))
                    && let Some(text) = file.text()
                {
                    let raw = data::toml(&file.path, text, 0).into_value(faults);
                    strings.add(&file.path, &raw, name != "en" || short == "en", faults);
                }
            }
        }
        faults.extend(strings.lacking(config, lang));
        strings
    }

    /// One fault for all the words that a language lacks.
    fn lacking(&self, config: &Config, lang: Lang) -> Option<Diagnostic> {
        let missing: Vec<&str> =
            self.words.iter().filter(|(_, text)| !text.is_own).map(|(key, _)| key.as_str()).collect();
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

    /// All keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }
}
