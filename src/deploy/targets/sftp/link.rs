//! One connection: the system's `ssh`, and SFTP over its pipes.

use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use openssh_sftp_client::error::SftpErrorKind;
use openssh_sftp_client::fs::Fs;
use openssh_sftp_client::{Error, Sftp, SftpOptions};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader, ReadBuf};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::SftpSettings;
use super::words;
use crate::deploy::target::{PATIENCE, Problem};

/// How many of the last lines of ssh are kept for messages.
const LINES: usize = 30;

/// How long is waited for the last words of an ssh that ends.
const FAREWELL: Duration = Duration::from_secs(2);

/// Why an operation did not happen.
pub(super) enum Fault {
    /// The connection is gone; the operation may have happened.
    Lost,
    /// There is no such file, or a folder on the way to it is missing.
    Missing,
    /// The server does not let us.
    Denied,
    /// The server could not, and does not say why.
    Failed,
    /// The server does not know how.
    Unable,
    /// Said already.
    Problem(Problem),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::SftpError(SftpErrorKind::NoSuchFile, _) => Self::Missing,
            Error::SftpError(SftpErrorKind::PermDenied, _) => Self::Denied,
            Error::SftpError(SftpErrorKind::OpUnsupported, _) | Error::UnsupportedExtension(_) => Self::Unable,
            Error::SftpError(..) => Self::Failed,
            _ => Self::Lost,
        }
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// What `ssh` wrote beside the pipe, its last lines.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<String>>>);

impl Said {
    fn add(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LINES {
            lines.remove(0);
        }
        lines.push(line);
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A connection that works, or did.
pub(super) struct Link {
    sftp: Sftp,
    /// Ends ssh when it is dropped.
    ssh: tokio::sync::Mutex<Child>,
    said: Said,
    heard: Arc<AtomicU64>,
    /// Which one of the connections of this run it is.
    pub(super) number: u64,
    /// Requests made so far over all connections.
    requests: Arc<AtomicU64>,
}

impl Link {
    /// Starts ssh and greets the server; ssh itself asks for what it needs on the terminal.
    pub(super) async fn new(settings: &SftpSettings, number: u64, requests: Arc<AtomicU64>) -> Result<Self, Problem> {
        let program = settings.ssh.first().map_or("ssh", String::as_str);
        let mut ssh = command(settings, program).spawn().map_err(|error| words::not_started(program, &error))?;
        let said = Said::default();
        let pipes = (ssh.stdin.take(), ssh.stdout.take(), ssh.stderr.take());
        let (Some(to), Some(from), Some(beside)) = pipes else {
            return Err(words::not_started(program, &io::Error::other("it has no pipes")));
        };
        let kept = said.clone();
        let listening = tokio::spawn(async move {
            let mut lines = BufReader::new(beside).split(b'\n');
            while let Ok(Some(line)) = lines.next_segment().await {
                kept.add(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
        });
        let heard = Arc::new(AtomicU64::new(0));
        let from = Heard { pipe: from, count: Arc::clone(&heard) };
        // Requests go out at once: what waits for the answer to each would lose more than larger packets win.
        let greeting = Sftp::new(to, from, SftpOptions::new().flush_interval(Duration::ZERO));
        // Somebody may be typing a passphrase: then ssh and the server say when it has taken too long.
        let sftp = match settings.may_ask {
            true => greeting.await.map_err(Some),
            false => timeout(PATIENCE, greeting).await.map_err(|_| None).and_then(|greeted| greeted.map_err(Some)),
        };
        match sftp {
            Ok(sftp) => Ok(Self { sftp, ssh: tokio::sync::Mutex::new(ssh), said, heard, number, requests }),
            Err(error) => {
                let ended = timeout(FAREWELL, ssh.wait()).await;
                let _ = timeout(FAREWELL, listening).await;
                let status = ended.ok().and_then(Result::ok).and_then(|status| status.code());
                Err(words::not_connected(settings, &said.lines(), status, error.as_ref()))
            }
        }
    }

    pub(super) fn sftp(&self) -> &Sftp {
        &self.sftp
    }

    pub(super) fn fs(&self) -> Fs {
        self.sftp.fs()
    }

    /// Counts requests that are made without [`Link::wait`].
    pub(super) fn count(&self, requests: u64) {
        self.requests.fetch_add(requests, Ordering::Relaxed);
    }

    /// What ssh has said, once it has had the time to end.
    pub(super) async fn last_words(&self) -> Vec<String> {
        let mut ssh = self.ssh.lock().await;
        let _ = timeout(FAREWELL, ssh.wait()).await;
        self.said.lines()
    }

    /// Waits for the answer to one request, as long as the server says anything at all: a slow line with many files under way
    /// is not a broken one.
    pub(super) async fn wait<T>(&self, request: impl Future<Output = Result<T, Error>>) -> Result<T, Fault> {
        self.count(1);
        let mut request = std::pin::pin!(request);
        loop {
            let before = self.heard.load(Ordering::Relaxed);
            match timeout(PATIENCE, request.as_mut()).await {
                Ok(outcome) => return outcome.map_err(Fault::from),
                Err(_) if self.heard.load(Ordering::Relaxed) != before => {}
                Err(_) => return Err(Fault::Lost),
            }
        }
    }
}

/// The program and what it is told. What is ours comes last: of two values for one option, ssh takes the first.
fn command(settings: &SftpSettings, program: &str) -> Command {
    let mut command = Command::new(program);
    command.args(settings.ssh.iter().skip(1));
    if !settings.may_ask {
        command.args(["-o", "BatchMode=yes"]);
    }
    if let Some(port) = settings.port {
        command.args(["-p", &port.to_string()]);
    }
    let patience = PATIENCE.as_secs();
    command.args(["-o", "ConnectTimeout=30", "-o", "ServerAliveCountMax=4", "-o"]);
    command.arg(format!("ServerAliveInterval={}", patience / 4));
    // As `sftp` itself does: nothing of this side is opened to the server.
    command.args([
        "-o",
        "ForwardX11=no",
        "-o",
        "ForwardAgent=no",
        "-o",
        "PermitLocalCommand=no",
        "-o",
        "ClearAllForwardings=yes",
    ]);
    command.args(["-s", &settings.whom(), "sftp"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// A pipe that counts how often something came through.
struct Heard<R> {
    pipe: R,
    count: Arc<AtomicU64>,
}

impl<R: AsyncRead + Unpin> AsyncRead for Heard<R> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.pipe).poll_read(context, into);
        if polled.is_ready() {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
        polled
    }
}
