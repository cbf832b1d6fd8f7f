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
use crate::redirects::By;
use crate::routes::{self, Route, RouteKind, Routes};
use crate::schema::Name;
use crate::site::{Hidden, Ix, Site, View};

/// Which files of a published folder must not be there.
pub(crate) struct Withheld {
    hidden: BTreeSet<String>,
    public: BTreeSet<String>,
    /// The folder of the search index, which is always rebuilt as a whole.
    index: Option<String>,
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
    let everything = make(sources, now.clone(), View::Everything).value;
    let checked = make(sources, now.clone(), View::Checked).value;
    let public: BTreeSet<String> = checked.routes.all().iter().map(output).collect();
    let is_hidden = |ix| is_secret(&everything.site, ix);
    let mut hidden: BTreeSet<String> =
        everything.routes.all().iter().filter(|route| is_of(&everything, route, &is_hidden)).map(output).collect();
    if let Some((site, routes)) = last {
        let secrets = Secrets::of(&everything.site, site);
        let is_hidden = |ix| secrets.has(site, ix);
        let of = |route: &&Route| owner(site, routes, route).is_some_and(is_hidden);
        hidden.extend(routes.all().iter().filter(of).map(output));
    }
    hidden.retain(|path| !public.contains(path));
    if let Some((site, routes)) = last {
        hidden.extend(told_too_much(&everything.site, site, routes));
    }
    Withheld { hidden, public, index: search_place(&checked) }
}

/// The files of `last` that hold something hidden since, though their entry is public: a part of a bundle, or a block of
/// a text. The pages come back once the rest can be published.
fn told_too_much(now: &Site, last: &Site, routes: &Routes) -> BTreeSet<String> {
    let entries: BTreeMap<&EntryId, Ix> = now.all().map(|ix| (&now.entry(ix).id, ix)).collect();
    let blocks = now.coming_in_part().into_iter().map(|(_, ix)| ix);
    let secret: BTreeSet<Ix> =
        blocks.chain(now.all().filter(|ix| now.parts_not_public(*ix).next().is_some())).collect();
    let has_secret = |ix: Ix| {
        let before = last.entry(ix);
        let Some(after) = entries.get(&before.id).copied() else { return false };
        secret.contains(&after) && last.is_public(ix) && !now.entry(after).hides_as(before)
    };
    let told: BTreeSet<Ix> = last.all().filter(|ix| has_secret(*ix)).collect();
    let holds = |route: &Route| match &route.kind {
        RouteKind::Feed { listing } | RouteKind::Rss { listing } => {
            last.listings()[*listing].items.iter().any(|ix| told.contains(ix))
        }
        _ => owner(last, routes, route).is_some_and(|ix| told.contains(&ix)),
    };
    if told.is_empty() {
        BTreeSet::new()
    } else {
        routes.all().iter().filter(|route| holds(route)).map(output).collect()
    }
}

fn output(route: &Route) -> String {
    route.address.output().as_str().to_owned()
}

/// Whether an entry is a draft, embargoed or expired.
fn is_secret(site: &Site, ix: Ix) -> bool {
    matches!(site.visibility(ix).hidden(), Some(Hidden::Draft | Hidden::Until(_) | Hidden::Expired(_)))
}

/// Whether a route in a snapshot of everything exists only for something hidden. Files that pages are made of, such as
/// pictures, count as such, since they are in no other snapshot.
fn is_of(made: &Made, route: &Route, is_hidden: &impl Fn(Ix) -> bool) -> bool {
    let is_part = matches!(
        route.kind,
        RouteKind::File(_) | RouteKind::Rendition(_) | RouteKind::Drawing(_) | RouteKind::ShareImage(_)
    );
    is_part || owner(&made.site, &made.routes, route).is_some_and(is_hidden)
}

/// The entry that a route belongs to.
fn owner(site: &Site, routes: &Routes, route: &Route) -> Option<Ix> {
    match &route.kind {
        RouteKind::Entry(ix) | RouteKind::Event(ix) | RouteKind::Citation(ix, _) => Some(*ix),
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
