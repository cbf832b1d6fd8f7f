//! A quotation mark that the parser has set → the same mark, or the other one.
//!
//! The parser takes every mark for an opening one if nothing that it knows closes, so `6" pipe`, the end of a quotation of two
//! paragraphs, and marks between letters come out wrong. What stands beside the mark in the text decides.

use std::ops::Range;

use super::reader::Reader;

impl Reader<'_> {
    /// `text`, which the parser made of `range`, with the right quotation mark if it is one.
    pub(super) fn quotation_mark<'t>(&mut self, text: &'t str, range: &Range<usize>) -> &'t str {
        if range.len() != 1 {
            return text;
        }
        let before = self.source[..range.start].chars().next_back();
        let rest = &self.source[range.end..];
        let mark = match text {
            "“" if closes(self.source, range.start, before, rest, self.quoting) => "”",
            "‘" if is_apostrophe(before, rest) => "’",
            _ => text,
        };
        match mark {
            "“" => self.quoting = true,
            "”" => self.quoting = false,
            _ => {}
        }
        mark
    }
}

/// Whether the double mark at `at` of `source` closes that the parser took for an opening one; it stands between `before` and
/// `rest`, and a quotation has begun if `quoting`.
pub(super) fn closes(source: &str, at: usize, before: Option<char>, rest: &str, quoting: bool) -> bool {
    let Some(before) = before else { return false };
    let next = rest.chars().next();
    let letter = next.is_some_and(char::is_alphanumeric);
    if before.is_whitespace() {
        // `" quoted "`
        return quoting && next.is_none_or(char::is_whitespace);
    }
    if "([{“‘«„—–-/=>*_".contains(before)
        && (letter || !next.is_none_or(|c| c.is_whitespace() || c.is_ascii_punctuation()))
    {
        return before == '>' && quoting;
    }
    if !letter {
        return !"([{“‘«„—–/=".contains(before);
    }
    // Between letters, marks take turns. A single letter before it is a prefix in Hebrew; with more, it is an abbreviation.
    if before.is_ascii_digit() {
        return true;
    }
    let is_hebrew = |c: char| ('\u{5d0}'..='\u{5ea}').contains(&c);
    let word = source[..at].chars().rev().take_while(|c| is_hebrew(*c)).take(2).count();
    quoting || word > 1
}

/// Whether a single mark that the parser took for an opening one stands for letters left out: `'n'`, `'80s`, or closes.
pub(super) fn is_apostrophe(before: Option<char>, rest: &str) -> bool {
    let lower = rest.get(..2).map(str::to_ascii_lowercase);
    if lower.as_deref() == Some("n'") || lower.as_deref() == Some("n ") {
        return true;
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let decade = digits == 2 && rest[2..].starts_with('s') && !rest[3..].starts_with(char::is_alphanumeric);
    let ends = before.is_some_and(|c| c.is_alphanumeric() || ".,!?…)”".contains(c))
        && !rest.starts_with(char::is_alphanumeric);
    decade || ends
}
