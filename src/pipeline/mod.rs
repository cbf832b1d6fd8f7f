//! A folder and a moment → a snapshot that can be rendered, with every fault on the way; the same for every command.
//!
//! * `memory`: reading, and what is kept from one look at the folder to the next;
//! * `prepare`: whether what was read may be published, and every fault if not;
//! * `kept_out`: what stays hidden after its minute because of errors in it, so that the rest can be published;
//! * `preview`: what a preview shows while something is faulty;
//! * `owners`: which entries each file was made of, for notes on what is published;
//! * `located`: where in the sources faults of finished pages come from; `gone`: one missing text that several name; `conflicts`: the
//!   marks of Git's conflicts;
//! * `tables`: many faults in one column of a spreadsheet as one;
//! * `withheld`: what must not be public, whatever is wrong with the rest;
//! * here: a snapshot, its outputs, its faults in order.
//!
//! Not here: who the faults are reported to, and what happens to the outputs.

mod located;
mod conflicts;
mod gone;
mod kept_out;
mod memory;
#[cfg(feature = "publish")]
mod owners;
mod prepare;
mod preview;
mod tables;
mod withheld;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{Timestamp, ZonedDateTime};
use rayon::prelude::*;

use crate::assets::Assets;
use crate::check;
use crate::config::Config;
use crate::content::Entry;
use crate::diagnostic::{self, Code, Diagnostic, Found, Severity, Span};
use crate::images::ImageMemory;
use crate::path::{Address, SitePath};
use crate::render::Output;
use crate::routes::{self, Route, RouteKind, Routes};
use crate::schema;
use crate::search::{self, IndexFile, Record};
use crate::site::{Site, View};
use crate::source::Tree;
use crate::template::Renderers;

use kept_out::KeptOut;
pub(crate) use kept_out::Readers;
pub(crate) use located::located;
#[cfg(test)]
pub(crate) use memory::Sabotage;
pub(crate) use memory::{Memory, read};
#[cfg(feature = "publish")]
pub(crate) use owners::{OwnedFile, owned};
pub(crate) use prepare::{Prepared, prepare};
pub(crate) use preview::{Loading, Look, Preview, proves_design, verdict};
#[cfg(feature = "publish")]
pub(crate) use withheld::is_secret;
pub(crate) use withheld::{Published, Withheld, withheld};

/// What has been read and does not depend on the moment.
#[derive(Clone)]
pub(crate) struct Sources {
    pub(crate) tree: Arc<Tree>,
    pub(crate) config: Arc<Config>,
    pub(crate) entries: Arc<[Arc<Entry>]>,
    /// What is known about its images.
    pub(crate) images: Arc<ImageMemory>,
    /// The latest snapshots; the next ones take over whatever is unchanged.
    pub(crate) last: Arc<Last>,
}

/// The last snapshot for each view.
#[derive(Default)]
pub(crate) struct Last(Mutex<Vec<Arc<Snapshot>>>);

/// A snapshot, its routes, and the faults of the routes.
struct Snapshot {
    site: Arc<Site>,
    routes: Arc<Routes>,
    faults: Arc<[Diagnostic]>,
}

impl Last {
    fn of(&self, view: View) -> Option<Arc<Snapshot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().find(|one| one.site.view == view).cloned()
    }

    fn keep(&self, snapshot: Snapshot) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|other| other.site.view != snapshot.site.view);
        all.push(Arc::new(snapshot));
    }
}

/// A snapshot with its outputs.
pub(crate) struct Made {
    pub(crate) site: Arc<Site>,
    pub(crate) routes: Arc<Routes>,
    /// `None` if the templates cannot be used.
    pub(crate) renderer: Option<Renderers>,
    /// What is hidden because of errors in it though its minute has come.
    kept_out: KeptOut,
    of_routes: Arc<[Diagnostic]>,
    of_templates: Vec<Diagnostic>,
}

impl Made {
    /// The faults of the snapshot, of its routes, and of templates that cannot be used.
    pub(crate) fn faults(&self) -> Vec<Diagnostic> {
        let mut faults = self.site.faults();
        faults.extend(self.of_routes.iter().chain(&self.of_templates).cloned());
        faults
    }

