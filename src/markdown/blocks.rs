//! Headings, code, cells of tables, alerts, formulas and the definitions of notes: what begins and ends each.

use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind};

use super::escape::escape;
use super::finish::first_line;
use super::reader::Reader;
use super::{CodeBlock, Heading, Piece};
use crate::diagnostic::{Code, Diagnostic, Span};

/// A table that is being read.
#[derive(Default)]
pub(super) struct OpenTable {
    pub(super) alignments: Vec<Alignment>,
    pub(super) column: usize,
    pub(super) head: bool,
    /// How much had been written when a cell of the head began.
    pub(super) cell: (usize, usize),
}

impl Reader<'_> {
    pub(super) fn math(&mut self, tex: &str, range: &Range<usize>, display: bool) {
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

    pub(super) fn alert(&mut self, kind: BlockQuoteKind, range: &Range<usize>) {
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
        self.out.push_str("\" role=\"note\">\n<p class=\"alert-title\">");
        self.hole(Piece::Word(word));
        self.out.push_str("</p>\n");
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
        self.hole(Piece::HeadingStart(number));
    }

    pub(super) fn end_heading(&mut self) {
        let Some(number) = self.heading.take() else {
            return;
        };
        self.hole(Piece::HeadingEnd(number));
        self.hole_ended_line = true;
        self.in_word = false;
        let text = self.words_of.split_whitespace().collect::<Vec<_>>().join(" ");
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

    pub(super) fn start_code(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) {
        self.block(range, false);
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or("").to_owned(),
            CodeBlockKind::Indented => String::new(),
        };
        let text = String::with_capacity(range.len());
        let span = self.place(range.clone());
        self.doc.codes.push(CodeBlock { language, text, span });
        self.in_code = true;
    }

    pub(super) fn end_code(&mut self) {
        self.in_code = false;
        self.hole(Piece::Code(self.doc.codes.len() - 1));
        self.end_block("\n");
    }

    pub(super) fn start_cell(&mut self) {
        if self.table.head {
            self.table.cell = (self.pieces.len(), self.out.len());
        }
        self.out.push_str(if self.table.head { "<th scope=\"col\"" } else { "<td" });
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

    pub(super) fn end_cell(&mut self) {
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
    pub(super) fn start_strike(&mut self, range: &Range<usize>) {
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

    pub(super) fn define_note(&mut self, label: &str, range: &Range<usize>) -> usize {
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
