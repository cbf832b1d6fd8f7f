//! A chart with its title and source → one drawing that needs no page: for pictures that are shared.
//!
//! It holds its colours, those of the light scheme, and no widths in per cent. Not here: pixels (`raster`).

use std::fmt::Write;

use super::labels::{self, wrapped};
use super::svg::{Anchor, Direction, Svg, Width, escape};
use super::{Chart, Kind, Panel, draw};

/// The width of the drawing, and what is left empty around it.
const WIDE: f64 = 600.0;
const EDGE: f64 = 32.0;
/// Between two small drawings.
const GAP: f64 = 28.0;
/// Letters in a line of the title, and of what is smaller.
const TITLE: usize = 44;
const SMALL: usize = 68;

/// What stands around a chart.
pub(crate) struct Frame<'a> {
    pub(crate) title: &'a str,
    pub(crate) measure: &'a str,
    /// Whose it is, and where its numbers come from.
    pub(crate) below: &'a [String],
    /// The colours of ground, letters, quiet letters, thin lines and series.
    pub(crate) paper: String,
    pub(crate) ink: String,
    pub(crate) quiet: String,
    pub(crate) rule: String,
    pub(crate) series: Vec<String>,
    /// The typefaces of titles and of the rest.
    pub(crate) serif: &'a str,
    pub(crate) sans: &'a str,
}

/// The drawing, and its width and height.
pub(crate) fn picture(chart: &Chart<'_>, frame: &Frame<'_>) -> (String, (u32, u32)) {
    let inner = WIDE - 2.0 * EDGE;
    let is_small = chart.kind == Kind::Multiples && chart.table.series.len() > 1;
    let sized = |width: f64| Chart { width: Width::Pixels(width), ..*chart };
    let column = if is_small { (inner - GAP) / 2.0 } else { inner };
    // What stands beside a drawing is the same however wide it is.
    let beside =
        draw(&sized(column)).panels.first().map(|panel| (labels::before(panel.before), labels::behind(panel.behind)));
    let (before, behind) = beside.unwrap_or((0.0, 0.0));
    let width = column - before - behind;
    let drawing = draw(&sized(width));
    let mut svg = Svg::new(&sized(inner));
    let mut y = EDGE - 8.0;
    for line in wrapped(frame.title, TITLE) {
        y += 28.0;
        svg.text("t", 0.0, 0.0, y, Anchor::Start, &line);
    }
    for line in wrapped(frame.measure, SMALL).iter().filter(|line| !line.is_empty()) {
        y += 22.0;
        svg.text("q", 0.0, 0.0, y, Anchor::Start, line);
    }
    y += 20.0;
    for (colour, name) in &drawing.key {
        svg.rect(&format!("f{}", colour + 1), 0.0, y, 2.6, 14.0);
        svg.text("", 4.0, 0.0, y + 12.0, Anchor::Start, name);
        y += 22.0;
    }
    let mut out = String::new();
    for (n, panel) in drawing.panels.iter().enumerate() {
        let is_second = is_small && n % 2 == 1;
        let height = f64::from(panel.height) + if panel.title.is_some() { 28.0 } else { 0.0 };
        let start = if is_second { column + GAP } else { 0.0 };
        let left = match chart.direction {
            Direction::LeftToRight => start + before,
            Direction::RightToLeft => inner - width - start - before,
        };
        self::panel(&mut out, &sized(width), panel, (left + EDGE, y));
        if is_second || !is_small || n + 1 == drawing.panels.len() {
            y += height + 16.0;
        }
    }
    for text in frame.below {
        for line in wrapped(text, SMALL).iter().filter(|line| !line.is_empty()) {
            y += 20.0;
            svg.text("q", 0.0, 0.0, y, Anchor::Start, line);
        }
    }
    let height = y + EDGE;
    let mut whole = opening(frame, height);
    let _ = write!(whole, "<g transform=\"translate({EDGE} 0)\">{}</g>{out}</svg>", svg.out);
    (whole, (pixels(WIDE), pixels(height)))
}

/// A drawing at its place.
fn panel(out: &mut String, chart: &Chart<'_>, panel: &Panel, (x, y): (f64, f64)) {
    let title = panel.title.as_ref().map(|title| {
        let mut svg = Svg::new(chart);
        svg.text("", 0.0, 0.0, 14.0, Anchor::Start, title);
        svg.out
    });
    let top = y + if title.is_some() { 28.0 } else { 0.0 };
    let title = title.unwrap_or_default();
    let _ = write!(
        out,
        "<g transform=\"translate({x} {y})\">{title}</g><g transform=\"translate({x} {top})\">{}</g>",
        panel.svg
    );
}

/// The beginning of the drawing, with what its classes look like.
fn opening(frame: &Frame<'_>, height: f64) -> String {
    let Frame { paper, ink, quiet, rule, .. } = frame;
    let family = |name: &str| {
        let mut out = String::new();
        escape(name, &mut out);
        out
    };
    let (serif, sans) = (family(frame.serif), family(frame.sans));
    let mut css = format!(
        "text{{fill:{ink};font-family:'{sans}';font-weight:600;font-size:15px}}text.t{{font-family:'{serif}';font-size:24px}}\
         text.q{{fill:{quiet};font-size:14px}}.g{{stroke:{rule}}}.ax{{stroke:{ink}}}.s,.m{{stroke:{paper};stroke-width:2}}"
    );
    const DASHES: [&str; 6] = ["", "", "6 4", "2 4", "10 3 2 3", "1 3"];
    for (n, colour) in (1..).zip(&frame.series) {
        let dash = DASHES.get(n - 1).filter(|dash| !dash.is_empty());
        let dash = dash.map(|dash| format!(";stroke-dasharray:{dash}")).unwrap_or_default();
        // Series are dark and light by turns.
        let on = if n % 2 == 0 { ink } else { paper };
        let wide = if n == 1 { "4" } else { "2.5" };
        let _ = write!(
            css,
            ".f{n}{{fill:{colour}}}.l{n}{{fill:none;stroke:{colour};stroke-width:{wide}{dash}}}text.on{n}{{fill:{on}}}"
        );
    }
    let height = pixels(height);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDE}\" height=\"{height}\" viewBox=\"0 0 {WIDE} {height}\">\
         <style>{css}</style><rect width=\"{WIDE}\" height=\"{height}\" fill=\"{paper}\"/>"
    )
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a drawing is some thousand pixels high")]
fn pixels(length: f64) -> u32 {
    length.ceil() as u32
}
