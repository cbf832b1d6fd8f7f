//! The rows of a spreadsheet + the fields of their collection → rows as other formats write them.
//!
//! * A column is the field of the same name, whatever its case: `Reported to` is `reported_to`; `venue.name` is `name` of `venue`.
//! * Days are read with the day or the month first if the whole column allows one reading only, or if its name says which:
//!   `date (dd/mm/yyyy)`. Otherwise one fault tells of the column.
//!
//! Not here: what a cell's text must be (`schema`).

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use crate::data::{Key, Raw, RawKind, Table};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::SitePath;
use crate::schema::{Field, Fields, Type, secrecy};

/// What became of the rows of a spreadsheet.
pub(super) struct Settled {
    pub(super) raw: Raw,
    pub(super) faults: Vec<Diagnostic>,
    /// The cells of days that a fault of their column tells of.
    unread: Vec<Range<usize>>,
}

impl Settled {
    /// Whether the fault of a column tells of `fault` already.
    pub(super) fn tells_of(&self, fault: &Diagnostic) -> bool {
        let starts = fault.span.as_ref().map(|span| span.start);
        fault.code == Code::BadDate && self.unread.iter().any(|cell| Some(cell.start) == starts)
    }
}

/// The order of day, month and year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Order {
    DayFirst,
    MonthFirst,
}

/// Where the values of a column go.
struct Column {
    path: Vec<String>,
    order: Option<Order>,
}

/// The rows `raw` of `file`, with the names that `fields` have.
pub(super) fn settle(raw: Raw, fields: &Fields, file: &SitePath) -> Settled {
    let RawKind::List(mut rows) = raw.kind else { return Settled { raw, faults: Vec::new(), unread: Vec::new() } };
    let names: Vec<Key> = rows
        .iter()
        .find_map(table_of)
        .map_or_else(Vec::new, |first| first.iter().map(|(key, _)| key.clone()).collect());
    let columns: BTreeMap<&str, Column> =
        names.iter().map(|key| (key.name.as_str(), column(&key.name, fields, &names))).collect();
    let mut settled =
        Settled { raw: Raw { kind: RawKind::Null, span: raw.span.clone() }, faults: Vec::new(), unread: Vec::new() };
    for key in &names {
        let Column { path, order } = &columns[key.name.as_str()];
        let is_day = |field: &Field| matches!(field.ty, Type::Date | Type::DateTime | Type::Moment);
        if let [name] = path.as_slice()
            && fields.get(name.as_str()).is_some_and(is_day)
        {
            days(&mut rows, key, name, *order, file, &mut settled);
        }
    }
    for row in &mut rows {
        if let RawKind::Table(table) = &mut row.kind {
            *table = renamed(std::mem::take(table), &columns);
        }
    }
    settled.raw.kind = RawKind::List(rows);
    settled
}

fn table_of(row: &Raw) -> Option<&Table> {
    match &row.kind {
        RawKind::Table(table) => Some(table),
        _ => None,
    }
}

/// A name in lower case, with `_` between its words.
fn bare(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

/// The name that is meant by `written`, unless another column has it.
fn known<'a>(written: &str, fields: impl Iterator<Item = &'a str>, others: &[Key]) -> Option<String> {
    let is_other = |name: &str| name != written && others.iter().any(|other| other.name == name);
    fields.into_iter().find(|name| bare(name) == bare(written)).filter(|name| !is_other(name)).map(str::to_owned)
}

/// The field that a column of this name is meant for.
fn column(written: &str, fields: &Fields, others: &[Key]) -> Column {
    let names = || fields.keys().map(|name| &**name);
    let as_it_is = || Column { path: vec![written.to_owned()], order: None };
    if fields.contains_key(written) {
        return as_it_is();
    }
    let (plain, order) = ordered(written);
    if let Some(name) = known(plain, names(), others) {
        return Column { path: vec![name], order };
    }
    let Some((outer, inner)) = plain.split_once('.') else { return as_it_is() };
    let Some(outer) = known(outer, names(), others) else { return as_it_is() };
    let inner = match fields.get(outer.as_str()).map(|field| &field.ty) {
        Some(Type::Image) => known(inner, ["file", "alt", "credit"].into_iter(), &[]),
        Some(ty) => group(ty).and_then(|fields| known(inner, fields.keys().map(|name| &**name), &[])),
        None => None,
    };
    match inner {
        Some(inner) => Column { path: vec![outer, inner], order: None },
        None => as_it_is(),
    }
}

fn group(ty: &Type) -> Option<&Fields> {
    match ty {
        Type::Record(fields) => Some(fields),
        Type::Either(choices) => choices.iter().find_map(group),
        _ => None,
    }
}

/// The name of a column without the order of days that it states: `date (dd/mm/yyyy)`.
fn ordered(written: &str) -> (&str, Option<Order>) {
    let stated = written.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let Some((name, pattern)) = stated else { return (written, None) };
    let letters: String = pattern.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    let order = match letters.as_str() {
        "ddmmyyyy" | "dmy" | "dmyyyy" | "dayfirst" => Order::DayFirst,
        "mmddyyyy" | "mdy" | "mdyyyy" | "monthfirst" => Order::MonthFirst,
        _ => return (written, None),
    };
    (name.trim_end(), Some(order))
}

