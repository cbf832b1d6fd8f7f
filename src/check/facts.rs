//! What a finished page says about itself, for comparison with other pages.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::{OutputPath, SitePath};
use indexmap::IndexSet;
use std::collections::BTreeSet;

/// What other pages, and the site, need to know about a page.
#[derive(Clone, Debug)]
pub(crate) struct PageFacts {
    /// Where it is published.
    pub(crate) path: OutputPath,
    /// The source file, if there is one.
    pub(crate) source: Option<SitePath>,
    /// The entry whose later edition it is, as its source names that.
    pub(crate) replaces: Option<String>,
    /// The ids that `#…` can lead to.
    pub(crate) ids: BTreeSet<String>,
    /// What it links to and what it loads, each once, in order of appearance.
    pub(crate) links: IndexSet<Link>,
    /// The text of `title`, white space collapsed.
    pub(crate) title: Option<String>,
    /// The language of the page as a whole.
    pub(crate) lang: Option<String>,
    /// The address in its `rel="canonical"`.
    pub(crate) canonical: Option<String>,
    /// Whether it asks search engines to leave it out.
    pub(crate) noindex: bool,
    /// Whether it does nothing but send readers on.
    pub(crate) redirect: bool,
    /// The length of its HTML.
    pub(crate) bytes: usize,
    /// The transfer size of its HTML, if asked for.
    pub(crate) sent: Option<usize>,
    /// Whether it is a page of a list.
    pub(crate) is_list: bool,
}

/// An address on a page.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Link {
    /// As written, with character references resolved.
    pub(crate) url: String,
    /// What a browser does with it.
    pub(crate) kind: LinkKind,
}

/// What a browser does with an address on a page.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum LinkKind {
    /// A reader may go there.
    Followed,
    /// The browser fetches it without being asked.
    Loaded,
}

impl PageFacts {
    /// A page of which only the address and the length are known so far.
    pub(super) fn new(path: &OutputPath, source: Option<&SitePath>, bytes: usize) -> Self {
        Self {
            path: path.clone(),
            source: source.cloned(),
            replaces: None,
            ids: BTreeSet::new(),
            links: IndexSet::new(),
            title: None,
            lang: None,
            canonical: None,
            noindex: false,
            redirect: false,
            bytes,
            sent: None,
            is_list: false,
        }
    }
}

/// A fault of the finished page `facts`.
pub(super) fn fault(facts: &PageFacts, code: Code, message: impl Into<String>) -> Diagnostic {
    let mut fault = Diagnostic::new(code, message);
    fault.page = Some(facts.path.address().as_str().to_owned());
    fault.span = facts.source.as_ref().map(Span::file);
    fault
}
