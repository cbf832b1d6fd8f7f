//! Links, images and file fields of entries → where they lead; wrong ones are reported.
//!
//! A link to other content names the *source*: `../people/jane-smith.md#bio`. A linked file becomes public with the page that
//! links to it, so published files are listed here and nowhere else.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use super::broken::{Broken, Guesses, anchored, hidden, source_text, unknown_anchor};
use super::entry_checks::{Check, Finding};
use super::meant;
use super::outside;
use super::pictures::{self, Use};
use super::structure::Structure;
use super::{Ix, Site};
use crate::config::{Base, Config};
use crate::content::{Entry, is_source};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::markdown::Doc;
use crate::path::{Address, SitePath, composed};
use crate::schema::{Focus, Placed, Value};
use crate::source::Tree;

/// Where a link leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum LinkTo {
    /// Another site, an e-mail address or a telephone number.
    Elsewhere(String),
    /// An anchor on the same page, without `#`.
    Here(String),
    /// An entry, possibly at an anchor.
    Entry(Ix, Option<String>),
    /// A published file.
    File(SitePath, Address),
    /// A place in a published file, or a form of it: what follows the address is `#page=3` or `?dl=1`.
    InFile(SitePath, Address, String),
    /// An address of the site, written as such; it is checked against the finished pages.
    Address(String),
}

/// The schemes of addresses that other programs than a browser may open safely.
const SCHEMES: &[&str] = &[
    "http", "https", "mailto", "tel", "sms", "geo", "webcal", "doi", "ftp", "whatsapp", "skype", "sip", "sips", "xmpp",
    "matrix", "facetime",
];

/// The texts of a snapshot as seen by the check of one entry. It records whether the text of another entry was used: the
/// finding then stays true only while that text does not change.
#[derive(Debug)]
pub(super) struct Texts<'a> {
    entries: &'a [Arc<Entry>],
    own: Ix,
    has_met_others: Cell<bool>,
}

impl<'a> Texts<'a> {
    /// The texts of `entries` as seen by the entry `own`.
    pub(super) fn of(entries: &'a [Arc<Entry>], own: Ix) -> Self {
        Self { entries, own, has_met_others: Cell::new(false) }
    }

    /// An entry with its texts.
    pub(super) fn entry(&self, ix: Ix) -> &'a Entry {
        if ix != self.own {
            self.has_met_others.set(true);
        }
        &self.entries[ix.0 as usize]
    }

    /// How many entries there are.
    fn count(&self) -> usize {
        self.entries.len()
    }

    /// Whether the text of another entry was used.
    pub(super) fn has_met_others(&self) -> bool {
        self.has_met_others.get()
    }
}

/// What is needed to resolve links.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach<'a> {
    pub(super) config: &'a Config,
    pub(super) structure: &'a Structure,
    pub(super) tree: &'a Tree,
    pub(super) texts: &'a Texts<'a>,
}

impl Site {
    /// Where `to`, as written in the file `file` of the entry `from`, leads; `None` if nowhere.
    pub(crate) fn link(&self, from: Ix, file: &SitePath, to: &str) -> Option<LinkTo> {
        self.reach(&Texts::of(&self.entries, from)).link(from, file, to)
    }

    /// The address that `to` means on this site, if the page of a hidden entry would be there, or was before.
    pub(crate) fn hidden_at(&self, to: &str) -> Option<Address> {
        hidden_at(&self.config, self.structure(), to).map(|(address, _)| address)
    }

    /// The path on this site that the address `to` means; `None` if it is on another site, or no address.
    pub(crate) fn on_site<'a>(&self, to: &'a str) -> Option<Cow<'a, str>> {
        on_site(&self.config, self.structure(), to)
    }

    /// What is needed to resolve links.
    pub(super) fn reach<'a>(&'a self, texts: &'a Texts<'a>) -> Reach<'a> {
        Reach { config: &self.config, structure: self.structure(), tree: &self.tree, texts }
    }
}

