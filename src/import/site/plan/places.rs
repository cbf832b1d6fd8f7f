//! Where each page lies and what its address is: the one that it had, wherever the site can say so.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::Goal;
use super::pages::Hidden;
use super::{Here, Page, short};
use crate::config::Config;
use crate::import::site::survey::{Entry, State, Survey, Value};
use crate::path::slug;

/// The patterns of addresses: collection → pattern.
pub(super) type Patterns = BTreeMap<String, String>;

/// The name that an entry's file gets.
pub(super) fn key_of(entry: &Entry) -> String {
    let key = short(&entry.key);
    let key = if key.is_empty() { short(entry.title().unwrap_or_default()) } else { key };
    if key.is_empty() { short(&entry.id) } else { key }
}

/// The day of an entry: year, month, day.
fn day(entry: &Entry, field: &str) -> Option<(String, String, String)> {
    let written = match entry.field(field)? {
        Value::Moment(text) | Value::Text(text) => text,
        _ => return None,
    };
    let written = super::values::moment(written)?;
    Some((written[..4].to_owned(), written[5..7].to_owned(), written[8..10].to_owned()))
}

/// The address of an entry by a pattern; `None` if it lacks what the pattern asks for.
fn filled(pattern: &str, key: &str, kind: Option<&str>, entry: &Entry) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        out.push_str(before);
        let (field, part) = name.rsplit_once('.').unwrap_or(("date", name));
        let of_day = |which: fn((String, String, String)) -> String| day(entry, field).map(which);
        out.push_str(&match part {
            "slug" => key.to_owned(),
            "kind" => kind?.to_owned(),
            "year" => of_day(|day| day.0)?,
            "month" => of_day(|day| day.1)?,
            "day" => of_day(|day| day.2)?,
            _ => return None,
        });
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// The address that an entry had, if a page can have it.
fn own_address(entry: &Entry) -> Option<&str> {
    entry.addresses.first().map(String::as_str).filter(|address| is_page(address))
}

/// Whether a page can have this address.
fn is_page(address: &str) -> bool {
    address.starts_with('/')
        && address.ends_with('/')
        && !address.contains(['?', '#', '%'])
        && address
            .trim_matches('/')
            .split('/')
            .all(|part| address == "/" || !part.is_empty() && slug(part) == part && part.len() <= 200)
}

/// The patterns of the collections that entries go to: for a new site those that most addresses have.
pub(super) fn patterns(survey: &Survey, here: &Here<'_>, kinds: &[(String, Goal)], hidden: &Hidden) -> Patterns {
    let mut patterns = Patterns::new();
    for (_, goal) in kinds {
        let written = here
            .config
            .collection(&goal.collection)
            .and_then(|one| one.path.as_ref())
            .map(|pattern| pattern.written().to_owned());
        patterns.insert(goal.collection.clone(), written.unwrap_or_else(|| format!("/{}/{{slug}}/", goal.collection)));
    }
    let is_fixed =
        |collection: &str| collection == "pages" || !here.is_new && here.config.collection(collection).is_some();
    let names: Vec<String> = patterns.keys().filter(|name| !is_fixed(name)).cloned().collect();
    for name in names {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (nth, entry) in survey.entries.iter().enumerate() {
            let is_own = kinds.iter().any(|(kind, goal)| *kind == entry.kind && goal.collection == name);
            if !is_own
                || hidden.contains_key(&nth)
                || entry.state != State::Public
                || entry.lang.is_some()
                || entry.is_list
            {
                continue;
            }
            if let Some(pattern) = own_address(entry).and_then(|address| pattern_of(address, entry)) {
                *counts.entry(pattern).or_default() += 1;
            }
        }
        let best = counts.into_iter().max_by_key(|(pattern, count)| (*count, std::cmp::Reverse(pattern.len())));
        // A pattern of one's own would take addresses from pages.
        if let Some((pattern, _)) = best {
            patterns.insert(name, pattern);
        }
    }
    patterns
}

