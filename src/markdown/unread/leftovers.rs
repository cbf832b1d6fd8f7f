//! What Word, mail merge, tracked changes, telephones and chat programs leave in a text that is pasted from them.
//!
//! One search over the whole text finds what may be one. What a text cites, in quotation marks or as code, is left alone.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::packed::Searcher;

use super::{Block, CODE, FAR, STYLED, Text, shown};
use crate::diagnostic::Code;

/// What a leftover begins with, or has at its middle. The search is quick for at most 48 of at least three bytes.
#[rustfmt::skip]
const SIGNS: &[&str] = &[
    "Error! ", "Fehler! ", "Erreur ! ", "Commented [", "Comment [", "{ M", "{ H", "{ P", "{ R", "{ T", "{ S", "{ I", "{ N",
    "{MERGEFIELD", "{--", "{++", "{>>", "{==", "{\u{4}\u{4}", "[DELETED", "[INSERTED", "[Deleted", "[Inserted", "citeturn",
    "turn0search", "s an AI language model", "s an AI assistant, ", "Sent from my ", "Get Outlook for ", "Page ", ".....",
    "……", "t?s", "e?s", "o?s", "w?s", "n?t", "I?m", "?re", "?ve", "?ll",
];

/// What Word writes where a field leads to nothing, after `Error! `.
const FIELDS: &[&str] = &[
    "Reference source not found",
    "Bookmark not defined",
    "No bookmark name",
    "Hyperlink reference not valid",
    "Not a valid",
    "No text of specified style",
    "Unknown document property",
    "Main Document Only",
    "No table of contents",
    "No table of figures",
    "Verweisquelle konnte nicht gefunden werden",
    "Textmarke nicht definiert",
    "Source du renvoi introuvable",
    "Signet non défini",
];

/// The names of Word's fields, after `{ `.
const CODES: &[&str] =
    &["MERGEFIELD ", "HYPERLINK ", "PAGEREF _", "REF _", "TOC \\", "SEQ ", "INCLUDEPICTURE ", "NOTEREF _"];

const TAKE_OUT: &str = "take it out";

/// Looks through a text.
pub(super) fn find(text: &mut Text<'_>) {
    static SEARCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(SIGNS));
    let bytes = text.seen.as_bytes();
    let found = SEARCHER.iter().flat_map(|searcher| searcher.find_iter(bytes));
    let mut all: Vec<(usize, &str)> = found.map(|found| (found.start(), SIGNS[found.pattern().as_usize()])).collect();
    all.extend(memchr::memmem::find_iter(bytes, "«").map(|at| (at, "«")));
    all.sort_unstable();
    let blocks = text.blocks;
    for (at, sign) in all {
        let number = blocks.partition_point(|block| block.at.end <= at);
        if let Some(block) = blocks.get(number).filter(|block| block.at.start <= at)
            && !is_cited(text.before(block, at))
        {
            look(text, block, at, sign);
        }
    }
    text.done = 0;
}

/// Signs that no font shows: `foreign` reports what is between them.
fn is_sign_of_chat(c: char) -> bool {
    ('\u{e200}'..='\u{e203}').contains(&c)
}

/// Whether what follows is in quotation marks.
fn is_cited(before: &str) -> bool {
    before.ends_with(['“', '"', '‘', '\'', '`', '„', '\u{1}'])
}

