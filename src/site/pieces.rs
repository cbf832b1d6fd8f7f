//! A place in the file of an entry → the part of a bundle or the block `:::after` that it is in, and until when readers do not see
//! that though they may see the entry.
//!
//! What is wrong there is said before that moment, and as a warning. Whatever has no page of its own is a *piece*: rows too.

use std::ops::Range;

use jiff::{Timestamp, ZonedDateTime};

use super::entry_checks::Check;
use super::visibility::{self, Hidden, Visibility, why_part_hidden};
use super::{Ix, Site};
use crate::content::{Entry, Part};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::path::SitePath;

/// Why readers do not see the byte `at` of `file` even if they see `entry`, and the word for what hides it.
pub(super) fn why_hidden(
    entry: &Entry,
    file: &SitePath,
    at: usize,
    now: &ZonedDateTime,
) -> Option<(Hidden, &'static str)> {
    let part = entry.all_parts().find(|part| part.source == *file);
    let timed = match part {
        Some(part) => part.timed.as_ref(),
        None => entry.timed.as_ref().filter(|_| entry.source == *file),
    };
    let blocks = timed.into_iter().flat_map(|timed| timed.around(at));
    let until = blocks.filter_map(|when| visibility::to_come(when, now)).max().map(Hidden::Until);
    let part = part.and_then(|part| why_part_hidden(part, now));
    let what = if until.is_some() && part.is_none() { "block" } else { "part" };
    Some((visibility::later(until, part)?, what))
}

/// Whether an entry has parts or blocks that readers may not see at some moment.
pub(super) fn may_have_any(entry: &Entry) -> bool {
    entry.timed.is_some() || entry.all_parts().next().is_some()
}

/// A fault of an entry with this `visibility`, at the severity that it has where it is.
pub(super) fn settle(entry: &Entry, visibility: &Visibility, now: &ZonedDateTime, fault: Diagnostic) -> Diagnostic {
    let of = |span: &Span| why_hidden(entry, &span.file, span.start, now);
    match fault.span.as_ref().filter(|_| may_have_any(entry)).and_then(of) {
        // What is hidden for longer decides.
        Some((why, what)) => match visibility::later(Some(why.clone()), visibility.hidden().cloned()) {
            Some(longer) if longer != why => visibility.apply_visibility(fault),
            _ => visibility::lower(fault, &why, what),
        },
        None => visibility.apply_visibility(fault),
    }
}

/// Whether readers see nothing of some parts or blocks of an entry, which are cut from it or put aside.
pub(super) fn are_hidden(entry: &Entry, now: &ZonedDateTime) -> bool {
    !entry.hidden_parts.is_empty() || entry.text_moments().any(|when| visibility::to_come(when, now).is_some())
}

/// The errors among `faults`, found in the whole of an entry, that are in what readers do not see of it yet.
pub(super) fn only_hidden(entry: &Entry, now: &ZonedDateTime, faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let is_hidden = |span: &Span| why_hidden(entry, &span.file, span.start, now).is_some();
    let is_error = |fault: &Diagnostic| fault.severity == Severity::Error;
    faults.into_iter().filter(|fault| is_error(fault) && fault.span.as_ref().is_some_and(is_hidden)).collect()
}

impl Check<'_> {
    /// Until when readers do not see the byte `at` of `file`.
    pub(super) fn until(&self, file: &SitePath, at: usize) -> Option<ZonedDateTime> {
        let own = self.reach.structure.identities.visibility(self.ix).until().cloned();
        let piece = may_have_any(self.entry).then(|| why_hidden(self.entry, file, at, self.now)).flatten();
        match piece {
            Some((Hidden::Until(piece), _)) => Some(own.map_or(piece.clone(), |own| own.max(piece))),
            _ => own,
        }
    }

    /// Whether the part `part` of the entry `ix` appears no later than what the byte `at` of `file` is in.
    pub(super) fn comes_with_part(&self, file: &SitePath, at: usize, ix: Ix, part: &SitePath) -> bool {
        let entry = if ix == self.ix { self.entry } else { self.reach.texts.entry(ix) };
        let part = entry.all_parts().find(|one| one.source == *part);
        let when = part.and_then(|part| match why_part_hidden(part, self.now)? {
            Hidden::Until(when) => Some(when),
            _ => None,
        });
        when.zip(self.until(file, at)).is_some_and(|(when, until)| when <= until)
    }
}

/// A piece that appears at some moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Piece {
    /// An entry without a page, such as a row.
    Entry(Ix),
    Part(Ix, SitePath),
    /// The blocks of a text that appear at one moment.
    Blocks(Ix, SitePath, Timestamp),
}

impl Piece {
    /// The entry that it belongs to.
    pub(crate) fn entry(&self) -> Ix {
        match self {
            Self::Entry(ix) | Self::Part(ix, _) | Self::Blocks(ix, ..) => *ix,
        }
    }
}

