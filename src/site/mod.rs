//! Entries + settings + a moment → a [`Site`]: the frozen snapshot that everything published is made from.
//!
//! 1. `languages`: which entry is a translation of which;
//! 2. `visibility`: what is public at the snapshot's moment;
//! 3. `addresses`: where each entry and each file is found;
//! 4. `references`: what leads to what, and the inverse;
//! 5. `lists`: which entries each declared list shows;
//! 6. `links`: the links in texts and fields, and `pictures`: the images there;
//! 7. `unique`: values that may stand only once;
//! 8. `advice`: what an editor should know though nothing is broken;
//! 9. `moments`: how long all this stays true;
//! 10. `changed`: when an entry last changed, and `papers`: which PDF stands for it, as machines are told;
//! 11. `arrangement`: what an edit of a text leaves as it is, kept from one snapshot to the next, and `words`: what an edit of a
//!     title moves in it; `findings`: the same for each entry by itself.
//!
//! A snapshot never changes; an edit makes a new one. Here is the only place that knows what is hidden: whoever asks the
//! snapshot for entries gets public ones.
//!
//! Not here: HTML, templates, output paths.

mod addresses;
mod advice;
mod changed;
mod collation;
mod entry_checks;
mod arrangement;
mod languages;
mod links;
mod lists;
mod moments;
mod papers;
mod pictures;
mod references;
#[cfg(test)]
pub(crate) mod sabotage;
mod unique;
mod visibility;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ZonedDateTime;

use crate::config::{Config, Lang, MenuItem, Untranslated};
use crate::content::{Entry, EntryId, Part};
use crate::diagnostic::{Diagnostic, Found};
use crate::images::Known;
use crate::path::{Address, SitePath};
use crate::schema::{Name, Target};
use crate::source::Tree;

use arrangement::{Arrangement, Kept, Structure};
use collation::Collation;
use entry_checks::Finding;
pub(crate) use links::{LinkTo, relative, scheme};
pub(crate) use lists::{Group, Listing, groups, reference_target};
pub(crate) use pictures::Picture;
pub(crate) use references::{Edge, Written};
pub(crate) use visibility::{Hidden, View, Visibility};

/// An entry's number in its snapshot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Ix(pub(crate) u32);

/// A site at one moment.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) config: Arc<Config>,
    pub(crate) tree: Arc<Tree>,
    pub(crate) images: Arc<Known>,
    pub(crate) now: ZonedDateTime,
    pub(crate) view: View,
    entries: Arc<[Arc<Entry>]>,
    /// What hangs on fields, settings and the moment alone.
    arrangement: Arc<Arrangement>,
    /// What each entry makes public and shows to be wrong; `None` for most, of which there is nothing to tell.
    findings: Vec<Option<Arc<Finding>>>,
    files: BTreeMap<SitePath, Address>,
    pictures: BTreeMap<SitePath, Picture>,
}

impl Site {
    /// The snapshot of `entries` at `now`, and every fault that it shows.
    ///
    /// Faults of entries that are not public here are warnings: they stop no build that does not publish them. What the
    /// snapshot has in common with `before` is taken from there.
    pub(crate) fn new(
        tree: Arc<Tree>,
        config: Arc<Config>,
        entries: Arc<[Arc<Entry>]>,
        images: Arc<Known>,
        now: ZonedDateTime,
        view: View,
        before: Option<&Self>,
    ) -> Found<Self> {
        let asked = visibility::Asked { config: &config, now: &now, view };
        let entries = visibility::at_moment(&entries, &tree, asked);
        let kept = before.map_or(Kept::Nothing, |before| arrangement::kept(before, &config, &entries, &now, view));
        let (arrangement, findings, files, pictures) = (Arc::default(), Vec::new(), BTreeMap::new(), BTreeMap::new());
        let mut site = Self { config, tree, images, now, view, entries, arrangement, findings, files, pictures };
        match (kept, before) {
            (Kept::Whole(arrangement), _) => site.arrangement = arrangement,
            (Kept::Structure(changed), Some(before)) => words::renew(&mut site, before, &changed),
            _ => site.make_arrangement(),
        }
        site.findings = entry_checks::findings(&site, before);
        (site.files, site.pictures) = entry_checks::published(&site.findings);
        let mut faults = site.arrangement.faults.clone();
        faults.extend(site.findings.iter().flatten().flat_map(|finding| finding.faults.iter().cloned()));
        faults.extend(advice::of_site(&site));
        faults.extend(site.entry_faults());
        Found::new(site, faults)
    }

