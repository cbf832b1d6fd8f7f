//! SFTP, against a real OpenSSH server (see `tests/publishing/run`), and against its SFTP part alone with something missing.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::fs;
use std::net::ToSocketAddrs as _;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};

use super::*;
use crate::deploy::targets::suite;
use crate::deploy::targets::testing::{self, Line};

/// `sftp://name@host:port/folder`; the folder is one of this machine.
const SERVER: &str = "PAMPHLET_TEST_SFTP";

/// The program to connect with, and its options.
const PROGRAM: &str = "PAMPHLET_TEST_SSH";

/// Where Debian keeps the part of the server that speaks SFTP.
const PART: &str = "/usr/lib/openssh/sftp-server";

fn settings(address: &str, folder: &Path) -> SftpSettings {
    let url: url::Url = address.parse().expect("an address");
    let ssh = std::env::var(PROGRAM).unwrap_or_else(|_| "ssh".to_owned());
    SftpSettings {
        ssh: ssh.split_whitespace().map(str::to_owned).collect(),
        user: Some(url.username().to_owned()),
        host: url.host_str().expect("a host").to_owned(),
        port: url.port(),
        folder: folder.to_str().expect("a folder").to_owned(),
        may_ask: false,
        clock: testing::clock(0),
    }
}

fn server(settings: SftpSettings) -> Sftp {
    Sftp::new(settings).unwrap_or_else(|problem| panic!("{problem:?}"))
}

/// A new folder below the server's for one test.
fn own_folder(address: &str, name: &str) -> PathBuf {
    let base = url::Url::parse(address).expect("an address").path().to_owned();
    let folder = Path::new(&base).join(testing::own_name(name));
    fs::create_dir_all(&folder).expect("the server's folder is on this machine");
    folder
}

/// The server's SFTP part, started by `command` in place of ssh.
fn part(command: &str, folder: &Path) -> SftpSettings {
    let mut settings = settings("sftp://me@nowhere.invalid/", folder);
    settings.ssh = ["sh", "-c", &command.replace("PART", PART), "ssh"].map(str::to_owned).to_vec();
    settings
}

fn put(server: &Sftp, path: &str, bytes: &[u8]) -> Result<(), Problem> {
    server.put(Area::Site, path, bytes, &About::default())
}

fn mode(path: impl AsRef<Path>) -> u32 {
    fs::symlink_metadata(path.as_ref())
        .unwrap_or_else(|error| panic!("{}: {error}", path.as_ref().display()))
        .permissions()
        .mode()
        & 0o7777
}

fn names(folder: impl AsRef<Path>) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn it_passes_the_suite() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "suite");
    suite::run(&|name| Box::new(server(settings(&address, &run.join(name)))));
    fs::remove_dir_all(run).expect("it can be removed");
}

#[test]
fn servers_that_know_less_pass_the_suite_too() {
    let Some(address) = testing::named(SERVER) else { return };
    for command in ["exec PART -P hardlink", "exec PART -P hardlink,copy-data,statvfs,limits"] {
        let run = own_folder(&address, "less");
        suite::run(&|name| Box::new(server(part(command, &run.join(name)))));
        fs::remove_dir_all(run).expect("it can be removed");
    }
}

#[test]
fn readers_may_read_and_nobody_else_sees_the_state() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "modes");
    for (name, command) in
        [("usual", "umask 022; exec PART"), ("strict", "umask 077; exec PART"), ("loose", "umask 000; exec PART")]
    {
        let site = run.join(name).join("site");
        let one = server(part(command, &site));
        put(&one, "a/b/c.html", b"x").expect("it is written");
        one.copy((Area::Site, "a/b/c.html"), (Area::State, "kept/1")).expect("it is copied");
        one.copy((Area::State, "kept/1"), (Area::Site, "d/e.html")).expect("it is copied");
        assert_eq!((mode(site.join("a/b/c.html")), mode(site.join("d/e.html"))), (0o644, 0o644), "{name}");
        assert_eq!((mode(&site), mode(site.join("a")), mode(site.join("a/b"))), (0o755, 0o755, 0o755), "{name}");
        let state = run.join(name).join(".site.pamphlet");
        assert_eq!((mode(&state), mode(state.join("incoming"))), (0o700, 0o700), "{name}");
        assert_eq!(names(&state), [".htaccess", "incoming", "kept"]);
        assert_eq!(names(state.join("incoming")), [] as [&str; 0]);
        assert_eq!(names(&site), ["a", "d"]);
    }
    fs::remove_dir_all(run).expect("it can be removed");
}

