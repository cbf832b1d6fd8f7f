//! Links and images that are shown as text: blanks in the address, brackets the wrong way round, references without a target.

use super::foreign;
use super::{Block, LINK, Text, Within, is_address, is_file, marks, shown};
use crate::diagnostic::Code;

/// How long the words of a link may be.
const LONGEST: usize = 400;

/// A `[`.
pub(super) fn open(text: &mut Text<'_>, block: &Block, at: usize) {
    let rest = text.from(block, at);
    let Some(length) = closing(rest, '[', ']') else {
        unclosed(text, block, at, rest);
        return;
    };
    let (seen, after) = (&rest[1..length - 1], &rest[length..]);
    let words = &text.original[at + 1..at + length - 1];
    let before = text.before(block, at);
    let is_image = before.ends_with('!') && !text.is_escaped(at - 1);
    let start = at - usize::from(is_image);
    if seen.starts_with('/') && !seen.contains([' ', '.']) && !seen.ends_with('/')
        || text.ends(seen)
        || after.starts_with("[/") && !after.starts_with("[/]") && seen.contains('=')
    {
        foreign::brackets(text, block, at, length, seen);
    } else if let Some(target) = after.strip_prefix('(') {
        if block.within == Within::Html && is_address(target.split(')').next().unwrap_or("")) {
            marks::html(text, start..at + length);
        } else {
            failed(text, at, length, words, target, is_image);
        }
    } else if wrong_way_round(text, block, at, length, seen) || wiki(text, at, rest) {
    } else if before.ends_with('^') && !words.is_empty() && before.len() > 1 {
        text.say(
            "note",
            Code::UnreadBlock,
            at - 1..at + length,
            "this note is shown as text",
            format!("write `[^1]` here, and `[^1]: {}` on a line of its own", shown(words)),
        );
    } else if let Some((target, end)) = spaced(after) {
        let loose = before == "! " || before.ends_with(" ! ") || before.ends_with("\n! ");
        let meant = written(is_image || loose, words, target);
        let start = if loose { at - 2 } else { start };
        text.correct(
            Code::UnreadLink,
            start..at + length + end,
            "this link is shown as text: a space stands between its parts",
            &meant,
        );
    } else if let Some(target) = bracketed(after) {
        let end = at + length + target.len() + 2;
        text.correct(Code::UnreadLink, start..end, "this link is shown as text", &written(is_image, words, target));
    } else if after.starts_with('[') {
        reference(text, block, start, length + (at - start), (seen, words), after);
    } else if is_image && after.starts_with(": ") && is_address(after[2..].split_whitespace().next().unwrap_or("")) {
        let target = after[2..].split_whitespace().next().unwrap_or("");
        let end = at + length + 2 + target.len();
        text.correct(Code::UnreadLink, start..end, "this image is shown as text", &written(true, words, target));
    } else if !definition(text, block, at, length, after)
        && !marks::after_brackets(text, block, at, length, words, after)
        && !loose(text, at, length, words, after)
    {
        foreign::brackets(text, block, at, length, seen);
    }
}

/// A `]` without a `[` before it.
pub(super) fn close(text: &mut Text<'_>, block: &Block, at: usize) {
    let before = text.before(block, at);
    let rest = text.from(block, at);
    let Some(target) = rest.strip_prefix("](").and_then(|rest| rest.split_once(')')).map(|(target, _)| target) else {
        return;
    };
    if before.contains('[') || !is_address(target) {
        return;
    }
    text.say(
        "link",
        Code::UnreadLink,
        at..at + target.len() + 3,
        "this link is shown as text: no `[` begins its words",
        format!("write `[` where its words begin: `[…]({})`", shown(target)),
    );
}

/// The length of what is in brackets at the beginning of `text`, with the brackets.
pub(super) fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let near = &text.as_bytes()[..text.len().min(LONGEST)];
    memchr::memchr(close as u8, near)?;
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, c) in text.char_indices().take(LONGEST) {
        if escaped {
            escaped = false;
            continue;
        }
        escaped = c == '\\';
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + 1);
            }
        }
    }
    None
}

fn written(is_image: bool, words: &str, target: &str) -> String {
    format!("{}[{words}]({target})", if is_image { "!" } else { "" })
}

