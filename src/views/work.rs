//! An entry → a work: its citation, and everything else about it.

use std::borrow::Cow;

use super::files::full;
use super::{Agent, Citation, EntryView, Fields, Named, Passage};
use crate::config::Licence;
use crate::schema::Moment;

/// A work as the subject of a page.
pub(crate) struct Work<'a> {
    pub(crate) citation: Citation<'a>,
    pub(crate) abstract_text: Option<Passage<'a>>,
    pub(crate) changed: Option<Moment>,
    /// The co-publishers.
    pub(crate) publishers: Vec<Agent<'a>>,
    pub(crate) funders: Vec<Agent<'a>>,
    /// Its licence, as the settings describe it.
    pub(crate) licence: Option<&'a Licence>,
    pub(crate) terms: Vec<Named<'a>>,
    pub(crate) places: Vec<Named<'a>>,
    pub(crate) files: Vec<Download<'a>>,
    pub(crate) corrections: Vec<Correction<'a>>,
}

/// A file that readers may download.
pub(crate) struct Download<'a> {
    pub(crate) title: Option<Cow<'a, str>>,
    pub(crate) lang: Option<Cow<'a, str>>,
    /// Its full address.
    pub(crate) url: Option<String>,
    /// The media type that its name suggests.
    pub(crate) media_type: Option<&'static str>,
    /// In bytes.
    pub(crate) size: Option<u64>,
}

/// A correction made after publication.
pub(crate) struct Correction<'a> {
    pub(crate) text: Option<Passage<'a>>,
    pub(crate) date: Option<Moment>,
}

impl<'a> Work<'a> {
    pub(crate) fn new(entry: EntryView<'a>) -> Self {
        let fields = entry.fields();
        let licences = &entry.readers.site.config.licences;
        let groups = |name: &str| fields.all(name).into_iter().map(|item| item.fields()).collect::<Vec<_>>();
        Self {
            citation: Citation::new(entry),
            abstract_text: fields.passage("abstract"),
            changed: entry.changed(),
            publishers: Agent::all(fields, "publishers"),
            funders: Agent::all(fields, "funders"),
            licence: fields.text("licence").and_then(|licence| licences.get(&*licence)),
            terms: entry.terms(),
            places: entry.places(),
            files: groups("files").into_iter().map(|group| Download::of(entry, group)).collect(),
            corrections: groups("corrections").into_iter().map(Correction::of).collect(),
        }
    }
}

impl<'a> Download<'a> {
    fn of(entry: EntryView<'a>, group: Option<Fields<'a>>) -> Self {
        let site = entry.readers.site;
        let file = group.and_then(|group| group.file("file"));
        let there = file.as_ref().and_then(|(source, to)| Some((source, to, site.tree.get(source)?.size())));
        Self {
            title: group.and_then(|group| group.text("title")),
            lang: group.and_then(|group| group.text("lang")),
            url: there.map(|(_, to, _)| full(site, site.config.base.file_href(to.as_str()))),
            media_type: there.and_then(|(source, ..)| mime_guess::from_path(source.name()).first_raw()),
            size: there.map(|(.., size)| size),
        }
    }
}

impl<'a> Correction<'a> {
    fn of(group: Option<Fields<'a>>) -> Self {
        Self { text: group.and_then(|group| group.passage("text")), date: group.and_then(|group| group.moment("date")) }
    }
}
