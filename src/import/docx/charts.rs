//! A chart of a document → its numbers as CSV beside the page, and a block `:::chart` that draws them anew.

use super::body::Reader;
use super::spoken::spoken;
use super::xml::Element;
use crate::import::document::{Block, File, Inline};
use crate::markdown::tree::Align;

/// A row of numbers with its name.
struct Series {
    name: String,
    /// Names of the points, in order of their places.
    names: Vec<(usize, String)>,
    values: Vec<(usize, String)>,
}

/// The kinds of charts of Word, and the kinds here that say the same.
const KINDS: &[(&str, &str)] = &[
    ("c:barChart", "bar"),
    ("c:bar3DChart", "bar"),
    ("c:lineChart", "line"),
    ("c:line3DChart", "line"),
    ("c:areaChart", "line"),
    ("c:area3DChart", "line"),
    ("c:pieChart", "bar"),
    ("c:pie3DChart", "bar"),
    ("c:doughnutChart", "bar"),
    ("c:ofPieChart", "bar"),
    ("c:radarChart", "dot"),
    ("c:scatterChart", "dot"),
    ("c:bubbleChart", "dot"),
    ("c:stockChart", "line"),
];

/// How many columns of numbers a chart may have.
const MOST_SERIES: usize = 6;

impl Reader<'_> {
    /// The chart in a part of the file goes below the paragraph.
    pub(super) fn chart(&mut self, part: &str, alt: &str) {
        let place = self.place();
        let Ok(Some(root)) = self.package.xml(part) else {
            self.losses.left("a chart", "the file does not hold its numbers: ask for the spreadsheet", place, alt);
            return;
        };
        let title = root.at(&["c:chart", "c:title"]).map(spoken).unwrap_or_default();
        let plots: Vec<&Element> = root
            .at(&["c:chart", "c:plotArea"])
            .map(|area| area.elements().filter(|one| KINDS.iter().any(|(name, _)| *name == one.name)).collect())
            .unwrap_or_default();
        let axes: Vec<String> = axes(&root).filter(|words| !words.is_empty() && *words != title).collect();
        let series: Vec<Series> =
            plots.iter().flat_map(|plot| plot.elements().filter(|one| one.name == "c:ser")).map(series).collect();
        let rows = table(&series);
        if rows.len() < 2 {
            self.losses.left(
                "a chart",
                "the file does not hold its numbers: ask for the spreadsheet",
                place,
                &format!("{title} {alt}"),
            );
            return;
        }
        let name = format!("chart-{}.csv", self.files.iter().filter(|file| file.name.ends_with(".csv")).count() + 1);
        self.files.push(File { name: name.clone(), bytes: csv(&rows) });
        self.losses.carried("charts");
        let kind = plots.first().map_or("bar", |plot| kind(plot, series.len()));
        let was = plots.first().map_or("", |plot| plot.name.trim_start_matches("c:"));
        if (self.wishes.blocks)("chart") && series.len() <= MOST_SERIES {
            let mut attributes = vec![("type".to_owned(), kind.to_owned()), ("data".to_owned(), name)];
            if !title.is_empty() {
                attributes.push(("title".to_owned(), title.clone()));
            }
            if !axes.is_empty() {
                attributes.push(("measure".to_owned(), axes.join(", ")));
            }
            if !alt.is_empty() {
                attributes.push(("alt".to_owned(), alt.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
            let how =
                format!("`:::chart` draws its numbers anew as `{kind}` (it was {was}): see whether it says the same");
            self.losses.changed("a chart", &how, place.clone(), &title);
            if title.is_empty() {
                self.losses.changed("a chart without a title", "write its finding as `title`", place, alt);
            }
            self.after.push(Block::Directive { name: "chart".to_owned(), attributes, blocks: Vec::new() });
            return;
        }
        let how = "it is a table now, since `:::chart` draws at most six columns and only if the design has it";
        self.losses.changed("a chart", how, place, &format!("{title} {} {alt}", axes.join(" ")));
        let cell = |text: &String| if text.is_empty() { Vec::new() } else { vec![Inline::Text(text.clone())] };
        let width = rows[0].len();
        let rows = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        self.after.push(Block::Table {
            rows,
            columns: (0..width).map(|at| if at > 0 { Align::Right } else { Align::Default }).collect(),
        });
    }
}

/// The titles of the axes that Word shows.
fn axes(root: &Element) -> impl Iterator<Item = String> {
    let area = root.at(&["c:chart", "c:plotArea"]);
    let all = area.into_iter().flat_map(|area| area.elements()).filter(|one| one.name.ends_with("Ax"));
    all.filter(|axis| axis.is_on("c:delete") != Some(true)).filter_map(|axis| axis.child("c:title")).map(spoken)
}

fn kind(plot: &Element, series: usize) -> &'static str {
    let usual = KINDS.iter().find(|(name, _)| *name == plot.name).map_or("bar", |(_, kind)| *kind);
    let grouping = plot.child("c:grouping").and_then(Element::val).unwrap_or_default();
    match usual {
        "bar" if series > 1 && grouping.to_lowercase().contains("stacked") => "stacked",
        "bar" if series > 1 => "grouped",
        usual => usual,
    }
}

fn series(element: &Element) -> Series {
    let points = |name: &str| -> Vec<(usize, String)> {
        let Some(data) = element.child(name) else { return Vec::new() };
        let cache = ["c:strCache", "c:numCache", "c:strLit", "c:numLit", "c:multiLvlStrCache"]
            .into_iter()
            .find_map(|cache| data.below(cache).next());
        let Some(cache) = cache else { return Vec::new() };
        let mut found: Vec<(usize, String)> = Vec::new();
        for point in cache.below("c:pt") {
            let Some(at) = point.get("idx").and_then(|at| at.parse().ok()).filter(|at| *at < 10_000) else { continue };
            let words = point.child("c:v").map(Element::text).unwrap_or_default();
            // Names of several levels: the outer ones come later and stand before.
            match found.iter_mut().find(|(known, _)| *known == at) {
                Some((_, known)) => *known = format!("{words}, {known}"),
                None => found.push((at, words)),
            }
        }
        let format = cache.child("c:formatCode").map(Element::text).unwrap_or_default();
        if is_date(&format) {
            found.iter_mut().for_each(|(_, value)| {
                if let Some(day) = value.parse::<f64>().ok().and_then(day) {
                    *value = day;
                }
            });
        }
        found
    };
    let first =
        |name: &str, other: &str| Some(points(name)).filter(|found| !found.is_empty()).unwrap_or_else(|| points(other));
    let name = element.child("c:tx").map(|name| {
        let cached: Vec<String> = name.below("c:v").map(Element::text).collect();
        if cached.is_empty() { spoken(name) } else { cached.join(" ") }
    });
    Series { name: name.unwrap_or_default(), names: first("c:cat", "c:xVal"), values: first("c:val", "c:yVal") }
}

/// Whether a spreadsheet shows a number in this way as a day.
fn is_date(format: &str) -> bool {
    let format = format.to_lowercase();
    format.contains("yy") || format.contains("mmm")
}

/// The day that a spreadsheet's number stands for.
fn day(number: f64) -> Option<String> {
    let days = jiff::Span::new().try_days(number.trunc() as i64).ok()?;
    let day = jiff::civil::date(1899, 12, 30).checked_add(days).ok()?;
    Some(day.to_string())
}

/// A first row of names, then a row for each point.
fn table(series: &[Series]) -> Vec<Vec<String>> {
    let points =
        series.iter().flat_map(|one| one.values.iter().chain(&one.names)).map(|(at, _)| at + 1).max().unwrap_or(0);
    let mut head = vec!["Name".to_owned()];
    for (nth, one) in series.iter().enumerate() {
        let name = one.name.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = if name.is_empty() { format!("Value {}", nth + 1) } else { name };
        head.push(if head.contains(&name) { format!("{name} ({})", nth + 1) } else { name });
    }
    let mut rows = vec![head];
    let find = |points: &[(usize, String)], at: usize| {
        points.iter().find(|(known, _)| *known == at).map(|(_, words)| words.clone())
    };
    for at in 0..points {
        let name = series.iter().find_map(|one| find(&one.names, at)).unwrap_or_else(|| (at + 1).to_string());
        let values = series.iter().map(|one| find(&one.values, at).map(|value| shown(&value)).unwrap_or_default());
        rows.push([name.split_whitespace().collect::<Vec<_>>().join(" ")].into_iter().chain(values).collect());
    }
    rows
}

/// A number without the traces of binary fractions: `0.30000000000000004` is `0.3`.
fn shown(value: &str) -> String {
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() && value.len() > 12 => format!("{}", (number * 1e10).round() / 1e10),
        _ => value.to_owned(),
    }
}

fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut out = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let _ = out.write_record(row);
    }
    out.into_inner().unwrap_or_default()
}
