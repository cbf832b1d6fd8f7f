//! Markdown text → a [`Doc`]: a tree with its outline, links and anchors; and a `Doc` → HTML or plain text. Knows nothing
//! about the site.
//!
//! The tree (`tree`) says what the parts of a text are, not how to write them. What depends on where the text is shown
//! (where a link leads, the prefix of ids, the level of the first heading, highlighted code, directives), a writer gets
//! from a [`PageContext`].
//!
//! The steps, a file each:
//! 1. `fences` finds the lines of directives, `formulas` the formulas, `hidden` what else the parser must not see: it sees a
//!    copy of equal length without them.
//! 2. `pieces` asks pulldown-cmark for the events, `reader` goes through them once and builds the tree; `blocks`, `links`, `directives` and
//!    `attributes` do what their names say, `text` handles what is inside a run of text (bare addresses, sub- and
//!    superscript), `raw` an author's HTML, `lint` what an editor would point out.
//!    `tags` finds tags that the tokeniser cannot read; `mathml` turns the source of formulas into what is published.
//! 3. Once everything has been read, `finish` gives headings their ids and `notes` gives notes their numbers.
//!    `unread` looks for what was meant as Markdown and is shown as text.
//! 4. Writers turn the tree into an output, as often as asked: `html`, `plain`.
//!    `typeset` sets lines that are not Markdown, such as titles, as texts are set.
//!
//! Invariants: every place in a [`Doc`] and in a fault is a range of the *file*, on character boundaries; unless the policy
//! is [`HtmlPolicy::Allow`], the output has only the elements and attributes listed in `allowed`; no policy allows a
//! `style` attribute. Not here: whether a link leads anywhere, which directives exist.

pub(crate) mod highlight;

mod allowed;
mod attributes;
mod blocks;
mod directives;
mod escape;
mod fences;
mod finish;
mod formulas;
mod hidden;
mod html;
mod lines;
mod links;
mod lint;
mod mathml;
mod notes;
mod pieces;
mod plain;
mod quotes;
mod raw;
mod reader;
mod sheet;
pub(crate) mod structure;
mod tags;
mod text;
pub(crate) mod tree;
mod typeset;
mod unread;

#[cfg(test)]
mod tests;

pub(crate) use escape::escape;
pub(crate) use html::{write_block, write_html};
pub(crate) use lines::lines;
pub(crate) use plain::{first_paragraph, plain_text, texts, words};
pub(crate) use sheet::Sheets;
pub(crate) use tags::overlong;
pub(crate) use text::comment_mark;
pub(crate) use typeset::set;
pub(crate) use unread::{has_foreign_comment, look_at_field};

use std::collections::BTreeSet;
use std::ops::Range;

use crate::data::{Key, Raw};
use crate::diagnostic::Found;
use crate::path::SitePath;
use tree::Node;

/// Reads `text`, whose first byte is byte `offset` of `file`, as blocks.
pub(crate) fn read(file: &SitePath, text: &str, offset: usize, options: &Options) -> Found<Doc> {
    reader::read(file, text, offset, options, reader::Form::Blocks)
}

/// Reads a field of one line or paragraph: its HTML is what goes *inside* a paragraph.
///
/// Anything but one paragraph is a fault, and kept.
pub(crate) fn read_inline(file: &SitePath, text: &str, offset: usize, options: &Options) -> Found<Doc> {
    reader::read(file, text, offset, options, reader::Form::Inline)
}

/// A formula as the MathML that is published; `None` if it cannot be read.
pub(crate) fn mathml(tex: &str, display: bool) -> Option<String> {
    mathml::write(tex, display).ok()
}

/// How Markdown is read; part of an entry's cache key.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Options {
    /// If off, CommonMark and nothing else, for the conformance tests.
    pub(crate) extensions: bool,
    /// `"quotes"`, `--` and `...` become typographic characters.
    pub(crate) smart_punctuation: bool,
    /// What happens to HTML in the text.
    pub(crate) html: HtmlPolicy,
}

/// What happens to HTML that an author writes in Markdown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum HtmlPolicy {
    /// Kept as it is.
    Allow,
    /// Kept tag by tag as far as a list allows; what is removed is reported.
    Sanitise,
    /// Shown as text.
    Escape,
}

/// A text that has been read: a tree, and what other modules need from it.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Doc {
    /// What the text consists of, without its notes.
    pub(crate) nodes: Vec<Node>,
    /// The notes that it refers to, in the order in which a reader meets them.
    pub(crate) notes: Vec<Note>,
    /// The words of all nodes.
    words: String,
    /// Headings in order, with their levels as written.
    pub(crate) outline: Vec<Heading>,
    pub(crate) links: Vec<Link>,
    pub(crate) images: Vec<Image>,
    pub(crate) codes: Vec<CodeBlock>,
    /// Blocks `:::name`, outer ones first.
    pub(crate) directives: Vec<Directive>,
    /// References to figures, in order.
    pub(crate) references: Vec<FigureReference>,
    /// Ids that a link may name after `#`: headings and ids written in attributes, without notes.
    pub(crate) anchors: Vec<String>,
    /// How many words a reader reads.
    pub(crate) word_count: usize,
    /// Notes that nothing shown refers to: perhaps only a block that is to come.
    pub(crate) unseen: Vec<Range<usize>>,
    /// The links and images in those, by their numbers.
    pub(super) unseen_links: BTreeSet<u32>,
    pub(super) unseen_images: BTreeSet<u32>,
}

