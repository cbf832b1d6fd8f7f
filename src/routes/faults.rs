//! Routes that clash, and menus that lead nowhere.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{ChartForm, Route, RouteKind, Routes, is_page, search_folder};
use crate::config::Lang;
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::path::{Address, OutputPath, SitePath};
use crate::redirects::Redirects;
use crate::schema::secrecy;
use crate::site::{self, Ix, Site};

/// Reports and removes routes inside the folder that belongs to the search index.
pub(super) fn keep_out_of_search(
    site: &Site,
    redirects: &Redirects,
    all: &mut Vec<Route>,
    faults: &mut Vec<Diagnostic>,
) {
    let Some(folder) = search_folder(site) else { return };
    all.retain(|route| {
        let is_inside = route.address.as_str().starts_with(folder.as_str());
        if is_inside {
            let (address, name) = (&route.address, named(site, redirects, &route.kind));
            let message = format!("the address `{address}` of {name} is inside the folder of the search index");
            let help = format!("move it out of `{folder}`, or give the search another `route` in `[search]`");
            let fault = Diagnostic::new(Code::AddressTaken, message).help(help);
            faults.push(match span(site, redirects, &route.kind) {
                Some(span) => fault.span(span),
                None => fault,
            });
        }
        !is_inside
    });
}

/// Reports routes whose files would be the same on some disks, and keeps the first.
pub(super) fn report_collisions(
    site: &Site,
    redirects: &Redirects,
    all: &mut Vec<Route>,
    faults: &mut Vec<Diagnostic>,
) {
    // Almost always there are none, which can be told without recording whose each name is.
    let mut names: Vec<String> = all.par_iter().map(|route| route.address.output().folded().into_owned()).collect();
    names.par_sort_unstable();
    if names.windows(2).all(|pair| pair[0] != pair[1]) {
        return;
    }
    let mut owners: BTreeMap<String, (OutputPath, RouteKind)> = BTreeMap::new();
    // What is next to a page is after it in order of address.
    let mut lost: Vec<Ix> = Vec::new();
    let mut told: BTreeSet<(Ix, usize)> = BTreeSet::new();
    all.retain(|route| {
        if matches!(&route.kind, RouteKind::Event(ix) | RouteKind::Citation(ix, _) | RouteKind::Chart(ix, ..) if lost.contains(ix)) {
            return false;
        }
        let output = route.address.output();
        let Some((_, owner)) = owners.get(&*output.folded()) else {
            owners.insert(output.folded().into_owned(), (output, route.kind.clone()));
            return true;
        };
        let same_file = match (owner, &route.kind) {
            (RouteKind::File(a), RouteKind::File(b)) => a == b,
            // Two source files with the same picture, whose names differ only in the extension.
            (RouteKind::Rendition(a), RouteKind::Rendition(b)) => a.key() == b.key(),
            // The home page may have the same title as the site.
            (RouteKind::ShareImage(a), RouteKind::ShareImage(b)) => a == b,
            (RouteKind::Drawn(a), RouteKind::Drawn(b)) => a.key == b.key,
            // Their names have the hash of all that they show.
            (RouteKind::Chart(.., ChartForm::Image), RouteKind::Chart(.., ChartForm::Image)) => true,
            // A chart has several files, and one cause has one message.
            (RouteKind::Chart(..), RouteKind::Chart(ix, nth, _)) => !told.insert((*ix, *nth)),
            _ => false,
        };
        if let RouteKind::Entry(ix) = &route.kind {
            lost.push(*ix);
        }
        if !same_file {
            let fault = Diagnostic::new(
                Code::AddressTaken,
                format!(
                    "the address `{}` of {} is taken by {}",
                    route.address,
                    named(site, redirects, &route.kind),
                    named(site, redirects, owner)
                ),
            )
            .help(match &route.kind {
                RouteKind::Rules(_) => {
                    "move its lines to redirects.csv, or remove this host from `rules` in `[hosting]`"
                }
                RouteKind::Chart(..) => {
                    "give one of them another name: capital letters alone do not tell two names apart on every disk"
                }
                _ => "give one of them another address, with `slug` or `permalink` in the front matter or `route` in the settings",
            });
            let span = |kind| span(site, redirects, kind);
            faults.push(match span(&route.kind).or_else(|| span(owner)) {
                Some(span) => fault.span(span),
                None => fault,
            });
        }
        false
    });
}

