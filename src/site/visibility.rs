//! The fields of entries that the program acts on + a moment → who may see each entry, and where.
//!
//! Everything that shows, lists, finds or sends an entry asks here; nothing else looks at `status`, `publish_at`, `date`,
//! `expires`, `sample` or `noindex`.

use std::fmt::Display;
use std::sync::Arc;

use jiff::ZonedDateTime;
use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::identities::Basis;
use super::languages::Languages;
use super::{Ix, Site};
use crate::config::{Config, Expired};
use crate::content::{Core, Entry, EntryFacts, EntryId, Facts, Part, PartHead, Status, Timed};
use crate::diagnostic::{Diagnostic, Due, Severity, Span};
use crate::path::SitePath;
use crate::schema::{self, Moment, Stage};
use crate::source::Tree;

/// What a snapshot shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum View {
    /// What readers see.
    Published,
    /// What readers would see if every file could be read: for checks, which publish nothing.
    Checked,
    /// Drafts and embargoed entries too, each labelled.
    Everything,
    /// The same, with lists as if nothing had been withdrawn or had expired: to tell what was taken down from what is lost.
    Whole,
}

impl View {
    /// Whether what is hidden from readers is shown.
    pub(crate) fn shows_all(self) -> bool {
        matches!(self, Self::Everything | Self::Whole)
    }
}

/// Whether an entry is public in a snapshot.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Visibility {
    Public,
    /// Shown only because everything is; a label says so.
    Previewed(Box<Hidden>),
    Hidden(Box<Hidden>),
}

/// Why an entry is not public.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Hidden {
    Draft,
    /// A withdrawn part of a bundle; a withdrawn entry has a page that says so.
    Withdrawn,
    Until(ZonedDateTime),
    /// It expired at this moment, and its collection removes expired entries.
    Expired(ZonedDateTime),
    /// Its status or its moment could not be read: what may be secret stays hidden.
    Unreadable,
    /// It is in a language that the site does not publish in.
    Language,
}

impl Hidden {
    /// Whether its author says so, and not what could not be read.
    pub(crate) fn is_certain(&self) -> bool {
        match self {
            Self::Draft | Self::Withdrawn | Self::Until(_) | Self::Expired(_) => true,
            Self::Unreadable | Self::Language => false,
        }
    }

    /// Why `what` is not public, as a sentence without its full stop: `it is a draft now`.
    pub(crate) fn of(&self, what: impl Display) -> String {
        match self {
            Self::Draft => format!("{what} is a draft now"),
            Self::Withdrawn => format!("{what} was withdrawn"),
            Self::Until(when) => format!("{what} is not public before {}", schema::in_words(when)),
            Self::Expired(when) => format!("{what} expired on {}", schema::in_words(when)),
            Self::Unreadable => format!("{what} cannot be read"),
            Self::Language => format!("{what} is in a language that the site does not have"),
        }
    }
}

/// One of the things that readers see of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Mark<'a> {
    Entry,
    Part(&'a SitePath),
    /// All blocks of its texts but so many.
    Blocks(usize),
}

impl Visibility {
    /// Whether the entry is part of this snapshot.
    pub(crate) fn is_shown(&self) -> bool {
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

    /// A fault of the entry, at the severity it has here.
    pub(crate) fn apply_visibility(&self, fault: Diagnostic) -> Diagnostic {
        match self.hidden() {
            Some(why) => lower(fault, why, "page"),
            None => fault,
        }
    }
}

/// A fault of `what`, which is hidden because of `why`, at the severity that it has there.
pub(super) fn lower(fault: Diagnostic, why: &Hidden, what: &'static str) -> Diagnostic {
    // What cannot be read may be secret, and is the cause itself: its faults must stop the build.
    if !why.is_certain() || fault.is_binding {
        return fault;
    }
    let until = match why {
        Hidden::Until(when) if fault.severity == Severity::Error => Some(schema::in_words(when).into()),
        _ => None,
    };
    Diagnostic { error_from: until.map(|when| Box::new(Due { when, what })), ..fault.lowered() }
}

/// What a snapshot is made from, apart from entries and files.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) config: &'a Config,
    pub(super) now: &'a ZonedDateTime,
    pub(super) view: View,
}

