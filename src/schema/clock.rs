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
        Some(offset) => Zone::Offset(offset),
        None => Zone::Unknown(rest.to_owned()),
    };
    Some(Clock { time, zone })
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

/// The time of day that was probably meant: `9.30am`, `9 pm EST`, `09:30`, `noon`.
pub(super) fn guess(text: &str) -> Option<Clock> {
    // Of the same length, so that places in it are places in `text`.
    let lower = text.to_ascii_lowercase();
    let (time, end) = match word_at(&lower, "noon") {
        Some(at) => (Time::new(12, 0, 0, 0).ok()?, at + "noon".len()),
        None => {
            let mut starts = lower.char_indices().filter(|(at, c)| {
                let before = &lower[..*at];
                c.is_ascii_digit() && !before.ends_with(|before: char| before.is_ascii_digit() || ":.".contains(before))
            });
            starts.find_map(|(at, _)| {
                let (time, rest) = time_at_start(&lower[at..])?;
                Some((time, lower.len() - rest.len()))
            })?
        }
    };
    Some(Clock { time, zone: zone_behind(&text[end..]) })
}

/// Where `word` stands in `text`, with no letter beside it.
fn word_at(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        !text[..*at].ends_with(char::is_alphabetic) && !text[at + word.len()..].starts_with(char::is_alphabetic)
    })
}

/// The zone that words behind a time name; other words, such as a date, name none.
fn zone_behind(text: &str) -> Zone {
    let text = text.trim_start_matches([' ', ',', '(', '\t']);
    let word = text.split([' ', ',', ')', '\t']).next().unwrap_or("");
    if let Some(offset) = offset(word) {
        return Zone::Offset(offset);
    }
    let is_signed =
        word.strip_prefix(['+', '-', '\u{2212}']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_short = (2..=5).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_zone = is_signed
        || (is_short && !calendar::is_name(word))
        || word.contains('/') && word.starts_with(char::is_alphabetic);
    if is_zone || word_at(&text.to_ascii_lowercase(), "time").is_some() {
        return Zone::Unknown(text.trim().to_owned());
    }
    Zone::Site
}

/// The time of day that `text`, in small letters, begins with, and what follows it. A full stop between hours and minutes
/// counts only where `am` or `pm` follows: otherwise it belongs to a date.
fn time_at_start(text: &str) -> Option<(Time, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (hour, rest) = text.split_at(digits(text));
    let (minute, rest, has_colon) = match rest.chars().next() {
        Some(sign @ (':' | '.')) if digits(&rest[1..]) == 2 => (&rest[1..3], &rest[3..], sign == ':'),
        _ => ("0", rest, false),
    };
    let (second, rest) = match rest.strip_prefix(':') {
        Some(after) if has_colon && digits(after) == 2 => {
            let behind = &after[2..];
            let fraction = behind.strip_prefix('.').map_or(0, |fraction| 1 + digits(fraction));
            (&after[..2], &behind[if fraction > 1 { fraction } else { 0 }..])
        }
        _ => ("0", rest),
    };
    let hour: i8 = hour.parse().ok().filter(|_| hour.len() <= 2)?;
    let (hour, rest) = match half(rest) {
        Some((is_afternoon, rest)) if (1..=12).contains(&hour) => (hour % 12 + if is_afternoon { 12 } else { 0 }, rest),
        _ if has_colon => (hour, rest),
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
