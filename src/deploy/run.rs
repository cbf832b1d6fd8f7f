//! A plan → a target, so that a break at any moment harms no reader and the next run goes on from there.
//!
//! Two publishers are kept apart by a lock that rests on nothing but this: what was written is in the next listing. Each writes a
//! lock with a name of its own, then lists: whoever sees another lock takes the own one away and stops. So at most one goes on,
//! and if both come at the same moment, neither does. The lock says what is going to happen; if the publication breaks off, it is
//! the list of what is uncertain. How old somebody's lock is, is measured by the target's clock alone.
//!
//! A lock that is taken away all the same (its owner slept, or his notes were copied) is missed before the state is written: then
//! what was written since is noted as uncertain, and no state. Should two states of one number lie there nevertheless, the next
//! run takes all in which they differ for uncertain.

mod look;
mod others;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::owners::Owners;
use super::plan::{self, From, Plan, Put, Uncertain, Wish};
use super::state::{Class, KeptIn, Publication, Record, State, Unfinished};
use super::target::{About, Area, Lying, Problem, ProblemKind, Target};

/// After so many seconds without a sign of life, a lock counts as left behind.
const STALE: i64 = 15 * 60;

/// How often a publication gives a sign of life.
const ALIVE: Duration = Duration::from_secs(60);

/// Where locks and states lie in the state area; a listing of it says who is publishing and what was published last.
const NOW: &str = "now/";

/// What this machine remembers of a target from one run to the next. All of it may be lost: then more is sent.
pub(crate) trait Notes: Sync {
    /// The state that was seen last: its file on the target, and its bytes.
    fn state(&self) -> Option<(String, Vec<u8>)>;
    /// Remembers a state.
    fn keep_state(&self, file: &str, bytes: &[u8]);
    /// The lock of a publication from here that has not ended, and what it has written: lines of a path, a blank and a print.
    fn unfinished(&self) -> Option<(String, String)>;
    /// A publication begins, under this lock.
    fn begin(&self, lock: &str);
    /// It has written a file.
    fn wrote(&self, path: &str, print: &str);
    /// It has ended.
    fn end(&self);
}

/// What was built, ready to be sent.
pub(crate) trait Built: Sync {
    /// The bytes to send and what is sent with them.
    fn get(&self, path: &str) -> Result<(Vec<u8>, About), Problem>;
    /// What is sent with a file that was not built.
    fn about(&self, path: &str) -> About;
}

/// Follows a publication.
pub(crate) trait Progress: Sync {
    /// So many bytes of files have been sent.
    fn sent(&self, bytes: u64);
    /// Something that the person who publishes should know.
    fn note(&self, text: &str);
}

/// Somebody who publishes to a target.
pub(crate) struct Publisher<'a> {
    pub(crate) target: &'a dyn Target,
    pub(crate) notes: &'a dyn Notes,
    /// Who, from which machine, for the list of publications and for others who want to publish meanwhile.
    pub(crate) who: String,
    /// In seconds since 1970.
    pub(crate) clock: &'a (dyn Fn() -> i64 + Sync),
    /// A word that nobody else comes upon.
    pub(crate) word: &'a (dyn Fn() -> String + Sync),
    /// Whether another's lock is taken away whatever its age.
    pub(crate) unlocks: bool,
    /// The machine and the folder from which somebody publishes, as a hash: only from there is a lock known to be one's own.
    pub(crate) place: &'a str,
}

pub(crate) use others::{Blocked, Foreign};

/// What was found on a target.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) state: State,
    /// The file of the state.
    file: Option<String>,
    /// The files of earlier states.
    states: Vec<String>,
    /// Publications that broke off, with their files.
    unfinished: Vec<(String, Unfinished)>,
    /// What this machine has written in the last of them.
    written: BTreeMap<String, Record>,
    /// The paths of copies, if something broke off.
    copies: BTreeSet<String>,
    /// Signs of life of publications that have ended.
    leftovers: Vec<String>,
    /// The number of the state in `file`.
    number: u64,
    /// When the state in `file` was written, by the target's clock; nothing of the site was written later by us.
    settled: i64,
    /// Which entries the files there were made of, and those that broken publications were going to write.
    owners: Vec<Owners>,
}

