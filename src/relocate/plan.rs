//! What was typed → which files go where, and which entry is merged into which.

use std::collections::{BTreeMap, BTreeSet};

use super::{Request, Stop};
use crate::config::Config;
use crate::content::is_markdown;
use crate::diagnostic::nearest;
use crate::path::{Address, SitePath};
use crate::pipeline::Made;
use crate::routes::RouteKind;
use crate::site::{Ix, Site};
use crate::source::{SourceFile, is_passed_over};

/// Which files go where.
#[derive(Clone, Default, Debug)]
pub(super) struct Plan {
    pub(super) moves: BTreeMap<SitePath, SitePath>,
    pub(super) removed: BTreeSet<SitePath>,
    /// The entry that goes, and the one that replaces it.
    pub(super) merged: Option<(Ix, Ix)>,
}

/// What happens to the text of an entry that is merged into another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Text {
    /// There must be none.
    Keep,
    Drop,
}

impl Plan {
    /// The new place of a file; `None` if it is removed.
    pub(super) fn after(&self, path: &SitePath) -> Option<SitePath> {
        match self.moves.get(path) {
            Some(to) => Some(to.clone()),
            None => (!self.removed.contains(path)).then(|| path.clone()),
        }
    }
}

fn stop(message: impl Into<String>, help: impl Into<String>) -> Stop {
    Stop::Asked(message.into(), help.into())
}

/// The plan for a request.
pub(super) fn plan(made: &Made, request: &Request<'_>) -> Result<Plan, Stop> {
    match request {
        Request::Move { old, new } => moved(made, old, new),
        Request::Merge { old, into, text } => merged(made, old, into, *text),
    }
}

/// What a name on the command line means.
enum Named {
    File(SitePath),
    Folder(SitePath),
}

