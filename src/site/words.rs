//! A snapshot, and entries that have other titles or summaries since → the arrangement in which they stand at their new places.
//!
//! Such an edit changes the order of lists and nothing else of a arrangement, so the rest of it is kept.

use std::sync::Arc;

use super::arrangement::Arrangement;
use super::{Ix, Site, lists};
use crate::config::{Config, Grouping};
use crate::content::{Entry, WORDS};
use crate::schema::{Field, Type};

/// More entries than this are not put in their places one by one.
const FEW: usize = 100;

/// Whether the arrangement of `before` would stay as it is but for the order of lists, if the entries of these numbers were no
/// longer the first but the second.
pub(super) fn only_words(before: &Site, differing: &[(Ix, &Entry, &Entry)]) -> bool {
    let arrangement = &before.arrangement;
    let names_group = |ix: &Ix| {
        arrangement.listings.iter().any(|one| one.group.as_ref().is_some_and(|group| group.entry == Some(*ix)))
    };
    differing.len() <= FEW
        // Faults quote titles, and say where things stand.
        && arrangement.faults.is_empty()
        && differing.iter().all(|(ix, a, b)| b.has_fields_but_words_of(a) && !names_group(ix))
        && !ask_for_words(&before.config)
}

/// Whether settings make more of titles and summaries than texts that lists may stand in the order of.
fn ask_for_words(config: &Config) -> bool {
    let is_word = |name: &str| WORDS.contains(&name);
    let in_pattern = |pattern: &str| WORDS.iter().any(|word| pattern.contains(&format!("{{{word}")));
    let of_list = config.lists.values().any(|list| {
        let groups = list.group.iter().any(|group| matches!(group, Grouping::Field(field) if is_word(field)));
        let filters = list.filter.iter().any(|condition| is_word(&condition.field));
        let mut routes = config.languages().filter_map(|lang| config.list_route(lang, &list.name));
        groups || filters || routes.any(|route| in_pattern(&route))
    });
    let of_collection = config.collections.values().any(|one| {
        let is_text = |field: &Field| matches!(field.ty, Type::Text | Type::Prose | Type::Markdown);
        let mut words = one.fields.values().filter(|field| is_word(&field.name));
        let mut paths = config.languages().filter_map(|lang| config.path(lang, &one.name));
        words.any(|field| field.unique || !is_text(field)) || paths.any(in_pattern)
    });
    of_list || of_collection
}

/// Gives `site` the arrangement of `before`, with the entries `changed` at their new places.
pub(super) fn renew(site: &mut Site, before: &Site, changed: &[Ix]) {
    let Arrangement { structure, title_places, listings, .. } = &*before.arrangement;
    let places = structure.collations.iter().zip(title_places);
    let title_places =
        places.map(|(order, places)| lists::titles_moved(&site.entries, order, places, changed)).collect();
    site.arrangement = Arc::new(Arrangement { structure: structure.clone(), title_places, ..Arrangement::default() });
    let mut listings = listings.clone();
    listings.iter_mut().for_each(|listing| lists::items_moved(site, listing, changed));
    site.arrangement_mut().listings = listings;
}
