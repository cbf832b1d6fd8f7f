//! Faults → whether they leave open who may see the content they are in.
//!
//! What may be secret stays secret, and never silently: a [`Doubt`] comes only from a fault that is shown whatever the
//! settings say.

use crate::diagnostic::{Code, Diagnostic, Severity};

/// Why something is hidden though nobody asked for that. There is a binding fault for each doubt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Doubt(());

impl Doubt {
    /// The doubt that `faults` leave, if one of them is binding. What lacks a part of its address is hidden even if that is only
    /// a warning, since the rest can be published without it.
    pub(super) fn of(faults: &[Diagnostic]) -> Option<Self> {
        let hides = |fault: &Diagnostic| fault.severity == Severity::Error || fault.code == Code::MissingField;
        faults.iter().any(|fault| fault.is_binding && hides(fault)).then_some(Self(()))
    }

    /// The doubt that `fault` leaves; `fault` is added to `faults` as a binding one.
    pub(super) fn because(fault: Diagnostic, faults: &mut Vec<Diagnostic>) -> Self {
        faults.push(fault.binding());
        Self(())
    }
}

/// Makes those `faults` binding that report words which the author meant to hide and which would be published.
pub(super) fn bind_comments(faults: &mut [Diagnostic]) {
    for fault in faults.iter_mut().filter(|fault| fault.code == Code::CommentUnclosed) {
        fault.is_binding = true;
    }
}

/// Makes the errors among `faults` binding: what they are in cannot be read as it was meant.
pub(super) fn bind_errors(faults: &mut [Diagnostic]) {
    for fault in faults.iter_mut().filter(|fault| fault.severity == Severity::Error) {
        fault.is_binding = true;
    }
}
