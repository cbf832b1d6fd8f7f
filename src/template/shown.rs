//! Entries, lists and templates → the rows that no page shows, and the fields that no template shows; each with a warning.
//!
//! A template shows the rows of a collection if it, a template that it extends or includes, or a component that it calls names
//! the collection: `data(collection="values")`.
//!
//! Not here: which fields the generic templates show (`further`).

use std::collections::{BTreeMap, BTreeSet};

use super::further::Further;
use super::load;
use crate::config::{Collection, List};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Address;
use crate::routes::{RouteKind, Routes};
use crate::schema::Name;
use crate::site::{Ix, Site};

/// The collections whose rows no page shows: nothing leads to them.
#[derive(Debug, Default)]
pub(super) struct Unshown(BTreeSet<Name>);

impl Unshown {
    pub(super) fn has(&self, collection: &str) -> bool {
        self.0.contains(collection)
    }
}

/// What is shown nowhere, one fault for each table of rows and each declaration of a field.
pub(super) fn unshown(site: &Site, routes: &Routes, further: &Further) -> (Unshown, Vec<Diagnostic>) {
    let rows: Vec<(&Collection, Ix)> = site
        .config
        .collections
        .values()
        .filter(|collection| collection.path.is_none())
        .filter_map(|collection| Some((collection, first_row(site, collection)?)))
        .collect();
    let (mut unshown, mut faults) = (Unshown::default(), Vec::new());
    if rows.is_empty() && further.is_empty() {
        return (unshown, faults);
    }
    let asked = Asked { site, routes, templates: Templates::of(site) };
    for (collection, first) in rows {
        if !asked.shows_rows(collection) {
            faults.push(asked.no_page(collection, first));
            unshown.0.insert(collection.name.clone());
        }
    }
    for (collection, fields) in further.all().filter(|(name, _)| !unshown.has(name)) {
        let collection = &site.config.collections[collection];
        faults.extend(fields.iter().filter_map(|field| asked.no_template(collection, field)));
    }
    (unshown, faults)
}

/// The first of the rows that readers might see.
fn first_row(site: &Site, collection: &Collection) -> Option<Ix> {
    let own = site.config.languages().next()?;
    site.data(&collection.name, own).into_iter().find(|ix| site.stands_for(*ix) == *ix)
}

struct Asked<'a> {
    site: &'a Site,
    routes: &'a Routes,
    templates: Templates<'a>,
}

impl Asked<'_> {
    fn shows_rows(&self, collection: &Collection) -> bool {
        let lists = || self.site.config.lists.values().filter(|list| list.from.contains(&collection.name));
        if lists().any(|list| list.route.is_some()) {
            return true;
        }
        let names = || std::iter::once(&collection.name).chain(lists().map(|list| &list.name));
        let shows = |template: &str| names().any(|name| self.templates.name(template, name));
        match collection.shown_on.as_deref() {
            Some(address) => self.template_at(address).is_some_and(|template| shows(&template)),
            None => {
                let is_attached = |list: &List| list.on.is_some();
                lists().any(is_attached) || self.used().iter().any(|template| shows(template))
            }
        }
    }

    /// Whether a template that shows one of `entries` shows the fields that were added to those of the theme.
    fn shows_further(&self, collection: &Collection, entries: &[Ix]) -> bool {
        if collection.path.is_some() {
            // A component such as a card may show them of other entries.
            let own: BTreeSet<String> = entries.iter().map(|ix| self.of_entry(*ix)).collect();
            return own.iter().any(|template| self.templates.has(template, "further", false));
        }
        let lists = self.site.config.lists.values().filter(|list| list.from.contains(&collection.name));
        let mut all: Vec<String> = lists.map(|list| list.template.clone()).collect();
        all.extend(collection.shown_on.as_deref().and_then(|address| self.template_at(address)));
        all.extend(self.used().into_iter().filter(|template| self.templates.name(template, &collection.name)));
        all.iter().any(|template| self.templates.has(template, ".further", true))
    }

    /// The template of the page at an address.
    fn template_at(&self, address: &str) -> Option<String> {
        match self.routes.at(&Address::new(address))?.kind {
            RouteKind::Entry(ix) => Some(self.of_entry(ix)),
            _ => None,
        }
    }

    fn of_entry(&self, ix: Ix) -> String {
        let entry = self.site.entry(ix);
        let list = self.site.introduced(ix).map(|listing| &self.site.config.lists[&self.site.listings()[listing].list]);
        let default = list.map_or(&self.site.config.collections[&entry.id.collection].template, |list| &list.template);
        let is_home = self.site.address(ix).is_some_and(|address| address.as_str() == "/")
            && self.templates.file("home.html").is_some();
        let default = if is_home { "home.html" } else { default.as_str() };
        entry.core.template.as_deref().unwrap_or(default).to_owned()
    }

    /// Every template that is used, of blocks too.
    fn used(&self) -> BTreeSet<String> {
        let config = &self.site.config;
        let own = self.site.shown().filter(|ix| self.site.has_page(*ix));
        let mut used: BTreeSet<String> = own.map(|ix| self.of_entry(ix)).collect();
        used.extend(config.lists.values().filter(|list| list.route.is_some()).map(|list| list.template.clone()));
        used.extend(config.directives.values().map(|block| block.template.clone()));
        used
    }

    fn no_page(&self, collection: &Collection, first: Ix) -> Diagnostic {
        let name = &collection.name;
        let template = &collection.template;
        let is_known = self.templates.name(template, name);
        let help = match collection.shown_on.as_deref() {
            Some(address) if is_known => match self.routes.at(&Address::new(address)).map(|route| &route.kind) {
                Some(RouteKind::Entry(ix)) => {
                    let file = &self.site.entry(*ix).source;
                    format!("write `template = \"{template}\"` into the front matter of {file}")
                }
                _ => {
                    let file = format!("content/{}.md", address.trim_matches('/'));
                    let is_parent =
                        self.site.tree.below(&format!("content/{}", address.trim_matches('/'))).next().is_some();
                    let file = if is_parent { file.replace(".md", "/index.md") } else { file };
                    format!("write {file} with a title and `template = \"{template}\"`")
                }
            },
            Some(address) => {
                format!(
                    "let the template of {address} show them, with `data(collection=\"{name}\")`, or declare a list of them with a `route` in site.toml"
                )
            }
            None => format!(
                "declare a list of them in site.toml: `[lists.{name}]` with `title`, `from = \"{name}\"` and `route = \"/{name}/\"`"
            ),
        };
        let first = self.site.entry(first);
        Diagnostic::new(Code::ShownNowhere, format!("no page shows the rows of `{name}`"))
            .at(&first.source, first.span.start..first.span.start)
            .help(help)
    }

    /// The fault of a field that entries state and no template shows.
    fn no_template(&self, collection: &Collection, field: &Name) -> Option<Diagnostic> {
        let states = |ix: &Ix| {
            let entry = self.site.entry(*ix);
            entry.id.collection == collection.name && entry.values.contains_key(field)
        };
        let stated: Vec<Ix> = self.site.shown().filter(states).collect();
        let span = collection.declared.get(field).filter(|_| !stated.is_empty())?;
        if self.shows_further(collection, &stated) {
            return None;
        }
        let name = &collection.name;
        // What has no page of its own is shown where its list is.
        let list = self.site.config.lists.values().find(|list| list.from.contains(name));
        let (what, template) = match (&collection.path, list) {
            (None, Some(list)) => (format!("`{{{{ item.{field} }}}}`"), list.template.clone()),
            (None, None) => (format!("`{{{{ row.{field} }}}}`"), "the template that shows the rows".to_owned()),
            (Some(_), _) => (format!("`{{{{ entry.{field} }}}}`"), self.of_entry(stated[0])),
        };
        // A theme may name a field of that name for something else; what the site's own templates name is meant.
        let own = format!("templates/{template}");
        let place = match self.site.tree.named(&own) {
            Some(_) => own,
            None => format!("a copy of {template} in templates/"),
        };
        Some(
            Diagnostic::new(Code::ShownNowhere, format!("no template shows the field `{field}` of `{name}`"))
                .span(span.clone())
                .help(format!("write {what} in {place}, or take the declaration out")),
        )
    }
}

