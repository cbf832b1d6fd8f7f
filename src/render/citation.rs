//! An entry that is cited → BibTeX, RIS and CSL-JSON, for reference managers.
//!
//! What a kind is called in each format is declared by the theme. Corporate authors are written so that no program takes them
//! apart: `{{…}}` in BibTeX, `literal` in CSL.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};
use tera::Value;

use crate::config::{Cited, Kind};
use crate::routes::CitationForm;
use crate::site::Ix;
use crate::template::{TemplateContext, entry_value, keywords, name_of, text_at as text};

/// What there is to say of an entry, whatever the form.
struct Source {
    id: String,
    title: String,
    authors: Vec<Author>,
    date: String,
    kind: String,
    number: Option<String>,
    series: Option<String>,
    publisher: String,
    url: String,
    doi: Option<String>,
    isbn: Option<String>,
    language: String,
    summary: Option<String>,
    /// What it is about, as far as that is public.
    keywords: Vec<String>,
}

/// Who wrote it.
enum Author {
    Person {
        family: String,
        given: String,
    },
    /// An organisation, or a person whose name is known only as a whole.
    Whole {
        name: String,
        is_person: bool,
    },
}

/// The citation of the entry `ix` in `form`; empty for one that is not cited.
pub(super) fn citation(asked: &TemplateContext, ix: Ix, form: CitationForm) -> String {
    let entry = asked.site.entry(ix);
    let collection = &asked.site.config.collections[&entry.id.collection];
    let kind = entry.text_of("kind").and_then(|kind| collection.kinds.get(kind));
    let Some((kind, cited)) = kind.and_then(|kind| Some((kind, kind.cite.as_ref()?))) else { return String::new() };
    let source = source(asked, ix, kind);
    match form {
        CitationForm::BibTex => bibtex(&source, cited),
        CitationForm::Ris => ris(&source, cited),
        CitationForm::Csl => csl(&source, cited),
    }
}

fn source(asked: &TemplateContext, ix: Ix, kind: &Kind) -> Source {
    let value = entry_value(asked, ix);
    let text = |key: &str| text(&value, key);
    let organisation = &asked.language().organisation;
    let title = text("title").unwrap_or_default();
    let authors = value.get_from_path("authors").and_then(Value::as_array).unwrap_or_default();
    let mut authors: Vec<Author> = authors.iter().filter_map(author).collect();
    if authors.is_empty() {
        authors.push(Author::Whole { name: organisation.name.clone(), is_person: false });
    }
    Source {
        id: asked.site.entry(ix).id.key.replace('/', "-"),
        title: text("subtitle").map_or(title.clone(), |subtitle| format!("{title}: {subtitle}")),
        authors,
        date: text("date").and_then(|date| date.get(..10).map(str::to_owned)).unwrap_or_default(),
        kind: kind.label.clone(),
        number: text("number"),
        series: value.get_from_path("series").and_then(|series| self::text(series, "title")),
        publisher: organisation.legal_name.clone().unwrap_or_else(|| organisation.name.clone()),
        url: text("url").unwrap_or_default(),
        doi: text("doi"),
        isbn: text("isbn"),
        language: text("lang").unwrap_or_default(),
        summary: text("summary"),
        keywords: keywords(asked, ix),
    }
}

fn author(value: &Value) -> Option<Author> {
    let name = name_of(value)?;
    Some(match (text(value, "family"), text(value, "given")) {
        (Some(family), Some(given)) => Author::Person { family, given },
        _ => {
            let is_person = text(value, "schema").is_none_or(|schema| schema == "Person");
            Author::Whole { name, is_person }
        }
    })
}

/// Text as BibTeX writes it (btxdoc): what TeX would read as a command, or as one sign made of two, is written as its letters.
fn tex(text: &str) -> String {
    let mut out = String::new();
    let mut before = None;
    for letter in text.chars() {
        if before == Some(letter) && matches!(letter, '-' | '`' | '\'' | ',') {
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
            letter => out.push(letter),
        }
    }
    out
}

