//! Paragraphs and tables in their order → what each is, with its words; and what belongs to the document as a whole: notes, comments,
//! headers.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::Field;
use super::ground::Around;
use super::looks::Looks;
use super::package::{Package, Relationship};
use super::spoken::{first_words, spoken};
use super::styles::{Mark as ItemMark, Numbering, Styles, number, outline};
use super::tongues::Tongue;
use super::xml::Element;
use super::{
    Changes, Imported, Refusal, Wishes, assemble, boxes, front, numbered, numbers, references, returned, typed,
};
use crate::import::document::{Block, Document, File, Inline, is_blank, words};
use crate::import::losses::{Losses, shortened};
use crate::import::marks::Mark;

/// Goes through a document.
pub(super) struct Reader<'a> {
    pub(super) package: &'a Package,
    pub(super) wishes: &'a Wishes<'a>,
    pub(super) styles: Styles,
    numbering: Numbering,
    /// The names of its authors in the properties of the file.
    pub(super) authors: Vec<String>,
    /// What captions call their figures, `Figure 4`.
    pub(super) labels: Vec<String>,
    /// The language and the direction of most words.
    pub(super) tongue: Tongue,
    /// The relationships of the part that is being read.
    pub(super) related: BTreeMap<String, Relationship>,
    notes: BTreeMap<(bool, String), Element>,
    note_relations: [BTreeMap<String, Relationship>; 2],
    /// The notes that the text named, in order: whether an endnote, and its id.
    pub(super) named_notes: Vec<(bool, String)>,
    pub(super) note_texts: Vec<Vec<Block>>,
    comments: BTreeMap<String, Element>,
    seen_comments: BTreeSet<String>,
    pub(super) files: Vec<File>,
    /// The parts that became files, and their names.
    pub(super) taken: BTreeMap<String, String>,
    pub(super) losses: Losses,
    pub(super) changes: Vec<String>,
    comment_words: Vec<String>,
    pub(super) fields: Vec<Field>,
    /// Whether the words of a link are being read.
    pub(super) in_link: bool,
    /// What the words that are being read lie on, and the style of their paragraph.
    pub(super) around: Around,
    /// Where reading is: the last heading, and the first words of the paragraph, by which it is found in Word.
    pub(super) heading: String,
    pub(super) begins: String,
    pub(super) part: &'static str,
    /// What follows the paragraph that is being read: boxes, charts.
    pub(super) after: Vec<Block>,
    pub(super) bookmarks: Vec<String>,
    /// Words of a paragraph whose mark was deleted, which go to the next.
    carried_over: Vec<Inline>,
    /// Hidden words in which a mark has begun, and the marks of the line that have not ended.
    pub(super) hidden: String,
    pub(super) open_marks: Vec<Mark>,
    pub(super) has_marks: bool,
    /// The number of the note that is being read, in the text that went out; and where each is now.
    pub(super) note_mark: Option<usize>,
    pub(super) note_marks: BTreeMap<usize, usize>,
    pub(super) fields_read: Vec<(String, Vec<Block>)>,
}

/// A paragraph that has been read.
#[derive(Debug)]
pub(super) struct Para {
    /// The names of its style and of those it is based on.
    pub(super) names: Vec<String>,
    pub(super) outline: Option<u8>,
    pub(super) mark: Option<(usize, ItemMark, String)>,
    pub(super) text: Vec<Inline>,
    pub(super) after: Vec<Block>,
    pub(super) bookmarks: Vec<String>,
    /// What Word writes before it by itself: `1.2`, or nothing.
    pub(super) number: String,
    pub(super) frame: boxes::Frame,
    /// Whether all of it is bold, and its size against the size of the text.
    pub(super) is_bold: bool,
    pub(super) size: u32,
    pub(super) usual_size: u32,
    pub(super) place: String,
}

