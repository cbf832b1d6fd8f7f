//! What an editor would point out: headings that skip a level, links that say nothing, images without a description.

use std::ops::Range;

use super::reader::Reader;
use crate::diagnostic::Code;

/// Words that do not tell a reader where a link leads, in English and Welsh.
const VAGUE: &[&str] = &[
    "click here",
    "click",
    "here",
    "read more",
    "more",
    "link",
    "this link",
    "this page",
    "this",
    "page",
    "find out more",
    "learn more",
    "see here",
    "see more",
    "download",
    "download here",
    "yma",
    "cliciwch yma",
    "mwy",
    "darllen mwy",
];

/// How many columns a reader can take in.
const MOST_COLUMNS: usize = 8;

impl Reader<'_> {
    /// Checks a heading of `level` that begins at `span`.
    pub(super) fn lint_heading(&mut self, level: u8, span: &Range<usize>) {
        if !self.options.extensions {
            return;
        }
        let before = self.level_before();
        if level == 1 {
            self.fault_at(
                Code::HeadingOne,
                "a heading with one `#` competes with the page's title, which is already its first heading",
                span.clone(),
                "write it with two: `##`",
            );
            if self.stands_at(span.start, "# ") {
                self.correct(span.start..span.start + 1, "##");
            }
        } else if level > before + 1 {
            let expected = "#".repeat(usize::from(before) + 1);
            let written = "#".repeat(usize::from(level));
            self.fault_at(
                Code::HeadingSkip,
                format!("the heading `{written}` skips a level"),
                span.clone(),
                &format!("write `{expected}`, so that readers who move by headings miss nothing"),
            );
            if self.stands_at(span.start, &format!("{written} ")) {
                self.correct(span.start..span.start + written.len(), &expected);
            }
        }
    }

    /// Checks a table with this many columns that begins at `span`.
    pub(super) fn lint_table(&mut self, columns: usize, span: &Range<usize>) {
        if columns > MOST_COLUMNS {
            let first_line = self.original[span.clone()].find('\n').map_or(span.end, |end| span.start + end);
            self.fault_at(
                Code::WideTable,
                format!("the table has {columns} columns, more than a phone or a sheet of paper can show"),
                self.place(span.start..first_line),
                "split it, or turn its rows into columns",
            );
        }
    }

    /// Checks link `number` once it has been read; `whole` is its place.
    pub(super) fn lint_link(&mut self, number: usize, whole: Range<usize>) {
        let text = self.doc.links[number].text.trim();
        if text.is_empty() {
            self.fault_at(
                Code::EmptyLinkText,
                "a link has no words",
                whole,
                "write between the square brackets what it leads to",
            );
            return;
        }
        if text.len() > 24 {
            return;
        }
        let plain = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if VAGUE.contains(&plain.as_str()) {
            let message = format!("`{text}` does not say where the link leads");
            self.fault_at(
                Code::VagueLink,
                message,
                whole,
                "name what it leads to: many readers hear links without the text around them",
            );
        }
    }

    /// Checks image `number` once it has been read.
    pub(super) fn lint_image(&mut self, number: usize) {
        let image = &self.doc.images[number];
        if !self.options.extensions || image.decorative || !image.alt.trim().is_empty() {
            return;
        }
        let name = image.to.rsplit('/').next().unwrap_or("").to_owned();
        let (to, span) = (image.to.clone(), image.span.clone());
        self.fault_at(
            Code::ImageWithoutDescription,
            format!("`{name}` has no description; write what it shows, or mark it decorative"),
            span,
            &format!("`![what it shows]({to})` or `![]({to}){{decorative}}`"),
        );
    }
}