/// Addresses stand in BibTeX as they are; braces alone would end the field.
fn verbatim(text: &str) -> String {
    text.replace('{', "%7B").replace('}', "%7D")
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// BibTeX: capitals are kept by braces, and names that would be taken apart at an "and" or a comma are kept whole.
fn bibtex(source: &Source, cited: &Cited) -> String {
    let authors: Vec<String> = source
        .authors
        .iter()
        .map(|author| match author {
            Author::Person { family, given } => format!("{}, {}", tex(family), tex(given)),
            Author::Whole { name, is_person: true } if !name.contains(" and ") && !name.contains(',') => tex(name),
            Author::Whole { name, .. } => format!("{{{}}}", tex(name)),
        })
        .collect();
    let mut out = format!("@{}{{{},\n", cited.bib, source.id);
    let mut field = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "  {name} = {{{value}}},");
        }
    };
    field("author", Some(authors.join(" and ")));
    field("title", Some(format!("{{{}}}", tex(&source.title))));
    field(if cited.bib == "techreport" { "institution" } else { "publisher" }, Some(tex(&source.publisher)));
    field("year", source.date.get(..4).map(str::to_owned));
    field("type", Some(tex(&source.kind)));
    field("number", source.number.as_deref().map(tex));
    field("series", source.series.as_deref().map(tex));
    field("keywords", Some(tex(&source.keywords.join(", "))).filter(|words| !words.is_empty()));
    field("isbn", source.isbn.clone());
    field("doi", source.doi.as_deref().map(verbatim));
    field("url", Some(verbatim(&source.url)));
    // The names of months are words of BibTeX, which each style writes in its own way.
    let month = source.date.get(5..7).and_then(|month| month.parse::<usize>().ok()?.checked_sub(1));
    if let Some(month) = month.and_then(|month| MONTHS.get(month)) {
        let _ = writeln!(out, "  month = {month},");
    }
    out.push_str("}\n");
    out
}

/// RIS: a tag of two signs, two spaces, a hyphen, a space; the type first, `ER` last; lines end as in CRLF.
fn ris(source: &Source, cited: &Cited) -> String {
    let mut out = String::new();
    let mut tag = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let value: String = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = write!(out, "{name}  - {value}\r\n");
        }
    };
    tag("TY", Some(&cited.ris));
    for author in &source.authors {
        match author {
            Author::Person { family, given } => tag("AU", Some(&format!("{family}, {given}"))),
            Author::Whole { name, is_person: true } => tag("AU", Some(name)),
            Author::Whole { name, is_person: false } => tag("AU", Some(&format!("{name},"))),
        }
    }
    tag("TI", Some(&source.title));
    tag("PB", Some(&source.publisher));
    tag("PY", source.date.get(..4));
    tag("DA", Some(source.date.replace('-', "/")).filter(|date| !date.is_empty()).as_deref());
    tag("M3", Some(&source.kind));
    tag("SN", source.isbn.as_deref());
    tag("M1", source.number.as_deref());
    tag("T2", source.series.as_deref());
    tag("DO", source.doi.as_deref());
    tag("UR", Some(&source.url));
    tag("LA", Some(&source.language));
    tag("AB", source.summary.as_deref());
    for word in &source.keywords {
        tag("KW", Some(word));
    }
    out.push_str("ER  - \r\n");
    out
}

/// CSL-JSON: the schema knows no other keys. `container-title` is not set, since it would make a chapter of a report.
fn csl(source: &Source, cited: &Cited) -> String {
    let authors: Vec<Json> = source
        .authors
        .iter()
        .map(|author| match author {
            Author::Person { family, given } => json!({ "family": family, "given": given }),
            Author::Whole { name, .. } => json!({ "literal": name }),
        })
        .collect();
    let parts: Vec<u32> = source.date.split('-').filter_map(|part| part.parse().ok()).collect();
    let mut item = Map::new();
    let mut set = |key: &str, value: Json| {
        if !value.is_null() {
            item.insert(key.to_owned(), value);
        }
    };
    set("type", json!(cited.csl));
    set("id", json!(source.id));
    set("title", json!(source.title));
    set("author", json!(authors));
    if !parts.is_empty() {
        set("issued", json!({ "date-parts": [parts] }));
    }
    set("publisher", json!(source.publisher));
    set("genre", json!(source.kind));
    set("number", json!(source.number));
    set("collection-title", json!(source.series));
    set("DOI", json!(source.doi));
    set("ISBN", json!(source.isbn));
    set("URL", json!(source.url));
    set("language", json!(source.language));
    set("abstract", json!(source.summary));
    if !source.keywords.is_empty() {
        set("keyword", json!(source.keywords.join(", ")));
    }
    let mut out = serde_json::to_string_pretty(&json!([item])).unwrap_or_default();
    out.push('\n');
    out
}
