//! A text of this site that was read → a [`Document`], which any of its writers can write: Markdown again, a Word file.
//!
//! What a document has no form for (blocks of HTML, what is nested very deeply) is kept as it was written.

use super::document::{Block, Definition, Document, Image, Inline};
use crate::data::RawKind;
use crate::markdown::tree::{Align, Kind, Node, outermost};
use crate::markdown::{self, Directive, Doc, Options, structure};
use crate::path::SitePath;

/// How deeply blocks may be nested before they are kept as they were written.
const DEEPEST: usize = 24;

/// The document of a text, whose file holds `source`.
pub(crate) fn document(doc: &Doc, source: &str) -> Document {
    let reader = Reader { doc, source };
    let blocks = reader.outermost(&doc.nodes);
    let notes = doc.notes.iter().map(|note| reader.outermost(&note.nodes)).collect();
    Document { blocks, notes, ..Document::default() }
}

/// The words of a line of a field, as one line.
pub(crate) fn line(doc: &Doc, source: &str) -> Option<Vec<Inline>> {
    let reader = Reader { doc, source };
    reader.inlines(&doc.nodes, 0)
}

/// The attributes of a block of the site as they are written.
pub(crate) fn attributes(directive: &Directive) -> Option<Vec<(String, String)>> {
    let all = directive.attributes.iter().map(|(key, value)| {
        let value = match &value.kind {
            RawKind::Text(text) => text.clone(),
            RawKind::Int(number) => number.to_string(),
            RawKind::Float(number) => number.to_string(),
            RawKind::Bool(truth) => truth.to_string(),
            _ => return None,
        };
        Some((key.name.clone(), value))
    });
    all.collect()
}

/// Reads what is kept as it was written, which gives it its structure.
pub(crate) fn settle(document: &mut Document, options: &Options, file: &SitePath) {
    settle_blocks(&mut document.blocks, options, file);
    document.notes.iter_mut().for_each(|note| settle_blocks(note, options, file));
}

fn settle_blocks(blocks: &mut [Block], options: &Options, file: &SitePath) {
    for block in blocks {
        match block {
            Block::Raw { text, structure } => {
                *structure = structure::structure(&markdown::read(file, text, 0, options).value);
            }
            Block::Quote(inside) | Block::Alert(_, inside) | Block::Directive { blocks: inside, .. } => {
                settle_blocks(inside, options, file);
            }
            Block::List { items, .. } => items.iter_mut().for_each(|item| settle_blocks(item, options, file)),
            _ => {}
        }
    }
}

struct Reader<'a> {
    doc: &'a Doc,
    source: &'a str,
}

