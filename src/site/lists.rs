//! Declared lists → which entries each shows, in which order, under which address.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::ZonedDateTime;
use rayon::prelude::*;

use super::{Ix, Site};
use crate::config::{Format, Grouping, List, Order, SortKey, Where};
use crate::content::Entry;
use crate::path::{Address, slug};
use crate::schema::{Name, Placed, Value};

/// One list as it is shown: a whole list, one group's page of it, or the part of it that one entry shows.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    pub(crate) list: Name,
    /// The entry on whose page it is shown, if the list is attached.
    pub(crate) owner: Option<Ix>,
    /// Which group it is, if its route has a group in it.
    pub(crate) group: Option<Group>,
    pub(crate) items: Vec<Ix>,
    /// Its first page; an attached list without `more` has none.
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
    /// The entry that it is, if items are grouped by reference.
    pub(crate) entry: Option<Ix>,
}

/// Every listing of every declared list.
pub(super) fn listings(site: &Site) -> Vec<Listing> {
    let lists: Vec<&List> = site.config.lists.values().collect();
    lists.par_iter().flat_map_iter(|list| listings_of(site, list)).collect()
}

fn listings_of(site: &Site, list: &List) -> Vec<Listing> {
    match (&list.on, &list.route) {
        (Some(on), _) => attached(site, list, on),
        (None, Some(route)) => {
            let mut items: Vec<Ix> = list.from.iter().flat_map(|from| site.listed(from)).collect();
            items.retain(|ix| fits(site.entry(*ix), &list.filter, &site.now));
            sort(site, &mut items, &list.sort);
            routed(list, route, site, items)
        }
        (None, None) => Vec::new(),
    }
}

fn attached(site: &Site, list: &List, on: &str) -> Vec<Listing> {
    let owners: Vec<Ix> =
        site.public().filter(|ix| *site.entry(*ix).id.collection == *on && site.has_page(*ix)).collect();
    owners
        .into_par_iter()
        .map(|owner| {
            let mut items: Vec<Ix> = Vec::new();
            for edge in site.referrers(owner) {
                let entry = site.entry(edge.from);
                let asked = list.from.contains(&entry.id.collection)
                    && list.by.as_ref().is_none_or(|by| *by == edge.field)
                    && entry.text_of("status") != Some("withdrawn")
                    && fits(entry, &list.filter, &site.now);
                if asked && !items.contains(&edge.from) {
                    items.push(edge.from);
                }
            }
            sort(site, &mut items, &list.sort);
            let address = match (&list.more, site.address(owner)) {
                // A further list of nothing would be a page that says nothing.
                (Some(more), Some(address)) if !items.is_empty() => Some(address.join(more)),
                _ => None,
            };
            let feed =
                address.as_ref().filter(|_| list.formats.contains(&Format::Atom)).map(|page| page.join("feed.xml"));
            Listing { list: list.name.clone(), owner: Some(owner), group: None, items, address, feed }
        })
        .collect()
}

