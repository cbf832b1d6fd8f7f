//! Which entries each list shows, and what entries are called → the lists, in order.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::members::{self, Member, Shared, is_upcoming, last_moment};
use super::order::{Titles, titles};
use super::{Ix, Site};
use crate::config::{Config, Format, Grouping, Lang, Untranslated};
use crate::content::Heads;
use crate::path::Address;
use crate::schema::{Name, Trait};

/// The lists of a snapshot.
#[derive(Debug)]
pub(super) struct Lists {
    titles: Titles,
    listings: Vec<Listing>,
    /// Listings by the name of their list, and attached ones also by the entry that shows them.
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

/// The lists that consist of `members`.
pub(super) fn lists(heads: Heads<'_>, config: &Config, members: &[Member]) -> Lists {
    let titles = titles(heads, config);
    let listing = |member: &Member| {
        let Member { list, lang, owner, common, items, address } = member;
        let declared = &config.lists[list];
        let mut items = items.clone();
        titles.sort(heads, *lang, &mut items, &declared.sort);
        let group = common.as_ref().map(|shared| group(heads, shared));
        let has_feed = declared.formats.contains(&Format::Atom);
        let feed = address.as_ref().filter(|_| has_feed).map(|page| page.join("feed.xml"));
        let (list, lang, owner, address) = (list.clone(), *lang, *owner, address.clone());
        Listing { list, lang, owner, group, items, address, feed }
    };
    let mut listings: Vec<Listing> = members.par_iter().map(listing).collect();
    put_groups_in_order(&titles, members, &mut listings);
    let mut listing_of: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (n, listing) in listings.iter().enumerate() {
        listing_of.entry((listing.list.clone(), listing.lang, listing.owner)).or_default().push(n);
    }
    Lists { titles, listings, listing_of }
}

/// Sorts the listings of each list that has one per group; they are adjacent.
fn put_groups_in_order(titles: &Titles, members: &[Member], listings: &mut [Listing]) {
    let mut rest = listings;
    for of_list in members.chunk_by(|a, b| (&a.list, a.lang, a.owner) == (&b.list, b.lang, b.owner)) {
        let (own, others) = rest.split_at_mut(of_list.len());
        rest = others;
        if own.len() < 2 {
            continue;
        }
        let key = |(member, listing): (&Member, &Listing)| {
            let order = member.common.as_ref().map(|shared| shared.order);
            let title = listing.group.as_ref().map(|group| titles.key(listing.lang, &group.title));
            (order, title, listing.clone())
        };
        let mut keyed: Vec<_> = of_list.iter().zip(own.iter()).map(key).collect();
        keyed.sort_by(|a, b| (a.0, &a.1, &a.2.group).cmp(&(b.0, &b.1, &b.2.group)));
        own.iter_mut().zip(keyed).for_each(|(place, (_, _, listing))| *place = listing);
    }
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
    pub(crate) fn listings(&self) -> &[Listing] {
        &self.arrangement.lists.listings
    }

    /// The listings of the list `name`: one, or one per group; those on the page of `owner` if it is attached.
    pub(crate) fn listings_of(&self, name: &str, lang: Lang, owner: Option<Ix>) -> impl Iterator<Item = &Listing> {
        let Lists { listings, listing_of, .. } = &self.arrangement.lists;
        listing_of.get(&(Name::from(name), lang, owner)).into_iter().flatten().map(|n| &listings[*n])
    }

    /// Whether an entry with a time is in the past; one without a time never is.
    pub(crate) fn is_over(&self, ix: Ix) -> bool {
        let entry = self.basis().of(ix);
        let is_timed = self.config.collections[entry.collection()].traits.contains(&Trait::Timed);
        is_timed && last_moment(entry, "start").is_some() && !is_upcoming(entry, "start", &self.now)
    }
}
