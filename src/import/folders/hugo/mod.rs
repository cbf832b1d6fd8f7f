//! A folder of Hugo → a survey: sections, bundles, languages, taxonomies, cascades, menus.

mod cascade;
mod menus;
mod permalinks;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use self::cascade::Cascades;
use self::permalinks::{Facts, expanded, plain, urlized};
use self::settings::Settings;
pub(super) use self::settings::{has_config_folder, has_settings};
use super::hidden::{Rules, state};
use super::lenient::{self, fill, get, key, line_of, moment, raw, text, text_at, texts};
use super::pages::{self, Page, note};
use super::texts::{Meanings, Read};
use super::{Folder, Program};
use crate::data::{RawKind, Table};
use crate::import::site::place::Place;
use crate::import::site::survey::{Body, Person, Redirect, State, Survey, Term};

/// Endings of texts.
const MARKDOWN: &[&str] = &["md", "markdown", "mdown"];
const HTML: &[&str] = &["html", "htm"];
const OTHERS: &[&str] = &["adoc", "asciidoc", "ad", "org", "rst", "pandoc", "pdc"];

/// A file of texts.
struct Text {
    path: String,
    /// The folders above it, below the folder of texts.
    folders: Vec<String>,
    /// Its name without ending and language.
    stem: String,
    lang: String,
    fields: Table,
    body: Body,
    line: usize,
    unread: Option<String>,
}

impl Text {
    fn is_branch(&self) -> bool {
        self.stem == "_index"
    }

    fn is_bundle(&self) -> bool {
        self.stem == "index"
    }

    /// The folders above the page: those of a bundle are above its own.
    fn above(&self) -> &[String] {
        match self.is_bundle() {
            true => &self.folders[..self.folders.len().saturating_sub(1)],
            false => &self.folders,
        }
    }

    fn section(&self) -> &str {
        let above = if self.is_branch() { &self.folders } else { self.above() };
        above.first().map_or("", String::as_str)
    }

    /// The name of the page: of its file, or of its folder.
    fn name(&self) -> &str {
        match self.is_bundle() || self.is_branch() {
            true => self.folders.last().map_or("index", String::as_str),
            false => &self.stem,
        }
    }
}

/// A file below a folder of texts that is no text, and the folders above it.
struct Beside {
    path: String,
    folders: Vec<String>,
    name: String,
    lang: String,
}

/// Pages that have a folder of their own, by language and folder.
type Bundles = BTreeMap<(String, Vec<String>), Bundle>;

/// A page with a folder of its own.
struct Bundle {
    address: String,
    path: String,
    /// Whether readers are given the files in it.
    gives_files: bool,
}

/// What is in a folder of Hugo, as of `now`.
pub(super) fn survey(folder: &Folder<'_>, now: Timestamp, meanings: Meanings) -> (Survey, Read) {
    let mut survey = Survey { program: Program::Hugo.name(), ..Survey::default() };
    let settings = settings::read(folder, &mut survey.notes);
    about(&settings, &mut survey);
    let (texts, beside) = gathered(folder, &settings, &mut survey);
    let cascades = Cascades::new(
        &settings,
        texts.iter().map(|text| (&*text.lang, &*text.folders, &text.fields, text.is_branch())),
    );
    let branches: BTreeSet<(String, Vec<String>)> =
        texts.iter().filter(|text| text.is_branch()).map(|text| (text.lang.clone(), text.folders.clone())).collect();
    let rules = Rules {
        now,
        zone: settings.zone.clone(),
        drafts: settings.drafts,
        future: settings.future,
        expired: settings.expired,
        from: &["publishdate", "pubdate", "published", "date"],
    };
    let mut at = Bundles::new();
    let mut pages = Vec::new();
    for text in texts {
        let page = page(text, &settings, &cascades, &branches, &rules, &mut at);
        pages.push(page);
    }
    sections(&mut pages, &settings, &mut survey);
    menus::menus(&settings, &mut pages, &mut survey);
    terms(&pages, &settings, &mut survey);
    files(folder, &settings, beside, &at, &mut survey);
    pages::redirects(folder, &mut survey);
    for (path, name) in folder.below("data") {
        if lenient::Notation::of(name).is_some()
            && let Some((raw, _)) = folder.text(path).and_then(|text| lenient::file(path, &text))
        {
            pages::people(path, &raw, &mut survey);
        }
    }
    let own = settings.languages[0].code.clone();
    let prefixes = settings.languages.iter().map(|language| language.prefix.clone()).collect();
    pages::entries(pages, &own, &settings.zone, &mut survey);
    for mount in &settings.content {
        super::beside::belong(&mut survey, &mount.folder);
    }
    let base = settings.base.clone().unwrap_or_default();
    pages::uses(&mut survey, &base);
    without_unused_assets(&mut survey);
    let read = Read::new(Program::Hugo, &survey, settings.all, Vec::new(), prefixes, meanings);
    (survey, read)
}

