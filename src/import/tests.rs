//! Documents of every shape with hostile words → Markdown → the project's reader → the same words and structure.
#![allow(clippy::disallowed_methods)] // Tests read how often to try.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::document::{Block, Document, Image, Inline};
use super::markdown::{address, write};
use super::structure::structure;
use super::tidy;
use crate::markdown::tree::Align;
use crate::markdown::{self, HtmlPolicy, Options};
use crate::path::SitePath;

fn options() -> Options {
    Options { extensions: true, smart_punctuation: false, html: HtmlPolicy::Sanitise }
}

fn file() -> SitePath {
    SitePath::new("content/x.md").expect("a path")
}

/// Words with whatever could mean something in Markdown.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z]{1,5}",
        4 => " {1,2}",
        3 => "[*_`~^$|<>#+=:.(){}!&@\\\\\\[\\]-]{1,3}",
        1 => prop::sample::select(vec![
            ":::", "1. ", "12) ", "# ", "---", "***", "+ ", "[x] ", "[^1]", "[a](b)", "<b>", "&amp;", "&#42;", "$x$", "$5 and $10",
            "@fig-a", "a@b.org", "https://x.org/a_b*", "http:", "www.x.org", "~~", "``", "> ", ": x", "| a |", "|---|", "![", "{#a}",
            "é", "\u{a0}", "“a”", "\u{2028}", "\t", "\u{0}", "snake_case", "2*3*4", "<!-- x -->", "</script>", "\\", "[!NOTE]", "  ",
            "::: x", "H~2~O", "x^2^", "a\\*", "\u{200f}א",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

fn inlines(notes: usize) -> impl Strategy<Value = Vec<Inline>> {
    let leaf = prop_oneof![
        8 => hostile().prop_map(Inline::Text),
        1 => hostile().prop_map(Inline::Code),
        1 => Just(Inline::Break),
        1 => (0..notes).prop_map(Inline::Note),
        1 => (hostile(), any::<bool>()).prop_map(|(alt, decorative)| {
            let alt = if decorative { String::new() } else { alt.split_whitespace().collect::<Vec<_>>().join(" ") };
            let alt = alt.replace(['\u{0}', '\u{2028}'], "");
            Inline::Image(Image { file: "a.png".to_owned(), alt, title: String::new(), decorative })
        }),
        1 => Just(Inline::Math { tex: "x^2 + y_1".to_owned(), display: false }),
    ];
    let nested = leaf.prop_recursive(3, 12, 4, |inner| {
        let many = || prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            many().prop_map(Inline::Strong),
            many().prop_map(Inline::Emphasis),
            many().prop_map(Inline::Deleted),
            many().prop_map(Inline::Subscript),
            many().prop_map(Inline::Superscript),
            (many(), hostile()).prop_map(|(text, to)| Inline::Link {
                to: address(&format!("https://x.org/{to}")),
                title: String::new(),
                text
            }),
        ]
    });
    prop::collection::vec(nested, 0..6)
}

fn blocks(notes: usize) -> impl Strategy<Value = Vec<Block>> {
    let leaf = prop_oneof![
        6 => inlines(notes).prop_map(Block::Paragraph),
        2 => (2..7_u8, inlines(notes)).prop_map(|(level, text)| Block::Heading { level, text, id: None, classes: Vec::new() }),
        1 => hostile().prop_map(|text| Block::Code { language: String::new(), text: format!("x{text}") }),
        1 => (1..4_usize).prop_flat_map(move |columns| {
            prop::collection::vec(prop::collection::vec(inlines(notes), columns), 1..4)
                .prop_map(move |rows| Block::Table { rows, columns: vec![Align::Default; columns] })
        }),
        1 => Just(Block::Rule),
    ];
    let nested = leaf.prop_recursive(3, 16, 4, |inner| {
        let many = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            (prop::option::of(1..20_u64), prop::collection::vec(many(), 1..4))
                .prop_map(|(start, items)| Block::List { start, items }),
            many().prop_map(Block::Quote),
        ]
    });
    prop::collection::vec(nested, 0..5)
}

pub(crate) fn documents() -> impl Strategy<Value = Document> {
    let boxed = (hostile(), blocks(2)).prop_map(|(title, blocks)| Block::Directive {
        name: "callout".to_owned(),
        attributes: vec![("title".to_owned(), title.replace(|c: char| c.is_control() || c == '\u{2028}', ""))],
        blocks,
    });
    let paragraphs = || {
        prop::collection::vec(
            inlines(1).prop_map(|text| {
                Block::Paragraph(text.into_iter().filter(|one| !matches!(one, Inline::Note(_))).collect())
            }),
            1..3,
        )
    };
    (blocks(2), boxed, blocks(2), paragraphs(), paragraphs()).prop_map(|(before, boxed, after, one, other)| {
        let blocks = before.into_iter().chain([boxed]).chain(after).collect();
        let mut document = Document { blocks, notes: vec![one, other], ..Document::default() };
        without_notes(&mut document.notes);
        tidy(&mut document);
        document
    })
}

/// Notes name no notes, and say something.
fn without_notes(notes: &mut [Vec<Block>]) {
    fn cleaned(text: Vec<Inline>) -> Vec<Inline> {
        text.into_iter()
            .filter(|one| !matches!(one, Inline::Note(_)))
            .map(|one| if one.inside().is_empty() { one } else { one.around(cleaned(one.inside().to_vec())) })
            .collect()
    }
    for note in notes {
        for block in note.iter_mut() {
            if let Block::Paragraph(text) = block {
                *text = cleaned(std::mem::take(text));
            }
        }
        note.insert(0, Block::Paragraph(vec![Inline::Text("note".to_owned())]));
    }
}

/// The documents come from a fixed seed, so that a run is repeatable; `PROPTEST_CASES=20000` tries that many random ones.
fn config() -> ProptestConfig {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig { cases: 600, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() },
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_written_reads_as_it_was(document in documents()) {
        let written = write(&document, &options(), &file());
        let read = markdown::read(&file(), &written.text, 0, &options()).value;
        let (was, is) = (structure(&document), markdown::structure::structure(&read));
        if written.bare.is_empty() {
            prop_assert_eq!(was, is, "\n{}", written.text);
        }
    }
}

#[test]
fn a_note_before_a_link_stays_a_note() {
    let text = |words: &str| Inline::Text(words.to_owned());
    let link = Inline::Link { to: "https://x.org/a".to_owned(), title: String::new(), text: vec![text("#")] };
    let item = vec![Block::Paragraph(vec![Inline::Note(0), link])];
    let mut document = Document {
        blocks: vec![Block::List { start: None, items: vec![item] }],
        notes: vec![vec![Block::Paragraph(vec![text("note")])]],
        ..Document::default()
    };
    tidy(&mut document);
    let written = write(&document, &options(), &file());
    assert!(written.is_exact, "{}", written.text);
}
