//! The names of months and of the days of the week, for reading dates and for putting them into words.

use jiff::civil::Date;

/// Which of `names` a text is, or an abbreviation of.
pub(super) fn names_one_of(text: &str, names: &[&str]) -> Option<usize> {
    let text = text.to_lowercase();
    names.iter().position(|name| text.len() >= 3 && name.to_lowercase().starts_with(&text))
}

/// Whether a word names a month or a day of the week.
pub(super) fn is_name(word: &str) -> bool {
    names_one_of(word, &MONTHS).or_else(|| names_one_of(word, &WEEKDAYS)).is_some()
}

pub(super) const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn month_name(date: Date) -> &'static str {
    usize::try_from(date.month() - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or("")
}

pub(super) fn weekday_name(date: Date) -> &'static str {
    let at = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
    WEEKDAYS.get(at).copied().unwrap_or("")
}
