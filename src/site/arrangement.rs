//! Heads of entries + settings + a moment → everything in a snapshot that depends on nothing else: its structure, its lists,
//! their faults, how long they stay true.
//!
//! Most edits change a text or a template and none of this, so a snapshot takes it over while the heads are equal. If they
//! are not, everything is rebuilt; if the structure then comes out equal, the earlier one is used, so that what was made from
//! it can be taken over too.

use std::sync::{Arc, OnceLock};

use jiff::ZonedDateTime;

use super::lists::{Lists, lists};
use super::references::Slip;
use super::structure::{Structure, structure};
use super::visibility::Asked;
use super::{moments, unique};
use crate::content::Heads;
use crate::diagnostic::Diagnostic;
use crate::source::Tree;

/// The part of a snapshot that editing a text does not change.
#[derive(Debug)]
pub(super) struct Arrangement {
    pub(super) structure: Arc<Structure>,
    pub(super) lists: Arc<Lists>,
    /// The moment from which it is no longer true, even without an edit.
    pub(super) until: Option<ZonedDateTime>,
    /// The last change that a public entry states, found when first asked for.
    pub(super) newest: OnceLock<Option<ZonedDateTime>>,
    pattern_faults: Vec<Diagnostic>,
    slips: Vec<Slip>,
    duplicates: Vec<Diagnostic>,
}

/// The arrangement of the entries with these heads; `before` is that of a snapshot that was true until now, or longer.
pub(super) fn arrangement(heads: Heads<'_>, asked: Asked<'_>, before: Option<&Arrangement>) -> Arrangement {
    let (structure, pattern_faults, slips) = structure(heads, asked);
    let before = before.filter(|before| *before.structure == structure);
    let structure = before.map_or_else(|| Arc::new(structure), |before| before.structure.clone());
    let known = structure.basis(heads, asked);
    let (until, duplicates) = (moments::next(known), unique::duplicates(known));
    let lists = Arc::new(lists(heads, asked, &structure));
    #[cfg(test)]
    let lists = match before.filter(|_| super::sabotage::is(super::sabotage::Sabotage::LeaveInPlace)) {
        Some(before) => before.lists.clone(),
        None => lists,
    };
    Arrangement { structure, lists, until, newest: OnceLock::new(), pattern_faults, slips, duplicates }
}

impl Arrangement {
    /// The faults in all this; corrections need to see how references are written in the files of `tree`.
    pub(super) fn faults(&self, tree: &Tree) -> impl Iterator<Item = Diagnostic> {
        let slips = self.slips.iter().map(|slip| slip.fault(tree));
        self.pattern_faults.iter().cloned().chain(slips).chain(self.duplicates.iter().cloned())
    }
}
