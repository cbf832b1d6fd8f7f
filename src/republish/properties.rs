//! Whatever happens, in whatever order and at whatever pace: nothing hidden becomes public on the way or stays public,
//! and the watch goes on.
//!
//! The answers are drawn at random, some to questions that were not asked. Seen to fail where a publication that brings
//! an entry or a file does not wait, where a disturbed one is published, where sources that are never still or a faulty
//! site remove nothing, and where an answer to no question leads to a wait.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::store::Kind;

/// The most steps between two looks: prepare, still, publish, quiet, withdraw, wait, index, look.
const LONGEST_WAY: usize = 8;

/// One answer: random bits, how long it takes in milliseconds, and whether the clock is put back.
type Draw = (u64, u64, bool);

/// Takes choices out of a number, one after another.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        let drawn = self.0 % limit;
        self.0 /= limit;
        drawn
    }

    fn one_in(&mut self, limit: u64) -> bool {
        self.below(limit) == 0
    }

    fn until(&mut self, now: Now) -> Option<Timestamp> {
        let seconds = i64::try_from(self.below(40)).expect("it is small");
        self.one_in(2).then(|| now.clock + SignedDuration::from_secs(seconds))
    }

    fn refusal(&mut self) -> Refusal {
        let help = if self.one_in(2) { "make room" } else { "ask" };
        let kind = if self.one_in(4) { Kind::Foreign } else { Kind::Machine };
        Refusal { diagnostic: Box::new(Diagnostic::new(Code::OutputUnwritable, "It").help(help)), kind }
    }

    fn looked(&mut self) -> Event {
        Event::Looked(Looked {
            differs: !self.one_in(3),
            reads_otherwise: self.one_in(8),
            has_settings: !self.one_in(8),
            has_index: self.one_in(8),
        })
    }

    fn ready(&mut self) -> Event {
        let public = self.below(16);
        Event::Ready(Ready {
            public: (0..4).filter(|n| public >> n & 1 == 1).collect(),
            brings_files: self.one_in(6),
            is_fresh: self.one_in(2),
        })
    }

    fn wrong(&mut self, now: Now) -> Event {
        if self.one_in(3) { Event::Refused(self.refusal()) } else { Event::Faulty(self.until(now)) }
    }

    /// A possible answer; the sources are still once in `restless` times.
    fn answer(&mut self, next: &Next, restless: u64, now: Now) -> Event {
        match next {
            Next::Look if self.one_in(8) => Event::Away,
            Next::Look => self.looked(),
            Next::Prepare if self.one_in(4) => self.wrong(now),
            Next::Prepare => self.ready(),
            Next::CheckStill(..) => Event::Still(self.one_in(restless)),
            Next::Publish(_) if self.one_in(4) => self.wrong(now),
            Next::Publish(_) => Event::Published(Published { until: self.until(now), is_unindexed: self.one_in(2) }),
            Next::Withdraw(_) => Event::Withdrawn(if self.one_in(4) { Err(self.refusal()) } else { Ok(()) }),
            Next::BeginIndex => Event::IndexBegun(self.one_in(2)),
            Next::Wait(..) | Next::End(_) => Event::Waited { is_idle: self.one_in(2) },
        }
    }

    fn anything(&mut self, restless: u64, now: Now) -> Event {
        let asked = [
            Next::Look,
            Next::Prepare,
            Next::CheckStill(STILL, Extent::Read),
            Next::Publish(Index::Now),
            Next::Withdraw(Secrets::Hidden),
            Next::BeginIndex,
            Next::Wait(None, STILL),
        ];
        let n = usize::try_from(self.below(7)).expect("it is small");
        self.answer(&asked[n], restless, now)
    }
}

/// Whether this answers the question.
fn answers(event: &Event, next: &Next) -> bool {
    match event {
        Event::Looked(_) | Event::Away => *next == Next::Look,
        Event::Ready(_) => *next == Next::Prepare,
        Event::Faulty(_) | Event::Refused(_) | Event::Mistaken(_) => {
            matches!(next, Next::Prepare | Next::Publish(_))
        }
        Event::Still(_) => matches!(next, Next::CheckStill(..)),
        Event::Published(_) => matches!(next, Next::Publish(_)),
        Event::Withdrawn(_) => matches!(next, Next::Withdraw(_)),
        Event::IndexBegun(_) => *next == Next::BeginIndex,
        Event::Waited { .. } => matches!(next, Next::Wait(..)),
    }
}

/// What an observer can know.
#[derive(Default)]
struct Bystander {
    rules: Rules,
    public: Public,
    is_settled: bool,
    /// What the present look found, what it is ready to publish, and whether that was found still or is being checked.
    found: Looked,
    ready: Option<Ready>,
    is_confirming: bool,
    is_confirmed: bool,
    /// In this look, secrets were removed or the whole site was published.
    is_secured: bool,
    /// Since when something hidden may have stayed public: the end of the first look that led to nothing, or the last withdrawal.
    unsecured: Option<Duration>,
    /// The number of steps without a look or a wait.
    steps: usize,
}

