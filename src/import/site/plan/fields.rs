//! Old keys → fields here: one that the collection has, by its name or what such a field is usually called, else a new one with a type from
//! all its values.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::Goal;
use super::subjects::{Subjects, is_author};
use super::values::{self, is_empty};
use super::{Here, Page};
use crate::config::Collection;
use crate::import::site::lookup::{Around, Lookup};
use crate::import::site::survey::{Survey, Value};
use crate::schema::{self, Type, secrecy};

/// What an old key becomes.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Use {
    Title,
    /// References in this field: `authors`, `topics`.
    Subjects(String),
    Field(String, Type),
    /// For colleagues alone.
    Internal,
    /// Nobody knows whether readers saw it there, so it is kept for colleagues alone.
    Unseen,
    /// Left out, and why.
    Skip(String),
}

/// For the plan that people read.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct FieldPlan {
    pub(crate) old: String,
    /// `None` if it has no place here.
    pub(crate) new: Option<String>,
    /// Its type, as it is declared; or why it has no place.
    pub(crate) ty: String,
    /// Whether the site gets this field.
    pub(crate) is_new: bool,
    /// Whether it is kept for colleagues, since nobody knows whether readers saw it.
    pub(crate) is_unseen: bool,
    pub(crate) count: usize,
    pub(crate) example: String,
}

/// The keys of one kind.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Columns {
    pub(super) collection: String,
    all: Vec<(String, Use, FieldPlan)>,
}

impl Columns {
    pub(super) fn of(&self, key: &str) -> Option<&Use> {
        self.all.iter().find(|(known, ..)| known == key).map(|(_, used, _)| used)
    }

    pub(super) fn shown(&self) -> Vec<FieldPlan> {
        self.all.iter().map(|(_, _, plan)| plan.clone()).collect()
    }
}

/// Fields that importers make themselves, and others that have no meaning but for readers. All others with a name that means nothing here
/// are kept from readers: what another program has beside a text may be a note, a telephone number, the name of a donor.
const SEEN: &[&str] = &[
    "featured_image",
    "enclosure",
    "expires",
    "menu_order",
    "noindex",
    "venue",
    "price",
    "booking",
    "start",
    "end",
    "role",
    "subtitle",
    "isbn",
    "issn",
    "doi",
    "language",
    "abstract",
    "series",
    "edition",
    "publisher",
    "licence",
];

/// Meanings of names that are those of people's private affairs as often as not.
const PERSONAL: &[&str] = &["internal_note", "email", "tel"];

/// Of how many values in a hundred a field may be, so that the rest are exceptions.
const MOST: usize = 80;

/// Fields by which this program acts: nothing of that name there means the same.
const OURS: &[&str] = &[
    "slug",
    "id",
    "lang",
    "template",
    "permalink",
    "status",
    "publish_at",
    "original",
    "see",
    "sample",
    "aliases",
    "withdrawn",
    "kind",
];

/// What readers of addresses and designs have done with already.
const DONE: &[&str] = &[
    "slug",
    "permalink",
    "url",
    "aliases",
    "redirect_from",
    "layout",
    "template",
    "lang",
    "type",
    "translationkey",
    "kind",
];

/// Plans the fields of each kind; the values of all kinds that go to one collection decide together.
pub(super) fn plan(
    survey: &Survey,
    here: &Here<'_>,
    kinds: &[(String, Goal)],
    subjects: &Subjects,
    pages: &[Page],
    lookup: &Lookup,
) -> BTreeMap<String, Columns> {
    let mut columns = BTreeMap::new();
    let around = Around { lookup, survey, page: None, config: here.config };
    let names: BTreeSet<&str> = kinds.iter().map(|(_, goal)| goal.collection.as_str()).collect();
    for name in names {
        let own: Vec<&str> =
            kinds.iter().filter(|(_, goal)| goal.collection == name).map(|(kind, _)| kind.as_str()).collect();
        let mut values: Vec<(&str, Vec<&Value>)> = Vec::new();
        let mut together: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for page in pages {
            let entry = &survey.entries[page.entry];
            if !own.contains(&entry.kind.as_str()) {
                continue;
            }
            let stated: Vec<&str> =
                entry.fields.iter().filter(|(_, value)| !is_empty(value)).map(|(key, _)| key.as_str()).collect();
            for (key, value) in entry.fields.iter().filter(|(_, value)| !is_empty(value)) {
                let place = *places.entry(key).or_insert_with(|| {
                    values.push((key, Vec::new()));
                    values.len() - 1
                });
                values[place].1.push(value);
                together.extend(stated.iter().filter(|other| **other != key).map(|other| (key.as_str(), *other)));
            }
        }
        let all = of_collection(here.config.collection(name), &values, &together, subjects, &around);
        for kind in own {
            let kept = |key: &str| {
                pages.iter().any(|page| {
                    survey.entries[page.entry].kind == kind && survey.entries[page.entry].field(key).is_some()
                })
            };
            let stated = |key: &str| {
                let own = pages.iter().map(|page| &survey.entries[page.entry]).filter(|entry| entry.kind == kind);
                own.filter_map(|entry| entry.field(key))
                    .filter(|value| !is_empty(value))
                    .map(values::shown)
                    .collect::<Vec<_>>()
            };
            let own = |(key, used, plan): &(String, Use, FieldPlan)| {
                let stated = stated(key);
                let example = stated.first().cloned().unwrap_or_default();
                (key.clone(), used.clone(), FieldPlan { count: stated.len(), example, ..plan.clone() })
            };
            let all = all.iter().filter(|(key, ..)| kept(key)).map(own).collect();
            columns.insert(kind.to_owned(), Columns { collection: name.to_owned(), all });
        }
    }
    columns
}

