//! Where the two areas lie on the server: the site's folder, and one beside it (or, where that cannot be, within it) that only
//! the account that publishes may enter.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use openssh_sftp_client::fs::DirEntry;

use super::Sftp;
use super::link::{Fault, Link};
use super::words::{self, Why};
use crate::deploy::target::Area;

/// The state within the site's folder, where nothing can be made beside it.
pub(super) const INSIDE: &str = ".pamphlet";

/// Where files are written before they are renamed to their place.
pub(super) const INCOMING: &str = "incoming";

/// Tells Apache to show nothing: on shared hosts it may run as the account that publishes, whom the folder's mode lets in.
pub(super) const SHIELD: &str = ".htaccess";
const SHIELDED: &[u8] = b"Require all denied\n";

/// The modes of folders.
const FOR_READERS: u16 = 0o755;
const FOR_US: u16 = 0o700;

/// A file that was being written this many seconds ago is left behind by a publication that broke.
const LEFT_BEHIND: i64 = 24 * 60 * 60;

/// More steps than making any folder takes.
const STEPS: usize = 500;

/// Where the areas lie.
#[derive(Clone)]
pub(super) struct Places {
    /// The site's folder.
    pub(super) root: String,
    /// The state's folder, if there is one.
    state: Option<String>,
    /// Whether it has been made ready for writing.
    is_ready: bool,
}

impl Places {
    /// The folder of an area.
    pub(super) fn base(&self, area: Area) -> Option<&str> {
        match area {
            Area::Site => Some(&self.root),
            Area::State => self.state.as_deref(),
        }
    }

    /// Where a file of an area lies.
    pub(super) fn path(&self, area: Area, path: &str) -> Option<String> {
        Some(join(self.base(area)?, path))
    }
}

/// A path below a folder; below the empty one, the path itself.
pub(super) fn join(folder: &str, path: &str) -> String {
    match (folder, path) {
        ("", path) => path.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, path) if folder.ends_with('/') => format!("{folder}{path}"),
        (folder, path) => format!("{folder}/{path}"),
    }
}

/// The folder that something lies in.
fn parent(path: &str) -> Option<&str> {
    match path.trim_end_matches('/').rfind('/')? {
        0 if path.len() > 1 => Some("/"),
        0 => None,
        end => Some(&path[..end]),
    }
}

/// The state's folder beside the site's.
fn beside(root: &str) -> Option<String> {
    let above = parent(root)?;
    let name = root.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty())?;
    Some(join(above, &format!(".{name}.pamphlet")))
}

impl Sftp {
    /// Where the areas lie. For writing, what is not there yet is made.
    pub(super) async fn places(&self, link: &Arc<Link>, for_writing: bool) -> Result<Places, Fault> {
        let mut kept = self.places.lock().await;
        if let Some(places) = kept.as_ref()
            && (places.is_ready || !for_writing && places.state.is_some())
        {
            return Ok(places.clone());
        }
        let mut places = match kept.take() {
            Some(places) => places,
            None => {
                let root = self.find_root(link).await?;
                Places { root: self.root.get_or_init(|| root).clone(), state: None, is_ready: false }
            }
        };
        if places.state.is_none() {
            places.state = find_state(link, &places.root).await?;
        }
        // The lock is held: others wait until what they need is there.
        let made = if for_writing { self.make(link, &mut places).await } else { Ok(()) };
        *kept = Some(places.clone());
        made.map(|()| places)
    }

    /// Where a file is to lie, and a new name to write it under first.
    pub(super) async fn for_writing(
        &self,
        link: &Arc<Link>,
        area: Area,
        path: &str,
    ) -> Result<(String, String), Fault> {
        self.can_write(link)?;
        let places = self.places(link, true).await?;
        let temporary = join(INCOMING, &self.new_name());
        let both = places.path(area, path).zip(places.path(Area::State, &temporary));
        both.ok_or(Fault::Missing)
    }

    /// The site's folder with all links followed, so that what lies beside it lies on the same disk.
    async fn find_root(&self, link: &Link) -> Result<String, Fault> {
        let asked = match self.settings.folder.trim_end_matches('/') {
            "" if self.settings.folder.starts_with('/') => "/",
            "" | "~" => ".",
            folder => folder.strip_prefix("~/").unwrap_or(folder),
        };
        match link.wait(link.fs().canonicalize(asked)).await {
            Ok(root) => Ok(root.to_string_lossy().into_owned()),
            Err(Fault::Lost) => Err(Fault::Lost),
            // Not there yet.
            Err(_) if asked.starts_with('/') => Ok(asked.to_owned()),
            Err(_) => {
                let home = link.wait(link.fs().canonicalize(".")).await?;
                Ok(join(&home.to_string_lossy(), asked))
            }
        }
    }

    /// Makes both folders, and takes away what a publication that broke has left.
    async fn make(&self, link: &Arc<Link>, places: &mut Places) -> Result<(), Fault> {
        let state = match places.state.clone() {
            Some(state) => state,
            None => {
                self.make_folder(link, &places.root, FOR_READERS).await?;
                self.make_state(link, &places.root).await?
            }
        };
        let (incoming, shield) = (join(&state, INCOMING), join(&state, SHIELD));
        places.state = Some(state);
        match super::read_folder(link, &incoming).await {
            Ok(entries) => self.clean(link, &incoming, &entries).await?,
            Err(Fault::Missing) => {
                self.make_folder(link, &incoming, FOR_US).await?;
                let temporary = join(&incoming, &self.new_name());
                self.write(link, &temporary, SHIELDED.into(), &shield).await?;
                self.settle(link, &temporary, &shield).await?;
            }
            Err(fault) => return Err(self.explained(link, fault, "use", &incoming).await),
        }
        places.is_ready = true;
        Ok(())
    }

