//! Tables that are shown as lines of text: no line of dashes, tabs, semicolons, the tables of other programs.

use super::{Block, Text, Within, leftovers, lines};
use crate::diagnostic::Code;

const HELP: &str = "write each row on a line of its own, `| A | B |`, and below the first one a line `|---|---|`";

/// Looks for paragraphs that are tables.
pub(super) fn find(text: &mut Text<'_>) {
    let seen = text.seen;
    let bytes = seen.as_bytes();
    if memchr::memchr3(b'|', b'\t', b';', bytes).is_none()
        && memchr::memmem::find(bytes, b"    ").is_none()
        && memchr::memmem::find(bytes, b"+--").is_none()
    {
        return;
    }
    let mut before: Option<(usize, usize)> = None;
    for (nth, block) in text.blocks.iter().enumerate() {
        if !matches!(block.within, Within::Paragraph | Within::Item) {
            before = None;
            continue;
        }
        let whole = &seen[block.at.clone()];
        let rows: Vec<&str> = whole
            .split('\n')
            .map(|line| line.trim_matches(['\0', '\r']))
            .filter(|line| !line.trim().is_empty())
            .collect();
        let now = columns(&rows).filter(|_| !rows.iter().any(|line| lines::is_typed(line)));
        if let Some((kind, count)) = now {
            let after_table = kind == 0 && nth > 0 && text.blocks[nth - 1].within == Within::Cell;
            let enough = rows.len() > 1 || before == Some((kind, count)) || after_table;
            if enough
                && !(before == Some((kind, count)) && rows.len() == 1 && kind != 0 && block.within == Within::Item)
            {
                report(text, block, kind);
            }
            before = (rows.len() == 1 || kind == 0).then_some((kind, count));
        } else {
            before = None;
        }
    }
}

/// What separates the cells of lines that look like a table, and how many there are.
fn columns(lines: &[&str]) -> Option<(usize, usize)> {
    let first = lines.first()?.trim();
    if first.starts_with("+--") && first.ends_with('+') || first.starts_with("{|") {
        return Some((0, 0));
    }
    let bars = |line: &str| line.bytes().filter(|byte| *byte == b'|').count();
    let is_row = |line: &&str| line.trim().starts_with('|') && bars(line) > 1;
    if lines.iter().filter(|line| is_row(line)).count() == lines.len()
        && (lines.len() > 1 || first.ends_with('|') && bars(first) > 2 && !first.contains("||"))
    {
        return Some((0, bars(first)));
    }
    if lines.len() > 1 && lines.iter().all(is_row) {
        return Some((0, bars(first)));
    }
    let cells = |line: &str, sign: &str| line.trim().split(sign).filter(|cell| !cell.trim().is_empty()).count();
    let same = |sign: &str, least: usize| {
        let count = cells(first, sign);
        let short = |line: &str| line.trim().split(sign).all(|cell| cell.trim().chars().count() < 32);
        (count > 1 && lines.len() >= least && lines.iter().all(|line| cells(line, sign) == count && short(line)))
            .then_some(count)
    };
    if let Some(count) = same("\t", 1) {
        return (!first.split('\t').next().is_some_and(|label| label.trim_end().ends_with(':'))).then_some((1, count));
    }
    let digits = || lines.iter().skip(1).all(|line| line.bytes().any(|byte| byte.is_ascii_digit()));
    if let Some(count) = same("    ", 3).filter(|_| digits()) {
        return Some((2, count));
    }
    let tight =
        |sign: &str| lines.iter().all(|line| !line.contains(&format!("{sign} ")) && !line.trim().ends_with(sign));
    if let Some(count) = same(";", 3).filter(|_| tight(";") && digits()) {
        return Some((3, count));
    }
    same(",", 3).filter(|_| tight(",") && digits()).map(|count| (3, count))
}

fn report(text: &mut Text<'_>, block: &Block, kind: usize) {
    let mut lines = text.seen[block.at.clone()].lines().map(|line| line.trim_matches(['\0', '\r', ' ']));
    let is_page = |number: &str| (1..5).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let has_page = |line: &str| {
        line.rsplit_once('\t')
            .is_some_and(|(title, number)| title.contains(char::is_alphabetic) && is_page(number.trim()))
    };
    if kind == 1 && lines.clone().all(has_page) {
        let end = block.at.start + lines.next().map_or(0, str::len);
        leftovers::table_of_contents(text, block.at.start..end);
        return;
    }
    let line = text.seen[block.at.clone()].split('\n').next().unwrap_or("");
    let end = block.at.start + line.trim_end_matches(['\0', '\r']).len();
    let bars =
        text.seen[block.at.clone()].lines().filter(|line| line.trim_matches(['\0', ' ']).starts_with('|')).count();
    let message = match kind {
        0 if bars == 1 => "this row belongs to no table: an empty line stands between",
        0 => "this table is shown as text",
        1 => "tabs make no table: its lines are one paragraph",
        2 => "spaces make no table: its lines are one paragraph",
        _ => "these lines look like a table, and are one paragraph",
    };
    text.say("table", Code::UnreadBlock, block.at.start..end.max(block.at.start), message, HELP);
}
