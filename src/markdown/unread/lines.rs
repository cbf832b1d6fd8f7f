//! Headings, lists, notes and boxes that are shown as lines of text, since something in their marks is not as Markdown has it.

use std::ops::Range;

use super::{Block, Text, Within, shown};
use crate::diagnostic::Code;

/// A line of a block, without blanks around it.
struct Line<'a> {
    at: usize,
    text: &'a str,
}

/// Looks at the lines of a block.
pub(super) fn find(text: &mut Text<'_>, block: &Block) {
    if block.within == Within::Cell {
        return;
    }
    let seen = text.seen;
    let words = &seen[block.at.clone()];
    // Most blocks are one line that begins with a word.
    if is_plain(words) && !words.contains('\n') {
        return;
    }
    let first = line(seen, block.at.start, words);
    heading(text, block, &first);
    program(text, block, &first);
    if block.within == Within::Heading || block.within == Within::Html {
        return;
    }
    if block.within == Within::Item && ["p<", "p <", "p&lt;"].iter().any(|start| first.text.starts_with(start)) {
        text.say(
            "star",
            Code::UnreadBlock,
            first.at..first.at + 2,
            "the star before this made it an item of a list, and is gone",
            "write `\\*` for each star",
        );
    }
    let mut before: Option<(Mark<'_>, usize)> = None;
    let mut run = 1;
    let mut start = block.at.start;
    for (nth, part) in seen[block.at.clone()].split_inclusive('\n').enumerate() {
        let line = line(seen, start, part);
        start += part.len();
        if is_plain(line.text) {
            (before, run) = (None, 1);
            continue;
        }
        if nth > 0 {
            heading(text, block, &line);
        }
        box_of_task(text, block, &line);
        let mark = mark(line.text);
        if let Some(now) = &mark {
            let follows = before.as_ref().is_some_and(|(before, _)| before.is_before(now));
            // A dash may begin a line of a sentence.
            let is_dash = matches!(now.kind, 1 | 2);
            let in_item = block.within == Within::Item && nth > 0 && now.is_bullet && !is_dash;
            run = if follows { run + 1 } else { 1 };
            if follows && run == 2 || in_item && run == 1 {
                let (mark, at) = before.as_ref().filter(|_| follows).map_or((now, line.at), |(mark, at)| (mark, *at));
                list(text, at, mark);
            }
        } else {
            run = 1;
        }
        before = mark.map(|mark| (mark, line.at));
    }
}

/// Whether `line` begins with a word that nothing here can begin with: no sign stands where the mark of a list would end.
fn is_plain(line: &str) -> bool {
    let start = line.as_bytes();
    let is_word = start.len() > 5 && start[0].is_ascii_alphabetic();
    is_word
        && start[1..5].iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b' ')
        && !line.starts_with("import ")
}

fn line<'a>(seen: &'a str, start: usize, part: &'a str) -> Line<'a> {
    let part = part.split('\n').next().unwrap_or("");
    let trimmed = part.trim_start_matches([' ', '\0', '\r']);
    debug_assert!(seen.len() >= start);
    Line { at: start + part.len() - trimmed.len(), text: trimmed.trim_end_matches([' ', '\0', '\r']) }
}

/// The mark that a line of a typed list begins with.
#[derive(Clone, PartialEq, Debug)]
struct Mark<'a> {
    /// What stands there, and what Markdown wants instead.
    written: &'a str,
    meant: String,
    is_bullet: bool,
    /// Its number or letter, and the kind of numbering.
    number: u32,
    kind: u8,
}

impl Mark<'_> {
    /// Whether `next` continues the list.
    fn is_before(&self, next: &Mark<'_>) -> bool {
        if self.is_bullet {
            return next.is_bullet && self.kind == next.kind && self.written.trim() == next.written.trim();
        }
        !next.is_bullet && self.kind == next.kind && next.number == self.number + 1
    }
}

/// Whether `line` begins like that of a typed list.
pub(super) fn is_typed(line: &str) -> bool {
    mark(line.trim_start_matches([' ', '\0'])).is_some_and(|mark| mark.is_bullet)
}

