//! `pamphlet build`: the site is rendered and published, or it is not and its faults are shown.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use super::args::BuildArgs;
use super::check::Scanned;
use super::indexing::{self, Index};
use super::session::{Session, clock, is_fine, shown};
use super::{Exit, watch};
use crate::config::{Base, Overrides};
use crate::diagnostic::{self, Diagnostic, Found};
use crate::markdown::highlight;
use crate::path::OutputPath;
use crate::pipeline::{self, Made, Prepared, Read};
use crate::render::{self, Output};
use crate::routes::{Route, RouteKind, is_page};
use crate::schema;
use crate::search::Record;
use crate::site::{Hidden, Ix, Site, View};
use crate::source::Tree;
use crate::store::{self, Body, Publication, Purpose, Refusal, Report, Way};
use crate::template::Renderers;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &BuildArgs) -> Exit {
    let begun = Instant::now();
    pipeline::use_cores(typed.jobs);
    if let Some(Err(message)) = typed.base_url.as_deref().map(Base::parse) {
        session.wrong(&message, "such as `--base-url https://www.example.org/`");
        return Exit::Usage;
    }
    recall(session);
    if typed.watch {
        return watch::run(session, typed);
    }
    let read = match session.read(&Overrides { base_url: typed.base_url.clone(), ..Overrides::default() }) {
        Ok(read) => read,
        Err(why) => return session.no_site(&why),
    };
    session.mention(&format!("read after {} ms", begun.elapsed().as_millis()));
    let tree = read.value.tree.clone();
    let folder = folder(session, typed);
    let way = if typed.in_place { Way::InPlace } else { Way::Exchange };
    match publish(session, read, &Asked { now: typed.now.as_deref(), ..Asked::of(typed, &folder, way) }) {
        Outcome::Mistaken(message) => {
            session.wrong(&message, "write `--now` as in `--now \"2026-05-14 00:01\"`");
            Exit::Usage
        }
        Outcome::Refused(refusal) => session.refused(&refusal),
        Outcome::Wrong(faults, _) => {
            session.show(&faults, &*tree);
            session.say(&format!("\nNothing was published: {}.", diagnostic::summary(&faults)));
            Exit::Faults
        }
        Outcome::Published(done) => {
            keep(session);
            session.show(&done.faults, &*tree);
            if !done.faults.is_empty() {
                session.say("");
            }
            if let Some(note) = &done.report.note {
                session.say(&format!("note: {note}"));
            }
            session.say(&last_line(&done, &folder, begun));
            if let Some(line) = next_publication(&done.made.site, session.is_watched()) {
                session.say(&line);
            }
            // The program ends here, and the system takes all memory back at once: piece by piece it takes a twentieth of a build.
            std::mem::forget(done);
            Exit::Fine
        }
    }
}

/// The file of highlighted code in the cache.
const HIGHLIGHTED: &str = "highlighted";

/// Takes over what an earlier run has highlighted, while the sources are being read.
fn recall(session: &Session) {
    let root = session.root.clone();
    rayon::spawn(move || highlight::remember(store::load(&root, HIGHLIGHTED, highlight::FORM)));
}

/// Keeps what was highlighted for the next run.
pub(super) fn keep(session: &Session) {
    session.keep_images();
    if let Some(results) = highlight::remembered() {
        store::save(&session.root, HIGHLIGHTED, highlight::FORM, &results);
    }
}

/// Where the website goes.
pub(super) fn folder(session: &Session, typed: &BuildArgs) -> PathBuf {
    typed.output.clone().unwrap_or_else(|| session.place("public"))
}

/// How a site is to be published.
pub(super) struct Asked<'a> {
    pub(super) now: Option<&'a str>,
    pub(super) clock: Timestamp,
    pub(super) view: View,
    pub(super) strict: bool,
    pub(super) folder: &'a Path,
    pub(super) way: Way,
    pub(super) index: Index<'a>,
}

impl<'a> Asked<'a> {
    /// What the folder is made as.
    fn purpose(&self) -> Purpose {
        match (self.view, self.now) {
            (View::Everything, _) => Purpose::Drafts,
            (_, Some(_)) => Purpose::Moment,
            (_, None) => Purpose::Public,
        }
    }

    /// What the command line asks for.
    pub(super) fn of(typed: &'a BuildArgs, folder: &'a Path, way: Way) -> Self {
        let view = if typed.drafts { View::Everything } else { View::Published };
        Self { now: typed.now.as_deref(), clock: clock(), view, strict: typed.strict, folder, way, index: Index::Now }
    }
}

/// What became of a publication.
pub(super) enum Outcome {
    Published(Box<Done>),
    /// The site has errors: nothing was published. A link to what is not public is one until it is, so the same sources may
    /// be right at that moment.
    Wrong(Vec<Diagnostic>, Option<Timestamp>),
    Refused(Refusal),
    /// The moment that was asked for is none.
    Mistaken(String),
}

