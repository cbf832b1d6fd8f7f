//! `pamphlet build --watch`: the site is built, and built again whenever a source changes or a moment comes at which
//! something becomes public.
//!
//! * What changes on pages that are there is published at once; a fault is told when nothing has changed for a moment; who
//!   is public changes when the sources have been still.
//! * What is no longer to be public goes, even while the rest cannot be published.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Exit;
use super::args::BuildArgs;
use super::build;
use super::following::{
    LONGEST_WAIT, PUT_BACK, QUIET, READ_OTHERWISE, Told, WARNED_OF, in_short, line, tell_how, wait, watcher,
};
use super::session::{Session, clock, shown};
use crate::config::Overrides;
use crate::diagnostic::{Diagnostic, Found};
use crate::path::SitePath;
use crate::pipeline::{self, Made, Memory, Published, Read, Sources};
use crate::publish::{self, Done, Index, Indexer, Order, Outcome};
use crate::search::Record;
use crate::site::Site;
use crate::source::{Content, Difference, NoSite, Tree};
use crate::store::{self, Refusal, Way};
use crate::watch::{Wake, Watcher};

/// Who is public, and what is copied as it is, changes when the sources have been still for so long: half of what is being
/// brought may be a good site, but without the file in which an embargo stands, or with half of a film.
const STILL: Duration = Duration::from_millis(500);

/// What only takes pages away waits for that no longer than this; and so does the word that something waits.
const LONGEST_STILL: Duration = Duration::from_secs(5);

/// The index of the search is made anew when nothing has changed for so long: it may take both cores for a while.
const BEFORE_INDEX: Duration = Duration::from_secs(2);

/// Runs the command.
pub(super) fn run(session: &Session, typed: &BuildArgs) -> Exit {
    let mut watch = Watch::new(session, typed);
    loop {
        match watch.look() {
            Next::Wait => watch.wait(),
            Next::LookAgain => {}
            Next::End(exit) => return exit,
        }
    }
}

/// What is to be done after a look.
enum Next {
    Wait,
    LookAgain,
    End(Exit),
}

/// A site that is being published whenever it changes.
struct Watch<'a> {
    session: &'a Session,
    typed: &'a BuildArgs,
    folder: PathBuf,
    watcher: Watcher,
    memory: Memory,
    /// The files of the last look that was not disturbed.
    before: Option<Arc<Tree>>,
    /// What could not be read at that look.
    unread: Vec<Diagnostic>,
    /// Who was public in the last publication.
    public: Public,
    /// The moment of the last look that was not disturbed.
    looked: Option<Timestamp>,
    /// When the site would change by itself.
    due: Option<Timestamp>,
    /// Why the last look published nothing, where that is no fault of a source: the next look tries again.
    refused: Option<Refusal>,
    /// Nothing came of the last look, whatever it found.
    is_owed: bool,
    /// That a publication waits for the sources to be still.
    held: Option<Held>,
    /// What was published last.
    published: Option<Published>,
    /// Why what is to be secret could not be taken away, if so.
    unwithdrawn: Option<Refusal>,
    /// That the site is away has been said.
    is_away: bool,
    told: Told,
    /// What was made is kept for the next run.
    is_kept: bool,
    indexer: Indexer,
    /// What the search is to find, where its index says something older.
    unindexed: Option<(Arc<Vec<Record>>, Instant)>,
}

impl<'a> Watch<'a> {
    /// The watch that the command line asks for.
    fn new(session: &'a Session, typed: &'a BuildArgs) -> Self {
        Self {
            session,
            typed,
            folder: build::folder(session, typed),
            watcher: watcher(session, typed.poll),
            memory: Memory::knowing(session.images.clone()),
            before: None,
            unread: Vec::new(),
            public: Public::default(),
            looked: None,
            due: None,
            refused: None,
            is_owed: true,
            held: None,
            published: None,
            unwithdrawn: None,
            is_away: false,
            told: Told::default(),
            is_kept: true,
            indexer: Indexer::default(),
            unindexed: None,
        }
    }

