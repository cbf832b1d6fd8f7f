//! Output paths and bytes → the published folder; new source files. The only module that writes to the disk.
//!
//! 1. [`open()`] looks at the published folder and locks it: any file there that we did not write stops the build.
//! 2. [`Publication::put`] takes the files, in any order, from any thread. A file whose bytes are there already is only
//!    noted; any other is written aside.
//! 3. [`Publication::finish`] puts everything in place, by exchanging two folders or file by file.
//!
//! Until `finish`, the published folder is not touched, so a build that fails, ends early or is killed leaves it as it
//! was. The next run cleans up what a killed run leaves in the state folder ([`place`]). An unchanged file keeps its
//! time, and on most disks is the very same file.
//!
//! A published file counts as unchanged if its size and time match the manifest; otherwise it is read. Pages are not
//! forced to the disk one by one: they can be made again, and after a power cut their sizes betray them.
//!
//! Deliberately not here: what is published (`routes`, `render`), and what happens when two outputs have one path
//! (`routes` tells the author; here the second one is simply refused).
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // This module may write to the disk.

mod blobs;
mod cache;
#[cfg(feature = "publish")]
mod elsewhere;
mod exchange;
mod in_place;
mod look;
mod manifest;
#[cfg(feature = "publish")]
mod notes;
mod ordinary;
mod place;
mod refusal;
mod source_file;
mod stage;
mod survey;
#[cfg(test)]
mod tests;
mod withdraw;

pub(crate) use blobs::{Blobs, LARGEST as LARGEST_BLOBS};
pub(crate) use cache::{load, save};
#[cfg(feature = "publish")]
pub(crate) use elsewhere::{Aside, Elsewhere, write_zip};
pub(crate) use look::{Lying, look};
pub(crate) use manifest::Purpose;
#[cfg(feature = "publish")]
pub(crate) use notes::{NoNotes, Notes};
pub(crate) use refusal::{Kind, Refusal};
pub(crate) use source_file::{
    Expected, Fresh, Rearrangement, new_file, new_files, new_files_as_they_come, rearrange, replace_file, send_aside,
    write_aside,
};
pub(crate) use withdraw::withdraw;

use crate::diagnostic::Code;
use crate::path::OutputPath;
use manifest::{Manifest, Record};
use place::{MANIFEST, NEXT, PublicFolder, State};
use rayon::prelude::*;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use survey::{LyingFile, Survey};
use tempfile::TempDir;

/// The state folder's name where it has to be inside the published folder; no output may have it.
const INSIDE: &str = ".pamphlet";

/// The contents of one output file.
pub(crate) enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of a file on this disk, which may be large.
    Copy(PathBuf),
}

/// How the files are put in place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Way {
    /// All at once: the new folder takes the name of the old one. File by file where that is impossible.
    Exchange,
    /// File by file, each of them whole: for a folder that a running server or a share keeps open.
    InPlace,
}

/// What a publication did.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Report {
    /// Files that were not there before.
    pub(crate) new: usize,
    /// Files that had other bytes.
    pub(crate) changed: usize,
    /// Files that are gone.
    pub(crate) removed: usize,
    /// Files that stayed as they were.
    pub(crate) unchanged: usize,
    /// What the user should know about how it was done.
    pub(crate) note: Option<String>,
}

/// A publication in progress. Dropped without [`finish`](Self::finish), it leaves no trace.
pub(crate) struct Publication {
    place: PublicFolder,
    way: Way,
    purpose: Purpose,
    system: System,
    before: Survey,
    written: Mutex<Vec<Written>>,
    failed: AtomicBool,
    note: Option<String>,
    /// The staged publication; removed before the lock below is released.
    next: TempDir,
    state: State,
}

/// A file that was put, and what happened to it.
struct Written {
    record: Record,
    fate: Fate,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    New,
    Changed,
    Unchanged,
}

/// The two steps that a machine may refuse, so that tests can refuse them.
#[derive(Clone, Copy)]
struct System {
    /// Gives the first folder the second one's name; the third is where the second goes if that takes two steps.
    exchange: fn(&Path, &Path, &Path) -> io::Result<()>,
    /// Makes the state folder beside the published one.
    make_state: fn(&Path) -> io::Result<()>,
}

const SYSTEM: System = System { exchange: exchange::exchange, make_state: |path| fs::create_dir_all(path) };

