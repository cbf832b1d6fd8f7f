//! Addresses of the former site → what has become of them: for links in texts, fields that name files or entries, menus, redirects.

use std::collections::BTreeMap;

use super::place::Place;
use super::plan::{LookupSubjects, Page};
use super::survey::{Entry, Survey};
use super::texts::{Links, Target};
use crate::config::Config;

/// What is at a former address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    /// A page, by its place in the plan.
    Page(usize),
    /// A file, by its place in the survey.
    File(usize),
    /// A page for a person or a term, and whether readers see it.
    Subject(String, bool),
    /// Where a former redirect leads.
    Elsewhere(String),
}

/// What is known of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Known {
    address: String,
    is_public: bool,
}

/// Everything that former addresses lead to.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    known: BTreeMap<String, Found>,
    pages: Vec<Known>,
    /// Each file: its address, whether it is there, whether it is published at its address, its words.
    files: Vec<KnownFile>,
    /// The id, the key and the title of entries → collection and key.
    entries: BTreeMap<String, Vec<(String, String)>>,
    stood: Place,
    home: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct KnownFile {
    address: String,
    is_there: bool,
    is_published: bool,
    /// Its address, if that is another one now.
    leads_to: Option<String>,
    alt: Option<String>,
}

/// The form in which addresses are compared.
fn same(address: &str) -> String {
    let (path, query) = address.split_once('?').map_or((address, None), |(path, query)| (path, Some(query)));
    let path = path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/').to_lowercase();
    match query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    }
}

impl Lookup {
    pub(super) fn new(survey: &Survey, pages: &[Page], subjects: &dyn LookupSubjects, config: &Config) -> Self {
        let mut lookup = Self { stood: survey.stood.clone(), home: "/".to_owned(), ..Self::default() };
        for (nth, page) in pages.iter().enumerate() {
            let entry = &survey.entries[page.entry];
            lookup.pages.push(Known { address: page.address.clone(), is_public: page.is_public() });
            let words = [entry.id.as_str(), entry.key.as_str(), entry.title().unwrap_or_default()];
            for word in words.into_iter().filter(|word| !word.is_empty()) {
                let all = lookup.entries.entry(word.to_lowercase()).or_default();
                let one = (page.collection.clone(), page.key.clone());
                if !all.contains(&one) {
                    all.push(one);
                }
            }
            for address in entry.addresses.iter().map(String::as_str).chain([page.address.as_str()]) {
                // What readers see comes before what is hidden.
                let key = same(address);
                let is_hidden = |found: &Found| matches!(found, Found::Page(other) if !lookup.pages[*other].is_public);
                if lookup.known.get(&key).is_none_or(is_hidden) {
                    lookup.known.insert(key, Found::Page(nth));
                }
            }
        }
        for (nth, file) in survey.files.iter().enumerate() {
            lookup.files.push(KnownFile {
                address: file.address.clone(),
                is_there: file.lies_at.is_some(),
                is_published: false,
                leads_to: None,
                alt: file.alt.clone(),
            });
            for address in std::iter::once(&file.address).chain(&file.addresses) {
                lookup.known.entry(same(address)).or_insert(Found::File(nth));
            }
        }
        for (old, new, is_seen) in subjects.all(config) {
            lookup.known.entry(same(&old)).or_insert(Found::Subject(new, is_seen));
        }
        for redirect in &survey.redirects {
            lookup.known.entry(same(&redirect.from)).or_insert_with(|| Found::Elsewhere(redirect.to.clone()));
        }
        lookup
    }

    /// What is at a former address of the site; one with a query stands for the one without it.
    pub(crate) fn at(&self, address: &str) -> Option<&Found> {
        self.known.get(&same(address)).or_else(|| {
            let (path, query) = address.split_once('?')?;
            let is_page = ["p=", "page_id=", "attachment_id=", "cat="].iter().any(|start| query.starts_with(start));
            self.known.get(&same(path)).filter(|_| !is_page)
        })
    }

    /// A file is public, at its own address or at another one.
    pub(super) fn publish(&mut self, file: usize, at: Option<String>) {
        let file = &mut self.files[file];
        file.is_published = true;
        file.leads_to = at;
    }

