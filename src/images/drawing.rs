//! SVG → the same drawing without scripts, event handlers and anything loaded from elsewhere, and with bare pictures in it.

use std::cell::Cell;
use std::rc::Rc;

use quick_xml::events::Event;
use svg_hush::Filter;
use svg_hush::data_url_filter::{DataUrl, DataUrlFilterResult, allow_standard_images};

use super::FORM;
use super::bare::bare_as_held;
use crate::path::Address;
use crate::raster;

/// The drawing in `text`, made harmless; `None` if it is not SVG.
pub(crate) fn clean(text: &str) -> Option<Vec<u8>> {
    // The filter looks at all elements around each.
    raster::of_depth(text).ok()?;
    let mut filter = Filter::new();
    let is_whole = Rc::new(Cell::new(true));
    let seen = is_whole.clone();
    filter.set_data_url_filter(move |data| {
        inside(data).unwrap_or_else(|| {
            seen.set(false);
            DataUrlFilterResult::Drop
        })
    });
    let mut out = Vec::with_capacity(text.len());
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    filter.filter(text.as_bytes(), &mut out).ok()?;
    is_whole.get().then_some(out)
}

/// What becomes of a picture inside a drawing; `None` if it is damaged.
fn inside(data: &DataUrl<'_>) -> Option<DataUrlFilterResult> {
    match allow_standard_images(data) {
        DataUrlFilterResult::Keep => {
            let (bytes, _) = data.decode_to_vec().ok()?;
            let mime_type = format!("image/{}", data.mime_type().subtype);
            Some(DataUrlFilterResult::Rewrite { mime_type, data: bare_as_held(&bytes).ok()? })
        }
        other => Some(other),
    }
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
