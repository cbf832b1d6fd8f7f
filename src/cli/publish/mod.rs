//! `pamphlet publish`: builds the site, shows what readers will find new, changed and gone, and sends what differs.

mod connect;
mod hidden;
mod mended;
mod plan;
mod shown;
mod take_down;
mod undo;
mod verify;

use std::path::Path;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::PublishArgs;
use super::session::{Loudness, Session, clock};
use super::{Exit, build};
use crate::config::{Destination, Overrides, Place};
use crate::deploy::{self, Area, Plan, Problem, ProblemKind, Progress, Publication, Publisher, Purpose, Seen, Wish};
use crate::diagnostic::{Diagnostic, Found, nearest};
use crate::pipeline::{self, Read, Sources};
use crate::publish::{self, Index, Order, Outcome};
use crate::site::View;
use crate::store::{self, NoNotes, Way};

pub(super) use take_down::run as run_take_down;
pub(super) use verify::run as run_verify;

/// What every command about a place begins with: the site as it is, and the place that is meant.
struct Begun {
    read: Found<Read>,
    sources: Sources,
    destination: Destination,
}

fn begin(session: &Session, typed: Option<&str>) -> Result<Begun, Exit> {
    let read = session.read(&Overrides::default()).map_err(|why| session.no_site(&why))?;
    let Some(sources) = read.value.sources.clone() else {
        session.show(&pipeline::finalise(read.faults, &read.value.tree, None), &*read.value.tree);
        session.say(
            "Nothing was sent, and nothing taken down: what must not be public is not known while the settings have errors.",
        );
        return Err(Exit::Faults);
    };
    let destination = destination_of(session, &read, &sources, typed)?.clone();
    Ok(Begun { read, sources, destination })
}

/// Runs the command.
pub(super) fn run(session: &Session, typed: &PublishArgs) -> Exit {
    let Begun { read, sources, destination } = match begin(session, typed.target.as_deref()) {
        Ok(begun) => begun,
        Err(exit) => return exit,
    };
    if let Place::Zip(file) = &destination.place {
        return zip(session, typed, read, &sources, &session.place(file));
    }
    let desk = match Desk::open(session, &destination, typed.unlock) {
        Ok(desk) => desk,
        Err(exit) => return exit,
    };
    if typed.list {
        return undo::list(session, &desk);
    }
    if typed.undo {
        return undo::run(session, typed, &desk, &sources);
    }
    let folder = session.place("public");
    let tree = read.value.tree.clone();
    let order = order(&folder, typed.strict);
    // What is secret goes, here and there, whatever is wrong with the rest.
    let here = |exit, refused| match typed.dry_run {
        true => exit,
        false => build::hide(session, Some(&sources), &folder, refused, exit),
    };
    let without = |exit| match typed.dry_run {
        true => exit,
        false => plan::hide(session, &desk, &sources).err().unwrap_or(exit),
    };
    let done = match publish::publish(session, read, &order) {
        Outcome::Published(done) => done,
        Outcome::Refused(refusal) => return without(here(session.refused(&refusal), Some(&refusal))),
        Outcome::Mistaken(message) => return build::mistaken(session, &message),
        Outcome::Wrong(faults, _) => {
            return without(here(build::nothing_published(session, &faults, &tree), None));
        }
    };
    build::keep(session);
    session.show(&done.faults, &*tree);
    let files = match plan::files(&folder, &done.made, &*desk.target, &destination) {
        Ok(files) => files,
        Err(problem) => return without(session.wrong_of(problem)),
    };
    let exit = plan::publish(session, typed, &desk, &sources, &done.made, &files);
    if publish::is_fine(&done.faults) || exit != Exit::Fine { exit } else { Exit::Faults }
}

/// How the site is built before it is sent.
fn order(folder: &Path, strict: bool) -> Order<'_> {
    Order { now: None, clock: clock(), view: View::Published, strict, folder, way: Way::Exchange, index: Index::Now }
}

