//! Text → the pieces that the parser must not see as they are written, and a copy of equal length without them.
//!
//! Such a piece is a colon that begins a line but no definition, the attributes at the end of a heading, or a formula. Whether
//! it is one, or a part of code, the parser decides: the reader puts back every piece that did not come out where it
//! belongs, as it does with fences. Which `$` belong together is found in `formulas`.

use std::ops::Range;

use super::fences::container_marks;
use crate::path::composed;

/// A piece of text that the parser does not see.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Hidden {
    pub(super) at: Range<usize>,
    pub(super) what: What,
}

/// What a hidden piece is.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum What {
    /// A colon at the beginning of a line.
    Colon,
    /// The hard blank between such a colon and a definition.
    HardBlank,
    /// `{#id .class key=value}` at the end of a heading.
    Attributes { id: String, classes: Vec<String> },
    /// A formula with its dollar signs.
    Formula { display: bool },
}

/// The colons and attributes in `text`, in order.
pub(super) fn find(text: &str) -> Vec<Hidden> {
    let mut hidden = Vec::new();
    colons(text, &mut hidden);
    attributes(text, &mut hidden);
    hidden.sort_by_key(|piece| piece.at.start);
    hidden
}

/// A colon begins a definition only if a blank follows it.
fn colons(text: &str, hidden: &mut Vec<Hidden>) {
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b':', bytes) {
        let before = bytes[..at].iter().rev().find(|byte| !matches!(byte, b' ' | b'\t' | b'>'));
        if before.is_some_and(|byte| *byte != b'\n') || bytes[at..].starts_with(b":::") {
            continue;
        }
        if text[at + 1..].starts_with('\u{a0}') {
            hidden.push(Hidden { at: at + 1..at + 3, what: What::HardBlank });
        } else if !matches!(bytes.get(at + 1), Some(b' ' | b'\t')) {
            hidden.push(Hidden { at: at..at + 1, what: What::Colon });
        }
    }
}

/// Attributes at the end of lines that may be headings.
fn attributes(text: &str, hidden: &mut Vec<Hidden>) {
    let bytes = text.as_bytes();
    let mut done = 0;
    while let Some(found) = memchr::memchr(b'}', &bytes[done..]).map(|at| done + at) {
        let start = memchr::memrchr(b'\n', &bytes[done..found]).map_or(done, |before| done + before + 1);
        let line_end = memchr::memchr(b'\n', &bytes[found..]).map_or(bytes.len(), |at| found + at);
        // Behind another, no brace of the line is followed by marks of a heading only.
        let end = memchr::memrchr(b'}', &bytes[..line_end]).unwrap_or(found);
        done = (line_end + 1).min(bytes.len());
        let rest = &text[end + 1..];
        let after = text[end + 1..line_end].trim();
        if !after.bytes().all(|byte| byte == b'#') {
            continue;
        }
        let line = &text[start..=end];
        let content = line[container_marks(line)..].trim_start();
        let is_heading = content.starts_with('#') || after.is_empty() && is_underlined(rest);
        if is_heading && let Some(piece) = attributes_before(text, start, end + 1) {
            hidden.push(piece);
        }
    }
}

/// Whether the next line of `rest` underlines the one before.
fn is_underlined(rest: &str) -> bool {
    let next = rest.split_once('\n').map_or("", |(_, next)| next);
    let line = next.lines().next().unwrap_or("");
    let line = line.trim_start_matches([' ', '>']).trim_end();
    !line.is_empty() && (line.bytes().all(|byte| byte == b'=') || line.bytes().all(|byte| byte == b'-'))
}

/// The attributes that end at `end` in a line that begins at `start`: `{…}`, or several of those side by side.
fn attributes_before(text: &str, start: usize, end: usize) -> Option<Hidden> {
    // The last ones are read first.
    let (mut first, mut id, mut classes) = (end, String::new(), Vec::<Vec<String>>::new());
    while text[start..first].ends_with('}') && !text[start..first].ends_with("\\}") {
        let Some(open) = text[start..first].rfind('{').map(|open| start + open) else { break };
        let before = &text[start..open];
        if before.ends_with(['\\', '{']) {
            break;
        }
        let Some((its_id, its_classes)) = read_attributes(&text[open + 1..first - 1]) else { break };
        if !its_id.is_empty() {
            id = its_id;
        }
        classes.push(its_classes);
        first = start + before.trim_end().len();
        if open == first && first < end && text[first..end].starts_with('{') {
            continue;
        }
        first = open;
        break;
    }
    let classes = classes.into_iter().rev().flatten().collect();
    (first < end).then_some(Hidden { at: first..end, what: What::Attributes { id, classes } })
}

/// The id and the classes among attributes; `None` if anything in there is not one.
fn read_attributes(text: &str) -> Option<(String, Vec<String>)> {
    let (mut id, mut classes) = (String::new(), Vec::new());
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, mut after) = rest.split_at(end);
        if let Some(name) = word.strip_prefix('#').filter(|name| !name.is_empty()) {
            id = composed(name).into_owned();
        } else if let Some(name) = word.strip_prefix('.').filter(|name| !name.is_empty()) {
            classes.push(name.to_owned());
        } else {
            let (key, _) = rest.split_once('=')?;
            let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':');
            if !key.starts_with(char::is_alphabetic) || !key.chars().all(is_name) {
                return None;
            }
            let value = &rest[key.len() + 1..];
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, left) = match quote {
                Some(quote) => value[1..].split_once(quote)?,
                None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
            };
            if value.is_empty() || !(left.is_empty() || left.starts_with(char::is_whitespace)) {
                return None;
            }
            match key {
                "id" => id = composed(value).into_owned(),
                "class" => classes.extend(value.split_whitespace().map(str::to_owned)),
                _ => {}
            }
            after = left;
        }
        rest = after.trim_start();
    }
    Some((id, classes))
}

/// A copy of `text` of equal length without the `hidden` pieces.
pub(super) fn hide(text: &str, hidden: &[Hidden]) -> String {
    let mut copy = String::with_capacity(text.len());
    let mut done = 0;
    for piece in hidden {
        if piece.at.start < done {
            continue;
        }
        copy.push_str(&text[done..piece.at.start]);
        let own = &text[piece.at.clone()];
        match piece.what {
            What::Colon => copy.push(';'),
            What::HardBlank | What::Attributes { .. } => copy.extend(std::iter::repeat_n(' ', own.len())),
            What::Formula { display } => {
                let marks = if display { 2 } else { 1 };
                copy.push_str(&own[..marks]);
                blank(&own[marks..own.len() - marks], &mut copy);
                copy.push_str(&own[own.len() - marks..]);
            }
        }
        done = piece.at.end;
    }
    copy.push_str(&text[done..]);
    copy
}

/// Letters in place of the source of a formula, so that nothing in it means anything. What separates lines and cells stays,
/// and the marks of quotations at the beginning of a line.
pub(super) fn blank(tex: &str, copy: &mut String) {
    for (nth, line) in tex.split_inclusive('\n').enumerate() {
        let marks = if nth == 0 { 0 } else { line.len() - line.trim_start_matches([' ', '\t', '>']).len() };
        copy.push_str(&line[..marks]);
        copy.extend(
            line[marks..].bytes().map(|byte| if matches!(byte, b'|' | b'\r' | b'\n') { byte as char } else { 'x' }),
        );
    }
}
