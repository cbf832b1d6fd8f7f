//! YAML in which a quoted text, a list or a group goes on at the edge → the same, with these lines indented.
//!
//! Hugo, Jekyll and PyYAML read such lines; the scanner that we have does not. Lines that look like fields of their own are
//! left as they are, since the quotation mark or bracket above was then probably never closed: whoever reads them as part of
//! a text may lose what hides a page.
//!
//! Not here: what the text says (`yaml`).

use std::borrow::Cow;
use std::ops::Range;

/// A text for the scanner.
pub(super) struct Indented<'a> {
    pub(super) text: Cow<'a, str>,
    /// Where each run of added blanks begins and ends, and how many were added up to its end.
    added: Vec<(Range<usize>, usize)>,
}

impl Indented<'_> {
    /// The byte of the author's text that stands at `byte` of this one.
    pub(super) fn original(&self, byte: usize) -> usize {
        let before = self.added.partition_point(|(added, _)| added.start < byte);
        match before.checked_sub(1).map(|last| &self.added[last]) {
            Some((added, total)) => byte.max(added.end) - total,
            None => byte,
        }
    }
}

/// `text` as the scanner can read it.
pub(super) fn indented(text: &str) -> Indented<'_> {
    let insertions = insertions(text);
    if insertions.is_empty() {
        return Indented { text: Cow::Borrowed(text), added: Vec::new() };
    }
    let (mut out, mut added, mut done, mut total) = (String::with_capacity(text.len() * 2), Vec::new(), 0, 0);
    for (at, blanks) in insertions {
        out.push_str(&text[done..at]);
        total += blanks;
        added.push((out.len()..out.len() + blanks, total));
        out.extend(std::iter::repeat_n(' ', blanks));
        done = at;
    }
    out.push_str(&text[done..]);
    Indented { text: Cow::Owned(out), added }
}

/// Where blanks are missing, and how many.
fn insertions(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    // The column that the lines of a text below `|` or `>` stand behind.
    let mut block: Option<usize> = None;
    // How far may be looked for partners in all, so that a text full of open brackets is not read again for each.
    let mut budget = text.len() * 8 + 1000;
    let mut at = 0;
    while at < text.len() {
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        let line = &text[at..end];
        let indent = line.len() - line.trim_start_matches(' ').len();
        if let Some(column) = block {
            if line.trim().is_empty() || indent > column {
                at = end;
                continue;
            }
            block = None;
        }
        let Some((column, begin)) = value(line) else {
            at = end;
            continue;
        };
        let value = line[begin..].trim_end();
        if value.starts_with(['|', '>']) {
            block = Some(indent);
        } else if value.starts_with(['"', '\'', '[', '{'])
            && let Some(close) = close(text, at + begin, &mut budget).filter(|close| *close > end)
        {
            found.extend(missing(text, end..close, column, value.starts_with(['[', '{'])));
            at = text[close..].find('\n').map_or(text.len(), |end| close + end + 1);
            continue;
        }
        at = end;
    }
    found
}

/// The column of a line's field and where its value begins, if it has both.
fn value(line: &str) -> Option<(usize, usize)> {
    let mut begin = line.len() - line.trim_start_matches(' ').len();
    while line[begin..].starts_with("- ") {
        begin += 2 + (line[begin + 2..].len() - line[begin + 2..].trim_start_matches(' ').len());
    }
    let is_item = begin >= 2 && line[..begin].trim_end().ends_with('-');
    let rest = &line[begin..];
    if is_item && rest.starts_with(['"', '\'', '[', '{', '|', '>']) {
        // The item's own column is that of its hyphen.
        return Some((line.find('-')?, begin));
    }
    if rest.starts_with(['"', '\'', '[', '{', '#']) {
        return None;
    }
    let after = rest.find(": ")? + 2;
    let blanks = rest[after..].len() - rest[after..].trim_start_matches(' ').len();
    Some((begin, begin + after + blanks))
}

/// Where what opens at `open` ends, one byte past its partner, if nothing but a comment stands behind that.
fn close(text: &str, open: usize, budget: &mut usize) -> Option<usize> {
    let bytes = &text.as_bytes()[..text.len().min(open + *budget)];
    let found = partner(text, bytes, open);
    *budget -= found.unwrap_or(bytes.len()).saturating_sub(open).min(*budget);
    found
}

fn partner(text: &str, bytes: &[u8], open: usize) -> Option<usize> {
    let mut depth = Vec::new();
    let mut at = open;
    loop {
        match bytes.get(at)? {
            quote @ (b'"' | b'\'') if at == open || !depth.is_empty() && starts_here(bytes, at) => {
                at = quote_end(bytes, at, *quote)?;
            }
            b'#' if bytes[at - 1].is_ascii_whitespace() => {
                at += bytes[at..].iter().position(|byte| *byte == b'\n')?;
            }
            bracket @ (b'[' | b'{') => depth.push(if *bracket == b'[' { b']' } else { b'}' }),
            bracket @ (b']' | b'}') if depth.pop() != Some(*bracket) => return None,
            _ => {}
        }
        at += 1;
        if depth.is_empty() {
            let rest = text[at..].lines().next().unwrap_or("");
            let is_end = rest.trim().is_empty() || rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#');
            return is_end.then_some(at);
        }
    }
}

/// Whether a quotation mark in a list or a group begins a text: within a word it does not.
fn starts_here(bytes: &[u8], at: usize) -> bool {
    bytes[at - 1].is_ascii_whitespace() || matches!(bytes[at - 1], b'[' | b'{' | b',' | b':')
}

/// Where the text in quotation marks that opens at `open` has its second mark.
fn quote_end(bytes: &[u8], open: usize, quote: u8) -> Option<usize> {
    let mut at = open + 1;
    loop {
        match bytes.get(at)? {
            b'\\' if quote == b'"' => at += 1,
            byte if *byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 1,
            byte if *byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

/// The blanks that `lines` lack to stand behind `column`; none if one of them looks like a field
/// outside what is open.
fn missing(text: &str, lines: Range<usize>, column: usize, is_bracket: bool) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = lines.start;
    let is_group = |line: &str| is_bracket && line.ends_with([',', '{', '[']);
    let mut above = text[..lines.start].trim_end();
    while at < lines.end {
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        let line = &text[at..end];
        let own = line.len() - line.trim_start_matches(' ').len();
        if own <= column && !line.trim().is_empty() {
            // Behind a comma or a bracket, a name with a colon is a field of the group.
            if is_field(&line[own..]) && !is_group(above) {
                return Vec::new();
            }
            found.push((at, column + 1 - own));
        }
        if !line.trim().is_empty() {
            above = line.trim_end();
        }
        at = end;
    }
    found
}

/// Whether a line sets a field: one word in small letters, and a colon.
fn is_field(line: &str) -> bool {
    let Some((name, value)) = line.split_once(':') else { return false };
    let is_name = name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'));
    is_name && (value.trim().is_empty() || value.starts_with([' ', '\t']))
}
