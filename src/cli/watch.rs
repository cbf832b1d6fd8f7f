//! `pamphlet build --watch`: the site is built, and built again whenever a source changes or a moment comes at which
//! something becomes public.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Exit;
use super::args::BuildArgs;
use super::build::{self, Asked, Done, Outcome, in_words};
use super::session::{Session, clock, shown};
use crate::config::Overrides;
use crate::diagnostic::{self, Code, Diagnostic, Found};
use crate::path::SitePath;
use crate::pipeline::{self, Memory, Read};
use crate::source::{Difference, Tree};
use crate::store::{Refusal, Way};
use crate::watch::{Source, Wake, Watcher};

/// A fault is shown when nothing has changed for so long: half of a file that is being written is no fault.
pub(super) const QUIET: Duration = Duration::from_millis(50);

/// The clock is asked at least so often: a computer that slept has waited longer than it knows.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// What is only a warning while somebody is at work: a page that is being moved loses its address for a minute.
pub(super) const WARNED_OF: &[Code] = &[Code::AddressLost];

/// Why a site is made anew though no file of it differs: a link that leads out of it has come or gone, say.
pub(super) const READ_OTHERWISE: &str = "what can be read changed";

/// Runs the command.
pub(super) fn run(session: &Session, typed: &BuildArgs) -> Exit {
    let mut watcher = watcher(session, typed.poll);
    let overrides = Overrides { base_url: typed.base_url.clone(), lowered: WARNED_OF };
    let folder = build::folder(session, typed);
    let (mut memory, mut before, mut due) = (Memory::knowing(session.images.clone()), None::<Arc<Tree>>, None);
    let (mut gone, mut unread, mut told, mut is_kept) = (false, Vec::new(), Told::default(), true);
    // The moment of a site that was asked for as of a moment does not come nearer.
    let at = |moment: Option<Timestamp>| moment.filter(|_| typed.now.is_none());
    // Why the last look published nothing, where that is no fault of a source: the next look tries again.
    let mut refused = None::<Refusal>;
    loop {
        let begun = Instant::now();
        let read = match pipeline::read(&session.root, &overrides, clock(), &mut memory) {
            Ok(read) => read,
            Err(why) if before.is_none() => return session.no_site(&why),
            // Half of a checkout may be without `site.toml`; the folder stays as it was until it is back.
            Err(why) => {
                if gone {
                    wait(&mut watcher, None, typed.now.as_deref());
                } else if watcher.wait(Some(QUIET)) == Wake::TimeOver {
                    session.no_site(&why);
                    gone = true;
                }
                continue;
            }
        };
        if std::mem::take(&mut gone) {
            session.say("The site is there again.");
        }
        let tree = read.value.tree.clone();
        let zone = read.value.sources.as_ref().map_or(TimeZone::UTC, |sources| sources.config.timezone.clone());
        let what = what_changed(&tree, before.as_deref(), due)
            .or_else(|| refused.is_some().then(|| "tried again".to_owned()))
            .or_else(|| (unread != read.faults).then(|| READ_OTHERWISE.to_owned()));
        if let Some(what) = what {
            let refused_before = refused.take();
            let faults = read.faults.clone();
            match turn(session, read, &Asked::of(typed, &folder, Way::InPlace), &mut watcher) {
                Turn::Disturbed => {
                    refused = refused_before;
                    continue;
                }
                Turn::Ended(exit) => return exit,
                Turn::Refused(refusal) if before.is_none() => return session.refused(&refusal),
                // A disk that is full now may have room again: whoever watches stays, and tells each trouble once.
                Turn::Refused(refusal) => {
                    if !refused_before.is_some_and(|before| before.is_same_trouble(&refusal)) {
                        session.refused(&refusal);
                        session.say("Nothing more is published until that is mended; it is tried again by itself.");
                    }
                    (refused, due) = (Some(refusal), None);
                }
                Turn::Done(done) => {
                    due = at(done.made.site.true_until().map(|when| when.timestamp()));
                    told.show(session, &done.faults, &tree);
                    tell(session, &done, &what, &folder, begun);
                    is_kept = before.is_none();
                    if is_kept {
                        build::keep(session);
                    }
                }
                Turn::Faulty(faults, until) => {
                    due = at(until);
                    told.show(session, &faults, &tree);
                    session.say(&line(&zone, &what, begun.elapsed(), "nothing was published", &faults));
                }
            }
            if before.is_none() {
                session.say("Watching for changes; Ctrl+C ends it.");
            }
            (before, unread) = (Some(tree), faults);
        }
        let wake = wait(&mut watcher, due, typed.now.as_deref());
        // What was made is kept for the next run, and what is too much let go, while nobody waits for anything.
        if wake == Wake::TimeOver && !std::mem::replace(&mut is_kept, true) {
            build::keep(session);
        }
        tell_how(session, &mut watcher);
    }
}

