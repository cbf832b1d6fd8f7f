//! A snapshot → the moment from which it is no longer true, though nobody edits anything: something becomes public or
//! expires, an event is over, a text is due to be read again, a change that is dated ahead has its day.

use jiff::ZonedDateTime;
use jiff::civil::Date;

use super::Site;
use super::lists::last_moment;
use crate::schema::{Trait, Value};

/// The first moment after the snapshot's own at which another snapshot would differ; `None` if none ever would.
pub(super) fn next(site: &Site) -> Option<ZonedDateTime> {
    let now = &site.now;
    let zone = now.time_zone();
    let day = |date: Date| date.to_zoned_datetime(zone.clone()).ok();
    let published = site.scheduled().map(|(when, _)| when.clone());
    let parts = site.coming_in_part().into_iter().map(|(when, _)| when);
    // Of what is public and of what is not: one that expires before it would be public never is.
    let expired = site.all().flat_map(|ix| site.expiries(ix));
    let reviewed = site.all().filter_map(|ix| match site.entry(ix).values.get("review_by")?.value {
        Value::Date(date) => day(date),
        _ => None,
    });
    // An event is upcoming until its last moment is over: in lists that ask for it, and on its own page.
    let listed = site.config.lists.values().flat_map(|list| {
        let is_asked = |value: &String| matches!(value.as_str(), "upcoming" | "past");
        let asked = list.filter.iter().filter(move |condition| condition.values.iter().any(is_asked));
        asked.flat_map(|condition| list.from.iter().map(|from| (&**from, &*condition.field)))
    });
    let timed = site.config.collections.values().filter(|one| one.traits.contains(&Trait::Timed));
    let over = listed.chain(timed.map(|one| (&*one.name, "start"))).flat_map(|(collection, field)| {
        // Translations too: one may state a time of its own.
        let of_collection =
            site.all().map(|ix| site.entry(ix)).filter(move |entry| *entry.id.collection == *collection);
        of_collection.filter_map(move |entry| match last_moment(entry, field)? {
            Value::Date(date) => day(date.tomorrow().ok()?),
            Value::DateTime(when) => when.checked_add(jiff::SignedDuration::from_nanos(1)).ok(),
            _ => None,
        })
    });
    // A change that is dated ahead is not the newest yet.
    let dated = site.public().filter(|ix| site.is_dated_ahead(*ix)).filter_map(|ix| site.changed_at(ix));
    published.chain(parts).chain(expired).chain(reviewed).chain(over).chain(dated).filter(|when| when > now).min()
}
