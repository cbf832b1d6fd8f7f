//! Files → where each goes: to its own address if readers see it, beside the page if that is hidden, nowhere if it is missing.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Columns, Use};
use super::{Here, Page, Plan};
use crate::import::site::lookup::Lookup;
use crate::import::site::survey::{Body, File, Note, Place, State, Survey, Value};
use crate::path::SitePath;

/// What files are called in the report that are not where they should be.
pub(crate) const MISSING: &str = "missing files";

/// What is never copied to where browsers could run it.
const NEVER: &[&str] = &[
    "php", "phtml", "phar", "html", "htm", "xhtml", "js", "mjs", "exe", "bat", "sh", "cgi", "pl", "htaccess", "ini",
    "log", "sql", "bak", "env",
];

/// Plans the copies.
pub(super) fn plan(
    survey: &Survey,
    here: &Here<'_>,
    columns: &BTreeMap<String, Columns>,
    pages: &mut [Page],
    lookup: &mut Lookup,
    plan: &mut Plan,
) {
    let users = users(survey, columns, pages);
    let unseen = unseen(survey);
    let by_id: BTreeMap<&str, usize> =
        pages.iter().enumerate().map(|(nth, page)| (survey.entries[page.entry].id.as_str(), nth)).collect();
    let mut beside: Vec<(usize, usize)> = Vec::new();
    let before: Vec<String> = pages.iter().map(|page| page.file.clone()).collect();
    for (nth, file) in survey.files.iter().enumerate() {
        let owner = file.of.as_deref().and_then(|id| by_id.get(id)).copied();
        let users = &users[nth];
        // What is named only where readers may not see it is nobody's to publish.
        let is_unseen = users.shown.is_empty() && (users.is_unseen || unseen.contains(file.address.as_str()));
        let users = &users.shown;
        let is_seen = !is_unseen && users.iter().chain(&owner).any(|page| pages[*page].is_public());
        let is_loose = !is_unseen && users.is_empty() && file.of.is_none();
        // What belongs to something that was thrown away is thrown away too.
        let is_orphan = users.is_empty() && file.of.is_some() && owner.is_none();
        let Some(lies_at) = &file.lies_at else {
            if !is_orphan {
                let how = "they are not in the folder of uploads, so pages are without them: give that folder with `--uploads`";
                note(plan, MISSING, how, file);
            }
            continue;
        };
        let ending = file.address.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        if NEVER.contains(&ending.as_str()) {
            note(plan, "files that a browser or a server could run", "they are not copied", file);
            continue;
        }
        match &file.state {
            State::Public if is_seen || is_loose => {
                if let Some(page) = is_seen.then(|| of_one(survey, here, columns, pages, users, file)).flatten() {
                    put_beside(here, &mut pages[page], file, &mut plan.copies);
                    if let Some(name) = pages[page].beside.get(&file.address) {
                        lookup.publish(nth, Some(format!("{}{name}", pages[page].address)));
                    }
                } else if let Some(path) = at_its_address(file, is_loose, plan) {
                    // An earlier run may have brought it.
                    if !here.files.contains(&path) {
                        plan.copies.push((lies_at.clone(), path));
                    }
                    lookup.publish(nth, None);
                }
            }
            State::Public | State::Hidden(_) | State::From(_) => {
                let own = users.iter().chain(&owner).copied().filter(|page| !pages[*page].is_public());
                let own: Vec<usize> = own.collect();
                if own.is_empty() {
                    let why = match (is_unseen, &file.state) {
                        (true, State::Public) => {
                            "only a field, a comment or something hidden names the file: put it beside its page if readers saw it"
                                .to_owned()
                        }
                        _ => why_hidden(file, is_orphan),
                    };
                    plan.hidden.push((file.address.clone(), why));
                }
                beside.extend(own.into_iter().map(|page| (page, nth)));
            }
            State::Trash => {}
        }
    }
    beside.sort_unstable();
    beside.dedup();
    for (page, file) in beside {
        put_beside(here, &mut pages[page], &survey.files[file], &mut plan.copies);
    }
    with_translations(pages, &before);
}

