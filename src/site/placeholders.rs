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

/// How long what stands in brackets may be.
const FAR: usize = 300;

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
        let is_remark = remark(&what);
        let (is, act) = match is_remark {
            true => ("is a remark between colleagues", "do what it says, and take it out"),
            false => ("only holds the place of what is to come", "write what belongs here, or take it out"),
        };
        let message = format!("`{what}` {is}, and readers see it");
        let help = format!("{act}; until then, `status = \"draft\"` hides the page");
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
    // The search is quick for words of at least three bytes; the shorter ones have a letter that is rare.
    static SIGNS: LazyLock<Option<Searcher>> = LazyLock::new(|| {
        let signs = BEGUN.lines().filter(|begun| !begun.is_empty()).chain(OF_SAMPLES.iter().copied());
        Searcher::new(signs.chain(MARKS.iter().copied()).chain(["orem ipsum", "…", "..."]))
    });
    let is_there = |signs: &Searcher| signs.find(text).is_some();
    memchr::memchr2(b'[', b'X', text.as_bytes()).is_some() || SIGNS.as_ref().is_none_or(is_there)
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
    written.or_else(mark).or_else(latin).or_else(|| bracket(text)).or_else(|| figure(text))
}

/// What stands in brackets for a name or a number to come.
const NAMED: &[&str] = &[
    "NAME",
    "FIRST NAME",
    "FULL NAME",
    "SURNAME",
    "JOB TITLE",
    "DATE",
    "ORGANISATION",
    "COMPANY",
    "ADDRESS",
    "NUMBER",
    "AMOUNT",
    "FIGURE",
    "LINK",
    "QUOTE",
    "IMAGE",
    "PHOTO",
    "CHART",
    "CHECK",
    "CHECK THIS",
    "REF",
    "REFS",
    "REFERENCE",
    "SOURCE",
    "SOURCE?",
    "CITATION",
    "CITATION NEEDED",
    "TK",
    "XX",
    "XXXX",
];

/// `[insert figure here]`, `Dear [Name]`, `[JS: check this]`.
fn bracket(text: &str) -> Option<(usize, String)> {
    text.match_indices('[').find_map(|(at, _)| {
        let rest = &text[at + 1..];
        let inside = rest[..rest.floor_char_boundary(FAR)].split_once(']')?.0;
        let begins = |start: &&str| {
            inside.as_bytes().get(..start.len()).is_some_and(|b| b.eq_ignore_ascii_case(start.as_bytes()))
        };
        let is_named = NAMED.contains(&inside) && !text[..at].ends_with(']')
            || text[..at].ends_with("Dear ") && (1..30).contains(&inside.len());
        let is_meant = ["insert ", "add ", "to be added", "to come", "placeholder"].iter().any(begins)
            || is_named
            || remark(&text[at..=at + 1 + inside.len()]);
        is_meant.then(|| (at, format!("[{inside}]")))
    })
}

/// Whether a text is one colleague's remark to another: `[JS: check this figure before publication]`.
fn remark(text: &str) -> bool {
    const SAYS: &[&str] = &[
        "check",
        "confirm",
        "please",
        "pls",
        "sign off",
        "wording",
        "before publication",
        "can we",
        "can you",
        "tbc",
        "source?",
        "is this",
    ];
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or_default();
    let Some((who, what)) = inside.split_once(": ") else { return false };
    let is_who = (2..4).contains(&who.len()) && who.bytes().all(|byte| byte.is_ascii_uppercase());
    let what = what.to_lowercase();
    is_who && SAYS.iter().any(|word| what.starts_with(word) || what.contains(&format!(" {word}")))
}

/// `£XXm`, `XX per cent`, `20XX`.
fn figure(text: &str) -> Option<(usize, String)> {
    let mut from = 0;
    while let Some(found) = text[from..].find('X') {
        let at = from + found;
        let length = text[at..].len() - text[at..].trim_start_matches(['X', ',']).len();
        let length = text[at..at + length].trim_end_matches(',').len();
        let (before, after) = (&text[..at], &text[at + length..]);
        from = at + length;
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let unit = ["%", " per cent", " percent", " million", " billion", "m ", "bn ", "m.", "bn."];
        let unit = unit.iter().find(|unit| after.starts_with(**unit)).map(|unit| unit.trim_end_matches([' ', '.']));
        let ends = !is_word(after.chars().next()) || unit.is_some() || ["m", "bn", "k"].contains(&after);
        let year = before.strip_suffix("20").filter(|before| length == 2 && !is_word(before.chars().next_back()));
        if let Some(currency) = before.chars().next_back().filter(|c| "£€".contains(*c) && ends) {
            return Some((
                at - currency.len_utf8(),
                format!("{currency}{}{}", &text[at..from], unit.unwrap_or_default()),
            ));
        }
        if year.is_some_and(|before| !before.ends_with(['-', '.', '_', '/']))
            && !is_word(after.chars().next())
            && !after.starts_with(['-', '_', '/', '.'])
        {
            return Some((at - 2, format!("20{}", &text[at..from])));
        }
        let is_apart = !is_word(before.chars().next_back()) && !before.ends_with(['-', '_', '.', '$', '\\', '/']);
        if let Some(unit) = unit.filter(|unit| length > 1 && is_apart && (unit.len() > 2 || *unit == "%")) {
            return Some((at, format!("{}{unit}", &text[at..from])));
        }
    }
    None
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
            "The number rose to XX per cent.",
            "It cost £XXm in all.",
            "It cost £X.",
            "In 20XX we begin.",
            "About XX% of them",
            "£XX,XXX a year",
            "Dear [Name],",
            "Dear [NAME], thank you",
            "Call [NUMBER].",
            "Rents fell [CHECK].",
            "Rents fell [JS: check this figure before publication].",
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
            "If X% of them and Y%",
            "XX chromosomes, and XY",
            "Louis XX of Nowhere",
            "[RFC: a proposal]",
            "STM32F20XX and 20XX-A",
            "[AB: laughs]",
            "£5m in 2020, SIZE XXL",
            "[x] done, [X] done",
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
