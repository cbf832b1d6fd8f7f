//! Files → where each goes: to its own address if readers see it, beside the page if that is hidden, nowhere if it is missing.

use std::collections::BTreeMap;

use super::{Page, Plan};
use crate::import::site::lookup::Lookup;
use crate::import::site::survey::{File, Note, Place, State, Survey};
use crate::path::SitePath;

/// What is never copied to where browsers could run it.
const NEVER: &[&str] = &[
    "php", "phtml", "phar", "html", "htm", "xhtml", "js", "mjs", "exe", "bat", "sh", "cgi", "pl", "htaccess", "ini",
    "log", "sql", "bak", "env",
];

/// Plans the copies.
pub(super) fn plan(survey: &Survey, pages: &mut [Page], lookup: &mut Lookup, plan: &mut Plan) {
    let by_address: BTreeMap<&str, usize> =
        survey.files.iter().enumerate().map(|(nth, file)| (file.address.as_str(), nth)).collect();
    let by_id: BTreeMap<&str, usize> =
        pages.iter().enumerate().map(|(nth, page)| (survey.entries[page.entry].id.as_str(), nth)).collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); survey.files.len()];
    for (nth, page) in pages.iter().enumerate() {
        for used in &survey.entries[page.entry].uses {
            if let Some(file) = by_address.get(used.as_str()) {
                users[*file].push(nth);
            }
        }
    }
    let mut note = |what: &str, how: &str, words: String| {
        plan.notes.push(Note { what: what.to_owned(), how: how.to_owned(), place: Place::default(), words })
    };
    let mut beside: Vec<(usize, usize)> = Vec::new();
    for (nth, file) in survey.files.iter().enumerate() {
        let owner = file.of.as_deref().and_then(|id| by_id.get(id)).copied();
        let is_seen = users[nth].iter().chain(&owner).any(|page| pages[*page].is_public());
        let is_loose = users[nth].is_empty() && file.of.is_none();
        // What belongs to something that was thrown away is thrown away too.
        let is_orphan = users[nth].is_empty() && file.of.is_some() && owner.is_none();
        let Some(lies_at) = &file.lies_at else {
            if !users[nth].is_empty() || !is_orphan {
                let how = "they are not in the folder of uploads, so pages are without them: give that folder with `--uploads`";
                note("missing files", how, file.address.clone());
            }
            continue;
        };
        let ending = file.address.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        if NEVER.contains(&ending.as_str()) {
            note("files that a browser or a server could run", "they are not copied", file.address.clone());
            continue;
        }
        match &file.state {
            State::Public if is_seen || is_loose => match placed(file) {
                Some(path) => {
                    if is_loose {
                        note(
                            "files that no page shows",
                            "they are published at their address, as they were: take out of `static` what nobody needs",
                            file.address.clone(),
                        );
                    }
                    plan.copies.push((lies_at.clone(), path));
                    lookup.publish(nth);
                }
                None => note(
                    "files with a name that cannot be kept",
                    "rename them, and put them beside the page",
                    file.address.clone(),
                ),
            },
            State::Public | State::Hidden(_) | State::From(_) => {
                let own: Vec<usize> =
                    users[nth].iter().chain(&owner).copied().filter(|page| !pages[*page].is_public()).collect();
                beside.extend(own.into_iter().map(|page| (page, nth)));
                if users[nth].is_empty() && owner.is_none() {
                    plan.hidden.push((file.address.clone(), "the file is not public".to_owned()));
                }
            }
            State::Trash => {}
        }
    }
    beside.sort_unstable();
    beside.dedup();
    for (page, file) in beside {
        put_beside(&mut pages[page], &survey.files[file], &mut plan.copies);
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
fn put_beside(page: &mut Page, file: &File, copies: &mut Vec<(String, String)>) {
    let Some(lies_at) = &file.lies_at else { return };
    if page.is_earlier || page.beside.contains_key(&file.address) {
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
    let wanted = file.address.rsplit('/').next().unwrap_or_default().to_owned();
    let mut name = wanted.clone();
    let mut nth = 2;
    while page.beside.values().any(|taken| taken.eq_ignore_ascii_case(&name))
        || matches!(name.rsplit('.').next(), Some("md" | "markdown"))
    {
        name = format!("{nth}-{}", wanted.trim_end_matches(".md").trim_end_matches(".markdown"));
        nth += 1;
    }
    copies.push((lies_at.clone(), format!("{folder}{name}")));
    page.beside.insert(file.address.clone(), name);
}