/// The mark that `line` begins with, if it could be that of a list which Markdown does not know.
fn mark(line: &str) -> Option<Mark<'_>> {
    const SIGNS: &[char] = &[
        '•', '·', '▪', '●', '◦', '§', '✓', '✔', '➢', '›', '‣', '🔹', '🔸', '→', '■', '□', '★', '▶', '►', '❖', '⁃', '∙',
        '○', '✅', '☑', '\u{f0b7}', '\u{f0a7}', '\u{f0d8}', '\u{f0fc}',
    ];
    let mut letters = line.chars();
    let first = letters.next()?;
    let rest = letters.as_str();
    let bullet = |length: usize, kind: u8, meant: &str| {
        let written = &line[..length];
        Some(Mark { written, meant: meant.to_owned(), is_bullet: true, number: 0, kind })
    };
    if SIGNS.contains(&first) {
        return (!rest.trim().is_empty())
            .then(|| bullet(first.len_utf8(), 0, if matches!(first, '✓' | '✔' | '✅' | '☑') { "* ✓" } else { "*" }))?;
    }
    match first {
        '–' | '—' if rest.starts_with([' ', '\u{a0}', '\t']) => bullet(first.len_utf8(), 1, "*"),
        '-' if rest.starts_with("- ") => bullet(2, 2, "*"),
        'o' if rest.starts_with('\t') => bullet(1, 3, "*"),
        '*' | '-' if rest.starts_with('\u{a0}') => bullet(1, 4, "*"),
        // `*Salford` may be a note, but two of them in a row are a list.
        '*' | '-' if rest.starts_with(char::is_alphabetic) && !rest.contains(first) => bullet(1, 5, "*"),
        '(' | '0'..='9' | 'a'..='z' | 'A'..='Z' => numbered(line),
        _ => None,
    }
}

/// `1)one`, `1.one`, `(1) one`, `a) one`, `ii. one`.
fn numbered(line: &str) -> Option<Mark<'_>> {
    let inner = line.strip_prefix('(').unwrap_or(line);
    let open = line.len() - inner.len();
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).filter(|end| (1..=4).contains(end))?;
    let (name, rest) = inner.split_at(end);
    let sign = rest.chars().next().filter(|c| matches!(c, '.' | ')'))?;
    let after = &rest[1..];
    if open == 1 && sign != ')' {
        return None;
    }
    let blank = after.starts_with([' ', '\t', '\u{a0}']);
    let (number, kind) = if let Ok(number) = name.parse::<u32>() {
        // `1. one` is a list already, unless it stands within a paragraph and does not begin with 1.
        (
            number,
            if open == 1 {
                10
            } else if blank {
                if after.starts_with('\u{a0}') { 11 } else { 12 }
            } else {
                13
            },
        )
    } else if !blank {
        return None;
    } else if let (1, Some(letter)) = (name.len(), name.bytes().next()) {
        (u32::from(letter), 14 + open as u8)
    } else {
        (roman(name)?, 16)
    };
    // `3.x` is a version.
    if !blank && !after.chars().take(2).all(char::is_alphabetic) {
        return None;
    }
    let number = if name == "i" { 1 } else { number };
    let kind = if name == "i" { 16 } else { kind };
    Some(Mark { written: &line[..open + end + 1], meant: "1.".to_owned(), is_bullet: false, number, kind })
}

fn roman(name: &str) -> Option<u32> {
    ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
        .iter()
        .position(|known| *known == name)
        .and_then(|at| u32::try_from(at + 1).ok())
}

