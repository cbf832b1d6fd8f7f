//! A document → Markdown in which this program reads the same words and the same structure again.
//!
//! Each line is written as plainly as it can be, read again, and written more carefully if something else was read: with a backslash
//! before every sign, and with `<em>` for marks that Markdown cannot set within words. So no sign of a stranger's text can mean
//! anything here, whatever rules the reader has.

use std::fmt::Write as _;

use super::document::{Block, Definition, Document, Image, Inline, words};
use super::escape::{Piece, Where, written};
use super::losses::Losses;
use super::structure::{Order, paragraph, structure};
use crate::markdown::tree::Align;
use crate::markdown::{HtmlPolicy, Options, structure as reading};
use crate::path::SitePath;

/// A text that was written.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) text: String,
    /// Words whose marks (bold and the like) this site cannot show.
    pub(crate) bare: Vec<String>,
    /// Whether the whole text reads as the document does.
    pub(crate) is_exact: bool,
}

impl Written {
    /// Says what of it is not as the document has it.
    pub(crate) fn say(&self, losses: &mut Losses) {
        for words in &self.bare {
            let how = "it is plain, since site.toml shows HTML as text";
            losses.changed("bold and the like within a word", how, String::new(), words);
        }
        if !self.is_exact {
            let how = "Pamphlet may read a part of it otherwise than it was: compare the two";
            losses.changed("the text as a whole", how, String::new(), "");
        }
    }
}

/// How carefully a line is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Care {
    Plain,
    Careful,
    /// Without marks.
    Bare,
}

/// Writes a tidied document for a site that reads texts as `options` say.
pub(crate) fn write(document: &Document, options: &Options, file: &SitePath) -> Written {
    let options = Options { smart_punctuation: false, ..options.clone() };
    let mut written = write_with(document, &options, file, Care::Plain);
    let wanted = structure(document);
    let reads = |text: &str| reading::structure(&crate::markdown::read(file, text, 0, &options).value);
    written.is_exact = reads(&written.text) == wanted;
    if !written.is_exact {
        let careful = write_with(document, &options, file, Care::Careful);
        if reads(&careful.text) == wanted {
            written = Written { is_exact: true, ..careful };
        }
    }
    written
}

/// A line as plainly as it can be written.
pub(crate) fn line(line: &[Inline], options: &Options, file: &SitePath) -> String {
    let mut writer = Writer { options, file, care: Care::Plain, order: Order::default(), bare: Vec::new() };
    writer.line(line, Where::Paragraph)
}

fn write_with(document: &Document, options: &Options, file: &SitePath, care: Care) -> Written {
    let mut writer = Writer { options, file, care, order: Order::default(), bare: Vec::new() };
    let mut text = writer.blocks(&document.blocks);
    let mut at = 0;
    while let Some(note) = writer.order.0.get(at).copied() {
        let inside = document.notes.get(note).map(|note| writer.blocks(note)).unwrap_or_default();
        let _ = write!(text, "\n[^{}]: {}", at + 1, indented(&inside, "    "));
        at += 1;
    }
    Written { text, bare: writer.bare, is_exact: false }
}

struct Writer<'a> {
    options: &'a Options,
    file: &'a SitePath,
    care: Care,
    order: Order,
    bare: Vec<String>,
}

