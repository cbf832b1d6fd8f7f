//! The charts in an entry's texts → their numbers, read from the file that each names or from the table within it.
//!
//! The file goes through `links` like any other, so it is public only with the page. Not here: how a chart is drawn (`charts`),
//! and what stands around it.

use std::ops::Range;
use std::sync::Arc;

use super::Ix;
use super::entry_checks::{Check, Finding};
use super::figures::{Figure, Figures};
use super::sheets;
use crate::charts::{self, Columns, Kind, Sheet, Table};
use crate::data;
use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::Sheets;
use crate::path::SitePath;
use crate::schema::{Placed, Text, Value, Values};

/// A chart of a page.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Chart {
    /// The text that it is in: its file, and `directives[block]`.
    pub(crate) file: SitePath,
    pub(crate) block: usize,
    /// Its id on the page, and its number among the figures.
    pub(crate) id: String,
    pub(crate) number: usize,
    /// Whether its author gave it that id.
    pub(crate) is_named: bool,
    pub(crate) kind: Kind,
    pub(crate) table: Table,
    /// The row or series that it is about.
    pub(crate) highlight: Option<usize>,
    /// What its first column is called.
    pub(crate) rows: String,
    /// The file of its numbers; `None` if they are in the text.
    pub(crate) data: Option<SitePath>,
    /// What it says in words.
    pub(crate) words: Words,
    /// Whether readers see it on a page.
    pub(crate) is_public: bool,
}

/// What a chart says in words, as written.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Words {
    pub(crate) title: String,
    /// What is measured.
    pub(crate) measure: String,
    pub(crate) source: String,
    pub(crate) unit: String,
    /// For those who cannot see it.
    pub(crate) alt: String,
}

impl Words {
    fn of(values: &Values) -> Self {
        let word = |name| said(values, name).map_or_else(String::new, |(text, _)| text.to_owned());
        Self {
            title: word("title"),
            measure: word("measure"),
            source: word("source"),
            unit: word("unit"),
            alt: word("alt"),
        }
    }
}

/// The charts of an entry.
pub(crate) type Charts = Vec<(Ix, Arc<[Chart]>)>;

/// The text of the attribute `name`, and its place.
fn said<'v>(values: &'v Values, name: &str) -> Option<(&'v str, Range<usize>)> {
    let Placed { value, span } = values.get(name)?;
    match value {
        Value::Text(text) | Value::File(text) => Some((text, span.clone())),
        _ => None,
    }
}

