//! The text of a post as WordPress keeps it → HTML that says everything in elements → a document.
//!
//! A text of the block editor has comments that say where blocks begin; a classic one has empty lines for paragraphs, and shortcodes.

use std::collections::BTreeMap;

use super::autop::autop;
use super::blocks::{self, Reusable};
use super::shortcodes::{self, Surroundings};
use crate::import::html;
use crate::import::losses::Losses;
use crate::import::site::place::Place;
use crate::import::site::survey::{Body, Entry};
use crate::import::site::texts::{Links, Text, Texts};
use crate::import::{markdown, tidy};
use crate::markdown::Options;
use crate::path::SitePath;

/// A file of the library.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Attached {
    /// Its address on the site.
    pub(super) address: String,
    /// As the export states it.
    pub(super) url: String,
    pub(super) alt: Option<String>,
    pub(super) caption: Option<String>,
    pub(super) title: String,
}

/// What the texts of an export need beside themselves.
#[derive(Debug, Default)]
pub(crate) struct WordPress {
    place: Place,
    /// The number of a reusable block and its text, or why nobody sees it.
    reusable: Reusable,
    /// The files by their numbers.
    pub(super) attached: BTreeMap<String, Attached>,
    /// The numbers of the files that belong to an entry.
    children: BTreeMap<String, Vec<String>>,
    /// The footnotes of an entry: name and text.
    notes: BTreeMap<String, Vec<(String, String)>>,
    /// What the site's settings say of shortcodes: `:::callout`, `text`, `leave out`, `>`.
    pub(super) shortcodes: Vec<(String, String)>,
    /// The rules of the site's stylesheets that hide something.
    pub(super) css: String,
}

impl WordPress {
    pub(super) fn new(
        place: Place,
        reusable: Reusable,
        attached: BTreeMap<String, Attached>,
        children: BTreeMap<String, Vec<String>>,
    ) -> Self {
        Self { place, reusable, attached, children, ..Self::default() }
    }

    /// Takes in the footnotes of an entry, as the block editor stores them.
    pub(super) fn add_notes(&mut self, entry: &str, stored: &str) {
        let notes: Vec<serde_json::Value> = serde_json::from_str(stored).unwrap_or_default();
        let part =
            |note: &serde_json::Value, key: &str| note.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
        let notes = notes.iter().filter_map(|note| Some((part(note, "id")?, part(note, "content")?))).collect();
        self.notes.insert(entry.to_owned(), notes);
    }

    /// Adds the addresses of the files that a text names.
    pub(super) fn used(&self, entry: &str, content: &str, uses: &mut Vec<String>) {
        let is_end = |c: char| c.is_whitespace() || "\"'()<>[],|\\".contains(c);
        let mut found = |content: &str| {
            for mark in ["uploads/", "files.wordpress.com/"] {
                for (at, _) in content.match_indices(mark) {
                    let start = content[..at]
                        .rfind(is_end)
                        .map_or(0, |place| place + content[place..].chars().next().map_or(1, char::len_utf8));
                    let end = content[at..]
                        .find(|c| is_end(c) || matches!(c, '?' | '#' | '&'))
                        .map_or(content.len(), |place| at + place);
                    let url = content[start..end].trim_start_matches("url=").trim_end_matches(['.', ';', ':']);
                    let ending = url.rsplit('/').next().unwrap_or_default();
                    if !ending.contains('.') {
                        continue;
                    }
                    let address = match mark {
                        "uploads/" => self.place.address(url),
                        _ => Some(url.to_owned()),
                    };
                    uses.extend(address);
                }
            }
        };
        found(content);
        for block in blocks::reused(content) {
            if let Some(Ok(text)) = self.reusable.get(&block) {
                found(text);
            }
        }
        for number in shortcodes::pictures(content) {
            uses.extend(self.attached.get(&number).map(|file| file.address.clone()));
        }
        if content.contains("[gallery") {
            let own = self.children.get(entry).into_iter().flatten();
            uses.extend(own.filter_map(|number| self.attached.get(number)).map(|file| file.address.clone()));
        }
    }

    /// The same text without what nobody sees of it: comments that are no blocks, and what a browser does not show.
    pub(super) fn seen(&self, content: &str) -> String {
        if !(content.contains('<') || content.contains("[gallery")) {
            return content.to_owned();
        }
        // What a block says of itself counts where it stands.
        let mut marked = String::with_capacity(content.len() + self.css.len());
        marked.push_str(&format!("<style>{}</style>", self.css));
        let mut rest = content;
        while let Some((before, after)) = rest.split_once("<!-- wp:") {
            marked.push_str(before);
            let (inside, behind) = after.split_once("-->").unwrap_or(("", after));
            marked.push_str(&format!(
                "<span data-block=\"{}\"></span>",
                shortcodes::escaped(&inside.replace("\\/", "/"))
            ));
            rest = behind;
        }
        marked.push_str(rest);
        let mut tree = html::tree::Tree::parse(&marked);
        let _ = html::hidden::taken_out(&mut tree);
        let mut out = String::with_capacity(content.len());
        for at in tree.within(0) {
            let block = tree.get(at, "data-block");
            if let Some(inside) = block {
                out.push_str(&format!(" <!-- wp:{inside}--> "));
            }
            for name in
                ["href", "src", "data", "poster", "style", "srcset", "data-src", "value", "content", "data-href"]
            {
                out.extend(tree.get(at, name).into_iter().flat_map(|value| [" \"", value, "\" "]));
            }
            if let html::tree::Kind::Text(text) = &tree.node(at).kind {
                out.push_str(text);
            }
        }
        out
    }

    /// A text as HTML, with everything in elements that other programs know.
    fn html(&self, entry: &str, content: &str, losses: &mut Losses) -> String {
        let is_of_blocks = content.contains("<!-- wp:");
        let mut html = blocks::expanded(content, &self.reusable, losses);
        if let Some(notes) = self.notes.get(entry) {
            html = blocks::with_notes(&html, notes, losses);
        }
        let own = self.children.get(entry).map_or(&[][..], Vec::as_slice);
        let around = Surroundings { attached: &self.attached, children: own, own: &self.shortcodes };
        let html = shortcodes::replaced(&html, &around, losses);
        let html = if is_of_blocks { html } else { autop(&html) };
        if self.css.is_empty() { html } else { format!("<style>{}</style>{html}", self.css) }
    }
}

impl Texts for WordPress {
    fn text(&self, entry: &Entry, file: &SitePath, links: &dyn Links, options: &Options) -> Text {
        let Body::Html(content) = &entry.body else { return Text::default() };
        let mut losses = Losses::default();
        let html = self.html(&entry.id, content, &mut losses);
        let mut read = html::read(&html, links);
        losses.absorb(read.losses);
        tidy(&mut read.document);
        let written = markdown::write(&read.document, options, file);
        written.say(&mut losses);
        Text { markdown: written.text, first_words: read.first_words, losses }
    }
}
