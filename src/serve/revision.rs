//! One look at the sources → the answers to a browser, in each view that it may ask for.
//!
//! * A page is rendered on request; no rendered page is kept.
//! * The snapshot of a view is made when first asked for.
//! * If a page cannot be rendered with the present templates, the last ones that could render every page are used.
//!
//! Not here: HTTP, open tabs, faults of the site as a whole.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::answer::{Answer, Body, Subject, cannot_be_made, no_page, redirect};
use crate::content::Entry;
use crate::path::{Address, SitePath, composed};
use crate::pipeline::{self, Loading, Look, Made, Preview, Sources};
use crate::render::{self, Output};
use crate::routes::{self, ChartForm, Route, RouteKind};
use crate::search;
use crate::site::{Ix, Site, View};
use crate::source::Content;

/// Which view of the site a browser wants.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Lens {
    /// Drafts and embargoed pages too, each labelled.
    Everything,
    /// What readers see.
    Published,
    /// What readers will see at a moment.
    AsOf(Timestamp),
}

/// How many views of one revision are kept: an author who steps through the coming moments asks for many.
const MOST_VIEWS: usize = 4;

/// The site as one look found it.
pub(crate) struct Revision {
    /// Counted from 1.
    pub(crate) number: u64,
    /// `None` if the settings could never be read.
    sources: Option<Sources>,
    fallback: Option<Sources>,
    /// The moment of the look, or the one that the author fixed.
    now: Timestamp,
    views: Mutex<BTreeMap<Lens, Arc<Made>>>,
    fallbacks: Mutex<BTreeMap<Lens, Arc<Made>>>,
    /// Whether a page was rendered with the older theme.
    fell_back: AtomicBool,
    /// The search index for each view that has been searched.
    indexes: Mutex<BTreeMap<Lens, BTreeMap<Address, Vec<u8>>>>,
    /// Published files whose bytes have changed since the previous revision.
    pub(crate) files: Vec<Address>,
}

impl Revision {
    /// The revision that a look shows, with its first view ready.
    pub(crate) fn new(
        number: u64,
        look: &mut Look,
        preview: &mut Preview,
        first: Lens,
        moment: impl FnOnce(&Sources) -> Timestamp,
    ) -> Self {
        let mut sources = look.shown.clone();
        let now = sources.as_ref().map_or(Timestamp::UNIX_EPOCH, moment);
        let mut views = BTreeMap::new();
        if let Some(shown) = &mut sources {
            let mut made = snapshot(shown, first, now);
            let loading = if made.renderer.is_some() { Loading::Fine } else { Loading::Failed };
            if let Some(older) = preview.templates_that_load(shown, loading) {
                *shown = older;
                made = snapshot(shown, first, now);
            }
            views.insert(first, Arc::new(made));
        }
        let mut revision = Self {
            number,
            sources,
            fallback: look.fallback.take(),
            now,
            views: Mutex::new(views),
            fallbacks: Mutex::default(),
            indexes: Mutex::default(),
            fell_back: AtomicBool::new(false),
            files: Vec::new(),
        };
        revision.files = revision.changed_files(first, look);
        revision
    }

    fn changed_files(&self, lens: Lens, look: &Look) -> Vec<Address> {
        let (Some(made), Some(differences)) = (self.view(lens), &look.differences) else { return Vec::new() };
        let all = made.routes.all().iter().filter_map(|route| match &route.kind {
            RouteKind::File(file) => Some((file, &route.address)),
            _ => None,
        });
        let by_source: BTreeMap<&SitePath, &Address> = all.collect();
        differences.iter().filter_map(|(path, _)| by_source.get(path).map(|address| (*address).clone())).collect()
    }

    /// The snapshot for a view; `None` if there is no site to show.
    pub(crate) fn view(&self, lens: Lens) -> Option<Arc<Made>> {
        kept(&self.views, lens, || Some(snapshot(self.sources.as_ref()?, lens, self.now)))
    }

    /// The same with the templates that last rendered every page.
    fn fallback_view(&self, lens: Lens) -> Option<Arc<Made>> {
        kept(&self.fallbacks, lens, || Some(snapshot(self.fallback.as_ref()?, lens, self.now)))
    }

    /// The path that the site is below: empty, or `/prefix`.
    pub(crate) fn prefix(&self) -> &str {
        self.sources.as_ref().map_or("", |sources| &sources.config.base.prefix)
    }

