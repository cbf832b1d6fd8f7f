//! Films, frames, scripts, comments of HTML, and what a browser does not show in a text → links, or nothing; with a note of what was left
//! out.

use std::collections::BTreeMap;

use super::job::Job;
use super::outside;
use crate::import::html::hidden::{self, Rules};
use crate::import::html::tree::Tree;

/// Elements that no page of this site shows, and what becomes of them.
const ELEMENTS: &[&str] = &["iframe", "video", "audio", "object", "embed", "script", "style", "form", "noscript"];

/// Elements that have no end.
const ALONE: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Puts links in place of films and frames, and takes out scripts, styles and what a browser does not show; code stays as it is.
pub(super) fn translated(text: &str, job: &mut Job<'_>) -> String {
    if !text.contains('<') {
        return text.to_owned();
    }
    let lower = text.to_ascii_lowercase();
    let rules = rules(&lower, text);
    let mut ends = Ends::default();
    // Where the last comment and the last tag end.
    let comments = lower.rfind("-->").unwrap_or(0);
    let tags = lower.rfind('>').map_or(0, |at| at + 1);
    let mut out = String::with_capacity(text.len());
    let (mut at, mut from) = (0, 0);
    while let Some(open) = outside::next(text, from, b'<') {
        from = open + 1;
        // Nobody sees what is in a comment, here either.
        if let Some(end) =
            lower[open..].strip_prefix("<!--").filter(|_| open < comments).and_then(|rest| rest.find("-->"))
        {
            from = open + "<!--".len() + end;
            continue;
        }
        if lower[open..].starts_with("<!--") {
            let how = "it has no end, so a browser shows nothing of the text from there on";
            job.left("a comment without an end", how, &text[open..]);
            out.push_str(&text[at..open]);
            at = text.len();
            break;
        }
        let Some((name, tag_end)) = opening(&lower[..tags], open) else { continue };
        let is_known = ELEMENTS.contains(&name);
        // Most elements have no attribute by which anything could be hidden.
        let written = &text[open..tag_end];
        let may_hide = matches!(name, "template" | "dialog" | "datalist" | "noframes")
            || ["hidden", "popover", "style", "class", "id"].iter().any(|key| lower[open..tag_end].contains(key));
        let is_hidden = !is_known && may_hide && is_unseen(written, &rules);
        if !is_known && !is_hidden {
            from = tag_end;
            continue;
        }
        let end = if ALONE.contains(&name) || lower[open..tag_end].ends_with("/>") && is_known {
            tag_end
        } else if is_hidden {
            balanced(&lower, name, tag_end)
        } else {
            ends.first(&lower, name, tag_end).unwrap_or(tag_end)
        };
        out.push_str(&text[at..open]);
        match is_hidden {
            true => job.left(
                "what a browser did not show",
                "it is hidden by `hidden`, `display: none` or the like: if a script showed it, copy what readers need",
                &text[open..end],
            ),
            false => out.push_str(&instead(name, &text[open..end], job)),
        }
        (at, from) = (end, end);
    }
    out.push_str(&text[at..]);
    out
}

/// What the stylesheets in a text hide.
pub(super) fn rules(lower: &str, text: &str) -> Rules {
    let mut rules = Rules::default();
    let mut from = 0;
    while let Some(open) = lower[from..].find("<style").map(|at| from + at) {
        let Some(begin) = lower[open..].find('>').map(|at| open + at + 1) else { break };
        let end = lower[begin..].find("</style").map_or(text.len(), |at| begin + at);
        rules.add(&text[begin..end]);
        from = end;
    }
    rules
}

/// Whether the element that this tag opens is not shown.
pub(super) fn is_unseen(tag: &str, rules: &Rules) -> bool {
    let says = |tag: &str| {
        let tree = Tree::parse(tag);
        let elements: Vec<usize> = tree.within(0).filter(|at| !tree.name(*at).is_empty()).collect();
        (elements.iter().any(|at| hidden::is_hidden(&tree, *at, rules)), elements.is_empty())
    };
    match says(tag) {
        // By itself no browser takes a row or a cell, and the like, for an element.
        (_, true) => {
            let name =
                tag[1..].len() - tag[1..].trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-').len();
            says(&format!("<div{}", &tag[1 + name..])).0
        }
        (is_unseen, false) => is_unseen,
    }
}

/// The name of the element that begins here, and where its tag ends.
fn opening(lower: &str, open: usize) -> Option<(&str, usize)> {
    let rest = lower.get(open + 1..)?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let name = &rest[..length];
    if !name.starts_with(|c: char| c.is_ascii_alphabetic())
        || !rest[length..].starts_with([' ', '>', '/', '\n', '\t', '\r'])
    {
        return None;
    }
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate().skip(length).take(LONGEST) {
        match (quote, byte) {
            (None, b'>') => return Some((name, open + 1 + at + 1)),
            (None, b'"' | b'\'') if rest[..at].trim_end().ends_with('=') => quote = Some(byte),
            (Some(mark), byte) if mark == byte => quote = None,
            _ => {}
        }
    }
    // A quotation mark has no end, or only far away: then the first `>` is the tag's.
    Some((name, open + 1 + rest.find('>')? + 1))
}

