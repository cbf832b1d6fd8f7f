//! What stands between the braces of Liquid and Nunjucks → its value, as far as it can be known without running a program.

use super::table::Values;
use crate::data::{Raw, RawKind};
use crate::import::folders::lenient::{at, key, raw, text};

/// What names may mean: the innermost group comes first.
pub(super) struct Scope<'a> {
    pub(super) groups: Vec<&'a Raw>,
}

/// Why something has no value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) struct Unknowable;

impl Scope<'_> {
    /// The value of an expression with its filters; and the filters whose result is a guess.
    pub(super) fn value(&self, expression: &str) -> Result<(Raw, Vec<String>), Unknowable> {
        let mut pieces = apart(expression, '|').into_iter();
        let first = pieces.next().unwrap_or_default();
        let mut value = self.operand(first.trim());
        let mut guessed = Vec::new();
        for filter in pieces {
            let filter = filter.trim();
            let end = filter.find([':', '(', ' ']).unwrap_or(filter.len());
            let (name, rest) = filter.split_at(end);
            let given = rest.trim().trim_start_matches([':', '(']).trim_end_matches(')');
            let given: Vec<Raw> = apart(given, ',').iter().filter_map(|one| self.operand(one.trim()).ok()).collect();
            value = match (value, name) {
                (Err(_), "default" | "d" | "or") => given.into_iter().next().ok_or(Unknowable),
                (Err(unknowable), _) => return Err(unknowable),
                (Ok(value), name) => filtered(value, name, &given, &mut guessed),
            };
        }
        value.map(|value| (value, guessed))
    }

    /// A text, a number, or the value at a path of names.
    pub(super) fn operand(&self, written: &str) -> Result<Raw, Unknowable> {
        if let Some(inside) = quoted(written) {
            return Ok(raw(RawKind::Text(inside)));
        }
        if let Ok(number) = written.parse::<i64>() {
            return Ok(raw(RawKind::Int(number)));
        }
        match written {
            "true" => return Ok(raw(RawKind::Bool(true))),
            "false" => return Ok(raw(RawKind::Bool(false))),
            "" => return Err(Unknowable),
            _ => {}
        }
        // `a + b`, as Nunjucks writes it.
        if let [first, second] = apart(written, '+').as_slice() {
            let (first, second) = (self.operand(first.trim())?, self.operand(second.trim())?);
            let both = format!("{}{}", text(&first).ok_or(Unknowable)?, text(&second).ok_or(Unknowable)?);
            return Ok(raw(RawKind::Text(both)));
        }
        let names = path(written).ok_or(Unknowable)?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.groups.iter().find_map(|group| at(group, &names)).cloned().ok_or(Unknowable)
    }
}

/// The values of a tag: words in quotation marks, `name=value`, `name: value`, paths of names.
pub(super) fn values(written: &str, scope: &Scope<'_>) -> Values {
    let mut found = Values::default();
    for one in words(written) {
        let named = ['=', ':'].iter().find_map(|sign| {
            let (name, value) = one.split_once(*sign)?;
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
            (is_name && !value.starts_with("//")).then(|| (name.to_owned(), value.to_owned()))
        });
        let value = |written: &str| match scope.value(written) {
            Ok((value, _)) => text(&value).unwrap_or_default(),
            Err(_) => written.to_owned(),
        };
        match named {
            Some((name, written)) => found.named.push((name, value(&written))),
            None => found.placed.push(value(&one)),
        }
    }
    found
}

/// What blanks and commas part, outside of quotation marks; `name = value` is one.
fn words(written: &str) -> Vec<String> {
    let (mut all, mut one, mut mark) = (Vec::new(), String::new(), None);
    for c in written.chars() {
        match (mark, c) {
            (None, '"' | '\'') => {
                mark = Some(c);
                one.push(c);
            }
            (Some(own), c) if c == own => {
                mark = None;
                one.push(c);
            }
            (None, ',') => all.push(std::mem::take(&mut one)),
            (None, c) if c.is_whitespace() => {
                if !one.ends_with(['=', ':', '|']) {
                    all.push(std::mem::take(&mut one));
                }
            }
            (None, '=' | ':' | '|') if one.is_empty() => {
                // The sign stands alone: it belongs to the word before.
                one = all.pop().unwrap_or_default();
                one.push(c);
            }
            (_, c) => one.push(c),
        }
    }
    all.push(one);
    all.retain(|one| !one.trim().is_empty());
    all
}

/// What stands between quotation marks, if that is all.
fn quoted(written: &str) -> Option<String> {
    let mark = written.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inside = written.strip_prefix(mark)?.strip_suffix(mark)?;
    (!inside.contains(mark)).then(|| inside.to_owned())
}

/// `a.b["c"].d` as names.
fn path(written: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = written;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (inside, after) = inside.split_once(']')?;
            names.push(quoted(inside.trim())?);
            rest = after.strip_prefix('.').unwrap_or(after);
            continue;
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let name = &rest[..end];
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '?'));
        if !is_name {
            return None;
        }
        names.push(name.to_owned());
        rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
    }
    (!names.is_empty()).then_some(names)
}

