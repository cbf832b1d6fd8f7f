//! Pages that name what was taken down, and have other changes that wait: the version that readers have, without the name.
//!
//! The site is known as it is with the page and as it is without. What the two differ in is changed in the version on the target too,
//! as a merge of three versions does it, or by the lines themselves where the merge is not clear, since other changes are next to
//! them. Where they are not found, or the page is still named afterwards, nothing is changed.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::ops::Range;

use crate::deploy::{About, Area, Built, Files, Problem, Record, Target};

/// More pages than this are not asked for one by one.
const MOST: usize = 200;

/// Pages of a target, as they would be without what was taken down.
pub(super) struct Mended<'a> {
    files: &'a Files,
    texts: BTreeMap<String, Vec<u8>>,
    /// The pages that may still name it.
    pub(super) named: Vec<String>,
}

/// How a page is named in another one.
pub(super) struct Names {
    /// Its address, as links begin.
    pub(super) address: String,
    /// Its title, if that is known.
    pub(super) title: Option<String>,
}

impl Names {
    /// Whether a page says something of it.
    fn are_in(&self, text: &str) -> bool {
        let escaped = self.title.as_deref().map(crate::template::escaped);
        let titles = self.title.iter().map(String::as_str).chain(escaped.as_deref());
        let address = self.address.as_str();
        // The address of another page may begin with it.
        let is_link = text.match_indices(address).any(|(at, _)| {
            text[at + address.len()..].starts_with(['"', '\'', '#', '?', '<', ' ', '&']) || !address.ends_with('/')
        });
        is_link || titles.into_iter().any(|title| !title.is_empty() && text.contains(title))
    }
}

impl<'a> Mended<'a> {
    /// Of the pages `named`, those that can be mended: `was` is the site with the page, `is` the one without.
    pub(super) fn new(
        target: &dyn Target,
        named: Vec<String>,
        names: &Names,
        (was, is): (&Files, &'a Files),
    ) -> Result<Self, Problem> {
        let mut mended = Self { files: is, texts: BTreeMap::new(), named: Vec::new() };
        for (number, path) in named.into_iter().enumerate() {
            if number >= MOST || !path.ends_with(".html") {
                mended.named.push(path);
                continue;
            }
            let Some(there) = target.get(Area::Site, &path)?.and_then(text) else { continue };
            if !names.are_in(&there) {
                continue;
            }
            let own = |files: &Files| files.bytes(&path).and_then(|bytes| String::from_utf8(bytes).ok());
            let both = own(was).zip(own(is));
            let is_clean = |text: &String| !names.are_in(text);
            let merged = both.as_ref().and_then(|(was, is)| diffy::merge(was, &there, is).ok()).filter(is_clean);
            let merged =
                merged.or_else(|| both.as_ref().and_then(|(was, is)| replaced(was, &there, is)).filter(is_clean));
            match merged {
                Some(merged) => drop(mended.texts.insert(path, merged.into_bytes())),
                None => mended.named.push(path),
            }
        }
        Ok(mended)
    }

    /// The pages that are mended, as they are to lie there.
    pub(super) fn records(&self) -> impl Iterator<Item = (String, Record)> + '_ {
        self.texts.iter().map(|(path, bytes)| (path.clone(), self.files.record(path, bytes)))
    }
}

impl Built for Mended<'_> {
    fn get(&self, path: &str) -> Result<(Vec<u8>, About), Problem> {
        match self.texts.get(path) {
            Some(bytes) => self.files.sent(path, bytes.clone()),
            None => self.files.get(path),
        }
    }

    fn about(&self, path: &str) -> About {
        self.files.about(path)
    }
}

/// The version `there` with each change between `was` and `is` made in it, wherever the lines that it takes away stand; `None` if
/// they stand nowhere, or in more than one place.
fn replaced(was: &str, there: &str, is: &str) -> Option<String> {
    let mut options = diffy::DiffOptions::new();
    options.set_context_len(0);
    let lines: Vec<&str> = was.split_inclusive('\n').collect();
    let patch = options.create_patch(was, is);
    let mut text = there.to_owned();
    for hunk in patch.hunks() {
        let mut new = String::new();
        for line in hunk.lines() {
            if let diffy::Line::Insert(line) = line {
                new.push_str(line);
            }
        }
        let begin = hunk.old_range().start().saturating_sub(1);
        let end = begin + hunk.old_range().len();
        let found = same_gaps(&lines, begin..end, new.is_empty()).into_iter().find_map(|range| {
            let old = lines.get(range)?.concat();
            (!old.is_empty() && text.matches(&old).count() == 1).then_some(old)
        })?;
        text = text.replacen(&found, &new, 1);
    }
    Some(text)
}

/// The runs of lines that could be taken away with the same result: `<li>one</li>` with what is before it or behind it.
fn same_gaps(lines: &[&str], range: Range<usize>, is_gap: bool) -> Vec<Range<usize>> {
    let mut all = vec![range.clone()];
    let (mut begin, mut end) = (range.start, range.end);
    while is_gap && begin < end && end < lines.len() && lines[begin] == lines[end] {
        (begin, end) = (begin + 1, end + 1);
        all.push(begin..end);
    }
    let (mut begin, mut end) = (range.start, range.end);
    while is_gap && begin > 0 && begin < end && end <= lines.len() && lines[begin - 1] == lines[end - 1] {
        (begin, end) = (begin - 1, end - 1);
        all.push(begin..end);
    }
    all
}

/// The text of a page, packed or not.
fn text(bytes: Vec<u8>) -> Option<String> {
    let mut unpacked = Vec::new();
    match flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut unpacked) {
        Ok(_) => String::from_utf8(unpacked).ok(),
        Err(_) => String::from_utf8(bytes).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "<ul>\n<li>\none\n</li>\n<li>\ntwo\n</li>\n<li>\nthree\n</li>\n</ul>\n";

    #[test]
    fn an_item_is_taken_out_of_a_list_that_has_others_beside_it() {
        let without = |text: &str, item: &str| text.replace(&format!("<li>\n{item}\n</li>\n"), "");
        for gone in ["one", "three"] {
            let there = without(LIST, gone);
            assert_eq!(replaced(LIST, &there, &without(LIST, "two")), Some(without(&there, "two")), "{gone}");
        }
        let lines = "<ul>\n<li>one</li>\n<li>two</li>\n<li>three</li>\n</ul>\n";
        let is = "<ul>\n<li>one</li>\n<li>three</li>\n</ul>\n";
        let there = "<ul>\n<li>zero</li>\n<li>two</li>\n<li>four</li>\n</ul>\n";
        assert_eq!(replaced(lines, there, is).as_deref(), Some("<ul>\n<li>zero</li>\n<li>four</li>\n</ul>\n"));
        assert_eq!(replaced(lines, "<ul>\n</ul>\n", is), None);
    }

    #[test]
    fn a_page_is_named_by_its_address_and_its_title_and_not_by_those_of_others() {
        let names = Names { address: "/blog/one/".to_owned(), title: Some("Cats & dogs".to_owned()) };
        for text in ["<a href=\"/blog/one/\">", "<a href='/blog/one/#part'>", "Cats &amp; dogs", "see /blog/one/<br>"] {
            assert!(names.are_in(text), "{text}");
        }
        for text in ["<a href=\"/blog/one/annex/\">", "<a href=\"/blog/\">", "Cats"] {
            assert!(!names.are_in(text), "{text}");
        }
    }
}