/// How far the end of a quotation in a tag is looked for, in bytes.
const LONGEST: usize = 4000;

/// Where the ends of elements stand, looked up once for each name.
#[derive(Default)]
struct Ends {
    known: BTreeMap<String, Vec<(usize, usize)>>,
}

impl Ends {
    /// Behind the first end of this name from a place on.
    fn first(&mut self, lower: &str, name: &str, from: usize) -> Option<usize> {
        let ends = self.known.entry(name.to_owned()).or_insert_with(|| {
            let mark = format!("</{name}");
            let end = |at: usize| lower[at..].find('>').map_or(lower.len(), |end| at + end + 1);
            lower.match_indices(&mark).map(|(at, _)| (at, end(at))).collect()
        });
        ends.get(ends.partition_point(|(at, _)| *at < from)).map(|(_, end)| *end)
    }
}

/// Behind the end of the element of this name that is open at `from`, outside of code; without one, the end of the text. A paragraph
/// ends where the next begins.
fn balanced(lower: &str, name: &str, from: usize) -> usize {
    let limit = match name {
        "p" => lower[from..].find("\n\n").map_or(lower.len(), |end| from + end),
        _ => lower.len(),
    };
    let text = &lower[..limit];
    let (mut depth, mut at) = (1usize, from);
    while let Some(open) = outside::next(text, at, b'<') {
        at = open + 1;
        let (is_end, rest) = match text[at..].strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, &text[at..]),
        };
        let is_same = rest
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/')));
        if !is_same {
            continue;
        }
        depth = if is_end { depth - 1 } else { depth + 1 };
        if depth == 0 {
            return text[open..].find('>').map_or(text.len(), |end| open + end + 1);
        }
    }
    limit
}

/// What stands for an element.
fn instead(name: &str, written: &str, job: &mut Job<'_>) -> String {
    let source = ["src", "data"].iter().find_map(|attribute| value(written, attribute));
    if let Some(poster) = value(written, "poster") {
        let how = "the link to the video is there without it: show it as a picture of the page if readers need it";
        job.left("the pictures before videos", how, &poster);
    }
    match (name, source) {
        ("script" | "style" | "noscript", _) => {
            job.left("scripts and styles in texts", "no page of this site runs them", written);
            String::new()
        }
        ("form", _) => {
            job.left("forms", "no page of this site has one: link to where readers can write", written);
            String::new()
        }
        (_, Some(source)) => {
            let title = value(written, "title").or_else(|| value(written, "aria-label"));
            let words = title.unwrap_or_else(|| match name {
                "video" => "Watch the film".to_owned(),
                "audio" => "Listen".to_owned(),
                _ if source.contains("youtu") => "Watch on YouTube".to_owned(),
                _ if source.contains("vimeo") => "Watch on Vimeo".to_owned(),
                _ => "Look at it".to_owned(),
            });
            let words: String = words.chars().filter(|c| !matches!(c, '[' | ']' | '\n' | '*' | '_')).collect();
            let to = page_of(&source);
            job.changed("films and frames", "a link leads to each", &source);
            let to = if to.contains([' ', '(', ')']) { format!("<{to}>") } else { to };
            format!("[{words}]({to})")
        }
        (_, None) => {
            job.left("films and frames without an address", "there is nothing to link to", written);
            String::new()
        }
    }
}

/// The page at which a film can be watched whose frame is at `source`.
fn page_of(source: &str) -> String {
    let source = source.replace("&amp;", "&");
    let source = if source.starts_with("//") { format!("https:{source}") } else { source };
    for (frame, page) in [
        ("youtube.com/embed/", "https://www.youtube.com/watch?v="),
        ("youtube-nocookie.com/embed/", "https://www.youtube.com/watch?v="),
        ("player.vimeo.com/video/", "https://vimeo.com/"),
    ] {
        if let Some((_, rest)) = source.split_once(frame) {
            let end = rest.find(['?', '&', '/', '#']).unwrap_or(rest.len());
            if end > 0 && &rest[..end] != "videoseries" {
                return format!("{page}{}", &rest[..end]);
            }
        }
    }
    source
}

/// The value of an attribute, of the element or of one inside.
fn value(written: &str, attribute: &str) -> Option<String> {
    let lower = written.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = lower[from..].find(attribute).map(|at| from + at) {
        from = at + attribute.len();
        if !lower[..at].ends_with(|c: char| c.is_whitespace() || c == '"' || c == '\'') {
            continue;
        }
        let rest = written[from..].trim_start();
        let Some(rest) = rest.strip_prefix('=').map(str::trim_start) else { continue };
        let found = match rest.chars().next() {
            Some(mark @ ('"' | '\'')) => rest[1..].split(mark).next(),
            _ => rest.split(|c: char| c.is_whitespace() || c == '>').next(),
        };
        return found.map(str::trim).filter(|found| !found.is_empty()).map(str::to_owned);
    }
    None
}
