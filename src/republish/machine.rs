//! A state, an event and its moment → the next state, and what to do.
//!
//! A look goes through phases, each of which waits for one answer: looked, prepared, found still, published or found
//! wrong, withdrawn, settled. It may stop at any of them; then the next look starts from the last *settled* one.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Action, BEFORE_INDEX, End, Event, Extent, Index, LONGEST_STILL, LONGEST_WAIT, Looked, Next, Now, Public, Published,
    QUIET, Ready, Rules, STILL, Secrets, Why,
};
use crate::store::{self, Refusal};

/// What has to be known about a site that is being watched.
#[derive(Clone, Debug)]
pub(crate) struct State {
    rules: Rules,
    phase: Phase,
    /// The moment of the last settled look.
    looked: Option<Timestamp>,
    /// What was public in the last publication.
    public: Public,
    /// When the site next changes without an edit.
    due: Option<Timestamp>,
    /// Why the last look published nothing, if not through a fault of a source: the next look tries again.
    refused: Option<Refusal>,
    /// The last look led to nothing, whatever it found.
    is_owed: bool,
    /// A publication is waiting for the sources to be still.
    held: Option<Held>,
    /// Why secrets could not be removed, if they could not.
    unwithdrawn: Option<Refusal>,
    /// The site has been reported as away.
    is_away: bool,
    /// The results are kept for the next run.
    is_kept: bool,
    /// Since when the published search index has been out of date, if it is.
    unindexed: Option<Duration>,
}

/// What the machine waits for.
#[derive(Clone, Debug)]
enum Phase {
    Looking,
    /// There was no site; this is reported unless something changes at once.
    FoundAway,
    Preparing(Look),
    /// Checks that what is ready is complete.
    CheckingStill(Look, Public),
    Publishing(Look, Public),
    /// Checks that what is wrong stays wrong.
    CheckingQuiet(Look, Wrong),
    Withdrawing(Then),
    /// Overdue: the index has to be built now, whatever else happens.
    Waiting {
        is_overdue: bool,
    },
    BeginningIndex,
}

/// A look, and the reason for it.
#[derive(Clone, Copy, Debug)]
struct Look {
    at: Timestamp,
    why: Why,
    found: Looked,
}

/// Why nothing was published.
#[derive(Clone, Debug)]
enum Wrong {
    /// The site has errors, at least until that moment.
    Faulty(Option<Timestamp>),
    Refused(Refusal),
}

/// What follows the removal of secrets.
#[derive(Clone, Copy, Debug)]
enum Then {
    Settle(Look),
    LookAgain,
}

/// A waiting publication: since when, and when secrets were last removed meanwhile.
#[derive(Clone, Copy, Debug)]
struct Held {
    since: Duration,
    withdrawn: Option<Duration>,
}

/// How long a publication waits for its sources to be still.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Waits {
    No,
    /// It only takes things away.
    Shortly,
    /// It brings something that was not public.
    Long,
}

/// What follows from `event`, which happened at `now`. The actions come before the next step.
pub(crate) fn step(mut state: State, event: Event, now: Now) -> (State, Vec<Action>, Next) {
    let mut actions = Vec::new();
    let next = state.next(event, now, &mut actions);
    (state, actions, next)
}

impl State {
    /// The state at the start of a watch, and its first step.
    pub(crate) fn begin(rules: Rules) -> (Self, Next) {
        let state = Self {
            rules,
            phase: Phase::Looking,
            looked: None,
            public: Public::default(),
            due: None,
            refused: None,
            is_owed: true,
            held: None,
            unwithdrawn: None,
            is_away: false,
            is_kept: true,
            unindexed: None,
        };
        (state, Next::Look)
    }

    fn next(&mut self, event: Event, now: Now, actions: &mut Vec<Action>) -> Next {
        match (std::mem::replace(&mut self.phase, Phase::Looking), event) {
            (Phase::Looking, Event::Looked(found)) => self.looked(found, now, actions),
            (Phase::Looking, Event::Away) => self.away(now),
            (Phase::FoundAway, Event::Waited { is_idle }) => self.found_away(is_idle, actions),
            (Phase::Preparing(look), Event::Ready(ready)) => self.ready(look, ready, now),
            (Phase::CheckingStill(look, public), Event::Still(true)) => self.publish(look, public),
            (Phase::CheckingStill(look, _) | Phase::CheckingQuiet(look, _), Event::Still(false)) => {
                self.hold(look, now, actions)
            }
            (Phase::Publishing(look, public), Event::Published(done)) => {
                self.published(look, public, done, now, actions)
            }
            (Phase::Preparing(look) | Phase::Publishing(look, _), Event::Faulty(until)) => {
                self.wrong(look, Wrong::Faulty(until), now, actions)
            }
            (Phase::Preparing(look) | Phase::Publishing(look, _), Event::Refused(refusal)) => {
                if self.is_first() && refusal.kind == store::Kind::Foreign {
                    return Next::End(End::Refused(refusal));
                }
                self.wrong(look, Wrong::Refused(refusal), now, actions)
            }
            (Phase::Preparing(_) | Phase::Publishing(..), Event::Mistaken(why)) => Next::End(End::Mistaken(why)),
            (Phase::CheckingQuiet(look, wrong), Event::Still(true)) => self.tell_wrong(look, wrong, now, actions),
            (Phase::Withdrawing(then), Event::Withdrawn(outcome)) => self.withdrawn(then, outcome, now, actions),
            (Phase::Waiting { is_overdue }, Event::Waited { is_idle }) => self.woken(is_idle, is_overdue, actions),
            (Phase::BeginningIndex, Event::IndexBegun(is_begun)) => {
                self.unindexed = self.unindexed.filter(|_| !is_begun);
                actions.push(Action::TellHow);
                Next::Look
            }
            // This answers no question.
            _ => {
                self.is_owed = true;
                Next::Look
            }
        }
    }

