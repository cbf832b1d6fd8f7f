//! A file that this program wrote and somebody worked on → the page in it, by its styles and its marks.
//!
//! Nothing is guessed here: a bold line is a paragraph, and a table of one cell a table. Words that a translator's program put where
//! only a mark should be stay in the text.

use super::assemble::code;
use super::body::{Flow, Para, Reader};
use super::spoken::spoken;
use super::styles;
use super::tables::cells_of;
use super::xml::Element;
use crate::import::document::{Block, Definition, Document, Image, Inline, is_blank, map_lines, words};
use crate::import::flat::{Look, canonical};
use crate::import::losses::Losses;
use crate::import::marks::{self, Mark};
use crate::markdown::tree::{Alert, Align};

/// Makes blocks of what was read.
pub(super) fn blocks(reader: &mut Reader<'_>, flow: Vec<Flow>) -> Vec<Block> {
    let mut maker = Maker { open: vec![Open::default()] };
    for one in flow {
        match one {
            Flow::Block(block) => maker.push(block),
            Flow::Para(para) => maker.para(reader, para),
        }
    }
    while maker.open.len() > 1 {
        let place = reader.place();
        reader.losses.changed(
            "a block whose end is missing",
            "it ends with the text around it: look where it should",
            place,
            "",
        );
        maker.close(reader);
    }
    maker.open.pop().map(Open::finished).unwrap_or_default()
}

impl Reader<'_> {
    /// How the columns are aligned, by the cells of a row.
    pub(super) fn aligned(&self, row: &Element) -> Vec<Align> {
        let is_left = |one: &Element| {
            let style = one.at(&["w:pPr", "w:pStyle"]).and_then(Element::val);
            self.styles.names(style).iter().any(|name| *name == marks::LEFT.to_lowercase())
        };
        cells_of(row)
            .into_iter()
            .map(|cell| match cell.child("w:p") {
                Some(one) if is_left(one) => Align::Left,
                one => match one.and_then(|one| one.at(&["w:pPr", "w:jc"])).and_then(Element::val) {
                    Some("right" | "end") => Align::Right,
                    Some("center") => Align::Centre,
                    _ => Align::Default,
                },
            })
            .collect()
    }

    /// A note that only other notes name.
    pub(super) fn late_note(&mut self, number: usize, blocks: Vec<Block>) {
        self.note_marks.insert(number, self.named_notes.len());
        self.named_notes.push((true, format!("mark {number}")));
        self.note_texts.push(blocks);
    }

    /// Reads a table if it is that of the fields; whether it was.
    pub(super) fn are_fields(&mut self, rows: &[&Element]) -> bool {
        let named: Vec<Option<String>> = rows
            .iter()
            .map(|row| {
                let mut said = cells_of(row).first().map(|cell| cell.text()).unwrap_or_default();
                marks::complete(&mut said).into_iter().find_map(|mark| match mark {
                    Mark::Field(path) => Some(path),
                    _ => None,
                })
            })
            .collect();
        if named.iter().all(Option::is_none) {
            return false;
        }
        for (nth, (row, path)) in rows.iter().zip(named).enumerate() {
            let cells = cells_of(row);
            match (path, cells.get(1)) {
                (Some(path), Some(cell)) => {
                    let flow = self.flow(cell);
                    let blocks = blocks(self, flow);
                    self.fields_read.push((path, blocks));
                }
                // The first row names the columns.
                (None, _) if nth > 0 => {
                    let place = self.place();
                    let how = "no field belongs to it: write its words where they belong";
                    self.losses.left("a row that was added to the fields", how, place, &spoken(row));
                }
                _ => {}
            }
        }
        true
    }
}

/// A container that has begun.
#[derive(Default)]
struct Open {
    /// What it is; the text itself is nothing.
    what: Option<Mark>,
    blocks: Vec<Block>,
    /// What its fields say.
    fields: Vec<(String, String)>,
    /// The lists that are open, the outermost first, with their levels.
    lists: Vec<(usize, Block)>,
}

impl Open {
    fn close_lists(&mut self, from: usize) {
        while self.lists.last().is_some_and(|(level, ..)| *level >= from) {
            let Some((_, block)) = self.lists.pop() else { return };
            match self.lists.last_mut() {
                Some((_, Block::List { items, .. })) => {
                    items.last_mut().into_iter().for_each(|item| item.push(block.clone()));
                }
                _ => self.blocks.push(block),
            }
        }
    }