/// A row under the names of its fields.
fn renamed(table: Table, columns: &BTreeMap<&str, Column>) -> Table {
    let mut out: Table = Vec::with_capacity(table.len());
    for (key, value) in table {
        let path = columns.get(key.name.as_str()).map_or(&[][..], |column| &column.path);
        match path {
            [outer, inner] => {
                let (outer_key, inner_key) =
                    (Key { name: outer.clone(), ..key.clone() }, Key { name: inner.clone(), ..key });
                if value.kind == RawKind::Null {
                    continue;
                }
                match out.iter_mut().find(|(known, _)| known.name == *outer) {
                    Some((_, Raw { kind: RawKind::Table(group), .. })) => group.push((inner_key, value)),
                    _ => {
                        let span = value.span.clone();
                        out.push((outer_key, Raw { kind: RawKind::Table(vec![(inner_key, value)]), span }));
                    }
                }
            }
            [name] => out.push((Key { name: name.clone(), ..key }, value)),
            _ => out.push((key, value)),
        }
    }
    out
}

/// A day with numbers for day, month and year in an order that is not clear by itself, and what follows it.
fn numbers(text: &str) -> Option<([i16; 3], &str)> {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (day, rest) = text.split_at(end);
    let parts: Vec<&str> = day.split(['/', '.', '-']).collect();
    let [a, b, year] = parts.as_slice() else { return None };
    let is_number =
        |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = is_number(a, 2) && is_number(b, 2) && year.len() == 4 && is_number(year, 4);
    fits.then(|| Some(([a.parse().ok()?, b.parse().ok()?, year.parse().ok()?], rest.trim())))?
}

fn date(numbers: [i16; 3], order: Order) -> Option<Date> {
    let [a, b, year] = numbers;
    let (day, month) = if order == Order::DayFirst { (a, b) } else { (b, a) };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Writes the days of a column with the year first, or says why that cannot be done.
fn days(rows: &mut [Raw], key: &Key, name: &str, stated: Option<Order>, file: &SitePath, settled: &mut Settled) {
    let cell = |row: &Raw| match row.get(&key.name).map(|cell| (&cell.kind, cell.span.clone())) {
        Some((RawKind::Text(text), span)) => numbers(text).map(|(numbers, _)| (text.clone(), numbers, span)),
        _ => None,
    };
    let written: Vec<(String, [i16; 3], Range<usize>)> = rows.iter().filter_map(cell).collect();
    let Some((first, first_numbers, _)) = written.first() else { return };
    let beyond = |at: usize| written.iter().find(|(_, numbers, _)| numbers[at] > 12);
    // What says until when something is hidden is not read by a guess, however good.
    let may_guess = name == "date" || !secrecy::FIELDS.contains(&name);
    let order = match (stated, beyond(0), beyond(1)) {
        (Some(order), ..) => order,
        (None, Some(_), None) if may_guess => Order::DayFirst,
        (None, None, Some(_)) if may_guess => Order::MonthFirst,
        (None, day, month) => {
            let (message, help) = match (day, month) {
                (Some((day, ..)), Some((month, ..))) => (
                    format!(
                        "the column `{}` holds days in two orders: `{day}` begins with the day, `{month}` with the month",
                        key.name
                    ),
                    "write the year first in all of them, as in 2026-05-14".to_owned(),
                ),
                _ => {
                    let read = |order| {
                        date(*first_numbers, order)
                            .map_or_else(|| "no day".to_owned(), |day| day.strftime("%-d %B %Y").to_string())
                    };
                    (
                        format!(
                            "the days in the column `{}` can be read in two ways: `{first}` is {} or {}",
                            key.name,
                            read(Order::DayFirst),
                            read(Order::MonthFirst)
                        ),
                        format!(
                            "call the column `{name} (dd/mm/yyyy)` or `{name} (mm/dd/yyyy)`, or write the year first, as in 2026-05-14"
                        ),
                    )
                }
            };
            let mut fault = Diagnostic::new(Code::BadDate, message).at(file, key.span.clone()).help(help);
            for (text, _, span) in written.iter().take(3) {
                fault = fault.label(Span::new(file, span.clone()), format!("`{text}`"));
            }
            // Its rows may be meant to be hidden.
            settled.faults.push(if secrecy::FIELDS.contains(&name) { fault.fixed() } else { fault });
            settled.unread.extend(written.iter().map(|(.., span)| span.clone()));
            return;
        }
    };
    for row in rows {
        let RawKind::Table(table) = &mut row.kind else { continue };
        let Some((_, cell)) = table.iter_mut().find(|(other, _)| other.name == key.name) else { continue };
        let RawKind::Text(text) = &cell.kind else { continue };
        let Some((numbers, rest)) = numbers(text) else { continue };
        let Some(day) = date(numbers, order) else { continue };
        cell.kind = RawKind::Text(format!("{day} {rest}").trim_end().to_owned());
    }
}
