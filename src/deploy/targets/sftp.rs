//! A folder on a server, over SFTP: the system's `ssh` makes the connection, so that its keys, agent, known hosts and settings
//! count, and it asks for what it needs itself.
//!
//! A file is written under a new name in the state area, then renamed over the one that readers see.

mod link;
mod places;
mod transfer;
mod words;
#[cfg(all(test, unix))]
mod tests;

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use futures_core::Stream as _;
use openssh_sftp_client::Error;
use openssh_sftp_client::fs::DirEntry;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use self::link::{Fault, Link};
use self::places::{INCOMING, Places, SHIELD};
use self::words::Why;
use super::Clock;
use crate::deploy::target::{About, Area, Lying, Problem, ProblemKind, Spent, Target};

/// How many operations run at once: each waits for a few answers, one after another.
const AT_ONCE: usize = 32;

/// How many folders are read, or files removed, at once.
const TOGETHER: usize = 32;

/// About so many names come with one answer.
const NAMES: u64 = 100;

/// What it takes to reach a folder on a server.
pub(crate) struct SftpSettings {
    /// The program that connects and its options; `ssh` if empty.
    pub(crate) ssh: Vec<String>,
    /// The account; without it, the one that ssh's settings name.
    pub(crate) user: Option<String>,
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
    /// The folder of the site: absolute, or from the account's own folder; `~/` is understood.
    pub(crate) folder: String,
    /// Whether somebody sits at a terminal, so that ssh may ask for a passphrase.
    pub(crate) may_ask: bool,
    pub(crate) clock: Clock,
}

impl SftpSettings {
    /// As ssh wants it.
    fn whom(&self) -> String {
        match &self.user {
            Some(user) => format!("{user}@{}", self.host),
            None => self.host.clone(),
        }
    }
}

/// A folder on a server.
pub(crate) struct Sftp {
    settings: SftpSettings,
    connection: tokio::sync::Mutex<Connection>,
    places: tokio::sync::Mutex<Option<Places>>,
    /// The site's folder, once it is known.
    root: OnceLock<String>,
    /// How far the server's clock is ahead of ours, in seconds; the least number while it has not told.
    ahead: AtomicI64,
    /// Whether new files need to be given their mode; `None` while that is not known.
    needs_mode: OnceLock<bool>,
    requests: Arc<AtomicU64>,
    bytes: AtomicU64,
    /// Dropped last: what is above may still have something to end.
    runtime: Runtime,
}

/// The connection that operations share.
struct Connection {
    /// How many have been made.
    made: u64,
    is: Is,
}

enum Is {
    NotYet,
    Up(Arc<Link>),
    /// The one with this number broke, and there was no other to be had.
    Down(u64, Problem),
}

impl Sftp {
    /// Gets ready to talk to a server; asks it nothing yet. A `Problem` if the settings name none.
    pub(crate) fn new(settings: SftpSettings) -> Result<Self, Problem> {
        let odd = |part: &str| part.starts_with('-') || part.contains(|c: char| c.is_whitespace() || c.is_control());
        if settings.host.is_empty() || odd(&settings.host) || settings.user.as_deref().is_some_and(odd) {
            return Err(Problem::new(
                ProblemKind::Other,
                format!("the address names no server: `{}`", settings.whom()),
                "write it as `sftp://name@host/folder`",
            ));
        }
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(|error| {
            Problem::new(
                ProblemKind::Other,
                format!("a thread could not be started: {error}"),
                "close other programs and try again",
            )
        })?;
        Ok(Self {
            settings,
            connection: tokio::sync::Mutex::new(Connection { made: 0, is: Is::NotYet }),
            places: tokio::sync::Mutex::new(None),
            root: OnceLock::new(),
            ahead: AtomicI64::new(i64::MIN),
            needs_mode: OnceLock::new(),
            requests: Arc::new(AtomicU64::new(0)),
            bytes: AtomicU64::new(0),
            runtime,
        })
    }

    /// Does something over the connection; if that breaks, once more over a new one. What is done twice is as if done once.
    fn run<T>(&self, operation: impl AsyncFn(&Arc<Link>) -> Result<T, Fault>) -> Result<T, Problem> {
        self.runtime.block_on(async {
            let mut broken = None;
            loop {
                let link = self.link(broken).await?;
                match (operation(&link).await, broken) {
                    (Ok(done), _) => return Ok(done),
                    (Err(Fault::Problem(problem)), _) => return Err(problem),
                    (Err(Fault::Lost), None) => broken = Some(link.number),
                    (Err(Fault::Lost), Some(_)) => return Err(words::broken(&self.settings, &link.last_words().await)),
                    (Err(Fault::Denied), _) => return Err(words::denied(&self.settings, "use", &self.settings.folder)),
                    (Err(Fault::Missing | Fault::Failed | Fault::Unable), _) => {
                        return Err(words::failed(&self.settings, "use", &self.settings.folder, &Why::Unknown));
                    }
                }
            }
        })
    }

