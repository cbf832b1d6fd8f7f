//! Paragraphs that follow one another → headings, lists, quotations, code, figures and boxes.

use std::collections::BTreeMap;

use super::body::{Flow, Para, Reader};
use super::boxes;
use super::fields::BOOKMARK;
use super::front;
use super::numbers::OLD;
use super::returned;
use super::runs::mapped;
use super::styles::Mark;
use super::typed;
use crate::import::document::{Block, Inline, is_blank, words};
use crate::import::losses::shortened;

/// What a paragraph is.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Role {
    Text,
    Heading(u8),
    /// A heading only by its look.
    Guess(u32),
    Item(usize, Mark, String),
    /// A further paragraph of an item.
    Continued,
    Quote,
    Code,
    Caption,
    /// A block of the site, as written in the settings.
    House(String),
    /// What the settings leave out.
    LeaveOut,
    Field(&'static str),
    Contents,
}

/// How blocks are marked that belong to the front of the page until `first_page` takes them: no design has such a block.
pub(super) const FRONT: &str = "front ";
/// The same for captions without a figure, and for bookmarks.
const CAPTION: &str = "caption ";

pub(super) fn role(reader: &Reader<'_>, para: &Para, is_body: bool) -> Role {
    let named = |wanted: &[&str]| para.names.iter().any(|name| wanted.contains(&name.as_str()));
    if let Some(meaning) = mapped(reader.wishes, &para.names) {
        let meaning = meaning.trim();
        let hashes = meaning.chars().take_while(|c| *c == '#').count();
        return match meaning {
            _ if meaning.starts_with(":::") => Role::House(meaning.trim_start_matches(':').trim().to_owned()),
            _ if hashes > 0 => Role::Heading(u8::try_from(hashes.saturating_sub(2).min(4)).unwrap_or(0)),
            ">" => Role::Quote,
            "```" => Role::Code,
            "title" => Role::Field("title"),
            "subtitle" => Role::Field("subtitle"),
            "summary" => Role::Field("summary"),
            "authors" => Role::Field("authors"),
            "date" => Role::Field("date"),
            "leave out" => Role::LeaveOut,
            _ => Role::Text,
        };
    }
    // The heading of a table of contents goes with it.
    if para.names.iter().any(|name| name.starts_with("toc ")) {
        return Role::Contents;
    }
    if is_body {
        for (field, styles) in [
            ("title", &["title", "document title", "report title"][..]),
            ("subtitle", &["subtitle", "sub-title"]),
            ("authors", &["author", "authors", "byline"]),
            ("date", &["date"]),
            ("summary", &["abstract"]),
        ] {
            if styles.contains(&para.names.first().map(String::as_str).unwrap_or_default()) {
                return Role::Field(field);
            }
        }
    }
    let by_name = para.names.iter().find_map(|name| name.strip_prefix("heading ")?.trim().parse::<u8>().ok());
    if let Some(level) = by_name.map(|level| level.saturating_sub(1)).or(para.outline) {
        return Role::Heading(level.min(8));
    }
    if named(&["caption"]) {
        return Role::Caption;
    }
    if named(&["quote", "intense quote", "block text", "quotations", "block quote", "blockquote"]) {
        return Role::Quote;
    }
    if named(&["source code", "html preformatted", "code", "preformatted text", "plain text", "macro text"]) {
        return Role::Code;
    }
    if let Some((level, mark, id)) = &para.mark {
        return Role::Item(*level, mark.clone(), id.clone());
    }
    if para.names.iter().any(|name| name.starts_with("list continue")) {
        return Role::Continued;
    }
    if is_body && looks_like_heading(para) { Role::Guess(para.size) } else { Role::Text }
}

/// Whether a paragraph has only the look of a heading: short, bold or large, and no sentence.
pub(super) fn looks_like_heading(para: &Para) -> bool {
    let said = words(&para.text);
    let said = said.trim();
    let is_large = para.size >= para.usual_size + 4;
    let has_other = para.text.iter().any(|one| matches!(one, Inline::Image(_) | Inline::Math { .. } | Inline::Break));
    (para.is_bold || is_large)
        && !has_other
        && said.chars().any(char::is_alphabetic)
        && said.chars().count() <= 100
        && said.split_whitespace().count() <= 14
        && !said.ends_with(['.', ':', ';', ',', '!'])
}

