//! `[licences]` over the licences the program knows (`licences.toml`) → a licence's name, and the address of its text.
//!
//! An entry names its licence by a short identifier such as that of the SPDX list. An identifier unknown here is shown as it
//! is and links nowhere.

use std::sync::LazyLock;

use super::layers::Layers;
use crate::data::{self, Raw, RawKind};
use crate::diagnostic::Diagnostic;
use crate::index::Index;
use crate::path::SitePath;

/// A licence that works are published under.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Licence {
    pub(crate) name: Option<String>,
    /// The key of its name in `strings/`, for each language.
    pub(crate) text: Option<String>,
    pub(crate) url: Option<String>,
}

/// The licences the program knows.
static KNOWN: LazyLock<Index<String, Licence>> = LazyLock::new(|| {
    let file = SitePath::new("licences.toml").expect("a plain name");
    let known = data::toml(&file, include_str!("licences.toml"), 0).value;
    let RawKind::Table(table) = &known.kind else { return Index::default() };
    let text = |one: &Raw, key: &str| match &one.get(key)?.kind {
        RawKind::Text(text) => Some(text.clone()),
        _ => None,
    };
    let licence = |one: &Raw| Licence { name: text(one, "name"), text: None, url: text(one, "url") };
    table.iter().map(|(key, one)| (key.name.clone(), licence(one))).collect()
});

/// Reads `[licences]`; what a licence does not state is taken from the known one.
pub(super) fn read(all: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Index<String, Licence> {
    let mut licences = KNOWN.clone();
    let table = all.table("licences", faults);
    for (name, _) in table.keys() {
        let one = table.table(&name, faults);
        let licence = licences.entry(name).or_default();
        for (key, value) in [("name", &mut licence.name), ("text", &mut licence.text), ("url", &mut licence.url)] {
            *value = one.text(key, faults).or_else(|| value.take());
        }
        one.finish(faults);
    }
    licences
}

#[cfg(test)]
mod tests {
    use super::KNOWN;

    #[test]
    fn the_licences_that_the_program_knows_have_names_and_addresses() {
        assert_eq!(KNOWN.len(), 32);
        for (name, licence) in &*KNOWN {
            assert!(licence.name.is_some(), "{name}");
            assert!(licence.url.as_ref().is_some_and(|url| url.starts_with("https://")), "{name}");
        }
        let url = |name: &str| KNOWN.get(name).and_then(|licence| licence.url.as_deref());
        assert_eq!(url("CC-BY-NC-ND-4.0"), Some("https://creativecommons.org/licenses/by-nc-nd/4.0/"));
        assert_eq!(url("all-rights-reserved"), None);
    }
}
