//! An unknown name of a field → the field that was probably meant: a slip of its name, or what other programs call it.
//!
//! The names are those of WordPress, Hugo, Jekyll, Eleventy, Drupal and of people who write a field from memory. Only a hint is
//! made from this, never a correction: the values are often written differently too.

use super::{Fields, secrecy};
use crate::data::{Key, Raw};
use crate::diagnostic::{nearest, slips};

/// Why a field is thought to be meant by an unknown name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    /// The names differ by one slip of a finger.
    Slip,
    /// The names are alike: a hint, but no correction, since another thing may be meant.
    Like,
    /// Other programs call the field so.
    Usual,
}

/// The field that an unknown name probably means.
pub(super) fn guess<'f>(key: &Key, raw: &Raw, fields: &'f Fields, beside: &[(Key, Raw)]) -> Option<(&'f str, Guess)> {
    if secrecy::meant(&key.name, raw).is_some() {
        return None;
    }
    let is_free = |name: &&str| !beside.iter().any(|(key, _)| key.name == *name);
    // Notes of one's own become public under another name.
    let is_note = usual_names(&key.name).contains(&"internal_note");
    let usual = usual_names(&key.name).iter().filter_map(|name| fields.get_key_value(*name)).map(|(name, _)| &**name);
    let near = nearest(&key.name, fields.keys().map(|name| &**name));
    // A name that is well known elsewhere is no slip of another.
    let usual = usual.filter(is_free).map(|name| (name, Guess::Usual)).next();
    let is_close = near.is_some_and(|near| slips(&key.name.to_lowercase(), &near.to_lowercase(), 1).is_some());
    match (near, usual) {
        (Some(near), _) if is_close && !is_note => Some((near, Guess::Slip)),
        (_, Some(usual)) => Some(usual),
        (near, None) => near.map(|near| (near, Guess::Like)),
    }
}

/// The fields that `name` may mean, the likeliest first; empty for a name that is not known.
pub(crate) fn usual_names(name: &str) -> &'static [&'static str] {
    let bare: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    USUAL.iter().find(|(names, _)| names.contains(&&*bare)).map_or(&[], |(_, fields)| fields)
}

/// Names in small letters without separators, and the fields that they may mean.
const USUAL: &[(&[&str], &[&str])] = &[
    (&["name", "headline", "heading", "pagetitle", "posttitle", "h1"], &["title", "name"]),
    (
        &[
            "description",
            "excerpt",
            "intro",
            "introduction",
            "standfirst",
            "teaser",
            "lead",
            "lede",
            "blurb",
            "metadescription",
            "seodescription",
            "abstract",
            "synopsis",
            "snippet",
        ],
        &["summary", "abstract", "description"],
    ),
    (&["notes", "note", "comment", "comments", "remark", "remarks", "todo"], &["internal_note"]),
    (&["subheading", "tagline", "strapline", "kicker"], &["subtitle"]),
    (
        &[
            "photo",
            "photograph",
            "picture",
            "img",
            "images",
            "featuredimage",
            "featureimage",
            "thumbnail",
            "thumb",
            "cover",
            "coverimage",
            "hero",
            "heroimage",
            "banner",
            "headerimage",
            "avatar",
            "portrait",
            "ogimage",
            "logo",
        ],
        &["image", "logo"],
    ),
    (&["author", "byline", "by", "writer", "writers", "contributors", "creator"], &["authors"]),
    (
        &[
            "tag",
            "tags",
            "keyword",
            "keywords",
            "category",
            "categories",
            "subject",
            "subjects",
            "topic",
            "theme",
            "labels",
        ],
        &["topics", "themes"],
    ),
    (&["location", "where", "city", "town", "region", "area", "locality"], &["venue", "places", "place"]),
    (
        &[
            "lastmod",
            "lastmodified",
            "modified",
            "updatedat",
            "lastupdated",
            "dateupdated",
            "datemodified",
            "modifieddate",
        ],
        &["updated"],
    ),
    (
        &[
            "created",
            "createdat",
            "pubdate",
            "publishdate",
            "publisheddate",
            "datepublished",
            "publicationdate",
            "postdate",
            "day",
        ],
        &["date"],
    ),
    (
        &["startdate", "begin", "begins", "beginning", "datestart", "starts", "from", "when", "time", "starttime"],
        &["start", "date"],
    ),
    (&["enddate", "ends", "dateend", "until", "finish", "endtime"], &["end"]),
    (&["permalink", "url", "path", "uri", "address", "link"], &["slug", "link"]),
    (&["redirectfrom", "oldurl", "oldurls", "alias", "redirects"], &["aliases"]),
    (
        &["attachment", "attachments", "download", "downloads", "pdf", "file", "document", "documents", "report"],
        &["files"],
    ),
    (&["funder", "funding", "fundedby", "sponsor", "sponsors"], &["funders"]),
    (&["partner", "partnership", "partnerorganisations"], &["partner", "publishers"]),
    (&["publisher", "publishedby", "copublisher", "copublishers"], &["publishers"]),
    (&["speaker", "panel", "panellists", "presenters", "hosts"], &["speakers"]),
    (&["job", "jobtitle", "position", "post"], &["role"]),
    (&["mail", "emailaddress", "contactemail"], &["email"]),
    (&["phone", "telephone", "mobile", "phonenumber"], &["tel"]),
    (
        &[
            "twitter",
            "linkedin",
            "facebook",
            "mastodon",
            "bluesky",
            "instagram",
            "website",
            "homepage",
            "social",
            "socials",
        ],
        &["website", "same_as", "link"],
    ),
    (&["organization", "organisation", "employer", "company"], &["affiliation"]),
    (&["order", "menuorder", "sortorder", "rank", "priority"], &["weight"]),
    (&["layout", "pagetemplate"], &["template"]),
    (
        &[
            "robots",
            "metarobots",
            "robotsnoindex",
            "noindexfollow",
            "sitemap",
            "sitemapexclude",
            "excludefromsitemap",
            "indexable",
            "searchable",
            "search",
            "searchengines",
            "searchexclude",
            "excludefromsearch",
            "hidefromsearch",
            "includeinsearch",
        ],
        &["noindex"],
    ),
    (&["type", "posttype", "contenttype", "format"], &["kind"]),
    (&["cost", "fee", "admission", "tickets", "ticketprice"], &["price"]),
    (&["register", "registration", "registrationurl", "bookingurl", "booking", "eventbrite", "signup"], &["booking"]),
    (&["zoom", "zoomlink", "meetinglink", "onlinelink", "joinurl", "webinarlink"], &["online_url"]),
    (&["relatedposts", "relatedcontent", "seealso", "relatedpages"], &["related"]),
    (&["version", "revision"], &["edition"]),
    (&["copyright", "license", "rights"], &["licence"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_name_is_listed_once_and_means_something() {
        let text = concat!(include_str!("../../themes/civic/theme.toml"), include_str!("base.toml"));
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let declared: BTreeSet<&str> = text.split(|c| !is_word(c)).collect();
        let mut seen = BTreeSet::new();
        for (names, fields) in USUAL {
            for name in *names {
                assert!(seen.insert(*name), "`{name}` is listed twice");
                assert!(
                    name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()),
                    "`{name}` is written otherwise"
                );
            }
            assert!(fields.iter().any(|field| declared.contains(field)), "nothing has one of {fields:?}");
        }
        assert_eq!(usual_names("Featured-Image"), ["image", "logo"]);
        assert!(usual_names("colour").is_empty());
    }
}
