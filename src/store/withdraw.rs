//! What readers shall not find any longer → gone from the published folder, whatever else cannot be published.
//!
//! To remove takes no room on a disk and no site without faults. Nothing is written down: what the manifest names and is
//! not there is brought anew when it is published again.

use super::SYSTEM;
use super::in_place::remove;
use super::place::{Place, manifests};
use super::refusal::{Refusal, words};
use super::survey::survey;
use std::path::Path;

/// What became of files that were to go.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Withdrawn {
    /// Those that are gone, as people name them.
    pub(crate) gone: Vec<String>,
    /// Those that could not be removed, and why.
    pub(crate) left: Vec<(String, String)>,
}

/// Removes those files that were published into `folder` of whose path `is_to_go` holds.
///
/// Refused is only what [`open`](super::open) would refuse too; a file that cannot be removed is named in the result.
pub(crate) fn withdraw(folder: &Path, is_to_go: impl Fn(&str) -> bool) -> Result<Withdrawn, Refusal> {
    let mut withdrawn = Withdrawn::default();
    let place = Place::find(folder)?;
    let states = place.states()?;
    // What lies behind a link is not ours, whatever it is called.
    let found = survey(&place.folder, &manifests(&states)).map_err(|error| Refusal::unlooked(&place.shown, &error))?;
    let ours: Vec<String> = found.ours.into_iter().map(|kept| kept.path).filter(|path| is_to_go(path)).collect();
    if ours.is_empty() {
        return Ok(withdrawn);
    }
    // Held, so that no other run brings them meanwhile.
    let _state = place.claim(&SYSTEM)?;
    for path in ours {
        let name = place.name(&path);
        match remove(&place.folder, &path) {
            Ok(()) => withdrawn.gone.push(name),
            Err(error) => withdrawn.left.push((name, words(&error))),
        }
    }
    Ok(withdrawn)
}
