//! A value + how the values around it are written → the ways in which it can be written there, best first.

use crate::data::{Raw, RawKind};

/// A new value for a field.
#[cfg_attr(not(test), allow(dead_code))] // Commands write texts and lists of them only, so far.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Given {
    Text(String),
    Int(i64),
    Bool(bool),
    /// A day, or a day and a time, as we write it: `2026-05-14`.
    Date(String),
    List(Vec<Given>),
}

/// The format of a file's fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Notation {
    Toml,
    Yaml,
    Json,
    /// With the sign that separates its cells.
    Csv(char),
}

impl Given {
    /// Whether the value as written already says the same.
    pub(super) fn is_said_by(&self, raw: &Raw) -> bool {
        match (self, &raw.kind) {
            (Self::Text(text) | Self::Date(text), RawKind::Text(written) | RawKind::Date(written)) => text == written,
            (Self::Text(text), RawKind::Null) => text.is_empty(),
            (Self::Int(number), RawKind::Int(written)) => number == written,
            (Self::Bool(truth), RawKind::Bool(written)) => truth == written,
            // A cell is text, whatever it says.
            (Self::Int(_) | Self::Bool(_), RawKind::Text(written)) => self.plain() == *written,
            (Self::List(items), RawKind::List(written)) => {
                items.len() == written.len() && items.iter().zip(written).all(|(item, raw)| item.is_said_by(raw))
            }
            _ => false,
        }
    }

    fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Date(text) => text.clone(),
            Self::Int(number) => number.to_string(),
            Self::Bool(truth) => truth.to_string(),
            Self::List(items) => items.iter().map(Self::plain).collect::<Vec<_>>().join("; "),
        }
    }

    /// The ways to write this in place of `old`, the bytes there now (empty, if it is new).
    pub(super) fn ways(&self, notation: Notation, old: &str) -> Vec<String> {
        match (self, notation) {
            (_, Notation::Csv(separator)) => vec![cell(&self.plain(), separator, old)],
            (Self::List(items), _) => {
                let items: Vec<String> = items.iter().filter_map(|item| item.ways(notation, "\"").pop()).collect();
                vec![format!("[{}]", items.join(", "))]
            }
            (Self::Date(date), Notation::Json) => vec![quoted(date)],
            (Self::Date(date), _) if !old.starts_with(['"', '\'']) => vec![date.clone(), quoted(date)],
            (Self::Text(text) | Self::Date(text), _) => {
                let mut ways = Vec::new();
                if old.starts_with('\'') && !old.starts_with("'''") && !text.contains('\'') {
                    ways.push(format!("'{text}'"));
                }
                let is_bare = notation == Notation::Yaml && !old.is_empty() && !old.starts_with(['"', '\'', '|', '>']);
                if is_bare && !text.contains(char::is_control) {
                    ways.push(text.clone());
                }
                ways.push(quoted(text));
                ways
            }
            (Self::Int(_) | Self::Bool(_), _) => vec![self.plain()],
        }
    }
}

/// Quoted text, for TOML, YAML and JSON alike.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            sign if sign.is_control() || sign == '\u{feff}' => out.push_str(&format!("\\u{:04X}", u32::from(sign))),
            sign => out.push(sign),
        }
    }
    out.push('"');
    out
}

fn cell(text: &str, separator: char, old: &str) -> String {
    let needs = text.contains([separator, '"', '\n', '\r']) || old.starts_with('"');
    if needs { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
