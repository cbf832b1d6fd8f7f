//! One item of an export, read: what WordPress calls a post, whatever its type.

use super::xml::Element;

/// What the export calls the element that says who may see a post; `gather` decides what follows.
const STATE: &str = "status";

/// A post, a page, an attachment, a line of a menu …
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) link: String,
    pub(super) guid: String,
    pub(super) content: String,
    pub(super) excerpt: String,
    pub(super) status: String,
    pub(super) date: String,
    pub(super) date_gmt: String,
    pub(super) modified: String,
    pub(super) name: String,
    pub(super) parent: String,
    pub(super) order: String,
    pub(super) has_password: bool,
    pub(super) is_sticky: bool,
    pub(super) attachment: String,
    pub(super) creator: String,
    /// Taxonomy, name in addresses, name.
    pub(super) terms: Vec<(String, String, String)>,
    pub(super) meta: Vec<(String, String)>,
    pub(super) comments: usize,
    pub(super) pings: usize,
    pub(super) line: usize,
}

impl Post {
    /// Reads an item; `None` if it does not say what it is, or whether it is public.
    pub(super) fn read(item: &Element, line: usize) -> Option<Self> {
        let text = |name: &str| item.text_of(name).trim().to_owned();
        // Of old exports and of those of others, some have other prefixes.
        let own = |name: &str| {
            let tail = format!(":{name}");
            let found = item.children.iter().find(|one| one.name.ends_with(&tail));
            found.map(|one| one.text.trim().to_owned()).unwrap_or_default()
        };
        let mut post = Self {
            id: own("post_id"),
            kind: own("post_type"),
            title: text("title"),
            link: text("link"),
            guid: text("guid"),
            content: item.text_of("content:encoded").to_owned(),
            excerpt: text("excerpt:encoded"),
            status: own(STATE),
            date: own("post_date"),
            date_gmt: own("post_date_gmt"),
            modified: own("post_modified"),
            name: own("post_name"),
            parent: own("post_parent"),
            order: own("menu_order"),
            // One blank is a password too.
            has_password: item
                .children
                .iter()
                .find(|one| one.name.ends_with(":post_password"))
                .is_some_and(|one| !one.text.trim().is_empty() || !one.text.is_empty() && !one.text.contains('\n')),
            is_sticky: own("is_sticky") == "1",
            attachment: own("attachment_url"),
            creator: text("dc:creator"),
            line,
            ..Self::default()
        };
        for child in &item.children {
            match child.name.rsplit(':').next() {
                Some("category") => {
                    let of = child.get("domain").unwrap_or("category").to_owned();
                    let name = child.text.trim().to_owned();
                    let id = child.get("nicename").map_or_else(|| crate::path::slug(&name), str::to_owned);
                    if !post.terms.iter().any(|(known, other, _)| *known == of && *other == id) {
                        post.terms.push((of, id, name));
                    }
                }
                Some("postmeta") => {
                    let part = |name: &str| {
                        child.children.iter().find(|one| one.name.ends_with(name)).map(|one| one.text.trim())
                    };
                    if let Some(key) = part("meta_key").filter(|key| !key.is_empty()) {
                        post.meta.push((key.to_owned(), part("meta_value").unwrap_or_default().to_owned()));
                    }
                }
                Some("comment") => {
                    let kind =
                        child.children.iter().find(|one| one.name.ends_with("comment_type")).map(|one| one.text.trim());
                    if matches!(kind, Some("pingback" | "trackback")) { post.pings += 1 } else { post.comments += 1 }
                }
                _ => {}
            }
        }
        let is_known = !post.kind.is_empty() && !post.status.is_empty() && !post.id.is_empty();
        is_known.then_some(post)
    }

    /// The value of a field of the post's own.
    pub(super) fn meta(&self, key: &str) -> Option<&str> {
        self.meta
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// What it is called in reports.
    pub(super) fn entry_id(&self) -> String {
        format!("{} {}", self.kind, self.id)
    }
}
