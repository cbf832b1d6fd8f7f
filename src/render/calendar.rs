//! An event, or a list of events → iCalendar (RFC 5545, RFC 7986).
//!
//! Times are in UTC, so no zone has to be described. The stamp of an event is what the sources state, never the clock: two
//! builds of one site are the same. A cancelled event stays, marked as such, so that calendars learn of it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tera::Value as Shown;

use super::feed::title;
use super::page::description;
use crate::schema::Value;
use crate::site::{Ix, Listing, Site};
use crate::template::{TemplateContext, entry_value, name_of, text_at};

/// The longest line, in octets without its end (RFC 5545, 3.1).
const LONGEST: usize = 75;

/// The calendar of one event.
pub(super) fn of_event(asked: &TemplateContext, ix: Ix) -> String {
    let mut out = begin(None);
    event(asked, ix, &mut out);
    end(out)
}

/// The calendar of a list: every item that has a time; nobody subscribes to samples.
pub(super) fn of_list(asked: &TemplateContext, listing: &Listing) -> String {
    let mut out = begin(Some(&title(&asked.site, listing)));
    for ix in listing.items.iter().filter(|ix| asked.site.is_in_feeds(**ix)) {
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

fn event(asked: &TemplateContext, ix: Ix, out: &mut String) {
    let site = &asked.site;
    let entry = site.entry(ix);
    let Some(start) = entry.values.get("start") else { return };
    let url = site.address(ix).map(|address| site.config.base.url(address.as_str())).unwrap_or_default();
    let shown = entry_value(asked, ix);
    line(out, "BEGIN", "VEVENT");
    // No `@`: what looks like an address would be mailed to.
    line(out, "UID", &escaped(&format!("{}#{}", site.config.base.url("/"), site.lasting_name(ix))));
    line(out, "DTSTAMP", &stamp(site, ix));
    span(&start.value, entry.values.get("end").map(|end| &end.value), out);
    line(out, "SUMMARY", &escaped(&summary(asked, ix)));
    let online = text_at(&shown, "online_url");
    let place = place(&shown).filter(|_| online.is_none() || entry.text_of("mode") != Some("online"));
    // Few calendars know of conferences, and all show the place and the description.
    let joined = online.as_ref().filter(|_| place.is_some()).map(|online| format!("\n\n{online}"));
    line(out, "DESCRIPTION", &escaped(&format!("{}{}", description(site, ix), joined.unwrap_or_default())));
    if let Some(place) = place.as_ref().or(online.as_ref()) {
        line(out, "LOCATION", &escaped(place));
    }
    if let Some(online) = &online {
        line(out, "CONFERENCE;VALUE=URI", online);
    }
    line(out, "URL", &url);
    let status = if entry.text_of("state") == Some("cancelled") { "CANCELLED" } else { "CONFIRMED" };
    line(out, "STATUS", status);
    if let Some(when) = changed(site, ix) {
        line(out, "LAST-MODIFIED", &utc(&when));
    }
    line(out, "SEQUENCE", &revision(site, ix).to_string());
    line(out, "END", "VEVENT");
}

/// Its title; what is invented says so where no label stands beside it.
fn summary(asked: &TemplateContext, ix: Ix) -> String {
    let entry = asked.site.entry(ix);
    match asked.site.is_sample(ix) {
        true => {
            let label = asked.strings.get("sample-label", None, std::iter::empty());
            format!("{}: {}", label.as_deref().unwrap_or("Sample"), entry.title())
        }
        false => entry.title().to_owned(),
    }
}

/// When an event changed. In all languages it is one event to calendars, by its `UID`, so its original counts too.
fn changed(site: &Site, ix: Ix) -> Option<jiff::ZonedDateTime> {
    [ix, site.subject(ix)].into_iter().filter_map(|ix| site.changed_at(ix)).max()
}

/// When what is told of an event was last true: its own change, else when it became public, else the last change of the
/// site. The beginning of time stands for a site that states none.
fn stamp(site: &Site, ix: Ix) -> String {
    let own = changed(site, ix).or_else(|| site.embargo_end(ix));
    own.as_ref().or_else(|| site.newest_change()).map_or_else(|| "19700101T000000Z".to_owned(), utc)
}

/// The number of its revision. It has to grow with each change (RFC 5545, 3.8.7.4); nobody counts them, but `updated` grows
/// too, and an event moves, or is cancelled, after it was announced. In minutes, so that it is a number of 32 bits for a
/// long time.
fn revision(site: &Site, ix: Ix) -> i64 {
    let entry = site.entry(ix);
    let updated = |ix| site.moment(&site.entry(ix).values.get("updated")?.value);
    let updated = [ix, site.subject(ix)].into_iter().filter_map(updated).max();
    let minutes = updated.map_or(0, |when| when.timestamp().as_second() / 60).max(0);
    minutes
        + match entry.text_of("state") {
            Some("cancelled") => 2,
            Some("moved") => 1,
            _ => 0,
        }
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
