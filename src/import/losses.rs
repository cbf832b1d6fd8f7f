//! What became of everything that a document holds: taken over, changed, or left out, with its place and its words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What became of a thing that is not as it was.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Fate {
    Changed,
    Left,
}

/// Something that is not as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Loss {
    /// What it was: `a header`.
    pub(crate) what: String,
    pub(crate) fate: Fate,
    /// What became of it, and what to do if that matters.
    pub(crate) how: String,
    /// Where it was, in words.
    pub(crate) place: String,
    /// The words of it that are not in the result where they were.
    pub(crate) words: String,
}

/// The report.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Losses {
    carried: BTreeMap<&'static str, usize>,
    all: Vec<Loss>,
}

/// How many words or places of one kind the short report quotes.
const QUOTED: usize = 3;

impl Losses {
    /// One more of these was taken over as it is; `what` is in the plural: `headings`.
    pub(crate) fn carried(&mut self, what: &'static str) {
        *self.carried.entry(what).or_default() += 1;
    }

    /// It is in the result, in another form.
    pub(crate) fn changed(&mut self, what: &str, how: &str, place: String, words: &str) {
        self.push(Fate::Changed, what, how, place, words);
    }

    /// It is not in the result.
    pub(crate) fn left(&mut self, what: &str, how: &str, place: String, words: &str) {
        self.push(Fate::Left, what, how, place, words);
    }

    fn push(&mut self, fate: Fate, what: &str, how: &str, place: String, words: &str) {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        self.all.push(Loss { what: what.to_owned(), fate, how: how.to_owned(), place, words });
    }

    /// Takes in what another part of the import says.
    pub(crate) fn absorb(&mut self, other: Self) {
        for (what, count) in other.carried {
            *self.carried.entry(what).or_default() += count;
        }
        self.all.extend(other.all);
    }

    /// What was taken over as it is, and how often.
    pub(crate) fn all_carried(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.carried.iter().map(|(what, count)| (*what, *count))
    }

    /// Everything that is not as it was.
    pub(crate) fn all(&self) -> &[Loss] {
        &self.all
    }

    /// The report in words, by kind; in full with every place and word, or short.
    pub(crate) fn report(&self, in_full: bool) -> String {
        let mut out = String::new();
        if !self.carried.is_empty() {
            let counts: Vec<String> =
                self.carried.iter().map(|(what, count)| format!("{count} {}", number(what, *count))).collect();
            let _ = writeln!(out, "Taken over: {}.", counts.join(", "));
        }
        for (fate, title) in [(Fate::Changed, "Changed"), (Fate::Left, "Left out")] {
            let mut groups: Vec<(&str, &str, Vec<&Loss>)> = Vec::new();
            for loss in self.all.iter().filter(|loss| loss.fate == fate) {
                match groups.iter_mut().find(|(what, how, _)| *what == loss.what && *how == loss.how) {
                    Some((_, _, group)) => group.push(loss),
                    None => groups.push((&loss.what, &loss.how, vec![loss])),
                }
            }
            if groups.is_empty() {
                continue;
            }
            let _ = writeln!(out, "{title}:");
            for (what, how, group) in groups {
                let count = group.len();
                let times = if count == 1 { String::new() } else { format!(" ({count} times)") };
                let _ = writeln!(out, "  {what}{times}: {how}");
                let shown = if in_full { count } else { count.min(QUOTED) };
                for loss in &group[..shown] {
                    let words = if in_full { loss.words.clone() } else { shortened(&loss.words) };
                    let line = match (loss.place.is_empty(), words.is_empty()) {
                        (true, true) => continue,
                        (false, true) => loss.place.clone(),
                        (true, false) => format!("“{words}”"),
                        (false, false) => format!("{}: “{words}”", loss.place),
                    };
                    let _ = writeln!(out, "    {line}");
                }
                if shown < count {
                    let _ = writeln!(out, "    and {} more", count - shown);
                }
            }
        }
        out
    }

    /// Whether the short report does not say everything.
    pub(crate) fn is_long(&self) -> bool {
        self.report(true) != self.report(false)
    }
}

/// One of several things: `1 heading`.
fn number(what: &str, count: usize) -> String {
    if count != 1 {
        return what.to_owned();
    }
    match what {
        "properties" => "property".to_owned(),
        "items of lists" => "item of a list".to_owned(),
        _ => what.strip_suffix('s').unwrap_or(what).to_owned(),
    }
}

/// The beginning of some words.
pub(crate) fn shortened(words: &str) -> String {
    const LONGEST: usize = 70;
    if words.chars().count() <= LONGEST {
        return words.to_owned();
    }
    let cut: String = words.chars().take(LONGEST).collect();
    let end = cut.rfind(' ').filter(|end| *end > LONGEST / 2).unwrap_or(cut.len());
    format!("{}…", &cut[..end])
}
