//! Word's fields (`PAGE`, `TOC`, `HYPERLINK` …) → what stands for their results on a page.

use super::body::Reader;
use super::runs::Line;
use crate::import::document::{Inline, is_blank, words};
use crate::import::markdown::address;

/// A field that has begun and not ended.
#[derive(Debug, Default)]
pub(super) struct Field {
    pub(super) instruction: String,
    pub(super) is_in_result: bool,
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
    /// A field begins, its result begins, or it ends.
    pub(super) fn field_mark(&mut self, kind: &str, line: &mut Line) {
        match kind {
            "begin" => self.fields.push(Field { start: line.len(), ..Field::default() }),
            "separate" => {
                if let Some(field) = self.fields.last_mut() {
                    (field.is_in_result, field.start) = (true, line.len());
                }
            }
            _ => {
                if let Some(field) = self.fields.pop() {
                    self.end_field(&field.instruction, field.start, line);
                }
            }
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
        let is_of_a_computer = bare.starts_with("file:") || bare.starts_with("\\\\") || bare.get(1..3) == Some(":\\");
        let is_no_address =
            ["javascript:", "vbscript:", "data:", "about:", "mhtml:"].iter().any(|scheme| bare.starts_with(scheme));
        let (what, how) = match (is_of_a_computer, is_no_address) {
            (true, _) => (
                "a link to a file of somebody's computer",
                "its words are here without the link: put the file beside the page, and link to its name",
            ),
            (_, true) => ("a link that leads to no page", "its words are here without the link"),
            _ => {
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
            if !field.is_in_result {
                continue;
            }
            let start = field.start;
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
