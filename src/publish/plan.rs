//! A snapshot + the published folder → what readers would find new, changed and gone. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::{Observer, Order, Ready};
use crate::check;
use crate::diagnostic::{Diagnostic, Found};
use crate::path::{Address, OutputPath};
use crate::pipeline::{self, Made};
use crate::redirects::To;
use crate::render::{self, Output};
use crate::routes::{self, ChartForm, Route, RouteKind, Routes};
use crate::schema;
use crate::site::Site;
use crate::store::{self, Lying, Refusal};

/// What a publication would do.
#[derive(Serialize, Debug)]
pub(crate) struct Plan {
    /// The pages and documents that readers would find new, changed or gone, by kind of change, then by address.
    pub(crate) pages: Vec<Change>,
    /// The number of all files of each kind, without the search index.
    pub(crate) files: Counts,
}

/// The number of files of each kind.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Default, Debug)]
pub(crate) struct Counts {
    pub(crate) new: usize,
    pub(crate) changed: usize,
    pub(crate) gone: usize,
    pub(crate) unchanged: usize,
}

/// A page or document that would change.
#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize, Debug)]
pub(crate) struct Change {
    pub(crate) change: Kind,
    pub(crate) what: What,
    pub(crate) address: String,
    pub(crate) title: Option<String>,
    /// Why, where that is known.
    pub(crate) reason: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Debug)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    New,
    Changed,
    Gone,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Debug)]
#[serde(rename_all = "lowercase")]
pub(crate) enum What {
    Page,
    Document,
    /// A list or a search page: it changes with the entries it shows.
    List,
}

/// The result of planning.
pub(crate) enum Planned {
    Plan(Box<Plan>, Vec<Diagnostic>),
    /// Nothing could be published.
    Wrong(Vec<Diagnostic>),
    Refused(Refusal),
}

/// What publishing `ready` into the folder of `order` would do.
pub(crate) fn plan(observer: &dyn Observer, ready: Ready, order: &Order<'_>) -> Planned {
    let Ready { made, tree, mut faults } = ready;
    let lying = match store::look(order.folder) {
        Ok(lying) => lying,
        Err(refusal) => return Planned::Refused(refusal),
    };
    let bar = observer.begin(made.routes.all().len());
    let seen: Mutex<Vec<Comparison>> = Mutex::default();
    let make = |renderer: &crate::template::Renderers, route: &Route| {
        bar.step();
        // An image's name determines its bytes.
        let says_all = matches!(
            route.kind,
            RouteKind::Rendition(_)
                | RouteKind::Picture(..)
                | RouteKind::ShareImage(_)
                | RouteKind::Chart(.., ChartForm::Image)
                | RouteKind::Drawn(_)
        );
        if says_all && lying.has(route.address.output().as_str()) {
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(Comparison::same(route));
            return Found::clean(None);
        }
        render::render(renderer, route)
    };
    faults.extend(pipeline::render_all(&made, &AtomicBool::new(false), make, |route, output| {
        let found = Comparison::of(&made, &lying, route, &output);
        seen.lock().unwrap_or_else(PoisonError::into_inner).push(found);
        Vec::new()
    }));
    bar.end();
    let faults = pipeline::finalise(faults, &tree, Some(&made.site.config));
    if !made.is_fine(&faults) {
        return Planned::Wrong(faults);
    }
    let seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    Planned::Plan(Box::new(compare(&made, &lying, seen)), faults)
}

/// An output, compared with the file in its place.
struct Comparison {
    path: OutputPath,
    /// How it differs; `None` if it does not.
    change: Option<Kind>,
    title: Option<String>,
}

impl Comparison {
    fn same(route: &Route) -> Self {
        Self { path: route.address.output(), change: None, title: None }
    }

    fn of(made: &Made, lying: &Lying, route: &Route, output: &Output) -> Self {
        let path = route.address.output();
        let tree = &made.site.tree;
        let read;
        let bytes: &[u8] = match output {
            Output::Bytes(bytes) => bytes,
            Output::File(file) => {
                read = tree.get(file).and_then(|file| tree.bytes(file).ok()).unwrap_or_default();
                &read
            }
        };
        let change = match (lying.has(path.as_str()), lying.holds(path.as_str(), bytes)) {
            (_, true) => None,
            (true, false) => Some(Kind::Changed),
            (false, false) => Some(Kind::New),
        };
        let title = change.and_then(|_| title(&path, bytes));
        Self { path, change, title }
    }
}

