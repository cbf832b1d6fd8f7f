//! The bytes of a picture → the same picture, bare: pixels, colours and movement, and nothing else.
//!
//! Pictures that are encoded again lose all else by that. Those that are published in their own form (moving ones, those of a
//! design without renditions, those inside drawings) are copied part by part, and only the parts named here are copied: what
//! cameras, phones and programs note beside the picture (EXIF and its places, XMP, IPTC, comments, thumbnails, makers' notes,
//! unknown parts, bytes after the end) is left out, whatever it is called. Colour profiles stay, since the colours would change
//! without them; so does the way that the picture was held.
//!
//! A file whose parts do not fit together is damaged or cut short, and refused: it is never copied as it is.

use std::io::Read;

use flate2::Crc;
use flate2::read::ZlibDecoder;
use image::metadata::Orientation;
use image::{ImageDecoder, ImageFormat};

use super::FORM;
use super::encode::is_cut;
use super::facts::{Unfit, decoder, format, limits};
use crate::path::Address;

/// The picture in `bytes` with nothing beside it, shown as `turned` says.
pub(super) fn bare(bytes: &[u8], turned: Orientation) -> Result<Vec<u8>, Unfit> {
    let turned = (turned != Orientation::NoTransforms).then(|| held(turned));
    let bare = match format(bytes) {
        Some(ImageFormat::Gif) => gif(bytes),
        Some(ImageFormat::Png) => png(bytes, turned.as_deref()),
        Some(ImageFormat::WebP) => webp(bytes, turned.as_deref()),
        Some(ImageFormat::Jpeg) if !is_cut(bytes) => jpeg(bytes, turned.as_deref()),
        _ => None,
    };
    bare.ok_or(Unfit::Damaged)
}

/// The same, shown as the file itself says.
pub(super) fn bare_as_held(bytes: &[u8]) -> Result<Vec<u8>, Unfit> {
    let mut decoder = decoder(bytes, format(bytes).ok_or(Unfit::Damaged)?, limits())?;
    bare(bytes, decoder.orientation().unwrap_or(Orientation::NoTransforms))
}

/// Whether a file with this ending is a picture that is published bare even where only its file is asked for.
pub(crate) fn is_picture(ending: &str) -> bool {
    ["jpg", "jpeg", "jpe", "jfif", "png", "apng", "gif", "webp"].contains(&ending)
}

/// The address of the bare picture of a file with the hash `hash`, whose own address is `own`.
pub(crate) fn address(own: &Address, hash: &[u8; 32]) -> Address {
    let mut hasher = blake3::Hasher::new();
    hasher.update(hash).update(b"bare").update(&FORM.to_le_bytes());
    let hash = hasher.finalize().to_hex();
    let own = own.as_str();
    match own.rsplit_once('.').filter(|(_, ending)| !ending.contains('/')) {
        Some((stem, ending)) => Address::new(&format!("{stem}.{}.{ending}", &hash[..10])),
        None => Address::new(&format!("{own}.{}", &hash[..10])),
    }
}

/// EXIF that says how the picture was held, and nothing else (CIPA DC-008, 4.6.2: a TIFF header, and one field).
fn held(turned: Orientation) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([turned.to_exif(), 0, 0, 0, 0, 0, 0, 0]);
    exif
}

/// The rest of a file, taken from its front.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }
}

/// GIF89a: the screen, the colours, each picture with its timing, how often it is repeated, a colour profile.
fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = Rest(bytes);
    let mut out = Vec::with_capacity(bytes.len());
    // Repeating came with the later version.
    out.extend(rest.take(6).map(|_| b"GIF89a")?);
    let screen = rest.take(7)?;
    out.extend(screen);
    out.extend(rest.take(colours(screen[4]))?);
    let (mut timing, mut has_picture) = (None, false);
    loop {
        match rest.byte() {
            // The end mark alone may be missing: nothing of the picture is.
            Some(0x3b) | None if has_picture => {
                out.push(0x3b);
                return Some(out);
            }
            Some(0x21) => match rest.byte()? {
                0xf9 => timing = Some(timed(blocks(&mut rest)?)?),
                0xff => out.extend(application(blocks(&mut rest)?)),
                // A comment, text over the picture or something unknown, and the timing of that.
                label => {
                    blocks(&mut rest)?;
                    timing = timing.filter(|_| label == 0xfe);
                }
            },
            Some(0x2c) => {
                out.extend(timing.take().into_iter().flatten());
                let place = rest.take(9)?;
                out.push(0x2c);
                out.extend(place);
                out.extend(rest.take(colours(place[8]))?);
                out.push(rest.byte().filter(|bits| (1..=11).contains(bits))?);
                out.extend(blocks(&mut rest).filter(|data| data.len() > 1)?);
                has_picture = true;
            }
            _ => return None,
        }
    }
}