fn about(settings: &Settings, survey: &mut Survey) {
    let own = settings.languages[0].code.clone();
    let text_of =
        |path: &[&str]| settings.of_language(&own, path).and_then(text).filter(|text| !text.trim().is_empty());
    survey.about.title = text_of(&["title"]);
    survey.about.description = text_of(&["params", "description"]).map(|words| pages::without_tags(&words));
    survey.about.base = settings.base.clone().filter(|base| base.contains("://"));
    survey.stood = Place::new(survey.about.base.as_deref().unwrap_or_default(), "", "");
    survey.about.email = text_of(&["params", "email"]).filter(|email| email.contains('@'));
    survey.about.timezone = settings.zone_name.clone().filter(|_| settings.zone.iana_name().is_some());
    let code = |code: &str| {
        let exact = text_at(&settings.all, &["languages", code, "languagecode"])
            .or_else(|| text_at(&settings.all, &["languages", code, "locale"]))
            .or_else(|| (code == own).then(|| text_at(&settings.all, &["languagecode"])).flatten());
        match code == own {
            true => exact.unwrap_or_else(|| code.to_owned()),
            false => code.to_owned(),
        }
    };
    let title = |code: &String| Some((code.clone(), text_at(&settings.all, &["languages", code, "title"])?));
    survey.about.titles = settings.languages.iter().filter_map(|language| title(&language.code)).collect();
    survey.about.languages = settings.languages.iter().map(|language| code(&language.code)).collect();
}

/// Reads all files below the folders of texts.
fn gathered(folder: &Folder<'_>, settings: &Settings, survey: &mut Survey) -> (Vec<Text>, Vec<Beside>) {
    let (mut texts, mut beside) = (Vec::new(), Vec::new());
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let own = &settings.languages[0].code;
    for mount in &settings.content {
        let paths: Vec<(&str, &str)> = folder.below(&mount.folder).filter(|(path, _)| taken.insert(path)).collect();
        let bundles: BTreeSet<&str> = paths.iter().filter_map(|(_, below)| bundle(below)).collect();
        for (path, below) in paths {
            let below_all = match mount.at.as_str() {
                "" => below.to_owned(),
                at => format!("{at}/{below}"),
            };
            let mut folders: Vec<String> = below_all.split('/').map(str::to_owned).collect();
            let name = folders.pop().unwrap_or_default();
            if name.starts_with('.')
                || folders.iter().any(|folder| folder.starts_with('.'))
                || name.ends_with(".gotmpl")
            {
                if !name.starts_with('.') {
                    let how = "Hugo publishes neither what is in such folders nor templates";
                    survey.notes.push(note("files that Hugo does not publish", how, path, 0, ""));
                }
                continue;
            }
            let ignored = settings.ignores(path);
            if ignored == Some(true) || mount.leaves_out(below) {
                let how = "its settings leave them out (`ignoreFiles`, or those of a mount)";
                survey.notes.push(note("files that Hugo does not publish", how, path, 0, ""));
                continue;
            }
            let ending = pages::ending(&name);
            let (stem, said) = stem(&name, settings);
            let lang = said.or_else(|| mount.lang.clone()).unwrap_or_else(|| own.clone());
            let is_text = [MARKDOWN, HTML, OTHERS].iter().any(|all| all.contains(&&*ending));
            let inside = inside(below, &bundles);
            if !settings.languages.iter().any(|language| language.code == lang) {
                let how = "the settings switch its language off, or have none of that name";
                survey.notes.push(note("files that Hugo does not publish", how, path, 0, ""));
                continue;
            }
            if inside && is_text {
                let how = "it has no page of its own there; add what readers need of it to the page";
                survey.notes.push(note("texts beside a page", how, path, 0, ""));
                continue;
            }
            if !is_text {
                beside.push(Beside { path: path.to_owned(), folders, name, lang });
                continue;
            }
            match read_text(folder, path, folders, stem, lang, &ending, survey) {
                Ok(mut text) => {
                    if ignored.is_none() {
                        text.unread.get_or_insert_with(|| "the settings may leave it out (`ignoreFiles`)".to_owned());
                    }
                    texts.push(text);
                }
                Err(folders) => {
                    beside.push(Beside { path: path.to_owned(), folders, name, lang: own.clone() });
                }
            }
        }
    }
    (texts, beside)
}

