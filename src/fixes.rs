//! Faults with a fix → the corrected texts, proven to show nobody what was hidden.
//!
//! The site is built as it is and as it would be, both now and once everything scheduled is public. A fix stands only if
//! it publishes no entry, part of an entry or file that was not published before, hides none in a different way, and
//! causes no new error. All fixes are tried together; if they do not stand, the set is halved, down to single fixes.
//!
//! Not here: which fix a fault has (the stage that finds the fault says so), and the writing (`store`).

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
    /// The new text of each file that changes.
    pub(crate) texts: BTreeMap<SitePath, String>,
    pub(crate) differences: Vec<Difference>,
    /// How many faults this corrects.
    pub(crate) count: usize,
    /// Faults whose fix must not be applied before somebody has looked at it.
    pub(crate) left: Vec<Diagnostic>,
}

/// Why an entry is hidden, which parts of it are hidden, and when the blocks of its texts become public.
type Hides = (Visibility, Vec<SitePath>, Vec<Moment>);

/// What must not get worse on a site.
#[derive(PartialEq)]
struct Standing {
    /// Everything that readers see, now or later: entries by file and place among its rows, and files.
    seen: BTreeSet<(SitePath, usize)>,
    visible: BTreeMap<(SitePath, usize), Hides>,
    errors: BTreeMap<(Code, Option<SitePath>), usize>,
}

/// The corrections of `faults`, which were found in `sources` as of `now`; an error if two of them cannot be combined.
pub(crate) fn fix(
    sources: &Sources,
    now: &ZonedDateTime,
    memory: &mut Memory,
    faults: &[Diagnostic],
) -> Result<Fixed, Refused> {
    let tree = &sources.tree;
    let (mut all, mut left): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        faults.iter().filter(|fault| fault.fix.is_some()).partition(|fault| is_offered(fault, tree));
    // If two fixes overlap, the first wins.
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

/// Whether a fault has a correction that may be tried: it must be in a file of the site, and not in a field that decides
/// who may see a page, since that is for people to decide.
pub(crate) fn is_offered(fault: &Diagnostic, tree: &Tree) -> bool {
    let is_of_secrecy = fault.is_binding && !fault.code.is_binding();
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
    /// Adds to `kept` those of `asked` that stand together with it; the rest go to `left`.
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

    /// Whether these texts show nothing that was hidden and break nothing that was right.
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
        let checked = pipeline::make(&sources, self.now.clone(), View::Checked);
        faults.extend(checked.faults());
        let mut faults = diagnostic::arrange(faults);
        diagnostic::apply_severities(&mut faults, &sources.config.severities);
        let mut errors: BTreeMap<(Code, Option<SitePath>), usize> = BTreeMap::new();
        for fault in faults.iter().filter(|fault| fault.severity == Severity::Error) {
            let file = fault.span.as_ref().map(|span| span.file.clone());
            *errors.entry((fault.code, file)).or_default() += fault.count;
        }
        let published = pipeline::make(&sources, self.now.clone(), View::Published);
        let (mut seen, mut visible) = (BTreeSet::new(), BTreeMap::new());
        // Entries are matched by their place among those of their file.
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
            if published.site.is_shown(ix) {
                seen.insert((entry.source.clone(), *rank));
            }
            *rank += 1;
        }
        let later = checked.site.last_change();
        let later = later.map(|when| pipeline::make(&sources, when, View::Published));
        for made in std::iter::once(&published).chain(&later) {
            for route in made.routes.all() {
                match &route.kind {
                    RouteKind::File(file) | RouteKind::Drawing(file) | RouteKind::Picture(file, _) => {
                        seen.insert((file.clone(), 0))
                    }
                    RouteKind::Rendition(variant) => seen.insert((variant.file.clone(), 0)),
                    _ => false,
                };
            }
        }
        Some(Standing { seen, visible, errors })
    }
}
