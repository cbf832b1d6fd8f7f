//! Requests that no browser sends, and requests that every browser sends: the preview answers as it should, and nothing
//! takes it down. All traffic stays on the loopback interface.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use run::program;

/// A word in files that nobody may read, and in pages that are not public.
const SECRET: &str = "zqsecretxj";

/// A running preview of a small site below `/below/`.
struct Preview {
    child: Child,
    port: u16,
    address: String,
    _folder: tempfile::TempDir,
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn site(root: &Path) {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut put = |name: &str, text: &str| {
        files.insert(name.to_owned(), text.as_bytes().to_vec());
    };
    put(
        "site.toml",
        &format!(
            "# {SECRET}\ntitle = \"Site\"\nbase_url = \"https://example.org/below/\"\n[organisation]\nname = \"Org\"\n"
        ),
    );
    put("content/index.md", "+++\ntitle = \"Home\"\n+++\n\nWelcome home.\n\n[about](about.md)\n");
    put("content/about.md", "+++\ntitle = \"About\"\naliases = [\"/who/\", \"/old.php?id=4\"]\n+++\n\nAbout us.\n");
    put("content/draft.md", &format!("+++\ntitle = \"Draft {SECRET}\"\nstatus = \"draft\"\n+++\n\n{SECRET}\n"));
    put("content/notes.txt", SECRET);
    put("static/words.txt", "0123456789");
    put("static/paper.pdf", "%PDF-1.7");
    run::write(root, &files);
    // More than the system buffers for a client that does not read.
    std::fs::write(root.join("static/large.bin"), vec![7; 32 << 20]).expect("a file can be written");
}

fn serve(arguments: &[&str]) -> Preview {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    site(folder.path());
    let mut child = program(folder.path())
        .args(["serve", "--port", "0"])
        .args(arguments)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    let line = lines.find_map(|line| line.ok().filter(|line| line.contains("http://"))).expect("it says its address");
    // Later output must be read, or the program would block on it.
    std::thread::spawn(move || lines.for_each(drop));
    let address = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
    let port =
        address.trim_start_matches("http://").split(['/', ':']).nth(1).expect("a port").parse().expect("a number");
    Preview { child, port, address, _folder: folder }
}

/// The reply: status, headers in lower case, body.
struct Reply {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Reply {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

impl Preview {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("somebody listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit can be set");
        stream
    }

    /// Sends bytes as they are, and reads until the other end closes.
    fn raw(&self, request: &[u8]) -> Reply {
        let mut stream = self.connect();
        // A server that has seen enough may close before everything is sent.
        let _ = stream.write_all(request);
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(all.len());
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let headers = lines.filter_map(|line| line.split_once(": ")).map(|(k, v)| (k.to_lowercase(), v.to_owned()));
        Reply { status, headers: headers.collect(), body: all.get(end + 4..).unwrap_or_default().to_vec() }
    }

