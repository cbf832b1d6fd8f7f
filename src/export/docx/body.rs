//! Blocks → paragraphs and tables. What Word has no form for (a block of the site, a quotation with a list in it, code in an item) stands
//! between two paragraphs that say where it begins and ends.

use std::collections::BTreeMap;

use super::runs::{Style, mark, run};
use super::xml::Xml;
use crate::export::{Around, Outgoing, Picture, Says};
use crate::import::document::{Block, Definition, Inline};
use crate::import::marks::{self, Mark};
use crate::markdown::tree::{Alert, Align};

/// The width of what is written on, in twentieths of a point: A4 with margins of 2.5 cm.
pub(super) const WIDTH: u32 = 9_070;
/// How deep Word's lists go, and its paragraphs in items.
const DEEPEST_LIST: usize = 8;
const DEEPEST_CONTINUED: usize = 4;

/// The file so far.
pub(super) struct Writer<'a> {
    pub(super) outgoing: &'a Outgoing,
    pub(super) around: &'a Around<'a>,
    body: Xml,
    /// The numberings of lists: level, and the first number if items are numbered.
    pub(super) lists: Vec<(usize, Option<u64>)>,
    pub(super) notes: Notes,
    /// The relations of the text and of its notes: kind, target, whether that is outside.
    pub(super) relations: [Vec<(&'static str, String, bool)>; 2],
    pub(super) media: Vec<Picture>,
    pub(super) drawings: usize,
    pub(super) lacks: Vec<String>,
}

/// The notes so far.
#[derive(Default)]
pub(super) struct Notes {
    /// The number in Word of each note that was named.
    pub(super) given: BTreeMap<usize, usize>,
    /// Those that only other notes name.
    pub(super) later: Vec<usize>,
    pub(super) is_inside: bool,
    pub(super) xml: Xml,
}

/// The parts of the file.
pub(super) struct Parts<'a> {
    pub(super) outgoing: &'a Outgoing,
    pub(super) body: String,
    pub(super) notes: String,
    pub(super) lists: Vec<(usize, Option<u64>)>,
    pub(super) relations: [Vec<(&'static str, String, bool)>; 2],
    pub(super) media: Vec<Picture>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(outgoing: &'a Outgoing, around: &'a Around<'a>) -> Self {
        Self {
            outgoing,
            around,
            body: Xml::default(),
            lists: Vec::new(),
            notes: Notes::default(),
            relations: [Vec::new(), Vec::new()],
            media: Vec::new(),
            drawings: 0,
            lacks: Vec::new(),
        }
    }

    /// Writes all of it.
    pub(super) fn everything(&mut self) {
        let mut out = Xml::default();
        for notice in &self.outgoing.notices {
            paragraph("PamphletNotice", &mut out, |out| self.shown(&Mark::Shown(notice.clone()), notice, out));
        }
        let hint = "Write over the words in the right-hand column of the table and in the text below it. Grey lines and the numbers of \
                    figures stay as they are; the words behind a grey line’s label are to be translated. Keep this a Word file.";
        paragraph("PamphletHint", &mut out, |out| self.shown(&Mark::Shown(hint.to_owned()), hint, out));
        self.fields(&mut out);
        let outgoing = self.outgoing;
        self.blocks(&outgoing.document.blocks, &mut out);
        let mut at = 0;
        while let Some(note) = self.notes.later.get(at).copied() {
            at += 1;
            if !self.notes.given.contains_key(&note) {
                self.notes.given.insert(note, self.notes.given.len() + 1);
                self.container(&Mark::Note(note), "Note within a note", &mut out, |writer, out| {
                    writer.blocks(&outgoing.document.notes[note], out);
                });
            }
        }
        self.body = out;
    }

    pub(super) fn finish(self) -> Parts<'a> {
        let Self { outgoing, body, notes, lists, relations, media, .. } = self;
        Parts { outgoing, body: body.0, notes: notes.xml.0, lists, relations, media }
    }

    /// The id of a relation of the part that is being written.
    pub(super) fn relation(&mut self, kind: &'static str, target: &str, is_outside: bool) -> String {
        let all = &mut self.relations[usize::from(self.notes.is_inside)];
        let at = all.iter().position(|(known, to, _)| *known == kind && to == target).unwrap_or_else(|| {
            all.push((kind, target.to_owned(), is_outside));
            all.len() - 1
        });
        format!("r{at}")
    }

    /// The fields, as a table.
    fn fields(&mut self, out: &mut Xml) {
        let fields = &self.outgoing.fields;
        if fields.is_empty() {
            return;
        }
        let widths = [2_270, WIDTH - 2_270];
        table_begins(&widths, out);
        row(true, out, |out| {
            for (words, width) in ["Field", "Text to translate"].into_iter().zip(widths) {
                cell(width, out, |out| {
                    paragraph("PamphletHead", out, |out| run(words, Style::default(), out));
                });
            }
        });
        for field in fields {
            row(false, out, |out| {
                cell(widths[0], out, |out| {
                    paragraph("PamphletCell", out, |out| {
                        mark(&Mark::Field(field.path.clone()), out);
                        run(&field.label, Style::default(), out);
                    });
                });
                cell(widths[1], out, |out| match &field.says {
                    Says::Plain(words) => {
                        let style = if field.path == "title" { "Title" } else { "PamphletCell" };
                        paragraph(style, out, |out| run(words, Style::default(), out));
                    }
                    Says::Line(line) => paragraph("PamphletCell", out, |out| self.line(line, out)),
                    Says::Blocks(blocks) => {
                        self.blocks(blocks, out);
                        if !matches!(blocks.last(), Some(Block::Paragraph(_))) {
                            paragraph("", out, |_| {});
                        }
                    }
                });
            });
        }
        out.close("w:tbl");
        paragraph("", out, |_| {});
    }

    pub(super) fn blocks(&mut self, all: &[Block], out: &mut Xml) {
        for (nth, block) in all.iter().enumerate() {
            let before = nth.checked_sub(1).map(|before| &all[before]);
            self.block(block, before, out);
        }
    }

    /// A block that is in no item; what is before it may have the same form.
    fn block(&mut self, block: &Block, before: Option<&Block>, out: &mut Xml) {
        match block {
            Block::Heading { level, text, id, classes } => paragraph(&format!("Heading{level}"), out, |out| {
                if id.is_some() || !classes.is_empty() {
                    mark(&Mark::Heading { id: id.clone(), classes: classes.clone() }, out);
                }
                self.line(text, out);
            }),
            Block::Paragraph(text) => self.paragraph("", text, out),
            Block::List { start, items } => {
                let follows = matches!(before, Some(Block::List { .. }));
                self.list(*start, items, (0, follows), out);
            }
            Block::Table { rows, columns } => {
                // Two that touch would be one.
                if matches!(before, Some(Block::Table { .. })) {
                    paragraph("", out, |_| {});
                }
                self.table(rows, columns, out);
            }
            Block::Quote(inside) if is_plain(inside) && !matches!(before, Some(Block::Quote(_))) => {
                for one in inside {
                    if let Block::Paragraph(text) = one {
                        self.paragraph("Quote", text, out);
                    }
                }
            }
            Block::Quote(inside) => {
                self.container(&Mark::Quote, "Quotation", out, |writer, out| writer.blocks(inside, out))
            }
            Block::Alert(kind, inside) => {
                self.container(&Mark::Alert(kind.name().to_owned()), called(*kind), out, |writer, out| {
                    writer.blocks(inside, out);
                });
            }
            Block::Definitions(all) if matches!(before, Some(Block::Definitions(_))) => {
                self.container(&Mark::Definitions, "Definitions", out, |writer, out| writer.definitions(all, out));
            }
            Block::Definitions(all) => self.definitions(all, out),
            Block::Code { language, text } => paragraph("HTMLPreformatted", out, |out| {
                mark(&Mark::Code(language.clone()), out);
                run(text, Style::default(), out);
            }),
            Block::Raw { text, .. } => paragraph("PamphletSource", out, |out| {
                mark(&Mark::Raw, out);
                run(text, Style::default(), out);
            }),
            Block::Directive { name, attributes, blocks } => self.directive(name, attributes, blocks, out),
            Block::Rule => paragraph("PamphletRule", out, |out| mark(&Mark::Empty, out)),
        }
    }

    fn paragraph(&mut self, style: &str, text: &[Inline], out: &mut Xml) {
        paragraph(style, out, |out| self.line(text, out));
    }

    /// A list at a level, perhaps right behind another.
    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>], (level, follows): (usize, bool), out: &mut Xml) {
        self.lists.push((level, start));
        let number = self.lists.len().to_string();
        for (nth, item) in items.iter().enumerate() {
            let (first, rest) = match item.split_first() {
                Some((Block::Paragraph(text), rest)) => (Some(text), rest),
                _ => (None, item.as_slice()),
            };
            out.open("w:p", &[]);
            let name = if start.is_some() { "ListNumber" } else { "ListBullet" };
            out.push(&format!(
                "<w:pPr><w:pStyle w:val=\"{name}\"/><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{number}\"/></w:numPr></w:pPr>"
            ));
            if follows && nth == 0 {
                mark(&Mark::List, out);
            }
            match first {
                Some(text) => self.line(text, out),
                None => mark(&Mark::Empty, out),
            }
            out.close("w:p");
            let mut at = 0;
            while let Some(block) = rest.get(at) {
                match block {
                    Block::Paragraph(text) if level <= DEEPEST_CONTINUED => {
                        let style =
                            if level == 0 { "ListContinue".to_owned() } else { format!("ListContinue{}", level + 1) };
                        self.paragraph(&style, text, out);
                        at += 1;
                    }
                    Block::List { start, items } if level < DEEPEST_LIST => {
                        let follows = matches!(at.checked_sub(1).map(|before| &rest[before]), Some(Block::List { .. }));
                        self.list(*start, items, (level + 1, follows), out);
                        at += 1;
                    }
                    _ => {
                        let is_odd = |block: &&Block| match block {
                            Block::Paragraph(_) => level > DEEPEST_CONTINUED,
                            Block::List { .. } => level >= DEEPEST_LIST,
                            _ => true,
                        };
                        let length = rest[at..].iter().take_while(is_odd).count();
                        let odd = &rest[at..at + length];
                        self.container(&Mark::Item(level), "Within this item", out, |writer, out| {
                            writer.blocks(odd, out)
                        });
                        at += length;
                    }
                }
            }
        }
    }

    fn definitions(&mut self, all: &[Definition], out: &mut Xml) {
        for one in all {
            match one {
                Definition::Term(text) => self.paragraph("DefinitionTerm", text, out),
                Definition::Meaning(inside) => match inside.as_slice() {
                    [Block::Paragraph(text)] => self.paragraph("Definition", text, out),
                    inside => self.container(&Mark::Meaning, "Meaning", out, |writer, out| writer.blocks(inside, out)),
                },
            }
        }
    }

    /// Blocks between two paragraphs that say what they are.
    pub(super) fn container(
        &mut self,
        what: &Mark,
        label: &str,
        out: &mut Xml,
        inside: impl FnOnce(&mut Self, &mut Xml),
    ) {
        paragraph("PamphletBlock", out, |out| {
            mark(what, out);
            self.shown(&Mark::Shown(label.to_owned()), label, out);
        });
        inside(self, out);
        let end = format!("End: {label}");
        paragraph("PamphletBlockEnd", out, |out| {
            mark(&Mark::End, out);
            self.shown(&Mark::Shown(end.clone()), &end, out);
        });
    }

    fn directive(&mut self, name: &str, attributes: &[(String, String)], blocks: &[Block], out: &mut Xml) {
        let shown = (self.around.block)(name, attributes);
        let is_field = |key: &str| shown.fields.iter().any(|(field, _)| field == key);
        // Those that are translated have no value here, but keep their place.
        let kept = attributes
            .iter()
            .map(|(key, value)| (key.clone(), if is_field(key) { String::new() } else { value.clone() }))
            .collect();
        let what = Mark::Directive { name: name.to_owned(), attributes: kept };
        self.container(&what, &shown.label, out, |writer, out| {
            if let Some(notice) = &shown.notice {
                paragraph("PamphletNotice", out, |out| writer.shown(&Mark::Shown(notice.clone()), notice, out));
            }
            for (key, label) in &shown.fields {
                let Some((_, words)) = attributes.iter().find(|(given, _)| given == key) else { continue };
                paragraph("PamphletField", out, |out| {
                    mark(&Mark::Field(key.clone()), out);
                    let label = format!("{label}: ");
                    writer.shown(&Mark::Shown(label.clone()), &label, out);
                    run(words, Style::default(), out);
                });
            }
            if let Some(words) = &shown.words {
                paragraph("PamphletField", out, |out| {
                    mark(&Mark::Field(marks::WORDS.to_owned()), out);
                    let label = "Words in the chart, one behind the other: ".to_owned();
                    writer.shown(&Mark::Shown(label.clone()), &label, out);
                    run(words, Style::default(), out);
                });
            }
            if let Some((picture, said)) = &shown.picture {
                paragraph("PamphletPicture", out, |out| {
                    mark(&Mark::Shown(String::new()), out);
                    writer.picture(picture, name, said, false, out);
                    mark(&Mark::End, out);
                });
            }
            writer.blocks(blocks, out);
        });
    }

    fn table(&mut self, rows: &[Vec<Vec<Inline>>], columns: &[Align], out: &mut Xml) {
        let count = columns.len().max(1) as u32;
        let widths: Vec<u32> = columns.iter().map(|_| WIDTH / count).collect();
        table_begins(&widths, out);
        for (nth, cells) in rows.iter().enumerate() {
            row(nth == 0, out, |out| {
                for (at, (text, width)) in cells.iter().zip(&widths).enumerate() {
                    cell(*width, out, |out| {
                        let align = match columns.get(at) {
                            Some(Align::Right) => "<w:jc w:val=\"right\"/>",
                            Some(Align::Centre) => "<w:jc w:val=\"center\"/>",
                            _ => "",
                        };
                        let style = match (nth, columns.get(at)) {
                            (0, Some(Align::Left)) => "PamphletHeadLeft",
                            (0, _) => "PamphletHead",
                            _ => "PamphletCell",
                        };
                        out.push(&format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{align}</w:pPr>"));
                        self.line(text, out);
                        out.close("w:p");
                    });
                }
            });
        }
        out.close("w:tbl");
        // A table that ends a cell or the file needs a paragraph behind it.
        paragraph("PamphletAfter", out, |_| {});
    }

    /// A note of Word's own.
    pub(super) fn footnote(&mut self, note: usize, id: usize) {
        let outgoing = self.outgoing;
        let Some(blocks) = outgoing.document.notes.get(note) else { return };
        let mut out = Xml::default();
        self.notes.is_inside = true;
        out.open("w:footnote", &[("w:id", &id.to_string())]);
        let sign = "<w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr><w:footnoteRef/></w:r>";
        out.push("<w:p><w:pPr><w:pStyle w:val=\"FootnoteText\"/></w:pPr>");
        out.push(sign);
        mark(&Mark::Note(note), &mut out);
        run(" ", Style::default(), &mut out);
        let rest = match blocks.split_first() {
            Some((Block::Paragraph(text), rest)) => {
                self.line(text, &mut out);
                rest
            }
            _ => {
                mark(&Mark::Empty, &mut out);
                blocks.as_slice()
            }
        };
        out.close("w:p");
        for (nth, one) in rest.iter().enumerate() {
            match one {
                Block::Paragraph(text) => self.paragraph("FootnoteText", text, &mut out),
                other => self.block(other, nth.checked_sub(1).map(|before| &rest[before]), &mut out),
            }
        }
        out.close("w:footnote");
        self.notes.is_inside = false;
        self.notes.xml.push(&out.0);
    }
}

