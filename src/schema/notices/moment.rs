//! A line → the moment before which it says that nothing is to be public: `Embargoed until 00:01 on 20 May 2027`, `For release: …`.
//!
//! Nothing but such words and a moment may stand in front of the moment's end, so that prose about an embargo says nothing.

use super::{Notice, Sure, Until};
use crate::schema::secrecy::{FIRST, day_in, day_within};

/// Words that may stand before those that say it: `Press release – embargoed until …`.
const BEFORE: &[&str] = &[
    "strictly",
    "strict",
    "press",
    "media",
    "news",
    "release",
    "under",
    "sous",
    "bajo",
    "unter",
    "dan",
    "streng",
    "notice",
    "please",
    "note",
    "this",
    "the",
    "contents",
    "content",
    "of",
    "report",
    "publication",
    "document",
    "article",
    "paper",
    "page",
    "text",
    "briefing",
    "story",
    "statement",
    "speech",
    "is",
    "are",
    "a",
    "an",
    "full",
    "absolute",
    "copy",
    "advance",
    "important",
    "all",
    "following",
    "issued",
    "sent",
    "shared",
    "released",
    "circulated",
    "supplied",
    "o",
];

/// Words that say that something is under embargo.
const EMBARGO: &[&str] = &[
    "embargo",
    "embargoed",
    "sperrfrist",
    "sperrvermerk",
    "embargado",
    "embargada",
    "embargoiert",
    "gwaharddiad",
    "embargué",
];

/// Phrases that say so if a day follows them.
const WITH_DAY: &[&[&str]] = &[
    &["for", "release"],
    &["for", "immediate", "release"],
    &["immediate", "release"],
    &["for", "immediate", "publication"],
    &["for", "publication"],
    &["for", "broadcast"],
    &["for", "use"],
    &["not", "for", "release"],
    &["not", "for", "publication"],
    &["not", "for", "broadcast"],
    &["not", "for", "use"],
    &["not", "for", "circulation"],
    &["not", "to", "be", "published"],
    &["not", "to", "be", "released"],
    &["not", "to", "be", "used"],
    &["hold", "until"],
    &["hold", "till"],
    &["hold", "for"],
    &["hold", "for", "release"],
    &["hold", "back", "until"],
    &["hold", "for", "publication"],
    &["held", "until"],
    &["held", "for", "release"],
    &["do", "not", "publish"],
    &["do", "not", "release"],
    &["do", "not", "use"],
    &["do", "not", "share"],
    &["do", "not", "circulate"],
    &["do", "not", "quote"],
    &["do", "not", "broadcast"],
    &["do", "not", "distribute"],
    &["do", "not", "disclose"],
    &["do", "not", "report"],
    &["do", "not", "print"],
    &["do", "not", "post"],
    &["don't", "publish"],
    &["don't", "release"],
    &["don't", "share"],
    &["to", "be", "published"],
    &["to", "be", "released"],
    &["to", "publish"],
    &["publish", "on"],
    &["publish", "at"],
    &["publish", "after"],
    &["publish", "from"],
    &["publish", "date"],
    &["release", "date"],
    &["release", "time"],
    &["goes", "live"],
    &["going", "live"],
    &["go", "live"],
    &["live", "from"],
    &["public", "from"],
    &["not", "before"],
    &["not", "to", "be", "quoted"],
    &["not", "to", "be", "broadcast"],
    &["no", "publication"],
    &["no", "release"],
    &["no", "use"],
    &["no", "broadcast"],
    &["confidential", "until"],
    &["confidential", "till"],
    &["private", "until"],
    &["secret", "until"],
    &["unpublished", "until"],
    &["under", "wraps"],
    &["time", "of", "release"],
    &["time", "of", "publication"],
    &["i'w", "ryddhau"],
    &["i'w", "gyhoeddi"],
    &["ddim", "i'w", "ryddhau"],
    &["ddim", "i'w", "gyhoeddi"],
    &["ddim", "i'w", "gyhoeddi", "na'i", "ddarlledu"],
    &["i'w", "ryddhau", "ar", "unwaith"],
    &["i'w", "gyhoeddi", "ar", "unwaith"],
    &["nid", "i'w", "ryddhau"],
    &["nid", "i'w", "gyhoeddi"],
    &["ni", "chaniateir", "cyhoeddi"],
    &["ni", "ddylid", "cyhoeddi"],
    &["peidiwch", "â", "chyhoeddi"],
    &["peidiwch", "â", "rhyddhau"],
    &["rhyddhau"],
    &["publication", "date"],
    &["date", "of", "publication"],
];

