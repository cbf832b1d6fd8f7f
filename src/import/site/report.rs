//! What became of a whole site → one page for the person who imported it, grouped by cause, and a table of everything for whoever wants
//! to go through it.
//!
//! The page has six parts: public here although hidden there, if there is such a thing; taken over; hidden, and why; changed; left out or not known; what to do next. Each cause is one line with
//! its number and at most ten places below it; in the short form the causes are ten, too, with one place each.

use std::fmt::Write as _;

use crate::import::losses::{Fate, Losses, shortened};

/// How many lines a part or a cause has at most.
const LINES: usize = 10;

/// What became of a site.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Report {
    /// What readers see here and not there.
    exposed: Causes,
    taken: Vec<String>,
    hidden: Causes,
    changed: Causes,
    left: Causes,
    next: Vec<String>,
    /// Things in texts that were taken over as they are, and how many.
    carried: Losses,
}

/// Causes in the order of their first case, with all cases.
#[derive(Clone, PartialEq, Debug, Default)]
struct Causes {
    all: Vec<Cause>,
}

/// Everything that has one cause.
#[derive(Clone, PartialEq, Debug)]
struct Cause {
    what: String,
    how: String,
    cases: Vec<Case>,
}

/// One of them.
#[derive(Clone, PartialEq, Debug)]
struct Case {
    place: String,
    words: String,
}

impl Causes {
    fn add(&mut self, what: &str, how: &str, place: String, words: &str) {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let case = Case { place, words };
        match self.all.iter_mut().find(|cause| cause.what == what && cause.how == how) {
            Some(cause) => cause.cases.push(case),
            None => self.all.push(Cause { what: what.to_owned(), how: how.to_owned(), cases: vec![case] }),
        }
    }

    /// The most frequent first.
    fn sorted(&self) -> Vec<&Cause> {
        let mut all: Vec<&Cause> = self.all.iter().collect();
        all.sort_by_key(|cause| std::cmp::Reverse(cause.cases.len()));
        all
    }

    fn count(&self) -> usize {
        self.all.iter().map(|cause| cause.cases.len()).sum()
    }
}

impl Report {
    /// Something that was taken over, as a whole line: `120 posts are now blogs, in content/publications`.
    pub(crate) fn taken(&mut self, line: impl Into<String>) {
        self.taken.push(line.into());
    }

    /// Something that readers see here although it is hidden there, why it is, and what to do.
    pub(crate) fn exposed(&mut self, what: &str, why: &str, how: &str) {
        self.exposed.add(why, how, what.to_owned(), "");
    }

    /// Something that is hidden here, and why.
    pub(crate) fn hidden(&mut self, what: &str, why: &str) {
        self.hidden.add(why, "", what.to_owned(), "");
    }

    /// Something that was met and is not in the site as it was.
    pub(crate) fn note(&mut self, what: &str, how: &str, place: String, words: &str) {
        self.left.add(what, how, place, words);
    }

    /// What is not as it was in the text of `entry`.
    pub(crate) fn losses(&mut self, entry: &str, losses: &Losses) {
        for loss in losses.all() {
            let place = match loss.place.is_empty() {
                true => entry.to_owned(),
                false => format!("{entry}, {}", loss.place),
            };
            let causes = match loss.fate {
                Fate::Changed => &mut self.changed,
                Fate::Left => &mut self.left,
            };
            causes.add(&loss.what, &loss.how, place, &loss.words);
        }
        for (what, count) in losses.all_carried() {
            (0..count).for_each(|_| self.carried.carried(what));
        }
    }

    /// Something to do next.
    pub(crate) fn next(&mut self, line: impl Into<String>) {
        self.next.push(line.into());
    }

    /// Whether the short form leaves anything out.
    pub(crate) fn is_long(&self) -> bool {
        let is_long = |causes: &Causes| causes.all.len() > LINES || causes.count() > causes.all.len();
        [&self.hidden, &self.changed, &self.left].into_iter().any(is_long)
    }

    /// The page, in Markdown: every cause with at most ten places.
    pub(crate) fn page(&self, title: &str) -> String {
        let mut out = format!("# {title}\n");
        self.parts(&mut out, LINES, usize::MAX, "## ");
        out
    }

