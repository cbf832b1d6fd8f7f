//! What looks at a site's sources found, and the time → when the site is published again: `build --watch`, decided step by
//! step.
//!
//! [`step`] takes what was the case, what has come about and when, and gives what is the case now, what is to be told or kept
//! ([`Action`]), and one thing whose outcome is the next event ([`Next`]).
//!
//! * What changes on pages that are there is published at once; a fault is told when nothing has changed for [`QUIET`]; who is
//!   public, and what is copied as it is, changes when the sources have been still for [`STILL`].
//! * What is no longer to be public goes, even while the rest cannot be published: [`LONGEST_STILL`] is the longest that it
//!   waits for sources that are never still.
//! * Whatever the event, there is a next thing to do, or the watch ends. An answer to what was not asked publishes nothing: the
//!   sources are looked at again.
//!
//! Not here: the clock, the disk, the terminal and its words. Whoever drives the machine tells it facts, and what
//! was read, made and found wrong stays there.

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

/// A fault is told when nothing has changed for so long: half of a file that is being written is no fault.
pub(crate) const QUIET: Duration = Duration::from_millis(50);

/// Who is public, and what is copied as it is, changes when the sources have been still for so long: half of what is being
/// brought may be a good site, but without the file in which an embargo stands, or with half of a film.
pub(crate) const STILL: Duration = Duration::from_millis(500);

/// What only takes pages away waits for that no longer than this; and so does the word that something waits.
pub(crate) const LONGEST_STILL: Duration = Duration::from_secs(5);

/// The index of the search is made anew when nothing has changed for so long: it may take both cores for a while.
pub(crate) const BEFORE_INDEX: Duration = Duration::from_secs(2);

/// The clock is asked at least so often: a computer that slept has waited longer than it knows.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// How a site is watched, from beginning to end.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Rules {
    /// The moment of the site is fixed: no hour comes.
    pub(crate) is_fixed: bool,
    /// Drafts are published too: nothing is a secret.
    pub(crate) shows_drafts: bool,
}

/// When an event came about; a look, when it began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    /// What the clock says. It may be put back.
    pub(crate) clock: Timestamp,
    /// For how long the watch has run. This only grows.
    pub(crate) running: Duration,
}

impl Now {
    /// How long ago something was, when the watch had run for `running`.
    fn since(self, running: Duration) -> Duration {
        self.running.saturating_sub(running)
    }
}

/// What has come about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// The sources were looked at.
    Looked(Looked),
    /// There is no site to look at.
    Away,
    /// What was looked at can be published.
    Ready(Ready),
    /// The site has errors; and until when that is so even if nobody edits it.
    Faulty(Option<Timestamp>),
    /// Not a fault of the site: the folder could not be written, or a file went before it was copied.
    Refused(Refusal),
    /// The moment that was asked for is none, and why.
    Mistaken(String),
    /// The sources stayed as they were in this look, or they did not.
    Still(bool),
    Published(Published),
    /// What is to be secret is gone, or why it could not be taken away.
    Withdrawn(Result<(), Refusal>),
    /// Whether the index of the search is being made; it is not while another is.
    IndexBegun(bool),
    /// A wait is over. It was idle if nothing has changed, as far as anybody tells.
    Waited {
        is_idle: bool,
    },
}

/// What a look found, beside the last one that was settled.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Looked {
    /// Files are others.
    pub(crate) differs: bool,
    /// Something else cannot be read.
    pub(crate) reads_otherwise: bool,
    /// The settings can be used, so it can be said what is secret.
    pub(crate) has_settings: bool,
    /// An index of the search has been made, and nobody has taken it.
    pub(crate) has_index: bool,
}

/// What is ready to be published.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Ready {
    pub(crate) public: Public,
    /// Files that are copied as they are have come or changed since the last look that was settled.
    pub(crate) brings_files: bool,
    /// Something that the site is made of is younger than [`STILL`].
    pub(crate) is_fresh: bool,
}

/// What was published.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Published {
    /// When the site changes by itself.
    pub(crate) until: Option<Timestamp>,
    /// The index of its search was left as it was.
    pub(crate) is_unindexed: bool,
}

/// What is public, by hashes of marks: where more is shown there are more of them.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Public(BTreeSet<u64>);

impl Public {
    /// Whether something is public here and not there.
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
    /// It has not been before.
    Begun,
    /// Sources have changed.
    Changed,
    /// The moment has come at which it changes by itself.
    Due,
    /// It is earlier than it was.
    PutBack,
    /// No file differs, but something else cannot be read.
    ReadOtherwise,
    /// The index of the search is made.
    Indexed,
    /// The last look came to nothing.
    TriedAgain,
}

/// Something to tell or to keep, of which nothing comes back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Action {
    /// Tell that the site is not there any longer.
    TellAway,
    /// Tell that the site is there again.
    TellBack,
    /// Tell that the site is being watched from now on.
    TellWatching,
    /// Tell how changes are found, if that is new.
    TellHow,
    /// Tell that a publication waits for the sources to be still.
    TellHeld(Why),
    /// Tell what was published, and what is wrong with it.
    TellPublished(Why),
    /// Tell what is wrong, and that nothing was published.
    TellFaults(Why),
    /// Tell why nothing can be published, and that it is tried again.
    TellRefused(Refusal),
    /// Tell why what is to be secret could not be taken away.
    TellLeft(Refusal),
    /// This look is settled: what comes is compared with it.
    Settle,
    /// Keep what was made for the next run.
    KeepCaches,
    /// What was last published will not get its index.
    ForgetIndex,
}

/// What is to be done, whose outcome is the next event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Next {
    /// Look at the sources: [`Event::Looked`] or [`Event::Away`].
    Look,
    /// Make the snapshot: [`Event::Ready`], or why not.
    Prepare,
    /// Look whether sources stay as they are for so long: [`Event::Still`].
    CheckStill(Duration, Extent),
    /// Publish what is ready: [`Event::Published`], or why not.
    Publish(Index),
    /// Take away what is not to be public: [`Event::Withdrawn`].
    Withdraw(Secrets),
    /// Begin to make the index of the search: [`Event::IndexBegun`].
    BeginIndex,
    /// Wait for a change or for a moment, but no longer than this: [`Event::Waited`].
    Wait(Option<Timestamp>, Duration),
    /// Watch no longer.
    End(End),
}

/// Which sources have to be still.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Extent {
    /// Those that are read: texts, settings, templates.
    Read,
    /// Those, and what is ready to be copied as it is.
    ReadAndCopied,
}

/// When the index of the search is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Index {
    /// Before anything is public.
    Now,
    /// Beside other work; until then it stays as it was.
    Later,
}

/// What is to be taken away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Secrets {
    /// What is hidden.
    Hidden,
    /// That, and what is not there any longer: the site is right.
    HiddenOrGone,
}

/// Why the watch ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// There is no site.
    NoSite,
    /// The moment that was asked for is none, and why.
    Mistaken(String),
    /// The folder is somebody else's.
    Refused(Refusal),
}
