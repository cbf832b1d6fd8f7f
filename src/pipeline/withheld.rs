//! What was read, at a moment, and what was published last → which published files must not be there, whether or not the
//! rest can be published.
//!
//! A slip takes nothing away: an entry whose visibility cannot be read does not count, and a list that lost an item to a
//! slip is still a list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ZonedDateTime;

use super::{Made, Sources, make, search_place};
use crate::content::EntryId;
use crate::path::{Address, SitePath};
use crate::redirects::By;
use crate::routes::{self, Route, RouteKind, Routes};
use crate::schema::Name;
use crate::site::{Hidden, Ix, Site, View};

/// Which files of a published folder must not be there.
pub(crate) struct Withheld {
    hidden: BTreeSet<String>,
    public: BTreeSet<String>,
    /// Home pages that hold something hidden: they stay, since a site without one is not found at all.
    pub(crate) telling: Vec<String>,
    /// Sources of which it is no longer clear who may see them, though they were public: what was published of them stays.
    pub(crate) unclear: BTreeSet<SitePath>,
    /// The folder of the search index, which is always rebuilt as a whole.
    index: Option<String>,
    /// The feeds and calendars, which repeat what pages say; none if it is known which of them do.
    feeds: BTreeSet<String>,
    /// Whether something is hidden that has no page of its own: a row, a part of a page, a block of a text.
    pub(crate) has_pieces: bool,
    /// The snapshot of everything, hidden or not.
    #[cfg(feature = "publish")]
    pub(crate) everything: Arc<Site>,
    /// The snapshot of what is public and what cannot be read.
    #[cfg(feature = "publish")]
    pub(crate) checked: Arc<Site>,
}

impl Withheld {
    /// Whether a file belongs to an entry that is a draft, embargoed or expired.
    pub(crate) fn hides(&self, path: &str) -> bool {
        self.hidden.contains(path)
    }

    /// Whether a file is a page or a document that belongs to nothing public. Only meaningful for a site without errors:
    /// in any other, the file's entry may be missing because of them.
    pub(crate) fn misses(&self, path: &str) -> bool {
        routes::is_document(path) && !self.is_of_index(path) && !self.public.contains(path)
    }

    /// Whether a file belongs to something public.
    #[cfg(feature = "publish")]
    pub(crate) fn is_public(&self, path: &str) -> bool {
        self.public.contains(path)
    }

    /// Whether a file is a feed or a calendar that may repeat something hidden: which of them do is not known.
    pub(crate) fn is_feed(&self, path: &str) -> bool {
        self.feeds.contains(path)
    }

    /// Whether a file belongs to the search index, which holds the texts of all pages.
    pub(crate) fn is_of_index(&self, path: &str) -> bool {
        self.index.as_ref().is_some_and(|index| path.starts_with(index))
    }
}

/// What was published last.
pub(crate) type Published = (Arc<Site>, Arc<Routes>);