impl Seen {
    /// What to do so that `wish` lies there; or the path of a file that cannot be had.
    pub(crate) fn plan(&self, wish: &Wish<'_>) -> Result<Plan, String> {
        let unfinished: Vec<Unfinished> = self.unfinished.iter().map(|(_, one)| one.clone()).collect();
        let uncertain = Uncertain { unfinished: &unfinished, written: &self.written, copies: &self.copies };
        plan::plan(&self.state, &uncertain, wish)
    }

    /// Whether a publication broke off since the last one that ended.
    pub(crate) fn is_broken(&self) -> bool {
        !self.unfinished.is_empty()
    }

    /// The files that are or may be there, as part of the site or kept beside it; some may come twice.
    pub(crate) fn all_files(&self) -> impl Iterator<Item = &String> {
        let unfinished = self.unfinished.iter().flat_map(|(_, one)| one.puts.keys());
        let kept = self.state.kept.iter().filter(|kept| kept.area == KeptIn::Site).map(|kept| &kept.path);
        self.state.files.keys().chain(unfinished).chain(kept)
    }

    /// Whether such a file is or may be there.
    pub(crate) fn may_hold(&self, is_asked: &dyn Fn(&str) -> bool) -> bool {
        self.all_files().any(|path| is_asked(path))
    }

    /// The entries that files were made of.
    pub(crate) fn owners(&self) -> &[Owners] {
        &self.owners
    }

    /// Whether the entries were never noted, since an earlier version wrote the state.
    pub(crate) fn knows_no_owners(&self) -> bool {
        self.state.number() > 0 && self.state.owners().is_none()
    }

    /// Whether nothing was ever published there.
    pub(crate) fn is_new(&self) -> bool {
        self.state.number() == 0 && self.unfinished.is_empty()
    }

    /// Whether a file of the site is ours.
    pub(crate) fn is_ours(&self, path: &str) -> bool {
        self.state.files.contains_key(path)
            || self.unfinished.iter().any(|(_, one)| one.puts.contains_key(path))
            || self.state.kept.iter().any(|kept| kept.area == KeptIn::Site && kept.path == path)
    }
}

/// What a publication is, besides its files.
#[derive(Clone, Default)]
pub(crate) struct Purpose {
    /// The state that it puts back.
    pub(crate) restores: Option<u64>,
    /// The page that it takes down.
    pub(crate) took_down: Option<String>,
    /// The titles of the first pages that it brings or changes.
    pub(crate) pages: Vec<String>,
    /// How many more there are.
    pub(crate) more: usize,
    /// Hashes of what is hidden on the site.
    pub(crate) hidden: BTreeSet<String>,
    /// Whether it removes something and leaves the rest as it is.
    pub(crate) is_partial: bool,
}

/// A lock that is held.
struct Lock {
    name: String,
    /// When it was last known to be there, by our clock.
    seen: Mutex<i64>,
    /// Whether a sign of life was given.
    has_sign: AtomicBool,
    /// Whether somebody has taken it away.
    is_lost: AtomicBool,
}

