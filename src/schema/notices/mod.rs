//! A line of a text, or a title → whether its words say that what it is on is not public yet.
//!
//! `EMBARGOED UNTIL 00:01 ON 20 MAY 2027`, `For release: 20 May 2027`, `[DRAFT]`. What only may say so is [`Sure::Perhaps`]:
//! "Draft" may be a title's first word.
//!
//! Not here: fields (`secrecy`), and what an entry states already (`content::core`).

mod moment;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

pub(super) use moment::names_embargo;
use moment::{after, behind, behind_name, moment, separated};

use super::secrecy::{day_in, says_hidden_word};

/// How surely words say that something is not public yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sure {
    Plainly,
    Perhaps,
}

/// What words say of when something may be seen.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Notice {
    pub(crate) sure: Sure,
    pub(crate) until: Until,
    /// The first of these words, to be quoted.
    pub(crate) words: String,
}

/// Until when words hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Until {
    /// Until this day; whether they name a time of day after its first minute.
    Day(Date, bool),
    /// Until the day of a text that goes out at once: `For immediate release: 20 May 2027`. From that day on it is a date as any other.
    Issued(Date),
    /// Until a day and month of a year that they do not name.
    DayOfYear { month: i8, day: i8, has_clock: bool },
    /// Until a time that they do not name, or not as a day: `EMBARGOED`.
    Sometime,
    /// Until somebody says otherwise: `DRAFT`.
    Told,
}

/// Longer lines are prose.
const LONGEST: usize = 160;

/// What a line at the top of a text says; `is_quoted` says that it is quoted, so that only an embargo with its day counts.
pub(crate) fn opening(line: &str, is_quoted: bool) -> Option<Notice> {
    if line.len() >= LONGEST || !may_say(line) {
        return None;
    }
    let line = closed_up(&without_tags(&without_disguise(line)));
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric() && !"[(".contains(c));
    let bare = bare.trim_matches(|c: char| "*_".contains(c));
    if let Some(notice) = moment(bare).or_else(|| behind(bare)) {
        let has_day = matches!(notice.until, Until::Day(..) | Until::Issued(_) | Until::DayOfYear { .. });
        return Some(notice).filter(|_| has_day || !is_quoted);
    }
    if line.trim_start().starts_with('|') {
        let is_dated =
            |notice: &Notice| matches!(notice.until, Until::Day(..) | Until::Issued(_) | Until::DayOfYear { .. });
        let cells = line.split('|').map(|cell| cell.trim().trim_matches(|c: char| "*_`".contains(c)));
        if let Some(notice) = cells.filter_map(moment).find(is_dated) {
            return Some(notice);
        }
    }
    let says = || status_line(bare).or_else(|| label(line.trim().trim_matches(['#', '*', '_', ' '])));
    (!is_quoted).then(says).flatten().or_else(|| behind_name(bare))
}

/// What a title or another short text about a page says at its beginning or its end.
pub(crate) fn title(written: &str) -> Option<Notice> {
    if !may_say(written) {
        return None;
    }
    let written = closed_up(&without_disguise(written));
    let text = written.trim_matches(['*', '_']);
    if text.len() < LONGEST
        && let Some(notice) = moment(text).filter(|notice| notice.until != Until::Sometime)
    {
        return Some(notice);
    }
    let enclosed = |open: char, close: char| {
        let first = text.strip_prefix(open).and_then(|rest| rest.split_once(close)).map(|(inner, _)| inner);
        let last = text.strip_suffix(close).and_then(|rest| rest.rsplit_once(open)).map(|(_, inner)| inner);
        [first, last].into_iter().flatten().find_map(|inner| label(&format!("{open}{inner}{close}")))
    };
    if let Some(notice) = enclosed('[', ']').or_else(|| enclosed('(', ')')) {
        return Some(notice);
    }
    let ends = [":", " –", " —", " -", " |"];
    let shouts = |rest: &str| !rest.chars().any(char::is_lowercase);
    let first = ends.iter().chain([&"."]).filter_map(|end| text.split_once(*end)).find_map(|(first, rest)| {
        // "EMBARGOED: THE STORY OF CUBA" is a title; `DRAFT: THE STORY` is not.
        let is_title = shouts(rest) && !first.to_lowercase().contains("draft") && rest.len() > 3;
        let notice = label(first).filter(|_| !rest.trim().is_empty())?;
        Some(if is_title { Notice { sure: Sure::Perhaps, ..notice } } else { notice })
    });
    let last = || ends.iter().filter_map(|end| text.rsplit_once(*end)).find_map(|(_, last)| label(last));
    // "Budget DRAFT v2"
    let tail = || {
        let at = text.rfind("DRAFT").or_else(|| text.rfind("EMBARGOED")).filter(|at| *at > 0)?;
        let is_word = text[..at].ends_with(' ') && !shouts(&text[..at]);
        label(&text[at..]).filter(|notice| is_word && notice.sure == Sure::Plainly)
    };
    first.or_else(last).or_else(tail).or_else(|| label(text))
}

