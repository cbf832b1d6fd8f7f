//! A [`Doc`] → its words as a reader reads them, for the search; or only those of its first paragraph.

use std::ops::Range;

use super::Doc;
use super::tree::{Kind, Node, Step, outermost, walk};

/// What a figure is called, by the id that a reference gives: `Figure 3`.
pub(crate) type Named<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The words of `doc`, notes at the end; blanks are collapsed, and each block is on a line.
pub(crate) fn plain_text(doc: &Doc, figure: Named<'_>) -> String {
    let mut plain = Plain { doc, figure, out: String::new(), unread: None, without_images: false };
    plain.nodes(&doc.nodes);
    for note in &doc.notes {
        plain.gap('\n');
        plain.nodes(&note.nodes);
    }
    plain.out.truncate(plain.out.trim_end().len());
    plain.out
}

/// The words of the first paragraph, without its images: what a text is about, for a line elsewhere. Headings, quotations, tables,
/// boxes and code are none; a list is taken if there is nothing else, a line that ends with a colon if only a list follows.
pub(crate) fn first_paragraph(doc: &Doc, figure: Named<'_>) -> String {
    let mut instead = String::new();
    for place in outermost(&doc.nodes) {
        let node = &doc.nodes[place];
        let is_paragraph = match &node.kind {
            Kind::Paragraph => true,
            Kind::Element(element) => &*element.name == "p",
            Kind::List(_) if instead.is_empty() => false,
            _ => continue,
        };
        let mut plain = Plain { doc, figure, out: String::new(), unread: None, without_images: true };
        plain.nodes(&doc.nodes[node.inside(place)]);
        let words = plain.out.trim();
        if is_paragraph && !words.is_empty() && !words.ends_with(':') {
            return words.to_owned();
        }
        if instead.is_empty() {
            words.clone_into(&mut instead);
        }
    }
    instead
}

/// A stretch of text that is neither code nor a formula.
pub(crate) struct Stretch<'a> {
    pub(crate) text: &'a str,
    /// Its place in the file.
    pub(crate) span: Range<usize>,
    /// Whether nothing stands before it in its paragraph or the like, or after it.
    pub(crate) begins: bool,
    pub(crate) ends: bool,
    pub(crate) in_heading: bool,
    /// Whether it is in a quotation or a table.
    pub(crate) is_cited: bool,
}

/// The stretches of text in `doc` and its notes.
pub(crate) fn texts(doc: &Doc) -> impl Iterator<Item = Stretch<'_>> {
    let parts = std::iter::once(&doc.nodes).chain(doc.notes.iter().map(|note| &note.nodes));
    parts.flat_map(move |nodes| {
        let (mut quoted, mut heading) = (0, 0);
        nodes.iter().enumerate().filter_map(move |(at, node)| {
            let around = |place: usize| nodes.get(place).is_none_or(|node| holds_text(&node.kind));
            match node.kind {
                Kind::Quote | Kind::Table => quoted = quoted.max(node.inside(at).end),
                Kind::Heading(_) => heading = node.inside(at).end,
                Kind::Text(words) => {
                    return Some(Stretch {
                        text: words.of(&doc.words),
                        span: node.span(),
                        begins: at == 0 || around(at - 1),
                        ends: around(at + 1),
                        in_heading: at < heading,
                        is_cited: at < quoted,
                    });
                }
                _ => {}
            }
            None
        })
    })
}

/// The words of all pieces of text, one behind another; those of notes and of code too.
pub(crate) fn words(doc: &Doc) -> &str {
    &doc.words
}

fn holds_text(kind: &Kind) -> bool {
    kind.is_block() || matches!(kind, Kind::Cell { .. } | Kind::TableRow | Kind::TableHead | Kind::Element(_))
}

struct Plain<'a> {
    doc: &'a Doc,
    figure: Named<'a>,
    out: String,
    without_images: bool,
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
                Kind::Math(math) if !is_end => self.text(math.tex.of(&doc.words)),
                // What means no figure is reported; it stays as it was written.
                Kind::FigureReference(n) if !is_end => {
                    let id = &doc.references[*n as usize].id;
                    self.text(&(self.figure)(id).unwrap_or_else(|| format!("@{id}")));
                }
                Kind::Code(n) if !is_end => {
                    self.gap('\n');
                    self.text(&doc.codes[*n as usize].text);
                    self.gap('\n');
                }
                Kind::Image(n) if !is_end && !self.without_images => self.text(&doc.images[*n as usize].alt),
                Kind::SoftBreak | Kind::HardBreak | Kind::NewLine | Kind::Task(_) | Kind::Cell { .. } => self.gap(' '),
                Kind::Element(element) => self.tag(&element.name, is_end),
                Kind::StartTag(element) if !is_end => self.tag(&element.name, false),
                Kind::EndTag(name) if !is_end => self.tag(name.of(&doc.words), true),
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
