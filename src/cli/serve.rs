//! `pamphlet serve`: the site in the browser, on the author's own machine, as it changes.

use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Exit;
use super::args::ServeArgs;
use super::following::{PUT_BACK, READ_OTHERWISE, Told, in_short, line, tell_how, wait, watcher};
use super::session::{Session, clock};
use crate::config::Overrides;
use crate::diagnostic::Diagnostic;
use crate::pipeline::{self, Look, Preview};
use crate::republish::{LONGEST_WAIT, QUIET};
use crate::serve::{Editor, Guard, Lens, Reach, Revision, Server, ServerState, Verdict, moment_of};
use crate::source::NoSite;
use crate::watch::{Wake, Watcher};

/// How many ports above a taken one are tried, so that the message can name a free one.
const TRIED: u16 = 100;

/// Runs the command.
pub(super) fn run(session: &Session, typed: &ServeArgs) -> Exit {
    let begun = Instant::now();
    let editor = match typed.editor.as_deref().map(Editor::named).transpose() {
        Ok(editor) => editor.unwrap_or_default(),
        Err(known) => {
            session.wrong(
                "I do not know this editor",
                &format!(
                    "name one of {known}; or write the pattern of its links, such as `my-editor://{{path}}:{{line}}`"
                ),
            );
            return Exit::Usage;
        }
    };
    let listener = match listen(session, typed) {
        Ok(listener) => listener,
        Err(exit) => return exit,
    };
    let Ok(address) = listener.local_addr() else { return Exit::Machine };
    let secret = typed.token.then(random_token);
    let guard = guard(typed, address, secret.as_deref());
    // Whatever the moment is: the settings that say in which zone it is may be read only later.
    if guard.reach == Reach::Network && secret.is_none() && typed.now.is_some() {
        session.wrong(
            "others could see what is not public now",
            "leave `--now` out, add `--token`, or leave `--host` out to look at it on this computer",
        );
        return Exit::Usage;
    }
    // Created before the first look, so that changes during it wake.
    let watcher = watcher(session, typed.poll);
    let mut desk = Desk {
        session,
        typed,
        lens: guard.forced.unwrap_or(Lens::Everything),
        preview: Preview::knowing(&session.images),
        unread: Vec::new(),
    };
    let (mut look, revision) = match desk.look(1) {
        Ok(first) => first,
        Err(exit) => return exit,
    };
    if let Some(fixed) = &typed.now
        && let Some(sources) = revision.sources()
        && let Err(message) = pipeline::moment(Some(fixed), clock(), &sources.config)
    {
        session.wrong(&message, "write `--now` as in `--now \"2026-05-14 00:01\"`");
        return Exit::Usage;
    }
    let url = url(typed, address, revision.prefix(), secret.as_deref());
    let server = match Server::start(listener, ServerState::new(&random_token()[..8], revision), guard.clone(), editor)
    {
        Ok(server) => server,
        Err(error) => {
            session.wrong(&format!("the preview cannot be started: {error}"), "try again, or restart the computer");
            return Exit::Machine;
        }
    };
    session
        .say(&format!("The site is at {url} (ready in {}); Ctrl+C ends it.", super::build::in_words(begun.elapsed())));
    if guard.reach == Reach::Network {
        session.say(match secret {
            Some(_) => "Anyone with this full address sees drafts and embargoed pages too.",
            None => {
                "Others can reach it, by this computer's name or address in place of `localhost`, so it shows only what is \
                 published. `--token` lets those in who may see more."
            }
        });
    }
    if typed.open && open::that_detached(&url).is_err() {
        session.say("note: no browser could be opened; open the address above in one");
    }
    look.differences = None;
    let reached = |prefix: &str| self::url(typed, address, prefix, secret.as_deref());
    follow(&mut desk, &server, watcher, (look, begun), &reached)
}

