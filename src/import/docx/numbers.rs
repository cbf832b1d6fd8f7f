//! What captions call their figures, `Figure 4` → the numbers that these have on the page, and the words of the page that still say the
//! old ones.

use super::fields::BOOKMARK;
use super::typed::kind;
use crate::import::document::{Block, Definition};
use crate::import::losses::Losses;

/// How the place of a figure's old name begins among its bookmarks.
pub(super) const OLD: &str = "old:";

/// A figure of the document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Numbered {
    /// What its caption calls it: `Table 2.1`.
    pub(crate) old: String,
    /// Its number on the page, from 1.
    pub(crate) new: usize,
}

impl Numbered {
    /// What the page calls it.
    fn here(&self) -> String {
        format!("Figure {}", self.new)
    }

    /// Whether a reader finds the same under the same name.
    fn is_same(&self) -> bool {
        let (word, number) = parted(&self.old);
        kind(word) == Some("figure") && number == self.new.to_string()
    }
}

/// The figures whose captions had a number, in the order of the text; `is_figure` knows the blocks that are counted.
pub(super) fn numbers(blocks: &[Block], labels: &[String], is_figure: &dyn Fn(&str) -> bool) -> Vec<Numbered> {
    let mut counter = Counter { labels, is_figure, count: 0, found: Vec::new() };
    counter.go(blocks);
    counter.found
}

struct Counter<'a> {
    labels: &'a [String],
    is_figure: &'a dyn Fn(&str) -> bool,
    count: usize,
    found: Vec<Numbered>,
}

impl Counter<'_> {
    fn go(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Directive { name, attributes, blocks } => {
                    if (self.is_figure)(name) {
                        self.count += 1;
                        let ids = attributes.iter().filter(|(key, _)| key == "id");
                        let mut names =
                            ids.filter_map(|(_, id)| id.strip_prefix(BOOKMARK)).flat_map(|id| id.split(' '));
                        let at = names.find_map(|name| name.strip_prefix(OLD)?.parse::<usize>().ok());
                        if let Some(old) = at.and_then(|at| self.labels.get(at)) {
                            let old = old.split_whitespace().collect::<Vec<_>>().join(" ");
                            self.found.push(Numbered { old, new: self.count });
                        }
                    }
                    self.go(blocks);
                }
                Block::Quote(inside) | Block::Alert(_, inside) => self.go(inside),
                Block::List { items, .. } => items.iter().for_each(|item| self.go(item)),
                Block::Definitions(all) => all.iter().for_each(|one| match one {
                    Definition::Meaning(inside) => self.go(inside),
                    Definition::Term(_) => {}
                }),
                _ => {}
            }
        }
    }
}

/// Sets old and new names side by side where they differ.
pub(super) fn say(all: &[Numbered], losses: &mut Losses) {
    let differ: Vec<String> = all
        .iter()
        .filter(|one| !one.is_same())
        .map(|one| format!("{} in the document is {} here", one.old, one.here()))
        .collect();
    if !differ.is_empty() {
        let how = format!("the site counts figures and tables in one row: {}", differ.join(", "));
        losses.changed("numbers of figures that are others here", &how, String::new(), "");
    }
}

/// Words of a page that still call a figure by an old number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Cited {
    /// The line of the file, from 1.
    pub(crate) line: usize,
    pub(crate) words: String,
    /// `Figure 4 is Figure 3 here`.
    pub(crate) meant: String,
}

/// The words of a written page that still say an old number which is another one here.
pub(crate) fn cited(page: &str, all: &[Numbered]) -> Vec<Cited> {
    let mut found = Vec::new();
    for (nth, line) in page.lines().enumerate() {
        for (at, word, number) in mentions(line, &|word| all.iter().any(|one| is_called(&one.old, word))) {
            let same = |one: &&Numbered| is_called(&one.old, word) && parted(&one.old).1 == number;
            let meant: Vec<&Numbered> = all.iter().filter(same).collect();
            let [one] = meant.as_slice() else { continue };
            if !one.is_same() {
                found.push(Cited {
                    line: nth + 1,
                    words: around(line, at),
                    meant: format!("{} is {} here", one.old, one.here()),
                });
            }
        }
    }
    found
}

/// `Table 2.1` → its word and its number.
fn parted(label: &str) -> (&str, &str) {
    let (word, number) = label.trim().rsplit_once(|c: char| c.is_whitespace()).unwrap_or(("", label));
    (word.trim(), number.trim_end_matches(['.', '-', '–', ':']))
}

/// Whether a caption calls its figure what a word of the text does: `Fig.` and `figures` are one.
fn is_called(label: &str, word: &str) -> bool {
    let known = parted(label).0;
    kind(known).is_some_and(|known| Some(known) == kind(word))
        || !known.is_empty() && known.to_lowercase() == word.to_lowercase()
}

/// The numbers of figures that a line names, each with its place and the word before it: `Figures 3 and 4` names two.
fn mentions<'l>(line: &'l str, is_known: &dyn Fn(&str) -> bool) -> Vec<(usize, &'l str, &'l str)> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = line[rest..].find(|c: char| c.is_alphabetic()).map(|at| rest + at) {
        let end = line[at..].find(|c: char| !(c.is_alphanumeric() || c == '.')).map_or(line.len(), |end| at + end);
        let word = line[at..end].trim_end_matches(char::is_numeric);
        rest = end;
        if !is_known(word) {
            continue;
        }
        let mut next = at + word.len();
        loop {
            let behind = line[next..].trim_start_matches([' ', '\u{a0}']);
            let start = line.len() - behind.len();
            let length = behind.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-'))).unwrap_or(behind.len());
            let number = behind[..length].trim_end_matches(['.', '-']);
            if !number.starts_with(|c: char| c.is_ascii_digit()) {
                break;
            }
            found.push((at, word, number));
            next = start + number.len();
            rest = rest.max(next);
            let further = [" and ", " or ", ", and ", ", ", " a ", " & ", "–", " to ", "/"];
            let Some(gap) = further.iter().find(|gap| line[next..].starts_with(**gap)) else { break };
            next += gap.len();
        }
    }
    found
}

/// The words of a line round a place in it.
fn around(line: &str, at: usize) -> String {
    const BEFORE: usize = 20;
    const AFTER: usize = 40;
    let start = line[..at].char_indices().rev().nth(BEFORE).map_or(0, |(start, _)| start);
    let start = if start == 0 { 0 } else { line[start..at].find(' ').map_or(at, |gap| start + gap + 1) };
    let end = line[at..].char_indices().nth(AFTER).map_or(line.len(), |(end, _)| at + end);
    let end = if end == line.len() { end } else { line[at..end].rfind(' ').map_or(end, |gap| at + gap) };
    line[start..end].trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Numbered, cited};

    #[test]
    fn old_numbers_are_found_in_the_words_of_a_page() {
        let all =
            [("Figure 4", 3), ("Table 1", 4), ("Figure 5", 5)].map(|(old, new)| Numbered { old: old.to_owned(), new });
        let page = "title\nAs figures 4 and 5 show (see Table\u{a0}1), nothing.\nFigure 5 stays, table 10 is none, Constable 1 too.";
        let found: Vec<(usize, String)> = cited(page, &all).into_iter().map(|one| (one.line, one.meant)).collect();
        assert_eq!(found, [(2, "Figure 4 is Figure 3 here".to_owned()), (2, "Table 1 is Figure 4 here".to_owned())]);
    }
}
