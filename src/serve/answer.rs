//! The answer to a browser before it becomes HTTP: a status, bytes or a file, and the subject of the page.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::path::{Address, SitePath};
use crate::source::Tree;
use crate::template::escaped;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The published file's name; its ending gives the type.
    pub(crate) name: String,
    pub(crate) body: Body,
    /// The address that the browser is redirected to.
    pub(crate) location: Option<String>,
    pub(crate) subject: Subject,
    /// Whether it is a page for other pages to show in a frame.
    pub(crate) is_for_embedding: bool,
    /// Why it cannot be made, if it cannot.
    pub(crate) faults: Vec<Diagnostic>,
}

/// What an answer holds.
#[derive(Debug)]
pub(crate) enum Body {
    Bytes(Vec<u8>),
    /// A file that is not in memory, read when it is sent.
    File(Arc<Tree>, SitePath),
}

/// What a page is about, so that it can be found again at another address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Subject {
    Entry { source: SitePath, collection: String, title: String },
    List,
    None,
}

impl Answer {
    /// Whether it is an HTML page, which can show changes.
    pub(crate) fn is_page(&self) -> bool {
        self.name.ends_with(".html")
    }

    /// A tag that identifies its bytes.
    pub(crate) fn tag(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.status.to_le_bytes());
        hasher.update(self.location.as_deref().unwrap_or_default().as_bytes());
        match &self.body {
            Body::Bytes(bytes) => hasher.update(bytes),
            Body::File(tree, path) => {
                let stamp = tree.get(path).map(|file| file.stamp);
                hasher.update(format!("{stamp:?}").as_bytes())
            }
        };
        hasher.finalize().to_hex()[..16].to_owned()
    }

    /// The bytes of a page with the line that makes it live added; a page published from a file is read for that.
    pub(crate) fn with_line(self, line: &str) -> Self {
        let mut bytes = match self.body {
            Body::Bytes(bytes) => bytes,
            Body::File(tree, path) => match tree.get(&path).and_then(|file| tree.bytes(file).ok()) {
                Some(bytes) => bytes,
                None => return Self { body: Body::File(tree, path), ..self },
            },
        };
        let at = rfind(&bytes, b"</body>").unwrap_or(bytes.len());
        bytes.splice(at..at, line.bytes());
        Self { body: Body::Bytes(bytes), ..self }
    }
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window.eq_ignore_ascii_case(what))
}

/// An answer that redirects the browser.
pub(crate) fn redirect(status: u16, to: &str) -> Answer {
    let body = plain_page("This page has moved", &format!("It is at {to}."));
    Answer {
        status,
        name: "moved.html".to_owned(),
        body,
        location: Some(to.to_owned()),
        subject: Subject::None,
        is_for_embedding: false,
        faults: Vec::new(),
    }
}

/// The page shown if a page cannot be made, or if the site's settings could never be read.
pub(crate) fn cannot_be_made(address: Option<&Address>) -> Answer {
    let what = match address {
        Some(address) => format!("The page {address} cannot be made yet"),
        None => "The site cannot be shown yet".to_owned(),
    };
    let body = plain_page(&what, "The message says what is wrong. As soon as that is fixed, the page appears here.");
    Answer {
        status: 500,
        name: "fault.html".to_owned(),
        body,
        location: None,
        subject: Subject::None,
        is_for_embedding: false,
        faults: Vec::new(),
    }
}

/// The answer where there is no page, for a theme without a template for that.
pub(crate) fn no_page(address: &Address) -> Answer {
    let body = plain_page("Page not found", &format!("There is no page at {address}."));
    Answer {
        status: 404,
        name: "404.html".to_owned(),
        body,
        location: None,
        subject: Subject::None,
        is_for_embedding: false,
        faults: Vec::new(),
    }
}

/// A page of the preview itself.
pub(crate) fn plain_page(title: &str, text: &str) -> Body {
    let (title, text) = (escaped(title), escaped(text));
    Body::Bytes(
        format!(
            "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n</head>\n\
             <body>\n<h1>{title}</h1>\n<p>{text}</p>\n</body>\n</html>\n"
        )
        .into_bytes(),
    )
}
