//! What somebody else did on a target: files that are not ours, files where a folder must be, and our own files changed by hand.
//!
//! A site that is listed with a request or two is looked at as a whole. Of any other, only the places of a few new or changed
//! files are looked at, so that a small change stays cheap.

use std::collections::{BTreeMap, BTreeSet};

use super::{NOW, Publisher, Seen};
use crate::deploy::plan::{self, Plan};
use crate::deploy::state::Class;
use crate::deploy::target::{About, Area, Lying, Problem};

/// More places than this are looked for in one listing.
const FEW: usize = 4;

/// So many seconds may lie between the last file of a publication and the note that it has ended, by the clocks of a target of
/// several machines.
const SLACK: i64 = 2;

/// What on a target is not as we left it.
#[derive(Default, Debug)]
pub(crate) struct Foreign {
    /// Files that we did not write, where a file of the site is to be.
    pub(crate) in_the_way: Vec<String>,
    /// What no file can take the place of.
    pub(crate) blocked: Vec<Blocked>,
    /// Other files that we did not write: they stay.
    pub(crate) others: Vec<String>,
    /// Files of ours that somebody has changed or removed since.
    pub(crate) spoilt: BTreeSet<String>,
    /// Whether the target takes names that differ only in capitals for one, as far as that matters.
    pub(crate) ignores_capitals: bool,
}

/// Why a file of the site cannot be written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Blocked {
    /// This is a file there, and the site has a folder of that name.
    File(String),
    /// This is a folder there, and the site has a file of that name.
    Folder(String),
    /// The first is to be written, the second lies there or is to be written too, and the target takes both for one.
    Capitals(String, String),
}

impl Publisher<'_> {
    /// Looks for it.
    pub(crate) fn others(&self, seen: &Seen, plan: &Plan) -> Result<Foreign, Problem> {
        let mut found = Foreign::default();
        let known = seen.state.files.len();
        let tops = tops(self.target.has_folders(), seen, plan);
        // Where a look costs a request, it is not made for changes by hand alone.
        let is_cheap = self.target.lists_at_once(known) && (self.target.has_folders() || !tops.is_empty());
        let is_whole = seen.is_new() || tops.len() > FEW || is_cheap;
        let there = if is_whole { self.target.list(Area::Site, "")? } else { self.places(seen, plan, &tops)? };
        let new: BTreeSet<&str> = new(seen, plan).collect();
        for one in &there {
            let path = one.path.as_str();
            match () {
                () if new.contains(path) => found.in_the_way.push(one.path.clone()),
                () if !is_whole || plan.files.contains_key(path) || seen.is_ours(path) => {}
                () => found.others.push(one.path.clone()),
            }
        }
        found.spoilt = spoilt(seen, &there, is_whole, !self.target.keeps_headers());
        if self.target.has_folders() {
            found.blocked = blocked(plan, &there);
            let may_matter = !is_whole && !tops.is_empty() || !capitals(seen, plan, &there, true).is_empty();
            found.ignores_capitals = may_matter && self.ignores_capitals(seen)?;
            if found.ignores_capitals {
                found.blocked.extend(capitals(seen, plan, &there, false));
                found.blocked.extend(if is_whole { Vec::new() } else { self.hidden_by_capitals(plan, &new)? });
            }
        }
        found.blocked.sort();
        found.blocked.dedup();
        Ok(found)
    }

    /// What lies at a few places: those of new files, and of those that are replaced.
    fn places(&self, seen: &Seen, plan: &Plan, tops: &BTreeSet<&str>) -> Result<Vec<Lying>, Problem> {
        let mut there: BTreeMap<String, Lying> = BTreeMap::new();
        let replaced = plan.puts.iter().filter(|put| matches!(put.record.class, Class::Page | Class::Other));
        let replaced: Vec<&str> =
            replaced.map(|put| put.path.as_str()).filter(|path| seen.state.files.contains_key(*path)).collect();
        let replaced = if replaced.len() > FEW || !self.target.has_folders() { Vec::new() } else { replaced };
        for path in tops.iter().copied().chain(replaced) {
            let listed = self.target.list(Area::Site, path)?;
            there.extend(listed.into_iter().map(|one| (one.path.clone(), one)));
        }
        Ok(there.into_values().collect())
    }

    /// Whether a file of the target is found under its name in other capitals.
    fn ignores_capitals(&self, seen: &Seen) -> Result<bool, Problem> {
        let in_capitals = |file: &str| format!("{NOW}{}", file.trim_start_matches(NOW).to_uppercase());
        if let Some(file) = &seen.file {
            return Ok(self.target.get(Area::State, &in_capitals(file))?.is_some());
        }
        let probe = format!("{NOW}clock-{}", (self.word)());
        self.target.put(Area::State, &probe, b"", &About::default())?;
        let found = self.target.get(Area::State, &in_capitals(&probe))?.is_some();
        self.target.remove(Area::State, &[&probe])?;
        Ok(found)
    }

    /// New files whose names are taken, though no listing has them.
    fn hidden_by_capitals(&self, plan: &Plan, new: &BTreeSet<&str>) -> Result<Vec<Blocked>, Problem> {
        let mut blocked = Vec::new();
        let goes: BTreeSet<String> =
            plan.gone.iter().chain(&plan.secrets).map(|(_, path)| path.to_lowercase()).collect();
        for path in new.iter().filter(|path| !goes.contains(&path.to_lowercase())) {
            if self.target.get(Area::Site, path)?.is_some() {
                blocked.push(Blocked::Capitals((*path).to_owned(), path.to_lowercase()));
            }
        }
        Ok(blocked)
    }
}

