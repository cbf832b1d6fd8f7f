//! A folder of Jekyll → a survey: posts, drafts, collections, pages, defaults.

mod permalinks;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use self::permalinks::{Facts, expanded, slugified, style, suffixed};
use self::settings::Settings;
use super::hidden::{Rules, state};
use super::lenient::{self, get, key, moment, raw, text, text_at, texts};
use super::pages::{self, Page, note};
use super::texts::{Meanings, Read};
use super::{Folder, Program};
use crate::data::{RawKind, Table};
use crate::import::site::place::Place;
use crate::import::site::survey::{Body, Menu, MenuItem, Redirect, State, Survey, Term};
use crate::schema::Moment;

const MARKDOWN: &[&str] = &["md", "markdown", "mkd", "mkdn", "mkdown"];
const HTML: &[&str] = &["html", "htm"];

/// What a file is to Jekyll.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Role {
    Post,
    Draft,
    /// A document of the collection with this place in the list.
    Document(usize),
    Page,
}

/// What is in a folder of Jekyll, as of `now`.
pub(super) fn survey(folder: &Folder<'_>, now: Timestamp, meanings: Meanings) -> (Survey, Read) {
    let mut survey = Survey { program: Program::Jekyll.name(), ..Survey::default() };
    let settings = settings::read(folder, &mut survey.notes);
    about(&settings, &mut survey);
    let rules = Rules {
        now,
        zone: settings.zone.clone(),
        drafts: settings.drafts,
        future: settings.future,
        expired: true,
        from: &["date"],
    };
    let mut pages = Vec::new();
    let mut left = 0;
    for path in folder.files {
        let Some(below) = path.strip_prefix(settings.source.as_str()) else { continue };
        let Some(role) = role(below, &settings) else {
            continue;
        };
        let ending = pages::ending(below);
        let is_text = MARKDOWN.contains(&&*ending) || HTML.contains(&&*ending);
        if is_text && let Some(page) = page(folder, path, below, &role, &settings, &rules, &mut survey) {
            pages.push(page);
        } else if is_text && role == Role::Page && HTML.contains(&&*ending) {
            // A finished page without front matter is published as it is.
            survey.files.push(pages::file(path, format!("/{below}"), None));
        } else if pages::is_given(below) && matches!(role, Role::Page | Role::Document(_)) {
            let mut file = pages::file(path, asset(below, &role, &settings), None);
            if let Role::Document(nth) = role
                && let Some(collection) = settings.collections.get(nth).filter(|collection| !collection.has_pages)
            {
                file.state = State::Hidden(format!("Jekyll publishes nothing of `{}`", collection.name));
            }
            survey.files.push(file);
        } else {
            left += 1;
        }
    }
    if left > 0 {
        let how = "they belong to the look of the old site, and are left out";
        survey.notes.push(note(&format!("{left} styles, scripts and the like"), how, "", 0, ""));
    }
    pages::redirects(folder, &mut survey);
    survey.redirects.push(Redirect { from: "/feed.xml".to_owned(), to: "@feed".to_owned() });
    terms(&pages, &settings, &mut survey);
    let data = data(
        folder,
        &format!("{}{}", settings.source, text_at(&settings.all, &["data_dir"]).unwrap_or_else(|| "_data".to_owned())),
        &mut survey,
    );
    let own = settings.language.clone().unwrap_or_else(|| "en".to_owned());
    languages(&mut pages, &own, &mut survey);
    pages::entries(pages, &own, &settings.zone, &mut survey);
    super::beside::belong(&mut survey, &settings.source);
    pages::uses(&mut survey, settings.base.as_deref().unwrap_or_default());
    let read = Read::new(Program::Jekyll, &survey, settings.all, data, Vec::new(), meanings);
    (survey, read)
}

fn about(settings: &Settings, survey: &mut Survey) {
    survey.about.title = text_at(&settings.all, &["title"]).or_else(|| text_at(&settings.all, &["name"]));
    survey.about.description = text_at(&settings.all, &["description"]);
    survey.about.base = settings.base.clone().filter(|base| base.contains("://"));
    survey.stood = Place::new(survey.about.base.as_deref().unwrap_or_default(), "", "");
    survey.about.email = text_at(&settings.all, &["email"]).filter(|email| email.contains('@'));
    survey.about.timezone = settings.zone_name.clone().filter(|name| crate::schema::zone(name).is_some());
    survey.about.languages = vec![settings.language.clone().unwrap_or_else(|| "en".to_owned()).replace('_', "-")];
}

