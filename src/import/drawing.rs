//! An SVG picture that comes along → the same, without what could run or load something; and what that was.

use std::borrow::Cow;
use std::collections::BTreeMap;

use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::encoding::wide;
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

/// Elements that change an attribute of another one.
const CHANGES: &[&str] = &["set", "animate", "animateTransform", "animateMotion", "animateColor"];

/// What is said of a link that readers may follow.
const LINK: &str = "a link";

/// Takes out of a drawing what could run or load something.
///
/// What is understood here is what a browser understands: its letters, its references and its entities are read before anything is judged.
pub(crate) fn harmless(bytes: &[u8]) -> Drawing {
    let text = decoded(bytes);
    let before = risks(&text);
    if before.as_ref().is_some_and(BTreeMap::is_empty) {
        return Drawing::Harmless;
    }
    let clean = images::clean(&text).and_then(|clean| String::from_utf8(clean).ok());
    let may_stay = |found: &BTreeMap<String, usize>| found.keys().all(|what| what == LINK);
    match (clean, before) {
        (Some(clean), before) => {
            let Some(after) = risks(&clean).filter(may_stay) else { return Drawing::Refused };
            let before = before.unwrap_or_default();
            let gone = before.iter().filter(|(what, count)| after.get(*what).copied().unwrap_or(0) < **count);
            let gone: Vec<String> = gone.map(|(what, _)| format!("`{what}`")).collect();
            match gone.is_empty() {
                true => Drawing::Harmless,
                false => Drawing::Cleaned { text: clean, gone: gone.join(", ") },
            }
        }
        (None, Some(before)) if may_stay(&before) => Drawing::Harmless,
        (None, None) if !may_run(&text) => Drawing::Harmless,
        (None, _) => Drawing::Refused,
    }
}

/// The text of a drawing, in the letters in which a browser reads it.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let encoding = wide(bytes).or_else(|| declared(bytes)).unwrap_or(encoding_rs::UTF_8);
    encoding.decode(bytes).0
}

/// The encoding that the XML declares; what is no UTF-16 by its bytes is none whatever it declares.
fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let line = bytes.strip_prefix(b"<?xml")?;
    let line = String::from_utf8_lossy(&line[..line.len().min(200)]).into_owned();
    let (_, rest) = line.split_once("?>")?.0.split_once("encoding")?;
    let name = rest.trim_start().strip_prefix('=')?.trim_start();
    let name = name.trim_start_matches(['"', '\'']).split(['"', '\'']).next()?;
    let wide = [encoding_rs::UTF_16LE, encoding_rs::UTF_16BE];
    encoding_rs::Encoding::for_label(name.as_bytes()).filter(|encoding| !wide.contains(encoding))
}

/// What of a drawing could run or load something, and how often; `None` if it cannot be read.
fn risks(text: &str) -> Option<BTreeMap<String, usize>> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let mut reader = quick_xml::Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    // The open elements from a `<style>` on, and what it says.
    let (mut styles, mut style) = (0_usize, String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                styles += usize::from(styles > 0 || tag.local_name().as_ref().eq_ignore_ascii_case("style"));
                of_element(&tag, &mut found)?;
            }
            Event::Empty(tag) => of_element(&tag, &mut found)?,
            Event::End(_) if styles == 1 => {
                styles = 0;
                of_style(&std::mem::take(&mut style), &mut found);
            }
            Event::End(_) => styles = styles.saturating_sub(1),
            Event::Text(words) if styles > 0 => style.push_str(&words),
            Event::CData(words) if styles > 0 => style.push_str(&words),
            Event::GeneralRef(name) if styles > 0 => style.push_str(&unescape(&format!("&{};", &*name)).ok()?),
            Event::PI(order) if order.starts_with("xml-stylesheet") => count("xml-stylesheet", &mut found),
            // An entity may stand for anything, and a list of attributes may give an element any.
            Event::DocType(kind) if kind.contains('[') => count("<!DOCTYPE […]>", &mut found),
            Event::Eof => return Some(found),
            _ => {}
        }
    }
}

