//! The site's folder → its files as they were at one moment. Nothing else reads the site from disk.
//!
//! * Every file has a [`SitePath`]. The text that the site is made from is held; of other files only place and size are
//!   known.
//! * The built-in themes are in the tree like files of the site, unless the site has a theme folder of the same name.
//! * Files are in the order of their paths, whatever the disk's order.
//! * A later look reads a file again only if its stamp says that it may have changed; everything else is shared with the
//!   tree before. So an edit, a deletion, a moved folder and two hundred files checked out are all handled alike: as
//!   differences.
//!
//! Not here: what a file means. That a file is not UTF-8 is kept as a fact, and reported by the module that reads it.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // This is the room that may read the disk.

mod beside;
mod built_in;
mod look;
mod stamp;
mod walk;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub(crate) use built_in::names as built_in_themes;
use jiff::Timestamp;
use look::FoundFile;
pub(crate) use stamp::{Stamp, node_at};
pub(crate) use walk::is_passed_over;

use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::index::Index;
use crate::path::SitePath;

/// The folders and files of a site that Pamphlet reads.
pub(crate) const PLACES: &[&str] = &[
    "addresses.txt",
    "assets",
    "content",
    "known-faults.toml",
    "redirects.csv",
    "site.toml",
    "static",
    "strings",
    "templates",
    "themes",
];

/// Endings of the files that a site is made from: these are read whole.
const TEXT: &[&str] =
    &["md", "markdown", "toml", "yaml", "yml", "json", "csv", "html", "xml", "css", "js", "svg", "txt"];

/// A site's files at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    files: Index<SitePath, SourceFile>,
    /// When the look at the disk began.
    looked: SystemTime,
    /// A link leads to some of them.
    has_links: bool,
    /// Which names are the same on some disks.
    collisions: Vec<Diagnostic>,
}

/// One file of the site.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: SitePath,
    /// Where it is on disk, below the root, if that is not at its path: some disks write letters with accents in another form,
    /// and a file that is being moved is still where it was.
    lies_at: Option<Arc<str>>,
    pub(crate) content: Content,
    /// The stamp on disk; `None` if the file is built in.
    pub(crate) stamp: Option<Stamp>,
}

/// What is known of a file's content.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// UTF-8 text as it is on disk, byte order mark included.
    Text(Arc<str>),
    /// A file that should be text but is not UTF-8.
    NotText(Arc<[u8]>),
    /// A file that is not read, such as an image or a PDF: its size in bytes, and its bytes if it is built in.
    Opaque(u64, Option<&'static [u8]>),
}

/// How a file differs from one look to the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Difference {
    New,
    Changed,
    Gone,
}

impl Content {
    /// Whether two contents are equal, as far as they are known.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => Arc::ptr_eq(a, b) || a == b,
            (Self::NotText(a), Self::NotText(b)) => a == b,
            (Self::Opaque(a, _), Self::Opaque(b, _)) => a == b,
            _ => false,
        }
    }
}

impl SourceFile {
    /// Whether this file is the same as `old`.
    fn same_as(&self, old: &Self) -> bool {
        match (&self.content, &old.content) {
            // Their bytes are not held, so any change of stamp counts.
            (Content::Opaque(..), Content::Opaque(..)) => self.stamp == old.stamp,
            (new, old) => new.is_same(old),
        }
    }

    /// A file that lies where its path says.
    fn new(path: SitePath, content: Content, stamp: Option<Stamp>) -> Self {
        Self { path, lies_at: None, content, stamp }
    }

    /// Where it is on disk, below the root.
    fn place(&self) -> &str {
        self.lies_at.as_deref().unwrap_or(self.path.as_str())
    }

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
    /// The system refused: the path and its reason.
    Unreadable(PathBuf, std::io::Error),
}

