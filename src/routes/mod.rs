//! A snapshot → every output.
//!
//! What has no route does not exist. Routes are declared here and nowhere else, never discovered while a page is made. Two
//! routes with one path are a fault that names both sources.

mod beside;
mod drawn;
mod faults;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::assets::{self, Assets};
use crate::cards::{Card, Design};
use crate::config::{Format, Host, Lang, MenuItem, Search};
use crate::diagnostic::Found;
use crate::drawings::{Drawings, Drawn};
use crate::icons::{self, Icon};
use crate::images::{ImageKind, Variant};
use crate::path::{Address, SitePath};
use crate::redirects::{self, Redirect, Redirects, To};
use crate::site::{Ix, Listing, Site, scheme};

use beside::beside;
pub(crate) use beside::{ChartForm, CitationForm, chart_address, chart_key, is_cited, is_event};

/// How many addresses a sitemap may hold: the protocol's limit is 50,000.
pub(crate) const SITEMAP_LIMIT: usize = 50_000;

/// One output: its address, and what it is.
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
    /// The feed of a listing as RSS 2.0.
    Rss {
        listing: usize,
    },
    /// The events of a listing, for calendars.
    Calendar {
        listing: usize,
    },
    /// One event, for calendars.
    Event(Ix),
    /// The citation of an entry, for reference managers.
    Citation(Ix, CitationForm),
    /// The chart with this number among those of an entry, on its own.
    Chart(Ix, usize, ChartForm),
    /// Where to report a weakness (RFC 9116).
    SecurityContact,
    /// The page for unknown addresses, in a language.
    NotFound(Lang),
    /// The search page, in a language.
    Search(Lang),
    /// A page at a former address that sends readers on: the redirect with this number.
    Redirect(usize),
    /// A host's rules for former addresses.
    Rules(Host),
    /// The nth sitemap, or the only one.
    Sitemap(usize),
    /// The headers for hosts that read them from a file.
    Headers,
    /// The list of sitemaps, if there are several.
    SitemapIndex,
    Robots,
    /// A file published unchanged.
    File(SitePath),
    /// An image in one size and format.
    Rendition(Arc<Variant>),
    /// A drawing, cleaned.
    Drawing(SitePath),
    /// A picture in its own form, with nothing beside it; the hash of its file.
    Picture(SitePath, [u8; 32]),
    /// A share image: the one shown beside a link to a page.
    ShareImage(Arc<Card>),
    /// What is drawn of an entry.
    Drawn(Arc<Drawn>),
    /// An icon of the site.
    Icon(Icon),
    /// The site's name and icons for telephones.
    Manifest,
    /// A stylesheet of the theme or the site, with its imports included.
    Style(SitePath),
    /// The stylesheet of highlighted code.
    CodeStyles,
}

/// Every output of a snapshot, in order of address; all addresses differ.
#[derive(Clone, Debug)]
pub(crate) struct Routes {
    all: Vec<Route>,
    /// Those that stand whatever words are written: all but what is drawn of titles, and what former addresses need.
    standing: Arc<[Route]>,
    pub(crate) assets: Arc<Assets>,
    pub(crate) redirects: Redirects,
    /// What share images look like.
    pub(crate) design: Option<Arc<Design>>,
    /// What is drawn of entries.
    drawings: Option<Arc<Drawings>>,
    /// Whether the faults found depend on what would exist if nothing were hidden, texts included.
    pub(crate) tells_hidden: bool,
}

