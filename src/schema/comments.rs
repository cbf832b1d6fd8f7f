//! What YAML takes for a comment behind a field → the fault that it was probably meant as the field's value.
//!
//! In a field that decides who may see an entry, a comment that looks like another value leaves open which of them counts:
//! `status: published # draft`. So does one, in TOML too, that says that the value does not hold yet.

use std::ops::Range;

use super::read::{Notation, Reader};
use super::{Field, Type, clock, notices, parse_moment, secrecy, time};
use crate::data::{Key, Raw, RawKind};
use crate::diagnostic::Code;

impl Reader<'_> {
    /// Reports that the value of `field`, or the end of it, is in a comment; whether nothing else of it is left.
    pub(super) fn is_lost_in_comment(&mut self, field: &Field, key: &Key, raw: &Raw, is_written: bool) -> bool {
        let has_comments = matches!(self.notation, Notation::Yaml | Notation::Toml);
        if !has_comments || self.is_default() {
            return false;
        }
        if is_written && self.is_outermost() {
            self.take_back(field, key, raw);
        }
        if self.notation != Notation::Yaml {
            return false;
        }
        let decides = self.is_outermost() && secrecy::FIELDS.contains(&&*field.name);
        if decides && let Some(comment) = self.other_value(field, key, raw, is_written) {
            self.disputed(key, raw, &comment, is_written);
            return !is_written;
        }
        if is_written {
            return false;
        }
        let Some(comment) = self.comment_of(key) else { return false };
        // A field that must be there is reported as missing below.
        let is_about = self.is_outermost() && secrecy::is_about(&field.name);
        let is_lost = is_about || !field.required;
        if is_lost {
            self.lost_in_comment(key, &comment, is_about);
        }
        is_lost
    }

    /// Reports that a comment behind a value says that it does not hold yet: `status: published # until 20 May`.
    fn take_back(&mut self, field: &Field, key: &Key, raw: &Raw) {
        let decides = secrecy::FIELDS.contains(&&*field.name) && !secrecy::says_hidden(raw);
        let (RawKind::Text(value) | RawKind::Date(value)) = &raw.kind else { return };
        if !(decides || &*field.name == "title") {
            return;
        }
        let end = if self.notation == Notation::Yaml { self.end_of(raw) } else { self.place(&raw.span).end };
        let Some((before, comment)) = self.comment_behind(end) else { return };
        let is_behind = before.trim_matches(['"', '\'', ' ']).is_empty();
        let is_value = decides && self.notation == Notation::Yaml && self.other_value(field, key, raw, true).is_some();
        let written = &self.reading.text[comment.clone()];
        if !is_behind || is_value || !notices::takes_back(written, value, &*field.name == "status") {
            return;
        }
        let message = format!("the comment `{written}` hides nothing, so this would be public");
        let help = "set `status` to `draft` to hide it, or `publish_at` to a day and a time; if it is to be public, delete the comment";
        self.fault(Code::NameHidesNothing, message, &comment, help.to_owned());
        self.fix_last();
    }

    /// The value of `key` that YAML takes for a comment: `title: #hashtag`.
    pub(super) fn comment_of(&self, key: &Key) -> Option<Range<usize>> {
        let (before, comment) = self.comment_behind(self.place(&key.span).end)?;
        let is_value = before.trim_start_matches(['"', '\'']).trim() == ":";
        (is_value && self.reading.text[comment.start + 1..].starts_with(char::is_alphanumeric)).then_some(comment)
    }

    /// The comment in the line that the byte `at` is in, and what stands between them.
    fn comment_behind(&self, at: usize) -> Option<(&str, Range<usize>)> {
        let line = self.reading.text.get(at..)?.lines().next()?.trim_end();
        let sign = line.match_indices('#').map(|(sign, _)| sign).find(|sign| line[..*sign].ends_with([' ', '\t']))?;
        Some((line[..sign].trim(), at + sign..at + line.len()))
    }

    /// The comment, behind the value of `field` or in place of it, that looks like a value of it.
    fn other_value(&self, field: &Field, key: &Key, raw: &Raw, is_written: bool) -> Option<Range<usize>> {
        if is_written && (secrecy::says_hidden(raw) || matches!(raw.kind, RawKind::List(_) | RawKind::Table(_))) {
            return None;
        }
        let end = if is_written { self.end_of(raw) } else { self.place(&key.span).end };
        let is_value = |comment: &Range<usize>| self.looks_like_value(field, raw, &self.reading.text[comment.clone()]);
        if let Some((before, comment)) = self.comment_behind(end) {
            let before = before.trim_start_matches(['"', '\'']).trim();
            let is_near = before.is_empty() || !is_written && before.starts_with(':');
            return Some(comment).filter(|comment| is_near && is_value(comment));
        }
        if is_written {
            return None;
        }
        let text = self.reading.text;
        let mut at = end + text[end..].find('\n')? + 1;
        for line in text[at..].split_inclusive('\n') {
            let start = at + (line.len() - line.trim_start().len());
            let comment = start..start + line.trim().len();
            if !line.trim().starts_with('#') {
                return None;
            }
            if is_value(&comment) {
                return Some(comment);
            }
            at += line.len();
        }
        None
    }

    /// Where a value ends: the parser counts what follows a closing quotation mark to it.
    fn end_of(&self, raw: &Raw) -> usize {
        let place = self.place(&raw.span);
        let written = &self.reading.text[place.clone()];
        let quoted =
            written.strip_prefix('"').map(|rest| (rest, '"')).or_else(|| Some((written.strip_prefix('\'')?, '\'')));
        let closed = quoted.and_then(|(rest, quote)| rest.find(quote));
        closed.map_or(place.end, |length| place.start + length + 2)
    }

    /// Whether a comment could stand in place of the value `raw` of `field`, or be the end of it.
    fn looks_like_value(&self, field: &Field, raw: &Raw, comment: &str) -> bool {
        let text = bare(comment);
        let value = Raw { kind: RawKind::Text(text.to_owned()), span: 0..0 };
        if let Type::Enum(allowed) = &field.ty {
            let is_same = matches!(&raw.kind, RawKind::Text(written) if written.trim().eq_ignore_ascii_case(text));
            return !is_same
                && (secrecy::says_hidden(&value) || allowed.iter().any(|value| value.eq_ignore_ascii_case(text)));
        }
        let is_moment = match parse_moment(text, self.reading.zone) {
            Ok(_) => true,
            Err(fault) => fault.is_understood(),
        };
        // What was over before this program existed hides nothing.
        let is_time = || matches!(clock::loose(text), Some((_, "")));
        secrecy::says_hidden(&value) || (is_moment && !secrecy::is_past(&value)) || is_time()
    }

    /// Reports that it is open whether a comment or what stands before it is the value.
    fn disputed(&mut self, key: &Key, raw: &Raw, place: &Range<usize>, is_written: bool) {
        let text = self.reading.text;
        let comment = &text[place.clone()];
        if !is_written {
            return self.lost_in_comment(key, place, true);
        }
        let value = text[self.place(&raw.span)].trim().trim_matches(['"', '\'']);
        let time = time::time_of_spreadsheet(bare(comment));
        let is_day = time::parse_date(value).is_ok();
        let help = match time.filter(|_| is_day) {
            Some(time) => format!("if it is the time of day, write `{}: {value} {time}`; if not, delete it", key.name),
            None => format!("leave only the one that counts: `{value}` or `{}`", bare(comment)),
        };
        let message = format!("YAML takes `{comment}` for a comment, but it looks like a value of `{}`", key.name);
        self.fault(Code::YamlComment, message, place, help);
        self.fix_last();
    }

    fn lost_in_comment(&mut self, key: &Key, place: &Range<usize>, is_binding: bool) {
        let comment = self.reading.text[place.clone()].to_owned();
        let message = format!("YAML takes `{comment}` for a comment, so `{}` is empty", key.name);
        let help = match is_binding {
            true => format!("write `{}: {}`, or delete the line", key.name, bare(&comment)),
            false => format!(
                "put it in quotation marks: `{}: {comment:?}`; if it is a comment, write a space after the `#`",
                key.name
            ),
        };
        self.fault(Code::YamlComment, message, place, help);
        if is_binding {
            self.fix_last();
        }
    }
}

/// A comment without its sign, and without quotation marks.
fn bare(comment: &str) -> &str {
    comment.trim_start_matches('#').trim().trim_matches(['"', '\''])
}
