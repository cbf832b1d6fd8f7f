//! Facts of entries + settings + a moment → who each entry is, which of them are one subject, and who may see them.
//!
//! Computed before anything has an address, and without spans: words that move within a file do not change it.

use std::collections::{BTreeMap, BTreeSet};

use super::Ix;
use super::languages::Languages;
use super::visibility::{self, Asked, Visibility};
use crate::config::{Collection, Lang, Untranslated};
use crate::content::{EntryFacts, Facts};
use crate::index::Index;
use crate::path::{SitePath, slug};
use crate::schema::{Name, Target};

/// Who the entries of a snapshot are.
#[derive(PartialEq, Debug)]
pub(super) struct Identities {
    /// For each entry, in the order of identities.
    who: Vec<Who>,
    pub(super) languages: Languages,
    visibility: Vec<Visibility>,
    /// The subjects of each collection by key.
    by_key: BTreeMap<Name, Index<Name, Ix>>,
    /// The entries by the files that hold their text or a part of it.
    by_source: Index<SitePath, Ix>,
    /// The files of parts that readers may not see although they see the bundle.
    hidden_parts: BTreeSet<SitePath>,
    rows_by_source: BTreeMap<SitePath, Vec<Ix>>,
    bundles: BTreeMap<SitePath, Ix>,
}

/// An entry's identity and location.
#[derive(PartialEq, Debug)]
pub(super) struct Who {
    pub(super) collection: Name,
    pub(super) key: Name,
    pub(super) source: SitePath,
    /// Its own folder, if it is a bundle.
    pub(super) bundle: Option<SitePath>,
}

/// Who the entries are, and who may see them.
pub(super) fn identities(facts: Facts<'_>, asked: Asked<'_>) -> Identities {
    let languages = Languages::new(facts, asked.config);
    let visibility = visibility::all(facts, &languages, asked);
    let mut by_key: BTreeMap<Name, Index<Name, Ix>> = BTreeMap::new();
    let (mut by_source, mut hidden_parts) = (Index::default(), BTreeSet::new());
    let mut rows_by_source: BTreeMap<SitePath, Vec<Ix>> = BTreeMap::new();
    let mut bundles = BTreeMap::new();
    for (number, entry) in facts.iter().enumerate() {
        let ix = Ix(u32::try_from(number).expect("fewer than four thousand million entries"));
        if languages.subject(ix) == ix && languages.of(ix).is_some() {
            by_key.entry(entry.collection().clone()).or_default().insert(entry.key().clone(), ix);
        }
        if entry.is_row() {
            rows_by_source.entry(entry.source().clone()).or_default().push(ix);
        } else {
            by_source.insert(entry.source().clone(), ix);
            by_source.extend(facts.parts(number).map(|part| (part.source.clone(), ix)));
            by_source.extend(facts.hidden_parts(number).map(|part| (part.source.clone(), ix)));
            hidden_parts.extend(facts.hidden_parts(number).map(|part| part.source.clone()));
        }
        if let Some(folder) = entry.bundle().filter(|_| languages.of(ix).is_some()) {
            // A bundle's files belong to the original.
            bundles.insert(folder.clone(), languages.subject(ix));
        }
    }
    let who = |entry: EntryFacts<'_>| Who {
        collection: entry.collection().clone(),
        key: entry.key().clone(),
        source: entry.source().clone(),
        bundle: entry.bundle().cloned(),
    };
    let who = facts.iter().map(who).collect();
    Identities { who, languages, visibility, by_key, by_source, hidden_parts, rows_by_source, bundles }
}

impl Identities {
    /// Every entry, hidden ones included.
    pub(super) fn all(&self) -> impl Iterator<Item = Ix> + use<> {
        (0..u32::try_from(self.who.len()).expect("checked when they were counted")).map(Ix)
    }

    /// An entry's identity and location.
    pub(super) fn who(&self, ix: Ix) -> &Who {
        &self.who[ix.0 as usize]
    }

    /// Whether and why an entry is hidden.
    pub(super) fn visibility(&self, ix: Ix) -> &Visibility {
        &self.visibility[ix.0 as usize]
    }

    /// Whether an entry is in this snapshot; in one for readers, whether they may see anything of it.
    pub(super) fn is_shown(&self, ix: Ix) -> bool {
        self.visibility(ix).is_shown()
    }

    /// Every entry of this snapshot, in the order of identities.
    pub(super) fn shown(&self) -> impl Iterator<Item = Ix> {
        self.all().filter(|ix| self.is_shown(*ix))
    }

    /// The subject with this identity: the entry in the site's language, if it exists in that.
    pub(super) fn by_id(&self, collection: &str, key: &str) -> Option<Ix> {
        self.by_key.get(collection)?.get(key).copied()
    }

