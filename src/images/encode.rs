//! The bytes of an image, and a variant of it → the variant's bytes.
//!
//! The picture is rotated as the camera was held, its colours are converted to those that every browser assumes, and it is
//! scaled down. Everything else in the file is left behind.

use std::io::Cursor;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder};
use moxcms::{ColorProfile, Layout, TransformOptions};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::Unfit;
use super::facts::{decoder, format, limits};
use super::variants::{Part, Variant};
use crate::config::ImageFormat;

/// A decoded picture: three bytes per pixel, or four if it has transparency.
pub(super) struct Picture {
    width: u32,
    height: u32,
    points: Vec<u8>,
    channels: Channels,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Channels {
    Three,
    Four,
}

/// How many bytes the picture in `bytes` takes while it is decoded, and how many while it is kept and used.
pub(super) fn weight(bytes: &[u8]) -> Result<(u64, u64), Unfit> {
    let format = format(bytes).ok_or(Unfit::Damaged)?;
    let (width, height) = decoder(bytes, format, limits())?.dimensions();
    let points = u64::from(width) * u64::from(height);
    // Decoders have up to three copies of four bytes; a picture that is used has one, and what is made of it another.
    Ok((points * 12, points * 8))
}

/// Decodes the image in `bytes`.
pub(super) fn unpack(bytes: &[u8]) -> Result<Picture, Unfit> {
    let format = format(bytes).ok_or(Unfit::Damaged)?;
    let mut decoder = decoder(bytes, format, limits())?;
    if format == image::ImageFormat::Jpeg && is_cut(bytes) {
        return Err(Unfit::Damaged);
    }
    let profile = decoder.icc_profile().ok().flatten();
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|_| Unfit::Damaged)?;
    image.apply_orientation(turned);
    let (width, height) = (image.width(), image.height());
    let channels = if image.color().has_alpha() { Channels::Four } else { Channels::Three };
    let mut points = match channels {
        Channels::Three => image.into_rgb8().into_raw(),
        Channels::Four => image.into_rgba8().into_raw(),
    };
    if let Some(converted) = profile.and_then(|profile| in_srgb(&points, &profile, channels)) {
        points = converted;
    }
    Ok(Picture { width, height, points, channels })
}

/// Whether a JPEG ends before its picture does. The decoder shows the rest in grey, and tells only who asks it to be strict;
/// other slips, which programs make and no eye sees, are none.
pub(super) fn is_cut(bytes: &[u8]) -> bool {
    // A download that was reserved and never filled ends in zeros, which may be read as an even colour.
    let bytes = &bytes[..bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)];
    let options = DecoderOptions::default().set_strict_mode(true).set_max_width(usize::MAX).set_max_height(usize::MAX);
    match JpegDecoder::new_with_options(ZCursor::new(bytes), options).decode() {
        Err(DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_)) => true,
        Err(DecodeErrors::FormatStatic(why)) => why.contains("Premature end"),
        _ => false,
    }
}

/// The pixels in the colours that browsers assume; `None` if they already are, or if the profile is unusable.
fn in_srgb(points: &[u8], profile: &[u8], channels: Channels) -> Option<Vec<u8>> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    if profile.color_space != moxcms::DataColorSpace::Rgb {
        return None;
    }
    let layout = match channels {
        Channels::Three => Layout::Rgb,
        Channels::Four => Layout::Rgba,
    };
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(layout, &srgb, layout, TransformOptions::default()).ok()?;
    let mut out = vec![0; points.len()];
    transform.transform(points, &mut out).ok()?;
    Some(out)
}

/// The bytes of `variant`, made from its picture.
pub(super) fn encode(picture: &Picture, variant: &Variant) -> Result<Vec<u8>, Unfit> {
    let smaller = resized(picture, variant.width, variant.height, variant.part)?;
    let picture = smaller.as_ref().unwrap_or(picture);
    match variant.format {
        ImageFormat::Avif => avif(picture, variant),
        ImageFormat::Webp => webp(picture, variant),
        ImageFormat::Jpeg => {
            let mut out = Vec::new();
            JpegEncoder::new_with_quality(&mut out, variant.quality)
                .write_image(&opaque(picture), picture.width, picture.height, ExtendedColorType::Rgb8)
                .map_err(|_| Unfit::Damaged)?;
            Ok(out)
        }
        ImageFormat::Png => {
            let mut out = Cursor::new(Vec::new());
            let colour = match picture.channels {
                Channels::Three => ExtendedColorType::Rgb8,
                Channels::Four => ExtendedColorType::Rgba8,
            };
            PngEncoder::new_with_quality(&mut out, CompressionType::Best, PngFilter::Adaptive)
                .write_image(&picture.points, picture.width, picture.height, colour)
                .map_err(|_| Unfit::Damaged)?;
            Ok(out.into_inner())
        }
    }
}

