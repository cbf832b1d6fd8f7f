//! Files in a folder that a site is published to, each of them whole at any moment; and a site as one file to upload.
//!
//! What is noted about the folder lies beside it, in `.NAME.published`, so that whoever serves or copies the folder does not have
//! it too.

use super::place::refuse_kept;
use super::refusal::Refusal;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// A folder that a site is published to, and what is noted about it.
pub(crate) struct Elsewhere {
    site: PathBuf,
    state: PathBuf,
}

/// A file that lies there.
pub(crate) struct LyingElsewhere {
    /// Its path with `/`.
    pub(crate) path: String,
    pub(crate) size: u64,
    /// In seconds since 1970.
    pub(crate) written: i64,
}

/// Where files are until they are whole.
const INCOMING: &str = "incoming";

impl Elsewhere {
    /// The folder `site`, which need not exist yet; it is neither one that the site in `root` is read from or published into,
    /// nor one that holds the site.
    pub(crate) fn new(root: &Path, site: &Path) -> Result<Self, Refusal> {
        refuse_kept(root, site)?;
        Self::apart(root, site).map_err(|error| Refusal::unlooked(site.display(), &error))
    }

    fn apart(root: &Path, site: &Path) -> io::Result<Self> {
        let whole = std::path::absolute(site)?;
        let real = |path: &Path| fs::canonicalize(path).or_else(|_| std::path::absolute(path));
        if real(root)?.starts_with(real(&whole)?) {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it holds the site's own texts"));
        }
        let (Some(parent), Some(name)) = (whole.parent(), whole.file_name()) else {
            return Err(io::Error::new(ErrorKind::InvalidInput, "this is no folder of its own"));
        };
        let mut beside = std::ffi::OsString::from(".");
        beside.push(name);
        beside.push(".published");
        let state = parent.join(beside);
        Ok(Self { site: whole, state })
    }

    fn root(&self, is_state: bool) -> &Path {
        if is_state { &self.state } else { &self.site }
    }

    /// The files whose paths begin with `below`, in order of path. Links are passed over: they are not ours.
    pub(crate) fn list(&self, is_state: bool, below: &str) -> io::Result<Vec<LyingElsewhere>> {
        let root = self.root(is_state);
        let folder = below.rfind('/').map_or("", |end| &below[..end]);
        let mut all = Vec::new();
        for entry in walkdir::WalkDir::new(root.join(folder)).follow_links(false).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) if error.io_error().is_some_and(|error| error.kind() == ErrorKind::NotFound) => continue,
                Err(error) => return Err(error.into()),
            };
            if !entry.file_type().is_file() {
                continue;
            }
            let Some(path) = entry.path().strip_prefix(root).ok().and_then(Path::to_str) else { continue };
            let path = path.replace(std::path::MAIN_SEPARATOR, "/");
            if path.starts_with(below) {
                let metadata = entry.metadata()?;
                let written = metadata.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
                all.push(LyingElsewhere {
                    path,
                    size: metadata.len(),
                    written: i64::try_from(written).unwrap_or(i64::MAX),
                });
            }
        }
        all.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(all)
    }

    /// The bytes of a file; `None` if there is none.
    pub(crate) fn get(&self, is_state: bool, path: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.root(is_state).join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a file under another name, then gives it its own.
    pub(crate) fn put(&self, is_state: bool, path: &str, bytes: &[u8]) -> io::Result<()> {
        let incoming = self.incoming()?;
        let mut file = tempfile::Builder::new().prefix("file-").tempfile_in(&incoming)?;
        file.write_all(bytes)?;
        readable(file.as_file())?;
        let to = self.room_for(is_state, path)?;
        file.persist(&to).map_err(|refused| refused.error)?;
        Ok(())
    }

    /// Gives a file a second name; where the disk cannot, it is copied. False if it is missing.
    pub(crate) fn copy(&self, from: (bool, &str), to: (bool, &str)) -> io::Result<bool> {
        let source = self.root(from.0).join(from.1);
        match fs::symlink_metadata(&source) {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => return Ok(false),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(false),
            Err(error) => return Err(error),
        }
        let incoming = self.incoming()?;
        let aside = tempfile::Builder::new().prefix("copy-").tempdir_in(&incoming)?;
        let aside = aside.path().join("file");
        if fs::hard_link(&source, &aside).is_err() {
            fs::copy(&source, &aside)?;
        }
        let target = self.room_for(to.0, to.1)?;
        fs::rename(&aside, &target)?;
        Ok(true)
    }

    /// Removes files, and the folders that become empty.
    pub(crate) fn remove(&self, is_state: bool, paths: &[&str]) -> io::Result<()> {
        let root = self.root(is_state);
        for path in paths {
            match fs::remove_file(root.join(path)) {
                Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                    return Err(error);
                }
                _ => {}
            }
            let folders = Path::new(path).ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty());
            // Only an empty folder can be removed so.
            folders.map_while(|folder| fs::remove_dir(root.join(folder)).ok()).for_each(drop);
        }
        Ok(())
    }

    fn incoming(&self) -> io::Result<PathBuf> {
        let incoming = self.state.join(INCOMING);
        if !incoming.is_dir() {
            fs::create_dir_all(&incoming)?;
            private(&self.state)?;
        }
        Ok(incoming)
    }

    /// The place of a file, in folders that are there.
    fn room_for(&self, is_state: bool, path: &str) -> io::Result<PathBuf> {
        let root = self.root(is_state);
        let to = root.join(path);
        let within = Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        // Behind a link lies what is somebody else's.
        if within.map(|folder| root.join(folder)).any(|folder| folder.is_symlink()) || to.is_symlink() {
            return Err(io::Error::new(ErrorKind::InvalidInput, format!("`{path}` would go through a link")));
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(to)
    }
}

#[cfg(unix)]
fn readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_file: &File) -> io::Result<()> {
    Ok(())
}

/// Earlier states are nobody else's business.
#[cfg(unix)]
fn private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn private(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// A folder for something that is built and soon thrown away, which this does when it is dropped.
pub(crate) struct Aside(tempfile::TempDir);

impl Aside {
    /// A new empty folder.
    pub(crate) fn new() -> io::Result<Self> {
        tempfile::Builder::new().prefix("pamphlet-").tempdir().map(Self)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Writes a site as one file, in place of an earlier one; not into a folder that the site in `root` is read from or published
/// into. The same site gives the same bytes.
pub(crate) fn write_zip<'a>(
    root: &Path,
    path: &Path,
    files: impl Iterator<Item = (&'a str, Option<Vec<u8>>)>,
) -> Result<(), Refusal> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    refuse_kept(root, folder)?;
    packed(folder, path, files).map_err(|error| Refusal::unwritable(path.display(), &error))
}

fn packed<'a>(folder: &Path, path: &Path, files: impl Iterator<Item = (&'a str, Option<Vec<u8>>)>) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".next-").tempfile_in(folder)?;
    let mut zip = zip::ZipWriter::new(io::BufWriter::new(file.as_file_mut()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .unix_permissions(0o644);
    for (path, bytes) in files {
        let bytes = bytes.ok_or_else(|| io::Error::new(ErrorKind::NotFound, format!("`{path}` cannot be read")))?;
        zip.start_file(path, options).map_err(io::Error::other)?;
        zip.write_all(&bytes)?;
    }
    zip.finish().map_err(io::Error::other)?.flush()?;
    readable(file.as_file())?;
    file.persist(path).map_err(|refused| refused.error)?;
    Ok(())
}
