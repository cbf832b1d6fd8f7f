//! The errors of a snapshot + what was published last → the sources without what has become public by its minute but has errors,
//! so that the rest can be published.
//!
//! What stays out is a page, or a piece without a page of its own: a row, a part of a bundle, the blocks of a text that appear at
//! one moment. Only what readers have never had can: a page whose address is not published, a piece that was to come when the
//! site was last published. What they have stays as it was, and then nothing is published.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::{Made, Sources};
use crate::content::Entry;
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::path::{OutputPath, SitePath};
use crate::schema::{self, Stage};
use crate::site::{Ix, Piece, Site};

/// What readers have: the site as it was published last.
#[derive(Clone, Copy)]
pub(crate) struct Readers<'a> {
    /// Whether a file is in the published folder.
    pub(crate) have: &'a dyn Fn(&OutputPath) -> bool,
    /// Whether a piece, by its name, was still to come then.
    pub(crate) await_piece: &'a dyn Fn(&str) -> bool,
}

/// What stays out.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptOut {
    /// Where it is in the sources.
    places: BTreeMap<SitePath, Vec<Range<usize>>>,
    /// The names of the pieces among it.
    pub(super) pieces: BTreeSet<String>,
}

impl KeptOut {
    fn has(&self, at: &Span) -> bool {
        self.places.get(&at.file).is_some_and(|all| all.iter().any(|range| range.contains(&at.start)))
    }

    /// Whether a fault is in it.
    pub(super) fn holds(&self, fault: &Diagnostic) -> bool {
        fault.span.as_ref().is_some_and(|span| self.has(span))
    }

    fn add(&mut self, file: &SitePath, range: Range<usize>) {
        self.places.entry(file.clone()).or_default().push(range);
    }

    /// How much it is.
    pub(super) fn len(&self) -> usize {
        self.places.values().map(Vec::len).sum()
    }
}

/// Whether nothing is wrong but in what is kept out.
pub(super) fn is_fine_without(faults: &[Diagnostic], kept_out: &KeptOut) -> bool {
    faults.iter().all(|fault| fault.severity != Severity::Error || kept_out.holds(fault))
}

/// The sources in which what has the errors among `faults` is hidden, and is added to `kept_out`; `None` if one of the errors is
/// elsewhere.
pub(super) fn without(
    sources: &Sources,
    made: &Made,
    faults: &[Diagnostic],
    kept_out: &mut KeptOut,
    readers: Readers<'_>,
) -> Option<Sources> {
    let site = &*made.site;
    let mut pages: BTreeSet<Ix> = BTreeSet::new();
    let mut pieces: Vec<Piece> = Vec::new();
    for fault in faults.iter().filter(|fault| fault.severity == Severity::Error) {
        let at = fault.span.as_ref()?;
        if kept_out.has(at) {
            continue;
        }
        if let Some(ix) = site.by_source(&at.file).filter(|ix| may_stay_out(site, *ix, readers)) {
            pages.insert(ix);
            kept_out.add(&at.file, 0..usize::MAX);
            continue;
        }
        let is_new = |piece: &Piece| (readers.await_piece)(&site.piece_name(piece));
        let piece = site.pieces_at(at).into_iter().find(is_new)?;
        if !pieces.contains(&piece) {
            pieces.push(piece);
        }
    }
    let mut entries = sources.entries.to_vec();
    let place = |entries: &[Arc<Entry>], ix: Ix| {
        let id = &site.entry(ix).id;
        entries.iter().position(|entry| entry.id == *id)
    };
    for ix in pages {
        let number = place(&entries, ix)?;
        entries[number] = Arc::new(hidden(&entries[number], site, ix));
        kept_out.add(&entries[number].source, 0..usize::MAX);
    }
    for piece in pieces {
        let number = place(&entries, piece.entry())?;
        entries[number] = Arc::new(without_piece(&entries[number], sources, site, &piece, kept_out)?);
        kept_out.pieces.insert(site.piece_name(&piece));
    }
    Some(Sources { entries: entries.into(), ..sources.clone() })
}

fn may_stay_out(site: &Site, ix: Ix, readers: Readers<'_>) -> bool {
    let is_new = site.address(ix).is_some_and(|address| !(readers.have)(&address.output()));
    site.is_shown(ix) && site.is_under_embargo(ix) && site.has_page(ix) && is_new
}

fn hidden(entry: &Entry, site: &Site, ix: Ix) -> Entry {
    let on = site.embargo_end(ix).or_else(|| site.embargo_end(site.subject(ix)));
    let on = on.map(|when| format!(" on {}", schema::in_words(&when))).unwrap_or_default();
    entry.kept_out(fault("this", &on, Span::file(&entry.source)))
}

/// The same entry without `piece`, whose places are added to `kept_out`.
fn without_piece(
    entry: &Entry,
    sources: &Sources,
    site: &Site,
    piece: &Piece,
    kept_out: &mut KeptOut,
) -> Option<Entry> {
    Some(match piece {
        Piece::Entry(ix) => {
            let file = &entry.source;
            let on = site.opened(*ix).map(|when| format!(" on {}", schema::in_words(&when))).unwrap_or_default();
            if !entry.is_row {
                kept_out.add(file, 0..usize::MAX);
                return Some(entry.kept_out(fault("this", &on, Span::file(file))));
            }
            kept_out.add(file, site.row_span(*ix));
            let line = first_line(site.source_text(file), &entry.span);
            entry.kept_out(fault("this row", &on, Span::new(file, line)))
        }
        Piece::Part(_, source) => {
            kept_out.add(source, 0..usize::MAX);
            let part = entry.parts.iter().find(|part| part.source == *source)?;
            let on = site.part_opened(part).map(|when| format!(" on {}", schema::in_words(&when))).unwrap_or_default();
            entry.without_part(source, fault("this part of its page", &on, Span::file(source)))
        }
        Piece::Blocks(_, file, when) => {
            let timed = entry.shown_files().find(|(of, _)| *of == file)?.1?;
            let zone = site.now.time_zone();
            let is_meant = |moment: &&schema::Moment| moment.start(zone).is_some_and(|it| it.timestamp() == *when);
            let moment = timed.moments().find(is_meant)?;
            let text = site.source_text(file);
            let mut spans = timed.spans_of(moment).peekable();
            let line = first_line(text, spans.peek()?);
            spans.for_each(|span| kept_out.add(file, span));
            let on = format!(" on {}", schema::in_words(&moment.start(zone)?));
            let fault = fault("this block", &on, Span::new(file, line));
            let reading = sources.config.reading(file, text, "", Stage::Public);
            entry.without_blocks(&reading, moment, fault)
        }
    })
}

/// The first line of `span` in `text`.
fn first_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let line = text.get(span.clone()).and_then(|text| text.lines().next()).map_or(0, |line| line.trim_end().len());
    span.start..span.start + line.max(1)
}

fn fault(what: &str, on: &str, span: Span) -> Diagnostic {
    let message = format!("{what} was to become public{on}, but stays out because of the errors in it");
    let fault = Diagnostic::new(Code::KeptOut, message).span(span);
    fault.help("mend them and build again; everything else is published")
}