/// A publication.
pub(super) struct Done {
    pub(super) made: Made,
    pub(super) report: Report,
    /// What is wrong with it, settled; no errors.
    pub(super) faults: Vec<Diagnostic>,
    /// What the search is to find, if its index was left as it was.
    pub(super) unindexed: Option<Vec<Record>>,
}

/// Renders what was read and publishes it, unless it has errors.
pub(super) fn publish(session: &Session, read: Found<Read>, asked: &Asked<'_>) -> Outcome {
    match prepare(session, read, asked) {
        Ok(ready) => put(session, ready, asked),
        Err(outcome) => outcome,
    }
}

/// What can be rendered and published.
pub(super) struct Ready {
    pub(super) made: Made,
    tree: Arc<Tree>,
    faults: Vec<Diagnostic>,
}

/// The snapshot of what was read, or why there is none to publish.
pub(super) fn prepare(session: &Session, read: Found<Read>, asked: &Asked<'_>) -> Result<Ready, Outcome> {
    let begun = Instant::now();
    let (tree, read_faults) = (read.value.tree, read.faults);
    let Some(sources) = read.value.sources else {
        return Err(Outcome::Wrong(pipeline::settle(read_faults, &tree, None), None));
    };
    let now = pipeline::moment(asked.now, asked.clock, &sources.config).map_err(Outcome::Mistaken)?;
    let prepared = pipeline::prepare(&sources, read_faults, now, asked.view, &AtomicBool::new(false));
    session.mention(&format!("snapshot made after {} ms more", begun.elapsed().as_millis()));
    match prepared {
        Prepared::Ready(made, faults) => Ok(Ready { made: *made, tree, faults }),
        Prepared::Wrong(faults, until) => Err(Outcome::Wrong(faults, until)),
    }
}

/// Renders a snapshot and publishes it, unless rendering shows errors.
pub(super) fn put(session: &Session, ready: Ready, asked: &Asked<'_>) -> Outcome {
    let begun = Instant::now();
    let Ready { made, tree, mut faults } = ready;
    let publication = match store::open(asked.folder, asked.way, asked.purpose()) {
        Ok(publication) => publication,
        Err(refusal) => return Outcome::Refused(refusal),
    };
    let written = write(session, &made, &publication, asked);
    session.mention(&format!("rendered and written after {} ms more", begun.elapsed().as_millis()));
    if let Some(refusal) = written.refusal {
        return Outcome::Refused(refusal);
    }
    faults.extend(written.faults);
    let faults = pipeline::settle(faults, &tree, Some(&made.site.config));
    if !is_fine(&faults) {
        return Outcome::Wrong(faults, made.site.true_until().map(|when| when.timestamp()));
    }
    match publication.finish() {
        Ok(report) => {
            let unindexed = written.unindexed;
            Outcome::Published(Box::new(Done { made, report, faults, unindexed }))
        }
        Err(refusal) => Outcome::Refused(refusal),
    }
}

/// What rendering into a publication came to.
struct Written {
    faults: Vec<Diagnostic>,
    refusal: Option<Refusal>,
    unindexed: Option<Vec<Record>>,
}

fn write(session: &Session, made: &Made, publication: &Publication, asked: &Asked<'_>) -> Written {
    let bar = progress(session, made.routes.all().len());
    let refusal: Mutex<Option<Refusal>> = Mutex::new(None);
    let stop = AtomicBool::new(false);
    let scanned = Scanned::default();
    // What an image's name says, its bytes are: one that lies there need not be made again.
    let make = |renderer: &Renderers, route: &Route| {
        bar.inc(1);
        let says_all = matches!(route.kind, RouteKind::Rendition(_) | RouteKind::ShareImage(_));
        let lies_there = says_all && publication.keep(&route.address.output());
        if lies_there { Found::clean(None) } else { render::render(renderer, route) }
    };
    let mut faults = pipeline::render_all(made, &stop, make, |route, output| {
        let path = route.address.output();
        let mut found = Vec::new();
        if asked.strict {
            scanned.see(made, route, &output, &mut found);
        }
        let body = match output {
            Output::Bytes(bytes) => Body::Bytes(bytes),
            Output::File(file) => body_of(&made.site, &file),
        };
        if let Err(refused) = publication.put(&path, body) {
            stop.store(true, Ordering::Relaxed);
            refusal.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(refused);
        }
        found
    });
    let mut refusal = refusal.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut unindexed = None;
    if refusal.is_none() {
        match indexing::publish(session, made, publication, asked.index) {
            Ok(left) => unindexed = left,
            Err(refused) => refusal = Some(refused),
        }
    }
    bar.finish_and_clear();
    if asked.strict {
        faults.extend(scanned.compare(made).0);
    }
    Written { faults, refusal, unindexed }
}