    /// Looks at the site, and publishes it if there is a reason.
    fn look(&mut self) -> Next {
        let (begun, now) = (Instant::now(), clock());
        let overrides = Overrides { base_url: self.typed.base_url.clone(), lowered: WARNED_OF };
        let entered = self.session.enter();
        let read = entered.and_then(|()| pipeline::read(&self.session.root, &overrides, now, &mut self.memory));
        let read = match read {
            Ok(read) => read,
            Err(why) => return self.away(&why),
        };
        if std::mem::take(&mut self.is_away) {
            self.session.say("The site is there again.");
        }
        let tree = read.value.tree.clone();
        self.watcher.mind_links(tree.has_links());
        let differences = self.before.as_ref().map(|before| tree.differences(before));
        let Some(what) = self.reason(&read, differences.as_deref(), now) else { return Next::Wait };
        let (unread, sources) = (read.faults.clone(), read.value.sources.clone());
        match self.turn(read, now, differences.as_deref()) {
            Turn::Held => {
                self.is_owed = true;
                self.hold(&what, sources.as_ref(), now);
            }
            Turn::Ended(exit) => return Next::End(exit),
            turn => {
                self.tell(turn, &What { words: what, begun, now, tree: &tree, sources: sources.as_ref() });
                if self.before.is_none() {
                    self.session.say("Watching for changes; Ctrl+C ends it.");
                }
                (self.before, self.unread, self.looked) = (Some(tree), unread, Some(now));
                (self.is_owed, self.held) = (false, None);
                return Next::Wait;
            }
        }
        Next::LookAgain
    }

    /// What to do while there is no site. Half of a checkout may be without `site.toml`; the folder stays as it was until
    /// it is back.
    fn away(&mut self, why: &NoSite) -> Next {
        // One that was found and waits for its files to be whole has begun.
        if self.before.is_none() && self.held.is_none() {
            return Next::End(self.session.no_site(why));
        }
        if self.is_away {
            return Next::Wait;
        }
        if self.watcher.wait(Some(QUIET)) == Wake::TimeOver || !self.watcher.is_told() {
            self.session.away(why);
            // No moment comes for a site that is away.
            (self.is_away, self.is_owed, self.due) = (true, true, None);
        }
        Next::LookAgain
    }

    /// Why the site is to be published; `None` if there is no reason.
    fn reason(
        &self,
        read: &Found<Read>,
        differences: Option<&[(SitePath, Difference)]>,
        now: Timestamp,
    ) -> Option<String> {
        let Some(differences) = differences else { return Some("the site".to_owned()) };
        let is_live = self.typed.now.is_none();
        if !differences.is_empty() {
            Some(in_short(differences))
        } else if is_live && self.due.is_some_and(|due| due <= now) {
            Some("the hour has come".to_owned())
        } else if is_live && self.looked.is_some_and(|looked| now < looked) {
            Some(PUT_BACK.to_owned())
        } else if self.unread != read.faults {
            Some(READ_OTHERWISE.to_owned())
        } else if self.indexer.is_done() {
            Some("the index of the search".to_owned())
        } else {
            (self.refused.is_some() || self.is_owed).then(|| "tried again".to_owned())
        }
    }

    /// Publishes what was read, if it is right and nothing is on its way.
    fn turn(&mut self, read: Found<Read>, now: Timestamp, differences: Option<&[(SitePath, Difference)]>) -> Turn {
        let (session, typed, folder) = (self.session, self.typed, self.folder.clone());
        let tree = read.value.tree.clone();
        let mut asked = Order { clock: now, ..build::order(typed, &folder, Way::InPlace) };
        let outcome = match publish::prepare(session, read, &asked) {
            Ok(ready) => {
                let public = Public::of(&ready.made.site);
                let wait = self.wait_for(&ready.made, &tree, differences, &public);
                let is_urgent = wait == Waits::Shortly && self.is_held_long();
                let is_of_site = |path: &SitePath| is_read(&tree, path) || is_copied(&ready.made, &tree, path);
                if wait != Waits::No && !is_urgent && !self.is_still(&tree, STILL, &is_of_site) {
                    return Turn::Held;
                }
                if differences.is_some() && !self.public.has_more_than(&public) {
                    asked.index = Index::Later(&self.indexer);
                }
                publish::put(session, ready, &asked)
            }
            Err(outcome) => outcome,
        };
        let turn = match outcome {
            Outcome::Published(done) => return Turn::Done(done),
            Outcome::Mistaken(message) => {
                session.wrong(&message, "write `--now` as in `--now \"2026-05-14 00:01\"`");
                return Turn::Ended(Exit::Usage);
            }
            Outcome::Refused(refusal) if self.before.is_none() && refusal.kind == store::Kind::Foreign => {
                return Turn::Ended(session.refused(&refusal));
            }
            Outcome::Wrong(faults, until) => Turn::Faulty(faults, until),
            Outcome::Refused(refusal) => Turn::Refused(refusal),
        };
        let is_still = self.is_held_long() || self.is_still(&tree, QUIET, &|path| is_read(&tree, path));
        if is_still { turn } else { Turn::Held }
    }

