//! Bookmarks and the links to them → anchors of headings and numbers of figures, once the document is complete.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::BOOKMARK;
use crate::import::document::{Block, Definition, Document, Inline, words};
use crate::import::losses::Losses;
use crate::path::slug;

/// Where links to places of the document lead now.
pub(super) fn links(document: &mut Document, losses: &mut Losses) {
    let mut found = Found::default();
    wanted(&document.blocks, &mut found);
    document.notes.iter().for_each(|note| wanted(note, &mut found));
    name(&mut document.blocks, &mut found);
    let Document { blocks, notes, .. } = document;
    point(blocks, &found, losses);
    notes.iter_mut().for_each(|note| point(note, &found, losses));
}

/// Takes out the links to places of the document that somebody made who cannot know what the places are called here.
pub(super) fn without(document: &mut Document, losses: &mut Losses) {
    let found = Found::default();
    point(&mut document.blocks, &found, losses);
    document.notes.iter_mut().for_each(|note| point(note, &found, losses));
}

#[derive(Default)]
struct Found {
    /// The bookmarks that links name.
    wanted: BTreeSet<String>,
    /// What each leads to now: an anchor, or a figure.
    places: BTreeMap<String, (bool, String)>,
    taken: BTreeSet<String>,
}

fn wanted(blocks: &[Block], found: &mut Found) {
    each_line(blocks, &mut |line| {
        fn look(line: &[Inline], found: &mut Found) {
            for one in line {
                if let Inline::Link { to, .. } = one
                    && let Some(bookmark) = to.strip_prefix(BOOKMARK)
                {
                    found.wanted.insert(bookmark.to_owned());
                }
                look(one.inside(), found);
            }
        }
        look(line, found);
    });
}

fn each_line(blocks: &[Block], see: &mut dyn FnMut(&[Inline])) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) => see(text),
            Block::List { items, .. } => items.iter().for_each(|item| each_line(item, see)),
            Block::Table { rows, .. } => rows.iter().flatten().for_each(|cell| see(cell)),
            Block::Quote(inside) | Block::Directive { blocks: inside, .. } => each_line(inside, see),
            _ => {}
        }
    }
}

/// Gives a name to each heading and figure that a link names.
fn name(blocks: &mut [Block], found: &mut Found) {
    for block in blocks {
        match block {
            Block::Heading { id, text, .. } => {
                let bookmarks: Vec<String> =
                    id.take().map(|all| all.split(' ').map(str::to_owned).collect()).unwrap_or_default();
                if bookmarks.iter().any(|one| found.wanted.contains(one)) {
                    let anchor = free(&slug(&words(text)), "section", found);
                    bookmarks.into_iter().for_each(|one| drop(found.places.insert(one, (false, anchor.clone()))));
                    *id = Some(anchor);
                }
            }
            Block::Directive { attributes, blocks, .. } => {
                let given = attributes.iter().position(|(key, value)| key == "id" && value.starts_with(BOOKMARK));
                if let Some(at) = given {
                    let (_, bookmarks) = attributes.remove(at);
                    let bookmarks: Vec<String> = bookmarks[BOOKMARK.len()..].split(' ').map(str::to_owned).collect();
                    if bookmarks.iter().any(|one| found.wanted.contains(one)) {
                        let title = attributes
                            .iter()
                            .find(|(key, _)| key == "title")
                            .map(|(_, title)| slug(title))
                            .unwrap_or_default();
                        let short: String = title.split('-').take(4).collect::<Vec<_>>().join("-");
                        let anchor = free(&format!("fig-{short}"), "fig-1", found);
                        bookmarks.into_iter().for_each(|one| drop(found.places.insert(one, (true, anchor.clone()))));
                        attributes.insert(0, ("id".to_owned(), anchor));
                    }
                }
                name(blocks, found);
            }
            Block::Quote(inside) => name(inside, found),
            _ => {}
        }
    }
}

fn free(wanted: &str, otherwise: &str, found: &mut Found) -> String {
    let base = if wanted.is_empty() || wanted == "fig-" { otherwise } else { wanted };
    let mut name = base.to_owned();
    let mut nth = 2;
    while !found.taken.insert(name.clone()) {
        name = format!("{base}-{nth}");
        nth += 1;
    }
    name
}

fn point(blocks: &mut [Block], found: &Found, losses: &mut Losses) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) => {
                *text = pointed(std::mem::take(text), found, losses)
            }
            Block::List { items, .. } => items.iter_mut().for_each(|item| point(item, found, losses)),
            Block::Table { rows, .. } => {
                rows.iter_mut().flatten().for_each(|cell| *cell = pointed(std::mem::take(cell), found, losses));
            }
            Block::Quote(inside) | Block::Directive { blocks: inside, .. } | Block::Alert(_, inside) => {
                point(inside, found, losses);
            }
            Block::Definitions(all) => all.iter_mut().for_each(|one| match one {
                Definition::Term(text) => *text = pointed(std::mem::take(text), found, losses),
                Definition::Meaning(inside) => point(inside, found, losses),
            }),
            Block::Code { .. } | Block::Rule | Block::Raw { .. } => {}
        }
    }
}

fn pointed(line: Vec<Inline>, found: &Found, losses: &mut Losses) -> Vec<Inline> {
    let mut out = Vec::with_capacity(line.len());
    for one in line {
        let inside = pointed(one.inside().to_vec(), found, losses);
        match one {
            Inline::Link { to, .. } if to.starts_with(BOOKMARK) => match found.places.get(&to[BOOKMARK.len()..]) {
                Some((true, figure)) => {
                    losses.changed(
                        "a reference to a figure",
                        &format!("it is `@{figure}`, which readers see as its number"),
                        String::new(),
                        &words(&inside),
                    );
                    out.push(Inline::Figure(figure.clone()));
                }
                Some((false, anchor)) => {
                    losses.carried("cross-references");
                    out.push(Inline::Link { to: format!("#{anchor}"), title: String::new(), text: inside });
                }
                None => {
                    losses.changed(
                        "a cross-reference to a place within a text",
                        "its words are there, without a link",
                        String::new(),
                        &words(&inside),
                    );
                    out.extend(inside);
                }
            },
            other if other.inside().is_empty() => out.push(other),
            other => out.push(other.around(inside)),
        }
    }
    out
}
