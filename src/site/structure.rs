//! Facts of entries + settings + a moment → the structure of a snapshot: identities, addresses, and what leads to what.
//!
//! Each step is a value made from those before it: identities → addresses → references. Facts show neither words nor places in
//! files, so editing a title, a summary or a text does not change the structure.

use super::addresses::{Addresses, addresses};
use super::identities::{Basis, Identities, identities};
use super::references::{References, references};
use super::visibility::Asked;
use crate::content::Facts;
use crate::diagnostic::Found;

/// Everything that the text of one entry can find out about the others.
#[derive(PartialEq, Debug)]
pub(super) struct Structure {
    pub(super) identities: Identities,
    pub(super) addresses: Addresses,
    pub(super) references: References,
}

/// The structure of the entries with these facts.
pub(super) fn structure(facts: Facts<'_>, asked: Asked<'_>) -> Found<Structure> {
    let identities = identities(facts, asked);
    let known = Basis { facts, asked, identities: &identities };
    let addresses = addresses(known);
    let references = references(known, &addresses.value);
    Found::new(Structure { addresses: addresses.value, references, identities }, addresses.faults)
}

impl Structure {
    /// What is known of the entries with these facts, whose structure this is.
    pub(super) fn basis<'a>(&'a self, facts: Facts<'a>, asked: Asked<'a>) -> Basis<'a> {
        Basis { facts, asked, identities: &self.identities }
    }
}
