//! CSV → a list of [`Raw`] tables, one for each row; the names in the first line are the keys.
//!
//! Every value is text with its cell's place; an empty cell is nothing. The first line tells commas, semicolons and tabs
//! apart, since spreadsheets write the separator of their country's settings; `sep=;` above it says which it is. `="001"`, with
//! which spreadsheets keep a number's zeros, is the text within.
//!
//! Not here: what a cell's text must be, which its field decides (`schema`).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ::csv::{ReaderBuilder, StringRecord};

use super::advice::{trimmed, within};
use super::{Key, Raw, RawKind, Table, composed, title};
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::path::SitePath;

/// The rows of `text`, which begins at byte `offset` of `file`.
pub(crate) fn csv(file: &SitePath, text: &str, offset: usize) -> Found<Raw> {
    let mut sheet =
        Sheet { file, text, offset, separator: separator(text), faults: Vec::new(), reported: BTreeSet::new() };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(sheet.separator as u8)
        .from_reader(text.as_bytes());
    let span = offset..offset + text.len();
    let is_stated = text.lines().next().and_then(stated_separator).is_some();
    if let Some(title) = title::above(text, sheet.separator).filter(|_| !is_stated) {
        sheet.title(&title);
        return Found::new(Raw { kind: RawKind::List(Vec::new()), span }, sheet.faults);
    }
    let mut header: Option<Vec<Option<Key>>> = None;
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    loop {
        let begin = text.len().min(usize::try_from(reader.position().byte()).unwrap_or(text.len()));
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => {
                sheet.fault("I cannot read this row", begin..begin);
                break;
            }
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let cells = sheet.cells(&record, within(text, begin..end));
        match &header {
            None if stated_separator(within_text(text, begin..end)).is_some() => {}
            None => header = Some(sheet.header(cells)),
            Some(names) => rows.extend(sheet.row(names, cells)),
        }
    }
    if header.is_none() {
        sheet.fault("this table has no first line with the names of its columns", 0..0);
    }
    Found::new(Raw { kind: RawKind::List(rows), span }, sheet.faults)
}

fn within_text(text: &str, range: Range<usize>) -> &str {
    &text[within(text, range)]
}

/// The separator that a first line `sep=;` states, for Excel.
fn stated_separator(line: &str) -> Option<char> {
    let line = line.trim_matches(['\r', '\n', ' ', '"']);
    let rest = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    match rest.trim_end_matches(['"', ' ']) {
        "" if rest.is_empty() || line.ends_with('\t') => Some('\t'),
        "," => Some(','),
        ";" => Some(';'),
        "\t" => Some('\t'),
        _ => None,
    }
}

/// The separator that the first line states, or that occurs most often in it, outside quotation marks.
pub(crate) fn separator(text: &str) -> char {
    if let Some(stated) = text.lines().find(|line| !line.trim().is_empty()).and_then(stated_separator) {
        return stated;
    }
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    let mut quoted = false;
    for c in text.lines().find(|line| !line.trim().is_empty()).unwrap_or("").chars() {
        quoted ^= c == '"';
        for (sign, count) in &mut counts {
            *count += usize::from(!quoted && c == *sign);
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(',', |(sign, _)| *sign)
}

struct Sheet<'a> {
    file: &'a SitePath,
    text: &'a str,
    offset: usize,
    separator: char,
    faults: Vec<Diagnostic>,
    /// The columns that are not read and already reported.
    reported: BTreeSet<usize>,
}

/// A cell's text and its bytes in `Sheet::text`.
struct Cell {
    text: String,
    span: Range<usize>,
}

/// The text of a cell; `="001"` is how spreadsheets keep the zeros of `001`.
fn kept(text: &str) -> &str {
    let inner = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(text)
}

/// What a spreadsheet writes for a formula that failed.
const FAILED: &[&str] =
    &["#REF!", "#N/A", "#DIV/0!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"];

/// Why a cell holds no value of its own, if it does not.
fn unreadable(text: &str) -> Option<String> {
    let formula = text
        .strip_prefix('=')
        .filter(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic() || "($\"'+-".contains(first)));
    match text {
        _ if FAILED.contains(&text) => {
            Some(format!("this cell holds `{text}`, which a spreadsheet writes for a formula that failed"))
        }
        _ if formula.is_some() => Some(format!("this cell holds a formula, `{text}`, and not what it comes to")),
        _ => None,
    }
}

