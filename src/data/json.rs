//! JSON → [`Raw`]: standard JSON, without comments or trailing commas.
//!
//! JSON is written by programs, so reading stops at a fault: nothing after it would mean what it seems to.

use std::collections::BTreeMap;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

use super::advice::within;
use super::{Key, Raw, RawKind, Table, composed};
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::path::SitePath;

/// How deeply lists and groups may be nested.
const DEEPEST: usize = 64;

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// The value in `text`, which begins at byte `offset` of `file`.
pub(crate) fn json(file: &SitePath, text: &str, offset: usize) -> Found<Raw> {
    let mut reader = Reader { file, text, offset, faults: Vec::new() };
    let nothing = Raw { kind: RawKind::Null, span: offset..offset + text.len() };
    if let Some(at) = too_deep(text) {
        reader.fault(format!("lists and groups are nested more than {DEEPEST} deep here"), at..at + 1);
        return Found::new(nothing, reader.faults);
    }
    let collect = CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false };
    let value = match parse_to_ast(text, &collect, &STRICT) {
        Ok(parsed) => parsed.value,
        Err(error) => {
            let range = error.range();
            reader.syntax(&error.kind().to_string(), range.start..range.end);
            None
        }
    };
    let raw = value.map_or(nothing, |value| reader.value(&value));
    Found::new(raw, reader.faults)
}

/// The byte at which the text is nested too deeply.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                if depth > DEEPEST {
                    return Some(at);
                }
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

struct Reader<'a> {
    file: &'a SitePath,
    text: &'a str,
    offset: usize,
    faults: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn place(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let range = within(self.text, range);
        self.offset + range.start..self.offset + range.end
    }

    fn fault(&mut self, message: String, range: std::ops::Range<usize>) {
        let place = self.place(range);
        self.faults.push(Diagnostic::new(Code::JsonSyntax, message).at(self.file, place));
    }

    /// The parser's message, in an author's words.
    fn syntax(&mut self, said: &str, range: std::ops::Range<usize>) {
        let (message, help) = match said {
            _ if said.contains("railing comma") => {
                ("there is a comma after the last part, which JSON does not allow".to_owned(), "delete it")
            }
            _ if said.contains("omments are not") => ("JSON has no comments".to_owned(), "delete this one"),
            _ if said.contains("xpected comma") => {
                ("a comma is missing between two parts".to_owned(), "put one before this")
            }
            _ if said.contains("xpected colon") => {
                ("a colon is missing between a name and its value".to_owned(), "write it like this: `\"title\": \"…\"`")
            }
            _ if said.contains("ingle-quoted") => {
                ("JSON wants double quotation marks".to_owned(), "write `\"` in place of `'`")
            }
            _ if said.contains("nterminated string") => {
                ("a text begins here and never ends".to_owned(), "put `\"` at its end")
            }
            _ if said.contains("nterminated") => {
                ("what begins here is never closed".to_owned(), "look for a missing `]` or `}` at its end")
            }
            _ if said.contains("more than one") => {
                ("the file goes on after its first value".to_owned(), "put all rows into one list: `[ …, … ]`")
            }
            _ => {
                let mut said = said.to_owned();
                if let Some(first) = said.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                (
                    format!("I cannot read this as JSON: {said}"),
                    "put texts in quotation marks, and commas between the parts",
                )
            }
        };
        let place = self.place(range);
        self.faults.push(Diagnostic::new(Code::JsonSyntax, message).at(self.file, place).help(help));
    }

    fn value(&mut self, value: &Value<'_>) -> Raw {
        let range = value.range();
        let span = self.place(range.start..range.end);
        let kind = match value {
            Value::StringLit(text) => RawKind::Text(composed(text.value.to_string())),
            Value::NumberLit(number) => self.number(number.value, range.start..range.end),
            Value::BooleanLit(truth) => RawKind::Bool(truth.value),
            Value::NullKeyword(_) => RawKind::Null,
            Value::Array(array) => RawKind::List(array.elements.iter().map(|item| self.value(item)).collect()),
            Value::Object(object) => {
                let mut table = Filling::default();
                for property in &object.properties {
                    let range = property.name.range();
                    let key = Key {
                        name: composed(property.name.as_str().to_owned()),
                        span: self.place(range.start..range.end),
                    };
                    let value = self.value(&property.value);
                    table.insert(self.file, &mut self.faults, key, value);
                }
                RawKind::Table(table.table)
            }
        };
        Raw { kind, span }
    }

    fn number(&mut self, written: &str, range: std::ops::Range<usize>) -> RawKind {
        if let Ok(number) = written.parse::<i64>() {
            return RawKind::Int(number);
        }
        match written.parse::<f64>() {
            Ok(number) if number.is_finite() => RawKind::Float(number),
            _ => {
                self.fault("this number is too large to be read".to_owned(), range);
                RawKind::Null
            }
        }
    }
}

/// A table that is being read.
#[derive(Default)]
pub(super) struct Filling {
    pub(super) table: Table,
    /// The places of its keys, once they are many.
    places: BTreeMap<String, usize>,
}

/// Up to so many keys are compared one by one.
const FEW: usize = 32;

impl Filling {
    /// Adds a key; of two equal ones, the first counts.
    pub(super) fn insert(&mut self, file: &SitePath, faults: &mut Vec<Diagnostic>, key: Key, value: Raw) {
        match self.place(&key.name) {
            Some(place) => faults.push(
                Diagnostic::new(Code::DuplicateKey, format!("`{}` is written twice", key.name))
                    .at(file, key.span)
                    .label(Span::new(file, self.table[place].0.span.clone()), "it is first written here")
                    .help("delete one of the two, or rename it"),
            ),
            None => self.table.push((key, value)),
        }
    }

    fn place(&mut self, name: &str) -> Option<usize> {
        if self.table.len() <= FEW {
            return self.table.iter().position(|(key, _)| key.name == name);
        }
        for (place, (key, _)) in self.table.iter().enumerate().skip(self.places.len()) {
            self.places.insert(key.name.clone(), place);
        }
        self.places.get(name).copied()
    }
}
