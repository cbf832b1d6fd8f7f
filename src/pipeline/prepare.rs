//! What was read, at a moment → a snapshot that may be published, or every fault that prevents it.

use std::sync::atomic::AtomicBool;

use jiff::{Timestamp, ZonedDateTime};

use super::kept_out::{self, KeptOut, Readers, is_fine_without};
use super::{Made, Sources, finalise, make, render_all, settled, without_echoes};
use crate::diagnostic::Diagnostic;
use crate::render;
use crate::site::View;

/// The result of preparing a snapshot.
pub(crate) enum Prepared {
    /// It can be rendered; the faults do not stop it and are not yet final.
    Ready(Box<Made>, Vec<Diagnostic>),
    /// It cannot be published: the final faults, and how long that holds even if no source changes.
    Wrong(Vec<Diagnostic>, Option<Timestamp>),
}

/// Makes the snapshot of `sources` at `now`, unless errors leave nothing to publish.
///
/// `faults` are those of reading. Where they and the rest are only errors of what has become public by its minute and readers
/// have not had yet, that stays out; `None` instead of what they have means that nothing may. Until `stop` is set, a site
/// that cannot be published is rendered as far as possible, so that its templates show their faults too.
pub(crate) fn prepare(
    sources: &Sources,
    faults: Vec<Diagnostic>,
    now: ZonedDateTime,
    view: View,
    readers: Option<Readers<'_>>,
    stop: &AtomicBool,
) -> Prepared {
    let mut made = make(sources, now.clone(), view);
    let until = made.site.true_until().map(|when| when.timestamp());
    let mut kept_out = KeptOut::default();
    let mut rest = sources.clone();
    // What is wrong in a block that stays out is seen only while the block is there.
    let mut carried: Vec<Diagnostic> = Vec::new();
    loop {
        let mut found = faults.clone();
        found.extend(made.faults());
        carried.retain(|fault| !found.contains(fault));
        found.append(&mut carried);
        let settled = settled(found.clone(), &sources.tree, Some(&sources.config));
        if is_fine_without(&settled, &kept_out) && made.renderer.is_some() {
            return Prepared::Ready(Box::new(Made { kept_out, ..made }), found);
        }
        let before = kept_out.len();
        let without = readers.and_then(|readers| kept_out::without(&rest, &made, &settled, &mut kept_out, readers));
        match without.filter(|_| kept_out.len() > before) {
            Some(without) => {
                rest = without;
                carried.extend(found.into_iter().filter(|fault| kept_out.holds(fault)));
            }
            None => return Prepared::Wrong(everything_wrong(sources, now, view, faults, stop), until),
        }
        made = make(&rest, now.clone(), view);
    }
}

/// All faults of a site that will not be published: its templates are rendered to show theirs, and links to pages that
/// cannot be read count as right.
fn everything_wrong(
    sources: &Sources,
    now: ZonedDateTime,
    view: View,
    mut faults: Vec<Diagnostic>,
    stop: &AtomicBool,
) -> Vec<Diagnostic> {
    // Where everything is shown, drafts have faults of their own, such as one address.
    let view = if view.shows_all() { view } else { View::Checked };
    let made = make(sources, now, view);
    faults.extend(made.faults());
    faults.extend(render_all(&made, stop, render::prove, |_, _| Vec::new()));
    without_echoes(finalise(faults, &sources.tree, Some(&sources.config)), &made)
}
