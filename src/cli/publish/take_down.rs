//! `pamphlet take-down PAGE`: hides a page, and publishes that alone, at once, whatever is wrong with the rest.
//!
//! 1. `status = "draft"` is written into the page's file, as the one change.
//! 2. Its files go from the target.
//! 3. The site is built as it was before that line and as it is with it. Where the two differ, other pages named the page: those
//!    that readers have as they were before are replaced; in others the page is taken out of what readers have (`mended`), or they
//!    are named. Nothing else that waits to be published goes out.

use std::collections::{BTreeMap, BTreeSet};

use super::hidden::{self, OnTarget, Secrets};
use super::mended::{Mended, Names};
use super::{Begun, Desk, begin, carry_out, order, plan, planned, shown};
use crate::cli::Exit;
use crate::cli::args::TakeDownArgs;
use crate::cli::session::{Session, clock};
use crate::cli::share;
use crate::config::{Destination, Overrides, Place};
use crate::deploy::{Files, Mark, Owned, Owners, Publisher, Purpose, Record, Seen, Wish};
use crate::diagnostic::Found;
use crate::edits::{Edits, Fields, Given, Step};
use crate::path::{Address, SitePath};
use crate::pipeline::{self, Read, Sources};
use crate::publish::{self, Outcome};
use crate::routes::RouteKind;
use crate::schema::secrecy;
use crate::site::View;
use crate::store::{self, Expected, Rearrangement};

/// The page that is taken down.
struct Page {
    address: String,
    /// Its file with `status = "draft"` in it, unless it says so already or cannot be changed.
    edit: Option<(SitePath, String)>,
    /// Its entry as notes on a target know it, and its title; unknown if no file makes it any more.
    entry: Option<(Mark, String)>,
}

/// Runs the command.
pub(in crate::cli) fn run(session: &Session, typed: &TakeDownArgs) -> Exit {
    match ask(session, typed) {
        Ok(()) => Exit::Fine,
        Err(exit) => exit,
    }
}

fn ask(session: &Session, typed: &TakeDownArgs) -> Result<(), Exit> {
    let Begun { read: before, sources, destination } = begin(session, typed.target.as_deref())?;
    if matches!(destination.place, Place::Zip(_)) {
        session.wrong(
            "a .zip file is uploaded by hand, so nothing can be taken down from here",
            "take the page down on your host's page",
        );
        return Err(Exit::Usage);
    }
    let page = page(session, &sources, &typed.page)?;
    let desk = Desk::open(session, &destination, typed.unlock)?;
    let question = format!(
        "Take down {} from {}, and make it a draft here? (No earlier state can be put back afterwards.)",
        page.address,
        desk.destination.shown()
    );
    plan::agreed(session, typed.yes, &question)?;
    if let Some((file, text)) = &page.edit {
        let tree = &sources.tree;
        let old = tree.get(file).and_then(|file| file.text()).unwrap_or_default();
        let texts = vec![(tree.on_disk(file), text.as_str(), Expected::Text(tree.on_disk(file), old))];
        store::rearrange(tree.root(), &Rearrangement { moves: Vec::new(), removed: Vec::new(), texts })
            .map_err(|refusal| session.refused(&refusal))?;
        session.say(&format!("{file} is a draft now."));
    }
    gone(session, &desk, before, &page)?;
    elsewhere(session, &sources.config.destinations, &destination, &page);
    Ok(())
}

/// Names the other places where the page may be.
fn elsewhere(session: &Session, all: &[Destination], here: &Destination, page: &Page) {
    for other in all.iter().filter(|other| other.name != here.name) {
        match &other.place {
            Place::Zip(file) if session.place(file).exists() => session.say(&format!(
                "`{file}` may hold the page as it was: delete it or make it anew with `pamphlet publish {}`, and take the page down \
                 where you uploaded it.",
                other.name
            )),
            Place::Zip(_) => {}
            _ => session.say(&format!(
                "If the page was also published to {}, take it down there too: `pamphlet take-down {} --from {}`.",
                other.shown(),
                page.address,
                other.name
            )),
        }
    }
}

