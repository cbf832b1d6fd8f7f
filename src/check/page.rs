//! One finished page → its facts, and the faults that it shows by itself.
//!
//! * A page is no source: a fault in it names the page, and its place is the source file as a whole, if there is one.
//! * What assistive technology does not see (`aria-hidden`, `hidden`) names nothing and is no heading.
//!
//! Not here: anything that takes a second page to see; that is `across`.

use super::markup::{Tag, Visit, walk};
use crate::diagnostic::{Code, Diagnostic, Found, Span};
use crate::path::{OutputPath, SitePath};
use std::collections::BTreeSet;

/// An element so deep is not followed; no reader's page is like that.
const DEEPEST: usize = 512;

/// What the other pages, and the site, need to know of a page.
#[derive(Clone, Debug)]
pub(crate) struct PageFacts {
    /// Where it is published.
    pub(crate) path: OutputPath,
    /// The file that it was made from, if it was made from one.
    pub(crate) source: Option<SitePath>,
    /// What `#…` may lead to.
    pub(crate) ids: BTreeSet<String>,
    /// What it leads to and what it loads, each once, in order of appearance.
    pub(crate) links: Vec<Link>,
    /// The text of `title`, white space collapsed.
    pub(crate) title: Option<String>,
    /// The language of the page as a whole.
    pub(crate) lang: Option<String>,
    /// The address that it calls its own.
    pub(crate) canonical: Option<String>,
    /// Whether search engines are asked to leave it out.
    pub(crate) noindex: bool,
    /// Whether it does nothing but send readers on.
    pub(crate) redirect: bool,
    /// The length of its HTML.
    pub(crate) bytes: usize,
}

/// An address as it stands in a page.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Link {
    /// As written, character references resolved.
    pub(crate) url: String,
    /// What happens with it.
    pub(crate) kind: LinkKind,
}

/// What becomes of an address in a page.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum LinkKind {
    /// A reader may go there.
    Followed,
    /// The browser fetches it, asked or not.
    Loaded,
}

/// Reads a finished page.
pub(crate) fn scan(path: &OutputPath, source: Option<&SitePath>, html: &str) -> Found<PageFacts> {
    let facts = PageFacts {
        path: path.clone(),
        source: source.cloned(),
        ids: BTreeSet::new(),
        links: Vec::new(),
        title: None,
        lang: None,
        canonical: None,
        noindex: false,
        redirect: false,
        bytes: html.len(),
    };
    let mut scanner = Scanner::new(facts);
    walk(html, &mut scanner);
    scanner.finish()
}

/// A fault of the finished page `facts`.
pub(super) fn fault(facts: &PageFacts, code: Code, message: impl Into<String>) -> Diagnostic {
    let mut fault = Diagnostic::new(code, message);
    fault.page = Some(facts.path.address().as_str().to_owned());
    fault.span = facts.source.as_ref().map(Span::file);
    fault
}

/// How the text of an element counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    /// It is read.
    Text,
    /// It is read, but may look like anything: code, formulas.
    Verbatim,
    /// Not by assistive technology.
    Hidden,
    /// By nobody: scripts, styles.
    Never,
}

struct Open {
    /// Where its name begins in `Scanner::names`.
    name: usize,
    shown: Shown,
}

struct OpenLink {
    href: String,
    named: bool,
}

struct OpenHeading {
    level: u8,
    text: String,
}

struct OpenTable {
    headers: bool,
}

struct Scanner {
    facts: PageFacts,
    faults: Vec<Diagnostic>,
    seen: BTreeSet<Link>,
    /// The elements that are open, and their names one after the other.
    open: Vec<Open>,
    names: String,
    title: Option<String>,
    link: Option<OpenLink>,
    heading: Option<OpenHeading>,
    last_heading: Option<OpenHeading>,
    tables: Vec<OpenTable>,
    navigations: Vec<Option<String>>,
    ones: usize,
}

impl Scanner {
    fn new(facts: PageFacts) -> Self {
        Self {
            facts,
            faults: Vec::new(),
            seen: BTreeSet::new(),
            open: Vec::new(),
            names: String::new(),
            title: None,
            link: None,
            heading: None,
            last_heading: None,
            tables: Vec::new(),
            navigations: Vec::new(),
            ones: 0,
        }
    }

    fn shown(&self) -> Shown {
        self.open.last().map_or(Shown::Text, |open| open.shown)
    }

    fn report(&mut self, code: Code, message: impl Into<String>, help: &str) {
        self.faults
            .push(fault(&self.facts, code, message).help(help));
    }

