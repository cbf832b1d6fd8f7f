//! A folder → its contents, read; everything unchanged since the last look is taken from memory.
//!
//! By construction, the result is the same as without a memory: a value is kept only while everything that it was made
//! from is equal.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Last, Read, Sources};
use crate::config::{Config, Overrides};
use crate::content;
use crate::diagnostic::{Diagnostic, Found};
use crate::images::ImageMemory;
use crate::path::SitePath;
use crate::source::{Content, NoSite, Tree};

/// What one look at the folder keeps for the next.
#[derive(Default)]
pub(crate) struct Memory {
    tree: Option<Arc<Tree>>,
    settings: Option<Settings>,
    content: content::Memory,
    images: Arc<ImageMemory>,
    last: Arc<Last>,
    #[cfg(test)]
    sabotage: Option<Sabotage>,
}

/// Faults that tests put in on purpose: a property that does not notice them is worthless.
#[cfg(test)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sabotage {
    /// Deleted files stay.
    IgnoreDeletions,
    /// A file's text is not compared with the text that was read before.
    ForgetToCompare,
    /// The templates of the first look stay.
    KeepTemplates,
}

/// The settings as read, and the files that they were read from.
struct Settings {
    files: Vec<(SitePath, Content)>,
    base_url: Option<String>,
    read: Found<Option<Arc<Config>>>,
}

/// Reads the site in `root` at the moment `clock`.
pub(crate) fn read(
    root: &Path,
    overrides: &Overrides,
    clock: Timestamp,
    memory: &mut Memory,
) -> Result<Found<Read>, NoSite> {
    let mut faults = Vec::new();
    let tree = Tree::read(root, clock, memory.tree.as_deref())?.into_value(&mut faults);
    #[cfg(test)]
    let tree = memory.spoil(tree);
    let tree = Arc::new(tree);
    memory.tree = Some(tree.clone());
    Ok(Found::new(memory.understand(tree, overrides, &mut faults), faults))
}

impl Memory {
    /// A memory that shares what is known about `images`.
    pub(crate) fn knowing(images: Arc<ImageMemory>) -> Self {
        Self { images, ..Self::default() }
    }

    /// Interprets the files of `tree`.
    pub(crate) fn understand(&mut self, tree: Arc<Tree>, overrides: &Overrides, faults: &mut Vec<Diagnostic>) -> Read {
        let config = self.settings(&tree, overrides).into_value(faults);
        let sources = config.map(|config| {
            let entries = content::read(&tree, &config, &mut self.content).into_value(faults).into();
            Sources { tree: tree.clone(), config, entries, images: self.images.clone(), last: self.last.clone() }
        });
        Read { tree, sources }
    }

    #[cfg(test)]
    pub(crate) fn sabotaged(sabotage: Sabotage) -> Self {
        let mut memory = Self { sabotage: Some(sabotage), ..Self::default() };
        memory.content.forgets_to_compare = sabotage == Sabotage::ForgetToCompare;
        memory
    }

    #[cfg(test)]
    fn spoil(&self, tree: Tree) -> Tree {
        use super::preview::{design, is_design};
        match (&self.tree, self.sabotage) {
            (Some(before), Some(Sabotage::IgnoreDeletions)) => {
                let gone = before.below("content").filter(|file| tree.get(&file.path).is_none()).cloned();
                tree.replacing(|_| false, gone.collect::<Vec<_>>())
            }
            (Some(before), Some(Sabotage::KeepTemplates)) => tree.replacing(is_design, design(before)),
            _ => tree,
        }
    }

    fn settings(&mut self, tree: &Tree, overrides: &Overrides) -> Found<Option<Arc<Config>>> {
        let files: Vec<_> = Config::files(tree).map(|file| (file.path.clone(), file.content.clone())).collect();
        if let Some(known) = &self.settings
            && known.base_url == overrides.base_url
            && known.files.len() == files.len()
            && known.files.iter().zip(&files).all(|((path, a), (other, b))| path == other && a.is_same(b))
        {
            return known.read.clone();
        }
        let read = Config::read(tree, overrides);
        self.settings = Some(Settings { files, base_url: overrides.base_url.clone(), read: read.clone() });
        read
    }
}
