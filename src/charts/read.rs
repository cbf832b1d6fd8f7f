//! Columns of a data file, or of a table in a text → a [`Table`] of numbers; what cannot be read is reported at its cell.
//!
//! A file is published whole, so a column that says who may see a row is refused. Not here: which file it is.

mod cell;

pub(crate) use cell::{Cell, cell};

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Along, Kind, MOST_SERIES, Series, Table};
use crate::data::{Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Found, Span, nearest};
use crate::path::SitePath;
use crate::schema::secrecy;

/// The most rows that a chart of lines shows, and any other.
const MOST_POINTS: usize = 1_000;
const MOST_ROWS: usize = 120;
/// Numbers from here on, and more decimals than these, are no longer exact.
const LARGEST: f64 = 1e15;
const MOST_DECIMALS: usize = 9;

/// A table as it was written.
#[derive(Clone, Copy)]
pub(crate) struct Sheet<'a> {
    pub(crate) file: &'a SitePath,
    /// A list of rows, each with its columns by name.
    pub(crate) rows: &'a Raw,
    /// Whether commas divide the cells, so that none is a decimal comma unless its cell is in quotation marks.
    pub(crate) separator: char,
}

/// What a text says of a column or a row, and where.
pub(crate) type Said<'a> = Option<(&'a str, Range<usize>)>;

/// Which columns a chart shows.
pub(crate) struct Columns<'a> {
    pub(crate) kind: Kind,
    /// The column that says what the rows are; the first one unless it is stated.
    pub(crate) x: Said<'a>,
    /// The columns of numbers, divided by commas; all others unless they are stated.
    pub(crate) y: Said<'a>,
    /// The row or the series that the chart is about.
    pub(crate) highlight: Said<'a>,
    /// The text that says so, and where in it the chart is.
    pub(crate) text: &'a SitePath,
    pub(crate) at: Range<usize>,
}

/// The table, and the number of the row or series that the chart is about; `None` if it cannot be drawn.
pub(crate) fn read(sheet: Sheet<'_>, asked: &Columns<'_>) -> Found<Option<(Table, Option<usize>)>> {
    let mut reader = Reader { sheet, asked, faults: Vec::new() };
    let read = reader.read();
    let is_whole = reader.faults.is_empty();
    Found::new(read.filter(|_| is_whole), reader.faults)
}

struct Reader<'a> {
    sheet: Sheet<'a>,
    asked: &'a Columns<'a>,
    faults: Vec<Diagnostic>,
}

/// A row: its columns by name.
type Row<'a> = &'a [(crate::data::Key, Raw)];

