//! Faults: a [`Diagnostic`] has a code, a severity, a message in an author's words, a place in the source and what to do.
//!
//! Every stage returns a [`Found`]: its value *and* its faults. No stage prints, and none stops at the first fault. A
//! fault's place is a [`Span`] in the bytes of a file as it is on disk.

mod codes;
mod fix;
mod github;
mod json;
mod notation;
mod order;
mod place;
mod terminal;
#[cfg(test)]
pub(crate) mod testing;

pub use codes::Code;
pub use fix::{Fix, Splice};
pub(crate) use github::github;
pub(crate) use json::json;
pub(crate) use order::{apply_severities, arrange, summary};
#[cfg(test)]
use place::Lines;
pub(crate) use place::{Places, Position, Sources};
pub(crate) use terminal::{Detail, Style, terminal};

use crate::path::SitePath;

/// How serious a fault is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Not shown; only `site.toml` can ask for that.
    Off,
    /// Worth an editor's look; the site is still built.
    Warning,
    /// The site is not published with it.
    Error,
}

/// A stretch of a source file, in bytes from its beginning, `start` included and `end` not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The file.
    pub file: SitePath,
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes `range` of `file`.
    pub(crate) fn new(file: &SitePath, range: std::ops::Range<usize>) -> Self {
        Self { file: file.clone(), start: range.start, end: range.end }
    }

    /// A whole file, where no single line is to blame.
    pub(crate) fn file(file: &SitePath) -> Self {
        Self::new(file, 0..0)
    }

    /// Whether this means a whole file.
    pub(crate) fn whole_file(&self) -> bool {
        self.start == 0 && self.end == 0
    }
}

/// When something becomes public, and with it the faults in it errors.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Due {
    /// In words.
    pub when: Box<str>,
    /// What becomes public, in a word: `page`, `row`.
    pub what: &'static str,
}

/// One fault, as shown to people and to programs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// What kind of fault it is.
    pub code: Code,
    /// How serious it is here.
    pub severity: Severity,
    /// One sentence without a full stop, in an author's words.
    pub message: String,
    /// Where it is; `None` if it is not in a file.
    pub span: Option<Span>,
    /// Other places that matter, each with a short note.
    pub labels: Vec<(Span, String)>,
    /// What to do about it.
    pub help: Option<String>,
    /// The correction, if it is certain.
    pub fix: Option<Fix>,
    /// The page that was being made when a template's fault was found.
    pub page: Option<String>,
    /// What a finished page shows that is wrong, as it stands there: an address, a piece of a template.
    pub seen: Option<String>,
    /// The text of `content/` that is missing, without its ending, where that is what is wrong: one cause of faults of several kinds.
    pub missing: Option<Box<str>>,
    /// How often the same fault was found.
    pub count: usize,
    /// Whether it stays what it is whatever `site.toml` and `known-faults.toml` say: every fault of some kinds, and any fault that
    /// decides who may see an entry.
    pub is_binding: bool,
    /// From when on it is an error; it is a warning before, since what it is in is not public.
    pub error_from: Option<Box<Due>>,
    /// Whether it was accepted in `known-faults.toml`.
    pub known: bool,
}

