//! `aliases` of entries, `redirects.csv` and `[[moved]]` → former addresses as written, each with its place.

use super::former::{former, is_full, wildcard};
use super::{By, MovedPattern, Pattern, Redirect, To};
use crate::config::Moved;
use crate::data::{self, Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::{Address, SitePath};
use crate::schema::Value;
use crate::site::{Ix, Site};

/// The table of former addresses from another site.
pub(crate) const TABLE: &str = "redirects.csv";

/// The `aliases` of every public entry.
pub(super) fn aliases(site: &Site, faults: &mut Vec<Diagnostic>) -> Vec<Redirect> {
    let mut all = Vec::new();
    for ix in site.public() {
        let entry = site.entry(ix);
        let Some(Value::List(items)) = entry.values.get("aliases").map(|placed| &placed.value) else { continue };
        for item in items {
            let Value::Text(text) = &item.value else { continue };
            let span = Span::new(&entry.source, item.span.clone());
            match (former(text, &site.config.base), site.address(ix)) {
                (Ok(from), Some(to)) => {
                    let (to, target) = (To::Here(to.clone()), span.clone());
                    all.push(Redirect { from: from.address, ending: from.ending, to, by: By::Alias(ix), span, target });
                }
                (Ok(_), None) => faults.push(no_page(site, ix, span)),
                (Err(message), _) => faults.push(bad_from(text, message, span)),
            }
        }
    }
    all
}

fn no_page(site: &Site, ix: Ix, span: Span) -> Diagnostic {
    let collection = &site.config.collections[&site.entry(ix).id.collection];
    Diagnostic::new(Code::RedirectTarget, format!("a {} has no page for a former address to lead to", collection.label))
        .span(span)
        .help("put the former address in redirects.csv, with the page where readers find this now")
}

fn bad_from(text: &str, message: String, span: Span) -> Diagnostic {
    let help = match wildcard(text) {
        Some(_) => {
            "write a pattern in site.toml, with a name in braces for the part that may be anything: \
             `[[moved]]`, `from = \"/blog/{slug}/\"`, `to = \"/publications/{slug}/\"`"
        }
        None => "write the part after the host: `/old/page/`, `/old.pdf` or `/index.php?p=39089`",
    };
    Diagnostic::new(Code::BadAddress, message).span(span).help(help)
}

/// The lines of `redirects.csv`.
pub(super) fn table(site: &Site, all: &mut Vec<Redirect>, faults: &mut Vec<Diagnostic>) {
    let Some(file) = site.tree.named(TABLE) else { return };
    let Some(text) = file.text() else {
        faults.push(
            Diagnostic::new(
                Code::NotUtf8,
                format!("{TABLE} was saved in an old character set; in Excel choose CSV UTF-8"),
            )
            .span(Span::file(&file.path)),
        );
        return;
    };
    let body = text.trim_start_matches('\u{feff}');
    if body.trim().is_empty() {
        return;
    }
    let raw = data::csv(&file.path, body, text.len() - body.len()).into_value(faults);
    let RawKind::List(rows) = &raw.kind else { return };
    check_columns(&file.path, rows, &raw, faults);
    for row in rows {
        if let Some(one) = row_of(site, &file.path, row, faults) {
            all.push(one);
        }
    }
}

/// The first line names the columns, and each row has them all.
fn check_columns(file: &SitePath, rows: &[Raw], raw: &Raw, faults: &mut Vec<Diagnostic>) {
    let Some(RawKind::Table(first)) = rows.first().map(|row| &row.kind) else { return };
    for wanted in ["from", "to"] {
        if !first.iter().any(|(key, _)| key.name == wanted) {
            faults.push(
                Diagnostic::new(Code::MissingField, format!("{TABLE} has no column `{wanted}`"))
                    .at(file, raw.span.start..raw.span.start)
                    .help("its first line is `from,to`; a third column `note` may hold remarks"),
            );
        }
    }
    for (key, _) in first.iter().filter(|(key, _)| !["from", "to", "note"].contains(&key.name.as_str())) {
        faults.push(
            Diagnostic::new(Code::UnknownField, format!("{TABLE} has no column `{}`", key.name))
                .at(file, key.span.clone())
                .help("its columns are `from`, `to` and `note`"),
        );
    }
}

fn row_of(site: &Site, file: &SitePath, row: &Raw, faults: &mut Vec<Diagnostic>) -> Option<Redirect> {
    let cell = |name: &str| {
        let raw = row.get(name)?;
        match &raw.kind {
            RawKind::Text(text) => Some((text.as_str(), Span::new(file, raw.span.clone()))),
            _ => None,
        }
    };
    let (from, to) = match (cell("from"), cell("to")) {
        (Some(from), Some(to)) => (from, to),
        (None, None) => return None,
        (from, _) => {
            // A missing column has already been reported.
            let empty = if from.is_none() { "from" } else { "to" };
            row.get(empty)?;
            faults.push(
                Diagnostic::new(Code::MissingField, format!("this line has no `{empty}`"))
                    .at(file, row.span.clone())
                    .help("write both: the former address, and where it leads now"),
            );
            return None;
        }
    };
    let (from_at, to_at) = (from.1, to.1);
    let is_pattern = wildcard(from.0).is_some();
    let from = former(from.0, &site.config.base)
        .map_err(|message| faults.push(bad_from(from.0, message, from_at.clone())))
        .ok();
    if is_pattern {
        // The target is then one too.
        return None;
    }
    let to = target(site, to.0)
        .map_err(|message| {
            faults.push(Diagnostic::new(Code::BadAddress, message).span(to_at.clone()).help(
                "write an address of this site such as `/publications/`, or a full one that begins with https://",
            ));
        })
        .ok();
    let (from, to) = from.zip(to)?;
    Some(Redirect { from: from.address, ending: from.ending, to, by: By::Table, span: from_at, target: to_at })
}

fn target(site: &Site, text: &str) -> Result<To, String> {
    let text = text.trim();
    if let Some(below) = site.config.base.path_of(text).filter(|_| !text.chars().any(char::is_control)) {
        return Ok(To::Here(here(&below)));
    }
    if is_full(text) {
        return match url::Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "https" | "http") && url.has_host() => Ok(To::Elsewhere(url.to_string())),
            _ => Err(format!("`{text}` is not a web address")),
        };
    }
    Err(format!("`{text}` is neither an address of this site nor a full one"))
}