fn of_collection(
    collection: Option<&Collection>,
    values: &[(&str, Vec<&Value>)],
    together: &BTreeSet<(&str, &str)>,
    subjects: &Subjects,
    around: &Around<'_>,
) -> Vec<(String, Use, FieldPlan)> {
    let fields = match collection {
        Some(collection) => &collection.fields,
        None => schema::base(),
    };
    let mut claimed: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut out = Vec::new();
    // A key of the field's own name chooses first.
    let mut order: Vec<&(&str, Vec<&Value>)> = values.iter().collect();
    order.sort_by_key(|(key, _)| !fields.contains_key(values::name(key).as_str()));
    for (key, own) in order {
        let name = values::name(key);
        let (used, ty, is_new) = match () {
            () if *key == "title" => (Use::Title, "text".to_owned(), false),
            () if *key == "internal_note" || schema::usual_names(key).first() == Some(&"internal_note") => {
                (Use::Internal, "text".to_owned(), false)
            }
            () if DONE.contains(&name.as_str()) => {
                (Use::Skip("the address and the design say it".to_owned()), String::new(), false)
            }
            () if is_author(key) && fields.contains_key("authors") => {
                (Use::Subjects("authors".to_owned()), "people".to_owned(), false)
            }
            () if is_author(key) && collection.is_some_and(|collection| *collection.name == *"people") => {
                (Use::Skip("it names who typed it in".to_owned()), String::new(), false)
            }
            () if is_author(key) => (Use::Skip("pages of this kind name no authors".to_owned()), String::new(), false),
            () if subjects.is_term(key) && fields.contains_key("topics") => {
                (Use::Subjects("topics".to_owned()), "topics".to_owned(), false)
            }
            () => {
                let is_free = |field: &str| {
                    claimed
                        .get(field)
                        .is_none_or(|others| others.iter().all(|other| !together.contains(&(*key, *other))))
                };
                let known = candidates(&name, key).into_iter().find(|candidate| {
                    is_free(candidate)
                        && (*candidate == name || !PERSONAL.contains(&candidate.as_str()))
                        && !OURS.contains(&candidate.as_str())
                        && *candidate != "title"
                        && fields.get(candidate.as_str()).is_some_and(|field| fits(&field.ty, own, around))
                });
                match known {
                    Some(field) => {
                        let ty = fields[field.as_str()].ty.clone();
                        let shown = ty.written();
                        (Use::Field(field, ty), shown, false)
                    }
                    None if is_seen(key, around) => new_field(&name, own, fields, &claimed, around),
                    None => (Use::Unseen, "readers may not have seen it".to_owned(), false),
                }
            }
        };
        let new = match &used {
            Use::Field(field, _) => {
                claimed.entry(field.clone()).or_default().push(key);
                Some(field.clone())
            }
            Use::Subjects(field) => Some(field.clone()),
            Use::Title => Some("title".to_owned()),
            Use::Internal | Use::Unseen => Some("internal_note".to_owned()),
            Use::Skip(_) => None,
        };
        let ty = if let Use::Skip(why) = &used { why.clone() } else { ty };
        let example = own.first().map(|value| values::shown(value)).unwrap_or_default();
        let is_unseen = used == Use::Unseen;
        out.push((
            (*key).to_owned(),
            used,
            FieldPlan { old: (*key).to_owned(), new, ty, is_new, is_unseen, count: own.len(), example },
        ));
    }
    out
}

/// Whether readers saw a field that this site has no place for yet.
fn is_seen(key: &str, around: &Around<'_>) -> bool {
    let usual = schema::usual_names(key);
    around.config.import.fields.iter().any(|stated| stated.trim().eq_ignore_ascii_case(key))
        || SEEN.contains(&values::name(key).as_str())
        || usual.first().is_some_and(|meant| !PERSONAL.contains(meant))
}

/// The fields that a key may mean, the likeliest first.
fn candidates(name: &str, key: &str) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    all.extend(schema::usual_names(key).iter().map(|field| (*field).to_owned()));
    all
}

/// Whether nearly all values can be of this type.
fn fits(ty: &Type, all: &[&Value], around: &Around<'_>) -> bool {
    // Pictures that are missing are pictures all the same.
    let is_missing = |value: &&&Value| matches!(ty, Type::Image) && values::is_picture(value);
    let fitting = all.iter().filter(|value| is_missing(value) || values::written(ty, value, around).is_some()).count();
    fitting * 100 >= all.len() * MOST && fitting > 0
}

fn new_field(
    name: &str,
    own: &[&Value],
    fields: &schema::Fields,
    claimed: &BTreeMap<String, Vec<&str>>,
    around: &Around<'_>,
) -> (Use, String, bool) {
    if name.is_empty() {
        return (Use::Skip("its name has no letters of English".to_owned()), String::new(), false);
    }
    let mut name = name.to_owned();
    while fields.contains_key(name.as_str())
        || claimed.contains_key(&name)
        || secrecy::is_reserved(&name)
        || schema::base().contains_key(name.as_str())
    {
        name.push_str("_there");
    }
    let ty = values::inferred(own, around);
    match schema::parse_type(&ty) {
        Ok(parsed) => (Use::Field(name, parsed), ty, true),
        Err(_) => (Use::Skip("its values have no common type".to_owned()), String::new(), false),
    }
}
