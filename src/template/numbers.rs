//! A number → its figures in a language, by Unicode CLDR.

use std::sync::OnceLock;

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale::Locale;

/// How one language writes numbers, found out when first asked for.
#[derive(Debug)]
pub(crate) struct Numbers {
    locale: Locale,
    form: OnceLock<Option<DecimalFormatter>>,
    /// What stands before a sign for per cent.
    pub(crate) gap: &'static str,
    is_right_to_left: bool,
}

/// Languages that leave a blank before the sign.
const WITH_GAP: &[&str] = &[
    "bg", "cs", "da", "de", "es", "eu", "fi", "fr", "hr", "hu", "is", "lt", "lv", "nb", "nn", "no", "pl", "ro", "ru",
    "sk", "sl", "sr", "sv", "uk",
];

impl Numbers {
    /// How the language `code` writes numbers; English if it is unknown.
    pub(super) fn new(code: &str, is_right_to_left: bool) -> Self {
        let short = code.split('-').next().unwrap_or(code);
        let gap = if WITH_GAP.contains(&short) { "\u{a0}" } else { "" };
        Self { locale: code.parse().unwrap_or(Locale::UNKNOWN), form: OnceLock::new(), gap, is_right_to_left }
    }

    /// `1,234.5`, with a true minus sign.
    pub(crate) fn written(&self, value: f64, decimals: usize) -> String {
        let plain = format!("{value:.decimals$}");
        // What is rounded to nothing has no sign.
        let is_nothing = plain.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
        let plain = if is_nothing { plain.trim_start_matches('-') } else { &plain };
        let form =
            self.form.get_or_init(|| DecimalFormatter::try_new(self.locale.clone().into(), Default::default()).ok());
        let digits = plain.trim_start_matches('-');
        let written =
            form.as_ref().zip(digits.parse::<Decimal>().ok()).map(|(form, digits)| form.format(&digits).to_string());
        let written = written.unwrap_or_else(|| digits.to_owned());
        // Between letters that read from right to left, a sign without this mark would come out behind the number.
        let mark = if self.is_right_to_left { "\u{200e}" } else { "" };
        if plain.starts_with('-') { format!("{mark}\u{2212}{written}") } else { written }
    }

    /// The same with no more decimals than it has.
    pub(crate) fn short(&self, value: f64) -> String {
        let decimals = format!("{value}").split_once('.').map_or(0, |(_, decimals)| decimals.len());
        self.written(value, decimals.min(12))
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;

    #[test]
    fn numbers_are_written_as_each_language_writes_them() {
        for (code, large, small) in [
            ("en-GB", "1,234,567.5", "−0.30"),
            ("cy", "1,234,567.5", "−0.30"),
            ("de", "1.234.567,5", "−0,30"),
            ("fr", "1\u{202f}234\u{202f}567,5", "−0,30"),
        ] {
            let numbers = Numbers::new(code, false);
            assert_eq!(
                (numbers.written(1_234_567.5, 1), numbers.written(-0.3, 2)),
                (large.into(), small.into()),
                "{code}"
            );
            assert_eq!(numbers.written(-0.001, 1), numbers.written(0.0, 1), "{code}");
        }
    }
}
