//! Which entries each list shows, and what entries are called → the lists, in order.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::members::{self, Member, Shared, is_upcoming, last_moment};
use super::order::Titles;
use super::{Ix, Site};
use crate::config::{Config, Format, Grouping, Lang, Untranslated};
use crate::content::Heads;
use crate::path::Address;
use crate::schema::{Name, Trait};

/// The lists of a snapshot.
#[derive(Debug)]
pub(super) struct Lists {
    pub(super) titles: Titles,
    /// In the order of what they consist of.
    listings: Vec<Arc<Listing>>,
    /// Listings by the name of their list, in the order of their groups; attached ones also by the entry that shows them.
    listing_of: BTreeMap<(Name, Lang, Option<Ix>), Vec<usize>>,
}

/// One list as shown: a whole list, one group's page of it, or the part that one entry shows.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    pub(crate) list: Name,
    /// The language of its readers.
    pub(crate) lang: Lang,
    /// The entry whose page shows it, if the list is attached.
    pub(crate) owner: Option<Ix>,
    /// Its group, if the route names one.
    pub(crate) group: Option<Group>,
    pub(crate) items: Vec<Ix>,
    /// The address of its first page; an attached list without `more` has none.
    pub(crate) address: Option<Address>,
    /// Its Atom feed.
    pub(crate) feed: Option<Address>,
}

/// What the items of a group have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Group {
    /// Its part of the address.
    pub(crate) slug: String,
    pub(crate) title: String,
    /// The group's own entry, if items are grouped by reference.
    pub(crate) entry: Option<Ix>,
}

