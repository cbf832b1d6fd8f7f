//! What the first page and the properties of a file say of the document: its title, authors, date and summary.

use std::collections::BTreeMap;
use std::ops::Range;

use super::assemble::{FRONT, Role, looks_like_heading, role};
use super::body::{Flow, Para, Reader};
use super::byline::{self, Byline};
use super::runs::mapped;
use super::said::{day, names};
use crate::import::document::{About, Block, Document, Inline, is_blank, words};
use crate::import::losses::Losses;
use crate::path::slug;

/// How lines are marked that are larger than all others.
pub(super) const LARGE: &str = "large title";

/// How lines are marked that name authors by their words alone, and those that may.
const BYLINE: &str = "byline";
const PERHAPS: &str = "perhaps authors";

/// What the lines of the first page are, by their places in the flow, where a style does not say so or says it of a line elsewhere.
pub(super) fn lines(reader: &Reader<'_>, flow: &[Flow]) -> BTreeMap<usize, Role> {
    /// How many paragraphs below the title belong to it at most, if no heading comes.
    const FIRST: usize = 12;
    let mut found: BTreeMap<usize, Role> = title_lines(reader, flow).map(|nth| (nth, Role::Field(LARGE))).collect();
    let paras: Vec<(usize, &Para, Role)> = flow
        .iter()
        .enumerate()
        .filter_map(|(nth, one)| match one {
            Flow::Para(para) if !is_blank(&para.text) => Some((nth, para)),
            _ => None,
        })
        .map(|(nth, para)| (nth, para, found.get(&nth).cloned().unwrap_or_else(|| role(reader, para, true))))
        .collect();
    let is_title = |at: usize| matches!(paras[at].2, Role::Field("title" | LARGE));
    let title = (0..paras.len()).find(|at| is_title(*at));
    let begins_with_heading = matches!(paras.first(), Some((_, _, Role::Heading(_))));
    let below = match title {
        Some(at) => (at..paras.len()).find(|at| !is_title(*at)).unwrap_or(paras.len()),
        None => usize::from(begins_with_heading),
    };
    let mut at = below;
    let mut is_direct = true;
    while let Some((nth, para, role)) = paras.get(at).filter(|_| at < below + FIRST) {
        let said = words(&para.text);
        let by = byline::of(&para.text, &reader.authors);
        let is_free = matches!(role, Role::Text | Role::Guess(_));
        // A heading is a byline only if it says so.
        let says_by = matches!(role, Role::Heading(_)) && said.to_lowercase().starts_with("by ");
        let is_subtitle = is_subtitle(para) && mapped(reader.wishes, &para.names).is_none();
        match (role, by) {
            (Role::Text | Role::Guess(_) | Role::Heading(_), _) if is_direct && is_subtitle => {
                found.insert(*nth, Role::Field("subtitle"));
            }
            (Role::Field(_), _) => {}
            (_, Some(Byline::Names(_))) if is_direct && (is_free || says_by) => {
                found.insert(*nth, Role::Field(BYLINE));
            }
            (Role::Text, Some(Byline::Perhaps)) if is_direct => {
                found.insert(*nth, Role::Field(PERHAPS));
            }
            (Role::Heading(_), _) => break,
            _ if day(said.trim()).is_some() => {}
            // The text has begun: what follows is no line of the title.
            _ => is_direct = said.split_whitespace().count() <= 12 && !said.trim_end().ends_with('.') && is_direct,
        }
        at += 1;
    }
    // A style of the first page says nothing of a line elsewhere, unless the site gives it that meaning.
    for (nth, para, role) in paras.iter().skip(at) {
        if let Role::Field("subtitle" | "authors" | "date") = role
            && mapped(reader.wishes, &para.names).is_none()
        {
            let is_heading = *role == Role::Field("subtitle") && looks_like_heading(para);
            found.insert(*nth, if is_heading { Role::Guess(para.size) } else { Role::Text });
        }
    }
    found
}

/// Whether a paragraph has the style of a subtitle, or one that is made from it.
fn is_subtitle(para: &Para) -> bool {
    let names = ["subtitle", "sub-title", "sub title", "untertitel", "sous-titre", "is-deitl", "isdeitl"];
    para.names.iter().any(|style| names.iter().any(|name| style.contains(name)))
}

