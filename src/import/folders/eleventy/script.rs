//! JavaScript of Eleventy's settings and data → the values that stand in it as such. It is never run.

use super::super::lenient::{key, raw};
use crate::data::{Raw, RawKind, Table};

/// The group that a file of data exports, as far as its values are written in it; and the names of those that are not.
pub(super) fn exported(text: &str) -> (Table, Vec<String>) {
    let text = &without_comments(text);
    for begin in ["module.exports", "export default"] {
        let Some(at) = text.find(begin) else { continue };
        let rest = text[at + begin.len()..].trim_start().trim_start_matches('=').trim_start();
        if let Some(inside) = enclosed(rest, '{') {
            return group(inside);
        }
        // A function that only returns a group.
        if let Some(at) =
            rest.find("return").map(|at| at + "return".len()).or_else(|| rest.find("=> (").map(|at| at + 4))
            && let Some(inside) = enclosed(rest[at..].trim_start(), '{')
        {
            return group(inside);
        }
    }
    (Vec::new(), Vec::new())
}

/// The group behind `name:` anywhere in the text.
pub(super) fn group_named(text: &str, name: &str) -> Table {
    let text = &without_comments(text);
    let mut rest = text.as_str();
    while let Some(at) = rest.find(name) {
        let behind = rest[at + name.len()..].trim_start();
        if let Some(inside) = behind.strip_prefix(':').and_then(|behind| enclosed(behind.trim_start(), '{')) {
            return group(inside).0;
        }
        rest = &rest[at + name.len()..];
    }
    Vec::new()
}

/// The first value in the brackets of each call of `name(…)`, if it is a text; and the groups of texts.
pub(super) fn calls(text: &str, name: &str) -> Vec<(String, Option<String>)> {
    let text = &without_comments(text);
    let mut found = Vec::new();
    for (at, _) in text.match_indices(name) {
        let Some(inside) = text[at + name.len()..].trim_start().strip_prefix('(') else { continue };
        let inside = inside.trim_start();
        if let Some((first, _)) = string(inside) {
            found.push((first, None));
        } else if let Some(inside) = enclosed(inside, '{') {
            let (table, _) = group(inside);
            found.extend(table.into_iter().filter_map(|(key, value)| match value.kind {
                RawKind::Text(to) => Some((key.name, Some(to))),
                _ => None,
            }));
        }
    }
    found
}

/// The text without comments; what only looks like one within quotation marks stays.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((_, length)) = string(rest) {
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        } else if rest.starts_with("//") && !out.ends_with(':') {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// What stands between brackets that begin the text.
fn enclosed(text: &str, open: char) -> Option<&str> {
    if !text.starts_with(open) {
        return None;
    }
    let mut depth = 0usize;
    let mut at = 0;
    while at < text.len() {
        if let Some((_, length)) = string(&text[at..]) {
            at += length;
            continue;
        }
        let c = text[at..].chars().next()?;
        match c {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(&text[1..at]);
                }
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    None
}

/// A text in quotation marks that begins here, and how long it is with them.
fn string(text: &str) -> Option<(String, usize)> {
    let mark = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let mut out = String::new();
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => {
                out.push(if c == 'n' { '\n' } else { c });
                escaped = false;
            }
            '\\' => escaped = true,
            c if c == mark => return Some((out, at + 1)),
            '\n' if mark != '`' => return None,
            c => out.push(c),
        }
    }
    None
}

fn group(inside: &str) -> (Table, Vec<String>) {
    let (mut table, mut unknown) = (Table::new(), Vec::new());
    for piece in pieces(inside) {
        let piece = piece.trim();
        let (name, value) = match string(piece) {
            Some((name, length)) => (name, piece[length..].trim_start().strip_prefix(':')),
            None => match piece.split_once(':') {
                Some((name, value)) if name.trim().chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$') => {
                    (name.trim().to_owned(), Some(value))
                }
                // A method, or something spread.
                _ => (piece.split(['(', ' ', '.']).find(|word| !word.is_empty()).unwrap_or_default().to_owned(), None),
            },
        };
        match value.and_then(|value| literal(value.trim())) {
            Some(value) => table.push((key(&name), value)),
            None if !name.is_empty() => unknown.push(name),
            None => {}
        }
    }
    (table, unknown)
}

/// What stands between commas.
fn pieces(text: &str) -> Vec<&str> {
    let (mut found, mut start, mut depth, mut at) = (Vec::new(), 0, 0usize, 0);
    while at < text.len() {
        if let Some((_, length)) = string(&text[at..]) {
            at += length;
            continue;
        }
        let c = text[at..].chars().next().unwrap_or(' ');
        match c {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    found.push(&text[start..]);
    found.retain(|piece| !piece.trim().is_empty());
    found
}

/// A value that is written as such.
fn literal(text: &str) -> Option<Raw> {
    if let Some((value, length)) = string(text) {
        let is_whole = text[length..].trim().is_empty() && !(text.starts_with('`') && value.contains("${"));
        return is_whole.then(|| raw(RawKind::Text(value)));
    }
    if text.starts_with('[') {
        let items = pieces(enclosed(text, '[')?).iter().map(|item| literal(item.trim())).collect::<Option<Vec<_>>>()?;
        return Some(raw(RawKind::List(items)));
    }
    if text.starts_with('{') {
        return Some(raw(RawKind::Table(group(enclosed(text, '{')?).0)));
    }
    match text {
        "true" => Some(raw(RawKind::Bool(true))),
        "false" => Some(raw(RawKind::Bool(false))),
        "null" | "undefined" => Some(raw(RawKind::Null)),
        number => number.parse().ok().map(|number| raw(RawKind::Int(number))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::folders::lenient::text_at;

    #[test]
    fn what_is_written_is_read_and_nothing_is_run() {
        let text = "const x = require('y') // { no }\nmodule.exports = {\n  layout: 'post.html', /* c */\n  permalink: \"/{{ page.fileSlug }}/\",\n  tags: ['posts', `blog`],\n  draft: true,\n  eleventyComputed: { title: ({page}) => page.x },\n  date() { return 1 },\n  url: `https://${host}/`,\n}";
        let (table, unknown) = exported(text);
        let all = raw(RawKind::Table(table));
        assert_eq!(text_at(&all, &["layout"]).as_deref(), Some("post.html"));
        assert_eq!(text_at(&all, &["permalink"]).as_deref(), Some("/{{ page.fileSlug }}/"));
        assert_eq!(text_at(&all, &["draft"]).as_deref(), Some("true"));
        assert_eq!(unknown, ["date", "url"]);
        let dirs = group_named("return { pathPrefix, dir: { input: 'src', data: '../data' } }", "dir");
        assert_eq!(text_at(&raw(RawKind::Table(dirs)), &["input"]).as_deref(), Some("src"));
        let copies = calls("c.addPassthroughCopy('img'); c.addPassthroughCopy({ 'src/a': 'b' })", "addPassthroughCopy");
        assert_eq!(copies, [("img".to_owned(), None), ("src/a".to_owned(), Some("b".to_owned()))]);
    }
}
