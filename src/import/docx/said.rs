//! What a line of the first page says: the names of its authors, a day.

/// The names in a line of authors.
pub(super) fn names(said: &str) -> Vec<String> {
    let said = said.strip_prefix("By ").or(said.strip_prefix("by ")).unwrap_or(said);
    let between = if said.contains(';') { ";" } else { "," };
    let said = said.replace(" and ", between).replace(" & ", between);
    said.split(between).filter_map(name).collect()
}

/// A name as it is said: `Smith, Jane` is `Jane Smith`.
pub(super) fn name(written: &str) -> Option<String> {
    let written = written.trim();
    let said = match written.split_once(',') {
        Some((last, first)) if !first.contains(',') && !last.trim().contains(' ') => {
            format!("{} {}", first.trim(), last.trim()).trim().to_owned()
        }
        _ => written.to_owned(),
    };
    (!said.is_empty()).then_some(said)
}

/// A day in English words, or with the year first.
pub(super) fn day(said: &str) -> Option<String> {
    const MONTHS: &[&str] = &[
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if let Ok(day) = said.trim().parse::<jiff::civil::Date>() {
        return Some(day.to_string());
    }
    let cleaned = said.replace(',', " ");
    let [first, second, year] = cleaned.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
    let number = |word: &str| word.trim_end_matches(|c: char| c.is_alphabetic()).parse::<i8>().ok();
    let month = |word: &str| {
        let word = word.to_lowercase();
        MONTHS.iter().position(|month| *month == word).and_then(|at| i8::try_from(at + 1).ok())
    };
    let (day, month) = match (number(first), month(second)) {
        (Some(day), Some(month)) => (day, month),
        _ => (number(second)?, month(first)?),
    };
    Some(jiff::civil::Date::new(year.parse().ok()?, month, day).ok()?.to_string())
}