/// What must not be public at `now`; an entry that became a draft in the same edit that changed its address is still
/// found where it was `last`.
pub(crate) fn withheld(sources: &Sources, now: &ZonedDateTime, last: Option<&Published>) -> Withheld {
    let everything = make(sources, now.clone(), View::Everything);
    let checked = make(sources, now.clone(), View::Checked);
    let public: BTreeSet<String> = checked.routes.all().iter().map(output).collect();
    let is_hidden = |ix| is_secret(&everything.site, ix);
    // A list whose last item is hidden goes, but not one that may have lost it to a slip. One that only became shorter keeps its
    // further pages, to which the first one leads.
    let may_slip = everything.site.all().any(|ix| everything.site.entry(ix).faulty && !is_hidden(ix));
    let is_list = |route: &Route| matches!(route.kind, RouteKind::List { page: 1, .. }) && !may_slip;
    let is_of_hidden = |route: &&Route| is_list(route) || is_of(&everything, route, &is_hidden);
    let mut hidden: BTreeSet<String> = everything.routes.all().iter().filter(is_of_hidden).map(output).collect();
    hidden.retain(|path| !public.contains(path));
    // What was published last is there as it was, whatever would be at its address now.
    let (mut told, mut unclear) = (BTreeSet::new(), BTreeSet::new());
    if let Some((site, routes)) = last {
        let secrets = Secrets::of(&everything.site, site);
        let is_hidden = |ix| secrets.has(site, ix);
        let of = |route: &&Route| owner(site, routes, route).is_some_and(is_hidden);
        unclear = now_unclear(&checked.site, site);
        told = told_too_much(&checked.site, site, routes, &secrets);
        told.extend(routes.all().iter().filter(of).map(output));
    }
    let config = &sources.config;
    let homes = config.languages().map(|lang| Address::new(&format!("{}/", config.in_language(lang).prefix)));
    let telling = homes
        .map(|home| home.output().as_str().to_owned())
        .filter(|home| told.remove(home) && !hidden.contains(home))
        .collect();
    hidden.extend(told);
    let is_feed = |route: &&Route| {
        matches!(route.kind, RouteKind::Feed { .. } | RouteKind::Rss { .. } | RouteKind::Calendar { .. })
    };
    let all = checked.routes.all().iter().filter(|_| last.is_none());
    let feeds = all.filter(is_feed).map(output).collect();
    let rows = &everything.site;
    let has_rows = rows.all().any(|ix| is_secret(rows, ix) && !rows.has_page(ix));
    let site = &checked.site;
    let has_parts = site.all().any(|ix| !site.entry(ix).hidden_parts.is_empty());
    let has_pieces = has_rows || has_parts || !site.coming_in_part().is_empty();
    Withheld {
        hidden,
        public,
        telling,
        unclear,
        index: search_place(&checked),
        feeds,
        has_pieces,
        #[cfg(feature = "publish")]
        everything: everything.site,
        #[cfg(feature = "publish")]
        checked: checked.site,
    }
}

/// The files of `last` that hold something hidden since, though they belong to something public: parts of a bundle, blocks of
/// a text, rows shown on a page or in a list, and what feeds and calendars say. They come back once the rest can be published.
fn told_too_much(now: &Site, last: &Site, routes: &Routes, secrets: &Secrets) -> BTreeSet<String> {
    let entries: BTreeMap<&EntryId, Ix> = now.all().map(|ix| (&now.entry(ix).id, ix)).collect();
    let has_secret = |ix: Ix| {
        let after = entries.get(&last.entry(ix).id).copied();
        after.is_some_and(|after| now.hides_more(after, last, ix))
    };
    let gone: BTreeSet<Ix> = last.shown().filter(|ix| secrets.has(last, *ix)).collect();
    let told: BTreeSet<Ix> = last.shown().filter(|ix| !gone.contains(ix) && has_secret(*ix)).collect();
    let rows: BTreeSet<Ix> = gone.iter().copied().filter(|ix| !last.has_page(*ix)).collect();
    let pages_of_rows: BTreeSet<&str> = rows.iter().filter_map(|ix| Some(last.address(*ix)?.path())).collect();
    let lists = |listing: usize, any: &dyn Fn(&Ix) -> bool| last.listings()[listing].items.iter().any(any);
    let holds = |route: &Route| match &route.kind {
        RouteKind::Feed { listing } | RouteKind::Rss { listing } | RouteKind::Calendar { listing } => {
            lists(*listing, &|ix| told.contains(ix) || gone.contains(ix))
        }
        RouteKind::List { listing, .. } => lists(*listing, &|ix| rows.contains(ix)),
        _ if pages_of_rows.contains(route.address.as_str()) => true,
        _ => owner(last, routes, route).is_some_and(|ix| told.contains(&ix)),
    };
    if told.is_empty() && gone.is_empty() {
        BTreeSet::new()
    } else {
        routes.all().iter().filter(|route| holds(route)).map(output).collect()
    }
}