    fn finished(mut self) -> Vec<Block> {
        self.close_lists(0);
        self.blocks
    }

    /// The last item of the list at a level.
    fn item(&mut self, level: usize) -> Option<&mut Vec<Block>> {
        self.close_lists(level.saturating_add(1));
        match self.lists.last_mut() {
            Some((_, Block::List { items, .. })) => items.last_mut(),
            _ => None,
        }
    }
}

struct Maker {
    /// The text, and the containers that are open in it.
    open: Vec<Open>,
}

impl Maker {
    fn last(&mut self) -> &mut Open {
        if self.open.is_empty() {
            self.open.push(Open::default());
        }
        let at = self.open.len() - 1;
        &mut self.open[at]
    }

    fn push(&mut self, block: Block) {
        let open = self.last();
        open.close_lists(0);
        open.blocks.push(block);
    }

    /// The innermost container ends.
    fn close(&mut self, reader: &mut Reader<'_>) {
        if self.open.len() < 2 {
            return;
        }
        let Some(mut open) = self.open.pop() else { return };
        let (what, fields) = (open.what.take(), std::mem::take(&mut open.fields));
        let blocks = open.finished();
        match what {
            Some(Mark::Directive { name, attributes }) => {
                let said = |key: &str| fields.iter().find(|(field, _)| field == key).map(|(_, words)| words.clone());
                let attributes = attributes.into_iter().filter_map(|(key, value)| {
                    let value = said(&key).unwrap_or(value);
                    (!value.is_empty()).then_some((key, value))
                });
                let words = fields.iter().filter(|(key, _)| key == marks::WORDS).cloned();
                let attributes = attributes.chain(words).collect();
                self.push(Block::Directive { name, attributes, blocks });
            }
            Some(Mark::Quote) => self.push(Block::Quote(blocks)),
            Some(Mark::Alert(kind)) => self.push(Block::Alert(Alert::named(&kind).unwrap_or(Alert::Note), blocks)),
            Some(Mark::Item(level)) => match self.last().item(level) {
                Some(item) => item.extend(blocks),
                None => blocks.into_iter().for_each(|block| self.push(block)),
            },
            Some(Mark::Meaning) => self.define(Definition::Meaning(blocks)),
            Some(Mark::Note(number)) => reader.late_note(number, blocks),
            _ => blocks.into_iter().for_each(|block| self.push(block)),
        }
    }

    fn define(&mut self, one: Definition) {
        let open = self.last();
        open.close_lists(0);
        match open.blocks.last_mut() {
            Some(Block::Definitions(all)) => all.push(one),
            _ => open.blocks.push(Block::Definitions(vec![one])),
        }
    }

    fn para(&mut self, reader: &mut Reader<'_>, mut para: Para) {
        let mut heading = None;
        let (mut is_there, mut begins_list) = (false, false);
        while let Some(Inline::Mark(mark)) = para.text.iter().find(|one| !is_blank(std::slice::from_ref(*one))) {
            let mark = mark.clone();
            match &mark {
                Mark::End => self.close(reader),
                Mark::Note(number) if reader.part == "in a note" => reader.note_mark = Some(*number),
                Mark::Directive { .. }
                | Mark::Quote
                | Mark::Alert(_)
                | Mark::Definitions
                | Mark::Meaning
                | Mark::Note(_) => {
                    self.last().close_lists(0);
                    self.open.push(Open { what: Some(mark.clone()), ..Open::default() });
                }
                Mark::Item(level) => {
                    self.last().close_lists(level.saturating_add(1));
                    self.open.push(Open { what: Some(mark.clone()), ..Open::default() });
                }
                Mark::Field(key) => {
                    let key = key.clone();
                    drop_first_mark(&mut para.text);
                    let line = resolved(std::mem::take(&mut para.text), reader);
                    let said = words(&line).split_whitespace().collect::<Vec<_>>().join(" ");
                    if !said.is_empty() {
                        self.last().fields.push((key, said));
                    }
                    return;
                }
                Mark::Code(language) => {
                    let language = language.clone();
                    drop_first_mark(&mut para.text);
                    return self.push(Block::Code { language, text: code(&para.text) });
                }
                Mark::Raw => {
                    drop_first_mark(&mut para.text);
                    return self.push(Block::Raw { text: code(&para.text), structure: String::new() });
                }
                Mark::Heading { id, classes } => heading = Some((id.clone(), classes.clone())),
                Mark::Empty => is_there = true,
                Mark::List => begins_list = true,
                _ => break,
            }
            drop_first_mark(&mut para.text);
        }
        let text = resolved(std::mem::take(&mut para.text), reader);
        if let (true, Some((level, ..))) = (begins_list, &para.mark) {
            self.last().close_lists(*level);
        }
        self.text(reader, para, text, heading, is_there);
    }

