//! Links to places of the page that no heading stands for any more → their words.

use std::collections::BTreeSet;

use crate::import::document::{Block, Definition, Document, Inline};

/// Takes the links out that would lead nowhere.
pub(super) fn without_lost(document: &mut Document) {
    let mut names = BTreeSet::new();
    gather(&document.blocks, &mut names);
    let notes = document.notes.iter_mut().flat_map(|note| note.iter_mut());
    document.blocks.iter_mut().chain(notes).for_each(|block| in_block(block, &names));
}

fn gather(blocks: &[Block], names: &mut BTreeSet<String>) {
    for block in blocks {
        match block {
            Block::Heading { id: Some(id), .. } => {
                names.insert(format!("#{id}"));
            }
            Block::List { items, .. } => items.iter().for_each(|item| gather(item, names)),
            Block::Quote(inside) | Block::Alert(_, inside) | Block::Directive { blocks: inside, .. } => {
                gather(inside, names);
            }
            Block::Definitions(all) => {
                for one in all {
                    if let Definition::Meaning(inside) = one {
                        gather(inside, names);
                    }
                }
            }
            _ => {}
        }
    }
}

fn in_block(block: &mut Block, names: &BTreeSet<String>) {
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) => in_line(text, names),
        Block::List { items, .. } => items.iter_mut().flatten().for_each(|block| in_block(block, names)),
        Block::Table { rows, .. } => rows.iter_mut().flatten().for_each(|cell| in_line(cell, names)),
        Block::Definitions(all) => {
            for one in all {
                match one {
                    Definition::Term(text) => in_line(text, names),
                    Definition::Meaning(inside) => inside.iter_mut().for_each(|block| in_block(block, names)),
                }
            }
        }
        Block::Quote(inside) | Block::Alert(_, inside) | Block::Directive { blocks: inside, .. } => {
            inside.iter_mut().for_each(|block| in_block(block, names));
        }
        Block::Code { .. } | Block::Raw { .. } | Block::Rule => {}
    }
}

fn in_line(line: &mut Vec<Inline>, names: &BTreeSet<String>) {
    let is_lost = |one: &Inline| matches!(one, Inline::Link { to, .. } if to.starts_with('#') && !names.contains(to));
    let mut out = Vec::with_capacity(line.len());
    for one in std::mem::take(line) {
        let mut inside = one.inside().to_vec();
        in_line_if_any(&mut inside, names);
        match one {
            one if is_lost(&one) => out.extend(inside),
            one if one.inside().is_empty() => out.push(one),
            one => out.push(one.around(inside)),
        }
    }
    *line = out;
}

fn in_line_if_any(line: &mut Vec<Inline>, names: &BTreeSet<String>) {
    if !line.is_empty() {
        in_line(line, names);
    }
}
