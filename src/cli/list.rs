//! `pamphlet list`: the collections, or the entries of one.

use jiff::{Timestamp, ZonedDateTime};

use super::Exit;
use super::args::ListArgs;
use super::build::mistaken;
use super::session::{Session, clock};
use crate::config::{Lang, listed};
use crate::content::Entry;
use crate::diagnostic::nearest;
use crate::pipeline::{self, Made};
use crate::schema::{self, Value};
use crate::site::{Hidden, Ix, Site, View};

/// Runs the command.
pub(super) fn run(session: &Session, typed: &ListArgs) -> Exit {
    let made = match open(session, typed.now.as_deref(), View::Published) {
        Ok(made) => made,
        Err(exit) => return exit,
    };
    let site = &made.site;
    if typed.next {
        // For scripts that wait for it, so not in words, and in whole seconds: an event is over a moment after its last one.
        if let Some(when) = site.true_until().map(|when| when.timestamp()) {
            let second = when.as_second() + i64::from(when.subsec_nanosecond() > 0);
            let when = Timestamp::from_second(second).unwrap_or(when);
            session.print(&format!("{when}\n"));
        }
        return Exit::Fine;
    }
    if typed.now.is_some() {
        session.say(&format!("As of {}:", schema::in_words(&site.now)));
    }
    let lang = match typed.missing.as_deref() {
        None => None,
        Some(code) => match site.config.language_named(code) {
            Some(lang) if lang != Lang::OWN => Some(lang),
            _ => return no_such_language(session, site, code),
        },
    };
    let rows = match typed.collection.as_deref() {
        Some(name) if site.config.collection(name).is_some() => match lang {
            Some(lang) => untranslated(site, std::iter::once(name), lang),
            None => entries(site, name),
        },
        None => match lang {
            Some(lang) => untranslated(site, site.config.collections.keys().map(|name| &**name), lang),
            None => collections(site),
        },
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
    if let (Some(lang), [_]) = (lang, rows.as_slice()) {
        session.print(&format!("Everything public exists in {}.\n", site.config.in_language(lang).name));
        return Exit::Fine;
    }
    session.print(&table(&rows, session.width()));
    Exit::Fine
}

pub(super) fn no_such_language(session: &Session, site: &Site, code: &str) -> Exit {
    let others = site.config.languages().filter(|lang| *lang != Lang::OWN);
    let known: Vec<&str> = others.map(|lang| &*site.config.in_language(lang).code).collect();
    let help = match known.as_slice() {
        [] => "publish one with `[languages.cy]` in site.toml".to_owned(),
        known => format!("the further languages are {}", listed(known.iter().copied())),
    };
    session.wrong(&format!("the site has no further language `{code}`"), &help);
    Exit::Usage
}

/// The public entries of some collections that have no version in a language.
fn untranslated<'a>(site: &Site, collections: impl Iterator<Item = &'a str>, lang: Lang) -> Vec<Vec<String>> {
    let mut rows = vec![["COLLECTION", "KEY", "TITLE", "FILE"].map(str::to_owned).to_vec()];
    for collection in collections {
        for ix in site.missing_in(collection, lang) {
            let entry = site.entry(ix);
            let row = [collection, &entry.id.key, entry.title(), entry.source.as_str()];
            rows.push(row.map(str::to_owned).to_vec());
        }
    }
    rows
}

/// The snapshot of the site as it is at a moment, else now, for commands that only look.
pub(super) fn open(session: &Session, now: Option<&str>, view: View) -> Result<Made, Exit> {
    let sources = session.sources()?;
    let now = pipeline::moment(now, clock(), &sources.config).map_err(|message| mistaken(session, &message))?;
    Ok(pipeline::make(&sources, now, view))
}

