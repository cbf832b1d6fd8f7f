//! The files of `content/` → their entries; those of unchanged files are kept from the last look.
//!
//! What is read from a file depends on its text, on which entry its place makes it, and on the settings. It is kept as long
//! as all three are the same, so that an edit costs reading one file.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::role::{Names, Role, is_markdown, role};
use super::{FileRead, named, read_file};
use crate::config::Config;
use crate::index::Index;
use crate::path::SitePath;
use crate::source::{Content, SourceFile, Tree};

/// What was read from each file at the last look.
#[derive(Default)]
pub(crate) struct Memory {
    config: Option<Arc<Config>>,
    /// In the order of paths.
    files: Vec<ReadFile>,
    /// A fault put in on purpose: a test that does not notice it is worthless.
    #[cfg(test)]
    pub(crate) forgets_to_compare: bool,
}

/// A file as it was read.
struct ReadFile {
    path: SitePath,
    content: Content,
    role: Role,
    /// Whether the file of which its name says that it is a copy is there too.
    has_original: bool,
    read: FileRead,
}

impl Memory {
    /// Reads every file of `content/`. [`all`](Self::all) returns the results.
    pub(super) fn read(&mut self, tree: &Tree, config: &Arc<Config>) {
        let same_settings = self.config.as_ref().is_some_and(|known| Arc::ptr_eq(known, config));
        let mut before = if same_settings { std::mem::take(&mut self.files) } else { Vec::new() };
        self.config = Some(config.clone());
        let files: Vec<&SourceFile> = tree.below("content").collect();
        let same_names =
            before.len() == files.len() && before.iter().zip(&files).all(|(kept, file)| kept.path == file.path);
        self.files = if same_names {
            // A file's role depends on names alone.
            before.par_iter_mut().zip(&files).filter(|(kept, file)| !self.is_same(kept, file)).for_each(
                |(kept, file)| {
                    kept.content = file.content.clone();
                    kept.read = read_file(file, kept.role.clone(), kept.has_original, config);
                },
            );
            before
        } else {
            self.sort_in(before, &files, config)
        };
    }

    /// The files, if some names have changed or all files are new.
    fn sort_in(&self, before: Vec<ReadFile>, files: &[&SourceFile], config: &Config) -> Vec<ReadFile> {
        let before: Index<SitePath, ReadFile> = before.into_iter().map(|kept| (kept.path.clone(), kept)).collect();
        let bundles: BTreeSet<SitePath> = files
            .iter()
            .filter(|file| matches!(file.path.stem().split('.').next(), Some("index")) && is_markdown(file))
            .map(|file| file.path.folder())
            .collect();
        let names = Names { bundles, texts: files.iter().map(|file| &file.path).collect() };
        let kept = |file: &&SourceFile| {
            let role = role(file, config, &names);
            let has_original = named::original_of(&file.path).is_some_and(|one| names.texts.contains(&one));
            let is_placed = |kept: &ReadFile| kept.role == role && kept.has_original == has_original;
            let known = before.get(&file.path).filter(|kept| is_placed(kept) && self.is_same(kept, file));
            let read = match known {
                Some(kept) => kept.read.clone(),
                None => read_file(file, role.clone(), has_original, config),
            };
            ReadFile { path: file.path.clone(), content: file.content.clone(), role, has_original, read }
        };
        files.par_iter().map(kept).collect()
    }

    /// The files that are neither texts nor rows, in the order of their paths.
    pub(super) fn others(&self) -> impl Iterator<Item = &SitePath> + Clone {
        self.files.iter().filter(|kept| kept.role == Role::File).map(|kept| &kept.path)
    }

    /// Every file, in the order of their paths.
    pub(super) fn paths(&self) -> impl Iterator<Item = &SitePath> {
        self.files.iter().map(|kept| &kept.path)
    }

    /// What was read from each file, in the order of their paths.
    pub(super) fn all(&self) -> impl Iterator<Item = &FileRead> + Clone {
        self.files.iter().map(|kept| &kept.read)
    }

    #[cfg_attr(not(test), allow(clippy::unused_self))]
    fn is_same(&self, kept: &ReadFile, file: &SourceFile) -> bool {
        #[cfg(test)]
        if self.forgets_to_compare {
            return true;
        }
        kept.content.is_same(&file.content)
    }
}
