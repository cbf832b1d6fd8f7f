//! A built site → the plan for a target, shown, asked for and carried out; and what must go although nothing can be built.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use super::{Desk, carry_out, planned, shown, wish};
use crate::cli::Exit;
use crate::cli::args::PublishArgs;
use crate::cli::session::{Session, clock};
use crate::config::Destination;
use crate::deploy::{Facts, Files, Hidden, Nothing, Plan, Problem, Publisher, Purpose, Record, Seen, Target, Wish};
use crate::pipeline::{self, Made, Sources, Withheld};
use crate::render::Hashed;
use crate::site::Site;
use crate::store;

/// The files in a published folder, as they go to a target.
pub(super) fn files(
    folder: &Path,
    made: &Made,
    target: &dyn Target,
    destination: &Destination,
) -> Result<Files, Problem> {
    let lying = store::look(folder).map_err(|refusal| {
        Problem::new(crate::deploy::ProblemKind::Other, refusal.diagnostic.message.clone(), "build the site again")
    })?;
    let hashed = Hashed::of(&made.site, &made.routes);
    let index = pipeline::search_place(made);
    let base = made.site.config.base.href("/");
    let facts = Facts { is_hashed: &|path| hashed.has(path), index: index.as_deref(), base: &base };
    Files::new(lying, &facts, target.keeps_headers(), destination.compress)
}

/// Compares, shows, asks and sends.
pub(super) fn publish(
    session: &Session,
    typed: &PublishArgs,
    desk: &Desk,
    sources: &Sources,
    made: &Made,
    files: &Files,
) -> Exit {
    let withheld = pipeline::withheld(sources, &made.site.now, None);
    let is_secret = |path: &str| withheld.hides(path);
    desk.with(|publisher| {
        if typed.anew {
            desk.notes.forget();
        }
        // Old parts of a search index hold the words of pages that may be hidden by now.
        let is_old = |path: &str| is_secret(path) || (withheld.is_of_index(path) && !files.records.contains_key(path));
        let seen = match if typed.anew { publisher.look_anew(&is_old) } else { publisher.look() } {
            Ok(seen) => seen,
            Err(problem) => return session.wrong_of(problem),
        };
        if let Some(exit) = wrong_clock(session, typed, desk) {
            return exit;
        }
        let is_secret: &dyn Fn(&str) -> bool = if typed.anew { &is_old } else { &is_secret };
        let hidden = hidden(&made.site);
        let wish = Wish { hidden: &hidden, ..wish(&files.records, is_secret, desk.destination.keep, false) };
        let plan = match planned(session, &seen, &wish) {
            Ok(plan) => plan,
            Err(exit) => return exit,
        };
        let foreign = match publisher.foreign(&seen, &plan) {
            Ok(foreign) => foreign,
            Err(problem) => return session.wrong_of(problem),
        };
        if plan.is_empty() && !seen.is_broken() {
            session.say(&format!("Nothing to publish: {} has the site as it is.", desk.destination.shown()));
            return Exit::Fine;
        }
        session.print(&shown::plan(desk, made, files, &seen, &plan));
        if let Some(text) = shown::foreign(&foreign) {
            session.say(&text);
        }
        if typed.dry_run {
            session.say("Nothing was sent.");
            return Exit::Fine;
        }
        if !foreign.in_the_way.is_empty() && !typed.replace && !typed.anew {
            session.wrong(
                &shown::in_the_way(&foreign.in_the_way),
                "see what they are; with `--replace` the site's files take their place",
            );
            return Exit::Faults;
        }
        if let Err(exit) = agreed(session, typed.yes, &format!("Publish this to {}?", desk.destination.shown())) {
            return exit;
        }
        let purpose = Purpose { hidden: hidden.entries.union(&hidden.pieces).cloned().collect(), ..Purpose::default() };
        match carry_out(session, desk, publisher, &seen, &plan, &purpose, files) {
            Ok(_) => Exit::Fine,
            Err(exit) => exit,
        }
    })
}