impl Publisher<'_> {
    /// Does what the plan says. Returns the list entry, or why it broke off: then readers have a whole site, and the next run goes on.
    pub(crate) fn run(
        &self,
        seen: &Seen,
        plan: &Plan,
        purpose: &Purpose,
        built: &dyn Built,
        progress: &dyn Progress,
    ) -> Result<Publication, Problem> {
        let (lock, mut mine) = self.lock(seen, plan)?;
        let done = self.alive(&lock, || {
            self.send(&lock, plan, built, progress)?;
            self.settle(&lock, seen, plan, purpose, built, progress)
        });
        match done {
            Ok(publication) => Ok(publication),
            Err(problem) => {
                // Others need not wait for us. If this fails too, the lock stays and says the same. Whoever took it away knows
                // our note by the lock's name, and may clear it away before we wrote our last file: that needs one of its own.
                let is_lost = lock.is_lost.load(Ordering::Relaxed);
                let name = if is_lost { (self.word)() } else { lock.name.clone() };
                mine.has_begun = is_lost;
                let broken = format!("{NOW}broken-{name}");
                if self.target.put(Area::State, &broken, &mine.pack(), &About::default()).is_ok() {
                    let _ = self.target.remove(Area::State, &[&lock.file(), &lock.alive()]);
                }
                Err(problem)
            }
        }
    }

    /// Says on the target what is going to happen, unless somebody else has, and is not done.
    fn lock(&self, seen: &Seen, plan: &Plan) -> Result<(Lock, Unfinished), Problem> {
        let mut mine = Unfinished::new(&self.who, (self.clock)(), seen.state.number());
        mine.puts = plan.puts.iter().map(|put| (put.path.clone(), put.record.clone())).collect();
        let paths = |all: &[(Class, String)]| -> Vec<String> { all.iter().map(|(_, path)| path.clone()).collect() };
        mine.gone = paths(&plan.gone);
        mine.gone.extend(paths(&plan.in_the_way));
        mine.secrets = paths(&plan.secrets);
        let copies: BTreeSet<&String> = plan.copies.iter().map(|(_, to)| to).collect();
        mine.kept = plan.kept.iter().filter(|one| copies.contains(&one.path)).cloned().collect();
        mine.own(&plan.owners);
        self.place.clone_into(&mut mine.place);
        self.take_away(seen)?;
        let lock = Lock {
            name: (self.word)(),
            seen: Mutex::new((self.clock)()),
            has_sign: AtomicBool::new(false),
            is_lost: AtomicBool::new(false),
        };
        self.notes.begin(&lock.name);
        self.target.put(Area::State, &lock.file(), &mine.pack(), &About::default())?;
        let there = self.target.list(Area::State, NOW)?;
        let known = |file: &str| {
            file == lock.file()
                || seen.leftovers.iter().any(|known| known == file)
                || seen.unfinished.iter().any(|(known, _)| known == file)
        };
        let other = named(&there, "lock-").find(|file| !known(file));
        let is_same = named(&there, "state-").next_back() == seen.file.as_deref();
        if other.is_none() && is_same {
            return Ok((lock, mine));
        }
        self.target.remove(Area::State, &[&lock.file()])?;
        self.notes.end();
        Err(Problem::new(
            ProblemKind::Taken,
            "somebody else has begun to publish at the same moment; nothing was changed on the target",
            "try again when that has ended; `--list` shows what was published last",
        ))
    }

    /// Turns the locks of publications that broke off, our own or left behind, into notes of that. It is done while we still
    /// know our own by its name; and whoever slept finds that the lock is gone.
    fn take_away(&self, seen: &Seen) -> Result<(), Problem> {
        for (file, _) in &seen.unfinished {
            if let Some(id) = file.strip_prefix("now/lock-") {
                self.target.copy((Area::State, file), (Area::State, &format!("{NOW}broken-{id}")))?;
                self.target.remove(Area::State, &[file])?;
            }
        }
        Ok(())
    }

    /// Gives signs of life while `work` lasts.
    fn alive<T>(&self, lock: &Lock, work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
        let (done, wake) = (Mutex::new(false), Condvar::new());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut ended = done.lock().unwrap_or_else(PoisonError::into_inner);
                while !*ended {
                    let (guard, waited) = wake.wait_timeout(ended, ALIVE).unwrap_or_else(PoisonError::into_inner);
                    ended = guard;
                    if waited.timed_out() && !*ended {
                        lock.has_sign.store(true, Ordering::Relaxed);
                        let _ = self.target.put(Area::State, &lock.alive(), b"", &About::default());
                    }
                }
            });
            let result = work();
            *done.lock().unwrap_or_else(PoisonError::into_inner) = true;
            wake.notify_all();
            result
        })
    }

    /// Whether the lock is still ours: asked only after a time without a sign of life, as of a machine that slept.
    fn still_holds(&self, lock: &Lock) -> Result<(), Problem> {
        let now = (self.clock)();
        let mut seen = lock.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if now - *seen < STALE / 3 {
            return Ok(());
        }
        let is_there = self.target.list(Area::State, &lock.file())?.iter().any(|one| one.path == lock.file());
        if is_there {
            *seen = now;
            lock.has_sign.store(true, Ordering::Relaxed);
            return self.target.put(Area::State, &lock.alive(), b"", &About::default());
        }
        Err(lock.lost())
    }

    /// Whether the lock is ours to the end, and what lies there is still what was found: asked before the state is written.
    fn is_alone(&self, lock: &Lock, seen: &Seen) -> Result<(), Problem> {
        let there = self.target.list(Area::State, NOW)?;
        let is_there = there.iter().any(|one| one.path == lock.file());
        let is_same = named(&there, "state-").next_back() == seen.file.as_deref();
        if is_there && is_same { Ok(()) } else { Err(lock.lost()) }
    }

    /// Sends what the plan says, in its order.
    fn send(&self, lock: &Lock, plan: &Plan, built: &dyn Built, progress: &dyn Progress) -> Result<(), Problem> {
        self.remove_in_order(&plan.secrets)?;
        self.remove_kept(&plan.forgotten)?;
        self.each(&plan.copies, |(from, to)| {
            self.still_holds(lock)?;
            // What is missing cannot be put back; it is no reason to stop.
            self.target.copy((Area::Site, from), (Area::State, to)).map(drop)
        })?;
        self.remove_in_order(&plan.in_the_way)?;
        // One that others of its class lead to has no others beside it.
        let steps = plan.puts.chunk_by(|a, b| a.record.class == b.record.class && !plan::is_entrance(&b.path));
        for step in steps {
            self.each(step, |put| {
                self.still_holds(lock)?;
                self.put(put, built, progress)
            })?;
        }
        self.still_holds(lock)?;
        self.remove_in_order(&plan.gone)
    }

    /// Removes files of the site: what leads to a page before the page, a page before what it names.
    fn remove_in_order(&self, paths: &[(Class, String)]) -> Result<(), Problem> {
        for class in [Class::Machine, Class::Page, Class::Other, Class::Hashed] {
            let of_class: Vec<String> =
                paths.iter().filter(|(one, _)| *one == class).map(|(_, path)| path.clone()).collect();
            self.remove(Area::Site, &of_class)?;
        }
        Ok(())
    }

    fn put(&self, put: &Put, built: &dyn Built, progress: &dyn Progress) -> Result<(), Problem> {
        if let From::Copy(kept, path) = &put.from
            && self.target.copy((kept.area(), path), (Area::Site, &put.path))?
        {
            self.notes.wrote(&put.path, &put.record.print);
            return Ok(());
        }
        let (bytes, about) = match &put.from {
            From::Noted(text) => (text.clone().into_bytes(), built.about(&put.path)),
            From::Built | From::Copy(..) => built.get(&put.path)?,
        };
        self.target.put(Area::Site, &put.path, &bytes, &about)?;
        self.notes.wrote(&put.path, &put.record.print);
        progress.sent(put.record.size);
        Ok(())
    }

    /// Notes on the target what lies there now, and gives the lock back.
    fn settle(
        &self,
        lock: &Lock,
        seen: &Seen,
        plan: &Plan,
        purpose: &Purpose,
        built: &dyn Built,
        progress: &dyn Progress,
    ) -> Result<Publication, Problem> {
        let number = seen.number + 1;
        let publication = Publication {
            number,
            file: format!("{NOW}state-{number:08}-{}", lock.name),
            when: (self.clock)(),
            who: self.who.clone(),
            new: plan.new,
            changed: plan.changed,
            gone: plan.removed(),
            restores: purpose.restores,
            took_down: purpose.took_down.clone(),
            pages: purpose.pages.clone(),
            more: purpose.more,
        };
        let mut log = if plan.forgets { Vec::new() } else { seen.state.log.clone() };
        log.push(publication.clone());
        let most = plan.states.max(1);
        log.drain(..log.len().saturating_sub(most));
        let mut state = State::new(log, plan.files.clone(), plan.kept.clone()).of(&plan.owners);
        state.small = small(seen, plan, built);
        state.hidden.clone_from(&purpose.hidden);
        state.is_partial = purpose.is_partial;
        let bytes = state.pack();
        self.is_alone(lock, seen)?;
        self.target.put(Area::State, &publication.file, &bytes, &About::default())?;
        self.notes.keep_state(&publication.file, &bytes);
        // From here on the publication holds; what could not be cleared away goes the next time.
        let is_listed = |file: &&String| !state.log.iter().any(|one| one.file == **file);
        let old = seen.states.iter().chain(&seen.file).filter(is_listed);
        let ended: Vec<String> =
            seen.unfinished.iter().map(|(file, _)| file.replace("now/lock-", "now/broken-")).collect();
        let expired = plan.expired.iter().filter(|(area, _)| *area == KeptIn::State).map(|(_, path)| path);
        let own = [lock.file(), lock.alive()];
        let own = own.iter().take(if lock.has_sign.load(Ordering::Relaxed) { 2 } else { 1 });
        // A lock goes before the state that says that it has ended.
        let mut all: Vec<&str> =
            own.chain(&seen.leftovers).chain(&ended).chain(expired).chain(old).map(String::as_str).collect();
        // The state says that this lock has ended; clearing away is worth a request only now and then.
        if all.len() < LITTER && ended.is_empty() && plan.expired.is_empty() && !plan.forgets {
            all.clear();
        }
        let in_site: Vec<String> =
            plan.expired.iter().filter(|(area, _)| *area == KeptIn::Site).map(|(_, path)| path.clone()).collect();
        let cleared = self.remove(Area::Site, &in_site).and_then(|()| match all.is_empty() {
            true => Ok(()),
            false => self.target.remove(Area::State, &all),
        });
        match cleared {
            Ok(()) => self.notes.end(),
            Err(problem) => progress.note(&format!(
                "The site is published, but not all that is no longer needed could be cleared away: {}.",
                problem.message
            )),
        }
        Ok(publication)
    }

    fn remove(&self, area: Area, paths: &[String]) -> Result<(), Problem> {
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        if paths.is_empty() { Ok(()) } else { self.target.remove(area, &paths) }
    }

    fn remove_kept(&self, kept: &[(KeptIn, String)]) -> Result<(), Problem> {
        let of = |area: KeptIn| -> Vec<String> {
            kept.iter().filter(|(one, _)| *one == area).map(|(_, path)| path.clone()).collect()
        };
        self.remove(Area::Site, &of(KeptIn::Site))?;
        self.remove(Area::State, &of(KeptIn::State))
    }

    /// Does something with each item, as many at once as the target can take, until something goes wrong.
    fn each<T: Sync>(&self, items: &[T], act: impl Fn(&T) -> Result<(), Problem> + Sync) -> Result<(), Problem> {
        let next = AtomicUsize::new(0);
        let problem: Mutex<Option<Problem>> = Mutex::new(None);
        let work = || {
            while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                if let Err(found) = act(item) {
                    problem.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(found);
                    next.store(items.len(), Ordering::Relaxed);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..self.target.at_once().min(items.len()) {
                scope.spawn(work);
            }
            work();
        });
        problem.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }
}

