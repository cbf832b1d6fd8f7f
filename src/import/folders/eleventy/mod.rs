//! A folder of Eleventy → a survey: templates, data beside and above them, permalinks. JavaScript is read for the values that stand in
//! it, and never run: what only a program could know is a note.

mod script;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::hidden::{Rules, is_unlisted, state};
use super::ignored::Ignored;
use super::lenient::{self, at, fill, get, key, moment, raw, text, text_at, texts};
use super::pages::{self, Page, note};
use super::texts::{Meanings, Read, filled};
use super::{Folder, Program, jekyll};
use crate::data::{Raw, RawKind, Table};
use crate::import::site::place::Place;
use crate::import::site::survey::{Body, Redirect, State, Survey, Term};

/// The names of the file that holds the settings.
pub(super) const CONFIGS: &[&str] = &[
    ".eleventy.js",
    ".eleventy.cjs",
    ".eleventy.mjs",
    "eleventy.config.js",
    "eleventy.config.cjs",
    "eleventy.config.mjs",
    "eleventy.config.ts",
];

const MARKDOWN: &[&str] = &["md", "markdown"];
const TEMPLATES: &[&str] = &["html", "htm", "njk", "liquid"];

/// Where things lie.
struct Places {
    /// All below the folder of the site: empty, or `src/`.
    input: String,
    includes: String,
    layouts: String,
    data: String,
    output: String,
    copied: Vec<(String, Option<String>)>,
    ignored: Ignored,
}

/// What is in a folder of Eleventy, as of `now`.
pub(super) fn survey(folder: &Folder<'_>, now: Timestamp, meanings: Meanings) -> (Survey, Read) {
    let mut survey = Survey { program: Program::Eleventy.name(), ..Survey::default() };
    let places = places(folder);
    let mut data = jekyll::data(folder, places.data.trim_end_matches('/'), &mut survey);
    script_data(folder, &places, &mut data, &mut survey);
    let all = raw(RawKind::Table(data.clone()));
    about(&all, &mut survey);
    let rules = Rules { now, zone: TimeZone::UTC, drafts: false, future: true, expired: true, from: &[] };
    let mut pages = Vec::new();
    let mut unknown: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut archives: Vec<Table> = Vec::new();
    for path in folder.files {
        let ending = pages::ending(path);
        let is_text = MARKDOWN.contains(&&*ending) || TEMPLATES.contains(&&*ending);
        if !places.reads(path) {
            continue;
        }
        if places.ignored.has(path) {
            if is_text {
                let how = "Eleventy does not read them, so they are left out";
                survey.notes.push(note(
                    "texts that `.gitignore`, `.eleventyignore` or the settings name",
                    how,
                    path,
                    0,
                    "",
                ));
            }
            continue;
        }
        if path.ends_with(".11ty.js") || path.ends_with(".11ty.cjs") {
            let how = "only a program knows what it makes: look whether readers need that page";
            survey.notes.push(note("pages written in JavaScript", how, path, 0, ""));
        }
        if is_text
            && places.copies(path).is_none()
            && let Some(page) = page(folder, path, &places, &all, &rules, &mut unknown, &mut archives, &mut survey)
        {
            pages.push(page);
        }
    }
    for path in folder.files.iter().filter(|path| pages::is_given(path)) {
        if let Some(address) = places.copies(path) {
            let mut file = pages::file(path, address, None);
            if places.ignored.has(path) {
                file.state = State::Hidden("`.gitignore`, `.eleventyignore` or the settings name it".to_owned());
            }
            survey.files.push(file);
        }
    }
    survey.notes.extend(unknown.into_iter().map(|(what, (count, first))| {
        let (file, words) = first.split_once(": ").unwrap_or((&first, ""));
        let how = "a program makes it, which is not run here: compare with the old site, or give its sitemap to `pamphlet addresses --from-sitemap`";
        note(&format!("{what} ({count} pages)"), how, file, 0, words)
    }));
    terms(&pages, &archives, &all, &mut survey);
    pages::redirects(folder, &mut survey);
    let feeds = ["/feed.xml", "/feed/feed.xml"].map(|from| Redirect { from: from.to_owned(), to: "@feed".to_owned() });
    survey.redirects.extend(feeds);
    let own = survey.about.languages.first().cloned().unwrap_or_else(|| "en".to_owned());
    jekyll::languages(&mut pages, &own, &mut survey);
    pages::entries(pages, &own, &TimeZone::UTC, &mut survey);
    super::beside::belong(&mut survey, &places.input);
    let base = survey.about.base.clone().unwrap_or_default();
    pages::uses(&mut survey, &base);
    let read = Read::new(Program::Eleventy, &survey, all, data, Vec::new(), meanings);
    (survey, read)
}

