//! Entries → their addresses; files of bundles → theirs.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::identities::Basis;
use super::structure::Structure;
use super::{Ix, Site};
use crate::config::{Config, DatePart, Lang, Pattern, Piece};
use crate::content::{EntryFacts, is_source, whole_address};
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::path::{Address, SitePath, slug};
use crate::schema::{Target, Value};

/// The addresses of entries.
#[derive(PartialEq, Debug)]
pub(super) struct Addresses {
    /// For each entry, the one that stands for it, usually itself.
    stand_ins: Vec<Ix>,
    /// For each entry, its own address; hidden entries have none.
    own: Vec<Option<Address>>,
    /// Where the pages of hidden entries would be, and where they were before.
    hidden: BTreeMap<Address, Ix>,
    /// Those of entries' addresses that begin with the path that the site itself is at.
    below_own_path: BTreeSet<Address>,
}

impl Addresses {
    /// The entry that stands for this one: the one its field `see` names, else itself.
    pub(super) fn stands_for(&self, ix: Ix) -> Ix {
        self.stand_ins[ix.0 as usize]
    }

    /// The address of an entry for readers: its page, or its anchor on the page that shows its collection.
    pub(super) fn of(&self, ix: Ix) -> Option<&Address> {
        self.own[self.stands_for(ix).0 as usize].as_ref()
    }

    /// Whether an entry has a page of its own.
    pub(super) fn has_page(&self, ix: Ix) -> bool {
        self.stands_for(ix) == ix && self.of(ix).is_some_and(|address| !address.as_str().contains('#'))
    }

    /// The hidden entries by the addresses they would have, or had before.
    pub(super) fn hidden(&self) -> &BTreeMap<Address, Ix> {
        &self.hidden
    }

    /// Whether a public entry is at `address`, which begins with the path that the site itself is at.
    pub(super) fn is_below_own_path(&self, address: &Address) -> bool {
        self.below_own_path.contains(address)
    }

    /// The subjects that a reference `key` may mean: `jane-smith`, or `people/jane-smith`.
    ///
    /// Two subjects count as one if one stands for the other.
    pub(super) fn find(&self, known: Basis<'_>, target: &Target, key: &str) -> Vec<Ix> {
        let mut found = known.candidates(target, key);
        if found.len() > 1 {
            let all = found.clone();
            found.retain(|ix| self.stands_for(*ix) == *ix || !all.contains(&self.stands_for(*ix)));
        }
        found
    }
}

/// The address of every public entry.
pub(super) fn addresses(known: Basis<'_>) -> Found<Addresses> {
    let all: Vec<Ix> = known.identities.all().collect();
    let mut faults = Vec::new();
    let mut own: Vec<Option<Address>> = all.par_iter().map(|ix| of_entry(known, *ix)).collect();
    if known.asked.config.has_translations() {
        translate_anchors(known, &mut own);
    }
    let stand_ins = all.iter().map(|ix| stand_in(known, *ix).into_value(&mut faults)).collect();
    let mut hidden = hidden(known);
    // What is public is at its address, whatever else would like to be there.
    let lists = of_lists(known);
    for address in own.iter().flatten().chain(&lists) {
        hidden.remove(address);
    }
    let prefix = format!("{}/", known.asked.config.base.prefix);
    let is_below = |address: &&Address| prefix.len() > 1 && address.as_str().starts_with(&prefix);
    let below_own_path = own.iter().flatten().filter(is_below).cloned().collect();
    Found::new(Addresses { stand_ins, own, hidden, below_own_path }, faults)
}

/// The addresses of lists that are the same whatever they show, and of search pages.
fn of_lists(known: Basis<'_>) -> Vec<Address> {
    let config = known.asked.config;
    let in_language = |lang| {
        let routes = config.lists.keys().filter_map(move |name| config.list_route(lang, name));
        let search =
            config.search.as_ref().map(|search| format!("{}{}", config.in_language(lang).prefix, search.route));
        routes.chain(search)
    };
    config.languages().flat_map(in_language).map(|route| Address::new(&route).page()).collect()
}

/// How many entries may stand between one and the entry that stands for it.
const MOST_SENT_ON: usize = 50;

/// The entry that stands for this one: where its `see` leads, from entry to entry. In a circle each stands for itself.
fn stand_in(known: Basis<'_>, ix: Ix) -> Found<Ix> {
    let (mut passed, mut last) = (BTreeSet::from([ix]), ix);
    while let Some(next) = see(known, last) {
        // Nobody means a reader to be sent on so often.
        if passed.len() > MOST_SENT_ON || !passed.insert(next) {
            let own = known.of(ix);
            let how = if passed.len() > MOST_SENT_ON { "on too often" } else { "in a circle" };
            let what = format!("`see` of {} leads {how}, so it leads nowhere", known.named(ix));
            let fault = Diagnostic::new(Code::DanglingReference, what).span(Span::file(own.source()));
            return Found::new(ix, vec![fault.help("name the entry that readers should find instead")]);
        }
        last = next;
    }
    Found::clean(last)
}