impl Bystander {
    /// Takes note of an answer to a question.
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Looked(found) => self.found = *found,
            Event::Ready(ready) => self.ready = Some(ready.clone()),
            Event::Still(is_still) => self.is_confirmed = *is_still && self.is_confirming,
            Event::Published(_) => {
                self.is_secured = true;
                self.public = self.ready.take().map(|ready| ready.public).unwrap_or_default();
            }
            _ => {}
        }
    }

    /// Whether what is ready brings something that was not public, through a change of the sources now or just before.
    fn is_bold(&self) -> bool {
        self.ready.as_ref().is_none_or(|ready| {
            let is_recent = self.found.differs || ready.is_fresh;
            let brings = ready.brings_files || is_recent && ready.public.has_more_than(&self.public);
            if self.is_settled { brings } else { ready.is_fresh }
        })
    }

    /// Judges what follows from an event. `is_disturbed` says that the event reported restless sources.
    fn judge(&mut self, actions: &[Action], next: &Next, is_disturbed: bool, now: Now) -> Result<(), TestCaseError> {
        let shows_drafts = self.rules.shows_drafts;
        let can_withdraw = self.found.has_settings && !shows_drafts;
        self.steps += 1;
        prop_assert!(self.steps <= LONGEST_WAY, "nobody has looked or waited for {} steps", self.steps);
        if actions.contains(&Action::Settle) {
            prop_assert!(self.is_secured || !can_withdraw, "settled, and what is hidden was not taken away");
            (self.is_settled, self.unsecured) = (true, None);
        }
        match next {
            Next::Publish(_) => {
                prop_assert!(!self.is_bold() || self.is_confirmed, "published without being still: {:?}", self.ready);
            }
            Next::CheckStill(time, extent) => {
                self.is_confirming = *time >= STILL && *extent == Extent::ReadAndCopied;
            }
            Next::Withdraw(_) => {
                prop_assert!(can_withdraw);
                (self.is_secured, self.unsecured) = (true, self.unsecured.map(|_| now.running));
            }
            Next::Look => {
                if is_disturbed && can_withdraw {
                    let since = *self.unsecured.get_or_insert(now.running);
                    prop_assert!(now.since(since) <= LONGEST_STILL, "a secret may stay for {:?}", now.since(since));
                } else if !can_withdraw {
                    self.unsecured = None;
                }
                (self.ready, self.is_confirmed, self.is_secured, self.steps) = (None, false, false, 0);
            }
            Next::Wait(until, limit) => {
                prop_assert!(*limit <= LONGEST_WAIT);
                prop_assert!(until.is_none() || !self.rules.is_fixed);
            }
            Next::End(why) => prop_assert!(!self.is_settled, "it ended though it had begun: {:?}", why),
            Next::Prepare | Next::BeginIndex => {}
        }
        Ok(())
    }
}

fn watch(rules: Rules, restless: u64, draws: &[Draw]) -> Result<(), TestCaseError> {
    let (mut state, mut next) = State::begin(rules);
    let mut now = Now { clock: Timestamp::constant(1_800_000_000, 0), running: Duration::ZERO };
    let mut bystander = Bystander { rules, ..Bystander::default() };
    for (chance, milliseconds, is_put_back) in draws {
        let mut chance = Chance(*chance);
        now.running += Duration::from_millis(*milliseconds);
        now.clock += SignedDuration::from_millis(i64::try_from(*milliseconds).expect("it is small"));
        if *is_put_back {
            now.clock -= SignedDuration::from_hours(1);
        }
        let is_stray = chance.one_in(40);
        let event = if is_stray { chance.anything(restless, now) } else { chance.answer(&next, restless, now) };
        let is_answer = answers(&event, &next);
        if is_answer {
            bystander.hear(&event);
        }
        let is_disturbed = is_answer && event == Event::Still(false);
        let actions;
        (state, actions, next) = step(state, event, now);
        bystander.judge(&actions, &next, is_disturbed, now)?;
        if matches!(next, Next::End(_)) {
            break;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn nobody_becomes_public_on_the_way_and_no_secret_stays(
        (is_fixed, shows_drafts) in (any::<bool>(), prop::bool::weighted(0.2)),
        restless in 1_u64..30,
        draws in prop::collection::vec((any::<u64>(), 0_u64..1_500, prop::bool::weighted(0.02)), 1..120),
    ) {
        watch(Rules { is_fixed, shows_drafts }, restless, &draws)?;
    }
}
