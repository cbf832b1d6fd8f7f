//! What ssh and SFTP servers say, in plain words.

use std::io;

use openssh_sftp_client::Error;

use super::SftpSettings;
use crate::deploy::target::{Problem, ProblemKind};

/// Why a file could not be written, when the server says only that it failed.
pub(super) enum Why {
    NoRoom,
    Unknown,
}

pub(super) fn not_started(program: &str, error: &io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound if program != "ssh" => Problem::new(
            ProblemKind::Other,
            format!("PAMPHLET_SSH in the environment names the program `{program}`, which is not on this computer"),
            "correct it, or take it out of the environment (`unset PAMPHLET_SSH`): then `ssh` is used",
        ),
        io::ErrorKind::NotFound => Problem::new(
            ProblemKind::Other,
            format!("the program `{program}` is not on this computer"),
            "install OpenSSH's client (`openssh-client` on Debian; an optional feature of Windows; part of macOS)",
        ),
        _ => Problem::new(
            ProblemKind::Other,
            format!("the program `{program}` could not be started: {error}"),
            "look whether it runs in a terminal",
        ),
    }
}

pub(super) fn cannot_replace(settings: &SftpSettings) -> Problem {
    Problem::new(
        ProblemKind::Other,
        format!(
            "the server {} cannot replace a file in one step: readers would see pages that are missing or half written",
            settings.host
        ),
        "publish to a folder or a zip file and send that with the host's own program, or ask the host for OpenSSH's SFTP server \
         (it needs the extension `posix-rename@openssh.com`)",
    )
}

/// Why there is no connection: from the lines of ssh, which are the same in every language.
pub(super) fn not_connected(
    settings: &SftpSettings,
    said: &[String],
    status: Option<i32>,
    error: Option<&Error>,
) -> Problem {
    let is_noise = matches!(
        error,
        Some(Error::SftpServerHelloMsgTooLong { .. } | Error::FormatError(_) | Error::InvalidResponse(_))
    );
    not_let_in(settings, said)
        .or_else(|| not_reached(settings, said))
        .or_else(|| not_usable(settings, said, is_noise))
        .unwrap_or_else(|| no_answer(settings, said, status, error.is_some()))
}

fn says(said: &[String], words: &str) -> bool {
    said.iter().any(|line| line.contains(words))
}

/// How to try the same by hand.
fn by_hand(settings: &SftpSettings) -> String {
    let port = settings.port.map_or_else(String::new, |port| format!(" -p {port}"));
    format!("`ssh{port} {}`", settings.whom())
}

/// The server is there, but one does not trust the other.
fn not_let_in(settings: &SftpSettings, said: &[String]) -> Option<Problem> {
    let (host, whom, by_hand) = (&settings.host, settings.whom(), by_hand(settings));
    let says = |words: &str| says(said, words);
    let (message, help) = if says("REMOTE HOST IDENTIFICATION HAS CHANGED")
        || says("Host key for ") && says("has changed")
    {
        (
            format!("the server {host} has another host key than before: it may not be yours"),
            format!(
                "ask the host whether its key has changed; only then run `ssh-keygen -R {host}`, and {by_hand} once"
            ),
        )
    } else if says("Host key verification failed") || says("host key is known for") {
        (
            format!("the host key of {host} is not known yet"),
            format!(
                "run {by_hand} once in a terminal, compare the key's fingerprint with the one the host tells, and answer `yes`"
            ),
        )
    } else if ["Permission denied", "Too many authentication failures", "No more authentication methods"]
        .into_iter()
        .any(says)
    {
        (
            format!("{host} does not let `{whom}` in"),
            format!(
                "look at the name in the address, and whether your key is on the server: {by_hand} must work without a question"
            ),
        )
    } else {
        return None;
    };
    Some(Problem::new(ProblemKind::NotAllowed, message, help))
}

