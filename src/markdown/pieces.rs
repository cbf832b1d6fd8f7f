//! A text as the parser sees it → the parser's events, in order. A long text is parsed piece by piece.
//!
//! The parser needs nine bytes of memory for each byte of text, until the last event has come. So a long text is cut where a
//! paragraph or heading begins that is in no other block, which the parser itself says, and only one piece is in its hands.
//!
//! What a piece cannot see of the others is given to it: the addresses of references, and which notes there are. So the
//! events are those of the whole text; a test compares them.
//!
//! The parser compares labels byte by byte but for capitals. A text with letters in decomposed form is a piece of its own, so that
//! a label in one of Unicode's forms is found in the other: macOS and Word write both.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, RefDefs, Tag};
use unicase::UniCase;

use crate::path::composed;

/// A text longer than this is parsed piece by piece.
const LONG: usize = 1 << 17;

/// Calls `each` for every event of `source`, with its place and the definitions of links.
pub(super) fn events<'s>(
    source: &'s str,
    options: Options,
    each: impl FnMut(Event<'s>, Range<usize>, &Definitions<'_>),
) {
    events_of(source, options, LONG, each);
}

fn events_of<'s>(
    source: &'s str,
    options: Options,
    size: usize,
    mut each: impl FnMut(Event<'s>, Range<usize>, &Definitions<'_>),
) {
    let may_differ = may_have_two_forms(source);
    let pieces = if source.len() > size || may_differ { cut(source, options, size) } else { Vec::new() };
    if pieces.len() < 2 && !may_differ {
        let mut events = Parser::new_ext(source, options).into_offset_iter();
        while let Some((event, range)) = events.next() {
            each(event, range, &Definitions::Whole(events.reference_definitions()));
        }
        return;
    }
    let known = Known::of(&pieces);
    let all = Definitions::Pieces(&known);
    for piece in &pieces {
        let text = &source[piece.at.clone()];
        let added = notes_elsewhere(text, piece, &known);
        if added.is_empty() {
            let parser = Parser::new_with_broken_link_callback(text, options, Some(|link| all.given(link)));
            for (event, range) in parser.into_offset_iter() {
                each(all.corrected(event), range.start + piece.at.start..range.end + piece.at.start, &all);
            }
            continue;
        }
        let text = added.clone() + text;
        let parser = Parser::new_with_broken_link_callback(&text, options, Some(|link| all.given(link)));
        for (event, range) in parser.into_offset_iter().filter(|(_, range)| range.start >= added.len()) {
            let place = |at: usize| at - added.len() + piece.at.start;
            each(all.corrected(event).into_static(), place(range.start)..place(range.end), &all);
        }
    }
}

/// A part of a text that the parser may read on its own.
struct Piece {
    at: Range<usize>,
    links: Vec<(String, LinkTo)>,
    /// The labels of its notes.
    notes: Vec<String>,
}

/// A label as it is compared: without case, in Unicode's composed form.
type Label = UniCase<String>;

fn folded(label: &str) -> Label {
    UniCase::new(composed(label).into_owned())
}

/// Whether a text has labels, and letters in a form other than the composed one.
fn may_have_two_forms(text: &str) -> bool {
    // Bytes that begin a letter which can follow another, or be two: few texts have any.
    let is_odd = |byte: &u8| *byte >= 0xcc && *byte != 0xe2 && *byte < 0xf0;
    !text.is_ascii()
        && text.contains('[')
        && text.bytes().any(|byte| is_odd(&byte))
        && matches!(composed(text), Cow::Owned(_))
}

/// What a reference stands for: where that is written, the address and the title.
type LinkTo = (Range<usize>, String, String);

/// What the pieces of a text define. The parser compares labels without case in the same way.
#[derive(Default)]
pub(super) struct Known {
    links: BTreeMap<Label, LinkTo>,
    /// Where the pieces begin that have the note, and how it is called there.
    notes: BTreeMap<Label, Vec<(usize, String)>>,
}