#[test]
fn links_are_files_and_are_not_followed() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "links");
    let site = run.join("site");
    let one = server(settings(&address, &site));
    put(&one, "a.html", b"x").expect("it is written");
    symlink("/", site.join("everything")).expect("a link");
    symlink("no/such/file", site.join("dangling")).expect("a link");
    let listed: Vec<String> = one.list(Area::Site, "").expect("a listing").into_iter().map(|file| file.path).collect();
    assert_eq!(listed, ["a.html", "dangling", "everything"]);
    one.remove(Area::Site, &["everything"]).expect("a link is removed, not what it leads to");
    assert!(Path::new("/etc").is_dir());
    // A site's folder may itself be a link: what it leads to is the site.
    symlink(&site, run.join("current")).expect("a link");
    let other = server(settings(&address, &run.join("current")));
    put(&other, "b.html", b"y").expect("it is written");
    assert_eq!(names(&run), [".site.pamphlet", "current", "site"]);
    fs::remove_dir_all(run).expect("it can be removed");
}

#[test]
fn what_is_in_the_way_is_named_and_left() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "way");
    let one = server(settings(&address, &run.join("site")));
    put(&one, "a", b"a file").expect("it is written");
    let problem = put(&one, "a/b.html", b"x").expect_err("a file is in the way");
    assert!(problem.message.contains("/site/a` is a file on"), "{problem:?}");
    put(&one, "b/c.html", b"x").expect("it is written");
    let problem = put(&one, "b", b"x").expect_err("a folder is in the way");
    assert!(problem.message.contains("/site/b` is a folder on"), "{problem:?}");
    let problem = one.remove(Area::Site, &["b"]).expect_err("a folder is not removed");
    assert!(problem.message.contains("/site/b` is a folder on"), "{problem:?}");
    assert_eq!(one.get(Area::Site, "b/c.html"), Ok(Some(b"x".to_vec())));
    // One without anything in it makes way.
    fs::create_dir(run.join("site/empty")).expect("a folder");
    put(&one, "empty", b"x").expect("it is written");
    assert_eq!(names(run.join(".site.pamphlet/incoming")), [] as [&str; 0]);
    fs::remove_dir_all(run).expect("it can be removed");
}

#[test]
fn what_a_broken_publication_left_is_taken_away() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "left");
    let incoming = run.join(".site.pamphlet/incoming");
    put(&server(settings(&address, &run.join("site"))), "a.html", b"x").expect("it is written");
    fs::write(incoming.join("0123"), "half").expect("it is written");
    put(&server(settings(&address, &run.join("site"))), "a.html", b"x").expect("it is written");
    assert_eq!(names(&incoming), ["0123"], "somebody may be writing it");
    let mut later = settings(&address, &run.join("site"));
    later.clock = testing::clock(2 * 24 * 3600);
    put(&server(later), "a.html", b"x").expect("it is written");
    assert_eq!(names(&incoming), [] as [&str; 0]);
    fs::remove_dir_all(run).expect("it can be removed");
}

#[test]
fn the_clock_of_the_server_is_told() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "clock");
    for off in [-7200, 0, 7200] {
        let mut settings = settings(&address, &run.join("site"));
        settings.clock = testing::clock(off);
        let one = server(settings);
        assert_eq!(one.clock_ahead(testing::now() + off), None);
        put(&one, "a.html", b"x").expect("it is written");
        let ahead = one.clock_ahead(testing::now() + off).expect("it has told");
        assert!((ahead + off).abs() <= 2, "{off}: {ahead}");
    }
    fs::remove_dir_all(run).expect("it can be removed");
}