impl Routes {
    /// Lists what `site` publishes; faults are addresses already taken, and menus that lead nowhere. What stands whatever is
    /// written is taken from the routes `before`, of an earlier snapshot, if that has the same.
    pub(crate) fn new(site: &Site, assets: Arc<Assets>, before: Option<(&Site, &Self)>) -> Found<Self> {
        let before = before.filter(|(earlier, _)| site.stands_as(earlier));
        let standing = before.map_or_else(|| Arc::from(standing(site, &assets)), |(_, before)| before.standing.clone());
        let mut all = standing.to_vec();
        let mut faults = Vec::new();
        let drawings = Drawings::new(site).map(Arc::new);
        drawn::of_entries(site, drawings.as_deref(), &mut all);
        let design = Design::new(site, &assets, drawings.as_ref()).map(Arc::new);
        if let Some(design) = &design {
            faults.extend(design.faults(site, &assets));
            drawn::share_images(site, design, &assets, &mut all);
            faults.extend(beside::chart_images(site, design, &assets, &mut all));
        }
        all.sort_by(|a, b| a.address.cmp(&b.address));
        let addresses: Vec<&Address> = all.iter().map(|route| &route.address).collect();
        let redirects = Redirects::new(site, &addresses).into_value(&mut faults);
        let mut tells_hidden = false;
        faults.extend(redirects::lost(site, &redirects, &addresses, || {
            tells_hidden = true;
            Self::with_hidden(site, &assets)
        }));
        former_pages(site, &redirects, &mut all);
        all.sort_by(|a, b| a.address.cmp(&b.address));
        faults::keep_out_of_search(site, &redirects, &mut all, &mut faults);
        faults::report_collisions(site, &redirects, &mut all, &mut faults);
        faults::report_impossible(site, &redirects, &all, &mut faults);
        let routes = Self { all, standing, assets, redirects, design, drawings, tells_hidden };
        faults::check_menus(site, &routes, &mut faults);
        faults.extend(faults::without_homes(site, &routes));
        Found::new(routes, faults)
    }

    /// The languages without a home page, and its file.
    pub(crate) fn missing_homes(&self, site: &Site) -> Vec<(Lang, Address, String)> {
        let of = |lang: Lang| {
            let language = site.config.in_language(lang);
            let file = match lang {
                Lang::OWN => "content/index.md".to_owned(),
                _ => format!("content/index.{}.md", language.code),
            };
            (lang, Address::new(&format!("{}/", language.prefix)), file)
        };
        site.config.languages().map(of).filter(|(_, home, _)| self.at(home).is_none()).collect()
    }

    /// The addresses that the site would answer if nothing were hidden; empty if nothing is.
    fn with_hidden(site: &Site, assets: &Arc<Assets>) -> BTreeSet<Address> {
        if site.view.shows_all() {
            return BTreeSet::new();
        }
        let routes = Self::new(&site.with_hidden(), assets.clone(), None).value;
        let redirects = routes.redirects.all().iter().map(|redirect| redirect.from.clone());
        routes.all.iter().map(|route| route.address.clone()).chain(redirects).collect()
    }

    /// All routes.
    pub(crate) fn all(&self) -> &[Route] {
        &self.all
    }

    /// What is drawn of an entry in a shape; `None` if nothing is.
    pub(crate) fn drawn(&self, site: &Site, ix: Ix, shape: &str) -> Option<Drawn> {
        self.drawings.as_ref()?.of(site, ix, shape)
    }

    /// What the share image of an entry's own says, and its address; `None` if it has none.
    pub(crate) fn own_card(&self, site: &Site, ix: Ix) -> Option<(Card, Address)> {
        drawn::own_card(site, self.design.as_ref()?, &self.assets, ix)
    }

    /// The same for all other pages in a language.
    pub(crate) fn site_card(&self, site: &Site, lang: Lang) -> Option<(Card, Address)> {
        drawn::site_card(site, self.design.as_ref()?, &self.assets, lang)
    }

    /// The menus for readers of a language, without lines that lead to something hidden or, as their fault says, nowhere.
    pub(crate) fn menus<'a>(
        &'a self,
        site: &'a Site,
        lang: Lang,
    ) -> impl Iterator<Item = (&'a str, Vec<&'a MenuItem>)> {
        let is_seen =
            |item: &&MenuItem| self.leads_somewhere(site, &item.url) && !self.leads_to_hidden(site, &item.url);
        let menus = &site.config.in_language(lang).menus;
        menus.iter().map(move |(name, items)| (name.as_str(), items.iter().filter(is_seen).collect()))
    }

    /// An address of this site as a menu states it, whether with the site's own path before it or without its last slash, as the
    /// site has it. Everything else stays as it is.
    pub(crate) fn of_menu<'a>(&self, site: &Site, url: &'a str) -> Cow<'a, str> {
        let Some(path) = site.on_site(url).filter(|_| url.starts_with('/')) else { return Cow::Borrowed(url) };
        let end = path.find(['?', '#']).unwrap_or(path.len());
        let written = Address::new(&path[..end]);
        let page = written.page();
        if page != written && self.at(&written).is_none() && self.at(&page).is_some() {
            return Cow::Owned(format!("{page}{}", &path[end..]));
        }
        path
    }

    /// Whether readers can follow a menu's address, as far as this site can know.
    fn leads_somewhere(&self, site: &Site, url: &str) -> bool {
        let url = self.of_menu(site, url);
        let path = url.split(['?', '#']).next().unwrap_or_default();
        match path.starts_with('/') && !path.starts_with("//") {
            true => self.at(&Address::new(path)).is_some(),
            false => url.starts_with(['#', '/']) || scheme(&url).is_some(),
        }
    }

    /// Whether something hidden would be where `url` leads, and nothing public is there instead.
    fn leads_to_hidden(&self, site: &Site, url: &str) -> bool {
        let source =
            SitePath::new(&format!("content/{}", url.trim_start_matches(['/', '.']).trim_start_matches("content/")));
        if source.and_then(|source| site.by_source(&source)).is_some_and(|ix| !site.is_shown(ix)) {
            return true;
        }
        // An address that lacks its first slash is reported, and hides as it would with it.
        let is_bare = !url.starts_with(['/', '#', '?']) && !url.contains(':');
        let url = if is_bare { Cow::Owned(format!("/{url}")) } else { Cow::Borrowed(url) };
        site.hidden_at(&url).is_some_and(|address| self.at(&address).is_none())
    }

    /// The route at an address.
    pub(crate) fn at(&self, address: &Address) -> Option<&Route> {
        let at = self.all.binary_search_by(|route| route.address.cmp(address)).ok()?;
        self.all.get(at)
    }
}

