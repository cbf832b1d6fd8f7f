//! A stylesheet and those it imports → one, minified, in CSS that readers' browsers understand.
//!
//! An address that names a file of `assets/` becomes that file's published address. A fault is placed in the file where it
//! was written; what a browser would ignore is left out, and the other rules stay.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use lightningcss::bundler::{BundleErrorKind, Bundler, ResolveResult, SourceProvider};
use lightningcss::dependencies::{Dependency, DependencyOptions, SourceRange};
use lightningcss::error::{Error, ErrorLocation, ParserError};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};
use lightningcss::targets::{Browsers, Targets};

use super::{Assets, Needs, TOKENS};
use crate::diagnostic::{Code, Diagnostic, Found, Span, nearest};
use crate::path::SitePath;
use crate::source::Tree;

/// The oldest browsers that show everything as intended. Older ones show the words.
const BROWSERS: Browsers = Browsers {
    android: None,
    chrome: Some(109 << 16),
    edge: Some(109 << 16),
    firefox: Some(115 << 16),
    ie: None,
    ios_saf: Some(16 << 16 | 4 << 8),
    opera: Some(95 << 16),
    safari: Some(16 << 16 | 4 << 8),
    samsung: Some(21 << 16),
};

/// What the stylesheet `text` may be made from besides itself. The text is searched, not parsed.
pub(super) fn needs(text: &str) -> Needs {
    // Most import the tokens and nothing else; in any other spelling, that counts as an ordinary import.
    let rest = text.replace(&format!("@import \"{TOKENS}\";"), "");
    let may_hold = |what: &str| {
        let (what, rest) = (what.as_bytes(), rest.as_bytes());
        rest.windows(what.len()).any(|window| window.eq_ignore_ascii_case(what))
    };
    // An escaped letter may hide either.
    match may_hold("@import") || may_hold("url(") || rest.contains('\\') {
        true => Needs::Others,
        false if rest.len() < text.len() => Needs::Tokens,
        false => Needs::Nothing,
    }
}

/// The published form of the stylesheet called `name`.
pub(super) fn bundle(assets: &Assets, tree: &Tree, name: &str) -> Found<String> {
    let shelf = Stylesheets { assets, tree };
    let mut faults = Vec::new();
    let warnings = Arc::default();
    let options =
        ParserOptions { error_recovery: true, warnings: Some(Arc::clone(&warnings)), ..ParserOptions::default() };
    let made = Bundler::new(&shelf, None, options).bundle(Path::new(name));
    faults.extend(unread(&shelf, &warnings));
    let mut sheet = match made {
        Ok(sheet) => sheet,
        Err(error) => {
            let help = if matches!(error.kind, BundleErrorKind::ResolverError(_)) { UNFOUND } else { UNREAD };
            faults.push(shelf.fault(error.loc.as_ref(), name, said(&error.kind), help));
            return Found::new(String::new(), faults);
        }
    };
    let targets = Targets::from(BROWSERS);
    if let Err(error) = sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() }) {
        faults.push(shelf.fault(
            error.loc.as_ref(),
            name,
            "this cannot be expressed for the browsers that readers use".to_owned(),
            UNREAD,
        ));
    }
    let printing = PrinterOptions {
        minify: true,
        targets,
        analyze_dependencies: Some(DependencyOptions { remove_imports: false }),
        ..PrinterOptions::default()
    };
    match sheet.to_css(printing) {
        Ok(printed) => {
            let mut css = printed.code;
            for dependency in printed.dependencies.unwrap_or_default() {
                let (placeholder, address) = match dependency {
                    Dependency::Import(import) => (import.placeholder, import.url),
                    Dependency::Url(url) => {
                        let address = shelf.published(&url.url, &url.loc, name, &mut faults);
                        (url.placeholder, address)
                    }
                };
                css = css.replace(&placeholder, &address);
            }
            Found::new(css, faults)
        }
        Err(error) => {
            faults.push(shelf.fault(
                error.loc.as_ref(),
                name,
                "this cannot be expressed for the browsers that readers use".to_owned(),
                UNREAD,
            ));
            Found::new(String::new(), faults)
        }
    }
}

fn unread(shelf: &Stylesheets<'_>, warnings: &RwLock<Vec<Error<ParserError<'_>>>>) -> Vec<Diagnostic> {
    let Ok(warnings) = warnings.read() else { return Vec::new() };
    warnings.iter().map(|error| shelf.fault(error.loc.as_ref(), "", in_words(&error.kind), UNREAD)).collect()
}

/// The advice for a fault of which only the place is known.
const UNREAD: &str =
    "a browser would ignore it; check what is there and just before, such as a brace or a quotation mark";

const UNFOUND: &str = "name a file below `assets/` by its path from this stylesheet";

/// The parser's error in words.
fn in_words(error: &ParserError<'_>) -> String {
    match error {
        ParserError::SelectorError(_) => "browsers do not know this selector".to_owned(),
        ParserError::AtRuleInvalid(name) => format!("there is no rule `@{name}`"),
        ParserError::EndOfInput => "the stylesheet ends too early".to_owned(),
        ParserError::UnexpectedImportRule => "`@import` must come before all other rules".to_owned(),
        ParserError::UnexpectedNamespaceRule => "`@namespace` must come before all other rules".to_owned(),
        _ => "this is not valid in a stylesheet".to_owned(),
    }
}

