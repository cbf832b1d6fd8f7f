//! What lies on a target + what is to lie there → what has to be done, in which order. Asks nothing and sends nothing.
//!
//! The order is for readers who ask at any moment, also after a publication that broke off: what is now secret goes first; a
//! file comes before the page that names it, a page before the feeds and the search that lead to it; what is gone goes last.

use std::collections::{BTreeMap, BTreeSet};

use super::owners::Owners;
use super::state::{Class, Kept, KeptIn, Record, State, Unfinished};

/// Where a file that is to be written comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum From {
    /// From what was built.
    Built,
    /// From a file that lies on the target already.
    Copy(KeptIn, String),
    /// From the notes there, which hold small files whole.
    Noted(String),
}

/// A file that is to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Put {
    pub(crate) path: String,
    pub(crate) record: Record,
    pub(crate) from: From,
}

/// What has to be done, in order.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Plan {
    /// Files of the site that readers must not see any longer.
    pub(crate) secrets: Vec<(Class, String)>,
    /// With them, what is kept of earlier states, which may say the same.
    pub(crate) forgotten: Vec<(KeptIn, String)>,
    /// Copies of what will be replaced or removed: from the path in the site, to the path among what is kept.
    pub(crate) copies: Vec<(String, String)>,
    /// What goes before anything is written: a file where a folder is to be, or the other way round.
    pub(crate) in_the_way: Vec<(Class, String)>,
    /// What is written, in order of class.
    pub(crate) puts: Vec<Put>,
    /// What is removed from the site.
    pub(crate) gone: Vec<(Class, String)>,
    /// What no state needs any longer.
    pub(crate) expired: Vec<(KeptIn, String)>,
    /// What lies there afterwards, without the entry for the list.
    pub(crate) files: BTreeMap<String, Record>,
    /// The entries that these were made of.
    pub(crate) owners: Owners,
    pub(crate) kept: Vec<Kept>,
    /// Whether no earlier state can be put back afterwards.
    pub(crate) forgets: bool,
    /// How many states can be put back afterwards.
    pub(crate) states: usize,
    pub(crate) new: usize,
    pub(crate) changed: usize,
    /// Files that are written though they were there before: it is not certain that they still are.
    pub(crate) renewed: usize,
}

impl Plan {
    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.secrets.is_empty() && self.puts.is_empty() && self.gone.is_empty() && self.forgotten.is_empty()
    }

    /// How many files of the site go.
    pub(crate) fn removed(&self) -> usize {
        self.secrets.len() + self.in_the_way.len() + self.gone.len()
    }

    /// The bytes that have to be sent, before packing.
    pub(crate) fn bytes(&self) -> u64 {
        self.puts.iter().filter(|put| put.from == From::Built).map(|put| put.record.size).sum()
    }
}

/// What is asked of a plan.
#[derive(Clone)]
pub(crate) struct Wish<'a> {
    /// What is to lie there.
    pub(crate) files: &'a BTreeMap<String, Record>,
    /// The entries that it was made of.
    pub(crate) owners: &'a Owners,
    /// Whether a file that lies there is now secret, though it was published.
    pub(crate) is_secret: &'a dyn Fn(&str) -> bool,
    /// How many states can be put back.
    pub(crate) states: u64,
    /// Small files of the state that is to come back, by print.
    pub(crate) small: &'a BTreeMap<String, String>,
    /// Whether no earlier state may come back, since it names what has been taken down.
    pub(crate) forgets: bool,
    /// What is hidden on the site at this moment.
    pub(crate) hidden: &'a Hidden,
    /// What is to be written can only be copied from what lies there, since nothing was built.
    pub(crate) copies_only: bool,
    /// Files there that somebody else has changed, which are to be written again.
    pub(crate) spoilt: &'a BTreeSet<String>,
    /// Whether the target takes names that differ only in capitals for one.
    pub(crate) ignores_capitals: bool,
}

impl<'a> Wish<'a> {
    /// That these files lie there, made of these entries, with nothing special about it.
    pub(crate) fn new(
        files: &'a BTreeMap<String, Record>,
        owners: &'a Owners,
        is_secret: &'a dyn Fn(&str) -> bool,
        states: u64,
    ) -> Self {
        static SMALL: BTreeMap<String, String> = BTreeMap::new();
        static HIDDEN: Hidden = Hidden { entries: BTreeSet::new(), pieces: BTreeSet::new() };
        static SPOILT: BTreeSet<String> = BTreeSet::new();
        Self {
            files,
            owners,
            is_secret,
            states,
            small: &SMALL,
            forgets: false,
            hidden: &HIDDEN,
            copies_only: false,
            spoilt: &SPOILT,
            ignores_capitals: false,
        }
    }
}

