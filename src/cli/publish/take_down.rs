//! `pamphlet take-down PAGE`: hides a page, and publishes that alone, at once, whatever is wrong with the rest.
//!
//! 1. `status = "draft"` is written into the page's file, as the one change.
//! 2. Its files go from the target.
//! 3. The site is built as it was before that line and as it is with it. Where the two differ, other pages named the page: those
//!    that readers have as they were before are replaced, others are named. Nothing else that waits to be published goes out.

use std::collections::BTreeMap;

use super::{Desk, carry_out, destination_of, order, plan, planned, wish};
use crate::cli::Exit;
use crate::cli::args::TakeDownArgs;
use crate::cli::session::{Session, clock};
use crate::cli::share;
use crate::config::{Overrides, Place};
use crate::deploy::{Files, Purpose, Record, Wish};
use crate::diagnostic::Found;
use crate::edits::{Edits, Fields, Given, Step};
use crate::pipeline::{self, Read, Sources};
use crate::publish::{self, Outcome};
use crate::routes::RouteKind;
use crate::schema::secrecy;
use crate::site::View;
use crate::store::{self, Expected, Rearrangement};

/// Runs the command.
pub(in crate::cli) fn run(session: &Session, typed: &TakeDownArgs) -> Exit {
    let before = match session.read(&Overrides::default()) {
        Ok(read) => read,
        Err(why) => return session.no_site(&why),
    };
    let Some(sources) = before.value.sources.clone() else {
        session.show(&pipeline::finalise(before.faults, &before.value.tree, None), &*before.value.tree);
        return Exit::Faults;
    };
    let destination = match destination_of(session, &before, &sources, typed.target.as_deref()) {
        Ok(destination) => destination.clone(),
        Err(exit) => return exit,
    };
    if matches!(destination.place, Place::Zip(_)) {
        session.wrong(
            "a .zip file is uploaded by hand, so nothing can be taken down from here",
            "take the page down on your host's page",
        );
        return Exit::Usage;
    }
    let (text, address) = match hidden(session, &sources, &typed.page) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    let desk = match Desk::open(session, &destination, typed.unlock) {
        Ok(desk) => desk,
        Err(exit) => return exit,
    };
    let question = format!(
        "Take down {address} from {}, and make it a draft here? (No earlier state can be put back afterwards.)",
        desk.destination.shown()
    );
    if let Err(exit) = plan::agreed(session, typed.yes, &question) {
        return exit;
    }
    if let Some((file, text)) = text {
        let tree = &sources.tree;
        let old = tree.get(&file).and_then(|file| file.text()).unwrap_or_default();
        let texts = vec![(tree.on_disk(&file), text.as_str(), Expected::Text(tree.on_disk(&file), old))];
        if let Err(refusal) =
            store::rearrange(tree.root(), &Rearrangement { moves: Vec::new(), removed: Vec::new(), texts })
        {
            return session.refused(&refusal);
        }
        session.say(&format!("{file} is a draft now."));
    }
    gone(session, &desk, before, &address)
}

