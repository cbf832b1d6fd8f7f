//! The name of a data file in an entry → its rows, or what is wrong with it.
//!
//! The file goes through `links` like any other, so it is public only with the page that names it.

use std::ops::Range;

use super::entry_checks::{Check, Finding};
use super::links::LinkTo;
use crate::content::old_character_set;
use crate::data;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::path::SitePath;
use crate::source::Content;

/// The rows of the file that `from` calls `name` at `place`, and what divides their cells.
pub(super) fn of_file(
    check: &Check<'_>,
    from: &SitePath,
    name: &str,
    place: Range<usize>,
    finding: &mut Finding,
) -> Option<(SitePath, (data::Raw, char))> {
    // A file that is not there, or that readers may not have, is reported with the other links.
    let LinkTo::File(path, _) = check.reach.link(check.ix, from, name)? else { return None };
    let file = check.reach.tree.get(&path)?;
    let wrong = |message: String| Diagnostic::new(Code::ChartData, message).at(from, place.clone());
    let text = match &file.content {
        Content::Text(text) if matches!(path.ending().as_str(), "csv" | "tsv") => text.clone(),
        Content::NotText(bytes) => {
            finding.faults.push(old_character_set(file, bytes));
            return None;
        }
        _ => {
            let fault = wrong(format!("`{}` is not a table of numbers", path.name()));
            finding.faults.push(fault.help("save it from the spreadsheet as CSV (UTF-8)"));
            return None;
        }
    };
    let begin = text.len() - text.trim_start_matches('\u{feff}').len();
    if text[begin..].trim().is_empty() {
        let fault = wrong(format!("`{}` is empty", path.name()));
        finding.faults.push(fault.help("write the names of its columns in the first line, and a row for each number"));
        return None;
    }
    let read = data::csv(&path, &text[begin..], begin);
    let is_whole = read.faults.iter().all(|fault| fault.severity != Severity::Error);
    let separator = data::separator(&text[begin..]);
    let raw = read.into_value(&mut finding.faults);
    is_whole.then_some((path, (raw, separator)))
}
