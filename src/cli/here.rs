//! The folder that the program was started in, by its name.
//!
//! The system's current directory is the folder itself, wherever it is moved to: if you replaced a site's folder, or
//! switched the link to it, a program watching it would be left with the old one. People mean the name.

use std::path::{Path, PathBuf};

use crate::source::{NoSite, node_at};

/// The name of the folder that the program was started in.
#[derive(Debug)]
pub(super) struct Here(Option<PathBuf>);

impl Here {
    /// The current folder, under the shell's name for it if there is one: that name may lead through links.
    pub(super) fn new() -> Self {
        let shell = std::env::var_os("PWD").map(PathBuf::from).filter(|path| path.is_absolute());
        let shell = shell.filter(|path| node_at(path).is_some_and(|node| Some(node) == node_at(Path::new("."))));
        Self(shell.or_else(|| std::env::current_dir().ok()))
    }

    /// The path of `name`, seen from here.
    pub(super) fn join(&self, name: &Path) -> PathBuf {
        self.0.as_ref().map_or_else(|| name.to_owned(), |here| here.join(name))
    }

    /// Changes to the folder that has that name now, so that relative names are found in it; fails if nothing has the name.
    pub(super) fn enter(&self) -> Result<(), NoSite> {
        let Some(folder) = &self.0 else { return Ok(()) };
        std::env::set_current_dir(folder).map_err(|error| NoSite::Unreadable(folder.clone(), error))
    }
}