/// Makes blocks of what was read; `is_body` for the text itself, where headings are numbered by level.
pub(super) fn blocks(reader: &mut Reader<'_>, flow: Vec<Flow>, is_body: bool) -> Vec<Block> {
    if reader.wishes.is_returned {
        return returned::blocks(reader, flow);
    }
    let flow = if is_body { boxes::grouped(reader, flow) } else { flow };
    let guesses: Vec<u32> = {
        let sizes = flow.iter().filter_map(|one| match one {
            Flow::Para(para) => match role(reader, para, is_body) {
                Role::Guess(size) => Some(size),
                _ => None,
            },
            Flow::Block(_) => None,
        });
        let mut sizes: Vec<u32> = sizes.collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes.dedup();
        sizes
    };
    let mut first = if is_body { front::lines(reader, &flow) } else { BTreeMap::new() };
    let mut maker = Maker {
        out: Vec::new(),
        lists: Vec::new(),
        later: Vec::new(),
        levels: Vec::new(),
        guesses,
        has_headings: false,
    };
    for (nth, one) in flow.into_iter().enumerate() {
        match one {
            Flow::Block(block) => {
                maker.close_lists();
                maker.out.push(block);
            }
            Flow::Para(para) => {
                let role = first.remove(&nth).unwrap_or_else(|| role(reader, &para, is_body));
                maker.add(reader, para, role);
            }
        }
    }
    maker.close_lists();
    figures(maker.out, reader)
}

/// Blocks that are being made.
struct Maker {
    out: Vec<Block>,
    /// The lists that are open, the outermost first: level, id of the numbering, block.
    lists: Vec<(usize, String, Block)>,
    /// What waits for the end of the open list.
    later: Vec<Block>,
    /// The levels of the headings that are open, as in the document.
    levels: Vec<u32>,
    /// The sizes of guessed headings, the largest first.
    guesses: Vec<u32>,
    has_headings: bool,
}

impl Maker {
    fn add(&mut self, reader: &mut Reader<'_>, para: Para, role: Role) {
        let Para { text, after, bookmarks, place, number, .. } = para;
        let is_empty = is_blank(&text);
        if !number.is_empty() && !is_empty && !matches!(role, Role::Item(..) | Role::LeaveOut | Role::Contents) {
            let how =
                "pages here have none: type it before the words if the text refers to it, such as to “section 2.1”";
            reader.losses.left(
                "a number that Word writes by itself",
                how,
                place.clone(),
                &format!("{number} {}", words(&text)),
            );
        }
        if !matches!(role, Role::Item(..) | Role::Continued) && !is_empty {
            self.close_lists();
        }
        match role {
            _ if is_empty => {}
            Role::Heading(level) => {
                self.has_headings = true;
                self.heading(reader, u32::from(level) * 100, text, &bookmarks, &place);
                reader.losses.carried("headings");
            }
            Role::Guess(size) => {
                let rank = self.guesses.iter().position(|known| *known == size).unwrap_or(0);
                // Below what styles call a heading, if there is any.
                let level = if self.has_headings { 900 } else { u32::try_from(rank).unwrap_or(0) };
                reader.losses.changed(
                    "a line that looks like a heading",
                    "I guess that it is one: take away the `#` if not",
                    place.clone(),
                    &words(&text),
                );
                self.heading(reader, level, without_strong(text), &bookmarks, &place);
            }
            Role::Item(level, mark, id) => {
                if let Mark::Number(count, format) = &mark {
                    let is_plain = matches!(format.as_str(), "decimal" | "decimalZero");
                    let bare = number.trim_matches(|c: char| !c.is_alphanumeric());
                    let is_same = bare.is_empty() || bare.trim_start_matches('0') == count.to_string();
                    let what = match (is_plain, is_same) {
                        (true, true) => "",
                        (true, false) => "items with numbers such as 1.2",
                        (false, _) => "items with letters or Roman numbers",
                    };
                    if !what.is_empty() {
                        let how = "they have the numbers 1, 2, 3 now: look for references to them";
                        reader.losses.changed(what, how, place, "");
                    }
                }
                self.item(reader, level, &mark, &id, text);
            }
            Role::Continued => match self.lists.last_mut() {
                Some((_, _, Block::List { items, .. })) => {
                    items.last_mut().into_iter().for_each(|item| item.push(Block::Paragraph(text.clone())))
                }
                _ => self.out.push(Block::Paragraph(text)),
            },
            Role::Quote => match self.out.last_mut() {
                Some(Block::Quote(inside)) => inside.push(Block::Paragraph(text)),
                _ => self.out.push(Block::Quote(vec![Block::Paragraph(text)])),
            },
            Role::Code => match self.out.last_mut() {
                Some(Block::Code { text: before, .. }) => {
                    before.push('\n');
                    before.push_str(&code(&text));
                }
                _ => self.out.push(Block::Code { language: String::new(), text: code(&text) }),
            },
            Role::House(opening) => self.house(&opening, text),
            Role::LeaveOut => reader.losses.left(
                "a paragraph whose style site.toml leaves out",
                "as `[import.styles]` says",
                place,
                &words(&text),
            ),
            Role::Contents => reader.losses.left(
                "the table of contents",
                "the site makes one from the headings",
                place,
                &words(&text),
            ),
            Role::Caption => self.out.push(marked(CAPTION, &bookmarks.join(" "), text)),
            Role::Field(field) => self.out.push(marked(FRONT, field, text)),
            Role::Text => self.out.push(Block::Paragraph(text)),
        }
        match self.lists.is_empty() {
            true => self.out.extend(after),
            false => self.later.extend(after),
        }
    }

