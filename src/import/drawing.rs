//! An SVG picture that comes along → the same, without what could run or load something; and what that was.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};

use crate::images;

/// What becomes of a drawing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Drawing {
    /// There is nothing to take out.
    Harmless,
    /// The drawing without what is named.
    Cleaned { text: String, gone: String },
    /// It is not understood, and has what could run.
    Refused,
}

/// Elements that run something or show what is not a drawing.
const ELEMENTS: &[&str] =
    &["script", "foreignObject", "iframe", "object", "embed", "handler", "listener", "audio", "video"];

/// Whether a file is a drawing, by its name.
pub(crate) fn is_drawing(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("svg"))
}

/// Takes out of a drawing what could run or load something.
pub(crate) fn harmless(bytes: &[u8]) -> Drawing {
    let text = String::from_utf8_lossy(bytes);
    let before = risks(&text);
    if before.as_ref().is_some_and(BTreeMap::is_empty) {
        return Drawing::Harmless;
    }
    let clean = images::clean(&text).and_then(|clean| String::from_utf8(clean).ok());
    match (clean, before) {
        (Some(clean), before) => {
            let after = risks(&clean).unwrap_or_default();
            let before = before.unwrap_or_default();
            let gone = before.iter().filter(|(what, count)| after.get(*what).copied().unwrap_or(0) < **count);
            let gone: Vec<String> = gone.map(|(what, _)| format!("`{what}`")).collect();
            match gone.is_empty() {
                true => Drawing::Harmless,
                false => Drawing::Cleaned { text: clean, gone: gone.join(", ") },
            }
        }
        (None, Some(before)) if before.keys().all(|what| matches!(what.as_str(), "href" | "a link")) => {
            Drawing::Harmless
        }
        (None, None) if !may_run(&text) => Drawing::Harmless,
        (None, _) => Drawing::Refused,
    }
}

/// What of a drawing could run or load something, and how often; `None` if it cannot be read.
fn risks(text: &str) -> Option<BTreeMap<String, usize>> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let mut reader = quick_xml::Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut is_style = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                is_style = tag.local_name().as_ref() == "style";
                of_element(&tag, &mut found);
            }
            Event::Empty(tag) => of_element(&tag, &mut found),
            Event::End(_) => is_style = false,
            Event::Text(words) if is_style => of_style(&words, &mut found),
            Event::CData(words) if is_style => of_style(&words, &mut found),
            Event::PI(order) if order.starts_with("xml-stylesheet") => {
                *found.entry("xml-stylesheet".to_owned()).or_default() += 1;
            }
            Event::Eof => return Some(found),
            _ => {}
        }
    }
}

fn of_element(tag: &BytesStart<'_>, found: &mut BTreeMap<String, usize>) {
    let name = tag.local_name();
    let name: &str = name.as_ref();
    if ELEMENTS.iter().any(|one| one.eq_ignore_ascii_case(name)) {
        *found.entry(name.to_owned()).or_default() += 1;
    }
    for attribute in tag.attributes().flatten() {
        let key = attribute.key.local_name();
        let key: &str = key.as_ref();
        let value: &str = attribute.value.as_ref();
        let value = value.trim();
        if key.to_ascii_lowercase().starts_with("on") {
            *found.entry(key.to_owned()).or_default() += 1;
        } else if matches!(key, "href" | "src") && is_outside(value) {
            let what = if name == "a" { "a link" } else { key };
            *found.entry(what.to_owned()).or_default() += 1;
        } else {
            of_style(value, found);
        }
    }
}

/// Whether an address leads to another site, or runs something.
fn is_outside(address: &str) -> bool {
    let address = address.trim_start_matches(['"', '\'', ' ']);
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    let is_picture = address.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("data:image/"));
    !is_picture && (address.starts_with("//") || address.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme)))
}

fn of_style(style: &str, found: &mut BTreeMap<String, usize>) {
    let lower = style.to_ascii_lowercase();
    let loads = lower.match_indices("url(").filter(|(at, _)| is_outside(&lower[at + 4..])).count();
    let imports = lower.matches("@import").count();
    for (what, count) in [("url(…)", loads), ("@import", imports)] {
        if count > 0 {
            *found.entry(what.to_owned()).or_default() += count;
        }
    }
}

/// Whether what cannot be read may run something.
fn may_run(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let has_handler = lower.split(|c: char| c.is_whitespace()).any(|word| word.starts_with("on") && word.contains('='));
    has_handler || ["script", "foreignobject", "iframe"].iter().any(|name| lower.contains(name))
}

#[cfg(test)]
mod tests {
    use super::{Drawing, harmless};

    #[test]
    fn what_runs_or_loads_is_taken_out_and_named() {
        let svg = |inside: &str| {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">{inside}<path d=\"M0 0h9\"/></svg>"
            )
        };
        for (inside, name) in [
            ("<script>alert(1)</script>", "`script`"),
            ("<g onload=\"alert(1)\"/>", "`onload`"),
            ("<image href=\"https://www.example.org/a.png\"/>", "`href`"),
            ("<image xlink:href=\"//www.example.org/a.png\"/>", "`href`"),
            ("<style>@import 'https://www.example.org/a.css';</style>", "`@import`"),
            ("<rect style=\"fill:url(https://www.example.org/a)\"/>", "`url(…)`"),
            ("<foreignObject><div/></foreignObject>", "`foreignObject`"),
        ] {
            match harmless(svg(inside).as_bytes()) {
                Drawing::Cleaned { text, gone } => {
                    assert!(gone.contains(name), "{inside}: {gone}");
                    assert!(text.contains("M0 0h9") && !text.contains("alert") && !text.contains("example"), "{text}");
                }
                other => panic!("{inside}: {other:?}"),
            }
        }
        for inside in
            ["", "<use href=\"#a\"/>", "<rect fill=\"url(#b)\" data-name=\"x\"/>", "<style>.a{fill:red}</style>"]
        {
            assert_eq!(harmless(svg(inside).as_bytes()), Drawing::Harmless, "{inside}");
        }
        assert_eq!(harmless(b"<svg><script>alert(1)</svg"), Drawing::Refused);
        assert_eq!(harmless(b"\x1f\x8b no drawing"), Drawing::Harmless);
    }
}
