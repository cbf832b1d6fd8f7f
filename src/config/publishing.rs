//! `[publish.NAME]` of `site.toml` → the places that the site is published to.
//!
//! No secret stands there: who finds `site.toml` finds an address. Keys come from the environment, the system's key agent or
//! the person who is asked.

use super::layers::Layers;
use crate::diagnostic::{Code, Diagnostic, Span};

/// A place to publish to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Destination {
    /// What the site calls it.
    pub(crate) name: String,
    pub(crate) place: Place,
    /// How many earlier states can be put back.
    pub(crate) keep: usize,
    /// Whether texts are packed, where the place sends what it is given.
    pub(crate) compress: bool,
    /// Where the name stands.
    pub(crate) span: Span,
}

/// What kind of place it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// A folder of this machine, as written.
    Folder(String),
    /// A file to upload by hand, as written.
    Zip(String),
    Sftp {
        user: Option<String>,
        host: String,
        port: Option<u16>,
        /// Absolute, or below the home folder if it does not begin with a slash.
        folder: String,
    },
    S3 {
        bucket: String,
        /// Empty, or without slashes at its ends.
        prefix: String,
        /// The address of the store, if it is not Amazon's.
        endpoint: Option<String>,
        region: Option<String>,
    },
}

/// Where secrets come from.
const SECRETS: &str = "remove it, and if others have seen it, replace it where it was made. For SFTP, `ssh` uses your key or asks; for an object \
                       store, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or type them when you are asked";

/// How many states can be put back if the site says nothing.
const KEEP: usize = 10;

/// Reads `[publish]`.
pub(super) fn read(site: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Vec<Destination> {
    let table = site.table("publish", faults);
    let mut all = Vec::new();
    for (name, span) in table.keys() {
        let one = table.table(&name, faults);
        secrets(&one, faults);
        let (endpoint, region) = (one.text_at("endpoint", faults), one.text("region", faults));
        let (keep, compress) = (one.count("keep", faults), one.flag("compress", true, faults));
        let before = faults.len();
        let to = one.text_at("to", faults);
        if to.is_none() && faults.len() == before && !one.each().is_empty() {
            faults.push(one.missing("to", "\"sftp://user@www.example.org/srv/www/site\""));
        }
        one.finish(faults);
        let Some((to, at)) = to else { continue };
        let place = place(&to, endpoint.as_ref().map(|(text, _)| text.as_str()), region);
        let place = place.and_then(|place| match (&place, &endpoint) {
            (Place::S3 { .. }, Some((text, _))) if !is_web(text) => {
                Err(format!("the endpoint `{text}` must begin with https://, as in \"https://s3.example.org\""))
            }
            (Place::Folder(_) | Place::Zip(_) | Place::Sftp { .. }, Some(_)) => {
                Err("`endpoint` is the address of an object store, and is of no use here: remove it".to_owned())
            }
            _ => Ok(place),
        });
        match place {
            Ok(place) => all.push(Destination { name, place, keep: keep.unwrap_or(KEEP), compress, span }),
            // What stands before an `@` may be a secret, and messages go to logs: neither is it repeated nor its line quoted.
            Err(_) if to.contains('@') && to.contains(':') && !to.starts_with("ftp") => faults.push(
                Diagnostic::new(
                    Code::WrongSetting,
                    format!("`{}` is no address that can be published to, or holds a password, which does not belong into site.toml", one.path("to")),
                )
                .span(Span::file(&at.file))
                .help(SECRETS),
            ),
            Err(message) => faults.push(Diagnostic::new(Code::WrongSetting, message).span(at)),
        }
    }
    table.finish(faults);
    all
}

fn is_web(address: &str) -> bool {
    address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).is_some_and(|rest| !rest.is_empty())
}

/// Reports settings that look as if they held a secret, which `finish` would only call unknown.
fn secrets(one: &Layers<'_>, faults: &mut Vec<Diagnostic>) {
    const NAMES: &[&str] = &[
        "password",
        "secret",
        "key",
        "access_key",
        "secret_key",
        "access_key_id",
        "secret_access_key",
        "token",
        "passphrase",
    ];
    for (name, span) in one.keys() {
        if NAMES.contains(&name.to_ascii_lowercase().as_str()) {
            one.ask(&name);
            // The line is not quoted: messages go to logs.
            faults.push(
                Diagnostic::new(
                    Code::WrongSetting,
                    format!("`{}` does not belong into site.toml, which others can read", one.path(&name)),
                )
                .span(Span::file(&span.file))
                .help(SECRETS),
            );
        }
    }
}

