//! A [`Doc`] → HTML. A [`PageContext`] answers what depends on where the text is shown.
//!
//! Not here: Markdown syntax, and which HTML an author may write; the reader has decided both.

use super::allowed::{ID_LISTS, VOID};
use super::escape::{escape, escape_address};
use super::tree::{Alert, Align, Element, Kind, Node, Step, walk};
use super::{Doc, PageContext};

/// Adds `doc` to `out`; `context` answers what depends on where it is shown.
pub(crate) fn write_html(doc: &Doc, context: &mut dyn PageContext, out: &mut String) {
    let mut writer = Writer::of(doc, context, out);
    writer.nodes(&doc.nodes);
    writer.notes();
    *out = writer.out;
}

/// Adds the block `doc.directives[n]` alone.
pub(crate) fn write_block(doc: &Doc, n: usize, context: &mut dyn PageContext, out: &mut String) {
    let is_it = |node: &Node| matches!(node.kind, Kind::Directive(number) if number as usize == n);
    let Some(place) = doc.nodes.iter().position(is_it) else { return };
    let mut writer = Writer::of(doc, context, out);
    writer.nodes(&doc.nodes[place..doc.nodes[place].inside(place).end]);
    *out = writer.out;
}

struct Writer<'a> {
    doc: &'a Doc,
    context: &'a mut dyn PageContext,
    /// The prefix of ids, escaped.
    prefix: String,
    /// What is added to each heading's level as written.
    shift: u8,
    out: String,
    /// Whether what comes next begins on a line of its own.
    is_new_line: bool,
    /// What was written before the open blocks `:::name`: the content of each is written separately.
    around: Vec<String>,
    /// Whether a paragraph that is one formula is open.
    is_formula: bool,
    /// Open links that are shown as text only.
    silent: Vec<u32>,
    /// How many links are open that are written.
    open_links: usize,
}

impl<'a> Writer<'a> {
    fn of(doc: &'a Doc, context: &'a mut dyn PageContext, out: &mut String) -> Self {
        let prefix = escaped(context.id_prefix());
        let shift = context.heading_shift();
        Self {
            doc,
            context,
            prefix,
            shift,
            out: std::mem::take(out),
            is_new_line: true,
            around: Vec::new(),
            is_formula: false,
            silent: Vec::new(),
            open_links: 0,
        }
    }
}