fn compare(made: &Made, lying: &Lying, seen: Vec<Comparison>) -> Plan {
    let mut files = Counts::default();
    let mut pages = Vec::new();
    let routes: BTreeMap<OutputPath, &Route> =
        made.routes.all().iter().map(|route| (route.address.output(), route)).collect();
    let mut made_paths = BTreeSet::new();
    for Comparison { path, change, title } in seen {
        match change {
            None => files.unchanged += 1,
            Some(Kind::New) => files.new += 1,
            Some(_) => files.changed += 1,
        }
        if let (Some(change), Some(route)) = (change, routes.get(&path)) {
            pages.extend(changed(made, lying, route, change, title));
        }
        made_paths.insert(path);
    }
    let index = pipeline::search_place(made);
    let is_of_index = |path: &str| index.as_ref().is_some_and(|index| path.starts_with(index));
    let made_paths: BTreeSet<&str> = made_paths.iter().map(OutputPath::as_str).collect();
    for path in lying.paths().filter(|path| !made_paths.contains(path) && !is_of_index(path)) {
        files.gone += 1;
        let Some(what) = what_of_path(path) else { continue };
        let address = address_of(path);
        let own = format!(" · {}", made.site.config.title);
        let title = lying.bytes(path).and_then(|bytes| title(&Address::new(&address).output(), &bytes));
        let title = title.map(|title| title.strip_suffix(&own).map(str::to_owned).unwrap_or(title));
        let reason = why_gone(&made.site, &made.routes, &address);
        pages.push(Change { change: Kind::Gone, what, address, title, reason });
    }
    pages.sort();
    Plan { pages, files }
}

/// What readers would notice of a change to the output of `route`; `None` if they would not look for it.
fn changed(made: &Made, lying: &Lying, route: &Route, change: Kind, title: Option<String>) -> Option<Change> {
    let site = &made.site;
    let address = route.address.as_str().to_owned();
    let (what, title, reason) = match &route.kind {
        RouteKind::Entry(ix) => {
            let ended = site.embargo_end(*ix).filter(|_| change == Kind::New);
            let reason = ended.map(|when| format!("its embargo ended on {}", schema::in_words(&when)));
            (What::Page, Some(site.entry(*ix).title().to_owned()), reason)
        }
        RouteKind::List { .. } | RouteKind::Search(_) => (What::List, title, None),
        RouteKind::File(file) => (what_of_path(route.address.output().as_str())?, Some(file.name().to_owned()), None),
        // If a page was there, it has moved to another address.
        RouteKind::Redirect(number) if change == Kind::Changed => {
            let to = made.routes.redirects.all()[*number].href(site);
            let before = lying.bytes(route.address.output().as_str())?;
            let facts = check::scan(&route.address.output(), None, std::str::from_utf8(&before).ok()?).value;
            if facts.redirect {
                return None;
            }
            let reason = Some(format!("leads to {to} now"));
            return Some(Change { change: Kind::Gone, what: What::Page, address, title: facts.title, reason });
        }
        _ => return None,
    };
    Some(Change { change, what, address, title, reason })
}

/// What a file is to readers, judging by its name alone.
fn what_of_path(path: &str) -> Option<What> {
    match () {
        () if path.ends_with(".html") && path != "404.html" && !path.ends_with("/404.html") => Some(What::Page),
        () if routes::is_document(path) && !path.ends_with(".html") && !goes_with_page(path) => Some(What::Document),
        () => None,
    }
}

/// Whether a file belongs to a page and comes and goes with it: its citations, its calendar.
fn goes_with_page(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == "event.ics" || ["cite.bib", "cite.ris", "cite.json"].contains(&name)
}

/// The address of a file.
fn address_of(path: &str) -> String {
    match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("/{folder}"),
        _ => format!("/{path}"),
    }
}