/// What stands in a text.
#[derive(Debug)]
pub(super) enum Flow {
    Para(Para),
    Block(Block),
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        package: &'a Package,
        main: &str,
        document: &Element,
        wishes: &'a Wishes<'a>,
    ) -> Result<Self, Refusal> {
        let related = package.relationships(main)?;
        let part =
            |kind: &str| related.values().find(|one| one.kind == kind && !one.is_outside).map(|one| one.target.clone());
        let xml = |kind: &str| part(kind).map_or(Ok(None), |name| package.xml(&name));
        let relations = |kind: &str| part(kind).map_or(Ok(BTreeMap::new()), |name| package.relationships(&name));
        let mut notes = BTreeMap::new();
        for (is_end, kind, name) in [(false, "footnotes", "w:footnote"), (true, "endnotes", "w:endnote")] {
            notes.extend(numbered(xml(kind)?, name).into_iter().map(|(id, note)| ((is_end, id), note)));
        }
        let styles = Styles::read(xml("styles")?.as_ref());
        Ok(Self {
            package,
            wishes,
            tongue: Tongue::of(document, &styles),
            styles,
            authors: Vec::new(),
            labels: Vec::new(),
            numbering: Numbering::read(xml("numbering")?.as_ref()),
            notes,
            note_relations: [relations("footnotes")?, relations("endnotes")?],
            named_notes: Vec::new(),
            note_texts: Vec::new(),
            comments: numbered(xml("comments")?, "w:comment"),
            seen_comments: BTreeSet::new(),
            related,
            files: Vec::new(),
            taken: BTreeMap::new(),
            losses: Losses::default(),
            changes: Vec::new(),
            comment_words: Vec::new(),
            fields: Vec::new(),
            in_link: false,
            around: Around::page(document),
            heading: String::new(),
            begins: String::new(),
            part: "",
            after: Vec::new(),
            bookmarks: Vec::new(),
            carried_over: Vec::new(),
            hidden: String::new(),
            open_marks: Vec::new(),
            has_marks: false,
            note_mark: None,
            note_marks: BTreeMap::new(),
            fields_read: Vec::new(),
        })
    }

    /// Where reading is, in words.
    pub(super) fn place(&self) -> String {
        let begins = match self.begins.as_str() {
            "" => String::new(),
            words => format!("“{words}…”"),
        };
        match (self.part, self.heading.as_str(), begins.as_str()) {
            ("", "", "") => "at the beginning".to_owned(),
            ("", "", begins) => format!("at {begins}"),
            ("", heading, "") => format!("below “{}”", shortened(heading)),
            ("", heading, begins) => format!("below “{}”, at {begins}", shortened(heading)),
            (part, ..) => part.to_owned(),
        }
    }

    /// What is in a body, a cell, a note, a box.
    pub(super) fn flow(&mut self, container: &Element) -> Vec<Flow> {
        let mut out = Vec::new();
        for one in container.elements() {
            match one.name.as_str() {
                "w:p" => out.extend(self.para(one).map(Flow::Para)),
                "w:tbl" => out.extend(self.on_table(one)),
                "w:sdt" => {
                    let is_contents = one
                        .at(&["w:sdtPr", "w:docPartObj", "w:docPartGallery"])
                        .and_then(Element::val)
                        .is_some_and(|kind| kind == "Table of Contents");
                    match one.child("w:sdtContent") {
                        Some(content) if is_contents => {
                            let words = spoken(content);
                            self.losses.left(
                                "the table of contents",
                                "the site makes one from the headings",
                                self.place(),
                                &words,
                            );
                        }
                        Some(content) if self.control(one) => out.extend(self.flow(content)),
                        _ => {}
                    }
                }
                "w:customXml" | "w:smartTag" => out.extend(self.flow(one)),
                "w:ins" | "w:moveTo" | "w:del" | "w:moveFrom" => {
                    let is_new = matches!(one.name.as_str(), "w:ins" | "w:moveTo");
                    if self.takes(is_new, one, &spoken(one)) {
                        out.extend(self.flow(one));
                    }
                }
                "mc:AlternateContent" => {
                    if let Some(chosen) = one.child("mc:Choice").or(one.child("mc:Fallback")) {
                        out.extend(self.flow(chosen));
                    }
                }
                "m:oMathPara" | "m:oMath" => {
                    let text = self.formula(one, true);
                    out.push(Flow::Block(Block::Paragraph(text)));
                }
                "w:altChunk" => {
                    self.losses.left("another document inside this one", "import that by itself", self.place(), "");
                }
                _ => {}
            }
        }
        out
    }

    /// Whether something that was inserted (`is_new`) or deleted is to be read; it is noted either way.
    pub(super) fn takes(&mut self, is_new: bool, change: &Element, words: &str) -> bool {
        let who = change.get("w:author").unwrap_or("somebody");
        let what = match change.name.as_str() {
            "w:ins" | "w:cellIns" => "inserted",
            "w:moveTo" => "moved here",
            "w:moveFrom" => "moved away",
            _ => "deleted",
        };
        let place = self.place();
        let taken = is_new == (self.wishes.changes == Changes::Accept);
        if !words.trim().is_empty() {
            self.changes.push(format!("{place}: {who} {what} “{}”", shortened(words.trim())));
            match taken {
                true => self.losses.changed("a tracked change", "its words are part of the text", place, ""),
                false => self.losses.left("a tracked change", "its words are not part of the text", place, words),
            }
        }
        taken
    }

    /// A paragraph; `None` if a change took all of it.
    fn para(&mut self, element: &Element) -> Option<Para> {
        self.begins = first_words(&spoken(element));
        let empty = Element::default();
        let mut properties = element.child("w:pPr").unwrap_or(&empty);
        let old = self.look_before(properties, "w:pPrChange", &["w:pStyle", "w:numPr", "w:outlineLvl"], element);
        properties = old.unwrap_or(properties);
        let style = properties.child("w:pStyle").and_then(Element::val);
        self.around.enter(properties, style, &self.styles);
        self.other_way(properties, element);
        self.fields.iter_mut().for_each(|field| field.start = 0);
        let mut text = std::mem::take(&mut self.carried_over);
        let size_of_all = self.styles.size(style);
        let before = self.after.len();
        self.runs(element, &mut text);
        self.interrupt_fields(&mut text);
        self.open_marks.clear();
        let after = self.after.split_off(before);
        let bookmarks = std::mem::take(&mut self.bookmarks);
        let own_mark = element.at(&["w:pPr", "w:rPr"]);
        let is_joined = own_mark.is_some_and(|mark| match self.wishes.changes {
            Changes::Accept => mark.child("w:del").or(mark.child("w:moveFrom")).is_some(),
            Changes::Reject => mark.child("w:ins").or(mark.child("w:moveTo")).is_some(),
        });
        if is_joined {
            self.changes.push(format!("{}: the end of a paragraph", self.place()));
            self.carried_over = text;
            self.after.extend(after);
            self.bookmarks = bookmarks;
            return None;
        }
        let mut shown = String::new();
        let mark = number(properties).or_else(|| self.styles.number(style)).and_then(|(id, level)| {
            let mark = if is_blank(&text) { None } else { Some(self.numbering.next(&id, level)?) };
            shown = if mark.is_some() { self.numbering.shown(&id, level) } else { String::new() };
            Some((depth(&self.styles.names(style)).map_or(level, |own| own.max(level)), mark?, id))
        });
        let looks = Looks::of(self, element, style);
        let names = self.styles.names(style);
        let outline = outline(properties).or_else(|| self.styles.outline(style));
        let is_heading = outline.is_some() || names.iter().any(|name| name.starts_with("heading "));
        let place = self.place();
        if is_heading && !is_blank(&text) {
            words(&text).trim().clone_into(&mut self.heading);
        }
        Some(Para {
            number: shown,
            frame: boxes::frame(properties, style, &self.styles),
            names,
            outline,
            mark,
            text,
            after,
            bookmarks,
            is_bold: looks.is_bold,
            size: looks.size,
            usual_size: self.styles.size(None).min(size_of_all.max(16)),
            place,
        })
    }

    /// The mark of a note, whose text is read when it is first named.
    pub(super) fn note(&mut self, is_end: bool, id: &str) -> Option<Inline> {
        let key = (is_end, id.to_owned());
        if let Some(at) = self.named_notes.iter().position(|named| *named == key) {
            return Some(Inline::Note(at));
        }
        if self.part == "in a note" {
            return None;
        }
        let note = self.notes.get(&key)?.clone();
        let related = std::mem::replace(&mut self.related, self.note_relations[usize::from(is_end)].clone());
        let part = std::mem::replace(&mut self.part, "in a note");
        let fields = std::mem::take(&mut self.fields);
        let (begins, over) = (self.begins.clone(), std::mem::take(&mut self.carried_over));
        let (marks, boxes) = (std::mem::take(&mut self.bookmarks), std::mem::take(&mut self.after));
        let (open, hidden) = (std::mem::take(&mut self.open_marks), std::mem::take(&mut self.hidden));
        let flow = self.flow(&note);
        let mut blocks = assemble::blocks(self, flow, false);
        if blocks.is_empty() {
            blocks.push(Block::Paragraph(vec![Inline::Text("…".to_owned())]));
            self.losses.changed("a note without words", "it says “…” now: delete it, or write it", self.place(), "");
        }
        (self.related, self.part, self.fields) = (related, part, fields);
        (self.begins, self.carried_over) = (begins, over);
        (self.bookmarks, self.after) = (marks, boxes);
        (self.open_marks, self.hidden) = (open, hidden);
        if let Some(number) = self.note_mark.take() {
            self.note_marks.insert(number, self.named_notes.len());
        }
        self.named_notes.push(key);
        self.note_texts.push(blocks);
        self.losses.carried(if is_end { "endnotes" } else { "footnotes" });
        Some(Inline::Note(self.named_notes.len() - 1))
    }

    /// A comment that the text names.
    pub(super) fn comment(&mut self, id: &str) {
        if !self.seen_comments.insert(id.to_owned()) {
            return;
        }
        let Some(comment) = self.comments.get(id) else { return };
        let (who, words) = (comment.get("w:author").unwrap_or("somebody").to_owned(), spoken(comment));
        let place = self.place();
        self.comment_words.push(format!("{place}: {who}: {words}"));
        match self.wishes.keeps_comments {
            true => {
                self.losses.changed("a comment", "it is in `internal_note`, which is never published", place, &words)
            }
            false => self.losses.left("a comment", "it is not taken over", place, &words),
        }
    }

    /// Headers and footers, which every page of the site has of its own.
    pub(super) fn furniture(&mut self, body: &Element) -> Result<(), Refusal> {
        let mut seen = BTreeSet::new();
        for (name, what) in [("w:headerReference", "a header"), ("w:footerReference", "a footer")] {
            for one in body.below(name) {
                let Some(target) = one.get("r:id").and_then(|id| self.related.get(id)).map(|one| one.target.clone())
                else {
                    continue;
                };
                if !seen.insert(target.clone()) {
                    continue;
                }
                let Some(root) = self.package.xml(&target)? else { continue };
                let words = spoken(&root);
                if !words.trim().is_empty() || root.below("w:drawing").next().is_some() {
                    self.losses.left(what, "the site's own design stands there", String::new(), &words);
                }
            }
        }
        // Comments and notes that the text does not name are there all the same.
        let unnamed: Vec<String> =
            self.comments.keys().filter(|id| !self.seen_comments.contains(*id)).cloned().collect();
        unnamed.iter().for_each(|id| self.comment(id));
        let orphans: Vec<String> = self
            .notes
            .iter()
            .filter(|(key, _)| !self.named_notes.contains(key))
            .map(|(_, note)| spoken(note))
            .collect();
        for words in orphans.iter().filter(|words| !words.trim().is_empty()) {
            self.losses.left("a note that the text does not name", "nobody could see it", String::new(), words);
        }
        Ok(())
    }

    /// Parts of the file that nothing has read, if they hold words.
    pub(super) fn strangers(&mut self) {
        let names: Vec<&str> = self.package.names().collect();
        for name in names {
            let what = if name.contains("/diagrams/data") {
                continue;
            } else if name.contains("vbaProject") {
                "macros"
            } else if name.starts_with("word/glossary/document") {
                "building blocks"
            } else {
                continue;
            };
            self.losses.left(what, "a page has no use for them", name.to_owned(), "");
        }
    }

    /// The document, complete.
    pub(super) fn finish(mut self, mut document: Document) -> Result<Imported, Refusal> {
        document.notes = std::mem::take(&mut self.note_texts);
        document.files = std::mem::take(&mut self.files);
        if self.wishes.keeps_comments && !self.comment_words.is_empty() {
            document.about.internal_note = Some(self.comment_words.join(" · "));
        }
        if !is_blank(&self.carried_over) {
            document.blocks.push(Block::Paragraph(std::mem::take(&mut self.carried_over)));
        }
        document.blocks.append(&mut self.after);
        let mut numbers = Vec::new();
        if self.wishes.is_returned {
            returned::mentions(&mut document, &self.note_marks, &mut self.losses);
            references::without(&mut document, &mut self.losses);
        } else {
            front::first_page(&mut document, &mut self.losses);
            typed::openings(&mut document.blocks, &mut self.losses);
            typed::found(&mut document, &mut self.losses);
            numbers = numbers::numbers(&document.blocks, &self.labels, self.wishes.figures);
            numbers::say(&numbers, &mut self.losses);
            references::links(&mut document, &mut self.losses);
        }
        let Self { losses, changes, comment_words: comments, fields_read: fields, has_marks, .. } = self;
        Ok(Imported { document, losses, changes, comments, fields, has_marks, origin: None, numbers })
    }
}

/// How deep an item is by the name of its style: one of `List Bullet 2` is within another, though its list has no other level.
fn depth(names: &[String]) -> Option<usize> {
    names.iter().find_map(|name| {
        let number = ["list bullet ", "list number ", "list continue ", "list "]
            .iter()
            .find_map(|start| name.strip_prefix(start))?;
        number.parse::<usize>().ok().filter(|number| (2..=9).contains(number)).map(|number| number - 1)
    })
}
