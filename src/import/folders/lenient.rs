//! Front matter, settings and data files of other programs → values, read as leniently as those programs read them.
//!
//! Front matter is TOML between `+++`, YAML between `---`, or JSON that begins the file; Eleventy names its language behind the
//! first dashes. What cannot be read is a fault with its line, and the rest is read all the same.

use std::ops::Range;

use jiff::tz::TimeZone;

use crate::data::{self, Key, Raw, RawKind, Table};
use crate::diagnostic::{Code, Diagnostic};
use crate::import::site::survey::Value;
use crate::path::SitePath;
use crate::schema::{Moment, TimeFault, parse_moment, secrecy};

/// A file split into its fields and its text.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) fields: Table,
    /// The bytes of its text.
    pub(super) body: Range<usize>,
    /// Whether the file has front matter at all, even if it is empty.
    pub(super) has_front: bool,
    pub(super) faults: Vec<Fault>,
    /// A line that would hide the page was not read as a field: the name in it.
    pub(super) unread: Option<String>,
}

/// Something that could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    /// From 1.
    pub(super) line: usize,
}

/// A notation of values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Notation {
    Toml,
    Yaml,
    Json,
}

impl Notation {
    /// The notation of a file, by the ending of its name.
    pub(super) fn of(path: &str) -> Option<Self> {
        let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        match ending.as_str() {
            "toml" => Some(Self::Toml),
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// The bytes of a file as text: without a byte order mark, and in Windows' letters if they are not UTF-8.
pub(super) fn decoded(bytes: Vec<u8>) -> String {
    // As some programs of Windows save a text.
    if let Some(encoding) = crate::import::encoding::wide(&bytes) {
        return encoding.decode(&bytes).0.into_owned();
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => error.as_bytes().iter().map(|byte| windows(*byte)).collect(),
    };
    match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// A byte in Windows' Western letters.
fn windows(byte: u8) -> char {
    const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match byte {
        0x80..=0x9f => HIGH.chars().nth(usize::from(byte - 0x80)).unwrap_or('\u{fffd}'),
        _ => char::from(byte),
    }
}

/// Splits a file into its fields and its text.
pub(super) fn split(text: &str) -> Parts {
    let nothing = |at: usize| Parts {
        fields: Vec::new(),
        body: at..text.len(),
        has_front: false,
        faults: Vec::new(),
        unread: None,
    };
    let top = text.len() - text.trim_start_matches(['\n', '\r', ' ', '\t', '\u{feff}']).len();
    let first = text[top..].lines().next().unwrap_or_default().trim_end();
    if first.starts_with('{') && !first.starts_with("{{") && !first.starts_with("{%") && !first.starts_with("{#") {
        return match json_end(&text[top..]) {
            Some(length) => parts(text, top..top + length, top + length, Notation::Json),
            None => nothing(0),
        };
    }
    let (fence, notation) = match first {
        "+++" => ("+++", Notation::Toml),
        "---" | "---yaml" | "--- yaml" => ("---", Notation::Yaml),
        "---toml" | "--- toml" => ("---", Notation::Toml),
        "---json" | "--- json" => ("---", Notation::Json),
        // `---js`, or lines that end as on old Macs.
        _ if first
            .strip_prefix("---")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '\r')) =>
        {
            let end = text[top + 3..].find("\n---").or(text[top + 3..].find("\r---")).map(|at| top + 3 + at + 4);
            return Parts {
                body: end.map_or(text.len(), |end| after_line(text, end))..text.len(),
                has_front: true,
                unread: Some("front matter".to_owned()),
                ..nothing(0)
            };
        }
        _ => return nothing(0),
    };
    let start = after_line(text, top);
    let mut at = start;
    while at < text.len() {
        let end = after_line(text, at);
        let line = text[at..end].trim_end();
        if line == fence || fence == "---" && line == "..." {
            return parts(text, start..at, end, notation);
        }
        at = end;
    }
    // Nothing ends the fields, so it cannot be known what they are.
    let mut found = parts(text, start..text.len(), text.len(), notation);
    found.faults = vec![Fault { message: format!("no line `{fence}` ends the front matter"), line: 1 }];
    found.unread = Some("front matter".to_owned());
    found
}

fn after_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// How long the group is that the text begins with.
fn json_end(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn parts(text: &str, span: Range<usize>, body: usize, notation: Notation) -> Parts {
    let written = &text[span.clone()];
    let (raw, faults) = value(written, span.start, notation);
    let twice = faults.iter().find_map(|fault| twice(text, fault));
    let faults = faults.into_iter().map(|fault| placed(text, fault)).collect();
    let fields = match raw.kind {
        RawKind::Table(table) => table,
        _ => Vec::new(),
    };
    let mut found = Parts { fields, body: body..text.len(), has_front: true, faults, unread: None };
    if !found.faults.is_empty() {
        found.unread = unread(written, &found.fields).or(twice);
    }
    found
}

/// A key that is there twice and may say who sees the page: programs read either.
fn twice(text: &str, fault: &Diagnostic) -> Option<String> {
    let at = fault.span.as_ref().filter(|_| fault.code == Code::DuplicateKey)?.start;
    let key = text.get(at..)?.split([':', '=', '\n']).next()?.trim().trim_matches(['"', '\'']).to_lowercase();
    let hides = ["draft", "published", "publishdate", "expirydate", "date", "permalink", "headless", "build", "status"];
    hides.contains(&&*key).then_some(key)
}

/// The value in a text of this notation, and what cannot be read in it.
pub(super) fn value(text: &str, offset: usize, notation: Notation) -> (Raw, Vec<Diagnostic>) {
    let file = SitePath::root();
    let found = match notation {
        Notation::Toml => data::toml(&file, text, offset),
        Notation::Yaml => data::yaml(&file, text, offset),
        Notation::Json => data::json(&file, text, offset),
    };
    // That a value ends before a comment is how YAML is read there too.
    let faults = found.faults.into_iter().filter(|fault| fault.code != Code::YamlComment).collect();
    (found.value, faults)
}

/// The value in a whole file, and what cannot be read in it.
pub(super) fn file(path: &str, text: &str) -> Option<(Raw, Vec<Fault>)> {
    let notation = Notation::of(path)?;
    let (raw, faults) = value(text, 0, notation);
    Some((raw, faults.into_iter().map(|fault| placed(text, fault)).collect()))
}

fn placed(text: &str, fault: Diagnostic) -> Fault {
    let at = fault.span.as_ref().map_or(0, |span| span.start);
    Fault { message: fault.message, line: line_of(text, at) }
}

/// The line of a byte, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..at.min(text.len())]).count()
}

/// The name of a field that may hide the page in a line that was not read.
fn unread(written: &str, fields: &Table) -> Option<String> {
    let name = |line: &str| {
        let line = line.trim().trim_start_matches(['"', '\'']);
        let end = line.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))?;
        let behind = line[end..].trim_start_matches(['"', '\'', ' ', '\t']);
        behind.starts_with([':', '=']).then(|| line[..end].to_owned())
    };
    let is_read = |name: &str| fields.iter().any(|(key, value)| key.name == name && value.kind != RawKind::Null);
    written.lines().filter_map(name).find(|name| hides(name) && !is_read(name))
}

