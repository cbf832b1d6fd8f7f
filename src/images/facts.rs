//! The bytes of an image file → its facts. Only the header is read here; the picture itself is not decoded.

use std::io::Cursor;

use image::codecs::{png::PngDecoder, webp::WebPDecoder};
use image::metadata::Orientation;
use image::{ImageDecoder, ImageFormat, ImageReader, Limits};

use super::bare::bare;
use super::drawing;
use crate::raster;

/// An image with more pixels than this is refused before it is decoded: it would fill the machine's memory.
pub(crate) const LARGEST: u64 = 100_000_000;

/// The facts about an image file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Image {
    pub(crate) form: ImageKind,
    /// In pixels, as shown; 0 if a drawing does not say.
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The hash of its bytes.
    pub(crate) hash: [u8; 32],
}

/// The version of what [`facts`] finds, for cached facts.
pub(crate) const FACTS: &str = "image facts 2";

impl ImageKind {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Photograph, "photograph"),
        (Self::Graphic, "graphic"),
        (Self::Transparent, "transparent"),
        (Self::Moving, "moving"),
        (Self::Drawing, "drawing"),
    ];
}

impl Image {
    /// The facts on one line.
    pub(super) fn line(&self) -> String {
        let form = ImageKind::ALL.iter().find(|(form, _)| *form == self.form).map_or("", |(_, name)| name);
        format!("{form} {} {} {}", self.width, self.height, blake3::Hash::from(self.hash).to_hex())
    }

    /// The facts from a line of [`Image::line`].
    pub(super) fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split(' ');
        let form = parts.next()?;
        let (form, _) = *ImageKind::ALL.iter().find(|(_, name)| *name == form)?;
        let (width, height) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let hash = *blake3::Hash::from_hex(parts.next()?).ok()?.as_bytes();
        Some(Self { form, width, height, hash })
    }
}

/// What kind of image it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ImageKind {
    /// Pixels without transparency, from a camera or a scanner.
    Photograph,
    /// Pixels without transparency, made by a computer: charts, screenshots.
    Graphic,
    /// Pixels with transparency.
    Transparent,
    /// An animation.
    Moving,
    /// SVG.
    Drawing,
}

/// Why a file cannot be shown as an image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Unfit {
    /// It is something else, or in a format that browsers do not show.
    Other(&'static str),
    /// Its header or its picture cannot be decoded.
    Damaged,
    TooLarge(u32, u32),
    /// It is a drawing whose parts are too deep in each other.
    TooDeep(String),
    /// The system refused to let it be read.
    Refused(String),
    /// It has changed since its name was computed.
    Changed,
}

impl Unfit {
    /// What is wrong with the file called `name`, and what to do about it.
    pub(crate) fn message(&self, name: &str) -> (String, String) {
        match self {
            Self::Other(what) => (
                format!("`{name}` is {what}, which cannot be shown as an image"),
                "save it as JPEG, PNG, WebP, GIF or SVG".to_owned(),
            ),
            Self::Damaged => (
                format!("`{name}` cannot be read as an image: it is damaged, or cut short"),
                "open it in an image editor and save it again, or get it again from its source".to_owned(),
            ),
            Self::TooLarge(width, height) => (
                format!(
                    "`{name}` has {width} × {height} pixels; more than {} million are not read",
                    LARGEST / 1_000_000
                ),
                "make it smaller: 4000 pixels across are enough for any page".to_owned(),
            ),
            Self::TooDeep(why) => (
                format!("`{name}` cannot be shown: {why}"),
                "open it in a drawing program, take its groups apart and save it again".to_owned(),
            ),
            Self::Refused(reason) => {
                (format!("`{name}` cannot be read: {reason}"), "check that you may open the file".to_owned())
            }
            Self::Changed => (
                format!("`{name}` changed while the site was being made"),
                "build again when it is finished".to_owned(),
            ),
        }
    }
}

