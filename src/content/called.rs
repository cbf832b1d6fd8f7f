//! Names in references → what they mean: in front matter, `authors: [Jane Smith]` is the one entry with that title; in the cells of
//! spreadsheets, where a field takes an entry or a group with a `name`, it may also be such a group.
//!
//! A cell cannot hold a group. So a name in it that is written as readers see it, `Siân Môn`, is the entry of that title or key if
//! there is one, else a group with that `name`. What looks like the name of a file, `jane-smth`, or is a slip away from an entry
//! stays a reference, and is reported where it leads nowhere. So does what holds the name of an entry that may be hidden,
//! `Jane Smith (chair)`: as text it would be published.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Entry, Own};
use crate::config::Config;
use crate::diagnostic::slips;
use crate::index::Index;
use crate::path::slug;
use crate::schema::{Field, Fields, Name, Placed, Target, Trait, Type, Value, Values, secrecy};

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
    let titled = titled(entries, config);
    if titled.is_empty() && !entries.iter().any(|entry| is_of_sheet(entry)) {
        return;
    }
    let known = Known::of(entries, config);
    for number in titled {
        let mut changed = (*entries[number]).clone();
        let fields = references(&config.collections[&changed.id.collection].fields);
        entitled(&mut changed.head.values, &fields, &known, config);
        if let Some(own) = &changed.head.own {
            let mut values = own.values.clone();
            entitled(&mut values, &fields, &known, config);
            changed.head.own = Some(Arc::new(Own { values, faults: own.faults.clone() }));
        }
        entries[number] = Arc::new(changed);
    }
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

/// The entries that name others in a reference as readers see them, `authors: [Jane Smith]`, rather than by their keys.
fn titled(entries: &[Arc<Entry>], config: &Config) -> Vec<usize> {
    let of_collection: Index<Name, Vec<(Name, Target)>> =
        config.collections.values().map(|one| (one.name.clone(), references(&one.fields))).collect();
    let is_name = |placed: &Placed| match &placed.value {
        Value::Ref(written) => is_no_key(written),
        Value::List(items) => items.iter().any(|item| matches!(&item.value, Value::Ref(written) if is_no_key(written))),
        _ => false,
    };
    let has_name = |entry: &Entry| {
        let fields = of_collection.get(&entry.id.collection);
        fields.is_some_and(|fields| fields.iter().any(|(name, _)| entry.values.get(name).is_some_and(is_name)))
    };
    entries.iter().enumerate().filter(|(_, entry)| has_name(entry)).map(|(number, _)| number).collect()
}

/// Whether this cannot be a key, or the path of an entry.
fn is_no_key(written: &str) -> bool {
    let is_other = |byte: u8| byte.is_ascii_uppercase() || byte == b' ' || !byte.is_ascii();
    written.bytes().any(is_other) && !written.contains('/')
}

/// The fields that take an entry, and which; those by which the program decides who sees what are read as they are written.
fn references(all: &Fields) -> Vec<(Name, Target)> {
    let fields = all.values().filter(|field| secrecy::may_be_corrected(&field.name));
    fields.filter_map(|field| Some((field.name.clone(), target(&field.ty)?.clone()))).collect()
}

/// The targets of the references that a field of this type takes.
fn target(ty: &Type) -> Option<&Target> {
    match ty {
        Type::Ref(target) => Some(target),
        Type::List(inner) => target(inner),
        Type::Either(choices) => choices.iter().find_map(target),
        _ => None,
    }
}