impl Known {
    fn of(pieces: &[Piece]) -> Self {
        let mut known = Self::default();
        for piece in pieces {
            for (label, to) in &piece.links {
                known.links.entry(folded(label)).or_insert_with(|| to.clone());
            }
            for label in &piece.notes {
                known.notes.entry(folded(label)).or_default().push((piece.at.start, label.clone()));
            }
        }
        known
    }
}

/// The pieces of `source`, each some `size` bytes long, unless one block is longer.
fn cut(source: &str, options: Options, size: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut start, mut length) = (0, size);
    while start < source.len() {
        let end = end_of_lines(source, start.saturating_add(length));
        let piece = first_piece(source, start..end, options);
        // One block takes all of it: it may end further on.
        if piece.at.is_empty() {
            length = length.saturating_mul(2);
            continue;
        }
        (start, length) = (piece.at.end, size);
        pieces.push(piece);
    }
    pieces
}

/// The end of the line before the first blank line at or after byte `at`.
fn end_of_lines(source: &str, at: usize) -> usize {
    let rest = source.as_bytes().get(at..).unwrap_or_default();
    memchr::memmem::find(rest, b"\n\n").map_or(source.len(), |found| at + found + 1)
}

/// What of `window` is a piece: up to the last block where a text can be cut; all of it, if it ends with the text.
fn first_piece(source: &str, window: Range<usize>, options: Options) -> Piece {
    let text = &source[window.clone()];
    let mut events = Parser::new_ext(text, options).into_offset_iter();
    let mut notes = Vec::new();
    // Where the last blocks begin that are in no other, the latest first, and whether a text can be cut there.
    let mut blocks = [(0, false); 3];
    // The parser may count what follows a list of definitions as a part of it.
    let mut is_after_definitions = false;
    let (mut depth, mut end) = (0, 0);
    for (event, range) in events.by_ref() {
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    let can_be = matches!(tag, Tag::Paragraph | Tag::Heading { .. })
                        && range.start > 0
                        && !is_after_definitions
                        && is_after_blank_line(&text.as_bytes()[..range.start]);
                    is_after_definitions = matches!(tag, Tag::DefinitionList);
                    blocks.rotate_right(1);
                    blocks[0] = (range.start, can_be);
                    // Two more have begun, so nothing that follows can become a part of this one.
                    if blocks[2].1 {
                        end = blocks[2].0;
                    }
                }
                if let Tag::FootnoteDefinition(label) = tag {
                    notes.push((range.start, label));
                }
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    if window.end == source.len() {
        end = text.len();
    }
    let links = events.reference_definitions().iter().filter(|(_, link)| link.span.start < end).map(|(label, link)| {
        let place = window.start + link.span.start..window.start + link.span.end;
        (label.to_owned(), (place, link.dest.to_string(), link.title.as_deref().unwrap_or("").to_owned()))
    });
    let mut links: Vec<(String, LinkTo)> = links.collect();
    // Of two with one name, the first counts.
    links.sort_by_key(|(_, (place, ..))| place.start);
    let notes = notes.into_iter().filter(|(at, _)| *at < end).map(|(_, label)| label.to_string()).collect();
    Piece { at: window.start..window.start + end, links, notes }
}

/// Whether a line begins after `before`, and the line before is blank.
fn is_after_blank_line(before: &[u8]) -> bool {
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r');
    let Some(before) = before.strip_suffix(b"\n") else { return false };
    before.iter().rev().find(|byte| !is_blank(byte)) == Some(&b'\n')
}

