//! What templates and machines know of a page, whatever is on it.
//!
//! Templates get it as `page`, field by field in this order, and pass it back in `metadata(page=page)`.

use serde::{Deserialize, Serialize};

use super::SharedImage;

/// A page.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PageView {
    pub(crate) title: String,
    pub(crate) description: String,
    /// Its full address.
    pub(crate) url: String,
    pub(crate) href: String,
    /// Whether search engines are asked to leave it out.
    pub(crate) noindex: bool,
    pub(crate) lang: String,
    /// `ltr` or `rtl`.
    pub(crate) dir: String,
    /// The languages it is available in, this one included; empty if there is only one.
    pub(crate) translations: Vec<Translation>,
    /// Those of them that search engines may list.
    pub(crate) alternates: Vec<Translation>,
    /// The home page, the pages above this one, and this one without a link.
    pub(crate) breadcrumbs: Vec<Crumb>,
    pub(crate) feeds: Vec<FeedLink>,
    /// `home`, `entry`, `list`, `search` or `not-found`.
    pub(crate) kind: String,
    /// The identity of the page's entry.
    pub(crate) entry: Option<String>,
    pub(crate) share_image: Option<SharedImage>,
    pub(crate) generator: String,
}

/// A page in one language.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Translation {
    pub(crate) lang: String,
    /// What its readers call the language.
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) url: String,
    /// Whether it is the language of the page.
    pub(crate) current: bool,
    /// Whether it is the site's own language.
    pub(crate) own: bool,
}

/// A step of the trail that leads to a page.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Crumb {
    pub(crate) title: String,
    pub(crate) href: Option<String>,
}

/// A feed that a page names in its head.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct FeedLink {
    pub(crate) title: String,
    pub(crate) href: String,
    #[serde(rename = "type")]
    pub(crate) media_type: String,
}