    /// A paragraph without the marks at its beginning; `is_there` if it counts without words.
    fn text(
        &mut self,
        reader: &mut Reader<'_>,
        para: Para,
        text: Vec<Inline>,
        heading: Option<(Option<String>, Vec<String>)>,
        is_there: bool,
    ) {
        let named = |wanted: &[&str]| para.names.iter().any(|name| wanted.contains(&name.as_str()));
        let is_empty = is_blank(&text);
        let level = para.names.iter().find_map(|name| name.strip_prefix("heading ")?.trim().parse::<u8>().ok());
        let continued = para.names.iter().find_map(|name| {
            let number = name.strip_prefix("list continue")?.trim();
            if number.is_empty() {
                Some(0)
            } else {
                number.parse::<usize>().ok().map(|number| number.saturating_sub(1))
            }
        });
        let after = para.after;
        if named(&[&marks::RULE.to_lowercase()]) {
            self.push(Block::Rule);
            if !is_empty {
                self.push(Block::Paragraph(text));
            }
        } else if let (Some((level, mark, _)), true) = (&para.mark, is_there || !is_empty) {
            reader.losses.carried("items of lists");
            let words = if is_empty { Vec::new() } else { vec![Block::Paragraph(text)] };
            self.item(*level, mark, words);
        } else if is_empty {
        } else if let Some(level) = level {
            reader.losses.carried("headings");
            reader.heading = words(&text).trim().to_owned();
            reader.begins.clear();
            let (id, classes) = heading.unwrap_or_default();
            self.push(Block::Heading { level: level.clamp(1, 6), text, id, classes });
        } else if let Some(level) = continued {
            match self.last().item(level) {
                Some(item) => item.push(Block::Paragraph(text)),
                None => self.push(Block::Paragraph(text)),
            }
        } else if named(&["quote", "quotations", "intense quote"]) {
            let open = self.last();
            open.close_lists(0);
            match open.blocks.last_mut() {
                Some(Block::Quote(inside)) => inside.push(Block::Paragraph(text)),
                _ => open.blocks.push(Block::Quote(vec![Block::Paragraph(text)])),
            }
        } else if named(&["html preformatted", "preformatted text", &marks::RAW.to_lowercase()]) {
            let more = code(&text);
            match self.last().blocks.last_mut() {
                Some(Block::Code { text: before, .. } | Block::Raw { text: before, .. }) => {
                    before.push('\n');
                    before.push_str(&more);
                }
                _ => self.push(Block::Code { language: String::new(), text: more }),
            }
        } else if named(&["definition term"]) {
            self.define(Definition::Term(text));
        } else if named(&["definition"]) {
            self.define(Definition::Meaning(vec![Block::Paragraph(text)]));
        } else {
            self.push(Block::Paragraph(text));
        }
        after.into_iter().for_each(|block| self.push(block));
    }

    fn item(&mut self, level: usize, mark: &styles::Mark, words: Vec<Block>) {
        let open = self.last();
        open.close_lists(level.saturating_add(1));
        let start = match mark {
            styles::Mark::Bullet => None,
            styles::Mark::Number(number, _) => Some(*number),
        };
        // Programs give the items of one list several numberings, so only the kind counts.
        let is_other =
            |list: &Block| matches!(list, Block::List { start: known, .. } if known.is_some() != start.is_some());
        if open.lists.last().is_some_and(|(known, list)| *known == level && is_other(list)) {
            open.close_lists(level);
        }
        match open.lists.last_mut() {
            Some((known, Block::List { items, .. })) if *known == level => items.push(words),
            _ => open.lists.push((level, Block::List { start, items: vec![words] })),
        }
    }
}

fn drop_first_mark(line: &mut Vec<Inline>) {
    if let Some(at) = line.iter().position(|one| matches!(one, Inline::Mark(_))) {
        line.drain(..=at);
    }
}

