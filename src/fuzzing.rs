//! Bytes that nobody has looked at → every reader of a format, and what must hold whatever they are. For `fuzz/` and the tests
//! `fuzz` and `growth`, behind a feature of the same name; nothing in the program calls it.
//!
//! Each function reads its input twice and panics if the two results differ, or if a place that it gives is not in the text.
//! Not here: where inputs come from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use jiff::ZonedDateTime;

use crate::config::{Config, Overrides};
use crate::content;
use crate::data::{self, Raw, RawKind};
use crate::diagnostic::Found;
use crate::images;
use crate::import::folders::{self, Folder, Meanings};
use crate::import::site::plan;
use crate::import::site::survey::Survey;
use crate::import::site::texts::{Links, Target as LeadsTo, Texts};
use crate::import::wordpress::Exports;
use crate::markdown::{self, Doc, HtmlPolicy, Options};
use crate::path::SitePath;
use crate::pipeline;
use crate::raster;
use crate::site::View;
use crate::source::Tree;

/// A reader: its name, and the function that tries it.
pub type Target = (&'static str, fn(&[u8]));

/// All readers.
pub const TARGETS: &[Target] = &[
    ("front", |bytes| with_text(bytes, front)),
    ("markdown", |bytes| with_text(bytes, markdown)),
    ("table", |bytes| with_text(bytes, table)),
    ("field", |bytes| with_text(bytes, field)),
    ("settings", |bytes| with_text(bytes, |text| of_site("site.toml", text))),
    ("redirects", |bytes| with_text(bytes, |text| of_site("redirects.csv", text))),
    ("drawing", |bytes| with_text(bytes, drawing)),
    ("image", image),
    ("wordpress", |bytes| with_text(bytes, wordpress)),
    ("jekyll", |bytes| with_text(bytes, jekyll)),
    ("hugo", |bytes| with_text(bytes, hugo)),
];

/// Tries the reader `name`.
///
/// # Panics
/// If there is none of that name, or if something does not hold.
pub fn read(name: &str, bytes: &[u8]) {
    let (_, read) = TARGETS.iter().find(|(known, _)| *known == name).expect("a reader of that name");
    read(bytes);
}

fn with_text(bytes: &[u8], read: impl FnOnce(&str)) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        read(text);
    }
}

fn file() -> SitePath {
    SitePath::new("content/a.md").expect("a path within a site")
}

/// Front matter in TOML or YAML. What it says stays the same if a comment is added at its end.
pub fn front(text: &str) {
    let (found, span) = content::front_matter(&file(), text);
    assert!(text.get(span.clone()).is_some(), "the front matter is within the text");
    whole(&found, text);
    same(&found, &content::front_matter(&file(), text).0);
    if text.starts_with("+++") && found.faults.is_empty() && !span.is_empty() {
        let commented = format!("{}# a comment\n{}", &text[..span.end], &text[span.end..]);
        let (again, _) = content::front_matter(&file(), &commented);
        assert!(again.value.kind == found.value.kind, "a comment changes nothing");
    }
}

/// Markdown with blocks, formulas and the author's HTML.
pub fn markdown(text: &str) {
    let read = |html| {
        let options = Options { extensions: true, smart_punctuation: true, html };
        markdown::read(&file(), text, 0, &options)
    };
    for html in [HtmlPolicy::Escape, HtmlPolicy::Allow] {
        within(&read(html).value, text);
    }
    let found = read(HtmlPolicy::Sanitise);
    within(&found.value, text);
    for fault in &found.faults {
        let span = fault.span.as_ref().expect("a fault of a text has a place");
        assert!(text.get(span.start..span.end).is_some(), "{fault:?}");
    }
    same(&found, &read(HtmlPolicy::Sanitise));
    let _ = markdown::plain_text(&found.value, &|_| None);
}

/// The same, read once and without a look at the result: what reading a text takes.
pub fn markdown_once(text: &str) {
    let options = Options { extensions: true, smart_punctuation: true, html: HtmlPolicy::Sanitise };
    let _ = markdown::read(&file(), text, 0, &options);
}

/// A text of a post, as an export of WordPress holds it, brought over.
pub fn wordpress(text: &str) {
    let text = text.replace("]]>", "]]]]><![CDATA[>");
    let export = format!(
        "<rss><channel><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://e.org</wp:base_blog_url><item><title>T</title>\
         <link>https://e.org/t/</link><content:encoded><![CDATA[{text}]]></content:encoded><wp:post_id>1</wp:post_id>\
         <wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item></channel></rss>"
    );
    let mut exports = Exports::default();
    exports.read("export.xml", export.as_bytes()).expect("memory can be read");
    let (survey, texts) = exports.finish(None, "2026-05-14 09:00");
    brought(&survey, &texts);
}

/// A whole export of WordPress, and what would become of it in a new site.
pub fn planned(export: &str) {
    let mut exports = Exports::default();
    exports.read("export.xml", export.as_bytes()).expect("memory can be read");
    let (survey, _) = exports.finish(None, "2026-05-14 09:00");
    let settings = (SitePath::new("site.toml").expect("a path within a site"), plan::first_settings(&survey));
    let tree = Tree::unwritten(Path::new("/nowhere"), [settings]);
    let Some(config) = Config::read(&tree, &Overrides::default()).value else { return };
    let (files, entries, earlier) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
    let here = plan::Here {
        config: &config,
        is_new: true,
        now: "2026-05-14 09:00",
        files: &files,
        entries: &entries,
        earlier: &earlier,
    };
    assert_eq!(plan::plan(&survey, &here).pages.len(), survey.entries.len(), "nothing is lost");
}