fn routed(list: &List, route: &str, site: &Site, items: Vec<Ix>) -> Vec<Listing> {
    let one = |address: Address, group: Option<Group>, items: Vec<Ix>| {
        let feed = list.formats.contains(&Format::Atom).then(|| address.join("feed.xml"));
        Listing { list: list.name.clone(), owner: None, group, items, address: Some(address), feed }
    };
    let Some((before, rest)) = route.split_once('{') else {
        return vec![one(Address::new(route), None, items)];
    };
    let Some((_, after)) = rest.split_once('}') else {
        return Vec::new();
    };
    // The route names a group, so there is one list for each.
    let grouping = list.group.clone().unwrap_or_else(|| route_grouping(rest));
    groups(site, &grouping, &items)
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

/// The items by group: years from the newest, all else by title; an item in several groups stands in each.
pub(crate) fn groups(site: &Site, grouping: &Grouping, items: &[Ix]) -> Vec<(Group, Vec<Ix>)> {
    let mut found: BTreeMap<(i64, String, Group), Vec<Ix>> = BTreeMap::new();
    for ix in items {
        for (order, group) in groups_of(site, grouping, *ix) {
            found.entry((order, group.title.to_lowercase(), group)).or_default().push(*ix);
        }
    }
    found.into_iter().map(|((_, _, group), items)| (group, items)).collect()
}

fn groups_of(site: &Site, grouping: &Grouping, ix: Ix) -> Vec<(i64, Group)> {
    let entry = site.entry(ix);
    match grouping {
        Grouping::Year(field) => {
            let year = match entry.values.get(field).map(|placed| &placed.value) {
                Some(Value::Date(date)) => date.year(),
                Some(Value::DateTime(when)) => when.year(),
                _ => return Vec::new(),
            };
            let text = year.to_string();
            vec![(-i64::from(year), Group { slug: text.clone(), title: text, entry: None })]
        }
        Grouping::Field(field) => {
            let Some(placed) = entry.values.get(field) else { return Vec::new() };
            let values = match &placed.value {
                Value::List(items) => items.iter().collect(),
                _ => vec![placed],
            };
            values.into_iter().filter_map(|placed| group_of(site, entry, field, placed)).collect()
        }
    }
}

fn group_of(site: &Site, entry: &Entry, field: &str, placed: &Placed) -> Option<(i64, Group)> {
    let collection = &site.config.collections[&entry.id.collection];
    match &placed.value {
        Value::Text(text) => {
            let kind = (field == "kind").then(|| collection.kinds.get_full(&**text)).flatten();
            let (order, title) = kind.map_or((0, text.to_string()), |(n, _, kind)| {
                (i64::try_from(n).unwrap_or(i64::MAX), kind.plural.clone())
            });
            Some((order, Group { slug: slug(text), title, entry: None }))
        }
        Value::Ref(key) => {
            let target = reference_target(&collection.fields.get(field)?.ty)?;
            let to = match site.find(target, key).as_slice() {
                [only] if site.is_public(*only) => site.stands_for(*only),
                _ => return None,
            };
            let title = site.entry(to).title().to_owned();
            Some((0, Group { slug: super::addresses::entry_slug(site.entry(to)), title, entry: Some(to) }))
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
fn fits(entry: &Entry, filter: &[Where], now: &ZonedDateTime) -> bool {
    filter.iter().all(|condition| {
        let stated = entry.values.get(&condition.field).map(|placed| &placed.value);
        condition.values.iter().any(|wanted| match (wanted.as_str(), stated) {
            ("upcoming", Some(Value::Date(_) | Value::DateTime(_))) => is_upcoming(entry, &condition.field, now),
            ("past", Some(Value::Date(_) | Value::DateTime(_))) => !is_upcoming(entry, &condition.field, now),
            // What is not stated is not true.
            ("false", None) => true,
            (_, None) => false,
            (wanted, Some(value)) => holds(value, wanted),
        })
    })
}

/// Whether something that begins at `field` is not over yet; what has an `end` lasts until then.
fn is_upcoming(entry: &Entry, field: &str, now: &ZonedDateTime) -> bool {
    match last_moment(entry, field) {
        Some(Value::Date(date)) => *date >= now.date(),
        Some(Value::DateTime(when)) => when >= now,
        _ => false,
    }
}

/// The value that says until when an entry is upcoming: the end of what has one, else `field`.
pub(super) fn last_moment<'a>(entry: &'a Entry, field: &str) -> Option<&'a Value> {
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

/// Sorts by the fields asked for, or by weight; ties by title, then by identity, so that the order is always the same.
pub(super) fn sort(site: &Site, items: &mut [Ix], keys: &[SortKey]) {
    let by_weight = [SortKey { field: "weight".into(), order: Order::Ascending }];
    let keys = if keys.is_empty() { &by_weight[..] } else { keys };
    items.sort_by(|a, b| {
        let (first, second) = (site.entry(*a), site.entry(*b));
        keys.iter()
            .map(|key| compare(first.values.get(&key.field), second.values.get(&key.field), key.order))
            .find(|ordering| *ordering != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
            .then_with(|| first.title().to_lowercase().cmp(&second.title().to_lowercase()))
            .then_with(|| first.id.cmp(&second.id))
    });
}

/// What is not stated comes last, whichever way the list runs.
fn compare(a: Option<&Placed>, b: Option<&Placed>, order: Order) -> Ordering {
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (&a.value, &b.value),
        (Some(_), None) => return Ordering::Less,
        (None, Some(_)) => return Ordering::Greater,
        (None, None) => return Ordering::Equal,
    };
    let ordering = ranked(a).cmp(&ranked(b)).then_with(|| match (a, b) {
        (Value::Int(_) | Value::Number(_), Value::Int(_) | Value::Number(_)) => number(a).total_cmp(&number(b)),
        (Value::Text(a), Value::Text(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => moment(a).cmp(&moment(b)),
    });
    match order {
        Order::Ascending => ordering,
        Order::Descending => ordering.reverse(),
    }
}

/// Values that cannot be compared stand apart: an order that is none would have no meaning, and sorting would refuse it.
fn ranked(value: &Value) -> u8 {
    match value {
        Value::Date(_) | Value::DateTime(_) => 0,
        Value::Int(_) | Value::Number(_) => 1,
        Value::Bool(_) => 2,
        Value::Text(_) => 3,
        _ => 4,
    }
}

/// What has no hour comes before all else on its day.
fn moment(value: &Value) -> Option<(jiff::civil::DateTime, Option<jiff::Timestamp>)> {
    match value {
        Value::Date(date) => Some((date.to_datetime(jiff::civil::Time::midnight()), None)),
        Value::DateTime(when) => Some((when.datetime(), Some(when.timestamp()))),
        _ => None,
    }
}

#[allow(clippy::cast_precision_loss)] // Numbers so large that it matters are no places in a list.
fn number(value: &Value) -> f64 {
    match value {
        Value::Int(number) => *number as f64,
        Value::Number(number) => *number,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = Option<Placed>> {
        let day = |day| jiff::civil::date(2026, 5, day);
        let moment = move |(d, hour): (i8, i8)| {
            let zoned = day(d).at(hour, 0, 0, 0).to_zoned_datetime(jiff::tz::TimeZone::UTC);
            Value::DateTime(zoned.expect("a time of UTC"))
        };
        prop_oneof![
            (1i8..4).prop_map(move |d| Some(Value::Date(day(d)))),
            (1i8..4, 0i8..3).prop_map(move |at| Some(moment(at))),
            (0i64..3).prop_map(|n| Some(Value::Int(n))),
            (0u8..6).prop_map(|n| Some(Value::Number(f64::from(n) / 2.0))),
            any::<bool>().prop_map(|flag| Some(Value::Bool(flag))),
            "[abAB]".prop_map(|text| Some(Value::Text(text.into()))),
            Just(Some(Value::List(Vec::new()))),
            Just(None),
        ]
        .prop_map(|value| value.map(|value| Placed { value, span: 0..0 }))
    }

    proptest! {
        // Sorting panics on an order that is none: a date was once equal to every hour of its day.
        #[test]
        fn any_values_have_one_order(a in value(), b in value(), c in value(), up: bool) {
            let order = if up { Order::Ascending } else { Order::Descending };
            let compared = |a: &Option<Placed>, b: &Option<Placed>| compare(a.as_ref(), b.as_ref(), order);
            prop_assert_eq!(compared(&a, &b), compared(&b, &a).reverse());
            if compared(&a, &b).is_le() && compared(&b, &c).is_le() {
                prop_assert!(compared(&a, &c).is_le());
            }
            if compared(&a, &b).is_eq() {
                prop_assert_eq!(compared(&a, &c), compared(&b, &c));
            }
        }
    }
}
