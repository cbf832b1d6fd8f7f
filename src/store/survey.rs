//! The published folder and the lists of earlier runs → each file there: ours and unchanged, ours but touched, or not ours.
//!
//! Only names, sizes and times are read. Links are never followed: we write none, so a link belongs to somebody else.

use super::INSIDE;
use super::in_place::PART;
use super::manifest::{Hash, Manifest, Purpose, Record, time};
use std::collections::BTreeSet;
use std::io;
use std::path::{MAIN_SEPARATOR, Path};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use walkdir::WalkDir;

/// Files that offices and their machines leave about; they stop nothing and are not published again.
const LITTER: [&str; 3] = [".ds_store", "thumbs.db", "desktop.ini"];

/// Foreign files are counted up to this number: if you name a whole disk, you should not wait for it to be walked.
const ENOUGH: usize = 10_000;

/// A file of ours in the published folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct LyingFile {
    pub(super) path: String,
    /// The size that the file has now.
    pub(super) size: u64,
    /// The time that the file has now.
    pub(super) time: i64,
    /// The hash of its bytes; `None` if it has been touched, so that only reading it would tell.
    pub(super) hash: Option<Hash>,
}

impl LyingFile {
    /// Its record, if it is unchanged.
    pub(super) fn record(&self) -> Option<Record> {
        Some(Record { path: self.path.clone(), hash: self.hash?, size: self.size, time: self.time })
    }
}

/// The contents of the published folder.
#[derive(Default, Debug)]
pub(super) struct Survey {
    /// Our files, sorted by path.
    pub(super) ours: Vec<LyingFile>,
    /// Litter, to be dropped.
    pub(super) litter: Vec<String>,
    /// Files that we did not write, sorted; no more than [`ENOUGH`].
    pub(super) foreign: Vec<String>,
}

impl Survey {
    /// The file of ours at `path`.
    pub(super) fn get(&self, path: &str) -> Option<&LyingFile> {
        let at = self.ours.binary_search_by(|kept| kept.path.as_str().cmp(path)).ok()?;
        self.ours.get(at)
    }

    /// Whether there may be more foreign files than these.
    pub(super) fn is_cut(&self) -> bool {
        self.foreign.len() >= ENOUGH
    }

    /// Our files, to be recorded again after a run that did not end well.
    pub(super) fn manifest(&self, purpose: Purpose) -> Manifest {
        // No file has this size and this hash, so it will be read before it is trusted.
        let unknown =
            |kept: &LyingFile| Record { path: kept.path.clone(), hash: Hash::default(), size: u64::MAX, time: 0 };
        Manifest::new(purpose, self.ours.iter().map(|kept| kept.record().unwrap_or_else(|| unknown(kept))).collect())
    }
}

/// Looks at `folder`; the `manifests` say which files are ours. A missing folder is empty.
pub(super) fn survey(folder: &Path, manifests: &[Manifest]) -> io::Result<Survey> {
    let mut survey = Survey::default();
    if !folder.exists() {
        return Ok(survey);
    }
    for entry in walk(folder) {
        let entry = entry?;
        if entry.file_type().is_dir() {
            continue;
        }
        let path = below(folder, entry.path());
        let path = path.as_ref().map(|path| listed(path, manifests)).unwrap_or_default();
        let records: Vec<&Record> = manifests.iter().filter_map(|manifest| manifest.get(&path)).collect();
        if records.is_empty() || !entry.file_type().is_file() {
            if is_litter(&path) {
                survey.litter.push(path);
            } else {
                survey.foreign.push(below_lossy(folder, entry.path()));
            }
            if survey.is_cut() {
                break;
            }
            continue;
        }
        let metadata = entry.metadata()?;
        let (size, time) = (metadata.len(), time(&metadata));
        let as_left = records.iter().find(|record| (record.size, record.time) == (size, time));
        survey.ours.push(LyingFile { size, time, hash: as_left.map(|record| record.hash), path });
    }
    survey.ours.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    survey.foreign.sort_unstable();
    Ok(survey)
}

/// The first file in `folder` that was not there when `before` was taken and is not litter.
///
/// Between the survey and the exchange comes the whole build, and somebody may have put a file there meanwhile.
pub(super) fn newcomer(folder: &Path, before: &Survey) -> io::Result<Option<String>> {
    if !folder.exists() {
        return Ok(None);
    }
    let known: BTreeSet<&str> = before.ours.iter().map(|kept| kept.path.as_str()).collect();
    for entry in walk(folder) {
        let entry = entry?;
        if entry.file_type().is_dir() {
            continue;
        }
        let path = below(folder, entry.path()).unwrap_or_default();
        let composed: String = path.nfc().collect();
        if !known.contains(path.as_str()) && !known.contains(composed.as_str()) && !is_litter(&path) {
            return Ok(Some(below_lossy(folder, entry.path())));
        }
    }
    Ok(None)
}

fn walk(folder: &Path) -> impl Iterator<Item = walkdir::Result<walkdir::DirEntry>> {
    WalkDir::new(folder)
        .min_depth(1)
        .into_iter()
        .filter_entry(|entry| entry.depth() != 1 || entry.file_name() != INSIDE || !entry.file_type().is_dir())
}

/// `path` as a manifest would name it; `None` if it is not text.
fn below(folder: &Path, path: &Path) -> Option<String> {
    let text = path.strip_prefix(folder).ok()?.to_str()?;
    Some(if MAIN_SEPARATOR == '/' { text.to_owned() } else { text.replace(MAIN_SEPARATOR, "/") })
}

fn below_lossy(folder: &Path, path: &Path) -> String {
    below(folder, path).unwrap_or_else(|| path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned())
}

/// Some disks return a name in another Unicode form than it was written in.
fn listed(path: &str, manifests: &[Manifest]) -> String {
    let composed = || path.nfc().collect::<String>();
    if is_nfc(path) || manifests.iter().any(|manifest| manifest.get(path).is_some()) {
        path.to_owned()
    } else {
        composed()
    }
}

fn is_litter(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    LITTER.contains(&name.as_str()) || name.ends_with(PART)
}
