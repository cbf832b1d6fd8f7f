//! Letters that were damaged on the way: texts read in a wrong character set, control characters, signs that nobody sees.

use std::ops::Range;

use super::Text;
use crate::diagnostic::Code;

/// Looks through a text. In code only what may not be on a page is reported.
pub(super) fn find(text: &mut Text<'_>) {
    let mut damaged = Vec::new();
    in_text(text.original, &mut damaged);
    for found in damaged {
        let shown = text
            .seen
            .get(found.at.clone())
            .is_some_and(|seen| !seen.starts_with('\0') && !seen.starts_with(|c: char| c < '\u{7}'));
        let begins = found.at.start == 0 && text.offset == 0 && text.original.starts_with('\u{feff}');
        let by_heading =
            text.original[found.at.end..].starts_with('#') || text.original[..found.at.start].ends_with('#');
        if begins || !(shown || found.everywhere) || found.kind == "zero" && by_heading {
            continue;
        }
        match found.meant {
            Some(meant) => text.correct(Code::DamagedLetters, found.at, found.message, &meant),
            None => text.say(found.kind, Code::DamagedLetters, found.at, found.message, found.help),
        }
    }
    text.done = 0;
}

/// Something damaged.
pub(super) struct Damaged {
    pub(super) at: Range<usize>,
    kind: &'static str,
    pub(super) message: String,
    pub(super) help: &'static str,
    /// What was meant, where that is certain.
    pub(super) meant: Option<String>,
    /// Whether it may not even be in code.
    everywhere: bool,
}

/// What is damaged in `text`.
pub(super) fn in_text(text: &str, found: &mut Vec<Damaged>) {
    controls(text, found);
    if text.is_ascii() {
        return;
    }
    let mut done = 0;
    let mut last: Option<(u32, usize)> = None;
    for (at, c) in text.char_indices() {
        if at < done || c.is_ascii() {
            continue;
        }
        if let Some((length, meant)) = misread(&text[at..], text[..at].chars().next_back()) {
            done = at + length;
            let message = format!("`{}` was read in a wrong character set", &text[at..done]);
            found.push(Damaged {
                at: at..done,
                kind: "misread",
                message,
                help: "",
                meant: Some(meant),
                everywhere: false,
            });
        } else if let Some(damaged) = sign(text, at, c) {
            // Signs of one kind that follow each other are one slip.
            let follows = last == Some((u32::from(c), at));
            last = Some((u32::from(c), at + c.len_utf8()));
            if let (true, Some(before)) = (follows, found.last_mut()) {
                before.at.end = at + c.len_utf8();
            } else {
                found.push(damaged);
            }
        }
    }
    found.sort_by_key(|damaged| damaged.at.start);
}

/// Control characters, which HTML does not allow.
fn controls(text: &str, found: &mut Vec<Damaged>) {
    let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || *byte == 0x7f;
    // Without a branch for each byte: there is almost never one.
    if !text.as_bytes().chunks(4_096).any(|chunk| chunk.iter().fold(false, |any, byte| any | is_control(byte))) {
        return;
    }
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| is_control(byte)) {
        let what = match byte {
            0x0b => " (a line break of Word's)",
            0x0c => " (the end of a sheet of paper)",
            _ => "",
        };
        found.push(Damaged {
            at: at..at + 1,
            kind: "control",
            message: format!("the control character U+{byte:04X}{what} is no letter, and browsers do not allow it"),
            help: "take it out; it cannot be seen, so delete the letters on both sides and type them again",
            meant: None,
            everywhere: true,
        });
    }
}

