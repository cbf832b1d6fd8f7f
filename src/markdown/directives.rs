//! Fence lines → nested directives, and what must end where a list item or a quotation ends.

use std::ops::Range;

use super::fences::Fence;
use super::reader::Reader;
use super::tree::{Kind, number};
use super::{Directive, attributes};
use crate::data::RawKind;
use crate::diagnostic::{Code, Diagnostic};

/// How deeply directives may be nested: a template is given the HTML of its body, so each level copies it.
const DEEPEST: usize = 32;

/// Something open whose end need not match the parser's elements.
pub(super) struct Frame {
    pub(super) kind: FrameKind,
    /// How many of the parser's elements were open around it.
    pub(super) depth: usize,
    /// Whether its end has been reported.
    pub(super) reported: bool,
}

pub(super) enum FrameKind {
    /// `Doc::directives[n]`.
    Directive(usize),
    /// A directive whose first line could not be read: its content is shown on its own.
    Nameless(Range<usize>),
    /// The definition of a note.
    Note {
        /// Its place in [`Notes`](super::notes::Notes).
        note: u32,
        /// The place of its first node.
        first: usize,
    },
}

impl Reader<'_> {
    pub(super) fn fence(&mut self, fence: Fence) {
        self.tree.new_line(self.offset + fence.at.start);
        let (depth, _) = self.raw_level();
        let rest = &self.original[fence.rest.clone()];
        if rest.is_empty() {
            self.close_directive(depth, fence.at);
            return;
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
                Diagnostic::new(Code::DirectiveDepth, format!("more than {DEEPEST} blocks are nested here"))
                    .at(self.file, span.clone())
                    .help("close each block with a line `:::` where its text ends"),
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
            span: span.clone(),
        };
        let place = self.doc.directives.len();
        self.doc.directives.push(directive);
        self.tree.open(Kind::Directive(number(place)), span);
        self.open_frame(FrameKind::Directive(place), depth);
    }

    pub(super) fn open_frame(&mut self, kind: FrameKind, depth: usize) {
        self.frames.push(Frame { kind, depth, reported: false });
    }

    pub(super) fn close_directive(&mut self, depth: usize, at: Range<usize>) {
        let innermost = self.frames.last().filter(|frame| !matches!(frame.kind, FrameKind::Note { .. }));
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
                        "this `:::` is in a list or quotation, but its block began outside",
                    )
                    .at(self.file, span)
                    .help("begin and end a block in the same list item or quotation"),
                );
            }
            None if self.late_closes > 0 => self.late_closes -= 1,
            None => {
                let span = self.place(at);
                self.faults.push(
                    Diagnostic::new(Code::DirectiveUnopened, "this `:::` closes nothing")
                        .at(self.file, span)
                        .help("remove it, or write the line that opens the block, such as `:::callout`"),
                );
            }
        }
    }

    /// Ends the innermost frame, at the byte `end` of the source.
    pub(super) fn close_frame(&mut self, end: usize) {
        let level = self.frames.len();
        self.close_raw(|element| element.level.1 >= level, end);
        let end = self.place(end..end).end;
        let Some(frame) = self.frames.pop() else {
            return;
        };
        match frame.kind {
            FrameKind::Directive(place) => {
                let span = &mut self.doc.directives[place].span;
                span.end = span.end.max(end);
                self.tree.close(end);
                self.in_word = false;
            }
            FrameKind::Nameless(_) => self.tree.new_line(end),
            FrameKind::Note { note, first } => self.notes.set_nodes(note, self.tree.split_off(first)),
        }
    }

    /// Ends what was opened inside the element that ends now: HTML elements and directives.
    pub(super) fn close_inside(&mut self, range: &Range<usize>) {
        let depth = self.depth;
        while let Some(frame) = self.frames.last() {
            let (FrameKind::Directive(place), true) = (&frame.kind, frame.depth > depth) else {
                let nameless = matches!(frame.kind, FrameKind::Nameless(_)) && frame.depth > depth;
                if nameless {
                    self.close_frame(range.end);
                    continue;
                }
                break;
            };
            let fault = Diagnostic::new(
                Code::DirectiveUnclosed,
                "this block is not closed in the list or quotation that it is in",
            )
            .at(self.file, self.doc.directives[*place].span.clone())
            .help("write a line `:::` inside it, with the same marks or blanks before it");
            self.faults.push(fault);
            self.late_closes += 1;
            self.close_frame(range.end);
        }
        self.close_raw(|element| element.level.0 > depth, range.end);
    }
}
