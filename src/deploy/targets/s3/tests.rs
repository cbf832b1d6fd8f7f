//! The object store, against a real one (see `tests/publishing/run`), and against servers that misbehave.
#![allow(clippy::disallowed_methods)]

use std::net::ToSocketAddrs as _;
use std::time::Duration;

use super::*;
use crate::deploy::targets::suite;
use crate::deploy::targets::testing::{self, Line};

/// Waits of tests.
const SHORT: [Duration; 3] = [Duration::from_millis(1); 3];

/// `http://host:port/bucket`, with its keys in two more variables.
const SERVER: &str = "PAMPHLET_TEST_S3";

fn settings(address: &str, prefix: &str) -> StoreSettings {
    let variable = |name: &str| std::env::var(format!("{SERVER}_{name}")).unwrap_or_else(|_| "none".to_owned());
    let (endpoint, bucket) = address.rsplit_once('/').expect("the address ends with the bucket");
    StoreSettings {
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        endpoint: endpoint.to_owned(),
        region: "us-east-1".to_owned(),
        path_style: true,
        key: variable("KEY"),
        secret: variable("SECRET"),
        token: None,
        clock: testing::clock(0),
    }
}

fn store(settings: StoreSettings) -> ObjectStore {
    let mut store = ObjectStore::new(settings).unwrap_or_else(|problem| panic!("{problem:?}"));
    store.waits = SHORT;
    store
}

fn put(store: &ObjectStore, path: &str, bytes: &[u8]) -> Result<(), Problem> {
    store.put(Area::Site, path, bytes, &suite::document())
}

/// The address with another host, for a line that breaks.
fn over(line: &Line, address: &str) -> String {
    format!("http://127.0.0.1:{}/{}", line.port, address.rsplit('/').next().expect("a bucket"))
}

#[test]
fn it_passes_the_suite() {
    let Some(address) = testing::named(SERVER) else { return };
    let run = testing::own_name("suite");
    suite::run(&|name| Box::new(store(settings(&address, &format!("{run}/{name}/")))));
}

#[test]
fn headers_are_kept_by_writing_and_copying() {
    let Some(address) = testing::named(SERVER) else { return };
    let store = store(settings(&address, &testing::own_name("headers")));
    put(&store, "a ü.pdf", b"x").expect("it is written");
    assert_eq!(store.copy((Area::Site, "a ü.pdf"), (Area::State, "kept/1")), Ok(true));
    assert_eq!(store.copy((Area::State, "kept/1"), (Area::Site, "b.pdf")), Ok(true));
    for key in [store.key(Area::Site, "a ü.pdf"), store.key(Area::State, "kept/1"), store.key(Area::Site, "b.pdf")] {
        let answer = store.about(&key).expect("an answer").expect("an object");
        let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
        let about = About {
            media_type: header("content-type"),
            caching: Some(header("cache-control")),
            disposition: Some(header("content-disposition")),
            language: Some(header("content-language")),
            is_packed: header("content-encoding") == "gzip",
        };
        assert_eq!(about, suite::document(), "{key}");
    }
}

#[test]
fn listing_the_site_passes_over_the_state() {
    let Some(address) = testing::named(SERVER) else { return };
    let store = store(settings(&address, &testing::own_name("passing")));
    // Before, within and after the state's names.
    for path in ["-a.html", ".htaccess", ".pamphlet.txt", ".pamphlet0", "a.html", "z.html"] {
        put(&store, path, b"x").expect("it is written");
    }
    thread::scope(|scope| {
        for part in 0..10 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..210 {
                    let path = format!("kept/{part}/{number}");
                    store.put(Area::State, &path, b"x", &suite::document()).expect("it is written");
                }
            });
        }
    });
    let before = store.spent().requests;
    let listed: Vec<String> =
        store.list(Area::Site, "").expect("a listing").into_iter().map(|file| file.path).collect();
    assert_eq!(listed, ["-a.html", ".htaccess", ".pamphlet.txt", ".pamphlet0", "a.html", "z.html"]);
    assert_eq!(store.spent().requests - before, 2, "the state's 2,100 objects are not gone through");
    assert_eq!(store.list(Area::State, "").expect("a listing").len(), 2100);
}

#[test]
fn refusals_are_told_in_plain_words() {
    let Some(address) = testing::named(SERVER) else { return };
    let told = |change: &dyn Fn(&mut StoreSettings)| {
        let mut settings = settings(&address, "refused");
        change(&mut settings);
        let store = store(settings);
        let problem = put(&store, "a.html", b"x").expect_err("it is refused");
        assert_eq!(store.list(Area::Site, "").expect_err("it is refused"), problem);
        problem
    };
    let wrong = told(&|settings| settings.secret = "WRONG-SECRET".to_owned());
    assert_eq!(wrong.kind, ProblemKind::NotAllowed);
    assert!(wrong.message.starts_with("the secret does not belong to the access key"), "{wrong:?}");
    assert!(!format!("{wrong:?}").contains("WRONG-SECRET"));
    let unknown = told(&|settings| settings.key = "NOBODY".to_owned());
    assert_eq!(unknown.kind, ProblemKind::NotAllowed);
    assert!(unknown.message.ends_with("does not know the access key `NOBODY`"), "{unknown:?}");
    let missing = told(&|settings| settings.bucket = "no-such-bucket".to_owned());
    assert!(missing.message.ends_with("has no bucket `no-such-bucket`"), "{missing:?}");
}