/// The sources of what was public in `last` and may be meant to be hidden now, which cannot be read.
fn now_unclear(now: &Site, last: &Site) -> BTreeSet<SitePath> {
    let public: BTreeSet<&EntryId> = last.shown().map(|ix| &last.entry(ix).id).collect();
    let is_unclear = |ix: &Ix| matches!(now.visibility(*ix).hidden(), Some(Hidden::Unreadable));
    let all = now.all().filter(is_unclear).map(|ix| now.entry(ix));
    all.filter(|entry| public.contains(&entry.id)).map(|entry| entry.source.clone()).collect()
}

pub(super) fn output(route: &Route) -> String {
    route.address.output().as_str().to_owned()
}

/// Whether an entry is a draft, embargoed or expired.
pub(crate) fn is_secret(site: &Site, ix: Ix) -> bool {
    site.visibility(ix).hidden().is_some_and(Hidden::is_certain)
}

/// Whether a route in a snapshot of everything exists only for something hidden, if it is in no other snapshot. Files that pages are
/// made of, such as pictures, count as such, and feeds of a list whose last item is hidden.
fn is_of(made: &Made, route: &Route, is_hidden: &impl Fn(Ix) -> bool) -> bool {
    let is_part = matches!(
        route.kind,
        RouteKind::File(_)
            | RouteKind::Rendition(_)
            | RouteKind::Drawing(_)
            | RouteKind::Picture(..)
            | RouteKind::ShareImage(_)
            | RouteKind::Drawn(_)
            | RouteKind::Feed { .. }
            | RouteKind::Rss { .. }
            | RouteKind::Calendar { .. }
    );
    is_part || owner(&made.site, &made.routes, route).is_some_and(is_hidden)
}

/// The entry that a route belongs to.
pub(super) fn owner(site: &Site, routes: &Routes, route: &Route) -> Option<Ix> {
    match &route.kind {
        RouteKind::Entry(ix) | RouteKind::Event(ix) | RouteKind::Citation(ix, _) | RouteKind::Chart(ix, ..) => {
            Some(*ix)
        }
        RouteKind::List { listing, .. }
        | RouteKind::Feed { listing }
        | RouteKind::Rss { listing }
        | RouteKind::Calendar { listing } => {
            let listing = &site.listings()[*listing];
            listing.owner.or_else(|| listing.group.as_ref().and_then(|group| group.entry))
        }
        RouteKind::Redirect(number) => match routes.redirects.all()[*number].by {
            By::Alias(ix) => Some(ix),
            By::Table | By::Pattern(_) => None,
        },
        RouteKind::File(file) => site.file_owner(file),
        _ => None,
    }
}

/// The entries that are hidden now, as an earlier snapshot may have known them.
struct Secrets {
    ids: BTreeSet<EntryId>,
    /// The collections and titles of those that were not there before. An entry that was renamed as it became a draft
    /// keeps its title, but loses its identity.
    new: BTreeSet<(Name, String)>,
    known: BTreeSet<EntryId>,
}

impl Secrets {
    fn of(site: &Site, before: &Site) -> Self {
        let earlier: BTreeSet<&EntryId> = before.all().map(|ix| &before.entry(ix).id).collect();
        let mut secrets = Self { ids: BTreeSet::new(), new: BTreeSet::new(), known: BTreeSet::new() };
        for ix in site.all() {
            let entry = site.entry(ix);
            if is_secret(site, ix) {
                secrets.ids.insert(entry.id.clone());
                if !earlier.contains(&entry.id) {
                    secrets.new.insert((entry.id.collection.clone(), entry.title().to_owned()));
                }
            }
            secrets.known.insert(entry.id.clone());
        }
        secrets
    }

    /// Whether the entry `ix` of the earlier snapshot is one of them.
    fn has(&self, before: &Site, ix: Ix) -> bool {
        let entry = before.entry(ix);
        let is_renamed = || {
            !self.known.contains(&entry.id)
                && self.new.contains(&(entry.id.collection.clone(), entry.title().to_owned()))
        };
        self.ids.contains(&entry.id) || is_renamed()
    }
}