/// The lines of the first page that are larger than every other of the document: its title, if none has the style of one.
fn title_lines(reader: &Reader<'_>, flow: &[Flow]) -> Range<usize> {
    /// How many paragraphs count as the first page, how many lines a title has, and how many half points it is larger than the text.
    const FIRST: usize = 12;
    const LINES: usize = 3;
    const LARGER: u32 = 8;
    let paras: Vec<_> = flow
        .iter()
        .enumerate()
        .filter_map(|(nth, one)| match one {
            Flow::Para(para) if !is_blank(&para.text) => Some((nth, para)),
            _ => None,
        })
        .collect();
    let roles: Vec<Role> = paras.iter().map(|(_, para)| role(reader, para, true)).collect();
    if roles.contains(&Role::Field("title")) {
        return 0..0;
    }
    let Some(largest) = paras.iter().map(|(_, para)| para.size).max() else { return 0..0 };
    let is_large = |at: usize| paras[at].1.size == largest;
    let is_title = |at: usize| {
        let para = paras[at].1;
        let said = words(&para.text);
        matches!(roles[at], Role::Text | Role::Guess(_))
            && para.size >= para.usual_size + LARGER
            && said.chars().any(char::is_alphabetic)
            && said.chars().count() <= 160
            && !para.text.iter().any(|one| matches!(one, Inline::Note(_) | Inline::Image(_) | Inline::Math { .. }))
    };
    let Some(first) = (0..paras.len().min(FIRST)).find(|at| is_large(*at)) else { return 0..0 };
    let count = (first..paras.len()).take_while(|at| is_large(*at) && is_title(*at)).count();
    let is_only = (0..paras.len()).filter(|at| is_large(*at)).count() == count;
    if count == 0 || count > LINES || !is_only {
        return 0..0;
    }
    paras[first].0..paras[first + count - 1].0 + 1
}

/// Whether a title in the properties of a file is none: that of a new document, of a model, a file's name.
fn is_stale(title: &str) -> bool {
    let lower = title.trim().to_lowercase();
    let bare = lower.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '_'));
    let is_file =
        [".doc", ".docx", ".dot", ".dotx", ".docm", ".rtf", ".odt", ".pdf"].iter().any(|end| lower.ends_with(end));
    let is_new = matches!(
        bare,
        "" | "document"
            | "doc"
            | "untitled"
            | "untitled document"
            | "title"
            | "new document"
            | "word document"
            | "microsoft word document"
            | "normal"
            | "blank"
            | "draft"
            | "report"
            | "report title"
            | "document title"
            | "insert title here"
            | "powerpoint presentation"
    );
    is_file || is_new || lower.starts_with("microsoft word -") || lower.contains("template")
}

/// Takes what the first page says of the document out of the text.
pub(super) fn first_page(document: &mut Document, losses: &mut Losses) {
    let mut about = std::mem::take(&mut document.about);
    let in_properties = About {
        title: about.title.take(),
        authors: std::mem::take(&mut about.authors),
        summary: about.summary.take(),
        ..About::default()
    };
    let (mut blocks, large) =
        without_fields(std::mem::take(&mut document.blocks), &mut about, &in_properties.authors, losses);
    if about.title.is_none() && !large.is_empty() {
        let said = large.join(" ");
        losses.changed("the largest line of the first page", "I guess that it is the title", String::new(), &said);
        about.title = Some(said);
    }
    if about.title.is_none() {
        about.title = first_heading(&mut blocks, losses);
    }
    complete(&mut about, in_properties, losses);
    document.about = about;
    document.blocks = blocks;
}