/// Reads one text; its folders come back if it is only a file.
fn read_text(
    folder: &Folder<'_>,
    path: &str,
    folders: Vec<String>,
    stem: String,
    lang: String,
    ending: &str,
    survey: &mut Survey,
) -> Result<Text, Vec<String>> {
    let nothing = |unread| Text {
        path: path.to_owned(),
        folders: folders.clone(),
        stem: stem.clone(),
        lang: lang.clone(),
        fields: Vec::new(),
        body: Body::Nothing,
        line: 1,
        unread,
    };
    let whole = match (folder.bytes)(path) {
        Ok(bytes) => lenient::decoded(bytes),
        Err(why) => {
            survey.notes.push(note("files that cannot be read", "its page is a draft without a text", path, 0, why));
            return Ok(nothing(Some("its file cannot be read".to_owned())));
        }
    };
    let parts = lenient::split(&whole);
    let is_html = HTML.contains(&ending);
    if is_html && !parts.has_front {
        return Err(folders);
    }
    survey.notes.extend(parts.faults.iter().map(|fault| pages::unreadable(path, fault)));
    let mut unread = parts.unread.map(|name| format!("`{name}` in its front matter cannot be read"));
    if OTHERS.contains(&ending) {
        let how = "its page is a draft with the text as it is: write it in Markdown";
        survey.notes.push(note("texts in another notation", how, path, 0, ending));
        unread.get_or_insert_with(|| "its text is not in Markdown".to_owned());
    }
    let line = line_of(&whole, parts.body.start);
    let body = whole[parts.body].to_owned();
    let body = if is_html { Body::Html(body) } else { Body::Markdown(body) };
    Ok(Text { fields: parts.fields, body, line, ..nothing(unread) })
}

/// The name of a file without ending and language, and its language.
fn stem(name: &str, settings: &Settings) -> (String, Option<String>) {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match stem.rsplit_once('.') {
        Some((stem, lang))
            if settings.languages.iter().any(|language| language.code.eq_ignore_ascii_case(lang))
                || settings.off.iter().any(|code| code.eq_ignore_ascii_case(lang)) =>
        {
            (stem.to_owned(), Some(lang.to_lowercase()))
        }
        _ => (stem.to_owned(), None),
    }
}

/// The folder of a bundle, if this is the text of one.
fn bundle(below: &str) -> Option<&str> {
    let (folder, name) = below.rsplit_once('/')?;
    let is_text = [MARKDOWN, HTML, OTHERS].iter().any(|all| all.contains(&&*pages::ending(name)));
    (name.starts_with("index.") && is_text).then_some(folder)
}

/// Whether a file belongs to a bundle without being its text.
fn inside(below: &str, bundles: &BTreeSet<&str>) -> bool {
    let mut folder = below;
    let mut nearest = true;
    while let Some((above, _)) = folder.rsplit_once('/') {
        if bundles.contains(above) {
            return !(nearest && bundle(below).is_some());
        }
        (folder, nearest) = (above, false);
    }
    false
}

