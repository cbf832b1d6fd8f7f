//! SVG → the same drawing without scripts, event handlers and anything loaded from elsewhere.

use quick_xml::events::Event;
use svg_hush::{Filter, data_url_filter};

use super::FORM;
use crate::path::Address;

/// The drawing in `text`, made harmless; `None` if it is not SVG.
pub(crate) fn clean(text: &str) -> Option<Vec<u8>> {
    let mut filter = Filter::new();
    filter.set_data_url_filter(data_url_filter::allow_standard_images);
    let mut out = Vec::with_capacity(text.len());
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    filter.filter(text.as_bytes(), &mut out).ok()?;
    Some(out)
}

/// The address of the drawing with the hash `hash`, whose own address is `own`.
pub(crate) fn address(own: &Address, hash: &[u8; 32]) -> Address {
    let mut hasher = blake3::Hasher::new();
    hasher.update(hash).update(b"svg").update(&FORM.to_le_bytes());
    let own = own.as_str();
    let stem = own.rsplit_once('.').map_or(own, |(stem, _)| stem);
    Address::new(&format!("{stem}.{}.svg", &hasher.finalize().to_hex()[..10]))
}

/// The size that a drawing states, in whole pixels, or 0 by 0; `None` if `bytes` are not SVG.
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = quick_xml::Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => {
                if tag.local_name().as_ref() != "svg" {
                    return None;
                }
                let stated = |name: &str| {
                    let value = tag.try_get_attribute(name).ok()??;
                    let value = value.value.trim().to_owned();
                    let points: f64 = value.strip_suffix("px").unwrap_or(&value).parse().ok()?;
                    (1.0..100_000.0).contains(&points).then_some(points.round())
                };
                // Both or neither: one alone says nothing about the shape.
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies in between")]
                let stated = stated("width").zip(stated("height")).map(|(width, height)| (width as u32, height as u32));
                return clean(text).map(|_| stated.unwrap_or_default());
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}