/// See [`Site::hidden_at`].
fn hidden_at(config: &Config, structure: &Structure, to: &str) -> Option<(Address, Ix)> {
    let hidden = structure.addresses.hidden();
    if hidden.is_empty() {
        return None;
    }
    // Whoever reads the address sees the name, whether or not it is spelt as the site's own.
    let base = url::Url::parse(&config.base.url("/")).ok()?;
    let joined = base
        .join(to)
        .ok()
        .filter(|url| config.base.path_of(url.as_str()).is_some() || bare_host(url) == bare_host(&base));
    let paths = [on_site(config, structure, to).map(Cow::into_owned), joined.map(|url| url.path().to_owned())];
    let is_path = to.starts_with('/') || scheme(to).is_some();
    paths.into_iter().flatten().filter(|_| is_path).find_map(|path| {
        let path = config.base.path_of(&path).map_or(path.clone(), Cow::into_owned);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let page = Address::new(&path).page();
        // What lies beside a hidden page is hidden with it.
        let folder = page.above().filter(|_| page.as_str().rsplit('/').next().is_some_and(|name| name.contains('.')));
        // Some hosts do not tell capitals apart, and readers do not either.
        let small = || hidden.get_key_value(&Address::new(&page.as_str().to_lowercase()));
        let found = hidden.get_key_value(&page).or_else(small).or_else(|| hidden.get_key_value(&folder?))?;
        Some((found.0.clone(), *found.1))
    })
}

/// A host's name without `www.`.
fn bare_host(url: &url::Url) -> Option<&str> {
    url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host))
}

/// See [`Site::on_site`].
fn on_site<'a>(config: &Config, structure: &Structure, to: &'a str) -> Option<Cow<'a, str>> {
    let path = config.base.path_of(to)?;
    // A page may have the site's own path for its name.
    let is_literal = || {
        let written = Address::new(to.split(['?', '#']).next().unwrap_or_default()).page();
        structure.addresses.is_below_own_path(&written)
    };
    Some(if to.starts_with('/') && !to.starts_with("//") && path != to && is_literal() { to.into() } else { path })
}

