//! Entries + settings + a moment → a [`Site`]: the frozen snapshot that everything published is made from.
//!
//! Each value is made from earlier ones and complete once made. What it is made from says what can change it, so it is taken
//! over from the snapshot before while that is equal.
//!
//! 1. `visibility`: the entries as they are at the moment, and who may see each;
//! 2. `structure`, from facts of entries, settings and the moment: `identities` (with `languages`: which entry is a
//!    translation of which), `addresses` (with `introductions`, which are at those of lists), `references`;
//! 3. `members`, from facts and structure: which entries each list shows; `moments`: how long all that stays true;
//! 4. `lists`, from heads and members, in an `order`, for which `collation` knows languages; `unique` values;
//! 5. `arrangement`: all of these, and which of them are taken over;
//! 6. `entry_checks`, from structure, files and one entry: its `links` (`outside`: those to elsewhere; `meant` and `broken`: what a
//!    broken one was to be, and its fault), `pictures`, `figures`, `charts` and `sheets`, `placeholders`, `advice` to its editor;
//!    `pieces`: until when what is wrong is in something hidden; of all entries together, `circles` of references and what is `unused`;
//! 7. here: the snapshot of all this, which answers other modules; `changed` and `papers` are for machines, `statistics` gives
//!    the numbers that fields quote.
//!
//! A snapshot never changes; an edit makes a new one. Only this module knows what is hidden: `Site::shown` gives what is in the
//! snapshot; `all` and what finds an entry by its name give hidden ones too.
//!
//! Not here: HTML, templates, output paths.

mod addresses;
mod advice;
mod placeholders;
mod arrangement;
mod broken;
mod changed;
mod charts;
mod circles;
mod collation;
mod entry_checks;
mod figures;
mod identities;
mod introductions;
mod languages;
mod links;
mod lists;
mod meant;
mod members;
mod moments;
mod order;
mod outside;
mod papers;
mod pictures;
mod pieces;
mod references;
mod sheets;
mod statistics;
#[cfg(test)]
pub(crate) mod sabotage;
mod structure;
#[cfg(test)]
mod tests;
mod unique;
mod unused;
mod visibility;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ZonedDateTime;

use crate::config::Config;
use crate::content::{Entry, EntryId, Facts, Heads, Part};
use crate::diagnostic::Diagnostic;
use crate::images;
use crate::path::{Address, SitePath};
use crate::source::Tree;

use arrangement::{Arrangement, arrangement, skeleton};
pub(crate) use charts::Chart;
use charts::Charts;
use entry_checks::{Finding, Inputs};
pub(crate) use figures::{Figures, stated as stated_id};
use identities::{Basis, Identities};
pub(crate) use links::{LinkTo, scheme, whole_name};
pub(crate) use lists::{Group, Listing, groups};
pub(crate) use meant::{OWN_MACHINE, full_address, is_of_own_machine, relative};
pub(crate) use members::reference_target;
pub(crate) use pictures::Picture;
pub(crate) use pieces::Piece;
use structure::Structure;
use visibility::Asked;
pub(crate) use visibility::{Hidden, View, Visibility};

/// An entry's number in its snapshot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Ix(pub(crate) u32);

/// A site at one moment.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) config: Arc<Config>,
    pub(crate) tree: Arc<Tree>,
    pub(crate) images: Arc<images::ImageMemory>,
    pub(crate) now: ZonedDateTime,
    pub(crate) view: View,
    entries: Arc<[Arc<Entry>]>,
    /// What depends only on heads of entries, settings and the moment.
    arrangement: Arc<Arrangement>,
    /// What each entry makes public, and its faults; `None` for most, which have neither.
    findings: Vec<Option<Arc<Finding>>>,
    files: BTreeMap<SitePath, Address>,
    pictures: BTreeMap<SitePath, Picture>,
    /// The entries with charts.
    charts: Charts,
}

