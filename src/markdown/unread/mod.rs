//! A text that has been read → warnings about what was meant as Markdown, or as the markup of another program, and is shown
//! to readers as it is written.
//!
//! The finders see the text as readers do, in a copy of equal length: of what is code, a formula, a link, an image or HTML
//! nothing is left but a sign of what it was ([`CODE`] and the like). Each looks only where a byte begins what it knows. When
//! in doubt, a finder says nothing: authors write brackets, stars and dashes for reasons of their own.
//!
//! `links` finds links and images, `marks` bold and the like, `foreign` other programs' markup, `lines` headings, lists, notes
//! and tables, `structure` what the parser made of other
//! things, `typed` headings and notes that are only numbered or bold, `letters` damaged and invisible letters, `leftovers` what other programs
//! leave; `field` looks at fields without Markdown.

mod comments;
mod field;
mod foreign;
mod leftovers;
mod letters;
mod lines;
mod links;
mod marks;
mod structure;
mod tables;
mod typed;

pub(crate) use comments::in_field as has_foreign_comment;
pub(crate) use field::look as look_at_field;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::tree::{Kind, Node, Step, walk};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::SitePath;

/// What stands in the copy for something that is not text.
const CODE: u8 = 1;
const LINK: u8 = 2;
const IMAGE: u8 = 3;
const STYLED: u8 = 4;
const NOTE: u8 = 5;
const HTML: u8 = 6;

/// Elements of HTML whose content is code.
const VERBATIM: &[&str] = &["code", "kbd", "samp", "tt", "pre"];

/// How far a finder looks, so that no text takes longer than its length.
const FAR: usize = 600;

/// How many marks around each other are told apart.
const DEEPEST: usize = 50;

/// How often one kind of finding without a correction is reported in a text.
const MOST: usize = 3;

/// What a stretch of text is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Within {
    Paragraph,
    Heading,
    Cell,
    /// An item of a list that is not spaced out.
    Item,
    /// HTML of the author's, in which Markdown has no meaning.
    Html,
    Other,
}

/// A paragraph or the like: text without an empty line.
#[derive(Debug)]
struct Block {
    within: Within,
    /// Its bytes in the text.
    at: Range<usize>,
    /// Whether it is in a quotation.
    quoted: bool,
}

/// The text that the finders look at, and what they have found.
struct Text<'a> {
    file: &'a SitePath,
    /// As written; its first byte is byte `offset` of the file.
    original: &'a str,
    offset: usize,
    /// As readers see it; see the module.
    seen: &'a str,
    blocks: &'a [Block],
    faults: Vec<Diagnostic>,
    /// How often each kind has been found.
    /// How many findings of a kind there are, and the place of the last one among the faults.
    counts: BTreeMap<&'static str, (usize, usize)>,
    /// What is before this byte has been reported.
    done: usize,
    /// What is looked up in the whole text once, when first asked for.
    asked: Asked<'a>,
}

#[derive(Default)]
struct Asked<'a> {
    /// The names in `[/name]`.
    ends: OnceCell<BTreeSet<&'a str>>,
    /// The names in `[name` if there is a `[/`.
    begun: OnceCell<BTreeSet<&'a str>>,
    /// Whether a line `[1]: …` says what a number means.
    numbered: OnceCell<bool>,
    /// Whether two stars mark a note: `Salford**`.
    starred: OnceCell<bool>,
}

/// Looks through `parts`, the nodes of a text and those of its notes. `original` is the text, from byte `offset` of `file` on.
pub(super) fn look<'n>(
    file: &SitePath,
    original: &str,
    offset: usize,
    parts: impl Iterator<Item = &'n [Node]> + Clone,
) -> Vec<Diagnostic> {
    let mut copy = vec![0; original.len()];
    let mut blocks = Vec::new();
    for nodes in parts.clone() {
        show(nodes, original, offset, &mut copy, &mut blocks);
    }
    let Ok(seen) = String::from_utf8(copy) else { return Vec::new() };
    blocks.sort_by_key(|block| block.at.start);
    let mut text = Text {
        file,
        original,
        offset,
        seen: &seen,
        blocks: &blocks,
        faults: Vec::new(),
        counts: BTreeMap::new(),
        done: 0,
        asked: Asked::default(),
    };
    letters::find(&mut text);
    leftovers::find(&mut text);
    for block in &blocks {
        text.done = block.at.start;
        lines::find(&mut text, block);
        if let Some(at) = text.next(block.at.clone()) {
            scan(&mut text, block, at);
        }
    }
    lines::between(&mut text);
    parts.for_each(|nodes| {
        structure::find(&mut text, nodes);
        typed::find(&mut text, nodes);
    });
    tables::find(&mut text);
    text.more();
    text.faults
}

/// Bytes at which a finder looks closer.
const BEGINS: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b"[]{*_~=+\\&<'%`:\xe3\xee";
    let mut at = 0;
    while at < marks.len() {
        table[marks[at] as usize] = true;
        at += 1;
    }
    table
};