    /// Whether a site has to wait until its sources are still.
    fn wait_for(
        &self,
        made: &Made,
        tree: &Tree,
        differences: Option<&[(SitePath, Difference)]>,
        public: &Public,
    ) -> Waits {
        let Some(differences) = differences else {
            let mut fresh = tree.fresh(STILL);
            let is_fresh = fresh.any(|path| is_read(tree, path) || is_copied(made, tree, path));
            return if is_fresh { Waits::Long } else { Waits::No };
        };
        let brings = differences.iter().any(|(path, _)| is_copied(made, tree, path));
        if brings || !differences.is_empty() && public.has_more_than(&self.public) {
            Waits::Long
        } else if !differences.is_empty() && *public != self.public {
            Waits::Shortly
        } else {
            Waits::No
        }
    }

    /// Whether those sources that `are_of_site` stay as they are in `tree` for `time`.
    ///
    /// Events say that something may have changed, and do not come of everything that has: a look is the truth.
    fn is_still(&mut self, tree: &Tree, time: Duration, are_of_site: &dyn Fn(&SitePath) -> bool) -> bool {
        let begun = Instant::now();
        while let Some(left) = time.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) {
            self.watcher.wait(Some(left));
        }
        let now = Tree::read(&self.session.root, clock(), Some(tree));
        now.is_ok_and(|now| !now.value.differences(tree).iter().any(|(path, _)| are_of_site(path)))
    }

    /// Whether the sources have not been still for so long now that it matters.
    fn is_held_long(&self) -> bool {
        self.held.as_ref().is_some_and(|held| held.since.elapsed() > LONGEST_STILL)
    }

    /// Notes that a publication waits for the sources to be still; says so when that takes long, and does not let what is
    /// to be secret wait with it.
    fn hold(&mut self, what: &str, sources: Option<&Sources>, now: Timestamp) {
        let held = self.held.get_or_insert_with(|| Held { since: Instant::now(), withdrawn: None });
        if held.since.elapsed() <= LONGEST_STILL || held.withdrawn.is_some_and(|last| last.elapsed() <= LONGEST_STILL) {
            return;
        }
        let is_first = held.withdrawn.replace(Instant::now()).is_none();
        if is_first {
            self.session.say(&format!("{what}: waits until nothing has changed for half a second"));
        }
        self.withdraw(sources, now, false);
    }

    /// Tells what came of a look, and keeps what the next must know.
    fn tell(&mut self, turn: Turn, what: &What<'_>) {
        let session = self.session;
        let moment = |moment: Option<Timestamp>| moment.filter(|_| self.typed.now.is_none());
        match turn {
            Turn::Done(mut done) => {
                self.due = moment(done.made.site.true_until().map(|when| when.timestamp()));
                self.refused = None;
                self.public = Public::of(&done.made.site);
                self.published = Some((done.made.site.clone(), done.made.routes.clone()));
                self.unwithdrawn = None;
                let since = self.unindexed.take().map_or_else(Instant::now, |(_, since)| since);
                self.unindexed = done.unindexed.take().map(|records| (Arc::new(records), since));
                self.told.show(session, &done.faults, what.tree);
                tell(session, &done, &what.words, &self.folder, what.begun);
                self.is_kept = self.before.is_none();
                if self.is_kept {
                    build::keep(session);
                }
            }
            Turn::Faulty(faults, until) => {
                self.forget_index();
                self.due = moment(until);
                self.refused = None;
                self.told.show(session, &faults, what.tree);
                let zone = what.sources.map_or(TimeZone::UTC, |sources| sources.config.timezone.clone());
                session.say(&line(&zone, &what.words, what.begun.elapsed(), "nothing was published", &faults));
                self.withdraw(what.sources, what.now, false);
            }
            Turn::Refused(refusal) => {
                // A disk that is full now may have room again: whoever watches stays, and tells each trouble once.
                if !self.refused.as_ref().is_some_and(|before| before.is_same_trouble(&refusal)) {
                    session.refused(&refusal);
                    session.say("Nothing more is published until that is mended; it is tried again by itself.");
                }
                self.forget_index();
                (self.refused, self.due) = (Some(refusal), None);
                self.withdraw(what.sources, what.now, true);
            }
            Turn::Held | Turn::Ended(_) => {}
        }
    }

    /// What was last published will not get its index: what comes next has one of its own.
    fn forget_index(&mut self) {
        self.unindexed = None;
        self.indexer.forget();
    }

    /// Takes away what is not to be public now, since the site as a whole cannot be published, and names it. Of a site that
    /// is right, that is also what is not there any longer.
    fn withdraw(&mut self, sources: Option<&Sources>, now: Timestamp, is_right: bool) {
        let Some(sources) = sources.filter(|_| !self.typed.drafts) else { return };
        let Ok(moment) = pipeline::moment(self.typed.now.as_deref(), now, &sources.config) else { return };
        let withheld = pipeline::withheld(sources, &moment, self.published.as_ref());
        let is_to_go = |path: &str| withheld.hides(path) || is_right && withheld.misses(path);
        let withdrawn = store::withdraw(&self.folder, is_to_go).and_then(|mut withdrawn| {
            // The index of the search holds its words.
            if !withdrawn.gone.is_empty() {
                let index = store::withdraw(&self.folder, |path| withheld.is_of_index(path))?;
                withdrawn.left.extend(index.left);
            }
            Ok(withdrawn)
        });
        let withdrawn = match withdrawn {
            Ok(withdrawn) => withdrawn,
            Err(refusal) => {
                if !self.unwithdrawn.as_ref().is_some_and(|before| before.is_same_trouble(&refusal)) {
                    self.session.refused(&refusal);
                }
                self.unwithdrawn = Some(refusal);
                return;
            }
        };
        self.unwithdrawn = None;
        if !withdrawn.gone.is_empty() {
            self.session.say(&format!(
                "Taken away all the same, since it is not to be public: {}. Until the rest can be published, lists and feeds \
                 may still name it, and the search finds nothing.",
                some_of(&withdrawn.gone)
            ));
        }
        for (name, why) in &withdrawn.left {
            self.session.say(&format!("{name} is not to be public and still is: it cannot be removed, since {why}."));
        }
    }

    /// Waits for a change, for the next moment at which something becomes public, or for a while.
    fn wait(&mut self) {
        let limit = if self.unindexed.is_some() { BEFORE_INDEX } else { LONGEST_WAIT };
        let is_overdue = self.unindexed.as_ref().is_some_and(|(_, since)| since.elapsed() > LONGEST_WAIT);
        let wake = wait(&mut self.watcher, self.due, self.typed.now.as_deref(), limit);
        // What was made is kept for the next run, and what is too much let go, while nobody waits for anything.
        let is_idle = wake == Wake::TimeOver || !self.watcher.is_told();
        if is_idle && !std::mem::replace(&mut self.is_kept, true) {
            build::keep(self.session);
        }
        if let Some((records, _)) = self.unindexed.as_ref().filter(|_| is_idle || is_overdue)
            && self.indexer.begin(self.session, records, self.watcher.waker())
        {
            self.unindexed = None;
        }
        tell_how(self.session, &mut self.watcher);
    }
}
/// That a publication waits: since when, and when what is to be secret was last taken away meanwhile.
struct Held {
    since: Instant,
    withdrawn: Option<Instant>,
}

