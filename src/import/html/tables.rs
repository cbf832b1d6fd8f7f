//! A table → rows with as many cells each; one that only lays out a page → what is in it.

use super::Reader;
use super::lines::plain;
use crate::import::document::{Block, Definition, Inline, is_blank, words};
use crate::markdown::tree::Align;

/// How many columns or rows one cell may span: more is a mistake, or meant to do harm.
const WIDEST: usize = 100;

impl Reader<'_> {
    pub(super) fn table(&mut self, at: usize, depth: usize) -> Vec<Block> {
        let tree = self.tree;
        let own_rows: Vec<usize> = self.rows_of(at);
        let mut out = Vec::new();
        for child in tree.children(at) {
            if tree.name(*child) == "caption" {
                out.extend(self.block_of_caption(*child, depth));
            }
        }
        let cells: Vec<Vec<usize>> = own_rows
            .iter()
            .map(|row| {
                tree.children(*row).iter().copied().filter(|one| matches!(tree.name(*one), "td" | "th")).collect()
            })
            .collect();
        let holds_table = |cell: &usize| tree.within(*cell).any(|one| tree.name(one) == "table");
        let is_layout = cells.iter().all(|row: &Vec<usize>| row.len() <= 1)
            || cells.iter().flatten().any(holds_table)
            || matches!(tree.get(at, "role"), Some("presentation" | "none"));
        if is_layout {
            if cells.iter().flatten().count() > 1 {
                self.changed("a table that lays out the page", "its cells stand one below the other", &tree.words(at));
            }
            for cell in cells.into_iter().flatten() {
                out.extend(self.flow(cell, depth));
            }
            return out;
        }
        let grid = self.grid(&cells, depth);
        let columns = grid.iter().map(Vec::len).max().unwrap_or(0);
        let mut rows: Vec<Vec<Vec<Inline>>> = grid
            .into_iter()
            .map(|mut row| {
                row.resize(columns, Vec::new());
                row
            })
            .filter(|row: &Vec<Vec<Inline>>| !row.iter().all(|cell| is_blank(cell)))
            .collect();
        if rows.is_empty() {
            return out;
        }
        let first = own_rows.first().copied().unwrap_or(at);
        let has_head = tree.above(first, |one| tree.name(one) == "thead").is_some()
            || tree.children(first).iter().all(|one| tree.name(*one) != "td");
        if !has_head {
            let head: Vec<String> = rows[0].iter().map(|cell| plain(cell)).collect();
            self.changed("a table whose columns have no names", "its first row names them", &head.join(" | "));
        }
        // The names of columns are bold by themselves.
        for cell in &mut rows[0] {
            if let [Inline::Strong(inside)] = cell.as_slice() {
                *cell = inside.clone();
            }
        }
        let align = |is_right: bool| if is_right { Align::Right } else { Align::Default };
        let columns = (0..columns)
            .map(|column| is_numbers(rows.iter().skip(1).map(|row| row[column].as_slice())))
            .map(align)
            .collect();
        self.losses.carried("tables");
        out.push(Block::Table { rows, columns });
        out
    }

    fn block_of_caption(&mut self, at: usize, depth: usize) -> Vec<Block> {
        let inside = self.inline_children(at, depth);
        if is_blank(&inside) {
            return Vec::new();
        }
        self.losses.carried("captions");
        vec![Block::Paragraph(vec![Inline::Strong(inside)])]
    }

    /// The rows of this table, not of those in its cells.
    fn rows_of(&self, at: usize) -> Vec<usize> {
        let tree = self.tree;
        let mut out = Vec::new();
        let mut feet = Vec::new();
        for child in tree.children(at) {
            match tree.name(*child) {
                "tr" => out.push(*child),
                "thead" | "tbody" => out.extend(tree.children(*child).iter().filter(|one| tree.name(**one) == "tr")),
                "tfoot" => feet.extend(tree.children(*child).iter().copied().filter(|one| tree.name(*one) == "tr")),
                _ => {}
            }
        }
        out.extend(feet);
        out
    }

    /// The cells with those that span several repeated as empty ones.
    fn grid(&mut self, cells: &[Vec<usize>], depth: usize) -> Vec<Vec<Vec<Inline>>> {
        let tree = self.tree;
        let mut grid: Vec<Vec<Vec<Inline>>> = Vec::with_capacity(cells.len());
        // How many more rows each column is taken by a cell above.
        let mut taken: Vec<usize> = Vec::new();
        let mut spans = false;
        for row in cells {
            let mut line: Vec<Vec<Inline>> = Vec::new();
            let skip = |line: &mut Vec<Vec<Inline>>, taken: &mut Vec<usize>| {
                while let Some(rows) = taken.get_mut(line.len()).filter(|rows| **rows > 0) {
                    *rows -= 1;
                    line.push(Vec::new());
                }
            };
            for cell in row {
                skip(&mut line, &mut taken);
                let span = |name: &str| {
                    tree.get(*cell, name)
                        .and_then(|span| span.trim().parse::<usize>().ok())
                        .unwrap_or(1)
                        .clamp(1, WIDEST)
                };
                let (wide, high) = (span("colspan"), span("rowspan"));
                spans |= wide > 1 || high > 1;
                let text = self.cell(*cell, depth);
                for nth in 0..wide {
                    let column = line.len();
                    if taken.len() <= column {
                        taken.resize(column + 1, 0);
                    }
                    taken[column] = high - 1;
                    line.push(if nth == 0 { text.clone() } else { Vec::new() });
                }
            }
            skip(&mut line, &mut taken);
            grid.push(line);
        }
        if spans {
            self.changed("cells that span several", "the words are in the first of them, the others are empty", "");
        }
        grid
    }

    /// The words of a cell as one line: its blocks with breaks between them.
    fn cell(&mut self, at: usize, depth: usize) -> Vec<Inline> {
        let blocks = self.flow(at, depth);
        let mut out = Vec::new();
        let mut lost_lists = false;
        add(&blocks, &mut out, &mut lost_lists);
        if lost_lists {
            self.changed("a list, a quotation or code in a cell", "its lines are divided by breaks", &words(&out));
        }
        out
    }
}

