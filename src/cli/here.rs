//! The folder that the program was started in, by its name.
//!
//! A system holds on to the folder itself, wherever it goes: who replaces a site's folder, or switches the link to it,
//! would leave a program that watches it with one that is gone. What is named is what people mean.

use std::path::{Path, PathBuf};

use crate::source::{NoSite, node_at};

/// The name of the folder that the program was started in.
#[derive(Debug)]
pub(super) struct Here(Option<PathBuf>);

impl Here {
    /// The folder that this program is in, as the shell names it if it does: that name may lead through links.
    pub(super) fn new() -> Self {
        let shell = std::env::var_os("PWD").map(PathBuf::from).filter(|path| path.is_absolute());
        let shell = shell.filter(|path| node_at(path).is_some_and(|node| Some(node) == node_at(Path::new("."))));
        Self(shell.or_else(|| std::env::current_dir().ok()))
    }

    /// The folder or file that is named `name` from here.
    pub(super) fn join(&self, name: &Path) -> PathBuf {
        self.0.as_ref().map_or_else(|| name.to_owned(), |here| here.join(name))
    }

    /// Goes to what has that name now, so that names that begin there are found; refused if nothing has it.
    pub(super) fn enter(&self) -> Result<(), NoSite> {
        let Some(folder) = &self.0 else { return Ok(()) };
        std::env::set_current_dir(folder).map_err(|error| NoSite::Unreadable(folder.clone(), error))
    }
}