/// Begins a publication into `folder`, which must be empty, missing or published by us.
///
/// Anything else is refused before a single byte is written. Only one publication into a folder can be open at a time.
pub(crate) fn open(folder: &Path, way: Way, purpose: Purpose) -> Result<Publication, Refusal> {
    open_with(folder, way, purpose, SYSTEM)
}

fn open_with(folder: &Path, way: Way, purpose: Purpose, system: System) -> Result<Publication, Refusal> {
    let place = PublicFolder::find(folder)?;
    let looked = |error| Refusal::unlooked(&place.shown, &error);
    if place.states()?.is_empty() {
        // No earlier run has left notes, so the folder must be empty; a refused folder gets no state folder either.
        refuse_foreign(&place, &survey::survey(&place.folder, &[]).map_err(looked)?)?;
    }
    let state = place.claim(&system)?;
    let states = place.states()?;
    let unwritable = |error| Refusal::unwritable(state.folder.display(), &error);
    exchange::take_back(&place.folder, &states).map_err(unwritable)?;
    let manifests = place::manifests(&states);
    let before = survey::survey(&place.folder, &manifests).map_err(looked)?;
    refuse_foreign(&place, &before)?;
    refuse_other_purpose(&place, &before, &manifests, purpose)?;
    // Leftovers of a killed run may fill the disk; the list of a run that had begun to put files in place is still needed.
    let untouched = |left: &PathBuf| !left.join(MANIFEST).exists();
    states
        .iter()
        .flat_map(|state| place::leftovers(state))
        .filter(untouched)
        .try_for_each(|left| stage::remove(&left))
        .map_err(unwritable)?;
    let next = tempfile::Builder::new().prefix(NEXT).tempdir_in(&state.folder).map_err(unwritable)?;
    fs::create_dir(next.path().join(SITE)).map_err(unwritable)?;
    clear(&states, &before.manifest(purpose), &state, &next).map_err(unwritable)?;
    let (way, note) = match &state.because {
        Some(because) if way == Way::Exchange => (Way::InPlace, Some(file_by_file(because))),
        _ => (way, None),
    };
    Ok(Publication {
        place,
        way,
        purpose,
        system,
        before,
        written: Mutex::default(),
        failed: AtomicBool::new(false),
        note,
        next,
        state,
    })
}

/// Whether two paths mean one folder, even if it does not exist yet.
pub(crate) fn is_same_folder(a: &Path, b: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).or_else(|_| std::path::absolute(path)).ok();
    real(a).is_some_and(|a| Some(a) == real(b))
}

/// The name of the folder of files in a publication in progress.
const SITE: &str = "site";

/// Removes what killed runs have left, after recording the files that they had already put in place as ours.
fn clear(states: &[PathBuf], before: &Manifest, state: &State, next: &TempDir) -> io::Result<()> {
    let left: Vec<PathBuf> =
        states.iter().flat_map(|state| place::leftovers(state)).filter(|path| path != next.path()).collect();
    if left.iter().any(|path| path.join(MANIFEST).exists()) {
        before.write(&next.path().join(MANIFEST))?;
        fs::rename(next.path().join(MANIFEST), state.folder.join(MANIFEST))?;
    }
    left.iter().try_for_each(|left| stage::remove(left))
}

fn file_by_file(because: &str) -> String {
    format!("published file by file, since {because}")
}

fn refuse_foreign(place: &PublicFolder, survey: &Survey) -> Result<(), Refusal> {
    let Some(first) = survey.foreign.first() else { return Ok(()) };
    let shown = &place.shown;
    let is_site = |path: &&String| *path == "site.toml" || path.starts_with("content/");
    if let Some(path) = survey.foreign.iter().find(is_site) {
        return Err(place::misplaced(format!("`{shown}` holds the site itself (`{path}`); nothing was touched")));
    }
    let whose = "if it belongs to the site, move it into `static/`; if not, move it away or publish into another folder with `-o`";
    let refusal = |message: String, help: String| Err(Refusal::foreign(Code::OutputNotOurs, message, help));
    match survey.foreign.len() {
        1 => refusal(format!("`{}` was not written by Pamphlet; nothing was touched", place.name(first)), whose.into()),
        count => {
            let more = if survey.is_cut() { "more than " } else { "" };
            let names: Vec<String> = survey.foreign.iter().take(3).map(|path| format!("`{path}`")).collect();
            let and_more = if count > 3 { " and others" } else { "" };
            refusal(
                format!("`{shown}` holds {more}{count} files that Pamphlet did not write; nothing was touched"),
                format!(
                    "publish into an empty folder with `-o`, or move these away: {}{and_more}; what belongs to the site goes into `static/`",
                    names.join(", ")
                ),
            )
        }
    }
}

