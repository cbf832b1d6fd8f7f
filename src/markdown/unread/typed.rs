//! Headings that are only numbered, bold or in capitals, and numbers of notes that are only numbers: texts from Word have them
//! where its styles are lost.
//!
//! Lists and bold words have uses of their own. So a heading is one only among others, with paragraphs of prose below.

use std::ops::Range;

use super::Text;
use crate::diagnostic::Code;
use crate::markdown::tree::{Kind, Node, outermost};

/// How many words of prose stand below a heading at least.
const PROSE: usize = 25;

/// The most words of a heading.
const LONGEST: usize = 9;

/// What sections of reports and press releases are called.
const USUAL: &[&str] = &[
    "acknowledgements",
    "background",
    "conclusion",
    "conclusions",
    "contents",
    "executive summary",
    "findings",
    "foreword",
    "introduction",
    "key findings",
    "methodology",
    "method",
    "methods",
    "notes to editors",
    "recommendations",
    "references",
    "summary",
];

/// Why a line is taken for a heading.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// `2. What we found`, a list of one item.
    Numbered(u32),
    /// `2.1 Background`.
    Parts,
    Bold,
    Capitals,
}

struct Title<'a> {
    at: Range<usize>,
    words: &'a str,
    look: Look,
}

/// Looks at the nodes of a text.
pub(super) fn find(text: &mut Text<'_>, nodes: &[Node]) {
    let blocks: Vec<usize> = outermost(nodes).collect();
    let has_headings = blocks.iter().any(|place| matches!(nodes[*place].kind, Kind::Heading(_)));
    let mut titles: Vec<Title<'_>> = Vec::new();
    for (nth, place) in blocks.iter().enumerate() {
        let Some(title) = title(text, nodes, *place) else { continue };
        let below = blocks[nth + 1..].iter().copied().take_while(|below| self::title(text, nodes, *below).is_none());
        if is_section(text, nodes, below) {
            titles.push(title);
        }
    }
    let number = |look: Look| match look {
        Look::Numbered(number) => Some(number),
        _ => None,
    };
    let numbers: Vec<u32> = titles.iter().filter_map(|title| number(title.look)).collect();
    let in_order = numbers.len() > 1 && numbers.windows(2).all(|two| two[1] == two[0] + 1);
    let of = |look: Look| titles.iter().filter(|title| title.look == look).count();
    let usual = |title: &Title<'_>| USUAL.contains(&&*title.words.to_lowercase());
    let plain = || titles.iter().filter(|title| matches!(title.look, Look::Bold | Look::Capitals));
    let are_plain = !has_headings && (plain().count() > 1 || plain().any(usual));
    let (parts, said) = (of(Look::Parts), "this heading is shown as text");
    for title in titles {
        let (is_meant, marks) = match title.look {
            Look::Numbered(_) => (in_order, "##"),
            Look::Parts => (parts > 1, "###"),
            Look::Bold | Look::Capitals => (are_plain, "##"),
        };
        if is_meant {
            let words = match title.look {
                Look::Capitals => sentence(title.words),
                _ => title.words.to_owned(),
            };
            text.correct(Code::UnreadBlock, title.at, said, &format!("{marks} {words}"));
        }
    }
    notes(text);
}

/// The block at `place`, if it looks like a heading.
fn title<'a>(text: &Text<'a>, nodes: &[Node], place: usize) -> Option<Title<'a>> {
    let node = &nodes[place];
    let span = node.span();
    let at = span.start.checked_sub(text.offset)?..span.end - text.offset;
    let written = text.original.get(at.clone())?.trim_end();
    if written.contains('\n') || written.len() > 120 {
        return None;
    }
    let at = at.start..at.start + written.len();
    let (words, look) = match node.kind {
        Kind::List(Some(number)) => {
            let digits = written.len() - written.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            (written[digits..].strip_prefix(['.', ')'])?.trim_start(), Look::Numbered(number))
        }
        Kind::Paragraph => match bold(nodes, place) {
            true => {
                let words = written.trim_end_matches(':');
                (words.strip_prefix("**").and_then(|words| words.strip_suffix("**"))?, Look::Bold)
            }
            false if written.starts_with(|c: char| c.is_ascii_digit()) => (parts(written)?, Look::Parts),
            false if is_capitals(written) => (written, Look::Capitals),
            false => return None,
        },
        _ => return None,
    };
    let words = words.trim();
    let is_short = words.split_whitespace().count() <= LONGEST && !words.ends_with(['.', ':', ';', ',', '!', ')', '…']);
    let is_plain = !words.contains(['*', '_', '`', '[', '<', '|', '=', '/', '\\', '#', '"', '“', '@']);
    (is_short && is_plain && words.starts_with(char::is_uppercase)).then_some(Title { at, words, look })
}

