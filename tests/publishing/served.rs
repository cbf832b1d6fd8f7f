//! `pamphlet verify` against nginx, as `tests/publishing/run` installs it: set up as the manual says, and wrong in each way in turn.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{Desk, SITE, named, said};

/// nginx, which serves a folder until this goes.
struct Nginx {
    child: Child,
    address: String,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // SIGTERM lets its worker end too.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// The manual's words for nginx.
fn manual() -> String {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/content/hosting.md")).expect("a page");
    let begin = text.split("```nginx\n").nth(1).expect("the page has lines for nginx");
    begin.split("```").next().expect("they end").to_owned()
}

/// A web server without any headers of ours.
const BARE: &str = "server { listen 80; server_name www.example.org; root /srv/www/example; index index.html; error_page 404 /404.html; MORE }\n";

/// A port that nobody listens on.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("it has a number").port()
}

impl Nginx {
    /// Serves the folder `site` with these lines, of which `before` come first in `http`.
    fn new(program: &str, room: &Path, site: &Path, lines: &str, before: &str) -> Self {
        for attempt in 0..20 {
            let port = free_port();
            let folder = room.join(format!("nginx-{port}"));
            fs::create_dir_all(&folder).expect("a folder");
            let place = |name: &str| folder.join(name).display().to_string();
            let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
            let temporary: String =
                temporary.iter().map(|kind| format!("{kind}_temp_path {};\n", place(kind))).collect();
            let lines = lines
                .replace("listen 80;", &format!("listen 127.0.0.1:{port};"))
                .replace("/srv/www/example", &site.display().to_string());
            let user = if is_root() { "user root;" } else { "" };
            let types = if before.contains("types {") { "" } else { "include /etc/nginx/mime.types;" };
            let text = format!(
                "daemon off; pid {}; error_log {} info;\n{user}\nevents {{}}\nhttp {{\n{types}\naccess_log off;\n{temporary}{before}\n{lines}\n}}\n",
                place("pid"),
                place("error.log")
            );
            let conf = folder.join("conf");
            fs::write(&conf, text).expect("a file");
            let mut child = Command::new(program)
                .args(["-c", &conf.display().to_string(), "-e", &place("error.log")])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("nginx starts");
            // Until it answers, or has ended since somebody else took the port.
            while child.try_wait().expect("it can be asked").is_none() {
                if answers(port) {
                    return Self { child, address: format!("http://127.0.0.1:{port}/") };
                }
                std::thread::yield_now();
            }
            let log = fs::read_to_string(folder.join("error.log")).unwrap_or_default();
            assert!(attempt < 19 && log.contains("Address already in use"), "nginx does not start: {log}");
        }
        unreachable!("some port is free")
    }
}

fn answers(port: u16) -> bool {
    let Ok(mut connection) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let mut answer = Vec::new();
    connection.write_all(b"GET / HTTP/1.0\r\n\r\n").is_ok()
        && connection.read_to_end(&mut answer).is_ok()
        && !answer.is_empty()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// A site that is built, and a copy of it to be served.
fn built() -> (Desk, PathBuf) {
    let desk = Desk::new(0).expect("a folder can always be published to");
    desk.write("site.toml", SITE);
    desk.done(&["build"]);
    let served = desk.room.path().join("served");
    // A web server goes in by another account.
    let public = desk.room.path().join("site/public");
    for entry in walkdir::WalkDir::new(&public).into_iter().filter_map(Result::ok) {
        let to = served.join(entry.path().strip_prefix(&public).expect("it is below"));
        match entry.file_type().is_dir() {
            true => fs::create_dir_all(to).expect("a folder"),
            false => drop(fs::copy(entry.path(), to).expect("a file")),
        }
    }
    (desk, served)
}

/// What `verify` says of a site served so, and its exit code.
fn verified(desk: &Desk, nginx: &Nginx) -> (Option<i32>, String) {
    let output = desk.run(&["verify", &nginx.address]);
    (output.status.code(), said(&output))
}

const GZIP: &str = "gzip on; gzip_min_length 1; gzip_types *;";

#[test]
fn a_site_served_as_the_manual_says_is_what_was_built() {
    let Some(program) = named("PAMPHLET_TEST_NGINX") else { return };
    for gzip in ["gzip off;", GZIP] {
        let (desk, served) = built();
        let nginx = Nginx::new(&program, desk.room.path(), &served, &manual(), gzip);
        let (code, said) = verified(&desk, &nginx);
        assert_eq!(code, Some(0), "{gzip} {said}");
        // What lies there besides, no page leads to: nobody who asks from outside can know of it.
        fs::create_dir_all(served.join("left-over")).expect("a folder");
        fs::write(served.join("left-over/index.html"), "<p>Left over.</p>").expect("a file");
        assert_eq!(verified(&desk, &nginx).0, Some(0));
    }
}

#[test]
fn headers_that_nobody_translated_are_missed() {
    let Some(program) = named("PAMPHLET_TEST_NGINX") else { return };
    let (desk, served) = built();
    let nginx = Nginx::new(&program, desk.room.path(), &served, &BARE.replace("MORE", ""), GZIP);
    let (code, said) = verified(&desk, &nginx);
    assert_eq!(code, Some(1), "{said}");
    for words in [
        "Pages without these headers: ",
        "Content-Security-Policy",
        "lacks `immutable`",
        "/assets/civic.",
        "/assets/fonts/",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("Different") && !said.contains("Missing"), "{said}");
}

/// The paragraph of a report that begins so.
fn paragraph<'a>(said: &'a str, begin: &str) -> &'a str {
    said.split("\n\n").find(|text| text.trim_start().starts_with(begin)).unwrap_or_default()
}

