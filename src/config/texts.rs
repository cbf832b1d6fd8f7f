//! `[markdown]`: how texts are read.

use super::layers::Layers;
use crate::diagnostic::Diagnostic;
use crate::markdown::{HtmlPolicy, Options};

/// Reads the table.
pub(super) fn read(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Options {
    let policies = [("allow", HtmlPolicy::Allow), ("sanitise", HtmlPolicy::Sanitise), ("escape", HtmlPolicy::Escape)];
    let options = Options {
        extensions: true,
        smart_punctuation: table.flag("smart_punctuation", true, faults),
        html: table.choice("html", &policies, HtmlPolicy::Sanitise, faults),
    };
    table.finish(faults);
    options
}
