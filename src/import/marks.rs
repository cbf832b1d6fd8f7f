//! What a Word file has no form for, as marks: hidden words such as `⟦{"link":…}⟧`, which `export` writes into the file and the
//! importer of translations finds again, whatever a translator's program did to the runs around them.
//!
//! A mark opens something; `⟦"end"⟧` closes it. What a reader of the file sees in between may be words of the text, or words that only
//! stand for something else (a number of a figure, a label), which do not come back.

use serde::{Deserialize, Serialize};

/// What begins and ends a mark.
pub(crate) const OPEN: char = '⟦';
pub(crate) const CLOSE: char = '⟧';
/// The style of their letters.
pub(crate) const STYLE: &str = "Pamphlet Mark";
/// The style of the head of a column that is aligned to the left, which others are anyway.
pub(crate) const LEFT: &str = "Pamphlet Head Left";
/// The style of a line between two parts of a text.
pub(crate) const RULE: &str = "Pamphlet Rule";
/// The style of what is kept as it was written.
pub(crate) const RAW: &str = "Pamphlet Source";
/// What the words of a chart are called whose numbers lie in a file of their own.
pub(crate) const WORDS: &str = "words in the file";
/// The properties of the file that say what it was made from.
pub(crate) const PAGE: &str = "Pamphlet page";
pub(crate) const SOURCE: &str = "Pamphlet source";

/// A mark.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mark {
    /// What the innermost mark opened ends here.
    End,

    // Of blocks, at the beginning of a paragraph.
    Directive {
        name: String,
        attributes: Vec<(String, String)>,
    },
    /// With its kind: `NOTE`.
    Alert(String),
    Quote,
    /// Another list begins with this item, though one like it ends before it.
    List,
    /// More of the last item of the list at this level, from 0.
    Item(usize),
    Definitions,
    Meaning,
    /// At the beginning of a note: its number in the text that went out.
    Note(usize),
    /// A block of code begins, in this language.
    Code(String),
    /// What is written here comes back as it is.
    Raw,
    Heading {
        id: Option<String>,
        classes: Vec<String>,
    },
    /// The paragraph is there for its mark alone.
    Empty,
    /// The rest of the paragraph is the value of this attribute or field.
    Field(String),

    // Within a line.
    Link {
        to: String,
        title: String,
        at: String,
    },
    /// The picture that follows, and its first words if it has any, are this file.
    Image {
        file: String,
        title: String,
        is_decorative: bool,
    },
    /// The formula that follows is this TeX; what it says as Word shows it.
    Math {
        tex: String,
        display: bool,
        said: String,
    },
    Element {
        name: String,
        attributes: Vec<(String, String)>,
    },
    /// Code in a link, whose look some programs take away.
    Verbatim,
    Strong,
    Emphasis,
    Deleted,
    Subscript,
    Superscript,
    /// What follows stands for the number of a figure, for another mention of a note, for the box of a task, for nothing; with what the
    /// reader of the file sees.
    Figure {
        id: String,
        shown: String,
    },
    Again {
        note: usize,
        shown: String,
    },
    Task {
        done: bool,
        shown: String,
    },
    Shown(String),
}

impl Mark {
    /// The mark as the words of a run.
    pub(crate) fn written(&self) -> String {
        let inside = serde_json::to_string(self).unwrap_or_default();
        format!("{OPEN}{}{CLOSE}", inside.replace(CLOSE, "\\u27e7").replace(OPEN, "\\u27e6"))
    }

    /// Reads what [`written`](Self::written) wrote; `None` if it is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text.trim().strip_prefix(OPEN)?.strip_suffix(CLOSE)?).ok()
    }
}

/// Hidden words so far → the marks in them that are complete; what is left waits for the next run.
pub(crate) fn complete(hidden: &mut String) -> Vec<Mark> {
    let mut found = Vec::new();
    while let Some(end) = hidden.find(CLOSE) {
        let rest = hidden.split_off(end + CLOSE.len_utf8());
        let one = std::mem::replace(hidden, rest);
        let start = one.find(OPEN).unwrap_or(0);
        found.extend(Mark::read(&one[start..]));
    }
    found
}
