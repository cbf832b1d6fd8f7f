//! A survey and the settings of the site that it goes to → what becomes of everything, before anything is done.
//!
//! * `kinds`: which old kind becomes which collection, and which kind in it.
//! * `subjects`: people and terms, each known by its words, and the rows of those that have no page.
//! * `fields`: which old key becomes which field, with a type from all its values; `values` writes them.
//! * `places`: the file and the address of each page.
//! * `uploads`: which files are published, which stay beside a hidden page, which are missing.
//! * `former`: redirects, and the list of addresses that were public.
//! * `menus`, `settings`: the rest of `site.toml`.

mod fields;
mod former;
mod kinds;
mod menus;
mod pages;
mod places;
mod settings;
mod subjects;
mod uploads;
pub(crate) mod values;

use std::collections::{BTreeMap, BTreeSet};

use super::lookup::Lookup;
use super::survey::{Entry, Note, State, Survey};
use crate::config::Config;

pub(crate) use fields::FieldPlan;
pub(crate) use settings::first as first_settings;
pub(crate) use subjects::Row;
pub(crate) use uploads::MISSING;

/// The site that everything goes to.
pub(crate) struct Here<'a> {
    /// Its settings; for a new site those of [`first_settings`].
    pub(crate) config: &'a Config,
    /// Whether it has no `site.toml` yet.
    pub(crate) is_new: bool,
    /// The moment in the site's zone, `2026-05-14 09:00`.
    pub(crate) now: &'a str,
    /// The paths of the files that it has.
    pub(crate) files: &'a BTreeSet<String>,
    /// The entries that it has: collection and key.
    pub(crate) entries: &'a BTreeSet<(String, String)>,
    /// The ids of the entries that an earlier run brought here, and the files that it wrote.
    pub(crate) earlier: &'a BTreeMap<String, String>,
}

/// What becomes of everything.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) kinds: Vec<KindPlan>,
    pub(crate) pages: Vec<Page>,
    /// People and terms that get rows: the file, and the rows.
    pub(crate) rows: Vec<(String, Vec<Row>)>,
    /// The files to copy: where each lies below the folder that was given, and its path in the site.
    pub(crate) copies: Vec<(String, String)>,
    /// A new site's `site.toml`, else what is added to the one that it has.
    pub(crate) settings: String,
    pub(crate) redirects: Vec<(String, String)>,
    /// The addresses that were public and must answer.
    pub(crate) addresses: Vec<String>,
    /// What stays hidden, and why.
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) notes: Vec<Note>,
    pub(crate) lookup: Lookup,
    /// The home pages that there were none of: path and text.
    pub(crate) homes: Vec<(String, String)>,
}

/// What becomes of one kind.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct KindPlan {
    pub(crate) old: String,
    pub(crate) collection: String,
    pub(crate) kind: Option<String>,
    /// Whether the site gets this collection.
    pub(crate) is_new: bool,
    pub(crate) count: usize,
    pub(crate) hidden: usize,
    pub(crate) fields: Vec<FieldPlan>,
    /// The titles of some.
    pub(crate) examples: Vec<String>,
}

/// A page that is written.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Page {
    /// Its place among the entries of the survey.
    pub(crate) entry: usize,
    pub(crate) collection: String,
    pub(crate) kind: Option<String>,
    pub(crate) key: String,
    /// Its path in the site.
    pub(crate) file: String,
    /// Its address, once it is public.
    pub(crate) address: String,
    /// Written in its fields if its collection would give it another one.
    pub(crate) permalink: Option<String>,
    /// Why nobody sees it.
    pub(crate) hidden: Option<String>,
    /// When it becomes public, if that is still to come.
    pub(crate) publish_at: Option<String>,
    /// Its other fields as they are written, in order.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) has_summary: bool,
    /// Files beside it: the address there, and the name here.
    pub(crate) beside: BTreeMap<String, String>,
    /// The names here in small letters, and how often each was wanted.
    taken: BTreeSet<String>,
    wanted: BTreeMap<String, usize>,
    /// Whether it has been imported before.
    pub(crate) is_earlier: bool,
}

impl Page {
    pub(crate) fn is_public(&self) -> bool {
        self.hidden.is_none() && self.publish_at.is_none()
    }
}

