//! `pamphlet explain`: what a fault means, or why a page exists and from which files it is made.

use std::fmt::Write as _;

use super::Exit;
use super::args::ExplainArgs;
use super::list::{open, status};
use super::session::Session;
use crate::config::Untranslated;
use crate::diagnostic::{Code, nearest};
use crate::icons;
use crate::images;
use crate::markdown::{self, HtmlPolicy, Options};
use crate::path::{Address, SitePath};
use crate::pipeline::Made;
use crate::redirects::{self, By, Redirect, To};
use crate::routes::{Route, RouteKind};
use crate::schema;
use crate::site::{Ix, Listing, Site, View};

/// How wide a page of the manual is printed at most.
const WIDTH: usize = 80;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &ExplainArgs) -> Exit {
    let subject = typed.subject.trim();
    if let Some(code) = Code::named(subject) {
        let width = session.width().map_or(WIDTH, |width| width.clamp(20, WIDTH));
        session.print(&in_lines(&code.page(), width));
        return Exit::Fine;
    }
    let is_place = subject.contains(['/', '.', ':']);
    if !is_place && let Some(near) = nearest(subject, Code::ALL.iter().map(|code| code.as_str())) {
        session.wrong(&format!("there is no kind of fault `{subject}`"), &format!("did you mean `{near}`?"));
        return Exit::Usage;
    }
    let made = match open(session, None, View::Published) {
        Ok(made) => made,
        Err(exit) => return exit,
    };
    let site = &made.site;
    let file = SitePath::new(subject).and_then(|path| site.by_source(&path));
    if let Some(ix) = file {
        session.print(&entry(&made, ix));
        return Exit::Fine;
    }
    let address = address(site, subject);
    let with_slash = Address::new(&format!("{}/", address.as_str().trim_end_matches('/')));
    if let Some(route) = made.routes.at(&address).or_else(|| made.routes.at(&with_slash)) {
        session.print(&explained(&made, route));
        return Exit::Fine;
    }
    let redirects = &made.routes.redirects;
    if let Ok(former) = redirects::former(address.as_str(), &site.config.base)
        && let Some(one) = redirects.at(&former.address)
    {
        session.print(&former_address(site, &former.address, one));
        return Exit::Fine;
    }
    // Naming a hidden entry's address reveals nothing: you have its file anyway.
    if let Ok(all) = open(session, None, View::Everything)
        && let Some(route) = all.routes.at(&address).or_else(|| all.routes.at(&with_slash))
        && let RouteKind::Entry(ix) = route.kind
    {
        session.print(&entry(&made, ix));
        return Exit::Fine;
    }
    let known = made.routes.all().iter().map(|route| route.address.as_str());
    let help = match nearest(with_slash.as_str(), known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write an address such as `/publications/`, the path of a file, or the name of a fault".to_owned(),
    };
    session.wrong(&format!("nothing is published at `{address}`, and no fault has that name"), &help);
    Exit::Usage
}

/// A page of the manual as lines for a terminal.
fn in_lines(page: &str, width: usize) -> String {
    let options = Options { extensions: true, smart_punctuation: false, html: HtmlPolicy::Escape };
    markdown::lines(&markdown::read(&SitePath::root(), page, 0, &options).value, width)
}

/// The address that was meant; a full one is reduced to the path below the site's own address.
pub(super) fn address(site: &Site, subject: &str) -> Address {
    let base = &site.config.base;
    let below = subject.strip_prefix(&base.url("")).unwrap_or(subject);
    let below = below.strip_prefix(&base.prefix).filter(|_| !base.prefix.is_empty()).unwrap_or(below);
    Address::new(below)
}