/// How long the name of a file or folder may be on any disk, and a whole path, in bytes.
const LONGEST: usize = 255;
const LONGEST_PATH: usize = 4_000;

/// Reports routes whose files no disk can hold: a name is too long, or a folder would be where a file is.
pub(super) fn report_impossible(site: &Site, redirects: &Redirects, all: &[Route], faults: &mut Vec<Diagnostic>) {
    let mut files: Vec<String> = all.par_iter().map(|route| route.address.output().folded().into_owned()).collect();
    files.par_sort_unstable();
    let is_file = |path: &str| files.binary_search_by(|file| file.as_str().cmp(path)).is_ok();
    // The beginning of the path that is to blame, and what is wrong with it.
    let impossible = |route: &Route| {
        let written = route.address.output();
        let path = written.as_str();
        let name = || named(site, redirects, &route.kind);
        let long = path.split('/').find(|part| part.len() > LONGEST);
        if let Some(part) = long.or_else(|| (path.len() > LONGEST_PATH).then_some(path)) {
            let message = format!("the address of {} is too long: no disk can store such a name", name());
            let help =
                format!("shorten it: between two slashes there is room for {LONGEST} letters, fewer with accents");
            let end = path.find(part).unwrap_or(0) + part.len();
            return Some((path[..end].to_owned(), Diagnostic::new(Code::BadAddress, message).help(help)));
        }
        let output = written.folded();
        let file = output.match_indices('/').map(|(end, _)| &output[..end]).find(|folder| is_file(folder))?;
        let message = format!("the address `{}` of {} is below `/{file}`, which is a file", route.address, name());
        let fault = Diagnostic::new(Code::AddressTaken, message);
        let end = output[file.len() + 1..].find('/').map_or(output.len(), |end| file.len() + 1 + end);
        Some((output[..end].to_owned(), fault.help("a file cannot be a folder too: write another address")))
    };
    let found: Vec<_> = all.par_iter().filter_map(|route| Some((impossible(route)?, &route.kind))).collect();
    // A page comes before what lies in its folder, which has the same cause.
    let mut told = String::new();
    for ((cause, fault), kind) in found {
        if told != cause {
            // None of these may be lowered: nothing could be published.
            let fault = fault.binding();
            faults.push(match stated(site, kind).or_else(|| span(site, redirects, kind)) {
                Some(span) => fault.span(span),
                None => fault,
            });
            told = cause;
        }
    }
}

/// Where an entry states its address.
fn stated(site: &Site, kind: &RouteKind) -> Option<Span> {
    let (RouteKind::Entry(ix) | RouteKind::Event(ix) | RouteKind::Citation(ix, _) | RouteKind::Chart(ix, ..)) = kind
    else {
        return None;
    };
    let entry = site.entry(*ix);
    let field = ["permalink", "slug"].into_iter().find_map(|name| entry.values.get(name))?;
    Some(Span::new(&entry.source, field.span.clone()))
}

fn named(site: &Site, redirects: &Redirects, kind: &RouteKind) -> String {
    match kind {
        RouteKind::Entry(ix) | RouteKind::Event(ix) | RouteKind::Citation(ix, _) => site.entry(*ix).source.to_string(),
        RouteKind::Chart(ix, ..) => format!("a chart in {}", site.entry(*ix).source),
        RouteKind::Redirect(number) => format!("a former page in {}", redirects.all()[*number].span.file),
        RouteKind::List { listing, .. }
        | RouteKind::Feed { listing }
        | RouteKind::Rss { listing }
        | RouteKind::Calendar { listing } => {
            format!("the list `{}`", site.listings()[*listing].list)
        }
        RouteKind::File(file) | RouteKind::Drawing(file) | RouteKind::Picture(file, _) | RouteKind::Style(file) => {
            file.to_string()
        }
        RouteKind::Rendition(variant) => variant.file.to_string(),
        _ => "a file that Pamphlet makes".to_owned(),
    }
}

