//! A source, a field and its new value → the few bytes that change.
//!
//! Handles front matter in TOML and YAML, rows in TOML, YAML, JSON and CSV, and settings. Everything but that value stays:
//! other fields, comments, blanks, line ends, a text's quotation marks. Each change is proven before it is returned: the
//! changed text is read again, and must say all that it said before, except for the one field. If no way of writing the
//! value passes, nothing is changed ([`Unsure`]).

use std::collections::BTreeMap;
use std::ops::Range;

use super::written::{Given, Notation};
use crate::content;
use crate::data::{self, Key, Raw, RawKind, Table};
use crate::diagnostic::{Severity, Span, Splice};
use crate::path::SitePath;

/// A source whose fields can be changed.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    file: &'a SitePath,
    text: &'a str,
    notation: Notation,
    /// The bytes in which fields are written.
    span: Range<usize>,
    raw: Raw,
}

/// One step from the whole source to a value in it.
#[cfg_attr(not(test), allow(dead_code))] // Commands change fields of pages only, so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step<'a> {
    /// The field of this name.
    Name(&'a str),
    /// The item of a list, or the row, of this number, from 0.
    Item(usize),
}

/// A change that cannot be made with certainty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Unsure;

/// What a source says, wherever and however it is written.
#[derive(Clone, PartialEq, Debug)]
enum Said {
    Nothing,
    Value(String),
    List(Vec<Said>),
    Table(BTreeMap<String, Said>),
}

impl<'a> Fields<'a> {
    /// The fields of `file`, whose whole text is `text`; `None` if it has none, or they cannot be read without an error.
    pub(crate) fn of(file: &'a SitePath, text: &'a str) -> Option<Self> {
        let (raw, span, notation) = read(file, text)?;
        Some(Self { file, text, notation, span, raw })
    }

