//! What the readers of the three programs share: pages with their fields → entries of a survey, files, redirects, people.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::Folder;
use super::lenient::{self, Fault, at, get, surveyed, text, text_at, texts};
use crate::data::{Raw, RawKind, Table};
use crate::import::site::survey::{Body, Entry, File, Note, Person, Place, Redirect, State, Survey, Value};

/// A page as one of the programs reads it.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Its file.
    pub(super) source: String,
    pub(super) kind: String,
    pub(super) key: String,
    pub(super) lang: Option<String>,
    /// What it shares with its translations.
    pub(super) group: String,
    pub(super) is_list: bool,
    pub(super) fields: Table,
    pub(super) body: Body,
    pub(super) state: State,
    /// Its own address first; none if it has none.
    pub(super) addresses: Vec<String>,
    /// The line of its text in its file.
    pub(super) line: usize,
}

/// A file with a text, read.
pub(super) struct Written {
    pub(super) fields: Table,
    pub(super) has_front: bool,
    pub(super) body: String,
    /// The line of its text.
    pub(super) line: usize,
    /// Why its page must be hidden, if something in it cannot be read.
    pub(super) unread: Option<String>,
}

/// Reads a file with a text; what cannot be read is noted.
pub(super) fn written(folder: &Folder<'_>, path: &str, survey: &mut Survey) -> Written {
    let (whole, failed) = match (folder.bytes)(path) {
        Ok(bytes) => (lenient::decoded(bytes), None),
        Err(why) => {
            survey.notes.push(note("files that cannot be read", "its page is a draft without a text", path, 0, why));
            (String::new(), Some("its file cannot be read".to_owned()))
        }
    };
    let parts = lenient::split(&whole);
    survey.notes.extend(parts.faults.iter().map(|fault| unreadable(path, fault)));
    Written {
        line: lenient::line_of(&whole, parts.body.start),
        body: whole[parts.body].to_owned(),
        has_front: parts.has_front || failed.is_some(),
        unread: failed.or(parts.unread.map(|name| format!("`{name}` in its front matter cannot be read"))),
        fields: parts.fields,
    }
}

/// Fields that say how a page looked there, and mean nothing here.
const LOOKS: &[&str] = &[
    "layout",
    "type",
    "outputs",
    "markup",
    "templateengineoverride",
    "pagination",
    "eleventynavigation",
    "eleventyexcludefromcollections",
    "eleventycomputed",
    "menu",
    "menus",
    "cascade",
    "render_with_liquid",
    "excerpt_separator",
    "classes",
    "toc",
    "sitemap",
    "body_class",
    "css",
    "js",
    "scripts",
    "stylesheets",
];

/// Fields that have been acted on: what they say is in the addresses, the state or the place of an entry.
const DONE: &[&str] = &[
    "draft",
    "published",
    "aliases",
    "alias",
    "redirect_from",
    "redirect_to",
    "url",
    "permalink",
    "slug",
    "headless",
    "build",
    "_build",
    "publishdate",
    "translationkey",
    "lang",
    "locale",
    "iscjklanguage",
];

/// A note that something in a file cannot be read.
pub(super) fn unreadable(path: &str, fault: &Fault) -> Note {
    Note {
        what: "lines that cannot be read".to_owned(),
        how: "correct them there and import again, or write them here by hand".to_owned(),
        place: Place { file: path.to_owned(), line: fault.line },
        words: fault.message.clone(),
    }
}

/// A note about a whole file or a line of it.
pub(super) fn note(what: &str, how: &str, file: &str, line: usize, words: impl Into<String>) -> Note {
    Note {
        what: what.to_owned(),
        how: how.to_owned(),
        place: Place { file: file.to_owned(), line },
        words: words.into(),
    }
}

/// Turns pages into entries.
pub(super) fn entries(pages: Vec<Page>, own: &str, zone: &TimeZone, survey: &mut Survey) {
    let originals: BTreeMap<String, String> = pages
        .iter()
        .filter(|page| page.lang.is_none() && !page.group.is_empty())
        .map(|page| (page.group.clone(), page.source.clone()))
        .collect();
    let mut looks: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for page in pages {
        let lang = page.lang.filter(|lang| !lang.eq_ignore_ascii_case(own));
        let translates = lang.as_ref().and_then(|_| originals.get(&page.group)).cloned();
        let mut fields: Vec<(String, Value)> = Vec::new();
        for (key, value) in &page.fields {
            let name = key.name.to_ascii_lowercase();
            if DONE.contains(&name.as_str()) || value.kind == RawKind::Null {
                continue;
            }
            if LOOKS.contains(&name.as_str()) {
                looks.entry(key.name.clone()).or_insert_with(|| (0, page.source.clone())).0 += 1;
                continue;
            }
            let name = if EXPIRES.contains(&name.as_str()) { "expires" } else { &key.name };
            fields.push((name.to_owned(), surveyed(value, zone)));
        }
        pictures(&mut fields);
        if says_noindex(&page.fields) && !fields.iter().any(|(name, _)| name == "noindex") {
            fields.push(("noindex".to_owned(), Value::Bool(true)));
        }
        survey.entries.push(Entry {
            id: page.source.clone(),
            kind: page.kind,
            key: page.key,
            is_list: page.is_list,
            lang,
            translates,
            fields,
            body: page.body,
            state: page.state,
            addresses: page.addresses,
            uses: Vec::new(),
            unseen: Vec::new(),
            place: Place { file: page.source, line: page.line },
        });
    }
    survey.notes.extend(looks.into_iter().map(|(name, (count, first))| {
        let how = "it says how a page looks there, and is left out";
        note(&format!("`{name}` of {count} pages"), how, &first, 0, "")
    }));
}