    /// Each step needs those before it.
    fn make_arrangement(&mut self) {
        let languages = languages::Languages::new(&self.entries, &self.config);
        let asked = visibility::Asked { config: &self.config, now: &self.now, view: self.view };
        let visibility = visibility::all(&self.entries, &languages, asked);
        let collations: Vec<Collation> =
            self.config.languages().map(|lang| Collation::of(&self.config.in_language(lang).code)).collect();
        let title_places = lists::title_places(&self.entries, &collations);
        let structure = Structure { languages, visibility, collations, ..Structure::default() };
        self.arrangement =
            Arc::new(Arrangement { structure: Arc::new(structure), title_places, ..Arrangement::default() });
        self.index();
        let stand_ins = self.all().map(|ix| self.stand_in(ix)).collect();
        self.structure_mut().stand_ins = stand_ins;
        let mut faults = Vec::new();
        let addresses = addresses::of_entries(self, &mut faults);
        self.structure_mut().addresses = addresses;
        let inverse = references::inverse(self, &mut faults);
        self.structure_mut().inverse = inverse;
        let listings = lists::listings(self);
        let mut listing_of: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (n, listing) in listings.iter().enumerate() {
            listing_of.entry((listing.list.clone(), listing.lang, listing.owner)).or_default().push(n);
        }
        self.structure_mut().listing_of = listing_of;
        faults.extend(unique::duplicates(self));
        let arrangement = self.arrangement_mut();
        (arrangement.listings, arrangement.faults) = (listings, faults);
    }

    fn arrangement_mut(&mut self) -> &mut Arrangement {
        Arc::get_mut(&mut self.arrangement).expect("nobody shares a arrangement before it is whole")
    }

    fn structure_mut(&mut self) -> &mut Structure {
        Arc::get_mut(&mut self.arrangement_mut().structure).expect("nobody shares a structure before it is whole")
    }

    fn index(&mut self) {
        let arrangement = Arc::get_mut(&mut self.arrangement).expect("nobody shares a arrangement before it is whole");
        let structure = Arc::get_mut(&mut arrangement.structure).expect("nor its structure");
        for (n, entry) in self.entries.iter().enumerate() {
            let ix = Ix(u32::try_from(n).expect("fewer than four thousand million entries"));
            if structure.languages.subject(ix) == ix && structure.languages.of(ix).is_some() {
                structure.by_key.entry(entry.id.collection.clone()).or_default().insert(entry.id.key.clone(), ix);
            }
            if entry.is_row {
                structure.rows_by_source.entry(entry.source.clone()).or_default().push(ix);
            } else {
                structure.by_source.insert(entry.source.clone(), ix);
                for part in entry.all_parts() {
                    structure.by_source.insert(part.source.clone(), ix);
                }
            }
            if let Some(folder) = &entry.bundle {
                // The files of a bundle are the original's.
                structure.bundles.insert(folder.clone(), structure.languages.subject(ix));
            }
        }
    }

