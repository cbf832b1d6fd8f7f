//! A line below the title → whether it names who wrote the document: `By Jane Smith and Tom Jones`.
//!
//! It does for certain only if all of it is names. In doubt it may, and stays where it is.

use super::said;
use crate::import::document::{Inline, words};
use crate::path::slug;

/// What a line says of authors.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Byline {
    Names(Vec<String>),
    /// It may name some; nobody can tell from the words alone.
    Perhaps,
}

/// What stands before names.
const BEFORE: &[&str] = &[
    "by ",
    "by: ",
    "written by ",
    "written by: ",
    "author: ",
    "authors: ",
    "author(s): ",
    "authored by ",
    "report by ",
    "a report by ",
    "gan ",
    "awdur: ",
    "awduron: ",
    "von ",
    "par ",
];

/// Words before and behind a name that are none of it.
const TITLES: &[&str] = &[
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "mr",
    "mrs",
    "ms",
    "miss",
    "lord",
    "lady",
    "baroness",
    "baron",
    "rev",
    "revd",
    "yr",
    "athro",
    "phd",
    "mp",
    "ms",
    "msp",
    "mep",
    "am",
    "obe",
    "mbe",
    "cbe",
    "frs",
    "fba",
    "kc",
    "qc",
    "jr",
    "sr",
];

/// Words within a name that have no capital.
const PARTICLES: &[&str] = &[
    "de", "del", "della", "der", "den", "di", "da", "dos", "du", "la", "le", "van", "von", "zu", "ap", "ab", "ferch",
    "bin", "ibn", "al", "el", "y", "e", "ter", "ten",
];

/// Words with a capital that no name of a person has, but lines below a title do.
const OTHERS: &[&str] = &[
    "report",
    "paper",
    "policy",
    "briefing",
    "brief",
    "note",
    "review",
    "summary",
    "executive",
    "findings",
    "key",
    "introduction",
    "background",
    "foreword",
    "contents",
    "conclusion",
    "conclusions",
    "recommendations",
    "evidence",
    "research",
    "study",
    "analysis",
    "institute",
    "university",
    "centre",
    "center",
    "council",
    "commission",
    "committee",
    "department",
    "ministry",
    "office",
    "government",
    "foundation",
    "trust",
    "society",
    "association",
    "group",
    "team",
    "network",
    "forum",
    "programme",
    "program",
    "project",
    "unit",
    "school",
    "college",
    "limited",
    "ltd",
    "press",
    "draft",
    "final",
    "version",
    "confidential",
    "embargoed",
    "edition",
    "volume",
    "chapter",
    "part",
    "section",
    "annex",
    "appendix",
    "table",
    "figure",
    "north",
    "south",
    "east",
    "west",
    "northern",
    "southern",
    "eastern",
    "western",
    "central",
    "great",
    "new",
    "bay",
    "street",
    "road",
    "city",
    "town",
    "county",
    "village",
    "valley",
    "wales",
    "england",
    "scotland",
    "ireland",
    "britain",
    "kingdom",
    "states",
    "united",
    "london",
    "cardiff",
    "swansea",
    "bangor",
    "edinburgh",
    "glasgow",
    "belfast",
    "brussels",
    "europe",
    "european",
    "america",
    "africa",
    "asia",
    "world",
    "global",
    "national",
    "regional",
    "local",
    "public",
    "private",
    "social",
    "economic",
    "economy",
    "housing",
    "health",
    "education",
    "transport",
    "energy",
    "climate",
    "work",
    "fair",
    "future",
    "the",
    "and",
    "of",
    "for",
    "in",
    "on",
    "at",
    "to",
    "with",
    "from",
    "a",
    "an",
    "our",
    "your",
    "how",
    "what",
    "why",
    "who",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "spring",
    "summer",
    "autumn",
    "winter",
    "design",
    "default",
    "high",
    "hall",
    "house",
    "adroddiad",
    "cymru",
    "caerdydd",
    "llywodraeth",
    "crynodeb",
    "cyflwyniad",
];

/// What the words of a paragraph say of authors; `known` are the names in the properties of the file.
pub(super) fn of(text: &[Inline], known: &[String]) -> Option<Byline> {
    const LONGEST: usize = 240;
    let lines = lines(text);
    let said = lines.join(" ");
    if said.is_empty() || said.chars().count() > LONGEST || said.contains(['?', '!', '…']) {
        return None;
    }
    let (rest, has_by) = without_before(&said);
    let is_known = |name: &String| known.iter().any(|one| slug(one) == slug(name));
    let whole = known.len() == 1 && slug(&known[0]) == slug(rest.trim_end_matches('.'));
    let is_marked = text.iter().any(is_more_than_words);
    let parts: Vec<String> = lines.iter().flat_map(|line| parts(without_before(line).0)).collect();
    let (names, all_names): (Vec<&String>, bool) = {
        let names: Vec<&String> = parts.iter().filter(|part| is_known(part) || is_name(part)).collect();
        let all = names.len() == parts.len();
        (names, all && !parts.is_empty())
    };
    if whole && !is_marked {
        return Some(Byline::Names(known.to_vec()));
    }
    let is_sure = has_by || parts.len() > 1 || parts.iter().all(is_known);
    if all_names && is_sure && !is_marked {
        return Some(Byline::Names(parts));
    }
    let begins = parts.first().is_some_and(|first| is_known(first) || is_name(first));
    // A sentence that begins with a name is none of a byline.
    let is_short = parts.iter().all(|part| part.split_whitespace().count() <= 8) && !rest.contains(". ");
    (begins && is_short && !names.is_empty()).then_some(Byline::Perhaps)
}

