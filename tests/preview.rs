//! What a preview shows while something is broken, away or secret. Each test was once seen to fail.
#![allow(missing_docs, clippy::disallowed_methods)]

mod run;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use run::program;

/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a browser's tab says about itself.
#[derive(Default)]
struct Tab<'a> {
    page: &'a str,
    tag: String,
    seen: String,
}

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

/// A preview of a site that was changed before it started.
fn serve_with(arguments: &[&str], change: impl FnOnce(&Path)) -> Preview {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    site(folder.path());
    change(folder.path());
    begin(folder, arguments, || ())
}

/// Starts the preview of the site in `folder`; repeats `meanwhile` until the preview prints its address.
fn begin(folder: tempfile::TempDir, arguments: &[&str], mut meanwhile: impl FnMut()) -> Preview {
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
    let line = loop {
        meanwhile();
        match preview.said.recv_timeout(Duration::from_millis(20)) {
            Ok(line) if line.contains("http://") => break line,
            Err(RecvTimeoutError::Disconnected) => panic!("it ended"),
            _ => {}
        }
    };
    let address = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address");
    preview.address = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
    preview
}

impl Preview {
    /// The next line that contains `words`.
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

    /// The first state that a tab of a page gets.
    fn news(&self, page: &str) -> String {
        self.events(&Tab { page, ..Tab::default() }).remove("state").unwrap_or_default()
    }

    /// The first events that a tab gets, up to its state.
    fn events(&self, tab: &Tab) -> BTreeMap<String, String> {
        let mut stream = TcpStream::connect(&self.address).expect("somebody listens");
        let asked = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("page", tab.page), ("etag", &*tab.tag), ("seen", &*tab.seen)])
            .finish();
        let request = format!("GET /.pamphlet/events?{asked} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it listens");
        let (mut events, mut name) = (BTreeMap::new(), String::new());
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if let Some(begun) = line.strip_prefix("event: ") {
                name = begun.to_owned();
            } else if let Some(data) = line.strip_prefix("data: ") {
                events.insert(name.clone(), data.to_owned());
                if name == "state" {
                    break;
                }
            }
        }
        events
    }

    /// A tab that is opened, gets its state, and then goes out of view.
    fn hidden_tab<'a>(&self, page: &'a str) -> Tab<'a> {
        let (_, text) = self.get(page);
        let tag = text.split("data-etag=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("it is live");
        let tab = Tab { page, tag: tag.to_owned(), seen: String::new() };
        let mut told = self.events(&tab);
        assert_eq!(told.keys().collect::<Vec<_>>(), ["state"], "nothing has changed yet");
        let state: serde_json::Value = serde_json::from_str(&told.remove("state").expect("a state")).expect("JSON");
        Tab { seen: state["seen"].as_str().expect("a note").to_owned(), ..tab }
    }

    /// Asks until an answer fits.
    fn comes_to(&self, target: &str, fits: impl Fn(u16, &str) -> bool) {
        let until = Instant::now() + PATIENCE;
        loop {
            let (status, text) = self.get(target);
            if fits(status, &text) {
                return;
            }
            assert!(Instant::now() < until, "{target}: {status}\n{text}");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// Returns with a tab until it gets `event` with `data`.
    fn comes_to_tell(&self, tab: &Tab, event: &str, data: &serde_json::Value) {
        let until = Instant::now() + PATIENCE;
        loop {
            let told = self.events(tab);
            if told.get(event).and_then(|data| serde_json::from_str(data).ok()).as_ref() == Some(data) {
                return;
            }
            assert!(Instant::now() < until, "{data} was not told, but {told:?}");
        }
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).expect("a file can be written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).expect("a file can be read")
    }

    /// Waits for a verdict after an edit.
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
        preview.hears("is back");
        preview.put("content/index.md", "+++\ntitle = \"Home\"\n+++\n\nChanged.\n");
        preview.comes_to("/", |_, text| text.contains("Changed."));
    }
}

