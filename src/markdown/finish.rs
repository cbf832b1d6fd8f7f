//! What can only be done when a text has been read to its end: ids of headings, numbers of notes, what was left open.

use std::collections::BTreeMap;
use std::ops::Range;

use super::directives::FrameKind;
use super::reader::{Form, Reader};
use super::{Doc, Piece};
use crate::diagnostic::{Code, Found};

impl Reader<'_> {
    pub(super) fn finish(mut self, form: Form) -> Found<Doc> {
        let end = self.source.len();
        while let Some(frame) = self.frames.last() {
            let span = match &frame.kind {
                FrameKind::Directive(directive) => {
                    Some((directive.span.clone(), format!("`:::{}` is not closed", directive.name)))
                }
                FrameKind::Nameless(range) => {
                    Some((self.place(range.clone()), "this directive is not closed".to_owned()))
                }
                FrameKind::Note(_) => None,
            };
            if let Some((span, message)) = span.filter(|_| !frame.reported) {
                self.fault_at(Code::DirectiveUnclosed, message, span, "write a line `:::` where it ends");
            }
            self.close_frame(end);
        }
        self.close_raw(|_| true, end);
        self.flush_out();
        if form == Form::Inline {
            self.unwrap_paragraph();
        }
        let mut pieces = std::mem::take(&mut self.pieces);
        let notes = std::mem::take(&mut self.notes);
        for (label, span) in notes.finish(&mut pieces) {
            let span = first_line(self.source, &span, self.offset);
            self.fault_at(
                Code::FootnoteUnused,
                format!("no text refers to the note `{label}`, so it is not shown"),
                span,
                &format!("write `[^{label}]` where it belongs, or take the note away"),
            );
        }
        if self.options.extensions {
            self.name_headings();
        }
        merge(&mut pieces);
        self.doc.pieces = pieces;
        Found::new(self.doc, self.faults)
    }

    /// Takes `<p>` and `</p>` away if the text is one paragraph; else says which block is too much.
    pub(super) fn unwrap_paragraph(&mut self) {
        if let Some((_, range)) =
            self.blocks.iter().enumerate().find(|(nth, (paragraph, _))| *nth > 0 || !*paragraph).map(|(_, block)| block)
        {
            let range = range.clone();
            let span = first_line(self.source, &self.place(range), self.offset);
            self.fault_at(
                Code::ProseWithBlocks,
                "only one paragraph fits here, without headings, lists or tables",
                span,
                "shorten it, or move it into the text below",
            );
            return;
        }
        if let Some(Piece::Html(html)) = self.pieces.first_mut()
            && let Some(rest) = html.trim_start().strip_prefix("<p>")
        {
            *html = Box::from(rest);
        }
        if let Some(Piece::Html(html)) = self.pieces.last_mut()
            && let Some(rest) = html.trim_end().strip_suffix("</p>")
        {
            *html = Box::from(rest);
        }
        self.pieces.retain(|piece| !matches!(piece, Piece::Html(html) if html.is_empty()));
    }

    /// Gives each heading without an id one that is made of its words and that nothing else has.
    pub(super) fn name_headings(&mut self) {
        let mut next: BTreeMap<String, usize> = BTreeMap::new();
        for heading in &mut self.doc.outline {
            if heading.id.is_empty() {
                let mut slug = crate::path::slug(&heading.text);
                if slug.is_empty() {
                    "section".clone_into(&mut slug);
                }
                let mut id = slug.clone();
                let nth = next.entry(slug.clone()).or_insert(1);
                while self.by_hand.contains_key(&id) {
                    *nth += 1;
                    id = format!("{slug}-{nth}");
                }
                self.by_hand.insert(id.clone(), heading.span.clone());
                self.doc.anchors.push(id.clone());
                heading.id = id;
            }
        }
    }
}

/// Makes stretches of HTML that lie side by side one.
pub(super) fn merge(pieces: &mut Vec<Piece>) {
    let beside = |pair: &[Piece]| matches!(pair, [Piece::Html(_), Piece::Html(_)]);
    if !pieces.windows(2).any(beside) {
        return;
    }
    let mut merged: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces.drain(..) {
        match (merged.last_mut(), piece) {
            (Some(Piece::Html(last)), Piece::Html(html)) => {
                let mut joined = std::mem::take(last).into_string();
                joined.push_str(&html);
                *last = joined.into_boxed_str();
            }
            (_, piece) => merged.push(piece),
        }
    }
    *pieces = merged;
}

/// The first line of a place: enough to underline.
pub(super) fn first_line(source: &str, span: &Range<usize>, offset: usize) -> Range<usize> {
    let start = span.start - offset;
    let text = source.get(start..span.end - offset).unwrap_or("");
    let line = text.lines().next().unwrap_or("").trim_end();
    span.start..span.start + line.len()
}
