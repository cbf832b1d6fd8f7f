//! What an entry says of itself in its title, its summary or a note → the fault that it is not meant to be public yet, though its
//! fields do not hide it; so also a row that is commented out.
//!
//! Not here: the lines of its text (`front`), its file's name (`named`), what the words mean (`schema::notices`).

use std::ops::Range;

use jiff::civil::Date;

use super::core;
use crate::data::{Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::SitePath;
use crate::schema::notices::{self, Sure};
use crate::schema::secrecy;

/// The fields that tell readers what an entry is.
const TITLES: &[&str] = &["title", "subtitle", "summary"];

/// The faults of what the fields `raw` in `file` say in words, but not so that it holds.
pub(super) fn faults(raw: &Raw, file: &SitePath) -> Vec<Diagnostic> {
    let text = |name: &str| match raw.get(name) {
        Some(Raw { kind: RawKind::Text(text), span }) => Some((text, span.clone())),
        _ => None,
    };
    let titles = TITLES.iter().filter_map(|name| text(name).map(|(text, span)| (*name, text, span)));
    let said = titles.filter_map(|(name, text, span)| {
        let notice = notices::title(text)?;
        Some(match core::unheeded(raw, &notice)? {
            Sure::Plainly => plainly(name, &notice.words, file, span),
            Sure::Perhaps => perhaps(file, &notice.words, span),
        })
    });
    let mut faults: Vec<Diagnostic> = said.take(1).collect();
    if faults.is_empty() {
        faults.extend(in_others(raw, file));
    }
    let is_held = core::is_held_back(raw);
    if let Some((note, span)) = text("internal_note").filter(|_| !is_held) {
        let notice = || notices::opening(note, true).filter(|notice| core::unheeded(raw, notice).is_some());
        match notices::instruction(note) {
            Some(words) => faults.push(perhaps(file, words, span)),
            None => faults.extend(notice().map(|notice| perhaps(file, &notice.words, span))),
        }
    }
    faults
}

/// The fault that another field for readers says until when nothing of its entry is public.
fn in_others(raw: &Raw, file: &SitePath) -> Option<Diagnostic> {
    let RawKind::Table(table) = &raw.kind else { return None };
    let is_other = |name: &str| !TITLES.contains(&name) && name != "internal_note" && !secrecy::is_about(name);
    table.iter().find_map(|(key, value)| {
        let RawKind::Text(text) = &value.kind else { return None };
        let notice = notices::opening(text, true).filter(|_| is_other(&key.name))?;
        let is_plain = core::unheeded(raw, &notice)? == Sure::Plainly;
        is_plain.then(|| plainly(&key.name, &notice.words, file, value.span.clone()))
    })
}

fn plainly(field: &str, words: &str, file: &SitePath, place: Range<usize>) -> Diagnostic {
    let message = format!("the {field} says `{words}`, which hides nothing, so this would be public");
    Diagnostic::new(Code::NameHidesNothing, message)
        .at(file, place)
        .help("set `status` to `draft` to hide it, or `publish_at` to a day and a time; if it is to be public, delete these words")
        .binding()
}

/// The fault that a comment on a line of its own in the front matter at `place` says until when nothing of it is public:
/// `# embargoed until 20 May 2027`. A field that is commented out says nothing.
pub(super) fn in_comments(fields: &Raw, file: &SitePath, text: &str, place: Range<usize>) -> Option<Diagnostic> {
    let lines = text.get(place.clone())?.split_inclusive('\n');
    let found = lines.scan(place.start, |end, line| {
        let at = *end;
        *end += line.len();
        Some((at, line.trim_end()))
    });
    found.filter(|(_, line)| line.starts_with('#')).find_map(|(at, line)| {
        let words = line.trim_start_matches(['#', ' ', '\t']);
        // `# publish_at: 2027-05-20` was a field once.
        let is_field = words.split([':', '=']).next().is_some_and(|name| !name.trim().contains(' ')) && words.contains([':', '=']);
        let notice = notices::opening(words, true).filter(|_| !is_field)?;
        let sure = core::unheeded(fields, &notice)?;
        let message = format!("the comment `{line}` hides nothing, so this would be public");
        let help = "set `publish_at` to that day and a time, or `status` to `draft`; if it is to be public, delete the comment";
        let fault = Diagnostic::new(Code::NameHidesNothing, message).at(file, at..at + line.len()).help(help);
        (sure == Sure::Plainly).then(|| fault.binding())
    })
}

/// The warning that the text, and no field, says from which day on it is public.
pub(super) fn issued(file: &SitePath, text: &str, day: Date, place: Range<usize>) -> Diagnostic {
    let line = text.get(place.clone()).unwrap_or_default().trim();
    let message = format!("`{line}` gives a later day than the fields do, so this is not public before {day}");
    let help =
        format!("write `publish_at = {day}T00:01:00`, or another time, into the front matter; or correct the line");
    Diagnostic::new(Code::FrontMatterMisplaced, message).at(file, place).help(help).binding_warning()
}

/// The fault that `words` in a text mean that it is not to be public.
pub(super) fn in_text(file: &SitePath, words: &str, place: Range<usize>) -> Diagnostic {
    Diagnostic::new(Code::FrontMatterMisplaced, format!("`{words}` is in the text, where it hides nothing"))
        .at(file, place)
        .help(
            "set `publish_at` in the front matter to that day and a time of day, or `status` to `draft`; if it is to be public, \
             delete this line, or quote it behind `>`",
        )
        .binding()
}

/// The warning that `words` may mean that what they are in is not to be public.
pub(super) fn perhaps(file: &SitePath, words: &str, place: Range<usize>) -> Diagnostic {
    Diagnostic::new(Code::PerhapsNotPublic, format!("`{words}` hides nothing: this is public"))
        .at(file, place)
        .help("if it is not to be, set `status` to `draft`, or `publish_at` to a day and a time; if it is, delete these words")
}

/// Signs that begin a comment in other formats.
const SIGNS: &[&str] = &["#", "//", "--", "/*", ";", "%", "~~"];

/// The fault that a row is commented out, as other formats allow: by a sign before its first cell, or before its name. `first` is
/// what its first cell holds, if it is a row of a spreadsheet that is `separated` so.
pub(super) fn commented(row: &Raw, first: Option<(&str, char)>, file: &SitePath) -> Option<Diagnostic> {
    if core::is_held_back(row) {
        return None;
    }
    let sign = first.and_then(|(cell, separator)| sign_of(cell, separator));
    let named = || {
        ["id", "slug"].iter().find_map(|name| match row.get(name) {
            Some(Raw { kind: RawKind::Text(id), span }) => Some((sign_of_name(id)?, span)),
            _ => None,
        })
    };
    let (sign, place) = match sign {
        Some(sign) => (sign.to_owned(), &row.span),
        None => named()?,
    };
    let end = place.start + 1;
    let message = format!("`{sign}` at the start of this row hides nothing, so it would be public");
    let help = match first {
        Some(_) => {
            "delete the row to hide it, or set its `status` to `draft`; if the sign belongs to a value, begin the rows with \
             another column, such as `id`"
        }
        None => "delete the row to hide it, or set its `status` to `draft`; a name begins with a letter or a digit",
    };
    Some(Diagnostic::new(Code::NameHidesNothing, message).at(file, place.start..end).help(help).binding())
}

/// What the name of a row begins with that cannot begin one. Where a comment of HTML begins, that is said.
fn sign_of_name(name: &str) -> Option<String> {
    let first = name.chars().next().filter(|c| !c.is_alphanumeric() && *c != '<').map(String::from);
    first.or_else(|| name.get(..4).filter(|start| start.eq_ignore_ascii_case("rem ")).map(|_| name[..3].to_owned()))
}

/// The sign by which a row with this first cell is commented out.
fn sign_of(cell: &str, separator: char) -> Option<&'static str> {
    let cell = cell.trim_start_matches(['"', ' ', '\t', '\u{feff}', '\u{a0}']);
    let sign = SIGNS.iter().find(|sign| cell.starts_with(**sign))?;
    let rest = &cell[sign.len()..];
    let begins = rest.chars().next();
    let is_word = || begins.is_some_and(char::is_alphanumeric);
    let is_cell_end = || begins.is_none_or(|c| c == separator || "\"\r\n".contains(c));
    let is_meant = match *sign {
        // What spreadsheets write for a formula that failed is reported as such.
        "#" => !FAILED.iter().any(|failed| rest.starts_with(failed)),
        // The address of another host.
        "//" => {
            rest.starts_with(' ') || !rest.split([separator, ' ', '\n']).next().is_some_and(|word| word.contains('.'))
        }
        // Dashes alone stand for nothing.
        "--" => {
            !is_cell_end()
                && !rest.trim_start_matches(['-', ' ']).starts_with(|c: char| c == separator || "\"\r\n".contains(c))
        }
        ";" => separator != ';',
        "%" => is_word(),
        "~~" => rest.contains("~~"),
        _ => true,
    };
    is_meant.then_some(sign)
}

/// What follows `#` where a formula failed.
const FAILED: &[&str] =
    &["REF!", "N/A", "DIV/0!", "NAME?", "VALUE!", "NUM!", "NULL!", "SPILL!", "CALC!", "GETTING_DATA"];
