//! A folder, look after look → the site as it is, and what a preview shows of it.
//!
//! The two differ only while something is faulty: then the last good *input* replaces a faulty file, the settings or the
//! templates. Everything shown is made from that tree as from any other; no output is ever remembered.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

#[cfg(test)]
use super::Sabotage;
use super::{Memory, Prepared, Read, Sources, finalise, make, moment, prepare, read, render_all};
use crate::config::{Config, Overrides};
use crate::diagnostic::{Code, Diagnostic, Found, Severity};
use crate::images::ImageMemory;
use crate::path::SitePath;
use crate::render;
use crate::site::View;
use crate::source::{Difference, NoSite, SourceFile, Tree};

/// What is kept from one look to the next, and the last good inputs.
#[derive(Default)]
pub(crate) struct Preview {
    memory: Memory,
    /// For trees in which something is replaced.
    replacing: Memory,
    before: Option<Before>,
    good_texts: BTreeMap<SitePath, SourceFile>,
    good_settings: Option<Vec<SourceFile>>,
    good_design: Option<Vec<SourceFile>>,
    proven_design: Option<Vec<SourceFile>>,
}

/// The previous look.
struct Before {
    tree: Arc<Tree>,
    faulty: BTreeSet<SitePath>,
    settings_were_good: bool,
}

/// One look.
pub(crate) struct Look {
    /// The site as it is.
    pub(crate) truth: Found<Read>,
    /// What the preview shows; `None` if the settings could never be read.
    pub(crate) shown: Option<Sources>,
    /// The same with the templates that last rendered every page, if those differ.
    pub(crate) fallback: Option<Sources>,
    /// What differs from the previous look; `None` at the first.
    pub(crate) differences: Option<Vec<(SitePath, Difference)>>,
}

impl Preview {
    /// A preview with a deliberate fault.
    #[cfg(test)]
    pub(crate) fn sabotaged(sabotage: Sabotage) -> Self {
        Self { memory: Memory::sabotaged(sabotage), ..Self::default() }
    }

    /// A preview that shares what is known about `images`.
    pub(crate) fn knowing(images: &Arc<ImageMemory>) -> Self {
        let memory = || Memory::knowing(images.clone());
        Self { memory: memory(), replacing: memory(), ..Self::default() }
    }

    /// Looks at the site in `root` at the moment `clock`.
    pub(crate) fn look(&mut self, root: &Path, overrides: &Overrides, clock: Timestamp) -> Result<Look, NoSite> {
        let truth = read(root, overrides, clock, &mut self.memory)?;
        Ok(self.weigh(truth, overrides))
    }

    fn weigh(&mut self, truth: Found<Read>, overrides: &Overrides) -> Look {
        let tree = truth.value.tree.clone();
        let faulty = faulty_files(&truth);
        let settings: Vec<SourceFile> = Config::files(&tree).cloned().collect();
        let settings_are_good =
            truth.value.sources.is_some() && !settings.iter().any(|file| faulty.contains(&file.path));
        self.remember_settings(settings_are_good);
        self.remember_texts(&faulty);
        let differences = self.before.as_ref().map(|before| tree.differences(&before.tree));
        let shown = self.shown(&truth.value, overrides);
        let fallback = shown.as_ref().and_then(|shown| self.with_proven_design(shown));
        self.before = Some(Before { tree, faulty, settings_were_good: settings_are_good });
        Look { truth, shown, fallback, differences }
    }

    /// Keeps the last good settings while the present ones are faulty.
    fn remember_settings(&mut self, are_good: bool) {
        let Some(before) = self.before.as_ref().filter(|_| !are_good) else {
            self.good_settings = None;
            return;
        };
        if before.settings_were_good {
            self.good_settings = Some(Config::files(&before.tree).cloned().collect());
        }
    }

    /// Keeps the last good version of a text while it is faulty.
    fn remember_texts(&mut self, faulty: &BTreeSet<SitePath>) {
        self.good_texts.retain(|path, _| faulty.contains(path));
        let Some(before) = &self.before else { return };
        for path in faulty.iter().filter(|path| path.below("content").is_some()) {
            if !before.faulty.contains(path)
                && let Some(file) = before.tree.get(path)
            {
                self.good_texts.insert(path.clone(), file.clone());
            }
        }
    }

    /// What was read, with the last good inputs in place of faulty ones.
    fn shown(&mut self, truth: &Read, overrides: &Overrides) -> Option<Sources> {
        let mut tree: Option<Tree> = None;
        if let Some(good) = &self.good_settings {
            tree = Some(truth.tree.replacing(Config::is_file, good.clone()));
        }
        if !self.good_texts.is_empty() {
            let base = tree.as_ref().unwrap_or(&truth.tree);
            tree = Some(base.replacing(|path| self.good_texts.contains_key(path), self.good_texts.values().cloned()));
        }
        match tree {
            None => truth.sources.clone(),
            Some(tree) => self.replacing.understand(Arc::new(tree), overrides, &mut Vec::new()).sources,
        }
    }

