//! Facts of entries and their structure → which entries each declared list shows, at which address, in which groups; not yet
//! in which order or with which group titles: those depend on words.

use std::collections::BTreeMap;

use jiff::ZonedDateTime;
use rayon::prelude::*;

use super::Ix;
use super::identities::Basis;
use super::structure::Structure;
use super::visibility::Asked;
use crate::config::{Grouping, Lang, List, Where};
use crate::content::{EntryFacts, Facts, WORDS, Words};
use crate::path::{Address, slug};
use crate::schema::{Field, Name, Type, Value};

/// What one list as shown consists of.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) list: Name,
    pub(super) lang: Lang,
    pub(super) owner: Option<Ix>,
    pub(super) common: Option<Shared>,
    pub(super) items: Vec<Ix>,
    pub(super) address: Option<Address>,
}

/// What the items of a group have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Shared {
    /// Its place among other groups before titles decide.
    pub(super) order: i64,
    pub(super) slug: String,
    /// Its title, if it is not an entry.
    pub(super) title: String,
    pub(super) entry: Option<Ix>,
}

/// What lists of members are made from.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) known: Basis<'a>,
    pub(super) structure: &'a Structure,
}

/// Whether a site's facts show words: only if its lists, addresses or fields use them as more than words.
pub(super) fn words(asked: Asked<'_>) -> Words {
    let config = asked.config;
    let is_word = |name: &str| WORDS.contains(&name);
    let in_route = |route: &str| WORDS.iter().any(|word| route.contains(&format!("{{{word}")));
    let of_list = config.lists.values().any(|list| {
        let groups = list.group.iter().any(|group| matches!(group, Grouping::Field(field) if is_word(field)));
        let filters = list.filter.iter().any(|condition| is_word(&condition.field));
        let mut routes = config.languages().filter_map(|lang| config.list_route(lang, &list.name));
        groups || filters || routes.any(|route| in_route(&route))
    });
    let of_collection = config.collections.values().any(|one| {
        let is_text = |field: &Field| matches!(field.ty, Type::Text | Type::Prose | Type::Markdown);
        let mut words = one.fields.values().filter(|field| is_word(&field.name));
        let mut paths = config.languages().filter_map(|lang| config.path(lang, &one.name));
        words.any(|field| !is_text(field)) || paths.any(|path| path.fields().any(|field| is_word(field)))
    });
    if of_list || of_collection { Words::Shown } else { Words::Unseen }
}

/// What every listing of every declared list consists of.
pub(super) fn members(facts: Facts<'_>, asked: Asked<'_>, structure: &Structure) -> Vec<Member> {
    let given = Given { known: structure.basis(facts, asked), structure };
    let lists: Vec<&List> = asked.config.lists.values().collect();
    lists.par_iter().flat_map_iter(|list| members_of(given, list)).collect()
}

fn members_of(given: Given<'_>, list: &List) -> Vec<Member> {
    match (&list.on, &list.route) {
        (Some(on), _) => attached(given, list, on),
        (None, Some(_)) => {
            given.known.asked.config.languages().flat_map(|lang| in_language(given, list, lang)).collect()
        }
        (None, None) => Vec::new(),
    }
}

fn in_language(given: Given<'_>, list: &List, lang: Lang) -> Vec<Member> {
    let asked = given.known.asked;
    let Some(route) = asked.config.list_route(lang, &list.name) else { return Vec::new() };
    let mut items: Vec<Ix> =
        list.from.iter().flat_map(|from| given.known.listed(from, lang, list.untranslated)).collect();
    items.retain(|ix| fits(given.known.of(*ix), &list.filter, asked.now));
    routed(given, list, lang, &route, items)
}

fn attached(given: Given<'_>, list: &List, on: &str) -> Vec<Member> {
    let Given { known, structure } = given;
    let owners: Vec<Ix> = known
        .identities
        .shown()
        .filter(|ix| **known.of(*ix).collection() == *on && structure.addresses.has_page(*ix))
        .collect();
    owners
        .into_par_iter()
        .map(|owner| {
            let mut items: Vec<Ix> = Vec::new();
            let lang = known.identities.lang(owner);
            for edge in structure.references.referrers(known, owner, lang, list.untranslated) {
                let entry = known.of(edge.from);
                let asked = list.from.contains(entry.collection())
                    && list.by.as_ref().is_none_or(|by| *by == edge.field)
                    && known.is_listed(edge.from)
                    && fits(entry, &list.filter, known.asked.now);
                // Several fields of one entry may refer; its edges are adjacent.
                if asked && items.last() != Some(&edge.from) {
                    items.push(edge.from);
                }
            }
            let more = known.asked.config.list_more(lang, &list.name);
            let address = match (more, structure.addresses.of(owner)) {
                // A further list without items would be an empty page.
                (Some(more), Some(address)) if !items.is_empty() => Some(address.join(more)),
                _ => None,
            };
            Member { list: list.name.clone(), lang, owner: Some(owner), common: None, items, address }
        })
        .collect()
}