    /// Whether the server can replace a file in one step.
    fn can_write(&self, link: &Link) -> Result<(), Fault> {
        let server = link.sftp();
        if server.support_posix_rename() {
            return Ok(());
        }
        // OpenSSH's server offers nothing that writes when it only lets us read.
        let only_reads = server.support_statvfs() && !server.support_fsync() && !server.support_hardlink();
        Err(match only_reads {
            true => words::denied(&self.settings, "write to", &self.settings.folder).into(),
            false => words::cannot_replace(&self.settings).into(),
        })
    }

    /// A name that no file has.
    fn new_name(&self) -> String {
        let number = getrandom::u64().unwrap_or_else(|_| self.bytes.load(Ordering::Relaxed));
        format!("{number:016x}")
    }

    async fn make_state(&self, link: &Arc<Link>, root: &str) -> Result<String, Fault> {
        if let Some(state) = beside(root)
            && let Some(above) = parent(&state)
            && is_one_disk(link, root, above).await
        {
            match self.make_folder(link, &state, FOR_US).await {
                Ok(()) => return Ok(state),
                Err(Fault::Lost) => return Err(Fault::Lost),
                // Nothing can be made there.
                Err(_) => {}
            }
        }
        let state = join(root, INSIDE);
        self.make_folder(link, &state, FOR_US).await?;
        Ok(state)
    }

    async fn clean(&self, link: &Link, incoming: &str, entries: &[DirEntry]) -> Result<(), Fault> {
        let long_ago = (self.settings.clock)() - LEFT_BEHIND;
        for entry in entries {
            let metadata = entry.metadata();
            let is_old = metadata.modified().is_some_and(|time| i64::from(time.into_raw()) < long_ago);
            if is_old && metadata.file_type().is_some_and(|kind| kind.is_file()) {
                let name = entry.filename().to_string_lossy();
                if let Err(Fault::Lost) = link.wait(link.fs().remove_file(join(incoming, &name))).await {
                    return Err(Fault::Lost);
                }
            }
        }
        Ok(())
    }

    /// Makes a folder, and those that it lies in, where they are missing.
    pub(super) async fn make_folder(&self, link: &Arc<Link>, folder: &str, mode: u16) -> Result<(), Fault> {
        let mut missing = vec![folder];
        for _ in 0..STEPS {
            let Some(next) = missing.last().copied() else { return Ok(()) };
            let mode = if missing.len() == 1 { mode } else { FOR_READERS };
            match (self.make_one(link, next, mode).await, parent(next)) {
                (Ok(()), _) => {
                    missing.pop();
                }
                (Err(Fault::Missing), Some(above)) => missing.push(above),
                (Err(fault), _) => return Err(fault),
            }
        }
        Err(words::failed(&self.settings, "make the folder", folder, &Why::Unknown).into())
    }

    async fn make_one(&self, link: &Arc<Link>, folder: &str, mode: u16) -> Result<(), Fault> {
        let mut fs = link.fs();
        let made = link.wait(fs.dir_builder().permissions(mode.into()).create(folder)).await;
        let fault = match made {
            Ok(()) => {
                // What the server's umask has taken away is given back.
                return match link.wait(fs.set_permissions(folder, mode.into())).await {
                    Err(Fault::Lost) => Err(Fault::Lost),
                    _ => Ok(()),
                };
            }
            Err(fault @ (Fault::Lost | Fault::Missing)) => return Err(fault),
            Err(fault) => fault,
        };
        match link.wait(fs.metadata(folder)).await {
            Ok(metadata) if metadata.file_type().is_none_or(|kind| kind.is_dir()) => Ok(()),
            Ok(_) => Err(words::in_the_way(&self.settings, folder, false).into()),
            Err(Fault::Lost) => Err(Fault::Lost),
            Err(_) => Err(self.explained(link, fault, "make the folder", folder).await),
        }
    }
}

/// The state's folder, if there is one already.
async fn find_state(link: &Link, root: &str) -> Result<Option<String>, Fault> {
    for state in beside(root).into_iter().chain([join(root, INSIDE)]) {
        match link.wait(link.fs().symlink_metadata(&state)).await {
            Ok(metadata) if metadata.file_type().is_some_and(|kind| kind.is_dir()) => return Ok(Some(state)),
            Err(Fault::Lost) => return Err(Fault::Lost),
            Ok(_) | Err(_) => {}
        }
    }
    Ok(None)
}

/// Whether files can be renamed from one folder to the other, as far as the server tells.
async fn is_one_disk(link: &Link, one: &str, other: &str) -> bool {
    let (mut first, mut second) = (link.fs(), link.fs());
    let told = tokio::join!(link.wait(first.statvfs(one)), link.wait(second.statvfs(other)));
    match told {
        (Ok(one), Ok(other)) => (one.fsid, one.blocks, one.files) == (other.fsid, other.blocks, other.files),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_lies_beside_the_site() {
        assert_eq!(beside("/srv/www").as_deref(), Some("/srv/.www.pamphlet"));
        assert_eq!(beside("/www").as_deref(), Some("/.www.pamphlet"));
        assert_eq!(beside("/"), None);
    }

    #[test]
    fn folders_lie_in_folders() {
        assert_eq!((parent("/a/b"), parent("/a"), parent("/"), parent("a")), (Some("/a"), Some("/"), None, None));
        assert_eq!(
            (join("/", "a"), join("", "a"), join("/a", "b/c")),
            ("/a".to_owned(), "a".to_owned(), "/a/b/c".to_owned())
        );
    }
}