/// Who names a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Users {
    /// The pages that show it; hidden ones that name it.
    shown: Vec<usize>,
    /// Whether a public page names it in a field that readers may not have seen.
    is_unseen: bool,
}

/// The pages that use each file.
fn users(survey: &Survey, columns: &BTreeMap<String, Columns>, pages: &[Page]) -> Vec<Users> {
    let by_address: BTreeMap<&str, usize> =
        survey.files.iter().enumerate().map(|(nth, file)| (file.address.as_str(), nth)).collect();
    let mut users = vec![Users::default(); survey.files.len()];
    for (nth, page) in pages.iter().enumerate() {
        let entry = &survey.entries[page.entry];
        let columns = columns.get(&entry.kind);
        let (unseen, others): (Vec<_>, Vec<_>) = entry
            .fields
            .iter()
            .partition(|(key, _)| matches!(columns.and_then(|columns| columns.of(key)), Some(Use::Unseen)));
        for used in &entry.uses {
            let Some(file) = by_address.get(used.as_str()) else { continue };
            let name = used.rsplit('/').next().unwrap_or(used);
            let is_named = |all: &[&(String, Value)]| all.iter().any(|(_, value)| mentions(value, name));
            let is_in_text = match &entry.body {
                Body::Html(text) | Body::Markdown(text) => text.contains(name),
                Body::Nothing => false,
            };
            match page.is_public() && is_named(&unseen) && !is_named(&others) && !is_in_text {
                true => users[*file].is_unseen = true,
                false => users[*file].shown.push(nth),
            }
        }
    }
    users
}

/// Whether a value has the name of a file in it.
fn mentions(value: &Value, name: &str) -> bool {
    match value {
        Value::Text(text) => text.contains(name),
        Value::List(all) => all.iter().any(|one| mentions(one, name)),
        Value::Group(parts) => parts.iter().any(|(_, one)| mentions(one, name)),
        _ => false,
    }
}

/// The files that entries name where readers may not see them.
fn unseen(survey: &Survey) -> BTreeSet<&str> {
    survey.entries.iter().flat_map(|entry| entry.unseen.iter().map(String::as_str)).collect()
}

fn note(plan: &mut Plan, what: &str, how: &str, file: &File) {
    let words = file.address.clone();
    plan.notes.push(Note { what: what.to_owned(), how: how.to_owned(), place: Place::default(), words });
}

/// The path of a file that keeps its address, and what is to be said of it.
fn at_its_address(file: &File, is_loose: bool, plan: &mut Plan) -> Option<String> {
    let path = placed(file);
    match path {
        None => note(plan, "files with a name that cannot be kept", "rename them, and put them beside the page", file),
        Some(_) if is_loose => {
            let how = "they are published at their address, as they were: take out of `static` what nobody needs";
            note(plan, "files that no page shows", how, file);
        }
        Some(_) => {}
    }
    path
}

fn why_hidden(file: &File, is_orphan: bool) -> String {
    match &file.state {
        State::Hidden(why) => format!("the file was not public: {why}"),
        _ if is_orphan => "no page shows it, and it belongs to something that is not taken over".to_owned(),
        _ => "the file is not public".to_owned(),
    }
}

/// Translations go into the folder that their original has got.
fn with_translations(pages: &mut [Page], before: &[String]) {
    let moved: BTreeMap<String, String> = pages
        .iter()
        .zip(before)
        .filter(|(page, before)| page.file != **before)
        .filter_map(|(page, before)| {
            Some((before.strip_suffix(".md")?.to_owned(), page.file.strip_suffix(".md")?.to_owned()))
        })
        .collect();
    for page in pages.iter_mut().filter(|page| !page.is_earlier) {
        let Some((stem, lang)) = page.file.strip_suffix(".md").and_then(|stem| stem.rsplit_once('.')) else { continue };
        if let Some(stem) = moved.get(stem) {
            page.file = format!("{stem}.{lang}.md");
        }
    }
}