    fn push(&mut self, tag: &Tag, shown: Shown) {
        if !tag.self_closing && !is_void(&tag.name) && self.open.len() < DEEPEST {
            self.open.push(Open {
                name: self.names.len(),
                shown,
            });
            self.names.push_str(&tag.name);
        }
    }

    /// Closes the nearest open element called `name`, and with it those whose end tags were left out.
    fn pop(&mut self, name: &str) {
        let mut end = self.names.len();
        for (at, open) in self.open.iter().enumerate().rev() {
            if &self.names[open.name..end] == name {
                self.names.truncate(open.name);
                self.open.truncate(at);
                return;
            }
            end = open.name;
        }
    }

    fn add_link(&mut self, url: &str, kind: LinkKind) {
        let link = Link {
            url: url.trim().to_owned(),
            kind,
        };
        if !self.seen.contains(&link) {
            self.seen.insert(link.clone());
            self.facts.links.push(link);
        }
    }

    fn load(&mut self, url: Option<&str>) {
        if let Some(url) = url {
            self.add_link(url, LinkKind::Loaded);
        }
    }

    fn load_set(&mut self, set: Option<&str>) {
        for url in srcset(set.unwrap_or_default()) {
            self.add_link(url, LinkKind::Loaded);
        }
    }

    fn any_element(&mut self, tag: &Tag) {
        if let Some(id) = tag.said("id")
            && !self.facts.ids.insert(id.to_owned())
        {
            self.report(
                Code::DuplicateId,
                format!("two places on the page have the id `{id}`"),
                "give one of them another id, or take one out, so that a link to it leads to one place",
            );
        }
        if tag.get("style").is_some() {
            self.report(
                Code::InlineStyle,
                format!(
                    "the element `{}` carries its looks in a `style` attribute",
                    tag.name
                ),
                "give it a class, and put the looks into the design's stylesheet",
            );
        }
        // What is called by a label inside a link names the link.
        if tag.said("aria-label").is_some() {
            self.name_link();
        }
    }

    fn name_link(&mut self) {
        if self.shown() < Shown::Hidden
            && let Some(link) = &mut self.link
        {
            link.named = true;
        }
    }