/// What is published of a source file: its bytes if they are held, else a copy from the disk.
fn body_of(site: &Site, file: &crate::path::SitePath) -> Body {
    match site.tree.get(file).map(|found| &found.content) {
        Some(crate::source::Content::Text(text)) => Body::Bytes(text.as_bytes().to_vec()),
        Some(crate::source::Content::NotText(bytes)) => Body::Bytes(bytes.to_vec()),
        Some(crate::source::Content::Opaque(_, Some(bytes))) => Body::Bytes(bytes.to_vec()),
        Some(crate::source::Content::Opaque(_, None)) | None => Body::Copy(site.tree.on_disk(file)),
    }
}

fn progress(session: &Session, count: usize) -> ProgressBar {
    let target = if session.is_watched() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(count as u64), target);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos} of {len}") {
        bar.set_style(style);
    }
    bar
}

fn last_line(done: &Done, folder: &Path, begun: Instant) -> String {
    let Done { made, report, .. } = done;
    let pages = made.routes.all().iter().filter(|route| is_page(&route.kind)).count();
    let count = |n: usize, what: &str| format!("{n} {what}");
    let time = in_words(begun.elapsed());
    let pages = if pages == 1 { "1 page".to_owned() } else { count(pages, "pages") };
    format!(
        "Published {pages} to {}: {} files new, {} changed, {} removed, {} as they were, in {time}.{}",
        shown(folder),
        report.new,
        report.changed,
        report.removed,
        report.unchanged,
        not_public(&made.site).map(|counts| format!(" Not public: {counts}.")).unwrap_or_default()
    )
}

/// How many entries are not public, and why; `None` if all are.
fn not_public(site: &Site) -> Option<String> {
    let (mut drafts, mut dated, mut embargoed, mut gone, mut unread, mut foreign) = (0, 0, 0, 0, 0, 0);
    for ix in site.all() {
        match site.visibility(ix).hidden() {
            None => continue,
            Some(Hidden::Draft) => drafts += 1,
            Some(Hidden::Until(_)) if site.is_under_embargo(ix) => embargoed += 1,
            Some(Hidden::Until(_)) => dated += 1,
            Some(Hidden::Expired(_)) => gone += 1,
            Some(Hidden::Unreadable) => unread += 1,
            Some(Hidden::Language) => foreign += 1,
        }
    }
    let drafts_in_words = if drafts == 1 { "draft" } else { "drafts" };
    let counts = [
        (drafts, drafts_in_words),
        (embargoed, "under embargo"),
        (dated, "dated ahead"),
        (gone, "expired"),
        (unread, "that cannot be read"),
        (foreign, "in a language that the site has not"),
    ];
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// How long something took, for people.
pub(super) fn in_words(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1_000.0) } else { format!("{seconds:.1} s") }
}

/// What becomes public next, so that whoever hosts the site knows when to build again. Titles are told on a terminal only: what a
/// program prints elsewhere is kept, often where everybody can read it.
fn next_publication(site: &Site, is_terminal: bool) -> Option<String> {
    let (whole, in_part) = (site.coming(), site.coming_in_part());
    let moments = whole.iter().map(|(when, _)| *when).chain(in_part.iter().map(|(when, _)| when));
    let soonest = moments.min()?;
    let title = |ix: &Ix| format!("\"{}\"", site.entry(*ix).title());
    let titles: Vec<String> = whole.iter().take_while(|(when, _)| *when == soonest).map(|(_, ix)| title(ix)).collect();
    let parts: BTreeSet<Ix> = in_part.iter().filter(|(when, _)| when == soonest).map(|(_, ix)| *ix).collect();
    let mut what: Vec<String> = match (is_terminal, titles.len()) {
        (_, 0) => Vec::new(),
        (true, 1..=3) => titles.clone(),
        (_, 1) => vec!["1 entry".to_owned()],
        (_, more) => vec![format!("{more} entries")],
    };
    what.extend(match (is_terminal, parts.len()) {
        (_, 0) => None,
        (true, 1) => parts.first().map(|ix| format!("part of {}", title(ix))),
        (_, 1) => Some("part of 1 entry".to_owned()),
        (_, more) => Some(format!("parts of {more} entries")),
    });
    let verb = if titles.len() + parts.len() == 1 { "becomes" } else { "become" };
    Some(format!("Next: {} {verb} public on {}; build again then.", what.join(", "), schema::in_words(soonest)))
}

/// The output paths of everything that is published.
pub(super) fn outputs(made: &Made) -> std::collections::BTreeSet<OutputPath> {
    made.routes.all().iter().map(|route| route.address.output()).collect()
}