fn span(site: &Site, redirects: &Redirects, kind: &RouteKind) -> Option<Span> {
    match kind {
        RouteKind::Redirect(number) => Some(redirects.all()[*number].span.clone()),
        RouteKind::Entry(ix) => {
            let entry = site.entry(*ix);
            Some(Span::new(&entry.source, entry.span.start..entry.span.start))
        }
        RouteKind::List { listing, .. }
        | RouteKind::Feed { listing }
        | RouteKind::Rss { listing }
        | RouteKind::Calendar { listing } => site.config.lists[&site.listings()[*listing].list].span.clone(),
        RouteKind::File(file) | RouteKind::Drawing(file) | RouteKind::Picture(file, _) | RouteKind::Style(file) => {
            Some(Span::file(file))
        }
        RouteKind::Rendition(variant) => Some(Span::file(&variant.file)),
        RouteKind::Chart(ix, nth, _) => site.chart_at(*ix, *nth).map(|chart| Span::file(&chart.file)),
        _ => None,
    }
}

/// The faults of languages without a home page.
pub(super) fn without_homes(site: &Site, routes: &Routes) -> Vec<Diagnostic> {
    let fault = |(lang, home, file): (Lang, Address, String)| {
        let message = match lang {
            Lang::OWN => "the site has no home page: readers who type its address find nothing".to_owned(),
            _ => {
                let name = &site.config.in_language(lang).name;
                format!("the site has no home page in {name}: `{home}` leads to nothing")
            }
        };
        let index = site.by_id("pages", "index").and_then(|ix| site.variant(ix, lang));
        let hidden = index.filter(|ix| !site.is_shown(*ix)).map(|ix| site.entry(ix));
        let fault = Diagnostic::new(Code::NoHomePage, message);
        let Some(entry) = hidden else {
            // The place is where the file belongs.
            let fault = SitePath::new(&file).map_or(fault.clone(), |file| fault.span(Span::file(&file)));
            return fault.help(format!("write {file}: its title in front matter, and a few words below it"));
        };
        // A page that is withdrawn is still one.
        let fields = secrecy::FIELDS.iter().filter(|field| **field != "withdrawn");
        let because = fields.copied().find_map(|field| Some((field, entry.stated_value(field)?)));
        match because {
            Some((field, value)) => fault
                .at(&entry.source, value.span.clone())
                .help(format!("`{}` is there but not public: change `{field}` once readers may see it", entry.source)),
            None => fault
                .span(Span::file(&entry.source))
                .help(format!("`{}` is there but not public: mend what is said about it", entry.source)),
        }
    };
    routes.missing_homes(site).into_iter().map(fault).collect()
}

pub(super) fn check_menus(site: &Site, routes: &Routes, faults: &mut Vec<Diagnostic>) {
    let mut checked: Vec<&Span> = Vec::new();
    for items in site.config.languages().flat_map(|lang| site.config.in_language(lang).menus.values()) {
        for item in items {
            // A language without its own menu uses the site's.
            if checked.contains(&&item.span) {
                continue;
            }
            checked.push(&item.span);
            if routes.leads_to_hidden(site, &item.url) {
                let message = "this line is left out of the menu, since the page it leads to is not public";
                let fault = Diagnostic::new(Code::UnknownMenuTarget, message).span(item.span.clone());
                faults.push(fault.help("it will appear when the page is public").lowered());
                continue;
            }
            if routes.leads_somewhere(site, &item.url) {
                continue;
            }
            let path = item.url.split(['#', '?']).next().unwrap_or("");
            let message = match path {
                "" => "this line of the menu has no address".to_owned(),
                _ => format!("the menu leads to `{path}`, which is not a page of the site"),
            };
            let fault = Diagnostic::new(Code::UnknownMenuTarget, message).span(item.span.clone());
            if let Some(meant) = site::full_address(path) {
                let help = format!("did you mean `{meant}`?");
                faults.push(fault.help(help).meant_for(site.source_text(&item.span.file), path, &meant));
                continue;
            }
            let pages = routes.all.iter().filter(|route| is_page(&route.kind)).map(|route| route.address.as_str());
            faults.push(match nearest(path, pages).filter(|_| !path.is_empty()) {
                Some(near) => fault.help(format!("did you mean `{near}`?")).meant_for(
                    site.source_text(&item.span.file),
                    path,
                    near,
                ),
                None => fault
                    .help("write the address of a page or list, such as `/about/`, or one that begins with https://"),
            });
        }
    }
}
