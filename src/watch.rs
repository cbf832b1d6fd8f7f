//! The disk and the time → wakes: something may have changed, look.
//!
//! * An event only wakes; what has changed is found by looking (`source`), which is the truth. So events may come twice,
//!   late or in any order, and none has to be understood.
//! * Where the system does not tell of changes, or tells of no more, somebody has to look twice a second.
//! * A site is watched by its name: what takes the name of its folder, or of one in it, is watched from then on.
//!
//! Not here: the clock; who waits says for how long.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::source::{PLACES, is_passed_over, node_at};

/// How long lies between two looks where nobody tells of changes.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// Who tells that something may have changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    /// The system.
    Events,
    /// Nobody: somebody has to look.
    Looking,
}

/// Why a wait ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wake {
    /// Something may have changed.
    Changed,
    /// The time is over.
    TimeOver,
}

/// Wakes who waits for a change of a site's sources.
pub(crate) struct Watcher {
    /// The site's folder as it was named; another may take that name.
    named: PathBuf,
    /// Where that is now, links resolved.
    root: PathBuf,
    /// `None` where somebody has to look.
    system: Option<RecommendedWatcher>,
    /// Each place that is watched, the site's own folder among them, with what stood there when it was.
    watched: BTreeMap<&'static str, Option<(u64, u64)>>,
    /// The site is away, or a place that is there cannot be watched, so somebody has to look until that is over.
    is_blind: bool,
    /// Links lead to some sources, of whose changes nobody tells.
    has_links: bool,
    signal: Arc<Signal>,
    woken: Receiver<()>,
    note: Option<String>,
}

/// The one bit that an event sets.
struct Signal {
    pending: Arc<AtomicBool>,
    /// Places that are watched and have come, gone or been exchanged: what stands there now may have the number of what
    /// stood there before, and still be watched no longer.
    moved: Mutex<BTreeSet<&'static str>>,
    wake: SyncSender<()>,
}

impl Signal {
    fn set(&self) {
        self.pending.store(true, Ordering::Release);
        // A wake that is waiting to be taken already is enough.
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
    /// Watches the site in `root`, a name that does not depend on where the program is.
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

    /// Has the system tell of changes below the root as it is now.
    fn begin(&mut self) {
        let (signal, root) = (self.signal.clone(), self.root.clone());
        let told = move |event: notify::Result<Event>| {
            // An error means that something was missed: all the more reason to look.
            signal.moved().extend(event.as_ref().map_or_else(|_| places().collect(), |event| moved(event, &root)));
            if event.as_ref().map_or(true, |event| is_of_interest(event, &root)) {
                signal.set();
            }
        };
        // What a link leads to is watched where it lies, if it lies in the site; a link out of it may lead to a whole disk.
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

    /// Watches the folders that have come, or that are others under an old name.
    fn follow(&mut self) {
        let moved = std::mem::take(&mut *self.signal.moved());
        self.is_blind = false;
        for place in places() {
            let (path, mode) = match place {
                "" => (self.root.clone(), RecursiveMode::NonRecursive),
                place => (self.root.join(place), RecursiveMode::Recursive),
            };
            let now = node_at(&path);
            // Nobody tells when a site that is away is back.
            self.is_blind |= place.is_empty() && now.is_none();
            if !moved.contains(place) && self.watched.get(place).copied().flatten() == now {
                continue;
            }
            let Some(system) = &mut self.system else { return };
            // What is gone is watched no longer by itself.
            let _ = system.unwatch(&path);
            let refused = now.and_then(|_| system.watch(&path, mode).err());
            match refused.map(|error| (is_of_system(&error), error)) {
                Some((true, error)) => return self.give_up(&error),
                // Something in it went while it was gone through, or may not be read: the next time, perhaps.
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

    /// Whether the system tells of every change; else only a look does.
    pub(crate) fn is_told(&self) -> bool {
        self.system.is_some() && !self.is_blind && !self.has_links
    }

    /// Takes into account whether links lead to some of the sources.
    pub(crate) fn mind_links(&mut self, has_links: bool) {
        if has_links && !std::mem::replace(&mut self.has_links, has_links) && self.system.is_some() {
            self.note = Some("the site has links to files, so changes are looked for twice a second".to_owned());
        }
        self.has_links = has_links;
    }

    /// What the author should know about how changes are found; told once.
    pub(crate) fn note(&mut self) -> Option<String> {
        self.note.take()
    }

    /// Set as soon as something may have changed since the last wait: what is under way is no longer wanted.
    pub(crate) fn pending(&self) -> Arc<AtomicBool> {
        self.signal.pending.clone()
    }

    /// Wakes whoever waits, from any thread, as a change does.
    pub(crate) fn waker(&self) -> impl Fn() + Send + 'static {
        let signal = self.signal.clone();
        move || signal.set()
    }

    /// Waits until something may have changed, or for `limit`; where no system tells, something always may have.
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
            // Nobody knows.
            Err(_) if until_look.is_some() => Wake::Changed,
            Err(_) => Wake::TimeOver,
        };
        // Before the look that follows, so that what changes during it wakes the next time.
        self.signal.pending.store(false, Ordering::Release);
        // The site's folder itself may be another, of which nobody tells.
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

/// Where `root` is, links resolved; as it is named while it is not there.
fn resolved(root: &Path) -> PathBuf {
    root.canonicalize().unwrap_or_else(|_| root.to_owned())
}

/// Whether it is the system as a whole that does not watch, not one folder.
fn is_of_system(error: &notify::Error) -> bool {
    use std::io::ErrorKind::{NotFound, PermissionDenied};
    match &error.kind {
        notify::ErrorKind::PathNotFound | notify::ErrorKind::WatchNotFound => false,
        notify::ErrorKind::Io(error) => !matches!(error.kind(), NotFound | PermissionDenied),
        _ => true,
    }
}

/// The watched places that an event says to have come, gone or been exchanged themselves.
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

/// Whether an event may be of a change to the sources. Some systems tell of every reading too; and what programs write
/// aside, under hidden names, is no source.
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
