//! A snapshot's public entries → the files of an index that a browser searches without a server (Pagefind).
//!
//! * The index is built from records of the snapshot, never from finished pages: entries that are hidden,
//!   withdrawn or kept from search engines have no record, and no record holds menus or footers. Samples have one only as
//!   long as nothing real stands beside them, since a new site's search would else find nothing.
//! * A record has a title, a summary, the text under each heading, the words of the declared fields, and the values of
//!   the declared facets. Rows shown on a page are found there, each under its own anchor.
//! * The files are a function of the records.
//! * Beside the index there is a list of the commonest words in each language, from which the page's script corrects
//!   words that are misspelt.
//!
//! Not here: the search page and its script, which belong to the theme.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::config::Search;
use crate::markdown::plain_text;
use crate::path::Address;
use crate::routes::{RouteKind, Routes, search_folder};
use crate::schema::Trait;
use crate::site::{Ix, Site};
use crate::template::{Renderers, TemplateContext, entry_text, escaped, narrowest_picture, quoted_numbers};
use crate::views::{EntryView, Item};

/// A file of the index: its name below the index's folder, and its bytes.
pub(crate) type IndexFile = (String, Vec<u8>);

/// One search result: an HTML document that a browser never sees, and the address of the page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Record {
    url: String,
    html: String,
    /// The first part of the language's code.
    lang: String,
}

/// Makes the words of an edition that a newer one has replaced weigh less, and lets its result say so.
const REPLACED: &str = " data-pagefind-weight=\"0.2\" data-pagefind-meta=\"replaced:yes\"";

/// Lets the result of a sample say so.
const SAMPLE: &str = " data-pagefind-meta=\"sample:yes\"";

/// Lets the result of an event show its day.
const TIMED: &str = " data-pagefind-meta=\"timed:yes\"";

/// How much of each text can be found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Depth {
    Everything,
    /// Titles, summaries, headings and facets.
    Headings,
}

/// The records of a snapshot; none if it has no search.
pub(crate) fn records(renderers: &Renderers, site: &Site, routes: &Routes) -> Vec<Record> {
    let (Some(search), Some(_)) = (&site.config.search, search_folder(site)) else { return Vec::new() };
    let with_samples = finds_samples(site);
    let all: Vec<Ix> = routes
        .all()
        .iter()
        .filter_map(|route| match route.kind {
            RouteKind::Entry(ix) if site.is_searchable(ix, with_samples) => Some(ix),
            _ => None,
        })
        .collect();
    let depth = if all.len() > search.full_text_up_to { Depth::Headings } else { Depth::Everything };
    let plan = Plan { search, depth, rows: rows(site, with_samples) };
    all.par_iter().map(|ix| record(&renderers.of(site.lang(*ix)).asked, *ix, &plan)).collect()
}

/// Whether readers find samples: only while no collection that has some holds anything real that they could find.
fn finds_samples(site: &Site) -> bool {
    let found = || site.shown().filter(|ix| site.is_searchable(*ix, true));
    let of_samples: BTreeSet<&str> =
        found().filter(|ix| site.is_sample(*ix)).map(|ix| &*site.entry(ix).id.collection).collect();
    found().all(|ix| site.is_sample(ix) || !of_samples.contains(&*site.entry(ix).id.collection))
}

/// What can be found on each page.
struct Plan<'a> {
    search: &'a Search,
    depth: Depth,
    /// The rows that are shown on a page, by its address.
    rows: BTreeMap<&'a str, Vec<Ix>>,
}

/// The rows that are shown on another entry's page, by the address of that page.
fn rows(site: &Site, with_samples: bool) -> BTreeMap<&str, Vec<Ix>> {
    let mut rows: BTreeMap<&str, Vec<Ix>> = BTreeMap::new();
    for ix in site.shown().filter(|ix| site.stands_for(*ix) == *ix && site.is_searchable(*ix, with_samples)) {
        if let Some((page, _)) = site.address(ix).and_then(|address| address.as_str().split_once('#')) {
            rows.entry(page).or_default().push(ix);
        }
    }
    rows
}

