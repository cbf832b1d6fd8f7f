//! Where the files of a site lie below the folder of uploads, and those that only texts name.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::site::survey::{Entry, File, State};
use crate::path::composed;

/// Notes where each file lies, adds those that lie there and only texts name, and gives each use the address of the whole picture.
pub(super) fn find(files: &mut Vec<File>, entries: &mut [Entry], lying: Option<&[String]>) {
    let lying = Lying::new(lying.unwrap_or_default());
    for file in files.iter_mut() {
        file.lies_at = lying.at(&file.address);
    }
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for (nth, file) in files.iter().enumerate() {
        known.insert(file.address.clone(), nth);
        file.addresses.iter().for_each(|address| {
            known.entry(address.clone()).or_insert(nth);
        });
    }
    for entry in entries.iter_mut() {
        let mut seen = BTreeSet::new();
        for used in std::mem::take(&mut entry.uses) {
            let whole = whole_names(&used).find_map(|name| known.get(&name).copied());
            let at = match whole {
                Some(at) => at,
                None => {
                    // A file that the export does not list: it may lie there, under this name or that of the whole picture.
                    let found = whole_names(&used).find_map(|name| Some((lying.at(&name)?, name)));
                    let (lies_at, address) = found.map_or((None, used.clone()), |(place, name)| (Some(place), name));
                    known.insert(address.clone(), files.len());
                    files.push(File { address, lies_at, state: State::Public, ..File::default() });
                    files.len() - 1
                }
            };
            // A smaller size leads to the whole picture.
            if files[at].address != used && !files[at].addresses.contains(&used) {
                files[at].addresses.push(used.clone());
                known.entry(used.clone()).or_insert(at);
            }
            if seen.insert(at) {
                entry.uses.push(files[at].address.clone());
            }
        }
        for named in &mut entry.unseen {
            let at = whole_names(named).find_map(|name| known.get(&name).copied());
            if let Some(at) = at {
                named.clone_from(&files[at].address);
            }
        }
    }
}

/// The names under which a file may be listed: its own, and that of the picture of which it is a smaller size.
pub(super) fn whole_names(address: &str) -> impl Iterator<Item = String> {
    let mut names = vec![address.to_owned()];
    if let Some((stem, ending)) = address.rsplit_once('.') {
        let without_size = stem
            .rsplit_once('-')
            .filter(|(_, size)| size.split_once('x').is_some_and(|(wide, high)| is_number(wide) && is_number(high)));
        let stems: Vec<&str> = without_size.map(|(stem, _)| stem).into_iter().chain([stem]).collect();
        for stem in stems {
            names.push(format!("{stem}.{ending}"));
            names.push(format!("{stem}-scaled.{ending}"));
            names.push(format!("{}.{ending}", stem.trim_end_matches("-scaled")));
            if let Some((stem, _)) = stem.rsplit_once("-e").filter(|(_, edit)| edit.len() > 9 && is_number(edit)) {
                names.push(format!("{stem}.{ending}"));
            }
            if let Some(stem) = stem.strip_suffix("-rotated") {
                names.push(format!("{stem}.{ending}"));
            }
        }
    }
    names.dedup();
    names.into_iter()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The files below the folder.
struct Lying<'a> {
    paths: BTreeMap<String, &'a str>,
}

impl<'a> Lying<'a> {
    fn new(paths: &'a [String]) -> Self {
        let mut all = BTreeMap::new();
        for path in paths {
            let composed = composed(path).into_owned();
            // The folder may be `uploads`, `wp-content`, or that of the whole site.
            let below = composed.rsplit_once("uploads/").map_or(composed.as_str(), |(_, below)| below).to_owned();
            all.entry(below).or_insert(path.as_str());
        }
        Self { paths: all }
    }

    fn at(&self, address: &str) -> Option<String> {
        let below = address.split_once("uploads/").map_or(address.trim_start_matches('/'), |(_, below)| below);
        self.paths.get(&*composed(below)).map(|path| (*path).to_owned())
    }
}