/// The public entry that the field `see` of an entry names, in the entry's language.
fn see(known: Basis<'_>, ix: Ix) -> Option<Ix> {
    let key = known.of(ix).core().see.as_deref()?;
    let identities = known.identities;
    match known.candidates(&Target::Any, key).as_slice() {
        [other] if identities.is_shown(*other) => Some(identities.in_language(*other, identities.lang(ix))),
        _ => None,
    }
}

/// Where the pages of hidden entries would be, and where they were before.
fn hidden(known: Basis<'_>) -> BTreeMap<Address, Ix> {
    let of_entry = |ix: Ix| {
        let former = match known.of(ix).value("aliases") {
            Some(Value::List(items)) => items.as_slice(),
            _ => &[],
        };
        let former = former.iter().map(|item| Address::new(&item.value.as_text()).page());
        later(known, ix).into_iter().chain(former).map(move |address| (address, ix))
    };
    // In a language that the site does not have, nothing has an address.
    let is_hidden = |ix: &Ix| !known.identities.is_shown(*ix) && known.identities.languages.of(*ix).is_some();
    known.identities.all().filter(is_hidden).flat_map(of_entry).collect()
}

/// The address of a hidden entry's page once it is public; `None` if it will have no page.
fn later(known: Basis<'_>, ix: Ix) -> Option<Address> {
    page_of(known, ix)
}

/// The address of an entry's page: that of the list whose page it begins, the one that it states, else by the pattern of its
/// collection. `None` if entries of its collection have no pages.
fn page_of(known: Basis<'_>, ix: Ix) -> Option<Address> {
    let (entry, config, lang) = (known.of(ix), known.asked.config, known.identities.lang(ix));
    if let Some(list) = known.introduced(ix) {
        return Some(Address::new(&config.list_route(lang, &list.name)?));
    }
    let pattern = config.path(lang, entry.collection())?;
    let prefix = &config.in_language(lang).prefix;
    let stated = entry.core().permalink.as_deref().filter(|_| known.collection(ix).has_permalinks);
    // What is stated and cannot be read gives no address: the pattern may ask for what is not there.
    let whole = match stated {
        Some(stated) => Some(whole_address(stated, &config.base).ok()?),
        None => None,
    };
    let address = match whole {
        Some(whole) if !prefix.is_empty() && whole.as_str().starts_with(&format!("{prefix}/")) => return Some(whole),
        Some(whole) => whole.to_string(),
        None => filled(pattern, entry),
    };
    Some(Address::new(&format!("{prefix}{address}")))
}

/// Entries without a page are on the page in their language, if it exists.
fn translate_anchors(known: Basis<'_>, addresses: &mut [Option<Address>]) {
    let identities = known.identities;
    let collections = known.asked.config.collections.values();
    let mut pages: BTreeMap<&str, Option<Ix>> =
        collections.filter_map(|one| Some((one.shown_on.as_deref()?, None))).collect();
    for ix in identities.all().filter(|ix| identities.lang(*ix) == Lang::OWN) {
        if let Some(address) = &addresses[ix.0 as usize]
            && let Some(page) = pages.get_mut(address.as_str())
        {
            *page = Some(ix);
        }
    }
    for ix in identities.shown().filter(|ix| identities.lang(*ix) != Lang::OWN) {
        let collection = known.collection(ix);
        let (None, Some(page)) = (&collection.path, collection.shown_on.as_deref()) else { continue };
        let Some(page) = pages.get(page).copied().flatten() else { continue };
        let there = identities.variant(page, identities.lang(ix)).filter(|there| identities.is_shown(*there));
        if let Some(there) = there.and_then(|there| addresses[there.0 as usize].as_ref()) {
            addresses[ix.0 as usize] = Some(Address::new(&format!("{there}#{}", known.of(ix).key())));
        }
    }
}

fn of_entry(known: Basis<'_>, ix: Ix) -> Option<Address> {
    if !known.identities.is_shown(ix) {
        return None;
    }
    let shown_on =
        || Some(Address::new(&format!("{}#{}", known.collection(ix).shown_on.as_ref()?, known.of(ix).key())));
    page_of(known, ix).or_else(shown_on)
}

