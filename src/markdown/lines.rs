//! A [`Doc`] → lines for a terminal: paragraphs of a width, items and code set in, signs of Markdown left out except those
//! around code.

use super::Doc;
use super::tree::{Kind, Step, walk};

/// What code is set in by.
const IN: usize = 4;

/// The text of `doc` in lines of at most `width` characters where words allow, without its notes.
pub(crate) fn lines(doc: &Doc, width: usize) -> String {
    let mut lines = Lines { width, ..Lines::default() };
    for step in walk(&doc.nodes) {
        match step {
            Step::Enter(node) => lines.enter(doc, &node.kind),
            Step::Leave(node) => lines.leave(&node.kind),
        }
    }
    lines.flush();
    lines.out
}

#[derive(Default)]
struct Lines {
    width: usize,
    out: String,
    /// The words of the paragraph that is open.
    words: String,
    /// The open lists, each with the number of its next item if its items are numbered.
    lists: Vec<Option<u32>>,
    /// What stands before the first line of the next paragraph.
    mark: String,
    is_in_item: bool,
}

impl Lines {
    fn enter(&mut self, doc: &Doc, kind: &Kind) {
        match kind {
            Kind::Text(words) => self.words.push_str(words.of(&doc.words)),
            Kind::InlineCode(words) => self.words.extend(["`", words.of(&doc.words), "`"]),
            Kind::Math(math) => self.words.push_str(math.tex.of(&doc.words)),
            Kind::FigureReference(n) => self.words.push_str(&doc.references[*n as usize].id),
            Kind::Image(n) => self.words.push_str(&doc.images[*n as usize].alt),
            Kind::SoftBreak | Kind::HardBreak | Kind::NewLine => self.words.push(' '),
            Kind::Code(n) => {
                self.flush();
                let code = &doc.codes[*n as usize].text;
                self.gap();
                let start = " ".repeat(self.start() + IN);
                for line in code.trim_end().lines() {
                    let line = format!("{start}{line}");
                    self.out.extend([line.trim_end(), "\n"]);
                }
            }
            Kind::List(first) => {
                self.flush();
                self.lists.push(*first);
            }
            Kind::Item => {
                self.flush();
                self.mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "* ".to_owned(),
                };
            }
            Kind::Cell { .. } if !self.words.is_empty() => self.words.push_str(" | "),
            Kind::Heading(_) | Kind::TableHead | Kind::TableRow => self.flush(),
            kind if kind.is_block() => self.flush(),
            _ => {}
        }
    }

    fn leave(&mut self, kind: &Kind) {
        match kind {
            Kind::Heading(n) => {
                // The first one is the name of what the text is about.
                if *n > 0 && !self.words.contains('`') {
                    self.words = self.words.to_uppercase();
                }
                self.flush();
            }
            Kind::List(_) => {
                self.flush();
                self.lists.pop();
                self.is_in_item = false;
            }
            Kind::TableHead | Kind::TableRow => self.flush(),
            kind if kind.is_block() => self.flush(),
            _ => {}
        }
    }

    /// How far the open list is set in.
    fn start(&self) -> usize {
        self.lists.len() * 2
    }

    /// An empty line, unless this is the beginning, or one item follows another.
    fn gap(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// Writes the paragraph that is open.
    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        if words.trim().is_empty() {
            return;
        }
        let mark = std::mem::take(&mut self.mark);
        if mark.is_empty() || !self.is_in_item {
            self.gap();
        }
        self.is_in_item = !mark.is_empty();
        let start = self.start();
        let mut line = format!("{}{mark}", " ".repeat(start.saturating_sub(mark.chars().count())));
        let mut is_first = true;
        for word in words.split_whitespace() {
            if !is_first && line.chars().count() + 1 + word.chars().count() > self.width {
                self.out.extend([line.as_str(), "\n"]);
                line = " ".repeat(start);
                is_first = true;
            }
            if !is_first {
                line.push(' ');
            }
            line.push_str(word);
            is_first = false;
        }
        self.out.extend([line.as_str(), "\n"]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{HtmlPolicy, Options, read};
    use super::*;
    use crate::path::SitePath;

    #[test]
    fn a_page_is_set_for_a_terminal() {
        let text = "# some-fault\n\nA *line* of **words** with `code` and [a link](x.md) that goes on and on.\n\n\
            ## What to do\n\n* One thing,\n  on two lines.\n* Another.\n\n1. First\n2. Second\n\n\
            ```toml\ntitle = \"x\"\n\nmore = 1\n```\n\n    set in\n";
        let options = Options { extensions: true, smart_punctuation: false, html: HtmlPolicy::Escape };
        let doc = read(&SitePath::root(), text, 0, &options).value;
        assert_eq!(
            lines(&doc, 40),
            "some-fault\n\nA line of words with `code` and a link\nthat goes on and on.\n\nWHAT TO DO\n\n\
             * One thing, on two lines.\n* Another.\n\n1. First\n2. Second\n\n    title = \"x\"\n\n    more = 1\n\n    set in\n"
        );
    }
}
