//! Faults with a fix → the texts in which they are corrected, proven to let nobody see what was hidden.
//!
//! The site is made as it is and as it would be, now and once all that is scheduled is public. A fix stands only if by it
//! no entry, part of an entry or file is published that was not, none is hidden otherwise than before, and no new error
//! appears. Fixes are tried together; if that does not stand, by halves, down to single ones.
//!
//! Not here: which fix a fault has (whoever finds it says so), and the writing (`store`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ZonedDateTime;

use crate::config::Overrides;
use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::edits::{Applied, Difference, Edits, Refused};
use crate::path::SitePath;
use crate::pipeline::{self, Memory, Sources};
use crate::relocate;
use crate::routes::RouteKind;
use crate::schema::Moment;
use crate::site::{View, Visibility};
use crate::source::Tree;

/// What is to be written.
#[derive(Debug, Default)]
pub(crate) struct Fixed {
    /// The new text of every file that changes.
    pub(crate) texts: BTreeMap<SitePath, String>,
    pub(crate) differences: Vec<Difference>,
    /// How many faults are corrected by that.
    pub(crate) count: usize,
    /// Faults that have a fix which must not be made without somebody looking.
    pub(crate) left: Vec<Diagnostic>,
}

/// Why an entry is hidden, which parts of it are, and from when on blocks of its texts are there.
type Hides = (Visibility, Vec<SitePath>, Vec<Moment>);

/// What of a site must not change for the worse.
#[derive(PartialEq)]
struct Standing {
    /// Everything that readers see, now or later: entries by file and place among its rows, and files.
    seen: BTreeSet<(SitePath, usize)>,
    visible: BTreeMap<(SitePath, usize), Hides>,
    errors: BTreeMap<(Code, Option<SitePath>), usize>,
}

/// The corrections of `faults`, which were found in `sources` as of `now`; why not, if two of them cannot go together.
pub(crate) fn fix(
    sources: &Sources,
    now: &ZonedDateTime,
    memory: &mut Memory,
    faults: &[Diagnostic],
) -> Result<Fixed, Refused> {
    let tree = &sources.tree;
    let (mut all, mut left): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        faults.iter().filter(|fault| fault.fix.is_some()).partition(|fault| is_offered(fault, tree));
    // Of two that would meet, the first.
    let mut edits = Edits::of(tree.clone());
    all.retain(|fault| {
        let splices = || fault.fix.iter().flat_map(|fix| &fix.splices);
        let fits = !splices().any(|splice| edits.meets(splice));
        match fits {
            true => splices().for_each(|splice| edits.splice(splice)),
            false => left.push(fault),
        }
        fits
    });
    if all.is_empty() {
        return Ok(Fixed { left: left.into_iter().cloned().collect(), ..Fixed::default() });
    }
    let mut proof = Proof { sources, now, memory, before: None };
    let mut kept = Vec::new();
    proof.narrow(&mut kept, &all, &mut left)?;
    let (mut texts, differences) = applied(tree, &kept)?;
    relocate::known_faults(tree, &|_| false, &|path| Some(path.clone()), &mut texts);
    Ok(Fixed { texts, differences, count: kept.len(), left: left.into_iter().cloned().collect() })
}

/// Whether a fault has a correction that may be tried: in a file of the site, and not in what says who may see a page, which is
/// for people.
pub(crate) fn is_offered(fault: &Diagnostic, tree: &Tree) -> bool {
    let is_of_secrecy = fault.fixed && !fault.code.fixed();
    let is_on_disk = |file: &SitePath| tree.get(file).is_some_and(|file| file.stamp.is_some());
    let Some(fix) = &fault.fix else { return false };
    !is_of_secrecy && fix.splices.iter().all(|splice| is_on_disk(&splice.span.file))
}

fn applied(tree: &Arc<Tree>, faults: &[&Diagnostic]) -> Result<Applied, Refused> {
    let mut edits = Edits::of(tree.clone());
    faults.iter().flat_map(|fault| &fault.fix).flat_map(|fix| &fix.splices).for_each(|splice| edits.splice(splice));
    edits.applied(tree)
}

