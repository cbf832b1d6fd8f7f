//! Each entry by itself → the files and the images that it makes public, and what there is to say of it. What has been found
//! is kept as long as nothing has changed that it hangs on: an edit costs the checking of one entry.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::pictures::{self, Picture};
use super::{Ix, Site, Visibility, advice, links};
use crate::content::Entry;
use crate::diagnostic::Diagnostic;
use crate::path::{Address, SitePath};
use crate::source::Difference;

/// What was found of one entry.
#[derive(Debug, Default)]
pub(super) struct Finding {
    /// The files that it publishes, and where.
    pub(super) files: Vec<(SitePath, Address)>,
    /// The images that it shows.
    pub(super) pictures: Vec<(SitePath, Picture)>,
    pub(super) faults: Vec<Diagnostic>,
    /// Whether it leads to a place in the text of another entry.
    pub(super) asks_other_texts: bool,
}

impl Finding {
    /// Whether it stays true while the entry and the structure stay as they are. Faults do not: they speak of other entries.
    fn lasts(&self) -> bool {
        #[cfg(test)]
        if super::sabotage::is(super::sabotage::Sabotage::ForgetOtherTexts) {
            return self.faults.is_empty();
        }
        self.faults.is_empty() && !self.asks_other_texts
    }

    fn is_nothing(&self) -> bool {
        self.lasts() && self.files.is_empty() && self.pictures.is_empty()
    }
}

/// What is found of every entry; `None` where that is nothing.
pub(super) fn findings(site: &Site, before: Option<&Site>) -> Vec<Option<Arc<Finding>>> {
    let before = before.filter(|before| have_same_structure(site, before));
    let known = |ix: Ix| {
        // Translations, and bundles with parts, are put together anew at each look.
        let is_same = |a: &Arc<Entry>, b: &Arc<Entry>| Arc::ptr_eq(a, b) || a.same_as(b);
        let before = before.filter(|before| is_same(before.entry(ix), site.entry(ix)))?;
        let finding = &before.findings[ix.0 as usize];
        finding.as_ref().is_none_or(|finding| finding.lasts()).then_some(finding)
    };
    let unknown: Vec<Ix> = site.all().filter(|ix| known(*ix).is_none()).collect();
    let found: Vec<Option<Arc<Finding>>> = unknown.par_iter().map(|ix| of_entry(site, *ix)).collect();
    let mut found = found.into_iter();
    site.all().map(|ix| known(ix).cloned().unwrap_or_else(|| found.next().flatten())).collect()
}

fn of_entry(site: &Site, ix: Ix) -> Option<Arc<Finding>> {
    let mut finding = Finding::default();
    links::check(site, ix, &mut finding);
    advice::of_entry(site, ix, &mut finding.faults);
    let visibility = site.visibility(ix);
    if *visibility != Visibility::Public {
        finding.faults = finding.faults.into_iter().map(|fault| visibility.apply_visibility(fault)).collect();
    }
    (!finding.is_nothing()).then(|| Arc::new(finding))
}

/// Whether two snapshots differ in nothing that the findings of an equal entry hang on: in texts of entries and in
/// templates of pages only.
pub(super) fn have_same_structure(site: &Site, before: &Site) -> bool {
    let is_text = |path: &SitePath| site.by_source(path).is_some();
    // What draws images of links tells which there are.
    let is_template = |path: &SitePath| {
        let of_theme = path.below("themes").and_then(|below| below.split('/').nth(1));
        (path.below("templates").is_some() || of_theme == Some("templates")) && path.ending() != "svg"
    };
    Arc::ptr_eq(&site.config, &before.config)
        && site.view == before.view
        && Arc::ptr_eq(&site.arrangement.structure, &before.arrangement.structure)
        && (Arc::ptr_eq(&site.tree, &before.tree)
            || site.tree.root() == before.tree.root()
                && site.tree.differences(&before.tree).iter().all(|(path, difference)| {
                    *difference == Difference::Changed && (is_text(path) || is_template(path))
                }))
        // A picture that was being written at that look may be another by now, whatever its stamp says.
        && before.tree.has_settled()
}

/// The files that public entries publish, and the images that they show.
pub(super) fn published(
    findings: &[Option<Arc<Finding>>],
) -> (BTreeMap<SitePath, Address>, BTreeMap<SitePath, Picture>) {
    let (mut files, mut pictures) = (BTreeMap::new(), BTreeMap::new());
    for finding in findings.iter().flatten() {
        files.extend(finding.files.iter().cloned());
        for (file, picture) in &finding.pictures {
            pictures::add(&mut pictures, file.clone(), picture.clone());
        }
    }
    (files, pictures)
}
