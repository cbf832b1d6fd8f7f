//! A listing → its Atom feed (RFC 4287).

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::page::description;
use crate::config::Lang;
use crate::site::{Ix, Listing, Site};
use crate::template::rfc3339;

/// The most entries that a feed holds.
const MOST: usize = 50;

/// Writing to memory does not fail.
pub(super) const IN_MEMORY: &str = "writing to memory cannot fail";

/// XML that is being written.
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
        // Characters that XML 1.0 cannot hold at all would make the whole feed unreadable.
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n')).collect();
        self.0.create_element(name).write_text_content(BytesText::new(&text)).expect(IN_MEMORY);
    }

    fn text_with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        let element = self.0.create_element(name).with_attributes(attributes.iter().copied());
        element.write_text_content(BytesText::new(text)).expect(IN_MEMORY);
    }

    pub(super) fn finish(mut self, root: &str) -> String {
        self.close(root);
        let mut text = String::from_utf8(self.0.into_inner()).expect("only text was written");
        text.push('\n');
        text
    }
}

/// The newest items of a listing, and when each was last changed; nobody subscribes to samples.
fn newest(site: &Site, listing: &Listing) -> Vec<(jiff::ZonedDateTime, Ix)> {
    let real = listing.items.iter().filter(|ix| site.is_in_feeds(**ix));
    let mut items: Vec<(jiff::ZonedDateTime, Ix)> = real.filter_map(|ix| Some((site.changed_at(*ix)?, *ix))).collect();
    items.sort_by(|a, b| b.0.cmp(&a.0));
    items.truncate(MOST);
    items
}

/// What a feed or a calendar is called.
pub(super) fn title(site: &Site, listing: &Listing) -> String {
    let list = site.config.list_title(listing.lang, &listing.list);
    let title = match (&listing.group, listing.owner) {
        (Some(group), _) => format!("{list}: {}", group.title),
        (None, Some(owner)) => format!("{}: {list}", site.entry(owner).title()),
        (None, None) => list.to_owned(),
    };
    format!("{title} · {}", site.config.in_language(listing.lang).title)
}

/// The feed of `listing`: its newest entries first.
pub(super) fn atom(site: &Site, listing: &Listing) -> String {
    let base = &site.config.base;
    let own = listing.feed.as_ref().map_or("/", |feed| feed.as_str());
    let page = listing.address.as_ref().map_or("/", |address| address.as_str());
    let items = newest(site, listing);
    let language = site.config.in_language(listing.lang);
    let mut xml = Xml::new("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", &language.code)]);
    xml.text("title", &title(site, listing));
    xml.text("id", &base.url(own));
    xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &base.url(own))]);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &base.url(page))]);
    // An empty feed has never changed: the beginning of time, not the hour of the build.
    let updated = items.iter().map(|(when, _)| rfc3339(when)).next();
    xml.text("updated", updated.as_deref().unwrap_or("1970-01-01T00:00:00+00:00"));
    xml.open("author", &[]);
    xml.text("name", &language.organisation.name);
    xml.close("author");
    for (when, ix) in items {
        entry(site, &mut xml, &when, ix, listing.lang);
    }
    xml.finish("feed")
}

/// The same feed as RSS 2.0 (the RSS Advisory Board's specification).
pub(super) fn rss(site: &Site, listing: &Listing) -> String {
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
    xml.text("description", if about.is_empty() { &title } else { about });
    xml.text("language", &language.code);
    xml.empty("atom:link", &[("href", &own), ("rel", "self"), ("type", "application/rss+xml")]);
    for (when, ix) in newest(site, listing) {
        let url = site.address(ix).map(|address| base.url(address.as_str())).unwrap_or_default();
        xml.open("item", &[]);
        xml.text("title", site.entry(ix).title());
        xml.text("link", &url);
        xml.text("description", &description(site, ix));
        xml.text_with("guid", &[("isPermaLink", "false")], &lasting_id(site, ix));
        let published = published(site, ix).unwrap_or(when);
        xml.text("pubDate", &published.strftime("%a, %d %b %Y %H:%M:%S %z").to_string());
        xml.close("item");
    }
    xml.close("channel");
    xml.finish("rss")
}

fn entry(site: &Site, xml: &mut Xml, when: &jiff::ZonedDateTime, ix: Ix, readers: Lang) {
    let entry = site.entry(ix);
    let url = site.address(ix).map(|address| site.config.base.url(address.as_str())).unwrap_or_default();
    let code = &site.config.in_language(site.lang(ix)).code;
    let other = (site.lang(ix) != readers).then_some(("xml:lang", &**code));
    xml.open("entry", other.as_slice());
    xml.text("title", entry.title());
    xml.text("id", &lasting_id(site, ix));
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &url)]);
    xml.text("updated", &rfc3339(when));
    if let Some(published) = published(site, ix) {
        xml.text("published", &rfc3339(&published));
    }
    xml.text("summary", &description(site, ix));
    xml.close("entry");
}

/// The name that an entry keeps in feeds whatever its address (RFC 4287, 4.2.6).
fn lasting_id(site: &Site, ix: Ix) -> String {
    let name = site.lasting_name(ix);
    let id = if name.contains(':') { name } else { site.config.base.url(&format!("/#{name}")) };
    // A translation is another text than its original.
    let is_own = site.lang(ix) == Lang::OWN || site.entry(ix).core.id.is_some();
    if is_own { id } else { format!("{id}.{}", site.config.in_language(site.lang(ix)).code) }
}

/// When an entry was published, as it states.
fn published(site: &Site, ix: Ix) -> Option<jiff::ZonedDateTime> {
    site.moment(&site.entry(ix).values.get("date")?.value)
}