impl Site {
    /// The snapshot of `entries` at `now`. What it has in common with `before` is taken from there.
    pub(crate) fn new(
        tree: Arc<Tree>,
        config: Arc<Config>,
        entries: Arc<[Arc<Entry>]>,
        images: Arc<images::ImageMemory>,
        now: ZonedDateTime,
        view: View,
        before: Option<&Self>,
    ) -> Self {
        let asked = Asked { config: &config, now: &now, view };
        let entries = visibility::at_moment(&entries, &tree, asked);
        let before = before.filter(|before| before.is_true_for(&config, &now, view));
        let heads = Heads::of(&entries);
        let facts = Facts::of(heads, members::words(asked));
        let arrangement = match before {
            Some(before) if heads.are_as(before.heads()) => before.arrangement.clone(),
            _ => {
                let skeleton = match before {
                    Some(before) if facts.are_as(before.facts()) => before.arrangement.skeleton.clone(),
                    _ => Arc::new(skeleton(facts, asked, before.map(|before| &*before.arrangement.skeleton))),
                };
                let before = before.map(|before| (before.heads(), &*before.arrangement));
                Arc::new(arrangement(heads, facts, asked, skeleton, before))
            }
        };
        #[cfg(test)]
        let arrangement = sabotage::arranged(arrangement, before.map(|before| &before.arrangement));
        let structure = &arrangement.skeleton.structure;
        let inputs = Inputs { entries: &entries, asked, structure, tree: &tree, images: &images };
        let findings = entry_checks::findings(inputs, before.map(|before| (before.inputs(), &*before.findings)));
        let (files, pictures, charts) = entry_checks::published(&findings);
        Self { config, tree, images, now, view, entries, arrangement, findings, files, pictures, charts }
    }

    /// All its faults. Those of entries that are not public here are warnings: they stop no build, since none publishes these
    /// entries.
    pub(crate) fn faults(&self) -> Vec<Diagnostic> {
        let mut faults: Vec<Diagnostic> = self.arrangement.faults(&self.tree).collect();
        faults.extend(self.findings.iter().flatten().flat_map(|finding| finding.faults.iter().cloned()));
        faults.extend(advice::of_site(self));
        faults.extend(self.entry_faults());
        for fault in &mut faults {
            if let (Some(due), Some(at)) = (&mut fault.error_from, &fault.span)
                && self.identities().rows(&at.file).is_some()
            {
                due.what = "row";
            }
        }
        faults
    }

    /// Whether everything it is made from, except entries and files, would be the same for a snapshot at `now`.
    fn is_true_for(&self, config: &Arc<Config>, now: &ZonedDateTime, view: View) -> bool {
        self.view == view
            && Arc::ptr_eq(&self.config, config)
            && self.now <= *now
            && self.now.time_zone() == now.time_zone()
            && self.true_until().is_none_or(|until| *now < until)
    }

