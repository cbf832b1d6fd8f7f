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
    let around = [text[..at].chars().next_back(), text[range.end..].chars().next()];
    // A flag is a sign and a few invisible letters.
    let is_flag = || text[text.ceil_char_boundary(at.saturating_sub(64))..at].contains('\u{1f3f4}');
    let said = unseen(c, around, is_flag).or_else(|| no_letter(c)).or_else(|| of_one_font(c, around))?;
    let Said { kind, message, help, meant, everywhere } = said;
    Some(Damaged { at: range, kind, message, help, meant, everywhere })
}

/// What is said of a sign; as in [`Damaged`].
struct Said {
    kind: &'static str,
    message: String,
    help: &'static str,
    meant: Option<String>,
    everywhere: bool,
}

impl Said {
    /// Something that the author has to do.
    fn to_do(kind: &'static str, message: impl Into<String>, help: &'static str, everywhere: bool) -> Option<Self> {
        Some(Self { kind, message: message.into(), help, meant: None, everywhere })
    }

    /// Something that can be corrected.
    fn meant(kind: &'static str, message: String, meant: &str, everywhere: bool) -> Option<Self> {
        Some(Self { kind, message, help: "", meant: Some(meant.to_owned()), everywhere })
    }
}

/// Thai, Khmer and their like have no blanks, and say with a space without width where a line may end.
fn is_of_a_script_without_blanks(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// A sign that nobody sees; `around` has its neighbours.
fn unseen(c: char, around: [Option<char>; 2], is_flag: impl Fn() -> bool) -> Option<Said> {
    let code = u32::from(c);
    let hidden =
        |name: &str| format!("{name} (U+{code:04X}) stands here, which nobody sees, and by which words are not found");
    match c {
        '\u{200b}' if around.into_iter().flatten().any(is_of_a_script_without_blanks) => None,
        '\u{200b}' => Said::meant("zero", hidden("a space without width"), "", false),
        '\u{feff}' => Said::meant("zero", hidden("a mark of the byte order"), "", true),
        '\u{ad}' => Said::meant("hyphen", hidden("a soft hyphen"), "", false),
        '\u{e0000}'..='\u{e007f}' if !is_flag() => Said::meant("zero", hidden("an invisible letter"), "", false),
        '\u{2028}' | '\u{2029}' => Said::to_do(
            "separator",
            format!("U+{code:04X} ends no line in a browser"),
            "begin a new line instead",
            true,
        ),
        '\u{202d}' | '\u{202e}' => {
            Said::to_do("turned", format!("U+{code:04X} turns the letters after it round"), "take it out", true)
        }
        _ => None,
    }
}

/// A sign that is left of something that was lost, or that may not be on a page.
fn no_letter(c: char) -> Option<Said> {
    let code = u32::from(c);
    match c {
        '\u{fffd}' => Said::to_do(
            "lost",
            "a letter was lost here when the text was read in a wrong character set",
            "type the letter again",
            false,
        ),
        '\u{80}'..='\u{9f}' => {
            let message = format!("the control character U+{code:04X} is no letter, and browsers do not allow it");
            match u8::try_from(code).ok().and_then(windows) {
                Some(letter) => Said::meant("control", message, letter.encode_utf8(&mut [0; 4]), true),
                None => Said::to_do("control", message, "take it out", true),
            }
        }
        '\u{fffe}' | '\u{ffff}' | '\u{fdd0}'..='\u{fdef}' => Said::to_do(
            "control",
            format!("U+{code:04X} is no letter, and browsers do not allow it"),
            "take it out",
            true,
        ),
        '\u{fffc}' => Said::to_do(
            "object",
            "a picture or the like was lost here (U+FFFC)",
            "put it in again, or take the sign out",
            false,
        ),
        _ => None,
    }
}

/// A sign that only some fonts have, or that stands for several letters; `around` has its neighbours.
fn of_one_font(c: char, around: [Option<char>; 2]) -> Option<Said> {
    let code = u32::from(c);
    match c {
        // A reference that a chat program left: `foreign` says so.
        '\u{e200}'..='\u{e203}' => None,
        '\u{f0b7}' | '\u{f0a7}' | '\u{f0d8}' if around.into_iter().flatten().all(char::is_whitespace) => Said::to_do(
            "bullet",
            "this is a bullet of Word's: it makes no list, and readers see an empty box",
            "begin each line with `* `",
            false,
        ),
        '\u{e000}'..='\u{f8ff}' if c != '\u{f8ff}' => Said::to_do(
            "private",
            format!("U+{code:04X} is a sign of one font only, such as Word's for bullets; readers see an empty box"),
            "type the sign that is meant",
            false,
        ),
        '\u{fb00}'..='\u{fb06}' => {
            let letters = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"][(code - 0xfb00) as usize];
            let message = format!("`{c}` is one sign for several letters, from a PDF, by which words are not found");
            Said::meant("ligature", message, letters, false)
        }
        _ => None,
    }
}

/// If `text` begins with UTF-8 that was read as Windows-1252, the length of that and what it means. `before` is the letter before.
fn misread(text: &str, before: Option<char>) -> Option<(usize, String)> {
    let mut bytes = Vec::new();
    let mut length = 0;
    // The first byte of what may be misread is the same letter in Latin-1; few letters are one.
    let lead = u8::try_from(text.chars().next()?).ok()?;
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