/// The length of a table of colours, by the flags that announce it.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// The blocks of data up to the empty one, with their lengths.
fn blocks<'a>(rest: &mut Rest<'a>) -> Option<&'a [u8]> {
    let start = rest.0;
    loop {
        let length = usize::from(rest.byte()?);
        if length == 0 {
            return Some(&start[..start.len() - rest.0.len()]);
        }
        rest.take(length)?;
    }
}

fn timed(blocks: &[u8]) -> Option<Vec<u8>> {
    (blocks.len() == 6 && blocks[0] == 4).then(|| [b"\x21\xf9", blocks].concat())
}

/// What an application wrote, if it belongs to the picture: how often it is repeated, or the profile of its colours.
fn application(blocks: &[u8]) -> Vec<u8> {
    match blocks.get(1..12) {
        Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0") if blocks.get(12..14) == Some(&b"\x03\x01"[..]) && blocks.len() >= 17 => {
            [b"\x21\xff\x0bNETSCAPE2.0\x03\x01", &blocks[14..16], b"\0"].concat()
        }
        Some(b"ICCRGBG1012") if blocks[0] == 11 && is_profile(&joined(&blocks[12..])) => [b"\x21\xff", blocks].concat(),
        _ => Vec::new(),
    }
}

/// The data of blocks, without their lengths.
fn joined(blocks: &[u8]) -> Vec<u8> {
    let mut rest = Rest(blocks);
    let mut data = Vec::with_capacity(blocks.len());
    while let Some(block) = rest.byte().and_then(|length| rest.take(usize::from(length))).filter(|one| !one.is_empty())
    {
        data.extend(block);
    }
    data
}

/// Whether these bytes are the profile of colours that they are said to be (ICC.1:2022, 7.2): its size, its mark, nothing after it.
fn is_profile(bytes: &[u8]) -> bool {
    let size = bytes.get(..4).and_then(|size| size.try_into().ok()).map(u32::from_be_bytes);
    let size = size.and_then(|size| usize::try_from(size).ok()).unwrap_or_default();
    // Some programs fill it up to a multiple of four.
    bytes.get(36..40) == Some(b"acsp".as_slice()) && size >= 128 && (size..size + 4).contains(&bytes.len())
}

/// The same of a compressed profile.
fn is_packed_profile(data: &[u8]) -> bool {
    let mut bytes = Vec::new();
    let unpacked = ZlibDecoder::new(data).take(LONGEST_PROFILE).read_to_end(&mut bytes);
    unpacked.is_ok() && is_profile(&bytes)
}

/// Profiles of printers have a megabyte or two.
const LONGEST_PROFILE: u64 = 16 << 20;

