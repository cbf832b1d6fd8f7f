//! Connections → requests; answers → HTTP (RFC 9110), with limits on what a client may take.
//!
//! The size and duration of a header are limited, and so is the number of open connections: the longest idle one gives
//! way to a new one. A client that does not read what it asked for is dropped. Rendering happens off the thread that
//! serves.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom};
use std::net::TcpListener;
use std::ops::Bound;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use headers::{AcceptRanges, ContentLength, ContentRange, ETag, HeaderMapExt, IfNoneMatch, IfRange, Range};
use http_body_util::channel::Channel;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::{Notify, watch};
use tokio_io_timeout::TimeoutStream;

use super::answer::{Answer, Body, plain_page};
use super::editor::Editor;
use super::request::{Guard, OWN, Refused, Wanted, token_cookie, understand};
use super::revision::Lens;
use super::server_state::ServerState;
use super::tabs::{Tab, Trust, tell};
use crate::path::{Address, SitePath};
use crate::pipeline;
use crate::policy;
use crate::source::Tree;

/// The most connections open at a time.
const MOST_CONNECTIONS: usize = 256;
/// The most threads that render at a time; further requests wait.
const MOST_THREADS: usize = 8;
/// The most bytes in a request's head.
const LARGEST_HEAD: usize = 16 * 1024;
/// The most headers in a request.
const MOST_HEADERS: usize = 64;
/// How long a request's head may take, including the wait for it.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// How long a client may leave sent data unread.
const STALL_TIME: Duration = Duration::from_secs(30);
/// How much of a file is read at a time.
const PIECE: usize = 64 * 1024;

/// Anything that ends an answer early.
pub(super) type Failure = Box<dyn std::error::Error + Send + Sync>;
type Sent = Response<UnsyncBoxBody<Bytes, Failure>>;

/// A running server. It ends when it is dropped.
pub(crate) struct Server {
    servers: watch::Sender<Arc<ServerState>>,
    runtime: Option<tokio::runtime::Runtime>,
}

/// What all connections share.
struct Shared {
    servers: watch::Receiver<Arc<ServerState>>,
    guard: Guard,
    editor: Arc<Editor>,
}

impl Server {
    /// Answers on `listener` from `server`.
    pub(crate) fn start(listener: TcpListener, server: ServerState, guard: Guard, editor: Editor) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(MOST_THREADS)
            .thread_name("serve")
            .enable_io()
            .enable_time()
            .build()?;
        let (servers, watched) = watch::channel(Arc::new(server));
        let shared = Arc::new(Shared { servers: watched, guard, editor: Arc::new(editor) });
        let listener = {
            let _guard = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        runtime.spawn(accept(listener, shared));
        Ok(Self { servers, runtime: Some(runtime) })
    }

    /// The state from which it answers.
    pub(crate) fn server(&self) -> Arc<ServerState> {
        self.servers.borrow().clone()
    }

    /// Answers from `server` from now on, and notifies the open tabs.
    pub(crate) fn show(&self, server: ServerState) {
        let old = self.servers.send_replace(Arc::new(server));
        // Dropping a large snapshot takes a while.
        rayon::spawn(move || drop(old));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The open connections, oldest first.
#[derive(Default)]
struct Connections {
    next: AtomicU64,
    open: Mutex<BTreeMap<u64, Arc<Connection>>>,
}

#[derive(Default)]
struct Connection {
    busy: AtomicBool,
    close: Notify,
}

impl Connections {
    /// A place for a new connection; if there is none, the oldest idle one has to go.
    fn enter(&self) -> (u64, Arc<Connection>) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection::default());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MOST_CONNECTIONS {
            let idle = open.iter().find(|(_, one)| !one.busy.load(Ordering::Relaxed)).map(|(number, _)| *number);
            let first = idle.or_else(|| open.keys().next().copied());
            if let Some(gone) = first.and_then(|number| open.remove(&number)) {
                gone.close.notify_one();
            }
        }
        open.insert(number, connection.clone());
        (number, connection)
    }

    fn leave(&self, number: u64) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
    }
}

async fn accept(listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    let connections = Arc::new(Connections::default());
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, perhaps: others will be closed meanwhile.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (connections, shared) = (connections.clone(), shared.clone());
        tokio::spawn(async move {
            let (number, connection) = connections.enter();
            serve(stream, &connection, shared).await;
            connections.leave(number);
        });
    }
}

