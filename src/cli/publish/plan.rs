//! A built site → the plan for a target, shown, asked for and carried out; and what must go although nothing can be built.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use super::hidden::{self, OnTarget, Secrets};
use super::{Desk, carry_out, planned, shown};
use crate::cli::Exit;
use crate::cli::args::PublishArgs;
use crate::cli::session::{Session, clock};
use crate::config::Destination;
use crate::deploy::{Facts, Files, Foreign, Nothing, Plan, Problem, Publisher, Purpose, Record, Seen, Target, Wish};
use crate::pipeline::{self, Made, Sources, Withheld};
use crate::render::Hashed;
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
    let secrets = Secrets::new(sources, &made.site.now);
    let withheld = &secrets.withheld;
    desk.with(|publisher| {
        if typed.anew {
            desk.notes.forget();
        }
        // Old parts of a search index hold the words of pages that may be hidden by now.
        let is_old =
            |path: &str| withheld.hides(path) || (withheld.is_of_index(path) && !files.records.contains_key(path));
        let seen = if typed.anew { publisher.look_anew(&is_old) } else { publisher.look() };
        let seen = seen.map_err(|problem| session.wrong_of(problem))?;
        let on_target = secrets.on_target(seen.owners(), &seen.state.hidden);
        let is_secret = |path: &str| match typed.anew {
            true => is_old(path),
            false => withheld.hides(path) || on_target.has(path),
        };
        wrong_clock(session, typed, desk, seen.may_hold(&is_secret))?;
        let hidden = hidden::hidden(&made.site);
        let owners = hidden::owners(made);
        let wish =
            Wish { hidden: &hidden, ..Wish::new(&files.records, &owners, &is_secret, desk.destination.keep as u64) };
        let mut plan = planned(session, &seen, &wish)?;
        let foreign = publisher.others(&seen, &plan).map_err(|problem| session.wrong_of(problem))?;
        let mut wish = Wish { ignores_capitals: foreign.ignores_capitals, ..wish };
        if foreign.ignores_capitals {
            plan = planned(session, &seen, &wish)?;
        }
        if plan.is_empty() && !seen.is_broken() && foreign.spoilt.is_empty() {
            session.say(&format!("Nothing to publish: {} has the site as it is.", desk.destination.shown()));
            return Ok(());
        }
        session.tell(&shown::plan(desk, made, files, &seen, &plan));
        if let Some(text) = shown::foreign(&foreign) {
            session.say(&text);
        }
        if typed.dry_run {
            shown::obstacles(&foreign).iter().for_each(|text| session.say(text));
            session.say("Nothing was sent.");
            return Ok(());
        }
        match foreign_is_fine(session, typed, &plan, &foreign) {
            Ok(true) => {
                wish.spoilt = &foreign.spoilt;
                plan = planned(session, &seen, &wish)?;
            }
            Ok(false) if plan.is_empty() && !seen.is_broken() => {
                session.say(&format!("Nothing else to publish to {}.", desk.destination.shown()));
                return Ok(());
            }
            Ok(false) => {}
            Err(exit) => {
                // What is secret goes, whatever is in the way of the rest.
                if !plan.secrets.is_empty() {
                    hide(session, desk, sources)?;
                }
                return Err(exit);
            }
        }
        agreed(session, typed.yes, &format!("Publish this to {}?", desk.destination.shown()))?;
        let (pages, more) = shown::titles(made, files, &seen, &plan);
        let hidden = hidden.entries.union(&hidden.pieces).cloned().collect();
        let purpose = Purpose { hidden, pages, more, ..Purpose::default() };
        carry_out(session, desk, publisher, &seen, &plan, &purpose, files).map(drop)
    })
    .err()
    .unwrap_or(Exit::Fine)
}

/// Whether what others did on the target is to be replaced: asked at a terminal, and stated by `--replace` elsewhere. Refused where
/// it would have to be and is not.
fn foreign_is_fine(session: &Session, typed: &PublishArgs, plan: &Plan, foreign: &Foreign) -> Result<bool, Exit> {
    if !foreign.blocked.is_empty() {
        session.wrong(
            &shown::blocked(&foreign.blocked),
            "rename or remove one of the two, on the target or among the site's own texts; then publish again",
        );
        return Err(Exit::Faults);
    }
    if !foreign.in_the_way.is_empty() && !typed.replace && !typed.anew {
        session.wrong(
            &shown::in_the_way(&foreign.in_the_way),
            "see what they are; with `--replace` the site's files take their place",
        );
        return Err(Exit::Faults);
    }
    if foreign.spoilt.is_empty() || typed.replace || typed.anew {
        return Ok(!foreign.spoilt.is_empty());
    }
    let touches = plan.puts.iter().map(|put| &put.path).chain(plan.gone.iter().map(|(_, path)| path));
    let touched: Vec<String> = touches.filter(|path| foreign.spoilt.contains(*path)).cloned().collect();
    session.say(&shown::spoilt(&foreign.spoilt));
    if !typed.yes && std::io::stdin().is_terminal() {
        return match agreed(session, false, "Put the site's own files in their place?") {
            Ok(()) => Ok(true),
            Err(exit) if !touched.is_empty() => Err(exit),
            Err(_) => Ok(false),
        };
    }
    if touched.is_empty() {
        return Ok(false);
    }
    session.wrong(
        &shown::would_be_lost(&touched),
        "look what was changed there, and write it into the site's own texts if it is to stay; with `--replace` the site's files take their place",
    );
    Err(Exit::Faults)
}

