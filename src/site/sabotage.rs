//! Faults that tests put in on purpose into what is taken over from the snapshot before: a property that does not notice them
//! is worth nothing.

use std::cell::Cell;

/// One of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sabotage {
    /// A link to a heading is not looked at again when the text with the heading is another.
    ForgetOtherTexts,
    /// Lists stay as they were while the structure below them does: what has another title stays where it stood.
    LeaveInPlace,
    /// Images of links stay those of the titles before.
    KeepCards,
}

thread_local! {
    static NOW: Cell<Option<Sabotage>> = const { Cell::new(None) };
}

/// Puts a fault into the snapshots that this thread makes, or takes it out.
pub(crate) fn put_in(sabotage: Option<Sabotage>) {
    NOW.set(sabotage);
}

/// Whether this fault is put in.
pub(crate) fn is(sabotage: Sabotage) -> bool {
    NOW.get() == Some(sabotage)
}
