//! A published folder → its contents, read without changing anything.

use super::manifest;
use super::place::{PublicFolder, manifests};
use super::refusal::Refusal;
use super::refuse_foreign;
use super::survey::{self, Survey};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The contents of a published folder.
pub(crate) struct Lying {
    folder: PathBuf,
    before: Survey,
    /// What was still to come, by name.
    awaited: BTreeSet<String>,
}

/// Looks at `folder`, whatever it was made for; refuses one that holds files that are not ours.
pub(crate) fn look(folder: &Path) -> Result<Lying, Refusal> {
    let place = PublicFolder::find(folder)?;
    let manifests = manifests(&place.states()?);
    let before = survey::survey(&place.folder, &manifests).map_err(|error| Refusal::unlooked(&place.shown, &error))?;
    refuse_foreign(&place, &before)?;
    // Where a run has not ended well, only what every list names is certain.
    let mut lists = manifests.iter().map(|manifest| manifest.awaited.iter().cloned().collect::<BTreeSet<_>>());
    let first = lists.next().unwrap_or_default();
    let awaited = lists.fold(first, |a, b| a.intersection(&b).cloned().collect());
    Ok(Lying { folder: place.folder, before, awaited })
}

impl Lying {
    /// The paths of all files, sorted.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.before.ours.iter().map(|kept| kept.path.as_str())
    }

    /// Whether there is a file at `path`.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.before.get(path).is_some()
    }

    /// Whether something without a file of its own, by this name, was to come when the folder was last published.
    pub(crate) fn awaits(&self, name: &str) -> bool {
        self.awaited.contains(name)
    }

    /// Whether the file at `path` holds exactly these bytes.
    pub(crate) fn holds(&self, path: &str, bytes: &[u8]) -> bool {
        let Some(kept) = self.before.get(path).filter(|kept| kept.size == bytes.len() as u64) else { return false };
        match kept.hash {
            Some(hash) => hash == manifest::digest(bytes),
            None => self.bytes(path).is_some_and(|lying| lying == bytes),
        }
    }

    /// The hash of the file at `path`, the first 128 bits of BLAKE3 in hexadecimal digits, and its size in bytes; `None` if there is
    /// none, or it cannot be read.
    pub(crate) fn facts(&self, path: &str) -> Option<(String, u64)> {
        use std::fmt::Write as _;
        let kept = self.before.get(path)?;
        let hash = match kept.hash {
            Some(hash) => hash,
            None => manifest::digest(&self.bytes(path)?),
        };
        let mut digits = String::with_capacity(32);
        for byte in hash {
            // Writing to a `String` cannot fail.
            let _ = write!(digits, "{byte:02x}");
        }
        Some((digits, kept.size))
    }

    /// The bytes of the file at `path`, if it can be read.
    pub(crate) fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        self.before.get(path).and_then(|_| fs::read(self.folder.join(path)).ok())
    }
}
