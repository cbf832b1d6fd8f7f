//! A document that somebody wrote elsewhere: blocks and the words in them, whatever program it comes from.
//!
//! Importers fill it, [`markdown`](super::markdown) writes it. It can hold only what a text of this site can say; what a
//! program has beyond that is in the importer's [`Losses`](super::losses::Losses).

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
        /// Which columns are aligned to the right, as numbers are.
        right: Vec<bool>,
    },
    Quote(Vec<Block>),
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
        text: Vec<Inline>,
    },
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
}

/// A picture in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Image {
    pub(crate) file: String,
    pub(crate) alt: String,
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
            | Self::Link { text: inside, .. } => inside,
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
            Self::Link { to, .. } => Self::Link { to: to.clone(), text: inside },
            other => other.clone(),
        }
    }
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
        Inline::Image(_) | Inline::Math { .. } | Inline::Note(_) | Inline::Figure(_) => false,
        other => is_blank(other.inside()),
    })
}