/// Words between “immediate release” and a day that make a plan of it.
const PLANNED: &[&str] = &["on", "at", "from", "until", "till", "after", "before", "not"];

/// Phrases that say so if they begin a line, and nothing but a day or a time follows them.
const ALONE: &[&[&str]] = &[&["publish"], &["release", "on"], &["release", "at"]];

/// A phrase that says so if a time of day follows it: `Release: 00:01 Thursday 20 May 2027`. With a day alone it is the heading of
/// what changed in a program.
const WITH_CLOCK: &str = "release";

/// Words at the end of a line of place and day that say so: `Cardiff, 20 May 2027 – embargoed`.
const BEHIND: &[&str] = &["embargoed", "strictly embargoed", "under embargo", "under strict embargo", "dan embargo"];

/// How the Welsh ones of these end.
const WELSH: &[&str] = &["ryddhau", "rhyddhau", "gyhoeddi", "cyhoeddi", "chyhoeddi", "ddarlledu", "unwaith"];

/// Words that may stand between those and the day.
const BETWEEN: &[&str] = &[
    "until",
    "till",
    "til",
    "to",
    "unto",
    "for",
    "on",
    "at",
    "from",
    "before",
    "after",
    "the",
    "of",
    "and",
    "release",
    "releases",
    "publication",
    "media",
    "press",
    "use",
    "is",
    "in",
    "force",
    "lifts",
    "ends",
    "expires",
    "date",
    "time",
    "hrs",
    "hours",
    "hour",
    "h",
    "am",
    "pm",
    "a.m",
    "p.m",
    "noon",
    "midnight",
    "midday",
    "gmt",
    "bst",
    "cet",
    "cest",
    "utc",
    "et",
    "est",
    "edt",
    "uk",
    "local",
    "london",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "strictly",
    "jusqu’au",
    "jusqu'au",
    "bis",
    "zum",
    "dem",
    "den",
    "hasta",
    "el",
    "de",
    "tan",
    "hyd",
    "nes",
    "llym",
    "cyn",
    "ar",
    "further",
    "notice",
    "or",
    "broadcast",
    "circulation",
    "am",
    "le",
    "à",
    "um",
    "uhr",
    "las",
    "a",
    "only",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "dydd",
    "llun",
    "mawrth",
    "mercher",
    "iau",
    "gwener",
];

