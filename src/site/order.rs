//! Titles and other values of entries → the order that readers of each language expect.
//!
//! Rows that nothing else puts in order stand as they were written. Every order ends with titles and then identities, so no two
//! entries have the same place.

use std::cmp::Ordering;
use std::sync::{Arc, LazyLock};

use rayon::prelude::*;

use super::Ix;
use super::collation::Collation;
use crate::config::{Config, Lang, Order, SortKey};
use crate::content::Heads;
use crate::schema::Value;

/// How many entries may differ for the earlier order to be kept, with each of them put in its new place; more are sorted anew.
const FEW: usize = 32;

/// The order of a snapshot's entries by title, in each of its languages.
#[derive(Debug)]
pub(super) struct Titles(Vec<InLanguage>);

#[derive(Debug)]
struct InLanguage {
    collation: Collation,
    /// For each entry, the key of its title.
    keys: Vec<Arc<[u8]>>,
    /// For each entry, its place in the order of titles, then identities. All places differ.
    places: Vec<u32>,
}

/// The order of the titles in `heads`. Keys of titles that stay the same are taken from those `before`, with their heads.
pub(super) fn titles(heads: Heads<'_>, config: &Config, before: Option<(Heads<'_>, &Titles)>) -> Titles {
    let in_language = |lang: Lang| {
        let before = before.and_then(|(heads, titles)| Some((heads, titles.0.get(lang.number())?)));
        let collation = Collation::of(&config.in_language(lang).code);
        let known = |n: usize| {
            let (heads, before) = before?;
            before.keys.get(n).map(|key| (heads.get(n).title(), key))
        };
        let key = |n: usize| match (heads.get(n).title(), known(n)) {
            (title, Some((same, key))) if title == same => key.clone(),
            (title, _) => Arc::from(collation.key(title)),
        };
        let keys: Vec<Arc<[u8]>> = (0..heads.iter().len()).into_par_iter().map(key).collect();
        let places = places(&keys, before.map(|(_, before)| before));
        InLanguage { collation, keys, places }
    };
    Titles(config.languages().map(in_language).collect())
}

/// The place of each entry in the order of `keys`, of which most are the same as `before`.
fn places(keys: &[Arc<[u8]>], before: Option<&InLanguage>) -> Vec<u32> {
    let order = before.and_then(|before| order_again(keys, before)).unwrap_or_else(|| order(keys));
    let mut places = vec![0; order.len()];
    for (place, n) in (0..).zip(order) {
        places[n] = place;
    }
    places
}

/// The entries in the order of their keys. They are numbered in the order of their identities.
fn order(keys: &[Arc<[u8]>]) -> Vec<usize> {
    let mut order: Vec<(&[u8], usize)> = keys.iter().enumerate().map(|(n, key)| (&**key, n)).collect();
    order.par_sort_unstable();
    order.into_iter().map(|(_, n)| n).collect()
}

/// The same, from the order before; `None` if too many keys differ.
fn order_again(keys: &[Arc<[u8]>], before: &InLanguage) -> Option<Vec<usize>> {
    if keys.len() != before.keys.len() {
        return None;
    }
    let differs = |n: usize| !Arc::ptr_eq(&keys[n], &before.keys[n]);
    let moved: Vec<usize> = (0..keys.len()).filter(|n| differs(*n)).take(FEW + 1).collect();
    if moved.len() > FEW {
        return None;
    }
    let mut order = vec![0; keys.len()];
    before.places.iter().enumerate().for_each(|(n, place)| order[*place as usize] = n);
    order.retain(|n| !differs(*n));
    for n in moved {
        let place = order.partition_point(|other| (&keys[*other], *other) < (&keys[n], n));
        order.insert(place, n);
    }
    Some(order)
}

impl Titles {
    /// A key that sorts texts in the order readers of `lang` expect.
    pub(super) fn key(&self, lang: Lang, text: &str) -> Vec<u8> {
        self.0[lang.number()].collation.key(text)
    }

    /// Sorts for readers of `lang` by the fields asked for, or by weight; then rows as they were written, if weight came last;
    /// ties by title, then by identity, so that the order is always the same.
    pub(super) fn sort(&self, heads: Heads<'_>, lang: Lang, items: &mut [Ix], keys: &[SortKey]) {
        let InLanguage { collation, places, .. } = &self.0[lang.number()];
        items.sort_unstable_by_key(|ix| places[ix.0 as usize]);
        if end_with_weight(keys) && items.iter().any(|ix| heads.get(ix.0 as usize).is_row) {
            items.sort_by(|a, b| as_written(heads, *a, *b));
        }
        // From the last key to the first: each sort keeps the earlier order among equals. A value is looked up once per item,
        // since sorting compares it many times.
        for key in asked(keys).iter().rev() {
            let value = |ix: Ix| heads.get(ix.0 as usize).values.get(&key.field);
            let mut sorted: Vec<(Option<Sorting>, Ix)> =
                items.iter().map(|ix| (value(*ix).map(|placed| Sorting::of(&placed.value, collation)), *ix)).collect();
            sorted.sort_by(|a, b| compare(a.0.as_ref(), b.0.as_ref(), key.order));
            for (item, (_, ix)) in items.iter_mut().zip(sorted) {
                *item = ix;
            }
        }
    }
}

