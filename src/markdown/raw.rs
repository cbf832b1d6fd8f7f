//! HTML that an author wrote → HTML that is published, tag by tag, under one of three policies.
//!
//! Each piece of HTML that the parser hands over (a block, or one tag within a paragraph) is tokenised as a browser would
//! and *written again* from its tokens, so nothing half-open is ever left in the output. Under [`HtmlPolicy::Sanitise`],
//! elements and attributes must be listed in `allowed`, an end tag must have its start tag in the same Markdown element,
//! and what an author leaves open is closed where that element ends, so elements are nodes like any other. Links and images
//! are checked like Markdown's. Comments never come out.

use std::ops::Range;

use html5gum::{DefaultEmitter, Error, StartTag, Token, Tokenizer};

use super::allowed::{ATTRIBUTES, ELEMENTS, END_IMPLIED, OWN_ATTRIBUTES, RAW_TEXT, VOID, WITH_CONTENT};
use super::escape::{escape, runs_code};
use super::reader::Reader;
use super::tags::overlong;
use super::tree::{Element, Kind};
use super::{HtmlPolicy, Image, Link};
use crate::diagnostic::Code;
use crate::path::composed;

/// How many elements may be open at once.
const DEEPEST: usize = 200;

/// HTML as the parser handed it over, with where each part of it is in the source.
#[derive(Default)]
pub(super) struct RawHtml {
    text: String,
    /// Where in `text` a part begins, and where in the source.
    parts: Vec<(usize, usize)>,
}

impl RawHtml {
    pub(super) fn push(&mut self, html: &str, at: usize) {
        // What follows a carriage return, which is left out, is a part of its own: its place is one further.
        let mut at = at;
        for part in html.split('\r') {
            self.parts.push((self.text.len(), at));
            self.text.push_str(part);
            at += part.len() + 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether this block ends only at its own end mark, so that nothing inside is Markdown.
    pub(super) fn runs_to_its_own_end(&self) -> bool {
        let start = self.text.trim_start();
        let named = |name: &str| {
            start.get(1..=name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                && !start[name.len() + 1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
        };
        start.starts_with("<!")
            || start.starts_with("<?")
            || ["script", "pre", "style", "textarea"].into_iter().any(named)
    }

    /// Where all of it is in the source.
    pub(super) fn range(&self) -> Range<usize> {
        self.source(0..self.text.trim_end().len())
    }

    /// Where a range of the text is in the source.
    fn source(&self, range: Range<usize>) -> Range<usize> {
        let at = |byte: usize| {
            let part = self.parts.partition_point(|(start, _)| *start <= byte).saturating_sub(1);
            self.parts.get(part).map_or(0, |(start, source)| source + (byte - start.min(&byte)))
        };
        let last = range.end.saturating_sub(1).max(range.start);
        at(range.start)..at(last) + 1
    }
}

/// An open element of an author's HTML.
pub(super) struct RawElement {
    name: String,
    /// The parser's elements and the frames that were open around it.
    pub(super) level: (usize, usize),
    kind: RawKind,
    span: Range<usize>,
}

#[derive(PartialEq)]
enum RawKind {
    Plain,
    /// It is a link.
    Link,
    /// It was left out, and its end tag will be.
    Left,
}

/// An element that goes together with its content, over several events of one paragraph.
pub(super) struct Dropping {
    name: String,
    /// How many of the parser's elements were open around it.
    pub(super) depth: usize,
}

impl Dropping {
    /// Whether a tag is the element's end.
    pub(super) fn ends_with(&self, html: &str) -> bool {
        html.strip_prefix("</")
            .and_then(|rest| rest.get(..self.name.len()))
            .is_some_and(|name| name.eq_ignore_ascii_case(&self.name))
    }
}

/// A start tag with its names and values as text.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    /// Where it is in the source.
    at: Range<usize>,
}

impl Tag {
    fn new(tag: StartTag<usize>, at: Range<usize>) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let attributes = tag.attributes.iter().map(|(name, value)| (text(name), text(&value.value))).collect();
        Self { name: text(&tag.name), attributes, at }
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.attributes.iter().position(|(key, _)| key == name)?;
        Some(self.attributes.remove(at).1)
    }
}

impl Reader<'_> {
    /// Writes a piece of an author's HTML.
    pub(super) fn raw_html(&mut self, html: &RawHtml) {
        if self.options.html == HtmlPolicy::Escape {
            self.escaped_html(html);
            return;
        }
        let readable = self.without_overlong(html);
        let html = readable.as_ref().unwrap_or(html);
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        let mut dropped: Option<(String, usize)> = None;
        let mut raw_text = false;
        let mut open_comment = false;
        for token in Tokenizer::new_with_emitter(html.text.as_str(), emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => {
                    let at = html.source(tag.span.start..tag.span.end);
                    let tag = Tag::new(tag, at);
                    raw_text = RAW_TEXT.contains(&tag.name.as_str());
                    match &mut dropped {
                        Some((name, depth)) => *depth += usize::from(*name == tag.name),
                        None => dropped = self.start_tag(tag).map(|name| (name, 1)),
                    }
                }
                Token::EndTag(tag) => {
                    raw_text = false;
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    let at = html.source(tag.span.start..tag.span.end);
                    match &mut dropped {
                        Some((dropping, depth)) if *dropping == name => {
                            *depth -= 1;
                            if *depth == 0 {
                                dropped = None;
                            }
                        }
                        Some(_) => {}
                        None => self.end_raw_tag(&name, at),
                    }
                }
                Token::String(text) if dropped.is_none() => {
                    let range = html.source(text.span.start..text.span.end);
                    let text = String::from_utf8_lossy(&text.value);
                    if raw_text && !self.options.html.filters() {
                        self.html(&text, &range);
                    } else {
                        self.tree.text(&text, self.place(range));
                        self.read_words(&text);
                    }
                }
                Token::Error(error) if error.value == Error::EofInComment => open_comment = true,
                Token::Error(error) if error.value == Error::EofInTag => {
                    let end = html.text.trim_end().len();
                    let start = html.text[..end].rfind('<').unwrap_or(0);
                    self.removed("this tag has no `>` before the empty line", html.source(start..end));
                }
                Token::Comment(_) | Token::Doctype(_) | Token::String(_) | Token::Error(_) => {}
            }
        }
        if open_comment {
            self.fault(
                Code::CommentUnclosed,
                "this comment has no end, so it hides or publishes what it should not",
                html.source(html.text.find("<!--").unwrap_or(0)..html.text.trim_end().len()),
                "end it with `-->`; a comment that begins within a line must end before the next empty line",
            );
        }
        let (level, _) = self.raw_level();
        self.dropping =
            dropped.filter(|_| level > 0 && !self.in_html_block()).map(|(name, _)| Dropping { name, depth: level });
    }

