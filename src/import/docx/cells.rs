//! What stands in the cell of a table → the words of one line, which is all that a cell can hold.

use crate::import::document::{Block, Inline};

/// Whether a cell holds a number, perhaps with a unit.
pub(super) fn is_number(cell: &str) -> bool {
    let cell = cell.trim();
    cell.contains(|c: char| c.is_ascii_digit())
        && cell.chars().all(|c| c.is_ascii_digit() || "+-−–.,% £$€()\u{a0}".contains(c))
        || matches!(cell, "–" | "-" | "n/a" | "..")
}

/// Blocks as the words of one cell; whether there was more than a paragraph. What no cell can hold comes after the table.
pub(super) fn flattened(blocks: Vec<Block>, out: &mut Vec<Inline>, after: &mut Vec<Block>) -> bool {
    let is_stacked = blocks.len() > 1 || blocks.iter().any(|block| !matches!(block, Block::Paragraph(_)));
    for block in blocks {
        if !out.is_empty() && !matches!(out.last(), Some(Inline::Break)) {
            out.push(Inline::Break);
        }
        match block {
            Block::Paragraph(text) => out.extend(text),
            Block::Heading { text, .. } => out.push(Inline::Strong(text)),
            Block::List { start, items } => {
                for (nth, item) in items.into_iter().enumerate() {
                    if !out.is_empty() && !matches!(out.last(), Some(Inline::Break)) {
                        out.push(Inline::Break);
                    }
                    let mark = start.map_or_else(|| "• ".to_owned(), |start| format!("{}. ", start + nth as u64));
                    out.push(Inline::Text(mark));
                    flattened_item(item, out, after);
                }
            }
            Block::Table { rows, .. } => {
                for row in rows {
                    if !out.is_empty() && !matches!(out.last(), Some(Inline::Break)) {
                        out.push(Inline::Break);
                    }
                    for (nth, cell) in row.into_iter().enumerate() {
                        if nth > 0 {
                            out.push(Inline::Text(" · ".to_owned()));
                        }
                        out.extend(cell);
                    }
                }
            }
            Block::Quote(inside) => drop(flattened(inside, out, after)),
            Block::Code { text, .. } => out.push(Inline::Code(text)),
            other => after.push(other),
        }
    }
    is_stacked
}

fn flattened_item(item: Vec<Block>, out: &mut Vec<Inline>, after: &mut Vec<Block>) {
    for (nth, block) in item.into_iter().enumerate() {
        match block {
            Block::Paragraph(text) if nth == 0 => out.extend(text),
            other => drop(flattened(vec![other], out, after)),
        }
    }
}
