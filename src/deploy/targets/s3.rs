//! A bucket of an object store that speaks S3: Amazon's, Ceph's, MinIO's and others.
//!
//! Both areas lie below one prefix of the bucket, the state in the folder `.pamphlet` of it. An object is written as a whole or
//! not at all, and its headers with it.

mod answer;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rusty_s3::actions::{
    DeleteObjects, DeleteObjectsResponse, ListObjectsV2, ListObjectsV2Response, ObjectIdentifier, PutObject,
};
use rusty_s3::{Bucket, Credentials, Method, S3Action, UrlStyle};
use ureq::Agent;

use self::answer::{Answer, Place};
use super::Clock;
use crate::deploy::target::{About, Area, Lying, PATIENCE, Problem, ProblemKind, Spent, Target};

/// Where the state lies below the prefix.
const STATE: &str = ".pamphlet/";

/// For how long a signed request may be begun.
const SIGNED_FOR: Duration = Duration::from_secs(15 * 60);

/// How long a connection may take to be made.
const CONNECTING: Duration = Duration::from_secs(15);

/// How long is waited before a request is tried again.
const WAITS: [Duration; 3] = [Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(4)];

/// How many objects one request may remove.
const AT_A_TIME: usize = 1000;

/// From this size on, a store may refuse a file before it is sent: some close the connection when they refuse, and then their
/// reason would be lost.
const LARGE: usize = 1024 * 1024;

/// How many requests run at once.
const AT_ONCE: usize = 16;

/// A clock that is off by less is not the reason for a refusal: stores allow 15 minutes, and some less.
const SKEW: i64 = 60;

/// What stands in the path of an object as it is: what a signature leaves as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// What it takes to reach a bucket.
pub(crate) struct StoreSettings {
    pub(crate) bucket: String,
    /// The folder of the bucket that holds the site; empty for all of it.
    pub(crate) prefix: String,
    /// `https://…` (or `http://…`), without the bucket.
    pub(crate) endpoint: String,
    pub(crate) region: String,
    /// Whether the bucket's name stands in the path and not in the host's name.
    pub(crate) path_style: bool,
    /// The access key, which is no secret.
    pub(crate) key: String,
    pub(crate) secret: String,
    /// The token of keys that expire.
    pub(crate) token: Option<String>,
    pub(crate) clock: Clock,
}

/// A bucket and how to talk to it. It has no `Debug`: it holds the secret.
pub(crate) struct ObjectStore {
    bucket: Bucket,
    credentials: Credentials,
    /// Empty, or with a `/` at its end.
    prefix: String,
    place: Place,
    agent: Agent,
    clock: Clock,
    waits: [Duration; 3],
    /// How far the store's clock is ahead of ours, in seconds; the least number while it has not told.
    ahead: AtomicI64,
    /// What is added to our clock to sign, in seconds: nothing, unless the store refused because of our clock.
    correction: AtomicI64,
    requests: AtomicU64,
    bytes: AtomicU64,
}