/// The pattern that an address follows, if its last part names the entry.
fn pattern_of(address: &str, entry: &Entry) -> Option<String> {
    let parts: Vec<&str> = address.trim_matches('/').split('/').collect();
    let (last, above) = parts.split_last()?;
    if *last != key_of(entry) {
        return None;
    }
    let mut wanted = day(entry, "date")
        .map(|(year, month, day)| vec![("{day}", day), ("{month}", month), ("{year}", year)])
        .unwrap_or_default();
    let mut out = Vec::new();
    for part in above {
        match wanted.last().filter(|(_, value)| value == part) {
            Some((name, _)) => {
                out.push((*name).to_owned());
                wanted.pop();
            }
            // Numbers of other days would be a pattern for this entry only.
            None if part.bytes().all(|byte| byte.is_ascii_digit()) => return None,
            None => out.push((*part).to_owned()),
        }
    }
    out.push("{slug}".to_owned());
    Some(format!("/{}/", out.join("/")))
}

/// The addresses of the lists of the site, and the collection whose list it is.
pub(super) fn lists(config: &Config) -> BTreeMap<String, String> {
    let mut lists = BTreeMap::new();
    for list in config.lists.values() {
        if let Some(route) = list.route.as_ref().filter(|route| !route.contains('{')) {
            let own = list.from.iter().find(|from| ***from == *list.name).map(ToString::to_string).unwrap_or_default();
            lists.insert(route.clone(), own);
        }
    }
    if let Some(search) = &config.search {
        lists.insert(search.route.to_string(), String::new());
    }
    lists
}

/// What is taken already.
struct Taken<'a> {
    here: &'a Here<'a>,
    files: BTreeSet<String>,
    keys: BTreeSet<(String, String)>,
    /// The number to try next for a name that is taken.
    next: BTreeMap<(String, String), usize>,
    addresses: BTreeSet<String>,
    /// The file that an earlier run made of the entry that is being placed: it is free for it.
    own: Option<String>,
}

impl Taken<'_> {
    /// A key that is free in this collection, and its file.
    fn key(&mut self, collection: &str, wanted: &str) -> String {
        let mut key = wanted.to_owned();
        let counted = (collection.to_owned(), wanted.to_owned());
        let mut nth = self.next.get(&counted).copied().unwrap_or(2);
        // `index.md` is the text of the list.
        while key == "index"
            || self.keys.contains(&(collection.to_owned(), key.clone()))
            || self.is_there(collection, &key)
        {
            key = format!("{wanted}-{nth}");
            nth += 1;
        }
        self.next.insert(counted, nth);
        self.keys.insert((collection.to_owned(), key.clone()));
        key
    }

    fn is_there(&self, collection: &str, key: &str) -> bool {
        let folder = folder(collection);
        let files = [format!("{folder}/{key}.md"), format!("{folder}/{key}/index.md")];
        if self.own.as_ref().is_some_and(|own| files.contains(own)) {
            return false;
        }
        self.here.entries.contains(&(collection.to_owned(), key.to_owned()))
            || files.iter().any(|file| self.here.files.contains(file) || self.files.contains(file))
    }
}

fn folder(collection: &str) -> String {
    if collection == "pages" { "content".to_owned() } else { format!("content/{collection}") }
}

