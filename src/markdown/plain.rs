//! A [`Doc`] → its words as a reader reads them, for the search and for excerpts.

use super::Doc;
use super::tree::{Kind, Node, Step, walk};

/// The words of `doc`, notes at the end; blanks are collapsed, and each block is on a line.
pub(crate) fn plain_text(doc: &Doc) -> String {
    let mut plain = Plain { doc, out: String::new(), unread: None };
    plain.nodes(&doc.nodes);
    for note in &doc.notes {
        plain.gap('\n');
        plain.nodes(&note.nodes);
    }
    plain.out.truncate(plain.out.trim_end().len());
    plain.out
}

struct Plain<'a> {
    doc: &'a Doc,
    out: String,
    /// The element whose content is not meant to be read.
    unread: Option<&'static str>,
}

impl Plain<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        let doc = self.doc;
        for step in walk(nodes) {
            let (node, is_end) = match step {
                Step::Enter(node) => (node, false),
                Step::Leave(node) => (node, true),
            };
            match &node.kind {
                Kind::Text(words) | Kind::InlineCode(words) if !is_end => self.text(words.of(&doc.words)),
                Kind::Math { tex, .. } if !is_end => self.text(tex.of(&doc.words)),
                Kind::Code(n) if !is_end => {
                    self.gap('\n');
                    self.text(&doc.codes[*n as usize].text);
                    self.gap('\n');
                }
                Kind::Image(n) if !is_end => self.text(&doc.images[*n as usize].alt),
                Kind::SoftBreak | Kind::HardBreak | Kind::NewLine | Kind::Task(_) | Kind::Cell { .. } => self.gap(' '),
                Kind::Element(element) => self.tag(&element.name, is_end),
                Kind::StartTag(element) if !is_end => self.tag(&element.name, false),
                Kind::EndTag(name) if !is_end => self.tag(name, true),
                Kind::TableHead | Kind::TableRow => self.gap('\n'),
                kind if kind.is_block() => self.gap('\n'),
                _ => {}
            }
        }
    }

    /// A tag that an author wrote.
    fn tag(&mut self, name: &str, is_end: bool) {
        const INLINE: &[&str] = &[
            "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q",
            "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
        ];
        const UNREAD: &[&str] = &["script", "style", "template"];
        match self.unread {
            Some(unread) if is_end && name == unread => self.unread = None,
            Some(_) => {}
            None => {
                if !is_end {
                    self.unread = UNREAD.iter().copied().find(|unread| *unread == name);
                }
                if matches!(name, "td" | "th" | "br") {
                    self.gap(' ');
                } else if !INLINE.contains(&name) {
                    self.gap('\n');
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.unread.is_some() {
            return;
        }
        for c in text.chars() {
            if c.is_whitespace() {
                self.gap(' ');
            } else {
                self.out.push(c);
            }
        }
    }

    /// A blank or a new line, unless there is one already.
    fn gap(&mut self, gap: char) {
        match self.out.chars().next_back() {
            None | Some('\n') => {}
            Some(' ') if gap == '\n' => {
                self.out.pop();
                self.out.push('\n');
            }
            Some(' ') => {}
            Some(_) => self.out.push(gap),
        }
    }
}