    /// Where a former address leads now, as an address of this site or a full one; the error says why it leads nowhere.
    pub(crate) fn leads(&self, address: &str) -> Result<String, &'static str> {
        let mut address = address.to_owned();
        for _ in 0..10 {
            match self.at(&address) {
                Some(Found::Page(nth)) if self.pages[*nth].is_public => return Ok(self.pages[*nth].address.clone()),
                Some(Found::Page(_)) => return Err("the page is hidden"),
                Some(Found::File(nth)) if self.files[*nth].is_published => {
                    let file = &self.files[*nth];
                    return Ok(file.leads_to.clone().unwrap_or_else(|| file.address.clone()));
                }
                Some(Found::File(nth)) if self.files[*nth].is_there => {
                    return Err("the file belongs to what is hidden");
                }
                Some(Found::File(_)) => return Err("the file is not in the folder of uploads"),
                Some(Found::Subject(to, true)) => return Ok(to.clone()),
                Some(Found::Subject(_, false)) => return Err("only what is hidden is sorted under it"),
                Some(Found::Elsewhere(to)) => match self.stood.address(to) {
                    Some(next) if next != address => address = next,
                    Some(_) => return Err("it leads to itself"),
                    None => return Ok(to.clone()),
                },
                None if same(&address).is_empty() => return Ok(self.home.clone()),
                None => return Err("nothing of the former site is known at this address"),
            }
        }
        Err("it leads in a circle")
    }

    /// Whether something hidden is at a former address.
    pub(crate) fn is_hidden(&self, address: &str) -> bool {
        match self.at(address) {
            Some(Found::Page(nth)) => !self.pages[*nth].is_public,
            Some(Found::File(nth)) => self.files[*nth].is_there && !self.files[*nth].is_published,
            Some(Found::Subject(_, is_seen)) => !is_seen,
            Some(Found::Elsewhere(to)) => self
                .stood
                .address(to)
                .is_some_and(|to| matches!(self.at(&to), Some(Found::Page(nth)) if !self.pages[*nth].is_public)),
            None => false,
        }
    }

    /// The former address, without its anchor, that `to` means in a text at `from`; `None` for other sites.
    pub(crate) fn former(&self, to: &str, from: &str) -> Option<String> {
        let to = to.trim();
        let bare = to.split('#').next().unwrap_or_default();
        let is_relative =
            !bare.starts_with('/') && !bare.contains("//") && !bare.split('/').next().unwrap_or_default().contains(':');
        if is_relative {
            let base =
                url::Url::parse("https://former.invalid").ok()?.join(from.split('?').next().unwrap_or("/")).ok()?;
            let joined = base.join(bare).ok()?;
            let path = &joined[url::Position::BeforePath..];
            return self.stood.address(path);
        }
        self.stood.address(bare).or_else(|| {
            // Files on a host of their own.
            let known = self.known.get(&same(bare.split('?').next().unwrap_or(bare)));
            matches!(known, Some(Found::File(_))).then(|| bare.split('?').next().unwrap_or(bare).to_owned())
        })
    }
}

/// The links in one text, and the names in its fields.
pub(crate) struct Around<'a> {
    pub(crate) lookup: &'a Lookup,
    pub(crate) survey: &'a Survey,
    /// `None`: for all pages together.
    pub(crate) page: Option<&'a Page>,
    pub(crate) config: &'a Config,
}

impl Around<'_> {
    fn entry(&self) -> Option<&Entry> {
        self.page.map(|page| &self.survey.entries[page.entry])
    }

    fn from(&self) -> &str {
        self.entry().and_then(|entry| entry.addresses.first()).map_or("/", String::as_str)
    }

    /// What to write for a file; the error says why it cannot be.
    fn written(&self, former: &str) -> Result<String, &'static str> {
        if let Some(Found::File(nth)) = self.lookup.at(former) {
            let file = &self.lookup.files[*nth];
            if let Some(name) = self.page.and_then(|page| page.beside.get(&file.address)) {
                return Ok(name.clone());
            }
            if self.page.is_none() && file.is_there {
                return Ok(file.address.clone());
            }
        }
        self.lookup.leads(former)
    }
}

impl Links for Around<'_> {
    fn target(&self, to: &str) -> Target {
        match self.lookup.former(to, self.from()) {
            None => Target::To(to.to_owned()),
            Some(former) => match self.written(&former) {
                Ok(written) => Target::To(written),
                Err(why) => Target::Nowhere(why),
            },
        }
    }

    fn alt(&self, picture: &str) -> Option<&str> {
        let former = self.lookup.former(picture, self.from())?;
        match self.lookup.at(&former)? {
            Found::File(nth) => self.lookup.files[*nth].alt.as_deref(),
            _ => None,
        }
    }
}

impl super::plan::values::Names for Around<'_> {
    fn file(&self, address: &str) -> Option<String> {
        let former = self.lookup.former(address, self.from())?;
        matches!(self.lookup.at(&former), Some(Found::File(_))).then(|| self.written(&former).ok()).flatten()
    }

    fn entry(&self, collections: &[crate::schema::Name], word: &str) -> Option<String> {
        let all = self.lookup.entries.get(&word.trim().to_lowercase())?;
        let fits = |one: &&(String, String)| collections.is_empty() || collections.iter().any(|name| **name == *one.0);
        let (collection, key) = all.iter().find(fits)?;
        Some(format!("{collection}/{key}"))
    }

    fn leads_to_hidden(&self, words: &str) -> bool {
        let words = words.trim();
        let is_address = (words.contains("://") || words.starts_with('/')) && !words.contains(char::is_whitespace);
        // Before it is known which files are published, none is hidden.
        self.page.is_some()
            && is_address
            && self.lookup.former(words, self.from()).is_some_and(|former| self.lookup.is_hidden(&former))
    }

    fn markdown(&self, html: &str) -> String {
        let mut read = crate::import::html::read(html, self);
        crate::import::tidy(&mut read.document);
        let file = crate::path::SitePath::new("content/x.md").unwrap_or_else(crate::path::SitePath::root);
        crate::import::markdown::write(&read.document, &self.config.markdown, &file).text
    }
}