/// Whether a file is one that the site is made from.
fn is_read(tree: &Tree, path: &SitePath) -> bool {
    !matches!(tree.get(path).map(|file| &file.content), Some(Content::Opaque(..)))
}

/// Whether a file is there and published, as it is or as a picture.
fn is_copied(made: &Made, tree: &Tree, path: &SitePath) -> bool {
    let Some(file) = tree.get(path) else { return false };
    let is_opaque = matches!(file.content, Content::Opaque(..));
    path.below("static").is_some()
        || is_opaque && path.below("content").is_none()
        || made.site.files().contains_key(path)
        || made.site.pictures().contains_key(path)
}

/// What one look came to.
enum Turn {
    Done(Box<Done>),
    /// The site has errors; and until when that is so even if nobody edits it.
    Faulty(Vec<Diagnostic>, Option<Timestamp>),
    /// Something is on its way, or changed before a fault could be told: look again.
    Held,
    /// Not a fault of the site: the folder could not be written, or a file went before it was copied.
    Refused(Refusal),
    Ended(Exit),
}

/// The look of which is told.
struct What<'a> {
    words: String,
    begun: Instant,
    now: Timestamp,
    tree: &'a Tree,
    sources: Option<&'a Sources>,
}

/// How long a publication waits for its sources to be still.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Waits {
    No,
    /// It only takes away.
    Shortly,
    /// It brings somebody or something that was not public.
    Long,
}