#[test]
fn whatever_is_served_otherwise_is_named_and_nothing_else() {
    let Some(program) = named("PAMPHLET_TEST_NGINX") else { return };
    type Spoil<'a> = &'a dyn Fn(&Path);
    let nothing: Spoil<'_> = &|_| {};
    let css = "types { text/html html; text/plain css; text/javascript js; image/svg+xml svg; application/xml xml; }";
    // What is wrong in the folder; lines of `server`; lines of `http`; the paragraph that names it; the address in it.
    let cases: [(Spoil<'_>, &str, &str, &str, &str); 8] = [
        (
            &|served| {
                let page = served.join("blog/one/index.html");
                let mut bytes = fs::read(&page).expect("a page");
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                fs::write(page, bytes).expect("a page");
            },
            "",
            "",
            "Different",
            "/blog/one/",
        ),
        (&|served| fs::remove_dir_all(served.join("blog/two")).expect("a page"), "", "", "Missing", "/blog/two/"),
        (nothing, "", css, "Wrong type: sent as text/plain", "/assets/"),
        (nothing, "location = /blog/one/ { return 301 /blog/two/; }", "", "Sent elsewhere", "/blog/one/"),
        (nothing, "location = /blog/one/ { return 503; }", "", "Not answered: it answers 503", "/blog/one/"),
        // A server that answers every address, as for programs that run in the browser.
        (nothing, "location / { try_files $uri $uri/ /index.html; }", "", "Unknown addresses", "200"),
        (nothing, "error_page 404 = /index.html;", "", "Unknown addresses", "200"),
        // A packed copy that is older than its page.
        (
            &|served| {
                let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                packer.write_all(b"<p>Old.</p>").expect("it is packed");
                fs::write(served.join("blog/one/index.html.gz"), packer.finish().expect("it is packed"))
                    .expect("a file");
            },
            "gzip_static on;",
            "",
            "Different",
            "/blog/one/",
        ),
    ];
    for (spoil, server, http, begin, address) in cases {
        let (desk, served) = built();
        spoil(&served);
        let lines = manual();
        let at = lines.find("root /srv").expect("the folder is named");
        let lines = format!("{}{server}\n    {}", &lines[..at], &lines[at..]);
        // A second page for unknown addresses would be refused.
        let lines = if server.contains("404") { lines.replace("error_page 404 /404.html;", "") } else { lines };
        let nginx = Nginx::new(&program, desk.room.path(), &served, &lines, http);
        let (code, said) = verified(&desk, &nginx);
        assert_eq!(code, Some(1), "{begin}: {said}");
        assert!(paragraph(&said, begin).contains(address), "{begin}: {said}");
        let heads = ["Different", "Missing", "Wrong type", "Sent elsewhere", "Not answered", "Unknown addresses"];
        // Where every address is answered, that of the page for unknown ones is too.
        let is_other = |head: &&&str| begin != "Unknown addresses" || **head != "Different";
        let others = heads
            .iter()
            .filter(is_other)
            .filter(|head| !begin.starts_with(**head) && !paragraph(&said, head).is_empty());
        assert_eq!(others.collect::<Vec<_>>(), Vec::<&&str>::new(), "{begin}: {said}");
    }
}
