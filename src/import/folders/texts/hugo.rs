//! Shortcodes of Hugo in a text → what they become.

use std::collections::BTreeMap;

use super::job::{DEEPEST, Job};
use super::table::Values;

/// One shortcode as written.
struct Tag<'t> {
    /// Where it begins.
    at: usize,
    /// The whole of it, with its braces.
    written: &'t str,
    name: &'t str,
    values: Values,
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Opening,
    Closing,
    /// `{{< name />}}`
    Alone,
    /// `{{</* name */>}}`, which shows a shortcode.
    Shown,
}

/// Translates the shortcodes of a text.
pub(super) fn translated(text: &str, job: &mut Job<'_>) -> String {
    let tags = all(text);
    let ends = ends(&tags);
    let mut out = String::with_capacity(text.len());
    let (mut from, mut nth) = (0, 0);
    while let Some(tag) = tags.get(nth) {
        out.push_str(&text[from..tag.at]);
        let behind = tag.at + tag.written.len();
        let end = ends[nth].map(|end| &tags[end]);
        from = end.map_or(behind, |end| end.at + end.written.len());
        nth = ends[nth].map_or(nth + 1, |end| end + 1);
        let made = match tag.form {
            Form::Shown => tag.written.replacen("/*", "", 1).replacen("*/", "", 1),
            Form::Closing => {
                job.changed("an end of a shortcode without its beginning", "it is left out", tag.written);
                continue;
            }
            Form::Opening | Form::Alone => {
                let inner = end.map(|end| &text[behind..end.at]);
                shortcode(tag, inner, end.map_or("", |end| end.written), job)
            }
        };
        out.push_str(&made);
    }
    out.push_str(&text[from..]);
    out
}

/// All shortcodes of a text, in order.
fn all(text: &str) -> Vec<Tag<'_>> {
    // A beginning behind the last end of its kind has none, and is not looked at further.
    let last = [">}}", "%}}"].map(|close| text.rfind(close).unwrap_or(0));
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("{{").map(|at| from + at) {
        let has_end = match text.as_bytes().get(at + 2) {
            Some(b'<') => at < last[0],
            Some(b'%') => at < last[1],
            _ => false,
        };
        from = match has_end.then(|| tag(text, at)).flatten() {
            Some(tag) => {
                let end = at + tag.written.len();
                found.push(tag);
                end
            }
            None => at + 2,
        };
    }
    found
}

