//! Events of pulldown-cmark → pieces of a [`Doc`] and faults, in one pass.
//!
//! Finished HTML gathers in `out`; a hole ends that stretch and begins another. A directive or a note takes the pieces
//! read so far off the table (a [`Frame`]) and puts them back when it ends. No recursion, so depth costs no stack.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Parser, RefDefs, Tag, TagEnd};

use super::blocks::OpenTable;
use super::directives::{Frame, FrameKind};
use super::escape::escape;
use super::fences::{self, Fence};
use super::links::{OpenImage, OpenLink};
use super::notes::Notes;
use super::raw::{Dropping, RawElement, RawHtml};
use super::{CodeBlock, Doc, HtmlPolicy, Options, Piece};
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::path::SitePath;

/// What a text is to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// Blocks.
    Blocks,
    /// What stands inside one paragraph.
    Inline,
}

/// Reads `text`, whose first byte is byte `offset` of `file`.
pub(super) fn read(file: &SitePath, text: &str, offset: usize, options: &Options, form: Form) -> Found<Doc> {
    let mut fences = if options.extensions { fences::find(text) } else { Vec::new() };
    // A line that turns out to lie in code or in a comment is put back. Each round puts back at least one; a text that
    // needs more rounds is made to be difficult, and its fences stay text.
    for _ in 0..8 {
        if fences.is_empty() {
            break;
        }
        let copy = fences::hide(text, &fences);
        let mut reader = Reader::new(file, &copy, text, offset, options, &fences);
        reader.run();
        if reader.seen.iter().all(|seen| *seen) {
            return reader.finish(form);
        }
        let mut seen = reader.seen.iter();
        fences.retain(|_| seen.next().copied().unwrap_or(false));
    }
    let mut reader = Reader::new(file, text, text, offset, options, &[]);
    reader.run();
    reader.finish(form)
}

pub(super) struct Reader<'s> {
    pub(super) file: &'s SitePath,
    /// The text as the parser sees it.
    pub(super) source: &'s str,
    /// The text as it was written: differs from `source` in the fences only.
    pub(super) original: &'s str,
    pub(super) offset: usize,
    pub(super) options: &'s Options,
    pub(super) fences: &'s [Fence],
    pub(super) seen: Vec<bool>,

    pub(super) doc: Doc,
    pub(super) faults: Vec<Diagnostic>,
    pub(super) out: String,
    pub(super) pieces: Vec<Piece>,
    /// Whether the last hole ended its line.
    pub(super) hole_ended_line: bool,
    pub(super) frames: Vec<Frame>,
    /// How many of the parser's elements are open.
    pub(super) depth: usize,

    /// Text that has come without anything else in between.
    pub(super) pending: Vec<(CowStr<'s>, Range<usize>)>,
    /// Text before this byte of the source has been dealt with.
    pub(super) skip_until: usize,
    /// Whether the last character read was in a word.
    pub(super) in_word: bool,
    /// Where the last event that is not a link's end ended.
    pub(super) last_end: usize,
    /// The words of the headings and links that are open.
    pub(super) words_of: String,
    pub(super) heading: Option<usize>,
    pub(super) links: Vec<OpenLink>,
    pub(super) image: Option<OpenImage>,
    pub(super) in_code: bool,
    pub(super) table: OpenTable,
    /// For each open strikethrough: what ends it.
    pub(super) strikes: Vec<&'static str>,
    pub(super) math_paragraph: bool,

    pub(super) html_block: Option<RawHtml>,
    /// How many elements were open around that block.
    pub(super) html_depth: usize,
    pub(super) raw_open: Vec<RawElement>,
    pub(super) dropping: Option<Dropping>,

    pub(super) notes: Notes,
    /// Anchors written by hand, with the place of each.
    pub(super) by_hand: BTreeMap<String, Range<usize>>,
    pub(super) level: u8,
    /// Closing lines whose directive was already ended with its container.
    pub(super) late_closes: usize,
    /// The first blocks of the text: whether a paragraph, and where.
    pub(super) blocks: Vec<(bool, Range<usize>)>,
}
impl<'s> Reader<'s> {
    pub(super) fn new(
        file: &'s SitePath,
        source: &'s str,
        original: &'s str,
        offset: usize,
        options: &'s Options,
        fences: &'s [Fence],
    ) -> Self {
        Self {
            file,
            source,
            original,
            offset,
            options,
            fences,
            seen: vec![false; fences.len()],
            doc: Doc::default(),
            faults: Vec::new(),
            out: String::with_capacity(source.len() + source.len() / 4),
            pieces: Vec::new(),
            hole_ended_line: true,
            frames: Vec::new(),
            depth: 0,
            pending: Vec::new(),
            skip_until: 0,
            in_word: false,
            last_end: 0,
            words_of: String::new(),
            heading: None,
            links: Vec::new(),
            image: None,
            in_code: false,
            table: OpenTable::default(),
            strikes: Vec::new(),
            math_paragraph: false,
            html_block: None,
            html_depth: 0,
            raw_open: Vec::new(),
            dropping: None,
            notes: Notes::default(),
            by_hand: BTreeMap::new(),
            level: 1,
            late_closes: 0,
            blocks: Vec::new(),
        }
    }