/// The public page whose download a file is, if it is that of one page only: search engines for papers look for it there.
fn of_one(
    survey: &Survey,
    here: &Here<'_>,
    columns: &BTreeMap<String, Columns>,
    pages: &[Page],
    users: &[usize],
    file: &File,
) -> Option<usize> {
    let is_download = |page: &&usize| {
        let page = &pages[**page];
        let entry = &survey.entries[page.entry];
        let has_it = |(key, value): &(String, Value)| {
            let used = columns.get(&entry.kind).and_then(|columns| columns.of(key));
            matches!(used, Some(Use::Field(field, _)) if field == "files") && names(value, &file.address)
        };
        let is_there = !page.is_earlier || here.files.contains(&beside_earlier(page, file));
        let may_move = page.is_public() && is_there && page.address.ends_with('/') && entry.lang.is_none();
        may_move && entry.fields.iter().any(has_it)
    };
    let mut all = users.iter().filter(is_download);
    all.next().copied().filter(|_| all.next().is_none())
}

/// Where a file would lie beside a page that an earlier run made.
fn beside_earlier(page: &Page, file: &File) -> String {
    let folder = page.file.strip_suffix("index.md").unwrap_or("/");
    format!("{folder}{}", file.address.rsplit('/').next().unwrap_or_default())
}

/// Whether a value names this file.
fn names(value: &Value, address: &str) -> bool {
    match value {
        Value::Text(text) => text == address,
        Value::List(all) => all.iter().any(|one| names(one, address)),
        Value::Group(parts) => parts.iter().any(|(_, one)| names(one, address)),
        _ => false,
    }
}

/// The path of a file that keeps its address.
fn placed(file: &File) -> Option<String> {
    let below = file.address.trim_start_matches('/');
    let is_plain = file.address.starts_with('/')
        && !below.contains("..")
        && !below.contains(['\\', '?', '#', ':', '*', '"', '<', '>', '|'])
        && !below.split('/').any(|part| part.starts_with('.') || part.is_empty());
    let path = SitePath::new(&format!("static/{below}")).filter(|_| is_plain)?;
    Some(path.as_str().to_owned())
}

/// A file of a hidden page lies beside it: it is public once the page is.
fn put_beside(here: &Here<'_>, page: &mut Page, file: &File, copies: &mut Vec<(String, String)>) {
    let Some(lies_at) = &file.lies_at else { return };
    if page.beside.contains_key(&file.address) {
        return;
    }
    let wanted = file.address.rsplit('/').next().unwrap_or_default().to_owned();
    // An earlier run has put it there, or not: its page is left alone.
    if page.is_earlier {
        if here.files.contains(&beside_earlier(page, file)) {
            page.beside.insert(file.address.clone(), wanted);
        }
        return;
    }
    let is_bundle = page.file.ends_with("/index.md");
    if !is_bundle {
        let Some(stem) =
            page.file.strip_suffix(".md").filter(|stem| !stem.rsplit('/').next().unwrap_or_default().contains('.'))
        else {
            return;
        };
        page.file = format!("{stem}/index.md");
    }
    let folder = page.file.trim_end_matches("index.md").to_owned();
    let mut name = wanted.clone();
    // How often the name is taken is known from how often it was wanted.
    let ends = |name: &str| name.trim_end_matches(".md").trim_end_matches(".markdown").to_lowercase();
    let mut nth = *page.wanted.entry(ends(&wanted)).and_modify(|nth| *nth += 1).or_insert(1);
    let is_text = matches!(name.rsplit('.').next(), Some("md" | "markdown"));
    if is_text || nth > 1 || page.taken.contains(&name.to_lowercase()) {
        nth = nth.max(2);
        name = format!("{nth}-{}", wanted.trim_end_matches(".md").trim_end_matches(".markdown"));
    }
    while page.taken.contains(&name.to_lowercase()) {
        nth += 1;
        name = format!("{nth}-{}", wanted.trim_end_matches(".md").trim_end_matches(".markdown"));
    }
    page.taken.insert(name.to_lowercase());
    copies.push((lies_at.clone(), format!("{folder}{name}")));
    page.beside.insert(file.address.clone(), name);
}
