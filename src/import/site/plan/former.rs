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
    let mut standing: BTreeSet<String> =
        pages.iter().filter(|page| page.is_public()).map(|page| page.address.clone()).collect();
    standing.extend(lists(here.config).into_keys());
    let is_new = |page: &&Page| here.config.collection(&page.collection).is_none();
    standing.extend(pages.iter().filter(is_new).map(|page| format!("/{}/", page.collection)));
    standing.insert("/".to_owned());
    let static_files: BTreeSet<&str> = plan.copies.iter().filter_map(|(_, path)| path.strip_prefix("static")).collect();
    let mut redirects: BTreeMap<Address, (String, String)> = BTreeMap::new();
    let mut kept: BTreeSet<String> = BTreeSet::new();
    let mut lost: Vec<(String, String)> = Vec::new();
    let mut answer = |from: &str, to: Result<String, String>| {
        // Those of files on another host are not this site's to answer.
        if !from.starts_with('/') {
            return;
        }
        let Ok(read) = former(&encoded(from), &here.config.base) else {
            lost.push((from.to_owned(), "the address cannot be kept".to_owned()));
            return;
        };
        let from_page = read.address.to_string();
        let is_standing =
            standing.contains(&from_page) || static_files.contains(from) || static_files.contains(from_page.as_str());
        match to {
            _ if is_standing => {
                kept.insert(from_page);
            }
            Ok(to) if to == from || to == from_page => {
                kept.insert(from_page);
            }
            Ok(to) => {
                kept.insert(from_page);
                redirects.entry(read.address).or_insert_with(|| (encoded(from), encoded_to(&to)));
            }
            Err(why) => lost.push((from.to_owned(), why)),
        }
    };
    for page in pages.iter().filter(|page| page.is_public()) {
        for from in &survey.entries[page.entry].addresses {
            answer(from, Ok(page.address.clone()));
        }
    }
    for file in &survey.files {
        // Missing files are named as such; hidden ones were not public.
        let Ok(to) = lookup.leads(&file.address) else { continue };
        for from in std::iter::once(&file.address).chain(&file.addresses) {
            answer(from, Ok(to.clone()));
        }
    }
    for (from, to, is_seen) in subjects.addresses(here.config) {
        if is_seen {
            answer(from, Ok(to));
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
        answer(&redirect.from, to);
    }
    for address in &survey.addresses {
        let to = lookup.leads(address).map_err(str::to_owned);
        answer(address, to);
    }
    plan.redirects = redirects.into_values().collect();
    plan.addresses = kept.into_iter().collect();
    plan.notes.extend(lost.into_iter().map(|(from, why)| Note {
        what: "addresses that lead nowhere now".to_owned(),
        how: "add a line to redirects.csv for those that matter".to_owned(),
        place: Place::default(),
        words: format!("{from}: {why}"),
    }));
    let unused: Vec<String> = subjects.unused().map(str::to_owned).collect();
    plan.notes.extend(unused.into_iter().map(|name| Note {
        what: "categories, tags and people that nothing names".to_owned(),
        how: "they are not taken over".to_owned(),
        place: Place::default(),
        words: name,
    }));
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