/// The page that was named; what is wrong with its file is no reason to leave it there.
fn page(session: &Session, sources: &Sources, page: &str) -> Result<Page, Exit> {
    let now = pipeline::now(clock(), &sources.config);
    let made = pipeline::make(sources, now, View::Everything);
    // A page that no file makes any more can still be on the target.
    let folder = format!("{}/", page.trim_end_matches('/'));
    let is_made = |text: &str| made.routes.at(&Address::new(text)).is_some();
    if page.starts_with('/') && !is_made(page) && !is_made(&folder) {
        return Ok(Page { address: folder, edit: None, entry: None });
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
    let known = Some((hidden::mark_of(entry), entry.title().to_owned()));
    if made.site.visibility(*ix).hidden().is_some_and(crate::site::Hidden::is_certain) {
        return Ok(Page { address, edit: None, entry: known });
    }
    match drafted(sources, entry) {
        Ok(edit) => Ok(Page { address, edit, entry: known }),
        Err(why) => {
            session.say(&format!(
                "{} {why}: write `status = \"draft\"` into it, or into the row, by hand, or the next publication brings the page back.",
                entry.source
            ));
            Ok(Page { address, edit: None, entry: known })
        }
    }
}

/// The file of an entry with `status = "draft"` in it; none if it says so already. Or why it cannot be changed.
fn drafted(sources: &Sources, entry: &crate::content::Entry) -> Result<Option<(SitePath, String)>, &'static str> {
    if entry.is_row {
        return Err("holds other entries too");
    }
    let text = sources.tree.get(&entry.source).and_then(|file| file.text()).ok_or("cannot be read")?;
    let fields = Fields::of(&entry.source, text).ok_or("has fields that cannot be read")?;
    let uncertain = "cannot be changed with certainty";
    let given = Given::Text(secrecy::HIDES.1.to_owned());
    let Some(splice) = fields.set(&[Step::Name(secrecy::HIDES.0)], &given).map_err(|_| uncertain)? else {
        return Ok(None);
    };
    let mut edits = Edits::of(sources.tree.clone());
    edits.splice(&splice);
    let applied = edits.applied(&sources.tree).map_err(|_| uncertain)?;
    Ok(applied.0.into_iter().next())
}

/// Removes what is hidden now from the target, then what named it.
fn gone(session: &Session, desk: &Desk, before: Found<Read>, page: &Page) -> Result<(), Exit> {
    let after = session.read(&Overrides::default()).map_err(|why| session.no_site(&why))?;
    let Some(sources) = after.value.sources.clone() else {
        session.show(&pipeline::finalise(after.faults, &after.value.tree, None), &*after.value.tree);
        return Err(Exit::Faults);
    };
    let now = pipeline::now(clock(), &sources.config);
    let secrets = Secrets::new(&sources, &now);
    desk.with(|publisher| {
        let seen = publisher.look().map_err(|problem| session.wrong_of(problem))?;
        let taken = Taken::new(&secrets, &seen, page);
        let is_hidden = |path: &str| taken.has(path);
        let is_there = seen.may_hold(&is_hidden);
        if is_there {
            let purpose = taken.purpose(page, &seen, true);
            plan::removed(session, desk, publisher, &seen, &is_hidden, &purpose)?;
        } else if seen.knows_no_owners() {
            session.say(&format!(
                "{0} is not on the target. If it was published under another address, take that down: `pamphlet take-down /ADDRESS/`.",
                page.address
            ));
        } else {
            session.say(&format!("{} is not on the target.", page.address));
        }
        let built = both(session, desk, before, after);
        let seen = publisher.look().map_err(|problem| session.wrong_of(problem))?;
        match built {
            Some((was, is)) => renew(session, desk, publisher, &seen, &taken, page, (&was, &is)),
            None => silence(session, desk, publisher, &seen, &taken, page, is_there),
        }
    })
}

/// What goes from a target with the page.
struct Taken<'a> {
    secrets: &'a Secrets,
    on_target: OnTarget,
    /// Files of the entries of the page, whatever their addresses.
    own: BTreeSet<String>,
    /// The page's own file.
    page: String,
}

impl<'a> Taken<'a> {
    fn new(secrets: &'a Secrets, seen: &Seen, page: &Page) -> Self {
        let file = Address::new(&page.address).output().as_str().to_owned();
        let at_address = |owners: &Owners| -> Vec<Mark> {
            owners.of(&file).into_iter().flat_map(|Owned { of, .. }| of).map(|one| one.id.clone()).collect()
        };
        let mut entries: BTreeSet<Mark> = page.entry.iter().map(|(mark, _)| mark.clone()).collect();
        // Another entry may have the address now: then that is the one which is meant.
        if entries.is_empty() {
            entries.extend(seen.owners().iter().flat_map(at_address));
        }
        let is_own = |path: &String, owners: &Owners| {
            let of = owners.of(path).map(|owned| owned.of).unwrap_or_default();
            !of.is_empty() && of.iter().all(|one| entries.contains(&one.id))
        };
        let files = seen.owners().iter().flat_map(|owners| owners.files().filter(move |path| is_own(path, owners)));
        let own = files.cloned().collect();
        Self { secrets, on_target: secrets.on_target(seen.owners(), &seen.state.hidden), own, page: file }
    }