/// A line in which each mark has become what it stands for.
pub(super) fn resolved(line: Vec<Inline>, reader: &mut Reader<'_>) -> Vec<Inline> {
    fn says_looks(line: &[Inline]) -> bool {
        line.iter().any(|one| matches!(one, Inline::Mark(mark) if look(mark).is_some()) || says_looks(one.inside()))
    }
    let is_explicit = says_looks(&line);
    let place = reader.place();
    let line = unmarked(line, &[], &mut reader.losses, &place);
    if is_explicit { line } else { canonical(&line) }
}

/// The same, in marks with these looks.
fn unmarked(line: Vec<Inline>, around: &[Look], losses: &mut Losses, place: &str) -> Vec<Inline> {
    let mut open: Vec<(Option<Mark>, Vec<Inline>)> = vec![(None, Vec::new())];
    for one in line {
        match one {
            Inline::Mark(Mark::End) => {
                if open.len() > 1
                    && let Some((Some(mark), inside)) = open.pop()
                {
                    let made = made(mark, inside, losses, place);
                    open.last_mut().into_iter().for_each(|(_, around)| around.extend(made.clone()));
                }
            }
            Inline::Mark(mark) => open.push((Some(mark), Vec::new())),
            other => {
                // Letters show the looks of the marks that they are in.
                let shown: Vec<Look> = open.iter().filter_map(|(mark, _)| look(mark.as_ref()?)).collect();
                let shown: Vec<Look> = around.iter().copied().chain(shown).collect();
                let one = match other {
                    // A link of Word's may hold marks itself.
                    Inline::Link { to, title, text } => {
                        vec![Inline::Link { to, title, text: unmarked(text, &shown, losses, place) }]
                    }
                    other => shown.into_iter().fold(vec![other], without),
                };
                open.last_mut().into_iter().for_each(|(_, inside)| inside.extend(one.clone()));
            }
        }
    }
    while open.len() > 1 {
        let Some((_, inside)) = open.pop() else { break };
        losses.changed(
            "a mark whose end is missing",
            "the words are there, without it",
            place.to_owned(),
            &words(&inside),
        );
        open.last_mut().into_iter().for_each(|(_, around)| around.extend(inside.clone()));
    }
    open.pop().map(|(_, line)| line).unwrap_or_default()
}

/// What a mark around some words becomes.
fn made(mark: Mark, inside: Vec<Inline>, losses: &mut Losses, place: &str) -> Vec<Inline> {
    let mut shown = |expected: &str, inside: &[Inline], what: Inline| {
        let said = words(inside).split_whitespace().collect::<Vec<_>>().join(" ");
        let expected = expected.split_whitespace().collect::<Vec<_>>().join(" ");
        if said == expected {
            return vec![what];
        }
        if let Some(more) = said.strip_prefix(&expected) {
            return vec![what, Inline::Text(more.to_owned())];
        }
        losses.left("words that only stand for something", "the site writes its own there", place.to_owned(), &said);
        vec![what]
    };
    match mark {
        Mark::Shown(expected) => {
            let nothing = shown(&expected, &inside, Inline::Text(String::new()));
            return nothing;
        }
        Mark::Figure { id, shown: expected } => return shown(&expected, &inside, Inline::Figure(id)),
        Mark::Again { note, shown: expected } => {
            let mark = Mark::Again { note, shown: expected.clone() };
            return shown(&expected, &inside, Inline::Mark(mark));
        }
        Mark::Task { shown: expected, done } => {
            let said = words(&inside);
            let done = if said.contains('☑') || said.contains('☒') { true } else { done && !said.contains('☐') };
            let expected = if said.trim_start().starts_with(['☑', '☒', '☐']) { &said } else { &expected };
            return shown(expected, &inside, Inline::Task(done));
        }
        _ => {}
    }
    match mark {
        Mark::Link { to, title, at } => vec![link(to, title, &at, inside, losses, place)],
        Mark::Image { file, title, is_decorative } => {
            let alt = inside.iter().find_map(|one| match one {
                Inline::Image(image) => Some(image.alt.clone()),
                _ => None,
            });
            let said = words(&inside).split_whitespace().collect::<Vec<_>>().join(" ");
            let is_there = alt.is_some() || !said.is_empty() || is_decorative;
            let alt = match alt {
                Some(alt) if !alt.is_empty() => alt,
                _ => said,
            };
            let alt = if is_decorative { String::new() } else { alt };
            match is_there {
                true => vec![Inline::Image(Image { file, alt, title, decorative: is_decorative })],
                false => Vec::new(),
            }
        }
        Mark::Math { tex, display, said } => {
            // Programs write the parts of a sum in another order.
            let letters = |text: &str| {
                let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
                letters.sort_unstable();
                letters
            };
            let now = words(&inside);
            if letters(&now) != letters(&said) {
                let how = "it is as in the original: change it in the page, between its dollar signs";
                losses.changed("a formula that was changed in Word", how, place.to_owned(), &now);
            }
            vec![Inline::Math { tex, display }]
        }
        Mark::Verbatim => verbatim(inside),
        Mark::Element { name, attributes } => vec![Inline::Element { name, attributes, text: inside }],
        // It begins a block, and stands in the middle of a line: the words count.
        other => look(&other).map_or_else(|| inside.clone(), |look| vec![look.around(inside.clone())]),
    }
}

