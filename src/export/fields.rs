//! The fields of a page ⇄ the words in them that somebody translates; and back, as the front matter of a translation.
//!
//! Which fields these are is declared (`translate`); what is not text for readers never is one. A field that has words to translate
//! somewhere in it is written out as a whole in the translation, since what a translation states replaces what it would inherit.

use std::fmt::Write as _;

use super::{Field, Says};
use crate::content::WORDS;
use crate::data::{Raw, RawKind};
use crate::import::read;
use crate::schema::{self, Fields, Placed, Type, Value};

/// The fields of `values` with words to translate, in the order declared; `source` is the text of their file.
pub(crate) fn translatable<'v>(
    declared: &Fields,
    value: impl Fn(&str) -> Option<&'v Placed>,
    source: &str,
) -> Vec<Field> {
    let mut out = Vec::new();
    // What readers see first comes first.
    let place = |field: &&schema::Field| WORDS.iter().position(|name| **name == *field.name).unwrap_or(WORDS.len());
    let mut all: Vec<&schema::Field> = declared.values().filter(|field| field.is_for_translators()).collect();
    all.sort_by_key(place);
    for field in all {
        if let Some(placed) = value(&field.name) {
            add(&field.ty, &placed.value, (field.name.to_string(), label(field)), source, &mut out);
        }
    }
    out
}

/// What people call a field.
pub(crate) fn label(field: &schema::Field) -> String {
    if let Some(label) = &field.label {
        return label.clone();
    }
    let words = field.name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

fn add(ty: &Type, value: &Value, (path, label): (String, String), source: &str, out: &mut Vec<Field>) {
    let mut push = |path: String, label: String, says: Says| out.push(Field { path, label, says });
    match (ty, value) {
        (Type::Text | Type::Statistic, Value::Text(text)) if has_words(text) => {
            push(path, label, Says::Plain(text.to_string()));
        }
        (Type::Prose, Value::Doc(doc)) => {
            let written = || source.get(whole(doc)).unwrap_or_default().to_owned();
            let says = read::line(doc, source).map_or_else(|| Says::Plain(written()), Says::Line);
            push(path, label, says);
        }
        (Type::Markdown, Value::Doc(doc)) => push(path, label, Says::Blocks(read::document(doc, source).blocks)),
        (Type::Image, Value::Image(image)) => {
            let texts = [
                ("alt", "for those who cannot see it", Some(&image.alt)),
                ("caption", "caption", image.caption.as_ref()),
                ("credit", "credit", image.credit.as_ref()),
            ];
            for (key, what, text) in texts {
                if let Some(text) = text.filter(|text| !text.is_empty()) {
                    push(format!("{path}.{key}"), format!("{label}: {what}"), Says::Plain(text.to_string()));
                }
            }
        }
        (Type::List(item), Value::List(values)) => {
            for (nth, one) in values.iter().enumerate() {
                add(item, &one.value, (format!("{path}.{nth}"), format!("{label} {}", nth + 1)), source, out);
            }
        }
        (Type::Record(fields), Value::Record(values)) => {
            for field in fields.values().filter(|field| field.is_for_translators()) {
                if let Some(placed) = values.get(&field.name) {
                    let name =
                        (format!("{path}.{}", field.name), format!("{label}: {}", self::label(field).to_lowercase()));
                    add(&field.ty, &placed.value, name, source, out);
                }
            }
        }
        (Type::Either(types), value) => {
            let fits = |ty: &&Type| {
                matches!(
                    (ty, value),
                    (Type::Text | Type::Statistic, Value::Text(_))
                        | (Type::Record(_), Value::Record(_))
                        | (Type::Prose | Type::Markdown, Value::Doc(_))
                )
            };
            if let Some(ty) = types.iter().find(fits) {
                add(ty, value, (path, label), source, out);
            }
        }
        _ => {}
    }
}

/// Whether there is something to translate: `£4.1m` is a number.
pub(crate) fn has_words(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() > 1)
}

fn whole(doc: &schema::Text) -> std::ops::Range<usize> {
    let spans = || doc.nodes.iter().map(crate::markdown::tree::Node::span);
    spans().map(|span| span.start).min().unwrap_or(0)..spans().map(|span| span.end).max().unwrap_or(0)
}

/// The front matter of a translation in TOML, without its fences: of the fields in `original` those in which something is translated,
/// with everything else in them as it is there. `said` has the new words by the way to each.
pub(crate) fn translated(original: &Raw, said: &[(String, String)]) -> String {
    let mut out = String::new();
    let RawKind::Table(table) = &original.kind else { return out };
    for (key, value) in table {
        if is_within(&key.name, said) {
            let _ = writeln!(out, "{} = {}", name(&key.name), written(value, &key.name, said, true));
        }
    }
    out
}

/// A field as it is, on a line of its own; nothing if it is not there.
pub(crate) fn as_it_is(original: &Raw, field: &str) -> String {
    original
        .get(field)
        .map(|value| format!("{} = {}\n", name(field), written(value, field, &[], true)))
        .unwrap_or_default()
}

fn is_within(path: &str, said: &[(String, String)]) -> bool {
    said.iter().any(|(at, _)| at == path || at.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

fn written(raw: &Raw, path: &str, said: &[(String, String)], is_outermost: bool) -> String {
    // One value where a list is expected is a list of one.
    let first = format!("{path}.0");
    let is_one = !matches!(raw.kind, RawKind::List(_)) && is_within(&first, said);
    let path = if is_one { first.as_str() } else { path };
    if let Some((_, words)) = said.iter().find(|(at, _)| at == path) {
        return quoted(words);
    }
    match &raw.kind {
        RawKind::Text(text) => quoted(text),
        RawKind::Date(text) => text.clone(),
        RawKind::Int(number) => number.to_string(),
        RawKind::Float(number) => format!("{number:?}"),
        RawKind::Bool(truth) => truth.to_string(),
        RawKind::Null => "\"\"".to_owned(),
        RawKind::List(items) => {
            let items =
                items.iter().enumerate().map(|(nth, item)| written(item, &format!("{path}.{nth}"), said, false));
            let items: Vec<String> = items.collect();
            let is_long = is_outermost && items.iter().map(String::len).sum::<usize>() > 60;
            match is_long {
                true => format!("[\n{}]", items.iter().map(|item| format!("  {item},\n")).collect::<String>()),
                false => format!("[{}]", items.join(", ")),
            }
        }
        RawKind::Table(table) => {
            let pairs = table.iter().map(|(key, value)| {
                format!("{} = {}", name(&key.name), written(value, &format!("{path}.{}", key.name), said, false))
            });
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

fn name(key: &str) -> String {
    let is_bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if is_bare { key.to_owned() } else { quoted(key) }
}

/// Text as TOML writes it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || c == '\u{feff}' => drop(write!(out, "\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