    /// The moment that it shows.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// What has been read.
    pub(crate) fn sources(&self) -> Option<&Sources> {
        self.sources.as_ref()
    }

    /// The answer for an address below the prefix, as a plain file server would give it for the published folder.
    pub(crate) fn answer(&self, lens: Lens, address: &str, query: Option<&str>) -> Answer {
        let Some(made) = self.view(lens) else { return cannot_be_made(None) };
        let wanted = Address::new(address);
        // The hosts' rules ask for queries before they look for files.
        if let Some(to) = query.and_then(|query| asked(&made, &wanted, query)) {
            return redirect(302, &to);
        }
        let canonical = wanted.output().address();
        // No file's name has a double slash.
        let route = made.routes.at(&canonical).filter(|_| wanted.as_str() == composed(address));
        if let Some(route) = route {
            return self.of_route(&made, lens, route);
        }
        if !address.ends_with('/')
            && let page = Address::new(&format!("{address}/"))
            && made.routes.at(&page).is_some()
        {
            return redirect(301, &with_query(made.site.config.base.href(page.as_str()), query));
        }
        if let Some(to) = former(&made, &wanted) {
            return redirect(302, &to);
        }
        if let Some(file) = self.older_asset(lens, &canonical) {
            return file;
        }
        if let Some(file) = self.search_file(&made, lens, &wanted) {
            return file;
        }
        let not_found = made.routes.at(&routes::nearest_not_found(&made.site, &wanted));
        match not_found.map(|route| self.of_route(&made, lens, route)).filter(|answer| answer.status == 200) {
            Some(answer) => Answer { status: 404, subject: Subject::None, ..answer },
            None => no_page(&wanted),
        }
    }

    fn of_route(&self, made: &Made, lens: Lens, route: &Route) -> Answer {
        let subject = subject(&made.site, &route.kind);
        let path = route.address.output();
        let mut faults = Vec::new();
        let output = match &made.renderer {
            Some(renderer) => render::render(renderer, route).into_value(&mut faults),
            None => None,
        };
        made.site.images.let_go();
        let output = output.or_else(|| {
            let older = self.fallback_view(lens)?;
            self.fell_back.store(true, Ordering::Release);
            render::render(older.renderer.as_ref()?, older.routes.at(&route.address)?).value
        });
        let location = match &route.kind {
            RouteKind::Redirect(number) => Some(made.routes.redirects.all()[*number].href(&made.site)),
            _ => None,
        };
        let body = match output {
            None => return Answer { subject, faults, ..cannot_be_made(Some(&route.address)) },
            Some(Output::Bytes(bytes)) => Body::Bytes(bytes),
            Some(Output::File(file)) => file_body(&made.site, &file),
        };
        let status = if location.is_some() { 302 } else { 200 };
        let is_for_embedding = matches!(route.kind, RouteKind::Chart(.., ChartForm::Page));
        let name = path.as_str().to_owned();
        Answer { status, name, body, location, subject, is_for_embedding, faults: Vec::new() }
    }

    /// A file of the older theme in place of a faulty one, once a page has been rendered with that theme.
    fn older_asset(&self, lens: Lens, address: &Address) -> Option<Answer> {
        if !self.fell_back.load(Ordering::Acquire) {
            return None;
        }
        let older = self.fallback_view(lens)?;
        let route = older.routes.at(address)?;
        let is_of_design = matches!(route.kind, RouteKind::Style(_) | RouteKind::File(_) | RouteKind::CodeStyles);
        is_of_design.then(|| self.of_route(&older, lens, route))
    }

    /// A file of the search index, which is built when first asked for.
    fn search_file(&self, made: &Made, lens: Lens, wanted: &Address) -> Option<Answer> {
        let folder = routes::search_folder(&made.site)?;
        let name = wanted.as_str().strip_prefix(folder.as_str())?;
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        let index = indexes.entry(lens).or_insert_with(|| {
            // An index that cannot be built counts as missing.
            let files = search::index(&pipeline::search_records(made)).unwrap_or_default();
            pipeline::search_addresses(made, files).into_iter().collect()
        });
        let bytes = index.get(wanted)?.clone();
        let body = Body::Bytes(bytes);
        Some(Answer {
            status: 200,
            name: name.to_owned(),
            body,
            location: None,
            subject: Subject::None,
            is_for_embedding: false,
            faults: Vec::new(),
        })
    }