/// What a file is; `None` if Jekyll does not read it.
fn role(below: &str, settings: &Settings) -> Option<Role> {
    let parts: Vec<&str> = below.split('/').collect();
    let in_folder = |name: &str| parts[..parts.len() - 1].contains(&name);
    let at_collections = below.strip_prefix(settings.collections_dir.as_str());
    for (nth, collection) in settings.collections.iter().enumerate() {
        let own = format!("_{}/", collection.name);
        if collection.name != "posts" && at_collections.is_some_and(|below| below.starts_with(&own)) {
            let is_odd = parts.iter().skip(1).any(|part| part.starts_with('.') || part.ends_with('~'));
            return (!is_odd && !settings.excludes(below)).then_some(Role::Document(nth));
        }
    }
    for (name, role) in [("_posts", Role::Post), ("_drafts", Role::Draft)] {
        if in_folder(name) {
            let before = parts.iter().take_while(|part| **part != name);
            let is_odd =
                before.clone().any(|part| part.starts_with(['_', '.']) && !settings.collections_dir.starts_with(*part));
            return (!is_odd && !settings.excludes(below)).then_some(role);
        }
    }
    settings.reads(below).then_some(Role::Page)
}

/// The address of a file that is copied as it is.
fn asset(below: &str, role: &Role, settings: &Settings) -> String {
    match role {
        Role::Document(_) => {
            let below = below.strip_prefix(settings.collections_dir.as_str()).unwrap_or(below);
            format!("/{}", below.trim_start_matches('_'))
        }
        _ => format!("/{below}"),
    }
}

/// Reads one page; `None` if it has no front matter, or is only a redirect.
fn page(
    folder: &Folder<'_>,
    path: &str,
    below: &str,
    role: &Role,
    settings: &Settings,
    rules: &Rules,
    survey: &mut Survey,
) -> Option<Page> {
    let pages::Written { mut fields, has_front, body, line, unread } = pages::written(folder, path, survey);
    if !has_front && *role == Role::Page && !is_page_without_front(below, &body, settings) {
        return None;
    }
    let collection = match role {
        Role::Post | Role::Draft => settings.collections.iter().find(|one| one.name == "posts"),
        Role::Document(nth) => settings.collections.get(*nth),
        Role::Page => None,
    };
    let kind = collection.map_or("pages", |collection| collection.name.as_str());
    settings.fill(below, kind, &mut fields);
    let name = below.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (day, bare) = match pages::dated(stem) {
        Some((day, rest)) if collection.is_some() && !rest.is_empty() => (Some(day), rest.to_owned()),
        _ => (None, stem.to_owned()),
    };
    if let Some(day) = day.as_ref().filter(|_| get(&fields, "date").is_none()) {
        fields.push((key("date"), raw(RawKind::Text(day.clone()))));
    }
    title(&mut fields, &body, &bare, collection.is_some());
    let categories = categories(&fields, below, role);
    sorted_under(&mut fields, &categories, role);
    let address = address(below, role, collection, &fields, &bare, &categories, settings);
    if let Some(address) = &address
        && leads_on(&fields, address, survey)
    {
        return None;
    }
    if address.as_deref() == Some("/404.html") || address.as_deref() == Some("/404/") {
        survey.notes.push(note("pages for what is not found", "the theme has its own", path, 0, ""));
        return None;
    }
    let state = match (unread, role, collection) {
        (Some(why), _, _) => State::Hidden(why),
        (_, Role::Draft, _) if !settings.drafts => State::Hidden("a draft".to_owned()),
        (_, Role::Post, _) if day.is_none() && get(&fields, "date").is_none() => {
            State::Hidden("a post without a day in the name of its file, which Jekyll does not publish".to_owned())
        }
        (_, Role::Document(_), Some(collection)) if !collection.has_pages => {
            State::Hidden(format!("`{}` had no pages of its own", collection.name))
        }
        _ => state(&fields, rules),
    };
    let mut addresses: Vec<String> = with_file(address);
    addresses.extend(pages::former(&fields, "/"));
    Some(Page {
        source: path.to_owned(),
        kind: match role {
            Role::Post | Role::Draft => "post".to_owned(),
            Role::Document(_) => kind.to_owned(),
            Role::Page => "page".to_owned(),
        },
        key: key_of(&bare, below, role, addresses.first()),
        lang: None,
        group: below.to_owned(),
        is_list: false,
        fields,
        body: if HTML.contains(&&*pages::ending(below)) { Body::Html(body) } else { Body::Markdown(body) },
        state,
        addresses,
        line,
    })
}

