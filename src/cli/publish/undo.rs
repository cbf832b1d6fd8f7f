//! `pamphlet publish --list` and `--undo`: what was published before, and how it comes back.

use super::hidden::Secrets;
use super::{Desk, carry_out, planned, shown};
use crate::cli::Exit;
use crate::cli::args::PublishArgs;
use crate::cli::session::{Session, clock};
use crate::deploy::{Nothing, Plan, Publication, Purpose, Seen, Wish};
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
    let now = pipeline::now(clock(), &sources.config);
    let secrets = Secrets::new(sources, &now);
    let withheld = &secrets.withheld;
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
        let before = match publisher.earlier(earlier) {
            Ok(state) => state,
            Err(problem) => return session.wrong_of(problem),
        };
        let owners = before.owners().unwrap_or_default();
        let on_target = secrets.on_target(std::slice::from_ref(&owners), &before.hidden);
        let mut files = before.files;
        let is_secret = |path: &str| withheld.hides(path) || on_target.has(path);
        let hidden: Vec<String> = files.keys().filter(|path| is_secret(path)).cloned().collect();
        if !hidden.is_empty() {
            session.wrong(
                &format!("what was published then shows what must not be public now: {}", crate::publish::address(&hidden[0])),
                "publish what is there now (`pamphlet publish`): then it goes; or mend the single page that is wrong",
            );
            return Exit::Faults;
        }
        files.retain(|path, _| !is_secret(path));
        let wish = Wish {
            small: &before.small,
            copies_only: true,
            ..Wish::new(&files, &owners, &is_secret, desk.destination.keep as u64)
        };
        let plan = match planned(session, &seen, &wish) {
            Ok(plan) => plan,
            Err(exit) => return exit,
        };
        session.tell(&format!(
            "To put back: what {} published on {} (number {}): {} to restore, {} to remove.\n{}",
            earlier.who,
            crate::deploy::in_words(earlier.when),
            earlier.number,
            shown::many(plan.puts.len(), "file"),
            plan.removed(),
            pages(&seen, &plan)
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

/// What readers will find of pages.
fn pages(seen: &Seen, plan: &Plan) -> String {
    let is_page = |path: &&String| path.ends_with(".html");
    let puts = || plan.puts.iter().map(|put| &put.path).filter(is_page);
    let is_there = |path: &&String| seen.state.files.contains_key(*path);
    let gone = plan.secrets.iter().chain(&plan.in_the_way).chain(&plan.gone).map(|(_, path)| path).filter(is_page);
    let heads = [
        ("As before", shown::addresses(puts().filter(is_there))),
        ("There again", shown::addresses(puts().filter(|path| !is_there(path)))),
        ("No longer there", shown::addresses(gone)),
    ];
    heads.iter().filter(|(_, pages)| !pages.is_empty()).map(|(head, pages)| format!("{head}: {pages}\n")).collect()
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
