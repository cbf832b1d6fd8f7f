//! Dates and times as people write them → moments in the site's zone, and back into words.
//!
//! Zones come from the database in the program, never from the machine. A time without a zone is in the site's; it is a
//! fault only if the clocks change so that it does not exist, or exists twice.

use std::sync::LazyLock;

use jiff::ZonedDateTime;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use super::calendar::{month_name, weekday_name};
use super::clock::{self, Clock, Zone, clock, offset_text};
use super::meant::{self, Beside, date};

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The zone called `name`, such as `Europe/London`.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    ZONES.get(name).ok()
}

/// A date, or a date with a time.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Moment {
    Date(Date),
    DateTime(ZonedDateTime),
}

impl Moment {
    /// Its first instant in `zone`.
    pub(crate) fn start(&self, zone: &TimeZone) -> Option<ZonedDateTime> {
        match self {
            Moment::Date(date) => date.to_zoned_datetime(zone.clone()).ok(),
            Moment::DateTime(when) => Some(when.clone()),
        }
    }

    /// Its day.
    pub(crate) fn day(&self) -> Date {
        match self {
            Moment::Date(date) => *date,
            Moment::DateTime(when) => when.date(),
        }
    }

    /// The day, or the moment in RFC 3339.
    pub(crate) fn written(&self) -> String {
        match self {
            Moment::Date(date) => date.to_string(),
            Moment::DateTime(when) => rfc3339(when),
        }
    }
}