    fn heading(&mut self, reader: &mut Reader<'_>, level: u32, text: Vec<Inline>, bookmarks: &[String], place: &str) {
        let deepest = self.levels.last().copied();
        while self.levels.last().is_some_and(|open| *open >= level) {
            self.levels.pop();
        }
        if let Some(deepest) = deepest.filter(|deepest| level > deepest + 100 && level < 900) {
            let _ = deepest;
            reader.losses.changed(
                "a heading that skips a level",
                "it is one level below the heading before it",
                place.to_owned(),
                &words(&text),
            );
        }
        self.levels.push(level);
        let depth = u8::try_from(self.levels.len()).unwrap_or(9) + 1;
        let id = (!bookmarks.is_empty()).then(|| bookmarks.join(" "));
        self.out.push(Block::Heading { level: depth.min(6), text, id, classes: Vec::new() });
    }

    fn item(&mut self, reader: &mut Reader<'_>, level: usize, mark: &Mark, id: &str, text: Vec<Inline>) {
        while self.lists.len() > 1 && self.lists.last().is_some_and(|(open, ..)| *open > level) {
            self.close_list();
        }
        let start = match mark {
            Mark::Bullet => None,
            Mark::Number(number, _) => Some(*number),
        };
        // Another numbering at the same level is another list.
        let is_other = self.lists.last().is_some_and(|(open, known, block)| {
            *open >= level
                && (known != id && start.is_some()
                    || matches!(block, Block::List { start: known, .. } if known.is_some() != start.is_some()))
        });
        if is_other {
            self.close_list();
        }
        reader.losses.carried("items of lists");
        match self.lists.last_mut() {
            Some((open, _, Block::List { items, .. })) if *open >= level => items.push(vec![Block::Paragraph(text)]),
            _ => self.lists.push((
                level,
                id.to_owned(),
                Block::List { start, items: vec![vec![Block::Paragraph(text)]] },
            )),
        }
    }

    fn close_list(&mut self) {
        let Some((_, _, block)) = self.lists.pop() else { return };
        match self.lists.last_mut() {
            Some((_, _, Block::List { items, .. })) => {
                items.last_mut().into_iter().for_each(|item| item.push(block.clone()))
            }
            _ => {
                self.out.push(block);
                self.out.append(&mut self.later);
            }
        }
    }

