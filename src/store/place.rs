//! The requested folder → where it really is, and the state folder that goes with it.
//!
//! Beside a published folder `public` is its *state folder* `.public.pamphlet`, which holds:
//!
//! * `lock`: held by the run that is publishing, and the mark by which we recognise our state folder;
//! * `manifest`: what we wrote;
//! * `next-…`: a half-made publication: `site`, the files; `manifest`, what will be ours when they are in place; `old`,
//!   the former folder, where the exchange takes two steps.
//!
//! Where nothing can be written beside the folder, or no file can be moved from there into it (a mount point), the state
//! folder is `.pamphlet` inside. [`PublicFolder::find`] only reads; [`PublicFolder::claim`] is the first step that writes.

use super::manifest::Manifest;
use super::refusal::{Refusal, words};
use super::{INSIDE, System};
use crate::diagnostic::Code;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Folders of a site whose files a build reads.
const SOURCES: [&str; 4] = ["content", "themes", "templates", "static"];

const LOCK: &str = "lock";
const ABOUT: &str = "Pamphlet keeps in this folder what it remembers of the published folder that lies beside or around it.\n\
    Leave both as they are. If you delete this folder, delete the published folder too and build it anew.\n";

/// Where a site is published.
#[derive(Debug)]
pub(super) struct PublicFolder {
    /// The folder as it was typed, for messages.
    pub(super) shown: String,
    /// The folder itself, links resolved; it need not exist.
    pub(super) folder: PathBuf,
    beside: PathBuf,
    mount: bool,
}

/// The state folder of a [`PublicFolder`], locked by this run until it is dropped.
#[derive(Debug)]
pub(super) struct State {
    pub(super) folder: PathBuf,
    /// Why the publication has to go file by file, if it has to.
    pub(super) because: Option<String>,
    _lock: File,
}

impl PublicFolder {
    /// Finds `folder`. Refuses what can never be a published folder; writes nothing.
    pub(super) fn find(folder: &Path) -> Result<Self, Refusal> {
        let shown = folder.display().to_string();
        let folder = resolve(folder, &shown)?;
        let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else {
            return Err(misplaced(format!("`{shown}` is a whole disk, not a folder for one site")));
        };
        if let Some(sources) = sources_around(&folder) {
            return Err(misplaced(format!("`{shown}` is in `{sources}`, which the site is built from")));
        }
        let mut state = std::ffi::OsString::from(".");
        state.push(name);
        state.push(".pamphlet");
        Ok(Self { beside: parent.join(state), mount: is_mount(&folder, parent), shown, folder })
    }

    /// The state folders that exist.
    pub(super) fn states(&self) -> Result<Vec<PathBuf>, Refusal> {
        let mut states = Vec::new();
        for state in [self.beside.clone(), self.folder.join(INSIDE)] {
            match fs::symlink_metadata(&state) {
                Ok(metadata) if metadata.is_dir() && is_state(&state) => states.push(state),
                Ok(_) => {
                    let name = state.display();
                    return Err(Refusal::foreign(
                        Code::OutputNotOurs,
                        format!(
                            "`{name}` has the name under which Pamphlet keeps its notes, but Pamphlet did not make it"
                        ),
                        "move it away and build again",
                    ));
                }
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
                Err(error) => return Err(Refusal::unlooked(state.display(), &error)),
            }
        }
        Ok(states)
    }

    /// Makes the state folder if there is none, and takes its lock.
    pub(super) fn claim(&self, system: &System) -> Result<State, Refusal> {
        if !self.mount {
            match claim(&self.beside, system.make_state) {
                Ok(lock) => return Ok(State { folder: self.beside.clone(), because: None, _lock: lock }),
                Err(Claim::Held) => return Err(self.in_use()),
                Err(Claim::Failed(error)) if !self.folder.is_dir() => {
                    return Err(Refusal::unwritable(&self.shown, &error));
                }
                Err(Claim::Failed(_)) => {}
            }
        }
        let inside = self.folder.join(INSIDE);
        let because = match self.mount {
            true => format!("`{}` is a disk or share of its own", self.shown),
            false => format!("nothing can be written beside `{}`", self.shown),
        };
        match claim(&inside, |path| fs::create_dir(path)) {
            Ok(lock) => Ok(State { folder: inside, because: Some(because), _lock: lock }),
            Err(Claim::Held) => Err(self.in_use()),
            Err(Claim::Failed(error)) => Err(Refusal::unwritable(&self.shown, &error)),
        }
    }

    fn in_use(&self) -> Refusal {
        Refusal::machine(
            Code::OutputInUse,
            format!("another run of Pamphlet is publishing into `{}` at this moment", self.shown),
            "wait until it has ended, or stop it, and build again",
        )
    }

    /// A file of the published folder, for messages.
    pub(super) fn name(&self, path: &str) -> String {
        format!("{}/{path}", self.shown.trim_end_matches('/'))
    }
}

/// The lists of our files from earlier runs, newest first.
pub(super) fn manifests(states: &[PathBuf]) -> Vec<Manifest> {
    let pending = states.iter().flat_map(|state| leftovers(state)).map(|next| next.join(MANIFEST));
    let standing = states.iter().map(|state| state.join(MANIFEST));
    pending.chain(standing).filter_map(|path| Manifest::read(&path)).collect()
}

/// The name of the manifest, in a state folder and in a publication in progress.
pub(super) const MANIFEST: &str = "manifest";

/// The beginning of the name of a publication in progress.
pub(super) const NEXT: &str = "next-";

