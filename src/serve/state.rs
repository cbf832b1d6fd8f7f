//! A page in the browser → what its preview bar and its list of faults show, as JSON.

use serde_json::{Value, json};

use super::answer::{Answer, Body, Subject};
use super::editor::Editor;
use super::revision::Lens;
use super::server_state::ServerState;
use crate::check;
use crate::content::Entry;
use crate::diagnostic::{self, Detail, Diagnostic, Places, Severity, Style};
use crate::path::{Address, SitePath};
use crate::schema::{self, rfc3339};
use crate::site::{Hidden, Ix, Site};
use crate::template::words_and_minutes;

/// The most faults that are sent; the rest are counted.
const MOST_FAULTS: usize = 50;

/// What a browser tab shows.
pub(super) struct Page<'a> {
    pub(super) lens: Lens,
    /// Below the prefix.
    pub(super) address: &'a str,
    pub(super) answer: &'a Answer,
}

/// What the bar and the list of faults of a page show.
pub(super) fn state(server: &ServerState, page: &Page<'_>, editor: &Editor) -> Value {
    let found = server.revision.entry_at(page.lens, page.address);
    let entry = found.as_ref().map(|(made, ix)| (&*made.site, *ix));
    let (faults, more) = faults(server, entry, page, editor);
    json!({
        "revision": server.revision.number,
        "forced": false,
        "view": view(page.lens, server),
        "now": server.now(page.lens).map(|now| schema::in_words(&now)),
        "page": entry.map(|(site, ix)| facts(site, ix, page, editor)),
        "faults": faults,
        "more_faults": more,
        "moments": moments(server),
    })
}

/// What is shown where others may be watching: nothing.
pub(super) fn guarded_state(server: &ServerState) -> Value {
    json!({
        "revision": server.revision.number, "forced": true, "view": "published", "now": null,
        "page": null, "faults": [], "more_faults": 0, "moments": [],
    })
}

fn view(lens: Lens, server: &ServerState) -> String {
    match lens {
        Lens::Everything => "everything".to_owned(),
        Lens::Published => "published".to_owned(),
        Lens::AsOf(_) => server.now(lens).map_or_else(String::new, |when| rfc3339(&when)),
    }
}

fn facts(site: &Site, ix: Ix, page: &Page<'_>, editor: &Editor) -> Value {
    let entry = site.entry(ix);
    let (words, minutes) = words_and_minutes(entry);
    json!({
        "title": entry.title(),
        "states": states(site, ix),
        "words": words,
        "minutes": minutes,
        "source": entry.source.as_str(),
        "editor": editor.link(&site.tree.on_disk(&entry.source), 1, 1),
        "advice": advice(page, &entry.source),
    })
}

fn states(site: &Site, ix: Ix) -> Vec<Value> {
    let hidden = site.visibility(ix).hidden().map(|why| match why {
        Hidden::Draft => ("draft", "Draft".to_owned()),
        Hidden::Withdrawn => ("expired", "Withdrawn".to_owned()),
        Hidden::Until(when) if site.is_under_embargo(ix) => {
            ("embargoed", format!("Embargoed until {}", schema::in_words(when)))
        }
        Hidden::Until(when) => ("embargoed", format!("Dated ahead: not public before {}", schema::in_words(when))),
        Hidden::Expired(when) => ("expired", format!("No longer published since {}", schema::in_words(when))),
        Hidden::Unreadable => ("unreadable", "Not published: it cannot be read".to_owned()),
        Hidden::Language => ("unreadable", "Not published: the site has no such language".to_owned()),
    });
    let parts = site.parts_not_public(ix).map(|(part, why)| {
        let name = part.source.name();
        match why {
            Hidden::Until(when) => ("embargoed", format!("{name}: not public before {}", schema::in_words(&when))),
            Hidden::Draft => ("draft", format!("{name}: draft")),
            Hidden::Withdrawn => ("expired", format!("{name}: withdrawn")),
            Hidden::Expired(when) => {
                ("expired", format!("{name}: no longer published since {}", schema::in_words(&when)))
            }
            Hidden::Unreadable | Hidden::Language => {
                ("unreadable", format!("{name}: not published, it cannot be read"))
            }
        }
    });
    let blocks = entry_blocks(site, ix);
    let sample = site.is_sample(ix).then(|| ("sample", "Sample".to_owned()));
    let expired = || {
        let when = site.expired(ix)?;
        Some(("expired", format!("In no list since {}", schema::in_words(&when))))
    };
    let expired = hidden.is_none().then(expired).flatten();
    let withdrawn = site.is_withdrawn(ix).then(|| ("withdrawn", "Withdrawn".to_owned()));
    hidden
        .into_iter()
        .chain(parts)
        .chain(blocks)
        .chain(sample)
        .chain(withdrawn)
        .chain(expired)
        .map(|(kind, words)| json!({"kind": kind, "words": words}))
        .collect()
}