/// The destination that is meant; where the settings have errors, these come first.
fn destination_of<'a>(
    session: &Session,
    read: &Found<Read>,
    sources: &'a Sources,
    typed: Option<&str>,
) -> Result<&'a Destination, Exit> {
    let settings = crate::path::SitePath::new("site.toml");
    let is_of_settings = |fault: &&Diagnostic| fault.span.as_ref().map(|span| &span.file) == settings.as_ref();
    let faults: Vec<Diagnostic> = read.faults.iter().filter(is_of_settings).cloned().collect();
    if publish::is_fine(&faults) {
        return destination(session, sources, typed);
    }
    session.show(&pipeline::finalise(faults, &read.value.tree, Some(&sources.config)), &*read.value.tree);
    Err(Exit::Faults)
}

/// The destination that is meant: the one named, or the only one.
fn destination<'a>(session: &Session, sources: &'a Sources, typed: Option<&str>) -> Result<&'a Destination, Exit> {
    let all = &sources.config.destinations;
    let names = || all.iter().map(|one| one.name.as_str());
    let listed = || names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let found = match (typed, &all[..]) {
        (Some(name), _) => all.iter().find(|one| one.name == name),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    found.ok_or_else(|| {
        let (message, help) = match (typed, all.is_empty()) {
            (_, true) => (
                "site.toml does not say where the site is published to".to_owned(),
                "add to it, for example:\n\n    [publish.live]\n    to = \"sftp://USER@www.example.org/srv/www/site\"\n\n\
                 `to` may also be a folder, a file that ends with .zip, or s3://BUCKET/FOLDER. The manual's page \"Publishing to a \
                 server\" has each of them"
                    .to_owned(),
            ),
            (Some(name), false) => {
                let near = nearest(name, names()).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
                (format!("site.toml has no `[publish.{name}]`"), format!("{near}It has {}", listed()))
            }
            (None, false) => (
                "site.toml names several places to publish to".to_owned(),
                format!("say which: `pamphlet publish {}`. It has {}", all[0].name, listed()),
            ),
        };
        session.wrong(&message, &help);
        Exit::Usage
    })
}

/// A place, reached, with what this machine remembers of it.
struct Desk {
    destination: Destination,
    target: Box<dyn deploy::Target>,
    notes: store::Notes,
    unlocks: bool,
    /// This machine and the site's folder on it, as a hash.
    place: String,
}

impl Desk {
    fn open(session: &Session, destination: &Destination, unlocks: bool) -> Result<Self, Exit> {
        let notes = store::Notes::open(&session.root, &destination.name).map_err(|why| match why {
            NoNotes::Held => {
                session.wrong(
                    &format!("another run on this machine is publishing to `{}`", destination.name),
                    "wait until it has ended",
                );
                Exit::Machine
            }
            NoNotes::Failed(error) => {
                let why = crate::source::reason(&error);
                session.wrong(
                    &format!("nothing can be noted below `.pamphlet` in the site's folder: {why}"),
                    "see whether you may write there",
                );
                Exit::Machine
            }
        })?;
        let target = connect::connect(session, destination).map_err(|problem| session.wrong_of(problem))?;
        let place = connect::place(&session.root);
        Ok(Self { destination: destination.clone(), target, notes, unlocks, place })
    }

    /// Lets somebody publish.
    fn with<T>(&self, act: impl FnOnce(&Publisher<'_>) -> T) -> T {
        let now = || clock().as_second();
        act(&Publisher {
            target: &*self.target,
            notes: &self.notes,
            who: connect::who(),
            clock: &now,
            word: &connect::word,
            unlocks: self.unlocks,
            place: &self.place,
        })
    }
}

impl Session {
    /// Tells what a command is about to do, unless `--quiet` is set.
    fn tell(&self, text: &str) {
        if self.loudness > Loudness::Quiet {
            self.print(text);
        }
    }

    /// Shows what a target did not do.
    fn wrong_of(&self, problem: Problem) -> Exit {
        self.wrong(&problem.message, &problem.help);
        Exit::Machine
    }
}

/// The bytes on their way.
struct Bar<'a> {
    bar: ProgressBar,
    session: &'a Session,
}

impl<'a> Bar<'a> {
    fn new(session: &'a Session, bytes: u64) -> Self {
        let target = if session.is_watched() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(bytes), target);
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes} of {total_bytes}, {eta} left") {
            bar.set_style(style);
        }
        Self { bar, session }
    }
}

