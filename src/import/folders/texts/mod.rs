//! The text of a page of Hugo, Jekyll or Eleventy → Markdown of this program, byte for byte but for what must change.
//!
//! The steps, a file each:
//! 1. `hugo` or `liquid` (`tags`) finds shortcodes and tags, also in code, as those programs do; `expressions` fills in values that are known;
//!    `table` says what the rest becomes. `job` keeps what is unknown visible, and counts.
//! 2. `kramdown` and `embeds` take out what only a browser or another reader of Markdown understood, and what a browser did not show;
//!    `outside` passes over code.
//! 3. `links` writes links and pictures anew, with the anchors that headings have here (`anchors`).
//!
//! Pages in HTML go the first step, and then through `import::html`.

mod anchors;
mod embeds;
mod expressions;
mod hugo;
mod job;
mod kramdown;
mod links;
mod liquid;
mod outside;
mod table;
mod tags;

use std::collections::{BTreeMap, BTreeSet};

use self::anchors::Manner;
pub(super) use self::expressions::filled;
use self::job::Job;
pub(crate) use self::table::Meanings;
use super::Program;
use super::lenient::{at, key, raw, text};
use super::pages;
use crate::data::{Raw, RawKind, Table};
use crate::import::losses::Losses;
use crate::import::site::survey::{Body, Entry, Survey, Value};
use crate::import::site::texts::{Links, Target, Text, Texts};
use crate::import::{html, markdown, tidy};
use crate::markdown::Options;
use crate::path::SitePath;

/// What the texts of a folder need to be turned into Markdown.
pub(crate) struct Read {
    program: Program,
    base: String,
    config: Raw,
    data: Table,
    /// How the addresses of languages begin: `/cy`; the site's own is empty.
    prefixes: Vec<String>,
    meanings: Meanings,
    /// Pages by the last part of the path of their files.
    sources: BTreeMap<String, Vec<Source>>,
    known: BTreeSet<String>,
    /// What was not taken over of the fields of each entry, by its id.
    of_fields: BTreeMap<String, Losses>,
    /// For each address, the anchors that differ: before, and here.
    anchors: BTreeMap<String, Vec<(String, String)>>,
}

/// A page by its file.
struct Source {
    /// Without ending, language and the name of an index.
    path: String,
    lang: Option<String>,
    address: String,
}

impl Read {
    /// Prepares the translation of the texts of `survey`.
    pub(super) fn new(
        program: Program,
        survey: &Survey,
        config: Raw,
        data: Table,
        prefixes: Vec<String>,
        meanings: Meanings,
    ) -> Self {
        use rayon::prelude::*;
        let mut sources: BTreeMap<String, Vec<Source>> = BTreeMap::new();
        let mut known: BTreeSet<String> = survey.files.iter().map(|file| file.address.clone()).collect();
        known.extend(survey.addresses.iter().cloned());
        known.extend(survey.redirects.iter().map(|redirect| redirect.from.clone()));
        known.extend(survey.terms.iter().flat_map(|term| term.addresses.iter().cloned()));
        known.extend(survey.people.iter().flat_map(|person| person.addresses.iter().cloned()));
        for entry in &survey.entries {
            known.extend(entry.addresses.iter().cloned());
            let path = bare(&entry.place.file, entry.lang.as_deref());
            if let Some(address) = entry.addresses.first() {
                let last = path.rsplit('/').next().unwrap_or_default().to_owned();
                let source = Source { path, lang: entry.lang.clone(), address: address.clone() };
                sources.entry(last).or_default().push(source);
            }
        }
        let manner = if program == Program::Jekyll { Manner::Kramdown } else { Manner::Github };
        let options =
            Options { extensions: true, smart_punctuation: false, html: crate::markdown::HtmlPolicy::Sanitise };
        let anchors = survey
            .entries
            .par_iter()
            .filter_map(|entry| {
                let Body::Markdown(body) = &entry.body else { return None };
                let moved = anchors::moved(body, manner, &options);
                (!moved.is_empty()).then(|| Some((entry.addresses.first()?.clone(), moved))).flatten()
            })
            .collect::<Vec<_>>();
        Self {
            program,
            base: survey.about.base.clone().unwrap_or_default(),
            config,
            data,
            prefixes,
            meanings,
            sources,
            known,
            of_fields: BTreeMap::new(),
            anchors: anchors.into_iter().collect(),
        }
    }

