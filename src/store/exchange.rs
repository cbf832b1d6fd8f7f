//! Two folders → each under the other's name.
//!
//! On Linux this takes one step, so that readers always find one of them. Elsewhere it takes two; [`take_back`] repairs a
//! run killed between them.

use super::place::leftovers;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The name of the former folder, among the files of a publication, where the exchange takes two steps.
pub(super) const OLD: &str = "old";

/// Gives `site` the name `folder`. The folder of that name ends up under the name `site` or `old`.
///
/// On an error, everything is as it was.
pub(super) fn exchange(site: &Path, folder: &Path, old: &Path) -> io::Result<()> {
    if folder.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return fs::rename(site, folder);
    }
    swap(site, folder, old)
}

#[cfg(target_os = "linux")]
fn swap(site: &Path, folder: &Path, _old: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, site, CWD, folder, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn swap(site: &Path, folder: &Path, old: &Path) -> io::Result<()> {
    swap_in_two(site, folder, old)
}

/// The exchange in two steps; the first is undone if the second fails.
#[cfg(any(test, not(target_os = "linux")))]
pub(super) fn swap_in_two(site: &Path, folder: &Path, old: &Path) -> io::Result<()> {
    fs::rename(folder, old)?;
    fs::rename(site, folder).inspect_err(|_| {
        // The first error is the one to report; if this fails too, `take_back` will repair it.
        let _ = fs::rename(old, folder);
    })
}

/// Gives the former folder its name back, if a run was killed between the two steps.
pub(super) fn take_back(folder: &Path, states: &[PathBuf]) -> io::Result<()> {
    let old = states.iter().flat_map(|state| leftovers(state)).map(|next| next.join(OLD)).find(|old| old.is_dir());
    match old {
        Some(old) if !folder.exists() => fs::rename(old, folder),
        _ => Ok(()),
    }
}