    /// The names of the pieces that readers are not given yet: those to come, and those that stay out.
    pub(crate) fn pieces_awaited(&self) -> Vec<String> {
        let mut names = self.site.pieces_to_come();
        names.extend(self.kept_out.pieces.iter().cloned());
        names.sort();
        names.dedup();
        names
    }

    /// Whether it can be published with these faults: none is an error, but for those of what is kept out.
    pub(crate) fn is_fine(&self, faults: &[Diagnostic]) -> bool {
        kept_out::is_fine_without(faults, &self.kept_out)
    }
}

/// What was read: the tree, and the rest unless the settings are unusable.
pub(crate) struct Read {
    pub(crate) tree: Arc<Tree>,
    pub(crate) sources: Option<Sources>,
}

/// The snapshot of what was read, at `now`.
pub(crate) fn make(sources: &Sources, now: ZonedDateTime, view: View) -> Made {
    let Sources { tree, config, entries, images, last } = sources.clone();
    let before = last.of(view);
    let site = Site::new(tree, config, entries, images, now, view, before.as_ref().map(|before| &*before.site));
    let site = Arc::new(site);
    let (routes, of_routes) = match &before {
        Some(before) if !before.routes.tells_hidden && site.publishes_as(&before.site) => {
            (before.routes.clone(), before.faults.clone())
        }
        _ => published(&site, before.as_ref().map(|before| (&*before.site, &*before.routes))),
    };
    last.keep(Snapshot { site: site.clone(), routes: routes.clone(), faults: of_routes.clone() });
    let mut of_templates = Vec::new();
    let renderer = Renderers::new(&site, &routes).into_value(&mut of_templates);
    Made { site, routes, renderer, kept_out: KeptOut::default(), of_routes, of_templates }
}

/// Everything that a snapshot publishes; `before` is an earlier one with its routes.
fn published(site: &Site, before: Option<(&Site, &Routes)>) -> (Arc<Routes>, Arc<[Diagnostic]>) {
    let assets = Arc::new(Assets::new(&site.tree, &site.config));
    let mut faults = assets.unfound(&site.config);
    let routes = Routes::new(site, assets, before).into_value(&mut faults);
    (Arc::new(routes), faults.into())
}

/// Makes all routes on all cores, until `stop` is set; `each` receives each output.
///
/// `make` is `render::render`, or `render::prove` if only the faults are wanted.
pub(crate) fn render_all(
    made: &Made,
    stop: &AtomicBool,
    make: impl Fn(&Renderers, &Route) -> Found<Option<Output>> + Sync,
    each: impl Fn(&Route, Output) -> Vec<Diagnostic> + Sync,
) -> Vec<Diagnostic> {
    let Some(renderer) = &made.renderer else { return Vec::new() };
    let lowers = |(_, severity): &(Code, Severity)| *severity < Severity::Error;
    let is_lenient =
        made.site.config.severities.iter().any(lowers) || made.site.tree.named("known-faults.toml").is_some();
    let faults = made
        .routes
        .all()
        .par_iter()
        .flat_map_iter(|route| {
            if stop.load(Ordering::Relaxed) {
                return Vec::new();
            }
            let found = make(renderer, route);
            let mut faults = found.faults;
            // If an entry could not be read, what a template misses on its page is not the template's fault. Where an error of the
            // entry may count for less, nothing else may say why its page is not there.
            if matches!(&route.kind, RouteKind::Entry(ix) if !is_lenient && made.site.entry(*ix).faulty) {
                faults.retain(|fault| fault.code != Code::TemplateFault);
            }
            if let Some(output) = found.value {
                faults.extend(each(route, output));
            }
            faults
        })
        .collect();
    made.site.images.let_go();
    faults
}

/// The search records of a snapshot.
pub(crate) fn search_records(made: &Made) -> Vec<Record> {
    let renderers = made.renderer.as_ref();
    renderers.map_or_else(Vec::new, |renderers| search::records(renderers, &made.site, &made.routes))
}

/// The files of an index, by address.
pub(crate) fn search_addresses(made: &Made, files: Vec<IndexFile>) -> Vec<(Address, Vec<u8>)> {
    let Some(folder) = routes::search_folder(&made.site) else { return Vec::new() };
    files.into_iter().map(|(name, bytes)| (folder.join(&name), bytes)).collect()
}

