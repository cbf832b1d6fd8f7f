//! What follows the colons in a directive's first line → its name and attributes.
//!
//! `name Some title {key="value" n=3 flag #id .class}`. Not here: whether the theme knows the name and the keys.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::data::{Key, Raw, RawKind, composed};

/// The first line of a directive, once read; places count from the beginning of the line's text.
#[derive(Debug, Default)]
pub(super) struct Opening {
    pub(super) name: Range<usize>,
    pub(super) attributes: Vec<(Key, Raw)>,
    /// What could not be read, and why.
    pub(super) faults: Vec<(Range<usize>, String)>,
}

/// Reads `line`; `offset` is added to all places.
pub(super) fn read(line: &str, offset: usize) -> Opening {
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(line.len());
    let mut opening = Opening { name: offset..offset + end, ..Opening::default() };
    if end == 0 {
        opening.faults.push((offset..offset + line.len(), "a block has no name after its colons".to_owned()));
        return opening;
    }
    let rest = &line[end..];
    let brace = rest.find('{').unwrap_or(rest.len());
    let title = rest[..brace].trim();
    if !title.is_empty() {
        let start = offset + end + (rest[..brace].len() - rest[..brace].trim_start().len());
        let span = start..start + title.len();
        opening.attributes.push((
            Key { name: "title".to_owned(), span: span.clone() },
            Raw { kind: RawKind::Text(composed(title.to_owned())), span },
        ));
    }
    if brace < rest.len() {
        let mut cursor = Cursor { line, at: end + brace + 1, offset, opening };
        cursor.attributes();
        opening = cursor.opening;
    }
    opening
}

/// How many attributes the first line of a directive may have.
const MOST: usize = 100;

struct Cursor<'a> {
    line: &'a str,
    at: usize,
    offset: usize,
    opening: Opening,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<char> {
        self.line[self.at..].chars().next()
    }

    fn fault(&mut self, start: usize, message: impl Into<String>) {
        let span = self.offset + start..self.offset + self.at.max(start);
        self.opening.faults.push((span, message.into()));
    }

    /// Takes characters while they are `fine`.
    fn word(&mut self, fine: impl Fn(char) -> bool) -> Range<usize> {
        let start = self.at;
        while let Some(c) = self.peek().filter(|c| fine(*c)) {
            self.at += c.len_utf8();
        }
        start..self.at
    }

    fn attributes(&mut self) {
        let opened = self.at - 1;
        loop {
            self.word(char::is_whitespace);
            if self.opening.attributes.len() + self.opening.faults.len() >= MOST {
                self.fault(self.at, format!("a block can have no more than {MOST} attributes"));
                return;
            }
            match self.peek() {
                // A value without its closing quotation mark has swallowed the brace; that is one fault.
                None if !self.opening.faults.is_empty() => return,
                None => {
                    self.fault(opened, "the attributes that begin with `{` have no `}` on the same line");
                    return;
                }
                Some('}') => {
                    self.at += 1;
                    let start = self.at;
                    self.word(char::is_whitespace);
                    let after = self.word(|_| true);
                    if !after.is_empty() {
                        let what = self.line[after].to_owned();
                        self.fault(start, format!("`{what}` comes after the attributes; a title goes before `{{`"));
                    }
                    return;
                }
                Some('#') => self.short("id"),
                Some('.') => self.short("class"),
                Some(_) => self.pair(),
            }
        }
    }

    /// `#id` or `.class`.
    fn short(&mut self, key: &str) {
        let start = self.at;
        self.at += 1;
        let word = self.word(is_name);
        if word.is_empty() {
            self.fault(start, format!("a name must follow the mark of the {key}"));
            return;
        }
        let span = self.offset + start..self.offset + self.at;
        let name = &self.line[word];
        // Several classes form one attribute, as in HTML.
        if let Some((_, Raw { kind: RawKind::Text(classes), .. })) =
            self.opening.attributes.iter_mut().find(|(k, _)| k.name == "class" && key == "class")
        {
            classes.push(' ');
            classes.push_str(name);
            return;
        }
        let raw = Raw { kind: RawKind::Text(composed(name.to_owned())), span: span.clone() };
        self.opening.attributes.push((Key { name: key.to_owned(), span }, raw));
    }

    /// `key="value"`, `key=3` or `flag`.
    fn pair(&mut self) {
        let key = self.word(is_name);
        if key.is_empty() {
            let wrong = self.word(|c| !c.is_whitespace() && c != '}');
            let what = self.line[wrong.clone()].to_owned();
            self.fault(wrong.start, format!("I cannot read `{what}` as an attribute"));
            return;
        }
        let name = self.line[key.clone()].to_owned();
        let key_span = self.offset + key.start..self.offset + key.end;
        let (kind, value) = if self.peek() == Some('=') {
            self.at += 1;
            let Some(value) = self.value(&name) else {
                return;
            };
            value
        } else {
            (RawKind::Bool(true), key)
        };
        let span = self.offset + value.start..self.offset + value.end;
        if self.opening.attributes.iter().any(|(k, _)| k.name == name) {
            self.fault(value.start, format!("`{name}` is given twice"));
            return;
        }
        self.opening.attributes.push((Key { name, span: key_span }, Raw { kind, span }));
    }

    fn value(&mut self, name: &str) -> Option<(RawKind, Range<usize>)> {
        match self.peek() {
            Some(quote @ ('"' | '\'')) => self.quoted(quote, name),
            _ => {
                let start = self.at;
                let word = self.word(|c| !c.is_whitespace() && !matches!(c, '}' | '"' | '\'' | ','));
                if word.is_empty() {
                    self.fault(start, format!("`{name}=` has no value"));
                    return None;
                }
                Some((bare(&self.line[word.clone()]), word))
            }
        }
    }

    fn quoted(&mut self, quote: char, name: &str) -> Option<(RawKind, Range<usize>)> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            if c == quote {
                return Some((RawKind::Text(composed(text)), start..self.at));
            }
            match (c, self.peek()) {
                ('\\', Some(next)) if next == quote || next == '\\' => {
                    self.at += next.len_utf8();
                    text.push(next);
                }
                _ => text.push(c),
            }
        }
        self.fault(start, format!("the value of `{name}` has no closing quotation mark"));
        None
    }
}

fn is_name(c: char) -> bool {
    // In the decomposed form, a letter's accent is a sign of its own.
    c.is_alphanumeric() || c == '-' || c == '_' || is_combining_mark(c)
}

/// An unquoted value: a number, `true` or `false`, otherwise a word.
fn bare(word: &str) -> RawKind {
    match word {
        "true" => RawKind::Bool(true),
        "false" => RawKind::Bool(false),
        _ => {
            let numeric = word.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+');
            match (word.parse::<i64>(), word.parse::<f64>()) {
                (Ok(int), _) if numeric => RawKind::Int(int),
                (_, Ok(float)) if numeric && float.is_finite() => RawKind::Float(float),
                _ => RawKind::Text(composed(word.to_owned())),
            }
        }
    }
}
