//! A date in another order than ours, with or without a time → what it says, and which words of it are not understood.
//!
//! Whoever sees an example in a hint takes it over. So none is given unless all of the text is understood: if a time or a zone
//! were left out, something would be published too early.
//!
//! Not here: the order that is read (`time`), and times of day (`clock`).

use jiff::civil::Date;

use super::calendar::{MONTHS, WEEKDAYS, names_one_of, weekday_name};
use super::clock::{self, Clock};

/// What stands beside a date.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Beside {
    Nothing,
    Time(Clock),
    /// Words that are not understood.
    Unclear(String),
}

/// What may stand between the parts of a date.
const BETWEEN: [char; 6] = ['/', '.', '-', ' ', ',', '\t'];

/// The date that was probably meant by one in another order, `14/05/26` or `14 May 2026`, and what stands beside it.
pub(super) fn guess(text: &str) -> Option<(Date, Beside)> {
    first_the_time(text.trim()).or_else(|| guess_day(text))
}

/// `09:30 2026-05-14`, `9.30am on 14 May 2026`.
fn first_the_time(text: &str) -> Option<(Date, Beside)> {
    let (clock, rest) = clock::loose(text)?;
    let is_apart = text[..text.len() - rest.len()].ends_with([' ', ',']);
    let day = rest.strip_prefix("on ").unwrap_or(rest);
    match guess_day(day).filter(|_| is_apart)? {
        (date, Beside::Nothing) => Some((date, Beside::Time(clock))),
        (date, _) => Some((date, Beside::Unclear(day.to_owned()))),
    }
}

fn guess_day(text: &str) -> Option<(Date, Beside)> {
    let found = Parts::of(text)?;
    let date = found.date()?;
    let is_of_another_day = |word: &str| names_one_of(word, &WEEKDAYS) != names_one_of(weekday_name(date), &WEEKDAYS);
    let beside = match found.weekdays.iter().find(|word| is_of_another_day(word)) {
        Some(word) => Beside::Unclear((*word).to_owned()),
        None => behind(&text[found.end..]),
    };
    Some((date, beside))
}

/// Whether the date in `text` can be no other: `05/06/2026` and `5 June 26` can.
pub(super) fn is_certain(text: &str) -> bool {
    let Some(found) = Parts::of(text) else { return false };
    let is_year = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let [a, b, c] = found.parts;
    if month(a).or_else(|| month(b)).is_some() {
        return found.parts.into_iter().any(is_year);
    }
    let number = |part: &str| number(part).unwrap_or(0);
    is_year(a) || (is_year(c) && (number(a) > 12 || number(b) > 12 || number(a) == number(b)))
}

/// Whether a text seems to have a time of day somewhere.
pub(super) fn has_time(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_first = |at: usize| !lower[..at].ends_with(|before: char| before.is_ascii_digit());
    ["noon", "midday", "midnight", "o'clock", "o’clock"].iter().any(|word| lower.contains(word))
        || lower.char_indices().any(|(at, c)| c.is_ascii_digit() && is_first(at) && clock::begins(&lower[at..]))
}

/// The three parts of a date.
struct Parts<'a> {
    weekdays: Vec<&'a str>,
    parts: [&'a str; 3],
    /// Where they end in the text.
    end: usize,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mut weekdays = Vec::new();
        let mut parts = Vec::new();
        let mut end = 0;
        while parts.len() < 3 {
            let start = end + (text[end..].len() - text[end..].trim_start_matches(BETWEEN).len());
            end = text[start..].find(BETWEEN).map_or(text.len(), |length| start + length);
            let part = &text[start..end];
            let is_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
            // `14T09:00`
            let part = match part.split_once('T').filter(|(day, time)| is_digit(day) && is_digit(time)) {
                Some((day, _)) => day,
                None => part,
            };
            end = start + part.len();
            match part {
                "" => return None,
                part if parts.is_empty() && names_one_of(part, &WEEKDAYS).is_some() => weekdays.push(part),
                part => parts.push(part),
            }
        }
        Some(Self { weekdays, parts: parts.try_into().ok()?, end })
    }

    fn date(&self) -> Option<Date> {
        let year = |text: &str| match (text.len(), text.parse::<i16>().ok().filter(|year| *year >= 0)) {
            (4, Some(year)) => Some(year),
            (2, Some(year)) => Some(2000 + year),
            _ => None,
        };
        let [a, b, c] = self.parts;
        if let Some(month) = month(b) {
            return date(year(c)?, month, number(a)?).or_else(|| date(year(a)?, month, number(c)?));
        }
        if let Some(month) = month(a) {
            return date(year(c)?, month, number(b)?);
        }
        if a.len() == 4 {
            return date(year(a)?, number(b)?, number(c)?);
        }
        // The day comes first, as in Britain; the other order is tried only if this one is impossible.
        let (day, month, year) = (number(a)?, number(b)?, year(c)?);
        date(year, month, day).or_else(|| date(year, day, month))
    }
}

fn month(part: &str) -> Option<i16> {
    names_one_of(part, &MONTHS).and_then(|at| i16::try_from(at + 1).ok())
}

/// `14`, `14th`.
fn number(part: &str) -> Option<i16> {
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|ending| part.strip_suffix(ending)).unwrap_or(part);
    bare.parse().ok().filter(|number| *number >= 0)
}

pub(super) fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// What stands behind a date.
fn behind(text: &str) -> Beside {
    let text = text.trim().trim_start_matches([',', '.', ';', ' ']).trim_end_matches([',', '.', ';', ' ']);
    if text.is_empty() {
        return Beside::Nothing;
    }
    let is_digit = |text: &&str| text.starts_with(|c: char| c.is_ascii_digit());
    let link = ["at ", "At ", "um ", "@ ", "- ", "– ", "— ", "| "].iter().find_map(|link| text.strip_prefix(link));
    let time = text.strip_prefix(['T', '@']).filter(is_digit).or(link).unwrap_or(text);
    match clock::loose(time) {
        Some((clock, "")) => Beside::Time(clock),
        Some((_, left)) => Beside::Unclear(left.to_owned()),
        None => Beside::Unclear(text.to_owned()),
    }
}
