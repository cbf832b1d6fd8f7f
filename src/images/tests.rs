//! Images of every kind → what is published of them.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::io::Cursor;

use image::codecs::{jpeg::JpegEncoder, png::PngEncoder};
use image::{DynamicImage, ImageEncoder, ImageFormat as Read, Rgb, RgbImage, Rgba, RgbaImage};
use jiff::Timestamp;
use moxcms::ColorProfile;
use proptest::prelude::*;

mod beside;

use super::facts::facts;
use super::*;
use crate::config::{ImageFormat, Rendition};
use crate::path::{Address, SitePath};
use crate::schema::Focus;
use crate::source::Tree;

/// A picture with a different colour in each corner.
fn corners(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x * 2 < width, y * 2 < height) {
        (true, true) => Rgb([250, 0, 0]),
        (false, true) => Rgb([0, 250, 0]),
        (true, false) => Rgb([0, 0, 250]),
        (false, false) => Rgb([250, 250, 250]),
    })
}

fn written(image: &DynamicImage, format: Read) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).expect("memory takes it");
    out.into_inner()
}

/// A JPEG from a camera held upright: rotated, and with the place where it was taken.
fn from_a_camera(width: u32, height: u32) -> Vec<u8> {
    let jpeg = written(&corners(width, height).into(), Read::Jpeg);
    // Orientation 6, and a group with the letter of the latitude.
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    tiff.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0");
    tiff.extend(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0GPS-SECRET");
    let mut out = jpeg[..2].to_vec();
    out.extend(b"\xff\xe1");
    out.extend(u16::try_from(tiff.len() + 8).expect("short").to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(tiff);
    out.extend(&jpeg[2..]);
    out
}

fn rendition(widths: &[u32]) -> Rendition {
    Rendition {
        widths: widths.to_vec(),
        formats: vec![ImageFormat::Webp],
        sizes: "100vw".to_owned(),
        quality: 80,
        ratio: None,
    }
}

fn shown_of(image: &Image, rendition: &Rendition) -> RenditionSet {
    let file = SitePath::new("content/a/photo.jpg").expect("inside");
    shown(image, &file, &Address::new("/a/photo.jpg"), rendition, Focus::default())
}

fn bytes_of(source: &[u8], variant: &Variant) -> Vec<u8> {
    let picture = encode::unpack(source).expect("it is an image");
    encode::encode(&picture, variant).expect("it can be encoded")
}

#[test]
fn a_photograph_is_turned_as_it_was_held_and_tells_nothing_else() {
    let source = from_a_camera(120, 80);
    assert!(source.windows(10).any(|bytes| bytes == b"GPS-SECRET"));
    let image = facts(&source).expect("it is an image");
    assert_eq!((image.width, image.height, image.form), (80, 120, ImageKind::Photograph));
    for variant in shown_of(&image, &rendition(&[40, 200])).all() {
        let made = bytes_of(&source, variant);
        let read = image::load_from_memory(&made).expect("it is an image").into_rgb8();
        assert_eq!((read.width(), read.height()), (variant.width, variant.height));
        let at = |x, y| read.get_pixel(x, y).0.map(|part| part > 128);
        // Rotated to the right, the lower left corner becomes the upper left one.
        let (right, low) = (read.width() - 4, read.height() - 4);
        assert_eq!(at(3, 3), [false, false, true], "{variant:?}");
        assert_eq!(at(right, 3), [true, false, false], "{variant:?}");
        assert_eq!(at(right, low), [false, true, false], "{variant:?}");
        for secret in ["Exif", "GPS", "ICC_PROFILE"] {
            assert!(!made.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()), "{secret}: {variant:?}");
        }
    }
}

#[test]
fn colours_are_those_that_browsers_assume() {
    let mut source = Vec::new();
    let mut encoder = PngEncoder::new(&mut source);
    let profile = ColorProfile::new_display_p3().encode().expect("it can be written");
    encoder.set_icc_profile(profile).expect("PNG has profiles");
    encoder.write_image(&[200, 100, 100].repeat(64), 8, 8, image::ExtendedColorType::Rgb8).expect("memory takes it");
    let image = facts(&source).expect("it is an image");
    assert_eq!(image.form, ImageKind::Graphic);
    let shown = shown_of(&image, &rendition(&[8]));
    let made = image::load_from_memory(&bytes_of(&source, &shown.sets[0].1[0])).expect("it is an image").into_rgb8();
    let [red, green, blue] = made.get_pixel(4, 4).0;
    assert!(red > 208 && green < 97 && blue < 100, "{red} {green} {blue}");
}

#[test]
fn what_can_be_seen_through_stays_so() {
    let picture = RgbaImage::from_fn(40, 40, |x, _| Rgba([200, 0, 0, if x < 20 { 0 } else { 255 }]));
    let source = written(&picture.into(), Read::Png);
    let image = facts(&source).expect("it is an image");
    assert_eq!(image.form, ImageKind::Transparent);
    let shown = shown_of(&image, &rendition(&[20]));
    assert_eq!(shown.fallback.format, ImageFormat::Png);
    for variant in shown.all() {
        let read = image::load_from_memory(&bytes_of(&source, variant)).expect("it is an image").into_rgba8();
        assert_eq!((read.get_pixel(2, 2).0[3], read.get_pixel(17, 2).0[3]), (0, 255), "{variant:?}");
    }
}

#[test]
fn drawings_keep_their_shapes_and_lose_what_acts() {
    let drawing = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='64' \
        height='32px' onload='x()'><script>x()</script><a xlink:href='javascript:x()'><rect id='kept' width='9' \
        height='9' onclick='x()' style='fill:url(https://evil.example/a)'/></a><image \
        href='https://evil.example/b.png'/><foreignObject><b>html</b></foreignObject></svg>";
    let image = facts(drawing.as_bytes()).expect("it is a drawing");
    assert_eq!((image.form, image.width, image.height), (ImageKind::Drawing, 64, 32));
    let made = String::from_utf8(clean(drawing).expect("it is a drawing")).expect("text");
    assert!(made.contains("kept"), "{made}");
    for wrong in ["script", "onload", "onclick", "evil", "foreignObject", "javascript"] {
        assert!(!made.contains(wrong), "{wrong} in {made}");
    }
    assert!(facts(b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>").is_err());
    let without = facts(b"<svg xmlns='http://www.w3.org/2000/svg' width='50%' height='9'/>").expect("a drawing");
    assert_eq!((without.width, without.height), (0, 0));
}

/// If this fails, encoders write different bytes: raise [`FORM`], so that every name changes with them.
#[test]
fn the_version_of_the_encoders_is_that_of_their_bytes() {
    let source = written(&corners(60, 40).into(), Read::Png);
    let image = facts(&source).expect("it is an image");
    let mut hasher = blake3::Hasher::new();
    for form in [ImageKind::Photograph, ImageKind::Graphic] {
        let shown = shown_of(&Image { form, ..image.clone() }, &rendition(&[30]));
        for variant in shown.all() {
            hasher.update(&bytes_of(&source, variant));
            let avif = cfg!(feature = "avif").then_some(ImageFormat::Avif);
            for format in [ImageFormat::Png].into_iter().chain(avif) {
                let other = Variant { format, ..(**variant).clone() };
                hasher.update(&bytes_of(&source, &other));
            }
        }
    }
    hasher.update(&clean("<svg xmlns='http://www.w3.org/2000/svg'><g/></svg>").expect("a drawing"));
    let known = if cfg!(feature = "avif") { "d7e3a2d75a3c8272" } else { "f69b368703af8788" };
    assert_eq!((FORM, &hasher.finalize().to_hex()[..16]), (1, known));
}

#[cfg(feature = "avif")]
#[test]
fn where_avif_is_declared_browsers_are_given_it_first_and_any_machine_makes_the_same() {
    let formats = vec![ImageFormat::Avif, ImageFormat::Webp];
    let rendition = Rendition { formats, ..rendition(&[24, 48]) };
    for source in [
        written(&corners(48, 32).into(), Read::Png),
        written(&RgbaImage::from_fn(48, 32, |x, _| Rgba([0, 90, 90, if x < 24 { 0 } else { 255 }])).into(), Read::Png),
    ] {
        let shown = shown_of(&facts(&source).expect("it is an image"), &rendition);
        let (first, variants) = &shown.sets[0];
        assert_eq!((*first, variants.len()), (ImageFormat::Avif, 2));
        for variant in variants {
            let made = bytes_of(&source, variant);
            // ISO 14496-12: the file's type, and the property that states its size.
            assert_eq!(&made[4..12], b"ftypavif");
            let at = made.windows(4).position(|bytes| bytes == b"ispe").expect("it states its size") + 8;
            let stated = |at: usize| u32::from_be_bytes(made[at..at + 4].try_into().expect("four bytes"));
            assert_eq!((stated(at), stated(at + 4)), (variant.width, variant.height));
            let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
            assert_eq!(made, alone.install(|| bytes_of(&source, variant)));
        }
    }
}

#[test]
fn what_did_not_change_is_not_read_again_and_nothing_goes_under_a_wrong_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let photo = folder.path().join("content/photo.jpg");
    std::fs::create_dir(folder.path().join("content")).expect("a folder");
    std::fs::write(folder.path().join("site.toml"), "").expect("a file");
    std::fs::write(&photo, from_a_camera(30, 20)).expect("a file");
    // At a look long after the file was written, its stamp can be trusted.
    let later = Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let tree = Tree::read(folder.path(), later, None).expect("a site").value;
    let file = tree.named("content/photo.jpg").expect("it is there");
    let shelf: std::sync::Arc<dyn BlobCache> = std::sync::Arc::new(crate::store::Blobs::new(folder.path()));
    let known = ImageMemory::with_shelf(shelf.clone());
    let image = known.look(&tree, file).expect("it is an image");
    let variant = shown_of(&image, &rendition(&[10])).fallback;
    let variant = Variant { file: file.path.clone(), ..(*variant).clone() };
    known.keep_facts();
    let plain = ImageMemory::default();
    assert!(plain.bytes(&tree, &variant).is_ok() && plain.prove(&tree, &variant).is_ok());
    plain.let_go();
    let before = Timestamp::now();
    std::fs::write(&photo, from_a_camera(20, 20)).expect("a file");
    assert_eq!(known.look(&tree, file).expect("it is known"), image);
    assert_eq!(plain.bytes(&tree, &variant), Err(Unfit::Changed));
    // The next run knows it too, and sees by its stamp when it has changed.
    let next = ImageMemory::with_shelf(shelf);
    assert_eq!(next.look(&tree, file).expect("it is known"), image);
    let again = Tree::read(folder.path(), later, None).expect("a site").value;
    assert_eq!(next.look(&again, again.named("content/photo.jpg").expect("there")).expect("an image").height, 20);
    let known = plain;
    // A stamp no older than the look is not trusted.
    let now = Tree::read(folder.path(), before, None).expect("a site").value;
    let file = now.named("content/photo.jpg").expect("it is there");
    assert_eq!(known.look(&now, file).expect("it is an image").height, 20);
    std::fs::write(&photo, from_a_camera(20, 30)).expect("a file");
    assert_eq!(known.look(&now, file).expect("it is an image").width, 30);
}

proptest! {
    #[test]
    fn no_image_is_enlarged_and_no_name_stands_for_two(
        (width, height) in (1u32..5_000, 1u32..5_000),
        widths in proptest::collection::btree_set(1u32..4_000, 1..6),
        (other, quality) in (any::<[u8; 32]>(), 1u8..=100),
    ) {
        let widths: Vec<u32> = widths.into_iter().collect();
        let image = Image { form: ImageKind::Photograph, width, height, hash: [7; 32] };
        let made = shown_of(&image, &rendition(&widths));
        let largest = widths.last().copied().unwrap_or_default().min(width);
        prop_assert_eq!(made.width, largest);
        let of_set: Vec<u32> = made.sets[0].1.iter().map(|variant| variant.width).collect();
        prop_assert!(of_set.is_sorted() && of_set.last() == Some(&largest), "{of_set:?}");
        for variant in made.all() {
            prop_assert!(variant.width <= width && variant.height <= height.max(1));
            let exact = f64::from(height) * f64::from(variant.width) / f64::from(width);
            prop_assert!((f64::from(variant.height) - exact).abs() <= 1.0);
        }
        // Another source or another quality gives another name; the same ones give the same name.
        let names = |image: &Image, quality: u8| -> Vec<Address> {
            shown_of(image, &Rendition { quality, ..rendition(&widths) }).all().map(|one| one.address.clone()).collect()
        };
        let own = names(&image, quality);
        prop_assert_eq!(&own, &names(&image, quality));
        let others = [names(&Image { hash: other, ..image.clone() }, quality), names(&image, quality % 100 + 1)];
        prop_assert!(others.iter().flatten().all(|name| !own.contains(name)));
    }

    #[test]
    fn no_bytes_are_too_odd(
        kind in 0usize..6,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let image: DynamicImage = corners(24, 16).into();
        let formats = [Read::Jpeg, Read::Png, Read::Gif, Read::WebP];
        let mut bytes = match formats.get(kind) {
            Some(format) => written(&image, *format),
            None if kind == 4 => from_a_camera(24, 16),
            None => b"<svg xmlns='http://www.w3.org/2000/svg' width='3' height='4'><g/></svg>".to_vec(),
        };
        for (at, change) in changes {
            let at = at.index(bytes.len());
            bytes[at] = change;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(image) = facts(&bytes)
            && image.form != ImageKind::Drawing
            // A changed byte may promise a hundred million pixels, which would only take long.
            && image.width * image.height < 1_000_000
            && let Ok(picture) = encode::unpack(&bytes)
        {
            let shown = shown_of(&image, &rendition(&[8]));
            let _ = encode::encode(&picture, &shown.fallback);
        }
    }
}

#[test]
fn jpeg_of_one_grey_channel_and_sixteen_bits_are_read() {
    let mut grey = Vec::new();
    JpegEncoder::new(&mut grey).write_image(&[90; 64], 8, 8, image::ExtendedColorType::L8).expect("memory takes it");
    let deep = written(&DynamicImage::ImageRgba16(image::ImageBuffer::new(8, 8)), Read::Png);
    for source in [grey, deep] {
        let image = facts(&source).expect("it is an image");
        let shown = shown_of(&image, &rendition(&[4]));
        assert!(!bytes_of(&source, &shown.fallback).is_empty());
    }
}

/// Each was published with the rest in grey. Tried on progressive files and on those with restart marks too.
#[test]
fn a_photograph_that_was_cut_short_is_damaged() {
    let mut sign = 7_u32;
    let points: Vec<u8> = (0..300 * 200 * 3)
        .map(|_| {
            sign = sign.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            sign.to_be_bytes()[0]
        })
        .collect();
    let mut whole = Vec::new();
    JpegEncoder::new_with_quality(&mut whole, 80)
        .write_image(&points, 300, 200, image::ExtendedColorType::Rgb8)
        .expect("a picture");
    let length = whole.len();
    let filled = |part: usize| [&whole[..part], &vec![0; length - part]].concat();
    for cut in [&whole[..length / 3], &whole[..length / 2], &whole[..length * 99 / 100], &filled(length / 2)] {
        assert_eq!(encode::unpack(cut).err(), Some(Unfit::Damaged), "{} of {length}", cut.len());
    }
    for fine in [&whole[..], &whole[..length - 2], &[&whole[..], b"more"].concat(), &[&whole[..], &whole].concat()] {
        assert!(encode::unpack(fine).is_ok(), "{} of {length}", fine.len());
    }
}

#[test]
fn a_picture_that_is_cut_keeps_its_focus_in_view() {
    let bytes = written(&corners(400, 200).into(), Read::Png);
    let image = facts(&bytes).expect("a picture");
    let picture = encode::unpack(&bytes).expect("it can be decoded");
    let square = Rendition { ratio: Some((1, 1)), ..rendition(&[100, 150, 300]) };
    let file = SitePath::new("content/a/photo.png").expect("inside");
    let of = |x, y| shown(&image, &file, &Address::new("/a/photo.png"), &square, Focus { x, y });
    let colours = |x: u8| {
        let set = of(x, 50);
        assert_eq!((set.width, set.height), (200, 200));
        assert_eq!(
            set.sets[0].1.iter().map(|one| (one.width, one.height)).collect::<Vec<_>>(),
            [(100, 100), (150, 150), (200, 200)]
        );
        let variant = Variant { format: ImageFormat::Png, ..(*set.fallback).clone() };
        let made = image::load_from_memory(&encode::encode(&picture, &variant).expect("encoded"))
            .expect("a picture")
            .to_rgb8();
        [made.get_pixel(20, 20).0, made.get_pixel(made.width() - 20, 20).0]
            .map(|[red, green, _]| if red > green { 'r' } else { 'g' })
    };
    assert_eq!(colours(0), ['r', 'r']);
    assert_eq!(colours(10), ['r', 'r']);
    assert_eq!(colours(50), ['r', 'g']);
    assert_eq!(colours(100), ['g', 'g']);
    // The names say what is shown; where all of it is shown, the focus does not matter.
    let names = |set: RenditionSet| set.all().map(|one| one.address.to_string()).collect::<Vec<_>>();
    assert_ne!(names(of(0, 50)), names(of(100, 50)));
    assert_eq!(names(of(0, 0)), names(of(0, 100)));
}

proptest! {
    #[test]
    fn any_part_lies_in_its_picture_and_has_its_shape(
        width in 1_u32..9_000, height in 1_u32..9_000, across in 1_u32..30, down in 1_u32..30, x in 0_u8..=100, y in 0_u8..=100
    ) {
        let image = Image { form: ImageKind::Photograph, width, height, hash: [7; 32] };
        let file = SitePath::new("content/a/photo.jpg").expect("inside");
        let cut = Rendition { ratio: Some((across, down)), ..rendition(&[480, 1_200]) };
        let set = shown(&image, &file, &Address::new("/a/photo.jpg"), &cut, Focus { x, y });
        for one in set.all() {
            let part = one.part.unwrap_or(variants::Part { left: 0, top: 0, width, height });
            prop_assert!(part.left + part.width <= width && part.top + part.height <= height);
            prop_assert!(part.width == width || part.height == height);
            let (wide, high) = (f64::from(part.width) / f64::from(across), f64::from(part.height) / f64::from(down));
            prop_assert!((wide - high).abs() <= 1.0, "{part:?}");
            prop_assert!(one.width <= part.width && one.height >= 1);
        }
    }
}
