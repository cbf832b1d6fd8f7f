//! `pamphlet import --translation cy FILE.docx`: what a translator sent back → `page.cy.md` beside the page, as a draft.
//!
//! Nothing is written over. What is not as it went out is said: a page that has changed meanwhile, words that are still those of the
//! original, parts that are missing or that somebody added (`export::compare`).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::Exit;
use super::args::{Decision, ImportArgs, Remarks};
use super::chart_words::{Numbers, renamed};
use super::export::{Page, page};
use super::import::{file_bytes, stops};
use super::list::no_such_language;
use super::session::Session;
use crate::config::Lang;
use crate::content::front_matter;
use crate::data::Raw;
use crate::export::compare::{compare, equal};
use crate::export::{Field, Says, fields};
use crate::import::document::{Block, Document, Inline, map_lines, words};
use crate::import::docx::{self, Changes, Imported, Wishes};
use crate::import::{markdown, marks, read, tidy};
use crate::markdown::Options;
use crate::path::{SitePath, slug};
use crate::pipeline::Made;
use crate::site::View;
use crate::store;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &ImportArgs, file: &Path, code: &str) -> Exit {
    let made = match super::list::open(session, None, View::Everything) {
        Ok(made) => made,
        Err(exit) => return exit,
    };
    let site = &made.site;
    let lang = match site.config.language_named(code) {
        Some(lang) if lang != Lang::OWN => lang,
        _ => return no_such_language(session, site, code),
    };
    let code = site.config.in_language(lang).code.to_string();
    let bytes = match file_bytes(session, file) {
        Ok(bytes) => bytes,
        Err(exit) => return exit,
    };
    let wishes = Wishes {
        changes: if typed.changes == Decision::Reject { Changes::Reject } else { Changes::Accept },
        keeps_comments: typed.comments == Remarks::Keep,
        styles: &[],
        blocks: &|_| true,
        figures: &|_| false,
        shows_html: true,
        is_returned: true,
    };
    let shown = file.display();
    let imported = match docx::read(&bytes, &wishes) {
        Ok(imported) => imported,
        Err(refusal) => {
            session.wrong(&format!("`{shown}`: {}; nothing was written", refusal.message), &refusal.help);
            return Exit::Faults;
        }
    };
    if stops(session, typed, &imported) {
        return Exit::Faults;
    }
    if !imported.has_marks {
        session.wrong(
            &format!("`{shown}` has lost the hidden words by which its fields, blocks and links are found again; nothing was written"),
            "Google Docs and some converters drop them: ask for the file as Word, LibreOffice or a translator's program saved it. A Word file that \
             `pamphlet export` did not write is taken in without `--translation`",
        );
        return Exit::Faults;
    }
    let named = typed.page.clone().or_else(|| imported.origin.as_ref().map(|(page, _)| page.clone()));
    let Some(named) = named else {
        session.wrong(
            &format!("`{shown}` does not say which page it belongs to; nothing was written"),
            "the program that it was saved with has dropped that: name the page, as in `--page content/publications/x.md`",
        );
        return Exit::Usage;
    };
    let original = match page(session, &made, &named) {
        Ok(original) => original,
        Err(exit) => {
            session.say("If the page has been moved or renamed since, name it: `--page content/publications/x.md`.");
            return exit;
        }
    };
    if *original.entry.id.lang != *site.config.language {
        session.wrong(
            &format!("{} is in the language `{}` itself", original.source, original.entry.id.lang),
            "name the page in the site's own language with `--page`",
        );
        return Exit::Usage;
    }
    write(session, &made, &original, imported, &code)
}

/// The file of the translation.
fn place(original: &SitePath, code: &str) -> String {
    let path = original.as_str();
    match path.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{code}.{ending}"),
        None => format!("{path}.{code}"),
    }
}

