//! `pamphlet move` and `pamphlet merge`: their changes are shown, and made unless `--dry-run` is given.

use std::fmt::Write as _;

use super::Exit;
use super::args::{MergeArgs, MoveArgs};
use super::session::{Session, clock};
use crate::config::Overrides;
use crate::diagnostic;
use crate::edits::Difference;
use crate::pipeline::{self, Memory};
use crate::relocate::{self, Changes, Request, Stop, Text};
use crate::source::Tree;
use crate::store::{self, Expected, Rearrangement};

/// Runs `pamphlet move`.
pub(super) fn run_move(session: &Session, typed: &MoveArgs) -> Exit {
    run(session, &Request::Move { old: &typed.old, new: &typed.new }, typed.dry_run)
}

/// Runs `pamphlet merge`.
pub(super) fn run_merge(session: &Session, typed: &MergeArgs) -> Exit {
    let text = if typed.drop_text { Text::Drop } else { Text::Keep };
    run(session, &Request::Merge { old: &typed.old, into: &typed.into, text }, typed.dry_run)
}

fn run(session: &Session, request: &Request<'_>, is_dry: bool) -> Exit {
    let mut memory = Memory::default();
    let read = match pipeline::read(&session.root, &Overrides::default(), clock(), &mut memory) {
        Ok(read) => read,
        Err(why) => return session.no_site(&why),
    };
    let Some(sources) = read.value.sources else {
        session.show(&pipeline::finalise(read.faults, &read.value.tree, None), &*read.value.tree);
        return Exit::Faults;
    };
    let now = pipeline::now(clock(), &sources.config);
    let changes = match relocate::changes(&sources, &now, &mut memory, request) {
        Ok(changes) => changes,
        Err(Stop::Asked(message, help)) => {
            session.wrong(&message, &help);
            return Exit::Usage;
        }
        Err(Stop::Faults(faults, tree)) => {
            session.show(&faults, &*tree);
            session.say(&format!("\nNothing was changed: that would cause {}.", diagnostic::summary(&faults)));
            return Exit::Faults;
        }
    };
    session.print(&shown(&changes, &sources.tree));
    for note in &changes.notes {
        session.say(&format!("note: {note}"));
    }
    if is_dry {
        session.say(&format!("Nothing was changed; this would be: {}.", summary(&changes)));
        return Exit::Fine;
    }
    match store::rearrange(sources.tree.root(), &rearrangement(&changes, &sources.tree)) {
        Ok(()) => {
            session.say(&format!("Done: {}.", summary(&changes)));
            Exit::Fine
        }
        Err(refusal) => session.refused(&refusal),
    }
}

fn rearrangement<'a>(changes: &'a Changes, tree: &'a Tree) -> Rearrangement<'a> {
    let texts = changes.texts.iter().map(|(path, text)| {
        let place = changes.moves.get(path).unwrap_or(path);
        let known = match tree.get(path).and_then(|file| file.text()) {
            Some(old) => Expected::Text(tree.on_disk(path), old),
            None => Expected::Nothing,
        };
        (tree.on_disk(place), text.as_str(), known)
    });
    Rearrangement {
        moves: changes.moves.iter().map(|(from, to)| (tree.on_disk(from), tree.on_disk(to))).collect(),
        removed: changes.removed.iter().map(|path| tree.on_disk(path)).collect(),
        texts: texts.collect(),
    }
}

/// All changes: the files that move or go, and each line before and after.
fn shown(changes: &Changes, tree: &Tree) -> String {
    let mut out = String::new();
    for (from, to) in &changes.moves {
        let _ = writeln!(out, "{from} → {to}");
    }
    for path in &changes.removed {
        let _ = writeln!(out, "{path} goes");
    }
    out.push_str(&lines(&changes.differences));
    let shown: Vec<_> = changes.differences.iter().map(|one| &one.file).collect();
    for (path, text) in changes.texts.iter().filter(|(path, _)| !shown.contains(path)) {
        if tree.get(path).is_some() {
            let _ = writeln!(out, "{path} follows");
            continue;
        }
        let _ = writeln!(out, "{path} (new)");
        for line in text.lines() {
            let _ = writeln!(out, "  + {line}");
        }
    }
    out
}

/// Each line before and after.
pub(super) fn lines(differences: &[Difference]) -> String {
    let mut out = String::new();
    for one in differences {
        let _ = writeln!(out, "{}:{}", one.file, one.line);
        for line in one.before.lines() {
            let _ = writeln!(out, "  - {line}");
        }
        for line in one.after.lines() {
            let _ = writeln!(out, "  + {line}");
        }
    }
    out
}

fn summary(changes: &Changes) -> String {
    let count = |number: usize, word: &str| {
        let many = if number == 1 { "" } else { "s" };
        format!("{number} {word}{many}")
    };
    let mut parts = Vec::new();
    if !changes.moves.is_empty() {
        parts.push(format!("{} moved", count(changes.moves.len(), "file")));
    }
    if !changes.removed.is_empty() {
        parts.push(format!("{} removed", count(changes.removed.len(), "file")));
    }
    parts.push(format!("{} changed", count(changes.texts.len(), "text")));
    parts.join(", ")
}
