//! `_headers`: the headers that Netlify, Cloudflare Pages and similar hosts send with every page.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::policy;
use crate::routes::{ChartForm, Route, RouteKind, Routes, search_folder};
use crate::site::Site;

/// The folder of files whose names change with their bytes.
const ASSETS: &str = "/assets/";

pub(super) fn rules(site: &Site, routes: &Routes) -> String {
    let base = &site.config.base;
    let mut out = format!("{}\n", base.href("/*"));
    for (name, value) in policy::HEADERS {
        let _ = writeln!(out, "  {name}: {value}");
    }
    // Before the rest, since some hosts read only the first hundred rules. What a page of its own is told replaces the above:
    // by the line with `!` at Cloudflare, where both would hold otherwise, and by being later at Netlify, which skips that line.
    for route in routes.all().iter().filter(|route| matches!(route.kind, RouteKind::Chart(.., ChartForm::Page))) {
        let path = base.href(route.address.as_str());
        if !path.contains('*') && !path.contains("/:") {
            let name = "Content-Security-Policy";
            let _ = writeln!(out, "{path}\n  ! {name}\n  {name}: {}", policy::FOR_EMBEDDING);
        }
    }
    let mut keep = |path: &str| {
        let _ = writeln!(out, "{path}\n  Cache-Control: {}", policy::FOR_EVER);
    };
    let hashed = |route: &&Route| is_hashed(site, routes, route);
    let in_folder = |route: &Route| route.address.as_str().starts_with(ASSETS);
    // `static/` may have put another file among the assets.
    let are_all_hashed = routes.all().iter().filter(|route| in_folder(route)).all(|route| hashed(&route));
    if are_all_hashed {
        keep(&base.href("/assets/*"));
    }
    if let Some(folder) = search_folder(site) {
        HASHED_OF_SEARCH.iter().for_each(|below| keep(&base.href(folder.join(below).as_str())));
    }
    // Pages and pictures share folders, and these hosts know no pattern for names.
    let others = routes.all().iter().filter(|route| !(are_all_hashed && in_folder(route))).filter(hashed);
    for route in others {
        let path = base.file_href(route.address.as_str());
        // Either would stand for any name.
        if !path.contains('*') && !path.contains("/:") {
            keep(&path);
        }
    }
    out
}

/// The folders of the search index in which every file's name changes with its bytes.
const HASHED_OF_SEARCH: &[&str] = &["fragment/*", "index/*", "filter/*"];

/// The files whose names change with their bytes, as paths below the published folder.
pub(crate) struct Hashed {
    files: BTreeSet<String>,
    /// The folders of the search index in which every file is one of them.
    folders: Vec<String>,
}

impl Hashed {
    /// Those of a snapshot.
    pub(crate) fn of(site: &Site, routes: &Routes) -> Self {
        let files = routes.all().iter().filter(|route| is_hashed(site, routes, route));
        let below = |folder: &crate::path::Address| {
            HASHED_OF_SEARCH
                .iter()
                .map(|below| folder.join(below.trim_end_matches('*')).as_str().trim_start_matches('/').to_owned())
                .collect()
        };
        Self {
            files: files.map(|route| route.address.output().as_str().to_owned()).collect(),
            folders: search_folder(site).as_ref().map(below).unwrap_or_default(),
        }
    }

    /// Whether the file at `path` is one of them.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.contains(path) || self.folders.iter().any(|folder| path.starts_with(folder))
    }
}

/// Whether the address of a route changes with its bytes.
fn is_hashed(site: &Site, routes: &Routes, route: &Route) -> bool {
    match &route.kind {
        RouteKind::Style(_)
        | RouteKind::CodeStyles
        | RouteKind::Rendition(_)
        | RouteKind::Picture(..)
        | RouteKind::ShareImage(_)
        | RouteKind::Drawn(_)
        | RouteKind::Chart(.., ChartForm::Image) => true,
        // A drawing that is linked to has its own name too.
        RouteKind::Drawing(file) => {
            site.pictures().get(file).and_then(|picture| picture.address()).as_ref() == Some(&route.address)
        }
        RouteKind::File(file) => {
            route.address.as_str().starts_with(ASSETS)
                && routes.assets.all().any(|(asset, address)| asset == file && *address == route.address)
        }
        _ => false,
    }
}