/// Makes names in references keys, where exactly one entry has that title.
fn entitled(values: &mut Values, fields: &[(Name, Target)], known: &Known, config: &Config) {
    for (name, target) in fields {
        let Some(placed) = values.get_mut(name) else { continue };
        let items = match &mut placed.value {
            Value::List(items) => items.as_mut_slice(),
            _ => std::slice::from_mut(placed),
        };
        for item in items {
            let Value::Ref(written) = &item.value else { continue };
            let key = slug(written);
            if !is_no_key(written) || key.is_empty() {
                continue;
            }
            let mut called = known.those_of(target, config).flat_map(|named| named.called(&key));
            if let (Some(only), None) = (called.next(), called.next()) {
                item.value = Value::Ref(Arc::from(&**only));
            }
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

/// The entries of all collections.
struct Known(BTreeMap<Name, Named>);

/// The entries of a collection, as they are called.
#[derive(Default)]
struct Named {
    /// Their keys, and what their titles are as keys.
    all: Vec<(Name, String)>,
    /// The keys of those that have each of these as their key or their title.
    by_name: BTreeMap<String, BTreeSet<Name>>,
    /// What only those are called that readers may not see yet, or no longer.
    hidden: BTreeSet<String>,
    /// Those of their names that are one word, as is the file `smith.md` of a person whose title is known: many people are
    /// called Smith.
    hidden_words: BTreeSet<String>,
}

impl Named {
    /// The keys of the entries that are called `name`, as a key.
    fn called<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Name> {
        self.by_name.get(name).into_iter().flatten()
    }
}

impl Known {
    fn of(entries: &[Arc<Entry>], config: &Config) -> Self {
        // A translation is hidden as long as its original is.
        let originals: BTreeSet<(&Name, &Name)> = entries
            .iter()
            .filter(|entry| *entry.id.lang == *config.language && entry.core.may_be_hidden())
            .map(|entry| (&entry.id.collection, &entry.id.key))
            .collect();
        let is_hidden =
            |entry: &Entry| entry.core.may_be_hidden() || originals.contains(&(&entry.id.collection, &entry.id.key));
        let mut known: BTreeMap<Name, Named> = BTreeMap::new();
        for entry in entries {
            let named = known.entry(entry.id.collection.clone()).or_default();
            let title = slug(entry.title());
            if is_hidden(entry) {
                let has_title = entry.text_of("title").is_some_and(|title| !slug(title).is_empty());
                for name in [entry.id.key.to_string(), title.clone()].into_iter().filter(|name| !name.is_empty()) {
                    match has_title && !name.contains('-') {
                        true => named.hidden_words.insert(name),
                        false => named.hidden.insert(name),
                    };
                }
            }
            for name in [entry.id.key.to_string(), title.clone()] {
                named.by_name.entry(name).or_default().insert(entry.id.key.clone());
            }
            named.all.push((entry.id.key.clone(), title));
        }
        // What a public entry is called too is no secret.
        for entry in entries.iter().filter(|entry| !is_hidden(entry)) {
            if let Some(named) = known.get_mut(&entry.id.collection) {
                for name in [entry.id.key.to_string(), slug(entry.title())] {
                    named.hidden.remove(&name);
                    named.hidden_words.remove(&name);
                }
            }
        }
        Self(known)
    }

    fn those_of<'a>(&'a self, target: &'a Target, config: &'a Config) -> impl Iterator<Item = &'a Named> {
        let has =
            |name: &Name, wanted: Trait| config.collections.get(name).is_some_and(|one| one.traits.contains(&wanted));
        let all = self.0.iter().filter(move |(name, _)| match target {
            Target::Any => true,
            Target::Trait(wanted) => has(name, *wanted),
            Target::Collections(names) => names.contains(name),
        });
        all.map(|(_, named)| named)
    }
}

/// What people are called beside their names.
const HONORIFICS: &[&str] = &["prof", "professor", "sir", "dame", "lord", "lady", "mrs", "phd", "rev", "hon"];

/// Whether the key `written` holds the words of `name`, another key, in any order and among other words: `smith-jane-chair`
/// holds `jane-smith`. A letter may be wrong, and initials and honorifics may be left out.
pub(crate) fn holds(written: &str, name: &str) -> bool {
    let words: Vec<&str> = written.split('-').collect();
    let all: Vec<&str> = name.split('-').filter(|word| !word.is_empty()).collect();
    let plain: Vec<&str> =
        all.iter().copied().filter(|word| word.chars().count() > 2 && !HONORIFICS.contains(word)).collect();
    match if plain.len() > 1 { plain } else { all.clone() }.as_slice() {
        [] => false,
        [only] => words.contains(only),
        several => {
            let is_in = |wanted: &&str| {
                let may_slip = wanted.chars().count() > 4;
                words.iter().any(|word| word == wanted || may_slip && slips(word, wanted, 1).is_some())
            };
            let joined = several.concat();
            several.iter().all(is_in) || words.contains(&joined.as_str()) || has_ends(&words, &all)
        }
    }
}

/// Whether `word`, a name of one word, is all that somebody is called in `written`: in `Smith (chair)` and `Dr Smith, London`, but
/// not in `Jane Smith`.
fn stands_alone(written: &str, word: &str) -> bool {
    const JOINTS: &[&str] = &["and", "with", "for", "und", "ac"];
    written.split(|c: char| !(c.is_alphanumeric() || c.is_whitespace() || matches!(c, '-' | '\'' | '’'))).any(|part| {
        let part = slug(part);
        let words: Vec<&str> = part.split('-').collect();
        words.split(|one| JOINTS.contains(one)).any(|name| {
            let is_plain = |one: &&&str| **one == word || one.chars().count() > 2 && !HONORIFICS.contains(one);
            name.iter().filter(is_plain).eq(std::iter::once(&word))
        })
    })
}

/// Whether `words` hold the first and the last of the words of a name, of the first perhaps the initial only.
fn has_ends(words: &[&str], name: &[&str]) -> bool {
    let (Some(first), Some(last)) = (name.first(), name.last()) else { return false };
    let is_first = |word: &&str| word == first || word.chars().count() == 1 && first.starts_with(*word);
    name.len() > 1 && words.contains(last) && words.iter().filter(|word| *word != last).any(is_first)
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
    let all = || known.those_of(target, config).flat_map(|named| &named.all);
    let mut hidden = known.those_of(target, config).flat_map(|named| &named.hidden);
    let mut hidden_words = known.those_of(target, config).flat_map(|named| &named.hidden_words);
    let exact: Vec<&Name> = known.those_of(target, config).flat_map(|named| named.called(&key)).collect();
    let value = match exact.as_slice() {
        [only] => Value::Ref(Arc::from(&***only)),
        [] if !all().any(|(known, title)| slips(&key, known, 1).is_some() || slips(&key, title, 1).is_some())
            && !hidden.any(|name| holds(&key, name))
            && !hidden_words.any(|word| stands_alone(written, word)) =>
        {
            let name = Placed { value: Value::Text(written.clone()), span: placed.span.clone() };
            Value::Record(std::iter::once(("name".into(), name)).collect())
        }
        _ => return false,
    };
    placed.value = value;
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_among_other_words() {
        for (written, name) in [
            ("Jane Smith (chair)", "Jane Smith"),
            ("Smith, Jane", "Jane Smith"),
            ("Dr Jane P. Smith", "Jane Smith"),
            ("Jane Smith", "Prof. Jane A. Smith"),
            ("Jane Smith", "Dr Jane Smith MP"),
            ("Jane Smyth, chair", "Jane Smith"),
            ("JaneSmith (chair)", "Jane Smith"),
            ("Ann Other and Jane Smith", "Jane Smith"),
            ("Siân Môn (cadeirydd)", "Siân Môn"),
            ("Jane Smith", "Jane Mary Smith"),
            ("J. Smith", "Jane Smith"),
            ("J Smith (chair)", "Jane Mary Smith"),
            ("Jane Xu", "Jane van Xu"),
            ("zp.md", "zp"),
            ("Cher (singer)", "Cher"),
        ] {
            assert!(holds(&slug(written), &slug(name)), "{written} holds {name}");
        }
        for (written, name) in [
            ("Jane Other", "Jane Smith"),
            ("Ann Smith (chair)", "Jane Smith"),
            ("Cherie Blair", "Cher"),
            ("Zpeople", "zp"),
            ("Jan Smit", "Jane Smith"),
            ("K. Smith", "Jane Smith"),
            ("Mary Jones", "Jane Mary Smith"),
            ("Anyone", ""),
        ] {
            assert!(!holds(&slug(written), &slug(name)), "{written} does not hold {name}");
        }
    }

    #[test]
    fn a_name_of_one_word_counts_where_it_is_the_whole_name() {
        for written in [
            "Smith",
            "Smith (chair)",
            "Dr Smith",
            "Prof. Smith, London",
            "J. Smith",
            "Ann Other and Smith",
            "Smith, Jane",
            "Ann Other / Smith",
            "Ann Other – Smith",
            "smith.md",
        ] {
            assert!(stands_alone(written, "smith"), "{written}");
        }
        for written in ["Jane Smith", "Jane Smith (chair)", "Ann Smith-Jones", "Smithson", "Adam Smith Institute", ""] {
            assert!(!stands_alone(written, "smith"), "{written}");
        }
    }
}
