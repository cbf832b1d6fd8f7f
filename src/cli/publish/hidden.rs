//! What must not be public now → the files on a target that show it, whatever their addresses were when they were published.
//!
//! The notes on a target say of which entries each file was made (`deploy::Owners`); here those entries are found again. An entry
//! that was renamed as it was hidden is known by its collection and title; one that got another title too, by this: its file is
//! gone, and no more such files are gone than new hidden ones have come.

use std::collections::BTreeSet;

use jiff::ZonedDateTime;

use crate::content::Entry;
use crate::deploy::{Collector, Hidden, Known, Mark, Owned, Owners, mark};
use crate::path::Address;
use crate::pipeline::{self, Made, OwnedFile, Sources, Withheld};
use crate::site::{Ix, Site};

/// The entries of each file of a site, for the notes on a target.
pub(super) fn owners(made: &Made) -> Owners {
    let site = &made.site;
    let mut collector = Collector::default();
    for OwnedFile { path, of, tells } in pipeline::owned(made) {
        let parts = tells.iter().flat_map(|ix| {
            let entry = site.entry(*ix);
            entry.parts.iter().map(|part| piece(&part_name(entry, part.source.as_str())))
        });
        let entries = tells.iter().map(|ix| known(site, *ix));
        collector.add(&path, of.iter().map(|ix| known(site, *ix)), entries.chain(parts));
    }
    collector.done()
}

/// An entry's identity, which translations do not share.
fn name(entry: &Entry) -> String {
    let id = &entry.id;
    if entry.is_translation() { format!("{} {}", Site::id_text(id), id.lang) } else { Site::id_text(id) }
}

/// An entry as notes on a target know it.
pub(super) fn mark_of(entry: &Entry) -> Mark {
    mark(&name(entry))
}

fn part_name(entry: &Entry, source: &str) -> String {
    format!("{} {source}", name(entry))
}

fn called(entry: &Entry) -> Mark {
    mark(&format!("{} {}", entry.id.collection, entry.title()))
}

fn known(site: &Site, ix: Ix) -> Known {
    let entry = site.entry(ix);
    Known { id: mark(&name(entry)), called: called(entry), is_piece: entry.is_row }
}

fn piece(name: &str) -> Known {
    Known { id: mark(name), called: Mark::new(), is_piece: true }
}

/// A hash for the notes on what is hidden.
fn print(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..20].to_owned()
}

/// What is hidden on a site, as hashes.
pub(super) fn hidden(site: &Site) -> Hidden {
    let mut hidden = Hidden::default();
    for ix in site.all() {
        let entry = site.entry(ix);
        if site.visibility(ix).hidden().is_some() {
            let set = if entry.is_row { &mut hidden.pieces } else { &mut hidden.entries };
            set.insert(print(&name(entry)));
        } else {
            hidden.pieces.extend(pieces(site, ix).map(|piece| print(&piece)));
        }
    }
    hidden
}

/// What is hidden of an entry that is public: parts, and blocks that come at a moment; with these, what the rest of its texts says.
fn pieces(site: &Site, ix: Ix) -> impl Iterator<Item = String> {
    let entry = site.entry(ix);
    let parts = entry.hidden_parts.iter().map(move |part| part_name(entry, part.source.as_str()));
    parts.chain(blocks(site, ix)).chain(text_beside_blocks(site, ix))
}

/// The blocks to come of an entry's texts, by what they say.
fn blocks(site: &Site, ix: Ix) -> impl Iterator<Item = String> {
    let entry = site.entry(ix);
    site.blocks_to_come(ix).map(move |words| format!("{} block {}", name(entry), print(words)))
}

/// What readers see of the texts of an entry that has blocks to come. As long as that stays the same, no block has been put around
/// what they have seen.
fn text_beside_blocks(site: &Site, ix: Ix) -> Option<String> {
    site.blocks_to_come(ix).next()?;
    let words: Vec<&str> = site.words_now(ix).collect();
    Some(format!("{} text {}", name(site.entry(ix)), print(&words.join("\n"))))
}

/// What must not be public now.
pub(super) struct Secrets {
    pub(super) withheld: Withheld,
    /// The pages of the site that are never taken away.
    homes: BTreeSet<String>,
}

/// The files on a target that must not be there.
#[derive(Default)]
pub(super) struct OnTarget {
    goes: BTreeSet<String>,
    /// Home pages that show something secret.
    pub(super) homes: BTreeSet<String>,
    /// How many files there may belong to entries that were renamed and hidden, or were only deleted: nobody can tell.
    pub(super) unclear: usize,
}

impl OnTarget {
    /// Whether a file shows what is secret.
    pub(super) fn has(&self, path: &str) -> bool {
        self.goes.contains(path)
    }
}

impl Secrets {
    pub(super) fn new(sources: &Sources, now: &ZonedDateTime) -> Self {
        let withheld = pipeline::withheld(sources, now, None);
        let config = &sources.config;
        let homes = config.languages().map(|lang| Address::new(&format!("{}/", config.in_language(lang).prefix)));
        Self { withheld, homes: homes.map(|home| home.output().as_str().to_owned()).collect() }
    }

