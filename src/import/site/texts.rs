//! What a reader offers beside its survey: the text of one entry → Markdown for the place that it gets.

use super::survey::Entry;
use crate::import::losses::Losses;
use crate::markdown::Options;
use crate::path::SitePath;

/// Turns the texts of entries into Markdown, one at a time.
pub(crate) trait Texts {
    /// The text of `entry` for the file `file`; links are written as `links` says.
    fn text(&self, entry: &Entry, file: &SitePath, links: &dyn Links, options: &Options) -> Text;
}

/// A text in Markdown.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Text {
    pub(crate) markdown: String,
    /// The words of its first paragraph, for entries without a summary.
    pub(crate) first_words: String,
    /// What is not as it was there.
    pub(crate) losses: Losses,
}

/// Where an address that was used there leads here.
pub(crate) trait Links {
    /// What to write for the address `to` of a link or a picture in the text of an entry: see [`Target`].
    fn target(&self, to: &str) -> Target;
    /// The words for readers who cannot see the picture at this address, if they are noted beside it.
    fn alt(&self, picture: &str) -> Option<&str>;
}

/// What an address has become.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// This is written: an address of this site or of another, a name beside the page, or the old one unchanged.
    To(String),
    /// There is nothing to lead to, and why, in words: `the page is hidden`, `nothing is at this address`. Its words stay, without
    /// the link.
    Nowhere(&'static str),
}