    /// The same HTML with blanks in place of tags that nobody can read; `None` if there are none.
    fn without_overlong(&mut self, html: &RawHtml) -> Option<RawHtml> {
        let mut found = overlong(&html.text)?;
        let mut readable = RawHtml { text: html.text.clone(), parts: html.parts.clone() };
        loop {
            let start = html.source(found.clone()).start;
            let name: String =
                html.text[found.start + 1..].chars().take_while(|c| c.is_alphanumeric() || *c == '/').collect();
            self.removed(
                &format!("`<{}>`, which has hundreds of attributes,", shown(&name)),
                start..start + 1 + name.len(),
            );
            readable.text.replace_range(found.clone(), &" ".repeat(found.len()));
            match overlong(&readable.text[found.end..]) {
                Some(next) => found = found.end + next.start..found.end + next.end,
                None => return Some(readable),
            }
        }
    }

    /// Writes all of it as text, without comments.
    fn escaped_html(&mut self, html: &RawHtml) {
        let mut shown = String::new();
        let mut rest = html.text.as_str();
        while let Some(at) = rest.find("<!--") {
            shown.push_str(&rest[..at]);
            rest = rest[at + 4..].find("-->").map_or("", |end| &rest[at + 4 + end + 3..]);
        }
        shown.push_str(rest);
        let block = self.in_html_block();
        if block && shown.trim().is_empty() {
            return;
        }
        let shown = if block { shown.trim_end() } else { &shown };
        let place = self.place(html.range());
        if block {
            self.tree.open(Kind::Paragraph, place.clone());
        }
        self.tree.text(shown, place.clone());
        self.read_words(shown);
        if block {
            self.tree.close(place.end);
        }
    }