fn write(session: &Session, made: &Made, original: &Page<'_>, mut imported: Imported, code: &str) -> Exit {
    let config = &made.site.config;
    let place = place(original.source, code);
    if session.place(&place).symlink_metadata().is_ok() {
        session.wrong(
            &format!("`{place}` already exists; nothing was written"),
            "to take this file instead, move or rename that one first, and compare the two",
        );
        return Exit::Faults;
    }
    let Some(path) = SitePath::new(&place) else {
        session.wrong(&format!("`{place}` cannot be the name of a page"), "rename the page first");
        return Exit::Usage;
    };
    let options = Options { smart_punctuation: false, ..config.markdown.clone() };
    own_names(session, &mut imported, original.source);
    let mut came = Came { said: Vec::new(), notes: Vec::new(), same: Vec::new() };
    // What is compared with the page names the page's own files.
    let mut as_it_came = imported.document.clone();
    without_words(&mut as_it_came.blocks);
    let numbers = charts(session, original, &mut imported.document.blocks, code, &mut came);
    for document in [&mut imported.document, &mut as_it_came] {
        read::settle(document, &options, &path);
        tidy(document);
    }
    let (raw, _) = front_matter(original.source, original.text);
    let is_same_source = imported.origin.as_ref().is_some_and(|(_, hash)| *hash == original.hash());
    returned_fields(original, &imported, &options, &path, &mut came);
    let title = came.said.iter().find(|(path, _)| path == "title").map(|(_, title)| title.clone());
    let written = markdown::write(&imported.document, &config.markdown, &path);
    let mut text = front(&raw.value, &came, &imported, is_same_source);
    if !written.text.trim().is_empty() {
        let _ = write!(text, "\n{}", written.text);
    }
    let mut files: Vec<(PathBuf, Vec<u8>)> = imported
        .document
        .files
        .iter()
        .map(|file| (session.place(&format!("{}/{}", original.source.folder(), file.name)), file.bytes.clone()))
        .collect();
    files.extend(numbers);
    files.push((session.place(&place), text.into_bytes()));
    if let Err(refusal) = store::new_files(&files) {
        return session.refused(&refusal);
    }
    session.print(&format!("{place}\n"));
    let is_known = imported.origin.is_some();
    if !is_known {
        session.say("note: the file does not say from which text it was made, so I cannot tell whether the page has changed since");
    } else if !is_same_source {
        session.say(&format!(
            "note: {} has changed since it was exported: what is new there is not translated",
            original.source
        ));
    }
    if !written.is_exact {
        came.notes
            .push("Pamphlet may read a part of the text otherwise than Word shows it: compare the two".to_owned());
    }
    let words = written.bare.iter().map(|words| {
        format!("bold and the like within a word are left out, since site.toml shows HTML as text: “{words}”")
    });
    came.notes.extend(words);
    imported.document = as_it_came;
    say(session, original, &imported, &came, title.as_deref(), &place);
    Exit::Fine
}

/// What came back beside the text.
struct Came {
    /// The new words of fields, by the way to each.
    said: Vec<(String, String)>,
    notes: Vec<String>,
    /// What is still in the words of the original, and where.
    same: Vec<String>,
}

/// The words of charts whose numbers lie in files of their own: where they were translated, the translation gets a file with the new ones.
fn charts(
    session: &Session,
    original: &Page<'_>,
    blocks: &mut [Block],
    code: &str,
    came: &mut Came,
) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for block in blocks {
        let (attributes, inside) = match block {
            Block::Directive { attributes, blocks, .. } => (attributes, blocks),
            Block::Quote(inside) | Block::Alert(_, inside) => {
                files.extend(charts(session, original, inside, code, came));
                continue;
            }
            _ => continue,
        };
        files.extend(charts(session, original, inside, code, came));
        let Some(at) = attributes.iter().position(|(key, _)| key == marks::WORDS) else { continue };
        let (_, line) = attributes.remove(at);
        let data = attributes.iter().find(|(key, _)| key == "data").map(|(_, name)| name.clone());
        let Some((name, text)) = data.and_then(|name| Some((name.clone(), original.beside(&name)?))) else { continue };
        let numbers = Numbers::read(&text);
        if numbers.in_a_line().as_deref() == Some(line.trim()) {
            came.same.push(format!("the words of the chart {name}: “{}”", crate::import::losses::shortened(&line)));
            continue;
        }
        let Some(words) = numbers.translated(&line) else {
            came.notes.push(format!(
                "the words of the chart {name} are not as many as went out, so it has the original's: “{line}”"
            ));
            continue;
        };
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        let own = format!("{stem}-{code}.csv");
        let place = session.place(&format!("{}/{own}", original.source.folder()));
        let is_new = files.iter().all(|(known, _)| *known != place);
        if is_new && place.symlink_metadata().is_ok() {
            came.notes.push(format!(
                "`{own}` is there already and was left as it is: see whether its words are those that came back"
            ));
        } else if is_new {
            files.push((place, numbers.with(&words).into_bytes()));
        }
        for (key, value) in attributes.iter_mut() {
            match key.as_str() {
                "data" => value.clone_from(&own),
                "x" | "y" | "highlight" => *value = renamed(value, &words),
                _ => {}
            }
        }
    }
    files
}