    /// Whether the templates of `sources` can be used at all; if not, returns the last ones that could.
    pub(crate) fn templates_that_load(&mut self, sources: &Sources, do_load: Loading) -> Option<Sources> {
        match do_load {
            Loading::Fine => {
                self.good_design = Some(design(&sources.tree));
                None
            }
            Loading::Failed => Some(with_design(sources, self.good_design.clone()?)),
        }
    }

    fn with_proven_design(&self, sources: &Sources) -> Option<Sources> {
        let proven = self.proven_design.as_ref()?;
        (!are_same(&design(&sources.tree), proven)).then(|| with_design(sources, proven.clone()))
    }

    /// Remembers the templates of a look under which every page could be rendered.
    pub(crate) fn prove(&mut self, tree: &Tree) {
        self.proven_design = Some(design(tree));
    }
}

/// Whether templates could be loaded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Loading {
    Fine,
    Failed,
}

/// The files in which reading found an error.
fn faulty_files(truth: &Found<Read>) -> BTreeSet<SitePath> {
    let entries = truth.value.sources.iter().flat_map(|sources| &*sources.entries).filter(|entry| entry.faulty);
    let of_entries = entries.flat_map(|entry| entry.faults.iter());
    truth
        .faults
        .iter()
        .chain(of_entries)
        .filter(|fault| fault.severity == Severity::Error)
        .filter_map(|fault| Some(fault.span.as_ref()?.file.clone()))
        .collect()
}

/// The folders of a theme: its templates name the files of the others, so they are good or faulty together.
const DESIGN: &[&str] = &["templates", "assets", "strings"];

pub(super) fn is_design(path: &SitePath) -> bool {
    let of_theme = |below: &str| below.split('/').nth(1).is_some_and(|folder| DESIGN.contains(&folder));
    DESIGN.iter().any(|folder| path.below(folder).is_some()) || path.below("themes").is_some_and(of_theme)
}

pub(super) fn design(tree: &Tree) -> Vec<SourceFile> {
    let own = DESIGN.iter().flat_map(|folder| tree.below(folder));
    own.chain(tree.below("themes")).filter(|file| is_design(&file.path)).cloned().collect()
}

fn are_same(a: &[SourceFile], b: &[SourceFile]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.path == b.path && a.content.is_same(&b.content))
}

fn with_design(sources: &Sources, design: Vec<SourceFile>) -> Sources {
    Sources { tree: Arc::new(sources.tree.replacing(is_design, design)), ..sources.clone() }
}

/// All faults of a look, as `build` would report them. `None` if `stop` was set meanwhile.
pub(crate) fn verdict(
    truth: &Found<Read>,
    fixed: Option<&str>,
    clock: Timestamp,
    stop: &AtomicBool,
) -> Option<Vec<Diagnostic>> {
    let tree = &truth.value.tree;
    let Some(sources) = &truth.value.sources else { return Some(finalise(truth.faults.clone(), tree, None)) };
    let Ok(now) = moment(fixed, clock, &sources.config) else { return Some(Vec::new()) };
    let faults = match prepare(sources, truth.faults.clone(), now, View::Published, None, stop) {
        Prepared::Wrong(faults, _) => faults,
        Prepared::Ready(made, mut faults) => {
            faults.extend(render_all(&made, stop, render::prove, |_, _| Vec::new()));
            finalise(faults, tree, Some(&sources.config))
        }
    };
    (!stop.load(Ordering::Acquire)).then_some(faults)
}

/// Whether the theme of a look, with the verdict `faults`, can render every page that a preview shows.
///
/// While a text is faulty, the verdict cannot tell: it judged what could be read of that text, and a preview shows the
/// last good one. `false` if `stop` was set meanwhile.
pub(crate) fn proves_design(
    look: &Look,
    faults: &[Diagnostic],
    fixed: Option<&str>,
    clock: Timestamp,
    stop: &AtomicBool,
) -> bool {
    let is_of_design = |fault: &Diagnostic| {
        let codes = [
            Code::TemplateFault,
            Code::TemplateMissing,
            Code::TemplateSyntax,
            Code::StringsSyntax,
            Code::StyleFault,
            Code::WrongSetting,
            Code::MissingSetting,
        ];
        fault.severity == Severity::Error && codes.contains(&fault.code)
    };
    let (Some(_), Some(shown)) = (&look.truth.value.sources, &look.shown) else { return false };
    if !faults.iter().any(|fault| fault.severity == Severity::Error) {
        return true;
    }
    let Ok(now) = moment(fixed, clock, &shown.config) else { return false };
    if faults.iter().any(is_of_design) {
        return false;
    }
    let made = make(shown, now, View::Everything);
    made.renderer.is_some()
        && !render_all(&made, stop, render::prove, |_, _| Vec::new()).iter().any(is_of_design)
        && !stop.load(Ordering::Acquire)
}
