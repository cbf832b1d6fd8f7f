//! The addresses on all pages → those that lead nowhere, and those that make a browser fetch from elsewhere.
//!
//! An address is read as a browser would read it on that page; whether it leads somewhere depends on what is published,
//! answered as a plain file server would.

use super::across::Facts;
use super::facts::{Link, LinkKind, PageFacts, fault};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::path::{Address, OutputPath, composed};
use crate::site;
use indexmap::IndexMap;
use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;
use url::Url;

/// At most this many different broken addresses get a suggestion; finding one takes time, and nobody reads more.
const SUGGESTIONS: usize = 200;

/// Where an address leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// Below the site's own address.
    Inside { address: Address, fragment: Option<Cow<'a, str>> },
    /// On the site's host, but written as if the site began at the host's root, which it does not.
    Beside,
    /// At another host, scheme or port.
    Elsewhere,
    /// Nothing that is fetched: mail, telephone, data.
    Nothing,
}

/// The site's own address, split as needed to compare links with it.
pub(super) struct Base {
    url: Url,
    /// The path without its last slash: empty, or `/prefix`.
    prefix: String,
}

impl Base {
    pub(super) fn new(url: &Url) -> Self {
        let prefix = decoded(url.path().trim_end_matches('/')).into_owned();
        Self { url: url.clone(), prefix }
    }

    /// Where `href` leads from the page `from`.
    pub(super) fn resolve<'a>(&self, from: &Address, href: &'a str) -> Target<'a> {
        let (before, fragment) = match href.split_once('#') {
            Some((before, fragment)) => (before, Some(decoded(fragment))),
            None => (href, None),
        };
        if before.is_empty() {
            return Target::Inside { address: from.clone(), fragment };
        }
        if is_plain(before) {
            let path = before.split_once('?').map_or(before, |(path, _)| path);
            return self.place(path, fragment).unwrap_or(Target::Beside);
        }
        let mut here = self.url.clone();
        here.set_path(&format!("{}{}", self.prefix, from.as_str()));
        match here.join(href) {
            Ok(url) if !matches!(url.scheme(), "http" | "https") => Target::Nothing,
            Ok(url) if url.origin() != self.url.origin() => Target::Elsewhere,
            Ok(url) => self.place(url.path(), fragment).unwrap_or_else(|| {
                // An absolute address beside ours may well be another site on the same host.
                let relative = Url::parse(href).is_err();
                if relative { Target::Beside } else { Target::Elsewhere }
            }),
            // An address that a browser cannot parse leads nowhere.
            Err(_) => Target::Beside,
        }
    }

    fn place<'a>(&self, path: &str, fragment: Option<Cow<'a, str>>) -> Option<Target<'a>> {
        let path = decoded(path);
        let rest = path.strip_prefix(&self.prefix)?;
        let inside = rest.is_empty() || rest.starts_with('/');
        inside.then(|| Target::Inside { address: Address::new(rest), fragment })
    }
}

/// Whether this begins at the host's root and is in its normal form, so that nothing has to be resolved.
fn is_plain(href: &str) -> bool {
    href.starts_with('/') && !href.starts_with("//") && !href.contains("/.") && !href.contains(['\\', '\t', '\n', '\r'])
}

fn decoded(text: &str) -> Cow<'_, str> {
    match percent_decode_str(text).decode_utf8_lossy() {
        Cow::Borrowed(text) => composed(text),
        Cow::Owned(text) => Cow::Owned(composed(&text).into_owned()),
    }
}

/// What is wrong with one address on one page.
enum Wrong {
    /// Nothing is published at the address.
    Broken(String),
    /// The address is on our host, but outside our site.
    Beside,
    Anchor(Address, String),
    ThirdParty,
}

/// The faults of all addresses on all pages.
pub(super) fn links(facts: &Facts<'_>) -> Vec<Diagnostic> {
    let base = Base::new(facts.base_url);
    let mut published: IndexMap<&str, Option<&PageFacts>> =
        facts.outputs.iter().map(|path| (path.as_str(), None)).collect();
    published.extend(facts.pages.iter().map(|page| (page.path.as_str(), Some(page))));
    let wrong: Vec<(&PageFacts, &Link, Wrong)> = facts
        .pages
        .par_iter()
        .flat_map_iter(|page| {
            let (base, published, from) = (&base, &published, page.path.address());
            page.links.iter().filter_map(move |link| Some((page, link, judge(base, published, &from, link)?)))
        })
        .collect();
    let mut suggest = Suggest::new(facts.outputs.iter());
    wrong.into_iter().map(|(page, link, wrong)| report(page, link, wrong, &base, &published, &mut suggest)).collect()
}