#[test]
fn what_belongs_to_somebody_else_is_not_ours_to_write() {
    let (Some(address), Some(foreign)) = (testing::named(SERVER), testing::named("PAMPHLET_TEST_S3_FOREIGN")) else {
        return;
    };
    let mut settings = settings(&address, "");
    settings.bucket = foreign;
    let store = store(settings);
    for problem in [
        put(&store, "a.html", b"x").expect_err("it is refused"),
        store.list(Area::Site, "").expect_err("it is refused"),
        store.get(Area::Site, "a.html").expect_err("it is refused"),
        store.copy((Area::Site, "a.html"), (Area::Site, "b.html")).expect_err("it is refused"),
        store.remove(Area::Site, &["a.html"]).expect_err("it is refused"),
    ] {
        assert_eq!(problem.kind, ProblemKind::NotAllowed, "{problem:?}");
        assert!(problem.message.contains(" may not "), "{problem:?}");
    }
}

#[test]
fn a_full_bucket_is_told_and_harms_nothing() {
    let (Some(address), Some(full)) = (testing::named(SERVER), testing::named("PAMPHLET_TEST_S3_FULL")) else { return };
    let mut settings = settings(&address, &testing::own_name("full"));
    settings.bucket = full;
    let store = store(settings);
    put(&store, "a.html", b"small").expect("there is room for this");
    let problem = put(&store, "a.html", &vec![b'x'; 4 * 1024 * 1024]).expect_err("there is no room for this");
    assert_eq!(problem.kind, ProblemKind::Full, "{problem:?}");
    assert!(problem.message.starts_with("there is no room left in the bucket"), "{problem:?}");
    assert_eq!(store.get(Area::Site, "a.html"), Ok(Some(b"small".to_vec())), "what was there stays");
    store.remove(Area::Site, &["a.html"]).expect("removing makes room");
}

#[test]
fn a_clock_that_is_off_is_noticed_and_got_over() {
    let Some(address) = testing::named(SERVER) else { return };
    let prefix = testing::own_name("clock");
    for off in [-40 * 24 * 3600, -3600, -120, 0, 120, 3600, 40 * 24 * 3600] {
        let mut settings = settings(&address, &prefix);
        settings.clock = testing::clock(off);
        let store = store(settings);
        assert_eq!(store.clock_ahead(testing::now() + off), None, "nothing has been told yet");
        put(&store, "a.html", b"x").unwrap_or_else(|problem| panic!("{off}: {problem:?}"));
        assert_eq!(store.get(Area::Site, "a.html"), Ok(Some(b"x".to_vec())));
        let ahead = store.clock_ahead(testing::now() + off).expect("the store has told its time");
        assert!((ahead + off).abs() <= 2, "{off}: {ahead}");
        assert!(store.spent().requests <= 3, "{off}: one request more at most");
    }
}

#[test]
fn a_wrong_secret_is_no_matter_of_the_clock() {
    let Some(address) = testing::named(SERVER) else { return };
    let mut settings = settings(&address, "clock");
    (settings.clock, settings.secret) = (testing::clock(-7200), "WRONG".to_owned());
    let store = store(settings);
    let problem = put(&store, "a.html", b"x").expect_err("it is refused");
    assert!(problem.message.starts_with("the secret does not belong"), "{problem:?}");
}

#[test]
fn a_line_that_breaks_is_got_over() {
    let Some(address) = testing::named(SERVER) else { return };
    let server = address.split('/').nth(2).and_then(|host| host.to_socket_addrs().ok()?.next()).expect("a server");
    let prefix = testing::own_name("breaks");
    let (old, new) = (vec![b'o'; 150_000], vec![b'n'; 150_000]);
    let direct = store(settings(&address, &prefix));
    for round in 0..50 {
        let at = i64::from(round) * 6_600 + 17;
        put(&direct, "a.html", &old).expect("it is written");
        let line = Line::new(server, 1, at);
        let store = store(settings(&over(&line, &address), &prefix));
        put(&store, "a.html", &new).unwrap_or_else(|problem| panic!("{at}: {problem:?}"));
        assert!(store.get(Area::Site, "a.html").is_ok_and(|bytes| bytes.as_ref() == Some(&new)), "{at}");
        assert_eq!(store.copy((Area::Site, "a.html"), (Area::State, "kept")), Ok(true), "{at}");
        assert!(store.list(Area::Site, "").is_ok_and(|files| files.len() == 1), "{at}");
        store.remove(Area::State, &["kept"]).unwrap_or_else(|problem| panic!("{at}: {problem:?}"));
        assert!(line.connections() > 1 || at > 300_000, "{at}: the line has not broken");
    }
}