/// Turns a text into a page, with its address.
fn page(
    mut text: Text,
    settings: &Settings,
    cascades: &Cascades,
    branches: &BTreeSet<(String, Vec<String>)>,
    rules: &Rules,
    at: &mut Bundles,
) -> Page {
    if let Some(place) = text.fields.iter().position(|(key, _)| key.name.eq_ignore_ascii_case("params"))
        && let RawKind::Table(inner) = text.fields[place].1.kind.clone()
    {
        text.fields.remove(place);
        fill(&mut text.fields, &inner);
    }
    let mut fields = std::mem::take(&mut text.fields);
    cascades.apply(&text.lang, &text.folders, &text.stem, text.is_branch(), &mut fields);
    date(&mut fields, text.name(), settings);
    if get(&fields, "title").is_none() {
        let title = pages::title_of(pages::dated(text.name()).map_or(text.name(), |(_, rest)| rest));
        fields.push((key("title"), raw(RawKind::Text(title))));
    }
    let address = address(&text, &fields, settings, branches);
    let mut addresses = vec![address.clone()];
    addresses.extend(pages::former(&fields, address.trim_end_matches('/')));
    let state = match &text.unread {
        Some(why) => State::Hidden(why.clone()),
        None => state(&fields, rules),
    };
    let is_unlisted = super::hidden::is_unlisted(&mut fields);
    if text.is_bundle() || text.is_branch() {
        let gives_files = !["build", "_build"].iter().filter_map(|name| get(&fields, name)).any(|build| {
            lenient::at(build, &["publishresources"]).is_some_and(|value| lenient::truth(value) != Some(true))
        });
        at.insert((text.lang.clone(), text.folders.clone()), Bundle { address, path: text.path.clone(), gives_files });
    }
    let group =
        text_of(&fields, "translationkey").unwrap_or_else(|| format!("{}/{}", text.folders.join("/"), text.stem));
    let is_home = text.is_branch() && text.folders.is_empty();
    Page {
        kind: match text.section() {
            "" => "page".to_owned(),
            _ if is_unlisted => "page".to_owned(),
            section => section.to_owned(),
        },
        key: match (is_home, pages::dated(text.name())) {
            (true, _) => "index".to_owned(),
            (_, Some((_, rest))) if !rest.is_empty() => rest.to_owned(),
            _ => text.name().to_owned(),
        },
        lang: (text.lang != settings.languages[0].code).then(|| text.lang.clone()),
        group,
        is_list: text.is_branch() && text.folders.len() == 1 && !is_unlisted,
        fields,
        body: text.body,
        state,
        addresses,
        line: text.line,
        source: text.path,
    }
}

fn text_of(fields: &Table, name: &str) -> Option<String> {
    get(fields, name).and_then(text).filter(|text| !text.trim().is_empty())
}

/// Makes `date` the day that Hugo takes for it.
fn date(fields: &mut Table, name: &str, settings: &Settings) {
    let found = settings.dates.iter().find_map(|wanted| match wanted.as_str() {
        ":filename" => pages::dated(name).map(|(day, _)| raw(RawKind::Text(day))),
        wanted => get(fields, wanted).filter(|value| moment(value, &settings.zone).is_some()).cloned(),
    });
    let Some(found) = found else { return };
    if let Some((_, rest)) = pages::dated(name).filter(|_| settings.dates.iter().any(|wanted| wanted == ":filename"))
        && get(fields, "slug").is_none()
        && !rest.is_empty()
    {
        fields.push((key("slug"), raw(RawKind::Text(rest.to_owned()))));
    }
    match fields.iter_mut().find(|(key, _)| key.name.eq_ignore_ascii_case("date")) {
        Some((_, value)) => *value = found,
        None => fields.push((key("date"), found)),
    }
}

