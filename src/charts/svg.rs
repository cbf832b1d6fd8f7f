//! Elements of a drawing, mirrored for what reads from right to left.

use std::fmt::Write;

use super::Chart;

/// The direction that a language is read in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Direction {
    LeftToRight,
    RightToLeft,
}

/// Where a text is held: its beginning, its middle or its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// The points of a line, up to where nothing is known.
pub(super) type Run = Vec<(f64, f64)>;

/// How wide a drawing is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Width {
    /// As wide as the place it is in: for pages.
    Fluid,
    /// So many pixels: for pictures.
    Pixels(f64),
}

/// The class of letters that are smaller than others.
const QUIET: &str = "q";

/// The size of letters that drawings are measured for, in pixels.
pub(super) const LETTER: f64 = 16.0;

/// So many pixels beside letters of the usual size, on a page: as many `em`, to a thousandth, which no screen can show.
pub(crate) fn ems(pixels: f64) -> String {
    let rounded = (pixels / LETTER * 1000.0).round() / 1000.0;
    format!("{}em", if rounded == 0.0 { 0.0 } else { rounded })
}

/// Writes a drawing. `x` and widths are parts of the width in per cent, from where reading begins; `y`, heights and shifts are
/// pixels, which on a page grow with its letters: [`LETTER`] of them are one `em`.
pub(super) struct Svg {
    direction: Direction,
    width: Width,
    pub(super) out: String,
}

impl Svg {
    pub(super) fn new(chart: &Chart<'_>) -> Self {
        Self { direction: chart.direction, width: chart.width, out: String::new() }
    }

    /// A part of the width, as an attribute says it.
    fn across(&self, part: f64) -> Across {
        match self.width {
            Width::Fluid => Across(part, "%"),
            Width::Pixels(width) => Across(part * width / 100.0, ""),
        }
    }

    /// A height, a place down or a shift, as an attribute says it.
    fn down(&self, pixels: f64) -> String {
        match self.width {
            Width::Fluid if pixels != 0.0 => ems(pixels),
            _ => Short(pixels).to_string(),
        }
    }

    fn place(&self, x: f64) -> f64 {
        match self.direction {
            Direction::LeftToRight => x,
            Direction::RightToLeft => 100.0 - x,
        }
    }

    pub(super) fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let left = match self.direction {
            Direction::LeftToRight => x,
            Direction::RightToLeft => 100.0 - x - width,
        };
        let _ = write!(
            self.out,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            self.across(left),
            self.down(y),
            self.across(width),
            self.down(height)
        );
    }

    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let _ = write!(
            self.out,
            "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
            self.across(self.place(from.0)),
            self.down(from.1),
            self.across(self.place(to.0)),
            self.down(to.1)
        );
    }

    /// A mark of series `n`, by its shape told apart from those of the others.
    pub(super) fn mark(&mut self, class: &str, n: usize, x: f64, y: f64) {
        let x = self.across(self.place(x));
        let _ = match n % 3 {
            0 => write!(self.out, "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"6\"/>", x, self.down(y)),
            n => write!(
                self.out,
                "<svg x=\"{}\" y=\"{}\" overflow=\"visible\"><path class=\"{class}\" d=\"{}\"/></svg>",
                x,
                self.down(y),
                if n == 1 { "M-6-6H6V6H-6z" } else { "M0-8L8 0 0 8-8 0z" }
            ),
        };
    }

    /// Lines from point to point, in a box that is stretched to the drawing's width; the lines are not.
    pub(super) fn lines(&mut self, height: u32, all: &[(String, Vec<Run>)]) {
        let (start, end) = match self.width {
            Width::Fluid => (
                format!(
                    "<svg viewBox=\"0 0 100 {height}\" preserveAspectRatio=\"none\" width=\"100%\" height=\"{}\" overflow=\"visible\">",
                    ems(f64::from(height))
                ),
                "</svg>",
            ),
            Width::Pixels(_) => (String::new(), ""),
        };
        self.out.push_str(&start);
        for (class, runs) in all {
            let _ = write!(self.out, "<path class=\"{class}\" d=\"");
            for run in runs {
                for (n, (x, y)) in run.iter().enumerate() {
                    let sign = if n == 0 { 'M' } else { 'L' };
                    let x = self.across(self.place(*x)).0;
                    let _ = write!(self.out, "{sign}{} {}", Fine(x), Short(*y));
                }
            }
            self.out.push_str("\"/>");
        }
        self.out.push_str(end);
    }

    /// A text at `x`, shifted by `dx` in the direction of reading.
    pub(super) fn text(&mut self, class: &str, x: f64, dx: f64, y: f64, anchor: Anchor, text: &str) {
        let dx = match self.direction {
            Direction::LeftToRight => dx,
            Direction::RightToLeft => -dx,
        };
        self.out.push_str("<text");
        // What an `em` is depends on the element that states it, so that letters of another size are an element inside.
        let is_smaller = class == QUIET && self.width == Width::Fluid;
        if !class.is_empty() && !is_smaller {
            let _ = write!(self.out, " class=\"{class}\"");
        }
        let _ = write!(self.out, " x=\"{}\" y=\"{}\"", self.across(self.place(x)), self.down(y));
        if dx != 0.0 {
            let _ = write!(self.out, " dx=\"{}\"", self.down(dx));
        }
        // On a page the direction of reading says which side a text begins at; a picture's program knows none.
        let anchor = match (self.width, self.direction, anchor) {
            (Width::Pixels(_), Direction::RightToLeft, Anchor::Start) => Anchor::End,
            (Width::Pixels(_), Direction::RightToLeft, Anchor::End) => Anchor::Start,
            (.., anchor) => anchor,
        };
        self.out.push_str(match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        });
        self.out.push('>');
        if is_smaller {
            let _ = write!(self.out, "<tspan class=\"{class}\">");
        }
        escape(text, &mut self.out);
        self.out.push_str(if is_smaller { "</tspan></text>" } else { "</text>" });
    }
}

/// Adds `text` to a drawing, without letters that no drawing may hold.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
}

/// A number with as many places as can be seen.
struct Short(f64);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rounded = (self.0 * 10.0).round() / 10.0;
        // No `-0`.
        write!(f, "{}", if rounded == 0.0 { 0.0 } else { rounded })
    }
}

/// A place or width across, with its unit.
struct Across(f64, &'static str);

impl std::fmt::Display for Across {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", Short(self.0), self.1)
    }
}

/// A number for lines, in which a hundred points stand close to each other.
struct Fine(f64);

impl std::fmt::Display for Fine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rounded = (self.0 * 100.0).round() / 100.0;
        write!(f, "{}", if rounded == 0.0 { 0.0 } else { rounded })
    }
}
