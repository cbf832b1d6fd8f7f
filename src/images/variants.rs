//! An image and a declared rendition → the files in which it is published.

use std::sync::Arc;

use super::FORM;
use super::facts::{Image, ImageKind};
use crate::config::{ImageFormat, Rendition};
use crate::path::{Address, SitePath};
use crate::schema::Focus;

/// The greatest width for browsers that understand none of the newer formats.
const FALLBACK: u32 = 1_200;

/// One file made from an image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Variant {
    pub(crate) file: SitePath,
    /// The hash of the image's bytes.
    pub(crate) source: [u8; 32],
    pub(crate) form: ImageKind,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) format: ImageFormat,
    pub(crate) quality: u8,
    /// What of the image it shows; all of it, if nothing is said.
    pub(crate) part: Option<Part>,
    pub(crate) address: Address,
}

/// A part of an image, in its pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Part {
    pub(crate) left: u32,
    pub(crate) top: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// An image in a rendition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RenditionSet {
    /// For each format, its files, the narrowest first.
    pub(crate) sets: Vec<(ImageFormat, Vec<Arc<Variant>>)>,
    /// The file that every browser understands.
    pub(crate) fallback: Arc<Variant>,
    /// The size of the largest file.
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl RenditionSet {
    /// Every file.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Variant>> {
        self.sets.iter().flat_map(|(_, variants)| variants).chain(std::iter::once(&self.fallback))
    }
}

impl Variant {
    /// The key of its bytes: the hash of everything they are made from.
    pub(crate) fn key(&self) -> [u8; 32] {
        key(&self.source, self.form, (self.width, self.height), self.format, self.quality, self.part)
    }
}

fn key(
    source: &[u8; 32],
    form: ImageKind,
    (width, height): (u32, u32),
    format: ImageFormat,
    quality: u8,
    part: Option<Part>,
) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(source).update(&FORM.to_le_bytes()).update(&width.to_le_bytes()).update(&height.to_le_bytes());
    hasher.update(format.ending().as_bytes()).update(&[quality, u8::from(form == ImageKind::Graphic)]);
    if let Some(Part { left, top, width, height }) = part {
        [left, top, width, height].iter().for_each(|side| {
            hasher.update(&side.to_le_bytes());
        });
    }
    *hasher.finalize().as_bytes()
}

/// The files in `rendition` of `image`, which is at `file` and would have the address `own`; `focus` stays in view if it is cut.
///
/// Not for drawings and animations, which are published as they are: nothing would show the result.
pub(crate) fn shown(
    image: &Image,
    file: &SitePath,
    own: &Address,
    rendition: &Rendition,
    focus: Focus,
) -> RenditionSet {
    let part = rendition.ratio.and_then(|ratio| cut((image.width, image.height), ratio, focus));
    let whole = part.map_or((image.width, image.height), |part| (part.width, part.height));
    let own = own.as_str();
    let stem = own.rfind('.').filter(|at| !own[*at..].contains('/')).map_or(own, |at| &own[..at]);
    let variant = |width: u32, format: ImageFormat| {
        let height = height_at(whole, width);
        let key = key(&image.hash, image.form, (width, height), format, rendition.quality, part);
        let hash = blake3::Hash::from(key).to_hex();
        Arc::new(Variant {
            file: file.clone(),
            source: image.hash,
            form: image.form,
            width,
            height,
            format,
            quality: rendition.quality,
            part,
            address: Address::new(&format!("{stem}-{width}.{}.{}", &hash[..10], format.ending())),
        })
    };
    let widths = widths(whole.0, &rendition.widths);
    let sets = rendition
        .formats
        .iter()
        .map(|format| (*format, widths.iter().map(|width| variant(*width, *format)).collect()))
        .collect();
    let format = if image.form == ImageKind::Transparent { ImageFormat::Png } else { ImageFormat::Jpeg };
    let width = widths.iter().rev().find(|width| **width <= FALLBACK).or(widths.first()).copied();
    let largest = widths.last().copied().unwrap_or(whole.0);
    RenditionSet {
        sets,
        fallback: variant(width.unwrap_or(whole.0), format),
        width: largest,
        height: height_at(whole, largest),
    }
}

/// The largest part of a picture that has a shape, as near to the focus as the picture allows; `None` if that is all of it.
fn cut((width, height): (u32, u32), (across, down): (u32, u32), focus: Focus) -> Option<Part> {
    let scaled = |side: u32, by: u32, over: u32| {
        u32::try_from(u64::from(side) * u64::from(by) / u64::from(over.max(1))).unwrap_or(u32::MAX).max(1)
    };
    let (inner_width, inner_height) =
        (scaled(height, across, down).min(width), scaled(width, down, across).min(height));
    // The focus lies in the middle of the part, or as near to that as the edges let it.
    let start = |whole: u32, part: u32, share: u8| {
        let point = u64::from(whole) * u64::from(share) / 100;
        let point = u32::try_from(point).unwrap_or(u32::MAX);
        point.saturating_sub(part / 2).min(whole - part)
    };
    let part = Part {
        left: start(width, inner_width, focus.x),
        top: start(height, inner_height, focus.y),
        width: inner_width,
        height: inner_height,
    };
    ((inner_width, inner_height) != (width, height)).then_some(part)
}

/// The declared widths that do not enlarge the image, and its own width if it is narrower than the widest.
fn widths(own: u32, declared: &[u32]) -> Vec<u32> {
    let mut widths: Vec<u32> = declared.iter().copied().filter(|width| *width < own).collect();
    if widths.len() < declared.len() {
        widths.push(own);
    }
    widths
}

fn height_at((own, height): (u32, u32), width: u32) -> u32 {
    let (width, own) = (u64::from(width), u64::from(own.max(1)));
    let height = (u64::from(height) * width + own / 2) / own;
    u32::try_from(height.max(1)).unwrap_or(u32::MAX)
}
