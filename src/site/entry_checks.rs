//! Each entry on its own → the files and images it makes public, and the findings about it. A finding is taken over while
//! everything its check sees is equal: editing a text costs the check of one entry.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::ZonedDateTime;
use jiff::civil::Date;
use rayon::prelude::*;

use super::charts::{Chart, Charts};
use super::links::{Reach, Texts};
use super::pictures::{self, Picture};
use super::statistics::{self, Statistic};
use super::structure::Structure;
use super::visibility::{self, Asked, Visibility};
use super::{Ix, advice, charts, figures, links, pieces, placeholders};
use crate::content::{Entry, Facts, Head, Heads, Words};
use crate::diagnostic::Diagnostic;
use crate::images::ImageMemory;
use crate::path::{Address, SitePath};
use crate::source::{Difference, Tree};

/// What was found about one entry.
#[derive(Debug, Default)]
pub(super) struct Finding {
    /// The files it publishes, and their addresses.
    pub(super) files: Vec<(SitePath, Address)>,
    /// The images it shows.
    pub(super) pictures: Vec<(SitePath, Picture)>,
    /// The charts in its texts.
    pub(super) charts: Arc<[Chart]>,
    /// The numbers that its fields quote.
    pub(super) statistics: Arc<[Statistic]>,
    /// Its faults.
    pub(super) faults: Vec<Diagnostic>,
    /// Whether the text of another entry was used.
    asks_other_texts: bool,
}

impl Finding {
    /// Whether it stays true while the entry and the structure stay the same. Faults do not: they mention other entries.
    fn lasts(&self) -> bool {
        #[cfg(test)]
        if super::sabotage::is(super::sabotage::Sabotage::ForgetOtherTexts) {
            return self.faults.is_empty();
        }
        self.faults.is_empty() && !self.asks_other_texts
    }

    fn is_nothing(&self) -> bool {
        self.lasts()
            && self.files.is_empty()
            && self.pictures.is_empty()
            && self.charts.is_empty()
            && self.statistics.is_empty()
    }
}

/// What the checks of all entries share.
#[derive(Clone, Copy)]
pub(super) struct Inputs<'a> {
    pub(super) entries: &'a [Arc<Entry>],
    pub(super) asked: Asked<'a>,
    pub(super) structure: &'a Arc<Structure>,
    pub(super) tree: &'a Arc<Tree>,
    pub(super) images: &'a ImageMemory,
}

/// Everything the check of one entry can see: the structure of other entries, and their texts only if it records that.
#[derive(Clone, Copy)]
pub(super) struct Check<'a> {
    pub(super) ix: Ix,
    pub(super) entry: &'a Entry,
    /// Whether readers may come across it: on a page of its own, or in lists. Only then is what it names published.
    pub(super) is_seen: bool,
    /// The original of a translation, else the entry itself.
    pub(super) original: &'a Head,
    pub(super) today: Date,
    pub(super) now: &'a ZonedDateTime,
    pub(super) reach: Reach<'a>,
    pub(super) images: &'a ImageMemory,
}