impl Writer<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        for step in walk(nodes) {
            match step {
                Step::Enter(node) => self.enter(node),
                Step::Leave(node) => self.leave(node),
            }
        }
    }

    fn enter(&mut self, node: &Node) {
        let doc = self.doc;
        if node.kind.is_block() {
            self.new_line();
        }
        match &node.kind {
            Kind::Paragraph => self.put("<p>"),
            Kind::Heading(n) => self.heading(*n),
            Kind::Quote => self.put("<blockquote>\n"),
            Kind::Alert(alert) => self.alert(*alert),
            Kind::List(None) => self.put("<ul>\n"),
            Kind::List(Some(1)) => self.put("<ol>\n"),
            Kind::List(Some(start)) => self.put(&format!("<ol start=\"{start}\">\n")),
            Kind::Item => self.put("<li>"),
            Kind::Definitions => self.put("<dl>\n"),
            Kind::Term => self.put("<dt>"),
            Kind::Definition => self.put("<dd>"),
            Kind::Table => {
                let label = escaped(&self.context.word("table"));
                self.put(&format!("<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"{label}\"><table>"));
            }
            Kind::TableHead => self.put("<thead><tr>"),
            Kind::TableRow => self.put("<tr>"),
            Kind::Cell { align, is_head } => self.cell(*align, *is_head && !node.is_empty()),
            Kind::Code(n) => {
                self.context.code(&doc.codes[*n as usize], &mut self.out);
                self.put("\n");
            }
            Kind::Rule => self.put("<hr />\n"),
            Kind::Formula => self.is_formula = true,
            Kind::Directive(_) => self.around.push(std::mem::take(&mut self.out)),
            Kind::Text(words) => self.text(words.of(&doc.words)),
            Kind::InlineCode(words) => {
                self.put("<code>");
                self.text(words.of(&doc.words));
                self.put("</code>");
            }
            Kind::Math(math) => self.math(math.tex.of(&doc.words), math.mathml.of(&doc.words), math.display),
            Kind::Emphasis => self.put("<em>"),
            Kind::Strong => self.put("<strong>"),
            Kind::Deleted => self.put("<del>"),
            Kind::Subscript => self.put("<sub>"),
            Kind::Superscript => self.put("<sup>"),
            Kind::Link(n) => self.link(*n),
            Kind::Image(n) => {
                self.context.image(&doc.images[*n as usize], &mut self.out);
                self.is_new_line = false;
            }
            Kind::SoftBreak => self.put("\n"),
            Kind::HardBreak => self.put("<br />\n"),
            Kind::NoteReference { note, nth } => self.reference(*note, *nth),
            Kind::FigureReference(n) => self.figure(*n),
            Kind::Task(done) => {
                let (class, word) = if *done { ("done", "task-done") } else { ("open", "task-open") };
                let label = escaped(&self.context.word(word));
                self.put(&format!("<span class=\"task task-{class}\" role=\"img\" aria-label=\"{label}\"></span> "));
            }
            Kind::Element(element) | Kind::StartTag(element) => self.start_tag(element),
            Kind::EndTag(name) => self.end_tag(name.of(&doc.words)),
            Kind::Html(words) => self.put(words.of(&doc.words)),
            Kind::NewLine => self.new_line(),
        }
    }

    fn leave(&mut self, node: &Node) {
        match &node.kind {
            Kind::Paragraph => self.put("</p>\n"),
            Kind::Heading(n) => {
                let level = self.level(self.doc.outline[*n as usize].level);
                self.put(&format!("</h{level}>\n"));
            }
            Kind::Quote => self.put("</blockquote>\n"),
            Kind::Alert(_) => self.put("</div>\n"),
            Kind::List(None) => self.put("</ul>\n"),
            Kind::List(Some(_)) => self.put("</ol>\n"),
            Kind::Item => self.put("</li>\n"),
            Kind::Definitions => self.put("</dl>\n"),
            Kind::Term => self.put("</dt>\n"),
            Kind::Definition => self.put("</dd>\n"),
            Kind::Table => self.put("</tbody></table></div>\n"),
            Kind::TableHead => self.put("</tr></thead><tbody>\n"),
            Kind::TableRow => self.put("</tr>\n"),
            Kind::Cell { is_head, .. } => self.put(if *is_head && !node.is_empty() { "</th>" } else { "</td>" }),
            Kind::Formula => {
                self.is_formula = false;
                self.put("\n");
            }
            Kind::Directive(n) => {
                self.new_line();
                let around = self.around.pop().unwrap_or_default();
                let body = std::mem::replace(&mut self.out, around);
                let n = *n as usize;
                self.context.directive(n, &self.doc.directives[n], &body, &mut self.out);
                self.put("\n");
            }
            Kind::Emphasis => self.put("</em>"),
            Kind::Strong => self.put("</strong>"),
            Kind::Deleted => self.put("</del>"),
            Kind::Subscript => self.put("</sub>"),
            Kind::Superscript => self.put("</sup>"),
            Kind::Link(n) => match self.silent.iter().rposition(|silent| silent == n) {
                Some(at) => drop(self.silent.remove(at)),
                None => {
                    self.open_links -= 1;
                    self.put("</a>");
                }
            },
            Kind::Element(element) if element.has_end && !VOID.contains(&&*element.name) => {
                self.end_tag(&element.name);
            }
            _ => {}
        }
    }

    /// Adds finished HTML.
    fn put(&mut self, html: &str) {
        if !html.is_empty() {
            self.out.push_str(html);
            self.is_new_line = html.ends_with('\n');
        }
    }

    fn text(&mut self, text: &str) {
        escape(text, &mut self.out);
        self.is_new_line = text.ends_with('\n');
    }

    fn new_line(&mut self) {
        if !self.is_new_line {
            self.put("\n");
        }
    }

    fn level(&self, written: u8) -> char {
        char::from(b'0' + written.saturating_add(self.shift).clamp(1, 6))
    }

    fn heading(&mut self, n: u32) {
        let heading = &self.doc.outline[n as usize];
        let mut tag = format!("<h{}", self.level(heading.level));
        if !heading.id.is_empty() {
            tag.push_str(" id=\"");
            tag.push_str(&self.prefix);
            escape(&heading.id, &mut tag);
            tag.push('"');
        }
        if !heading.classes.is_empty() {
            tag.push_str(" class=\"");
            escape(&heading.classes.join(" "), &mut tag);
            tag.push('"');
        }
        tag.push('>');
        self.put(&tag);
    }

    fn alert(&mut self, alert: Alert) {
        let (class, word) = match alert {
            Alert::Note => ("note", "alert-note"),
            Alert::Tip => ("tip", "alert-tip"),
            Alert::Important => ("important", "alert-important"),
            Alert::Warning => ("warning", "alert-warning"),
            Alert::Caution => ("caution", "alert-caution"),
        };
        let title = escaped(&self.context.word(word));
        self.put(&format!("<div class=\"alert alert-{class}\" role=\"note\">\n<p class=\"alert-title\">{title}</p>\n"));
    }

    /// An empty corner cell is not a heading.
    fn cell(&mut self, align: Align, is_heading: bool) {
        self.out.push_str(if is_heading { "<th scope=\"col\"" } else { "<td" });
        self.put(match align {
            Align::Default => ">",
            Align::Left => " class=\"align-left\">",
            Align::Centre => " class=\"align-center\">",
            Align::Right => " class=\"align-right\">",
        });
    }

    fn math(&mut self, tex: &str, mathml: &str, display: bool) {
        let (start, end) = match (display, self.is_formula) {
            (true, true) => ("<div class=\"math\">", "</div>"),
            (true, false) => ("<span class=\"math math-display\">", "</span>"),
            (false, _) => ("", ""),
        };
        self.put(start);
        if mathml.is_empty() {
            self.put("<code>");
            self.text(tex);
            self.put("</code>");
        } else {
            self.put(mathml);
        }
        self.put(end);
    }

    fn link(&mut self, n: u32) {
        self.is_new_line = false;
        let link = &self.doc.links[n as usize];
        let Some(target) = self.context.link(link) else {
            self.silent.push(n);
            return;
        };
        self.open_links += 1;
        let out = &mut self.out;
        out.push_str("<a href=\"");
        escape_address(&target.href, out);
        out.push('"');
        if let Some(rel) = target.rel {
            out.push_str(" rel=\"");
            escape(rel, out);
            out.push('"');
        }
        if !link.title.is_empty() {
            out.push_str(" title=\"");
            escape(&link.title, out);
            out.push('"');
        }
        out.push_str(&link.attributes);
        out.push('>');
    }

    /// Within a link, whose end is elsewhere, only the figure's name is written.
    fn figure(&mut self, n: u32) {
        let id = &self.doc.references[n as usize].id;
        let found = self.context.figure(id);
        let (href, name) = found.map_or((None, format!("@{id}")), |(href, name)| (Some(href), name));
        match href.filter(|_| self.open_links == 0) {
            Some(href) => {
                self.put("<a class=\"figure-reference\" href=\"");
                escape_address(&href, &mut self.out);
                self.put("\">");
                self.text(&name);
                self.put("</a>");
            }
            None => self.text(&name),
        }
    }

    fn start_tag(&mut self, element: &Element) {
        self.out.push('<');
        self.out.push_str(&element.name);
        for (name, value) in &element.attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            if ID_LISTS.contains(&name.as_str()) && !value.trim().is_empty() {
                for (nth, id) in value.split_whitespace().enumerate() {
                    if nth > 0 {
                        self.out.push(' ');
                    }
                    self.out.push_str(&self.prefix);
                    escape(id, &mut self.out);
                }
            } else {
                escape(value, &mut self.out);
            }
            self.out.push('"');
        }
        self.put(">");
    }

    fn end_tag(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.put(">");
    }

    // Ids of notes contain an underscore, which no heading's id does, so the two never clash.

    fn reference(&mut self, note: u32, nth: u32) {
        let (number, mention, prefix) = (note + 1, nth + 1, &self.prefix);
        let label = escaped(&self.context.word("footnote"));
        let html = format!(
            "<sup class=\"note-reference\"><a id=\"{prefix}fnref_{number}_{mention}\" href=\"#{prefix}fn_{number}\" \
             role=\"doc-noteref\" aria-label=\"{label} {number}\">{number}</a></sup>"
        );
        self.put(&html);
    }

    /// The notes of the text, below it.
    fn notes(&mut self) {
        let doc = self.doc;
        if doc.notes.is_empty() {
            return;
        }
        let title = escaped(&self.context.word("footnotes"));
        let (prefix, level) = (self.prefix.clone(), self.level(2));
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.put("\n");
        }
        self.put(&format!(
            "<section class=\"notes\" role=\"doc-endnotes\" aria-labelledby=\"{prefix}fn_title\">\n\
             <h{level} id=\"{prefix}fn_title\">{title}</h{level}>\n<ol>\n"
        ));
        for (n, note) in doc.notes.iter().enumerate() {
            self.put(&format!("<li id=\"{prefix}fn_{}\">", n + 1));
            let start = self.out.len();
            // Its first block is on the line of its number.
            self.is_new_line = true;
            self.nodes(&note.nodes);
            self.back_links(n + 1, note.references, start);
            self.put("</li>\n");
        }
        self.put("</ol>\n</section>\n");
    }

    /// A link back for each mention, at the end of the note's last paragraph.
    fn back_links(&mut self, number: usize, mentions: usize, start: usize) {
        let back = escaped(&self.context.word("footnote-back"));
        let (prefix, out) = (&self.prefix, &mut self.out);
        out.truncate(start + out[start..].trim_end().len());
        let paragraph = out[start..].ends_with("</p>");
        if paragraph {
            out.truncate(out.len() - "</p>".len());
        }
        for mention in 1..=mentions {
            let (label, sign) = match mention {
                1 => (format!("{back} {number}"), "↩".to_owned()),
                _ => (format!("{back} {number}-{mention}"), format!("↩<sup>{mention}</sup>")),
            };
            out.push_str(&format!(
                " <a class=\"note-back\" href=\"#{prefix}fnref_{number}_{mention}\" role=\"doc-backlink\" \
                 aria-label=\"{label}\">{sign}</a>"
            ));
        }
        if paragraph {
            out.push_str("</p>");
        }
        out.push('\n');
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
    out
}
