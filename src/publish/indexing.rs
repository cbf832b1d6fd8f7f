//! What readers can find by searching → the files of the search index, published.
//!
//! The index is expensive to build: seconds for some thousand pages. It is kept for the next run, and during work nothing
//! waits for it: pages are published at once, beside the old index, and the new one follows when it is ready.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::Observer;
use crate::images::BlobCache;
use crate::pipeline::{self, Made};
use crate::search::{self, IndexFile, Record};
use crate::store::{Body, Publication, Refusal};

/// Whether a publication waits for its search index.
#[derive(Clone, Copy)]
pub(crate) enum Index<'a> {
    /// It does.
    Now,
    /// It leaves the index as it was, unless this indexer has built the right one.
    Later(&'a Indexer),
}

/// The files of an index, or why there are none.
type Files = Result<Vec<IndexFile>, String>;

/// The hash that identifies an index.
type Key = [u8; 32];

/// Where the index is kept: only the last one, since several would drive images out of the cache.
const PLACE: Key = *b"the last index made for a search";

/// Builds indexes in the background, one at a time.
#[derive(Default)]
pub(crate) struct Indexer(Arc<Mutex<Work>>);

#[derive(Default)]
struct Work {
    is_busy: bool,
    /// The index that was built last.
    made: Option<(Key, Files)>,
}

impl Indexer {
    /// Starts to build the index of `records` unless another is being built, and returns whether it did; `when_done` is
    /// called as soon as the index is ready.
    pub(crate) fn begin(
        &self,
        observer: &dyn Observer,
        records: &Arc<Vec<Record>>,
        when_done: impl FnOnce() + Send + 'static,
    ) -> bool {
        if std::mem::replace(&mut self.work().is_busy, true) {
            return false;
        }
        let (work, shelf, records) = (Self(self.0.clone()), observer.shelf(), records.clone());
        std::thread::spawn(move || {
            let key = search::hash(&records);
            let files = made(&*shelf, &key, &records);
            {
                let mut work = work.work();
                (work.is_busy, work.made) = (false, Some((key, files)));
            }
            when_done();
        });
        true
    }

    /// Whether an index is ready and not yet taken.
    pub(crate) fn is_done(&self) -> bool {
        self.work().made.is_some()
    }

    /// Drops an index that nothing will ask for.
    pub(crate) fn forget(&self) {
        self.work().made = None;
    }

    /// The finished index, if it is the one asked for.
    fn take(&self, key: &Key) -> Option<Files> {
        self.work().made.take().filter(|(made, _)| made == key).map(|(_, files)| files)
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Publishes the search index; a site whose index cannot be built is published without it.
///
/// Returns the records of the snapshot if its index was left as it was.
pub(super) fn publish(
    observer: &dyn Observer,
    made: &Made,
    publication: &Publication,
    index: Index<'_>,
) -> Result<Option<Vec<Record>>, Refusal> {
    let records = pipeline::search_records(made);
    if records.is_empty() {
        return Ok(None);
    }
    let files = match index {
        Index::Now => now(observer, &records),
        Index::Later(indexer) => {
            let key = search::hash(&records);
            let files = indexer.take(&key).or_else(|| kept(&*observer.shelf(), &key).map(Ok));
            match files {
                Some(files) => files,
                None if keep(made, publication) => return Ok(Some(records)),
                None => now(observer, &records),
            }
        }
    };
    match files {
        Ok(files) => {
            let files = pipeline::search_addresses(made, files);
            files
                .into_par_iter()
                .try_for_each(|(address, bytes)| publication.put(&address.output(), Body::Bytes(bytes)))?;
        }
        Err(why) => observer.note(&format!("the search has no index, so its page only offers lists: {why}")),
    }
    Ok(None)
}

/// Leaves the published index as it is, if there is one and it is complete.
fn keep(made: &Made, publication: &Publication) -> bool {
    pipeline::search_place(made).is_some_and(|folder| publication.keep_below(&folder))
}

fn now(observer: &dyn Observer, records: &[Record]) -> Files {
    let files = made(&*observer.shelf(), &search::hash(records), records);
    observer.done("search index built");
    files
}

/// The index in the cache, if it is the one asked for.
fn kept(shelf: &dyn BlobCache, key: &Key) -> Option<Vec<IndexFile>> {
    let kept = shelf.get(&PLACE)?;
    let packed = kept.strip_prefix(key)?;
    search::unpacked(packed)
}

/// The index of `records`, whose hash is `key`, from the cache if it is there.
fn made(shelf: &dyn BlobCache, key: &Key, records: &[Record]) -> Files {
    if let Some(files) = kept(shelf, key) {
        return Ok(files);
    }
    let files = search::index(records)?;
    let mut packed = key.to_vec();
    packed.extend(search::packed(&files));
    shelf.put(&PLACE, &packed);
    Ok(files)
}