fn record(asked: &TemplateContext, ix: Ix, plan: &Plan<'_>) -> Record {
    let site = &asked.site;
    let view = asked.view(ix);
    let mut html = format!(
        "<html lang=\"{}\"><body data-pagefind-body{}><h1 data-pagefind-meta=\"title\">{}</h1>",
        escaped(&asked.language().code),
        if view.is_replaced() { REPLACED } else { "" },
        escaped(&view.title())
    );
    for facet in &plan.search.facets {
        for text in facet_values(view, facet) {
            html.push_str(&format!(
                "<i data-v=\"{}\" data-pagefind-filter=\"{}[data-v]\"></i>",
                escaped(&text),
                escaped(facet)
            ));
        }
    }
    let is_timed = site.config.collections[&site.entry(ix).id.collection].traits.contains(&Trait::Timed);
    let date = match is_timed {
        true => view.fields().text("start"),
        false => view.date().map(|date| date.written().into()),
    };
    for (name, text) in [("kind", view.kind_label()), ("date", date.as_deref())] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            html.push_str(&format!("<i data-v=\"{}\" data-pagefind-meta=\"{name}[data-v]\"></i>", escaped(text)));
        }
    }
    if site.is_sample(ix) {
        html.push_str(&format!("<i{SAMPLE}></i>"));
    }
    if is_timed {
        html.push_str(&format!("<i{TIMED}></i>"));
    }
    if let Some(cover) = cover(asked, ix, plan.search) {
        let href = site.config.base.file_href(cover.as_str());
        html.push_str(&format!("<i data-v=\"{}\" data-pagefind-meta=\"cover[data-v]\"></i>", escaped(&href)));
    }
    if let Some(summary) = view.summary() {
        html.push_str(&format!("<p>{}</p>", escaped(&summary)));
    }
    let address = site.address(ix).map_or("/", |address| address.as_str());
    match plan.depth {
        Depth::Everything => {
            words(asked, ix, plan, &mut html);
            texts(asked, ix, &mut html);
        }
        Depth::Headings => headings(site, ix, &mut html),
    }
    for row in plan.rows.get(address).into_iter().flatten() {
        of_row(asked, *row, plan, &mut html);
    }
    html.push_str("</body></html>");
    let code = &asked.language().code;
    let lang = code.split('-').next().unwrap_or(code).to_owned();
    Record { url: site.config.base.href(address), html, lang }
}

/// What stands beside a result: the entry's picture, else what is drawn of it.
fn cover(asked: &TemplateContext, ix: Ix, search: &Search) -> Option<Address> {
    let picture = search.rendition.as_ref().and_then(|rendition| narrowest_picture(asked, ix, rendition));
    let drawn = || {
        let shapes = &asked.site.config.drawing_of(&asked.site.entry(ix).id.collection)?.shapes;
        let wanted = search.drawing.as_ref()?;
        let shape = shapes.keys().find(|shape| *shape == wanted).or_else(|| shapes.keys().next())?;
        Some(asked.routes.drawn(&asked.site, ix, shape)?.address)
    };
    picture.or_else(drawn)
}

/// The text of a row, under a heading of its own.
fn of_row(asked: &TemplateContext, row: Ix, plan: &Plan<'_>, html: &mut String) {
    let anchor =
        asked.site.address(row).and_then(|address| Some(address.as_str().split_once('#')?.1)).unwrap_or_default();
    html.push_str(&format!("<h2 id=\"{}\">{}</h2>", escaped(anchor), escaped(&asked.view(row).title())));
    if plan.depth == Depth::Everything {
        words(asked, row, plan, html);
        field_texts(asked, row, html);
    }
}

/// The words of the declared fields of an entry.
fn words(asked: &TemplateContext, ix: Ix, plan: &Plan<'_>, html: &mut String) {
    let mut found = Vec::new();
    for field in &plan.search.fields {
        for item in asked.view(ix).fields().at(field) {
            item.words(&mut found);
        }
        found.extend(quoted_numbers(asked, ix, field));
    }
    for text in found {
        html.push_str(&format!("<p>{}</p>", escaped(&text)));
    }
}

