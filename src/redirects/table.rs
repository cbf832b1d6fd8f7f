//! `redirects.csv` → the former addresses in it, whatever a spreadsheet or another program calls its columns; and a new line for it.

use super::former::{former, wildcard};
use super::written::{bad_from, target};
use super::{By, Redirect, cell};
use crate::content::old_character_set;
use crate::data::{self, Raw, RawKind, Table};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::SitePath;
use crate::site::Site;
use crate::source::Content;

/// The table of former addresses from another site.
pub(crate) const TABLE: &str = "redirects.csv";

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Column {
    From,
    To,
    Note,
    /// The kind of redirect, as a number: all are permanent here.
    Status,
}

/// What columns are called here and by the programs that such tables come from.
const COLUMNS: &[(Column, &[&str])] = &[
    (
        Column::From,
        &["from", "old", "oldurl", "oldaddress", "source", "sourceurl", "redirectfrom", "fromurl", "requesturl"],
    ),
    (Column::To, &["to", "new", "newurl", "newaddress", "target", "targeturl", "destination", "redirectto", "tourl"]),
    (Column::Note, &["note", "notes", "comment", "comments", "remark", "remarks"]),
    (Column::Status, &["status", "statuscode", "code", "httpcode", "type"]),
];

/// What the column called `name` holds.
fn meaning(name: &str) -> Option<Column> {
    if name.contains(['/', '?']) {
        return None;
    }
    let bare: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    COLUMNS.iter().find(|(_, names)| names.contains(&&*bare)).map(|(column, _)| *column)
}

/// Whether a cell of the first line is an address, so that the line is a redirect and names no columns.
fn is_address(text: &str) -> bool {
    text.contains('/') || text.starts_with("index.php?")
}

/// The lines of `redirects.csv`.
pub(super) fn table(site: &Site, all: &mut Vec<Redirect>, faults: &mut Vec<Diagnostic>) {
    let Some(file) = site.tree.named(TABLE) else { return };
    let text = match &file.content {
        Content::Text(text) => text,
        Content::NotText(bytes) => return faults.push(old_character_set(file, bytes)),
        Content::Opaque(..) => return,
    };
    let body = text.trim_start_matches('\u{feff}');
    if body.trim().is_empty() {
        return;
    }
    let start = text.len() - body.len();
    if let Some(fault) = without_columns(&file.path, body, start) {
        return faults.push(fault);
    }
    let raw = data::csv(&file.path, body, start).into_value(faults);
    let RawKind::List(rows) = &raw.kind else { return };
    check_columns(&file.path, rows, &raw, faults);
    for row in rows {
        if let Some(one) = row_of(site, &file.path, row, faults) {
            all.push(one);
        }
    }
}

/// The fault that the first line is a redirect already: with a line above it, all are read.
fn without_columns(file: &SitePath, body: &str, start: usize) -> Option<Diagnostic> {
    let (header, separator) = header(body)?;
    let cells: Vec<&str> = header.split(separator).map(bare).collect();
    if !cells.iter().any(|cell| is_address(cell)) || cells.iter().any(|cell| is_column_of_addresses(cell)) {
        return None;
    }
    let at = start + (header.as_ptr() as usize - body.as_ptr() as usize);
    let further: String = cells.get(2..).unwrap_or_default().iter().map(|_| format!("{separator}note")).collect();
    let line = format!("from{separator}to{further}");
    let message = format!("the first line of {TABLE} is a redirect; it should name the columns");
    Some(
        Diagnostic::new(Code::MissingField, message)
            .at(file, at..at + header.len())
            .help(format!("put this line above it: `{line}`")),
    )
}

fn is_column_of_addresses(name: &str) -> bool {
    matches!(meaning(name), Some(Column::From | Column::To))
}

/// The first line that holds something, and the separator of its cells.
fn header(body: &str) -> Option<(&str, char)> {
    let is_stated =
        |line: &str| line.trim_matches(['"', ' ']).get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sep="));
    let line = body.lines().find(|line| !line.trim().is_empty() && !is_stated(line))?;
    Some((line, data::separator(body)))
}

/// A cell without its quotation marks.
fn bare(cell: &str) -> &str {
    cell.trim().trim_matches('"').trim()
}

/// The former addresses of a table and where they lead, as written: for tables of other programs.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let file = SitePath::root();
    let read = data::csv(&file, text, 0).value;
    let RawKind::List(rows) = read.kind else { return Vec::new() };
    let cell = |row: &Raw, wanted: Column| match &row.kind {
        RawKind::Table(cells) => {
            cells.iter().find(|(key, _)| meaning(&key.name) == Some(wanted)).and_then(|(_, value)| match &value.kind {
                RawKind::Text(text) => Some(text.trim().to_owned()),
                _ => None,
            })
        }
        _ => None,
    };
    rows.iter().filter_map(|row| Some((cell(row, Column::From)?, cell(row, Column::To)?))).collect()
}

