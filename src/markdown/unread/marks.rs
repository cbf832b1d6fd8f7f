//! Marks that are shown as text: bold that does not begin or end, `==highlights==`, attributes in braces, entities escaped twice.

use super::links::closing;
use super::{Block, CODE, HTML, IMAGE, LINK, STYLED, Text, Within, is_address, shown};
use crate::diagnostic::Code;

/// How long a piece in bold may be for the correction to be certain.
const LONGEST: usize = 300;

fn is_blank(c: Option<char>) -> bool {
    c.is_none_or(|c| c.is_whitespace() || c == '\0')
}

/// Whether a word may begin or end with it: a letter, a quotation mark, a bracket, or something styled.
fn is_word(c: Option<char>) -> bool {
    c.is_some_and(|c| {
        c.is_alphanumeric()
            || "\"'“”‘’([£€$".contains(c)
            || [CODE, LINK, STYLED, HTML].contains(&(c as u32 as u8)) && c < ' '
    })
}

/// A run of `*`, `_` or `~` that the parser left as text.
pub(super) fn run(text: &mut Text<'_>, block: &Block, at: usize) {
    let rest = text.from(block, at);
    let mark = text.seen.as_bytes()[at];
    let length = rest.bytes().take_while(|byte| *byte == mark).count();
    text.done = at + length;
    let before = text.before(block, at);
    let inside = &rest[length..];
    if length > 3 || mark == b'~' && length != 2 {
        return;
    }
    let (previous, next) = (before.chars().next_back(), inside.chars().next());
    if mark == b'_' && previous.is_some_and(char::is_alphanumeric) || previous == Some('\\') {
        return;
    }
    if in_template(before) {
        return;
    }
    let marks = &rest[..length];
    let Some(close) = inside
        .find(marks)
        .filter(|close| *close > 0 && *close <= LONGEST && !inside[close + length..].starts_with(mark as char))
    else {
        unclosed(text, block, at, length, next);
        return;
    };
    let words = &inside[..close];
    // A single mark must look like the beginning of something slanted; after a word it is a footnote's.
    if length == 1 && (!is_blank(previous) && !"(\"'“‘".contains(previous.unwrap_or(' ')) || !is_word(next)) {
        return;
    }
    // `*one` and `*two` on two lines are notes, or a list.
    if words.contains(marks)
        || length == 1 && words.ends_with('\n')
        || words.contains('\n') && words.len() > 120
        || !words.contains(char::is_alphanumeric) && !words.bytes().any(|b| b == LINK)
    {
        return;
    }
    let range = at..at + length + close + length;
    if block.within == Within::Html {
        if length == 2 && is_word(next) && is_word(words.chars().next_back()) {
            html(text, range);
        }
        return;
    }
    let follows = inside[close + length..].chars().next();
    if let Some(pair) = Pair::of(mark, marks, before, words, follows) {
        pair.tell(text, range);
    }
}

/// Words between two runs of marks that are shown as text, and why they are.
struct Pair<'a> {
    marks: &'a str,
    words: &'a str,
    /// Whether a space stands between the words and the first marks, or the last.
    left: bool,
    right: bool,
    /// Whether the first marks touch a word before them, so that nothing begins there.
    opens_late: bool,
    /// What must stand behind the last marks.
    gap: &'static str,
}

impl<'a> Pair<'a> {
    /// `None` if the marks may well be meant as they are: `2 ** 3 ** 4`.
    fn of(mark: u8, marks: &'a str, before: &str, words: &'a str, follows: Option<char>) -> Option<Self> {
        let (previous, next, last) = (before.chars().next_back(), words.chars().next(), words.chars().next_back());
        let (left, right) = (is_blank(next), is_blank(last));
        let tight = !right && is_word(follows) && !last.is_some_and(char::is_alphanumeric);
        let opens_late = !left && is_word(previous) && !next.is_some_and(char::is_alphanumeric);
        let is_math =
            next.is_some_and(|c| c.is_ascii_digit() || c == '<') || words.contains("p<") || words.contains("p <");
        if !(left || right || tight || opens_late) || is_math || marks == "*" && words.contains(" *") {
            return None;
        }
        // Nothing touches the words.
        let is_apart = previous.is_some_and(|c| !c.is_whitespace() && c != '\0');
        if left && right && (mark != b'*' && mark != b'~' || is_apart || is_sum(before, words)) {
            return None;
        }
        let gap = if right && is_word(follows) || tight { " " } else { "" };
        Some(Self { marks, words, left, right, opens_late, gap })
    }