/// The lists that consist of `members`, in the order of `titles`. Those whose items say what they said are taken from the lists
/// `before`, with their heads, which consist of the same.
pub(super) fn lists(
    heads: Heads<'_>,
    config: &Config,
    members: &[Member],
    titles: Titles,
    before: Option<(Heads<'_>, &Lists)>,
) -> Lists {
    let differs = before.map_or_else(Vec::new, |(before, _)| heads.differing(before));
    let differs = |ix: Ix| differs[ix.0 as usize];
    let listing = |member: &Member, earlier: Option<&Listing>| {
        let Member { list, lang, owner, common, items, address } = member;
        let declared = &config.lists[list];
        let mut items = earlier.map_or(items, |earlier| &earlier.items).clone();
        match earlier {
            Some(_) => titles.sort_again(heads, *lang, &mut items, &declared.sort, differs),
            None => titles.sort(heads, *lang, &mut items, &declared.sort),
        }
        let group = common.as_ref().map(|shared| group(heads, shared));
        let has_feed = declared.formats.contains(&Format::Atom);
        let feed = address.as_ref().filter(|_| has_feed).map(|page| page.join("feed.xml"));
        let (list, lang, owner, address) = (list.clone(), *lang, *owner, address.clone());
        Arc::new(Listing { list, lang, owner, group, items, address, feed })
    };
    let is_as_before = |member: &Member| {
        let group = member.common.as_ref().and_then(|shared| shared.entry);
        !member.items.iter().chain(&group).any(|ix| differs(*ix))
    };
    let made = |n: usize| match before.map(|(_, lists)| &lists.listings[n]) {
        Some(earlier) if is_as_before(&members[n]) => earlier.clone(),
        earlier => listing(&members[n], earlier.map(|earlier| &**earlier)),
    };
    let listings: Vec<Arc<Listing>> = (0..members.len()).into_par_iter().map(made).collect();
    let listing_of = by_list(&titles, members, &listings);
    Lists { titles, listings, listing_of }
}

/// The numbers of the listings of each list, in the order of their groups. Those of one list are adjacent.
fn by_list(
    titles: &Titles,
    members: &[Member],
    listings: &[Arc<Listing>],
) -> BTreeMap<(Name, Lang, Option<Ix>), Vec<usize>> {
    let mut numbers = BTreeMap::new();
    let mut first = 0;
    for of_list in members.chunk_by(|a, b| (&a.list, a.lang, a.owner) == (&b.list, b.lang, b.owner)) {
        let mut own: Vec<usize> = (first..first + of_list.len()).collect();
        first += of_list.len();
        if own.len() > 1 {
            own.sort_by_cached_key(|n| {
                let group = listings[*n].group.as_ref();
                let title = group.map(|group| titles.key(listings[*n].lang, &group.title));
                (members[*n].common.as_ref().map(|shared| shared.order), title, group.cloned())
            });
        }
        numbers.insert((of_list[0].list.clone(), of_list[0].lang, of_list[0].owner), own);
    }
    numbers
}

/// The group of items with this in common.
fn group(heads: Heads<'_>, shared: &Shared) -> Group {
    let Shared { slug, title, entry, .. } = shared;
    let title = entry.map_or(title.as_str(), |ix| heads.get(ix.0 as usize).title());
    Group { slug: slug.clone(), title: title.to_owned(), entry: *entry }
}

/// The items by group: years from the newest, all other groups by title; an item may be in several groups.
pub(crate) fn groups(site: &Site, lang: Lang, grouping: &Grouping, items: &[Ix]) -> Vec<(Group, Vec<Ix>)> {
    let given = members::Given { known: site.basis(), structure: site.structure() };
    let named = |(shared, items): (Shared, Vec<Ix>)| {
        let group = group(site.heads(), &shared);
        (shared.order, site.arrangement.lists.titles.key(lang, &group.title), group, items)
    };
    let mut groups: Vec<_> = members::grouped(given, lang, grouping, items).into_iter().map(named).collect();
    groups.sort_by(|a, b| (a.0, &a.1, &a.2).cmp(&(b.0, &b.1, &b.2)));
    groups.into_iter().map(|(_, _, group, items)| (group, items)).collect()
}

impl Site {
    /// The public entries of a collection that lists for readers of `lang` may show, in the order of their keys.
    pub(crate) fn listed<'a>(
        &'a self,
        collection: &str,
        lang: Lang,
        untranslated: Untranslated,
    ) -> impl Iterator<Item = Ix> + use<'a> {
        self.basis().listed(collection, lang, untranslated)
    }

    /// The public entries of a collection that may be listed, by weight, including those that another stands for.
    pub(crate) fn data(&self, collection: &str, lang: Lang) -> Vec<Ix> {
        let mut all: Vec<Ix> = self.listed(collection, lang, Untranslated::Show).collect();
        self.arrangement.lists.titles.sort(self.heads(), lang, &mut all, &[]);
        all
    }

    /// Every list to show.
    pub(crate) fn listings(&self) -> &[Arc<Listing>] {
        &self.arrangement.lists.listings
    }

    /// The listings of the list `name`: one, or one per group; those on the page of `owner` if it is attached.
    pub(crate) fn listings_of(&self, name: &str, lang: Lang, owner: Option<Ix>) -> impl Iterator<Item = &Listing> {
        let Lists { listings, listing_of, .. } = &self.arrangement.lists;
        listing_of.get(&(Name::from(name), lang, owner)).into_iter().flatten().map(|n| &*listings[*n])
    }

    /// The number of the first of these listings that belong to no entry.
    pub(super) fn first_listing(&self, name: &Name, lang: Lang) -> Option<usize> {
        self.arrangement.lists.listing_of.get(&(name.clone(), lang, None))?.first().copied()
    }

    /// Whether an entry with a time is in the past; one without a time never is.
    pub(crate) fn is_over(&self, ix: Ix) -> bool {
        let entry = self.basis().of(ix);
        let is_timed = self.config.collections[entry.collection()].traits.contains(&Trait::Timed);
        is_timed && last_moment(entry, "start").is_some() && !is_upcoming(entry, "start", &self.now)
    }
}