    fn close_lists(&mut self) {
        while !self.lists.is_empty() {
            self.close_list();
        }
    }

    fn house(&mut self, opening: &str, text: Vec<Inline>) {
        let (name, attributes) = opened(opening);
        match self.out.last_mut() {
            Some(Block::Directive { name: before, attributes: known, blocks })
                if *before == name && *known == attributes =>
            {
                blocks.push(Block::Paragraph(text));
            }
            _ => self.out.push(Block::Directive { name, attributes, blocks: vec![Block::Paragraph(text)] }),
        }
    }
}

/// `callout {kind="warning"}` → its name and attributes.
fn opened(opening: &str) -> (String, Vec<(String, String)>) {
    let (name, rest) = opening.split_once(char::is_whitespace).unwrap_or((opening, ""));
    let mut attributes = Vec::new();
    let mut rest = rest.trim().trim_start_matches('{').trim_end_matches('}').trim();
    while let Some((key, value)) = rest.split_once("=\"") {
        let Some((value, further)) = value.split_once('"') else { break };
        attributes.push((key.trim().to_owned(), value.to_owned()));
        rest = further.trim();
    }
    (name.to_owned(), attributes)
}

fn marked(mark: &str, what: &str, text: Vec<Inline>) -> Block {
    Block::Directive { name: format!("{mark}{what}"), attributes: Vec::new(), blocks: vec![Block::Paragraph(text)] }
}

pub(super) fn code(text: &[Inline]) -> String {
    let mut out = String::new();
    for one in text {
        match one {
            Inline::Break => out.push('\n'),
            other => out.push_str(&words(std::slice::from_ref(other))),
        }
    }
    out
}

/// A heading is bold anyway.
pub(super) fn without_strong(text: Vec<Inline>) -> Vec<Inline> {
    text.into_iter()
        .flat_map(|one| match one {
            Inline::Strong(inside) => without_strong(inside),
            other => vec![other],
        })
        .collect()
}

/// Joins captions with the table or picture beside them.
fn figures(all: Vec<Block>, reader: &mut Reader<'_>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(all.len());
    let mut all = std::collections::VecDeque::from(all);
    while let Some(block) = all.pop_front() {
        let Block::Directive { name, blocks, .. } = &block else {
            out.push(block);
            continue;
        };
        let (Some(bookmarks), [Block::Paragraph(text)]) = (name.strip_prefix(CAPTION), blocks.as_slice()) else {
            out.push(block);
            continue;
        };
        let is_above = all.front().is_some_and(|next| matches!(next, Block::Table { .. }) || is_chart(next));
        let figure = if is_above { all.pop_front() } else { out.pop_if(|last| is_figure(last)) };
        let Some(figure) = figure else {
            let how = "it is a line of its own, with the number that somebody typed: put it to its figure";
            reader.losses.changed("a caption that stands beside no figure", how, String::new(), &words(text));
            out.push(Block::Paragraph(vec![Inline::Emphasis(text.clone())]));
            continue;
        };
        match with_caption(figure, text, bookmarks, reader) {
            Ok(block) => out.push(block),
            Err(figure) => out.extend([figure, Block::Paragraph(vec![Inline::Emphasis(text.clone())])]),
        }
    }
    out
}

/// What the words of a box are: a quotation if its style says so, or quotation marks around them, perhaps with a line that says who.
pub(super) fn is_quotation(blocks: &[Block]) -> bool {
    if let [Block::Quote(_)] = blocks {
        return true;
    }
    let lines: Option<Vec<String>> = blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(text) => Some(words(text).trim().to_owned()),
            _ => None,
        })
        .collect();
    let Some(lines) = lines.filter(|lines| !lines.is_empty()) else { return false };
    let opens = |line: &String| line.starts_with(['“', '"', '«', '„', '‘', '\u{201f}']);
    let closes = |line: &String| line.trim_end_matches(['.', ',', ' ']).ends_with(['”', '"', '»', '“', '’']);
    let is_source = |line: &String| line.starts_with(['–', '—', '-', '―']) || line.split_whitespace().count() <= 8;
    let end = lines.iter().position(closes);
    opens(&lines[0]) && end.is_some_and(|end| lines.len() - end <= 3 && lines[end + 1..].iter().all(is_source))
}