fn field_texts(asked: &TemplateContext, ix: Ix, html: &mut String) {
    let entry = asked.site.entry(ix);
    for doc in entry.field_texts() {
        let figure = |id: &str| asked.readers().figure(ix, &entry.source, id);
        html.push_str(&format!("<p>{}</p>", escaped(&plain_text(doc, &figure))));
    }
}

fn texts(asked: &TemplateContext, ix: Ix, html: &mut String) {
    let entry = asked.site.entry(ix);
    field_texts(asked, ix, html);
    // Faults of a block's template are reported when the page is rendered.
    if let Some(doc) = &entry.text {
        html.push_str(&entry_text(asked, ix, &entry.source, doc, "").value);
    }
    for part in &entry.parts {
        html.push_str(&entry_text(asked, ix, &part.source, &part.text, &format!("{}_", part.key)).value);
    }
}

fn headings(site: &Site, ix: Ix, html: &mut String) {
    let entry = site.entry(ix);
    let own = entry.text.iter().map(|doc| (&**doc, String::new()));
    let parts = entry.parts.iter().map(|part| (&*part.text, format!("{}_", part.key)));
    for (doc, prefix) in own.chain(parts) {
        for heading in &doc.outline {
            html.push_str(&format!("<h2 id=\"{prefix}{}\">{}</h2>", escaped(&heading.id), escaped(&heading.text)));
        }
    }
}

/// An entry's values in a field that readers may narrow their search by: titles, labels, a year.
fn facet_values(entry: EntryView<'_>, facet: &str) -> Vec<String> {
    if let Some(date) = facet.strip_suffix(".year") {
        let day = entry.fields().at(date).into_iter().next().and_then(|item| item.called());
        return day.and_then(|day| Some(day.get(..4)?.to_owned())).into_iter().collect();
    }
    if facet == "kind" {
        return entry.kind_label().filter(|label| !label.is_empty()).map(str::to_owned).into_iter().collect();
    }
    entry.fields().at(facet).iter().filter_map(Item::called).map(Cow::into_owned).collect()
}

/// The hash that names an index: equal records have equal files.
pub(crate) fn hash(records: &[Record]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(FORM.as_bytes());
    for record in records {
        for text in [&record.url, &record.html, &record.lang] {
            hasher.update(&text.len().to_le_bytes());
            hasher.update(text.as_bytes());
        }
    }
    *hasher.finalize().as_bytes()
}

/// The version of the files; raised when the same records give different files.
const FORM: &str = "pagefind 1.6.0, 2";

/// Packs files into one value for a cache.
pub(crate) fn packed(files: &[IndexFile]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in files {
        for part in [name.as_bytes(), bytes] {
            out.extend_from_slice(&(part.len() as u64).to_le_bytes());
            out.extend_from_slice(part);
        }
    }
    out
}

