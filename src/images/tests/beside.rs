//! Pictures that are published in their own form: nothing beside the picture, nothing of a file that is not whole.
//!
//! Seen to fail on the earlier code, which copied moving pictures: 22 of the 23 secrets were in what was published.

use std::time::Duration;

use image::codecs::gif::{GifEncoder, Repeat};
use image::{AnimationDecoder, Delay, Frame, RgbaImage};

use super::*;
use crate::images::bare::{bare, bare_as_held};

const SECRET: &[u8] = b"zqsecretxj";

fn frames() -> Vec<RgbaImage> {
    (0..3_u8).map(|n| RgbaImage::from_fn(24, 16, |x, y| Rgba([n * 90, x as u8 * 9, y as u8 * 7, 255]))).collect()
}

fn gif() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = GifEncoder::new(&mut out);
    encoder.set_repeat(Repeat::Finite(7)).expect("it can be said");
    let delay = Delay::from_saturating_duration(Duration::from_millis(80));
    encoder
        .encode_frames(frames().into_iter().map(|frame| Frame::from_parts(frame, 0, 0, delay)))
        .expect("memory takes it");
    drop(encoder);
    out
}

fn png() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut out, 24, 16);
    encoder.set_color(::png::ColorType::Rgba);
    encoder.set_animated(3, 5).expect("three frames");
    encoder.set_frame_delay(80, 1000).expect("a time");
    let mut writer = encoder.write_header().expect("memory takes it");
    for frame in frames() {
        writer.write_image_data(&frame).expect("memory takes it");
    }
    writer.finish().expect("memory takes it");
    out
}

fn chunk(name: &[u8], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("short").to_le_bytes();
    [name, &length, data, if data.len() % 2 == 1 { b"\0" } else { b"" }].concat()
}

fn riff(parts: &[Vec<u8>]) -> Vec<u8> {
    chunk(b"RIFF", &[b"WEBP".to_vec(), parts.concat()].concat())
}

/// The chunks of a moving WebP; each frame also has `more`.
fn webp_parts(flags: u8, more: &[u8]) -> Vec<Vec<u8>> {
    let size = [23, 0, 0, 15, 0, 0];
    let mut parts = vec![chunk(b"VP8X", &[&[flags, 0, 0, 0], &size[..]].concat()), chunk(b"ANIM", &[0, 0, 0, 0, 4, 0])];
    for frame in frames() {
        let still = written(&frame.into(), Read::WebP);
        let place = [&[0; 6], &size[..], &[80, 0, 0, 0]].concat();
        parts.push(chunk(b"ANMF", &[&place, &still[12..], more].concat()));
    }
    parts
}

fn webp() -> Vec<u8> {
    riff(&webp_parts(0b10, b""))
}

/// A part of a PNG with its sum.
fn png_part(name: &[u8], data: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(&[name, data].concat());
    let length = u32::try_from(data.len()).expect("short").to_be_bytes();
    [&length, name, data, &sum.sum().to_be_bytes()].concat()
}

fn with(bytes: &[u8], at: usize, more: &[u8]) -> Vec<u8> {
    [&bytes[..at], more, &bytes[at..]].concat()
}

fn exif() -> Vec<u8> {
    [b"II*\0\x08\0\0\0\x01\0\x0e\x01\x02\0\x0b\0\0\0\x1a\0\0\0\0\0\0\0", SECRET, b"\0"].concat()
}

