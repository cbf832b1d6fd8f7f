//! Text → places: where a file is in the site, the address where a reader finds it, the name it is published under.
//!
//! * A [`SitePath`] names a source file, below the site's root, with `/` between its parts.
//! * An [`Address`] is what a reader types after the host: `/publications/a-report/`.
//! * An [`OutputPath`] is the published file's name: `publications/a-report/index.html`.
//!
//! Only this module turns one into another, and only here are names compared: two names are the same if their letters are, in
//! whichever of Unicode's two forms a keyboard or a disk writes them (`ŷ` as one sign, or as `y` and a circumflex). Paths and
//! addresses are always in the composed form (NFC), so that equal ones are equal byte for byte, and so is what is published.
//! It does not read the disk.

mod copies;

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::Arc;

pub(crate) use copies::{NamedCopy, is_conflict};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A name in the form in which names are compared and published: composed (NFC).
#[must_use]
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().collect())
}

/// A source file or folder below the site's root: relative, composed, `/` between parts, no `.` or `..` in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SitePath(Arc<str>);

impl SitePath {
    /// A path from text; `.` and empty parts are dropped, `..` goes up.
    ///
    /// Returns `None` if the path would leave the site.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        // Paths from the disk are in this form already.
        match text.split('/').any(|part| matches!(part, "" | "." | "..")) {
            true => Self::root().join(text.trim_start_matches('/')),
            false => Some(Self(Arc::from(&*composed(text)))),
        }
    }

    /// The site's root.
    #[must_use]
    pub fn root() -> Self {
        Self(Arc::from(""))
    }

    /// `text` as written in a file of this folder; `None` if it would leave the site.
    ///
    /// A leading `/` means the site's root.
    #[must_use]
    pub fn join(&self, text: &str) -> Option<Self> {
        let mut parts: Vec<&str> = if text.starts_with('/') { Vec::new() } else { self.parts().collect() };
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(Self(Arc::from(&*composed(&parts.join("/")))))
    }

    /// The parts between the slashes.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// The folder that this file is in; for the root, the root.
    #[must_use]
    pub fn folder(&self) -> Self {
        match self.0.rfind('/') {
            Some(at) => Self(Arc::from(&self.0[..at])),
            None => Self::root(),
        }
    }

    /// The last part, with its ending.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// The last part without its ending: `report.cy` of `a/report.cy.md`.
    #[must_use]
    pub fn stem(&self) -> &str {
        let name = self.name();
        match name.rfind('.') {
            Some(at) if at > 0 => &name[..at],
            _ => name,
        }
    }

    /// What follows the last dot of the name, in lower case; empty if there is no dot.
    #[must_use]
    pub fn ending(&self) -> String {
        let name = self.name();
        match name.rfind('.') {
            Some(at) if at > 0 => name[at + 1..].to_lowercase(),
            _ => String::new(),
        }
    }

    /// The rest of this path below `folder`; `None` if it is not in there.
    #[must_use]
    pub fn below(&self, folder: &str) -> Option<&str> {
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two names are equal if some file system may take them for one: NFC, lower case.
    #[must_use]
    pub(crate) fn folded(&self) -> Cow<'_, str> {
        fold(&self.0)
    }
}

impl Borrow<str> for SitePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl serde::Serialize for SitePath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Where a reader finds something, after the host and the site's path prefix: `/events/` or `/robots.txt`.
///
/// Always begins with `/`; an address that ends with `/` is a page's.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Address(Arc<str>);

impl Address {
    /// An address from text; a missing first slash is added, repeated slashes become one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = &*composed(text);
        // Addresses that the program itself makes have this form.
        if text.starts_with('/') && !text.contains("//") {
            return Self(Arc::from(text));
        }
        let mut address = String::with_capacity(text.len() + 1);
        address.push('/');
        for part in text.split_inclusive('/') {
            if part != "/" {
                address.push_str(part);
            }
        }
        Self(Arc::from(address))
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of `below` under this page.
    #[must_use]
    pub fn join(&self, below: &str) -> Self {
        let (page, below) = (self.0.trim_end_matches('/'), below.trim_start_matches('/'));
        let mut address = String::with_capacity(page.len() + 1 + below.len());
        address.push_str(page);
        address.push('/');
        address.push_str(below);
        Self::new(&address)
    }

    /// The page above this one: `/events/` for `/events/launch/`; `None` for the home page.
    #[must_use]
    pub fn above(&self) -> Option<Self> {
        let trimmed = self.0.trim_end_matches('/');
        let at = trimmed.rfind('/')?;
        Some(Self(Arc::from(&trimmed[..=at])))
    }

