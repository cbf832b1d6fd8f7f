//! `aliases` of entries and `[[moved]]` → former addresses as written, each with its place; an address → what it leads to.

use super::former::{former, is_full, wildcard};
use super::{By, MovedPattern, Pattern, Redirect, To};
use crate::config::Moved;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::Address;
use crate::schema::Value;
use crate::site::{Ix, Site};

/// The `aliases` of every public entry.
pub(super) fn aliases(site: &Site, faults: &mut Vec<Diagnostic>) -> Vec<Redirect> {
    let mut all = Vec::new();
    for ix in site.shown() {
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

pub(super) fn bad_from(text: &str, message: String, span: Span) -> Diagnostic {
    let help = match wildcard(text) {
        Some(_) => {
            "write a pattern in site.toml, with a name in braces for the part that may be anything: \
             `[[moved]]`, `from = \"/blog/{slug}/\"`, `to = \"/publications/{slug}/\"`"
        }
        None if text.split('/').any(|part| part.len() > 255) => {
            "no page can be at so long a name: if readers still use it, redirect it on the server itself"
        }
        None => "write the part after the host: `/old/page/`, `/old.pdf` or `/index.php?p=39089`",
    };
    Diagnostic::new(Code::BadAddress, message).span(span).help(help)
}

pub(super) fn target(site: &Site, text: &str) -> Result<To, String> {
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
    site.config.moved.iter().filter_map(|moved| pattern(site, moved).map_err(|fault| faults.push(fault)).ok()).collect()
}

fn pattern(site: &Site, moved: &Moved) -> Result<MovedPattern, Diagnostic> {
    let wrong = |message: String, span: &Span| Diagnostic::new(Code::WrongSetting, message).span(span.clone());
    // The path that the site is at may stand before them, as in a link.
    let read = |(text, span): &(String, Span)| {
        let text = site.config.base.path_of(text).unwrap_or(text.into());
        Pattern::parse(&text).map_err(|message| wrong(message, span))
    };
    let (from, to) = (read(&moved.from)?, read(&moved.to)?);
    if let Some(name) = from.names().iter().find(|name| !to.names().contains(name)) {
        return Err(wrong(format!("`{{{name}}}` is in `from` but not in `to`"), &moved.from.1));
    }
    if let Some(name) = to.names().iter().find(|name| !from.names().contains(name)) {
        return Err(wrong(format!("`{{{name}}}` is in `to` but not in `from`"), &moved.to.1));
    }
    Ok(MovedPattern { from, to, span: moved.from.1.clone(), is_free: false })
}