    /// Whether a file goes. Whatever is wrong with the page's file, and whatever has become of its documents: what lies in its own
    /// folder goes.
    fn has(&self, path: &str) -> bool {
        let withheld = &self.secrets.withheld;
        let folder = self.page.strip_suffix("index.html").unwrap_or_default();
        let below = path.strip_prefix(folder).filter(|_| !folder.is_empty());
        path == self.page
            || below.is_some_and(|below| !below.contains('/') || !withheld.is_public(path))
            || self.own.contains(path)
            || withheld.hides(path)
            || self.on_target.has(path)
            || plan::is_beside(withheld, path)
    }

    /// Whether a file repeats what pages say: feeds, calendars, the search.
    fn repeats(&self, path: &str) -> bool {
        self.secrets.withheld.is_of_index(path) || self.secrets.withheld.is_feed(path)
    }

    fn purpose(&self, page: &Page, seen: &Seen, is_partial: bool) -> Purpose {
        let (took_down, hidden) = (Some(page.address.clone()), seen.state.hidden.clone());
        Purpose { took_down, hidden, is_partial, ..Purpose::default() }
    }
}

/// Where nothing can be built: what repeats the words of pages goes as a whole.
fn silence(
    session: &Session,
    desk: &Desk,
    publisher: &Publisher<'_>,
    seen: &Seen,
    taken: &Taken<'_>,
    page: &Page,
    is_there: bool,
) -> Result<(), Exit> {
    let goes = |path: &str| taken.repeats(path);
    if is_there && seen.state.files.keys().any(|path| goes(path)) {
        plan::removed(session, desk, publisher, seen, &goes, &taken.purpose(page, seen, true))?;
    }
    session.say(
        "The site has errors, so pages that name it stay as they were for now: feeds are gone and the search finds nothing until \
         the site can be published again. `pamphlet check` shows the errors.",
    );
    Ok(())
}

/// Replaces what named the page, as far as nothing else goes out with that.
fn renew(
    session: &Session,
    desk: &Desk,
    publisher: &Publisher<'_>,
    seen: &Seen,
    taken: &Taken<'_>,
    page: &Page,
    (was, is): (&Aside, &Aside),
) -> Result<(), Exit> {
    let (mut files, mut named) = consequences(&seen.state.files, &was.files.records, &is.files.records);
    // An index that is not the one of before holds words of both: without it the search offers lists.
    // The same goes for feeds, which hold whole texts.
    let is_other = |path: &String| seen.state.files.get(path) != was.files.records.get(path);
    // Where the page was not made from a file of just before, every file that is not of then may name it.
    if !was.files.records.contains_key(&taken.page) {
        named.extend(files.keys().filter(|path| is_other(path) && is.files.records.contains_key(*path)).cloned());
    }
    if files.keys().any(|path| taken.repeats(path) && (is_other(path) || named.contains(path))) {
        files.retain(|path, _| !taken.repeats(path));
        named.retain(|path| !taken.repeats(path));
        session.say("Other changes wait to be published, so feeds are gone and the search finds nothing until then.");
    }
    let names = Names {
        address: is.base.clone() + page.address.trim_start_matches('/'),
        title: page.entry.as_ref().map(|(_, title)| title.clone()),
    };
    let mended = Mended::new(&*desk.target, named, &names, (&was.files, &is.files))
        .map_err(|problem| session.wrong_of(problem))?;
    files.extend(mended.records());
    let is_new = |path: &str| is.files.records.get(path).is_some_and(|record| files.get(path) == Some(record));
    let before = seen.state.owners().unwrap_or_default();
    let owners = Owners::chosen(files.keys(), &[(&is.owners, &is_new), (&before, &|_| true), (&is.owners, &|_| true)]);
    let is_hidden = |path: &str| taken.has(path);
    // What named the page is not kept either.
    let wish = Wish { forgets: true, ..Wish::new(&files, &owners, &is_hidden, desk.destination.keep as u64) };
    let plan = planned(session, seen, &wish)?;
    if !plan.is_empty() {
        let purpose = taken.purpose(page, seen, !mended.named.is_empty());
        carry_out(session, desk, publisher, seen, &plan, &purpose, &mended)?;
    }
    if !mended.named.is_empty() {
        session.say(&format!(
            "These still name it, and have other changes that are not published yet: {}. `pamphlet publish` renews them, and shows \
             first what else would go out with that; or take them down too until then.",
            shown::addresses(mended.named.iter())
        ));
    }
    Ok(())
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
    owners: Owners,
    /// With what the site's addresses begin: `/`, or `/site/`.
    base: String,
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
                let (owners, base) = (hidden::owners(&done.made), done.made.site.config.base.href("/"));
                Some(Aside { files, owners, base, _folder: folder })
            }
            _ => None,
        }
    };
    Some((build(before)?, build(after)?))
}
