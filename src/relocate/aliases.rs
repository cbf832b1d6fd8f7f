//! The front matter of an entry + former addresses to add or remove → the few bytes that change.

use std::ops::Range;

use crate::content::Entry;
use crate::edits::{Edits, Fields, Given, Step};
use crate::path::Address;
use crate::schema::{Placed, Value};

/// The changes to an entry's `aliases` and `id`.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Changes {
    /// The name that it must keep.
    pub(super) id: Option<String>,
    pub(super) add: Vec<Address>,
    /// The bytes of items to remove.
    pub(super) remove: Vec<Range<usize>>,
}

/// A value, and how it is written.
type Field = (Given, String);

/// An entry's front matter cannot be changed here with certainty.
pub(super) struct Unsure;

/// Writes `changes` into the front matter of `entry`, whose file holds `text`.
pub(super) fn change(entry: &Entry, text: &str, changes: &Changes, edits: &mut Edits) -> Result<(), Unsure> {
    let of_id = |id: &String| ("id", (Given::Text(id.clone()), marked(id)));
    let mut lines: Vec<(&str, Field)> = changes.id.iter().map(of_id).collect();
    let is_changed = !changes.add.is_empty() || !changes.remove.is_empty();
    match entry.values.get("aliases").filter(|placed| !placed.span.is_empty()) {
        Some(placed) if is_changed => in_list(entry, text, placed, changes, edits)?,
        None if is_changed => {
            let items: Vec<String> = changes.add.iter().map(quoted).collect();
            let given = changes.add.iter().map(|address| Given::Text(super::written(address))).collect();
            lines.push(("aliases", (Given::List(given), format!("[{}]", items.join(", ")))));
        }
        _ => {}
    }
    let has_addresses = lines.iter().any(|(name, _)| *name == "aliases");
    let written = if lines.is_empty() { Ok(()) } else { new_lines(entry, text, &lines, edits) };
    // Without its name, only feeds lose the entry; without a former address, everybody does.
    if has_addresses { written } else { Ok(()) }
}

fn in_list(entry: &Entry, text: &str, placed: &Placed, changes: &Changes, edits: &mut Edits) -> Result<(), Unsure> {
    let Value::List(items) = &placed.value else { return Err(Unsure) };
    let written = text.get(placed.span.clone()).ok_or(Unsure)?;
    let kept: Vec<&Placed> = items.iter().filter(|item| !changes.remove.contains(&item.span)).collect();
    let added = changes.add.iter().map(quoted);
    if written.trim_start().starts_with('-') {
        return in_lines(entry, text, items, changes, edits);
    }
    let last = kept.last().filter(|_| written.starts_with('[') && changes.remove.is_empty());
    match last {
        // Comments and line ends within a list stay.
        Some(last) => {
            let more: String = added.map(|item| format!(", {item}")).collect();
            edits.replace(&entry.source, last.span.end..last.span.end, more);
        }
        None => {
            let kept = kept.iter().filter_map(|item| text.get(bare(text, &item.span))).map(as_item);
            let all: Vec<String> = kept.chain(added).collect();
            // A list that becomes empty is removed as a whole, if that is certain.
            let path = [Step::Name("aliases")];
            if all.is_empty()
                && !entry.is_row
                && let Some(Ok(Some(gone))) = Fields::of(&entry.source, text).map(|fields| fields.remove(&path))
            {
                edits.splice(&gone);
                return Ok(());
            }
            let place = if written.starts_with('[') { placed.span.clone() } else { bare(text, &placed.span) };
            edits.replace(&entry.source, place, format!("[{}]", all.join(", ")));
        }
    }
    Ok(())
}