/// What is hidden on a site, as hashes: notes on a target must not name it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Hidden {
    /// Entries.
    pub(crate) entries: BTreeSet<String>,
    /// What is hidden of pages that are public: rows, parts, blocks of texts.
    pub(crate) pieces: BTreeSet<String>,
}

/// Which files of a publication that broke off are known to lie there, and what is uncertain.
pub(crate) struct Uncertain<'a> {
    pub(crate) unfinished: &'a [Unfinished],
    /// What this machine knows to have been written by the last of them.
    pub(crate) written: &'a BTreeMap<String, Record>,
    /// The paths of copies that are there.
    pub(crate) copies: &'a BTreeSet<String>,
}

/// What to do so that `wish` lies where `state` does, and what broke off since; or the path of a file that cannot be had.
pub(crate) fn plan(state: &State, uncertain: &Uncertain<'_>, wish: &Wish<'_>) -> Result<Plan, String> {
    let compared = Compared::new(state, uncertain, wish);
    let states = usize::try_from(wish.states).unwrap_or(usize::MAX);
    let mut plan = Plan { files: wish.files.clone(), owners: wish.owners.clone(), states, ..Plan::default() };
    let secrets = compared.leaving.iter().filter(|path| (wish.is_secret)(path));
    plan.secrets = secrets.map(|path| (compared.class(path), (*path).clone())).collect();
    plan.forgets = compared.forgets(&plan.secrets);
    let mut keeping = Keeping::new(&compared, plan.forgets);
    write(&compared, &mut keeping, &mut plan);
    leave(&compared, &mut keeping, &mut plan);
    plan.copies = keeping.copies.into_iter().collect();
    make_way(&mut plan, wish.ignores_capitals);
    finish(&mut plan, keeping.kept.into_values().collect(), wish, state.number())
}

/// What lies on a target beside what is to lie there.
struct Compared<'a> {
    state: &'a State,
    uncertain: &'a Uncertain<'a>,
    wish: &'a Wish<'a>,
    /// The files of which it is not certain what they are.
    touched: BTreeSet<&'a str>,
    kept_in_site: BTreeMap<&'a str, &'a Kept>,
    /// The files that are no part of the site any longer.
    leaving: BTreeSet<&'a String>,
}

impl<'a> Compared<'a> {
    fn new(state: &'a State, uncertain: &'a Uncertain<'a>, wish: &'a Wish<'a>) -> Self {
        // Nothing is written before the last copy is made: a copy that is missing says that it did not come to that.
        let has_copies = |one: &Unfinished| one.kept.iter().all(|kept| uncertain.copies.contains(&kept.path));
        let has_begun = |one: &&Unfinished| one.has_begun || has_copies(one);
        let begun = uncertain.unfinished.iter().filter(has_begun).flat_map(|one| one.puts.keys().chain(&one.gone));
        let secrets = uncertain.unfinished.iter().flat_map(|one| &one.secrets);
        let broken = begun.chain(secrets).filter(|path| !uncertain.written.contains_key(*path));
        let touched = broken.chain(wish.spoilt).map(String::as_str).collect();
        let is_in_site = |kept: &&Kept| kept.area == KeptIn::Site;
        let kept_in_site: BTreeMap<&str, &Kept> =
            state.kept.iter().filter(is_in_site).map(|kept| (kept.path.as_str(), kept)).collect();
        let is_gone = |path: &&String| !wish.files.contains_key(*path);
        // What only an unfinished publication put there.
        let is_stray = |path: &&String| is_gone(path) && !kept_in_site.contains_key(path.as_str());
        let strays = uncertain.unfinished.iter().flat_map(|one| one.puts.keys()).filter(is_stray);
        let leaving = state.files.keys().filter(is_gone).chain(strays).collect();
        Self { state, uncertain, wish, touched, kept_in_site, leaving }
    }

    /// What certainly lies at a path.
    fn lies(&self, path: &str) -> Option<&Record> {
        let written = self.uncertain.written.get(path).filter(|_| !self.wish.spoilt.contains(path));
        written.or_else(|| self.state.files.get(path).filter(|_| !self.touched.contains(path)))
    }

