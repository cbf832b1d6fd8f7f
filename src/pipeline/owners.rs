//! A snapshot → the entries that each of its files was made of.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::Made;
use super::withheld::{output, owner};
use crate::path::Address;
use crate::routes::{Route, RouteKind};
use crate::site::Ix;

/// The entries of a file.
pub(crate) struct OwnedFile {
    /// Its path in the published folder.
    pub(crate) path: String,
    /// Those that it belongs to.
    pub(crate) of: BTreeSet<Ix>,
    /// Those whose words it repeats, parts and blocks of texts included.
    pub(crate) tells: BTreeSet<Ix>,
}

/// The files of a site that belong to entries or repeat what rows without a page say.
pub(crate) fn owned(made: &Made) -> Vec<OwnedFile> {
    let site = &made.site;
    let mut parts: BTreeMap<Address, BTreeSet<Ix>> = BTreeMap::new();
    let public: Vec<Ix> = site.shown().collect();
    let of_entries = public.par_iter().map(|ix| {
        let mut all = site.published_by(*ix);
        all.extend(made.routes.own_card(site, *ix).map(|(_, address)| address));
        (*ix, all)
    });
    for (ix, addresses) in of_entries.collect::<Vec<_>>() {
        for address in addresses {
            parts.entry(address).or_default().insert(ix);
        }
    }
    let rows: BTreeSet<Ix> = public.iter().copied().filter(|ix| !site.has_page(*ix)).collect();
    let mut shown: BTreeMap<&str, BTreeSet<Ix>> = BTreeMap::new();
    for ix in &rows {
        if let Some(page) = site.address(*ix).map(Address::path) {
            shown.entry(page).or_default().insert(*ix);
        }
    }
    let file = |route: &Route| {
        let own = owner(site, &made.routes, route);
        let mut of = parts.get(&route.address).cloned().unwrap_or_default();
        let mut tells: BTreeSet<Ix> = shown.get(route.address.as_str()).cloned().unwrap_or_default();
        match &route.kind {
            RouteKind::File(_) => of.extend(own.filter(|_| of.is_empty())),
            RouteKind::Drawn(drawn) => {
                let id = drawn.of();
                of.extend(id.split_once('/').and_then(|(collection, key)| site.by_id(collection, key)));
            }
            RouteKind::List { listing, .. } => {
                of.extend(own);
                let items = site.listings()[*listing].items.iter().copied();
                tells.extend(own.into_iter().chain(items.filter(|ix| rows.contains(ix))));
            }
            _ => {
                of.extend(own);
                tells.extend(own);
            }
        }
        let is_owned = !of.is_empty() || !tells.is_empty();
        is_owned.then(|| OwnedFile { path: output(route), of, tells })
    };
    made.routes.all().iter().filter_map(file).collect()
}