impl Reach<'_> {
    /// Where `to`, as written in the file `file` of the entry `from`, leads; `None` if nowhere.
    pub(super) fn link(&self, from: Ix, file: &SitePath, to: &str) -> Option<LinkTo> {
        self.resolve(from, file, to).ok()
    }

    fn resolve(&self, from: Ix, file: &SitePath, to: &str) -> Result<LinkTo, Broken> {
        if to.trim().is_empty() {
            return Err(Broken::Empty);
        }
        if let Some(anchor) = to.strip_prefix('#') {
            return Ok(LinkTo::Here(composed(anchor).into_owned()));
        }
        if let Some(whole) = whole_name(self.tree, file, to) {
            return self.resolve_file(from, &whole, None);
        }
        if let Some(path) = on_site(self.config, self.structure, to) {
            return self.resolve_address(from, to, path);
        }
        if (to.starts_with("//") || scheme(to).is_some())
            && let Some((_, hidden)) = hidden_at(self.config, self.structure, to)
        {
            return Err(Broken::Hidden(hidden));
        }
        if to.starts_with("//") {
            return Ok(LinkTo::Elsewhere(to.to_owned()));
        }
        if let Some(scheme) = scheme(to) {
            return match SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) {
                true => Ok(LinkTo::Elsewhere(to.to_owned())),
                false => Err(Broken::Scheme(scheme.to_owned())),
            };
        }
        let (path, anchor) = match to.split_once('#') {
            Some((path, anchor)) => (path, Some(composed(anchor)).filter(|anchor| !anchor.is_empty())),
            None => (to, None),
        };
        let anchor = anchor.as_deref();
        let (path, query) = path.split_at(path.find('?').unwrap_or(path.len()));
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let target = file.folder().join(&path).ok_or(Broken::Outside)?;
        match self.resolve_file(from, &target, anchor)? {
            LinkTo::File(path, address) if anchor.is_some() || !query.is_empty() => {
                let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
                Ok(LinkTo::InFile(path, address, format!("{query}{anchor}")))
            }
            to => Ok(to),
        }
    }

    /// Where the address `to` leads, which means `path` on this site.
    fn resolve_address(&self, from: Ix, to: &str, path: Cow<'_, str>) -> Result<LinkTo, Broken> {
        let end = path.find(['?', '#']).unwrap_or(path.len());
        let (bare, rest) = path.split_at(end);
        // A file may be named by the address that it is published at.
        let decoded = percent_encoding::percent_decode_str(bare).decode_utf8_lossy();
        let name = composed(&decoded);
        // What ends with a slash names no file.
        let may_be_file = !name.ends_with('/');
        let in_folder = |folder: &str| self.tree.get(&SitePath::new(&format!("{folder}{name}"))?);
        let there = |folder: &str| may_be_file.then(|| in_folder(folder)).flatten();
        if let Some(file) = there("static").or_else(|| there("content")) {
            match self.resolve_file(from, &file.path, None) {
                Ok(LinkTo::File(path, address)) if address.as_str() == name => {
                    return Ok(match rest {
                        "" => LinkTo::File(path, address),
                        rest => LinkTo::InFile(path, address, rest.to_owned()),
                    });
                }
                Ok(_) => {}
                Err(Broken::Source(_)) if self.structure.identities.by_source(&file.path).is_some() => {}
                Err(broken) => return Err(broken),
            }
        }
        if let Some((_, hidden)) = hidden_at(self.config, self.structure, to) {
            return Err(Broken::Hidden(hidden));
        }
        if scheme(to).is_some() || to.starts_with("//") {
            return Ok(LinkTo::Elsewhere(to.to_owned()));
        }
        // The path of a source is no address.
        let source = bare.trim_start_matches('/');
        let source = || SitePath::new(&format!("content/{}", source.strip_prefix("content/").unwrap_or(source)));
        let source = may_be_file.then(source).flatten();
        if let Some(source) = source.filter(|source| self.structure.identities.by_source(source).is_some()) {
            return Err(Broken::Missing(source.to_string()));
        }
        // What is published has the composed form, and hosts compare byte for byte.
        if name != decoded {
            let path = Base::default().file_href(&name);
            return Ok(LinkTo::Address(format!("{path}{rest}")));
        }
        Ok(LinkTo::Address(path.into_owned()))
    }

    fn resolve_file(&self, from: Ix, target: &SitePath, anchor: Option<&str>) -> Result<LinkTo, Broken> {
        let identities = &self.structure.identities;
        let missing = || Broken::Missing(target.to_string());
        if let Some(ix) = identities.by_source(target) {
            return self.resolve_translated(from, ix, target, anchor);
        }
        if let Some(rows) = identities.rows(target) {
            let row = match anchor {
                Some(anchor) => identities.row_called(rows, anchor),
                None => rows.first().copied(),
            };
            let ix = row.ok_or_else(missing)?;
            return self.resolve_entry(self.read_in(from, ix), target, None);
        }
        let file = self.tree.get(target).ok_or_else(missing)?;
        if let Some(owner) = identities.file_owner(target)
            && !identities.is_shown(owner)
        {
            return Err(if owner == from { Broken::Unpublished } else { Broken::Hidden(owner) });
        }
        match self.structure.file_address(&file.path, self.config) {
            Some(address) => Ok(LinkTo::File(file.path.clone(), address)),
            None if is_source(target, self.config, identities.file_owner(target).is_some()) => {
                Err(Broken::Source(target.clone()))
            }
            None => Err(missing()),
        }
    }

    /// A link from a translation to an original leads to the text in the translation's language, if that
    /// exists and has the anchor.
    fn resolve_translated(&self, from: Ix, ix: Ix, target: &SitePath, anchor: Option<&str>) -> Result<LinkTo, Broken> {
        let there = self.read_in(from, ix);
        if there != ix {
            let source = &self.structure.identities.who(there).source;
            if let Ok(to) = self.resolve_entry(there, source, anchor) {
                return Ok(to);
            }
        }
        self.resolve_entry(ix, target, anchor)
    }

    /// The original `ix` in the language of `from`; a link to a translation means exactly that.
    fn read_in(&self, from: Ix, ix: Ix) -> Ix {
        let identities = &self.structure.identities;
        if identities.subject(ix) == ix { identities.in_language(ix, identities.lang(from)) } else { ix }
    }

    fn resolve_entry(&self, ix: Ix, target: &SitePath, anchor: Option<&str>) -> Result<LinkTo, Broken> {
        if !self.structure.identities.is_shown(ix) {
            return Err(Broken::Hidden(ix));
        }
        if self.structure.identities.is_hidden_part(target) {
            return Err(Broken::HiddenPart(target.clone()));
        }
        if self.structure.addresses.of(ix).is_none() {
            return Err(Broken::NoPage(ix));
        }
        match anchor {
            Some(anchor) if !has_anchor(self.texts.entry(ix), target, anchor) => {
                Err(Broken::Anchor { ix, anchor: anchor.to_owned() })
            }
            anchor => Ok(LinkTo::Entry(ix, anchor.map(|anchor| on_page(self.texts.entry(ix), target, anchor)))),
        }
    }
}

