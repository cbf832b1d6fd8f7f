//! `[budgets]`: how heavy a page may be. The settings are in kilobytes of 1,024 bytes, the values here in bytes.

use super::layers::Layers;
use crate::diagnostic::Diagnostic;

/// How heavy a page may be, in bytes; `None` where no limit is set.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Budgets {
    /// The HTML, uncompressed.
    pub(crate) html: Option<usize>,
    /// The HTML and stylesheets as sent: compressed with gzip.
    pub(crate) page: Option<usize>,
    /// The same for a page of a list.
    pub(crate) list: Option<usize>,
    /// The scripts the page names, as sent.
    pub(crate) scripts: Option<usize>,
}

impl Budgets {
    /// Whether any limit needs the size as sent.
    pub(crate) fn ask_what_is_sent(&self) -> bool {
        self.page.or(self.list).or(self.scripts).is_some()
    }
}

/// Reads the table.
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
