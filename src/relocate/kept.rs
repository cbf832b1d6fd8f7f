//! Addresses that change → the former ones, kept where they belong: in the entry's `aliases`, else in `redirects.csv`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::aliases::{self, Changes};
use super::mend::Mend;
use super::written;
use crate::config::Format;
use crate::edits::Edits;
use crate::path::{Address, SitePath};
use crate::redirects::{By, TABLE, To, cell, former, line};
use crate::routes::{RouteKind, is_event, is_permanent};
use crate::schema::Value;
use crate::site::{Ix, Listing};

/// Adds what keeps the former addresses working; a file that does not exist yet goes to `created`.
pub(super) fn keep(mend: &Mend<'_>, edits: &mut Edits, created: &mut BTreeMap<SitePath, String>) {
    let mut kept = KeptNames { mend, of_entries: BTreeMap::new(), lines: BTreeMap::new(), gone: BTreeSet::new() };
    kept.targets(edits);
    kept.former_addresses();
    kept.patterns();
    kept.of_merged();
    kept.come_back();
    kept.names();
    kept.write(edits, created);
}

struct KeptNames<'a> {
    mend: &'a Mend<'a>,
    /// By the entry of `before` whose front matter changes.
    of_entries: BTreeMap<Ix, Changes>,
    /// Lines for `redirects.csv`.
    lines: BTreeMap<Address, Address>,
    /// Where the lines of `redirects.csv` begin that are removed.
    gone: BTreeSet<usize>,
}

