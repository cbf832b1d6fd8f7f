//! Entries in all languages → each translation with what its original states and it does not.
//!
//! The original of `report.cy.md` is `report.md`: the entry of the same collection and key in the site's own language. A
//! text that exists only in another language says so with `original = true`, and states everything required. One that does
//! not say so has lost its original, or arrived before it: an original might have hidden it, so it must not be shown
//! without one.
//!
//! Not here: who may see it (`site::visibility` checks the original too).

use std::sync::Arc;

use super::{Core, Doubt, Entry, Part};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::index::Index;
use crate::schema::Name;

/// What a translation never inherits: an address leads to one page, and a date of change belongs to one text.
const NOT_INHERITED: &[&str] = &["aliases", "id", "internal_note", "lang", "original", "updated"];

/// Gives every translation in `entries`, which are in the order of their identities, what it inherits; `faults` are those
/// of whole files.
pub(super) fn inherit(entries: &mut [Arc<Entry>], config: &Config, faults: &[Diagnostic]) {
    if !config.has_translations() {
        return;
    }
    let key = |entry: &Entry| (entry.id.collection.clone(), entry.id.key.clone());
    let is_own = |entry: &Entry| *entry.id.lang == *config.language;
    let mut originals: Index<(Name, Name), Arc<Entry>> = Index::default();
    for entry in entries.iter().filter(|entry| is_own(entry) || entry.core.is_original) {
        if is_own(entry) || !originals.contains_key(&key(entry)) {
            originals.insert(key(entry), entry.clone());
        }
    }
    for entry in entries.iter_mut().filter(|entry| !is_own(entry)) {
        let original = originals.get(&key(entry));
        inherit_one(entry, original, config, faults);
        // What hides the original hides this too.
        let is_hidden = original.is_some_and(|original| original.id != entry.id && original.core.doubt.is_some());
        if let Some(fault) = without_address(entry, config).filter(|_| !is_hidden) {
            let entry = Arc::make_mut(entry);
            entry.faults.push(fault.binding_warning());
            entry.head.core.doubt = Doubt::of(&entry.faults);
        }
    }
}

/// The fault that a text lacks a field that the addresses of its language ask for, if those of the site's own do not: without an
/// address it has no page.
fn without_address(entry: &Entry, config: &Config) -> Option<Diagnostic> {
    let core = &entry.core;
    if core.is_draft() || core.doubt.is_some() || core.see.is_some() || core.permalink.is_some() {
        return None;
    }
    let lang = config.language_named(&entry.id.lang)?;
    let pattern = config.path(lang, &entry.id.collection)?;
    let missing = pattern.fields().find(|field| !entry.values.contains_key(*field))?;
    let label = &config.collections[&entry.id.collection].label;
    let name = &config.in_language(lang).name;
    let what =
        format!("this {label} has no `{missing}`, which its address in {name}, `{}`, asks for", pattern.written());
    let fault = Diagnostic::new(Code::MissingField, what).at(&entry.source, entry.span.start..entry.span.start);
    Some(fault.help(format!("add `{missing}` to it, or to the text that it translates")))
}

/// Gives `entry`, in a language other than the site's, what it inherits from `original`, or hides it if it has lost that.
fn inherit_one(entry: &mut Arc<Entry>, original: Option<&Arc<Entry>>, config: &Config, faults: &[Diagnostic]) {
    match original {
        Some(original) if original.id != entry.id => translate(Arc::make_mut(entry), original),
        Some(_) => {}
        // Nothing is published in a language that the site does not have, nor where it is unclear what a file says.
        None if config.language_named(&entry.id.lang).is_none() || entry.core.doubt.is_some() => {}
        None => leave_alone(Arc::make_mut(entry), config, faults),
    }
}

