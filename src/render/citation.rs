//! A work that is cited → BibTeX, RIS and CSL-JSON, for reference managers.
//!
//! The theme declares what a kind is called in each format. Corporate authors are written so that no program splits them:
//! `{{…}}` in BibTeX, `literal` in CSL. Not here: what there is to say about a work (`views::Citation`).

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use crate::config::Cited;
use crate::routes::CitationForm;
use crate::schema::Moment;
use crate::views::{Author, Citation, EntryView};

/// The citation of an entry in `form`; empty for an entry that is not cited.
pub(super) fn citation(entry: EntryView<'_>, form: CitationForm) -> String {
    let Some(cited) = entry.kind().and_then(|kind| kind.cite.as_ref()) else { return String::new() };
    let work = Citation::new(entry);
    match form {
        CitationForm::BibTex => bibtex(&work, cited),
        CitationForm::Ris => ris(&work, cited),
        CitationForm::Csl => csl(&work, cited),
    }
}

/// Text for BibTeX (btxdoc): what TeX would read as a command, or as a ligature, is escaped so that it shows as typed.
fn tex(text: &str) -> String {
    let mut out = String::new();
    let mut before = None;
    for letter in text.chars() {
        // `--` would become a dash, and `?`, `!` before a grave accent Spanish marks.
        if before == Some(letter) && matches!(letter, '-' | '`' | '\'' | ',')
            || letter == '`' && matches!(before, Some('?' | '!'))
        {
            out.push_str("{}");
        }
        before = Some(letter);
        match letter {
            '&' | '%' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(letter);
            }
            // BibTeX counts every brace, also one after a backslash.
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            // The typefaces of plain TeX have other signs in their places.
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '|' => out.push_str("\\textbar{}"),
            letter => out.push(letter),
        }
    }
    out
}

/// Addresses are left as they are in BibTeX; only braces would end the field.
fn verbatim(text: &str) -> String {
    text.replace('{', "%7B").replace('}', "%7D")
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A name for BibTeX, in braces if it must not be taken apart: at a comma or an "and", as "et al.", or since it is that of a body.
fn whole(name: &str) -> String {
    const OF_BODIES: &[&str] =
        &["and", "others", "&", "of", "for", "the", "on", "ltd", "limited", "plc", "llp", "inc", "gmbh"];
    let is_of_body = |word: &str| OF_BODIES.contains(&word.trim_end_matches('.').to_lowercase().as_str());
    match name.contains(',') || name.split_whitespace().any(is_of_body) {
        true => format!("{{{}}}", tex(name)),
        false => tex(name),
    }
}

/// BibTeX: braces keep capitals, and keep names whole that would be split at an "and" or a comma.
fn bibtex(work: &Citation<'_>, cited: &Cited) -> String {
    let authors: Vec<String> = work
        .credited()
        .iter()
        .map(|author| match author {
            Author::Person { family, given: "" } => format!("{{{}}}", tex(family)),
            Author::Person { family, given } => format!("{}, {}", whole(family), whole(given)),
            Author::Whole { name, is_person: true } => whole(name),
            Author::Whole { name, .. } => format!("{{{}}}", tex(name)),
        })
        .collect();
    let day = work.day().unwrap_or_default();
    let mut out = format!("@{}{{{},\n", cited.bib, work.id());
    let mut field = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "  {name} = {{{value}}},");
        }
    };
    field("author", Some(authors.join(" and ")));
    field("title", Some(format!("{{{}}}", tex(&work.title()))));
    field(if cited.bib == "techreport" { "institution" } else { "publisher" }, Some(whole(work.publisher)));
    field("year", day.get(..4).map(str::to_owned));
    field("type", work.kind.map(tex));
    field("number", work.number.as_deref().map(tex));
    field("series", series(work).map(tex));
    field("keywords", Some(tex(&keywords(work))).filter(|words| !words.is_empty()));
    field("isbn", work.isbn.as_ref().map(ToString::to_string));
    field("doi", work.doi.as_deref().map(verbatim));
    field("url", Some(verbatim(work.url.as_deref().unwrap_or_default())));
    // The names of months are macros of BibTeX, which each style prints in its own way.
    let month = day.get(5..7).and_then(|month| month.parse::<usize>().ok()?.checked_sub(1));
    if let Some(month) = month.and_then(|month| MONTHS.get(month)) {
        let _ = writeln!(out, "  month = {month},");
    }
    out.push_str("}\n");
    out
}

