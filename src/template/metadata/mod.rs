//! A page and its entry as readers see them → what machines read in its head.
//!
//! * here: Open Graph, for shared links;
//! * `graph`: JSON-LD in schema.org's vocabulary; `events`: that of events;
//! * `scholar`: Google Scholar's `citation_*` tags, for cited works.
//!
//! Made from `views`, which leave out what is hidden. It knows traits and what is declared for a collection and its kinds,
//! but no collection by name.

mod events;
mod graph;
mod scholar;

use super::TemplateContext;
use super::values::escaped;
use crate::schema::{Moment, Trait};
use crate::site::Ix;
use crate::views::{Citation, EntryView, Event, PageView, Work};

/// A page, and what is on it.
struct Page<'a> {
    asked: &'a TemplateContext,
    view: &'a PageView,
    about: Subject<'a>,
}

/// What a page is about.
enum Subject<'a> {
    /// Nothing with a schema.org vocabulary of its own: a list, the search.
    Nothing,
    Work(Box<Work<'a>>),
    Event(Box<Event<'a>>),
    /// Any other entry.
    Entry(EntryView<'a>),
}

/// The lines in the head of `page`, which is the page of the entry `ix`.
pub(super) fn head(asked: &TemplateContext, page: &PageView, ix: Option<Ix>) -> String {
    let about = ix.map_or(Subject::Nothing, |ix| Subject::of(asked.view(ix)));
    let page = Page { asked, view: page, about };
    let mut out = String::new();
    open_graph(&page, &mut out);
    if let Some(entry) = page.entry() {
        match &page.about {
            Subject::Work(work) => scholar::tags(&page.view.url, &work.citation, &mut out),
            _ if asked.site.is_scholarly(entry.ix) => scholar::tags(&page.view.url, &Citation::new(entry), &mut out),
            _ => {}
        }
    }
    graph::block(&page, &mut out);
    out
}

impl<'a> Subject<'a> {
    fn of(entry: EntryView<'a>) -> Self {
        let has = |wanted: Trait| entry.collection().traits.contains(&wanted);
        if has(Trait::Citable) || entry.schema().is_some_and(is_article) {
            Self::Work(Box::new(Work::new(entry)))
        } else if has(Trait::Timed) {
            Self::Event(Box::new(Event::new(entry)))
        } else {
            Self::Entry(entry)
        }
    }
}

impl<'a> Page<'a> {
    /// The entry whose page it is.
    fn entry(&self) -> Option<EntryView<'a>> {
        match &self.about {
            Subject::Nothing => None,
            Subject::Work(work) => Some(work.citation.entry),
            Subject::Event(event) => Some(event.entry),
            Subject::Entry(entry) => Some(*entry),
        }
    }

    /// The schema.org type of what the page is about.
    fn schema(&self) -> Option<&'a str> {
        self.entry()?.schema()
    }

    fn is_home(&self) -> bool {
        self.view.kind == "home"
    }
}

/// The Open Graph protocol (ogp.me), and the one further tag that cards need.
fn open_graph(page: &Page<'_>, out: &mut String) {
    let (language, view) = (page.asked.language(), page.view);
    let mut tag = |property: &str, content: &str| line(out, "property", property, content);
    let kind = match page.schema() {
        Some("Person") => "profile",
        Some(schema) if is_article(schema) => "article",
        _ => "website",
    };
    tag("og:title", &view.title);
    tag("og:type", kind);
    tag("og:url", &view.url);
    tag("og:site_name", &language.title);
    if !view.description.is_empty() {
        tag("og:description", &view.description);
    }
    tag("og:locale", &language.code.replace('-', "_"));
    for other in view.translations.iter().filter(|other| *other.lang != *language.code) {
        tag("og:locale:alternate", &other.lang.replace('-', "_"));
    }
    if let Some(image) = &view.share_image {
        tag("og:image", &image.src);
        tag("og:image:alt", &image.alt);
        tag("og:image:width", &image.width.to_string());
        tag("og:image:height", &image.height.to_string());
    }
    match &page.about {
        Subject::Work(work) if page.schema().is_some_and(is_article) => article(work, &mut tag),
        _ => {}
    }
    let has_image = view.share_image.is_some();
    line(out, "name", "twitter:card", if has_image { "summary_large_image" } else { "summary" });
}

/// The article tags: when it was published, who wrote it, what it is about.
fn article(work: &Work<'_>, tag: &mut impl FnMut(&str, &str)) {
    let date = work.citation.date.as_ref().map(Moment::written);
    if let Some(date) = &date {
        tag("article:published_time", date);
    }
    if let Some(changed) = work.changed.as_ref().map(Moment::written).filter(|changed| Some(changed) != date.as_ref()) {
        tag("article:modified_time", &changed);
    }
    for url in work.citation.authors.iter().filter_map(|author| author.url.as_ref()) {
        tag("article:author", url);
    }
    if let Some(kind) = work.citation.entry.kind_label() {
        tag("article:section", kind);
    }
    for term in &work.terms {
        tag("article:tag", term.name.as_deref().unwrap_or_default());
    }
}

/// Whether a schema.org type is an article: `Report`, `BlogPosting`, `NewsArticle`.
fn is_article(schema: &str) -> bool {
    matches!(
        schema,
        "Article" | "Report" | "BlogPosting" | "NewsArticle" | "ScholarlyArticle" | "TechArticle" | "PressRelease"
    )
}

fn line(out: &mut String, attribute: &str, name: &str, content: &str) {
    out.push_str(&format!("<meta {attribute}=\"{name}\" content=\"{}\">\n", escaped(content)));
}
