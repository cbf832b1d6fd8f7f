//! Text that runs the other way than its page, such as an English title on an Arabic page: text → text that nothing around it reorders.
//!
//! Without that, a full stop, a bracket or a comma beside such words goes to their wrong end. Which way a text runs is decided by
//! most of its letters, not by the first: Arabic titles often begin with an English abbreviation.

use tera::{Kwargs, TeraResult, Value};

use super::values::{escaped, safe};

/// `text | isolated`: HTML in which text that runs the other way than the page is in `<bdi>`, or in a `<div>` if it has paragraphs
/// of its own; other values as they are. `isolated(dir="ltr")` is for what runs one way whatever its letters are, such as telephone
/// numbers.
pub(super) fn filter(is_right_to_left: bool, value: &Value, kwargs: &Kwargs) -> TeraResult<Value> {
    let Some(text) = value.as_str() else { return Ok(value.clone()) };
    let html = if value.is_safe() { text.to_owned() } else { escaped(text) };
    let runs_to_left = match kwargs.get::<&str>("dir")? {
        Some("ltr") => Some(false),
        Some("rtl") => Some(true),
        Some(other) => return Err(super::functions::unknown("direction", other, ["ltr", "rtl"].into_iter())),
        None if value.is_safe() => runs_to_left(&without_tags(text)),
        None => runs_to_left(text),
    };
    Ok(match runs_to_left.filter(|to_left| *to_left != is_right_to_left) {
        Some(to_left) => {
            let element = if value.is_safe() && has_blocks(text) { "div" } else { "bdi" };
            safe(&format!("<{element} dir=\"{}\">{html}</{element}>", if to_left { "rtl" } else { "ltr" }))
        }
        None => value.clone(),
    })
}

/// The same for what is filled into a sentence, by Unicode's own marks, since a sentence may stand in an attribute.
pub(super) fn in_sentence(is_right_to_left: bool, text: &str) -> String {
    match runs_to_left(text).filter(|to_left| *to_left != is_right_to_left) {
        Some(true) => format!("\u{2067}{text}\u{2069}"),
        Some(false) => format!("\u{2066}{text}\u{2069}"),
        None => text.to_owned(),
    }
}

/// The text of HTML that a writer of ours has made, in which every `<` begins a tag.
fn without_tags(html: &str) -> String {
    html.split('<')
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once('>').map_or("", |it| it.1) })
        .collect()
}

/// Whether such HTML has paragraphs or other blocks, which no `<bdi>` may hold.
fn has_blocks(html: &str) -> bool {
    let blocks = [
        "<p",
        "<ul",
        "<ol",
        "<dl",
        "<div",
        "<section",
        "<figure",
        "<table",
        "<blockquote",
        "<pre",
        "<h",
        "<details",
        "<aside",
    ];
    blocks.iter().any(|block| {
        html.match_indices(block)
            .any(|(at, _)| html[at + block.len()..].starts_with(|next: char| !next.is_ascii_alphabetic()))
    })
}

/// Whether a text runs from right to left, as most of its letters do; `None` without letters, or with as many of both.
fn runs_to_left(text: &str) -> Option<bool> {
    let letters = || text.chars().filter(|char| char.is_alphabetic());
    let to_left = letters().filter(|char| is_of_right_to_left(*char)).count();
    let others = letters().count() - to_left;
    (to_left != others).then_some(to_left > others)
}

/// Whether a letter runs from right to left: Unicode keeps these blocks for such scripts alone.
fn is_of_right_to_left(char: char) -> bool {
    matches!(char, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn isolated(is_right_to_left: bool, text: &str) -> String {
        filter(is_right_to_left, &text.into(), &Kwargs::default()).expect("text can be isolated").to_string()
    }

    #[test]
    fn what_runs_the_other_way_is_isolated_and_nothing_else() {
        let arabic = "اقتصاد محلي!";
        for (is_right_to_left, text, expected) in [
            (true, "Small lots, big gains!", "<bdi dir=\"ltr\">Small lots, big gains!</bdi>"),
            (true, "R&D (2027).", "<bdi dir=\"ltr\">R&amp;D (2027).</bdi>"),
            (false, "Small lots, big gains!", "Small lots, big gains!"),
            (true, arabic, arabic),
            (false, arabic, &*format!("<bdi dir=\"rtl\">{arabic}</bdi>")),
            // Most letters decide, not the first.
            (true, "CLES: تقرير جديد", "CLES: تقرير جديد"),
            (false, "CLES: تقرير جديد", "<bdi dir=\"rtl\">CLES: تقرير جديد</bdi>"),
            (true, "2020–21", "2020–21"),
            (true, "", ""),
        ] {
            assert_eq!(isolated(is_right_to_left, text), expected, "{text}");
        }
        assert_eq!(in_sentence(true, "CLES (2027)."), "\u{2066}CLES (2027).\u{2069}");
        assert_eq!(in_sentence(false, "CLES (2027)."), "CLES (2027).");
        for (html, expected) in [
            ("<p lang=\"cy\">Small lots.</p>", "<div dir=\"ltr\"><p lang=\"cy\">Small lots.</p></div>"),
            ("<em>Small</em> lots.", "<bdi dir=\"ltr\"><em>Small</em> lots.</bdi>"),
            ("<a href=\"/publications/\">تقرير</a>", "<a href=\"/publications/\">تقرير</a>"),
            ("<h2>Lots</h2>", "<div dir=\"ltr\"><h2>Lots</h2></div>"),
            ("<path>Lots", "<bdi dir=\"ltr\"><path>Lots</bdi>"),
        ] {
            assert_eq!(filter(true, &safe(html), &Kwargs::default()).expect("it is text").to_string(), expected);
        }
    }
}