impl Tree {
    /// Reads the site in the folder `root` at the moment `now`, on all cores. Content that has not changed since `before`
    /// is shared.
    pub(crate) fn read(root: &Path, now: Timestamp, before: Option<&Self>) -> Result<Found<Self>, NoSite> {
        let root = root.canonicalize().map_err(|error| NoSite::Unreadable(root.to_owned(), error))?;
        if !root.join("site.toml").is_file() {
            return Err(NoSite::NoSettings(root));
        }
        // A clock that says a year before 1970 cannot tell which files are recent, so every file is read again.
        let since = Duration::try_from(now.duration_since(Timestamp::UNIX_EPOCH)).unwrap_or(Duration::ZERO);
        let looked = SystemTime::UNIX_EPOCH + since;
        let look = look::look(&root, before);
        let mut faults = look.faults;
        let (files, collisions) = match before.and_then(|before| before.of_the_same_names(&look.seen)) {
            Some(files) => (files, before.map(|before| before.collisions.clone()).unwrap_or_default()),
            None => gathered(look.seen, before),
        };
        faults.extend(collisions.iter().cloned());
        faults.extend(beside::unread(&root));
        Ok(Found::new(Self { root, files, looked, has_links: look.has_links, collisions }, faults))
    }

    /// A site that is not on disk yet: these texts, and the built-in themes.
    pub(crate) fn unwritten(root: &Path, texts: impl IntoIterator<Item = (SitePath, String)>) -> Self {
        let texts = texts
            .into_iter()
            .map(|(path, text)| FoundFile::New(Box::new(SourceFile::new(path, Content::Text(text.into()), None))));
        let (files, collisions) = gathered(texts.collect(), None);
        Self { root: root.to_owned(), files, looked: SystemTime::UNIX_EPOCH, has_links: false, collisions }
    }

    /// The files as seen, if their names are those of this tree: usually a few texts have changed and no name.
    fn of_the_same_names(&self, seen: &[FoundFile]) -> Option<Index<SitePath, SourceFile>> {
        let on_disk = || self.files.values().filter(|file| file.stamp.is_some()).count();
        if seen.iter().any(|one| matches!(one, FoundFile::New(_))) || seen.len() != on_disk() {
            return None;
        }
        let mut files = self.files.clone();
        for one in seen {
            if let FoundFile::Again(n, file) = one {
                files[*n] = (**file).clone();
            }
        }
        Some(files)
    }

    /// The same tree with `others` in place of the files that are to go.
    pub(crate) fn replacing(
        &self,
        goes: impl Fn(&SitePath) -> bool,
        others: impl IntoIterator<Item = SourceFile>,
    ) -> Self {
        let mut tree = self.clone();
        tree.files.retain(|path, _| !goes(path));
        tree.files.extend(others.into_iter().map(|file| (file.path.clone(), file)));
        tree.files.sort_unstable_keys();
        tree
    }

    /// The same tree with files moved, removed or given other texts; nothing is written to disk.
    pub(crate) fn rearranged(
        &self,
        moves: &BTreeMap<SitePath, SitePath>,
        removed: &BTreeSet<SitePath>,
        texts: &BTreeMap<SitePath, String>,
    ) -> Self {
        let mut tree = self.clone();
        tree.files.retain(|path, _| !moves.contains_key(path) && !removed.contains(path) && !texts.contains_key(path));
        let gone = |path: &SitePath| removed.contains(path);
        let moved = moves.iter().filter_map(|(from, to)| Some((self.files.get(from)?, to.clone())));
        let changed = texts.keys().filter(|path| !moves.contains_key(*path) && !gone(path));
        let changed = changed.filter_map(|path| Some((self.files.get(path)?, path.clone())));
        for (file, path) in moved.chain(changed) {
            let mut file = file.clone();
            if let Some(text) = texts.get(&file.path) {
                file.content = Content::Text(text.as_str().into());
            }
            if file.path != path {
                file.lies_at = Some(file.place().into());
            }
            file.path = path.clone();
            tree.files.insert(path, file);
        }
        for (path, text) in texts.iter().filter(|(path, _)| !self.files.contains_key(*path)) {
            let content = Content::Text(text.as_str().into());
            tree.files.insert(path.clone(), SourceFile::new(path.clone(), content, None));
        }
        tree.files.sort_unstable_keys();
        tree
    }

    /// Opens a file that is not held, to read it from its beginning.
    pub(crate) fn open(&self, path: &SitePath) -> std::io::Result<std::fs::File> {
        std::fs::File::open(self.on_disk(path))
    }

