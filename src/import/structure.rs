//! A document → its structure in the notation of [`markdown::structure`](crate::markdown::structure): what a reader of the written page
//! must find again.

use super::document::{Block, Definition, Document, Inline};
use crate::markdown::structure::{line, link};

/// The structure of a document with its notes; notes are in the order in which the text names them.
pub(crate) fn structure(document: &Document) -> String {
    let mut order = Order::default();
    let mut out = blocks(&document.blocks, &mut order);
    let mut at = 0;
    while let Some(note) = order.0.get(at).copied() {
        let inside = document.notes.get(note).map(|note| blocks(note, &mut order)).unwrap_or_default();
        out.push_str(&format!("⟨note-text {inside}⟩"));
        at += 1;
    }
    out
}

/// The notes in the order in which they are first named.
#[derive(Default)]
pub(crate) struct Order(pub(crate) Vec<usize>);

impl Order {
    pub(crate) fn of(&mut self, note: usize) -> usize {
        self.0.iter().position(|known| *known == note).unwrap_or_else(|| {
            self.0.push(note);
            self.0.len() - 1
        })
    }
}

fn blocks(all: &[Block], order: &mut Order) -> String {
    all.iter().map(|one| block(one, order)).collect()
}

fn block(block: &Block, order: &mut Order) -> String {
    match block {
        Block::Heading { level, text, .. } => format!("⟨h{level} {}⟩", line(&inlines(text, order))),
        Block::Paragraph(text) => paragraph(text, order),
        Block::List { start, items } => {
            let name = start.map_or_else(|| "ul".to_owned(), |start| format!("ol{start}"));
            let items: String = items.iter().map(|item| format!("⟨li {}⟩", blocks(item, order))).collect();
            format!("⟨{name} {items}⟩")
        }
        Block::Table { rows, .. } => {
            let mut out = String::new();
            for (nth, row) in rows.iter().enumerate() {
                let cells: String = row.iter().map(|cell| format!("⟨cell {}⟩", line(&inlines(cell, order)))).collect();
                out.push_str(&format!("⟨{} {cells}⟩", if nth == 0 { "head" } else { "row" }));
            }
            format!("⟨table {out}⟩")
        }
        Block::Quote(inside) => format!("⟨quote {}⟩", blocks(inside, order)),
        Block::Code { language, text } => format!("⟨code {language}|{}⟩", text.trim_end_matches('\n')),
        Block::Directive { name, attributes, blocks: inside } => {
            let mut given: Vec<&(String, String)> = attributes.iter().collect();
            given.sort();
            let given: String = given.iter().map(|(key, value)| format!(" {key}={value}")).collect();
            format!("⟨:::{name}{given} {}⟩", blocks(inside, order))
        }
        Block::Alert(_, inside) => format!("⟨alert {}⟩", blocks(inside, order)),
        Block::Definitions(all) => {
            let all = all.iter().map(|one| match one {
                Definition::Term(text) => format!("⟨dt {}⟩", paragraph(text, order)),
                Definition::Meaning(inside) => format!("⟨dd {}⟩", blocks(inside, order)),
            });
            let all: String = all.collect();
            format!("⟨dl {all}⟩")
        }
        Block::Rule => "⟨rule⟩".to_owned(),
        Block::Raw { structure, .. } => structure.clone(),
    }
}

/// The structure of one paragraph.
pub(crate) fn paragraph(text: &[Inline], order: &mut Order) -> String {
    format!("⟨p {}⟩", line(&inlines(text, order)))
}

fn inlines(text: &[Inline], order: &mut Order) -> String {
    let mut out = String::new();
    for one in text {
        let mut named = |name: &str, inside: &[Inline], order: &mut Order| {
            out.push_str(&format!("⟨{name} {}⟩", inlines(inside, order)));
        };
        match one {
            Inline::Text(text) => out.push_str(text),
            Inline::Strong(inside) => named("strong", inside, order),
            Inline::Emphasis(inside) => named("em", inside, order),
            Inline::Deleted(inside) => named("del", inside, order),
            Inline::Subscript(inside) => named("sub", inside, order),
            Inline::Superscript(inside) => named("sup", inside, order),
            Inline::Code(text) => out.push_str(&format!("⟨c {text}⟩")),
            Inline::Link { to, text, .. } => out.push_str(&link(to, &inlines(text, order))),
            Inline::Image(image) => {
                out.push_str(&format!("⟨img {}|{}|{}⟩", image.file, image.alt, image.decorative));
            }
            Inline::Math { tex, display } => {
                out.push_str(&format!("⟨math{} {tex}⟩", if *display { "-display" } else { "" }));
            }
            Inline::Note(note) => out.push_str(&format!("⟨note {}⟩", order.of(*note))),
            Inline::Figure(id) => out.push_str(&format!("⟨@{id}⟩")),
            Inline::Element { name, text, .. } => named(name, text, order),
            Inline::Task(done) => out.push_str(&format!("⟨task {done}⟩")),
            Inline::Break => out.push_str("⟨br⟩"),
            Inline::Mark(_) => {}
        }
    }
    out
}
