//! YAML → [`Raw`], by the core schema of YAML 1.2: `no` and `2026-05-14` are text, `true` and `12` are not.
//!
//! The parser stops at its first fault. As with TOML, the faulty line is then replaced, in a copy of equal length, by what
//! it was probably meant to say or by blanks, and the copy is read again. Anchors, aliases and tags are refused: an author
//! who begins a title with `*` does not want a field that silently repeats another.

use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput};

use super::advice;
use super::flow::{self, Indented};
use super::json::Filling;
use super::{Key, Raw, RawKind, composed};
use crate::diagnostic::{Code, Diagnostic, Found};
use crate::path::SitePath;

/// How many lines are mended before the rest is given up.
const MENDED: usize = 40;
/// How deeply lists and groups may be nested.
const DEEPEST: usize = 64;

/// The table in `text`, which begins at byte `offset` of `file`.
pub(crate) fn yaml(file: &SitePath, text: &str, offset: usize) -> Found<Raw> {
    let mut mender = Mender { file, text, offset, faults: Vec::new(), meant: BTreeMap::new(), mended: Vec::new() };
    let mut copy = with_spaces(text);
    loop {
        let stop = {
            let scanned = flow::indented(&copy);
            let places = Places::new(&scanned);
            let mut builder = Builder::new(&mender, &places, &copy);
            match builder.document() {
                Ok(raw) => {
                    let faults = builder.faults;
                    mender.faults.extend(faults);
                    return Found::new(raw, mender.faults);
                }
                Err(stop) => stop,
            }
        };
        match mender.mend(copy, &stop) {
            Some(next) => copy = next,
            None => {
                let nothing = Raw { kind: RawKind::Table(Vec::new()), span: offset..offset + text.len() };
                return Found::new(nothing, mender.faults);
            }
        }
    }
}

/// `text` with a space where a tab or hard spaces follow the colon of a field that begins a line: YAML allows the tab, and
/// nobody sees the difference. Of equal length.
fn with_spaces(text: &str) -> String {
    let mut copy = text.to_owned();
    if !text.contains(":\t") && !text.contains(":\u{a0}") {
        return copy;
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let name = line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
        if let Some(value) = line[name..].strip_prefix(':').filter(|_| name > 0) {
            let gap = value.len() - value.trim_start_matches([' ', '\t', '\u{a0}']).len();
            let at = start + name + 1;
            copy.replace_range(at..at + gap, &" ".repeat(gap));
        }
        start += line.len();
    }
    copy
}

/// Why and at which byte reading ended early.
struct Stop {
    at: usize,
    said: String,
    too_deep: bool,
}

/// Turns the parser's character counts into bytes of a text.
struct Places<'a> {
    scanned: &'a Indented<'a>,
    /// Empty if all characters are one byte long.
    bytes: Vec<usize>,
}

impl<'a> Places<'a> {
    fn new(scanned: &'a Indented<'a>) -> Self {
        let text = &scanned.text;
        let bytes = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Self { scanned, bytes }
    }

    fn byte(&self, character: usize) -> usize {
        let len = self.scanned.text.len();
        self.scanned.original(if self.bytes.is_empty() {
            character.min(len)
        } else {
            self.bytes.get(character).copied().unwrap_or(len)
        })
    }
}

/// Makes faulty lines harmless, and reports what is wrong with them.
struct Mender<'a> {
    file: &'a SitePath,
    text: &'a str,
    offset: usize,
    faults: Vec<Diagnostic>,
    /// What replaces, at a byte of the copy, the value that was meant there.
    meant: BTreeMap<usize, (RawKind, Range<usize>)>,
    /// Where the lines already dealt with begin.
    mended: Vec<usize>,
}

