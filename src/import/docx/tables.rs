//! Tables → rows of cells, or a box if there is but one cell; what Word shows of them and Markdown cannot is named.

use super::assemble;
use super::body::{Flow, Reader};
use super::boxes;
use super::cells::{flattened, is_number};
use super::spoken::spoken;
use super::xml::Element;
use crate::import::document::{Block, Inline, is_blank, words};
use crate::markdown::tree::Align;

impl Reader<'_> {
    /// A table: a box if it has but one cell.
    pub(super) fn table(&mut self, table: &Element) -> Vec<Flow> {
        if self.hides_table(table) {
            return Vec::new();
        }
        let all: Vec<&Element> = rows_of(table).into_iter().filter(|row| !self.hides_row(row)).collect();
        if self.wishes.is_returned && self.are_fields(&all) {
            return Vec::new();
        }
        if !self.wishes.is_returned
            && let [row] = all.as_slice()
            && let [cell] = cells_of(row).as_slice()
        {
            return self.boxed(cell);
        }
        let mut read = Cells::default();
        for row in &all {
            if let Some(change) = row.at(&["w:trPr", "w:ins"]).or(row.at(&["w:trPr", "w:del"])) {
                let words = spoken(row);
                if !self.takes(change.name == "w:ins", change, &words) {
                    continue;
                }
            }
            self.row(row, &mut read);
        }
        let columns = read.rows.iter().map(Vec::len).max().unwrap_or(0);
        read.rows.iter_mut().for_each(|row| row.resize(columns, Vec::new()));
        if columns == 0 || read.rows.iter().flatten().all(|cell| is_blank(cell)) {
            return read.after.into_iter().map(Flow::Block).collect();
        }
        self.losses.carried("tables");
        self.compare(table, &all, &read);
        let Cells { rows, after, .. } = read;
        let right = (0..columns).map(|at| {
            let mut cells =
                rows.iter().skip(1).map(|row| words(&row[at])).filter(|cell| !cell.trim().is_empty()).peekable();
            cells.peek().is_some() && cells.all(|cell| is_number(&cell))
        });
        let columns = match self.wishes.is_returned {
            true => all.first().map(|row| self.aligned(row)).unwrap_or_default(),
            false => right.map(|is_number| if is_number { Align::Right } else { Align::Default }).collect(),
        };
        let mut out = vec![Flow::Block(Block::Table { rows, columns })];
        out.extend(after.into_iter().map(Flow::Block));
        out
    }

    /// A table of one cell, by which Word users draw boxes.
    fn boxed(&mut self, cell: &Element) -> Vec<Flow> {
        if !self.takes_cell(cell) {
            return Vec::new();
        }
        let flow = self.cell(cell);
        let blocks = assemble::blocks(self, flow, false);
        if blocks.is_empty() {
            return Vec::new();
        }
        let place = self.place();
        vec![Flow::Block(boxes::framed(self, blocks, ("a table of one cell", place), false))]
    }

    fn row(&mut self, row: &Element, read: &mut Cells) {
        let mut cells = Vec::new();
        for (cell, control) in controlled(row) {
            if !self.takes_cell(cell) {
                continue;
            }
            // The hint of an empty field of a form, which is named, leaves an empty cell.
            if control.is_some_and(|control| !self.control(control)) {
                cells.push(Vec::new());
                continue;
            }
            let properties = cell.child("w:tcPr");
            let property = |name: &str| properties.and_then(|properties| properties.child(name));
            let span: usize =
                property("w:gridSpan").and_then(Element::val).and_then(|span| span.parse().ok()).unwrap_or(1);
            let continues = property("w:vMerge").is_some_and(|merge| merge.val().unwrap_or("continue") == "continue");
            let flow = self.cell(cell);
            let blocks = assemble::blocks(self, flow, false);
            let mut text = Vec::new();
            read.stacked += usize::from(flattened(blocks, &mut text, &mut read.after));
            read.merged += usize::from(span > 1) + usize::from(continues);
            cells.push(text);
            (1..span.min(64)).for_each(|_| cells.push(Vec::new()));
        }
        read.rows.push(cells);
    }

    /// Says what Word shows of a table and Markdown cannot.
    fn compare(&mut self, table: &Element, all: &[&Element], read: &Cells) {
        let named = all.iter().filter(|row| row.at(&["w:trPr", "w:tblHeader"]).is_some()).count();
        let is_named = named > 0
            || table.at(&["w:tblPr", "w:tblLook"]).is_some_and(|look| {
                look.get("w:firstRow") == Some("1")
                    || look
                        .val()
                        .and_then(|bits| u32::from_str_radix(bits, 16).ok())
                        .is_some_and(|bits| bits & 0x20 != 0)
            });
        let first = read.rows.first().map(|row| row.iter().map(|cell| words(cell)).collect::<Vec<_>>().join(" "));
        let first = first.unwrap_or_default();
        for (is_so, what, became, said) in [
            (
                !is_named,
                "a table without a first row for names",
                "its first row names the columns now: see whether it does",
                &*first,
            ),
            (
                named > 1,
                "a table with several rows of names",
                "the first of them names the columns; make one row of them",
                &first,
            ),
            (
                read.merged > 0,
                "a table with merged cells",
                "the words are in the first of them, the others are empty: fill them in",
                &first,
            ),
            (
                read.stacked > 0,
                "cells with several paragraphs, lists or tables",
                "each cell is one text with line breaks now",
                "",
            ),
        ] {
            if is_so {
                let place = self.place();
                self.losses.changed(what, became, place, said);
            }
        }
    }
}

/// What is read of a table, row by row.
#[derive(Default)]
struct Cells {
    rows: Vec<Vec<Vec<Inline>>>,
    /// What cannot stand in a cell.
    after: Vec<Block>,
    /// How many cells are merged with others.
    merged: usize,
    /// How many hold several paragraphs, lists or tables.
    stacked: usize,
}

/// The rows of a table, also those within controls.
fn rows_of(table: &Element) -> Vec<&Element> {
    within(table, "w:tr")
}

pub(super) fn cells_of(row: &Element) -> Vec<&Element> {
    within(row, "w:tc")
}

/// The cells of a row, each with the field of a form that is around it alone.
fn controlled(row: &Element) -> Vec<(&Element, Option<&Element>)> {
    let all = row.elements().flat_map(|one| match one.name.as_str() {
        "w:tc" => vec![(one, None)],
        "w:sdt" => match within(one, "w:tc").as_slice() {
            [cell] => vec![(*cell, Some(one))],
            cells => cells.iter().map(|cell| (*cell, None)).collect(),
        },
        "w:customXml" | "w:smartTag" | "w:ins" | "w:del" => controlled(one),
        _ => Vec::new(),
    });
    all.collect()
}

fn within<'e>(container: &'e Element, name: &str) -> Vec<&'e Element> {
    let mut found = Vec::new();
    for one in container.elements() {
        match one.name.as_str() {
            same if same == name => found.push(one),
            "w:sdt" | "w:sdtContent" | "w:customXml" | "w:smartTag" | "w:ins" | "w:del" => {
                found.extend(within(one, name))
            }
            _ => {}
        }
    }
    found
}
