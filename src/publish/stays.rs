//! A site that cannot be published + the published folder → the pages in it that were to go, and stay as they were.
//!
//! Drafts and what is under embargo go all the same (`store::withdraw`). What is withdrawn keeps its page, which cannot be made
//! anew, and what belongs to no file may only be missing because of the errors.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::ZonedDateTime;

use crate::path::SitePath;
use crate::pipeline::{self, Made, Sources};
use crate::schema::Value;
use crate::site::{Ix, Site, View};
use crate::store::{self, Lying};

/// Pages that stay.
#[derive(Default)]
pub(crate) struct Stays {
    /// What is withdrawn but does not say so: its file, and its page.
    pub(crate) withdrawn: Vec<(SitePath, String)>,
    /// Pages that belong to no file any more, those of entries first.
    pub(crate) gone: Vec<String>,
}

/// The pages that stay in `folder` though they were to go.
pub(crate) fn stays(sources: &Sources, now: &ZonedDateTime, folder: &Path) -> Stays {
    let Ok(lying) = store::look(folder) else { return Stays::default() };
    let checked = pipeline::make(sources, now.clone(), View::Checked);
    let everything = pipeline::make(sources, now.clone(), View::Everything);
    let output = |made: &Made| -> Vec<String> {
        made.routes.all().iter().map(|route| route.address.output().as_str().to_owned()).collect()
    };
    let known: BTreeSet<String> = output(&checked).into_iter().chain(output(&everything)).collect();
    let index = pipeline::search_place(&checked);
    let is_page = |path: &&str| {
        path.ends_with(".html")
            && index.as_deref().is_none_or(|index| !path.starts_with(index))
            && !known.contains(*path)
    };
    // A page at a former address only leads on.
    let leads_on = |path: &str| says(&lying, path, &["http-equiv=\"refresh\""]);
    let mut gone: Vec<String> = lying.paths().filter(is_page).filter(|path| !leads_on(path)).map(address).collect();
    gone.sort_by_key(|address| !is_of_entry(&checked.site, address));
    let withdrawn = checked.site.shown().filter(|ix| checked.site.is_withdrawn(*ix));
    let withdrawn = withdrawn.filter_map(|ix| still_whole(&checked.site, ix, &lying)).collect();
    Stays { withdrawn, gone }
}

/// The page of a withdrawn entry, if it does not give the reason.
fn still_whole(site: &Site, ix: Ix, lying: &Lying) -> Option<(SitePath, String)> {
    let path = site.address(ix).filter(|_| site.has_page(ix))?.output();
    let entry = site.entry(ix);
    let Value::Record(fields) = &entry.values.get("withdrawn")?.value else { return None };
    let Some(Value::Text(reason)) = fields.get("reason").map(|placed| &placed.value) else { return None };
    let words: Vec<&str> = reason.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3).collect();
    let is_told = !lying.has(path.as_str()) || says(lying, path.as_str(), &words);
    (!is_told).then(|| (entry.source.clone(), address(path.as_str())))
}

fn says(lying: &Lying, path: &str, words: &[&str]) -> bool {
    let bytes = lying.bytes(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    words.iter().all(|word| text.contains(word))
}

/// Whether an address is like those of a collection's entries.
fn is_of_entry(site: &Site, address: &str) -> bool {
    let like = |pattern: &str| {
        let (parts, own): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), address.split('/').collect());
        parts.len() == own.len() && parts.iter().zip(own).all(|(part, own)| part.contains('{') || *part == own)
    };
    site.config.collections.values().filter_map(|one| one.path.as_ref()).any(|path| like(path.written()))
}

/// The address of a page, as readers type it.
pub(crate) fn address(output: &str) -> String {
    let folder = output.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/'));
    format!("/{}", folder.unwrap_or(output))
}
