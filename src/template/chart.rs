//! A chart of an entry → what the template of its block gets: the drawing, its numbers as a table, the addresses of its other
//! forms; and the drawing for pictures.
//!
//! Not here: where anything is drawn (`charts`), and what stands around it (the theme).

use std::fmt::Write as _;

use tera::Value;

use super::TemplateContext;
use super::values::{escaped, map, safe};
use crate::charts::{self, Along, Behind, Direction, Drawing, Frame, Table, Width, ems};
use crate::routes::{self, ChartForm};
use crate::site::{Chart, Ix};

/// A chart as the readers of a language see it.
struct Shown<'a> {
    asked: &'a TemplateContext,
    chart: &'a Chart,
    /// The names of its rows are in their language.
    table: Table,
    unit: &'a str,
}

impl<'a> Shown<'a> {
    fn new(asked: &'a TemplateContext, chart: &'a Chart) -> Self {
        let mut table = chart.table.clone();
        if matches!(table.along, Along::Places(_)) {
            name_dates(asked, &mut table);
        }
        Self { asked, chart, table, unit: &chart.words.unit }
    }

    fn number(&self, value: f64) -> String {
        let numbers = &self.asked.numbers;
        charts::with_unit(&numbers.written(value, self.table.decimals), self.unit, numbers.gap)
    }

    /// A number beside a scale.
    fn on_scale(&self, value: f64) -> String {
        let numbers = &self.asked.numbers;
        // Words would be repeated at each number; what is measured says them.
        let unit = if self.unit.chars().count() > 2 { "" } else { self.unit };
        charts::with_unit(&numbers.short(value), unit, numbers.gap)
    }

