//! A line of plain text, such as a title → the same with the quotation marks, dashes and ellipses that a text would have.
//!
//! It follows the parser (CommonMark's flanking) and `quotes` mark by mark, so that a title and a text agree; a property compares
//! the two. Addresses, what stands between backticks, and names of one word with `--` in them stay as they are.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use memchr::{memchr, memchr2, memmem};

use super::Options;
use super::quotes::{closes, is_apostrophe};

/// `text` as readers see it.
pub(crate) fn set<'t>(text: &'t str, options: &Options) -> Cow<'t, str> {
    let bytes = text.as_bytes();
    let may_change = || {
        memchr2(b'\'', b'"', bytes).is_some()
            || memmem::find(bytes, b"--").is_some()
            || memmem::find(bytes, b"...").is_some()
    };
    if !options.smart_punctuation || !may_change() {
        return Cow::Borrowed(text);
    }
    let is_one_word = !text.contains(char::is_whitespace);
    let mut line = Line { text, is_one_word, out: String::with_capacity(text.len() + 8), ..Line::default() };
    let mut at = 0;
    while at < text.len() {
        at = line.next(at);
    }
    Cow::Owned(line.out)
}

#[derive(Default)]
struct Line<'t> {
    text: &'t str,
    is_one_word: bool,
    out: String,
    /// Where backticks stand, by how many stand together; known once one is met.
    runs: Option<BTreeMap<usize, VecDeque<usize>>>,
    /// Whether the parser has an open double mark.
    is_open: bool,
    /// Whether a double quotation has begun, as `quotes` counts.
    quoting: bool,
    /// The single mark that a later one may close: its places in `out` and in `text`.
    single: Option<(usize, usize)>,
}

impl Line<'_> {
    /// Sets what begins at `at`, and returns where it ends.
    fn next(&mut self, at: usize) -> usize {
        let text = self.text;
        let rest = &text[at..];
        if at == 0 || text[..at].ends_with(char::is_whitespace) {
            let word = rest.split(char::is_whitespace).next().unwrap_or("");
            if word.contains("://") || word.starts_with("www.") || word.contains('@') {
                self.out.push_str(word);
                return at + word.len().max(1);
            }
        }
        let Some(first) = rest.chars().next() else { return text.len() };
        let run = |mark: char| rest.bytes().take_while(|byte| *byte == mark as u8).count();
        match first {
            '"' => self.double(at),
            '\'' => self.single(at),
            '.' if rest.starts_with("...") => {
                self.out.push('…');
                return at + 3;
            }
            '-' if run('-') > 1 && self.is_dash(at, run('-')) => {
                dashes(run('-'), &mut self.out);
                return at + run('-');
            }
            '`' => {
                let end = self.end_of_code(at, run('`'));
                self.out.push_str(&text[at..end]);
                return end;
            }
            other => self.out.push(other),
        }
        at + first.len_utf8()
    }

    /// Where the code ends that `count` backticks at `at` begin: behind as many. Behind themselves, if nothing ends it.
    fn end_of_code(&mut self, at: usize, count: usize) -> usize {
        let begins = at + count;
        let runs = self.runs.get_or_insert_with(|| runs(self.text));
        let Some(places) = runs.get_mut(&count) else { return begins };
        while places.front().is_some_and(|place| *place < begins) {
            places.pop_front();
        }
        places.front().map_or(begins, |place| place + count)
    }

    fn double(&mut self, at: usize) {
        let (opens, may_close) = (can_open(self.text, at), can_close(self.text, at));
        let (before, rest) = (self.text[..at].chars().next_back(), &self.text[at + 1..]);
        let is_end = may_close && self.is_open;
        self.is_open = !is_end && (self.is_open || opens);
        let is_end = is_end || closes(self.text, at, before, rest, self.quoting);
        self.quoting = !is_end;
        self.out.push(if is_end { '”' } else { '“' });
    }

    fn single(&mut self, at: usize) {
        match self.single.filter(|_| can_close(self.text, at)) {
            Some((place, opened)) => {
                let before = self.text[..opened].chars().next_back();
                if !is_apostrophe(before, &self.text[opened + 1..]) {
                    self.out.replace_range(place..place + '’'.len_utf8(), "‘");
                }
                self.single = None;
            }
            None if can_open(self.text, at) => self.single = Some((self.out.len(), at)),
            None => {}
        }
        self.out.push('’');
    }

    /// Whether hyphens are a dash: in one word they may be part of a name, unless they join numbers.
    fn is_dash(&self, at: usize, count: usize) -> bool {
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let joins = is_digit(self.text[..at].chars().next_back()) && is_digit(self.text[at + count..].chars().next());
        !self.is_one_word || joins
    }
}

/// The places of backticks, by how many stand together.
fn runs(text: &str) -> BTreeMap<usize, VecDeque<usize>> {
    let mut runs: BTreeMap<usize, VecDeque<usize>> = BTreeMap::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = memchr(b'`', &bytes[at..]) {
        let start = at + next;
        let count = bytes[start..].iter().take_while(|byte| **byte == b'`').count();
        runs.entry(count).or_default().push_back(start);
        at = start + count;
    }
    runs
}

/// As many dashes as the parser makes of so many hyphens.
fn dashes(count: usize, out: &mut String) {
    let (ems, ens) = match count % 6 {
        0 | 3 => (count / 3, 0),
        2 | 4 => (0, count / 2),
        1 => (count / 3 - 1, 2),
        _ => (count / 3, 1),
    };
    out.extend(std::iter::repeat_n('—', ems).chain(std::iter::repeat_n('–', ens)));
}

/// Whether the mark at `at` can open a quotation (CommonMark 0.31.2, 6.2: left-flanking).
fn can_open(text: &str, at: usize) -> bool {
    let Some(next) = text[at + 1..].chars().next().filter(|next| !next.is_whitespace()) else { return false };
    let Some(before) = text[..at].chars().next_back() else { return !next.is_whitespace() };
    let is_single = text.as_bytes()[at] == b'\'';
    before.is_whitespace() || is_punctuation(before) && !(is_single && [']', ')'].contains(&before))
}

/// Whether the mark at `at` can close one.
fn can_close(text: &str, at: usize) -> bool {
    let Some(before) = text[..at].chars().next_back() else { return false };
    let next = text[at + 1..].chars().next();
    !before.is_whitespace() && next.is_none_or(|next| next.is_whitespace() || is_punctuation(next))
}

fn is_punctuation(c: char) -> bool {
    let is_combining = ('\u{300}'..='\u{36f}').contains(&c);
    c.is_ascii_punctuation() || !(c.is_ascii() || c.is_alphanumeric() || c.is_whitespace() || is_combining)
}
