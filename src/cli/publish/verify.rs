//! `pamphlet verify`: what is served, compared with what was built, file by file.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{Desk, destination, shown};
use crate::cli::Exit;
use crate::cli::args::VerifyArgs;
use crate::cli::session::{Session, shown as folder_shown};
use crate::config::Base;
use crate::deploy::{Area, Rules, names};
use crate::policy::{self, media_type};
use crate::store::{self, Lying};

/// How many requests run at once.
const AT_ONCE: usize = 8;

/// Files that hosts read and do not serve.
const OF_HOSTS: &[&str] = &["_headers", "_redirects", ".htaccess", "redirects.nginx.map", "redirects.caddy"];

/// What is wrong with a file that is served.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Difference {
    Missing,
    Other,
    Unreachable(String),
    Elsewhere(String),
    NotFound(String),
    Type(String),
    Kept(&'static str),
    Headers(String),
    Foreign,
}

/// Runs the command.
pub(in crate::cli) fn run(session: &Session, typed: &VerifyArgs) -> Exit {
    let sources = match session.sources() {
        Ok(sources) => sources,
        Err(exit) => return exit,
    };
    let folder =
        if typed.output.is_absolute() { typed.output.clone() } else { session.place(&typed.output.to_string_lossy()) };
    let lying = match store::look(&folder) {
        Ok(lying) => lying,
        Err(refusal) => return session.refused(&refusal),
    };
    if lying.paths().next().is_none() {
        session.wrong(
            &format!("nothing was built into {}", folder_shown(&folder)),
            "run `pamphlet build` first, or name the folder with `-o`",
        );
        return Exit::Usage;
    }
    let place = typed.place.as_deref();
    let (found, count, whom) = match place {
        Some(name) if !name.contains("://") => {
            let destination = match destination(session, &sources, Some(name)) {
                Ok(destination) => destination,
                Err(exit) => return exit,
            };
            let desk = match Desk::open(session, destination, false) {
                Ok(desk) => desk,
                Err(exit) => return exit,
            };
            match on_target(&desk, &lying) {
                Ok((found, count)) => (found, count, destination.shown()),
                Err(problem) => return session.wrong_of(problem),
            }
        }
        _ => {
            let base = match place.map_or_else(|| Ok(sources.config.base.clone()), Base::parse) {
                Ok(base) => base,
                Err(message) => {
                    session.wrong(&message, "such as `pamphlet verify https://www.example.org/`");
                    return Exit::Usage;
                }
            };
            let (found, count) = served(&base, &lying);
            (found, count, base.url("/"))
        }
    };
    session.print(&in_words(&found));
    if found.is_empty() {
        session.say(&format!("{whom} serves what was built: {}.", shown::many(count, "file")));
        return Exit::Fine;
    }
    session.say(&format!(
        "{whom} differs from what was built in {} ({} compared).",
        folder_shown(&folder),
        shown::many(count, "file")
    ));
    Exit::Faults
}

/// What lies on a target.
fn on_target(desk: &Desk, lying: &Lying) -> Result<(BTreeMap<Difference, Vec<String>>, usize), crate::deploy::Problem> {
    let there = desk.target.list(Area::Site, "")?;
    let seen = desk.with(|publisher| publisher.look())?;
    let mut found: BTreeMap<Difference, Vec<String>> = BTreeMap::new();
    let paths: Vec<&str> = lying.paths().collect();
    let names: std::collections::BTreeSet<&str> = there.iter().map(|one| one.path.as_str()).collect();
    let problem = Mutex::new(None);
    let differences = each(&paths, |path| {
        if !names.contains(path) {
            return vec![Difference::Missing];
        }
        match desk.target.get(Area::Site, path) {
            Ok(Some(bytes)) if is_same(&bytes, lying, path) => Vec::new(),
            Ok(Some(_)) => vec![Difference::Other],
            Ok(None) => vec![Difference::Missing],
            Err(why) => {
                problem.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
                Vec::new()
            }
        }
    });
    if let Some(problem) = problem.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(problem);
    }
    differences.into_iter().for_each(|(difference, path)| found.entry(difference).or_default().push(path));
    let foreign = there.into_iter().map(|one| one.path).filter(|path| !lying.has(path) && !seen.is_ours(path));
    let foreign: Vec<String> = foreign.collect();
    if !foreign.is_empty() {
        found.insert(Difference::Foreign, foreign);
    }
    Ok((found, paths.len()))
}