/// Hides a translation without an original, and reports it.
fn leave_alone(entry: &mut Entry, config: &Config, faults: &[Diagnostic]) {
    let has_error = |fault: &&Diagnostic| fault.severity == Severity::Error;
    let folder = entry.source.folder();
    let is_beside = |fault: &Diagnostic| fault.span.as_ref().is_some_and(|at| at.file.folder() == folder);
    // A file of rows that cannot be read has been reported: its rows are not missing.
    let is_read = !entry.is_row || !faults.iter().filter(has_error).any(is_beside);
    // What it would inherit is not reported as missing here.
    entry.faults.retain(|fault| !is_about_fields(fault));
    entry.head.faulty = true;
    let is_draft = entry.core.is_draft();
    if is_draft && is_read {
        entry.faults.push(without_original(entry, config));
    } else if !is_draft {
        let unread = || faults.iter().filter(|fault| !is_read && is_beside(fault)).cloned().collect::<Vec<_>>();
        entry.head.core.doubt = Doubt::of(&unread()).or_else(|| {
            let fault = without_original(entry, config);
            Some(Doubt::because(fault, &mut entry.faults))
        });
    }
}

fn translate(entry: &mut Entry, original: &Entry) {
    entry.forget_field_texts();
    entry.head.original = Some(original.source.clone());
    entry.head.place = original.place;
    let mut alone = Vec::new();
    for part in &mut entry.parts {
        let is_original = |other: &&Part| other.key == part.key && other.source.folder() == part.source.folder();
        match original.parts.iter().find(is_original) {
            Some(other) => part.head.original = Some(Arc::new(other.core.clone())),
            None => {
                let what =
                    "the part that this one translates is not there, so it is unclear whether this one may be public";
                let help = "put it back, or rename this file as it was renamed; a text in one language only goes into the page";
                let fault = Diagnostic::new(Code::TranslationAlone, what).span(Span::file(&part.source)).help(help);
                part.head.core.doubt = Some(Doubt::because(fault, &mut alone));
            }
        }
    }
    entry.faults.extend(alone);
    let Some(own) = entry.own.clone() else { return };
    let inherited = original
        .values
        .iter()
        .filter(|(name, _)| !own.values.contains_key(*name) && !NOT_INHERITED.contains(&&***name));
    entry.head.values = own.values.iter().chain(inherited).map(|(name, value)| (name.clone(), value.clone())).collect();
    let core = Core::of(&entry.values, &entry.source, &mut Vec::new()).waiting_for(entry.core.issued);
    entry.head.core = Core { doubt: entry.core.doubt, ..core };
    // Inherited fields are not missing: only the faults of what is written count.
    entry.faults.retain(|fault| !is_about_fields(fault));
    entry.faults.extend(own.faults.iter().filter(|fault| is_about_fields(fault)).cloned());
    entry.head.faulty = entry.faults.iter().any(|fault| fault.severity == Severity::Error);
}

/// Whether a fault may differ between a text that must state everything and one that inherits.
fn is_about_fields(fault: &Diagnostic) -> bool {
    fault.code == Code::MissingField
}

fn without_original(entry: &Entry, config: &Config) -> Diagnostic {
    let file = &entry.source;
    let (place, what, way) = if entry.is_row {
        (
            entry.values.get("title").map_or(entry.span.start..entry.span.start, |title| title.span.clone()),
            format!("no row of `{}` in the site's own language is called `{}`", entry.id.collection, entry.id.key),
            "give the row the `id` of the one that it translates".to_owned(),
        )
    } else {
        let lang = format!(".{}.", entry.id.lang);
        let original = file.as_str().rsplit_once(&lang).map(|(stem, ending)| format!("{stem}.{ending}"));
        (
            entry.span.start..entry.span.start,
            format!("the text that this one translates, {}, is not there", original.unwrap_or_default()),
            "put it back, or rename this file as it was renamed".to_owned(),
        )
    };
    let name = config.language_named(&entry.id.lang).map(|lang| config.in_language(lang).name.clone());
    let name = name.unwrap_or_else(|| entry.id.lang.to_string());
    Diagnostic::new(Code::TranslationAlone, what)
        .at(file, place)
        .help(format!("{way}; if it is there in {name} only, write `original = true`"))
}