fn title(path: &OutputPath, bytes: &[u8]) -> Option<String> {
    let html = std::str::from_utf8(bytes).ok().filter(|_| path.as_str().ends_with(".html"))?;
    check::scan(path, None, html).value.title
}

/// Why nothing is at `address` any longer.
fn why_gone(site: &Site, routes: &Routes, address: &str) -> Option<String> {
    let address = Address::new(address);
    if let Some(redirect) = routes.redirects.at(&address) {
        return Some(match &redirect.to {
            To::Here(there) => format!("leads to {} now", there.as_str()),
            To::Elsewhere(url) => format!("leads to {url} now"),
        });
    }
    let hidden = site.hidden_entry_at(&address)?;
    Some(site.visibility(hidden).hidden()?.of("it"))
}

/// A plan in words: what is new, changed and gone, each with its title and address; `folder` is the folder's name.
pub(crate) fn in_words(plan: &Plan, folder: &Path) -> String {
    let mut text = pages_in_words(&plan.pages);
    let Counts { new, changed, gone, unchanged } = plan.files;
    let _ = writeln!(
        text,
        "Nothing was written. Of the files in `{}`, {new} would be new, {changed} changed, {gone} removed, {unchanged} as they are (not counting the search index).",
        folder.display()
    );
    text
}

/// Pages and documents that change, in words, by kind of change.
pub(crate) fn pages_in_words(pages: &[Change]) -> String {
    let mut text = String::new();
    for (kind, head) in [(Kind::New, "New"), (Kind::Changed, "Changed"), (Kind::Gone, "Gone")] {
        let of_kind = || pages.iter().filter(move |page| page.change == kind && page.what != What::List);
        let lists = pages.iter().filter(|page| page.change == kind && page.what == What::List).count();
        if of_kind().next().is_none() && lists == 0 {
            continue;
        }
        let _ = writeln!(text, "{head}:");
        for page in of_kind().take(MOST) {
            let title = page.title.as_deref().map(|title| format!("  {title}")).unwrap_or_default();
            let reason = page.reason.as_deref().map(|reason| format!(" ({reason})")).unwrap_or_default();
            let _ = writeln!(text, "  {}{title}{reason}", page.address);
        }
        let more = of_kind().count().saturating_sub(MOST);
        if more > 0 {
            let _ = writeln!(text, "  and {more} more");
        }
        match lists {
            0 => {}
            1 => text.push_str("  and 1 list\n"),
            lists => {
                let _ = writeln!(text, "  and {lists} lists");
            }
        }
        text.push('\n');
    }
    text
}

/// The pages and documents among files that change, given as paths; `bytes` gives those of new and changed ones.
#[cfg(feature = "publish")]
pub(crate) fn changes<'a>(
    made: &Made,
    files: impl Iterator<Item = (&'a str, Kind)>,
    bytes: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Vec<Change> {
    let index = pipeline::search_place(made);
    let own = format!(" · {}", made.site.config.title);
    let mut all = Vec::new();
    for (path, change) in files.filter(|(path, _)| index.as_ref().is_none_or(|index| !path.starts_with(index))) {
        let Some(mut what) = what_of_path(path) else { continue };
        let address = Address::new(&address_of(path));
        let route = made.routes.at(&address);
        if route.is_some_and(|route| matches!(route.kind, RouteKind::List { .. } | RouteKind::Search(_))) {
            what = What::List;
        }
        // A page at a former address only leads on.
        if route.is_some_and(|route| matches!(route.kind, RouteKind::Redirect(_))) {
            continue;
        }
        let there = if change == Kind::Gone { None } else { bytes(path) };
        let title = there.and_then(|bytes| title(&address.output(), &bytes));
        let title = title.map(|title| title.strip_suffix(&own).map(str::to_owned).unwrap_or(title));
        let reason = if change == Kind::Gone { why_gone(&made.site, &made.routes, address.as_str()) } else { None };
        all.push(Change { change, what, address: address.as_str().to_owned(), title, reason });
    }
    all.sort();
    all
}

/// How many pages of a kind are listed one by one.
const MOST: usize = 50;
