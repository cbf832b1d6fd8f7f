//! A Word file (`.docx`, both editions of ISO/IEC 29500) → a document and what became of everything in it.
//!
//! `package` opens the file and refuses what could do harm, `xml` reads its parts, `styles` knows what styles and numbers mean. `body`
//! goes through paragraphs and tables, `runs` through the words of a paragraph, with fields (`fields`), pictures (`drawings`), charts
//! (`charts`) and formulas (`formulas`); `hidden` knows what Word does not show, `ground` which words nobody could read for their colour. `assemble` makes lists, headings, figures and boxes of paragraphs that follow one another, `front`
//! fields of the first page (`byline` names of authors), `typed` references of what was typed, `numbers` what figures were called. `tables`
//! reads tables, `boxes` what is drawn around words, `forms` fields to fill in, `tongues` languages and directions.

mod assemble;
mod body;
mod boxes;
mod byline;
mod cells;
mod charts;
mod drawings;
mod fields;
mod formulas;
mod forms;
mod front;
mod ground;
mod hidden;
mod looks;
mod metafile;
mod numbers;
mod package;
mod references;
mod returned;
mod runs;
mod said;
mod spoken;
mod styles;
mod tables;
mod tongues;
mod typed;
mod xml;

use std::collections::BTreeMap;

pub(crate) use numbers::{Numbered, cited};
pub(crate) use package::Refusal;
pub(crate) use spoken::spoken;
pub(crate) use xml::{Element, parse as parsed};

use super::document::Block;
use super::document::{About, Document};
use super::losses::Losses;
use super::marks;
use body::Reader;
use package::Package;

/// What to do with changes that somebody still has to accept or reject.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Changes {
    Accept,
    Reject,
}

/// How a file is read.
pub(crate) struct Wishes<'a> {
    pub(crate) changes: Changes,
    /// Whether comments are kept, for colleagues alone.
    pub(crate) keeps_comments: bool,
    /// The styles of the house and what stands for each: `:::key-findings`, `## `, `> `, `leave out`.
    pub(crate) styles: &'a [(String, String)],
    /// The blocks that the site has.
    pub(crate) blocks: &'a dyn Fn(&str) -> bool,
    /// The blocks of the site that have a number.
    pub(crate) figures: &'a dyn Fn(&str) -> bool,
    /// Whether texts of the site may hold HTML, which can say what language words are in.
    pub(crate) shows_html: bool,
    /// Whether this program wrote the file, for a translator: nothing in it is guessed.
    pub(crate) is_returned: bool,
}

/// What a file holds.
#[derive(Debug)]
pub(crate) struct Imported {
    pub(crate) document: Document,
    pub(crate) losses: Losses,
    /// The tracked changes and the comments, each in words, with its place.
    pub(crate) changes: Vec<String>,
    pub(crate) comments: Vec<String>,
    /// What a file that this program wrote says beside the text, by the way to each field.
    pub(crate) fields: Vec<(String, Vec<Block>)>,
    /// Whether it has kept the hidden words by which its fields and blocks are found again.
    pub(crate) has_marks: bool,
    /// The figures, as the document calls them, with their numbers on the page.
    pub(crate) numbers: Vec<Numbered>,
    /// What such a file was made from: the page, and the hash of its text then.
    pub(crate) origin: Option<(String, String)>,
}

/// Reads the bytes of a file.
pub(crate) fn read(bytes: &[u8], wishes: &Wishes<'_>) -> Result<Imported, Refusal> {
    let package = Package::open(bytes)?;
    let main = package
        .relationships("")?
        .into_values()
        .find(|one| one.kind == "officeDocument")
        .map(|one| one.target)
        .ok_or_else(|| {
            Refusal::new(
                "the file does not say which of its parts is the text",
                "open it in Word, and save it again as “Word Document (.docx)”",
            )
        })?;
    let Some(root) = package.xml(&main)? else {
        return Err(Refusal::new(
            format!("the text of the file, `{main}`, is missing"),
            "get the file again from where it came from",
        ));
    };
    let Some(body) = root.child("w:body").filter(|_| root.name == "w:document") else {
        return Err(Refusal::new(
            "this is no text document of Word, but perhaps a table or slides under another name",
            "open it in its own program, and paste what the page needs into a Word document",
        ));
    };
    let mut reader = Reader::new(&package, &main, &root, wishes)?;
    let origin = origin(&package)?;
    let mut document = Document { about: about(&package)?, ..Document::default() };
    reader.authors = document.about.authors.clone();
    let flow = reader.flow(body);
    let blocks = assemble::blocks(&mut reader, flow, true);
    document.blocks = blocks;
    reader.furniture(body)?;
    reader.strangers();
    reader.finish(document).map(|imported| Imported { origin, ..imported })
}

/// What the file was made from, if this program wrote it.
fn origin(package: &Package) -> Result<Option<(String, String)>, Refusal> {
    let Some(properties) = package.xml("docProps/custom.xml")? else { return Ok(None) };
    let said = |name: &str| {
        let one = properties.elements().find(|one| one.get("name") == Some(name))?;
        Some(one.text().trim().to_owned()).filter(|text| !text.is_empty())
    };
    Ok(said(marks::PAGE).map(|page| (page, said(marks::SOURCE).unwrap_or_default())))
}

/// What the properties of the file say.
fn about(package: &Package) -> Result<About, Refusal> {
    let Some(properties) = package.xml("docProps/core.xml")? else { return Ok(About::default()) };
    let text = |name: &str| {
        let words = properties.child(name)?.text().split_whitespace().collect::<Vec<_>>().join(" ");
        Some(words).filter(|words| !words.is_empty())
    };
    let names = |names: String| match byline::names(&names) {
        Some(all) if !names.contains(';') && all.len() > 1 => all,
        _ => names.split(';').filter_map(said::name).collect(),
    };
    Ok(About {
        title: text("dc:title"),
        summary: text("dc:description"),
        authors: text("dc:creator").map(names).unwrap_or_default(),
        ..About::default()
    })
}

/// The parts of one kind that the main part names, by their ids: notes, comments.
fn numbered(root: Option<Element>, name: &str) -> BTreeMap<String, Element> {
    let Some(root) = root else { return BTreeMap::new() };
    root.elements()
        .filter(|one| {
            one.name == name
                && !matches!(one.get("w:type"), Some("separator" | "continuationSeparator" | "continuationNotice"))
        })
        .filter_map(|one| Some((one.get("w:id")?.to_owned(), one.clone())))
        .collect()
}