    /// Turns the words in the fields of all entries into what readers saw of them, by the same rules as texts.
    pub(super) fn read_fields(&mut self, survey: &mut Survey) {
        for entry in survey.entries.iter_mut().filter(|entry| entry.fields.iter().any(|(_, value)| has_marks(value))) {
            let mut fields = std::mem::take(&mut entry.fields);
            let mut job = Job::new(self, entry, false);
            let around = (self.program != Program::Hugo).then(|| {
                let known: Table = fields.iter().map(|(name, value)| (key(name), unsurveyed(value))).collect();
                liquid::around(known, &self.config, &self.data)
            });
            for (name, value) in &mut fields {
                in_value(name, value, around.as_ref(), &mut job);
                // A title is plain words here: other fields are read by their types.
                if let Value::Text(title) = value
                    && name.eq_ignore_ascii_case("title")
                    && title.contains(['<', '&'])
                {
                    *title = html::words_of_title(title);
                }
            }
            let losses = job.losses;
            if !losses.all().is_empty() {
                self.of_fields.insert(entry.id.clone(), losses);
            }
            entry.fields = fields;
        }
    }

    fn losses_of_fields(&self, entry: &Entry) -> Losses {
        self.of_fields.get(&entry.id).cloned().unwrap_or_default()
    }

    /// The address of the page that a path in a text names: `blog/a.md`, `/blog/a`, `a`.
    fn page(&self, written: &str, from: &Entry) -> Option<String> {
        let written = written.split(['#', '?']).next().unwrap_or_default().trim();
        let wanted = bare(written.trim_start_matches("./"), None);
        let wanted = wanted.trim_start_matches("../").trim_matches('/');
        let last = wanted.rsplit('/').next().unwrap_or_default();
        let all = self.sources.get(last)?;
        let fits = |source: &&Source| {
            source.path == wanted || source.path.strip_suffix(wanted).is_some_and(|before| before.ends_with('/'))
        };
        let own = all.iter().filter(fits).filter(|source| source.lang == from.lang);
        // The nearest is meant: the one that shares most folders with the page itself.
        let place = &from.place.file;
        let shared = |source: &&Source| source.path.bytes().zip(place.bytes()).take_while(|(a, b)| a == b).count();
        own.max_by_key(shared).or_else(|| all.iter().find(fits)).map(|source| source.address.clone())
    }

    /// A setting of the site, as one text.
    fn setting(&self, path: &[&str], _: &Entry) -> Option<String> {
        at(&self.config, path).and_then(text)
    }

    /// The address on the site that is written on the page of `entry`, in the form in which something is known there.
    fn address(&self, written: &str, entry: &Entry) -> Option<String> {
        let own = entry.addresses.first().map_or("/", String::as_str);
        let found = pages::address_of(written, own, &self.base)?;
        let below = pages::below_host(&self.base);
        let short = found.strip_prefix(&below).filter(|rest| rest.starts_with('/') && !below.is_empty());
        let forms = [Some(found.as_str()), short].into_iter().flatten();
        for form in forms {
            let page = form.trim_end_matches('/');
            let all = [
                form.to_owned(),
                format!("{page}/"),
                page.to_owned(),
                format!("{page}.html"),
                page.trim_end_matches(".html").to_owned() + "/",
                page.trim_end_matches("index.html").to_owned(),
                page.to_lowercase() + "/",
            ];
            if let Some(known) = all.into_iter().find(|address| self.known.contains(address)) {
                return Some(known);
            }
        }
        // Helpers of a site often begin at its root, whatever page they are on.
        let at_root = format!("/{}", written.split(['#', '?']).next().unwrap_or_default());
        if !written.starts_with('/') && self.known.contains(&at_root) {
            return Some(at_root);
        }
        // A page of a language may be named without its prefix.
        let prefixed = self.prefixes.iter().map(|prefix| format!("{prefix}{}/", found.trim_end_matches('/')));
        let prefixed = prefixed.into_iter().find(|address| self.known.contains(address) && entry.lang.is_some());
        Some(prefixed.or_else(|| short.map(str::to_owned)).unwrap_or(found))
    }

