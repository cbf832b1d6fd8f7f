//! An event, or a list of events → iCalendar (RFC 5545, RFC 7986).
//!
//! Times are in UTC, so no zone has to be described. An event's stamp comes from the sources, never from the clock: two
//! builds of one site are the same. A cancelled event stays, marked as such, so that calendars learn of it.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::feed::title;
use crate::schema::Moment;
use crate::site::{Ix, Listing};
use crate::template::TemplateContext;
use crate::views::{Event, Mode, State, Venue};

/// The longest line, in octets without its end (RFC 5545, 3.1).
const LONGEST: usize = 75;

/// The calendar of one event.
pub(super) fn of_event(asked: &TemplateContext, ix: Ix) -> String {
    let mut out = begin(None);
    event(asked, ix, &mut out);
    end(out)
}

/// The calendar of a list: every item that has a time, except samples, which nobody subscribes to.
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
    let (entry, base) = (asked.view(ix), &asked.site.config.base);
    let event = Event::new(entry);
    let Some(start) = &event.start else { return };
    line(out, "BEGIN", "VEVENT");
    line(out, "UID", &escaped(&event.uid()));
    // The beginning of time, for a site that states no change.
    line(out, "DTSTAMP", &event.stamp().as_ref().map_or_else(|| "19700101T000000Z".to_owned(), utc));
    span(start, event.end.as_ref(), out);
    line(out, "SUMMARY", &escaped(&summary(asked, ix)));
    let online = event.online_url.as_deref();
    let venue = event.venue.as_ref().filter(|_| online.is_none() || event.mode != Some(Mode::Online));
    let place = venue.and_then(place);
    // Few calendars support conferences, and all show the place and the description.
    let joined = online.filter(|_| place.is_some()).map(|online| format!("\n\n{online}"));
    line(out, "DESCRIPTION", &escaped(&format!("{}{}", entry.description(), joined.unwrap_or_default())));
    if let Some(place) = place.as_deref().or(online) {
        line(out, "LOCATION", &escaped(place));
    }
    if let Some(online) = online {
        line(out, "CONFERENCE;VALUE=URI", online);
    }
    line(out, "URL", &entry.address().map(|address| base.url(address.as_str())).unwrap_or_default());
    line(out, "STATUS", if event.state == State::Cancelled { "CANCELLED" } else { "CONFIRMED" });
    if let Some(when) = event.changed() {
        line(out, "LAST-MODIFIED", &utc(&when));
    }
    line(out, "SEQUENCE", &event.revision().to_string());
    line(out, "END", "VEVENT");
}

/// Its title; a sample says so here, since no label is shown beside it.
fn summary(asked: &TemplateContext, ix: Ix) -> String {
    let title = asked.view(ix).title();
    match asked.site.is_sample(ix) {
        true => format!(
            "{}: {title}",
            asked.strings.get("sample-label", None, std::iter::empty()).as_deref().unwrap_or("Sample")
        ),
        false => title.into_owned(),
    }
}

/// When it begins and ends: for whole days, the end is the day after the last.
fn span(start: &Moment, end: Option<&Moment>, out: &mut String) {
    let day = |day: Date| day.strftime("%Y%m%d").to_string();
    match (start, end) {
        (Moment::DateTime(start), end) => {
            line(out, "DTSTART", &utc(start));
            if let Some(Moment::DateTime(end)) = end {
                line(out, "DTEND", &utc(end));
            }
        }
        (Moment::Date(start), end) => {
            let last = end.map_or(*start, Moment::day);
            line(out, "DTSTART;VALUE=DATE", &day(*start));
            line(out, "DTEND;VALUE=DATE", &day(last.tomorrow().unwrap_or(last)));
        }
    }
}

fn utc(when: &jiff::ZonedDateTime) -> String {
    when.with_time_zone(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A place's name and address on one line.
fn place(venue: &Venue<'_>) -> Option<String> {
    let parts: Vec<&str> = [&venue.name, &venue.address].into_iter().flatten().map(|part| &**part).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Text escaped as RFC 5545, 3.3.11 asks.
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

/// A line, folded if it is too long, never within a letter.
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
