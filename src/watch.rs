//! The disk and the time → wakes: something may have changed, look.
//!
//! * An event only wakes; what has changed is found by looking (`source`), which is the truth. So events may come twice,
//!   late or in any order, and none has to be understood.
//! * Where the system does not tell of changes, or tells of no more, somebody has to look twice a second.
//!
//! Not here: the clock; who waits says for how long.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::source::{PLACES, node_at};

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
    root: PathBuf,
    /// `None` where somebody has to look.
    system: Option<RecommendedWatcher>,
    /// Each place that is watched, the site's own folder among them, with what stood there when it was.
    watched: BTreeMap<&'static str, Option<(u64, u64)>>,
    signal: Arc<Signal>,
    woken: Receiver<()>,
    note: Option<String>,
}

/// The one bit that an event sets.
struct Signal {
    pending: Arc<AtomicBool>,
    /// A place that is watched has come, gone or been exchanged: what stands there now may have the number of what stood
    /// there before, and still be watched no longer.
    moved: AtomicBool,
    wake: SyncSender<()>,
}

impl Signal {
    fn set(&self) {
        self.pending.store(true, Ordering::Release);
        // A wake that is waiting to be taken already is enough.
        let _ = self.wake.try_send(());
    }
}

impl Watcher {
    /// Watches the site in `root`.
    pub(crate) fn new(root: &Path, source: Source) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let (wake, woken) = sync_channel(1);
        let signal =
            Arc::new(Signal { pending: Arc::new(AtomicBool::new(false)), moved: AtomicBool::new(false), wake });
        let mut watcher = Self { root, system: None, watched: BTreeMap::new(), signal, woken, note: None };
        match source {
            Source::Events => watcher.begin(),
            Source::Looking => watcher.note = Some("changes are looked for twice a second".to_owned()),
        }
        watcher
    }

    fn begin(&mut self) {
        let (signal, root) = (self.signal.clone(), self.root.clone());
        let told = move |event: notify::Result<Event>| {
            // An error means that something was missed: all the more reason to look.
            if event.as_ref().map_or(true, |event| is_of_place(event, &root)) {
                signal.moved.store(true, Ordering::Release);
            }
            if event.as_ref().map_or(true, |event| is_of_interest(event, &root)) {
                signal.set();
            }
        };
        // What a link leads to is watched where it lies, if it lies in the site; a link out of it may lead to a whole disk.
        let config = notify::Config::default().with_follow_symlinks(false);
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
        let moved = self.signal.moved.swap(false, Ordering::AcqRel);
        for place in std::iter::once(&"").chain(PLACES) {
            let (path, mode) = match *place {
                "" => (self.root.clone(), RecursiveMode::NonRecursive),
                place => (self.root.join(place), RecursiveMode::Recursive),
            };
            let now = node_at(&path);
            if !moved && self.watched.get(place).copied().flatten() == now {
                continue;
            }
            let Some(system) = &mut self.system else { return };
            // What is gone is watched no longer by itself.
            let _ = system.unwatch(&path);
            if now.is_some()
                && let Err(error) = system.watch(&path, mode)
                && node_at(&path).is_some()
            {
                self.give_up(&error);
                return;
            }
            self.watched.insert(place, now);
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

    /// What the author should know about how changes are found; told once.
    pub(crate) fn note(&mut self) -> Option<String> {
        self.note.take()
    }

    /// Set as soon as something may have changed since the last wait: what is under way is no longer wanted.
    pub(crate) fn pending(&self) -> Arc<AtomicBool> {
        self.signal.pending.clone()
    }

    /// Waits until something may have changed, or for `limit`.
    pub(crate) fn wait(&mut self, limit: Option<Duration>) -> Wake {
        let until_look = self.system.is_none().then_some(BETWEEN_LOOKS);
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
            Err(_) if until_look.is_some() && limit.is_none_or(|limit| limit >= BETWEEN_LOOKS) => Wake::Changed,
            Err(_) => Wake::TimeOver,
        };
        // Before the look that follows, so that what changes during it wakes the next time.
        self.signal.pending.store(false, Ordering::Release);
        // The site's folder itself may be another, of which nobody tells.
        self.follow();
        wake
    }
}

/// Whether an event is of a watched place itself, not of what lies in it.
fn is_of_place(event: &Event, root: &Path) -> bool {
    let is_place = |path: &PathBuf| {
        path.strip_prefix(root).is_ok_and(|below| {
            let below = below.to_string_lossy();
            below.is_empty() || PLACES.contains(&&*below)
        })
    };
    use notify::event::ModifyKind;
    let is_move =
        matches!(event.kind, EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
    event.need_rescan() || is_move && event.paths.iter().any(is_place)
}

/// Whether an event may be of a change to the sources. Some systems tell of every reading too.
fn is_of_interest(event: &Event, root: &Path) -> bool {
    if matches!(event.kind, EventKind::Access(_)) {
        return false;
    }
    let is_source = |path: &PathBuf| {
        let Ok(below) = path.strip_prefix(root) else { return true };
        let first = below.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
        first.is_none_or(|first| PLACES.contains(&first.as_str()))
    };
    event.need_rescan() || event.paths.is_empty() || event.paths.iter().any(is_source)
}