async fn serve(stream: tokio::net::TcpStream, connection: &Arc<Connection>, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALL_TIME));
    let marked = connection.clone();
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let (shared, marked) = (shared.clone(), marked.clone());
        async move {
            marked.busy.store(true, Ordering::Relaxed);
            let answer = respond(request, shared).await;
            marked.busy.store(false, Ordering::Relaxed);
            Ok::<_, std::convert::Infallible>(answer)
        }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(LARGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    tokio::select! {
        // A client's mistake is its own business.
        _ = served => {}
        () = connection.close.notified() => {}
    }
}

/// Does slow work on a thread of its own.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(Into::into)
}

async fn respond(request: Request<Incoming>, shared: Arc<Shared>) -> Sent {
    let server = shared.servers.borrow().clone();
    let prefix = server.revision.prefix().to_owned();
    let as_of = |text: &str| moment(&server, text);
    let wanted = understand(&request, &shared.guard, &prefix, &as_of);
    let answered = match wanted {
        Err(why) => Ok(refusal(why)),
        Ok(Wanted::Script) => Ok(script()),
        Ok(Wanted::Above) => Ok(sent_on(302, &below(&server, request.uri(), &prefix))),
        Ok(Wanted::Faults) => Ok(faults(&server)),
        Ok(Wanted::Admitted { to }) => Ok(admitted(&request, &to)),
        Ok(Wanted::Events { lens, page, tag, seen }) => Ok(events(&shared, lens, page, tag, seen)),
        Ok(Wanted::Address { lens, address, query }) => {
            blocking(move || {
                let answer = server.revision.answer(lens, &address, query.as_deref());
                finished(&request, answer, &prefix, &address)
            })
            .await
        }
    };
    let mut sent = answered.unwrap_or_else(|_| {
        simple(500, plain_page("Something went wrong", "This page could not be made. The others are not touched."))
    });
    for (name, value) in [
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        sent.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    sent.headers_mut().insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    // The headers that readers' browsers will get, so that the author sees what those would block.
    for (name, value) in policy::HEADERS.iter().filter(|(name, _)| *name != "Referrer-Policy") {
        // What is sent as a page for embedding has a policy of its own already.
        if let Ok(name) = header::HeaderName::from_bytes(name.as_bytes()) {
            sent.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
        }
    }
    sent
}

fn moment(server: &ServerState, text: &str) -> Option<Lens> {
    let config = &server.revision.sources()?.config;
    // The clock is not needed where a moment is given.
    let moment = pipeline::moment(Some(text), jiff::Timestamp::UNIX_EPOCH, config).ok()?;
    Some(Lens::AsOf(moment.timestamp()))
}

/// An answer ready to send: with the live line and a tag, cut to the requested range.
fn finished(request: &Request<Incoming>, answer: Answer, prefix: &str, address: &str) -> Sent {
    let tag = answer.tag();
    let etag: Option<ETag> = format!("\"{tag}\"").parse().ok();
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (name, location) = (answer.name.clone(), answer.location.clone());
    let is_for_embedding = answer.is_for_embedding;
    let answer = if answer.is_page() && location.is_none() {
        let line = live_line(prefix, address, &tag);
        answer.with_line(&line)
    } else {
        answer
    };
    let headers = request.headers();
    let is_known = headers
        .typed_get::<IfNoneMatch>()
        .zip(etag.as_ref())
        .is_some_and(|(known, etag)| !known.precondition_passes(etag));
    let mut sent = if is_known && status == StatusCode::OK {
        let mut sent = Response::new(empty());
        *sent.status_mut() = StatusCode::NOT_MODIFIED;
        sent
    } else {
        let range = headers.typed_get::<Range>().filter(|_| is_ranged(request)).filter(|_| {
            let same = headers.typed_get::<IfRange>().is_none_or(|if_range| !if_range.is_modified(etag.as_ref(), None));
            status == StatusCode::OK && same
        });
        with_body(status, answer.body, range)
    };
    let kind = content_type(&name);
    sent.headers_mut().insert(header::CONTENT_TYPE, kind);
    if is_for_embedding {
        let policy = HeaderValue::from_static(policy::FOR_EMBEDDING_HERE);
        sent.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(location) = location.and_then(|to| HeaderValue::from_str(&to).ok()) {
        sent.headers_mut().insert(header::LOCATION, location);
    }
    if let Some(etag) = etag {
        sent.headers_mut().typed_insert(etag);
    }
    sent
}

/// Where a page requested above the prefix is now, perhaps below a former prefix; else the home page.
fn below(server: &ServerState, uri: &hyper::Uri, prefix: &str) -> String {
    let starts = uri.path().match_indices('/').map(|(at, _)| &uri.path()[at..]);
    let is_there = |rest: &&str| {
        let decoded = percent_encoding::percent_decode_str(rest).decode_utf8_lossy();
        !rest.starts_with("//") && server.revision.has(&Address::new(&decoded))
    };
    let page = starts.into_iter().find(is_there).unwrap_or("/");
    let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
    format!("{prefix}{page}{query}")
}

/// Whether a range may be requested: only with `GET`, and only from a first to a last byte (RFC 9110, 14.1.1, 14.2).
fn is_ranged(request: &Request<Incoming>) -> bool {
    let said = request.headers().get(header::RANGE).and_then(|range| range.to_str().ok()).unwrap_or_default();
    let parts = said.split_once('=').map_or("", |(_, parts)| parts).split(',').map(str::trim);
    let number = |text: &str| text.parse::<u64>().ok();
    let is_backward = |part: &str| {
        part.split_once('-').and_then(|(first, last)| Some(number(first)? > number(last)?)).unwrap_or(false)
    };
    *request.method() == Method::GET && !parts.into_iter().any(is_backward)
}

/// The one line that is added to a page.
fn live_line(prefix: &str, address: &str, tag: &str) -> String {
    let address = crate::template::escaped(address);
    format!(
        "<script src=\"{prefix}{OWN}preview.js\" data-prefix=\"{prefix}\" data-page=\"{address}\" data-etag=\"{tag}\" defer></script>\n"
    )
}

fn content_type(name: &str) -> HeaderValue {
    HeaderValue::from_str(&policy::media_type(name)).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

fn with_body(status: StatusCode, body: Body, range: Option<Range>) -> Sent {
    let length = match &body {
        Body::Bytes(bytes) => Some(bytes.len() as u64),
        Body::File(tree, path) => tree.open(path).and_then(|file| file.metadata()).map(|facts| facts.len()).ok(),
    };
    let Some(length) = length else {
        return simple(404, plain_page("This file is gone", "It was there when the site was last read."));
    };
    let stretch = range.as_ref().and_then(|range| stretch(range, length));
    let (start, end) = match stretch {
        Some(Ok(stretch)) => stretch,
        Some(Err(())) => {
            let mut sent = simple(416, plain_page("There is no such part", "The file is shorter."));
            sent.headers_mut().typed_insert(ContentRange::unsatisfied_bytes(length));
            return sent;
        }
        None => (0, length),
    };
    let body = match body {
        Body::Bytes(bytes) => {
            let bytes = Bytes::from(bytes);
            // Both are within the length of bytes in memory.
            full(bytes.slice(usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0)))
        }
        Body::File(tree, path) => streamed(tree, path, start, end),
    };
    let mut sent = Response::new(body);
    *sent.status_mut() = status;
    sent.headers_mut().typed_insert(ContentLength(end - start));
    sent.headers_mut().typed_insert(AcceptRanges::bytes());
    if stretch.is_some()
        && let Ok(range) = ContentRange::bytes(start..end, length)
    {
        *sent.status_mut() = StatusCode::PARTIAL_CONTENT;
        sent.headers_mut().typed_insert(range);
    }
    sent
}

/// The one range that is requested; a request for several gets everything (RFC 9110, section 14.2).
fn stretch(range: &Range, length: u64) -> Option<Result<(u64, u64), ()>> {
    let mut all = range.satisfiable_ranges(length);
    let Some((start, end)) = all.next() else { return Some(Err(())) };
    if all.next().is_some() {
        return None;
    }
    let start = match start {
        Bound::Included(start) => start,
        Bound::Excluded(start) => start.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let end = match end {
        Bound::Included(end) => end.saturating_add(1).min(length),
        Bound::Excluded(end) => end.min(length),
        Bound::Unbounded => length,
    };
    Some(if start < end { Ok((start, end)) } else { Err(()) })
}

/// A range of a file, read while it is sent.
fn streamed(tree: Arc<Tree>, path: SitePath, start: u64, end: u64) -> UnsyncBoxBody<Bytes, Failure> {
    let (mut to, body) = Channel::<Bytes, Failure>::new(2);
    let opened = move || -> io::Result<_> {
        let mut file = tree.open(&path)?;
        file.seek(SeekFrom::Start(start))?;
        Ok(file.take(end - start))
    };
    tokio::spawn(async move {
        let Ok(Ok(mut file)) = blocking(opened).await else { return to.abort("the file cannot be read".into()) };
        loop {
            let read = blocking(move || {
                let mut piece = vec![0; PIECE];
                let count = file.read(&mut piece)?;
                piece.truncate(count);
                Ok::<_, io::Error>((file, piece))
            });
            match read.await {
                Ok(Ok((_, piece))) if piece.is_empty() => return,
                Ok(Ok((rest, piece))) => {
                    file = rest;
                    if to.send_data(piece.into()).await.is_err() {
                        return;
                    }
                }
                Ok(Err(error)) => return to.abort(error.into()),
                Err(error) => return to.abort(error),
            }
        }
    });
    body.boxed_unsync()
}

fn events(shared: &Shared, lens: Lens, page: String, tag: String, seen: String) -> Sent {
    let (to, body) = Channel::<Bytes, Failure>::new(8);
    let trust = if shared.guard.forced.is_some() { Trust::Anybody } else { Trust::Author };
    // `/about/index.html` is the page at `/about/`.
    let page = Address::new(&page).output().address().as_str().to_owned();
    let tab = Tab { lens, page, tag, seen, trust, editor: shared.editor.clone() };
    tokio::spawn(tell(tab, shared.servers.clone(), to));
    let mut sent = Response::new(body.boxed_unsync());
    sent.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    sent
}

fn faults(server: &ServerState) -> Sent {
    let text = match &server.verdict {
        Some(verdict) => crate::diagnostic::json(&verdict.faults, &*verdict.tree),
        None => String::new(),
    };
    let mut sent = simple(200, Body::Bytes(text.into_bytes()));
    sent.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    sent
}

fn script() -> Sent {
    let css = serde_json::to_string(include_str!("client/preview.css")).expect("text can be written as JSON");
    let text = format!(
        "(() => {{\n{}\nconst PAMPHLET_CSS = {css};\n{}\n}})();\n",
        include_str!("client/idiomorph.js"),
        include_str!("client/preview.js")
    );
    let mut sent = simple(200, Body::Bytes(text.into_bytes()));
    sent.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    sent
}

/// Lets in a browser that knows the secret, and removes the secret from the address.
fn admitted(request: &Request<Incoming>, to: &str) -> Sent {
    let secret = url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
        .find(|(key, _)| key == "token")
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default();
    let mut sent = sent_on(303, to);
    if let Ok(cookie) =
        HeaderValue::from_str(&format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax", token_cookie(request)))
    {
        sent.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    sent
}

fn sent_on(status: u16, to: &str) -> Sent {
    let mut sent = simple(status, plain_page("The site is elsewhere", &format!("It is at {to}.")));
    if let Ok(to) = HeaderValue::from_str(to) {
        sent.headers_mut().insert(header::LOCATION, to);
    }
    sent
}

fn refusal(why: Refused) -> Sent {
    let (status, title, text) = match why {
        Refused::Malformed => (400, "This address cannot be read", "Go back and try another."),
        Refused::Method => (405, "Pages can only be read here", "The preview takes no forms."),
        Refused::ForeignHost => (
            421,
            "This is the preview of a site on somebody's own computer",
            "It answers only under the address that it printed when it was started.",
        ),
        Refused::Secret => (
            403,
            "This preview is for those who have its whole address",
            "Ask for the address that was printed when it was started; it ends with a secret.",
        ),
    };
    let mut sent = simple(status, plain_page(title, text));
    if why == Refused::Method {
        sent.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    sent
}

fn simple(status: u16, body: Body) -> Sent {
    let bytes = match body {
        Body::Bytes(bytes) => bytes,
        Body::File(..) => Vec::new(),
    };
    let mut sent = Response::new(full(bytes.into()));
    *sent.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    sent.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    sent
}

fn full(bytes: Bytes) -> UnsyncBoxBody<Bytes, Failure> {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

fn empty() -> UnsyncBoxBody<Bytes, Failure> {
    full(Bytes::new())
}
