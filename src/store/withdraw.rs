//! Files that readers must no longer find → removed from the published folder, whatever else cannot be published.
//!
//! A removal needs no room on the disk and no faultless site. Nothing is recorded: a file that the manifest names and
//! that is missing is written again when it is next published.

use super::SYSTEM;
use super::in_place::remove;
use super::place::{PublicFolder, manifests};
use super::refusal::{Refusal, words};
use super::survey::survey;
use std::path::Path;

/// What happened to files that were to go.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Withdrawn {
    /// Those that are gone: their paths in the folder.
    pub(crate) gone: Vec<String>,
    /// Those that could not be removed, as people name them, and why.
    pub(crate) left: Vec<(String, String)>,
}

/// Removes the files published into `folder` whose paths satisfy `is_to_go`.
///
/// Refuses only what [`open`](super::open) would refuse too; a file that cannot be removed is named in the result.
pub(crate) fn withdraw(folder: &Path, is_to_go: impl Fn(&str) -> bool) -> Result<Withdrawn, Refusal> {
    let mut withdrawn = Withdrawn::default();
    let place = PublicFolder::find(folder)?;
    let states = place.states()?;
    // A file behind a link is not ours, whatever it is called.
    let found = survey(&place.folder, &manifests(&states)).map_err(|error| Refusal::unlooked(&place.shown, &error))?;
    let ours: Vec<String> = found.ours.into_iter().map(|kept| kept.path).filter(|path| is_to_go(path)).collect();
    if ours.is_empty() {
        return Ok(withdrawn);
    }
    // Locked, so that no other run writes them meanwhile.
    let _state = place.claim(&SYSTEM)?;
    for path in ours {
        match remove(&place.folder, &path) {
            Ok(()) => withdrawn.gone.push(path),
            Err(error) => withdrawn.left.push((place.name(&path), words(&error))),
        }
    }
    Ok(withdrawn)
}
