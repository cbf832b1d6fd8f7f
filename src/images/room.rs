//! How many bytes all pictures in memory take → whether another one may be unpacked now.
//!
//! A picture weighs what unpacking it takes, then what is kept of it. As many are unpacked at a time as there is room for;
//! one that is larger than the whole room waits until it is alone. So memory depends neither on the number of cores nor on
//! how large the pictures of a site are.
//!
//! Whoever waits holds no picture, so those who hold one always come to an end.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// How many bytes pictures may take together: one of 40 million pixels, or many ordinary ones.
const ROOM: u64 = 512 * 1024 * 1024;

/// The room that pictures share.
#[derive(Clone, Default)]
pub(super) struct Room {
    inside: Arc<Inside>,
}

#[derive(Default)]
struct Inside {
    used: Mutex<u64>,
    freed: Condvar,
}

/// The room that a picture takes; gives it back when dropped.
pub(super) struct Weight {
    inside: Arc<Inside>,
    bytes: u64,
}

impl Room {
    /// Takes `bytes` as soon as they fit, or nothing else is there. Until then `make_room` may drop something that is held
    /// for later and says whether it did.
    pub(super) fn take(&self, bytes: u64, mut make_room: impl FnMut() -> bool) -> Weight {
        loop {
            if let Some(weight) = self.fits(bytes) {
                return weight;
            }
            if make_room() {
                continue;
            }
            let used = self.inside.used.lock().unwrap_or_else(PoisonError::into_inner);
            if *used > 0 && *used + bytes > ROOM {
                drop(self.inside.freed.wait(used).unwrap_or_else(PoisonError::into_inner));
            }
        }
    }

    fn fits(&self, bytes: u64) -> Option<Weight> {
        let mut used = self.inside.used.lock().unwrap_or_else(PoisonError::into_inner);
        (*used == 0 || *used + bytes <= ROOM).then(|| {
            *used += bytes;
            Weight { inside: Arc::clone(&self.inside), bytes }
        })
    }
}

impl Weight {
    /// Gives back what is more than `bytes`.
    pub(super) fn shrink(&mut self, bytes: u64) {
        let less = self.bytes.saturating_sub(bytes);
        self.bytes -= less;
        self.inside.give_back(less);
    }
}

impl Inside {
    fn give_back(&self, bytes: u64) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) -= bytes;
        self.freed.notify_all();
    }
}

impl Drop for Weight {
    fn drop(&mut self) {
        self.inside.give_back(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// Seen to fail with `fits` that always finds room.
    #[test]
    fn pictures_together_never_take_more_than_the_room() {
        let room = Room::default();
        let (now, most) = (AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|threads| {
            for thread in 0..6_u64 {
                let (room, now, most) = (&room, &now, &most);
                threads.spawn(move || {
                    for turn in 0..200 {
                        let bytes = ROOM / (2 + (thread + turn) % 5);
                        let mut weight = room.take(bytes, || false);
                        most.fetch_max(now.fetch_add(bytes, Ordering::SeqCst) + bytes, Ordering::SeqCst);
                        now.fetch_sub(bytes / 2, Ordering::SeqCst);
                        weight.shrink(bytes - bytes / 2);
                        now.fetch_sub(bytes - bytes / 2, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(most.into_inner() <= ROOM);
        // One that is too large is let in alone, and what is held for later makes room.
        let mut held = Some(room.take(ROOM / 2, || false));
        let large = room.take(ROOM * 3, || held.take().is_some());
        assert!(held.is_none() && large.bytes == ROOM * 3);
    }
}