impl<'a> Reader<'a> {
    fn read(&mut self) -> Option<(Table, Option<usize>)> {
        let rows: Vec<Row<'a>> = match &self.sheet.rows.kind {
            RawKind::List(rows) => rows.iter().filter_map(row).collect(),
            _ => Vec::new(),
        };
        let Some(widest) = rows.iter().max_by_key(|row| row.len()).filter(|row| !row.is_empty()) else {
            self.about_chart(
                "there are no numbers here to draw",
                "write a row for each number below the names of the columns",
            );
            return None;
        };
        let names: Vec<&'a str> = widest.iter().map(|(key, _)| key.name.as_str()).collect();
        self.refuse_secrets(&rows, &names);
        let most = if self.asked.kind.is_of_lines() { MOST_POINTS } else { MOST_ROWS };
        if rows.len() > most {
            let message = format!("this chart would have {} rows, and nobody can read more than {most}", rows.len());
            self.about_chart(&message, "show fewer of them, or their sums; readers can still download all the data");
            return None;
        }
        let x = match &self.asked.x {
            Some((name, place)) => self.column(&names, name, place)?,
            None => names.first().copied()?,
        };
        let series = self.series(&names, x)?;
        let labels = self.labels(&rows, x);
        let mut read: Vec<Series> = Vec::new();
        let mut decimals = 0;
        for name in series {
            let values = rows.iter().map(|row| self.cell(row, name, &mut decimals)).collect();
            read.push(Series { name: name.to_owned(), values });
        }
        let mut table = Table { below: labels.clone(), rows: labels, along: Along::Names, series: read, decimals };
        if table.known().next().is_none() && self.faults.is_empty() {
            self.about_chart("there are no numbers here to draw", "write a number in at least one row");
        }
        if self.asked.kind.is_of_lines() {
            in_order(&mut table);
        }
        let highlight = self.highlight(&table);
        Some((table, highlight))
    }

    /// The columns of numbers.
    fn series(&mut self, names: &[&'a str], x: &str) -> Option<Vec<&'a str>> {
        let series: Vec<&'a str> = match &self.asked.y {
            None => names.iter().copied().filter(|name| *name != x).collect(),
            // The name of a column may hold a comma.
            Some((one, _)) if names.contains(one) => names.iter().copied().filter(|name| name == one).collect(),
            Some((several, place)) => {
                let parts = several.split(',').map(str::trim).filter(|part| !part.is_empty());
                let mut found: Vec<&'a str> = Vec::new();
                for part in parts {
                    let name = self.column(names, part, place)?;
                    if !found.contains(&name) {
                        found.push(name);
                    }
                }
                found
            }
        };
        let count = series.len();
        let place = self.asked.y.as_ref().map(|(_, place)| place.clone());
        let wrong = match self.asked.kind {
            _ if count == 0 => Some("there is no column of numbers beside the names of the rows".to_owned()),
            Kind::Bar if count > 1 => Some(format!("a chart `bar` shows one column of numbers, and here are {count}")),
            Kind::Range | Kind::Slope if count != 2 => {
                Some(format!("this kind of chart goes from one column of numbers to another, and here are {count}"))
            }
            _ if count > MOST_SERIES => {
                Some(format!("this chart would have {count} series, and nobody can tell more than {MOST_SERIES} apart"))
            }
            _ => None,
        };
        let Some(message) = wrong else { return Some(series) };
        let others = names.iter().filter(|name| **name != x).take(8).map(|name| format!("`{name}`"));
        let help = match self.asked.kind {
            Kind::Bar if count > 1 => "name one of them in `y`, or write `type=\"grouped\"`",
            Kind::Range | Kind::Slope => "name both in `y`, divided by a comma",
            _ => "name the columns of numbers in `y`, divided by commas",
        };
        let others: Vec<String> = others.collect();
        let help = if others.is_empty() { help.to_owned() } else { format!("{help}; there are {}", others.join(", ")) };
        let place = place.unwrap_or_else(|| self.asked.at.clone());
        self.faults.push(Diagnostic::new(Code::ChartData, message).at(self.asked.text, place).help(help));
        None
    }

    /// A column by its name, in capitals or not.
    fn column(&mut self, names: &[&'a str], name: &str, place: &Range<usize>) -> Option<&'a str> {
        let is_it = |known: &&&str| **known == name || known.to_lowercase() == name.to_lowercase();
        if let Some(known) = names.iter().find(|known| **known == name).or_else(|| names.iter().find(is_it)) {
            return Some(known);
        }
        let message = format!("`{}` has no column `{name}`", self.sheet.file.name());
        let known: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its columns are {}", known.join(", ")),
        };
        self.faults.push(Diagnostic::new(Code::ChartData, message).at(self.asked.text, place.clone()).help(help));
        None
    }

    /// What the rows are called. Two of the same name cannot be told apart.
    fn labels(&mut self, rows: &[Row<'a>], x: &str) -> Vec<String> {
        let mut seen: BTreeMap<String, Range<usize>> = BTreeMap::new();
        let mut labels = Vec::with_capacity(rows.len());
        for row in rows {
            let cell = row.iter().find(|(key, _)| key.name == x).map(|(_, raw)| raw);
            let (label, place) = match cell {
                Some(raw) => (text(raw), raw.span.clone()),
                None => (String::new(), row.first().map_or(0..0, |(_, raw)| raw.span.clone())),
            };
            if label.is_empty() {
                let message = format!("this row has no name in the column `{x}`");
                self.about_cell(&message, place, "write what the row is about, or delete the row");
            } else if let Some(first) = seen.get(&label) {
                let fault = Diagnostic::new(Code::ChartData, format!("two rows are called `{label}`"))
                    .at(self.sheet.file, place)
                    .label(Span::new(self.sheet.file, first.clone()), "it is first written here")
                    .help("give each row a name of its own; numbers for several groups go into columns");
                self.faults.push(fault);
            } else {
                if self.asked.kind.is_of_lines() && is_no_day(&label) {
                    self.about_cell(
                        &format!("there is no day `{label}`"),
                        place.clone(),
                        "correct the month or the day",
                    );
                }
                seen.insert(label.clone(), place);
            }
            labels.push(label);
        }
        labels
    }

    /// The number in a cell; `None` where nothing is known.
    fn cell(&mut self, row: Row<'a>, name: &str, decimals: &mut usize) -> Option<f64> {
        let (_, raw) = row.iter().find(|(key, _)| key.name == name)?;
        self.value_of(raw, name, decimals)
    }

    fn value_of(&mut self, raw: &Raw, name: &str, decimals: &mut usize) -> Option<f64> {
        let written = text(raw);
        match number(&written, self.sheet.separator) {
            Ok(Some((value, its))) => {
                *decimals = (*decimals).max(its);
                Some(value)
            }
            Ok(None) => None,
            Err(help) => {
                let start: String = written.chars().take(40).collect();
                let message = format!("the column `{name}` holds numbers, but this is `{start}`");
                self.about_cell(&message, raw.span.clone(), help);
                None
            }
        }
    }

    fn highlight(&mut self, table: &Table) -> Option<usize> {
        let (name, place) = self.asked.highlight.as_ref()?;
        let names: Vec<&str> = match self.asked.kind {
            Kind::Line | Kind::Multiples => table.series.iter().map(|one| one.name.as_str()).collect(),
            Kind::Grouped | Kind::Stacked => Vec::new(),
            _ => table.rows.iter().map(String::as_str).collect(),
        };
        let found = names.iter().position(|known| known == name);
        if found.is_none() {
            let help = match nearest(name, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if names.is_empty() => {
                    "every series of such a chart has a colour of its own: delete it".to_owned()
                }
                None => "write the name of a row, or of a line, as it stands in the data".to_owned(),
            };
            let message = format!("the chart has no `{name}` to highlight");
            self.faults.push(Diagnostic::new(Code::ChartData, message).at(self.asked.text, place.clone()).help(help));
        }
        found
    }

    /// Columns that seem to say who may see a row: a file is published whole.
    fn refuse_secrets(&mut self, rows: &[Row<'a>], names: &[&'a str]) {
        // What happened when is what many charts are about.
        let is_about = |name: &&&str| !name.eq_ignore_ascii_case("date") && secrecy::is_about(&name.to_lowercase());
        for name in names.iter().filter(is_about) {
            let cells = rows.iter().filter_map(|row| row.iter().find(|(key, _)| key.name == **name));
            // `approved` may count permits.
            let Some((_, raw)) = cells.into_iter().find(|(_, raw)| number(&text(raw), self.sheet.separator).is_err())
            else {
                continue;
            };
            let message = format!(
                "the column `{name}` seems to say which rows are not public, but the data of a chart is published whole"
            );
            let fault = Diagnostic::new(Code::ChartData, message).at(self.sheet.file, raw.span.clone()).binding();
            self.faults.push(fault.help("delete the rows that nobody may see, and then the column"));
        }
    }

    fn about_cell(&mut self, message: &str, place: Range<usize>, help: &str) {
        self.faults.push(Diagnostic::new(Code::ChartData, message).at(self.sheet.file, place).help(help));
    }

    fn about_chart(&mut self, message: &str, help: &str) {
        self.faults
            .push(Diagnostic::new(Code::ChartData, message).at(self.asked.text, self.asked.at.clone()).help(help));
    }
}

fn row(raw: &Raw) -> Option<Row<'_>> {
    match &raw.kind {
        RawKind::Table(table) => Some(table),
        _ => None,
    }
}

/// What is written in a cell.
fn text(raw: &Raw) -> String {
    match &raw.kind {
        RawKind::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}

/// What says that nothing is known.
const UNKNOWN: &[&str] = &["", "-", "–", "—", "…", "..", "n/a", "na", ":", "x", "[x]", "null", "none"];

/// The number that a cell holds, and how many decimals; `None` if it says that nothing is known.
///
/// # Errors
/// If it is no number: what to do.
pub(super) fn number(written: &str, separator: char) -> Result<Option<(f64, usize)>, &'static str> {
    if UNKNOWN.contains(&written.to_lowercase().as_str()) {
        return Ok(None);
    }
    // A unit is stated once, for all numbers; in cells it does no harm.
    let is_around = |c: char| c.is_whitespace() || "%‰£$€¥+'’\u{2009}\u{200e}\u{200f}\u{61c}".contains(c);
    let bare: String = written.chars().filter(|c| !is_around(*c)).map(digit).collect();
    let (negative, digits) = match bare.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, bare.as_str()),
    };
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    if !is_number {
        return Err("write a number such as 1234.5, or nothing where it is not known");
    }
    let plain =
        plain(digits, separator).ok_or("write a point before decimals, and nothing between thousands: 1234.5")?;
    let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let value: f64 = plain.parse().map_err(|_| "write a number such as 1234.5")?;
    if value >= LARGEST || decimals > MOST_DECIMALS {
        return Err(
            "nobody can read so long a number: write it in thousands, millions or billions, and say so in `unit`",
        );
    }
    // No `-0`.
    Ok(Some((if negative && value > 0.0 { -value } else { value }, decimals)))
}

