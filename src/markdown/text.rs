//! A run of text between two events → nodes: bare addresses become links, `H~2~O` and `x^2^` sub- and superscript.
//!
//! The parser splits text wherever a mark might have begun something, so adjoining stretches of the source are joined
//! first. Text that the parser changed (entities, typographic quotation marks) is written as it comes.

use std::ops::Range;

use super::hidden::What;
use super::reader::Reader;
use super::tree::{Kind, number};
use super::{FIGURE, FigureReference, Link};
use crate::diagnostic::Code;

/// How long the name of a note may be.
const LONGEST_LABEL: usize = 200;

/// Bytes that may be part of an address, or begin something.
const MAY_BEGIN: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b":.@~^<$";
    let mut at = 0;
    while at < marks.len() {
        table[marks[at] as usize] = true;
        at += 1;
    }
    table
};

/// What a byte of text means for counting words; a byte that is none of these neither begins a word nor ends one.
const BEGINS_WORD: u8 = 1;
const ENDS_WORD: u8 = 2;
/// The first byte of a non-ASCII character: the whole character must be looked at.
const WIDE: u8 = 4;

const LETTERS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => BEGINS_WORD,
            b' ' | b'\t'..=b'\r' => ENDS_WORD,
            0xc0.. => WIDE,
            _ => 0,
        };
        byte += 1;
    }
    table
};

