//! A route → the bytes of one output.
//!
//! [`render`] is a pure function of the snapshot and the route: who asks twice gets the same bytes, in whatever order
//! pages are asked for.

mod feed;
mod former;
mod page;
mod sitemap;

use crate::config::Lang;
use crate::diagnostic::{Diagnostic, Found};
use crate::markdown::highlight;
use crate::path::SitePath;
use crate::routes::{Route, RouteKind};
use crate::site::Site;
use crate::template::Renderers;

/// What is published under one path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Output {
    Bytes(Vec<u8>),
    /// A file of the site, as it is.
    File(SitePath),
}

/// The output of `route`; `None` with a fault if it cannot be made.
pub(crate) fn render(renderers: &Renderers, route: &Route) -> Found<Option<Output>> {
    let site = &renderers.of(Lang::OWN).asked.site;
    let renderer = renderers.of(language(site, &route.kind));
    let made: Result<String, Vec<Diagnostic>> = match &route.kind {
        RouteKind::Entry(ix) => page::entry(renderer, *ix),
        RouteKind::List { listing, page } => page::list(renderer, *listing, *page, &route.address),
        RouteKind::NotFound(_) => page::not_found(renderer, &route.address),
        RouteKind::Feed { listing } => Ok(feed::atom(site, &site.listings()[*listing])),
        RouteKind::Redirect(number) => Ok(former::page(renderer, *number)),
        RouteKind::Rules(host) => Ok(former::rules(site, &renderer.asked.routes.redirects, *host)),
        RouteKind::Sitemap(nth) => Ok(sitemap::sitemap(site, &renderer.asked.routes, *nth)),
        RouteKind::SitemapIndex => Ok(sitemap::index(site, &renderer.asked.routes)),
        RouteKind::Robots => Ok(sitemap::robots(site)),
        RouteKind::CodeStyles => Ok(highlight::stylesheet()),
        RouteKind::File(file) => return Found::clean(Some(Output::File(file.clone()))),
    };
    match made {
        Ok(text) => Found::clean(Some(Output::Bytes(text.into_bytes()))),
        Err(faults) => Found::new(None, faults),
    }
}

/// The language in which a route is written.
pub(crate) fn language(site: &Site, kind: &RouteKind) -> Lang {
    match kind {
        RouteKind::Entry(ix) => site.lang(*ix),
        RouteKind::List { listing, .. } | RouteKind::Feed { listing } => site.listings()[*listing].lang,
        RouteKind::NotFound(lang) => *lang,
        _ => Lang::OWN,
    }
}