/// Files that hold the secret, each in another place.
fn telling() -> Vec<(&'static str, Vec<u8>)> {
    let (gif, png, webp, jpeg) = (gif(), png(), webp(), written(&corners(24, 16).into(), Read::Jpeg));
    let sub = [&[10], SECRET, &[0]].concat();
    let of_application = |name: &[u8]| [b"\x21\xff\x0b", name, &sub].concat();
    // Behind the screen and its colours.
    let gif_at = 13 + if gif[10] & 0x80 == 0 { 0 } else { 3 << ((gif[10] & 7) + 1) };
    let before_image = png.windows(4).position(|name| name == b"acTL").expect("it moves") - 4;
    let into_png = |name: &[u8], data: &[u8]| with(&png, before_image, &png_part(name, data));
    let end = png.len() - 12;
    let noted = |name: &[u8]| {
        let flags = match name {
            b"EXIF" => 0b1010,
            b"XMP " => 0b0110,
            b"ICCP" => 0b10_0010,
            _ => 0b10,
        };
        let mut parts = webp_parts(flags, b"");
        parts.push(chunk(name, &exif()));
        riff(&parts)
    };
    let of_segment = |marker: u8, data: &[u8]| {
        let length = u16::try_from(data.len() + 2).expect("short").to_be_bytes();
        with(&jpeg, 2, &[&[0xff, marker], &length[..], data].concat())
    };
    let mut thumbnail = b"JFIF\0\x01\x02\0\0\x01\0\x01\x02\x02".to_vec();
    thumbnail.extend([SECRET, b"..".as_slice()].concat());
    let profile = [SECRET, b"\0\0".as_slice(), &{
        use std::io::Write as _;
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&ColorProfile::new_display_p3().encode().expect("a profile")).expect("memory takes it");
        packed.finish().expect("memory takes it")
    }]
    .concat();
    vec![
        ("GIF, a comment", with(&gif, gif_at, &[b"\x21\xfe", &sub[..]].concat())),
        ("GIF, XMP", with(&gif, gif_at, &of_application(b"XMP DataXMP"))),
        ("GIF, another application", with(&gif, gif_at, &of_application(b"MYPROGRAM10"))),
        ("GIF, behind the name of a known one", with(&gif, gif_at, &of_application(b"NETSCAPE2.0"))),
        ("GIF, where a profile should be", with(&gif, gif_at, &of_application(b"ICCRGBG1012"))),
        ("GIF, text over it", with(&gif, gif_at, &[b"\x21\x01\x0c", &[0; 12][..], &sub].concat())),
        ("GIF, an unknown extension", with(&gif, gif_at, &[b"\x21\x77", &sub[..]].concat())),
        ("GIF, behind its end", [&gif, SECRET].concat()),
        ("PNG, eXIf", into_png(b"eXIf", &exif())),
        ("PNG, tEXt", into_png(b"tEXt", &[b"Author\0", SECRET].concat())),
        ("PNG, iTXt", into_png(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", SECRET].concat())),
        ("PNG, zTXt", into_png(b"zTXt", SECRET)),
        ("PNG, tIME and the like", into_png(b"prVt", SECRET)),
        ("PNG, the profile's name", into_png(b"iCCP", &profile)),
        ("PNG, where a compressed one should be", into_png(b"iCCP", &[b"icc\0\0", SECRET].concat())),
        ("PNG, text at the end", with(&png, end, &png_part(b"tEXt", &[b"Comment\0", SECRET].concat()))),
        ("PNG, behind its end", [&png, SECRET].concat()),
        ("WebP, EXIF", noted(b"EXIF")),
        ("WebP, XMP", noted(b"XMP ")),
        ("WebP, where a profile should be", noted(b"ICCP")),
        ("WebP, something unknown", noted(b"PRVT")),
        ("WebP, within a frame", riff(&webp_parts(0b10, &chunk(b"EXIF", SECRET)))),
        ("WebP, behind its end", [&webp, SECRET].concat()),
        ("JPEG, EXIF", of_segment(0xe1, &[b"Exif\0\0", &exif()[..]].concat())),
        ("JPEG, XMP", of_segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat())),
        ("JPEG, IPTC", of_segment(0xed, &[b"Photoshop 3.0\0", SECRET].concat())),
        ("JPEG, a comment", of_segment(0xfe, SECRET)),
        ("JPEG, a maker's own", of_segment(0xe5, SECRET)),
        ("JPEG, several pictures", of_segment(0xe2, &[b"MPF\0", SECRET].concat())),
        ("JPEG, where a profile should be", of_segment(0xe2, &[b"ICC_PROFILE\0\x01\x01", SECRET].concat())),
        ("JPEG, a thumbnail", of_segment(0xe0, &thumbnail)),
        ("JPEG, a film behind its end", [&jpeg, SECRET].concat()),
    ]
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|found| found == what)
}

/// Every frame, with its time in milliseconds; of a still picture, itself.
fn seen(bytes: &[u8]) -> Vec<(RgbaImage, u32)> {
    let frames = match facts::format(bytes).expect("a picture") {
        Read::Gif => image::codecs::gif::GifDecoder::new(Cursor::new(bytes)).expect("a GIF").into_frames(),
        Read::Png => {
            let decoder = image::codecs::png::PngDecoder::new(Cursor::new(bytes)).expect("a PNG");
            decoder.apng().expect("it moves").into_frames()
        }
        Read::WebP => image::codecs::webp::WebPDecoder::new(Cursor::new(bytes)).expect("a WebP").into_frames(),
        _ => return vec![(image::load_from_memory(bytes).expect("a picture").into_rgba8(), 0)],
    };
    let frames = frames.collect_frames().expect("whole frames");
    frames.into_iter().map(|frame| (frame.buffer().clone(), frame.delay().numer_denom_ms().0)).collect()
}

#[test]
fn nothing_that_is_noted_beside_a_picture_is_published() {
    for (place, source) in telling() {
        assert!(holds(&source, SECRET), "{place}");
        let Ok(made) = bare_as_held(&source) else {
            // What no program can say the meaning of is refused as a whole.
            assert!(place.contains("unknown extension") && facts(&source).is_err(), "{place}");
            continue;
        };
        assert!(!holds(&made, SECRET) && !holds(&made, b"Exif"), "{place}");
        assert_eq!(seen(&made), seen(&source), "{place}");
        assert!(facts(&source).is_ok(), "{place}");
        // Done again, nothing changes.
        assert_eq!(bare_as_held(&made).as_deref(), Ok(&made[..]), "{place}");
    }
}