/// The pages to write, in the order of the survey.
pub(super) fn pages(
    survey: &Survey,
    here: &Here<'_>,
    kinds: &[(String, Goal)],
    hidden: &Hidden,
    patterns: &Patterns,
) -> Vec<Page> {
    let goals: BTreeMap<&str, &Goal> = kinds.iter().map(|(kind, goal)| (kind.as_str(), goal)).collect();
    let mut lists = lists(here.config);
    // A new collection gets a list.
    for (_, goal) in kinds.iter().filter(|(_, goal)| goal.is_new && here.config.lists.get(&*goal.collection).is_none())
    {
        lists.entry(format!("/{}/", goal.collection)).or_insert_with(|| goal.collection.clone());
    }
    let mut taken = Taken {
        here,
        files: BTreeSet::new(),
        keys: BTreeSet::new(),
        next: BTreeMap::new(),
        addresses: lists.keys().cloned().collect(),
        own: None,
    };
    // Public pages choose first, so that nothing hidden takes an address that readers know.
    let is_seen = |nth: usize| !hidden.contains_key(&nth) && survey.entries[nth].state == State::Public;
    let mut order: Vec<usize> =
        (0..survey.entries.len()).filter(|nth| survey.entries[*nth].state != State::Trash).collect();
    order.sort_by_key(|nth| {
        (survey.entries[*nth].translates.is_some() || survey.entries[*nth].lang.is_some(), !is_seen(*nth))
    });
    let mut made: BTreeMap<usize, Page> = BTreeMap::new();
    let by_id: BTreeMap<&str, usize> =
        survey.entries.iter().enumerate().map(|(nth, entry)| (entry.id.as_str(), nth)).collect();
    for nth in order {
        let entry = &survey.entries[nth];
        let Some(goal) = goals.get(entry.kind.as_str()) else { continue };
        let publish_at = match &entry.state {
            State::From(moment) => Some(moment.clone()),
            _ => None,
        };
        let mut page = Page {
            entry: nth,
            collection: goal.collection.clone(),
            kind: goal.kind.clone(),
            hidden: hidden.get(&nth).cloned(),
            publish_at,
            ..Page::default()
        };
        taken.own = here.earlier.get(&entry.id).cloned();
        let original = entry.translates.as_deref().and_then(|id| made.get(by_id.get(id)?)).cloned();
        match &entry.lang {
            Some(lang) => translation(entry, lang, original.as_ref(), patterns, &mut page, &mut taken),
            None => place(entry, &lists, patterns, &mut page, &mut taken),
        }
        if let Some(file) = here.earlier.get(&entry.id) {
            page.file.clone_from(file);
            page.is_earlier = true;
        }
        taken.files.insert(page.file.clone());
        taken.addresses.insert(page.address.clone());
        made.insert(nth, page);
    }
    made.into_values().collect()
}

/// The place of an entry in the site's own language.
fn place(entry: &Entry, lists: &BTreeMap<String, String>, patterns: &Patterns, page: &mut Page, taken: &mut Taken<'_>) {
    let own = own_address(entry).filter(|own| !taken.addresses.contains(*own));
    let config = taken.here.config;
    let as_list = own_address(entry)
        .or(entry.addresses.first().map(String::as_str))
        .filter(|own| entry.is_list || lists.contains_key(*own));
    // A text that begins a list, or a page that stands where a list stands here.
    let of_list = match as_list {
        Some(own) if lists.get(own).is_some_and(|name| !name.is_empty()) => {
            lists.get(own).cloned().map(|name| (name, own.to_owned()))
        }
        _ if entry.is_list => {
            lists.iter().find(|(_, name)| **name == page.collection).map(|(route, name)| (name.clone(), route.clone()))
        }
        _ => None,
    };
    if let Some((name, route)) = of_list.filter(|(name, _)| {
        !taken.is_there("pages", name) && !taken.files.contains(&format!("content/{name}/index.md"))
    }) {
        page.collection = "pages".to_owned();
        page.kind = None;
        page.key.clone_from(&name);
        page.file = format!("content/{name}/index.md");
        page.address = route;
        return;
    }
    if entry.is_list {
        page.collection = "pages".to_owned();
        page.kind = None;
    }
    if page.collection == "pages" {
        return plain_page(entry, own, page, taken);
    }
    let wanted = key_of(entry);
    page.key = taken.key(&page.collection, &wanted);
    page.file = format!("{}/{}.md", folder(&page.collection), page.key);
    let pattern = patterns.get(&page.collection).map_or("/{slug}/", String::as_str);
    let natural = filled(pattern, &page.key, page.kind.as_deref(), entry);
    let may_state = taken.here.is_new || config.collection(&page.collection).is_none_or(|one| one.has_permalinks);
    match (own, natural) {
        (Some(own), Some(natural)) if own == natural => page.address = natural,
        (Some(own), _) if may_state && page.is_public() => {
            page.permalink = Some(own.to_owned());
            own.clone_into(&mut page.address);
        }
        (_, Some(natural)) if !taken.addresses.contains(&natural) => page.address = natural,
        _ => {
            let free = format!("/{}/{}/", page.collection, page.key);
            page.permalink = may_state.then(|| free.clone());
            page.address = free;
        }
    }
}