fn judge(base: &Base, published: &IndexMap<&str, Option<&PageFacts>>, from: &Address, link: &Link) -> Option<Wrong> {
    match base.resolve(from, &link.url) {
        Target::Nothing => None,
        Target::Elsewhere => (link.kind == LinkKind::Loaded).then_some(Wrong::ThirdParty),
        Target::Beside => Some(Wrong::Beside),
        Target::Inside { address, fragment } => {
            // Every host sends readers from `/about` to `/about/`.
            let there = [&address, &address.page()].into_iter().find_map(|at| published.get(at.output().as_str()));
            let Some(page) = there else { return Some(Wrong::Broken(address.as_str().to_owned())) };
            let (page, fragment) = ((*page)?, fragment?);
            // The standard gives the empty fragment and `top` a meaning; `:~:` introduces words to search for.
            let fragment = fragment.split(":~:").next().unwrap_or_default();
            let known = fragment.is_empty() || fragment.eq_ignore_ascii_case("top") || page.ids.contains(fragment);
            (!known && !page.redirect).then(|| Wrong::Anchor(address, fragment.to_owned()))
        }
    }
}

fn report(
    page: &PageFacts,
    link: &Link,
    wrong: Wrong,
    base: &Base,
    published: &IndexMap<&str, Option<&PageFacts>>,
    suggest: &mut Suggest<'_>,
) -> Diagnostic {
    let url = &link.url;
    let mut fault = match wrong {
        Wrong::Broken(address) => {
            let fault = fault(page, Code::BrokenLink, leads_nowhere(link));
            match suggest.nearest(&address) {
                _ if site::is_of_own_machine(url) => fault.help(site::OWN_MACHINE),
                Some(near) => fault.help(format!("did you mean `{}{near}`?", base.prefix)),
                None => fault.help("correct the address, or take the link out"),
            }
        }
        Wrong::Beside => fault(page, Code::BrokenLink, leads_nowhere(link))
            .help(format!("this site begins at `{}/`; its addresses begin with that", base.prefix)),
        Wrong::Anchor(address, fragment) => {
            let message = format!("the link to `{url}` leads to a place that its page does not have");
            let ids = published.get(address.page().output().as_str()).copied().flatten().map(|page| &page.ids);
            let near = ids.filter(|_| suggest.may_suggest_anchor());
            let near = near.and_then(|ids| nearest(&fragment, ids.iter().map(String::as_str)));
            let fault = fault(page, Code::MissingAnchor, message);
            match near {
                Some(near) => fault.help(format!("did you mean `#{near}`?")),
                None => fault.help(format!("`{address}` has no heading with the id `{fragment}`")),
            }
        }
        Wrong::ThirdParty => {
            let message = format!("the page makes browsers fetch `{url}` from another site");
            fault(page, Code::ThirdPartyOrigin, message)
                .help("publish the file with this site, so that no one else learns who reads the page")
        }
    };
    fault.seen = Some(url.clone());
    fault
}

fn leads_nowhere(link: &Link) -> String {
    match link.kind {
        LinkKind::Followed => format!("the link to `{}` leads to nothing on this site", link.url),
        LinkKind::Loaded => format!("the page loads `{}`, which is not on this site", link.url),
    }
}

/// What a broken address was probably meant to be.
struct Suggest<'a> {
    /// All addresses, by their folder and their last part.
    folders: BTreeMap<String, Vec<(String, &'a OutputPath)>>,
    names: BTreeMap<String, &'a OutputPath>,
    found: BTreeMap<String, Option<String>>,
    /// How many anchors have been looked for.
    anchors: usize,
}

impl<'a> Suggest<'a> {
    fn new(outputs: impl Iterator<Item = &'a OutputPath>) -> Self {
        let mut folders: BTreeMap<String, Vec<(String, &OutputPath)>> = BTreeMap::new();
        let mut names = BTreeMap::new();
        for output in outputs {
            let (folder, name) = parts(output.address().as_str());
            folders.entry(folder).or_default().push((name.clone(), output));
            names.entry(name).or_insert(output);
        }
        Self { folders, names, found: BTreeMap::new(), anchors: 0 }
    }

    fn nearest(&mut self, address: &str) -> Option<String> {
        if let Some(found) = self.found.get(address) {
            return found.clone();
        }
        if self.found.len() >= SUGGESTIONS {
            return None;
        }
        let found = self.look(address).map(|output| output.address().as_str().to_owned());
        self.found.insert(address.to_owned(), found.clone());
        found
    }

    /// Whether one more anchor may be looked for.
    fn may_suggest_anchor(&mut self) -> bool {
        self.anchors += 1;
        self.anchors <= SUGGESTIONS
    }

    /// A neighbour with nearly the same name, or a page with exactly that name elsewhere.
    fn look(&self, address: &str) -> Option<&'a OutputPath> {
        let (folder, name) = parts(address);
        let neighbours = self.folders.get(&folder).map_or(&[][..], Vec::as_slice);
        let near = nearest(&name, neighbours.iter().map(|(name, _)| name.as_str()))
            .and_then(|near| neighbours.iter().find(|(name, _)| name == near));
        near.map(|(_, output)| *output).or_else(|| self.names.get(&name).copied().filter(|_| !name.is_empty()))
    }
}

/// The folder and the last part of an address: `/a/` and `b` for both `/a/b/` and `/a/b`.
fn parts(address: &str) -> (String, String) {
    let trimmed = address.trim_end_matches('/');
    let (folder, name) = trimmed.rsplit_once('/').unwrap_or(("", trimmed));
    (format!("{folder}/"), name.strip_suffix(".html").unwrap_or(name).to_owned())
}
