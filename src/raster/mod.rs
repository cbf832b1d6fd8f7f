//! A drawing (SVG) and typefaces → a picture of it in pixels.
//!
//! * here: the picture, as PNG;
//! * `limits`: what is too much to draw; `repeats`: how much it is with all that it repeats;
//! * `typefaces`: the letters, and how wide they are.
//!
//! It reads nothing from the disk and loads nothing: a drawing shows only what is in it. The same drawing gives the same
//! bytes on every machine, since no typeface of the machine is used.
//!
//! Not here: what is drawn (`icons`, `cards`), and where pictures are kept.

mod limits;
mod repeats;
#[cfg(test)]
mod tests;
mod typefaces;

use std::collections::BTreeMap;

use png::{BitDepth, ColorType, DeflateCompression, Filter};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Error, ImageHrefResolver, Options, Tree};

pub(crate) use limits::of_depth;
pub(crate) use typefaces::Typefaces;

/// The version of the drawing code. Raise it whenever the bytes change; a test tells you when.
pub(crate) const FORM: u32 = 2;

/// The drawing `svg` as a PNG of `width` × `height` pixels, as large as fits and in the middle.
///
/// Empty areas are transparent; a picture without any has no alpha channel.
///
/// # Errors
/// What is wrong with the drawing, in words for its author.
pub(crate) fn png(svg: &str, size: (u32, u32), typefaces: Option<&Typefaces>) -> Result<Vec<u8>, String> {
    layered(&[(svg, 1.0)], size, typefaces)
}

/// The same for several drawings, one on top of the other, each at a share of the width and height.
pub(crate) fn layered(
    drawings: &[(&str, f32)],
    (width, height): (u32, u32),
    typefaces: Option<&Typefaces>,
) -> Result<Vec<u8>, String> {
    let mut pixmap = Pixmap::new(width, height).ok_or("a picture without a size")?;
    for (svg, share) in drawings {
        let tree = understood(svg, typefaces)?;
        let (own, scale) = (tree.size(), scale(&tree, width, height) * share);
        let aside = |whole: u32, own: f32| (points(whole) - own * scale) / 2.0;
        let place =
            Transform::from_scale(scale, scale).post_translate(aside(width, own.width()), aside(height, own.height()));
        limits::of_work(&tree, place, (width, height))?;
        resvg::render(&tree, place, &mut pixmap.as_mut());
    }
    encoded(pixmap)
}

/// Checks that a drawing can be drawn.
pub(crate) fn prove(svg: &str, typefaces: Option<&Typefaces>) -> Result<(), String> {
    understood(svg, typefaces).map(|_| ())
}

fn understood(svg: &str, typefaces: Option<&Typefaces>) -> Result<Tree, String> {
    limits::of_text(svg)?;
    let options = Options {
        fontdb: typefaces.map(Typefaces::database).unwrap_or_default(),
        image_href_resolver: ImageHrefResolver {
            resolve_data: ImageHrefResolver::default_data_resolver(),
            // By default this would read any file on the machine.
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    Tree::from_str(svg, &options).map_err(|error| match error {
        Error::ParsingFailed(error) => error.to_string(),
        Error::InvalidSize => "it has a width or height that cannot be drawn".to_owned(),
        other => other.to_string(),
    })
}

fn scale(tree: &Tree, width: u32, height: u32) -> f32 {
    (points(width) / tree.size().width()).min(points(height) / tree.size().height())
}

/// A number of pixels in the rasteriser's number type.
#[allow(clippy::cast_precision_loss, reason = "pictures are a few thousand pixels wide")]
fn points(count: u32) -> f32 {
    count as f32
}

fn encoded(pixmap: Pixmap) -> Result<Vec<u8>, String> {
    let (width, height) = (pixmap.width(), pixmap.height());
    let points = pixmap.take_demultiplied();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_depth(BitDepth::Eight);
    // Lettering on plain backgrounds: a filter makes the file larger, and more effort than this hardly smaller.
    encoder.set_filter(Filter::NoFilter);
    encoder.set_deflate_compression(DeflateCompression::Level(6));
    let data = match numbered(&points) {
        Some((palette, numbers)) => {
            encoder.set_color(ColorType::Indexed);
            encoder
                .set_palette(palette.iter().flat_map(|colour| [colour[0], colour[1], colour[2]]).collect::<Vec<u8>>());
            if palette.iter().any(|colour| colour[3] < u8::MAX) {
                encoder.set_trns(palette.iter().map(|colour| colour[3]).collect::<Vec<u8>>());
            }
            numbers
        }
        None if points.chunks_exact(4).all(|point| point[3] == u8::MAX) => {
            encoder.set_color(ColorType::Rgb);
            points.chunks_exact(4).flat_map(|point| [point[0], point[1], point[2]]).collect()
        }
        None => {
            encoder.set_color(ColorType::Rgba);
            points
        }
    };
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&data));
    written.map_err(|error| error.to_string())?;
    Ok(out)
}

/// The colours of a picture, and the number of each pixel's colour, if one byte is enough to number them.
fn numbered(points: &[u8]) -> Option<(Vec<[u8; 4]>, Vec<u8>)> {
    let mut palette: Vec<[u8; 4]> = Vec::new();
    let mut known: BTreeMap<[u8; 4], u8> = BTreeMap::new();
    let mut numbers = Vec::with_capacity(points.len() / 4);
    let mut rest = points;
    while let Some((colour, after)) = rest.split_first_chunk::<4>() {
        let number = match known.get(colour) {
            Some(number) => *number,
            None => {
                let number = u8::try_from(palette.len()).ok()?;
                palette.push(*colour);
                known.insert(*colour, number);
                number
            }
        };
        numbers.push(number);
        // On plain backgrounds many pixels are the same.
        let run = repeats(rest);
        numbers.resize(numbers.len() + run, number);
        rest = &after[run * 4..];
    }
    Some((palette, numbers))
}

/// How many pixels right after the first are the same as it.
fn repeats(points: &[u8]) -> usize {
    // Where each pixel equals the one before it, all are the same: so many are compared at once.
    const BLOCK: usize = 256;
    let mut end = 4;
    while points.len() >= end + BLOCK && points[end..end + BLOCK] == points[end - 4..end + BLOCK - 4] {
        end += BLOCK;
    }
    while points.len() >= end + 4 && points[end..end + 4] == points[end - 4..end] {
        end += 4;
    }
    end / 4 - 1
}
