//! A snapshot → every output there is.
//!
//! What has no route does not exist. Routes are declared here and nowhere else, and are never found out while a page is
//! made; two with one path are a fault that names both sources.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::assets::Assets;
use crate::config::{Format, Host, Lang};
use crate::diagnostic::{Code, Diagnostic, Found, Span, nearest};
use crate::path::{Address, OutputPath, SitePath};
use crate::redirects::{self, Redirects};
use crate::site::{Ix, Listing, Site, View};

/// How many addresses a sitemap may hold: the protocol's limit is 50,000.
pub(crate) const SITEMAP_LIMIT: usize = 50_000;

/// One output: where it is found, and what it is.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) address: Address,
    pub(crate) kind: RouteKind,
}

/// What an output is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum RouteKind {
    Entry(Ix),
    /// The page (1-based) of the listing with this number.
    List {
        listing: usize,
        page: usize,
    },
    Feed {
        listing: usize,
    },
    /// The page for addresses that lead nowhere, in a language.
    NotFound(Lang),
    /// A page at a former address, which sends readers on: the redirect of this number.
    Redirect(usize),
    /// The rules by which a host sends readers on from former addresses.
    Rules(Host),
    /// The nth sitemap, or the only one.
    Sitemap(usize),
    /// The list of sitemaps, where there are several.
    SitemapIndex,
    Robots,
    /// A file that is published as it is.
    File(SitePath),
    /// The stylesheet of highlighted code.
    CodeStyles,
}

/// Every output of a snapshot, in the order of addresses; no two have the same.
#[derive(Clone, Debug)]
pub(crate) struct Routes {
    all: Vec<Route>,
    pub(crate) assets: Arc<Assets>,
    pub(crate) redirects: Redirects,
}

impl Routes {
    /// Lists what `site` publishes; faults are addresses that are taken, and menus that lead nowhere.
    pub(crate) fn new(site: &Site, assets: Arc<Assets>) -> Found<Self> {
        let mut all = Vec::new();
        entries(site, &mut all);
        lists(site, &mut all);
        for (file, address) in site.files() {
            all.push(Route { address: address.clone(), kind: RouteKind::File(file.clone()) });
        }
        for (file, address) in assets.all() {
            all.push(Route { address: address.clone(), kind: RouteKind::File(file.clone()) });
        }
        statics(site, &mut all);
        all.push(Route { address: assets.code.clone(), kind: RouteKind::CodeStyles });
        for lang in site.config.languages() {
            all.push(Route { address: not_found(site, lang), kind: RouteKind::NotFound(lang) });
        }
        let pages = all.iter().filter(|route| is_indexed(site, &route.kind)).count();
        let mut named = |name: &str, kind: RouteKind| {
            let address = Address::new(name);
            // A file of that name in `static/` is what its owner wants.
            if !all.iter().any(|route| route.address == address) {
                all.push(Route { address, kind });
            }
        };
        named("/robots.txt", RouteKind::Robots);
        match pages.div_ceil(SITEMAP_LIMIT) {
            0 | 1 => named("/sitemap.xml", RouteKind::Sitemap(0)),
            several => {
                named("/sitemap.xml", RouteKind::SitemapIndex);
                (0..several).for_each(|n| named(&format!("/sitemap-{}.xml", n + 1), RouteKind::Sitemap(n)));
            }
        }
        let mut faults = Vec::new();
        all.sort_by(|a, b| a.address.cmp(&b.address));
        let standing: Vec<&Address> = all.iter().map(|route| &route.address).collect();
        let redirects = Redirects::new(site, &standing).into_value(&mut faults);
        faults.extend(redirects::lost(site, &redirects, &standing));
        former_pages(site, &redirects, &mut all);
        all.sort_by(|a, b| a.address.cmp(&b.address));
        report_collisions(site, &redirects, &mut all, &mut faults);
        let routes = Self { all, assets, redirects };
        check_menus(site, &routes, &mut faults);
        if routes.at(&Address::new("/")).is_none() {
            faults.push(
                Diagnostic::new(Code::NoHomePage, "the site has no home page: whoever types its address finds nothing")
                    .help("write content/index.md with a title and a few words"),
            );
        }
        Found::new(routes, faults)
    }

    /// All routes.
    pub(crate) fn all(&self) -> &[Route] {
        &self.all
    }

    /// The route at an address.
    pub(crate) fn at(&self, address: &Address) -> Option<&Route> {
        let at = self.all.binary_search_by(|route| route.address.cmp(address)).ok()?;
        self.all.get(at)
    }
}

/// The address of the page for addresses that lead nowhere, for readers of a language: hosts take the one that is nearest.
pub(crate) fn not_found(site: &Site, lang: Lang) -> Address {
    Address::new(&format!("{}/404.html", site.config.in_language(lang).prefix))
}

