//! Declared lists → which entries each shows, in which order, at which address.

use std::collections::BTreeMap;

use jiff::ZonedDateTime;
use rayon::prelude::*;

use super::identities::Basis;
use super::order::{Titles, titles};
use super::structure::Structure;
use super::visibility::Asked;
use super::{Ix, Site};
use crate::config::{Format, Grouping, Lang, List, Untranslated, Where};
use crate::content::{Head, Heads};
use crate::path::{Address, slug};
use crate::schema::{Name, Placed, Trait, Value};

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

/// What lists are made from.
#[derive(Clone, Copy)]
struct Seen<'a> {
    known: Basis<'a>,
    structure: &'a Structure,
    titles: &'a Titles,
}

/// Every listing of every declared list.
pub(super) fn lists(heads: Heads<'_>, asked: Asked<'_>, structure: &Structure) -> Lists {
    let titles = titles(heads, asked.config);
    let seen = Seen { known: structure.basis(heads, asked), structure, titles: &titles };
    let lists: Vec<&List> = asked.config.lists.values().collect();
    let listings: Vec<Listing> = lists.par_iter().flat_map_iter(|list| listings_of(seen, list)).collect();
    let mut listing_of: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (n, listing) in listings.iter().enumerate() {
        listing_of.entry((listing.list.clone(), listing.lang, listing.owner)).or_default().push(n);
    }
    Lists { titles, listings, listing_of }
}

fn listings_of(seen: Seen<'_>, list: &List) -> Vec<Listing> {
    match (&list.on, &list.route) {
        (Some(on), _) => attached(seen, list, on),
        (None, Some(_)) => seen.known.asked.config.languages().flat_map(|lang| in_language(seen, list, lang)).collect(),
        (None, None) => Vec::new(),
    }
}

fn in_language(seen: Seen<'_>, list: &List, lang: Lang) -> Vec<Listing> {
    let Basis { heads, asked, .. } = seen.known;
    let Some(route) = asked.config.list_route(lang, &list.name) else { return Vec::new() };
    let mut items: Vec<Ix> =
        list.from.iter().flat_map(|from| seen.known.listed(from, lang, list.untranslated)).collect();
    items.retain(|ix| fits(seen.known.head(*ix), &list.filter, asked.now));
    seen.titles.sort(heads, lang, &mut items, &list.sort);
    routed(seen, list, lang, &route, items)
}

fn attached(seen: Seen<'_>, list: &List, on: &str) -> Vec<Listing> {
    let Seen { known, structure, titles } = seen;
    let owners: Vec<Ix> = known
        .identities
        .public()
        .filter(|ix| *known.head(*ix).id.collection == *on && structure.addresses.has_page(*ix))
        .collect();
    owners
        .into_par_iter()
        .map(|owner| {
            let mut items: Vec<Ix> = Vec::new();
            let lang = known.identities.lang(owner);
            for edge in structure.references.referrers(known, owner, lang, list.untranslated) {
                let head = known.head(edge.from);
                let asked = list.from.contains(&head.id.collection)
                    && list.by.as_ref().is_none_or(|by| *by == edge.field)
                    && known.is_listed(edge.from)
                    && fits(head, &list.filter, known.asked.now);
                // Several fields of one entry may refer; its edges are adjacent.
                if asked && items.last() != Some(&edge.from) {
                    items.push(edge.from);
                }
            }
            titles.sort(known.heads, lang, &mut items, &list.sort);
            let more = known.asked.config.list_more(lang, &list.name);
            let address = match (more, structure.addresses.of(owner)) {
                // A further list without items would be an empty page.
                (Some(more), Some(address)) if !items.is_empty() => Some(address.join(more)),
                _ => None,
            };
            let feed =
                address.as_ref().filter(|_| list.formats.contains(&Format::Atom)).map(|page| page.join("feed.xml"));
            Listing { list: list.name.clone(), lang, owner: Some(owner), group: None, items, address, feed }
        })
        .collect()
}