/// Asks the finders about every byte of a block at which something may begin.
fn scan(text: &mut Text<'_>, block: &Block, first: usize) {
    let mut at = first;
    loop {
        let in_comment = || block.within == Within::Html && marks::is_open(text.before(block, at), "<!--", "-->");
        if at >= text.done && !text.is_escaped(at) && !in_comment() {
            match text.seen.as_bytes()[at] {
                b'[' => links::open(text, block, at),
                b']' => links::close(text, block, at),
                b'{' if comments::template(text, block, at) => {}
                b'{' => marks::braces(text, block, at),
                b'*' | b'_' | b'~' => marks::run(text, block, at),
                b'%' if comments::percent(text, block, at) => {}
                b'=' | b'+' | b'\'' | b'%' => marks::pair(text, block, at),
                b'\\' => foreign::backslash(text, block, at),
                b'`' => marks::tick(text, block, at),
                b'&' => marks::entity(text, block, at),
                b'<' if comments::template(text, block, at) => {}
                b'<' => foreign::angle(text, block, at),
                _ => foreign::other(text, block, at),
            }
        }
        match text.next(at + 1..block.at.end) {
            Some(next) => at = next,
            None => return,
        }
    }
}

/// Writes what readers see of `nodes` to the copy, and lists its blocks.
fn show(nodes: &[Node], original: &str, offset: usize, copy: &mut [u8], blocks: &mut Vec<Block>) {
    let mut around: Vec<&Kind> = Vec::new();
    // Marks within marks: of more than a few, each byte would be written over and over.
    let mut styled: Vec<usize> = Vec::new();
    let mut current = None;
    let mut quotes = 0;
    let mut verbatim = 0;
    for step in walk(nodes) {
        let (node, is_end) = match step {
            Step::Enter(node) => (node, false),
            Step::Leave(node) => (node, true),
        };
        if node.kind.is_block()
            || matches!(node.kind, Kind::Cell { .. } | Kind::TableRow | Kind::TableHead | Kind::NewLine)
        {
            current = None;
            quotes =
                if matches!(node.kind, Kind::Quote) { if is_end { quotes - 1 } else { quotes + 1 } } else { quotes };
            if is_end {
                around.truncate(around.len().saturating_sub(1))
            } else {
                around.push(&node.kind)
            };
            continue;
        }
        if let Kind::Element(element) = &node.kind
            && VERBATIM.contains(&&*element.name)
        {
            verbatim = if is_end { verbatim - 1 } else { verbatim + 1 };
        }
        let span = node.span();
        let Some(at) = span.start.checked_sub(offset).map(|start| start..span.end - offset) else { continue };
        if is_end || at.end > copy.len() {
            continue;
        }
        match &node.kind {
            Kind::Text(_) if verbatim > 0 => copy[at.clone()].fill(CODE),
            Kind::Text(_) => copy[at.clone()].copy_from_slice(&original.as_bytes()[at.clone()]),
            Kind::SoftBreak | Kind::HardBreak => {
                copy[at.clone()].fill(b' ');
                if let Some(last) = copy[at.clone()].last_mut() {
                    *last = b'\n';
                }
            }
            kind if !deep(&mut styled, at.end) => copy[at.clone()].fill(match kind {
                Kind::InlineCode(_) | Kind::Math(_) => CODE,
                Kind::Link(_) => LINK,
                Kind::Image(_) => IMAGE,
                Kind::NoteReference { .. } => NOTE,
                Kind::Emphasis | Kind::Strong | Kind::Deleted | Kind::Subscript | Kind::Superscript => STYLED,
                _ => HTML,
            }),
            _ => {}
        }
        // An element of HTML may hold blocks of its own.
        let at = if matches!(node.kind, Kind::Element(_)) { at.start..at.start + 1 } else { at };
        match current {
            Some(block) => {
                let block: &mut Block = &mut blocks[block];
                block.at.end = block.at.end.max(at.end);
            }
            None => {
                let within = match around.last() {
                    Some(Kind::Paragraph) => Within::Paragraph,
                    Some(Kind::Heading(_)) => Within::Heading,
                    Some(Kind::Cell { .. }) => Within::Cell,
                    Some(Kind::Item) => Within::Item,
                    Some(Kind::Term | Kind::Definition) => Within::Other,
                    _ => Within::Html,
                };
                current = Some(blocks.len());
                blocks.push(Block { within, at, quoted: quotes > 0 });
            }
        }
    }
}

/// Whether what ends at `end` is within many others, whose ends are `around`.
fn deep(around: &mut Vec<usize>, end: usize) -> bool {
    while around.last().is_some_and(|outer| *outer < end) {
        around.pop();
    }
    let is_deep = around.len() > DEEPEST;
    if !is_deep {
        around.push(end);
    }
    is_deep
}

impl<'a> Text<'a> {
    /// The first byte of a range at which something may begin.
    fn next(&self, range: Range<usize>) -> Option<usize> {
        let bytes = self.seen.as_bytes().get(range.clone())?;
        bytes.iter().position(|byte| BEGINS[usize::from(*byte)]).map(|at| range.start + at)
    }