/// The one of these pages that is nearest to an address, as hosts look for it.
pub(crate) fn nearest_not_found(site: &Site, address: &Address) -> Address {
    let of = |lang: &Lang| not_found(site, *lang);
    let fits = |page: &Address| page.above().is_some_and(|folder| address.as_str().starts_with(folder.as_str()));
    let all = site.config.languages().map(|lang| of(&lang)).filter(fits);
    all.max_by_key(|page| page.as_str().len()).unwrap_or_else(|| not_found(site, Lang::OWN))
}

/// Where the page of `kind` is found in each language in which it is there, its own included.
pub(crate) fn translations(site: &Site, kind: &RouteKind) -> Vec<(Lang, Address)> {
    match kind {
        RouteKind::Entry(ix) => entry_in_languages(site, *ix),
        RouteKind::List { listing, page } => list_in_languages(site, &site.listings()[*listing], *page),
        _ => Vec::new(),
    }
}

fn entry_in_languages(site: &Site, ix: Ix) -> Vec<(Lang, Address)> {
    let there = site.translations(ix).into_iter().filter(|(_, ix)| site.has_page(*ix));
    there.filter_map(|(lang, ix)| Some((lang, site.address(ix)?.clone()))).collect()
}

/// The same page of the same list in other languages: of the same group, on the page of the same subject.
fn list_in_languages(site: &Site, listing: &Listing, page: usize) -> Vec<(Lang, Address)> {
    let same_group = |other: &Listing| match (&listing.group, &other.group) {
        (Some(a), Some(b)) => match (a.entry, b.entry) {
            (Some(a), Some(b)) => site.subject(a) == site.subject(b),
            _ => a.slug == b.slug,
        },
        (a, b) => a.is_none() && b.is_none(),
    };
    let in_language = |lang: Lang| {
        let owner = match listing.owner {
            Some(owner) => Some(site.variant(owner, lang)?),
            None => None,
        };
        let other = site.listings_of(&listing.list, lang, owner).find(|other| same_group(other))?;
        let exists = page <= page_count(site, other);
        Some((lang, page_address(other.address.as_ref().filter(|_| exists)?, page)))
    };
    site.config.languages().filter_map(in_language).collect()
}

/// Whether a route is a page that readers look for.
pub(crate) fn is_page(kind: &RouteKind) -> bool {
    matches!(kind, RouteKind::Entry(_) | RouteKind::List { .. })
}

/// What a file's ending says it is, if it is a picture: those are shown on pages, not cited.
const PICTURES: &[&str] = &["avif", "gif", "jpeg", "jpg", "png", "svg", "webp"];

/// The endings of documents and data, which readers cite wherever they lie.
const DOCUMENTS: &[&str] = &[
    "csv", "doc", "docx", "epub", "json", "ods", "odt", "pdf", "ppt", "pptx", "rtf", "tsv", "txt", "xls", "xlsx", "zip",
];

/// Whether others may rely on the address of a route for ever: pages and files of entries, first pages of lists, feeds,
/// documents in `static/`. Further pages of lists, pictures, styles and samples come and go.
pub(crate) fn is_permanent(site: &Site, kind: &RouteKind) -> bool {
    match kind {
        RouteKind::Entry(ix) => !site.entry(*ix).flag("sample"),
        RouteKind::List { page, .. } => *page == 1,
        RouteKind::Feed { .. } => true,
        RouteKind::File(file) if file.below("content").is_some() => {
            let is_sample = site.file_owner(file).is_some_and(|owner| site.entry(owner).flag("sample"));
            !is_sample && !PICTURES.contains(&file.ending().as_str())
        }
        RouteKind::File(file) => file.below("static").is_some_and(|below| {
            let ending = file.ending();
            // `robots.txt`, `manifest.json`, `.well-known/security.txt` speak to machines.
            let is_of_machines = matches!(ending.as_str(), "txt" | "json") && !below.contains('/');
            DOCUMENTS.contains(&ending.as_str()) && !is_of_machines && !below.starts_with('.')
        }),
        _ => false,
    }
}

/// Whether search engines may list a route.
pub(crate) fn is_indexed(site: &Site, kind: &RouteKind) -> bool {
    match kind {
        RouteKind::Entry(ix) => site.is_indexed(*ix),
        RouteKind::List { listing, .. } => {
            let listing = &site.listings()[*listing];
            // A list that has nothing in its own language shows what another list shows.
            let is_own = |ix: &Ix| site.lang(*ix) == listing.lang;
            let is_copy = listing.lang != Lang::OWN && !listing.items.iter().any(is_own);
            site.view != View::Everything && !is_copy
        }
        _ => false,
    }
}

fn entries(site: &Site, all: &mut Vec<Route>) {
    for ix in site.public().filter(|ix| site.has_page(*ix)) {
        if let Some(address) = site.address(ix) {
            all.push(Route { address: address.clone(), kind: RouteKind::Entry(ix) });
        }
    }
}

/// How many pages a listing has.
pub(crate) fn page_count(site: &Site, listing: &Listing) -> usize {
    listing.items.len().div_ceil(site.config.lists[&listing.list].per_page).max(1)
}