/// The names in some words if these are nothing else.
pub(super) fn names(said: &str) -> Option<Vec<String>> {
    let parts = parts(said);
    (!parts.is_empty() && parts.iter().all(|part| is_name(part))).then_some(parts)
}

/// Whether a part of a line is more than its words.
fn is_more_than_words(one: &Inline) -> bool {
    matches!(one, Inline::Note(_) | Inline::Image(_) | Inline::Math { .. } | Inline::Figure(_) | Inline::Link { .. })
        || one.inside().iter().any(is_more_than_words)
}

/// The lines of a paragraph.
fn lines(text: &[Inline]) -> Vec<String> {
    let all = text.split(|one| *one == Inline::Break);
    let said = all.map(|line| words(line).split_whitespace().collect::<Vec<_>>().join(" "));
    said.map(|line| line.trim_end_matches(',').to_owned()).filter(|line| !line.is_empty()).collect()
}

/// A line without the words before names; whether there were any.
fn without_before(said: &str) -> (&str, bool) {
    let lower = said.to_lowercase();
    let found = BEFORE.iter().find(|before| lower.starts_with(**before));
    // Letters whose small form is longer are none of these words.
    match found.and_then(|before| said.get(before.len()..)) {
        Some(rest) => (rest.trim(), true),
        None => (said, false),
    }
}

/// The parts of a line that may be names.
fn parts(said: &str) -> Vec<String> {
    let said = said.trim().trim_end_matches(['.', ',']);
    let between = if said.contains(';') { ";" } else { "," };
    let mut said = said.replace(['|', '·', '•'], between);
    for word in [" and ", " & ", " a ", " ac "] {
        said = said.replace(word, &format!("{between} "));
    }
    said.split(between).filter_map(said::name).collect()
}

/// Whether words are the name of a person: a given name and another, with capitals.
fn is_name(said: &str) -> bool {
    let bare = |word: &str| word.trim_matches(['.', ',', '(', ')']).to_lowercase();
    let all: Vec<&str> = said.split_whitespace().collect();
    let all: Vec<&str> = all.into_iter().filter(|word| !TITLES.contains(&&*bare(word))).collect();
    let is_part = |word: &&str| PARTICLES.contains(word);
    let has_capital = |word: &&str| {
        let mut letters = word.chars();
        let is_spelled = letters.next().is_some_and(char::is_uppercase)
            && letters.clone().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.' | '\u{2011}'));
        let is_initial = word.ends_with('.') && word.chars().count() <= 5 || word.chars().count() <= 2;
        is_spelled && (is_initial || letters.any(char::is_lowercase)) && !OTHERS.contains(&&*bare(word))
    };
    let full = all.iter().filter(|word| !is_part(word)).count();
    (2..=4).contains(&full)
        && all.len() <= 6
        && all.iter().all(|word| is_part(word) || has_capital(word))
        && all.iter().any(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 2)
}

#[cfg(test)]
mod tests {
    use super::{Byline, of};
    use crate::import::document::Inline;

    #[test]
    fn only_lines_that_are_all_names_are_bylines() {
        let line = |said: &str| {
            let parts: Vec<Inline> =
                said.split('\n').flat_map(|line| [Inline::Break, Inline::Text(line.to_owned())]).skip(1).collect();
            of(&parts, &["Ann Doe".to_owned(), "Institute of Numbers".to_owned()])
        };
        let names = |all: &[&str]| Some(Byline::Names(all.iter().map(|one| (*one).to_owned()).collect()));
        for (said, wanted) in [
            ("By Jane Smith and Tom Jones", names(&["Jane Smith", "Tom Jones"])),
            ("by Jane Smith", names(&["Jane Smith"])),
            ("Jane Smith, Tom Jones", names(&["Jane Smith", "Tom Jones"])),
            (
                "Dr Jane Smith, Prof. T. J. Jones, and Mair ap Rhys.",
                names(&["Dr Jane Smith", "Prof. T. J. Jones", "Mair ap Rhys"]),
            ),
            ("Jane Smith\nTom O’Brien-Lee", names(&["Jane Smith", "Tom O’Brien-Lee"])),
            ("Authors: Jane Smith; Tom Jones", names(&["Jane Smith", "Tom Jones"])),
            ("Gan Siân Ŵyn a Tom Jones", names(&["Siân Ŵyn", "Tom Jones"])),
            ("Ann Doe", names(&["Ann Doe"])),
            ("Institute of Numbers", names(&["Institute of Numbers"])),
            ("Jane Smith", Some(Byline::Perhaps)),
            ("Jane Smith, University of Somewhere", Some(Byline::Perhaps)),
            ("By Jane Smith, University of Somewhere", Some(Byline::Perhaps)),
            ("Policy Report", None),
            ("Cardiff Bay, South Wales", None),
            ("High Street, Low Rents", None),
            ("By 2030, half of all shops will be empty", None),
            ("By Design", None),
            ("Housing and Health", None),
            ("14 October 2026", None),
            ("Executive Summary", None),
            ("Half of all the shops in town belong to people who live elsewhere.", None),
        ] {
            assert_eq!(line(said), wanted, "{said}");
        }
    }
}
