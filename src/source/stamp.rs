//! A file's metadata → whether it may have changed since it was read.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// What the disk says about a file without reading it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    /// Device, inode and time of change, which no program can set back; zero on systems without them.
    node: (u64, u64),
    changed: (i64, i64),
}

/// File times follow the system's clock tick, which is up to this much behind the clock.
const TICK: Duration = Duration::from_millis(20);

/// Some disks, such as FAT sticks, record times in steps of two seconds.
const COARSE: Duration = Duration::from_secs(2);

impl Stamp {
    pub(super) fn of(facts: &Metadata) -> Self {
        let (node, changed) = of_system(facts);
        Self { size: facts.len(), modified: facts.modified().ok(), node, changed }
    }

    /// Whether the file may have been written after the look that began at `looked`, even with the same stamp.
    ///
    /// A file read at the very moment it is written a second time may show the time of the first write.
    pub(super) fn is_younger_than(&self, looked: SystemTime) -> bool {
        let Some(modified) = self.modified else { return true };
        let nanoseconds = modified.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
        let margin = if nanoseconds == 0 { COARSE } else { TICK };
        let (seconds, nanoseconds) = self.changed;
        let changed = u64::try_from(seconds)
            .ok()
            .zip(u32::try_from(nanoseconds).ok())
            .map_or(modified, |(s, n)| SystemTime::UNIX_EPOCH + Duration::new(s, n));
        modified.max(changed) + margin >= looked
    }
}

/// What distinguishes a folder or file from another that takes its name; `None` if there is none.
pub(crate) fn node_at(path: &Path) -> Option<(u64, u64)> {
    Some(of_system(&std::fs::metadata(path).ok()?).0)
}

#[cfg(unix)]
fn of_system(facts: &Metadata) -> ((u64, u64), (i64, i64)) {
    use std::os::unix::fs::MetadataExt;
    ((facts.dev(), facts.ino()), (facts.ctime(), facts.ctime_nsec()))
}

#[cfg(not(unix))]
fn of_system(_: &Metadata) -> ((u64, u64), (i64, i64)) {
    ((0, 0), (0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_written_while_it_was_looked_at_is_not_believed() {
        let at = |milliseconds| SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds);
        let stamp = |time| Stamp { size: 1, modified: Some(time), node: (0, 0), changed: (0, 0) };
        assert!(stamp(at(10_001)).is_younger_than(at(10_000)));
        assert!(stamp(at(9_995)).is_younger_than(at(10_000)), "the clock of the disk is behind");
        assert!(!stamp(at(9_901)).is_younger_than(at(10_000)));
        assert!(stamp(at(9_000)).is_younger_than(at(10_000)), "whole seconds: the disk knows no finer");
        let restored = Stamp { changed: (10, 1_000_000), ..stamp(at(5_001)) };
        assert!(restored.is_younger_than(at(10_000)), "its time was set back, but not that of the change");
    }
}
