//! An old name and a new one → all changes to the sources that a move or a merge needs, checked before a byte is written.
//!
//! 1. `plan`: which files move or go, and which entry takes the place of which;
//! 2. `mend`: links, references, menus and redirects that lead to what moves;
//! 3. `aliases`, `kept`: the old addresses, in the entry's front matter or in `redirects.csv`;
//! 4. here: the future site is built from the changed texts. If it has a new error or loses an address, nothing is changed.
//!
//! All other bytes of a file stay as they are. Not here: the writing (`store`).

mod aliases;
mod kept;
mod mend;
mod places;
mod plan;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ZonedDateTime;

use crate::check;
use crate::config::Overrides;
use crate::diagnostic::{self, Code, Diagnostic, Severity, Span};
use crate::edits::{Difference, Refused};
use crate::path::{Address, SitePath, slug};
use crate::pipeline::{self, Made, Memory, Sources};
use crate::routes::is_permanent;
use crate::site::{Site, View};
use crate::source::Tree;

use mend::Mend;
use plan::Plan;
pub(crate) use plan::Text;

/// The file of accepted faults.
const KNOWN_FAULTS: &str = "known-faults.toml";

/// Everything to be done on the disk.
#[derive(Clone, Default, Debug)]
pub(crate) struct Changes {
    /// The files that move, from and to.
    pub(crate) moves: BTreeMap<SitePath, SitePath>,
    pub(crate) removed: BTreeSet<SitePath>,
    /// New texts, by the place of the file now; for a new file, by its future place.
    pub(crate) texts: BTreeMap<SitePath, String>,
    pub(crate) differences: Vec<Difference>,
    /// What the author should look at.
    pub(crate) notes: Vec<String>,
}

/// Why nothing is changed.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The request is impossible: why, and what is possible.
    Asked(String, String),
    /// Faults that the site would have.
    Faults(Vec<Diagnostic>, Arc<crate::source::Tree>),
}

/// The request.
pub(crate) enum Request<'a> {
    Move { old: &'a str, new: &'a str },
    Merge { old: &'a str, into: &'a str, text: Text },
}

/// The changes that `request` needs, as of `now`.
pub(crate) fn changes(
    sources: &Sources,
    now: &ZonedDateTime,
    memory: &mut Memory,
    request: &Request<'_>,
) -> Result<Changes, Stop> {
    let before = pipeline::make(sources, now.clone(), View::Published);
    let plan = plan::plan(&before, request)?;
    // The site with moved files shows what each entry becomes; with mended references, what each address becomes.
    let mut moved = made(sources, now, memory, View::Published, &plan, &BTreeMap::new());
    let meet = |why: Refused| Stop::Faults(vec![why.fault()], sources.tree.clone());
    let first = Mend::references_first(&before, &moved.0, &plan)?.applied(&sources.tree).map_err(meet)?.0;
    if !first.is_empty() {
        moved = made(sources, now, memory, View::Published, &plan, &first);
    }
    let mend = Mend::new(&before, &moved.0, &plan)?;
    let mut edits = mend.edits()?;
    let mut created = BTreeMap::new();
    kept::keep(&mend, &mut edits, &mut created);
    let (mut texts, differences) = edits.applied(&sources.tree).map_err(meet)?;
    texts.extend(created);
    let touched = |path: &SitePath| plan.moves.contains_key(path);
    known_faults(&sources.tree, &touched, &|path| plan.after(path), &mut texts);
    verify(sources, now, memory, &mend, &texts)?;
    let mut notes = mend.notes();
    notes.extend(kept_titles(&before.site, &plan));
    let Plan { moves, removed, .. } = plan;
    Ok(Changes { moves, removed, texts, differences, notes })
}

/// What is to be said of the titles of renamed entries: a title that was the old name may have to change too.
fn kept_titles(site: &Site, plan: &Plan) -> Vec<String> {
    let name = |path: &SitePath| {
        let is_index = path.stem().split('.').next() == Some("index");
        let name = if is_index { path.folder().name().to_owned() } else { path.stem().to_owned() };
        name.split('.').next().map(slug).unwrap_or_default()
    };
    let of_entry = |(old, new): (&SitePath, &SitePath)| {
        let title = site.entry(site.by_source(old)?).title();
        (name(old) != name(new) && slug(title) == name(old))
            .then(|| format!("{new} still has the title \"{title}\"; look whether it should change too"))
    };
    plan.moves.iter().filter_map(of_entry).collect()
}

