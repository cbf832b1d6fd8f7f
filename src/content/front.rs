//! A Markdown file → its front matter and where its text begins.

use std::ops::Range;

use crate::data::{self, Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::path::SitePath;
use crate::source::SourceFile;

/// A file taken apart.
#[derive(Debug)]
pub(super) struct Front {
    /// What the front matter says; an empty table if there is none.
    pub(super) raw: Raw,
    /// The bytes of the front matter, without its fences.
    pub(super) span: Range<usize>,
    /// The bytes of the text.
    pub(super) body: Range<usize>,
}

/// Takes a file apart: `+++` encloses TOML, `---` YAML, at the very top of the file.
pub(super) fn split(file: &SitePath, text: &str) -> Found<Front> {
    let top = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let empty = |span: Range<usize>| Raw { kind: RawKind::Table(Vec::new()), span };
    let first = line_at(text, top);
    let fence = text[first.clone()].trim_end();
    if fence != "+++" && fence != "---" {
        return Found::clean(Front { raw: empty(top..top), span: top..top, body: top..text.len() });
    }
    let start = after_line(text, first.end);
    let mut at = start;
    while at < text.len() {
        let line = line_at(text, at);
        let content = text[line.clone()].trim_end();
        if content == fence || (fence == "---" && content == "...") {
            let body = after_line(text, line.end)..text.len();
            let span = start..at;
            let written = &text[span.clone()];
            let raw = match fence {
                "+++" => data::toml(file, written, start),
                _ => data::yaml(file, written, start),
            };
            return Found::new(Front { raw: raw.value, span, body }, raw.faults);
        }
        at = after_line(text, line.end);
    }
    let fault = Diagnostic::new(
        Code::FrontMatterUnclosed,
        format!("the front matter begins with `{fence}` but no line `{fence}` ends it"),
    )
    .at(file, top..first.end)
    .help(format!("write `{fence}` on a line of its own between the fields and the text"));
    Found::new(Front { raw: empty(top..top), span: top..top, body: text.len()..text.len() }, vec![fault])
}

/// The line that begins at `at`, without its end.
fn line_at(text: &str, at: usize) -> Range<usize> {
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    at..end
}

/// Where the line after the one that ends at `end` begins.
fn after_line(text: &str, end: usize) -> usize {
    (end + 1).min(text.len())
}

/// The fault that a file is not UTF-8, with the first character that shows it, read as old Windows programs wrote it.
pub(super) fn old_character_set(file: &SourceFile, bytes: &[u8]) -> Diagnostic {
    let name = file.path.name();
    let at = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
    let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let sign = windows_1252(bytes.get(at).copied().unwrap_or(b'?'));
    let advice = match file.path.ending().as_str() {
        "csv" => "in Excel choose CSV UTF-8",
        _ => "save it again and choose UTF-8",
    };
    Diagnostic::new(
        Code::NotUtf8,
        format!("{name} was saved in an old character set (the {sign} in line {line}); {advice}"),
    )
    .span(Span::file(&file.path))
}

/// The character that byte `byte` stands for in Windows-1252, as far as it differs from Latin-1.
fn windows_1252(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x85 => '…',
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x96 => '–',
        0x97 => '—',
        byte => char::from(byte),
    }
}
