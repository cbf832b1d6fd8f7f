//! One finished page → its facts, and the faults that it shows on its own.
//!
//! * A page is not a source: its faults name the page, and their place is the whole source file, if there is one.
//! * Elements hidden from assistive technology (`aria-hidden`, `hidden`) name nothing and are no headings.
//!
//! Not here: anything that takes a second page to see; that is `across`.

use super::facts::{Link, LinkKind, PageFacts, fault};
use super::markup::{Tag, Visit, walk};
use super::open::{Audience, Elements};
use crate::diagnostic::{Code, Diagnostic, Found};
use crate::path::{OutputPath, SitePath};
use std::collections::BTreeSet;

/// Reads a finished page.
pub(crate) fn scan(path: &OutputPath, source: Option<&SitePath>, html: &str) -> Found<PageFacts> {
    let facts = PageFacts::new(path, source, html.len());
    let mut scanner = Scanner::new(facts);
    walk(html, &mut scanner);
    scanner.finish()
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
    open: Elements,
    title: Option<String>,
    link: Option<OpenLink>,
    heading: Option<OpenHeading>,
    last_heading: Option<OpenHeading>,
    tables: Vec<OpenTable>,
    navigations: Vec<Option<String>>,
    ones: usize,
    /// Pieces of templates.
    pieces: usize,
}

/// How many pieces of templates are reported on a page.
const MOST_PIECES: usize = 3;

impl Scanner {
    fn new(facts: PageFacts) -> Self {
        Self {
            facts,
            faults: Vec::new(),
            open: Elements::default(),
            title: None,
            link: None,
            heading: None,
            last_heading: None,
            tables: Vec::new(),
            navigations: Vec::new(),
            ones: 0,
            pieces: 0,
        }
    }

    fn report(&mut self, code: Code, message: impl Into<String>, help: &str) {
        self.faults.push(fault(&self.facts, code, message).help(help));
    }