/// Parts of words of which each notice has one that names no day. A test holds that for all words that make one.
#[rustfmt::skip]
const STEMS: &[&str] = &[
    "embarg", "sperr", "gwahardd", "not", "n't", "rhyddhau", "ryddhau", "yhoeddi", "confiden", "private", "secret", "draft",
    "wip", "work in progress", "entwurf", "brouillon", "borrador", "vertraulich", "cyfrinach", "internal", "drafft", "hidden",
    "unpubli", "until", "till", "difund", "publicar", "divulgar", "nicht ", "ne pas ", "intern", "pubblicare", "diffondere", "niet ",
    "peidiwch",
];

/// Parts of words of which each notice that names a day has one, or one of [`STEMS`].
const STEMS_WITH_DAY: &[&str] =
    &["release", "publi", "broadcast", "use", "circul", "hold", "held", "live", "before", "wraps"];

/// Whether a text may be a notice: most are seen to be none at one look.
fn may_say(text: &str) -> bool {
    type Stems = LazyLock<Option<AhoCorasick>>;
    fn known(stems: impl Iterator<Item = &'static &'static str>) -> Option<AhoCorasick> {
        AhoCorasick::builder().ascii_case_insensitive(true).build(stems).ok()
    }
    static ALWAYS: Stems = LazyLock::new(|| known(STEMS.iter()));
    static WITH_DAY: Stems = LazyLock::new(|| known(STEMS.iter().chain(STEMS_WITH_DAY)));
    let has = |stems: &Stems| stems.as_ref().is_none_or(|stems| stems.is_match(text));
    // What is not plain ASCII, or has tags, may be in disguise, and `E M B A R G O` has no such part.
    let is_apart = || {
        let mut letters = 0;
        text.split_whitespace().any(|word| {
            let is_one = word.bytes().filter(u8::is_ascii_alphanumeric).count() == 1;
            letters = if is_one { letters + 1 } else { 0 };
            letters >= SPACED_OUT
        })
    };
    // A day has a number.
    let stems = if text.bytes().any(|byte| byte.is_ascii_digit()) { &WITH_DAY } else { &ALWAYS };
    !text.is_ascii() || text.contains('<') || has(stems) || is_apart()
}

/// The words of a note to oneself that say that something is not to be published: `do not publish before May`.
pub(crate) fn instruction(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase().replace('’', "'");
    INSTRUCTIONS.iter().copied().find(|words| text.contains(words))
}

/// Whether a comment behind a value says that the value does not hold yet: `status: published # until 20 May`. `is_status` says
/// that the value is one of a status.
pub(crate) fn takes_back(comment: &str, value: &str, is_status: bool) -> bool {
    let text = comment.trim().trim_start_matches(['#', ' ']);
    let lower = text.to_lowercase();
    let starts = |words: &str| lower.strip_prefix(words).is_some_and(ends_word);
    let is_over = |day: Date| day_in(value).is_some_and(|stated| stated >= day);
    let says = moment(text).or_else(|| label(text));
    if let Some(notice) = says {
        return !matches!(notice.until, Until::Day(day, _) | Until::Issued(day) if is_over(day));
    }
    if instruction(text).is_some() {
        return true;
    }
    let words: Vec<&str> = separated(text.split_whitespace()).collect();
    is_status && (after(&words, false).is_some() || WAITING.iter().any(|words| starts(words)))
}

/// How a comment begins that says that something waits.
const WAITING: &[&str] = &[
    "not yet",
    "not until",
    "not before",
    "but not",
    "wait",
    "waiting",
    "on hold",
    "hold",
    "pending",
    "in review",
    "for review",
    "once",
    "when",
    "after",
    "until",
    "till",
    "from",
    "only after",
    "only when",
    "only from",
    "awaiting",
    "tbc",
    "to be confirmed",
    "to be approved",
];

