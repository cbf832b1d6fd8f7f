//! TOML → [`Raw`], continuing after a fault.
//!
//! A line that cannot be read is replaced, in a copy of equal length, by what it was probably meant to say or by blanks,
//! and the copy is read again. So all places stay true, and one slip gives one message.

use std::collections::BTreeMap;
use std::ops::Range;

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::advice::{self, Advice};
use super::{Key, Raw, RawKind, Table, composed};
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::path::SitePath;

/// How many lines are mended before the rest is left as the parser recovers it.
const MENDED: usize = 40;

/// The table in `text`, which begins at byte `offset` of `file`.
pub(crate) fn toml(file: &SitePath, text: &str, offset: usize) -> Found<Raw> {
    let mut reader = Reader { file, text, offset, faults: Vec::new(), meant: BTreeMap::new() };
    let mut copy = text.as_bytes().to_vec();
    let mut mended: Vec<usize> = Vec::new();
    loop {
        let current = String::from_utf8(std::mem::take(&mut copy)).unwrap_or_else(|_| " ".repeat(text.len()));
        let (table, errors) = DeTable::parse_recoverable(&current);
        let first =
            errors.iter().filter(|e| !is_duplicate(e.message())).min_by_key(|e| e.span().map_or(0, |s| s.start));
        let Some(error) = first.filter(|_| mended.len() < MENDED) else {
            for error in errors.iter().filter(|e| is_duplicate(e.message())) {
                reader.duplicate(advice::within(text, error.span().unwrap_or(0..0)));
            }
            if first.is_some() && mended.is_empty() {
                reader
                    .faults
                    .push(Diagnostic::new(Code::TomlSyntax, "I cannot read this as TOML").at(file, offset..offset));
            }
            let table = reader.table(table.get_ref());
            return Found::new(Raw { kind: RawKind::Table(table), span: offset..offset + text.len() }, reader.faults);
        };
        let at = advice::within(text, error.span().unwrap_or(0..0));
        let message = error.message().to_owned();
        let unclosed = Unclosed::among(errors.iter().map(|error| error.message()));
        copy = current.into_bytes();
        reader.mend(&mut copy, &mut mended, at, &message, unclosed);
    }
}

/// A single value, with meaningless places; `None` if `text` is not one.
pub(super) fn value(text: &str) -> Option<Raw> {
    let value = DeValue::parse(text).ok()?;
    let file = SitePath::root();
    let mut reader = Reader { file: &file, text, offset: 0, faults: Vec::new(), meant: BTreeMap::new() };
    let raw = reader.value(&value);
    reader.faults.is_empty().then_some(raw)
}

fn is_duplicate(message: &str) -> bool {
    message.starts_with("duplicate key")
}

/// Whether the parser missed the end of something.
#[derive(Clone, Copy, PartialEq)]
enum Unclosed {
    Yes,
    No,
}

impl Unclosed {
    fn among<'a>(mut messages: impl Iterator<Item = &'a str>) -> Self {
        let signs = ["unclosed", "in array", "multi-line", "inline table"];
        if messages.any(|message| signs.iter().any(|sign| message.contains(sign))) {
            Unclosed::Yes
        } else {
            Unclosed::No
        }
    }
}

/// Whether the value that begins in the first of these lines is a list, a group or a long text that does not end in them.
fn opens(lines: &str) -> bool {
    let Some((_, value)) = lines.split_once('=') else {
        return false;
    };
    let value = value.trim();
    let more =
        |open: char, close: char| value.starts_with(open) && value.matches(open).count() > value.matches(close).count();
    let long = |marks: &str| value.starts_with(marks) && value.matches(marks).count() % 2 == 1;
    more('[', ']') || more('{', '}') || long("\"\"\"") || long("'''")
}

struct Reader<'a> {
    file: &'a SitePath,
    text: &'a str,
    offset: usize,
    faults: Vec<Diagnostic>,
    /// What replaces, at a byte of the copy, the value that was meant there.
    meant: BTreeMap<usize, RawKindAt>,
}