impl Diagnostic {
    /// A fault with its usual severity and no place yet.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            span: None,
            labels: Vec::new(),
            help: None,
            fix: None,
            page: None,
            seen: None,
            missing: None,
            count: 1,
            is_binding: code.is_binding(),
            error_from: None,
            known: false,
        }
    }

    /// The same fault, at `range` of `file`.
    pub(crate) fn at(self, file: &SitePath, range: std::ops::Range<usize>) -> Self {
        self.span(Span::new(file, range))
    }

    /// The same fault, at `span`.
    pub(crate) fn span(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The same fault, with another place that matters.
    pub(crate) fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push((span, text.into()));
        self
    }

    /// The same fault, with what to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same fault, because the text at `place` of `content/` is missing.
    pub(crate) fn missing(mut self, place: &str) -> Self {
        let place = place.strip_suffix(".md").unwrap_or(place);
        self.missing = Some(place.strip_suffix("/index").unwrap_or(place).into());
        self
    }

    /// The same fault as an error that no setting lowers and that cannot be accepted as known.
    pub(crate) fn binding(mut self) -> Self {
        (self.severity, self.is_binding) = (Severity::Error, true);
        self
    }

    /// The same fault as a warning that nothing lowers either: it says why something is hidden that the rest can do without.
    pub(crate) fn binding_warning(mut self) -> Self {
        (self.severity, self.is_binding) = (Severity::Warning, true);
        self
    }

    /// Writes what the help proposes as the file has it, which is in YAML.
    pub(crate) fn help_in_yaml(&mut self) {
        if let Some(help) = &mut self.help {
            *help = notation::in_yaml(help);
        }
    }

    /// Whether it is a warning only until what it is in becomes public.
    pub(crate) fn is_error_later(&self) -> bool {
        self.error_from.is_some() && self.severity == Severity::Warning && !self.known
    }

    /// Says in the help from when on it is an error.
    pub(crate) fn tell_when_an_error(&mut self) {
        let Some(due) = self.error_from.as_ref().filter(|_| self.is_error_later()) else { return };
        let Due { when, what } = &**due;
        let note = format!("from {when} on this is an error, which keeps the {what} out");
        self.help = Some(match self.help.take() {
            Some(help) => format!("{help} ({note})"),
            None => format!("mend it before: {note}"),
        });
    }

    /// The same fault as a warning, unless it is less already.
    pub(crate) fn lowered(mut self) -> Self {
        self.severity = self.severity.min(Severity::Warning);
        self
    }
}

/// A value, and the faults found while making it.
#[derive(Clone, Debug)]
pub struct Found<T> {
    /// The value, as complete as possible.
    pub value: T,
    /// What was wrong.
    pub faults: Vec<Diagnostic>,
}

impl<T> Found<T> {
    /// A value with nothing wrong.
    pub(crate) fn clean(value: T) -> Self {
        Self { value, faults: Vec::new() }
    }

    /// A value and its faults.
    pub(crate) fn new(value: T, faults: Vec<Diagnostic>) -> Self {
        Self { value, faults }
    }

    /// The value; its faults are added to `faults`.
    pub(crate) fn into_value(self, faults: &mut Vec<Diagnostic>) -> T {
        faults.extend(self.faults);
        self.value
    }
}

/// Of more names than this, the first are compared with what was written: where thousands of things are called wrongly, each would be
/// compared with thousands of others.
const MOST_COMPARED: usize = 5_000;

/// The one of `known` that `written` was probably meant to be: a typing slip away, or part of it left out.
pub(crate) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = written.to_lowercase();
    let length = wanted.chars().count();
    let limit = (length / 3).max(1);
    known
        .into_iter()
        .take(MOST_COMPARED)
        .filter_map(|name| {
            let lower = name.to_lowercase();
            let is_part = length >= 5 && lower.contains(&wanted);
            // A part is a worse guess than any slip.
            slips(&wanted, &lower, limit).or_else(|| is_part.then_some(limit + 1)).map(|slips| (slips, name))
        })
        .min_by(|a, b| a.cmp(b))
        .map(|(_, name)| name)
}

/// How many letters of one name are wrong, missing, added or swapped with their neighbours in the other; `None` if more than
/// `limit` are.
pub(crate) fn slips(one: &str, other: &str, limit: usize) -> Option<usize> {
    // Comparing letter by letter takes long, and the lengths alone rule out most names.
    let may_be_near = one.chars().count().abs_diff(other.chars().count()) <= limit && shares_letters(one, other, limit);
    may_be_near.then(|| strsim::damerau_levenshtein(one, other)).filter(|slips| *slips <= limit)
}

/// Whether so few letters of one name are not in the other that `limit` slips may be all that is between them: each takes away
/// one and brings in another.
fn shares_letters(one: &str, other: &str, limit: usize) -> bool {
    let mut counts = [0_i32; 64];
    // Letters that share a place only let more names through.
    let place = |c: char| c as usize % 64;
    one.chars().for_each(|c| counts[place(c)] += 1);
    other.chars().for_each(|c| counts[place(c)] -= 1);
    counts.iter().map(|count| count.unsigned_abs() as usize).sum::<usize>() <= 2 * limit
}

/// The 1-based line and column of a byte in `text`; columns count characters, and the byte order mark does not count.
///
/// For many bytes of one text, [`Lines`] is quicker.
#[cfg(test)]
pub(crate) fn line_column(text: &str, byte: usize) -> (usize, usize) {
    let Position { line, column } = Lines::new(text.into()).position(byte);
    (line, column)
}
