//! Entries → which of them are the same subject in several languages.
//!
//! A *subject* is what an entry and its translations are about. The entry in the site's own language stands for it, else the
//! one that states it is the original. Readers are shown the subject in their language, else in one that exists.
//!
//! Not here: what a translation inherits (`content`), its address (`addresses`).

use std::collections::BTreeMap;

use super::identities::Identities;
use super::{Ix, Site};
use crate::config::{Config, Lang, Untranslated};
use crate::content::Facts;
use crate::index::Index;
use crate::schema::Name;

/// Which entry is which subject in which language.
#[derive(PartialEq, Debug, Default)]
pub(super) struct Languages {
    /// Empty while all entries are in the site's own language.
    of: Vec<Option<Lang>>,
    subjects: Vec<Ix>,
    /// The translations of subjects that have any.
    variants: BTreeMap<Ix, Vec<(Lang, Ix)>>,
}

impl Languages {
    /// Finds which entries belong together.
    pub(super) fn new(facts: Facts<'_>, config: &Config) -> Self {
        if facts.iter().all(|entry| **entry.lang() == *config.language) {
            return Self::default();
        }
        let of: Vec<Option<Lang>> = facts.iter().map(|entry| config.language_named(entry.lang())).collect();
        let mut first: Index<(&Name, &Name), Ix> = Index::default();
        let numbered = || (0..).map(Ix).zip(facts.iter()).zip(&of);
        for ((ix, entry), lang) in numbered() {
            if lang.is_none() {
                continue;
            }
            let key = (entry.collection(), entry.key());
            // As `content` chooses originals: the site's own language, else the one that states it, else the first.
            let rank = |ix: Ix| (of[ix.0 as usize] == Some(Lang::OWN), facts.get(ix.0 as usize).core().is_original);
            if first.get(&key).is_none_or(|known| rank(ix) > rank(*known)) {
                first.insert(key, ix);
            }
        }
        let mut variants: BTreeMap<Ix, Vec<(Lang, Ix)>> = BTreeMap::new();
        let mut subjects = Vec::with_capacity(of.len());
        for ((ix, entry), lang) in numbered() {
            let subject = match lang {
                Some(_) => first[&(entry.collection(), entry.key())],
                None => ix,
            };
            if let Some(lang) = lang.filter(|_| subject != ix) {
                variants.entry(subject).or_default().push((lang, ix));
            }
            subjects.push(subject);
        }
        Self { of, subjects, variants }
    }

    /// The language of an entry; `None` if the site does not publish in it.
    pub(super) fn of(&self, ix: Ix) -> Option<Lang> {
        self.of.get(ix.0 as usize).copied().unwrap_or(Some(Lang::OWN))
    }

    /// The entry that stands for the subject of `ix`.
    pub(super) fn subject(&self, ix: Ix) -> Ix {
        self.subjects.get(ix.0 as usize).copied().unwrap_or(ix)
    }
}

impl Identities {
    /// The language of an entry.
    pub(super) fn lang(&self, ix: Ix) -> Lang {
        self.languages.of(ix).unwrap_or_default()
    }

    /// The entry that stands for the subject of `ix`: in the site's own language, if it exists in that.
    pub(super) fn subject(&self, ix: Ix) -> Ix {
        self.languages.subject(ix)
    }

    /// The entry in `lang` with the same subject as `ix`, public or not.
    pub(super) fn variant(&self, ix: Ix, lang: Lang) -> Option<Ix> {
        let subject = self.subject(ix);
        if self.lang(subject) == lang {
            return Some(subject);
        }
        let variants = self.languages.variants.get(&subject)?;
        variants.iter().find(|(known, _)| *known == lang).map(|(_, ix)| *ix)
    }

    /// What readers of `lang` see of the subject of `ix`: the text in their language if it is public, else the entry that
    /// stands for the subject.
    pub(super) fn in_language(&self, ix: Ix, lang: Lang) -> Ix {
        self.variant(ix, lang).filter(|there| self.is_shown(*there)).unwrap_or_else(|| self.subject(ix))
    }

    /// The same, for a list: nothing if it is not public, or if it is not in their language and the list hides such entries.
    pub(super) fn shown_in(&self, subject: Ix, lang: Lang, untranslated: Untranslated) -> Option<Ix> {
        let shown = self.in_language(subject, lang);
        let fits = untranslated == Untranslated::Show || self.lang(shown) == lang;
        (fits && self.is_shown(shown)).then_some(shown)
    }
}

impl Site {
    /// The language of an entry.
    pub(crate) fn lang(&self, ix: Ix) -> Lang {
        self.identities().lang(ix)
    }

    /// The entry that stands for the subject of `ix`: in the site's own language, if it exists in that.
    pub(crate) fn subject(&self, ix: Ix) -> Ix {
        self.identities().subject(ix)
    }

    /// The entry in `lang` with the same subject as `ix`, public or not.
    pub(crate) fn variant(&self, ix: Ix, lang: Lang) -> Option<Ix> {
        self.identities().variant(ix, lang)
    }

    /// What readers of `lang` see of the subject of `ix`: the text in their language if it is public, else the entry that
    /// stands for the subject.
    pub(crate) fn in_language(&self, ix: Ix, lang: Lang) -> Ix {
        self.identities().in_language(ix, lang)
    }

    /// The public entries with the same subject, this one included, in the order of the site's languages.
    pub(crate) fn translations(&self, ix: Ix) -> Vec<(Lang, Ix)> {
        self.config
            .languages()
            .filter_map(|lang| Some((lang, self.variant(ix, lang)?)))
            .filter(|(_, there)| self.is_shown(*there))
            .collect()
    }

    /// The public subjects of a collection that do not exist in `lang`, not even hidden.
    pub(crate) fn missing_in<'a>(&'a self, collection: &str, lang: Lang) -> impl Iterator<Item = Ix> + use<'a> {
        let subjects = self.identities().of_collection(collection);
        subjects.filter(move |ix| self.is_shown(*ix) && self.variant(*ix, lang).is_none())
    }
}
