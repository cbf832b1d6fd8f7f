//! Text → a key that sorts it where readers of a language look for it: the Unicode Collation Algorithm (UTS #10) with CLDR's
//! rules for the language. `É` sorts with `E`; in Welsh `Ll` is a letter after `L`; `Part 10` comes after `Part 9`.

use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_locale::Locale;

/// The order of one language.
#[derive(Debug)]
pub(super) struct Collation(Option<CollatorBorrowed<'static>>);

impl Collation {
    /// The order of the language `code`; the order common to all languages if it has none of its own.
    pub(super) fn of(code: &str) -> Self {
        let locale: Locale = code.parse().unwrap_or(Locale::UNKNOWN);
        let mut asked = CollatorPreferences::from(&locale);
        asked.numeric_ordering = Some(CollationNumericOrdering::True);
        Self(CollatorBorrowed::try_new(asked, icu_collator::options::CollatorOptions::default()).ok())
    }

    /// The key of `text`; keys are compared byte by byte.
    pub(super) fn key(&self, text: &str) -> Vec<u8> {
        let mut key = Vec::with_capacity(text.len() * 2);
        match &self.0 {
            Some(collator) => {
                let Ok(()) = collator.write_sort_key_to(text, &mut key);
            }
            None => key.extend(text.to_lowercase().into_bytes()),
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `words`, shuffled and sorted again.
    fn sorted(code: &str, words: &[&str]) -> Vec<String> {
        let order = Collation::of(code);
        let mut sorted: Vec<String> = words.iter().rev().map(|word| (*word).to_owned()).collect();
        sorted.sort_by_key(|word| order.key(word));
        sorted
    }

    #[test]
    fn words_stand_where_readers_of_the_language_look_for_them() {
        // Each list in the order its readers expect.
        let all: &[(&str, &[&str])] = &[
            ("en-GB", &["a long way", "Aberdeen", "cooperative", "Éire", "Elgin", "land", "llama", "loan", "zoo"]),
            ("en-GB", &["Part 1", "Part 9", "Part 10", "Part two"]),
            ("cy", &["caer", "cwm", "chwarae", "dŵr", "ddoe", "lôn", "lwc", "llan", "llyn", "rhan", "sir"]),
            ("sv", &["Anna", "Zlatan", "Åsa", "Ärla", "Örjan"]),
            ("de", &["Anna", "Ärger", "Ast", "Zoll"]),
        ];
        for (code, words) in all {
            assert_eq!(sorted(code, words), *words, "in {code}");
        }
    }
}