/// Whether bytes, packed or not, are those that were built.
fn is_same(bytes: &[u8], lying: &Lying, path: &str) -> bool {
    lying.holds(path, bytes) || unpacked(bytes).is_some_and(|bytes| lying.holds(path, &bytes))
}

fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut whole).ok().map(|_| whole)
}

/// What a web server sends.
fn served(base: &Base, lying: &Lying) -> (BTreeMap<Difference, Vec<String>>, usize) {
    let paths: Vec<&str> = lying.paths().filter(|path| !OF_HOSTS.contains(path)).collect();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)))
        .user_agent(concat!("pamphlet/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let rules = lying.bytes("_headers").map(|bytes| Rules::read(&String::from_utf8_lossy(&bytes))).unwrap_or_default();
    // The manual's web servers know these files by their names alone.
    let named = regex::Regex::new(policy::KEPT).expect("a pattern of ours is well formed");
    let keeps = |path: &str| {
        let caching = rules.about(path, &base.href("/")).caching;
        named.is_match(&format!("/{path}")) && caching.is_some_and(|caching| caching.contains("immutable"))
    };
    let differences = each(&paths, |path| ask(&agent, base, lying, path, &keeps));
    let mut found: BTreeMap<Difference, Vec<String>> = BTreeMap::new();
    differences.into_iter().for_each(|(difference, path)| found.entry(difference).or_default().push(path));
    if let Some(why) = answers_unknown(&agent, base, lying) {
        found.insert(Difference::NotFound(why), Vec::new());
    }
    (found, paths.len())
}

/// Where an address of the site is on the web.
fn url(base: &Base, address: &str) -> String {
    let below = base.file_href(address);
    let below = below.strip_prefix(base.href("/").trim_end_matches('/')).unwrap_or(address);
    format!("{}{below}", base.url("/").trim_end_matches('/'))
}

/// Asks as browsers do, which take packed answers.
fn get(agent: &ureq::Agent, url: &str) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
    agent.get(url).header("accept-encoding", "gzip").call()
}

/// The bytes of an answer, unpacked if it says that they are packed.
fn bytes_of(answer: &mut ureq::http::Response<ureq::Body>) -> Result<Option<Vec<u8>>, ureq::Error> {
    let is_packed = answer.headers().get("content-encoding").is_some_and(|how| how.as_bytes() == b"gzip");
    let bytes = answer.body_mut().with_config().limit(u64::MAX).read_to_vec()?;
    Ok(if is_packed { unpacked(&bytes) } else { Some(bytes) })
}

/// What is wrong with how an address is answered at which nothing is; `None` if nothing is, or nobody answers at all.
fn answers_unknown(agent: &ureq::Agent, base: &Base, lying: &Lying) -> Option<String> {
    // Nobody has a page of that name.
    let nowhere = format!("/nothing-is-here-{}/", &blake3::hash(base.url("/").as_bytes()).to_hex()[..12]);
    let mut answer = get(agent, &url(base, &nowhere)).ok()?;
    let status = answer.status().as_u16();
    if !matches!(status, 404 | 410) {
        return Some(format!(
            "answered with {status} instead of 404, so search engines and readers take what is not there for a page"
        ));
    }
    let bytes = bytes_of(&mut answer).ok()?;
    let is_own = bytes.is_some_and(|bytes| lying.holds("404.html", &bytes));
    (lying.has("404.html") && !is_own).then(|| "not answered with the site's own page `/404.html`".to_owned())
}