#[test]
fn a_small_file_costs_four_requests() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "cost");
    let one = server(settings(&address, &run.join("site")));
    put(&one, "a/0.html", b"x").expect("it is written");
    let before = one.spent();
    for number in 1..=10 {
        put(&one, &format!("a/{number}.html"), &[b'x'; 10_000]).expect("it is written");
    }
    let after = one.spent();
    // To open, write, close and rename it.
    assert_eq!((after.requests - before.requests, after.bytes - before.bytes), (40, 100_000));
    fs::remove_dir_all(run).expect("it can be removed");
}

#[test]
fn who_does_not_get_in_is_told_why() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "in");
    let told = |change: &dyn Fn(&mut SftpSettings)| {
        let mut settings = settings(&address, &run.join("site"));
        change(&mut settings);
        let one = server(settings);
        let problem = put(&one, "a.html", b"x").expect_err("there is no connection");
        assert_eq!(one.list(Area::Site, "").map(|_| ()), Err(problem.clone()));
        problem
    };
    let option = |settings: &mut SftpSettings, option: &str| {
        settings.ssh.extend(["-o".to_owned(), option.to_owned()]);
    };
    let host = url::Url::parse(&address).expect("an address").host_str().expect("a host").to_owned();
    let problem = told(&|settings| settings.ssh = vec!["/no/such/ssh".to_owned()]);
    assert_eq!(
        problem.message,
        "PAMPHLET_SSH in the environment names the program `/no/such/ssh`, which is not on this computer"
    );
    let problem = told(&|settings| settings.host = "no-such-host.invalid".to_owned());
    assert_eq!(
        (problem.kind, problem.message.as_str()),
        (ProblemKind::Connection, "there is no host no-such-host.invalid")
    );
    let problem = told(&|settings| settings.port = Some(testing::closed_port()));
    assert_eq!((problem.kind, problem.message), (ProblemKind::Connection, format!("{host} does not take connections")));
    let problem = told(&|settings| option(settings, "UserKnownHostsFile=/dev/null"));
    assert_eq!(
        (problem.kind, problem.message),
        (ProblemKind::NotAllowed, format!("the host key of {host} is not known yet"))
    );
    // The run script notes another server's key under this name.
    let problem = told(&|settings| option(settings, "HostKeyAlias=changed"));
    assert_eq!(problem.kind, ProblemKind::NotAllowed);
    assert!(problem.message.contains("another host key than before"), "{problem:?}");
    let problem = told(&|settings| settings.user = Some("nobody-of-that-name".to_owned()));
    assert_eq!(
        (problem.kind, problem.message),
        (ProblemKind::NotAllowed, format!("{host} does not let `nobody-of-that-name@{host}` in"))
    );
    let problem = told(&|settings| option(settings, "PubkeyAuthentication=no"));
    assert_eq!(problem.kind, ProblemKind::NotAllowed);
    let problem = told(&|settings| settings.ssh = part("echo Welcome to the machine; exec PART", Path::new("/")).ssh);
    assert!(problem.message.contains("sends text where SFTP should begin"), "{problem:?}");
    let problem = told(&|settings| {
        settings.ssh = part("echo subsystem request failed on channel 0 >&2; exit 255", Path::new("/")).ssh
    });
    assert!(problem.message.contains("offers no SFTP"), "{problem:?}");
    let problem = told(&|settings| settings.ssh = part("exit 7", Path::new("/")).ssh);
    assert!(problem.message.contains("ssh ended with status 7"), "{problem:?}");
    assert_eq!(names(&run), [] as [&str; 0], "nothing has been written");
    fs::remove_dir_all(run).expect("it can be removed");
}