/// The picture, or a part of it, in another size; `None` if it already has that size.
fn resized(picture: &Picture, width: u32, height: u32, part: Option<Part>) -> Result<Option<Picture>, Unfit> {
    if part.is_none() && (picture.width, picture.height) == (width, height) {
        return Ok(None);
    }
    // With a type for each number of channels: the function that finds out the type would be compiled for thirteen.
    let points = match picture.channels {
        Channels::Three => scaled::<U8x3>(picture, width, height, part),
        Channels::Four => scaled::<U8x4>(picture, width, height, part),
    };
    let points = points.ok_or(Unfit::Damaged)?;
    Ok(Some(Picture { width, height, points, channels: picture.channels }))
}

/// The bytes of the picture in another size, with pixels of type `P`.
fn scaled<P: PixelTrait>(picture: &Picture, width: u32, height: u32, part: Option<Part>) -> Option<Vec<u8>> {
    let source = TypedImageRef::<P>::from_buffer(picture.width, picture.height, &picture.points).ok()?;
    let mut points = vec![0; width as usize * height as usize * size_of::<P>()];
    let mut target = TypedImage::<P>::from_buffer(width, height, &mut points).ok()?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    let options = match part {
        Some(Part { left, top, width, height }) => {
            options.crop(f64::from(left), f64::from(top), f64::from(width), f64::from(height))
        }
        None => options,
    };
    Resizer::new().resize_typed(&source, &mut target, &options).ok()?;
    Some(points)
}

/// How much lower the quality requested of AVIF may be: it then loses no more to the eye than the other formats do.
#[cfg(feature = "avif")]
const AVIF_LESS: u8 = 12;

/// The encoder's speed, from 1 to 10. Faster, its files are larger than WebP's; slower, it takes half as long again and saves
/// one per cent.
#[cfg(feature = "avif")]
const AVIF_SPEED: u8 = 8;

/// Without the feature, no setting that asks for AVIF is accepted.
#[cfg(not(feature = "avif"))]
fn avif(_: &Picture, _: &Variant) -> Result<Vec<u8>, Unfit> {
    Err(Unfit::Damaged)
}

#[cfg(feature = "avif")]
fn avif(picture: &Picture, variant: &Variant) -> Result<Vec<u8>, Unfit> {
    // With more threads a picture would be cut into tiles, and its bytes would depend on the machine.
    let encoder = ravif::Encoder::new()
        .with_quality(f32::from(variant.quality.saturating_sub(AVIF_LESS).max(1)))
        .with_alpha_quality(f32::from(variant.quality))
        .with_speed(AVIF_SPEED)
        .with_num_threads(Some(1));
    let (width, height) = (picture.width as usize, picture.height as usize);
    let encoded = match picture.channels {
        Channels::Three => {
            let points: Vec<ravif::RGB8> = picture.points.chunks_exact(3).map(|p| [p[0], p[1], p[2]].into()).collect();
            encoder.encode_rgb(ravif::Img::new(points.as_slice(), width, height))
        }
        Channels::Four => {
            let points = picture.points.chunks_exact(4).map(|p| [p[0], p[1], p[2], p[3]].into());
            let points: Vec<ravif::RGBA8> = points.collect();
            encoder.encode_rgba(ravif::Img::new(points.as_slice(), width, height))
        }
    };
    Ok(encoded.map_err(|_| Unfit::Damaged)?.avif_file)
}

fn webp(picture: &Picture, variant: &Variant) -> Result<Vec<u8>, Unfit> {
    let encoder = match picture.channels {
        Channels::Three => webp::Encoder::from_rgb(&picture.points, picture.width, picture.height),
        Channels::Four => webp::Encoder::from_rgba(&picture.points, picture.width, picture.height),
    };
    let encode = |lossless| encoder.encode_simple(lossless, f32::from(variant.quality)).map_err(|_| Unfit::Damaged);
    let lossy = encode(false)?;
    // Computer graphics are often smaller without loss, and their letters stay sharp.
    if variant.form != super::ImageKind::Photograph {
        let whole = encode(true)?;
        if whole.len() <= lossy.len() {
            return Ok(whole.to_vec());
        }
    }
    Ok(lossy.to_vec())
}

/// The pixels on white, without transparency.
fn opaque(picture: &Picture) -> std::borrow::Cow<'_, [u8]> {
    match picture.channels {
        Channels::Three => picture.points.as_slice().into(),
        Channels::Four => {
            let on_white = |point: &[u8]| {
                let alpha = u16::from(point[3]);
                [0, 1, 2].map(|n| {
                    let mixed = (u16::from(point[n]) * alpha + 255 * (255 - alpha)) / 255;
                    u8::try_from(mixed).unwrap_or(u8::MAX)
                })
            };
            picture.points.chunks_exact(4).flat_map(on_white).collect::<Vec<u8>>().into()
        }
    }
}