    /// Writes as much of a start tag as is allowed; returns the name if the element goes with all its content.
    fn start_tag(&mut self, mut tag: Tag) -> Option<String> {
        let filters = self.options.html.filters();
        let name = tag.name.clone();
        if tag.take("style").is_some() {
            self.removed(&format!("a `style` attribute on `<{name}>`"), tag.at.clone());
        }
        if filters {
            if !ELEMENTS.contains(&name.as_str()) {
                let with_content = WITH_CONTENT.contains(&name.as_str());
                let more = if with_content { " and its content" } else { "" };
                self.removed(&format!("`<{}>`{more}", shown(&name)), tag.at);
                return (with_content && name != "embed").then_some(name);
            }
            if name == "a" {
                name_to_id(&mut tag);
            }
            self.filter(&mut tag);
            if self.raw_open.len() >= DEEPEST {
                self.removed(&format!("`<{name}>`, which is nested too deep in other elements,"), tag.at);
                return None;
            }
        }
        match name.as_str() {
            // Only where all HTML is allowed, there may be as many.
            "a" if self.raw_open.len() < DEEPEST => self.raw_link(tag),
            "img" => self.img(tag),
            _ => self.element(tag),
        }
        None
    }

    fn push_raw(&mut self, name: String, kind: RawKind, at: Range<usize>) {
        let level = self.raw_level();
        self.raw_open.push(RawElement { name, level, kind, span: at });
    }

