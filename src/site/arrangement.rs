//! Heads of entries + settings + a moment → everything in a snapshot that depends on nothing else: its structure, its lists,
//! their faults, how long they stay true.
//!
//! It is made in two steps: the [`Skeleton`] from facts, which show no words; the rest from the skeleton and heads. Each is
//! taken over from the snapshot before while everything it is made from is equal. Most edits change a text or a template, and
//! so neither; editing a title keeps the skeleton. Editing another field rebuilds the skeleton; if its structure then comes out
//! equal, the earlier structure is used, so that the findings about each entry can be kept.

use std::sync::{Arc, OnceLock};

use jiff::ZonedDateTime;

use super::lists::{Lists, lists};
use super::members::{Member, members};
use super::order::titles;
use super::references::Slip;
use super::structure::{Structure, structure};
use super::visibility::Asked;
use super::{moments, unique};
use crate::content::{Facts, Heads, Words};
use crate::diagnostic::{Diagnostic, Found};
use crate::source::Tree;

/// The part of a snapshot that editing a text does not change.
#[derive(Debug)]
pub(super) struct Arrangement {
    pub(super) skeleton: Arc<Skeleton>,
    pub(super) lists: Lists,
    slips: Vec<Slip>,
    duplicates: Vec<Diagnostic>,
}

/// The part of it that editing a title or a summary does not change either.
#[derive(Debug)]
pub(super) struct Skeleton {
    /// Whether the facts it is made from show words.
    pub(super) words: Words,
    pub(super) structure: Arc<Structure>,
    members: Vec<Member>,
    /// The moment from which it is no longer true, even without an edit.
    pub(super) until: Option<ZonedDateTime>,
    /// The last change that a public entry states, found when first asked for.
    pub(super) newest: OnceLock<Option<ZonedDateTime>>,
    faults: Vec<Diagnostic>,
}

/// The skeleton of the entries with these facts; `before` is that of a snapshot that was true until now, or longer.
pub(super) fn skeleton(facts: Facts<'_>, asked: Asked<'_>, before: Option<&Skeleton>) -> Skeleton {
    let Found { value: structure, faults } = structure(facts, asked);
    let structure = match before.filter(|before| *before.structure == structure) {
        Some(before) => before.structure.clone(),
        None => Arc::new(structure),
    };
    let until = moments::next(structure.basis(facts, asked));
    let members = members(facts, asked, &structure);
    Skeleton { words: facts.words(), structure, members, until, newest: OnceLock::new(), faults }
}

/// The arrangement of the entries with these heads, whose facts are those of `skeleton`; `before` is that of earlier heads.
pub(super) fn arrangement(
    heads: Heads<'_>,
    facts: Facts<'_>,
    asked: Asked<'_>,
    skeleton: Arc<Skeleton>,
    before: Option<(Heads<'_>, &Arrangement)>,
) -> Arrangement {
    let structure = &*skeleton.structure;
    let known = structure.basis(facts, asked);
    let slips = structure.references.slips(heads, known, &structure.addresses);
    let duplicates = unique::duplicates(heads, known);
    let lists_before = before.map(|(heads, before)| (heads, &before.lists));
    let titles = titles(heads, asked.config, lists_before.map(|(heads, lists)| (heads, &lists.titles)));
    let has_members = |before: &Arrangement| Arc::ptr_eq(&before.skeleton, &skeleton);
    let of_members = lists_before.filter(|_| before.is_some_and(|(_, before)| has_members(before)));
    let lists = lists(heads, asked.config, &skeleton.members, titles, of_members);
    Arrangement { skeleton, lists, slips, duplicates }
}

impl Arrangement {
    /// The faults in all this; corrections need to see how references are written in the files of `tree`.
    pub(super) fn faults(&self, tree: &Tree) -> impl Iterator<Item = Diagnostic> {
        let slips = self.slips.iter().map(|slip| slip.fault(tree));
        self.skeleton.faults.iter().cloned().chain(slips).chain(self.duplicates.iter().cloned())
    }
}