    /// The files of a target that show it. `owners` is what is noted of the files there, `before` what was hidden when they were
    /// published.
    pub(super) fn on_target(&self, owners: &[Owners], before: &BTreeSet<String>) -> OnTarget {
        let now = Now::new(&self.withheld, owners, before);
        let mut found = OnTarget::default();
        for (owners, path) in owners.iter().flat_map(|owners| owners.files().map(move |path| (owners, path))) {
            let Some(Owned { of, tells }) = owners.of(path) else { continue };
            let is_own = !of.is_empty() && of.iter().all(|one| now.is_secret(one));
            let is_home = self.homes.contains(path);
            // What only keeps its name shows nothing new: somebody public needs it.
            let is_needed = tells.is_empty() && self.withheld.is_public(path);
            match now.is_told(&tells) {
                true if is_home => drop(found.homes.insert(path.clone())),
                is_told if (is_own && !is_home && !is_needed) || is_told => drop(found.goes.insert(path.clone())),
                _ => {}
            }
            let is_unclear = !is_own && of.iter().any(|one| now.unclear.contains(&one.id));
            found.unclear += usize::from(is_unclear);
        }
        found
    }
}

/// What is secret now, by mark.
struct Now {
    secret: BTreeSet<Mark>,
    /// Entries that are public of which something was hidden since.
    told: BTreeSet<Mark>,
    /// Entries that are public with a part that is hidden now and was not there before.
    with_new_parts: BTreeSet<Mark>,
    known: BTreeSet<Mark>,
    unclear: BTreeSet<Mark>,
}

impl Now {
    fn new(withheld: &Withheld, owners: &[Owners], before: &BTreeSet<String>) -> Self {
        let site = &withheld.everything;
        let noted: BTreeSet<&Known> = owners.iter().flat_map(Owners::entries).collect();
        let was_public: BTreeSet<&str> = noted.iter().map(|one| one.id.as_str()).collect();
        let (mut secret, mut known_now) = (BTreeSet::new(), BTreeSet::new());
        // The titles of what is hidden and was not there before; and how many there are.
        let (mut titles, mut new) = (BTreeSet::new(), BTreeSet::new());
        for ix in site.all() {
            let (entry, one) = (site.entry(ix), known(site, ix));
            known_now.extend(entry.all_parts().map(|part| mark(&part_name(entry, part.source.as_str()))));
            if pipeline::is_secret(site, ix) {
                if !was_public.contains(one.id.as_str()) {
                    titles.insert(one.called.clone());
                    if !entry.is_row && !before.contains(&print(&name(entry))) {
                        new.insert(one.called);
                    }
                }
                secret.insert(one.id.clone());
            }
            known_now.insert(one.id);
        }
        let (mut told, mut with_new_parts) = (BTreeSet::new(), BTreeSet::new());
        let checked = &withheld.checked;
        for ix in checked.shown() {
            let entry = checked.entry(ix);
            let hidden = |source: &str| mark(&part_name(entry, source));
            secret.extend(entry.hidden_parts.iter().map(|part| hidden(part.source.as_str())));
            let is_new = |piece: &String| !before.contains(&print(piece));
            if entry.hidden_parts.iter().any(|part| is_new(&part_name(entry, part.source.as_str()))) {
                with_new_parts.insert(mark(&name(entry)));
            }
            let is_same = || text_beside_blocks(checked, ix).is_some_and(|text| !is_new(&text));
            if blocks(checked, ix).any(|block| is_new(&block)) && !is_same() {
                told.insert(mark(&name(entry)));
            }
        }
        let gone: Vec<&Known> =
            noted.into_iter().filter(|one| !known_now.contains(&one.id) && !one.called.is_empty()).collect();
        let (renamed, left): (Vec<&Known>, Vec<&Known>) =
            gone.into_iter().partition(|one| titles.contains(&one.called));
        let taken: BTreeSet<&Mark> = renamed.iter().map(|one| &one.called).collect();
        let new = new.iter().filter(|called| !taken.contains(called)).count();
        let left: Vec<&Known> = left.into_iter().filter(|one| !one.is_piece).collect();
        let mut unclear = BTreeSet::new();
        secret.extend(renamed.into_iter().map(|one| one.id.clone()));
        if left.len() <= new {
            secret.extend(left.into_iter().map(|one| one.id.clone()));
        } else if new > 0 {
            unclear.extend(left.into_iter().map(|one| one.id.clone()));
        }
        Self { secret, told, with_new_parts, known: known_now, unclear }
    }

    fn is_secret(&self, one: &Known) -> bool {
        self.secret.contains(&one.id)
    }

    /// Whether something of these must not be seen any longer.
    fn is_told(&self, tells: &[&Known]) -> bool {
        // A part that is gone may be the one that is new and hidden.
        let part_is_gone = || tells.iter().any(|one| one.called.is_empty() && !self.known.contains(&one.id));
        let is_told = |one: &&Known| {
            self.is_secret(one)
                || self.told.contains(&one.id)
                || (self.with_new_parts.contains(&one.id) && part_is_gone())
        };
        tells.iter().any(is_told)
    }
}