/// The parts of a PNG that say what its pixels are, how they move and what their colours mean (PNG, third edition).
const PNG_PARTS: &[&[u8; 4]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI",
    b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

fn png(bytes: &[u8], turned: Option<&[u8]>) -> Option<Vec<u8>> {
    let mut rest = Rest(bytes);
    let mut out = rest.take(8)?.to_vec();
    loop {
        let length = u32::from_be_bytes(rest.take(4)?.try_into().ok()?);
        let start = rest.0;
        let name = rest.take(4)?;
        let data = rest.take(usize::try_from(length).ok()?)?;
        let sum = rest.take(4)?;
        if !PNG_PARTS.iter().any(|known| *known == name) {
            continue;
        }
        if checked(&start[..4 + data.len()]) != sum {
            return None;
        }
        if name == b"iCCP" {
            // A profile's name may be anything.
            let end = data.iter().position(|byte| *byte == 0)?;
            if is_packed_profile(data.get(end + 2..).unwrap_or_default()) {
                part(&mut out, name, &[b"icc", &data[end..]].concat());
            }
        } else {
            part(&mut out, name, data);
        }
        match name {
            b"IHDR" => turned.into_iter().for_each(|exif| part(&mut out, b"eXIf", exif)),
            b"IEND" => return Some(out),
            _ => {}
        }
    }
}

fn part(out: &mut Vec<u8>, name: &[u8], data: &[u8]) {
    let start = out.len() + 4;
    out.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend(name);
    out.extend(data);
    let sum = checked(&out[start..]);
    out.extend(sum);
}

fn checked(bytes: &[u8]) -> [u8; 4] {
    let mut sum = Crc::new();
    sum.update(bytes);
    sum.sum().to_be_bytes()
}

/// WebP (RFC 9649): the picture, its transparency, its movement, its profile.
fn webp(bytes: &[u8], turned: Option<&[u8]>) -> Option<Vec<u8>> {
    let mut rest = Rest(bytes);
    rest.take(4)?;
    let length = u32::from_le_bytes(rest.take(4)?.try_into().ok()?);
    let mut rest = Rest(rest.take(usize::try_from(length).ok()?)?);
    rest.take(4)?;
    let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
    let (mut features, mut has_picture, mut has_no_profile) = (None, false, false);
    while !rest.0.is_empty() {
        let (name, data) = chunk(&mut rest)?;
        match name {
            b"VP8X" if data.len() >= 10 => {
                features = Some(out.len() + 8);
                // A profile, transparency, movement; neither EXIF nor XMP.
                let flags = data[0] & 0b0011_0010 | if turned.is_some() { 0b1000 } else { 0 };
                written(&mut out, name, &[&[flags, 0, 0, 0], &data[4..10]].concat());
            }
            b"ANMF" => {
                let (place, inner) = data.split_at_checked(16)?;
                let mut frame = place.to_vec();
                let mut inner = Rest(inner);
                while !inner.0.is_empty() {
                    let (name, data) = chunk(&mut inner)?;
                    match name {
                        b"VP8 " | b"VP8L" if is_unfilled(data) => return None,
                        b"ALPH" | b"VP8 " | b"VP8L" => written(&mut frame, name, data),
                        _ => {}
                    }
                }
                has_picture = true;
                written(&mut out, name, &frame);
            }
            b"VP8 " | b"VP8L" if is_unfilled(data) => return None,
            b"VP8 " | b"VP8L" => {
                has_picture = true;
                written(&mut out, name, data);
            }
            b"ICCP" if !is_profile(data) => has_no_profile = true,
            b"ICCP" | b"ANIM" | b"ALPH" => written(&mut out, name, data),
            [0, ..] => return None,
            _ => {}
        }
    }
    if let (Some(exif), Some(_)) = (turned, features) {
        written(&mut out, b"EXIF", exif);
    }
    if let Some(features) = features.filter(|_| has_no_profile) {
        out[features] &= !0b0010_0000;
    }
    let length = u32::try_from(out.len() - 8).ok()?;
    out[4..8].copy_from_slice(&length.to_le_bytes());
    has_picture.then_some(out)
}

/// A part of a WebP; each begins at an even place.
fn chunk<'a>(rest: &mut Rest<'a>) -> Option<(&'a [u8; 4], &'a [u8])> {
    let name = rest.take(4)?.try_into().ok()?;
    let length = usize::try_from(u32::from_le_bytes(rest.take(4)?.try_into().ok()?)).ok()?;
    let data = rest.take(length)?;
    // The last filling byte may be missing.
    if length % 2 == 1 && !rest.0.is_empty() {
        rest.take(1)?;
    }
    Some((name, data))
}

fn written(out: &mut Vec<u8>, name: &[u8], data: &[u8]) {
    out.extend(name);
    out.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(data);
    if data.len() % 2 == 1 {
        out.push(0);
    }
}

