//! Faults of many cells of one column of a spreadsheet → one fault of the column, with their number and the first places.
//!
//! Each cell has its fault until here, since what is wrong with a row matters less while the row is not public.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::data::{self, RawKind};
use crate::diagnostic::{Code, Diagnostic, Fix, Severity, Span};
use crate::path::SitePath;
use crate::source::Tree;

/// With more faults than this, a column is told of as a whole.
const MANY: usize = 3;

/// What the faults of one column have in common.
type Kind = (SitePath, Code, Severity, bool, bool, String);

/// Gathers `faults`, which are in order; those of other files stay as they are.
pub(super) fn gather(faults: Vec<Diagnostic>, tree: &Tree) -> Vec<Diagnostic> {
    let mut of_file: BTreeMap<SitePath, usize> = BTreeMap::new();
    for span in faults.iter().filter_map(sheet) {
        *of_file.entry(span.file.clone()).or_default() += 1;
    }
    of_file.retain(|_, count| *count > MANY);
    if of_file.is_empty() {
        return faults;
    }
    let columns: BTreeMap<SitePath, Columns<'_>> =
        of_file.into_keys().filter_map(|file| Some((file.clone(), Columns::of(&file, tree)?))).collect();
    let kind = |fault: &Diagnostic| -> Option<Kind> {
        let span = sheet(fault)?;
        // What belongs to a row and not to a cell begins where the row does, and is the same if it says the same.
        let is_of_row =
            fault.code == Code::MissingField || fault.code == Code::CsvSyntax && fault.severity == Severity::Error;
        let column = columns.get(&span.file)?.at(span.start).filter(|_| !is_of_row);
        let what = column.map_or_else(|| format!("\0{}", fault.message), str::to_owned);
        Some((span.file.clone(), fault.code, fault.severity, fault.is_binding, fault.known, what))
    };
    let kinds: Vec<Option<Kind>> = faults.iter().map(kind).collect();
    let mut gathered: BTreeMap<&Kind, Vec<&Diagnostic>> = BTreeMap::new();
    for (kind, fault) in kinds.iter().zip(&faults) {
        if let Some(kind) = kind {
            gathered.entry(kind).or_default().push(fault);
        }
    }
    gathered.retain(|_, all| all.len() > MANY);
    let mut out = Vec::with_capacity(faults.len());
    for (kind, fault) in kinds.iter().zip(&faults) {
        match kind.as_ref().and_then(|kind| Some((kind, gathered.get(kind)?))) {
            Some((kind, all)) if std::ptr::eq(all[0], fault) => out.push(as_one(&kind.5, all, &columns[&kind.0])),
            Some(_) => {}
            None => out.push(fault.clone()),
        }
    }
    out
}

/// The place of a fault in a spreadsheet.
fn sheet(fault: &Diagnostic) -> Option<&Span> {
    fault
        .span
        .as_ref()
        .filter(|span| !span.whole_file() && span.file.ending() == "csv" && span.file.below("content").is_some())
}

/// One fault for all of these, which have the same kind.
fn as_one(column: &str, all: &[&Diagnostic], columns: &Columns<'_>) -> Diagnostic {
    let mut one = all[0].clone();
    let number = all.len();
    let is_same = all.iter().all(|fault| fault.message == one.message);
    one.message = match (column.strip_prefix('\0'), one.code) {
        (None, Code::DanglingReference) => {
            let mut names: Vec<&str> = Vec::new();
            for fault in all {
                let name = fault.span.as_ref().map_or("", |span| columns.text(span));
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let shown: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
            let more = names.len().saturating_sub(shown.len());
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            format!("the column `{column}` names what is not there, in {number} cells: {}{more}", shown.join(", "))
        }
        (Some(_), _) => format!("{}, in {number} rows", one.message),
        (None, _) if is_same => format!("{}, in {number} cells of the column `{column}`", one.message),
        (None, _) => format!("{number} cells of the column `{column}` have this fault; the first: {}", one.message),
    };
    let places = all.iter().skip(1).take(2).filter_map(|fault| fault.span.clone());
    one.labels.extend(places.map(|span| (span, "and here".to_owned())));
    let fixes: Vec<&Fix> = all.iter().filter_map(|fault| fault.fix.as_ref()).collect();
    one.fix = fixes.first().map(|first| Fix {
        label: first.label.clone(),
        splices: fixes.iter().flat_map(|fix| fix.splices.clone()).collect(),
    });
    one.count = 1;
    one
}

/// The cells of a spreadsheet, in order, with the names of their columns.
struct Columns<'a> {
    cells: Vec<(Range<usize>, String)>,
    text: &'a str,
}

impl<'a> Columns<'a> {
    fn of(file: &SitePath, tree: &'a Tree) -> Option<Self> {
        let text = tree.get(file)?.text()?;
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let raw = data::csv(file, body, text.len() - body.len()).value;
        let RawKind::List(rows) = raw.kind else { return None };
        let mut cells = Vec::new();
        for row in rows {
            if let RawKind::Table(table) = row.kind {
                cells.extend(
                    table
                        .into_iter()
                        .filter(|(_, cell)| cell.kind != RawKind::Null)
                        .map(|(key, cell)| (cell.span, key.name)),
                );
            }
        }
        Some(Self { cells, text })
    }

    /// The column of the cell that has the byte `at`, unless that begins a row.
    fn at(&self, at: usize) -> Option<&str> {
        let n = self.cells.partition_point(|(span, _)| span.start <= at).checked_sub(1)?;
        let (span, name) = &self.cells[n];
        span.contains(&at).then_some(name.as_str())
    }

    fn text(&self, span: &Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or("").trim_matches('"')
    }
}
