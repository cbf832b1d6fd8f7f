//! A page of the site → one HTML file that needs nothing else, to send to the person who signs it off.
//!
//! Styles and pictures are put into it, scripts are left out, a banner says that it is a draft. Links to public pages
//! become absolute; links to others become plain text. Nothing in it is loaded from elsewhere, and a policy in its head
//! makes sure of that even if something was overlooked here.
//!
//! Not here: which page, where the file goes, and who may see it.

mod css;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use lol_html::html_content::{ContentType, Element};
use lol_html::{RewriteStrSettings, element, rewrite_str, text};
use percent_encoding::percent_decode_str;
use url::{Position, Url};

use crate::config::Base;
use crate::media::{data_address, style_address};
use crate::path::Address;
use crate::template::escaped;
use css::Use;

/// What the page may ask for.
pub(crate) trait Library {
    /// The file at an address of the site, if there is one.
    fn bytes(&self, address: &Address) -> Option<Vec<u8>>;
    /// Whether readers of the published site find something there.
    fn is_public(&self, address: &Address) -> bool;
}

/// The contents of the banner.
pub(crate) struct Banner {
    /// The page's title.
    pub(crate) title: String,
    /// "draft", "embargoed until …".
    pub(crate) state: String,
    /// Who publishes it.
    pub(crate) publisher: String,
    /// The day of the copy.
    pub(crate) date: String,
}

/// A self-contained page.
pub(crate) struct Shared {
    pub(crate) html: String,
    /// What it would have loaded and was left out, since it is elsewhere or missing.
    pub(crate) left_out: BTreeSet<String>,
    /// Pages that it links to and that are not public; their names may appear in it.
    pub(crate) hidden: BTreeSet<Address>,
}

/// Each file made here holds this mark, and nobody's own file does.
pub(crate) const MARK: &str = "<aside class=\"pamphlet-draft\"";

/// Stylesheets that load each other are followed to this depth.
const DEEPEST: usize = 8;

/// This stops anything that was overlooked from loading.
const HEAD: &str = "<meta charset=\"utf-8\">\n<meta name=\"robots\" content=\"noindex, nofollow\">\n\
    <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; media-src data:; \
    font-src data:; style-src 'unsafe-inline' data:; form-action 'none'; base-uri 'none'\">\n";

const BANNER_STYLE: &str = "<style>.pamphlet-draft{box-sizing:border-box;margin:0;padding:.75rem 1.25rem;\
    background:#7a1f1f;color:#fff;font:1rem/1.4 system-ui,sans-serif;text-align:start;overflow-wrap:anywhere;\
    border-bottom:4px solid #f2c14e}\
    .pamphlet-draft p{margin:0;padding:0;max-width:none;font:inherit;color:inherit}\
    .pamphlet-draft strong{font-weight:700;text-transform:uppercase;letter-spacing:.04em}\
    @media print{.pamphlet-draft{background:#fff;color:#000;border:2px solid #000}}</style>\n";

/// The page at `address`, whose HTML is `html`, as a self-contained file.
pub(crate) fn share(html: &str, address: &Address, base: &Base, library: &dyn Library, banner: &Banner) -> Shared {
    let work = RefCell::new(Work {
        base,
        address,
        page: Url::parse(&base.url(address.as_str())).ok(),
        library,
        files: BTreeMap::new(),
        left_out: BTreeSet::new(),
        hidden: BTreeSet::new(),
        has_head: false,
        has_body: false,
        style: String::new(),
    });
    let banner = banner_html(banner);
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("*", |element| {
            work.borrow_mut().element(element, &banner);
            Ok(())
        }))
        .append_element_content_handler(text!("style", |chunk| {
            let mut work = work.borrow_mut();
            work.style.push_str(chunk.as_str());
            if chunk.last_in_text_node() {
                let css = std::mem::take(&mut work.style);
                let page = work.page.clone();
                let css = work.stylesheet(&css, page.as_ref(), 0);
                chunk.replace(&css, ContentType::Html);
            } else {
                chunk.remove();
            }
            Ok(())
        }));
    // The settings are lenient and no handler fails, so no error can occur. If one did, nothing would be shared.
    let rewritten = rewrite_str(html, settings.with_strict(false)).unwrap_or_default();
    let work = work.into_inner();
    let mut html = rewritten;
    if !work.has_head {
        let at = if html.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
            html.find('>').map_or(0, |at| at + 1)
        } else {
            0
        };
        html.insert_str(at, &format!("{HEAD}{BANNER_STYLE}"));
    }
    if !work.has_body {
        html.push_str(&banner);
    }
    Shared { html, left_out: work.left_out, hidden: work.hidden }
}

