//! Where a shortcode begins and ends in a text, and what it is given: `[name key="value"]…[/name]`.

use std::collections::BTreeMap;

use super::shortcodes::CONTENTS;

/// A shortcode.
pub(super) struct Code<'a> {
    pub(super) name: String,
    pub(super) given: Vec<(String, String)>,
    /// What is between it and its end, if it has one.
    pub(super) inside: Option<&'a str>,
    /// The whole of it.
    pub(super) whole: &'a str,
    /// Its beginning alone.
    pub(super) head: &'a str,
}

pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// Where the shortcodes of a text end, found once for all of them.
#[derive(Default)]
pub(super) struct Ends {
    /// Where a beginning stands → where its end `[/name]` begins and ends.
    known: BTreeMap<usize, (usize, usize)>,
    /// Where the last bracket closes.
    last: usize,
}

impl Ends {
    /// Each end belongs to the nearest beginning of its name that has none yet.
    pub(super) fn of(text: &str) -> Self {
        let mut known = BTreeMap::new();
        let mut open: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let bytes = text.as_bytes();
        for at in memchr::memchr_iter(b'[', bytes) {
            let is_end = bytes.get(at + 1) == Some(&b'/');
            let start = at + 1 + usize::from(is_end);
            let length = name_length(&text[start..]);
            let name = &text[start..start + length];
            if length == 0 {
                continue;
            }
            let next = bytes.get(start + length);
            match (is_end, next) {
                (true, Some(b']')) => {
                    if let Some(begun) = open.get_mut(name).and_then(Vec::pop) {
                        known.insert(begun, (at, start + length + 1));
                    }
                }
                (false, Some(b' ' | b']' | b'\n' | b'\r' | b'\t' | b'=')) => {
                    let is_closed = text[at..].split([']', '[']).nth(1).is_some_and(|head| head.ends_with('/'));
                    if !is_closed {
                        open.entry(name).or_default().push(at);
                    }
                }
                _ => {}
            }
        }
        Self { known, last: memchr::memrchr(b']', bytes).unwrap_or(0) }
    }
}

/// How long the name is that a text begins with.
fn name_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count()
}

/// The shortcode that begins at a bracket of `text`, whose `ends` are known.
pub(super) fn code<'a>(text: &'a str, at: usize, ends: &Ends) -> Option<Code<'a>> {
    if at >= ends.last {
        return None;
    }
    let whole = text;
    let text = &whole[at..];
    let inside = &text[1..];
    let length = name_length(inside);
    let name = &inside[..length];
    let next = inside[length..].chars().next()?;
    if !is_name(name) || !(next.is_whitespace() || matches!(next, ']' | '/' | '=')) {
        return None;
    }
    let head_end = head_end(text)?;
    let head = &text[..head_end];
    let given = attributes(head);
    let is_closed = head.ends_with("/]");
    let end = (!is_closed).then(|| ends.known.get(&at)).flatten().filter(|(begin, _)| *begin >= at + head_end);
    // `[sic]` and `[Jane Smith]` are words.
    let is_code = end.is_some()
        || is_closed
        || given.iter().any(|(key, value)| !key.starts_with(|c: char| c.is_ascii_digit()) || value.contains("://"))
        || name.contains(['_', '-'])
        || is_known(name);
    if !is_code {
        return None;
    }
    let (inside, all) = match end {
        Some((begin, end)) => (Some(&whole[at + head_end..*begin]), &whole[at..*end]),
        None => (None, head),
    };
    Some(Code { name: name.to_ascii_lowercase(), given, inside, whole: all, head })
}

/// Whether a name without attributes and without an end is a shortcode all the same.
pub(super) fn is_known(name: &str) -> bool {
    matches!(name, "gallery" | "playlist")
        || CONTENTS.contains(&name)
        || ["clear", "hr", "divider", "spacer"].contains(&name)
}

/// Where the beginning of a shortcode ends, quotation marks minded.
fn head_end(text: &str) -> Option<usize> {
    const LONGEST: usize = 8000;
    let mut quote = None;
    for (at, c) in text.char_indices().take(LONGEST) {
        match (quote, c) {
            (None, ']') => return Some(at + 1),
            (None, '[') if at > 0 => return None,
            (None, '"' | '\'') if text[..at].ends_with('=') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    let near = text.as_bytes().iter().take(LONGEST).position(|byte| *byte == b']');
    near.map(|at| at + 1)
}

/// The attributes of a beginning: `key="value"`, `key=value`, and bare ones by their number.
pub(super) fn attributes(head: &str) -> Vec<(String, String)> {
    let head = head.trim_start_matches('[').trim_end_matches([']', '/']);
    let head =
        head.replace(['“', '”', '″'], "\"").replace("&quot;", "\"").replace("&#8221;", "\"").replace("&#8243;", "\"");
    let Some(start) = head.find(|c: char| c.is_whitespace() || c == '=') else { return Vec::new() };
    let mut rest = head[start..].trim_start();
    let mut given = Vec::new();
    while !rest.is_empty() {
        let key_end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let key = &rest[..key_end];
        let after = rest[key_end..].trim_start();
        let Some(value) = after.strip_prefix('=').map(str::trim_start).filter(|_| !key.is_empty()) else {
            let word = key.trim_matches(['"', '\'', '=']).to_owned();
            if !word.is_empty() {
                given.push((given.len().to_string(), word));
            }
            rest = if key.is_empty() { rest[1..].trim_start() } else { after };
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inside = &value[1..];
                let end = inside.find(quote).unwrap_or(inside.len());
                (&inside[..end], inside.get(end + 1..).unwrap_or_default())
            }
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        given.push((key.to_ascii_lowercase(), value.to_owned()));
        rest = after.trim_start();
    }
    given
}

impl Code<'_> {
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.given
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.trim().is_empty())
    }

    pub(super) fn first(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.get(key))
    }
}
