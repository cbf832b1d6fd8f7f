//! Liquid and Nunjucks in a text → what they become. Values that are known are filled in; what only a program could decide is left out
//! and named; other tags are in the table of shortcodes, or stay visible.

use super::expressions::{Scope, group, values};
use super::job::{DEEPEST, Job};
use super::table::Values;
use crate::data::{Raw, RawKind, Table};
use crate::import::folders::lenient::{key, raw, text as text_of};

/// Tags around what a program may show or not, or show many times.
const LOGIC: &[&str] = &[
    "if",
    "unless",
    "case",
    "for",
    "tablerow",
    "ifchanged",
    "macro",
    "block",
    "call",
    "asyncEach",
    "asyncAll",
    "switch",
    "js",
    "css",
    "cache",
    "filter",
];

/// Tags that only prepare something.
const SILENT: &[&str] = &[
    "extends",
    "import",
    "from",
    "increment",
    "decrement",
    "cycle",
    "layout",
    "break",
    "continue",
    "else",
    "elsif",
    "endif",
    "endfor",
    "endunless",
    "endcase",
    "seo",
    "feed_meta",
    "eleventyGlobalData",
];

/// Beginnings of addresses that are empty where nothing is said.
const NOWHERE: &[&str] =
    &["site.baseurl", "site.url", "baseurl", "site.github.url", "pathPrefix", "site.base_url", "page.baseurl"];

/// What is known while a text is translated.
pub(super) struct Known<'a> {
    /// The fields of the page, its site and its data.
    pub(super) around: &'a Raw,
    /// What the text itself has set.
    pub(super) own: Table,
}

impl Known<'_> {
    fn scope<T>(&self, with: impl FnOnce(&Scope<'_>) -> T) -> T {
        let own = raw(RawKind::Table(self.own.clone()));
        with(&Scope { groups: vec![&own, self.around] })
    }

    fn set(&mut self, name: &str, value: Raw) {
        self.own.retain(|(known, _)| known.name != name);
        self.own.push((key(name), value));
    }
}

/// A tag or an output.
struct Tag<'t> {
    written: &'t str,
    /// Empty for an output.
    name: &'t str,
    inside: &'t str,
}

/// Translates a text.
pub(super) fn translated(text: &str, known: &mut Known<'_>, job: &mut Job<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = next(rest) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("{#") {
            let end = comment.find("#}").map_or(rest.len(), |end| end + 4);
            if rest[..end].contains('\n') || end < 200 {
                job.left("comments", "nobody saw them there either", &rest[..end]);
                rest = &rest[end..];
            } else {
                out.push_str("{#");
                rest = &rest[2..];
            }
            continue;
        }
        let Some(tag) = tag(rest) else {
            out.push_str(&rest[..2]);
            rest = &rest[2..];
            continue;
        };
        if tag.written.contains("{%-") || tag.written.contains("{{-") {
            out.truncate(out.trim_end().len());
        }
        let behind = &rest[tag.written.len()..];
        let trims = tag.written.ends_with("-%}") || tag.written.ends_with("-}}");
        let (made, used) = match tag.name {
            "" => (output(&tag, known, job), 0),
            _ => statement(&tag, behind, known, job),
        };
        out.push_str(&made);
        rest = &behind[used..];
        if trims {
            rest = rest.trim_start();
        }
    }
    out.push_str(rest);
    out
}

/// Where the next tag, output or comment begins.
fn next(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'{', bytes)
        .find(|at| matches!(bytes.get(at + 1), Some(b'{' | b'%')) || is_comment(&text[*at..]))
}

/// `{# … #}`, but not `## Heading {#anchor}`.
fn is_comment(text: &str) -> bool {
    text.strip_prefix("{#").is_some_and(|rest| {
        let line = rest.lines().next().unwrap_or_default();
        rest.starts_with([' ', '-', '\n']) && (line.contains("#}") || rest.contains("#}"))
    })
}

fn tag(text: &str) -> Option<Tag<'_>> {
    let close = if text.starts_with("{{") { "}}" } else { "%}" };
    let (mut at, mut mark) = (2, None);
    let end = loop {
        let rest = text.get(at..)?;
        let c = rest.chars().next()?;
        match mark {
            None if rest.starts_with(close) => break at,
            None if matches!(c, '"' | '\'') && rest[1..].split(close).next().is_some_and(|line| line.contains(c)) => {
                mark = Some(c)
            }
            Some(own) if c == own => mark = None,
            _ => {}
        }
        at += c.len_utf8();
    };
    let written = &text[..end + 2];
    let inside = text[2..end].trim_matches('-').trim();
    if close == "}}" {
        return Some(Tag { written, name: "", inside });
    }
    let end = inside.find(|c: char| c.is_whitespace()).unwrap_or(inside.len());
    let (name, inside) = inside.split_at(end);
    Some(Tag { written, name, inside: inside.trim() })
}

