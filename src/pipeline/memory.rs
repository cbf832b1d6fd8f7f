//! A folder → what is in it, read; all that has not changed since the last look is kept from it.
//!
//! The result is the same as without a memory, by construction: a thing is kept only while everything that it was made
//! from is equal.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use super::{Read, Sources};
use crate::config::{Config, Overrides};
use crate::content;
use crate::diagnostic::{Diagnostic, Found};
use crate::path::SitePath;
use crate::source::{Content, NoSite, Tree};

/// What one look at the folder keeps for the next.
#[derive(Default)]
pub(crate) struct Memory {
    tree: Option<Arc<Tree>>,
    settings: Option<Settings>,
    content: content::Memory,
}

/// The settings as they were read, and the files that they were read from.
struct Settings {
    files: Vec<(SitePath, Content)>,
    base_url: Option<String>,
    read: Found<Option<Arc<Config>>>,
}

/// Reads the site in `root` at the moment `clock`.
pub(crate) fn read(
    root: &Path,
    overrides: &Overrides,
    clock: SystemTime,
    memory: &mut Memory,
) -> Result<Found<Read>, NoSite> {
    let mut faults = Vec::new();
    let tree = Arc::new(Tree::read(root, clock, memory.tree.as_deref())?.into_value(&mut faults));
    memory.tree = Some(tree.clone());
    Ok(Found::new(memory.understand(tree, overrides, &mut faults), faults))
}

impl Memory {
    /// What the files of `tree` mean.
    pub(crate) fn understand(&mut self, tree: Arc<Tree>, overrides: &Overrides, faults: &mut Vec<Diagnostic>) -> Read {
        let config = self.settings(&tree, overrides).into_value(faults);
        let sources = config.map(|config| {
            let entries = content::read(&tree, &config, &mut self.content).into_value(faults);
            Sources { tree: tree.clone(), config, entries }
        });
        Read { tree, sources }
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