    /// What is written at `path`.
    pub(crate) fn get(&self, path: &[Step<'_>]) -> Option<&Raw> {
        at(&self.raw, path)
    }

    /// The change that gives the field at `path` the value `value`; none, if it has that value already. A missing field is
    /// added to the table that it belongs to.
    pub(crate) fn set(&self, path: &[Step<'_>], value: &Given) -> Result<Option<Splice>, Unsure> {
        let mut expected = said(&self.raw);
        put(&mut expected, path, Some(of_given(value))).ok_or(Unsure)?;
        let ways: Vec<(Range<usize>, String)> = match self.get(path) {
            Some(raw) if value.is_said_by(raw) => return Ok(None),
            Some(raw) => {
                let places = self.places(raw);
                let ways = |at: &Range<usize>| value.ways(self.notation, self.text.get(at.clone()).unwrap_or(""));
                places.iter().flat_map(|at| ways(at).into_iter().map(|way| (at.clone(), way))).collect()
            }
            None => {
                let (Some(Step::Name(name)), outer) = (path.last(), &path[..path.len().saturating_sub(1)]) else {
                    return Err(Unsure);
                };
                let table = self.get(outer).ok_or(Unsure)?;
                value.ways(self.notation, "").iter().flat_map(|way| self.additions(table, name, way)).collect()
            }
        };
        self.proven(ways, &expected).map(Some)
    }

    /// The change that removes the field at `path`; none, if it is not there. A cell is emptied.
    pub(crate) fn remove(&self, path: &[Step<'_>]) -> Result<Option<Splice>, Unsure> {
        let (Some(Step::Name(name)), outer) = (path.last(), &path[..path.len().saturating_sub(1)]) else {
            return Err(Unsure);
        };
        let Some(RawKind::Table(table)) = self.get(outer).map(|raw| &raw.kind) else { return Err(Unsure) };
        let Some(n) = table.iter().position(|(key, _)| key.name == *name) else { return Ok(None) };
        let mut expected = said(&self.raw);
        put(&mut expected, path, None).ok_or(Unsure)?;
        let ways = self.removals(table, n).into_iter().map(|range| (range, String::new()));
        self.proven(ways.collect(), &expected).map(Some)
    }

    /// The first of these changes after which the source says what is expected.
    fn proven(&self, ways: Vec<(Range<usize>, String)>, expected: &Said) -> Result<Splice, Unsure> {
        let stands = |(range, text): &(Range<usize>, String)| {
            let (Some(before), Some(after)) = (self.text.get(..range.start), self.text.get(range.end..)) else {
                return false;
            };
            let new = format!("{before}{text}{after}");
            read(self.file, &new).is_some_and(|(raw, span, notation)| {
                // This change must not touch the text below the front matter.
                notation == self.notation && said(&raw) == *expected && new[span.end..] == self.text[self.span.end..]
            })
        };
        let (range, text) = ways.into_iter().find(stands).ok_or(Unsure)?;
        Ok(Splice { span: Span::new(self.file, range), text })
    }

    /// The possible places of a value: its own bytes without a comment after them, then all of them, then from its key on.
    fn places(&self, raw: &Raw) -> Vec<Range<usize>> {
        let text = self.text.get(raw.span.clone()).unwrap_or("");
        let bare = match text.chars().next().filter(|sign| "\"'".contains(*sign)) {
            Some(sign) => text[1..].rfind(sign).map(|at| at + 2),
            None => text.find(" #"),
        };
        let bare = text[..bare.unwrap_or(text.len())].trim_end().len();
        let mut places = vec![raw.span.start..raw.span.start + bare, raw.span.clone()];
        let line = self.line(raw.span.start);
        let before = &self.text[line.start..raw.span.start];
        // The sign that begins a text over several lines comes before its place.
        if let Some(colon) = before.rfind(": ") {
            places.push(line.start + colon + 2..raw.span.end);
        } else if let Some(above) = self.text[..line.start].trim_end().rfind(": ") {
            places.push(above + 2..raw.span.start + text.trim_end().len());
        }
        places.dedup();
        places
    }

    /// The ways to add `name` with the value `way` to `table`.
    fn additions(&self, raw: &Raw, name: &str, way: &str) -> Vec<(Range<usize>, String)> {
        let RawKind::Table(table) = &raw.kind else { return Vec::new() };
        let pair = match self.notation {
            Notation::Toml => format!("{} = {way}", toml_key(name)),
            Notation::Yaml => format!("{name}: {way}"),
            Notation::Json => format!("{}: {way}", serde_json::Value::from(name)),
            Notation::Csv(_) => return Vec::new(),
        };
        let mut ways = Vec::new();
        let newline = if self.text[..self.span.end].contains("\r\n") { "\r\n" } else { "\n" };
        let written = self.text.get(raw.span.clone()).unwrap_or("");
        if written.trim_end().ends_with('}') {
            let end = raw.span.start + written.trim_end().len() - 1;
            let last = table.last().map_or(end, |(_, value)| value.span.end);
            let comma = if table.is_empty() { " " } else { ", " };
            ways.push((last..last, format!("{comma}{pair}{}", if table.is_empty() { " " } else { "" })));
        }
        // Below the last field on a line of its own.
        for (key, value) in table.iter().rev() {
            let line = self.line(key.span.start);
            let indent = &self.text[line.start..key.span.start];
            let indent: String = indent.chars().map(|sign| if sign == '-' { ' ' } else { sign }).collect();
            let end = self.line(value.span.end).end;
            if indent.trim().is_empty() && value.span.start >= key.span.end {
                ways.push(self.new_line(end, &format!("{indent}{pair}"), newline));
            }
        }
        // Below the heading, or where nothing is written yet.
        let heading = self.line(raw.span.start).end;
        ways.push(self.new_line(heading, &pair, newline));
        ways.push(self.new_line(self.span.start, &pair, newline));
        ways
    }

    fn new_line(&self, at: usize, line: &str, newline: &str) -> (Range<usize>, String) {
        let is_begun = at > 0 && !self.text[..at].ends_with('\n') && at != self.span.start;
        let before = if is_begun { newline } else { "" };
        (at..at, format!("{before}{line}{newline}"))
    }

    /// The ways to remove the `n`th field of a table.
    fn removals(&self, table: &Table, n: usize) -> Vec<Range<usize>> {
        let (key, value) = &table[n];
        if matches!(self.notation, Notation::Csv(_)) {
            return vec![value.span.clone()];
        }
        let mut ways = Vec::new();
        let start = self.line(key.span.start).start;
        let end = self.line(value.span.end).end;
        if self.text[start..key.span.start].trim().is_empty() {
            ways.push(start..end);
            // A YAML group already extends to its last line.
            ways.push(start..value.span.end.max(key.span.end));
        }
        let of = |pair: &(Key, Raw)| pair.0.span.start;
        if let Some(next) = table.get(n + 1) {
            ways.push(of(&table[n])..of(next));
        }
        if let Some((_, before)) = n.checked_sub(1).and_then(|before| table.get(before)) {
            ways.push(before.span.end..value.span.end);
        }
        ways.push(key.span.start..value.span.end);
        ways
    }

    /// The line that byte `at` is in, with its end.
    fn line(&self, at: usize) -> Range<usize> {
        let at = at.min(self.text.len());
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        start..self.text[at..].find('\n').map_or(self.text.len(), |end| at + end + 1)
    }
}

/// The fields of a file, where they are written and in what notation.
fn read(file: &SitePath, text: &str) -> Option<(Raw, Range<usize>, Notation)> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offset = text.len() - body.len();
    let whole = offset..text.len();
    let (found, span, notation) = match file.ending().as_str() {
        "toml" => (data::toml(file, body, offset), whole, Notation::Toml),
        "json" => (data::json(file, body, offset), whole, Notation::Json),
        "yaml" | "yml" => (data::yaml(file, body, offset), whole, Notation::Yaml),
        "csv" => (data::csv(file, body, offset), whole, Notation::Csv(data::separator(body))),
        "md" => {
            let (found, span) = content::front_matter(file, text);
            let fence = text[..span.start].trim_end();
            let notation = if fence.ends_with("+++") { Notation::Toml } else { Notation::Yaml };
            if span.is_empty() && !fence.ends_with(['+', '-']) {
                return None;
            }
            (found, span, notation)
        }
        _ => return None,
    };
    let is_sound = !found.faults.iter().any(|fault| fault.severity == Severity::Error);
    is_sound.then_some((found.value, span, notation))
}

fn at<'r>(raw: &'r Raw, path: &[Step<'_>]) -> Option<&'r Raw> {
    path.iter().try_fold(raw, |raw, step| match (step, &raw.kind) {
        (Step::Name(name), RawKind::Table(_)) => raw.get(name),
        (Step::Item(n), RawKind::List(items)) => items.get(*n),
        _ => None,
    })
}

fn said(raw: &Raw) -> Said {
    match &raw.kind {
        RawKind::Null => Said::Nothing,
        RawKind::Bool(truth) => Said::Value(truth.to_string()),
        RawKind::Int(number) => Said::Value(number.to_string()),
        RawKind::Float(number) => Said::Value(format!("{number:?}")),
        RawKind::Text(text) if text.is_empty() => Said::Nothing,
        RawKind::Text(text) | RawKind::Date(text) => Said::Value(text.clone()),
        RawKind::List(items) => Said::List(items.iter().map(said).collect()),
        RawKind::Table(table) => {
            let fields = table.iter().map(|(key, value)| (key.name.clone(), said(value)));
            Said::Table(fields.filter(|(_, said)| *said != Said::Nothing).collect())
        }
    }
}

fn of_given(value: &Given) -> Said {
    match value {
        Given::Text(text) if text.is_empty() => Said::Nothing,
        Given::Text(text) | Given::Date(text) => Said::Value(text.clone()),
        Given::Int(number) => Said::Value(number.to_string()),
        Given::Bool(truth) => Said::Value(truth.to_string()),
        Given::List(items) => Said::List(items.iter().map(of_given).collect()),
    }
}

/// Puts a value into what is said, or removes it; `None` if there is no such place.
fn put(whole: &mut Said, path: &[Step<'_>], value: Option<Said>) -> Option<()> {
    let (first, rest) = path.split_first()?;
    match (first, whole) {
        (Step::Name(name), Said::Table(fields)) => {
            if rest.is_empty() {
                match value.filter(|value| *value != Said::Nothing) {
                    Some(value) => fields.insert((*name).to_owned(), value),
                    None => fields.remove(*name),
                };
                return Some(());
            }
            put(fields.get_mut(*name)?, rest, value)
        }
        (Step::Item(n), Said::List(items)) => match rest.is_empty() {
            true => {
                *items.get_mut(*n)? = value?;
                Some(())
            }
            false => put(items.get_mut(*n)?, rest, value),
        },
        _ => None,
    }
}

/// A key of TOML, in quotation marks if it needs them.
fn toml_key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if is_bare { name.to_owned() } else { format!("{:?}", name) }
}