#[test]
fn a_site_that_comes_back_while_it_is_missed_is_seen_at_once() {
    let preview = serve(&[]);
    let settings = preview.read("site.toml");
    for n in 0..30 {
        fs::remove_file(preview.folder.path().join("site.toml")).expect("it was there");
        // After a few answers the preview has looked; it may wait a little before it reports the loss.
        for _ in 0..n % 6 {
            preview.get("/");
        }
        preview.put("content/index.md", &format!("+++\ntitle = \"Home\"\n+++\n\nBack {n}.\n"));
        preview.put("site.toml", &settings);
        let begun = Instant::now();
        preview.comes_to("/", |_, text| text.contains(&format!("Back {n}.")));
        // Without reports of changes, it would look every twenty seconds.
        assert!(begun.elapsed() < Duration::from_secs(15), "its return was missed, time {n}");
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
        // Without reports of changes, it would look every twenty seconds.
        assert!(begun.elapsed() < Duration::from_secs(15), "nobody told of the edit {n}");
    }
}

#[test]
fn a_tab_that_was_hidden_learns_where_its_page_went_and_which_files_changed() {
    let page = |title: &str| format!("+++\ntitle = \"{title}\"\n+++\n\nText.\n");
    for (arguments, author) in [(&[][..], true), (&["--as-published"], false)] {
        let preview = serve_with(arguments, |root| {
            fs::create_dir_all(root.join("static/maps")).expect("a folder can be made");
            fs::write(root.join("static/maps/map #1 50%.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
                .expect("written");
            fs::write(root.join("content/old.md"), page("A page that moves")).expect("written");
            fs::write(root.join("content/former.md"), page("One with an alias")).expect("written");
        });
        let (moved, former, home) =
            (preview.hidden_tab("/old/"), preview.hidden_tab("/former/"), preview.hidden_tab("/"));
        assert_eq!(moved.seen.contains("content/old.md"), author, "{}", moved.seen);
        let at = |name: &str| preview.folder.path().join("content").join(name);
        fs::remove_file(at("former.md")).expect("it was there");
        fs::rename(at("old.md"), at("new.md")).expect("it can be renamed");
        let text = page("One with an alias").replace("+++\n\n", "aliases = [\"/former/\"]\n+++\n\n");
        preview.put("content/later-name.md", &text);
        preview.put("static/maps/map #1 50%.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\"/>");
        let gone = |to: &str, title: &str| serde_json::json!({"to": to, "title": title});
        preview.comes_to_tell(&moved, "gone", &gone("/new/", "A page that moves"));
        preview.comes_to_tell(&former, "gone", &gone("/later-name/", "One with an alias"));
        preview.comes_to_tell(&home, "files", &serde_json::json!({"addresses": ["/maps/map%20%231%2050%25.svg"]}));
        // An invalid note, or one from another run, counts as if nothing had been seen.
        for seen in ["", "{", "[]", r#"{"run":"x","revision":0,"subject":{"source":"../..","title":1}}"#] {
            let told = preview.events(&Tab { seen: seen.to_owned(), page: "/", tag: home.tag.clone() });
            assert_eq!(told.keys().collect::<Vec<_>>(), ["state"], "{seen}");
        }
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_told_though_no_file_has_changed() {
    let preview = serve(&[]);
    let (link, outside) = (preview.folder.path().join("content/linked"), tempfile::tempdir().expect("a folder"));
    std::os::unix::fs::symlink(outside.path(), &link).expect("a link can be made");
    preview.hears("link-leaves-site");
    preview.hears("1 error");
    fs::remove_file(&link).expect("it was there");
    preview.hears("no faults");
}

#[test]
fn a_page_is_known_by_its_file_name_too() {
    let preview = serve(&[]);
    assert!(preview.news("/later/index.html").contains("\"title\":\"Later\""));
}

#[test]
fn a_page_that_is_published_as_it_is_is_live_too() {
    let page = |text: &str| format!("<!doctype html><title>Old page</title><body><p>{text}</p></body>");
    let preview = serve_with(&[], |root| {
        fs::create_dir_all(root.join("static")).expect("a folder can be made");
        fs::write(root.join("static/old.html"), page("First.")).expect("a file can be written");
    });
    let tag = |text: &str| {
        let tag = text.split("data-etag=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("it is live");
        tag.to_owned()
    };
    let (_, first) = preview.get("/old.html");
    assert!(first.contains("First.") && first.ends_with("</body>"), "{first}");
    preview.put("static/old.html", &page("Second."));
    preview.comes_to("/old.html", |_, text| text.contains("Second.") && tag(text) != tag(&first));
}

#[test]
fn a_former_address_with_a_query_leads_on_though_a_page_is_at_its_path() {
    let preview = serve_with(&[], |root| {
        fs::write(root.join("redirects.csv"), "from,to\n/?p=1,/later/\n/later/?v=2,/\n").expect("it can be written");
    });
    for (target, to) in [("/?p=1", "/later/"), ("/later/?v=2", "/")] {
        let (status, text) = preview.get(target);
        assert!(status == 302 && text.contains(&format!("ocation: {to}\r")), "{target}: {status} {text}");
    }
    assert_eq!((preview.get("/?p=2").0, preview.get("/later/?x").0), (200, 200));
}

#[test]
fn a_design_without_a_page_for_it_says_that_there_is_none() {
    let preview = serve_with(&[], |root| {
        fs::remove_file(root.join("themes/own/templates/404.html")).expect("it was there");
    });
    let (status, text) = preview.get("/no-such-page/");
    assert_eq!(status, 404);
    assert!(text.contains("There is no page at /no-such-page/."), "{text}");
}

#[test]
fn a_site_that_moves_below_a_path_is_found_there() {
    let preview = serve_with(&[], |root| {
        fs::write(root.join("content/about.md"), "+++\ntitle = \"About\"\n+++\n\nUs.\n").expect("written");
    });
    let moves_to = |prefix: &str| {
        let settings = preview.read("site.toml");
        let (before, after) = settings.split_once("https://example.org").expect("its address");
        let (_, after) = after.split_once('"').expect("the end of its address");
        preview.put("site.toml", &format!("{before}https://example.org{prefix}\"{after}"));
        preview.hears(&format!("{prefix} now."));
    };
    let leads = |from: &str, to: &str| {
        preview.comes_to(from, |status, text| status == 302 && text.contains(&format!("ocation: {to}\r")));
        assert_eq!(preview.get(to).0, 200, "{to}");
    };
    moves_to("/new/");
    leads("/about/?page=2", "/new/about/?page=2");
    leads("/no-such-page/", "/new/");
    // The target of an address does not reveal an embargoed page.
    leads("/later/", "/new/");
    moves_to("/newer/path/");
    leads("/new/about/", "/newer/path/about/");
    leads("/about/", "/newer/path/about/");
}

#[test]
fn what_is_edited_while_it_starts_is_seen() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    site(folder.path());
    for n in 0..300 {
        let text = format!("+++\ntitle = \"Page {n}\"\n+++\n\n{}\n", "Words and more words. ".repeat(200));
        fs::write(folder.path().join(format!("content/page-{n}.md")), text).expect("a file can be written");
    }
    let home = folder.path().join("content/index.md");
    let mut edits = 0;
    let preview = begin(folder, &[], || {
        edits += 1;
        fs::write(&home, format!("+++\ntitle = \"Home\"\n+++\n\nEdit {edits}.\n")).expect("a file can be written");
    });
    let begun = Instant::now();
    preview.comes_to("/", |_, text| text.contains(&format!("Edit {edits}.")));
    // Without reports of changes, it would look every twenty seconds.
    assert!(begun.elapsed() < Duration::from_secs(15), "the edit {edits} was not told of");
}

#[test]
fn others_are_not_shown_what_is_not_public_yet() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    site(folder.path());
    let arguments = ["serve", "--port", "0", "--host", "0.0.0.0", "--now", "2032-01-01 00:00"];
    let refused = || {
        let ran = run::run(program(folder.path()).args(arguments));
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains("not public"), "{}", ran.err);
    };
    refused();
    // Nor once settings are mended that could not be read when the preview began.
    fs::write(folder.path().join("site.toml"), "theme = \"none\"\n").expect("a file can be written");
    refused();
}
