//! `pamphlet check`: reports every fault of the sources, the templates and the finished pages; publishes nothing.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use jiff::ZonedDateTime;

use super::Exit;
use super::args::{CheckArgs, Format};
use super::session::{Session, clock, shown};
use crate::check::{self, PageFacts, Tested};
use crate::config::{Budgets, Overrides};
use crate::diagnostic::{self, Code, Diagnostic, Places, Severity};
use crate::fixes;
use crate::pipeline::{self, Made, Sources};
use crate::publish::{Scanned, is_fine};
use crate::render;
use crate::schema::{Placed, Value};
use crate::site::View;
use crate::source::Tree;
use crate::store;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &CheckArgs) -> Exit {
    pipeline::use_cores(typed.jobs);
    if let Some(file) = typed.report.as_deref().filter(|file| file.extension().is_none_or(|ending| ending != "html")) {
        session.wrong(
            &format!("the report is an HTML page, but its name would be {}", shown(file)),
            "give it a name that ends in `.html`, as in `--report report.html`",
        );
        return Exit::Usage;
    }
    if typed.fix && typed.format != Format::Text {
        session.wrong(
            "`--fix` shows the lines that it changes, so its result is for people",
            "leave out `--format`; to read what can be corrected as JSON, leave out `--fix`: it is in `fix` of each fault",
        );
        return Exit::Usage;
    }
    let pass = if typed.fix { Pass::Fixing } else { Pass::Telling };
    once(session, typed, pass)
}

/// Whether a run corrects before it reports.
#[derive(Clone, Copy, PartialEq)]
enum Pass {
    Fixing,
    Telling,
}

fn once(session: &Session, typed: &CheckArgs, pass: Pass) -> Exit {
    let read = match session.read(&Overrides::default()) {
        Ok(read) => read,
        Err(why) => return session.no_site(&why),
    };
    let (tree, mut faults) = (read.value.tree.clone(), read.faults);
    let Some(sources) = read.value.sources else {
        return finish(session, typed, &tree, pipeline::finalise(faults, &tree, None));
    };
    let asked = match pipeline::moment(typed.now.as_deref(), clock(), &sources.config) {
        Ok(now) => now,
        Err(message) => {
            session.wrong(&message, "write `--now` as in `--now \"2026-05-14 00:01\"`");
            return Exit::Usage;
        }
    };
    let faults_of_reading = faults.clone();
    let made = pipeline::make(&sources, asked.clone(), View::Checked);
    faults.extend(made.faults());
    if let Some(file) = &typed.report
        && let Err(exit) = write_report(session, &sources, faults_of_reading, file, &made.site.now)
    {
        return exit;
    }
    faults.extend(rendered(&made).0);
    faults.extend(at_the_last_moment(&sources, &made, &faults));
    if typed.accept_existing {
        return accept(session, &tree, faults, &sources);
    }
    let faults = pipeline::finalise(faults, &tree, Some(&sources.config));
    let faults = pipeline::without_echoes(faults, &made);
    if pass == Pass::Fixing {
        match super::fix::apply(session, &sources, &asked, &faults) {
            Ok(true) => return once(session, typed, Pass::Telling),
            Ok(false) => {}
            Err(exit) => return exit,
        }
    }
    finish(session, typed, &tree, faults)
}

/// The faults of a snapshot's templates and finished pages, and the facts of those pages.
fn rendered(made: &Made) -> (Vec<Diagnostic>, Vec<PageFacts>) {
    let scanned = Scanned::default();
    let mut faults = pipeline::render_all(made, &AtomicBool::new(false), render::prove, |route, output| {
        let mut found = Vec::new();
        scanned.see(made, route, &output, &mut found);
        found
    });
    let (across, pages) = scanned.compare(made);
    faults.extend(across);
    (check::gather(faults, pages.len()), pages)
}

/// Writes what was tested on the site that is public at `now`, and with what result.
///
/// The report is made from the readers' view. The view for checks also shows pages that may not be public because their
/// fields cannot be read, and later faults would reveal what is not public yet.
fn write_report(
    session: &Session,
    sources: &Sources,
    mut faults: Vec<Diagnostic>,
    file: &Path,
    now: &ZonedDateTime,
) -> Result<(), Exit> {
    let made = pipeline::make(sources, now.clone(), View::Published);
    faults.extend(made.faults());
    let (found, pages) = rendered(&made);
    faults.extend(found);
    let settled = pipeline::finalise(faults, &sources.tree, Some(&sources.config));
    let text = report(&made, &sources.tree, &pages, &pipeline::without_echoes(settled, &made));
    store::write_aside(&session.root, file, &text, check::REPORT_MARK).map_err(|refusal| session.refused(&refusal))?;
    session.say(&format!("Wrote {}: what was tested, and with what result.", shown(file)));
    tell_statements(session, &made);
    Ok(())
}