    /// The connection, made if there is none, or if the last one is the one that is known to be broken.
    async fn link(&self, broken: Option<u64>) -> Result<Arc<Link>, Problem> {
        let mut connection = self.connection.lock().await;
        match &connection.is {
            Is::Up(link) if Some(link.number) != broken => return Ok(Arc::clone(link)),
            // Many operations break together: one tries, the others hear what came of it.
            Is::Down(number, problem) if Some(*number) == broken => return Err(problem.clone()),
            _ => {}
        }
        connection.made += 1;
        let number = connection.made;
        let made = Link::new(&self.settings, number, Arc::clone(&self.requests)).await;
        match made {
            Ok(link) => {
                let link = Arc::new(link);
                connection.is = Is::Up(Arc::clone(&link));
                Ok(link)
            }
            Err(problem) => {
                connection.is = broken.map_or(Is::NotYet, |number| Is::Down(number, problem.clone()));
                Err(problem)
            }
        }
    }

    /// Says why something could not be done, unless the connection is gone.
    async fn explained(&self, link: &Link, fault: Fault, doing: &str, path: &str) -> Fault {
        match fault {
            Fault::Lost | Fault::Problem(_) => fault,
            Fault::Denied => words::denied(&self.settings, doing, path).into(),
            Fault::Missing | Fault::Failed | Fault::Unable => {
                let why = if self.is_full(link).await { Why::NoRoom } else { Why::Unknown };
                words::failed(&self.settings, doing, path, &why).into()
            }
        }
    }

    /// Whether the server's disk has no room at all; a share of it that is used up does not show.
    async fn is_full(&self, link: &Link) -> bool {
        let Some(root) = self.root.get() else { return false };
        match link.wait(link.fs().statvfs(root)).await {
            Ok(disk) => disk.bavail == 0 || disk.files > 0 && disk.favail == 0,
            Err(_) => false,
        }
    }

