//! An entry → when it last changed in substance: the one answer for everything that tells machines.

use jiff::ZonedDateTime;

use super::identities::Basis;
use super::visibility::Asked;
use super::{Ix, Site};
use crate::schema::Value;

impl<'a> Basis<'a> {
    /// The latest moment that an entry states of itself.
    fn changed(self, ix: Ix) -> Option<&'a Value> {
        let moments = self.changes(ix).filter_map(|value| Some((self.asked.moment(value)?, value)));
        moments.max_by(|a, b| a.0.cmp(&b.0)).map(|(_, value)| value)
    }

    /// The same as a moment.
    pub(super) fn changed_at(self, ix: Ix) -> Option<ZonedDateTime> {
        self.asked.moment(self.changed(ix)?)
    }

    /// Whether an entry states a moment still to come. Days are compared as days: finding when each begins would be expensive
    /// for a whole site.
    pub(super) fn is_dated_ahead(self, ix: Ix) -> bool {
        let today = self.asked.now.date();
        self.changes(ix).any(|value| match value {
            Value::Date(date, _) => *date > today,
            Value::DateTime(when) => when > self.asked.now,
            _ => false,
        })
    }

    /// The moments that an entry states of itself: `date`, `updated`, those of its corrections and its withdrawal.
    fn changes(self, ix: Ix) -> impl Iterator<Item = &'a Value> {
        let facts = self.of(ix);
        let corrections = match facts.value("corrections") {
            Some(Value::List(corrections)) => corrections.as_slice(),
            _ => &[],
        };
        // The withdrawal counts once the entry is withdrawn.
        let withdrawn = facts.value("withdrawn").filter(|_| self.is_withdrawn(ix));
        let dated = corrections.iter().map(|placed| &placed.value).chain(withdrawn).filter_map(|value| match value {
            Value::Record(fields) => fields.get("date").map(|placed| &placed.value),
            _ => None,
        });
        ["date", "updated"].into_iter().filter_map(move |field| facts.value(field)).chain(dated)
    }

    /// The last change, up to the moment of the snapshot, that any public entry states.
    fn newest_change(self) -> Option<ZonedDateTime> {
        let changes = self.identities.shown().filter_map(|ix| self.changed_at(ix));
        changes.filter(|when| when <= self.asked.now).max()
    }
}

impl Asked<'_> {
    /// When a field's moment begins: a day at midnight, in the site's time zone.
    fn moment(&self, value: &Value) -> Option<ZonedDateTime> {
        match value {
            Value::Date(date, _) => date.to_zoned_datetime(self.config.timezone.clone()).ok(),
            Value::DateTime(when) => Some(when.clone()),
            _ => None,
        }
    }
}

impl Site {
    /// The latest moment that an entry states of itself.
    pub(crate) fn changed(&self, ix: Ix) -> Option<&Value> {
        self.basis().changed(ix)
    }

    /// The same as a moment.
    pub(crate) fn changed_at(&self, ix: Ix) -> Option<ZonedDateTime> {
        self.basis().changed_at(ix)
    }

    /// When a field's moment begins: a day at midnight, in the site's time zone.
    pub(crate) fn moment(&self, value: &Value) -> Option<ZonedDateTime> {
        self.asked().moment(value)
    }

    /// The last change, up to `now`, that any public entry states: the nearest thing a build has to a time of its own, since
    /// it contains no clock.
    pub(crate) fn newest_change(&self) -> Option<&ZonedDateTime> {
        self.arrangement.skeleton.newest.get_or_init(|| self.basis().newest_change()).as_ref()
    }
}