    fn add_link(&mut self, url: &str, kind: LinkKind) {
        let url = url.trim().to_owned();
        self.facts.links.insert(Link { url, kind });
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
                format!("the element `{}` has a `style` attribute", tag.name),
                "give it a class, and put the style into the theme's stylesheet",
            );
        }
        // A labelled element inside a link names the link.
        if tag.said("aria-label").is_some() {
            self.name_link();
        }
    }

    fn name_link(&mut self) {
        if self.open.shown() < Audience::Hidden
            && let Some(link) = &mut self.link
        {
            link.named = true;
        }
    }

    /// The elements of the head, and what the browser fetches because of them.
    fn head_element(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "html" => self.facts.lang = self.facts.lang.take().or(tag.said("lang").map(str::to_owned)),
            "title" if self.facts.title.is_none() && !self.open.within("svg") => self.title = Some(String::new()),
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
                "put the rules into a stylesheet of the theme, so that a strict content security policy holds",
            ),
            "script" => match tag.get("src") {
                Some(src) => self.add_link(src, LinkKind::Loaded),
                None if tag.get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("application/ld+json")) => {}
                None => self.report(
                    Code::InlineScript,
                    "the page holds a script of its own",
                    "put it into a file of the theme's assets and name that in `src`",
                ),
            },
            _ => {}
        }
    }

    fn linked(&mut self, tag: &Tag) {
        let (Some(href), Some(rel)) = (tag.get("href"), tag.get("rel")) else {
            return;
        };
        let loads = ["stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest", "preload", "modulepreload"];
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
                        format!("the image `{}` has no description", tag.get("src").unwrap_or_default()),
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
            "audio" | "track" | "embed" | "iframe" | "frame" | "input" => self.load(tag.said("src")),
            "object" => self.load(tag.said("data")),
            "image" | "use" => self.load(tag.said("href").or(tag.said("xlink:href"))),
            _ => {}
        }
    }

    /// The elements that structure a page.
    fn structure(&mut self, tag: &Tag, shown: Audience) {
        match tag.name.as_str() {
            "a" => self.open_link(tag, shown),
            "area" => self.add_link(tag.get("href").unwrap_or_default(), LinkKind::Followed),
            "table" => {
                let layout = matches!(tag.get("role"), Some("presentation" | "none"));
                self.tables.push(OpenTable { headers: layout || shown >= Audience::Hidden });
            }
            "th" => {
                if let Some(table) = self.tables.last_mut() {
                    table.headers = true;
                }
            }
            name => {
                if let (Some(level), true) = (heading_level(name), shown < Audience::Hidden) {
                    self.close_heading();
                    self.heading = Some(OpenHeading { level, text: String::new() });
                }
                let navigation = name == "nav" || tag.get("role") == Some("navigation");
                if navigation && shown < Audience::Hidden {
                    let name = tag.said("aria-label").or(tag.said("aria-labelledby"));
                    self.navigations.push(name.map(str::to_owned));
                }
            }
        }
    }

    fn open_link(&mut self, tag: &Tag, shown: Audience) {
        self.close_link();
        if let Some(name) = tag.said("name") {
            self.facts.ids.insert(name.to_owned());
        }
        let Some(href) = tag.get("href").or(tag.get("xlink:href")) else {
            return;
        };
        self.add_link(href, LinkKind::Followed);
        let named = ["aria-label", "aria-labelledby", "title"].iter().any(|name| tag.said(name).is_some());
        // A link that cannot be reached by its name needs none.
        self.link = Some(OpenLink { href: href.to_owned(), named: named || shown >= Audience::Hidden });
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
            && self.open.shown() < Audience::Hidden
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

    fn finish(mut self) -> Found<PageFacts> {
        self.close_title();
        self.close_link();
        self.close_heading();
        while !self.tables.is_empty() {
            self.close_table();
        }
        if self.facts.title.is_none() {
            self.report(Code::PageWithoutTitle, "the page has no title", "write a `title` at the top of its file");
        }
        if self.facts.lang.is_none() {
            let help = "write `<html lang=\"{{ page.lang }}\">` in the template, so that screen readers pronounce it correctly";
            self.report(Code::PageWithoutLanguage, "the page does not state its language", help);
        }
        if !self.facts.redirect {
            self.main_heading();
        }
        self.navigation();
        let more = self.pieces.saturating_sub(MOST_PIECES);
        if let Some(last) = self.faults.iter_mut().rfind(|fault| fault.code == Code::TextOfTemplate && more > 0) {
            let more = if more == 1 { "one more follows".to_owned() } else { format!("{more} more follow") };
            last.message = format!("{}; {more}", last.message);
        }
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
                    let message = format!("one of the {} navigations on the page has no name", names.len());
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
        let shown = self.open.shown_within(tag);
        self.any_element(tag);
        self.head_element(tag);
        self.media(tag);
        self.structure(tag, shown);
        self.open.push(tag, shown);
    }

    fn end(&mut self, name: &str) {
        match name {
            "a" => self.close_link(),
            "table" => self.close_table(),
            "title" => self.close_title(),
            name if heading_level(name).is_some() => self.close_heading(),
            _ => {}
        }
        self.open.pop(name);
    }

    fn text(&mut self, text: &str) {
        if let Some(title) = &mut self.title {
            title.push_str(text);
        }
        let shown = self.open.shown();
        if shown == Audience::Never {
            return;
        }
        if shown < Audience::Hidden && !text.trim().is_empty() {
            self.name_link();
            self.heading_text(text);
        }
        if shown != Audience::Verbatim
            && text.contains('{')
            && let Some(at) = ["{{", "{%"].iter().filter_map(|mark| text.find(mark)).min()
        {
            self.pieces += 1;
            if self.pieces > MOST_PIECES {
                return;
            }
            let end = ["}}", "%}"].iter().filter_map(|mark| Some(at + text[at..].find(mark)? + mark.len())).min();
            let piece = &text[at..end.unwrap_or(text.len())];
            let message = format!("the page shows a piece of a template: `{}`", short(piece));
            let help =
                "if the text is about templates, write it as code, between backticks; if not, correct the template";
            let mut fault = fault(&self.facts, Code::TextOfTemplate, message).help(help);
            // Quotation marks may have been set since.
            let written = piece.split(['“', '”', '‘', '’', '\n']).next().unwrap_or_default().trim_end();
            fault.seen = Some(written.to_owned());
            self.faults.push(fault);
        }
    }
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

/// The addresses in a `srcset`, without the descriptors, by the rules of the HTML standard, section 4.8.4.2.1.
fn srcset(set: &str) -> Vec<&str> {
    let mut urls = Vec::new();
    let mut rest = set;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return urls;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
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

/// Text shortened for quoting in a message.
fn short(text: &str) -> String {
    let text = collapsed(text);
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
