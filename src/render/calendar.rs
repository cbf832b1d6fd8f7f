//! An event, or a list of events → iCalendar (RFC 5545, RFC 7986).
//!
//! Times are in UTC, so no zone has to be described. The stamp of an event is the day of its last change, never the clock:
//! two builds of one site are the same. A cancelled event stays, marked as such, so that calendars learn of it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tera::Value as Shown;

use super::feed::title;
use super::page::{changed, description};
use crate::schema::Value;
use crate::site::{Ix, Listing};
use crate::template::{Asked, entry_value, name_of, text_at};

/// The longest line, in octets without its end (RFC 5545, 3.1).
const LONGEST: usize = 75;

/// The calendar of one event.
pub(super) fn of_event(asked: &Asked, ix: Ix) -> String {
    let mut out = begin(None);
    event(asked, ix, &mut out);
    end(out)
}

/// The calendar of a list: every item that has a time.
pub(super) fn of_list(asked: &Asked, listing: &Listing) -> String {
    let mut out = begin(Some(&title(&asked.site, listing)));
    for ix in &listing.items {
        event(asked, *ix, &mut out);
    }
    end(out)
}

fn begin(name: Option<&str>) -> String {
    let mut out = String::new();
    line(&mut out, "BEGIN", "VCALENDAR");
    line(&mut out, "VERSION", "2.0");
    line(&mut out, "PRODID", "-//Pamphlet//EN");
    line(&mut out, "CALSCALE", "GREGORIAN");
    if let Some(name) = name {
        line(&mut out, "NAME", &escaped(name));
        line(&mut out, "X-WR-CALNAME", &escaped(name));
        line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION", "P1D");
    }
    out
}

fn end(mut out: String) -> String {
    line(&mut out, "END", "VCALENDAR");
    out
}

fn event(asked: &Asked, ix: Ix, out: &mut String) {
    let site = &asked.site;
    let entry = site.entry(ix);
    let Some(start) = entry.values.get("start") else { return };
    let url = site.address(ix).map(|address| site.config.base.url(address.as_str())).unwrap_or_default();
    line(out, "BEGIN", "VEVENT");
    // No `@`: what looks like an address would be mailed to.
    line(out, "UID", &escaped(&format!("{}#{}", site.config.base.url("/"), site.lasting_name(ix))));
    // One that states no day gets the beginning of time: any later stamp, that of a cancellation above all, must be newer.
    line(out, "DTSTAMP", &changed(site, ix).map_or_else(|| "19700101T000000Z".to_owned(), |when| utc(&when)));
    span(&start.value, entry.values.get("end").map(|end| &end.value), out);
    line(out, "SUMMARY", &escaped(entry.title()));
    line(out, "DESCRIPTION", &escaped(&description(site, ix)));
    if let Some(place) = place(&entry_value(asked, ix)) {
        line(out, "LOCATION", &escaped(&place));
    }
    line(out, "URL", &url);
    let status = if entry.text_of("state") == Some("cancelled") { "CANCELLED" } else { "CONFIRMED" };
    line(out, "STATUS", status);
    if let Some(when) = changed(site, ix) {
        line(out, "LAST-MODIFIED", &utc(&when));
        // It has to grow with each change (RFC 5545, 3.8.7.4); nobody counts them, but `updated` grows too. In minutes, so
        // that it is a number of 32 bits for a long time.
        let is_revised = entry.values.contains_key("updated");
        let revision = if is_revised { when.timestamp().as_second() / 60 } else { 0 };
        line(out, "SEQUENCE", &revision.max(0).to_string());
    }
    line(out, "END", "VEVENT");
}

/// When it begins and ends: the end of whole days is the day after the last.
fn span(start: &Value, end: Option<&Value>, out: &mut String) {
    let day = |day: Date| day.strftime("%Y%m%d").to_string();
    match (start, end) {
        (Value::DateTime(start), end) => {
            line(out, "DTSTART", &utc(start));
            if let Some(Value::DateTime(end)) = end {
                line(out, "DTEND", &utc(end));
            }
        }
        (Value::Date(start), end) => {
            let last = match end {
                Some(Value::Date(end)) => *end,
                Some(Value::DateTime(end)) => end.date(),
                _ => *start,
            };
            line(out, "DTSTART;VALUE=DATE", &day(*start));
            line(out, "DTEND;VALUE=DATE", &day(last.tomorrow().unwrap_or(last)));
        }
        _ => {}
    }
}

fn utc(when: &jiff::ZonedDateTime) -> String {
    when.with_time_zone(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The place's name and address on one line.
fn place(entry: &Shown) -> Option<String> {
    let venue = entry.get_from_path("venue").filter(|venue| venue.as_map().is_some())?;
    let parts: Vec<String> = [name_of(venue), text_at(venue, "address")].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Text as RFC 5545, 3.3.11 writes it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(letter);
            }
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// A line, folded where it is too long, never within a letter.
fn line(out: &mut String, name: &str, value: &str) {
    let mut length = 0;
    for letter in name.chars().chain([':']).chain(value.chars()) {
        if length + letter.len_utf8() > LONGEST {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(letter);
        length += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LONGEST, escaped, line};

    proptest! {
        // Seen to fail with the limit counted in letters instead of octets.
        #[test]
        fn lines_are_folded_and_come_back_as_they_were(text in "[a-zé€𝄞,;\\\\ \n]{0,200}") {
            let mut out = String::new();
            line(&mut out, "SUMMARY", &escaped(&text));
            prop_assert!(out.split("\r\n").all(|line| line.len() <= LONGEST));
            let unfolded = out.replace("\r\n ", "");
            let value = unfolded.strip_prefix("SUMMARY:").and_then(|rest| rest.strip_suffix("\r\n")).expect("one line");
            let mut back = String::new();
            let mut letters = value.chars();
            while let Some(letter) = letters.next() {
                match letter {
                    '\\' => back.push(match letters.next() { Some('n') => '\n', other => other.expect("a letter") }),
                    letter => back.push(letter),
                }
            }
            prop_assert_eq!(back, text);
        }
    }
}