/// The page's file with `status = "draft"` in it, unless it says so already, and its address.
fn hidden(
    session: &Session,
    sources: &Sources,
    page: &str,
) -> Result<(Option<(crate::path::SitePath, String)>, String), Exit> {
    let Ok(now) = pipeline::moment(None, clock(), &sources.config) else { return Err(Exit::Usage) };
    let made = pipeline::make(sources, now, View::Everything);
    // A page that no file makes any more can still be on the target.
    let folder = format!("{}/", page.trim_end_matches('/'));
    let is_made = |text: &str| made.routes.at(&crate::path::Address::new(text)).is_some();
    if page.starts_with('/') && !is_made(page) && !is_made(&folder) {
        return Ok((None, folder));
    }
    let found = share::wanted(session, &made, &[page.to_owned()])?;
    let address = found.first().map(|route| route.address.to_string()).unwrap_or_default();
    let Some(RouteKind::Entry(ix)) = found.first().map(|route| &route.kind) else {
        session.wrong(
            &format!("{address} is a list: it shows what there is"),
            "take down the pages that it should not show, one by one",
        );
        return Err(Exit::Usage);
    };
    let entry = made.site.entry(*ix);
    let config = &sources.config;
    if config.languages().any(|lang| address == format!("{}/", config.in_language(lang).prefix)) {
        session.wrong(
            "that is the home page, without which nothing of the site is found",
            "change it, and publish the change",
        );
        return Err(Exit::Usage);
    }
    // The page goes all the same: what is wrong with its file is no reason to leave it there.
    let by_hand = |why: &str| {
        session.say(&format!(
            "{} {why}: write `status = \"draft\"` into it, or into the row, by hand, or the next publication brings the page back.",
            entry.source
        ));
        Ok((None, address.clone()))
    };
    if made.site.visibility(*ix).hidden().is_some_and(crate::site::Hidden::is_certain) {
        return Ok((None, address));
    }
    if entry.is_row {
        return by_hand("holds other entries too");
    }
    let Some(text) = sources.tree.get(&entry.source).and_then(|file| file.text()) else {
        return by_hand("cannot be read");
    };
    let Some(fields) = Fields::of(&entry.source, text) else { return by_hand("has fields that cannot be read") };
    match fields.set(&[Step::Name(secrecy::HIDES.0)], &Given::Text(secrecy::HIDES.1.to_owned())) {
        Ok(Some(splice)) => {
            let mut edits = Edits::of(sources.tree.clone());
            edits.splice(&splice);
            match edits.applied(&sources.tree) {
                Ok(applied) => Ok((applied.0.into_iter().next(), address)),
                Err(_) => by_hand("cannot be changed with certainty"),
            }
        }
        Ok(None) => Ok((None, address)),
        Err(_) => by_hand("cannot be changed with certainty"),
    }
}

/// Removes what is hidden now from the target, then what named it.
fn gone(session: &Session, desk: &Desk, before: Found<Read>, address: &str) -> Exit {
    let after = match session.read(&Overrides::default()) {
        Ok(read) => read,
        Err(why) => return session.no_site(&why),
    };
    let Some(sources) = after.value.sources.clone() else {
        session.show(&pipeline::finalise(after.faults, &after.value.tree, None), &*after.value.tree);
        return Exit::Faults;
    };
    let Ok(now) = pipeline::moment(None, clock(), &sources.config) else { return Exit::Usage };
    let withheld = pipeline::withheld(&sources, &now, None);
    let taken =
        |hidden, is_partial| Purpose { restores: None, took_down: Some(address.to_owned()), hidden, is_partial };
    // Whatever is wrong with its file, and whatever has become of its documents: what lies in the page's own folder goes.
    let page = crate::path::Address::new(address).output().as_str().to_owned();
    let folder = page.strip_suffix("index.html").unwrap_or_default().to_owned();
    let is_own = |path: &str| {
        let below = path.strip_prefix(folder.as_str());
        path == page
            || below.is_some_and(|below| !folder.is_empty() && (!below.contains('/') || !withheld.is_public(path)))
    };
    let is_hidden = |path: &str| withheld.hides(path) || plan::is_beside(&withheld, path) || is_own(path);
    desk.with(|publisher| {
        let seen = match publisher.look() {
            Ok(seen) => seen,
            Err(problem) => return session.wrong_of(problem),
        };
        let is_there = seen.may_hold(&is_hidden);
        let purpose = taken(seen.state.hidden.clone(), true);
        if is_there {
            if let Err(exit) = plan::removed(session, desk, publisher, &seen, &is_hidden, &purpose) {
                return exit;
            }
        } else {
            session.say(&format!(
                "{address} is not on the target. If it was published under another address, take that down: `pamphlet take-down /ADDRESS/`."
            ));
        }
        let built = both(session, desk, before, after);
        let seen = match publisher.look() {
            Ok(seen) => seen,
            Err(problem) => return session.wrong_of(problem),
        };
        let Some((was, is)) = built else {
            // Nothing can be built: what repeats the words of pages goes as a whole.
            let goes = |path: &str| withheld.is_of_index(path) || withheld.is_feed(path);
            if is_there
                && seen.state.files.keys().any(|path| goes(path))
                && let Err(exit) = plan::removed(session, desk, publisher, &seen, &goes, &purpose)
            {
                return exit;
            }
            session.say(
                "The site has errors, so pages that name it stay as they were for now: feeds are gone and the search finds nothing until \
                 the site can be published again. `pamphlet check` shows the errors.",
            );
            return Exit::Fine;
        };
        let (mut files, mut named) = consequences(&seen.state.files, &was.files.records, &is.files.records);
        // An index that is not the one of before holds words of both: without it the search offers lists.
        // The same goes for feeds, which hold whole texts.
        let repeats = |path: &str| withheld.is_of_index(path) || withheld.is_feed(path);
        let is_other = |path: &String| seen.state.files.get(path) != was.files.records.get(path);
        // Where the page was not made from a file of just before, every file that is not of then may name it.
        if !was.files.records.contains_key(&page) {
            named.extend(files.keys().filter(|path| is_other(path) && is.files.records.contains_key(*path)).cloned());
        }
        if files.keys().any(|path| repeats(path) && (is_other(path) || named.contains(path))) {
            files.retain(|path, _| !repeats(path));
            named.retain(|path| !repeats(path));
            session.say("Other changes wait to be published, so feeds are gone and the search finds nothing until then.");
        }
        let is_secret = |path: &str| is_hidden(path);
        let purpose = taken(seen.state.hidden.clone(), !named.is_empty());
        // What named the page is not kept either.
        let wish = Wish { forgets: true, ..wish(&files, &is_secret, desk.destination.keep, false) };
        let plan = match planned(session, &seen, &wish) {
            Ok(plan) => plan,
            Err(exit) => return exit,
        };
        if !plan.is_empty()
            && let Err(exit) = carry_out(session, desk, publisher, &seen, &plan, &purpose, &is.files)
        {
            return exit;
        }
        if !named.is_empty() {
            session.say(&format!(
                "These may still name it, since they have other changes that are not published yet: {}. `pamphlet publish` renews them.",
                named.iter().map(|path| format!("`{}`", publish::address(path))).collect::<Vec<_>>().join(", ")
            ));
        }
        Exit::Fine
    })
}