#[test]
fn a_server_that_cannot_replace_a_file_is_not_written_to() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "replace");
    let one = server(part("exec PART -P posix-rename", &run.join("site")));
    let problem = put(&one, "a.html", b"x").expect_err("readers would miss it for a moment");
    assert!(problem.message.contains("cannot replace a file in one step"), "{problem:?}");
    assert_eq!(one.list(Area::Site, ""), Ok(Vec::new()));
    assert_eq!(names(&run), [] as [&str; 0], "nothing has been written");
    fs::remove_dir_all(run).expect("it can be removed");
}

#[test]
fn a_host_that_is_an_option_is_refused() {
    for host in ["-oProxyCommand=touch /tmp/x", "", "a b", "-"] {
        let mut settings = part("exit 1", Path::new("/"));
        (settings.host, settings.user) = (host.to_owned(), None);
        assert!(Sftp::new(settings).is_err(), "{host}");
    }
}

#[test]
fn what_may_not_be_written_is_told() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "denied");
    put(&server(settings(&address, &run.join("site"))), "a.html", b"x").expect("it is written");
    let one = server(part("exec PART -R", &run.join("site")));
    let problem = put(&one, "a.html", b"y").expect_err("the server only lets us read");
    assert_eq!(problem.kind, ProblemKind::NotAllowed, "{problem:?}");
    assert_eq!(one.get(Area::Site, "a.html"), Ok(Some(b"x".to_vec())));
    assert_eq!(one.remove(Area::Site, &["a.html"]).expect_err("no").kind, ProblemKind::NotAllowed);
    fs::remove_dir_all(run).expect("it can be removed");
}

/// As an account that owns the site's folder and nothing else, which only root can play.
#[test]
fn where_nothing_can_be_made_beside_the_site_the_state_is_within() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "within");
    let site = run.join("site");
    fs::create_dir(&site).expect("a folder");
    if let Err(error) = chown(&site, Some(65534), Some(65534)) {
        eprintln!("not tested: only root can publish as another account ({error})");
        return;
    }
    let as_nobody = "exec setpriv --reuid=65534 --regid=65534 --clear-groups PART";
    let one = server(part(as_nobody, &site));
    put(&one, "a/b.html", b"x").expect("it is written");
    assert_eq!(one.copy((Area::Site, "a/b.html"), (Area::State, "kept/1")), Ok(true));
    assert_eq!((names(&run), names(&site)), (vec!["site".to_owned()], vec![".pamphlet".to_owned(), "a".to_owned()]));
    assert_eq!(mode(site.join(".pamphlet")), 0o700);
    let paths =
        |one: &Sftp, area| one.list(area, "").expect("a listing").into_iter().map(|file| file.path).collect::<Vec<_>>();
    assert_eq!(
        (paths(&one, Area::Site), paths(&one, Area::State)),
        (vec!["a/b.html".to_owned()], vec!["kept/1".to_owned()])
    );
    // It is found again, and no second one is made, even by an account that could.
    assert_eq!(paths(&server(part("exec PART", &site)), Area::State), ["kept/1"]);
    // Where not even that can be: the account owns nothing.
    let problem = put(&server(part(as_nobody, &run.join("other"))), "a.html", b"x").expect_err("it may not");
    assert_eq!(problem.kind, ProblemKind::NotAllowed, "{problem:?}");
    assert!(problem.message.contains("make the folder"), "{problem:?}");
    fs::remove_dir_all(run).expect("it can be removed");
}

#[test]
fn a_full_disk_is_told_and_harms_nothing() {
    let (Some(address), Some(full)) = (testing::named(SERVER), testing::named("PAMPHLET_TEST_SFTP_FULL")) else {
        return;
    };
    let one = server(settings(&address, Path::new(&full)));
    put(&one, "a.html", b"small").expect("there is room for this");
    for size in [3 * 1024 * 1024, 40 * 1024 * 1024] {
        let problem = put(&one, "a.html", &vec![b'x'; size]).expect_err("there is no room for this");
        assert_eq!(problem.kind, ProblemKind::Full, "{problem:?}");
        assert_eq!(one.get(Area::Site, "a.html"), Ok(Some(b"small".to_vec())), "what was there stays");
    }
    // The disk is the site's own: the state lies on it too, and what did not fit is gone from it.
    assert_eq!(names(Path::new(&full).join(".pamphlet/incoming")), [] as [&str; 0]);
    put(&one, "b.html", b"small").expect("there is room again");
}