/// What a line says that begins with words for an embargo or a release, as long as nothing but a moment follows them.
pub(super) fn moment(line: &str) -> Option<Notice> {
    let plain = |word: &str| word.to_lowercase().replace('’', "'");
    let parts = || separated(line.split(|c: char| c.is_whitespace() || "|–—".contains(c)));
    // Most lines begin otherwise.
    let first = plain(parts().next()?);
    let mut known =
        [BEFORE, EMBARGO].into_iter().flatten().chain(WITH_DAY.iter().chain(ALONE).flat_map(|phrase| phrase.first()));
    if !known.any(|known| *known == first) {
        return None;
    }
    let words: Vec<&str> = parts().collect();
    let plain: Vec<String> = words.iter().map(|word| plain(word)).collect();
    let is = |n: usize, known: &[&str]| plain.get(n..n + known.len()).is_some_and(|words| words == known);
    let before = plain.iter().take(8).take_while(|word| BEFORE.contains(&word.as_str())).count();
    for n in 0..=before {
        let is_embargo = plain.get(n).is_some_and(|word| EMBARGO.contains(&word.as_str()));
        let is_alone = |phrase: &&&[&str]| n == 0 && is(0, phrase) && words[phrase.len()..].iter().all(is_of_moment);
        let phrases = WITH_DAY.iter().filter(|phrase| is(n, phrase)).chain(ALONE.iter().filter(is_alone));
        let is_timed = n == 0 && plain[0] == WITH_CLOCK && words.get(1).is_some_and(|word| is_clock(word));
        let timed: &&[&str] = &[WITH_CLOCK].as_slice();
        let phrase = phrases.max_by_key(|phrase| phrase.len()).or_else(|| is_timed.then_some(timed));
        let length = match (is_embargo, phrase) {
            (true, _) => 1,
            (_, Some(phrase)) => phrase.len(),
            _ => continue,
        };
        // The month is of another language too; without a day these say nothing.
        let is_welsh = phrase.and_then(|phrase| phrase.last()).is_some_and(|last| WELSH.contains(last));
        let until = after(&words[n + length..], is_embargo || is_welsh);
        let until = until.filter(|(_, sure)| is_embargo || *sure == Sure::Plainly);
        let quoted = words[n..].iter().take(length.max(2)).copied().collect::<Vec<_>>().join(" ");
        if let Some((until, sure)) = until {
            // Many a report tells its date.
            let is_told = phrase.is_some_and(|phrase| phrase.contains(&"date") && phrase.contains(&"publication"));
            let sure = if is_told { Sure::Perhaps } else { sure };
            let is_at_once = phrase.is_some_and(|phrase| phrase.contains(&"immediate"));
            let is_planned = plain.get(n + length).is_some_and(|word| PLANNED.contains(&word.as_str()));
            let until = match until {
                Until::Day(day, false) if is_at_once && !is_planned => Until::Issued(day),
                until => until,
            };
            return Some(Notice { sure, until, words: quoted });
        }
    }
    None
}

/// Whether a word can belong to a day or a time.
fn is_of_moment(word: &&str) -> bool {
    let is_number = word.starts_with(|c: char| c.is_ascii_digit());
    is_number || BETWEEN.contains(&word.to_lowercase().as_str()) || day_in(&format!("1 {word} 2028")).is_some()
}

/// What a line says in its last sentence, behind a name: `News from the Tank: embargoed until 20 May 2027`. Unless the name is that
/// of a text for the press, it may be about goods.
pub(super) fn behind_name(line: &str) -> Option<Notice> {
    const OF_PRESS: &[&str] =
        &["press", "news", "media", "release", "statement", "report", "briefing", "notice", "copy"];
    let (at, end) = [": ", ". ", " – ", " — ", " - ", " | "]
        .iter()
        .filter_map(|end| Some((line.rfind(end)?, end)))
        .max_by_key(|(at, _)| *at)?;
    let (name, rest) = (&line[..at], &line[at + end.len()..]);
    if name.split_whitespace().count() > 8 {
        return None;
    }
    let begins = |words: &str| rest.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words));
    let says = ["embargoed ", "strictly embargoed ", "under embargo", "under strict embargo", "dan embargo"];
    let notice =
        moment(rest).filter(|notice| matches!(notice.until, Until::Day(..)) && says.iter().any(|says| begins(says)))?;
    let is_of_press = name.split_whitespace().any(|word| OF_PRESS.contains(&word.to_lowercase().as_str()));
    Some(if is_of_press { notice } else { Notice { sure: Sure::Perhaps, ..notice } })
}

