//! An entry → what every entry has, whatever its collection: title, address, dates, subjects.
//!
//! Each answer is computed when asked for: a list names many entries and asks little of each.

use std::borrow::Cow;

use jiff::ZonedDateTime;

use super::{Fields, Item, Named, Readers};
use crate::config::{Collection, Kind, Lang, Untranslated};
use crate::markdown;
use crate::path::Address;
use crate::routes::{self, CitationForm};
use crate::schema::{Moment, Trait, Value};
use crate::site::{Ix, Site, Visibility};

/// The longest description, in characters, of an entry without a summary.
const DESCRIPTION: usize = 160;

/// The names the program answers itself, in addition to declared fields, and in place of any of the same name.
const MADE: &[&str] = &[
    "id",
    "key",
    "collection",
    "lang",
    "title",
    "href",
    "url",
    "kind_label",
    "collection_label",
    "calendar_href",
    "bibtex_href",
    "ris_href",
    "csl_href",
    "schema",
    "expired",
    "replaced",
    "language",
    "inherited",
    "over",
    "draft",
];

/// Whether the program itself answers `name`, even if a field of that name is declared.
pub(super) fn is_made(name: &str) -> bool {
    MADE.contains(&name)
}

/// An entry as readers see it.
#[derive(Clone, Copy)]
pub(crate) struct EntryView<'a> {
    pub(crate) readers: Readers<'a>,
    pub(crate) ix: Ix,
}

impl<'a> EntryView<'a> {
    pub(crate) fn new(readers: Readers<'a>, ix: Ix) -> Self {
        Self { readers, ix }
    }

