//! A page → a file for somebody who works in another program: a Word file for a translator or a director.
//!
//! Values in, bytes out: the command asks the site what the page holds, where its links lead and what its pictures look like
//! ([`Outgoing`], [`Around`]), and writes the bytes. What comes back is read by `import`. Not here: which fields are translated
//! (`fields` knows the types, the declarations say the rest), what is public.

pub(crate) mod compare;
pub(crate) mod docx;
pub(crate) mod fields;

#[cfg(test)]
mod tests;

use crate::import::document::{Block, Document, Inline};

/// What goes out.
pub(crate) struct Outgoing {
    pub(crate) title: String,
    /// Names, in order.
    pub(crate) authors: Vec<String>,
    /// The language of its words: `en-GB`.
    pub(crate) language: String,
    /// Whether that is read from right to left.
    pub(crate) is_from_right: bool,
    /// The file that it is made from, and the hash of that file's text.
    pub(crate) page: String,
    pub(crate) source: String,
    /// What its reader must know first: that it is a draft.
    pub(crate) notices: Vec<String>,
    /// What the page says beside its text.
    pub(crate) fields: Vec<Field>,
    pub(crate) document: Document,
}

/// A field with words.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Field {
    /// The way to it: `figures.0.text`.
    pub(crate) path: String,
    /// What people call it.
    pub(crate) label: String,
    pub(crate) says: Says,
}

/// The words of a field.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Says {
    /// A line without marks.
    Plain(String),
    /// A line with marks.
    Line(Vec<Inline>),
    Blocks(Vec<Block>),
}

/// A picture in a form that Word shows.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Picture {
    pub(crate) bytes: Vec<u8>,
    /// `png`, `jpeg` or `gif`.
    pub(crate) ending: &'static str,
    /// In pixels.
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// How a block of the site is shown.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Shown {
    /// What people call it: `Callout: warning`.
    pub(crate) label: String,
    /// The attributes that have words to translate, in order, and what people call them.
    pub(crate) fields: Vec<(String, String)>,
    /// The words of a chart whose numbers lie in a file of their own.
    pub(crate) words: Option<String>,
    /// A chart as a picture, and what it shows, in words.
    pub(crate) picture: Option<(Picture, String)>,
    /// What a reader must know of it: that it is not public yet.
    pub(crate) notice: Option<String>,
}

/// How the block of a name with its attributes is shown.
pub(crate) type BlockShown<'a> = dyn Fn(&str, &[(String, String)]) -> Shown + 'a;

/// What is around a text.
pub(crate) struct Around<'a> {
    /// Where an address as written leads in full, if that is anywhere.
    pub(crate) address: &'a dyn Fn(&str) -> Option<String>,
    /// The picture in the file of this name as written; why there is none, in words.
    pub(crate) picture: &'a dyn Fn(&str) -> Result<Picture, String>,
    /// What the figure with this id is called: `Figure 3`.
    pub(crate) figure: &'a dyn Fn(&str) -> Option<String>,
    /// The block of this name with these attributes.
    pub(crate) block: &'a BlockShown<'a>,
}
