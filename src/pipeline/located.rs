//! Faults of finished pages → where in the sources stands what they are about.
//!
//! A finished page does not know what it was made from. What is not found in its own source stays without a line: it comes from
//! a template, or from another entry that the page shows.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Made;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::SitePath;
use crate::schema::Value;
use crate::site::{Ix, LinkTo, Site};

/// The same faults, each at every place of its page's source where the thing stands.
pub(crate) fn located(made: &Made, faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut links = Links::new();
    faults.into_iter().flat_map(|fault| at_its_places(made, fault, &mut links)).collect()
}

/// For each source that was asked for: where its links and pictures stand, by the address as written and by that of the page.
type Links = BTreeMap<SitePath, BTreeMap<String, Vec<Span>>>;

fn at_its_places(made: &Made, fault: Diagnostic, links: &mut Links) -> Vec<Diagnostic> {
    let source = fault.span.as_ref().filter(|span| span.whole_file()).map(|span| span.file.clone());
    if fault.code == Code::TextOfTemplate
        && let Some(seen) = &fault.seen
        && let Some(place) = in_fields(made, source.as_ref(), seen)
    {
        return vec![
            fault
                .span(place)
                .help("write it without its braces: a field has no code, and readers see them as they are"),
        ];
    }
    let Some((source, seen)) = source.zip(fault.seen.clone()) else { return vec![fault] };
    let places = places(made, &source, &seen, links);
    let mut fault = fault;
    if fault.code == Code::TextOfTemplate && !places.is_empty() {
        fault.help = Some(
            "write it in Markdown, or take it out; if it is meant as it stands, write it as code, between backticks"
                .to_owned(),
        );
    }
    match places.is_empty() {
        true => vec![fault],
        false => places.into_iter().map(|place| fault.clone().span(place)).collect(),
    }
}

/// Where `seen` stands in a field of the page's own entry, or of another one: every page that shows a title has it from there.
fn in_fields(made: &Made, source: Option<&SitePath>, seen: &str) -> Option<Span> {
    let site = &made.site;
    let own = source.and_then(|source| site.by_source(source));
    own.into_iter().chain(site.shown()).find_map(|ix| {
        let entry = site.entry(ix);
        let mut fields = entry.stated().filter(|(_, placed)| matches!(placed.value, Value::Text(_)));
        fields.find_map(|(_, placed)| {
            let text = site.source_text(&entry.source).get(placed.span.clone())?;
            let place = written(text, seen).next()?;
            let place = placed.span.start + place.start..placed.span.start + place.end;
            Some(Span::new(&entry.source, place))
        })
    })
}

/// Where `seen` stands in the texts and fields of the entry in `source`.
fn places(made: &Made, source: &SitePath, seen: &str, links: &mut Links) -> Vec<Span> {
    let site = &made.site;
    let Some(ix) = site.by_source(source) else { return Vec::new() };
    let known = links.entry(source.clone()).or_insert_with(|| links_of(site, ix));
    let mut found = known.get(seen).cloned().unwrap_or_default();
    if found.is_empty() {
        // In HTML, and in fields.
        let text = site.source_text(source);
        found.extend(written(text, seen).map(|place| Span::new(source, place)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Where the links and pictures of an entry's texts stand.
fn links_of(site: &Site, ix: Ix) -> BTreeMap<String, Vec<Span>> {
    let mut known: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for (file, doc) in site.entry(ix).texts() {
        let links = doc.links.iter().map(|link| (&*link.to, &link.span));
        for (to, span) in links.chain(doc.images.iter().map(|image| (&*image.to, &image.span))) {
            let span = Span::new(file, span.clone());
            if let Some(LinkTo::Address(address)) = site.link(ix, file, to) {
                known.entry(site.config.base.href(&address)).or_default().push(span.clone());
            }
            known.entry(to.to_owned()).or_default().push(span);
        }
    }
    known
}

/// Where `seen` is written in `text`, as a whole.
fn written<'t>(text: &'t str, seen: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    let is_whole = |end: usize| !text[end..].starts_with(|c: char| c.is_alphanumeric() || "/-_.%".contains(c));
    let all = text.match_indices(seen).map(|(at, found)| at..at + found.len());
    all.filter(move |place| !seen.ends_with(char::is_alphanumeric) || is_whole(place.end))
}
