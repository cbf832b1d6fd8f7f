//! Entries in all languages → each translation with what its original states and it does not.
//!
//! The original of `report.cy.md` is `report.md`: the entry of the same collection and key in the site's own language. An
//! entry that is there in another language only is nobody's translation, and must state all that is asked of it.
//!
//! Not here: who may see it (`site::visibility` asks the original too).

use std::sync::{Arc, OnceLock};

use super::Entry;
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::index::Index;
use crate::schema::Name;

/// What a translation never has from its original: an address leads to one page, a day of change belongs to one text.
const NOT_INHERITED: &[&str] = &["aliases", "id", "internal_note", "lang", "updated"];

/// Gives every translation in `entries`, which stand in the order of their identities, what it inherits.
pub(super) fn inherit(entries: &mut [Arc<Entry>], config: &Config) {
    if !config.has_translations() {
        return;
    }
    let originals: Index<(Name, Name), Arc<Entry>> = entries
        .iter()
        .filter(|entry| *entry.id.lang == *config.language)
        .map(|entry| ((entry.id.collection.clone(), entry.id.key.clone()), entry.clone()))
        .collect();
    for entry in entries.iter_mut().filter(|entry| *entry.id.lang != *config.language) {
        match originals.get(&(entry.id.collection.clone(), entry.id.key.clone())) {
            Some(original) => translate(Arc::make_mut(entry), original),
            None if entry.is_row => {
                let fault = without_original(entry);
                Arc::make_mut(entry).faults.push(fault);
            }
            None => {}
        }
    }
}

fn translate(entry: &mut Entry, original: &Entry) {
    entry.has_field_texts = OnceLock::new();
    entry.original = Some(original.source.clone());
    let Some(own) = entry.own.clone() else { return };
    let inherited = original
        .values
        .iter()
        .filter(|(name, _)| !own.values.contains_key(*name) && !NOT_INHERITED.contains(&&***name));
    entry.values = own.values.iter().chain(inherited).map(|(name, value)| (name.clone(), value.clone())).collect();
    // What is missing here is not missing: the faults are those of what is written.
    entry.faults.retain(|fault| !is_about_fields(fault));
    entry.faults.extend(own.faults.iter().filter(|fault| is_about_fields(fault)).cloned());
    entry.faulty = entry.faults.iter().any(|fault| fault.severity == Severity::Error);
}

/// Whether a fault may differ between a text that must state all and one that inherits.
fn is_about_fields(fault: &Diagnostic) -> bool {
    fault.code == Code::MissingField
}

fn without_original(row: &Entry) -> Diagnostic {
    Diagnostic::new(
        Code::TranslationAlone,
        format!("no row of `{}` in the site's own language is called `{}`", row.id.collection, row.id.key),
    )
    .at(&row.source, row.values.get("title").map_or(row.span.start..row.span.start, |title| title.span.clone()))
    .help("give the row the `id` of the one that it translates")
}
