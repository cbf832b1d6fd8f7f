//! What of a snapshot hangs on fields, settings and the moment alone: identities, addresses, references, lists.
//!
//! Most edits change a text or a template and none of this, so a snapshot takes it over from the one before; others change
//! a title, which moves an entry in its lists and nothing else (`words`). It is kept only while everything that it is made
//! from is equal; what is made from texts and files is kept elsewhere (`findings`), or made anew.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::ZonedDateTime;

use super::collation::Collation;
use super::languages::Languages;
use super::lists::Listing;
use super::references::Edge;
use super::visibility::{View, Visibility};
use super::{Ix, Site, words};
use crate::config::{Config, Lang};
use crate::content::Entry;
use crate::diagnostic::Diagnostic;
use crate::index::Index;
use crate::path::{Address, SitePath};
use crate::schema::Name;

/// The part of a snapshot that an edit of a text leaves as it is.
#[derive(Debug, Default)]
pub(super) struct Arrangement {
    pub(super) structure: Arc<Structure>,
    /// For each language, for each entry: its place in the order of titles, which ends every other order.
    pub(super) title_places: Vec<Vec<u32>>,
    pub(super) listings: Vec<Listing>,
    /// What is wrong with all this.
    pub(super) faults: Vec<Diagnostic>,
}

/// The part of it that an edit of a title leaves as it is.
#[derive(Debug, Default)]
pub(super) struct Structure {
    pub(super) languages: Languages,
    pub(super) visibility: Vec<Visibility>,
    /// For each entry: the one that stands for it, mostly itself.
    pub(super) stand_ins: Vec<Ix>,
    /// The order of each language.
    pub(super) collations: Vec<Collation>,
    pub(super) addresses: Vec<Option<Address>>,
    /// The subjects of each collection by their keys.
    pub(super) by_key: BTreeMap<Name, Index<Name, Ix>>,
    pub(super) by_source: Index<SitePath, Ix>,
    pub(super) rows_by_source: BTreeMap<SitePath, Vec<Ix>>,
    pub(super) bundles: BTreeMap<SitePath, Ix>,
    /// For each subject: the entries that refer to it, with the field that does.
    pub(super) inverse: Vec<Vec<Edge>>,
    /// Listings by the name of their list, and for attached ones by the entry that shows them.
    pub(super) listing_of: BTreeMap<(Name, Lang, Option<Ix>), Vec<usize>>,
    /// The last change that a public entry states, once somebody has asked.
    pub(super) newest: OnceLock<Option<ZonedDateTime>>,
    /// Where entries that are hidden would have their pages, once somebody has asked.
    pub(super) hidden_addresses: OnceLock<BTreeMap<Address, Ix>>,
    /// The moment from which it is no longer true, once somebody has asked.
    pub(super) until: OnceLock<Option<ZonedDateTime>>,
}

/// What may be taken over from the snapshot before.
pub(super) enum Kept {
    /// The arrangement, as it is.
    Whole(Arc<Arrangement>),
    /// Its structure: these entries say of themselves in other words what they said.
    Structure(Vec<Ix>),
    Nothing,
}

/// What of the arrangement of `before` would be the same in one made from these.
pub(super) fn kept(
    before: &Site,
    config: &Arc<Config>,
    entries: &[Arc<Entry>],
    now: &ZonedDateTime,
    view: View,
) -> Kept {
    let is_like = before.view == view
        && Arc::ptr_eq(&before.config, config)
        && before.entries.len() == entries.len()
        && before.now <= *now
        && before.now.time_zone() == now.time_zone()
        && before.true_until().is_none_or(|until| *now < until);
    if !is_like {
        return Kept::Nothing;
    }
    let differ = |(a, b): &(&Arc<Entry>, &Arc<Entry>)| !Arc::ptr_eq(a, b) && !a.has_fields_of(b);
    let differing: Vec<(Ix, &Entry, &Entry)> = (0..)
        .map(Ix)
        .zip(before.entries.iter().zip(entries).map(|pair| (pair, differ(&pair))))
        .filter_map(|(ix, ((a, b), differs))| differs.then_some((ix, &**a, &**b)))
        .collect();
    if differing.is_empty() {
        Kept::Whole(before.arrangement.clone())
    } else if words::only_words(before, &differing) {
        Kept::Structure(differing.into_iter().map(|(ix, ..)| ix).collect())
    } else {
        Kept::Nothing
    }
}