/// The address of the page for unknown addresses, for readers of a language: hosts use the nearest one.
pub(crate) fn not_found(site: &Site, lang: Lang) -> Address {
    Address::new(&format!("{}/404.html", site.config.in_language(lang).prefix))
}

/// The one of these pages that a host would find for an address: the nearest.
pub(crate) fn nearest_not_found(site: &Site, address: &Address) -> Address {
    let of = |lang: &Lang| not_found(site, *lang);
    let fits = |page: &Address| page.above().is_some_and(|folder| address.as_str().starts_with(folder.as_str()));
    let all = site.config.languages().map(|lang| of(&lang)).filter(fits);
    all.max_by_key(|page| page.as_str().len()).unwrap_or_else(|| not_found(site, Lang::OWN))
}

/// The address of the page of `kind` in each language that has it, its own included.
pub(crate) fn translations(site: &Site, kind: &RouteKind) -> Vec<(Lang, Address)> {
    match kind {
        RouteKind::Entry(ix) => entry_in_languages(site, *ix),
        RouteKind::List { listing, page } => list_in_languages(site, &site.listings()[*listing], *page),
        RouteKind::Search(_) => site.config.search.as_ref().map_or_else(Vec::new, |search| {
            site.config.languages().map(|lang| (lang, search_page(site, search, lang))).collect()
        }),
        _ => Vec::new(),
    }
}