/// Sets the fields that lines of the first page have the style of; what is left of the text, and the lines that are larger than all others.
fn without_fields(
    blocks: Vec<Block>,
    about: &mut About,
    authors: &[String],
    losses: &mut Losses,
) -> (Vec<Block>, Vec<String>) {
    let mut kept = Vec::with_capacity(blocks.len());
    let mut large: Vec<String> = Vec::new();
    let mut from_bylines = false;
    for block in blocks {
        let Block::Directive { name, blocks, .. } = &block else {
            kept.push(block);
            continue;
        };
        let (Some(field), [Block::Paragraph(text)]) = (name.strip_prefix(FRONT), blocks.as_slice()) else {
            kept.push(block);
            continue;
        };
        let said = plain(text);
        let is_plain = !text.iter().any(|one| matches!(one, Inline::Note(_) | Inline::Image(_) | Inline::Math { .. }));
        let as_text = match field {
            _ if !is_plain => true,
            LARGE => {
                large.push(said);
                continue;
            }
            PERHAPS => {
                let how = "nobody can tell whether it does, so it stays in the text: if so, write the names into `authors` and take the line out";
                losses.changed("a line below the title that may name the authors", how, String::new(), &said);
                kept.push(Block::Paragraph(text.clone()));
                continue;
            }
            BYLINE => {
                let Some(Byline::Names(names)) = byline::of(text, authors) else {
                    kept.push(Block::Paragraph(text.clone()));
                    continue;
                };
                let same = |name: &String| about.authors.iter().any(|one| slug(one) == slug(name));
                let how = if about.authors.is_empty() || from_bylines {
                    from_bylines = true;
                    about.authors.extend(names);
                    "I guess that it names the authors, so it is the field `authors` and not in the text"
                } else if names.iter().all(same) {
                    "the field `authors` has these names already, so it is not in the text"
                } else {
                    kept.push(Block::Paragraph(text.clone()));
                    "the field `authors` has other names already, so it stays in the text: see which are right"
                };
                losses.changed("a line below the title with names", how, String::new(), &said);
                continue;
            }
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
    (kept, large)
}

/// One heading of the highest level, before everything else, is the title: takes it out.
fn first_heading(blocks: &mut Vec<Block>, losses: &mut Losses) -> Option<String> {
    let Some(Block::Heading { level: 2, text, .. }) = blocks.first() else { return None };
    let is_only = blocks.iter().filter(|block| matches!(block, Block::Heading { level: 2, .. })).count() == 1;
    if !is_only || text.iter().any(|one| matches!(one, Inline::Note(_))) {
        return None;
    }
    let said = plain(text);
    losses.changed("the first heading", "I guess that it is the title", String::new(), &said);
    blocks.remove(0);
    blocks.iter_mut().for_each(|block| {
        if let Block::Heading { level, .. } = block {
            *level = (*level - 1).max(2);
        }
    });
    Some(said)
}

/// What the first page does not say, the properties of the file may.
fn complete(about: &mut About, properties: About, losses: &mut Losses) {
    let same = |one: &str, other: &str| slug(one) == slug(other);
    let what = "the title in the file's properties";
    match (&about.title, properties.title) {
        (Some(known), Some(title)) if same(known, &title) => {}
        (Some(_), Some(title)) => {
            losses.left(what, "it is another one: the line of the first page counts", String::new(), &title);
        }
        (None, Some(title)) if is_stale(&title) => {
            losses.left(what, "it is that of a new document or of its model", String::new(), &title);
        }
        (None, Some(title)) => {
            let how = "I guess that it is the title: no line of the first page has the style of one";
            losses.changed(what, how, String::new(), &title);
            about.title = Some(title);
        }
        (_, None) => {}
    }
    if about.authors.is_empty() && !properties.authors.is_empty() {
        losses.changed(
            "the author in the file's properties",
            "I guess that it is the author: Word writes there whose computer it was",
            String::new(),
            &properties.authors.join(", "),
        );
        about.authors = properties.authors;
    } else {
        let same = |name: &String| about.authors.iter().any(|one| slug(one) == slug(name));
        let others: Vec<String> = properties.authors.into_iter().filter(|name| !same(name)).collect();
        if !others.is_empty() {
            let how = "it is another one: the line of the first page counts";
            losses.left("the author in the file's properties", how, String::new(), &others.join(", "));
        }
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

/// The words of a line, with one blank between them.
fn plain(text: &[Inline]) -> String {
    words(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Sets a field that is not set yet; whether it was.
fn set(field: &mut Option<String>, said: &str) -> bool {
    if field.is_some() {
        return true;
    }
    *field = Some(said.to_owned());
    false
}
