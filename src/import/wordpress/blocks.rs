//! The comments of the block editor: reusable blocks, those that WordPress fills at each visit, and footnotes.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::import::losses::Losses;

/// How often blocks may stand in one another.
const DEEPEST: usize = 5;

/// A comment that opens a block.
struct Opening<'a> {
    /// `core/block`; the editor leaves `core/` out.
    name: &'a str,
    data: Value,
    is_closed: bool,
    /// Where the comment ends.
    end: usize,
}

/// Reads the comment that begins at `at`.
fn opening(text: &str, at: usize) -> Option<Opening<'_>> {
    let inside = text[at..].strip_prefix("<!-- wp:")?;
    let length = inside.find("-->")?;
    let body = inside[..length].trim_end();
    let (body, is_closed) = match body.strip_suffix('/') {
        Some(body) => (body.trim_end(), true),
        None => (body, false),
    };
    let (name, data) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
    let data = serde_json::from_str(data.trim()).unwrap_or(Value::Null);
    Some(Opening { name, data, is_closed, end: at + "<!-- wp:".len() + length + "-->".len() })
}

/// The numbers of the reusable blocks that a text shows.
pub(super) fn reused(content: &str) -> Vec<String> {
    let last = content.rfind("-->").unwrap_or(0);
    content[..last]
        .match_indices("<!-- wp:block ")
        .filter_map(|(at, _)| opening(content, at)?.data.get("ref").map(ToString::to_string))
        .collect()
}

/// A text with reusable blocks put in, and blocks without a text of their own replaced by what can be said of them.
pub(super) fn expanded(content: &str, reusable: &BTreeMap<String, String>, losses: &mut Losses) -> String {
    expand(content, reusable, losses, 0)
}

fn expand(content: &str, reusable: &BTreeMap<String, String>, losses: &mut Losses, depth: usize) -> String {
    let mut out = String::with_capacity(content.len());
    let mut from = 0;
    let last = content.rfind("-->").unwrap_or(0);
    while let Some(at) = content[from..].find("<!-- wp:").map(|at| from + at) {
        out.push_str(&content[from..at]);
        let Some(block) = Some(at).filter(|at| *at < last).and_then(|at| opening(content, at)) else {
            out.push_str("<!-- wp:");
            from = at + "<!-- wp:".len();
            continue;
        };
        from = block.end;
        if !block.is_closed {
            out.push_str(&content[at..block.end]);
            continue;
        }
        if block.name == "block" {
            let number = block.data.get("ref").map(ToString::to_string).unwrap_or_default();
            match reusable.get(&number) {
                Some(text) if depth < DEEPEST => out.push_str(&expand(text, reusable, losses, depth + 1)),
                _ => losses.left(
                    "a reusable block",
                    "it is not in the export: copy its words by hand",
                    String::new(),
                    &number,
                ),
            }
            continue;
        }
        unfilled(&block, losses, &mut out);
    }
    out.push_str(&content[from..]);
    out
}

/// A block that WordPress or a plug-in fills at each visit: its words, if it states some.
fn unfilled(block: &Opening<'_>, losses: &mut Losses, out: &mut String) {
    const SILENT: &[&str] = &[
        "spacer",
        "separator",
        "more",
        "nextpage",
        "footnotes",
        "post-title",
        "post-content",
        "post-date",
        "post-featured-image",
        "post-author",
    ];
    let name = block.name.strip_prefix("core/").unwrap_or(block.name);
    if SILENT.contains(&name) {
        return;
    }
    let mut words = Vec::new();
    let mut files = Vec::new();
    strings(&block.data, "", &mut words, &mut files, 0);
    let own = !name.contains('/') && !matches!(name, "shortcode" | "html");
    if own || words.is_empty() && files.is_empty() {
        let what = format!("a block that is filled at each visit (`{name}`)");
        losses.left(&what, "lists of the design do that here", String::new(), &words.join(" "));
        return;
    }
    let what = format!("a block of a plug-in (`{name}`)");
    losses.changed(&what, "its words are here, its design is not", String::new(), &words.join(" "));
    for one in words {
        let is_marked = one.contains('<');
        out.push_str(&if is_marked {
            format!("<div>{one}</div>\n")
        } else {
            format!("<p>{}</p>\n", one.replace('&', "&amp;"))
        });
    }
}

/// The words for readers among the data of a block.
fn strings(data: &Value, key: &str, words: &mut Vec<String>, files: &mut Vec<String>, depth: usize) {
    const NOT_WORDS: &[&str] = &[
        "className",
        "name",
        "style",
        "id",
        "mode",
        "align",
        "layout",
        "anchor",
        "url",
        "link",
        "href",
        "color",
        "icon",
        "clientId",
        "ref",
    ];
    match data {
        Value::String(text) if !key.starts_with('_') && !NOT_WORDS.contains(&key) => {
            let is_address = text.contains("://") || text.starts_with('/');
            if is_address {
                files.push(text.clone());
            } else if text.contains(char::is_whitespace)
                || ["title", "heading", "text", "label", "content", "caption"].contains(&key)
            {
                words.push(text.clone());
            }
        }
        Value::Array(all) if depth < 20 => all.iter().for_each(|one| strings(one, key, words, files, depth + 1)),
        Value::Object(parts) if depth < 20 => {
            parts.iter().for_each(|(key, one)| strings(one, key, words, files, depth + 1))
        }
        _ => {}
    }
}

/// A text whose marks of footnotes hold the words of the notes.
pub(super) fn with_notes(html: &str, notes: &[(String, String)], losses: &mut Losses) -> String {
    let mut out = String::with_capacity(html.len());
    let mut from = 0;
    let mut used = Vec::new();
    while let Some(at) = html[from..].find("<sup data-fn=\"").map(|at| from + at) {
        out.push_str(&html[from..at]);
        let rest = &html[at + "<sup data-fn=\"".len()..];
        let id = rest.split('"').next().unwrap_or_default();
        let end = rest.find("</sup>").map_or(html.len(), |end| html.len() - rest.len() + end + "</sup>".len());
        match notes.iter().find(|(known, _)| known == id) {
            Some((_, words)) => {
                out.push_str(&format!("<span data-import-note>{words}</span>"));
                used.push(id);
            }
            None => out.push_str(&html[at..end]),
        }
        from = end;
    }
    out.push_str(&html[from..]);
    for (_, words) in notes.iter().filter(|(id, _)| !used.contains(&id.as_str())) {
        losses.left("a footnote that no mark names", "it is left out", String::new(), words);
    }
    out
}
