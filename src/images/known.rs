//! What has been found out about images → not found out again.
//!
//! * Facts are kept by path and stamp, so that a look at a folder in which no image changed reads none; between two runs, by
//!   the hash of both, so that a build with a thousand photographs reads only the new ones.
//! * What is expensive to make is kept on a [`BlobCache`], by the hash of everything it is made from.
//!
//! Neither ever changes a byte: without a memory or a cache, the result is the same.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::bare::bare_as_held;
use super::encode::{self, Picture};
use super::facts::{self, Image, Unfit};
use super::room::{Room, Weight};
use super::variants::Variant;
use crate::path::SitePath;
use crate::source::{SourceFile, Stamp, Tree, reason};

/// Where finished images are kept from one run to the next.
pub(crate) trait BlobCache: Send + Sync {
    /// Whether there is something under a key, as far as can be told without reading it.
    fn has(&self, key: &[u8; 32]) -> bool;
    /// What is kept under a key, whole, or nothing.
    fn get(&self, key: &[u8; 32]) -> Option<Vec<u8>>;
    /// The facts that an earlier run kept, by the hash of a path and a stamp.
    fn facts(&self) -> Vec<([u8; 32], Box<str>)>;
    /// Keeps these facts in place of the earlier ones.
    fn keep_facts(&self, facts: &[([u8; 32], Box<str>)]);
    /// Keeps something; failing to is not a fault.
    fn put(&self, key: &[u8; 32], bytes: &[u8]);
}

/// What was found in a file.
type Facts = Result<Arc<Image>, Unfit>;

/// What is known about the images of a site.
#[derive(Default)]
pub(crate) struct ImageMemory {
    facts: Mutex<BTreeMap<SitePath, (Stamp, Facts)>>,
    shelf: Option<Arc<dyn BlobCache>>,
    /// What an earlier run knew.
    earlier: OnceLock<BTreeMap<[u8; 32], Image>>,
    /// The pictures decoded last, at most one per core: the next file asked for is usually made from the same picture.
    unpacked: Mutex<Vec<Unpacked>>,
    /// What they and those being decoded take.
    room: Room,
    /// Images whose whole picture has been read, and with what result.
    sound: Mutex<BTreeMap<[u8; 32], Result<(), Unfit>>>,
}

struct Unpacked {
    source: [u8; 32],
    picture: Slot,
}

/// A picture, with the room it takes, or why it cannot be read.
type Slot = Arc<OnceLock<Result<(Picture, Weight), Unfit>>>;

impl fmt::Debug for ImageMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").finish_non_exhaustive()
    }
}

/// The key of a file as it is on the disk.
fn key(path: &SitePath, stamp: Stamp) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(path.as_str().as_bytes()).update(format!("\n{stamp:?}").as_bytes());
    *hasher.finalize().as_bytes()
}