fn entry_in_languages(site: &Site, ix: Ix) -> Vec<(Lang, Address)> {
    if let Some(listing) = site.introduced(ix) {
        return list_in_languages(site, &site.listings()[listing], 1);
    }
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

/// The address of the search page for readers of a language.
fn search_page(site: &Site, search: &Search, lang: Lang) -> Address {
    Address::new(&format!("{}{}", site.config.in_language(lang).prefix, search.route))
}

/// The folder of the search index: its files are made from the snapshot's records (`search`).
pub(crate) fn search_folder(site: &Site) -> Option<Address> {
    let search = site.config.search.as_ref()?;
    Some(search_page(site, search, Lang::OWN).join("index/"))
}

/// Whether a route is a page that readers look for.
pub(crate) fn is_page(kind: &RouteKind) -> bool {
    matches!(kind, RouteKind::Entry(_) | RouteKind::List { .. } | RouteKind::Search(_))
}

/// Extensions of pictures, which are shown on pages, not cited.
const PICTURES: &[&str] = &["avif", "gif", "jpeg", "jpg", "png", "svg", "webp"];

/// Extensions of documents and data, which readers cite wherever the files are.
const DOCUMENTS: &[&str] = &[
    "csv", "doc", "docx", "epub", "json", "ods", "odt", "pdf", "ppt", "pptx", "rtf", "tsv", "txt", "xls", "xlsx", "zip",
];

/// Whether people read or keep an output: a page, a document, a calendar entry, a citation. Not the parts that pages are made of.
pub(crate) fn is_document(output: &str) -> bool {
    let ending = output.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["html", "ics", "bib", "ris"].contains(&ending) || DOCUMENTS.contains(&ending)
}

/// Whether others may rely on the address of a route for ever: pages and files of entries, first pages of lists, feeds,
/// calendars, documents in `static/`. Further pages of lists, pictures, styles and samples come and go.
pub(crate) fn is_permanent(site: &Site, kind: &RouteKind) -> bool {
    match kind {
        RouteKind::Entry(ix) => !site.is_sample(*ix),
        RouteKind::Chart(ix, nth, form) => beside::is_lasting(site, *ix, *nth, *form),
        RouteKind::List { listing, page } => *page == 1 && !is_of_samples(site, *listing),
        RouteKind::Feed { listing } | RouteKind::Rss { listing } | RouteKind::Calendar { listing } => {
            !is_of_samples(site, *listing)
        }
        RouteKind::File(file) if file.below("content").is_some() => {
            let is_sample = site.file_owner(file).is_some_and(|owner| site.is_sample(owner));
            !is_sample && !PICTURES.contains(&file.ending().as_str())
        }
        RouteKind::File(file) => file.below("static").is_some_and(|below| {
            let ending = file.ending();
            // `robots.txt`, `manifest.json` and `.well-known/security.txt` are for machines.
            let is_of_machines = matches!(ending.as_str(), "txt" | "json") && !below.contains('/');
            DOCUMENTS.contains(&ending.as_str()) && !is_of_machines && !below.starts_with('.')
        }),
        _ => false,
    }
}

/// Whether a listing holds only samples.
fn is_of_samples(site: &Site, listing: usize) -> bool {
    let items = &site.listings()[listing].items;
    !items.is_empty() && items.iter().all(|ix| site.is_sample(*ix))
}

/// Whether search engines may list a route.
pub(crate) fn is_indexed(site: &Site, kind: &RouteKind) -> bool {
    match kind {
        RouteKind::Entry(ix) => site.is_indexed(*ix),
        RouteKind::List { listing, .. } => {
            let listing = &site.listings()[*listing];
            // A list with nothing in its own language shows the same as another list; a list of samples, or of nothing, has
            // nothing to offer yet.
            let is_own = |ix: Ix| listing.lang == Lang::OWN || site.lang(ix) == listing.lang;
            let tells = |ix: &Ix| is_own(*ix) && site.is_in_feeds(*ix);
            !site.view.shows_all() && listing.items.iter().any(tells)
        }
        _ => false,
    }
}

/// What stands whatever words are written, in order of address.
fn standing(site: &Site, assets: &Assets) -> Vec<Route> {
    let mut all = Vec::new();
    entries(site, &mut all);
    lists(site, &mut all);
    beside::charts(site, &mut all);
    if let Some(search) = &site.config.search {
        for lang in site.config.languages() {
            all.push(Route { address: search_page(site, search, lang), kind: RouteKind::Search(lang) });
        }
    }
    for (file, address) in site.files() {
        all.push(Route { address: address.clone(), kind: published(file) });
    }
    pictures(site, &mut all);
    for (file, address) in assets.all() {
        let kind = match assets::is_style(file) {
            true => RouteKind::Style(file.clone()),
            false => RouteKind::File(file.clone()),
        };
        all.push(Route { address: address.clone(), kind });
    }
    statics(site, &mut all);
    all.push(Route { address: assets.code.clone(), kind: RouteKind::CodeStyles });
    for lang in site.config.languages() {
        all.push(Route { address: not_found(site, lang), kind: RouteKind::NotFound(lang) });
    }
    for_machines(site, &mut all);
    all.sort_by(|a, b| a.address.cmp(&b.address));
    all
}

/// What browsers, search engines and hosts ask for by name.
fn for_machines(site: &Site, all: &mut Vec<Route>) {
    let pages = all.iter().filter(|route| is_indexed(site, &route.kind)).count();
    let mut named: Vec<(String, RouteKind)> = vec![("/robots.txt".to_owned(), RouteKind::Robots)];
    if icons::file(&site.tree, &site.config).is_some() {
        named.extend(Icon::ALL.into_iter().map(|icon| (icon.address().to_string(), RouteKind::Icon(icon))));
        named.push((icons::MANIFEST.to_owned(), RouteKind::Manifest));
    }
    if site.config.security.is_some() {
        named.push(("/.well-known/security.txt".to_owned(), RouteKind::SecurityContact));
    }
    if site.config.hosting.rules.contains(&Host::Netlify) {
        named.push(("/_headers".to_owned(), RouteKind::Headers));
    }
    match pages.div_ceil(SITEMAP_LIMIT) {
        0 | 1 => named.push(("/sitemap.xml".to_owned(), RouteKind::Sitemap(0))),
        several => {
            named.push(("/sitemap.xml".to_owned(), RouteKind::SitemapIndex));
            named.extend((0..several).map(|n| (format!("/sitemap-{}.xml", n + 1), RouteKind::Sitemap(n))));
        }
    }
    // A file of that name in `static/` is its owner's choice.
    let named = named.into_iter().map(|(name, kind)| Route { address: Address::new(&name), kind });
    let own: BTreeSet<&Address> = all.iter().map(|route| &route.address).collect();
    let missing: Vec<Route> = named.filter(|route| !own.contains(&route.address)).collect();
    all.extend(missing);
}

fn entries(site: &Site, all: &mut Vec<Route>) {
    for ix in site.shown().filter(|ix| site.has_page(*ix)) {
        if let Some(address) = site.address(ix) {
            all.push(Route { address: address.clone(), kind: RouteKind::Entry(ix) });
            beside(site, ix, address, all);
        }
    }
}

/// The number of pages of a listing.
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
            let is_whole = one.owner.is_none() && one.group.is_none();
            let introduction = is_whole.then(|| site.introduction(list, one.lang)).flatten();
            // A text that begins the list is its first page.
            let first = if introduction.is_some() { 2 } else { 1 };
            for page in first..=page_count(site, one) {
                let address = page_address(address, page);
                all.push(Route { address, kind: RouteKind::List { listing, page } });
            }
        }
        if let Some(feed) = &one.feed {
            all.push(Route { address: feed.clone(), kind: RouteKind::Feed { listing } });
        }
        for (format, name, kind) in [
            (Format::Rss, "rss.xml", RouteKind::Rss { listing }),
            (Format::Ics, "events.ics", RouteKind::Calendar { listing }),
        ] {
            if let Some(address) = one.address.as_ref().filter(|_| list.formats.contains(&format)) {
                all.push(Route { address: address.join(name), kind });
            }
        }
    }
}