impl Sheet<'_> {
    fn fault(&mut self, message: impl Into<String>, at: Range<usize>) {
        let place = self.place(at);
        self.faults.push(Diagnostic::new(Code::CsvSyntax, message).at(self.file, place));
    }

    /// Says that a title stands above the names of the columns.
    fn title(&mut self, title: &title::Title) {
        self.fault("this stands above the names of the columns, which begin the table", title.at.clone());
        let lines = match title.names {
            2 => "line 1".to_owned(),
            line => format!("lines 1 to {}", line - 1),
        };
        if let Some(fault) = self.faults.last_mut() {
            fault.help = Some(format!("delete {lines}, so that the table begins with `{}`", title.named));
        }
    }

    fn place(&self, range: Range<usize>) -> Range<usize> {
        let range = within(self.text, range);
        self.offset + range.start..self.offset + range.end
    }

    /// The cells of a record with their places, which the CSV reader does not give.
    fn cells(&mut self, record: &StringRecord, bytes: Range<usize>) -> Vec<Cell> {
        let spans = self.spans(bytes.clone());
        let whole = trimmed(self.text, bytes);
        let fits = spans.len() == record.len();
        let place = |n: usize| {
            if fits { spans[n].clone() } else { whole.clone() }
        };
        record.iter().enumerate().map(|(n, text)| Cell { text: kept(text.trim()).to_owned(), span: place(n) }).collect()
    }

    fn spans(&mut self, bytes: Range<usize>) -> Vec<Range<usize>> {
        let text = self.text;
        let mut at = bytes.start;
        while text[at..bytes.end].starts_with(['\n', '\r']) {
            at += 1;
        }
        let mut spans = Vec::new();
        loop {
            let start = at;
            let mut quoted = false;
            let mut end = bytes.end;
            let mut more = false;
            for (n, c) in text[start..bytes.end].char_indices() {
                let opens = n == 0 || quoted || text[start..start + n].starts_with('"');
                if c == '"' && opens {
                    quoted = !quoted;
                } else if !quoted && (c == self.separator || c == '\n' || c == '\r') {
                    end = start + n;
                    more = c == self.separator;
                    break;
                }
            }
            if quoted {
                let line = super::advice::line_at(text, start);
                self.fault("a cell begins with a quotation mark and never ends", start..line.end.max(start));
            }
            spans.push(trimmed(text, start..end));
            if !more {
                return spans;
            }
            at = end + 1;
        }
    }

    /// The columns' names; a column with a missing or repeated name is not read.
    fn header(&mut self, cells: Vec<Cell>) -> Vec<Option<Key>> {
        let mut keys: Vec<Option<Key>> = Vec::with_capacity(cells.len());
        let mut seen: BTreeMap<String, Range<usize>> = BTreeMap::new();
        let last = cells.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |at| at + 1);
        for (n, cell) in cells.into_iter().enumerate() {
            let span = self.place(cell.span.clone());
            let name = composed(cell.text);
            if name.is_empty() {
                // Spreadsheets write empty columns at the end; they hold nothing.
                if n < last {
                    self.fault(format!("column {} has no name in the first line", n + 1), cell.span);
                }
                keys.push(None);
            } else if let Some(first) = seen.get(&name) {
                let first = Span::new(self.file, first.clone());
                let fault = Diagnostic::new(Code::DuplicateKey, format!("two columns are called `{name}`"))
                    .at(self.file, span)
                    .label(first, "it is first written here")
                    .help("rename or delete one of the two columns");
                self.faults.push(fault);
                // That its cells are not read is said with this.
                self.reported.insert(n);
                keys.push(None);
            } else {
                seen.insert(name.clone(), span.clone());
                keys.push(Some(Key { name, span }));
            }
        }
        keys
    }

    /// A cell of a column that is not read. One after the last named column was not reported with the names.
    fn nameless(&mut self, names: &[Option<Key>], n: usize, cell: Cell) {
        if !cell.text.is_empty() && !self.reported.contains(&n) && names[n..].iter().all(Option::is_none) {
            self.reported.insert(n);
            self.fault(format!("column {} holds this but has no name in the first line", n + 1), cell.span);
        }
    }

    /// A row as a table; `None` if all its cells are empty.
    fn row(&mut self, names: &[Option<Key>], cells: Vec<Cell>) -> Option<Raw> {
        if cells.iter().all(|cell| cell.text.is_empty()) {
            return None;
        }
        let first = cells.first().map_or(0, |cell| cell.span.start);
        let last = cells.last().map_or(first, |cell| cell.span.end);
        let span = self.place(first..last.max(first));
        if repeats(names, &cells) {
            let message = "this row repeats the names of the columns, so it is left out";
            let fault = Diagnostic::new(Code::CsvSyntax, message).at(self.file, span).lowered();
            self.faults.push(fault.help("delete it"));
            return None;
        }
        let spare = cells.iter().skip(names.len()).any(|cell| !cell.text.is_empty());
        if spare || cells.len() < names.len() {
            let message = format!(
                "this row has {}, but the first line names {}",
                counted(cells.len(), "cell"),
                counted(names.len(), "column")
            );
            let fault = Diagnostic::new(Code::CsvSyntax, message).at(self.file, span.clone());
            let sign = if self.separator == '\t' { "a tab".to_owned() } else { format!("`{}`", self.separator) };
            self.faults.push(fault.help(match spare {
                true => format!(
                    "a text that holds {sign} must be in quotation marks; saving the table from a spreadsheet does that"
                ),
                false => format!("write {sign} for each cell that is missing, even if it is empty"),
            }));
        }
        let mut table: Table = Vec::new();
        for (n, (key, cell)) in names.iter().zip(cells).enumerate() {
            let Some(key) = key else {
                self.nameless(names, n, cell);
                continue;
            };
            let place = self.place(cell.span.clone());
            if let Some(why) = unreadable(&cell.text) {
                let fault = Diagnostic::new(Code::CsvSyntax, why).at(self.file, place.clone()).lowered();
                self.faults.push(fault.help("put the value itself there: copy the cells and paste them as values"));
            }
            let kind = if cell.text.is_empty() { RawKind::Null } else { RawKind::Text(composed(cell.text)) };
            table.push((key.clone(), Raw { kind, span: place }));
        }
        Some(Raw { kind: RawKind::Table(table), span })
    }
}

/// Whether each cell holds its column's name, as where several tables are joined.
fn repeats(names: &[Option<Key>], cells: &[Cell]) -> bool {
    let same = |(key, cell): (&Option<Key>, &Cell)| match key {
        Some(key) => composed(cell.text.clone()).trim().to_lowercase() == key.name.trim().to_lowercase(),
        None => cell.text.is_empty(),
    };
    names.iter().flatten().count() > 1 && cells.len() >= names.len() && names.iter().zip(cells).all(same)
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
