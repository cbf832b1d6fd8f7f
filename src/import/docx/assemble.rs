//! Paragraphs that follow one another → headings, lists, quotations, code, figures and boxes; and then the fields that its first page
//! states.

use super::body::{Flow, Para, Reader};
use super::fields::BOOKMARK;
use super::returned;
use super::runs::mapped;
use super::said::{day, names};
use super::styles::Mark;
use crate::import::document::{About, Block, Document, Inline, is_blank, words};
use crate::import::losses::Losses;

/// What a paragraph is.
#[derive(Clone, PartialEq, Debug)]
enum Role {
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
const FRONT: &str = "front ";
/// The same for captions without a figure, and for bookmarks.
const CAPTION: &str = "caption ";

fn role(reader: &Reader<'_>, para: &Para, is_body: bool) -> Role {
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
fn looks_like_heading(para: &Para) -> bool {
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
    let mut maker = Maker {
        out: Vec::new(),
        lists: Vec::new(),
        later: Vec::new(),
        levels: Vec::new(),
        guesses,
        has_headings: false,
    };
    for one in flow {
        match one {
            Flow::Block(block) => {
                maker.close_lists();
                maker.out.push(block);
            }
            Flow::Para(para) => {
                let role = role(reader, &para, is_body);
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
        let Para { text, after, bookmarks, place, .. } = para;
        let is_empty = is_blank(&text);
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
                if let Mark::Number(_, format) = &mark
                    && !matches!(format.as_str(), "decimal" | "decimalZero")
                {
                    reader.losses.changed(
                        "items with letters or Roman numbers",
                        "they have the numbers 1, 2, 3 now: look for references to them",
                        place,
                        "",
                    );
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
        reader.heading = words(&text).trim().to_owned();
        reader.paragraph = 0;
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
fn without_strong(text: Vec<Inline>) -> Vec<Inline> {
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

fn is_chart(block: &Block) -> bool {
    matches!(block, Block::Directive { name, .. } if name == "chart")
}

fn is_figure(block: &Block) -> bool {
    is_chart(block)
        || matches!(block, Block::Table { .. })
        || matches!(block, Block::Paragraph(text) if text.iter().any(|one| matches!(one, Inline::Image(_))) && words(text).trim().is_empty())
}

/// A figure with its caption as title, if the title can be plain words and the site has such blocks.
fn with_caption(figure: Block, text: &[Inline], bookmarks: &str, reader: &mut Reader<'_>) -> Result<Block, Block> {
    let name = match &figure {
        Block::Table { .. } if (reader.wishes.blocks)("table") => "table",
        _ => "figure",
    };
    let is_plain =
        text.iter().all(|one| matches!(one, Inline::Text(_) | Inline::Strong(_) | Inline::Emphasis(_) | Inline::Break));
    let said = words(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let (label, title) = without_number(&said);
    let known = |name: &str| (reader.wishes.blocks)(name);
    if !is_plain || title.is_empty() || !(is_chart(&figure) || known(name)) {
        return Err(figure);
    }
    let place = reader.place();
    if !label.is_empty() {
        reader.losses.changed("the number of a figure", "the site numbers figures itself", place, label);
    }
    let id = (!bookmarks.is_empty()).then(|| ("id".to_owned(), format!("{BOOKMARK}{bookmarks}")));
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

/// Takes what the first page says of the document out of the text.
pub(super) fn first_page(document: &mut Document, losses: &mut Losses) {
    let mut about = std::mem::take(&mut document.about);
    // So far these are what the file's properties say.
    let properties = About {
        title: about.title.take(),
        authors: std::mem::take(&mut about.authors),
        summary: about.summary.take(),
        ..About::default()
    };
    let mut kept = Vec::with_capacity(document.blocks.len());
    for block in std::mem::take(&mut document.blocks) {
        let Block::Directive { name, blocks, .. } = &block else {
            kept.push(block);
            continue;
        };
        let (Some(field), [Block::Paragraph(text)]) = (name.strip_prefix(FRONT), blocks.as_slice()) else {
            kept.push(block);
            continue;
        };
        let said = words(text).split_whitespace().collect::<Vec<_>>().join(" ");
        let is_plain = !text.iter().any(|one| matches!(one, Inline::Note(_) | Inline::Image(_) | Inline::Math { .. }));
        let as_text = match field {
            _ if !is_plain => true,
            "title" => set(&mut about.title, &said),
            "subtitle" => set(&mut about.subtitle, &said),
            "summary" => said.chars().count() > 400 || set(&mut about.summary, &said),
            "date" => day(&said).is_none_or(|day| set(&mut about.date, &day)),
            _ => {
                about.authors.extend(names(&said));
                false
            }
        };
        match as_text {
            true => kept.push(Block::Paragraph(text.clone())),
            false => {
                losses.changed("a line of the first page", &format!("it is the field `{field}`"), String::new(), &said)
            }
        }
    }
    title_of_first_heading(&mut about, &mut kept, losses);
    take_properties(&mut about, properties, losses);
    document.about = about;
    document.blocks = kept;
}

/// One heading of the highest level, before everything else, is the title.
fn title_of_first_heading(about: &mut About, kept: &mut Vec<Block>, losses: &mut Losses) {
    if about.title.is_none()
        && let Some(Block::Heading { level: 2, text, .. }) = kept.first()
        && kept.iter().filter(|block| matches!(block, Block::Heading { level: 2, .. })).count() == 1
        && !text.iter().any(|one| matches!(one, Inline::Note(_)))
    {
        let said = words(text).split_whitespace().collect::<Vec<_>>().join(" ");
        losses.changed("the first heading", "I guess that it is the title", String::new(), &said);
        about.title = Some(said);
        kept.remove(0);
        kept.iter_mut().for_each(|block| {
            if let Block::Heading { level, .. } = block {
                *level = (*level - 1).max(2);
            }
        });
    }
}

/// Takes over what the file's properties say and the first page does not.
fn take_properties(about: &mut About, properties: About, losses: &mut Losses) {
    if about.title.is_none()
        && let Some(title) = properties.title
    {
        losses.changed(
            "the title in the file's properties",
            "I guess that it is the title: no line of the first page has the style of one",
            String::new(),
            &title,
        );
        about.title = Some(title);
    }
    if about.authors.is_empty() && !properties.authors.is_empty() {
        losses.changed(
            "the author in the file's properties",
            "I guess that it is the author: Word writes there whose computer it was",
            String::new(),
            &properties.authors.join(", "),
        );
        about.authors = properties.authors;
    }
    if let Some(remark) = properties.summary {
        // Word calls it “Comments”, and colleagues write to one another there.
        losses.changed(
            "the comments in the file's properties",
            "they are in `internal_note`, which is never published: if they are a summary, move them to `summary`",
            String::new(),
            &remark,
        );
        let note = about.internal_note.get_or_insert_default();
        if !note.is_empty() {
            note.push_str("\n\n");
        }
        note.push_str(&remark);
    }
}

/// Sets a field that is not set yet; whether it was.
fn set(field: &mut Option<String>, said: &str) -> bool {
    if field.is_some() {
        return true;
    }
    *field = Some(said.to_owned());
    false
}