/// The files that are to lie on the target after a take-down: those that changed because of it, where readers have them as they
/// were just before. Also those that changed but are different there.
fn consequences(
    there: &BTreeMap<String, Record>,
    was: &BTreeMap<String, Record>,
    is: &BTreeMap<String, Record>,
) -> (BTreeMap<String, Record>, Vec<String>) {
    let mut files = there.clone();
    let mut other = Vec::new();
    let differ = was.keys().chain(is.keys()).filter(|path| was.get(*path) != is.get(*path));
    for path in differ.collect::<std::collections::BTreeSet<_>>() {
        match (there.get(path), was.get(path), is.get(path)) {
            (now, was, Some(is)) if now == was => {
                files.insert(path.clone(), is.clone());
            }
            (now, was, None) if now == was => {
                files.remove(path);
            }
            (Some(now), _, Some(is)) if now == is => {}
            (Some(_), ..) => other.push(path.clone()),
            (None, ..) => {}
        }
    }
    (files, other)
}

/// A site built into a folder of its own, which goes when this does.
struct Aside {
    files: Files,
    _folder: store::Aside,
}

/// The site as it was before the page was hidden, and as it is with that; none if either has errors.
fn both(session: &Session, desk: &Desk, before: Found<Read>, after: Found<Read>) -> Option<(Aside, Aside)> {
    let build = |read: Found<Read>| {
        let folder = store::Aside::new().ok()?;
        let place = folder.path().join("site");
        match publish::publish(session, read, &order(&place, false)) {
            Outcome::Published(done) if publish::is_fine(&done.faults) => {
                let files = plan::files(&place, &done.made, &*desk.target, &desk.destination).ok()?;
                Some(Aside { files, _folder: folder })
            }
            _ => None,
        }
    };
    Some((build(before)?, build(after)?))
}
