//! Notes: labels → numbers in the order in which a reader meets them, and the notes themselves at the text's end.
//!
//! While a text is read a reference holds its label's place in the list of labels; [`Notes::finish`] makes that the
//! note's number and counts its mentions. A note that only other notes refer to follows after them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Note, Piece};

#[derive(Default)]
pub(super) struct Notes {
    /// Labels, folded, and their places in `entries`.
    labels: BTreeMap<String, usize>,
    entries: Vec<Entry>,
}

struct Entry {
    /// As first written.
    label: String,
    /// Where the note is written, if it is.
    defined: Option<Range<usize>>,
    body: Vec<Piece>,
}

impl Notes {
    /// The place of `label`.
    pub(super) fn refer(&mut self, label: &str) -> usize {
        let entries = &mut self.entries;
        *self.labels.entry(label.to_lowercase()).or_insert_with(|| {
            entries.push(Entry { label: label.to_owned(), defined: None, body: Vec::new() });
            entries.len() - 1
        })
    }

    /// Says that the note `label` is written at `span`: its place, or, if it was written before, a place for what nobody
    /// can refer to and where the first one is.
    pub(super) fn define(&mut self, label: &str, span: Range<usize>) -> Result<usize, (usize, Range<usize>)> {
        let place = self.refer(label);
        match &self.entries[place].defined {
            None => {
                self.entries[place].defined = Some(span);
                Ok(place)
            }
            Some(first) => {
                let first = first.clone();
                self.entries.push(Entry { label: label.to_owned(), defined: None, body: Vec::new() });
                Err((self.entries.len() - 1, first))
            }
        }
    }

    pub(super) fn set_body(&mut self, place: usize, body: Vec<Piece>) {
        self.entries[place].body = body;
    }

    /// Numbers all references in `pieces` and adds the notes at their end; the labels and places of notes that nothing
    /// refers to.
    pub(super) fn finish(mut self, pieces: &mut Vec<Piece>) -> Vec<(String, Range<usize>)> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let mut numbers = Numbers { of: vec![None; self.entries.len()], order: Vec::new(), mentions: Vec::new() };
        numbers.visit(pieces);
        let mut notes = Vec::new();
        while let Some(place) = numbers.order.get(notes.len()).copied() {
            let mut body = std::mem::take(&mut self.entries[place].body);
            numbers.visit(&mut body);
            super::finish::merge(&mut body);
            notes.push(Note { body, references: 0 });
        }
        for (note, mentions) in notes.iter_mut().zip(&numbers.mentions) {
            note.references = *mentions;
        }
        if !notes.is_empty() {
            pieces.push(Piece::Notes(notes));
        }
        let unused = self.entries.into_iter().zip(numbers.of).filter(|(_, number)| number.is_none());
        unused.filter_map(|(entry, _)| Some((entry.label, entry.defined?))).collect()
    }
}

struct Numbers {
    /// For each entry its number.
    of: Vec<Option<usize>>,
    /// For each number its entry, and how often it has been mentioned.
    order: Vec<usize>,
    mentions: Vec<usize>,
}

impl Numbers {
    /// Recurses into directives only, whose depth is limited.
    fn visit(&mut self, pieces: &mut [Piece]) {
        for piece in pieces {
            match piece {
                Piece::NoteReference { note, nth } => {
                    let place = *note;
                    let number = *self.of[place].get_or_insert_with(|| {
                        self.order.push(place);
                        self.mentions.push(0);
                        self.order.len() - 1
                    });
                    *note = number;
                    *nth = self.mentions[number];
                    self.mentions[number] += 1;
                }
                Piece::Directive(directive) => self.visit(&mut directive.body),
                _ => {}
            }
        }
    }
}