/// Settings are where a site keeps its own scripts; those of others are not looked at.
fn is_settings(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    let is_script = matches!(&*pages::ending(path), "js" | "cjs" | "mjs" | "ts");
    let known = ["config", "_config", "eleventy", "_11ty", ".eleventy", "utils", "lib"];
    is_script && (CONFIGS.contains(&path) || known.contains(&first) || path.starts_with("src/_11ty"))
}

fn places(folder: &Folder<'_>) -> Places {
    let settings: Vec<String> =
        folder.files.iter().filter(|path| is_settings(path)).filter_map(|path| folder.text(path)).collect();
    let config: String = CONFIGS.iter().filter_map(|name| folder.text(name)).collect();
    let dir = raw(RawKind::Table(script::group_named(&config, "dir")));
    let tidy = |written: &str| {
        let mut parts: Vec<&str> = Vec::new();
        for part in written.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        if parts.is_empty() { String::new() } else { format!("{}/", parts.join("/")) }
    };
    let input = tidy(&text_at(&dir, &["input"]).unwrap_or_default());
    let below = |name: &str, usual: &str| {
        let written = text_at(&dir, &[name]).unwrap_or_else(|| usual.to_owned());
        tidy(&format!("{input}{written}"))
    };
    let includes = below("includes", "_includes");
    let mut ignored = Ignored::default();
    let is_without_git = |text: &String| text.split_whitespace().collect::<String>().contains("setUseGitIgnore(false)");
    if !settings.iter().any(is_without_git) {
        ignored.add_files(folder, &input, ".gitignore");
    }
    ignored.add_files(folder, &input, ".eleventyignore");
    for (path, _) in settings.iter().flat_map(|text| script::calls(text, "ignores.add")) {
        // These begin at the top, whatever they are.
        ignored.add("", &format!("/{}", path.trim_start_matches("./").trim_start_matches('/')));
    }
    Places {
        layouts: if at(&dir, &["layouts"]).is_some() { below("layouts", "_includes") } else { includes.clone() },
        includes,
        data: below("data", "_data"),
        output: tidy(&text_at(&dir, &["output"]).unwrap_or_else(|| "_site".to_owned())),
        copied: settings.iter().flat_map(|text| script::calls(text, "addPassthroughCopy")).collect(),
        ignored,
        input,
    }
}

impl Places {
    /// Whether a file may be a page.
    fn reads(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or_default().to_ascii_uppercase();
        // In the folder of a program's sources these are for colleagues.
        let is_note = !path.contains('/')
            && ["README", "LICENSE", "LICENCE", "CONTRIBUTING", "CODE_OF_CONDUCT", "SECURITY", "CHANGELOG"]
                .iter()
                .any(|known| name.starts_with(known));
        let is_within = |folder: &str| !folder.is_empty() && path.starts_with(folder);
        path.starts_with(self.input.as_str())
            && ![&self.includes, &self.layouts, &self.data, &self.output].iter().any(|folder| is_within(folder))
            && !path.split('/').any(|part| part == "node_modules" || part.starts_with('.'))
            && !is_note
    }

    /// The address at which a file is published as it is.
    fn copies(&self, path: &str) -> Option<String> {
        if path.split('/').any(|part| part == "node_modules") || path.starts_with(self.output.as_str()) {
            return None;
        }
        self.copied.iter().find_map(|(from, to)| {
            let from = from.trim_start_matches("./").trim_matches('/');
            let fixed = from.split('*').next().unwrap_or_default().trim_end_matches('/');
            let rest =
                path.strip_prefix(fixed).filter(|rest| rest.is_empty() || rest.starts_with('/') || fixed.is_empty())?;
            if from.contains("*.")
                && pages::ending(path) != from.rsplit('.').next()?.trim_matches(['{', '}'])
                && !from.contains('{')
            {
                return None;
            }
            let to = match to {
                Some(to) => format!("{}{rest}", to.trim_matches('/')),
                None => path.strip_prefix(self.input.as_str()).unwrap_or(path).to_owned(),
            };
            Some(format!("/{}", to.trim_start_matches('/')))
        })
    }
}

