//! Addresses published before + what the site answers now → the lost ones, with the line that saves each, and those that
//! their owners took down.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fate, LEDGER, Redirects, TABLE, line};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::{Address, SitePath};
use crate::schema::Value;
use crate::site::{Ix, Site};

/// Every address in `addresses.txt` that nothing answers: neither one of `standing`, in order, nor a redirect.
///
/// `with_hidden` gives, if needed, the addresses that the site would answer if nothing were hidden: their owners took them down.
pub(crate) fn lost(
    site: &Site,
    table: &Redirects,
    standing: &[&Address],
    with_hidden: impl FnOnce() -> BTreeSet<Address>,
) -> Vec<Diagnostic> {
    let is_lost = |address: &Address| standing.binary_search(&address).is_err() && table.at(address).is_none();
    let lines = table.ledger.lines.iter().filter(|line| line.fate == Fate::Kept && is_lost(&line.address));
    let lines: Vec<_> = lines.collect();
    let Some(file) = SitePath::new(LEDGER).filter(|_| !lines.is_empty()) else { return Vec::new() };
    let names = Names::new(site, standing);
    let hidden = with_hidden();
    lines
        .into_iter()
        .map(|line| {
            let address = &line.address;
            if hidden.contains(address) {
                let why = why_hidden(site, address).unwrap_or_else(|| "what was there is no longer public".to_owned());
                let message = format!("`{address}` was published before: {why}");
                let help =
                    format!("if this is temporary, there is nothing to do; if it is permanent, {}", give_up(address));
                return Diagnostic::new(Code::AddressTakenDown, message).at(&file, line.span.clone()).help(help);
            }
            Diagnostic::new(Code::AddressLost, format!("`{address}` was published before, but leads nowhere now"))
                .at(&file, line.span.clone())
                .help(names.advice(site, address))
                .missing(&format!("content{}", address.as_str().trim_end_matches('/')))
        })
        .collect()
}

/// What each last name of an address leads to.
struct Names<'a> {
    entries: BTreeMap<&'a str, Vec<Ix>>,
    others: BTreeMap<&'a str, Vec<&'a Address>>,
}

impl<'a> Names<'a> {
    fn new(site: &'a Site, standing: &[&'a Address]) -> Self {
        let mut names = Self { entries: BTreeMap::new(), others: BTreeMap::new() };
        for ix in site.shown().filter(|ix| site.has_page(*ix) && !site.entry(*ix).is_row) {
            if let Some(name) = site.address(ix).and_then(last_name) {
                names.entries.entry(name).or_default().push(ix);
            }
        }
        for address in standing {
            if let Some(name) = last_name(address) {
                names.others.entry(name).or_default().push(address);
            }
        }
        names
    }

    /// The line to add, and where.
    fn advice(&self, site: &Site, address: &Address) -> String {
        let give_up = format!("or {}", give_up(address));
        let name = last_name(address).unwrap_or_default();
        if let Some([only]) = self.entries.get(name).map(Vec::as_slice) {
            let entry = site.entry(*only);
            let is_more = matches!(entry.values.get("aliases").map(|placed| &placed.value), Some(Value::List(items)) if !items.is_empty());
            return match is_more {
                true => format!("if it is now {}, add \"{address}\" to its `aliases`; {give_up}", entry.source),
                false => format!("if it is now {}, add to it: aliases = [\"{address}\"]; {give_up}", entry.source),
            };
        }
        let to = match self.others.get(name).map(Vec::as_slice) {
            Some([only]) => only.as_str(),
            _ => "/WHERE-IT-IS-NOW/",
        };
        let table = site.tree.named(TABLE);
        let line = line(table.and_then(|file| file.text()), address.as_str(), to);
        match table {
            Some(_) => format!("add to {TABLE}: {line}; {give_up}"),
            None => format!("create {TABLE} with the two lines `from,to` and `{line}`; {give_up}"),
        }
    }
}

/// Why the entry whose page would be at an address is hidden.
fn why_hidden(site: &Site, address: &Address) -> Option<String> {
    let ix = site.hidden_entry_at(address)?;
    Some(site.visibility(ix).hidden()?.of(&site.entry(ix).source))
}

/// How to give up an address.
fn give_up(address: &Address) -> String {
    format!("give it up: pamphlet addresses --give-up {}", quoted(address.as_str()))
}

/// The last part of an address: `a-report` of `/publications/a-report/`.
fn last_name(address: &Address) -> Option<&str> {
    address.path().trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty())
}

/// An address as a cell of a table.
pub(crate) fn cell(text: &str) -> String {
    match text.contains([',', '"', ';', '\t']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

/// An address as typed on a command line.
fn quoted(text: &str) -> String {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte));
    if plain { text.to_owned() } else { format!("\"{text}\"") }
}
