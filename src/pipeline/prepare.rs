//! What was read, at a moment → a snapshot that may be published, or everything that is wrong with it; and what is not to be
//! public, whatever is wrong.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use jiff::{Timestamp, ZonedDateTime};

use super::{Made, Sources, make, render_all, search_place, settle, without_echoes};
use crate::diagnostic::{Diagnostic, Severity};
use crate::render;
use crate::routes;
use crate::site::View;

/// What came of preparing a snapshot.
pub(crate) enum Prepared {
    /// It can be rendered; with faults that do not stop it, not yet settled.
    Ready(Box<Made>, Vec<Diagnostic>),
    /// It cannot be published: why, settled; and until when that is so even if no source changes.
    Wrong(Vec<Diagnostic>, Option<Timestamp>),
}

/// Makes the snapshot of `sources` at `now`, unless errors leave nothing to publish.
///
/// `faults` are those of reading. Until `stop` is set, a site that cannot be published is rendered as far as can be, so
/// that its templates show their faults too.
pub(crate) fn prepare(
    sources: &Sources,
    faults: Vec<Diagnostic>,
    now: ZonedDateTime,
    view: View,
    stop: &AtomicBool,
) -> Prepared {
    let mut found = faults.clone();
    let made = make(sources, now.clone(), view).into_value(&mut found);
    let is_fine = settle(found.clone(), &sources.tree, Some(&sources.config))
        .iter()
        .all(|fault| fault.severity != Severity::Error);
    if is_fine && made.renderer.is_some() {
        return Prepared::Ready(Box::new(made), found);
    }
    let until = made.site.true_until().map(|when| when.timestamp());
    Prepared::Wrong(everything_wrong(sources, now, faults, stop), until)
}

/// What is wrong with a site that will not be published: its templates have faults of their own to show, and what leads
/// to a page that cannot be read is right.
fn everything_wrong(
    sources: &Sources,
    now: ZonedDateTime,
    mut faults: Vec<Diagnostic>,
    stop: &AtomicBool,
) -> Vec<Diagnostic> {
    let made = make(sources, now, View::Checked).into_value(&mut faults);
    faults.extend(render_all(&made, stop, render::prove, |_, _| Vec::new()));
    without_echoes(settle(faults, &sources.tree, Some(&sources.config)), &made)
}

/// Which files of a published folder are not to be there at a moment, whether or not the rest can be published.
pub(crate) struct Withheld {
    hidden: BTreeSet<String>,
    public: BTreeSet<String>,
    /// The folder of the search's index, which is made anew as a whole.
    index: Option<String>,
}

impl Withheld {
    /// Whether a file is of something embargoed or a draft. A slip of the pen takes nothing away: an entry of which it
    /// cannot be read whether it is public does not count.
    pub(crate) fn hides(&self, path: &str) -> bool {
        self.hidden.contains(path)
    }

    /// Whether a file is a page or a document that belongs to nothing public. That is worth knowing of a site without
    /// errors only: in another, it may be missing because of them.
    pub(crate) fn misses(&self, path: &str) -> bool {
        let is_of_index = self.index.as_ref().is_some_and(|index| path.starts_with(index));
        routes::is_document(path) && !is_of_index && !self.public.contains(path)
    }
}

/// What is not to be public at `now`.
pub(crate) fn withheld(sources: &Sources, now: &ZonedDateTime) -> Withheld {
    let outputs = |view| -> (BTreeSet<String>, Made) {
        let made = make(sources, now.clone(), view).value;
        let paths = made.routes.all().iter().map(|route| route.address.output().as_str().to_owned()).collect();
        (paths, made)
    };
    let ((everything, _), (public, made)) = (outputs(View::Everything), outputs(View::Checked));
    let hidden = everything.difference(&public).cloned().collect();
    Withheld { hidden, public, index: search_place(&made) }
}