/// A YAML list with one item a line.
fn in_lines(entry: &Entry, text: &str, items: &[Placed], changes: &Changes, edits: &mut Edits) -> Result<(), Unsure> {
    let line_of = |at: usize| text[..at].rfind('\n').map_or(0, |at| at + 1);
    for item in items.iter().filter(|item| changes.remove.contains(&item.span)) {
        let end = text[item.span.end..].find('\n').map_or(text.len(), |at| item.span.end + at + 1);
        edits.replace(&entry.source, line_of(item.span.start)..end, "");
    }
    let last = items.iter().rev().find(|item| !changes.remove.contains(&item.span));
    if changes.add.is_empty() {
        return Ok(());
    }
    let last = last.ok_or(Unsure)?;
    let line = line_of(last.span.start);
    let indent = &text[line..last.span.start];
    let (before, _) = indent.split_once('-').filter(|(before, _)| before.trim().is_empty()).ok_or(Unsure)?;
    let end = line_end(text, last.span.end);
    let more: String = changes.add.iter().map(|address| format!("{before}- {}{}", quoted(address), end.1)).collect();
    edits.replace(&entry.source, end.0..end.0, more);
    Ok(())
}

/// Where the line after `at` begins, and which line ending this file uses.
fn line_end(text: &str, at: usize) -> (usize, &'static str) {
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    (end, if text[..end].ends_with("\r\n") { "\r\n" } else { "\n" })
}

/// New fields, below the title.
fn new_lines(entry: &Entry, text: &str, lines: &[(&str, Field)], edits: &mut Edits) -> Result<(), Unsure> {
    let top = text.trim_start_matches('\u{feff}');
    let is_toml = top.starts_with("+++");
    if entry.is_row || !(is_toml || top.starts_with("---")) || entry.span.is_empty() {
        return Err(Unsure);
    }
    let title = entry.stated_value("title").map(|placed| &placed.span).filter(|span| !span.is_empty());
    let below_title = title.and_then(|span| {
        let line = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let is_own =
            text[line..span.start].trim_end_matches([' ', '=', ':', '\t', '|', '>', '-', '\n', '\r']) == "title";
        let (end, _) = line_end(text, span.end);
        (is_own && line >= entry.span.start && end <= entry.span.end).then_some(end)
    });
    let at = match below_title {
        Some(at) => at,
        None if is_toml => entry.span.start,
        // If no title shows how fields are written here, a field can be added with proof that everything else stays.
        None => return proven(entry, text, lines, edits),
    };
    let (_, newline) = line_end(text, at.saturating_sub(1));
    let sign = if is_toml { " =" } else { ":" };
    let lines: String = lines.iter().map(|(name, (_, value))| format!("{name}{sign} {value}{newline}")).collect();
    edits.replace(&entry.source, at..at, lines);
    Ok(())
}

/// Adds a field at a place where every other field keeps its value.
fn proven(entry: &Entry, text: &str, lines: &[(&str, Field)], edits: &mut Edits) -> Result<(), Unsure> {
    let ([(name, (given, _))], Some(fields)) = (lines, Fields::of(&entry.source, text)) else { return Err(Unsure) };
    let splice = fields.set(&[Step::Name(name)], given).map_err(|_| Unsure)?;
    splice.iter().for_each(|splice| edits.splice(splice));
    Ok(())
}

/// A single value without the comment that may follow it.
fn bare(text: &str, span: &Range<usize>) -> Range<usize> {
    let written = text.get(span.clone()).unwrap_or("");
    let end = match written.chars().next().filter(|sign| "\"'".contains(*sign)) {
        Some(sign) => written[1..].rfind(sign).map(|at| at + 2),
        None => written.find(" #"),
    };
    let end = end.unwrap_or(written.len());
    span.start..span.start + written[..end].trim_end().len()
}

/// A list item as written; within brackets, a bare word of YAML needs quotation marks.
fn as_item(written: &str) -> String {
    let written = written.trim();
    match written.starts_with(['"', '\'']) {
        true => written.to_owned(),
        false => format!("\"{written}\""),
    }
}

/// An address as it is written in front matter.
fn quoted(address: &Address) -> String {
    marked(&super::written(address))
}

/// Text in quotation marks, for both TOML and YAML.
fn marked(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
