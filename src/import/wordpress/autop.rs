//! A classic text, in which an empty line ends a paragraph and a line's end is a break → HTML (`wpautop` of WordPress).

use std::collections::BTreeMap;

/// Elements beside which a line's end means nothing.
const BLOCKS: &[&str] = &[
    "table",
    "thead",
    "tfoot",
    "caption",
    "col",
    "colgroup",
    "tbody",
    "tr",
    "td",
    "th",
    "div",
    "dl",
    "dd",
    "dt",
    "ul",
    "ol",
    "li",
    "pre",
    "form",
    "map",
    "area",
    "blockquote",
    "address",
    "style",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "fieldset",
    "legend",
    "section",
    "article",
    "aside",
    "hgroup",
    "header",
    "footer",
    "nav",
    "figure",
    "figcaption",
    "details",
    "menu",
    "summary",
    "br",
    "script",
    "iframe",
    "video",
    "audio",
    "object",
    "main",
    "center",
    "noscript",
    "source",
    "param",
    "embed",
    "option",
    "select",
    "optgroup",
];

/// Elements in which every sign stays.
const RAW: &[&str] = &["pre", "script", "style", "textarea", "svg", "math"];

/// Makes paragraphs and breaks of lines.
pub(super) fn autop(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let lower = text.to_ascii_lowercase();
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    let mut rest = text.as_str();
    let mut after_block = true;
    while !rest.is_empty() {
        let end = next_tag(rest);
        let (words, tag) = rest.split_at(end);
        let (tag, after) = tag.split_at(tag_end(tag));
        let name = name_of(tag);
        let before_block = tag.is_empty() || BLOCKS.contains(&name.as_str());
        lines(words, after_block, before_block, &mut out);
        if !tag.is_empty() {
            after_block = if tag.starts_with("<!--") { after_block && words.trim().is_empty() } else { before_block };
        }
        out.push_str(tag);
        rest = after;
        if RAW.contains(&name.as_str()) && !tag.starts_with("</") && !tag.ends_with("/>") {
            // Where the next end of this name stands: one that is ahead is not looked for again.
            let from = text.len() - rest.len();
            let known = ends.entry(name.clone()).or_insert(0);
            if *known < from {
                *known = lower[from..].find(&format!("</{name}")).map_or(text.len(), |end| from + end);
            }
            let end = *known - from;
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    out
}

/// Where the next tag begins: `3 < 4` has none.
fn next_tag(text: &str) -> usize {
    let begins =
        |at: &usize| text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    text.match_indices('<').map(|(at, _)| at).find(begins).unwrap_or(text.len())
}

/// How far the end of a quotation in a tag is looked for, in bytes.
const LONGEST: usize = 4000;

/// Where a tag ends, quotation marks minded; 0 if there is none.
fn tag_end(text: &str) -> usize {
    if text.starts_with("<!--") {
        return text.find("-->").map_or(text.len(), |end| end + 3);
    }
    if !text.starts_with('<') {
        return 0;
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1).take(LONGEST) {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            // A sign that begins no tag.
            (None, b'<') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    // The quotation has no end, or only far away: then the first `>` is the tag's.
    let near = &text.as_bytes()[..text.len().min(LONGEST)];
    memchr::memchr(b'>', near).or_else(|| memchr::memchr(b'>', text.as_bytes())).map_or(text.len(), |at| at + 1)
}

fn name_of(tag: &str) -> String {
    let bare = tag.trim_start_matches(['<', '/']);
    bare.chars().take_while(char::is_ascii_alphanumeric).flat_map(char::to_lowercase).collect()
}

/// Words between two tags: empty lines end a paragraph, other line ends break one, but not beside a block.
fn lines(words: &str, after_block: bool, before_block: bool, out: &mut String) {
    let is_blank = words.trim().is_empty();
    if is_blank && (after_block || before_block) {
        out.push_str(words);
        return;
    }
    let bare = if after_block { words.trim_start_matches(['\n', ' ', '\t']) } else { words };
    let bare = if before_block { bare.trim_end_matches(['\n', ' ', '\t']) } else { bare };
    let mut rest = bare;
    while let Some(at) = rest.find('\n') {
        out.push_str(&rest[..at]);
        let blanks = rest[at..].len() - rest[at..].trim_start_matches(['\n', ' ', '\t']).len();
        let ends = rest[at..at + blanks].matches('\n').count();
        out.push_str(if ends > 1 { "<p>" } else { "<br>\n" });
        rest = &rest[at + blanks..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::autop;

    #[test]
    fn lines_become_paragraphs_and_breaks() {
        assert_eq!(autop("a\nb\n\nc"), "a<br>\nb<p>c");
        assert_eq!(
            autop("<h2>T</h2>\na <b>b\n\nc</b>\n<ul>\n<li>x</li>\n</ul>\n"),
            "<h2>T</h2>a <b>b<p>c</b>\n<ul>\n<li>x</li>\n</ul>\n"
        );
        assert_eq!(autop("a<br />\nb"), "a<br />b");
        assert_eq!(autop("<pre>a\n\nb</pre>"), "<pre>a\n\nb</pre>");
        assert_eq!(autop("a <a href=\"x>y\">b</a> 3 < 4\n\nc"), "a <a href=\"x>y\">b</a> 3 < 4<p>c");
        assert_eq!(autop("<!--more-->\n\nafter"), "<!--more-->after");
    }
}
