//! One entry → words that nobody has replaced yet: those that `init` and `new` write, TODO, Lorem ipsum. Readers would see them.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::packed::Searcher;

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

/// What stands for words to come: the last ones anywhere, the others only where nobody speaks of tasks.
const MARKS: &[&str] = &["TODO", "TO DO", "FIXME", "TBC", "TBD", "XXX"];

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
        Value::Text(text) => found.extend(placeholder(text, &WHOLE).map(|(_, what)| (placed.span.clone(), what))),
        Value::Doc(text) => words(text, found),
        Value::List(list) => list.iter().for_each(|one| value(one, found)),
        Value::Record(values) => values.values().for_each(|one| value(one, found)),
        Value::Image(image) => {
            found.extend(placeholder(&image.alt, &WHOLE).map(|(_, what)| (placed.span.clone(), what)))
        }
        _ => {}
    }
}

fn words(doc: &markdown::Doc, found: &mut Vec<(Range<usize>, String)>) {
    // Most texts have none: one look at all their words settles it.
    if !may_hold(markdown::words(doc)) {
        return;
    }
    for part in markdown::texts(doc) {
        let place = Place {
            begins: part.begins,
            is_whole: part.begins && part.ends && !part.is_cited && !part.in_heading,
            in_heading: part.in_heading,
        };
        found.extend(placeholder(part.text, &place).map(|(_, what)| (part.span, what)));
    }
}

/// Whether there is anything in `text` that a placeholder holds.
fn may_hold(text: &str) -> bool {
    static SIGNS: LazyLock<Option<Searcher>> = LazyLock::new(|| {
        let signs = BEGUN.lines().filter(|begun| !begun.is_empty()).chain(OF_SAMPLES.iter().copied());
        let signs = signs.chain(MARKS.iter().copied()).chain(["orem ipsum", "…", "..."]);
        Searcher::new(signs)
    });
    memchr::memchr(b'[', text.as_bytes()).is_some() || SIGNS.as_ref().is_none_or(|signs| signs.find(text).is_some())
}

/// Where words stand.
struct Place {
    /// Nothing stands before them in their paragraph or field.
    begins: bool,
    /// They are all of it, and neither a heading nor a quotation.
    is_whole: bool,
    in_heading: bool,
}

/// A field holds nothing but its words.
const WHOLE: Place = Place { begins: true, is_whole: true, in_heading: false };

/// The first placeholder in `text`, and where it is.
fn placeholder(text: &str, place: &Place) -> Option<(usize, String)> {
    if !may_hold(text) {
        return None;
    }
    let trimmed = text.trim();
    let is_begun = BEGUN.lines().any(|begun| !begun.is_empty() && trimmed.starts_with(begun));
    // Within a sentence or a table, an ellipsis is one.
    if place.is_whole && matches!(trimmed, "…" | "...") || is_begun {
        let sentence = trimmed.split_inclusive(['.', '?', ':', '\n']).next().unwrap_or(trimmed).trim_end();
        return Some((0, sentence.to_owned()));
    }
    let written = OF_SAMPLES.iter().find(|words| trimmed.starts_with(**words)).map(|words| (0, (*words).to_owned()));
    let mark = || {
        let found = MARKS.iter().flat_map(|mark| text.match_indices(mark));
        found
            .filter(|(at, mark)| is_word(text, *at, mark) && is_meant(text, *at, mark, place))
            .min()
            .map(|(at, mark)| (at, mark.to_owned()))
    };
    let latin = || {
        let found = text.find("orem ipsum").filter(|found| text[..*found].ends_with(['L', 'l']))?;
        let at = found - 1;
        // Texts speak of it, too.
        let is_used = text[at + 11..].starts_with(" dolor") || place.begins && text[..at].trim().is_empty();
        is_used.then(|| (at, "Lorem ipsum".to_owned()))
    };
    let bracket = || {
        let (at, _) = text.match_indices('[').find(|(at, _)| {
            let inside = &text.as_bytes()[at + 1..];
            let begins =
                |start: &&str| inside.get(..start.len()).is_some_and(|b| b.eq_ignore_ascii_case(start.as_bytes()));
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

/// Whether the mark at byte `at` stands for words to come, and is not what a sentence is about: "a list of TODO comments".
fn is_meant(text: &str, at: usize, mark: &str, place: &Place) -> bool {
    if matches!(mark, "TBC" | "TBD" | "XXX") {
        return true;
    }
    let (before, after) = (text[..at].trim_end(), &text[at + mark.len()..]);
    let is_alone = before.is_empty() && after.trim_matches(['.', '!', '…', ' ']).is_empty();
    after.starts_with(':')
        || before.ends_with(['[', '(', ':', '='])
        || [" is", " are"].iter().any(|verb| before.ends_with(verb))
        || !place.in_heading && (is_alone || place.begins && before.is_empty() && after.starts_with(' '))
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
            "Lorem ipsum dolor sit amet",
            "TODO add figures",
            "TODO",
            "Rents rose. TODO: check.",
            "The rest is TODO.",
            "See [TODO]",
            "(FIXME later)",
            "The venue is TBC.",
            "Speakers TBD",
            "…",
            "Lorem ipsum dolor",
            "Then lorem ipsum dolor sit amet",
            "See [insert figure here].",
            "Write the text here.",
            "(XXX)",
        ] {
            assert!(placeholder(text, &WHOLE).is_some(), "{text}");
        }
        for text in [
            "He said … nothing",
            "ñorem ipsum",
            "METODOLOGÍA TODOS",
            "See [1] and [Smith].",
            "TBC-1 and a/TODO/b",
            "insert coins",
            "[address]",
            "Resolve a TODO in the code",
            "We add FIXME comments",
            "On my TODO list",
            "TODO’s and known faults",
            "Replacing “lorem ipsum” with words",
        ] {
            assert!(placeholder(text, &WHOLE).is_none(), "{text}");
        }
        let heading = Place { begins: true, is_whole: false, in_heading: true };
        assert!(placeholder("TODO: methods", &heading).is_some());
        for text in ["TODO", "TODO tests", "…"] {
            assert!(placeholder(text, &heading).is_none(), "{text}");
        }
    }
}
