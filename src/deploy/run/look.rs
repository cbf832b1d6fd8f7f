//! What is found on a target before anything is done there: the state, and publications that broke off.

use super::{NOW, Publisher, STALE, Seen, in_words, named};
use crate::deploy::state::{Class, Publication, Record, State, Unfinished};
use crate::deploy::target::{About, Area, Lying, Problem, ProblemKind};

impl Publisher<'_> {
    /// What lies on the target, unless somebody else is publishing.
    pub(crate) fn look(&self) -> Result<Seen, Problem> {
        let there = self.target.list(Area::State, NOW)?;
        let own = self.notes.unfinished();
        let mut seen = Seen::default();
        let mut states: Vec<&str> = named(&there, "state-").collect();
        seen.file = states.pop().map(str::to_owned);
        if let Some(file) = &seen.file {
            seen.state = self.state(file)?;
            seen.number = seen.state.number();
            seen.settled = there.iter().find(|one| one.path == *file).map_or(i64::MAX, |one| one.written);
            // Only where two did not hear of each other.
            let same = number_in(file);
            while let Some(rival) = states.pop_if(|rival| number_in(rival) == same) {
                let one = Unfinished::of_rival(&seen.state, &self.state(rival)?);
                seen.unfinished.push((rival.to_owned(), one));
            }
        }
        seen.states = states.into_iter().map(str::to_owned).collect();
        let has_ended = |file: &&str| has_ended(&there, file);
        let (mut ended, broken): (Vec<&str>, Vec<&str>) = named(&there, "broken-").partition(has_ended);
        for file in broken {
            seen.unfinished.extend(self.unfinished(file)?.map(|one| (file.to_owned(), one)));
        }
        let (ended_too, locks): (Vec<&str>, Vec<&str>) = named(&there, "lock-").partition(has_ended);
        ended.extend(ended_too);
        for file in &locks {
            let is_noted = own.as_ref().is_some_and(|(name, _)| file.ends_with(name.as_str()));
            let Some(one) = self.unfinished(file)? else { continue };
            // The folder with our notes may be a copy of somebody else's.
            let is_own = is_noted && (one.place == self.place || one.place.is_empty());
            if !is_own {
                self.take_over(&there, file, &one)?;
            }
            seen.unfinished.push(((*file).to_owned(), one));
        }
        let is_left = |file: &&str| !locks.iter().any(|lock| lock.ends_with(file.trim_start_matches("now/alive-")));
        let signs = named(&there, "alive-").filter(is_left);
        seen.leftovers = signs.chain(named(&there, "clock-")).chain(ended).map(str::to_owned).collect();
        // The last to have begun is the last to have written.
        seen.unfinished.sort_by_key(|(_, one)| one.when);
        if seen.is_broken() {
            seen.copies = self.target.list(Area::State, "kept/")?.into_iter().map(|one| one.path).collect();
        }
        if let (Some((name, lines)), Some((file, last))) = (&own, seen.unfinished.last())
            && file.ends_with(name.as_str())
            && !seen.unfinished.iter().any(|(_, one)| one.has_begun)
        {
            let lines = lines.lines().filter_map(|line| line.rsplit_once(' '));
            let known =
                lines.filter_map(|(path, print)| Some((path, last.puts.get(path).filter(|put| put.print == print)?)));
            seen.written = known.map(|(path, record)| (path.to_owned(), record.clone())).collect();
        }
        seen.owners = seen.state.owners().into_iter().collect();
        seen.owners.extend(seen.unfinished.iter().map(|(_, one)| one.owners()).filter(|owners| !owners.is_empty()));
        Ok(seen)
    }

    /// The same, but whatever is noted there counts for nothing: for notes that are damaged. Locks of others count all the same.
    /// Of the files of the site only those are ours then that are secret, so that they go.
    pub(crate) fn look_anew(&self, is_secret: &dyn Fn(&str) -> bool) -> Result<Seen, Problem> {
        let there = self.target.list(Area::State, NOW)?;
        if let Some(file) = named(&there, "lock-").find(|file| !has_ended(&there, file))
            && !self.unlocks
        {
            let id = file.trim_start_matches("now/lock-");
            if self.notes.unfinished().is_none_or(|(name, _)| name != id) {
                return Err(Problem::new(
                    ProblemKind::Other,
                    "somebody else may be publishing at the moment; nothing was changed",
                    "wait until that has ended; if it was broken off, add `--unlock`",
                ));
            }
        }
        let file = named(&there, "state-").next_back().map(str::to_owned);
        let mut seen = Seen { file, settled: i64::MAX, ..Seen::default() };
        seen.number = seen.file.as_deref().and_then(number_in).unwrap_or_default();
        seen.leftovers =
            there.iter().map(|one| one.path.clone()).filter(|path| Some(path) != seen.file.as_ref()).collect();
        let site = self.target.list(Area::Site, "")?.into_iter().filter(|one| is_secret(&one.path));
        // What was kept belongs to no state that is known.
        seen.leftovers.extend(self.target.list(Area::State, "kept/")?.into_iter().map(|one| one.path));
        let unknown = |size| Record { print: String::new(), size, class: Class::Page };
        seen.state.files = site.map(|one| (one.path, unknown(one.size))).collect();
        Ok(seen)
    }

    /// The state in a file of the target, from our own notes if they have it.
    pub(crate) fn state(&self, file: &str) -> Result<State, Problem> {
        let noted = self.notes.state().filter(|(name, _)| name == file).map(|(_, bytes)| bytes);
        if let Some(state) = noted.and_then(|bytes| State::unpack(&bytes)) {
            return Ok(state);
        }
        let bytes = self.target.get(Area::State, file)?;
        let state = bytes.as_deref().and_then(State::unpack);
        if let (Some(bytes), true) = (&bytes, state.is_some()) {
            self.notes.keep_state(file, bytes);
        }
        state.ok_or_else(|| {
            Problem::new(
                ProblemKind::Other,
                format!("the notes of the last publication (`{file}`) cannot be read: they are damaged, or a newer version of Pamphlet wrote them"),
                "bring Pamphlet up to date; if that changes nothing, write `--anew`: then everything is sent again, and what was published before cannot be put back",
            )
        })
    }

    fn unfinished(&self, file: &str) -> Result<Option<Unfinished>, Problem> {
        let Some(bytes) = self.target.get(Area::State, file)? else { return Ok(None) };
        Unfinished::unpack(&bytes).map(Some).ok_or_else(|| {
            Problem::new(
                ProblemKind::Other,
                format!("a publication that did not end has left notes (`{file}`) that cannot be read"),
                "bring Pamphlet up to date; if that changes nothing, write `--anew`: then everything is sent again",
            )
        })
    }

    /// Refuses if the owner of a lock may be alive; else the lock may be taken away.
    fn take_over(&self, there: &[Lying], file: &str, one: &Unfinished) -> Result<(), Problem> {
        let id = file.trim_start_matches("now/lock-");
        let signs = there.iter().filter(|other| other.path == file || other.path == format!("now/alive-{id}"));
        let last = signs.map(|sign| sign.written).max().unwrap_or_default();
        if !self.unlocks && self.time_of_target()?.saturating_sub(last) < STALE {
            return Err(Problem::new(
                ProblemKind::Other,
                format!("{} is publishing at the moment, since {}; nothing was changed", one.who, in_words(one.when)),
                format!(
                    "wait until that has ended and try again. If it was broken off, its lock goes by itself after {} minutes, or at once with `--unlock`",
                    STALE / 60
                ),
            ));
        }
        Ok(())
    }

    /// The target's clock, in seconds since 1970, from a file written for that.
    fn time_of_target(&self) -> Result<i64, Problem> {
        let probe = format!("{NOW}clock-{}", (self.word)());
        self.target.put(Area::State, &probe, b"", &About::default())?;
        let there = self.target.list(Area::State, &probe)?;
        self.target.remove(Area::State, &[&probe])?;
        // Without an answer nobody's lock counts as old.
        Ok(there.first().map_or(i64::MIN, |probe| probe.written))
    }

    /// An earlier state.
    pub(crate) fn earlier(&self, publication: &Publication) -> Result<State, Problem> {
        self.state(&publication.file)
    }
}

/// Whether the publication of a lock has ended, even if that was not heard of: a state then bears the lock's name.
fn has_ended(there: &[Lying], file: &str) -> bool {
    let id = file.rsplit('-').next().unwrap_or_default();
    named(there, "state-").any(|state| state.ends_with(id))
}

/// The number of the state in a file of that name.
fn number_in(file: &str) -> Option<u64> {
    file.get("now/state-".len()..)?.split('-').next()?.parse().ok()
}