/// What a line says that tells a place and a day, and then that it is under embargo.
pub(super) fn behind(line: &str) -> Option<Notice> {
    let line = line.trim_end_matches(|c: char| !c.is_alphanumeric());
    let (place, last) = line.rsplit_once(|c: char| "–—|,;:([-".contains(c))?;
    let last = last.trim();
    let is_said = BEHIND.contains(&last.to_lowercase().as_str());
    if !is_said || place.split_whitespace().count() > 8 {
        return None;
    }
    let day = day_within(place).filter(|day| *day >= FIRST)?;
    let has_clock = place.split_whitespace().any(|word| word.contains(':') && is_late_clock(word));
    Some(Notice { sure: Sure::Plainly, until: Until::Day(day, has_clock), words: last.to_owned() })
}

/// Words without the signs around them; what holds nothing else is left out.
pub(super) fn separated<'a>(words: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let words = words.flat_map(|word| {
        // `EMBARGO:20` and `EMBARGO:` are as `EMBARGO`, but `00:01` is one word.
        let at = word.find([':', '=']).filter(|at| !word[..*at].ends_with(|c: char| c.is_ascii_digit()));
        match at {
            Some(at) => [&word[..at], &word[at + 1..]],
            None => [word, ""],
        }
    });
    words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).filter(|word| !word.is_empty())
}

/// The moment that `words` name, with nothing before it but what belongs to it; for an embargo, an unnamed one too.
pub(super) fn after(words: &[&str], is_embargo: bool) -> Option<(Until, Sure)> {
    let mut has_clock = false;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let lower = word.to_lowercase();
        for length in [3, 2, 1] {
            // A day does not begin with a time of day: in `9am May 20, 2027` nothing is the ninth.
            let Some(part) = words.get(at..at + length).filter(|_| !is_clock(word)) else { continue };
            if let Some(day) = day_in(&part.join(" ")) {
                let has_clock = has_clock || words[at + length..].iter().any(|word| is_late_clock(word));
                return (day >= FIRST).then_some((Until::Day(day, has_clock), Sure::Plainly));
            }
        }
        if let Some(day) = foreign_day(&words[at..]) {
            let has_clock = has_clock || words[at + 2..].iter().any(|word| is_late_clock(word));
            return (day >= FIRST).then_some((Until::Day(day, has_clock), Sure::Plainly));
        }
        if let Some(pair) = words.get(at..at + 2).filter(|_| !is_clock(word))
            && let Some(day) = day_in(&format!("{} 2028", pair.join(" ")))
        {
            let has_clock = has_clock || words[at + 2..].iter().any(|word| is_late_clock(word));
            let until = Until::DayOfYear { month: day.month(), day: day.day(), has_clock };
            // "Embargoed until 20 May 1973" had a day, so this has no year.
            return Some((until, Sure::Plainly));
        }
        let is_year =
            |word: &&str| word.len() == 4 && word.parse::<i16>().is_ok_and(|year| (FIRST.year()..2100).contains(&year));
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        if word.len() == 4 && word.parse::<i16>().is_ok_and(|year| (1000..FIRST.year()).contains(&year)) && !has_clock {
            // A year in which this is history, unless it is a time of day: `1900 hrs`.
            let is_time = words.get(at + 1).is_some_and(|next| ["hrs", "hours", "h"].contains(&&*next.to_lowercase()));
            if !is_time {
                return None;
            }
        }
        let is_day = is_number && word.split(['/', '.', '-']).skip(2).any(|part| is_year(&part));
        let is_month = || day_in(&format!("1 {word} 2028")).is_some();
        // The month may be of another language; a time of day has no month behind it.
        let is_day_number = is_number && !is_clock(word) && word.bytes().filter(u8::is_ascii_digit).count() <= 2;
        let month =
            words[at + 1..].iter().map(|word| word.to_lowercase()).find(|word| !["o", "de", "del"].contains(&&**word));
        let is_month_of_some =
            month.is_some_and(|word| word.starts_with(char::is_alphabetic) && !BETWEEN.contains(&&*word));
        let is_foreign =
            is_embargo && is_day_number && is_month_of_some && words[at + 1..].iter().skip(1).take(3).any(is_year);
        if is_day || is_foreign || is_embargo && words.get(at + 1).is_some_and(is_year) && is_month() {
            return Some((Until::Sometime, Sure::Plainly));
        }
        if !(is_number || BETWEEN.contains(&lower.as_str())) {
            return None;
        }
        has_clock |= is_number && !is_year(word) && is_late_clock(word);
        at += 1;
    }
    // `EMBARGOED UNTIL THURSDAY`, but not a heading "Embargo".
    (is_embargo && at > 0).then_some((Until::Sometime, Sure::Perhaps))
}

