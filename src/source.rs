//! The site's folder → its files as they were at one moment. The only reader of the site's disk.
//!
//! * Every file has a [`SitePath`]; text that the site is made from is held, all else is only known by place and size.
//! * The themes that are built into the program stand in the tree like files of the site, unless the site has a folder
//!   of that name itself.
//! * Files come in the order of their paths, whatever the disk says.
//!
//! Not here: what a file means. That a file is not UTF-8 is kept as a fact; who reads it says so.
#![allow(clippy::disallowed_methods)] // This is the room that may read the disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::path::SitePath;

/// The folders and files of a site that Pamphlet reads.
const PLACES: &[&str] = &[
    "addresses.txt",
    "assets",
    "content",
    "known-faults.toml",
    "site.toml",
    "static",
    "strings",
    "templates",
    "themes",
];

/// Endings of the files that a site is made from: they are read whole.
const TEXT: &[&str] =
    &["md", "markdown", "toml", "yaml", "yml", "json", "csv", "html", "xml", "css", "js", "svg", "txt"];

/// The default theme, so that a site needs no `themes/` folder.
static BUILT_IN: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/themes");

/// A site's files at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    files: IndexMap<SitePath, SourceFile>,
}

/// One file of the site.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: SitePath,
    pub(crate) content: Content,
}

/// What is known of a file's content.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// UTF-8 text as it lies on the disk, byte order mark and all.
    Text(Arc<str>),
    /// A file that ought to be text but is not UTF-8.
    NotText(Arc<[u8]>),
    /// A file that is not read: an image, a PDF. Its size in bytes, and its bytes if it is built in.
    Opaque(u64, Option<&'static [u8]>),
}

impl SourceFile {
    /// The text, if it is text.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The size in bytes.
    pub(crate) fn size(&self) -> u64 {
        match &self.content {
            Content::Text(text) => text.len() as u64,
            Content::NotText(bytes) => bytes.len() as u64,
            Content::Opaque(size, _) => *size,
        }
    }
}

/// Why a folder cannot be read as a site at all.
#[derive(Debug)]
pub(crate) enum NoSite {
    /// There is no `site.toml` in it.
    NoSettings(PathBuf),
    /// The machine refused: the path and its reason.
    Unreadable(PathBuf, std::io::Error),
}

impl Tree {
    /// Reads the site in the folder `root`, on all cores.
    pub(crate) fn read(root: &Path) -> Result<Found<Self>, NoSite> {
        let root = root.canonicalize().map_err(|error| NoSite::Unreadable(root.to_owned(), error))?;
        if !root.join("site.toml").is_file() {
            return Err(NoSite::NoSettings(root));
        }
        let mut faults = Vec::new();
        let mut found = Vec::new();
        for place in PLACES {
            walk(&root, place, &mut found, &mut faults);
        }
        let read: Vec<Result<SourceFile, Diagnostic>> =
            found.into_par_iter().map(|(path, on_disk)| read_file(path, &on_disk)).collect();
        let mut files = Vec::with_capacity(read.len());
        for file in read {
            match file {
                Ok(file) => files.push(file),
                Err(fault) => faults.push(fault),
            }
        }
        Ok(Found::new(Self::assemble(root, files, &mut faults), faults))
    }

    fn assemble(root: PathBuf, mut files: Vec<SourceFile>, faults: &mut Vec<Diagnostic>) -> Self {
        add_built_in(&BUILT_IN, &mut files);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        report_collisions(&files, faults);
        let files = files.into_iter().map(|file| (file.path.clone(), file)).collect();
        Self { root, files }
    }

    /// The file at `path`.
    pub(crate) fn get(&self, path: &SitePath) -> Option<&SourceFile> {
        self.files.get(path)
    }

    /// The file at the place `path` below the root.
    pub(crate) fn named(&self, path: &str) -> Option<&SourceFile> {
        self.files.get(&SitePath::new(path)?)
    }

    /// The files below `folder`, in the order of their paths.
    pub(crate) fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a SourceFile> {
        let prefix = format!("{folder}/");
        let start = self.files.keys().position(|path| path.as_str() >= prefix.as_str());
        let start = start.unwrap_or(self.files.len());
        self.files[start..].values().take_while(move |file| file.path.as_str().starts_with(&prefix))
    }

    /// Where a file lies on the disk.
    pub(crate) fn on_disk(&self, path: &SitePath) -> PathBuf {
        let mut place = self.root.clone();
        place.extend(path.parts());
        place
    }

    /// The site's root on the disk.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The bytes of any file of the tree.
    pub(crate) fn bytes(&self, file: &SourceFile) -> std::io::Result<Vec<u8>> {
        match &file.content {
            Content::Text(text) => Ok(text.as_bytes().to_vec()),
            Content::NotText(bytes) => Ok(bytes.to_vec()),
            Content::Opaque(_, Some(bytes)) => Ok(bytes.to_vec()),
            Content::Opaque(_, None) => std::fs::read(self.on_disk(&file.path)),
        }
    }
}

