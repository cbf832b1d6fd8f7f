//! An entry that is cited → the `citation_*` tags that Google Scholar and reference managers read.
//!
//! Google Scholar's inclusion guidelines: title, at least one author and the date of publication are required; a PDF counts
//! only if it lies in the folder of the page. Zotero takes what names an institution for a report, whatever else it has.

use tera::Value;

use super::{Page, items, line, name, text};
use crate::site::Ix;

/// The tags of the entry `ix`, if its kind is one that Google Scholar wants and it has what is required.
pub(super) fn tags(page: &Page<'_>, ix: Ix, entry: &Value, out: &mut String) {
    let site = &page.asked.site;
    let authors: Vec<String> = items(entry, "authors").into_iter().filter_map(name).collect();
    let (true, false, Some(date)) = (site.is_scholarly(ix), authors.is_empty(), text(entry, "date")) else { return };
    let language = page.asked.language();
    let mut tag = |name: &str, content: Option<String>| {
        if let Some(content) = content {
            line(out, "name", name, &content);
        }
    };
    let title = site.entry(ix).title();
    let title = text(entry, "subtitle").map_or_else(|| title.to_owned(), |subtitle| format!("{title}: {subtitle}"));
    tag("citation_title", Some(title));
    for author in authors {
        tag("citation_author", Some(author));
    }
    tag("citation_publication_date", Some(date.get(..10).unwrap_or(&date).replace('-', "/")));
    let own = &language.organisation;
    let institution = own.legal_name.as_ref().unwrap_or(&own.name);
    tag("citation_technical_report_institution", Some(institution.clone()));
    tag("citation_technical_report_number", text(entry, "number"));
    tag("citation_publisher", Some(institution.clone()));
    tag("citation_series_title", entry.get_from_path("series").and_then(name));
    tag("citation_doi", text(entry, "doi"));
    tag("citation_isbn", text(entry, "isbn"));
    tag("citation_issn", text(entry, "issn"));
    tag("citation_language", text(entry, "lang"));
    let words = page.keywords(entry);
    tag("citation_keywords", Some(words.join("; ")).filter(|words| !words.is_empty()));
    tag("citation_abstract_html_url", Some(page.url()));
    let base = &site.config.base;
    tag("citation_pdf_url", site.paper(ix).map(|pdf| format!("{}{}", base.origin, base.file_href(pdf.as_str()))));
}
