//! A cited work → the `citation_*` tags that Google Scholar and reference managers read.
//!
//! Google Scholar's inclusion guidelines: title, at least one author and the date of publication are required; a PDF counts
//! only if it is in the folder of the page. Zotero takes anything that names an institution for a report, whatever else it has.

use std::borrow::Cow;

use super::line;
use crate::views::{Author, Citation};

/// The tags of a work, if its kind is one that Google Scholar wants and it has what is required.
pub(super) fn tags(url: &str, work: &Citation<'_>, out: &mut String) {
    let (site, ix) = (work.entry.readers.site, work.entry.ix);
    let authors = work.named_authors();
    let (true, false, Some(day)) = (site.is_scholarly(ix), authors.is_empty(), work.day()) else { return };
    let mut tag = |name: &str, content: Option<&str>| {
        if let Some(content) = content {
            line(out, "name", name, content);
        }
    };
    tag("citation_title", Some(&work.title()));
    for author in authors {
        let name = match author {
            Author::Person { family, given: "" } => Cow::Borrowed(family),
            Author::Person { family, given } => format!("{}, {given}", family.replace(',', "")).into(),
            Author::Whole { name, .. } => name.into(),
        };
        tag("citation_author", Some(&name));
    }
    tag("citation_publication_date", Some(&day.replace('-', "/")));
    tag("citation_technical_report_institution", Some(work.publisher));
    tag("citation_technical_report_number", work.number.as_deref());
    tag("citation_publisher", Some(work.publisher));
    tag("citation_series_title", work.series.as_ref().and_then(|series| series.name.as_deref()));
    tag("citation_doi", work.doi.as_deref());
    tag("citation_isbn", work.isbn.as_deref());
    tag("citation_issn", work.issn.as_deref());
    tag("citation_language", Some(work.entry.lang()));
    let words = work.keywords();
    let words: Vec<&str> = words.iter().map(Cow::as_ref).collect();
    tag("citation_keywords", Some(&*words.join("; ")).filter(|words| !words.is_empty()));
    tag("citation_abstract_html_url", Some(url));
    let base = &site.config.base;
    let pdf = site.paper(ix).map(|pdf| format!("{}{}", base.origin, base.file_href(pdf.as_str())));
    tag("citation_pdf_url", pdf.as_deref());
}
