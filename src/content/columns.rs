//! The rows of a spreadsheet + the fields of their collection → rows as other formats write them.
//!
//! * A column is the field of the same name, whatever its case: `Reported to` is `reported_to`; `venue.name` is `name` of `venue`.
//!   Two columns of one field are a fault; in each row the first of them that is filled counts.
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
use crate::schema::{Field, Fields, Type, secrecy, time_of_spreadsheet};

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
    /// Whether a column before it means the same field, or a part of it.
    is_again: bool,
}

/// The rows `raw` of `file`, with the names that `fields` have.
pub(super) fn settle(raw: Raw, fields: &Fields, file: &SitePath) -> Settled {
    let RawKind::List(mut rows) = raw.kind else { return Settled { raw, faults: Vec::new(), unread: Vec::new() } };
    let names: Vec<Key> = rows
        .iter()
        .find_map(table_of)
        .map_or_else(Vec::new, |first| first.iter().map(|(key, _)| key.clone()).collect());
    let mut columns: BTreeMap<&str, Column> =
        names.iter().map(|key| (key.name.as_str(), column(&key.name, fields))).collect();
    let faults = repeated(&names, &mut columns, file);
    let mut settled = Settled { raw: Raw { kind: RawKind::Null, span: raw.span.clone() }, faults, unread: Vec::new() };
    for key in &names {
        let Column { path, order, .. } = &columns[key.name.as_str()];
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
    let is_between = |c: char| c.is_whitespace() || "-_\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}".contains(c);
    let words: Vec<&str> = name.split(is_between).filter(|word| !word.is_empty()).collect();
    words.join("_").to_lowercase()
}

/// The name that is meant by `written`.
fn known<'a>(written: &str, mut fields: impl Iterator<Item = &'a str>) -> Option<String> {
    let written = bare(written);
    fields.find(|name| bare(name) == written).map(str::to_owned)
}

/// The field that a column of this name is meant for.
fn column(written: &str, fields: &Fields) -> Column {
    let names = || fields.keys().map(|name| &**name);
    let of = |path: Vec<String>, order| Column { path, order, is_again: false };
    let as_it_is = || of(vec![written.to_owned()], None);
    if fields.contains_key(written) {
        return as_it_is();
    }
    let (plain, order) = ordered(written);
    if let Some(name) = known(plain, names()) {
        return of(vec![name], order);
    }
    let Some((outer, inner)) = plain.split_once('.') else { return as_it_is() };
    let Some(outer) = known(outer, names()) else { return as_it_is() };
    let inner = match fields.get(outer.as_str()).map(|field| &field.ty) {
        Some(Type::Image) => known(inner, ["file", "alt", "caption", "credit", "focus"].into_iter()),
        Some(ty) => group(ty).and_then(|fields| known(inner, fields.keys().map(|name| &**name))),
        None => None,
    };
    inner.map_or_else(as_it_is, |inner| of(vec![outer, inner], None))
}

/// The faults of columns that mean a field which a column before them means too; marks these.
fn repeated(names: &[Key], columns: &mut BTreeMap<&str, Column>, file: &SitePath) -> Vec<Diagnostic> {
    let mut whole: BTreeMap<Vec<String>, &Key> = BTreeMap::new();
    // The first column of a part, by the field that it is a part of.
    let mut parts: BTreeMap<String, &Key> = BTreeMap::new();
    let mut faults = Vec::new();
    for key in names {
        let Some(column) = columns.get_mut(key.name.as_str()) else { continue };
        let Some(outer) = column.path.first().cloned() else { continue };
        let is_part = column.path.len() > 1;
        let same = whole.get(&column.path).copied();
        let around = if is_part { whole.get(std::slice::from_ref(&outer)) } else { parts.get(&outer) };
        if let Some(first) = same.or(around.copied()) {
            column.is_again = true;
            // Of the parts beside the whole, the first is told of.
            if is_part && same.is_none() && parts.contains_key(&outer) {
                continue;
            }
            faults.push(twice(&column.path, first, key, same.is_some(), file));
        }
        whole.entry(column.path.clone()).or_insert(key);
        if is_part {
            parts.entry(outer).or_insert(key);
        }
    }
    faults
}

