//! What is found on a target before anything is done there: the state, publications that broke off, files of others.

use std::collections::BTreeSet;

use super::{NOW, Publisher, STALE, Seen, in_words, named};
use crate::deploy::plan::Plan;
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
        seen.states = states.into_iter().map(str::to_owned).collect();
        if let Some(file) = &seen.file {
            seen.state = self.state(file)?;
            seen.number = seen.state.number();
        }
        let has_ended = |file: &&str| has_ended(&there, file);
        let (mut ended, broken): (Vec<&str>, Vec<&str>) = named(&there, "broken-").partition(has_ended);
        for file in broken {
            seen.unfinished.extend(self.unfinished(file)?.map(|one| (file.to_owned(), one)));
        }
        let (ended_too, locks): (Vec<&str>, Vec<&str>) = named(&there, "lock-").partition(has_ended);
        ended.extend(ended_too);
        for file in &locks {
            let is_own = own.as_ref().is_some_and(|(name, _)| file.ends_with(name.as_str()));
            let Some(one) = self.unfinished(file)? else { continue };
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
        {
            let lines = lines.lines().filter_map(|line| line.rsplit_once(' '));
            let known =
                lines.filter_map(|(path, print)| Some((path, last.puts.get(path).filter(|put| put.print == print)?)));
            seen.written = known.map(|(path, record)| (path.to_owned(), record.clone())).collect();
        }
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
        let mut seen = Seen { file, ..Seen::default() };
        let number =
            seen.file.as_deref().and_then(|file| file.get("now/state-".len()..)?.split('-').next()?.parse().ok());
        seen.number = number.unwrap_or_default();
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

    /// Turns a lock that was left behind into the note of a publication that broke off; refuses if its owner may be alive.
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

    /// Files of the site that are not ours: those in the way of the plan, and how many others there are, if that was looked for.
    pub(crate) fn foreign(&self, seen: &Seen, plan: &Plan) -> Result<Foreign, Problem> {
        let new: Vec<&str> = plan
            .puts
            .iter()
            .filter(|put| put.record.class != Class::Hashed && !seen.is_ours(&put.path))
            .map(|put| put.path.as_str())
            .collect();
        let mut found = Foreign::default();
        if !seen.is_new() && new.len() <= FEW {
            for path in new {
                let there = self.target.list(Area::Site, path)?;
                found.in_the_way.extend(there.into_iter().map(|one| one.path).filter(|one| one == path));
            }
            return Ok(found);
        }
        let new: BTreeSet<&str> = new.into_iter().collect();
        for one in self.target.list(Area::Site, "")? {
            match () {
                () if new.contains(one.path.as_str()) => found.in_the_way.push(one.path),
                () if !plan.files.contains_key(&one.path) && !seen.is_ours(&one.path) => found.others.push(one.path),
                () => {}
            }
        }
        Ok(found)
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

/// More new files than this are looked for in one listing.
const FEW: usize = 4;

/// Files on a target that we did not write.
#[derive(Default, Debug)]
pub(crate) struct Foreign {
    /// Where a file of the site is to be.
    pub(crate) in_the_way: Vec<String>,
    /// Elsewhere: they stay.
    pub(crate) others: Vec<String>,
}
