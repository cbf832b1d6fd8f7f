//! What moves → the links, references and addresses in all sources that lead to it, with their new text.

use std::collections::BTreeMap;
use std::ops::Range;

use super::places::places;
use super::plan::Plan;
use super::{Stop, by_hand, written};
use crate::config::Lang;
use crate::data::{self, Raw, RawKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::edits::Edits;
use crate::path::{Address, SitePath};
use crate::pipeline::Made;
use crate::redirects::decoded;
use crate::routes::{RouteKind, page_address};
use crate::schema::{Placed, Value};
use crate::site::{Ix, Listing, Site, relative, scheme, whole_name};

/// The site before and after its files have moved.
pub(super) struct Mend<'a> {
    pub(super) before: &'a Made,
    /// Only its references are mended.
    pub(super) after: &'a Made,
    pub(super) plan: &'a Plan,
    /// For each entry of `before`: the entry that it becomes, or that takes its place.
    counterparts: Vec<Option<Ix>>,
    /// The addresses that change, and their new form.
    pub(super) addresses: BTreeMap<Address, Address>,
}

/// How a path is written in a source.
#[derive(Clone, Copy, PartialEq)]
enum PathSyntax {
    Link,
    Field,
}

/// What identifies a listing, whatever its entries are called.
type ListingKey<'a> = (&'a str, Lang, Option<Ix>, Option<(Option<Ix>, &'a str)>);

impl<'a> Mend<'a> {
    /// Works out what each entry and address becomes.
    pub(super) fn new(before: &'a Made, after: &'a Made, plan: &'a Plan) -> Result<Self, Stop> {
        let mut mend = Self { before, after, plan, counterparts: Vec::new(), addresses: BTreeMap::new() };
        mend.counterparts = mend.find_counterparts()?;
        mend.addresses = mend.changed_addresses();
        Ok(mend)
    }

    /// The references that change. They are mended before addresses are known, since a list that belongs to an entry
    /// exists only while others refer to that entry.
    pub(super) fn references_first(before: &'a Made, after: &'a Made, plan: &'a Plan) -> Result<Edits, Stop> {
        let mut mend = Self { before, after, plan, counterparts: Vec::new(), addresses: BTreeMap::new() };
        mend.counterparts = mend.find_counterparts()?;
        let (mut edits, mut unsure) = (Edits::of(before.site.tree.clone()), Vec::new());
        for ix in mend.kept_entries() {
            mend.references(ix, &mut edits, &mut unsure)?;
        }
        Ok(edits)
    }

    fn kept_entries(&self) -> impl Iterator<Item = Ix> {
        let site = &self.before.site;
        site.all().filter(|ix| !self.plan.removed.contains(&site.entry(*ix).source))
    }

    fn find_counterparts(&self) -> Result<Vec<Option<Ix>>, Stop> {
        let (before, after) = (&self.before.site, &self.after.site);
        // Rows are matched by their place among the rows of their file.
        let in_file = |site: &Site| {
            let mut all: BTreeMap<SitePath, Vec<(usize, Ix)>> = BTreeMap::new();
            site.all().for_each(|ix| {
                all.entry(site.entry(ix).source.clone()).or_default().push((site.entry(ix).span.start, ix))
            });
            all.values_mut().for_each(|rows| rows.sort_unstable());
            all
        };
        let (old, new) = (in_file(before), in_file(after));
        let mut found: Vec<Option<Ix>> = vec![None; before.all().count()];
        for (source, rows) in &old {
            let Some(counterparts) = self.plan.after(source).and_then(|source| new.get(&source)) else { continue };
            rows.iter().zip(counterparts).for_each(|((_, ix), (_, new))| found[ix.0 as usize] = Some(*new));
        }
        for (ix, counterpart) in before.all().zip(&found) {
            let source = &before.entry(ix).source;
            if let (None, Some(to)) = (counterpart, self.plan.moves.get(source)) {
                return Err(Stop::Asked(
                    format!("{source} would be no page of its own at `{to}`"),
                    "an entry of that name already exists, or the folder belongs to another entry; write another name"
                        .to_owned(),
                ));
            }
        }
        let origins: BTreeMap<&SitePath, &SitePath> = self.plan.moves.iter().map(|(from, to)| (to, from)).collect();
        let is_new = |ix: &Ix| {
            let entry = after.entry(*ix);
            let origin = origins.get(&entry.source).filter(|_| !entry.is_row);
            origin.is_some_and(|old| before.by_source(old).is_none_or(|ix| before.entry(ix).source != **old))
        };
        if let Some(new) = after.all().filter(|_| !origins.is_empty()).find(is_new) {
            return Err(Stop::Asked(
                format!("`{}` would become a page of its own", after.entry(new).source),
                "it is a part of another entry now; write a place within that, or make a new page of it by hand"
                    .to_owned(),
            ));
        }
        if let Some((_, into)) = self.plan.merged {
            for ix in before.all().filter(|ix| self.plan.removed.contains(&before.entry(*ix).source)) {
                let stays = found[into.0 as usize].map(|stays| after.variant(stays, before.lang(ix)).unwrap_or(stays));
                found[ix.0 as usize] = stays;
            }
        }
        Ok(found)
    }

    /// The new entry that corresponds to an entry of `before`.
    pub(super) fn counterpart(&self, ix: Ix) -> Option<Ix> {
        self.counterparts.get(ix.0 as usize).copied().flatten()
    }

    /// The entry of `before` that will hold the former addresses of `ix`: itself, unless it goes.
    pub(super) fn holder(&self, ix: Ix) -> Ix {
        let site = &self.before.site;
        match self.plan.merged.filter(|_| self.plan.removed.contains(&site.entry(ix).source)) {
            Some((_, into)) => site.variant(into, site.lang(ix)).unwrap_or(into),
            None => ix,
        }
    }

    /// The new address of the entry that is merged into.
    fn merged_address(&self) -> Option<Address> {
        let (_, into) = self.plan.merged?;
        self.after.site.address(self.counterpart(into)?).cloned()
    }

    fn changed_addresses(&self) -> BTreeMap<Address, Address> {
        let (before, after) = (&self.before.site, &self.after.site);
        let key = |listing: &'a Listing, of: &dyn Fn(Ix) -> Option<Ix>| -> ListingKey<'a> {
            let group = listing.group.as_ref().map(|group| match group.entry {
                Some(ix) => (of(ix), ""),
                None => (None, group.slug.as_str()),
            });
            (&listing.list, listing.lang, listing.owner.and_then(of), group)
        };
        let listings: BTreeMap<ListingKey<'_>, &Listing> =
            after.listings().iter().map(|listing| (key(listing, &Some), &**listing)).collect();
        let listing = |number: usize| listings.get(&key(&before.listings()[number], &|ix| self.counterpart(ix)));
        let mut changed = BTreeMap::new();
        for route in self.before.routes.all() {
            let new = match &route.kind {
                RouteKind::Entry(ix) => {
                    self.counterpart(*ix).filter(|ix| after.has_page(*ix)).and_then(|ix| after.address(ix).cloned())
                }
                RouteKind::File(path) => match self.plan.after(path) {
                    Some(new) if new.below("static").is_some() => after.file_address(&new),
                    // It moves alone, and the links to it are mended only after this.
                    Some(new) if new != *path && !after.files().contains_key(&new) => after.file_address(&new),
                    Some(path) => after.files().get(&path).cloned(),
                    None => self.merged_address(),
                },
                RouteKind::List { listing: number, page } => {
                    let first = listing(*number).and_then(|listing| listing.address.clone());
                    first.map(|first| page_address(&first, *page)).or_else(|| self.merged_address())
                }
                RouteKind::Feed { listing: number } => {
                    listing(*number).and_then(|listing| listing.feed.clone()).or_else(|| self.merged_address())
                }
                // These stand beside the list's first page.
                RouteKind::Rss { listing: number } | RouteKind::Calendar { listing: number } => {
                    let first = listing(*number).and_then(|listing| listing.address.clone());
                    let name = route.address.as_str().rsplit('/').next().unwrap_or_default();
                    first.map(|first| first.join(name)).or_else(|| self.merged_address())
                }
                _ => None,
            };
            // A file that no moved page links to any more keeps its address.
            if let Some(new) = new.filter(|new| *new != route.address && !self.still_stands(&route.address)) {
                changed.insert(route.address.clone(), new);
            }
        }
        changed
    }

    fn still_stands(&self, address: &Address) -> bool {
        self.after.routes.at(address).is_some_and(|route| !matches!(route.kind, RouteKind::Redirect(_)))
    }

    /// The new form of `text`, which begins with an address of the site.
    pub(super) fn new_address(&self, text: &str) -> Option<String> {
        let (path, rest) = text.split_at(text.find(['?', '#']).unwrap_or(text.len()));
        let address = Address::new(&decoded(path));
        let new = self.addresses.get(&address).or_else(|| self.addresses.get(&address.page()))?;
        Some(format!("{}{rest}", written(new)))
    }

    /// All changes in texts, fields and settings.
    pub(super) fn edits(&self) -> Result<Edits, Stop> {
        let site = &self.before.site;
        let mut edits = Edits::of(site.tree.clone());
        let mut unsure: Vec<Diagnostic> = Vec::new();
        for ix in self.kept_entries() {
            let entry = site.entry(ix);
            for (file, doc) in entry.whole_texts() {
                let links = doc.links.iter().map(|link| (&link.to, &link.span));
                let images = doc.images.iter().map(|image| (&image.to, &image.span));
                for (to, span) in links.chain(images) {
                    self.destination(file, to, span, PathSyntax::Link, &mut edits, &mut unsure);
                }
                for placed in doc.files_in_blocks() {
                    self.files(file, placed, &mut edits, &mut unsure);
                }
            }
            for (_, placed) in entry.stated() {
                self.files(&entry.source, placed, &mut edits, &mut unsure);
            }
            self.references(ix, &mut edits, &mut unsure)?;
        }
        self.settings(&mut edits)?;
        match unsure.is_empty() {
            true => Ok(edits),
            false => Err(Stop::Faults(unsure, site.tree.clone())),
        }
    }

    fn destination(
        &self,
        file: &SitePath,
        to: &str,
        span: &Range<usize>,
        form: PathSyntax,
        edits: &mut Edits,
        unsure: &mut Vec<Diagnostic>,
    ) {
        let Some(new) = self.new_destination(file, to, form) else { return };
        let text = self.before.site.source_text(file);
        let found = places(text, span, to);
        if found.is_empty() {
            unsure.push(by_hand(
                Span::new(file, span.clone()),
                "this leads to what moves, in a way that I cannot change with certainty",
            ));
        }
        for at in found {
            edits.replace(file, at, new.clone());
        }
    }

    /// The new form of a destination; `None` if it may stay.
    fn new_destination(&self, file: &SitePath, to: &str, form: PathSyntax) -> Option<String> {
        let site = &self.before.site;
        if to.starts_with('/') || site.config.base.path_of(to).is_some() {
            return self.new_on_site(to);
        }
        let is_whole = whole_name(&site.tree, file, to).is_some();
        if !is_whole && (to.starts_with(['#', '?']) || scheme(to).is_some()) {
            return None;
        }
        let (path, rest) = if is_whole { (to, "") } else { to.split_at(to.find('#').unwrap_or(to.len())) };
        let path = match is_whole {
            true => to.into(),
            false => percent_encoding::percent_decode_str(path).decode_utf8_lossy(),
        };
        let target = file.folder().join(&path)?;
        site.tree.get(&target)?;
        let (new_target, rest) = match self.plan.after(&target) {
            Some(target) => (target, rest),
            None => self.in_its_place(&target, rest)?,
        };
        let new_file = self.plan.after(file)?;
        if new_file.folder().join(&path).as_ref() == Some(&new_target) {
            return None;
        }
        Some(format!("{}{rest}", encoded(&relative(&new_file, new_target.as_str()), form)))
    }

    /// What replaces a text that goes; an anchor stays only if the replacement has it too.
    fn in_its_place<'t>(&self, target: &SitePath, rest: &'t str) -> Option<(SitePath, &'t str)> {
        let site = &self.before.site;
        let (old, into) = self.plan.merged?;
        (site.by_source(target) == Some(old)).then_some(())?;
        let stays = site.entry(into);
        let anchor = rest.trim_start_matches('#');
        let is_there = stays.texts().iter().any(|(_, doc)| doc.anchors.iter().any(|known| known == anchor));
        Some((stays.source.clone(), if is_there { rest } else { "" }))
    }

    fn files(&self, file: &SitePath, placed: &Placed, edits: &mut Edits, unsure: &mut Vec<Diagnostic>) {
        match &placed.value {
            Value::File(path) => self.destination(file, path, &placed.span, PathSyntax::Field, edits, unsure),
            Value::Image(image) => self.destination(file, &image.file, &placed.span, PathSyntax::Field, edits, unsure),
            Value::List(items) => items.iter().for_each(|item| self.files(file, item, edits, unsure)),
            Value::Record(fields) => fields.values().for_each(|field| self.files(file, field, edits, unsure)),
            _ => {}
        }
    }

    fn references(&self, ix: Ix, edits: &mut Edits, unsure: &mut Vec<Diagnostic>) -> Result<(), Stop> {
        let (before, after) = (&self.before.site, &self.after.site);
        let entry = before.entry(ix);
        // A value that a translation takes from its original is in the original's file.
        for one in before.references(ix).into_iter().filter(|one| entry.stated_value(one.field).is_some()) {
            let found = before.find(one.target, one.key);
            let [old] = found.as_slice() else { continue };
            let Some(new) = self.counterpart(*old) else { continue };
            let (was, is) = (&before.entry(*old).id, &after.entry(new).id);
            if (&was.collection, &was.key) == (&is.collection, &is.key) {
                continue;
            }
            let span = &one.placed.span;
            if self.plan.removed.contains(&before.entry(*old).source) {
                let list = entry.stated().find_map(|(_, placed)| list_of(placed, span));
                if self.is_named_already(list, one.target, ix, new) {
                    match list {
                        Some(list) => {
                            remove_item(before.source_text(&entry.source), list, span, &entry.source, edits);
                            continue;
                        }
                        None => return Err(names_itself(&entry.source, one.field)),
                    }
                }
            }
            let alone = after.find(one.target, &is.key).as_slice() == [new];
            let is_full = one.key == Site::id_text(was);
            let text = if alone && !is_full { is.key.to_string() } else { Site::id_text(is) };
            let found = places(before.source_text(&entry.source), span, one.key);
            match found.first() {
                Some(at) => edits.replace(&entry.source, at.clone(), text),
                None => unsure.push(by_hand(
                    Span::new(&entry.source, span.clone()),
                    "this names what moves, in a way that I cannot change with certainty",
                )),
            }
        }
        Ok(())
    }

    /// Whether a reference to `new` would appear twice in its list, or in the entry itself.
    fn is_named_already(&self, list: Option<&Placed>, target: &crate::schema::Target, ix: Ix, new: Ix) -> bool {
        let Some((_, into)) = self.plan.merged else { return false };
        let names_into = |item: &Placed| match &item.value {
            Value::Ref(key) => self.before.site.find(target, key).as_slice() == [into],
            _ => false,
        };
        let in_list = matches!(list.map(|list| &list.value), Some(Value::List(items)) if items.iter().any(names_into));
        in_list || self.counterpart(ix) == Some(new)
    }

    /// Addresses in `site.toml` and in the settings of the site's own themes.
    fn settings(&self, edits: &mut Edits) -> Result<(), Stop> {
        let site = &self.before.site;
        let mut shown_on: Vec<String> = Vec::new();
        for file in crate::config::Config::files(&site.tree).filter(|file| file.stamp.is_some()) {
            let Some(text) = file.text() else { continue };
            let body = text.trim_start_matches('\u{feff}');
            let raw = data::toml(&file.path, body, text.len() - body.len()).value;
            self.addresses_in(&raw, &mut |key, value, span| {
                if key == "shown_on" {
                    shown_on.push(value.to_owned());
                }
                let Some(new) = self.new_on_site(value) else { return };
                for at in places(text, span, value) {
                    edits.replace(&file.path, at, new.clone());
                }
            });
        }
        for collection in site.config.collections.values() {
            let Some(page) = collection.shown_on.as_ref().filter(|page| !shown_on.contains(page)) else { continue };
            if let Some(new) = self.new_address(page) {
                return Err(Stop::Asked(
                    format!("the theme shows `{}` on `{page}`, which would move", collection.name),
                    format!(
                        "write into site.toml below `[collections.{}]`: shown_on = \"{page}\"; that line is then changed to `{new}`",
                        collection.name
                    ),
                ));
            }
        }
        Ok(())
    }

    /// The new form of an address of this site, with the site's own before it if that is how it was written.
    fn new_on_site(&self, written: &str) -> Option<String> {
        let path = self.before.site.config.base.path_of(written)?;
        let own = written.strip_suffix(&*path)?;
        self.new_address(&path).map(|new| format!("{own}{new}"))
    }

    /// Passes each text in the settings that may be an address to `each`, with its key.
    fn addresses_in(&self, raw: &Raw, each: &mut dyn FnMut(&str, &str, &Range<usize>)) {
        fn walk(key: &str, raw: &Raw, each: &mut dyn FnMut(&str, &str, &Range<usize>)) {
            match &raw.kind {
                // These keys say where something is to be, not where something else is.
                RawKind::Text(_) if matches!(key, "path" | "route" | "more" | "from" | "base_url") => {}
                RawKind::Text(text) => each(key, text, &raw.span),
                RawKind::List(items) => items.iter().for_each(|item| walk(key, item, each)),
                RawKind::Table(table) => table.iter().for_each(|(key, value)| walk(&key.name, value, each)),
                _ => {}
            }
        }
        walk("", raw, each);
    }

    /// Templates that name what moves: their meaning cannot be known.
    pub(super) fn notes(&self) -> Vec<String> {
        let site = &self.before.site;
        let mut names: Vec<String> =
            self.addresses.keys().map(ToString::to_string).filter(|name| name.len() > 3).collect();
        let moved =
            site.all().filter(|ix| self.plan.after(&site.entry(*ix).source).as_ref() != Some(&site.entry(*ix).source));
        names.extend(moved.map(|ix| Site::id_text(&site.entry(ix).id)));
        let places = ["templates", "themes", "strings"].iter().flat_map(|place| site.tree.below(place));
        let mut notes = Vec::new();
        for file in places.filter(|file| file.stamp.is_some()) {
            let Some(text) = file.text() else { continue };
            let quoted = |name: &&String| {
                text.match_indices(name.as_str()).any(|(at, name)| {
                    let (before, after) = (&text[..at], &text[at + name.len()..]);
                    before.ends_with(['"', '\'']) && after.starts_with(['"', '\'', '#', '?'])
                })
            };
            if let Some(name) = names.iter().take(1_000).find(quoted) {
                notes.push(format!("{} names `{name}`; look whether it should change too", file.path));
            }
        }
        notes
    }
}

