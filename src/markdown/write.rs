//! A [`Doc`] → HTML with its holes filled, or plain text. No syntax is recognised here.

use super::escape::{escape, escape_address};
use super::{Doc, Note, PageContext, Piece};

/// Writes `doc`; whatever depends on where it is shown is asked of `holes`.
pub(crate) fn write_html(doc: &Doc, holes: &mut dyn PageContext, out: &mut String) {
    let prefix = holes.id_prefix().to_owned();
    let shift = holes.heading_shift();
    let mut writer = Writer { doc, holes, prefix, shift, silent: Vec::new() };
    writer.pieces(&doc.pieces, out);
}

struct Writer<'a> {
    doc: &'a Doc,
    holes: &'a mut dyn PageContext,
    prefix: String,
    shift: u8,
    /// Links that stand as text only and have not ended yet.
    silent: Vec<usize>,
}

impl Writer<'_> {
    /// Recurses into directives and notes only; the reader limits their depth.
    fn pieces(&mut self, pieces: &[Piece], out: &mut String) {
        let doc = self.doc;
        for piece in pieces {
            match piece {
                Piece::Html(html) => out.push_str(html),
                Piece::HeadingStart(n) => self.heading(*n, out),
                Piece::HeadingEnd(n) => {
                    out.push_str("</h");
                    out.push(self.level(doc.outline[*n].level));
                    out.push_str(">\n");
                }
                Piece::LinkStart(n) => self.link(*n, out),
                Piece::LinkEnd(n) => match self.silent.iter().rposition(|silent| silent == n) {
                    Some(at) => drop(self.silent.remove(at)),
                    None => out.push_str("</a>"),
                },
                Piece::Image(n) => self.holes.image(&doc.images[*n], out),
                Piece::Code(n) => self.holes.code(&doc.codes[*n], out),
                Piece::NoteReference { note, nth } => self.reference(*note, *nth, out),
                Piece::Notes(notes) => self.notes(notes, out),
                Piece::Directive(directive) => {
                    let mut body = String::new();
                    self.pieces(&directive.body, &mut body);
                    self.holes.directive(directive, &body, out);
                }
                Piece::IdPrefix => escape(&self.prefix, out),
                Piece::Word(key) => escape(&self.holes.word(key), out),
            }
        }
    }

    fn level(&self, written: u8) -> char {
        char::from(b'0' + written.saturating_add(self.shift).clamp(1, 6))
    }

    fn heading(&mut self, n: usize, out: &mut String) {
        let heading = &self.doc.outline[n];
        out.push_str("<h");
        out.push(self.level(heading.level));
        if !heading.id.is_empty() {
            out.push_str(" id=\"");
            escape(&self.prefix, out);
            escape(&heading.id, out);
            out.push('"');
        }
        if !heading.classes.is_empty() {
            out.push_str(" class=\"");
            escape(&heading.classes.join(" "), out);
            out.push('"');
        }
        out.push('>');
    }

    fn link(&mut self, n: usize, out: &mut String) {
        let link = &self.doc.links[n];
        let Some(target) = self.holes.link(link) else {
            self.silent.push(n);
            return;
        };
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

    // Ids of notes have an underscore, which no heading's id has, so the two never meet.

    fn reference(&mut self, note: usize, nth: usize, out: &mut String) {
        let (number, mention, prefix) = (note + 1, nth + 1, escaped(&self.prefix));
        let label = escaped(&self.holes.word("footnote"));
        out.push_str(&format!(
            "<sup class=\"note-reference\"><a id=\"{prefix}fnref_{number}_{mention}\" href=\"#{prefix}fn_{number}\" \
             role=\"doc-noteref\" aria-label=\"{label} {number}\">{number}</a></sup>"
        ));
    }

    fn notes(&mut self, notes: &[Note], out: &mut String) {
        let (prefix, title) = (escaped(&self.prefix), escaped(&self.holes.word("footnotes")));
        let level = self.level(2);
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str(&format!(
            "<section class=\"notes\" role=\"doc-endnotes\" aria-labelledby=\"{prefix}fn_title\">\n\
             <h{level} id=\"{prefix}fn_title\">{title}</h{level}>\n<ol>\n"
        ));
        for (n, note) in notes.iter().enumerate() {
            out.push_str(&format!("<li id=\"{prefix}fn_{}\">", n + 1));
            let start = out.len();
            self.pieces(&note.body, out);
            self.back_links(n + 1, note.references, start, out);
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n</section>\n");
    }

    /// A link back for each mention, at the end of the note's last paragraph.
    fn back_links(&mut self, number: usize, mentions: usize, start: usize, out: &mut String) {
        let (prefix, back) = (escaped(&self.prefix), escaped(&self.holes.word("footnote-back")));
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

/// The words of `doc` as a reader reads them, notes at the end; blanks run together, a line for each block.
pub(crate) fn plain_text(doc: &Doc) -> String {
    let mut plain = Plain { doc, out: String::new(), tag: None, quote: None, hidden: None };
    plain.pieces(&doc.pieces);
    plain.out.truncate(plain.out.trim_end().len());
    plain.out
}

/// Takes tags out of HTML that comes in pieces.
struct Plain<'a> {
    doc: &'a Doc,
    out: String,
    /// What has been read of a tag that is open, up to a length that tells its name.
    tag: Option<String>,
    quote: Option<char>,
    /// The element whose content is not for reading.
    hidden: Option<&'static str>,
}

impl Plain<'_> {
    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Html(html) => self.html(html),
                Piece::HeadingEnd(_) => self.gap('\n'),
                Piece::Image(n) => self.text(&self.doc.images[*n].alt),
                Piece::Code(n) => {
                    self.gap('\n');
                    self.text(&self.doc.codes[*n].text);
                    self.gap('\n');
                }
                Piece::Notes(notes) => {
                    for note in notes {
                        self.gap('\n');
                        self.pieces(&note.body);
                    }
                }
                Piece::Directive(directive) => {
                    self.gap('\n');
                    self.pieces(&directive.body);
                    self.gap('\n');
                }
                Piece::HeadingStart(_)
                | Piece::LinkStart(_)
                | Piece::LinkEnd(_)
                | Piece::NoteReference { .. }
                | Piece::IdPrefix
                | Piece::Word(_) => {}
            }
        }
    }

    fn html(&mut self, html: &str) {
        let mut rest = html;
        while let Some(c) = rest.chars().next() {
            if self.tag.is_some() {
                self.in_tag(c);
                rest = &rest[c.len_utf8()..];
            } else if c == '<'
                && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
            {
                self.tag = Some(String::new());
                rest = &rest[1..];
            } else if let Some((entity, c)) = ENTITIES.iter().find(|(entity, _)| c == '&' && rest.starts_with(entity)) {
                self.character(*c);
                rest = &rest[entity.len()..];
            } else {
                self.character(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }

    fn in_tag(&mut self, c: char) {
        match (self.quote, c) {
            (Some(quote), c) if quote == c => self.quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => self.quote = Some(c),
            (None, '>') => {
                let tag = self.tag.take().unwrap_or_default();
                self.end_tag(&tag);
            }
            (None, c) => {
                if let Some(tag) = self.tag.as_mut().filter(|tag| tag.len() < 16) {
                    tag.push(c.to_ascii_lowercase());
                }
            }
        }
    }

    fn end_tag(&mut self, tag: &str) {
        const INLINE: &[&str] = &[
            "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q",
            "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
        ];
        let name = tag.trim_start_matches('/').split([' ', '/', '\n', '\t']).next().unwrap_or("");
        match self.hidden {
            Some(hidden) if tag.starts_with('/') && name == hidden => self.hidden = None,
            Some(_) => {}
            None => {
                self.hidden = ["script", "style", "template"]
                    .into_iter()
                    .find(|hidden| *hidden == tag.split(' ').next().unwrap_or(""));
                if matches!(name, "td" | "th" | "br") {
                    self.gap(' ');
                } else if !INLINE.contains(&name) {
                    self.gap('\n');
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            self.character(c);
        }
    }

    fn character(&mut self, c: char) {
        if self.hidden.is_some() {
        } else if c.is_whitespace() {
            self.gap(' ');
        } else {
            self.out.push(c);
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

const ENTITIES: &[(&str, char)] = &[("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"')];