    pub(super) fn run(&mut self) {
        let mut events = Parser::new_ext(self.source, parser_options(self.options)).into_offset_iter();
        while let Some((event, range)) = events.next() {
            match event {
                Event::Text(text) if !self.in_code => self.pending.push((text, range)),
                event => {
                    self.flush_text();
                    self.event(event, range, events.reference_definitions());
                }
            }
        }
        self.flush_text();
    }

    pub(super) fn event(&mut self, event: Event<'s>, range: Range<usize>, definitions: &RefDefs<'_>) {
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

    /// Events that have nothing inside them.
    pub(super) fn leaf(&mut self, event: Event<'s>, range: &Range<usize>) {
        if let Some(image) = &self.image {
            let alt = &mut self.doc.images[image.number].alt;
            match event {
                Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => alt.push_str(&text),
                _ => alt.push(' '),
            }
            return;
        }
        match event {
            Event::Text(text) => push_code(&mut self.doc.codes, &text),
            Event::Code(text) => {
                self.out.push_str("<code>");
                escape(&text, &mut self.out);
                self.out.push_str("</code>");
                self.read_words(&text);
            }
            Event::InlineMath(text) => self.math(&text, range, false),
            Event::DisplayMath(text) => self.math(&text, range, true),
            Event::Html(html) => self.html_line(&html, range),
            Event::FootnoteReference(label) => {
                let note = self.notes.refer(&label);
                self.hole(Piece::NoteReference { note, nth: 0 });
            }
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br />\n"),
            Event::Rule => {
                self.block(range, false);
                self.out.push_str("<hr />\n");
            }
            Event::TaskListMarker(done) => {
                let (class, word) = if done { ("done", "task-done") } else { ("open", "task-open") };
                self.out.push_str("<span class=\"task task-");
                self.out.push_str(class);
                self.out.push_str("\" role=\"img\" aria-label=\"");
                self.hole(Piece::Word(word));
                self.out.push_str("\"></span> ");
            }
            Event::Start(_) | Event::End(_) | Event::InlineHtml(_) => {}
        }
    }

    pub(super) fn line_break(&mut self, html: &str) {
        self.out.push_str(html);
        self.read_words(" ");
    }

    pub(super) fn start(&mut self, tag: Tag<'s>, range: &Range<usize>, definitions: &RefDefs<'_>) {
        if let Some(image) = &mut self.image {
            image.depth += 1;
            return;
        }
        if let Some(html) = opening(&tag) {
            self.block(range, false);
            self.out.push_str(html);
            return;
        }
        match tag {
            Tag::Paragraph => {
                self.block(range, true);
                self.math_paragraph = self.options.extensions && is_math(&self.source[range.clone()]);
                if !self.math_paragraph {
                    self.out.push_str("<p>");
                }
            }
            Tag::Heading { level, id, classes, .. } => {
                self.block(range, false);
                let classes = classes.iter().map(|class| class.to_string()).collect();
                self.start_heading(level as u8, id.as_deref(), classes, range);
            }
            Tag::BlockQuote(Some(kind)) => self.alert(kind, range),
            Tag::CodeBlock(kind) => self.start_code(&kind, range),
            Tag::HtmlBlock => {
                self.fresh_line();
                self.html_block = Some(RawHtml::default());
                self.html_depth = self.depth - 1;
            }
            Tag::List(Some(start)) => {
                self.block(range, false);
                self.out.push_str("<ol start=\"");
                self.out.push_str(&start.to_string());
                self.out.push_str("\">\n");
            }
            Tag::FootnoteDefinition(label) => {
                self.block(range, false);
                let note = self.define_note(&label, range);
                self.open_frame(FrameKind::Note(note), self.depth);
            }
            Tag::Table(alignments) => {
                self.lint_table(alignments.len(), range);
                self.block(range, false);
                self.table = OpenTable { alignments, ..OpenTable::default() };
                self.out.push_str("<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"");
                self.hole(Piece::Word("table"));
                self.out.push_str("\"><table>");
            }
            Tag::TableHead => {
                self.table.head = true;
                self.table.column = 0;
                self.out.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.table.column = 0;
                self.out.push_str("<tr>");
            }
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.start_strike(range),
            Tag::Link { link_type, dest_url, title, id } => {
                self.start_link(link_type, &dest_url, &title, &id, range, definitions);
            }
            Tag::Image { dest_url, title, .. } => {
                let number = self.push_image(&dest_url, &title, range);
                self.image = Some(OpenImage { number, depth: 0 });
            }
            _ => {}
        }
    }

    pub(super) fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
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
            TagEnd::Paragraph if self.math_paragraph => {
                self.math_paragraph = false;
                self.end_block("\n");
            }
            TagEnd::Paragraph => self.end_block("</p>\n"),
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(Some(_)) => self.end_block("</div>\n"),
            TagEnd::BlockQuote(None) => self.end_block("</blockquote>\n"),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => {
                self.flush_html_block();
                self.html_block = None;
            }
            TagEnd::List(true) => self.end_block("</ol>\n"),
            TagEnd::List(false) => self.end_block("</ul>\n"),
            TagEnd::Item => self.end_block("</li>\n"),
            TagEnd::DefinitionList => self.end_block("</dl>\n"),
            TagEnd::DefinitionListTitle => self.end_block("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.end_block("</dd>\n"),
            TagEnd::FootnoteDefinition => self.end_note(),
            TagEnd::Table => self.end_block("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.table.head = false;
                self.out.push_str("</tr></thead><tbody>\n");
            }
            TagEnd::TableRow => self.out.push_str("</tr>\n"),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Strikethrough => {
                let end = self.strikes.pop().unwrap_or("");
                self.out.push_str(end);
            }
            TagEnd::Link => self.end_link(range),
            _ => {}
        }
    }

    pub(super) fn end_block(&mut self, html: &str) {
        self.out.push_str(html);
        self.in_word = false;
    }

    /// Begins a block on a line of its own.
    pub(super) fn block(&mut self, range: &Range<usize>, paragraph: bool) {
        if self.depth <= 1 && self.frames.is_empty() && self.blocks.len() < 2 {
            self.blocks.push((paragraph, range.clone()));
        }
        self.fresh_line();
        self.in_word = false;
    }

    pub(super) fn fresh_line(&mut self) {
        let fresh = if self.out.is_empty() { self.hole_ended_line } else { self.out.ends_with('\n') };
        if !fresh {
            self.out.push('\n');
        }
    }

    pub(super) fn html_line(&mut self, html: &str, range: &Range<usize>) {
        if !self.options.extensions {
            self.out.push_str(html);
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
        if self.frames.is_empty() && self.html_depth == 0 && self.blocks.len() < 2 && !html.is_comment() {
            self.blocks.push((false, html.range()));
        }
        self.in_word = false;
        self.raw_html(&html);
        self.in_word = false;
    }

    pub(super) fn inline_html(&mut self, html: &str, range: &Range<usize>) {
        if !self.options.extensions {
            if self.image.is_none() {
                self.out.push_str(html);
            }
        } else if let Some(dropping) = &self.dropping {
            // An end inside emphasis whose beginning went with the element would leave half of that.
            if dropping.ends_with(html) && dropping.depth == self.depth {
                self.dropping = None;
            }
        } else if self.image.is_none() {
            let mut raw = RawHtml::default();
            raw.push(html, range.start);
            self.raw_html(&raw);
        }
    }

    /// How deep in the parser's elements a piece of HTML stands; the block of HTML itself does not count.
    pub(super) fn raw_level(&self) -> (usize, usize) {
        let depth = if self.in_html_block() { self.html_depth } else { self.depth };
        (depth, self.frames.len())
    }

    /// Whether a block of HTML is being read, not a tag within a paragraph.
    pub(super) fn in_html_block(&self) -> bool {
        self.html_block.is_some()
    }

    /// Notes an anchor that was written by hand.
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

    /// Offers `text` in the place of the bytes `span` as the correction of the last fault.
    pub(super) fn correct(&mut self, span: Range<usize>, text: &str) {
        if let Some(fault) = self.faults.pop() {
            let span = Span::new(self.file, span);
            self.faults.push(fault.fixed_by(format!("write `{text}`"), span, text));
        }
    }

    /// Ends the stretch of HTML and opens a hole.
    pub(super) fn hole(&mut self, piece: Piece) {
        self.flush_out();
        self.pieces.push(piece);
        self.hole_ended_line = false;
    }

    pub(super) fn flush_out(&mut self) {
        if !self.out.is_empty() {
            self.hole_ended_line = self.out.ends_with('\n');
            self.pieces.push(Piece::Html(Box::from(self.out.as_str())));
            self.out.clear();
        }
    }

    /// Text inside an image's description, or none of that: adds it if it belongs there.
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

/// Code as lines that end with `\n`, whatever the file has.
fn push_code(codes: &mut [CodeBlock], text: &str) {
    if let Some(code) = codes.last_mut() {
        if text.contains('\r') {
            code.text.push_str(&text.replace('\r', ""));
        } else {
            code.text.push_str(text);
        }
    }
}

/// Whether a paragraph is one displayed formula and nothing else.
fn is_math(paragraph: &str) -> bool {
    let text = paragraph.trim();
    text.len() > 4 && text.starts_with("$$") && text.ends_with("$$") && !text[2..text.len() - 2].contains("$$")
}

/// What a block that needs nothing more begins with.
fn opening(tag: &Tag<'_>) -> Option<&'static str> {
    Some(match tag {
        Tag::BlockQuote(None) => "<blockquote>\n",
        Tag::List(Some(1)) => "<ol>\n",
        Tag::List(None) => "<ul>\n",
        Tag::Item => "<li>",
        Tag::DefinitionList => "<dl>\n",
        Tag::DefinitionListTitle => "<dt>",
        Tag::DefinitionListDefinition => "<dd>",
        _ => return None,
    })
}

fn parser_options(options: &Options) -> pulldown_cmark::Options {
    use pulldown_cmark::Options as Parsing;
    if !options.extensions {
        return Parsing::empty();
    }
    let mut parsing = Parsing::ENABLE_TABLES
        | Parsing::ENABLE_FOOTNOTES
        | Parsing::ENABLE_STRIKETHROUGH
        | Parsing::ENABLE_TASKLISTS
        | Parsing::ENABLE_HEADING_ATTRIBUTES
        | Parsing::ENABLE_MATH
        | Parsing::ENABLE_GFM
        | Parsing::ENABLE_DEFINITION_LIST;
    parsing.set(Parsing::ENABLE_SMART_PUNCTUATION, options.smart_punctuation);
    parsing
}

impl HtmlPolicy {
    /// Whether what an author writes in HTML must come from a list.
    pub(super) fn filters(self) -> bool {
        self == HtmlPolicy::Sanitise
    }
}