/// An address of this site; a query or an anchor stays as written.
fn here(text: &str) -> Address {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    Address::new(&super::former::decoded(&text[..end])).followed_by(&text[end..])
}

/// The patterns of `[[moved]]`.
pub(super) fn patterns(site: &Site, faults: &mut Vec<Diagnostic>) -> Vec<MovedPattern> {
    site.config.moved.iter().filter_map(|moved| pattern(moved).map_err(|fault| faults.push(fault)).ok()).collect()
}

fn pattern(moved: &Moved) -> Result<MovedPattern, Diagnostic> {
    let wrong = |message: String, span: &Span| Diagnostic::new(Code::WrongSetting, message).span(span.clone());
    let read = |(text, span): &(String, Span)| Pattern::parse(text).map_err(|message| wrong(message, span));
    let (from, to) = (read(&moved.from)?, read(&moved.to)?);
    if let Some(name) = from.names().iter().find(|name| !to.names().contains(name)) {
        return Err(wrong(format!("`{{{name}}}` is in `from` but not in `to`"), &moved.from.1));
    }
    if let Some(name) = to.names().iter().find(|name| !from.names().contains(name)) {
        return Err(wrong(format!("`{{{name}}}` is in `to` but not in `from`"), &moved.to.1));
    }
    Ok(MovedPattern { from, to, span: moved.from.1.clone(), is_free: false })
}