    /// The files that differ from those of `before`, and those that are gone.
    pub(crate) fn differences(&self, before: &Self) -> Vec<(SitePath, Difference)> {
        let mut all: Vec<(SitePath, Difference)> = Vec::new();
        let mut gone = Vec::new();
        // Both are sorted, and mostly have the same names.
        let mut old = before.files.values().peekable();
        for (path, file) in &self.files {
            gone.extend(std::iter::from_fn(|| old.next_if(|old| old.path < *path)));
            match old.next_if(|old| old.path == *path) {
                None => all.push((path.clone(), Difference::New)),
                Some(old) if !file.same_as(old) => all.push((path.clone(), Difference::Changed)),
                Some(_) => {}
            }
        }
        all.extend(gone.into_iter().chain(old).map(|old| (old.path.clone(), Difference::Gone)));
        all
    }

    /// Whether a file's stamp can be trusted: a file written during the look may already be different.
    pub(crate) fn is_settled(&self, file: &SourceFile) -> bool {
        file.stamp.is_some_and(|stamp| !stamp.is_younger_than(self.looked))
    }

    /// Whether no file that is not held may have been written during the look.
    pub(crate) fn has_settled(&self) -> bool {
        let is_opaque = |file: &&SourceFile| matches!(file.content, Content::Opaque(..)) && file.stamp.is_some();
        self.files.values().filter(is_opaque).all(|file| self.is_settled(file))
    }

    /// The files that were, or may have been, written in the time `before` the look.
    pub(crate) fn fresh(&self, before: Duration) -> impl Iterator<Item = &SitePath> {
        let since = self.looked.checked_sub(before);
        let is_fresh = move |stamp: Stamp| since.is_none_or(|since| stamp.is_younger_than(since));
        self.files.values().filter(move |file| file.stamp.is_some_and(is_fresh)).map(|file| &file.path)
    }

    /// Whether a link leads to one of its files: a watcher that reports changes by name may miss those.
    pub(crate) fn has_links(&self) -> bool {
        self.has_links
    }

    /// The file at `path`.
    pub(crate) fn get(&self, path: &SitePath) -> Option<&SourceFile> {
        self.files.get(path)
    }

    /// The file at `path`, given as text.
    pub(crate) fn named(&self, path: &str) -> Option<&SourceFile> {
        self.files.get(&SitePath::new(path)?)
    }

    /// All files.
    pub(crate) fn all(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.values()
    }

    /// The files below `folder`, in the order of their paths.
    pub(crate) fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a SourceFile> {
        let prefix = format!("{folder}/");
        let files = self.files.as_slice();
        let start = files.partition_point(|path, _| path.as_str() < prefix.as_str());
        files[start..].values().take_while(move |file| file.path.as_str().starts_with(&prefix))
    }

    /// Where a file is on disk, or where a new one belongs.
    pub(crate) fn on_disk(&self, path: &SitePath) -> PathBuf {
        let mut place = self.root.clone();
        match self.get(path) {
            Some(file) => place.extend(file.place().split('/')),
            None => place.extend(self.new_place(path).split('/')),
        }
        place
    }

    /// Where a new file belongs: in the folder that is there, in whichever form its name is written.
    fn new_place<'p>(&self, path: &'p SitePath) -> Cow<'p, str> {
        let mut folder = path.folder();
        while folder.parts().next().is_some() {
            if let Some(neighbour) = self.below(folder.as_str()).find(|file| file.stamp.is_some()) {
                let depth = folder.parts().count();
                let above: Vec<&str> = neighbour.place().split('/').take(depth).collect();
                let below = path.below(folder.as_str()).unwrap_or_default();
                return Cow::Owned(format!("{}/{below}", above.join("/")));
            }
            folder = folder.folder();
        }
        Cow::Borrowed(path.as_str())
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

/// Everything seen, with the built-in themes, in the order of paths; and which names collide.
fn gathered(seen: Vec<FoundFile>, before: Option<&Tree>) -> (Index<SitePath, SourceFile>, Vec<Diagnostic>) {
    let file = |one| match one {
        FoundFile::Kept(n) => before.map(|before| before.files[n].clone()),
        FoundFile::Again(_, file) | FoundFile::New(file) => Some(*file),
    };
    let mut files: Vec<SourceFile> = seen.into_iter().filter_map(file).collect();
    built_in::add(&mut files, before);
    // Of two names that differ in form only, the composed one comes first.
    files.sort_by(|a, b| a.path.cmp(&b.path).then_with(|| a.lies_at.cmp(&b.lies_at)));
    let mut collisions = Vec::new();
    report_collisions(&files, &mut collisions);
    files.dedup_by(|second, first| second.path == first.path);
    (files.into_iter().map(|file| (file.path.clone(), file)).collect(), collisions)
}

