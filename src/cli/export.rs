//! `pamphlet export PAGE --docx`: a page as a Word file, for a translator or a director.

use std::path::PathBuf;

use super::Exit;
use super::args::ExportArgs;
use super::chart_words;
use super::list::status;
use super::session::{Session, clock};
use super::share::wanted;
use crate::config::Overrides;
use crate::content::{Entry, Part, after, front_matter};
use crate::data::RawKind;
use crate::diagnostic::Diagnostic;
use crate::export::docx::write;
use crate::export::{Around, Field, Outgoing, Picture, Says, Shown, fields};
use crate::images::{self, OfficePicture};
use crate::import::read;
use crate::markdown::Doc;
use crate::path::SitePath;
use crate::pipeline::{self, Made};
use crate::render::{self, Output};
use crate::routes::{ChartForm, RouteKind};
use crate::schema::{self, Moment, Type, Value};
use crate::site::{Figures, Ix, LinkTo, View};
use crate::store;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &ExportArgs) -> Exit {
    let read = match session.read(&Overrides::default()) {
        Ok(read) => read,
        Err(why) => return session.no_site(&why),
    };
    let (tree, mut faults) = (read.value.tree.clone(), read.faults);
    let Some(sources) = read.value.sources else {
        session.show(&pipeline::finalise(faults, &tree, None), &*tree);
        return Exit::Faults;
    };
    let now = pipeline::now(clock(), &sources.config);
    let public = pipeline::make(&sources, now.clone(), View::Published);
    let all = pipeline::make(&sources, now, View::Everything);
    faults.extend(all.faults());
    let is_file = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("docx"));
    if typed.pages.len() > 1 && typed.output.as_ref().is_some_and(is_file) {
        session.wrong("several pages do not go into one file", "name a folder with `-o`");
        return Exit::Usage;
    }
    let mut pages = Vec::new();
    for typed in &typed.pages {
        match page(session, &all, typed) {
            Ok(page) => pages.push(page),
            Err(exit) => return exit,
        }
    }
    for page in &pages {
        let is_own = |fault: &&Diagnostic| fault.span.as_ref().is_some_and(|span| span.file == *page.source);
        let own: Vec<Diagnostic> = faults.iter().filter(is_own).cloned().collect();
        session.show(&pipeline::finalise(own, &tree, Some(&sources.config)), &*tree);
        if let Err(exit) = send(session, typed, &public, page) {
            return exit;
        }
    }
    session
        .say("When a file comes back: `pamphlet import --translation cy FILE.docx`, with the language that it is in.");
    Exit::Fine
}

/// Writes the file of one page.
fn send(session: &Session, typed: &ExportArgs, public: &Made, page: &Page<'_>) -> Result<(), Exit> {
    // Nobody can say what of it is secret, nor where it ends.
    if page.part.map_or(page.entry.core.doubt, |part| part.core.doubt).is_some() {
        session
            .wrong(&format!("{} cannot be read, so it is not exported", page.source), "correct the errors in it first");
        return Err(Exit::Faults);
    }
    let file = place(session, typed, page);
    let outgoing = outgoing(page);
    let written = around(public, page, &outgoing);
    if let Err(refusal) = store::send_aside(&session.root, &file, &written.bytes, typed.force) {
        return Err(session.refused(&refusal));
    }
    session.print(&format!("{}\n", file.display()));
    for note in outgoing.notices.iter().chain(&written.lacks) {
        session.say(&format!("note: {note}"));
    }
    for part in page.entry.all_parts().filter(|_| page.part.is_none()) {
        let source = &part.source;
        session.say(&format!(
            "note: the page has a further part, which is a file of its own: `pamphlet export {source} --docx`"
        ));
    }
    Ok(())
}

/// What is exported: the text of a page, or a part of it.
pub(super) struct Page<'a> {
    pub(super) made: &'a Made,
    pub(super) ix: Ix,
    pub(super) entry: &'a Entry,
    pub(super) part: Option<&'a Part>,
    pub(super) source: &'a SitePath,
    /// The text of its file.
    pub(super) text: &'a str,
}