/// Data files in JavaScript: the values that stand in them.
fn script_data(folder: &Folder<'_>, places: &Places, data: &mut Table, survey: &mut Survey) {
    for (path, below) in folder.below(places.data.trim_end_matches('/')) {
        if !matches!(&*pages::ending(path), "js" | "cjs" | "mjs") {
            continue;
        }
        let (table, unknown) = script::exported(&folder.text(path).unwrap_or_default());
        if !unknown.is_empty() || table.is_empty() {
            let how = "a program makes these values, which is not run here";
            survey.notes.push(note("data files in JavaScript", how, path, 0, unknown.join(", ")));
        }
        let stem = below.split('.').next().unwrap_or_default();
        fill(data, &vec![(key(stem), raw(RawKind::Table(table)))]);
    }
}

fn about(data: &Raw, survey: &mut Survey) {
    let groups = ["site", "metadata", "meta", "config", "settings", "globals"];
    let find = |names: &[&str]| {
        let of = |group: &&str| names.iter().find_map(|name| text_at(data, &[group, name]));
        groups.iter().find_map(of)
    };
    survey.about.title = find(&["title", "name", "sitename"]);
    survey.about.description = find(&["description", "tagline"]);
    survey.about.base = find(&["url", "host", "baseurl", "domain", "origin"]).filter(|url| url.contains("://"));
    survey.stood = Place::new(survey.about.base.as_deref().unwrap_or_default(), "", "");
    survey.about.email = find(&["email"]).filter(|email| email.contains('@'));
    survey.about.languages =
        vec![find(&["language", "lang", "locale"]).map_or_else(|| "en".to_owned(), |lang| lang.replace('_', "-"))];
}

/// Reads one page; `None` if it makes pages of others, which are known as such.
#[allow(clippy::too_many_arguments)]
fn page(
    folder: &Folder<'_>,
    path: &str,
    places: &Places,
    data: &Raw,
    rules: &Rules,
    unknown: &mut BTreeMap<String, (usize, String)>,
    archives: &mut Vec<Table>,
    survey: &mut Survey,
) -> Option<Page> {
    let pages::Written { mut fields, body, line, unread, .. } = pages::written(folder, path, survey);
    let below = path.strip_prefix(places.input.as_str()).unwrap_or(path);
    let own_tags = get(&fields, "tags").map(texts).unwrap_or_default();
    let inherited = inherited(folder, path, places, &mut fields, unknown);
    layouts(folder, places, &mut fields);
    let name = below.rsplit('/').next().unwrap_or_default();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let (day, bare) = match pages::dated(stem) {
        Some((day, rest)) if !rest.is_empty() => (Some(day), rest),
        _ => (None, stem),
    };
    let has_date = get(&fields, "date").is_some_and(|date| moment(date, &rules.zone).is_some());
    if !has_date {
        fields.retain(|(key, _)| !key.name.eq_ignore_ascii_case("date"));
        fields.extend(day.map(|day| (key("date"), raw(RawKind::Text(day)))));
    }
    if get(&fields, "pagination").is_some() {
        archives.push(fields.clone());
    }
    let folders: Vec<&str> = below.split('/').collect();
    let slug = match bare {
        "index" if folders.len() > 1 => folders[folders.len() - 2],
        bare => bare,
    };
    let slug = pages::dated(slug).filter(|(_, rest)| !rest.is_empty()).map_or(slug, |(_, rest)| rest).to_owned();
    if get(&fields, "title").is_none() {
        fields.push((key("title"), raw(RawKind::Text(pages::title_of(&slug)))));
    }
    let address = address(path, below, bare, &slug, &fields, data, unknown);
    let (address, state) = match (unread, address) {
        (Some(why), address) => (address, State::Hidden(why)),
        (None, None) => (None, State::Hidden("has no page there (`permalink: false`)".to_owned())),
        (None, address) => (address, state(&fields, rules)),
    };
    let is_page =
        address.as_deref().is_none_or(|own| own.ends_with('/') || own.ends_with(".html") || own.ends_with(".htm"));
    if !is_page || matches!(address.as_deref(), Some("/404.html" | "/404/")) {
        return None;
    }
    let kind = if is_unlisted(&mut fields) { "page".to_owned() } else { kind(&folders, &inherited) };
    if let Some(place) = fields.iter().position(|(key, _)| key.name == "tags") {
        let words: Vec<Raw> = own_tags
            .iter()
            .filter(|tag| !inherited.contains(tag) && !matches!(&*tag.to_lowercase(), "all" | "nav" | "post" | "posts"))
            .map(|tag| raw(RawKind::Text(tag.clone())))
            .collect();
        fields[place].1 = raw(RawKind::List(words));
    }
    let mut addresses: Vec<String> = address.into_iter().collect();
    addresses.extend(pages::former(&fields, "/"));
    Some(Page {
        source: path.to_owned(),
        kind,
        key: if slug == "index" || addresses.first().is_some_and(|own| own == "/") { "index".to_owned() } else { slug },
        group: below.to_owned(),
        body: if MARKDOWN.contains(&&*pages::ending(path)) { Body::Markdown(body) } else { Body::Html(body) },
        fields,
        state,
        addresses,
        line,
        ..Page::default()
    })
}