impl Asked<'_> {
    fn seen(&self, hidden: Option<Hidden>) -> Visibility {
        match (hidden, self.view) {
            (None, _) => Visibility::Public,
            (Some(why), View::Everything | View::Whole) => Visibility::Previewed(Box::new(why)),
            // Otherwise every link to a faulty page would be reported too.
            (Some(why @ Hidden::Unreadable), View::Checked) => Visibility::Previewed(Box::new(why)),
            (Some(why), View::Published | View::Checked) => Visibility::Hidden(Box::new(why)),
        }
    }

    /// Whether readers may not yet see what appears at `when`.
    fn is_to_come(&self, when: &Moment) -> bool {
        !self.view.shows_all() && when.start(self.now.time_zone()).is_none_or(|when| when > *self.now)
    }

    fn why_hidden(&self, entry: EntryFacts<'_>) -> Option<Hidden> {
        let expired = self.config.collections.get(entry.collection()).map_or(Expired::Gone, |of| of.expired);
        why_hidden(entry.core(), self.now, || match expired {
            Expired::Gone => expiry(entry.core(), self.now).map(Hidden::Expired),
            Expired::Unlisted => None,
        })
    }
}

/// The visibility of each entry.
pub(super) fn all(facts: Facts<'_>, languages: &Languages, asked: Asked<'_>) -> Vec<Visibility> {
    let of = |n: usize| {
        let ix = Ix(u32::try_from(n).expect("fewer than four thousand million entries"));
        if languages.of(ix).is_none() {
            // No view shows a text in a language that the site has no pages for.
            return Visibility::Hidden(Box::new(Hidden::Language));
        }
        let own = asked.why_hidden(facts.get(n));
        let subject = languages.subject(ix);
        let original = (subject != ix).then(|| asked.why_hidden(facts.get(subject.0 as usize))).flatten();
        asked.seen(later(own, original))
    };
    (0..facts.iter().len()).into_par_iter().map(of).collect()
}

