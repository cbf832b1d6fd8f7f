//! Bars: names above them, numbers at their ends.

use super::labels::{ACROSS, LINE, NARROWEST, room, wrapped};
use super::svg::{Anchor, Svg};
use super::{Behind, Chart, Drawing, Panel, Scale};

/// The height of a bar, and of one of several in a row, in pixels.
const BAR: f64 = 24.0;
const OF_SEVERAL: f64 = 20.0;
/// Between rows.
const GAP: f64 = 16.0;
/// What is written where no number is known.
const UNKNOWN: &str = "–";

/// Where bars begin and how long one is, in per cent of the width; room is left for their numbers at both ends.
struct Measure {
    scale: Scale,
    start: f64,
    across: f64,
}

impl Measure {
    fn of(chart: &Chart<'_>, values: impl Iterator<Item = f64> + Clone) -> Self {
        let widest = |below: bool| {
            let written = values
                .clone()
                .filter(|value| (*value < 0.0) == below)
                .map(|value| room(&(chart.written)(value), NARROWEST));
            written.fold(0.0, f64::max)
        };
        let start = widest(true).min(40.0);
        let across = 100.0 - start - widest(false).min(40.0);
        Self { scale: Scale::from_zero(values), start, across }
    }

    fn at(&self, value: f64) -> f64 {
        self.start + self.scale.part(value) * self.across
    }

    /// Draws the bar of `value` and writes its number at its end.
    fn bar(&self, svg: &mut Svg, chart: &Chart<'_>, class: &str, value: Option<f64>, y: f64, height: f64) {
        let zero = self.at(0.0);
        let base = y + height / 2.0 + 6.0;
        let Some(value) = value else { return svg.text("q", zero, 8.0, base, Anchor::Start, UNKNOWN) };
        let end = self.at(value);
        let width = (end - zero).abs();
        if width > 0.0 {
            svg.rect(class, end.min(zero), y, width, height);
        }
        let written = (chart.written)(value);
        if value < 0.0 {
            svg.text("b", end, -8.0, base, Anchor::End, &written);
        } else {
            svg.text("b", end, 8.0, base, Anchor::Start, &written);
        }
    }

    /// The line that bars stand on, where some are on either side of it.
    fn zero(&self, svg: &mut Svg, from: f64, to: f64) {
        if self.scale.from < 0.0 {
            svg.line("ax", (self.at(0.0), from), (self.at(0.0), to));
        }
    }
}

/// Writes the name of a row; gives the place below it.
fn name(svg: &mut Svg, class: &str, name: &str, mut y: f64) -> f64 {
    for line in wrapped(name, ACROSS) {
        y += LINE;
        svg.text(class, 0.0, 0.0, y - 4.0, Anchor::Start, &line);
    }
    y + 3.0
}

pub(super) fn single(chart: &Chart<'_>) -> Drawing {
    let table = chart.table;
    let values = || table.series.first().into_iter().flat_map(|series| series.values.iter().copied());
    let measure = Measure::of(chart, values().flatten());
    let mut svg = Svg::new(chart);
    let mut y = 0.0;
    for (row, (label, value)) in table.rows.iter().zip(values()).enumerate() {
        let is_main = chart.emphasis == Some(row);
        y = name(&mut svg, if is_main { "b" } else { "" }, label, y);
        let class = format!("f{}", chart.colour_of_row(row) + 1);
        measure.zero(&mut svg, y - 2.0, y + BAR + 2.0);
        measure.bar(&mut svg, chart, &class, value, y, BAR);
        y += BAR + GAP;
    }
    drawing(svg, y - GAP + 2.0, Vec::new())
}

pub(super) fn grouped(chart: &Chart<'_>) -> Drawing {
    let table = chart.table;
    let measure = Measure::of(chart, table.series.iter().flat_map(|one| one.values.iter().copied().flatten()));
    let mut svg = Svg::new(chart);
    let mut y = 0.0;
    for (row, label) in table.rows.iter().enumerate() {
        y = name(&mut svg, "", label, y);
        let start = y;
        for (n, series) in table.series.iter().enumerate() {
            measure.bar(&mut svg, chart, &format!("f{}", n + 1), series.values[row], y, OF_SEVERAL);
            y += OF_SEVERAL + 2.0;
        }
        measure.zero(&mut svg, start - 2.0, y);
        y += GAP;
    }
    drawing(svg, y - GAP + 2.0, table.key())
}

pub(super) fn stacked(chart: &Chart<'_>) -> Drawing {
    let table = chart.table;
    let sum = |row: usize, below: bool| -> f64 {
        table.series.iter().filter_map(|series| series.values[row]).filter(|value| (*value < 0.0) == below).sum()
    };
    let rows = 0..table.rows.len();
    let ends = rows.clone().flat_map(|row| [sum(row, true), sum(row, false)]);
    let scale = Scale::from_zero(ends);
    let mut svg = Svg::new(chart);
    let mut y = 0.0;
    for row in rows {
        y = name(&mut svg, "", &table.rows[row], y);
        let (mut above, mut below) = (0.0, 0.0);
        for (n, series) in table.series.iter().enumerate() {
            let Some(value) = series.values[row].filter(|value| *value != 0.0) else { continue };
            let from = if value < 0.0 { below } else { above };
            let (start, end) = (scale.part(from) * 100.0, scale.part(from + value) * 100.0);
            let (left, width) = (start.min(end), (end - start).abs());
            svg.rect(&format!("f{} s", n + 1), left, y, width, BAR + 4.0);
            let written = (chart.written)(value);
            if room(&written, NARROWEST) <= width {
                svg.text(&format!("on{}", n + 1), left + width / 2.0, 0.0, y + 20.0, Anchor::Middle, &written);
            }
            if value < 0.0 { below += value } else { above += value }
        }
        if scale.from < 0.0 {
            let zero = scale.part(0.0) * 100.0;
            svg.line("ax", (zero, y - 2.0), (zero, y + BAR + 6.0));
        }
        y += BAR + 4.0 + GAP;
    }
    drawing(svg, y - GAP + 2.0, table.key())
}

fn drawing(svg: Svg, height: f64, key: Vec<(usize, String)>) -> Drawing {
    let panel =
        Panel { title: None, svg: svg.out, height: height.max(1.0).ceil() as u32, before: 0, behind: Behind::Nothing };
    Drawing { key, panels: vec![panel] }
}
