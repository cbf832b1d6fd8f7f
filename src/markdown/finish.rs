//! What can only be done once the whole text has been read: ids of headings, numbers of notes, what was left open.

use std::collections::BTreeMap;
use std::ops::Range;

use super::directives::FrameKind;
use super::notes::Unused;
use super::reader::{Form, Reader};
use super::tree::{Kind, Node, outermost};
use super::{Doc, Note};
use crate::diagnostic::{Code, Diagnostic, Found};

impl Reader<'_> {
    pub(super) fn finish(mut self, form: Form) -> Found<Doc> {
        let end = self.source.len();
        while let Some(frame) = self.frames.last() {
            let span = match &frame.kind {
                FrameKind::Directive(place) => {
                    let directive = &self.doc.directives[*place];
                    Some((directive.span.clone(), format!("`:::{}` is not closed", directive.name)))
                }
                FrameKind::Nameless(range) => Some((self.place(range.clone()), "this block is not closed".to_owned())),
                FrameKind::Note { .. } => None,
            };
            if let Some((span, message)) = span.filter(|_| !frame.reported) {
                self.fault_at(Code::DirectiveUnclosed, message, span, "write a line `:::` where it ends");
            }
            self.close_frame(end);
        }
        self.close_raw(|_| true, end);
        if form == Form::Inline {
            self.unwrap_paragraph();
        }
        let mut nodes = std::mem::take(&mut self.tree.nodes);
        let (notes, unused) = std::mem::take(&mut self.notes).finish(&mut nodes);
        if !unused.is_empty() {
            self.note_unseen(&nodes, &notes);
        }
        self.doc.unseen = unused.iter().map(|note| note.span.clone()).collect();
        for Unused { label, span, .. } in unused.into_iter().filter(|note| !note.is_again) {
            let span = first_line(self.original, &span, self.offset);
            self.fault_at(
                Code::FootnoteUnused,
                format!("no text refers to the note `{label}`, so it is not shown"),
                span,
                &format!("write `[^{label}]` where it belongs, or remove the note"),
            );
        }
        if self.options.extensions {
            self.name_headings();
        }
        (self.doc.nodes, self.doc.notes, self.doc.words) = (nodes, notes, self.tree.words);
        Found::new(self.doc, gather_removed(self.faults))
    }

    /// Notes which links and images are in no node that readers see.
    fn note_unseen(&mut self, nodes: &[Node], notes: &[Note]) {
        self.doc.unseen_links = (0..).take(self.doc.links.len()).collect();
        self.doc.unseen_images = (0..).take(self.doc.images.len()).collect();
        for node in nodes.iter().chain(notes.iter().flat_map(|note| &note.nodes)) {
            match node.kind {
                Kind::Link(n) => drop(self.doc.unseen_links.remove(&n)),
                Kind::Image(n) => drop(self.doc.unseen_images.remove(&n)),
                _ => {}
            }
        }
    }

    /// Removes the paragraph around its content if the text is one paragraph; otherwise reports the block that is too much.
    fn unwrap_paragraph(&mut self) {
        let words = &self.tree.words;
        let is_blank = |node: &Node| match node.kind {
            Kind::Text(text) => text.of(words).trim().is_empty(),
            _ => matches!(node.kind, Kind::NewLine),
        };
        let blocks: Vec<usize> =
            outermost(&self.tree.nodes).filter(|place| !is_blank(&self.tree.nodes[*place])).collect();
        let is_paragraph = |place: usize| self.tree.nodes[place].kind == Kind::Paragraph;
        let too_much = match blocks.as_slice() {
            [] => None,
            [first, ..] if !is_paragraph(*first) => Some(first),
            [_, rest @ ..] => rest.first(),
        };
        let too_much = too_much.map(|place| self.tree.nodes[*place].span());
        if let Some(span) = too_much.into_iter().chain(self.notes.first()).min_by_key(|span| span.start) {
            let span = first_line(self.original, &span, self.offset);
            self.fault_at(
                Code::ProseWithBlocks,
                "only one paragraph fits here, without headings, lists or tables",
                span,
                "shorten it, or move it into the text below",
            );
            return;
        }
        let inside = blocks.first().map_or(0..0, |place| self.tree.nodes[*place].inside(*place));
        self.tree.nodes.truncate(inside.end);
        self.tree.nodes.drain(..inside.start);
    }

    /// Gives each heading without an id a unique one made from its words.
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

/// The first line of a place: enough to underline.
pub(super) fn first_line(source: &str, span: &Range<usize>, offset: usize) -> Range<usize> {
    let start = span.start - offset;
    let text = source.get(start..span.end - offset).unwrap_or("");
    let line = text.lines().next().unwrap_or("").trim_end();
    span.start..span.start + line.len()
}

/// How many places of one fault are named beside the first.
const NAMED: usize = 2;

/// One fault for all elements of a kind that were left out, with their number and the first places: one setting keeps them, or
/// one habit writes them.
fn gather_removed(faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut gathered: Vec<Diagnostic> = Vec::with_capacity(faults.len());
    for fault in faults {
        let known = first.get(&fault.message).filter(|_| fault.code == Code::HtmlRemoved);
        match known.map(|number| &mut gathered[*number]) {
            Some(one) => {
                one.count += 1;
                let span = fault.span.filter(|_| one.labels.len() < NAMED);
                one.labels.extend(span.map(|span| (span, "and here".to_owned())));
            }
            None => {
                if fault.code == Code::HtmlRemoved {
                    first.insert(fault.message.clone(), gathered.len());
                }
                gathered.push(fault);
            }
        }
    }
    gathered
}