/// Blocks as one quotation.
pub(super) fn quotation(mut blocks: Vec<Block>) -> Block {
    match blocks.as_slice() {
        [Block::Quote(_)] => blocks.remove(0),
        _ => Block::Quote(blocks),
    }
}

fn is_chart(block: &Block) -> bool {
    matches!(block, Block::Directive { name, .. } if name == "chart")
}

fn is_figure(block: &Block) -> bool {
    is_chart(block)
        || matches!(block, Block::Table { .. })
        || matches!(block, Block::Paragraph(text) if text.iter().any(shows_picture) && words(text).trim().is_empty())
}

/// Whether a part of a line is a picture, perhaps with a link around it.
fn shows_picture(one: &Inline) -> bool {
    matches!(one, Inline::Image(_)) || matches!(one, Inline::Link { text, .. } if text.iter().any(shows_picture))
}

/// Whether nothing is lost if only the words of a line are kept.
fn is_plain(text: &[Inline]) -> bool {
    text.iter().all(|one| match one {
        Inline::Text(_) | Inline::Strong(_) | Inline::Emphasis(_) | Inline::Break => true,
        Inline::Element { name, text, .. } => name == "span" && is_plain(text),
        _ => false,
    })
}

/// A figure with its caption as title, if the title can be plain words and the site has such blocks.
fn with_caption(figure: Block, text: &[Inline], bookmarks: &str, reader: &mut Reader<'_>) -> Result<Block, Block> {
    let name = match &figure {
        Block::Table { .. } if (reader.wishes.blocks)("table") => "table",
        _ => "figure",
    };
    let said = words(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let (label, title) = without_number(&said);
    let known = |name: &str| (reader.wishes.blocks)(name);
    if !is_plain(text) || title.is_empty() || !(is_chart(&figure) || known(name)) {
        return Err(figure);
    }
    let place = format!("at “{}”", shortened(&said));
    let old = (!label.is_empty()).then(|| {
        reader.losses.changed("the number of a figure", "the site numbers figures itself", place, label);
        reader.labels.push(label.to_owned());
        format!("{OLD}{}", reader.labels.len() - 1)
    });
    // What the text may call it: `Figure 3`.
    let named: Vec<String> = bookmarks
        .split(' ')
        .map(str::to_owned)
        .chain(typed::label(label))
        .chain(old)
        .filter(|one| !one.is_empty())
        .collect();
    let id = (!named.is_empty()).then(|| ("id".to_owned(), format!("{BOOKMARK}{}", named.join(" "))));
    if let Block::Directive { name, mut attributes, blocks } = figure {
        attributes.extend(id);
        match attributes.iter().any(|(key, _)| key == "title") {
            true if !attributes.iter().any(|(key, _)| key == "notes") => {
                attributes.push(("notes".to_owned(), title.to_owned()))
            }
            _ => attributes.push(("title".to_owned(), title.to_owned())),
        }
        return Ok(Block::Directive { name, attributes, blocks });
    }
    let attributes = id.into_iter().chain([("title".to_owned(), title.to_owned())]).collect();
    Ok(Block::Directive { name: name.to_owned(), attributes, blocks: vec![figure] })
}

/// `Figure 3: Half of all shops` → its number, and the rest.
fn without_number(caption: &str) -> (&str, &str) {
    let Some(digit) = caption.find(|c: char| c.is_ascii_digit()).filter(|at| *at <= 24) else { return ("", caption) };
    let before = caption[..digit].trim();
    if before.is_empty()
        || before.contains(char::is_whitespace)
        || !before.chars().all(|c| c.is_alphabetic() || c == '.')
    {
        return ("", caption);
    }
    let end = caption[digit..]
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '–')))
        .map_or(caption.len(), |at| digit + at);
    let rest = caption[end..].trim_start_matches([':', '.', '-', '–', '—', '|', ' ', '\u{a0}']);
    (&caption[..end], rest)
}
