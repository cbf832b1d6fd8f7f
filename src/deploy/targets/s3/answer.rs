//! What an object store answers, and what that means in plain words.
//!
//! No message repeats an address that was asked for: the signature is in it.

use std::io::ErrorKind;

use jiff::fmt::rfc2822::DateTimeParser;
use quick_xml::Reader;
use quick_xml::events::Event;
use rusty_s3::Method;
use ureq::http::HeaderMap;

use crate::deploy::names;
use crate::deploy::target::{Problem, ProblemKind};

/// What keys must be allowed to do.
const RIGHTS: &str = "the keys need the rights `s3:ListBucket` on the bucket, and `s3:GetObject`, `s3:PutObject` and \
    `s3:DeleteObject` on what is in it";

/// An answer of the store, or of something that stands between.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// What a store says about a refusal.
#[derive(Default)]
struct Reason {
    code: String,
    message: String,
    region: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The moment of the answer by the store's clock, in seconds since 1970.
    pub(super) fn date(&self) -> Option<i64> {
        let date = DateTimeParser::new().parse_timestamp(self.header("date")?).ok()?;
        Some(date.as_second())
    }

    /// Whether a store wrote or holds this object: all of them send its print, which nothing else on the way does.
    pub(super) fn is_from_store(&self) -> bool {
        self.headers.contains_key("etag")
    }

    /// Whether an object was copied; the answer is begun before the copy is made, and tells only at its end.
    pub(super) fn is_copied(&self) -> bool {
        root(&self.body).as_deref() == Some("CopyObjectResult")
    }

    /// Whether trying again may help.
    pub(super) fn is_passing(&self, method: Method) -> bool {
        let is_late_error =
            || matches!(method, Method::Put | Method::Post) && self.status == 200 && self.reason().is_some();
        match self.status {
            429 | 500 | 502 | 503 | 504 => true,
            400 => self.code() == "RequestTimeout",
            // Two that write one object at the same moment: the later one goes first or second.
            409 => matches!(self.code().as_str(), "OperationAborted" | "ConditionalRequestConflict"),
            _ => is_late_error(),
        }
    }

    /// Whether the store did not let us in.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self.status, 401 | 403) || self.status == 400 && is_about_time(&self.code())
    }

    /// Whether the object, and nothing more, is missing.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self.code().as_str(), "NoSuchKey" | "NoSuchVersion" | "NotFound")
    }

    /// Whether the store cannot do this at all.
    pub(super) fn does_not_know_how(&self) -> bool {
        let knows = ["AccessDenied", "NoSuchBucket", "InvalidAccessKeyId", "SignatureDoesNotMatch"];
        matches!(self.status, 404 | 405 | 501) && !knows.contains(&self.code().as_str())
            || matches!(self.code().as_str(), "NotImplemented" | "MethodNotAllowed" | "InvalidArgument" | "BadDigest")
            || self.status == 400 && matches!(self.code().as_str(), "InvalidRequest" | "MalformedXML" | "InvalidDigest")
    }

    fn code(&self) -> String {
        self.reason().unwrap_or_default().code
    }

    fn reason(&self) -> Option<Reason> {
        if root(&self.body)? != "Error" {
            return None;
        }
        let text = String::from_utf8_lossy(&self.body);
        let mut reader = Reader::from_str(&text);
        let (mut reason, mut within) = (Reason::default(), String::new());
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => within = start.local_name().as_ref().to_owned(),
                Ok(Event::End(_)) => within.clear(),
                Ok(Event::Text(text)) => match within.as_str() {
                    "Code" => reason.code.push_str(&text),
                    "Message" => reason.message.push_str(&text),
                    "Region" => reason.region.push_str(&text),
                    _ => {}
                },
                Ok(Event::Eof) | Err(_) => return Some(reason),
                Ok(_) => {}
            }
        }
    }

    fn is_web_page(&self) -> bool {
        let is_html = |kind: &str| kind.to_ascii_lowercase().starts_with("text/html");
        self.header("content-type").is_some_and(is_html)
            || root(&self.body).is_some_and(|name| name.eq_ignore_ascii_case("html"))
    }
}