struct Proof<'a> {
    sources: &'a Sources,
    now: &'a ZonedDateTime,
    memory: &'a mut Memory,
    before: Option<Standing>,
}

impl Proof<'_> {
    /// Adds to `kept` those of `asked` that stand together with it; the others go to `left`.
    fn narrow<'f>(
        &mut self,
        kept: &mut Vec<&'f Diagnostic>,
        asked: &[&'f Diagnostic],
        left: &mut Vec<&'f Diagnostic>,
    ) -> Result<(), Refused> {
        let together: Vec<&Diagnostic> = kept.iter().chain(asked).copied().collect();
        let (texts, _) = applied(&self.sources.tree, &together)?;
        if self.stands(&texts) {
            kept.extend(asked);
            return Ok(());
        }
        if let [single] = asked {
            left.push(single);
            return Ok(());
        }
        let (first, second) = asked.split_at(asked.len() / 2);
        self.narrow(kept, first, left)?;
        self.narrow(kept, second, left)
    }

    /// Whether with these texts nothing is seen that was not, and nothing is wrong that was not.
    fn stands(&mut self, texts: &BTreeMap<SitePath, String>) -> bool {
        if self.before.is_none() {
            self.before = self.standing(&BTreeMap::new());
        }
        let Some(after) = self.standing(texts) else { return false };
        self.before.as_ref().is_some_and(|before| {
            let fewer = |place: &(Code, Option<SitePath>), count: &usize| {
                before.errors.get(place).is_some_and(|before| before >= count)
            };
            after.seen.is_subset(&before.seen)
                && after.visible == before.visible
                && after.errors.iter().all(|(place, count)| fewer(place, count))
        })
    }

    /// The site with these texts; `None` if its settings cannot be read.
    fn standing(&mut self, texts: &BTreeMap<SitePath, String>) -> Option<Standing> {
        let tree = Arc::new(self.sources.tree.rearranged(&BTreeMap::new(), &BTreeSet::new(), texts));
        let mut faults = Vec::new();
        let sources = self.memory.understand(tree, &Overrides::default(), &mut faults).sources?;
        let checked = pipeline::make(&sources, self.now.clone(), View::Checked).into_value(&mut faults);
        let mut faults = diagnostic::arrange(faults);
        diagnostic::apply_severities(&mut faults, &sources.config.severities);
        let mut errors: BTreeMap<(Code, Option<SitePath>), usize> = BTreeMap::new();
        for fault in faults.iter().filter(|fault| fault.severity == Severity::Error) {
            let file = fault.span.as_ref().map(|span| span.file.clone());
            *errors.entry((fault.code, file)).or_default() += fault.count;
        }
        let published = pipeline::make(&sources, self.now.clone(), View::Published).value;
        let (mut seen, mut visible) = (BTreeSet::new(), BTreeMap::new());
        // An entry is the same that has the same place among those of its file.
        let mut places: BTreeMap<SitePath, usize> = BTreeMap::new();
        let mut ranked: Vec<_> = published.site.all().collect();
        ranked.sort_by_key(|ix| published.site.entry(*ix).span.start);
        for ix in ranked {
            let entry = published.site.entry(ix);
            let rank = places.entry(entry.source.clone()).or_default();
            let hidden = entry.hidden_parts.iter().map(|part| part.source.clone()).collect();
            let blocks = entry.text_moments().cloned().collect();
            let visibility = published.site.visibility(ix).clone();
            visible.insert((entry.source.clone(), *rank), (visibility, hidden, blocks));
            if published.site.is_public(ix) {
                seen.insert((entry.source.clone(), *rank));
            }
            *rank += 1;
        }
        let later = checked.site.last_change();
        let later = later.map(|when| pipeline::make(&sources, when, View::Published).value);
        for made in std::iter::once(&published).chain(&later) {
            for route in made.routes.all() {
                match &route.kind {
                    RouteKind::File(file) | RouteKind::Drawing(file) => seen.insert((file.clone(), 0)),
                    RouteKind::Rendition(variant) => seen.insert((variant.file.clone(), 0)),
                    _ => false,
                };
            }
        }
        Some(Standing { seen, visible, errors })
    }
}
