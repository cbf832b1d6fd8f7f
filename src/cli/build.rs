//! `pamphlet build`: the site is rendered and published, or it is not and its faults are shown.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::ZonedDateTime;

use super::args::BuildArgs;
use super::pipeline::{self, Made, Sources};
use super::session::{Session, is_fine, shown};
use super::{Exit, check};
use crate::check::PageFacts;
use crate::config::{Base, Overrides};
use crate::diagnostic::{self, Diagnostic};
use crate::path::OutputPath;
use crate::render::Output;
use crate::routes::is_page;
use crate::schema;
use crate::site::{Site, View};
use crate::store::{self, Body, Publication, Refusal, Report, Way};

/// Runs the command.
pub(super) fn run(session: &Session, typed: &BuildArgs) -> Exit {
    let begun = Instant::now();
    pipeline::use_cores(typed.jobs);
    if let Some(Err(message)) = typed.base_url.as_deref().map(Base::parse) {
        session.wrong(&message, "such as `--base-url https://www.example.org/`");
        return Exit::Usage;
    }
    let overrides = Overrides { base_url: typed.base_url.clone() };
    let read = match pipeline::read(&session.root, &overrides) {
        Ok(read) => read,
        Err(why) => return session.no_site(&why),
    };
    let lap = |what: &str| session.mention(&format!("{what} after {} ms", begun.elapsed().as_millis()));
    lap("read");
    let (tree, read_faults) = (read.value.tree.clone(), read.faults);
    let Some(sources) = read.value.sources else {
        return stopped(session, &pipeline::settle(read_faults, &tree, None), &tree);
    };
    let now = match pipeline::moment(typed.now.as_deref(), &sources.config) {
        Ok(now) => now,
        Err(message) => {
            session.wrong(&message, "write `--now` as in `--now \"2026-05-14 00:01\"`");
            return Exit::Usage;
        }
    };
    let view = if typed.drafts { View::Everything } else { View::Published };
    let mut faults = read_faults.clone();
    let made = pipeline::make(&sources, now.clone(), view).into_value(&mut faults);
    lap("snapshot made");
    let folder = typed.output.clone().unwrap_or_else(|| session.place("public"));
    let settled = pipeline::settle(faults.clone(), &tree, Some(&sources.config));
    if !is_fine(&settled) || made.renderer.is_none() {
        return stopped(session, &everything_wrong(&sources, now, read_faults), &tree);
    }
    let way = if typed.in_place { Way::InPlace } else { Way::Exchange };
    let publication = match store::open(&folder, way) {
        Ok(publication) => publication,
        Err(refusal) => return session.refused(&refusal),
    };
    lap("publication begun");
    let written = write(session, &made, &publication, typed.strict);
    lap("rendered and written");
    if let Some(refusal) = written.refusal {
        return session.refused(&refusal);
    }
    faults.extend(written.faults);
    let settled = pipeline::settle(faults, &tree, Some(&sources.config));
    if !is_fine(&settled) {
        return stopped(session, &settled, &tree);
    }
    let report = match publication.finish() {
        Ok(report) => report,
        Err(refusal) => return session.refused(&refusal),
    };
    session.show(&settled, &*tree);
    if !settled.is_empty() {
        session.say("");
    }
    if let Some(note) = &report.note {
        session.say(&format!("note: {note}"));
    }
    session.say(&last_line(&made, &report, &folder, begun));
    if let Some(line) = next_publication(&made.site) {
        session.say(&line);
    }
    Exit::Fine
}

/// What is wrong with a site that will not be published: its templates have faults of their own to show, and what leads
/// to a page that cannot be read is right.
fn everything_wrong(sources: &Sources, now: ZonedDateTime, mut faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let made = pipeline::make(sources, now, View::Checked).into_value(&mut faults);
    faults.extend(pipeline::render_all(&made, |_, _| Vec::new()));
    pipeline::without_echoes(pipeline::settle(faults, &sources.tree, Some(&sources.config)), &made)
}

/// What rendering into a publication came to.
struct Written {
    faults: Vec<Diagnostic>,
    refusal: Option<Refusal>,
}

fn write(session: &Session, made: &Made, publication: &Publication, strict: bool) -> Written {
    let bar = progress(session, made.routes.all().len());
    let refusal: Mutex<Option<Refusal>> = Mutex::new(None);
    let stop = AtomicBool::new(false);
    let pages: Mutex<Vec<PageFacts>> = Mutex::new(Vec::new());
    let mut faults = pipeline::render_all(made, |route, output| {
        bar.inc(1);
        if stop.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let path = route.address.output();
        let mut found = Vec::new();
        let body = match output {
            Output::Bytes(bytes) => {
                if strict && path.as_str().ends_with(".html") {
                    check::scan_page(made, route, &bytes, &pages, &mut found);
                }
                Body::Bytes(bytes)
            }
            Output::File(file) => body_of(&made.site, &file),
        };
        if let Err(refused) = publication.put(&path, body) {
            stop.store(true, Ordering::Relaxed);
            refusal.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(refused);
        }
        found
    });
    bar.finish_and_clear();
    if strict {
        faults.extend(check::across_pages(made, pages));
    }
    Written { faults, refusal: refusal.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) }
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

fn stopped(session: &Session, faults: &[Diagnostic], tree: &crate::source::Tree) -> Exit {
    session.show(faults, tree);
    session.say(&format!("\nNothing was published: {}.", diagnostic::summary(faults)));
    Exit::Faults
}

fn last_line(made: &Made, report: &Report, folder: &std::path::Path, begun: Instant) -> String {
    let pages = made.routes.all().iter().filter(|route| is_page(&route.kind)).count();
    let count = |n: usize, what: &str| format!("{n} {what}");
    let seconds = begun.elapsed().as_secs_f64();
    let time = if seconds < 1.0 { format!("{:.0} ms", seconds * 1_000.0) } else { format!("{seconds:.1} s") };
    let pages = if pages == 1 { "1 page".to_owned() } else { count(pages, "pages") };
    format!(
        "Published {pages} to {}: {} files new, {} changed, {} removed, {} as they were, in {time}.",
        shown(folder),
        report.new,
        report.changed,
        report.removed,
        report.unchanged
    )
}

/// What becomes public next, so that whoever hosts the site knows when to build again.
fn next_publication(site: &Site) -> Option<String> {
    let (when, ix) = site.next_change()?;
    Some(format!(
        "Next: \"{}\" becomes public on {}; build again then.",
        site.entry(ix).title(),
        schema::in_words(when)
    ))
}

/// The output paths of everything that is published.
pub(super) fn outputs(made: &Made) -> std::collections::BTreeSet<OutputPath> {
    made.routes.all().iter().map(|route| route.address.output()).collect()
}