impl Reader<'_> {
    /// Writes the text that has come since the last other event.
    pub(super) fn flush_text(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let pending = std::mem::take(&mut self.pending);
        let end = pending.last().map_or(0, |(_, range)| range.end);
        self.last_end = end;
        if self.dropping.is_none() {
            let mut stretch: Option<Range<usize>> = None;
            for (text, range) in &pending {
                let verbatim = self.source.get(range.clone()) == Some(&**text);
                match &mut stretch {
                    Some(stretch) if verbatim && stretch.end == range.start => stretch.end = range.end,
                    _ => {
                        if let Some(stretch) = stretch.take() {
                            self.stretch(stretch, end);
                        }
                        if verbatim {
                            stretch = Some(range.clone());
                        } else if range.end > self.skip_until {
                            let text = self.quotation_mark(text, range);
                            if !self.describe_image(text) {
                                self.tree.text(text, self.place(range.clone()));
                                self.read_words(text);
                            }
                        }
                    }
                }
            }
            if let Some(stretch) = stretch {
                self.stretch(stretch, end);
            }
        }
        self.pending = pending;
        self.pending.clear();
    }

    /// Text that is in the source unchanged; the run it belongs to ends at `run_end`.
    fn stretch(&mut self, range: Range<usize>, run_end: usize) {
        let start = range.start.max(self.skip_until);
        if start >= range.end {
            return;
        }
        let (source, original) = (self.source, self.original);
        if self.image.is_some() {
            self.reveal(start..range.end.max(run_end));
            self.describe_image(&original[start..range.end]);
            return;
        }
        if !self.options.extensions {
            self.plain(start..range.end);
            return;
        }
        let bytes = source.as_bytes();
        let mut done = start;
        let mut at = start;
        // An address may have continued beyond the end.
        let next = |at| bytes.get(at..range.end)?.iter().position(|byte| MAY_BEGIN[usize::from(*byte)]);
        while let Some(skipped) = next(at) {
            at += skipped;
            let found = match bytes[at] {
                b'$' => self.formula(at),
                b'@' if let Some(range) = figure(source, done..range.end, at) => Some(Inside::Figure { range }),
                b':' | b'.' | b'@' if !self.in_link() => address(source, done..range.end, at, run_end),
                b'~' | b'^' if !(at == range.start && at > 0 && bytes[at - 1] == b'\\') => {
                    let escaped = at == range.start + 1 && at > 1 && bytes[at - 2] == b'\\';
                    if bytes[at] == b'^' && at > done && bytes[at - 1] == b'[' && !escaped {
                        self.note_without_definition(at - 1, range.clone());
                    }
                    shifted(source, at, range.end)
                }
                b'<' if !(at == range.start && at > 0 && bytes[at - 1] == b'\\') => {
                    if let Some(mark) = comment_mark(&source[at..range.end.max(run_end)]) {
                        self.comment_in_text(at..at + mark);
                    }
                    None
                }
                _ => None,
            };
            let Some(found) = found else {
                at += 1;
                continue;
            };
            self.plain(done..found.range().start);
            done = found.range().end;
            self.write_found(found);
            at = done;
            // An address may continue over text that the parser changed.
            self.skip_until = self.skip_until.max(done);
        }
        if done < range.end {
            self.plain(done..range.end);
        }
    }

    /// The formula that begins at byte `at`, if one does.
    fn formula(&mut self, at: usize) -> Option<Inside> {
        let place = self.hidden.partition_point(|piece| piece.at.start < at);
        let piece = self.hidden.get(place).filter(|piece| piece.at.start == at)?;
        let What::Formula { display } = piece.what else { return None };
        self.seen_pieces[place] = true;
        Some(Inside::Formula { range: piece.at.clone(), display })
    }

    fn plain(&mut self, range: Range<usize>) {
        let original = self.original;
        let text = &original[range.clone()];
        if !self.hidden.is_empty() {
            let first = self.hidden.partition_point(|piece| piece.at.start < range.start);
            let inside = self.hidden[first..].iter().take_while(|piece| piece.at.start < range.end);
            for (nth, piece) in inside.enumerate() {
                self.seen_pieces[first + nth] |= piece.what == What::Colon;
            }
        }
        self.tree.text(text, self.place(range));
        self.read_words(text);
    }

    /// Counts the words that a reader reads, and keeps them for the headings and links they are in.
    pub(super) fn read_words(&mut self, text: &str) {
        if self.heading.is_some() || !self.links.is_empty() {
            self.words_of.push_str(text);
        }
        let mut words = 0;
        let mut in_word = u8::from(self.in_word);
        for (at, byte) in text.bytes().enumerate() {
            // Every byte of every text passes through here, so a table says what a byte is, and the common cases do not
            // branch: where words end cannot be predicted.
            let mut letter = LETTERS[usize::from(byte)];
            if letter == WIDE {
                let c = text[at..].chars().next().unwrap_or(' ');
                letter = if c.is_alphanumeric() { BEGINS_WORD } else { u8::from(c.is_whitespace()) * ENDS_WORD };
            }
            words += usize::from(letter & BEGINS_WORD & !in_word);
            in_word = (in_word | letter) & !(letter >> 1) & 1;
        }
        self.doc.word_count += words;
        self.in_word = in_word == 1;
    }

    fn write_found(&mut self, found: Inside) {
        match found {
            Inside::Address { range, prefix } => {
                let text = self.source[range.clone()].replace("&amp;", "&");
                let span = self.place(range.clone());
                let link = Link {
                    to: format!("{prefix}{text}"),
                    title: String::new(),
                    span: span.clone(),
                    text: text.clone(),
                    attributes: String::new(),
                };
                self.push_link(link, &range);
                self.tree.text(&text, span.clone());
                self.tree.close(span.end);
                self.read_words(&text);
            }
            Inside::Formula { range, display } => self.math(&range, display),
            Inside::Figure { range } => {
                let id = self.source[range.start + 1..range.end].to_owned();
                self.read_words(&id);
                let span = self.place(range);
                let number = number(self.doc.references.len());
                self.doc.references.push(FigureReference { id, span: span.clone() });
                self.tree.leaf(Kind::FigureReference(number), span);
            }
            Inside::Shifted { range, kind } => {
                self.open(kind, &range);
                self.plain(range.start + 1..range.end - 1);
                self.tree.close(self.place(range).end);
            }
        }
    }

    fn note_without_definition(&mut self, start: usize, within: Range<usize>) {
        let text = &self.source[start..within.end];
        // No note has a longer name, and what is no note must not be looked through again and again.
        let Some(close) = text.bytes().take(LONGEST_LABEL).position(|byte| byte == b']') else { return };
        let label = &text[2..close];
        let after = text[close + 1..].trim_start_matches([' ', ':']);
        let begins = self.source[..start].trim_end_matches([' ', '>']).chars().next_back().is_none_or(|c| c == '\n');
        if begins && after.starts_with(char::is_alphabetic) && !self.source[start + close + 1..].starts_with("](") {
            let line = after.lines().next().unwrap_or("");
            let message = format!("this note is shown as text: a colon must follow `[^{label}]` at once");
            let help = format!("write `[^{label}]: {}`", line.chars().take(60).collect::<String>());
            self.fault(Code::FootnoteMissing, message, start..start + close + 1, &help);
            return;
        }
        if label.is_empty() || label.contains(char::is_whitespace) || self.in_link() {
            return;
        }
        let message = format!("no note is called `{label}`");
        let help = format!("write the note on a line of its own: `[^{label}]: …`");
        self.fault(Code::FootnoteMissing, message, start..start + close + 1, &help);
    }

    /// The beginning of a comment came out as text: what was meant to be hidden would be published.
    fn comment_in_text(&mut self, range: Range<usize>) {
        self.fault(
            Code::CommentUnclosed,
            "this comment is not closed in its paragraph, so its words would be published",
            range,
            "end it with `-->` before the next empty line, or begin it on a line of its own",
        );
    }
}