/// So many files of publications that have ended may lie there.
const LITTER: usize = 8;

/// Files up to this size, in bytes, are noted whole if they are no pages.
const SMALL: u64 = 2_000;

/// The small files that lie there after a publication, by print.
fn small(seen: &Seen, plan: &Plan, built: &dyn Built) -> BTreeMap<String, String> {
    let is_small = |record: &&Record| record.class == Class::Machine && record.size <= SMALL;
    let puts: BTreeMap<&str, &From> = plan.puts.iter().map(|put| (put.path.as_str(), &put.from)).collect();
    let mut all = BTreeMap::new();
    for (path, record) in plan.files.iter().filter(|(_, record)| is_small(record)) {
        let noted = seen.state.small.get(&record.print).cloned();
        let put = || match puts.get(path.as_str()) {
            Some(From::Noted(text)) => Some(text.clone()),
            _ => String::from_utf8(built.get(path).ok().filter(|(_, about)| !about.is_packed)?.0).ok(),
        };
        all.extend(noted.or_else(put).map(|text| (record.print.clone(), text)));
    }
    all
}

impl Lock {
    fn file(&self) -> String {
        format!("{NOW}lock-{}", self.name)
    }

    fn alive(&self) -> String {
        format!("{NOW}alive-{}", self.name)
    }

    /// Somebody has taken it away.
    fn lost(&self) -> Problem {
        self.is_lost.store(true, Ordering::Relaxed);
        Problem::new(
            ProblemKind::Overtaken,
            "somebody else has taken over while this publication was under way: it stood still for too long, or `--unlock` was used, or \
             the site's folder was copied to another machine meanwhile",
            "see with `--list` what was published. Publish again once the other has ended: what lies there is looked at anew",
        )
    }
}

/// The names of the files that begin so, in order.
fn named<'a>(there: &'a [Lying], begin: &'a str) -> impl DoubleEndedIterator<Item = &'a str> {
    let is = move |path: &&str| path.strip_prefix(NOW).is_some_and(|name| name.starts_with(begin));
    there.iter().map(|one| one.path.as_str()).filter(is)
}

/// A moment in words, in UTC.
pub(crate) fn in_words(when: i64) -> String {
    let when = Timestamp::from_second(when).unwrap_or_default();
    format!("{} UTC", when.strftime("%-d %B %Y, %H:%M"))
}
