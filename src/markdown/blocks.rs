//! Headings, code, table cells, alerts, formulas and note definitions: what begins and ends each.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind};

use super::finish::first_line;
use super::hidden::What;
use super::mathml;
use super::reader::Reader;
use super::tree::{Alert, Align, Kind, Math, number as numbered};
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
    /// The formula at `range`, with its dollar signs.
    pub(super) fn math(&mut self, range: &Range<usize>, display: bool) {
        let marks = if display { 2 } else { 1 };
        let inside = &self.original[range.start + marks..range.end - marks];
        let code = inside.strip_prefix('`').and_then(|inside| inside.strip_suffix('`')).filter(|code| !code.is_empty());
        let tex = code.unwrap_or(inside);
        let tex = if tex.contains('\n') {
            let lines = tex.lines().map(|line| line.trim_start_matches([' ', '\t', '>']));
            Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
        } else {
            Cow::Borrowed(tex)
        };
        let start = matches!(tex, Cow::Borrowed(_)).then_some(range.start + marks + usize::from(code.is_some()));
        self.formula_of(&tex, range, start, display);
    }

    /// A formula at `range`, whose source begins at byte `start` if it is written there as it is.
    fn formula_of(&mut self, tex: &str, range: &Range<usize>, start: Option<usize>, display: bool) {
        let mathml = mathml::write(tex, display).unwrap_or_else(|fault| {
            let place = start.map_or(range.clone(), |start| start + fault.at.start..start + fault.at.end);
            let place = if place.is_empty() { range.clone() } else { place };
            self.fault(
                Code::FormulaUnreadable,
                format!("this formula cannot be read: {}", fault.why),
                place,
                "correct it, or write `\\$` for each dollar sign if it is none; `pamphlet explain formula-unreadable` says what is known",
            );
            String::new()
        });
        let words = self.tree.add(tex);
        let mathml = self.tree.add(&mathml);
        self.tree.leaf(Kind::Math(Box::new(Math { tex: words, mathml, display })), self.place(range.clone()));
        self.read_words(tex);
    }

    /// A block of code ends; if its language is `math`, it is a formula.
    pub(super) fn end_code(&mut self, range: &Range<usize>) {
        self.in_code = false;
        if self.options.extensions
            && self.doc.codes.last().is_some_and(|code| code.language == "math")
            && let Some(code) = self.doc.codes.pop()
        {
            self.tree.become_formula();
            self.formula_of(code.text.trim(), range, None, true);
        }
        self.close(range);
    }

    /// Whether a paragraph is one displayed formula and nothing else.
    pub(super) fn is_formula(&self, range: &Range<usize>) -> bool {
        let text = &self.source[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        let formula = self.hidden.get(self.hidden.partition_point(|piece| piece.at.start < start));
        formula.is_some_and(|piece| {
            piece.what == What::Formula { display: true }
                && piece.at.start == start
                && self.source[piece.at.end.min(range.end)..range.end].trim().is_empty()
        })
    }

    /// Marks the hidden pieces in `range` as having come out where they belong, and returns their places in the list.
    pub(super) fn reveal(&mut self, range: Range<usize>) -> Range<usize> {
        let first = self.hidden.partition_point(|piece| piece.at.start < range.start);
        let end = first + self.hidden[first..].iter().take_while(|piece| piece.at.end <= range.end).count();
        self.seen_pieces[first..end].fill(true);
        first..end
    }

    pub(super) fn start_heading(&mut self, level: u8, range: &Range<usize>) {
        let span = first_line(self.original, &self.place(range.clone()), self.offset);
        let (mut id, mut classes) = (String::new(), Vec::new());
        let first = self.hidden.partition_point(|piece| piece.at.start < range.start);
        for (nth, piece) in
            self.hidden.iter().enumerate().skip(first).take_while(|(_, piece)| piece.at.start < range.end)
        {
            if let What::Attributes { id: its_id, classes: its_classes } = &piece.what {
                self.seen_pieces[nth] = true;
                (id, classes) = (its_id.clone(), its_classes.clone());
            }
        }
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
                        .at(self.file, first_line(self.original, &span, self.offset))
                        .label(
                            Span::new(self.file, first_line(self.original, &first, self.offset)),
                            "it is first written here",
                        )
                        .help("give one of the two another name, in the text that refers to it too; or delete one"),
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