/// Whether a paragraph is nothing but bold words.
fn bold(nodes: &[Node], place: usize) -> bool {
    let inside = nodes[place].inside(place);
    nodes.get(inside.start).is_some_and(|first| {
        inside.contains(&inside.start) && first.kind == Kind::Strong && first.inside(inside.start).end == inside.end
    })
}

/// What follows `2.1` or `2.1.` at the beginning of a line.
fn parts(line: &str) -> Option<&str> {
    let (number, words) = line.split_once(' ')?;
    let mut parts = number.trim_end_matches('.').split('.');
    let is_part = |part: &str| (1..3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts.clone().count() == 2 && parts.all(is_part)).then_some(words)
}

fn is_capitals(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    letters > 6 && line.chars().all(|c| c.is_uppercase() || matches!(c, ' ' | '-' | '–' | '’' | '\'' | '&' | ','))
}

/// `EXECUTIVE SUMMARY` as a heading has it.
fn sentence(words: &str) -> String {
    let lower = words.to_lowercase();
    let mut letters = lower.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Whether the blocks below a heading are prose, and no step of instructions.
fn is_section(text: &Text<'_>, nodes: &[Node], below: impl Iterator<Item = usize>) -> bool {
    let mut words = 0;
    let mut is_first = true;
    for place in below {
        let node = &nodes[place];
        let is_paragraph = matches!(node.kind, Kind::Paragraph);
        if matches!(node.kind, Kind::Code(_)) || is_first && !is_paragraph {
            return false;
        }
        is_first = false;
        let span = node.span();
        let written =
            span.start.checked_sub(text.offset).and_then(|start| text.original.get(start..span.end - text.offset));
        words += written.unwrap_or("").split_whitespace().take(PROSE).count();
        if words >= PROSE {
            return true;
        }
    }
    false
}

/// Words before a full stop and a number that are no ends of sentences.
const SHORT: &[&str] = &[
    "fig", "figs", "vol", "vols", "sec", "art", "arts", "app", "nos", "para", "paras", "chap", "ver", "tab", "eqn",
    "ref",
];

/// `nobody knew.1 And more.2`: numbers of notes, from 1 on.
fn notes(text: &mut Text<'_>) {
    // `lines` has reported the notes themselves, and what to write here.
    if text.counts.contains_key("note") {
        return;
    }
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    loop {
        let number = (found.len() + 1).to_string();
        let places = memchr::memmem::find_iter(&text.seen.as_bytes()[from..], number.as_bytes()).map(|at| from + at);
        let Some(at) = places.take(2_000).find(|at| is_note(text, *at, number.len())) else { break };
        from = at + number.len();
        found.push(at..from);
    }
    if found.len() < 2 {
        return;
    }
    for at in found {
        let number = &text.seen[at.clone()];
        let message = "this number of a note is shown as text, and leads nowhere";
        let help = format!("write `[^{number}]` here, and the note on a line of its own: `[^{number}]: …`");
        text.say("bare", Code::UnreadMark, at, message, help);
    }
}

/// Whether the number at `at` ends a sentence, or part of one, and is not of it.
fn is_note(text: &Text<'_>, at: usize, length: usize) -> bool {
    let bytes = text.seen.as_bytes();
    let before = &bytes[at.saturating_sub(24)..at];
    let words =
        before.strip_suffix(b".").or_else(|| before.strip_suffix(b",")).or_else(|| before.strip_suffix("”".as_bytes()));
    let Some(words) = words else { return false };
    let words = words.strip_suffix(b".").unwrap_or(words);
    let letters = words.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let word = String::from_utf8_lossy(&words[words.len() - letters..]).to_lowercase();
    // What stands in front of a word with a full stop and a number is no sentence but a name: `example.com.1`, `file.tar.1`.
    let is_apart = words.len() == letters
        || matches!(words[words.len() - letters - 1], b' ' | b'\n' | b'(' | b'-')
        || !words[words.len() - letters - 1].is_ascii();
    let ends = match &bytes[at + length..] {
        [] | [0 | b'\n' | b'\r', ..] => true,
        [b' ', next, ..] => next.is_ascii_uppercase() || *next == 0 || !next.is_ascii(),
        _ => false,
    };
    letters > 2 && word.bytes().any(|byte| byte.is_ascii_lowercase()) && is_apart && ends && !SHORT.contains(&&*word)
}
