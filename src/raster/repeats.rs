//! The text of a drawing (SVG) → how much it is once everything that it repeats stands in its place.
//!
//! Patterns that hold patterns, and `use` of what uses others, double a drawing with each line. Who understands drawings visits
//! each of them as often as it is named, so this is reckoned from the text alone. What leads in a circle is counted once: nobody
//! draws it.
//!
//! Not here: what is in a style sheet is taken to hold for every element with a class.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};

/// What style sheets of the drawing refer to; no element has this id.
const OF_STYLES: &str = "\0";

/// How deeply references may lead on.
const DEEPEST: usize = 100;

/// An element with an id, or the whole drawing, without those in it that have an id of their own.
#[derive(Default)]
struct Part {
    elements: u64,
    /// What it refers to and what it holds, by id.
    refers: Vec<String>,
}

/// How many elements a drawing has with all that it repeats; as many as can be counted if references lead on too deeply.
pub(super) fn of(svg: &str) -> u64 {
    let mut reader = quick_xml::Reader::from_str(svg);
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    let mut owners = vec![String::new()];
    let mut in_style = false;
    while let Ok(event) = reader.read_event() {
        match &event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => {
                let owner = element(tag, owners.last().map_or("", String::as_str), &mut parts);
                if matches!(event, Event::Start(_)) {
                    in_style = tag.local_name().as_ref() == "style";
                    owners.push(owner);
                }
            }
            Event::End(_) => {
                in_style = false;
                // The whole drawing is there to the end.
                owners.truncate(owners.len().saturating_sub(1).max(1));
            }
            Event::Text(text) if in_style => parts.entry(OF_STYLES.to_owned()).or_default().refers.extend(named(text)),
            Event::CData(text) if in_style => parts.entry(OF_STYLES.to_owned()).or_default().refers.extend(named(text)),
            _ => {}
        }
    }
    size("", &parts, &mut BTreeMap::new(), 0)
}

/// Counts an element within the part `owner`; gives the part that what is in it belongs to.
fn element(tag: &BytesStart<'_>, owner: &str, parts: &mut BTreeMap<String, Part>) -> String {
    let mut own = owner.to_owned();
    let mut refers = Vec::new();
    for attribute in tag.attributes().with_checks(false).flatten() {
        let value = attribute.value.trim();
        match attribute.key.local_name().as_ref() {
            "id" => value.clone_into(&mut own),
            "href" => refers.extend(value.strip_prefix('#').map(str::to_owned)),
            "class" => refers.push(OF_STYLES.to_owned()),
            _ => refers.extend(named(value)),
        }
    }
    if own != owner {
        parts.entry(owner.to_owned()).or_default().refers.push(own.clone());
    }
    let part = parts.entry(own.clone()).or_default();
    part.elements += 1;
    part.refers.extend(refers);
    own
}

/// The ids in `url(#…)` in a text.
fn named(text: &str) -> impl Iterator<Item = String> {
    text.split("url(").skip(1).filter_map(|rest| {
        let id = rest.split(')').next()?.trim().trim_matches(['"', '\'']).strip_prefix('#')?;
        Some(id.to_owned())
    })
}

fn size(id: &str, parts: &BTreeMap<String, Part>, known: &mut BTreeMap<String, Option<u64>>, depth: usize) -> u64 {
    if let Some(size) = known.get(id) {
        // What is being counted leads back to itself.
        return size.unwrap_or(0);
    }
    let Some(part) = parts.get(id) else { return 0 };
    if depth > DEEPEST {
        return u64::MAX;
    }
    known.insert(id.to_owned(), None);
    let mut all = part.elements;
    for refers in &part.refers {
        all = all.saturating_add(size(refers, parts, known, depth + 1));
    }
    known.insert(id.to_owned(), Some(all));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_repeated_counts_as_often_as_it_is_drawn() {
        for (svg, elements) in [
            ("<svg><g><path/><path/></g></svg>", 4),
            ("<svg><g id='a'><path/></g><use href='#a'/><use xlink:href='#a'/></svg>", 9),
            (
                "<svg><pattern id='a'><path/></pattern><path fill='url(#a)'/><path style='fill: url( \"#a\" )'/></svg>",
                9,
            ),
            ("<svg><style>.b { fill: url(#a) }</style><pattern id='a'><path/></pattern><path class='b'/></svg>", 7),
            ("<svg><g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g></svg>", 7),
            ("<svg><path fill='url(#nowhere)'/></svg>", 2),
        ] {
            assert_eq!(of(svg), elements, "{svg}");
        }
        let mut deep = "<svg><g id='g0'/>".to_owned();
        for n in 1..40 {
            deep.push_str(&format!("<g id='g{n}'><use href='#g{0}'/><use href='#g{0}'/></g>", n - 1));
        }
        assert!(of(&deep) > 1 << 39);
    }
}