/// Some plug-ins of GitHub take a text without front matter for a page; it then has a heading.
fn is_page_without_front(below: &str, body: &str, settings: &Settings) -> bool {
    let is_text = MARKDOWN.contains(&&*pages::ending(below)) && body.trim_start().starts_with('#');
    let has_plugin = lenient::at(&settings.all, &["remote_theme"]).is_some()
        || lenient::at(&settings.all, &["plugins"])
            .map(texts)
            .unwrap_or_default()
            .iter()
            .any(|name| name == "jekyll-optional-front-matter");
    let name = below.rsplit('/').next().unwrap_or_default().to_ascii_uppercase();
    let is_note = ["README.", "LICENSE.", "LICENCE.", "CONTRIBUTING.", "CODE_OF_CONDUCT.", "CODEOWNERS", "SECURITY."]
        .iter()
        .any(|known| name.starts_with(known));
    is_text && has_plugin && !is_note
}

/// Makes lists of words of what a post is sorted under, in whatever form it says so.
fn sorted_under(fields: &mut Table, categories: &[String], role: &Role) {
    if matches!(role, Role::Post | Role::Draft) && !categories.is_empty() {
        fields.retain(|(key, _)| !matches!(&*key.name, "category" | "categories"));
        let words = categories.iter().map(|word| raw(RawKind::Text(word.clone()))).collect();
        fields.push((key("categories"), raw(RawKind::List(words))));
    }
    if let Some(tags) = fields.iter_mut().find(|(key, _)| key.name == "tags")
        && let RawKind::Text(all) = &tags.1.kind
    {
        let words = all.split_whitespace().map(|word| raw(RawKind::Text(word.to_owned()))).collect();
        tags.1 = raw(RawKind::List(words));
    }
}

/// Whether a page is only a redirect, which is then noted.
fn leads_on(fields: &Table, address: &str, survey: &mut Survey) -> bool {
    let Some(to) = get(fields, "redirect_to").map(texts).and_then(|all| all.first().cloned()) else { return false };
    let from = with_file(Some(address.to_owned())).into_iter().chain(pages::former(fields, "/"));
    let to = match to.contains("://") {
        true => to,
        false => format!("/{}", to.trim_start_matches('/').trim_end_matches("index.html").trim_end_matches("index")),
    };
    survey.redirects.extend(from.map(|from| Redirect { from, to: to.clone() }));
    true
}

/// An address, and that of its file if the address does not name it.
fn with_file(address: Option<String>) -> Vec<String> {
    let last = address.as_deref().and_then(|own| own.rsplit('/').next()).unwrap_or_default();
    let file =
        (!last.is_empty() && !last.contains('.')).then(|| format!("{}.html", address.as_deref().unwrap_or_default()));
    address.into_iter().chain(file).collect()
}

/// The name that a file gets here.
fn key_of(bare: &str, below: &str, role: &Role, address: Option<&String>) -> String {
    match (role, bare) {
        (Role::Page, "index") if !below.contains('/') => "index".to_owned(),
        (_, "index") => {
            address.and_then(|own| own.trim_end_matches('/').rsplit('/').next()).unwrap_or("index").to_owned()
        }
        _ => bare.to_owned(),
    }
}

