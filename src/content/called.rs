//! Names in the cells of spreadsheets → what they mean, where a field takes an entry or a group with a `name`.
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
    let known = Known::of(entries, config);
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

/// The entries of all collections.
struct Known(BTreeMap<Name, Named>);

/// The entries of a collection, as they are called.
#[derive(Default)]
struct Named {
    /// Their keys, and what their titles are as keys.
    all: Vec<(Name, String)>,
    /// What only those are called that readers may not see yet, or no longer.
    hidden: BTreeSet<String>,
    /// Those of their names that are one word, as is the file `smith.md` of a person whose title is known: many people are
    /// called Smith.
    hidden_words: BTreeSet<String>,
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
    let exact: Vec<&Name> =
        all().filter(|(known, title)| **known == *key || *title == key).map(|(known, _)| known).collect();
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