/// The reason that holds longer: a translation is never public before its original. What cannot be read is the weakest: what is
/// certainly hidden goes from where it was published, whatever else is in doubt.
pub(super) fn later(own: Option<Hidden>, original: Option<Hidden>) -> Option<Hidden> {
    let rank = |hidden: &Hidden| match hidden {
        Hidden::Unreadable => 0,
        Hidden::Until(_) => 1,
        Hidden::Draft | Hidden::Withdrawn => 2,
        Hidden::Expired(_) => 3,
        Hidden::Language => 4,
    };
    match (own, original) {
        (Some(Hidden::Until(a)), Some(Hidden::Until(b))) => Some(Hidden::Until(a.max(b))),
        (Some(a), Some(b)) => Some(if rank(&b) > rank(&a) { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// Why an entry or part with this `core` is not public yet, or not at present; `ended` says why it is not public any more.
fn why_hidden(core: &Core, now: &ZonedDateTime, ended: impl FnOnce() -> Option<Hidden>) -> Option<Hidden> {
    // What says that it is a draft is one, whatever else cannot be read; so also what follows.
    if core.status == Status::Draft {
        return Some(Hidden::Draft);
    }
    // With `publish_at`, `date` does not decide when an entry becomes public.
    let stated = core.publish_at.as_ref().or(core.date.as_ref()).map(|when| when.start(now.time_zone()));
    if let Some(opens) = stated.iter().flatten().find(|opens| **opens > *now) {
        return Some(Hidden::Until(opens.clone()));
    }
    // If nothing in a file could be read, or its `status` or `publish_at` is wrong, it may be under embargo. A day beyond all clocks
    // has been reported.
    let is_in_doubt = core.doubt.is_some() || stated == Some(None);
    ended().or_else(|| is_in_doubt.then_some(Hidden::Unreadable))
}

/// When an entry or part with this `core` becomes public, or did, as it states itself.
pub(super) fn opening(core: &Core, zone: &TimeZone) -> Option<ZonedDateTime> {
    core.publish_at.as_ref().or(core.date.as_ref())?.start(zone)
}

/// When what appears at `when` becomes public, if that is after `now`.
pub(super) fn to_come(when: &Moment, now: &ZonedDateTime) -> Option<ZonedDateTime> {
    when.start(now.time_zone()).filter(|when| when > now)
}

/// When an entry or part with this `core` expired, if it has. A day is over once it has begun: it means "from then on".
fn expiry(core: &Core, now: &ZonedDateTime) -> Option<ZonedDateTime> {
    core.expires.as_ref()?.start(now.time_zone()).filter(|when| when <= now)
}

/// Why a part of a bundle is hidden while its bundle is shown. A withdrawn or expired part has no page to say so on.
pub(super) fn why_part_hidden(part: &PartHead, now: &ZonedDateTime) -> Option<Hidden> {
    let of = |core: &Core| {
        let withdrawn = || (core.status == Status::Withdrawn).then_some(Hidden::Withdrawn);
        why_hidden(core, now, || withdrawn().or_else(|| expiry(core, now).map(Hidden::Expired)))
    };
    later(of(&part.core), part.original.as_ref().and_then(|original| of(original)))
}

/// The entries with only the parts and blocks of texts that are shown; the others are put aside, so that
/// nothing is made from them.
pub(super) fn at_moment(entries: &Arc<[Arc<Entry>]>, tree: &Tree, asked: Asked<'_>) -> Arc<[Arc<Entry>]> {
    let is_shown = |part: &Part| why_part_hidden(part, asked.now).is_none_or(|why| asked.seen(Some(why)).is_shown());
    let is_whole = |entry: &Arc<Entry>| {
        entry.parts.iter().all(is_shown) && !entry.text_moments().any(|when| asked.is_to_come(when))
    };
    if entries.iter().all(is_whole) {
        return entries.clone();
    }
    let shown = |timed: &Timed, file: &SitePath| {
        let source = tree.get(file).and_then(|file| file.text()).unwrap_or("");
        timed.cut(&asked.config.reading(file, source, "", Stage::Public), |when| asked.is_to_come(when))
    };
    let cut = |entry: &Arc<Entry>| {
        if is_whole(entry) {
            return entry.clone();
        }
        let mut entry = Entry::clone(entry);
        (entry.parts, entry.hidden_parts) = entry.parts.into_iter().partition(is_shown);
        if let Some(timed) = &entry.timed {
            entry.text = Some(shown(timed, &entry.source));
        }
        for part in &mut entry.parts {
            if let Some(timed) = &part.timed {
                part.text = shown(timed, &part.source);
            }
        }
        Arc::new(entry)
    };
    entries.iter().map(cut).collect()
}

/// The entries with all their parts and whole texts again.
pub(super) fn whole(entries: &[Arc<Entry>]) -> Arc<[Arc<Entry>]> {
    let whole = |entry: &Arc<Entry>| {
        if entry.hidden_parts.is_empty() && entry.text_moments().next().is_none() {
            return entry.clone();
        }
        let mut entry = Entry::clone(entry);
        entry.parts.append(&mut entry.hidden_parts);
        entry.parts.sort_by(|a, b| a.source.cmp(&b.source));
        if let Some(timed) = &entry.timed {
            entry.text = Some(timed.whole().clone());
        }
        for part in &mut entry.parts {
            if let Some(timed) = &part.timed {
                part.text = timed.whole().clone();
            }
        }
        Arc::new(entry)
    };
    entries.iter().map(whole).collect()
}

impl<'a> Basis<'a> {
    /// When an entry, or a part of it, expires.
    pub(super) fn expiries(self, ix: Ix) -> impl Iterator<Item = ZonedDateTime> + use<'a> {
        let number = ix.0 as usize;
        let parts = self.facts.parts(number).chain(self.facts.hidden_parts(number));
        let cores = std::iter::once(self.of(ix).core()).chain(parts.map(|part| &part.core));
        let zone = self.asked.now.time_zone();
        cores.filter_map(move |core| core.expires.as_ref()?.start(zone))
    }

    /// Whether an entry, or the one that it translates, is withdrawn: its page says so, and lists, their feeds and the search
    /// leave it out.
    pub(super) fn is_withdrawn(self, ix: Ix) -> bool {
        let is_withdrawn = |ix: Ix| self.of(ix).core().status == Status::Withdrawn;
        is_withdrawn(ix) || is_withdrawn(self.identities.subject(ix))
    }

    /// When an entry expired, if it has.
    pub(super) fn expired(self, ix: Ix) -> Option<ZonedDateTime> {
        let own = |ix: Ix| expiry(self.of(ix).core(), self.asked.now);
        own(ix).or_else(|| own(self.identities.subject(ix)))
    }

    /// Whether lists may show an entry, if it is public.
    pub(super) fn is_listed(self, ix: Ix) -> bool {
        self.asked.view == View::Whole || !self.is_withdrawn(ix) && self.expired(ix).is_none()
    }

    /// What is to become public, and when.
    pub(super) fn scheduled(self) -> impl Iterator<Item = (&'a ZonedDateTime, Ix)> {
        self.identities.all().filter_map(move |ix| Some((self.identities.visibility(ix).until()?, ix)))
    }

    /// Which entries have parts, or blocks of texts, that become public, and when.
    pub(super) fn coming_in_part(self) -> Vec<(ZonedDateTime, Ix)> {
        let now = self.asked.now;
        let of_entry = |ix: Ix| {
            let number = ix.0 as usize;
            let parts = self.facts.parts(number).chain(self.facts.hidden_parts(number));
            let parts = parts.filter_map(|part| match why_part_hidden(part, now)? {
                Hidden::Until(when) => Some(when),
                _ => None,
            });
            let all = parts.chain(self.facts.text_moments(number).filter_map(|when| to_come(when, now)));
            all.map(|when| (when, ix)).collect::<Vec<_>>()
        };
        self.identities.all().flat_map(of_entry).collect()
    }
}

impl Site {
    /// The same site with everything hidden in it.
    pub(crate) fn with_hidden(&self) -> Self {
        let (tree, config, images) = (self.tree.clone(), self.config.clone(), self.images.clone());
        let entries = whole(&self.entries);
        Self::new(tree, config, entries, images, self.now.clone(), View::Whole, None)
    }

    /// Whether and why an entry is hidden.
    pub(crate) fn visibility(&self, ix: Ix) -> &Visibility {
        self.identities().visibility(ix)
    }

    /// Whether an entry is in this snapshot; in one for readers, whether they may see anything of it.
    pub(crate) fn is_shown(&self, ix: Ix) -> bool {
        self.identities().is_shown(ix)
    }

    /// Every entry of this snapshot, in the order of identities.
    pub(crate) fn shown(&self) -> impl Iterator<Item = Ix> + '_ {
        self.identities().shown()
    }

    /// What readers see, as marks to compare: showing them another entry or part, or fewer blocks of a text being hidden, always
    /// adds a mark.
    pub(crate) fn visible(&self) -> impl Iterator<Item = (&EntryId, Mark<'_>)> {
        const MOST: usize = 32;
        self.shown().flat_map(move |ix| {
            let entry = self.entry(ix);
            let hidden = entry.text_moments().filter(|when| self.asked().is_to_come(when)).count().min(MOST);
            let most = if hidden == 0 { 0 } else { MOST };
            let parts = entry.parts.iter().map(|part| Mark::Part(&part.source));
            let marks = std::iter::once(Mark::Entry).chain(parts).chain((hidden..=most).map(Mark::Blocks));
            marks.map(move |mark| (&entry.id, mark))
        })
    }

    /// When what appears at `when` becomes public, if that is still to come.
    pub(crate) fn to_come(&self, when: &Moment) -> Option<ZonedDateTime> {
        to_come(when, &self.now)
    }

    /// Whether readers see what is at a place in a source: settings and designs, texts and rows of public entries, and the files
    /// that these show.
    pub(crate) fn shows(&self, at: &Span) -> bool {
        let identities = self.identities();
        if at.file.below("content").is_none() {
            return true;
        }
        if let Some(ix) = identities.by_source(&at.file) {
            let mut files = self.entry(ix).shown_files();
            let timed = files.find(|(file, _)| **file == at.file).map(|(_, timed)| timed);
            let is_later = |timed: &Timed| timed.covers(at.start, |when| self.asked().is_to_come(when));
            return self.is_shown(ix) && timed.is_some_and(|timed| !timed.is_some_and(is_later));
        }
        match identities.rows(&at.file) {
            Some(_) => self.row_at(at).is_some_and(|ix| self.is_shown(ix)),
            None => self.files().contains_key(&at.file) || self.pictures().contains_key(&at.file),
        }
    }

    /// Whether something of a public entry is hidden that was shown when the entry was `ix_before` in the snapshot `before`, or
    /// may have been: a part, another block to come, or lines that such a block has taken in.
    pub(crate) fn hides_more(&self, ix: Ix, before: &Self, ix_before: Ix) -> bool {
        let (entry, earlier) = (self.entry(ix), before.entry(ix_before));
        let was_shown = |part: &Part| earlier.parts.iter().any(|shown| shown.source == part.source);
        if entry.hidden_parts.iter().any(was_shown) {
            return true;
        }
        let mut hidden = entry.shown_files().flat_map(|(file, timed)| self.lines(file, timed, true)).peekable();
        if hidden.peek().is_none() {
            return false;
        }
        let shown = earlier.shown_files().flat_map(|(file, timed)| before.lines(file, timed, false));
        let shown = shown.collect::<Vec<_>>().join("\n");
        !entry.text_moments().eq(earlier.text_moments()) || hidden.any(|line| shown.contains(line))
    }

    /// What the blocks to come of an entry's texts say, each as it is written.
    #[cfg(feature = "publish")]
    pub(crate) fn blocks_to_come(&self, ix: Ix) -> impl Iterator<Item = &str> {
        let files = self.entry(ix).shown_files().filter_map(|(file, timed)| Some((file, timed?)));
        files.flat_map(|(file, timed)| {
            let coming = timed.moments().filter(|when| self.asked().is_to_come(when));
            let spans = coming.flat_map(|when| timed.spans_of(when));
            spans.filter_map(|span| self.source_text(file).get(span))
        })
    }

    /// The words of an entry's texts outside of blocks to come, line by line.
    #[cfg(feature = "publish")]
    pub(crate) fn words_now(&self, ix: Ix) -> impl Iterator<Item = &str> {
        self.entry(ix).shown_files().flat_map(|(file, timed)| self.lines(file, timed, false))
    }

    /// The lines with words in a file that are in blocks to come, or those that are not.
    fn lines<'a>(
        &'a self,
        file: &SitePath,
        timed: Option<&'a Timed>,
        in_blocks: bool,
    ) -> impl Iterator<Item = &'a str> {
        let mut end = 0;
        let lines = self.source_text(file).split_inclusive('\n').filter(move |line| {
            let start = end;
            end += line.len();
            timed.is_some_and(|timed| timed.covers(start, |when| self.asked().is_to_come(when))) == in_blocks
        });
        let lines = lines.map(str::trim).filter(|line| !line.starts_with(":::"));
        lines.filter(|line| line.contains(char::is_alphanumeric))
    }

    /// Whether an entry that is not public yet states so with `publish_at`; otherwise its `date` is still to come.
    pub(crate) fn is_under_embargo(&self, ix: Ix) -> bool {
        [ix, self.subject(ix)].into_iter().any(|ix| self.entry(ix).core.publish_at.is_some())
    }

    /// When the embargo on an entry ends, or ended, as it states itself.
    pub(crate) fn embargo_end(&self, ix: Ix) -> Option<ZonedDateTime> {
        embargo_end(self.entry(ix), self.now.time_zone())
    }

    /// Whether an entry, or the one that it translates, is withdrawn: its page says so, and lists, their feeds and the search
    /// leave it out.
    pub(crate) fn is_withdrawn(&self, ix: Ix) -> bool {
        self.basis().is_withdrawn(ix)
    }

    /// When an entry expired, if it has.
    pub(crate) fn expired(&self, ix: Ix) -> Option<ZonedDateTime> {
        self.basis().expired(ix)
    }

    /// Whether an entry only shows what the site can do.
    pub(crate) fn is_sample(&self, ix: Ix) -> bool {
        is_sample(self.entry(ix))
    }

    /// Whether lists may show an entry, if it is public.
    pub(crate) fn is_listed(&self, ix: Ix) -> bool {
        self.basis().is_listed(ix)
    }

    /// Whether search engines may list an entry's page.
    pub(crate) fn is_indexed(&self, ix: Ix) -> bool {
        !self.view.shows_all() && !self.is_sample(ix) && !self.entry(ix).core.noindex
    }

    /// Whether the site's own search finds an entry, if it is public; `with_samples`: samples too.
    pub(crate) fn is_searchable(&self, ix: Ix, with_samples: bool) -> bool {
        self.is_listed(ix) && (with_samples || !self.is_sample(ix)) && !self.entry(ix).core.noindex
    }

    /// Whether feeds, calendars and sitemaps include an entry that their list shows: only real ones.
    pub(crate) fn is_in_feeds(&self, ix: Ix) -> bool {
        !self.is_sample(ix)
    }
}

/// When the embargo on an entry ends, or ended, as it states itself; on a clock of `zone`.
pub(super) fn embargo_end(entry: &Entry, zone: &TimeZone) -> Option<ZonedDateTime> {
    Some(entry.core.publish_at.as_ref()?.start(zone)?.with_time_zone(zone.clone()))
}

/// Whether an entry only shows what one could look like.
pub(super) fn is_sample(entry: &Entry) -> bool {
    entry.core.is_sample
}