/// Blocks of an entry's texts that are not public yet.
fn entry_blocks(site: &Site, ix: Ix) -> Vec<(&'static str, String)> {
    let mut moments: Vec<_> = site.entry(ix).text_moments().filter_map(|when| site.to_come(when)).collect();
    moments.sort();
    moments.dedup();
    let words = |when: &jiff::ZonedDateTime| format!("Part of the text: not public before {}", schema::in_words(when));
    moments.iter().map(|when| ("embargoed", words(when))).collect()
}

/// The faults that the finished page shows but its source does not.
fn advice(page: &Page<'_>, source: &SitePath) -> Vec<Value> {
    let Body::Bytes(bytes) = &page.answer.body else { return Vec::new() };
    let Ok(html) = std::str::from_utf8(bytes) else { return Vec::new() };
    let output = Address::new(page.address).output();
    let faults = diagnostic::arrange(check::scan(&output, Some(source), html).faults);
    faults
        .iter()
        .map(|fault| json!({"severity": fault.severity, "message": fault.message, "help": fault.help}))
        .collect()
}

/// The faults, with those of the page in view first, and how many are left out.
fn faults(server: &ServerState, entry: Option<(&Site, Ix)>, page: &Page<'_>, editor: &Editor) -> (Vec<Value>, usize) {
    let Some(verdict) = server.verdict.as_deref() else { return (Vec::new(), 0) };
    let address = page.address;
    let own = entry.map(|(site, ix)| site.entry(ix));
    let mut all: Vec<(&Diagnostic, bool)> =
        verdict.faults.iter().map(|fault| (fault, is_here(fault, own.map(|entry| &**entry), address))).collect();
    // A fault that only shows on the page in view, above all a draft, is in no verdict on what will be published.
    let is_told = |fault: &Diagnostic| {
        let told = |known: &Diagnostic| known.code == fault.code && known.span == fault.span;
        verdict.faults.iter().any(told)
    };
    all.extend(page.answer.faults.iter().filter(|fault| !is_told(fault)).map(|fault| (fault, true)));
    // The sort is stable, so faults of one kind stay in order of place.
    all.sort_by_key(|(fault, here)| (fault.severity != Severity::Error, !here));
    let more = all.len().saturating_sub(MOST_FAULTS);
    let mut places = Places::new(&*verdict.tree);
    let shown = all.into_iter().take(MOST_FAULTS).map(|(fault, here)| {
        let start = fault.span.as_ref().and_then(|span| places.ends(span)).map(|(start, _)| start);
        let (line, column) = (start.map(|start| start.line), start.map(|start| start.column));
        let file = fault.span.as_ref().map(|span| &span.file).filter(|file| !file.as_str().is_empty());
        let link =
            file.and_then(|file| editor.link(&verdict.tree.on_disk(file), line.unwrap_or(1), column.unwrap_or(1)));
        json!({
            "severity": fault.severity,
            "code": fault.code.as_str(),
            "message": fault.message,
            "help": fault.help,
            "file": file.map(SitePath::as_str),
            "line": line,
            "column": column,
            "here": here,
            "text": diagnostic::terminal(std::slice::from_ref(fault), &*verdict.tree, Style::Plain, Detail::Whole),
            "editor": link,
        })
    });
    (shown.collect(), more)
}

/// Whether a fault concerns the page in view.
fn is_here(fault: &Diagnostic, entry: Option<&Entry>, address: &str) -> bool {
    let in_source = |file: &SitePath| {
        entry.is_some_and(|entry| entry.source == *file || entry.parts.iter().any(|part| part.source == *file))
    };
    fault.page.as_deref() == Some(address) || fault.span.as_ref().is_some_and(|span| in_source(&span.file))
}

/// The moments at which something becomes public, and what.
fn moments(server: &ServerState) -> Vec<Value> {
    let Some(made) = server.revision.view(Lens::Everything) else { return Vec::new() };
    let mut moments: Vec<(&jiff::ZonedDateTime, Vec<&str>)> = Vec::new();
    for (when, ix) in made.site.coming() {
        let title = made.site.entry(ix).title();
        match moments.last_mut().filter(|(last, _)| *last == when) {
            Some((_, titles)) => titles.push(title),
            None => moments.push((when, vec![title])),
        }
    }
    moments
        .into_iter()
        .map(|(when, titles)| json!({"when": rfc3339(when), "words": schema::in_words(when), "titles": titles}))
        .collect()
}

/// The present place of the page about `subject`, for a tab that no longer shows it; `sent` is where its old address leads.
pub(super) fn gone(server: &ServerState, lens: Lens, subject: Option<&Subject>, sent: Option<&String>) -> Value {
    let (to, title) = subject.and_then(|subject| server.revision.find(lens, subject)).unzip();
    // An old address may lead to a page about something else.
    let title = title.filter(|_| sent.is_none() || sent == to.as_ref());
    json!({"to": sent.or(to.as_ref()), "title": title})
}
