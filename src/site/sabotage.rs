//! Faults that tests put into what is taken over from the snapshot before: a property that does not notice them is worthless.

use std::cell::Cell;
use std::sync::Arc;

use super::arrangement::Arrangement;

/// A fault put in on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sabotage {
    /// A link to a heading is not checked again when the text with the heading changes.
    ForgetOtherTexts,
    /// Lists keep their order while their members are the same: an entry with a new title stays where it was.
    LeaveInPlace,
    /// Share images keep the earlier titles.
    KeepCards,
}

thread_local! {
    static NOW: Cell<Option<Sabotage>> = const { Cell::new(None) };
}

/// Puts a fault into the snapshots that this thread makes, or removes it.
pub(crate) fn put_in(sabotage: Option<Sabotage>) {
    NOW.set(sabotage);
}

/// Whether this fault is put in.
pub(crate) fn is(sabotage: Sabotage) -> bool {
    NOW.get() == Some(sabotage)
}

/// `made`, or the arrangement `before` if lists are to keep their order while their members are the same.
pub(super) fn arranged(made: Arc<Arrangement>, before: Option<&Arc<Arrangement>>) -> Arc<Arrangement> {
    match before.filter(|before| is(Sabotage::LeaveInPlace) && Arc::ptr_eq(&before.skeleton, &made.skeleton)) {
        Some(before) => before.clone(),
        None => made,
    }
}