#[test]
fn a_line_that_always_breaks_leaves_what_was_there() {
    let Some(address) = testing::named(SERVER) else { return };
    let server = address.split('/').nth(2).and_then(|host| host.to_socket_addrs().ok()?.next()).expect("a server");
    let prefix = testing::own_name("gone");
    let direct = store(settings(&address, &prefix));
    put(&direct, "a.html", b"old").expect("it is written");
    for at in [0, 1, 300, 5_000, 100_000] {
        let line = Line::new(server, usize::MAX, at);
        let store = store(settings(&over(&line, &address), &prefix));
        let problem = put(&store, "a.html", &vec![b'n'; 150_000]).expect_err("the line breaks");
        assert_eq!(problem.kind, ProblemKind::Connection, "{problem:?}");
        assert_eq!(line.connections(), 4, "once, and three times more");
        assert_eq!(direct.get(Area::Site, "a.html"), Ok(Some(b"old".to_vec())), "{at}");
    }
}

fn misbehaving(answers: &'static [&'static str]) -> ObjectStore {
    let mut settings = settings(&format!("http://127.0.0.1:{}/site", testing::saying(answers)), "");
    (settings.key, settings.secret) = ("AK".to_owned(), "TOP-SECRET".to_owned());
    store(settings)
}

#[test]
fn nobody_answers() {
    let store = store(settings(&format!("http://127.0.0.1:{}/site", testing::closed_port()), ""));
    let problem = put(&store, "a.html", b"x").expect_err("nobody is there");
    assert_eq!(problem.kind, ProblemKind::Connection);
    assert!(problem.message.ends_with("does not take connections"), "{problem:?}");
    assert_eq!(store.spent().requests, 4);
}

#[test]
fn a_web_page_is_told_from_a_store() {
    const SIGN_IN: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 27\r\nConnection: close\r\n\r\n<html><p>Sign in<br></html>";
    const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 24\r\nConnection: close\r\n\r\n<html><p>No<br>No</html>";
    for page in [&[SIGN_IN], &[FORBIDDEN]] {
        let store = misbehaving(page);
        let problems = [
            put(&store, "a.html", b"x").map(|()| 0),
            store.get(Area::Site, "a.html").map(|_| 0),
            store.list(Area::Site, "").map(|_| 0),
            store.copy((Area::Site, "a.html"), (Area::Site, "b.html")).map(|_| 0),
            store.remove(Area::Site, &["a.html"]).map(|()| 0),
        ];
        for problem in problems {
            let problem = problem.expect_err("no object store answers so");
            assert!(problem.message.contains("answered with a web page"), "{problem:?}");
        }
    }
}

#[test]
fn a_store_that_asks_for_patience_gets_it() {
    const SLOW: &str = "HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: 43\r\nConnection: close\r\n\r\n<Error><Code>SlowDown</Code></Error>       ";
    const GOOD: &str = "HTTP/1.1 200 OK\r\nETag: \"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let store = misbehaving(&[SLOW, "", SLOW, GOOD]);
    put(&store, "a.html", b"x").expect("the fourth time it goes");
    assert_eq!((store.spent().requests, store.spent().bytes), (4, 4));
    let store = misbehaving(&[SLOW]);
    let problem = put(&store, "a.html", b"x").expect_err("it never goes");
    assert_eq!(problem.kind, ProblemKind::Connection);
    assert!(problem.message.contains("overloaded") && !format!("{problem:?}").contains("TOP-SECRET"), "{problem:?}");
}

#[test]
fn a_store_without_removal_of_many_removes_one_at_a_time() {
    const CANNOT: &str = "HTTP/1.1 501 Not Implemented\r\nContent-Length: 42\r\nConnection: close\r\n\r\n<Error><Code>NotImplemented</Code></Error>";
    const GONE: &str = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    let store = misbehaving(&[CANNOT, GONE]);
    let paths: Vec<String> = (0..1500).map(|number| number.to_string()).collect();
    store.remove(Area::Site, &paths.iter().map(String::as_str).collect::<Vec<_>>()).expect("they are removed");
    assert_eq!(store.spent().requests, 1501);
}

#[test]
fn an_endpoint_that_is_none_is_told() {
    for endpoint in ["", "store.example", "ftp://store.example", "https://"] {
        let mut settings = settings("https://store.example/site", "");
        settings.endpoint = endpoint.to_owned();
        let problem = ObjectStore::new(settings).err().expect("it is no address");
        assert!(problem.message.starts_with("the object store's address"), "{endpoint}: {problem:?}");
    }
    let mut settings = settings("https://store.example/site", "");
    settings.endpoint = "https://me:hidden@store.example".to_owned();
    let problem = ObjectStore::new(settings).err().expect("it holds a password");
    assert!(!format!("{problem:?}").contains("hidden"), "{problem:?}");
}
