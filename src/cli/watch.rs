//! `pamphlet build --watch`: the site is built, and rebuilt whenever a source changes or something becomes public.
//!
//! [`republish`] decides what to do when. This module does it: it looks at the sources, waits, publishes and reports; and
//! returns each outcome as the next event, with the time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Exit;
use super::args::BuildArgs;
use super::following::{PUT_BACK, READ_OTHERWISE, Told, WARNED_OF, in_short, line, tell_how, wait, watcher};
use super::session::{Session, clock, shown};
use super::takedown::{still_shown, take_down};
use super::{build, takedown};
use crate::config::Overrides;
use crate::diagnostic::{Diagnostic, Found};
use crate::path::SitePath;
use crate::pipeline::{self, Made, Memory, Read, Sources};
use crate::publish::{self, Done, Indexer, Order, Outcome};
use crate::republish::{self, Action, End, Event, Extent, Index, Looked, Next, Now, Rules, STILL, Secrets, State, Why};
use crate::search::Record;
use crate::source::{Content, Difference, NoSite, Tree};
use crate::store::Way;
use crate::watch::{Wake, Watcher};

/// Runs the command.
pub(super) fn run(session: &Session, typed: &BuildArgs) -> Exit {
    let mut watch = Watch::new(session, typed);
    let (mut state, mut next) = State::begin(Rules { is_fixed: typed.now.is_some(), shows_drafts: typed.drafts });
    loop {
        let begun = watch.now();
        let event = match next {
            Next::End(why) => return watch.end(why),
            next => watch.outcome(next, begun.clock),
        };
        // A look dates from its beginning: a change during it is for the next.
        let now = if matches!(event, Event::Looked(_)) { begun } else { watch.now() };
        let actions;
        (state, actions, next) = republish::step(state, event, now);
        for action in actions {
            watch.perform(action);
        }
    }
}

/// A site that is published again after each change.
struct Watch<'a> {
    session: &'a Session,
    typed: &'a BuildArgs,
    folder: PathBuf,
    begun: Instant,
    watcher: Watcher,
    memory: Memory,
    /// The present look.
    look: Option<Look>,
    /// The last settled look: the files, and the faults of reading them.
    settled: Option<(Arc<Tree>, Vec<Diagnostic>)>,
    /// Why the last look found no site, if it did not.
    no_site: Option<NoSite>,
    /// What was published last.
    published: Option<pipeline::Published>,
    told: Told,
    indexer: Indexer,
    /// The records to be searched, where the published index is out of date.
    unindexed: Option<Arc<Vec<Record>>>,
    /// What was last said of pages that stay though they show something hidden.
    warned: Vec<String>,
}

/// A look at the sources, and how far it has got.
struct Look {
    begun: Instant,
    at: Timestamp,
    tree: Arc<Tree>,
    sources: Option<Sources>,
    unread: Vec<Diagnostic>,
    /// What differs from the last settled look, if there was one.
    differences: Option<Vec<(SitePath, Difference)>>,
    stage: Stage,
}

/// What a look has led to.
enum Stage {
    Read(Found<Read>),
    Ready(publish::Ready),
    Published(Box<Done>),
    Faulty(Vec<Diagnostic>),
    /// Nothing more.
    Over,
}

/// The answer when a step is asked for but its input is missing: look again.
const NOTHING_THERE: Event = Event::Still(false);

impl<'a> Watch<'a> {
    /// The watch that the command line asks for.
    fn new(session: &'a Session, typed: &'a BuildArgs) -> Self {
        Self {
            session,
            typed,
            folder: build::folder(session, typed),
            begun: Instant::now(),
            watcher: watcher(session, typed.poll),
            memory: Memory::knowing(session.images.clone()),
            look: None,
            settled: None,
            no_site: None,
            published: None,
            told: Told::default(),
            indexer: Indexer::default(),
            unindexed: None,
            warned: Vec::new(),
        }
    }

    fn now(&self) -> Now {
        Now { clock: clock(), running: self.begun.elapsed() }
    }