    /// Says so of the place `range`, with the correction if it is certain.
    fn tell(&self, text: &mut Text<'_>, range: std::ops::Range<usize>) {
        let Self { marks, words, left, right, opens_late, gap } = *self;
        let what = match marks {
            "~~" => "this is not struck out",
            _ if marks.len() == 1 => "this is not slanted",
            _ => "this is not bold",
        };
        let why = if left || right {
            "a space stands between the marks and the words"
        } else {
            "the marks stand between a sign and a letter, with no space"
        };
        let message = format!("{what}: {why}");
        let lead = if opens_late { " " } else { "" };
        let certain =
            words.bytes().all(|byte| byte >= b' ') && !words.contains('\u{200b}') && !opens_late && (!left || right);
        if certain {
            let meant = format!("{lead}{marks}{}{marks}{gap}", words.trim_matches([' ', '\u{a0}']));
            text.correct(Code::UnreadMark, range, message, &meant);
        } else {
            let words: String = words.chars().filter(|c| *c >= ' ').collect();
            let help = format!("write `{lead}{marks}{}{marks}{gap}`", shown(words.trim()));
            text.say("bold", Code::UnreadMark, range, message, help);
        }
    }
}

fn is_sum(before: &str, words: &str) -> bool {
    before.trim_end().ends_with(|c: char| c.is_ascii_digit()) || words.trim().bytes().all(|byte| byte.is_ascii_digit())
}

/// `**words` at the beginning of a paragraph, and nothing that ends it.
fn unclosed(text: &mut Text<'_>, block: &Block, at: usize, length: usize, next: Option<char>) {
    let mark = &text.seen[at..at + length];
    let begins = block.within == Within::Paragraph && at == block.at.start && next.is_some_and(char::is_alphabetic);
    if length == 2 && mark == "**" && begins && !text.is_starred() {
        text.say(
            "unclosed",
            Code::UnreadMark,
            at..at + length,
            "this is not bold: no `**` ends it in its paragraph",
            "write `**` where it ends, in each paragraph anew; for two stars, write `\\*\\*`",
        );
    }
}

pub(super) fn html(text: &mut Text<'_>, at: std::ops::Range<usize>) {
    text.say(
        "html",
        Code::UnreadMark,
        at,
        "in HTML these marks are shown as they are",
        "leave an empty line after the tag above and before the one below, or write the marks as HTML too",
    );
}

/// `==marked==`, `++new++`, `'''Bold'''`, `%%comment%%`.
pub(super) fn pair(text: &mut Text<'_>, block: &Block, at: usize) {
    let rest = text.from(block, at);
    let mark = rest.as_bytes()[0];
    let length = rest.bytes().take_while(|byte| *byte == mark).count();
    text.done = at + length;
    let before = text.before(block, at);
    if !(length == 2 || length == 3 && mark == b'\'')
        || !is_blank(before.chars().next_back()) && !before.ends_with(['(', '“', '"', '*'])
    {
        return;
    }
    let marks = &rest[..length];
    let inside = &rest[length..];
    let Some(close) = inside.find(marks).filter(|close| *close > 0 && *close < 200) else { return };
    let (words, after) = (&inside[..close], &inside[close + length..]);
    let touches = |c: Option<char>| !is_blank(c) && c.is_some_and(|c| mark == b'%' || c.is_alphanumeric() || c == '“');
    if !touches(words.chars().next()) || is_blank(words.chars().next_back()) || after.starts_with(mark as char) {
        return;
    }
    if after.starts_with(char::is_alphanumeric)
        || words.contains(['\n', mark as char])
        || words.bytes().any(|byte| byte < b' ')
    {
        return;
    }
    let range = at..at + length * 2 + close;
    let shown_marks = format!("`{marks}` is shown as text");
    match mark {
        b'=' if !words.contains(['(', ')', ';']) => text.correct(
            Code::UnreadMark,
            range,
            format!("{shown_marks}: texts have no highlighter"),
            &format!("**{words}**"),
        ),
        b'+' if words.len() > 1 => text.say(
            "plus",
            Code::UnreadMark,
            range,
            shown_marks,
            format!("write `**{words}**`, or nothing but the words"),
        ),
        b'\'' => {
            let star = if length == 3 { "**" } else { "*" };
            text.correct(
                Code::UnreadMark,
                range,
                format!("{shown_marks}: wikis write bold and slanted so"),
                &format!("{star}{words}{star}"),
            );
        }
        b'%' => text.say(
            "comment",
            Code::UnreadMark,
            range,
            "this is no comment: readers see it",
            "write `<!-- … -->`, or put it in `internal_note`",
        ),
        _ => {}
    }
}

/// Whether what follows `before` is still in `{{ … }}` or `{% … %}`, which the finished page reports.
fn in_template(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or("");
    is_open(line, "{{", "}}") || is_open(line, "{%", "%}")
}

/// Whether the last `open` in `text` has no `close` after it.
pub(super) fn is_open(text: &str, open: &str, close: &str) -> bool {
    text.rfind(open).is_some_and(|at| !text[at..].contains(close))
}

