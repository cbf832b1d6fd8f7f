//! `strings/LANGUAGE.toml` of the theme and the site → the words of the interface.
//!
//! A line is `key = "text with {placeholders}"`, or `key = { one = "…", other = "…" }` where a number decides.

use indexmap::IndexMap;

use crate::config::Config;
use crate::data::{self, RawKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown;
use crate::source::Tree;

/// The words that pages need whatever the theme, with what they are in English.
const WORDS: &[(&str, &str)] = &[("home", "Home"), ("not-found-title", "Page not found"), ("page-n", "Page {number}")];

/// The words of one language.
#[derive(Clone, Default, Debug)]
pub(crate) struct Strings(IndexMap<String, Text>);

#[derive(Clone, Debug)]
struct Text {
    one: Option<String>,
    other: String,
}

impl Strings {
    /// Reads the words in the site's language; the site's own come over the theme's, those over Pamphlet's.
    pub(super) fn read(tree: &Tree, config: &Config, faults: &mut Vec<Diagnostic>) -> Self {
        let mut strings = Self::default();
        for (key, text) in markdown::WORDS.iter().chain(WORDS) {
            strings.0.insert((*key).to_owned(), Text { one: None, other: (*text).to_owned() });
        }
        let short = config.language.split('-').next().unwrap_or("en");
        let mut folders: Vec<String> =
            config.themes.iter().rev().map(|theme| format!("themes/{theme}/strings")).collect();
        folders.push("strings".to_owned());
        for folder in folders {
            let mut names = vec!["en", short, &*config.language];
            // Where the site's language is English, its words are read once.
            names.dedup();
            for name in names {
                if let Some(file) = tree.named(&format!("{folder}/{name}.toml"))
                    && let Some(text) = file.text()
                {
                    let raw = data::toml(&file.path, text, 0).into_value(faults);
                    strings.add(&file.path, &raw, faults);
                }
            }
        }
        strings
    }

    fn add(&mut self, file: &crate::path::SitePath, raw: &data::Raw, faults: &mut Vec<Diagnostic>) {
        let RawKind::Table(table) = &raw.kind else { return };
        for (key, value) in table {
            let text = |value: Option<&data::Raw>| match value.map(|value| &value.kind) {
                Some(RawKind::Text(text)) => Some(text.clone()),
                _ => None,
            };
            let other = text(Some(value)).or_else(|| text(value.get("other")));
            match other {
                Some(other) => {
                    self.0.insert(key.name.clone(), Text { one: text(value.get("one")), other });
                }
                None => faults.push(
                    Diagnostic::new(
                        Code::StringsSyntax,
                        format!("`{}` must be a text, or `one` and `other` texts", key.name),
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
        let text = self.0.get(key)?;
        let mut out = match (n, &text.one) {
            (Some(1), Some(one)) => one.clone(),
            _ => text.other.clone(),
        };
        for (name, value) in fill {
            out = out.replace(&format!("{{{name}}}"), &value);
        }
        Some(out)
    }

    /// A word without placeholders; the key itself where the theme has none.
    pub(crate) fn word(&self, key: &str) -> String {
        self.get(key, None, std::iter::empty()).unwrap_or_else(|| key.to_owned())
    }

    /// The keys there are.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
