//! An image of the site and where it is shown → its HTML, and its values for templates.

use std::fmt::Write as _;

use tera::Value;

use super::TemplateContext;
use super::values::{escaped, map};
use crate::config::{Config, TEXT_RENDITION};
use crate::images::{RenditionSet, Variant};
use crate::path::{Address, SitePath};
use crate::schema::{Focus, Value as FieldValue};
use crate::site::{Ix, LinkTo, Picture};

/// The attributes of an image that a reader need not wait for. The first image of a page does not have them.
pub(super) const LAZY: &str = " loading=\"lazy\" decoding=\"async\"";

/// What is said about an image, apart from its address.
pub(super) struct Words<'a> {
    pub(super) alt: &'a str,
    pub(super) title: &'a str,
    /// Further attributes, escaped, each with a space before it.
    pub(super) attributes: &'a str,
    /// What stays in view where it is cut.
    pub(super) focus: Focus,
    /// How wide it is shown, if not as the rendition says.
    pub(super) sizes: Option<&'a str>,
}

/// The HTML of the image in `file` in a rendition, or in its only form.
pub(super) fn html(
    asked: &TemplateContext,
    file: &SitePath,
    picture: &Picture,
    rendition: &str,
    words: &Words<'_>,
) -> String {
    let config = &asked.site.config;
    let mut out = String::new();
    match picture.shown(config, file, rendition, words.focus) {
        Some(shown) => {
            let sizes = words.sizes.or(config.renditions.get(rendition).map(|one| one.sizes.as_str()));
            picture_element(config, &shown, sizes.unwrap_or_default(), words, &mut out);
        }
        None => {
            let src = picture.address().map(|address| config.base.file_href(address.as_str())).unwrap_or_default();
            image_element(&src, (picture.image.width, picture.image.height), words, &mut out);
        }
    }
    out
}

/// The HTML of an image in a text.
pub(super) fn in_text(asked: &TemplateContext, file: &SitePath, picture: &Picture, words: &Words<'_>) -> String {
    html(asked, file, picture, TEXT_RENDITION, words)
}

fn picture_element(config: &Config, shown: &RenditionSet, sizes: &str, words: &Words<'_>, out: &mut String) {
    out.push_str("<picture>");
    for (format, variants) in &shown.sets {
        let _ = write!(
            out,
            "<source type=\"{}\" srcset=\"{}\" sizes=\"{}\">",
            format.media_type(),
            escaped(&candidates(config, variants)),
            escaped(sizes)
        );
    }
    let src = config.base.file_href(shown.fallback.address.as_str());
    image_element(&src, (shown.width, shown.height), words, out);
    out.push_str("</picture>");
}

fn candidates(config: &Config, variants: &[std::sync::Arc<Variant>]) -> String {
    let candidate = |variant: &std::sync::Arc<Variant>| {
        format!("{} {}w", config.base.file_href(variant.address.as_str()), variant.width)
    };
    variants.iter().map(candidate).collect::<Vec<_>>().join(", ")
}

/// `src` and `alt`, title, size and loading attributes; any of these that the author wrote stay as they are.
pub(super) fn image_element(src: &str, (width, height): (u32, u32), words: &Words<'_>, out: &mut String) {
    let _ = write!(out, "<img src=\"{}\" alt=\"{}\"", escaped(src), escaped(words.alt));
    if !words.title.is_empty() {
        let _ = write!(out, " title=\"{}\"", escaped(words.title));
    }
    let has = |name: &str| words.attributes.contains(name);
    if width > 0 && !has(" width=") && !has(" height=") {
        let _ = write!(out, " width=\"{width}\" height=\"{height}\"");
    }
    out.push_str(words.attributes);
    if !has(" loading=") {
        out.push_str(LAZY);
    }
    out.push('>');
}

/// Makes the first image of a page load at once.
pub(super) fn hasten_first(html: &mut String) {
    if let Some(at) = html.find(LAZY) {
        html.replace_range(at..at + LAZY.len(), "");
    }
}

/// The narrowest file of an entry's own picture in a rendition, or in another if it has not that one; `None` without a picture.
pub(crate) fn narrowest(asked: &TemplateContext, ix: Ix, rendition: &str) -> Option<Address> {
    let site = &asked.site;
    let entry = site.entry(ix);
    let FieldValue::Image(image) = &entry.values.get("image")?.value else { return None };
    let LinkTo::File(file, _) = site.link(ix, entry.file_of("image"), &image.file)? else { return None };
    let picture = site.pictures().get(&file)?;
    let shown = picture.shown(&site.config, &file, rendition, image.focus);
    let shown = shown.or_else(|| picture.all_shown(&site.config, &file).next());
    let narrowest = shown.as_ref().and_then(|shown| shown.sets.iter().find_map(|(_, variants)| variants.first()));
    let fallback = || shown.as_ref().map(|shown| shown.fallback.address.clone()).or_else(|| picture.address());
    narrowest.map(|variant| variant.address.clone()).or_else(fallback)
}

/// The values of an image in a rendition, for templates.
pub(super) fn value(
    asked: &TemplateContext,
    file: &SitePath,
    picture: &Picture,
    rendition: &str,
    words: &Words<'_>,
) -> Value {
    let config = &asked.site.config;
    let shown = picture.shown(config, file, rendition, words.focus);
    let sets: Vec<Value> = shown
        .iter()
        .flat_map(|shown| &shown.sets)
        .map(|(format, variants)| {
            map([("type", format.media_type().into()), ("srcset", candidates(config, variants).into())])
        })
        .collect();
    let src = match &shown {
        Some(shown) => Some(shown.fallback.address.clone()),
        None => picture.address(),
    };
    let (width, height) =
        shown.as_ref().map_or((picture.image.width, picture.image.height), |shown| (shown.width, shown.height));
    let size = |points: u32| if points == 0 { Value::none() } else { points.into() };
    let sizes = words.sizes.or(config.renditions.get(rendition).map(|one| one.sizes.as_str()));
    map([
        ("src", src.map(|src| config.base.file_href(src.as_str())).into()),
        ("width", size(width)),
        ("height", size(height)),
        ("alt", words.alt.into()),
        ("sources", sets.into()),
        ("sizes", sizes.into()),
        ("html", Value::safe_string(&html(asked, file, picture, rendition, words))),
    ])
}
