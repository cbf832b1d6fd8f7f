//! A request as it came → what it asks for, or why it is refused.
//!
//! * Only `GET` and `HEAD`; only for a host that is ours, so that a foreign page whose name suddenly leads to this
//!   machine (DNS rebinding) reads nothing; only with the secret, if there is one.
//! * A path is split before it is decoded, and each part must be a plain name. The path is then looked up among the
//!   routes, never on the disk.

use std::net::IpAddr;

use headers::{Cookie, HeaderMapExt};
use hyper::header::HOST;
use hyper::{Method, Request};
use percent_encoding::percent_decode_str;

use super::revision::Lens;

/// The preview's own files are below this address, under the site's prefix. No output may have this name.
pub(crate) const OWN: &str = "/.pamphlet/";

/// Who may ask, and what they may see.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    /// The names of this computer that it answers to, apart from `localhost`.
    pub(crate) hosts: Vec<String>,
    /// Whether only this machine can reach the server.
    pub(crate) reach: Reach,
    /// The view that everybody gets, whatever they ask for.
    pub(crate) forced: Option<Lens>,
    /// The hash of the secret that is needed to see anything.
    pub(crate) token: Option<blake3::Hash>,
}

/// Where the server can be reached from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reach {
    ThisMachine,
    Network,
}

/// What a request asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Wanted {
    /// What is published at an address below the prefix.
    Address { lens: Lens, address: String, query: Option<String> },
    /// The script that makes pages live.
    Script,
    /// The news of the page at an address, for a tab that shows the bytes with this tag and returns `seen`.
    Events { lens: Lens, page: String, tag: String, seen: String },
    /// The site's faults, for programs.
    Faults,
    /// The same place again, now that the secret is known.
    Admitted { to: String },
    /// Something above the path that the site is below.
    Above,
}

/// Why a request is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refused {
    Malformed,
    Method,
    ForeignHost,
    Secret,
}

/// The beginning of the name of the cookie that holds a browser's view. Cookies ignore ports, so the port is in the name:
/// previews on one computer do not share them.
const VIEW: &str = "pamphlet_view_";
/// The beginning of the name of the cookie that holds the secret.
const TOKEN: &str = "pamphlet_token_";

/// The name of the cookie with the secret, for the host and port of a request.
pub(crate) fn token_cookie<B>(request: &Request<B>) -> String {
    format!("{TOKEN}{}", port(request))
}

/// The port in the browser's address bar; empty for the default one.
fn port<B>(request: &Request<B>) -> String {
    let authority = request.uri().authority().cloned().or_else(|| {
        let host = request.headers().get(HOST)?;
        host.to_str().ok()?.parse::<hyper::http::uri::Authority>().ok()
    });
    authority
        .and_then(|authority| authority.port_u16())
        .filter(|port| *port != 80)
        .map_or(String::new(), |port| port.to_string())
}

/// What `request` asks for on a site below `prefix`; `as_of` parses a moment.
pub(crate) fn understand<B>(
    request: &Request<B>,
    guard: &Guard,
    prefix: &str,
    as_of: &dyn Fn(&str) -> Option<Lens>,
) -> Result<Wanted, Refused> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Refused::Method);
    }
    let uri = request.uri();
    guard.admit_host(&host(request)?)?;
    let cookies = request.headers().typed_get::<Cookie>();
    let cookie = |name: &str| cookies.as_ref().and_then(|cookies| cookies.get(name));
    let path = decoded(uri.path())?;
    if let Some(token) = guard.token {
        let is_right = |secret: &str| blake3::hash(secret.as_bytes()) == token;
        if !cookie(&token_cookie(request)).is_some_and(is_right) {
            let said = parameter(uri.query(), "token").filter(|secret| is_right(secret));
            return said.map(|_| Wanted::Admitted { to: uri.path().to_owned() }).ok_or(Refused::Secret);
        }
    }
    let lens = guard.forced.unwrap_or_else(|| {
        match cookie(&format!("{VIEW}{}", port(request))).map(|text| percent_decode_str(text).decode_utf8_lossy()) {
            Some(text) if text == "published" => Lens::Published,
            // An unreadable moment was a wish to see what readers see.
            Some(text) => as_of(&text).unwrap_or(Lens::Published),
            None => Lens::Everything,
        }
    });
    let prefix = percent_decode_str(prefix).decode_utf8_lossy();
    let Some(address) = path.strip_prefix(&*prefix).filter(|rest| rest.starts_with('/')) else {
        return Ok(Wanted::Above);
    };
    match address.strip_prefix(OWN) {
        Some("preview.js") => Ok(Wanted::Script),
        Some("faults.json") if guard.forced.is_none() => Ok(Wanted::Faults),
        Some("events") => {
            let page = parameter(uri.query(), "page").unwrap_or_else(|| "/".to_owned());
            let tag = parameter(uri.query(), "etag").unwrap_or_default();
            let seen = parameter(uri.query(), "seen").unwrap_or_default();
            Ok(Wanted::Events { lens, page, tag, seen })
        }
        _ => Ok(Wanted::Address { lens, address: address.to_owned(), query: uri.query().map(str::to_owned) }),
    }
}

/// The requested host: that of an absolute address, which takes precedence (RFC 9112, section 3.2.2), or of the header.
fn host<B>(request: &Request<B>) -> Result<String, Refused> {
    let mut headers = request.headers().get_all(HOST).iter();
    let (first, second) = (headers.next(), headers.next());
    if second.is_some() {
        return Err(Refused::Malformed);
    }
    let authority = match (request.uri().authority(), first) {
        (Some(authority), _) => authority.clone(),
        (None, Some(header)) => header.to_str().ok().and_then(|text| text.parse().ok()).ok_or(Refused::Malformed)?,
        (None, None) => return Err(Refused::Malformed),
    };
    if authority.as_str().contains('@') {
        return Err(Refused::Malformed);
    }
    Ok(authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase())
}

impl Guard {
    /// Refuses a name that somebody else may have pointed here; a numeric address cannot be redirected.
    fn admit_host(&self, host: &str) -> Result<(), Refused> {
        let is_ours = host == "localhost"
            || self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
            || host.parse::<IpAddr>().is_ok_and(|ip| self.reach == Reach::Network || ip.is_loopback());
        if is_ours { Ok(()) } else { Err(Refused::ForeignHost) }
    }
}

/// A decoded path, if each of its parts is a plain name.
fn decoded(path: &str) -> Result<String, Refused> {
    if !path.starts_with('/') {
        return Err(Refused::Malformed);
    }
    let mut parts = Vec::new();
    for part in path.split('/') {
        let part = percent_decode_str(part).decode_utf8().map_err(|_| Refused::Malformed)?;
        if matches!(&*part, "." | "..") || part.contains(['/', '\\']) || part.chars().any(char::is_control) {
            return Err(Refused::Malformed);
        }
        parts.push(part.into_owned());
    }
    Ok(parts.join("/"))
}

/// The value of a parameter in a query.
fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query?.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
