//! The pages that an earlier import brought, and what has become of them here and there since: left alone, edited, gone, changed there,
//! and above all public here although they are hidden there by now.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::ZonedDateTime;

use super::super::session::Session;
use crate::edits::{Edits, Fields, Given, Step};
use crate::import::site::plan::Plan;
use crate::import::site::report::Report;
use crate::import::site::survey::{State, Survey};
use crate::path::SitePath;
use crate::pipeline::{self, Sources};
use crate::schema::secrecy;
use crate::site::{Hidden, View};
use crate::source;

/// How large a page may be, in bytes.
const LARGEST: u64 = 256 << 20;
/// How many pages the end of a run names.
const LISTED: usize = 20;

/// What an earlier run wrote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Earlier {
    pub(super) entry: String,
    pub(super) file: String,
    pub(super) hash: String,
    /// What the entry said there, as a hash; empty if a run did not note it.
    pub(super) there: String,
}

/// The table of what earlier runs wrote.
pub(super) fn earlier(text: &str) -> Vec<Earlier> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let row = |row: csv::StringRecord| {
        let part = |nth| row.get(nth).map(str::to_owned);
        Some(Earlier { entry: part(0)?, file: part(1)?, hash: part(2)?, there: part(3).unwrap_or_default() })
    };
    rows.records().filter_map(Result::ok).filter_map(row).collect()
}

/// The same table, written.
pub(super) fn table(all: &[Earlier]) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    // Writing into memory cannot fail.
    let _ = table.write_record(["entry", "file", "hash", "there"]);
    for one in all {
        let _ = table.write_record([&one.entry, &one.file, &one.hash, &one.there]);
    }
    String::from_utf8(table.into_inner().unwrap_or_default()).unwrap_or_default()
}

pub(super) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().as_str()[..32].to_owned()
}

/// What each entry says there, as a hash, by its id.
pub(super) fn digests(survey: &Survey) -> BTreeMap<&str, String> {
    // Our own note about a page builder is no change.
    let is_said = |(key, _): &&(String, _)| key != "internal_note" && key != "modified";
    let digest = |entry: &crate::import::site::survey::Entry| {
        let fields: Vec<_> = entry.fields.iter().filter(is_said).collect();
        hash(format!("{fields:?}{:?}", entry.body).as_bytes())
    };
    survey.entries.iter().map(|entry| (entry.id.as_str(), digest(entry))).collect()
}

/// The site as it is here.
pub(super) struct Here<'a> {
    /// Whether readers see each page, by its file.
    pub(super) seen: &'a BTreeMap<String, Seen>,
    pub(super) earlier: &'a [Earlier],
    pub(super) files: &'a BTreeSet<String>,
}

/// What readers see here, or will see, although it is hidden there by now.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Exposed {
    pages: Vec<Page>,
    /// Files that only such pages show.
    files: Vec<String>,
    /// The files of public pages whose entry is not in what was read.
    missing: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Page {
    file: String,
    title: String,
    why: String,
}

impl Exposed {
    pub(super) fn has_no_page(&self) -> bool {
        self.pages.is_empty()
    }

    /// The same without those that were hidden just now; the files that they show are still there.
    pub(super) fn without(&self, hidden: &[String]) -> Self {
        let pages = self.pages.iter().filter(|page| !hidden.contains(&page.file)).cloned().collect();
        Self { pages, files: self.files.clone(), missing: self.missing.clone() }
    }
}

/// Whether readers see a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Seen {
    /// They do not, until somebody changes it.
    Hidden,
    /// By itself it becomes public later.
    Later,
    Now,
}

/// Whether readers see each page of a site at `now`, by its file.
pub(super) fn seen(sources: &Sources, now: &ZonedDateTime) -> BTreeMap<String, Seen> {
    let made = pipeline::make(sources, now.clone(), View::Everything);
    let of = |ix| {
        let seen = match made.site.visibility(ix).hidden() {
            Some(Hidden::Until(_)) => Seen::Later,
            // A page that cannot be read here is not known to be hidden.
            Some(why) if why.is_certain() => Seen::Hidden,
            _ => Seen::Now,
        };
        (made.site.entry(ix).source.to_string(), seen)
    };
    made.site.all().map(of).collect()
}