/// The publications in `state` that were never finished.
pub(super) fn leftovers(state: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(state) else { return Vec::new() };
    let mut left: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with(NEXT)))
        .map(|entry| entry.path())
        .collect();
    left.sort();
    left
}

enum Claim {
    Held,
    Failed(io::Error),
}

impl From<io::Error> for Claim {
    fn from(error: io::Error) -> Self {
        Claim::Failed(error)
    }
}

fn claim(state: &Path, make: impl FnOnce(&Path) -> io::Result<()>) -> Result<File, Claim> {
    match make(state) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
        _ => {}
    }
    let path = state.join(LOCK);
    let lock = match File::options().write(true).create_new(true).open(&path) {
        Ok(mut lock) => {
            io::Write::write_all(&mut lock, ABOUT.as_bytes())?;
            lock
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => File::options().write(true).open(&path)?,
        Err(error) => return Err(error.into()),
    };
    // The system releases the lock when its holder ends, however it ends, so a killed run blocks nobody.
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(Claim::Held),
        // Some shares do not support locks; the site is published there all the same.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(lock),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// A folder with our lock in it is ours; so is an empty one, left by a run killed in its first moment.
fn is_state(folder: &Path) -> bool {
    folder.join(LOCK).is_file() || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// `folder` with all links resolved, though its end may not exist yet.
fn resolve(folder: &Path, shown: &str) -> Result<PathBuf, Refusal> {
    let whole = std::path::absolute(folder).map_err(|error| Refusal::unlooked(shown, &error))?;
    for ancestor in whole.ancestors() {
        match fs::symlink_metadata(ancestor) {
            Ok(_) => {
                let there = fs::canonicalize(ancestor).map_err(|error| match error.kind() {
                    ErrorKind::NotFound => {
                        misplaced(format!("`{}` is a link to a place that is not there", ancestor.display()))
                    }
                    _ => Refusal::unlooked(ancestor.display(), &error),
                })?;
                if !there.is_dir() {
                    return Err(misplaced(format!("`{}` is a file, not a folder", ancestor.display())));
                }
                // `whole` begins with each of its ancestors.
                let rest = whole.strip_prefix(ancestor).unwrap_or(Path::new(""));
                if rest.components().any(|part| !matches!(part, std::path::Component::Normal(_))) {
                    return Err(misplaced(format!("`{shown}` leads through a folder that does not exist")));
                }
                // Joining an empty path would add a slash.
                return Ok(if rest.as_os_str().is_empty() { there } else { there.join(rest) });
            }
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(error) => return Err(Refusal::unlooked(ancestor.display(), &error)),
        }
    }
    Err(misplaced(format!("`{shown}` is on a disk that is not there")))
}

/// Refuses a folder that the site `root` is read from or that a site is published into: files that are not for readers
/// belong in neither.
pub(super) fn refuse_kept(root: &Path, folder: &Path) -> Result<(), Refusal> {
    let shown = folder.display();
    let whole = resolve(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }, &shown.to_string())?;
    let refused = |message: String| {
        let help = "choose a folder of its own, such as `shared`";
        Err(Refusal::foreign(Code::OutputMisplaced, message, help))
    };
    let root = fs::canonicalize(root).map_err(|error| Refusal::unlooked(root.display(), &error))?;
    let first = whole.strip_prefix(&root).ok().and_then(|below| below.components().next());
    if let Some(first) = first.and_then(|first| first.as_os_str().to_str())
        && (SOURCES.contains(&first) || ["assets", "strings", "public"].contains(&first))
    {
        let why = if first == "public" { "which is published" } else { "which the site is built from" };
        return refused(format!("`{shown}` is in `{first}/`, {why}; nothing was written"));
    }
    let published = whole.ancestors().find(|above| {
        let beside = above.file_name().zip(above.parent()).map(|(name, parent)| {
            let mut state = std::ffi::OsString::from(".");
            state.push(name);
            state.push(".pamphlet");
            parent.join(state)
        });
        // In the site's own folder, `.pamphlet` is the cache.
        beside.is_some_and(|state| state.is_dir()) || (*above != root && above.join(INSIDE).is_dir())
    });
    match published {
        Some(above) => {
            refused(format!("`{shown}` is in `{}`, which is published; nothing was written", above.display()))
        }
        None => Ok(()),
    }
}

/// The folder of sources that `folder` is in, if any.
fn sources_around(folder: &Path) -> Option<String> {
    folder.ancestors().skip(1).find_map(|above| {
        let first = folder.strip_prefix(above).ok()?.components().next()?.as_os_str().to_str()?;
        (SOURCES.contains(&first) && above.join("site.toml").is_file()).then(|| format!("{first}/"))
    })
}

/// The refusal of a folder that can never be published into.
pub(super) fn misplaced(message: String) -> Refusal {
    Refusal::foreign(
        Code::OutputMisplaced,
        message,
        "publish into a folder of its own, such as `public`: `pamphlet build -o public`",
    )
}

#[cfg(unix)]
fn is_mount(folder: &Path, parent: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(folder), fs::metadata(parent)) {
        (Ok(folder), Ok(parent)) => folder.dev() != parent.dev(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_mount(_folder: &Path, _parent: &Path) -> bool {
    // The exchange will find out.
    false
}

/// Why an exchange failed, for a note.
pub(super) fn because(shown: &str, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ResourceBusy => format!("`{shown}` is in use as a disk or share of its own"),
        ErrorKind::InvalidInput | ErrorKind::Unsupported => "this disk cannot exchange two folders".into(),
        _ => format!("`{shown}` could not be exchanged as a whole: {}", words(error)),
    }
}
