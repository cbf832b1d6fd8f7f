//! What was read from one file → an entry: its head, which says which entry it is and what its fields say, and its texts.
//!
//! Most of a snapshot is made without texts, and much of it without the words that say what an entry is about. Code that may
//! not see them is given [`Heads`](super::Heads) or [`Facts`](super::Facts), which do not show them.

use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

use super::{Core, Doubt, Part, Timed};
use crate::diagnostic::Diagnostic;
use crate::path::SitePath;
use crate::schema::{Moment, Name, Placed, Reading, Text, Value, Values};

/// What identifies an entry.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct EntryId {
    pub(crate) collection: Name,
    pub(crate) key: Name,
    pub(crate) lang: Name,
}

/// Anything that a page, a list or a feed is about.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) head: Head,
    /// Its text; rows have none.
    pub(crate) text: Option<Arc<Text>>,
    /// The parts of its text that appear only from a certain moment; until a snapshot cuts it, `text` is whole.
    pub(crate) timed: Option<Arc<Timed>>,
    /// The other texts of its bundle, in the order of their names.
    pub(crate) parts: Vec<Part>,
    /// Parts that readers do not see at the moment of this entry's snapshot.
    pub(crate) hidden_parts: Vec<Part>,
    /// Its faults, kept with it because they matter less while it is not public.
    pub(crate) faults: Vec<Diagnostic>,
    /// Whether there are texts in `values`, computed when first asked for: usually there are none, and they are asked for
    /// often.
    has_field_texts: OnceLock<bool>,
}

/// Which entry this is, and what its fields say.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Head {
    pub(crate) id: EntryId,
    pub(crate) source: SitePath,
    /// Its place in the file: the front matter, or the row.
    pub(crate) span: Range<usize>,
    pub(crate) values: Values,
    /// Those values that the program itself acts on.
    pub(crate) core: Core,
    /// Its own folder, if it is a bundle.
    pub(crate) bundle: Option<SitePath>,
    pub(crate) is_row: bool,
    /// Where it begins in the file of its original, or in its own: the order in which rows were written.
    pub(super) place: usize,
    /// Whether part of it could not be read.
    pub(crate) faulty: bool,
    /// What it states itself, if it is in a language other than the site's; what it inherits is in its original's file.
    pub(super) own: Option<Arc<Own>>,
    /// The file of its original, if it has one.
    pub(super) original: Option<SitePath>,
}

/// What a text in a language other than the site's says itself.
#[derive(PartialEq, Debug)]
pub(super) struct Own {
    pub(super) values: Values,
    /// The faults of those values, if what is missing is inherited.
    pub(super) faults: Vec<Diagnostic>,
}

/// The fields of every entry that say in words what it is about, whatever their type: readers see them first.
pub(crate) const WORDS: &[&str] = &["title", "subtitle", "summary"];

impl Deref for Entry {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

impl Head {
    /// A field's text, if it holds text.
    pub(crate) fn text_of(&self, field: &str) -> Option<&str> {
        match &self.values.get(field)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Its title, or its key if the title could not be read.
    pub(crate) fn title(&self) -> &str {
        self.text_of("title").unwrap_or(&self.id.key)
    }

    /// The fields that it states itself; faults of inherited ones are reported on the original.
    pub(crate) fn stated(&self) -> impl Iterator<Item = (&Name, &Placed)> {
        self.values.iter().filter(|(name, _)| self.states(name))
    }

    /// A field that it states itself.
    pub(crate) fn stated_value(&self, field: &str) -> Option<&Placed> {
        self.values.get(field).filter(|_| self.states(field))
    }

    pub(super) fn states(&self, field: &str) -> bool {
        self.original.is_none() || self.own.as_ref().is_none_or(|own| own.values.contains_key(field))
    }

    /// The fields that it has from its original, with their values.
    pub(crate) fn inherited(&self) -> impl Iterator<Item = (&Name, &Placed)> {
        self.values.iter().filter(|(name, _)| self.original.is_some() && !self.states(name))
    }

    /// The file that holds a field's value; paths in the value start from there.
    pub(crate) fn file_of(&self, field: &str) -> &SitePath {
        self.original.as_ref().filter(|_| !self.states(field)).unwrap_or(&self.source)
    }

    /// Where a row was written: those of one file are in its order, translations in that of their originals.
    pub(crate) fn row(&self) -> Option<(&SitePath, usize)> {
        self.is_row.then(|| (self.original.as_ref().unwrap_or(&self.source), self.place))
    }

    /// Whether it is a translation of another entry.
    pub(crate) fn is_translation(&self) -> bool {
        self.original.is_some()
    }
}

impl Entry {
    /// The same entry, hidden because of `fault`.
    pub(crate) fn kept_out(&self, fault: Diagnostic) -> Self {
        let mut entry = self.clone();
        entry.head.core.doubt = Some(Doubt::because(fault, &mut entry.faults));
        entry
    }

    /// The same entry without the part in the file `source`, because of `fault`.
    pub(crate) fn without_part(&self, source: &SitePath, fault: Diagnostic) -> Self {
        let mut entry = self.clone();
        let doubt = Doubt::because(fault, &mut entry.faults);
        for part in entry.parts.iter_mut().filter(|part| part.source == *source) {
            part.head.core.doubt = Some(doubt);
        }
        entry
    }