/// The address of a page (1-based) of a listing.
pub(crate) fn page_address(first: &Address, page: usize) -> Address {
    if page == 1 { first.clone() } else { first.join(&format!("page/{page}/")) }
}

fn lists(site: &Site, all: &mut Vec<Route>) {
    for (listing, one) in site.listings().iter().enumerate() {
        let list = &site.config.lists[&one.list];
        if let Some(address) = one.address.as_ref().filter(|_| list.formats.contains(&Format::Html)) {
            for page in 1..=page_count(site, one) {
                let address = page_address(address, page);
                all.push(Route { address, kind: RouteKind::List { listing, page } });
            }
        }
        if let Some(feed) = &one.feed {
            all.push(Route { address: feed.clone(), kind: RouteKind::Feed { listing } });
        }
    }
}

/// The files of `static/`, the site's before those of the themes.
fn statics(site: &Site, all: &mut Vec<Route>) {
    let mut seen: BTreeMap<Address, ()> = BTreeMap::new();
    let folders = std::iter::once("static".to_owned())
        .chain(site.config.themes.iter().map(|theme| format!("themes/{theme}/static")));
    for folder in folders {
        for file in site.tree.below(&folder) {
            let Some(below) = file.path.below(&folder) else { continue };
            let address = Address::new(below);
            if seen.insert(address.clone(), ()).is_none() {
                all.push(Route { address, kind: RouteKind::File(file.path.clone()) });
            }
        }
    }
}

/// What answers at former addresses: pages where there can be some, and the rules of hosts.
fn former_pages(site: &Site, redirects: &Redirects, all: &mut Vec<Route>) {
    let hosting = &site.config.hosting;
    if hosting.redirect_pages {
        let pages = redirects.all().iter().enumerate().filter(|(_, one)| one.is_page());
        all.extend(pages.map(|(number, one)| Route { address: one.from.clone(), kind: RouteKind::Redirect(number) }));
    }
    // A server that is told to read a file does not start without it.
    if hosting.stated || !redirects.is_empty() {
        let rules = hosting.rules.iter();
        all.extend(rules.map(|host| Route { address: Address::new(host.file()), kind: RouteKind::Rules(*host) }));
    }
}

/// Reports routes whose files would be one on some disk, and keeps the first.
fn report_collisions(site: &Site, redirects: &Redirects, all: &mut Vec<Route>, faults: &mut Vec<Diagnostic>) {
    // Almost always there is none, and that can be told without keeping whose each name is.
    let mut names: Vec<String> = all.par_iter().map(|route| route.address.output().folded().into_owned()).collect();
    names.par_sort_unstable();
    if names.windows(2).all(|pair| pair[0] != pair[1]) {
        return;
    }
    let mut owners: BTreeMap<String, (OutputPath, RouteKind)> = BTreeMap::new();
    all.retain(|route| {
        let output = route.address.output();
        let Some((_, owner)) = owners.get(&*output.folded()) else {
            owners.insert(output.folded().into_owned(), (output, route.kind.clone()));
            return true;
        };
        let same_file = matches!((owner, &route.kind), (RouteKind::File(a), RouteKind::File(b)) if a == b);
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
                    "write its lines into redirects.csv, or leave this host out of `rules` in `[hosting]`"
                }
                _ => "give one of the two another address, with `slug` in the front matter or `route` in the settings",
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

fn named(site: &Site, redirects: &Redirects, kind: &RouteKind) -> String {
    match kind {
        RouteKind::Entry(ix) => site.entry(*ix).source.to_string(),
        RouteKind::Redirect(number) => format!("a former page in {}", redirects.all()[*number].span.file),
        RouteKind::List { listing, .. } | RouteKind::Feed { listing } => {
            format!("the list `{}`", site.listings()[*listing].list)
        }
        RouteKind::File(file) => file.to_string(),
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
        RouteKind::List { listing, .. } | RouteKind::Feed { listing } => {
            site.config.lists[&site.listings()[*listing].list].span.clone()
        }
        RouteKind::File(file) => Some(Span::file(file)),
        _ => None,
    }
}

fn check_menus(site: &Site, routes: &Routes, faults: &mut Vec<Diagnostic>) {
    let mut checked: Vec<&Span> = Vec::new();
    for (_, items) in site.config.languages().flat_map(|lang| site.menus(lang)) {
        for item in items {
            // A language that has no menu of its own has the site's.
            if checked.contains(&&item.span) {
                continue;
            }
            checked.push(&item.span);
            let path = item.url.split(['#', '?']).next().unwrap_or("");
            if !path.starts_with('/') || path.starts_with("//") || routes.at(&Address::new(path)).is_some() {
                continue;
            }
            let fault = Diagnostic::new(
                Code::UnknownMenuTarget,
                format!("the menu leads to `{path}`, which is no page of the site"),
            )
            .span(item.span.clone());
            let pages = routes.all.iter().filter(|route| is_page(&route.kind)).map(|route| route.address.as_str());
            faults.push(match nearest(path, pages) {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault.help("write the address of a page or list, with a slash at both ends"),
            });
        }
    }
}
