//! Word's fields (`PAGE`, `TOC`, `HYPERLINK` …) → what stands for their results on a page.

use super::body::Reader;
use super::forms::is_choice;
use super::hidden::{Unseen, is_of_a_computer};
use super::runs::Line;
use super::xml::Element;
use crate::import::document::{Inline, is_blank, words};
use crate::import::markdown::address;

/// A field that has begun and not ended.
#[derive(Debug, Default)]
pub(super) struct Field {
    pub(super) instruction: String,
    pub(super) is_in_result: bool,
    /// What it is in a form of the old kind.
    pub(super) form: Option<Element>,
    /// Why nobody sees what it is in a form, if nobody does.
    unseen: Option<Unseen>,
    /// Where its result begins in the paragraph that is being read.
    pub(super) start: usize,
}

impl Field {
    /// Whether its result is a link.
    pub(super) fn is_link(&self) -> bool {
        self.is_in_result && matches!(fate(&self.instruction), Fate::Link(_))
    }
}

/// What becomes of a field's result.
#[derive(Debug)]
enum Fate {
    Kept,
    /// Leads to an address.
    Link(String),
    /// Left out: what it is, and why.
    Left(&'static str, &'static str),
}

/// How links to places of the same document begin until the document is complete.
pub(super) const BOOKMARK: &str = "#bookmark:";

fn fate(instruction: &str) -> Fate {
    let parts = arguments(instruction);
    let word = parts.first().map(|word| word.to_uppercase()).unwrap_or_default();
    let argument = parts.iter().skip(1).find(|part| !part.starts_with('\\'));
    match word.as_str() {
        "HYPERLINK" => {
            let anchor = parts.iter().position(|part| part == "\\l").and_then(|at| parts.get(at + 1));
            let outside = argument.filter(|argument| Some(*argument) != anchor);
            match (outside, anchor) {
                (Some(to), None) => Fate::Link(address(to)),
                (Some(to), Some(anchor)) => Fate::Link(address(&format!("{to}#{anchor}"))),
                (None, Some(anchor)) => Fate::Link(format!("{BOOKMARK}{anchor}")),
                (None, None) => Fate::Kept,
            }
        }
        "REF" => argument.map_or(Fate::Kept, |to| Fate::Link(format!("{BOOKMARK}{to}"))),
        "PAGE" | "NUMPAGES" | "SECTIONPAGES" | "SECTION" => Fate::Left("a page number", "a page on the web has none"),
        "PAGEREF" => Fate::Left("the number of another page", "a page on the web has none; read the sentence again"),
        "TOC" => Fate::Left("the table of contents", "the site makes one from the headings"),
        "INDEX" | "TOA" => Fate::Left("an index", "its page numbers mean nothing here; the site has a search"),
        _ => Fate::Kept,
    }
}

/// The words of an instruction; those in quotation marks are one.
fn arguments(instruction: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut signs = instruction.trim().chars().peekable();
    while let Some(c) = signs.peek().copied() {
        if c.is_whitespace() {
            signs.next();
        } else if c == '"' {
            signs.next();
            out.push(signs.by_ref().take_while(|c| *c != '"').collect());
        } else {
            let mut word = String::new();
            while let Some(c) = signs.next_if(|c| !c.is_whitespace()) {
                word.push(c);
            }
            out.push(word);
        }
    }
    out
}