/// Phrases that mean one thing wherever they stand.
const INSTRUCTIONS: &[&str] = &[
    "do not publish",
    "don't publish",
    "do not release",
    "do not circulate",
    "do not share",
    "not to be published",
    "not for publication",
    "not for release",
    "not for circulation",
    "not for sharing",
    "not yet public",
    "not ready to publish",
    "hold until",
    "hold back until",
    "embargoed until",
    "embargoed till",
    "under embargo",
];

/// Phrases that make up a line, in any case, and mean one thing.
const PLAIN: &[&str] = &[
    "strictly confidential",
    "private and confidential",
    "private & confidential",
    "strictly private and confidential",
    "strictly private & confidential",
    "strictly embargoed",
    "under embargo",
    "under strict embargo",
    "internal only",
    "internal use only",
    "for internal use only",
    "draft only",
    "draft not for publication",
    "streng vertraulich",
];

/// The same in other languages: as a line, or behind a label.
const ABROAD: &[&str] = &[
    "no difundir",
    "no publicar",
    "nicht veröffentlichen",
    "nicht zur veröffentlichung",
    "nicht zur weitergabe",
    "nicht weitergeben",
    "nur für den internen gebrauch",
    "ne pas diffuser",
    "ne pas publier",
    "usage interne",
    "uso interno",
    "não publicar",
    "não divulgar",
    "non pubblicare",
    "non diffondere",
    "niet publiceren",
    "niet verspreiden",
    "peidiwch â chyhoeddi",
    "peidiwch â rhannu",
    "ddim i'w gyhoeddi",
];

/// Words that say so in capitals or in brackets, and otherwise may.
const LABELS: &[&str] = &[
    "draft",
    "confidential",
    "embargoed",
    "embargo",
    "unpublished",
    "private",
    "wip",
    "work in progress",
    "first draft",
    "working draft",
    "rough draft",
    "early draft",
    "draft copy",
    "drafft",
    "entwurf",
    "brouillon",
    "borrador",
    "vertraulich",
    "confidentiel",
    "confidencial",
    "cyfrinachol",
];

/// What a line, or the part of one, says that holds nothing but the words for it: `[DRAFT]`, `DRAFT v2`, `Confidential`.
fn label(text: &str) -> Option<Notice> {
    let text = text.trim();
    let is_square = text.starts_with('[') && text.ends_with(']');
    let is_round = text.starts_with('(') && text.ends_with(')');
    let inner = text.trim_matches(|c: char| !c.is_alphanumeric());
    if inner.is_empty() || inner.len() > 80 {
        return None;
    }
    let lower = inner.to_lowercase().replace('’', "'");
    let notice = |sure, until| Some(Notice { sure, until, words: inner.to_owned() });
    let until = if lower.contains("embargo") { Until::Sometime } else { Until::Told };
    if [PLAIN, INSTRUCTIONS, ABROAD].iter().any(|known| known.contains(&lower.as_str())) {
        return notice(Sure::Plainly, until);
    }
    let known = LABELS.iter().filter(|known| lower.strip_prefix(**known).is_some_and(ends_word));
    let known = known.max_by_key(|known| known.len())?;
    let rest = inner.get(known.len()..).unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
    let is_loud = inner.get(..known.len()).is_some_and(|word| !word.chars().any(char::is_lowercase));
    // `(embargoed goods)`, "Private renting".
    let is_numbered = rest.split(['–', '—', ',', ':']).next().is_some_and(|first| is_version(first.trim()));
    let says_more = !rest.is_empty() && !is_numbered;
    if says_more {
        // "Embargoed until now, the figures show …"
        let is_over = |rest: &str| [" now", " recently", " today"].iter().any(|word| rest.starts_with(word));
        let mut instructions = INSTRUCTIONS.iter().chain(ABROAD);
        let is_told = instructions.any(|words| lower.split_once(words).is_some_and(|(_, rest)| !is_over(rest)));
        let is_dated = *known == "draft" && (day_in(rest).is_some() || rest.to_lowercase().starts_with("for "));
        return match (is_told, is_dated) {
            (true, _) => notice(Sure::Plainly, until),
            (_, true) => notice(Sure::Perhaps, until),
            _ => None,
        };
    }
    if is_square || is_loud { notice(Sure::Plainly, until) } else { is_label(known, is_round, until, inner) }
}