/// Refuses a folder that was made for another purpose, unless none of its files are left.
fn refuse_other_purpose(
    place: &PublicFolder,
    before: &Survey,
    manifests: &[Manifest],
    purpose: Purpose,
) -> Result<(), Refusal> {
    let other = manifests.iter().map(|manifest| manifest.purpose).find(|other| *other != purpose);
    let Some(other) = other.filter(|_| !before.ours.is_empty()) else { return Ok(()) };
    let shown = &place.shown;
    let was = match other {
        Purpose::Public => "holds what readers see",
        Purpose::Moment => "holds the site as of another moment",
        Purpose::Drafts => "holds drafts too",
    };
    let message = format!("`{shown}` {was}; nothing was touched");
    let help = match purpose {
        Purpose::Public => format!("publish into another folder with `-o`, or delete `{shown}` if nobody needs it"),
        Purpose::Moment | Purpose::Drafts => "choose another folder with `-o`".to_owned(),
    };
    Err(Refusal::foreign(Code::OutputOfAnotherKind, message, help))
}

impl Publication {
    /// Takes one output file. Each path may be put once.
    pub(crate) fn put(&self, path: &OutputPath, body: Body) -> Result<(), Refusal> {
        let path = path.as_str();
        let staged = check_path(&self.place, path).and_then(|()| self.stage(path, body));
        match staged {
            Ok(written) => {
                // A thread that panicked while it held the list cannot have left it half-changed.
                self.written.lock().unwrap_or_else(PoisonError::into_inner).push(written);
                Ok(())
            }
            Err(refusal) => {
                self.failed.store(true, Ordering::Relaxed);
                Err(refusal)
            }
        }
    }

    /// Takes the file that is already at `path`, if we wrote it and it is unchanged: for files whose names determine
    /// their bytes. Returns whether it did.
    pub(crate) fn keep(&self, path: &OutputPath) -> bool {
        let Some(record) = self.before.get(path.as_str()).and_then(LyingFile::record) else { return false };
        let written = Written { record, fate: Fate::Unchanged };
        self.written.lock().unwrap_or_else(PoisonError::into_inner).push(written);
        true
    }

    /// Takes all files below `folder`, which ends with a slash, if there are any and all are unchanged. Returns whether it did.
    pub(crate) fn keep_below(&self, folder: &str) -> bool {
        let first = self.before.ours.partition_point(|kept| kept.path.as_str() < folder);
        let below: Vec<&LyingFile> =
            self.before.ours[first..].iter().take_while(|kept| kept.path.starts_with(folder)).collect();
        let records: Option<Vec<Record>> = below.into_iter().map(LyingFile::record).collect();
        let Some(records) = records.filter(|records| !records.is_empty()) else { return false };
        let kept = records.into_iter().map(|record| Written { record, fate: Fate::Unchanged });
        self.written.lock().unwrap_or_else(PoisonError::into_inner).extend(kept);
        true
    }

    /// Puts everything in place, and removes files that were published before and were not put again. `awaited` are the names of
    /// what is still to come and has no file of its own; [`Lying::awaits`] knows them until the next publication.
    pub(crate) fn finish(mut self, awaited: Vec<String>) -> Result<Report, Refusal> {
        let mut written = std::mem::take(self.written.get_mut().unwrap_or_else(PoisonError::into_inner));
        written.sort_unstable_by(|a, b| a.record.path.cmp(&b.record.path));
        self.refuse_incomplete(&written)?;
        let gone = self.gone(&written);
        let count = |fate| written.iter().filter(|written| written.fate == fate).count();
        let mut report = Report {
            new: count(Fate::New),
            changed: count(Fate::Changed),
            removed: gone.len(),
            unchanged: count(Fate::Unchanged),
            note: self.note.take(),
        };
        let records = written.iter().map(|written| written.record.clone()).collect();
        let manifest = Manifest::new(self.purpose, records).awaiting(awaited);
        manifest.write(&self.next.path().join(MANIFEST)).map_err(|error| self.unwritable_state(&error))?;

        let same = report.new + report.changed + report.removed + self.before.litter.len() == 0;
        if !(same && self.place.folder.is_dir())
            && let Some(note) = self.put_in_place(&written, &gone)?
        {
            report.note = Some(note);
        }
        fs::rename(self.next.path().join(MANIFEST), self.state.folder.join(MANIFEST))
            .map_err(|error| self.unwritable_state(&error))?;
        // If this fails, the next run will try again.
        let _ = stage::remove(self.next.path());
        if self.state.because.is_none() {
            // It was needed once, when nothing could be written beside the folder; it is now out of date.
            let _ = fs::remove_dir_all(self.place.folder.join(INSIDE));
        }
        Ok(report)
    }

