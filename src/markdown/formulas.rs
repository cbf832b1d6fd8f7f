//! Text → its formulas, `$…$` and `$$…$$`. Most dollar signs are money.
//!
//! A `$` begins a formula if no blank follows it, and ends one if no blank is before it and no digit after. The nearest `$`
//! must be the end, and a formula crosses no other marks: both signs are in the same link, emphasis, cell, and in none of
//! them is code. So the text is parsed once without formulas, to see which signs are text, and where. Not here: what a
//! formula says.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::hidden::{Hidden, What, blank};
use super::pieces;

/// How long a formula may be.
const LONGEST: usize = 10_000;

/// A dollar sign that is text.
struct Dollar {
    at: usize,
    /// The innermost element around it, and the innermost block.
    element: usize,
    block: usize,
    /// Where the words begin that it is among, with no mark in between.
    words: usize,
}

/// The formulas in `text`, in order; `options` are the parser's.
pub(super) fn find(text: &str, options: pulldown_cmark::Options) -> Vec<Hidden> {
    if !text.contains('$') {
        return Vec::new();
    }
    let dollars = dollars(&without_displays(text), options);
    let mut found = Vec::new();
    let mut at = 0;
    let is_pair = |at: usize| matches!(dollars.get(at..at + 2), Some([one, two]) if two.at == one.at + 1);
    while at < dollars.len() {
        let display = is_pair(at);
        let marks = if display { 2 } else { 1 };
        let end = at + marks;
        let formula = dollars.get(end).filter(|_| is_pair(end) == display).and_then(|close| {
            let open = &dollars[at];
            let range = open.at..close.at + marks;
            let fits = open.block == close.block
                && range.len() <= LONGEST
                && is_formula(text, &range, display, open.element == close.element)
                && (display || !is_in_address(&text[open.words..open.at]));
            fits.then_some(range)
        });
        match formula {
            Some(range) => {
                found.push(Hidden { at: range, what: What::Formula { display } });
                at = end + marks;
            }
            None => at = end,
        }
    }
    found
}

/// A copy in which the lines between two lines `$$` mean nothing, since they may begin with `+`, `-` or `=`.
fn without_displays(text: &str) -> String {
    let is_fence = |line: &str| line.trim_start_matches([' ', '\t', '>']).trim_end() == "$$";
    let mut copy = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        copy.push_str(line);
        if !is_fence(line) {
            continue;
        }
        while let Some(inside) = lines.next_if(|line| !is_fence(line) && !line.trim().is_empty()) {
            let marks = inside.len() - inside.trim_start_matches([' ', '\t', '>']).len();
            copy.push_str(&inside[..marks]);
            match inside[marks..].find("$$") {
                Some(end) => {
                    blank(&inside[marks..marks + end], &mut copy);
                    copy.push_str(&inside[marks + end..]);
                    break;
                }
                None => blank(&inside[marks..], &mut copy),
            }
        }
        if let Some(end) = lines.next_if(|line| is_fence(line)) {
            copy.push_str(end);
        }
    }
    copy
}

/// The dollar signs that the parser takes for text, without those after a backslash.
fn dollars(text: &str, options: pulldown_cmark::Options) -> Vec<Dollar> {
    let bytes = text.as_bytes();
    let mut dollars = Vec::new();
    // Each with the innermost block around it or itself, and whether it is HTML.
    let mut open: Vec<(usize, usize, bool)> = vec![(0, 0, false)];
    let (mut next, mut in_code) = (1, false);
    let mut words_begin = None;
    pieces::events(text, options, |event, range, _| {
        if !matches!(event, Event::Text(_)) {
            words_begin = None;
        }
        match event {
            Event::Start(tag) => {
                in_code |= matches!(tag, Tag::CodeBlock(_));
                let inline = matches!(
                    tag,
                    Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
                );
                let block = if inline { open.last().map_or(0, |(_, block, _)| *block) } else { next };
                open.push((next, block, false));
                next += 1;
            }
            Event::End(_) => {
                in_code = false;
                while open.len() > 1 && open.pop().is_some_and(|(_, _, is_html)| is_html) {}
            }
            Event::InlineHtml(html) if html.starts_with("</") => drop(open.pop_if(|(_, _, is_html)| *is_html)),
            Event::InlineHtml(html) if html[1..].starts_with(char::is_alphabetic) && !html.ends_with("/>") => {
                let block = open.last().map_or(0, |(_, block, _)| *block);
                open.push((next, block, true));
                next += 1;
            }
            Event::Text(words) if !in_code && text.get(range.clone()) == Some(&*words) => {
                let (element, block) = open.last().map_or((0, 0), |(id, block, _)| (*id, *block));
                let words_at = *words_begin.get_or_insert(range.start);
                for at in memchr::memchr_iter(b'$', &bytes[range.clone()]) {
                    let at = range.start + at;
                    if !(at == range.start && at > 0 && bytes[at - 1] == b'\\') {
                        dollars.push(Dollar { at, element, block, words: words_at });
                    }
                }
            }
            _ => {}
        }
    });
    dollars
}

