//! Numbers → where they are on a scale, and which numbers are written beside it.

/// A scale from one round number to another.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Scale {
    pub(super) from: f64,
    pub(super) to: f64,
    /// The round numbers on it, from the lowest to the highest.
    pub(super) marks: Vec<f64>,
}

impl Scale {
    /// A scale that holds `values` and zero, and nothing more: what bars are measured by.
    pub(super) fn from_zero(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = bounds(values.chain([0.0]));
        let high = if low == high { 1.0 } else { high };
        Self { from: low, to: high, marks: Vec::new() }
    }

    /// A scale of about as many round numbers as `marks` says, which ends in round numbers and holds `values`. It begins at zero unless all of them are far from it.
    pub(super) fn round(values: impl Iterator<Item = f64>, marks: f64) -> Self {
        let (mut low, mut high) = bounds(values);
        if !low.is_finite() {
            (low, high) = (0.0, 1.0);
        }
        let spread = high - low;
        if low > 0.0 && spread > low / 2.0 {
            low = 0.0;
        } else if high < 0.0 && spread > -high / 2.0 {
            high = 0.0;
        }
        if low == high {
            // One number alone stands on a scale from zero.
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        if low == high {
            high = 1.0;
        }
        let step = step((high - low) / marks.max(1.0));
        let first = (low / step).floor();
        let last = (high / step).ceil().max(first + 1.0);
        // Where numbers are far from zero and near to each other, a step may be lost in rounding.
        let count = (last - first).min(MOST_MARKS) as usize;
        let marks = (0..=count).map(|n| rounded((first + n as f64) * step, step)).collect();
        Self { from: first * step, to: last * step, marks }
    }

    /// A scale that ends at the lowest and the highest of `values`.
    pub(super) fn within(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = bounds(values);
        match low < high {
            true => Self { from: low, to: high, marks: Vec::new() },
            // One number alone stands in the middle.
            false => Self { from: low - 1.0, to: low + 1.0, marks: Vec::new() },
        }
    }

    /// Where `value` is between the ends of the scale: 0 to 1.
    pub(super) fn part(&self, value: f64) -> f64 {
        let part = (value - self.from) / (self.to - self.from);
        if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// The most numbers beside a scale.
const MOST_MARKS: f64 = 20.0;

/// A multiple of `step` without what multiplying in binary adds: 0.3, not 0.30000000000000004.
fn rounded(value: f64, step: f64) -> f64 {
    let decimals = (-step.log10().floor()).clamp(0.0, 15.0);
    let factor = 10f64.powf(decimals);
    let rounded = (value * factor).round() / factor;
    if rounded.is_finite() { rounded } else { value }
}

fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// The round number nearest to `least`: 1, 2 or 5 and zeros.
fn step(least: f64) -> f64 {
    let zeros = 10f64.powf(least.log10().floor());
    let far = |step: f64| (step / least).ln().abs();
    let steps = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * zeros);
    steps.into_iter().min_by(|a, b| far(*a).total_cmp(&far(*b))).unwrap_or(zeros)
}