/// Whether fields of this name can hide a page.
pub(super) fn hides(name: &str) -> bool {
    let yes = Raw { kind: RawKind::Bool(true), span: 0..0 };
    let no = Raw { kind: RawKind::Bool(false), span: 0..0 };
    let is_date = ["date", "publishdate", "status", "build", "_build", "cascade"];
    is_date.contains(&name.to_ascii_lowercase().as_str())
        || secrecy::meant(name, &yes).is_some()
        || secrecy::meant(name, &no).is_some()
}

/// The value of a key, in whatever letters it is written.
pub(super) fn get<'a>(table: &'a Table, name: &str) -> Option<&'a Raw> {
    let same = |key: &&(Key, Raw)| key.0.name.eq_ignore_ascii_case(name);
    table.iter().find(same).map(|(_, value)| value).filter(|value| value.kind != RawKind::Null)
}

/// The value at a path of keys.
pub(super) fn at<'a>(raw: &'a Raw, path: &[&str]) -> Option<&'a Raw> {
    path.iter().try_fold(raw, |raw, name| match &raw.kind {
        RawKind::Table(table) => get(table, name),
        _ => None,
    })
}

/// A value as one text, if it is one.
pub(super) fn text(raw: &Raw) -> Option<String> {
    match &raw.kind {
        RawKind::Text(text) | RawKind::Date(text) => Some(text.clone()),
        RawKind::Int(number) => Some(number.to_string()),
        RawKind::Float(number) => Some(number.to_string()),
        RawKind::Bool(truth) => Some(truth.to_string()),
        RawKind::Null | RawKind::List(_) | RawKind::Table(_) => None,
    }
}