/// Reads the charts of an entry, and reports what is wrong with them.
pub(super) fn check(check: &Check<'_>, finding: &mut Finding) {
    let Check { entry, reach, ix, .. } = *check;
    let is_chart = |name: &str| reach.config.directives.get(name).is_some_and(|block| block.is_chart);
    let has_any = |text: &Text| text.directives.iter().any(|one| is_chart(&one.name));
    if !entry.texts().iter().any(|(_, text)| has_any(text)) {
        return;
    }
    for text in entry.field_texts() {
        for one in text.directives.iter().filter(|one| is_chart(&one.name)) {
            let fault = Diagnostic::new(Code::ChartData, "a field cannot hold a chart: it is shown on several pages");
            let fault = fault.at(&entry.source, one.name_span.clone()).help("move the chart into the text of the page");
            finding.faults.push(fault);
        }
    }
    let has_page = check.is_seen && reach.structure.addresses.has_page(ix);
    let mut found = Vec::new();
    let mut sheets: Option<(&SitePath, Sheets<'_>)> = None;
    for figure in Figures::of(entry, reach.config).all() {
        let directive = &figure.text.directives[figure.block];
        if is_chart(&directive.name) {
            let is_public = has_page && figure.text.shows(&directive.span);
            let sheets = match &sheets {
                Some((file, sheets)) if *file == figure.file => sheets,
                _ => &sheets.insert((figure.file, Sheets::of(figure.text))).1,
            };
            found.extend(chart(check, figure, sheets.in_block(figure.block), is_public, finding));
        }
    }
    finding.charts = found.into();
}

fn chart(
    check: &Check<'_>,
    figure: &Figure<'_>,
    table: Option<data::Raw>,
    is_public: bool,
    finding: &mut Finding,
) -> Option<Chart> {
    let values = figure.text.block(figure.block);
    let at = figure.text.directives[figure.block].name_span.clone();
    // If that is missing or unknown, it has been reported with the other attributes.
    let kind = Kind::named(said(values, "type")?.0)?;
    let (data, sheet) = rows(check, figure, table, &at, finding)?;
    let asked = Columns {
        kind,
        x: said(values, "x"),
        y: said(values, "y"),
        highlight: said(values, "highlight"),
        text: figure.file,
        at: at.clone(),
    };
    let file = data.as_ref().unwrap_or(figure.file);
    let separator = sheet.1;
    let read = charts::read(Sheet { file, rows: &sheet.0, separator }, &asked);
    if read.faults.iter().any(|fault| fault.is_binding) {
        finding.files.retain(|(path, _)| data.as_ref() != Some(path));
    }
    let (table, highlight) = read.into_value(&mut finding.faults)?;
    let rows = asked.x.map(|(name, _)| name.to_owned()).or_else(|| first_column(&sheet.0)).unwrap_or_default();
    let words = Words::of(values);
    if words.alt.is_empty() {
        finding.faults.push(without_description(kind, &table, &words.unit).at(figure.file, at));
    }
    let (id, number) = (figure.id(), figure.number);
    let (file, block) = (figure.file.clone(), figure.block);
    let is_named = figure.own.is_some();
    Some(Chart {
        file,
        block,
        id,
        number,
        is_named,
        kind,
        table,
        highlight,
        rows: rows.trim().to_owned(),
        data,
        words,
        is_public,
    })
}

/// The name of the first column.
fn first_column(rows: &data::Raw) -> Option<String> {
    match &rows.kind {
        data::RawKind::List(rows) => match &rows.first()?.kind {
            data::RawKind::Table(row) => row.first().map(|(key, _)| key.name.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The rows of a chart, what divides their cells, and the file they are in, unless that is the text.
fn rows(
    check: &Check<'_>,
    figure: &Figure<'_>,
    table: Option<data::Raw>,
    at: &Range<usize>,
    finding: &mut Finding,
) -> Option<(Option<SitePath>, (data::Raw, char))> {
    let values = figure.text.block(figure.block);
    let Some((name, place)) = said(values, "data") else {
        if values.contains_key("data") {
            return None;
        }
        if table.is_none() {
            let fault = Diagnostic::new(Code::ChartData, "this chart has no numbers").at(figure.file, at.clone());
            finding
                .faults
                .push(fault.help("write a table between its two lines, or name a file: `data=\"spend.csv\"`"));
        }
        // A cell of a table in Markdown may hold a comma.
        return Some((None, (table?, ',')));
    };
    if table.is_some() {
        let fault = Diagnostic::new(Code::ChartData, "this chart has a file and a table, and shows only one of them");
        finding.faults.push(fault.at(figure.file, place).help("delete the table, or `data`"));
        return None;
    }
    let sheet = sheets::of_file(check, figure.file, name, place, finding)?;
    Some((Some(sheet.0), sheet.1))
}

/// Nobody but the author knows what matters, so what could be said is only proposed.
fn without_description(kind: Kind, table: &Table, unit: &str) -> Diagnostic {
    let written = |value: f64| charts::with_unit(&format!("{value:.*}", table.decimals), unit, "");
    let proposal = charts::said(kind, table, &written).replace('"', "'");
    Diagnostic::new(Code::ChartWithoutDescription, "this chart has no description for readers who cannot see it")
        .help(format!("say what it shows, in the page's language; for example: alt=\"{proposal}\""))
}

impl super::Site {
    /// The chart that is the figure with this number on the page of an entry; `None` if it cannot be drawn.
    pub(crate) fn chart(&self, ix: Ix, number: usize) -> Option<&Chart> {
        let charts = self.charts_of(ix);
        charts.binary_search_by_key(&number, |chart| chart.number).ok().map(|at| &charts[at])
    }

    /// The charts of an entry, public or not.
    fn charts_of(&self, ix: Ix) -> &[Chart] {
        self.findings[ix.0 as usize].as_ref().map_or(&[], |finding| &finding.charts)
    }

    /// The charts that readers see, each with the entry on whose page it is and its place among that entry's.
    pub(crate) fn charts(&self) -> impl Iterator<Item = (Ix, usize, &Chart)> {
        self.charts.iter().flat_map(|(ix, charts)| {
            charts.iter().enumerate().filter(|(_, chart)| chart.is_public).map(move |(nth, chart)| (*ix, nth, chart))
        })
    }

    /// The chart with this number among the entry's.
    pub(crate) fn chart_at(&self, ix: Ix, nth: usize) -> Option<&Chart> {
        self.charts_of(ix).get(nth)
    }
}
