//! What a look at a site's sources found, and the time → when the site is published again: `build --watch`, decided step
//! by step.
//!
//! [`step`] takes the state, an event and its time, and returns the new state, what to report or keep ([`Action`]), and
//! one thing to do whose outcome is the next event ([`Next`]).
//!
//! * A change to pages that exist is published at once; a fault is reported once nothing has changed for [`QUIET`]; what
//!   is public, and which files are copied unchanged, changes once the sources have been still for [`STILL`].
//! * What must no longer be public goes, even while the rest cannot be published: if the sources are never still, it
//!   waits [`LONGEST_STILL`] at most.
//! * After each event there is something to do next, or the watch ends. An answer to a question that was not asked
//!   publishes nothing: the sources are looked at again.
//!
//! Not here: the clock, the disk, the terminal and its words. The driver of the machine passes it facts, and keeps what
//! was read, made and found wrong.

mod machine;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub(crate) use machine::{State, step};

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use jiff::Timestamp;

use crate::store::Refusal;

/// A fault is reported once nothing has changed for this long: half of a file that is being written is no fault.
pub(crate) const QUIET: Duration = Duration::from_millis(50);

/// What is public, and which files are copied unchanged, changes once the sources have been still for this long: half of
/// a set of new files may be a good site, but lack the file that states an embargo, or hold half of a film.
pub(crate) const STILL: Duration = Duration::from_millis(500);

/// The longest that a publication which only removes pages waits for stillness, and the time after which a wait is reported.
pub(crate) const LONGEST_STILL: Duration = Duration::from_secs(5);

/// The search index is rebuilt once nothing has changed for this long: it may keep both cores busy for a while.
pub(crate) const BEFORE_INDEX: Duration = Duration::from_secs(2);

/// The clock is read at least this often: a computer that slept has waited longer than it knows.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// The rules of a watch, from beginning to end.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Rules {
    /// The moment of the site is fixed: nothing falls due.
    pub(crate) is_fixed: bool,
    /// Drafts are published too: nothing is hidden.
    pub(crate) shows_drafts: bool,
}

/// When an event happened; for a look, when it began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    /// The time by the clock, which may be put back.
    pub(crate) clock: Timestamp,
    /// How long the watch has been running. This only grows.
    pub(crate) running: Duration,
}

impl Now {
    /// How long ago something was, if the watch had then been running for `running`.
    fn since(self, running: Duration) -> Duration {
        self.running.saturating_sub(running)
    }
}

/// What has happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// The sources were looked at.
    Looked(Looked),
    /// There is no site to look at.
    Away,
    /// What was looked at can be published.
    Ready(Ready),
    /// The site has errors; and until when that holds even if nobody edits it.
    Faulty(Option<Timestamp>),
    /// No fault of the site: the folder could not be written, or a file went before it was copied.
    Refused(Refusal),
    /// The moment that was asked for is not valid, and why.
    Mistaken(String),
    /// Whether the sources stayed unchanged in this look.
    Still(bool),
    Published(Published),
    /// Secrets are gone, or why they could not be removed.
    Withdrawn(Result<(), Refusal>),
    /// Whether building the search index has begun; it has not if another is being built.
    IndexBegun(bool),
    /// A wait is over. It was idle if no change was reported.
    Waited {
        is_idle: bool,
    },
}

/// What a look found, compared with the last settled one.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Looked {
    /// Files differ.
    pub(crate) differs: bool,
    /// The faults of reading differ.
    pub(crate) reads_otherwise: bool,
    /// The settings can be used, so it is known what is hidden.
    pub(crate) has_settings: bool,
    /// A search index is ready and has not been taken.
    pub(crate) has_index: bool,
}

/// What is ready to be published.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Ready {
    pub(crate) public: Public,
    /// Files that are copied unchanged have come or changed since the last settled look.
    pub(crate) brings_files: bool,
    /// A source is younger than [`STILL`].
    pub(crate) is_fresh: bool,
}

/// What was published.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Published {
    /// When the site next changes without an edit.
    pub(crate) until: Option<Timestamp>,
    /// Its search index was left as it was.
    pub(crate) is_unindexed: bool,
}

/// What is public, as hashes of marks: the more is shown, the more marks there are.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Public(BTreeSet<u64>);

impl Public {
    /// Whether something is public here and not in `other`.
    fn has_more_than(&self, other: &Self) -> bool {
        !self.0.is_subset(&other.0)
    }
}

impl<T: Hash> FromIterator<T> for Public {
    fn from_iter<I: IntoIterator<Item = T>>(marks: I) -> Self {
        let hash = |mark: T| {
            let mut hasher = DefaultHasher::new();
            mark.hash(&mut hasher);
            hasher.finish()
        };
        Self(marks.into_iter().map(hash).collect())
    }
}

/// Why a site is published.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Why {
    /// The first publication.
    Begun,
    /// Sources have changed.
    Changed,
    /// The moment has come at which it changes without an edit.
    Due,
    /// The clock was put back.
    PutBack,
    /// No file differs, but the faults of reading do.
    ReadOtherwise,
    /// The search index is ready.
    Indexed,
    /// The last look led to nothing.
    TriedAgain,
}

/// Something to report or to keep, which has no outcome.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Action {
    /// Report that the site is gone.
    TellAway,
    /// Report that the site is back.
    TellBack,
    /// Report that the site is now being watched.
    TellWatching,
    /// Report how changes are found, if that is new.
    TellHow,
    /// Report that a publication waits for the sources to be still.
    TellHeld(Why),
    /// Report what was published, and its faults.
    TellPublished(Why),
    /// Report the faults, and that nothing was published.
    TellFaults(Why),
    /// Report why nothing can be published, and that it will be tried again.
    TellRefused(Refusal),
    /// Report why secrets could not be removed.
    TellLeft(Refusal),
    /// This look is settled: later ones are compared with it.
    Settle,
    /// Keep the results for the next run.
    KeepCaches,
    /// The last publication will not get its index.
    ForgetIndex,
}

/// What to do next; its outcome is the next event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Next {
    /// Look at the sources: [`Event::Looked`] or [`Event::Away`].
    Look,
    /// Make the snapshot: [`Event::Ready`], or why not.
    Prepare,
    /// See whether the sources stay unchanged for this long: [`Event::Still`].
    CheckStill(Duration, Extent),
    /// Publish what is ready: [`Event::Published`], or why not.
    Publish(Index),
    /// Remove what must not be public: [`Event::Withdrawn`].
    Withdraw(Secrets),
    /// Start to build the search index: [`Event::IndexBegun`].
    BeginIndex,
    /// Wait for a change or for a moment, but no longer than this: [`Event::Waited`].
    Wait(Option<Timestamp>, Duration),
    /// End the watch.
    End(End),
}

/// Which sources have to be still.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Extent {
    /// Those that are read: texts, settings, templates.
    Read,
    /// Those, and files that are ready to be copied unchanged.
    ReadAndCopied,
}

/// When the search index is built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Index {
    /// Before anything is public.
    Now,
    /// In the background; until then it stays as it was.
    Later,
}

/// What to remove.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Secrets {
    /// Files of hidden entries.
    Hidden,
    /// Those, and files that no longer exist: the site has no errors.
    HiddenOrGone,
}

/// Why the watch ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// There is no site.
    NoSite,
    /// The moment that was asked for is not valid, and why.
    Mistaken(String),
    /// The folder belongs to somebody else.
    Refused(Refusal),
}
