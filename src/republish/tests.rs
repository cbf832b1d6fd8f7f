//! What is done when, scenario by scenario: a number of milliseconds, an event, what is reported or kept, and what is next.

use super::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::store::Kind;

/// A moment, an event, and what follows from it.
type Step = (Now, Event, Vec<Action>, Next);

const NOT_IDLE: Event = Event::Waited { is_idle: false };
const IDLE: Event = Event::Waited { is_idle: true };
const CHECK_QUIET: Next = Next::CheckStill(QUIET, Extent::Read);
const CHECK_STILL: Next = Next::CheckStill(STILL, Extent::ReadAndCopied);
const AS_IT_WAS: Looked = Looked { differs: false, reads_otherwise: false, has_settings: true, has_index: false };

/// So many milliseconds after noon, when the watch began.
fn at(milliseconds: i64) -> Now {
    let clock = Timestamp::constant(1_800_000_000, 0) + jiff::SignedDuration::from_millis(milliseconds);
    Now { clock, running: Duration::from_millis(milliseconds.unsigned_abs()) }
}

/// The same, with the clock an hour back.
fn an_hour_back(milliseconds: i64) -> Now {
    let now = at(milliseconds);
    Now { clock: now.clock - jiff::SignedDuration::from_hours(1), ..now }
}

/// Begins to watch a site with the public entries `public`, one letter each, until `until`.
fn begun_by(rules: Rules, public: &str, until: Option<Timestamp>) -> State {
    let (state, next) = State::begin(rules);
    assert_eq!(next, Next::Look);
    let first = vec![Action::TellPublished(Why::Begun), Action::KeepCaches, Action::TellWatching, Action::Settle];
    let due = until.filter(|_| !rules.is_fixed);
    play(
        state,
        [
            (at(0), Event::Looked(AS_IT_WAS), vec![], Next::Prepare),
            (at(0), ready(public), vec![], Next::Publish(Index::Now)),
            (at(0), published(until), first, Next::Wait(due, LONGEST_WAIT)),
        ],
    )
}

const USUAL: Rules = Rules { is_fixed: false, shows_drafts: false };

fn begun(public: &str) -> State {
    begun_by(USUAL, public, None)
}

fn play(mut state: State, steps: impl IntoIterator<Item = Step>) -> State {
    for (n, (now, event, actions, next)) in steps.into_iter().enumerate() {
        let (after, done, then) = step(state, event.clone(), now);
        assert_eq!((done, then), (actions, next), "step {n}: {event:?}");
        state = after;
    }
    state
}

fn changed() -> Event {
    Event::Looked(Looked { differs: true, ..AS_IT_WAS })
}

fn unchanged() -> Event {
    Event::Looked(AS_IT_WAS)
}

fn ready(public: &str) -> Event {
    Event::Ready(Ready { public: public.chars().collect(), ..Ready::default() })
}

fn published(until: Option<Timestamp>) -> Event {
    Event::Published(Published { until, is_unindexed: false })
}

fn unindexed() -> Event {
    Event::Published(Published { until: None, is_unindexed: true })
}

/// A refusal; two with the same help are the same trouble.
fn refusal(kind: Kind, help: &str) -> Refusal {
    let diagnostic = Diagnostic::new(Code::OutputUnwritable, "`public` cannot be written").help(help);
    Refusal { diagnostic: Box::new(diagnostic), kind }
}

/// Woken by a change, and what a look found.
fn woken(milliseconds: i64, found: Event) -> [Step; 2] {
    let next = if found == unchanged() { Next::Wait(None, LONGEST_WAIT) } else { Next::Prepare };
    [(at(milliseconds), NOT_IDLE, vec![Action::TellHow], Next::Look), (at(milliseconds), found, vec![], next)]
}

/// What follows a publication that is not the first.
fn settled(why: Why) -> Vec<Action> {
    vec![Action::TellPublished(why), Action::Settle]
}

fn rest() -> Next {
    Next::Wait(None, LONGEST_WAIT)
}

#[test]
fn an_edit_is_published_at_once() {
    // Adding a draft is an edit like any other: nobody sees it.
    play(
        begun("ab"),
        woken(1_000, changed()).into_iter().chain([
            (at(1_010), ready("ab"), vec![], Next::Publish(Index::Later)),
            (at(1_020), published(None), settled(Why::Changed), rest()),
            (at(1_020), NOT_IDLE, vec![Action::TellHow], Next::Look),
            (at(1_030), unchanged(), vec![], rest()),
            // While nothing is waiting.
            (at(21_030), IDLE, vec![Action::KeepCaches, Action::TellHow], Next::Look),
            (at(21_030), unchanged(), vec![], rest()),
            (at(41_030), IDLE, vec![Action::TellHow], Next::Look),
        ]),
    );
}