fn count(what: &str, found: &mut BTreeMap<String, usize>) {
    *found.entry(what.to_owned()).or_default() += 1;
}

/// Counts what is in a tag; `None` if it cannot be read.
fn of_element(tag: &BytesStart<'_>, found: &mut BTreeMap<String, usize>) -> Option<()> {
    let name = tag.local_name();
    let name: &str = name.as_ref();
    let is_one_of = |all: &[&str]| all.iter().any(|one| one.eq_ignore_ascii_case(name));
    if is_one_of(ELEMENTS) {
        count(name, found);
    }
    for attribute in tag.attributes() {
        let attribute = attribute.ok()?;
        let key = attribute.key.local_name();
        let key: &str = key.as_ref();
        let value: &str = attribute.value.as_ref();
        // An entity of its own is counted where it is declared.
        let value = unescape(value).unwrap_or(Cow::Borrowed(value));
        let value = value.trim();
        let lower = key.to_ascii_lowercase();
        if lower.starts_with("on") {
            count(key, found);
        } else if matches!(lower.as_str(), "href" | "src") && is_outside(value, is_one_of(&["image", "feImage"])) {
            let may_follow = ["http:", "https:", "mailto:", "tel:", "//"];
            let is_link = name.eq_ignore_ascii_case("a") && may_follow.iter().any(|start| begins(value, start));
            count(if is_link { LINK } else { key }, found);
        } else if lower == "attributename" && is_one_of(CHANGES) && may_not_change(value) {
            count(&format!("{name} of {value}"), found);
        } else {
            of_style(value, found);
        }
    }
    Some(())
}

/// Whether an attribute, when it is changed, could run or load something.
fn may_not_change(attribute: &str) -> bool {
    let bare = attribute.rsplit(':').next().unwrap_or_default().trim().to_ascii_lowercase();
    bare.starts_with("on") || matches!(bare.as_str(), "href" | "src" | "style")
}

/// The beginning of an address as a browser reads it: without what it passes over.
fn bare(address: &str) -> String {
    let start = address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(80);
    let start: String = start.map(|c| if c == '\\' { '/' } else { c.to_ascii_lowercase() }).collect();
    start.trim_start_matches(['"', '\'']).to_owned()
}

fn begins(address: &str, with: &str) -> bool {
    bare(address).starts_with(with)
}

/// Whether an address leads to another site, or runs something; `is_picture` where only a picture can be shown, which may be in it.
fn is_outside(address: &str, is_picture: bool) -> bool {
    let address = bare(address);
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    let is_held = is_picture && address.starts_with("data:image/");
    !is_held && (address.starts_with("//") || address.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme)))
}

fn of_style(style: &str, found: &mut BTreeMap<String, usize>) {
    let lower = without_escapes(style).to_ascii_lowercase();
    // What is in the style itself loads nothing.
    let is_loaded = |rest: &str| is_outside(rest, true) && !begins(rest, "data:");
    let loads = lower.match_indices("url(").filter(|(at, _)| is_loaded(&lower[at + 4..])).count();
    let imports = lower.matches("@import").count();
    let sets = lower.matches("image-set(").count();
    for (what, count) in [("url(…)", loads), ("@import", imports), ("image-set(…)", sets)] {
        if count > 0 {
            *found.entry(what.to_owned()).or_default() += count;
        }
    }
}

