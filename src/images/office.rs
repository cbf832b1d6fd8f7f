//! The bytes of a picture → the same picture as office programs show it: JPEG, PNG or GIF, upright, no larger than a page of paper needs,
//! and without what is noted beside it.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat};

use super::ImageKind;
use super::bare::bare;
use super::facts::{Unfit, decoder, facts, format, limits};
use crate::raster;

/// How wide a picture is at most, in pixels, and how many bytes one may have that is kept as it is.
const WIDEST: u32 = 1_600;
const HEAVY: usize = 1_500_000;

/// A picture for an office program.
pub(crate) struct OfficePicture {
    pub(crate) bytes: Vec<u8>,
    /// `png`, `jpeg` or `gif`.
    pub(crate) ending: &'static str,
    /// In pixels.
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// The picture in `bytes`, in whatever form it is.
pub(crate) fn for_office(bytes: &[u8]) -> Result<OfficePicture, Unfit> {
    let known = facts(bytes)?;
    let Some(format) = format(bytes) else {
        // A drawing has no pixels: twice as many as it says are sharp on paper.
        let scale = (f64::from(WIDEST) / f64::from(known.width.max(1))).min(2.0);
        let size = |length: u32| ((f64::from(length) * scale).round() as u32).clamp(1, 4 * WIDEST);
        let svg = std::str::from_utf8(bytes).map_err(|_| Unfit::Damaged)?;
        let png = raster::png(svg, (size(known.width), size(known.height)), None).map_err(Unfit::TooDeep)?;
        return Ok(OfficePicture { bytes: png, ending: "png", width: known.width, height: known.height });
    };
    let mut opened = decoder(bytes, format, limits())?;
    let turned = opened.orientation().unwrap_or(Orientation::NoTransforms);
    let is_moving = known.form == ImageKind::Moving;
    let ending = match format {
        ImageFormat::Jpeg => "jpeg",
        ImageFormat::Gif => "gif",
        _ => "png",
    };
    let is_fit = known.width <= WIDEST && bytes.len() <= HEAVY && turned == Orientation::NoTransforms;
    if format != ImageFormat::WebP && (is_fit || is_moving) {
        let bytes = bare(bytes, turned)?;
        return Ok(OfficePicture { bytes, ending, width: known.width, height: known.height });
    }
    let mut picture = DynamicImage::from_decoder(opened).map_err(|_| Unfit::Damaged)?;
    picture.apply_orientation(turned);
    if picture.width() > WIDEST {
        picture = picture.resize(WIDEST, u32::MAX, FilterType::CatmullRom);
    }
    let (width, height) = (picture.width(), picture.height());
    let mut out = Cursor::new(Vec::new());
    let is_photograph = known.form == ImageKind::Photograph;
    let written = match is_photograph {
        true => JpegEncoder::new_with_quality(&mut out, 85).encode_image(&picture.to_rgb8()),
        false => picture.to_rgba8().write_to(&mut out, ImageFormat::Png),
    };
    written.map_err(|_| Unfit::Damaged)?;
    let ending = if is_photograph { "jpeg" } else { "png" };
    Ok(OfficePicture { bytes: out.into_inner(), ending, width, height })
}