/// No server is there.
fn not_reached(settings: &SftpSettings, said: &[String]) -> Option<Problem> {
    let host = &settings.host;
    let says = |words: &str| says(said, words);
    let (message, help) = if says("Temporary failure in name resolution") || says("Try again") {
        (
            format!(
                "the name of the server {host} cannot be looked up at the moment: the network's name server does not answer"
            ),
            "look at the internet connection, then publish again: what has been sent stays",
        )
    } else if says("Could not resolve hostname") || says("Name or service not known") {
        (format!("there is no host {host}"), "look at the host in the address and at the internet connection")
    } else if says("Connection refused") {
        (
            format!("{host} does not take connections"),
            "look at the host and the port in the address; if they are right, the server is down: try again later",
        )
    } else {
        return None;
    };
    Some(Problem::new(ProblemKind::Connection, message, help))
}

/// A server is there, or this machine's ssh, that cannot do what is needed.
fn not_usable(settings: &SftpSettings, said: &[String], is_noise: bool) -> Option<Problem> {
    let host = &settings.host;
    let says = |words: &str| says(said, words);
    let (message, help) = if says("subsystem request failed") {
        (
            format!("the server {host} offers no SFTP"),
            "ask the host to switch SFTP on (OpenSSH's `Subsystem sftp internal-sftp`)".to_owned(),
        )
    } else if says("Bad owner or permissions") || says("Bad configuration option") || says("terminating,") {
        (
            format!("ssh cannot use its settings: {}", last(said)),
            format!("put them right until {} works", by_hand(settings)),
        )
    } else if is_noise {
        (
            format!("the server {host} sends text where SFTP should begin"),
            "its login scripts (`.bashrc` and others) must print nothing when nobody sits at a terminal".to_owned(),
        )
    } else {
        return None;
    };
    Some(Problem::new(ProblemKind::Other, message, help))
}

/// Nothing that we know was said.
fn no_answer(settings: &SftpSettings, said: &[String], status: Option<i32>, has_broken: bool) -> Problem {
    let host = &settings.host;
    let message = match (last(said), status) {
        ("", _) if !has_broken => format!("{host} does not answer"),
        ("", Some(status)) if status != 0 && status != 255 => {
            format!("there is no connection to {host}: ssh ended with status {status}")
        }
        ("", _) => format!("the connection to {host} broke"),
        (line, _) => format!("there is no connection to {host}: ssh says “{line}”"),
    };
    let again = "look at the internet connection, then publish again: what has been sent stays";
    Problem::new(ProblemKind::Connection, message, again)
}

/// The last line that says anything.
fn last(said: &[String]) -> &str {
    said.iter().rev().map(|line| line.trim()).find(|line| !line.is_empty()).unwrap_or("")
}

/// A connection that broke twice during one operation.
pub(super) fn broken(settings: &SftpSettings, said: &[String]) -> Problem {
    let told = match last(said) {
        "" => String::new(),
        line => format!(" (ssh says “{line}”)"),
    };
    Problem::new(
        ProblemKind::Connection,
        format!("the connection to {} broke{told}", settings.host),
        "look at the internet connection, then publish again: what has been sent stays",
    )
}

pub(super) fn denied(settings: &SftpSettings, doing: &str, path: &str) -> Problem {
    Problem::new(
        ProblemKind::NotAllowed,
        format!("{} does not let `{}` {doing} `{path}`", settings.host, settings.whom()),
        "ask the host to give this account the folder, or publish with the account that owns it",
    )
}

pub(super) fn failed(settings: &SftpSettings, doing: &str, path: &str, why: &Why) -> Problem {
    let host = &settings.host;
    match why {
        Why::NoRoom => Problem::new(
            ProblemKind::Full,
            format!("{host} could not {doing} `{path}`: its disk, or your share of it, is full"),
            "make room on the server, or ask the host for more; then publish again",
        ),
        Why::Unknown => Problem::new(
            ProblemKind::Other,
            format!("{host} could not {doing} `{path}`, and does not say why"),
            "look whether the server's disk is full or can only be read, and what else lies at that place",
        ),
    }
}

pub(super) fn in_the_way(settings: &SftpSettings, path: &str, is_folder: bool) -> Problem {
    let (here, there) = if is_folder { ("file", "folder") } else { ("folder", "file") };
    Problem::new(
        ProblemKind::Other,
        format!("`{path}` is a {there} on {}, and a {here} is to take its place", settings.host),
        format!("if you do not need that {there}, rename or remove it on the server; then publish again"),
    )
}