    fn asked(&self) -> Asked<'_> {
        Asked { config: &self.config, now: &self.now, view: self.view }
    }

    fn heads(&self) -> Heads<'_> {
        Heads::of(&self.entries)
    }

    fn facts(&self) -> Facts<'_> {
        Facts::of(self.heads(), self.arrangement.skeleton.words)
    }

    fn structure(&self) -> &Structure {
        &self.arrangement.skeleton.structure
    }

    fn identities(&self) -> &Identities {
        &self.structure().identities
    }

    fn basis(&self) -> Basis<'_> {
        self.structure().basis(self.facts(), self.asked())
    }

    fn inputs(&self) -> Inputs<'_> {
        let Self { entries, arrangement, tree, images, .. } = self;
        Inputs { entries, asked: self.asked(), structure: &arrangement.skeleton.structure, tree, images }
    }

    /// The faults found while the entries were read; those of hidden entries are lowered.
    fn entry_faults(&self) -> impl Iterator<Item = Diagnostic> + '_ {
        self.all().flat_map(move |ix| {
            let (entry, visibility) = (self.entry(ix), self.visibility(ix));
            entry.faults.iter().cloned().map(move |fault| pieces::settle(entry, visibility, &self.now, fault))
        })
    }

    /// An entry.
    pub(crate) fn entry(&self, ix: Ix) -> &Arc<Entry> {
        &self.entries[ix.0 as usize]
    }

    /// The permanent name of an entry's subject in feeds and calendars, whatever its address: the one it states, else its
    /// identity; `move` states it when the identity changes.
    pub(crate) fn lasting_name(&self, ix: Ix) -> String {
        let stated = |ix| self.entry(ix).core.id.as_deref().map(str::to_owned);
        stated(ix).or_else(|| stated(self.subject(ix))).unwrap_or_else(|| {
            let id = &self.entry(ix).id;
            format!("{}/{}", id.collection, id.key)
        })
    }

    /// Every entry, hidden ones included.
    pub(crate) fn all(&self) -> impl Iterator<Item = Ix> + use<> {
        self.identities().all()
    }

    /// The subject with this identity: the entry in the site's language, if it exists in that.
    pub(crate) fn by_id(&self, collection: &str, key: &str) -> Option<Ix> {
        self.identities().by_id(collection, key)
    }

    /// The entry whose text or part is in the file `source`.
    pub(crate) fn by_source(&self, source: &SitePath) -> Option<Ix> {
        self.identities().by_source(source)
    }

    /// The files that public entries refer to, and their addresses.
    pub(crate) fn files(&self) -> &BTreeMap<SitePath, Address> {
        &self.files
    }

    /// The images that public entries show.
    pub(crate) fn pictures(&self) -> &BTreeMap<SitePath, Picture> {
        &self.pictures
    }

    /// Why parts of an entry are not public: parts shown only because everything is, and parts not shown.
    pub(crate) fn parts_not_public(&self, ix: Ix) -> impl Iterator<Item = (&Part, Hidden)> {
        let entry = self.entry(ix);
        entry.all_parts().filter_map(|part| Some((part, visibility::why_part_hidden(part, &self.now)?)))
    }

    /// The next moment after `now` from which this snapshot is no longer true, even without an edit.
    pub(crate) fn true_until(&self) -> Option<ZonedDateTime> {
        self.arrangement.skeleton.until.clone()
    }

    /// Everything that is to become public, and when, the soonest first.
    pub(crate) fn coming(&self) -> Vec<(&ZonedDateTime, Ix)> {
        let mut all: Vec<_> = self.basis().scheduled().collect();
        all.sort_by(|a, b| a.0.cmp(b.0).then(a.1.cmp(&b.1)));
        all
    }

    /// The last moment at which an entry, a part or a block of a text becomes public.
    pub(crate) fn last_change(&self) -> Option<ZonedDateTime> {
        let whole = self.basis().scheduled().map(|(when, _)| when.clone());
        whole.chain(self.coming_in_part().into_iter().map(|(when, _)| when)).max()
    }

    /// Which public entries expire, and when.
    pub(crate) fn expiring(&self) -> Vec<(ZonedDateTime, Ix)> {
        let of_entry = |ix: Ix| self.basis().expiries(ix).filter(|when| *when > self.now).map(move |when| (when, ix));
        self.shown().flat_map(of_entry).collect()
    }

    /// Which entries have parts, or blocks of texts, that become public, and when.
    pub(crate) fn coming_in_part(&self) -> Vec<(ZonedDateTime, Ix)> {
        self.basis().coming_in_part()
    }

    /// The text of a file, for messages that quote it.
    pub(crate) fn source_text(&self, file: &SitePath) -> &str {
        self.tree.get(file).and_then(|file| file.text()).unwrap_or("")
    }

    /// Whether it equals `before` in everything that decides what is published, and where: all but texts and templates.
    pub(crate) fn publishes_as(&self, before: &Self) -> bool {
        let is_arranged_as = Arc::ptr_eq(&self.arrangement, &before.arrangement);
        #[cfg(test)]
        let is_arranged_as = is_arranged_as || sabotage::is(sabotage::Sabotage::KeepCards);
        is_arranged_as && self.stands_as(before)
    }

    /// Whether it equals `before` in everything that decides what is published, and where, but words: share images show those.
    pub(crate) fn stands_as(&self, before: &Self) -> bool {
        let has_skeleton = Arc::ptr_eq(&self.arrangement.skeleton, &before.arrangement.skeleton);
        #[cfg(test)]
        let has_skeleton = has_skeleton || sabotage::is(sabotage::Sabotage::KeepCards);
        has_skeleton
            && self.inputs().same_as(&before.inputs())
            && self.files == before.files
            && self.charts == before.charts
            && self.pictures.len() == before.pictures.len()
            && self.pictures.iter().zip(&before.pictures).all(|((a, one), (b, other))| a == b && one.is_same(other))
    }

    /// An entry's name in messages: "`jane-smith` (people/jane-smith.md)".
    pub(crate) fn named(&self, ix: Ix) -> String {
        self.basis().named(ix)
    }

    /// The identity of an entry as templates write it: `people/jane-smith`.
    pub(crate) fn id_text(id: &EntryId) -> String {
        format!("{}/{}", id.collection, id.key)
    }
}
