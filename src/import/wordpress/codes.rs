//! Where a shortcode begins and ends in a text, and what it is given: `[name key="value"]…[/name]`.

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

/// The shortcode that a text begins with.
pub(super) fn code(text: &str) -> Option<Code<'_>> {
    let inside = &text[1..];
    let length = inside.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))?;
    let name = &inside[..length];
    let next = inside[length..].chars().next()?;
    if !is_name(name) || !(next.is_whitespace() || matches!(next, ']' | '/' | '=')) {
        return None;
    }
    let head_end = head_end(text)?;
    let head = &text[..head_end];
    let given = attributes(head);
    let is_closed = head.ends_with("/]");
    let inside = (!is_closed).then(|| end_of(&text[head_end..], name)).flatten();
    // `[sic]` and `[Jane Smith]` are words.
    let is_code = inside.is_some()
        || is_closed
        || given.iter().any(|(key, value)| !key.starts_with(|c: char| c.is_ascii_digit()) || value.contains("://"))
        || name.contains(['_', '-'])
        || is_known(name);
    if !is_code {
        return None;
    }
    let (inside, whole) = match inside {
        Some((inside, end)) => (Some(&text[head_end..head_end + inside]), &text[..head_end + end]),
        None => (None, head),
    };
    Some(Code { name: name.to_ascii_lowercase(), given, inside, whole, head })
}

/// Whether a name without attributes and without an end is a shortcode all the same.
pub(super) fn is_known(name: &str) -> bool {
    matches!(name, "gallery" | "playlist")
        || CONTENTS.contains(&name)
        || ["clear", "hr", "divider", "spacer"].contains(&name)
}

/// Where the beginning of a shortcode ends, quotation marks minded.
pub(super) fn head_end(text: &str) -> Option<usize> {
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
    text.find(']').map(|at| at + 1).filter(|at| *at < LONGEST)
}

/// Where the end `[/name]` begins and ends, those of the same name within minded.
pub(super) fn end_of(text: &str, name: &str) -> Option<(usize, usize)> {
    let (open, close) = (format!("[{name}"), format!("[/{name}]"));
    let mut depth = 0_usize;
    let mut from = 0;
    loop {
        let at = text[from..].find(&close).map(|at| from + at)?;
        let opened = text[from..at].match_indices(&open).filter(|(place, _)| {
            let place = from + place;
            let is_same = text[place + open.len()..].starts_with([' ', ']', '\n']);
            is_same && !text[place..].split(']').next().unwrap_or_default().ends_with('/')
        });
        depth += opened.count();
        if depth == 0 {
            return Some((at, at + close.len()));
        }
        depth -= 1;
        from = at + close.len();
    }
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
