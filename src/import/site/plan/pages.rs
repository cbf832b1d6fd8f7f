//! Who may see each page, what its fields say, and what it lacks.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Columns, Use};
use super::subjects::{Subjects, is_author};
use super::values::{self, is_empty, text};
use super::{Here, Page};
use crate::data::{Raw, RawKind};
use crate::import::site::lookup::{Around, Lookup};
use crate::import::site::survey::{Note, State, Survey, Value};
use crate::schema::{self, Placed, Values, secrecy};

/// The places of hidden entries, and why each is.
pub(super) type Hidden = BTreeMap<usize, String>;

/// Which entries stay hidden: those that were, and those with a field that seems to say so.
pub(super) fn hidden(survey: &Survey) -> Hidden {
    let mut hidden = Hidden::new();
    // A category may be called “Unpublished”.
    let taxonomies: BTreeSet<&str> = survey.terms.iter().map(|term| term.of.as_str()).collect();
    for (nth, entry) in survey.entries.iter().enumerate() {
        match &entry.state {
            State::Hidden(why) => {
                hidden.insert(nth, why.clone());
            }
            State::From(moment) if values::moment(moment).is_none() => {
                hidden.insert(nth, format!("its moment `{moment}` cannot be read"));
            }
            _ => {
                let names_subjects = |key: &str| taxonomies.contains(key) || is_author(key);
                let said = entry.fields.iter().filter(|(key, _)| !names_subjects(key)).find(|(key, value)| {
                    !is_known(key) && !is_empty(value) && secrecy::meant(key, &raw(value)).is_some()
                });
                if let Some((key, _)) = said {
                    hidden.insert(nth, format!("its field `{key}` may say that it is not public"));
                }
            }
        }
    }
    hidden
}

/// Fields that say nothing of who may see a page, whatever they hold.
fn is_known(key: &str) -> bool {
    matches!(
        key,
        "title"
            | "date"
            | "modified"
            | "lastmod"
            | "updated"
            | "excerpt"
            | "summary"
            | "internal_note"
            | "expires"
            | "weight"
            | "start"
            | "end"
    )
}

fn raw(value: &Value) -> Raw {
    let kind = match value {
        Value::Nothing => RawKind::Null,
        Value::Bool(flag) => RawKind::Bool(*flag),
        Value::Number(number) | Value::Text(number) if values::digits_day(number).is_some() => {
            RawKind::Date(values::digits_day(number).unwrap_or_default())
        }
        Value::Number(number) => number.parse().map_or_else(|_| RawKind::Text(number.clone()), RawKind::Int),
        Value::Moment(text) => RawKind::Date(text.clone()),
        Value::Text(text) => RawKind::Text(text.clone()),
        Value::List(all) => RawKind::List(all.iter().map(raw).collect()),
        Value::Group(parts) => RawKind::Table(
            parts.iter().map(|(key, value)| (crate::data::Key { name: key.clone(), span: 0..0 }, raw(value))).collect(),
        ),
    };
    Raw { kind, span: 0..0 }
}

