//! Heads of entries + settings + a moment → the structure of a snapshot: identities, addresses, and what leads to what.
//!
//! Each step is a value made from those before it: identities → addresses → references. None holds a word that readers see or
//! a place in a file, so editing a title, a summary or a text leaves the structure equal.

use super::addresses::{Addresses, addresses};
use super::identities::{Basis, Identities, identities};
use super::references::{References, Slip, references};
use super::visibility::Asked;
use crate::content::Heads;
use crate::diagnostic::Diagnostic;

/// Everything that the text of one entry can find out about the others.
#[derive(PartialEq, Debug)]
pub(super) struct Structure {
    pub(super) identities: Identities,
    pub(super) addresses: Addresses,
    pub(super) references: References,
}

/// The structure of the entries with these heads, and its faults.
pub(super) fn structure(heads: Heads<'_>, asked: Asked<'_>) -> (Structure, Vec<Diagnostic>, Vec<Slip>) {
    let identities = identities(heads, asked);
    let known = Basis { heads, asked, identities: &identities };
    let addresses = addresses(known);
    let (references, slips) = references(known, &addresses.value);
    (Structure { addresses: addresses.value, references, identities }, addresses.faults, slips)
}

impl Structure {
    /// What is known of the entries with these heads, whose structure this is.
    pub(super) fn basis<'a>(&'a self, heads: Heads<'a>, asked: Asked<'a>) -> Basis<'a> {
        Basis { heads, asked, identities: &self.identities }
    }
}