/// The output path of the folder that holds a snapshot's search index, with its closing slash.
pub(crate) fn search_place(made: &Made) -> Option<String> {
    let folder = routes::search_folder(&made.site)?;
    Some(folder.as_str().trim_start_matches('/').to_owned())
}

/// The file that a page is made from, for faults that only the page shows.
pub(crate) fn source_of(made: &Made, route: &Route) -> Option<SitePath> {
    match &route.kind {
        RouteKind::Entry(ix) => Some(made.site.entry(*ix).source.clone()),
        RouteKind::Redirect(number) => Some(made.routes.redirects.all()[*number].span.file.clone()),
        _ => None,
    }
}

/// Orders faults, sets the severities that the site asks for, applies the accepted faults, and makes one of those of a
/// spreadsheet's column. In files that hold the marks of a conflict nothing else is reported.
pub(crate) fn finalise(faults: Vec<Diagnostic>, tree: &Tree, config: Option<&Config>) -> Vec<Diagnostic> {
    // Faults are accepted one by one, so that one of them mended does not bring the others back.
    tables::gather(settled(faults, tree, config), tree)
}

/// The same, with each fault of a spreadsheet on its own.
fn settled(mut faults: Vec<Diagnostic>, tree: &Tree, config: Option<&Config>) -> Vec<Diagnostic> {
    conflicts::report(tree, &mut faults);
    gone::mend_in_one_go(&mut faults);
    let mut faults = diagnostic::arrange(faults);
    if let Some(config) = config {
        diagnostic::apply_severities(&mut faults, &config.severities);
    }
    // What the site switches off takes no other fault with it.
    drop_what_is_broken(&mut faults);
    if let Some(file) = tree.named("known-faults.toml")
        && let Some(text) = file.text()
    {
        let known = check::known(&file.path, text).into_value(&mut faults);
        check::apply_baseline(&mut faults, &known, &|path| hash_of(tree, path));
    }
    faults.iter_mut().for_each(Diagnostic::tell_when_an_error);
    faults.iter_mut().filter(|fault| is_in_yaml(fault, tree)).for_each(Diagnostic::help_in_yaml);
    faults
}

/// Whether a fault is in a page or rows that are written in YAML.
fn is_in_yaml(fault: &Diagnostic, tree: &Tree) -> bool {
    let Some(span) = fault.span.as_ref().filter(|span| span.file.below("content").is_some()) else { return false };
    match span.file.ending().as_str() {
        "yaml" | "yml" => true,
        "md" => {
            tree.get(&span.file).and_then(|file| file.text()).is_some_and(|text| text.trim_start().starts_with("---"))
        }
        _ => false,
    }
}

/// Drops what is said about a value that could not be read as it was meant, unless it keeps something hidden.
fn drop_what_is_broken(faults: &mut Vec<Diagnostic>) {
    let is_syntax = |code| matches!(code, Code::TomlSyntax | Code::YamlSyntax | Code::JsonSyntax);
    let broken: BTreeSet<Span> =
        faults.iter().filter(|fault| is_syntax(fault.code)).filter_map(|fault| fault.span.clone()).collect();
    // What is wrong with a day is what to mend; quotation marks would not mend it.
    let days: BTreeSet<Span> = faults
        .iter()
        .filter(|fault| fault.is_binding && fault.code == Code::BadDate)
        .filter_map(|fault| fault.span.clone())
        .collect();
    faults.retain(|fault| !is_syntax(fault.code) || fault.span.as_ref().is_none_or(|span| !days.contains(span)));
    faults.retain(|fault| {
        fault.is_binding || is_syntax(fault.code) || fault.span.as_ref().is_none_or(|span| !broken.contains(span))
    });
}

/// Pairs of codes: a fault of the finished page, and the fault of its source that causes it.
const ECHOES: &[(Code, Code)] = &[
    (Code::PageHeadingOne, Code::HeadingOne),
    (Code::HeadingLevelSkip, Code::HeadingSkip),
    (Code::LinkWithoutText, Code::EmptyLinkText),
    (Code::MissingAnchor, Code::UnknownAnchor),
    (Code::DuplicateId, Code::DuplicateAnchor),
    (Code::ImageWithoutAlt, Code::ImageWithoutDescription),
];

