//! Lines over time or along a scale, many small ones, and lines between two moments.

use super::labels::{self, LINE, LONG, MOST_BEFORE, NARROWEST, SHORT, apart, letters, room, wrapped};
use super::svg::{Anchor, Run, Svg};
use super::{Along, Behind, Chart, Drawing, Panel, Scale, Series};

/// The height of a drawing, and of one of several small ones.
const HEIGHT: f64 = 300.0;
const SMALL: f64 = 170.0;
/// The room below for what the rows are called, and above.
const BELOW: f64 = 34.0;
const ABOVE: f64 = 14.0;
/// Beyond that many letters the series are told of in a key.
const LONGEST: usize = 34;

/// The most names of rows below a drawing.
const MOST_NAMED: usize = 8;

/// Where the points of a drawing are.
struct Plane {
    scale: Scale,
    /// Where the rows are, in per cent of the width.
    xs: Vec<f64>,
    height: f64,
    /// Its width on the smallest screen, in pixels.
    narrowest: f64,
    /// The letters of the longest number of its scale.
    before: usize,
}

impl Plane {
    fn new(chart: &Chart<'_>, height: f64, behind: Behind) -> Self {
        let scale = Scale::round(chart.table.known(), height / 90.0);
        // The numbers of the scale stand before the drawing.
        let before =
            scale.marks.iter().map(|mark| letters(&(chart.on_scale)(*mark))).max().unwrap_or(0).min(MOST_BEFORE);
        let narrowest = NARROWEST - labels::before(before) - labels::behind(behind);
        let count = chart.table.rows.len();
        let xs = match &chart.table.along {
            _ if count < 2 => vec![100.0; count],
            Along::Names => (0..count).map(|n| 100.0 * n as f64 / (count - 1) as f64).collect(),
            Along::Places(places) => {
                let low = places.iter().copied().fold(f64::INFINITY, f64::min);
                let high = places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let spread = if high > low { high - low } else { 1.0 };
                places.iter().map(|place| 100.0 * (place - low) / spread).collect()
            }
        };
        Self { scale, xs, height, narrowest, before }
    }

    fn y(&self, value: f64) -> f64 {
        let room = self.height - ABOVE - BELOW;
        ABOVE + (1.0 - self.scale.part(value)) * room
    }

    /// The lines of the scale with their numbers, and what the rows are called.
    fn draw(&self, svg: &mut Svg, chart: &Chart<'_>) {
        for mark in &self.scale.marks {
            let y = self.y(*mark);
            let class = if *mark == 0.0 || self.scale.from > 0.0 && *mark == self.scale.from { "ax" } else { "g" };
            svg.line(class, (0.0, y), (100.0, y));
            svg.text("q", 0.0, -10.0, y + 5.0, Anchor::End, &(chart.on_scale)(*mark));
        }
        for (row, anchor) in self.named(&chart.table.below) {
            svg.text("q", self.xs[row], 0.0, self.height - 12.0, anchor, &chart.table.below[row]);
        }
    }

    /// The rows whose names fit below the drawing on the smallest screen: the last, the first, and some between.
    fn named(&self, names: &[String]) -> Vec<(usize, Anchor)> {
        let named: Vec<usize> = (0..names.len()).filter(|row| !names[*row].is_empty()).collect();
        let (Some(first), Some(last)) = (named.first().copied(), named.last().copied()) else { return Vec::new() };
        let anchor = |row: usize| match self.xs[row] {
            x if x > 99.0 => Anchor::End,
            _ => Anchor::Middle,
        };
        // Where the name of a row begins and ends.
        let span = |row: usize| {
            let (x, width) = (self.xs[row], room(&names[row], self.narrowest));
            if anchor(row) == Anchor::End { (x - width, x) } else { (x - width / 2.0, x + width / 2.0) }
        };
        let fits = |chosen: &[usize]| chosen.windows(2).all(|pair| span(pair[0]).1 + 2.0 <= span(pair[1]).0);
        let most = named.len().min(MOST_NAMED);
        for count in (2..=most).rev() {
            let at = |n: usize| named[(n * (named.len() - 1) + (count - 1) / 2) / (count - 1)];
            let chosen: Vec<usize> = (0..count).map(at).collect();
            if fits(&chosen) {
                return chosen.into_iter().map(|row| (row, anchor(row))).collect();
            }
        }
        if first == last { vec![(last, anchor(last))] } else { vec![(last, Anchor::End)] }
    }