    /// All subjects of a collection with their keys, hidden ones included, in order.
    pub(super) fn keys<'a>(&'a self, collection: &str) -> impl Iterator<Item = (&'a Name, Ix)> + use<'a> {
        self.by_key.get(collection).into_iter().flat_map(|keys| keys.iter().map(|(key, ix)| (key, *ix)))
    }

    /// All subjects of a collection, hidden ones included, in the order of their keys.
    pub(super) fn of_collection<'a>(&'a self, collection: &str) -> impl Iterator<Item = Ix> + use<'a> {
        self.keys(collection).map(|(_, ix)| ix)
    }

    /// The entry whose text or part is in the file `source`.
    pub(super) fn by_source(&self, source: &SitePath) -> Option<Ix> {
        self.by_source.get(source).copied()
    }

    /// Whether a file holds a part that readers may not see although they see the bundle.
    pub(super) fn is_hidden_part(&self, source: &SitePath) -> bool {
        self.hidden_parts.contains(source)
    }

    /// The entries that are rows of the file `source`.
    pub(super) fn rows(&self, source: &SitePath) -> Option<&[Ix]> {
        self.rows_by_source.get(source).map(Vec::as_slice)
    }

    /// The one of `rows` that is called `name`: by its key, or by the name that its key was made from.
    pub(super) fn row_called(&self, rows: &[Ix], name: &str) -> Option<Ix> {
        let is_called = |key: &str| rows.iter().copied().find(|ix| *self.who(*ix).key == *key);
        is_called(name).or_else(|| may_be_a_row(name).then(|| is_called(&slug(name))).flatten())
    }

    /// The bundle that a file belongs to.
    pub(super) fn file_owner(&self, file: &SitePath) -> Option<Ix> {
        let mut folder = file.folder();
        loop {
            if let Some(owner) = self.bundles.get(&folder) {
                return Some(*owner);
            }
            folder.parts().next()?;
            folder = folder.folder();
        }
    }
}

/// Whether this may be the `id` of a row: the row's key is made from it, in plain letters.
fn may_be_a_row(name: &str) -> bool {
    !name.is_ascii() && !name.contains(char::is_whitespace) && !name.contains('/')
}

/// What is known of entries before they have addresses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Basis<'a> {
    pub(super) facts: Facts<'a>,
    pub(super) asked: Asked<'a>,
    pub(super) identities: &'a Identities,
}

impl<'a> Basis<'a> {
    /// What is known of one entry.
    pub(super) fn of(self, ix: Ix) -> EntryFacts<'a> {
        self.facts.get(ix.0 as usize)
    }

    /// The collection that an entry is in.
    pub(super) fn collection(self, ix: Ix) -> &'a Collection {
        &self.asked.config.collections[self.of(ix).collection()]
    }

    /// An entry's name in messages: "`jane-smith` (people/jane-smith.md)".
    pub(super) fn named(self, ix: Ix) -> String {
        let Who { key, source, .. } = self.identities.who(ix);
        format!("`{key}` ({})", source.below("content").unwrap_or(source.as_str()))
    }

    /// The subjects that a reference `key` may mean.
    pub(super) fn candidates(self, target: &Target, key: &str) -> Vec<Ix> {
        let exact = |collection: &str, key: &str| self.identities.by_id(collection, key);
        let by_name = |collection: &str, key: &str| {
            let found = exact(collection, &slug(key)).filter(|_| may_be_a_row(key))?;
            self.of(found).is_row().then_some(found)
        };
        let in_one = |collection: &str, key: &str| exact(collection, key).or_else(|| by_name(collection, key));
        let mut found: Vec<Ix> = self.target_collections(target).filter_map(|name| in_one(name, key)).collect();
        if let Some((collection, key)) = key.split_once('/')
            && self.target_collections(target).any(|name| **name == *collection)
        {
            found.extend(in_one(collection, key));
        }
        found.dedup();
        found
    }

    /// The names of the collections that a reference may lead to.
    pub(super) fn target_collections<'t>(self, target: &'t Target) -> impl Iterator<Item = &'t Name>
    where
        'a: 't,
    {
        let config = self.asked.config;
        let collections = &config.collections;
        let (named, of_trait, any) = match target {
            Target::Collections(names) => (Some(names), None, None),
            Target::Trait(wanted) => (None, Some(config.with_trait(*wanted)), None),
            Target::Any => (None, None, Some(collections.keys())),
        };
        // A name that is not a collection's is a fault of the settings.
        let named = named.into_iter().flatten().filter(|name| collections.contains_key(*name));
        named.chain(of_trait.into_iter().flatten().map(|collection| &collection.name)).chain(any.into_iter().flatten())
    }

    /// The public entries of a collection that lists for readers of `lang` may show, in the order of their keys.
    pub(super) fn listed(
        self,
        collection: &str,
        lang: Lang,
        untranslated: Untranslated,
    ) -> impl Iterator<Item = Ix> + use<'a> {
        let subjects = self.identities.of_collection(collection);
        subjects
            .filter_map(move |subject| self.identities.shown_in(subject, lang, untranslated))
            .filter(move |ix| self.is_listed(*ix))
    }
}
