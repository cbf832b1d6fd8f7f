//! An entry + a moment → whether readers may see it.

use std::sync::Arc;

use jiff::ZonedDateTime;
use rayon::prelude::*;

use super::Ix;
use super::languages::Languages;
use crate::content::{Doubt, Entry, Part};
use crate::diagnostic::Diagnostic;
use crate::schema::{Value, Values};

/// Whose eyes a snapshot is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum View {
    /// What readers see.
    Published,
    /// What readers would see once every file can be read: for checks, which publish nothing.
    Checked,
    /// Drafts and embargoed entries too, each labelled.
    Everything,
}

/// Whether an entry is public in a snapshot.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Visibility {
    Public,
    /// Shown only because everything is asked for: a label says so.
    Previewed(Box<Hidden>),
    Hidden(Box<Hidden>),
}

/// Why an entry is not public.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Hidden {
    Draft,
    Until(ZonedDateTime),
    /// Its status or its moment could not be read: what may be secret stays so.
    Unreadable,
    /// It is in a language that the site does not publish.
    Language,
}

impl Visibility {
    /// Whether the entry has a place in this snapshot.
    pub(crate) fn is_public(&self) -> bool {
        !matches!(self, Self::Hidden(_))
    }

    /// Why the entry is not public, whether it is shown or not.
    pub(crate) fn hidden(&self) -> Option<&Hidden> {
        match self {
            Self::Public => None,
            Self::Previewed(why) | Self::Hidden(why) => Some(why),
        }
    }

    /// The moment at which it becomes public.
    pub(crate) fn until(&self) -> Option<&ZonedDateTime> {
        match self.hidden() {
            Some(Hidden::Until(when)) => Some(when),
            _ => None,
        }
    }

    /// A fault of the entry, as much as it matters here.
    pub(crate) fn weigh(&self, fault: Diagnostic) -> Diagnostic {
        // An entry whose secrecy cannot be read is the reason itself: its faults must stop the build.
        let lower = matches!(self.hidden(), Some(Hidden::Draft | Hidden::Until(_))) && !fault.fixed;
        if lower { fault.lowered() } else { fault }
    }
}

/// Whether each of `entries` is public at `now`.
pub(super) fn all(entries: &[Arc<Entry>], languages: &Languages, now: &ZonedDateTime, view: View) -> Vec<Visibility> {
    let of = |n: usize| {
        let ix = Ix(u32::try_from(n).expect("fewer than four thousand million entries"));
        if languages.of(ix).is_none() {
            // No view shows a text in a language that the site has no pages for.
            return Visibility::Hidden(Box::new(Hidden::Language));
        }
        let own = why_hidden(&entries[n], now);
        let subject = languages.subject(ix);
        let original = (subject != ix).then(|| why_hidden(&entries[subject.0 as usize], now)).flatten();
        seen(later(own, original), view)
    };
    (0..entries.len()).into_par_iter().map(of).collect()
}

/// Of two reasons the one that holds longer: a translation is never public before its original.
fn later(own: Option<Hidden>, original: Option<Hidden>) -> Option<Hidden> {
    let rank = |hidden: &Hidden| match hidden {
        Hidden::Until(_) => 0,
        Hidden::Draft => 1,
        Hidden::Unreadable => 2,
        Hidden::Language => 3,
    };
    match (own, original) {
        (Some(Hidden::Until(a)), Some(Hidden::Until(b))) => Some(Hidden::Until(a.max(b))),
        (Some(a), Some(b)) => Some(if rank(&b) > rank(&a) { b } else { a }),
        (a, b) => a.or(b),
    }
}

fn seen(hidden: Option<Hidden>, view: View) -> Visibility {
    match (hidden, view) {
        (None, _) => Visibility::Public,
        (Some(why), View::Everything) => Visibility::Previewed(Box::new(why)),
        // Else whatever leads to a faulty page would be reported too.
        (Some(why @ Hidden::Unreadable), View::Checked) => Visibility::Previewed(Box::new(why)),
        (Some(why), View::Published | View::Checked) => Visibility::Hidden(Box::new(why)),
    }
}

fn why_hidden(entry: &Entry, now: &ZonedDateTime) -> Option<Hidden> {
    why(entry.doubt, &entry.values, now)
}

/// Why a part of a bundle is not shown where its bundle is. One that is withdrawn has no page to say so on.
pub(super) fn why_part_hidden(part: &Part, now: &ZonedDateTime) -> Option<Hidden> {
    let of = |values: &Values, doubt| {
        let is_withdrawn = || stated(values, "status") == Some("withdrawn");
        why(doubt, values, now).or_else(|| is_withdrawn().then_some(Hidden::Draft))
    };
    later(of(&part.values, part.doubt), part.original.as_ref().and_then(|original| of(&original.0, original.1)))
}

/// The entries with those of their parts that are shown at `now`; the others are put aside, so that nothing is made of them.
pub(super) fn without_hidden_parts(entries: &Arc<[Arc<Entry>]>, now: &ZonedDateTime, view: View) -> Arc<[Arc<Entry>]> {
    let is_shown = |part: &Part| why_part_hidden(part, now).is_none_or(|why| seen(Some(why), view).is_public());
    if entries.iter().all(|entry| entry.parts.iter().all(is_shown)) {
        return entries.clone();
    }
    let cut = |entry: &Arc<Entry>| {
        if entry.parts.iter().all(is_shown) {
            return entry.clone();
        }
        let mut entry = Entry::clone(entry);
        (entry.parts, entry.hidden_parts) = entry.parts.into_iter().partition(is_shown);
        Arc::new(entry)
    };
    entries.iter().map(cut).collect()
}

fn stated<'a>(values: &'a Values, field: &str) -> Option<&'a str> {
    match &values.get(field)?.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn why(doubt: Option<Doubt>, values: &Values, now: &ZonedDateTime) -> Option<Hidden> {
    // A file of which nothing could be read, or whose `status` or `publish_at` is wrong, may be under embargo.
    if doubt.is_some() {
        return Some(Hidden::Unreadable);
    }
    if stated(values, "status") == Some("draft") {
        return Some(Hidden::Draft);
    }
    match values.get("publish_at").map(|placed| &placed.value) {
        Some(Value::DateTime(when)) if when > now => Some(Hidden::Until(when.clone())),
        Some(Value::Date(date)) => {
            let midnight = date.to_datetime(jiff::civil::Time::midnight());
            let when = now.time_zone().to_ambiguous_zoned_datetime(midnight).compatible().ok()?;
            (&when > now).then_some(Hidden::Until(when))
        }
        _ => None,
    }
}
