//! Files of the library that something hidden or missing names → whom they belong to, so that none is published that only a secret post
//! or a damaged one showed.

use std::collections::{BTreeMap, BTreeSet};

use super::post::Post;
use super::texts::Attached;
use super::xml::Element;
use crate::import::site::place::Place;
use crate::import::site::survey::File;

/// What is called the owner of files that belong to a post which was not taken over; no entry has this id.
const MISSING: &str = "a post that is not taken over";

/// Fields whose numbers are never those of files.
const NO_FILES: &[&str] =
    &["_edit_", "_wp_old", "_wp_trash", "_menu_item", "views", "count", "_encloseme", "_pingme", "price", "year"];

/// What posts say that could not be read.
#[derive(Debug, Default)]
pub(super) struct Damaged {
    words: String,
    /// Whether posts may be missing altogether.
    pub(super) is_cut: bool,
}

impl Damaged {
    /// Notes all that a damaged item says.
    pub(super) fn add(&mut self, item: &Element) {
        self.words.push_str(&item.text);
        self.words.push('\n');
        for (_, value) in &item.attributes {
            self.words.push_str(value);
            self.words.push('\n');
        }
        item.children.iter().for_each(|one| self.add(one));
    }

    /// Gives the files that nothing else owns to what is missing: those of posts that are not in the export (`parents` are the numbers
    /// of the posts that files were added to), those that damaged posts name, and all if posts may be missing.
    pub(super) fn claim(
        &self,
        files: &mut [File],
        parents: &BTreeMap<String, String>,
        place: &Place,
        numbers: &BTreeMap<String, Attached>,
    ) {
        let mut named: BTreeSet<String> = addresses(&self.words, place);
        named.extend(self.numbers().filter_map(|number| numbers.get(number)).map(|file| file.address.clone()));
        for file in files.iter_mut().filter(|file| file.of.is_none()) {
            let has_parent = parents.get(&file.address).is_some_and(|parent| !matches!(parent.as_str(), "" | "0"));
            let is_named = std::iter::once(&file.address).chain(&file.addresses).any(|one| named.contains(one));
            if has_parent || is_named || self.is_cut {
                file.of = Some(MISSING.to_owned());
            }
        }
    }

    fn numbers(&self) -> impl Iterator<Item = &str> {
        numbers(&self.words)
    }
}

/// The files whose addresses the fields of a post have, apart from those by which WordPress shows a text.
pub(super) fn addresses_of_fields(post: &Post, place: &Place) -> Vec<String> {
    const SHOWN: &[&str] = &[
        "_elementor",
        "_bricks",
        "_breakdance",
        "_fl_builder",
        "panels_data",
        "_et_",
        "_oembed",
        "enclosure",
        "ct_builder",
    ];
    let is_other = |(key, _): &&(String, String)| !SHOWN.iter().any(|start| key.starts_with(start));
    let found: BTreeSet<String> =
        post.meta.iter().filter(is_other).flat_map(|(_, value)| addresses(value, place)).collect();
    found.into_iter().collect()
}

/// The files that the fields of a post name, whatever form their values have.
pub(super) fn of_fields(post: &Post, place: &Place, known: &BTreeMap<String, Attached>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for (key, value) in &post.meta {
        found.extend(addresses(value, place));
        if !NO_FILES.iter().any(|part| key.contains(part)) {
            found.extend(numbers(value).filter_map(|number| known.get(number)).map(|file| file.address.clone()));
        }
    }
    found.into_iter().collect()
}

/// All whole numbers in a text.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty() && number.len() < 12)
}

/// The addresses of files of the library in a text, also where slashes are written `\/`.
fn addresses(text: &str, place: &Place) -> BTreeSet<String> {
    let text = text.replace("\\/", "/");
    let mut found = BTreeSet::new();
    for word in text.split(|c: char| c.is_whitespace() || "\"'()<>[]{},|\\;=".contains(c)) {
        if let Some(at) = word.find("uploads/") {
            let url = word.split(['?', '#', '&']).next().unwrap_or(word).trim_end_matches(['.', ':']);
            found.extend(place.address(url));
            // A path alone, as plug-ins keep it.
            found.insert(format!("/wp-content/{}", &word[at..]));
        } else if word.contains('.') && word.contains('/') && !word.contains("//") {
            found.insert(format!("/wp-content/uploads/{}", word.trim_start_matches('/')));
        }
    }
    found
}
