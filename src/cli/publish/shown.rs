//! Plans, publications and what is in the way, in words.

use std::fmt::Write as _;
use std::time::Duration;

use super::Desk;
use crate::deploy::{Class, Files, Foreign, Plan, Publication, Seen, in_words};
use crate::pipeline::Made;
use crate::publish;

/// What readers will find new, changed and gone, and what it costs.
pub(super) fn plan(desk: &Desk, made: &Made, files: &Files, seen: &Seen, plan: &Plan) -> String {
    let is_told = |class: Class| !matches!(class, Class::Machine | Class::Hashed);
    let put = plan.puts.iter().filter(|put| is_told(put.record.class)).map(|put| {
        let before = seen.state.files.contains_key(&put.path);
        let change = if before { publish::Kind::Changed } else { publish::Kind::New };
        (put.path.as_str(), change)
    });
    let gone = plan
        .secrets
        .iter()
        .chain(&plan.in_the_way)
        .chain(&plan.gone)
        .map(|(_, path)| (path.as_str(), publish::Kind::Gone));
    let pages = publish::changes(made, put.chain(gone), &|path| files.bytes(path));
    let mut text = publish::pages_in_words(&pages);
    let kept = if plan.forgets && desk.destination.keep > 1 && !seen.is_new() {
        " Something in it must not be public any longer, so no earlier state can be put back afterwards."
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "To send: {} ({}); to remove: {}.{kept}",
        many(plan.puts.len(), "file"),
        bytes(plan.bytes()),
        many(plan.removed(), "file"),
    );
    if seen.is_broken() {
        text.push_str("An earlier publication broke off; this one completes it.\n");
    }
    text
}

/// What stays though nobody of us put it there.
pub(super) fn foreign(foreign: &Foreign) -> Option<String> {
    let count = foreign.others.len();
    (count > 0).then(|| {
        let (lie, they) = if count == 1 { ("lies", "it stays") } else { ("lie", "they stay") };
        format!(
            "note: {} that Pamphlet did not put there {lie} on the target: {}; {they} as {}",
            many(count, "file"),
            some(&foreign.others),
            if count == 1 { "it is" } else { "they are" }
        )
    })
}

/// What is where a file of the site is to be.
pub(super) fn in_the_way(paths: &[String]) -> String {
    let (are, they) = if paths.len() == 1 { ("is", "it") } else { ("are", "them") };
    format!(
        "{} on the target {are} where the site's own would be, and Pamphlet did not put {they} there: {}",
        many(paths.len(), "file"),
        some(paths)
    )
}

/// The last line of a publication.
pub(super) fn done(desk: &Desk, publication: &Publication, plan: &Plan, took: Duration) -> String {
    let spent = desk.target.spent();
    let name = &desk.destination.name;
    let undo = if desk.destination.keep > 1 && publication.number > 1 && !plan.forgets && publication.restores.is_none()
    {
        format!(" To put back what was there before: pamphlet publish {name} --undo")
    } else {
        String::new()
    };
    let what = if publication.took_down.is_some() { "Taken down from" } else { "Published to" };
    format!(
        "{what} {}: {} files new, {} changed, {} removed, in {:.1} s ({}, {} sent).{undo}",
        desk.destination.shown(),
        publication.new,
        publication.changed,
        publication.gone,
        took.as_secs_f64(),
        many(usize::try_from(spent.requests).unwrap_or(usize::MAX), "request"),
        bytes(spent.bytes),
    )
}

/// The last publications, the newest first.
pub(super) fn log(log: &[Publication]) -> String {
    let mut text = String::new();
    for (back, one) in log.iter().rev().enumerate() {
        let what = match (&one.took_down, one.restores) {
            (Some(page), _) => format!("took down {page}"),
            (None, Some(number)) => format!("put back number {number}"),
            (None, None) => format!("{} new, {} changed, {} removed", one.new, one.changed, one.gone),
        };
        let now = if back == 0 { "  (what readers see now)" } else { "" };
        let _ = writeln!(text, "{:>4}  {}  {}: {what}{now}", one.number, in_words(one.when), one.who);
    }
    text
}

pub(super) fn many(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn some(paths: &[String]) -> String {
    let mut named: Vec<String> = paths.iter().take(5).map(|path| format!("`{path}`")).collect();
    if paths.len() > 5 {
        named.push(format!("{} more", paths.len() - 5));
    }
    named.join(", ")
}

fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} bytes"),
        1_000..1_000_000 => format!("{} kB", count.div_ceil(1_000)),
        _ => format!("{}.{} MB", count / 1_000_000, count / 100_000 % 10),
    }
}