    /// The address of the page that is meant: `/a/` for `/a` and `/a/index.html`. An address with a file's ending stays as
    /// it is.
    #[must_use]
    pub(crate) fn page(&self) -> Self {
        if let Some(folder) = self.0.strip_suffix("index.html").filter(|folder| folder.ends_with('/')) {
            return Self(Arc::from(folder));
        }
        match self.0.rsplit('/').next() {
            Some(name) if name.is_empty() || name.contains('.') => self.clone(),
            _ => Self(Arc::from(format!("{}/", self.0))),
        }
    }

    /// This address with `?query` after it.
    #[must_use]
    pub(crate) fn with_query(&self, query: &str) -> Self {
        Self(Arc::from(format!("{}?{query}", self.0)))
    }

    /// This address followed by `rest`, unchanged; `rest` is empty or begins with `?` or `#`.
    #[must_use]
    pub(crate) fn followed_by(&self, rest: &str) -> Self {
        if rest.is_empty() { self.clone() } else { Self(Arc::from(format!("{}{rest}", self.0))) }
    }

    /// The address up to any `?` or `#`.
    #[must_use]
    pub(crate) fn path(&self) -> &str {
        self.0.split(['?', '#']).next().unwrap_or("/")
    }

    /// The file that a plain file server sends for this address.
    #[must_use]
    pub fn output(&self) -> OutputPath {
        let path = self.0.trim_start_matches('/');
        if path.is_empty() || path.ends_with('/') {
            OutputPath(format!("{path}index.html"))
        } else {
            OutputPath(path.to_owned())
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a published file is below the output folder: relative, `/` between parts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OutputPath(String);

impl OutputPath {
    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address at which a plain file server sends this file: `/a/` for `a/index.html`.
    #[must_use]
    pub fn address(&self) -> Address {
        match self.0.strip_suffix("index.html") {
            Some(page) if page.is_empty() || page.ends_with('/') => Address::new(page),
            _ => Address::new(&self.0),
        }
    }

    /// The form in which two names are equal if some file system may take them for one: NFC, lower case.
    #[must_use]
    pub(crate) fn folded(&self) -> Cow<'_, str> {
        fold(&self.0)
    }
}

/// Most names need no change.
fn fold(text: &str) -> Cow<'_, str> {
    match text.is_ascii() {
        true if !text.bytes().any(|byte| byte.is_ascii_uppercase()) => text.into(),
        true => text.to_ascii_lowercase().into(),
        false => text.nfc().collect::<String>().to_lowercase().nfc().collect::<String>().into(),
    }
}

/// `text` as a part of an address: ASCII lower case with hyphens, `community-wealth-building`.
#[must_use]
pub(crate) fn slug(text: &str) -> String {
    // The names of most files are slugs already.
    let plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if plain && !text.starts_with('-') && !text.ends_with('-') && !text.contains("--") {
        return text.to_owned();
    }
    slug::slugify(composed(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leaves_the_site() {
        let folder = SitePath::new("content/people").expect("inside");
        assert_eq!(folder.join("../a.md").expect("inside").as_str(), "content/a.md");
        assert_eq!(folder.join("/static/a.pdf").expect("inside").as_str(), "static/a.pdf");
        assert!(folder.join("../../../a").is_none());
    }

    #[test]
    fn addresses_become_files() {
        assert_eq!(Address::new("").output().as_str(), "index.html");
        assert_eq!(Address::new("a//b/").output().as_str(), "a/b/index.html");
        assert_eq!(Address::new("/robots.txt").output().as_str(), "robots.txt");
        for address in ["/", "/a/b/", "/robots.txt", "/a/my-index.html"] {
            assert_eq!(Address::new(address).output().address().as_str(), address);
        }
        assert_eq!(Address::new("/a/b/").above(), Some(Address::new("/a/")));
        assert_eq!(Address::new("/").above(), None);
    }

    #[test]
    fn names_that_a_disk_may_confuse_fold_to_one() {
        let composed = SitePath::new("Caf\u{e9}.md").expect("inside");
        let decomposed = SitePath::new("cafe\u{301}.md").expect("inside");
        assert_eq!(composed.folded(), decomposed.folded());
    }

    #[test]
    fn both_forms_of_a_name_are_one_name() {
        let folder = SitePath::root();
        // Welsh, Vietnamese, Hangul, and the sign for ångström.
        let pairs = [
            ("t\u{177}", "ty\u{302}"),
            ("l\u{ea}", "le\u{302}"),
            ("\u{d55c}", "\u{1112}\u{1161}\u{11ab}"),
            ("\u{c5}", "\u{212b}"),
        ];
        for (one, other) in pairs {
            assert_eq!(SitePath::new(one), SitePath::new(other));
            assert_eq!(folder.join(&format!("a/./{one}")), folder.join(&format!("a/{other}")));
            assert_eq!(Address::new(&format!("/{one}/")), Address::new(&format!("//{other}/")));
            assert_eq!(Address::new("/a/").join(one), Address::new("/a/").join(other));
            assert_eq!(slug(one), slug(other));
            assert_eq!(SitePath::new(other).expect("inside").as_str(), one);
        }
    }
}
