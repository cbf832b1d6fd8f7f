//! Words and marks in a row → a line of Markdown in which every word is a word: only signs that would mean something get a backslash.

/// A part of a line that is being written.
pub(super) enum Piece {
    /// What a reader is to see, sign by sign.
    Words(String),
    /// A mark of Markdown, written as it is.
    Mark(String),
}

/// Where a line stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Where {
    Paragraph,
    Heading,
    Cell,
}

/// A sign, and whether it is a word's.
type Sign = (char, bool);

/// Writes the line. If `careful`, every sign of punctuation gets a backslash.
pub(super) fn written(pieces: &[Piece], place: Where, careful: bool) -> String {
    let mut signs: Vec<Sign> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Words(words) => signs.extend(words.chars().map(|c| (c, true))),
            Piece::Mark(mark) => signs.extend(mark.chars().map(|c| (c, false))),
        }
    }
    let line = Line { brackets: brackets_matter(&signs), dollars: dollars_matter(&signs), signs, place };
    let mut out = String::with_capacity(line.signs.len() + 8);
    for (at, (c, is_word)) in line.signs.iter().enumerate() {
        if *is_word
            && c.is_ascii_punctuation()
            && (careful && *c != '\'' && *c != '"' && *c != ',' || line.means(at, *c))
        {
            out.push('\\');
        }
        out.push(*c);
    }
    out
}

struct Line {
    signs: Vec<Sign>,
    place: Where,
    brackets: bool,
    dollars: bool,
}

impl Line {
    fn at(&self, at: usize) -> Option<char> {
        self.signs.get(at).map(|(c, _)| *c)
    }

    fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|at| self.at(at))
    }

    fn is_blank_or_end(c: Option<char>) -> bool {
        c.is_none_or(char::is_whitespace)
    }

    /// Whether a sign at this place would be read as a mark.
    fn means(&self, at: usize, c: char) -> bool {
        let (before, after) = (self.before(at), self.at(at + 1));
        let is_alone = Self::is_blank_or_end(before) && Self::is_blank_or_end(after);
        let begins = self.place != Where::Cell && (at == 0 || before == Some('\n'));
        match c {
            '\\' => after.is_none_or(|next| next.is_ascii_punctuation() || next == '\n'),
            '`' => true,
            '*' => begins || !is_alone || self.only_until_end(at, '*'),
            '_' => {
                let within = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                !(is_alone && !begins || within(before) && within(after))
            }
            '~' | '^' => !is_alone || begins,
            '$' => self.dollars,
            '(' | '[' | ':' if before == Some(']') && at > 0 && !self.signs[at - 1].1 => true,
            '[' | ']' => self.brackets || begins && c == '[',
            '!' => after == Some('[') && !self.signs[at + 1].1,
            '<' => after.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')),
            '&' => self.is_entity(at),
            '@' => self.signs[at + 1..].iter().map(|(c, _)| *c).take(4).eq("fig-".chars()),
            '{' => self.place == Where::Heading || at > 0 && !self.signs[at - 1].1,
            '|' => true,
            '>' | '=' => begins,
            '#' => begins && self.hashes(at) || self.place == Where::Heading && self.only_until_end(at, '#'),
            '+' | '-' => begins && (Self::is_blank_or_end(after) || after == Some(c) || self.line_is_rule(at)),
            ':' => begins,
            '.' | ')' => self.place != Where::Cell && self.ends_number(at) && Self::is_blank_or_end(after),
            _ => false,
        }
    }

    /// Whether nothing but this sign follows until the line ends.
    fn only_until_end(&self, at: usize, sign: char) -> bool {
        self.signs[at..].iter().take_while(|(c, _)| *c != '\n').all(|(c, _)| *c == sign || *c == ' ')
    }

    /// Whether a line consists of signs that underline or separate: `- - -`, `--|--`.
    fn line_is_rule(&self, at: usize) -> bool {
        self.signs[at..].iter().take_while(|(c, _)| *c != '\n').all(|(c, _)| matches!(c, '-' | ' ' | '|' | ':' | '='))
    }

    fn hashes(&self, at: usize) -> bool {
        let count = self.signs[at..].iter().take_while(|(c, _)| *c == '#').count();
        count <= 6 && Self::is_blank_or_end(self.at(at + count))
    }

    /// Whether only digits are before it in its line.
    fn ends_number(&self, at: usize) -> bool {
        let digits = self.signs[..at].iter().rev().take_while(|(c, _)| c.is_ascii_digit()).count();
        let start = at - digits;
        (1..=9).contains(&digits) && (start == 0 || self.at(start - 1) == Some('\n'))
    }

    fn is_entity(&self, at: usize) -> bool {
        let rest = &self.signs[at + 1..];
        let length = rest.iter().take(40).take_while(|(c, _)| c.is_ascii_alphanumeric() || *c == '#').count();
        length > 0 && rest.get(length).is_some_and(|(c, _)| *c == ';')
    }
}

/// Whether square brackets could be a link, a note or a task.
fn brackets_matter(signs: &[Sign]) -> bool {
    let own = |at: usize, c: char| signs.get(at).is_some_and(|(sign, is_word)| *sign == c && *is_word);
    let any = |at: usize, among: &str| signs.get(at).is_some_and(|(sign, _)| among.contains(*sign));
    let is_in_link = signs.iter().any(|(c, is_word)| !is_word && *c == '[');
    (0..signs.len()).any(|at| {
        own(at, ']') && (is_in_link || any(at + 1, "([:{")) || own(at, '[') && (is_in_link || any(at + 1, "^!"))
    })
}

/// Whether dollar signs could be the ends of a formula.
fn dollars_matter(signs: &[Sign]) -> bool {
    let mut opened = false;
    for (at, (c, is_word)) in signs.iter().enumerate() {
        if *c != '$' {
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| signs.get(at)).map(|(c, _)| *c);
        let after = signs.get(at + 1).map(|(c, _)| *c);
        if *is_word && (before == Some('$') || after == Some('$')) || !is_word && opened && *is_word {
            return true;
        }
        if opened && before.is_some_and(|c| !c.is_whitespace()) && !after.is_some_and(|c| c.is_ascii_digit()) {
            return true;
        }
        opened |= after.is_some_and(|c| !c.is_whitespace());
    }
    false
}
