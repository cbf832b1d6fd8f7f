//! An entry → an event: when and where it takes place, its state, its price.
//!
//! Anything not stated unambiguously is left out: calendars and search engines present it as fact.

use std::borrow::Cow;

use jiff::ZonedDateTime;

use super::{Agent, EntryView, Named};
use crate::schema::{Moment, Trait};
use crate::site::{Ix, Site};

/// An event.
pub(crate) struct Event<'a> {
    pub(crate) entry: EntryView<'a>,
    pub(crate) start: Option<Moment>,
    pub(crate) end: Option<Moment>,
    /// When it was originally to begin.
    pub(crate) was: Option<Moment>,
    pub(crate) state: State,
    pub(crate) mode: Option<Mode>,
    pub(crate) venue: Option<Venue<'a>>,
    /// Where to join.
    pub(crate) online_url: Option<Cow<'a, str>>,
    pub(crate) booking: Option<Cow<'a, str>>,
    /// Fully booked.
    pub(crate) is_full: bool,
    pub(crate) price: Option<Price>,
}

/// The state of an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    Scheduled,
    Moved,
    Cancelled,
}

/// How people take part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    InPerson,
    Online,
    Hybrid,
}

/// The place of an event.
pub(crate) struct Venue<'a> {
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) address: Option<Cow<'a, str>>,
    pub(crate) url: Option<Cow<'a, str>>,
}

impl<'a> Event<'a> {
    pub(crate) fn new(entry: EntryView<'a>) -> Self {
        let fields = entry.fields();
        let state = fields.text("state");
        let capacity = fields.text("capacity");
        Self {
            entry,
            start: fields.moment("start"),
            end: fields.moment("end"),
            was: fields.moment("was"),
            state: match state.as_deref() {
                Some("cancelled") => State::Cancelled,
                Some("moved") => State::Moved,
                _ => State::Scheduled,
            },
            mode: fields.text("mode").map(|mode| match &*mode {
                "online" => Mode::Online,
                "hybrid" => Mode::Hybrid,
                _ => Mode::InPerson,
            }),
            venue: fields.one("venue").map(|venue| {
                let Named { name, url } = Named::of(&venue);
                Venue { name, address: venue.fields().and_then(|fields| fields.text("address")), url }
            }),
            online_url: fields.text("online_url"),
            booking: fields.text("booking"),
            is_full: state.as_deref() == Some("full") || matches!(capacity.as_deref(), Some("full" | "waiting-list")),
            price: fields.text("price").and_then(|price| Price::read(&price)),
        }
    }

    /// The agents it names: the speakers.
    pub(crate) fn performers(&self) -> Vec<Agent<'a>> {
        self.entry.fields().all_of(Trait::Agent).iter().map(Agent::of).collect()
    }

    fn site(&self) -> &'a Site {
        self.entry.readers.site
    }

    /// The entry and its original: calendars see one event in all languages, by its `UID`, so the original counts too.
    fn both(&self) -> [Ix; 2] {
        [self.entry.ix, self.site().subject(self.entry.ix)]
    }

    /// Its permanent name in calendars. No `@`: software would send mail to what looks like an address.
    pub(crate) fn uid(&self) -> String {
        format!("{}#{}", self.site().config.base.url("/"), self.site().lasting_name(self.entry.ix))
    }

    /// When it changed, in any language.
    pub(crate) fn changed(&self) -> Option<ZonedDateTime> {
        self.both().into_iter().filter_map(|ix| self.site().changed_at(ix)).max()
    }

    /// When this was last known to be true: its own change, else when it became public, else the last change of the site.
    pub(crate) fn stamp(&self) -> Option<ZonedDateTime> {
        let own = self.changed().or_else(|| self.site().embargo_end(self.entry.ix));
        own.or_else(|| self.site().newest_change().cloned())
    }

    /// The number of its revision. It must grow with each change (RFC 5545, 3.8.7.4). Nobody counts changes, but `updated`
    /// grows too, and an event is moved or cancelled after it was announced. In minutes, so that it fits into 32 bits for a
    /// long time.
    pub(crate) fn revision(&self) -> i64 {
        let site = self.site();
        let updated = |ix| site.moment(&site.entry(ix).values.get("updated")?.value);
        let updated = self.both().into_iter().filter_map(updated).max();
        let minutes = updated.map_or(0, |when| when.timestamp().as_second() / 60).max(0);
        minutes
            + match self.state {
                State::Cancelled => 2,
                State::Moved => 1,
                State::Scheduled => 0,
            }
    }
}

/// The price of a seat, if it is a single number.
#[derive(PartialEq, Debug)]
pub(crate) struct Price {
    pub(crate) amount: String,
    /// Its ISO 4217 code.
    pub(crate) currency: Option<&'static str>,
}

/// Words for "nothing to pay" in the languages of these islands and of some neighbours.
const FREE: &[&str] =
    &["free", "free of charge", "am ddim", "an-asgaidh", "saor in aisce", "gratis", "gratuit", "kostenlos"];

/// Signs and codes that each mean one currency; a dollar may be that of many countries.
const CURRENCIES: &[(&str, &str)] = &[
    ("£", "GBP"),
    ("€", "EUR"),
    ("GBP", "GBP"),
    ("EUR", "EUR"),
    ("USD", "USD"),
    ("CHF", "CHF"),
    ("DKK", "DKK"),
    ("NOK", "NOK"),
    ("SEK", "SEK"),
];

impl Price {
    /// Reads `Free`, `£25`, `10.50 EUR`; not `£25 (£15 for members)`, `1,000 EUR` or `25`, which leave something open.
    fn read(stated: &str) -> Option<Self> {
        let stated = stated.trim().trim_end_matches('.');
        if FREE.contains(&stated.to_lowercase().as_str()) {
            return Some(Self { amount: "0".to_owned(), currency: None });
        }
        let apart = |(sign, code): &(&str, &'static str)| {
            let rest = stated.strip_prefix(sign).or_else(|| stated.strip_suffix(sign))?;
            Some((rest.trim(), Some(*code)))
        };
        let (amount, currency) = CURRENCIES.iter().find_map(apart).unwrap_or((stated, None));
        let (whole, part) = amount.split_once('.').unwrap_or((amount, "00"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let price = Self { amount: amount.to_owned(), currency };
        let is_clear = is_digits(whole) && is_digits(part) && part.len() == 2;
        (is_clear && (currency.is_some() || price.is_nothing())).then_some(price)
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.amount.bytes().all(|byte| matches!(byte, b'0' | b'.'))
    }
}

#[cfg(test)]
mod tests {
    use super::Price;

    #[test]
    fn prices_are_read_only_where_they_are_one_number() {
        for (stated, read) in [
            ("Free", Some(("0", None))),
            ("am ddim", Some(("0", None))),
            ("£0", Some(("0", Some("GBP")))),
            ("£25", Some(("25", Some("GBP")))),
            ("£ 7.50", Some(("7.50", Some("GBP")))),
            ("10.50 EUR", Some(("10.50", Some("EUR")))),
            ("0", Some(("0", None))),
            ("25", None),
            ("$25", None),
            ("£1,000", None),
            ("£7.5", None),
            ("£25 (£15 for members)", None),
            ("£10–£25", None),
            ("from £5", None),
            ("Free for members", None),
            ("£", None),
            ("", None),
        ] {
            let price = Price::read(stated);
            assert_eq!(price.as_ref().map(|price| (price.amount.as_str(), price.currency)), read, "{stated}");
        }
    }
}
