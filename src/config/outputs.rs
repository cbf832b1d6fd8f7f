//! `[search]`, `[security]` → what is published beside the pages, and how.

use super::layers::Layers;
use crate::data::RawKind;
use crate::diagnostic::{Diagnostic, Span};

/// The search of the published site.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Search {
    /// The address of the search page.
    pub(crate) route: String,
    /// The fields by whose values readers may narrow what is found; `date.year` for the year of a date.
    pub(crate) facets: Vec<String>,
    /// With more pages than these, only titles, summaries, headings and facets can be searched.
    pub(crate) full_text_up_to: usize,
}

/// Reads `[search]`; nothing if neither theme nor site has it, or the site does without.
pub(super) fn search(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Option<Search> {
    table.span()?;
    let is_wanted = table.flag("enabled", true, faults);
    let facets = table.texts("facets", faults).unwrap_or_default();
    let search = Search {
        route: table.text("route", faults).unwrap_or_else(|| "/search/".to_owned()),
        facets: facets.into_iter().map(|(name, _)| name).collect(),
        full_text_up_to: table.count("full_text_up_to", faults).unwrap_or(2_000),
    };
    table.finish(faults);
    is_wanted.then_some(search)
}

/// Whom to tell of a weakness of the site, and until when that is true (RFC 9116).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SecurityContact {
    /// Each a `mailto:`, `https:` or `tel:` address.
    pub(crate) contacts: Vec<String>,
    pub(crate) expires: jiff::civil::Date,
    pub(crate) span: Span,
}

/// Reads `[security]`: `contact` and `expires`.
pub(super) fn security(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Option<SecurityContact> {
    table.span()?;
    let contacts = table.texts("contact", faults);
    if contacts.is_none() {
        faults.push(table.missing("contact", "\"mailto:security@example.org\""));
    }
    let contacts = contacts.unwrap_or_default().into_iter().map(|(text, _)| match text.contains(':') {
        true => text,
        false => format!("mailto:{text}"),
    });
    let contacts: Vec<String> = contacts.collect();
    let expires = match table.get("expires") {
        None => {
            faults.push(table.missing("expires", "2027-06-30"));
            None
        }
        Some(setting) => {
            let day = match &setting.raw.kind {
                RawKind::Text(text) | RawKind::Date(text) => text.get(..10).and_then(|day| day.parse().ok()),
                _ => None,
            };
            if day.is_none() {
                faults.push(setting.wrong(&table.path("expires"), "a day such as 2027-06-30"));
            }
            day.map(|day| (day, setting.span()))
        }
    };
    table.finish(faults);
    let (expires, span) = expires?;
    (!contacts.is_empty()).then_some(SecurityContact { contacts, expires, span })
}