/// The file next to `file` that is called `to`, every sign included: `report #2.pdf`, `100%25.pdf`, `report:1.pdf`.
pub(crate) fn whole_name(tree: &Tree, file: &SitePath, to: &str) -> Option<SitePath> {
    let may_be = to.contains(['#', '?', '%', ':']) && !to.starts_with('/') && !to.contains("//");
    may_be.then(|| file.folder().join(to)).flatten().filter(|path| tree.get(path).is_some())
}

/// The scheme of a full address: `https` of `https://…`; `None` for a path.
pub(crate) fn scheme(to: &str) -> Option<&str> {
    let (scheme, _) = to.split_once(':')?;
    let fits = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    fits.then_some(scheme)
}

/// An anchor of the text in `file` as its page has it: anchors of parts begin with the part's name.
fn on_page(entry: &Entry, file: &SitePath, anchor: &str) -> String {
    match entry.parts.iter().find(|part| part.source == *file) {
        Some(part) => format!("{}_{anchor}", part.key),
        None => anchor.to_owned(),
    }
}

fn has_anchor(entry: &Entry, file: &SitePath, anchor: &str) -> bool {
    let in_doc = |doc: &Doc| doc.anchors.iter().any(|known| known == anchor);
    match entry.parts.iter().find(|part| part.source == *file) {
        Some(part) => in_doc(&part.text),
        None => entry.texts().iter().any(|(_, doc)| in_doc(doc)),
    }
}

/// Checks the links of an entry; notes the files it publishes and the images it shows.
pub(super) fn check(check: &Check<'_>, finding: &mut Finding) {
    let Check { entry, reach, ix, .. } = *check;
    let (guesses, anchors) = (Guesses::new(), OnceCell::new());
    let mut links = Links { check, reach, ix, public: check.is_seen, finding, guesses, anchors };
    let of_texts = pictures::of_texts(reach.config);
    for (file, doc) in entry.texts() {
        for (link, is_shown) in doc.shown_links() {
            links.public = check.is_seen && is_shown;
            // "Open http://localhost:8000" tells readers what to do on their own machines.
            let is_elsewhere = || matches!(reach.resolve(ix, file, &link.to), Ok(LinkTo::Elsewhere(_)));
            if !(outside::is_instruction(&link.to, &link.text) && is_elsewhere()) {
                links.target(file, &link.to, &link.span, doc, Code::BrokenSourceLink);
            }
        }
        for (image, is_shown) in doc.shown_images() {
            links.public = check.is_seen && is_shown;
            links.image(file, &image.to, &image.span, &of_texts);
        }
        for placed in doc.files_in_blocks() {
            links.public = check.is_seen && doc.shows(&placed.span);
            links.value(file, placed, &|_| Vec::new());
        }
    }
    links.public = check.is_seen;
    let collection = &reach.config.collections[&entry.id.collection];
    for (name, placed) in entry.stated() {
        links.value(&entry.source, placed, &|focus| pictures::of_field(reach.config, collection, name, focus));
    }
}

/// The check of the links of one entry.
struct Links<'a> {
    check: &'a Check<'a>,
    reach: Reach<'a>,
    ix: Ix,
    public: bool,
    finding: &'a mut Finding,
    guesses: Guesses,
    /// Those of all texts of the entry, once asked for.
    anchors: OnceCell<BTreeSet<&'a str>>,
}