/// What is public here, or will be, and hidden there.
pub(super) fn exposed(here: &Here<'_>, survey: &Survey, plan: &Plan) -> Exposed {
    let entries: BTreeMap<&str, &crate::import::site::survey::Entry> =
        survey.entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
    let planned: BTreeMap<usize, &crate::import::site::plan::Page> =
        plan.pages.iter().map(|page| (page.entry, page)).collect();
    let by_id: BTreeMap<&str, usize> =
        survey.entries.iter().enumerate().map(|(nth, entry)| (entry.id.as_str(), nth)).collect();
    let mut exposed = Exposed::default();
    for one in here.earlier.iter().filter(|one| !one.entry.is_empty() && here.files.contains(&one.file)) {
        let seen = here.seen.get(&one.file).copied().unwrap_or(Seen::Now);
        let Some(entry) = entries.get(one.entry.as_str()) else {
            if seen != Seen::Hidden {
                exposed.missing.push(one.file.clone());
            }
            continue;
        };
        let page = by_id.get(one.entry.as_str()).and_then(|nth| planned.get(nth));
        let why = match (&entry.state, page) {
            (State::Trash, _) => Some("it was thrown away".to_owned()),
            (_, Some(page)) => page.hidden.clone().or_else(|| {
                let is_waiting = |_: &&String| seen == Seen::Now;
                page.publish_at.as_ref().filter(is_waiting).map(|when| format!("it becomes public on {when}"))
            }),
            (_, None) => None,
        };
        if let Some(why) = why.filter(|_| seen != Seen::Hidden) {
            let title = entry.title().unwrap_or(&entry.id).to_owned();
            exposed.pages.push(Page { file: one.file.clone(), title, why });
        }
    }
    exposed.files = files(here, survey, plan);
    exposed
}

/// The files that lie here where everybody finds them, and that belong to nothing public there any more.
fn files(here: &Here<'_>, survey: &Survey, plan: &Plan) -> Vec<String> {
    let public: BTreeSet<usize> = plan.pages.iter().filter(|page| page.is_public()).map(|page| page.entry).collect();
    let is_seen = |nth: usize| public.contains(&nth);
    let mut users: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (nth, entry) in survey.entries.iter().enumerate() {
        entry.uses.iter().for_each(|used| users.entry(used).or_default().push(nth));
    }
    let by_id: BTreeMap<&str, usize> =
        survey.entries.iter().enumerate().map(|(nth, entry)| (entry.id.as_str(), nth)).collect();
    let is_exposed = |file: &&crate::import::site::survey::File| {
        let all: Vec<usize> = users
            .get(file.address.as_str())
            .into_iter()
            .flatten()
            .copied()
            .chain(file.of.as_deref().and_then(|id| by_id.get(id)).copied())
            .collect();
        let is_hidden = matches!(file.state, State::Hidden(_) | State::From(_) | State::Trash);
        let is_owned = !all.is_empty() || file.of.is_some();
        is_hidden || is_owned && !all.into_iter().any(is_seen)
    };
    let places = survey.files.iter().filter(is_exposed).map(|file| format!("static{}", file.address));
    places.filter(|place| here.files.contains(place)).collect()
}