/// The address pattern with each `{…}` filled in from the entry. What lacks something that its pattern asks for is hidden, and
/// has its fault; a preview shows it at an address that says so.
fn filled(pattern: &Pattern, entry: EntryFacts<'_>) -> String {
    let missing = |name: &str| format!("no-{}", slug(name));
    let piece = |piece: &Piece| -> String {
        match piece {
            Piece::Text(text) => text.clone(),
            Piece::Slug => entry_slug(entry),
            Piece::Field(name) => entry.text_of(name).map_or_else(|| missing(name), slug),
            Piece::Date(name, part) => match (entry.value(name).and_then(day), part) {
                (Some(date), DatePart::Year) => format!("{:04}", date.year()),
                (Some(date), DatePart::Month) => format!("{:02}", date.month()),
                (Some(date), DatePart::Day) => format!("{:02}", date.day()),
                (None, _) => missing(name),
            },
        }
    };
    pattern.pieces().iter().map(piece).collect()
}

/// The day of a moment, as readers of the site see it.
fn day(value: &Value) -> Option<jiff::civil::Date> {
    match value {
        Value::Date(date, _) => Some(*date),
        Value::DateTime(when) => Some(when.date()),
        _ => None,
    }
}

/// The part of an entry's address that names it: its `slug`, else its key.
pub(super) fn entry_slug(entry: EntryFacts<'_>) -> String {
    let is_page = &**entry.collection() == "pages";
    if is_page && &**entry.key() == "index" {
        return String::new();
    }
    let by_parts = |text: &str| text.split('/').map(slug).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    let stated = entry.core().slug.as_deref().map(|own| if is_page { by_parts(own) } else { slug(own) });
    // One without letters has been reported.
    match stated.filter(|own| !own.is_empty()) {
        // A page's slug replaces only the last part of its path.
        Some(own) if is_page => match entry.key().rsplit_once('/') {
            Some((folder, _)) => format!("{}/{own}", by_parts(folder)),
            None => own,
        },
        Some(own) => own,
        None => by_parts(entry.key()),
    }
}

impl Structure {
    /// The address of a file of `content/` once it is published: next to the page of its bundle, else its own path.
    ///
    /// `None` for a file of an entry that is hidden or has no page, for one that entries are read from, and for one that no
    /// reader can reach.
    pub(super) fn file_address(&self, file: &SitePath, config: &Config) -> Option<Address> {
        if let Some(below) = file.below("static") {
            return Some(Address::new(below));
        }
        let owner = self.identities.file_owner(file);
        if is_source(file, config, owner.is_some()) {
            return None;
        }
        match owner {
            Some(owner) => {
                let folder = self.identities.who(owner).bundle.as_ref()?;
                let below = file.below(folder.as_str())?;
                let page = self.addresses.of(owner)?;
                self.addresses.has_page(owner).then(|| page.join(below))
            }
            None => Some(Address::new(file.below("content")?)),
        }
    }
}

impl Site {
    /// The address of an entry for readers: its page, or its anchor on the page that shows its collection.
    pub(crate) fn address(&self, ix: Ix) -> Option<&Address> {
        self.structure().addresses.of(ix)
    }

    /// Whether an entry has a page of its own.
    pub(crate) fn has_page(&self, ix: Ix) -> bool {
        self.structure().addresses.has_page(ix)
    }

    /// The entry that stands for this one: the one its field `see` names, else itself.
    pub(crate) fn stands_for(&self, ix: Ix) -> Ix {
        self.structure().addresses.stands_for(ix)
    }

    /// The subjects that a reference `key` may mean: `jane-smith`, or `people/jane-smith`.
    pub(crate) fn find(&self, target: &Target, key: &str) -> Vec<Ix> {
        self.structure().addresses.find(self.basis(), target, key)
    }

    /// What readers of `lang` see of the subject that a reference `key` names; `None` if that is unclear or not public.
    pub(crate) fn shown_by_key(&self, target: &Target, key: &str, lang: Lang) -> Option<Ix> {
        let [subject] = self.find(target, key)[..] else { return None };
        Some(self.in_language(subject, lang)).filter(|ix| self.is_shown(*ix))
    }

    /// The address of a file of `content/` once it is published; `None` for one that no reader can reach.
    pub(crate) fn file_address(&self, file: &SitePath) -> Option<Address> {
        self.structure().file_address(file, &self.config)
    }

    /// The address of a hidden entry's page once it is public; `None` if it will have no page.
    pub(crate) fn later_address(&self, ix: Ix) -> Option<Address> {
        later(self.basis(), ix)
    }

    /// The hidden entry whose page would be at `address`, or was before.
    pub(crate) fn hidden_entry_at(&self, address: &Address) -> Option<Ix> {
        self.structure().addresses.hidden().get(address).copied()
    }

    /// The bundle that a file belongs to.
    pub(crate) fn file_owner(&self, file: &SitePath) -> Option<Ix> {
        self.identities().file_owner(file)
    }
}
