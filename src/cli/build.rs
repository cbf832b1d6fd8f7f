//! `pamphlet build`: the site is rendered and published, or its faults are shown.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::ZonedDateTime;

use super::args::{BuildArgs, PlanFormat};
use super::session::{Session, clock, shown};
use super::takedown::take_down;
use super::{Exit, takedown, watch};
use crate::config::{Base, Overrides};
use crate::diagnostic::{self, Diagnostic, Due, Found};
use crate::markdown::highlight;
use crate::pipeline::{self, Read, Sources};
use crate::publish::{self, Done, Index, Observer, Order, Outcome, Planned};
use crate::routes::is_page;
use crate::schema;
use crate::site::{Hidden, Ix, Site, View};
use crate::source::Tree;
use crate::store::{self, Refusal, Way};

/// How many of the moments to come are named.
const MOMENTS: usize = 3;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &BuildArgs) -> Exit {
    let begun = Instant::now();
    pipeline::use_cores(typed.jobs);
    if let Some(Err(message)) = typed.base_url.as_deref().map(Base::parse) {
        session.wrong(&message, "such as `--base-url https://www.example.org/`");
        return Exit::Usage;
    }
    let folder = folder(session, typed);
    if typed.drafts && store::is_same_folder(&folder, &session.place("public")) {
        session.wrong(
            "`public` is the folder that goes to a host, and drafts are not for it",
            "give drafts a folder of their own: pamphlet build --drafts -o preview",
        );
        return Exit::Usage;
    }
    recall(session);
    if typed.watch {
        return watch::run(session, typed);
    }
    let read = match session.read(&Overrides { base_url: typed.base_url.clone(), ..Overrides::default() }) {
        Ok(read) => read,
        Err(why) => return session.no_site(&why),
    };
    Observer::done(session, "read");
    let tree = read.value.tree.clone();
    let way = if typed.in_place { Way::InPlace } else { Way::Exchange };
    if typed.dry_run {
        return dry_run(session, typed, read, &order(typed, &folder, way));
    }
    let sources = read.value.sources.clone();
    let is_of_readers = typed.now.is_none() && !typed.drafts;
    let hide = |exit, refused| match is_of_readers {
        true => hide(session, sources.as_ref(), &folder, refused, exit),
        false => exit,
    };
    match publish::publish(session, read, &order(typed, &folder, way)) {
        Outcome::Mistaken(message) => mistaken(session, &message),
        Outcome::Refused(refusal) => {
            let exit = session.refused(&refusal);
            hide(exit, Some(&refusal))
        }
        Outcome::Wrong(faults, _) => {
            let exit = nothing_published(session, &faults, &tree);
            hide(exit, None)
        }
        Outcome::Published(done) => {
            keep(session);
            session.show(&done.faults, &*tree);
            let exit = exit(&done.faults);
            if !done.faults.is_empty() {
                session.say("");
            }
            if let Some(note) = &done.report.note {
                session.say(&format!("note: {note}"));
            }
            session.say(&last_line(&done, &folder, begun));
            if let Some(line) = next_publication(&done.made.site, session.is_watched()) {
                session.say(&line);
            }
            if let Some(line) = not_as_it_is(&done.faults) {
                session.say(&line);
            }
            // The program ends here and the system takes back all memory at once; freeing it piece by piece takes a twentieth of a build.
            std::mem::forget(done);
            exit
        }
    }
}

/// Reports that `--now` is not a valid moment.
pub(super) fn mistaken(session: &Session, message: &str) -> Exit {
    session.wrong(message, "write `--now` as in `--now \"2026-05-14 00:01\"`");
    Exit::Usage
}

/// A publication that had to leave something out is no success: somebody waits for it.
fn exit(faults: &[Diagnostic]) -> Exit {
    if publish::is_fine(faults) { Exit::Fine } else { Exit::Faults }
}

pub(super) fn nothing_published(session: &Session, faults: &[Diagnostic], tree: &Tree) -> Exit {
    session.show(faults, tree);
    session.say(&format!("\nNothing was published: {}.", diagnostic::summary(faults)));
    Exit::Faults
}

