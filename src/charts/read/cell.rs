//! One number of a data file, found by the names of its row and its column; what cannot be read is reported at its place.
//!
//! Only that row matters: a number that nobody quotes need not be legible.

use std::ops::Range;

use super::{Columns, Reader, Row, Said, Sheet, row, text};
use crate::charts::Kind;
use crate::data::{Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Found, Span, nearest};
use crate::path::SitePath;

/// Which number is asked for.
pub(crate) struct Cell<'a> {
    /// What stands in the first column of its row.
    pub(crate) row: (&'a str, Range<usize>),
    /// The name of its column; needed if there are several beside the first.
    pub(crate) column: Said<'a>,
    /// The file that asks, and where in it.
    pub(crate) text: &'a SitePath,
    pub(crate) at: Range<usize>,
}

/// The number, and how many decimals it has; `None` if it cannot be read.
pub(crate) fn cell(sheet: Sheet<'_>, asked: &Cell<'_>) -> Found<Option<(f64, usize)>> {
    let columns = Columns {
        kind: Kind::Bar,
        x: None,
        y: asked.column.clone(),
        highlight: None,
        text: asked.text,
        at: asked.at.clone(),
    };
    let mut reader = Reader { sheet, asked: &columns, faults: Vec::new() };
    let read = reader.quoted(asked);
    let is_whole = reader.faults.is_empty();
    Found::new(read.filter(|_| is_whole), reader.faults)
}