/// Keeps accepted faults accepted, since nobody has edited the files.
///
/// This concerns files with new texts or that are `touched`; `after` gives their new place.
pub(crate) fn known_faults(
    tree: &Tree,
    touched: &dyn Fn(&SitePath) -> bool,
    after: &dyn Fn(&SitePath) -> Option<SitePath>,
    texts: &mut BTreeMap<SitePath, String>,
) {
    let Some((file, text)) = tree.named(KNOWN_FAULTS).and_then(|file| Some((&file.path, file.text()?))) else { return };
    let new = check::moved(text, &|name, hash| {
        let path = SitePath::new(name).filter(|path| texts.contains_key(path) || touched(path))?;
        let is_as_it_was = pipeline::hash_of(tree, &path).is_some_and(|now| now == hash);
        let hash = match texts.get(&path).filter(|_| is_as_it_was) {
            Some(text) => blake3::hash(text.as_bytes()).to_hex().to_string(),
            None => hash.to_owned(),
        };
        Some((after(&path)?.to_string(), hash))
    });
    texts.extend(new.map(|new| (file.clone(), new)));
}

/// The site as it would be.
fn made(
    sources: &Sources,
    now: &ZonedDateTime,
    memory: &mut Memory,
    view: View,
    plan: &Plan,
    texts: &BTreeMap<SitePath, String>,
) -> (Made, Vec<Diagnostic>, Arc<crate::source::Tree>) {
    let tree = Arc::new(sources.tree.rearranged(&plan.moves, &plan.removed, texts));
    let mut faults = Vec::new();
    let read = memory.understand(tree.clone(), &Overrides::default(), &mut faults);
    // Readable settings stay readable: only addresses in them change.
    let sources = read.sources.unwrap_or_else(|| Sources { tree: tree.clone(), ..sources.clone() });
    let made = pipeline::make(&sources, now.clone(), view);
    faults.extend(made.faults());
    // Accepted faults are compared like any others.
    let mut faults = diagnostic::arrange(faults);
    diagnostic::apply_severities(&mut faults, &sources.config.severities);
    (made, faults, tree)
}

/// Refuses texts that would give the site a new error or lose an address.
fn verify(
    sources: &Sources,
    now: &ZonedDateTime,
    memory: &mut Memory,
    mend: &Mend<'_>,
    texts: &BTreeMap<SitePath, String>,
) -> Result<(), Stop> {
    let plan = mend.plan;
    let known = made(sources, now, memory, View::Checked, &Plan::default(), &BTreeMap::new()).1;
    let (_, faults, tree) = made(sources, now, memory, View::Checked, plan, texts);
    let place = |fault: &Diagnostic, moves: bool| {
        let file = fault.span.as_ref().map(|span| span.file.clone());
        let file = file.map(|file| if moves { plan.after(&file).unwrap_or(file) } else { file });
        (fault.code, file)
    };
    let errors = |faults: &[Diagnostic]| -> Vec<Diagnostic> {
        faults.iter().filter(|fault| fault.severity == Severity::Error).cloned().collect()
    };
    let mut counts: BTreeMap<(Code, Option<SitePath>), usize> = BTreeMap::new();
    for fault in errors(&known) {
        *counts.entry(place(&fault, true)).or_default() += fault.count;
    }
    let mut new = errors(&faults);
    new.retain(|fault| match counts.get_mut(&place(fault, false)) {
        Some(left) if *left >= fault.count => {
            *left -= fault.count;
            false
        }
        _ => true,
    });
    if !new.is_empty() {
        return Err(Stop::Faults(new, tree));
    }
    let after = made(sources, now, memory, View::Published, plan, texts).0;
    let answered =
        |address: &Address| after.routes.at(address).is_some() || after.routes.redirects.at(address).is_some();
    let before = mend.before.routes.all().iter().filter(|route| is_permanent(&mend.before.site, &route.kind));
    let lost: Vec<&Address> = before.map(|route| &route.address).filter(|address| !answered(address)).collect();
    match lost.first() {
        None => Ok(()),
        Some(first) => Err(Stop::Asked(
            format!("`{first}` would lead nowhere afterwards"),
            "write into redirects.csv where it is to lead, and try again".to_owned(),
        )),
    }
}

/// The fault that something has to be changed by hand.
fn by_hand(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(Code::BrokenSourceLink, message).span(span).help("change this line by hand, then try again")
}

/// An address as written in a source.
fn written(address: &Address) -> String {
    let text = address.as_str();
    let (path, rest) = text.split_at(text.find(['?', '#']).unwrap_or(text.len()));
    format!("{}{rest}", path.replace('%', "%25"))
}
