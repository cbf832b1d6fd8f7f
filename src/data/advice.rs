//! A line of TOML or YAML that its parser refused → what an author should do about it, and what was probably meant.
//!
//! The parsers say where they stopped; these functions look at the line and name the slip. They also say what value the
//! line was meant to hold, so that a misspelt field is not reported as missing too.
//!
//! Not here: how the rest of the file is read (`toml`, `yaml`).

use std::ops::Range;

use super::{Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::SitePath;

/// What is wrong with a line, and what it was meant to say.
pub(super) struct Advice {
    /// The message to the author; empty if the value will be reported where it is read, as dates are.
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// The bytes at fault.
    pub(super) span: Range<usize>,
    /// What was probably meant, if that is clear.
    pub(super) meant: Option<Meant>,
}

/// The value that a faulty line was meant to give a key.
pub(super) struct Meant {
    /// The bytes between key and value; the correct sign is put at the first of them.
    pub(super) sign: Range<usize>,
    /// The value's bytes.
    pub(super) value: Range<usize>,
    pub(super) kind: RawKind,
}

impl Advice {
    fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self { message: message.into(), help: None, span, meant: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn meant(mut self, pair: &Pair<'_>, kind: RawKind) -> Self {
        self.meant = Some(Meant { sign: pair.sign.clone(), value: pair.value_span.clone(), kind });
        self
    }

    /// The fault to report; `None` if the value will be reported where it is read.
    pub(super) fn fault(&self, code: Code, file: &SitePath, offset: usize) -> Option<Diagnostic> {
        if self.message.is_empty() {
            return None;
        }
        let fault =
            Diagnostic::new(code, self.message.clone()).at(file, offset + self.span.start..offset + self.span.end);
        Some(match &self.help {
            Some(help) => fault.help(help.clone()),
            None => fault,
        })
    }
}

/// The bytes of the line that `byte` is in, without its end.
pub(super) fn line_at(text: &str, byte: usize) -> Range<usize> {
    let byte = floor(text, byte);
    let start = text[..byte].rfind('\n').map_or(0, |at| at + 1);
    let end = text[byte..].find('\n').map_or(text.len(), |at| byte + at);
    let end = if text[start..end].ends_with('\r') { end - 1 } else { end };
    start..end
}

/// The nearest char boundary at or before `byte`.
pub(super) fn floor(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// `range` within `text`, on char boundaries, never reversed.
pub(super) fn within(text: &str, range: Range<usize>) -> Range<usize> {
    let start = floor(text, range.start);
    let mut end = range.end.min(text.len()).max(start);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

/// The bytes of `line` without the blanks around it.
pub(super) fn trimmed(text: &str, line: Range<usize>) -> Range<usize> {
    let written = &text[line.clone()];
    let start = line.start + (written.len() - written.trim_start().len());
    start..start + written.trim().len()
}

/// A line split at the sign between key and value.
struct Pair<'a> {
    key: &'a str,
    sign: Range<usize>,
    value: &'a str,
    value_span: Range<usize>,
}

/// `key SIGN value`; `None` if there is no sign or what comes before it is not a name.
fn pair(text: &str, line: Range<usize>, sign: char) -> Option<Pair<'_>> {
    let written = &text[line.clone()];
    let at = written.find(sign)?;
    let raw_key = &written[..at];
    let key = raw_key.trim().trim_start_matches("- ").trim_matches(['"', '\'']).trim();
    let is_name = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-. ".contains(c));
    if !is_name {
        return None;
    }
    let value_span = trimmed(text, line.start + at + sign.len_utf8()..line.end);
    let value = &text[value_span.clone()];
    Some(Pair { key, sign: line.start + at..value_span.start, value, value_span })
}

/// A field as a sentence names it: "the title", or its name in backticks if that is not a plain word.
pub(super) fn called(key: &str) -> String {
    if key.is_empty() {
        "this text".to_owned()
    } else if key.chars().all(|c| c.is_ascii_lowercase()) {
        format!("the {key}")
    } else {
        format!("`{key}`")
    }
}

/// The message about YAML text that begins with `*`, `&` and the like.
pub(super) fn sign_of_its_own(name: &str, sign: char) -> String {
    format!("{name} begins with `{sign}`, which has a special meaning in YAML; put {name} in quotation marks")
}

const CURLY: &[char] = &['\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}', '\u{2018}', '\u{2019}', '\u{201a}', '«', '»'];

fn without_quotes(text: &str) -> String {
    text.trim_matches(CURLY).trim_matches(['"', '\'']).trim().to_owned()
}

/// Whether this is a day with its month as a word: `4 March 2027`, `May 14, 2026`.
fn like_a_day_in_words(text: &str) -> bool {
    const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<String> =
        text.split([' ', ',', '.']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let has_month = words.iter().any(|word| MONTHS.iter().any(|month| word.starts_with(month)));
    (2..=4).contains(&words.len())
        && has_month
        && words.iter().any(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether this is a date in some order: numbers with two separators between them.
pub(super) fn like_a_date(text: &str) -> bool {
    let date = text.split([' ', 'T']).next().unwrap_or("");
    let parts: Vec<&str> = date.split(['/', '.', '-']).collect();
    parts.len() == 3
        && parts.iter().all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

/// What is wrong with a line of TOML that could not be read; `said` is the parser's message about `at`.
pub(super) fn toml(text: &str, at: Range<usize>, said: &str) -> Advice {
    let line = line_at(text, at.start);
    let here = trimmed(text, line.clone());
    let written = &text[here.clone()];
    if let Some(pair) = pair(text, line.clone(), '=') {
        return toml_pair(&pair, at, said);
    }
    if written.starts_with(CURLY) {
        let value = written.trim_end_matches(',').trim_end();
        let item =
            Pair { key: "text", sign: here.start..here.start, value, value_span: here.start..here.start + value.len() };
        return Advice::new(
            "this text begins with a curly quotation mark, which Word makes; type a straight one",
            here,
        )
        .meant(&item, RawKind::Text(without_quotes(value)));
    }
    if let Some(name) = written.strip_prefix('[') {
        let name = name.trim_matches(['[', ']', ' ']);
        return Advice::new(format!("the brackets of the heading `{written}` do not match"), here)
            .help(format!("write `[{name}]` for one group of fields, `[[{name}]]` for one of several"));
    }
    if let Some(pair) = pair(text, line, ':') {
        let value = without_quotes(pair.value);
        let advice =
            Advice::new(format!("there is a colon between `{}` and its value; write an equals sign", pair.key), here)
                .help(format!("`{} = {:?}`", pair.key, value));
        return if pair.value.is_empty() { advice } else { advice.meant(&pair, RawKind::Text(value)) };
    }
    let word = written.split_whitespace().next().unwrap_or("title");
    if written.is_empty() {
        return Advice::new("a list, a group or a text that begins above is never closed", here)
            .help("look for a `[`, a `{` or a quotation mark without its partner");
    }
    Advice::new("this line has no equals sign between a name and its value", here)
        .help(format!("write it like this: `{} = \"…\"`", word.trim_matches(|c: char| !c.is_alphanumeric())))
}

fn toml_pair(pair: &Pair<'_>, at: Range<usize>, said: &str) -> Advice {
    let name = called(pair.key);
    let value = pair.value;
    let span = pair.value_span.clone();
    let words: Vec<&str> = pair.key.split_whitespace().collect();
    if words.len() > 1 && !pair.key.contains(['"', '\'', '.']) {
        let joined = |sign: &str| words.join(sign).to_lowercase();
        return Advice::new(format!("the name `{}` has a blank in it", pair.key), at).help(format!(
            "write the words of a name with a hyphen or `_` between them: `{}`, `{}`",
            joined("-"),
            joined("_")
        ));
    }
    if value.is_empty() {
        return Advice::new(format!("{name} has no value"), at)
            .help(format!("write one in quotation marks: `{} = \"…\"`, or delete the line", pair.key));
    }
    if value.starts_with(CURLY) {
        return Advice::new(
            format!("{name} begins with a curly quotation mark, which Word makes; type a straight one"),
            span,
        )
        .help(format!("`{} = {:?}`", pair.key, without_quotes(value)))
        .meant(pair, RawKind::Text(without_quotes(value)));
    }
    if value.starts_with(['"', '\'']) {
        return toml_quoted(pair, &name, said);
    }
    if value.starts_with(['[', '{']) {
        return toml_bracketed(pair, said);
    }
    if like_a_date(value) || like_a_day_in_words(value) {
        return Advice::new("", span).meant(pair, RawKind::Date(value.to_owned()));
    }
    let word = value.to_ascii_lowercase();
    if ["true", "false", "yes", "no", "on", "off"].contains(&word.as_str()) {
        let meant = matches!(word.as_str(), "true" | "yes" | "on");
        return Advice::new(format!("{name} is `{value}`; write `{meant}`"), span).meant(pair, RawKind::Bool(meant));
    }
    Advice::new(format!("{name} has no quotation marks round it"), span)
        .help(format!("write it like this: `{} = {:?}`", pair.key, value.trim_matches('"')))
        .meant(pair, RawKind::Text(without_quotes(value)))
}

fn toml_quoted(pair: &Pair<'_>, name: &str, said: &str) -> Advice {
    let (value, span) = (pair.value, pair.value_span.clone());
    let quote = &value[..1];
    let inner = value[1..].trim_end_matches(quote);
    let meant = RawKind::Text(without_quotes(inner));
    if value.starts_with("\"\"\"") || value.starts_with("'''") {
        let marks = &value[..3];
        return Advice::new(format!("{name} begins with `{marks}` and never ends"), span)
            .help(format!("put `{marks}` after its last line"))
            .meant(pair, RawKind::Text(value[3..].trim().to_owned()));
    }
    if said.contains("escape") || said.contains("unicode") && value.contains('\\') {
        return Advice::new(format!("a backslash in {name} has a special meaning; write it twice: `\\\\`"), span)
            .meant(pair, meant);
    }
    if value[1..].ends_with(CURLY) && !inner.contains(quote) {
        return Advice::new(
            format!("{name} ends with a curly quotation mark, which Word makes; type a straight one"),
            span,
        )
        .meant(pair, meant);
    }
    if !value[1..].contains(quote) {
        return Advice::new(format!("{name} begins with a quotation mark and never ends"), span)
            .help(format!("put `{quote}` at the end of the line"))
            .meant(pair, meant);
    }
    let advice = Advice::new(format!("a quotation mark inside {name} ends it early"), span).meant(pair, meant);
    if quote == "\"" {
        advice.help("put a backslash before each quotation mark inside: `\\\"`")
    } else {
        advice.help("put the whole into `\"` instead")
    }
}

fn toml_bracketed(pair: &Pair<'_>, said: &str) -> Advice {
    let (value, span) = (pair.value, pair.value_span.clone());
    if value.contains(CURLY) {
        let straight: String = value.chars().map(|c| if CURLY.contains(&c) { '"' } else { c }).collect();
        let advice = Advice::new(
            format!("`{}` has curly quotation marks, which Word makes; type straight ones", pair.key),
            span.clone(),
        );
        return match super::toml::value(&straight) {
            Some(raw) => advice.meant(pair, placed(raw, &span).kind),
            None => advice,
        };
    }
    let (what, open, close) = if value.starts_with('[') { ("list", '[', ']') } else { ("group", '{', '}') };
    if value.matches(open).count() > value.matches(close).count() {
        let closed = format!("{}{close}", value.trim_end_matches(','));
        let advice = Advice::new(format!("the {what} that begins here is never closed"), span.clone())
            .help(format!("put `{close}` at its end"));
        return match super::toml::value(&closed) {
            Some(raw) => advice.meant(pair, placed(raw, &span).kind),
            None => advice,
        };
    }
    if said.contains("escape") || said.contains("unicode") && value.contains('\\') {
        return Advice::new(
            format!("a backslash within quotation marks has a special meaning in the {what} of `{}`", pair.key),
            span,
        )
        .help("write `/` in paths; any other backslash is written twice: `\\\\`");
    }
    Advice::new(format!("I cannot read the {what} of `{}`: {}", pair.key, plain(said)), span)
        .help(format!("put each part in quotation marks, with commas between: `{} = [\"one\", \"two\"]`", pair.key))
}

/// `raw` with every place set to `span`, since the text parsed is not the text in the file.
fn placed(mut raw: Raw, span: &Range<usize>) -> Raw {
    raw.span = span.clone();
    match &mut raw.kind {
        RawKind::List(items) => {
            for item in items {
                *item = placed(std::mem::replace(item, Raw { kind: RawKind::Null, span: 0..0 }), span);
            }
        }
        RawKind::Table(table) => {
            for (key, value) in table {
                key.span = span.clone();
                *value = placed(std::mem::replace(value, Raw { kind: RawKind::Null, span: 0..0 }), span);
            }
        }
        _ => {}
    }
    raw
}

/// A parser's message, as part of a sentence.
fn plain(said: &str) -> String {
    let first = said.lines().next().unwrap_or("").trim_end_matches('.');
    let mut chars = first.chars();
    match chars.next() {
        Some(c) => c.to_lowercase().chain(chars).collect(),
        None => "something is out of place".to_owned(),
    }
}

/// What is wrong with a line of YAML that could not be read; `said` is the parser's message about `at`.
pub(super) fn yaml(text: &str, at: Range<usize>, said: &str) -> Advice {
    let line = line_at(text, at.start);
    let here = trimmed(text, line.clone());
    let indent = &text[line.start..here.start];
    if indent.contains('\t') {
        return Advice::new("this line begins with a tab; YAML allows only spaces there", line.start..here.start)
            .help("replace each tab with two spaces");
    }
    let written = &text[here.clone()];
    if let Some(pair) = pair(text, line.clone(), ':') {
        return yaml_pair(text, &pair, here, said);
    }
    if written.is_empty() {
        // The parser looks for the colon of a last line behind that line.
        if let Some(last) = last_line(text, line.start).filter(|last| !last.contains(&at.start)) {
            return yaml(text, last.start..last.start, said);
        }
        return Advice::new("a list, a group or a text that begins above is never closed", here)
            .help("look for a `[`, a `{` or a quotation mark without its partner");
    }
    if let Some(pair) = pair(text, line, '=') {
        let value = without_quotes(pair.value);
        let advice = Advice::new(
            format!("there is an equals sign between `{}` and its value; write a colon and a space", pair.key),
            here,
        )
        .help(format!("`{}: {value}`", pair.key));
        return if pair.value.is_empty() || pair.sign.len() < 2 {
            advice
        } else {
            advice.meant(&pair, RawKind::Text(value))
        };
    }
    if written.starts_with("- ") || written == "-" {
        return Advice::new(format!("I cannot read this part of a list: {}", plain(said)), here)
            .help("put its text in quotation marks, and begin all parts of the list in the same column");
    }
    Advice::new("this line has no colon between a name and its value", here)
        .help(format!("write it like this: `{}: …`", written.split_whitespace().next().unwrap_or("title")))
}

/// The last line before `end` that is not empty, if it begins in the first column, sets nothing as YAML does, and nothing above it
/// is left open.
fn last_line(text: &str, end: usize) -> Option<Range<usize>> {
    let above = text[..end].trim_end();
    let last = line_at(text, above.rfind('\n').map_or(0, |at| at + 1));
    let count = |sign: char| above.matches(sign).count();
    let is_closed = count('[') == count(']') && count('{') == count('}') && count('"').is_multiple_of(2);
    let sets = pair(text, last.clone(), ':').is_some_and(|pair| pair.sign.len() >= 2 || pair.value.is_empty());
    let begins = text[last.clone()].starts_with(char::is_alphabetic);
    (is_closed && begins && !sets).then_some(last)
}

/// Whether a comment that was probably not meant as one takes the end of a list or a group.
pub(super) fn cut_by_comment(value: &str) -> bool {
    let comment = value.find(" #").map(|at| &value[at + 2..]);
    value.starts_with(['[', '{'])
        && comment.is_some_and(|rest| rest.starts_with(char::is_alphanumeric) && rest.contains([',', ']', '}']))
}

fn yaml_pair(text: &str, pair: &Pair<'_>, here: Range<usize>, said: &str) -> Advice {
    let name = called(pair.key);
    let (value, span) = (pair.value, pair.value_span.clone());
    let can_mean = pair.sign.len() >= 2;
    let mean = |advice: Advice| {
        if can_mean { advice.meant(pair, RawKind::Text(without_quotes(value))) } else { advice }
    };
    if !can_mean && !value.is_empty() {
        return Advice::new(format!("a space is missing after the colon of `{}`", pair.key), here)
            .help(format!("`{}: {value}`", pair.key));
    }
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inside = &value[1..];
            let advice = if said.contains("escape") {
                Advice::new(format!("a backslash in {name} has a special meaning; write it twice: `\\\\`"), span)
            } else if inside.contains(quote) {
                Advice::new(format!("a quotation mark inside {name} ends it early"), span).help(if quote == '"' {
                    "put a backslash before each quotation mark inside: `\\\"`"
                } else {
                    "write each quotation mark inside twice: `''`"
                })
            } else if inside.ends_with(CURLY) {
                Advice::new(
                    format!("{name} ends with a curly quotation mark, which Word makes; type a straight one"),
                    span,
                )
            } else {
                Advice::new(format!("{name} begins with a quotation mark and never ends"), span)
                    .help(format!("put `{quote}` at the end of the line"))
            };
            mean(advice)
        }
        Some(sign @ ('*' | '&' | '!' | '@' | '%' | '`' | '|' | '>' | '?')) => {
            mean(Advice::new(sign_of_its_own(&name, sign), span))
        }
        Some(open @ ('[' | '{')) => {
            let (what, close) = if open == '[' { ("list", ']') } else { ("group", '}') };
            if cut_by_comment(value) {
                let message =
                    format!("a space and `#` begin a comment in YAML, so the {what} that begins here is never closed");
                return Advice::new(message, span)
                    .help("put the text with the `#` in quotation marks")
                    .meant(pair, RawKind::Null);
            }
            let advice = if value.contains(close) {
                Advice::new(
                    format!(
                        "{name} begins with `{open}`, so YAML reads it as a {what}; if it is text, put it in quotation marks"
                    ),
                    span,
                )
            } else {
                Advice::new(format!("the {what} that begins here is never closed"), span)
                    .help(format!("put `{close}` at its end"))
            };
            mean(advice)
        }
        Some(_) if value.contains(": ") || value.ends_with(':') => {
            let whole = &text[here.clone()];
            mean(
                Advice::new(format!("the colon in `{value}` ends the key early; put {name} in quotation marks"), span)
                    .help(format!("`{}: {value:?}`", whole[..whole.find(':').unwrap_or(0)].trim())),
            )
        }
        _ if said.contains("mapping values are not allowed") => {
            Advice::new("this line is indented further than the one above, which already has a value", here)
                .help("begin it in the same column as the line above")
        }
        _ => Advice::new(format!("I cannot read this line: {}", plain(said)), here)
            .help("fields of one group begin in the same column, two spaces further in than the group's name"),
    }
}
