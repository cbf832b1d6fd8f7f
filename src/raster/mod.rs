//! A drawing (SVG) and typefaces → a picture of it, point by point.
//!
//! * here: the picture, as PNG;
//! * `typefaces`: with what letters, and how wide they are.
//!
//! Nothing is read from the disk and nothing is loaded: a drawing shows what is in it. The same drawing gives the same
//! bytes on every machine, since no typeface of the machine is used.
//!
//! Not here: what is drawn (`icons`, `cards`), and where pictures are kept.

#[cfg(test)]
mod tests;
mod typefaces;

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Error, ImageHrefResolver, Options, Tree};

pub(crate) use typefaces::Typefaces;

/// The version of what is drawn of a drawing. Raise it whenever other bytes come out: a test says so.
pub(crate) const FORM: u32 = 1;

/// The drawing `svg` as a PNG of `width` × `height` points, as large as fits and in the middle.
///
/// What nothing is drawn on can be seen through; a picture without such points has no alpha channel.
///
/// # Errors
/// In words for whoever made the drawing: what is wrong with it.
pub(crate) fn png(svg: &str, (width, height): (u32, u32), typefaces: Option<&Typefaces>) -> Result<Vec<u8>, String> {
    let mut pixmap = Pixmap::new(width, height).ok_or("a picture of no size")?;
    let tree = understood(svg, typefaces)?;
    let (own, scale) = (tree.size(), scale(&tree, width, height));
    let aside = |whole: u32, own: f32| (points(whole) - own * scale) / 2.0;
    let place =
        Transform::from_scale(scale, scale).post_translate(aside(width, own.width()), aside(height, own.height()));
    resvg::render(&tree, place, &mut pixmap.as_mut());
    encoded(pixmap)
}

/// Whether a drawing could be drawn.
pub(crate) fn prove(svg: &str, typefaces: Option<&Typefaces>) -> Result<(), String> {
    understood(svg, typefaces).map(|_| ())
}

fn understood(svg: &str, typefaces: Option<&Typefaces>) -> Result<Tree, String> {
    let options = Options {
        fontdb: typefaces.map(Typefaces::database).unwrap_or_default(),
        image_href_resolver: ImageHrefResolver {
            resolve_data: ImageHrefResolver::default_data_resolver(),
            // By default this would read any file of the machine.
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    Tree::from_str(svg, &options).map_err(|error| match error {
        Error::ParsingFailed(error) => error.to_string(),
        Error::InvalidSize => "its width or height is nothing that can be drawn".to_owned(),
        other => other.to_string(),
    })
}

fn scale(tree: &Tree, width: u32, height: u32) -> f32 {
    (points(width) / tree.size().width()).min(points(height) / tree.size().height())
}

/// A number of points as the rasteriser counts them.
#[allow(clippy::cast_precision_loss, reason = "pictures are a few thousand points wide")]
fn points(count: u32) -> f32 {
    count as f32
}

fn encoded(pixmap: Pixmap) -> Result<Vec<u8>, String> {
    let (width, height) = (pixmap.width(), pixmap.height());
    let mut points = pixmap.take_demultiplied();
    let is_opaque = points.chunks_exact(4).all(|point| point[3] == u8::MAX);
    let colour = if is_opaque {
        points = points.chunks_exact(4).flat_map(|point| [point[0], point[1], point[2]]).collect();
        ExtendedColorType::Rgb8
    } else {
        ExtendedColorType::Rgba8
    };
    let mut out = Cursor::new(Vec::new());
    PngEncoder::new_with_quality(&mut out, CompressionType::Best, FilterType::Adaptive)
        .write_image(&points, width, height, colour)
        .map_err(|error| error.to_string())?;
    Ok(out.into_inner())
}
