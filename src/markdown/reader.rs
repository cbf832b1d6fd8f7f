//! Events of pulldown-cmark → the tree of a [`Doc`] and faults, in one pass, without recursion.
//!
//! Blocks `:::name` and notes may end where none of the parser's elements does, so the open ones have a list of their own
//! (a [`Frame`] each).

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::blocks::{OpenTable, alert};
use super::directives::{Frame, FrameKind};
use super::fences::{self, Fence};
use super::formulas;
use super::hidden::{self, Hidden};
use super::links::{OpenImage, OpenLink};
use super::notes::Notes;
use super::pieces::{self, Definitions};
use super::raw::{Dropping, RawElement, RawHtml};
use super::tree::{Builder, Kind};
use super::{CodeBlock, Doc, HtmlPolicy, Options, unread};
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::path::SitePath;

/// What a text must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// Blocks.
    Blocks,
    /// The content of one paragraph.
    Inline,
}

/// Reads `text`, whose first byte is byte `offset` of `file`.
pub(super) fn read(file: &SitePath, text: &str, offset: usize, options: &Options, form: Form) -> Found<Doc> {
    let mut found = parse(file, text, offset, options, form);
    // The parser's copy of the text is gone by now.
    found.value.shrink();
    if options.extensions {
        let doc = &found.value;
        let parts = std::iter::once(&doc.nodes[..]).chain(doc.notes.iter().map(|note| &note.nodes[..]));
        found.faults.extend(unread::look(file, text, offset, parts));
    }
    found
}

fn parse(file: &SitePath, text: &str, offset: usize, options: &Options, form: Form) -> Found<Doc> {
    let (mut fences, mut pieces) = (Vec::new(), Vec::new());
    if options.extensions {
        fences = fences::find(text);
        // The attributes of a directive are none of a heading, even if the next line looks like one that underlines.
        pieces = hidden::find(&fences::hide(text, &fences));
        let parsing = parser_options(options) - pulldown_cmark::Options::ENABLE_SMART_PUNCTUATION;
        if text.contains('$') {
            let copy = hidden::hide(&fences::hide(text, &fences), &pieces);
            pieces.extend(formulas::find(&copy, parsing));
            pieces.sort_by_key(|piece| piece.at.start);
        }
    }
    // A line that turns out to be in code or in a comment is put back. Each round puts back at least one; a text that needs
    // more rounds was written to be difficult, and its fences stay text.
    for _ in 0..8 {
        if fences.is_empty() && pieces.is_empty() {
            break;
        }
        let copy = hidden::hide(&fences::hide(text, &fences), &pieces);
        let mut reader = Reader::new(file, &copy, text, offset, options, &fences, &pieces);
        reader.run();
        if reader.seen.iter().chain(&reader.seen_pieces).all(|seen| *seen) {
            return reader.finish(form);
        }
        let (mut seen, mut seen_pieces) = (reader.seen.iter(), reader.seen_pieces.iter());
        fences.retain(|_| seen.next().copied().unwrap_or(false));
        pieces.retain(|_| seen_pieces.next().copied().unwrap_or(false));
    }
    let mut reader = Reader::new(file, text, text, offset, options, &[], &[]);
    reader.run();
    reader.finish(form)
}

pub(super) struct Reader<'s> {
    pub(super) file: &'s SitePath,
    /// The text as the parser sees it.
    pub(super) source: &'s str,
    /// The text as written: differs from `source` only in the fences and in what is hidden.
    pub(super) original: &'s str,
    pub(super) offset: usize,
    pub(super) options: &'s Options,
    pub(super) fences: &'s [Fence],
    pub(super) seen: Vec<bool>,
    pub(super) hidden: &'s [Hidden],
    /// Which of those came out where they belong.
    pub(super) seen_pieces: Vec<bool>,

    pub(super) doc: Doc,
    pub(super) faults: Vec<Diagnostic>,
    pub(super) tree: Builder,
    pub(super) frames: Vec<Frame>,
    /// How many of the parser's elements are open.
    pub(super) depth: usize,

    /// Text that has come with nothing else in between.
    pub(super) pending: Vec<(CowStr<'s>, Range<usize>)>,
    /// Text before this byte of the source has been dealt with.
    pub(super) skip_until: usize,
    /// Whether the last character read was part of a word.
    pub(super) in_word: bool,
    /// Whether a quotation is open in this block.
    pub(super) quoting: bool,
    /// Where the last event other than a link's end ended.
    pub(super) last_end: usize,
    /// The words of the headings and links that are open.
    pub(super) words_of: String,
    pub(super) heading: Option<usize>,
    pub(super) links: Vec<OpenLink>,
    pub(super) image: Option<OpenImage>,
    pub(super) in_code: bool,
    pub(super) table: OpenTable,
    /// For each open strikethrough: whether it is one, or marks that are shown as text.
    pub(super) strikes: Vec<bool>,

    pub(super) html_block: Option<RawHtml>,
    /// How many elements were open around that block.
    pub(super) html_depth: usize,
    pub(super) raw_open: Vec<RawElement>,
    pub(super) dropping: Option<Dropping>,

    pub(super) notes: Notes,
    /// Anchors written by hand, with the place of each.
    pub(super) by_hand: BTreeMap<String, Range<usize>>,
    pub(super) level: u8,
    /// How many closing lines are left whose directive already ended with its container.
    pub(super) late_closes: usize,
}

