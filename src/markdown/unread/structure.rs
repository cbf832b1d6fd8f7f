//! Lists, quotations, code and tables that the parser made of something else: a year, a sign, a paragraph that was indented.

use std::ops::Range;

use super::{Text, shown};
use crate::diagnostic::Code;
use crate::markdown::tree::{Kind, Node};

/// The highest number that a list may begin with.
const HIGHEST: u32 = 99;

/// Looks at the nodes of a text.
pub(super) fn find(text: &mut Text<'_>, nodes: &[Node]) {
    let mut columns = 0;
    for (place, node) in nodes.iter().enumerate() {
        let span = node.span();
        let Some(at) = span.start.checked_sub(text.offset).map(|start| start..span.end - text.offset) else { continue };
        let Some(written) = text.original.get(at.clone()) else { continue };
        match &node.kind {
            Kind::List(Some(number)) if *number > HIGHEST => list(text, at, written),
            Kind::Quote => quote(text, at, written),
            Kind::Code(_) => {
                let follows_code = place > 0 && matches!(nodes[place - 1].kind, Kind::Code(_));
                code(text, at, written, follows_code);
            }
            Kind::Emphasis => product(text, at, written),
            Kind::Link(_) => image(text, at, written),
            Kind::TableHead => {
                columns =
                    nodes[node.inside(place)].iter().filter(|node| matches!(node.kind, Kind::Cell { .. })).count();
            }
            Kind::TableRow => row(text, at, columns),
            Kind::Table => {
                let rows = nodes[node.inside(place)].iter().filter(|node| matches!(node.kind, Kind::TableRow)).count();
                if rows == 0 {
                    let line = first_line(written);
                    text.say(
                        "rows",
                        Code::TableCells,
                        at.start..at.start + line,
                        "this table has no rows",
                        "write its rows below the line of dashes, without an empty line between",
                    );
                }
            }
            _ => {}
        }
    }
}

fn first_line(text: &str) -> usize {
    text.lines().next().unwrap_or("").trim_end().len()
}

/// `1986. A great year` became a list that begins at 1986.
fn list(text: &mut Text<'_>, at: Range<usize>, written: &str) {
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let number = &written[..digits];
    if digits == 0 || written.len() == digits {
        return;
    }
    let sign = &written[digits..=digits];
    let message = format!("`{number}{sign}` begins a list, numbered from {number} on");
    text.correct(Code::UnreadBlock, at.start..at.start + digits + 1, message, &format!("{number}\\{sign}"));
}

/// `> 50 per cent` became a quotation.
fn quote(text: &mut Text<'_>, at: Range<usize>, written: &str) {
    let Some(inside) = written.strip_prefix('>') else { return };
    let bare = inside.trim_start();
    let number = bare.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.'))).unwrap_or(bare.len());
    let unit = bare[number..].trim_start();
    let share = unit.starts_with('%') || unit.starts_with("per cent") || unit.starts_with("percent");
    let is_number = bare.starts_with(|c: char| c.is_ascii_digit());
    if is_number && written.lines().count() == 1 && (share || bare.len() == inside.len()) {
        text.correct(
            Code::UnreadBlock,
            at.start..at.start + 1,
            "the sign `>` made a quotation of this, and is gone",
            "\\>",
        );
    }
}

