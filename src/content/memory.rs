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
    files: Index<SitePath, Kept>,
    /// A fault put in on purpose: a test that does not notice it is worth nothing.
    #[cfg(test)]
    pub(crate) forgets_to_compare: bool,
}

/// A file as it was read.
struct Kept {
    content: Content,
    role: Role,
    read: Arc<FileRead>,
}

impl Memory {
    /// Reads every file of `content/`, in the order of their paths.
    pub(super) fn read(&mut self, tree: &Tree, config: &Arc<Config>) -> Vec<Arc<FileRead>> {
        let same_settings = self.config.as_ref().is_some_and(|known| Arc::ptr_eq(known, config));
        let before = if same_settings { std::mem::take(&mut self.files) } else { Index::default() };
        self.config = Some(config.clone());
        let files: Vec<&SourceFile> = tree.below("content").collect();
        let bundles: BTreeSet<SitePath> = files
            .iter()
            .filter(|file| matches!(file.path.stem().split('.').next(), Some("index")) && is_markdown(file))
            .map(|file| file.path.folder())
            .collect();
        let read: Vec<(SitePath, Kept)> = files
            .par_iter()
            .map(|file| {
                let role = role(file, config, &bundles);
                let known = before.get(&file.path).filter(|kept| kept.role == role && self.is_same(kept, file));
                let read = match known {
                    Some(kept) => kept.read.clone(),
                    None => Arc::new(read_file(file, role.clone(), config)),
                };
                (file.path.clone(), Kept { content: file.content.clone(), role, read })
            })
            .collect();
        self.files = read.into_iter().collect();
        self.files.values().map(|kept| kept.read.clone()).collect()
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
