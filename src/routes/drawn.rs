//! A snapshot → the outputs that are drawn of titles: what stands where there is no picture, and share images.
//!
//! They change with words, as no other output does. Not here: what they show (`drawings`, `cards`).

use std::sync::Arc;

use rayon::prelude::*;

use super::{Route, RouteKind};
use crate::assets::Assets;
use crate::cards::{Card, Design};
use crate::config::Lang;
use crate::drawings::Drawings;
use crate::path::Address;
use crate::site::{Ix, Site};

/// What is drawn of public entries.
pub(super) fn of_entries(site: &Site, drawings: Option<&Drawings>, all: &mut Vec<Route>) {
    for drawn in drawings.into_iter().flat_map(|drawings| drawings.all(site)) {
        all.push(Route { address: drawn.address.clone(), kind: RouteKind::Drawn(Arc::new(drawn)) });
    }
}

/// What the image of pages in a language without one of their own says, and its address.
pub(super) fn site_card(site: &Site, design: &Design, assets: &Assets, lang: Lang) -> Option<(Card, Address)> {
    let card = design.card_of_site(site, assets, lang)?;
    let address = design.address(site, &card, &Address::new(&format!("{}/", site.config.in_language(lang).prefix)));
    Some((card, address))
}

/// What the share image of an entry's own says, and its address.
pub(super) fn own_card(site: &Site, design: &Design, assets: &Assets, ix: Ix) -> Option<(Card, Address)> {
    let card = design.card_of(site, assets, ix)?;
    let address = design.address(site, &card, site.address(ix)?);
    Some((card, address))
}

/// The share images: of the pages whose kind has one, and one for the site in each language.
pub(super) fn share_images(site: &Site, design: &Design, assets: &Assets, all: &mut Vec<Route>) {
    let entries: Vec<Ix> = site.shown().filter(|ix| site.has_page(*ix)).collect();
    let own = entries.par_iter().filter_map(|ix| own_card(site, design, assets, *ix));
    let mut found: Vec<(Card, Address)> = own.collect();
    found.extend(site.config.languages().filter_map(|lang| site_card(site, design, assets, lang)));
    all.extend(found.into_iter().map(|(card, address)| Route { address, kind: RouteKind::ShareImage(Arc::new(card)) }));
}