    fn with<T>(&self, width: Width, draw: impl FnOnce(&charts::Chart<'_>) -> T) -> T {
        let direction =
            if self.asked.language().is_right_to_left { Direction::RightToLeft } else { Direction::LeftToRight };
        draw(&charts::Chart {
            kind: self.chart.kind,
            table: &self.table,
            emphasis: self.chart.highlight,
            direction,
            width,
            written: &|value| self.number(value),
            on_scale: &|value| self.on_scale(value),
        })
    }

    /// The drawing, as one picture for those who hear the page: what is in it stands in the table too.
    fn html(&self, label: &str) -> String {
        let Drawing { key, panels } = self.with(Width::Fluid, charts::draw);
        let mut out = format!("<div class=\"chart\" role=\"img\" aria-label=\"{}\">", escaped(label));
        if !key.is_empty() {
            out.push_str("<ul class=\"chart-key\">");
            for (colour, name) in key {
                let _ = write!(
                    out,
                    "<li><svg width=\"14\" height=\"14\"><rect class=\"f{}\" width=\"14\" height=\"14\"/></svg> {}</li>",
                    colour + 1,
                    escaped(&name)
                );
            }
            out.push_str("</ul>");
        }
        let are_many = panels.len() > 1;
        if are_many {
            out.push_str("<div class=\"chart-panels\">");
        }
        for panel in panels {
            if let Some(title) = panel.title.as_ref().filter(|_| are_many) {
                let _ = write!(out, "<div><p class=\"chart-panel-title\">{}</p>", escaped(title));
            }
            let mut classes = Vec::new();
            if panel.before > 0 {
                classes.push(format!("chart-before-{}", panel.before));
            }
            match panel.behind {
                Behind::Nothing => {}
                Behind::Short => classes.push("chart-names".to_owned()),
                Behind::Long => classes.push("chart-long-names".to_owned()),
            }
            let class = match classes.is_empty() {
                true => String::new(),
                false => format!(" class=\"{}\"", classes.join(" ")),
            };
            let _ =
                write!(out, "<svg{class} width=\"100%\" height=\"{}\">{}</svg>", ems(panel.height.into()), panel.svg);
            if are_many {
                out.push_str("</div>");
            }
        }
        out.push_str(if are_many { "</div></div>" } else { "</div>" });
        out
    }

    /// The numbers as a table.
    fn table_html(&self, label: &str) -> String {
        let mut out = format!(
            "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"{}\"><table><thead><tr>",
            escaped(label)
        );
        match self.chart.rows.as_str() {
            "" => out.push_str("<td></td>"),
            name => {
                let _ = write!(out, "<th scope=\"col\">{}</th>", escaped(name));
            }
        }
        for series in &self.table.series {
            let _ = write!(out, "<th scope=\"col\" class=\"align-right\">{}</th>", escaped(&series.name));
        }
        out.push_str("</tr></thead><tbody>\n");
        for (n, row) in self.table.rows.iter().enumerate() {
            let _ = write!(out, "<tr><th scope=\"row\">{}</th>", escaped(row));
            for series in &self.table.series {
                let number = series.values[n].map_or_else(|| "–".to_owned(), |value| self.number(value));
                let _ = write!(out, "<td class=\"align-right\">{}</td>", escaped(&number));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table></div>");
        out
    }
}

/// Rows that are called after days or months are called so in words; below a line after their year where it is the first of its
/// year and there are several, else after their month.
fn name_dates(asked: &TemplateContext, table: &mut Table) {
    let day = |row: &str| match row.len() {
        10 => row.parse::<jiff::civil::Date>().ok(),
        7 => format!("{row}-01").parse::<jiff::civil::Date>().ok(),
        _ => None,
    };
    let days: Option<Vec<jiff::civil::Date>> = table.rows.iter().map(|row| day(row)).collect();
    let Some(days) = days else { return };
    let years = days.last().map_or(0, |day| day.year()) - days.first().map_or(0, |day| day.year());
    let mut before = None;
    for (n, day) in days.into_iter().enumerate() {
        let whole = table.rows[n].len() == 10;
        table.rows[n] = if whole { asked.dates.day(day) } else { asked.dates.month(day) };
        let name = if years >= YEARS { day.year().to_string() } else { asked.dates.short_month(day) };
        let is_new = before.as_ref() != Some(&name);
        table.below[n] = if is_new { name.clone() } else { String::new() };
        before = Some(name);
    }
}

/// From so many years on, years are enough below a line.
const YEARS: i16 = 3;

/// What the template of a chart gets; nothing if it cannot be drawn.
pub(super) fn value(asked: &TemplateContext, ix: Ix, chart: Option<&Chart>) -> Value {
    let Some(chart) = chart else { return Value::none() };
    let site = &asked.site;
    let shown = Shown::new(asked, chart);
    // Readers get what the author wrote, never a description that nobody has read.
    let label = if chart.words.alt.is_empty() { &chart.words.title } else { &chart.words.alt };
    let href = |form| {
        let address = routes::chart_address(asked.routes.design.as_deref(), site, ix, chart, form)?;
        asked.routes.at(&address).map(|_| site.config.base.file_href(address.as_str()))
    };
    let data = chart.data.as_ref().and_then(|file| site.files().get(file));
    let data = data.map(|address| site.config.base.file_href(address.as_str())).or_else(|| href(ChartForm::Data));
    map([
        ("drawing", safe(&shown.html(&site.config.set(label)))),
        ("table", safe(&shown.table_html(&asked.strings.word("table")))),
        ("is_inline", chart.data.is_none().into()),
        ("data_href", data.into()),
        ("embed_href", href(ChartForm::Page).into()),
        ("image_href", href(ChartForm::Image).into()),
    ])
}

/// The numbers of a chart that stand in its text, as a file.
pub(crate) fn csv(chart: &Chart) -> String {
    let quoted = |text: &str| match text.contains([',', '"', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    };
    let table = &chart.table;
    let names = std::iter::once(chart.rows.as_str()).chain(table.series.iter().map(|series| series.name.as_str()));
    let mut out = names.map(quoted).collect::<Vec<_>>().join(",") + "\n";
    for (n, row) in table.rows.iter().enumerate() {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let numbers = table.series.iter().map(|series| number(series.values[n]));
        out += &(std::iter::once(quoted(row)).chain(numbers).collect::<Vec<_>>().join(",") + "\n");
    }
    out
}

/// The chart with its title as one drawing, and its width and height.
pub(crate) fn picture(asked: &TemplateContext, chart: &Chart) -> (String, (u32, u32)) {
    let site = &asked.site;
    let set = |text: &str| site.config.set(text).into_owned();
    let (title, measure, source) = (set(&chart.words.title), set(&chart.words.measure), set(&chart.words.source));
    // Its name is known from these alone, so no words of the interface are among them.
    let mut below = Vec::new();
    if !source.is_empty() {
        below.push(source);
    }
    below.push(asked.language().title.clone());
    let colour = |name: &str, usual: &str| {
        site.config.tokens.colours.get(name).map_or_else(|| usual.to_owned(), |colour| colour.light.to_string())
    };
    let series = (1..=charts::MOST_SERIES).zip(["#a8341f", "#6c98ab", "#2b241c", "#978b76", "#0f5450", "#b5842a"]);
    let frame = Frame {
        title: &title,
        measure: &measure,
        below: &below,
        paper: colour("paper", "#ffffff"),
        ink: colour("ink", "#1b2529"),
        quiet: colour("quiet", "#566160"),
        rule: colour("rule", "#d9d0c1"),
        series: series.map(|(n, usual)| colour(&format!("chart-{n}"), usual)).collect(),
        serif: "Source Serif 4",
        sans: "Source Sans 3",
    };
    Shown::new(asked, chart).with(Width::Fluid, |drawn| charts::picture(drawn, &frame))
}