    fn ask(&self, method: &str, target: &str, headers: &str) -> Reply {
        let host = format!("localhost:{}", self.port);
        self.raw(format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n").as_bytes())
    }

    fn get(&self, target: &str) -> Reply {
        self.ask("GET", target, "")
    }

    /// The server still works.
    fn is_well(&self) {
        let reply = self.get("/below/");
        assert_eq!(reply.status, 200);
        assert!(reply.text().contains("Welcome home."));
    }
}

#[test]
fn only_a_host_that_is_ours_is_answered() {
    let preview = serve(&[]);
    let with =
        |host: &str| preview.raw(format!("GET /below/ HTTP/1.1\r\n{host}Connection: close\r\n\r\n").as_bytes()).status;
    for host in [
        "Host: evil.example\r\n",
        "Host: localhost.evil.example\r\n",
        "Host: 192.168.0.7\r\n",
        "Host: [2001:db8::1]\r\n",
    ] {
        assert_eq!(with(host), 421, "{host}");
    }
    for host in ["", "Host: localhost\r\nHost: localhost\r\n", "Host: a b\r\n", "Host: user@localhost\r\n"] {
        assert_eq!(with(host), 400, "{host}");
    }
    for host in ["Host: localhost\r\n", "Host: LOCALHOST:9\r\n", "Host: 127.0.0.1\r\n", "Host: [::1]:80\r\n"] {
        assert_eq!(with(host), 200, "{host}");
    }
    // An absolute address names the host itself, and takes precedence.
    assert_eq!(preview.get("http://evil.example/below/").status, 421);
    assert_eq!(preview.get("http://localhost/below/").status, 200);
    preview.is_well();
}

#[test]
fn others_on_the_network_may_use_the_name_of_this_computer() {
    let name = gethostname::gethostname().to_string_lossy().into_owned();
    let status = |preview: &Preview, host: &str| {
        preview.raw(format!("GET /below/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()).status
    };
    let open = serve(&["--host", "0.0.0.0"]);
    let short = name.split('.').next().expect("a first part");
    for host in [&name, short, &format!("{short}.local:80"), "192.168.0.7"] {
        assert_eq!(status(&open, host), 200, "{host}");
    }
    assert_eq!(status(&open, "evil.example"), 421);
    assert_eq!(status(&open, &format!("{short}.evil.example")), 421);
    assert_eq!(status(&serve(&[]), &name), 421, "on this computer only");
}

#[test]
fn no_path_leads_out_of_the_routes() {
    let preview = serve(&[]);
    let paths = [
        "/below/../site.toml",
        "/below/%2e%2e/site.toml",
        "/below/..%2fsite.toml",
        "/below/%2E%2E%2Fsite.toml",
        "/below/..%5csite.toml",
        "/below/..\\site.toml",
        "/below/%252e%252e/site.toml",
        "/below/site.toml",
        "/below/content/notes.txt",
        "/below/notes.txt",
        "/below//../site.toml",
        "/below/static/words.txt",
        "/below/words.txt%00.html",
        "/below/%00",
        "/below/%ff%fe",
        "/below/.pamphlet/../../site.toml",
        "/below/.pamphlet/",
        "/site.toml",
        "//site.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/below/file:///etc/passwd",
        "/below/C:%5cwindows",
    ];
    for path in paths {
        let reply = preview.get(path);
        assert!(matches!(reply.status, 302 | 400 | 404), "{path}: {}", reply.status);
        assert!(!reply.text().contains(SECRET) && !reply.text().contains("root:"), "{path}");
        // Nor does a redirect lead to another host.
        assert!(!reply.header("location").starts_with("//"), "{path}: {}", reply.header("location"));
    }
    for target in ["*", "localhost:80", "below/", ""] {
        assert!(matches!(preview.get(target).status, 0 | 400 | 404 | 421), "{target}");
    }
    preview.is_well();
}

#[test]
fn pages_can_only_be_read() {
    let preview = serve(&[]);
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"] {
        let reply = preview.ask(method, "/below/", "Content-Length: 0\r\n");
        assert_eq!((reply.status, reply.header("allow")), (405, "GET, HEAD"), "{method}");
    }
    let (get, head) = (preview.get("/below/"), preview.ask("HEAD", "/below/", ""));
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), get.header("content-length"));
    assert_eq!(get.body.len().to_string(), get.header("content-length"));
}

#[test]
fn answers_are_as_of_a_plain_file_server() {
    let preview = serve(&["--as-published"]);
    let kind = |path: &str| preview.get(path).header("content-type").to_owned();
    assert_eq!(kind("/below/"), "text/html; charset=utf-8");
    assert_eq!(kind("/below/words.txt"), "text/plain; charset=utf-8");
    assert_eq!(kind("/below/paper.pdf"), "application/pdf");
    assert_eq!(kind("/below/sitemap.xml"), "application/xml; charset=utf-8");
    assert_eq!(preview.get("/below/").header("x-content-type-options"), "nosniff");
    assert!(preview.get("/below/").header("content-security-policy").starts_with("default-src 'self'"));

    let tag = preview.get("/below/words.txt").header("etag").to_owned();
    assert_eq!(preview.ask("GET", "/below/words.txt", &format!("If-None-Match: {tag}\r\n")).status, 304);
    let ranged = |range: &str| preview.ask("GET", "/below/words.txt", &format!("Range: {range}\r\n"));
    for (range, status, body, said) in [
        ("bytes=2-4", 206, "234", "bytes 2-4/10"),
        ("bytes=-3", 206, "789", "bytes 7-9/10"),
        ("bytes=8-99", 206, "89", "bytes 8-9/10"),
        ("bytes=0-1,4-5", 200, "0123456789", ""),
        ("lines=1", 200, "0123456789", ""),
    ] {
        let reply = ranged(range);
        assert_eq!(
            (reply.status, reply.text().as_str(), reply.header("content-range")),
            (status, body, said),
            "{range}"
        );
    }
    // A meaningless range is ignored; only `GET` has ranges.
    assert_eq!(ranged("bytes=5-2").status, 200);
    assert_eq!(preview.ask("HEAD", "/below/words.txt", "Range: bytes=0-1\r\n").status, 200);
    assert_eq!(ranged("bytes=10-").status, 416);
    let stale = preview.ask("GET", "/below/words.txt", "Range: bytes=2-4\r\nIf-Range: \"other\"\r\n");
    assert_eq!(stale.status, 200);

    let missing = preview.get("/below/nothing/");
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("</html>"));
    let located = |path: &str| {
        let reply = preview.get(path);
        (reply.status, reply.header("location").to_owned())
    };
    assert_eq!(located("/below/about"), (301, "/below/about/".to_owned()));
    assert_eq!(located("/below/who/"), (302, "/below/about/".to_owned()));
    assert_eq!(located("/below/old.php?id=4"), (302, "/below/about/".to_owned()));
    assert_eq!(located("/"), (302, "/below/".to_owned()));
    // Above the prefix: redirects to a page of that name if there is one, else to the home page.
    assert_eq!(located("/about/"), (302, "/below/about/".to_owned()));
    assert_eq!(located("/nothing/"), (302, "/below/".to_owned()));
    assert_eq!(located("//example.org/"), (302, "/below/".to_owned()));
}

#[test]
fn what_is_not_public_is_for_the_author_alone() {
    let secret_pages = ["/below/draft/", "/below/.pamphlet/faults.json"];
    let open = serve(&[]);
    assert!(open.get("/below/draft/").text().contains(SECRET), "drafts are what a preview is for");
    for arguments in [&["--as-published"][..], &["--host", "0.0.0.0"]] {
        let preview = serve(arguments);
        for path in secret_pages {
            let reply = preview.ask("GET", path, "Cookie: pamphlet_view_=2040-01-01\r\n");
            assert_eq!(reply.status, 404, "{path} {arguments:?}");
            assert!(!reply.text().contains(SECRET), "{path} {arguments:?}");
        }
        // The news for open tabs never ends, so only its beginning is read.
        let mut stream = preview.connect();
        let request = "GET /below/.pamphlet/events?page=/draft/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("it listens");
        let lines = BufReader::new(stream).lines().map_while(Result::ok);
        let state = lines.skip_while(|line| line != "event: state").nth(1).expect("a state is sent");
        assert!(state.contains("\"forced\":true") && !state.contains(SECRET), "{state}");
    }
}

#[test]
fn a_secret_in_the_address_lets_in_who_knows_it() {
    let preview = serve(&["--host", "0.0.0.0", "--token"]);
    let secret = preview.address.split("token=").nth(1).expect("the address ends with the secret").to_owned();
    for request in ["/below/", "/below/?token=wrong", "/below/.pamphlet/preview.js"] {
        let reply = preview.get(request);
        assert_eq!(reply.status, 403, "{request}");
        assert!(!reply.text().contains("Welcome"), "{request}");
    }
    let reply = preview.get(&format!("/below/draft/?token={secret}"));
    assert_eq!((reply.status, reply.header("location")), (303, "/below/draft/"));
    let cookie = reply.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    // `Lax`: a link in webmail lets you in; a form or script on another site does not.
    assert!(reply.header("set-cookie").contains("HttpOnly; SameSite=Lax"));
    // A cookie from a preview on another port of the same computer does not count here.
    let (name, _) = cookie.split_once('=').expect("a cookie has a name");
    let port = preview.port.to_string();
    assert!(name.ends_with(&port), "{name}");
    let foreign = cookie.replacen(&port, "1", 1);
    assert_eq!(preview.ask("GET", "/below/", &format!("Cookie: {foreign}\r\n")).status, 403);
    let inside = preview.ask("GET", "/below/draft/", &format!("Cookie: {cookie}\r\n"));
    assert_eq!(inside.status, 200);
    assert!(inside.text().contains(SECRET));
}

#[test]
fn too_much_is_refused() {
    let preview = serve(&[]);
    let long = "a".repeat(200_000);
    for request in [
        format!("GET /below/{long} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        format!("GET /below/ HTTP/1.1\r\nHost: localhost\r\nX: {long}\r\n\r\n"),
        format!("GET /below/ HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X: 1\r\n".repeat(5_000)),
        format!("{long}\r\n\r\n"),
        "\0\u{1}\u{2}\r\n\r\n".to_owned(),
        "GET /below/ HTTP/9.9\r\nHost: localhost\r\n\r\n".to_owned(),
    ] {
        let status = preview.raw(request.as_bytes()).status;
        assert!(matches!(status, 0 | 400 | 414 | 431 | 505), "{status} for {}", &request[..40.min(request.len())]);
    }
    preview.is_well();
}

#[test]
fn clients_that_stall_or_flood_take_nothing_down() {
    let preview = serve(&[]);
    // More than are admitted at a time; some are silent, some begin a request and stop, some do not read the answer.
    let mut idle = Vec::new();
    for number in 0..300 {
        let mut stream = preview.connect();
        let begun: &[u8] = match number % 3 {
            0 => b"",
            1 => b"GET /below/ HT",
            _ => b"GET /below/large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n",
        };
        let _ = stream.write_all(begun);
        idle.push(stream);
        if number % 50 == 0 {
            preview.is_well();
        }
    }
    preview.is_well();
    // The same for a flood of good requests, one connection after another.
    for _ in 0..300 {
        let mut stream = preview.connect();
        let _ = stream.write_all(b"GET /below/about/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    preview.is_well();
    drop(idle);
    preview.is_well();
}

#[test]
fn a_port_in_use_is_told_with_the_next_free_one() {
    let preview = serve(&[]);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    site(folder.path());
    let ran = run::run(program(folder.path()).args(["serve", "--port", &preview.port.to_string()]));
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.contains(&format!("port {} is in use", preview.port)), "{}", ran.err);
    let named = ran.err.split("--port ").nth(1).and_then(|rest| rest.split('`').next()?.parse::<u16>().ok());
    assert!(named.is_some_and(|port| port > preview.port), "{}", ran.err);
}
