//! Stylesheets and other files of the theme → their published names, which change with their bytes.
//!
//! A name carries a hash of the source, so a browser may keep the file for ever. The site's own `assets/` come before
//! the theme's, and a theme's before those of the theme that it extends.

use indexmap::IndexMap;

use crate::config::Config;
use crate::markdown::highlight;
use crate::path::{Address, SitePath};
use crate::source::{Content, Tree};

/// Where each asset is found.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    by_name: IndexMap<String, (SitePath, Address)>,
    /// The stylesheet of highlighted code.
    pub(crate) code: Address,
}

impl Assets {
    /// The assets of the site in `tree`.
    pub(crate) fn new(tree: &Tree, config: &Config) -> Self {
        let mut by_name = IndexMap::new();
        let folders = std::iter::once("assets".to_owned())
            .chain(config.themes.iter().map(|theme| format!("themes/{theme}/assets")));
        for folder in folders {
            for file in tree.below(&folder) {
                let Some(name) = file.path.below(&folder) else { continue };
                let hash = match &file.content {
                    Content::Text(text) => blake3::hash(text.as_bytes()),
                    Content::NotText(bytes) => blake3::hash(bytes),
                    Content::Opaque(..) => blake3::hash(&tree.bytes(file).unwrap_or_default()),
                };
                by_name
                    .entry(name.to_owned())
                    .or_insert_with(|| (file.path.clone(), Address::new(&hashed(name, &hash))));
            }
        }
        let code = Address::new(&hashed("code.css", &blake3::hash(highlight::stylesheet().as_bytes())));
        Self { by_name, code }
    }

    /// Where the asset `name` is found.
    pub(crate) fn address(&self, name: &str) -> Option<&Address> {
        self.by_name.get(name).map(|(_, address)| address)
    }

    /// The names that can be asked for.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// Every asset's source and address.
    pub(crate) fn all(&self) -> impl Iterator<Item = &(SitePath, Address)> {
        self.by_name.values()
    }
}

/// `assets/civic.1a2b3c4d.css` of `civic.css`.
fn hashed(name: &str, hash: &blake3::Hash) -> String {
    let hash = &hash.to_hex()[..10];
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("assets/{stem}.{hash}.{ending}"),
        None => format!("assets/{name}.{hash}"),
    }
}
