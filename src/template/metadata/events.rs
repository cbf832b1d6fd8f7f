//! An event and its page → JSON-LD: where it takes place, and what it costs.
//!
//! Anything not stated unambiguously is left out: search engines present it as fact.

use serde_json::{Value as Json, json};

use super::Page;
use super::graph::{agent, image, language, object, publisher, term};
use crate::schema::Moment;
use crate::views::{Event, Mode, Price, State, Venue};

/// What Google requires of an event: name, start, a place with an address.
pub(super) fn event(page: &Page<'_>, event: &Event<'_>, schema: &str) -> Json {
    let (venue, online) = (venue(event), online(page, event));
    let mode = match (venue, &online) {
        (None, Some(_)) => "OnlineEventAttendanceMode",
        (Some(_), Some(_)) => "MixedEventAttendanceMode",
        (_, None) => "OfflineEventAttendanceMode",
    };
    let status = match event.state {
        State::Cancelled => "EventCancelled",
        State::Moved => "EventRescheduled",
        State::Scheduled => "EventScheduled",
    };
    let was = event.was.as_ref().filter(|_| event.state == State::Moved);
    let is_free = event.price.as_ref().is_some_and(Price::is_nothing);
    object(vec![
        ("@type", json!(schema)),
        ("@id", json!(format!("{}#event", page.view.url))),
        ("name", json!(event.entry.title())),
        ("description", json!(page.view.description)),
        ("url", json!(page.view.url)),
        ("image", image(event.entry)),
        ("startDate", json!(event.start.as_ref().map(Moment::written))),
        ("endDate", json!(event.end.as_ref().map(Moment::written))),
        ("previousStartDate", json!(was.map(Moment::written))),
        ("eventStatus", json!(format!("https://schema.org/{status}"))),
        ("eventAttendanceMode", json!(format!("https://schema.org/{mode}"))),
        ("location", location(venue, online)),
        ("isAccessibleForFree", if is_free { json!(true) } else { Json::Null }),
        ("organizer", publisher(page)),
        ("performer", event.performers().iter().map(|one| agent(one, "Person")).collect()),
        ("about", event.entry.terms().iter().map(term).collect()),
        ("offers", if event.state == State::Cancelled { Json::Null } else { offer(page, event) }),
        ("inLanguage", language(page)),
    ])
}

/// The place to go to; none for an online event.
fn venue<'e>(event: &'e Event<'_>) -> Option<&'e Venue<'e>> {
    event.venue.as_ref().filter(|_| event.mode != Some(Mode::Online))
}

/// The address to join at; an event that states no mode is online too if it states such an address.
fn online(page: &Page<'_>, event: &Event<'_>) -> Option<String> {
    let stated = event.online_url.as_deref();
    match event.mode {
        Some(Mode::Online | Mode::Hybrid) => {
            Some(stated.or(event.booking.as_deref()).unwrap_or(&page.view.url).to_owned())
        }
        Some(Mode::InPerson) => None,
        None => stated.map(str::to_owned),
    }
}

fn location(venue: Option<&Venue<'_>>, online: Option<String>) -> Json {
    let place = venue.map(|venue| {
        object(vec![
            ("@type", json!("Place")),
            ("name", json!(venue.name)),
            ("address", json!(venue.address.as_ref().or(venue.name.as_ref()))),
            ("url", json!(venue.url)),
        ])
    });
    let online = online.map(|url| json!({ "@type": "VirtualLocation", "url": url }));
    let mut all: Vec<Json> = place.into_iter().chain(online).collect();
    match all.len() {
        1 => all.remove(0),
        _ => Json::Array(all),
    }
}

/// The price of a seat, and whether there are seats until it begins.
fn offer(page: &Page<'_>, event: &Event<'_>) -> Json {
    let (booking, price) = (&event.booking, &event.price);
    if booking.is_none() && price.is_none() {
        return Json::Null;
    }
    let stock = match (event.is_full, booking) {
        (true, _) => Some("SoldOut"),
        (false, Some(_)) => Some("InStock"),
        (false, None) => None,
    };
    object(vec![
        ("@type", json!("Offer")),
        ("url", json!(booking.as_deref().unwrap_or(&page.view.url))),
        ("availability", json!(stock.map(|stock| format!("https://schema.org/{stock}")))),
        ("availabilityEnds", json!(event.start.as_ref().map(Moment::written))),
        ("price", json!(price.as_ref().map(|price| &price.amount))),
        ("priceCurrency", json!(price.as_ref().and_then(|price| price.currency))),
    ])
}
