//! Documents of every shape → a Word file → the same words and structure.
#![allow(clippy::disallowed_methods)] // Tests read the texts of this repository, and how often to try.

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::docx::write;
use super::{Around, Outgoing, Picture, Shown};
use crate::content::front_matter;
use crate::import::document::{Block, Definition, Document, Image, Inline, map_lines};
use crate::import::docx::{Changes, Imported, Wishes, read};
use crate::import::structure::structure;
use crate::import::tests::documents;
use crate::import::{read as reading, tidy};
use crate::markdown;
use crate::markdown::tree::{Alert, Align};
use crate::path::SitePath;

/// A page of nothing but a text.
fn outgoing(document: Document) -> Outgoing {
    Outgoing {
        title: "A page".to_owned(),
        authors: Vec::new(),
        language: "en-GB".to_owned(),
        is_from_right: false,
        page: "content/x.md".to_owned(),
        source: "0".to_owned(),
        notices: vec!["This page is a draft.".to_owned()],
        fields: Vec::new(),
        document,
    }
}

fn picture() -> Picture {
    Picture { bytes: b"\x89PNG\r\n\x1a\n".to_vec(), ending: "png", width: 4, height: 3 }
}

fn there_and_back(document: Document) -> Imported {
    let around = Around {
        address: &|to| to.starts_with("https:").then(|| to.to_owned()),
        picture: &|_| Ok(picture()),
        figure: &|id| Some(format!("Figure {}", id.len())),
        block: &|name, attributes| Shown {
            label: format!("Block: {name}"),
            fields: attributes
                .iter()
                .filter(|(key, _)| key == "title")
                .map(|(key, _)| (key.clone(), "Title".to_owned()))
                .collect(),
            words: None,
            picture: Some((picture(), "what it shows".to_owned())),
            notice: Some("Not yet.".to_owned()),
        },
    };
    let written = write(&outgoing(document), &around);
    let wishes = Wishes {
        changes: Changes::Accept,
        keeps_comments: false,
        styles: &[],
        blocks: &|_| true,
        figures: &|_| false,
        shows_html: true,
        is_returned: true,
    };
    let mut imported = read(&written.bytes, &wishes).expect("the file can be read");
    tidy(&mut imported.document);
    imported
}

/// The same cases each time, unless `PROPTEST_CASES` asks for a number of new ones.
fn runner() -> TestRunner {
    let config = |cases| ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    match std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()) {
        Some(asked) => TestRunner::new(config(asked)),
        None => TestRunner::new_with_rng(config(200), TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    }
}

/// Seen to fail without the marks of nested looks, and without the numbers that lists begin with.
#[test]
fn what_went_out_comes_back() {
    runner()
        .run(&documents(), |mut document| {
            // A title of blanks is none.
            document.blocks.iter_mut().for_each(|block| {
                if let Block::Directive { attributes, .. } = block {
                    attributes.retain_mut(|(_, value)| {
                        *value = value.split_whitespace().collect::<Vec<_>>().join(" ");
                        !value.is_empty()
                    });
                }
            });
            // A paragraph of blanks that do not break is none either.
            let mut seen = |line: Vec<Inline>| {
                line.into_iter()
                    .map(|one| match one {
                        Inline::Text(words) => text(&words.replace('\u{a0}', "n\u{a0}n")),
                        Inline::Image(image) => Inline::Image(Image { alt: image.alt.trim().to_owned(), ..image }),
                        other => other,
                    })
                    .collect()
            };
            map_lines(&mut document.blocks, &mut seen);
            document.notes.iter_mut().for_each(|note| map_lines(note, &mut seen));
            tidy(&mut document);
            let was = structure(&document);
            let back = there_and_back(document);
            prop_assert_eq!(was, structure(&back.document), "{}", back.losses.report(true));
            Ok(())
        })
        .unwrap();
}

fn text(words: &str) -> Inline {
    Inline::Text(words.to_owned())
}

fn p(words: &str) -> Block {
    Block::Paragraph(vec![text(words)])
}