    /// The folder in which the files are staged.
    fn site(&self) -> PathBuf {
        self.next.path().join(SITE)
    }

    /// Puts the staged files in place. The note says why that was not done in the usual way, if so.
    fn put_in_place(&mut self, written: &[Written], gone: &[String]) -> Result<Option<String>, Refusal> {
        let note = match self.way {
            Way::InPlace => None,
            Way::Exchange => match self.exchange(written)? {
                None => return Ok(None),
                note => note,
            },
        };
        // From here on, the staged list tells what is ours, until the manifest is written.
        self.next.disable_cleanup(true);
        in_place::place(&self.place, &self.site(), written, gone, &self.before.litter)?;
        Ok(note)
    }

    /// Exchanges the folders. The note says why that was impossible, if so; then nothing has been touched.
    fn exchange(&mut self, written: &[Written]) -> Result<Option<String>, Refusal> {
        let (site, folder) = (self.site(), &self.place.folder);
        written.par_iter().filter(|written| written.fate == Fate::Unchanged).try_for_each(|written| {
            stage::link(folder, &site, &written.record)
                .map_err(|error| Refusal::unwritable(self.place.name(&written.record.path), &error))
        })?;
        if let Some(path) =
            survey::newcomer(folder, &self.before).map_err(|error| Refusal::unlooked(&self.place.shown, &error))?
        {
            let message =
                format!("`{}` appeared while the site was being built; nothing was touched", self.place.name(&path));
            return Err(Refusal::foreign(
                Code::OutputNotOurs,
                message,
                "move it away, or into `static/`, and build again",
            ));
        }
        if let Ok(metadata) = fs::metadata(folder) {
            // Keep the folder's permissions as somebody once set them; if that fails, the usual ones will do.
            let _ = fs::set_permissions(&site, metadata.permissions());
        }
        // As soon as the folders are exchanged, the list in `next` is the right one.
        self.next.disable_cleanup(true);
        Ok((self.system.exchange)(&site, folder, &self.next.path().join(exchange::OLD))
            .err()
            .map(|error| file_by_file(&place::because(&self.place.shown, &error))))
    }

    /// The files that were published before and were not put again.
    fn gone(&self, written: &[Written]) -> Vec<String> {
        let put = |path: &String| written.binary_search_by(|written| written.record.path.cmp(path)).is_ok();
        self.before.ours.iter().map(|kept| &kept.path).filter(|path| !put(path)).cloned().collect()
    }

    fn refuse_incomplete(&self, written: &[Written]) -> Result<(), Refusal> {
        if self.failed.load(Ordering::Relaxed) {
            let message = format!("some files could not be made, so `{}` was left as it was", self.place.shown);
            return Err(Refusal::machine(Code::OutputUnwritable, message, "see the faults above and build again"));
        }
        match written.windows(2).find(|pair| pair[0].record.path == pair[1].record.path) {
            Some(pair) => Err(twice(&self.place, &pair[0].record.path)),
            None => Ok(()),
        }
    }

    fn unwritable_state(&self, error: &io::Error) -> Refusal {
        Refusal::unwritable(self.state.folder.display(), error)
    }
}

/// Refuses a path that would leave the published folder, or that the manifest cannot hold.
fn check_path(place: &PublicFolder, path: &str) -> Result<(), Refusal> {
    let plain = path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.chars().any(char::is_control)
        && Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let reserved = path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(INSIDE));
    if plain && !reserved {
        return Ok(());
    }
    let message = match reserved {
        true => format!("`{path}` begins with `{INSIDE}`, a name that Pamphlet keeps for itself"),
        false => format!("`{}` cannot be the name of a published file in `{}`", path.escape_debug(), place.shown),
    };
    Err(Refusal::foreign(Code::OutputPath, message, "give the page or file another name"))
}

fn twice(place: &PublicFolder, path: &str) -> Refusal {
    let message = format!("`{}` would be written twice", place.name(path));
    Refusal::foreign(Code::OutputPath, message, "give one of the two pages or files another address")
}