    /// Carries out the next step; `clock` is the moment of a look.
    fn outcome(&mut self, next: Next, clock: Timestamp) -> Event {
        match next {
            Next::Look => self.look(clock),
            Next::Prepare => self.prepare(),
            Next::CheckStill(time, extent) => self.check_still(time, extent),
            Next::Publish(index) => self.publish(index),
            Next::Withdraw(secrets) => self.withdraw(secrets),
            Next::BeginIndex => self.begin_index(),
            Next::Wait(until, limit) => {
                self.look = None;
                let wake = wait(&mut self.watcher, until, self.typed.now.as_deref(), limit);
                // Where changes are not reported, a wait proves nothing.
                Event::Waited { is_idle: wake == Wake::TimeOver || !self.watcher.is_told() }
            }
            Next::End(_) => NOTHING_THERE,
        }
    }

    /// Looks at the site.
    fn look(&mut self, now: Timestamp) -> Event {
        self.look = None;
        let begun = Instant::now();
        let overrides = Overrides { base_url: self.typed.base_url.clone(), lowered: WARNED_OF };
        let entered = self.session.enter();
        let read = entered.and_then(|()| pipeline::read(&self.session.root, &overrides, now, &mut self.memory));
        let read = match read {
            Ok(read) => read,
            Err(why) => {
                self.no_site = Some(why);
                return Event::Away;
            }
        };
        let (tree, sources, unread) = (read.value.tree.clone(), read.value.sources.clone(), read.faults.clone());
        self.watcher.mind_links(tree.has_links());
        let differences = self.settled.as_ref().map(|(before, _)| tree.differences(before));
        let found = Looked {
            differs: differences.as_ref().is_some_and(|all| !all.is_empty()),
            reads_otherwise: self.settled.as_ref().is_some_and(|(_, before)| *before != unread),
            has_settings: sources.is_some(),
            has_index: self.indexer.is_done(),
        };
        self.look = Some(Look { begun, at: now, tree, sources, unread, differences, stage: Stage::Read(read) });
        Event::Looked(found)
    }