/// Braces: attributes as other programs write them.
pub(super) fn braces(text: &mut Text<'_>, block: &Block, at: usize) {
    let rest = text.from(block, at);
    if rest.starts_with("{{") || rest.starts_with("{%") {
        text.done = at + 2;
        return;
    }
    let Some(length) = closing(rest, '{', '}') else { return };
    let (inside, after) = (&rest[1..length - 1], &rest[length..]);
    let before = text.before(block, at);
    if after.starts_with('(')
        && let Some((target, _)) = after[1..].split_once(')')
        && is_address(target)
        && inside.contains(' ')
    {
        let end = at + length + target.len() + 2;
        text.correct(Code::UnreadLink, at..end, "this link is shown as text", &format!("[{inside}]({target})"));
        return;
    }
    let previous = before.bytes().next_back();
    let touches = previous.is_some_and(|byte| [LINK, IMAGE, STYLED].contains(&byte));
    let line = before.rsplit('\n').next().unwrap_or("");
    let begins = line.trim_matches([' ', '\0']).is_empty();
    let ends = after.lines().next().unwrap_or("").trim_matches([' ', '\0', '#']).is_empty();
    let kramdown = inside.starts_with(':') && inside.len() > 1 && !inside.starts_with(":=");
    let pandoc = inside.starts_with(['.', '#']) && inside[1..].trim().starts_with(|c: char| c.is_alphabetic());
    let pairs = inside.split_whitespace().any(|word| {
        word.split_once('=').is_some_and(|(key, value)| {
            !value.is_empty() && key.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-') && !key.is_empty()
        })
    });
    let found = touches && (kramdown || pandoc || pairs || inside.trim().eq_ignore_ascii_case("decorative"))
        || kramdown && (begins && ends || block.within == Within::Heading)
        || pandoc
            && ends
            && (begins || before.ends_with(' ') || block.within == Within::Heading)
            && !inside.contains(['{', '$']);
    if found {
        let what = shown(&rest[..length]);
        let help = match block.within {
            Within::Heading => {
                "in a heading write `{#name .class}`: a name has no space, and nothing else may stand in the braces"
            }
            _ => "take it out: in a text, only headings, blocks and `{decorative}` images have braces",
        };
        text.say("braces", Code::UnreadMark, at..at + length, format!("`{what}` is shown as text"), help);
    } else if text.original[..at].ends_with(|c: char| c != '\\') || at == 0 {
        super::foreign::macros(text, block, at, length, inside, after);
    }
}

/// `[words]{.class}` and `[]{#name}`.
pub(super) fn after_brackets(
    text: &mut Text<'_>,
    block: &Block,
    at: usize,
    length: usize,
    words: &str,
    after: &str,
) -> bool {
    let Some(end) = after.starts_with('{').then(|| closing(after, '{', '}')).flatten() else { return false };
    let inside = &after[1..end - 1];
    if !(inside.starts_with(['.', '#', ':']) || inside.contains('=')) || block.within == Within::Html {
        return false;
    }
    let help = if words.is_empty() {
        "remove it".to_owned()
    } else {
        format!("write `{}`, or `**…**` around it", shown(words))
    };
    text.say(
        "span",
        Code::UnreadMark,
        at..at + length + end,
        format!("`{}` is shown as text", shown(&after[..end])),
        help,
    );
    true
}

/// A backtick with no other in its paragraph.
pub(super) fn tick(text: &mut Text<'_>, block: &Block, at: usize) {
    let (before, rest) = (text.before(block, at), text.from(block, at));
    text.done = at + 1;
    let alone = !rest[1..].contains(['`', '\'', '’', '´', '‘']) && !before.contains('`') && block.at.len() < 2_000;
    let begins = is_blank(before.chars().next_back()) && rest[1..].starts_with(|c: char| c.is_alphanumeric());
    if alone && begins && block.within == Within::Paragraph {
        text.say(
            "tick",
            Code::UnreadMark,
            at..at + 1,
            "this is not shown as code: no second backtick ends it",
            "write a backtick where the code ends, or `\\`` for the sign itself",
        );
    }
}

/// `&amp;nbsp;`: escaped twice; `&copy 2025`: no semicolon.
pub(super) fn entity(text: &mut Text<'_>, block: &Block, at: usize) {
    let rest = text.from(block, at);
    let name = |rest: &str| {
        let end = rest.find(';').filter(|end| (2..10).contains(end))?;
        let name = &rest[..end];
        let fine = name.bytes().all(|byte| byte.is_ascii_alphabetic())
            || name.strip_prefix('#').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        fine.then(|| name.to_owned())
    };
    if let Some(after) = rest.strip_prefix("&amp;")
        && let Some(name) = name(after)
        && !matches!(name.as_str(), "lt" | "gt" | "quot")
    {
        let range = at..at + 6 + name.len();
        text.correct(
            Code::UnreadMark,
            range,
            format!("readers see `&{name};`: the `&` is escaped twice"),
            &format!("&{name};"),
        );
    } else if let Some(after) = rest.strip_prefix("&copy")
        && after.starts_with([' ', '\n'])
    {
        text.correct(Code::UnreadMark, at..at + 5, "`&copy` is shown as text: a semicolon is missing", "©");
    }
}
