//! A snapshot → the moment from which it is no longer true, though nobody edits anything: something becomes public, an
//! event is over, a text is due to be read again, a change that is dated ahead has its day.

use jiff::ZonedDateTime;
use jiff::civil::Date;

use super::Site;
use super::lists::last_moment;
use crate::schema::Value;

/// The first moment after the snapshot's own at which another snapshot would differ; `None` if none ever would.
pub(super) fn next(site: &Site) -> Option<ZonedDateTime> {
    let now = &site.now;
    let zone = now.time_zone();
    let day = |date: Date| date.to_zoned_datetime(zone.clone()).ok();
    let published = site.scheduled().map(|(when, _)| when.clone());
    let reviewed = site.all().filter_map(|ix| match site.entry(ix).values.get("review_by")?.value {
        Value::Date(date) => day(date),
        _ => None,
    });
    // An event is upcoming until its last moment is over.
    let over = site.config.lists.values().flat_map(|list| {
        let asked = list
            .filter
            .iter()
            .filter(|condition| condition.values.iter().any(|value| matches!(value.as_str(), "upcoming" | "past")));
        asked.flat_map(move |condition| {
            let entries = list.from.iter().flat_map(|from| site.of_collection(from));
            entries.filter_map(move |ix| match last_moment(site.entry(ix), &condition.field)? {
                Value::Date(date) => day(date.tomorrow().ok()?),
                Value::DateTime(when) => when.checked_add(jiff::SignedDuration::from_millis(1)).ok(),
                _ => None,
            })
        })
    });
    // A change that is dated ahead is not the newest yet.
    let dated = site.public().filter_map(|ix| site.changed_at(ix));
    published.chain(reviewed).chain(over).chain(dated).filter(|when| when > now).min()
}
