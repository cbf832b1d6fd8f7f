//! What this machine remembers of a place that it publishes to: small files below `.pamphlet/publish/NAME` beside `site.toml`.
//!
//! They may be deleted at any time: then more is sent, and nothing else changes. A lock, which the system gives back however a
//! run ends, keeps two runs on one machine apart.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::{cache, ordinary};

/// The notes about one place, while a run has them.
pub(crate) struct Notes {
    folder: PathBuf,
    journal: Mutex<Option<File>>,
    /// Held while this lives.
    _lock: Option<File>,
}

/// Why there are no notes.
#[derive(Debug)]
pub(crate) enum NoNotes {
    /// Another run on this machine has them.
    Held,
    Failed(io::Error),
}

const STATE: &str = "state";
const JOURNAL: &str = "unfinished";

impl Notes {
    /// The notes of the site in `root` about the place called `name`.
    pub(crate) fn open(root: &Path, name: &str) -> Result<Self, NoNotes> {
        // Names are the site's own; a hash keeps them from being paths.
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let folder = if plain { name.to_owned() } else { blake3::hash(name.as_bytes()).to_hex()[..16].to_owned() };
        let folder = root.join(".pamphlet").join("publish").join(folder);
        let open = || {
            fs::create_dir_all(&folder)?;
            cache::keep_out_of_git(root)?;
            File::options().write(true).create(true).truncate(false).open(folder.join("lock"))
        };
        let lock = open().map_err(NoNotes::Failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(NoNotes::Held),
            // Some shares do not support locks; the target's own keeps publishers apart.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(NoNotes::Failed(error)),
        }
        Ok(Self { folder, journal: Mutex::default(), _lock: Some(lock) })
    }

    /// The state that was seen last: its name on the target, and its bytes.
    pub(crate) fn state(&self) -> Option<(String, Vec<u8>)> {
        let bytes = ordinary::read(&self.folder.join(STATE))?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        Some((String::from_utf8(bytes[..end].to_vec()).ok()?, bytes[end + 1..].to_vec()))
    }

    /// Remembers a state; where that fails, the next run asks the target.
    pub(crate) fn keep_state(&self, name: &str, bytes: &[u8]) {
        let mut text = format!("{name}\n").into_bytes();
        text.extend_from_slice(bytes);
        let write = || -> io::Result<()> {
            let mut file = tempfile::Builder::new().prefix(".next-").tempfile_in(&self.folder)?;
            file.write_all(&text)?;
            file.persist(self.folder.join(STATE))?;
            Ok(())
        };
        if write().is_err() {
            let _ = fs::remove_file(self.folder.join(STATE));
        }
    }

    /// The name and the lines of a publication that has not ended.
    pub(crate) fn unfinished(&self) -> Option<(String, String)> {
        let text = String::from_utf8_lossy(&ordinary::read(&self.folder.join(JOURNAL))?).into_owned();
        let (name, lines) = text.split_once('\n')?;
        // A line that was cut short says nothing.
        let whole = lines.rfind('\n').map_or("", |end| &lines[..end]);
        Some((name.to_owned(), whole.to_owned()))
    }

    /// A publication begins.
    pub(crate) fn begin(&self, name: &str) {
        let begin = || -> io::Result<File> {
            let mut file = File::create(self.folder.join(JOURNAL))?;
            file.write_all(format!("{name}\n").as_bytes())?;
            Ok(file)
        };
        *self.journal.lock().unwrap_or_else(PoisonError::into_inner) = begin().ok();
    }

    /// Adds a line to it.
    pub(crate) fn add(&self, line: &str) {
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &mut *journal
            && file.write_all(format!("{line}\n").as_bytes()).is_err()
        {
            *journal = None;
        }
    }

    /// It has ended.
    pub(crate) fn end(&self) {
        *self.journal.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let _ = fs::remove_file(self.folder.join(JOURNAL));
    }

    /// Forgets everything.
    pub(crate) fn forget(&self) {
        self.end();
        let _ = fs::remove_file(self.folder.join(STATE));
    }
}
