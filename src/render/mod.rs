//! A route → the bytes of one output.
//!
//! [`render`] is a pure function of the snapshot and the route: it returns the same bytes each time, in whatever order
//! pages are requested.

mod calendar;
mod citation;
mod drawn;
mod facets;
mod feed;
mod former;
mod headers;
mod page;
mod sitemap;

use crate::config::Lang;
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::icons;
use crate::images::{self, Unfit, Variant};
use crate::markdown::highlight;
use crate::path::SitePath;
use crate::routes::{ChartForm, Route, RouteKind};
use crate::site::Site;
use crate::template::{self, Renderers};

pub(crate) use headers::Hashed;

/// What is published at one path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Output {
    Bytes(Vec<u8>),
    /// A file of the site, unchanged.
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
        RouteKind::Search(lang) => page::search(renderer, *lang, &route.address),
        RouteKind::Feed { listing } => Ok(feed::atom(renderer.asked.readers(), &site.listings()[*listing])),
        RouteKind::Rss { listing } => Ok(feed::rss(renderer.asked.readers(), &site.listings()[*listing])),
        RouteKind::Calendar { listing } => Ok(calendar::of_list(&renderer.asked, &site.listings()[*listing])),
        RouteKind::Event(ix) => Ok(calendar::of_event(&renderer.asked, *ix)),
        RouteKind::Citation(ix, form) => Ok(citation::citation(renderer.asked.view(*ix), *form)),
        RouteKind::Chart(ix, nth, ChartForm::Page) => page::chart(renderer, *ix, *nth, &route.address),
        RouteKind::Chart(ix, nth, ChartForm::Data) => {
            Ok(site.chart_at(*ix, *nth).map(template::csv).unwrap_or_default())
        }
        RouteKind::Chart(ix, nth, ChartForm::Image) => return drawn::chart(renderer, *ix, *nth),
        RouteKind::SecurityContact => Ok(sitemap::security_contact(site)),
        RouteKind::Redirect(number) => Ok(former::page(renderer, *number)),
        RouteKind::Rules(host) => Ok(former::rules(site, &renderer.asked.routes, *host)),
        RouteKind::Sitemap(nth) => Ok(sitemap::sitemap(site, &renderer.asked.routes, *nth)),
        RouteKind::SitemapIndex => Ok(sitemap::index(site, &renderer.asked.routes)),
        RouteKind::Headers => Ok(headers::rules(site, &renderer.asked.routes)),
        RouteKind::Robots => Ok(sitemap::robots(site)),
        RouteKind::CodeStyles => Ok(highlight::stylesheet()),
        RouteKind::Rendition(variant) => return rendition(site, variant),
        RouteKind::Drawing(file) => return drawing(site, file),
        RouteKind::Picture(file, source) => {
            return match site.images.bare(&site.tree, file, source) {
                Ok(bytes) => Found::clean(Some(Output::Bytes(bytes))),
                Err(unfit) => Found::new(None, vec![unfit_for_readers(file, &unfit)]),
            };
        }
        RouteKind::ShareImage(card) => return drawn::share_image(renderer, card, &route.address),
        RouteKind::Drawn(drawn) => {
            return match template::drawn_bytes(&renderer.asked, drawn) {
                Ok(bytes) => Found::clean(Some(Output::Bytes(bytes))),
                Err(faults) => Found::new(None, faults),
            };
        }
        RouteKind::Icon(icon) => return drawn::icon(site, *icon),
        RouteKind::Manifest => Ok(icons::manifest(&site.config)),
        RouteKind::Style(file) => {
            let made = renderer.asked.routes.assets.style(&site.tree, file);
            return Found::new(Some(Output::Bytes(made.value.into_bytes())), made.faults);
        }
        RouteKind::File(file) => return file_for_readers(site, file),
    };
    match made {
        Ok(text) => Found::clean(Some(Output::Bytes(text.into_bytes()))),
        Err(faults) => Found::new(None, faults),
    }
}

/// The language of a route.
pub(crate) fn language(site: &Site, kind: &RouteKind) -> Lang {
    match kind {
        RouteKind::Entry(ix) | RouteKind::Event(ix) | RouteKind::Citation(ix, _) | RouteKind::Chart(ix, ..) => {
            site.lang(*ix)
        }
        RouteKind::List { listing, .. }
        | RouteKind::Feed { listing }
        | RouteKind::Rss { listing }
        | RouteKind::Calendar { listing } => site.listings()[*listing].lang,
        RouteKind::NotFound(lang) | RouteKind::Search(lang) => *lang,
        RouteKind::ShareImage(card) => card.lang,
        _ => Lang::OWN,
    }
}

/// A file that a text links to or a design uses, as it is; if it is a picture, without what is noted beside it. What is in
/// `static/` is its owner's choice.
fn file_for_readers(site: &Site, file: &SitePath) -> Found<Option<Output>> {
    let is_chosen = file.parts().any(|part| part == "static") && file.below("content").is_none();
    if !is_chosen && images::is_picture(&file.ending()) {
        match site.images.bare_file(&site.tree, file) {
            Ok(Some(bytes)) => return Found::clean(Some(Output::Bytes(bytes))),
            Ok(None) => {}
            Err(unfit) => return Found::new(None, vec![unfit_for_readers(file, &unfit)]),
        }
    }
    Found::clean(Some(Output::File(file.clone())))
}

fn rendition(site: &Site, variant: &Variant) -> Found<Option<Output>> {
    match site.images.bytes(&site.tree, variant) {
        Ok(bytes) => Found::clean(Some(Output::Bytes(bytes))),
        Err(unfit) => Found::new(None, vec![unfit_for_readers(&variant.file, &unfit)]),
    }
}

fn drawing(site: &Site, file: &SitePath) -> Found<Option<Output>> {
    // Files in `static/` are not held as text.
    let bytes = site.tree.get(file).and_then(|found| site.tree.bytes(found).ok());
    let text = bytes.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok());
    match text.and_then(images::clean) {
        Some(bytes) => Found::clean(Some(Output::Bytes(bytes))),
        None => Found::new(None, vec![unfit_for_readers(file, &Unfit::Other("a drawing with a fault in it"))]),
    }
}

/// The fault of an image that only shows when it is prepared for readers.
fn unfit_for_readers(file: &SitePath, unfit: &Unfit) -> Diagnostic {
    let (message, help) = unfit.message(file.name());
    Diagnostic::new(Code::ImageUnreadable, message).span(Span::file(file)).help(help)
}

/// Checks whether the output of `route` can be made, for callers that do not need its bytes.
pub(crate) fn prove(renderers: &Renderers, route: &Route) -> Found<Option<Output>> {
    let site = &renderers.of(Lang::OWN).asked.site;
    match &route.kind {
        RouteKind::Rendition(variant) => match site.images.prove(&site.tree, variant) {
            Ok(()) => Found::clean(None),
            Err(unfit) => Found::new(None, vec![unfit_for_readers(&variant.file, &unfit)]),
        },
        RouteKind::ShareImage(card) => drawn::prove(renderers.of(card.lang), card, &route.address),
        _ => render(renderers, route),
    }
}