/// `[words](`: the parser did not take it for a link. `at` is the bracket, `length` that of `[words]`.
fn failed(text: &mut Text<'_>, at: usize, length: usize, words: &str, target: &str, is_image: bool) {
    if words.starts_with('^') || words.is_empty() && !is_image || target.starts_with("{{") {
        return;
    }
    if is_address(words)
        && let Some((label, _)) = target.split_once(')')
        && !is_address(label)
        && label.contains(char::is_alphabetic)
    {
        let end = at + length + label.len() + 2;
        let meant = written(is_image, label, words);
        text.correct(Code::UnreadLink, at..end, "the brackets of this link are the wrong way round", &meant);
        return;
    }
    let what = if is_image { "image" } else { "link" };
    let start = at - usize::from(is_image);
    let line = target.lines().next().unwrap_or("");
    let whole = format!("({line}");
    let Some(end) = closing(&whole, '(', ')') else {
        let target = line.split_whitespace().next().unwrap_or("");
        if target.len() < 300 && !target.contains('[') && is_address(target) || target.is_empty() {
            text.say(
                what,
                Code::UnreadLink,
                start..at + length + 1 + target.len(),
                format!("this {what} is shown as text: no `)` ends its address"),
                format!("write `{}`", shown(&written(is_image, words, target))),
            );
        }
        return;
    };
    let inside = whole[1..end - 1].trim();
    let range = start..at + length + end;
    if inside.contains("{{") || inside.contains("{%") || text.seen.as_bytes()[at..at + length].contains(&LINK) {
        return;
    }
    match address(inside) {
        Some((address, title)) => {
            let title = title.map(|title| format!(" \"{}\"", title.replace('"', "'"))).unwrap_or_default();
            let meant = written(is_image, words, &format!("{address}{title}"));
            let why = if inside.contains(char::is_whitespace) {
                "a space stands in its address"
            } else {
                "its address cannot be read"
            };
            text.correct(Code::UnreadLink, range, format!("this {what} is shown as text: {why}"), &meant);
        }
        None if inside.contains(char::is_whitespace) && looks_like_target(inside) => text.say(
            what,
            Code::UnreadLink,
            range,
            format!("this {what} is shown as text: a space stands in its address"),
            format!(
                "write the address without spaces, or between `<` and `>`: `{}`",
                shown(&written(is_image, words, &format!("<{inside}>")))
            ),
        ),
        None => {}
    }
}

fn looks_like_target(inside: &str) -> bool {
    let first = inside.split_whitespace().next().unwrap_or("");
    is_address(first) || inside.split_whitespace().any(is_file)
}

/// The address in the brackets of a link, as it must be written, and its title.
fn address(inside: &str) -> Option<(String, Option<String>)> {
    let (inside, title) = titled(inside);
    // `C:\Users\jane\Chart 1.png`: what lies beside the text is meant.
    let inside = match inside.as_bytes() {
        [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic() => inside.rsplit('\\').next().unwrap_or(inside),
        _ => inside,
    };
    let inside = match inside.rsplit_once(" =") {
        Some((address, size)) if size.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'x' | b'%')) => {
            address.trim()
        }
        _ => inside,
    };
    if !inside.contains(char::is_whitespace) {
        return (is_address(inside) && !inside.contains(['<', '>'])).then(|| (inside.to_owned(), title));
    }
    if inside.contains(['<', '>', '\n']) || title.is_some() && !is_file(inside) {
        return None;
    }
    let (first, rest) = inside.split_once(char::is_whitespace)?;
    if inside.contains("://") || inside.starts_with("mailto:") {
        let fine = is_file(inside) || inside.starts_with("mailto:");
        return fine.then(|| (inside.split_whitespace().collect::<Vec<_>>().join("%20"), title));
    }
    if is_file(inside) {
        return Some((format!("<{inside}>"), title));
    }
    // `(/about/ Title)`
    let bare = is_address(first) && !rest.contains(['/', '"', '\'', '(']) && title.is_none();
    bare.then(|| (first.to_owned(), Some(rest.trim().to_owned())))
}

