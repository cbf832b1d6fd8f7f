//! Text of TOML, YAML, JSON and CSV → values with places, one type for all four.
//!
//! A [`Raw`] value records what was written and where, in bytes of the file; it does not know what was meant. Texts and keys are
//! in Unicode's composed form, however they were typed, so that names in them are equal if their letters are. Every reader but
//! JSON's goes on after a fault; all return what they could read.
//!
//! Not here: which fields there are and of what type (`schema`), or where a file's front matter begins and ends
//! (`content`).

mod advice;
mod csv;
mod flow;
mod json;
mod title;
mod toml;
mod yaml;

#[cfg(test)]
mod tests;

pub(crate) use self::csv::{csv, separator};
pub(crate) use self::json::json;
pub(crate) use self::toml::toml;
pub(crate) use self::yaml::yaml;

use std::borrow::Cow;
use std::ops::Range;

/// A value as written, and where.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Raw {
    /// What was written.
    pub(crate) kind: RawKind,
    /// Its bytes in the file.
    pub(crate) span: Range<usize>,
}

/// What was written, in the few shapes that all four formats share.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum RawKind {
    /// YAML's and JSON's `null`, an empty CSV cell: as if the key were not there.
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// A date, or a date with a time, that the format marks as such (TOML), as written.
    Date(String),
    List(Vec<Raw>),
    Table(Table),
}

/// Keys and values in the order written.
pub(crate) type Table = Vec<(Key, Raw)>;

/// A key of a table, and where it was written.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) span: Range<usize>,
}

/// A text or key in the form in which names are compared.
pub(crate) fn composed(text: String) -> String {
    match crate::path::composed(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(composed) => composed,
    }
}

impl Raw {
    /// The value of `key`, if this is a table that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Raw> {
        match &self.kind {
            RawKind::Table(table) => table.iter().find(|(k, _)| k.name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// What a message to an author calls this: "a number", "a list".
    pub(crate) fn described(&self) -> &'static str {
        match self.kind {
            RawKind::Null => "nothing",
            RawKind::Bool(_) => "true or false",
            RawKind::Int(_) => "a whole number",
            RawKind::Float(_) => "a number",
            RawKind::Text(_) => "text",
            RawKind::Date(_) => "a date",
            RawKind::List(_) => "a list",
            RawKind::Table(_) => "a group of fields",
        }
    }
}
