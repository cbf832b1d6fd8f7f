//! A [`Doc`] → its structure in one line, to compare a text that was read with what it was written from: how a mark was typed makes
//! no difference, what a reader sees does.
//!
//! `import::structure` writes the same notation from a document that has not been Markdown yet.

use std::ops::Range;

use super::Doc;
use super::tree::{Kind, Node};
use crate::data::RawKind;

/// The structure of a text and of its notes.
pub(crate) fn structure(doc: &Doc) -> String {
    let mut out = blocks(doc, &doc.nodes);
    for note in &doc.notes {
        out.push_str(&format!("⟨note-text {}⟩", blocks(doc, &note.nodes)));
    }
    out
}

/// The structure of some nodes of a text.
pub(crate) fn of(doc: &Doc, nodes: &[Node]) -> String {
    blocks(doc, nodes)
}

/// Text with its blanks as a reader sees them: one between two words. A blank that cannot break stays.
pub(crate) fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\t' | '\n' | '\r' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// The words of one block: blanks at its ends and beside breaks are not seen.
pub(crate) fn line(text: &str) -> String {
    let text = collapsed(text);
    text.replace(" ⟨br⟩", "⟨br⟩").replace("⟨br⟩ ", "⟨br⟩").trim_matches(' ').to_owned()
}

/// A link; one that shows its own address is the same as that address typed.
pub(crate) fn link(to: &str, inside: &str) -> String {
    let bare = to.strip_prefix("mailto:").unwrap_or(to);
    let typed = inside.trim();
    let is_same =
        typed == to || typed == bare || bare.strip_prefix("https://").or(bare.strip_prefix("http://")) == Some(typed);
    if is_same { inside.to_owned() } else { format!("⟨a {to}|{inside}⟩") }
}

fn blocks(doc: &Doc, nodes: &[Node]) -> String {
    let mut out = String::new();
    let mut words = String::new();
    let mut place = 0;
    while let Some(node) = nodes.get(place) {
        let inside = node.inside(place);
        if node.kind.is_block() {
            paragraph(&mut words, &mut out);
            out.push_str(&block(doc, node, &nodes[inside.clone()]));
        } else {
            words.push_str(&inline(doc, nodes, place));
        }
        place = inside.end;
    }
    paragraph(&mut words, &mut out);
    out
}

/// The words of an item without a paragraph are one all the same.
fn paragraph(words: &mut String, out: &mut String) {
    let words = line(&std::mem::take(words));
    if !words.is_empty() {
        out.push_str(&format!("⟨p {words}⟩"));
    }
}

fn block(doc: &Doc, node: &Node, inside: &[Node]) -> String {
    let named = |name: &str| format!("⟨{name} {}⟩", blocks(doc, inside));
    match &node.kind {
        Kind::Paragraph | Kind::Formula => format!("⟨p {}⟩", line(&inlines(doc, inside))),
        Kind::Heading(n) => format!("⟨h{} {}⟩", doc.outline[*n as usize].level, line(&inlines(doc, inside))),
        Kind::Quote => named("quote"),
        Kind::Alert(_) => named("alert"),
        Kind::List(None) => named("ul"),
        Kind::List(Some(start)) => named(&format!("ol{start}")),
        Kind::Item => named("li"),
        Kind::Definitions => named("dl"),
        Kind::Term => named("dt"),
        Kind::Definition => named("dd"),
        Kind::Table => format!("⟨table {}⟩", rows(doc, inside)),
        Kind::Code(n) => {
            let code = &doc.codes[*n as usize];
            format!("⟨code {}|{}⟩", code.language, code.text.trim_end_matches('\n'))
        }
        Kind::Rule => "⟨rule⟩".to_owned(),
        Kind::Directive(n) => {
            let directive = &doc.directives[*n as usize];
            let mut given: Vec<(&str, String)> = directive
                .attributes
                .iter()
                .map(|(key, value)| {
                    let value = match &value.kind {
                        RawKind::Text(text) => text.clone(),
                        RawKind::Int(number) => number.to_string(),
                        RawKind::Float(number) => number.to_string(),
                        RawKind::Bool(truth) => truth.to_string(),
                        other => format!("{other:?}"),
                    };
                    (key.name.as_str(), value)
                })
                .collect();
            given.sort();
            format!(
                "⟨:::{}{} {}⟩",
                directive.name,
                given.iter().map(|(key, value)| format!(" {key}={value}")).collect::<String>(),
                blocks(doc, inside)
            )
        }
        _ => inlines(doc, inside),
    }
}

fn rows(doc: &Doc, nodes: &[Node]) -> String {
    let mut out = String::new();
    let mut place = 0;
    while let Some(node) = nodes.get(place) {
        let inside = node.inside(place);
        let cells = cells(doc, &nodes[inside.clone()]);
        let name = if node.kind == Kind::TableHead { "head" } else { "row" };
        out.push_str(&format!("⟨{name} {cells}⟩"));
        place = inside.end;
    }
    out
}

fn cells(doc: &Doc, nodes: &[Node]) -> String {
    let mut out = String::new();
    let mut place = 0;
    while let Some(node) = nodes.get(place) {
        let inside = node.inside(place);
        out.push_str(&format!("⟨cell {}⟩", line(&inlines(doc, &nodes[inside.clone()]))));
        place = inside.end;
    }
    out
}

fn inlines(doc: &Doc, nodes: &[Node]) -> String {
    let mut out = String::new();
    let mut place = 0;
    while let Some(node) = nodes.get(place) {
        out.push_str(&inline(doc, nodes, place));
        place = node.inside(place).end;
    }
    out
}

fn inline(doc: &Doc, nodes: &[Node], place: usize) -> String {
    let node = &nodes[place];
    let range: Range<usize> = node.inside(place);
    let named = |name: &str| format!("⟨{name} {}⟩", inlines(doc, &nodes[range.clone()]));
    match &node.kind {
        Kind::Text(words) => words.of(&doc.words).to_owned(),
        Kind::InlineCode(words) => format!("⟨c {}⟩", words.of(&doc.words)),
        Kind::Math(math) => {
            format!("⟨math{} {}⟩", if math.display { "-display" } else { "" }, math.tex.of(&doc.words).trim())
        }
        Kind::Emphasis => named("em"),
        Kind::Strong => named("strong"),
        Kind::Deleted => named("del"),
        Kind::Subscript => named("sub"),
        Kind::Superscript => named("sup"),
        Kind::Link(n) => link(&doc.links[*n as usize].to, &inlines(doc, &nodes[range])),
        Kind::Image(n) => {
            let image = &doc.images[*n as usize];
            format!("⟨img {}|{}|{}⟩", image.to, collapsed(&image.alt), image.decorative)
        }
        Kind::SoftBreak | Kind::NewLine => " ".to_owned(),
        Kind::HardBreak => "⟨br⟩".to_owned(),
        Kind::NoteReference { note, .. } => format!("⟨note {note}⟩"),
        Kind::FigureReference(n) => format!("⟨@{}⟩", doc.references[*n as usize].id),
        Kind::Task(done) => format!("⟨task {done}⟩"),
        Kind::Element(element) if &*element.name == "br" => "⟨br⟩".to_owned(),
        Kind::Element(element) if &*element.name == "code" => named("c"),
        Kind::Element(element) => named(&element.name),
        Kind::StartTag(element) => format!("⟨<{}⟩", element.name),
        Kind::EndTag(name) => format!("⟨/{}⟩", name.of(&doc.words)),
        Kind::Html(words) => format!("⟨html {}⟩", words.of(&doc.words)),
        _ => inlines(doc, &nodes[range]),
    }
}
