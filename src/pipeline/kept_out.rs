//! The errors of a snapshot + what is published → the sources without the entries whose minute has come but which have errors, so
//! that the rest can be published.
//!
//! Only an entry that states `publish_at`, and that readers have never had, can stay out: one that they have stays as it was
//! published last, and then nothing is.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Made, Sources};
use crate::content::Entry;
use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::path::{OutputPath, SitePath};
use crate::schema;
use crate::site::{Ix, Site};

/// Whether a file is in the published folder.
pub(crate) type IsPublished<'a> = &'a dyn Fn(&OutputPath) -> bool;

/// Whether nothing is wrong but in files that are kept out.
pub(super) fn is_fine_without(faults: &[Diagnostic], kept_out: &BTreeSet<SitePath>) -> bool {
    let is_apart = |fault: &Diagnostic| fault.span.as_ref().is_some_and(|span| kept_out.contains(&span.file));
    faults.iter().all(|fault| fault.severity != Severity::Error || is_apart(fault))
}

/// The sources in which the entries with the errors among `faults` are hidden, and their files are in `kept_out`; `None` if
/// one of the errors is elsewhere.
pub(super) fn without(
    sources: &Sources,
    made: &Made,
    faults: &[Diagnostic],
    kept_out: &mut BTreeSet<SitePath>,
    is_published: IsPublished<'_>,
) -> Option<Sources> {
    let mut wrong: BTreeSet<Ix> = BTreeSet::new();
    for fault in faults.iter().filter(|fault| fault.severity == Severity::Error) {
        let file = &fault.span.as_ref()?.file;
        if !kept_out.contains(file) {
            wrong.insert(made.site.by_source(file).filter(|ix| may_stay_out(&made.site, *ix, is_published))?);
            kept_out.insert(file.clone());
        }
    }
    let mut entries = sources.entries.to_vec();
    for ix in wrong {
        let source = &made.site.entry(ix).source;
        let entry = entries.iter_mut().find(|entry| entry.source == *source)?;
        *entry = Arc::new(hidden(entry, &made.site, ix));
        kept_out.insert(source.clone());
    }
    Some(Sources { entries: entries.into(), ..sources.clone() })
}

fn may_stay_out(site: &Site, ix: Ix, is_published: IsPublished<'_>) -> bool {
    let is_new = site.address(ix).is_some_and(|address| !is_published(&address.output()));
    site.is_public(ix) && site.is_under_embargo(ix) && site.has_page(ix) && is_new
}

fn hidden(entry: &Entry, site: &Site, ix: Ix) -> Entry {
    let on = site.embargo_end(ix);
    let on = on.map(|when| format!(" on {}", schema::in_words(&when))).unwrap_or_default();
    let message = format!("this was to become public{on}, but stays out because of the errors in it");
    let fault = Diagnostic::new(Code::KeptOut, message).span(Span::file(&entry.source));
    entry.kept_out(fault.help("mend them and build again; everything else is published"))
}
