//! XML as a string: elements, attributes and words, with every sign that means something written as its entity.

use std::fmt::Write as _;

/// The parts of one file so far.
#[derive(Default)]
pub(super) struct Xml(pub(super) String);

/// An attribute.
pub(super) type Given<'a> = (&'a str, &'a str);

impl Xml {
    /// A part that begins as files do.
    pub(super) fn file() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n".to_owned())
    }

    fn tag(&mut self, name: &str, given: &[Given<'_>], end: &str) {
        let _ = write!(self.0, "<{name}");
        for (key, value) in given {
            let _ = write!(self.0, " {key}=\"{}\"", escaped(value).replace('\n', "&#10;").replace('\t', "&#9;"));
        }
        self.0.push_str(end);
    }

    pub(super) fn open(&mut self, name: &str, given: &[Given<'_>]) {
        self.tag(name, given, ">");
    }

    pub(super) fn close(&mut self, name: &str) {
        let _ = write!(self.0, "</{name}>");
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, name: &str, given: &[Given<'_>]) {
        self.tag(name, given, "/>");
    }

    /// An element with nothing but words in it.
    pub(super) fn words(&mut self, name: &str, given: &[Given<'_>], words: &str) {
        self.open(name, given);
        self.0.push_str(&escaped(words));
        self.close(name);
    }

    /// What has been written elsewhere.
    pub(super) fn push(&mut self, xml: &str) {
        self.0.push_str(xml);
    }
}

/// Words without what XML reads as its own, and without what it cannot hold.
fn escaped(words: &str) -> String {
    let held: String = words
        .chars()
        .filter(|c| (!c.is_control() || matches!(c, '\n' | '\t')) && !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .collect();
    quick_xml::escape::escape(held.as_str()).into_owned()
}
