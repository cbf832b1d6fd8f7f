//! A path and its text → a new file of the site, or an old one replaced as a whole.

use super::refusal::{Refusal, remedy, words};
use crate::diagnostic::Code;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Writes a file that does not exist yet, with the folders above it. Never overwrites one, and never leaves half a file.
pub(crate) fn new_file(path: &Path, text: &str) -> Result<(), Refusal> {
    new_files(&[(path.to_owned(), text.to_owned())])
}

/// Writes files that do not exist yet, with the folders above them: all, or none and no folder. The last one is there only if all
/// are.
pub(crate) fn new_files<T: AsRef<[u8]>>(all: &[(PathBuf, T)]) -> Result<(), Refusal> {
    let mut folders: Vec<&Path> = Vec::new();
    for (path, _) in all {
        let missing = path.ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        folders.extend(missing);
    }
    for (done, (path, text)) in all.iter().enumerate() {
        if let Err(error) = create(path, text.as_ref()) {
            all[..done].iter().for_each(|(path, _)| drop(fs::remove_file(path)));
            // The innermost first; one that holds something is not ours alone.
            folders.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
            folders.iter().for_each(|folder| drop(fs::remove_dir(folder)));
            return Err(match error.kind() {
                ErrorKind::AlreadyExists => Refusal::foreign(
                    Code::FileExists,
                    format!("`{}` already exists; it was left as it is", path.display()),
                    "choose another title, or open that file and work on it",
                ),
                _ => unwritable(path, &error),
            });
        }
    }
    Ok(())
}

/// What a new file holds.
pub(crate) enum Fresh {
    Text(String),
    /// The same bytes as the file that lies there.
    Copy(PathBuf),
}

/// Writes many files that do not exist yet, one at a time as they come, with the folders above them: all, or none and no folder. The
/// last one is there only if all are. Says how many there are.
///
/// Unlike with [`new_files`], a machine that loses its power may lose what was just written: it is all made again from what it
/// was made from.
pub(crate) fn new_files_as_they_come(all: impl Iterator<Item = (PathBuf, Fresh)>) -> Result<usize, Refusal> {
    let (mut done, mut folders): (Vec<PathBuf>, Vec<PathBuf>) = (Vec::new(), Vec::new());
    for (path, fresh) in all {
        let missing = path.ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        folders.extend(missing.map(Path::to_owned));
        let written = match &fresh {
            Fresh::Text(text) => create_soon(&path, text.as_bytes()),
            Fresh::Copy(from) => fs::read(from).and_then(|bytes| create_soon(&path, &bytes)),
        };
        if let Err(error) = written {
            done.iter().for_each(|path| drop(fs::remove_file(path)));
            folders.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
            folders.iter().for_each(|folder| drop(fs::remove_dir(folder)));
            return Err(match error.kind() {
                ErrorKind::AlreadyExists => Refusal::foreign(
                    Code::FileExists,
                    format!("`{}` already exists; nothing was written", path.display()),
                    "move that file away, or import into another folder: write `--root FOLDER`",
                ),
                _ => unwritable(&path, &error),
            });
        }
        done.push(path);
    }
    Ok(done.len())
}

/// Writes a new file under its own name, if nothing has that name.
fn create_soon(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create_new(path)?;
    file.write_all(bytes).inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

/// Writes a new file under another name first, so that a run that is killed leaves no half of it to be read as a page.
fn create(path: &Path, text: &[u8]) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    match write_beside(path, text)?.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(refused) if matches!(refused.error.kind(), ErrorKind::AlreadyExists | ErrorKind::StorageFull) => {
            Err(refused.error)
        }
        // Some disks cannot give a file a name only if it is free.
        Err(_) => {
            let mut file = File::create_new(path)?;
            file.write_all(text).and_then(|()| file.sync_all()).inspect_err(|_| {
                let _ = fs::remove_file(path);
            })
        }
    }
}

