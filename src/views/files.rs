//! Links, images and downloads → where they lead; and the share image of a page.

use super::Readers;
use crate::cards;
use crate::config::Config;
use crate::images::ImageKind;
use crate::path::{Address, SitePath};
use crate::schema::Value;
use crate::site::{Ix, LinkTo, Picture, Site};

/// Where a link leads, as an `href`.
pub(crate) fn href(site: &Site, to: &LinkTo) -> Option<String> {
    let base = &site.config.base;
    Some(match to {
        LinkTo::Elsewhere(url) => url.clone(),
        LinkTo::Here(anchor) => format!("#{anchor}"),
        LinkTo::Entry(ix, anchor) => {
            let page = base.href(site.address(*ix)?.as_str());
            match anchor {
                Some(anchor) => format!("{page}#{anchor}"),
                None => page,
            }
        }
        LinkTo::File(_, address) => base.file_href(address.as_str()),
        LinkTo::InFile(_, address, rest) => format!("{}{rest}", base.file_href(address.as_str())),
        LinkTo::Address(address) => base.href(address),
    })
}

/// A link on the site, in full.
pub(super) fn full(site: &Site, href: String) -> String {
    if href.starts_with('/') { format!("{}{href}", site.config.base.origin) } else { href }
}

/// The file to use for an image where only one can be named: its address and size, in pixels.
pub(crate) fn one_file(config: &Config, file: &SitePath, picture: &Picture) -> Option<(Address, u32, u32)> {
    if let Some(address) = picture.address() {
        return Some((address, picture.image.width, picture.image.height));
    }
    let widest = picture.all_shown(config, file).max_by_key(|shown| shown.fallback.width)?;
    Some((widest.fallback.address.clone(), widest.fallback.width, widest.fallback.height))
}

/// The same, as a link on the site.
pub(super) fn image_src(site: &Site, to: &LinkTo) -> Option<String> {
    match to {
        LinkTo::File(file, _) => {
            let (address, ..) = one_file(&site.config, file, site.pictures().get(file)?)?;
            Some(site.config.base.file_href(address.as_str()))
        }
        other => href(site, other),
    }
}

/// A share image: the one shown beside a link to a page.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(crate) struct SharedImage {
    /// Its full address.
    pub(crate) src: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) alt: String,
}

impl SharedImage {
    fn new(site: &Site, address: &Address, (width, height): (u32, u32), alt: &str) -> Self {
        let src = full(site, site.config.base.file_href(address.as_str()));
        Self { src, width, height, alt: alt.to_owned() }
    }
}

/// The share image of a page: the entry's field `image`, else the one made for it, else the site's.
///
/// Networks that show it do not understand drawings.
pub(crate) fn share_image(readers: Readers<'_>, ix: Option<Ix>) -> Option<SharedImage> {
    let of_site = || {
        let (card, address) = readers.routes.site_card(readers.site, readers.lang)?;
        Some(SharedImage::new(readers.site, &address, cards::SIZE, &card.title))
    };
    ix.and_then(|ix| own_share_image(readers, ix)).or_else(of_site)
}

/// The same without the site's, which shows nothing of the entry.
pub(crate) fn own_share_image(readers: Readers<'_>, ix: Ix) -> Option<SharedImage> {
    image_of(readers.site, ix).or_else(|| {
        let (card, address) = readers.routes.own_card(readers.site, ix)?;
        Some(SharedImage::new(readers.site, &address, cards::SIZE, &card.title))
    })
}

fn image_of(site: &Site, ix: Ix) -> Option<SharedImage> {
    let entry = site.entry(ix);
    let Value::Image(image) = &entry.values.get("image")?.value else { return None };
    let LinkTo::File(file, _) = site.link(ix, entry.file_of("image"), &image.file)? else { return None };
    let picture = site.pictures().get(&file).filter(|picture| picture.image.form != ImageKind::Drawing)?;
    let (address, width, height) = one_file(&site.config, &file, picture)?;
    Some(SharedImage::new(site, &address, (width, height), &image.alt))
}
