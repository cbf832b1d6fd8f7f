//! A listing → its Atom feed (RFC 4287), and the same as RSS 2.0.

use jiff::ZonedDateTime;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::schema::{legible, rfc3339};
use crate::site::{Listing, Site};
use crate::views::{EntryView, Readers};

/// The most entries in a feed.
const MOST: usize = 50;

/// Writing to memory does not fail.
pub(super) const IN_MEMORY: &str = "writing to memory cannot fail";

/// XML being written.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// A document that begins with `<root …>`.
    pub(super) fn new(root: &str, attributes: &[(&str, &str)]) -> Self {
        let mut xml = Self(Writer::new_with_indent(Vec::new(), b' ', 1));
        xml.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).expect(IN_MEMORY);
        xml.open(root, attributes);
        xml
    }

    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.0.write_event(Event::Start(start)).expect(IN_MEMORY);
    }

    pub(super) fn close(&mut self, name: &str) {
        self.0.write_event(Event::End(BytesEnd::new(name))).expect(IN_MEMORY);
    }

    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.0.write_event(Event::Empty(start)).expect(IN_MEMORY);
    }

    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.text_with(name, &[], text);
    }

    fn text_with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        let element = self.0.create_element(name).with_attributes(attributes.iter().copied());
        element.write_text_content(BytesText::new(&legible(text))).expect(IN_MEMORY);
    }

    pub(super) fn finish(mut self, root: &str) -> String {
        self.close(root);
        let mut text = String::from_utf8(self.0.into_inner()).expect("only text was written");
        text.push('\n');
        text
    }
}

/// The newest items of a listing, and when each last changed; without samples, which nobody subscribes to.
fn newest<'a>(readers: Readers<'a>, listing: &Listing) -> Vec<(ZonedDateTime, EntryView<'a>)> {
    let real = listing.items.iter().filter(|ix| readers.site.is_in_feeds(**ix)).map(|ix| EntryView::new(readers, *ix));
    let mut items: Vec<_> = real.filter_map(|entry| Some((entry.changed_at()?, entry))).collect();
    items.sort_by(|a, b| b.0.cmp(&a.0));
    items.truncate(MOST);
    items
}

/// The title of a feed or a calendar.
pub(super) fn title(site: &Site, listing: &Listing) -> String {
    let list = site.config.list_title(listing.lang, &listing.list);
    let title = match (&listing.group, listing.owner) {
        (Some(group), _) => format!("{list}: {}", site.config.set(&group.title)),
        (None, Some(owner)) => format!("{}: {list}", site.config.set(site.entry(owner).title())),
        (None, None) => list.to_owned(),
    };
    format!("{title} · {}", site.config.in_language(listing.lang).title)
}

/// The feed of `listing`: its newest entries first.
pub(super) fn atom(readers: Readers<'_>, listing: &Listing) -> String {
    let site = readers.site;
    let base = &site.config.base;
    let own = listing.feed.as_ref().map_or("/", |feed| feed.as_str());
    let page = listing.address.as_ref().map_or("/", |address| address.as_str());
    let items = newest(readers, listing);
    let language = site.config.in_language(listing.lang);
    let mut xml = Xml::new("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", &language.code)]);
    xml.text("title", &title(site, listing));
    xml.text("id", &base.url(own));
    xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &base.url(own))]);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &base.url(page))]);
    // An empty feed has never changed: it gives the beginning of time, not the hour of the build.
    let updated = items.iter().map(|(when, _)| rfc3339(when)).next();
    xml.text("updated", updated.as_deref().unwrap_or("1970-01-01T00:00:00+00:00"));
    xml.open("author", &[]);
    xml.text("name", &language.organisation.name);
    xml.close("author");
    for (when, one) in items {
        entry(&mut xml, &when, one);
    }
    xml.finish("feed")
}

/// The same feed as RSS 2.0 (the RSS Advisory Board's specification).
pub(super) fn rss(readers: Readers<'_>, listing: &Listing) -> String {
    let site = readers.site;
    let base = &site.config.base;
    let language = site.config.in_language(listing.lang);
    let page = listing.address.clone().unwrap_or_else(|| crate::path::Address::new("/"));
    let own = base.url(page.join("rss.xml").as_str());
    let title = title(site, listing);
    let about = site.config.list_description(listing.lang, &listing.list);
    let mut xml = Xml::new("rss", &[("version", "2.0"), ("xmlns:atom", "http://www.w3.org/2005/Atom")]);
    xml.open("channel", &[]);
    xml.text("title", &title);
    xml.text("link", &base.url(page.as_str()));
    xml.text("description", &as_html(if about.is_empty() { &title } else { about }));
    xml.text("language", &language.code);
    xml.empty("atom:link", &[("href", &own), ("rel", "self"), ("type", "application/rss+xml")]);
    for (when, entry) in newest(readers, listing) {
        xml.open("item", &[]);
        xml.text("title", &entry.title());
        xml.text("link", &page_of(entry));
        xml.text("description", &as_html(&entry.description()));
        xml.text_with("guid", &[("isPermaLink", "false")], &entry.lasting_id());
        let published = entry.published_at().unwrap_or(when);
        xml.text("pubDate", &published.strftime("%a, %d %b %Y %H:%M:%S %z").to_string());
        xml.close("item");
    }
    xml.close("channel");
    xml.finish("rss")
}

/// A text as readers of RSS take it: for HTML, whatever the specification says of plain text.
fn as_html(text: &str) -> String {
    quick_xml::escape::partial_escape(text).into_owned()
}

fn entry(xml: &mut Xml, when: &ZonedDateTime, entry: EntryView<'_>) {
    let Readers { site, lang: readers, .. } = entry.readers;
    let lang = site.lang(entry.ix);
    let other = (lang != readers).then_some(("xml:lang", &*site.config.in_language(lang).code));
    xml.open("entry", other.as_slice());
    xml.text("title", &entry.title());
    xml.text("id", &entry.lasting_id());
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &page_of(entry))]);
    xml.text("updated", &rfc3339(when));
    if let Some(published) = entry.published_at() {
        xml.text("published", &rfc3339(&published));
    }
    xml.text("summary", &entry.description());
    xml.close("entry");
}

/// The full address of an entry's page.
fn page_of(entry: EntryView<'_>) -> String {
    entry.address().map(|address| entry.readers.site.config.base.url(address.as_str())).unwrap_or_default()
}