/// What the random documents do not hold.
#[test]
fn every_kind_of_block_comes_back() {
    let line = |one: Inline| Block::Paragraph(vec![text("a "), one, text(" b")]);
    let link = |text: Vec<Inline>| Inline::Link { to: "about.md".to_owned(), title: "T".to_owned(), text };
    let strong = |inside: Vec<Inline>| Inline::Strong(inside);
    let blocks = vec![
        Block::Heading { level: 1, text: vec![text("One")], id: Some("x".to_owned()), classes: vec!["c".to_owned()] },
        Block::Alert(Alert::Tip, vec![p("a"), Block::List { start: None, items: vec![vec![p("b")]] }]),
        Block::Definitions(vec![
            Definition::Term(vec![text("t")]),
            Definition::Meaning(vec![p("m")]),
            Definition::Meaning(vec![
                p("m"),
                Block::Code { language: "rust".to_owned(), text: "\n\tx\n\ny".to_owned() },
            ]),
        ]),
        Block::Definitions(vec![Definition::Term(vec![text("t")]), Definition::Meaning(vec![p("m")])]),
        Block::Quote(vec![p("q")]),
        Block::Quote(vec![p("r")]),
        Block::Code { language: String::new(), text: "a".to_owned() },
        Block::Code { language: String::new(), text: "b".to_owned() },
        Block::Table { rows: vec![vec![vec![text("a")], vec![text("b")]]], columns: vec![Align::Right, Align::Left] },
        Block::Table { rows: vec![vec![vec![text("a")]]], columns: vec![Align::Default] },
        Block::List {
            start: None,
            items: vec![
                vec![Block::Paragraph(vec![Inline::Task(true), text("done")])],
                vec![Block::Paragraph(vec![Inline::Task(false), text("open")])],
            ],
        },
        line(link(vec![strong(vec![text("x")])])),
        line(strong(vec![link(vec![text("x")])])),
        line(strong(vec![text("x "), link(vec![text("y")]), text(" z")])),
        line(Inline::Element {
            name: "kbd".to_owned(),
            attributes: vec![("class".to_owned(), "k".to_owned())],
            text: vec![text("Ctrl")],
        }),
        line(Inline::Figure("fig-a".to_owned())),
        line(Inline::Math { tex: "\\frac{a}{b} \\text{ if } x ⟧".to_owned(), display: true }),
        line(Inline::Note(0)),
        line(Inline::Note(0)),
        line(Inline::Image(Image {
            file: "a b.png".to_owned(),
            alt: "what".to_owned(),
            title: "t".to_owned(),
            decorative: false,
        })),
        Block::Directive {
            name: "outer".to_owned(),
            attributes: vec![("kind".to_owned(), "x \"y\"".to_owned()), ("title".to_owned(), "T".to_owned())],
            blocks: vec![
                Block::Directive { name: "inner".to_owned(), attributes: Vec::new(), blocks: vec![] },
                Block::Rule,
            ],
        },
    ];
    let mut deep = vec![p("deepest")];
    for level in 0..14 {
        deep = vec![Block::List { start: (level % 2 == 0).then_some(3), items: vec![vec![p("x"), p("y")], deep] }];
    }
    let blocks = blocks.into_iter().chain(deep).collect();
    let notes = vec![vec![p("first"), p("second"), line(Inline::Note(1))], vec![p("only a note names it")]];
    let document = Document { blocks, notes, ..Document::default() };
    let back = there_and_back(document.clone());
    assert_eq!(structure(&document), structure(&back.document), "{}", back.losses.report(true));
    assert_eq!(document.blocks, back.document.blocks);
}

/// The texts that tests are written for; the test `translations` does the same with every page of this repository.
#[test]
fn every_text_of_the_sites_of_tests_comes_back() {
    fn walk(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => walk(&path, found),
                false => found.extend(path.extension().is_some_and(|ending| ending == "md").then_some(path)),
            }
        }
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["tests/fixture", "tests/sites"] {
        walk(&root.join(folder), &mut found);
    }
    assert!(found.len() > 20, "{}", found.len());
    let options = markdown::Options { extensions: true, smart_punctuation: true, html: markdown::HtmlPolicy::Sanitise };
    let file = SitePath::new("content/x.md").unwrap();
    let mut wrong = Vec::new();
    for path in found {
        let Ok(source) = std::fs::read_to_string(&path) else { continue };
        let (_, front) = front_matter(&file, &source);
        let start =
            source[front.end..].find('\n').map_or(0, |at| if front.is_empty() { 0 } else { front.end + at + 1 });
        let doc = markdown::read(&file, &source[start..], start, &options).value;
        let mut document = reading::document(&doc, &source);
        tidy(&mut document);
        let mut back = there_and_back(document);
        reading::settle(&mut back.document, &options, &file);
        let written = crate::import::markdown::write(&back.document, &options, &file);
        let again = markdown::read(&file, &written.text, 0, &options).value;
        let (was, is) = (markdown::structure::structure(&doc), markdown::structure::structure(&again));
        if was != is {
            let at = was.bytes().zip(is.bytes()).take_while(|(a, b)| a == b).count().saturating_sub(60);
            let cut = |text: &str| {
                String::from_utf8_lossy(text.as_bytes().get(at..).unwrap_or_default())
                    .chars()
                    .take(240)
                    .collect::<String>()
            };
            wrong.push(format!("{}\n  {}\n  {}", path.display(), cut(&was), cut(&is)));
        }
    }
    assert!(wrong.is_empty(), "{} pages\n{}", wrong.len(), wrong.join("\n"));
}
