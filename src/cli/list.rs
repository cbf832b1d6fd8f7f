//! `pamphlet list`: the collections there are, or the entries of one.

use super::Exit;
use super::args::ListArgs;
use super::session::{Session, clock};
use crate::config::{Overrides, listed};
use crate::content::Entry;
use crate::diagnostic::nearest;
use crate::pipeline::{self, Made};
use crate::schema::{self, Value};
use crate::site::{Hidden, Ix, Site, View};

/// Runs the command.
pub(super) fn run(session: &Session, typed: &ListArgs) -> Exit {
    let made = match open(session, View::Published) {
        Ok(made) => made,
        Err(exit) => return exit,
    };
    let site = &made.site;
    let rows = match typed.collection.as_deref() {
        None => collections(site),
        Some(name) if site.config.collection(name).is_some() => entries(site, name),
        Some(name) => {
            let known = site.config.collections.keys().map(|name| &**name);
            let help = match nearest(name, known.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the collections are {}", listed(known)),
            };
            session.wrong(&format!("there is no collection `{name}`"), &help);
            return Exit::Usage;
        }
    };
    session.print(&table(&rows));
    Exit::Fine
}

/// The snapshot of the site as it is now, for commands that only look.
pub(super) fn open(session: &Session, view: View) -> Result<Made, Exit> {
    let read = session.read(&Overrides::default()).map_err(|why| session.no_site(&why))?;
    let Some(sources) = read.value.sources else {
        session.show(&pipeline::settle(read.faults, &read.value.tree, None), &*read.value.tree);
        return Err(Exit::Faults);
    };
    let now = pipeline::moment(None, clock(), &sources.config).map_err(|_| Exit::Usage)?;
    Ok(pipeline::make(&sources, now, view).value)
}

fn collections(site: &Site) -> Vec<Vec<String>> {
    let mut rows = vec![["COLLECTION", "ENTRIES", "PUBLIC", "DRAFT", "EMBARGOED"].map(str::to_owned).to_vec()];
    for name in site.config.collections.keys() {
        let all: Vec<Ix> = site.all().filter(|ix| site.entry(*ix).id.collection == *name).collect();
        let count = |fits: &dyn Fn(Ix) -> bool| all.iter().filter(|ix| fits(**ix)).count().to_string();
        rows.push(vec![
            name.to_string(),
            all.len().to_string(),
            count(&|ix| site.is_public(ix)),
            count(&|ix| matches!(site.visibility(ix).hidden(), Some(Hidden::Draft))),
            count(&|ix| site.visibility(ix).until().is_some()),
        ]);
    }
    rows
}

fn entries(site: &Site, collection: &str) -> Vec<Vec<String>> {
    let mut rows = vec![["KEY", "TITLE", "DATE", "STATUS", "FILE"].map(str::to_owned).to_vec()];
    for ix in site.all().filter(|ix| *site.entry(*ix).id.collection == *collection) {
        let entry = site.entry(ix);
        rows.push(vec![
            entry.id.key.to_string(),
            entry.title().to_owned(),
            date(entry),
            status(site, ix),
            entry.source.to_string(),
        ]);
    }
    rows
}

fn date(entry: &Entry) -> String {
    let placed = entry.values.get("date").or_else(|| entry.values.get("start"));
    match placed.map(|placed| &placed.value) {
        Some(Value::Date(date)) => date.to_string(),
        Some(Value::DateTime(when)) => when.strftime("%Y-%m-%d %H:%M").to_string(),
        _ => String::new(),
    }
}

/// Who may see an entry, in a few words.
pub(super) fn status(site: &Site, ix: Ix) -> String {
    let entry = site.entry(ix);
    match site.visibility(ix).hidden() {
        Some(Hidden::Draft) => "draft".to_owned(),
        Some(Hidden::Until(when)) => format!("embargoed until {}", schema::in_words(when)),
        Some(Hidden::Unreadable) => "cannot be read".to_owned(),
        Some(Hidden::Language) => format!("in the language `{}`", entry.id.lang),
        None if entry.text_of("status") == Some("withdrawn") => "withdrawn".to_owned(),
        None if entry.flag("sample") => "sample".to_owned(),
        None => "public".to_owned(),
    }
}

/// Rows in columns that stand under each other.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width + 2 - cell.chars().count()));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