/// Writes a file that is not published, outside the folders that the site `root` is read from or published into; an old
/// one is replaced only if it holds `mark`, which identifies its kind.
pub(crate) fn write_aside(root: &Path, path: &Path, text: &str, mark: &str) -> Result<(), Refusal> {
    let folder = path.parent().unwrap_or(Path::new(""));
    super::place::refuse_kept(root, folder)?;
    match fs::read(path) {
        Ok(old) if !String::from_utf8_lossy(&old).contains(mark) => Err(Refusal::foreign(
            Code::FileExists,
            format!("`{}` already exists and is something else; it was left as it is", path.display()),
            "move it away, or choose another place",
        )),
        Err(error) if error.kind() != ErrorKind::NotFound => Err(unwritable(path, &error)),
        _ => replace_file(path, text),
    }
}

/// Writes a file to send to somebody, outside the folders that the site `root` is read from or published into; one that is there is
/// replaced only if `replaces` says so.
pub(crate) fn send_aside(root: &Path, path: &Path, bytes: &[u8], replaces: bool) -> Result<(), Refusal> {
    let folder = path.parent().unwrap_or(Path::new(""));
    super::place::refuse_kept(root, folder)?;
    if !replaces && path.symlink_metadata().is_ok() {
        return Err(Refusal::foreign(
            Code::FileExists,
            format!("`{}` already exists; it was left as it is", path.display()),
            "somebody may have worked on it: move it away, choose another place with `-o`, or write `--force` to replace it",
        ));
    }
    replace(path, bytes).map_err(|error| unwritable(path, &error))
}

/// Writes a file, new or in place of an old one; whatever happens, either the old text or the new one is there.
pub(crate) fn replace_file(path: &Path, text: &str) -> Result<(), Refusal> {
    replace(path, text).map_err(|error| unwritable(path, &error))
}

/// What to do with files of the site in the folder `root`; all paths are below it.
pub(crate) struct Rearrangement<'a> {
    /// The files that move, from and to.
    pub(crate) moves: Vec<(PathBuf, PathBuf)>,
    pub(crate) removed: Vec<PathBuf>,
    /// The future place of a file, its new text, and the text that it is known to have where it is now.
    pub(crate) texts: Vec<(PathBuf, &'a str, Expected<'a>)>,
}

/// What is known of a file that is to be written.
pub(crate) enum Expected<'a> {
    /// It does not exist yet.
    Nothing,
    Text(PathBuf, &'a str),
}

/// Moves, writes and removes files of the site; never overwrites an unknown text, and leaves each file whole at all times.
///
/// Everything that is known to fail is checked before anything is touched, and new texts are written aside first, so a
/// full disk shows before anything has happened. If a move or a replacement fails all the same, the earlier ones are
/// undone.
pub(crate) fn rearrange(root: &Path, asked: &Rearrangement<'_>) -> Result<(), Refusal> {
    refuse_unexpected(asked)?;
    // Written where the old text is, or will be, so that afterwards only a name has to change.
    let mut aside = Vec::with_capacity(asked.texts.len());
    for (path, text, known) in &asked.texts {
        let beside = match known {
            Expected::Text(old, _) => Some(old.as_path()),
            Expected::Nothing => path.parent().filter(|folder| folder.is_dir()).map(|_| path.as_path()),
        };
        let written = beside.map(|beside| write_beside(beside, text)).transpose();
        aside.push(written.map_err(|error| unwritable(path, &error))?);
    }
    let take_back_moves = |done: usize| {
        for (from, to) in asked.moves[..done].iter().rev() {
            let _ = fs::rename(to, from);
        }
    };
    for (done, (from, to)) in asked.moves.iter().enumerate() {
        if let Err(error) = super::stage::with_parents(to, || fs::rename(from, to)) {
            take_back_moves(done);
            return Err(unwritable(to, &error));
        }
    }
    let take_back = |texts: usize| {
        for (path, _, known) in &asked.texts[..texts] {
            let _ = match known {
                Expected::Text(_, old) => replace(path, old),
                Expected::Nothing => fs::remove_file(path),
            };
        }
        take_back_moves(asked.moves.len());
    };
    for (done, ((path, text, _), aside)) in asked.texts.iter().zip(aside).enumerate() {
        let exchanged = match aside {
            Some(file) => resolved(path).and_then(|path| file.persist(path).map(drop).map_err(|error| error.error)),
            None => replace(path, text),
        };
        if let Err(error) = exchanged {
            take_back(done);
            return Err(unwritable(path, &error));
        }
    }
    // First all are renamed, which can be undone.
    let mut gone: Vec<(&PathBuf, PathBuf)> = Vec::with_capacity(asked.removed.len());
    for path in &asked.removed {
        let aside = path.with_file_name(format!(".pamphlet-gone-{}", gone.len()));
        if let Err(error) = fs::rename(path, &aside) {
            gone.iter().for_each(|(path, aside)| drop(fs::rename(aside, path)));
            take_back(asked.texts.len());
            return Err(unwritable(path, &error));
        }
        gone.push((path, aside));
    }
    gone.iter().for_each(|(_, aside)| drop(fs::remove_file(aside)));
    remove_empty_folders(root, asked);
    Ok(())
}

