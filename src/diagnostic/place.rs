//! A file's text and a byte in it → line and column, for every form in which faults are shown.
//!
//! * A column counts characters; the byte order mark at the beginning of a file does not count.
//! * A span beyond the text, or within a character, moves to the nearest place that exists: the text shown may be lossy,
//!   and losing a fault would be worse than underlining it imprecisely.
//!
//! Not here: reading files. The caller brings the [`Sources`].

use super::Span;
use crate::path::SitePath;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The files that faults are in, as text.
pub(crate) trait Sources {
    /// The text of `file`, with bytes that are not UTF-8 replaced; `None` if there is no such file.
    fn text(&self, file: &SitePath) -> Option<Cow<'_, str>>;
}

/// A line and a column, both counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A text whose lines are found once, since many faults may be in one file.
pub(crate) struct Lines<'a> {
    text: Cow<'a, str>,
    starts: Vec<usize>,
    /// How many characters there are before every [`STEP`]th byte: a line may be as long as a book.
    counts: Vec<usize>,
}

/// See [`Lines::counts`].
const STEP: usize = 1024;

impl<'a> Lines<'a> {
    pub(crate) fn new(text: Cow<'a, str>) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut counts = vec![0];
        let (mut at, mut count) = (0, 0);
        while at + STEP <= text.len() {
            count += text[text.floor_char_boundary(at)..text.floor_char_boundary(at + STEP)].chars().count();
            at += STEP;
            counts.push(count);
        }
        Self { text, starts, counts }
    }

    /// The line and column of a byte.
    pub(crate) fn position(&self, byte: usize) -> Position {
        let byte = self.nearest(byte);
        let line = self.line_of(byte);
        let mut start = self.starts[line];
        if line == 0 {
            start += byte - self.text[..byte].trim_start_matches(BYTE_ORDER_MARK).len();
        }
        Position { line: line + 1, column: self.characters(byte) - self.characters(start) + 1 }
    }

    /// How many characters there are before a byte.
    fn characters(&self, byte: usize) -> usize {
        let step = byte / STEP;
        self.counts[step] + self.text[self.text.floor_char_boundary(step * STEP)..byte].chars().count()
    }

    /// The part of `range` on its first line, without the line's end.
    pub(crate) fn on_one_line(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.nearest(range.start);
        let line = self.content(self.line_of(start));
        let start = start.clamp(line.start, line.end);
        start..self.nearest(range.end).clamp(start, line.end)
    }

    /// All lines from that of byte `first` to that of byte `last`: their text, the byte where it begins and the number of
    /// the first line.
    pub(crate) fn window(&self, first: usize, last: usize) -> (&str, usize, usize) {
        let line = self.line_of(self.nearest(first));
        let start = self.content(line).start;
        let end = self.content(self.line_of(self.nearest(last))).end.max(start);
        (&self.text[start..end], start, line + 1)
    }

    /// The part of the line of byte `at` that is at most `reach` bytes away, the byte where it begins, and the line's number.
    pub(crate) fn around(&self, at: usize, reach: usize) -> (&str, usize, usize) {
        let line = self.line_of(self.nearest(at));
        let content = self.content(line);
        let start = self.text.ceil_char_boundary(content.start.max(at.saturating_sub(reach)));
        let end = self.text.floor_char_boundary(content.end.min(at + reach)).max(start);
        (&self.text[start..end], start, line + 1)
    }

    /// The bytes of a line (counted from 0) without its end and without the byte order mark.
    fn content(&self, line: usize) -> Range<usize> {
        let start = self.starts[line];
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        let text = self.text[start..end].trim_end_matches('\n').trim_end_matches('\r');
        let end = start + text.len();
        match text.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if line == 0 => end - rest.len()..end,
            _ => start..end,
        }
    }

    fn line_of(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    fn nearest(&self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }
}

/// The files that the faults of one report are in, each read once.
pub(crate) struct Places<'a> {
    sources: &'a dyn Sources,
    files: BTreeMap<SitePath, Option<Lines<'a>>>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(sources: &'a dyn Sources) -> Self {
        Self { sources, files: BTreeMap::new() }
    }

    /// The lines of `file`; `None` if it cannot be shown.
    pub(crate) fn lines(&mut self, file: &SitePath) -> Option<&Lines<'a>> {
        if !self.files.contains_key(file) {
            let lines = self.sources.text(file).map(Lines::new);
            self.files.insert(file.clone(), lines);
        }
        self.files.get(file)?.as_ref()
    }

    /// Where `span` begins and ends; `None` if it means the whole file or the file cannot be shown.
    pub(crate) fn ends(&mut self, span: &Span) -> Option<(Position, Position)> {
        if span.whole_file() {
            return None;
        }
        let lines = self.lines(&span.file)?;
        Some((lines.position(span.start), lines.position(span.end.max(span.start))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_and_no_byte_order_mark() {
        let text = "\u{feff}é\tx\r\ny";
        let lines = Lines::new(text.into());
        let column = |byte| lines.position(byte).column;
        assert_eq!((column(0), column(3), column(5), column(6)), (1, 1, 2, 3));
        let y = text.len() - 1;
        assert_eq!(lines.position(y), Position { line: 2, column: 1 });
        assert_eq!(lines.position(4), lines.position(3), "within a character is at its beginning");
        assert_eq!(lines.position(9999), Position { line: 2, column: 2 });
        assert_eq!(super::super::line_column(text, 6), (1, 3), "the two ways to count agree");
    }

    #[test]
    fn what_is_underlined_stays_on_its_first_line() {
        let lines = Lines::new("\u{feff}ab\r\ncd\n\nef".into());
        assert_eq!(lines.on_one_line(&(3..999)), 3..5);
        assert_eq!(lines.on_one_line(&(0..4)), 3..4);
        assert_eq!(lines.on_one_line(&(10..12)), 10..10, "an empty line");
        assert_eq!(lines.window(0, 8), ("ab\r\ncd", 3, 1));
    }
}
