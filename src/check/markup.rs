//! A finished page's HTML → its start tags, end tags and text, in order.
//!
//! `html5gum` reads as browsers do, so character references are resolved, names are in lower case, and the content of a
//! script is text. Only the attributes that a rule asks for are kept, since most of a page is `class`.

use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use std::borrow::Cow;
use std::convert::Infallible;

use crate::markdown::overlong;

/// The attribute's name, if a rule asks for it.
fn kept(name: &[u8]) -> Option<&'static str> {
    Some(match name {
        b"alt" => "alt",
        b"aria-hidden" => "aria-hidden",
        b"aria-label" => "aria-label",
        b"aria-labelledby" => "aria-labelledby",
        b"class" => "class",
        b"content" => "content",
        b"data" => "data",
        b"hidden" => "hidden",
        b"href" => "href",
        b"http-equiv" => "http-equiv",
        b"id" => "id",
        b"lang" => "lang",
        b"name" => "name",
        b"poster" => "poster",
        b"rel" => "rel",
        b"role" => "role",
        b"src" => "src",
        b"srcset" => "srcset",
        b"style" => "style",
        b"title" => "title",
        b"type" => "type",
        b"xlink:href" => "xlink:href",
        _ => return None,
    })
}

/// A start tag.
#[derive(Default)]
pub(super) struct Tag {
    pub(super) name: String,
    /// Whether it ended with `/>`; that means something only within SVG and MathML.
    pub(super) self_closing: bool,
    /// Only the first `count` belong to this tag; the others are kept to reuse their memory, since a page has many tags.
    attributes: Vec<(&'static str, String)>,
    count: usize,
}

impl Tag {
    /// The value of an attribute: empty if it has none, `None` if the attribute is missing.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        debug_assert!(kept(name.as_bytes()).is_some(), "`{name}` is not kept");
        self.attributes().iter().find(|(kept, _)| *kept == name).map(|(_, value)| value.as_str())
    }

    fn attributes(&self) -> &[(&'static str, String)] {
        &self.attributes[..self.count]
    }

    /// Adds an attribute without a value; if the name is there already, the first one stands.
    fn add(&mut self, name: &'static str) -> bool {
        if self.get(name).is_some() {
            return false;
        }
        match self.attributes.get_mut(self.count) {
            Some((old, value)) => {
                *old = name;
                value.clear();
            }
            None => self.attributes.push((name, String::new())),
        }
        self.count += 1;
        true
    }

    /// The value of an attribute, unless it is blank.
    pub(super) fn said(&self, name: &str) -> Option<&str> {
        self.get(name).map(str::trim).filter(|value| !value.is_empty())
    }
}

/// Receives a page's tags and text.
pub(super) trait Visit {
    fn start(&mut self, tag: &Tag);
    fn end(&mut self, name: &str);
    fn text(&mut self, text: &str);
}

/// Walks `visit` through a page, from beginning to end.
pub(super) fn walk(html: &str, visit: &mut impl Visit) {
    let mut rest = html;
    while let Some(tag) = overlong(rest) {
        tokens(&rest[..tag.start], visit);
        rest = &rest[tag.end..];
    }
    tokens(rest, visit);
}

/// The same for what the tokeniser can read.
fn tokens(html: &str, visit: &mut impl Visit) {
    let mut tag = Tag::default();
    // Whether the current attribute is kept: the first of its name in a start tag.
    let mut keeps = false;
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: html5gum::Span<()>| -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                tag.name.clear();
                tag.name.push_str(&text(name));
                tag.count = 0;
            }
            CallbackEvent::AttributeName { name } => {
                keeps = kept(name).is_some_and(|name| tag.add(name));
            }
            CallbackEvent::AttributeValue { value } => {
                if keeps && let Some((_, kept)) = tag.count.checked_sub(1).and_then(|at| tag.attributes.get_mut(at)) {
                    kept.push_str(&text(value));
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                tag.self_closing = self_closing;
                visit.start(&tag);
            }
            CallbackEvent::EndTag { name } => visit.end(&text(name)),
            CallbackEvent::String { value } => visit.text(&text(value)),
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
        None
    });
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    // Nearly all text is UTF-8, and the check alone is quicker than the replacing.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Seen(String);

    impl Visit for Seen {
        fn start(&mut self, tag: &Tag) {
            self.0.push_str(&format!("<{} {:?}>", tag.name, tag.attributes()));
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
        walk("<A HREF='/a?b&amp;c' data-x=1 href=no alt>&eacute;</a x><script>'<p>'</script>", &mut seen);
        let expected = r#"<a [("href", "/a?b&c"), ("alt", "")]>é</a><script []>'<p>'</script>"#;
        assert_eq!(seen.0, expected);
    }
}