/// The page that is meant by an address, a file, a title.
pub(super) fn page<'a>(session: &Session, made: &'a Made, typed: &str) -> Result<Page<'a>, Exit> {
    let site = &made.site;
    let typed_path = SitePath::new(typed.trim().trim_start_matches("./"));
    for ix in site.all() {
        let entry = &**site.entry(ix);
        if let Some(part) = entry.all_parts().find(|part| Some(&part.source) == typed_path.as_ref()) {
            let text = site.source_text(&part.source);
            return Ok(Page { made, ix, entry, part: Some(part), source: &part.source, text });
        }
    }
    // A page that cannot be published has no address, but is a file all the same.
    let by_file = typed_path.and_then(|path| site.by_source(&path));
    let ix = match by_file {
        Some(ix) => ix,
        None => match wanted(session, made, &[typed.to_owned()])?.first().map(|route| &route.kind) {
            Some(RouteKind::Entry(ix)) => *ix,
            Some(RouteKind::List { listing, .. }) => match site.all().find(|ix| site.introduced(*ix) == Some(*listing))
            {
                Some(ix) => ix,
                None => {
                    session.wrong(
                        &format!("`{typed}` is a list that has no text of its own"),
                        "export the pages in it; the words of the list are in site.toml",
                    );
                    return Err(Exit::Usage);
                }
            },
            _ => return Err(Exit::Usage),
        },
    };
    let entry = &**site.entry(ix);
    if entry.is_row {
        session.wrong(
            &format!("“{}” is a row of {}, and no page", entry.title(), entry.source),
            "translate the file of rows itself: see “A translation” in the manual's page on languages",
        );
        return Err(Exit::Usage);
    }
    Ok(Page { made, ix, entry, part: None, source: &entry.source, text: site.source_text(&entry.source) })
}

impl Page<'_> {
    /// All of its text, with what appears only later.
    fn doc(&self) -> Option<&Doc> {
        let (timed, text) = match self.part {
            Some(part) => (&part.timed, Some(&part.text)),
            None => (&self.entry.timed, self.entry.text.as_ref()),
        };
        timed.as_ref().map(|timed| timed.whole()).or(text).map(|text| &***text)
    }

    /// The text as a document.
    pub(super) fn document(&self) -> crate::import::document::Document {
        self.doc().map(|doc| read::document(doc, self.text)).unwrap_or_default()
    }

    /// The words beside the text that are to be translated.
    pub(super) fn fields(&self) -> Vec<Field> {
        if self.part.is_some() {
            let (raw, _) = front_matter(self.source, self.text);
            return match raw.value.get("title").map(|title| &title.kind) {
                Some(RawKind::Text(title)) => vec![Field {
                    path: "title".to_owned(),
                    label: "Title".to_owned(),
                    says: Says::Plain(title.clone()),
                }],
                _ => Vec::new(),
            };
        }
        let declared = &self.made.site.config.collections[&self.entry.id.collection].fields;
        fields::translatable(declared, |name| self.entry.stated_value(name), self.text)
    }

    /// The text of a file beside the page.
    pub(super) fn beside(&self, name: &str) -> Option<String> {
        let tree = &self.made.site.tree;
        let path = SitePath::new(&format!("{}/{name}", self.source.folder()))?;
        String::from_utf8(tree.bytes(tree.get(&path)?).ok()?.to_vec()).ok()
    }

    fn title(&self) -> &str {
        self.part.map_or_else(|| self.entry.title(), |part| &part.title)
    }

    /// The hash of the text of its file.
    pub(super) fn hash(&self) -> String {
        blake3::hash(self.text.as_bytes()).to_hex()[..32].to_owned()
    }
}