impl Mender<'_> {
    /// The copy with one more line mended; `None` if nothing can be done.
    fn mend(&mut self, copy: String, stop: &Stop) -> Option<String> {
        let mut bytes = copy.into_bytes();
        if stop.too_deep || self.mended.len() >= MENDED {
            let line = advice::trimmed(self.text, advice::line_at(self.text, stop.at));
            let message = if stop.too_deep {
                format!("lists and groups are nested more than {DEEPEST} deep here")
            } else {
                "too many lines above cannot be read, so the rest was not read".to_owned()
            };
            let place = self.offset + line.start..self.offset + line.end;
            self.faults.push(Diagnostic::new(Code::YamlSyntax, message).at(self.file, place));
            return None;
        }
        let at = self.culprit(stop);
        let line = advice::line_at(self.text, at);
        if self.mended.contains(&line.start) {
            self.mended.push(line.start);
            let blank = bytes[line.clone()].iter().all(u8::is_ascii_whitespace);
            let range = if blank { self.rest(&bytes, line.start) } else { line };
            fill(&mut bytes, range);
            return String::from_utf8(bytes).ok();
        }
        self.mended.push(line.start);
        let advice = advice::yaml(self.text, at..at, &stop.said);
        self.faults.extend(advice.fault(Code::YamlSyntax, self.file, self.offset));
        match advice.meant {
            Some(meant) => {
                fill(&mut bytes, meant.sign.start..line.end);
                bytes[meant.sign.start] = b':';
                bytes[meant.value.start] = b'~';
                let span = self.offset + meant.value.start..self.offset + meant.value.end;
                self.meant.insert(meant.value.start, (meant.kind, span));
            }
            None => {
                // A tab before a good line: only the tab goes.
                let indent =
                    line.start..line.start + self.text[line.clone()].len() - self.text[line.clone()].trim_start().len();
                if self.text[indent.clone()].contains('\t') && self.text[line.clone()].contains(':') {
                    fill(&mut bytes, indent);
                } else {
                    fill(&mut bytes, line);
                }
            }
        }
        String::from_utf8(bytes).ok()
    }

    /// What to blank when an empty line is at fault: from the last non-empty line above to the end.
    fn rest(&self, bytes: &[u8], from: usize) -> Range<usize> {
        let mut end = from;
        while end > 0 {
            let line = advice::line_at(self.text, end - 1);
            if !bytes[line.clone()].iter().all(u8::is_ascii_whitespace) {
                return line.start..bytes.len();
            }
            end = line.start;
        }
        0..bytes.len()
    }

    /// A byte of the line to blame: some slips are noticed only further down.
    fn culprit(&self, stop: &Stop) -> usize {
        let line = advice::line_at(self.text, stop.at);
        let quoted = stop.said.contains("quoted scalar");
        let flow = stop.said.contains("flow") || stop.said.contains("illegal placement");
        if stop.said.contains("found a tab") {
            let below = self.text[line.end..].find('\n').map(|at| advice::line_at(self.text, line.end + at + 1));
            let tabbed = |range: &Range<usize>| self.text[range.clone()].trim_start_matches(' ').starts_with('\t');
            if let Some(below) = below.filter(tabbed) {
                return below.start;
            }
        }
        let mut above = line.clone();
        let mut first = true;
        while above.start > 0 || first {
            if !first {
                above = advice::line_at(self.text, above.start - 1);
            }
            let written = &self.text[above.clone()];
            let new = !self.mended.contains(&above.start);
            let value =
                written.split_once(": ").map_or(written.trim_start().trim_start_matches("- "), |(_, v)| v).trim();
            let blamed = (quoted && unclosed_quote(value))
                || (flow && (unclosed_bracket(value) || advice::cut_by_comment(value)))
                || (written.trim_start_matches(' ').starts_with('\t') && !written.trim().is_empty());
            if new && blamed {
                return above.start;
            }
            // Otherwise only the nearest line above can be to blame.
            let empty = written.trim().is_empty();
            if !first && !empty && !quoted && !flow {
                let loose = !written.contains(": ")
                    && !written.trim_end().ends_with(':')
                    && !written.trim_start().starts_with(['-', '#']);
                let sound = !self.text[line.clone()].trim().is_empty();
                return if new && loose && sound && !written.starts_with(' ') { above.start } else { stop.at };
            }
            first = false;
        }
        stop.at
    }
}

/// Whether a quoted text begins but does not end in this line.
fn unclosed_quote(value: &str) -> bool {
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value.matches(quote).count() % 2 == 1,
        _ => false,
    }
}

/// Whether a list or a group begins but does not end in this line.
fn unclosed_bracket(value: &str) -> bool {
    let open = value.matches(['[', '{']).count();
    value.starts_with(['[', '{']) && (open > value.matches([']', '}']).count() || !value.ends_with([']', '}']))
}

/// Blanks the bytes but keeps line ends, so that every place stays true.
fn fill(bytes: &mut [u8], range: Range<usize>) {
    for byte in &mut bytes[range] {
        if *byte != b'\n' && *byte != b'\r' {
            *byte = b' ';
        }
    }
}