/// How a file of an entry is published.
fn published(file: &SitePath) -> RouteKind {
    match file.ending().as_str() {
        // Opened directly, a drawing is a page and could hold a script.
        "svg" => RouteKind::Drawing(file.clone()),
        _ => RouteKind::File(file.clone()),
    }
}

/// The files made from images.
fn pictures(site: &Site, all: &mut Vec<Route>) {
    for (file, picture) in site.pictures() {
        let kind = match picture.image.form {
            ImageKind::Drawing => RouteKind::Drawing(file.clone()),
            _ => RouteKind::Picture(file.clone(), picture.image.hash),
        };
        all.extend(picture.address().map(|address| Route { address, kind }));
        // Two renditions may share a width.
        let mut variants: BTreeMap<Address, Arc<Variant>> = BTreeMap::new();
        for shown in picture.all_shown(&site.config, file) {
            variants.extend(shown.all().map(|variant| (variant.address.clone(), variant.clone())));
        }
        all.extend(
            variants.into_iter().map(|(address, variant)| Route { address, kind: RouteKind::Rendition(variant) }),
        );
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

/// What answers at former addresses: pages where they are possible, and the rules of hosts.
fn former_pages(site: &Site, redirects: &Redirects, all: &mut Vec<Route>) {
    let hosting = &site.config.hosting;
    if hosting.redirect_pages {
        // Disks that do not know capitals would take it for the page itself, or for another that leads there: rules answer.
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        let mut is_other = |one: &Redirect| {
            let (from, to) = (one.from.output().folded().into_owned(), one.href(site));
            let is_itself = matches!(&one.to, To::Here(to) if *to.output().folded() == from);
            !is_itself && seen.insert((from, to))
        };
        let pages = redirects.all().iter().enumerate().filter(|(_, one)| one.is_page() && is_other(one));
        all.extend(pages.map(|(number, one)| Route { address: one.from.clone(), kind: RouteKind::Redirect(number) }));
    }
    // A server configured to read a file does not start without it.
    let is_asked = |host: &&Host| {
        // The file also says which page answers for unknown addresses in other languages.
        hosting.stated || !redirects.is_empty() || **host == Host::Netlify && site.config.has_translations()
    };
    let rules = hosting.rules.iter().filter(is_asked);
    all.extend(rules.map(|host| Route { address: Address::new(host.file()), kind: RouteKind::Rules(*host) }));
}