/// An address and the title after it, whatever its quotation marks.
fn titled(inside: &str) -> (&str, Option<String>) {
    for (open, close) in [('"', '"'), ('“', '”'), ('”', '”'), ('„', '“'), ('‘', '’'), ('\'', '\'')] {
        if let Some(before) = inside.strip_suffix(close)
            && let Some((address, title)) = before.split_once(open)
            && address.ends_with(char::is_whitespace)
        {
            return (address.trim(), Some(title.to_owned()));
        }
    }
    (inside, None)
}

/// ` (address)` after the words of a link: the address, and where it ends.
fn spaced(after: &str) -> Option<(&str, usize)> {
    let rest = after.trim_start_matches([' ', '\n', '\u{a0}']);
    let gap = after.len() - rest.len();
    let target = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(target, _)| target)?;
    (gap > 0 && gap < 4 && is_address(target) && target.len() > 1).then_some((target, gap + target.len() + 2))
}

/// `{address}`, `|address|` or `<address>` after the words of a link.
fn bracketed(after: &str) -> Option<&str> {
    [('{', '}'), ('|', '|'), ('<', '>')].into_iter().find_map(|(open, close)| {
        let (target, _) = after.strip_prefix(open)?.split_once(close)?;
        (is_address(target) && !target.starts_with('#')).then_some(target)
    })
}

/// `(words)[address]`, `{words}(address)`, `[address words]`, `[/address/](words)`.
fn wrong_way_round(text: &mut Text<'_>, block: &Block, at: usize, length: usize, words: &str) -> bool {
    let before = text.before(block, at);
    let trimmed = before.trim_end_matches(' ');
    let beside = trimmed.ends_with(')') && before.len() - trimmed.len() < 2 && !words.starts_with('#');
    if (is_address(words) || words == "url" || words == "link")
        && let Some(open) = trimmed.rfind('(').filter(|_| beside)
    {
        let label = &trimmed[open + 1..trimmed.len() - 1];
        let is_image = trimmed[..open].ends_with('!');
        if label.is_empty() || label.contains(['[', ']', ')']) {
            return false;
        }
        let start = at - before.len() + open - usize::from(is_image);
        let meant = written(is_image, label, words);
        text.correct(Code::UnreadLink, start..at + length, "the brackets of this link are the wrong way round", &meant);
        return true;
    }
    if let Some((first, label)) = words.split_once(' ')
        && (first.starts_with("http://") || first.starts_with("https://"))
        && !label.trim().is_empty()
    {
        let meant = written(false, label.trim(), first);
        text.correct(Code::UnreadLink, at..at + length, "this link is written as in a wiki, and shown as text", &meant);
        return true;
    }
    false
}

/// `[[page]]` and `![[image.png|words]]`.
fn wiki(text: &mut Text<'_>, at: usize, rest: &str) -> bool {
    let Some((inside, _)) = rest.strip_prefix("[[").and_then(|rest| rest.split_once("]]")) else { return false };
    let is_page =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | '|' | '#' | '’' | '\'' | ',' | '&');
    let bare: String = inside.chars().filter(char::is_ascii_alphabetic).collect();
    if bare.eq_ignore_ascii_case("toc") {
        foreign::contents(text, at..at + inside.len() + 4);
        return true;
    }
    if inside.is_empty() || inside.len() > 120 || !inside.chars().all(is_page) || !inside.contains(char::is_alphabetic)
    {
        return false;
    }
    let is_image = text.seen[..at].ends_with('!');
    let (target, words) = inside.split_once('|').unwrap_or((inside, inside));
    let target = if is_file(target) { target.to_owned() } else { format!("{target}.md") };
    let words = if is_image && words == inside { "what it shows" } else { words };
    let start = at - usize::from(is_image);
    text.say(
        "wiki",
        Code::UnreadLink,
        start..at + inside.len() + 4,
        "this link is written as in a wiki, and shown as text",
        format!("write `{}`, with the path of the file", shown(&written(is_image, words, &target.replace(' ', "-")))),
    );
    true
}