/// Which shortcode is ended by which: each end belongs to the nearest beginning of its name that has none yet.
fn ends(tags: &[Tag<'_>]) -> Vec<Option<usize>> {
    let mut ends = vec![None; tags.len()];
    let mut open: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (nth, tag) in tags.iter().enumerate() {
        match tag.form {
            Form::Opening => open.entry(tag.name).or_default().push(nth),
            Form::Closing => {
                if let Some(begun) = open.get_mut(tag.name).and_then(Vec::pop) {
                    ends[begun] = Some(nth);
                }
            }
            Form::Alone | Form::Shown => {}
        }
    }
    ends
}

/// What one shortcode becomes.
fn shortcode(tag: &Tag<'_>, inner: Option<&str>, closing: &str, job: &mut Job<'_>) -> String {
    let lower = tag.name.to_ascii_lowercase();
    if matches!(lower.as_str(), "ref" | "relref") {
        let wanted = tag.values.named.iter().find(|(name, _)| name == "path").map(|(_, value)| value.clone());
        let Some(wanted) = wanted.or_else(|| tag.values.placed.first().cloned()) else {
            return job.meant(tag.name, &tag.values, inner, tag.written, closing);
        };
        let (path, anchor) = wanted.split_once('#').unwrap_or((&wanted, ""));
        let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
        if path.is_empty() {
            return anchor;
        }
        return match job.read.page(path, job.entry) {
            Some(address) => format!("{address}{anchor}"),
            None => {
                job.changed("links by `ref` to a page that is not there", "they lead nowhere: write where to", &wanted);
                format!("/{}/{anchor}", path.trim_matches('/').trim_end_matches(".md"))
            }
        };
    }
    if lower == "param" || lower == "site.param" {
        let name = tag.values.placed.first().cloned().unwrap_or_default();
        if let Some(value) = job.read.setting(&["params", &name], job.entry) {
            return value;
        }
    }
    // A text within code stays as it is.
    let is_code = matches!(lower.as_str(), "highlight" | "code" | "mermaid" | "codeblock" | "math" | "katex");
    let inner = inner.map(|inner| match is_code {
        true => inner.to_owned(),
        false if job.depth >= DEEPEST => job.too_deep(inner),
        false => {
            job.depth += 1;
            let made = translated(inner, job);
            job.depth -= 1;
            made
        }
    });
    job.meant(tag.name, &tag.values, inner.as_deref(), tag.written, closing)
}

/// The shortcode that begins at a place.
fn tag(whole: &str, place: usize) -> Option<Tag<'_>> {
    let text = &whole[place..];
    let close = if text.starts_with("{{<") { ">}}" } else { "%}}" };
    let end = end_of_tag(text, close)?;
    let written = &text[..end + 3];
    let inside = text[3..end].trim();
    if inside.starts_with("/*") {
        return Some(Tag { at: place, written, name: "", values: Values::default(), form: Form::Shown });
    }
    let (inside, form) = match (inside.strip_prefix('/'), inside.strip_suffix('/')) {
        (Some(inside), _) => (inside.trim(), Form::Closing),
        (None, Some(inside)) => (inside.trim(), Form::Alone),
        (None, None) => (inside, Form::Opening),
    };
    let end = inside.find(|c: char| c.is_whitespace() || c == '"' || c == '`').unwrap_or(inside.len());
    let (name, values) = inside.split_at(end);
    (!name.is_empty()).then(|| Tag { at: place, written, name, values: self::values(values), form })
}

/// Where the mark stands that closes a shortcode: not within quotation marks, unless they do not end soon.
fn end_of_tag(text: &str, close: &str) -> Option<usize> {
    const LONGEST: usize = 4000;
    let (mut mark, mut is_escaped) = (None, false);
    for (at, c) in text.char_indices().skip(3).take(LONGEST) {
        match mark {
            None if text[at..].starts_with(close) => return Some(at),
            None if c == '"' || c == '`' => mark = Some(c),
            Some(_) if is_escaped => is_escaped = false,
            Some('"') if c == '\\' => is_escaped = true,
            Some(own) if c == own => mark = None,
            _ => {}
        }
    }
    text.get(3..)?.find(close).map(|at| at + 3)
}

/// The values of a shortcode: `"a"`, `name="value"`, bare words.
fn values(text: &str) -> Values {
    let mut found = Values::default();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace() || c == '"' || c == '`').unwrap_or(rest.len());
        let name = match rest[end..].strip_prefix('=') {
            Some(behind) if end > 0 => {
                let name = rest[..end].to_owned();
                rest = behind.trim_start();
                Some(name)
            }
            _ => None,
        };
        let (value, length) = value(rest);
        rest = rest[length..].trim_start();
        match name {
            Some(name) => found.named.push((name, value)),
            None => found.placed.push(value),
        }
    }
    found
}

/// A value that begins here, and how long it is as written.
fn value(text: &str) -> (String, usize) {
    let Some(mark) = text.chars().next().filter(|c| matches!(c, '"' | '`')) else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        return (text[..end].to_owned(), end.max(text.chars().next().map_or(0, char::len_utf8)));
    };
    let (mut out, mut escaped) = (String::new(), false);
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => {
                out.push(c);
                escaped = false;
            }
            '\\' if mark == '"' => escaped = true,
            c if c == mark => return (out, at + 1),
            c => out.push(c),
        }
    }
    (out, text.len())
}
