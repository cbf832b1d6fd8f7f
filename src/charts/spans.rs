//! Dots on lines, and lines between two dots.

use super::labels::{ACROSS, LINE, NARROWEST, room, wrapped};
use super::svg::{Anchor, Svg};
use super::{Behind, Chart, Drawing, Panel, Scale};

/// The height of the line that dots lie on.
const ROW: f64 = 28.0;
const GAP: f64 = 12.0;

pub(super) fn dots(chart: &Chart<'_>) -> Drawing {
    let table = chart.table;
    let key = if table.series.len() > 1 { table.key() } else { Vec::new() };
    rows(chart, key, |svg, place, row, y| {
        let known: Vec<(usize, f64)> =
            table.series.iter().enumerate().filter_map(|(n, one)| Some((n, one.values[row]?))).collect();
        let ends = known
            .iter()
            .copied()
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .zip(known.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1)));
        for (n, value) in &known {
            let colour = if table.series.len() > 1 { *n } else { chart.colour_of_row(row) };
            svg.mark(&format!("f{} m", colour + 1), *n, place(*value), y);
        }
        if let Some(((_, low), (_, high))) = ends {
            svg.text("b", place(high), 12.0, y + 6.0, Anchor::Start, &(chart.written)(high));
            if low < high {
                svg.text("b", place(low), -12.0, y + 6.0, Anchor::End, &(chart.written)(low));
            }
        }
    })
}

pub(super) fn ranges(chart: &Chart<'_>) -> Drawing {
    let table = chart.table;
    rows(chart, Vec::new(), |svg, place, row, y| {
        let mut ends: Vec<f64> = table.series.iter().filter_map(|one| one.values[row]).collect();
        ends.sort_by(f64::total_cmp);
        let (Some(low), Some(high)) = (ends.first().copied(), ends.last().copied()) else { return };
        let class = format!("f{}", chart.colour_of_row(row) + 1);
        svg.rect(&class, place(low), y - 5.0, place(high) - place(low), 10.0);
        for end in &ends {
            svg.mark(&format!("{class} m"), 0, place(*end), y);
        }
        svg.text("b", place(high), 12.0, y + 6.0, Anchor::Start, &(chart.written)(high));
        if low < high {
            svg.text("b", place(low), -12.0, y + 6.0, Anchor::End, &(chart.written)(low));
        }
    })
}

/// Draws a line a row, and on it what `marks` draws: it is given where a number is, the row and the height.
fn rows(
    chart: &Chart<'_>,
    key: Vec<(usize, String)>,
    marks: impl Fn(&mut Svg, &dyn Fn(f64) -> f64, usize, f64),
) -> Drawing {
    let table = chart.table;
    let scale = Scale::round(table.known(), 3.0);
    let widest =
        table.known().map(|value| room(&(chart.written)(value), NARROWEST)).fold(0.0, f64::max).min(32.0) + 2.0;
    let place = |value: f64| widest + scale.part(value) * (100.0 - 2.0 * widest);
    let mut svg = Svg::new(chart);
    let mut y = 0.0;
    for (row, label) in table.rows.iter().enumerate() {
        let class = if chart.emphasis == Some(row) { "b" } else { "" };
        for line in wrapped(label, ACROSS) {
            y += LINE;
            svg.text(class, 0.0, 0.0, y - 4.0, Anchor::Start, &line);
        }
        y += ROW / 2.0;
        svg.line("g", (0.0, y), (100.0, y));
        marks(&mut svg, &place, row, y);
        y += ROW / 2.0 + GAP;
    }
    let panel = Panel {
        title: None,
        svg: svg.out,
        height: (y - GAP).max(1.0).ceil() as u32,
        before: 0,
        behind: Behind::Nothing,
    };
    Drawing { key, panels: vec![panel] }
}
