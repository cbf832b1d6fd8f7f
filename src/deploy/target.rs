//! What a place to publish to can do, whatever it is made of: a folder, a server, an object store.
//!
//! A target has two areas. Readers see the *site*; the *state* is the program's own: what was published when, who is
//! publishing now, and the bytes of earlier states. Every operation is whole or has not happened, so that a reader who asks at
//! any moment gets one version of a file.

use std::time::Duration;

/// Which part of a target a path is in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Area {
    /// What readers see.
    Site,
    /// What the program notes; readers must not find it.
    State,
}

/// A file that lies on a target.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Lying {
    /// Its path below its area, with `/`.
    pub(crate) path: String,
    /// In bytes, as it lies there.
    pub(crate) size: u64,
    /// When it was last written, in whole seconds since 1970 by the *target's* clock.
    pub(crate) written: i64,
}

/// What is sent with a file to those who ask for it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub(crate) struct About {
    /// `Content-Type`.
    pub(crate) media_type: String,
    /// `Cache-Control`.
    pub(crate) caching: Option<String>,
    /// `Content-Disposition`.
    pub(crate) disposition: Option<String>,
    /// `Content-Language`.
    pub(crate) language: Option<String>,
    /// Whether the bytes are packed with gzip (`Content-Encoding`).
    pub(crate) is_packed: bool,
}

/// Why a target did not do what it was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Problem {
    pub(crate) kind: ProblemKind,
    /// What happened, as a sentence without its full stop, in words of the person who publishes.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: String,
}

/// What kind of problem it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ProblemKind {
    /// The connection broke or could not be made: worth trying again.
    Connection,
    /// The target does not let us in, or does not let us write.
    NotAllowed,
    /// There is no room left.
    Full,
    /// Somebody else is publishing.
    Taken,
    /// Somebody else has taken over from us.
    Overtaken,
    /// The target's clock and ours do not agree.
    Clock,
    /// Anything else.
    Other,
}

impl Problem {
    /// A problem of this kind.
    pub(crate) fn new(kind: ProblemKind, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { kind, message: message.into(), help: help.into() }
    }
}

/// A place to publish to. Its operations may be called from several threads at once.
pub(crate) trait Target: Sync {
    /// The files of an area whose paths begin with `below`, in order of path; a target that does not exist yet has none.
    fn list(&self, area: Area, below: &str) -> Result<Vec<Lying>, Problem>;
    /// The bytes of a file as they lie there; `None` if there is none.
    fn get(&self, area: Area, path: &str) -> Result<Option<Vec<u8>>, Problem>;
    /// Writes a file, new or in place of another, as a whole.
    fn put(&self, area: Area, path: &str, bytes: &[u8], about: &About) -> Result<(), Problem>;
    /// Makes a second file with the bytes and headers of the first, without sending them again; false if the first is missing.
    fn copy(&self, from: (Area, &str), to: (Area, &str)) -> Result<bool, Problem>;
    /// Removes files; those that are missing already are no problem. A folder that becomes empty goes too.
    fn remove(&self, area: Area, paths: &[&str]) -> Result<(), Problem>;
    /// Whether anybody can read a file without keys, which only a target that readers ask themselves can tell.
    fn shows_to_all(&self, _area: Area, _path: &str) -> bool {
        false
    }
    /// Whether files lie in folders, so that no file can have the name of a folder.
    fn has_folders(&self) -> bool;
    /// Whether all of a site of so many files is listed with a request or two.
    fn lists_at_once(&self, files: usize) -> bool;
    /// Whether the target keeps the headers of [`About`]; where not, a web server of its own sends them.
    fn keeps_headers(&self) -> bool;
    /// How far the target's clock is ahead of `now` (seconds since 1970 by our clock), in seconds, as far as it has told.
    fn clock_ahead(&self, now: i64) -> Option<i64>;
    /// How many operations may usefully run at once.
    fn at_once(&self) -> usize;
    /// How many requests have been made, and how many bytes have been sent.
    fn spent(&self) -> Spent;
}

/// What a publication has cost.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Spent {
    pub(crate) requests: u64,
    pub(crate) bytes: u64,
}

/// How long an operation that brings no answer is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
