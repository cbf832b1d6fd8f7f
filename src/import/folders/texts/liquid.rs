//! Liquid and Nunjucks in a text → what they become. Values that are known are filled in; what only a program could decide is left out
//! and named; other tags are in the table of shortcodes, or stay visible.

use super::expressions::{Scope, group, values};
use super::job::{DEEPEST, Job};
use super::table::Values;
use super::tags::{Piece, Pieces};
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

/// What is said of comments.
const COMMENTS: (&str, &str) = ("comments", "nobody saw them there either");

/// What is known while a text is translated.
pub(super) struct Known<'a> {
    /// The fields of the page, its site and its data.
    around: &'a Raw,
    /// What the text itself has set: a group.
    own: Raw,
}

impl<'a> Known<'a> {
    /// What is known before a text begins.
    pub(super) fn new(around: &'a Raw) -> Self {
        Self { around, own: raw(RawKind::Table(Table::new())) }
    }

    fn scope<T>(&self, with: impl FnOnce(&Scope<'_>) -> T) -> T {
        with(&Scope { groups: vec![&self.own, self.around] })
    }

    fn set(&mut self, name: &str, value: Raw) {
        if let RawKind::Table(own) = &mut self.own.kind {
            own.retain(|(known, _)| known.name != name);
            own.push((key(name), value));
        }
    }
}

/// Translates a text.
pub(super) fn translated(text: &str, known: &mut Known<'_>, job: &mut Job<'_>) -> String {
    let pieces = Pieces::of(text);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    let mut nth = 0;
    while let Some(piece) = pieces.all.get(nth) {
        out.push_str(text.get(from..piece.at).unwrap_or_default());
        from = from.max(piece.at + piece.written.len());
        nth += 1;
        if piece.is_comment {
            job.left(COMMENTS.0, COMMENTS.1, piece.written);
            continue;
        }
        if piece.written.starts_with("{%-") || piece.written.starts_with("{{-") {
            out.truncate(out.trim_end().len());
        }
        let made = match piece.name {
            "" => output(piece, known, job),
            _ => {
                let end = pieces.ends[nth - 1].map(|end| &pieces.all[end]);
                let (made, is_used) = statement(piece, &text[from..], end, known, job);
                if is_used {
                    // What was read with it is not read again.
                    from = end.map_or(text.len(), |end| end.at + end.written.len());
                    nth = pieces.ends[nth - 1].map_or(pieces.all.len(), |end| end + 1);
                }
                made
            }
        };
        out.push_str(&made);
        if text[..from].ends_with("-%}") || text[..from].ends_with("-}}") {
            let rest = &text[from..];
            from += rest.len() - rest.trim_start().len();
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// What an output becomes: its value, if that is known.
fn output(tag: &Piece<'_>, known: &Known<'_>, job: &mut Job<'_>) -> String {
    // A comment of Handlebars.
    if tag.inside.starts_with('!') {
        job.left(COMMENTS.0, COMMENTS.1, tag.written);
        return String::new();
    }
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

/// What a tag becomes, and whether what follows it up to its end, or all of it without one, belongs to it.
fn statement(
    tag: &Piece<'_>,
    behind: &str,
    end: Option<&Piece<'_>>,
    known: &mut Known<'_>,
    job: &mut Job<'_>,
) -> (String, bool) {
    let inner = end.map(|end| &behind[..end.at - tag.at - tag.written.len()]);
    let used = end.is_some();
    match tag.name {
        "raw" | "verbatim" => (inner.unwrap_or_default().to_owned(), used),
        "comment" | "doc" => {
            job.left(COMMENTS.0, COMMENTS.1, inner.unwrap_or(behind));
            (String::new(), true)
        }
        name if name.starts_with('#') => {
            job.left(COMMENTS.0, COMMENTS.1, tag.written);
            (String::new(), false)
        }
        "liquid" => {
            let how = "a program decided what stands there: write it, if readers need it";
            job.left("`liquid` with what it holds", how, tag.written);
            (String::new(), false)
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
            (String::new(), false)
        }
        "capture" | "set" => {
            let made = inner.map(|inner| within(inner, known, job)).unwrap_or_default();
            known.set(tag.inside.trim().trim_matches(['"', '\'']), raw(RawKind::Text(made)));
            (String::new(), used)
        }
        "link" | "post_url" => {
            let wanted = tag.inside.trim().trim_matches(['"', '\'']);
            match job.read.page(wanted, job.entry) {
                Some(address) => (address, false),
                None => {
                    let how = "they lead nowhere: write where to";
                    job.changed("links to a page that is not there", how, wanted);
                    (format!("/{}/", wanted.trim_matches('/')), false)
                }
            }
        }
        name if LOGIC.contains(&name) => {
            let whole = inner.unwrap_or(behind);
            let how = "a program decided what stands there: write it, if readers need it";
            job.left(&format!("`{name}` with what it holds"), how, &format!("{} {whole}", tag.written));
            (String::new(), true)
        }
        name if SILENT.contains(&name) => (String::new(), false),
        "include" | "include_relative" | "include_cached" | "render" | "renderFile" => {
            let mut given = known.scope(|scope| values(tag.inside, scope));
            let file = if given.placed.is_empty() { String::new() } else { given.placed.remove(0) };
            let name = format!("include {}", file.rsplit('/').next().unwrap_or_default());
            (job.meant(&name, &given, None, tag.written, ""), false)
        }
        name => {
            let given = known.scope(|scope| values(tag.inside, scope));
            let inner = inner.map(|inner| within(inner, known, job));
            let last = end.map_or("", |end| end.written);
            (job.meant(name, &given, inner.as_deref(), tag.written, last), used)
        }
    }
}

/// Translates what stands between two ends.
fn within(inner: &str, known: &mut Known<'_>, job: &mut Job<'_>) -> String {
    if job.depth >= DEEPEST {
        return job.too_deep(inner);
    }
    job.depth += 1;
    let made = translated(inner, known, job);
    job.depth -= 1;
    made
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