fn routed(given: Given<'_>, list: &List, lang: Lang, route: &str, items: Vec<Ix>) -> Vec<Member> {
    let one = |address: Address, common: Option<Shared>, items: Vec<Ix>| Member {
        list: list.name.clone(),
        lang,
        owner: None,
        common,
        items,
        address: Some(address),
    };
    let Some((before, rest)) = route.split_once('{') else {
        return vec![one(Address::new(route), None, items)];
    };
    let Some((_, after)) = rest.split_once('}') else {
        return Vec::new();
    };
    // The route names a group, so each group has a list.
    let grouping = list.group.clone().unwrap_or_else(|| route_grouping(rest));
    grouped(given, lang, &grouping, &items)
        .into_iter()
        .map(|(shared, items)| one(Address::new(&format!("{before}{}{after}", shared.slug)), Some(shared), items))
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

/// The items by what they have in common; an item may be in several groups.
pub(super) fn grouped(given: Given<'_>, lang: Lang, grouping: &Grouping, items: &[Ix]) -> Vec<(Shared, Vec<Ix>)> {
    let mut found: BTreeMap<Common<'_>, Vec<Ix>> = BTreeMap::new();
    for ix in items {
        for common in groups_of(given, lang, grouping, *ix) {
            let group = found.entry(common).or_default();
            // An item that names a group twice is in it once.
            if group.last() != Some(ix) {
                group.push(*ix);
            }
        }
    }
    // Written out once per group, not for each item.
    found.into_iter().map(|(common, items)| (common.shared(given.known), items)).collect()
}

/// What a group has in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Common<'a> {
    Year(i16),
    Text { order: usize, title: &'a str, text: &'a str },
    Entry(Ix),
}

impl Common<'_> {
    fn shared(self, known: Basis<'_>) -> Shared {
        match self {
            Self::Year(year) => {
                Shared { order: -i64::from(year), slug: year.to_string(), title: year.to_string(), entry: None }
            }
            Self::Text { order, title, text } => {
                let order = i64::try_from(order).unwrap_or(i64::MAX);
                Shared { order, slug: slug(text), title: title.to_owned(), entry: None }
            }
            Self::Entry(ix) => {
                let slug = super::addresses::entry_slug(known.of(ix));
                Shared { order: 0, slug, title: String::new(), entry: Some(ix) }
            }
        }
    }
}

fn groups_of<'a>(given: Given<'a>, lang: Lang, grouping: &Grouping, ix: Ix) -> Vec<Common<'a>> {
    let entry = given.known.of(ix);
    match grouping {
        Grouping::Year(field) => match entry.value(field) {
            Some(Value::Date(date, _)) => vec![Common::Year(date.year())],
            Some(Value::DateTime(when)) => vec![Common::Year(when.year())],
            _ => Vec::new(),
        },
        Grouping::Field(field) => {
            let Some(value) = entry.value(field) else { return Vec::new() };
            match value {
                Value::List(items) => {
                    items.iter().filter_map(|item| group_of(given, lang, entry, field, &item.value)).collect()
                }
                _ => group_of(given, lang, entry, field, value).into_iter().collect(),
            }
        }
    }
}

fn group_of<'a>(
    given: Given<'a>,
    lang: Lang,
    entry: EntryFacts<'a>,
    field: &str,
    value: &'a Value,
) -> Option<Common<'a>> {
    let Given { known: Basis { asked, identities, .. }, structure, .. } = given;
    let collection = &asked.config.collections[entry.collection()];
    match value {
        Value::Text(text) => {
            let kind = (field == "kind").then(|| collection.kinds.get_full(&**text)).flatten();
            let plural =
                |text: &str| asked.config.kind(lang, entry.collection(), text).map(|kind| kind.plural.as_str());
            let (order, title) = kind.map_or((0, &**text), |(n, _, _)| (n, plural(text).unwrap_or(text)));
            Some(Common::Text { order, title, text })
        }
        Value::Ref(key) => {
            let target = reference_target(&collection.fields.get(field)?.ty)?;
            match structure.addresses.find(given.known, target, key).as_slice() {
                [only] if identities.is_shown(*only) => {
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
fn fits(entry: EntryFacts<'_>, filter: &[Where], now: &ZonedDateTime) -> bool {
    filter.iter().all(|condition| {
        let stated = entry.value(&condition.field);
        condition.values.iter().any(|wanted| match (wanted.as_str(), stated) {
            ("upcoming", Some(Value::Date(_, _) | Value::DateTime(_))) => is_upcoming(entry, &condition.field, now),
            ("past", Some(Value::Date(_, _) | Value::DateTime(_))) => !is_upcoming(entry, &condition.field, now),
            // A missing value counts as false.
            ("false", None) => true,
            (_, None) => false,
            (wanted, Some(value)) => holds(value, wanted),
        })
    })
}

/// Whether something that begins at `field` is not over yet; something with an `end` lasts until then.
pub(super) fn is_upcoming(entry: EntryFacts<'_>, field: &str, now: &ZonedDateTime) -> bool {
    match last_moment(entry, field) {
        Some(Value::Date(date, _)) => *date >= now.date(),
        Some(Value::DateTime(when)) => when >= now,
        _ => false,
    }
}

/// The value that says until when an entry is upcoming: its end if it has one, else `field`.
pub(super) fn last_moment<'a>(entry: EntryFacts<'a>, field: &str) -> Option<&'a Value> {
    let last = if field == "start" { entry.value("end") } else { None };
    last.or_else(|| entry.value(field))
}

fn holds(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Text(text) | Value::Ref(text) | Value::File(text) => **text == *wanted,
        Value::Bool(flag) => flag.to_string() == wanted,
        Value::Int(number) => number.to_string() == wanted,
        Value::Date(date, _) => date.to_string() == wanted,
        Value::List(items) => items.iter().any(|item| holds(&item.value, wanted)),
        _ => false,
    }
}