/// How many seconds two clocks may differ.
const SKEW: i64 = 120;

/// An embargo that ends by a clock that is ahead ends early; by one that is behind, much would be taken down that is public.
/// `has_secrets` says that something on the target is to go.
fn wrong_clock(session: &Session, typed: &PublishArgs, desk: &Desk, has_secrets: bool) -> Result<(), Exit> {
    let ahead = desk.target.clock_ahead(clock().as_second()).unwrap_or_default();
    if ahead.abs() <= SKEW || typed.ignore_clock {
        return Ok(());
    }
    let (minutes, which) = (ahead.abs() / 60, if ahead < 0 { "ahead of" } else { "behind" });
    session.wrong(
        &format!("this machine's clock is {minutes} minutes {which} that of the server: embargoes would not end at their minute"),
        "set the clock that is wrong. If it is the server's, publish with `--ignore-clock`",
    );
    if has_secrets {
        session.say(
            "Pages are still there that must not be public, if this machine's clock is right. To take one down now: `pamphlet take-down PAGE`.",
        );
    }
    Err(Exit::Machine)
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
    let now = pipeline::now(clock(), &sources.config);
    let secrets = Secrets::new(sources, &now);
    let withheld = &secrets.withheld;
    desk.with(|publisher| {
        let seen = publisher.look().map_err(|problem| session.wrong_of(problem))?;
        if seen.is_new() {
            return Ok(());
        }
        let on_target = secrets.on_target(seen.owners(), &seen.state.hidden);
        let is_hidden = |path: &str| withheld.hides(path) || is_beside(withheld, path) || on_target.has(path);
        if seen.may_hold(&is_hidden) {
            let goes = |path: &str| is_hidden(path) || withheld.is_of_index(path) || withheld.is_feed(path);
            let pages = shown::addresses(seen.all_files().filter(|path| path.ends_with(".html") && is_hidden(path)));
            removed(session, desk, publisher, &seen, &goes, &Purpose::default())?;
            let pages = if pages.is_empty() { String::new() } else { format!(": {pages}") };
            session.say(&format!(
                "What must not be public is gone all the same{pages}. Until the rest can be published, lists may still show its title and summary, and the search finds nothing."
            ));
        }
        left_there(session, &seen, withheld, &on_target);
        Ok(())
    })
}

/// Says what may still show what must not be seen.
fn left_there(session: &Session, seen: &Seen, withheld: &Withheld, on_target: &OnTarget) {
    for home in &on_target.homes {
        session.say(&format!(
            "`{}` still shows what must not be public: a home page is not removed. Mend the faults, publish, and it changes.",
            crate::publish::address(home)
        ));
    }
    if on_target.unclear > 0 {
        session.say(
            "Pages are still there whose texts are gone from this folder, and new texts are hidden. If one of these is such a page under \
             another name and title, take the page down by its address: `pamphlet take-down /ADDRESS/`.",
        );
    }
    if seen.knows_no_owners() {
        let pieces = if withheld.has_pieces {
            " A row, a part of a page or a block that was hidden since is still shown."
        } else {
            ""
        };
        session.say(&format!(
            "An earlier version of Pamphlet published last, and did not note which texts the pages there were made of: a page whose address \
             changed as it was hidden is still there until the faults are mended. To take it down now: `pamphlet take-down /ADDRESS/`.{pieces}"
        ));
    }
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
    let files = seen.state.files.iter().filter(|(path, _)| !goes(path));
    let stay: BTreeMap<String, Record> = files.map(|(path, record)| (path.clone(), record.clone())).collect();
    let owners = seen.state.owners().unwrap_or_default();
    let wish = Wish { copies_only: true, ..Wish::new(&stay, &owners, goes, desk.destination.keep as u64) };
    let plan = planned(session, seen, &wish)?;
    let purpose = Purpose { hidden: seen.state.hidden.clone(), is_partial: true, ..purpose.clone() };
    carry_out(session, desk, publisher, seen, &plan, &purpose, &Nothing)?;
    Ok(plan)
}