/// Takes the words of charts out again, which no block of a page has.
fn without_words(blocks: &mut [Block]) {
    for block in blocks {
        match block {
            Block::Directive { attributes, blocks, .. } => {
                attributes.retain(|(key, _)| key != marks::WORDS);
                without_words(blocks);
            }
            Block::Quote(inside) | Block::Alert(_, inside) => without_words(inside),
            _ => {}
        }
    }
}

/// New pictures get names that no file beside the page has.
fn own_names(session: &Session, imported: &mut Imported, source: &SitePath) {
    let mut given: Vec<(String, String)> = Vec::new();
    let mut next = 1;
    for file in &mut imported.document.files {
        let ending = file.name.rsplit_once('.').map(|(_, ending)| ending.to_owned()).unwrap_or_default();
        let free = loop {
            let name = format!("{}-picture-{next}.{ending}", source.stem());
            next += 1;
            if session.place(&format!("{}/{name}", source.folder())).symlink_metadata().is_err() {
                break name;
            }
        };
        given.push((std::mem::replace(&mut file.name, free.clone()), free));
    }
    let mut rename = |mut line: Vec<Inline>| {
        for one in &mut line {
            if let Inline::Image(image) = one
                && let Some((_, free)) = given.iter().find(|(old, _)| *old == image.file)
            {
                image.file.clone_from(free);
            }
        }
        line
    };
    map_lines(&mut imported.document.blocks, &mut rename);
    imported.document.notes.iter_mut().for_each(|note| map_lines(note, &mut rename));
}

/// The fields as they came back, each compared with what went out.
fn returned_fields(original: &Page<'_>, imported: &Imported, options: &Options, path: &SitePath, came: &mut Came) {
    for field in original.fields() {
        let Some((_, blocks)) = imported.fields.iter().find(|(path, _)| *path == field.path) else {
            came.notes.push(format!("the field “{}” did not come back: the original's words stand there", field.label));
            continue;
        };
        let mut document = Document { blocks: blocks.clone(), ..Document::default() };
        tidy(&mut document);
        let now = match &field.says {
            Says::Plain(_) => said(&document.blocks),
            Says::Line(_) => {
                let line = joined(&document.blocks);
                markdown::line(&line, options, path)
            }
            Says::Blocks(_) => markdown::write(&document, options, path).text.trim_end().to_owned(),
        };
        if now.is_empty() {
            came.notes.push(format!("the field “{}” came back empty: the original's words stand there", field.label));
            continue;
        }
        if now == went_out(&field, options, path) {
            if equal::is_telling(&now) {
                came.same.push(format!("{}: “{}”", field.label, crate::import::losses::shortened(&now)));
            }
            // Its own title tells a reader of the file what it is.
            if field.path != "title" {
                continue;
            }
        }
        came.said.push((field.path, now));
    }
    let known: Vec<String> = original.fields().into_iter().map(|field| field.path).collect();
    for (path, blocks) in imported.fields.iter().filter(|(path, _)| !known.contains(path)) {
        came.notes.push(format!(
            "the page has no field `{path}` any more, so its words are not taken over: “{}”",
            said(blocks)
        ));
    }
}

