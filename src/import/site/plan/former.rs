//! Every address that was public → a line of `redirects.csv` where the page has another one, and the list of all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::places::lists;
use super::subjects::Subjects;
use super::{Here, Page, Plan};
use crate::config::Format;
use crate::import::site::lookup::Lookup;
use crate::import::site::survey::{Note, Place, Survey};
use crate::path::Address;
use crate::redirects::former;

/// Plans redirects and the addresses that must answer.
pub(super) fn plan(
    survey: &Survey,
    here: &Here<'_>,
    pages: &[Page],
    subjects: &Subjects,
    lookup: &Lookup,
    plan: &mut Plan,
) {
    let mut answers = Answers {
        here,
        standing: standing(here, pages).into_iter().chain(subjects.standing(here.config)).collect(),
        static_files: plan.copies.iter().filter_map(|(_, path)| path.strip_prefix("static")).collect(),
        redirects: BTreeMap::new(),
        kept: BTreeSet::new(),
        lost: Vec::new(),
    };
    for page in pages.iter().filter(|page| page.is_public()) {
        for from in &survey.entries[page.entry].addresses {
            answers.add(from, Ok(page.address.clone()));
        }
    }
    for file in &survey.files {
        // Missing files are named as such; hidden ones were not public.
        let Ok(to) = lookup.leads(&file.address) else { continue };
        for from in std::iter::once(&file.address).chain(&file.addresses) {
            answers.add(from, Ok(to.clone()));
        }
    }
    for (from, to, is_seen) in subjects.addresses(here.config) {
        if is_seen {
            answers.add(from, Ok(to));
        }
    }
    for redirect in &survey.redirects {
        let to = match redirect.to.as_str() {
            "@feed" => match feed(here) {
                Some(feed) => Ok(feed),
                None => continue,
            },
            to if to.starts_with("@list ") => list(to.trim_start_matches("@list "), survey, here, pages),
            to => match survey.stood.address(to) {
                Some(own) => lookup.leads(&own).map_err(str::to_owned),
                None => Ok(to.to_owned()),
            },
        };
        answers.add(&redirect.from, to);
    }
    for address in &survey.addresses {
        answers.add(address, lookup.leads(address).map_err(str::to_owned));
    }
    let Answers { redirects, kept, lost, .. } = answers;
    plan.redirects = redirects.into_values().collect();
    plan.addresses = kept.into_iter().collect();
    plan.notes.extend(lost.into_iter().map(|(from, why)| Note {
        what: "addresses that lead nowhere now".to_owned(),
        how: "add a line to redirects.csv for those that matter".to_owned(),
        place: Place::default(),
        words: format!("{from}: {why}"),
    }));
    plan.notes.extend(subjects.unused().map(|name| Note {
        what: "categories, tags and people that nothing names".to_owned(),
        how: "they are not taken over".to_owned(),
        place: Place::default(),
        words: name.to_owned(),
    }));
}

/// The addresses that something will stand at without a redirect, files apart.
fn standing(here: &Here<'_>, pages: &[Page]) -> BTreeSet<String> {
    let is_new = |page: &&Page| here.config.collection(&page.collection).is_none();
    let own = pages.iter().filter(|page| page.is_public()).map(|page| page.address.clone());
    let new_lists = pages.iter().filter(is_new).map(|page| format!("/{}/", page.collection));
    own.chain(lists(here.config).into_keys()).chain(new_lists).chain(["/".to_owned()]).collect()
}

/// What answers at each former address.
struct Answers<'a> {
    here: &'a Here<'a>,
    standing: BTreeSet<String>,
    static_files: BTreeSet<&'a str>,
    /// By the address that is compared: the address as it was, and where it leads.
    redirects: BTreeMap<Address, (String, String)>,
    kept: BTreeSet<String>,
    /// An address, and why nothing answers there.
    lost: Vec<(String, String)>,
}

impl Answers<'_> {
    fn add(&mut self, from: &str, to: Result<String, String>) {
        // Those of files on another host are not this site's to answer.
        if !from.starts_with('/') {
            return;
        }
        let Ok(read) = former(&encoded(from), &self.here.config.base) else {
            self.lost.push((from.to_owned(), "the address cannot be kept".to_owned()));
            return;
        };
        let page = read.address.to_string();
        let is_file = self.static_files.contains(from) || self.static_files.contains(page.as_str());
        if is_file || self.standing.contains(&page) {
            self.kept.insert(page);
            return;
        }
        match to {
            Ok(to) => {
                if to != from && to != page {
                    self.redirects.entry(read.address).or_insert_with(|| (encoded(from), encoded_to(&to)));
                }
                self.kept.insert(page);
            }
            Err(why) => self.lost.push((from.to_owned(), why)),
        }
    }
}

/// The list of what a kind or a taxonomy has become.
fn list(of: &str, survey: &Survey, here: &Here<'_>, pages: &[Page]) -> Result<String, String> {
    let is_own = |page: &&Page| survey.entries[page.entry].kind == of && !survey.entries[page.entry].is_list;
    let collection = match pages.iter().find(is_own) {
        Some(page) => page.collection.as_str(),
        None if super::subjects::is_author(of) => "people",
        None => "topics",
    };
    if collection == "pages" {
        return Ok("/".to_owned());
    }
    let all = lists(here.config);
    let own = all.iter().find(|(_, from)| *from == collection).map(|(route, _)| route.clone());
    match (own, here.config.collection(collection)) {
        (Some(route), _) => Ok(route),
        // A new collection gets such a list.
        (None, None) => Ok(format!("/{collection}/")),
        (None, Some(_)) => Err("there is no list of it".to_owned()),
    }
}

/// The main feed of the site: that of publications, else the first.
fn feed(here: &Here<'_>) -> Option<String> {
    let has_feed = |list: &&crate::config::List| {
        list.formats.contains(&Format::Atom) && list.route.as_ref().is_some_and(|route| !route.contains('{'))
    };
    let mut lists = here.config.lists.values().filter(has_feed);
    let first = lists.clone().find(|list| *list.name == *"publications").or_else(|| lists.next())?;
    first.route.as_ref().map(|route| format!("{route}feed.xml"))
}

/// A decoded address as a table holds it: `%` and `*` would mean something.
fn encoded(address: &str) -> String {
    let (path, query) = address.split_once('?').map_or((address, None), |(path, query)| (path, Some(query)));
    let path = path.replace('%', "%25").replace('#', "%23").replace('*', "%2A");
    match query {
        Some(query) => format!("{path}?{}", query.replace('#', "%23")),
        None => path,
    }
}

fn encoded_to(to: &str) -> String {
    if to.starts_with('/') { to.replace('%', "%25").replace('#', "%23").replace('?', "%3F") } else { to.to_owned() }
}