    /// The stretches of a series between the places at which nothing is known.
    fn runs(&self, series: &Series) -> Vec<Run> {
        let mut runs = vec![Vec::new()];
        for (x, value) in self.xs.iter().zip(&series.values) {
            match (value, runs.last_mut()) {
                (Some(value), Some(run)) => run.push((*x, self.y(*value))),
                (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
                _ => {}
            }
        }
        runs.retain(|run| !run.is_empty());
        runs
    }
}

/// Draws the series numbered `which`; those with one point between gaps as a dot too.
fn draw_lines(svg: &mut Svg, plane: &Plane, chart: &Chart<'_>, which: impl Iterator<Item = (usize, usize)> + Clone) {
    let series = &chart.table.series;
    let lines: Vec<_> = which.clone().map(|(n, colour)| (format!("l{}", colour + 1), plane.runs(&series[n]))).collect();
    svg.lines(plane.height as u32, &lines);
    for (n, colour) in which {
        for run in plane.runs(&series[n]).iter().filter(|run| run.len() == 1) {
            svg.mark(&format!("f{} m", colour + 1), 0, run[0].0, run[0].1);
        }
    }
}

/// The last number that is known, and its row.
fn last(series: &Series) -> Option<(usize, f64)> {
    series.values.iter().enumerate().rev().find_map(|(row, value)| Some((row, (*value)?)))
}

pub(super) fn line(chart: &Chart<'_>) -> Drawing {
    let series = &chart.table.series;
    let has_key = series.iter().any(|one| letters(&one.name) > LONGEST);
    let names: Vec<Vec<String>> = series
        .iter()
        .map(|one| {
            let value = last(one).map(|(_, value)| (chart.written)(value)).unwrap_or_default();
            let name = if has_key || series.len() == 1 { value } else { format!("{} {value}", one.name) };
            wrapped(&name, SHORT)
        })
        .collect();
    let heights: Vec<f64> = names.iter().map(|lines| lines.len() as f64 * LINE).collect();
    // The names at the ends of the lines stand one below another, however long they are.
    let height = HEIGHT.max(heights.iter().sum::<f64>() + 8.0);
    let plane = Plane::new(chart, height, Behind::Short);
    let mut svg = Svg::new(chart);
    plane.draw(&mut svg, chart);
    // What the chart is about is drawn last, above the others.
    let mut order: Vec<usize> = (0..series.len()).collect();
    order.sort_by_key(|n| chart.emphasis == Some(*n));
    draw_lines(&mut svg, &plane, chart, order.iter().map(|n| (*n, *n)));
    let ends: Vec<f64> = series.iter().map(|one| last(one).map_or(0.0, |(_, value)| plane.y(value))).collect();
    let moved = apart(&ends, &heights, 0.0, height - 8.0);
    for (n, lines) in names.iter().enumerate() {
        let x = last(&series[n]).map_or(100.0, |_| 100.0);
        let top = moved[n] - heights[n] / 2.0;
        for (row, text) in lines.iter().enumerate() {
            let y = top + row as f64 * LINE + 15.0;
            svg.text(&format!("b x{}", n + 1), x, 8.0, y, Anchor::Start, text);
        }
    }
    let key = if has_key { chart.table.key() } else { Vec::new() };
    let panel =
        Panel { title: None, svg: svg.out, height: height.ceil() as u32, before: plane.before, behind: Behind::Short };
    Drawing { key, panels: vec![panel] }
}

pub(super) fn multiples(chart: &Chart<'_>) -> Drawing {
    let plane = Plane::new(chart, SMALL, Behind::Nothing);
    let panel = |(n, one): (usize, &Series)| {
        let mut svg = Svg::new(chart);
        plane.draw(&mut svg, chart);
        let colour = usize::from(chart.emphasis.is_some_and(|main| main != n));
        draw_lines(&mut svg, &plane, chart, [(n, colour)].into_iter());
        if let Some((row, value)) = last(one) {
            svg.mark(&format!("f{} m", colour + 1), 0, plane.xs[row], plane.y(value));
            let below = plane.y(value) < 34.0;
            let y = plane.y(value) + if below { 24.0 } else { -12.0 };
            svg.text("b", plane.xs[row], 0.0, y, Anchor::End, &(chart.written)(value));
        }
        Panel {
            title: Some(one.name.clone()),
            svg: svg.out,
            height: SMALL as u32,
            before: plane.before,
            behind: Behind::Nothing,
        }
    };
    Drawing { key: Vec::new(), panels: chart.table.series.iter().enumerate().map(panel).collect() }
}

/// Each row is a line from the first series to the last.
pub(super) fn slope(chart: &Chart<'_>) -> Drawing {
    let table = chart.table;
    let (Some(first), Some(second)) = (table.series.first(), table.series.last()) else {
        return Drawing { key: Vec::new(), panels: Vec::new() };
    };
    let scale = Scale::within(table.known());
    let mut texts: Vec<[Vec<String>; 2]> = Vec::new();
    for (row, label) in table.rows.iter().enumerate() {
        let written = |value: Option<f64>| value.map(|value| (chart.written)(value)).unwrap_or_default();
        texts.push([
            vec![written(first.values[row])],
            wrapped(&format!("{} {label}", written(second.values[row])), LONG),
        ]);
    }
    let room_below: f64 = texts.iter().map(|pair| pair[1].len() as f64 * LINE).sum();
    let height = HEIGHT.max(room_below + 40.0);
    let y = |value: f64| 42.0 + (1.0 - scale.part(value)) * (height - 64.0);
    let (left, right) = (0.0, 100.0);
    let before = texts.iter().map(|pair| letters(&pair[0][0])).max().unwrap_or(0).min(MOST_BEFORE - 1) + 1;
    let mut svg = Svg::new(chart);
    svg.text("q", left, 0.0, 16.0, Anchor::Start, &first.name);
    svg.text("q", right, 0.0, 16.0, Anchor::End, &second.name);
    svg.line("g", (left, 26.0), (left, height - 8.0));
    svg.line("g", (right, 26.0), (right, height - 8.0));
    // What the chart is about is drawn last, above the others.
    let mut order: Vec<usize> = (0..table.rows.len()).collect();
    order.sort_by_key(|row| chart.emphasis == Some(*row));
    for row in order.iter().copied() {
        if let (Some(from), Some(to)) = (first.values[row], second.values[row]) {
            svg.line(&format!("l{}", chart.colour_of_row(row) + 1), (left, y(from)), (right, y(to)));
        }
    }
    for (side, series) in [first, second].into_iter().enumerate() {
        let rows: Vec<usize> = order.iter().copied().filter(|row| series.values[*row].is_some()).collect();
        let places: Vec<f64> = rows.iter().map(|row| series.values[*row].map_or(0.0, y)).collect();
        let heights: Vec<f64> = rows.iter().map(|row| texts[*row][side].len() as f64 * LINE).collect();
        let moved = apart(&places, &heights, 26.0, height);
        for (n, row) in rows.iter().enumerate() {
            let colour = chart.colour_of_row(*row) + 1;
            svg.mark(&format!("f{colour} m"), 0, if side == 0 { left } else { right }, places[n]);
            for (nth, line) in texts[*row][side].iter().enumerate() {
                let y = moved[n] - heights[n] / 2.0 + nth as f64 * LINE + 15.0;
                let class = if chart.emphasis.is_none_or(|main| main == *row) { "b" } else { "" };
                match side {
                    0 => svg.text(class, left, -14.0, y, Anchor::End, line),
                    _ => svg.text(class, right, 14.0, y, Anchor::Start, line),
                }
            }
        }
    }
    let panel = Panel { title: None, svg: svg.out, height: height.ceil() as u32, before, behind: Behind::Long };
    Drawing { key: Vec::new(), panels: vec![panel] }
}
