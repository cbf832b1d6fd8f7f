//! A text as it went out and as it came back → what is missing, what somebody added, and what is still in the words of the original.

use crate::import::document::{Block, Definition, Document, Inline, words};
use crate::import::losses::shortened;

/// What was found, each in words.
#[derive(Default, Debug)]
pub(crate) struct Found {
    pub(crate) differences: Vec<String>,
    pub(crate) same: Vec<String>,
}

/// Something of a text that can be missing.
#[derive(Clone, PartialEq, Debug)]
struct Piece {
    /// What it is, in words, for people and to tell it from others: `a heading`.
    what: String,
    /// Its words.
    says: String,
    /// The heading above it.
    below: String,
}

/// How many pieces are compared one by one; more are only counted.
const MOST: usize = 3_000;

/// Compares a text that went out with what came back.
pub(crate) fn compare(went: &Document, came: &Document) -> Found {
    let (before, after) = (pieces(went), pieces(came));
    let mut found = Found::default();
    let texts = |all: &[Piece]| {
        all.iter().filter(|piece| equal::is_telling(&piece.says)).map(|piece| piece.says.clone()).collect()
    };
    let known: std::collections::BTreeSet<String> = texts(&before);
    let same = after.iter().filter(|piece| known.contains(&piece.says) && !is_kept(&piece.what));
    found.same.extend(same.map(said));
    for (nth, one) in aligned(&before, &after) {
        found.differences.push(match nth {
            Side::Missing => format!("missing: {}", said(&one)),
            Side::Added => format!("added: {}", said(&one)),
        });
    }
    for (kind, list) in [("a link to", targets as fn(&Document) -> Vec<String>), ("the picture", pictures)] {
        let (mut lost, mut new) = (list(went), list(came));
        new.retain(|one| match lost.iter().position(|known| known == one) {
            Some(at) => {
                lost.remove(at);
                false
            }
            None => true,
        });
        found.differences.extend(lost.iter().map(|one| format!("missing: {kind} {one}")));
        found.differences.extend(new.iter().map(|one| format!("added: {kind} {one}")));
    }
    let (had, has) = (mentions(went), mentions(came));
    if had != has {
        found.differences.push(format!("the original names notes {had} times, the translation {has} times"));
    }
    found
}

/// Whether a piece comes back as it was anyway.
fn is_kept(what: &str) -> bool {
    what.starts_with("code")
}

fn said(piece: &Piece) -> String {
    let words = if piece.says.is_empty() { String::new() } else { format!(" “{}”", shortened(&piece.says)) };
    match piece.below.as_str() {
        "" => format!("{}{words}", piece.what),
        below => format!("{}{words}, below “{}”", piece.what, shortened(below)),
    }
}

/// What the words of two texts have in common.
pub(crate) mod equal {
    /// Whether words that are the same in both languages say that nobody has translated them: names and numbers often are.
    pub(crate) fn is_telling(words: &str) -> bool {
        words.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1).count() >= 3
    }
}

enum Side {
    Missing,
    Added,
}

/// How well a piece of a translation fits one of the original: not at all if it is another kind of thing; better if it has the same words
/// or numbers, or is about as long.
fn fit(one: &Piece, other: &Piece) -> u32 {
    if one.what != other.what {
        return 0;
    }
    let digits = |piece: &Piece| piece.says.chars().filter(char::is_ascii_digit).collect::<String>();
    let (numbers, length) = (digits(one), one.says.chars().count());
    let is_as_long = (length / 2..=length * 2).contains(&other.says.chars().count());
    4 + 4 * u32::from(one.says == other.says)
        + 2 * u32::from(!numbers.is_empty() && numbers == digits(other))
        + u32::from(is_as_long)
}