/// The texts of templates, and of the components in them.
struct Templates<'a> {
    files: BTreeMap<String, &'a str>,
    components: BTreeMap<&'a str, &'a str>,
    prefixes: Vec<String>,
}

impl<'a> Templates<'a> {
    fn of(site: &'a Site) -> Self {
        let files: BTreeMap<String, &str> = load::found(site, |_| true, |_| {}).into_iter().collect();
        let mut components = BTreeMap::new();
        for text in files.values() {
            for (at, keyword) in text.match_indices("component ") {
                if text[..at].trim_end().trim_end_matches('-').ends_with("{%") {
                    let rest = &text[at + keyword.len()..];
                    let (body, _) = rest.split_once("endcomponent").unwrap_or((rest, ""));
                    components.entry(word(body)).or_insert(body);
                }
            }
        }
        let prefixes = site.config.themes.iter().map(|theme| format!("{theme}/")).collect();
        Self { files, components, prefixes }
    }

    fn file(&self, name: &str) -> Option<&'a str> {
        let prefixed = || self.prefixes.iter().find_map(|prefix| self.files.get(&format!("{prefix}{name}")));
        self.files.get(name).or_else(prefixed).copied()
    }

    /// Whether `template` names something in quotation marks.
    fn name(&self, template: &str, name: &str) -> bool {
        self.has(template, &format!("\"{name}\""), true) || self.has(template, &format!("'{name}'"), true)
    }

    /// Whether `words` are in a template, in one that it extends or includes, or, if so asked, in a component that it calls.
    fn has(&self, template: &str, words: &str, with_components: bool) -> bool {
        let mut next: Vec<&str> = self.file(template).into_iter().collect();
        let mut seen: BTreeSet<*const u8> = BTreeSet::new();
        while let Some(text) = next.pop() {
            if !seen.insert(text.as_ptr()) {
                continue;
            }
            if text.contains(words) {
                return true;
            }
            for keyword in ["extends", "include"] {
                let named = text.split(keyword).skip(1).map(str::trim_start);
                let named = named.filter_map(|rest| rest.strip_prefix(['"', '\''])?.split(['"', '\'']).next());
                next.extend(named.filter_map(|name| self.file(name)));
            }
            if !with_components {
                continue;
            }
            let called = text.split('<').map(word).filter(|name| !name.is_empty());
            next.extend(called.filter_map(|name| self.components.get(name)).copied());
        }
        false
    }
}

/// The name at the beginning of a text.
fn word(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(text.len());
    &text[..end]
}