/// The address of a page.
fn address(text: &Text, fields: &Table, settings: &Settings, branches: &BTreeSet<(String, Vec<String>)>) -> String {
    let language = settings.languages.iter().find(|language| language.code == text.lang);
    let prefix = language.map_or("", |language| &language.prefix);
    let title = text_of(fields, "title").unwrap_or_default();
    let slug = text_of(fields, "slug");
    let above: &[String] = if text.is_branch() { &text.folders } else { text.above() };
    let is_section = |n: usize| n == 1 || branches.contains(&(text.lang.clone(), above[..n].to_vec()));
    let sections: Vec<String> = (1..=above.len()).filter(|n| is_section(*n)).map(|n| above[n - 1].clone()).collect();
    let own_date = get(fields, "date").and_then(|date| moment(date, &settings.zone)).map(|date| date.day());
    // Hugo counts the day where the author wrote it.
    let date = get(fields, "date").and_then(lenient::text).and_then(|date| date.get(..10)?.parse().ok()).or(own_date);
    let facts = Facts {
        date,
        sections: &sections,
        title: &title,
        slug: slug.as_deref(),
        name: text.name(),
        keeps_capitals: settings.keeps_capitals,
    };
    if let Some(url) = text_of(fields, "url") {
        let whole = expanded(&url, &facts).unwrap_or_else(|| format!("/{}", url.trim_start_matches('/')));
        return match url.starts_with('/') {
            true => whole,
            false => format!("{prefix}{whole}"),
        };
    }
    let found = if text.is_branch() {
        let is_term = text.folders.len() == 2 && settings.taxonomies.contains(&text.folders[0]);
        let kind = if is_term { "term" } else { "section" };
        let pattern = text.folders.first().and_then(|first| settings.permalink(&text.lang, kind, first));
        pattern.and_then(|pattern| expanded(&pattern, &facts)).unwrap_or_else(|| {
            let parts: String =
                text.folders.iter().map(|part| format!("{}/", urlized(part, settings.keeps_capitals))).collect();
            format!("/{parts}")
        })
    } else {
        let facts = &facts;
        let pattern = settings.permalink(&text.lang, "page", text.section());
        pattern
            .and_then(|pattern| expanded(&pattern, facts))
            .unwrap_or_else(|| plain(&Facts { sections: above, ..facts.clone() }, settings.is_ugly(text.section())))
    };
    format!("{prefix}{found}")
}

/// Sections whose only text is that of their list are pages; all others have a list, whether it has a text or not.
fn sections(pages: &mut [Page], settings: &Settings, survey: &mut Survey) {
    let mut filled: BTreeSet<String> =
        pages.iter().filter(|page| !page.is_list).map(|page| page.kind.clone()).collect();
    filled.remove("page");
    for page in pages.iter_mut().filter(|page| page.is_list && !filled.contains(&page.kind)) {
        page.is_list = false;
        page.kind = "page".to_owned();
    }
    let written: BTreeSet<&str> = pages.iter().flat_map(|page| &page.addresses).map(String::as_str).collect();
    for kind in &filled {
        for language in &settings.languages {
            let code = Some(&language.code).filter(|code| **code != settings.languages[0].code);
            let has_any = pages.iter().any(|page| page.kind == *kind && page.lang.as_ref() == code);
            let address = format!("{}/{}/", language.prefix, urlized(kind, settings.keeps_capitals));
            if has_any && !written.contains(address.as_str()) {
                survey.redirects.push(Redirect { from: address.clone(), to: format!("@list {kind}") });
            }
            if has_any {
                survey.redirects.push(Redirect { from: format!("{address}index.xml"), to: "@feed".to_owned() });
            }
        }
    }
}

/// Words of taxonomies that have no page of their own in the folder of texts.
fn terms(pages: &[Page], settings: &Settings, survey: &mut Survey) {
    for taxonomy in &settings.taxonomies {
        let has_page = |word: &str| {
            let word = urlized(word, false);
            pages.iter().any(|page| {
                page.kind == *taxonomy
                    && (urlized(&page.key, false) == word
                        || text_of(&page.fields, "title").is_some_and(|title| urlized(&title, false) == word))
            })
        };
        let mut words: BTreeMap<String, String> = BTreeMap::new();
        let mut lists: BTreeSet<String> = BTreeSet::new();
        for page in pages.iter().filter(|page| page.state == State::Public) {
            let prefix = settings
                .languages
                .iter()
                .find(|language| Some(&language.code) == page.lang.as_ref())
                .map_or(settings.languages[0].prefix.as_str(), |language| language.prefix.as_str());
            for word in get(&page.fields, taxonomy).map(texts).unwrap_or_default() {
                let url = urlized(&word, settings.keeps_capitals);
                lists.insert(format!("{prefix}/{}/", urlized(taxonomy, settings.keeps_capitals)));
                words.entry(word).or_insert_with(|| format!("{prefix}/{taxonomy}/{url}/"));
            }
        }
        for (word, address) in words.into_iter().filter(|(word, _)| !has_page(word)) {
            let addresses = if settings.has_terms { vec![address] } else { Vec::new() };
            match pages::is_people(taxonomy) {
                true => survey.people.push(Person { id: word.clone(), name: word, addresses, ..Person::default() }),
                false => survey.terms.push(Term {
                    of: taxonomy.clone(),
                    id: word.clone(),
                    name: word,
                    addresses,
                    ..Term::default()
                }),
            }
        }
        let written: BTreeSet<&str> = pages.iter().flat_map(|page| &page.addresses).map(String::as_str).collect();
        let lists = lists.into_iter().filter(|list| settings.has_terms && !written.contains(list.as_str()));
        survey.redirects.extend(lists.map(|from| Redirect { from, to: format!("@list {taxonomy}") }));
    }
    survey.redirects.push(Redirect { from: "/index.xml".to_owned(), to: "@feed".to_owned() });
    survey.addresses.extend(settings.languages.iter().map(|language| format!("{}/", language.prefix)));
}

