//! What a preview shows while something is broken, away or secret. Each of these was once seen to fail.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use run::program;

/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

struct Preview {
    child: Child,
    address: String,
    said: Receiver<String>,
    folder: tempfile::TempDir,
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn site(root: &Path) {
    for folder in ["content", "themes/own/templates", "themes/own/assets"] {
        fs::create_dir_all(root.join(folder)).expect("a folder can be made");
    }
    let put = |name: &str, text: &str| fs::write(root.join(name), text).expect("a file can be written");
    put(
        "site.toml",
        "title = \"Site\"\nbase_url = \"https://example.org/\"\ntheme = \"own\"\n[organisation]\nname = \"Org\"\n",
    );
    put("themes/own/theme.toml", "name = \"Own\"\n");
    put("themes/own/assets/own.css", "body { margin: 0 }\n");
    let page = "<!doctype html><html lang=\"{{ page.lang }}\"><head><title>{{ page.title }}</title>\
                <link rel=\"stylesheet\" href=\"{{ asset(path='own.css') }}\"></head><body><h1>{{ page.title }}</h1>";
    put("themes/own/templates/entry.html", &format!("{page}{{{{ content }}}}</body></html>"));
    put("themes/own/templates/404.html", &format!("{page}</body></html>"));
    put("content/index.md", "+++\ntitle = \"Home\"\n+++\n\nWelcome.\n");
    put("content/later.md", "+++\ntitle = \"Later\"\npublish_at = 2031-01-01 00:00\n+++\n\nNot yet.\n");
}

fn serve(arguments: &[&str]) -> Preview {
    serve_with(arguments, |_| ())
}

/// A preview of a site in which something is otherwise from the first.
fn serve_with(arguments: &[&str], change: impl FnOnce(&Path)) -> Preview {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    site(folder.path());
    change(folder.path());
    let mut child = program(folder.path())
        .args(["serve", "--port", "0"])
        .args(arguments)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    let (tell, said) = channel();
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(tell.send(line))));
    let mut preview = Preview { child, address: String::new(), said, folder };
    let line = preview.hears("http://");
    let address = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address");
    preview.address = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
    preview
}

impl Preview {
    /// The next line that says `words`.
    fn hears(&self, words: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let line = self.said.recv_timeout(left).unwrap_or_else(|_| panic!("it never said {words:?}"));
            if line.contains(words) {
                return line;
            }
        }
    }

    fn get(&self, target: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("somebody listens");
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut all = Vec::new();
        stream.read_to_end(&mut all).expect("it answers");
        let text = String::from_utf8_lossy(&all).into_owned();
        (text.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0), text)
    }

    /// The first state that a tab of a page is told.
    fn news(&self, page: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("somebody listens");
        let target = format!("/.pamphlet/events?page={page}&etag=x");
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it listens");
        let lines = BufReader::new(stream).lines().map_while(Result::ok);
        let mut state = lines.skip_while(|line| !line.ends_with("event: state"));
        state.nth(1).unwrap_or_default()
    }

    /// Asks until an answer is as `fits` says.
    fn comes_to(&self, target: &str, fits: impl Fn(u16, &str) -> bool) {
        let until = Instant::now() + PATIENCE;
        loop {
            let (status, text) = self.get(target);
            if fits(status, &text) {
                return;
            }
            assert!(Instant::now() < until, "{target}: {status}\n{text}");
            std::thread::yield_now();
        }
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).expect("a file can be written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).expect("a file can be read")
    }

    /// Waits until a verdict is in: an edit was told of.
    fn is_judged_after(&self, edit: impl FnOnce(&Self)) -> String {
        while self.said.try_recv().is_ok() {}
        edit(self);
        self.hears("shown")
    }
}