/// Turns the parser's events into a value.
struct Builder<'a> {
    from: &'a Mender<'a>,
    places: &'a Places<'a>,
    copy: &'a str,
    parser: Parser<'a, StrInput<'a>>,
    faults: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn new(from: &'a Mender<'a>, places: &'a Places<'a>, copy: &'a str) -> Self {
        Self { from, places, copy, parser: Parser::new_from_str(&places.scanned.text), faults: Vec::new() }
    }

    /// The next event with its bytes in the text; after the end, always `StreamEnd`.
    fn next(&mut self) -> Result<(Event<'a>, Range<usize>), Stop> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                let range = self.places.byte(span.start.index())..self.places.byte(span.end.index());
                Ok((event, advice::within(self.copy, range)))
            }
            Some(Err(error)) => Err(self.stop(&error)),
            None => Ok((Event::StreamEnd, self.copy.len()..self.copy.len())),
        }
    }

    fn stop(&self, error: &ScanError) -> Stop {
        let too_deep = error.info().contains("recursion limit");
        Stop { at: self.places.byte(error.marker().index()), said: error.info().to_owned(), too_deep }
    }

    fn fault(&mut self, message: impl Into<String>, at: Range<usize>) -> &mut Diagnostic {
        let at = advice::within(self.from.text, at);
        let place = self.from.offset + at.start..self.from.offset + at.end;
        self.faults.push(Diagnostic::new(Code::YamlSyntax, message).at(self.from.file, place));
        let last = self.faults.len() - 1;
        &mut self.faults[last]
    }

    fn raw(&self, kind: RawKind, at: Range<usize>) -> Raw {
        let at = advice::within(self.from.text, at);
        // The parser extends groups to the next token; the blanks before that are not part of them.
        let end = at.start + self.from.text[at.clone()].trim_end().len();
        Raw { kind, span: self.from.offset + at.start..self.from.offset + end }
    }

    fn document(&mut self) -> Result<Raw, Stop> {
        let whole = self.from.offset..self.from.offset + self.from.text.len();
        let mut value = Raw { kind: RawKind::Table(Vec::new()), span: whole.clone() };
        let mut documents = 0;
        loop {
            let (event, at) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(value),
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents == 2 {
                        let line = advice::line_at(self.copy, at.start);
                        self.fault("a second part begins here, after `---`; only the first is read", line);
                    }
                }
                Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
                event => {
                    let read = self.value(event, at, 0)?;
                    if documents == 1 {
                        let kind = match read.kind {
                            RawKind::Null => RawKind::Table(Vec::new()),
                            kind => kind,
                        };
                        value = Raw { kind, span: whole.clone() };
                    }
                }
            }
        }
    }

    fn value(&mut self, event: Event<'a>, at: Range<usize>, depth: usize) -> Result<Raw, Stop> {
        if depth > DEEPEST {
            return Err(Stop { at: at.start, said: String::new(), too_deep: true });
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if let Some((kind, span)) = self.from.meant.get(&at.start) {
                    return Ok(Raw { kind: kind.clone(), span: span.clone() });
                }
                if anchor != 0 || tag.is_some() {
                    let written = self.refuse(&at);
                    return Ok(self.raw(RawKind::Text(written), at));
                }
                let kind =
                    if style == ScalarStyle::Plain { plain(&text) } else { RawKind::Text(composed(text.into_owned())) };
                if style == ScalarStyle::Plain && matches!(kind, RawKind::Text(_)) {
                    self.cut_by_comment(&at);
                }
                if kind == RawKind::Float(f64::INFINITY) {
                    self.fault("this number is too large to be read", at.clone()).help =
                        Some("if it is a code or a reference number, put it in quotation marks".to_owned());
                    return Ok(self.raw(RawKind::Null, at));
                }
                Ok(self.raw(kind, at))
            }
            Event::SequenceStart(anchor, tag) => {
                if anchor != 0 || tag.is_some() {
                    self.refuse(&at);
                }
                let mut items = Vec::new();
                loop {
                    let (event, here) = self.next()?;
                    if matches!(event, Event::SequenceEnd | Event::StreamEnd) {
                        return Ok(self.raw(RawKind::List(items), at.start..here.end.max(at.end)));
                    }
                    items.push(self.value(event, here, depth + 1)?);
                }
            }
            Event::MappingStart(anchor, tag) => {
                if anchor != 0 || tag.is_some() {
                    self.refuse(&at);
                }
                self.mapping(at, depth)
            }
            _ => {
                let written = self.refuse(&at);
                Ok(self.raw(RawKind::Text(written), at))
            }
        }
    }

    fn mapping(&mut self, at: Range<usize>, depth: usize) -> Result<Raw, Stop> {
        let mut table = Filling::default();
        loop {
            let (event, here) = self.next()?;
            if matches!(event, Event::MappingEnd | Event::StreamEnd) {
                return Ok(self.raw(RawKind::Table(table.table), at.start..here.end.max(at.end)));
            }
            let name = match &event {
                Event::Scalar(text, _, _, _) => Some(composed(text.clone().into_owned())),
                _ => None,
            };
            let said = self.faults.len();
            let span = self.value(event, here.clone(), depth + 1)?.span;
            if name.is_none() {
                self.faults.truncate(said);
                self.fault("the name of a field should be here; if this is text, put it in quotation marks", here);
            }
            let (event, here) = self.next()?;
            let value = self.value(event, here, depth + 1)?;
            let Some(name) = name else { continue };
            table.insert(self.from.file, &mut self.faults, Key { name, span }, value);
        }
    }

    /// Reports what YAML takes for a comment though it was probably meant as the end of the text at `at`: `Report #2`.
    fn cut_by_comment(&mut self, at: &Range<usize>) {
        let read = advice::trimmed(self.copy, at.clone());
        let behind = &self.copy[read.end..advice::line_at(self.copy, read.end).end];
        let Some(rest) = behind.trim_start().strip_prefix('#').filter(|_| behind.starts_with([' ', '\t'])) else {
            return;
        };
        if !rest.starts_with(char::is_alphanumeric) {
            return;
        }
        let begin = advice::line_at(self.copy, read.start).start;
        let before = self.copy[begin..read.start].trim_start();
        let key = before.trim_start_matches([' ', '-']).trim_end().trim_end_matches(':');
        let is_name = key.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
        let (name, before) = if is_name { (advice::called(key), before) } else { (advice::called(""), "") };
        let comment = read.end + (behind.len() - behind.trim_start().len());
        let whole: Vec<&str> = self.copy[read.start..read.end + behind.len()].split_whitespace().collect();
        let message = format!("YAML takes `{}` for a comment, so {name} ends before it", behind.trim());
        let place = self.from.offset + comment..self.from.offset + comment + behind.trim().len();
        let whole = whole.join(" ").replace('\\', "\\\\").replace('"', "\\\"");
        // In quotation marks a date would be none.
        let help = match advice::like_a_date(&self.copy[read.clone()]) {
            true => {
                "if it is a comment, write a space after the `#`; if it belongs to the value, delete the `#`".to_owned()
            }
            false => format!(
                "put it in quotation marks: `{before}\"{whole}\"`; if it is a comment, write a space after the `#`"
            ),
        };
        self.faults.push(Diagnostic::new(Code::YamlComment, message).at(self.from.file, place).help(help));
    }

    /// Reports an anchor, an alias or a tag, and returns the words as written.
    fn refuse(&mut self, at: &Range<usize>) -> String {
        let line = advice::line_at(self.copy, at.start);
        let text = self.copy;
        let start = text[line.start..at.start].rfind(": ").map_or(at.start, |n| line.start + n + 2);
        let here = advice::trimmed(text, start..line.end.max(start));
        let sign = text[here.clone()].chars().next().unwrap_or('*');
        let key = text[line.start..here.start].trim_start_matches([' ', '-']).trim_end().trim_end_matches(':');
        let message = advice::sign_of_its_own(&advice::called(key), sign);
        let written = text[here.clone()].to_owned();
        self.fault(message, here);
        written
    }
}

/// What an unquoted text is, by the core schema.
fn plain(text: &str) -> RawKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return RawKind::Null,
        "true" | "True" | "TRUE" => return RawKind::Bool(true),
        "false" | "False" | "FALSE" => return RawKind::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.bytes().all(|b| b.is_ascii_digit())
        && let Ok(number) = text.parse::<i64>()
    {
        return RawKind::Int(number);
    }
    let numeric = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b))
        && digits.contains(|c: char| c.is_ascii_digit());
    match text.parse::<f64>() {
        Ok(number) if numeric && number.is_finite() => RawKind::Float(number),
        Ok(number) if numeric && number.is_infinite() => RawKind::Float(f64::INFINITY),
        _ => RawKind::Text(composed(text.to_owned())),
    }
}