/// A label in small letters: a page may be called "Private", or "Embargo".
fn is_label(known: &str, is_round: bool, until: Until, inner: &str) -> Option<Notice> {
    let is_word = matches!(known, "private" | "embargo" | "unpublished") && !is_round;
    (!is_word).then(|| Notice { sure: Sure::Perhaps, until, words: inner.to_owned() })
}

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(char::is_alphanumeric)
}

/// `v2`, `2`, `version 3.1`, `no. 4`.
fn is_version(text: &str) -> bool {
    let text = text.to_lowercase();
    let number = ["version", "ver", "v", "number", "no", "#"].iter().find_map(|name| text.strip_prefix(name));
    let number = number.unwrap_or(&text).trim_start_matches(['.', ' ']);
    number.len() <= 5 && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.')
        || matches!(text.as_str(), "only" | "copy")
}

/// `Status: draft`, in bold or not: a document that says what state it is in.
fn status_line(line: &str) -> Option<Notice> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim().trim_matches(['*', '_']).to_lowercase();
    let is_status = ["status", "document status", "publication status", "page status", "state", "stage"];
    let value = value.trim_matches(|c: char| !c.is_alphanumeric());
    if !is_status.contains(&name.as_str()) || value.is_empty() {
        return None;
    }
    let words = format!("{name}: {value}");
    let first = value.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let rest = value[first.len()..].trim_matches(|c: char| !c.is_alphanumeric());
    let is_plain = says_hidden_word(value) || says_hidden_word(first) && (rest.is_empty() || is_version(rest));
    match (is_plain, says_hidden_word(first)) {
        (true, _) => Some(Notice { sure: Sure::Plainly, until: Until::Told, words }),
        (_, true) => Some(Notice { sure: Sure::Perhaps, until: Until::Told, words }),
        _ => None,
    }
}

/// A line without its number in a list, without letters that nobody sees, and with plain letters for wide ones.
fn without_disguise(line: &str) -> Cow<'_, str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let behind = line.get(digits..).and_then(|rest| rest.strip_prefix(['.', ')'])).filter(|rest| rest.starts_with(' '));
    let line = behind.filter(|_| digits > 0).map_or(line, str::trim_start);
    if line.is_ascii() {
        return Cow::Borrowed(line);
    }
    let is_seen = |c: &char| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    Cow::Owned(line.nfkc().filter(is_seen).collect())
}

/// How many letters apart from each other make a word.
const SPACED_OUT: usize = 3;

/// A line with `E M B A R G O E D` as one word; two blanks, or other words, end such a word.
fn closed_up(line: &str) -> String {
    let is_letter = |word: &&str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        bare.starts_with(char::is_alphabetic) && bare.chars().nth(1).is_none()
    };
    let ends = |word: &&str| word.ends_with([':', ',', ';', ')', ']']);
    let words: Vec<&str> = line.split(char::is_whitespace).collect();
    // Almost no line has such a word.
    if !words.windows(SPACED_OUT).any(|some| some.iter().all(is_letter)) {
        return words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    }
    let runs = words.chunk_by(|one, next| is_letter(one) && is_letter(next) && !ends(one));
    let runs = runs.map(|run| if run.len() >= SPACED_OUT { apart(&run.concat()) } else { run.join(" ") });
    runs.filter(|run| !run.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `STRICTLYEMBARGOED`, closed up from letters with equal blanks, as two words.
fn apart(run: &str) -> String {
    const WORDS: &[&str] = &["embargoed", "embargo", "confidential", "draft"];
    let small = run.to_ascii_lowercase();
    let found = WORDS.iter().find_map(|word| small.find(word).map(|at| (at, at + word.len())));
    match found {
        Some((start, end)) => format!("{} {} {}", &run[..start], &run[start..end], &run[end..]).trim().to_owned(),
        None => run.to_owned(),
    }
}

/// `<p>Embargoed until 20 May 2027</p>` without its tags.
fn without_tags(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut is_tag = false;
    for (at, c) in line.char_indices() {
        let begins = c == '<' && line[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        is_tag |= begins;
        if !is_tag {
            text.push(c);
        } else if c == '>' {
            is_tag = false;
            text.push(' ');
        }
    }
    text
}