fn names_itself(file: &SitePath, field: &str) -> Stop {
    Stop::Asked(
        format!("{file} names the page that would go in `{field}`, and would then name itself"),
        format!("take `{field}` out first"),
    )
}

/// The innermost list that has `span` as an item.
fn list_of<'p>(placed: &'p Placed, span: &Range<usize>) -> Option<&'p Placed> {
    match &placed.value {
        Value::List(items) => {
            let inner = items.iter().find_map(|item| list_of(item, span));
            inner.or_else(|| items.iter().any(|item| item.span == *span).then_some(placed))
        }
        Value::Record(fields) => fields.values().find_map(|field| list_of(field, span)),
        _ => None,
    }
}

/// Removes an item from its list, with the separator after it.
fn remove_item(text: &str, list: &Placed, span: &Range<usize>, file: &SitePath, edits: &mut Edits) {
    let Value::List(items) = &list.value else { return };
    let Some(at) = items.iter().position(|item| item.span == *span) else { return };
    let line = text[..span.start].rfind('\n').map_or(0, |at| at + 1)
        ..text[span.end..].find('\n').map_or(text.len(), |at| span.end + at + 1);
    // JSON does not allow a comma before the end of a list.
    let is_line = file.ending() != "json"
        && line.start > list.span.start
        && text[line.start..span.start].trim_start_matches([' ', '\t', '-']).is_empty()
        && text[span.end..line.end].trim_start_matches(',').trim().is_empty();
    let is_block = text.get(list.span.clone()).is_some_and(|text| text.trim_start().starts_with('-'));
    let range = match (items.get(at + 1), at.checked_sub(1).and_then(|at| items.get(at))) {
        _ if is_line || is_block => line,
        (Some(next), _) => span.start..next.span.start,
        (None, Some(before)) => before.span.end..span.end,
        (None, None) => span.clone(),
    };
    edits.replace(file, range, "");
}

/// A path as written in a source.
fn encoded(path: &str, form: PathSyntax) -> String {
    let mut out = String::with_capacity(path.len());
    for sign in path.chars() {
        let needs = match form {
            PathSyntax::Link => " ()<>%?#\"\\".contains(sign),
            PathSyntax::Field => "%?#".contains(sign),
        };
        if needs && sign.is_ascii() {
            out.push_str(&format!("%{:02X}", u32::from(sign)));
        } else {
            out.push(sign);
        }
    }
    out
}