/// Code without an end, and paragraphs that blanks made code.
///
/// What a program prints, below its code, may begin like a heading.
fn code(text: &mut Text<'_>, at: Range<usize>, written: &str, follows_code: bool) {
    let line = &written[..first_line(written)];
    let fence = ["```", "~~~"].into_iter().find(|fence| line.trim_start().starts_with(fence));
    if let Some(fence) = fence {
        let last = written.trim_end().lines().last().unwrap_or("").trim_start_matches([' ', '\t', '>']);
        let ends = written.trim_end().contains('\n')
            && last.starts_with(fence)
            && last.trim_end().bytes().all(|byte| byte == fence.as_bytes()[0]);
        if !ends {
            text.say(
                "fence",
                Code::UnreadBlock,
                at.start..at.start + line.len(),
                "this code has no end, so everything after it is code",
                if fence == "```" {
                    "write three backticks where it ends, on a line of their own"
                } else {
                    "write `~~~` where it ends, on a line of its own"
                },
            );
        }
        return;
    }
    let words = line.trim();
    let is_heading = (words.starts_with("## ") || words.starts_with("### ")) && !follows_code;
    let is_code = |c: char| "{}<>=;|$\\/_#@[]+*`~^%".contains(c);
    let is_sentence = written.lines().all(|line| !line.contains(is_code) && !line.trim().contains("  "))
        && words.split_whitespace().count() > 7
        && words.starts_with(|c: char| c.is_uppercase() || matches!(c, '“' | '"'))
        && written.trim_end().ends_with(['.', '!', '?', '”', '"', ':']);
    if is_heading && !written.trim().contains('\n') || is_sentence {
        let what = if is_heading { "heading" } else { "paragraph" };
        text.say(
            "indented",
            Code::UnreadBlock,
            at.start..at.start + line.len(),
            format!("this {what} is shown as code: four spaces or a tab stand before it"),
            "begin it at the beginning of the line",
        );
    }
}

/// `5*6*7` became `5` and a slanted `6`.
fn product(text: &mut Text<'_>, at: Range<usize>, written: &str) {
    let before = text.original.as_bytes()[..at.start].last();
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    if written.starts_with('*')
        && digit(before)
        && digit(written.as_bytes().get(1))
        && digit(text.original.as_bytes().get(at.end))
    {
        let meant = written.replace('*', "\\*");
        text.correct(Code::UnreadMark, at, "these stars made slanted letters, and are gone", &meant);
    }
}

/// `! [Street](photo.png)` became a link.
fn image(text: &mut Text<'_>, at: Range<usize>, written: &str) {
    let before = &text.original[..at.start];
    if !before.strip_suffix("! ").is_some_and(|before| before.is_empty() || before.ends_with(['\n', ' '])) {
        return;
    }
    let lower = written.get(written.len().saturating_sub(8)..).unwrap_or("").to_ascii_lowercase();
    let is_image =
        [".png)", ".jpg)", ".jpeg)", ".gif)", ".webp)", ".svg)"].iter().any(|ending| lower.ends_with(ending));
    if is_image {
        text.correct(
            Code::UnreadLink,
            at.start - 2..at.end,
            "this image is a link, since a space stands after its `!`",
            &format!("!{written}"),
        );
    }
}

/// A row with more or fewer cells than the first one.
fn row(text: &mut Text<'_>, at: Range<usize>, columns: usize) {
    let rest = &text.original[at.start..];
    let whole = rest.lines().next().unwrap_or("").trim_end();
    let line = whole.trim_start();
    let start = at.start + whole.len() - line.len();
    let mut bars = 0;
    let mut before = b' ';
    for byte in line.bytes() {
        bars += usize::from(byte == b'|' && before != b'\\');
        before = byte;
    }
    let range = start..start + line.len();
    if bars == 0 && (columns > 1 || rest.is_empty() || text.original[..at.start].trim_end().ends_with('|')) {
        text.say(
            "below",
            Code::TableCells,
            range,
            "this line is a row of the table above it",
            "leave an empty line above it",
        );
        return;
    }
    let ends = usize::from(line.ends_with('|') && !line.ends_with("\\|"));
    let cells = bars + 1 - usize::from(line.starts_with('|')) - ends;
    if cells == columns || bars == 0 {
        return;
    }
    let count = |n: usize| if n == 1 { "1 cell".to_owned() } else { format!("{n} cells") };
    let message = format!("this row has {}, but the first one has {columns}", count(cells));
    if cells > columns {
        text.say(
            "cells",
            Code::TableCells,
            range,
            format!("{message}: what is too much is not shown"),
            "write `\\|` for a bar within a cell, or add the cell to the first two rows",
        );
    } else {
        let help =
            format!("add the missing ones, empty if need be: `{} |`", shown(line.trim_end_matches('|').trim_end()));
        text.say("cells", Code::TableCells, range, message, help);
    }
}
