//! A server that watches a site, and a file that is edited → how long until a browser could have the new text.
//!
//! The clock runs from the return of the write to the last byte of the first response that has the new text; the server
//! is asked every 2 ms. Servers are edited in turn, each its own site, and each has time to come to rest.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::contenders::Program;
use crate::sites::Kind;

const ASKED_EVERY: Duration = Duration::from_millis(2);

/// What is edited.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Edit {
    /// The text of a publication, seen on its page.
    Text,
    /// The title of a publication, seen in the list of all.
    Title,
    /// The template of all pages, seen on the page of a publication.
    Template,
}

impl Edit {
    pub(crate) const ALL: [Self; 3] = [Self::Text, Self::Title, Self::Template];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "a text, seen on its page",
            Self::Title => "a title, seen in its list",
            Self::Template => "the template of all pages",
        }
    }
}

/// A server at work; it ends when this goes.
pub(crate) struct Server {
    child: Child,
    port: u16,
    site: PathBuf,
    kind: Kind,
    /// The publication that stands first in the list of all.
    first: String,
    edits: usize,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts `program` as a server of `site` and waits for its first page; how long that took.
    pub(crate) fn start(program: &Program, site: &Path, kind: Kind) -> (Self, Duration) {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = program.serve(site, port);
        let begun = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut server = Self { child, port, site: site.to_owned(), kind, first: String::new(), edits: 0 };
        let list = server.wait_for("/publications/", "<li>");
        let time = begun.elapsed();
        let from = list.find("<li>").unwrap();
        let name = list[from..].split("/publications/").nth(1).unwrap();
        server.first = name.split('/').next().unwrap().to_owned();
        (server, time)
    }

    /// Edits a file; how long it took until the new text was there.
    pub(crate) fn edit(&mut self, edit: Edit) -> Duration {
        self.edits += 1;
        let mark = format!("edited-{}", self.edits);
        let publication = self.site.join("content/publications").join(format!("{}.md", self.first));
        let template = match self.kind {
            Kind::Hugo => self.site.join("layouts/baseof.html"),
            _ => self.site.join("themes/bench/templates/base.html"),
        };
        let page = format!("/publications/{}/", self.first);
        let (file, seen_at) = match edit {
            Edit::Text => (publication, page.as_str()),
            Edit::Title => (publication, "/publications/"),
            Edit::Template => (template, page.as_str()),
        };
        let text = fs::read_to_string(&file).unwrap();
        let text = match edit {
            Edit::Text => format!("{text}\n{mark}\n"),
            // Title and address stay what they are in the order of the list.
            Edit::Title => {
                let (before, after) = text.split_once("\nsummary").unwrap();
                format!("{} {mark}\"\nsummary{after}", before.trim_end_matches('"'))
            }
            Edit::Template => text.replace("</main>", &format!("<p>{mark}</p></main>")),
        };
        fs::write(&file, text).unwrap();
        let begun = Instant::now();
        self.wait_for(seen_at, &mark);
        begun.elapsed()
    }

    /// Asks for a page until it has the text.
    fn wait_for(&self, address: &str, text: &str) -> String {
        let begun = Instant::now();
        loop {
            let asked = Instant::now();
            if let Some(body) = self.get(address)
                && body.contains(text)
            {
                return body;
            }
            assert!(begun.elapsed() < Duration::from_secs(300), "`{text}` never came to {address}");
            sleep(ASKED_EVERY.saturating_sub(asked.elapsed()));
        }
    }

    fn get(&self, address: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        let host = format!("127.0.0.1:{}", self.port);
        write!(stream, "GET {address} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").ok()?;
        let mut response = Vec::new();
        stream.read_to_end(&mut response).ok()?;
        Some(String::from_utf8_lossy(&response).into_owned())
    }

    /// The memory that it holds, in MiB; 0 where the system does not tell.
    pub(crate) fn memory(&self) -> u64 {
        let told = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
    }
}
