//! The words of a part of a document, as somebody would read them aloud.

use super::xml::Element;

/// The first words of a paragraph.
pub(super) fn first_words(said: &str) -> String {
    let words: Vec<&str> = said.split_whitespace().take(6).collect();
    words.join(" ").trim_end_matches(['.', ',', ':', ';']).to_owned()
}

/// Everything that is said in an element, a blank between paragraphs.
pub(crate) fn spoken(element: &Element) -> String {
    let mut out = String::new();
    speak(element, &mut out);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn speak(element: &Element, out: &mut String) {
    for one in element.elements() {
        match one.name.as_str() {
            "w:t" | "w:delText" | "m:t" | "a:t" => out.push_str(&one.text()),
            "w:tab" | "w:br" | "w:cr" => out.push(' '),
            "w:noBreakHyphen" => out.push('-'),
            // The same once more, for older programs.
            "mc:Fallback" if element.child("mc:Choice").is_some() => {}
            _ => speak(one, out),
        }
    }
    if matches!(element.name.as_str(), "w:p" | "a:p" | "w:tc") {
        out.push(' ');
    }
}
