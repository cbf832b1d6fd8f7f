//! The kinds of targets.

mod folder;

pub(crate) use folder::Folder;
