//! The words of a line → runs, with hyperlinks, notes, formulas and the marks of what Word has no form for.

use super::body::Writer;
use super::xml::Xml;
use crate::import::document::Inline;
use crate::import::flat::{Look, Looks, canonical};
use crate::import::marks::Mark;

impl Writer<'_> {
    /// Writes a line.
    pub(super) fn line(&mut self, line: &[Inline], out: &mut Xml) {
        let is_explicit = canonical(line) != line;
        self.inlines(line, Style { is_explicit, ..Style::default() }, out);
    }

    fn inlines(&mut self, line: &[Inline], style: Style, out: &mut Xml) {
        for one in line {
            self.inline(one, style, out);
        }
    }

    fn inline(&mut self, one: &Inline, style: Style, out: &mut Xml) {
        match one {
            Inline::Text(words) => run(words, style, out),
            Inline::Code(words) => {
                if style.is_link {
                    mark(&Mark::Verbatim, out);
                }
                run(words, Style { is_code: true, ..style }, out);
                if style.is_link {
                    mark(&Mark::End, out);
                }
            }
            Inline::Break => {
                out.open("w:r", &[]);
                style.properties(out);
                out.empty("w:br", &[]);
                out.close("w:r");
            }
            Inline::Link { to, title, text } => self.link(to, title, text, style, out),
            Inline::Element { name, attributes, text } => {
                mark(&Mark::Element { name: name.clone(), attributes: attributes.clone() }, out);
                self.inlines(text, style, out);
                mark(&Mark::End, out);
            }
            Inline::Task(done) => {
                let shown = if *done { "☑ " } else { "☐ " };
                self.shown(&Mark::Task { done: *done, shown: shown.to_owned() }, shown, out);
            }
            Inline::Image(image) => self.image(image, out),
            Inline::Math { tex, display } => self.formula(tex, *display, out),
            Inline::Note(note) => self.note(*note, out),
            Inline::Figure(id) => {
                let shown = (self.around.figure)(id).unwrap_or_else(|| format!("@{id}"));
                self.shown(&Mark::Figure { id: id.clone(), shown: shown.clone() }, &shown, out);
            }
            Inline::Mark(_) => {}
            Inline::Strong(_)
            | Inline::Emphasis(_)
            | Inline::Deleted(_)
            | Inline::Subscript(_)
            | Inline::Superscript(_) => {
                let Some(look) = Look::of(one) else { return };
                let inner = Style { looks: style.looks.with(look), ..style };
                if !style.is_explicit {
                    return self.inlines(one.inside(), inner, out);
                }
                mark(
                    &match look {
                        Look::Strong => Mark::Strong,
                        Look::Emphasis => Mark::Emphasis,
                        Look::Deleted => Mark::Deleted,
                        Look::Subscript => Mark::Subscript,
                        Look::Superscript => Mark::Superscript,
                    },
                    out,
                );
                self.inlines(one.inside(), inner, out);
                mark(&Mark::End, out);
            }
        }
    }

    fn link(&mut self, to: &str, title: &str, text: &[Inline], style: Style, out: &mut Xml) {
        let at = (self.around.address)(to).unwrap_or_default();
        mark(&Mark::Link { to: to.to_owned(), title: title.to_owned(), at: at.clone() }, out);
        let inner = Style { is_link: true, ..style };
        if at.is_empty() {
            self.inlines(text, style, out);
        } else {
            let id = self.relation("hyperlink", &at, true);
            out.open("w:hyperlink", &[("r:id", &id), ("w:history", "1")]);
            self.inlines(text, inner, out);
            out.close("w:hyperlink");
        }
        mark(&Mark::End, out);
    }

    /// Words that only stand for something.
    pub(super) fn shown(&mut self, what: &Mark, words: &str, out: &mut Xml) {
        mark(what, out);
        run(words, Style::default(), out);
        mark(&Mark::End, out);
    }

    fn note(&mut self, note: usize, out: &mut Xml) {
        let is_known = self.outgoing.document.notes.get(note).is_some();
        if self.notes.is_inside || !is_known || self.notes.given.contains_key(&note) {
            // Word's notes are named once, and not from other notes.
            if is_known && !self.notes.given.contains_key(&note) {
                self.notes.later.push(note);
            }
            let shown = self.notes.given.get(&note).map_or_else(|| "*".to_owned(), usize::to_string);
            mark(&Mark::Again { note, shown: shown.clone() }, out);
            run(&shown, Style { looks: Looks::default().with(Look::Superscript), ..Style::default() }, out);
            mark(&Mark::End, out);
            return;
        }
        let id = self.notes.given.len() + 1;
        self.notes.given.insert(note, id);
        out.open("w:r", &[]);
        out.push("<w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr>");
        out.empty("w:footnoteReference", &[("w:id", &id.to_string())]);
        out.close("w:r");
        self.footnote(note, id);
    }
}

/// How letters look.
#[derive(Clone, Copy, Default)]
pub(super) struct Style {
    pub(super) looks: Looks,
    pub(super) is_code: bool,
    pub(super) is_link: bool,
    /// Marks say how looks are nested.
    pub(super) is_explicit: bool,
}

impl Style {
    /// The properties of a run, in the order of the standard.
    fn properties(self, out: &mut Xml) {
        let mut inside = Xml::default();
        match (self.is_code, self.is_link) {
            (true, _) => inside.empty("w:rStyle", &[("w:val", "HTMLCode")]),
            (false, true) => inside.empty("w:rStyle", &[("w:val", "Hyperlink")]),
            _ => {}
        }
        for (look, names) in [
            (Look::Strong, ["w:b", "w:bCs"].as_slice()),
            (Look::Emphasis, &["w:i", "w:iCs"]),
            (Look::Deleted, &["w:strike"]),
        ] {
            if self.looks.has(look) {
                names.iter().for_each(|name| inside.empty(name, &[]));
            }
        }
        if self.is_code {
            inside.empty("w:noProof", &[]);
        }
        let position = match (self.looks.has(Look::Superscript), self.looks.has(Look::Subscript)) {
            (true, _) => "superscript",
            (_, true) => "subscript",
            _ => "",
        };
        if !position.is_empty() {
            inside.empty("w:vertAlign", &[("w:val", position)]);
        }
        if !inside.0.is_empty() {
            out.open("w:rPr", &[]);
            out.push(&inside.0);
            out.close("w:rPr");
        }
    }
}

/// Words in a run; line ends and tabs as Word has them.
pub(super) fn run(words: &str, style: Style, out: &mut Xml) {
    if words.is_empty() {
        return;
    }
    out.open("w:r", &[]);
    style.properties(out);
    let mut text = String::new();
    let flush = |text: &mut String, out: &mut Xml| {
        if !text.is_empty() {
            out.words("w:t", &[("xml:space", "preserve")], text);
            text.clear();
        }
    };
    for c in words.chars() {
        match c {
            '\n' | '\t' => {
                flush(&mut text, out);
                out.empty(if c == '\n' { "w:br" } else { "w:tab" }, &[]);
            }
            c => text.push(c),
        }
    }
    flush(&mut text, out);
    out.close("w:r");
}

/// A mark, which nobody sees.
pub(super) fn mark(mark: &Mark, out: &mut Xml) {
    out.open("w:r", &[]);
    out.push("<w:rPr><w:rStyle w:val=\"PamphletMark\"/><w:noProof/><w:vanish/></w:rPr>");
    out.words("w:t", &[("xml:space", "preserve")], &mark.written());
    out.close("w:r");
}