/// What an output becomes: its value, if that is known.
fn output(tag: &Tag<'_>, known: &Known<'_>, job: &mut Job<'_>) -> String {
    if let Ok((value, _)) = known.scope(|scope| scope.value(tag.inside))
        && let Some(words) = text_of(&value)
    {
        return words;
    }
    // `{{ button("a", "b") }}`, as Nunjucks calls what it knows.
    if let Some((name, inside)) =
        tag.inside.split_once('(').filter(|(name, _)| name.chars().all(|c| c.is_alphanumeric() || c == '_'))
    {
        let inside = inside.rsplit_once(')').map_or(inside, |(inside, _)| inside);
        let given = known.scope(|scope| values(inside.trim().trim_matches(['{', '}']), scope));
        return job.meant(name, &given, None, tag.written, "");
    }
    let mut pieces = tag.inside.split('|').map(str::trim);
    let name = pieces.next().unwrap_or_default();
    if NOWHERE.contains(&name) && pieces.clone().next().is_none() {
        return String::new();
    }
    // What is written there is there, whatever a filter made of it.
    if let Some(filter) = pieces.next().and_then(|filter| filter.split([':', '(', ' ']).next())
        && let Ok(value) = known.scope(|scope| scope.operand(name))
        && let Some(words) = text_of(&value)
    {
        let how = "what it was given is there, without what the filter made of it";
        job.changed(&format!("the filter `{filter}`"), how, tag.written);
        return words;
    }
    let name = name.split(' ').next().unwrap_or_default();
    let how = "only a program knows it, so it is shown as it was written: write what it should say";
    job.changed(&format!("the value `{name}`"), how, tag.written);
    job.visible(tag.written)
}

/// What a tag becomes, and how much of what follows it belongs to it.
fn statement(tag: &Tag<'_>, behind: &str, known: &mut Known<'_>, job: &mut Job<'_>) -> (String, usize) {
    let end = closing(behind, tag.name);
    let inner = end.map(|(end, _)| &behind[..end]);
    let used = end.map_or(0, |(end, length)| end + length);
    match tag.name {
        "raw" | "verbatim" => (inner.unwrap_or_default().to_owned(), used),
        "comment" => {
            job.left("comments", "nobody saw them there either", inner.unwrap_or(behind));
            (String::new(), if end.is_some() { used } else { behind.len() })
        }
        "highlight" => {
            let given =
                Values { placed: tag.inside.split_whitespace().map(str::to_owned).collect(), ..Values::default() };
            (job.meant("highlight", &given, inner, tag.written, ""), used)
        }
        "assign" | "set" if tag.inside.contains('=') => {
            let (name, value) = tag.inside.split_once('=').unwrap_or_default();
            let found = known.scope(|scope| scope.value(value.trim()));
            if let Ok((value, _)) = found {
                known.set(name.trim(), value);
            }
            (String::new(), 0)
        }
        "capture" | "set" => {
            let made = inner.map(|inner| within(inner, known, job)).unwrap_or_default();
            known.set(tag.inside.trim().trim_matches(['"', '\'']), raw(RawKind::Text(made)));
            (String::new(), used)
        }
        "link" | "post_url" => {
            let wanted = tag.inside.trim().trim_matches(['"', '\'']);
            match job.read.page(wanted, job.entry) {
                Some(address) => (address, 0),
                None => {
                    let how = "they lead nowhere: write where to";
                    job.changed("links to a page that is not there", how, wanted);
                    (format!("/{}/", wanted.trim_matches('/')), 0)
                }
            }
        }
        name if LOGIC.contains(&name) => {
            let whole = inner.unwrap_or(behind);
            let how = "a program decided what stands there: write it, if readers need it";
            job.left(&format!("`{name}` with what it holds"), how, &format!("{} {whole}", tag.written));
            (String::new(), if end.is_some() { used } else { behind.len() })
        }
        name if SILENT.contains(&name) => (String::new(), 0),
        "include" | "include_relative" | "include_cached" | "render" | "renderFile" => {
            let mut given = known.scope(|scope| values(tag.inside, scope));
            let file = if given.placed.is_empty() { String::new() } else { given.placed.remove(0) };
            let name = format!("include {}", file.rsplit('/').next().unwrap_or_default());
            (job.meant(&name, &given, None, tag.written, ""), 0)
        }
        name => {
            let given = known.scope(|scope| values(tag.inside, scope));
            let inner = inner.map(|inner| within(inner, known, job));
            let last = end.map_or("", |(end, length)| &behind[end..end + length]);
            (job.meant(name, &given, inner.as_deref(), tag.written, last), used)
        }
    }
}

/// Translates what stands between two ends.
fn within(inner: &str, known: &mut Known<'_>, job: &mut Job<'_>) -> String {
    if job.depth >= DEEPEST {
        return inner.to_owned();
    }
    job.depth += 1;
    let made = translated(inner, known, job);
    job.depth -= 1;
    made
}

/// Where the end of a tag begins, and how long it is.
fn closing(text: &str, name: &str) -> Option<(usize, usize)> {
    let ends = [format!("end{name}"), format!("end_{name}")];
    let is_literal = matches!(name, "raw" | "verbatim" | "comment" | "highlight");
    let (mut from, mut depth) = (0, 0usize);
    while let Some(at) = text[from..].find("{%").map(|at| from + at) {
        let Some(tag) = tag(&text[at..]) else {
            from = at + 2;
            continue;
        };
        from = at + tag.written.len();
        if ends.iter().any(|end| end == tag.name) {
            if depth == 0 {
                return Some((at, tag.written.len()));
            }
            depth -= 1;
        } else if tag.name == name && !is_literal {
            depth += 1;
        } else if tag.name == "raw" && !is_literal {
            from += text[from..].find("endraw").unwrap_or(0);
        }
    }
    None
}

/// The groups that a text may name: `page`, `site`, and what else there is.
pub(super) fn around(fields: Table, config: &Raw, data: &Table) -> Raw {
    let mut site = match &config.kind {
        RawKind::Table(table) => table.clone(),
        _ => Table::new(),
    };
    site.push((key("data"), raw(RawKind::Table(data.clone()))));
    let mut all: Table =
        vec![(key("page"), raw(RawKind::Table(fields.clone()))), (key("site"), raw(RawKind::Table(site)))];
    all.extend(fields);
    if let RawKind::Table(data) = group("data", raw(RawKind::Table(data.clone()))).kind {
        all.extend(data);
    }
    all.extend(data.iter().cloned());
    raw(RawKind::Table(all))
}
