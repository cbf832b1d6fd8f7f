//! The texts of a page → its figures, numbered in one series, and the references to them that lead nowhere.
//!
//! Figures in fields are not among them: a field is shown on many pages. Not here: what a figure is called in words.

use std::collections::{BTreeMap, BTreeSet};

use super::entry_checks::{Check, Finding};
use crate::config::Config;
use crate::content::Entry;
use crate::data::RawKind;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::markdown::{Directive, FIGURE};
use crate::path::SitePath;
use crate::schema::Text;

/// A figure of a page.
pub(crate) struct Figure<'a> {
    /// The text that it is in: its file, and `directives[block]`.
    pub(crate) file: &'a SitePath,
    pub(crate) text: &'a Text,
    pub(crate) block: usize,
    /// From 1.
    pub(crate) number: usize,
    /// The id that its author gave it.
    pub(crate) own: Option<&'a str>,
    /// The prefix of ids in its text.
    prefix: String,
}

impl Figure<'_> {
    /// Its id on the page.
    pub(crate) fn id(&self) -> String {
        let name = &self.text.directives[self.block].name;
        let (prefix, number) = (&self.prefix, self.number);
        self.own.map_or_else(|| format!("{prefix}{name}-{number}"), |own| format!("{prefix}{own}"))
    }
}

/// The figures of a page, in the order of its texts.
pub(crate) struct Figures<'a> {
    all: Vec<Figure<'a>>,
    /// Their places in that list, by the ids that their authors gave them.
    by_id: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Figures<'a> {
    /// Those of the page of an entry.
    pub(crate) fn of(entry: &'a Entry, config: &'a Config) -> Self {
        let is_figure = |one: &Directive| config.directives.get(&one.name).is_some_and(|block| block.is_figure);
        let own = entry.text.iter().map(|text| (&entry.source, &**text, String::new()));
        let parts = entry.parts.iter().map(|part| (&part.source, &*part.text, format!("{}_", part.key)));
        let mut all = Vec::new();
        let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (file, text, prefix) in own.chain(parts) {
            for (block, one) in text.directives.iter().enumerate().filter(|(_, one)| is_figure(one)) {
                let own = stated(one);
                if let Some(own) = own {
                    by_id.entry(own).or_default().push(all.len());
                }
                all.push(Figure { file, text, block, number: all.len() + 1, own, prefix: prefix.clone() });
            }
        }
        Self { all, by_id }
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Figure<'a>] {
        &self.all
    }

    /// The figure that is `directives[block]` of the text in `file`.
    pub(crate) fn at(&self, file: &SitePath, block: usize) -> Option<&Figure<'a>> {
        let first = self.all.iter().position(|figure| figure.file == file)?;
        let own = self.all[first..].partition_point(|figure| figure.file == file);
        let own = &self.all[first..first + own];
        own.binary_search_by_key(&block, |figure| figure.block).ok().map(|at| &own[at])
    }

    /// The figure that `@id` in the text of `file` means: one of the same text, else one of the page.
    pub(crate) fn referred(&self, file: &SitePath, id: &str) -> Option<&Figure<'a>> {
        let places = self.by_id.get(id)?;
        let own = places.iter().find(|place| self.all[**place].file == file);
        self.all.get(*own.or_else(|| places.first())?)
    }
}

/// The id that a block states.
pub(crate) fn stated(directive: &Directive) -> Option<&str> {
    let id = directive.attributes.iter().find(|(key, _)| key.name == "id")?;
    match &id.1.kind {
        RawKind::Text(id) => Some(id),
        _ => None,
    }
}

/// Reports references to figures that are not there.
pub(super) fn check(check: &Check<'_>, finding: &mut Finding) {
    let Check { entry, reach, .. } = *check;
    if entry.texts().iter().all(|(_, text)| text.references.is_empty()) {
        return;
    }
    let figures = Figures::of(entry, reach.config);
    let texts = entry.texts();
    let ids = Ids { shown: ids(&texts), all: ids(&entry.whole_texts()) };
    for (file, text) in texts {
        for reference in &text.references {
            if figures.referred(file, &reference.id).is_some() {
                continue;
            }
            let fault = unknown(&reference.id, &ids, &figures).at(file, reference.span.clone());
            finding.faults.push(fault);
        }
    }
}

/// The ids that blocks of a page state.
struct Ids<'a> {
    shown: BTreeSet<&'a str>,
    /// With those of blocks and parts that readers do not see.
    all: BTreeSet<&'a str>,
}

fn ids<'a>(texts: &[(&SitePath, &'a Text)]) -> BTreeSet<&'a str> {
    texts.iter().flat_map(|(_, text)| text.directives.iter().filter_map(stated)).collect()
}

fn unknown(id: &str, ids: &Ids<'_>, figures: &Figures<'_>) -> Diagnostic {
    let fault = |message: String| Diagnostic::new(Code::UnknownFigure, message);
    if ids.shown.contains(id) {
        return fault(format!("`#{id}` is on this page, but it is not a figure with a number"))
            .help(format!("link to it: `[the words](#{id})`"));
    }
    if ids.all.contains(id) {
        return fault(format!("readers cannot see the figure `#{id}` yet"))
            .help("put this sentence into the same block as the figure");
    }
    let known: Vec<&str> = figures.by_id.keys().copied().collect();
    let unnamed = format!("no figure on this page is called `#{id}`");
    match nearest(id, known.iter().copied()) {
        Some(near) => fault(unnamed).help(format!("did you mean `@{near}`?")).meant(&format!("@{near}")),
        None => {
            let can_be = known.iter().filter(|known| known.starts_with(FIGURE)).take(8);
            let known: Vec<String> = can_be.map(|known| format!("`@{known}`")).collect();
            fault(unnamed).help(match known.is_empty() {
                true => {
                    format!("give the figure this name: `:::figure {{#{id} …}}`; to write the sign itself, write `\\@`")
                }
                false => format!("the figures here are {}; to write the sign itself, write `\\@`", known.join(", ")),
            })
        }
    }
}