#[test]
fn half_a_file_is_no_fault() {
    play(
        begun("ab"),
        woken(1_000, changed()).into_iter().chain([
            (at(1_010), Event::Faulty(None), vec![], CHECK_QUIET),
            (at(1_060), Event::Still(false), vec![], Next::Look),
            (at(1_060), changed(), vec![], Next::Prepare),
            (at(1_070), ready("ab"), vec![], Next::Publish(Index::Later)),
            // Rendering finds faults as well.
            (at(1_080), Event::Faulty(None), vec![], CHECK_QUIET),
            (at(1_130), Event::Still(false), vec![], Next::Look),
            (at(1_130), changed(), vec![], Next::Prepare),
            (at(1_140), ready("ab"), vec![], Next::Publish(Index::Later)),
            (at(1_150), published(None), settled(Why::Changed), rest()),
            // Half a file from long ago has nothing to do with this one.
            (at(9_000), NOT_IDLE, vec![Action::TellHow], Next::Look),
            (at(9_000), changed(), vec![], Next::Prepare),
            (at(9_010), Event::Faulty(None), vec![], CHECK_QUIET),
        ]),
    );
}

#[test]
fn a_page_whose_embargo_comes_a_moment_later_is_never_public() {
    play(
        begun("ab"),
        woken(1_000, changed()).into_iter().chain([
            (at(1_010), ready("abc"), vec![], CHECK_STILL),
            // After 300 ms the file with the embargo arrived.
            (at(1_510), Event::Still(false), vec![], Next::Look),
            (at(1_510), changed(), vec![], Next::Prepare),
            (at(1_520), ready("ab"), vec![], Next::Publish(Index::Later)),
            (at(1_530), published(None), settled(Why::Changed), rest()),
            // An entry that stays unchanged for long enough becomes public.
            (at(2_000), NOT_IDLE, vec![Action::TellHow], Next::Look),
            (at(2_000), changed(), vec![], Next::Prepare),
            (at(2_010), ready("abd"), vec![], CHECK_STILL),
            (at(2_510), Event::Still(true), vec![], Next::Publish(Index::Later)),
        ]),
    );
}

#[test]
fn what_came_and_went_again_is_looked_into() {
    play(
        begun("ab"),
        woken(1_000, changed()).into_iter().chain([
            (at(1_010), ready("abc"), vec![], CHECK_STILL),
            (at(1_510), Event::Still(false), vec![], Next::Look),
            (at(1_510), unchanged(), vec![], Next::Prepare),
            (at(1_520), ready("ab"), vec![], Next::Publish(Index::Later)),
            (at(1_530), published(None), settled(Why::TriedAgain), rest()),
        ]),
    );
}

#[test]
fn files_that_are_copied_and_a_site_that_was_just_written_are_waited_for() {
    let film = Event::Ready(Ready { public: "ab".chars().collect(), brings_files: true, is_fresh: false });
    play(begun("ab"), woken(1_000, changed()).into_iter().chain([(at(1_010), film, vec![], CHECK_STILL)]));
    let fresh = Event::Ready(Ready { is_fresh: true, ..Ready::default() });
    let (state, _) = State::begin(USUAL);
    play(
        state,
        [
            (at(0), unchanged(), vec![], Next::Prepare),
            (at(10), fresh, vec![], CHECK_STILL),
            (at(510), Event::Still(true), vec![], Next::Publish(Index::Now)),
        ],
    );
}

#[test]
fn what_is_hidden_goes_though_another_page_is_faulty() {
    let until = Some(at(9_000).clock);
    let told = || vec![Action::ForgetIndex, Action::TellFaults(Why::Changed)];
    let (full, other) = (refusal(Kind::Machine, "make room"), refusal(Kind::Machine, "ask"));
    let faulty = |ms| {
        let [woken, looked] = woken(ms, changed());
        [woken, looked, (at(ms + 10), Event::Faulty(until), vec![], CHECK_QUIET)]
    };
    let withdraw = |ms| (at(ms), Event::Still(true), told(), Next::Withdraw(Secrets::Hidden));
    let left = |ms, why: &Refusal, mut actions: Vec<Action>| {
        actions.push(Action::Settle);
        (at(ms), Event::Withdrawn(Err(why.clone())), actions, Next::Wait(until, LONGEST_WAIT))
    };
    let mut steps = Vec::new();
    steps.extend(faulty(1_000));
    steps.extend([withdraw(1_060), left(1_070, &full, vec![Action::TellLeft(full.clone())])]);
    // The same trouble is reported once.
    steps.extend(faulty(2_000));
    steps.extend([withdraw(2_060), left(2_070, &full, vec![])]);
    steps.extend(faulty(3_000));
    steps.extend([withdraw(3_060), left(3_070, &other, vec![Action::TellLeft(other.clone())])]);
    steps.extend(faulty(4_000));
    steps.extend([
        withdraw(4_060),
        (at(4_070), Event::Withdrawn(Ok(())), vec![Action::Settle], Next::Wait(until, LONGEST_WAIT)),
    ]);
    play(begun("ab"), steps);
}

