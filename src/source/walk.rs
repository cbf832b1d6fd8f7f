//! One of the site's folders → the files in it, by path. Only folders are read here.
//!
//! Links that leave the site are reported and not followed. So are pipes and the like: reading one would wait for ever.

use std::borrow::Cow;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use walkdir::WalkDir;

use super::reason;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::path::SitePath;

/// Whether an editor or office program leaves files of this name behind: they are never meant to be published.
fn is_litter(name: &str) -> bool {
    name.starts_with("~$")
        || name.starts_with(".#")
        || name.ends_with('~')
        || name.ends_with(".swp")
        || matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini" | ".gitkeep" | ".gitignore")
}

/// Whether a file or folder of this name in a place is skipped, with all its contents.
pub(crate) fn is_passed_over(place: &str, name: &str) -> bool {
    is_litter(name) || name.starts_with('.') && place != "static"
}

/// Passes the files of one place to `found`, and returns whether a link leads to some of them. Links that leave the site
/// are reported and not followed.
pub(super) fn walk(root: &Path, place: &str, found: &mut dyn FnMut(PathBuf), faults: &mut Vec<Diagnostic>) -> bool {
    let start = root.join(place);
    if !start.exists() {
        return false;
    }
    let mut leaving = Vec::new();
    let mut has_links = false;
    let walk = WalkDir::new(&start).follow_links(true).into_iter().filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        if entry.depth() > 0 && is_passed_over(place, &name) {
            return false;
        }
        has_links |= entry.path_is_symlink();
        let leaves =
            entry.path_is_symlink() && !entry.path().canonicalize().is_ok_and(|target| target.starts_with(root));
        if leaves {
            leaving.push(entry.path().to_owned());
        }
        !leaves
    });
    let mut errors = Vec::new();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            // Reading a pipe would wait for ever.
            Ok(entry) if !entry.file_type().is_file() => {
                errors.push((entry.path().to_owned(), "it is not an ordinary file".to_owned()));
            }
            Ok(entry) => found(entry.into_path()),
            Err(error) => {
                let reason = if error.loop_ancestor().is_some() {
                    "it is a link to a folder that contains it".to_owned()
                } else {
                    error.io_error().map_or_else(|| "unknown reason".to_owned(), reason)
                };
                errors.push((error.path().unwrap_or(&start).to_owned(), reason));
            }
        }
    }
    for path in leaving {
        faults.push(
            about(root, &path, Code::LinkLeavesSite, "is a link to a file outside the site or to nothing")
                .help("put a copy of the file into the site's folder"),
        );
    }
    for (path, reason) in errors {
        faults.push(
            about(root, &path, Code::UnreadableFile, &format!("cannot be read: {reason}"))
                .help("delete it or move it out of the site, or see to it that you may open it"),
        );
    }
    has_links
}

fn about(root: &Path, path: &Path, code: Code, what: &str) -> Diagnostic {
    let shown = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let fault = Diagnostic::new(code, format!("`{shown}` {what}"));
    match SitePath::new(&shown) {
        Some(file) => fault.span(Span::file(&file)),
        None => fault,
    }
}

/// Where a file is below the root, with `/` between parts; a fault if its name is not text.
pub(super) fn below<'p>(root: &Path, path: &'p Path) -> Result<Cow<'p, str>, Diagnostic> {
    // Walking only appends to the root's name.
    let bytes = path.as_os_str().as_encoded_bytes().strip_prefix(root.as_os_str().as_encoded_bytes());
    let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
    let text = text.map(|text| text.trim_start_matches(MAIN_SEPARATOR)).filter(|text| !text.is_empty());
    let slashed = |text: &'p str| match MAIN_SEPARATOR {
        '/' => Cow::Borrowed(text),
        separator => Cow::Owned(text.replace(separator, "/")),
    };
    text.map(slashed).ok_or_else(|| {
        about(root, path, Code::UnreadableFile, "cannot be read: its name is not readable text")
            .help("give it another name")
    })
}
