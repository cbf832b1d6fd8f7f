//! A block with a table in it → the table's cells as text with their places, as [`Raw`] as the rows of a data file are.
//!
//! Not here: what the cells mean.

use std::ops::Range;

use super::Doc;
use super::tree::{Kind, Step, walk};
use crate::data::{Key, Raw, RawKind, composed};

/// The tables in the blocks of a text.
pub(crate) struct Sheets<'d> {
    doc: &'d Doc,
    /// Where each of its blocks begins among its nodes; `None` for one in a note.
    places: Vec<Option<usize>>,
}

impl<'d> Sheets<'d> {
    /// Those of `doc`.
    pub(crate) fn of(doc: &'d Doc) -> Self {
        let mut places = vec![None; doc.directives.len()];
        for (place, node) in doc.nodes.iter().enumerate() {
            if let Kind::Directive(n) = node.kind
                && let Some(known) = places.get_mut(n as usize)
            {
                *known = Some(place);
            }
        }
        Self { doc, places }
    }

    /// The first table within `doc.directives[n]`; `None` if there is none. A column without a name, or with that of another, is
    /// left out.
    pub(crate) fn in_block(&self, n: usize) -> Option<Raw> {
        let place = self.places.get(n).copied().flatten()?;
        let mut inside = self.doc.nodes[place].inside(place);
        inside.find(|at| self.doc.nodes[*at].kind == Kind::Table).map(|table| sheet(self.doc, table))
    }
}

/// The table that is the node at `table`.
fn sheet(doc: &Doc, table: usize) -> Raw {
    let nodes = &doc.nodes[doc.nodes[table].inside(table)];
    let mut names: Vec<Option<Key>> = Vec::new();
    let mut rows = Vec::new();
    let mut cells: Vec<(String, Range<usize>)> = Vec::new();
    let mut cell: Option<(String, Option<Range<usize>>)> = None;
    for step in walk(nodes) {
        match step {
            Step::Enter(node) => match (&node.kind, &mut cell) {
                (Kind::TableHead | Kind::TableRow, _) => cells.clear(),
                (Kind::Cell { .. }, _) => cell = Some((String::new(), None)),
                (kind, Some((text, span))) => {
                    if let Some(words) = written(doc, kind) {
                        text.push_str(words);
                        let whole = span.get_or_insert(node.span());
                        whole.end = whole.end.max(node.span().end);
                    }
                }
                _ => {}
            },
            Step::Leave(node) => match &node.kind {
                Kind::Cell { .. } => {
                    if let Some((text, span)) = cell.take() {
                        cells.push((text.trim().to_owned(), span.unwrap_or_else(|| node.span())));
                    }
                }
                Kind::TableHead => names = header(&mut cells),
                Kind::TableRow => rows.extend(row(&names, &mut cells, node.span())),
                _ => {}
            },
        }
    }
    Raw { kind: RawKind::List(rows), span: doc.nodes[table].span() }
}

/// The words of a node within a cell.
fn written<'d>(doc: &'d Doc, kind: &Kind) -> Option<&'d str> {
    match kind {
        Kind::Text(words) | Kind::InlineCode(words) => Some(words.of(&doc.words)),
        Kind::Math(math) => Some(math.tex.of(&doc.words)),
        Kind::SoftBreak | Kind::HardBreak => Some(" "),
        _ => None,
    }
}

fn header(cells: &mut Vec<(String, Range<usize>)>) -> Vec<Option<Key>> {
    let mut names: Vec<Option<Key>> = Vec::new();
    for (n, (text, span)) in cells.drain(..).enumerate() {
        // The corner above the names of the rows is often empty.
        let name = if text.is_empty() && n == 0 { " ".to_owned() } else { composed(text) };
        let is_new = !name.is_empty() && !names.iter().flatten().any(|key| key.name == name);
        names.push(is_new.then_some(Key { name, span }));
    }
    names
}

/// A row as a table; `None` if all its cells are empty.
fn row(names: &[Option<Key>], cells: &mut Vec<(String, Range<usize>)>, span: Range<usize>) -> Option<Raw> {
    if cells.iter().all(|(text, _)| text.is_empty()) {
        return None;
    }
    let cells = names.iter().zip(cells.drain(..)).filter_map(|(key, (text, span))| {
        let kind = if text.is_empty() { RawKind::Null } else { RawKind::Text(composed(text)) };
        Some((key.clone()?, Raw { kind, span }))
    });
    Some(Raw { kind: RawKind::Table(cells.collect()), span })
}