/// A field as it was, in the notation of what comes back.
fn went_out(field: &Field, options: &Options, path: &SitePath) -> String {
    match &field.says {
        Says::Plain(words) => words.split_whitespace().collect::<Vec<_>>().join(" "),
        Says::Line(line) => {
            let mut document = Document { blocks: vec![Block::Paragraph(line.clone())], ..Document::default() };
            tidy(&mut document);
            markdown::line(&joined(&document.blocks), options, path)
        }
        Says::Blocks(blocks) => {
            let mut document = Document { blocks: blocks.clone(), ..Document::default() };
            tidy(&mut document);
            markdown::write(&document, options, path).text.trim_end().to_owned()
        }
    }
}

/// The words of blocks in one line, without marks.
fn said(blocks: &[Block]) -> String {
    words(&joined(blocks)).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of blocks as one.
fn joined(blocks: &[Block]) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::new();
    let mut blocks = blocks.to_vec();
    map_lines(&mut blocks, &mut |line| line);
    for block in blocks {
        let line = match block {
            Block::Paragraph(text) | Block::Heading { text, .. } => text,
            Block::List { items, .. } => items.iter().flat_map(|item| joined(item)).collect(),
            Block::Quote(inside) => joined(&inside),
            _ => continue,
        };
        if !out.is_empty() && !line.is_empty() {
            out.push(Inline::Text(" ".to_owned()));
        }
        out.extend(line);
    }
    out
}

/// The fields of the translation: what is translated, and what belongs to this text alone.
fn front(original: &Raw, came: &Came, imported: &Imported, is_same_source: bool) -> String {
    let mut text = String::from("+++\n");
    text.push_str(&fields::translated(original, &came.said));
    text.push_str("status = \"draft\"\n");
    // It is as new as the text that it was made from.
    if is_same_source {
        text.push_str(&fields::as_it_is(original, "updated"));
    }
    if let Some(note) = &imported.document.about.internal_note {
        let _ = writeln!(text, "internal_note = {}", fields::quoted(note));
    }
    text.push_str("+++\n");
    text
}

/// The report.
fn say(session: &Session, original: &Page<'_>, imported: &Imported, came: &Came, title: Option<&str>, place: &str) {
    let mut went = original.document();
    tidy(&mut went);
    let found = compare(&went, &imported.document);
    session.say(imported.losses.report(session.is_verbose()).trim_end());
    list(session, "Not as it went out, it seems:", came.notes.iter().chain(&found.differences));
    list(session, "Still in the words of the original:", came.same.iter().chain(&found.same));
    let address = title.map(slug).filter(|slug| !slug.is_empty());
    let own = address.filter(|slug| *slug != original.entry.id.key.rsplit('/').next().unwrap_or_default());
    if let Some(slug) = own.filter(|_| original.part.is_none() && original.entry.id.collection.as_ref() != "pages") {
        session.say(&format!(
            "Its address ends as the original's does. For one in its own language, add `slug = \"{slug}\"`."
        ));
    }
    session.say(&format!(
        "The translation is a draft. Next: `pamphlet check` says what it still needs; `pamphlet serve --open` shows it.\n\
         Read it beside the original, then take out the line `status = \"draft\"` in {place} to publish it."
    ));
}

/// How many lines of a kind the short report has.
const LISTED: usize = 12;

fn list<'a>(session: &Session, title: &str, all: impl Iterator<Item = &'a String>) {
    let all: Vec<&String> = all.collect();
    if all.is_empty() {
        return;
    }
    let shown = if session.is_verbose() { all.len() } else { all.len().min(LISTED) };
    let mut out = format!("{title}\n");
    for one in &all[..shown] {
        let _ = writeln!(out, "  {one}");
    }
    if shown < all.len() {
        let _ = writeln!(out, "  and {} more: `-v` before `import` shows them", all.len() - shown);
    }
    session.say(out.trim_end());
}