/// The place that `to` means, or what is wrong with it.
fn place(to: &str, endpoint: Option<&str>, region: Option<String>) -> Result<Place, String> {
    let to = to.trim();
    let Some((scheme, rest)) = to.split_once("://") else {
        return match to {
            "" => Err("`to` is empty: write a folder, or an address that begins with sftp:// or s3://".to_owned()),
            home if home.starts_with('~') => {
                Err(format!("`{home}` is not looked up: write the folder in full, or from the site's folder on"))
            }
            copy if copy.contains('@') && copy.contains(':') => {
                Err(format!("`{copy}` is no folder: write sftp://USER@SERVER/FOLDER"))
            }
            zip if zip.to_ascii_lowercase().ends_with(".zip") => Ok(Place::Zip(zip.to_owned())),
            folder => Ok(Place::Folder(folder.to_owned())),
        };
    };
    match scheme {
        "sftp" | "ssh" => sftp(rest),
        "s3" => {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            let is_name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
            if bucket.is_empty() || !bucket.chars().all(is_name) {
                return Err(format!("`{to}` names no bucket: write `s3://BUCKET`, or `s3://BUCKET/FOLDER`"));
            }
            if prefix.split('/').any(|part| part == "." || part == "..") {
                return Err(format!("`{to}` leads through `..`: write the folder as it is called in the bucket"));
            }
            let (bucket, prefix) = (bucket.to_owned(), prefix.trim_matches('/').to_owned());
            Ok(Place::S3 { bucket, prefix, endpoint: endpoint.map(str::to_owned), region })
        }
        "file" => Err(format!("write the folder as it is: `{}`", rest.trim_start_matches("localhost"))),
        "ftp" | "ftps" => Err(
            "FTP cannot replace a page as a whole, and sends passwords readably: ask the host for SFTP, which most of them offer \
             beside it"
                .to_owned(),
        ),
        "http" | "https" if rest.contains("s3") => {
            Err(format!("write `to = \"s3://BUCKET\"`, and the address of the store as `endpoint = \"{scheme}://…\"`"))
        }
        "http" | "https" => Err(format!(
            "`{to}` is where readers find the site (`base_url`); where it is published to is a folder, or begins with sftp:// or s3://"
        )),
        _ => Err(format!("`{scheme}://` is not known: write a folder, or an address that begins with sftp:// or s3://")),
    }
}

fn sftp(rest: &str) -> Result<Place, String> {
    let (authority, folder) = rest.split_once('/').map_or((rest, ""), |(host, folder)| (host, folder));
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, _)) if user.contains(':') => {
            return Err("a password does not belong into site.toml: leave it out. `ssh` asks for it, or uses your key"
                .to_owned());
        }
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    // An IPv6 address stands in brackets.
    let (host, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => host.split_once(':').map_or((host, None), |(host, port)| (host, Some(port))),
    };
    let port = port
        .map(|port| port.parse().map_err(|_| format!("`{port}` is no port: write a number, as in `:22`")))
        .transpose()?;
    // What begins with a dash would be an option of `ssh`.
    let is_wrong = |text: &str| text.is_empty() || text.starts_with('-') || text.contains(char::is_whitespace);
    if is_wrong(host) || user.is_some_and(is_wrong) {
        return Err(format!("`sftp://{rest}` names no server: write `sftp://USER@SERVER/FOLDER`"));
    }
    let decoded = percent_encoding::percent_decode_str(folder).decode_utf8_lossy().into_owned();
    // As scp and curl have it: `/~/` is the home folder.
    let folder = match decoded.strip_prefix("~/") {
        Some(below) => below.trim_end_matches('/').to_owned(),
        None => format!("/{}", decoded.trim_end_matches('/')),
    };
    if folder.is_empty() || folder == "/" || folder.split('/').any(|part| part == "..") {
        return Err(format!(
            "`sftp://{rest}` names no folder: write `sftp://USER@SERVER/FOLDER`, as in sftp://web@www.example.org/srv/www/site"
        ));
    }
    Ok(Place::Sftp { user: user.map(str::to_owned), host: host.to_owned(), port, folder })
}

impl Destination {
    /// Where it is, in words: without anything that is nobody's business.
    pub(crate) fn shown(&self) -> String {
        match &self.place {
            Place::Folder(folder) => format!("the folder `{folder}`"),
            Place::Zip(file) => format!("the file `{file}`"),
            Place::Sftp { host, folder, .. } => format!("`{folder}` on {host}"),
            Place::S3 { bucket, prefix, .. } if prefix.is_empty() => format!("the bucket `{bucket}`"),
            Place::S3 { bucket, prefix, .. } => format!("`{prefix}` in the bucket `{bucket}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_or_said_to_be_wrong() {
        let read = |to: &str| place(to, None, None);
        assert_eq!(read("../site"), Ok(Place::Folder("../site".to_owned())));
        assert_eq!(read("site.ZIP"), Ok(Place::Zip("site.ZIP".to_owned())));
        let sftp = |user: Option<&str>, host: &str, port, folder: &str| {
            Ok(Place::Sftp { user: user.map(str::to_owned), host: host.to_owned(), port, folder: folder.to_owned() })
        };
        assert_eq!(read("sftp://web@www.example.org/srv/www/"), sftp(Some("web"), "www.example.org", None, "/srv/www"));
        assert_eq!(
            read("sftp://example.org:2222/~/public%20html"),
            sftp(None, "example.org", Some(2222), "public html")
        );
        assert_eq!(read("sftp://web@[2001:db8::1]:22/www"), sftp(Some("web"), "2001:db8::1", Some(22), "/www"));
        for wrong in [
            "",
            "sftp://",
            "sftp://host",
            "sftp://host/",
            "sftp://-oProxyCommand=x/www",
            "sftp://-x@host/www",
            "sftp://a b/www",
            "sftp://host:x/www",
            "sftp://web:word@host/www",
            "sftp://host/a/../../etc",
            "s3://",
            "s3:///x",
            "s3://a b",
            "s3://b/../c",
            "ftp://host/www",
            "https://www.example.org/",
            "https://s3.example.org/b",
            "gopher://x",
            "file:///srv/www",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(!read("sftp://web:word@host/www").expect_err("a password").contains("word@"));
    }
}
