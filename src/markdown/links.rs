//! Links and images, with the places of their destinations and the words that a reader sees.

use std::ops::Range;

use pulldown_cmark::LinkType;

use super::escape::runs_code;
use super::pieces::Definitions;
use super::reader::Reader;
use super::tree::{Kind, number};
use super::{Image, Link};
use crate::diagnostic::{Code, Diagnostic};

/// A link whose words are being read.
pub(super) struct OpenLink {
    /// Its place in `Doc::links`; `None` if the link was left out.
    pub(super) number: Option<usize>,
    /// Where its words begin in `words_of`.
    pub(super) words: usize,
    pub(super) kind: LinkType,
}

/// An image whose description is being read.
pub(super) struct OpenImage {
    pub(super) number: usize,
    /// How many elements are open within its description.
    pub(super) depth: usize,
}

impl Reader<'_> {
    pub(super) fn start_link(
        &mut self,
        kind: LinkType,
        to: &str,
        title: &str,
        id: &str,
        range: &Range<usize>,
        definitions: &Definitions<'_>,
    ) {
        let to = if kind == LinkType::Email { format!("mailto:{to}") } else { to.to_owned() };
        let defined = definitions.get(id).filter(|_| !id.is_empty());
        let span = match defined {
            Some((place, to)) => self.find_in(place, to),
            None => self.place(range.clone()),
        };
        let number = if self.options.extensions && runs_code(&to) {
            self.unsafe_address(&to, span);
            None
        } else {
            let link = Link { to, title: title.to_owned(), span, text: String::new(), attributes: String::new() };
            Some(self.push_link(link, range))
        };
        self.links.push(OpenLink { number, words: self.words_of.len(), kind });
    }

    pub(super) fn end_link(&mut self, range: &Range<usize>) {
        let Some(open) = self.links.pop() else { return };
        let text = self.words_of[open.words.min(self.words_of.len())..].trim().to_owned();
        if self.links.is_empty() && self.heading.is_none() {
            self.words_of.clear();
        }
        let Some(number) = open.number else { return };
        self.tree.close(self.place(range.clone()).end);
        if matches!(open.kind, LinkType::Inline | LinkType::Autolink | LinkType::Email) {
            let after = if open.kind == LinkType::Inline { self.last_end.max(range.start) } else { range.start };
            let to = self.doc.links[number].to.clone();
            let to = if open.kind == LinkType::Email { to.trim_start_matches("mailto:") } else { &to };
            self.doc.links[number].span = self.find_in(after.min(range.end)..range.end, to);
        }
        self.doc.links[number].text = text;
        if self.options.extensions {
            let whole = self.place(range.clone());
            self.lint_link(number, whole);
        }
    }

    /// A link begins.
    pub(super) fn push_link(&mut self, link: Link, range: &Range<usize>) -> usize {
        let place = self.doc.links.len();
        self.doc.links.push(link);
        self.open(Kind::Link(number(place)), range);
        place
    }

    /// A link from HTML begins.
    pub(super) fn open_raw_link(&mut self, number: Option<usize>) {
        self.links.push(OpenLink { number, words: self.words_of.len(), kind: LinkType::Shortcut });
    }

    /// The innermost link, which came from HTML, ends.
    pub(super) fn close_raw_link(&mut self, range: &Range<usize>) {
        self.end_link(range);
    }

    /// Whether a link is being read.
    pub(super) fn in_link(&self) -> bool {
        !self.links.is_empty()
    }

    /// Where `what` is within `range` of the source, or all of `range`.
    pub(super) fn find_in(&self, range: Range<usize>, what: &str) -> Range<usize> {
        let within = self.source.get(range.clone()).unwrap_or("");
        match within.find(what) {
            Some(at) if !what.is_empty() => self.place(range.start + at..range.start + at + what.len()),
            _ => self.place(range),
        }
    }

    /// An image whose description is to be read begins.
    pub(super) fn push_image(&mut self, to: &str, title: &str, range: &Range<usize>) -> usize {
        self.doc.images.push(Image {
            to: to.to_owned(),
            title: title.to_owned(),
            alt: String::new(),
            decorative: false,
            span: self.place(range.clone()),
            attributes: String::new(),
        });
        self.doc.images.len() - 1
    }

    pub(super) fn end_image(&mut self, range: &Range<usize>) {
        let Some(OpenImage { number, .. }) = self.image.take() else {
            return;
        };
        if self.options.extensions {
            if let Some(length) = decorative(&self.source[range.end..]) {
                self.doc.images[number].decorative = true;
                self.skip_until = range.end + length;
            }
            let to = self.doc.images[number].to.clone();
            if runs_code(&to) {
                let span = self.place(range.clone());
                self.unsafe_address(&to, span);
                self.doc.images.pop();
                return;
            }
        }
        self.finish_image(number, range);
    }

    /// Adds an image whose description is known to the tree.
    fn finish_image(&mut self, place: usize, range: &Range<usize>) {
        let alt = self.doc.images[place].alt.clone();
        if !self.links.is_empty() || self.heading.is_some() {
            self.words_of.push_str(&alt);
        }
        self.lint_image(place);
        self.tree.leaf(Kind::Image(number(place)), self.place(range.clone()));
    }

    /// Adds an image written in HTML.
    pub(super) fn raw_image(&mut self, image: Image, range: &Range<usize>) {
        self.doc.images.push(image);
        self.finish_image(self.doc.images.len() - 1, range);
    }

    pub(super) fn unsafe_address(&mut self, to: &str, span: Range<usize>) {
        let scheme = to.split(':').next().unwrap_or("").trim().to_owned();
        self.faults.push(
            Diagnostic::new(Code::UnsafeAddress, format!("an address that begins with `{scheme}:` is not published"))
                .at(self.file, span)
                .help("link to a page or a file; what a browser would run as a program is left out"),
        );
    }
}

/// The length of `{decorative}` at the beginning of `text`, with blanks and whatever else stands in the braces.
fn decorative(text: &str) -> Option<usize> {
    let braces = text.trim_start_matches(' ');
    let inside = braces.strip_prefix('{')?.split_once('}')?.0;
    let found = inside.split_whitespace().any(|word| word.eq_ignore_ascii_case("decorative")) && !inside.contains('\n');
    found.then(|| text.len() - braces.len() + inside.len() + 2)
}