    fn ask(&mut self, phase: Phase, next: Next) -> Next {
        self.phase = phase;
        next
    }

    /// Whether no look has been settled.
    fn is_first(&self) -> bool {
        self.looked.is_none()
    }

    /// Whether the sources have been restless for so long that it matters.
    fn is_held_long(&self, now: Now) -> bool {
        self.held.is_some_and(|held| now.since(held.since) > LONGEST_STILL)
    }

    /// The moment at which the site changes without an edit, if that may happen.
    fn moment(&self, moment: Option<Timestamp>) -> Option<Timestamp> {
        moment.filter(|_| !self.rules.is_fixed)
    }

    fn looked(&mut self, found: Looked, now: Now, actions: &mut Vec<Action>) -> Next {
        if std::mem::take(&mut self.is_away) {
            actions.push(Action::TellBack);
        }
        match self.reason(found, now) {
            Some(why) => self.ask(Phase::Preparing(Look { at: now.clock, why, found }), Next::Prepare),
            None => self.wait(now),
        }
    }

    /// Why the site is to be published; `None` if there is no reason.
    fn reason(&self, found: Looked, now: Now) -> Option<Why> {
        let Some(looked) = self.looked else { return Some(Why::Begun) };
        let is_live = !self.rules.is_fixed;
        match () {
            () if found.differs => Some(Why::Changed),
            () if self.due.is_some_and(|due| due <= now.clock) => Some(Why::Due),
            () if is_live && now.clock < looked => Some(Why::PutBack),
            () if found.reads_otherwise => Some(Why::ReadOtherwise),
            () if found.has_index => Some(Why::Indexed),
            () => (self.refused.is_some() || self.is_owed).then_some(Why::TriedAgain),
        }
    }

    /// What to do while there is no site. Half of a checkout may lack `site.toml`; the folder stays as it was until the
    /// site is back.
    fn away(&mut self, now: Now) -> Next {
        // A site that was found, and is waiting for its files to be complete, counts as begun.
        if self.is_first() && self.held.is_none() {
            return Next::End(End::NoSite);
        }
        if self.is_away {
            return self.wait(now);
        }
        self.ask(Phase::FoundAway, Next::Wait(None, QUIET))
    }

    fn found_away(&mut self, is_idle: bool, actions: &mut Vec<Action>) -> Next {
        if is_idle {
            actions.push(Action::TellAway);
            // A site that is away has no due moment.
            (self.is_away, self.is_owed, self.due) = (true, true, None);
        }
        Next::Look
    }

    /// Publishes what is ready, unless its sources may still be arriving.
    fn ready(&mut self, look: Look, ready: Ready, now: Now) -> Next {
        match self.wait_for(look, &ready) {
            Waits::No => self.publish(look, ready.public),
            Waits::Shortly if self.is_held_long(now) => self.publish(look, ready.public),
            Waits::Shortly | Waits::Long => {
                let phase = Phase::CheckingStill(look, ready.public);
                self.ask(phase, Next::CheckStill(STILL, Extent::ReadAndCopied))
            }
        }
    }

    /// How long what is ready waits for its sources to be still.
    fn wait_for(&self, look: Look, ready: &Ready) -> Waits {
        if self.is_first() {
            return if ready.is_fresh { Waits::Long } else { Waits::No };
        }
        let differs = look.found.differs;
        // Files that are still fresh may be half of a change, though the look that settled saw no difference since.
        if ready.brings_files || (differs || ready.is_fresh) && ready.public.has_more_than(&self.public) {
            Waits::Long
        } else if differs && ready.public != self.public {
            Waits::Shortly
        } else {
            Waits::No
        }
    }

    fn publish(&mut self, look: Look, public: Public) -> Next {
        // The index holds words that are no longer public.
        let index = if self.is_first() || self.public.has_more_than(&public) { Index::Now } else { Index::Later };
        self.ask(Phase::Publishing(look, public), Next::Publish(index))
    }