/// The findings of every entry; `None` for one without any. Findings of the snapshot `before` are taken over for equal
/// entries if everything else the checks see is equal too.
pub(super) fn findings(
    inputs: Inputs<'_>,
    before: Option<(Inputs<'_>, &[Option<Arc<Finding>>])>,
) -> Vec<Option<Arc<Finding>>> {
    let before = before.filter(|(before, _)| inputs.same_as(before));
    let known = |ix: Ix| {
        let (before, findings) = before?;
        let is_same = |ix: Ix| {
            let (a, b) = (&before.entries[ix.0 as usize], &inputs.entries[ix.0 as usize]);
            Arc::ptr_eq(a, b) || a.same_as(b)
        };
        let finding = &findings[ix.0 as usize];
        let lasts =
            is_same(ix) && is_same(inputs.original(ix)) && finding.as_ref().is_none_or(|finding| finding.lasts());
        lasts.then_some(finding)
    };
    let all = || inputs.structure.identities.all();
    let unknown: Vec<Ix> = all().filter(|ix| known(*ix).is_none()).collect();
    let all_whole = OnceLock::new();
    let whole = || all_whole.get_or_init(|| visibility::whole(inputs.entries));
    let found: Vec<Option<Arc<Finding>>> = unknown.par_iter().map(|ix| inputs.check(*ix, &whole)).collect();
    let mut found = found.into_iter();
    all().map(|ix| known(ix).cloned().unwrap_or_else(|| found.next().flatten())).collect()
}

impl<'a> Inputs<'a> {
    /// The original of a translation, else the entry itself.
    fn original(&self, ix: Ix) -> Ix {
        self.structure.identities.subject(ix)
    }

    fn check(&self, ix: Ix, whole: &(dyn Fn() -> &'a Arc<[Arc<Entry>]> + Sync)) -> Option<Arc<Finding>> {
        let Self { entries, asked, structure, tree, images } = *self;
        let texts = Texts::of(entries, ix);
        let reach = Reach { config: asked.config, structure, tree, texts: &texts };
        let original = &entries[self.original(ix).0 as usize].head;
        let basis = structure.basis(Facts::of(Heads::of(entries), Words::Shown), asked);
        let is_seen = structure.identities.is_shown(ix)
            && structure.addresses.stands_for(ix) == ix
            && (structure.addresses.has_page(ix) || basis.is_listed(ix));
        let entry = &entries[ix.0 as usize];
        let (now, today) = (asked.now, asked.now.date());
        let check = Check { ix, entry, is_seen, original, today, now, reach, images };
        let mut finding = check_entry(&check);
        finding.asks_other_texts = texts.has_met_others();
        if pieces::are_hidden(entry, now) && !asked.view.shows_all() {
            // What is wrong in what is cut from it is said while there is time.
            let entries = whole();
            let texts = Texts::of(entries, ix);
            let entry = &entries[ix.0 as usize];
            let check = Check { entry, reach: Reach { texts: &texts, ..reach }, ..check };
            finding.faults.extend(pieces::only_hidden(entry, now, check_entry(&check).faults));
            finding.asks_other_texts |= texts.has_met_others();
        }
        let visibility = structure.identities.visibility(ix);
        if *visibility != Visibility::Public || pieces::may_have_any(entry) {
            let settle = |fault| pieces::settle(entry, visibility, now, fault);
            finding.faults = finding.faults.into_iter().map(settle).collect();
        }
        (!finding.is_nothing()).then(|| Arc::new(finding))
    }

    /// Whether the checks of equal entries would find the same with either, because only texts of entries and templates of
    /// pages differ. Holds if `before` is still true at this one's moment.
    pub(super) fn same_as(&self, before: &Inputs<'_>) -> bool {
        let is_text = |path: &SitePath| self.structure.identities.by_source(path).is_some();
        // The templates of share images decide which of them exist.
        let is_template = |path: &SitePath| {
            let of_theme = path.below("themes").and_then(|below| below.split('/').nth(1));
            (path.below("templates").is_some() || of_theme == Some("templates")) && path.ending() != "svg"
        };
        Arc::ptr_eq(self.structure, before.structure)
            && (Arc::ptr_eq(self.tree, before.tree)
                || self.tree.root() == before.tree.root()
                    && self.tree.differences(before.tree).iter().all(|(path, difference)| {
                        *difference == Difference::Changed && (is_text(path) || is_template(path))
                    }))
            // A picture that was being written during the earlier look may have changed since, whatever its stamp says.
            && before.tree.has_settled()
    }
}

fn check_entry(check: &Check<'_>) -> Finding {
    let mut finding = Finding::default();
    links::check(check, &mut finding);
    figures::check(check, &mut finding);
    charts::check(check, &mut finding);
    statistics::check(check, &mut finding);
    advice::of_entry(check, &mut finding.faults);
    placeholders::of_entry(check, &mut finding.faults);
    finding
}

/// The files that public entries publish, the images they show, and the entries with charts.
pub(super) fn published(
    findings: &[Option<Arc<Finding>>],
) -> (BTreeMap<SitePath, Address>, BTreeMap<SitePath, Picture>, Charts) {
    let (mut files, mut pictures, mut charts) = (BTreeMap::new(), BTreeMap::new(), Charts::new());
    for (ix, finding) in (0..).map(Ix).zip(findings).filter_map(|(ix, finding)| Some((ix, finding.as_ref()?))) {
        if !finding.charts.is_empty() {
            charts.push((ix, finding.charts.clone()));
        }
        files.extend(finding.files.iter().cloned());
        for (file, picture) in &finding.pictures {
            pictures::add(&mut pictures, file.clone(), picture.clone());
        }
    }
    (files, pictures, charts)
}
