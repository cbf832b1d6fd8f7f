//! HTML, as other programs keep it → a document and what became of everything in it.
//!
//! `tree` parses it as a browser does; `hidden` takes out what a browser does not show, `css` knows the declarations that do that; `blocks` goes through what stands on lines of its own, `lines` through words and marks,
//! `tables` through tables; `notes` finds footnotes that are links to a place further down. What a program writes beside HTML, such as
//! shortcodes, its reader turns into elements first; the attributes that begin with `data-import-` are its way to ask for something
//! that HTML does not have:
//!
//! * `data-import-block="callout"` on a `div`: the block `:::callout`, with `data-import-title` and so on as its attributes;
//! * `data-import-note` on a `span`: its words are a footnote that belongs here;
//! * `data-import-math` on a `span`: its words are a formula.

mod blocks;
pub(crate) mod css;
mod embeds;
pub(crate) mod hidden;
mod lines;
mod notes;
mod places;
mod tables;
pub(crate) mod tree;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Block, Document, words};
use super::losses::Losses;
use super::site::texts::Links;
pub(crate) use embeds::watched;
use tree::Tree;

/// A fragment that has been read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) document: Document,
    pub(crate) losses: Losses,
    /// The words of its first paragraph.
    pub(crate) first_words: String,
}

/// How deep elements may be nested; what is deeper is taken over as words.
const DEEPEST: usize = 120;

/// Reads a fragment; `links` says where its links and pictures lead.
pub(crate) fn read(html: &str, links: &dyn Links) -> Read {
    let mut tree = Tree::parse(html);
    let unseen = hidden::taken_out(&mut tree);
    let mut reader = Reader {
        tree: &tree,
        links,
        losses: Losses::default(),
        notes: Vec::new(),
        note_at: BTreeMap::new(),
        passed_over: BTreeSet::new(),
        named: BTreeMap::new(),
        heading_ids: BTreeMap::new(),
        levels: Vec::new(),
        under: String::new(),
        styled: 0,
    };
    for words in unseen {
        reader.left(
            "what a browser did not show",
            "it is hidden by `hidden`, `display: none` or the like: if a script showed it, copy what readers need",
            &words,
        );
    }
    reader.find_notes();
    reader.find_named();
    let blocks = reader.flow(0, 0);
    reader.say_styles();
    let first_words = first_words(&blocks);
    let mut document = Document { blocks, notes: reader.notes, ..Document::default() };
    places::without_lost(&mut document);
    Read { document, losses: reader.losses, first_words }
}

/// The words of a fragment that a browser shows.
pub(crate) fn words_seen(html: &str) -> String {
    let mut tree = Tree::parse(html);
    let _ = hidden::taken_out(&mut tree);
    tree.words(0)
}

/// The same as one line for a field. The beginning of a comment, written to be read, stays as it was: a field would take it for one.
pub(crate) fn words_of_title(html: &str) -> String {
    words_seen(html).split_whitespace().collect::<Vec<_>>().join(" ").replace("<!--", "&lt;!--")
}

/// What goes through a tree.
struct Reader<'a> {
    tree: &'a Tree,
    links: &'a dyn Links,
    losses: Losses,
    notes: Vec<Vec<Block>>,
    /// The elements that are the mark of a note, and which note.
    note_at: BTreeMap<usize, usize>,
    /// Elements whose words are somewhere else already.
    passed_over: BTreeSet<usize>,
    /// The names of places in this text that links lead to, and the names of the headings that stand for them.
    named: BTreeMap<String, Option<String>>,
    /// The headings that links lead to, and their names.
    heading_ids: BTreeMap<usize, String>,
    /// The levels of the headings that are open, as in the HTML.
    levels: Vec<u8>,
    /// The heading before, for reports.
    under: String,
    /// How many elements had colours, sizes and the like.
    styled: usize,
}

impl Reader<'_> {
    /// Where the reader is, in words.
    fn place(&self) -> String {
        if self.under.is_empty() { String::new() } else { format!("under “{}”", self.under) }
    }

    fn changed(&mut self, what: &str, how: &str, words: &str) {
        let place = self.place();
        self.losses.changed(what, how, place, words);
    }

    fn left(&mut self, what: &str, how: &str, words: &str) {
        let place = self.place();
        self.losses.left(what, how, place, words);
    }

    fn say_styles(&mut self) {
        if self.styled > 0 {
            let words = format!("{} places", self.styled);
            self.losses.changed(
                "colours, sizes and alignment",
                "the words are here without them: the design of the site decides",
                String::new(),
                &words,
            );
        }
    }
}

/// The words of the first paragraph that has some.
fn first_words(blocks: &[Block]) -> String {
    for block in blocks {
        let found = match block {
            Block::Paragraph(text) => words(text),
            Block::Quote(inside) | Block::Directive { blocks: inside, .. } => first_words(inside),
            Block::List { items, .. } => {
                items.iter().map(|item| first_words(item)).find(|words| !words.is_empty()).unwrap_or_default()
            }
            _ => continue,
        };
        let found = found.split_whitespace().collect::<Vec<_>>().join(" ");
        if found.chars().filter(|c| c.is_alphanumeric()).count() > 2 {
            return found;
        }
    }
    String::new()
}