/// Writes the fields of each page.
pub(super) fn fill(
    survey: &Survey,
    here: &Here<'_>,
    subjects: &Subjects,
    columns: &BTreeMap<String, Columns>,
    lookup: &Lookup,
    pages: &mut [Page],
    notes: &mut Vec<Note>,
) {
    for page in pages.iter_mut() {
        let entry = &survey.entries[page.entry];
        let Some(columns) = columns.get(&entry.kind) else { continue };
        let shown = page.clone();
        let around = Around { lookup, survey, page: Some(&shown), config: here.config };
        let mut fields: Vec<(String, String)> = std::mem::take(&mut page.fields);
        let mut subjects_of: Vec<(String, Vec<String>)> = Vec::new();
        let mut internal: Vec<String> = Vec::new();
        let as_page = page.collection == "pages" && columns.collection != "pages";
        let mut note = |what: &str, how: &str, words: String| {
            notes.push(Note { what: what.to_owned(), how: how.to_owned(), place: entry.place.clone(), words });
        };
        for (key, value) in entry.fields.iter().filter(|(_, value)| !is_empty(value)) {
            match columns.of(key) {
                Some(Use::Title | Use::Skip(_)) | None => {}
                Some(Use::Internal) => internal.extend(subjects_words(value)),
                Some(Use::Subjects(field)) => {
                    let keys = subjects.keys(field, key, value);
                    match subjects_of.iter_mut().find(|(known, _)| known == field) {
                        Some((_, all)) => keys.into_iter().for_each(|key| {
                            if !all.contains(&key) {
                                all.push(key)
                            }
                        }),
                        None => subjects_of.push((field.clone(), keys)),
                    }
                }
                // The text of a list is a plain page, which has the base fields only.
                Some(Use::Field(name, _)) if as_page && !schema::base().contains_key(name.as_str()) => {
                    note(
                        "fields of texts that begin a list",
                        "plain pages do not have them",
                        format!("{key}: {}", values::shown(value)),
                    );
                }
                Some(Use::Field(name, ty)) => match values::written(ty, value, &around) {
                    Some(_) if fields.iter().any(|(known, _)| known == name) => {
                        note(
                            "a second value for one field",
                            "the first is kept",
                            format!("{key}: {}", values::shown(value)),
                        );
                    }
                    Some(written) => fields.push((name.clone(), written)),
                    None => note(
                        &format!("values of `{key}` that do not fit"),
                        "they are left out: write them by hand if they matter",
                        format!("{}: {}", entry.title().unwrap_or(&entry.id), values::shown(value)),
                    ),
                },
            }
        }
        for (field, keys) in
            subjects_of.into_iter().filter(|(field, keys)| !(keys.is_empty() || as_page && field == "authors"))
        {
            let list: Vec<String> = keys.iter().map(|key| text(key)).collect();
            fields.push((field, format!("[{}]", list.join(", "))));
        }
        if let Some(why) = &page.hidden {
            internal.insert(0, format!("Imported as a draft: {why}."));
        }
        if !internal.is_empty() {
            fields.push(("internal_note".to_owned(), text(&internal.join(" "))));
        }
        if !fields.iter().any(|(name, _)| name == "title") {
            let title =
                entry.title().map(str::to_owned).filter(|title| !title.trim().is_empty()).unwrap_or_else(|| {
                    note(
                        "pages without a title",
                        "they are called after their file or their number: give them one",
                        entry.id.clone(),
                    );
                    titled(&entry.key).unwrap_or_else(|| entry.id.clone())
                });
            fields.insert(0, ("title".to_owned(), text(&title)));
        }
        // What had been public all the same keeps being so.
        let is_ahead =
            |(name, written): &(String, String)| name == "date" && written.replace('T', " ").as_str() > here.now;
        if page.is_public() && fields.iter().any(is_ahead) {
            fields.push(("publish_at".to_owned(), here.now.replace(' ', "T") + ":00"));
        }
        // The former addresses of what is hidden lead to it once it is public.
        if !page.is_public() {
            let former: Vec<String> = entry
                .addresses
                .iter()
                .filter(|one| !one.contains('?') && **one != page.address && one.starts_with('/'))
                .map(|one| text(one))
                .collect();
            if !former.is_empty() {
                fields.push(("aliases".to_owned(), format!("[{}]", former.join(", "))));
            }
        }
        page.has_summary = fields.iter().any(|(name, _)| name == "summary");
        page.fields = fields;
    }
}

fn subjects_words(value: &Value) -> Vec<String> {
    super::subjects::words(value)
}

/// Words of a file's name as a title.
fn titled(key: &str) -> Option<String> {
    let words = key.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect())
}

/// What public pages lack: collection, field, and whether it is asked of some only.
pub(super) type Lacking = BTreeSet<(String, String, bool)>;

/// What pages lack that their collection asks for. A new site asks for less; in another one such a page is a draft.
pub(super) fn lacking(here: &Here<'_>, pages: &mut [Page]) -> Lacking {
    let mut lacking = Lacking::new();
    for page in pages.iter_mut().filter(|page| here.is_new || page.hidden.is_none()) {
        let Some(collection) = here.config.collection(&page.collection) else { continue };
        let mut stated = Values::default();
        if let Some(kind) = &page.kind {
            stated.insert("kind".into(), Placed { value: schema::Value::Text(kind.as_str().into()), span: 0..0 });
        }
        for field in collection.fields.values() {
            let has = |name: &str| page.fields.iter().any(|(known, _)| known == name);
            let is_there = has(&field.name)
                || &*field.name == "kind" && page.kind.is_some()
                || matches!(&*field.name, "title" | "summary");
            let is_asked = field.required_if.as_ref().is_some_and(|condition| condition.holds(&stated));
            if is_there || !(field.required || is_asked) || field.default.is_some() {
                continue;
            }
            if here.is_new {
                lacking.insert((page.collection.clone(), field.name.to_string(), !field.required));
            } else if page.hidden.is_none() {
                let why = format!("this site asks for `{}`, which it does not state", field.name);
                page.hidden = Some(why);
            }
        }
    }
    lacking
}
