//! What was read + a moment → the published folder, or why nothing was published; and what readers would find new there.
//!
//! 1. [`prepare`] makes the snapshot; a site with errors goes no further.
//! 2. [`put`] renders it and passes each output to `store`, which puts them in place all at once.
//! 3. `plan` compares the same outputs with the published folder, and writes nothing.
//!
//! It knows nothing of commands, terminals and clocks: the caller gives the moment, and follows the progress through an
//! [`Observer`].

mod indexing;
mod plan;
mod scanned;
mod stays;

pub(crate) use indexing::{Index, Indexer};
#[cfg(feature = "publish")]
pub(crate) use plan::{Change, Kind, What, changes, pages_in_words};
pub(crate) use plan::{Planned, in_words, plan};
pub(crate) use scanned::Scanned;
pub(crate) use stays::{Stays, address, stays};

use std::cell::LazyCell;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::check;
use crate::diagnostic::{Diagnostic, Found, Severity};
use crate::images::BlobCache;
use crate::path::{OutputPath, SitePath};
use crate::pipeline::{self, Made, Prepared, Read, Readers};
use crate::render::{self, Output};
use crate::routes::{ChartForm, Route, RouteKind};
use crate::search::Record;
use crate::site::{Site, View};
use crate::source::{Content, Tree};
use crate::store::{self, Body, Publication, Purpose, Refusal, Report, Way};
use crate::template::Renderers;

/// Receives progress reports, and keeps what is expensive to build.
pub(crate) trait Observer: Sync {
    /// A step is done, such as "rendered"; shown by `--verbose` with the time it took.
    fn done(&self, what: &str);
    /// Something that the person who publishes should know.
    fn note(&self, text: &str);
    /// This many outputs are about to be made.
    fn begin(&self, outputs: usize) -> Box<dyn Progress>;
    fn shelf(&self) -> Arc<dyn BlobCache>;
}

/// How many outputs have been made.
pub(crate) trait Progress: Sync {
    fn step(&self);
    fn end(&self);
}

/// Whether a site with these faults may be published.
pub(crate) fn is_fine(faults: &[Diagnostic]) -> bool {
    !faults.iter().any(|fault| fault.severity == Severity::Error)
}

/// How a site is to be published.
pub(crate) struct Order<'a> {
    /// The moment as typed; without one, the clock's.
    pub(crate) now: Option<&'a str>,
    pub(crate) clock: Timestamp,
    pub(crate) view: View,
    pub(crate) strict: bool,
    pub(crate) folder: &'a Path,
    pub(crate) way: Way,
    pub(crate) index: Index<'a>,
}

impl<'a> Order<'a> {
    /// What the folder is made for.
    fn purpose(&self) -> Purpose {
        match (self.view, self.now) {
            (View::Everything | View::Whole, _) => Purpose::Drafts,
            (_, Some(_)) => Purpose::Moment,
            (_, None) => Purpose::Public,
        }
    }
}

/// The outcome of a publication.
pub(crate) enum Outcome {
    Published(Box<Done>),
    /// The site has errors: nothing was published. A link to a hidden entry is an error until that entry is public, so
    /// the same sources may be right from that moment on.
    Wrong(Vec<Diagnostic>, Option<Timestamp>),
    Refused(Refusal),
    /// The moment that was asked for is not valid.
    Mistaken(String),
}

/// A publication.
pub(crate) struct Done {
    pub(crate) made: Made,
    pub(crate) report: Report,
    /// Its final faults; errors only in what is kept out.
    pub(crate) faults: Vec<Diagnostic>,
    /// The search records, if the index was left as it was.
    pub(crate) unindexed: Option<Vec<Record>>,
}

/// Renders and publishes what was read, unless it has errors.
pub(crate) fn publish(observer: &dyn Observer, read: Found<Read>, asked: &Order<'_>) -> Outcome {
    match prepare(observer, read, asked) {
        Ok(ready) => put(observer, ready, asked),
        Err(outcome) => outcome,
    }
}

/// A snapshot that can be rendered and published.
pub(crate) struct Ready {
    pub(crate) made: Made,
    tree: Arc<Tree>,
    faults: Vec<Diagnostic>,
}