/// Whether the end of some data was reserved and never filled, as by a download that broke off.
fn is_unfilled(data: &[u8]) -> bool {
    data.iter().rev().take_while(|byte| **byte == 0).count() > data.len().min(64) / 2 + 16
}

/// JPEG (ISO/IEC 10918-1): tables, the picture, its size; of what programs add, the profile and the colours' transform.
fn jpeg(bytes: &[u8], turned: Option<&[u8]>) -> Option<Vec<u8>> {
    let mut rest = Rest(bytes);
    let mut out = rest.take(2)?.to_vec();
    if let Some(exif) = turned {
        let data = [b"Exif\0\0", exif].concat();
        segment(&mut out, 0xe1, &data);
    }
    let has_profile = is_profile(&profile_of_jpeg(bytes));
    loop {
        if rest.byte()? != 0xff {
            return None;
        }
        let mut marker = rest.byte()?;
        // Any number of these may come before a marker.
        while marker == 0xff {
            marker = rest.byte()?;
        }
        match marker {
            0xd9 => {
                out.extend([0xff, 0xd9]);
                return Some(out);
            }
            0x01 | 0xd0..=0xd7 => continue,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(rest.take(2)?.try_into().ok()?)).checked_sub(2)?;
        let data = rest.take(length)?;
        match (marker, data) {
            // Without its thumbnail.
            (0xe0, [b'J', b'F', b'I', b'F', 0, ..]) if data.len() >= 12 => {
                segment(&mut out, marker, &[&data[..12], &[0, 0]].concat());
            }
            (0xe2, _) if data.starts_with(b"ICC_PROFILE\0") && has_profile => segment(&mut out, marker, data),
            (0xee, _) if data.starts_with(b"Adobe") && data.len() >= 12 => segment(&mut out, marker, &data[..12]),
            (0xc0..=0xcf | 0xda..=0xdf, _) => segment(&mut out, marker, data),
            _ => {}
        }
        if marker == 0xda && scan(&mut rest, &mut out).is_none() {
            // Only the end mark is missing; whether the picture is whole, its decoder says.
            out.extend([0xff, 0xd9]);
            return Some(out);
        }
    }
}

/// The profile of a JPEG, whose parts are in several segments.
fn profile_of_jpeg(bytes: &[u8]) -> Vec<u8> {
    let mut rest = Rest(bytes.get(2..).unwrap_or_default());
    let mut parts: Vec<(u8, &[u8])> = Vec::new();
    while let Some(0xff) = rest.byte() {
        let Some(marker) = rest.byte() else { break };
        let length =
            rest.take(2).and_then(|length| usize::from(u16::from_be_bytes([length[0], length[1]])).checked_sub(2));
        let Some(data) = length.and_then(|length| rest.take(length)) else { break };
        match data.strip_prefix(b"ICC_PROFILE\0") {
            Some([number, _, part @ ..]) if marker == 0xe2 => parts.push((*number, part)),
            // The picture follows.
            _ if marker == 0xda => break,
            _ => {}
        }
    }
    parts.sort_by_key(|(number, _)| *number);
    parts.into_iter().flat_map(|(_, part)| part.iter().copied()).collect()
}

fn segment(out: &mut Vec<u8>, marker: u8, data: &[u8]) {
    out.extend([0xff, marker]);
    out.extend(u16::try_from(data.len() + 2).unwrap_or(u16::MAX).to_be_bytes());
    out.extend(data);
}

/// Copies the data of a scan, up to the next marker that is not part of it; `None` if the file ends first.
fn scan(rest: &mut Rest<'_>, out: &mut Vec<u8>) -> Option<()> {
    let mut at = 0;
    loop {
        let next = memchr::memchr(0xff, &rest.0[at..]).map(|found| at + found);
        match next.and_then(|next| Some((next, *rest.0.get(next + 1)?))) {
            Some((next, 0x00 | 0xd0..=0xd7)) => at = next + 2,
            Some((next, 0xff)) => at = next + 1,
            Some((next, _)) => {
                out.extend(rest.take(next)?);
                return Some(());
            }
            None => {
                out.extend(rest.0.strip_suffix(&[0xff]).unwrap_or(rest.0));
                return None;
            }
        }
    }
}