impl Titles {
    /// Puts `items` in order again, which were in this order until those for which `differs` is true changed.
    pub(super) fn sort_again(
        &self,
        heads: Heads<'_>,
        lang: Lang,
        items: &mut Vec<Ix>,
        keys: &[SortKey],
        differs: impl Fn(Ix) -> bool,
    ) {
        let moved: Vec<Ix> = items.iter().copied().filter(|ix| differs(*ix)).take(FEW + 1).collect();
        if moved.len() > FEW {
            self.sort(heads, lang, items, keys);
            return;
        }
        items.retain(|ix| !differs(*ix));
        for ix in moved {
            let place = items.partition_point(|other| self.compare(heads, lang, (*other, ix), keys).is_lt());
            items.insert(place, ix);
        }
    }

    /// The order of two entries in a sorted list.
    fn compare(&self, heads: Heads<'_>, lang: Lang, (a, b): (Ix, Ix), keys: &[SortKey]) -> Ordering {
        let InLanguage { collation, places, .. } = &self.0[lang.number()];
        let by_key = |key: &SortKey| {
            let value = |ix: Ix| heads.get(ix.0 as usize).values.get(&key.field);
            let value = |ix: Ix| value(ix).map(|placed| Sorting::of(&placed.value, collation));
            compare(value(a).as_ref(), value(b).as_ref(), key.order)
        };
        let decided = asked(keys).iter().map(by_key).find(|order| order.is_ne());
        let written = || if end_with_weight(keys) { as_written(heads, a, b) } else { Ordering::Equal };
        decided.unwrap_or_else(|| written().then_with(|| places[a.0 as usize].cmp(&places[b.0 as usize])))
    }
}

/// The fields to sort by: those asked for, else weight.
fn asked(keys: &[SortKey]) -> &[SortKey] {
    static BY_WEIGHT: LazyLock<[SortKey; 1]> =
        LazyLock::new(|| [SortKey { field: "weight".into(), order: Order::Ascending }]);
    if keys.is_empty() { &*BY_WEIGHT } else { keys }
}

/// Whether nothing but a stated weight says where an entry belongs.
fn end_with_weight(keys: &[SortKey]) -> bool {
    asked(keys).last().is_some_and(|key| *key.field == *"weight")
}

/// Rows before all else, in the order of their files.
fn as_written(heads: Heads<'_>, a: Ix, b: Ix) -> Ordering {
    let row = |ix: Ix| heads.get(ix.0 as usize).row();
    match (row(a), row(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// Missing values come last, in either direction.
fn compare(a: Option<&Sorting>, b: Option<&Sorting>, order: Order) -> Ordering {
    match (a, b, order) {
        (Some(a), Some(b), Order::Ascending) => a.cmp(b),
        (Some(a), Some(b), Order::Descending) => b.cmp(a),
        (Some(_), None, _) => Ordering::Less,
        (None, Some(_), _) => Ordering::Greater,
        (None, None, _) => Ordering::Equal,
    }
}

/// A value as lists sort it. Values that cannot be compared are kept apart: an inconsistent order would be meaningless, and
/// sorting would refuse it.
#[derive(Debug)]
enum Sorting {
    /// A day without a time comes before every time on that day.
    Moment(jiff::civil::DateTime, Option<jiff::Timestamp>),
    Number(f64),
    Flag(bool),
    /// The key that gives the order readers expect.
    Text(Vec<u8>),
    Other,
}

impl Sorting {
    #[allow(clippy::cast_precision_loss)] // Numbers large enough to matter are not places in a list.
    fn of(value: &Value, collation: &Collation) -> Self {
        match value {
            Value::Date(date, _) => Self::Moment(date.to_datetime(jiff::civil::Time::midnight()), None),
            Value::DateTime(when) => Self::Moment(when.datetime(), Some(when.timestamp())),
            Value::Int(number) => Self::Number(*number as f64),
            Value::Number(number) => Self::Number(*number),
            Value::Bool(flag) => Self::Flag(*flag),
            Value::Text(text) => Self::Text(collation.key(text)),
            _ => Self::Other,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Moment(..) => 0,
            Self::Number(_) => 1,
            Self::Flag(_) => 2,
            Self::Text(_) => 3,
            Self::Other => 4,
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Moment(a, hour), Self::Moment(b, other)) => (a, hour).cmp(&(b, other)),
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Flag(a), Self::Flag(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = Option<Sorting>> {
        let day = |day| jiff::civil::date(2026, 5, day);
        let moment = move |(d, hour): (i8, i8)| {
            let zoned = day(d).at(hour, 0, 0, 0).to_zoned_datetime(jiff::tz::TimeZone::UTC);
            Value::DateTime(zoned.expect("a time of UTC"))
        };
        prop_oneof![
            (1i8..4).prop_map(move |d| Some(Value::Date(day(d), None))),
            (1i8..4, 0i8..3).prop_map(move |at| Some(moment(at))),
            (0i64..3).prop_map(|n| Some(Value::Int(n))),
            (0u8..6).prop_map(|n| Some(Value::Number(f64::from(n) / 2.0))),
            any::<bool>().prop_map(|flag| Some(Value::Bool(flag))),
            "[abAB]".prop_map(|text| Some(Value::Text(text.into()))),
            Just(Some(Value::List(Vec::new()))),
            Just(None),
        ]
        .prop_map(|value| value.map(|value| Sorting::of(&value, &Collation::of("en"))))
    }

    proptest! {
        // Sorting panics on an inconsistent order: a date was once equal to every hour of its day.
        #[test]
        fn any_values_have_one_order(a in value(), b in value(), c in value(), up: bool) {
            let order = if up { Order::Ascending } else { Order::Descending };
            let compared = |a: &Option<Sorting>, b: &Option<Sorting>| compare(a.as_ref(), b.as_ref(), order);
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