/// Takes down from the folder what must not be public, although nothing was published: the rest of the site has errors and stays as
/// it is, or it was `refused`. Without `sources`, which the settings decide, what that is is not known. Gives `exit` unless the removal
/// fails.
pub(super) fn hide(
    session: &Session,
    sources: Option<&Sources>,
    folder: &Path,
    refused: Option<&Refusal>,
    exit: Exit,
) -> Exit {
    let Some(sources) = sources else {
        takedown::unknown(folder).iter().for_each(|line| session.say(line));
        return exit;
    };
    let now = pipeline::now(clock(), &sources.config);
    let withheld = pipeline::withheld(sources, &now, None);
    match take_down(session, folder, &withheld, |path| withheld.hides(path)) {
        Ok(_) => {}
        // What is in the way of a publication may not be in the way of a removal; if it is, it has been said.
        Err(other) if Some(&other) == refused => return exit,
        Err(other) => return session.refused(&other),
    }
    let stays = publish::stays(sources, &now, folder);
    takedown::stays(&stays).iter().for_each(|line| session.say(line));
    takedown::pieces(&withheld, folder).iter().for_each(|line| session.say(line));
    exit
}

/// Prints what readers would find new, changed and gone, and writes nothing.
fn dry_run(session: &Session, typed: &BuildArgs, read: Found<Read>, order: &Order<'_>) -> Exit {
    let tree = read.value.tree.clone();
    let planned = match publish::prepare(session, read, order) {
        Ok(ready) => publish::plan(session, ready, order),
        Err(Outcome::Mistaken(message)) => return mistaken(session, &message),
        Err(Outcome::Refused(refusal)) => return session.refused(&refusal),
        Err(Outcome::Wrong(faults, _)) => return nothing_published(session, &faults, &tree),
        // `prepare` publishes nothing.
        Err(Outcome::Published(_)) => return Exit::Fine,
    };
    match planned {
        Planned::Refused(refusal) => session.refused(&refusal),
        Planned::Wrong(faults) => nothing_published(session, &faults, &tree),
        Planned::Plan(plan, faults) => {
            session.show(&faults, &*tree);
            match typed.format {
                PlanFormat::Json => session.print(&format!("{}\n", serde_json::json!(plan))),
                PlanFormat::Text => session.print(&publish::in_words(&plan, order.folder)),
            }
            exit(&faults)
        }
    }
}

/// The cache file of highlighted code.
const HIGHLIGHTED: &str = "highlighted";

/// Loads what an earlier run has highlighted, while the sources are being read.
fn recall(session: &Session) {
    let root = session.root.clone();
    rayon::spawn(move || highlight::remember(store::load(&root, HIGHLIGHTED, highlight::FORM)));
}

/// Keeps the highlighted code for the next run.
pub(super) fn keep(session: &Session) {
    session.keep_images();
    if let Some(results) = highlight::remembered() {
        store::save(&session.root, HIGHLIGHTED, highlight::FORM, &results);
    }
}

/// The order that the command line gives.
pub(super) fn order<'a>(typed: &'a BuildArgs, folder: &'a Path, way: Way) -> Order<'a> {
    let view = if typed.drafts { View::Everything } else { View::Published };
    let (now, strict) = (typed.now.as_deref(), typed.strict);
    Order { now, clock: clock(), view, strict, folder, way, index: Index::Now }
}

/// Where the website goes.
pub(super) fn folder(session: &Session, typed: &BuildArgs) -> PathBuf {
    typed.output.clone().unwrap_or_else(|| session.place("public"))
}

fn last_line(done: &Done, folder: &Path, begun: Instant) -> String {
    let Done { made, report, .. } = done;
    let pages = made.routes.all().iter().filter(|route| is_page(&route.kind)).count();
    let count = |n: usize, what: &str| format!("{n} {what}");
    let time = in_words(begun.elapsed());
    let pages = if pages == 1 { "1 page".to_owned() } else { count(pages, "pages") };
    format!(
        "Published {pages} to {}: {} files new, {} changed, {} removed, {} as they were, in {time}.{}",
        shown(folder),
        report.new,
        report.changed,
        report.removed,
        report.unchanged,
        not_public(&made.site).map(|counts| format!(" Not public: {counts}.")).unwrap_or_default()
    )
}

/// How many entries are not public, and why; `None` if all are.
fn not_public(site: &Site) -> Option<String> {
    let (mut drafts, mut dated, mut embargoed, mut gone, mut unread, mut foreign) = (0, 0, 0, 0, 0, 0);
    for ix in site.all() {
        match site.visibility(ix).hidden() {
            None => continue,
            Some(Hidden::Draft) => drafts += 1,
            Some(Hidden::Until(_)) if site.is_under_embargo(ix) => embargoed += 1,
            Some(Hidden::Until(_)) => dated += 1,
            Some(Hidden::Expired(_) | Hidden::Withdrawn) => gone += 1,
            Some(Hidden::Unreadable) => unread += 1,
            Some(Hidden::Language) => foreign += 1,
        }
    }
    let drafts_in_words = if drafts == 1 { "draft" } else { "drafts" };
    let counts = [
        (drafts, drafts_in_words),
        (embargoed, "under embargo"),
        (dated, "dated ahead"),
        (gone, "expired"),
        (unread, "that cannot be read"),
        (foreign, "in a language that the site does not have"),
    ];
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// How long something took, for people.
pub(super) fn in_words(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1_000.0) } else { format!("{seconds:.1} s") }
}