fn list(text: &mut Text<'_>, at: usize, mark: &Mark<'_>) {
    if mark.written.starts_with(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)) {
        // `letters` has reported it.
        return;
    }
    let end = at + mark.written.len().min(text.seen.len() - at);
    let range = at..text.seen.ceil_char_boundary(end);
    let written = shown(mark.written.trim());
    let (message, help) = if mark.is_bullet {
        (
            format!("`{written}` makes no list: its lines are one paragraph"),
            format!("begin each line with `{} `", mark.meant),
        )
    } else if mark.kind == 12 {
        (
            "a list that does not begin with 1 needs an empty line above it".to_owned(),
            "leave an empty line above it".to_owned(),
        )
    } else {
        (
            format!("`{written}` makes no list: its lines are one paragraph"),
            "begin each line with `1. `, or leave an empty line between them".to_owned(),
        )
    };
    text.say("list", Code::UnreadBlock, range, message, help);
}

/// `##Findings`, `## Findings` with a hard blank, `h2. Findings`, `== Findings ==`.
fn heading(text: &mut Text<'_>, block: &Block, line: &Line<'_>) {
    let bare = line.text.trim_start_matches(['\u{a0}', '\u{200b}', '\u{2003}', '\u{feff}']);
    let Some(first) = bare.chars().next() else { return };
    if !matches!(first, '#' | '＃' | '=' | 'h') || block.within == Within::Heading || block.within == Within::Html {
        return;
    }
    let marks = bare.chars().take_while(|c| *c == first).count();
    let words = bare.trim_start_matches(first);
    let range = line.at..line.at + line.text.len();
    let said = "this heading is shown as text";
    match first {
        '#' | '＃' => {
            let is_blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}');
            let clean = words.trim_start_matches(is_blank).trim_end_matches('#').trim();
            let strange = words.starts_with(|c: char| is_blank(c) && c != ' ' && c != '\t')
                || bare.len() < line.text.len()
                || first == '＃'
                || marks > 6 && words.starts_with(' ');
            let alone = block.at.len() <= line.text.len() + 1;
            let tight = words.starts_with(char::is_alphabetic)
                && !words.trim_end_matches('#').contains('#')
                && (marks > 1
                    || alone
                        && words.starts_with(char::is_uppercase)
                        && !clean.ends_with(['.', '!', '?', ':'])
                        && clean.split(' ').count() < 9);
            if clean.is_empty() || !(strange || tight) || clean.bytes().any(|byte| byte < b' ') && marks < 2 {
                return;
            }
            let meant = format!("{} {clean}", "#".repeat(marks.clamp(2, 6)));
            if alone && !clean.bytes().any(|byte| byte < b' ') && marks < 7 && (strange || marks > 1) {
                text.correct(Code::UnreadBlock, range, format!("{said}: one space must follow its marks"), &meant);
            } else {
                text.say(
                    "heading",
                    Code::UnreadBlock,
                    range,
                    said,
                    format!("write `{}`, on a line of its own", shown(&meant)),
                );
            }
        }
        '=' if (2..=4).contains(&marks) => {
            let closing = words.trim().strip_suffix(&bare[..marks]);
            if let Some(words) =
                closing.filter(|words| words.starts_with(char::is_alphanumeric) && !words.contains('='))
            {
                text.correct(
                    Code::UnreadBlock,
                    range,
                    format!("{said}: wikis write it so"),
                    &format!("{} {}", "#".repeat(marks), words.trim()),
                );
            }
        }
        'h' => {
            if let Some((level, words)) = bare[1..].split_once(". ")
                && let ("2" | "3" | "4", false) = (level, words.is_empty())
            {
                let level = level.parse().unwrap_or(2);
                text.correct(
                    Code::UnreadBlock,
                    range,
                    format!("{said}: Textile writes it so"),
                    &format!("{} {words}", "#".repeat(level)),
                );
            }
        }
        _ => {}
    }
}