/// A text of Jekyll, brought over.
pub fn jekyll(text: &str) {
    folder(&[("_config.yml", "title: T\n"), ("a.md", &format!("---\ntitle: T\n---\n{text}"))]);
}

/// A text of Hugo, brought over.
pub fn hugo(text: &str) {
    folder(&[("hugo.toml", "title = 'T'\n"), ("content/a.md", &format!("---\ntitle: T\n---\n{text}"))]);
}

fn folder(files: &[(&str, &str)]) {
    let mut paths: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
    paths.sort();
    let bytes = |path: &str| {
        let text = files.iter().find(|(known, _)| *known == path).map(|(_, text)| text.as_bytes().to_vec());
        text.ok_or_else(String::new)
    };
    let folder = Folder { files: &paths, bytes: &bytes };
    let program = folders::program(&folder).expect("a known program");
    let (survey, texts) = folders::survey(&folder, program, jiff::Timestamp::UNIX_EPOCH, Meanings::new(&[]));
    brought(&survey, &texts);
}

fn brought(survey: &Survey, texts: &dyn Texts) {
    let options = Options { extensions: true, smart_punctuation: true, html: HtmlPolicy::Sanitise };
    for entry in &survey.entries {
        let made = texts.text(entry, &file(), &Same, &options);
        let _ = made.losses.report(false);
    }
}

/// Links that lead where they led.
struct Same;

impl Links for Same {
    fn target(&self, to: &str) -> LeadsTo {
        LeadsTo::To(to.to_owned())
    }

    fn alt(&self, _: &str) -> Option<&str> {
        None
    }
}

fn within(doc: &Doc, text: &str) {
    for node in doc.nodes.iter().chain(doc.notes.iter().flat_map(|note| &note.nodes)) {
        assert!(text.get(node.span()).is_some(), "{node:?}");
    }
    let links = doc.links.iter().map(|link| &link.span);
    let others = doc.images.iter().map(|image| &image.span).chain(doc.outline.iter().map(|heading| &heading.span));
    for span in links.chain(others) {
        assert!(text.get(span.clone()).is_some(), "{span:?}");
    }
}

/// A table in any notation.
pub fn table(text: &str) {
    for read in [data::csv, data::json, data::toml, data::yaml] {
        let found = read(&file(), text, 0);
        whole(&found, text);
        same(&found, &read(&file(), text, 0));
    }
}

/// A field without Markdown, such as a title.
pub fn field(text: &str) {
    let found = markdown::look_at_field(text).map(|found| found.message);
    assert_eq!(found, markdown::look_at_field(text).map(|found| found.message));
}

/// The site of the tests.
static BASE: LazyLock<Tree> = LazyLock::new(|| {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/base"));
    Tree::read(root, moment().timestamp(), None).expect("the site of the tests is there").value
});

fn moment() -> ZonedDateTime {
    "2026-05-14T09:00:00+00:00[UTC]".parse().expect("a moment")
}

/// A file of a small site: settings, redirects. The site is made whole, with its routes.
fn of_site(path: &str, text: &str) {
    let path = SitePath::new(path).expect("a path within a site");
    let texts = BTreeMap::from([(path.clone(), text.to_owned())]);
    let tree = Arc::new(BASE.rearranged(&BTreeMap::new(), &BTreeSet::new(), &texts));
    let faults = || {
        let mut faults = Vec::new();
        let read = pipeline::Memory::default().understand(tree.clone(), &Overrides::default(), &mut faults);
        if let Some(sources) = read.sources {
            faults.extend(pipeline::make(&sources, moment(), View::Published).faults());
        }
        faults
    };
    let found = faults();
    for span in found.iter().filter_map(|fault| fault.span.as_ref()).filter(|span| span.file == path) {
        assert!(span.whole_file() || text.get(span.start..span.end).is_some(), "{span:?}");
    }
    assert_eq!(format!("{found:?}"), format!("{:?}", faults()));
}

/// A drawing: made harmless, and drawn.
pub fn drawing(text: &str) {
    let _ = images::clean(text);
    let _ = raster::png(text, (24, 24), None);
}

/// The head of an image file.
pub fn image(bytes: &[u8]) {
    assert_eq!(images::facts(bytes), images::facts(bytes));
}

/// Two readings of one text are equal.
fn same<T: PartialEq + std::fmt::Debug>(one: &Found<T>, other: &Found<T>) {
    assert!(one.value == other.value, "{:?}\n{:?}", one.value, other.value);
    assert_eq!(format!("{:?}", one.faults), format!("{:?}", other.faults));
}

/// All places are within the text and on character boundaries.
fn whole(found: &Found<Raw>, text: &str) {
    for span in found.faults.iter().filter_map(|fault| fault.span.as_ref()) {
        assert!(text.get(span.start..span.end).is_some(), "{span:?}");
    }
    let mut left = vec![&found.value];
    while let Some(raw) = left.pop() {
        assert!(text.get(raw.span.clone()).is_some(), "{raw:?}");
        match &raw.kind {
            RawKind::List(items) => left.extend(items),
            RawKind::Table(table) => {
                left.extend(table.iter().map(|(_, value)| value));
                assert!(table.iter().all(|(key, _)| text.get(key.span.clone()).is_some()), "{table:?}");
            }
            _ => {}
        }
    }
}

/// The structure of a page's text, however it is written: what must be the same in two texts that say the same.
#[must_use]
pub fn structure(page: &str) -> String {
    let (_, front) = content::front_matter(&file(), page);
    let body =
        if front.is_empty() { 0 } else { page[front.end..].find('\n').map_or(page.len(), |at| front.end + at + 1) };
    let options = Options { extensions: true, smart_punctuation: true, html: HtmlPolicy::Sanitise };
    markdown::structure::structure(&markdown::read(&file(), &page[body..], body, &options).value)
}