/// What the end of a run, or the plan of one, says of it; empty if there is nothing to say.
pub(super) fn told(exposed: &Exposed, is_done: bool) -> String {
    let mut out = String::new();
    let list = |out: &mut String, all: &mut dyn Iterator<Item = String>| {
        let all: Vec<String> = all.collect();
        all.iter().take(LISTED).for_each(|line| {
            let _ = writeln!(out, "  {line}");
        });
        if all.len() > LISTED {
            let _ = writeln!(out, "  and {} more", all.len() - LISTED);
        }
    };
    if !exposed.pages.is_empty() {
        let _ = writeln!(out, "\nATTENTION: these pages are public here, and hidden there now:");
        list(&mut out, &mut exposed.pages.iter().map(|page| format!("{} (“{}”): {}", page.file, page.title, page.why)));
        let how = "To hide them, import again with `--hide`, which writes `status = \"draft\"` into them and changes nothing else; or write that line yourself.\n\
                   What is published already stays so until you publish again, or run `pamphlet take-down PAGE`.";
        let _ = writeln!(out, "{how}");
    }
    if !exposed.files.is_empty() {
        let _ =
            writeln!(out, "\nATTENTION: these files are public here, and nothing that is public there shows them now:");
        list(&mut out, &mut exposed.files.iter().cloned());
        let _ =
            writeln!(out, "Delete those that readers must not have, or put them beside the page that they belong to.");
    }
    if !exposed.missing.is_empty() {
        let _ = writeln!(
            out,
            "\nThese pages are public here, and not in what was read: they were deleted there, or are in another export:"
        );
        list(&mut out, &mut exposed.missing.iter().cloned());
        let _ = writeln!(out, "Write `status = \"draft\"` into those that readers must not have, or delete them.");
    }
    if !out.is_empty() && !is_done {
        out.push('\n');
    }
    out
}

/// Puts it into the report; `hidden` are the files of pages that were hidden just now.
pub(super) fn report(exposed: &Exposed, hidden: &[String], report: &mut Report) {
    for page in &exposed.pages {
        let what = format!("{} (“{}”)", page.file, page.title);
        match hidden.contains(&page.file) {
            true => report.hidden(&what, &page.why),
            false => report.exposed(
                &what,
                &page.why,
                "to hide it, import again with `--hide`, or write `status = \"draft\"` into it; `pamphlet take-down` removes what is published",
            ),
        }
    }
    for file in &exposed.files {
        let how = "delete it here if readers must not have it, or put it beside its page";
        report.exposed(file, "nothing that is public there shows the file", how);
    }
    for file in &exposed.missing {
        let how = "they were deleted there, or are in another export: they are still public here";
        report.note("pages of an earlier import that are not there any more", how, file.clone(), "");
    }
    if !hidden.is_empty() {
        report.taken(format!("{} pages are drafts now, since they are hidden there", hidden.len()));
    }
}

/// The texts of pages with `status = "draft"` in them, by their files; those that cannot be changed with certainty are not among them.
pub(super) fn drafts(sources: &Sources, exposed: &Exposed) -> Vec<(String, String)> {
    let draft = |page: &Page| {
        let file = SitePath::new(&page.file)?;
        let text = sources.tree.get(&file).and_then(|file| file.text())?;
        let given = Given::Text(secrecy::HIDES.1.to_owned());
        let splice = Fields::of(&file, text)?.set(&[Step::Name(secrecy::HIDES.0)], &given).ok()??;
        let mut edits = Edits::of(sources.tree.clone());
        edits.splice(&splice);
        let (texts, _) = edits.applied(&sources.tree).ok()?;
        texts.into_iter().next().map(|(file, text)| (file.to_string(), text))
    };
    exposed.pages.iter().filter_map(draft).collect()
}

/// Says what has become of the pages of earlier runs; `there` is what each entry says there now, as in [`digests`].
pub(super) fn say(session: &Session, earlier: &[Earlier], there: &BTreeMap<&str, String>, report: &mut Report) {
    let mut same = 0;
    for one in earlier.iter().filter(|one| !one.entry.is_empty()) {
        match source::outside_bytes(&session.place(&one.file), LARGEST) {
            Ok(bytes) if hash(&bytes) == one.hash => same += 1,
            Ok(_) => {
                let what = "pages that were edited here since an earlier import";
                report.note(what, "they were left as they are", one.file.clone(), "");
            }
            Err(_) => {
                let how = "they were not made again: to have one again, delete its line in imported/files.csv";
                report.note("pages of an earlier import that are gone", how, one.file.clone(), "");
                continue;
            }
        }
        if there.get(one.entry.as_str()).is_some_and(|now| !one.there.is_empty() && *now != one.there) {
            let how = "they were left as they are here: write into them what is new, or delete the file and its line in imported/files.csv, and import again";
            report.note("pages that were changed there since an earlier import", how, one.file.clone(), "");
        }
    }
    if same > 0 {
        report.taken(format!("{same} pages were here from an earlier import, and were left as they are"));
    }
}
