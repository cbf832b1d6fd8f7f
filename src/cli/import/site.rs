//! `pamphlet import FOLDER` and `--wordpress`: a survey, a plan, and with it the files of a site; a report at the end.
//!
//! Nothing that is there is overwritten: what an earlier run brought here is known from `imported/files.csv`, and is left alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::Exit;
use super::super::args::ImportArgs;
use super::super::session::{Session, clock, shown};
use super::since::{self, Earlier, Exposed, hash};
use crate::check;
use crate::config::{Config, Overrides};
use crate::import::drawing::{self, Drawing};
use crate::import::folders::{self, Folder, Meanings};
use crate::import::site::files::{Content, NewFile, files};
use crate::import::site::plan::{Here, Plan, first_settings, plan};
use crate::import::site::report::Report;
use crate::import::site::survey::{Note, Place, Redirect, Survey};
use crate::import::site::texts::Texts;
use crate::import::wordpress::Exports;
use crate::path::SitePath;
use crate::publish::Observer as _;
use crate::redirects;
use crate::store::{self, Fresh};
use crate::{pipeline, source};

/// How large a file of texts may be, in bytes.
const LARGEST: u64 = 256 << 20;
/// Where the command keeps what it did.
const KEPT: &str = "imported";

/// What was read.
struct Found {
    survey: Survey,
    texts: Box<dyn Texts>,
    /// The folder that files are copied from.
    from: Option<PathBuf>,
}

/// The site that it goes to.
struct Target {
    config: Arc<Config>,
    is_new: bool,
    now: String,
    files: BTreeSet<String>,
    entries: BTreeSet<(String, String)>,
    /// The site as it is, if there is one.
    sources: Option<pipeline::Sources>,
    earlier: Vec<Earlier>,
}