/// The faults that the terminal has shown last.
#[derive(Default)]
pub(super) struct Told(Vec<Diagnostic>);

impl Told {
    /// Shows those of `faults` that are new. One that an edit above it has moved to another line is the same.
    pub(super) fn show(&mut self, session: &Session, faults: &[Diagnostic], tree: &Tree) {
        let file = |fault: &Diagnostic| fault.span.as_ref().map(|span| span.file.clone());
        let is_same = |a: &Diagnostic, b: &Diagnostic| a.code == b.code && a.message == b.message && file(a) == file(b);
        let is_new = |fault: &&Diagnostic| !self.0.iter().any(|known| is_same(known, fault));
        let new: Vec<Diagnostic> = faults.iter().filter(is_new).cloned().collect();
        session.show(&new, tree);
        self.0 = faults.to_vec();
    }
}

/// What one look came to.
enum Turn {
    Done(Box<Done>),
    /// The site has errors; and until when that is so even if nobody edits it.
    Faulty(Vec<Diagnostic>, Option<Timestamp>),
    /// Something changed before a fault could be told: look again.
    Disturbed,
    /// Not a fault of the site: the folder could not be written, or a file went before it was copied.
    Refused(Refusal),
    Ended(Exit),
}

fn turn(session: &Session, read: Found<Read>, asked: &Asked<'_>, watcher: &mut Watcher) -> Turn {
    match build::publish(session, read, asked) {
        Outcome::Published(done) => Turn::Done(done),
        Outcome::Wrong(faults, until) => unless_disturbed(watcher, Turn::Faulty(faults, until)),
        Outcome::Mistaken(message) => {
            session.wrong(&message, "write `--now` as in `--now \"2026-05-14 00:01\"`");
            Turn::Ended(Exit::Usage)
        }
        Outcome::Refused(refusal) => unless_disturbed(watcher, Turn::Refused(refusal)),
    }
}

/// `turn`, if the sources stay as they are for a little.
fn unless_disturbed(watcher: &mut Watcher, turn: Turn) -> Turn {
    match watcher.wait(Some(QUIET)) {
        Wake::Changed => Turn::Disturbed,
        Wake::TimeOver => turn,
    }
}

/// The watcher of the session's site; says so where changes have to be looked for.
pub(super) fn watcher(session: &Session, poll: bool) -> Watcher {
    let source = if poll { Source::Looking } else { Source::Events };
    let mut watcher = Watcher::new(&session.root, source);
    tell_how(session, &mut watcher);
    watcher
}

/// Says where changes have to be looked for, as soon as that is so.
pub(super) fn tell_how(session: &Session, watcher: &mut Watcher) {
    if let Some(note) = watcher.note() {
        session.say(&format!("note: {note}"));
    }
}

/// Waits for a change, or for the moment `due`, unless the moment of the site is fixed.
pub(super) fn wait(watcher: &mut Watcher, due: Option<Timestamp>, fixed: Option<&str>) -> Wake {
    let due = due.filter(|_| fixed.is_none());
    let left = due.map(|due| Duration::try_from(due.duration_since(clock())).unwrap_or(Duration::ZERO));
    watcher.wait(Some(left.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)))
}

/// Why the site is built again; `None` if there is no reason.
pub(super) fn what_changed(tree: &Tree, before: Option<&Tree>, due: Option<Timestamp>) -> Option<String> {
    let Some(before) = before else { return Some("the site".to_owned()) };
    let differences = tree.differences(before);
    if !differences.is_empty() {
        return Some(in_short(&differences));
    }
    due.is_some_and(|due| due <= clock()).then(|| "the hour has come".to_owned())
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

fn tell(session: &Session, done: &Done, what: &str, folder: &std::path::Path, begun: Instant) {
    let report = &done.report;
    let count = report.new + report.changed + report.removed;
    let written = match count {
        0 => format!("nothing changes in {}", shown(folder)),
        1 => format!("1 file of {}", shown(folder)),
        count => format!("{count} files of {}", shown(folder)),
    };
    if let Some(note) = &report.note {
        session.say(&format!("note: {note}"));
    }
    session.say(&line(&done.made.site.config.timezone, what, begun.elapsed(), &written, &done.faults));
}

/// One line of what happened: when, what changed, what came of it, how long it took, how many faults there are.
pub(super) fn line(zone: &TimeZone, what: &str, time: Duration, came: &str, faults: &[Diagnostic]) -> String {
    let hour = clock().to_zoned_datetime(zone.clone()).strftime("%H:%M:%S").to_string();
    format!("{hour}  {what}: {came}, {}; {}", in_words(time), diagnostic::summary(faults))
}