    /// The order to publish; its moment is the clock's unless another was given.
    fn order(&self, clock: Timestamp) -> Order<'_> {
        Order { clock, ..build::order(self.typed, &self.folder, Way::InPlace) }
    }

    /// Takes the stage of the present look, which is then over.
    fn take_stage(&mut self) -> Option<(Stage, Timestamp)> {
        let look = self.look.as_mut()?;
        Some((std::mem::replace(&mut look.stage, Stage::Over), look.at))
    }

    fn prepare(&mut self) -> Event {
        let Some((Stage::Read(read), at)) = self.take_stage() else { return NOTHING_THERE };
        let ready = match publish::prepare(self.session, read, &self.order(at)) {
            Ok(ready) => ready,
            Err(outcome) => return self.published(outcome),
        };
        let Some(look) = &mut self.look else { return NOTHING_THERE };
        let (made, tree) = (&ready.made, &*look.tree);
        let site = &made.site;
        let facts = republish::Ready {
            public: site.visible().collect(),
            brings_files: look.differences.iter().flatten().any(|(path, _)| is_copied(made, tree, path)),
            is_fresh: tree.fresh(STILL).any(|path| is_read(tree, path) || is_copied(made, tree, path)),
        };
        look.stage = Stage::Ready(ready);
        Event::Ready(facts)
    }

    /// Whether the sources stay unchanged for `time`.
    fn check_still(&mut self, time: Duration, extent: Extent) -> Event {
        let Some(look) = &self.look else { return NOTHING_THERE };
        let made = match &look.stage {
            Stage::Ready(ready) if extent == Extent::ReadAndCopied => Some(&ready.made),
            _ => None,
        };
        let tree = &look.tree;
        let is_minded = |path: &SitePath| is_read(tree, path) || made.is_some_and(|made| is_copied(made, tree, path));
        Event::Still(is_still(self.session, &mut self.watcher, tree, time, &is_minded))
    }

    fn publish(&mut self, index: Index) -> Event {
        let Some((Stage::Ready(ready), at)) = self.take_stage() else { return NOTHING_THERE };
        let index = match index {
            Index::Now => publish::Index::Now,
            Index::Later => publish::Index::Later(&self.indexer),
        };
        let outcome = publish::put(self.session, ready, &Order { index, ..self.order(at) });
        self.published(outcome)
    }

    /// Keeps and reports the outcome of a publication.
    fn published(&mut self, outcome: Outcome) -> Event {
        let (event, stage) = match outcome {
            Outcome::Published(mut done) => {
                let site = &done.made.site;
                let until = site.true_until().map(|when| when.timestamp());
                self.published = Some((site.clone(), done.made.routes.clone()));
                self.unindexed = done.unindexed.take().map(Arc::new);
                self.warned.clear();
                let facts = republish::Published { until, is_unindexed: self.unindexed.is_some() };
                (Event::Published(facts), Stage::Published(done))
            }
            Outcome::Wrong(faults, until) => (Event::Faulty(until), Stage::Faulty(faults)),
            Outcome::Refused(refusal) => (Event::Refused(refusal), Stage::Over),
            Outcome::Mistaken(why) => (Event::Mistaken(why), Stage::Over),
        };
        if let Some(look) = &mut self.look {
            look.stage = stage;
        }
        event
    }

    /// Removes and names what must not be public now, since the site as a whole cannot be published.
    fn withdraw(&mut self, secrets: Secrets) -> Event {
        let Some(look) = &self.look else { return NOTHING_THERE };
        let Some(sources) = &look.sources else { return NOTHING_THERE };
        let Ok(moment) = pipeline::moment(self.typed.now.as_deref(), look.at, &sources.config) else {
            return NOTHING_THERE;
        };
        let withheld = pipeline::withheld(sources, &moment, self.published.as_ref());
        let is_to_go = |path: &str| withheld.hides(path) || secrets == Secrets::HiddenOrGone && withheld.misses(path);
        if let Err(refusal) = take_down(self.session, &self.folder, &withheld, is_to_go) {
            return Event::Withdrawn(Err(refusal));
        }
        let mut warnings = still_shown(&withheld);
        // Of what this run has published, it is known which pages show a piece.
        warnings.extend(takedown::pieces(&withheld, &self.folder).filter(|_| self.published.is_none()));
        warnings.extend(takedown::stays(&publish::stays(sources, &moment, &self.folder)));
        warnings.iter().filter(|warning| !self.warned.contains(warning)).for_each(|warning| self.session.say(warning));
        self.warned = warnings;
        Event::Withdrawn(Ok(()))
    }

    fn begin_index(&mut self) -> Event {
        let Some(records) = &self.unindexed else { return Event::IndexBegun(false) };
        let is_begun = self.indexer.begin(self.session, records, self.watcher.waker());
        if is_begun {
            self.unindexed = None;
        }
        Event::IndexBegun(is_begun)
    }

    /// Reports or keeps something.
    fn perform(&mut self, action: Action) {
        let session = self.session;
        match action {
            Action::TellAway => self.no_site.iter().for_each(|why| session.away(why)),
            Action::TellBack => session.say("The site is back."),
            Action::TellWatching => session.say("Watching for changes; Ctrl+C ends it."),
            Action::TellHow => tell_how(session, &mut self.watcher),
            Action::TellHeld(why) => {
                session.say(&format!("{}: waits until nothing has changed for half a second", self.in_words(why)));
            }
            Action::TellPublished(why) => self.tell_published(why),
            Action::TellFaults(why) => self.tell_faults(why),
            Action::TellRefused(refusal) => {
                session.refused(&refusal);
                session.say("Nothing more is published until that is fixed; Pamphlet keeps trying.");
            }
            Action::TellLeft(refusal) => {
                session.refused(&refusal);
            }
            Action::Settle => self.settled = self.look.take().map(|look| (look.tree, look.unread)),
            Action::KeepCaches => build::keep(session),
            Action::ForgetIndex => {
                self.unindexed = None;
                self.indexer.forget();
            }
        }
    }

    fn tell_published(&mut self, why: Why) {
        let Some((Stage::Published(done), _)) = self.take_stage() else { return };
        let (words, Some(look)) = (self.in_words(why), &self.look) else { return };
        self.told.show(self.session, &done.faults, &look.tree);
        tell(self.session, &done, &words, &self.folder, look.begun);
    }

    fn tell_faults(&mut self, why: Why) {
        let Some((Stage::Faulty(faults), _)) = self.take_stage() else { return };
        let (words, Some(look)) = (self.in_words(why), &self.look) else { return };
        self.told.show(self.session, &faults, &look.tree);
        let zone = look.sources.as_ref().map_or(TimeZone::UTC, |sources| sources.config.timezone.clone());
        self.session.say(&line(&zone, &words, look.begun.elapsed(), "nothing was published", &faults));
        if look.sources.is_none() && !self.typed.drafts {
            takedown::unknown(&self.folder).iter().for_each(|line| self.session.say(line));
        }
    }

    fn in_words(&self, why: Why) -> String {
        let differences = self.look.as_ref().and_then(|look| look.differences.as_deref());
        match why {
            Why::Begun => "the site".to_owned(),
            Why::Changed => in_short(differences.unwrap_or_default()),
            Why::Due => "the hour has come".to_owned(),
            Why::PutBack => PUT_BACK.to_owned(),
            Why::ReadOtherwise => READ_OTHERWISE.to_owned(),
            Why::Indexed => "the search index".to_owned(),
            Why::TriedAgain => "tried again".to_owned(),
        }
    }

    /// Ends the watch, and says why.
    fn end(&self, why: End) -> Exit {
        match why {
            End::NoSite => self.no_site.as_ref().map_or(Exit::Usage, |why| self.session.no_site(why)),
            End::Mistaken(why) => build::mistaken(self.session, &why),
            End::Refused(refusal) => self.session.refused(&refusal),
        }
    }
}

