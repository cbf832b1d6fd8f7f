//! A table and its kind → one or two sentences: what kind of chart it is, and its main trend.
//!
//! A proposal in English for the author, who knows what matters; it is never published unasked.

use super::{Kind, Series, Table};

/// The most series of which each is told.
const MOST_TOLD: usize = 3;

/// What a chart shows.
pub(crate) fn said(kind: Kind, table: &Table, written: &dyn Fn(f64) -> String) -> String {
    let (first, last) = (name(table, 0), name(table, table.rows.len().saturating_sub(1)));
    let (called, count) = (kind.called(), table.rows.len());
    let over = match kind {
        _ if count == 1 => format!("{called} of one point, {first}"),
        Kind::Line | Kind::Multiples => format!("{called} from {first} to {last}"),
        _ => format!("{called} of {count} rows"),
    };
    let mut told: Vec<String> = match kind {
        Kind::Bar => table.series.iter().filter_map(|one| highest(table, one, written)).collect(),
        Kind::Range | Kind::Slope => between(table, written),
        Kind::Line | Kind::Multiples => table.series.iter().filter_map(|one| trend(one, written)).collect(),
        Kind::Grouped | Kind::Stacked | Kind::Dot => {
            let of = |one: &Series| Some(format!("{}: {}", one.name, highest(table, one, written)?));
            table.series.iter().filter_map(of).collect()
        }
    };
    let more = told.len().saturating_sub(MOST_TOLD);
    told.truncate(MOST_TOLD);
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    format!("{over}. {}.", told.join("; "))
}

fn name(table: &Table, row: usize) -> &str {
    table.rows.get(row).map_or("", String::as_str)
}

/// `Salford is highest, at 38%; Abroad is lowest, at 5%`.
fn highest(table: &Table, series: &Series, written: &dyn Fn(f64) -> String) -> Option<String> {
    let known = || series.values.iter().enumerate().filter_map(|(row, value)| Some((row, (*value)?)));
    let high = known().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
    let low = known().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let at = |(row, value): (usize, f64)| (name(table, row), written(value));
    let ((top, most), (bottom, least)) = (at(high), at(low));
    Some(match high.1 > low.1 {
        true => format!("{top} is highest at {most}, {bottom} lowest at {least}"),
        false => format!("all are {most}"),
    })
}

/// `Catering rises from 22 to 43`.
fn trend(series: &Series, written: &dyn Fn(f64) -> String) -> Option<String> {
    let mut known = series.values.iter().copied().flatten();
    let first = known.next()?;
    let Some(last) = known.next_back() else { return Some(format!("{} is {}", series.name, written(first))) };
    Some(changed(&series.name, first, last, written))
}

fn changed(name: &str, first: f64, last: f64, written: &dyn Fn(f64) -> String) -> String {
    let (from, to) = (written(first), written(last));
    match first.total_cmp(&last) {
        std::cmp::Ordering::Less => format!("{name} rises from {from} to {to}"),
        std::cmp::Ordering::Equal => format!("{name} stays at {to}"),
        std::cmp::Ordering::Greater => format!("{name} falls from {from} to {to}"),
    }
}

/// What each row goes from and to.
fn between(table: &Table, written: &dyn Fn(f64) -> String) -> Vec<String> {
    let [first, second] = table.series.as_slice() else { return Vec::new() };
    let row = |row: usize| Some(changed(name(table, row), first.values[row]?, second.values[row]?, written));
    (0..table.rows.len()).filter_map(row).collect()
}