fn over(line: &Line, address: &str, folder: &Path) -> SftpSettings {
    let mut settings = settings(address, folder);
    settings.port = Some(line.port);
    settings
}

fn socket(address: &str) -> std::net::SocketAddr {
    let url = url::Url::parse(address).expect("an address");
    let host = (url.host_str().expect("a host"), url.port().unwrap_or(22));
    host.to_socket_addrs().expect("a host").next().expect("a host")
}

#[test]
fn a_line_that_breaks_is_got_over() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "breaks");
    let site = run.join("site");
    let (old, new) = (vec![b'o'; 150_000], vec![b'n'; 150_000]);
    let direct = server(settings(&address, &site));
    for round in 0..50 {
        // Behind the greeting, which takes some 8,000 bytes.
        let at = 9_000 + i64::from(round) * 6_000;
        put(&direct, "a.html", &old).expect("it is written");
        let line = Line::new(socket(&address), 1, at);
        let one = server(over(&line, &address, &site));
        put(&one, "a.html", &new).unwrap_or_else(|problem| panic!("{at}: {problem:?}"));
        put(&one, "new/b.html", &new).unwrap_or_else(|problem| panic!("{at}: {problem:?}"));
        assert!(one.get(Area::Site, "a.html").is_ok_and(|bytes| bytes.as_ref() == Some(&new)), "{at}");
        assert_eq!(one.copy((Area::Site, "a.html"), (Area::State, "kept")), Ok(true), "{at}");
        assert!(one.list(Area::Site, "").is_ok_and(|files| files.len() == 2), "{at}");
        one.remove(Area::Site, &["new/b.html"]).unwrap_or_else(|problem| panic!("{at}: {problem:?}"));
        assert_eq!(names(&site), ["a.html"], "{at}");
        assert_eq!(line.connections(), 2, "{at}: the line breaks once");
    }
    fs::remove_dir_all(run).expect("it can be removed");
}

#[test]
fn a_line_that_breaks_under_many_is_made_once() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "together");
    for at in [50_000, 300_000, 1_000_000] {
        let line = Line::new(socket(&address), 1, at);
        let one = server(over(&line, &address, &run.join("site")));
        put(&one, "first.html", b"x").expect("it is written");
        std::thread::scope(|scope| {
            for number in 0..AT_ONCE {
                let one = &one;
                scope.spawn(move || put(one, &format!("{number}.html"), &vec![b'x'; 100_000]).expect("it is written"));
            }
        });
        assert_eq!(line.connections(), 2, "{at}");
        assert_eq!(one.list(Area::Site, "").expect("a listing").len(), AT_ONCE + 1);
    }
    fs::remove_dir_all(run).expect("it can be removed");
}

#[test]
fn a_line_that_always_breaks_leaves_what_was_there() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = own_folder(&address, "gone");
    let site = run.join("site");
    put(&server(settings(&address, &site)), "a.html", b"old").expect("it is written");
    for at in [0, 1, 500, 3_000, 20_000, 100_000] {
        let line = Line::new(socket(&address), usize::MAX, at);
        let one = server(over(&line, &address, &site));
        let problem = put(&one, "a.html", &vec![b'n'; 150_000]).expect_err("the line breaks");
        assert_eq!(problem.kind, ProblemKind::Connection, "{at}: {problem:?}");
        assert!(line.connections() <= 2, "{at}");
        assert_eq!(fs::read(site.join("a.html")).expect("it is there"), b"old", "{at}");
    }
    fs::remove_dir_all(run).expect("it can be removed");
}