/// Refuses if a new place is taken, or if a file is not as it is known.
fn refuse_unexpected(asked: &Rearrangement<'_>) -> Result<(), Refusal> {
    let in_the_way = asked.moves.iter().map(|(_, to)| to).find(|to| to.symlink_metadata().is_ok());
    let appeared =
        asked.texts.iter().filter(|(_, _, known)| matches!(known, Expected::Nothing)).map(|(path, _, _)| path);
    if let Some(path) = in_the_way.or_else(|| appeared.into_iter().find(|path| path.symlink_metadata().is_ok())) {
        let message = format!("`{}` already exists; nothing was changed", path.display());
        return Err(Refusal::foreign(Code::FileExists, message, "write another name, or move that file away"));
    }
    for (_, _, known) in &asked.texts {
        let Expected::Text(path, text) = known else { continue };
        match fs::read(path) {
            Ok(bytes) if bytes == text.as_bytes() => {}
            Ok(_) => {
                let message = format!("`{}` has changed meanwhile; nothing was changed", path.display());
                return Err(Refusal::foreign(Code::FileExists, message, "try again"));
            }
            Err(error) => return Err(unwritable(path, &error)),
        }
    }
    Ok(())
}

/// Removes the folders that are empty once files have gone from them; one that cannot be removed does no harm.
fn remove_empty_folders(root: &Path, asked: &Rearrangement<'_>) {
    for path in asked.moves.iter().map(|(from, _)| from).chain(&asked.removed) {
        let mut folder = path.parent();
        while let Some(one) = folder.filter(|one| one.starts_with(root) && one.parent() != Some(root) && *one != root) {
            if fs::remove_dir(one).is_err() {
                break;
            }
            folder = one.parent();
        }
    }
}

fn replace(path: &Path, text: impl AsRef<[u8]>) -> io::Result<()> {
    write_beside(path, text)?.persist(resolved(path)?)?;
    Ok(())
}

/// Follows a link, so that its target is replaced and not the link.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(path.to_owned()),
        path => path,
    }
}

/// A complete file with this text in the folder of `path`, with its permissions; it is deleted unless it takes that place.
fn write_beside(path: &Path, text: impl AsRef<[u8]>) -> io::Result<tempfile::NamedTempFile> {
    let path = resolved(path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let old = fs::metadata(&path).map(|metadata| metadata.permissions());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pamphlet-");
    usual_permissions(&mut builder);
    let mut file = builder.tempfile_in(folder)?;
    if let Ok(permissions) = old {
        file.as_file().set_permissions(permissions)?;
    }
    file.write_all(text.as_ref())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A temporary file is for its owner only; ours will be read like any other.
#[cfg(unix)]
fn usual_permissions(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn usual_permissions(_builder: &mut tempfile::Builder<'_, '_>) {}

fn unwritable(path: &Path, error: &io::Error) -> Refusal {
    let message = format!("`{}` cannot be written: {}", path.display(), words(error));
    Refusal::machine(Code::FileUnwritable, message, remedy(error))
}
