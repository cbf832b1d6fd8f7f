//! The elements that are open at a place in a page, and how their text counts there.
//!
//! End tags may be left out, and pages may be wrong: an end tag closes the nearest element of its name and everything
//! within it; one without such an element closes nothing.

use super::markup::Tag;

/// Elements nested deeper than this are ignored; no reader's page is like that.
const DEEPEST: usize = 512;

/// How the text of an element counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Audience {
    /// It is read.
    Text,
    /// It is read, but may look like anything: code, formulas.
    Verbatim,
    /// Hidden from assistive technology.
    Hidden,
    /// Never shown: scripts, styles.
    Never,
}

struct Open {
    /// Where its name begins in `Scanner::names`.
    name: usize,
    shown: Audience,
}

/// The open elements, outermost first.
#[derive(Default)]
pub(super) struct Elements {
    open: Vec<Open>,
    /// Their names, one after the other.
    names: String,
}

impl Elements {
    /// How text counts at this place.
    pub(super) fn shown(&self) -> Audience {
        self.open.last().map_or(Audience::Text, |open| open.shown)
    }

    /// How text would count within `tag`.
    pub(super) fn shown_within(&self, tag: &Tag) -> Audience {
        self.shown().max(own_showing(tag))
    }

    /// Opens `tag`, unless it is of a kind that holds nothing.
    pub(super) fn push(&mut self, tag: &Tag, shown: Audience) {
        if !tag.self_closing && !is_void(&tag.name) && self.open.len() < DEEPEST {
            self.open.push(Open { name: self.names.len(), shown });
            self.names.push_str(&tag.name);
        }
    }

    /// Closes the nearest open element called `name`, together with those inside it whose end tags were left out.
    pub(super) fn pop(&mut self, name: &str) {
        let mut end = self.names.len();
        for (at, open) in self.open.iter().enumerate().rev() {
            if &self.names[open.name..end] == name {
                self.names.truncate(open.name);
                self.open.truncate(at);
                return;
            }
            end = open.name;
        }
    }

    /// Whether an element called `name` is open.
    pub(super) fn within(&self, name: &str) -> bool {
        let ends = self.open.iter().skip(1).map(|open| open.name).chain([self.names.len()]);
        self.open.iter().zip(ends).any(|(open, end)| &self.names[open.name..end] == name)
    }
}

/// How an element shows its text, ignoring its ancestors.
fn own_showing(tag: &Tag) -> Audience {
    match tag.name.as_str() {
        "script" | "style" | "template" | "noscript" | "iframe" | "noembed" => Audience::Never,
        _ if tag.get("aria-hidden").is_some_and(|value| value == "true") || tag.get("hidden").is_some() => {
            Audience::Hidden
        }
        "code" | "pre" | "kbd" | "samp" | "var" | "math" | "textarea" => Audience::Verbatim,
        // Formulas reach the theme as they were typed, braces and all.
        _ if tag.get("class").is_some_and(|class| class.contains("math")) => Audience::Verbatim,
        _ => Audience::Text,
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}