    /// The same entry without the blocks that appear at `when` in the file that `reading` names, because of `fault`.
    pub(crate) fn without_blocks(&self, reading: &Reading<'_>, when: &Moment, fault: Diagnostic) -> Self {
        let mut entry = self.clone();
        let cut = |timed: &mut Option<Arc<Timed>>| {
            let without = Arc::new(timed.as_ref()?.without(reading, when));
            *timed = Some(without.clone());
            Some(without.whole().clone())
        };
        if entry.source == *reading.file
            && let Some(text) = cut(&mut entry.timed)
        {
            entry.text = Some(text);
        }
        for part in entry.parts.iter_mut().filter(|part| part.source == *reading.file) {
            if let Some(text) = cut(&mut part.timed) {
                part.text = text;
            }
        }
        entry.faults.push(fault.binding());
        entry
    }

    /// An entry without texts so far.
    pub(super) fn of(head: Head) -> Self {
        let (parts, hidden_parts, faults) = (Vec::new(), Vec::new(), Vec::new());
        Self { head, text: None, timed: None, parts, hidden_parts, faults, has_field_texts: OnceLock::new() }
    }

    /// Call this after changing its fields or those that it states itself.
    pub(super) fn forget_field_texts(&mut self) {
        self.has_field_texts = OnceLock::new();
    }

    /// Every text in it, with the file that holds it: its own, its parts', its fields'.
    pub(crate) fn texts(&self) -> Vec<(&SitePath, &Text)> {
        let mut texts: Vec<(&SitePath, &Text)> = Vec::new();
        texts.extend(self.text.iter().map(|doc| (&self.source, &**doc)));
        texts.extend(self.parts.iter().map(|part| (&part.source, &*part.text)));
        texts.extend(self.field_texts().into_iter().map(|doc| (&self.source, doc)));
        texts
    }

    /// The same, with the parts and blocks that readers do not see at the moment of its snapshot.
    pub(crate) fn whole_texts(&self) -> Vec<(&SitePath, &Text)> {
        let mut texts: Vec<(&SitePath, &Text)> = Vec::new();
        let own = self.timed.as_ref().map(|timed| timed.whole()).or(self.text.as_ref());
        texts.extend(own.map(|doc| (&self.source, &**doc)));
        texts.extend(self.all_parts().map(|part| {
            let doc = part.timed.as_ref().map_or(&part.text, |timed| timed.whole());
            (&part.source, &**doc)
        }));
        texts.extend(self.field_texts().into_iter().map(|doc| (&self.source, doc)));
        texts
    }

    /// The texts in the fields that it states itself.
    pub(crate) fn field_texts(&self) -> Vec<&Text> {
        let mut texts = Vec::new();
        if self.has_field_texts.get() == Some(&false) {
            return texts;
        }
        for (_, placed) in self.stated() {
            collect_docs(&placed.value, &mut |doc| texts.push(doc));
        }
        self.has_field_texts.get_or_init(|| !texts.is_empty());
        texts
    }

    /// Whether everything but the texts is the same as in `other`: everything that [`Heads`](super::Heads) show.
    pub(super) fn has_head_of(&self, other: &Self) -> bool {
        self.head == other.head && self.has_part_heads_of(other)
    }

    /// Whether everything about its parts but their texts is the same as in `other`, and the moments of all its texts too.
    pub(super) fn has_part_heads_of(&self, other: &Self) -> bool {
        let are_as =
            |parts: &[Part], others: &[Part]| parts.iter().map(|one| &one.head).eq(others.iter().map(|one| &one.head));
        are_as(&self.parts, &other.parts)
            && are_as(&self.hidden_parts, &other.hidden_parts)
            && self.text_moments().eq(other.text_moments())
    }

    /// Whether it is the same as `other`, read from the same texts: translations, and bundles with parts, are assembled again
    /// at each look.
    pub(crate) fn same_as(&self, other: &Self) -> bool {
        let texts = |entry: &Self| {
            let parts = entry.parts.iter().map(|part| Arc::as_ptr(&part.text));
            entry.text.iter().map(Arc::as_ptr).chain(parts).collect::<Vec<_>>()
        };
        texts(self) == texts(other) && self.has_head_of(other)
    }

    /// Its parts, including those not shown.
    pub(crate) fn all_parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().chain(&self.hidden_parts)
    }

    /// The moments from which more of its texts is shown.
    pub(crate) fn text_moments(&self) -> impl Iterator<Item = &Moment> {
        let of_parts = self.all_parts().filter_map(|part| part.timed.as_deref());
        self.timed.as_deref().into_iter().chain(of_parts).flat_map(Timed::moments)
    }

    /// The files that hold its text and those of its shown parts, and which blocks of them appear only later.
    pub(crate) fn shown_files(&self) -> impl Iterator<Item = (&SitePath, Option<&Timed>)> {
        let parts = self.parts.iter().map(|part| (&part.source, part.timed.as_deref()));
        std::iter::once((&self.source, self.timed.as_deref())).chain(parts)
    }
}

fn collect_docs<'a>(value: &'a Value, found: &mut impl FnMut(&'a Text)) {
    match value {
        Value::Doc(doc) => found(doc),
        Value::List(items) => items.iter().for_each(|item| collect_docs(&item.value, found)),
        Value::Record(fields) => fields.values().for_each(|field| collect_docs(&field.value, found)),
        _ => {}
    }
}
