//! `[budgets]`: what a page may weigh. Settings are in kilobytes of 1,024 bytes, what is kept is in bytes.

use super::layers::Layers;
use crate::diagnostic::Diagnostic;

/// What a page may weigh, in bytes; `None` where nobody said.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Budgets {
    /// Its HTML, as it is read.
    pub(crate) html: Option<usize>,
    /// Its HTML and its stylesheets, as they are sent: compressed with gzip.
    pub(crate) page: Option<usize>,
    /// The same for a page of a list.
    pub(crate) list: Option<usize>,
    /// The scripts that it names, as they are sent.
    pub(crate) scripts: Option<usize>,
}

impl Budgets {
    /// Whether it must be known how much is sent.
    pub(crate) fn ask_what_is_sent(&self) -> bool {
        self.page.or(self.list).or(self.scripts).is_some()
    }
}

/// The table as it is set.
pub(super) fn read(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Budgets {
    let mut bytes = |name| table.count(name, faults).map(|kilobytes| kilobytes.saturating_mul(1_024));
    let budgets = Budgets {
        html: bytes("page_html_kb"),
        page: bytes("page_kb"),
        list: bytes("list_kb"),
        scripts: bytes("scripts_kb"),
    };
    table.finish(faults);
    budgets
}
