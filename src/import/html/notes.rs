//! Footnotes as HTML has them: a small link to a place further down, whose first or last link leads back.
//!
//! Word, WordPress and most plug-ins write them like this: `<a href="#_ftn1" name="_ftnref1">[1]</a>` in the text, and at the end
//! `<a href="#_ftnref1" name="_ftn1">[1]</a> The note.`

use std::collections::{BTreeMap, BTreeSet};

use super::Reader;
use crate::import::document::{Block, is_blank};

/// The longest words of a mark: `[12]`, `xiv`, `†`.
const LONGEST: usize = 6;

/// A mark that was found, and the note that it leads to.
struct Found {
    /// The element that goes: the link, or the `sup` or the brackets around it.
    mark: usize,
    link: usize,
    note: usize,
}

impl Reader<'_> {
    /// Finds the notes of this text, reads them, and passes their words over where they stand.
    pub(super) fn find_notes(&mut self) {
        let tree = self.tree;
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut links: Vec<(usize, &str)> = Vec::new();
        for one in tree.within(0) {
            for name in [tree.get(one, "id"), tree.get(one, "name")].into_iter().flatten() {
                places.entry(name).or_insert(one);
            }
            if let Some(to) =
                tree.get(one, "href").and_then(|href| href.trim().strip_prefix('#')).filter(|_| tree.name(one) == "a")
            {
                links.push((one, to));
            }
        }
        let mut found = Vec::new();
        for (link, to) in &links {
            let Some(target) = places.get(to) else { continue };
            if target <= link || !self.is_mark(*link) {
                continue;
            }
            let Some(note) = self.note_block(*target) else { continue };
            let own: Vec<&str> = self.names_about(*link);
            let leads_back = |one: usize| {
                let to = tree.get(one, "href").and_then(|href| href.trim().strip_prefix('#'));
                to.is_some_and(|to| own.contains(&to))
            };
            let is_named = ["_ftn", "_edn", "_sdfootnote", "fn", "footnote", "note", "endnote"]
                .iter()
                .any(|start| to.starts_with(start));
            let has_way_back = tree.within(note).any(leads_back);
            let holds_mark = tree.within(note).any(|one| one == *link);
            if !holds_mark && (has_way_back || is_named && self.is_small(*link)) {
                found.push(Found { mark: self.around_mark(*link), link: *link, note });
            }
        }
        self.take(&found);
    }

    fn take(&mut self, found: &[Found]) {
        let tree = self.tree;
        let mut known: BTreeMap<usize, usize> = BTreeMap::new();
        let marks: BTreeSet<usize> = found.iter().map(|one| one.link).collect();
        // The links back are no words of the note.
        for one in found {
            for inner in tree.within(one.note) {
                let is_link =
                    tree.name(inner) == "a" && tree.get(inner, "href").is_some_and(|href| href.trim().starts_with('#'));
                let is_empty_or_mark =
                    self.is_mark(inner) || tree.words(inner).trim().is_empty() || is_arrow(&tree.words(inner));
                if is_link && is_empty_or_mark && !marks.contains(&inner) {
                    self.passed_over.insert(self.around_mark(inner));
                }
            }
        }
        for one in found {
            let note = match known.get(&one.note) {
                Some(note) => *note,
                None => {
                    let mut inside = self.flow(one.note, 0);
                    trim_mark(&mut inside);
                    if inside.is_empty() {
                        continue;
                    }
                    self.losses.carried("notes");
                    self.notes.push(inside);
                    known.insert(one.note, self.notes.len() - 1);
                    self.notes.len() - 1
                }
            };
            self.note_at.insert(one.mark, note);
        }
        self.passed_over.extend(known.keys().copied());
    }

    /// Whether a link looks like the mark of a note.
    fn is_mark(&self, link: usize) -> bool {
        let words = self.tree.words(link);
        let bare = words.trim().trim_matches(['[', ']', '(', ')']).trim();
        let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        let is_roman = |text: &str| !text.is_empty() && text.chars().all(|c| "ivxlcIVXLC".contains(c));
        let is_sign = |text: &str| !text.is_empty() && text.chars().all(|c| matches!(c, '*' | '†' | '‡' | '§'));
        words.trim().chars().count() <= LONGEST
            && (is_number(bare) || is_roman(bare) || is_sign(bare) || bare.len() == 1)
    }

    /// Whether it stands above the line, or in brackets.
    fn is_small(&self, link: usize) -> bool {
        let words = self.tree.words(link);
        words.trim().starts_with(['[', '('])
            || self.tree.within(link).any(|one| self.tree.name(one) == "sup")
            || self.tree.above(link, |one| self.tree.name(one) == "sup").is_some()
    }

    /// The largest element around a link that holds nothing else.
    fn around_mark(&self, link: usize) -> usize {
        let words = self.tree.words(link);
        let mut at = link;
        while let Some(parent) = self.tree.node(at).parent {
            let is_wrapper =
                matches!(self.tree.name(parent), "sup" | "span" | "b" | "strong" | "em" | "i" | "small" | "font");
            if !is_wrapper
                || self.tree.words(parent).trim().trim_matches(['[', ']']) != words.trim().trim_matches(['[', ']'])
            {
                break;
            }
            at = parent;
        }
        at
    }

    /// The names of a link and of what is close around it.
    fn names_about(&self, link: usize) -> Vec<&str> {
        let mut own = Vec::new();
        let mut at = Some(link);
        for _ in 0..4 {
            let Some(one) = at else { break };
            own.extend([self.tree.get(one, "id"), self.tree.get(one, "name")].into_iter().flatten());
            // A name of its own may stand in it, or just before it.
            own.extend(
                self.tree
                    .children(one)
                    .iter()
                    .flat_map(|inner| [self.tree.get(*inner, "id"), self.tree.get(*inner, "name")])
                    .flatten()
                    .filter(|_| one == link),
            );
            at =
                self.tree.node(one).parent.filter(|parent| {
                    matches!(self.tree.name(*parent), "sup" | "span" | "a" | "b" | "strong" | "small")
                });
        }
        own
    }

    /// The block that a place begins or is.
    fn note_block(&self, target: usize) -> Option<usize> {
        let is_block =
            |one: usize| matches!(self.tree.name(one), "p" | "li" | "div" | "aside" | "section" | "dd" | "td");
        let block = if is_block(target) { target } else { self.tree.above(target, is_block)? };
        // A place in the middle of words names no note.
        let mut before = String::new();
        for one in self.tree.within(block) {
            if one == target {
                break;
            }
            if let super::tree::Kind::Text(text) = &self.tree.node(one).kind {
                before.push_str(text);
            }
        }
        let words = self.tree.words(block);
        (before.trim().chars().count() <= LONGEST && words.len() < 20_000).then_some(block)
    }
}

fn is_arrow(words: &str) -> bool {
    words.trim().chars().all(|c| matches!(c, '↩' | '↑' | '^' | '⤴' | '\u{fe0e}' | '\u{fe0f}' | '↵' | '⏎'))
}

/// Takes the number or the brackets off that stood around the link back.
fn trim_mark(blocks: &mut Vec<Block>) {
    use crate::import::document::Inline;
    if let Some(Block::Paragraph(line)) = blocks.first_mut()
        && let Some(Inline::Text(words)) = line.iter_mut().find(|one| !is_blank(std::slice::from_ref(*one)))
    {
        let rest = words.trim_start();
        if let Some(rest) = rest.strip_prefix("[]").or(rest.strip_prefix("()")) {
            *words = rest.trim_start().to_owned();
        }
    }
    blocks.retain(|block| !matches!(block, Block::Paragraph(line) if is_blank(line)));
}