fn report(made: &Made, tree: &Tree, pages: &[PageFacts], faults: &[Diagnostic]) -> String {
    let config = &made.site.config;
    let off = config.severities.iter().filter(|(_, severity)| *severity == Severity::Off).map(|(code, _)| *code);
    let unset = (config.budgets == Budgets::default()).then_some(Code::PageTooHeavy);
    let organisation = &config.organisation.name;
    let places = RefCell::new(Places::new(tree));
    check::report(&Tested {
        publisher: if organisation.is_empty() { &config.title } else { organisation },
        base_url: &config.base.url("/"),
        day: made.site.now.strftime("%Y-%m-%d").to_string(),
        when: crate::schema::in_words(&made.site.now),
        pages,
        faults,
        untested: off.chain(unset).collect(),
        shows: &|at| made.site.shows(at),
        place: &|fault| {
            let span = fault.span.as_ref()?;
            let start = places.borrow_mut().ends(span).map(|(start, _)| format!(":{}:{}", start.line, start.column));
            Some(format!("{}{}", span.file, start.unwrap_or_default()))
        },
    })
}

/// Names the pages that give readers a date of the last test other than that of the snapshot.
fn tell_statements(session: &Session, made: &Made) {
    let day = made.site.now.date();
    for ix in made.site.shown() {
        let entry = made.site.entry(ix);
        if let Some(Placed { value: Value::Date(tested, _), .. }) = entry.stated_value("tested")
            && *tested != day
        {
            let file = &entry.source;
            session.say(&format!(
                "note: `{file}` tells readers that the last test was on {tested}; write `tested = {day}` there"
            ));
        }
    }
}

/// Faults that the site does not have yet but will have once everything scheduled is public.
fn at_the_last_moment(sources: &Sources, made: &Made, known: &[Diagnostic]) -> Vec<Diagnostic> {
    let Some(last) = made.site.last_change() else { return Vec::new() };
    let mut faults = Vec::new();
    let later = pipeline::make(sources, last.clone(), View::Checked);
    faults.extend(later.faults());
    faults.extend(rendered(&later).0);
    // Every page is due for review on some distant day: that is no surprise.
    faults.retain(|fault| fault.code != Code::ReviewDue);
    let known: BTreeSet<_> = known.iter().map(|fault| (fault.code, &fault.span, &fault.message)).collect();
    faults.retain(|fault| !known.contains(&(fault.code, &fault.span, &fault.message)));
    let when = crate::schema::in_words(&last);
    // What stands in a block or a page that is still to come stops nothing yet, as in a draft.
    let is_later = |fault: &Diagnostic| !fault.is_binding && fault.span.as_ref().is_some_and(|at| !made.site.shows(at));
    let mut faults: Vec<Diagnostic> =
        faults.into_iter().map(|fault| if is_later(&fault) { fault.lowered() } else { fault }).collect();
    for fault in &mut faults {
        let note = format!("this shows once everything scheduled is public, on {when}");
        fault.help = Some(match fault.help.take() {
            Some(help) => format!("{help} ({note})"),
            None => note,
        });
    }
    faults
}

fn finish(session: &Session, typed: &CheckArgs, tree: &Tree, faults: Vec<Diagnostic>) -> Exit {
    match typed.format {
        Format::Text => session.print(&session.as_result(&faults, tree)),
        Format::Json => session.print(&diagnostic::json(&faults, tree)),
        Format::Github => session.print(&diagnostic::github(&faults, tree)),
    }
    match faults.is_empty() {
        true => session.say("Nothing is wrong."),
        false => session.say(&format!("\n{}.", diagnostic::summary(&faults))),
    }
    let offered = faults.iter().filter(|fault| fixes::is_offered(fault, tree)).count();
    if offered > 0 && typed.format == Format::Text && !typed.fix {
        let which = if offered == faults.len() { "this".to_owned() } else { format!("{offered} of them") };
        session.say(&format!("`pamphlet check --fix` corrects {which}."));
    }
    let fine = if typed.strict { faults.is_empty() } else { is_fine(&faults) };
    if fine { Exit::Fine } else { Exit::Faults }
}

/// Takes the faults of a site that has just come from elsewhere as known, as `--accept-existing` does; returns the errors that it had.
pub(super) fn known_from_elsewhere(session: &Session) -> Result<Vec<Diagnostic>, Exit> {
    let read = session.read(&Overrides::default()).map_err(|why| session.no_site(&why))?;
    let (tree, mut faults) = (read.value.tree.clone(), read.faults);
    if let Some(sources) = read.value.sources {
        let now = pipeline::now(clock(), &sources.config);
        let made = pipeline::make(&sources, now, View::Checked);
        faults.extend(made.faults());
        faults.extend(rendered(&made).0);
        faults.extend(at_the_last_moment(&sources, &made, &faults));
        faults = diagnostic::arrange(faults);
        diagnostic::apply_severities(&mut faults, &sources.config.severities);
    }
    faults.retain(|fault| fault.severity == Severity::Error);
    let text = check::accept(&faults, &|path| pipeline::hash_of(&tree, path));
    if text.contains("[[fault]]") {
        let place = tree.root().join("known-faults.toml");
        store::replace_file(&place, &text).map_err(|refusal| session.refused(&refusal))?;
    }
    Ok(faults)
}

fn accept(session: &Session, tree: &Tree, faults: Vec<Diagnostic>, sources: &Sources) -> Exit {
    let mut faults = diagnostic::arrange(faults);
    diagnostic::apply_severities(&mut faults, &sources.config.severities);
    let text = check::accept(&faults, &|path| pipeline::hash_of(tree, path));
    match store::replace_file(&tree.root().join("known-faults.toml"), &text) {
        Ok(()) => {
            session.say(&format!("Wrote known-faults.toml: {} taken as known.", diagnostic::summary(&faults)));
            Exit::Fine
        }
        Err(refusal) => session.refused(&refusal),
    }
}