/// Takes out files of `assets/` that no page names: Hugo publishes those only that a template asks for.
fn without_unused_assets(survey: &mut Survey) {
    let used: BTreeSet<&str> = survey.entries.iter().flat_map(|entry| &entry.uses).map(String::as_str).collect();
    let is_unused = |file: &crate::import::site::survey::File| {
        file.lies_at.as_deref().is_some_and(|path| path.starts_with("assets/")) && !used.contains(file.address.as_str())
    };
    let unused: Vec<String> =
        survey.files.iter().filter(|file| is_unused(file)).filter_map(|file| file.lies_at.clone()).collect();
    survey.files.retain(|file| !unused.iter().any(|path| file.lies_at.as_ref() == Some(path)));
    let how = "Hugo publishes them only where a template asks for them, and no page names them";
    survey.notes.extend(unused.iter().map(|path| note("files of `assets/`", how, path, 0, "")));
}

/// Files that are published as they are, and those beside pages.
fn files(folder: &Folder<'_>, settings: &Settings, beside: Vec<Beside>, at: &Bundles, survey: &mut Survey) {
    let mut left = 0;
    for place in &settings.statics {
        for (path, below) in folder.below(place) {
            match pages::is_given(path) {
                true => survey.files.push(pages::file(path, format!("/{below}"), None)),
                false => left += 1,
            }
        }
    }
    for one in beside.into_iter().filter(|one| pages::is_given(&one.path)) {
        let own = &settings.languages[0].code;
        let near = (0..=one.folders.len()).rev().find_map(|n| {
            let folders = one.folders[..n].to_vec();
            let found = at.get(&(one.lang.clone(), folders.clone())).or_else(|| at.get(&(own.clone(), folders)));
            found.map(|bundle| (bundle, n))
        });
        let rest = |n: usize| {
            let folders: String = one.folders[n..].iter().map(|folder| format!("{folder}/")).collect();
            format!("{folders}{}", one.name)
        };
        let (address, of) = match near {
            Some((bundle, _)) if !bundle.gives_files => {
                let how = "its page says `publishResources: false`; add what readers need of it to the page";
                survey.notes.push(note("files beside a page that Hugo does not publish", how, &one.path, 0, ""));
                continue;
            }
            Some((bundle, n)) => (format!("{}{}", bundle.address, rest(n)), Some(bundle.path.clone())),
            None => (format!("/{}", rest(0)), None),
        };
        survey.files.push(pages::file(&one.path, address, of));
    }
    // Pictures that Hugo works on have no address of their own, but texts name them as if they had.
    for (path, below) in folder.below("assets").filter(|(path, _)| pages::is_given(path)) {
        let address = format!("/{below}");
        if !survey.files.iter().any(|file| file.address == address) {
            survey.files.push(pages::file(path, address, None));
        }
    }
    if left > 0 {
        let how = "they belong to the look of the old site, and are left out";
        survey.notes.push(note(&format!("{left} styles, scripts and the like"), how, &settings.statics[0], 0, ""));
    }
}
