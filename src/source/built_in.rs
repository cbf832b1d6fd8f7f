//! The themes built into the program → files of the tree, so that a site needs no `themes/` folder.

use super::{Content, SourceFile, Tree, is_text};
use crate::path::SitePath;

/// The themes, a folder each.
static BUILT_IN: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/themes");

/// Adds each built-in theme that the site has no folder for.
pub(super) fn add(files: &mut Vec<SourceFile>, before: Option<&Tree>) {
    for theme in BUILT_IN.dirs() {
        let prefix = format!("themes/{}/", theme.path().display());
        if !files.iter().any(|file| file.path.as_str().starts_with(&prefix)) {
            add_folder(theme, files, before);
        }
    }
}

/// Their names.
pub(crate) fn names() -> Vec<String> {
    BUILT_IN.dirs().map(|theme| theme.path().display().to_string()).collect()
}

fn add_folder(folder: &'static include_dir::Dir<'static>, files: &mut Vec<SourceFile>, before: Option<&Tree>) {
    for file in folder.files() {
        let shown = file.path().to_string_lossy().replace('\\', "/");
        let Some(path) = SitePath::new(&format!("themes/{shown}")) else { continue };
        if let Some(known) = before.and_then(|tree| tree.get(&path)).filter(|known| known.stamp.is_none()) {
            files.push(known.clone());
            continue;
        }
        let content = match file.contents_utf8() {
            Some(text) if is_text(&path) => Content::Text(text.into()),
            _ => Content::Opaque(file.contents().len() as u64, Some(file.contents())),
        };
        files.push(SourceFile::new(path, content, None));
    }
    for inner in folder.dirs() {
        add_folder(inner, files, before);
    }
}