impl<'a> Links<'a> {
    fn anchors(&self) -> &BTreeSet<&'a str> {
        self.anchors.get_or_init(|| {
            let texts = self.check.entry.texts();
            texts.into_iter().flat_map(|(_, doc)| doc.anchors.iter().map(String::as_str)).collect()
        })
    }

    /// An image shown in `renditions`.
    fn image(&mut self, file: &SitePath, to: &str, span: &std::ops::Range<usize>, renditions: &[Use]) {
        let (path, address) = match self.reach.resolve(self.ix, file, to) {
            Ok(LinkTo::File(path, address)) => (path, address),
            Ok(LinkTo::Address(_) | LinkTo::Entry(..) | LinkTo::Here(_)) => return self.no_file(file, to, span),
            _ => return self.target(file, to, span, &Doc::default(), Code::MissingFile),
        };
        let found = pictures::look(self.reach.tree, self.check.images, &path, &address, renditions);
        self.finding.faults.extend(found.faults.into_iter().map(|fault| fault.at(file, span.clone())));
        let Some(picture) = found.value.filter(|_| self.public) else { return };
        self.finding.pictures.push((path, picture));
    }

    fn target(&mut self, file: &SitePath, to: &str, span: &std::ops::Range<usize>, doc: &Doc, code: Code) {
        match self.reach.resolve(self.ix, file, to) {
            // Files in `static/` are published anyway.
            Ok(LinkTo::File(path, address) | LinkTo::InFile(path, address, _))
                if self.public && path.below("static").is_none() =>
            {
                self.finding.files.push((path, address));
            }
            Ok(LinkTo::Elsewhere(to)) => {
                let Some((fault, meant)) = outside::doubts(&to) else { return };
                let fault = fault.at(file, span.clone());
                self.finding.faults.push(match meant {
                    Some(meant) => fault.meant_for(source_text(self.reach.tree, file), &to, &meant),
                    None => fault,
                });
            }
            // `#top` is the top of every page (HTML standard, 7.4.6.4).
            Ok(LinkTo::Here(anchor)) if anchor.eq_ignore_ascii_case("top") => {}
            Ok(LinkTo::Here(anchor)) => {
                let elsewhere = self.anchors().contains(anchor.as_str());
                if !anchor.is_empty() && !elsewhere {
                    let near = self.guesses.anchor(&anchor, doc);
                    let fault = unknown_anchor(&anchor, "this page", doc, near).at(file, span.clone());
                    self.finding.faults.push(anchored(self.reach.tree, file, fault, &anchor, near));
                }
            }
            Ok(_) => {}
            // Nobody sees a link in a note that nothing shown refers to; both may become public at once.
            Err(Broken::Hidden(_)) if self.check.is_seen && !self.public => {}
            // What appears with the piece that the link is in, or before it, is there for its readers.
            Err(Broken::Hidden(to)) if self.comes_with(file, span, to) => {}
            Err(Broken::HiddenPart(part)) if self.comes_with_part(file, span, &part) => {}
            Err(broken) => {
                let meant = self.meant(file, to, &broken, code);
                let fault = self.fault(file, to, broken, code).map(|fault| fault.at(file, span.clone()));
                self.finding.faults.extend(fault.map(|fault| match &meant {
                    Some((written, meant)) => fault.meant_for(source_text(self.reach.tree, file), written, meant),
                    None => fault,
                }));
            }
        }
    }

    /// Whether the entry `to` becomes public no later than what `span` is in.
    fn comes_with(&self, file: &SitePath, span: &std::ops::Range<usize>, to: Ix) -> bool {
        let when = self.reach.structure.identities.visibility(to).until();
        when.is_some_and(|when| self.check.until(file, span.start).is_some_and(|until| *when <= until))
    }

    /// The same of a part of a bundle.
    fn comes_with_part(&self, file: &SitePath, span: &std::ops::Range<usize>, part: &SitePath) -> bool {
        let owner = self.reach.structure.identities.by_source(part);
        owner.is_some_and(|owner| self.check.comes_with_part(file, span.start, owner, part))
    }

    /// There is no file where a field or a picture needs one.
    fn no_file(&mut self, file: &SitePath, to: &str, span: &std::ops::Range<usize>) {
        self.finding.faults.push(meant::no_file(self.reach.tree, to).at(file, span.clone()));
    }

    /// The files that a value in `file` names; its images are shown in `renditions`.
    fn value(&mut self, file: &SitePath, placed: &Placed, renditions: &dyn Fn(Focus) -> Vec<Use>) {
        match &placed.value {
            Value::File(path) => match self.reach.resolve(self.ix, file, path) {
                Ok(LinkTo::File(..)) | Err(_) => {
                    self.target(file, path, &placed.span, &Doc::default(), Code::MissingFile);
                }
                Ok(_) => self.no_file(file, path, &placed.span),
            },
            Value::Image(image) => self.image(file, &image.file, &placed.span, &renditions(image.focus)),
            Value::List(items) => items.iter().for_each(|item| self.value(file, item, renditions)),
            Value::Record(fields) => fields.values().for_each(|field| self.value(file, field, renditions)),
            Value::Text(text) if outside::is_address(text) => {
                let Some((_, ix)) = hidden_at(self.reach.config, self.reach.structure, text) else { return };
                if self.public {
                    let fault = hidden(self.reach.structure, self.ix, ix);
                    // A text without its link says nothing; a field is shown as it is.
                    let fault =
                        fault.map(|fault| if fault.severity == Severity::Error { fault.binding() } else { fault });
                    self.finding.faults.extend(fault.map(|fault| fault.at(file, placed.span.clone())));
                }
            }
            _ => {}
        }
    }

    /// The mistyped part of a broken link and what was meant, if that is certain: never something readers could not see before.
    fn meant(&self, file: &SitePath, to: &str, broken: &Broken, code: Code) -> Option<(String, String)> {
        let Reach { structure, texts, .. } = self.reach;
        match broken {
            Broken::Missing(target) if code == Code::BrokenSourceLink => {
                let near = match self.near_file(target) {
                    None => return meant::full_address(to).map(|meant| (to.to_owned(), meant)),
                    Some(near) => near,
                };
                let ix = structure.identities.by_source(&SitePath::new(near)?)?;
                let is_seen = structure.identities.is_shown(ix) && structure.addresses.of(ix).is_some();
                let path = to.split('#').next().unwrap_or(to);
                let meant = meant::relative(file, near);
                let is_plain = !meant.contains(|c: char| c.is_whitespace() || "%?#".contains(c));
                (is_seen && is_plain).then(|| (path.to_owned(), meant))
            }
            Broken::Anchor { ix, anchor } => {
                let near = self.guesses.anchor(anchor, texts.entry(*ix).text.as_deref()?)?;
                Some((format!("#{anchor}"), format!("#{near}")))
            }
            Broken::Scheme(_) => meant::full_address(to).map(|meant| (to.to_owned(), meant)),
            _ => None,
        }
    }

    /// The file of `content/` that was probably meant by `target`, which does not exist.
    fn near_file(&self, target: &str) -> Option<&'a str> {
        let Reach { tree, texts, .. } = self.reach;
        let near = || self.guesses.may_compare(texts.count()).then(|| meant::near(tree, target)).flatten();
        meant::page_at(tree, target).or_else(near)
    }

    fn fault(&self, file: &SitePath, to: &str, broken: Broken, code: Code) -> Option<Diagnostic> {
        let Reach { config, structure, tree, texts } = self.reach;
        Some(match broken {
            Broken::Empty => Diagnostic::new(code, "there is no address here, so this leads nowhere")
                .help("write where it leads, or remove the link"),
            Broken::Outside => Diagnostic::new(code, format!("`{to}` leads out of the site's folder"))
                .help("links lead to files of the site; one `../` goes up one folder"),
            Broken::Missing(target) => meant::missing(tree, file, &target, to, code, self.near_file(&target)),
            Broken::NoPage(ix) => {
                let collection = &config.collections[&structure.identities.who(ix).collection];
                Diagnostic::new(code, format!("a {} has no page of its own for a link to lead to", collection.label))
                    .help(format!(
                        "name the page that shows them in `[collections.{}]`: shown_on = \"/about/\"",
                        collection.name
                    ))
            }
            Broken::Scheme(scheme) => meant::unknown_scheme(to, &scheme, code),
            Broken::Anchor { ix, anchor } => {
                let entry = texts.entry(ix);
                let doc = entry.text.clone().unwrap_or_default();
                let near = self.guesses.anchor(&anchor, &doc);
                unknown_anchor(&anchor, &format!("`{}`", entry.source.name()), &doc, near)
            }
            Broken::HiddenPart(part) => Diagnostic::new(
                Code::LinkToHidden,
                format!("`{}` is not public, so readers cannot follow this link", part.name()),
            )
            .help("remove the link until that part of the text is public"),
            Broken::Source(source) => Diagnostic::new(
                code,
                format!("`{}` holds texts or rows, so it is not published as a file", source.name()),
            )
            .help("link to the page that shows them; for a file to download, put a copy into a page's own folder"),
            Broken::Hidden(ix) => return hidden(structure, self.ix, ix),
            Broken::Unpublished => return None,
        })
    }
}
