//! A snapshot → the moment from which it is no longer true, even without an edit: something becomes public or expires, an
//! event is over, a text is due for review, the day of a change dated ahead comes.

use jiff::ZonedDateTime;
use jiff::civil::Date;

use super::identities::Basis;
use super::members::last_moment;
use crate::schema::{Trait, Value};

/// The first moment after the snapshot's own at which another snapshot would differ; `None` if none ever would.
pub(super) fn next(known: Basis<'_>) -> Option<ZonedDateTime> {
    let (now, config) = (known.asked.now, known.asked.config);
    let zone = now.time_zone();
    let all = || known.identities.all();
    let day = |date: Date| date.to_zoned_datetime(zone.clone()).ok();
    let published = known.scheduled().map(|(when, _)| when.clone());
    let parts = known.coming_in_part().into_iter().map(|(when, _)| when);
    // Of public and hidden entries: one that expires before it would become public never does.
    let expired = all().flat_map(|ix| known.expiries(ix));
    let reviewed = all().filter_map(|ix| match known.of(ix).value("review_by")? {
        Value::Date(date, _) => day(*date),
        _ => None,
    });
    // An event is upcoming until its last moment is over: in lists that ask for it, and on its own page.
    let listed = config.lists.values().flat_map(|list| {
        let is_asked = |value: &String| matches!(value.as_str(), "upcoming" | "past");
        let asked = list.filter.iter().filter(move |condition| condition.values.iter().any(is_asked));
        asked.flat_map(|condition| list.from.iter().map(|from| (&**from, &*condition.field)))
    });
    let timed = config.collections.values().filter(|one| one.traits.contains(&Trait::Timed));
    let over = listed.chain(timed.map(|one| (&*one.name, "start"))).flat_map(|(collection, field)| {
        // Translations too: one may state a time of its own.
        let of_collection = known.facts.iter().filter(move |entry| **entry.collection() == *collection);
        of_collection.filter_map(move |entry| match last_moment(entry, field)? {
            Value::Date(date, _) => day(date.tomorrow().ok()?),
            Value::DateTime(when) => when.checked_add(jiff::SignedDuration::from_nanos(1)).ok(),
            _ => None,
        })
    });
    // A change dated ahead is not the newest yet.
    let dated = known.identities.shown().filter(|ix| known.is_dated_ahead(*ix)).filter_map(|ix| known.changed_at(ix));
    published.chain(parts).chain(expired).chain(reviewed).chain(over).chain(dated).filter(|when| when > now).min()
}
