//! The entries of a snapshot → views for code that may not see everything: [`Heads`], without texts, and [`Facts`], also
//! without the words that say what each entry is about.
//!
//! A view compares exactly what it shows. So what is made from a view alone can be taken over as long as the view is equal.

use std::sync::Arc;

use super::{Core, Entry, Head, PartHead, WORDS};
use crate::path::SitePath;
use crate::schema::{Moment, Name, Placed, Value, Values};

/// The entries of a snapshot without their texts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heads<'a>(&'a [Arc<Entry>]);

impl<'a> Heads<'a> {
    /// The heads of `entries`, which are cut for their moment.
    pub(crate) fn of(entries: &'a [Arc<Entry>]) -> Self {
        Self(entries)
    }

    /// The head of the entry with this number.
    pub(crate) fn get(self, number: usize) -> &'a Head {
        &self.0[number].head
    }

    /// All heads, in the order of their numbers.
    pub(crate) fn iter(self) -> impl ExactSizeIterator<Item = &'a Head> {
        self.0.iter().map(|entry| &entry.head)
    }

    /// Whether these are the same as `others`.
    pub(crate) fn are_as(self, others: Self) -> bool {
        self.pair_by_pair(others, Entry::has_head_of)
    }

    /// For each number, whether the heads with that number differ. Both must have as many entries.
    pub(crate) fn differing(self, others: Self) -> Vec<bool> {
        let pairs = self.0.iter().zip(others.0);
        pairs.map(|(a, b)| !Arc::ptr_eq(a, b) && a.head != b.head).collect()
    }

    fn pair_by_pair(self, others: Self, is_as: impl Fn(&Entry, &Entry) -> bool) -> bool {
        let pairs = || self.0.iter().zip(others.0);
        self.0.len() == others.0.len() && pairs().all(|(a, b)| Arc::ptr_eq(a, b) || is_as(a, b))
    }
}

/// The entries of a snapshot without texts and places in files, and without their [`WORDS`] unless the site uses those as more
/// than words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    heads: Heads<'a>,
    words: Words,
}

/// Whether [`Facts`] show words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Words {
    Shown,
    Unseen,
}

impl Words {
    /// Whether a field of this name is shown.
    fn show(self, field: &str) -> bool {
        self == Self::Shown || !WORDS.contains(&field)
    }
}

impl<'a> Facts<'a> {
    /// The facts among `heads`.
    pub(crate) fn of(heads: Heads<'a>, words: Words) -> Self {
        Self { heads, words }
    }

    /// Whether they show words.
    pub(crate) fn words(self) -> Words {
        self.words
    }

    /// The facts of the entry with this number.
    pub(crate) fn get(self, number: usize) -> EntryFacts<'a> {
        EntryFacts { head: self.heads.get(number), words: self.words }
    }

    /// The facts of all entries, in the order of their numbers.
    pub(crate) fn iter(self) -> impl ExactSizeIterator<Item = EntryFacts<'a>> {
        self.heads.iter().map(move |head| EntryFacts { head, words: self.words })
    }

    /// The parts of the entry with this number that readers see.
    pub(crate) fn parts(self, number: usize) -> impl Iterator<Item = &'a PartHead> {
        self.heads.0[number].parts.iter().map(|part| &part.head)
    }

    /// Its parts that readers do not see.
    pub(crate) fn hidden_parts(self, number: usize) -> impl Iterator<Item = &'a PartHead> {
        self.heads.0[number].hidden_parts.iter().map(|part| &part.head)
    }

    /// The moments from which more of its texts is shown.
    pub(crate) fn text_moments(self, number: usize) -> impl Iterator<Item = &'a Moment> {
        self.heads.0[number].text_moments()
    }

    /// Whether these are the same as `others`.
    pub(crate) fn are_as(self, others: Self) -> bool {
        let is_as = |a: &Entry, b: &Entry| self.words.have_facts(&a.head, &b.head) && a.has_part_heads_of(b);
        self.words == others.words && self.heads.pair_by_pair(others.heads, is_as)
    }
}

impl Words {
    /// Whether two heads are the same in everything that [`EntryFacts`] show.
    fn have_facts(self, a: &Head, b: &Head) -> bool {
        let are_as = |a: &Values, b: &Values| {
            let is_as = |((name, a), (other, b)): ((&Name, &Placed), (&Name, &Placed))| {
                name == other && (!self.show(name) || a.value.says_as(&b.value))
            };
            a.len() == b.len() && a.iter().zip(b).all(is_as)
        };
        let are_own_as = match (&a.own, &b.own) {
            (Some(a), Some(b)) => are_as(&a.values, &b.values),
            (a, b) => a.is_none() && b.is_none(),
        };
        (&a.id, &a.source, &a.core) == (&b.id, &b.source, &b.core)
            && (&a.bundle, a.is_row, &a.original) == (&b.bundle, b.is_row, &b.original)
            && are_as(&a.values, &b.values)
            && are_own_as
    }
}

/// What [`Facts`] show of one entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntryFacts<'a> {
    head: &'a Head,
    words: Words,
}

impl<'a> EntryFacts<'a> {
    pub(crate) fn collection(self) -> &'a Name {
        &self.head.id.collection
    }

    pub(crate) fn key(self) -> &'a Name {
        &self.head.id.key
    }

    pub(crate) fn lang(self) -> &'a Name {
        &self.head.id.lang
    }

    pub(crate) fn source(self) -> &'a SitePath {
        &self.head.source
    }

    /// Its own folder, if it is a bundle.
    pub(crate) fn bundle(self) -> Option<&'a SitePath> {
        self.head.bundle.as_ref()
    }

    pub(crate) fn is_row(self) -> bool {
        self.head.is_row
    }

    /// The values that the program itself acts on.
    pub(crate) fn core(self) -> &'a Core {
        &self.head.core
    }

    /// The value of a field.
    pub(crate) fn value(self, field: &str) -> Option<&'a Value> {
        let shown = self.head.values.get(field).filter(|_| self.words.show(field));
        shown.map(|placed| &placed.value)
    }

    /// A field's text, if it holds text.
    pub(crate) fn text_of(self, field: &str) -> Option<&'a str> {
        match self.value(field)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// All its fields.
    pub(crate) fn values(self) -> impl Iterator<Item = (&'a Name, &'a Value)> {
        let shown = self.head.values.iter().filter(move |(name, _)| self.words.show(name));
        shown.map(|(name, placed)| (name, &placed.value))
    }
}
