//! What the preview knows at this moment: the last revision and the last verdict.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::ZonedDateTime;

use super::revision::{Lens, Revision};
use crate::diagnostic::Diagnostic;
use crate::path::Address;
use crate::source::Tree;

/// How many revisions with changed files are remembered for a tab that was away.
const REMEMBERED: usize = 100;

/// What the server answers from. A new state replaces the old one; none is ever changed.
#[derive(Clone)]
pub(crate) struct ServerState {
    /// Names this run of the program, so that a tab from an earlier run is recognised.
    pub(super) run: Arc<str>,
    pub(crate) revision: Arc<Revision>,
    /// The verdict on the last revision that was judged.
    pub(crate) verdict: Option<Arc<Verdict>>,
    /// Published files that have changed, by revision.
    files: VecDeque<(u64, Vec<Address>)>,
}

/// The faults of a site, and the sources that they refer to.
pub(crate) struct Verdict {
    pub(crate) faults: Vec<Diagnostic>,
    pub(crate) tree: Arc<Tree>,
}

impl ServerState {
    /// The first state of a run.
    pub(crate) fn new(run: &str, revision: Revision) -> Self {
        Self { run: run.into(), revision: Arc::new(revision), verdict: None, files: VecDeque::new() }
    }

    /// The state with a new revision.
    pub(crate) fn next(&self, revision: Revision) -> Self {
        let mut next = self.clone();
        if !revision.files.is_empty() {
            next.files.push_back((revision.number, revision.files.clone()));
            if next.files.len() > REMEMBERED {
                next.files.pop_front();
            }
        }
        next.revision = Arc::new(revision);
        next
    }

    /// The state with a verdict on its revision.
    pub(crate) fn judged(&self, verdict: Verdict) -> Self {
        Self { verdict: Some(Arc::new(verdict)), ..self.clone() }
    }

    /// The published files that have changed since the revision `seen`.
    pub(super) fn files_since(&self, seen: u64) -> Vec<&Address> {
        self.files.iter().filter(|(number, _)| *number > seen).flat_map(|(_, files)| files).collect()
    }

    /// The moment of a view, in the site's zone.
    pub(super) fn now(&self, lens: Lens) -> Option<ZonedDateTime> {
        let zone = self.revision.sources()?.config.timezone.clone();
        let moment = match lens {
            Lens::AsOf(moment) => moment,
            Lens::Everything | Lens::Published => self.revision.now(),
        };
        Some(moment.to_zoned_datetime(zone))
    }
}
