//! One entry → words that nobody has replaced yet: those that `init` and `new` write, TODO, Lorem ipsum. Readers would see them.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::entry_checks::Check;
use super::visibility::{Visibility, is_sample};
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown;
use crate::schema::{Placed, Value};

/// How the sentences begin that stand in a new site for others.
const BEGUN: &str = include_str!("../cli/starter/placeholders.txt");

/// What the samples of a new site say; once they are no samples any more, nobody has written it.
const OF_SAMPLES: &[&str] = &[
    "What somebody works on and has worked on.",
    "What we found, in one or two sentences.",
    "What will happen, and who will speak.",
    "A report begins with its question.",
    "The first thing that readers should remember.",
];

/// What stands anywhere for words to come.
const MARKS: &[&str] = &["TODO", "TBC", "TBD", "FIXME", "XXX", "TO DO"];

/// How many are reported in one entry.
const MOST: usize = 5;

/// Reports the placeholders of an entry that readers see.
pub(super) fn of_entry(check: &Check<'_>, faults: &mut Vec<Diagnostic>) {
    let entry = check.entry;
    let visibility = check.reach.structure.identities.visibility(check.ix);
    // Readers are told that a sample is one.
    if !check.is_seen || *visibility != Visibility::Public || is_sample(entry) {
        return;
    }
    let mut found = Vec::new();
    for (name, placed) in entry.stated() {
        if &**name != "internal_note" {
            value(placed, &mut found);
        }
    }
    for text in entry.text.iter() {
        words(text, &mut found);
    }
    for (span, what) in found.into_iter().take(MOST) {
        let message = format!("`{what}` only holds the place of what is to come, and readers see it");
        let help = "write what belongs here, or take it out; until then, `status = \"draft\"` hides the page";
        faults.push(Diagnostic::new(Code::Placeholder, message).at(&entry.source, span).help(help));
    }
}

fn value(placed: &Placed, found: &mut Vec<(Range<usize>, String)>) {
    match &placed.value {
        Value::Text(text) => found.extend(placeholder(text).map(|(_, what)| (placed.span.clone(), what))),
        Value::Doc(text) => words(text, found),
        Value::List(list) => list.iter().for_each(|one| value(one, found)),
        Value::Record(values) => values.values().for_each(|one| value(one, found)),
        Value::Image(image) => found.extend(placeholder(&image.alt).map(|(_, what)| (placed.span.clone(), what))),
        _ => {}
    }
}

fn words(doc: &markdown::Doc, found: &mut Vec<(Range<usize>, String)>) {
    // Most texts have none: one look at all their words settles it.
    if !may_hold(markdown::words(doc)) {
        return;
    }
    for (text, span) in markdown::texts(doc) {
        found.extend(placeholder(text).map(|(_, what)| (span, what)));
    }
}

/// Whether there is anything in `text` that a placeholder holds.
fn may_hold(text: &str) -> bool {
    static SIGNS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let signs = BEGUN.lines().filter(|begun| !begun.is_empty()).chain(OF_SAMPLES.iter().copied());
        let signs = signs.chain(MARKS.iter().copied()).chain(["orem ipsum", "[", "…", "..."]);
        AhoCorasick::new(signs).ok()
    });
    SIGNS.as_ref().is_none_or(|signs| signs.is_match(text))
}

/// The first placeholder in `text`, and where it is.
fn placeholder(text: &str) -> Option<(usize, String)> {
    if !may_hold(text) {
        return None;
    }
    let trimmed = text.trim();
    let is_begun = BEGUN.lines().any(|begun| !begun.is_empty() && trimmed.starts_with(begun));
    if matches!(trimmed, "…" | "...") || is_begun {
        let sentence = trimmed.split_inclusive(['.', '?', ':', '\n']).next().unwrap_or(trimmed).trim_end();
        return Some((0, sentence.to_owned()));
    }
    let written = OF_SAMPLES.iter().find(|words| trimmed.starts_with(**words)).map(|words| (0, (*words).to_owned()));
    let mark = || {
        let found = MARKS.iter().flat_map(|mark| text.match_indices(mark));
        found.filter(|(at, mark)| is_word(text, *at, mark)).min().map(|(at, mark)| (at, mark.to_owned()))
    };
    let latin = || {
        let at = text.find("orem ipsum").filter(|at| *at > 0)?;
        text[..at].ends_with(['L', 'l']).then(|| (at - 1, "Lorem ipsum".to_owned()))
    };
    let bracket = || {
        let (at, _) = text.match_indices('[').find(|(at, _)| {
            let begins = |start: &&str| {
                text.as_bytes()[at + 1..]
                    .get(..start.len())
                    .is_some_and(|inside| inside.eq_ignore_ascii_case(start.as_bytes()))
            };
            ["insert ", "add ", "to be added", "to come", "placeholder"].iter().any(begins)
        })?;
        let end = text[at..].find(']')?;
        Some((at, text[at..=at + end].to_owned()))
    };
    written.or_else(mark).or_else(latin).or_else(bracket)
}

/// Whether `mark`, which is at byte `at`, is a word of its own.
fn is_word(text: &str, at: usize, mark: &str) -> bool {
    let free = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '/' | '.'));
    let after = text[at + mark.len()..].chars().next();
    free(text[..at].chars().next_back()) && (free(after) || after == Some('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_one_that_the_program_writes() {
        let written = [
            include_str!("../cli/starter/event.md"),
            include_str!("../cli/starter/person.md"),
            include_str!("../cli/starter/report.md"),
            include_str!("../cli/starter/theme.md"),
        ];
        for sentence in OF_SAMPLES {
            assert!(written.iter().any(|text| text.contains(sentence)), "nothing writes `{sentence}`");
        }
    }

    #[test]
    fn placeholders_are_words_of_their_own() {
        for text in [
            "TODO: add",
            "The venue is TBC.",
            "…",
            "Lorem ipsum dolor",
            "See [insert figure here].",
            "Write the text here.",
            "(XXX)",
        ] {
            assert!(placeholder(text).is_some(), "{text}");
        }
        for text in [
            "He said … nothing",
            "METODOLOGÍA TODOS",
            "See [1] and [Smith].",
            "TBC-1 and a/TODO/b",
            "insert coins",
            "[address]",
        ] {
            assert!(placeholder(text).is_none(), "{text}");
        }
    }
}