/// What the moment is called from which a page is not published any more.
const EXPIRES: &[&str] = &["expirydate", "unpublishdate", "expiry_date"];

/// Makes one group of a picture and of what is said of it in fields of their own: `image`, `image_alt`, `imageCaption`.
fn pictures(fields: &mut Vec<(String, Value)>) {
    let bare =
        |name: &str| name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let known = [
        "image",
        "featuredimage",
        "featureimage",
        "cover",
        "coverimage",
        "hero",
        "heroimage",
        "thumbnail",
        "photo",
        "banner",
    ];
    let Some(place) =
        fields.iter().position(|(name, value)| known.contains(&&*bare(name)) && matches!(value, Value::Text(_)))
    else {
        return;
    };
    let own = bare(&fields[place].0);
    let ends =
        [("alt", "alt"), ("alttext", "alt"), ("caption", "caption"), ("credit", "credit"), ("attribution", "credit")];
    let meant = |name: &str| {
        let name = bare(name);
        let rest = name.strip_prefix(&own).or_else(|| name.strip_prefix("image"))?;
        ends.iter().find(|(end, _)| *end == rest).map(|(_, part)| (*part).to_owned())
    };
    let mut parts: Vec<(String, Value)> = vec![("file".to_owned(), fields[place].1.clone())];
    for (name, value) in fields.iter() {
        if let Some(part) = meant(name)
            && matches!(&value, Value::Text(text) if !text.trim().is_empty())
            && !parts.iter().any(|(known, _)| *known == part)
        {
            parts.push((part, value.clone()));
        }
    }
    if parts.len() > 1 {
        fields[place].1 = Value::Group(parts);
        fields.retain(|(name, _)| meant(name).is_none());
    }
}

/// Whether the fields ask search engines to leave a page out.
fn says_noindex(fields: &Table) -> bool {
    let robots = get(fields, "robots").and_then(text).is_some_and(|robots| robots.contains("noindex"));
    let no_sitemap = get(fields, "sitemap").is_some_and(|sitemap| {
        lenient::truth(sitemap) == Some(false) || at(sitemap, &["disable"]).and_then(lenient::truth) == Some(true)
    });
    let is_kept_from_lists = ["hidefromlists", "hiddeninhomelist", "searchhidden", "excludefromsearch"]
        .iter()
        .any(|name| get(fields, name).is_some_and(|value| !matches!(lenient::truth(value), Some(false))));
    is_kept_from_lists || robots || no_sitemap || get(fields, "noindex").and_then(lenient::truth) == Some(true)
}

/// Endings of files that a program builds a site with, and that readers never ask for by themselves.
const WORKSHOP: &[&str] = &[
    "css",
    "scss",
    "sass",
    "less",
    "js",
    "mjs",
    "cjs",
    "ts",
    "map",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "eot",
    "njk",
    "liquid",
    "hbs",
    "ejs",
    "pug",
    "mustache",
    "webmanifest",
    "lock",
    "sh",
    "rb",
    "py",
    "php",
];

/// Endings of texts that only a program turns into something.
const TEXTS: &[&str] = &["md", "markdown", "html", "htm", "toml", "yaml", "yml"];

/// Whether a file is one that readers are given: a picture, a document, a table.
pub(super) fn is_given(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let ending = ending(path);
    let known = ["robots.txt", "sitemap.xml", "CNAME", "_redirects", "_headers", "browserconfig.xml", "favicon.ico"];
    !name.starts_with('.')
        && name.contains('.')
        && !known.contains(&name)
        && !WORKSHOP.contains(&ending.as_str())
        && !TEXTS.contains(&ending.as_str())
}