/// What is hidden on the site, as hashes.
pub(super) fn hidden(site: &Site) -> Hidden {
    let print = |text: String| blake3::hash(text.as_bytes()).to_hex()[..20].to_owned();
    let mut hidden = Hidden::default();
    for ix in site.all() {
        let entry = site.entry(ix);
        let id = Site::id_text(&entry.id);
        if site.visibility(ix).hidden().is_some() {
            let set = if entry.is_row { &mut hidden.pieces } else { &mut hidden.entries };
            set.insert(print(id));
        } else {
            hidden.pieces.extend(entry.hidden_parts.iter().map(|part| print(format!("{id} {}", part.source))));
        }
    }
    let coming = site.coming_in_part().into_iter();
    hidden.pieces.extend(coming.map(|(when, ix)| print(format!("{} {when}", Site::id_text(&site.entry(ix).id)))));
    hidden
}

/// How many seconds two clocks may differ.
const SKEW: i64 = 120;

/// An embargo that ends by a clock that is ahead ends early.
fn wrong_clock(session: &Session, typed: &PublishArgs, desk: &Desk) -> Option<Exit> {
    let ahead = desk.target.clock_ahead(clock().as_second())?;
    if ahead.abs() <= SKEW || typed.ignore_clock {
        return None;
    }
    let (minutes, which) = (ahead.abs() / 60, if ahead < 0 { "ahead of" } else { "behind" });
    session.wrong(
        &format!("this machine's clock is {minutes} minutes {which} that of the server: embargoes would not end at their minute"),
        "set the clock that is wrong. If it is the server's, publish with `--ignore-clock`",
    );
    Some(Exit::Machine)
}

/// Asks the person at the terminal; elsewhere `--yes` must be written.
pub(super) fn agreed(session: &Session, yes: bool, question: &str) -> Result<(), Exit> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        session
            .wrong("nobody is here to be asked, and nothing was sent", "add `--yes` where the command runs by itself");
        return Err(Exit::Usage);
    }
    let _ = write!(std::io::stderr(), "{question} [y/N] ");
    let mut answer = String::new();
    let _ = std::io::stdin().read_line(&mut answer);
    if ["y", "yes"].contains(&answer.trim().to_lowercase().as_str()) {
        return Ok(());
    }
    session.say("Nothing was sent.");
    Err(Exit::Fine)
}

/// Removes from a target what must not be public, though the site cannot be built: its pages, and with any of them feeds and the
/// search, which repeat their words.
pub(super) fn hide(session: &Session, desk: &Desk, sources: &Sources) -> Result<(), Exit> {
    let Ok(now) = pipeline::moment(None, clock(), &sources.config) else { return Ok(()) };
    let withheld = pipeline::withheld(sources, &now, None);
    desk.with(|publisher| {
        let seen = publisher.look().map_err(|problem| session.wrong_of(problem))?;
        let is_hidden = |path: &str| withheld.hides(path) || is_beside(&withheld, path);
        if !seen.may_hold(&is_hidden) {
            if withheld.has_pieces {
                session.say("Pages on the target are as they were. If a row, a part of a page or a block of text has been hidden since, they still show it until the faults above are mended.");
            }
            return Ok(());
        }
        let goes = |path: &str| is_hidden(path) || withheld.is_of_index(path) || withheld.is_feed(path);
        removed(session, desk, publisher, &seen, &goes, &Purpose::default())?;
        session.say("What must not be public is gone all the same. Until the rest can be published, lists may still name it, and the search finds nothing.");
        Ok(())
    })
}

/// Whether a file lies beside a hidden page and belongs to nothing public: its documents and pictures, also those of an
/// earlier version.
pub(super) fn is_beside(withheld: &Withheld, path: &str) -> bool {
    let folder = path.rfind('/').map_or("", |end| &path[..=end]);
    !folder.is_empty() && withheld.hides(&format!("{folder}index.html")) && !withheld.is_public(path)
}

/// Removes files from a target and changes nothing else. What is secret is not kept, nor is any earlier state.
pub(super) fn removed(
    session: &Session,
    desk: &Desk,
    publisher: &Publisher<'_>,
    seen: &Seen,
    goes: &dyn Fn(&str) -> bool,
    purpose: &Purpose,
) -> Result<Plan, Exit> {
    let stay: BTreeMap<String, Record> = seen
        .state
        .files
        .iter()
        .filter(|(path, _)| !goes(path))
        .map(|(path, record)| (path.clone(), record.clone()))
        .collect();
    let plan = planned(session, seen, &wish(&stay, goes, desk.destination.keep, true))?;
    let purpose = Purpose { hidden: seen.state.hidden.clone(), is_partial: true, ..purpose.clone() };
    carry_out(session, desk, publisher, seen, &plan, &purpose, &Nothing)?;
    Ok(plan)
}