/// A plain page: its folders are its address.
fn plain_page(entry: &Entry, own: Option<&str>, page: &mut Page, taken: &mut Taken<'_>) {
    let config = taken.here.config;
    if own == Some("/") && !taken.here.files.contains("content/index.md") {
        page.key = "index".to_owned();
        page.file = "content/index.md".to_owned();
        page.address = "/".to_owned();
        return;
    }
    // An address with letters that pages cannot have keeps its place in the tree.
    let former = entry.addresses.first().filter(|former| former.starts_with('/') && !former.contains(['?', '.']));
    let slugs =
        former.map(|former| former.split('/').map(slug).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"));
    let own = own.filter(|own| *own != "/");
    let path = own.map_or_else(
        || slugs.filter(|path| !path.is_empty()).unwrap_or_else(|| key_of(entry)),
        |own| own.trim_matches('/').to_owned(),
    );
    let first = path.split('/').next().unwrap_or_default();
    let is_free = |path: &str| config.collection(first).is_none() && !path.split('/').any(|part| part == "index");
    let is_taken = taken.addresses.contains(&format!("/{path}/"));
    if is_free(&path)
        && !is_taken
        && !taken.is_there("pages", &path)
        && taken.keys.insert(("pages".to_owned(), path.clone()))
    {
        page.file = format!("content/{path}.md");
        page.address = format!("/{path}/");
        page.key = path;
        return;
    }
    // A folder of that name belongs to a collection, or the name is taken.
    let last = path.rsplit('/').next().unwrap_or("page");
    let wanted =
        match config.collection(last).is_some() || last == "index" || taken.addresses.contains(&format!("/{last}/")) {
            true => format!("{last}-page"),
            false => last.to_owned(),
        };
    page.key = taken.key("pages", &wanted);
    page.file = format!("content/{}.md", page.key);
    let may_state = taken.here.is_new || config.collection("pages").is_some_and(|one| one.has_permalinks);
    match own.filter(|_| may_state && page.is_public()) {
        Some(own) => {
            page.permalink = Some(own.to_owned());
            own.clone_into(&mut page.address);
        }
        None => page.address = format!("/{}/", page.key),
    }
}

/// The place of a text in another language: beside its original.
fn translation(
    entry: &Entry,
    lang: &str,
    original: Option<&Page>,
    patterns: &Patterns,
    page: &mut Page,
    taken: &mut Taken<'_>,
) {
    let prefix = format!("/{lang}");
    match original {
        Some(original) => {
            page.collection.clone_from(&original.collection);
            page.kind.clone_from(&original.kind);
            page.key.clone_from(&original.key);
            page.file = match original.file.strip_suffix(".md") {
                Some(stem) => format!("{stem}.{lang}.md"),
                None => format!("{}.{lang}.md", original.file),
            };
            if original.hidden.is_some() && page.hidden.is_none() {
                page.hidden = Some("its original is hidden".to_owned());
            }
        }
        None => {
            let wanted = key_of(entry);
            page.key = taken.key(&page.collection, &wanted);
            page.file = format!("{}/{}.{lang}.md", folder(&page.collection), page.key);
            page.fields.push(("original".to_owned(), "true".to_owned()));
        }
    }
    let own =
        own_address(entry).filter(|own| own.starts_with(&format!("{prefix}/")) && !taken.addresses.contains(*own));
    let pattern = patterns.get(&page.collection).map_or("/{slug}/", String::as_str);
    let natural = match page.key.as_str() {
        "index" => Some(format!("{prefix}/")),
        key => filled(pattern, key, page.kind.as_deref(), entry).map(|natural| format!("{prefix}{natural}")),
    };
    let stated = own.map(str::to_owned).or_else(|| natural.filter(|natural| is_page(natural)));
    page.address = stated.clone().unwrap_or_else(|| format!("{prefix}/{}/", page.key));
    page.permalink = (page.key != "index").then(|| page.address.clone());
}