/// Who is public, by hashes of their identities, in order.
#[derive(PartialEq, Eq, Default, Debug)]
struct Public(Vec<u64>);

impl Public {
    fn of(site: &Site) -> Self {
        let hash = |ix| {
            let mut hasher = DefaultHasher::new();
            site.entry(ix).id.hash(&mut hasher);
            hasher.finish()
        };
        let mut all: Vec<u64> = site.public().map(hash).collect();
        all.sort_unstable();
        Self(all)
    }

    /// Whether somebody is public here and not there.
    fn has_more_than(&self, other: &Self) -> bool {
        self.0.iter().any(|one| other.0.binary_search(one).is_err())
    }
}

/// The first few of some files, and how many more there are.
fn some_of(names: &[String]) -> String {
    match names {
        [first] => first.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, second, more @ ..] => format!("{first}, {second} and {} more", more.len()),
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::args::{Args, Command};
    use super::*;

    /// Runs `test` on a site that is looked at, since no system tells of its changes, once it is published.
    fn looking(test: impl FnOnce(&mut Watch<'_>, &std::path::Path)) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().join("site");
        std::fs::create_dir_all(root.join("content")).expect("a folder");
        std::fs::write(
            root.join("site.toml"),
            "title = \"A\"\nbase_url = \"https://example.org/\"\n[organisation]\nname = \"A\"\n",
        )
        .expect("a file");
        std::fs::write(root.join("content/index.md"), "+++\ntitle = \"A\"\n+++\n").expect("a file");
        let root_text = root.to_str().expect("plain");
        let args = Args::try_parse_from(["pamphlet", "-q", "--root", root_text, "build", "--watch", "--poll"]);
        let args = args.expect("a command");
        let session = Session::new(&args);
        let Command::Build(typed) = args.command else { unreachable!("it says build") };
        let mut watch = Watch::new(&session, &typed);
        while watch.before.is_none() {
            assert!(!matches!(watch.look(), Next::End(_)), "there is a site");
        }
        test(&mut watch, &root);
    }

    fn reason(watch: &Watch<'_>, root: &std::path::Path, now: Timestamp) -> Option<String> {
        let read = pipeline::read(root, &Overrides::default(), now, &mut Memory::default()).expect("there is a site");
        let differences = read.value.tree.differences(watch.before.as_ref().expect("it was published"));
        watch.reason(&read, Some(&differences), now)
    }

    #[test]
    fn a_clock_that_is_put_back_is_a_reason() {
        looking(|watch, root| {
            let now = clock();
            assert_eq!(reason(watch, root, now), None);
            let before = now - jiff::SignedDuration::from_hours(24);
            assert_eq!(reason(watch, root, before).as_deref(), Some("the clock was put back"));
        });
    }

    #[test]
    fn where_nobody_tells_of_changes_a_look_does() {
        looking(|watch, root| {
            let tree = watch.before.clone().expect("it was published");
            assert!(watch.is_still(&tree, QUIET, &|_| true));
            std::fs::write(root.join("content/half.md"), "+++\ntitle").expect("a file");
            assert!(!watch.is_still(&tree, QUIET, &|_| true));
        });
    }
}
