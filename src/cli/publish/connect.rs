//! A destination → a target that can be asked, with keys from the environment, the key agent or the person at the terminal.

use std::io::IsTerminal as _;
use std::sync::Arc;

use crate::cli::session::{Session, clock};
use crate::config::{Destination, Place};
use crate::deploy::{Clock, Folder, ObjectStore, Problem, ProblemKind, Sftp, SftpSettings, StoreSettings, Target};

/// Connects, as far as that is needed before the first question.
pub(super) fn connect(session: &Session, destination: &Destination) -> Result<Box<dyn Target>, Problem> {
    let now: Clock = Arc::new(|| clock().as_second());
    Ok(match &destination.place {
        Place::Folder(folder) => Box::new(Folder::new(&session.root, &session.place(folder))?),
        Place::Zip(_) => {
            return Err(Problem::new(
                ProblemKind::Other,
                "a .zip file cannot be asked what lies in it",
                "name another destination",
            ));
        }
        Place::Sftp { user, host, port, folder } => Box::new(Sftp::new(SftpSettings {
            ssh: ssh(),
            user: user.clone(),
            host: host.clone(),
            port: *port,
            folder: folder.clone(),
            may_ask: std::io::stdin().is_terminal(),
            clock: now,
        })?),
        Place::S3 { bucket, prefix, endpoint, region } => {
            let region = region.clone().or_else(|| variable("AWS_REGION")).or_else(|| variable("AWS_DEFAULT_REGION"));
            let endpoint =
                endpoint.clone().or_else(|| variable("AWS_ENDPOINT_URL_S3")).or_else(|| variable("AWS_ENDPOINT_URL"));
            let own = endpoint.is_some();
            if !own && region.is_none() {
                return Err(Problem::new(
                    ProblemKind::Other,
                    format!("site.toml does not say in which region the bucket `{bucket}` is"),
                    format!(
                        "add `region = \"eu-west-2\"` (or yours) to `[publish.{}]`; for a store that is not Amazon's, `endpoint` too",
                        destination.name
                    ),
                ));
            }
            let region = region.unwrap_or_else(|| "us-east-1".to_owned());
            let endpoint = endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
            let (key, secret) = keys(bucket)?;
            Box::new(ObjectStore::new(StoreSettings {
                bucket: bucket.clone(),
                prefix: prefix.clone(),
                endpoint,
                region,
                path_style: own || bucket.contains('.'),
                key,
                secret,
                token: variable("AWS_SESSION_TOKEN"),
                clock: now,
            })?)
        }
    })
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// The program that speaks SSH, with options of its own; blanks part them.
fn ssh() -> Vec<String> {
    let stated = variable("PAMPHLET_SSH").unwrap_or_else(|| "ssh".to_owned());
    stated.split_whitespace().map(str::to_owned).collect()
}

/// The two keys of an object store.
fn keys(bucket: &str) -> Result<(String, String), Problem> {
    let (key, secret) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"));
    if let (Some(key), Some(secret)) = (&key, &secret) {
        return Ok((key.clone(), secret.clone()));
    }
    let missing = || {
        Problem::new(
            ProblemKind::NotAllowed,
            format!("the keys of the bucket `{bucket}` are not known"),
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or publish from a terminal, where you are asked for them",
        )
    };
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(missing());
    }
    let ask = |what: &str| {
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            format!("{what} of the bucket `{bucket}` (not shown): ").as_bytes(),
        );
        rpassword::read_password().ok().map(|typed| typed.trim().to_owned()).filter(|typed| !typed.is_empty())
    };
    let key = key.or_else(|| ask("Access key")).ok_or_else(missing)?;
    let secret = secret.or_else(|| ask("Secret key")).ok_or_else(missing)?;
    Ok((key, secret))
}

/// Who publishes, for colleagues.
pub(super) fn who() -> String {
    let user = ["PAMPHLET_WHO", "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER", "USERNAME"]
        .iter()
        .find_map(|name| variable(name));
    let host = gethostname::gethostname().to_string_lossy().into_owned();
    format!("{} on {host}", user.as_deref().unwrap_or("somebody"))
}

/// This machine and a folder on it, as a hash: a copy of the folder, or on another machine, gives another.
pub(super) fn place(root: &std::path::Path) -> String {
    let whole = root.canonicalize().or_else(|_| std::path::absolute(root)).unwrap_or_else(|_| root.to_owned());
    let text = format!("{}\n{}", gethostname::gethostname().to_string_lossy(), whole.display());
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}

/// A word that nobody else comes upon.
pub(super) fn word() -> String {
    let mut bytes = [0; 8];
    if getrandom::fill(&mut bytes).is_err() {
        // Without a source of chance the clock and the process are the best there is.
        bytes = (clock().as_nanosecond() as u64 ^ u64::from(std::process::id()).rotate_left(32)).to_le_bytes();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