/// Lines of other programs: `!!! note`, `.. note::`, `import …`, curly fences, blanks of a word processor.
fn program(text: &mut Text<'_>, block: &Block, line: &Line<'_>) {
    let words = line.text;
    let range = line.at..line.at + words.len();
    let begins = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    let whole = text.seen[block.at.clone()].trim();
    if let Some(name) = ["!!! ", "??? ", "???+ "].iter().find_map(|mark| words.strip_prefix(mark)) {
        if begins(name.split(' ').next().unwrap_or("")) {
            text.say(
                "box",
                Code::ForeignMarkup,
                range,
                "this box is shown as text: other programs write it so",
                "write `> [!NOTE]`, and its words below, each line after `> `",
            );
        }
    } else if let Some((name, _)) = words.strip_prefix(".. ").and_then(|rest| rest.split_once("::")) {
        if begins(name) {
            text.say(
                "box",
                Code::ForeignMarkup,
                range,
                format!("`.. {name}::` is the markup of another program, and is shown as text"),
                "write `> [!NOTE]` for a box, `![…](…)` for an image",
            );
        }
    } else if words.starts_with("import ")
        && words.contains(" from ")
        && words.trim_end_matches(';').ends_with(['"', '\''])
    {
        text.say(
            "import",
            Code::ForeignMarkup,
            range,
            "this line of a program is shown as text",
            "take it out: texts import nothing",
        );
    } else if words.starts_with("‘‘‘") || words.starts_with("’’’") || words.starts_with("´´´") {
        text.say(
            "fence",
            Code::UnreadBlock,
            range,
            "code is not shown as code: these are no backticks",
            "write three backticks",
        );
    } else if whole == "\u{a0}" || whole == "&nbsp;" {
        text.say(
            "empty",
            Code::UnreadBlock,
            block.at.clone(),
            "this paragraph holds nothing but a space",
            "take it out: the theme sets the space between paragraphs",
        );
    } else if words.starts_with(['\u{2003}', '\u{2002}', '\u{3000}'])
        && words.chars().nth(1).is_some_and(char::is_alphanumeric)
        && block.within == Within::Paragraph
        && !words.starts_with('\u{3000}')
        || words.starts_with("\u{a0}\u{a0}")
    {
        let blanks = words.len() - words.trim_start_matches(['\u{a0}', '\u{2003}', '\u{2002}']).len();
        if blanks < words.len() {
            text.correct(
                Code::UnreadBlock,
                line.at..line.at + blanks,
                "spaces of a word processor begin this paragraph",
                "",
            );
        }
    }
}

/// `[x] task` without the mark of a list.
fn box_of_task(text: &mut Text<'_>, block: &Block, line: &Line<'_>) {
    let Some(rest) =
        ["[x] ", "[X] ", "[ ] ", "[] ", "-[x] ", "-[ ] "].iter().find_map(|mark| line.text.strip_prefix(mark))
    else {
        return;
    };
    if rest.is_empty() || block.within == Within::Item && line.at == block.at.start && !line.text.starts_with("[] ") {
        return;
    }
    let length = line.text.len() - rest.len() - 1;
    let is_done = line.text[..length].contains(['x', 'X']);
    let meant = if is_done { "- [x]" } else { "- [ ]" };
    text.say(
        "task",
        Code::UnreadBlock,
        line.at..line.at + length,
        "this task is shown as text",
        format!("begin the line with `{meant} `"),
    );
}