/// What a page is: what the data of its folder calls it, else the folder itself if it has such data.
fn kind(folders: &[&str], inherited: &[String]) -> String {
    if let Some(tag) = inherited.iter().find(|tag| !matches!(&***tag, "all" | "nav" | "page" | "pages")) {
        return tag.clone();
    }
    let known = [
        "posts",
        "post",
        "blog",
        "news",
        "articles",
        "events",
        "people",
        "team",
        "authors",
        "publications",
        "reports",
        "projects",
    ];
    let found = folders[..folders.len() - 1].iter().rev().find(|folder| known.contains(&&*folder.to_lowercase()));
    found.map_or_else(|| "page".to_owned(), |folder| (*folder).to_owned())
}

/// Gives a page the fields of the data beside and above it; the tags among these are what pages of the folder are called.
fn inherited(
    folder: &Folder<'_>,
    path: &str,
    places: &Places,
    fields: &mut Table,
    unknown: &mut BTreeMap<String, (usize, String)>,
) -> Vec<String> {
    let mut tags = Vec::new();
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let mut stems = vec![(stem.to_owned(), false)];
    let mut above = path;
    while let Some((dir, _)) = above.rsplit_once('/') {
        let name = dir.rsplit('/').next().unwrap_or_default();
        stems.push((format!("{dir}/{name}"), true));
        if format!("{dir}/").len() <= places.input.len() {
            break;
        }
        above = dir;
    }
    for (stem, is_folder) in stems {
        for ending in ["11tydata.json", "json", "11tydata.yaml", "11tydata.yml", "yaml", "yml"] {
            let place = format!("{stem}.{ending}");
            let Some((raw, _)) = folder.text(&place).and_then(|text| lenient::file(&place, &text)) else { continue };
            if let RawKind::Table(table) = raw.kind {
                tags.extend(get(&table, "tags").filter(|_| is_folder).map(texts).unwrap_or_default());
                fill(fields, &table);
            }
        }
        for ending in ["11tydata.js", "11tydata.cjs", "11tydata.mjs"] {
            let place = format!("{stem}.{ending}");
            let Some(text) = folder.text(&place) else { continue };
            let (table, unread) = script::exported(&text);
            for name in unread {
                unknown.entry(format!("`{name}` of {place}")).or_insert_with(|| (0, path.to_owned())).0 += 1;
            }
            tags.extend(get(&table, "tags").filter(|_| is_folder).map(texts).unwrap_or_default());
            fill(fields, &table);
        }
    }
    tags
}

/// Gives a page the fields of its layouts.
fn layouts(folder: &Folder<'_>, places: &Places, fields: &mut Table) {
    let mut asked = BTreeSet::new();
    let mut next = get(fields, "layout").and_then(text);
    while let Some(name) = next.take().filter(|name| asked.insert(name.clone())) {
        let names = ["", ".njk", ".liquid", ".html"].map(|ending| format!("{}{name}{ending}", places.layouts));
        let Some(text) = names.iter().find_map(|name| folder.text(name)) else { break };
        let parts = lenient::split(&text);
        next = get(&parts.fields, "layout").and_then(lenient::text);
        let given: Table =
            parts.fields.into_iter().filter(|(key, _)| !matches!(&*key.name, "layout" | "title")).collect();
        fill(fields, &given);
    }
}