    /// What the head says, and what is fetched because of it.
    fn head_element(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "html" => self.facts.lang = self.facts.lang.take().or(tag.said("lang").map(str::to_owned)),
            "title" if self.facts.title.is_none() && !self.within("svg") => self.title = Some(String::new()),
            "meta" => {
                let content = tag.get("content").unwrap_or_default().to_ascii_lowercase();
                let robots = tag.get("name").is_some_and(|name| name.eq_ignore_ascii_case("robots"));
                self.facts.noindex |= robots && (content.contains("noindex") || content.contains("none"));
                self.facts.redirect |= tag.get("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh"));
            }
            "link" => self.linked(tag),
            "style" => self.report(
                Code::InlineStyle,
                "the page holds a `style` element",
                "put the rules into a stylesheet of the design, so that a strict content security policy holds",
            ),
            "script" => match tag.get("src") {
                Some(src) => self.add_link(src, LinkKind::Loaded),
                None if tag.get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("application/ld+json")) => {}
                None => self.report(
                    Code::InlineScript,
                    "the page holds a script of its own",
                    "put it into a file of the design's assets and name that in `src`",
                ),
            },
            _ => {}
        }
    }

    fn linked(&mut self, tag: &Tag) {
        let (Some(href), Some(rel)) = (tag.get("href"), tag.get("rel")) else {
            return;
        };
        let loads = [
            "stylesheet",
            "icon",
            "apple-touch-icon",
            "mask-icon",
            "manifest",
            "preload",
            "modulepreload",
        ];
        let warms = ["prefetch", "preconnect", "dns-prefetch"];
        let is = |names: &[&str]| rel.split_ascii_whitespace().any(|rel| names.contains(&rel));
        if is(&["canonical"]) {
            self.facts.canonical = self.facts.canonical.take().or(Some(href.trim().to_owned()));
        } else if is(&loads) || is(&warms) {
            self.add_link(href, LinkKind::Loaded);
        } else {
            self.add_link(href, LinkKind::Followed);
        }
    }

    fn media(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "img" => {
                self.load(tag.said("src"));
                self.load_set(tag.get("srcset"));
                match tag.get("alt") {
                    None => self.report(
                        Code::ImageWithoutAlt,
                        format!(
                            "the image `{}` has no description",
                            tag.get("src").unwrap_or_default()
                        ),
                        "write in `alt` what it shows, or mark it decorative",
                    ),
                    Some(alt) if !alt.trim().is_empty() => {
                        self.name_link();
                        self.heading_text(alt);
                    }
                    Some(_) => {}
                }
            }
            "source" => {
                self.load(tag.said("src"));
                self.load_set(tag.get("srcset"));
            }
            "video" => {
                self.load(tag.said("src"));
                self.load(tag.said("poster"));
            }
            "audio" | "track" | "embed" | "iframe" | "frame" | "input" => {
                self.load(tag.said("src"))
            }
            "object" => self.load(tag.said("data")),
            "image" | "use" => self.load(tag.said("href").or(tag.said("xlink:href"))),
            _ => {}
        }
    }

    /// What gives a page its structure.
    fn structure(&mut self, tag: &Tag, shown: Shown) {
        match tag.name.as_str() {
            "a" => self.open_link(tag, shown),
            "area" => self.add_link(tag.get("href").unwrap_or_default(), LinkKind::Followed),
            "table" => {
                let layout = matches!(tag.get("role"), Some("presentation" | "none"));
                self.tables.push(OpenTable {
                    headers: layout || shown >= Shown::Hidden,
                });
            }
            "th" => {
                if let Some(table) = self.tables.last_mut() {
                    table.headers = true;
                }
            }
            name => {
                if let (Some(level), true) = (heading_level(name), shown < Shown::Hidden) {
                    self.close_heading();
                    self.heading = Some(OpenHeading {
                        level,
                        text: String::new(),
                    });
                }
                let navigation = name == "nav" || tag.get("role") == Some("navigation");
                if navigation && shown < Shown::Hidden {
                    let name = tag.said("aria-label").or(tag.said("aria-labelledby"));
                    self.navigations.push(name.map(str::to_owned));
                }
            }
        }
    }

    fn open_link(&mut self, tag: &Tag, shown: Shown) {
        self.close_link();
        if let Some(name) = tag.said("name") {
            self.facts.ids.insert(name.to_owned());
        }
        let Some(href) = tag.get("href").or(tag.get("xlink:href")) else {
            return;
        };
        self.add_link(href, LinkKind::Followed);
        let named = ["aria-label", "aria-labelledby", "title"]
            .iter()
            .any(|name| tag.said(name).is_some());
        // Where nobody can reach a link by its name, it needs none.
        self.link = Some(OpenLink {
            href: href.to_owned(),
            named: named || shown >= Shown::Hidden,
        });
    }

    fn close_link(&mut self) {
        if let Some(link) = self.link.take()
            && !link.named
        {
            self.report(
                Code::LinkWithoutText,
                format!("the link to `{}` has no text", link.href),
                "write where it leads; for an image in a link, the image's description says it",
            );
        }
    }

    fn heading_text(&mut self, text: &str) {
        if let Some(heading) = &mut self.heading
            && self
                .open
                .last()
                .is_none_or(|open| open.shown < Shown::Hidden)
        {
            heading.text.push_str(text);
        }
    }

    fn close_heading(&mut self) {
        let Some(heading) = self.heading.take() else {
            return;
        };
        if heading.level == 1 {
            self.ones += 1;
        }
        if let Some(last) = &self.last_heading
            && heading.level > last.level + 1
        {
            let message = format!(
                "the heading `{}` is of level {}, but the one before it, `{}`, is of level {}",
                short(&heading.text),
                heading.level,
                short(&last.text),
                last.level
            );
            let help = format!("make it a heading of level {}", last.level + 1);
            self.report(Code::HeadingLevelSkip, message, &help);
        }
        self.last_heading = Some(heading);
    }

    fn close_table(&mut self) {
        if self.tables.pop().is_some_and(|table| !table.headers) {
            self.report(
                Code::TableWithoutHeaders,
                "a table has no headings for its columns or rows",
                "name the columns in the first row; if the table only arranges things, use a list instead",
            );
        }
    }

    fn close_title(&mut self) {
        if let Some(title) = self.title.take() {
            let title = collapsed(&title);
            self.facts.title = (!title.is_empty()).then_some(title);
        }
    }

    fn within(&self, name: &str) -> bool {
        let ends = self
            .open
            .iter()
            .skip(1)
            .map(|open| open.name)
            .chain([self.names.len()]);
        self.open
            .iter()
            .zip(ends)
            .any(|(open, end)| &self.names[open.name..end] == name)
    }

    fn finish(mut self) -> Found<PageFacts> {
        self.close_title();
        self.close_link();
        self.close_heading();
        while !self.tables.is_empty() {
            self.close_table();
        }
        if self.facts.title.is_none() {
            self.report(
                Code::PageWithoutTitle,
                "the page has no title",
                "write a `title` at the top of its file",
            );
        }
        if self.facts.lang.is_none() {
            let help = "write `<html lang=\"{{ page.lang }}\">` in the template, so that it is read aloud rightly";
            self.report(
                Code::PageWithoutLanguage,
                "the page does not say its language",
                help,
            );
        }
        if !self.facts.redirect {
            self.main_heading();
        }
        self.navigation();
        Found::new(self.facts, self.faults)
    }

    fn main_heading(&mut self) {
        let message = match self.ones {
            1 => return,
            0 => "the page has no main heading (`h1`)".to_owned(),
            many => format!("the page has {many} main headings (`h1`)"),
        };
        let help = "the title is the main heading; begin the headings in the text with `##`";
        self.report(Code::PageHeadingOne, message, help);
    }

    fn navigation(&mut self) {
        let names = std::mem::take(&mut self.navigations);
        if names.len() < 2 {
            return;
        }
        let help = "give each `nav` an `aria-label` of its own, such as \"Main\", \"Breadcrumb\", \"Pages\"";
        let mut seen = BTreeSet::new();
        for name in &names {
            match name {
                None => {
                    let message = format!(
                        "one of the {} navigations on the page has no name",
                        names.len()
                    );
                    return self.report(Code::UnnamedNavigation, message, help);
                }
                Some(name) if !seen.insert(name) => {
                    let message = format!("two navigations on the page are called `{name}`");
                    return self.report(Code::UnnamedNavigation, message, help);
                }
                Some(_) => {}
            }
        }
    }
}