fn series<'w>(work: &'w Citation<'_>) -> Option<&'w str> {
    work.series.as_ref()?.name.as_deref()
}

fn keywords(work: &Citation<'_>) -> String {
    work.keywords().iter().map(Cow::as_ref).collect::<Vec<_>>().join(", ")
}

/// RIS: a tag of two characters, two spaces, a hyphen, a space; the type first, `ER` last; lines end with CRLF.
fn ris(work: &Citation<'_>, cited: &Cited) -> String {
    let mut out = String::new();
    let mut tag = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let value: String = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = write!(out, "{name}  - {value}\r\n");
        }
    };
    tag("TY", Some(&cited.ris));
    for author in work.credited() {
        match author {
            Author::Person { family, given: "" } => tag("AU", Some(&format!("{},", undivided(family)))),
            Author::Person { family, given } => {
                tag("AU", Some(&format!("{}, {}", undivided(family), undivided(given))));
            }
            Author::Whole { name, is_person: true } if !name.contains(',') => tag("AU", Some(name)),
            Author::Whole { name, .. } => tag("AU", Some(&format!("{},", undivided(name)))),
        }
    }
    let day = work.day();
    tag("TI", Some(&work.title()));
    tag("PB", Some(work.publisher));
    tag("PY", day.as_deref().and_then(|day| day.get(..4)));
    tag("DA", day.as_ref().map(|day| day.replace('-', "/")).as_deref());
    tag("M3", work.kind);
    tag("SN", work.isbn.as_deref());
    tag("M1", work.number.as_deref());
    tag("T2", series(work));
    tag("DO", work.doi.as_deref());
    tag("UR", Some(work.url.as_deref().unwrap_or_default()));
    tag("LA", Some(work.entry.lang()));
    tag("AB", work.entry.summary().as_deref());
    for word in &work.keywords() {
        tag("KW", Some(word));
    }
    out.push_str("ER  - \r\n");
    out
}

/// A name without its commas, since no sign protects one in RIS: what follows it would be the given name. One at the end, which
/// the caller adds, keeps the whole together.
fn undivided(name: &str) -> String {
    name.replace(',', "")
}

/// CSL-JSON: the schema allows no other keys. `container-title` is not set, since it would turn a report into a chapter.
fn csl(work: &Citation<'_>, cited: &Cited) -> String {
    let authors: Vec<Json> = work
        .credited()
        .iter()
        .map(|author| match author {
            Author::Person { family, given: "" } => json!({ "family": family }),
            Author::Person { family, given } => json!({ "family": family, "given": given }),
            Author::Whole { name, .. } => json!({ "literal": name }),
        })
        .collect();
    let day = work.date.as_ref().map(Moment::day);
    let mut item = Map::new();
    let mut set = |key: &str, value: Json| {
        if !value.is_null() {
            item.insert(key.to_owned(), value);
        }
    };
    set("type", json!(cited.csl));
    set("id", json!(work.id()));
    set("title", json!(work.title()));
    set("author", json!(authors));
    if let Some(day) = day {
        set("issued", json!({ "date-parts": [[day.year(), i16::from(day.month()), i16::from(day.day())]] }));
    }
    set("publisher", json!(work.publisher));
    set("genre", json!(work.kind));
    set("number", json!(work.number));
    set("collection-title", json!(series(work)));
    set("DOI", json!(work.doi));
    set("ISBN", json!(work.isbn));
    set("URL", json!(work.url.as_deref().unwrap_or_default()));
    set("language", json!(work.entry.lang()));
    set("abstract", json!(work.entry.summary()));
    let words = keywords(work);
    if !words.is_empty() {
        set("keyword", json!(words));
    }
    let mut out = serde_json::to_string_pretty(&json!([item])).unwrap_or_default();
    out.push('\n');
    out
}
