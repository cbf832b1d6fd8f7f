//! `[renditions]` → the sizes and formats in which images are published.

use super::Collection;
use super::layers::{Layers, Setting, not_one_of};
use crate::data::RawKind;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::index::Index;
use crate::path::SitePath;
use crate::schema::Name;

/// The sizes and formats in which an image is published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Rendition {
    /// In pixels, the narrowest first.
    pub(crate) widths: Vec<u32>,
    /// The formats that a browser may choose from, the best first; one that every browser understands is always added.
    pub(crate) formats: Vec<ImageFormat>,
    /// How wide the image is shown, as in HTML's `sizes`.
    pub(crate) sizes: String,
    /// 1 to 100.
    pub(crate) quality: u8,
    /// The shape that images are cut to, as width and height; none leaves them as they are.
    pub(crate) ratio: Option<(u32, u32)>,
}

/// A format in which images are published.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ImageFormat {
    Avif,
    Webp,
    Jpeg,
    Png,
}

impl ImageFormat {
    /// The extension of its files.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Avif => "avif",
            Self::Webp => "webp",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// Its media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Avif => "image/avif",
            Self::Webp => "image/webp",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// The rendition of images in texts.
pub(crate) const TEXT_RENDITION: &str = "text";

/// The greatest width at which an image is published.
const WIDEST: usize = 8_000;

/// The default quality: losses that the eye does not notice.
const QUALITY: u8 = 80;

/// Reads `[renditions]`.
pub(super) fn read(all: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Index<String, Rendition> {
    let table = all.table("renditions", faults);
    let mut renditions = Index::default();
    for (name, _) in table.keys() {
        let one = table.table(&name, faults);
        let widths = widths(&one, faults);
        let rendition = Rendition {
            formats: image_formats(&one, faults),
            sizes: one.text("sizes", faults).unwrap_or_else(|| "100vw".to_owned()),
            quality: quality(&one, faults),
            ratio: ratio(&one, faults),
            widths,
        };
        one.finish(faults);
        if !rendition.widths.is_empty() {
            renditions.insert(name, rendition);
        }
    }
    renditions
}

/// Reports renditions that a field names but nothing declares.
pub(super) fn check(
    collections: &Index<Name, Collection>,
    renditions: &Index<String, Rendition>,
    faults: &mut Vec<Diagnostic>,
) {
    for collection in collections.values() {
        for (field, declared) in &collection.fields {
            let named = declared.renditions.iter().flatten();
            for name in named.filter(|name| !renditions.contains_key(&***name)) {
                let path = format!("collections.{}.fields.{field}.renditions", collection.name);
                let span = collection.span.clone().unwrap_or_else(|| Span::file(&SitePath::root()));
                faults.push(not_one_of(&path, name, span, renditions.keys().map(String::as_str)));
            }
        }
    }
}

fn widths(one: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Vec<u32> {
    let Some(setting) = one.get("widths") else {
        faults.push(one.missing("widths", "[480, 800, 1200]"));
        return Vec::new();
    };
    let wanted = format!("a list of widths in pixels, each from 1 to {WIDEST}, such as `[480, 800, 1200]`");
    let RawKind::List(items) = &setting.raw.kind else {
        faults.push(setting.wrong(&one.path("widths"), &wanted));
        return Vec::new();
    };
    let mut widths = Vec::new();
    for raw in items {
        match &raw.kind {
            RawKind::Int(width) if (1..=WIDEST as i64).contains(width) => widths.extend(u32::try_from(*width)),
            _ => faults.push(Setting { file: setting.file, raw }.wrong(&one.path("widths"), &wanted)),
        }
    }
    if items.is_empty() {
        faults.push(setting.wrong(&one.path("widths"), &wanted));
    }
    widths.sort_unstable();
    widths.dedup();
    widths
}

fn image_formats(one: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Vec<ImageFormat> {
    let Some(written) = one.texts("formats", faults) else { return vec![ImageFormat::Webp] };
    let known = [("avif", ImageFormat::Avif), ("webp", ImageFormat::Webp)];
    let mut wanted = Vec::new();
    for (text, span) in written {
        match known.iter().find(|(name, _)| *name == text) {
            Some((_, ImageFormat::Avif)) if !cfg!(feature = "avif") => {
                let message = "this program was built without AVIF, so it cannot make such pictures";
                let help =
                    "install one with it, such as `cargo install --path . --features avif`, or write \"webp\" alone";
                faults.push(Diagnostic::new(Code::WrongSetting, message).span(span).help(help));
            }
            Some((_, format)) => wanted.push(*format),
            None => faults.push(not_one_of(&one.path("formats"), &text, span, known.iter().map(|(name, _)| *name))),
        }
    }
    // A browser takes the first format it understands, so the smallest comes first, in whatever order they are declared.
    known.into_iter().map(|(_, format)| format).filter(|format| wanted.contains(format)).collect()
}

fn ratio(one: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Option<(u32, u32)> {
    let (text, _) = one.text_at("ratio", faults)?;
    let side = |text: &str| text.trim().parse::<u32>().ok().filter(|side| (1..=100).contains(side));
    let ratio = text.split_once([':', '/']).and_then(|(width, height)| Some((side(width)?, side(height)?)));
    if ratio.is_none() {
        let fault = one.get("ratio").map(|setting| setting.wrong(&one.path("ratio"), "a shape such as `3:2`"));
        faults.extend(fault);
    }
    ratio
}

fn quality(one: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> u8 {
    let Some(quality) = one.count("quality", faults) else { return QUALITY };
    u8::try_from(quality).ok().filter(|quality| (1..=100).contains(quality)).unwrap_or_else(|| {
        let fault = one.get("quality").map(|setting| setting.wrong(&one.path("quality"), "a number from 1 to 100"));
        faults.extend(fault);
        QUALITY
    })
}