/// A digit of any script as ASCII, and the minus sign.
fn digit(c: char) -> char {
    match c {
        '−' | '–' => '-',
        '٫' => '.',
        '٬' => ',',
        '٠'..='٩' => char::from_digit(u32::from(c) - 0x660, 10).unwrap_or(c),
        '۰'..='۹' => char::from_digit(u32::from(c) - 0x6f0, 10).unwrap_or(c),
        c => c,
    }
}

/// Digits with at most one point; `None` if their commas and points can be read in two ways, or in none.
fn plain(digits: &str, separator: char) -> Option<String> {
    let grouped = |sign: char, text: &str| {
        let mut groups = text.split(sign);
        let first = groups.next().unwrap_or_default();
        (1..=3).contains(&first.len())
            && groups.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
    // Spreadsheets that divide cells by semicolons write commas before decimals.
    let has_decimal_commas = separator == ';';
    match (points, commas) {
        (0, 0) => Some(digits.to_owned()),
        (1, 0) if !(has_decimal_commas && grouped('.', digits)) => Some(digits.to_owned()),
        (0, 1) if has_decimal_commas => Some(digits.replace(',', ".")),
        (0, _) if grouped(',', digits) => Some(digits.replace(',', "")),
        (0, 1) => None,
        (_, 0) if points > 1 && grouped('.', digits) => Some(digits.replace('.', "")),
        (1, 1..) if digits.rfind(',') < digits.find('.') => {
            let whole = digits.split('.').next().unwrap_or_default();
            grouped(',', whole).then(|| digits.replace(',', ""))
        }
        (1.., 1) if digits.rfind('.') < digits.find(',') => {
            let whole = digits.split(',').next().unwrap_or_default();
            grouped('.', whole).then(|| digits.replace('.', "").replace(',', "."))
        }
        _ => None,
    }
}

/// Puts the rows of a table where their moments or quantities say, if all of them are such.
fn in_order(table: &mut Table) {
    let places: Option<Vec<f64>> = table.rows.iter().map(|row| place(row)).collect();
    let Some(places) = places else { return };
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|a, b| places[*a].total_cmp(&places[*b]));
    table.rows = order.iter().map(|n| table.rows[*n].clone()).collect();
    table.below.clone_from(&table.rows);
    for series in &mut table.series {
        series.values = order.iter().map(|n| series.values[*n]).collect();
    }
    table.along = Along::Places(order.iter().map(|n| places[*n]).collect());
}

/// Whether a name is written as a day and is none, as `2025-02-30`. `2024-25` is a financial year.
fn is_no_day(name: &str) -> bool {
    let is_written_so = name.len() == 10
        && name
            .bytes()
            .enumerate()
            .all(|(n, byte)| if n == 4 || n == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    is_written_so && name.parse::<jiff::civil::Date>().is_err()
}

/// Where a row is along a line: a year, a month, a day, or a quantity.
fn place(name: &str) -> Option<f64> {
    let day = match name.len() {
        10 => name.parse::<jiff::civil::Date>().ok(),
        7 => format!("{name}-01").parse::<jiff::civil::Date>().ok(),
        _ => None,
    };
    match day {
        Some(day) => Some(f64::from(day.year()) + f64::from(day.day_of_year() - 1) / f64::from(day.days_in_year())),
        None => number(name, ',').ok().flatten().map(|(value, _)| value),
    }
}