/// A thread that panicked cannot have left a list half-changed.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ImageMemory {
    /// Nothing known yet; finished images are kept in `shelf`.
    pub(crate) fn with_shelf(shelf: Arc<dyn BlobCache>) -> Self {
        Self { shelf: Some(shelf), ..Self::default() }
    }

    /// The facts of the image in `file`.
    pub(crate) fn look(&self, tree: &Tree, file: &SourceFile) -> Facts {
        let stamp = file.stamp.filter(|_| tree.is_settled(file));
        if let Some(stamp) = stamp
            && let Some((known, facts)) = lock(&self.facts).get(&file.path)
            && *known == stamp
        {
            return facts.clone();
        }
        let facts = match stamp.and_then(|stamp| self.earlier().get(&key(&file.path, stamp)).cloned()) {
            Some(known) => Ok(Arc::new(known)),
            None => {
                let bytes = tree.bytes(file).map_err(|error| Unfit::Refused(reason(&error)))?;
                facts::facts(&bytes).map(Arc::new)
            }
        };
        if let Some(stamp) = stamp {
            lock(&self.facts).insert(file.path.clone(), (stamp, facts.clone()));
        }
        facts
    }

    fn earlier(&self) -> &BTreeMap<[u8; 32], Image> {
        self.earlier.get_or_init(|| {
            let kept = self.shelf.as_ref().map(|shelf| shelf.facts()).unwrap_or_default();
            kept.into_iter().filter_map(|(key, line)| Some((key, Image::parse(&line)?))).collect()
        })
    }

    /// Keeps what is known for the next run, if there is something new.
    pub(crate) fn keep_facts(&self) {
        let Some(shelf) = &self.shelf else { return };
        let facts = lock(&self.facts);
        let lines: BTreeMap<[u8; 32], String> = facts
            .iter()
            .filter_map(|(path, (stamp, facts))| Some((key(path, *stamp), facts.as_ref().ok()?.line())))
            .collect();
        if lines.keys().any(|key| !self.earlier().contains_key(key)) {
            shelf.keep_facts(&lines.into_iter().map(|(key, line)| (key, line.into())).collect::<Vec<_>>());
        }
    }

    /// What is kept under `key`, else the result of `make`, which is then kept.
    pub(crate) fn kept<E>(&self, key: &[u8; 32], make: impl FnOnce() -> Result<Vec<u8>, E>) -> Result<Vec<u8>, E> {
        if let Some(bytes) = self.shelf.as_ref().and_then(|shelf| shelf.get(key)) {
            return Ok(bytes);
        }
        let bytes = make()?;
        if let Some(shelf) = &self.shelf {
            shelf.put(key, &bytes);
        }
        Ok(bytes)
    }

    /// The bytes of `variant`.
    pub(crate) fn bytes(&self, tree: &Tree, variant: &Variant) -> Result<Vec<u8>, Unfit> {
        self.kept(&variant.key(), || {
            // On the threads that render, wherever the request comes from: so no more pictures are decoded at a time than
            // there are cores.
            let mut made = Err(Unfit::Damaged);
            rayon::scope(|_| made = self.with_picture(tree, variant, |picture| encode::encode(picture, variant)));
            made
        })
    }

    /// The picture in `file`, whose bytes have the hash `source`, without what is beside it.
    pub(crate) fn bare(&self, tree: &Tree, file: &SitePath, source: &[u8; 32]) -> Result<Vec<u8>, Unfit> {
        let file = tree.get(file).ok_or(Unfit::Changed)?;
        let bytes = tree.bytes(file).map_err(|error| Unfit::Refused(reason(&error)))?;
        if blake3::hash(&bytes) != *source {
            return Err(Unfit::Changed);
        }
        bare_as_held(&bytes)
    }

    /// The bytes of `file` without what is beside the picture; `None` if it is no picture, whatever its name.
    pub(crate) fn bare_file(&self, tree: &Tree, file: &SitePath) -> Result<Option<Vec<u8>>, Unfit> {
        let file = tree.get(file).ok_or(Unfit::Changed)?;
        let bytes = tree.bytes(file).map_err(|error| Unfit::Refused(reason(&error)))?;
        facts::format(&bytes).map(|_| bare_as_held(&bytes)).transpose()
    }

    /// Whether the bytes of `variant` can be made; makes them only if there is no other way to tell.
    pub(crate) fn prove(&self, tree: &Tree, variant: &Variant) -> Result<(), Unfit> {
        if let Some(known) = lock(&self.sound).get(&variant.source) {
            return known.clone();
        }
        let proven = match self.shelf.as_ref().is_some_and(|shelf| shelf.has(&variant.key())) {
            true => Ok(()),
            false => {
                let mut read = Ok(());
                rayon::scope(|_| read = self.with_picture(tree, variant, |_| Ok(())));
                read
            }
        };
        if proven != Err(Unfit::Changed) {
            lock(&self.sound).insert(variant.source, proven.clone());
        }
        proven
    }

    /// Drops the pictures held for the next file.
    pub(crate) fn let_go(&self) {
        lock(&self.unpacked).clear();
    }

    fn with_picture<T>(
        &self,
        tree: &Tree,
        variant: &Variant,
        make: impl FnOnce(&Picture) -> Result<T, Unfit>,
    ) -> Result<T, Unfit> {
        let slot = self.slot(&variant.source);
        let picture = slot.get_or_init(|| {
            let file = tree.get(&variant.file).ok_or(Unfit::Changed)?;
            let bytes = tree.bytes(file).map_err(|error| Unfit::Refused(reason(&error)))?;
            // No other picture may be published under this one's name.
            if *blake3::hash(&bytes).as_bytes() != variant.source {
                return Err(Unfit::Changed);
            }
            let (most, kept) = encode::weight(&bytes)?;
            let mut weight = self.room.take(most, || self.make_room());
            let picture = encode::unpack(&bytes)?;
            weight.shrink(kept);
            Ok((picture, weight))
        });
        let made = picture.as_ref().map_err(Clone::clone).and_then(|(picture, _)| make(picture));
        if picture.is_err() {
            lock(&self.unpacked).retain(|held| held.source != variant.source);
        }
        made
    }

    /// Drops the oldest picture that is finished; whether there was one.
    fn make_room(&self) -> bool {
        let oldest = {
            let mut held = lock(&self.unpacked);
            let oldest = held.iter().position(|held| held.picture.get().is_some());
            oldest.map(|oldest| held.remove(oldest))
        };
        oldest.is_some()
    }

    /// The slot for decoding the picture with this hash; the oldest picture makes room.
    fn slot(&self, source: &[u8; 32]) -> Slot {
        let mut held = lock(&self.unpacked);
        if let Some(known) = held.iter().find(|held| held.source == *source) {
            return known.picture.clone();
        }
        if held.len() >= rayon::current_num_threads() {
            held.remove(0);
        }
        let picture = Arc::new(OnceLock::new());
        held.push(Unpacked { source: *source, picture: picture.clone() });
        picture
    }
}