/// The ending of a file's name, in small letters.
pub(super) fn ending(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

/// A file at its address.
pub(super) fn file(path: &str, address: String, of: Option<String>) -> File {
    File { address, lies_at: Some(path.to_owned()), of, ..File::default() }
}

/// What each entry uses of the files: whatever in its text or its fields is the address of one.
pub(super) fn uses(survey: &mut Survey, base: &str) {
    let known: BTreeSet<String> = survey.files.iter().map(|file| file.address.clone()).collect();
    for entry in &mut survey.entries {
        let own = entry.addresses.first().cloned().unwrap_or_else(|| "/".to_owned());
        let mut found: BTreeSet<String> = BTreeSet::new();
        let mut look = |text: &str| {
            for word in text.split(|c: char| c.is_whitespace() || "\"'()<>[]{}|,;=*`".contains(c)) {
                if word.len() < 3 || !word.contains('.') {
                    continue;
                }
                found.extend(address_of(word, &own, base).filter(|address| known.contains(address)));
            }
            // Names with blanks stand whole between brackets or quotation marks.
            for word in text.split(['"', '(', ')', '<', '>', '\n']).filter(|word| word.contains(' ')) {
                let word = word.trim();
                if word.len() < 200 && word.rsplit('.').next().is_some_and(|ending| ending.len() < 5) {
                    found.extend(address_of(word, &own, base).filter(|address| known.contains(address)));
                }
            }
        };
        if let Body::Html(text) | Body::Markdown(text) = &entry.body {
            look(text);
        }
        entry.fields.iter().for_each(|(_, value)| values(value, &mut look));
        entry.uses = found.into_iter().collect();
        let whole =
            |text: &str| address_of(text, &own, base).filter(|address| known.contains(address) && text.contains('.'));
        entry.fields.iter_mut().for_each(|(_, value)| absolute(value, &whole));
    }
}

/// Gives values that are the address of a file the whole address.
fn absolute(value: &mut Value, whole: &impl Fn(&str) -> Option<String>) {
    match value {
        Value::Text(text) => {
            if let Some(address) = whole(text) {
                *text = address;
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| absolute(item, whole)),
        Value::Group(fields) => fields.iter_mut().for_each(|(_, value)| absolute(value, whole)),
        _ => {}
    }
}

fn values(value: &Value, look: &mut impl FnMut(&str)) {
    match value {
        Value::Text(text) => {
            look(text);
            look(&format!("\"{text}\""));
        }
        Value::List(items) => items.iter().for_each(|item| values(item, look)),
        Value::Group(fields) => fields.iter().for_each(|(_, value)| values(value, look)),
        _ => {}
    }
}

/// The address of the site that `written` means on the page at `own`, without what follows `?` or `#`; `None` if it leads elsewhere.
pub(super) fn address_of(written: &str, own: &str, base: &str) -> Option<String> {
    let written = written.trim();
    let path = written.split(['#', '?']).next().unwrap_or_default();
    let path = match within(path, base) {
        Some(path) => path,
        None if path.contains("://") || path.starts_with("//") || path.contains(':') => return None,
        None => path,
    };
    if path.is_empty() {
        return None;
    }
    let joined = match path.starts_with('/') {
        true => path.to_owned(),
        false => {
            let folder = own.rfind('/').map_or("/", |end| &own[..=end]);
            format!("{folder}{path}")
        }
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/').skip(1) {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let decoded = percent_encoding::percent_decode_str(&parts.join("/")).decode_utf8_lossy().into_owned();
    let mut address = format!("/{decoded}");
    while address.contains("//") {
        address = address.replace("//", "/");
    }
    Some(address)
}

/// The path behind the host of a full address of this site.
pub(super) fn within<'a>(written: &'a str, base: &str) -> Option<&'a str> {
    let host = host(base)?;
    let rest = written.strip_prefix("https:").or_else(|| written.strip_prefix("http:")).unwrap_or(written);
    let rest = rest.strip_prefix("//")?;
    let (name, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let bare = |name: &str| name.strip_prefix("www.").unwrap_or(name).to_ascii_lowercase();
    (bare(name) == bare(host)).then_some(if path.is_empty() { "/" } else { path })
}

/// The host of a full address.
fn host(base: &str) -> Option<&str> {
    let rest = base.split_once("//")?.1;
    rest.split('/').next().filter(|host| !host.is_empty())
}

/// The path that a site lies below: `/blog` of `https://example.org/blog/`; empty at the top.
pub(super) fn below_host(base: &str) -> String {
    let rest = base.split_once("//").map_or("", |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    path.trim_end_matches('/').to_owned()
}

/// Redirects of hosts: `_redirects`, `netlify.toml`, `vercel.json`.
pub(super) fn redirects(folder: &Folder<'_>, survey: &mut Survey) {
    let mut found: Vec<(String, String, &str, usize)> = Vec::new();
    let tables = folder.files.iter().filter(|path| path.rsplit('/').next() == Some("_redirects"));
    for path in tables.filter(|path| path.matches('/').count() < 3) {
        for (nth, line) in folder.text(path).unwrap_or_default().lines().enumerate() {
            let line = line.split(" #").next().unwrap_or_default();
            let words: Vec<&str> = line.split_whitespace().filter(|word| !word.contains('=')).collect();
            if let [from, to, ..] = words.as_slice()
                && from.starts_with(['/', 'h'])
                && !words.get(2).is_some_and(|code| code.starts_with(['2', '4']))
            {
                found.push(((*from).to_owned(), (*to).to_owned(), path, nth + 1));
            }
        }
    }
    for (path, keys) in [("netlify.toml", ["from", "to"]), ("vercel.json", ["source", "destination"])] {
        let Some((raw, _)) = folder.text(path).and_then(|text| lenient::file(path, &text)) else { continue };
        let Some(RawKind::List(items)) = at(&raw, &["redirects"]).map(|raw| &raw.kind) else { continue };
        for item in items {
            if let (Some(from), Some(to)) = (text_at(item, &[keys[0]]), text_at(item, &[keys[1]]))
                && !text_at(item, &["status"]).is_some_and(|code| code.starts_with(['2', '4']))
            {
                found.push((from, to, path, 0));
            }
        }
    }
    for (from, to, path, line) in found {
        let base = survey.about.base.clone().unwrap_or_default();
        let from = within(&from, &base).map(str::to_owned).unwrap_or(from);
        if from.contains(['*', ':', '(']) || to.contains([':', '*']) && !to.contains("://") {
            let how = "write it into site.toml as [[moved]], if it is still needed";
            survey.notes.push(note("redirects by a pattern", how, path, line, format!("{from} → {to}")));
        } else if from.starts_with('/') {
            survey.redirects.push(Redirect { from, to });
        }
    }
}

/// People of a data file: groups by their ids, or a list of groups, each with a name.
pub(super) fn people(path: &str, raw: &Raw, survey: &mut Survey) {
    let stem = path.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
    if !is_people(stem) {
        return;
    }
    let mut add = |id: Option<&str>, raw: &Raw| {
        let named = ["name", "full_name", "fullname", "display_name", "title"];
        let Some(name) = named.iter().find_map(|key| text_at(raw, &[key])) else { return };
        let own = ["id", "slug", "github", "username", "key"].iter().find_map(|key| text_at(raw, &[key]));
        let id = id.map(str::to_owned).or(own).unwrap_or_else(|| name.clone());
        if survey.people.iter().any(|person| person.id == id) {
            return;
        }
        survey.people.push(Person {
            id,
            name,
            given: ["first_name", "given_name", "firstname"].iter().find_map(|key| text_at(raw, &[key])),
            family: ["last_name", "family_name", "surname", "lastname"].iter().find_map(|key| text_at(raw, &[key])),
            summary: ["bio", "description", "about"].iter().find_map(|key| text_at(raw, &[key])),
            addresses: Vec::new(),
        });
    };
    match &raw.kind {
        RawKind::Table(table) => table.iter().for_each(|(key, value)| add(Some(&key.name), value)),
        RawKind::List(items) => items.iter().for_each(|item| add(None, item)),
        _ => {}
    }
}

/// Whether a kind or a taxonomy of this name is one of people.
pub(super) fn is_people(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "author" | "authors" | "people" | "team" | "staff" | "contributors" | "writers" | "members")
}

/// Former addresses in fields: `aliases`, `redirect_from`; relative ones begin at `folder`.
pub(super) fn former(fields: &Table, folder: &str) -> Vec<String> {
    let all = ["aliases", "alias", "redirect_from"].iter().filter_map(|name| get(fields, name)).flat_map(texts);
    all.filter(|alias| !alias.trim().is_empty() && !alias.contains("://"))
        .filter_map(|alias| address_of(alias.trim(), folder, ""))
        .collect()
}

/// Words without the tags of HTML in them.
pub(super) fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_tag = false;
    for c in text.chars() {
        match c {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            c if !is_tag => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title made of a file's name.
pub(super) fn title_of(name: &str) -> String {
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The day that a file's name begins with, and what follows it: `2019-05-07-a-post`.
pub(super) fn dated(name: &str) -> Option<(String, &str)> {
    let mut parts = name.splitn(4, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let rest = parts.next().unwrap_or_default();
    let number = |text: &str| text.parse::<i8>().ok().filter(|_| text.len() <= 2);
    let year: i16 = year.parse().ok().filter(|_| year.len() == 4)?;
    let date = jiff::civil::Date::new(year, number(month)?, number(day)?).ok()?;
    Some((date.to_string(), rest))
}