/// The months in Welsh, German, French and Spanish where they differ from English; the Welsh ones also as they are after `o`.
const MONTHS: [&[&str]; 12] = [
    &["ionawr", "januar", "jänner", "janvier", "enero"],
    &["chwefror", "februar", "février", "febrero"],
    &["mawrth", "fawrth", "märz", "mars", "marzo"],
    &["ebrill", "avril", "abril"],
    &["mai", "fai", "mayo"],
    &["mehefin", "fehefin", "juni", "juin", "junio"],
    &["gorffennaf", "orffennaf", "juli", "juillet", "julio"],
    &["awst", "août", "aout", "agosto"],
    &["medi", "fedi", "septembre", "septiembre"],
    &["hydref", "oktober", "octobre", "octubre"],
    &["tachwedd", "dachwedd", "novembre", "noviembre"],
    &["rhagfyr", "ragfyr", "dezember", "décembre", "decembre", "diciembre"],
];

/// The day that `words` begin with in another language: `20 Mai 2027`, `1af o Fai 2027`, `20 de mayo de 2027`.
fn foreign_day(words: &[&str]) -> Option<jiff::civil::Date> {
    let mut words = words.iter().filter(|word| !["o", "de", "del"].contains(&&*word.to_lowercase()));
    let number: String = words.next()?.chars().take_while(char::is_ascii_digit).collect();
    let day: i8 = number.parse().ok()?;
    let name = words.next()?.to_lowercase();
    let month = MONTHS.iter().position(|names| names.contains(&&*name))?;
    let year: i16 = words.next()?.parse().ok()?;
    jiff::civil::Date::new(year, i8::try_from(month).ok()? + 1, day).ok()
}

/// Whether a word is a time of day: `00:01`, `0001`, `9.30am`.
fn is_clock(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_short = word.len() <= 8 && word.starts_with(|c: char| c.is_ascii_digit());
    let has_minutes = word.contains(':') || digits == 4 && word.starts_with('0') || word.to_lowercase().ends_with('m');
    is_short && digits > 0 && has_minutes
}

/// Whether a word is a time of day after the first minute of a day.
fn is_late_clock(word: &str) -> bool {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    let is_time = word.contains([':', '.']) || digits.len() == 4 || word.to_lowercase().ends_with(['m', 'h']);
    !digits.is_empty()
        && is_time
        && !digits.trim_start_matches('0').is_empty()
        && !matches!(digits.as_str(), "0001" | "001")
}

/// All phrases that can make a notice.
#[cfg(test)]
pub(super) fn phrases() -> impl Iterator<Item = String> {
    let phrases = WITH_DAY.iter().chain(ALONE).map(|phrase| phrase.join(" "));
    let words = EMBARGO.iter().chain(BEHIND).chain([&WITH_CLOCK]).map(|word| (*word).to_owned());
    phrases.chain(words)
}

/// Whether the words of a name can be those of an embargo alone: `Embargoed until`, but not `Embargo on oil`.
pub(crate) fn names_embargo(name: &str) -> bool {
    let is_known = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let known = [EMBARGO, BEFORE, BETWEEN].iter().any(|words| words.contains(&word.as_str()));
        known || word.is_empty() || word.starts_with("embargo") || word == "not" || word.parse::<u32>().is_ok()
    };
    !name.trim().contains(char::is_whitespace) || name.split_whitespace().all(is_known)
}