/// Unpacks the files; `None` if they are incomplete.
pub(crate) fn unpacked(mut packed: &[u8]) -> Option<Vec<IndexFile>> {
    let mut part = || -> Option<Option<Vec<u8>>> {
        let Some((length, rest)) = packed.split_first_chunk::<8>() else {
            return packed.is_empty().then_some(None);
        };
        let (part, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        packed = rest;
        Some(Some(part.to_vec()))
    };
    let mut files = Vec::new();
    while let Some(name) = part()? {
        files.push((String::from_utf8(name).ok()?, part()??));
    }
    Some(files)
}

/// The index files of `records`, or why there are none.
#[cfg(feature = "search")]
pub(crate) fn index(records: &[Record]) -> Result<Vec<IndexFile>, String> {
    use pagefind::api::PagefindIndex;
    use pagefind::options::PagefindServiceConfig;

    if records.is_empty() {
        return Ok(Vec::new());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let options = PagefindServiceConfig::builder().keep_index_url(true).build();
    let made = runtime.block_on(async {
        let mut index = PagefindIndex::new(Some(options))?;
        for record in records {
            index.add_html_file(None, Some(record.url.clone()), record.html.clone()).await?;
        }
        index.get_files().await
    });
    let mut files: Vec<IndexFile> = made
        .map_err(|error| error.to_string())?
        .into_iter()
        .map(|file| (file.filename.to_string_lossy().replace('\\', "/"), file.contents))
        .filter(|(name, _)| is_needed(name))
        .collect();
    files.extend(word_lists(records));
    files.sort();
    Ok(files)
}

/// The most words in a list: some 60 KB as they are sent, when a reader first searches.
#[cfg(feature = "search")]
const MOST_WORDS: usize = 20_000;

/// By language, the words of most records, as JSON: `words.en.json`, named by the first part of the language's code.
#[cfg(feature = "search")]
fn word_lists(records: &[Record]) -> Vec<IndexFile> {
    let mut counted: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for record in records {
        let of_language = counted.entry(&record.lang).or_default();
        let words: std::collections::BTreeSet<String> = words_in(&record.html).collect();
        for word in words {
            *of_language.entry(word).or_default() += 1;
        }
    }
    let list = |(lang, counts): (&str, BTreeMap<String, usize>)| {
        let mut words: Vec<(String, usize)> = counts.into_iter().collect();
        // The sort is stable: of words that are equally common, those that come first in the alphabet are kept.
        words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        words.truncate(MOST_WORDS);
        let mut words: Vec<String> = words.into_iter().map(|(word, _)| word).collect();
        words.sort();
        (format!("words.{lang}.json"), serde_json::json!(words).to_string().into_bytes())
    };
    counted.into_iter().map(list).collect()
}

/// The words of at least four letters in the text of HTML, in small letters.
#[cfg(feature = "search")]
fn words_in(html: &str) -> impl Iterator<Item = String> {
    let mut is_text = true;
    let mut is_named = false;
    let kept = html.chars().map(move |char| {
        match char {
            '<' => is_text = false,
            '>' => {
                is_text = true;
                return ' ';
            }
            '&' => is_named = true,
            ';' if is_named => {
                is_named = false;
                return ' ';
            }
            _ => {}
        }
        if is_text && !is_named && char.is_alphabetic() { char } else { ' ' }
    });
    let text: String = kept.collect();
    let words: Vec<String> = text.split(' ').filter(|word| word.chars().count() >= 4).map(str::to_lowercase).collect();
    words.into_iter()
}

/// Whether a file belongs to the index: Pagefind's ready-made interfaces are not used.
#[cfg(feature = "search")]
fn is_needed(name: &str) -> bool {
    !["-ui.", "-highlight."].iter().any(|part| name.contains(part))
}

/// A program built without search makes no index.
#[cfg(not(feature = "search"))]
pub(crate) fn index(_records: &[Record]) -> Result<Vec<IndexFile>, String> {
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{packed, unpacked};

    #[cfg(feature = "search")]
    #[test]
    fn words_are_those_that_readers_see() {
        let html = "<h1 class=\"title\">Procurement &quot;spend&quot;</h1><p>The tŷ, Ffôn&amp;llinell; an IT-team</p>";
        let words: Vec<String> = super::words_in(html).collect();
        assert_eq!(words, ["procurement", "spend", "ffôn", "llinell", "team"]);
    }

    proptest! {
        #[test]
        fn files_come_back_from_a_cache_as_they_were(
            files in proptest::collection::vec(("[a-z/]{0,9}", proptest::collection::vec(any::<u8>(), 0..40)), 0..5),
            lost in 1usize..9,
        ) {
            let whole = packed(&files);
            prop_assert_eq!(unpacked(&whole), Some(files.clone()));
            // A truncated value yields nothing: it ends within a file, or holds fewer of them.
            let part = &whole[..whole.len().saturating_sub(lost)];
            prop_assert!(whole.is_empty() || unpacked(part) != Some(files));
        }
    }
}