/// The snapshot of what was read, or why it cannot be published.
pub(crate) fn prepare(observer: &dyn Observer, read: Found<Read>, asked: &Order<'_>) -> Result<Ready, Outcome> {
    let (tree, read_faults) = (read.value.tree, read.faults);
    let Some(sources) = read.value.sources else {
        return Err(Outcome::Wrong(pipeline::finalise(read_faults, &tree, None), None));
    };
    let now = pipeline::moment(asked.now, asked.clock, &sources.config).map_err(Outcome::Mistaken)?;
    let lying = LazyCell::new(|| store::look(asked.folder).ok());
    let is_there = |path: &OutputPath| lying.as_ref().is_none_or(|lying| lying.has(path.as_str()));
    // Before the first publication nobody knows what readers have.
    let have = |path: &OutputPath| lying.as_ref().is_none_or(|lying| lying.paths().next().is_none()) || is_there(path);
    let await_piece = |name: &str| lying.as_ref().is_some_and(|lying| lying.awaits(name));
    let readers = Readers { have: &have, await_piece: &await_piece };
    let readers = Some(readers).filter(|_| asked.view == View::Published);
    let prepared = pipeline::prepare(&sources, read_faults, now, asked.view, readers, &AtomicBool::new(false));
    observer.done("snapshot made");
    match prepared {
        Prepared::Ready(made, faults) => Ok(Ready { made: *made, tree, faults }),
        Prepared::Wrong(faults, until) => Err(Outcome::Wrong(faults, until)),
    }
}

/// Renders and publishes a snapshot, unless rendering finds errors.
pub(crate) fn put(observer: &dyn Observer, ready: Ready, asked: &Order<'_>) -> Outcome {
    let Ready { made, tree, mut faults } = ready;
    let publication = match store::open(asked.folder, asked.way, asked.purpose()) {
        Ok(publication) => publication,
        Err(refusal) => return Outcome::Refused(refusal),
    };
    let written = write(observer, &made, &publication, asked);
    observer.done("rendered and written");
    if let Some(refusal) = written.refusal {
        return Outcome::Refused(refusal);
    }
    faults.extend(written.faults);
    let faults = pipeline::finalise(faults, &tree, Some(&made.site.config));
    let faults = pipeline::without_echoes(faults, &made);
    if !made.is_fine(&faults) {
        return Outcome::Wrong(faults, made.site.true_until().map(|when| when.timestamp()));
    }
    match publication.finish(made.pieces_awaited()) {
        Ok(report) => {
            let unindexed = written.unindexed;
            Outcome::Published(Box::new(Done { made, report, faults, unindexed }))
        }
        Err(refusal) => Outcome::Refused(refusal),
    }
}

/// The result of rendering into a publication.
struct Written {
    faults: Vec<Diagnostic>,
    refusal: Option<Refusal>,
    unindexed: Option<Vec<Record>>,
}

fn write(observer: &dyn Observer, made: &Made, publication: &Publication, asked: &Order<'_>) -> Written {
    let bar = observer.begin(made.routes.all().len());
    let refusal: Mutex<Option<Refusal>> = Mutex::new(None);
    let stop = AtomicBool::new(false);
    let scanned = Scanned::default();
    // An image's name determines its bytes: if the file is there, it need not be made again.
    let make = |renderer: &Renderers, route: &Route| {
        bar.step();
        let says_all = matches!(
            route.kind,
            RouteKind::Rendition(_)
                | RouteKind::Picture(..)
                | RouteKind::ShareImage(_)
                | RouteKind::Chart(.., ChartForm::Image)
                | RouteKind::Drawn(_)
        );
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
        match indexing::publish(observer, made, publication, asked.index) {
            Ok(left) => unindexed = left,
            Err(refused) => refusal = Some(refused),
        }
    }
    bar.end();
    if asked.strict {
        let (across, pages) = scanned.compare(made);
        faults.extend(across);
        faults = check::gather(faults, pages.len());
    }
    Written { faults, refusal, unindexed }
}

/// The body of a published source file: its bytes if they are in memory, else a copy from the disk.
fn body_of(site: &Site, file: &SitePath) -> Body {
    match site.tree.get(file).map(|found| &found.content) {
        Some(Content::Text(text)) => Body::Bytes(text.as_bytes().to_vec()),
        Some(Content::NotText(bytes)) => Body::Bytes(bytes.to_vec()),
        Some(Content::Opaque(_, Some(bytes))) => Body::Bytes(bytes.to_vec()),
        Some(Content::Opaque(_, None)) | None => Body::Copy(site.tree.on_disk(file)),
    }
}
