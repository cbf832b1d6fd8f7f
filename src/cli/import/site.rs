//! `pamphlet import FOLDER` and `--wordpress`: a survey, a plan, and with it the files of a site; a report at the end.
//!
//! Nothing that is there is overwritten: what an earlier run brought here is known from `imported/files.csv`, and is left alone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::Exit;
use super::super::args::ImportArgs;
use super::super::session::{Session, clock, shown};
use crate::check;
use crate::config::{Config, Overrides};
use crate::import::folders::{self, Folder, Meanings};
use crate::import::site::files::{Content, NewFile, files};
use crate::import::site::plan::{Here, Plan, first_settings, plan};
use crate::import::site::report::Report;
use crate::import::site::survey::{Note, Place, Redirect, Survey};
use crate::import::site::texts::Texts;
use crate::import::wordpress::Exports;
use crate::path::SitePath;
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
    earlier: Vec<Earlier>,
}

/// What an earlier run wrote.
struct Earlier {
    entry: String,
    file: String,
    hash: String,
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
    let plan = plan(&found.survey, &here);
    if typed.plan {
        session.print(&super::shown::plan(&found.survey, &plan));
        session.say("Nothing was written. Leave out `--plan` to make the site.");
        return Ok(Exit::Fine);
    }
    write(session, &found, &target, &plan)
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
    let (survey, mut texts) = exports.finish(lying.as_ref().map(|(paths, _)| paths.as_slice()), &now);
    texts.set_shortcodes(shortcodes);
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
    let (config, entries) = match settings {
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
    let now = pipeline::moment(None, clock(), &config).map(|now| now.strftime("%Y-%m-%d %H:%M").to_string());
    let files = if is_new {
        BTreeSet::new()
    } else {
        source::outside_files(&session.root).map(|(files, _)| files.into_iter().collect()).unwrap_or_default()
    };
    let earlier =
        source::outside(&session.place(&format!("{KEPT}/files.csv"))).map(|text| earlier(&text)).unwrap_or_default();
    Ok(Target { config, is_new, now: now.unwrap_or_default(), files, entries, earlier })
}

/// The table of what earlier runs wrote.
fn earlier(text: &str) -> Vec<Earlier> {
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let row = |row: csv::StringRecord| {
        Some(Earlier { entry: row.get(0)?.to_owned(), file: row.get(1)?.to_owned(), hash: row.get(2)?.to_owned() })
    };
    rows.records().filter_map(Result::ok).filter_map(row).collect()
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().as_str()[..32].to_owned()
}

/// Writes the site, and says what became of everything.
fn write(session: &Session, found: &Found, target: &Target, plan: &Plan) -> Result<Exit, Exit> {
    let mut report = super::shown::report(&found.survey, plan);
    let mut written: Vec<Earlier> = Vec::new();
    let from = found.from.clone().unwrap_or_default();
    // Those that the site has already get further lines instead.
    let is_there = |path: &str| matches!(path, "redirects.csv" | "addresses.txt") && target.files.contains(path);
    let made = files(&found.survey, plan, &*found.texts, &target.config, target.is_new);
    let mut other = Vec::new();
    let mut is_copied = |file: &NewFile| match &file.content {
        Content::Copy(lies_at) if target.files.contains(&file.path) => {
            let bytes = |path: &Path| source::outside_bytes(path, u64::MAX - 1).ok();
            if bytes(&session.place(&file.path)) != bytes(&from.join(lies_at)) {
                other.push(file.path.clone());
            }
            true
        }
        _ => false,
    };
    let fresh = made.filter(|file| !is_there(&file.path) && !is_copied(file)).map(|file| {
        let place = session.place(&file.path);
        report.losses(file.from.as_deref().unwrap_or(&file.path), &file.losses);
        let fresh = match file.content {
            Content::Text(text) => {
                let entry = file.from.unwrap_or_default();
                written.push(Earlier { entry, file: file.path, hash: hash(text.as_bytes()) });
                Fresh::Text(text)
            }
            Content::Copy(lies_at) => Fresh::Copy(from.join(lies_at)),
        };
        (place, fresh)
    });
    store::new_files_as_they_come(fresh).map_err(|refusal| session.refused(&refusal))?;
    for file in other {
        report.note("files that are here already, and are others there", "they were left as they are", file, "");
    }
    if !target.is_new {
        add_lines(session, plan)?;
    }
    since(session, target, &mut report);
    if target.is_new {
        came_along(session, &mut report)?;
    }
    super::shown::next(&mut report, &found.survey, plan);
    keep(session, found, target, &report, written)
}

/// Takes faults that pages had there already as known, so that the site can be built, and names them.
fn came_along(session: &Session, report: &mut Report) -> Result<(), Exit> {
    for fault in super::super::check::known_from_elsewhere(session)? {
        let what = format!("faults that came along: {}", fault.code.as_str());
        let how = match fault.fixed {
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

/// Says what has become of the pages of earlier runs.
fn since(session: &Session, target: &Target, report: &mut Report) {
    let (mut same, mut edited, mut gone) = (0, Vec::new(), Vec::new());
    for one in target.earlier.iter().filter(|one| !one.entry.is_empty()) {
        match source::outside_bytes(&session.place(&one.file), LARGEST) {
            Ok(bytes) if hash(&bytes) == one.hash => same += 1,
            Ok(_) => edited.push(one.file.as_str()),
            Err(_) => gone.push(one.file.as_str()),
        }
    }
    if same > 0 {
        report.taken(format!("{same} pages were here from an earlier import, and were left as they are"));
    }
    for file in edited {
        report.note(
            "pages that were edited here since an earlier import",
            "they were left as they are",
            file.to_owned(),
            "",
        );
    }
    for file in gone {
        let how = "they were not made again: to have one again, delete its line in imported/files.csv";
        report.note("pages of an earlier import that are gone", how, file.to_owned(), "");
    }
}

/// Keeps the report, and the table of what was written, for people and for the next run.
fn keep(
    session: &Session,
    found: &Found,
    target: &Target,
    report: &Report,
    written: Vec<Earlier>,
) -> Result<Exit, Exit> {
    let free = (1..).map(|nth| if nth == 1 { String::new() } else { format!("-{nth}") });
    let free =
        free.into_iter().find(|end| !session.place(&format!("{KEPT}/report{end}.md")).exists()).unwrap_or_default();
    let title = format!("What became of the site of {}", found.survey.program);
    let files = [
        (session.place(&format!("{KEPT}/report{free}.md")), report.page(&title)),
        (session.place(&format!("{KEPT}/everything{free}.csv")), report.table()),
    ];
    store::new_files(&files).map_err(|refusal| session.refused(&refusal))?;
    let mut table = csv::Writer::from_writer(Vec::new());
    let _ = table.write_record(["entry", "file", "hash"]);
    for one in target.earlier.iter().chain(written.iter().filter(|one| !one.entry.is_empty())) {
        let _ = table.write_record([&one.entry, &one.file, &one.hash]);
    }
    let table = String::from_utf8(table.into_inner().unwrap_or_default()).unwrap_or_default();
    store::replace_file(&session.place(&format!("{KEPT}/files.csv")), &table)
        .map_err(|refusal| session.refused(&refusal))?;
    session.print(&format!("{KEPT}/report{free}.md\n"));
    session.say(report.short().trim());
    if report.is_long() {
        session.say(&format!(
            "\nThis is shortened: {KEPT}/report{free}.md has more, {KEPT}/everything{free}.csv everything."
        ));
    }
    Ok(Exit::Fine)
}