/// A style with the letters that its escapes mean: `\69 mport` is `import`.
fn without_escapes(style: &str) -> Cow<'_, str> {
    if !style.contains('\\') {
        return Cow::Borrowed(style);
    }
    let mut out = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, behind)) = rest.split_once('\\') {
        out.push_str(before);
        let digits = behind.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        if digits == 0 {
            let next = behind.chars().next().map_or(0, char::len_utf8);
            out.push_str(&behind[..next]);
            rest = &behind[next..];
        } else {
            out.extend(u32::from_str_radix(&behind[..digits], 16).ok().and_then(char::from_u32));
            rest = behind[digits..].strip_prefix(char::is_whitespace).unwrap_or(&behind[digits..]);
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether what cannot be read may run something.
fn may_run(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut words = lower.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/'));
    let marks = ["script", "foreignobject", "iframe", "<!entity", "<!attlist", "&#", "<set", ":set", "animate"];
    words.any(|word| word.starts_with("on") && word.contains('=')) || marks.iter().any(|mark| lower.contains(mark))
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
            ("<a href=\"javascript:alert(1)\"><g/></a>", "`href`"),
            ("<a href=\"java&#10;script:alert(1)\"><g/></a>", "`href`"),
            ("<a href=\"&#106;avascript:alert(1)\"><g/></a>", "`href`"),
            ("<image href=\"\\\\www.example.org\\a.png\"/>", "`href`"),
            ("<use href=\"data:image/svg+xml;base64,PHN2Zy8+#x\"/>", "`href`"),
            ("<style>@\\69mport 'https://www.example.org/a.css';</style>", "`@import`"),
            ("<style>svg{fill:ur&#108;(https://www.example.org/a)}</style>", "`url(…)`"),
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

    #[test]
    fn a_drawing_is_judged_as_a_browser_reads_it() {
        let namespace = "xmlns=\"http://www.w3.org/2000/svg\"";
        let script = format!("<svg {namespace}><script>alert(1)</script><path d=\"M0 0h9\"/></svg>");
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let japanese = format!(
            "<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?><svg {namespace}><desc>\u{1b}$B<!--\u{1b}(B</desc><script>alert(1)</script><desc>--></desc><path d=\"M0 0h9\"/></svg>"
        );
        let loads = format!("<svg {namespace}><style>svg{{fill:image-set('https://example.org/a' 1x)}}</style></svg>");
        let entity =
            format!("<!DOCTYPE svg [<!ENTITY x \"javascript:alert(1)\">]><svg {namespace}><a href=\"&x;\"/></svg>");
        let element = format!("<!DOCTYPE svg [<!ENTITY x \"<script>alert(1)</script>\">]><svg {namespace}>&x;</svg>");
        let list = format!("<!DOCTYPE svg [<!ATTLIST svg onload CDATA \"alert(1)\">]><svg {namespace}/>");
        let set = format!("<svg {namespace}><a><set attributeName=\"href\" to=\"javascript:alert(1)\"/></a></svg>");
        let values = format!(
            "<svg {namespace}><a><animate attributeName=\"xlink:href\" values=\"#a;javascript:alert(1)\"/></a></svg>"
        );
        for bytes in [
            wide(&format!("\u{feff}{script}")),
            wide(&script),
            japanese.into_bytes(),
            loads.into_bytes(),
            format!("<svg {namespace}><rect style=\"fill:u\\72l(https://example.org/a)\"/></svg>").into_bytes(),
            entity.into_bytes(),
            element.into_bytes(),
            list.into_bytes(),
            set.into_bytes(),
            values.into_bytes(),
        ] {
            let said = String::from_utf8_lossy(&bytes).into_owned();
            match harmless(&bytes) {
                // A change of nothing changes nothing.
                Drawing::Cleaned { text, .. } => {
                    assert!(
                        !text.contains("alert") || said.contains("attributeName") && !text.contains("attributeName"),
                        "{said}: {text}"
                    );
                }
                Drawing::Refused => {}
                Drawing::Harmless => panic!("{said}"),
            }
        }
        let plain = format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><svg {namespace}><desc>x</desc></svg>");
        assert_eq!(harmless(plain.replace('x', "\u{e9}").as_bytes()), Drawing::Harmless);
        assert_eq!(harmless(&wide(&format!("<svg {namespace}/>"))), Drawing::Harmless);
        let illustrator = "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\" [<!ENTITY ns_svg \"http://www.w3.org/2000/svg\">]><svg xmlns=\"&ns_svg;\"><path d=\"M0 0h9\"/></svg>";
        match harmless(illustrator.as_bytes()) {
            Drawing::Cleaned { text, .. } => assert!(text.contains("M0 0h9"), "{text}"),
            other => panic!("{other:?}"),
        }
    }
}
