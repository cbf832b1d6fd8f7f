//! The first bytes of a text → whether it is UTF-16, as some programs of Windows save it.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// The UTF-16 that a text is in: by its mark, or by an empty half of its first sign, which no other text has.
pub(super) fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xff, 0xfe, ..] | [1..=0x7f, 0, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] | [0, 1..=0x7f, ..] => Some(UTF_16BE),
        _ => None,
    }
}