/// What becomes public next, so that the person who hosts the site knows when to build again. Titles appear on a terminal
/// only: other output is kept, often where everybody can read it.
fn next_publication(site: &Site, is_terminal: bool) -> Option<String> {
    let (whole, in_part) = (site.coming(), site.coming_in_part());
    let expiring = site.expiring();
    let moments: BTreeSet<_> =
        whole.iter().map(|(when, _)| *when).chain(in_part.iter().chain(&expiring).map(|(when, _)| when)).collect();
    let mut moments = moments.into_iter();
    let happens = |when: &&ZonedDateTime| {
        let at = |all: &[(ZonedDateTime, Ix)]| -> Vec<Ix> {
            all.iter().filter(|(other, _)| other == *when).map(|(_, ix)| *ix).collect()
        };
        let whole: Vec<Ix> = whole.iter().filter(|(other, _)| *other == *when).map(|(_, ix)| *ix).collect();
        format!(
            "{} on {}",
            events(site, &whole, &at(&in_part), at(&expiring).len(), is_terminal),
            schema::in_words(when)
        )
    };
    let mut text = format!("Next: {}; build again then.", happens(&moments.next()?));
    let later: Vec<String> = moments.by_ref().take(MOMENTS - 1).map(|when| happens(&when)).collect();
    if !later.is_empty() {
        let _ = write!(text, "\nThen: {}", later.join("; "));
        text.push_str(&match moments.count() {
            0 => ".".to_owned(),
            1 => "; and at 1 moment more.".to_owned(),
            more => format!("; and at {more} moments more."),
        });
    }
    Some(text)
}

/// Which files have faults that will keep them out at their minute.
fn not_as_it_is(faults: &[Diagnostic]) -> Option<String> {
    let is_to_stop = |fault: &&Diagnostic| fault.is_error_later();
    let due: BTreeSet<_> = faults
        .iter()
        .filter(is_to_stop)
        .filter_map(|fault| Some((fault.span.as_ref()?.file.as_str(), fault.error_from.as_deref()?)))
        .collect();
    let (file, Due { when, what }) = due.first()?;
    let others = match due.len() - 1 {
        0 => String::new(),
        1 => " So has 1 other page.".to_owned(),
        more => format!(" So have {more} other pages."),
    };
    let (whose, it) = match *what {
        "page" => (String::new(), "it"),
        what => (format!("A {what} of "), "that"),
    };
    Some(format!("{whose}{file} has a fault above that keeps {it} out on {when}: mend it before.{others}"))
}

/// What happens at one moment: entries and parts of entries become public, others expire.
fn events(site: &Site, whole: &[Ix], in_part: &[Ix], expiring: usize, is_terminal: bool) -> String {
    let title = |ix: &Ix| format!("\"{}\"", site.entry(*ix).title());
    let titles: Vec<String> = whole.iter().map(title).collect();
    let parts: BTreeSet<Ix> = in_part.iter().copied().collect();
    let mut what: Vec<String> = match (is_terminal, titles.len()) {
        (_, 0) => Vec::new(),
        (true, 1..=3) => titles.clone(),
        (_, 1) => vec!["1 entry".to_owned()],
        (_, more) => vec![format!("{more} entries")],
    };
    what.extend(match (is_terminal, parts.len()) {
        (_, 0) => None,
        (true, 1) => parts.first().map(|ix| format!("part of {}", title(ix))),
        (_, 1) => Some("part of 1 entry".to_owned()),
        (_, more) => Some(format!("parts of {more} entries")),
    });
    let verb = if titles.len() + parts.len() == 1 { "becomes" } else { "become" };
    let mut events = Vec::new();
    if !what.is_empty() {
        events.push(format!("{} {verb} public", what.join(", ")));
    }
    match expiring {
        0 => {}
        1 => events.push("1 entry expires".to_owned()),
        more => events.push(format!("{more} entries expire")),
    }
    events.join(" and ")
}