impl<'a> Reader<'a> {
    fn quoted(&mut self, asked: &Cell<'_>) -> Option<(f64, usize)> {
        let rows: Vec<Row<'a>> = match &self.sheet.rows.kind {
            RawKind::List(rows) => rows.iter().filter_map(row).collect(),
            _ => Vec::new(),
        };
        let file = self.sheet.file.name();
        let Some(widest) = rows.iter().max_by_key(|row| row.len()).filter(|row| !row.is_empty()) else {
            let message = format!("there are no numbers in `{file}`");
            self.about_chart(&message, "write a row for each number below the names of the columns");
            return None;
        };
        let names: Vec<&'a str> = widest.iter().map(|(key, _)| key.name.as_str()).collect();
        self.refuse_secrets(&rows, &names);
        let first = names[0];
        let others: Vec<&'a str> = names[1..].to_vec();
        let column = match (&self.asked.y, others.as_slice()) {
            (Some((name, place)), _) => self.column(&names, name, place)?,
            (None, [only]) => *only,
            (None, []) => {
                let message = format!("there is no column of numbers in `{file}` beside the names of the rows");
                self.about_chart(&message, "write the numbers into a second column");
                return None;
            }
            (None, several) => {
                let known: Vec<String> = several.iter().take(12).map(|name| format!("`{name}`")).collect();
                let message = format!("`{file}` has several columns of numbers, and this does not say which is meant");
                self.about_chart(&message, &format!("name it in `column`; there are {}", known.join(", ")));
                return None;
            }
        };
        let raw = self.cell_of(&rows, first, column, &asked.row)?;
        let mut decimals = 0;
        let before = self.faults.len();
        let value = self.value_of(raw, column, &mut decimals);
        if value.is_none() && self.faults.len() == before {
            let message = format!("nothing is known in the column `{column}` of the row `{}`", asked.row.0);
            self.about_cell(&message, raw.span.clone(), "write the number here, or quote another one");
        }
        value.map(|value| (value, decimals))
    }

    /// The cell in the row of that name.
    fn cell_of(
        &mut self,
        rows: &[Row<'a>],
        first: &str,
        column: &str,
        (name, place): &(&str, Range<usize>),
    ) -> Option<&'a Raw> {
        let label = |row: &Row<'a>| row.iter().find(|(key, _)| key.name == first).map(|(_, raw)| (text(raw), raw));
        let labels: Vec<(String, &'a Raw, Row<'a>)> =
            rows.iter().filter_map(|row| label(row).map(|(label, raw)| (label, raw, *row))).collect();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let same = |exact: bool| {
            let is_it = |label: &str| if exact { label == name } else { label.to_lowercase() == name.to_lowercase() };
            labels.iter().filter(|(label, ..)| is_it(label)).collect::<Vec<_>>()
        };
        let mut found = same(true);
        if found.is_empty() {
            found = same(false);
        }
        match found.as_slice() {
            [] => {
                let file = self.sheet.file.name();
                let known = || labels.iter().map(|(label, ..)| label.as_str()).filter(|label| !label.is_empty());
                let help = match nearest(&name, known()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        let some: Vec<String> = known().take(8).map(|label| format!("`{label}`")).collect();
                        format!("write what stands in its first column, `{first}`, such as {}", some.join(", "))
                    }
                };
                let fault = Diagnostic::new(Code::ChartData, format!("`{file}` has no row `{name}`"));
                self.faults.push(fault.at(self.asked.text, place.clone()).help(help));
                None
            }
            [(_, _, row)] => {
                let cell = row.iter().find(|(key, _)| key.name == column).map(|(_, raw)| raw);
                if cell.is_none() {
                    let at = row.first().map_or(0..0, |(_, raw)| raw.span.clone());
                    self.about_cell(
                        &format!("this row has nothing in the column `{column}`"),
                        at,
                        "write the number here, or quote another one",
                    );
                }
                cell
            }
            [(label, first, _), (_, second, _), ..] => {
                let fault = Diagnostic::new(Code::ChartData, format!("two rows are called `{label}`"))
                    .at(self.sheet.file, second.span.clone())
                    .label(Span::new(self.sheet.file, first.span.clone()), "it is first written here")
                    .help("give each row a name of its own, so that it is clear which one is quoted");
                self.faults.push(fault);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data;

    fn quoted(csv: &str, row: &str, column: &str) -> Result<(f64, usize), String> {
        let file = SitePath::new("content/spend.csv").expect("a path");
        let rows = data::csv(&file, csv, 0).value;
        let sheet = Sheet { file: &file, rows: &rows, separator: data::separator(csv) };
        let column = (!column.is_empty()).then_some((column, 0..0));
        let found = cell(sheet, &Cell { row: (row, 0..0), column, text: &file, at: 0..0 });
        found.value.ok_or_else(|| found.faults[0].message.clone())
    }

    #[test]
    fn a_number_is_found_by_the_names_of_its_row_and_column() {
        let csv = "where,share,sum\nTown,38.5,\"1,200\"\nRest of  the region,n/a,x\nAbroad,odd,3\n";
        assert_eq!(quoted(csv, "Town", "share"), Ok((38.5, 1)));
        assert_eq!(quoted(csv, " town", "SUM"), Ok((1200.0, 0)));
        assert_eq!(quoted(csv, "Abroad", "sum"), Ok((3.0, 0)));
        assert_eq!(quoted("year;share\n2024;12,5\n", "2024", ""), Ok((12.5, 1)));
        for (row, column, message) in [
            ("Twn", "share", "`spend.csv` has no row `Twn`"),
            ("Town", "shar", "`spend.csv` has no column `shar`"),
            ("Town", "", "`spend.csv` has several columns of numbers, and this does not say which is meant"),
            ("Rest of the region", "share", "nothing is known in the column `share` of the row `Rest of the region`"),
            ("Abroad", "share", "the column `share` holds numbers, but this is `odd`"),
        ] {
            assert_eq!(quoted(csv, row, column), Err(message.to_owned()));
        }
        assert_eq!(quoted("a,b\nx,1\nx,2\n", "x", "b"), Err("two rows are called `x`".to_owned()));
        let secret = "where,share,status\nTown,38,published\nRegion,40,draft\n";
        assert!(quoted(secret, "Town", "share").is_err_and(|message| message.contains("not public")));
    }
}
