//! Expensive results → a file in `.pamphlet/cache` beside `site.toml`, which the next run reads.
//!
//! * It may be deleted at any time; a file that is damaged, or of another version, counts as missing.
//! * It is replaced as a whole, so two runs at a time do no harm: one of the two files stays.
//! * A key is a hash of everything that its value is made from, so a value never causes different bytes.
//! * It holds at most [`LARGEST`] bytes.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::ordinary;

/// The most bytes that are kept.
pub(crate) const LARGEST: usize = 16 << 20;

/// A key and its value.
pub(crate) type CachedLine = ([u8; 32], Box<str>);

pub(super) fn place(root: &Path, name: &str) -> PathBuf {
    root.join(".pamphlet").join("cache").join(name)
}

/// The contents of the cache file `name` of the site in `root`; empty if it was made under another `version`.
pub(crate) fn load(root: &Path, name: &str, version: &str) -> Vec<CachedLine> {
    ordinary::read(&place(root, name)).and_then(|bytes| parse(&bytes, version)).unwrap_or_default()
}

/// Keeps values for the next run. A cache that cannot be written is no fault: the next run makes them again.
pub(crate) fn save(root: &Path, name: &str, version: &str, kept: &[CachedLine]) {
    let path = place(root, name);
    let Some(folder) = path.parent() else { return };
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        keep_out_of_git(root)?;
        let mut file = tempfile::Builder::new().prefix(".next-").tempfile_in(folder)?;
        file.write_all(&text(version, kept))?;
        file.persist(&path)?;
        Ok(())
    };
    let _ = write();
}

/// The cache is for this computer only.
pub(super) fn keep_out_of_git(root: &Path) -> std::io::Result<()> {
    let ignore = root.join(".pamphlet/.gitignore");
    if ignore.exists() { Ok(()) } else { fs::write(ignore, "*\n") }
}

/// The version on a line, the hash of the rest, then each key, the length of its value, and its value.
fn text(version: &str, kept: &[CachedLine]) -> Vec<u8> {
    let mut body = Vec::new();
    for (key, value) in kept {
        let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
        if body.len() + value.len() > LARGEST || length == u32::MAX {
            continue;
        }
        body.extend_from_slice(key);
        body.extend_from_slice(&length.to_le_bytes());
        body.extend_from_slice(value.as_bytes());
    }
    let mut all = format!("{version}\n").into_bytes();
    all.extend_from_slice(blake3::hash(&body).as_bytes());
    all.extend_from_slice(&body);
    all
}

fn parse(bytes: &[u8], version: &str) -> Option<Vec<CachedLine>> {
    let rest = bytes.strip_prefix(version.as_bytes())?.strip_prefix(b"\n")?;
    let (hash, mut body) = rest.split_at_checked(32)?;
    if blake3::hash(body).as_bytes() != hash {
        return None;
    }
    let mut kept = Vec::new();
    while !body.is_empty() {
        let (key, rest) = body.split_first_chunk::<32>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (value, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
        kept.push((*key, std::str::from_utf8(value).ok()?.into()));
        body = rest;
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        // Seen to fail without the comparison of the hash: a value with a flipped byte came back as a value.
        #[test]
        fn what_is_kept_comes_back_whole_or_not_at_all(
            kept in proptest::collection::vec((any::<[u8; 32]>(), "[a-zé<]{0,20}"), 1..6),
            at: prop::sample::Index,
            change in prop_oneof![Just(None), (1u8..=255).prop_map(Some)],
        ) {
            let kept: Vec<CachedLine> = kept.into_iter().map(|(key, value)| (key, value.into())).collect();
            let mut bytes = text("1 a", &kept);
            prop_assert_eq!(parse(&bytes, "1 a"), Some(kept));
            prop_assert_eq!(parse(&bytes, "1 b"), None);
            let at = at.index(bytes.len());
            match change {
                Some(change) => bytes[at] ^= change,
                None => bytes.truncate(at),
            }
            prop_assert_eq!(parse(&bytes, "1 a"), None);
        }
    }

    #[test]
    fn no_more_is_kept_than_may_be() {
        let large: Box<str> = "x".repeat(LARGEST / 3).into();
        let kept: Vec<CachedLine> = (0..9u8).map(|n| ([n; 32], large.clone())).collect();
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        save(folder.path(), "large", "1", &kept);
        assert_eq!(load(folder.path(), "large", "1").len(), 2);
        // A folder that cannot be made is no fault.
        save(&folder.path().join(".pamphlet/.gitignore"), "large", "1", &kept);
    }
}