/// Whether those sources that `are_minded` stay unchanged in `tree` for `time`.
///
/// Events say that something may have changed, but some changes cause none: only a look is certain.
fn is_still(
    session: &Session,
    watcher: &mut Watcher,
    tree: &Tree,
    time: Duration,
    are_minded: &dyn Fn(&SitePath) -> bool,
) -> bool {
    let begun = Instant::now();
    while let Some(left) = time.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) {
        watcher.wait(Some(left));
    }
    let now = Tree::read(&session.root, clock(), Some(tree));
    now.is_ok_and(|now| !now.value.differences(tree).iter().any(|(path, _)| are_minded(path)))
}

/// Whether a file is read to make the site.
fn is_read(tree: &Tree, path: &SitePath) -> bool {
    !matches!(tree.get(path).map(|file| &file.content), Some(Content::Opaque(..)))
}

/// Whether a file exists and is published, either unchanged or as an image.
fn is_copied(made: &Made, tree: &Tree, path: &SitePath) -> bool {
    let Some(file) = tree.get(path) else { return false };
    let is_opaque = matches!(file.content, Content::Opaque(..));
    path.below("static").is_some()
        || is_opaque && path.below("content").is_none()
        || made.site.files().contains_key(path)
        || made.site.pictures().contains_key(path)
}

fn tell(session: &Session, done: &Done, what: &str, folder: &Path, begun: Instant) {
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

    use super::super::args::Args;
    use super::*;
    use crate::republish::QUIET;

    #[test]
    fn where_nobody_tells_of_changes_a_look_does() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().join("site");
        std::fs::create_dir_all(root.join("content")).expect("a folder");
        std::fs::write(root.join("site.toml"), "title = \"A\"\n").expect("a file");
        let root_text = root.to_str().expect("plain");
        let args = Args::try_parse_from(["pamphlet", "-q", "--root", root_text, "build", "--watch", "--poll"]);
        let session = Session::new(&args.expect("a command"));
        let mut watcher = watcher(&session, true);
        let tree = Tree::read(&root, clock(), None).expect("there is a site").value;
        assert!(is_still(&session, &mut watcher, &tree, QUIET, &|_| true));
        std::fs::write(root.join("content/half.md"), "+++\ntitle").expect("a file");
        assert!(!is_still(&session, &mut watcher, &tree, QUIET, &|_| true));
    }
}
