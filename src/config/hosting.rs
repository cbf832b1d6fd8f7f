//! `[hosting]` and `[[moved]]` of `site.toml` → the hosts to write rules for, and the patterns of addresses that have moved.

use super::layers::{Layers, not_one_of};
use crate::data::RawKind;
use crate::diagnostic::{Diagnostic, Span};

/// A host, or a family of hosts, that gets rules for former addresses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Host {
    /// Netlify, and Cloudflare Pages, which reads the same file.
    Netlify,
    Nginx,
    Apache,
    Caddy,
}

impl Host {
    pub(crate) const ALL: &[(&str, Host)] =
        &[("netlify", Host::Netlify), ("nginx", Host::Nginx), ("apache", Host::Apache), ("caddy", Host::Caddy)];

    /// Where the host looks for its rules.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Host::Netlify => "/_redirects",
            Host::Nginx => "/redirects.nginx.map",
            Host::Apache => "/.htaccess",
            Host::Caddy => "/redirects.caddy",
        }
    }
}

/// How former addresses are answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Hosting {
    pub(crate) rules: Vec<Host>,
    /// Whether each former address that can have a page gets one.
    pub(crate) redirect_pages: bool,
    /// Whether `site.toml` names the hosts: the file is then written even if it holds no rules.
    pub(crate) stated: bool,
}

/// A pattern of addresses that has moved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Moved {
    pub(crate) from: (String, Span),
    pub(crate) to: (String, Span),
}

/// Reads `[hosting]`.
pub(super) fn hosting(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Hosting {
    let written = table.texts("rules", faults);
    let stated = written.is_some();
    let mut rules = Vec::new();
    for (text, span) in
        written.unwrap_or_else(|| vec![("netlify".to_owned(), Span::file(&crate::path::SitePath::root()))])
    {
        match Host::ALL.iter().find(|(name, _)| *name == text) {
            Some((_, host)) if rules.contains(host) => {}
            Some((_, host)) => rules.push(*host),
            None => faults.push(not_one_of(&table.path("rules"), &text, span, Host::ALL.iter().map(|(name, _)| *name))),
        }
    }
    let hosting = Hosting { rules, redirect_pages: table.flag("redirect_pages", true, faults), stated };
    table.finish(faults);
    hosting
}

/// Reads `[[moved]]`.
pub(super) fn moved(site: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Vec<Moved> {
    let Some(setting) = site.get("moved") else { return Vec::new() };
    let RawKind::List(items) = &setting.raw.kind else {
        faults.push(setting.wrong("moved", "a list: begin each pattern with `[[moved]]`"));
        return Vec::new();
    };
    let mut all = Vec::new();
    for raw in items {
        let one = Layers::new(vec![(setting.file, raw)], "moved");
        let mut side = |key: &str, example: &str| {
            let before = faults.len();
            let text = one.text_at(key, faults);
            if text.is_none() && faults.len() == before {
                faults.push(one.missing(key, example));
            }
            text
        };
        let (from, to) = (side("from", "\"/publications/{slug}/\""), side("to", "\"/research/{slug}/\""));
        one.finish(faults);
        all.extend(from.zip(to).map(|(from, to)| Moved { from, to }));
    }
    all
}
