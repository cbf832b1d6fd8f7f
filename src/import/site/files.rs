//! A plan → the files of the site, one after the other: each text is made when it is asked for, so that only one is in memory.

use std::collections::{BTreeMap, BTreeSet};

use super::lookup::Around;
use super::plan::{Page, Plan, Row, values};
use super::survey::{Entry, Survey};
use super::texts::{Text, Texts};
use crate::config::Config;
use crate::import::losses::Losses;
use crate::path::{Address, SitePath};
use crate::redirects::{Fate, Ledger};

/// A file to write.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct NewFile {
    /// Its path in the site.
    pub(crate) path: String,
    pub(crate) content: Content,
    /// The id of the entry that it is made from.
    pub(crate) from: Option<String>,
    /// What of its text is not as it was.
    pub(crate) losses: Losses,
}

/// What is in a new file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Content {
    Text(String),
    /// The bytes of the file that lies here below the folder that was given.
    Copy(String),
}

impl NewFile {
    fn of_text(path: &str, text: String) -> Self {
        Self { path: path.to_owned(), content: Content::Text(text), from: None, losses: Losses::default() }
    }
}

/// The files, in an order in which the settings come last: with them a folder becomes a site.
pub(crate) fn files<'a>(
    survey: &'a Survey,
    plan: &'a Plan,
    texts: &'a dyn Texts,
    config: &'a Config,
    is_new: bool,
) -> impl Iterator<Item = NewFile> + 'a {
    let copies = plan.copies.iter().map(|(lies_at, path)| NewFile {
        path: path.clone(),
        content: Content::Copy(lies_at.clone()),
        from: None,
        losses: Losses::default(),
    });
    let pages =
        plan.pages.iter().filter(|page| !page.is_earlier).map(move |page| written(survey, plan, page, texts, config));
    let rows = plan.rows.iter().map(|(path, rows)| NewFile::of_text(path, table(path, rows)));
    let home = plan.homes.iter().map(|(path, text)| NewFile::of_text(path, text.clone()));
    let redirects =
        (!plan.redirects.is_empty()).then(|| NewFile::of_text("redirects.csv", redirects(survey, &plan.redirects)));
    let addresses = (!plan.addresses.is_empty()).then(|| NewFile::of_text("addresses.txt", addresses(&plan.addresses)));
    let settings = is_new.then(|| NewFile::of_text("site.toml", plan.settings.clone()));
    copies.chain(pages).chain(rows).chain(home).chain(redirects).chain(addresses).chain(settings)
}

fn written(survey: &Survey, plan: &Plan, page: &Page, texts: &dyn Texts, config: &Config) -> NewFile {
    let entry = &survey.entries[page.entry];
    let around = Around { lookup: &plan.lookup, survey, page: Some(page), config };
    let path = SitePath::new(&page.file).unwrap_or_else(SitePath::root);
    let Text { markdown, first_words, losses } = texts.text(entry, &path, &around, &config.markdown);
    let mut text = front(page, entry, &first_words, config);
    text.push_str(&markdown);
    NewFile { path: page.file.clone(), content: Content::Text(text), from: Some(entry.id.clone()), losses }
}

/// The fields of a page: what readers see first, then the rest.
fn front(page: &Page, entry: &Entry, first_words: &str, config: &Config) -> String {
    let mut fields: Vec<(&str, String)> =
        page.fields.iter().map(|(name, written)| (name.as_str(), written.clone())).collect();
    if let Some(kind) = &page.kind {
        fields.push(("kind", values::text(kind)));
    }
    if page.hidden.is_some() {
        fields.push(("status", values::text("draft")));
    }
    if let Some(moment) = &page.publish_at {
        fields.push(("publish_at", moment.replace(' ', "T") + ":00"));
    }
    if let Some(permalink) = &page.permalink {
        fields.push(("permalink", values::text(permalink)));
    }
    let asks_summary = config
        .collection(&page.collection)
        .and_then(|one| one.fields.get("summary"))
        .is_some_and(|field| field.required);
    if asks_summary && !page.has_summary {
        let words = if first_words.is_empty() { entry.title().unwrap_or(&page.key) } else { first_words };
        fields.push(("summary", values::text(&summary(words))));
    }
    const FIRST: &[&str] = &[
        "title",
        "subtitle",
        "kind",
        "status",
        "publish_at",
        "permalink",
        "summary",
        "date",
        "updated",
        "authors",
        "topics",
        "image",
    ];
    // A field that is stated twice would stop the build.
    let mut stated = BTreeSet::new();
    fields.retain(|(name, _)| stated.insert(*name));
    fields.sort_by_key(|(name, _)| FIRST.iter().position(|known| known == name).unwrap_or(FIRST.len()));
    let lines: String = fields.iter().map(|(name, written)| format!("{name} = {written}\n")).collect();
    format!("+++\n{lines}+++\n\n")
}

/// The beginning of a text as a summary: whole sentences if they are short enough, else whole words.
fn summary(words: &str) -> String {
    const LONGEST: usize = 160;
    if words.chars().count() <= LONGEST {
        return words.to_owned();
    }
    let cut: String = words.chars().take(LONGEST - 1).collect();
    let sentence = cut
        .rmatch_indices(['.', '!', '?'])
        .find(|(at, _)| cut[at + 1..].starts_with(' ') && *at > 40)
        .map(|(at, _)| at + 1);
    match sentence {
        Some(end) => cut[..end].to_owned(),
        None => format!(
            "{}…",
            cut.rfind(' ').map_or(cut.as_str(), |end| &cut[..end]).trim_end_matches([',', ';', ':', '–', '-', ' '])
        ),
    }
}

fn table(path: &str, rows: &[Row]) -> String {
    let name = path.split('/').nth(1).unwrap_or_default();
    let mut out = String::new();
    for row in rows {
        out.push_str(&format!("[[{name}]]\nid = {}\n", values::text(&row.key)));
        for (field, written) in &row.fields {
            out.push_str(&format!("{field} = {written}\n"));
        }
        if row.is_hidden {
            // Only what is hidden names it.
            out.push_str("status = \"draft\"\n");
        }
        out.push('\n');
    }
    out
}

/// A table of redirects.
pub(crate) fn redirects(survey: &Survey, all: &[(String, String)]) -> String {
    let cell = |text: &str| {
        if text.contains([',', '"', '\n', ';']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let mut out = String::from("from,to,note\n");
    for (from, to) in all {
        out.push_str(&format!("{},{},{}\n", cell(from), cell(to), survey.program));
    }
    out
}

/// The list of addresses that were public.
fn addresses(all: &[String]) -> String {
    let changes: BTreeMap<Address, Fate> = all.iter().map(|address| (with_query(address), Fate::Kept)).collect();
    Ledger::default().with(&changes)
}

/// An address, which may have a query.
pub(crate) fn with_query(address: &str) -> Address {
    match address.split_once('?') {
        Some((path, query)) => Address::new(path).with_query(query),
        None => Address::new(address),
    }
}
