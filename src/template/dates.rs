//! A day → its words in a language, by Unicode CLDR.

use std::sync::OnceLock;

use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::{YM, YMD, YMDE};
use icu_locale::Locale;

/// The date formats of one language, each built when first asked for.
#[derive(Debug)]
pub(crate) struct Dates {
    locale: Locale,
    day: OnceLock<Option<Form<YMD>>>,
    month: OnceLock<Option<Form<YM>>>,
    short_month: OnceLock<Option<Form<YM>>>,
    weekday: OnceLock<Option<Form<YMDE>>>,
}

type Form<F> = FixedCalendarDateTimeFormatter<Gregorian, F>;

impl Dates {
    /// The date formats of the language `code`; English if it is unknown.
    pub(super) fn new(code: &str) -> Self {
        let locale = code.parse().unwrap_or(Locale::UNKNOWN);
        Self {
            locale,
            day: OnceLock::new(),
            month: OnceLock::new(),
            short_month: OnceLock::new(),
            weekday: OnceLock::new(),
        }
    }

    /// `14 May 2026`.
    pub(crate) fn day(&self, day: jiff::civil::Date) -> String {
        let form = self.day.get_or_init(|| Form::try_new(self.locale.clone().into(), YMD::long()).ok());
        written(form.as_ref().zip(gregorian(day)).map(|(form, day)| form.format(&day).to_string()), day)
    }

    /// `May 2026`.
    pub(crate) fn month(&self, day: jiff::civil::Date) -> String {
        let form = self.month.get_or_init(|| Form::try_new(self.locale.clone().into(), YM::long()).ok());
        written(form.as_ref().zip(gregorian(day)).map(|(form, day)| form.format(&day).to_string()), day)
    }

    /// `Jun 2026`.
    pub(crate) fn short_month(&self, day: jiff::civil::Date) -> String {
        let form = self.short_month.get_or_init(|| Form::try_new(self.locale.clone().into(), YM::medium()).ok());
        written(form.as_ref().zip(gregorian(day)).map(|(form, day)| form.format(&day).to_string()), day)
    }

    /// `Thursday, 14 May 2026`.
    pub(crate) fn weekday(&self, day: jiff::civil::Date) -> String {
        let form = self.weekday.get_or_init(|| Form::try_new(self.locale.clone().into(), YMDE::long()).ok());
        written(form.as_ref().zip(gregorian(day)).map(|(form, day)| form.format(&day).to_string()), day)
    }
}

fn gregorian(day: jiff::civil::Date) -> Option<Date<Gregorian>> {
    let part = |number: i8| u8::try_from(number).ok();
    Date::try_new_gregorian(i32::from(day.year()), part(day.month())?, part(day.day())?).ok()
}

/// The words, or the date in figures if a language has none.
fn written(words: Option<String>, day: jiff::civil::Date) -> String {
    words.unwrap_or_else(|| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::Dates;

    #[test]
    fn days_are_written_as_each_language_writes_them() {
        let day = jiff::civil::date(2026, 5, 14);
        for (code, words, month, weekday) in [
            ("en-GB", "14 May 2026", "May 2026", "Thursday, 14 May 2026"),
            ("cy", "14 Mai 2026", "Mai 2026", "Dydd Iau, 14 Mai 2026"),
            ("de", "14. Mai 2026", "Mai 2026", "Donnerstag, 14. Mai 2026"),
            ("ar", "14 مايو 2026", "مايو 2026", "الخميس، 14 مايو 2026"),
        ] {
            let dates = Dates::new(code);
            assert_eq!(
                (dates.day(day), dates.month(day), dates.weekday(day)),
                (words.into(), month.into(), weekday.into())
            );
        }
    }
}