/// Asks for one file.
fn ask(agent: &ureq::Agent, base: &Base, lying: &Lying, path: &str, is_kept: &dyn Fn(&str) -> bool) -> Vec<Difference> {
    let address = crate::publish::address(path);
    let mut answer = match get(agent, &url(base, &address)) {
        Ok(answer) => answer,
        Err(error) => return vec![Difference::Unreachable(in_short(&error))],
    };
    // The page for unknown addresses may be sent as what it is for.
    let is_not_found = path.ends_with("404.html") && answer.status().as_u16() == 404;
    match answer.status().as_u16() {
        200 => {}
        _ if is_not_found => {}
        404 | 410 => return vec![Difference::Missing],
        301 | 302 | 303 | 307 | 308 => {
            let to = answer.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or("an unknown address");
            return vec![Difference::Elsewhere(to.to_owned())];
        }
        status => return vec![Difference::Unreachable(format!("it answers {status}"))],
    }
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (kind, kept) = (header("content-type").unwrap_or_default(), header("cache-control").unwrap_or_default());
    let missing: Vec<&str> =
        policy::HEADERS.iter().map(|(name, _)| *name).filter(|name| header(name).is_none()).collect();
    let mut found = Vec::new();
    let wanted = media_type(path);
    let essence = |kind: &str| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    // Any type of its family does for what browsers run or show; a page must be one.
    if ["html", "css", "js", "svg"].iter().any(|ending| path.ends_with(ending)) && essence(&kind) != essence(&wanted) {
        let js = path.ends_with("js") && essence(&kind).ends_with("javascript");
        if !js {
            found.push(Difference::Type(if kind.is_empty() { "no type".to_owned() } else { essence(&kind) }));
        }
    }
    if is_kept(path) && !kept.contains("immutable") {
        found.push(Difference::Kept("immutable"));
    }
    if path.ends_with(".html") && !missing.is_empty() {
        found.push(Difference::Headers(missing.join(", ")));
    }
    match bytes_of(&mut answer) {
        Ok(Some(bytes)) if lying.holds(path, &bytes) => {}
        Ok(_) => found.push(Difference::Other),
        Err(error) => found.push(Difference::Unreachable(in_short(&error))),
    }
    found
}

fn in_short(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "there is no such host".to_owned(),
        ureq::Error::ConnectionFailed => "nobody answers there".to_owned(),
        ureq::Error::Timeout(_) => "no answer within a minute".to_owned(),
        ureq::Error::Io(error) if names::is_unknown(error) => "there is no such host".to_owned(),
        ureq::Error::Io(error) if names::is_about_names(error) => {
            "the name cannot be looked up at the moment: the network's name server does not answer".to_owned()
        }
        ureq::Error::Io(error) => crate::source::reason(error).to_string(),
        other => other.to_string(),
    }
}

/// Does something with each path, several at once.
fn each(paths: &[&str], act: impl Fn(&str) -> Vec<Difference> + Sync) -> Vec<(Difference, String)> {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(paths.len()) {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let differences = act(path).into_iter().map(|difference| (difference, (*path).to_owned()));
                    found.lock().unwrap_or_else(PoisonError::into_inner).extend(differences.collect::<Vec<_>>());
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort();
    found
}

/// What differs, by kind, with the first addresses of each.
fn in_words(found: &BTreeMap<Difference, Vec<String>>) -> String {
    let mut text = String::new();
    for (difference, paths) in found {
        let head = match difference {
            Difference::Missing => "Missing: nothing is served there.".to_owned(),
            Difference::Other => "Different: other bytes are served.".to_owned(),
            Difference::Unreachable(why) => format!("Not answered: {why}."),
            Difference::Elsewhere(to) => format!("Sent elsewhere: the page is not there, but readers are led to {to}."),
            Difference::NotFound(why) => format!("Unknown addresses are {why}."),
            Difference::Type(kind) => format!("Wrong type: sent as {kind}."),
            Difference::Kept(word) => {
                format!(
                    "Asked for again and again: the name changes with the bytes, but `Cache-Control` lacks `{word}`."
                )
            }
            Difference::Headers(names) => format!("Pages without these headers: {names}."),
            Difference::Foreign => "Not ours: files that Pamphlet did not put there.".to_owned(),
        };
        text.push_str(&head);
        text.push('\n');
        for path in paths.iter().take(10) {
            text.push_str(&format!("  {}\n", crate::publish::address(path)));
        }
        if paths.len() > 10 {
            text.push_str(&format!("  and {} more\n", paths.len() - 10));
        }
        text.push('\n');
    }
    text
}