/// Runs the command.
pub(super) fn run(session: &Session, typed: &ImportArgs) -> Exit {
    match import(session, typed) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn import(session: &Session, typed: &ImportArgs) -> Result<Exit, Exit> {
    let is_new = is_new(session, typed)?;
    let settings = if is_new { None } else { Some(session.sources()?) };
    let shortcodes = settings.as_ref().map(|sources| sources.config.import.shortcodes.clone()).unwrap_or_default();
    let public = settings.as_ref().map(|sources| sources.config.import.public.clone()).unwrap_or_default();
    is_at(session, "Reading the site …");
    let mut found = match &typed.file {
        Some(folder) => read_folder(session, folder, &shortcodes)?,
        None => read_wordpress(session, typed, &shortcodes, &public)?,
    };
    if let Some(file) = &typed.redirects {
        add_redirects(session, file, &mut found.survey)?;
    }
    let target = target(session, settings, &found.survey)?;
    let earlier = target.earlier.iter().map(|one| (one.entry.clone(), one.file.clone())).collect();
    let here = Here {
        config: &target.config,
        is_new: target.is_new,
        now: &target.now,
        files: &target.files,
        entries: &target.entries,
        earlier: &earlier,
    };
    is_at(session, &format!("Planning what becomes of {} texts …", found.survey.entries.len()));
    let plan = plan(&found.survey, &here);
    let seen = match &target.sources {
        Some(sources) if !target.earlier.is_empty() => since::seen(sources, &pipeline::now(clock(), &target.config)),
        _ => BTreeMap::new(),
    };
    let standing = since::Here { seen: &seen, earlier: &target.earlier, files: &target.files };
    let exposed = since::exposed(&standing, &found.survey, &plan);
    if typed.plan {
        session.print(&since::told(&exposed, false));
        session.print(&super::shown::plan(&found.survey, &plan));
        session.say("Nothing was written. Leave out `--plan` to make the site.");
        return Ok(Exit::Fine);
    }
    write(session, &found, &target, &plan, &Again { exposed, is_hiding: typed.hide })
}

/// Says to somebody who waits at a terminal how far it is.
fn is_at(session: &Session, step: &str) {
    if session.is_watched() {
        session.say(step);
    }
}

/// What a second run found of the pages that an earlier one brought.
struct Again {
    exposed: Exposed,
    /// Whether pages that are hidden there are to be hidden here, too.
    is_hiding: bool,
}

/// Whether a site is to be begun; a folder that holds something else is refused.
fn is_new(session: &Session, typed: &ImportArgs) -> Result<bool, Exit> {
    if session.place("site.toml").is_file() {
        return Ok(false);
    }
    let is_source = typed.file.as_ref().is_some_and(|folder| store::is_same_folder(folder, &session.root));
    let mut inside = session.root.read_dir().into_iter().flatten().filter_map(Result::ok);
    let is_full = inside.any(|entry| {
        let name = entry.file_name();
        let given = typed.wordpress.iter().chain(&typed.uploads).chain(&typed.redirects).chain(&typed.file);
        let is_given =
            given.into_iter().any(|path| path.components().next_back().is_some_and(|last| last.as_os_str() == name));
        !name.to_string_lossy().starts_with('.') && !is_given && name != KEPT
    });
    if is_source || is_full {
        session.wrong(
            &format!("{} is not empty and holds no site of Pamphlet; nothing was written", shown(&session.root)),
            "go to an empty folder, or name a new one: `pamphlet --root our-site import …`",
        );
        return Err(Exit::Usage);
    }
    Ok(true)
}

/// Reads the folder of another program.
fn read_folder(session: &Session, folder: &Path, shortcodes: &[(String, String)]) -> Result<Found, Exit> {
    let (paths, odd) = source::outside_files(folder).map_err(|error| {
        session.wrong(
            &format!("{} cannot be read: {}", shown(folder), source::reason(&error)),
            "check the name of the folder",
        );
        Exit::Usage
    })?;
    let bytes = |path: &str| source::outside_bytes(&folder.join(path), LARGEST).map_err(|error| source::reason(&error));
    let read = Folder { files: &paths, bytes: &bytes };
    let Some(program) = folders::program(&read) else {
        session.wrong(
            &format!("{} is no folder of a site that I know", shown(folder)),
            &format!("name the folder that has {}", folders::KNOWN_BY),
        );
        return Err(Exit::Usage);
    };
    let (mut survey, texts) = folders::survey(&read, program, clock(), Meanings::new(shortcodes));
    survey.notes.extend(odd.into_iter().map(|(file, why)| Note {
        what: "files that cannot be read".to_owned(),
        how: "they are left out".to_owned(),
        place: Place { file, line: 0 },
        words: why,
    }));
    Ok(Found { survey, texts: Box::new(texts), from: Some(folder.to_owned()) })
}

/// Reads exports of WordPress.
fn read_wordpress(
    session: &Session,
    typed: &ImportArgs,
    shortcodes: &[(String, String)],
    public: &[String],
) -> Result<Found, Exit> {
    let mut exports = Exports::default();
    exports.set_public(public);
    exports.set_shortcodes(shortcodes);
    for path in &typed.wordpress {
        let refuse = |error: std::io::Error| {
            let help = "write the path of the file that WordPress exported, an `.xml`";
            session.wrong(&format!("`{}` cannot be read: {}", path.display(), source::reason(&error)), help);
            Exit::Usage
        };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        exports.read(&name, source::outside_lines(path).map_err(refuse)?).map_err(refuse)?;
    }
    if !exports.is_any() {
        session.wrong(
            "there is nothing of WordPress in these files; nothing was written",
            "in WordPress choose Tools, Export, “All content”, and name the file that it gives you",
        );
        return Err(Exit::Faults);
    }
    let lying = match &typed.uploads {
        Some(folder) => Some(source::outside_files(folder).map_err(|error| {
            session.wrong(
                &format!("{} cannot be read: {}", shown(folder), source::reason(&error)),
                "name the copy of the folder `wp-content/uploads`",
            );
            Exit::Usage
        })?),
        None => None,
    };
    let now = clock().strftime("%Y-%m-%d %H:%M").to_string();
    let (survey, texts) = exports.finish(lying.as_ref().map(|(paths, _)| paths.as_slice()), &now);
    Ok(Found { survey, texts: Box::new(texts), from: typed.uploads.clone() })
}

/// Adds the redirects of a table to what was found.
fn add_redirects(session: &Session, file: &Path, survey: &mut Survey) -> Result<(), Exit> {
    let text = source::outside(file).map_err(|error| {
        session
            .wrong(&format!("`{}` cannot be read: {}", file.display(), source::reason(&error)), "save it as CSV UTF-8");
        Exit::Usage
    })?;
    let pairs = redirects::pairs(&text);
    if pairs.is_empty() {
        session.wrong(
            &format!("`{}` has no redirects that I can read", file.display()),
            "its first line names the columns: `from,to`, or `source,target`",
        );
        return Err(Exit::Usage);
    }
    for (from, to) in pairs {
        let from = survey.stood.address(&from).unwrap_or(from);
        survey.redirects.push(Redirect { from, to });
    }
    Ok(())
}

/// What is known of the site that everything goes to.
fn target(session: &Session, settings: Option<pipeline::Sources>, survey: &Survey) -> Result<Target, Exit> {
    let is_new = settings.is_none();
    let (config, entries) = match &settings {
        Some(sources) => {
            let entries = sources
                .entries
                .iter()
                .map(|entry| (entry.head.id.collection.to_string(), entry.head.id.key.to_string()));
            (sources.config.clone(), entries.collect())
        }
        None => {
            let text = first_settings(survey);
            let path = SitePath::new("site.toml").unwrap_or_else(SitePath::root);
            let tree = source::Tree::unwritten(&session.root, [(path, text)]);
            let Some(config) = Config::read(&tree, &Overrides::default()).value else {
                session.wrong(
                    "the settings of the site there cannot be taken over",
                    "begin with `pamphlet init`, and import into that site",
                );
                return Err(Exit::Faults);
            };
            (config, BTreeSet::new())
        }
    };
    let now = pipeline::now(clock(), &config).strftime("%Y-%m-%d %H:%M").to_string();
    let files = if is_new {
        BTreeSet::new()
    } else {
        source::outside_files(&session.root).map(|(files, _)| files.into_iter().collect()).unwrap_or_default()
    };
    let earlier = source::outside(&session.place(&format!("{KEPT}/files.csv")))
        .map(|text| since::earlier(&text))
        .unwrap_or_default();
    Ok(Target { config, is_new, now, files, entries, sources: settings, earlier })
}

/// Writes the site, and says what became of everything.
fn write(session: &Session, found: &Found, target: &Target, plan: &Plan, again: &Again) -> Result<Exit, Exit> {
    let mut report = super::shown::report(&found.survey, plan);
    let there = since::digests(&found.survey);
    let mut written: Vec<Earlier> = Vec::new();
    let from = found.from.clone().unwrap_or_default();
    // Those that the site has already get further lines instead.
    let is_there = |path: &str| matches!(path, "redirects.csv" | "addresses.txt") && target.files.contains(path);
    let made = files(&found.survey, plan, &*found.texts, &target.config, target.is_new);
    let bar = session.begin(plan.pages.iter().filter(|page| !page.is_earlier).count() + plan.copies.len());
    let mut other = Vec::new();
    let mut is_copied = |file: &NewFile| match &file.content {
        Content::Copy(lies_at) if target.files.contains(&file.path) => {
            let bytes = |path: &Path| source::outside_bytes(path, u64::MAX - 1).ok();
            let there = match drawn(&from.join(lies_at)) {
                Some(Drawing::Cleaned { text, .. }) => Some(text.into_bytes()),
                _ => bytes(&from.join(lies_at)),
            };
            if bytes(&session.place(&file.path)) != there {
                other.push(file.path.clone());
            }
            true
        }
        _ => false,
    };
    let mut refused = Vec::new();
    let fresh = made.filter(|file| !is_there(&file.path) && !is_copied(file)).filter_map(|file| {
        let place = session.place(&file.path);
        if file.from.is_some() || matches!(file.content, Content::Copy(_)) {
            bar.step();
        }
        report.losses(file.from.as_deref().unwrap_or(&file.path), &file.losses);
        let fresh = match file.content {
            Content::Text(text) => {
                let entry = file.from.unwrap_or_default();
                let there = there.get(entry.as_str()).cloned().unwrap_or_default();
                written.push(Earlier { entry, file: file.path, hash: hash(text.as_bytes()), there });
                Fresh::Text(text)
            }
            Content::Copy(lies_at) => match drawn(&from.join(&lies_at)) {
                Some(Drawing::Cleaned { text, gone }) => {
                    let what = "drawings (SVG) with more than a drawing in them";
                    let how = "what could run or load something was taken out: compare them";
                    report.note(what, how, lies_at, &gone);
                    Fresh::Text(text)
                }
                Some(Drawing::Refused) => {
                    refused.push(lies_at);
                    return None;
                }
                Some(Drawing::Harmless) | None => Fresh::Copy(from.join(lies_at)),
            },
        };
        Some((place, fresh))
    });
    let written_all = store::new_files_as_they_come(fresh);
    bar.end();
    written_all.map_err(|refusal| session.refused(&refusal))?;
    for file in refused {
        let how =
            "they may run something, so they are left out: save them anew in a drawing program, and put them there";
        report.note("drawings (SVG) that cannot be read", how, file, "");
    }
    for file in other {
        report.note("files that are here already, and are others there", "they were left as they are", file, "");
    }
    if !target.is_new {
        add_lines(session, plan)?;
    }
    let mut earlier = target.earlier.clone();
    let hidden = match again.is_hiding {
        true => hide(session, target, &again.exposed, &mut earlier)?,
        false => Vec::new(),
    };
    if again.is_hiding && again.exposed.has_no_page() {
        session.say(
            "`--hide` had nothing to do: no page that an earlier import brought is public here and hidden there.\n",
        );
    }
    since::say(session, &earlier, &there, &mut report);
    since::report(&again.exposed, &hidden, &mut report);
    if target.is_new {
        is_at(session, "Checking the site that was made …");
        came_along(session, &mut report)?;
    }
    super::shown::next(&mut report, &found.survey, plan);
    earlier.extend(written.into_iter().filter(|one| !one.entry.is_empty()));
    keep(session, found, &earlier, &report)?;
    session.say(since::told(&again.exposed.without(&hidden), true).trim_end());
    Ok(Exit::Fine)
}

/// What becomes of a file that is a drawing; `None` if it is none.
fn drawn(file: &Path) -> Option<Drawing> {
    drawing::is_drawing(&file.to_string_lossy())
        .then(|| source::outside_bytes(file, LARGEST).map_or(Drawing::Refused, |bytes| drawing::harmless(&bytes)))
}

/// Makes drafts of pages that are hidden there by now; the files of those that are.
fn hide(session: &Session, target: &Target, exposed: &Exposed, earlier: &mut [Earlier]) -> Result<Vec<String>, Exit> {
    let old = |name: &str| source::outside(&session.place(name)).ok();
    let mut changes: Vec<(&str, String)> = Vec::new();
    let texts = target.sources.as_ref().map(|sources| since::drafts(sources, exposed)).unwrap_or_default();
    changes.extend(texts.iter().map(|(file, text)| (file.as_str(), text.clone())));
    if let Some(known) = old("known-faults.toml").and_then(|known| still_known(&known, &changes, &old)) {
        changes.push(("known-faults.toml", known));
    }
    for (name, text) in &changes {
        // Whether somebody edited the page here is told by what it was before.
        let was = old(name).map(|old| hash(old.as_bytes()));
        store::replace_file(&session.place(name), text).map_err(|refusal| session.refused(&refusal))?;
        let is_own = |one: &&mut Earlier| one.file == *name && Some(&one.hash) == was.as_ref();
        if let Some(one) = earlier.iter_mut().find(is_own) {
            one.hash = hash(text.as_bytes());
        }
    }
    Ok(texts.into_iter().map(|(file, _)| file).collect())
}

/// Takes faults that pages had there already as known, so that the site can be built, and names them.
fn came_along(session: &Session, report: &mut Report) -> Result<(), Exit> {
    for fault in super::super::check::known_from_elsewhere(session)? {
        let what = format!("faults that came along: {}", fault.code.as_str());
        let how = match fault.is_binding {
            true => "mend it before you build the site",
            false => {
                "each counts as a warning until somebody edits its page (known-faults.toml); `pamphlet explain` tells what it means"
            }
        };
        let place = fault.span.as_ref().map(|span| span.file.to_string()).unwrap_or_default();
        report.note(&what, how, place, &fault.message);
    }
    Ok(())
}

/// Adds what the files of an existing site lack: settings, redirects, addresses.
fn add_lines(session: &Session, plan: &Plan) -> Result<(), Exit> {
    let redirects: Vec<(String, String)> = plan.redirects.clone();
    let old = |name: &str| source::outside(&session.place(name)).ok();
    let mut changes: Vec<(&str, String)> = Vec::new();
    if !plan.settings.trim().is_empty() {
        let settings = old("site.toml").unwrap_or_default();
        changes.push(("site.toml", format!("{}\n\n{}", settings.trim_end(), plan.settings.trim_start())));
    }
    if let Some(table) = old("redirects.csv") {
        let known: BTreeSet<String> = redirects::pairs(&table).into_iter().map(|(from, _)| from).collect();
        let lines: Vec<String> = redirects
            .iter()
            .filter(|(from, _)| !known.contains(from))
            .map(|(from, to)| redirects::line(Some(&table), from, to))
            .collect();
        if !lines.is_empty() {
            changes.push(("redirects.csv", format!("{}\n{}\n", table.trim_end(), lines.join("\n"))));
        }
    }
    if let Some(list) = old("addresses.txt") {
        let known: BTreeSet<&str> = list.lines().map(str::trim).collect();
        let lines: Vec<&str> =
            plan.addresses.iter().map(String::as_str).filter(|address| !known.contains(address)).collect();
        if !lines.is_empty() {
            changes.push(("addresses.txt", format!("{}\n{}\n", list.trim_end(), lines.join("\n"))));
        }
    }
    if let Some(known) = old("known-faults.toml").and_then(|known| still_known(&known, &changes, &old)) {
        changes.push(("known-faults.toml", known));
    }
    for (name, text) in changes {
        store::replace_file(&session.place(name), &text).map_err(|refusal| session.refused(&refusal))?;
    }
    Ok(())
}

/// The accepted faults, where lines were only added to their files: nobody has edited what is faulty.
fn still_known(known: &str, changes: &[(&str, String)], old: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex().to_string();
    let hashes: Vec<(&str, String, String)> =
        changes.iter().filter_map(|(name, new)| Some((*name, hash(&old(name)?), hash(new)))).collect();
    check::moved(known, &|file, was| {
        let (name, _, new) = hashes.iter().find(|(name, before, _)| *name == file && before == was)?;
        Some(((*name).to_owned(), new.clone()))
    })
}

/// Keeps the report, and the table of what was written, for people and for the next run.
fn keep(session: &Session, found: &Found, written: &[Earlier], report: &Report) -> Result<(), Exit> {
    let free = (1..).map(|nth| if nth == 1 { String::new() } else { format!("-{nth}") });
    let free =
        free.into_iter().find(|end| !session.place(&format!("{KEPT}/report{end}.md")).exists()).unwrap_or_default();
    let title = format!("What became of the site of {}", found.survey.program);
    let files = [
        (session.place(&format!("{KEPT}/report{free}.md")), report.page(&title)),
        (session.place(&format!("{KEPT}/everything{free}.csv")), report.table()),
    ];
    store::new_files(&files).map_err(|refusal| session.refused(&refusal))?;
    let table = since::table(written);
    store::replace_file(&session.place(&format!("{KEPT}/files.csv")), &table)
        .map_err(|refusal| session.refused(&refusal))?;
    session.print(&format!("{KEPT}/report{free}.md\n"));
    session.say(report.short().trim());
    if report.is_long() {
        session.say(&format!(
            "\nThis is shortened: {KEPT}/report{free}.md has more, {KEPT}/everything{free}.csv everything."
        ));
    }
    Ok(())
}
