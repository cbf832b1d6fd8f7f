//! The files of `content/` → their entries, those of unchanged files as they were read before.
//!
//! What is read of a file depends on its text, on the entry that its place makes it, and on the settings. It is kept as
//! long as all three are the same, so that an edit costs the reading of one file.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::role::{Role, is_markdown, role};
use super::{FileRead, read_file};
use crate::config::Config;
use crate::index::Index;
use crate::path::SitePath;
use crate::source::{Content, SourceFile, Tree};

/// What was read of each file at the last look.
#[derive(Default)]
pub(crate) struct Memory {
    config: Option<Arc<Config>>,
    /// In the order of paths.
    files: Vec<Kept>,
    /// A fault put in on purpose: a test that does not notice it is worth nothing.
    #[cfg(test)]
    pub(crate) forgets_to_compare: bool,
}

/// A file as it was read.
struct Kept {
    path: SitePath,
    content: Content,
    role: Role,
    read: FileRead,
}

impl Memory {
    /// Reads every file of `content/`. [`all`](Self::all) gives what was read.
    pub(super) fn read(&mut self, tree: &Tree, config: &Arc<Config>) {
        let same_settings = self.config.as_ref().is_some_and(|known| Arc::ptr_eq(known, config));
        let mut before = if same_settings { std::mem::take(&mut self.files) } else { Vec::new() };
        self.config = Some(config.clone());
        let files: Vec<&SourceFile> = tree.below("content").collect();
        let same_names =
            before.len() == files.len() && before.iter().zip(&files).all(|(kept, file)| kept.path == file.path);
        self.files = if same_names {
            // The role of a file hangs on names alone.
            before.par_iter_mut().zip(&files).filter(|(kept, file)| !self.is_same(kept, file)).for_each(
                |(kept, file)| {
                    kept.content = file.content.clone();
                    kept.read = read_file(file, kept.role.clone(), config);
                },
            );
            before
        } else {
            self.sort_in(before, &files, config)
        };
    }

    /// The files where some are not called as before, or all are new.
    fn sort_in(&self, before: Vec<Kept>, files: &[&SourceFile], config: &Config) -> Vec<Kept> {
        let before: Index<SitePath, Kept> = before.into_iter().map(|kept| (kept.path.clone(), kept)).collect();
        let bundles: BTreeSet<SitePath> = files
            .iter()
            .filter(|file| matches!(file.path.stem().split('.').next(), Some("index")) && is_markdown(file))
            .map(|file| file.path.folder())
            .collect();
        let kept = |file: &&SourceFile| {
            let role = role(file, config, &bundles);
            let known = before.get(&file.path).filter(|kept| kept.role == role && self.is_same(kept, file));
            let read = match known {
                Some(kept) => kept.read.clone(),
                None => read_file(file, role.clone(), config),
            };
            Kept { path: file.path.clone(), content: file.content.clone(), role, read }
        };
        files.par_iter().map(kept).collect()
    }

    /// What was read of each file, in the order of their paths.
    pub(super) fn all(&self) -> impl Iterator<Item = &FileRead> + Clone {
        self.files.iter().map(|kept| &kept.read)
    }

    #[cfg_attr(not(test), allow(clippy::unused_self))]
    fn is_same(&self, kept: &Kept, file: &SourceFile) -> bool {
        #[cfg(test)]
        if self.forgets_to_compare {
            return true;
        }
        kept.content.is_same(&file.content)
    }
}
