//! Files that lie beside pages of which readers saw none → whom they belong to: such a file is published with its page, not before.

use std::collections::BTreeMap;

use crate::import::site::survey::{State, Survey};

/// Gives each file to the hidden page beside or above it, if no public page is as near; `root` is the folder of all pages, whose files
/// belong to nobody.
pub(super) fn belong(survey: &mut Survey, root: &str) {
    let root = root.trim_end_matches('/');
    // For each folder with pages the first hidden one, and whether all are.
    let mut pages: BTreeMap<&str, (Option<&str>, bool)> = BTreeMap::new();
    for entry in &survey.entries {
        let folder = pages.entry(above(&entry.place.file)).or_insert((None, true));
        match entry.state {
            State::Public => folder.1 = false,
            _ => folder.0 = folder.0.or(Some(entry.id.as_str())),
        }
    }
    for file in &mut survey.files {
        let Some(lies_at) = file.lies_at.as_deref() else { continue };
        let mut folder = above(lies_at);
        while folder.len() > root.len() && (root.is_empty() || folder.starts_with(root)) {
            if let Some((first, is_hidden)) = pages.get(folder) {
                if let Some(page) = first.filter(|_| *is_hidden) {
                    file.of = Some(page.to_owned());
                }
                break;
            }
            folder = above(folder);
        }
    }
}

/// The folder that a path is in.
fn above(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