/// What shows only when blocks are compared: bullets with empty lines between, notes and their marks.
pub(super) fn between(text: &mut Text<'_>) {
    let seen = text.seen;
    let mut before: Option<(Mark<'_>, usize)> = None;
    let mut run = 1;
    let mut notes = Vec::new();
    for block in text.blocks {
        let words = &seen[block.at.clone()];
        if !matches!(block.within, Within::Paragraph) || is_plain(words) {
            (before, run) = (None, 1);
            continue;
        }
        let first = line(seen, block.at.start, words);
        // A dash may begin a paragraph of speech.
        let mark = mark(first.text).filter(|mark| mark.is_bullet && mark.kind == 0 || mark.kind == 13);
        if let (Some((before, at)), Some(mark)) = (&before, &mark) {
            run = if before.is_before(mark) { run + 1 } else { 1 };
            if run == 2 {
                list(text, *at, before);
            }
        } else {
            run = 1;
        }
        before = mark.map(|mark| (mark, first.at));
        if let Some(length) = note_mark(first.text).or_else(|| bare_mark(first.text)) {
            let mut start = block.at.start;
            let mut all: Vec<Range<usize>> = Vec::new();
            for (nth, part) in words.split_inclusive('\n').enumerate() {
                let below = line(seen, start, part);
                start += part.len();
                let length =
                    if nth == 0 { Some(length) } else { note_mark(below.text).or_else(|| bare_mark(below.text)) };
                if let Some(length) = length {
                    all.push(below.at..below.at + length);
                }
            }
            let is_run = all.len() > 1;
            notes.extend(all.into_iter().map(|mark| (block.at.start, mark, is_run)));
        }
    }
    for (start, mark, is_run) in notes.into_iter().take(50) {
        note(text, start, mark, is_run);
    }
}

/// The length of the mark of a typed note at the beginning of a paragraph.
fn note_mark(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let length = match first {
        '¹' | '²' | '³' | '⁴'..='⁹' | '†' | '‡' => {
            line.chars().take_while(|c| "¹²³⁰⁴⁵⁶⁷⁸⁹†‡".contains(*c)).map(char::len_utf8).sum()
        }
        '[' | '(' | '{' => {
            let end = line.find([']', ')', '}'])?;
            let inside = &line[1..end];
            let fine = inside.len() < 4
                && !inside.is_empty()
                && (inside.bytes().all(|byte| byte.is_ascii_digit())
                    || matches!(inside, "i" | "ii" | "iii" | "iv" | "v"));
            fine.then_some(end + 1)?
        }
        _ => return None,
    };
    let after = line[length..].strip_prefix(':').unwrap_or(&line[length..]);
    after
        .strip_prefix([' ', '\u{a0}'])
        .is_some_and(|after| after.starts_with(|c: char| c.is_alphabetic()))
        .then_some(length)
}

/// The length of a number that may be the mark of a note: `1 See Appendix A.`
fn bare_mark(line: &str) -> Option<usize> {
    let end = line.find(|c: char| !c.is_ascii_digit()).filter(|end| (1..=2).contains(end))?;
    let is_sentence = line[end..].strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_uppercase));
    is_sentence.then_some(end)
}

/// Whether a number at `place`, `length` bytes long, is the mark of a note: `owned elsewhere.1 More`.
fn is_bare_reference(text: &str, place: usize, length: usize) -> bool {
    let before = text[..place].trim_end_matches(['.', ',', ';', ':', '!', '?', '”', '"', ')', '’']);
    let touches = before.len() < place && !before.ends_with(|c: char| c.is_ascii_digit());
    let ends = text[place + length..].chars().next().is_none_or(|c| c.is_whitespace() || c == '\0');
    touches && ends && before.ends_with(char::is_alphabetic)
}

/// A note typed by hand, if the text above refers to it; `is_run` if others follow it line by line.
fn note(text: &mut Text<'_>, start: usize, at: Range<usize>, is_run: bool) {
    let mark = &text.seen[at.clone()];
    let is_reference = |place: usize| {
        text.seen[..place].ends_with(|c: char| c.is_alphanumeric() || ".,;:!?”’)".contains(c))
            || text.seen[..place].ends_with(" ") && mark.starts_with('(')
    };
    let is_bare = mark.bytes().all(|byte| byte.is_ascii_digit());
    let mut places = text.seen[..start].match_indices(mark).map(|(place, _)| place);
    let found = if is_bare {
        places.any(|place| is_bare_reference(text.seen, place, mark.len()))
    } else {
        places.any(is_reference)
    };
    if !found {
        return;
    }
    let name = mark.trim_matches(['[', ']', '(', ')', '{', '}']);
    let small = |c: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|digit| digit == c).map(|digit| digit.to_string());
    let name: String =
        name.chars().map(|c| small(c).unwrap_or(if c == '†' { "a".into() } else { c.to_string() })).collect();
    text.say(
        "note",
        Code::UnreadBlock,
        at.clone(),
        "this note is typed by hand, so no link leads to it or back",
        format!(
            "write `[^{name}]` in the text, and begin this line with `[^{name}]: `{}",
            if is_run { ", with an empty line above each note" } else { "" }
        ),
    );
}
