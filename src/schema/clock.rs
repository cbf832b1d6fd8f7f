//! A time of day with its zone, as programs and people write it → the time and the zone, or what was probably meant.
//!
//! A hint names every part that decides when something becomes public: the seconds, the half of the day and the zone. A zone
//! that cannot be read gets a placeholder, which nobody can publish with.
//!
//! Not here: dates, and what a time without a zone means (`time`).

use jiff::civil::Time;
use jiff::tz::Offset;

use super::calendar;

/// A time of day, and the zone written behind it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Clock {
    pub(super) time: Time,
    pub(super) zone: Zone,
}

/// What is written behind a time of day.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Zone {
    /// Nothing: the site's zone.
    Site,
    /// `Z`, `UTC`, `-04:00`.
    Offset(Offset),
    /// Words or figures that do not say how far it is from Greenwich: `EST`.
    Unknown(String),
}

impl Clock {
    /// Whether it says which moment of a day it is.
    pub(super) fn is_whole(&self) -> bool {
        !matches!(self.zone, Zone::Unknown(_))
    }

    /// As it should be written: `09:00`, `09:00:40-04:00`.
    pub(super) fn written(&self) -> String {
        let zone = match &self.zone {
            Zone::Site => String::new(),
            Zone::Offset(offset) => offset_text(*offset),
            Zone::Unknown(_) => "±hh:mm".to_owned(),
        };
        clock(self.time) + &zone
    }
}

/// Hours and minutes, with or without seconds, and what stands behind them; `None` if this is not a time of day.
pub(super) fn read(text: &str) -> Option<Clock> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(text.len());
    let time = time(&text[..end])?;
    let rest = text[end..].trim();
    let zone = match offset(rest) {
        _ if rest.is_empty() => Zone::Site,
        // `10:00-12:00` is from ten to twelve.
        Some(_) if is_end(rest, time, &text[..end]) => Zone::Unknown(rest.to_owned()),
        Some(offset) => Zone::Offset(offset),
        None => Zone::Unknown(rest.to_owned()),
    };
    Some(Clock { time, zone })
}

/// Whether a text is a time of day and nothing else, not even its zone.
pub(super) fn is_plain(text: &str) -> bool {
    text.contains(':') && read(text).is_some_and(|clock| clock.zone == Zone::Site)
}

/// Whether what stands behind a time without seconds may be the time at which something ends: a later one behind a hyphen.
fn is_end(rest: &str, begins: Time, written: &str) -> bool {
    let later = rest.strip_prefix('-').filter(|rest| rest.contains(':')).and_then(time);
    written.matches(':').count() == 1 && later.is_some_and(|later| later > begins)
}

/// `09:00`, `9:00:40`, `09:00:40.5`.
fn time(text: &str) -> Option<Time> {
    let (text, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = text.split(':').collect();
    let is_well_formed = (2..=3).contains(&parts.len())
        && (1..=2).contains(&parts[0].len())
        && parts[1..].iter().all(|part| part.len() == 2)
        // Fractions of a second mean nothing to a reader.
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && (parts.len() == 3 || fraction == "0");
    if !is_well_formed {
        return None;
    }
    let number = |at: usize| parts.get(at).map_or(Some(0), |part| part.parse::<i8>().ok());
    Time::new(number(0)?, number(1)?, number(2)?, 0).ok()
}

/// The offset that `Z`, `UTC`, `-4`, `-04`, `-0400`, `-4:00` or `-04:00` names.
fn offset(text: &str) -> Option<Offset> {
    if ["z", "utc", "gmt"].iter().any(|name| text.eq_ignore_ascii_case(name)) {
        return Some(Offset::UTC);
    }
    let digits = text.strip_prefix(['+', '-'])?;
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        None if digits.len() == 4 && digits.is_ascii() => digits.split_at(2),
        None => (digits, "00"),
        Some(_) => return None,
    };
    if !(1..=2).contains(&hours.len()) || !(hours.bytes().chain(minutes.bytes())).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    // No zone is further from Greenwich.
    if minutes > 59 || hours * 60 + minutes > 14 * 60 {
        return None;
    }
    let seconds = (hours * 60 + minutes) * 60;
    Offset::from_seconds(if text.starts_with('-') { -seconds } else { seconds }).ok()
}