fn look(text: &mut Text<'_>, block: &Block, at: usize, sign: &str) {
    let rest = text.from(block, at);
    match sign {
        "Error! " | "Fehler! " | "Erreur ! " => {
            let words = &rest[sign.len()..];
            if let Some(field) = FIELDS.iter().find(|field| words.starts_with(**field)) {
                let help = "write what stood there, such as `table 3`, or a link to it";
                word(text, at..at + sign.len() + field.len(), "a reference that Word no longer found", help);
            }
        }
        "Commented [" | "Comment [" => comment(text, at, sign, rest),
        "{MERGEFIELD" | "{ M" | "{ H" | "{ P" | "{ R" | "{ T" | "{ S" | "{ I" | "{ N" => {
            let name = rest[1..].trim_start();
            if CODES.iter().any(|code| name.starts_with(code))
                && let Some(end) = rest.find('}').filter(|end| *end < 200)
            {
                word(text, at..at + end + 1, "a field of Word's", "write what it stood for, or take it out");
            }
        }
        "«" => merge_field(text, block, at, rest),
        "{--" | "{++" | "{>>" | "{==" | "{\u{4}\u{4}" => tracked(text, at, rest),
        "[DELETED" | "[INSERTED" | "[Deleted" | "[Inserted" => {
            let is_note = rest[sign.len()..].starts_with([':', ' '])
                && rest[sign.len()..].trim_start_matches(':').starts_with(' ');
            if let Some(end) = rest.find(']').filter(|end| is_note && *end < 300 && !rest[end + 1..].starts_with('(')) {
                changed(text, at..at + end + 1);
            }
        }
        "citeturn" | "turn0search" => {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            let is_reference = rest[sign.len()..].starts_with(|c: char| c.is_ascii_digit());
            if is_reference && !text.before(block, at).ends_with(|c: char| c.is_alphanumeric() || is_sign_of_chat(c)) {
                let help = "take it out, and check the source it stands for";
                say(text, "chat", at..at + length, "was left by a chat program", help);
            }
        }
        "s an AI language model" | "s an AI assistant, " => {
            let before = text.before(block, at);
            let first = before.trim_end_matches(['A', 'a']);
            if first.len() + 1 == before.len()
                && first.trim_matches(['\0', ' ', '\n']).is_empty()
                && rest.contains(", I")
            {
                say(
                    text,
                    "chat",
                    at - 1..at + sign.trim_end_matches([',', ' ']).len(),
                    "was left by a chat program",
                    "take it out, and check what it wrote around it",
                );
            }
        }
        "Sent from my " | "Get Outlook for " => {
            let line = rest.lines().next().unwrap_or("").trim_end_matches(['\0', ' ', '.']);
            let is_alone =
                text.before(block, at).trim_end_matches(['\0', ' ']).rsplit('\n').next().unwrap_or("").is_empty();
            let device = ["iPhone", "iPad", "Samsung", "Galaxy", "BlackBerry", "Android", "mobile", "iOS"];
            if is_alone && line.len() < 60 && device.iter().any(|name| line.contains(name)) {
                say(text, "mail", at..at + line.len(), "was left by an e-mail program", TAKE_OUT);
            }
        }
        "Page " => page_number(text, block, at, rest),
        "....." | "……" => contents(text, block, at, rest),
        sign => {
            let at = at + sign.find('?').unwrap_or(0);
            apostrophe(text, block, at);
        }
    }
}

fn say(text: &mut Text<'_>, kind: &'static str, at: Range<usize>, what: &str, help: &str) {
    if at.start >= text.done {
        let words = shown(&text.original[at.clone()]);
        text.say(kind, Code::ForeignMarkup, at, format!("`{words}` {what}"), help);
    }
}

fn word(text: &mut Text<'_>, at: Range<usize>, what: &str, help: &str) {
    say(text, "word", at, &format!("is {what}, and readers see it"), help);
}

/// `Commented [JS1]: check this`.
fn comment(text: &mut Text<'_>, at: usize, sign: &str, rest: &str) {
    let Some((name, _)) = rest[sign.len()..].split_once("]:") else { return };
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == 'R');
    let is_name = !letters.is_empty()
        && letters.len() < 6
        && letters.len() < name.len()
        && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_name {
        word(
            text,
            at..at + sign.len() + name.len() + 2,
            "a comment of Word's",
            "do what it says, and take it out with its words",
        );
    }
}

/// `«First_Name»`.
fn merge_field(text: &mut Text<'_>, block: &Block, at: usize, rest: &str) {
    let Some((name, _)) = rest["«".len()..].split_once('»').filter(|(name, _)| name.len() < 60) else { return };
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let has_parts = name.contains('_')
        || name.as_bytes().windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase());
    if is_name && (has_parts || text.before(block, at).ends_with("Dear ")) {
        word(text, at..at + name.len() + 4, "a field of a mail merge", "write what it stands for, or take it out");
    }
}

