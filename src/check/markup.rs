//! A finished page's HTML → its start tags, end tags and text, in order.
//!
//! `html5gum` reads as browsers do, so character references are resolved, names are in lower case, and what stands in a
//! script is text. Of the attributes only those that a rule asks for are kept, since most of a page is `class`.

use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use std::borrow::Cow;
use std::convert::Infallible;

/// The attributes that some rule asks for.
const KEPT: &[&str] = &[
    "alt",
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "class",
    "content",
    "data",
    "hidden",
    "href",
    "http-equiv",
    "id",
    "lang",
    "name",
    "poster",
    "rel",
    "role",
    "src",
    "srcset",
    "style",
    "title",
    "type",
    "xlink:href",
];

/// A start tag.
#[derive(Default)]
pub(super) struct Tag {
    pub(super) name: String,
    /// Whether it ended with `/>`; it means something only within SVG and MathML.
    pub(super) self_closing: bool,
    attributes: Vec<(&'static str, String)>,
}

impl Tag {
    /// The value of an attribute; empty if it has none, `None` if it is not there.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        debug_assert!(KEPT.contains(&name), "`{name}` is not kept");
        self.attributes
            .iter()
            .find(|(kept, _)| *kept == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of an attribute, if it says anything.
    pub(super) fn said(&self, name: &str) -> Option<&str> {
        self.get(name)
            .map(str::trim)
            .filter(|value| !value.is_empty())
    }
}

/// What wants to see a page's tags and text.
pub(super) trait Visit {
    fn start(&mut self, tag: &Tag);
    fn end(&mut self, name: &str);
    fn text(&mut self, text: &str);
}

/// Shows a page to `visit`, from its beginning to its end.
pub(super) fn walk(html: &str, visit: &mut impl Visit) {
    let mut tag = Tag::default();
    // Whether the attribute at hand is one that is kept: the first of its name in a start tag.
    let mut keeps = false;
    let mut emitter = CallbackEmitter::new(
        |event: CallbackEvent<'_>, _: html5gum::Span<()>| -> Option<Infallible> {
            match event {
                CallbackEvent::OpenStartTag { name } => {
                    tag.name.clear();
                    tag.name.push_str(&text(name));
                    tag.attributes.clear();
                }
                CallbackEvent::AttributeName { name } => {
                    let name = KEPT
                        .binary_search_by(|kept| kept.as_bytes().cmp(name))
                        .map(|at| KEPT[at]);
                    let name = name
                        .ok()
                        .filter(|name| tag.attributes.iter().all(|(kept, _)| kept != name));
                    tag.attributes
                        .extend(name.map(|name| (name, String::new())));
                    keeps = name.is_some();
                }
                CallbackEvent::AttributeValue { value } => {
                    if let (true, Some((_, kept))) = (keeps, tag.attributes.last_mut()) {
                        kept.push_str(&text(value));
                    }
                }
                CallbackEvent::CloseStartTag { self_closing } => {
                    tag.self_closing = self_closing;
                    visit.start(&tag);
                }
                CallbackEvent::EndTag { name } => visit.end(&text(name)),
                CallbackEvent::String { value } => visit.text(&text(value)),
                CallbackEvent::Comment { .. }
                | CallbackEvent::Doctype { .. }
                | CallbackEvent::Error(_) => {}
            }
            None
        },
    );
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Seen(String);

    impl Visit for Seen {
        fn start(&mut self, tag: &Tag) {
            self.0
                .push_str(&format!("<{} {:?}>", tag.name, tag.attributes));
        }
        fn end(&mut self, name: &str) {
            self.0.push_str(&format!("</{name}>"));
        }
        fn text(&mut self, text: &str) {
            self.0.push_str(text);
        }
    }

    #[test]
    fn a_page_is_read_as_browsers_read_it() {
        let mut seen = Seen::default();
        walk(
            "<A HREF='/a?b&amp;c' data-x=1 href=no alt>&eacute;</a x><script>'<p>'</script>",
            &mut seen,
        );
        let expected = r#"<a [("href", "/a?b&c"), ("alt", "")]>é</a><script []>'<p>'</script>"#;
        assert_eq!(seen.0, expected);
    }

    #[test]
    fn the_kept_attributes_can_be_searched() {
        assert!(KEPT.is_sorted());
    }
}
