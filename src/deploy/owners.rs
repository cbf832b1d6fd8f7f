//! Which entries the files on a target were made of, so that what is hidden later is found there, whatever has become of its
//! address, its pictures and its documents meanwhile. Entries are noted as hashes: notes on a target name nobody.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The first 48 bits of a hash, in hexadecimal digits: enough to tell the entries of a site apart.
pub(crate) type Mark = String;

/// The mark of a text.
pub(crate) fn mark(text: &str) -> Mark {
    blake3::hash(text.as_bytes()).to_hex()[..12].to_owned()
}

/// An entry, or a part of one, as it was known when it was published.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Debug)]
pub(crate) struct Known {
    /// Its identity.
    #[serde(rename = "i")]
    pub(crate) id: Mark,
    /// Its collection and title: an entry that is renamed keeps these. Empty for parts.
    #[serde(rename = "t")]
    pub(crate) called: Mark,
    /// Whether it is a row or a part, which may be missing because of a slip elsewhere in its file.
    #[serde(rename = "r", default, skip_serializing_if = "is_not")]
    pub(crate) is_piece: bool,
}

fn is_not(value: &bool) -> bool {
    !value
}

/// The entries of a file, by number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default, Debug)]
struct Set(Vec<u32>, Vec<u32>);

/// What a file has to do with entries.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Owned<'a> {
    /// Those that it belongs to: it goes when none of them is public any longer.
    pub(crate) of: Vec<&'a Known>,
    /// Those whose words it repeats: it goes when one of them must not be seen any longer.
    pub(crate) tells: Vec<&'a Known>,
}

/// The entries of each file.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Owners {
    entries: Vec<Known>,
    sets: Vec<Set>,
    files: BTreeMap<String, usize>,
}

impl Owners {
    /// What is known of a file.
    pub(crate) fn of(&self, path: &str) -> Option<Owned<'_>> {
        let Set(of, tells) = self.sets.get(*self.files.get(path)?)?;
        let known = |all: &[u32]| all.iter().filter_map(|number| self.entries.get(*number as usize)).collect();
        Some(Owned { of: known(of), tells: known(tells) })
    }

    /// The files that belong to an entry.
    pub(crate) fn files(&self) -> impl Iterator<Item = &String> {
        self.files.keys()
    }

    /// All entries that are noted.
    pub(crate) fn entries(&self) -> &[Known] {
        &self.entries
    }

    /// Whether nothing is noted.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// For each of these files, what the first of `all` says that knows it and for which `has` is true of it.
    pub(crate) fn chosen<'a>(paths: impl Iterator<Item = &'a String>, all: &[(&Self, Has<'_>)]) -> Self {
        let mut collector = Collector::default();
        for path in paths {
            let known = all.iter().filter(|(_, has)| has(path)).find_map(|(owners, _)| owners.of(path));
            if let Some(Owned { of, tells }) = known {
                collector.add(path, of.into_iter().cloned(), tells.into_iter().cloned());
            }
        }
        collector.owners
    }
}

/// Whether what is noted holds for a file.
type Has<'a> = &'a dyn Fn(&str) -> bool;

/// Collects the entries of files.
#[derive(Default)]
pub(crate) struct Collector {
    owners: Owners,
    numbers: BTreeMap<Known, u32>,
    sets: BTreeMap<Set, usize>,
}

impl Collector {
    /// Notes the entries of a file.
    pub(crate) fn add(
        &mut self,
        path: &str,
        of: impl IntoIterator<Item = Known>,
        tells: impl IntoIterator<Item = Known>,
    ) {
        let of = self.all(of);
        let tells = self.all(tells);
        let set = Set(of, tells);
        let next = self.owners.sets.len();
        let number = *self.sets.entry(set.clone()).or_insert(next);
        if number == next {
            self.owners.sets.push(set);
        }
        self.owners.files.insert(path.to_owned(), number);
    }

    fn all(&mut self, all: impl IntoIterator<Item = Known>) -> Vec<u32> {
        let mut numbers: Vec<u32> = all.into_iter().map(|known| self.number(known)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    fn number(&mut self, known: Known) -> u32 {
        let next = u32::try_from(self.owners.entries.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(known.clone()).or_insert(next);
        if number == next {
            self.owners.entries.push(known);
        }
        number
    }

    /// What was collected.
    pub(crate) fn done(self) -> Owners {
        self.owners
    }
}

/// The same beside a list of files in their order, as it stands in notes on a target.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Default, Debug)]
pub(crate) struct Noted {
    entries: Vec<Known>,
    sets: Vec<Set>,
    /// For each file the number of its set, from 1; 0 if it belongs to nobody.
    of: Vec<usize>,
}

impl Noted {
    /// For files in this order.
    pub(crate) fn new<'a>(owners: &Owners, paths: impl Iterator<Item = &'a String>) -> Self {
        let paths: Vec<&String> = paths.collect();
        let chosen = Owners::chosen(paths.iter().copied(), &[(owners, &|_| true)]);
        let of = paths.iter().map(|path| chosen.files.get(*path).map_or(0, |number| number + 1)).collect();
        Self { entries: chosen.entries, sets: chosen.sets, of }
    }

    /// Back again; nothing if it was not made for as many files.
    pub(crate) fn read<'a>(&self, paths: impl ExactSizeIterator<Item = &'a String>) -> Owners {
        if paths.len() != self.of.len() {
            return Owners::default();
        }
        let files = paths.zip(&self.of).filter_map(|(path, number)| Some((path.clone(), number.checked_sub(1)?)));
        Owners { entries: self.entries.clone(), sets: self.sets.clone(), files: files.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Known {
        Known { id: mark(name), called: mark(&format!("called {name}")), is_piece: name.len() > 1 }
    }

    #[test]
    fn what_is_noted_is_read_again() {
        let mut collector = Collector::default();
        collector.add("a/index.html", [known("a")], [known("a"), known("row")]);
        collector.add("a/data.csv", [known("a"), known("b")], []);
        collector.add("b/index.html", [known("b")], [known("b")]);
        let owners = collector.done();
        let files: BTreeMap<String, ()> =
            ["a/data.csv", "a/index.html", "style.css"].iter().map(|path| ((*path).to_owned(), ())).collect();
        let noted = Noted::new(&owners, files.keys());
        let json = serde_json::to_vec(&noted).expect("it can be written");
        let noted: Noted = serde_json::from_slice(&json).expect("it can be read");
        let read = noted.read(files.keys());
        assert_eq!(read.of("a/data.csv"), owners.of("a/data.csv"));
        assert_eq!(read.of("a/index.html"), owners.of("a/index.html"));
        assert_eq!((read.of("style.css"), read.of("b/index.html")), (None, None));
        // Of a list of other files it says nothing, rather than something wrong.
        assert!(noted.read(files.keys().take(2)).is_empty());
    }
}