fn add(blocks: &[Block], out: &mut Vec<Inline>, lost: &mut bool) {
    for block in blocks {
        if !out.is_empty() && !matches!(out.last(), Some(Inline::Break)) {
            out.push(Inline::Break);
        }
        match block {
            Block::Paragraph(text) => out.extend(text.iter().cloned()),
            Block::Heading { text, .. } => out.push(Inline::Strong(text.clone())),
            Block::List { start, items } => {
                *lost = true;
                for (nth, item) in items.iter().enumerate() {
                    let mark = start.map_or("• ".to_owned(), |start| format!("{}. ", start + nth as u64));
                    out.push(Inline::Text(mark));
                    let mut inside = Vec::new();
                    add(item, &mut inside, lost);
                    out.extend(inside);
                    out.push(Inline::Break);
                }
            }
            Block::Definitions(all) => {
                *lost = true;
                for one in all {
                    let mut inner = Vec::new();
                    match one {
                        Definition::Term(text) => inner.extend(text.iter().cloned()),
                        Definition::Meaning(inside) => add(inside, &mut inner, lost),
                    }
                    out.extend(inner);
                    out.push(Inline::Break);
                }
            }
            Block::Quote(inside) | Block::Alert(_, inside) | Block::Directive { blocks: inside, .. } => {
                *lost = true;
                let mut inner = Vec::new();
                add(inside, &mut inner, lost);
                out.extend(inner);
            }
            Block::Code { text, .. } | Block::Raw { text, .. } => {
                *lost = true;
                out.push(Inline::Code(text.clone()));
            }
            Block::Table { rows, .. } => {
                *lost = true;
                for cell in rows.iter().flatten() {
                    out.extend(cell.iter().cloned());
                    out.push(Inline::Text(" ".to_owned()));
                }
            }
            Block::Rule => {}
        }
    }
}

/// Whether all that is in a column are numbers.
fn is_numbers<'a>(cells: impl Iterator<Item = &'a [Inline]>) -> bool {
    let mut any = false;
    for cell in cells {
        let text = plain(cell);
        if text.is_empty() || matches!(text.as_str(), "-" | "–" | "n/a") {
            continue;
        }
        let is_number = text.chars().any(|c| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_digit() || " .,%£$€+-–()".contains(c) || c.is_whitespace());
        if !is_number {
            return false;
        }
        any = true;
    }
    any
}