impl Progress for Bar<'_> {
    fn sent(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    fn note(&self, text: &str) {
        self.bar.suspend(|| self.session.say(&format!("note: {text}")));
    }
}

impl Drop for Bar<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Carries a plan out and says what has become of it.
fn carry_out(
    session: &Session,
    desk: &Desk,
    publisher: &Publisher<'_>,
    seen: &Seen,
    plan: &Plan,
    purpose: &Purpose,
    built: &dyn deploy::Built,
) -> Result<Publication, Exit> {
    let begun = Instant::now();
    let bar = Bar::new(session, plan.bytes());
    let outcome = publisher.run(seen, plan, purpose, built, &bar);
    drop(bar);
    match outcome {
        Ok(publication) => {
            session.say(&shown::done(desk, &publication, plan, begun.elapsed()));
            // Asked now and then, since it is set elsewhere.
            if publication.number % 10 == 1 && desk.target.shows_to_all(Area::State, &publication.file) {
                session.say(
                    "warning: anybody can read what is noted in `.pamphlet/`, earlier versions of pages included. Leave it out of what the bucket \
                     shows, as the manual's page \"Publishing to a server\" says, or set `keep = 1`",
                );
            }
            Ok(publication)
        }
        Err(problem) => {
            session.wrong(&problem.message, &problem.help);
            if matches!(problem.kind, ProblemKind::Taken | ProblemKind::Overtaken) {
                return Err(Exit::Machine);
            }
            session.say(if seen.is_new() {
                "\nThe site has not arrived as a whole yet. Publish again to go on; what has arrived is not sent twice."
            } else {
                "\nReaders see a whole site: pages that have arrived are new, the others are as they were. Publish again to go on; what \
                 has arrived is not sent twice."
            });
            Err(Exit::Machine)
        }
    }
}

/// Builds the site and packs it into one file.
fn zip(session: &Session, typed: &PublishArgs, read: Found<Read>, sources: &Sources, file: &Path) -> Exit {
    if typed.list || typed.undo {
        session.wrong(
            "what was published before a .zip file is not known: it is uploaded by hand",
            "the host may keep earlier uploads: look at its page of deployments",
        );
        return Exit::Usage;
    }
    let (folder, tree) = (session.place("public"), read.value.tree.clone());
    let hide = |exit, refused| {
        if typed.dry_run {
            return exit;
        }
        let exit = build::hide(session, Some(sources), &folder, refused, exit);
        if file.exists() {
            let file = super::session::shown(file);
            session.say(&format!(
                "{file} may hold what must not be public now: delete it, or make it anew before you upload it."
            ));
        }
        exit
    };
    let done = match publish::publish(session, read, &order(&folder, typed.strict)) {
        Outcome::Published(done) => done,
        Outcome::Refused(refusal) => return hide(session.refused(&refusal), Some(&refusal)),
        Outcome::Mistaken(message) => return build::mistaken(session, &message),
        Outcome::Wrong(faults, _) => return hide(build::nothing_published(session, &faults, &tree), None),
    };
    build::keep(session);
    session.show(&done.faults, &*tree);
    if typed.dry_run {
        session.say(&format!("Nothing was written: {} would be made.", super::session::shown(file)));
        return Exit::Fine;
    }
    let lying = match store::look(&folder) {
        Ok(lying) => lying,
        Err(refusal) => return session.refused(&refusal),
    };
    match store::write_zip(&session.root, file, lying.paths().map(|path| (path, lying.bytes(path)))) {
        Ok(()) => {
            session.say(&format!("The site is in {}. Upload it on your host's page.", super::session::shown(file)));
            if publish::is_fine(&done.faults) { Exit::Fine } else { Exit::Faults }
        }
        Err(refusal) => session.refused(&refusal),
    }
}

/// The plan for a wish, or why there is none.
fn planned(session: &Session, seen: &Seen, wish: &Wish<'_>) -> Result<Plan, Exit> {
    seen.plan(wish).map_err(|path| {
        session.wrong(
            &format!("`{path}` is not kept on the target any more, so that state cannot be put back as a whole"),
            "build what you want to see again, and publish it; `--list` shows the states that are kept",
        );
        Exit::Faults
    })
}
