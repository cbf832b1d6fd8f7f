//! `pamphlet publish --list` and `--undo`: what was published before, and how it comes back.

use super::{Desk, carry_out, planned, shown, wish};
use crate::cli::Exit;
use crate::cli::args::PublishArgs;
use crate::cli::session::{Session, clock};
use crate::deploy::{Nothing, Publication, Purpose, Seen, State, Wish};
use crate::pipeline::{self, Sources};

/// Shows the last publications.
pub(super) fn list(session: &Session, desk: &Desk) -> Exit {
    let seen = match desk.with(|publisher| publisher.look()) {
        Ok(seen) => seen,
        Err(problem) => return session.wrong_of(problem),
    };
    if seen.state.log.is_empty() {
        session.say(&format!("Nothing has been published to {} yet.", desk.destination.shown()));
    }
    session.print(&shown::log(&seen.state.log));
    if seen.is_broken() {
        session.say("A publication has broken off since: publish again to complete it, or undo it with `--undo`.");
    }
    Exit::Fine
}

/// Puts back what was there before the last publication; what is secret by now stays away.
pub(super) fn run(session: &Session, typed: &PublishArgs, desk: &Desk, sources: &Sources) -> Exit {
    let Ok(now) = pipeline::moment(None, clock(), &sources.config) else { return Exit::Usage };
    let withheld = pipeline::withheld(sources, &now, None);
    desk.with(|publisher| {
        let seen = match publisher.look() {
            Ok(seen) => seen,
            Err(problem) => return session.wrong_of(problem),
        };
        let Some(earlier) = before(&seen) else {
            session.wrong(
                &format!("there is nothing to put back on {}", desk.destination.shown()),
                "states that showed what must not be public any longer are not kept, and no more than `keep` of the others; `--list` shows them",
            );
            return Exit::Usage;
        };
        let State { mut files, small, .. } = match publisher.earlier(earlier) {
            Ok(state) => state,
            Err(problem) => return session.wrong_of(problem),
        };
        let hidden: Vec<String> = files.keys().filter(|path| withheld.hides(path)).cloned().collect();
        if !hidden.is_empty() {
            session.wrong(
                &format!("what was published then shows what must not be public now: {}", crate::publish::address(&hidden[0])),
                "publish what is there now (`pamphlet publish`): then it goes; or mend the single page that is wrong",
            );
            return Exit::Faults;
        }
        files.retain(|path, _| !withheld.hides(path));
        let is_secret = |path: &str| withheld.hides(path);
        let wish = Wish { small: &small, ..wish(&files, &is_secret, desk.destination.keep, true) };
        let plan = match planned(session, &seen, &wish) {
            Ok(plan) => plan,
            Err(exit) => return exit,
        };
        session.say(&format!(
            "To put back: what {} published on {} (number {}): {} to restore, {} to remove.",
            earlier.who,
            crate::deploy::in_words(earlier.when),
            earlier.number,
            shown::many(plan.puts.len(), "file"),
            plan.removed()
        ));
        if typed.dry_run {
            session.say("Nothing was changed.");
            return Exit::Fine;
        }
        if let Err(exit) = super::plan::agreed(session, typed.yes, "Put it back?") {
            return exit;
        }
        // What was itself put back goes by the number of what it put back.
        let restores = Some(earlier.restores.unwrap_or(earlier.number));
        let purpose = Purpose { restores, hidden: seen.state.hidden.clone(), ..Purpose::default() };
        match carry_out(session, desk, publisher, &seen, &plan, &purpose, &Nothing) {
            Ok(_) => {
                session.say("The texts on this machine are as they were: mend them before you publish again, or the same comes back.");
                Exit::Fine
            }
            Err(exit) => exit,
        }
    })
}

/// The publication to go back to: the present one if something broke off since, else the one before what readers see.
fn before(seen: &Seen) -> Option<&Publication> {
    let present = seen.state.log.last()?;
    if seen.is_broken() {
        return Some(present);
    }
    let shown = present.restores.unwrap_or(present.number);
    seen.state.log.iter().rev().find(|one| one.number < shown)
}