/// How many bytes of `text` begin a comment, as written or as programs "correct" it: `<!--`, `<!-`, `<!–`, `< !—`.
pub(crate) fn comment_mark(text: &str) -> Option<usize> {
    let is_blank =
        |c: char| c != '\n' && (c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'));
    let inside = text.strip_prefix('<')?.trim_start_matches(is_blank).strip_prefix('!')?;
    let inside = inside.trim_start_matches(is_blank);
    let dashes = inside.trim_start_matches(|c| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}'));
    let dash = &inside[..inside.len() - dashes.len()];
    // One dash is enough: nobody writes that for readers.
    (!dash.is_empty()).then(|| text.len() - dashes.len())
}

/// Something in a stretch of text.
enum Inside {
    Address { range: Range<usize>, prefix: &'static str },
    Shifted { range: Range<usize>, kind: Kind },
    Formula { range: Range<usize>, display: bool },
    Figure { range: Range<usize> },
}

impl Inside {
    fn range(&self) -> Range<usize> {
        match self {
            Inside::Address { range, .. }
            | Inside::Shifted { range, .. }
            | Inside::Formula { range, .. }
            | Inside::Figure { range } => range.clone(),
        }
    }
}

/// The reference to a figure, `@fig-spend`, whose `@` is at `at`. What is part of an address, of a name on another site or of a
/// package's name is none.
fn figure(source: &str, within: Range<usize>, at: usize) -> Option<Range<usize>> {
    let text = source[at + 1..within.end].strip_prefix(FIGURE)?;
    let before = source[..at].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || "._%+-/@\\".contains(c)) {
        return None;
    }
    let is_sign = |c: char| !(c.is_alphanumeric() || c == '-' || c == '_');
    let name = &text[..text.find(is_sign).unwrap_or(text.len())];
    let name = name.trim_end_matches(['-', '_']);
    let end = at + 1 + FIGURE.len() + name.len();
    let mut after = source[end..].chars();
    let goes_on = match after.next() {
        Some('@' | '/') => true,
        Some('.') => after.next().is_some_and(char::is_alphanumeric),
        _ => false,
    };
    (!name.is_empty() && !goes_on).then_some(at..end)
}

/// The address around the `:`, `.` or `@` at `at`, if there is one. `within` is what has not been written yet.
fn address(source: &str, within: Range<usize>, at: usize, run_end: usize) -> Option<Inside> {
    let before = &source.as_bytes()[within.start..at];
    let after = &source.as_bytes()[at..run_end.max(within.end)];
    match after[0] {
        b':' => {
            if !after.starts_with(b"://") {
                return None;
            }
            let scheme = before.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).take(6).count();
            let name = &before[before.len() - scheme..];
            if !(name.eq_ignore_ascii_case(b"http") || name.eq_ignore_ascii_case(b"https")) {
                return None;
            }
            web(source, within.start, at - scheme, at + 3, run_end.max(within.end), "")
        }
        b'.' => {
            let www = before.len() >= 3 && before[before.len() - 3..].eq_ignore_ascii_case(b"www");
            if !www {
                return None;
            }
            web(source, within.start, at - 3, at + 1, run_end.max(within.end), "https://")
        }
        _ => email(source, &within, at),
    }
}

/// A web address from `start`; its host begins at `host`.
fn web(source: &str, free: usize, start: usize, host: usize, limit: usize, prefix: &'static str) -> Option<Inside> {
    let free_before = source[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    if start < free || !free_before || !source[host..limit].starts_with(char::is_alphanumeric) {
        return None;
    }
    let text = &source[start..limit];
    let end = text.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(text.len());
    let end = start + trimmed(&text[..end]);
    (end > host).then_some(Inside::Address { range: start..end, prefix })
}

/// The length of an address without the punctuation of the sentence around it.
fn trimmed(text: &str) -> usize {
    let opened = text.bytes().filter(|byte| *byte == b'(').count();
    let mut closed = text.bytes().filter(|byte| *byte == b')').count();
    let mut end = text.len();
    while let Some(last) = text[..end].chars().next_back() {
        match last {
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '"' | '\'' | '’' | '”' | '…' => {}
            ')' if closed > opened => closed -= 1,
            ']' | '}' | '|' => {}
            _ => break,
        }
        end -= last.len_utf8();
    }
    end
}

/// The e-mail address around the `@` at `at`.
fn email(source: &str, within: &Range<usize>, at: usize) -> Option<Inside> {
    let bytes = source.as_bytes();
    let local = bytes[within.start..at]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_'))
        .count();
    let domain = bytes[at + 1..within.end]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        .count();
    let start = at - local;
    let mut end = at + 1 + domain;
    while end > at + 1 && matches!(bytes[end - 1], b'.' | b'-' | b'_') {
        end -= 1;
    }
    let domain = &source[at + 1..end];
    let free_before = source[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '@' && c != '/');
    let fine = local > 0 && free_before && domain.contains('.') && !domain.contains("..") && !domain.starts_with('.');
    let fine = fine && bytes[start..at].iter().any(u8::is_ascii_alphanumeric);
    fine.then_some(Inside::Address { range: start..end, prefix: "mailto:" })
}

/// `~2~` or `^2^` from `at`: no blanks inside, a single mark on either side.
fn shifted(source: &str, at: usize, end: usize) -> Option<Inside> {
    let bytes = source.as_bytes();
    let mark = bytes[at];
    let double = |at: usize| bytes.get(at) == Some(&mark);
    if double(at + 1) || (at > 0 && bytes[at - 1] == mark) {
        return None;
    }
    let inside = &bytes[at + 1..end];
    let length = inside.iter().take(64).position(|byte| *byte == mark || byte.is_ascii_whitespace())?;
    let close = at + 1 + length;
    if length == 0 || bytes[close] != mark || double(close + 1) {
        return None;
    }
    let kind = if mark == b'~' { Kind::Subscript } else { Kind::Superscript };
    Some(Inside::Shifted { range: at..close + 1, kind })
}
