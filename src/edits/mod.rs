//! Changes of bytes in source files → new texts, and what differs line by line. Everything else in a file stays as it is.
//!
//! A set of [`Edits`] is made for one look at the disk: it knows each file that it changes by its hash, and is refused as a
//! whole if one has changed, or if two changes overlap. [`Fields`] turns "this field gets that value" into such changes.
//!
//! Not here: writing the files (`store::rearrange`, all or nothing).

mod fields;
#[cfg(test)]
mod tests;
mod written;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Span, Splice};
use crate::path::SitePath;
use crate::source::Tree;

#[cfg(test)]
use fields::Unsure;
pub(crate) use fields::{Fields, Step};
pub(crate) use written::Given;

/// The changes to make in the files of a site.
#[derive(Clone, Debug)]
pub(crate) struct Edits {
    tree: Arc<Tree>,
    by_file: BTreeMap<SitePath, Changed>,
}

/// The changes of one file.
#[derive(Clone, Debug)]
struct Changed {
    /// The hash of the text that they were computed for; `None` if there was no text.
    hash: Option<blake3::Hash>,
    edits: Vec<Edit>,
}

/// One stretch of bytes, and the text to put there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Edit {
    at: (usize, usize),
    text: String,
}

/// Lines of a file that change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Difference {
    pub(crate) file: SitePath,
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// Why nothing is changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Refused {
    /// Two changes overlap here.
    Meet(Span),
    /// The file is not the one that the changes were computed for.
    Changed(SitePath),
    /// The file has no such bytes.
    NoSuchPlace(Span),
}

impl Refused {
    /// The refusal as a message.
    pub(crate) fn fault(&self) -> Diagnostic {
        let by_hand = |span: &Span, message: &str| {
            Diagnostic::new(Code::BrokenSourceLink, message)
                .span(span.clone())
                .help("change this line by hand, then try again")
        };
        match self {
            Self::Meet(span) => by_hand(span, "two changes would overlap here"),
            Self::NoSuchPlace(span) => by_hand(span, "the text to change here cannot be found"),
            Self::Changed(file) => {
                Diagnostic::new(Code::FileExists, format!("`{file}` has changed meanwhile; nothing was changed"))
                    .span(Span::file(file))
                    .help("try again")
            }
        }
    }
}

/// The new text of every file that changes, and the lines that differ.
pub(crate) type Applied = (BTreeMap<SitePath, String>, Vec<Difference>);

impl Edits {
    /// No changes yet, for the files as they are in `tree`.
    pub(crate) fn of(tree: Arc<Tree>) -> Self {
        Self { tree, by_file: BTreeMap::new() }
    }

    /// Replaces the bytes `at` of `file` by `text`.
    pub(crate) fn replace(&mut self, file: &SitePath, at: Range<usize>, text: impl Into<String>) {
        let edit = Edit { at: (at.start, at.end), text: text.into() };
        if !self.by_file.contains_key(file) {
            let changed = Changed { hash: hash(&self.tree, file), edits: Vec::new() };
            self.by_file.insert(file.clone(), changed);
        }
        if let Some(changed) = self.by_file.get_mut(file) {
            changed.edits.push(edit);
        }
    }

    /// Adds one change.
    pub(crate) fn splice(&mut self, splice: &Splice) {
        self.replace(&splice.span.file, splice.span.start..splice.span.end, splice.text.as_str());
    }

    /// Whether a change overlaps one of these and is not the same.
    pub(crate) fn meets(&self, splice: &Splice) -> bool {
        let new = Edit { at: (splice.span.start, splice.span.end), text: splice.text.clone() };
        let edits = self.by_file.get(&splice.span.file).map_or(&[][..], |changed| &changed.edits);
        edits.iter().any(|old| *old != new && meet(old, &new))
    }

    /// The new text of every file that changes, and the lines that differ, given the files as they are now. Refused if a
    /// file is not the one that this was computed for, or if two changes overlap.
    pub(crate) fn applied(&self, now: &Tree) -> Result<Applied, Refused> {
        let mut texts = BTreeMap::new();
        let mut differences = Vec::new();
        for (file, changed) in &self.by_file {
            // The same link may have been found twice.
            let mut edits = changed.edits.clone();
            edits.sort();
            edits.dedup();
            if hash(now, file) != changed.hash {
                return Err(Refused::Changed(file.clone()));
            }
            let Some(text) = now.get(file).and_then(|file| file.text()) else { continue };
            let span = |edit: &Edit| Span::new(file, edit.at.0..edit.at.1);
            if let Some(wrong) = edits.iter().find(|edit| text.get(edit.at.0..edit.at.1).is_none()) {
                return Err(Refused::NoSuchPlace(span(wrong)));
            }
            if let Some(pair) = edits.windows(2).find(|pair| meet(&pair[0], &pair[1])) {
                return Err(Refused::Meet(span(&pair[1])));
            }
            texts.insert(file.clone(), rewritten(text, 0..text.len(), &edits));
            differences.extend(lines(file, text, &edits));
        }
        Ok((texts, differences))
    }
}

fn hash(tree: &Tree, file: &SitePath) -> Option<blake3::Hash> {
    tree.get(file).and_then(|file| file.text()).map(|text| blake3::hash(text.as_bytes()))
}

/// Whether two changes touch the same bytes, or insert something at the same place.
fn meet(one: &Edit, other: &Edit) -> bool {
    (one.at.0 < other.at.1 && other.at.0 < one.at.1) || one.at == other.at
}

/// The bytes `range` of `text` after the `edits` in it.
fn rewritten(text: &str, range: Range<usize>, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(range.len() + 64);
    let mut at = range.start;
    for edit in edits {
        out.push_str(&text[at..edit.at.0]);
        out.push_str(&edit.text);
        at = edit.at.1;
    }
    out.push_str(&text[at..range.end]);
    out
}

fn lines(file: &SitePath, text: &str, edits: &[Edit]) -> Vec<Difference> {
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (n, edit) in edits.iter().enumerate() {
        let start = text[..edit.at.0].rfind('\n').map_or(0, |at| at + 1);
        // An insertion before a line leaves that line as it is.
        let is_whole_line = edit.at.0 == edit.at.1 && edit.at.0 == start && edit.text.ends_with('\n');
        let end = match is_whole_line {
            true => start,
            false => text[edit.at.1..].find('\n').map_or(text.len(), |at| edit.at.1 + at + 1),
        };
        match found.last_mut().filter(|(lines, _)| lines.end > start) {
            Some((lines, edits)) => {
                lines.end = lines.end.max(end);
                edits.end = n + 1;
            }
            None => found.push((start..end, n..n + 1)),
        }
    }
    let mut line = 1;
    let mut counted = 0;
    found
        .into_iter()
        .map(|(range, of)| {
            line += text[counted..range.start].matches('\n').count();
            counted = range.start;
            let before = text[range.clone()].to_owned();
            let after = rewritten(text, range, &edits[of]);
            Difference { file: file.clone(), line, before, after }
        })
        .collect()
}