impl Doc {
    /// Gives back what its lists have room for and do not need.
    fn shrink(&mut self) {
        // For a moment both the old list and the new one are in memory.
        if self.nodes.capacity() > self.nodes.len() + self.nodes.len() / 4 {
            self.nodes.shrink_to_fit();
        }
        self.words.shrink_to_fit();
        self.outline.shrink_to_fit();
        self.links.shrink_to_fit();
        self.images.shrink_to_fit();
        self.codes.shrink_to_fit();
        self.anchors.shrink_to_fit();
    }

    /// Whether readers see what is at a place in the text.
    pub(crate) fn shows(&self, place: &Range<usize>) -> bool {
        !self.unseen.iter().any(|note| note.contains(&place.start))
    }

    /// Its links, and whether readers see each: nobody sees those in a note that nothing refers to.
    pub(crate) fn shown_links(&self) -> impl Iterator<Item = (&Link, bool)> {
        (0..).zip(&self.links).map(|(n, link)| (link, !self.unseen_links.contains(&n)))
    }

    /// The same for its images.
    pub(crate) fn shown_images(&self) -> impl Iterator<Item = (&Image, bool)> {
        (0..).zip(&self.images).map(|(n, image)| (image, !self.unseen_images.contains(&n)))
    }

    /// Moves all of it to one place: within quotation marks nothing in it has a place of its own.
    pub(crate) fn move_to(&mut self, place: &Range<usize>) {
        self.outline.iter_mut().for_each(|heading| heading.span = place.clone());
        self.links.iter_mut().for_each(|link| link.span = place.clone());
        self.images.iter_mut().for_each(|image| image.span = place.clone());
        self.codes.iter_mut().for_each(|code| code.span = place.clone());
        self.directives.iter_mut().for_each(|directive| directive.move_to(place));
        self.references.iter_mut().for_each(|reference| reference.span = place.clone());
        let notes = self.notes.iter_mut().flat_map(|note| &mut note.nodes);
        self.nodes.iter_mut().chain(notes).for_each(|node| node.set_span(place));
    }
}

/// A note.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Note {
    pub(crate) nodes: Vec<Node>,
    /// How often the text refers to it.
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
    /// The destination's own bytes if they can be found, otherwise the whole link's.
    pub(crate) span: Range<usize>,
    /// The words a reader sees.
    pub(crate) text: String,
    /// Further attributes from an author's HTML, escaped, each after a space: ` class="button"`.
    pub(crate) attributes: String,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Image {
    pub(crate) to: String,
    pub(crate) title: String,
    pub(crate) alt: String,
    /// The author says that it adds nothing to the text: `![](x.jpg){decorative}`.
    pub(crate) decorative: bool,
    pub(crate) span: Range<usize>,
    /// Further attributes from an author's HTML, escaped, each after a space: ` class="wide"`.
    pub(crate) attributes: String,
}

/// `@fig-spend`.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FigureReference {
    /// Without the sign: `fig-spend`.
    pub(crate) id: String,
    pub(crate) span: Range<usize>,
}

/// How the ids of figures that can be referred to begin.
pub(crate) const FIGURE: &str = "fig-";

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct CodeBlock {
    /// The first word after the fence; empty if none.
    pub(crate) language: String,
    pub(crate) text: String,
    pub(crate) span: Range<usize>,
}

/// `:::name {key="value"}` … `:::`, not yet checked against the theme's declarations.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Directive {
    pub(crate) name: String,
    pub(crate) name_span: Range<usize>,
    /// Values are `Raw` text (quoted), int, float or bool (bare); a bare word is `true`; `#x` is `id`, `.x` is `class`.
    pub(crate) attributes: Vec<(Key, Raw)>,
    /// From the opening fence to the closing one.
    pub(crate) span: Range<usize>,
}

impl Directive {
    fn move_to(&mut self, place: &Range<usize>) {
        self.span = place.clone();
        self.name_span = place.clone();
        for (key, value) in &mut self.attributes {
            key.span = place.clone();
            value.span = place.clone();
        }
    }
}

/// Knows where a text is shown, and answers what its writer must ask about that.
pub(crate) trait PageContext {
    /// Where `link` leads (the writer escapes it); if `None`, the text appears without a link.
    fn link(&mut self, link: &Link) -> Option<LinkTarget>;
    /// The whole HTML of an image.
    fn image(&mut self, image: &Image, out: &mut String);
    /// The whole HTML of a block of code.
    fn code(&mut self, code: &CodeBlock, out: &mut String);
    /// The whole HTML of directive `n` of the text, whose body is already HTML.
    fn directive(&mut self, n: usize, directive: &Directive, body: &str, out: &mut String);
    /// Where the figure with this id is, and what it is called: `Figure 3`; `None` if there is none.
    fn figure(&mut self, id: &str) -> Option<(String, String)>;
    /// What is added to each heading's level as written (0 on the entry's own page).
    fn heading_shift(&self) -> u8 {
        0
    }
    /// The prefix of ids, so that two texts on one page do not share them.
    fn id_prefix(&self) -> &str {
        ""
    }
    /// A word of the interface in the reader's language, unescaped; `key` is one of [`WORDS`].
    fn word(&self, key: &'static str) -> String;
}

/// Where a link leads.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct LinkTarget {
    pub(crate) href: String,
    /// `rel`, if the link needs one.
    pub(crate) rel: Option<&'static str>,
}

/// The words that texts need in the reader's language, with their English.
pub(crate) const WORDS: &[(&str, &str)] = &[
    ("footnotes", "Notes"),
    ("footnote", "Note"),
    ("footnote-back", "Back to the text, note"),
    ("table", "Table"),
    ("task-done", "Done"),
    ("task-open", "To do"),
    ("alert-note", "Note"),
    ("alert-tip", "Tip"),
    ("alert-important", "Important"),
    ("alert-warning", "Warning"),
    ("alert-caution", "Caution"),
];