/// Whether what is at `range`, between two dollar signs, is a formula. `together` if both are in the same element.
fn is_formula(text: &str, range: &Range<usize>, display: bool, together: bool) -> bool {
    let marks = if display { 2 } else { 1 };
    let inside = &text[range.start + marks..range.end - marks];
    let (before, after) = (&text[..range.start], &text[range.end..]);
    if inside.trim().is_empty() || after.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let is_tex = inside.contains(['\\', '^', '_', '{', '=']);
    if !together && inside.contains(char::is_whitespace) && !inside.contains(['\\', '=']) {
        return false;
    }
    if ["](", "**", "~~", "://"].iter().any(|mark| inside.contains(mark)) {
        return false;
    }
    let is_code = inside.len() > 2 && inside.starts_with('`') && inside.ends_with('`');
    if inside.bytes().filter(|byte| *byte == b'`').count() != if is_code { 2 } else { 0 } {
        return false;
    }
    display || (is_tex || !is_prose(inside)) && is_within(inside, before, after)
}

/// Whether the ends of a formula within a line can be those of one.
fn is_within(inside: &str, before: &str, after: &str) -> bool {
    let blank = |c: char| c.is_whitespace();
    if inside.starts_with(blank) || inside.ends_with(blank) || before.ends_with(|c: char| c.is_ascii_uppercase()) {
        return false;
    }
    // `US$/£`, `(in $)`, `$.`: what a formula does not begin or end with.
    let mut letters = inside.chars();
    let (first, second) = (letters.next(), letters.next());
    let odd = match first {
        Some(')' | ']' | '}' | ',' | ';' | ':' | '/' | '%' | '?' | '!') => true,
        Some('.') => !second.is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    };
    let mut letters = inside.chars().rev();
    let (last, previous) = (letters.next(), letters.next());
    let odd = odd
        || match last {
            Some('(' | '[' | '{' | '^' | '_' | '/' | '~') => previous != Some('\\'),
            Some('*') => !matches!(previous, Some('^' | '_' | '\\')),
            _ => false,
        };
    // `"$a" said "b$"`
    let crosses =
        |open: char, close: char| before.ends_with(open) && after.starts_with(close) && inside.contains(close);
    let closed = inside.bytes().filter(|byte| matches!(byte, b')' | b']')).count();
    let opened = inside.bytes().filter(|byte| matches!(byte, b'(' | b'[')).count();
    let money = inside.starts_with(|c: char| c.is_ascii_digit()) && opened != closed;
    !(odd || crosses('"', '"') || crosses('“', '”') || money)
}

/// Whether what follows `words` is a part of a bare address. The address of a link is none of its words.
fn is_in_address(words: &str) -> bool {
    let start = (words.len().saturating_sub(500)..).find(|at| words.is_char_boundary(*at)).unwrap_or_default();
    words[start..].rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://"))
}

/// Whether it reads like words of a sentence between two prices.
fn is_prose(inside: &str) -> bool {
    let is_word = |word: &&str| {
        let letters = word.trim_matches(|c: char| c.is_ascii_punctuation());
        letters.chars().count() > 2 && letters.chars().all(char::is_alphabetic)
    };
    let words = inside.split_whitespace().filter(is_word).count();
    words > 1 || words == 1 && inside.starts_with(|c: char| c.is_ascii_digit())
}