/// A sign that no reader is meant to see, or to miss.
fn sign(text: &str, at: usize, c: char) -> Option<Damaged> {
    let range = at..at + c.len_utf8();
    let code = u32::from(c);
    let found = |kind, message: String, help, meant: Option<&str>, everywhere| {
        Some(Damaged { at: range.clone(), kind, message, help, meant: meant.map(str::to_owned), everywhere })
    };
    let hidden =
        |name: &str| format!("{name} (U+{code:04X}) stands here, which nobody sees, and by which words are not found");
    let neighbours = || text[..at].chars().next_back().into_iter().chain(text[range.end..].chars().next());
    match c {
        '\u{fffd}' => found(
            "lost",
            "a letter was lost here when the text was read in a wrong character set".into(),
            "type the letter again",
            None,
            false,
        ),
        '\u{80}'..='\u{9f}' => {
            let letter = char::from_u32(code).and_then(|c| u8::try_from(u32::from(c)).ok()).and_then(windows);
            let message = format!("the control character U+{code:04X} is no letter, and browsers do not allow it");
            found("control", message, "take it out", letter.map(String::from).as_deref(), true)
        }
        // Thai, Khmer and their like have no blanks, and say with it where a line may end.
        '\u{200b}'
            if neighbours().any(|c| {
                ('\u{0e00}'..='\u{0eff}').contains(&c)
                    || ('\u{1000}'..='\u{109f}').contains(&c)
                    || ('\u{1780}'..='\u{17ff}').contains(&c)
            }) =>
        {
            None
        }
        '\u{200b}' => found("zero", hidden("a space without width"), "", Some(""), false),
        '\u{feff}' => found("zero", hidden("a mark of the byte order"), "", Some(""), true),
        '\u{ad}' => found("hyphen", hidden("a soft hyphen"), "", Some(""), false),
        '\u{2028}' | '\u{2029}' => found(
            "separator",
            format!("U+{code:04X} ends no line in a browser"),
            "begin a new line instead",
            Some("\n"),
            true,
        )
        .map(|mut one| {
            one.meant = None;
            one
        }),
        '\u{202d}' | '\u{202e}' => {
            found("turned", format!("U+{code:04X} turns the letters after it round"), "take it out", None, true)
        }
        '\u{fffe}' | '\u{ffff}' | '\u{fdd0}'..='\u{fdef}' => found(
            "control",
            format!("U+{code:04X} is no letter, and browsers do not allow it"),
            "take it out",
            None,
            true,
        ),
        '\u{fffc}' => found(
            "object",
            "a picture or the like was lost here (U+FFFC)".into(),
            "put it in again, or take the sign out",
            None,
            false,
        ),
        '\u{e200}'..='\u{e203}' => None,
        '\u{f0b7}' | '\u{f0a7}' | '\u{f0d8}' if neighbours().all(|c| c.is_whitespace()) => found(
            "bullet",
            "this is a bullet of Word's: it makes no list, and readers see an empty box".into(),
            "begin each line with `* `",
            None,
            false,
        ),
        '\u{e000}'..='\u{f8ff}' if c != '\u{f8ff}' => found(
            "private",
            format!("U+{code:04X} is a sign of one font only, such as Word's for bullets; readers see an empty box"),
            "type the sign that is meant",
            None,
            false,
        ),
        // A flag is a sign and a few of them.
        '\u{e0000}'..='\u{e007f}'
            if !text[text.ceil_char_boundary(at.saturating_sub(64))..at].contains('\u{1f3f4}') =>
        {
            found("zero", hidden("an invisible letter"), "", Some(""), false)
        }
        '\u{fb00}'..='\u{fb06}' => {
            let letters = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"][(code - 0xfb00) as usize];
            found(
                "ligature",
                format!("`{c}` is one sign for several letters, from a PDF, by which words are not found"),
                "",
                Some(letters),
                false,
            )
        }
        _ => None,
    }
}

/// If `text` begins with UTF-8 that was read as Windows-1252, the length of that and what it means. `before` is the letter before.
fn misread(text: &str, before: Option<char>) -> Option<(usize, String)> {
    let mut bytes = Vec::new();
    let mut length = 0;
    let mut letters = text.chars();
    let lead = byte_of(letters.next()?)?;
    let wanted = match lead {
        0xc2..=0xc5 => 2,
        0xe2 | 0xef => 3,
        0xf0 => 4,
        _ => return None,
    };
    for c in text.chars().take(wanted) {
        bytes.push(byte_of(c)?);
        length += c.len_utf8();
    }
    let decoded = std::str::from_utf8(&bytes).ok()?.to_owned();
    let c = decoded.chars().next()?;
    // A quotation mark or a dash may follow a capital that a quotation ends with: `«Å»`.
    let quoted = before.is_some_and(|c| !c.is_alphanumeric()) || before.is_none();
    let punctuation = text.chars().nth(1).is_some_and(|c| "«»“”‘’„‚–—…›‹".contains(c));
    if matches!(lead, 0xc3..=0xc5) && quoted && punctuation {
        return None;
    }
    let plausible = match lead {
        0xe2 => ('\u{2000}'..='\u{2bff}').contains(&c),
        0xef => matches!(c, '\u{fb00}'..='\u{fb06}' | '\u{feff}' | '\u{fffd}'),
        0xf0 => ('\u{1f000}'..='\u{1faff}').contains(&c),
        _ => !c.is_control(),
    };
    if !plausible {
        return None;
    }
    // It may have happened twice.
    let twice = twice(&text[length..], c);
    Some(match twice {
        Some((more, meant)) => (length + more, meant),
        None => (length, decoded),
    })
}

/// What `first`, decoded from the beginning of a text, means together with what follows, if that was misread twice.
fn twice(rest: &str, first: char) -> Option<(usize, String)> {
    let lead = byte_of(first)?;
    let wanted = match lead {
        0xc2..=0xc5 => 1,
        0xe2 => 2,
        _ => return None,
    };
    let mut once = String::from(first);
    let mut length = 0;
    for _ in 0..wanted {
        let (more, decoded) = single(&rest[length..])?;
        once.push_str(&decoded);
        length += more;
    }
    let (_, meant) = single(&once)?;
    Some((length, meant))
}

/// One letter of misread UTF-8 at the beginning of `text`.
fn single(text: &str) -> Option<(usize, String)> {
    (2..=4).find_map(|count| {
        let bytes: Option<Vec<u8>> = text.chars().take(count).map(byte_of).collect();
        let bytes = bytes.filter(|bytes| bytes.len() == count)?;
        let decoded = String::from_utf8(bytes).ok().filter(|decoded| decoded.chars().count() == 1)?;
        Some((text.chars().take(count).map(char::len_utf8).sum(), decoded))
    })
}

/// What Windows-1252 has at 0x80 to 0x9F.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows(byte: u8) -> Option<char> {
    byte.checked_sub(0x80).and_then(|at| WINDOWS.get(usize::from(at))).copied().filter(|c| !c.is_control())
}

/// The byte that Windows-1252 has for a letter beyond ASCII.
fn byte_of(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ 0x80..=0xff => u8::try_from(code).ok(),
        _ => WINDOWS.iter().position(|known| *known == c).and_then(|at| u8::try_from(at + 0x80).ok()),
    }
}