#[test]
fn a_style_that_is_gone_blanks_no_page() {
    let preview = serve(&[]);
    preview.is_judged_after(|preview| preview.put("content/index.md", "+++\ntitle = \"Home\"\n+++\n\nFirst.\n"));
    let (_, text) = preview.get("/");
    let style = text.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a style").to_owned();
    preview.is_judged_after(|preview| {
        fs::remove_file(preview.folder.path().join("themes/own/assets/own.css")).expect("it was there");
    });
    let (status, text) = preview.get("/");
    assert_eq!(status, 200, "{text}");
    assert!(text.contains("First."));
    assert_eq!(preview.get(&style).0, 200, "{style}");
}

#[test]
fn a_broken_template_blanks_no_page_though_a_text_is_broken_too() {
    let preview = serve_with(&[], |root| {
        fs::write(root.join("content/bad.md"), "+++\ntitle = \"Bad\"\nautors = 3\n+++\n\nx\n")
            .expect("a file can be written");
    });
    preview.is_judged_after(|preview| preview.put("content/index.md", "+++\ntitle = \"Home\"\n+++\n\nWelcome back.\n"));
    preview.is_judged_after(|preview| {
        let template = preview.read("themes/own/templates/entry.html");
        preview
            .put("themes/own/templates/entry.html", &template.replace("</body>", "{{ asset(path='no.css') }}</body>"));
    });
    let (status, text) = preview.get("/");
    assert_eq!(status, 200, "{text}");
    assert!(text.contains("Welcome back."));
}

#[test]
fn what_only_a_draft_shows_is_told_on_its_page() {
    let preview = serve_with(&[], |root| {
        let template = root.join("themes/own/templates/entry.html");
        let text = fs::read_to_string(&template).expect("a file can be read");
        let fails = "{% if page.title == 'Later' %}{{ asset(path='no-such.css') }}{% endif %}</body>";
        fs::write(&template, text.replace("</body>", fails)).expect("a file can be written");
    });
    assert_eq!(preview.get("/later/").0, 500);
    let until = Instant::now() + PATIENCE;
    loop {
        let news = preview.news("/later/");
        if news.contains("no-such.css") {
            break;
        }
        assert!(Instant::now() < until, "{news}");
    }
}

#[test]
fn a_site_that_is_away_is_told_of_and_told_of_again_when_it_is_back() {
    for arguments in [&[][..], &["--poll"]] {
        let preview = serve(arguments);
        let settings = preview.read("site.toml");
        fs::remove_file(preview.folder.path().join("site.toml")).expect("it was there");
        preview.hears("site.toml");
        preview.put("site.toml", &settings);
        preview.hears("there again");
        preview.put("content/index.md", "+++\ntitle = \"Home\"\n+++\n\nChanged.\n");
        preview.comes_to("/", |_, text| text.contains("Changed."));
    }
}

#[test]
fn a_folder_that_is_exchanged_is_still_watched() {
    let preview = serve(&[]);
    for n in 0..6 {
        let content = preview.folder.path().join("content");
        fs::remove_dir_all(&content).expect("it was there");
        fs::create_dir(&content).expect("a folder can be made");
        preview.put("content/index.md", &format!("+++\ntitle = \"Home\"\n+++\n\nNew {n}.\n"));
        preview.comes_to("/", |_, text| text.contains(&format!("New {n}.")));
        let begun = Instant::now();
        preview.put("content/index.md", &format!("+++\ntitle = \"Home\"\n+++\n\nEdited {n}.\n"));
        preview.comes_to("/", |_, text| text.contains(&format!("Edited {n}.")));
        // Who is not told of changes looks every twenty seconds.
        assert!(begun.elapsed() < Duration::from_secs(15), "nobody told of the edit {n}");
    }
}

#[test]
fn others_are_not_shown_what_is_not_public_yet() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    site(folder.path());
    let arguments = ["serve", "--port", "0", "--host", "0.0.0.0", "--now", "2032-01-01 00:00"];
    let ran = run::run(program(folder.path()).args(arguments));
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("not public"), "{}", ran.err);
}