impl<'s> Reader<'s> {
    pub(super) fn new(
        file: &'s SitePath,
        source: &'s str,
        original: &'s str,
        offset: usize,
        options: &'s Options,
        fences: &'s [Fence],
        hidden: &'s [Hidden],
    ) -> Self {
        Self {
            file,
            source,
            original,
            offset,
            options,
            fences,
            seen: vec![false; fences.len()],
            hidden,
            seen_pieces: vec![false; hidden.len()],
            doc: Doc::default(),
            faults: Vec::new(),
            tree: Builder::default(),
            frames: Vec::new(),
            depth: 0,
            pending: Vec::new(),
            skip_until: 0,
            in_word: false,
            quoting: false,
            last_end: 0,
            words_of: String::new(),
            heading: None,
            links: Vec::new(),
            image: None,
            in_code: false,
            table: OpenTable::default(),
            strikes: Vec::new(),
            html_block: None,
            html_depth: 0,
            raw_open: Vec::new(),
            dropping: None,
            notes: Notes::default(),
            by_hand: BTreeMap::new(),
            level: 1,
            late_closes: 0,
        }
    }

    pub(super) fn run(&mut self) {
        pieces::events(self.source, parser_options(self.options), |event, range, definitions| match event {
            Event::Text(text) if !self.in_code => self.pending.push((text, range)),
            event => {
                self.flush_text();
                self.event(event, range, definitions);
            }
        });
        self.flush_text();
    }

