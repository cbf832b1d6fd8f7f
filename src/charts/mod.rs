//! A table of numbers and a way of showing it → drawings (SVG) that are read without a script.
//!
//! Places across are parts of the drawing's width and places down are measured in letters, so letters keep their size on every
//! screen, and where a reader makes them larger the drawing grows with them. A drawing holds no colour: its classes are coloured
//! by the theme's style sheet. What reads from right to left is drawn from right to left.
//!
//! * `read`: columns of a data file, or of a table in a text, as a table of numbers; what cannot be read is reported;
//! * `labels`, `scale`: where names and numbers stand; `svg`: how what is drawn is written;
//! * `bars`, `lines`, `spans`: the ways of drawing;
//! * `said`: what a chart shows, as a proposal for those who write its description;
//! * `picture`: a chart with its title as one drawing, for pictures.

mod bars;
mod labels;
mod lines;
mod picture;
mod read;
mod said;
mod scale;
mod spans;
mod svg;
mod units;
#[cfg(test)]
mod tests;

pub(crate) use picture::{Frame, picture};
pub(crate) use read::{Cell, Columns, Sheet, cell, read};
pub(crate) use said::said;
use scale::Scale;
pub(crate) use svg::{Direction, Width, ems};
pub(crate) use units::with_unit;

/// How many series one chart can hold so that each is told apart, without its colour too.
pub(crate) const MOST_SERIES: usize = 6;

/// The ways of showing a table of numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    /// One bar a row.
    Bar,
    /// Some bars a row, one below another.
    Grouped,
    /// Some bars a row, one behind another.
    Stacked,
    /// A line a series; the rows follow each other from the first to the last.
    Line,
    /// A dot a series, on a line a row.
    Dot,
    /// From one number to another, on a line a row.
    Range,
    /// Two moments, and a line a row from one to the other.
    Slope,
    /// A small line chart a series, all to one scale.
    Multiples,
}

impl Kind {
    /// Its name in a text, and what it is called in a sentence.
    const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::Bar, "bar", "Bar chart"),
        (Self::Grouped, "grouped", "Bar chart in groups"),
        (Self::Stacked, "stacked", "Stacked bar chart"),
        (Self::Line, "line", "Line chart"),
        (Self::Dot, "dot", "Dot chart"),
        (Self::Range, "range", "Range chart"),
        (Self::Slope, "slope", "Slope chart"),
        (Self::Multiples, "multiples", "Small line charts"),
    ];

    /// The kind of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(kind, ..)| *kind)
    }

    /// What it is called in a sentence.
    fn called(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("Chart", |(.., called)| called)
    }

    /// Whether the rows follow each other along a line.
    pub(crate) fn is_of_lines(self) -> bool {
        matches!(self, Self::Line | Self::Multiples)
    }
}

/// What the rows of a table are.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Along {
    /// Names, as far from each other as from any other.
    Names,
    /// Moments or quantities: where each row is, from the first to the last.
    Places(Vec<f64>),
}

/// A table of numbers.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Table {
    /// What the rows are called.
    pub(crate) rows: Vec<String>,
    /// What they are called below a line, where there is little room; empty for those that need no name there.
    pub(crate) below: Vec<String>,
    pub(crate) along: Along,
    pub(crate) series: Vec<Series>,
    /// How many decimals the numbers have at most.
    pub(crate) decimals: usize,
}

/// A column of numbers.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Series {
    pub(crate) name: String,
    /// One a row; `None` where nothing is known.
    pub(crate) values: Vec<Option<f64>>,
}

/// What is to be drawn.
pub(crate) struct Chart<'a> {
    pub(crate) kind: Kind,
    pub(crate) table: &'a Table,
    /// The row (of bars, dots and slopes) or the series (of lines) that the chart is about; the others stand back.
    pub(crate) emphasis: Option<usize>,
    pub(crate) direction: Direction,
    pub(crate) width: Width,
    /// How a number is written: in the language of the page, with its unit.
    pub(crate) written: &'a dyn Fn(f64) -> String,
    /// How a mark of the scale is written.
    pub(crate) on_scale: &'a dyn Fn(f64) -> String,
}

/// What has been drawn.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Drawing {
    /// The series that the drawing does not name: number of the colour, name.
    pub(crate) key: Vec<(usize, String)>,
    pub(crate) panels: Vec<Panel>,
}

/// Room for names behind the end of a drawing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Behind {
    Nothing,
    /// For names in lines of [`labels::SHORT`] letters.
    Short,
    /// For names in lines of [`labels::LONG`] letters.
    Long,
}

/// One drawing, or one of several small ones.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Panel {
    /// What a small drawing is of.
    pub(crate) title: Option<String>,
    /// What goes into the element `svg`.
    pub(crate) svg: String,
    /// In pixels.
    pub(crate) height: u32,
    /// For how many letters there is room before its beginning: what stands there is written beside the drawing.
    pub(crate) before: usize,
    /// What room is left for names behind its end.
    pub(crate) behind: Behind,
}

/// Draws a chart.
pub(crate) fn draw(chart: &Chart<'_>) -> Drawing {
    match chart.kind {
        Kind::Bar => bars::single(chart),
        Kind::Grouped => bars::grouped(chart),
        Kind::Stacked => bars::stacked(chart),
        Kind::Line => lines::line(chart),
        Kind::Multiples => lines::multiples(chart),
        Kind::Slope => lines::slope(chart),
        Kind::Dot => spans::dots(chart),
        Kind::Range => spans::ranges(chart),
    }
}

impl Table {
    /// All numbers that are known.
    fn known(&self) -> impl Iterator<Item = f64> + '_ {
        self.series.iter().flat_map(|series| series.values.iter().copied().flatten())
    }

    fn key(&self) -> Vec<(usize, String)> {
        self.series.iter().enumerate().map(|(n, series)| (n, series.name.clone())).collect()
    }
}

impl Chart<'_> {
    /// The number of the colour of a mark: series have one each; of one series alone, what the chart is about stands out.
    fn colour_of_row(&self, row: usize) -> usize {
        match self.emphasis {
            Some(main) if main != row => 1,
            _ => 0,
        }
    }
}