    /// The files below a folder, by path from the area; nothing if there is no such folder.
    async fn walk(&self, link: &Arc<Link>, base: String, area: Area, below: &str) -> Result<Vec<Lying>, Fault> {
        let start = below.rfind('/').map_or("", |end| &below[..end]);
        let (mut found, mut waiting, mut reading) = (Vec::new(), vec![start.to_owned()], JoinSet::new());
        loop {
            while reading.len() < TOGETHER
                && let Some(folder) = waiting.pop()
            {
                let at = places::join(&base, &folder);
                let link = Arc::clone(link);
                reading.spawn(async move { (read_folder(&link, &at).await, folder) });
            }
            let Some(read) = reading.join_next().await else { break };
            let (entries, folder) = read.map_err(|_| Fault::Lost)?;
            let entries = match entries {
                Ok(entries) => entries,
                Err(Fault::Missing) => continue,
                // What we may not read is not ours: it is listed as it is, so that it is named and left alone.
                Err(Fault::Denied) if folder != start => {
                    found.push(Lying { path: folder, size: 0, written: 0 });
                    continue;
                }
                Err(fault) => return Err(self.explained(link, fault, "list", &places::join(&base, &folder)).await),
            };
            for entry in entries {
                let name = entry.filename().to_string_lossy();
                if name == "." || name == ".." || folder.is_empty() && is_hidden(area, &name) {
                    continue;
                }
                let path = places::join(&folder, &name);
                let metadata = entry.metadata();
                if metadata.file_type().is_some_and(|kind| kind.is_dir()) {
                    if path.starts_with(below) || format!("{path}/").starts_with(below) {
                        waiting.push(path);
                    }
                } else if path.starts_with(below) {
                    let written = metadata.modified().map_or(0, |time| i64::from(time.into_raw()));
                    found.push(Lying { path, size: metadata.len().unwrap_or(0), written });
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// Removes files, then the folders that became empty, up to but without `base`.
    async fn clear(&self, link: &Arc<Link>, base: &str, paths: &[&str]) -> Result<(), Fault> {
        let mut removing = JoinSet::new();
        let mut waiting = paths.iter();
        loop {
            while removing.len() < TOGETHER
                && let Some(path) = waiting.next()
            {
                let (at, link) = (places::join(base, path), Arc::clone(link));
                removing.spawn(async move { (link.wait(link.fs().remove_file(&at)).await, at) });
            }
            let Some(removed) = removing.join_next().await else { break };
            match removed.map_err(|_| Fault::Lost)? {
                (Ok(()) | Err(Fault::Missing), _) => {}
                (Err(fault), at) => {
                    if let Ok(metadata) = link.wait(link.fs().symlink_metadata(&at)).await
                        && metadata.file_type().is_some_and(|kind| kind.is_dir())
                    {
                        return Err(words::in_the_way(&self.settings, &at, true).into());
                    }
                    return Err(self.explained(link, fault, "remove", &at).await);
                }
            }
        }
        // The deepest first: a folder whose last one goes may be empty then.
        let mut folders: BTreeSet<(usize, &str)> = paths.iter().filter_map(|path| above(path)).collect();
        while let Some((_, folder)) = folders.pop_last() {
            match link.wait(link.fs().remove_dir(places::join(base, folder))).await {
                Ok(()) | Err(Fault::Missing) => folders.extend(above(folder)),
                Err(Fault::Lost) => return Err(Fault::Lost),
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn note_clock(&self, written: i64) {
        self.ahead.store(written - (self.settings.clock)(), Ordering::Relaxed);
    }
}

/// The folder that a path is in, and how deep it lies; none for what lies at the top.
fn above(path: &str) -> Option<(usize, &str)> {
    let folder = &path[..path.rfind('/')?];
    Some((folder.matches('/').count(), folder))
}

/// What the program itself keeps at the top of an area.
fn is_hidden(area: Area, name: &str) -> bool {
    match area {
        Area::Site => name == places::INSIDE,
        Area::State => name == INCOMING || name == SHIELD,
    }
}

async fn read_folder(link: &Link, folder: &str) -> Result<Vec<DirEntry>, Fault> {
    let opened = link.wait(link.fs().open_dir(folder)).await?;
    let entries = link
        .wait(async {
            let (mut stream, mut entries) = (pin!(opened.read_dir()), Vec::new());
            while let Some(entry) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
                entries.push(entry?);
            }
            Ok::<_, Error>(entries)
        })
        .await?;
    // The end of the names has an answer of its own, and the folder is closed.
    link.count(2 + entries.len() as u64 / NAMES);
    Ok(entries)
}

impl Target for Sftp {
    fn list(&self, area: Area, below: &str) -> Result<Vec<Lying>, Problem> {
        self.run(async |link| match self.places(link, false).await?.base(area) {
            Some(base) => self.walk(link, base.to_owned(), area, below).await,
            None => Ok(Vec::new()),
        })
    }

    fn get(&self, area: Area, path: &str) -> Result<Option<Vec<u8>>, Problem> {
        self.run(async |link| match self.places(link, false).await?.path(area, path) {
            Some(at) => self.read(link, &at).await,
            None => Ok(None),
        })
    }

    fn put(&self, area: Area, path: &str, bytes: &[u8], _: &About) -> Result<(), Problem> {
        let bytes = bytes::Bytes::copy_from_slice(bytes);
        self.run(async |link| {
            let (to, temporary) = self.for_writing(link, area, path).await?;
            self.write(link, &temporary, bytes.clone(), &to).await?;
            self.settle(link, &temporary, &to).await
        })
    }

    fn copy(&self, from: (Area, &str), to: (Area, &str)) -> Result<bool, Problem> {
        self.run(async |link| {
            let Some(from) = self.places(link, false).await?.path(from.0, from.1) else { return Ok(false) };
            let (to, temporary) = self.for_writing(link, to.0, to.1).await?;
            self.double(link, &from, &temporary, &to).await
        })
    }

    fn remove(&self, area: Area, paths: &[&str]) -> Result<(), Problem> {
        if paths.is_empty() {
            return Ok(());
        }
        self.run(async |link| match self.places(link, false).await?.base(area) {
            Some(base) => self.clear(link, base, paths).await,
            None => Ok(()),
        })
    }

    fn has_folders(&self) -> bool {
        true
    }
    fn lists_at_once(&self, _: usize) -> bool {
        false
    }
    fn keeps_headers(&self) -> bool {
        false
    }

    fn clock_ahead(&self, now: i64) -> Option<i64> {
        let ahead = Some(self.ahead.load(Ordering::Relaxed)).filter(|ahead| *ahead != i64::MIN)?;
        Some((self.settings.clock)() + ahead - now)
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn spent(&self) -> Spent {
        Spent { requests: self.requests.load(Ordering::Relaxed), bytes: self.bytes.load(Ordering::Relaxed) }
    }
}
