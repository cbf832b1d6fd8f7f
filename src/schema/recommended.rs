//! Fields and their values → advice: what readers would look for but is missing.

use std::ops::Range;

use super::{Field, Fields, Values};
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::Doc;
use crate::path::SitePath;

/// The recommended fields that the author stated neither as a field nor in a block of the text that can replace it.
pub(crate) fn recommended(
    fields: &Fields,
    values: &Values,
    text: Option<&Doc>,
    file: &SitePath,
    at: &Range<usize>,
) -> Vec<Diagnostic> {
    let missing = |field: &&Field| {
        field.recommended_if.as_ref().is_some_and(|condition| condition.holds(values))
            && !values.contains_key(&field.name)
            && !field
                .instead
                .as_ref()
                .is_some_and(|block| text.is_some_and(|doc| doc.directives.iter().any(|one| one.name == *block)))
    };
    fields
        .values()
        .filter(missing)
        .map(|field| {
            let fault =
                Diagnostic::new(Code::MissingRecommended, format!("readers would look for `{}` here", field.name));
            let fault = fault.at(file, at.clone());
            match (&field.help, &field.instead) {
                (Some(help), Some(block)) => {
                    fault.help(format!("{help}; a block `:::{block}` in the text will do too"))
                }
                (Some(help), None) => fault.help(help.clone()),
                (None, _) => fault.help("add it if you can"),
            }
        })
        .collect()
}