impl ObjectStore {
    /// Gets ready to talk to a bucket; asks it nothing yet. A `Problem` if the settings name no place.
    pub(crate) fn new(settings: StoreSettings) -> Result<Self, Problem> {
        let StoreSettings { bucket, prefix, endpoint, region, path_style, key, secret, token, clock } = settings;
        let wrong = |what: &str| {
            Problem::new(
                ProblemKind::Other,
                format!("the object store's address is {what}: {endpoint}"),
                "write it as `endpoint = \"https://…\"`, with the store's host and without the bucket",
            )
        };
        let url: url::Url = endpoint.parse().map_err(|_| wrong("none that can be read"))?;
        if !url.username().is_empty() || url.password().is_some() {
            // The address is not repeated: it holds a secret.
            return Err(Problem::new(
                ProblemKind::Other,
                "the object store's address holds a name or a password",
                "take it out of `endpoint`: keys come from the environment alone",
            ));
        }
        let host = url.host_str().map(|host| match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        });
        let Some(host) = host.filter(|_| matches!(url.scheme(), "http" | "https")) else {
            return Err(wrong("no web address"));
        };
        let style = if path_style { UrlStyle::Path } else { UrlStyle::VirtualHost };
        let reached = Bucket::new(url, style, bucket.clone(), region).map_err(|_| {
            Problem::new(
                ProblemKind::Other,
                format!("`{bucket}` cannot be the name of a bucket at {host}"),
                "look at the bucket's name: most stores allow small letters, digits and dashes in it",
            )
        })?;
        let credentials = match &token {
            Some(token) => Credentials::new_with_token(key.clone(), secret, token.clone()),
            None => Credentials::new(key.clone(), secret),
        };
        let prefix = match prefix.trim_matches('/') {
            "" => String::new(),
            prefix => format!("{prefix}/"),
        };
        Ok(Self {
            bucket: reached,
            credentials,
            prefix,
            place: Place { host, bucket, key },
            agent: agent(),
            clock,
            waits: WAITS,
            ahead: AtomicI64::new(i64::MIN),
            correction: AtomicI64::new(0),
            requests: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        })
    }

    fn key(&self, area: Area, path: &str) -> String {
        match area {
            Area::Site => format!("{}{path}", self.prefix),
            Area::State => format!("{}{STATE}{path}", self.prefix),
        }
    }

    /// Signs a request and makes it; after a break, or where the store asks for patience, up to three times more. The answer
    /// may be a refusal.
    fn ask<'a, A: S3Action<'a>>(
        &self,
        action: &A,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Answer, Problem> {
        let mut waits = self.waits.iter();
        let mut may_correct = true;
        loop {
            let signed = (self.clock)() + self.correction.load(Ordering::Relaxed);
            let moment = jiff02::Timestamp::from_second(signed).unwrap_or(jiff02::Timestamp::UNIX_EPOCH);
            let url = action.sign_with_time(SIGNED_FOR, &moment);
            let outcome = self.send(A::METHOD, url.as_str(), headers, body);
            if let Ok(answer) = &outcome {
                let ahead = self.note_clock(answer, signed);
                if let Some(ahead) = ahead.filter(|ahead| may_correct && ahead.abs() > SKEW && answer.is_refusal()) {
                    self.correction.store(signed + ahead - (self.clock)(), Ordering::Relaxed);
                    may_correct = false;
                    continue;
                }
            }
            let is_passing = match &outcome {
                Ok(answer) => answer.is_passing(A::METHOD),
                Err(error) => answer::is_passing(error),
            };
            match (waits.next(), is_passing) {
                (Some(wait), true) => thread::sleep(*wait),
                _ => return outcome.map_err(|error| self.place.broken(&error)),
            }
        }
    }

    /// Takes the store's time from an answer: how far it is ahead of the moment for which the request was signed.
    fn note_clock(&self, answer: &Answer, signed: i64) -> Option<i64> {
        let theirs = answer.date()?;
        self.ahead.store(theirs - (self.clock)(), Ordering::Relaxed);
        Some(theirs - signed)
    }

    fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Answer, ureq::Error> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut request = ureq::http::Request::builder().method(method.to_str()).uri(url);
        for (name, value) in headers {
            request = request.header(*name, value.as_bytes());
        }
        let mut response = match body {
            Some(bytes) => {
                self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                self.agent.run(request.body(bytes)?)
            }
            None => self.agent.run(request.body(())?),
        }?;
        let body = response.body_mut().with_config().read_to_vec()?;
        let (parts, _) = response.into_parts();
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    /// One page of a listing; `after` is a key, or the token that the page before ended with.
    fn page(&self, prefix: &str, after: &After) -> Result<ListObjectsV2Response, Problem> {
        let mut action = ListObjectsV2::new(&self.bucket, Some(&self.credentials));
        action.with_prefix(prefix);
        match after {
            After::Nothing => {}
            After::Key(key) => action.with_start_after(key.as_str()),
            After::Token(token) => action.with_continuation_token(token.as_str()),
        }
        let answer = self.ask(&action, &[], None)?;
        if answer.status != 200 {
            return Err(self.place.refused(&answer, "list its files", None));
        }
        let text = String::from_utf8_lossy(&answer.body);
        ListObjectsV2::parse_response(&text).map_err(|_| self.place.foreign(&answer))
    }

    /// Removes up to [`AT_A_TIME`] objects with one request. Gives back those that are still to be removed, because the store
    /// asked for patience or removes only one at a time.
    fn remove_together<'a>(&self, keys: &[&'a str]) -> Result<Vec<&'a str>, Problem> {
        let objects: Vec<ObjectIdentifier> = keys.iter().map(|key| ObjectIdentifier::new((*key).to_owned())).collect();
        let mut action = DeleteObjects::new(&self.bucket, Some(&self.credentials), objects.iter());
        action.set_quiet(true);
        let (body, md5) = action.clone().body_with_md5();
        let headers = [("content-md5", md5.as_str()), ("content-type", "application/xml")];
        let answer = self.ask(&action, &headers, Some(body.as_bytes()))?;
        if answer.does_not_know_how() {
            return Ok(keys.to_vec());
        }
        if answer.status != 200 {
            return Err(self.place.refused(&answer, "remove files", None));
        }
        let text = String::from_utf8_lossy(&answer.body);
        let told = DeleteObjectsResponse::parse(&text).map_err(|_| self.place.foreign(&answer))?;
        let mut left = Vec::new();
        for error in &told.errors {
            match (error.code.as_str(), keys.iter().find(|key| **key == error.key)) {
                ("NoSuchKey", _) => {}
                // Asked for alone, the store gives its reason.
                (_, Some(key)) => left.push(*key),
                (_, None) => return Err(self.place.foreign(&answer)),
            }
        }
        Ok(left)
    }

    fn remove_one(&self, key: &str) -> Result<(), Problem> {
        let action = self.bucket.delete_object(Some(&self.credentials), key);
        let answer = self.ask(&action, &[], None)?;
        match answer.status {
            200 | 204 => Ok(()),
            404 if answer.is_missing() => Ok(()),
            _ => Err(self.place.refused(&answer, "remove", Some(key))),
        }
    }

    /// What is sent with an object to those who ask for it; `None` if there is none.
    fn about(&self, key: &str) -> Result<Option<Answer>, Problem> {
        let answer = self.ask(&self.bucket.head_object(Some(&self.credentials), key), &[], None)?;
        match answer.status {
            200 => Ok(Some(answer)),
            404 => Ok(None),
            _ => Err(self.place.refused(&answer, "read", Some(key))),
        }
    }
}