    /// What to write for a link; `None` if it stays as it is.
    fn target(&self, to: &str, entry: &Entry, links: &dyn Links) -> Option<Target> {
        let own = entry.addresses.first().map_or("", String::as_str);
        if let Some(anchor) = to.strip_prefix('#') {
            let here = self.anchor(own, anchor)?;
            return Some(Target::To(format!("#{here}")));
        }
        let (path, anchor) = to.split_once('#').map_or((to, None), |(path, anchor)| (path, Some(anchor)));
        if path.is_empty() || path.starts_with(['{', '`']) || path.starts_with("mailto:") || path.starts_with("tel:") {
            return None;
        }
        let is_source =
            [".md", ".markdown", ".mdown"].iter().any(|ending| path.ends_with(ending)) && !path.contains("://");
        let page = if is_source { self.page(path, entry) } else { None };
        let address = page.or_else(|| self.address(path, entry))?;
        let tail = match anchor {
            Some(anchor) => format!("#{}", self.anchor(&address, anchor).unwrap_or_else(|| anchor.to_owned())),
            None => String::new(),
        };
        Some(match links.target(&address) {
            Target::To(new)
                if new == address
                    && pages::address_of(to, own, &self.base).as_deref() == Some(to)
                    && tail.is_empty() =>
            {
                Target::To(to.to_owned())
            }
            Target::To(new) => Target::To(format!("{new}{tail}")),
            nowhere => nowhere,
        })
    }

    /// The anchor that a heading has here, if it differs.
    fn anchor(&self, address: &str, before: &str) -> Option<String> {
        let before = percent_encoding::percent_decode_str(before).decode_utf8_lossy();
        let all = self.anchors.get(address)?;
        all.iter().find(|(old, _)| *old == before).map(|(_, here)| here.clone())
    }
}

/// A path without ending, language and the name of an index.
fn bare(path: &str, lang: Option<&str>) -> String {
    let mut path = path;
    for ending in [".md", ".markdown", ".mdown", ".html", ".htm", ".njk", ".liquid"] {
        path = path.strip_suffix(ending).unwrap_or(path);
    }
    if let Some(lang) = lang {
        path = path.strip_suffix(&format!(".{lang}")).unwrap_or(path);
    }
    for index in ["/_index", "/index"] {
        path = path.strip_suffix(index).unwrap_or(path);
    }
    path.to_owned()
}

/// Links of a text in HTML, which are written as on the page of an entry.
struct OfPage<'a> {
    read: &'a Read,
    entry: &'a Entry,
    links: &'a dyn Links,
}

impl Links for OfPage<'_> {
    fn target(&self, to: &str) -> Target {
        self.read.target(to, self.entry, self.links).unwrap_or_else(|| Target::To(to.to_owned()))
    }

    fn alt(&self, picture: &str) -> Option<&str> {
        let address = self.read.address(picture, self.entry)?;
        self.links.alt(&address)
    }
}

impl Texts for Read {
    fn text(&self, entry: &Entry, file: &SitePath, links: &dyn Links, options: &Options) -> Text {
        let (body, is_html) = match &entry.body {
            Body::Nothing => return Text { losses: self.losses_of_fields(entry), ..Text::default() },
            Body::Html(body) => (body, true),
            Body::Markdown(body) => (body, false),
        };
        let mut job = Job::new(self, entry, is_html);
        let made = match self.program {
            Program::Hugo => hugo::translated(body, &mut job),
            _ => {
                let around = liquid::around(fields(entry), &self.config, &self.data);
                let mut known = liquid::Known::new(&around);
                liquid::translated(body, &mut known, &mut job)
            }
        };
        if is_html {
            let of_page = OfPage { read: self, entry, links };
            let read = html::read(&made, &of_page);
            let mut document = read.document;
            tidy(&mut document);
            let written = markdown::write(&document, options, file);
            job.relink(file, links, options);
            let markdown = job.put_back(&written.text);
            let first_words = job.put_back(&job::as_written(&read.first_words, &[]));
            let first_words = first_words.split_whitespace().collect::<Vec<_>>().join(" ");
            let mut losses = self.losses_of_fields(entry);
            losses.absorb(job.losses);
            losses.absorb(read.losses);
            written.say(&mut losses);
            return Text { markdown, first_words, losses };
        }
        let made = kramdown::translated(&made, &mut job);
        let made = embeds::translated(&made, &mut job);
        let made = job::shown(&made, &job.unknown);
        let title = entry.title().unwrap_or_default().to_owned();
        let made = links::below_title(&made, &title, file, options, &mut job);
        let made = links::relinked(&made, file, links, options, &mut job);
        let doc = crate::markdown::read(file, &made, 0, options).value;
        let first_words = without_unknown(&crate::markdown::first_paragraph(&doc, &|_| None), &job.unknown);
        let mut losses = self.losses_of_fields(entry);
        losses.absorb(job.losses);
        Text { markdown: made.trim_start_matches(['\n', '\r']).to_owned(), first_words, losses }
    }
}

