//! `_headers`: the headers that Netlify, Cloudflare Pages and similar hosts send with every page.

use std::fmt::Write as _;

use crate::path::Address;
use crate::policy;
use crate::routes::{RouteKind, Routes};
use crate::site::Site;

/// The folder of files whose names change with their bytes.
const ASSETS: &str = "/assets/";

pub(super) fn rules(site: &Site, routes: &Routes) -> String {
    let base = &site.config.base;
    let mut out = format!("{}\n", base.href("/*"));
    for (name, value) in policy::HEADERS {
        let _ = writeln!(out, "  {name}: {value}");
    }
    if all_assets_are_hashed(routes) {
        let _ = writeln!(out, "{}\n  Cache-Control: {}", base.href("/assets/*"), policy::FOR_EVER);
    }
    out
}

/// Whether every file in the assets folder has a hashed name; `static/` may have put another one there.
fn all_assets_are_hashed(routes: &Routes) -> bool {
    let first = routes.all().partition_point(|route| route.address < Address::new(ASSETS));
    let in_folder = routes.all()[first..].iter().take_while(|route| route.address.as_str().starts_with(ASSETS));
    in_folder.into_iter().all(|route| match &route.kind {
        RouteKind::Style(_) | RouteKind::CodeStyles | RouteKind::Rendition(_) | RouteKind::ShareImage(_) => true,
        RouteKind::File(file) => routes.assets.all().any(|(asset, address)| asset == file && *address == route.address),
        _ => false,
    })
}
