//! The numbers of data files that an entry's fields quote → the numbers, each with the place that names it.
//!
//! The file is public with the entry, as everything that it names; while it may not be, there is no number. Not here: how a
//! number is written, which depends on the language of its readers.

use std::sync::Arc;

use super::Ix;
use super::entry_checks::{Check, Finding};
use super::sheets;
use crate::charts::{self, Cell, Sheet};
use crate::path::SitePath;
use crate::schema::{Fields, Placed, Type, Value, Values, quoted};

/// A number of a data file that a field quotes.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Statistic {
    /// The file of the field, and where its value begins.
    file: SitePath,
    at: usize,
    pub(crate) value: f64,
    /// How many decimals it has in the data.
    pub(crate) decimals: usize,
    pub(crate) unit: Arc<str>,
}

/// Reads the numbers that the fields of an entry quote, and reports what is wrong with them.
pub(super) fn check(check: &Check<'_>, finding: &mut Finding) {
    let Check { entry, reach, .. } = *check;
    let mut found = Vec::new();
    let declared = &reach.config.collections[&entry.id.collection].fields;
    for (name, placed) in &entry.values {
        let Some(field) = declared.get(name) else { continue };
        let before = finding.faults.len();
        of_value(check, entry.file_of(name), &field.ty, placed, &mut found, finding);
        // What a translation has from its original is reported there.
        if entry.stated_value(name).is_none() {
            finding.faults.truncate(before);
        }
    }
    finding.statistics = found.into();
}

fn of_value(
    check: &Check<'_>,
    file: &SitePath,
    ty: &Type,
    placed: &Placed,
    found: &mut Vec<Statistic>,
    finding: &mut Finding,
) {
    match (ty, &placed.value) {
        (Type::Statistic, Value::Record(fields)) => found.extend(statistic(check, file, placed, fields, finding)),
        (Type::List(inner), Value::List(items)) => {
            items.iter().for_each(|item| of_value(check, file, inner, item, found, finding));
        }
        (Type::Record(declared), Value::Record(fields)) => of_fields(check, file, declared, fields, found, finding),
        (Type::Either(choices), _) => {
            choices.iter().for_each(|choice| of_value(check, file, choice, placed, found, finding));
        }
        _ => {}
    }
}

fn of_fields(
    check: &Check<'_>,
    file: &SitePath,
    declared: &Fields,
    values: &Values,
    found: &mut Vec<Statistic>,
    finding: &mut Finding,
) {
    for (name, placed) in values {
        if let Some(field) = declared.get(name) {
            of_value(check, file, &field.ty, placed, found, finding);
        }
    }
}

fn statistic(
    check: &Check<'_>,
    file: &SitePath,
    placed: &Placed,
    fields: &Values,
    finding: &mut Finding,
) -> Option<Statistic> {
    let said = |name: &str| {
        let Placed { value, span } = fields.get(name)?;
        match value {
            Value::Text(text) | Value::File(text) if !text.is_empty() => Some((&**text, span.clone())),
            _ => None,
        }
    };
    // If one of them is missing, it has been reported with the other fields.
    let ((name, place), row) = (said(quoted::DATA)?, said(quoted::ROW)?);
    let (path, (rows, separator)) = sheets::of_file(check, file, name, place, finding)?;
    let asked = Cell { row, column: said(quoted::COLUMN), text: file, at: placed.span.clone() };
    let read = charts::cell(Sheet { file: &path, rows: &rows, separator }, &asked);
    if read.faults.iter().any(|fault| fault.is_binding) {
        finding.files.retain(|(known, _)| *known != path);
    }
    let (value, decimals) = read.into_value(&mut finding.faults)?;
    let unit = said(quoted::UNIT).map_or_else(|| Arc::from(""), |(unit, _)| Arc::from(unit));
    Some(Statistic { file: file.clone(), at: placed.span.start, value, decimals, unit })
}

impl super::Site {
    /// The number that the field at this place quotes; `None` if it cannot be read, or readers may not have its file.
    pub(crate) fn statistic(&self, ix: Ix, file: &SitePath, at: usize) -> Option<&Statistic> {
        let finding = self.findings[ix.0 as usize].as_ref()?;
        finding.statistics.iter().find(|one| one.at == at && one.file == *file)
    }
}