impl Writer<'_> {
    /// Blocks with an empty line between two of them, and a line's end at the end.
    fn blocks(&mut self, all: &[Block]) -> String {
        let mut out = String::new();
        let mut marker = 0;
        for (nth, block) in all.iter().enumerate() {
            if nth > 0 {
                out.push('\n');
            }
            // Two lists in a row would be one, were their marks alike.
            let follows_list = nth > 0 && matches!(all[nth - 1], Block::List { .. });
            marker = if follows_list { 1 - marker } else { 0 };
            out.push_str(&self.block(block, marker));
        }
        out
    }

    fn block(&mut self, block: &Block, marker: usize) -> String {
        match block {
            Block::Heading { level, text, id, classes } => {
                let given: Vec<String> = id
                    .iter()
                    .map(|id| format!("#{id}"))
                    .chain(classes.iter().map(|class| format!(".{class}")))
                    .collect();
                let id = if given.is_empty() { String::new() } else { format!(" {{{}}}", given.join(" ")) };
                format!("{} {}{id}\n", "#".repeat(usize::from(*level)), self.line(text, Where::Heading))
            }
            Block::Paragraph(text) => format!("{}\n", self.line(text, Where::Paragraph)),
            Block::List { start, items } => self.list(*start, items, marker),
            Block::Table { rows, columns } => self.table(rows, columns),
            Block::Quote(inside) => quoted(&self.blocks(inside)),
            Block::Alert(kind, inside) => quoted(&format!("[!{}]\n{}", kind.name(), self.blocks(inside))),
            Block::Definitions(all) => self.definitions(all),
            Block::Code { language, text } => {
                let longest = longest_run(text, '`');
                let fence = "`".repeat(longest.max(2) + 1);
                format!("{fence}{language}\n{}\n{fence}\n", text.trim_end_matches('\n'))
            }
            Block::Directive { name, attributes, blocks } => {
                let mut given = String::new();
                // As people write it.
                if let ("after", [(key, when)]) = (name.as_str(), attributes.as_slice())
                    && key == "title"
                {
                    return format!(":::{name} {when}\n{}:::\n", self.blocks(blocks));
                }
                for (key, value) in attributes {
                    let gap = if given.is_empty() { "" } else { " " };
                    let _ = match key.as_str() {
                        "id" if is_name(value) => write!(given, "{gap}#{value}"),
                        _ => write!(given, "{gap}{key}=\"{}\"", attribute(value)),
                    };
                }
                let braces = if given.is_empty() { String::new() } else { format!(" {{{given}}}") };
                format!(":::{name}{braces}\n{}:::\n", self.blocks(blocks))
            }
            // Behind the mark of a list, `- ---` would be a rule and no item.
            Block::Rule => "___\n".to_owned(),
            Block::Raw { text, .. } => format!("{}\n", text.trim_end()),
        }
    }

    fn definitions(&mut self, all: &[Definition]) -> String {
        let mut out = String::new();
        for (nth, one) in all.iter().enumerate() {
            match one {
                Definition::Term(text) => {
                    if nth > 0 && matches!(all[nth - 1], Definition::Meaning(_)) {
                        out.push('\n');
                    }
                    let _ = writeln!(out, "{}", self.line(text, Where::Paragraph));
                }
                Definition::Meaning(inside) => {
                    let _ = write!(out, ":   {}", indented(&self.blocks(inside), "    "));
                }
            }
        }
        out
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>], marker: usize) -> String {
        let is_tight = items.iter().all(|item| match item.as_slice() {
            [Block::Paragraph(_)] => true,
            // Only a list that begins with 1 can follow words without an empty line.
            [Block::Paragraph(_), Block::List { start, .. }] => matches!(start, None | Some(1)),
            _ => false,
        });
        let mut out = String::new();
        for (nth, item) in items.iter().enumerate() {
            let mark = match start {
                Some(start) => format!("{}{} ", start.saturating_add(nth as u64), [".", ")"][marker]),
                None => ["* ", "- "][marker].to_owned(),
            };
            let mut text = String::new();
            let mut inner = 0;
            for (nth, block) in item.iter().enumerate() {
                if nth > 0 && !is_tight {
                    text.push('\n');
                }
                let follows_list = nth > 0 && matches!(item[nth - 1], Block::List { .. });
                inner = if follows_list { 1 - inner } else { 0 };
                text.push_str(&self.block(block, inner));
            }
            if nth > 0 && !is_tight {
                out.push('\n');
            }
            out.push_str(&mark);
            out.push_str(&indented(&text, &" ".repeat(mark.len())));
        }
        out
    }

    fn table(&mut self, rows: &[Vec<Vec<Inline>>], columns: &[Align]) -> String {
        let mut out = String::new();
        for (nth, row) in rows.iter().enumerate() {
            out.push('|');
            for cell in row {
                let _ = match self.line(cell, Where::Cell) {
                    empty if empty.is_empty() => write!(out, "  |"),
                    cell => write!(out, " {cell} |"),
                };
            }
            out.push('\n');
            if nth == 0 {
                out.push('|');
                (0..row.len()).for_each(|at| {
                    out.push_str(match columns.get(at) {
                        Some(Align::Right) => "---:|",
                        Some(Align::Centre) => ":---:|",
                        Some(Align::Left) => ":---|",
                        _ => "---|",
                    });
                });
                out.push('\n');
            }
        }
        out
    }

    /// A line as plainly as it can be written.
    fn line(&mut self, text: &[Inline], place: Where) -> String {
        // It is one only at the beginning of an item.
        if let Some((Inline::Task(done), rest)) = text.split_first() {
            return format!("[{}] {}", if *done { "x" } else { " " }, self.line(rest, place));
        }
        // Notes count from one in a trial, or each line would be read with those of all lines before; but words may look like their marks.
        let earlier = if words(text).contains("[^") { self.order.0.clone() } else { Vec::new() };
        let wanted = paragraph(text, &mut Order(earlier.clone()));
        for care in [Care::Plain, Care::Careful] {
            if care == Care::Plain && self.care == Care::Careful {
                continue;
            }
            if care == Care::Careful && self.options.html == HtmlPolicy::Escape && has_marks(text) {
                continue;
            }
            let mut order = Order(earlier.clone());
            let tried = self.written(text, place, care, &mut order);
            if self.reads(&tried, place, order.0.len()) == wanted {
                return self.counted(text, place, care);
            }
        }
        let line = self.counted(text, place, Care::Bare);
        if has_marks(text) {
            self.bare.push(words(text));
        }
        line
    }

    /// A line with its notes counted on from those before it.
    fn counted(&mut self, text: &[Inline], place: Where, care: Care) -> String {
        let mut order = std::mem::take(&mut self.order);
        let line = self.written(text, place, care, &mut order);
        self.order = order;
        line
    }

    /// The structure that the reader finds in a line, as that of a paragraph.
    fn reads(&self, line: &str, place: Where, notes: usize) -> String {
        if line.is_empty() {
            return "⟨p ⟩".to_owned();
        }
        let mut text = match place {
            Where::Paragraph => format!("{line}\n\n"),
            Where::Heading => format!("## {line}\n\n"),
            Where::Cell => format!("| {line} |\n|---|\n\n"),
        };
        // The notes keep their numbers if they are named in their order first.
        let marks: String = (1..=notes).map(|note| format!("[^{note}]")).collect();
        text.insert_str(0, &format!("{marks}\n\n"));
        (1..=notes).for_each(|note| {
            let _ = write!(text, "[^{note}]: x\n\n");
        });
        let read = crate::markdown::read(self.file, &text, 0, self.options).value;
        let read = reading::structure(&read);
        let read = read.split("⟨note-text").next().unwrap_or_default();
        let first: String = match notes {
            0 => String::new(),
            _ => format!("⟨p {}⟩", (0..notes).map(|note| format!("⟨note {note}⟩")).collect::<String>()),
        };
        let read = read.strip_prefix(&first).unwrap_or(read);
        let inside = match place {
            Where::Paragraph => return read.to_owned(),
            Where::Heading => read.strip_prefix("⟨h2 ").and_then(|rest| rest.strip_suffix('⟩')),
            Where::Cell => read.strip_prefix("⟨table ⟨head ⟨cell ").and_then(|rest| rest.strip_suffix("⟩⟩⟩")),
        };
        inside.map(|inside| format!("⟨p {inside}⟩")).unwrap_or_default()
    }

    fn written(&self, text: &[Inline], place: Where, care: Care, order: &mut Order) -> String {
        let mut pieces = Vec::new();
        self.pieces(text, place, care, order, &mut pieces);
        written(&pieces, place, care != Care::Plain)
    }

    fn pieces(&self, text: &[Inline], place: Where, care: Care, order: &mut Order, out: &mut Vec<Piece>) {
        let mark = |out: &mut Vec<Piece>, mark: &str| out.push(Piece::Mark(mark.to_owned()));
        for one in text {
            match one {
                Inline::Text(words) => out.push(Piece::Words(words.clone())),
                // Linked code with `]:` in it would begin the definition of a link.
                Inline::Code(words)
                    if care == Care::Careful && words.contains("]:") && self.options.html != HtmlPolicy::Escape =>
                {
                    mark(out, "<code>");
                    out.push(Piece::Words(words.clone()));
                    mark(out, "</code>");
                }
                Inline::Code(words) => out.push(Piece::Mark(code(words, place))),
                Inline::Math { tex, display } => {
                    let marks = if *display { "$$" } else { "$" };
                    mark(out, &format!("{marks}{tex}{marks}"));
                }
                Inline::Note(note) => mark(out, &format!("[^{}]", order.of(*note) + 1)),
                Inline::Figure(id) => mark(out, &format!("@{id}")),
                Inline::Image(image) => self.image(image, care, out),
                Inline::Break => match place {
                    Where::Paragraph => mark(out, "\\\n"),
                    Where::Cell if self.options.html != HtmlPolicy::Escape => mark(out, "<br>"),
                    _ => out.push(Piece::Words(" ".to_owned())),
                },
                Inline::Link { to, title, text } => {
                    mark(out, "[");
                    self.pieces(text, place, care, order, out);
                    mark(out, &format!("]({}{})", destination(to), titled(title)));
                }
                Inline::Element { name, attributes, text } => {
                    let given: String = attributes
                        .iter()
                        .map(|(key, value)| {
                            format!(" {key}=\"{}\"", value.replace('&', "&amp;").replace('"', "&quot;"))
                        })
                        .collect();
                    mark(out, &format!("<{name}{given}>"));
                    self.pieces(text, place, care, order, out);
                    mark(out, &format!("</{name}>"));
                }
                Inline::Task(done) => mark(out, if *done { "[x] " } else { "[ ] " }),
                Inline::Mark(_) => {}
                marked => {
                    let (before, after) = marks(marked, care);
                    mark(out, before);
                    self.pieces(marked.inside(), place, care, order, out);
                    mark(out, after);
                }
            }
        }
    }

    fn image(&self, image: &Image, care: Care, out: &mut Vec<Piece>) {
        out.push(Piece::Mark("![".to_owned()));
        let alt = Piece::Words(image.alt.clone());
        // What is in square brackets is read by itself.
        let careful = care != Care::Plain || image.alt.contains(['[', ']', '`', '<', '*', '_']);
        out.push(Piece::Mark(written(&[alt], Where::Paragraph, careful)));
        let decorative = if image.decorative { "{decorative}" } else { "" };
        out.push(Piece::Mark(format!("]({}{}){decorative}", destination(&image.file), titled(&image.title))));
    }
}