/// Looks again after each change and each due moment, for ever. `reached` gives the site's address for a path prefix.
fn follow(
    desk: &mut Desk<'_>,
    server: &Server,
    mut watcher: Watcher,
    (first, begun): (Look, Instant),
    reached: &dyn Fn(&str) -> String,
) -> Exit {
    let session = desk.session;
    watcher.mind_links(first.truth.value.tree.has_links());
    let mut told = Terminal::default();
    let mut unjudged = Some((first, None, begun.elapsed()));
    let mut number = 1;
    let mut due = desk.due(server);
    // Something has changed and has not been looked at yet.
    let mut again = false;
    loop {
        let wake = match &unjudged {
            _ if std::mem::take(&mut again) => Wake::Changed,
            // Faults are shown once nothing has changed for a moment.
            Some(_) => watcher.wait(Some(QUIET)),
            None => wait(&mut watcher, due, desk.typed.now.as_deref(), LONGEST_WAIT),
        };
        tell_how(session, &mut watcher);
        if wake == Wake::TimeOver && unjudged.is_some() {
            judge(desk, server, &watcher, &mut told, &mut unjudged);
            continue;
        }
        let begun = Instant::now();
        let is_due = desk.typed.now.is_none() && due.is_some_and(|due| due <= clock());
        let is_back = desk.typed.now.is_none() && clock() < server.server().revision.now();
        match session.enter().and_then(|()| desk.look_if(number + 1, is_due || is_back)) {
            Ok(None) => {
                if told.comes_back(session) {
                    due = desk.due(server);
                }
                // Where the system does not report changes, this look has shown that there are none.
                if !watcher.is_told() {
                    judge(desk, server, &watcher, &mut told, &mut unjudged);
                }
            }
            Ok(Some((look, revision))) => {
                number += 1;
                told.comes_back(session);
                let before = server.server();
                server.show(before.next(revision));
                let now = server.server();
                if now.revision.prefix() != before.revision.prefix() {
                    session.say(&format!("The site is at {} now.", reached(now.revision.prefix())));
                }
                due = desk.due(server);
                let what = look.differences.as_deref().filter(|all| !all.is_empty()).map(in_short);
                let why = match (is_due, is_back) {
                    (true, _) => "the hour has come",
                    (_, true) => PUT_BACK,
                    _ => READ_OTHERWISE,
                };
                watcher.mind_links(look.truth.value.tree.has_links());
                let what = what.unwrap_or_else(|| why.to_owned());
                unjudged = Some((look, Some(what), begun.elapsed()));
            }
            // Half of a checkout may lack `site.toml`; the last state stays, however long that takes.
            Err(why) => {
                if !told.no_site {
                    if watcher.wait(Some(QUIET)) == Wake::TimeOver || !watcher.is_told() {
                        session.away(&why);
                        told.no_site = true;
                        // A site that is away has no due moment.
                        due = None;
                    } else {
                        again = true;
                    }
                }
                continue;
            }
        }
    }
}

/// A look whose faults have not been shown yet, what changed, and how long it took to show.
type Unjudged = Option<(Look, Option<String>, Duration)>;

/// Shows the faults, unless something changes meanwhile.
fn judge(desk: &mut Desk<'_>, server: &Server, watcher: &Watcher, told: &mut Terminal, unjudged: &mut Unjudged) {
    if let Some((look, what, time)) = unjudged
        && let Some(faults) = desk.judge(look, watcher)
    {
        told.tell(desk.session, look, &faults, what.as_deref(), *time);
        server.show(server.server().judged(Verdict { faults, tree: look.truth.value.tree.clone() }));
        *unjudged = None;
    }
}

/// What counts as a warning while the author is at work.
fn watched() -> Overrides {
    Overrides { lowered: super::following::WARNED_OF, ..Overrides::default() }
}

/// The sources, and how the author wants to see them.
struct Desk<'a> {
    session: &'a Session,
    typed: &'a ServeArgs,
    lens: Lens,
    preview: Preview,
    /// What could not be read at the last look.
    unread: Vec<Diagnostic>,
}

impl Desk<'_> {
    fn look(&mut self, number: u64) -> Result<(Look, Revision), Exit> {
        let look = self.preview.look(&self.session.root, &watched(), clock());
        let look = look.map_err(|why| self.session.no_site(&why))?;
        Ok(self.revision(number, look))
    }

    /// A new revision, if there is a reason for one.
    fn look_if(&mut self, number: u64, is_due: bool) -> Result<Option<(Look, Revision)>, NoSite> {
        let look = self.preview.look(&self.session.root, &watched(), clock())?;
        let is_read_alike = look.truth.faults == self.unread;
        let is_same = look.differences.as_ref().is_some_and(Vec::is_empty) && !is_due && is_read_alike;
        Ok((!is_same).then(|| self.revision(number, look)))
    }

    fn revision(&mut self, number: u64, mut look: Look) -> (Look, Revision) {
        self.unread.clone_from(&look.truth.faults);
        let fixed = self.typed.now.as_deref();
        let moment = |sources: &pipeline::Sources| moment_of(sources, fixed, clock());
        let revision = Revision::new(number, &mut look, &mut self.preview, self.lens, moment);
        (look, revision)
    }

    /// All faults; `None` if something changed meanwhile.
    fn judge(&mut self, look: &Look, watcher: &Watcher) -> Option<Vec<Diagnostic>> {
        let (fixed, stop) = (self.typed.now.as_deref(), watcher.pending());
        let faults = pipeline::verdict(&look.truth, fixed, clock(), &stop)?;
        if pipeline::proves_design(look, &faults, fixed, clock(), &stop) {
            self.preview.prove(&look.truth.value.tree);
        }
        Some(faults)
    }

    /// When the site next changes without an edit.
    fn due(&self, server: &Server) -> Option<Timestamp> {
        let made = server.server().revision.view(self.lens)?;
        made.site.true_until().map(|when| when.timestamp())
    }
}

