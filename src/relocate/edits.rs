//! Changes of bytes in source files → new texts, and what differs line by line. All else in a file stays as it is.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::Span;
use crate::path::SitePath;
use crate::source::Tree;

/// What is to be changed in the files of a site.
#[derive(Clone, Default, Debug)]
pub(super) struct Edits {
    by_file: BTreeMap<SitePath, Vec<Edit>>,
}

/// One stretch of bytes, and what is to stand there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Edit {
    at: (usize, usize),
    text: String,
}

/// Lines of a file that change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Difference {
    pub(crate) file: SitePath,
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) before: String,
    pub(crate) after: String,
}

impl Edits {
    /// Puts `text` in the place of the bytes `at` of `file`.
    pub(super) fn replace(&mut self, file: &SitePath, at: Range<usize>, text: impl Into<String>) {
        let edit = Edit { at: (at.start, at.end), text: text.into() };
        self.by_file.entry(file.clone()).or_default().push(edit);
    }

    /// The new text of every file that changes, and the lines that differ; a place where two changes would meet.
    pub(super) fn applied(mut self, tree: &Tree) -> Result<(BTreeMap<SitePath, String>, Vec<Difference>), Span> {
        let mut texts = BTreeMap::new();
        let mut differences = Vec::new();
        for (file, edits) in &mut self.by_file {
            // The same link may have been met twice.
            edits.sort();
            edits.dedup();
            let Some(text) = tree.get(file).and_then(|file| file.text()) else { continue };
            if let Some(pair) = edits.windows(2).find(|pair| pair[1].at.0 < pair[0].at.1 || pair[0].at == pair[1].at) {
                return Err(Span::new(file, pair[1].at.0..pair[1].at.1));
            }
            texts.insert(file.clone(), rewritten(text, 0..text.len(), edits));
            differences.extend(lines(file, text, edits));
        }
        Ok((texts, differences))
    }
}

/// The bytes `range` of `text` with `edits`, which lie in it.
fn rewritten(text: &str, range: Range<usize>, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(range.len() + 64);
    let mut at = range.start;
    for edit in edits {
        out.push_str(&text[at..edit.at.0]);
        out.push_str(&edit.text);
        at = edit.at.1;
    }
    out.push_str(&text[at..range.end]);
    out
}

fn lines(file: &SitePath, text: &str, edits: &[Edit]) -> Vec<Difference> {
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (n, edit) in edits.iter().enumerate() {
        let start = text[..edit.at.0].rfind('\n').map_or(0, |at| at + 1);
        // What is put in before a line leaves that line as it is.
        let is_whole_line = edit.at.0 == edit.at.1 && edit.at.0 == start && edit.text.ends_with('\n');
        let end = match is_whole_line {
            true => start,
            false => text[edit.at.1..].find('\n').map_or(text.len(), |at| edit.at.1 + at + 1),
        };
        match found.last_mut().filter(|(lines, _)| lines.end > start) {
            Some((lines, edits)) => {
                lines.end = lines.end.max(end);
                edits.end = n + 1;
            }
            None => found.push((start..end, n..n + 1)),
        }
    }
    let mut line = 1;
    let mut counted = 0;
    found
        .into_iter()
        .map(|(range, of)| {
            line += text[counted..range.start].matches('\n').count();
            counted = range.start;
            let before = text[range.clone()].to_owned();
            let after = rewritten(text, range, &edits[of]);
            Difference { file: file.clone(), line, before, after }
        })
        .collect()
}

/// Where `what` stands as a destination within the bytes `span` of `text`.
pub(super) fn places(text: &str, span: &Range<usize>, what: &str) -> Vec<Range<usize>> {
    let Some(within) = text.get(span.clone()).filter(|_| !what.is_empty()) else { return Vec::new() };
    if within == what {
        return vec![span.clone()];
    }
    let found: Vec<(Range<usize>, char)> = within
        .match_indices(what)
        .filter_map(|(at, _)| {
            let before = within[..at].chars().next_back().unwrap_or(' ');
            let after = within[at + what.len()..].chars().next().unwrap_or(' ');
            let is_whole = |sign: char| sign.is_whitespace() || "()<>[]\"'=,;|".contains(sign);
            let start = span.start + at;
            (is_whole(before) && is_whole(after)).then_some((start..start + what.len(), before))
        })
        .collect();
    // Words that a reader sees may be the same as where the link leads.
    let is_opening = |sign: char| "(<\"'=".contains(sign);
    let best = found.iter().any(|(_, before)| is_opening(*before));
    found.into_iter().filter(|(_, before)| !best || is_opening(*before)).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_found_and_not_the_words_beside_it() {
        let text = "See ![photo.jpg there](photo.jpg \"photo.jpg\") and [b](<b c.md>) `x.md` [x](x.md#a)";
        let at = |what: &str| places(text, &(0..text.len()), what).into_iter().map(|at| at.start).collect::<Vec<_>>();
        assert_eq!(at("photo.jpg"), [23, 34]);
        assert_eq!(at("b c.md"), [55]);
        assert_eq!(at("x.md#a"), [75]);
        assert_eq!(at("nothing"), [0; 0]);
    }

    #[test]
    fn lines_are_told_once() {
        let file = SitePath::new("a.md").expect("inside");
        let edit = |at: (usize, usize), text: &str| Edit { at, text: text.to_owned() };
        let text = "one\ntwo three\nfour\n";
        let edits = [edit((0, 0), "new\n"), edit((4, 7), "2"), edit((8, 13), "3")];
        let found = lines(&file, text, &edits);
        let told: Vec<_> = found.iter().map(|one| (one.line, one.before.as_str(), one.after.as_str())).collect();
        assert_eq!(told, [(1, "", "new\n"), (2, "two three\n", "2 3\n")]);
        assert_eq!(rewritten(text, 0..text.len(), &edits), "new\none\n2 3\nfour\n");
    }
}
