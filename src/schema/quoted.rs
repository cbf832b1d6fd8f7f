//! The fields of a number that stands in a data file: which file, row and column, and the unit.

use std::sync::OnceLock;

use super::types::plain_field;
use super::{Fields, Type};

pub(crate) const DATA: &str = "data";
pub(crate) const ROW: &str = "row";
pub(crate) const COLUMN: &str = "column";
pub(crate) const UNIT: &str = "unit";

/// The fields of such a number, as of any group.
pub(crate) fn fields() -> &'static Fields {
    static FIELDS: OnceLock<Fields> = OnceLock::new();
    FIELDS.get_or_init(|| {
        let parts = [
            (DATA, Type::File, true, "the CSV file that the number is in"),
            (ROW, Type::Text, true, "the row, by what stands in its first column"),
            (COLUMN, Type::Text, false, "the column, by its name in the first line"),
            (UNIT, Type::Text, false, "what stands with the number, such as % or £m"),
        ];
        let field = |(name, ty, required, help): (&str, Type, bool, &str)| {
            let mut field = plain_field(name, ty);
            field.required = required;
            field.help = Some(help.to_owned());
            (field.name.clone(), field)
        };
        parts.into_iter().map(field).collect()
    })
}