    /// Whether a backslash before byte `at` takes its meaning.
    fn is_escaped(&self, at: usize) -> bool {
        let before = &self.seen.as_bytes()[..at];
        before.iter().rev().take(64).take_while(|byte| **byte == b'\\').count() % 2 == 1
    }

    /// What readers see from byte `at` on, within the block.
    fn from(&self, block: &Block, at: usize) -> &'a str {
        let end = self.seen.floor_char_boundary(block.at.end.min(at + FAR)).max(at);
        self.seen.get(at..end).unwrap_or("")
    }

    /// What readers see before byte `at`, within the block.
    fn before(&self, block: &Block, at: usize) -> &'a str {
        let start = self.seen.ceil_char_boundary(block.at.start.max(at.saturating_sub(FAR)));
        self.seen.get(start..at).unwrap_or("")
    }

    /// Whether a shortcode `name` ends somewhere.
    fn ends(&self, name: &str) -> bool {
        self.asked.ends.get_or_init(|| names(self.seen, "[/")).contains(name)
    }

    /// Whether a shortcode `name` begins somewhere.
    fn begins(&self, name: &str) -> bool {
        self.asked.begun.get_or_init(|| names(self.seen, "[")).contains(name)
    }

    fn is_numbered(&self) -> bool {
        *self.asked.numbered.get_or_init(|| self.original.contains("\n[1]: "))
    }

    fn is_starred(&self) -> bool {
        let is_mark = |at: usize| {
            self.seen[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | ')'))
                && !self.seen[at + 2..].starts_with(|c: char| c.is_alphanumeric())
        };
        *self.asked.starred.get_or_init(|| self.seen.match_indices("**").any(|(at, _)| is_mark(at)))
    }

    /// Reports a finding of `kind` at a range of the text.
    fn say(
        &mut self,
        kind: &'static str,
        code: Code,
        at: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.done = self.done.max(at.end);
        let (count, last) = self.counts.entry(kind).or_default();
        *count += 1;
        if *count > MOST {
            return;
        }
        *last = self.faults.len();
        let place = self.offset + at.start..self.offset + at.end;
        self.faults.push(Diagnostic::new(code, message).at(self.file, place).help(help));
    }

    /// Reports a finding that is certain to mean `meant`, which can be written in its place.
    fn correct(&mut self, code: Code, at: Range<usize>, message: impl Into<String>, meant: &str) {
        self.done = self.done.max(at.end);
        let place = self.offset + at.start..self.offset + at.end;
        let fault = Diagnostic::new(code, message).at(self.file, place.clone());
        // Over several lines the marks of quotations and the like stand in between.
        if meant.contains(|c: char| c.is_control()) || self.original[at].contains('\n') {
            let meant: String = meant.chars().filter(|c| !c.is_control() || *c == '\n').collect();
            self.faults.push(fault.help(format!("write `{}`", shown(&meant))));
            return;
        }
        let act = if meant.is_empty() { "take it out".to_owned() } else { format!("write `{}`", shown(meant)) };
        self.faults.push(fault.help(&act).fixed_by(act, Span::new(self.file, place), meant));
    }

    /// Says of kinds that were found too often how many more there are.
    fn more(&mut self) {
        for (count, last) in self.counts.values().filter(|(count, _)| *count > MOST) {
            let Some(last) = self.faults.get_mut(*last) else { continue };
            last.message = match count - MOST {
                1 => format!("{}; one more like this follows", last.message),
                more => format!("{}; {more} more like this follow", last.message),
            };
        }
    }
}

/// The names that follow `mark` in a text.
fn names<'t>(text: &'t str, mark: &str) -> BTreeSet<&'t str> {
    let name = |at: usize| {
        let rest = &text[at + mark.len()..];
        &rest[..rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len())]
    };
    text.match_indices(mark).map(|(at, _)| name(at)).collect()
}

/// A piece of text in a message: one line, not too long.
fn shown(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    match text.char_indices().nth(90) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Whether `text` is an address or the path of a file, and nothing else.
fn is_address(text: &str) -> bool {
    const BEGINNINGS: &[&str] = &["/", "./", "../", "#", "http://", "https://", "www.", "mailto:"];
    !text.is_empty()
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && (BEGINNINGS.iter().any(|start| text.len() > start.len() && text.starts_with(start))
            || is_file(text)
            || text == "/")
}

/// Whether `text` ends like the name of a file that people link to.
fn is_file(text: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "pdf", "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "csv", "xls", "xlsx", "doc", "docx", "ppt", "pptx",
        "odt", "ods", "odp", "rtf", "txt", "tsv", "epub", "md", "html", "htm", "zip", "json", "xml", "ics", "bib",
        "ris", "mp3", "m4a", "wav", "mp4", "mov", "webm", "tif", "tiff", "heic",
    ];
    let text = text.split(['#', '?']).next().unwrap_or("");
    let ending =
        text.rsplit_once('.').filter(|(name, _)| !name.is_empty()).map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