/// The first words of a text without what nobody knows and the text shows as code: a summary has no code.
fn without_unknown(said: &str, unknown: &[String]) -> String {
    let unknown: BTreeSet<&str> = unknown.iter().map(String::as_str).collect();
    let rest = unknown.iter().fold(said.to_owned(), |said, one| said.replace(one, ""));
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a value of a field holds HTML, a tag of Liquid or a shortcode.
fn has_marks(value: &Value) -> bool {
    match value {
        Value::Text(text) => is_more_than_words(text),
        Value::List(items) => items.iter().any(has_marks),
        Value::Group(fields) => fields.iter().any(|(_, value)| has_marks(value)),
        Value::Nothing | Value::Bool(_) | Value::Number(_) | Value::Moment(_) => false,
    }
}

fn is_more_than_words(text: &str) -> bool {
    let begins_tag = |(at, _): (usize, &str)| {
        text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '/'))
    };
    let has_reference = text.contains('&') && text.contains(';');
    has_reference || text.contains("{{") || text.contains("{%") || text.match_indices('<').any(begins_tag)
}

/// Turns the words of a value into what readers saw of them.
fn in_value(name: &str, value: &mut Value, around: Option<&Raw>, job: &mut Job<'_>) {
    match value {
        Value::Text(text) => {
            if !is_more_than_words(text) {
                return;
            }
            let made = match around {
                Some(around) => liquid::translated(text, &mut liquid::Known::new(around), job),
                None => hugo::translated(text, job),
            };
            let made = embeds::translated(&without_comments(name, &made, job), job);
            *text = with_letters(job::as_written(&made, &job.unknown).trim());
        }
        Value::List(items) => items.iter_mut().for_each(|item| in_value(name, item, around, job)),
        Value::Group(fields) => fields.iter_mut().for_each(|(name, value)| in_value(name, value, around, job)),
        Value::Nothing | Value::Bool(_) | Value::Number(_) | Value::Moment(_) => {}
    }
}

/// A line with the letters for its references, `&eacute;`, unless they would make more than words of it.
fn with_letters(line: &str) -> String {
    if !line.contains('&') || line.contains(['<', '\n']) {
        return line.to_owned();
    }
    let seen = html::words_of_title(line);
    if seen.contains(['<', '>', '&']) { line.to_owned() } else { seen }
}

/// Takes comments out of a field, which is no HTML here and would show them.
fn without_comments(name: &str, text: &str, job: &mut Job<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("<!--") {
        let Some((comment, after)) = behind.split_once("-->") else { break };
        out.push_str(if after.is_empty() || after.starts_with(' ') { before.trim_end_matches(' ') } else { before });
        job.left(&format!("a comment in the field `{name}`"), "no reader saw it", comment);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The fields of an entry as Liquid may name them.
fn fields(entry: &Entry) -> Table {
    let mut all: Table = entry.fields.iter().map(|(name, value)| (key(name), unsurveyed(value))).collect();
    if let Some(address) = entry.addresses.first() {
        all.push((key("url"), raw(RawKind::Text(address.clone()))));
    }
    all.push((key("fileSlug"), raw(RawKind::Text(entry.key.clone()))));
    all
}

fn unsurveyed(value: &Value) -> Raw {
    raw(match value {
        Value::Nothing => RawKind::Null,
        Value::Bool(truth) => RawKind::Bool(*truth),
        Value::Number(text) | Value::Moment(text) | Value::Text(text) => RawKind::Text(text.clone()),
        Value::List(items) => RawKind::List(items.iter().map(unsurveyed).collect()),
        Value::Group(fields) => {
            RawKind::Table(fields.iter().map(|(name, value)| (key(name), unsurveyed(value))).collect())
        }
    })
}