/// Drops the faults that a page shows only because its source has a fault that is already reported.
pub(crate) fn without_echoes(mut faults: Vec<Diagnostic>, made: &Made) -> Vec<Diagnostic> {
    let mut faulty: BTreeSet<SitePath> = BTreeSet::new();
    let mut told: BTreeSet<(SitePath, Code)> = BTreeSet::new();
    let mut places: BTreeMap<Span, Severity> = BTreeMap::new();
    // Where fields name files that are not there: file → beginning → end.
    let mut missing: BTreeMap<SitePath, BTreeMap<usize, usize>> = BTreeMap::new();
    for fault in faults.iter().filter(|fault| fault.page.is_none()) {
        let Some(span) = &fault.span else { continue };
        told.insert((span.file.clone(), fault.code));
        if !span.whole_file() {
            let worst = places.entry(span.clone()).or_insert(fault.severity);
            *worst = fault.severity.max(*worst);
        }
        if fault.code == Code::MissingFile {
            missing.entry(span.file.clone()).or_default().insert(span.start, span.end);
        }
        if fault.severity == Severity::Error {
            faulty.insert(span.file.clone());
        }
    }
    let homes = made.routes.missing_homes(&made.site);
    faults.retain_mut(|fault| {
        if fault.code == Code::BrokenLink
            && let Some((_, _, file)) = homes
                .iter()
                .find(|(_, home, _)| fault.seen.as_deref() == Some(&*made.site.config.base.href(home.as_str())))
        {
            // Every page of a language leads to its home page, which has been reported.
            if fault.span.as_ref().is_none_or(Span::whole_file) {
                return false;
            }
            fault.help = Some(format!("write {file}: it is the page that is meant"));
        }
        if fault.page.is_some()
            && fault.span.as_ref().and_then(|span| places.get(span)).is_some_and(|told| *told >= fault.severity)
        {
            return false;
        }
        // A field that names a file which is not there leads its page to nothing.
        let is_within = |span: &Span| {
            let before = missing.get(&span.file).and_then(|all| all.range(..=span.start).next_back());
            before.is_some_and(|(_, end)| span.end <= *end)
        };
        if fault.code == Code::BrokenLink && fault.page.is_some() && fault.span.as_ref().is_some_and(is_within) {
            return false;
        }
        // What is told as an error is not told as a warning too.
        if fault.code == Code::YamlComment
            && fault.span.as_ref().and_then(|span| places.get(span)).is_some_and(|told| *told > fault.severity)
        {
            return false;
        }
        let route = fault.page.as_deref().and_then(|page| made.routes.at(&Address::new(page)));
        let Some(source) = route.and_then(|route| source_of(made, route)) else { return true };
        let cause = ECHOES.iter().find(|(page, _)| *page == fault.code).map(|(_, cause)| *cause);
        // What has a place in the source is there whatever else is wrong.
        let has_place = fault.span.as_ref().is_some_and(|span| span.file == source && !span.whole_file());
        (has_place || !faulty.contains(&source)) && !cause.is_some_and(|cause| told.contains(&(source, cause)))
    });
    faults
}

/// The hash of a source file, as `known-faults.toml` records it.
pub(crate) fn hash_of(tree: &Tree, path: &SitePath) -> Option<String> {
    let bytes = tree.bytes(tree.get(path)?).ok()?;
    Some(blake3::hash(&bytes).to_hex().to_string())
}

/// What the clock says in the site's zone.
pub(crate) fn now(clock: Timestamp, config: &Config) -> ZonedDateTime {
    clock.to_zoned_datetime(config.timezone.clone())
}

/// The moment of a run in the site's zone: the one that was asked for, else the clock's.
pub(crate) fn moment(asked: Option<&str>, clock: Timestamp, config: &Config) -> Result<ZonedDateTime, String> {
    let zone = &config.timezone;
    match asked {
        None => Ok(now(clock, config)),
        Some(text) => {
            let moment = schema::parse_moment(text, zone).map_err(|fault| fault.message(text))?;
            moment
                .start(zone)
                .map(|when| when.with_time_zone(zone.clone()))
                .ok_or_else(|| format!("`{text}` is outside the years that I can handle"))
        }
    }
}

/// Uses `jobs` cores for what follows.
pub(crate) fn use_cores(jobs: Option<u16>) {
    if let Some(jobs) = jobs {
        // The pool is created once, and this is its first use.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs)).build_global();
    }
}