/// Whether a quotation is nothing but paragraphs.
fn is_plain(blocks: &[Block]) -> bool {
    !blocks.is_empty() && blocks.iter().all(|block| matches!(block, Block::Paragraph(_)))
}

fn called(kind: Alert) -> &'static str {
    match kind {
        Alert::Note => "Note",
        Alert::Tip => "Tip",
        Alert::Important => "Important",
        Alert::Warning => "Warning",
        Alert::Caution => "Caution",
    }
}

/// A paragraph of a style; none is the usual one.
pub(super) fn paragraph(style: &str, out: &mut Xml, inside: impl FnOnce(&mut Xml)) {
    out.open("w:p", &[]);
    if !style.is_empty() {
        out.open("w:pPr", &[]);
        out.empty("w:pStyle", &[("w:val", style)]);
        out.close("w:pPr");
    }
    inside(out);
    out.close("w:p");
}

fn table_begins(widths: &[u32], out: &mut Xml) {
    out.open("w:tbl", &[]);
    out.push(
        "<w:tblPr><w:tblStyle w:val=\"PamphletTable\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/>\
         <w:tblLook w:val=\"0620\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/></w:tblPr>",
    );
    out.open("w:tblGrid", &[]);
    widths.iter().for_each(|width| out.empty("w:gridCol", &[("w:w", &width.to_string())]));
    out.close("w:tblGrid");
}

fn row(is_head: bool, out: &mut Xml, inside: impl FnOnce(&mut Xml)) {
    out.open("w:tr", &[]);
    out.push(if is_head { "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" } else { "<w:trPr><w:cantSplit/></w:trPr>" });
    inside(out);
    out.close("w:tr");
}

fn cell(width: u32, out: &mut Xml, inside: impl FnOnce(&mut Xml)) {
    out.open("w:tc", &[]);
    out.push(&format!("<w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>"));
    inside(out);
    out.close("w:tc");
}