pub(super) fn offset_text(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The time of day that `text` begins with, as people write it, with its zone: `9.30am`, `9 pm EST`, `09:30`, `noon`; and what
/// behind them is not understood.
pub(super) fn loose(text: &str) -> Option<(Clock, &str)> {
    let text = text.trim();
    // Of the same length, so that places in it are places in `text`.
    let lower = text.to_ascii_lowercase();
    let (time, rest) = noon(&lower).or_else(|| time_at_start(&lower))?;
    let is_unit = |word: &str| ["h", "hrs", "hours", "uhr"].contains(&word);
    let rest = rest.trim_start();
    let word = rest.split(|c: char| !c.is_alphabetic()).next().filter(|word| is_unit(word)).unwrap_or_default();
    let rest = text[text.len() - rest.len() + word.len()..].trim_start_matches([' ', ',', '\t']);
    Some(match zone_in(rest) {
        Some(zone) => (Clock { time, zone }, ""),
        None => (Clock { time, zone: Zone::Site }, rest),
    })
}

/// Whether `text`, in small letters, begins with a time of day.
pub(super) fn begins(text: &str) -> bool {
    time_at_start(text).is_some()
}

/// "Noon", and what follows. Midnight is at the beginning of a day or at its end: that could be either.
fn noon(text: &str) -> Option<(Time, &str)> {
    let rest = text.strip_prefix("noon").or_else(|| text.strip_prefix("midday"))?;
    let is_word = !rest.starts_with(char::is_alphanumeric);
    is_word.then(|| Some((Time::new(12, 0, 0, 0).ok()?, rest)))?
}

/// The zone that all of `text` names; `None` if it may say something else.
fn zone_in(text: &str) -> Option<Zone> {
    if text.is_empty() {
        return Some(Zone::Site);
    }
    let within = |open, close| text.strip_prefix(open)?.strip_suffix(close);
    let name = within('(', ')').or_else(|| within('[', ']')).unwrap_or(text).trim();
    let is_utc = |name: &&str| ["utc", "gmt"].iter().any(|utc| name.eq_ignore_ascii_case(utc));
    // `GMT-0500`, as browsers write it.
    let beyond = name.get(..3).filter(is_utc).map(|_| &name[3..]).filter(|rest| rest.starts_with(['+', '-']));
    if let Some(offset) = beyond.and_then(offset) {
        return Some(Zone::Offset(offset));
    }
    // `8:00 -9:00` and `8:00-10:00` may say until when.
    let may_be_end = name.strip_prefix('-').is_some_and(|end| end.contains(':') && !end.starts_with('0'));
    match offset(name) {
        Some(offset) if !may_be_end => Some(Zone::Offset(offset)),
        None if is_zone(name) => Some(Zone::Unknown(name.to_owned())),
        _ => None,
    }
}

/// Whether a text is certainly meant as a zone, though it does not say how far that is from Greenwich.
fn is_zone(name: &str) -> bool {
    let is_figure = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    let is_short = (2..=5).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_capital = |word: &&str| word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic);
    // "London time"
    let is_of_place = name.rsplit_once(' ').is_some_and(|(place, time)| {
        time.eq_ignore_ascii_case("time") && place.split(' ').all(|word| is_capital(&word))
    });
    name.strip_prefix(['+', '\u{2212}']).is_some_and(is_figure)
        || is_short && !calendar::is_name(name) && !["AM", "PM"].contains(&name)
        || super::time::zone(name).is_some()
        || is_of_place
}

/// The time of day that `text`, in small letters, begins with, and what follows it.
fn time_at_start(text: &str) -> Option<(Time, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (hour, rest) = text.split_at(digits(text));
    let (minute, rest, sign) = match rest.chars().next() {
        Some(sign @ (':' | '.' | 'h')) if digits(&rest[1..]) == 2 => (&rest[1..3], &rest[3..], Some(sign)),
        _ => ("0", rest, None),
    };
    let (second, rest) = match rest.strip_prefix(':') {
        Some(after) if sign == Some(':') && digits(after) == 2 => {
            let behind = &after[2..];
            let fraction = behind.strip_prefix('.').map_or(0, |fraction| 1 + digits(fraction));
            (&after[..2], &behind[if fraction > 1 { fraction } else { 0 }..])
        }
        _ => ("0", rest),
    };
    let hour: i8 = hour.parse().ok().filter(|_| hour.len() <= 2)?;
    let (hour, rest) = match half(rest) {
        // Some write it at the end of the morning.
        Some((false, _)) if hour == 12 && minute.bytes().all(|digit| digit == b'0') => return None,
        Some((is_afternoon, rest)) if (1..=12).contains(&hour) => (hour % 12 + if is_afternoon { 12 } else { 0 }, rest),
        _ if sign.is_some() => (hour, rest),
        _ => return None,
    };
    Some((Time::new(hour, minute.parse().ok()?, second.parse().ok()?, 0).ok()?, rest))
}

/// Whether `text` begins with `am` or `pm`, which of them it is, and what follows.
fn half(text: &str) -> Option<(bool, &str)> {
    let text = text.trim_start();
    let is_afternoon = text.starts_with('p');
    let rest = text.strip_prefix(['a', 'p'])?.trim_start_matches(['.', ' ']).strip_prefix('m')?;
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    (!rest.starts_with(char::is_alphanumeric)).then_some((is_afternoon, rest))
}

/// "09:30"; "09:30:15" where seconds were written.
pub(super) fn clock(time: Time) -> String {
    match time.second() {
        0 => format!("{:02}:{:02}", time.hour(), time.minute()),
        second => format!("{:02}:{:02}:{second:02}", time.hour(), time.minute()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_an_end_is_no_zone() {
        for text in ["10:00-12:00", "10:00-11:30", "9:00-10:00", "10:00 -12:00"] {
            assert!(read(text).is_some_and(|clock| !clock.is_whole()), "{text}");
        }
        for text in ["10:00-04:00", "10:00:00-12:00", "10:00+12:00", "10:00-4", "22:00-0500", "10:00Z", "10:00"] {
            assert!(read(text).is_some_and(|clock| clock.is_whole()), "{text}");
        }
    }
}