    /// The faults that were found while the entries were read; a hidden entry's are lowered.
    fn entry_faults(&self) -> impl Iterator<Item = Diagnostic> + '_ {
        self.entries.iter().zip(&self.arrangement.structure.visibility).flat_map(|(entry, visibility)| {
            entry.faults.iter().cloned().map(move |fault| visibility.apply_visibility(fault))
        })
    }

    /// An entry.
    pub(crate) fn entry(&self, ix: Ix) -> &Arc<Entry> {
        &self.entries[ix.0 as usize]
    }

    /// What feeds and calendars call the subject of an entry, whatever becomes of its address: what it states, else its
    /// identity; `move` states it where that changes.
    pub(crate) fn lasting_name(&self, ix: Ix) -> String {
        let stated = |ix| self.entry(ix).core.id.as_deref().map(str::to_owned);
        stated(ix).or_else(|| stated(self.subject(ix))).unwrap_or_else(|| {
            let id = &self.entry(ix).id;
            format!("{}/{}", id.collection, id.key)
        })
    }

    /// Every entry, hidden ones too.
    pub(crate) fn all(&self) -> impl Iterator<Item = Ix> + use<> {
        (0..u32::try_from(self.entries.len()).expect("checked when indexed")).map(Ix)
    }

    /// The public entries of a collection that lists for readers of `lang` may show, in the order of their keys.
    pub(crate) fn listed<'a>(
        &'a self,
        collection: &str,
        lang: Lang,
        untranslated: Untranslated,
    ) -> impl Iterator<Item = Ix> + use<'a> {
        self.of_collection(collection)
            .filter_map(move |subject| self.shown_in(subject, lang, untranslated))
            .filter(|ix| self.is_listed(*ix))
    }

    /// The public entries of a collection by weight that may be listed, those that another stands for included.
    pub(crate) fn data(&self, collection: &str, lang: Lang) -> Vec<Ix> {
        let subjects = self.of_collection(collection);
        let mut all: Vec<Ix> =
            subjects.filter_map(|subject| self.shown_in(subject, lang, Untranslated::Show)).collect();
        all.retain(|ix| self.is_listed(*ix));
        lists::sort(self, lang, &mut all, &[]);
        all
    }

    /// Where readers find an entry: its page, or its anchor on the page where its collection is shown.
    pub(crate) fn address(&self, ix: Ix) -> Option<&Address> {
        self.arrangement.structure.addresses[self.stands_for(ix).0 as usize].as_ref()
    }

    /// Whether an entry has a page of its own.
    pub(crate) fn has_page(&self, ix: Ix) -> bool {
        self.stands_for(ix) == ix && self.address(ix).is_some_and(|address| !address.as_str().contains('#'))
    }

    /// The entry that stands for this one: the one that its field `see` names, else itself.
    pub(crate) fn stands_for(&self, ix: Ix) -> Ix {
        self.arrangement.structure.stand_ins.get(ix.0 as usize).copied().unwrap_or(ix)
    }

    fn stand_in(&self, ix: Ix) -> Ix {
        let Some(key) = references::see(self.entry(ix)) else { return ix };
        match self.candidates(&Target::Any, key).as_slice() {
            [other] if self.is_public(*other) => self.in_language(*other, self.lang(ix)),
            _ => ix,
        }
    }

    /// The subjects that a reference `key` may mean: `jane-smith`, or `people/jane-smith`.
    ///
    /// Two of which one stands for the other are one.
    pub(crate) fn find(&self, target: &Target, key: &str) -> Vec<Ix> {
        let mut found = self.candidates(target, key);
        if found.len() > 1 {
            let all = found.clone();
            found.retain(|ix| self.stands_for(*ix) == *ix || !all.contains(&self.stands_for(*ix)));
        }
        found
    }

    fn candidates(&self, target: &Target, key: &str) -> Vec<Ix> {
        let in_one = |collection: &str, key: &str| -> Option<Ix> {
            self.arrangement.structure.by_key.get(collection)?.get(key).copied()
        };
        let mut found: Vec<Ix> = self.target_collections(target).filter_map(|name| in_one(name, key)).collect();
        if let Some((collection, key)) = key.split_once('/')
            && self.target_collections(target).any(|name| **name == *collection)
        {
            found.extend(in_one(collection, key));
        }
        found.dedup();
        found
    }

    /// The names of the collections that a reference may lead to.
    pub(crate) fn target_collections<'a>(&'a self, target: &'a Target) -> impl Iterator<Item = &'a Name> {
        let collections = &self.config.collections;
        let (named, of_trait, any) = match target {
            Target::Collections(names) => (Some(names), None, None),
            Target::Trait(wanted) => (None, Some(self.config.with_trait(*wanted)), None),
            Target::Any => (None, None, Some(collections.keys())),
        };
        // A name that is none of a collection is a fault of the settings.
        let named = named.into_iter().flatten().filter(|name| collections.contains_key(*name));
        named.chain(of_trait.into_iter().flatten().map(|collection| &collection.name)).chain(any.into_iter().flatten())
    }

    /// The subject with this identity: the entry in the site's language, if it is there in that.
    pub(crate) fn by_id(&self, collection: &str, key: &str) -> Option<Ix> {
        self.arrangement.structure.by_key.get(collection)?.get(key).copied()
    }

    /// The entry whose text or part stands in the file `source`.
    pub(crate) fn by_source(&self, source: &SitePath) -> Option<Ix> {
        self.arrangement.structure.by_source.get(source).copied()
    }

    /// The references that stand in the fields of an entry.
    pub(crate) fn references(&self, ix: Ix) -> Vec<Written<'_>> {
        references::references(self, ix)
    }

    /// The entries that refer to `ix` as readers of `lang` are shown them: public ones only, each once for every field
    /// that does.
    pub(crate) fn referrers(&self, ix: Ix, lang: Lang, untranslated: Untranslated) -> impl Iterator<Item = &Edge> {
        let edges =
            self.arrangement.structure.inverse[self.arrangement.structure.languages.subject(ix).0 as usize].iter();
        let is_shown = move |edge: &&Edge| {
            let subject = self.arrangement.structure.languages.subject(edge.from);
            !self.config.has_translations() || self.shown_in(subject, lang, untranslated) == Some(edge.from)
        };
        edges.filter(is_shown)
    }

    /// Every list there is to show.
    pub(crate) fn listings(&self) -> &[Listing] {
        &self.arrangement.listings
    }

    /// The listings of the list `name`: one, or one a group; on the page of `owner` if it is attached.
    pub(crate) fn listings_of(&self, name: &str, lang: Lang, owner: Option<Ix>) -> impl Iterator<Item = &Listing> {
        self.arrangement
            .structure
            .listing_of
            .get(&(Name::from(name), lang, owner))
            .into_iter()
            .flatten()
            .map(|n| &self.arrangement.listings[*n])
    }

    /// The files that public entries refer to, and where they are found.
    pub(crate) fn files(&self) -> &BTreeMap<SitePath, Address> {
        &self.files
    }

    /// The images that public entries show.
    pub(crate) fn pictures(&self) -> &BTreeMap<SitePath, Picture> {
        &self.pictures
    }

    /// The menus for readers of a language, and the lines of each that lead to nothing hidden.
    pub(crate) fn menus(&self, lang: Lang) -> impl Iterator<Item = (&str, Vec<&MenuItem>)> {
        let is_seen = |item: &&MenuItem| self.hidden_at(&item.url).is_none();
        let menus = &self.config.in_language(lang).menus;
        menus.iter().map(move |(name, items)| (name.as_str(), items.iter().filter(is_seen).collect()))
    }

    /// Why parts of an entry are not public: those that are shown only because everything is, and those that are not shown.
    pub(crate) fn parts_not_public(&self, ix: Ix) -> impl Iterator<Item = (&Part, Hidden)> {
        let entry = self.entry(ix);
        entry.all_parts().filter_map(|part| Some((part, visibility::why_part_hidden(part, &self.now)?)))
    }

    /// The next moment after `now` from which this snapshot is no longer true, though nobody edits anything.
    pub(crate) fn true_until(&self) -> Option<ZonedDateTime> {
        self.arrangement.structure.until.get_or_init(|| moments::next(self)).clone()
    }

    /// The order that readers of `lang` expect.
    fn collation(&self, lang: Lang) -> &Collation {
        &self.arrangement.structure.collations[lang.number()]
    }

    /// All subjects of a collection, hidden ones too, in the order of their keys.
    fn of_collection<'a>(&'a self, collection: &str) -> impl Iterator<Item = Ix> + use<'a> {
        self.arrangement.structure.by_key.get(collection).into_iter().flat_map(|keys| keys.values().copied())
    }

    /// Everything that is to become public, and when, the soonest first.
    pub(crate) fn coming(&self) -> Vec<(&ZonedDateTime, Ix)> {
        let mut all: Vec<_> = self.scheduled().collect();
        all.sort_by(|a, b| a.0.cmp(b.0).then(a.1.cmp(&b.1)));
        all
    }

    /// The last moment at which an entry, a part of one or a block of a text becomes public.
    pub(crate) fn last_change(&self) -> Option<ZonedDateTime> {
        let whole = self.scheduled().map(|(when, _)| when.clone());
        whole.chain(self.coming_in_part().into_iter().map(|(when, _)| when)).max()
    }

    /// Which public entries cease to be current, and when.
    pub(crate) fn expiring(&self) -> Vec<(ZonedDateTime, Ix)> {
        let of_entry = |ix: Ix| self.expiries(ix).filter(|when| *when > self.now).map(move |when| (when, ix));
        self.public().flat_map(of_entry).collect()
    }

    /// Of which entries parts, or blocks of texts, become public, and when.
    pub(crate) fn coming_in_part(&self) -> Vec<(ZonedDateTime, Ix)> {
        let zone = self.now.time_zone();
        let of_entry = |ix: Ix| {
            let parts = self.parts_not_public(ix).filter_map(|(_, why)| match why {
                Hidden::Until(when) => Some(when),
                _ => None,
            });
            let blocks = self.entry(ix).text_moments().filter_map(|when| when.start(zone));
            let all = parts.chain(blocks.filter(|when| *when > self.now));
            all.map(|when| (when, ix)).collect::<Vec<_>>()
        };
        self.all().flat_map(of_entry).collect()
    }

    fn scheduled(&self) -> impl Iterator<Item = (&ZonedDateTime, Ix)> {
        self.all().filter_map(|ix| Some((self.visibility(ix).until()?, ix)))
    }

    /// The text of a file, for messages that quote it.
    pub(crate) fn source_text(&self, file: &SitePath) -> &str {
        self.tree.get(file).and_then(|file| file.text()).unwrap_or("")
    }

    /// Whether all that is published is found where it is found in `before`, but for what hangs on the words of entries that
    /// are called otherwise now.
    pub(crate) fn publishes_as(&self, before: &Self) -> bool {
        entry_checks::have_same_structure(self, before)
            && self.files == before.files
            && self.pictures.len() == before.pictures.len()
            && self.pictures.iter().zip(&before.pictures).all(|((a, one), (b, other))| a == b && one.is_same(other))
    }

    /// The entries that are called otherwise than in `before`, which has the same ones.
    pub(crate) fn called_otherwise(&self, before: &Self) -> impl Iterator<Item = Ix> {
        let is_whole = Arc::ptr_eq(&self.arrangement, &before.arrangement);
        let pairs = self.all().filter(move |_| !is_whole).map(|ix| (ix, self.entry(ix), before.entry(ix)));
        pairs.filter(|(_, a, b)| !Arc::ptr_eq(a, b) && !a.has_fields_of(b)).map(|(ix, ..)| ix)
    }

    /// What an entry is called in a message: "`jane-smith` (people/jane-smith.md)".
    pub(crate) fn named(&self, ix: Ix) -> String {
        let entry = self.entry(ix);
        let source = entry.source.below("content").unwrap_or(entry.source.as_str());
        format!("`{}` ({source})", entry.id.key)
    }

    /// The identity of an entry as templates write it: `people/jane-smith`.
    pub(crate) fn id_text(id: &EntryId) -> String {
        format!("{}/{}", id.collection, id.key)
    }
}