/// The address of a page; `None` if it has none.
fn address(
    path: &str,
    below: &str,
    bare: &str,
    slug: &str,
    fields: &Table,
    data: &Raw,
    unknown: &mut BTreeMap<String, (usize, String)>,
) -> Option<String> {
    let folder = below.rsplit_once('/').map_or("", |(folder, _)| folder);
    let last = folder.rsplit('/').next().unwrap_or_default();
    let plain = || {
        let inner = match bare == "index" || bare == last && !folder.is_empty() {
            true => folder.to_owned(),
            false => format!("{folder}/{bare}"),
        };
        let inner = inner.trim_matches('/');
        if inner.is_empty() { "/".to_owned() } else { format!("/{inner}/") }
    };
    let Some(stated) = get(fields, "permalink") else { return Some(plain()) };
    if lenient::truth(stated) == Some(false) {
        return None;
    }
    let Some(pattern) = text(stated).or_else(|| text_at(stated, &["build"])) else { return Some(plain()) };
    let stem = format!("/{}", if folder.is_empty() { bare.to_owned() } else { format!("{folder}/{bare}") });
    let date = get(fields, "date").and_then(text).unwrap_or_default();
    let page = vec![
        (key("fileSlug"), raw(RawKind::Text(slug.to_owned()))),
        (key("filePathStem"), raw(RawKind::Text(stem))),
        (key("date"), raw(RawKind::Text(date))),
        (key("inputPath"), raw(RawKind::Text(format!("./{path}")))),
        (key("outputFileExtension"), raw(RawKind::Text("html".to_owned()))),
    ];
    let mut scope: Table = vec![(key("page"), raw(RawKind::Table(page)))];
    fill(&mut scope, fields);
    if let RawKind::Table(table) = &data.kind {
        fill(&mut scope, table);
    }
    match filled(&pattern, &raw(RawKind::Table(scope))) {
        Ok((address, guessed)) => {
            for filter in guessed {
                let what = format!("addresses with the filter `{filter}`, which are a guess");
                let first = format!("{path}: {}", tidy(&address));
                unknown.entry(what).or_insert_with(|| (0, first)).0 += 1;
            }
            Some(tidy(&address))
        }
        Err(_) => {
            unknown.entry(format!("addresses by `{pattern}`")).or_insert_with(|| (0, path.to_owned())).0 += 1;
            Some(plain())
        }
    }
}

/// An address as readers write it.
fn tidy(written: &str) -> String {
    let mut address = format!("/{}", written.trim().trim_start_matches('/'));
    while address.contains("//") {
        address = address.replace("//", "/");
    }
    match address.strip_suffix("index.html").filter(|folder| folder.ends_with('/')) {
        Some(folder) => folder.to_owned(),
        None => address,
    }
}

/// Tags of pages, and the addresses of their lists where a page makes one for each.
fn terms(pages: &[Page], archives: &[Table], data: &Raw, survey: &mut Survey) {
    let mut words: BTreeSet<String> = BTreeSet::new();
    for page in pages.iter().filter(|page| page.state == State::Public) {
        words.extend(get(&page.fields, "tags").map(texts).unwrap_or_default());
    }
    for word in words {
        let mut addresses = Vec::new();
        for archive in archives {
            let pagination = raw(RawKind::Table(archive.clone()));
            let of_tags = text_at(&pagination, &["pagination", "data"]).as_deref() == Some("collections");
            let (Some(alias), Some(pattern)) =
                (text_at(&pagination, &["pagination", "alias"]), text_at(&pagination, &["permalink"]))
            else {
                continue;
            };
            let mut scope: Table = vec![(key(&alias), raw(RawKind::Text(word.clone())))];
            if let RawKind::Table(table) = &data.kind {
                fill(&mut scope, table);
            }
            if of_tags && let Ok((address, _)) = filled(&pattern, &raw(RawKind::Table(scope))) {
                addresses.push(tidy(&address));
            }
        }
        survey.terms.push(Term { of: "tags".to_owned(), id: word.clone(), name: word, addresses, ..Term::default() });
    }
}