    fn site(self) -> &'a Site {
        self.readers.site
    }

    /// Its declared fields.
    pub(crate) fn fields(self) -> Fields<'a> {
        Fields::of(self.readers, self.ix)
    }

    /// Its identity, as templates write it.
    pub(crate) fn id(self) -> String {
        Site::id_text(&self.site().entry(self.ix).id)
    }

    pub(crate) fn key(self) -> &'a str {
        &self.site().entry(self.ix).id.key
    }

    /// The code of the language it is written in.
    pub(crate) fn lang(self) -> &'a str {
        &self.site().entry(self.ix).id.lang
    }

    /// Its title as readers see it; where titles are compared, the one that is written counts.
    pub(crate) fn title(self) -> Cow<'a, str> {
        self.site().config.set(self.site().entry(self.ix).title())
    }

    /// Its summary, if it states one.
    pub(crate) fn summary(self) -> Option<Cow<'a, str>> {
        let summary = self.site().entry(self.ix).text_of("summary").filter(|text| !text.is_empty())?;
        Some(self.site().config.set(summary))
    }

    /// What it is about, in a sentence or two: its summary, else the first paragraph of its text.
    pub(crate) fn description(self) -> String {
        let entry = self.site().entry(self.ix);
        if let Some(summary) = entry.text_of("summary") {
            return self.site().config.set(summary).into_owned();
        }
        let figure = |id: &str| self.readers.figure(self.ix, &entry.source, id);
        let text = entry.text.as_ref().map(|doc| markdown::first_paragraph(doc, &figure)).unwrap_or_default();
        shortened(&text, DESCRIPTION)
    }

    pub(crate) fn collection(self) -> &'a Collection {
        &self.site().config.collections[&self.site().entry(self.ix).id.collection]
    }

    /// Its kind within its collection, as the theme declares it.
    pub(crate) fn kind(self) -> Option<&'a Kind> {
        self.site().entry(self.ix).text_of("kind").and_then(|kind| self.collection().kinds.get(kind))
    }

    /// The kind's label in the readers' language.
    pub(crate) fn kind_label(self) -> Option<&'a str> {
        let kind = self.site().entry(self.ix).text_of("kind")?;
        let kind = self.site().config.kind(self.readers.lang, &self.collection().name, kind)?;
        Some(&kind.label)
    }

    /// Its collection's label in the readers' language.
    pub(crate) fn collection_label(self) -> &'a str {
        self.site().config.plural(self.readers.lang, &self.collection().name)
    }

    /// Its schema.org type, as the theme declares it for the kind or the collection.
    pub(crate) fn schema(self) -> Option<&'a str> {
        self.kind().and_then(|kind| kind.schema.as_deref()).or(self.collection().schema.as_deref())
    }

    /// Its address, whatever the readers' language.
    pub(crate) fn address(self) -> Option<&'a Address> {
        self.site().address(self.ix)
    }

    /// Its address for these readers. An entry without a page is shown on the page in their language.
    pub(crate) fn readers_address(self) -> Option<Cow<'a, str>> {
        let address = self.address()?.as_str();
        Some(if address.contains('#') { self.readers.in_their_language(address) } else { address.into() })
    }

    /// That address as a link on the site.
    pub(crate) fn href(self) -> Option<String> {
        Some(self.site().config.base.href(&self.readers_address()?))
    }

    /// That address in full.
    pub(crate) fn url(self) -> Option<String> {
        Some(self.site().config.base.url(&self.readers_address()?))
    }

    /// A file published next to its page, as a link on the site.
    fn beside(self, file: &str) -> Option<String> {
        Some(self.site().config.base.href(&format!("{}{file}", self.readers_address()?)))
    }

    /// Whether it has a page of its own, with no other entry standing for it.
    fn has_own_page(self) -> bool {
        self.site().stands_for(self.ix) == self.ix && self.site().has_page(self.ix)
    }

    /// Its calendar, if it is an event.
    pub(crate) fn calendar_href(self) -> Option<String> {
        let is_there = self.has_own_page() && routes::is_event(self.site(), self.ix);
        is_there.then(|| self.beside("event.ics")).flatten()
    }

    /// Its citation in a format, if it is cited.
    pub(crate) fn citation_href(self, form: CitationForm) -> Option<String> {
        let is_there = self.has_own_page() && routes::is_cited(self.site(), self.ix);
        is_there.then(|| self.beside(form.file())).flatten()
    }

    /// When it expired, if it has.
    pub(crate) fn expired(self) -> Option<String> {
        self.site().expired(self.ix).map(|when| when.date().to_string())
    }

    /// Whether a newer edition that readers find in lists has replaced it.
    pub(crate) fn is_replaced(self) -> bool {
        let site = self.site();
        let mut by = site.referrers(self.ix, self.readers.lang, Untranslated::Show);
        by.any(|edge| &*edge.field == "replaces" && site.is_listed(edge.from))
    }

    /// Whether it is shown only because everything is: a draft, but also what is under embargo, over, or cannot be read. Templates
    /// know it as `draft`.
    pub(crate) fn is_draft(self) -> bool {
        matches!(self.site().visibility(self.ix), Visibility::Previewed(_))
    }

    /// The value of a name for which [`is_made`] is true.
    pub(super) fn made(self, name: &str) -> Option<Cow<'a, str>> {
        Some(match name {
            "id" => self.id().into(),
            "key" => self.key().into(),
            "collection" => (&*self.collection().name).into(),
            "lang" => self.lang().into(),
            "title" => self.title(),
            "href" => self.href()?.into(),
            "url" => self.url()?.into(),
            "kind_label" => self.kind_label()?.into(),
            "collection_label" => self.collection_label().into(),
            "calendar_href" => self.calendar_href()?.into(),
            "bibtex_href" => self.citation_href(CitationForm::BibTex)?.into(),
            "ris_href" => self.citation_href(CitationForm::Ris)?.into(),
            "csl_href" => self.citation_href(CitationForm::Csl)?.into(),
            // The kind's type is for the entry's own page; where the entry is only named, its collection's type is used.
            "schema" => self.collection().schema.as_deref()?.into(),
            "expired" => self.expired()?.into(),
            _ => return None,
        })
    }

    /// The date of publication, as stated.
    pub(crate) fn date(self) -> Option<Moment> {
        self.fields().moment("date")
    }

    /// When it last changed, as far as it states that.
    pub(crate) fn changed(self) -> Option<Moment> {
        match self.site().changed(self.ix)? {
            Value::Date(day, _) => Some(Moment::Date(*day)),
            Value::DateTime(when) => Some(Moment::DateTime(when.clone())),
            _ => None,
        }
    }

    /// The same as a moment.
    pub(crate) fn changed_at(self) -> Option<ZonedDateTime> {
        self.site().changed_at(self.ix)
    }

    /// When it was published, as it states.
    pub(crate) fn published_at(self) -> Option<ZonedDateTime> {
        self.site().moment(&self.site().entry(self.ix).values.get("date")?.value)
    }

    /// Its permanent identifier in feeds, whatever its address (RFC 4287, 4.2.6).
    pub(crate) fn lasting_id(self) -> String {
        let (site, lang) = (self.site(), self.site().lang(self.ix));
        let name = site.lasting_name(self.ix);
        let id = if name.contains(':') { name } else { site.config.base.url(&format!("/#{name}")) };
        // A translation is a different text from its original.
        let is_own = lang == Lang::OWN || site.entry(self.ix).core.id.is_some();
        if is_own { id } else { format!("{id}.{}", site.config.in_language(lang).code) }
    }

    /// The terms it refers to: its subjects.
    pub(crate) fn terms(self) -> Vec<Named<'a>> {
        self.named(Trait::Term)
    }

    /// The places it refers to.
    pub(crate) fn places(self) -> Vec<Named<'a>> {
        self.named(Trait::Located)
    }

    fn named(self, of: Trait) -> Vec<Named<'a>> {
        self.fields().all_of(of).iter().map(Named::of).collect()
    }

    /// The titles of its subjects.
    pub(crate) fn keywords(self) -> Vec<Cow<'a, str>> {
        self.fields().all_of(Trait::Term).iter().filter_map(Item::name).collect()
    }
}

/// The words of `text` that fit into `limit` characters.
fn shortened(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if out.chars().count() + word.chars().count() + 1 > limit {
            out.push('…');
            return out;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
