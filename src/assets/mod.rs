//! Stylesheets and other files of the theme → their published names, which change with their bytes.
//!
//! A name carries a hash of everything the file is made from, so a browser may keep the file for ever. The site's own
//! `assets/` come before the theme's, and a theme's before those of the theme that it extends. A stylesheet whose name begins
//! with `_` is part of others and is not published on its own.
//!
//! * here: names, computed without parsing a stylesheet, so that starting costs nothing;
//! * `styles`: a stylesheet's bytes, including those it imports.

mod styles;
#[cfg(test)]
mod tests;

use indexmap::IndexMap;

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Found, Span, nearest};
use crate::markdown::highlight;
use crate::path::{Address, SitePath};
use crate::source::{Content, Tree};

/// The version of how stylesheets are processed: the parser, and the browsers aimed at. Raise it whenever the bytes change; a
/// test tells you when.
const FORM: u32 = 1;

/// The address of each asset.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    by_name: IndexMap<String, (SitePath, Address)>,
    /// The stylesheet of highlighted code.
    pub(crate) code: Address,
    /// What stylesheets import as `_tokens.css`.
    tokens: String,
}

/// The name under which stylesheets import the colours and typefaces of `[tokens]`.
const TOKENS: &str = "_tokens.css";

impl Assets {
    /// The assets of the site in `tree`.
    pub(crate) fn new(tree: &Tree, config: &Config) -> Self {
        let mut found: IndexMap<String, (SitePath, blake3::Hash, Needs)> = IndexMap::new();
        let folders = std::iter::once("assets".to_owned())
            .chain(config.themes.iter().map(|theme| format!("themes/{theme}/assets")));
        for folder in folders {
            for file in tree.below(&folder) {
                let Some(name) = file.path.below(&folder).filter(|name| !found.contains_key(*name)) else { continue };
                let hash = match &file.content {
                    Content::Text(text) => blake3::hash(text.as_bytes()),
                    Content::NotText(bytes) => blake3::hash(bytes),
                    Content::Opaque(..) => blake3::hash(&tree.bytes(file).unwrap_or_default()),
                };
                let needs = match is_style(&file.path) {
                    true => styles::needs(file.text().unwrap_or_default()),
                    false => Needs::Nothing,
                };
                found.insert(name.to_owned(), (file.path.clone(), hash, needs));
            }
        }
        // What a stylesheet imports is not known before it is parsed; that no other asset has changed is known.
        let mut all = blake3::Hasher::new();
        for (name, (_, hash, _)) in &found {
            all.update(name.as_bytes()).update(hash.as_bytes());
        }
        let tokens = config.tokens.stylesheet();
        let of_tokens = blake3::hash(tokens.as_bytes());
        let all = all.update(of_tokens.as_bytes()).finalize();
        // The tokens name typeface files, whose published names are among all the others.
        let of_tokens = if config.tokens.faces.is_empty() && !found.contains_key(TOKENS) { of_tokens } else { all };
        let by_name = found
            .into_iter()
            .map(|(name, (file, hash, needs))| {
                let hash = match (is_style(&file), needs) {
                    (false, _) => hash,
                    (true, Needs::Nothing) => versioned(&[hash]),
                    (true, Needs::Tokens) => versioned(&[hash, of_tokens]),
                    (true, Needs::Others) => versioned(&[hash, all]),
                };
                let address = Address::new(&hashed(&name, &hash));
                (name, (file, address))
            })
            .collect();
        let code = Address::new(&hashed("code.css", &blake3::hash(highlight::stylesheet().as_bytes())));
        Self { by_name, code, tokens }
    }

    /// The address of the asset `name`.
    pub(crate) fn address(&self, name: &str) -> Option<&Address> {
        self.by_name.get(name).map(|(_, address)| address)
    }

    /// The source of the asset `name`.
    pub(crate) fn file(&self, name: &str) -> Option<&SitePath> {
        self.by_name.get(name).map(|(file, _)| file)
    }

    /// Reports settings that name a missing asset.
    pub(crate) fn unfound(&self, config: &Config) -> Vec<Diagnostic> {
        let is_missing = |(name, _): &(&str, &Span)| self.address(name).is_none();
        let fault = |(name, span): (&str, &Span)| {
            let fault = Diagnostic::new(Code::MissingFile, format!("there is no `{name}` among the assets"));
            // The path from the site's folder, or an address.
            let bare = name.trim_start_matches(['/', '\\']).trim_start_matches("./");
            let bare = bare.strip_prefix("assets").and_then(|below| below.strip_prefix(['/', '\\'])).unwrap_or(bare);
            let near = self.by_name.get_key_value(bare).map(|(name, _)| name.as_str());
            fault.span(span.clone()).help(match near.or_else(|| nearest(bare, self.names())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("put the file at assets/{bare} in the site's folder, and write `{bare}`"),
            })
        };
        config.named_assets().filter(is_missing).map(fault).collect()
    }

    /// The names of all assets.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// The source and the address of every asset that is published.
    pub(crate) fn all(&self) -> impl Iterator<Item = &(SitePath, Address)> {
        self.by_name.values().filter(|(file, _)| !is_part(file))
    }

    /// The published form of the stylesheet in `file`.
    pub(crate) fn style(&self, tree: &Tree, file: &SitePath) -> Found<String> {
        let Some(name) = self.by_name.iter().find(|(_, (known, _))| known == file).map(|(name, _)| name) else {
            return Found::clean(String::new());
        };
        styles::bundle(self, tree, name)
    }
}

/// What a stylesheet may be made from besides itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Needs {
    Nothing,
    /// The colours and typefaces of the settings.
    Tokens,
    Others,
}

/// Whether a file is a stylesheet.
pub(crate) fn is_style(file: &SitePath) -> bool {
    file.ending() == "css"
}

/// Whether a file is part of other stylesheets.
fn is_part(file: &SitePath) -> bool {
    is_style(file) && file.name().starts_with('_')
}

fn versioned(hashes: &[blake3::Hash]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&FORM.to_le_bytes());
    for hash in hashes {
        hasher.update(hash.as_bytes());
    }
    hasher.finalize()
}

/// `assets/civic.1a2b3c4d.css` for `civic.css`.
fn hashed(name: &str, hash: &blake3::Hash) -> String {
    let hash = &hash.to_hex()[..10];
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("assets/{stem}.{hash}.{ending}"),
        None => format!("assets/{name}.{hash}"),
    }
}
