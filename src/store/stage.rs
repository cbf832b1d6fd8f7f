//! One output file → written aside, or found unchanged in the published folder.
//!
//! Each file is newly created; no existing file is ever opened for writing, since it may be the published one by another
//! name. A folder is made when its first file is written.

use super::manifest::{self, Hash, Record, digest, digest_reader, time};
use super::refusal::{Refusal, remedy, words};
use super::survey::LyingFile;
use super::{Body, Fate, Publication, Written, twice};
use crate::diagnostic::Code;
use rayon::prelude::*;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::Path;

/// A larger file than this is copied without being held in memory as a whole.
const LARGE: u64 = 1 << 20;

impl Publication {
    /// Stages one file, unless it is unchanged.
    pub(super) fn stage(&self, path: &str, body: Body) -> Result<Written, Refusal> {
        match body {
            Body::Bytes(bytes) => self.stage_bytes(path, &bytes),
            Body::Copy(source) => self.stage_copy(path, &source),
        }
    }

    fn stage_bytes(&self, path: &str, bytes: &[u8]) -> Result<Written, Refusal> {
        let hash = digest(bytes);
        // `usize` is never wider than 64 bits.
        let size = bytes.len() as u64;
        if let Some(written) = self.unchanged(path, hash, size) {
            return Ok(written);
        }
        let write = || {
            let mut file = create(&self.site().join(path))?;
            file.write_all(bytes)?;
            file.metadata()
        };
        let metadata = write().map_err(|error| self.refused(path, &error))?;
        Ok(self.written(path, hash, &metadata))
    }

    fn stage_copy(&self, path: &str, source: &Path) -> Result<Written, Refusal> {
        let unreadable = |error: io::Error| {
            let message =
                format!("`{}` cannot be read, though the site publishes it: {}", source.display(), words(&error));
            Refusal::machine(Code::CopyUnreadable, message, remedy(&error))
        };
        let mut file = File::open(source).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
        if size <= LARGE {
            let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
            file.read_to_end(&mut bytes).map_err(unreadable)?;
            return self.stage_bytes(path, &bytes);
        }
        let same_size = self.before.get(path).is_some_and(|kept| kept.size == size);
        if same_size {
            let hash = digest_reader(&mut file).map_err(unreadable)?;
            if let Some(written) = self.unchanged(path, hash, size) {
                return Ok(written);
            }
            file.rewind().map_err(unreadable)?;
        }
        let mut target = create(&self.site().join(path)).map_err(|error| self.refused(path, &error))?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = file.read(&mut buffer).map_err(unreadable)?;
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            hasher.update(bytes);
            target.write_all(bytes).map_err(|error| self.refused(path, &error))?;
        }
        let metadata = target.metadata().map_err(|error| self.refused(path, &error))?;
        Ok(self.written(path, manifest::shorten(&hasher.finalize()), &metadata))
    }

    /// The record of `path` if it is there already with these bytes.
    fn unchanged(&self, path: &str, hash: Hash, size: u64) -> Option<Written> {
        let kept = self.before.get(path).filter(|kept| kept.size == size)?;
        (self.published_hash(kept)? == hash).then(|| Written {
            record: Record { path: path.to_owned(), hash, size, time: kept.time },
            fate: Fate::Unchanged,
        })
    }

    /// The hash of a published file; one that cannot be read is written again.
    fn published_hash(&self, kept: &LyingFile) -> Option<Hash> {
        let read = || digest_reader(File::open(self.place.folder.join(&kept.path)).ok()?).ok();
        kept.hash.or_else(read)
    }

    fn written(&self, path: &str, hash: Hash, metadata: &fs::Metadata) -> Written {
        let fate = if self.before.get(path).is_some() { Fate::Changed } else { Fate::New };
        Written { record: Record { path: path.to_owned(), hash, size: metadata.len(), time: time(metadata) }, fate }
    }

    fn refused(&self, path: &str, error: &io::Error) -> Refusal {
        match error.kind() {
            ErrorKind::AlreadyExists => twice(&self.place, path),
            _ => Refusal::unwritable(self.place.name(path), error),
        }
    }
}

/// Hard-links the file of `record` into `site`, or copies it with its time if the disk has no hard links.
pub(super) fn link(folder: &Path, site: &Path, record: &Record) -> io::Result<()> {
    let (from, to) = (folder.join(&record.path), site.join(&record.path));
    match with_parents(&to, || fs::hard_link(&from, &to)) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => copy(&from, &to, record.time),
        linked => linked,
    }
}

/// Copies a file of ours with its time.
pub(super) fn copy(from: &Path, to: &Path, time: i64) -> io::Result<()> {
    let mut target = create(to)?;
    io::copy(&mut File::open(from)?, &mut target)?;
    target.set_modified(manifest::system_time(time))
}

/// A new file at `path`; creates its folder if that is missing.
fn create(path: &Path) -> io::Result<File> {
    // Almost every page has a folder of its own, so trying to create the file first would usually fail.
    if path.file_name().is_some_and(|name| name == "index.html")
        && let Some(folder) = path.parent()
    {
        // Any problem shows when the file is created.
        let _ = fs::create_dir(folder);
    }
    with_parents(path, || File::create_new(path))
}

/// Does `step` to `path`; if a folder is missing, creates it and tries again.
pub(super) fn with_parents<T>(path: &Path, step: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match (step(), path.parent()) {
        (Err(error), Some(parent)) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(parent)?;
            step()
        }
        (result, _) => result,
    }
}

/// Removes a folder of ours with everything in it.
///
/// A published folder may have been made read-only, and is still ours once another has taken its place.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    match remove_open(folder) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            unlock(folder);
            remove_open(folder)
        }
        result => result,
    }
}

/// Makes the folders below `folder` removable; anything that cannot be changed shows in the removal.
#[cfg(unix)]
fn unlock(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let is_folder = |entry: &walkdir::DirEntry| entry.file_type().is_dir();
    // A folder is unlocked before the walk looks into it.
    for entry in walkdir::WalkDir::new(folder).into_iter().filter_entry(is_folder).flatten() {
        let _ = fs::set_permissions(entry.path(), fs::Permissions::from_mode(0o700));
    }
}

#[cfg(not(unix))]
fn unlock(_folder: &Path) {}

/// The same where nothing is locked; upper folders in parallel, since there may be thousands.
fn remove_open(folder: &Path) -> io::Result<()> {
    let below = |folder: &Path| fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>();
    let mut level = below(folder)?;
    for _ in 0..2 {
        let mut next = Vec::new();
        for entry in &level {
            if entry.file_type()?.is_dir() {
                next.extend(below(&entry.path())?);
            }
        }
        level = next;
    }
    level.into_par_iter().try_for_each(|entry| match entry.file_type()?.is_dir() {
        true => fs::remove_dir_all(entry.path()),
        false => fs::remove_file(entry.path()),
    })?;
    fs::remove_dir_all(folder)
}
