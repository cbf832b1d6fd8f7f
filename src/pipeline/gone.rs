//! Faults of which one missing text is the cause, in several files → no corrections: nobody makes one slip in several files, so what they
//! name was deleted or renamed, and is not what it looks like.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::path::SitePath;

/// Takes the corrections from those faults, and says what to do.
pub(super) fn mend_in_one_go(faults: &mut [Diagnostic]) {
    let mut files: BTreeMap<&str, BTreeSet<&SitePath>> = BTreeMap::new();
    for fault in faults.iter() {
        if let (Some(missing), Some(span)) = (&fault.missing, &fault.span) {
            files.entry(missing).or_default().insert(&span.file);
        }
    }
    let several: BTreeSet<String> =
        files.into_iter().filter(|(_, files)| files.len() > 1).map(|(missing, _)| missing.to_owned()).collect();
    let is_gone = |fault: &&mut Diagnostic| fault.missing.as_ref().is_some_and(|missing| several.contains(&**missing));
    for fault in faults.iter_mut().filter(is_gone) {
        fault.fix = None;
        let now = match fault.message.split_once("; did you mean ") {
            Some((message, meant)) => {
                let now = format!(", perhaps {}", meant.trim_end_matches('?'));
                fault.message = message.to_owned();
                now
            }
            None => String::new(),
        };
        // An address that was published has its own advice, which keeps it alive.
        if fault.code != Code::AddressLost {
            fault.help = Some(format!(
                "several files name it: if it was deleted, take it out of each; if it has another name now{now}, write that"
            ));
        }
    }
}
