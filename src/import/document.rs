//! A document that somebody wrote elsewhere: blocks and the words in them, whatever program it comes from.
//!
//! Importers fill it, [`markdown`](super::markdown) writes it. It can hold only what a text of this site can say; what a
//! program has beyond that is in the importer's [`Losses`](super::losses::Losses).

use super::marks::Mark;
use crate::markdown::tree::{Alert, Align};

/// A document.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Document {
    pub(crate) about: About,
    pub(crate) blocks: Vec<Block>,
    /// The notes, which texts name by their place in this list.
    pub(crate) notes: Vec<Vec<Block>>,
    /// The files that belong beside the page.
    pub(crate) files: Vec<File>,
}

/// What a document says of itself.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct About {
    pub(crate) title: Option<String>,
    pub(crate) subtitle: Option<String>,
    pub(crate) summary: Option<String>,
    /// Names, in order.
    pub(crate) authors: Vec<String>,
    /// The day as `2026-05-14`.
    pub(crate) date: Option<String>,
    /// What only colleagues are to see.
    pub(crate) internal_note: Option<String>,
}

/// A file beside the page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct File {
    /// Its name, without folders.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// A part of a text that stands on lines of its own.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Block {
    Heading {
        /// 2 to 6: a page's title is 1.
        level: u8,
        text: Vec<Inline>,
        /// What links name it by, if any does.
        id: Option<String>,
        classes: Vec<String>,
    },
    Paragraph(Vec<Inline>),
    List {
        /// The number of the first item, if items are numbered.
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    /// The first row names the columns. All rows have as many cells.
    Table {
        rows: Vec<Vec<Vec<Inline>>>,
        /// How each column is aligned: numbers to the right.
        columns: Vec<Align>,
    },
    Quote(Vec<Block>),
    /// A quotation that begins with `[!NOTE]` or the like.
    Alert(Alert, Vec<Block>),
    /// Terms and what they mean.
    Definitions(Vec<Definition>),
    Code {
        language: String,
        text: String,
    },
    /// `:::name {…}`.
    Directive {
        name: String,
        attributes: Vec<(String, String)>,
        blocks: Vec<Block>,
    },
    Rule,
    /// What this program has no other form for, as it was written; with its structure, which the text must keep.
    Raw {
        text: String,
        structure: String,
    },
}

/// A line of a list of definitions.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Definition {
    Term(Vec<Inline>),
    Meaning(Vec<Block>),
}

/// A part of a line.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Inline {
    Text(String),
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Deleted(Vec<Inline>),
    Subscript(Vec<Inline>),
    Superscript(Vec<Inline>),
    Code(String),
    Link {
        to: String,
        /// What is shown where somebody points at it.
        title: String,
        text: Vec<Inline>,
    },
    /// An element of HTML that Markdown has no sign for, such as `<kbd>`.
    Element {
        name: String,
        attributes: Vec<(String, String)>,
        text: Vec<Inline>,
    },
    /// The box of a task, ticked or not.
    Task(bool),
    Image(Image),
    /// A formula as TeX.
    Math {
        tex: String,
        /// On a line of its own.
        display: bool,
    },
    /// The mark of `Document::notes[n]`.
    Note(usize),
    /// `@fig-spend`: the number of a figure.
    Figure(String),
    Break,
    /// Where something begins or ends that a Word file has no form for; only while such a file is read.
    Mark(Mark),
}

/// A picture in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Image {
    pub(crate) file: String,
    pub(crate) alt: String,
    /// What is shown where somebody points at it.
    pub(crate) title: String,
    pub(crate) decorative: bool,
}

impl Inline {
    /// What is inside it.
    pub(crate) fn inside(&self) -> &[Inline] {
        match self {
            Self::Strong(inside)
            | Self::Emphasis(inside)
            | Self::Deleted(inside)
            | Self::Subscript(inside)
            | Self::Superscript(inside)
            | Self::Link { text: inside, .. }
            | Self::Element { text: inside, .. } => inside,
            _ => &[],
        }
    }

    pub(crate) fn inside_mut(&mut self) -> Option<&mut Vec<Inline>> {
        match self {
            Self::Strong(inside)
            | Self::Emphasis(inside)
            | Self::Deleted(inside)
            | Self::Subscript(inside)
            | Self::Superscript(inside)
            | Self::Link { text: inside, .. } => Some(inside),
            _ => None,
        }
    }

    /// The same mark around something else.
    pub(crate) fn around(&self, inside: Vec<Inline>) -> Inline {
        match self {
            Self::Strong(_) => Self::Strong(inside),
            Self::Emphasis(_) => Self::Emphasis(inside),
            Self::Deleted(_) => Self::Deleted(inside),
            Self::Subscript(_) => Self::Subscript(inside),
            Self::Superscript(_) => Self::Superscript(inside),
            Self::Link { to, title, .. } => Self::Link { to: to.clone(), title: title.clone(), text: inside },
            Self::Element { name, attributes, .. } => {
                Self::Element { name: name.clone(), attributes: attributes.clone(), text: inside }
            }
            other => other.clone(),
        }
    }
}

/// Gives every line of some blocks, and of what is inside them, to `change`, the innermost marks first.
pub(crate) fn map_lines(blocks: &mut [Block], change: &mut dyn FnMut(Vec<Inline>) -> Vec<Inline>) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) => map_line(text, change),
            Block::List { items, .. } => items.iter_mut().for_each(|item| map_lines(item, change)),
            Block::Table { rows, .. } => rows.iter_mut().flatten().for_each(|cell| map_line(cell, change)),
            Block::Quote(inside) | Block::Alert(_, inside) | Block::Directive { blocks: inside, .. } => {
                map_lines(inside, change);
            }
            Block::Definitions(all) => all.iter_mut().for_each(|one| match one {
                Definition::Term(text) => map_line(text, change),
                Definition::Meaning(inside) => map_lines(inside, change),
            }),
            Block::Code { .. } | Block::Rule | Block::Raw { .. } => {}
        }
    }
}

fn map_line(line: &mut Vec<Inline>, change: &mut dyn FnMut(Vec<Inline>) -> Vec<Inline>) {
    for one in line.iter_mut().filter(|one| !one.inside().is_empty()) {
        let mut inside = one.inside().to_vec();
        map_line(&mut inside, change);
        *one = one.around(inside);
    }
    *line = change(std::mem::take(line));
}

/// The words of a line, without marks.
pub(crate) fn words(line: &[Inline]) -> String {
    let mut out = String::new();
    add_words(line, &mut out);
    out
}

fn add_words(line: &[Inline], out: &mut String) {
    for inline in line {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Math { tex, .. } => out.push_str(tex),
            Inline::Break => out.push(' '),
            other => add_words(other.inside(), out),
        }
    }
}

/// Whether a line shows nothing at all.
pub(crate) fn is_blank(line: &[Inline]) -> bool {
    line.iter().all(|inline| match inline {
        Inline::Text(text) | Inline::Code(text) => text.trim().is_empty(),
        Inline::Break => true,
        Inline::Image(_) | Inline::Math { .. } | Inline::Note(_) | Inline::Figure(_) | Inline::Task(_) => false,
        Inline::Mark(_) => false,
        other => is_blank(other.inside()),
    })
}
