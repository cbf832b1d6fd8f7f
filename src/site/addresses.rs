//! Entries → their addresses; files of bundles → theirs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Ix, Site};
use crate::config::{Collection, Lang};
use crate::content::Entry;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::{Address, SitePath, slug};
use crate::schema::Value;

/// The address of every public entry; hidden ones have none.
pub(super) fn of_entries(site: &Site, faults: &mut Vec<Diagnostic>) -> Vec<Option<Address>> {
    let all: Vec<Ix> = site.all().collect();
    let made: Vec<(Option<Address>, Option<Diagnostic>)> = all.par_iter().map(|ix| of_entry(site, *ix)).collect();
    // A pattern that asks for too much is one fault, however many entries lack it.
    let mut reported: Vec<&str> = Vec::new();
    for (ix, (_, fault)) in all.iter().zip(&made) {
        let pattern = site.config.collections[&site.entry(*ix).id.collection].path.as_deref().unwrap_or_default();
        if let Some(fault) = fault.as_ref().filter(|_| !reported.contains(&pattern)) {
            reported.push(pattern);
            faults.push(fault.clone());
        }
    }
    let mut addresses: Vec<Option<Address>> = made.into_iter().map(|(address, _)| address).collect();
    if site.config.has_translations() {
        translate_anchors(site, &mut addresses);
    }
    addresses
}

/// Entries without a page live on the page of their language, if it is there.
fn translate_anchors(site: &Site, addresses: &mut [Option<Address>]) {
    let mut pages: BTreeMap<&str, Option<Ix>> =
        site.config.collections.values().filter_map(|one| Some((one.shown_on.as_deref()?, None))).collect();
    for ix in site.all().filter(|ix| site.lang(*ix) == Lang::OWN) {
        if let Some(address) = &addresses[ix.0 as usize]
            && let Some(page) = pages.get_mut(address.as_str())
        {
            *page = Some(ix);
        }
    }
    for ix in site.all().filter(|ix| site.lang(*ix) != Lang::OWN && site.is_public(*ix)) {
        let entry = site.entry(ix);
        let collection = &site.config.collections[&entry.id.collection];
        let (None, Some(page)) = (&collection.path, collection.shown_on.as_deref()) else { continue };
        let Some(page) = pages.get(page).copied().flatten() else { continue };
        let there = site.variant(page, site.lang(ix)).filter(|there| site.is_public(*there));
        if let Some(there) = there.and_then(|there| addresses[there.0 as usize].as_ref()) {
            addresses[ix.0 as usize] = Some(Address::new(&format!("{there}#{}", entry.id.key)));
        }
    }
}

fn of_entry(site: &Site, ix: Ix) -> (Option<Address>, Option<Diagnostic>) {
    if !site.is_public(ix) {
        return (None, None);
    }
    let entry = site.entry(ix);
    let collection = &site.config.collections[&entry.id.collection];
    let lang = site.lang(ix);
    match (site.config.path(lang, &entry.id.collection), &collection.shown_on) {
        (Some(pattern), _) => {
            let (address, fault) = filled(pattern, entry, collection);
            (Some(Address::new(&format!("{}{address}", site.config.in_language(lang).prefix))), fault)
        }
        (None, Some(page)) => (Some(Address::new(&format!("{page}#{}", entry.id.key))), None),
        (None, None) => (None, None),
    }
}

/// The address pattern with its `{…}` filled in from the entry.
fn filled(pattern: &str, entry: &Entry, collection: &Collection) -> (String, Option<Diagnostic>) {
    let mut fault = None;
    let mut address = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        address.push_str(before);
        match placeholder(name, entry) {
            Some(text) => address.push_str(&text),
            None => {
                let wrong = Diagnostic::new(
                    Code::WrongSetting,
                    format!(
                        "the address pattern `{pattern}` asks for `{{{name}}}`, which {} does not have",
                        entry.id.key
                    ),
                )
                .help("`{slug}`, `{year}` and `{kind}` can be used");
                let span = collection.span.clone().unwrap_or_else(|| Span::file(&entry.source));
                fault.get_or_insert(wrong.span(span));
            }
        }
        rest = after;
    }
    address.push_str(rest);
    (address, fault)
}

fn placeholder<'a>(name: &str, entry: &'a Entry) -> Option<Cow<'a, str>> {
    match name {
        "slug" => Some(entry_slug(entry).into()),
        "year" => match entry.values.get("date").map(|placed| &placed.value)? {
            Value::Date(date) => Some(date.year().to_string().into()),
            Value::DateTime(when) => Some(when.year().to_string().into()),
            _ => None,
        },
        name => Some(slug(entry.text_of(name)?).into()),
    }
}

/// What stands for an entry in its address: its `slug`, else its key.
pub(super) fn entry_slug(entry: &Entry) -> String {
    let is_page = &*entry.id.collection == "pages";
    if is_page && &*entry.id.key == "index" {
        return String::new();
    }
    let by_parts = |text: &str| text.split('/').map(slug).collect::<Vec<_>>().join("/");
    match entry.core.slug.as_deref() {
        // A page's slug replaces the last part of its path only.
        Some(own) if is_page => match entry.id.key.rsplit_once('/') {
            Some((folder, _)) => format!("{}/{}", by_parts(folder), by_parts(own)),
            None => by_parts(own),
        },
        Some(own) => slug(own),
        None => by_parts(&entry.id.key),
    }
}

impl Site {
    /// Where a file of `content/` is found once it is published: beside the page of its bundle, else at its own place.
    ///
    /// `None` for a file of an entry that is hidden or has no page, and for one that no reader can reach.
    pub(crate) fn file_address(&self, file: &SitePath) -> Option<Address> {
        if let Some(below) = file.below("static") {
            return Some(Address::new(below));
        }
        match self.file_owner(file) {
            Some(owner) => {
                let folder = self.entry(owner).bundle.as_ref()?;
                let below = file.below(folder.as_str())?;
                let page = self.address(owner)?;
                self.has_page(owner).then(|| page.join(below))
            }
            None => Some(Address::new(file.below("content")?)),
        }
    }

    /// Where a hidden entry's page will be once it is public; `None` if it will have none.
    pub(crate) fn later_address(&self, ix: Ix) -> Option<Address> {
        let entry = self.entry(ix);
        let collection = &self.config.collections[&entry.id.collection];
        let lang = self.lang(ix);
        let (address, _) = filled(self.config.path(lang, &entry.id.collection)?, entry, collection);
        Some(Address::new(&format!("{}{address}", self.config.in_language(lang).prefix)))
    }

    /// The bundle that a file belongs to.
    pub(crate) fn file_owner(&self, file: &SitePath) -> Option<Ix> {
        let mut folder = file.folder();
        loop {
            if let Some(owner) = self.arrangement.structure.bundles.get(&folder) {
                return Some(*owner);
            }
            folder.parts().next()?;
            folder = folder.folder();
        }
    }
}