fn explained(made: &Made, route: &Route) -> String {
    let site = &made.site;
    let address = &route.address;
    match &route.kind {
        RouteKind::Entry(ix) => entry(made, *ix),
        RouteKind::List { listing, page } => list(site, &site.listings()[*listing], *page, address),
        RouteKind::Feed { listing } => {
            let listing = &site.listings()[*listing];
            format!("{address} is the feed of the list `{}`: its newest entries.\n", listing.list)
        }
        RouteKind::Redirect(number) => former_address(site, address, &made.routes.redirects.all()[*number]),
        RouteKind::File(file) if images::is_picture(&file.ending()) && file.below("static").is_none() => {
            format!("{address} is the picture {file}, without what is noted beside it.\n")
        }
        RouteKind::File(file) => format!("{address} is the file {file}, unchanged.\n"),
        RouteKind::Event(ix) | RouteKind::Citation(ix, _) | RouteKind::Chart(ix, ..) => {
            format!("{address} is made from {}, which is published at the page above it.\n", site.named(*ix))
        }
        RouteKind::Rss { listing } | RouteKind::Calendar { listing } => {
            format!("{address} has the entries of the list `{}`.\n", site.listings()[*listing].list)
        }
        RouteKind::SecurityContact => format!("{address} is made from `[security]` in site.toml.\n"),
        RouteKind::Search(_) => format!("{address} is the search page; its template is `search.html`.\n"),
        RouteKind::Drawing(file) => {
            format!("{address} is the drawing {file}, without its scripts and external files.\n")
        }
        RouteKind::Picture(file, _) => {
            format!("{address} is the picture {file} in its own size, without what is noted beside it.\n")
        }
        RouteKind::Rendition(variant) => {
            let (width, height) = (variant.width, variant.height);
            format!("{address} is the image {}, {width} × {height} pixels.\n", variant.file)
        }
        RouteKind::ShareImage(card) => {
            format!("{address} is the share image of “{}”; its template is `share.svg`.\n", card.title)
        }
        RouteKind::Drawn(drawn) => format!(
            "{address} is the drawing `{}` of {}; it stands where there is no picture.\n",
            drawn.name,
            drawn.of()
        ),
        RouteKind::Icon(_) => format!("{address} is an icon, made of `{}` in `static/`.\n", icons::DRAWING),
        RouteKind::Manifest => format!("{address} tells phones the site's name, and where its icons are.\n"),
        RouteKind::NotFound(_) => {
            format!("{address} is shown for addresses that lead nowhere; its template is `404.html`.\n")
        }
        RouteKind::Style(file) => format!("{address} is the stylesheet {file}, with what it imports in it.\n"),
        RouteKind::CodeStyles => format!("{address} colours code in texts.\n"),
        RouteKind::Rules(_) => format!("{address} tells the host where former addresses lead.\n"),
        RouteKind::Sitemap(_) | RouteKind::SitemapIndex => {
            format!("{address} lists the site's pages for search engines.\n")
        }
        RouteKind::Headers => format!("{address} tells hosts which headers to send to browsers.\n"),
        RouteKind::Robots => format!("{address} tells search engines where the sitemap is.\n"),
    }
}

fn former_address(site: &Site, address: &Address, one: &Redirect) -> String {
    let place = match one.by {
        By::Alias(_) => "`aliases`",
        By::Table => "a line",
        By::Pattern(_) => "a pattern of `[[moved]]`",
    };
    format!("{address} is a former address, which leads to {}; {place} in {} says so.\n", one.url(site), one.span.file)
}

fn entry(made: &Made, ix: Ix) -> String {
    let site = &made.site;
    let entry = site.entry(ix);
    let mut out = format!("\"{}\" ({})\n", entry.title(), status(site, ix, &schema::in_words));
    let mut line = |name: &str, text: String| {
        let _ = writeln!(out, "  {name:<12} {text}");
    };
    line("file", entry.source.to_string());
    entry.parts.iter().for_each(|part| line("part", part.source.to_string()));
    line("entry", Site::id_text(&entry.id));
    match site.address(ix) {
        Some(address) => line("address", address.to_string()),
        None if site.visibility(ix).hidden().is_some() => line("address", "none while it is not public".to_owned()),
        None => line("address", "none: its collection has no pages".to_owned()),
    }
    if site.has_page(ix) {
        let collection = &site.config.collections[&entry.id.collection];
        let list = site.introduced(ix).map(|listing| &site.config.lists[&site.listings()[listing].list]);
        let default = list.map_or(&collection.template, |list| &list.template);
        line("template", entry.core.template.as_deref().unwrap_or(default).to_owned());
    }
    for (file, address) in site.files().iter().filter(|(file, _)| site.file_owner(file) == Some(ix)) {
        line("with it", format!("{file} at {address}"));
    }
    for former in
        made.routes.redirects.all().iter().filter(|one| matches!(&one.to, To::Here(to) if Some(to) == site.address(ix)))
    {
        line("formerly", former.from.to_string());
    }
    for listing in site.listings().iter().filter(|listing| listing.items.contains(&ix)) {
        let place = match (&listing.address, listing.owner) {
            (_, Some(owner)) => format!("on the page of {}", site.named(owner)),
            (Some(address), None) => address.to_string(),
            (None, None) => String::new(),
        };
        line("listed in", format!("`{}`, {place}", listing.list));
    }
    for edge in site.referrers(ix, site.lang(ix), Untranslated::Show) {
        line("named by", format!("{} in `{}`", site.named(edge.from), edge.field));
    }
    out
}

fn list(site: &Site, listing: &Listing, page: usize, address: &Address) -> String {
    let list = &site.config.lists[&listing.list];
    let mut out = format!("{address} is page {page} of the list \"{}\"\n", list.title);
    let mut line = |name: &str, text: String| {
        let _ = writeln!(out, "  {name:<12} {text}");
    };
    let declared = list.span.as_ref().map_or_else(String::new, |span| format!(" in {}", span.file));
    line("declared", format!("`[lists.{}]`{declared}", list.name));
    line("from", list.from.iter().map(|name| &**name).collect::<Vec<_>>().join(", "));
    if let Some(group) = &listing.group {
        line("group", group.title.clone());
    }
    if let Some(owner) = listing.owner {
        line("about", site.named(owner));
    }
    line("entries", listing.items.len().to_string());
    line("template", list.template.clone());
    out
}