/// A moment in RFC 3339 with its offset, seconds included.
pub(crate) fn rfc3339(when: &ZonedDateTime) -> String {
    when.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Why a date or time cannot be read.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum TimeFault {
    /// Not in the form we read; the date that was probably meant, and what stands beside it.
    Unreadable(Option<(Date, Beside)>),
    /// No such day, hour or minute, in words: "February 2026 has 28 days".
    NoSuch(String),
    /// The clocks change so that it does not exist or exists twice, in words.
    ClockChange(String),
}

impl TimeFault {
    /// The date that `written` certainly meant, as we write it; `None` if it could be another, as `05/06/26` could, or if any
    /// of it is not understood.
    pub(super) fn certain(&self, written: &str, is_day: bool) -> Option<String> {
        let TimeFault::Unreadable(Some((date, beside))) = self else { return None };
        let meant = match beside {
            Beside::Nothing => date.to_string(),
            Beside::Time(time) if !is_day && time.is_whole() => format!("{date} {}", time.written()),
            Beside::Time(_) | Beside::Unclear(_) => return None,
        };
        meant::is_certain(written).then_some(meant)
    }

    /// Whether all of what was written is understood as a date, or would be if it were in our order.
    pub(super) fn is_understood(&self) -> bool {
        matches!(self, TimeFault::Unreadable(Some((_, Beside::Nothing | Beside::Time(_)))) | TimeFault::ClockChange(_))
    }

    /// A sentence that says what is wrong with `written`.
    pub(crate) fn message(&self, written: &str) -> String {
        match self {
            TimeFault::Unreadable(Some((date, beside))) => {
                let time = match beside {
                    Beside::Nothing => String::new(),
                    Beside::Time(time) => format!(" {}", time.written()),
                    Beside::Unclear(left) => {
                        return format!(
                            "I cannot read `{written}` as a date; I do not understand `{left}`; write all of it like {LIKE}"
                        );
                    }
                };
                format!("I cannot read `{written}` as a date; write the year first: {date}{time}")
            }
            // An example could be taken over, and an embargo with it.
            TimeFault::Unreadable(None) if meant::has_time(written) => {
                format!("I cannot read `{written}` as a date; write it like {LIKE}")
            }
            TimeFault::Unreadable(None) => {
                format!("I cannot read `{written}` as a date; write it with the year first, such as 2026-05-14")
            }
            TimeFault::NoSuch(why) => format!("I cannot read `{written}` as a date; {why}"),
            TimeFault::ClockChange(words) => words.clone(),
        }
    }
}

/// How to write a date with all that may belong to it.
const LIKE: &str = "yyyy-mm-dd hh:mm, with the zone as ±hh:mm behind it if it is not the site's";

/// `2026-05-14`, `2026-05-14 00:01`, `2026-05-14T9:01`, with or without seconds and an offset (`Z`, `UTC`, `+1`, `+01:00`).
pub(crate) fn parse_moment(text: &str, zone: &TimeZone) -> Result<Moment, TimeFault> {
    let text = text.trim();
    let unreadable = || TimeFault::Unreadable(meant::guess(text));
    let (date, rest) = text.split_at_checked(10).ok_or_else(unreadable)?;
    let date = parse_date(date).map_err(|fault| match fault {
        // The whole text shows what was probably meant.
        TimeFault::Unreadable(_) => unreadable(),
        fault => fault,
    })?;
    if rest.is_empty() {
        return Ok(Moment::Date(date));
    }
    let written = rest.strip_prefix(['T', 't', ' ', '\t']).ok_or_else(unreadable)?.trim();
    let read = clock::read(written).ok_or_else(|| no_time(written, false))?;
    let local = DateTime::from_parts(date, read.time);
    let when = match &read.zone {
        Zone::Offset(offset) => offset.to_timestamp(local).map_err(|_| unreadable())?.to_zoned_datetime(zone.clone()),
        Zone::Site => in_zone(local, zone)?,
        Zone::Unknown(name) => {
            let when = in_zone(local, zone)?;
            // `BST` in London in May says nothing new.
            if zone.to_offset_info(when.timestamp()).abbreviation() != name {
                return Err(no_time(written, true));
            }
            when
        }
    };
    Ok(Moment::DateTime(when))
}

/// The fault of a time that cannot be read; `has_hours` says that only what is behind its hours and minutes cannot.
fn no_time(written: &str, has_hours: bool) -> TimeFault {
    TimeFault::NoSuch(match clock::loose(written) {
        Some((Clock { time, zone: Zone::Unknown(name) }, "")) if has_hours => format!(
            "`{name}` is not a time zone that I know; write how far it is from Greenwich: {}",
            Clock { time, zone: Zone::Unknown(String::new()) }.written()
        ),
        Some((meant, "")) => format!("`{written}` is not a time of day; write hours and minutes: {}", meant.written()),
        Some((_, left)) => format!("I do not understand `{left}`; write all of it like {LIKE}"),
        // An example could be taken over, and an embargo with it.
        None => format!("`{written}` is not a time of day; write hours and minutes, from 00:00 to 23:59"),
    })
}

/// The day and the time that a spreadsheet counts as this number, in days from the last but one of 1899; `None` if it is no
/// such number.
pub(super) fn of_spreadsheet(text: &str) -> Option<String> {
    let (days, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let days: i32 = days.parse().ok().filter(|days| (20_000..80_000).contains(days))?;
    let share: f64 = format!("0.{fraction}").parse().ok().filter(|_| is_number(fraction))?;
    #[allow(clippy::cast_possible_truncation)]
    let seconds = (share * 86_400.0).round() as i64;
    let when = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    let when = when.checked_add(jiff::Span::new().days(days).seconds(seconds)).ok()?;
    Some(match when.time() == jiff::civil::Time::midnight() {
        true => when.date().to_string(),
        false => format!("{} {}", when.date(), clock(when.time())),
    })
}

/// The time of day that a spreadsheet shows as `8:00 PM`, as we write it.
pub(crate) fn time_of_spreadsheet(text: &str) -> Option<String> {
    let (meant, left) = clock::loose(text)?;
    (left.is_empty() && meant.is_whole()).then(|| meant.written())
}

/// A date alone: `2026-05-14`.
pub(crate) fn parse_date(text: &str) -> Result<Date, TimeFault> {
    let text = text.trim();
    let well_formed = text.len() == 10
        && text.bytes().enumerate().all(|(n, b)| if n == 4 || n == 7 { b == b'-' } else { b.is_ascii_digit() });
    if !well_formed {
        return Err(TimeFault::Unreadable(meant::guess(text)));
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<i16>().unwrap_or(0);
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    date(year, month, day).ok_or_else(|| TimeFault::NoSuch(no_such_day(year, month, day)))
}

fn no_such_day(year: i16, month: i16, day: i16) -> String {
    match date(year, month, 1) {
        Some(first) if day > 0 => {
            format!("{} {year} has {} days", month_name(first), first.days_in_month())
        }
        Some(_) => "days are counted from 01".to_owned(),
        None => match date(year, day, month) {
            Some(meant) => {
                format!("there is no month {month:02}; if you mean the {month}th day of month {day}, write {meant}")
            }
            None => format!("there is no month {month:02}"),
        },
    }
}

fn in_zone(local: DateTime, zone: &TimeZone) -> Result<ZonedDateTime, TimeFault> {
    let ambiguous = zone.to_ambiguous_zoned_datetime(local);
    let name = zone.iana_name().unwrap_or("this zone");
    let day = day_in_words(local.date());
    let written = clock(local.time());
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => {
            ambiguous.compatible().map_err(|_| TimeFault::NoSuch("the year is out of range".to_owned()))
        }
        AmbiguousOffset::Gap { .. } => {
            let later = ambiguous.later().map(|when| clock(when.time())).unwrap_or_default();
            let earlier = ambiguous_neighbour(local, zone);
            Err(TimeFault::ClockChange(format!(
                "on {day} the clocks in {name} go forward and {written} does not exist; write {earlier} or {later}"
            )))
        }
        AmbiguousOffset::Fold { before, after } => Err(TimeFault::ClockChange(format!(
            "on {day} the clocks in {name} go back and {written} exists twice; say which one: {local}{} or {local}{}",
            offset_text(before),
            offset_text(after),
            local = format!("{}T{written}", local.date()),
        ))),
    }
}

/// The time that the clocks show as long before the gap as `local` is into it.
fn ambiguous_neighbour(local: DateTime, zone: &TimeZone) -> String {
    zone.to_ambiguous_zoned_datetime(local).earlier().map(|when| clock(when.time())).unwrap_or_default()
}

/// "14 May 2026".
fn day_in_words(date: Date) -> String {
    format!("{} {} {}", date.day(), month_name(date), date.year())
}

/// "Thursday 14 May 2026 at 00:01, London time (BST)".
pub(crate) fn in_words(when: &ZonedDateTime) -> String {
    let (date, time) = (when.date(), when.time());
    let zone = when.time_zone();
    let info = zone.to_offset_info(when.timestamp());
    let place = match zone.iana_name() {
        Some(name) if name.contains('/') && !name.starts_with("Etc/") => {
            let city = name.rsplit('/').next().unwrap_or(name).replace('_', " ");
            format!("{city} time ({})", info.abbreviation())
        }
        _ => info.abbreviation().to_owned(),
    };
    format!("{} {} at {:02}:{:02}, {place}", weekday_name(date), day_in_words(date), time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil;

    fn london() -> TimeZone {
        zone("Europe/London").expect("bundled")
    }

    fn message(text: &str) -> String {
        parse_moment(text, &london()).expect_err(text).message(text)
    }

    #[test]
    fn times_are_read_in_the_sites_zone() {
        let zone = london();
        let first = parse_moment("2026-05-14 00:01", &zone).expect("a time");
        let Moment::DateTime(when) = &first else { panic!("a time") };
        assert_eq!(in_words(when), "Thursday 14 May 2026 at 00:01, London time (BST)");
        for same in
            ["2026-05-14T00:01", "2026-05-13T23:01:00Z", "2026-05-14 00:01:00+01:00", "2026-05-13T16:01:30.5-07:00"]
        {
            let Ok(Moment::DateTime(other)) = parse_moment(same, &zone) else { panic!("{same}") };
            assert_eq!(in_words(&other), in_words(when), "{same}");
        }
        assert_eq!(parse_moment("2026-05-14", &zone), Ok(Moment::Date(civil::date(2026, 5, 14))));
    }

    #[test]
    fn a_date_in_another_order_is_shown_as_it_should_be() {
        assert_eq!(message("14/05/26"), "I cannot read `14/05/26` as a date; write the year first: 2026-05-14");
        assert_eq!(message("5.14.2026"), "I cannot read `5.14.2026` as a date; write the year first: 2026-05-14");
        assert_eq!(
            message("14th May 2026"),
            "I cannot read `14th May 2026` as a date; write the year first: 2026-05-14"
        );
        assert_eq!(message("May 14, 2026"), "I cannot read `May 14, 2026` as a date; write the year first: 2026-05-14");
        assert_eq!(message("2026-5-14"), "I cannot read `2026-5-14` as a date; write the year first: 2026-05-14");
        assert_eq!(message("soon"), "I cannot read `soon` as a date; write it with the year first, such as 2026-05-14");
        assert_eq!(message("2026-02-30"), "I cannot read `2026-02-30` as a date; February 2026 has 28 days");
        assert!(message("2026-05-14 25:00").contains("`25:00` is not a time of day"));
    }

    #[test]
    fn a_hint_keeps_the_hour() {
        for (written, meant) in [
            ("1 December 2026, 9.30am", "2026-12-01 09:30"),
            ("01/12/2026 09:30", "2026-12-01 09:30"),
            ("1st December 2026 at 9 pm", "2026-12-01 21:00"),
            ("December 1, 2026 12.05 a.m.", "2026-12-01 00:05"),
            ("1.12.2026 12pm", "2026-12-01 12:00"),
            ("1 December 2026, noon", "2026-12-01 12:00"),
            ("1.12.2026", "2026-12-01"),
        ] {
            let said = message(written);
            assert!(said.ends_with(&format!("write the year first: {meant}")), "{said}");
        }
        assert!(message("2026-12-01 9.30am").ends_with("write hours and minutes: 09:30"));
    }

    #[test]
    fn times_are_read_as_programs_write_them() {
        // As PyYAML, Hugo and Jekyll write them; all but the last are summer times in London.
        for (written, utc) in [
            ("2026-05-14 9:00:40 -0400", "2026-05-14T13:00:40Z"),
            ("2026-05-14 09:00:40 -4", "2026-05-14T13:00:40Z"),
            ("2026-05-14 9:00:40 -4", "2026-05-14T13:00:40Z"),
            ("2026-05-14 9:00:40 -04", "2026-05-14T13:00:40Z"),
            ("2026-05-14T9:00:40-04:00", "2026-05-14T13:00:40Z"),
            ("2026-05-14 9:00", "2026-05-14T08:00:00Z"),
            ("2026-05-14  9:00 -0400", "2026-05-14T13:00:00Z"),
            ("2026-05-14\t09:00", "2026-05-14T08:00:00Z"),
            ("2026-05-14 09:00:00 UTC", "2026-05-14T09:00:00Z"),
            ("2026-05-14 09:00:00 utc", "2026-05-14T09:00:00Z"),
            ("2026-05-14 09:00 GMT", "2026-05-14T09:00:00Z"),
            ("2026-05-14 09:00:00 Z", "2026-05-14T09:00:00Z"),
            ("2026-05-14t09:00:00z", "2026-05-14T09:00:00Z"),
            ("2026-05-14 09:00 BST", "2026-05-14T08:00:00Z"),
            ("2026-05-14 9:00 +5:30", "2026-05-14T03:30:00Z"),
            ("2026-05-14 9:00:40.5 -4:00", "2026-05-14T13:00:40Z"),
            ("2026-05-14 21:59:43.10 -5", "2026-05-15T02:59:43Z"),
            ("2026-05-14T09:00:00.123456+01:00", "2026-05-14T08:00:00Z"),
            ("2026-05-14 09:00 +14:00", "2026-05-13T19:00:00Z"),
            ("2026-12-14 09:00 GMT", "2026-12-14T09:00:00Z"),
        ] {
            let Ok(Moment::DateTime(when)) = parse_moment(written, &london()) else { panic!("{written}") };
            assert_eq!(when.timestamp().to_string(), utc, "{written}");
        }
    }

    #[test]
    fn what_follows_a_hint_is_never_earlier_than_what_was_written() {
        for (written, said) in [
            ("2026-05-14 9:00:40 PM", "`9:00:40 PM` is not a time of day; write hours and minutes: 21:00:40"),
            ("2026-05-14 9.30am -0400", "`9.30am -0400` is not a time of day; write hours and minutes: 09:30-04:00"),
            ("2026-05-14 9pm EST", "`9pm EST` is not a time of day; write hours and minutes: 21:00±hh:mm"),
            (
                "2026-05-14 9:00 EST",
                "`EST` is not a time zone that I know; write how far it is from Greenwich: 09:00±hh:mm",
            ),
            (
                "2026-12-14 9:00 BST",
                "`BST` is not a time zone that I know; write how far it is from Greenwich: 09:00±hh:mm",
            ),
            (
                "2026-05-14 09:00 +9900",
                "`+9900` is not a time zone that I know; write how far it is from Greenwich: 09:00±hh:mm",
            ),
            (
                "2026-05-14 09:00 US/Eastern",
                "`US/Eastern` is not a time zone that I know; write how far it is from Greenwich: 09:00±hh:mm",
            ),
            ("2026-05-14 24:00:00", "`24:00:00` is not a time of day; write hours and minutes, from 00:00 to 23:59"),
            ("2026-05-14 9:5:7", "`9:5:7` is not a time of day; write hours and minutes, from 00:00 to 23:59"),
            ("14/05/2026 9:00:40 -0400", "write the year first: 2026-05-14 09:00:40-04:00"),
            ("14 May 2026 9pm EST", "write the year first: 2026-05-14 21:00±hh:mm"),
            ("May 14, 2026, 9 a.m. London time", "write the year first: 2026-05-14 09:00±hh:mm"),
            ("9am, 14 May 2026", "write the year first: 2026-05-14 09:00"),
            ("09:30 2026-05-14", "write the year first: 2026-05-14 09:30"),
            ("9.30pm on 14 May 2026", "write the year first: 2026-05-14 21:30"),
            (
                "9am, 14 May 2026 or so",
                "I do not understand `14 May 2026 or so`; write all of it like yyyy-mm-dd hh:mm, with the zone as ±hh:mm behind it \
                 if it is not the site's",
            ),
            ("Thu, 14 May 2026 09:00:00 +0000", "write the year first: 2026-05-14 09:00+00:00"),
            ("14 May 2026 noon UTC", "write the year first: 2026-05-14 12:00+00:00"),
        ] {
            let message = message(written);
            assert!(message.ends_with(said), "{message}");
        }
        let fault = parse_moment("14 May 2026 9pm EST", &london()).expect_err("another order");
        assert_eq!(fault.certain("14 May 2026 9pm EST", false), None);
    }

    #[test]
    fn only_the_nights_of_clock_change_are_refused() {
        assert_eq!(
            message("2026-03-29 01:30"),
            "on 29 March 2026 the clocks in Europe/London go forward and 01:30 does not exist; write 00:30 or 02:30"
        );
        assert_eq!(
            message("2026-10-25 01:30"),
            "on 25 October 2026 the clocks in Europe/London go back and 01:30 exists twice; \
             say which one: 2026-10-25T01:30+01:00 or 2026-10-25T01:30+00:00"
        );
        assert!(parse_moment("2026-10-25T01:30+00:00", &london()).is_ok());
    }

    #[test]
    fn a_correction_is_certain_only_if_all_of_the_text_is_understood() {
        for (written, meant) in [
            ("14.1.2027 19.30", Some("2027-01-14 19:30")),
            ("14 January 2027 7.30pm", Some("2027-01-14 19:30")),
            ("14 Jan 2027 22.00 Uhr", Some("2027-01-14 22:00")),
            ("14 January 2027 at 19:00 hrs", Some("2027-01-14 19:00")),
            ("2027-1-14 19h30", Some("2027-01-14 19:30")),
            ("14 January 2027 – 19:00", Some("2027-01-14 19:00")),
            ("14 January 2027 19:00 UTC-4", Some("2027-01-14 19:00-04:00")),
            ("Thu Jan 14 2027 08:00:00 GMT-0500", Some("2027-01-14 08:00-05:00")),
            ("Thursday, 14th January 2027", Some("2027-01-14")),
            ("14 January 2027, midday", Some("2027-01-14 12:00")),
            ("14/01/2027 1900", None),
            ("14 January 2027 19:00 Eastern", None),
            ("2027/1/14 19:00[America/New_York]", None),
            ("14 January 2027 8-9pm", None),
            ("14 January 2027 8–9pm", None),
            ("14 January 2027 19:00-21:00", None),
            ("14 January 2027 19:00 to 21:00", None),
            ("14 January 2027 noon to 2pm", None),
            ("14 January 2027, midnight", None),
            ("14 January 2027 7 o'clock", None),
            ("14 January 2027 (tbc)", None),
            ("14 January 2027 or later", None),
            ("14 January 2027, evening", None),
            ("Friday 14 January 2027", None),
            ("14–15 January 2027", None),
            ("14 January 2027 13:00 pm", None),
            ("14 January 27 19h30 +0100", None),
            ("about 14 January 2027", None),
        ] {
            let fault = parse_moment(written, &london()).expect_err(written);
            assert_eq!(fault.certain(written, false).as_deref(), meant, "{written}");
            assert_eq!(fault.certain(written, true).as_deref(), meant.filter(|meant| meant.len() == 10), "{written}");
        }
    }

    #[test]
    fn no_example_loses_a_time_or_a_zone() {
        for (written, said) in [
            ("2027-01-04 08:00 UTC-4", "write hours and minutes: 08:00-04:00"),
            ("2027-01-04 08:00 GMT-1", "write hours and minutes: 08:00-01:00"),
            ("2027-01-04 08:00 (UTC-4)", "write hours and minutes: 08:00-04:00"),
            ("2027-01-04 08:00 EST", "how far it is from Greenwich: 08:00±hh:mm"),
            ("2027-01-04 08:00 est", "how far it is from Greenwich: 08:00±hh:mm"),
            ("2027-01-04 08:00 [America/New_York]", "how far it is from Greenwich: 08:00±hh:mm"),
            ("2027-01-04 08:00[America/New_York]", "how far it is from Greenwich: 08:00±hh:mm"),
            ("2027-01-04 08:00 Etc/GMT-4", "how far it is from Greenwich: 08:00±hh:mm"),
            ("2027-01-04 22.00", "write hours and minutes: 22:00"),
            ("2027-01-04 8:00 AM", "write hours and minutes: 08:00"),
            ("2027-01-04 22.00 Uhr", "write hours and minutes: 22:00"),
            ("Mon Jan 04 2027 08:00:00 GMT-0500", "write the year first: 2027-01-04 08:00-05:00"),
            ("4.1.2027 22.00", "write the year first: 2027-01-04 22:00"),
            ("4 Jan 2027 at 22.00", "write the year first: 2027-01-04 22:00"),
            ("4 January 2027, midday", "write the year first: 2027-01-04 12:00"),
            ("4 January 2027", "write the year first: 2027-01-04"),
        ] {
            let message = message(written);
            assert!(message.ends_with(said), "{message}");
        }
        for (written, left) in [
            ("2027-01-04 08:00 Eastern", "`Eastern`"),
            ("2027-01-04 08:00 - 04:00", "`- 04:00`"),
            ("2027-01-04 08:00 –04:00", "`–04:00`"),
            ("2027-01-04 08:00 -22:00", "`-22:00`"),
            ("2027-01-04 08:00 Z-4", "`Z-4`"),
            ("2027-01-04 08:00 / 22:00", "`/ 22:00`"),
            ("2027-01-04 9am to 10pm", "`to 10pm`"),
            ("2027-01-04 9am till noon time", "`till noon time`"),
            ("2027-01-04 13:00 PM", "`PM`"),
            ("2027-01-04 22:00 (not before)", "`(not before)`"),
            ("4/1/2027 2200", "`2200`"),
            ("4 January 2027 10:00 / 22:00", "`/ 22:00`"),
            ("4 January 2027, 8 o'clock", "`8 o'clock`"),
            ("4 January 2027, from 22:00", "`from 22:00`"),
            ("Tuesday 4 January 2027", "`Tuesday`"),
        ] {
            let message = message(written);
            let digits = message.replace(written, "").replace(left, "");
            let time = written.split_once(' ').map_or("", |(_, time)| time);
            let digits = digits.replace(&format!("`{time}`"), "");
            assert!(message.contains(&format!("I do not understand {left}")), "{message}");
            assert!(!digits.contains("08") && !digits.contains("2027-01-04"), "{message}");
        }
        for written in ["22:00 on the 4th of January 2027", "9am, 4 January 2027", "tomorrow at noon", "in 2027, 22h00"]
        {
            let message = message(written);
            assert!(!message.contains("2026-05-14"), "{message}");
        }
    }

    #[test]
    fn a_spreadsheets_number_is_a_day_and_a_time() {
        for (written, day) in [
            ("46391", Some("2027-01-04")),
            ("46391.75", Some("2027-01-04 18:00")),
            ("46391.7506944", Some("2027-01-04 18:01")),
            ("46391.999999", Some("2027-01-05")),
            ("46391.0", Some("2027-01-04")),
            ("46391.7.5", None),
            ("2026", None),
        ] {
            assert_eq!(of_spreadsheet(written).as_deref(), day, "{written}");
        }
    }
}