fn banner_html(banner: &Banner) -> String {
    let Banner { title, state, publisher, date } = banner;
    format!(
        "<aside class=\"pamphlet-draft\" lang=\"en\" aria-label=\"About this copy\">\
         <p><strong>Draft, not for publication</strong></p>\
         <p>“{}” · {} · {} · copy of {}</p></aside>\n",
        escaped(title),
        escaped(state),
        escaped(publisher),
        escaped(date)
    )
}

/// Where an address on the page leads.
enum Destination {
    /// A page of the site, with the anchor.
    Own(Address, Option<String>),
    Elsewhere,
}

struct Work<'a> {
    base: &'a Base,
    address: &'a Address,
    page: Option<Url>,
    library: &'a dyn Library,
    /// The files already asked for, as `data:` addresses.
    files: BTreeMap<Address, Option<String>>,
    left_out: BTreeSet<String>,
    hidden: BTreeSet<Address>,
    has_head: bool,
    has_body: bool,
    /// The text of a `style` element so far.
    style: String,
}

impl Work<'_> {
    fn element(&mut self, element: &mut Element<'_, '_>, banner: &str) {
        let name = element.tag_name();
        match name.as_str() {
            "head" if !self.has_head => {
                self.has_head = true;
                element.prepend(HEAD, ContentType::Html);
                element.append(BANNER_STYLE, ContentType::Html);
            }
            "body" if !self.has_body => {
                self.has_body = true;
                element.prepend(banner, ContentType::Html);
            }
            "script" | "noscript" | "base" | "template" => return element.remove(),
            "object" | "embed" | "applet" | "portal" => {
                self.leave_out(attribute(element, "data").or_else(|| attribute(element, "src")).as_deref());
                return element.remove();
            }
            "iframe" | "frame" => return self.frame(element),
            // One form of a picture is enough: the one that any program understands.
            "source" if element.has_attribute("srcset") => return element.remove(),
            "meta" if self.is_unwanted_meta(element) => return element.remove(),
            "link" => return self.linked(element),
            "a" | "area" => self.link(element),
            "use" => self.drawing(element),
            _ => {}
        }
        self.loaded(element, &name);
    }

    /// Metadata for machines, which must not act on this copy.
    fn is_unwanted_meta(&self, element: &Element<'_, '_>) -> bool {
        let said = |name: &str| attribute(element, name).unwrap_or_default().to_ascii_lowercase();
        !said("http-equiv").is_empty()
            || !said("charset").is_empty()
            || said("property").starts_with("og:")
            || said("name").starts_with("twitter:")
            || said("name") == "robots"
    }

    fn linked(&mut self, element: &mut Element<'_, '_>) {
        let rel = attribute(element, "rel").unwrap_or_default().to_ascii_lowercase();
        let has = |word: &str| rel.split_ascii_whitespace().any(|found| found == word);
        let Some(href) = attribute(element, "href") else { return element.remove() };
        if has("stylesheet") && !has("alternate") && !element.has_attribute("disabled") {
            let page = self.page.clone();
            let Some((css, at)) = self.text_at(&href, page.as_ref()) else {
                self.left_out.insert(href);
                return element.remove();
            };
            let css = self.stylesheet(&css, Some(&at), 0);
            let media =
                element.get_attribute("media").map(|media| format!(" media=\"{}\"", media.replace('"', "&quot;")));
            element.replace(&format!("<style{}>\n{css}\n</style>", media.unwrap_or_default()), ContentType::Html);
        } else if has("icon") {
            let page = self.page.clone();
            match self.file(&href, page.as_ref()) {
                Some(data) => set(element, "href", &data),
                None => element.remove(),
            }
        } else {
            element.remove();
        }
    }

    /// A page within the page becomes a link to it.
    fn frame(&mut self, element: &mut Element<'_, '_>) {
        let Some(src) = attribute(element, "src") else { return element.remove() };
        self.left_out.insert(src.clone());
        match self.whole(&src) {
            Some(whole) if whole.starts_with("http") => {
                let whole = escaped(&whole);
                element.replace(&format!("<p><a href=\"{whole}\">{whole}</a></p>"), ContentType::Html);
            }
            _ => element.remove(),
        }
    }

    fn link(&mut self, element: &mut Element<'_, '_>) {
        element.remove_attribute("ping");
        for name in ["href", "xlink:href"] {
            let Some(href) = attribute(element, name) else { continue };
            match self.whole(&href) {
                Some(whole) => set(element, name, &whole),
                None => {
                    element.remove_attribute(name);
                    element.remove_attribute("target");
                }
            }
        }
    }

    /// A link's absolute address; `None` if it leads nowhere that the reader may go.
    fn whole(&mut self, href: &str) -> Option<String> {
        match self.place(href, self.page.as_ref())? {
            Destination::Own(address, anchor) if address == *self.address => {
                Some(format!("#{}", anchor.unwrap_or_default()))
            }
            Destination::Own(address, _) if self.library.is_public(&address) => {
                let page = self.page.as_ref()?;
                Some(page.join(href.trim()).ok()?.to_string())
            }
            Destination::Own(address, _) => {
                if self.library.bytes(&address).is_some() {
                    self.hidden.insert(address);
                }
                None
            }
            Destination::Elsewhere => {
                let scheme = self.page.as_ref()?.join(href.trim()).ok()?.scheme().to_owned();
                matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel").then(|| href.trim().to_owned())
            }
        }
    }

    /// A drawing within a file of drawings cannot be turned into a `data:` address.
    fn drawing(&mut self, element: &mut Element<'_, '_>) {
        for name in ["href", "xlink:href"] {
            if let Some(href) = attribute(element, name)
                && !href.starts_with('#')
            {
                self.left_out.insert(href);
                element.remove_attribute(name);
            }
        }
    }

    /// Handles what any element may load, and what it may do.
    fn loaded(&mut self, element: &mut Element<'_, '_>, name: &str) {
        let page = self.page.clone();
        let drawn = matches!(name, "image" | "feimage");
        let names: Vec<String> = element.attributes().iter().map(|attribute| attribute.name()).collect();
        for attribute_name in names {
            let value = attribute(element, &attribute_name).unwrap_or_default();
            match attribute_name.as_str() {
                "src" | "poster" | "background" => self.set_file(element, &attribute_name, &value, page.as_ref()),
                "href" | "xlink:href" if drawn => self.set_file(element, &attribute_name, &value, page.as_ref()),
                "srcset" | "sizes" if element.has_attribute("src") => element.remove_attribute(&attribute_name),
                "srcset" | "imagesrcset" => {
                    let set_of = self.set_of(&value, page.as_ref());
                    match set_of.is_empty() {
                        true => element.remove_attribute(&attribute_name),
                        false => set(element, &attribute_name, &set_of),
                    }
                }
                "style" => {
                    let css = self.stylesheet(&value, page.as_ref(), 0);
                    set(element, "style", &css);
                }
                "action" | "formaction" | "integrity" | "crossorigin" | "manifest" | "srcdoc" => {
                    element.remove_attribute(&attribute_name);
                }
                handler if handler.starts_with("on") => element.remove_attribute(handler),
                _ => {}
            }
        }
    }

    fn set_file(&mut self, element: &mut Element<'_, '_>, name: &str, value: &str, at: Option<&Url>) {
        match self.file(value, at) {
            Some(data) => set(element, name, &data),
            None => element.remove_attribute(name),
        }
    }

    /// The candidates of a `srcset` whose files exist.
    fn set_of(&mut self, text: &str, at: Option<&Url>) -> String {
        let mut out = Vec::new();
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
            if rest.is_empty() {
                return out.join(", ");
            }
            let (mut address, after) =
                rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
            let mut descriptor = "";
            rest = after;
            if address.ends_with(',') {
                address = address.trim_end_matches(',');
            } else {
                let (before, after) = rest.split_once(',').unwrap_or((rest, ""));
                (descriptor, rest) = (before.trim(), after);
            }
            if let Some(data) = self.file(address, at) {
                out.push(format!("{data} {descriptor}").trim_end().to_owned());
            }
        }
    }

    /// The stylesheet at `at`, with everything that it loads put into it.
    fn stylesheet(&mut self, css: &str, at: Option<&Url>, depth: usize) -> String {
        let css = css::rewrite(css, &mut |address, kind| {
            let data = match kind {
                // A place in the page itself, such as a gradient.
                Use::File if address.starts_with('#') => Some(address.to_owned()),
                Use::File => self.file(address, at),
                Use::Import if depth < DEEPEST => self.text_at(address, at).map(|(css, at)| {
                    let css = self.stylesheet(&css, Some(&at), depth + 1);
                    style_address(&css)
                }),
                Use::Import => None,
            };
            data.unwrap_or_else(|| {
                self.left_out.insert(address.to_owned());
                "data:,".to_owned()
            })
        });
        without_end(&css)
    }

    fn text_at(&self, href: &str, at: Option<&Url>) -> Option<(String, Url)> {
        let Destination::Own(address, _) = self.place(href, at)? else { return None };
        let text = String::from_utf8(self.library.bytes(&address)?).ok()?;
        Some((text, at?.join(href.trim()).ok()?))
    }

    /// The file at `href` as a `data:` address; `None` if it is elsewhere or missing.
    fn file(&mut self, href: &str, at: Option<&Url>) -> Option<String> {
        let href = href.trim();
        if href.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
            return Some(href.to_owned());
        }
        let data = match self.place(href, at) {
            Some(Destination::Own(address, _)) => {
                let library = self.library;
                let read = || library.bytes(&address).map(|bytes| data_address(address.as_str(), &bytes));
                self.files.entry(address.clone()).or_insert_with(read).clone()
            }
            _ => None,
        };
        if data.is_none() {
            self.left_out.insert(href.to_owned());
        }
        data
    }

    fn leave_out(&mut self, what: Option<&str>) {
        self.left_out.extend(what.map(str::to_owned));
    }

    /// Where `href` leads from `at`; `None` if it is not an address.
    fn place(&self, href: &str, at: Option<&Url>) -> Option<Destination> {
        let url = at?.join(href.trim()).ok()?;
        let below = url.path().strip_prefix(&self.base.prefix).filter(|below| below.starts_with('/'));
        Some(match below {
            Some(below) if url[..Position::BeforePath] == self.base.origin => {
                let address = Address::new(&percent_decode_str(below).decode_utf8_lossy());
                Destination::Own(address, url.fragment().map(str::to_owned))
            }
            _ => Destination::Elsewhere,
        })
    }
}

/// Keeps the text of a `style` element from ending the element.
fn without_end(css: &str) -> String {
    let lower = css.to_ascii_lowercase();
    let mut out = String::with_capacity(css.len());
    let mut done = 0;
    for (at, _) in lower.match_indices("</style") {
        out.push_str(&css[done..=at]);
        out.push('\\');
        done = at + 1;
    }
    out.push_str(&css[done..]);
    out
}

/// An attribute's value with its character references resolved.
fn attribute(element: &Element<'_, '_>, name: &str) -> Option<String> {
    let raw = element.get_attribute(name)?;
    if !raw.contains('&') {
        return Some(raw);
    }
    let tag = format!("<a b=\"{}\">", raw.replace('"', "&quot;"));
    html5gum::Tokenizer::new(&tag).flatten().find_map(|token| match token {
        html5gum::Token::StartTag(tag) => {
            let value = tag.attributes.into_values().next()?;
            Some(String::from_utf8_lossy(&value).into_owned())
        }
        _ => None,
    })
}

fn set(element: &mut Element<'_, '_>, name: &str, value: &str) {
    // Only a name can be refused, and these names are HTML's own.
    let _ = element.set_attribute(name, &value.replace('&', "&amp;"));
}
