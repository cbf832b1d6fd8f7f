//! What `serve` and `build --watch` share: waiting for changes, and reporting each thing once.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::build::in_words;
use super::session::{Session, clock};
use crate::diagnostic::{self, Code, Diagnostic};
use crate::path::SitePath;
use crate::source::{Difference, Tree};
use crate::watch::{Source, Wake, Watcher};

/// Only a warning during work: a page that is being moved loses its address for a minute.
pub(super) const WARNED_OF: &[Code] = &[Code::AddressLost];

/// Why a site is rebuilt though none of its files differ: a link out of it has come or gone, for example.
pub(super) const READ_OTHERWISE: &str = "what can be read changed";

/// Why a site is rebuilt when the clock was put back.
pub(super) const PUT_BACK: &str = "the clock was put back";

/// The faults that the terminal showed last.
#[derive(Default)]
pub(super) struct Told(Vec<Diagnostic>);

impl Told {
    /// Shows those of `faults` that are new. A fault that only moved to another line is not new; a warning that has become an
    /// error is.
    pub(super) fn show(&mut self, session: &Session, faults: &[Diagnostic], tree: &Tree) {
        let file = |fault: &Diagnostic| fault.span.as_ref().map(|span| span.file.clone());
        let is_same = |a: &Diagnostic, b: &Diagnostic| a.code == b.code && a.message == b.message && file(a) == file(b);
        let is_new =
            |fault: &&Diagnostic| !self.0.iter().any(|known| is_same(known, fault) && known.severity >= fault.severity);
        let new: Vec<Diagnostic> = faults.iter().filter(is_new).cloned().collect();
        session.show(&new, tree);
        self.0 = faults.to_vec();
    }
}

/// The watcher of the session's site; says so if changes have to be looked for.
pub(super) fn watcher(session: &Session, poll: bool) -> Watcher {
    let source = if poll { Source::Looking } else { Source::Events };
    let mut watcher = Watcher::new(&session.here.join(&session.root), source);
    tell_how(session, &mut watcher);
    watcher
}

/// Says so as soon as changes have to be looked for.
pub(super) fn tell_how(session: &Session, watcher: &mut Watcher) {
    if let Some(note) = watcher.note() {
        session.say(&format!("note: {note}"));
    }
}

/// Waits for a change, or for the moment `due` unless the site's moment is fixed, but no longer than `limit`.
pub(super) fn wait(watcher: &mut Watcher, due: Option<Timestamp>, fixed: Option<&str>, limit: Duration) -> Wake {
    let due = due.filter(|_| fixed.is_none());
    let left = due.map(|due| Duration::try_from(due.duration_since(clock())).unwrap_or(Duration::ZERO));
    watcher.wait(Some(left.unwrap_or(limit).min(limit)))
}

/// What changed, in a few words.
pub(super) fn in_short(differences: &[(SitePath, Difference)]) -> String {
    let word = |difference| match difference {
        Difference::New => "is new",
        Difference::Changed => "changed",
        Difference::Gone => "is gone",
    };
    match differences {
        [(path, difference)] => format!("{path} {}", word(*difference)),
        [(path, _), rest @ ..] => {
            let files = if rest.len() == 1 { "file" } else { "files" };
            format!("{path} and {} other {files} changed", rest.len())
        }
        [] => String::new(),
    }
}

/// One line about an update: when, what changed, the result, how long it took, how many faults there are.
pub(super) fn line(zone: &TimeZone, what: &str, time: Duration, came: &str, faults: &[Diagnostic]) -> String {
    let hour = clock().to_zoned_datetime(zone.clone()).strftime("%H:%M:%S").to_string();
    format!("{hour}  {what}: {came}, {}; {}", in_words(time), diagnostic::summary(faults))
}
