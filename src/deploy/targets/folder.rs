//! A folder as a target: of this machine, or of a share.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::deploy::target::{About, Area, Lying, Problem, ProblemKind, Spent, Target};
use crate::store::Elsewhere;

/// A folder.
pub(crate) struct Folder {
    there: Elsewhere,
    shown: String,
    requests: AtomicU64,
    bytes: AtomicU64,
}

impl Folder {
    /// The folder at `path`, which need not exist yet, for the site in `root`.
    pub(crate) fn new(root: &Path, path: &Path) -> Result<Self, Problem> {
        let shown = path.display().to_string();
        let there = Elsewhere::new(root, path).map_err(|refusal| {
            let help = "publish to a folder of its own, outside of the site's: `to = \"../live\"`";
            Problem::new(ProblemKind::Other, refusal.diagnostic.message.clone(), help)
        })?;
        Ok(Self { there, shown, requests: AtomicU64::new(0), bytes: AtomicU64::new(0) })
    }

    fn act<T>(&self, act: impl FnOnce(&Elsewhere) -> io::Result<T>) -> Result<T, Problem> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        act(&self.there).map_err(|error| problem(&self.shown, &error))
    }
}

fn problem(shown: &str, error: &io::Error) -> Problem {
    let why = crate::source::reason(error);
    let (kind, help) = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            (ProblemKind::NotAllowed, "ask whoever looks after that folder for leave to write there and beside it")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            (ProblemKind::Full, "make room there, then publish again: what has been sent is not sent twice")
        }
        _ => (ProblemKind::Other, "see whether the disk or share is there, then publish again"),
    };
    Problem::new(kind, format!("the folder `{shown}` cannot be used: {why}"), help)
}

impl Target for Folder {
    fn list(&self, area: Area, below: &str) -> Result<Vec<Lying>, Problem> {
        // A look at the site's own folder asks nobody.
        let found = match area {
            Area::Site => self.there.list(false, below).map_err(|error| problem(&self.shown, &error))?,
            Area::State => self.act(|there| there.list(true, below))?,
        };
        Ok(found.into_iter().map(|one| Lying { path: one.path, size: one.size, written: one.written }).collect())
    }
    fn get(&self, area: Area, path: &str) -> Result<Option<Vec<u8>>, Problem> {
        self.act(|there| there.get(area == Area::State, path))
    }
    fn put(&self, area: Area, path: &str, bytes: &[u8], _: &About) -> Result<(), Problem> {
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        self.act(|there| there.put(area == Area::State, path, bytes))
    }
    fn copy(&self, from: (Area, &str), to: (Area, &str)) -> Result<bool, Problem> {
        self.act(|there| there.copy((from.0 == Area::State, from.1), (to.0 == Area::State, to.1)))
    }
    fn remove(&self, area: Area, paths: &[&str]) -> Result<(), Problem> {
        self.act(|there| there.remove(area == Area::State, paths))
    }
    fn has_folders(&self) -> bool {
        true
    }
    fn lists_at_once(&self, _: usize) -> bool {
        true
    }
    fn keeps_headers(&self) -> bool {
        false
    }
    fn clock_ahead(&self, _: i64) -> Option<i64> {
        None
    }
    fn at_once(&self) -> usize {
        4
    }
    fn spent(&self) -> Spent {
        Spent { requests: self.requests.load(Ordering::Relaxed), bytes: self.bytes.load(Ordering::Relaxed) }
    }
}