/// Whether the site is made from this file.
fn is_text(path: &SitePath) -> bool {
    let published_as_it_is = path.below("static").is_some()
        || path.below("themes").is_some_and(|below| below.split('/').nth(1) == Some("static"));
    TEXT.contains(&path.ending().as_str()) && !published_as_it_is
}

/// The bytes of a file outside the site; one that has more than `most` is an error.
pub(crate) fn outside_bytes(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(std::fs::File::open(path)?, most + 1), &mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(std::io::Error::other(format!("it is larger than {} MB", most >> 20))),
        false => Ok(bytes),
    }
}

/// The path of a file that cannot be named or reached, and why.
pub(crate) type Unreached = (String, String);

/// The files below a folder outside the site, sorted, `/` between the parts of their paths; and those that cannot be named or
/// reached, with why. Folders that hold the history or the programs of another site are passed over.
pub(crate) fn outside_files(folder: &Path) -> std::io::Result<(Vec<String>, Vec<Unreached>)> {
    let (mut files, mut odd) = (Vec::new(), Vec::new());
    // That the folder itself can be read is asked first, since it alone is a reason to stop.
    std::fs::read_dir(folder)?;
    let is_passed = |name: &str| matches!(name, ".git" | "node_modules" | ".svn" | ".hg" | ".DS_Store" | "Thumbs.db");
    let walk = walkdir::WalkDir::new(folder).follow_links(false).into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_passed(&entry.file_name().to_string_lossy())) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
                match below.to_str() {
                    Some(path) if entry.file_type().is_file() => {
                        files.push(path.replace(std::path::MAIN_SEPARATOR, "/"));
                    }
                    Some(path) => odd.push((path.to_owned(), "it is a link or no ordinary file".to_owned())),
                    None => odd.push((below.to_string_lossy().into_owned(), "its name is not UTF-8".to_owned())),
                }
            }
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_string_lossy().into_owned();
                let why = error.io_error().map_or_else(|| "unknown reason".to_owned(), reason);
                odd.push((path, why));
            }
        }
    }
    files.sort();
    Ok((files, odd))
}

/// A file outside the site, to be read piece by piece.
pub(crate) fn outside_lines(path: &Path) -> std::io::Result<impl std::io::BufRead> {
    Ok(std::io::BufReader::new(std::fs::File::open(path)?))
}

/// The text of a file outside the site.
pub(crate) fn outside(path: &Path) -> std::io::Result<String> {
    let bytes = std::fs::read(path)?;
    String::from_utf8(bytes).map_err(|_| std::io::Error::other("it is not UTF-8"))
}

/// The system's reason in words.
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

/// Reports names that some disk cannot tell apart: they would be two files here and one file there.
fn report_collisions(files: &[SourceFile], faults: &mut Vec<Diagnostic>) {
    let mut folded: Vec<(Cow<'_, str>, &SitePath)> =
        files.iter().map(|file| (file.path.folded(), &file.path)).collect();
    // Folded names are sorted already and differ from each other.
    if folded.iter().all(|(folded, _)| matches!(folded, Cow::Borrowed(_))) {
        return;
    }
    folded.sort();
    for pair in folded.windows(2) {
        if let [(a, first), (b, second)] = pair
            && a == b
        {
            faults.push(if first == second {
                // Only one of the two is read.
                Diagnostic::new(
                    Code::NamesCollide,
                    format!("there are two files called `{second}`: only the way in which their accents are stored differs"),
                )
                .span(Span::file(second))
                .help("give one of the two another name, or delete it; on a Mac, both are the same file")
                .binding()
            } else {
                Diagnostic::new(
                    Code::NamesCollide,
                    format!("`{second}` and `{first}` differ only in capitals or accents, so they are the same file on some computers"),
                )
                .span(Span::file(second))
                .help("rename one of the two")
            });
        }
    }
}
