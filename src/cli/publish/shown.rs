//! Plans, publications and what is in the way, in words.

use std::fmt::Write as _;
use std::time::Duration;

use super::Desk;
use crate::deploy::{Blocked, Class, Files, Foreign, Plan, Publication, Seen, in_words};
use crate::pipeline::Made;
use crate::publish;

/// What readers will find new, changed and gone, and what it costs.
pub(super) fn plan(desk: &Desk, made: &Made, files: &Files, seen: &Seen, plan: &Plan) -> String {
    let pages = changes(made, files, seen, plan);
    let mut text = publish::pages_in_words(&pages);
    let kept = if plan.forgets && desk.destination.keep > 1 && !seen.is_new() {
        " Something in it must not be public any longer, so no earlier state can be put back afterwards."
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "To send: {} ({}); to remove: {}.{kept}",
        counted(plan.new, plan.changed, plan.renewed),
        bytes(plan.bytes()),
        many(plan.removed(), "file"),
    );
    if seen.is_broken() {
        text.push_str("An earlier publication broke off; this one completes it.\n");
    }
    text
}

/// The pages and documents that change, with their titles.
fn changes(made: &Made, files: &Files, seen: &Seen, plan: &Plan) -> Vec<publish::Change> {
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
    publish::changes(made, put.chain(gone), &|path| files.bytes(path))
}

/// How many titles of a publication are noted.
const TITLES: usize = 5;

/// The titles of the first pages that are new or changed, for the list of publications, and how many more there are. Lists, and
/// what goes, are not named: it may be secret.
pub(super) fn titles(made: &Made, files: &Files, seen: &Seen, plan: &Plan) -> (Vec<String>, usize) {
    let all = changes(made, files, seen, plan);
    let named: Vec<String> = all
        .into_iter()
        .filter(|one| one.change != publish::Kind::Gone && one.what != publish::What::List)
        .map(|one| one.title.unwrap_or(one.address))
        .collect();
    (named.iter().take(TITLES).cloned().collect(), named.len().saturating_sub(TITLES))
}

/// Files that are written, by what readers find.
fn counted(new: usize, changed: usize, renewed: usize) -> String {
    let parts = [(new, "new"), (changed, "changed"), (renewed, "sent again")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    match parts.is_empty() {
        true => "no files".to_owned(),
        false => format!("{}, {}", many(new + changed + renewed, "file"), parts.join(", ")),
    }
}

/// The pages among files, by address.
pub(super) fn addresses<'a>(paths: impl Iterator<Item = &'a String>) -> String {
    let all: std::collections::BTreeSet<String> = paths.map(|path| publish::address(path)).collect();
    some(&all.into_iter().collect::<Vec<_>>())
}

/// Files of ours that are not as we left them.
pub(super) fn spoilt(paths: &std::collections::BTreeSet<String>) -> String {
    let paths: Vec<String> = paths.iter().cloned().collect();
    let was = if paths.len() == 1 { "was" } else { "were" };
    format!(
        "warning: {} on the target {was} changed or removed by hand since the last publication: {}",
        many(paths.len(), "file"),
        some(&paths)
    )
}

/// Those of them that the publication would replace or remove.
pub(super) fn would_be_lost(paths: &[String]) -> String {
    let (was, it) = if paths.len() == 1 { ("was", "it") } else { ("were", "them") };
    format!(
        "{} on the target {was} changed or removed by hand, and this publication would replace {it}: {}",
        many(paths.len(), "file"),
        some(paths)
    )
}

/// What no file can take the place of.
pub(super) fn blocked(all: &[Blocked]) -> String {
    let one = |one: &Blocked| match one {
        Blocked::File(path) => format!("`{path}` is a file on the target, and the site has a folder of that name"),
        Blocked::Folder(path) => {
            format!(
                "`{path}` is a folder on the target with files that Pamphlet did not put there, and the site has a file of that name"
            )
        }
        Blocked::Capitals(new, there) if new.to_lowercase() == *there => {
            format!(
                "the target takes names that differ only in capitals for one, and `{new}` is there in other capitals"
            )
        }
        Blocked::Capitals(new, there) => {
            format!("the target takes `{new}` and `{there}` for one file, since they differ only in capitals")
        }
    };
    let mut texts: Vec<String> = all.iter().take(5).map(one).collect();
    if all.len() > 5 {
        texts.push(format!("and {} more", all.len() - 5));
    }
    texts.join("; ")
}

/// All that a publication would stop at or ask about.
pub(super) fn obstacles(foreign: &Foreign) -> Vec<String> {
    let mut all = Vec::new();
    if !foreign.blocked.is_empty() {
        all.push(format!("warning: {}", blocked(&foreign.blocked)));
    }
    if !foreign.in_the_way.is_empty() {
        all.push(format!("warning: {}", in_the_way(&foreign.in_the_way)));
    }
    if !foreign.spoilt.is_empty() {
        all.push(spoilt(&foreign.spoilt));
    }
    all
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
        "{what} {}: {}; {} removed, in {:.1} s ({}, {} sent).{undo}",
        desk.destination.shown(),
        counted(plan.new, plan.changed, plan.renewed),
        many(plan.removed(), "file"),
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
        if !one.pages.is_empty() {
            let more = if one.more > 0 { format!(" and {} more", one.more) } else { String::new() };
            let _ = writeln!(text, "      {}{more}", one.pages.join(", "));
        }
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
