//! Markdown text → a [`Doc`]: HTML with holes, outline, links, anchors, plain text. Knows nothing of the site.
//!
//! What depends on where the text is shown is a *hole*: where a link leads, the prefix of ids, the level of the first
//! heading, every number, highlighted code, directives. [`write_html`] fills them by asking a [`Holes`].

use std::ops::Range;

use crate::data::{Key, Raw};

/// How Markdown is read; a part of an entry's cache key.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Options {
    /// Off: CommonMark and nothing else, for the conformance tests.
    pub(crate) extensions: bool,
    /// `"quotes"`, `--` and `...` become what a typesetter sets.
    pub(crate) smart_punctuation: bool,
    /// What is done with HTML in the text.
    pub(crate) html: HtmlPolicy,
}

/// What is done with HTML that an author writes into Markdown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum HtmlPolicy {
    /// Kept as it is.
    Allow,
    /// Kept tag by tag as far as a list allows; what goes is reported.
    Sanitise,
    /// Shown as text.
    Escape,
}

/// A text that has been read: its blocks as pieces of HTML and holes, and what others ask of it.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Doc {
    pub(crate) pieces: Vec<Piece>,
    /// Headings in order, with their levels as written.
    pub(crate) outline: Vec<Heading>,
    pub(crate) links: Vec<Link>,
    pub(crate) images: Vec<Image>,
    pub(crate) codes: Vec<CodeBlock>,
    /// Ids that a link may name after `#`: headings, ids written in attributes, notes not included.
    pub(crate) anchors: Vec<String>,
    /// How many words a reader reads.
    pub(crate) words: usize,
}

/// A stretch of finished HTML, or a hole.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Piece {
    Html(Box<str>),
    /// `<h2 id="…">` of `Doc::outline[n]`; the writer chooses level and id prefix.
    HeadingStart(usize),
    HeadingEnd(usize),
    /// `<a href="…">` of `Doc::links[n]`.
    LinkStart(usize),
    LinkEnd(usize),
    /// `<img …>` of `Doc::images[n]`.
    Image(usize),
    /// A highlighted block of code: `Doc::codes[n]`.
    Code(usize),
    /// The reference to note `n` (0-based, in order of first reference), its `nth` mention (0-based).
    NoteReference { note: usize, nth: usize },
    /// The notes of the text, at its end: each one's content, and how often it is referred to.
    Notes(Vec<Note>),
    Directive(Directive),
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Note {
    pub(crate) body: Vec<Piece>,
    pub(crate) references: usize,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Heading {
    /// 1 to 6, as written.
    pub(crate) level: u8,
    pub(crate) id: String,
    /// Plain text, for outlines and menus.
    pub(crate) text: String,
    /// `class="…"` from heading attributes, without the dots.
    pub(crate) classes: Vec<String>,
    pub(crate) span: Range<usize>,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Link {
    /// The destination as written: an address, a path to a source, `#anchor`.
    pub(crate) to: String,
    pub(crate) title: String,
    /// The destination's own bytes where they can be told, else the whole link's.
    pub(crate) span: Range<usize>,
    /// The words a reader sees.
    pub(crate) text: String,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Image {
    pub(crate) to: String,
    pub(crate) title: String,
    pub(crate) alt: String,
    /// The author said that it says nothing: `![](x.jpg){decorative}`.
    pub(crate) decorative: bool,
    pub(crate) span: Range<usize>,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct CodeBlock {
    /// The first word after the fence; empty if none.
    pub(crate) language: String,
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
}

/// `:::name {key="value"}` … `:::`, not yet checked against what the theme declares.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Directive {
    pub(crate) name: String,
    pub(crate) name_span: Range<usize>,
    /// Values are `Raw` text (quoted), int, float or bool (bare); a bare word is `true`; `#x` is `id`, `.x` is `class`.
    pub(crate) attributes: Vec<(Key, Raw)>,
    pub(crate) body: Vec<Piece>,
    /// From the opening fence to the closing one.
    pub(crate) span: Range<usize>,
}

/// Who fills the holes of a text, where it is shown.
pub(crate) trait Holes {
    /// Where `link` leads, escaped by the writer; `None`: the text stands without a link.
    fn link(&mut self, link: &Link) -> Option<LinkTarget>;
    /// The whole HTML of an image.
    fn image(&mut self, image: &Image, out: &mut String);
    /// The whole HTML of a block of code.
    fn code(&mut self, code: &CodeBlock, out: &mut String);
    /// The whole HTML of a directive whose body is already HTML.
    fn directive(&mut self, directive: &Directive, body: &str, out: &mut String);
    /// What is added to each heading's level as written (0 on the entry's own page).
    fn heading_shift(&self) -> u8 {
        0
    }
    /// What ids begin with, so that two texts on one page do not share them.
    fn id_prefix(&self) -> &str {
        ""
    }
    /// A word of the interface in the reader's language: `footnotes` (the heading of the notes), `footnote-back`.
    fn word(&self, key: &'static str) -> String;
}

/// Where a link leads.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct LinkTarget {
    pub(crate) href: String,
    /// `rel`, if it needs one.
    pub(crate) rel: Option<&'static str>,
}

/// Stand-in until Markdown is written.
pub(crate) fn read_inline(
    file: &crate::path::SitePath,
    text: &str,
    offset: usize,
    _options: &Options,
) -> crate::diagnostic::Found<Doc> {
    let _ = (file, offset);
    crate::diagnostic::Found::clean(Doc { pieces: vec![Piece::Html(text.into())], ..Doc::default() })
}

/// Stand-in until Markdown is written.
pub(crate) fn read(
    file: &crate::path::SitePath,
    text: &str,
    offset: usize,
    options: &Options,
) -> crate::diagnostic::Found<Doc> {
    read_inline(file, text, offset, options)
}
