//! Whether a title stands above the names of a table's columns, as people write it in spreadsheets: `Talks in 2026,,`.

use std::ops::Range;

use ::csv::{ReaderBuilder, StringRecord};

/// A title, and the names below it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Title {
    /// Where it stands, without the separators behind it.
    pub(super) at: Range<usize>,
    /// The line of the names, from 1.
    pub(super) names: usize,
    /// The names as they are written.
    pub(super) named: String,
}

/// How many lines are looked at.
const LINES: usize = 6;

/// The title above the names of the columns of `text`, whose cells `separator` seems to part.
pub(super) fn above(text: &str, separator: char) -> Option<Title> {
    let end = text.match_indices('\n').nth(LINES).map_or(text.len(), |(at, _)| at);
    let lines: Vec<&str> = text[..end].lines().collect();
    let (first, rest) = lines.split_first()?;
    let title = first.trim_matches([',', ';', '\t', ' ', '"', '\u{feff}']);
    if title.is_empty() || filled(&cells(first, separator)) != 1 {
        return None;
    }
    [separator, ',', ';', '\t'].into_iter().find_map(|sign| {
        // The first line that has more than one cell; a title has no other separator than the names below it.
        let at = rest.iter().position(|line| filled(&cells(line, sign)) > 1)?;
        let names = cells(rest[at], sign);
        let below = rest.get(at + 1).map(|line| cells(line, sign));
        let is_sure = sign == separator || names.len() > 2 && below.is_some_and(|row| row.len() == names.len());
        let is_title = is_sure && are_names(&names) && filled(&cells(first, sign)) == 1;
        let start = text.find(title)?;
        is_title.then(|| Title { at: start..start + title.len(), names: at + 2, named: rest[at].trim().to_owned() })
    })
}

fn cells(line: &str, separator: char) -> Vec<String> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator as u8).from_reader(line.as_bytes());
    let mut record = StringRecord::new();
    let is_read = reader.read_record(&mut record).unwrap_or(false);
    let cells = record.iter().map(|cell| cell.trim().to_owned());
    if is_read { cells.collect() } else { Vec::new() }
}

fn filled(cells: &[String]) -> usize {
    cells.iter().filter(|cell| !cell.is_empty()).count()
}

/// Whether these can be the names of columns: no values, and none twice.
fn are_names(cells: &[String]) -> bool {
    /// In characters.
    const LONGEST: usize = 40;
    let last = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
    let is_name = |cell: &String| {
        cell.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && cell.chars().count() <= LONGEST
            && !cell.ends_with(['.', '!', '?'])
            && !cell.contains("://")
            && !cell.contains('@')
    };
    let names = &cells[..last];
    names.iter().all(is_name) && names.iter().enumerate().all(|(n, name)| !names[..n].contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_told_from_names_and_values() {
        let line = |text: &str, separator: char| above(text, separator).map(|title| title.names);
        for text in [
            "Talks in 2026,,\n,,\ntitle,date,place\nA,2026-01-02,Here\n",
            "Talks in 2026\ntitle,date,place\nA,2026-01-02,Here\n",
            "\"Talks, in 2026\",,\n\nSource: us,,\ntitle,date,place\n",
            "Talks\ntitle;date;place\nA;2026-01-02;Here\n",
            "Talks;;\r\ntitle;date;place\r\n",
        ] {
            let separator = if text.starts_with("Talks;") { ';' } else { ',' };
            assert!(line(text, separator).is_some(), "{text}");
        }
        for text in [
            "title,date\nA,2026-01-02\n",
            "title,,\nA,2026-01-02,Here\n",
            "quote\nHello there\nBye\n",
            "quote\n\"Hello, you\"\n\"Bye, me\"\n",
            "quote\nHello; you\nBye; me\n",
            "year\n2025\n2026\n",
            "",
            "title\n",
            "\n\n",
        ] {
            assert_eq!(line(text, ','), None, "{text}");
        }
    }
}