/// What a sign parts, outside of quotation marks and brackets.
fn apart(written: &str, sign: char) -> Vec<&str> {
    let (mut found, mut start, mut mark, mut depth) = (Vec::new(), 0, None, 0usize);
    for (at, c) in written.char_indices() {
        match (mark, c) {
            (None, '"' | '\'') => mark = Some(c),
            (Some(own), c) if c == own => mark = None,
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, c) if c == sign && depth == 0 => {
                found.push(&written[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    found.push(&written[start..]);
    found
}

fn filtered(value: Raw, name: &str, given: &[Raw], guessed: &mut Vec<String>) -> Result<Raw, Unknowable> {
    let words = text(&value);
    let first = given.first().and_then(text);
    let word = || words.clone().ok_or(Unknowable);
    let made = match name {
        "relative_url" | "absolute_url" | "url" | "safe" | "escape" | "xml_escape" | "h" | "strip_html" | "string"
        | "toString" | "markdownify" | "htmlBaseUrl" | "absoluteUrl" | "escape_once" | "raw" | "e" => return Ok(value),
        "strip" | "trim" | "lstrip" | "rstrip" => word()?.trim().to_owned(),
        "upcase" | "upper" => word()?.to_uppercase(),
        "downcase" | "lower" => word()?.to_lowercase(),
        "capitalize" => {
            let word = word()?;
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
        "slugify" | "slug" | "toSlug" => crate::path::slug(&word()?),
        "append" => format!("{}{}", word()?, first.ok_or(Unknowable)?),
        "prepend" => format!("{}{}", first.ok_or(Unknowable)?, word()?),
        "remove" => word()?.replace(&first.ok_or(Unknowable)?, ""),
        "replace" => word()?.replace(&first.ok_or(Unknowable)?, &given.get(1).and_then(text).unwrap_or_default()),
        "default" | "d" => match word() {
            Ok(word) if !word.is_empty() => word,
            _ => first.ok_or(Unknowable)?,
        },
        "url_encode" | "urlencode" | "cgi_escape" | "uri_escape" => return Ok(value),
        "join" => match &value.kind {
            RawKind::List(items) => {
                items.iter().filter_map(text).collect::<Vec<_>>().join(&first.unwrap_or_else(|| " ".to_owned()))
            }
            _ => return Ok(value),
        },
        "first" | "last" => match &value.kind {
            RawKind::List(items) => {
                let one = if name == "first" { items.first() } else { items.last() };
                return one.cloned().ok_or(Unknowable);
            }
            _ => return Err(Unknowable),
        },
        "date" => dated(&word()?, &first.ok_or(Unknowable)?)?,
        // Filters of a site's own that make a path of a day have such names.
        other if other.to_lowercase().contains("date") && other.to_lowercase().contains("path") => {
            guessed.push(other.to_owned());
            dated(&word()?, "%Y/%m/%d")?
        }
        other if other.to_lowercase().contains("slug") => {
            guessed.push(other.to_owned());
            crate::path::slug(&word()?)
        }
        other if other.to_lowercase() == "year" || other.to_lowercase().ends_with("year") => {
            guessed.push(other.to_owned());
            dated(&word()?, "%Y")?
        }
        _ => return Err(Unknowable),
    };
    Ok(raw(RawKind::Text(made)))
}

/// A day in the form that a filter asks for.
fn dated(written: &str, format: &str) -> Result<String, Unknowable> {
    let day: jiff::civil::Date = written.get(..10).and_then(|day| day.parse().ok()).ok_or(Unknowable)?;
    match format.contains('%') {
        true => jiff::fmt::strtime::format(format, day).map_err(|_| Unknowable),
        false => {
            // As luxon and dayjs write it.
            let pairs = [("yyyy", "%Y"), ("YYYY", "%Y"), ("MM", "%m"), ("dd", "%d"), ("DD", "%d")];
            let format = pairs.iter().fold(format.to_owned(), |format, (from, to)| format.replace(from, to));
            jiff::fmt::strtime::format(&format, day).map_err(|_| Unknowable)
        }
    }
}

/// A pattern with expressions in braces, filled in; and the filters whose result is a guess.
pub(in super::super) fn filled(pattern: &str, scope: &Raw) -> Result<(String, Vec<String>), Unknowable> {
    if pattern.contains("{%") {
        return Err(Unknowable);
    }
    let scope = Scope { groups: vec![scope] };
    let (mut out, mut guessed, mut rest) = (String::new(), Vec::new(), pattern);
    while let Some((before, behind)) = rest.split_once("{{") {
        out.push_str(before);
        let (inside, after) = behind.split_once("}}").ok_or(Unknowable)?;
        let (value, more) = scope.value(inside.trim().trim_matches('-').trim())?;
        out.push_str(&text(&value).ok_or(Unknowable)?);
        guessed.extend(more);
        rest = after;
    }
    out.push_str(rest);
    Ok((out, guessed))
}

/// A group with one key.
pub(super) fn group(name: &str, inside: Raw) -> Raw {
    raw(RawKind::Table(vec![(key(name), inside)]))
}