/// The marks before and after some words.
fn marks(marked: &Inline, care: Care) -> (&'static str, &'static str) {
    match (marked, care) {
        (_, Care::Bare) => ("", ""),
        (Inline::Strong(_), Care::Plain) => ("**", "**"),
        (Inline::Emphasis(_), Care::Plain) => ("*", "*"),
        (Inline::Deleted(_), Care::Plain) => ("~~", "~~"),
        (Inline::Subscript(_), Care::Plain) => ("~", "~"),
        (Inline::Superscript(_), Care::Plain) => ("^", "^"),
        (Inline::Strong(_), Care::Careful) => ("<strong>", "</strong>"),
        (Inline::Emphasis(_), Care::Careful) => ("<em>", "</em>"),
        (Inline::Deleted(_), Care::Careful) => ("<del>", "</del>"),
        (Inline::Subscript(_), Care::Careful) => ("<sub>", "</sub>"),
        (Inline::Superscript(_), Care::Careful) => ("<sup>", "</sup>"),
        _ => ("", ""),
    }
}

/// Whether a line has marks that a careful hand writes as HTML.
fn has_marks(text: &[Inline]) -> bool {
    text.iter().any(|one| {
        matches!(
            one,
            Inline::Strong(_)
                | Inline::Emphasis(_)
                | Inline::Deleted(_)
                | Inline::Subscript(_)
                | Inline::Superscript(_)
        ) || has_marks(one.inside())
    })
}

