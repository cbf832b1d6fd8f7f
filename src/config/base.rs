//! The address of a site → addresses on it: as links, in full, and read back.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// The characters that an address must encode (WHATWG URL, path percent-encode set).
const NOT_IN_ADDRESSES: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'\\').add(b'^').add(b'|');

/// Those, and the characters that would end a file name early.
const NOT_IN_NAMES: &AsciiSet = &NOT_IN_ADDRESSES.add(b'%').add(b'?').add(b'#');

/// Where the site will be published: `https://example.org` and `/prefix`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Base {
    /// Scheme and host, without a slash at the end.
    pub(crate) origin: String,
    /// The path before every address, without a slash at the end; empty at the root of a host.
    pub(crate) prefix: String,
}

impl Base {
    /// Reads a full address such as `https://example.org/site/`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let url = url::Url::parse(text)
            .map_err(|_| format!("`{text}` is not a full web address; write one such as https://www.example.org/"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(format!("`{text}` must begin with https:// and a host, such as https://www.example.org/"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("`{text}` must end after its path, without `?` or `#`"));
        }
        let origin = url[..url::Position::BeforePath].to_owned();
        Ok(Self { origin, prefix: url.path().trim_end_matches('/').to_owned() })
    }

    /// An address of the site as a link on the site: `/prefix/events/`.
    ///
    /// Characters that an address cannot hold are encoded; a query and an anchor stay as they are.
    pub(crate) fn href(&self, address: &str) -> String {
        format!("{}{}", self.prefix, utf8_percent_encode(address, NOT_IN_ADDRESSES))
    }

    /// A published file's address as a link on the site; every character belongs to the file's name.
    pub(crate) fn file_href(&self, address: &str) -> String {
        format!("{}{}", self.prefix, utf8_percent_encode(address, NOT_IN_NAMES))
    }

    /// What `to` means on this site, from its first slash on: `/events/` for a full address of the site, with or without `www`
    /// and whatever its scheme, and for a path from the host's root with the site's own path before it. Any other path is taken
    /// as it stands. `None` for what is on another host, and for what is no address.
    pub(crate) fn path_of<'a>(&self, to: &'a str) -> Option<Cow<'a, str>> {
        if to.starts_with('/') && !to.starts_with("//") {
            return Some(Cow::Borrowed(self.below_prefix(to).unwrap_or(to)));
        }
        let start = host_start(to)?;
        let root = self.origin.get(host_start(&self.origin)?..)?;
        let rest = to[start..].get(root.len()..).filter(|_| to[start..][..root.len()].eq_ignore_ascii_case(root))?;
        match self.below_prefix(rest).or_else(|| self.prefix.is_empty().then_some(rest))? {
            "" => Some(Cow::Borrowed("/")),
            path if path.starts_with('/') => Some(Cow::Borrowed(path)),
            rest => rest.starts_with(['?', '#']).then(|| Cow::Owned(format!("/{rest}"))),
        }
    }

    /// A path from the host's root without the site's own path before it; `None` if that is not before it.
    fn below_prefix<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(self.prefix.as_str()).filter(|_| !self.prefix.is_empty())?;
        match rest {
            "" => Some("/"),
            _ => rest.starts_with(['/', '?', '#']).then_some(rest),
        }
    }

    /// An address of the site in full: `https://example.org/prefix/events/`.
    pub(crate) fn url(&self, address: &str) -> String {
        format!("{}{}", self.origin, self.href(address))
    }
}

/// Where the host's name begins in a full address, without `www.`; `None` for a path, and for other schemes than a browser's.
fn host_start(address: &str) -> Option<usize> {
    let (scheme, _) = address.split_once("//")?;
    if !matches!(scheme.to_ascii_lowercase().as_str(), "" | "http:" | "https:") {
        return None;
    }
    let start = scheme.len() + 2;
    let www = address.get(start..start + 4).is_some_and(|www| www.eq_ignore_ascii_case("www."));
    Some(if www { start + 4 } else { start })
}