impl crate::diagnostic::Sources for Tree {
    fn text(&self, file: &SitePath) -> Option<std::borrow::Cow<'_, str>> {
        match &self.get(file)?.content {
            Content::Text(text) => Some(text.as_ref().into()),
            Content::NotText(bytes) => Some(String::from_utf8_lossy(bytes)),
            Content::Opaque(..) => None,
        }
    }
}

/// Whether offices and editors leave such files about: they are never meant.
fn is_litter(name: &str) -> bool {
    name.starts_with("~$")
        || name.starts_with(".#")
        || name.ends_with('~')
        || name.ends_with(".swp")
        || matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini" | ".gitkeep" | ".gitignore")
}

/// Lists the files of one place; links that leave the site are reported and not followed.
fn walk(root: &Path, place: &str, found: &mut Vec<(SitePath, PathBuf)>, faults: &mut Vec<Diagnostic>) {
    let start = root.join(place);
    if !start.exists() {
        return;
    }
    let mut leaving = Vec::new();
    let walk = WalkDir::new(&start).follow_links(true).into_iter().filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        let hidden = name.starts_with('.') && place != "static" && entry.depth() > 0;
        if is_litter(&name) || hidden {
            return false;
        }
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
                errors.push((entry.path().to_owned(), "it is no ordinary file".to_owned()));
            }
            Ok(entry) => match site_path(root, entry.path()) {
                Some(path) => found.push((path, entry.into_path())),
                None => errors.push((entry.path().to_owned(), "its name is not readable text".to_owned())),
            },
            Err(error) => {
                let reason = if error.loop_ancestor().is_some() {
                    "it is a link to a folder that holds it".to_owned()
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
        faults.push(about(root, &path, Code::UnreadableFile, &format!("cannot be read: {reason}")));
    }
}

fn about(root: &Path, path: &Path, code: Code, what: &str) -> Diagnostic {
    let shown = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let fault = Diagnostic::new(code, format!("`{shown}` {what}"));
    match SitePath::new(&shown) {
        Some(file) => fault.span(Span::file(&file)),
        None => fault,
    }
}

fn site_path(root: &Path, path: &Path) -> Option<SitePath> {
    let mut parts = Vec::new();
    for part in path.strip_prefix(root).ok()?.components() {
        parts.push(part.as_os_str().to_str()?);
    }
    SitePath::new(&parts.join("/"))
}

fn read_file(path: SitePath, on_disk: &Path) -> Result<SourceFile, Diagnostic> {
    let refused = |error: &std::io::Error| {
        Diagnostic::new(Code::UnreadableFile, format!("`{path}` cannot be read: {}", reason(error)))
            .span(Span::file(&path))
            .help("check that you may open the file, and that no other program holds it")
    };
    let is_text = TEXT.contains(&path.ending().as_str()) && path.below("static").is_none();
    let content = if is_text {
        match String::from_utf8(std::fs::read(on_disk).map_err(|error| refused(&error))?) {
            Ok(text) => Content::Text(text.into()),
            Err(error) => Content::NotText(error.into_bytes().into()),
        }
    } else {
        let facts = std::fs::metadata(on_disk).map_err(|error| refused(&error))?;
        Content::Opaque(facts.len(), None)
    };
    Ok(SourceFile { path, content })
}

/// The machine's reason in words.
pub(crate) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it is not there".to_owned(),
        std::io::ErrorKind::PermissionDenied => "you have no permission".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

/// Adds each built-in theme that the site has no folder for.
fn add_built_in(folder: &'static include_dir::Dir<'static>, files: &mut Vec<SourceFile>) {
    for theme in folder.dirs() {
        let prefix = format!("themes/{}/", theme.path().display());
        if !files.iter().any(|file| file.path.as_str().starts_with(&prefix)) {
            add_folder(theme, files);
        }
    }
}

fn add_folder(folder: &'static include_dir::Dir<'static>, files: &mut Vec<SourceFile>) {
    for file in folder.files() {
        let shown = file.path().to_string_lossy().replace('\\', "/");
        let Some(path) = SitePath::new(&format!("themes/{shown}")) else { continue };
        let is_text = TEXT.contains(&path.ending().as_str()) && !shown.contains("/static/");
        let content = match file.contents_utf8() {
            Some(text) if is_text => Content::Text(text.into()),
            _ => Content::Opaque(file.contents().len() as u64, Some(file.contents())),
        };
        files.push(SourceFile { path, content });
    }
    for inner in folder.dirs() {
        add_folder(inner, files);
    }
}

/// Two names that some disk cannot tell apart would be two files here and one file there.
fn report_collisions(files: &[SourceFile], faults: &mut Vec<Diagnostic>) {
    let mut folded: Vec<(String, &SitePath)> = files.iter().map(|file| (file.path.folded(), &file.path)).collect();
    folded.sort();
    for pair in folded.windows(2) {
        if let [(a, first), (b, second)] = pair
            && a == b
        {
            faults.push(
                Diagnostic::new(
                    Code::NamesCollide,
                    format!("`{second}` and `{first}` differ only in capitals or accents, and are one file on other computers"),
                )
                .span(Span::file(second))
                .help("rename one of the two"),
            );
        }
    }
}