/// Code between as many signs as its own do not close.
fn code(words: &str, place: Where) -> String {
    let ticks = "`".repeat(longest_run(words, '`') + 1);
    // A blank at both ends is not counted as a part of it.
    let is_in_blanks = words.starts_with(' ') && words.ends_with(' ');
    let gap = if words.starts_with('`') || words.ends_with('`') || is_in_blanks { " " } else { "" };
    let words = if place == Where::Cell { words.replace('|', "\\|") } else { words.to_owned() };
    format!("{ticks}{gap}{words}{gap}{ticks}")
}

fn quoted(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { ">\n".to_owned() } else { format!("> {line}\n") }).collect()
}

/// A title behind an address.
fn titled(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(" \"{}\"", attribute(title).replace('&', "&amp;")) }
}

/// Whether a word can stand behind `#` in braces.
fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

fn longest_run(text: &str, sign: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == sign { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Where a link leads, as it stands in round brackets; see [`address`].
fn destination(to: &str) -> String {
    // `&amp;` would be read as `&`.
    let to = if to.contains(';') { to.replace('&', "&amp;") } else { to.to_owned() };
    if to.contains([' ', '(', ')']) || to.is_empty() { format!("<{to}>") } else { to }
}

/// An address without signs that end it: `<`, `>`, line ends and the like are written as their numbers.
pub(crate) fn address(to: &str) -> String {
    let mut out = String::with_capacity(to.len());
    for c in to.trim().chars() {
        match c {
            '<' | '>' | '\\' | '`' | '|' | '*' | '"' | '[' | ']' | '{' | '}' | '^' | '$' | ' ' => {
                let _ = write!(out, "%{:02X}", u32::from(c));
            }
            c if c.is_control() || c.is_whitespace() => {}
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            c => out.push(c),
        }
    }
    out
}

fn attribute(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Text whose second and further lines are indented.
fn indented(text: &str, by: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (nth, line) in text.lines().enumerate() {
        if nth > 0 && !line.is_empty() {
            out.push_str(by);
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}