fn place(session: &Session, typed: &ExportArgs, page: &Page<'_>) -> PathBuf {
    let lang = match *page.entry.id.lang == *page.made.site.config.language {
        true => String::new(),
        false => format!(".{}", page.entry.id.lang),
    };
    let last = page.entry.id.key.rsplit('/').next().unwrap_or_default();
    let part = page.part.map(|part| format!("-{}", part.key)).unwrap_or_default();
    let name = format!("{last}{part}{lang}.docx");
    match &typed.output {
        Some(path) if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("docx")) => path.clone(),
        Some(folder) => folder.join(name),
        None => session.place("shared").join(name),
    }
}

fn outgoing(page: &Page<'_>) -> Outgoing {
    let site = &page.made.site;
    let mut notices = Vec::new();
    let state = status(site, page.ix, &schema::in_words);
    if !matches!(&*state, "public" | "sample" | "expired") {
        notices.push(format!("This page is not public ({state}): do not pass it on."));
    }
    let later = page.doc().map(|doc| doc.directives.iter().filter(|one| one.name == after::NAME)).into_iter().flatten();
    let later = later
        .filter(|one| !matches!(after::moment(one, &site.config.timezone), Ok(moment) if is_past(&moment, page.made)));
    match later.count() {
        0 => {}
        1 => notices.push("A part of it is not public yet, and says so: do not pass it on.".to_owned()),
        many => notices.push(format!("{many} parts of it are not public yet, and say so: do not pass it on.")),
    }
    let authors = page.entry.values.get("authors").map(|placed| names(page, &placed.value)).unwrap_or_default();
    let language = page.entry.id.lang.to_string();
    Outgoing {
        title: page.title().to_owned(),
        authors,
        is_from_right: ["ar", "fa", "he", "ur", "yi", "ps", "sd", "dv"]
            .contains(&language.split('-').next().unwrap_or_default()),
        language,
        page: page.source.to_string(),
        source: page.hash(),
        notices,
        fields: page.fields(),
        document: page.document(),
    }
}

fn is_past(moment: &Moment, made: &Made) -> bool {
    match moment {
        Moment::DateTime(when) => *when <= made.site.now,
        Moment::Date(day) => *day <= made.site.now.date(),
    }
}

/// The names of authors: those of entries, or as they are written.
fn names(page: &Page<'_>, value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => items.iter().flat_map(|item| names(page, &item.value)).collect(),
        Value::Record(fields) => fields.get("name").map(|name| name.value.as_text()).into_iter().collect(),
        Value::Ref(key) => {
            let site = &page.made.site;
            let found = match key.split_once('/') {
                Some((collection, key)) => site.by_id(collection, key),
                None => site.config.collections.keys().find_map(|collection| site.by_id(collection, key)),
            };
            vec![found.map_or_else(|| key.to_string(), |ix| site.entry(ix).title().to_owned())]
        }
        _ => Vec::new(),
    }
}

/// Asks the site for what is around the text, and writes the file.
fn around(public: &Made, page: &Page<'_>, outgoing: &Outgoing) -> crate::export::docx::Written {
    let site = &page.made.site;
    let config = &site.config;
    let figures = Figures::of(page.entry, config);
    let address = |to: &str| {
        let full = |address: &crate::path::Address, rest: &str| {
            public.routes.at(address).map(|_| config.base.url(&format!("{address}{rest}")))
        };
        match site.link(page.ix, page.source, to)? {
            LinkTo::Elsewhere(to) => Some(to),
            LinkTo::Here(_) => None,
            LinkTo::Entry(ix, anchor) => {
                full(site.address(ix)?, &anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default())
            }
            LinkTo::File(_, address) => full(&address, ""),
            LinkTo::InFile(_, address, rest) => full(&address, &rest),
            LinkTo::Address(to) => Some(config.base.url(&to)),
        }
    };
    let picture = |to: &str| {
        let file = match site.link(page.ix, page.source, to) {
            Some(LinkTo::File(file, _)) => file,
            _ => return Err("there is no such file beside the page".to_owned()),
        };
        let bytes = site.tree.get(&file).and_then(|file| site.tree.bytes(file).ok());
        let bytes = bytes.ok_or_else(|| "it cannot be read".to_owned())?;
        images::for_office(&bytes).map(sent).map_err(|unfit| unfit.message(file.name()).0)
    };
    let figure = |id: &str| figures.referred(page.source, id).map(|figure| format!("Figure {}", figure.number));
    let block = |name: &str, attributes: &[(String, String)]| shown_block(page, name, attributes);
    write(outgoing, &Around { address: &address, picture: &picture, figure: &figure, block: &block })
}

