//! `pamphlet check --fix`: the certain corrections, shown line by line and written, all or none.

use std::fmt::Write as _;

use jiff::ZonedDateTime;

use super::Exit;
use super::relocate::lines;
use super::session::Session;
use crate::diagnostic::Diagnostic;
use crate::edits::Refused;
use crate::fixes::{self, Fixed};
use crate::pipeline::{Memory, Sources};
use crate::store::{self, Expected, Rearrangement};

/// Applies the corrections of `faults`; returns whether anything was written.
pub(super) fn apply(
    session: &Session,
    sources: &Sources,
    now: &ZonedDateTime,
    faults: &[Diagnostic],
) -> Result<bool, Exit> {
    let fixed = match fixes::fix(sources, now, &mut Memory::default(), faults) {
        Ok(fixed) => fixed,
        Err(why) => return Err(refused(session, sources, &why)),
    };
    for fault in &fixed.left {
        session.say(&left(fault));
    }
    if fixed.texts.is_empty() {
        session.say("Nothing was changed: no fault here has a correction that is certain.\n");
        return Ok(false);
    }
    session.print(&lines(&fixed.differences));
    let tree = &sources.tree;
    let texts = fixed.texts.iter().filter_map(|(path, text)| {
        let old = tree.get(path)?.text()?;
        Some((tree.on_disk(path), text.as_str(), Expected::Text(tree.on_disk(path), old)))
    });
    let asked = Rearrangement { moves: Vec::new(), removed: Vec::new(), texts: texts.collect() };
    store::rearrange(tree.root(), &asked).map_err(|refusal| session.refused(&refusal))?;
    session.say(&format!("{}\n", summary(&fixed)));
    Ok(true)
}

fn refused(session: &Session, sources: &Sources, why: &Refused) -> Exit {
    session.show(&[why.fault()], &*sources.tree);
    Exit::Faults
}

/// Says that a correction is left to the author.
fn left(fault: &Diagnostic) -> String {
    let mut out = "note: ".to_owned();
    if let Some(span) = &fault.span {
        let _ = write!(out, "{}: ", span.file);
    }
    let label = fault.fix.as_ref().map_or("", |fix| fix.label.as_str());
    let _ =
        write!(out, "{label}? That is left to you, since more would change than this line ({})", fault.code.as_str());
    out
}

fn summary(fixed: &Fixed) -> String {
    let many = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let files: std::collections::BTreeSet<_> = fixed.differences.iter().map(|one| &one.file).collect();
    format!("Corrected {} in {}. What is left:", many(fixed.count, "fault"), many(files.len(), "file"))
}