#[test]
fn without_settings_nobody_knows_what_is_secret() {
    let unusable = Event::Looked(Looked { differs: true, has_settings: false, ..AS_IT_WAS });
    play(
        begun("ab"),
        woken(1_000, unusable).into_iter().chain([
            (at(1_010), Event::Faulty(None), vec![], CHECK_QUIET),
            (
                at(1_060),
                Event::Still(true),
                vec![Action::ForgetIndex, Action::TellFaults(Why::Changed), Action::Settle],
                rest(),
            ),
        ]),
    );
}

#[test]
fn where_drafts_are_shown_nothing_is_a_secret() {
    let rules = Rules { shows_drafts: true, ..USUAL };
    play(
        begun_by(rules, "ab", None),
        woken(1_000, changed()).into_iter().chain([
            (at(1_010), ready("abc"), vec![], CHECK_STILL),
            (at(1_510), Event::Still(true), vec![], Next::Publish(Index::Later)),
            (at(1_520), Event::Faulty(None), vec![], CHECK_QUIET),
            (
                at(1_570),
                Event::Still(true),
                vec![Action::ForgetIndex, Action::TellFaults(Why::Changed), Action::Settle],
                rest(),
            ),
        ]),
    );
}

#[test]
fn sources_that_are_never_still_bring_nobody_and_hide_no_secret() {
    let disturbed = |ms: i64, then: (Vec<Action>, Next)| {
        [
            (at(ms - 510), changed(), vec![], Next::Prepare),
            (at(ms - 500), ready("abc"), vec![], CHECK_STILL),
            (at(ms), Event::Still(false), then.0, then.1),
        ]
    };
    let again = || (vec![], Next::Look);
    let state = play(begun("ab"), [(at(490), NOT_IDLE, vec![Action::TellHow], Next::Look)]);
    let mut steps = Vec::new();
    steps.extend(disturbed(1_000, again()));
    steps.extend(disturbed(6_000, again()));
    steps.extend(disturbed(6_001, (vec![Action::TellHeld(Why::Changed)], Next::Withdraw(Secrets::Hidden))));
    steps.push((at(6_002), Event::Withdrawn(Ok(())), vec![], Next::Look));
    steps.extend(disturbed(11_001, again()));
    // The wait is reported once.
    steps.extend(disturbed(11_002, (vec![], Next::Withdraw(Secrets::Hidden))));
    steps.push((at(11_003), Event::Withdrawn(Ok(())), vec![], Next::Look));
    let state = play(state, steps);
    // By then a fault is reported at once, and a publication that only removes entries is published at once.
    play(
        state.clone(),
        [
            (at(11_500), changed(), vec![], Next::Prepare),
            (
                at(11_510),
                Event::Faulty(None),
                vec![Action::ForgetIndex, Action::TellFaults(Why::Changed)],
                Next::Withdraw(Secrets::Hidden),
            ),
        ],
    );
    play(
        state,
        [(at(11_500), changed(), vec![], Next::Prepare), (at(11_510), ready("a"), vec![], Next::Publish(Index::Now))],
    );
}

#[test]
fn whoever_is_withdrawn_is_found_no_longer() {
    play(
        begun("ab"),
        woken(1_000, changed()).into_iter().chain([
            (at(1_010), ready("a"), vec![], CHECK_STILL),
            (at(1_510), Event::Still(true), vec![], Next::Publish(Index::Now)),
        ]),
    );
}

#[test]
fn a_clock_that_is_put_back_is_a_reason() {
    play(
        begun("ab"),
        [
            (at(1_000), IDLE, vec![Action::TellHow], Next::Look),
            (an_hour_back(1_000), unchanged(), vec![], Next::Prepare),
            (an_hour_back(1_010), ready("a"), vec![], Next::Publish(Index::Now)),
            (an_hour_back(1_020), published(None), settled(Why::PutBack), rest()),
            (an_hour_back(1_020), NOT_IDLE, vec![Action::TellHow], Next::Look),
            (an_hour_back(1_030), unchanged(), vec![], rest()),
        ],
    );
}