    pub(super) fn event(&mut self, event: Event<'s>, range: Range<usize>, definitions: &Definitions<'_>) {
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                if self.dropping.is_none() {
                    self.start(tag, &range, definitions);
                }
                self.last_end = range.start;
                return;
            }
            Event::End(tag) => {
                self.depth -= 1;
                if self.dropping.as_ref().is_some_and(|dropping| self.depth < dropping.depth) {
                    self.dropping = None;
                }
                if self.dropping.is_none() {
                    self.end(tag, &range);
                }
                if tag == TagEnd::Link {
                    return;
                }
            }
            Event::InlineHtml(html) => self.inline_html(&html, &range),
            _ if self.dropping.is_some() => {}
            event => self.leaf(event, &range),
        }
        self.last_end = range.end;
    }

    /// Events with nothing inside them.
    pub(super) fn leaf(&mut self, event: Event<'s>, range: &Range<usize>) {
        if let Some(image) = &self.image {
            let alt = &mut self.doc.images[image.number].alt;
            match event {
                Event::Code(text) => alt.push_str(&text),
                _ => alt.push(' '),
            }
            return;
        }
        match event {
            Event::Text(text) => push_code(&mut self.doc.codes, &text),
            Event::Code(text) => {
                let words = self.tree.add(&text);
                self.tree.leaf(Kind::InlineCode(words), self.place(range.clone()));
                self.read_words(&text);
            }
            Event::Html(html) => self.html_line(&html, range),
            Event::FootnoteReference(label) => {
                let note = self.notes.refer(&label);
                self.tree.leaf(Kind::NoteReference { note, nth: 0 }, self.place(range.clone()));
            }
            Event::SoftBreak => self.line_break(Kind::SoftBreak, range),
            Event::HardBreak => self.line_break(Kind::HardBreak, range),
            Event::Rule => {
                self.in_word = false;
                self.tree.leaf(Kind::Rule, self.place(range.clone()));
            }
            Event::TaskListMarker(done) => self.tree.mark(Kind::Task(done), self.place(range.clone())),
            Event::Start(_) | Event::End(_) | Event::InlineHtml(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn line_break(&mut self, kind: Kind, range: &Range<usize>) {
        if range.start < self.skip_until {
            return;
        }
        self.tree.leaf(kind, self.place(range.clone()));
        self.read_words(" ");
    }

    fn start(&mut self, tag: Tag<'s>, range: &Range<usize>, definitions: &Definitions<'_>) {
        if let Some(image) = &mut self.image {
            image.depth += 1;
            return;
        }
        match tag {
            Tag::Heading { level, .. } => self.start_heading(level as u8, range),
            Tag::CodeBlock(kind) => self.start_code(&kind, range),
            Tag::HtmlBlock => {
                self.tree.new_line(self.offset + range.start);
                self.html_block = Some(RawHtml::default());
                self.html_depth = self.depth - 1;
            }
            Tag::FootnoteDefinition(label) => {
                self.in_word = false;
                let note = self.define_note(&label, range);
                self.tree.new_line(self.offset + range.start);
                self.open_frame(FrameKind::Note { note, first: self.tree.len() }, self.depth);
            }
            Tag::Table(alignments) => {
                self.lint_table(alignments.len(), range);
                self.table = OpenTable { alignments, ..OpenTable::default() };
                self.open(Kind::Table, range);
            }
            Tag::TableHead => {
                self.table.head = true;
                self.table.column = 0;
                self.open(Kind::TableHead, range);
            }
            Tag::TableRow => {
                self.table.column = 0;
                self.open(Kind::TableRow, range);
            }
            Tag::TableCell => self.start_cell(range),
            Tag::Strikethrough => self.start_strike(range),
            Tag::Link { link_type, dest_url, title, id } => {
                self.start_link(link_type, &dest_url, &title, &id, range, definitions);
            }
            Tag::Image { dest_url, title, .. } => {
                let number = self.push_image(&dest_url, &title, range);
                self.image = Some(OpenImage { number, depth: 0 });
            }
            Tag::Paragraph if self.is_formula(range) => self.open(Kind::Formula, range),
            tag => {
                if matches!(tag, Tag::DefinitionListDefinition) {
                    self.reveal(range.start..range.start + 3);
                }
                if let Some(kind) = plain_kind(&tag) {
                    self.open(kind, range);
                }
            }
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        if let Some(image) = &mut self.image {
            if image.depth > 0 {
                image.depth -= 1;
            } else {
                self.end_image(range);
            }
            return;
        }
        if tag != TagEnd::HtmlBlock {
            self.close_inside(range);
        }
        match tag {
            TagEnd::Heading(_) => self.end_heading(range),
            TagEnd::CodeBlock => self.end_code(range),
            TagEnd::HtmlBlock => {
                self.flush_html_block();
                self.html_block = None;
            }
            TagEnd::FootnoteDefinition => self.end_note(),
            TagEnd::TableHead => {
                self.table.head = false;
                self.close(range);
            }
            TagEnd::Strikethrough => self.end_strike(range),
            TagEnd::Link => self.end_link(range),
            TagEnd::Image | TagEnd::MetadataBlock(_) => {}
            TagEnd::Superscript | TagEnd::Subscript => {}
            TagEnd::Emphasis | TagEnd::Strong => self.tree.close(self.offset + range.end),
            _ => self.close(range),
        }
    }

    /// A node begins.
    pub(super) fn open(&mut self, kind: Kind, range: &Range<usize>) {
        if kind.is_block() || matches!(kind, Kind::Cell { .. }) {
            self.in_word = false;
            self.quoting = false;
        }
        self.tree.open(kind, self.place(range.clone()));
    }

    /// A block ends.
    pub(super) fn close(&mut self, range: &Range<usize>) {
        self.tree.close(self.place(range.clone()).end);
        self.in_word = false;
    }

    pub(super) fn html_line(&mut self, html: &str, range: &Range<usize>) {
        if !self.options.extensions {
            self.html(html, range);
            return;
        }
        let next = self.fences.partition_point(|fence| fence.at.end <= range.start);
        let opaque = self.html_block.as_ref().is_some_and(RawHtml::runs_to_its_own_end);
        if let Some(fence) = self.fences.get(next).filter(|fence| fence.at.start < range.end && !opaque) {
            self.seen[next] = true;
            self.flush_html_block();
            self.fence(fence.clone());
        } else if let Some(block) = &mut self.html_block {
            block.push(html, range.start);
        }
    }

    pub(super) fn flush_html_block(&mut self) {
        let Some(html) = self.html_block.as_mut().map(std::mem::take).filter(|html| !html.is_empty()) else {
            return;
        };
        self.in_word = false;
        self.raw_html(&html);
        self.in_word = false;
    }

    pub(super) fn inline_html(&mut self, html: &str, range: &Range<usize>) {
        if !self.options.extensions {
            if self.image.is_none() {
                self.html(html, range);
            }
        } else if let Some(dropping) = &self.dropping {
            // An end tag inside emphasis does not count: the emphasis began in the dropped element, and half would be left.
            if dropping.ends_with(html) && dropping.depth == self.depth {
                self.dropping = None;
            }
        } else if self.image.is_none() {
            let mut raw = RawHtml::default();
            raw.push(html, range.start);
            self.raw_html(&raw);
        }
    }

    /// HTML published as it is in the text.
    pub(super) fn html(&mut self, html: &str, range: &Range<usize>) {
        let words = self.tree.add(html);
        self.tree.leaf(Kind::Html(words), self.place(range.clone()));
    }

    /// How deep in the parser's elements a piece of HTML is; the HTML block itself does not count.
    pub(super) fn raw_level(&self) -> (usize, usize) {
        let depth = if self.in_html_block() { self.html_depth } else { self.depth };
        (depth, self.frames.len())
    }

    /// Whether a block of HTML is being read, rather than a tag within a paragraph.
    pub(super) fn in_html_block(&self) -> bool {
        self.html_block.is_some()
    }

    /// Records an anchor written by hand.
    pub(super) fn anchor(&mut self, id: &str, range: Range<usize>) {
        let span = self.place(range);
        if let Some(first) = self.by_hand.get(id) {
            self.faults.push(
                Diagnostic::new(Code::DuplicateAnchor, format!("the anchor `{id}` is given twice"))
                    .at(self.file, span)
                    .label(Span::new(self.file, first.clone()), "it is first given here")
                    .help("links to it lead to the first; give one of the two another name"),
            );
            return;
        }
        self.by_hand.insert(id.to_owned(), span);
        self.doc.anchors.push(id.to_owned());
    }

    /// A range of the source as a place in the file, on character boundaries.
    pub(super) fn place(&self, range: Range<usize>) -> Range<usize> {
        let floor = |mut at: usize| {
            at = at.min(self.source.len());
            while !self.original.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(range.start);
        self.offset + start..self.offset + floor(range.end).max(start)
    }

    /// A fault at a range of the source.
    pub(super) fn fault(&mut self, code: Code, message: impl Into<String>, range: Range<usize>, help: &str) {
        let span = self.place(range);
        self.fault_at(code, message, span, help);
    }

    /// A fault at a place in the file.
    pub(super) fn fault_at(&mut self, code: Code, message: impl Into<String>, span: Range<usize>, help: &str) {
        self.faults.push(Diagnostic::new(code, message).at(self.file, span).help(help));
    }

    /// Whether the file has `words` at its byte `at`.
    pub(super) fn stands_at(&self, at: usize, words: &str) -> bool {
        let rest = at.checked_sub(self.offset).and_then(|at| self.original.get(at..));
        rest.is_some_and(|rest| rest.starts_with(words))
    }

    /// Offers, as the correction of the last fault, to replace the bytes `span` by `text`.
    pub(super) fn correct(&mut self, span: Range<usize>, text: &str) {
        if let Some(fault) = self.faults.pop() {
            let span = Span::new(self.file, span);
            self.faults.push(fault.fixed_by(format!("write `{text}`"), span, text));
        }
    }

    /// Adds text to an image's description; `false` if no image is open.
    pub(super) fn describe_image(&mut self, text: &str) -> bool {
        match &self.image {
            Some(image) => {
                self.doc.images[image.number].alt.push_str(text);
                true
            }
            None => false,
        }
    }
}

/// Code as lines that end with `\n`, whatever line ends the file has.
fn push_code(codes: &mut [CodeBlock], text: &str) {
    if let Some(code) = codes.last_mut() {
        if text.contains('\r') {
            code.text.push_str(&text.replace('\r', ""));
        } else {
            code.text.push_str(text);
        }
    }
}

/// The kind of an element that has no details.
fn plain_kind(tag: &Tag<'_>) -> Option<Kind> {
    Some(match tag {
        Tag::Paragraph => Kind::Paragraph,
        Tag::BlockQuote(None) => Kind::Quote,
        Tag::BlockQuote(Some(kind)) => Kind::Alert(alert(*kind)),
        Tag::List(start) => Kind::List(start.map(|start| u32::try_from(start).unwrap_or(u32::MAX))),
        Tag::Item => Kind::Item,
        Tag::DefinitionList => Kind::Definitions,
        Tag::DefinitionListTitle => Kind::Term,
        Tag::DefinitionListDefinition => Kind::Definition,
        Tag::Emphasis => Kind::Emphasis,
        Tag::Strong => Kind::Strong,
        _ => return None,
    })
}

/// The parser's options. It reads neither formulas nor the attributes of headings: see `hidden`.
fn parser_options(options: &Options) -> pulldown_cmark::Options {
    use pulldown_cmark::Options as Parsing;
    if !options.extensions {
        return Parsing::empty();
    }
    let mut parsing = Parsing::ENABLE_TABLES
        | Parsing::ENABLE_FOOTNOTES
        | Parsing::ENABLE_STRIKETHROUGH
        | Parsing::ENABLE_TASKLISTS
        | Parsing::ENABLE_GFM
        | Parsing::ENABLE_DEFINITION_LIST;
    parsing.set(Parsing::ENABLE_SMART_PUNCTUATION, options.smart_punctuation);
    parsing
}

impl HtmlPolicy {
    /// Whether an author's HTML is limited to a list.
    pub(super) fn filters(self) -> bool {
        self == HtmlPolicy::Sanitise
    }
}