fn sent(picture: OfficePicture) -> Picture {
    let OfficePicture { bytes, ending, width, height } = picture;
    Picture { bytes, ending, width, height }
}

/// How a block of the site is shown: what is said of it, what is translated of it, and what it looks like if it is a chart.
fn shown_block(page: &Page<'_>, name: &str, attributes: &[(String, String)]) -> Shown {
    let config = &page.made.site.config;
    let called = |name: &str| {
        let words = name.replace(['-', '_'], " ");
        let mut letters = words.chars();
        letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
    };
    let given = |key: &str| attributes.iter().find(|(given, _)| given == key).map(|(_, value)| value.as_str());
    if name == after::NAME {
        let when = given("title").unwrap_or_default();
        let moment = schema::parse_moment(when.trim_matches(['"', '\'']), &config.timezone).ok();
        let is_due = moment.is_some_and(|moment| is_past(&moment, page.made));
        let label = format!("Appears from {when}");
        let notice = (!is_due).then(|| format!("What follows is not public before {when}: do not pass it on."));
        return Shown { label, notice, ..Shown::default() };
    }
    let Some(declared) = config.directives.get(name) else {
        return Shown { label: called(name), ..Shown::default() };
    };
    // The words of a table in the block are translated, and these name its rows and columns.
    let names_table =
        |key: &str| declared.is_chart && given("data").is_none() && matches!(key, "x" | "y" | "highlight");
    let texts = declared.attributes.values().filter(|field| {
        (field.is_for_translators() || names_table(&field.name))
            && matches!(field.ty, Type::Text | Type::Prose | Type::Markdown)
    });
    let fields: Vec<(String, String)> = texts
        .filter(|field| given(&field.name).is_some_and(fields::has_words))
        .map(|field| {
            let label = if names_table(&field.name) {
                format!("{} (as in the table)", fields::label(field))
            } else {
                fields::label(field)
            };
            (field.name.to_string(), label)
        })
        .collect();
    let kinds = declared.attributes.values().filter(|field| matches!(field.ty, Type::Enum(_)));
    let kinds: Vec<&str> = kinds.filter_map(|field| given(&field.name)).collect();
    let label = if kinds.is_empty() { called(name) } else { format!("{} ({})", called(name), kinds.join(", ")) };
    let picture = declared.is_chart.then(|| chart(page, name, attributes)).flatten();
    let said = given("alt").or(given("title")).unwrap_or_default().to_owned();
    let numbers = given("data").filter(|_| declared.is_chart).and_then(|file| page.beside(file));
    let words = numbers.and_then(|text| chart_words::Numbers::read(&text).in_a_line());
    Shown { label, fields, words, picture: picture.map(|picture| (picture, said)), notice: None }
}

/// The picture of a chart, as it is published.
fn chart(page: &Page<'_>, name: &str, attributes: &[(String, String)]) -> Option<Picture> {
    let doc = page.doc()?;
    let is_it =
        |one: &crate::markdown::Directive| one.name == name && read::attributes(one).as_deref() == Some(attributes);
    let block = doc.directives.iter().position(is_it)?;
    let site = &page.made.site;
    let route = page.made.routes.all().iter().find(|route| match route.kind {
        RouteKind::Chart(ix, nth, ChartForm::Image) => {
            ix == page.ix
                && site.chart_at(ix, nth).is_some_and(|chart| chart.file == *page.source && chart.block == block)
        }
        _ => false,
    })?;
    match render::render(page.made.renderer.as_ref()?, route).value? {
        Output::Bytes(bytes) => images::for_office(&bytes).ok().map(sent),
        Output::File(_) => None,
    }
}