fn said(kind: &BundleErrorKind<'_, Missing>) -> String {
    match kind {
        BundleErrorKind::ResolverError(missing) => missing.to_string(),
        BundleErrorKind::ParserError(error) => in_words(error),
        BundleErrorKind::ExternalImportAfterBundledImport => {
            "imports from elsewhere must come before imports from the site".to_owned()
        }
        _ => "this import has a condition that is lost when the stylesheets are merged".to_owned(),
    }
}

/// The stylesheets that can be imported, by their names as assets.
struct Stylesheets<'a> {
    assets: &'a Assets,
    tree: &'a Tree,
}

/// An import that names a missing asset.
#[derive(Debug)]
struct Missing(String);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

impl SourceProvider for Stylesheets<'_> {
    type Error = Missing;

    fn read<'a>(&'a self, file: &Path) -> Result<&'a str, Missing> {
        let name = file.to_string_lossy();
        if name == TOKENS && self.source(&name).is_none() {
            return Ok(&self.assets.tokens);
        }
        let source = self.source(&name).and_then(|path| self.tree.get(path));
        let text = source.and_then(|file| file.text());
        text.map(|text| text.strip_prefix('\u{feff}').unwrap_or(text))
            .ok_or_else(|| Missing(format!("`{name}` cannot be read as text; save it as UTF-8")))
    }

    fn resolve(&self, specifier: &str, from: &Path) -> Result<ResolveResult, Missing> {
        if is_elsewhere(specifier) {
            return Ok(ResolveResult::External(specifier.to_owned()));
        }
        let from = from.to_string_lossy();
        match beside(&from, specifier).filter(|name| name == TOKENS || self.source(name).is_some()) {
            Some(name) => Ok(ResolveResult::File(PathBuf::from(name))),
            None => Err(Missing(self.missing(specifier))),
        }
    }
}

/// Whether an address leads out of `assets/`: to another host, to an address of the site, into the page itself.
fn is_elsewhere(address: &str) -> bool {
    let scheme = address.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '.', '?']));
    scheme || address.starts_with(['/', '#', '?']) || address.is_empty()
}

/// The asset that `address` means in the stylesheet called `from`.
fn beside(from: &str, address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let folder = SitePath::new(from)?.folder();
    Some(folder.join(&path)?.as_str().to_owned())
}

impl Stylesheets<'_> {
    fn source(&self, name: &str) -> Option<&SitePath> {
        self.assets.by_name.get(name).map(|(file, _)| file)
    }

    fn missing(&self, address: &str) -> String {
        match nearest(address, self.assets.names()) {
            Some(near) => format!("there is no `{address}` among the assets; did you mean `{near}`?"),
            None => format!("there is no `{address}` among the assets"),
        }
    }

    /// The address, relative to the stylesheet called `name`, of what `address` means at `place`.
    fn published(&self, address: &str, place: &SourceRange, name: &str, faults: &mut Vec<Diagnostic>) -> String {
        if is_elsewhere(address) {
            return address.to_owned();
        }
        let meant = beside(&place.file_path, address);
        let Some(found) = meant.as_ref().and_then(|meant| self.assets.address(meant)) else {
            let at = ErrorLocation {
                filename: place.file_path.clone(),
                line: place.start.line.saturating_sub(1),
                column: place.start.column,
            };
            faults.push(self.fault(Some(&at), name, self.missing(address), UNFOUND));
            return address.to_owned();
        };
        let up = "../".repeat(name.matches('/').count());
        let below = found.as_str().strip_prefix("/assets/").unwrap_or(found.as_str());
        let rest = address.find(['?', '#']).map_or("", |at| &address[at..]);
        let encoded = percent_encoding::utf8_percent_encode(below, NOT_IN_URL);
        format!("{up}{encoded}{rest}")
    }

    /// A fault where the parser places it, else at the beginning of `otherwise`.
    fn fault(&self, at: Option<&ErrorLocation>, otherwise: &str, message: String, help: &str) -> Diagnostic {
        let fault = Diagnostic::new(Code::StyleFault, message);
        let name = at.map_or(otherwise, |at| at.filename.as_str());
        let Some(file) = self.source(name) else { return fault.help(help) };
        let text = self.tree.get(file).and_then(|file| file.text()).unwrap_or_default();
        let start = at.map_or(0, |at| byte(text, at.line, at.column));
        let line = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = text[start..line].find([';', '{', '}']).map_or(line, |at| start + at);
        fault.span(Span::new(file, start..end)).help(help)
    }
}

/// The characters that end an address in a stylesheet, or cannot be part of one.
const NOT_IN_URL: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'\\')
    .add(b'%')
    .add(b'?')
    .add(b'#');

/// The byte at a line, counted from 0, and a column, counted from 1 in units of UTF-16.
fn byte(text: &str, line: u32, column: u32) -> usize {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut start = mark;
    for _ in 0..line {
        match text[start..].find('\n') {
            Some(at) => start += at + 1,
            None => return text.len(),
        }
    }
    let mut units = 1;
    for (at, letter) in text[start..].char_indices() {
        if units >= column as usize || letter == '\n' {
            return start + at;
        }
        units += letter.len_utf16();
    }
    text.len()
}