/// Finds a title where none is stated: in the first heading of a page, else in the name of the file.
fn title(fields: &mut Table, body: &str, name: &str, is_document: bool) {
    if get(fields, "title").is_some() {
        return;
    }
    let first = body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
    let heading = first.strip_prefix("# ").map(|heading| heading.trim().trim_end_matches('#').trim());
    let found = heading.filter(|heading| !is_document && !heading.is_empty() && !heading.contains("{{"));
    let title = found.map_or_else(|| pages::title_of(name), str::to_owned);
    fields.push((key("title"), raw(RawKind::Text(title))));
}

/// The categories of a post: those that it states, and the folders above its folder of posts.
fn categories(fields: &Table, below: &str, role: &Role) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    if matches!(role, Role::Post | Role::Draft) {
        let above = below.split('/').take_while(|part| !matches!(*part, "_posts" | "_drafts"));
        all.extend(above.map(str::to_owned));
    }
    for name in ["category", "categories"] {
        match get(fields, name).map(|raw| &raw.kind) {
            Some(RawKind::Text(words)) if name == "categories" => {
                all.extend(words.split_whitespace().map(str::to_owned))
            }
            Some(_) => all.extend(get(fields, name).map(texts).unwrap_or_default()),
            None => {}
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|word| !word.trim().is_empty() && seen.insert(word.to_lowercase()));
    all
}

/// The address of a page or a document.
fn address(
    below: &str,
    role: &Role,
    collection: Option<&settings::Collection>,
    fields: &Table,
    bare: &str,
    categories: &[String],
    settings: &Settings,
) -> Option<String> {
    let stated = get(fields, "permalink");
    if stated.is_some_and(|raw| lenient::truth(raw) == Some(false)) {
        return None;
    }
    let when = get(fields, "date").and_then(|date| moment(date, &settings.zone));
    let slug = get(fields, "slug").and_then(text);
    let (folder, _) = below.rsplit_once('/').unwrap_or(("", below));
    let path = match role {
        Role::Page => folder.to_owned(),
        _ => {
            let below = below.strip_prefix(settings.collections_dir.as_str()).unwrap_or(below);
            let below = below.split_once('/').map_or(below, |(_, rest)| rest);
            below.rsplit_once('.').map_or(below, |(stem, _)| stem).to_owned()
        }
    };
    let facts = Facts {
        date: when.as_ref().map(Moment::day),
        time: match &when {
            Some(Moment::DateTime(when)) => Some(when.time()),
            _ => None,
        },
        name: bare,
        slug: slug.as_deref(),
        categories,
        collection: collection.map_or("", |collection| &collection.name),
        path: &path,
        ending: ".html",
    };
    let pattern = match (stated.and_then(text), role) {
        (Some(own), Role::Post | Role::Draft) => style(&own).to_owned(),
        (Some(own), _) => own,
        (None, Role::Post | Role::Draft) => {
            let own = collection.and_then(|collection| collection.permalink.as_deref());
            style(own.unwrap_or(&settings.permalink)).to_owned()
        }
        (None, Role::Document(_)) => match collection.and_then(|collection| collection.permalink.as_deref()) {
            Some(own) => style(own).to_owned(),
            None => suffixed("/:collection/:path", &settings.permalink),
        },
        (None, Role::Page) if bare == "index" => "/:path/".to_owned(),
        (None, Role::Page) => suffixed("/:path/:basename", &settings.permalink),
    };
    expanded(&pattern, &facts)
}

/// Categories and tags, which plug-ins may have given pages.
fn terms(pages: &[Page], settings: &Settings, survey: &mut Survey) {
    let has_archives = lenient::at(&settings.all, &["jekyll-archives"]).is_some();
    for taxonomy in ["categories", "tags"] {
        let mut words: BTreeMap<String, ()> = BTreeMap::new();
        for page in pages.iter().filter(|page| page.state == State::Public) {
            words.extend(get(&page.fields, taxonomy).map(texts).unwrap_or_default().into_iter().map(|word| (word, ())));
        }
        let single = if taxonomy == "tags" { "tag" } else { "category" };
        let pattern = text_at(&settings.all, &["jekyll-archives", "permalinks", single]);
        let pattern = pattern.unwrap_or_else(|| format!("/{single}/:name/"));
        for word in words.into_keys() {
            let own = pattern.replace(":name", &slugified(&word, true, false));
            survey.terms.push(Term {
                of: taxonomy.to_owned(),
                id: word.clone(),
                name: word,
                addresses: if has_archives { vec![own] } else { Vec::new() },
                ..Term::default()
            });
        }
    }
}

