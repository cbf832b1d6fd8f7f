//! The disk and the clock → wake-ups: something may have changed, so look.
//!
//! * An event only wakes; looking (`source`) finds out what has changed. So events may come twice, late or in any order,
//!   and none has to be understood.
//! * Where the system does not report changes, or stops reporting them, the site has to be looked at twice a second.
//! * A site is watched by its name: if another folder takes the name of the site's folder, or of one in it, that one is
//!   watched from then on.
//!
//! Not here: the clock; the caller says how long to wait.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::source::{PLACES, is_passed_over, node_at};

/// The time between two looks where changes are not reported.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// What reports that something may have changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    /// The system.
    Events,
    /// Nothing: the site has to be looked at.
    Looking,
}

/// Why a wait ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wake {
    /// Something may have changed.
    Changed,
    /// The time is up.
    TimeOver,
}

/// Wakes a thread that waits for the site's sources to change.
pub(crate) struct Watcher {
    /// The site's folder as it was named; another folder may take that name.
    named: PathBuf,
    /// Where that is now, links resolved.
    root: PathBuf,
    /// `None` where the site has to be looked at.
    system: Option<RecommendedWatcher>,
    /// Each watched place, including the site's own folder, with what was there when the watch began.
    watched: BTreeMap<&'static str, Option<(u64, u64)>>,
    /// The site is away, or an existing place cannot be watched, so the site has to be looked at until that is over.
    is_blind: bool,
    /// Some sources are reached through links; changes to those are not reported.
    has_links: bool,
    signal: Arc<Signal>,
    woken: Receiver<()>,
    note: Option<String>,
}

/// The one bit that an event sets.
struct Signal {
    pending: Arc<AtomicBool>,
    /// Watched places that have come, gone or been replaced: what is there now may have the inode number of what was
    /// there before, and yet no longer be watched.
    moved: Mutex<BTreeSet<&'static str>>,
    wake: SyncSender<()>,
}

impl Signal {
    fn set(&self) {
        self.pending.store(true, Ordering::Release);
        // One wake-up waiting to be taken is enough.
        let _ = self.wake.try_send(());
    }

    fn moved(&self) -> MutexGuard<'_, BTreeSet<&'static str>> {
        self.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Everything that is watched: the site's own folder, and the places in it.
fn places() -> impl Iterator<Item = &'static str> {
    std::iter::once("").chain(PLACES.iter().copied())
}

impl Watcher {
    /// Watches the site in `root`, which must not depend on the current directory.
    pub(crate) fn new(root: &Path, source: Source) -> Self {
        let (wake, woken) = sync_channel(1);
        let signal = Arc::new(Signal { pending: Arc::default(), moved: Mutex::default(), wake });
        let mut watcher = Self {
            named: root.to_owned(),
            root: resolved(root),
            system: None,
            watched: BTreeMap::new(),
            is_blind: false,
            has_links: false,
            signal,
            woken,
            note: None,
        };
        match source {
            Source::Events => watcher.begin(),
            Source::Looking => watcher.note = Some("changes are looked for twice a second".to_owned()),
        }
        watcher
    }

    /// Asks the system to report changes below the root as it is now.
    fn begin(&mut self) {
        let (signal, root) = (self.signal.clone(), self.root.clone());
        let told = move |event: notify::Result<Event>| {
            // An error means that something was missed: all the more reason to look.
            signal.moved().extend(event.as_ref().map_or_else(|_| places().collect(), |event| moved(event, &root)));
            if event.as_ref().map_or(true, |event| is_of_interest(event, &root)) {
                signal.set();
            }
        };
        // The target of a link is watched where it is, if that is in the site; a link out of the site may lead to a whole disk.
        let config = notify::Config::default().with_follow_symlinks(false);
        self.watched.clear();
        match RecommendedWatcher::new(told, config) {
            Ok(system) => {
                self.system = Some(system);
                self.follow();
            }
            Err(error) => self.give_up(&error),
        }
    }

    /// Watches folders that are new, or that have replaced another under the same name.
    fn follow(&mut self) {
        let moved = std::mem::take(&mut *self.signal.moved());
        self.is_blind = false;
        for place in places() {
            let (path, mode) = match place {
                "" => (self.root.clone(), RecursiveMode::NonRecursive),
                place => (self.root.join(place), RecursiveMode::Recursive),
            };
            let now = node_at(&path);
            // Nothing reports the return of a site that is away.
            self.is_blind |= place.is_empty() && now.is_none();
            if !moved.contains(place) && self.watched.get(place).copied().flatten() == now {
                continue;
            }
            let Some(system) = &mut self.system else { return };
            // The system stops watching a deleted folder on its own.
            let _ = system.unwatch(&path);
            let refused = now.and_then(|_| system.watch(&path, mode).err());
            match refused.map(|error| (is_of_system(&error), error)) {
                Some((true, error)) => return self.give_up(&error),
                // Something in it went while it was being walked, or may not be read: perhaps it works next time.
                Some((false, _)) if node_at(&path).is_some() => {
                    self.is_blind = true;
                    self.watched.remove(place);
                }
                _ => drop(self.watched.insert(place, now)),
            }
        }
    }

