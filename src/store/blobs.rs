//! Large, expensive results → a file each in `.pamphlet/cache/images`, which the next run reads.
//!
//! * The folder may be deleted at any time, in part or whole; a damaged file counts as missing.
//! * A file gets its name when it is complete, so two runs at a time do no harm: both write the same.
//! * A key is a hash of everything that its value is made from, so a value never causes different bytes.
//! * [`Blobs::trim`] keeps it below a limit; the oldest files go first.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use super::{cache, ordinary};
use crate::images::{BlobCache, FACTS};

/// The most bytes that are kept.
pub(crate) const LARGEST: u64 = 512 << 20;

/// The file with what is known about images.
const FACTS_FILE: &str = "image-facts";

/// A site's cache with a file for each value.
pub(crate) struct Blobs {
    root: PathBuf,
    folder: PathBuf,
    /// Whether anything was written, so that there may be too much.
    grew: AtomicBool,
}

impl Blobs {
    /// The cache of the site in `root`. Touches nothing until something is asked for.
    pub(crate) fn new(root: &Path) -> Self {
        let folder = cache::place(root, "images");
        Self { root: root.to_owned(), folder, grew: AtomicBool::new(false) }
    }

    fn path(&self, key: &[u8; 32]) -> PathBuf {
        let name = blake3::Hash::from(*key).to_hex();
        self.folder.join(&name[..2]).join(&name[2..])
    }

    /// Removes the oldest files until no more than `limit` bytes are left, if anything was added.
    pub(crate) fn trim(&self, limit: u64) {
        if !self.grew.swap(false, Ordering::Relaxed) {
            return;
        }
        let files =
            walkdir::WalkDir::new(&self.folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
        let mut files: Vec<(SystemTime, u64, PathBuf)> = files
            .filter_map(|entry| {
                let facts = entry.metadata().ok()?;
                Some((facts.modified().ok()?, facts.len(), entry.into_path()))
            })
            .collect();
        files.sort();
        let mut total: u64 = files.iter().map(|(_, size, _)| size).sum();
        for (_, size, path) in files {
            if total <= limit {
                return;
            }
            // If another run removed it first, that is just as well.
            let _ = fs::remove_file(path);
            total -= size;
        }
    }
}

/// The length of the hash with which a file begins; it covers the rest.
const HASH: usize = 32;

impl BlobCache for Blobs {
    fn has(&self, key: &[u8; 32]) -> bool {
        self.path(key).is_file()
    }

    fn get(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        let mut bytes = ordinary::read(&self.path(key))?;
        let (hash, value) = bytes.split_at_checked(HASH)?;
        if blake3::hash(value).as_bytes() != hash {
            return None;
        }
        bytes.drain(..HASH);
        Some(bytes)
    }

    fn facts(&self) -> Vec<([u8; 32], Box<str>)> {
        cache::load(&self.root, FACTS_FILE, FACTS)
    }

    fn keep_facts(&self, facts: &[([u8; 32], Box<str>)]) {
        cache::save(&self.root, FACTS_FILE, FACTS, facts);
    }

    fn put(&self, key: &[u8; 32], bytes: &[u8]) {
        let path = self.path(key);
        let Some(folder) = path.parent() else { return };
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(folder)?;
            cache::keep_out_of_git(&self.root)?;
            let mut file = tempfile::Builder::new().prefix(".next-").tempfile_in(folder)?;
            file.write_all(blake3::hash(bytes).as_bytes())?;
            file.write_all(bytes)?;
            file.persist(&path)?;
            Ok(())
        };
        // A cache that cannot be written is no fault: the next run makes the value again.
        if write().is_ok() {
            self.grew.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen to fail without the comparison of the hash, and with the newest going first.
    #[test]
    fn what_is_kept_comes_back_whole_or_not_at_all_and_the_oldest_goes_first() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let blobs = Blobs::new(folder.path());
        let keys: Vec<[u8; 32]> = (0..4).map(|n| [n; 32]).collect();
        for (n, key) in keys.iter().enumerate() {
            assert!(!blobs.has(key) && blobs.get(key).is_none());
            blobs.put(key, &[u8::try_from(n).expect("few"); 1_000]);
            let file = fs::File::options().write(true).open(blobs.path(key)).expect("it was written");
            let age = std::time::Duration::from_secs(1_700_000_000 + n as u64);
            file.set_modified(SystemTime::UNIX_EPOCH + age).expect("a time can be set");
        }
        assert_eq!(blobs.get(&keys[1]), Some(vec![1; 1_000]));
        blobs.trim(2 * 1_032);
        assert_eq!(keys.iter().map(|key| blobs.has(key)).collect::<Vec<_>>(), [false, false, true, true]);
        // A watching run trims often: the folder is only walked if something was added.
        let unknown = blobs.path(&[9; 32]);
        fs::create_dir_all(unknown.parent().expect("in a folder")).expect("a folder can be made");
        fs::write(&unknown, [0; 5_000]).expect("it can be written");
        blobs.trim(0);
        assert!(unknown.exists() && blobs.has(&keys[3]));
        fs::remove_file(&unknown).expect("it can be removed");
        let path = blobs.path(&keys[2]);
        let mut bytes = fs::read(&path).expect("it is there");
        bytes[500] ^= 1;
        fs::write(&path, &bytes).expect("it can be written");
        assert_eq!(blobs.get(&keys[2]), None);
        fs::write(&path, &bytes[..7]).expect("it can be written");
        assert_eq!(blobs.get(&keys[2]), None);
        // A folder that cannot be made is no fault.
        Blobs::new(&folder.path().join(".pamphlet/.gitignore")).put(&keys[0], b"x");
    }
}