/// The fault that the columns `first` and `second` both mean the field at `path`, or one of them a part of it.
fn twice(path: &[String], first: &Key, second: &Key, is_same: bool, file: &SitePath) -> Diagnostic {
    let field = path.join(".");
    let outer = path.first().map_or("", String::as_str);
    let (message, help) = match is_same {
        true => (
            format!("the columns `{}` and `{}` both mean the field `{field}`", first.name, second.name),
            "put all their values into one of the two columns, and delete the other when it is empty".to_owned(),
        ),
        false => (
            format!(
                "the columns `{}` and `{}` both mean the field `{outer}`: one all of it, the other a part",
                first.name, second.name
            ),
            format!(
                "put all values into the column for the whole of `{outer}` or into those for its parts, and delete only what is empty then"
            ),
        ),
    };
    let fault = Diagnostic::new(Code::DuplicateKey, message)
        .at(file, second.span.clone())
        .label(Span::new(file, first.span.clone()), "it is first written here")
        .help(help);
    // Which of the two counts would decide who may see its rows.
    if secrecy::may_be_corrected(outer) { fault } else { fault.binding() }
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

/// A row under the names of its fields. Of several cells for one field, the first that is filled counts.
fn renamed(table: Table, columns: &BTreeMap<&str, Column>) -> Table {
    let mut out: Table = Vec::with_capacity(table.len());
    for (key, value) in table {
        let Some(column) = columns.get(key.name.as_str()) else {
            out.push((key, value));
            continue;
        };
        let (name, value, is_part) = match column.path.as_slice() {
            [_, _] if value.kind == RawKind::Null => continue,
            [outer, inner] => {
                let span = value.span.clone();
                let part = (Key { name: inner.clone(), ..key.clone() }, value);
                (outer.clone(), Raw { kind: RawKind::Table(vec![part]), span }, true)
            }
            [name] => (name.clone(), value, false),
            _ => (key.name.clone(), value, false),
        };
        let known =
            (is_part || column.is_again).then(|| out.iter_mut().find(|(known, _)| known.name == name)).flatten();
        match (known, value.kind) {
            (None, kind) => out.push((Key { name, ..key }, Raw { kind, ..value })),
            (Some(known), kind) if known.1.kind == RawKind::Null => {
                *known = (Key { name, ..key }, Raw { kind, ..value })
            }
            (Some((_, Raw { kind: RawKind::Table(group), .. })), RawKind::Table(part)) => group.extend(part),
            (Some(_), _) => {}
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
            settled.faults.push(if secrecy::FIELDS.contains(&name) { fault.binding() } else { fault });
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
        let rest = time_of_spreadsheet(rest).unwrap_or_else(|| rest.to_owned());
        cell.kind = RawKind::Text(format!("{day} {rest}").trim_end().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{csv, toml};
    use crate::schema;

    /// The rows of `text`, and the faults of its columns.
    fn settled(text: &str) -> (Vec<Raw>, Vec<Diagnostic>) {
        let file = SitePath::new("content/talks/talks.csv").expect("inside the site");
        let raw = toml(&SitePath::root(), "text = \"text\"\nchair = \"either(ref(people), record{name: text})\"\n", 0);
        let mut fields = schema::base().clone();
        fields.extend(schema::fields(&raw.value, &SitePath::root()).value);
        let settled = settle(csv(&file, text, 0).value, &fields, &file);
        let RawKind::List(rows) = settled.raw.kind else { panic!("rows: {text}") };
        (rows, settled.faults)
    }

    #[test]
    fn two_columns_of_one_field_are_a_fault_of_the_second() {
        for (header, second, is_binding) in [
            ("Status,STATUS", "STATUS", true),
            ("status,Status", "Status", true),
            ("Publish at,Publish-at", "Publish-at", true),
            ("Publish  at,publish_at", "publish_at", true),
            ("publish\u{2011}at,Publish\u{a0}at", "Publish\u{a0}at", true),
            ("Publish at,Publish at (dd/mm/yyyy)", "Publish at (dd/mm/yyyy)", true),
            ("date (dd/mm/yyyy),Date (mm/dd/yyyy)", "Date (mm/dd/yyyy)", true),
            ("Expires,EXPIRES", "EXPIRES", true),
            ("See,SEE", "SEE", true),
            ("withdrawn,withdrawn.date", "withdrawn.date", true),
            ("Withdrawn.date,WITHDRAWN", "WITHDRAWN", true),
            ("withdrawn.date,Withdrawn.Date", "Withdrawn.Date", true),
            ("Text,TEXT", "TEXT", false),
            ("Chair,Chair.name", "Chair.name", false),
            ("image,image.file", "image.file", false),
        ] {
            let (_, faults) = settled(&format!("title,{header}\nA,,x\n"));
            let [fault] = faults.as_slice() else { panic!("{header}: {faults:?}") };
            let span = fault.span.as_ref().expect("a place");
            let text = format!("title,{header}");
            assert_eq!((fault.code, fault.is_binding), (Code::DuplicateKey, is_binding), "{header}");
            assert_eq!((&text[span.start..span.end], fault.labels.len()), (second, 1), "{header}");
        }
        for header in
            ["Status,Text", "withdrawn.date,withdrawn.reason", "image.file,image.alt", "Chair.name,Text", "foo,FOO"]
        {
            assert!(settled(&format!("title,{header}\nA,x,y\n")).1.is_empty(), "{header}");
        }
    }

    #[test]
    fn the_first_filled_cell_of_a_field_counts() {
        for (text, path, wanted) in [
            ("Text,TEXT\n,b\n", &["text"][..], "b"),
            ("Text,TEXT\na,\n", &["text"], "a"),
            ("Text,TEXT\na,b\n", &["text"], "a"),
            ("Chair,Chair.name\n,b\n", &["chair", "name"], "b"),
            ("Chair,Chair.name\na,b\n", &["chair"], "a"),
            ("Chair.name,Chair\na,\n", &["chair", "name"], "a"),
            ("Chair.name,Chair\n,b\n", &["chair"], "b"),
            ("Chair.name,Chair.Name\n,b\n", &["chair", "name"], "b"),
        ] {
            let (rows, _) = settled(text);
            let found = path.iter().try_fold(&rows[0], |raw, name| raw.get(name)).map(|raw| raw.kind.clone());
            assert_eq!(found, Some(RawKind::Text(wanted.to_owned())), "{text}");
        }
    }
}
