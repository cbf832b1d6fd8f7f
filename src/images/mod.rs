//! Image files → what is known of them, and the sizes and formats in which readers are given them.
//!
//! * `facts`: what the head of a file says: its size, whether it moves, its hash;
//! * `known`: facts, kept from one look at the folder to the next; finished renditions, kept from one run to the next;
//! * `variants`: a declared rendition of an image → its widths, formats and published names;
//! * `encode`: the bytes of one of them;
//! * `drawing`: SVG without scripts and without anything that is loaded from elsewhere.
//!
//! A published name carries a hash of the source's bytes and of all that its bytes are made with, so a page can be made
//! before its images are, and a browser may keep an image for ever. An image is never enlarged; what a camera wrote
//! beside the picture, such as a place, is never published, since only the picture is encoded again.
//!
//! Not here: which images a page shows, where they are found, and the cache on the disk.

mod drawing;
mod encode;
mod facts;
mod known;
#[cfg(test)]
mod tests;
mod variants;

pub(crate) use drawing::{address as drawing_address, clean};
pub(crate) use facts::{FACTS, Form, Image, Unfit};
pub(crate) use known::{BlobCache, Known};
pub(crate) use variants::{Shown, Variant, shown};

/// The version of the encoders and of what is asked of them. Raise it whenever they write other bytes: a test says so.
pub(crate) const FORM: u32 = 1;