/// The name of the outermost element, if this is XML.
fn root(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let mut reader = Reader::from_str(&text);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => {
                return Some(start.local_name().as_ref().to_owned());
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn is_about_time(code: &str) -> bool {
    matches!(code, "RequestTimeTooSkewed" | "RequestExpired" | "AuthorizationQueryParametersError")
}

/// Whether a request that broke may be made again.
pub(super) fn is_passing(error: &ureq::Error) -> bool {
    use ureq::Error::{BodyStalled, ConnectionFailed, HostNotFound, Io, Protocol, Timeout};
    match error {
        Io(error) => !is_about_certificates(error),
        Timeout(_) | Protocol(_) | ConnectionFailed | BodyStalled => true,
        // A line that has just come up knows no names for a moment.
        HostNotFound => true,
        _ => false,
    }
}

/// Faults of TLS come as faults of reading and writing.
fn is_about_certificates(error: &std::io::Error) -> bool {
    error.kind() == ErrorKind::InvalidData
}

/// What is spoken to, for messages.
pub(super) struct Place {
    /// With its port, if it has one of its own.
    pub(super) host: String,
    pub(super) bucket: String,
    /// The access key.
    pub(super) key: String,
}

impl Place {
    /// Why a request had no answer.
    pub(super) fn broken(&self, error: &ureq::Error) -> Problem {
        use ureq::Error::{ConnectProxyFailed, HostNotFound, Io, Rustls, Timeout, Tls};
        let host = &self.host;
        let lost = |what: String, help: &str| Problem::new(ProblemKind::Connection, what, help);
        let again = "look at the internet connection, then publish again: what has been sent stays";
        let unsafe_ = |why: String| {
            Problem::new(
                ProblemKind::NotAllowed,
                format!("the connection to {host} is not safe: {why}"),
                "look whether this computer's date is right and whether `endpoint` names the right host; a host with a certificate \
                 of your own organisation cannot be used",
            )
        };
        let no_host = || {
            let help = "look at `endpoint` and at the internet connection, then publish again";
            lost(format!("there is no host {host}"), help)
        };
        match error {
            HostNotFound => no_host(),
            Timeout(_) => lost(format!("{host} does not answer"), again),
            Rustls(error) => unsafe_(error.to_string()),
            Tls(error) => unsafe_((*error).to_owned()),
            Io(error) if is_about_certificates(error) => unsafe_(error.to_string()),
            Io(error) if names::is_unknown(error) => no_host(),
            Io(error) if names::is_about_names(error) => lost(
                format!(
                    "the name of the host {host} cannot be looked up at the moment: the network's name server does not answer"
                ),
                again,
            ),
            Io(error) => match error.kind() {
                ErrorKind::ConnectionRefused => lost(
                    format!("{host} does not take connections"),
                    "look at `endpoint` and its port; if they are right, the store is down: try again later",
                ),
                ErrorKind::TimedOut | ErrorKind::WouldBlock => lost(format!("{host} does not answer"), again),
                _ => lost(format!("the connection to {host} broke"), again),
            },
            ConnectProxyFailed(_) => lost(
                format!("the proxy of this network does not let us through to {host}"),
                "ask whoever looks after the network, or publish from another one",
            ),
            _ => lost(format!("the connection to {host} broke"), again),
        }
    }

    /// Something else than an object store answered.
    pub(super) fn foreign(&self, answer: &Answer) -> Problem {
        let what = if answer.is_web_page() { "with a web page" } else { "in a way that no object store does" };
        Problem::new(
            ProblemKind::Other,
            format!("{} answered {what} (status {})", self.host, answer.status),
            "look at `endpoint`: it is the address for programs, not that of the console; a network that asks people to sign in, or \
             a proxy, answers so too",
        )
    }

    /// Why the store did not do what it was asked; `doing` is a verb with or without its object, `key` the object.
    pub(super) fn refused(&self, answer: &Answer, doing: &str, key: Option<&str>) -> Problem {
        let reason = answer.reason();
        if reason.is_none() && (answer.is_web_page() || !answer.body.is_empty()) {
            return self.foreign(answer);
        }
        let reason = reason.unwrap_or_default();
        let what = key.map_or_else(|| doing.to_owned(), |key| format!("{doing} `{key}`"));
        self.access(&reason)
            .or_else(|| self.elsewhere(answer, &reason))
            .or_else(|| self.room(answer, &reason, &what))
            .unwrap_or_else(|| self.other(answer, &reason, &what))
    }

    fn access(&self, reason: &Reason) -> Option<Problem> {
        let Self { host, key, .. } = self;
        let no = |message: String, help: &str| Some(Problem::new(ProblemKind::NotAllowed, message, help));
        match reason.code.as_str() {
            "InvalidAccessKeyId" => no(
                format!("{host} does not know the access key `{key}`"),
                "look at the access key, and whether it is one of this store",
            ),
            "SignatureDoesNotMatch" => no(
                format!("the secret does not belong to the access key `{key}` of {host}"),
                "set the secret anew: copy it whole, without blanks; if it is lost, make a new key in the store's console",
            ),
            "ExpiredToken" | "TokenRefreshRequired" | "InvalidToken" => no(
                format!("the keys for {host} are no longer good"),
                "fetch new ones, with their token, and publish again",
            ),
            "AccountProblem" | "NotSignedUp" | "AllAccessDisabled" | "UserSuspended" => no(
                format!("{host} has closed the account of the access key `{key}`"),
                "ask whoever looks after the account with the store's provider",
            ),
            code if is_about_time(code) => Some(Problem::new(
                ProblemKind::Clock,
                format!("this computer's clock and that of {host} do not agree"),
                "set this computer's date, time and time zone, then publish again",
            )),
            _ => None,
        }
    }

    fn elsewhere(&self, answer: &Answer, reason: &Reason) -> Option<Problem> {
        let Self { host, bucket, .. } = self;
        let other = |message: String, help: String| Some(Problem::new(ProblemKind::Other, message, help));
        let region = Some(reason.region.as_str()).filter(|region| !region.is_empty());
        let region = region.or_else(|| answer.header("x-amz-bucket-region"));
        let is_elsewhere = matches!(answer.status, 301 | 302 | 307 | 308)
            || matches!(
                reason.code.as_str(),
                "PermanentRedirect" | "TemporaryRedirect" | "IllegalLocationConstraintException"
            )
            || reason.code == "AuthorizationHeaderMalformed" && region.is_some();
        match (reason.code.as_str(), region) {
            ("NoSuchBucket", _) => other(
                format!("{host} has no bucket `{bucket}`"),
                "look at the bucket's name in `to`, and at `endpoint`; if there is none yet, make it in the store's console".to_owned(),
            ),
            ("InvalidBucketName", _) => {
                other(format!("`{bucket}` cannot be the name of a bucket at {host}"), "look at the bucket's name in `to`".to_owned())
            }
            (_, Some(region)) if is_elsewhere => other(
                format!("the bucket `{bucket}` is in the region `{region}`"),
                format!("set `region = \"{region}\"`, and the `endpoint` of that region if it has one of its own"),
            ),
            _ if is_elsewhere => other(
                format!("the bucket `{bucket}` is not at {host}"),
                "look at `endpoint` and `region`: the store's console shows them with the bucket".to_owned(),
            ),
            _ => None,
        }
    }

    fn room(&self, answer: &Answer, reason: &Reason, what: &str) -> Option<Problem> {
        let Self { host, bucket, .. } = self;
        let full = |message: String, help: &str| Some(Problem::new(ProblemKind::Full, message, help));
        let code = reason.code.as_str();
        match (answer.status, code) {
            (_, "EntityTooLarge") => full(
                format!("{host} cannot {what}: the file is larger than the store takes"),
                "make the file smaller, or let the store's administrator raise the limit",
            ),
            (507, _)
            | (
                _,
                "QuotaExceeded" | "InsufficientStorage" | "StorageFull" | "XMinioStorageFull" | "InsufficientCapacity",
            ) => full(
                format!("there is no room left in the bucket `{bucket}`: {host} could not {what}"),
                "make room in the bucket, or let the store's administrator raise its limit; then publish again",
            ),
            (_, code) if code.contains("Quota") || code.contains("StorageFull") => full(
                format!("there is no room left in the bucket `{bucket}`: {host} could not {what}"),
                "make room in the bucket, or let the store's administrator raise its limit; then publish again",
            ),
            _ => None,
        }
    }

    fn other(&self, answer: &Answer, reason: &Reason, what: &str) -> Problem {
        let Self { host, bucket, key } = self;
        let said = match (reason.code.as_str(), reason.message.as_str()) {
            ("", _) => format!("status {}", answer.status),
            (code, "") => code.to_owned(),
            (code, message) => format!("{code}: {message}"),
        };
        match answer.status {
            401 | 403 => Problem::new(
                ProblemKind::NotAllowed,
                format!("the access key `{key}` may not {what} in the bucket `{bucket}` of {host}"),
                RIGHTS,
            ),
            429 | 500 | 502 | 503 | 504 => Problem::new(
                ProblemKind::Connection,
                format!("{host} is overloaded or out of order: it could not {what} ({said})"),
                "try again later; what has been sent stays",
            ),
            _ => Problem::new(
                ProblemKind::Other,
                format!("{host} could not {what} ({said})"),
                "look at the settings of this target; if they are right, ask the store's administrator",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() }
    }

    fn refused(status: u16, code: &str) -> Problem {
        let place = Place { host: "store.example".to_owned(), bucket: "site".to_owned(), key: "AK".to_owned() };
        let body =
            format!("<?xml version=\"1.0\"?><Error xmlns=\"x\"><Code>{code}</Code><Region>eu-north-1</Region></Error>");
        place.refused(&answer(status, &body), "write", Some("a b.html"))
    }

    #[test]
    fn each_reason_has_its_words() {
        let expected = [
            (403, "InvalidAccessKeyId", ProblemKind::NotAllowed, "store.example does not know the access key `AK`"),
            (
                403,
                "SignatureDoesNotMatch",
                ProblemKind::NotAllowed,
                "the secret does not belong to the access key `AK` of store.example",
            ),
            (404, "NoSuchBucket", ProblemKind::Other, "store.example has no bucket `site`"),
            (
                403,
                "AccessDenied",
                ProblemKind::NotAllowed,
                "the access key `AK` may not write `a b.html` in the bucket `site` of store.example",
            ),
            (
                403,
                "QuotaExceeded",
                ProblemKind::Full,
                "there is no room left in the bucket `site`: store.example could not write `a b.html`",
            ),
            (
                507,
                "",
                ProblemKind::Full,
                "there is no room left in the bucket `site`: store.example could not write `a b.html`",
            ),
            (
                403,
                "RequestTimeTooSkewed",
                ProblemKind::Clock,
                "this computer's clock and that of store.example do not agree",
            ),
            (
                503,
                "SlowDown",
                ProblemKind::Connection,
                "store.example is overloaded or out of order: it could not write `a b.html` (SlowDown)",
            ),
            (301, "PermanentRedirect", ProblemKind::Other, "the bucket `site` is in the region `eu-north-1`"),
            (
                400,
                "AuthorizationHeaderMalformed",
                ProblemKind::Other,
                "the bucket `site` is in the region `eu-north-1`",
            ),
            (418, "Odd", ProblemKind::Other, "store.example could not write `a b.html` (Odd)"),
        ];
        for (status, code, kind, message) in expected {
            let problem = refused(status, code);
            assert_eq!((problem.kind, problem.message.as_str()), (kind, message), "{status} {code}");
        }
    }

    #[test]
    fn a_web_page_is_no_object_store() {
        let place = Place { host: "store.example".to_owned(), bucket: "site".to_owned(), key: "AK".to_owned() };
        let page = answer(403, "<!DOCTYPE html><html><p>Sign in<br></html>");
        assert_eq!(place.refused(&page, "write", None).message, "store.example answered with a web page (status 403)");
        assert!(!page.is_missing() && !page.is_copied() && !page.is_from_store());
    }

    #[test]
    fn an_answer_tells_its_moment() {
        let mut one = answer(200, "");
        assert_eq!(one.date(), None);
        one.headers.insert("date", "Sun, 06 Nov 1994 08:49:37 GMT".parse().expect("a header"));
        assert_eq!(one.date(), Some(784_111_777));
    }

    #[test]
    fn an_error_within_a_good_answer_is_tried_again() {
        let late = answer(200, "<Error><Code>InternalError</Code></Error>");
        assert!(late.is_passing(Method::Put) && !late.is_passing(Method::Get));
        assert!(answer(503, "").is_passing(Method::Get) && !answer(403, "").is_passing(Method::Put));
    }
}