impl Visit for Scanner {
    fn start(&mut self, tag: &Tag) {
        let shown = self.shown().max(own_showing(tag));
        self.any_element(tag);
        self.head_element(tag);
        self.media(tag);
        self.structure(tag, shown);
        self.push(tag, shown);
    }

    fn end(&mut self, name: &str) {
        match name {
            "a" => self.close_link(),
            "table" => self.close_table(),
            "title" => self.close_title(),
            name if heading_level(name).is_some() => self.close_heading(),
            _ => {}
        }
        self.pop(name);
    }

    fn text(&mut self, text: &str) {
        if let Some(title) = &mut self.title {
            title.push_str(text);
        }
        let shown = self.shown();
        if shown == Shown::Never {
            return;
        }
        if shown < Shown::Hidden && !text.trim().is_empty() {
            self.name_link();
            self.heading_text(text);
        }
        if shown != Shown::Verbatim
            && let Some(at) = ["{{", "{%"].iter().filter_map(|mark| text.find(mark)).min()
        {
            let message = format!(
                "the page shows a piece of a template: `{}`",
                short(&text[at..])
            );
            let help = "if the text is about templates, write it as code, between backticks; if not, correct the template";
            self.report(Code::TextOfTemplate, message, help);
        }
    }
}

/// How an element shows its text, its surroundings left out of account.
fn own_showing(tag: &Tag) -> Shown {
    match tag.name.as_str() {
        "script" | "style" | "template" | "noscript" | "iframe" | "noembed" => Shown::Never,
        _ if tag.get("aria-hidden").is_some_and(|value| value == "true")
            || tag.get("hidden").is_some() =>
        {
            Shown::Hidden
        }
        "code" | "pre" | "kbd" | "samp" | "var" | "math" | "textarea" => Shown::Verbatim,
        // Formulas are kept for the design as they were typed, braces and all.
        _ if tag.get("class").is_some_and(|class| class.contains("math")) => Shown::Verbatim,
        _ => Shown::Text,
    }
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// The addresses in a `srcset`, by the rules of the HTML standard, section 4.8.4.2.1, without its descriptors.
fn srcset(set: &str) -> Vec<&str> {
    let mut urls = Vec::new();
    let mut rest = set;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return urls;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let url = rest[..end].trim_end_matches(',');
        let described = url.len() == end;
        urls.push(url);
        rest = &rest[end..];
        if described {
            rest = rest.find(',').map_or("", |comma| &rest[comma..]);
        }
    }
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text as it is quoted in a message.
fn short(text: &str) -> String {
    let text = collapsed(text);
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
