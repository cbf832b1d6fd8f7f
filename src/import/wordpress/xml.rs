//! One item of an export → elements, however damaged: what cannot be read is a part of the words around it.

use quick_xml::Reader;
use quick_xml::events::Event;

/// An element with the words and the elements in it.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Element {
    /// With its prefix: `wp:post_id`.
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

/// How deep elements may be nested.
const DEEPEST: usize = 40;

impl Element {
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|one| one.name == name)
    }

    /// The words of a child; empty if there is none.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |one| one.text.as_str())
    }

    pub(super) fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| value.as_str())
    }
}

/// Reads a piece of XML; the root holds what is at its top. The flag says whether all of it could be read.
pub(super) fn parse(text: &str) -> (Element, bool) {
    let text = escaped(text);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    reader.config_mut().allow_dangling_amp = true;
    let mut open = vec![Element::default()];
    let mut is_whole = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) if open.len() < DEEPEST => open.push(begun(&start)),
            Ok(Event::Empty(start)) => {
                let element = begun(&start);
                add(&mut open, element);
            }
            Ok(Event::End(end)) => {
                let name = end.name().as_ref().to_owned();
                // An end that nothing began is passed over; one that others wait for ends them too.
                if let Some(place) = open.iter().rposition(|one| one.name == name).filter(|place| *place > 0) {
                    is_whole &= place + 1 == open.len();
                    while open.len() > place {
                        let Some(element) = open.pop() else { break };
                        add(&mut open, element);
                    }
                }
            }
            Ok(Event::Text(words)) => push(&mut open, &words),
            Ok(Event::CData(words)) => push(&mut open, &words),
            Ok(Event::GeneralRef(name)) => {
                let reference = format!("&{};", &*name);
                match quick_xml::escape::unescape(&reference) {
                    Ok(sign) => push(&mut open, &sign),
                    // Those of HTML are understood later.
                    Err(_) => push(&mut open, &reference),
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => {
                is_whole = false;
                break;
            }
        }
    }
    is_whole &= open.len() == 1;
    while open.len() > 1 {
        let Some(element) = open.pop() else { break };
        add(&mut open, element);
    }
    (open.pop().unwrap_or_default(), is_whole)
}

fn begun(start: &quick_xml::events::BytesStart<'_>) -> Element {
    let attributes = start
        .attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .map(|one| {
            let raw: &str = one.value.as_ref();
            let value = quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), |value| value.into_owned());
            (AsRef::<str>::as_ref(&one.key).to_owned(), value)
        })
        .collect();
    Element { name: start.name().as_ref().to_owned(), attributes, ..Element::default() }
}

fn add(open: &mut [Element], element: Element) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(element);
    }
}

fn push(open: &mut [Element], words: &str) {
    if let Some(parent) = open.last_mut() {
        parent.text.push_str(words);
    }
}

/// The same text without signs that XML cannot hold, and with each `<` outside CDATA that begins no tag written as words.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(inside) = rest.strip_prefix("<![CDATA[") {
            let end = inside.find("]]>").map_or(rest.len(), |end| "<![CDATA[".len() + end + "]]>".len());
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let begins_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?' | '_'));
        out.push_str(if begins_tag { "<" } else { "&lt;" });
        rest = &rest[1..];
    }
    out.push_str(rest);
    out.retain(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
    out
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn damaged_xml_is_read_as_far_as_it_goes() {
        let (root, is_whole) = parse(
            "<item><title>A & B < C &nbsp;</title><x:y><![CDATA[1]]]]><![CDATA[>2]]></x:y>\u{b}<z a='1'/></item>",
        );
        let item = root.child("item").expect("an item");
        assert!(is_whole);
        assert_eq!(item.text_of("title"), "A & B < C &nbsp;");
        assert_eq!(item.text_of("x:y"), "1]]>2");
        assert_eq!(item.child("z").and_then(|z| z.get("a")), Some("1"));
        let (root, is_whole) = parse("<item><title>A<br>b</title><id>3</id></item>");
        assert!(!is_whole);
        assert_eq!(root.child("item").map(|item| item.text_of("id")), Some("3"));
    }
}