    fn published(&mut self, look: Look, public: Public, done: Published, now: Now, actions: &mut Vec<Action>) -> Next {
        self.due = self.moment(done.until);
        (self.refused, self.unwithdrawn) = (None, None);
        self.public = public;
        self.unindexed = done.is_unindexed.then(|| self.unindexed.unwrap_or(now.running));
        actions.push(Action::TellPublished(look.why));
        // If the watch ends soon, the first result is kept; later ones are kept while nothing is waiting.
        self.is_kept = self.is_first();
        if self.is_kept {
            actions.push(Action::KeepCaches);
        }
        self.settle(look, now, actions)
    }

    /// Reports why nothing was published, unless something is changing: then half a written file may be to blame.
    fn wrong(&mut self, look: Look, wrong: Wrong, now: Now, actions: &mut Vec<Action>) -> Next {
        if self.is_held_long(now) {
            return self.tell_wrong(look, wrong, now, actions);
        }
        self.ask(Phase::CheckingQuiet(look, wrong), Next::CheckStill(QUIET, Extent::Read))
    }

    fn tell_wrong(&mut self, look: Look, wrong: Wrong, now: Now, actions: &mut Vec<Action>) -> Next {
        // The next publication has an index of its own.
        self.unindexed = None;
        let secrets = match wrong {
            Wrong::Faulty(until) => {
                (self.due, self.refused) = (self.moment(until), None);
                actions.extend([Action::ForgetIndex, Action::TellFaults(look.why)]);
                Secrets::Hidden
            }
            Wrong::Refused(refusal) => {
                // A full disk may have room again later: the watch goes on, and reports each trouble once.
                if !is_told(self.refused.as_ref(), &refusal) {
                    actions.push(Action::TellRefused(refusal.clone()));
                }
                actions.push(Action::ForgetIndex);
                (self.refused, self.due) = (Some(refusal), None);
                Secrets::HiddenOrGone
            }
        };
        self.withdraw(look, secrets, Then::Settle(look), now, actions)
    }

    /// Lets a publication wait until the sources are still; reports it if that takes long, and removes secrets
    /// without waiting.
    fn hold(&mut self, look: Look, now: Now, actions: &mut Vec<Action>) -> Next {
        self.is_owed = true;
        let held = self.held.get_or_insert(Held { since: now.running, withdrawn: None });
        let is_recent = held.withdrawn.is_some_and(|last| now.since(last) <= LONGEST_STILL);
        if now.since(held.since) <= LONGEST_STILL || is_recent {
            return Next::Look;
        }
        if held.withdrawn.replace(now.running).is_none() {
            actions.push(Action::TellHeld(look.why));
        }
        self.withdraw(look, Secrets::Hidden, Then::LookAgain, now, actions)
    }

    fn withdraw(&mut self, look: Look, secrets: Secrets, then: Then, now: Now, actions: &mut Vec<Action>) -> Next {
        if self.rules.shows_drafts || !look.found.has_settings {
            return self.go_on(then, now, actions);
        }
        self.ask(Phase::Withdrawing(then), Next::Withdraw(secrets))
    }

    fn withdrawn(&mut self, then: Then, outcome: Result<(), Refusal>, now: Now, actions: &mut Vec<Action>) -> Next {
        let refusal = outcome.err();
        if let Some(refusal) = refusal.as_ref().filter(|refusal| !is_told(self.unwithdrawn.as_ref(), refusal)) {
            actions.push(Action::TellLeft(refusal.clone()));
        }
        self.unwithdrawn = refusal;
        self.go_on(then, now, actions)
    }

    fn go_on(&mut self, then: Then, now: Now, actions: &mut Vec<Action>) -> Next {
        match then {
            Then::Settle(look) => self.settle(look, now, actions),
            Then::LookAgain => Next::Look,
        }
    }

    /// Ends a look.
    fn settle(&mut self, look: Look, now: Now, actions: &mut Vec<Action>) -> Next {
        if self.is_first() {
            actions.push(Action::TellWatching);
        }
        actions.push(Action::Settle);
        (self.looked, self.is_owed, self.held) = (Some(look.at), false, None);
        self.wait(now)
    }

    /// Waits for a change, for the next moment at which something becomes public, or for a while.
    fn wait(&mut self, now: Now) -> Next {
        let limit = if self.unindexed.is_some() { BEFORE_INDEX } else { LONGEST_WAIT };
        let is_overdue = self.unindexed.is_some_and(|since| now.since(since) > LONGEST_WAIT);
        self.ask(Phase::Waiting { is_overdue }, Next::Wait(self.due, limit))
    }

    fn woken(&mut self, is_idle: bool, is_overdue: bool, actions: &mut Vec<Action>) -> Next {
        // While nothing is waiting, the results are kept for the next run and the caches trimmed.
        if is_idle && !std::mem::replace(&mut self.is_kept, true) {
            actions.push(Action::KeepCaches);
        }
        if self.unindexed.is_some() && (is_idle || is_overdue) {
            return self.ask(Phase::BeginningIndex, Next::BeginIndex);
        }
        actions.push(Action::TellHow);
        Next::Look
    }
}

/// Whether this trouble has been reported already.
fn is_told(before: Option<&Refusal>, refusal: &Refusal) -> bool {
    before.is_some_and(|before| before.is_same_trouble(refusal))
}