/// The pieces that only one of two texts has, by the pairs of pieces in their order that fit best.
fn aligned(before: &[Piece], after: &[Piece]) -> Vec<(Side, Piece)> {
    if before.len().max(after.len()) > MOST {
        if before.len() == after.len() {
            return Vec::new();
        }
        let count = |count: usize| Piece {
            what: format!("{count} parts of the text"),
            says: String::new(),
            below: String::new(),
        };
        return vec![(Side::Missing, count(before.len())), (Side::Added, count(after.len()))];
    }
    let (rows, columns) = (before.len() + 1, after.len() + 1);
    let mut best = vec![0_u32; rows * columns];
    let pair = |best: &[u32], i: usize, j: usize| match fit(&before[i], &after[j]) {
        0 => 0,
        fit => best[(i + 1) * columns + j + 1] + fit,
    };
    for i in (0..before.len()).rev() {
        for j in (0..after.len()).rev() {
            let alone = best[(i + 1) * columns + j].max(best[i * columns + j + 1]);
            best[i * columns + j] = alone.max(pair(&best, i, j));
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < before.len() || j < after.len() {
        let both = i < before.len() && j < after.len();
        let here = best[i * columns + j];
        if both && here > 0 && here == pair(&best, i, j) {
            (i, j) = (i + 1, j + 1);
        } else if j == after.len() || both && here == best[(i + 1) * columns + j] {
            out.push((Side::Missing, before[i].clone()));
            i += 1;
        } else {
            out.push((Side::Added, after[j].clone()));
            j += 1;
        }
    }
    out
}

fn pieces(document: &Document) -> Vec<Piece> {
    let mut out = Pieces::default();
    out.blocks(&document.blocks);
    out.below.clear();
    document.notes.iter().for_each(|note| out.around("a note", note));
    out.all
}

#[derive(Default)]
struct Pieces {
    all: Vec<Piece>,
    below: String,
}

impl Pieces {
    fn push(&mut self, what: impl Into<String>, says: String) {
        self.all.push(Piece { what: what.into(), says, below: self.below.clone() });
    }

    fn around(&mut self, what: &str, inside: &[Block]) {
        self.push(what, String::new());
        self.blocks(inside);
    }

    fn blocks(&mut self, all: &[Block]) {
        for block in all {
            match block {
                Block::Heading { level, text, .. } => {
                    let says = line(text);
                    self.push(format!("a heading of level {level}"), says.clone());
                    self.below = says;
                }
                Block::Paragraph(text) => self.push("a paragraph", line(text)),
                Block::List { start, items } => {
                    let name = if start.is_some() { "a numbered item" } else { "an item" };
                    for item in items {
                        match item.split_first() {
                            Some((Block::Paragraph(text), rest)) => {
                                self.push(name, line(text));
                                self.blocks(rest);
                            }
                            _ => self.around(name, item),
                        }
                    }
                }
                Block::Table { rows, columns } => {
                    self.push(format!("a table of {} columns", columns.len()), String::new());
                    for row in rows {
                        let cells: Vec<String> =
                            row.iter().map(|cell| line(cell)).filter(|cell| !cell.is_empty()).collect();
                        self.push("a row", cells.join(" | "));
                    }
                }
                Block::Quote(inside) => self.around("a quotation", inside),
                Block::Alert(_, inside) => self.around("a remark", inside),
                Block::Definitions(all) => all.iter().for_each(|one| match one {
                    Definition::Term(text) => self.push("a term", line(text)),
                    Definition::Meaning(inside) => self.around("the meaning of a term", inside),
                }),
                Block::Code { text, .. } => self.push("code", text.clone()),
                Block::Directive { name, attributes, blocks } => {
                    self.around(&format!("a block `:::{name}`"), blocks);
                    for (key, value) in attributes {
                        self.push(format!("its `{key}`"), value.clone());
                    }
                }
                Block::Rule => self.push("a line between two parts", String::new()),
                Block::Raw { text, .. } => self.push("a part in Markdown", text.clone()),
            }
        }
    }
}

fn line(text: &[Inline]) -> String {
    words(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Calls `see` for everything in the lines of a text.
fn each(document: &Document, see: &mut dyn FnMut(&Inline)) {
    fn of_line(line: &[Inline], see: &mut dyn FnMut(&Inline)) {
        for one in line {
            see(one);
            of_line(one.inside(), see);
        }
    }
    fn of_blocks(blocks: &[Block], see: &mut dyn FnMut(&Inline)) {
        for block in blocks {
            match block {
                Block::Heading { text, .. } | Block::Paragraph(text) => of_line(text, see),
                Block::List { items, .. } => items.iter().for_each(|item| of_blocks(item, see)),
                Block::Table { rows, .. } => rows.iter().flatten().for_each(|cell| of_line(cell, see)),
                Block::Quote(inside) | Block::Alert(_, inside) | Block::Directive { blocks: inside, .. } => {
                    of_blocks(inside, see);
                }
                Block::Definitions(all) => all.iter().for_each(|one| match one {
                    Definition::Term(text) => of_line(text, see),
                    Definition::Meaning(inside) => of_blocks(inside, see),
                }),
                Block::Code { .. } | Block::Rule | Block::Raw { .. } => {}
            }
        }
    }
    of_blocks(&document.blocks, see);
    document.notes.iter().for_each(|note| of_blocks(note, see));
}

fn targets(document: &Document) -> Vec<String> {
    let mut out = Vec::new();
    each(document, &mut |one| {
        if let Inline::Link { to, .. } = one {
            out.push(to.clone());
        }
    });
    out
}

fn pictures(document: &Document) -> Vec<String> {
    let mut out = Vec::new();
    each(document, &mut |one| {
        if let Inline::Image(image) = one {
            out.push(image.file.clone());
        }
    });
    out
}

fn mentions(document: &Document) -> usize {
    let mut count = 0;
    each(document, &mut |one| count += usize::from(matches!(one, Inline::Note(_))));
    count
}