/// What the terminal has shown.
#[derive(Default)]
struct Terminal {
    faults: Told,
    /// Whether it has said that the site is gone.
    no_site: bool,
}

impl Terminal {
    /// Says that the site is back, if it was reported as gone.
    fn comes_back(&mut self, session: &Session) -> bool {
        let was_gone = std::mem::take(&mut self.no_site);
        if was_gone {
            session.say("The site is back.");
        }
        was_gone
    }

    /// Shows the new faults, and one line about what happened.
    fn tell(&mut self, session: &Session, look: &Look, faults: &[Diagnostic], what: Option<&str>, time: Duration) {
        let read = &look.truth.value;
        let zone = read.sources.as_ref().map_or(TimeZone::UTC, |sources| sources.config.timezone.clone());
        self.faults.show(session, faults, &read.tree);
        if let Some(what) = what {
            session.say(&line(&zone, what, time, "shown", faults));
        }
    }
}

/// The socket that the command line asks for.
fn listen(session: &Session, typed: &ServeArgs) -> Result<TcpListener, Exit> {
    let (host, port) = (typed.host.as_str(), typed.port);
    let addresses: Vec<SocketAddr> = match (host, port).to_socket_addrs() {
        Ok(addresses) => addresses.collect(),
        Err(_) => {
            session.wrong(
                &format!("`{host}` is not a name or address of this computer"),
                "leave `--host` out to see the site on this computer only; `--host 0.0.0.0` lets others see it",
            );
            return Err(Exit::Usage);
        }
    };
    // IPv4 first: `localhost` is both, and printed addresses are easier to read.
    let first = addresses.iter().find(|address| address.is_ipv4()).or_else(|| addresses.first());
    let Some(first) = first.copied() else { return Err(Exit::Usage) };
    TcpListener::bind(first).map_err(|error| {
        let help = match error.kind() {
            std::io::ErrorKind::AddrInUse => match next_free(first) {
                Some(port) => format!("port {port} is free: `pamphlet serve --port {port}`"),
                None => "name another with `--port`".to_owned(),
            },
            std::io::ErrorKind::PermissionDenied => {
                "ports below 1024 belong to the system; try `--port 8000`".to_owned()
            }
            _ => "check `--host`: it must be an address of this computer".to_owned(),
        };
        let what = match error.kind() {
            std::io::ErrorKind::AddrInUse => format!("port {port} is in use, perhaps by another preview"),
            _ => format!("I cannot listen at {first}: {}", crate::source::reason(&error)),
        };
        session.wrong(&what, &help);
        Exit::Machine
    })
}

fn next_free(taken: SocketAddr) -> Option<u16> {
    let above = taken.port().saturating_add(1)..=taken.port().saturating_add(TRIED);
    above.into_iter().find(|port| TcpListener::bind((taken.ip(), *port)).is_ok())
}

fn guard(typed: &ServeArgs, address: SocketAddr, secret: Option<&str>) -> Guard {
    let reach = if address.ip().is_loopback() { Reach::ThisMachine } else { Reach::Network };
    let is_open_to_all = reach == Reach::Network && secret.is_none();
    Guard {
        hosts: hosts(typed, reach),
        reach,
        forced: (typed.as_published || is_open_to_all).then_some(Lens::Published),
        token: secret.map(|secret| blake3::hash(secret.as_bytes())),
    }
}

/// The names under which the preview answers: the one that was typed, and for others on the network this computer's own,
/// which no foreign name server can point at it.
fn hosts(typed: &ServeArgs, reach: Reach) -> Vec<String> {
    let mut hosts = Vec::new();
    if typed.host.parse::<IpAddr>().is_err() {
        hosts.push(typed.host.clone());
    }
    if reach == Reach::Network {
        let name = gethostname::gethostname().to_string_lossy().into_owned();
        let short = name.split('.').next().unwrap_or_default();
        hosts.extend([format!("{short}.local"), short.to_owned(), name]);
    }
    hosts.retain(|host| !host.is_empty());
    hosts
}

/// A word that cannot be guessed.
fn random_token() -> String {
    let mut bytes = [0; 16];
    // Without randomness there is no secret, and without a secret nothing may be shown.
    getrandom::fill(&mut bytes).expect("every system that can serve has a source of chance");
    blake3::hash(&bytes).to_hex()[..32].to_owned()
}

fn url(typed: &ServeArgs, address: SocketAddr, prefix: &str, secret: Option<&str>) -> String {
    let shown = match typed.host.parse::<IpAddr>() {
        Ok(ip) if ip.is_unspecified() => format!("localhost:{}", address.port()),
        Ok(_) => address.to_string(),
        Err(_) => format!("{}:{}", typed.host, address.port()),
    };
    match secret {
        Some(secret) => format!("http://{shown}{prefix}/?token={secret}"),
        None => format!("http://{shown}{prefix}/"),
    }
}
