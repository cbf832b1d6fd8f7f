//! Comments as other programs write them, which those leave out and readers would see here: `%% … %%` of Obsidian, `{% comment %}`,
//! `{{/* … */}}`, `{{< comment >}}`, `{{!-- … --}}`, `{# … #}`, and `{/* … */}` of MDX.

use super::{Block, Text};
use crate::diagnostic::Code;

/// Reports the comment that may begin with `%%` at a place of a block.
///
/// `%%name%%` is a word that a program replaces, and a sign that `marks` reports.
pub(super) fn percent(text: &mut Text<'_>, block: &Block, at: usize) -> bool {
    let seen = text.seen;
    let before = text.before(block, at);
    let is_lone = seen[at..].starts_with("%%") && !seen[at + 2..].starts_with('%');
    if !is_lone || !(before.is_empty() || before.ends_with(|c: char| c.is_whitespace() || c == '(')) {
        return false;
    }
    let inside = &seen[at + 2..];
    let Some(close) = inside.find("%%") else { return false };
    let (words, behind) = (&inside[..close], &inside[close + 2..]);
    let ends_line = behind.bytes().next().is_none_or(|byte| byte == b'\n' || byte == 0);
    let is_within = at + 2 + close < block.at.end;
    // Over several paragraphs both signs stand where lines begin or end.
    let opens = if is_within { !behind.starts_with(char::is_alphanumeric) } else { before.is_empty() && ends_line };
    // Of 20 %% and 30 %%; and two headings of a program's parts, `%% Load` and `%% Plot`.
    let is_other = before.trim_end().ends_with(|c: char| c.is_ascii_digit()) || words.ends_with('\n') && !ends_line;
    let is_name = !words.contains(|c: char| c.is_whitespace() || c == '\0');
    if !opens || is_other || is_name || !words.contains(char::is_alphabetic) {
        return false;
    }
    found(text, at, at + 2, "%%");
    text.done = at + close + 4;
    true
}

/// Reports the comment of a template that may begin with a brace at a place of a block.
pub(super) fn template(text: &mut Text<'_>, block: &Block, at: usize) -> bool {
    let rest = text.from(block, at);
    let bare = rest.trim_start_matches('{').trim_start_matches(['%', '<', '-', ' ']);
    let opens = rest.len() - bare.len();
    let signs = &rest[..opens];
    let is_double = signs.starts_with("{{");
    let length = if (is_double && signs.contains(['%', '<']) || signs.starts_with("{%"))
        && bare.strip_prefix("comment").is_some_and(|rest| rest.starts_with([' ', '-', '%', '>']))
    {
        rest.find('}').map_or(opens + 7, |end| end + 1 + usize::from(is_double && rest[end + 1..].starts_with('}')))
    } else if is_double && !signs.contains(['%', '<']) && (bare.starts_with("/*") || bare.starts_with("!--")) {
        opens + 2
    } else if rest.starts_with("{/*") && rest[3..].contains("*/") {
        3
    } else if rest.starts_with("{# ") && rest.contains("#}") {
        2
    } else {
        return false;
    };
    found(text, at, at + length, &rest[..length]);
    true
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