/// A new line for the table with this `text`: each address in its column.
pub(crate) fn line(text: Option<&str>, from: &str, to: &str) -> String {
    let body = text.map(|text| text.trim_start_matches('\u{feff}'));
    let Some((header, separator)) = body.and_then(header) else { return format!("{},{}", cell(from), cell(to)) };
    let names: Vec<Option<Column>> = header.split(separator).map(|name| meaning(bare(name))).collect();
    let place = |column, usual| names.iter().position(|name| *name == Some(column)).unwrap_or(usual);
    let (from_at, to_at) = (place(Column::From, 0), place(Column::To, 1));
    let mut cells = vec![String::new(); names.len().max(from_at + 1).max(to_at + 1)];
    cells[from_at] = cell(from);
    cells[to_at] = cell(to);
    cells.join(&separator.to_string())
}

/// The first line names the columns, and each row has them all.
fn check_columns(file: &SitePath, rows: &[Raw], raw: &Raw, faults: &mut Vec<Diagnostic>) {
    let Some(RawKind::Table(first)) = rows.first().map(|row| &row.kind) else { return };
    for (wanted, name) in [(Column::From, "from"), (Column::To, "to")] {
        if !first.iter().any(|(key, _)| meaning(&key.name) == Some(wanted)) {
            faults.push(
                Diagnostic::new(Code::MissingField, format!("{TABLE} has no column `{name}`"))
                    .at(file, raw.span.start..raw.span.start)
                    .help("its first line is `from,to`; a third column `note` may hold remarks"),
            );
        }
    }
    for (key, _) in first.iter().filter(|(key, _)| meaning(&key.name).is_none()) {
        let fault = Diagnostic::new(Code::UnknownField, format!("{TABLE} has no column `{}`", key.name))
            .at(file, key.span.clone())
            .help("its columns are `from`, `to` and `note`; delete this one, or call it `note`");
        // Counts of visits and the like change nothing, but a line that is a pattern cannot be read as an address.
        faults.push(if says_patterns(&key.name, rows) { fault } else { fault.lowered() });
    }
    let statuses = rows.iter().filter_map(|row| cell_of(row, Column::Status));
    let other = statuses.filter_map(|cell| match &cell.kind {
        RawKind::Text(text) if !matches!(text.trim(), "301" | "308" | "permanent" | "url") => Some((text, &cell.span)),
        _ => None,
    });
    for (text, span) in other {
        let fault =
            Diagnostic::new(Code::UnknownField, format!("redirects are permanent here, so `{text}` has no effect"))
                .at(file, span.clone())
                .help("if the page is gone for good, delete the line and give up its address; else write 301");
        // Most tables have some of these, which were hardly meant so.
        let is_temporary = matches!(text.trim().to_lowercase().as_str(), "302" | "303" | "307" | "temporary" | "found");
        faults.push(if is_temporary { fault.lowered() } else { fault });
    }
}

/// Whether the column called `name` says that some rows are patterns.
fn says_patterns(name: &str, rows: &[Raw]) -> bool {
    let is_yes = |row: &Raw| {
        let cell = table_of(row).and_then(|cells| cells.iter().find(|(key, _)| key.name == name));
        matches!(cell.map(|(_, raw)| &raw.kind), Some(RawKind::Text(text)) if !matches!(text.trim().to_lowercase().as_str(), "0" | "false" | "no" | ""))
    };
    let name = name.to_lowercase();
    ["regex", "pattern", "match", "wildcard"].iter().any(|word| name.contains(word)) && rows.iter().any(is_yes)
}

fn table_of(row: &Raw) -> Option<&Table> {
    match &row.kind {
        RawKind::Table(cells) => Some(cells),
        _ => None,
    }
}

/// The cell of a row in the first column with this meaning.
fn cell_of(row: &Raw, column: Column) -> Option<&Raw> {
    table_of(row)?.iter().find(|(key, _)| meaning(&key.name) == Some(column)).map(|(_, cell)| cell)
}

fn row_of(site: &Site, file: &SitePath, row: &Raw, faults: &mut Vec<Diagnostic>) -> Option<Redirect> {
    let cell = |column: Column| {
        let raw = cell_of(row, column)?;
        match &raw.kind {
            RawKind::Text(text) => Some((text.as_str(), Span::new(file, raw.span.clone()))),
            _ => None,
        }
    };
    let (from, to) = match (cell(Column::From), cell(Column::To)) {
        (Some(from), Some(to)) => (from, to),
        (None, None) => return None,
        (from, _) => {
            // A missing column has already been reported.
            let (empty, column) = if from.is_none() { ("from", Column::From) } else { ("to", Column::To) };
            cell_of(row, column)?;
            faults.push(
                Diagnostic::new(Code::MissingField, format!("this line has no `{empty}`"))
                    .at(file, row.span.clone())
                    .help("write both: the former address, and where it leads now"),
            );
            return None;
        }
    };
    let (from_at, to_at) = (from.1, to.1);
    let is_pattern = wildcard(from.0).is_some();
    let from = former(from.0, &site.config.base)
        .map_err(|message| faults.push(bad_from(from.0, message, from_at.clone())))
        .ok();
    if is_pattern {
        // The target is then one too.
        return None;
    }
    let to = target(site, to.0)
        .map_err(|message| {
            faults.push(Diagnostic::new(Code::BadAddress, message).span(to_at.clone()).help(
                "write an address of this site such as `/publications/`, or a full one that begins with https://",
            ));
        })
        .ok();
    let (from, to) = from.zip(to)?;
    Some(Redirect { from: from.address, ending: from.ending, to, by: By::Table, span: from_at, target: to_at })
}
