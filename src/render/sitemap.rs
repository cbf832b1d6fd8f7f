//! The files that machines request: `sitemap.xml`, `robots.txt` and `security.txt`.

use std::fmt::Write as _;

use super::feed::Xml;
use crate::routes::{Route, RouteKind, Routes, SITEMAP_LIMIT, is_indexed};
use crate::schema::rfc3339;
use crate::site::{Site, View};

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// The `nth` section of the addresses that search engines may list (sitemaps.org protocol 0.9).
pub(super) fn sitemap(site: &Site, routes: &Routes, nth: usize) -> String {
    let mut xml = Xml::new("urlset", &[("xmlns", NAMESPACE)]);
    for route in listed(site, routes).skip(nth * SITEMAP_LIMIT).take(SITEMAP_LIMIT) {
        xml.open("url", &[]);
        xml.text("loc", &site.config.base.url(route.address.as_str()));
        if let RouteKind::Entry(ix) = route.kind
            && let Some(when) = site.changed_at(ix)
        {
            xml.text("lastmod", &rfc3339(&when));
        }
        xml.close("url");
    }
    xml.finish("urlset")
}

/// The index of the sitemaps.
pub(super) fn index(site: &Site, routes: &Routes) -> String {
    let count = listed(site, routes).count().div_ceil(SITEMAP_LIMIT).max(1);
    let mut xml = Xml::new("sitemapindex", &[("xmlns", NAMESPACE)]);
    for n in 1..=count {
        xml.open("sitemap", &[]);
        xml.text("loc", &site.config.base.url(&format!("/sitemap-{n}.xml")));
        xml.close("sitemap");
    }
    xml.finish("sitemapindex")
}

fn listed<'a>(site: &'a Site, routes: &'a Routes) -> impl Iterator<Item = &'a Route> {
    routes.all().iter().filter(|route| is_indexed(site, &route.kind))
}

/// Lets every robot in and names the sitemap (RFC 9309); a preview lets none in.
pub(super) fn robots(site: &Site) -> String {
    match site.view {
        View::Published | View::Checked => {
            format!("User-agent: *\nAllow: /\n\nSitemap: {}\n", site.config.base.url("/sitemap.xml"))
        }
        View::Everything | View::Whole => "User-agent: *\nDisallow: /\n".to_owned(),
    }
}

/// Where to report a weakness of the site (RFC 9116); it expires at the end of the day, in UTC.
pub(super) fn security_contact(site: &Site) -> String {
    let Some(security) = &site.config.security else { return String::new() };
    let mut out = String::new();
    for contact in &security.contacts {
        let _ = writeln!(out, "Contact: {contact}");
    }
    let _ = writeln!(out, "Expires: {}T23:59:59Z", security.expires);
    let languages: Vec<&str> = site.config.languages().map(|lang| &*site.config.in_language(lang).code).collect();
    let _ = writeln!(out, "Preferred-Languages: {}", languages.join(", "));
    let _ = writeln!(out, "Canonical: {}", site.config.base.url("/.well-known/security.txt"));
    out
}
