//! Events of pulldown-cmark → pieces of a [`Doc`] and faults, in one pass.
//!
//! Finished HTML gathers in `out`; a hole ends that stretch and begins another. A directive or a note takes the pieces
//! read so far off the table (a [`Frame`]) and puts them back when it ends. No recursion, so depth costs no stack.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, LinkType, Parser, RefDefs, Tag, TagEnd,
};

use super::escape::{escape, runs_code};
use super::fences::{self, Fence};
use super::notes::Notes;
use super::raw::{Dropping, RawElement, RawHtml};
use super::{
    CodeBlock, Directive, Doc, Heading, HtmlPolicy, Image, Link, Options, Piece, attributes,
};
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::path::SitePath;

/// How many directives may lie in one another: their writing recurses.
const DEEPEST: usize = 32;

/// What a text is to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// Blocks.
    Blocks,
    /// What stands inside one paragraph.
    Inline,
}

/// Reads `text`, whose first byte is byte `offset` of `file`.
pub(super) fn read(
    file: &SitePath,
    text: &str,
    offset: usize,
    options: &Options,
    form: Form,
) -> Found<Doc> {
    let mut fences = if options.extensions {
        fences::find(text)
    } else {
        Vec::new()
    };
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

/// Something that takes what follows away from the pieces around it.
struct Frame {
    kind: FrameKind,
    /// How many of the parser's elements were open around it.
    depth: usize,
    /// The pieces before it.
    before: Vec<Piece>,
    /// Whether a message about its end has been given.
    reported: bool,
}

enum FrameKind {
    Directive(Directive),
    /// A directive whose first line could not be read: its content stands by itself.
    Nameless(Range<usize>),
    /// The definition of a note, by its place in [`Notes`].
    Note(usize),
}

struct OpenLink {
    /// Its place in `Doc::links`; `None` if it was left out.
    number: Option<usize>,
    /// Where its words begin in `words_of`.
    words: usize,
    kind: LinkType,
}

struct OpenImage {
    number: usize,
    /// How many elements are open within its description.
    depth: usize,
}

#[derive(Default)]
struct OpenTable {
    alignments: Vec<Alignment>,
    column: usize,
    head: bool,
    /// How much had been written when a cell of the head began.
    cell: (usize, usize),
}

pub(super) struct Reader<'s> {
    file: &'s SitePath,
    /// The text as the parser sees it.
    pub(super) source: &'s str,
    /// The text as it was written: differs from `source` in the fences only.
    original: &'s str,
    offset: usize,
    pub(super) options: &'s Options,
    fences: &'s [Fence],
    seen: Vec<bool>,

    pub(super) doc: Doc,
    pub(super) faults: Vec<Diagnostic>,
    pub(super) out: String,
    pieces: Vec<Piece>,
    /// Whether the last hole ended its line.
    hole_ended_line: bool,
    frames: Vec<Frame>,
    /// How many of the parser's elements are open.
    depth: usize,

    /// Text that has come without anything else in between.
    pub(super) pending: Vec<(CowStr<'s>, Range<usize>)>,
    /// Text before this byte of the source has been dealt with.
    pub(super) skip_until: usize,
    /// Whether the last character read was in a word.
    in_word: bool,
    /// Where the last event that is not a link's end ended.
    pub(super) last_end: usize,
    /// The words of the headings and links that are open.
    words_of: String,
    heading: Option<usize>,
    links: Vec<OpenLink>,
    image: Option<OpenImage>,
    in_code: bool,
    table: OpenTable,
    /// For each open strikethrough: what ends it.
    strikes: Vec<&'static str>,
    math_paragraph: bool,

    html_block: Option<RawHtml>,
    /// How many elements were open around that block.
    html_depth: usize,
    pub(super) raw_open: Vec<RawElement>,
    pub(super) dropping: Option<Dropping>,

    pub(super) notes: Notes,
    /// Anchors written by hand, with the place of each.
    by_hand: BTreeMap<String, Range<usize>>,
    level: u8,
    /// Closing lines whose directive was already ended with its container.
    late_closes: usize,
    /// The first blocks of the text: whether a paragraph, and where.
    blocks: Vec<(bool, Range<usize>)>,
}

impl<'s> Reader<'s> {
    fn new(
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

    fn run(&mut self) {
        let mut events =
            Parser::new_ext(self.source, parser_options(self.options)).into_offset_iter();
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

    fn event(&mut self, event: Event<'s>, range: Range<usize>, definitions: &RefDefs<'_>) {
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
                if self
                    .dropping
                    .as_ref()
                    .is_some_and(|dropping| self.depth < dropping.depth)
                {
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
    fn leaf(&mut self, event: Event<'s>, range: &Range<usize>) {
        if let Some(image) = &self.image {
            let alt = &mut self.doc.images[image.number].alt;
            match event {
                Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                    alt.push_str(&text)
                }
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
                let (class, word) = if done {
                    ("done", "task-done")
                } else {
                    ("open", "task-open")
                };
                self.out.push_str("<span class=\"task task-");
                self.out.push_str(class);
                self.out.push_str("\" role=\"img\" aria-label=\"");
                self.hole(Piece::Word(word));
                self.out.push_str("\"></span> ");
            }
            Event::Start(_) | Event::End(_) | Event::InlineHtml(_) => {}
        }
    }

    fn line_break(&mut self, html: &str) {
        self.out.push_str(html);
        self.read_words(" ");
    }

    fn math(&mut self, tex: &str, range: &Range<usize>, display: bool) {
        // `$5-$10` is money.
        if !display && self.source[range.end..].starts_with(|c: char| c.is_ascii_digit()) {
            escape(&self.source[range.clone()], &mut self.out);
            self.read_words(&self.source[range.clone()]);
            return;
        }
        let (open, close) = match (display, self.math_paragraph) {
            (true, true) => ("<div class=\"math\">", "</div>"),
            (true, false) => ("<span class=\"math math-display\">", "</span>"),
            (false, _) => ("<span class=\"math\">", "</span>"),
        };
        self.out.push_str(open);
        escape(tex, &mut self.out);
        self.out.push_str(close);
        self.read_words(tex);
    }

    fn start(&mut self, tag: Tag<'s>, range: &Range<usize>, definitions: &RefDefs<'_>) {
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
                self.math_paragraph =
                    self.options.extensions && is_math(&self.source[range.clone()]);
                if !self.math_paragraph {
                    self.out.push_str("<p>");
                }
            }
            Tag::Heading {
                level, id, classes, ..
            } => {
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
                self.block(range, false);
                self.table = OpenTable {
                    alignments,
                    ..OpenTable::default()
                };
                self.out
                    .push_str("<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"");
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
            Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            } => {
                self.start_link(link_type, &dest_url, &title, &id, range, definitions);
            }
            Tag::Image {
                dest_url, title, ..
            } => {
                let number = self.push_image(&dest_url, &title, range);
                self.image = Some(OpenImage { number, depth: 0 });
            }
            _ => {}
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

    fn end_block(&mut self, html: &str) {
        self.out.push_str(html);
        self.in_word = false;
    }

    /// Begins a block on a line of its own.
    fn block(&mut self, range: &Range<usize>, paragraph: bool) {
        if self.depth <= 1 && self.frames.is_empty() && self.blocks.len() < 2 {
            self.blocks.push((paragraph, range.clone()));
        }
        self.fresh_line();
        self.in_word = false;
    }

    pub(super) fn fresh_line(&mut self) {
        let fresh = if self.out.is_empty() {
            self.hole_ended_line
        } else {
            self.out.ends_with('\n')
        };
        if !fresh {
            self.out.push('\n');
        }
    }

    fn alert(&mut self, kind: BlockQuoteKind, range: &Range<usize>) {
        let (class, word) = match kind {
            BlockQuoteKind::Note => ("note", "alert-note"),
            BlockQuoteKind::Tip => ("tip", "alert-tip"),
            BlockQuoteKind::Important => ("important", "alert-important"),
            BlockQuoteKind::Warning => ("warning", "alert-warning"),
            BlockQuoteKind::Caution => ("caution", "alert-caution"),
        };
        self.block(range, false);
        self.out.push_str("<div class=\"alert alert-");
        self.out.push_str(class);
        self.out
            .push_str("\" role=\"note\">\n<p class=\"alert-title\">");
        self.hole(Piece::Word(word));
        self.out.push_str("</p>\n");
    }

    fn start_heading(
        &mut self,
        level: u8,
        id: Option<&str>,
        classes: Vec<String>,
        range: &Range<usize>,
    ) {
        let span = first_line(self.source, &self.place(range.clone()), self.offset);
        let id = id.unwrap_or("").to_owned();
        if !id.is_empty() {
            self.anchor(&id, span.start - self.offset..span.end - self.offset);
        }
        self.lint_heading(level, &span);
        self.level = level;
        let number = self.doc.outline.len();
        self.doc.outline.push(Heading {
            level,
            id,
            text: String::new(),
            classes,
            span,
        });
        self.heading = Some(number);
        self.words_of.clear();
        self.hole(Piece::HeadingStart(number));
    }

    fn end_heading(&mut self) {
        let Some(number) = self.heading.take() else {
            return;
        };
        self.hole(Piece::HeadingEnd(number));
        self.hole_ended_line = true;
        self.in_word = false;
        let text = self
            .words_of
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        self.words_of.clear();
        if text.is_empty() && self.options.extensions {
            let span = self.doc.outline[number].span.clone();
            self.faults.push(
                Diagnostic::new(Code::EmptyHeading, "a heading has no words")
                    .at(self.file, span)
                    .help("write its words, or take its `#` marks away"),
            );
        }
        self.doc.outline[number].text = text;
    }

    /// The level of the heading before this one; 1 at the beginning, for the page's title.
    pub(super) fn level_before(&self) -> u8 {
        self.level
    }

    fn start_code(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) {
        self.block(range, false);
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or("").to_owned(),
            CodeBlockKind::Indented => String::new(),
        };
        let text = String::with_capacity(range.len());
        let span = self.place(range.clone());
        self.doc.codes.push(CodeBlock {
            language,
            text,
            span,
        });
        self.in_code = true;
    }

    fn end_code(&mut self) {
        self.in_code = false;
        self.hole(Piece::Code(self.doc.codes.len() - 1));
        self.end_block("\n");
    }

    fn start_cell(&mut self) {
        if self.table.head {
            self.table.cell = (self.pieces.len(), self.out.len());
        }
        self.out.push_str(if self.table.head {
            "<th scope=\"col\""
        } else {
            "<td"
        });
        let class = match self.table.alignments.get(self.table.column) {
            Some(Alignment::Left) => " class=\"align-left\">",
            Some(Alignment::Center) => " class=\"align-center\">",
            Some(Alignment::Right) => " class=\"align-right\">",
            _ => ">",
        };
        self.out.push_str(class);
        self.table.column += 1;
        self.in_word = false;
    }

    fn end_cell(&mut self) {
        let (pieces, length) = self.table.cell;
        if !self.table.head {
            self.out.push_str("</td>");
        } else if self.pieces.len() == pieces
            && self.out[length..].ends_with('>')
            && !self.out[length + 1..].contains('<')
        {
            // An empty corner heads nothing.
            self.out.truncate(length);
            self.out.push_str("<td></td>");
        } else {
            self.out.push_str("</th>");
        }
        self.in_word = false;
    }

    /// `~~gone~~`; the parser takes `~2~` for the same where it stands between blanks.
    fn start_strike(&mut self, range: &Range<usize>) {
        let text = &self.source[range.clone()];
        let (open, close) = if text.starts_with("~~") {
            ("<del>", "</del>")
        } else if text.contains(char::is_whitespace) {
            ("~", "~")
        } else {
            ("<sub>", "</sub>")
        };
        self.out.push_str(open);
        self.strikes.push(close);
    }

    fn start_link(
        &mut self,
        kind: LinkType,
        to: &str,
        title: &str,
        id: &str,
        range: &Range<usize>,
        definitions: &RefDefs<'_>,
    ) {
        let to = if kind == LinkType::Email {
            format!("mailto:{to}")
        } else {
            to.to_owned()
        };
        let defined = definitions.get(id).filter(|_| !id.is_empty());
        let span = match defined {
            Some(definition) => self.find_in(definition.span.clone(), &definition.dest),
            None => self.place(range.clone()),
        };
        let number = if self.options.extensions && runs_code(&to) {
            self.unsafe_address(&to, span);
            None
        } else {
            Some(self.push_link(Link {
                to,
                title: title.to_owned(),
                span,
                text: String::new(),
                attributes: String::new(),
            }))
        };
        self.links.push(OpenLink {
            number,
            words: self.words_of.len(),
            kind,
        });
    }

    fn end_link(&mut self, range: &Range<usize>) {
        let Some(open) = self.links.pop() else { return };
        let text = self.words_of[open.words.min(self.words_of.len())..]
            .trim()
            .to_owned();
        if self.links.is_empty() && self.heading.is_none() {
            self.words_of.clear();
        }
        let Some(number) = open.number else { return };
        if matches!(
            open.kind,
            LinkType::Inline | LinkType::Autolink | LinkType::Email
        ) {
            let after = if open.kind == LinkType::Inline {
                self.last_end.max(range.start)
            } else {
                range.start
            };
            let to = self.doc.links[number].to.clone();
            let to = if open.kind == LinkType::Email {
                to.trim_start_matches("mailto:")
            } else {
                &to
            };
            self.doc.links[number].span = self.find_in(after.min(range.end)..range.end, to);
        }
        self.doc.links[number].text = text;
        self.hole(Piece::LinkEnd(number));
        if self.options.extensions {
            let whole = self.place(range.clone());
            self.lint_link(number, whole);
        }
    }

    /// Adds a link and opens its hole.
    pub(super) fn push_link(&mut self, link: Link) -> usize {
        let number = self.doc.links.len();
        self.doc.links.push(link);
        self.hole(Piece::LinkStart(number));
        number
    }

    /// A link from HTML begins.
    pub(super) fn open_raw_link(&mut self, number: Option<usize>) {
        self.links.push(OpenLink {
            number,
            words: self.words_of.len(),
            kind: LinkType::Shortcut,
        });
    }

    /// The innermost link, which came from HTML, ends.
    pub(super) fn close_raw_link(&mut self, range: &Range<usize>) {
        self.end_link(range);
    }

    /// Whether words are read inside a link.
    pub(super) fn in_link(&self) -> bool {
        !self.links.is_empty()
    }

    /// Where `what` stands within `range` of the source, or all of `range`.
    fn find_in(&self, range: Range<usize>, what: &str) -> Range<usize> {
        let within = self.source.get(range.clone()).unwrap_or("");
        match within.find(what) {
            Some(at) if !what.is_empty() => {
                self.place(range.start + at..range.start + at + what.len())
            }
            _ => self.place(range),
        }
    }

    /// Adds an image without a hole yet.
    fn push_image(&mut self, to: &str, title: &str, range: &Range<usize>) -> usize {
        self.doc.images.push(Image {
            to: to.to_owned(),
            title: title.to_owned(),
            alt: String::new(),
            decorative: false,
            span: self.place(range.clone()),
            attributes: String::new(),
        });
        self.doc.images.len() - 1
    }

    fn end_image(&mut self, range: &Range<usize>) {
        const MARK: &str = "{decorative}";
        let Some(OpenImage { number, .. }) = self.image.take() else {
            return;
        };
        if self.options.extensions {
            if self.source[range.end..].starts_with(MARK) {
                self.doc.images[number].decorative = true;
                self.skip_until = range.end + MARK.len();
            }
            let to = self.doc.images[number].to.clone();
            if runs_code(&to) {
                let span = self.place(range.clone());
                self.unsafe_address(&to, span);
                self.doc.images.pop();
                return;
            }
        }
        self.finish_image(number);
    }

    /// Opens the hole of an image whose description is known.
    pub(super) fn finish_image(&mut self, number: usize) {
        let alt = self.doc.images[number].alt.clone();
        if !self.links.is_empty() || self.heading.is_some() {
            self.words_of.push_str(&alt);
        }
        self.lint_image(number);
        self.hole(Piece::Image(number));
    }

    /// Adds an image that was written in HTML.
    pub(super) fn raw_image(&mut self, image: Image) {
        self.doc.images.push(image);
        self.finish_image(self.doc.images.len() - 1);
    }

    pub(super) fn unsafe_address(&mut self, to: &str, span: Range<usize>) {
        let scheme = to.split(':').next().unwrap_or("").trim().to_owned();
        self.faults.push(
            Diagnostic::new(
                Code::UnsafeAddress,
                format!("an address that begins with `{scheme}:` is not published"),
            )
            .at(self.file, span)
            .help("link to a page or a file; what a browser would run as a program is left out"),
        );
    }

    fn html_line(&mut self, html: &str, range: &Range<usize>) {
        if !self.options.extensions {
            self.out.push_str(html);
            return;
        }
        let next = self
            .fences
            .partition_point(|fence| fence.at.end <= range.start);
        let opaque = self
            .html_block
            .as_ref()
            .is_some_and(RawHtml::runs_to_its_own_end);
        if let Some(fence) = self
            .fences
            .get(next)
            .filter(|fence| fence.at.start < range.end && !opaque)
        {
            self.seen[next] = true;
            self.flush_html_block();
            self.fence(fence.clone());
        } else if let Some(block) = &mut self.html_block {
            block.push(html, range.start);
        }
    }

    fn flush_html_block(&mut self) {
        let Some(html) = self
            .html_block
            .as_mut()
            .map(std::mem::take)
            .filter(|html| !html.is_empty())
        else {
            return;
        };
        if self.frames.is_empty() && self.html_depth == 0 && self.blocks.len() < 2 && !html.is_comment()
        {
            self.blocks.push((false, html.range()));
        }
        self.in_word = false;
        self.raw_html(&html);
        self.in_word = false;
    }

    fn inline_html(&mut self, html: &str, range: &Range<usize>) {
        if !self.options.extensions {
            if self.image.is_none() {
                self.out.push_str(html);
            }
        } else if let Some(dropping) = &self.dropping {
            if dropping.ends_with(html) {
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

    fn fence(&mut self, fence: Fence) {
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
            if let (true, crate::data::RawKind::Text(id)) = (key.name == "id", &raw.kind) {
                let (id, range) = (
                    id.clone(),
                    raw.span.start - self.offset..raw.span.end - self.offset,
                );
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

    fn open_frame(&mut self, kind: FrameKind, depth: usize) {
        self.flush_out();
        let before = std::mem::take(&mut self.pieces);
        self.frames.push(Frame { kind, depth, before, reported: false });
        self.hole_ended_line = true;
    }

    fn close_directive(&mut self, depth: usize, at: Range<usize>) {
        let innermost = self
            .frames
            .last()
            .filter(|frame| !matches!(frame.kind, FrameKind::Note(_)));
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
    fn close_frame(&mut self, end: usize) {
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

    fn define_note(&mut self, label: &str, range: &Range<usize>) -> usize {
        let span = self.place(range.clone());
        match self.notes.define(label, span.clone()) {
            Ok(note) => note,
            Err((note, first)) => {
                self.faults.push(
                    Diagnostic::new(
                        Code::FootnoteTwice,
                        format!("the note `{label}` is written twice"),
                    )
                    .at(self.file, first_line(self.source, &span, self.offset))
                    .label(
                        Span::new(self.file, first_line(self.source, &first, self.offset)),
                        "it is first written here",
                    )
                    .help("give one of the two another name"),
                );
                note
            }
        }
    }

    fn end_note(&mut self) {
        let at = self.last_end;
        self.close_frame(at);
        self.in_word = false;
    }

    /// Ends what was opened inside the element that ends now: elements of HTML, directives.
    fn close_inside(&mut self, range: &Range<usize>) {
        let depth = self.depth;
        while let Some(frame) = self.frames.last() {
            let (FrameKind::Directive(Directive { span, .. }), true) =
                (&frame.kind, frame.depth > depth)
            else {
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

    /// Notes an anchor that was written by hand.
    pub(super) fn anchor(&mut self, id: &str, range: Range<usize>) {
        let span = self.place(range);
        if let Some(first) = self.by_hand.get(id) {
            self.faults.push(
                Diagnostic::new(
                    Code::DuplicateAnchor,
                    format!("the anchor `{id}` is given twice"),
                )
                .at(self.file, span)
                .label(
                    Span::new(self.file, first.clone()),
                    "it is first given here",
                )
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
    pub(super) fn fault(
        &mut self,
        code: Code,
        message: impl Into<String>,
        range: Range<usize>,
        help: &str,
    ) {
        let span = self.place(range);
        self.fault_at(code, message, span, help);
    }

    /// A fault at a place in the file.
    pub(super) fn fault_at(
        &mut self,
        code: Code,
        message: impl Into<String>,
        span: Range<usize>,
        help: &str,
    ) {
        self.faults.push(
            Diagnostic::new(code, message)
                .at(self.file, span)
                .help(help),
        );
    }

    /// Ends the stretch of HTML and opens a hole.
    pub(super) fn hole(&mut self, piece: Piece) {
        self.flush_out();
        self.pieces.push(piece);
        self.hole_ended_line = false;
    }

    fn flush_out(&mut self) {
        if !self.out.is_empty() {
            self.hole_ended_line = self.out.ends_with('\n');
            self.pieces.push(Piece::Html(Box::from(self.out.as_str())));
            self.out.clear();
        }
    }

    /// Counts the words of what a reader reads, and keeps them for the headings and links they lie in.
    pub(super) fn read_words(&mut self, text: &str) {
        if self.heading.is_some() || !self.links.is_empty() {
            self.words_of.push_str(text);
        }
        for c in text.chars() {
            if c.is_whitespace() {
                self.in_word = false;
            } else if !self.in_word && c.is_alphanumeric() {
                self.in_word = true;
                self.doc.words += 1;
            }
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

    fn finish(mut self, form: Form) -> Found<Doc> {
        let end = self.source.len();
        while let Some(frame) = self.frames.last() {
            let span = match &frame.kind {
                FrameKind::Directive(directive) => Some((
                    directive.span.clone(),
                    format!("`:::{}` is not closed", directive.name),
                )),
                FrameKind::Nameless(range) => Some((
                    self.place(range.clone()),
                    "this directive is not closed".to_owned(),
                )),
                FrameKind::Note(_) => None,
            };
            if let Some((span, message)) = span.filter(|_| !frame.reported) {
                self.fault_at(
                    Code::DirectiveUnclosed,
                    message,
                    span,
                    "write a line `:::` where it ends",
                );
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
    fn unwrap_paragraph(&mut self) {
        if let Some((_, range)) = self
            .blocks
            .iter()
            .enumerate()
            .find(|(nth, (paragraph, _))| *nth > 0 || !*paragraph)
            .map(|(_, block)| block)
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
        if let Some(Piece::Html(html)) = self.pieces.first_mut() {
            if let Some(rest) = html.trim_start().strip_prefix("<p>") {
                *html = Box::from(rest);
            }
        }
        if let Some(Piece::Html(html)) = self.pieces.last_mut() {
            if let Some(rest) = html.trim_end().strip_suffix("</p>") {
                *html = Box::from(rest);
            }
        }
        self.pieces
            .retain(|piece| !matches!(piece, Piece::Html(html) if html.is_empty()));
    }

    /// Gives each heading without an id one that is made of its words and that nothing else has.
    fn name_headings(&mut self) {
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
fn first_line(source: &str, span: &Range<usize>, offset: usize) -> Range<usize> {
    let start = span.start - offset;
    let text = source.get(start..span.end - offset).unwrap_or("");
    let line = text.lines().next().unwrap_or("").trim_end();
    span.start..span.start + line.len()
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
    text.len() > 4
        && text.starts_with("$$")
        && text.ends_with("$$")
        && !text[2..text.len() - 2].contains("$$")
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