impl Reader<'_> {
    /// The blocks of a text; each that cannot be read is kept as a whole.
    fn outermost(&self, nodes: &[Node]) -> Vec<Block> {
        let mut out = Vec::new();
        let mut words: Vec<Node> = Vec::new();
        let paragraph = |words: &mut Vec<Node>, out: &mut Vec<Block>| {
            let words = std::mem::take(words);
            if words.iter().all(|node| matches!(node.kind, Kind::NewLine | Kind::SoftBreak)) {
                return;
            }
            out.push(self.inlines(&words, 0).map_or_else(|| self.raw(&words), Block::Paragraph));
        };
        for place in outermost(nodes) {
            let whole = &nodes[place..nodes[place].inside(place).end];
            if !whole[0].kind.is_block() && !is_html_block(&whole[0].kind) {
                words.extend(whole.iter().cloned());
                continue;
            }
            paragraph(&mut words, &mut out);
            match self.block(whole, 0) {
                Some(block) => out.push(block),
                None => out.push(self.raw(whole)),
            }
        }
        paragraph(&mut words, &mut out);
        out
    }

    /// Some nodes as they were written.
    fn raw(&self, nodes: &[Node]) -> Block {
        let start = nodes.iter().map(|node| node.span().start).min().unwrap_or(0);
        let end = nodes.iter().map(|node| node.span().end).max().unwrap_or(start);
        let text = self.source.get(start..end).unwrap_or_default().trim_end().to_owned();
        Block::Raw { text, structure: structure::of(self.doc, nodes) }
    }

    /// What is in a container; `None` if a document has no form for something in it.
    fn blocks(&self, nodes: &[Node], depth: usize) -> Option<Vec<Block>> {
        let mut out = Vec::new();
        let mut words: Vec<Node> = Vec::new();
        if depth > DEEPEST {
            return None;
        }
        let paragraph = |words: &mut Vec<Node>, out: &mut Vec<Block>| {
            let words = std::mem::take(words);
            let is_blank = words.iter().all(|node| matches!(node.kind, Kind::NewLine | Kind::SoftBreak));
            if !is_blank {
                out.push(Block::Paragraph(self.inlines(&words, 0)?));
            }
            Some(())
        };
        for place in outermost(nodes) {
            let whole = &nodes[place..nodes[place].inside(place).end];
            if whole[0].kind.is_block() {
                paragraph(&mut words, &mut out)?;
                out.push(self.block(whole, depth)?);
            } else if is_html_block(&whole[0].kind) {
                return None;
            } else {
                words.extend(whole.iter().cloned());
            }
        }
        paragraph(&mut words, &mut out)?;
        Some(out)
    }

    /// The block whose node is the first of these, and what is in it.
    fn block(&self, nodes: &[Node], depth: usize) -> Option<Block> {
        let inside = &nodes[1..];
        let blocks = || self.blocks(inside, depth + 1);
        Some(match &nodes[0].kind {
            Kind::Paragraph | Kind::Formula => Block::Paragraph(self.inlines(inside, 0)?),
            Kind::Heading(n) => {
                let heading = &self.doc.outline[*n as usize];
                let written = self.source.get(heading.span.clone()).unwrap_or_default();
                let own = written.contains(&format!("#{}", heading.id)) && written.contains('{');
                let is_named =
                    own || self.doc.links.iter().any(|link| link.to.strip_prefix('#') == Some(heading.id.as_str()));
                Block::Heading {
                    level: heading.level,
                    text: self.inlines(inside, 0)?,
                    id: is_named.then(|| heading.id.clone()),
                    classes: heading.classes.clone(),
                }
            }
            Kind::Quote => Block::Quote(blocks()?),
            Kind::Alert(kind) => Block::Alert(*kind, blocks()?),
            Kind::List(start) => {
                let items: Option<Vec<Vec<Block>>> =
                    children(inside).map(|item| self.blocks(&item[1..], depth + 1)).collect();
                Block::List { start: start.map(u64::from), items: items? }
            }
            Kind::Definitions => {
                let all: Option<Vec<Definition>> = children(inside)
                    .map(|one| {
                        let inside = self.blocks(&one[1..], depth + 1)?;
                        match (&one[0].kind, inside.as_slice()) {
                            (Kind::Term, [Block::Paragraph(text)]) => Some(Definition::Term(text.clone())),
                            (Kind::Term, _) => None,
                            _ => Some(Definition::Meaning(inside)),
                        }
                    })
                    .collect();
                Block::Definitions(all?)
            }
            Kind::Table => self.table(inside)?,
            Kind::Code(n) => {
                let code = &self.doc.codes[*n as usize];
                Block::Code { language: code.language.clone(), text: code.text.trim_end_matches('\n').to_owned() }
            }
            Kind::Rule => Block::Rule,
            Kind::Directive(n) => {
                let directive = &self.doc.directives[*n as usize];
                let attributes = attributes(directive)?;
                Block::Directive { name: directive.name.clone(), attributes, blocks: blocks()? }
            }
            _ => return None,
        })
    }

    fn table(&self, nodes: &[Node]) -> Option<Block> {
        let mut rows = Vec::new();
        let mut columns: Vec<Align> = Vec::new();
        for row in children(nodes) {
            let mut cells = Vec::new();
            for cell in children(&row[1..]) {
                if let (true, Kind::Cell { align, .. }) = (rows.is_empty(), &cell[0].kind) {
                    columns.push(*align);
                }
                cells.push(self.inlines(&cell[1..], 0)?);
            }
            rows.push(cells);
        }
        Some(Block::Table { rows, columns })
    }

    /// A line; `None` if something in it has no form here.
    fn inlines(&self, nodes: &[Node], depth: usize) -> Option<Vec<Inline>> {
        if depth > DEEPEST {
            return None;
        }
        let mut out: Vec<Inline> = Vec::new();
        for place in outermost(nodes) {
            let whole = &nodes[place..nodes[place].inside(place).end];
            match (self.inline(whole, depth)?, out.last_mut()) {
                (Inline::Text(words), Some(Inline::Text(before))) => before.push_str(&words),
                (one, _) => out.push(one),
            }
        }
        Some(out)
    }

    fn inline(&self, nodes: &[Node], depth: usize) -> Option<Inline> {
        let words = markdown::words(self.doc);
        let inside = || self.inlines(&nodes[1..], depth + 1);
        Some(match &nodes[0].kind {
            Kind::Text(text) => Inline::Text(text.of(words).to_owned()),
            Kind::InlineCode(text) => Inline::Code(text.of(words).to_owned()),
            Kind::Math(math) => Inline::Math { tex: math.tex.of(words).trim().to_owned(), display: math.display },
            Kind::Emphasis => Inline::Emphasis(inside()?),
            Kind::Strong => Inline::Strong(inside()?),
            Kind::Deleted => Inline::Deleted(inside()?),
            Kind::Subscript => Inline::Subscript(inside()?),
            Kind::Superscript => Inline::Superscript(inside()?),
            Kind::Link(n) => {
                let link = &self.doc.links[*n as usize];
                if !link.attributes.is_empty() {
                    return None;
                }
                Inline::Link { to: link.to.clone(), title: link.title.clone(), text: inside()? }
            }
            Kind::Image(n) => {
                let image = &self.doc.images[*n as usize];
                if !image.attributes.is_empty() {
                    return None;
                }
                Inline::Image(Image {
                    file: image.to.clone(),
                    alt: structure::collapsed(&image.alt),
                    title: image.title.clone(),
                    decorative: image.decorative,
                })
            }
            Kind::SoftBreak | Kind::NewLine => Inline::Text(" ".to_owned()),
            Kind::HardBreak => Inline::Break,
            Kind::NoteReference { note, .. } => Inline::Note(*note as usize),
            Kind::FigureReference(n) => Inline::Figure(self.doc.references[*n as usize].id.clone()),
            Kind::Task(done) => Inline::Task(*done),
            Kind::Element(element) => match &*element.name {
                "br" => Inline::Break,
                "em" if element.attributes.is_empty() => Inline::Emphasis(inside()?),
                "strong" if element.attributes.is_empty() => Inline::Strong(inside()?),
                "del" if element.attributes.is_empty() => Inline::Deleted(inside()?),
                "sub" if element.attributes.is_empty() => Inline::Subscript(inside()?),
                "sup" if element.attributes.is_empty() => Inline::Superscript(inside()?),
                name if is_of_lines(name) && element.has_end => {
                    Inline::Element { name: name.to_owned(), attributes: element.attributes.clone(), text: inside()? }
                }
                _ => return None,
            },
            _ => return None,
        })
    }
}

/// The nodes directly in a container, each with those inside it.
fn children(nodes: &[Node]) -> impl Iterator<Item = &[Node]> {
    outermost(nodes).map(|place| &nodes[place..nodes[place].inside(place).end])
}

/// Whether an element goes within a line.
fn is_of_lines(name: &str) -> bool {
    const ALL: &[&str] = &[
        "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "i", "ins", "kbd", "mark", "q", "s", "samp", "small",
        "span", "time", "u", "var",
    ];
    ALL.contains(&name)
}

/// Whether it is HTML that stands between paragraphs.
fn is_html_block(kind: &Kind) -> bool {
    match kind {
        Kind::Element(element) => {
            !is_of_lines(&element.name) && !matches!(&*element.name, "br" | "em" | "strong" | "del" | "sub" | "sup")
        }
        Kind::StartTag(_) | Kind::EndTag(_) | Kind::Html(_) => true,
        _ => false,
    }
}