fn routed(seen: Seen<'_>, list: &List, lang: Lang, route: &str, items: Vec<Ix>) -> Vec<Listing> {
    let one = |address: Address, group: Option<Group>, items: Vec<Ix>| {
        let feed = list.formats.contains(&Format::Atom).then(|| address.join("feed.xml"));
        Listing { list: list.name.clone(), lang, owner: None, group, items, address: Some(address), feed }
    };
    let Some((before, rest)) = route.split_once('{') else {
        return vec![one(Address::new(route), None, items)];
    };
    let Some((_, after)) = rest.split_once('}') else {
        return Vec::new();
    };
    // The route names a group, so each group has a list.
    let grouping = list.group.clone().unwrap_or_else(|| route_grouping(rest));
    grouped(seen, lang, &grouping, &items)
        .into_iter()
        .map(|(group, items)| one(Address::new(&format!("{before}{}{after}", group.slug)), Some(group), items))
        .collect()
}

/// What `{year}`, `{kind}` or `{themes.slug}` in a route groups by.
fn route_grouping(placeholder: &str) -> Grouping {
    let name = placeholder.split('}').next().unwrap_or("");
    match name {
        "year" => Grouping::Year("date".into()),
        name => Grouping::Field(name.strip_suffix(".slug").unwrap_or(name).into()),
    }
}

/// The items by group: years from the newest, all other groups by title; an item may be in several groups.
pub(crate) fn groups(site: &Site, lang: Lang, grouping: &Grouping, items: &[Ix]) -> Vec<(Group, Vec<Ix>)> {
    let (known, structure, titles) = (site.basis(), site.structure(), &site.arrangement.lists.titles);
    grouped(Seen { known, structure, titles }, lang, grouping, items)
}

fn grouped(seen: Seen<'_>, lang: Lang, grouping: &Grouping, items: &[Ix]) -> Vec<(Group, Vec<Ix>)> {
    let mut found: BTreeMap<Common<'_>, Vec<Ix>> = BTreeMap::new();
    for ix in items {
        for common in groups_of(seen, lang, grouping, *ix) {
            let group = found.entry(common).or_default();
            // An item that names a group twice is in it once.
            if group.last() != Some(ix) {
                group.push(*ix);
            }
        }
    }
    // A group's title is computed once for the group, not for each item.
    let mut groups: Vec<(i64, Vec<u8>, Group, Vec<Ix>)> = found
        .into_iter()
        .map(|(common, items)| {
            let (order, group) = common.group(seen.known);
            (order, seen.titles.key(lang, &group.title), group, items)
        })
        .collect();
    groups.sort_by(|a, b| (a.0, &a.1, &a.2).cmp(&(b.0, &b.1, &b.2)));
    groups.into_iter().map(|(_, _, group, items)| (group, items)).collect()
}

/// What the items of a group share.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Common<'a> {
    Year(i16),
    Text { order: usize, title: &'a str, text: &'a str },
    Entry(Ix),
}

impl Common<'_> {
    /// The group, and its place among others before titles decide.
    fn group(self, known: Basis<'_>) -> (i64, Group) {
        match self {
            Self::Year(year) => {
                (-i64::from(year), Group { slug: year.to_string(), title: year.to_string(), entry: None })
            }
            Self::Text { order, title, text } => {
                let order = i64::try_from(order).unwrap_or(i64::MAX);
                (order, Group { slug: slug(text), title: title.to_owned(), entry: None })
            }
            Self::Entry(ix) => {
                let head = known.head(ix);
                let slug = super::addresses::entry_slug(head);
                (0, Group { slug, title: head.title().to_owned(), entry: Some(ix) })
            }
        }
    }
}

fn groups_of<'a>(seen: Seen<'a>, lang: Lang, grouping: &Grouping, ix: Ix) -> Vec<Common<'a>> {
    let entry = seen.known.head(ix);
    match grouping {
        Grouping::Year(field) => match entry.values.get(field).map(|placed| &placed.value) {
            Some(Value::Date(date)) => vec![Common::Year(date.year())],
            Some(Value::DateTime(when)) => vec![Common::Year(when.year())],
            _ => Vec::new(),
        },
        Grouping::Field(field) => {
            let Some(placed) = entry.values.get(field) else { return Vec::new() };
            match &placed.value {
                Value::List(items) => {
                    items.iter().filter_map(|item| group_of(seen, lang, entry, field, item)).collect()
                }
                _ => group_of(seen, lang, entry, field, placed).into_iter().collect(),
            }
        }
    }
}

