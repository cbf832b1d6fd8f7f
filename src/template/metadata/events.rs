//! An event and its page → JSON-LD: where it takes place, and what it costs.
//!
//! What is not said in a form that can only mean one thing is left out: search engines show it as a fact.

use serde_json::{Value as Json, json};
use tera::Value;

use super::graph::{agent, image, language, object, publisher, term};
use super::{Page, items, name, text};
use crate::schema::Trait;

/// What Google requires of an event: name, start, a place with an address.
pub(super) fn event(page: &Page<'_>, entry: &Value, schema: &str) -> Json {
    let (venue, online) = (venue(entry), online(page, entry));
    let mode = match (venue, &online) {
        (None, Some(_)) => "OnlineEventAttendanceMode",
        (Some(_), Some(_)) => "MixedEventAttendanceMode",
        (_, None) => "OfflineEventAttendanceMode",
    };
    let status = match text(entry, "state").as_deref() {
        Some("cancelled") => "EventCancelled",
        Some("moved") => "EventRescheduled",
        _ => "EventScheduled",
    };
    let price = text(entry, "price").and_then(|price| Price::read(&price));
    let is_free = price.as_ref().is_some_and(Price::is_nothing);
    object(vec![
        ("@type", json!(schema)),
        ("@id", json!(format!("{}#event", page.url()))),
        ("name", json!(text(entry, "title"))),
        ("description", json!(page.text("description"))),
        ("url", json!(page.url())),
        ("image", image(page)),
        ("startDate", json!(text(entry, "start"))),
        ("endDate", json!(text(entry, "end"))),
        ("previousStartDate", if status == "EventRescheduled" { json!(text(entry, "was")) } else { Json::Null }),
        ("eventStatus", json!(format!("https://schema.org/{status}"))),
        ("eventAttendanceMode", json!(format!("https://schema.org/{mode}"))),
        ("location", location(venue, online)),
        ("isAccessibleForFree", if is_free { json!(true) } else { Json::Null }),
        ("organizer", publisher(page)),
        ("performer", page.all_of(Trait::Agent, entry).into_iter().map(|one| agent(one, "Person")).collect()),
        ("about", page.all_of(Trait::Term, entry).into_iter().map(term).collect()),
        ("offers", if status == "EventCancelled" { Json::Null } else { offer(page, entry, price) }),
        ("inLanguage", language(page)),
    ])
}

/// The place to go to; none of what is online only.
fn venue(entry: &Value) -> Option<&Value> {
    let venue = items(entry, "venue").into_iter().next();
    venue.filter(|_| text(entry, "mode").as_deref() != Some("online"))
}

/// Where to join; what says nothing of its mode is online too if it says where.
fn online(page: &Page<'_>, entry: &Value) -> Option<String> {
    let stated = text(entry, "online_url");
    match text(entry, "mode").as_deref() {
        Some("online" | "hybrid") => stated.or_else(|| text(entry, "booking")).or_else(|| Some(page.url())),
        Some(_) => None,
        None => stated,
    }
}

fn location(venue: Option<&Value>, online: Option<String>) -> Json {
    let place = venue.map(|venue| {
        let name = name(venue).unwrap_or_default();
        let address = text(venue, "address").unwrap_or_else(|| name.clone());
        object(vec![
            ("@type", json!("Place")),
            ("name", json!(name)),
            ("address", json!(address)),
            ("url", json!(text(venue, "url"))),
        ])
    });
    let online = online.map(|url| json!({ "@type": "VirtualLocation", "url": url }));
    let mut all: Vec<Json> = place.into_iter().chain(online).collect();
    match all.len() {
        1 => all.remove(0),
        _ => Json::Array(all),
    }
}

/// What a seat costs, and whether there are any until it begins.
fn offer(page: &Page<'_>, entry: &Value, price: Option<Price>) -> Json {
    let booking = text(entry, "booking");
    if booking.is_none() && price.is_none() {
        return Json::Null;
    }
    let is_full = text(entry, "state").as_deref() == Some("full")
        || matches!(text(entry, "capacity").as_deref(), Some("full" | "waiting-list"));
    let stock = match (is_full, &booking) {
        (true, _) => Some("SoldOut"),
        (false, Some(_)) => Some("InStock"),
        (false, None) => None,
    };
    object(vec![
        ("@type", json!("Offer")),
        ("url", json!(booking.unwrap_or_else(|| page.url()))),
        ("availability", json!(stock.map(|stock| format!("https://schema.org/{stock}")))),
        ("availabilityEnds", json!(text(entry, "start"))),
        ("price", json!(price.as_ref().map(|price| &price.amount))),
        ("priceCurrency", json!(price.and_then(|price| price.currency))),
    ])
}

/// What a seat costs, as far as that is one number.
#[derive(PartialEq, Debug)]
struct Price {
    amount: String,
    /// By its code of ISO 4217.
    currency: Option<&'static str>,
}

/// What says in the languages of these islands, and of some neighbours, that nothing is to be paid.
const FREE: &[&str] =
    &["free", "free of charge", "am ddim", "an-asgaidh", "saor in aisce", "gratis", "gratuit", "kostenlos"];

/// Signs and codes that mean one currency each; a dollar may be that of many countries.
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
    /// `Free`, `£25`, `10.50 EUR`; nothing of `£25 (£15 for members)`, `1,000 EUR` or `25`, which leave something open.
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

    fn is_nothing(&self) -> bool {
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