#[test]
fn what_becomes_public_by_itself_is_published_when_its_moment_comes() {
    let due = Some(at(3_000).clock);
    play(
        begun_by(USUAL, "ab", due),
        [
            (at(2_999), NOT_IDLE, vec![Action::TellHow], Next::Look),
            (at(2_999), unchanged(), vec![], Next::Wait(due, LONGEST_WAIT)),
            (at(3_000), IDLE, vec![Action::TellHow], Next::Look),
            (at(3_000), unchanged(), vec![], Next::Prepare),
            // The sources are unchanged: there is no need to wait for them.
            (at(3_010), ready("abc"), vec![], Next::Publish(Index::Later)),
            (at(3_020), published(None), settled(Why::Due), rest()),
        ],
    );
}

#[test]
fn a_fixed_moment_never_comes() {
    let rules = Rules { is_fixed: true, ..USUAL };
    play(
        begun_by(rules, "ab", Some(at(3_000).clock)),
        [
            (at(3_000), IDLE, vec![Action::TellHow], Next::Look),
            (at(3_000), unchanged(), vec![], rest()),
            (at(9_000), IDLE, vec![Action::TellHow], Next::Look),
            (an_hour_back(9_000), unchanged(), vec![], rest()),
        ],
    );
    let (state, _) = State::begin(rules);
    play(
        state,
        [
            (at(0), unchanged(), vec![], Next::Prepare),
            (at(10), Event::Mistaken("no moment".to_owned()), vec![], Next::End(End::Mistaken("no moment".to_owned()))),
        ],
    );
}

#[test]
fn a_full_disk_is_told_once_and_tried_again() {
    let full = refusal(Kind::Machine, "make room");
    let refused = |ms: i64, told: Vec<Action>| {
        [
            (at(ms), ready("ab"), vec![], Next::Publish(Index::Later)),
            (at(ms), Event::Refused(full.clone()), vec![], CHECK_QUIET),
            (at(ms + 50), Event::Still(true), told, Next::Withdraw(Secrets::HiddenOrGone)),
            (at(ms + 60), Event::Withdrawn(Ok(())), vec![Action::Settle], rest()),
            (at(ms + 20_060), IDLE, vec![Action::TellHow], Next::Look),
            (at(ms + 20_060), unchanged(), vec![], Next::Prepare),
        ]
    };
    let mut steps = woken(1_000, changed()).to_vec();
    steps.extend(refused(1_010, vec![Action::TellRefused(full.clone()), Action::ForgetIndex]));
    steps.extend(refused(22_000, vec![Action::ForgetIndex]));
    steps.push((at(43_000), ready("ab"), vec![], Next::Publish(Index::Later)));
    steps.push((at(43_010), published(None), settled(Why::TriedAgain), rest()));
    steps.extend(woken(44_000, unchanged()));
    play(begun("ab"), steps);
}

#[test]
fn a_folder_of_somebody_else_ends_the_watch_at_first_only() {
    let foreign = refusal(Kind::Foreign, "name another");
    let (state, _) = State::begin(USUAL);
    play(
        state,
        [
            (at(0), unchanged(), vec![], Next::Prepare),
            (at(10), ready("ab"), vec![], Next::Publish(Index::Now)),
            (at(20), Event::Refused(foreign.clone()), vec![], Next::End(End::Refused(foreign.clone()))),
        ],
    );
    play(
        begun("ab"),
        woken(1_000, changed()).into_iter().chain([
            (at(1_010), ready("ab"), vec![], Next::Publish(Index::Later)),
            (at(1_020), Event::Refused(foreign), vec![], CHECK_QUIET),
        ]),
    );
}