/// The paths of new files whose names do not change with their bytes.
fn new<'a>(seen: &'a Seen, plan: &'a Plan) -> impl Iterator<Item = &'a str> {
    let is_new = |put: &&plan::Put| put.record.class != Class::Hashed && !seen.is_ours(&put.path);
    plan.puts.iter().filter(is_new).map(|put| put.path.as_str())
}

/// Where to look for what is in the way of new files: their topmost folders that are new, else they themselves.
fn tops<'a>(has_folders: bool, seen: &'a Seen, plan: &'a Plan) -> BTreeSet<&'a str> {
    if !has_folders {
        return new(seen, plan).collect();
    }
    let known: BTreeSet<&str> = seen.state.files.keys().flat_map(|path| plan::folders(path)).collect();
    let top = |path: &'a str| plan::folders(path).find(|folder| !known.contains(folder));
    let of_hashed = plan.puts.iter().filter(|put| !seen.is_ours(&put.path)).filter_map(|put| top(&put.path));
    new(seen, plan).map(|path| top(path).unwrap_or(path)).chain(of_hashed).collect()
}

/// Files of ours that are not as they were left: written later than the note on the last publication, of another size, or gone.
fn spoilt(seen: &Seen, there: &[Lying], is_whole: bool, has_sizes: bool) -> BTreeSet<String> {
    let is_uncertain = |path: &str| seen.unfinished.iter().any(|(_, one)| one.has(path));
    let certain = || seen.state.files.iter().filter(|(path, _)| !is_uncertain(path));
    let lying: BTreeMap<&str, &Lying> = there.iter().map(|one| (one.path.as_str(), one)).collect();
    let is_other = |(path, record): &(&String, &crate::deploy::Record)| match lying.get(path.as_str()) {
        Some(one) => one.written > seen.settled.saturating_add(SLACK) || has_sizes && one.size != record.size,
        None => is_whole,
    };
    certain().filter(is_other).map(|(path, _)| path.clone()).collect()
}

/// Files where the site has folders, and the reverse.
fn blocked(plan: &Plan, there: &[Lying]) -> Vec<Blocked> {
    let goes: BTreeSet<&str> = plan.in_the_way.iter().chain(&plan.secrets).map(|(_, path)| path.as_str()).collect();
    let there = || there.iter().map(|one| one.path.as_str()).filter(|path| !goes.contains(path));
    let files: BTreeSet<&str> = there().collect();
    let folders: BTreeSet<&str> = there().flat_map(plan::folders).collect();
    let of_put = |put: &plan::Put| {
        let file = plan::folders(&put.path).find(|folder| files.contains(folder));
        let folder = folders.contains(put.path.as_str()).then(|| Blocked::Folder(put.path.clone()));
        file.map(|file| Blocked::File(file.to_owned())).or(folder)
    };
    plan.puts.iter().filter_map(of_put).collect()
}

/// Files to be written whose names differ from others, there or to be written too, only in capitals; `with_gone` also from those
/// that go.
fn capitals(seen: &Seen, plan: &Plan, there: &[Lying], with_gone: bool) -> Vec<Blocked> {
    let gone = plan.in_the_way.iter().chain(&plan.secrets).chain(&plan.gone).map(|(_, path)| path.as_str());
    let goes: BTreeSet<&str> = gone.filter(|_| !with_gone).collect();
    let stays = there.iter().map(|one| one.path.as_str()).filter(|path| !goes.contains(path));
    let ours = plan.files.keys().chain(seen.state.kept.iter().map(|kept| &kept.path)).map(String::as_str);
    let mut names: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for path in stays.chain(ours) {
        names.entry(path.to_lowercase()).or_default().insert(path);
    }
    let puts: BTreeSet<&str> = plan.puts.iter().map(|put| put.path.as_str()).collect();
    let several = names.into_values().filter(|names| names.len() > 1);
    let pairs = several.filter_map(|names| {
        let put = *names.iter().find(|name| puts.contains(*name))?;
        let other = *names.iter().find(|name| **name != put)?;
        Some(Blocked::Capitals(put.to_owned(), other.to_owned()))
    });
    pairs.collect()
}
