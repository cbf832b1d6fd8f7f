//! Staged files → the published folder, file by file.
//!
//! Each file appears whole. New files come first, and files that pages use come before the pages; then changed files;
//! removals come last. A run that ends in between leaves a folder in which every link works, or nearly so, and the next
//! run completes it. A removal comes first only where the old name is in a new one's way.

use super::place::PublicFolder;
use super::refusal::Refusal;
use super::stage::{copy, with_parents};
use super::{Fate, Written};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use unicode_normalization::UnicodeNormalization;
use walkdir::WalkDir;

/// The end of the name of a file that is being copied from another disk. The next run treats it as litter.
pub(super) const PART: &str = ".pamphlet-part";

/// Moves new and changed files from `site` into the published folder, and removes the `gone` ones and the `litter`.
pub(super) fn place(
    place: &PublicFolder,
    site: &Path,
    written: &[Written],
    gone: &[String],
    litter: &[String],
) -> Result<(), Refusal> {
    let folder = &place.folder;
    let refused = |path: &str| {
        let name = place.name(path);
        move |error: io::Error| {
            let mut refusal = Refusal::unwritable(name, &error);
            refusal.diagnostic.message.push_str("; some files are new already, and the next build completes the rest");
            refusal
        }
    };
    let names = Names::of(written);
    let (first, last): (Vec<&str>, Vec<&str>) =
        gone.iter().map(String::as_str).partition(|path| names.are_blocked_by(path));
    fs::create_dir_all(folder).map_err(|error| Refusal::unwritable(&place.shown, &error))?;
    for path in first {
        remove(folder, path).map_err(refused(path))?;
    }
    let mut moving: Vec<&Written> = written.iter().filter(|written| written.fate != Fate::Unchanged).collect();
    moving.sort_by_key(|written| (written.fate == Fate::Changed, written.record.path.ends_with(".html")));
    for written in moving {
        let path = &written.record.path;
        bring(&site.join(path), &folder.join(path), written.record.time).map_err(refused(path))?;
    }
    for path in last.into_iter().chain(litter.iter().map(String::as_str)) {
        remove(folder, path).map_err(refused(path))?;
    }
    Ok(())
}

/// Gives the file `from` the name `to`.
fn bring(from: &Path, to: &Path, time: i64) -> io::Result<()> {
    match with_parents(to, || fs::rename(from, to)) {
        Err(error) if error.kind() == ErrorKind::CrossesDevices => copy_across(from, to, time),
        Err(_) if to.is_dir() => {
            remove_empty(to);
            fs::rename(from, to)
        }
        result => result,
    }
}

/// The same from another disk: the copy gets its name when it is complete.
fn copy_across(from: &Path, to: &Path, time: i64) -> io::Result<()> {
    let name = to.file_name().unwrap_or_default();
    let mut part = std::ffi::OsString::from(".");
    part.push(name);
    part.push(PART);
    let part = to.with_file_name(part);
    let _ = fs::remove_file(&part);
    copy(from, &part, time)?;
    fs::rename(&part, to).inspect_err(|_| {
        let _ = fs::remove_file(&part);
    })
}

/// Removes a file, and the folders above it that become empty.
pub(super) fn remove(folder: &Path, path: &str) -> io::Result<()> {
    let file = folder.join(path);
    match fs::remove_file(&file) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    for above in file.ancestors().skip(1).take_while(|above| *above != folder) {
        // It is not empty, or it is gone: both are fine.
        if fs::remove_dir(above).is_err() {
            break;
        }
    }
    Ok(())
}

/// Removes a folder that holds nothing but folders.
fn remove_empty(folder: &Path) {
    for entry in WalkDir::new(folder).contents_first(true).into_iter().flatten() {
        let _ = fs::remove_dir(entry.path());
    }
}

/// The names that are to exist, as seen by a disk that ignores case and Unicode form.
struct Names {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl Names {
    fn of(written: &[Written]) -> Self {
        let mut names = Self { files: BTreeSet::new(), folders: BTreeSet::new() };
        for written in written {
            let path = fold(&written.record.path);
            for above in above(&path) {
                if !names.folders.contains(above) {
                    names.folders.insert(above.to_owned());
                }
            }
            names.files.insert(path);
        }
        names
    }

    /// Whether the old file `path` has to go before these can be placed.
    fn are_blocked_by(&self, path: &str) -> bool {
        let path = fold(path);
        self.files.contains(&path)
            || self.folders.contains(&path)
            || above(&path).any(|above| self.files.contains(above))
    }
}

/// The folders above `path`.
fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

fn fold(path: &str) -> String {
    path.nfc().collect::<String>().to_lowercase().nfc().collect()
}