fn collections(site: &Site) -> Vec<Vec<String>> {
    let head = ["COLLECTION", "ENTRIES", "PUBLIC", "DRAFT", "SCHEDULED", "EXPIRED", "UNREADABLE"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for name in site.config.collections.keys() {
        let all: Vec<Ix> = site.all().filter(|ix| site.entry(*ix).id.collection == *name).collect();
        let count = |fits: &dyn Fn(Ix) -> bool| all.iter().filter(|ix| fits(**ix)).count().to_string();
        rows.push(vec![
            name.to_string(),
            all.len().to_string(),
            count(&|ix| site.is_shown(ix)),
            count(&|ix| matches!(site.visibility(ix).hidden(), Some(Hidden::Draft))),
            count(&|ix| site.visibility(ix).until().is_some()),
            count(&|ix| site.expired(ix).is_some()),
            count(&|ix| matches!(site.visibility(ix).hidden(), Some(Hidden::Unreadable | Hidden::Language))),
        ]);
    }
    rows
}

fn entries(site: &Site, collection: &str) -> Vec<Vec<String>> {
    let head: &[&str] = match site.config.has_translations() {
        true => &["KEY", "LANGUAGE", "TITLE", "DATE", "STATUS", "FILE"],
        false => &["KEY", "TITLE", "DATE", "STATUS", "FILE"],
    };
    let mut rows = vec![head.iter().map(|name| (*name).to_owned()).collect()];
    for ix in site.all().filter(|ix| *site.entry(*ix).id.collection == *collection) {
        let entry = site.entry(ix);
        let mut row = vec![entry.id.key.to_string()];
        row.extend(site.config.has_translations().then(|| entry.id.lang.to_string()));
        row.extend([entry.title().to_owned(), date(entry), status(site, ix, &short), entry.source.to_string()]);
        rows.push(row);
    }
    rows
}

fn date(entry: &Entry) -> String {
    let placed = entry.values.get("date").or_else(|| entry.values.get("start"));
    match placed.map(|placed| &placed.value) {
        Some(Value::Date(date, _)) => date.to_string(),
        Some(Value::DateTime(when)) => when.strftime("%Y-%m-%d %H:%M").to_string(),
        _ => String::new(),
    }
}

/// A moment as it is written in front matter.
fn short(when: &ZonedDateTime) -> String {
    when.strftime("%Y-%m-%d %H:%M").to_string()
}

/// Who may see an entry, in a few words; `moment` writes a moment.
pub(super) fn status(site: &Site, ix: Ix, moment: &dyn Fn(&ZonedDateTime) -> String) -> String {
    let entry = site.entry(ix);
    match site.visibility(ix).hidden() {
        Some(Hidden::Draft) => "draft".to_owned(),
        Some(Hidden::Withdrawn) => "withdrawn".to_owned(),
        Some(Hidden::Until(when)) if site.is_under_embargo(ix) => {
            format!("embargoed until {}", moment(when))
        }
        Some(Hidden::Until(when)) => format!("dated ahead, not public before {}", moment(when)),
        Some(Hidden::Expired(when)) => format!("gone since {}", moment(when)),
        Some(Hidden::Unreadable) => "cannot be read".to_owned(),
        Some(Hidden::Language) => format!("in the language `{}`", entry.id.lang),
        None if site.is_withdrawn(ix) => "withdrawn".to_owned(),
        None if site.expired(ix).is_some() => "expired".to_owned(),
        None if site.is_sample(ix) => "sample".to_owned(),
        None => "public".to_owned(),
    }
}

/// Rows in aligned columns or, where a terminal has no room for them, each row as its title with the rest below it. Nothing is cut
/// off: names and paths are there to be copied.
pub(super) fn table(rows: &[Vec<String>], room: Option<usize>) -> String {
    let head = rows.first().map_or(&[][..], Vec::as_slice);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let needed = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
    if let Some(room) = room.filter(|room| needed > *room) {
        return below_one_another(rows, room);
    }
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

/// Rows one below another: the title or, where there is none, the first cell; then, set in, the other cells, as many on a line as
/// there is room for.
fn below_one_another(rows: &[Vec<String>], room: usize) -> String {
    let Some((head, rows)) = rows.split_first() else { return String::new() };
    let first = head.iter().position(|name| name == "TITLE").unwrap_or(0);
    let mut out = String::new();
    for row in rows {
        out.push_str(&row[first]);
        let mut length = usize::MAX;
        for cell in row.iter().enumerate().filter(|(n, cell)| *n != first && !cell.is_empty()).map(|(_, cell)| cell) {
            let more = cell.chars().count() + 2;
            let (between, start) = if length.saturating_add(more) > room { ("\n  ", 0) } else { ("  ", length) };
            out.push_str(between);
            out.push_str(cell);
            length = start + more;
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn a_table_fits_the_terminal_and_leaves_all_whole() {
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["KEY", "TITLE", "STATUS", "FILE"]),
            row(["who-owns-the-high-street", "Who owns the high street, and why?", "public", "content/a.md"]),
            row(["b", "B", "", "content/b.md"]),
        ];
        let wide = table(&rows, None);
        assert_eq!(
            wide.lines().nth(1),
            Some("who-owns-the-high-street  Who owns the high street, and why?  public  content/a.md")
        );
        assert_eq!(table(&rows, Some(84)), wide);
        assert_eq!(
            table(&rows, Some(48)),
            "Who owns the high street, and why?\n  who-owns-the-high-street  public  content/a.md\nB\n  b  content/b.md\n"
        );
        for room in 20..90 {
            let fits = table(&rows, Some(room)).lines().all(|line| line.chars().count() <= room.max(36));
            assert!(fits, "{room}: {}", table(&rows, Some(room)));
        }
    }
}
