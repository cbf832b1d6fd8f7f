//! Who may see each page, what its fields say, and what it lacks.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Columns, Use};
use super::subjects::{Subjects, is_author};
use super::values::{self, is_empty, text};
use super::{Here, Page};
use crate::data::{Raw, RawKind};
use crate::import::site::lookup::{Around, Lookup};
use crate::import::site::survey::{Entry, Note, State, Survey, Value};
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
        let mut filling = Filling {
            page,
            entry,
            columns,
            around: Around { lookup, survey, page: Some(page), config: here.config },
            fields: page.fields.clone(),
            subjects: Vec::new(),
            internal: Vec::new(),
            unseen: Vec::new(),
            notes,
        };
        for (key, value) in entry.fields.iter().filter(|(_, value)| !is_empty(value)) {
            filling.value(key, value, subjects);
        }
        let fields = filling.finish(here);
        page.has_summary = fields.iter().any(|(name, _)| name == "summary");
        page.fields = fields;
    }
}

/// The fields of one page, as they are found.
struct Filling<'a> {
    page: &'a Page,
    entry: &'a Entry,
    columns: &'a Columns,
    around: Around<'a>,
    /// Names and values as front matter has them.
    fields: Vec<(String, String)>,
    /// The keys of pages that each field leads to.
    subjects: Vec<(String, Vec<String>)>,
    /// What only colleagues are to see.
    internal: Vec<String>,
    /// Fields of which nobody knows whether readers saw them, with their values.
    unseen: Vec<String>,
    notes: &'a mut Vec<Note>,
}

impl Filling<'_> {
    fn note(&mut self, what: &str, how: &str, words: String) {
        let place = self.entry.place.clone();
        self.notes.push(Note { what: what.to_owned(), how: how.to_owned(), place, words });
    }

    /// Whether it is the text of a list: a plain page, which has the base fields only.
    fn is_plain_page(&self) -> bool {
        self.page.collection == "pages" && self.columns.collection != "pages"
    }

    /// Takes a value to the field that its column has become.
    fn value(&mut self, key: &str, value: &Value, subjects: &Subjects) {
        match self.columns.of(key) {
            Some(Use::Title | Use::Skip(_)) | None => {}
            Some(Use::Internal) => self.internal.push(values::whole(value)),
            Some(Use::Unseen) => self.unseen.push(format!("{key}: {}", values::whole(value))),
            Some(Use::Subjects(field)) => {
                let keys = subjects.keys(field, key, value);
                match self.subjects.iter_mut().find(|(known, _)| known == field) {
                    Some((_, all)) => keys.into_iter().for_each(|key| {
                        if !all.contains(&key) {
                            all.push(key)
                        }
                    }),
                    None => self.subjects.push((field.clone(), keys)),
                }
            }
            Some(Use::Field(name, _)) if self.is_plain_page() && !schema::base().contains_key(name.as_str()) => {
                let words = format!("{key}: {}", values::shown(value));
                self.note("fields of texts that begin a list", "plain pages do not have them", words);
            }
            Some(Use::Field(name, ty)) => match values::written(ty, value, &self.around) {
                Some(_) if self.fields.iter().any(|(known, _)| known == name) => {
                    let words = format!("{key}: {}", values::shown(value));
                    self.note("a second value for one field", "the first is kept", words);
                }
                Some(written) => self.fields.push((name.clone(), written)),
                None => {
                    let of = self.entry.title().unwrap_or(&self.entry.id);
                    let words = format!("{of}: {}", values::shown(value));
                    let how = "they are left out: write them by hand if they matter";
                    self.note(&format!("values of `{key}` that do not fit"), how, words);
                }
            },
        }
    }

    /// All fields, with those that follow from the page itself.
    fn finish(mut self, here: &Here<'_>) -> Vec<(String, String)> {
        let is_plain_page = self.is_plain_page();
        for (field, keys) in std::mem::take(&mut self.subjects) {
            if !(keys.is_empty() || is_plain_page && field == "authors") {
                self.fields.push((field, list(&keys)));
            }
        }
        if let Some(why) = &self.page.hidden {
            self.internal.insert(0, format!("Imported as a draft: {why}."));
        }
        if !self.unseen.is_empty() {
            self.internal.push(format!("Fields that readers may not have seen there: {}.", self.unseen.join("; ")));
        }
        if !self.internal.is_empty() {
            self.fields.push(("internal_note".to_owned(), text(&self.internal.join(" "))));
        }
        if !self.fields.iter().any(|(name, _)| name == "title") {
            let title = self.title();
            self.fields.insert(0, ("title".to_owned(), text(&title)));
        }
        // What had been public all the same keeps being so.
        let is_ahead =
            |(name, written): &(String, String)| name == "date" && written.replace('T', " ").as_str() > here.now;
        if self.page.is_public() && self.fields.iter().any(is_ahead) {
            let how = "they are public here at once, too: write another moment into `publish_at` if they are to wait";
            let words = self.entry.title().unwrap_or(&self.entry.id).to_owned();
            self.note("pages that were public there although their date is still to come", how, words);
            self.fields.push(("publish_at".to_owned(), here.now.replace(' ', "T") + ":00"));
        }
        // The former addresses of what is hidden lead to it once it is public.
        if !self.page.is_public() {
            let is_former = |one: &&String| !one.contains('?') && **one != self.page.address && one.starts_with('/');
            let former: Vec<&String> = self.entry.addresses.iter().filter(is_former).collect();
            if !former.is_empty() {
                self.fields.push(("aliases".to_owned(), list(&former)));
            }
        }
        self.fields
    }

    fn title(&mut self) -> String {
        if let Some(title) = self.entry.title().filter(|title| !title.trim().is_empty()) {
            return title.to_owned();
        }
        let how = "they are called after their file or their number: give them one";
        self.note("pages without a title", how, self.entry.id.clone());
        titled(&self.entry.key).unwrap_or_else(|| self.entry.id.clone())
    }
}

/// Texts as a list in front matter.
fn list(texts: &[impl AsRef<str>]) -> String {
    let texts: Vec<String> = texts.iter().map(|one| text(one.as_ref())).collect();
    format!("[{}]", texts.join(", "))
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
    for page in pages.iter_mut().filter(|page| !page.is_earlier && (here.is_new || page.hidden.is_none())) {
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