fn named(made: &Made, text: &str) -> Result<Named, Stop> {
    let site = &made.site;
    let tree = &site.tree;
    let bare = text.trim().trim_start_matches("./");
    let candidates = [bare.to_owned(), format!("content/{bare}"), format!("{bare}.md"), format!("content/{bare}.md")];
    for candidate in candidates.iter().filter(|candidate| !candidate.starts_with('/')) {
        let Some(path) = SitePath::new(candidate.trim_end_matches('/')) else { continue };
        if tree.get(&path).is_some() && !candidate.ends_with('/') {
            return Ok(Named::File(path));
        }
        if !path.as_str().is_empty() && tree.below(path.as_str()).next().is_some() {
            return Ok(Named::Folder(path));
        }
    }
    let entry = bare.split_once('/').and_then(|(collection, key)| site.by_id(collection, key)).or_else(|| {
        let address = Address::new(bare).page();
        match made.routes.at(&address).filter(|_| text.starts_with('/')).map(|route| &route.kind) {
            Some(RouteKind::Entry(ix)) => Some(*ix),
            _ => None,
        }
    });
    match entry.map(|ix| site.entry(ix)) {
        Some(entry) if entry.is_row => Err(row(site, &entry.source, text)),
        Some(entry) => Ok(Named::File(entry.source.clone())),
        None => {
            let known = tree.below("content").map(|file| file.path.as_str());
            let near = nearest(&format!("content/{}", bare.trim_start_matches("content/")), known);
            let help = near.map_or_else(
                || "write the path of a file or folder such as content/publications/x.md".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Err(stop(format!("there is no file, folder or entry `{text}`"), help))
        }
    }
}

fn row(site: &Site, file: &SitePath, text: &str) -> Stop {
    let _ = site;
    stop(format!("`{text}` is a row of {file}, not a file of its own"), format!("change its line in {file}"))
}

fn moved(made: &Made, old: &str, new: &str) -> Result<Plan, Stop> {
    let tree = &made.site.tree;
    let place = named(made, old)?;
    let (path, is_folder) = match &place {
        Named::File(path) => (own_folder(made, path, new), false),
        Named::Folder(path) => (path.clone(), true),
    };
    let is_folder = is_folder || tree.get(&path).is_none();
    let inside = |path: &SitePath| path.below("content").is_some() || path.below("static").is_some();
    if !inside(&path) {
        return Err(stop(format!("`{path}` cannot be moved"), "pages and files below content/ and static/ can"));
    }
    let target = target(made, &path, is_folder, new)?;
    if !inside(&target) {
        return Err(stop(format!("`{target}` is not a place for it"), "write a place below content/ or static/"));
    }
    if target == path {
        return Err(stop(format!("`{path}` already exists"), "write another name"));
    }
    let mut plan = Plan::default();
    if is_folder {
        if target.below(path.as_str()).is_some() {
            return Err(stop(format!("`{path}` cannot go into itself"), "write another place"));
        }
        for file in tree.below(path.as_str()) {
            let below = file.path.below(path.as_str()).unwrap_or_default();
            let to =
                target.join(below).ok_or_else(|| stop(format!("`{new}` leaves the site"), "write a place in it"))?;
            plan.moves.insert(file.path.clone(), to);
        }
    } else {
        plan.moves.insert(path.clone(), target.clone());
        for (from, to) in translations(made, &path, &target) {
            plan.moves.insert(from, to);
        }
    }
    if let Some((to, name)) = plan.moves.values().find_map(|to| Some((to, passed_over(to)?))) {
        return Err(stop(
            format!("`{to}` would not be read: nothing called `{name}` is, there"),
            "write a name that does not begin with a dot and is not that of an editor's copy",
        ));
    }
    let taken = plan.moves.values().find(|to| tree.get(to).is_some() || tree.below(to.as_str()).next().is_some());
    let in_the_way = plan.moves.values().find_map(|to| {
        let mut folder = to.folder();
        while folder.parts().next().is_some() {
            if tree.get(&folder).is_some() {
                return Some(folder);
            }
            folder = folder.folder();
        }
        None
    });
    match taken.cloned().or(in_the_way) {
        Some(taken) => Err(stop(
            format!("`{taken}` already exists; nothing was moved"),
            "write another name; to make two pages one, use `pamphlet merge`",
        )),
        None => Ok(plan),
    }
}

/// The part of a path by which it is passed over, so that what is moved there would be gone.
fn passed_over(path: &SitePath) -> Option<&str> {
    let (place, below) = path.as_str().split_once('/')?;
    below.split('/').find(|name| is_passed_over(place, name))
}

/// The folder of the bundle if its `index.md` is meant, unless the new name is for that file itself.
fn own_folder(made: &Made, path: &SitePath, new: &str) -> SitePath {
    let site = &made.site;
    let bundle = site
        .by_source(path)
        .map(|ix| site.entry(ix))
        .filter(|entry| entry.source == *path && *entry.id.collection != *"pages");
    match bundle.and_then(|entry| entry.bundle.clone()) {
        Some(folder) if !new.ends_with(".md") || new.ends_with("/index.md") => folder,
        _ => path.clone(),
    }
}

/// The new place of `path`.
fn target(made: &Made, path: &SitePath, is_folder: bool, new: &str) -> Result<SitePath, Stop> {
    let tree = &made.site.tree;
    let wrong =
        || stop(format!("`{new}` is not a place in the site"), "write a path such as content/publications/y.md");
    let bare = new.trim().trim_start_matches("./");
    if bare.is_empty() || bare.starts_with('/') {
        return Err(wrong());
    }
    let begins = |text: &str| bare == text || bare.starts_with(&format!("{text}/"));
    // A bare name stays in the same folder; a collection's name begins a path in `content/`.
    let full = match bare.contains('/') {
        _ if begins("content") || begins("static") => bare.to_owned(),
        false => format!("{}/{bare}", path.folder()),
        true => format!("content/{bare}"),
    };
    let mut target = SitePath::new(full.trim_end_matches('/')).ok_or_else(wrong)?;
    let names_folder =
        full.ends_with('/') || (tree.get(&target).is_none() && tree.below(target.as_str()).next().is_some());
    if names_folder {
        target = target.join(path.name()).ok_or_else(wrong)?;
    }
    if is_folder {
        if let Some(folder) = target.as_str().strip_suffix("/index.md").and_then(SitePath::new) {
            return Ok(folder);
        }
        return match target.ending().as_str() {
            "md" => Err(stop(format!("`{path}` is a folder, and `{target}` a file"), "write the name of a folder")),
            _ => Ok(target),
        };
    }
    let ending = path.ending();
    if target.ending() != ending && !ending.is_empty() && (ending == "md" || target.ending().is_empty()) {
        target = SitePath::new(&format!("{target}.{ending}")).ok_or_else(wrong)?;
    }
    Ok(target)
}

/// The same text in other languages, which moves along: `report.cy.md` of `report.md`.
fn translations(made: &Made, path: &SitePath, target: &SitePath) -> Vec<(SitePath, SitePath)> {
    let (tree, config) = (&made.site.tree, &made.site.config);
    if tree.get(path).is_none_or(|file| language(file, config).is_some()) || path.below("content").is_none() {
        return Vec::new();
    }
    let folder = path.folder();
    let all = tree.below(folder.as_str()).filter(|file| file.path.folder() == folder);
    all.filter_map(|file| {
        let (stem, lang) = language(file, config)?;
        (stem == path.stem() && file.path.ending() == path.ending()).then_some(())?;
        let name = format!("{}.{lang}.{}", target.stem(), target.ending());
        Some((file.path.clone(), target.folder().join(&name)?))
    })
    .collect()
}

/// A file's name without its language ending, and that language.
fn language<'f>(file: &'f SourceFile, config: &Config) -> Option<(&'f str, &'f str)> {
    let is_data = matches!(file.path.ending().as_str(), "toml" | "json" | "csv" | "yaml" | "yml");
    let (stem, code) = file.path.stem().rsplit_once('.')?;
    ((is_data || is_markdown(file)) && config.language_named(code).is_some()).then_some((stem, code))
}

