//! Fence lines → directives, one in another, and what must end where a list item or a quotation ends.

use std::ops::Range;

use super::fences::Fence;
use super::reader::Reader;
use super::{Directive, Piece, attributes};
use crate::data::RawKind;
use crate::diagnostic::{Code, Diagnostic};

/// How many directives may lie in one another: their writing recurses.
const DEEPEST: usize = 32;

/// Something that takes what follows away from the pieces around it.
pub(super) struct Frame {
    pub(super) kind: FrameKind,
    /// How many of the parser's elements were open around it.
    pub(super) depth: usize,
    /// The pieces before it.
    pub(super) before: Vec<Piece>,
    /// Whether a message about its end has been given.
    pub(super) reported: bool,
}

pub(super) enum FrameKind {
    Directive(Directive),
    /// A directive whose first line could not be read: its content stands by itself.
    Nameless(Range<usize>),
    /// The definition of a note, by its place in [`Notes`](super::notes::Notes).
    Note(usize),
}

impl Reader<'_> {
    pub(super) fn fence(&mut self, fence: Fence) {
        self.fresh_line();
        let (depth, _) = self.raw_level();
        let rest = &self.original[fence.rest.clone()];
        if rest.is_empty() {
            self.close_directive(depth, fence.at);
            return;
        }
        if self.depth <= 2 && self.frames.is_empty() && self.blocks.len() < 2 {
            self.blocks.push((false, fence.at.clone()));
        }
        let opening = attributes::read(rest, fence.rest.start);
        for (range, message) in opening.faults {
            let span = self.place(range);
            self.faults.push(
                Diagnostic::new(Code::DirectiveAttributes, message)
                    .at(self.file, span)
                    .help("write it like `:::name {key=\"value\" n=3 flag #id .class}`"),
            );
        }
        let directives = self.frames.len();
        let span = self.place(fence.at.clone());
        if directives >= DEEPEST {
            self.faults.push(
                Diagnostic::new(
                    Code::DirectiveDepth,
                    format!("more than {DEEPEST} directives lie in one another here"),
                )
                .at(self.file, span.clone())
                .help("close directives with a line `:::` when their text ends"),
            );
        }
        if opening.name.is_empty() || directives >= DEEPEST {
            self.open_frame(FrameKind::Nameless(fence.at), depth);
            return;
        }
        let mut found = opening.attributes;
        for (key, raw) in &mut found {
            key.span = self.place(key.span.clone());
            raw.span = self.place(raw.span.clone());
            if let (true, RawKind::Text(id)) = (key.name == "id", &raw.kind) {
                let (id, range) = (id.clone(), raw.span.start - self.offset..raw.span.end - self.offset);
                self.anchor(&id, range);
            }
        }
        let directive = Directive {
            name: self.original[opening.name.clone()].to_owned(),
            name_span: self.place(opening.name),
            attributes: found,
            body: Vec::new(),
            span,
        };
        self.open_frame(FrameKind::Directive(directive), depth);
    }

    pub(super) fn open_frame(&mut self, kind: FrameKind, depth: usize) {
        self.flush_out();
        let before = std::mem::take(&mut self.pieces);
        self.frames.push(Frame { kind, depth, before, reported: false });
        self.hole_ended_line = true;
    }

    pub(super) fn close_directive(&mut self, depth: usize, at: Range<usize>) {
        let innermost = self.frames.last().filter(|frame| !matches!(frame.kind, FrameKind::Note(_)));
        match innermost.map(|frame| frame.depth) {
            Some(opened) if opened == depth => self.close_frame(at.end),
            Some(_) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.reported = true;
                }
                let span = self.place(at);
                self.faults.push(
                    Diagnostic::new(
                        Code::DirectiveUnopened,
                        "this `:::` lies in a list or quotation, its directive began outside",
                    )
                    .at(self.file, span)
                    .help("begin and end a directive in the same list item or quotation"),
                );
            }
            None if self.late_closes > 0 => self.late_closes -= 1,
            None => {
                let span = self.place(at);
                self.faults.push(
                    Diagnostic::new(Code::DirectiveUnopened, "this `:::` closes nothing")
                        .at(self.file, span)
                        .help("take it away, or write the line that opens the directive, such as `:::callout`"),
                );
            }
        }
    }

    /// Ends the innermost frame; what it held becomes one piece (or, without a name, stays as it is).
    pub(super) fn close_frame(&mut self, end: usize) {
        let level = self.frames.len();
        self.close_raw(|element| element.level.1 >= level, end);
        self.fresh_line();
        self.flush_out();
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let body = std::mem::replace(&mut self.pieces, frame.before);
        match frame.kind {
            FrameKind::Directive(mut directive) => {
                directive.body = body;
                directive.span.end = self.place(end..end).end.max(directive.span.end);
                self.doc.has_directives = true;
                self.hole(Piece::Directive(directive));
                self.end_block("\n");
            }
            FrameKind::Nameless(_) => {
                self.pieces.extend(body);
                self.hole_ended_line = true;
            }
            FrameKind::Note(note) => {
                self.notes.set_body(note, body);
                self.hole_ended_line = true;
            }
        }
    }

    /// Ends what was opened inside the element that ends now: elements of HTML, directives.
    pub(super) fn close_inside(&mut self, range: &Range<usize>) {
        let depth = self.depth;
        while let Some(frame) = self.frames.last() {
            let (FrameKind::Directive(Directive { span, .. }), true) = (&frame.kind, frame.depth > depth) else {
                let nameless = matches!(frame.kind, FrameKind::Nameless(_)) && frame.depth > depth;
                if nameless {
                    self.close_frame(range.end);
                    continue;
                }
                break;
            };
            let fault = Diagnostic::new(
                Code::DirectiveUnclosed,
                "this directive is not closed in the list or quotation it lies in",
            )
            .at(self.file, span.clone())
            .help("write a line `:::` inside it, with the same marks or blanks before it");
            self.faults.push(fault);
            self.late_closes += 1;
            self.close_frame(range.end);
        }
        self.close_raw(|element| element.level.0 > depth, range.end);
    }
}