/// The data files by their names, and what they say of people and menus.
pub(super) fn data(folder: &Folder<'_>, place: &str, survey: &mut Survey) -> Table {
    let mut table: Table = Vec::new();
    for (path, below) in folder.below(place) {
        if let Some((raw, _)) = folder.text(path).and_then(|text| lenient::file(path, &text)) {
            pages::people(path, &raw, survey);
            let stem = below.rsplit_once('.').map_or(below, |(stem, _)| stem);
            menus(stem, &raw, survey);
            let names: Vec<&str> = stem.split('/').collect();
            let inner =
                names[1..].iter().rev().fold(raw, |inner, name| lenient::raw(RawKind::Table(vec![(key(name), inner)])));
            lenient::fill(&mut table, &vec![(key(names[0]), inner)]);
        }
    }
    table
}

/// Menus as data files hold them: lists of groups with words and an address.
fn menus(stem: &str, data: &crate::data::Raw, survey: &mut Survey) {
    let name = stem.to_ascii_lowercase();
    if !["nav", "menu", "header", "footer"].iter().any(|word| name.contains(word)) {
        return;
    }
    let lists: Vec<(String, &crate::data::Raw)> = match &data.kind {
        RawKind::List(_) => vec![(name, data)],
        RawKind::Table(table) => table
            .iter()
            .filter(|(_, value)| matches!(value.kind, RawKind::List(_)))
            .map(|(key, value)| (key.name.clone(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (name, list) in lists {
        let mut items = Vec::new();
        lines(list, 0, &mut items);
        if !items.is_empty() && !survey.menus.iter().any(|menu| menu.name == name) {
            survey.menus.push(Menu { name, lang: None, items });
        }
    }
}

fn lines(list: &crate::data::Raw, depth: usize, items: &mut Vec<MenuItem>) {
    let RawKind::List(all) = &list.kind else { return };
    for one in all.iter().filter(|_| depth < 5) {
        let title = ["title", "name", "text", "label"].iter().find_map(|key| text_at(one, &[key]));
        let to = ["url", "link", "href", "path", "permalink"].iter().find_map(|key| text_at(one, &[key]));
        if let Some(title) = title {
            items.push(MenuItem { title, to: to.unwrap_or_default(), depth });
            for key in ["children", "subnav", "sublinks", "items", "links", "pages", "docs", "sub"] {
                if let Some(inner) = lenient::at(one, &[key]) {
                    lines(inner, depth + 1, items);
                }
            }
        }
    }
}

/// Which pages are translations: those that state another language than the site's, in folders or files named after it.
pub(super) fn languages(pages: &mut [Page], own: &str, survey: &mut Survey) {
    let short = |code: &str| code.split(['-', '_']).next().unwrap_or(code).to_ascii_lowercase();
    let mut codes: BTreeSet<String> = BTreeSet::new();
    for page in pages.iter_mut() {
        let stated = ["lang", "locale", "language"].iter().find_map(|name| get(&page.fields, name).and_then(text));
        let Some(stated) = stated.map(|stated| stated.replace('_', "-")).filter(|stated| is_code(stated)) else {
            continue;
        };
        if short(&stated) != short(own) {
            let stated = stated.to_ascii_lowercase();
            codes.insert(stated.clone());
            page.lang = Some(stated);
        }
    }
    for page in pages.iter_mut() {
        let Some(lang) = &page.lang else { continue };
        let folders = |part: &&str| !part.eq_ignore_ascii_case(lang);
        let path: Vec<&str> = page.group.split('/').filter(folders).collect();
        let path = path.join("/");
        let end = path.to_ascii_lowercase().find(&format!(".{lang}."));
        page.group = end.map_or(path.clone(), |at| format!("{}{}", &path[..at], &path[at + lang.len() + 1..]));
    }
    survey.about.languages.extend(codes);
}

fn is_code(text: &str) -> bool {
    let first = text.split('-').next().unwrap_or_default();
    (2..=3).contains(&first.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && text.len() < 12
}