/// Makes the plan.
pub(crate) fn plan(survey: &Survey, here: &Here<'_>) -> Plan {
    let mut hidden = pages::hidden(survey);
    // What lacks a field that the site asks for is hidden, and nothing may link to it: so it is planned again without it.
    loop {
        let known = hidden.len();
        let plan = planned(survey, here, &hidden);
        for page in &plan.pages {
            if let Some(why) = &page.hidden {
                hidden.entry(page.entry).or_insert_with(|| why.clone());
            }
        }
        if hidden.len() == known {
            return plan;
        }
    }
}

fn planned(survey: &Survey, here: &Here<'_>, hidden: &pages::Hidden) -> Plan {
    let mut plan = Plan::default();
    plan.notes.clone_from(&survey.notes);
    let kinds = kinds::kinds(survey, here);
    let subjects = subjects::Subjects::new(survey, here, &kinds, hidden);
    let patterns = places::patterns(survey, here, &kinds, hidden);
    let mut pages = places::pages(survey, here, &kinds, hidden, &patterns);
    let mut lookup = Lookup::new(survey, &pages, &subjects, here.config);
    let columns = fields::plan(survey, here, &kinds, &subjects, &pages, &lookup);
    uploads::plan(survey, here, &columns, &mut pages, &mut lookup, &mut plan);
    pages::fill(survey, here, &subjects, &columns, &lookup, &mut pages, &mut plan.notes);
    let lacking = pages::lacking(here, &mut pages);
    // Whether a page of an earlier run is hidden here, its own file says.
    for page in pages.iter().filter(|page| !page.is_earlier) {
        let entry = &survey.entries[page.entry];
        let why = page
            .hidden
            .clone()
            .or_else(|| page.publish_at.as_ref().map(|moment| format!("it becomes public on {moment}")));
        plan.hidden.extend(why.map(|why| (entry.title().unwrap_or(&entry.id).to_owned(), why)));
    }
    let is_trash = |entry: &&Entry| entry.state == State::Trash && !here.earlier.contains_key(&entry.id);
    let trash = survey.entries.iter().filter(is_trash);
    plan.notes.extend(trash.map(|entry| Note {
        what: "what had been thrown away".to_owned(),
        how: "it is not taken over".to_owned(),
        place: entry.place.clone(),
        words: entry.title().unwrap_or(&entry.id).to_owned(),
    }));
    former::plan(survey, here, &pages, &subjects, &lookup, &mut plan);
    let menus = menus::menus(survey, here, &pages, &lookup, &mut plan.notes);
    plan.kinds = kinds::summary(survey, &kinds, &pages, &columns);
    plan.settings = settings::settings(survey, here, &plan.kinds, &patterns, &lacking, &menus, &pages);
    plan.rows = subjects.rows(here);
    let has_home = here.files.contains("content/index.md") || pages.iter().any(|page| page.address == "/");
    let mut homes: Vec<(String, String)> = Vec::new();
    if !has_home {
        homes.push(("content/index.md".to_owned(), settings::home(survey)));
    }
    for code in survey.about.languages.iter().skip(1).filter(|_| here.is_new) {
        if pages.iter().all(|page| page.address != format!("/{code}/")) {
            homes.push((format!("content/index.{code}.md"), settings::home(survey)));
        }
    }
    plan.homes = homes;
    plan.pages = pages;
    plan.lookup = lookup;
    plan
}

/// The people and terms of a plan, for those who look addresses up.
pub(super) trait LookupSubjects {
    /// Each former address, the page that stands for it here, and whether readers see that.
    fn all(&self, config: &Config) -> Vec<(String, String, bool)>;
}

impl LookupSubjects for subjects::Subjects {
    fn all(&self, config: &Config) -> Vec<(String, String, bool)> {
        self.addresses(config).map(|(old, new, is_seen)| (old.to_owned(), new, is_seen)).collect()
    }
}

/// A name for files and collections: small letters of English, digits and hyphens, not too long.
pub(super) fn short(text: &str) -> String {
    const LONGEST: usize = 80;
    let key = crate::path::slug(text);
    if key.len() <= LONGEST {
        return key;
    }
    let end = key[..LONGEST].rfind('-').filter(|end| *end > 0).unwrap_or(LONGEST);
    key[..end].to_owned()
}