    fn class(&self, path: &String) -> Class {
        let strays = self.uncertain.unfinished.iter().filter_map(|one| one.puts.get(path));
        self.state.files.get(path).into_iter().chain(strays).map(|record| record.class).next().unwrap_or(Class::Other)
    }

    /// Whether no earlier state may be put back, since it shows what must not be seen any longer.
    fn forgets(&self, secrets: &[(Class, String)]) -> bool {
        let Self { state, wish, .. } = self;
        let is_kept_secret = self.kept_in_site.keys().any(|path| (wish.is_secret)(path));
        // What is secret may have lain where something else is to be.
        let is_replaced = |(path, record): (&String, &Record)| {
            state.files.get(path).is_some_and(|before| before != record) && (wish.is_secret)(path)
        };
        // A page that goes as another entry becomes hidden may be that entry under another name.
        let is_new = |one: &String| state.number() > 0 && !state.hidden.contains(one);
        let page_goes = self.leaving.iter().any(|path| self.class(path) == Class::Page);
        let hides_more = wish.hidden.pieces.iter().any(is_new) || (page_goes && wish.hidden.entries.iter().any(is_new));
        wish.forgets
            || state.is_partial
            || hides_more
            || !secrets.is_empty()
            || is_kept_secret
            || wish.files.iter().any(is_replaced)
    }
}

/// What is kept for readers with an old page open, and to be put back.
struct Keeping<'a> {
    compared: &'a Compared<'a>,
    forgets: bool,
    kept_copies: BTreeSet<&'a str>,
    kept: BTreeMap<(bool, String), Kept>,
    copies: BTreeSet<(String, String)>,
}

impl<'a> Keeping<'a> {
    fn new(compared: &'a Compared<'a>, forgets: bool) -> Self {
        let Compared { state, uncertain, .. } = compared;
        let copies = state.kept.iter().filter(|kept| kept.area == KeptIn::State).map(|kept| kept.path.as_str());
        let mut keeping =
            Self { compared, forgets, kept_copies: copies.collect(), kept: BTreeMap::new(), copies: BTreeSet::new() };
        let broken = uncertain.unfinished.iter().flat_map(|one| &one.kept);
        let there = state.kept.iter().chain(broken.filter(|one| uncertain.copies.contains(&one.path)));
        there.cloned().for_each(|one| keeping.keep(one));
        keeping
    }

    /// A copy that is there already, under its own hash, is the same.
    fn keep(&mut self, one: Kept) {
        let key = (one.area == KeptIn::Site, one.path.clone());
        let until = self.kept.get(&key).map_or(one.until, |known: &Kept| known.until.max(one.until));
        self.kept.insert(key, Kept { until, ..one });
    }

    /// Makes a copy of what is replaced or removed.
    fn copy(&mut self, path: &str, record: &Record) {
        let Compared { state, uncertain, .. } = self.compared;
        if self.forgets || record.class == Class::Hashed || state.small.contains_key(&record.print) {
            return;
        }
        let to = copied(record);
        if !uncertain.copies.contains(&to) && !self.kept_copies.contains(to.as_str()) {
            self.copies.insert((path.to_owned(), to.clone()));
        }
        self.keep(Kept { area: KeptIn::State, path: to, record: record.clone(), until: state.number() });
    }

    /// Leaves a file of the site where it is.
    fn stay(&mut self, path: &str, record: Record) {
        let until = self.compared.state.number();
        self.keep(Kept { area: KeptIn::Site, path: path.to_owned(), record, until });
    }
}

/// What is written.
fn write(compared: &Compared<'_>, keeping: &mut Keeping<'_>, plan: &mut Plan) {
    for (path, record) in compared.wish.files {
        let before = compared.state.files.get(path);
        if compared.lies(path) == Some(record) {
            continue;
        }
        let stays = compared.kept_in_site.get(path.as_str()).is_some_and(|kept| kept.record == *record);
        if before.is_none() && stays && !compared.touched.contains(path.as_str()) {
            continue;
        }
        match before {
            Some(before) if before != record => {
                plan.changed += 1;
                keeping.copy(path, before);
            }
            Some(_) => plan.renewed += 1,
            None => plan.new += 1,
        }
        plan.puts.push(Put { path: path.clone(), record: record.clone(), from: From::Built });
    }
}