    fn give_up(&mut self, error: &notify::Error) {
        self.system = None;
        let why = match error.kind {
            notify::ErrorKind::MaxFilesWatch => "the site has more folders than this system lets one program watch",
            _ => "this system does not tell of changes here",
        };
        self.note = Some(format!("{why}, so they are looked for twice a second"));
    }

    /// Whether the system reports every change; if not, only looking finds them.
    pub(crate) fn is_told(&self) -> bool {
        self.system.is_some() && !self.is_blind && !self.has_links
    }

    /// Takes note of whether some sources are reached through links.
    pub(crate) fn mind_links(&mut self, has_links: bool) {
        if has_links && !std::mem::replace(&mut self.has_links, has_links) && self.system.is_some() {
            self.note = Some("the site has links to files, so changes are looked for twice a second".to_owned());
        }
        self.has_links = has_links;
    }

    /// What the author should know about how changes are found; returned once.
    pub(crate) fn note(&mut self) -> Option<String> {
        self.note.take()
    }

    /// Set as soon as something may have changed since the last wait: work in progress is then no longer wanted.
    pub(crate) fn pending(&self) -> Arc<AtomicBool> {
        self.signal.pending.clone()
    }

    /// Wakes a waiting thread as a change does, from any thread.
    pub(crate) fn waker(&self) -> impl Fn() + Send + 'static {
        let signal = self.signal.clone();
        move || signal.set()
    }

    /// Waits until something may have changed, or for `limit`; where the system reports nothing, something always may have.
    pub(crate) fn wait(&mut self, limit: Option<Duration>) -> Wake {
        let until_look = (!self.is_told()).then_some(BETWEEN_LOOKS);
        let wait = match (limit, until_look) {
            (Some(limit), Some(look)) => Some(limit.min(look)),
            (limit, look) => limit.or(look),
        };
        let woken = match wait {
            Some(wait) => self.woken.recv_timeout(wait),
            // The sender lives in `self`, so it is never gone.
            None => self.woken.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let wake = match woken {
            Ok(()) => Wake::Changed,
            // It is not known.
            Err(_) if until_look.is_some() => Wake::Changed,
            Err(_) => Wake::TimeOver,
        };
        // Cleared before the look that follows, so that a change during that look wakes the next wait.
        self.signal.pending.store(false, Ordering::Release);
        // The site's folder itself may have been replaced, which nothing reports.
        let root = resolved(&self.named);
        if self.system.is_some() && root != self.root {
            self.root = root;
            self.begin();
        } else {
            self.follow();
        }
        wake
    }
}

/// Where `root` is, links resolved; as it is named if it is not there.
fn resolved(root: &Path) -> PathBuf {
    root.canonicalize().unwrap_or_else(|_| root.to_owned())
}

/// Whether the system as a whole refuses to watch, not just one folder.
fn is_of_system(error: &notify::Error) -> bool {
    use std::io::ErrorKind::{NotFound, PermissionDenied};
    match &error.kind {
        notify::ErrorKind::PathNotFound | notify::ErrorKind::WatchNotFound => false,
        notify::ErrorKind::Io(error) => !matches!(error.kind(), NotFound | PermissionDenied),
        _ => true,
    }
}

/// The watched places that, according to an event, have themselves come, gone or been replaced.
fn moved(event: &Event, root: &Path) -> BTreeSet<&'static str> {
    use notify::event::ModifyKind;
    if event.need_rescan() {
        return places().collect();
    }
    let is_move =
        matches!(event.kind, EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
    let below = event.paths.iter().filter(|_| is_move).filter_map(|path| path.strip_prefix(root).ok());
    below.filter_map(|below| places().find(|place| Path::new(place) == below)).collect()
}

/// Whether an event may be about a change to the sources. Some systems report reads too; and files that programs write
/// aside under hidden names are no sources.
fn is_of_interest(event: &Event, root: &Path) -> bool {
    if matches!(event.kind, EventKind::Access(_)) {
        return false;
    }
    let is_source = |path: &PathBuf| {
        let Ok(below) = path.strip_prefix(root) else { return true };
        let mut names = below.components().map(|part| part.as_os_str().to_string_lossy());
        let Some(place) = names.next() else { return true };
        PLACES.contains(&&*place) && !names.any(|name| is_passed_over(&place, &name))
    };
    event.need_rescan() || event.paths.is_empty() || event.paths.iter().any(is_source)
}