/// The text at a path of keys.
pub(super) fn text_at(raw: &Raw, path: &[&str]) -> Option<String> {
    at(raw, path).and_then(text).filter(|text| !text.trim().is_empty())
}

/// A value as texts: a list's, or one.
pub(super) fn texts(raw: &Raw) -> Vec<String> {
    match &raw.kind {
        RawKind::List(items) => items.iter().filter_map(text).collect(),
        _ => text(raw).into_iter().collect(),
    }
}

/// Whether a value says yes or no; YAML's older words count.
pub(super) fn truth(raw: &Raw) -> Option<bool> {
    match &raw.kind {
        RawKind::Bool(truth) => Some(*truth),
        RawKind::Int(number) => Some(*number != 0),
        RawKind::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "y" | "1" => Some(true),
            "false" | "no" | "off" | "n" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A day or a moment as it may be written anywhere.
pub(super) fn moment(raw: &Raw, zone: &TimeZone) -> Option<Moment> {
    let written = match &raw.kind {
        RawKind::Text(text) | RawKind::Date(text) => text.trim().to_owned(),
        RawKind::Int(number) if (1_000..10_000).contains(number) => return None,
        _ => return None,
    };
    match parse_moment(&written, zone) {
        Ok(moment) => Some(moment),
        Err(TimeFault::Unreadable(Some((day, _)))) => Some(Moment::Date(day)),
        Err(_) => {
            // A time that does not exist on a day whose clocks change, or a zone that nobody knows: the day stands.
            let day = written.get(..10)?;
            parse_moment(day, zone).ok()
        }
    }
}

/// A moment as fields have it: a day, or a day with a time in the site's zone.
pub(super) fn written(moment: &Moment) -> String {
    match moment {
        Moment::Date(day) => day.to_string(),
        Moment::DateTime(when) => when.strftime("%Y-%m-%d %H:%M").to_string(),
    }
}

/// Whether a text looks like a day or a moment, with the year first.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && bytes.len() < 40
        && bytes[..10].iter().enumerate().all(|(n, b)| if n == 4 || n == 7 { *b == b'-' } else { b.is_ascii_digit() })
        && (bytes.len() == 10 || matches!(bytes[10], b' ' | b'T' | b't'))
}

/// A value in the form of a survey.
pub(super) fn surveyed(raw: &Raw, zone: &TimeZone) -> Value {
    match &raw.kind {
        RawKind::Null => Value::Nothing,
        RawKind::Bool(truth) => Value::Bool(*truth),
        RawKind::Int(number) => Value::Number(number.to_string()),
        RawKind::Float(number) => Value::Number(number.to_string()),
        RawKind::Date(_) => moment(raw, zone).map_or(Value::Nothing, |moment| Value::Moment(written(&moment))),
        RawKind::Text(text) if is_date(text.trim()) => {
            moment(raw, zone).map_or_else(|| Value::Text(text.clone()), |moment| Value::Moment(written(&moment)))
        }
        RawKind::Text(text) => Value::Text(text.clone()),
        RawKind::List(items) => Value::List(items.iter().map(|item| surveyed(item, zone)).collect()),
        RawKind::Table(table) => {
            Value::Group(table.iter().map(|(key, value)| (key.name.clone(), surveyed(value, zone))).collect())
        }
    }
}

/// Adds what `further` has and `table` lacks, key by key.
pub(super) fn fill(table: &mut Table, further: &Table) {
    for (key, value) in further {
        let place = table.iter().position(|(known, _)| known.name.eq_ignore_ascii_case(&key.name));
        match place {
            None => table.push((key.clone(), value.clone())),
            Some(place) => {
                if let (RawKind::Table(inner), RawKind::Table(more)) = (&mut table[place].1.kind, &value.kind) {
                    fill(inner, more);
                }
            }
        }
    }
}

/// A key that stands nowhere.
pub(super) fn key(name: &str) -> Key {
    Key { name: name.to_owned(), span: 0..0 }
}

/// A value that stands nowhere.
pub(super) fn raw(kind: RawKind) -> Raw {
    Raw { kind, span: 0..0 }
}