/// Notes for the parser to see before `text`, so that it knows those that `text` refers to and other pieces have.
fn notes_elsewhere(text: &str, piece: &Piece, known: &Known) -> String {
    let mut added = BTreeSet::new();
    if !known.notes.is_empty() {
        for at in memchr::memmem::find_iter(text.as_bytes(), b"[^") {
            let Some(label) = label_at(&text[at + 2..]) else { continue };
            for label in [label.replace("\\|", "|"), label] {
                let Some(places) = known.notes.get(&folded(&label)) else { continue };
                let label = UniCase::new(label);
                let is_seen = |(at, written): &(usize, String)| {
                    *at == piece.at.start && UniCase::new(written) == UniCase::new(&*label)
                };
                if !places.iter().any(is_seen) {
                    added.insert(label);
                }
            }
        }
    }
    let mut before: String = added.iter().map(|label| format!("[^{label}]: x\n\n")).collect();
    if !before.is_empty() {
        // No line of the piece can continue a rule.
        before.push_str("***\n\n");
    }
    before
}

/// The label that ends with the first `]` of `text`, without marks of quotations where it goes on in the next line.
fn label_at(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut at = 0;
    // No label has more than a thousand letters.
    while at < 4000 {
        match bytes.get(at)? {
            b']' => {
                let lines = text.get(..at)?.lines();
                let inside = lines.enumerate();
                let inside =
                    inside.map(|(n, line)| if n == 0 { line } else { line.trim_start_matches([' ', '\t', '>']) });
                let words = inside.flat_map(|line| line.split_ascii_whitespace());
                return Some(words.collect::<Vec<_>>().join(" "));
            }
            b'[' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// Where the addresses of references are defined.
pub(super) enum Definitions<'a> {
    /// As the parser knows it.
    Whole(&'a RefDefs<'a>),
    /// As all pieces say.
    Pieces(&'a Known),
}

impl Definitions<'_> {
    /// The place of the definition of `label`, and its address.
    pub(super) fn get<'b>(&'b self, label: &'b str) -> Option<(Range<usize>, &'b str)> {
        match self {
            Self::Whole(all) => all.get(label).map(|link| (link.span.clone(), &*link.dest)),
            Self::Pieces(_) => self.elsewhere(label).map(|(place, to, _)| (place.clone(), &**to)),
        }
    }

    fn elsewhere(&self, label: &str) -> Option<&LinkTo> {
        match self {
            Self::Whole(_) => None,
            Self::Pieces(known) => known.links.get(&folded(label)),
        }
    }

    /// The address and title of a reference, whose definition the parser does not see.
    fn given<'t>(&self, link: BrokenLink<'t>) -> Option<(CowStr<'t>, CowStr<'t>)> {
        self.elsewhere(&link.reference).map(|(_, to, title)| (to.clone().into(), title.clone().into()))
    }

    /// The event as the whole text gives it: a reference leads where its label is defined first.
    fn corrected<'s>(&self, mut event: Event<'s>) -> Event<'s> {
        if let Event::Start(
            Tag::Link { link_type, dest_url, title, id } | Tag::Image { link_type, dest_url, title, id },
        ) = &mut event
        {
            match link_type {
                LinkType::ReferenceUnknown => *link_type = LinkType::Reference,
                LinkType::CollapsedUnknown => *link_type = LinkType::Collapsed,
                LinkType::ShortcutUnknown => *link_type = LinkType::Shortcut,
                _ => {}
            }
            if matches!(link_type, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut)
                && let Some((_, to, first)) = self.elsewhere(id)
                && (**dest_url != **to || **title != **first)
            {
                (*dest_url, *title) = (to.clone().into(), first.clone().into());
            }
        }
        event
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn options() -> Options {
        use pulldown_cmark::Options as Parsing;
        Parsing::ENABLE_TABLES
            | Parsing::ENABLE_FOOTNOTES
            | Parsing::ENABLE_STRIKETHROUGH
            | Parsing::ENABLE_TASKLISTS
            | Parsing::ENABLE_GFM
            | Parsing::ENABLE_DEFINITION_LIST
            | Parsing::ENABLE_SMART_PUNCTUATION
    }

    type Told = (Event<'static>, Range<usize>, Option<(Range<usize>, String)>);

    /// All that the reader is told, and how many pieces there were.
    fn told(text: &str, size: usize) -> (Vec<Told>, usize) {
        let mut all = Vec::new();
        events_of(text, options(), size, |event, range, definitions| {
            let place = match &event {
                Event::Start(Tag::Link { id, .. }) => definitions.get(id).map(|(place, to)| (place, to.to_owned())),
                _ => None,
            };
            all.push((event.into_static(), range, place));
        });
        (all, cut(text, options(), size).len())
    }

    /// Lines that, put together, make every kind of block, and those that go on after a blank line.
    const LINES: &[&str] = &[
        "",
        "",
        "",
        "",
        "word",
        "word [a] and [b][A] ![c][]",
        "see [^a] and [^B]",
        "# Heading",
        "Title\n===",
        "- item",
        "  more",
        "    far in",
        "1. one",
        "> said [^a]",
        "> - [a]",
        ": means",
        ":::note",
        "[a]: /x \"T\"",
        "[A]: /y",
        "[c]: <z z>",
        "> [b]: /q",
        "[^a]: Note.",
        "[^b]: Other [a]\n\n    more [^a]",
        "> [^a]: In it",
        "```",
        "~~~",
        "<div>",
        "</div>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "|a|b [^a]|\n|-|-|\n|c|[a]|",
        "***",
        "    code",
        "\tcode",
        "- [ ] task\n\n  [a]",
        "*a",
        "b*",
        "a\\",
        "\r",
        "word\r",
        "<b>",
        "[^long\nlabel]",
        "[^c\\]",
        "é[^é]",
        "[^É]: e",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        /// Seen to fail without the corrected references, without the notes elsewhere, and with cuts at any paragraph.
        #[test]
        fn pieces_give_the_events_of_the_whole(lines in prop::collection::vec(prop::sample::select(LINES), 1..60), size in 1usize..200) {
            let text = lines.join("\n");
            let (pieces, whole) = (told(&text, size).0, told(&text, usize::MAX).0);
            let differ = pieces.iter().zip(&whole).find(|(one, other)| one != other);
            prop_assert!(pieces == whole, "{:?}\n{:?}", text, differ);
        }
    }

    /// Seen to fail where labels are compared as they are written.
    #[test]
    fn a_label_in_one_form_is_found_in_the_other() {
        let forms = ["t\u{177}", "ty\u{302}", "T\u{176}", "TY\u{302}"];
        let padding = "A paragraph of its own.\n\n".repeat(30);
        for (used, defined) in forms.iter().flat_map(|used| forms.map(|defined| (used, defined))) {
            for padding in ["", padding.as_str()] {
                let text = format!(
                    "See [it][{used}], [{used}], ![{used}][] and[^{used}]. a\u{302}\n\n{padding}[{defined}]: /there\n\n[^{defined}]: The note.\n"
                );
                for size in [50, 400, usize::MAX] {
                    let (told, _) = told(&text, size);
                    let leads = told.iter().filter(|(event, ..)| match event {
                        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                            **dest_url == *"/there"
                        }
                        _ => false,
                    });
                    assert_eq!(leads.count(), 3, "{used} {defined} {size}");
                    let notes = told.iter().filter(|(event, ..)| matches!(event, Event::FootnoteReference(_)));
                    assert_eq!(notes.count(), 1, "{used} {defined} {size}");
                    let place = told.iter().find_map(|(_, _, place)| place.clone());
                    assert_eq!(place.map(|(_, to)| to).as_deref(), Some("/there"));
                }
            }
        }
    }

    /// The same for what people write.
    #[test]
    fn pieces_give_the_events_of_texts() {
        let text = include_str!("../../docs/content/writing.md");
        let (whole, _) = told(text, usize::MAX);
        for size in [300, 1_000, 5_000] {
            let (found, pieces) = told(text, size);
            assert!(pieces > 3, "{pieces} pieces");
            assert!(found == whole, "pieces of {size}");
        }
    }
}