/// `[words][label]` where no line says what the label means.
fn reference(
    text: &mut Text<'_>,
    block: &Block,
    start: usize,
    length: usize,
    (seen, words): (&str, &str),
    after: &str,
) {
    let Some(end) = closing(after, '[', ']') else { return };
    let label = &after[1..end - 1];
    let is_image = text.seen[start..].starts_with('!');
    let range = start..start + length + end;
    if is_address(label) {
        text.correct(Code::UnreadLink, range, "this link is shown as text", &written(is_image, words, label));
        return;
    }
    let name = if label.is_empty() { seen } else { label };
    // `- [win][arm64ec] Add tests`: tags at the beginning of a line.
    let tags = start == block.at.start && seen.len() < 6 && !after[end..].trim().is_empty() && !is_image;
    let is_label = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    let is_word = name.contains(char::is_alphabetic) && (name.chars().all(is_label) || label.is_empty());
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit()) && text.is_numbered();
    let before = text.before(block, start);
    let free = !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ']' | ')' | '_' | '"' | '“'));
    // `"[they][residents] left"` is a quotation that somebody has changed.
    let quoted = before.matches('"').count() % 2 == 1 || before.matches('“').count() > before.matches('”').count();
    // Brackets in an address are its own.
    let in_address = before.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://"));
    if tags && seen.bytes().all(|byte| byte.is_ascii_lowercase()) || in_address {
        return;
    }
    if !(is_word && !quoted || is_number || is_image) || !free || words.is_empty() || words.starts_with('^') {
        return;
    }
    text.say(
        "reference",
        Code::UnreadLink,
        range,
        format!("this link is shown as text: nothing in this text is called `{}`", shown(name)),
        format!(
            "write the address itself, `{}`, or add a line `[{}]: ADDRESS`",
            shown(&written(is_image, words, "ADDRESS")),
            shown(name)
        ),
    );
}

/// `[label]: address` in the middle of a paragraph, where it means nothing. Returns whether that is so.
fn definition(text: &mut Text<'_>, block: &Block, at: usize, length: usize, after: &str) -> bool {
    let line = text.before(block, at).rsplit('\n').next().unwrap_or("");
    let colon = after.strip_prefix(" :").or_else(|| after.strip_prefix(':'));
    let Some(rest) = colon.filter(|_| line.trim_matches(['\0', ' ']).is_empty()) else { return false };
    let rest = rest.lines().next().unwrap_or("");
    let target = rest.trim();
    let label = &text.seen[at..at + length];
    let first = target.split_whitespace().next().unwrap_or("");
    if block.within == Within::Cell || !is_address(first) || label.starts_with("[^") {
        return false;
    }
    let range = at..at + length + (after.len() - colon.map_or(0, str::len)) + rest.trim_end().len();
    let blanks = target.contains(char::is_whitespace) && !target.contains('"');
    let help = if blanks {
        format!("write the address between `<` and `>`: `{label}: <{target}>`")
    } else if after.starts_with(' ') {
        format!("write `{label}: {target}`, without a space before the colon")
    } else {
        "leave an empty line above it".to_owned()
    };
    text.say("definition", Code::UnreadLink, range, "this line says where a link leads, but is shown as text", help);
    true
}

/// `[words]/address/)`.
fn loose(text: &mut Text<'_>, at: usize, length: usize, words: &str, after: &str) -> bool {
    let target = after.split([' ', '\n']).next().unwrap_or("").trim_end_matches(['.', ',']);
    let Some(target) = target.strip_suffix(')').filter(|target| target.starts_with('/') && is_address(target)) else {
        return false;
    };
    let end = at + length + target.len() + 1;
    text.correct(
        Code::UnreadLink,
        at..end,
        "this link is shown as text: no `(` begins its address",
        &written(false, words, target),
    );
    true
}

/// `[words(address)` without a `]`.
fn unclosed(text: &mut Text<'_>, block: &Block, at: usize, rest: &str) {
    let line = rest.lines().next().unwrap_or("");
    let Some((words, after)) = line[1..].split_once('(') else { return };
    let Some((target, _)) = after.split_once(')') else { return };
    if !is_address(target) || words.contains(['[', ']']) || words.trim().is_empty() || block.within == Within::Html {
        return;
    }
    let meant = written(false, words.trim(), target);
    let end = at + 1 + words.len() + target.len() + 2;
    text.correct(Code::UnreadLink, at..end, "this link is shown as text: no `]` ends its words", &meant);
}