impl Reader<'_> {
    /// A field begins, its result begins, or it ends; `unseen` says why nobody sees the mark, if nobody does.
    pub(super) fn field_mark(&mut self, mark: &Element, unseen: Option<Unseen>, line: &mut Line) {
        match mark.get("w:fldCharType").unwrap_or_default() {
            "begin" => {
                let form = mark.child("w:ffData").cloned();
                self.fields.push(Field { start: line.len(), form, unseen, ..Field::default() });
            }
            "separate" => {
                let Some(field) = self.fields.last_mut() else { return };
                field.is_in_result = true;
                let start = std::mem::replace(&mut field.start, 0).min(line.len());
                let instruction = line.split_off(start);
                if let Some(field) = self.fields.last_mut() {
                    field.start = line.len();
                }
                self.leave_instruction(&instruction);
            }
            _ => match self.fields.pop() {
                Some(field) if field.form.as_ref().is_some_and(is_choice) => {
                    line.truncate(field.start.min(line.len()));
                    field.form.iter().for_each(|form| self.old_choice(form, field.unseen.or(unseen), line));
                }
                Some(field) if field.is_in_result => self.end_field(&field.instruction, field.start, line),
                // Without a result Word shows nothing.
                Some(field) => {
                    let instruction = line.split_off(field.start.min(line.len()));
                    self.leave_instruction(&instruction);
                    self.end_field(&field.instruction, line.len(), line);
                }
                None => {}
            },
        }
    }

    /// Names words that stand in the instruction of a field, where Word shows none.
    fn leave_instruction(&mut self, instruction: &Line) {
        if !is_blank(instruction) {
            let said = words(instruction);
            self.leave_unseen(("words in the instruction of a field", "Word does not show them either"), &said);
        }
    }

    /// What a field's result, from the place `start` of the line on, becomes.
    pub(super) fn end_field(&mut self, instruction: &str, start: usize, line: &mut Line) {
        let result = line.split_off(start.min(line.len()));
        self.losses.carried("fields");
        let symbol = arguments(instruction);
        match fate(instruction) {
            Fate::Link(to) if !is_blank(&result) => self.link(to, result, line),
            Fate::Left(what, how) => {
                let place = self.place();
                self.losses.left(what, how, place, &words(&result));
            }
            _ if result.is_empty() && symbol.first().is_some_and(|word| word.eq_ignore_ascii_case("EQ")) => {
                let place = self.place();
                self.losses.left(
                    "a formula of the old kind (field EQ)",
                    "write it as LaTeX between dollar signs",
                    place,
                    instruction,
                );
            }
            _ => line.extend(result),
        }
    }

    /// A link, or its words alone if it leads to nothing that readers have.
    pub(super) fn link(&mut self, to: String, text: Line, line: &mut Line) {
        let said = percent_encoding::percent_decode_str(to.trim_matches(['<', '>'])).decode_utf8_lossy().into_owned();
        let bare = said.to_lowercase();
        let is_of_a_computer = is_of_a_computer(&bare);
        // Word states a place on the Web with its scheme: what has none is a file beside the document.
        let has_scheme = bare.split_once(':').is_some_and(|(scheme, _)| {
            scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
        });
        let is_place = bare.starts_with(['#', '/']) || bare.starts_with("www.") || bare.starts_with(BOOKMARK);
        let is_of_a_computer = is_of_a_computer || !self.wishes.is_returned && !has_scheme && !is_place;
        let is_no_address =
            ["javascript:", "vbscript:", "data:", "about:", "mhtml:"].iter().any(|scheme| bare.starts_with(scheme));
        let (what, how) = match (is_of_a_computer, is_no_address) {
            (true, _) => (
                "a link to a file of somebody's computer",
                "its words are here without the link: put the file beside the page, and link to its name",
            ),
            (_, true) => ("a link that leads to no page", "its words are here without the link"),
            _ => {
                self.losses.carried("links");
                line.push(Inline::Link { to, title: String::new(), text });
                return;
            }
        };
        let place = self.place();
        self.losses.changed(what, how, place, &format!("{} ({said})", words(&text)));
        line.extend(text);
    }

    /// A paragraph ends within fields: what one of them leaves out so far is left out.
    pub(super) fn interrupt_fields(&mut self, line: &mut Line) {
        for at in (0..self.fields.len()).rev() {
            let field = &self.fields[at];
            let start = field.start;
            if !field.is_in_result {
                let instruction = line.split_off(start.min(line.len()));
                self.leave_instruction(&instruction);
                continue;
            }
            match fate(&field.instruction) {
                Fate::Left(what, how) => {
                    let words = words(&line.split_off(start.min(line.len())));
                    if !words.trim().is_empty() {
                        let place = self.place();
                        self.losses.left(what, how, place, &words);
                    }
                }
                Fate::Link(to) => {
                    let text = line.split_off(start.min(line.len()));
                    if !is_blank(&text) {
                        self.link(to, text, line);
                    }
                }
                Fate::Kept => {}
            }
        }
    }
}