    /// The short form for a terminal: ten causes a part, one place each.
    pub(crate) fn short(&self) -> String {
        let mut out = String::new();
        self.parts(&mut out, 1, LINES, "");
        out
    }

    fn parts(&self, out: &mut String, places: usize, causes: usize, mark: &str) {
        group(out, mark, "Public here, hidden there now", &self.exposed, usize::MAX, usize::MAX);
        list(out, mark, "Taken over", &self.taken, causes);
        let carried: Vec<String> = self.carried.all_carried().map(|(what, count)| format!("{count} {what}")).collect();
        if !carried.is_empty() {
            let _ = writeln!(out, "* In the texts: {}.", carried.join(", "));
        }
        group(out, mark, "Hidden here, and why", &self.hidden, places, causes);
        group(out, mark, "Changed", &self.changed, places, causes);
        group(out, mark, "Left out, or not known", &self.left, places, causes);
        list(out, mark, "What to do next", &self.next, usize::MAX);
    }

    /// Every case, as a table: part, cause, what became of it, place, words.
    pub(crate) fn table(&self) -> String {
        let mut out = csv::Writer::from_writer(Vec::new());
        // Writing into memory cannot fail.
        let _ = out.write_record(["part", "cause", "what became of it", "place", "words"]);
        for (part, causes) in [
            ("public here, hidden there", &self.exposed),
            ("hidden", &self.hidden),
            ("changed", &self.changed),
            ("left out", &self.left),
        ] {
            for cause in &causes.all {
                for case in &cause.cases {
                    let _ = out.write_record([part, &cause.what, &cause.how, &case.place, &case.words]);
                }
            }
        }
        let bytes = out.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

fn list(out: &mut String, mark: &str, title: &str, lines: &[String], most: usize) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{mark}{title}\n");
    for line in lines.iter().take(most) {
        let _ = writeln!(out, "* {line}");
    }
    if lines.len() > most {
        let _ = writeln!(out, "* and {} more", lines.len() - most);
    }
}

fn group(out: &mut String, mark: &str, title: &str, causes: &Causes, places: usize, most: usize) {
    if causes.all.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{mark}{title}\n");
    let sorted = causes.sorted();
    for cause in sorted.iter().take(most) {
        let count = cause.cases.len();
        let times = if count == 1 { String::new() } else { format!(" ({count} times)") };
        let how = if cause.how.is_empty() { String::new() } else { format!(": {}", cause.how) };
        let _ = writeln!(out, "* {}{times}{how}", cause.what);
        for case in cause.cases.iter().filter(|case| !(case.place.is_empty() && case.words.is_empty())).take(places) {
            let words = shortened(&case.words);
            let line = match (case.place.is_empty(), words.is_empty()) {
                (_, true) => case.place.clone(),
                (true, false) => format!("“{words}”"),
                (false, false) => format!("{}: “{words}”", case.place),
            };
            let _ = writeln!(out, "  * {line}");
        }
        if count > places && places > 1 {
            let _ = writeln!(out, "  * and {} more", count - places);
        }
    }
    if sorted.len() > most {
        let _ = writeln!(out, "* and {} more causes", sorted.len() - most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_is_one_line_with_ten_places_and_the_table_has_all() {
        let mut report = Report::default();
        report.taken("25 posts are now blogs");
        for nth in 0..25 {
            report.hidden(&format!("post {nth}"), "a draft");
            let mut losses = Losses::default();
            losses.carried("links");
            losses.changed("the shortcode `x`", "it is visible", "under “Head”".to_owned(), "{{< x >}}");
            report.losses(&format!("post {nth}"), &losses);
        }
        report.note("comments", "they are not taken over", String::new(), "");
        report.next("Run `pamphlet check`.");
        let page = report.page("Imported");
        assert_eq!(page.matches("a draft").count(), 1, "{page}");
        assert_eq!(page.matches("  * post ").count(), 20, "{page}");
        assert!(page.contains("* a draft (25 times)\n") && page.contains("  * and 15 more\n"), "{page}");
        assert!(page.contains("post 9, under “Head”: “{{< x >}}”") && page.contains("25 links"), "{page}");
        assert!(page.find("Hidden") < page.find("Changed") && page.find("Left out") < page.find("What to do next"));
        assert!(report.short().lines().count() < 25 && report.is_long());
        assert_eq!(report.table().lines().count(), 1 + 25 + 25 + 1);
    }
}