#[test]
fn a_site_that_is_away_is_waited_for_once_it_was_there() {
    let wait_quiet = || Next::Wait(None, QUIET);
    let (state, _) = State::begin(USUAL);
    play(state.clone(), [(at(0), Event::Away, vec![], Next::End(End::NoSite))]);
    // A site that was still arriving counts as begun.
    play(
        state,
        [
            (at(0), unchanged(), vec![], Next::Prepare),
            (at(10), Event::Faulty(None), vec![], CHECK_QUIET),
            (at(60), Event::Still(false), vec![], Next::Look),
            (at(60), Event::Away, vec![], wait_quiet()),
        ],
    );
    play(
        begun_by(USUAL, "ab", Some(at(9_000).clock)),
        [
            (at(1_000), NOT_IDLE, vec![Action::TellHow], Next::Look),
            (at(1_000), Event::Away, vec![], wait_quiet()),
            // Half of a checkout.
            (at(1_040), NOT_IDLE, vec![], Next::Look),
            (at(1_040), Event::Away, vec![], wait_quiet()),
            (at(1_090), IDLE, vec![Action::TellAway], Next::Look),
            (at(1_090), Event::Away, vec![], rest()),
            (at(2_000), NOT_IDLE, vec![Action::TellHow], Next::Look),
            (at(2_000), Event::Away, vec![], rest()),
            (at(3_000), NOT_IDLE, vec![Action::TellHow], Next::Look),
            (at(3_000), unchanged(), vec![Action::TellBack], Next::Prepare),
            (at(3_010), ready("ab"), vec![], Next::Publish(Index::Later)),
            (at(3_020), published(None), settled(Why::TriedAgain), rest()),
        ],
    );
}

// A look that finds the site again at once has not forgotten the due moment.
#[test]
fn the_hour_comes_though_the_site_was_away_for_a_moment() {
    let due = Some(at(3_000).clock);
    play(
        begun_by(USUAL, "ab", due),
        [
            (at(1_000), NOT_IDLE, vec![Action::TellHow], Next::Look),
            (at(1_000), Event::Away, vec![], Next::Wait(None, QUIET)),
            (at(1_010), NOT_IDLE, vec![], Next::Look),
            (at(1_010), unchanged(), vec![], Next::Wait(due, LONGEST_WAIT)),
        ],
    );
}

#[test]
fn the_index_is_made_when_nothing_changes_or_its_time_has_come() {
    let wait = || Next::Wait(None, BEFORE_INDEX);
    let indexed = Event::Looked(Looked { has_index: true, ..AS_IT_WAS });
    let edit = |ms: i64| {
        let [woken, looked] = woken(ms, changed());
        [
            woken,
            looked,
            (at(ms), ready("ab"), vec![], Next::Publish(Index::Later)),
            (at(ms), unindexed(), settled(Why::Changed), wait()),
        ]
    };
    let begin = |ms: i64, is_begun: bool| (at(ms), Event::IndexBegun(is_begun), vec![Action::TellHow], Next::Look);
    play(
        begun("ab"),
        edit(1_000).into_iter().chain([
            (at(3_000), IDLE, vec![Action::KeepCaches], Next::BeginIndex),
            // Another is being built.
            begin(3_000, false),
            (at(3_000), unchanged(), vec![], wait()),
            (at(5_000), IDLE, vec![], Next::BeginIndex),
            begin(5_000, true),
            (at(5_000), unchanged(), vec![], rest()),
            (at(6_000), NOT_IDLE, vec![Action::TellHow], Next::Look),
            (at(6_000), indexed, vec![], Next::Prepare),
            (at(6_010), ready("ab"), vec![], Next::Publish(Index::Later)),
            (at(6_020), published(None), settled(Why::Indexed), rest()),
        ]),
    );
    // Even during endless edits an index is built, at a time counted from the first edit.
    let mut steps = Vec::new();
    for ms in [1_000, 11_000, 21_000, 21_001] {
        steps.extend(edit(ms));
    }
    steps.push((at(21_002), NOT_IDLE, vec![], Next::BeginIndex));
    steps.push(begin(21_002, true));
    play(begun("ab"), steps);
}

#[test]
fn what_can_be_read_is_a_reason_though_no_file_differs() {
    let otherwise = Event::Looked(Looked { reads_otherwise: true, ..AS_IT_WAS });
    play(
        begun("ab"),
        woken(1_000, otherwise).into_iter().chain([
            (at(1_010), ready("ab"), vec![], Next::Publish(Index::Later)),
            (at(1_020), published(None), settled(Why::ReadOtherwise), rest()),
        ]),
    );
}

#[test]
fn what_nobody_asked_for_publishes_nothing_and_is_looked_into() {
    let state = play(
        begun("ab"),
        woken(1_000, changed()).into_iter().chain([
            (at(1_010), ready("abc"), vec![], CHECK_STILL),
            (at(1_020), ready("abc"), vec![], Next::Look),
            (at(1_030), Event::Still(true), vec![], Next::Look),
        ]),
    );
    play(
        state,
        [
            (at(1_040), unchanged(), vec![], Next::Prepare),
            (at(1_050), ready("ab"), vec![], Next::Publish(Index::Later)),
            (at(1_060), published(None), settled(Why::TriedAgain), rest()),
        ],
    );
}