    /// Whether something is published at an address.
    pub(crate) fn has(&self, address: &Address) -> bool {
        self.view(Lens::Published).is_some_and(|made| made.routes.at(&address.output().address()).is_some())
    }

    /// The entry whose page is at an address.
    pub(crate) fn entry_at(&self, lens: Lens, address: &str) -> Option<(Arc<Made>, Ix)> {
        let made = self.view(lens)?;
        // `/about/index.html` is the page at `/about/`.
        match made.routes.at(&Address::new(address).output().address())?.kind {
            RouteKind::Entry(ix) => Some((made, ix)),
            _ => None,
        }
    }

    /// The present address and title of a page's subject.
    pub(crate) fn find(&self, lens: Lens, subject: &Subject) -> Option<(String, String)> {
        let Subject::Entry { source, collection, title, .. } = subject else { return None };
        let made = self.view(lens)?;
        let site = &made.site;
        let found = site.by_source(source).filter(|ix| site.has_page(*ix)).or_else(|| {
            let same = |entry: &Entry| *entry.id.collection == **collection && entry.title() == title;
            site.shown().find(|ix| site.has_page(*ix) && same(site.entry(*ix)))
        })?;
        let href = site.config.base.href(site.address(found)?.as_str());
        Some((href, site.entry(found).title().to_owned()))
    }
}

/// The value for `lens`, made if it is missing; the oldest make room.
fn kept(
    views: &Mutex<BTreeMap<Lens, Arc<Made>>>,
    lens: Lens,
    make: impl FnOnce() -> Option<Made>,
) -> Option<Arc<Made>> {
    let mut views = views.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(made) = views.get(&lens) {
        return Some(made.clone());
    }
    let made = Arc::new(make()?);
    if views.len() >= MOST_VIEWS {
        // Only moments can be many; they come last.
        views.pop_last();
    }
    views.insert(lens, made.clone());
    Some(made)
}

fn snapshot(sources: &Sources, lens: Lens, now: Timestamp) -> Made {
    let zone = sources.config.timezone.clone();
    let (view, now) = match lens {
        Lens::Everything => (View::Everything, now),
        Lens::Published => (View::Published, now),
        Lens::AsOf(moment) => (View::Published, moment),
    };
    // Its faults are reported elsewhere: here the site is shown as well as possible.
    pipeline::make(sources, now.to_zoned_datetime(zone), view)
}

fn subject(site: &Site, kind: &RouteKind) -> Subject {
    match kind {
        RouteKind::Entry(ix) => {
            let entry = site.entry(*ix);
            Subject::Entry {
                source: entry.source.clone(),
                collection: entry.id.collection.to_string(),
                title: entry.title().to_owned(),
            }
        }
        RouteKind::List { .. } => Subject::List,
        _ => Subject::None,
    }
}

fn file_body(site: &Site, file: &SitePath) -> Body {
    let Some(found) = site.tree.get(file) else { return Body::Bytes(Vec::new()) };
    match &found.content {
        Content::Opaque(_, None) => Body::File(site.tree.clone(), file.clone()),
        _ => Body::Bytes(site.tree.bytes(found).unwrap_or_default()),
    }
}

fn with_query(to: String, query: Option<&str>) -> String {
    match query {
        Some(query) => format!("{to}?{query}"),
        None => to,
    }
}

/// Where the hosts' rules send readers who ask for a former address with this query.
fn asked(made: &Made, path: &Address, query: &str) -> Option<String> {
    let one = made.routes.redirects.at(&path.with_query(query))?;
    Some(one.href(&made.site))
}

/// Where the hosts' rules send readers from a former address that is not a file: one with a file's name.
fn former(made: &Made, path: &Address) -> Option<String> {
    let one = made.routes.redirects.at(&path.page())?;
    Some(one.href(&made.site))
}

/// The moment of a revision: the one that the author fixed, else the clock's.
pub(crate) fn moment_of(sources: &Sources, fixed: Option<&str>, clock: Timestamp) -> Timestamp {
    let fixed = pipeline::moment(fixed, clock, &sources.config).ok().map(|now| now.timestamp());
    fixed.unwrap_or(clock)
}
