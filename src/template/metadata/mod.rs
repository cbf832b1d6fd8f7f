//! A page and its entry as templates see them → what machines read in its head.
//!
//! * here: Open Graph, for links that are shared;
//! * `graph`: JSON-LD in the words of schema.org, `events`: that of events;
//! * `scholar`: the `citation_*` tags of Google Scholar, for what is cited.
//!
//! Made from the values that templates are given, so what is hidden is in none of it. It knows traits and what is declared of a
//! collection and its kinds, and no collection by name.

mod events;
mod graph;
mod scholar;

use tera::Value;

use super::TemplateContext;
use super::values::{escaped, name_of as name, rfc3339, text_at as text};
use crate::config::{Collection, Kind};
use crate::schema::{self, Field, Name, Target, Trait};
use crate::site::{self, Ix};

/// References that do not say what an entry is about.
const HIERARCHY: &[&str] = &["parent", "see"];

/// A page, and what is on it.
struct Page<'a> {
    asked: &'a TemplateContext,
    page: &'a Value,
    /// The entry whose page it is, and its values.
    entry: Option<(Ix, Value)>,
}

/// The lines of the head of `page`, which is the page of the entry `ix`.
pub(super) fn head(asked: &TemplateContext, page: &Value, ix: Option<Ix>) -> String {
    let entry = ix.map(|ix| (ix, asked.full(ix).clone()));
    let page = Page { asked, page, entry };
    let mut out = String::new();
    open_graph(&page, &mut out);
    if let Some((ix, entry)) = &page.entry {
        scholar::tags(&page, *ix, entry, &mut out);
    }
    graph::block(&page, &mut out);
    out
}

/// The titles of what the entry `ix` is about, as citations list them.
pub(crate) fn keywords(asked: &TemplateContext, ix: Ix) -> Vec<String> {
    let entry = asked.full(ix).clone();
    let page = Page { asked, page: &entry, entry: Some((ix, entry.clone())) };
    page.keywords(&entry)
}

impl Page<'_> {
    /// The titles of the terms that the entry refers to.
    fn keywords(&self, entry: &Value) -> Vec<String> {
        self.all_of(Trait::Term, entry).into_iter().filter_map(name).collect()
    }

    fn text(&self, key: &str) -> Option<String> {
        text(self.page, key)
    }

    fn url(&self) -> String {
        self.text("url").unwrap_or_default()
    }

    /// An address of the site, as others know it.
    fn full(&self, href: String) -> String {
        if href.starts_with('/') { format!("{}{href}", self.asked.site.config.base.origin) } else { href }
    }

    /// When the page's entry last changed, as far as it says so.
    fn changed(&self) -> Option<String> {
        let (ix, _) = self.entry.as_ref()?;
        match self.asked.site.changed(*ix)? {
            schema::Value::DateTime(when) => Some(rfc3339(when)),
            day => Some(day.as_text()),
        }
    }

    /// The collection of the page's entry, and what kind of it the entry is.
    fn declared(&self) -> Option<(&Collection, Option<&Kind>)> {
        let (ix, _) = self.entry.as_ref()?;
        let entry = self.asked.site.entry(*ix);
        let collection = self.asked.site.config.collection(&entry.id.collection)?;
        Some((collection, entry.text_of("kind").and_then(|kind| collection.kinds.get(kind))))
    }

    /// What schema.org calls what the page is about, as the theme declares it for its kind or its collection.
    fn schema(&self) -> Option<&str> {
        let (collection, kind) = self.declared()?;
        kind.and_then(|kind| kind.schema.as_deref()).or(collection.schema.as_deref())
    }

    /// What the entry refers to in all fields that lead to collections of a trait, base fields last.
    fn all_of<'v>(&'v self, wanted: Trait, entry: &'v Value) -> Vec<&'v Value> {
        let Some((collection, _)) = self.declared() else { return Vec::new() };
        let site = &self.asked.site;
        let leads_there = |field: &&Field| {
            site::reference_target(&field.ty).is_some_and(|target| {
                let mut collections = site.target_collections(target).peekable();
                let has = |name: &Name| site.config.collections[name].traits.contains(&wanted);
                *target != Target::Any && collections.peek().is_some() && collections.all(has)
            })
        };
        let fields = collection.fields.values().filter(|field| !HIERARCHY.contains(&&*field.name)).filter(leads_there);
        fields.flat_map(|field| items(entry, &field.name)).collect()
    }

    fn is_home(&self) -> bool {
        self.text("kind").as_deref() == Some("home")
    }
}

/// The Open Graph protocol (ogp.me), and the one tag that cards need beside it.
fn open_graph(page: &Page<'_>, out: &mut String) {
    let language = page.asked.language();
    let mut tag = |property: &str, content: &str| line(out, "property", property, content);
    let is_dated = page.schema().is_some_and(is_article);
    let kind = match page.schema() {
        Some("Person") => "profile",
        Some(schema) if is_article(schema) => "article",
        _ => "website",
    };
    tag("og:title", &page.text("title").unwrap_or_default());
    tag("og:type", kind);
    tag("og:url", &page.url());
    tag("og:site_name", &language.title);
    if let Some(description) = page.text("description") {
        tag("og:description", &description);
    }
    tag("og:locale", &language.code.replace('-', "_"));
    for other in items(page.page, "translations") {
        if let Some(code) = text(other, "lang").filter(|code| **code != *language.code) {
            tag("og:locale:alternate", &code.replace('-', "_"));
        }
    }
    let image = page.page.get_from_path("share_image").filter(|image| text(image, "src").is_some());
    if let Some(image) = image {
        tag("og:image", &text(image, "src").unwrap_or_default());
        for (property, key) in [("og:image:alt", "alt"), ("og:image:width", "width"), ("og:image:height", "height")] {
            if let Some(value) = image.get_from_path(key).filter(|value| !value.is_none()) {
                tag(property, &value.to_string());
            }
        }
    }
    if let Some((_, entry)) = page.entry.as_ref().filter(|_| is_dated) {
        let date = text(entry, "date");
        if let Some(date) = &date {
            tag("article:published_time", date);
        }
        if let Some(changed) = page.changed().filter(|changed| Some(changed) != date.as_ref()) {
            tag("article:modified_time", &changed);
        }
        for author in items(entry, "authors") {
            if let Some(url) = text(author, "url") {
                tag("article:author", &url);
            }
        }
        if let Some(kind) = text(entry, "kind_label") {
            tag("article:section", &kind);
        }
        for term in page.all_of(Trait::Term, entry) {
            tag("article:tag", &name(term).unwrap_or_default());
        }
    }
    line(out, "name", "twitter:card", if image.is_some() { "summary_large_image" } else { "summary" });
}

/// Whether a type of schema.org is an article: `Report`, `BlogPosting`, `NewsArticle`.
fn is_article(schema: &str) -> bool {
    matches!(
        schema,
        "Article" | "Report" | "BlogPosting" | "NewsArticle" | "ScholarlyArticle" | "TechArticle" | "PressRelease"
    )
}

fn line(out: &mut String, attribute: &str, name: &str, content: &str) {
    out.push_str(&format!("<meta {attribute}=\"{name}\" content=\"{}\">\n", escaped(content)));
}

/// The items of a list in `value`, or its one value.
fn items<'v>(value: &'v Value, key: &'v str) -> Vec<&'v Value> {
    let Some(found) = value.get_from_path(key).filter(|found| !found.is_none()) else { return Vec::new() };
    found.as_array().map_or_else(|| vec![found], |items| items.iter().collect())
}