fn look(mark: &Mark) -> Option<Look> {
    Some(match mark {
        Mark::Strong => Look::Strong,
        Mark::Emphasis => Look::Emphasis,
        Mark::Deleted => Look::Deleted,
        Mark::Subscript => Look::Subscript,
        Mark::Superscript => Look::Superscript,
        _ => return None,
    })
}

/// Words as code, in whatever marks they are.
fn verbatim(line: Vec<Inline>) -> Vec<Inline> {
    line.into_iter()
        .map(|one| match one {
            Inline::Text(words) => Inline::Code(words),
            one if one.inside().is_empty() => one,
            one => one.around(verbatim(one.inside().to_vec())),
        })
        .collect()
}

/// A link leads where it led, unless somebody changed that in Word.
fn link(to: String, title: String, at: &str, inside: Vec<Inline>, losses: &mut Losses, place: &str) -> Inline {
    fn targets(line: &[Inline], found: &mut Vec<String>) {
        for one in line {
            if let Inline::Link { to, .. } = one {
                found.push(to.clone());
            }
            targets(one.inside(), found);
        }
    }
    fn bare(line: Vec<Inline>) -> Vec<Inline> {
        line.into_iter()
            .flat_map(|one| match one {
                Inline::Link { text, .. } => bare(text),
                one if one.inside().is_empty() => vec![one],
                one => vec![one.around(bare(one.inside().to_vec()))],
            })
            .collect()
    }
    let mut found = Vec::new();
    targets(&inside, &mut found);
    let is_as_it_was = |now: &String| is_same_address(now, at);
    let to = match found.iter().find(|now| !is_as_it_was(now)) {
        Some(now) if !at.is_empty() => {
            let how = format!("it leads to {now} now, in the original to {to}");
            losses.changed("a link that was changed in Word", &how, place.to_owned(), &words(&inside));
            now.clone()
        }
        _ => to,
    };
    Inline::Link { to, title, text: bare(inside) }
}

/// Whether two addresses are one, however programs write it.
fn is_same_address(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let text = percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let whole = url::Url::parse(&text).map(|url| url.to_string()).unwrap_or(text);
        whole.trim_end_matches('/').to_lowercase()
    };
    one == other || plain(one) == plain(other)
}

/// A line without a look.
fn without(line: Vec<Inline>, look: Look) -> Vec<Inline> {
    line.into_iter()
        .flat_map(|one| match Look::of(&one) {
            Some(own) if own == look => without(one.inside().to_vec(), look),
            _ if one.inside().is_empty() => vec![one],
            _ => vec![one.around(without(one.inside().to_vec(), look))],
        })
        .collect()
}

/// Further mentions of notes, once all notes are known by their numbers in the text that went out.
pub(super) fn mentions(document: &mut Document, known: &std::collections::BTreeMap<usize, usize>, losses: &mut Losses) {
    let mut lost = Vec::new();
    let mut replace = |line: Vec<Inline>| -> Vec<Inline> {
        line.into_iter()
            .filter_map(|one| match &one {
                Inline::Mark(Mark::Again { note, shown }) => match known.get(note) {
                    Some(at) => Some(Inline::Note(*at)),
                    None => {
                        lost.push(shown.clone());
                        None
                    }
                },
                Inline::Mark(_) => None,
                _ => Some(one),
            })
            .collect()
    };
    map_lines(&mut document.blocks, &mut replace);
    document.notes.iter_mut().for_each(|note| map_lines(note, &mut replace));
    for shown in lost {
        losses.left(
            "another mention of a note that is gone",
            "put the note back, or leave it out in both places",
            String::new(),
            &shown,
        );
    }
}
