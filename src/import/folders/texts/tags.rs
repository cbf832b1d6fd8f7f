//! Where the tags, outputs and comments of Liquid and Nunjucks stand in a text, and which tag ends which.

use std::collections::BTreeMap;

/// A tag, an output or a comment.
pub(super) struct Piece<'t> {
    /// Where it begins.
    pub(super) at: usize,
    pub(super) written: &'t str,
    /// Empty for an output and a comment.
    pub(super) name: &'t str,
    pub(super) inside: &'t str,
    /// `{# … #}`.
    pub(super) is_comment: bool,
}

/// All of a text, in order.
pub(super) struct Pieces<'t> {
    pub(super) all: Vec<Piece<'t>>,
    /// For each, the place in the list of the tag that ends it.
    pub(super) ends: Vec<Option<usize>>,
}

impl<'t> Pieces<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let all = all(text);
        let ends = ends(&all);
        Self { all, ends }
    }
}

fn all(text: &str) -> Vec<Piece<'_>> {
    let last = |mark: &str| text.rfind(mark).unwrap_or(0);
    let (last_tag, last_output, last_comment) = (last("%}"), last("}}"), last("#}"));
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'{', &text.as_bytes()[from..]).map(|at| from + at) {
        from = at + 1;
        let close = match text.as_bytes().get(at + 1) {
            Some(b'%') if at < last_tag => "%}",
            Some(b'{') if at < last_output => "}}",
            Some(b'#') if at < last_comment && !is_anchor(&text[at..]) => "#}",
            _ => continue,
        };
        let Some(end) = text[at + 2..].find(close).map(|end| at + 2 + end + close.len()) else { continue };
        let written = &text[at..end];
        let inside = text[at + 2..end - close.len()].trim_matches('-').trim();
        let (name, inside) = match close {
            "%}" => inside.split_at(inside.find(char::is_whitespace).unwrap_or(inside.len())),
            _ => ("", inside),
        };
        from = end;
        // An empty tag is no output.
        let name = if close == "%}" && name.is_empty() { "#" } else { name };
        all.push(Piece { at, written, name, inside: inside.trim(), is_comment: close == "#}" });
        // What is raw has no tags.
        if matches!(name, "raw" | "verbatim")
            && let Some(found) = text[from..].find(if name == "raw" { "endraw" } else { "endverbatim" })
            && let Some(open) = text[from..from + found].rfind("{%")
        {
            from += open;
        }
    }
    all
}

/// `{#anchor}` behind a heading, perhaps with attributes, is no comment.
fn is_anchor(text: &str) -> bool {
    let inside = text[2..].split('}').next().unwrap_or_default();
    inside.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && !inside.ends_with('#')
        && !inside.contains(['{', '\n'])
}

/// Which tag ends which: `endNAME` that of the same name which is open, the innermost first.
fn ends(all: &[Piece<'_>]) -> Vec<Option<usize>> {
    let mut ends = vec![None; all.len()];
    let mut open: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    // Comments that are open: what is in them ends nothing else.
    let mut comments: Vec<usize> = Vec::new();
    for (nth, piece) in all.iter().enumerate().filter(|(_, piece)| !piece.is_comment && !piece.name.is_empty()) {
        let ended = piece.name.strip_prefix("end").map(|name| name.trim_start_matches('_'));
        match (piece.name, ended) {
            ("comment", _) => comments.push(nth),
            (_, Some("comment")) => {
                if let Some(begun) = comments.pop() {
                    ends[begun] = Some(nth);
                }
            }
            _ if !comments.is_empty() => {}
            (_, Some(name)) => {
                if let Some(begun) = open.get_mut(name).and_then(Vec::pop) {
                    ends[begun] = Some(nth);
                }
            }
            // Code ends at the first end.
            ("raw" | "verbatim" | "highlight", None) if open.get(piece.name).is_some_and(|open| !open.is_empty()) => {}
            (name, None) => open.entry(name).or_default().push(nth),
        }
    }
    ends
}