/// What is removed, and what only no page leads to any longer.
fn leave(compared: &Compared<'_>, keeping: &mut Keeping<'_>, plan: &mut Plan) {
    for path in &compared.leaving {
        let record = compared.state.files.get(*path);
        match record {
            _ if (compared.wish.is_secret)(path) => {}
            // What broke off may have shown pages that ask for it. Whether it is there is not certain, so its print is not noted.
            None if compared.class(path) == Class::Hashed && (!plan.forgets || is_shared(path)) => {
                keeping.stay(path, Record { print: String::new(), size: 0, class: Class::Hashed });
            }
            // An open page may still ask for it; its name says that nothing else ever stands there.
            Some(record) if record.class == Class::Hashed && (!plan.forgets || is_shared(path)) => {
                keeping.stay(path, record.clone());
            }
            _ => {
                if let Some(record) = record {
                    keeping.copy(path, record);
                }
                plan.gone.push((compared.class(path), (*path).clone()));
            }
        }
    }
}

/// Lets files go before the rest is written where something else is to take their place: a file for a folder, a folder for a
/// file, and a name in other capitals where these do not count.
fn make_way(plan: &mut Plan, ignores_capitals: bool) {
    let folders: BTreeSet<&str> = plan.puts.iter().flat_map(|put| folders(&put.path)).collect();
    let puts: BTreeSet<&str> = plan.puts.iter().map(|put| put.path.as_str()).collect();
    let capitals: BTreeSet<String> = match ignores_capitals {
        true => plan.files.keys().map(|path| path.to_lowercase()).collect(),
        false => BTreeSet::new(),
    };
    let collides = |path: &str| {
        folders.contains(path)
            || self::folders(path).any(|folder| puts.contains(folder))
            || capitals.contains(&path.to_lowercase())
    };
    let (in_the_way, gone) = std::mem::take(&mut plan.gone).into_iter().partition(|(_, path)| collides(path));
    (plan.in_the_way, plan.gone) = (in_the_way, gone);
}

/// The folders that a file lies in.
pub(super) fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// Decides what is kept, and where each file comes from.
fn finish(plan: &mut Plan, kept: Vec<Kept>, wish: &Wish<'_>, number: u64) -> Result<Plan, String> {
    let oldest = (number + 2).saturating_sub(wish.states);
    let mut plan = std::mem::take(plan);
    // What is part of the site again stays, whoever kept it.
    let is_site = |one: &Kept| one.area == KeptIn::Site && plan.files.contains_key(&one.path);
    let (stays, goes): (Vec<Kept>, Vec<Kept>) = kept
        .into_iter()
        .filter(|one| !is_site(one))
        .partition(|one| (!plan.forgets || is_shared(&one.path)) && one.until >= oldest);
    let by_print: BTreeMap<&str, &Kept> =
        goes.iter().chain(&stays).map(|one| (one.record.print.as_str(), one)).collect();
    for put in &mut plan.puts {
        let same = by_print.get(put.record.print.as_str());
        // Copies of this publication are made before the rest; what is forgotten is gone by then.
        match same.filter(|_| !plan.forgets) {
            Some(one) => put.from = From::Copy(one.area, one.path.clone()),
            None if wish.small.contains_key(&put.record.print) => {
                put.from = From::Noted(wish.small[&put.record.print].clone());
            }
            None if wish.copies_only => return Err(put.path.clone()),
            None => {}
        }
    }
    plan.puts.sort_by(|a, b| {
        (a.record.class, is_entrance(&a.path), &a.path).cmp(&(b.record.class, is_entrance(&b.path), &b.path))
    });
    let goes = goes.into_iter().map(|one| (one.area, one.path));
    if plan.forgets {
        plan.forgotten = goes.collect();
    } else {
        plan.expired = goes.collect();
    }
    plan.kept = stays;
    Ok(plan)
}

/// The place of a copy: the same bytes with the same headers have one.
pub(crate) fn copied(record: &Record) -> String {
    format!("kept/{}", record.print)
}

/// Whether a file is one of a design: it says nothing of any page, so an open page may go on asking for it.
fn is_shared(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ["css", "js", "woff2"].contains(&ending))
}

/// The file by which the search finds the rest of its index, which comes after them.
pub(super) fn is_entrance(path: &str) -> bool {
    path.ends_with("pagefind-entry.json")
}