fn group_of<'a>(seen: Seen<'a>, lang: Lang, entry: &'a Head, field: &str, placed: &'a Placed) -> Option<Common<'a>> {
    let Seen { known: Basis { asked, identities, .. }, structure, .. } = seen;
    let collection = &asked.config.collections[&entry.id.collection];
    match &placed.value {
        Value::Text(text) => {
            let kind = (field == "kind").then(|| collection.kinds.get_full(&**text)).flatten();
            let plural =
                |text: &str| asked.config.kind(lang, &entry.id.collection, text).map(|kind| kind.plural.as_str());
            let (order, title) = kind.map_or((0, &**text), |(n, _, _)| (n, plural(text).unwrap_or(text)));
            Some(Common::Text { order, title, text })
        }
        Value::Ref(key) => {
            let target = reference_target(&collection.fields.get(field)?.ty)?;
            match structure.addresses.find(seen.known, target, key).as_slice() {
                [only] if identities.is_public(*only) => {
                    Some(Common::Entry(identities.in_language(structure.addresses.stands_for(*only), lang)))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// What the references in a field lead to.
pub(crate) fn reference_target(ty: &crate::schema::Type) -> Option<&crate::schema::Target> {
    use crate::schema::Type;
    match ty {
        Type::Ref(target) => Some(target),
        Type::List(inner) => reference_target(inner),
        Type::Either(choices) => choices.iter().find_map(reference_target),
        _ => None,
    }
}

/// Whether an entry meets every condition.
fn fits(entry: &Head, filter: &[Where], now: &ZonedDateTime) -> bool {
    filter.iter().all(|condition| {
        let stated = entry.values.get(&condition.field).map(|placed| &placed.value);
        condition.values.iter().any(|wanted| match (wanted.as_str(), stated) {
            ("upcoming", Some(Value::Date(_) | Value::DateTime(_))) => is_upcoming(entry, &condition.field, now),
            ("past", Some(Value::Date(_) | Value::DateTime(_))) => !is_upcoming(entry, &condition.field, now),
            // A missing value counts as false.
            ("false", None) => true,
            (_, None) => false,
            (wanted, Some(value)) => holds(value, wanted),
        })
    })
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
        self.arrangement.lists.titles.sort(self.basis().heads, lang, &mut all, &[]);
        all
    }

    /// Every list to show.
    pub(crate) fn listings(&self) -> &[Listing] {
        &self.arrangement.lists.listings
    }

    /// The listings of the list `name`: one, or one per group; those on the page of `owner` if it is attached.
    pub(crate) fn listings_of(&self, name: &str, lang: Lang, owner: Option<Ix>) -> impl Iterator<Item = &Listing> {
        let Lists { listings, listing_of, .. } = &*self.arrangement.lists;
        listing_of.get(&(Name::from(name), lang, owner)).into_iter().flatten().map(|n| &listings[*n])
    }

    /// Whether an entry with a time is in the past; one without a time never is.
    pub(crate) fn is_over(&self, ix: Ix) -> bool {
        let entry = self.entry(ix);
        let is_timed = self.config.collections[&entry.id.collection].traits.contains(&Trait::Timed);
        is_timed && last_moment(entry, "start").is_some() && !is_upcoming(entry, "start", &self.now)
    }
}

/// Whether something that begins at `field` is not over yet; something with an `end` lasts until then.
fn is_upcoming(entry: &Head, field: &str, now: &ZonedDateTime) -> bool {
    match last_moment(entry, field) {
        Some(Value::Date(date)) => *date >= now.date(),
        Some(Value::DateTime(when)) => when >= now,
        _ => false,
    }
}

/// The value that says until when an entry is upcoming: its end if it has one, else `field`.
pub(super) fn last_moment<'a>(entry: &'a Head, field: &str) -> Option<&'a Value> {
    let last = if field == "start" { entry.values.get("end") } else { None };
    last.or_else(|| entry.values.get(field)).map(|placed| &placed.value)
}

fn holds(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Text(text) | Value::Ref(text) | Value::File(text) => **text == *wanted,
        Value::Bool(flag) => flag.to_string() == wanted,
        Value::Int(number) => number.to_string() == wanted,
        Value::Date(date) => date.to_string() == wanted,
        Value::List(items) => items.iter().any(|item| holds(&item.value, wanted)),
        _ => false,
    }
}