/// Where a page of a listing begins.
enum After {
    Nothing,
    Key(String),
    Token(String),
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        // A request is signed for its host: what sends us elsewhere is told to the person who publishes.
        .max_redirects(0)
        .timeout_resolve(Some(CONNECTING))
        .timeout_connect(Some(CONNECTING))
        .timeout_per_read(Some(PATIENCE))
        .timeout_per_write(Some(PATIENCE))
        .max_idle_connections(AT_ONCE)
        .max_idle_connections_per_host(AT_ONCE)
        // Shorter than stores leave an idle connection open.
        .max_idle_age(Duration::from_secs(4))
        .user_agent(concat!("pamphlet/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

impl Target for ObjectStore {
    fn list(&self, area: Area, below: &str) -> Result<Vec<Lying>, Problem> {
        let own = self.key(area, "");
        let (wanted, state) = (self.key(area, below), self.key(Area::State, ""));
        let mut found = Vec::new();
        let mut after = After::Nothing;
        let mut may_skip = area == Area::Site;
        loop {
            let page = self.page(&wanted, &after)?;
            let ends_in_state = page.contents.last().is_some_and(|object| object.key.starts_with(&state));
            for object in page.contents {
                if area == Area::Site && object.key.starts_with(&state) {
                    continue;
                }
                let Some(path) = object.key.strip_prefix(&own) else { continue };
                let written = object.last_modified.and_then(|time| time.parse::<Timestamp>().ok());
                let written = written.map_or(0, Timestamp::as_second);
                // What ends with `/` is how some programs show a folder.
                if !path.is_empty() && !path.ends_with('/') {
                    found.push(Lying { path: path.to_owned(), size: object.size.unwrap_or(0), written });
                }
            }
            after = match page.next_continuation_token {
                None => break,
                // The state may hold many thousands of objects: the site's go on behind them.
                Some(_) if may_skip && ends_in_state => {
                    may_skip = false;
                    After::Key(format!("{state}\u{10FFFF}"))
                }
                Some(token) => After::Token(token),
            };
        }
        found.sort();
        found.dedup_by(|one, other| one.path == other.path);
        Ok(found)
    }

    fn get(&self, area: Area, path: &str) -> Result<Option<Vec<u8>>, Problem> {
        let key = self.key(area, path);
        let answer = self.ask(&self.bucket.get_object(Some(&self.credentials), &key), &[], None)?;
        match answer.status {
            200 if answer.is_from_store() => Ok(Some(answer.body)),
            200 => Err(self.place.foreign(&answer)),
            404 if answer.is_missing() => Ok(None),
            _ => Err(self.place.refused(&answer, "read", Some(&key))),
        }
    }

    fn put(&self, area: Area, path: &str, bytes: &[u8], about: &About) -> Result<(), Problem> {
        let key = self.key(area, path);
        let mut headers = vec![("content-type", about.media_type.as_str())];
        headers.extend(about.caching.as_deref().map(|value| ("cache-control", value)));
        headers.extend(about.disposition.as_deref().map(|value| ("content-disposition", value)));
        headers.extend(about.language.as_deref().map(|value| ("content-language", value)));
        headers.extend(about.is_packed.then_some(("content-encoding", "gzip")));
        headers.retain(|(_, value)| !value.is_empty());
        headers.extend((bytes.len() >= LARGE).then_some(("expect", "100-continue")));
        let answer = self.ask(&PutObject::new(&self.bucket, Some(&self.credentials), &key), &headers, Some(bytes))?;
        match answer.status {
            200 | 201 if answer.is_from_store() => Ok(()),
            200 | 201 => Err(self.place.foreign(&answer)),
            _ => Err(self.place.refused(&answer, "write", Some(&key))),
        }
    }

    fn copy(&self, from: (Area, &str), to: (Area, &str)) -> Result<bool, Problem> {
        let (from, to) = (self.key(from.0, from.1), self.key(to.0, to.1));
        if from == to {
            return Ok(self.about(&from)?.is_some());
        }
        let source = format!("/{}/{}", self.bucket.name(), utf8_percent_encode(&from, PLAIN));
        let mut action = PutObject::new(&self.bucket, Some(&self.credentials), &to);
        action.headers_mut().insert("x-amz-copy-source", source.as_str());
        let answer = self.ask(&action, &[("x-amz-copy-source", source.as_str())], Some(b""))?;
        match answer.status {
            200 if answer.is_copied() => Ok(true),
            200 => Err(self.place.foreign(&answer)),
            404 if answer.is_missing() => Ok(false),
            _ => Err(self.place.refused(&answer, "copy", Some(&from))),
        }
    }

    fn remove(&self, area: Area, paths: &[&str]) -> Result<(), Problem> {
        let keys: Vec<String> = paths.iter().map(|path| self.key(area, path)).collect();
        // XML has no way to write control characters.
        let (together, mut alone): (Vec<&str>, Vec<&str>) =
            keys.iter().map(String::as_str).partition(|key| !key.contains(char::is_control));
        for (at, batch) in together.chunks(AT_A_TIME).enumerate() {
            let left = self.remove_together(batch)?;
            let is_unable = left.len() == batch.len();
            alone.extend(left);
            if is_unable {
                alone.extend(together.chunks(AT_A_TIME).skip(at + 1).flatten());
                break;
            }
        }
        let share = alone.len().div_ceil(AT_ONCE).max(1);
        thread::scope(|scope| {
            let workers: Vec<_> = alone
                .chunks(share)
                .map(|keys| scope.spawn(move || keys.iter().try_for_each(|key| self.remove_one(key))))
                .collect();
            let died = || Err(Problem::new(ProblemKind::Other, "removing files stopped", "publish again"));
            workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| died()))
        })
    }

    fn shows_to_all(&self, area: Area, path: &str) -> bool {
        let key = self.key(area, path);
        // Without credentials nothing is signed.
        let url = self.bucket.get_object(None, &key).sign(SIGNED_FOR);
        self.send(Method::Get, url.as_str(), &[], None).is_ok_and(|answer| answer.status == 200)
    }

    fn has_folders(&self) -> bool {
        false
    }
    fn lists_at_once(&self, files: usize) -> bool {
        files < AT_A_TIME / 2
    }
    fn keeps_headers(&self) -> bool {
        true
    }

    fn clock_ahead(&self, now: i64) -> Option<i64> {
        let ahead = Some(self.ahead.load(Ordering::Relaxed)).filter(|ahead| *ahead != i64::MIN)?;
        Some((self.clock)() + ahead - now)
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn spent(&self) -> Spent {
        Spent { requests: self.requests.load(Ordering::Relaxed), bytes: self.bytes.load(Ordering::Relaxed) }
    }
}
