//! Pages that name what was taken down, and have other changes that wait: the version that readers have, without the name.
//!
//! The site is known as it is with the page and as it is without. What the two differ in is taken out of the version on the
//! target, as a merge of three versions does. Where that is not clear, or the page is still named afterwards, nothing is changed.

use std::collections::BTreeMap;
use std::io::Read as _;

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
            let merged = own(was).zip(own(is)).and_then(|(was, is)| diffy::merge(&was, &there, &is).ok());
            match merged.filter(|merged| !names.are_in(merged)) {
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

/// The text of a page, packed or not.
fn text(bytes: Vec<u8>) -> Option<String> {
    let mut unpacked = Vec::new();
    match flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut unpacked) {
        Ok(_) => String::from_utf8(unpacked).ok(),
        Err(_) => String::from_utf8(bytes).ok(),
    }
}
