//! Comments as other programs write them, which those leave out and readers would see here: `%% … %%` of Obsidian, `{% comment %}`,
//! `{{/* … */}}`, `{{< comment >}}`, `{{!-- … --}}`, `{# … #}`, `{/* … */}` of MDX, `{::comment}` of kramdown, `<%-- … --%>`.

use super::{Block, FAR, Text};
use crate::diagnostic::Code;

/// Whether a field without Markdown has such a comment.
pub(crate) fn in_field(text: &str) -> bool {
    let near = |at: usize| &text[at..text.floor_char_boundary(text.len().min(at + FAR))];
    let mut signs = text.match_indices(['{', '<']);
    let mut percents = text.match_indices("%%");
    signs.any(|(at, _)| sign(near(at)).is_some())
        || percents.any(|(at, _)| percent_end(&text[..at], &text[at + 2..], |_| true).is_some())
}

/// Reports the comment that may begin with `%%` at a place of a block.
///
/// `%%name%%` is a word that a program replaces, and a sign that `marks` reports.
pub(super) fn percent(text: &mut Text<'_>, block: &Block, at: usize) -> bool {
    let seen = text.seen;
    if !seen[at..].starts_with("%%") {
        return false;
    }
    let is_within = |close: usize| at + 2 + close < block.at.end;
    let Some(close) = percent_end(text.before(block, at), &seen[at + 2..], is_within) else { return false };
    found(text, at, at + 2, "%%");
    text.done = at + close + 4;
    true
}

/// Where what `inside` begins with ends as a comment between `%%`; `is_within` says whether that is in the same paragraph.
fn percent_end(before: &str, inside: &str, is_within: impl Fn(usize) -> bool) -> Option<usize> {
    let close = inside.find("%%")?;
    let (words, behind) = (&inside[..close], &inside[close + 2..]);
    let begins = before.is_empty() || before.ends_with(|c: char| c.is_whitespace() || c == '(');
    let ends_line = behind.bytes().next().is_none_or(|byte| byte == b'\n' || byte == 0);
    // Over several paragraphs both signs stand where lines begin or end.
    let opens =
        if is_within(close) { !behind.starts_with(char::is_alphanumeric) } else { before.is_empty() && ends_line };
    // Of 20 %% and 30 %%; and two headings of a program's parts, `%% Load` and `%% Plot`.
    let is_other = before.trim_end().ends_with(|c: char| c.is_ascii_digit()) || words.ends_with('\n') && !ends_line;
    let is_name = !words.contains(|c: char| c.is_whitespace() || c == '\0');
    let is_meant = begins && opens && !is_other && !is_name && !inside.starts_with('%');
    (is_meant && words.contains(char::is_alphabetic)).then_some(close)
}

/// Reports the comment of a template that may begin with a brace or an angle at a place of a block.
pub(super) fn template(text: &mut Text<'_>, block: &Block, at: usize) -> bool {
    let rest = text.from(block, at);
    let Some(length) = sign(rest) else { return false };
    found(text, at, at + length, &rest[..length]);
    true
}

/// How long the sign is that `rest` begins with, if it begins a comment of a template.
fn sign(rest: &str) -> Option<usize> {
    let whole = |from: usize| rest[from..].find('}').map_or(from, |end| from + end + 1);
    if let Some(sign) = ["<%#", "<%--"].into_iter().find(|sign| rest.starts_with(sign)) {
        return Some(sign.len());
    }
    if rest.starts_with("{::comment") {
        return Some(whole(10));
    }
    if rest.strip_prefix("{/*").is_some_and(|inside| inside.contains("*/")) {
        return Some(3);
    }
    if let Some(inside) = rest.strip_prefix("{#") {
        // `{#id}` gives a heading its anchor.
        let is_spaced = inside.starts_with(|c: char| c.is_whitespace() || c == '-');
        let closes = |end: usize| is_spaced || rest.find('}') == Some(end + 1);
        return rest.find("#}").filter(|end| closes(*end)).map(|_| 2);
    }
    let bare = rest.trim_start_matches('{').trim_start_matches(['%', '<', '-', ' ']);
    let opens = rest.len() - bare.len();
    let signs = &rest[..opens];
    let (is_double, is_order) = (signs.starts_with("{{"), signs.contains(['%', '<']));
    let is_comment = bare.strip_prefix("comment").is_some_and(|rest| rest.starts_with([' ', '-', '%', '>']));
    if is_order && (is_double || signs.starts_with("{%")) && is_comment {
        let end = whole(opens + 7);
        return Some(end + usize::from(is_double && rest[end..].starts_with('}')));
    }
    if signs.starts_with("{%") && bare.starts_with("# ") {
        return Some(opens + 1);
    }
    let stars = ["/*", "!--"].into_iter().find(|sign| is_double && !is_order && bare.starts_with(sign));
    stars.map(|sign| opens + sign.len())
}

fn found(text: &mut Text<'_>, start: usize, end: usize, mark: &str) {
    text.say(
        "foreign comment",
        Code::CommentUnclosed,
        start..end,
        format!("`{mark}` begins a comment in another program, but hides nothing here, so the comment would be public"),
        "write `<!--` and `-->` round it, or take it out; if it is meant as it stands, write it as code, between backticks",
    );
}