impl KeptNames<'_> {
    /// Whether anything answers at an address once the files have moved.
    fn is_answered(&self, address: &Address) -> bool {
        let after = &self.mend.after.routes;
        after.at(address).is_some() || after.redirects.at(address).is_some()
    }

    /// Gives `address` to the entry found at `new`, or to `redirects.csv` if that is no entry.
    fn add(&mut self, address: &Address, new: &Address, entry: Option<Ix>) {
        match entry.map(|ix| self.mend.holder(ix)) {
            Some(ix) => {
                let changes = self.of_entries.entry(ix).or_default();
                if !changes.add.contains(address) {
                    changes.add.push(address.clone());
                }
            }
            None => {
                self.lines.insert(address.clone(), new.clone());
            }
        }
    }

    fn former_addresses(&mut self) {
        let before = self.mend.before;
        let listed: BTreeSet<&Address> =
            before.routes.redirects.ledger.lines.iter().map(|line| &line.address).collect();
        for (old, new) in &self.mend.addresses {
            let Some(route) = before.routes.at(old) else { continue };
            if self.is_answered(old) {
                continue;
            }
            match &route.kind {
                RouteKind::Entry(ix) => self.add(old, new, Some(*ix)),
                kind if is_permanent(&before.site, kind) || listed.contains(old) => self.add(old, new, None),
                _ => {}
            }
        }
        // An entry that is hidden now may have been public once.
        if listed.is_empty() {
            return;
        }
        let site = &before.site;
        for ix in
            site.all().filter(|ix| !site.is_shown(*ix) && self.mend.plan.moves.contains_key(&site.entry(*ix).source))
        {
            let Some(old) = site.later_address(ix).filter(|old| listed.contains(old)) else { continue };
            let new = self.mend.counterpart(ix).and_then(|ix| self.mend.after.site.later_address(ix));
            if let Some(new) = new.filter(|new| *new != old) {
                self.add(&old, &new, Some(ix));
            }
        }
    }

    /// A pattern no longer yields the former address once its target has moved.
    fn patterns(&mut self) {
        let before = self.mend.before;
        for one in before.routes.redirects.all().iter().filter(|one| matches!(one.by, By::Pattern(_))) {
            let To::Here(to) = &one.to else { continue };
            let Some(new) = self.mend.addresses.get(to).filter(|_| !self.is_answered(&one.from)) else { continue };
            match before.routes.at(to).map(|route| &route.kind) {
                Some(RouteKind::Entry(ix)) => self.add(&one.from, new, Some(*ix)),
                _ => self.add(&one.from, new, None),
            }
        }
    }

    /// The former addresses of a merged entry go to the one that stays.
    fn of_merged(&mut self) {
        let site = &self.mend.before.site;
        for one in self.mend.before.routes.redirects.all() {
            let By::Alias(ix) = one.by else { continue };
            if !self.mend.plan.removed.contains(&site.entry(ix).source) {
                continue;
            }
            if let Some(new) = self.mend.counterpart(ix).and_then(|ix| self.mend.after.site.address(ix)) {
                self.add(&one.from, new, Some(ix));
            }
        }
    }

    /// An address that is in use again is no longer a former one.
    fn come_back(&mut self) {
        let (site, after) = (&self.mend.before.site, &self.mend.after.site);
        for ix in site.all() {
            let entry = site.entry(ix);
            let Some(Value::List(items)) = entry.values.get("aliases").map(|placed| &placed.value) else { continue };
            if !self.mend.plan.moves.contains_key(&entry.source) {
                continue;
            }
            let new =
                self.mend.counterpart(ix).and_then(|ix| after.address(ix).cloned().or_else(|| after.later_address(ix)));
            for item in items {
                let Value::Text(text) = &item.value else { continue };
                let address = former(text, &site.config.base).ok().map(|former| former.address);
                if address.is_some() && address == new {
                    self.of_entries.entry(ix).or_default().remove.push(item.span.clone());
                }
            }
        }
    }

    /// Readers of a feed or a calendar know an entry by its identity, unless it states a name of its own.
    fn names(&mut self) {
        let (site, after) = (&self.mend.before.site, &self.mend.after.site);
        let is_followed = |listing: &&Arc<Listing>| {
            let formats = &site.config.lists[&listing.list].formats;
            [Format::Atom, Format::Rss, Format::Ics].iter().any(|format| formats.contains(format))
        };
        let listed = site.listings().iter().filter(is_followed).flat_map(|listing| &listing.items).copied();
        // An event has a calendar of its own.
        let followed: BTreeSet<Ix> = listed.chain(site.shown().filter(|ix| is_event(site, *ix))).collect();
        for ix in followed.into_iter().filter(|ix| site.subject(*ix) == *ix) {
            let stays = !self.mend.plan.removed.contains(&site.entry(ix).source);
            let Some(counterpart) = self.mend.counterpart(ix).filter(|_| stays) else { continue };
            let (old, new) = (site.lasting_name(ix), after.lasting_name(counterpart));
            if old != new {
                self.of_entries.entry(ix).or_default().id = Some(old);
            }
        }
    }

    /// Updates the targets of lines in `redirects.csv`.
    fn targets(&mut self, edits: &mut Edits) {
        for one in self.mend.before.routes.redirects.all().iter().filter(|one| one.by == By::Table) {
            let To::Here(to) = &one.to else { continue };
            let Some(new) = self.mend.new_address(&written(to)) else { continue };
            // It returns to where it once was.
            if new == written(&one.from) {
                self.gone.insert(one.span.start);
            } else {
                edits.replace(&one.target.file, one.target.start..one.target.end, cell(&new));
            }
        }
    }

    fn write(mut self, edits: &mut Edits, created: &mut BTreeMap<SitePath, String>) {
        let site = &self.mend.before.site;
        for (ix, changes) in std::mem::take(&mut self.of_entries) {
            let entry = site.entry(ix);
            let text = site.source_text(&entry.source);
            if aliases::change(entry, text, &changes, edits).is_err() {
                let new = self.mend.counterpart(ix).and_then(|ix| self.mend.after.site.address(ix)).cloned();
                self.lines.extend(
                    new.into_iter().flat_map(|new| changes.add.iter().map(move |old| (old.clone(), new.clone()))),
                );
            }
        }
        let text = site.tree.named(TABLE).and_then(|file| file.text());
        let Some(file) = SitePath::new(TABLE) else { return };
        if let Some(text) = text {
            for start in &self.gone {
                let line = text[..*start].rfind('\n').map_or(0, |at| at + 1);
                let end = text[*start..].find('\n').map_or(text.len(), |at| start + at + 1);
                edits.replace(&file, line..end, "");
            }
        }
        if self.lines.is_empty() {
            return;
        }
        let is_begun = text.is_some_and(|text| !text.trim_start_matches('\u{feff}').trim().is_empty());
        let mut more = String::new();
        for (from, to) in &self.lines {
            more.push_str(&line(text, &written(from), &written(to)));
            more.push('\n');
        }
        match text.filter(|_| is_begun) {
            Some(text) => {
                let start = if text.ends_with('\n') { "" } else { "\n" };
                edits.replace(&file, text.len()..text.len(), format!("{start}{more}"));
            }
            None => {
                created.insert(file, format!("from,to\n{more}"));
            }
        }
    }
}