fn merged(made: &Made, old: &str, into: &str, text: Text) -> Result<Plan, Stop> {
    let site = &made.site;
    let (old, into) = (entry(made, old)?, entry(made, into)?);
    if old == into {
        return Err(stop("both names mean the same page", "write two"));
    }
    let (gone, stays) = (site.entry(old), site.entry(into));
    let mut removed = BTreeSet::from([gone.source.clone()]);
    match &gone.bundle {
        // The folder of a page may hold other pages, which do not belong to it.
        Some(folder) if *gone.id.collection != *"pages" => {
            removed.extend(site.tree.below(folder.as_str()).map(|file| file.path.clone()));
        }
        _ => removed.extend(translations(made, &gone.source, &gone.source).into_iter().map(|(from, _)| from)),
    }
    if removed.contains(&stays.source) {
        return Err(stop(format!("{} is in the folder that would go", stays.source), "move it out first"));
    }
    let has_text = gone.text.as_ref().is_some_and(|doc| doc.word_count > 0 || !doc.images.is_empty());
    if text == Text::Keep && (has_text || removed.len() > 1) {
        let others: Vec<String> =
            removed.iter().filter(|path| **path != gone.source).map(|path| format!("`{path}`")).collect();
        let what = match (has_text, others.is_empty()) {
            (true, true) => "its text would be lost".to_owned(),
            (true, false) => format!("its text and {} would be lost", others.join(", ")),
            (false, _) => format!("{} would be lost", others.join(", ")),
        };
        return Err(stop(
            format!("{} is more than a name: {what}", gone.source),
            format!("take over what is needed into {}, then say `--drop-text`", stays.source),
        ));
    }
    Ok(Plan { moves: BTreeMap::new(), removed, merged: Some((old, into)) })
}

fn entry(made: &Made, text: &str) -> Result<Ix, Stop> {
    let site = &made.site;
    let path = match named(made, text)? {
        Named::File(path) => path,
        Named::Folder(path) => path.join("index.md").unwrap_or(path),
    };
    let found = site.by_source(&path).filter(|ix| site.entry(*ix).source == path);
    found.ok_or_else(|| stop(format!("`{text}` is no page"), "write the path of a page such as content/themes/x.md"))
}