#[test]
fn movement_and_colours_stay() {
    for (source, repeated) in [
        (gif(), &b"NETSCAPE2.0\x03\x01\x07\0"[..]),
        (png(), b"acTL\0\0\0\x03\0\0\0\x05"),
        (webp(), b"ANIM\x06\0\0\0\0\0\0\0\x04\0"),
    ] {
        let made = bare_as_held(&source).expect("it is whole");
        assert_eq!(seen(&made).len(), 3);
        assert!(holds(&source, repeated) && holds(&made, repeated), "{}", String::from_utf8_lossy(repeated));
        assert_eq!(facts(&made).expect("a picture").form, ImageKind::Moving);
    }
    for (place, source) in telling().into_iter().filter(|(place, _)| place.contains("profile's name")) {
        assert!(holds(&bare_as_held(&source).expect("whole"), b"iCCPicc\0"), "{place}");
    }
    // The profiles of the other formats.
    let profile = ColorProfile::new_display_p3().encode().expect("a profile");
    let mut blocks: Vec<u8> = profile.chunks(255).flat_map(|part| [&[part.len() as u8], part].concat()).collect();
    blocks.push(0);
    let gif = gif();
    let at = 13 + if gif[10] & 0x80 == 0 { 0 } else { 3 << ((gif[10] & 7) + 1) };
    let gif = with(&gif, at, &[b"\x21\xff\x0bICCRGBG1012", &blocks[..]].concat());
    let mut parts = webp_parts(0b10_0010, b"");
    parts.insert(1, chunk(b"ICCP", &profile));
    let jpeg = written(&corners(24, 16).into(), Read::Jpeg);
    let (first, second) = profile.split_at(profile.len() / 2);
    let segment = |number: u8, part: &[u8]| {
        let length = u16::try_from(part.len() + 16).expect("short").to_be_bytes();
        [b"\xff\xe2", &length, b"ICC_PROFILE\0".as_slice(), &[number, 2], part].concat()
    };
    let jpeg = with(&jpeg, 2, &[segment(1, first), segment(2, second)].concat());
    for (source, kept) in [(gif, &blocks[..20]), (riff(&parts), &profile[..]), (jpeg, second)] {
        assert!(holds(&bare_as_held(&source).expect("whole"), kept));
    }
    // As it was held, and nothing else.
    let made = bare_as_held(&from_a_camera(30, 20)).expect("it is whole");
    assert!(!holds(&made, b"GPS"));
    let facts = facts(&made).expect("a picture");
    assert_eq!((facts.width, facts.height), (20, 30));
}

#[test]
fn a_picture_that_is_cut_short_is_damaged_in_every_format() {
    let still = |format| written(&corners(60, 40).into(), format);
    let moving = [gif(), png(), webp()];
    let all = moving.iter().cloned().chain([still(Read::Jpeg), still(Read::Png), still(Read::WebP), still(Read::Gif)]);
    for (nth, whole) in all.enumerate() {
        let length = whole.len();
        for left in [length / 4, length / 3, length / 2, length * 3 / 4, length * 9 / 10, length - 8, length - 3] {
            for filled in [false, true] {
                // Reserved by a download, and never filled: where that can be told. A JPEG may lack its end mark.
                if filled && length - left < 60 || nth == 3 && length - left < 4 {
                    continue;
                }
                let mut cut = whole[..left].to_vec();
                if filled {
                    cut.resize(length, 0);
                }
                let read = facts(&cut).and_then(|image| match image.form {
                    ImageKind::Moving => bare_as_held(&cut).map(drop),
                    _ => encode::unpack(&cut).map(drop).and_then(|()| bare_as_held(&cut).map(drop)),
                });
                assert!(read.is_err(), "picture {nth}: {left} of {length}, filled: {filled}");
            }
        }
    }
}

#[test]
fn pictures_inside_drawings_are_bare_too() {
    let encoded = |bytes: &[u8]| crate::media::data_address("a.jpg", bytes);
    let drawing = |bytes: &[u8]| {
        format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='{}'/></svg>", encoded(bytes))
    };
    let source = from_a_camera(30, 20);
    let bare = bare_as_held(&source).expect("whole");
    let made = String::from_utf8(clean(&drawing(&source)).expect("a drawing")).expect("text");
    let inner = encoded(&bare);
    assert!(made.contains(inner.split(',').nth(1).expect("data").trim_end_matches('=')), "{made}");
    assert!(clean(&drawing(&source[..source.len() / 2])).is_none(), "a damaged picture is not left out in silence");
}

proptest! {
    /// Whatever is changed, it is read or refused, in time that grows with the file.
    #[test]
    fn no_bytes_are_too_odd_to_be_stripped(
        which in 0usize..4,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = [gif(), png(), webp(), from_a_camera(24, 16)][which].clone();
        for (at, change) in changes {
            let at = at.index(bytes.len());
            bytes[at] = change;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(made) = bare(&bytes, image::metadata::Orientation::NoTransforms) {
            prop_assert!(made.len() <= bytes.len() + 16);
            prop_assert_eq!(bare(&made, image::metadata::Orientation::NoTransforms), Ok(made.clone()));
        }
    }
}
