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
    let (host, whom) = (&settings.host, settings.whom());
    let says = |words: &str| said.iter().any(|line| line.contains(words));
    let port = settings.port.map_or_else(String::new, |port| format!(" -p {port}"));
    let by_hand = format!("`ssh{port} {whom}`");
    let of = |kind, message: String, help: String| Problem::new(kind, message, help);
    let no = |message: String, help: String| of(ProblemKind::NotAllowed, message, help);
    let lost = |message: String, help: &str| of(ProblemKind::Connection, message, help.to_owned());
    if says("REMOTE HOST IDENTIFICATION HAS CHANGED") || says("Host key for ") && says("has changed") {
        return no(
            format!("the server {host} has another host key than before: it may not be yours"),
            format!(
                "ask the host whether its key has changed; only then run `ssh-keygen -R {host}`, and {by_hand} once"
            ),
        );
    }
    if says("Host key verification failed") || says("host key is known for") {
        return no(
            format!("the host key of {host} is not known yet"),
            format!(
                "run {by_hand} once in a terminal, compare the key's fingerprint with the one the host tells, and answer `yes`"
            ),
        );
    }
    if says("Permission denied") || says("Too many authentication failures") || says("No more authentication methods") {
        return no(
            format!("{host} does not let `{whom}` in"),
            format!(
                "look at the name in the address, and whether your key is on the server: {by_hand} must work without a question"
            ),
        );
    }
    if says("Could not resolve hostname") || says("Name or service not known") {
        return lost(
            format!("there is no host {host}"),
            "look at the host in the address and at the internet connection",
        );
    }
    if says("Connection refused") {
        return lost(
            format!("{host} does not take connections"),
            "look at the host and the port in the address; if they are right, the server is down: try again later",
        );
    }
    if says("subsystem request failed") {
        return of(
            ProblemKind::Other,
            format!("the server {host} offers no SFTP"),
            "ask the host to switch SFTP on (OpenSSH's `Subsystem sftp internal-sftp`)".to_owned(),
        );
    }
    if says("Bad owner or permissions") || says("Bad configuration option") || says("terminating,") {
        return of(
            ProblemKind::Other,
            format!("ssh cannot use its settings: {}", last(said)),
            format!("put them right until {by_hand} works"),
        );
    }
    let is_noise = matches!(
        error,
        Some(Error::SftpServerHelloMsgTooLong { .. } | Error::FormatError(_) | Error::InvalidResponse(_))
    );
    if is_noise {
        return of(
            ProblemKind::Other,
            format!("the server {host} sends text where SFTP should begin"),
            "its login scripts (`.bashrc` and others) must print nothing when nobody sits at a terminal".to_owned(),
        );
    }
    let again = "look at the internet connection, then publish again: what has been sent stays";
    match last(said) {
        "" if error.is_none() => lost(format!("{host} does not answer"), again),
        "" => lost(
            match status {
                Some(status) if status != 0 && status != 255 => {
                    format!("there is no connection to {host}: ssh ended with status {status}")
                }
                _ => format!("the connection to {host} broke"),
            },
            again,
        ),
        line => lost(format!("there is no connection to {host}: ssh says “{line}”"), again),
    }
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