    /// Removes the attributes that are not on the list.
    fn filter(&mut self, tag: &mut Tag) {
        let own = OWN_ATTRIBUTES.iter().find(|(name, _)| *name == tag.name).map_or(&[][..], |(_, own)| own);
        let attributes = std::mem::take(&mut tag.attributes);
        for (name, value) in attributes {
            let aria = name
                .strip_prefix("aria-")
                .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_lowercase()));
            let address = matches!(name.as_str(), "href" | "src" | "cite");
            if address && runs_code(&value) {
                self.unsafe_address(&value, self.place(tag.at.clone()));
            } else if aria || ATTRIBUTES.contains(&name.as_str()) || own.contains(&name.as_str()) {
                tag.attributes.push((name, value));
            } else if !(tag.name == "a" && matches!(name.as_str(), "rel" | "target")) {
                // The site decides where a link opens and what it passes on, so these two go silently.
                self.removed(&format!("the attribute `{}` of `<{}>`", shown(&name), tag.name), tag.at.clone());
            }
        }
    }

    /// An element of an author's HTML.
    fn element(&mut self, tag: Tag) {
        let is_void = VOID.contains(&tag.name.as_str());
        if self.options.html.filters() && !is_void {
            self.open_element(tag);
            return;
        }
        let (element, at) = self.named(tag);
        let place = self.place(at);
        // Without a filter, elements may end anywhere.
        let kind = if is_void { Kind::Element(element) } else { Kind::StartTag(element) };
        self.tree.leaf(kind, place);
    }

    /// Opens an element that ends where its author says, or else where the text around it does.
    fn open_element(&mut self, tag: Tag) {
        let (element, at) = self.named(tag);
        let name = element.name.to_string();
        self.tree.open(Kind::Element(element), self.place(at.clone()));
        self.push_raw(name, RawKind::Plain, at);
    }

    /// A tag's element, whose id is an anchor from now on, and where it begins.
    fn named(&mut self, mut tag: Tag) -> (Box<Element>, Range<usize>) {
        for (_, id) in tag.attributes.iter_mut().filter(|(name, value)| name == "id" && !value.trim().is_empty()) {
            *id = composed(id).into_owned();
            self.anchor(id.trim(), tag.at.clone());
        }
        let element = Element { name: tag.name.into(), attributes: tag.attributes, has_end: true };
        (Box::new(element), tag.at)
    }

    /// An id that its element cannot carry because a link or an image replaces it goes on an empty element before it.
    fn anchor_before(&mut self, tag: &mut Tag) {
        if let Some(id) = tag.take("id").filter(|id| !id.trim().is_empty()) {
            let id = composed(&id).into_owned();
            self.anchor(id.trim(), tag.at.clone());
            let element = Element { name: "span".into(), attributes: vec![("id".to_owned(), id)], has_end: true };
            self.tree.leaf(Kind::Element(Box::new(element)), self.place(tag.at.clone()));
        }
    }

    fn raw_link(&mut self, mut tag: Tag) {
        if self.in_link() {
            self.removed("`<a>` inside another link", tag.at.clone());
            self.push_raw("a".to_owned(), RawKind::Left, tag.at);
            return;
        }
        let Some(to) = tag.take("href") else {
            self.open_element(tag);
            return;
        };
        self.anchor_before(&mut tag);
        let title = tag.take("title").unwrap_or_default();
        tag.take("rel");
        let link = Link { to, title, span: self.place(tag.at.clone()), text: String::new(), attributes: written(&tag) };
        let number = self.push_link(link, &tag.at);
        self.open_raw_link(Some(number));
        self.push_raw("a".to_owned(), RawKind::Link, tag.at);
    }

    fn img(&mut self, mut tag: Tag) {
        let Some(to) = tag.take("src") else {
            self.removed("`<img>` without `src`", tag.at);
            return;
        };
        self.anchor_before(&mut tag);
        let title = tag.take("title").unwrap_or_default();
        let alt = tag.take("alt");
        // In HTML, an empty `alt` says that the image is decorative; no `alt` says nothing.
        let decorative = alt.as_deref() == Some("");
        let span = self.place(tag.at.clone());
        let attributes = written(&tag);
        self.raw_image(Image { to, title, alt: alt.unwrap_or_default(), decorative, span, attributes }, &tag.at);
    }

    fn end_raw_tag(&mut self, name: &str, at: Range<usize>) {
        let level = self.raw_level();
        let found = self.raw_open.iter().rposition(|open| open.name == name && open.level == level);
        match found {
            Some(found) => {
                while self.raw_open.len() > found + 1 {
                    self.close_last(at.start, true);
                }
                self.close_last(at.end, false);
            }
            None if self.options.html.filters() => {
                if ELEMENTS.contains(&name) && !VOID.contains(&name) && !END_IMPLIED.contains(&name) {
                    self.removed(&format!("`</{name}>`, which ends nothing here,"), at);
                }
            }
            None => {
                let words = self.tree.add(name);
                self.tree.leaf(Kind::EndTag(words), self.place(at));
            }
        }
    }

    /// Closes the innermost elements of an author's HTML while `which` says so.
    pub(super) fn close_raw(&mut self, which: impl Fn(&RawElement) -> bool, end: usize) {
        while self.raw_open.last().is_some_and(&which) {
            self.close_last(end, true);
        }
    }

    /// Closes the innermost element; `forgotten` if its author did not.
    fn close_last(&mut self, end: usize, forgotten: bool) {
        let Some(open) = self.raw_open.pop() else {
            return;
        };
        let implied = END_IMPLIED.contains(&open.name.as_str());
        // `{{<figure … >}}` is another program's, and the finished page reports it.
        let is_foreign = self.source.as_bytes().get(..open.span.start).is_some_and(|before| before.ends_with(b"{{"));
        if forgotten && !implied && !is_foreign && open.kind != RawKind::Left {
            self.fault(
                Code::HtmlUnclosed,
                format!("`<{}>` is not closed where it should be", open.name),
                open.span.clone(),
                &format!("write `</{}>` in the same paragraph, list item or block", open.name),
            );
        }
        match open.kind {
            RawKind::Link => self.close_raw_link(&(open.span.start..end.max(open.span.end))),
            RawKind::Plain => self.tree.close_element(self.place(end..end).end, !(forgotten && implied)),
            RawKind::Left => {}
        }
    }

    fn removed(&mut self, what: &str, at: Range<usize>) {
        let message = format!("{what} was left out");
        self.fault(
            Code::HtmlRemoved,
            message,
            at,
            "use Markdown or a block instead; `site.toml` says which HTML texts may contain",
        );
    }
}

/// `<a name>` is what older programs write for an id; Word leaves a mark `_GoBack` wherever somebody last typed.
fn name_to_id(tag: &mut Tag) {
    let id = tag.attributes.iter().find(|(key, value)| key == "id" && !value.trim().is_empty());
    let id = id.map(|(_, value)| value.clone());
    let Some(name) = tag.take("name") else { return };
    if name == "_GoBack" || id.as_ref() == Some(&name) {
        return;
    }
    let key = if id.is_some() || name.trim().is_empty() { "name" } else { "id" };
    tag.attributes.retain(|(key, value)| key != "id" || !value.trim().is_empty());
    tag.attributes.push((key.to_owned(), name));
}

/// A name from the author's text, made fit for a message.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// The attributes of a tag, escaped.
fn written(tag: &Tag) -> String {
    let mut out = String::new();
    for (name, value) in &tag.attributes {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape(value, &mut out);
        out.push('"');
    }
    out
}
