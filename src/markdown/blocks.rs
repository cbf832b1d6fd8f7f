//! Headings, code, table cells, alerts, formulas and note definitions: what begins and ends each.

use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind};

use super::finish::first_line;
use super::reader::Reader;
use super::tree::{Alert, Align, Kind, number as numbered};
use super::{CodeBlock, Heading};
use crate::diagnostic::{Code, Diagnostic, Span};

/// A table that is being read.
#[derive(Default)]
pub(super) struct OpenTable {
    pub(super) alignments: Vec<Alignment>,
    pub(super) column: usize,
    pub(super) head: bool,
}

/// The kind of an alert.
pub(super) fn alert(kind: BlockQuoteKind) -> Alert {
    match kind {
        BlockQuoteKind::Note => Alert::Note,
        BlockQuoteKind::Tip => Alert::Tip,
        BlockQuoteKind::Important => Alert::Important,
        BlockQuoteKind::Warning => Alert::Warning,
        BlockQuoteKind::Caution => Alert::Caution,
    }
}

impl Reader<'_> {
    pub(super) fn math(&mut self, tex: &str, range: &Range<usize>, display: bool) {
        let place = self.place(range.clone());
        // `$5-$10` is money.
        if !display && self.source[range.end..].starts_with(|c: char| c.is_ascii_digit()) {
            let money = &self.source[range.clone()];
            self.tree.text(money, place);
            self.read_words(money);
            return;
        }
        let words = self.tree.add(tex);
        self.tree.leaf(Kind::Math { tex: words, display }, place);
        self.read_words(tex);
    }

    pub(super) fn start_heading(&mut self, level: u8, id: Option<&str>, classes: Vec<String>, range: &Range<usize>) {
        let span = first_line(self.source, &self.place(range.clone()), self.offset);
        let id = id.unwrap_or("").to_owned();
        if !id.is_empty() {
            self.anchor(&id, span.start - self.offset..span.end - self.offset);
        }
        self.lint_heading(level, &span);
        self.level = level;
        let number = self.doc.outline.len();
        self.doc.outline.push(Heading { level, id, text: String::new(), classes, span });
        self.heading = Some(number);
        self.words_of.clear();
        self.open(Kind::Heading(numbered(number)), range);
    }

    pub(super) fn end_heading(&mut self, range: &Range<usize>) {
        let Some(number) = self.heading.take() else {
            return;
        };
        self.close(range);
        let text = self.words_of.split_whitespace().collect::<Vec<_>>().join(" ");
        self.words_of.clear();
        if text.is_empty() && self.options.extensions {
            let span = self.doc.outline[number].span.clone();
            self.faults.push(
                Diagnostic::new(Code::EmptyHeading, "a heading has no words")
                    .at(self.file, span)
                    .help("write its words, or remove its `#` marks"),
            );
        }
        self.doc.outline[number].text = text;
    }

    /// The level of the heading before this one; at the beginning 1, for the page's title.
    pub(super) fn level_before(&self) -> u8 {
        self.level
    }

    pub(super) fn start_code(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) {
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or("").to_owned(),
            CodeBlockKind::Indented => String::new(),
        };
        let text = String::with_capacity(range.len());
        let span = self.place(range.clone());
        self.open(Kind::Code(numbered(self.doc.codes.len())), range);
        self.doc.codes.push(CodeBlock { language, text, span });
        self.in_code = true;
    }

    pub(super) fn start_cell(&mut self, range: &Range<usize>) {
        let align = match self.table.alignments.get(self.table.column) {
            Some(Alignment::Left) => Align::Left,
            Some(Alignment::Center) => Align::Centre,
            Some(Alignment::Right) => Align::Right,
            _ => Align::Default,
        };
        self.table.column += 1;
        self.open(Kind::Cell { align, is_head: self.table.head }, range);
    }

    /// `~~gone~~`; between blanks, the parser reads `~2~` as the same.
    pub(super) fn start_strike(&mut self, range: &Range<usize>) {
        let text = &self.source[range.clone()];
        let kind = if text.starts_with("~~") {
            Some(Kind::Deleted)
        } else if text.contains(char::is_whitespace) {
            None
        } else {
            Some(Kind::Subscript)
        };
        self.strikes.push(kind.is_some());
        match kind {
            Some(kind) => self.open(kind, range),
            None => self.tree.text("~", self.place(range.start..range.start + 1)),
        }
    }

    pub(super) fn end_strike(&mut self, range: &Range<usize>) {
        let place = self.place(range.end.saturating_sub(1)..range.end);
        match self.strikes.pop() {
            Some(true) => self.tree.close(place.end),
            Some(false) => self.tree.text("~", place),
            None => {}
        }
    }

    pub(super) fn define_note(&mut self, label: &str, range: &Range<usize>) -> u32 {
        let span = self.place(range.clone());
        match self.notes.define(label, span.clone()) {
            Ok(note) => note,
            Err((note, first)) => {
                self.faults.push(
                    Diagnostic::new(Code::FootnoteTwice, format!("the note `{label}` is written twice"))
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

    pub(super) fn end_note(&mut self) {
        let at = self.last_end;
        self.close_frame(at);
        self.in_word = false;
    }
}
