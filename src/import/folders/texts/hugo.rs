//! Shortcodes of Hugo in a text → what they become.

use super::job::{DEEPEST, Job};
use super::table::Values;

/// One shortcode as written.
struct Tag<'t> {
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
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = next(rest) {
        out.push_str(&rest[..at]);
        let Some(tag) = tag(&rest[at..]) else {
            out.push_str(&rest[at..at + 3]);
            rest = &rest[at + 3..];
            continue;
        };
        let behind = &rest[at + tag.written.len()..];
        let end = match tag.form {
            Form::Opening => closing(behind, tag.name),
            _ => None,
        };
        let inner = end.map(|(end, _)| &behind[..end]);
        rest = match end {
            Some((end, length)) => &behind[end + length..],
            None => behind,
        };
        let last = end.map_or("", |(end, length)| &behind[end..end + length]);
        let made = match tag.form {
            Form::Shown => {
                let inside = tag.written.replacen("/*", "", 1);
                out.push_str(&inside.replacen("*/", "", 1));
                continue;
            }
            Form::Closing => {
                job.changed("an end of a shortcode without its beginning", "it is left out", tag.written);
                continue;
            }
            Form::Opening | Form::Alone => shortcode(&tag, inner, last, job),
        };
        out.push_str(&made);
    }
    out.push_str(rest);
    out
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
    let inner = inner.map(|inner| match is_code || job.depth >= DEEPEST {
        true => inner.to_owned(),
        false => {
            job.depth += 1;
            let made = translated(inner, job);
            job.depth -= 1;
            made
        }
    });
    job.meant(tag.name, &tag.values, inner.as_deref(), tag.written, closing)
}

/// Where the next shortcode begins.
fn next(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find("{{") {
        let at = from + at;
        if text[at + 2..].starts_with(['<', '%']) {
            return Some(at);
        }
        from = at + 2;
    }
    None
}

/// The shortcode that begins here.
fn tag(text: &str) -> Option<Tag<'_>> {
    let close = if text.starts_with("{{<") { ">}}" } else { "%}}" };
    let (mut at, mut mark) = (3, None);
    // The end may not stand within quotation marks.
    let end = loop {
        let rest = text.get(at..)?;
        let c = rest.chars().next()?;
        match mark {
            None if rest.starts_with(close) => break at,
            None if c == '"' || c == '`' => mark = Some(c),
            Some(own) if c == '\\' && own == '"' => at += 1,
            Some(own) if c == own => mark = None,
            _ => {}
        }
        at += c.len_utf8();
    };
    let written = &text[..end + 3];
    let inside = text[3..end].trim();
    if inside.starts_with("/*") {
        return Some(Tag { written, name: "", values: Values::default(), form: Form::Shown });
    }
    let (inside, form) = match (inside.strip_prefix('/'), inside.strip_suffix('/')) {
        (Some(inside), _) => (inside.trim(), Form::Closing),
        (None, Some(inside)) => (inside.trim(), Form::Alone),
        (None, None) => (inside, Form::Opening),
    };
    let end = inside.find(|c: char| c.is_whitespace() || c == '"' || c == '`').unwrap_or(inside.len());
    let (name, values) = inside.split_at(end);
    (!name.is_empty()).then(|| Tag { written, name, values: self::values(values), form })
}

/// Where the shortcode `name` ends, and how long its end is.
fn closing(text: &str, name: &str) -> Option<(usize, usize)> {
    let (mut from, mut depth) = (0, 0usize);
    while let Some(at) = next(&text[from..]) {
        let at = from + at;
        let Some(tag) = tag(&text[at..]) else {
            from = at + 3;
            continue;
        };
        from = at + tag.written.len();
        if tag.name != name {
            continue;
        }
        match tag.form {
            // One of the same name inside counts only if it has an end too.
            Form::Opening if closing_after(&text[from..], name) > depth + 1 => depth += 1,
            Form::Closing if depth == 0 => return Some((at, tag.written.len())),
            Form::Closing => depth -= 1,
            Form::Opening | Form::Alone | Form::Shown => {}
        }
    }
    None
}

/// How many ends of this name follow.
fn closing_after(text: &str, name: &str) -> usize {
    text.match_indices("{{")
        .filter_map(|(at, _)| text[at + 2..].strip_prefix(['<', '%']))
        .filter(|rest| {
            rest.trim_start().strip_prefix('/').is_some_and(|rest| {
                let rest = rest.trim_start();
                rest.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '>', '%']))
            })
        })
        .count()
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