/// The facts of an image file with these `bytes`.
pub(crate) fn facts(bytes: &[u8]) -> Result<Image, Unfit> {
    let hash = *blake3::hash(bytes).as_bytes();
    let Some(format) = format(bytes) else {
        if let Some(why) = std::str::from_utf8(bytes).ok().and_then(|text| raster::of_depth(text).err()) {
            return Err(Unfit::TooDeep(why));
        }
        let (width, height) = drawing::size(bytes).ok_or_else(|| Unfit::Other(named(bytes)))?;
        return Ok(Image { form: ImageKind::Drawing, width, height, hash });
    };
    let mut decoder = decoder(bytes, format, Limits::no_limits())?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > LARGEST {
        return Err(Unfit::TooLarge(width, height));
    }
    if width == 0 || height == 0 {
        return Err(Unfit::Damaged);
    }
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let (width, height) = if is_upended(turned) { (height, width) } else { (width, height) };
    let form = if is_moving(bytes, format) {
        // It is published in this form, so all of it must be there and be understood.
        bare(bytes, turned)?;
        ImageKind::Moving
    } else if decoder.color_type().has_alpha() {
        ImageKind::Transparent
    } else if matches!(format, ImageFormat::Png | ImageFormat::Gif) {
        ImageKind::Graphic
    } else {
        ImageKind::Photograph
    };
    Ok(Image { form, width, height, hash })
}

/// The format that the first bytes show, if it is one that is read here. The file's name does not matter.
pub(super) fn format(bytes: &[u8]) -> Option<ImageFormat> {
    let known = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif];
    image::guess_format(bytes).ok().filter(|format| known.contains(format))
}

/// What a picture of the largest size takes: eight bytes a pixel, and half as much to work in.
pub(super) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(LARGEST * 12);
    limits
}

/// A decoder for the picture in `bytes` that has read the header.
pub(super) fn decoder(bytes: &[u8], format: ImageFormat, limits: Limits) -> Result<impl ImageDecoder + '_, Unfit> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    reader.into_decoder().map_err(|_| Unfit::Damaged)
}

fn is_upended(turned: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(turned, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

fn is_moving(bytes: &[u8], format: ImageFormat) -> bool {
    let bytes = Cursor::new(bytes);
    match format {
        ImageFormat::Gif => gif::DecodeOptions::new().read_info(bytes).is_ok_and(|mut gif| {
            let mut has_frame = || matches!(gif.next_frame_info(), Ok(Some(_)));
            has_frame() && has_frame()
        }),
        ImageFormat::Png => PngDecoder::new(bytes).is_ok_and(|png| png.is_apng().unwrap_or(false)),
        ImageFormat::WebP => WebPDecoder::new(bytes).is_ok_and(|webp| webp.has_animation()),
        _ => false,
    }
}

/// What a file that is not an image is, in words.
fn named(bytes: &[u8]) -> &'static str {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let kind = bytes.get(4..12).unwrap_or_default();
    let text = String::from_utf8_lossy(bytes.get(..512).unwrap_or(bytes)).to_ascii_lowercase();
    match () {
        () if bytes.is_empty() => "an empty file",
        () if starts(b"%PDF") => "a PDF",
        () if starts(b"II*\0") || starts(b"MM\0*") => "a TIFF picture",
        () if starts(b"BM") => "a BMP picture",
        () if starts(b"8BPS") => "a Photoshop file",
        () if starts(b"PK") => "an office document or an archive",
        () if kind.starts_with(b"ftypavi") => "an AVIF picture",
        () if kind.starts_with(b"ftyphe") || kind.starts_with(b"ftypmi") => "a HEIC picture",
        () if kind.starts_with(b"ftyp") => "a film",
        () if starts(b"\xff\x0a") || kind.starts_with(b"JXL ") => "a JPEG XL picture",
        () if text.contains("<html") || text.contains("<!doctype html") => "a web page",
        () if text.contains("<svg") => "a drawing with a fault in it",
        () if starts(b"\xff\xd8") || starts(b"\x89PN") || starts(b"GIF8") || starts(b"RIFF") => "a damaged picture",
        () => "something else",
    }
}