/// `{--fell--}`, `{++rose++}`, `{~~fell~>rose~~}`, `{>>check<<}`, `{==this==}`.
fn tracked(text: &mut Text<'_>, at: usize, rest: &str) {
    let original = &text.original[at..];
    for (open, close) in [("{--", "--}"), ("{++", "++}"), ("{>>", "<<}"), ("{==", "==}"), ("{~~", "~~}")] {
        let Some(inside) = original.strip_prefix(open) else { continue };
        let end = inside[..inside.floor_char_boundary(FAR)].find(close).filter(|end| *end > 0);
        let is_change = open != "{~~" || rest.as_bytes()[1] == STYLED && inside.contains("~>");
        if let Some(end) = end.filter(|_| is_change) {
            changed(text, at..at + end + 6);
        }
    }
}

fn changed(text: &mut Text<'_>, at: Range<usize>) {
    say(
        text,
        "changed",
        at,
        "is a change or remark of an editor's, and readers see it",
        "accept it or reject it, and take out its marks",
    );
}

/// A paragraph that is `Page 3 of 12`.
fn page_number(text: &mut Text<'_>, block: &Block, at: usize, rest: &str) {
    let line = rest.lines().next().unwrap_or("").trim_end_matches(['\0', ' ']);
    let Some((number, of)) = line.strip_prefix("Page ").and_then(|rest| rest.split_once(" of ")) else { return };
    let is_number = |text: &str| !text.is_empty() && text.len() < 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_alone = text.before(block, at).rsplit('\n').next().unwrap_or("").trim_matches(['\0', ' ']).is_empty();
    if is_alone && is_number(number) && is_number(of) {
        let help = "take it out: it counted the sheets of paper, and a page of the Web has none";
        say(text, "sheet", at..at + line.len(), "is the number of a sheet of paper", help);
    }
}

/// `Introduction ........ 3`.
fn contents(text: &mut Text<'_>, block: &Block, at: usize, rest: &str) {
    let line = rest.lines().next().unwrap_or("");
    let number = line.trim_start_matches(['.', '…', ' ', '\t']).trim_end_matches(['\0', ' ']);
    let is_number = !number.is_empty()
        && number.len() < 5
        && number.bytes().all(|byte| byte.is_ascii_digit() || b"ivx".contains(&byte));
    let before = text.before(block, at).rsplit('\n').next().unwrap_or("");
    if is_number && before.contains(char::is_alphabetic) && at >= text.done {
        let start = at - before.len();
        let end = at + line.trim_end_matches(['\0', ' ']).len();
        table_of_contents(text, start..end);
    }
}

pub(super) fn table_of_contents(text: &mut Text<'_>, at: Range<usize>) {
    let message = "this line is of a table of contents, with the pages of a printed text";
    let help = "take all its lines out: the theme makes one of the headings, where it shows one";
    text.say("contents", Code::ForeignMarkup, at, message, help);
}

/// What stands before `’s`, `’t` and the like.
const SHORTENED: &[(&str, &[&str])] = &[
    ("s", &["it", "that", "there", "what", "who", "he", "she", "let", "here", "where", "how"]),
    (
        "t",
        &[
            "don", "doesn", "didn", "isn", "aren", "wasn", "weren", "won", "can", "couldn", "wouldn", "shouldn",
            "hasn", "haven", "hadn", "mustn",
        ],
    ),
    ("re", &["we", "they", "you"]),
    ("ve", &["we", "they", "you", "i", "could", "would", "should"]),
    ("ll", &["we", "they", "you", "i", "it", "he", "she"]),
    ("m", &["i"]),
];

/// `it?s`, whose apostrophe was lost.
fn apostrophe(text: &mut Text<'_>, block: &Block, at: usize) {
    let rest = text.from(block, at);
    let length = rest[1..].find(|c: char| !c.is_ascii_alphabetic()).map_or(rest.len(), |end| end + 1);
    let after = &rest[1..length];
    let before = text.before(block, at);
    let word = before.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    let lower = word.to_ascii_lowercase();
    let is_known = SHORTENED.iter().any(|(end, words)| *end == after && words.contains(&&*lower));
    // An address or a pattern has more signs.
    let is_free = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || ".,;:!?)”\"’—–-\0([“‘".contains(c));
    let outer = before[..before.len() - word.len()].chars().next_back();
    if is_known && is_free(outer) && is_free(rest[length..].chars().next()) && at >= text.done {
        let message = format!("an apostrophe was lost in `{word}?{after}`, and a question mark stands in its place");
        text.correct(Code::DamagedLetters, at..at + 1, message, "’");
    }
}

const _: () = assert!(CODE == 1 && STYLED == 4, "as they are written above");