type RawKindAt = (RawKind, Range<usize>);

impl Reader<'_> {
    /// Makes the faulty line harmless in the copy, and reports what is wrong with it.
    fn mend(&mut self, copy: &mut [u8], mended: &mut Vec<usize>, at: Range<usize>, message: &str, unclosed: Unclosed) {
        let at = self.culprit(at, unclosed, mended);
        let line = advice::line_at(self.text, at.start);
        let again = mended.contains(&line.start);
        mended.push(line.start);
        if again {
            // Mending did not help: blank the line or, if it is blank already, all that is left.
            let blank = copy.get(line.clone()).is_some_and(|bytes| bytes.iter().all(u8::is_ascii_whitespace));
            let end = if blank { copy.len() } else { line.end };
            let start = if blank { self.opening(line.start) } else { line.start };
            fill(copy, start..end);
            return;
        }
        let advice = advice::toml(self.text, at, message);
        self.faults.extend(advice.fault(Code::TomlSyntax, self.file, self.offset));
        self.replace(copy, line, advice);
    }

    fn replace(&mut self, copy: &mut [u8], line: Range<usize>, advice: Advice) {
        if let Some(meant) = advice.meant {
            let rest = meant.value.end..line.end;
            fill(copy, meant.sign.clone());
            if !meant.sign.is_empty() {
                copy[meant.sign.start] = b'=';
            }
            fill(copy, meant.value.clone());
            copy[meant.value.start] = b'0';
            let value = &self.text[meant.value.clone()];
            if value.starts_with("\"\"\"") || value.starts_with("'''") {
                fill(copy, line.end..self.next_key(line.end));
            }
            let comma = self.text.get(rest.clone()).is_some_and(|rest| rest.trim() == ",");
            if !comma {
                fill(copy, rest);
            }
            let span = self.offset + meant.value.start..self.offset + meant.value.end;
            let mut kind = meant.kind;
            all_at(&mut kind, &span);
            self.meant.insert(meant.value.start, (kind, span));
            return;
        }
        let is_heading = self.text[line.clone()].trim_start().starts_with('[');
        let end = if is_heading { self.next_heading(line.end) } else { line.end };
        fill(copy, line.start..end);
    }

    /// Where to look for the slip: an unclosed list or text is noticed only further down.
    fn culprit(&self, at: Range<usize>, unclosed: Unclosed, mended: &[usize]) -> Range<usize> {
        let line = advice::line_at(self.text, at.start);
        let here = self.text[line.clone()].trim();
        let begins_anew = here.is_empty() || here.contains('=') || here.starts_with('[');
        if unclosed == Unclosed::No || !begins_anew {
            return at;
        }
        let mut above = self.opening(line.start);
        while above < line.start {
            if opens(&self.text[above..line.start]) && !mended.contains(&above) {
                return above..above;
            }
            let next = self.opening(above);
            if next >= above {
                break;
            }
            above = next;
        }
        at
    }

    /// The start of the last line above `line` that has a `key =`.
    fn opening(&self, line: usize) -> usize {
        let mut end = line;
        while end > 0 {
            let range = advice::line_at(self.text, end - 1);
            let written = self.text[range.clone()].trim_start();
            if written.split('=').next().is_some_and(|key| {
                key.len() < written.len() && !key.trim().is_empty() && !key.contains(['"', '[', '{', ','])
            }) {
                return range.start;
            }
            end = range.start;
        }
        line
    }

    /// Where the next line with a `key =` or a heading begins after byte `from`; the end of the text if there is none.
    fn next_key(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(newline) = self.text[at..].find('\n') {
            at += newline + 1;
            let line = &self.text[advice::line_at(self.text, at)];
            let key = line.split('=').next().unwrap_or("");
            let named = key.len() < line.len() && !key.trim().is_empty() && !key.trim().contains(char::is_whitespace);
            if line.starts_with('[') || named {
                return at;
            }
        }
        self.text.len()
    }

    /// Where the next `[heading]` begins after byte `from`; the end of the text if there is none.
    fn next_heading(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(newline) = self.text[at..].find('\n') {
            at += newline + 1;
            if self.text[at..].starts_with('[') {
                return at;
            }
        }
        self.text.len()
    }

    fn duplicate(&mut self, at: Range<usize>) {
        let name = self.text[at.clone()].trim().to_owned();
        let place = |range: Range<usize>| Span::new(self.file, self.offset + range.start..self.offset + range.end);
        let mut fault =
            Diagnostic::new(Code::DuplicateKey, format!("`{name}` is written twice")).span(place(at.clone()));
        fault = fault.help("delete one of the two, or rename it");
        let bare = name.trim_matches('"');
        let mut end = advice::line_at(self.text, at.start).start;
        while end > 0 {
            let line = advice::line_at(self.text, end - 1);
            let written = &self.text[line.clone()];
            if written.starts_with('[') {
                break;
            }
            let key = written.split('=').next().unwrap_or("");
            if key.len() < written.len() && key.trim().trim_matches('"') == bare {
                let first = advice::trimmed(self.text, line.start..line.start + key.len());
                fault = fault.label(place(first), "it is first written here");
                break;
            }
            end = line.start;
        }
        self.faults.push(fault);
    }

    fn place(&self, span: Range<usize>) -> Range<usize> {
        let span = advice::within(self.text, span);
        self.offset + span.start..self.offset + span.end
    }

    fn table(&mut self, table: &DeTable<'_>) -> Table {
        let mut entries: Table = Vec::with_capacity(table.len());
        for (key, value) in table {
            let span = self.place(key.span());
            let value = self.value(value);
            entries.push((Key { name: composed(key.get_ref().to_string()), span }, value));
        }
        // The parser's map is sorted by name; sorting by place restores the author's order.
        entries.sort_by_key(|(key, _)| key.span.start);
        entries
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> Raw {
        let range = value.span();
        if let Some((kind, span)) = self.meant.get(&range.start)
            && matches!(value.get_ref(), DeValue::Integer(_))
        {
            return Raw { kind: kind.clone(), span: span.clone() };
        }
        let span = self.place(range);
        let kind = match value.get_ref() {
            DeValue::String(text) => RawKind::Text(composed(text.to_string())),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => RawKind::Int(number),
                Err(_) => self.too_large(&span),
            },
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => RawKind::Float(number),
                _ => self.too_large(&span),
            },
            DeValue::Boolean(value) => RawKind::Bool(*value),
            DeValue::Datetime(date) => {
                let written = &self.text[span.start - self.offset..span.end - self.offset];
                let written = written.trim();
                RawKind::Date(if written.is_empty() { date.to_string() } else { written.to_owned() })
            }
            DeValue::Array(items) => RawKind::List(items.iter().map(|item| self.value(item)).collect()),
            DeValue::Table(table) => RawKind::Table(self.table(table)),
        };
        Raw { kind, span }
    }

    fn too_large(&mut self, span: &Range<usize>) -> RawKind {
        let fault = Diagnostic::new(Code::TomlSyntax, "this number is too large to be read");
        self.faults.push(
            fault.at(self.file, span.clone()).help("if it is a code or a reference number, put it in quotation marks"),
        );
        RawKind::Null
    }
}

/// Gives what lies in a value that was guessed the place of the whole: the guess is another text than the file's, and its places
/// mean nothing there.
fn all_at(kind: &mut RawKind, span: &Range<usize>) {
    let whole = |raw: &mut Raw| {
        raw.span = span.clone();
        all_at(&mut raw.kind, span);
    };
    match kind {
        RawKind::List(items) => items.iter_mut().for_each(whole),
        RawKind::Table(table) => {
            for (key, value) in table {
                key.span = span.clone();
                whole(value);
            }
        }
        _ => {}
    }
}

/// Blanks the bytes but keeps line ends, so that every place stays true.
fn fill(copy: &mut [u8], range: Range<usize>) {
    for byte in &mut copy[range] {
        if *byte != b'\n' && *byte != b'\r' {
            *byte = b' ';
        }
    }
}