impl Site {
    /// When an entry that is public became so, as it or the one that it translates states.
    pub(crate) fn opened(&self, ix: Ix) -> Option<ZonedDateTime> {
        let of = |ix: Ix| visibility::opening(&self.entry(ix).core, self.now.time_zone());
        [ix, self.subject(ix)].into_iter().filter_map(of).max()
    }

    /// The same of a part of a bundle, and the part that it translates.
    pub(crate) fn part_opened(&self, part: &Part) -> Option<ZonedDateTime> {
        let cores = [Some(&part.core), part.original.as_deref()].into_iter().flatten();
        cores.filter_map(|core| visibility::opening(core, self.now.time_zone())).max()
    }

    /// The row that a place in a data file belongs to.
    pub(crate) fn row_at(&self, at: &Span) -> Option<Ix> {
        let rows = self.identities().rows(&at.file).filter(|_| !at.whole_file())?;
        let span = |ix: Ix| &self.entry(ix).span;
        let row = rows.iter().copied().filter(|ix| span(*ix).start <= at.start).max_by_key(|ix| span(*ix).start)?;
        // In TOML a row goes on to the next one, and its span is the line that begins it.
        (at.file.ending() == "toml" || span(row).contains(&at.start)).then_some(row)
    }

    /// Where a row is in its file.
    pub(crate) fn row_span(&self, ix: Ix) -> Range<usize> {
        let entry = self.entry(ix);
        if entry.source.ending() != "toml" {
            return entry.span.clone();
        }
        let rows = self.identities().rows(&entry.source).unwrap_or_default();
        let starts = rows.iter().map(|row| self.entry(*row).span.start);
        entry.span.start..starts.filter(|start| *start > entry.span.start).min().unwrap_or(usize::MAX)
    }

    /// A name of a piece that is the same in other snapshots, and tells nobody what it is.
    pub(crate) fn piece_name(&self, piece: &Piece) -> String {
        let text = match piece {
            Piece::Entry(ix) => {
                let id = &self.entry(*ix).id;
                format!("entry {}/{} {}", id.collection, id.key, id.lang)
            }
            Piece::Part(_, source) => format!("part {source}"),
            Piece::Blocks(_, source, when) => format!("blocks {source} {when}"),
        };
        blake3::hash(text.as_bytes()).to_hex()[..20].to_owned()
    }

    /// The names of all pieces that are to become public.
    pub(crate) fn pieces_to_come(&self) -> Vec<String> {
        let mut names = Vec::new();
        for ix in self.all() {
            let entry = self.entry(ix);
            if self.visibility(ix).until().is_some() && !self.has_page(ix) {
                names.push(self.piece_name(&Piece::Entry(ix)));
            }
            for part in entry.all_parts() {
                if matches!(why_part_hidden(part, &self.now), Some(Hidden::Until(_))) {
                    names.push(self.piece_name(&Piece::Part(ix, part.source.clone())));
                }
            }
            let parts = entry.all_parts().map(|part| (&part.source, part.timed.as_ref()));
            for (file, timed) in parts.chain([(&entry.source, entry.timed.as_ref())]) {
                let moments = timed.into_iter().flat_map(|timed| timed.moments());
                let to_come = moments.filter_map(|when| self.to_come(when));
                names.extend(to_come.map(|when| self.piece_name(&Piece::Blocks(ix, file.clone(), when.timestamp()))));
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// The pieces that the place `at` in a source is in and that readers see since some moment, the innermost first.
    pub(crate) fn pieces_at(&self, at: &Span) -> Vec<Piece> {
        let identities = self.identities();
        if identities.rows(&at.file).is_some() {
            let row = self.row_at(at).filter(|ix| self.is_shown(*ix) && self.opened(*ix).is_some());
            return row.map(Piece::Entry).into_iter().collect();
        }
        let Some(ix) = identities.by_source(&at.file).filter(|ix| self.is_shown(*ix)) else { return Vec::new() };
        let entry = self.entry(ix);
        let part = entry.parts.iter().find(|part| part.source == at.file);
        let timed = part.map_or(entry.timed.as_ref(), |part| part.timed.as_ref()).filter(|_| !at.whole_file());
        let moments = timed.into_iter().flat_map(|timed| timed.around(at.start));
        let moments = moments.filter_map(|when| when.start(self.now.time_zone()));
        let mut pieces: Vec<Piece> = moments.map(|when| Piece::Blocks(ix, at.file.clone(), when.timestamp())).collect();
        let part = part.filter(|part| self.part_opened(part).is_some());
        pieces.extend(part.map(|part| Piece::Part(ix, part.source.clone())));
        if entry.source == at.file && !self.has_page(ix) && self.opened(ix).is_some() {
            pieces.push(Piece::Entry(ix));
        }
        pieces
    }
}
