//! Notes: labels → numbers in the order in which a reader meets them, and the notes themselves at the end of the text.
//!
//! While a text is read, a reference holds its label's place in the list of labels; [`Notes::finish`] turns that into the
//! note's number and counts its mentions. Notes that only other notes refer to come last.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Note;
use super::tree::{Kind, Node, number};
use crate::path::composed;

#[derive(Default)]
pub(super) struct Notes {
    /// Labels, folded, and their places in `entries`.
    labels: BTreeMap<String, u32>,
    entries: Vec<Entry>,
}

struct Entry {
    /// As first written.
    label: String,
    /// Where the note is written, if anywhere.
    defined: Option<Range<usize>>,
    /// Whether another note of that name was written before, so that nothing can refer to this one.
    is_again: bool,
    nodes: Vec<Node>,
}

/// A note that nothing shown refers to, so that no reader sees it.
pub(super) struct Unused {
    pub(super) label: String,
    pub(super) span: Range<usize>,
    /// Whether another note has its name, which is reported.
    pub(super) is_again: bool,
}

impl Notes {
    /// The place of `label`.
    pub(super) fn refer(&mut self, label: &str) -> u32 {
        let entries = &mut self.entries;
        *self.labels.entry(composed(&label.to_lowercase()).into_owned()).or_insert_with(|| {
            entries.push(Entry { label: label.to_owned(), defined: None, is_again: false, nodes: Vec::new() });
            number(entries.len() - 1)
        })
    }

    /// Records that the note `label` is written at `span`, and returns its place. If it was written before, returns a place
    /// that nothing can refer to, and where the first one is.
    pub(super) fn define(&mut self, label: &str, span: Range<usize>) -> Result<u32, (u32, Range<usize>)> {
        let place = self.refer(label);
        match &self.entries[place as usize].defined {
            None => {
                self.entries[place as usize].defined = Some(span);
                Ok(place)
            }
            Some(first) => {
                let first = first.clone();
                let again = Entry { label: label.to_owned(), defined: Some(span), is_again: true, nodes: Vec::new() };
                self.entries.push(again);
                Err((number(self.entries.len() - 1), first))
            }
        }
    }

    pub(super) fn set_nodes(&mut self, place: u32, nodes: Vec<Node>) {
        self.entries[place as usize].nodes = nodes;
    }

    /// Where the first note is written.
    pub(super) fn first(&self) -> Option<Range<usize>> {
        self.entries.iter().filter_map(|entry| entry.defined.clone()).min_by_key(|place| place.start)
    }

    /// Numbers all references in `nodes`. Returns the notes that something refers to, and the others.
    pub(super) fn finish(mut self, nodes: &mut [Node]) -> (Vec<Note>, Vec<Unused>) {
        if self.entries.is_empty() {
            return Default::default();
        }
        let mut numbers = Numbers { of: vec![None; self.entries.len()], order: Vec::new(), mentions: Vec::new() };
        numbers.give(nodes);
        let mut notes = Vec::new();
        while let Some(place) = numbers.order.get(notes.len()).copied() {
            let mut nodes = std::mem::take(&mut self.entries[place].nodes);
            numbers.give(&mut nodes);
            notes.push(Note { nodes, references: 0 });
        }
        for (note, mentions) in notes.iter_mut().zip(&numbers.mentions) {
            note.references = *mentions as usize;
        }
        let unused = self.entries.into_iter().zip(numbers.of).filter(|(_, number)| number.is_none());
        let unused = unused.filter_map(|(entry, _)| {
            let Entry { label, defined, is_again, .. } = entry;
            Some(Unused { label, span: defined?, is_again })
        });
        (notes, unused.collect())
    }
}

struct Numbers {
    /// For each entry, its number.
    of: Vec<Option<u32>>,
    /// For each number, its entry and how often it has been mentioned.
    order: Vec<usize>,
    mentions: Vec<u32>,
}

impl Numbers {
    fn give(&mut self, nodes: &mut [Node]) {
        for node in nodes {
            if let Kind::NoteReference { note, nth } = &mut node.kind {
                let place = *note as usize;
                *note = *self.of[place].get_or_insert_with(|| {
                    self.order.push(place);
                    self.mentions.push(0);
                    number(self.order.len() - 1)
                });
                let mentions = &mut self.mentions[*note as usize];
                *nth = *mentions;
                *mentions += 1;
            }
        }
    }
}
