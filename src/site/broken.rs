//! A link that leads nowhere → why, and what to say about it.

use std::cell::Cell;

use super::structure::Structure;
use super::{Ix, Visibility};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::markdown::Doc;
use crate::path::SitePath;
use crate::schema;
use crate::source::Tree;

/// Why a link leads nowhere.
#[derive(Clone, Debug)]
pub(super) enum Broken {
    /// There is nothing where an address should be.
    Empty,
    /// The file or entry does not exist.
    Missing(String),
    /// The path leads out of the site.
    Outside,
    /// The entry has neither a page nor an anchor.
    NoPage(Ix),
    Hidden(Ix),
    /// A part of a bundle that is hidden while the bundle is shown.
    HiddenPart(SitePath),
    /// The entry's own file, which has no address while the entry is hidden.
    Unpublished,
    /// A file that entries are read from, but none that has a page.
    Source(SitePath),
    Anchor {
        ix: Ix,
        anchor: String,
    },
    Scheme(String),
}

/// The text of a file, for messages that quote it.
pub(super) fn source_text<'a>(tree: &'a Tree, file: &SitePath) -> &'a str {
    tree.get(file).and_then(|file| file.text()).unwrap_or("")
}

pub(super) fn hidden(structure: &Structure, from: Ix, to: Ix) -> Option<Diagnostic> {
    use super::visibility::Hidden;
    let visibility = |ix| structure.identities.visibility(ix);
    // A page that becomes public no later than the page that links to it leaks nothing.
    let until = visibility(to).until();
    if let (Some(from), Some(to)) = (visibility(from).until(), until)
        && from >= to
    {
        return None;
    }
    let fault = |message: String| Diagnostic::new(Code::LinkToHidden, message);
    match visibility(to).hidden()? {
        Hidden::Until(when) => Some(
            fault(format!("this leads to something that is not public before {}", schema::in_words(when)))
                .help("hold this page back until the same minute with `publish_at`, or remove the link"),
        ),
        hidden @ (Hidden::Draft | Hidden::Withdrawn) => matches!(visibility(from), Visibility::Public).then(|| {
            let what = if *hidden == Hidden::Draft { "a draft" } else { "something withdrawn" };
            fault(format!("this leads to {what}, which readers cannot see"))
                .help("remove the link until that page is public")
        }),
        // A date that simply comes must not stop the site: the words stay, without the link.
        Hidden::Expired(when) => matches!(visibility(from), Visibility::Public).then(|| {
            fault(format!(
                "this leads to something that expired on {}, so readers cannot follow the link",
                schema::in_words(when)
            ))
            .help("remove the link")
            .lowered()
        }),
        // Its own fault says what is wrong.
        Hidden::Unreadable | Hidden::Language => None,
    }
}

/// The fault that `place`, with the text `doc`, has no such anchor; `near` is the one that was probably meant.
pub(super) fn unknown_anchor(anchor: &str, place: &str, doc: &Doc, near: Option<&str>) -> Diagnostic {
    let fault = Diagnostic::new(Code::UnknownAnchor, format!("there is no heading or anchor `#{anchor}` on {place}"));
    match near {
        Some(near) => fault.help(format!("did you mean `#{near}`?")),
        None if doc.anchors.is_empty() => fault.help("that text has no headings; link to the page without `#`"),
        None => {
            let known: Vec<String> = doc.anchors.iter().take(8).map(|known| format!("`#{known}`")).collect();
            fault.help(format!("the anchors there are {}", known.join(", ")))
        }
    }
}

fn near_anchor<'d>(anchor: &str, doc: &'d Doc) -> Option<&'d str> {
    nearest(anchor, doc.anchors.iter().map(String::as_str))
}

/// `fault`, corrected by the anchor `near`, which was probably meant.
pub(super) fn anchored(
    tree: &Tree,
    file: &SitePath,
    fault: Diagnostic,
    anchor: &str,
    near: Option<&str>,
) -> Diagnostic {
    match near {
        Some(near) => fault.meant_for(source_text(tree, file), &format!("#{anchor}"), &format!("#{near}")),
        None => fault,
    }
}

/// How many names the broken links of one entry are compared with. Where thousands are broken, nobody misses what the last of them
/// may have meant, and comparing each with all would take minutes.
const MOST_COMPARED: usize = 300_000;

/// What may still be compared for one entry.
pub(super) struct Guesses(Cell<usize>);

impl Guesses {
    pub(super) fn new() -> Self {
        Self(Cell::new(MOST_COMPARED))
    }

    /// Whether one more link may be compared with so many names.
    pub(super) fn may_compare(&self, names: usize) -> bool {
        let left = self.0.get().checked_sub(names);
        left.is_some_and(|left| {
            self.0.set(left);
            true
        })
    }

    /// The anchor of `doc` that was probably meant.
    pub(super) fn anchor<'d>(&self, anchor: &str, doc: &'d Doc) -> Option<&'d str> {
        self.may_compare(doc.anchors.len()).then(|| near_anchor(anchor, doc)).flatten()
    }
}
