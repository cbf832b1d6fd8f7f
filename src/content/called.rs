//! Names in the cells of spreadsheets → what they mean, where a field takes an entry or a group with a `name`.
//!
//! A cell cannot hold a group. So a name in it that is written as readers see it, `Siân Môn`, is the entry of that title or key if
//! there is one, else a group with that `name`. What looks like the name of a file, `jane-smth`, or is a slip away from an entry
//! stays a reference, and is reported where it leads nowhere.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Entry, Own};
use crate::config::Config;
use crate::diagnostic::slips;
use crate::index::Index;
use crate::path::slug;
use crate::schema::{Field, Fields, Name, Placed, Target, Trait, Type, Value, Values};

/// Gives the rows of spreadsheets among `entries` the groups that names in their cells mean.
pub(super) fn read(entries: &mut [Arc<Entry>], config: &Config) {
    let names: Index<Name, Vec<(Name, Type)>> = config
        .collections
        .values()
        .map(|collection| (collection.name.clone(), fields(&collection.fields)))
        .filter(|(_, fields)| !fields.is_empty())
        .collect();
    let is_of_sheet =
        |entry: &Entry| entry.is_row && entry.source.ending() == "csv" && names.contains_key(&entry.id.collection);
    if !entries.iter().any(|entry| is_of_sheet(entry)) {
        return;
    }
    let known = Known::of(entries);
    for entry in entries.iter_mut().filter(|entry| is_of_sheet(entry)) {
        let fields = &names[&entry.id.collection];
        let mut changed = (**entry).clone();
        let mut is_changed = meant(&mut changed.head.values, fields, &known, config);
        if let Some(own) = &changed.head.own {
            let mut values = own.values.clone();
            if meant(&mut values, fields, &known, config) {
                changed.head.own = Some(Arc::new(Own { values, faults: own.faults.clone() }));
                is_changed = true;
            }
        }
        if is_changed {
            *entry = Arc::new(changed);
        }
    }
}

/// The fields that take an entry or a group with a name.
fn fields(all: &Fields) -> Vec<(Name, Type)> {
    let takes = |field: &&Field| match &field.ty {
        Type::List(inner) => group(inner).is_some(),
        ty => group(ty).is_some(),
    };
    all.values().filter(takes).map(|field| (field.name.clone(), field.ty.clone())).collect()
}

/// The targets of references that a group with a `name` may stand for.
fn group(ty: &Type) -> Option<&Target> {
    let Type::Either(choices) = ty else { return None };
    let has_name = |one: &Type| matches!(one, Type::Record(fields) if fields.contains_key("name"));
    choices.iter().any(has_name).then_some(())?;
    choices.iter().find_map(|one| match one {
        Type::Ref(target) => Some(target),
        _ => None,
    })
}

/// The keys of all entries, by collection, and what their titles are as keys.
struct Known(BTreeMap<Name, Vec<(Name, String)>>);

impl Known {
    fn of(entries: &[Arc<Entry>]) -> Self {
        let mut known: BTreeMap<Name, Vec<(Name, String)>> = BTreeMap::new();
        for entry in entries {
            known.entry(entry.id.collection.clone()).or_default().push((entry.id.key.clone(), slug(entry.title())));
        }
        Self(known)
    }

    fn those_of<'a>(&'a self, target: &'a Target, config: &'a Config) -> impl Iterator<Item = &'a (Name, String)> {
        let has =
            |name: &Name, wanted: Trait| config.collections.get(name).is_some_and(|one| one.traits.contains(&wanted));
        let all = self.0.iter().filter(move |(name, _)| match target {
            Target::Any => true,
            Target::Trait(wanted) => has(name, *wanted),
            Target::Collections(names) => names.contains(name),
        });
        all.flat_map(|(_, keys)| keys)
    }
}

fn meant(values: &mut Values, fields: &[(Name, Type)], known: &Known, config: &Config) -> bool {
    let mut is_changed = false;
    for (name, ty) in fields {
        let Some(placed) = values.get_mut(name) else { continue };
        match (ty, &mut placed.value) {
            (Type::List(inner), Value::List(items)) => {
                for item in items {
                    is_changed |= one(item, inner, known, config);
                }
            }
            (ty, _) => is_changed |= one(placed, ty, known, config),
        }
    }
    is_changed
}

fn one(placed: &mut Placed, ty: &Type, known: &Known, config: &Config) -> bool {
    let (Some(target), Value::Ref(written)) = (group(ty), &placed.value) else { return false };
    let key = slug(written);
    if key == **written || written.contains('/') || key.is_empty() {
        return false;
    }
    let all = || known.those_of(target, config);
    let exact: Vec<&Name> =
        all().filter(|(known, title)| **known == *key || *title == key).map(|(known, _)| known).collect();
    let value = match exact.as_slice() {
        [only] => Value::Ref(Arc::from(&***only)),
        [] if !all().any(|(known, title)| slips(&key, known, 1).is_some() || slips(&key, title, 1).is_some()) => {
            let name = Placed { value: Value::Text(written.clone()), span: placed.span.clone() };
            Value::Record(std::iter::once(("name".into(), name)).collect())
        }
        _ => return false,
    };
    placed.value = value;
    true
}
