//! Faults → whether they leave open who may see what they are in.
//!
//! What may be secret stays so, and never without a word: a [`Doubt`] can be had only from a fault that is shown whatever the
//! settings say.

use crate::diagnostic::{Code, Diagnostic, Severity};

/// Why something is hidden though nobody asked for it. There is a fixed fault for each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Doubt(());

impl Doubt {
    /// The doubt that `faults` leave, if one of them is fixed.
    pub(super) fn of(faults: &[Diagnostic]) -> Option<Self> {
        faults.iter().any(|fault| fault.fixed && fault.severity == Severity::Error).then_some(Self(()))
    }

    /// The doubt that `fault` leaves, which goes to `faults` as a fixed one.
    pub(super) fn because(fault: Diagnostic, faults: &mut Vec<Diagnostic>) -> Self {
        faults.push(fault.fixed());
        Self(())
    }
}

/// Fixes those `faults` that tell of words that their author meant to hide and that would be published.
pub(super) fn fix_comments(faults: &mut [Diagnostic]) {
    for fault in faults.iter_mut().filter(|fault| fault.code == Code::CommentUnclosed) {
        fault.fixed = true;
    }
}

/// Fixes the errors among `faults`: what they are in cannot be read as it was meant.
pub(super) fn fix_errors(faults: &mut [Diagnostic]) {
    for fault in faults.iter_mut().filter(|fault| fault.severity == Severity::Error) {
        fault.fixed = true;
    }
}
