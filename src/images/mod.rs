//! Image files → their facts, and the sizes and formats in which they are published.
//!
//! * `facts`: what the header of a file says: its size, whether it is animated, its hash;
//! * `known`: facts, kept from one look at the folder to the next; finished renditions, kept from one run to the next;
//! * `room`: how many bytes of pictures are in memory at a time;
//! * `variants`: a declared rendition of an image → its widths, formats and published names;
//! * `encode`: the bytes of one of them;
//! * `bare`: a picture that is published in its own form, with nothing beside it;
//! * `office`: a picture as office programs show it;
//! * `drawing`: SVG without scripts and without anything loaded from elsewhere.
//!
//! A published name carries a hash of the source's bytes and of everything its own bytes are made with, so a page can be made
//! before its images are, and a browser may keep an image for ever. An image is never enlarged. What a camera wrote beside
//! the picture, such as a place, is never published: only the picture is encoded again, or copied.
//!
//! Not here: which images a page shows, where the files are, and the cache on the disk.

mod bare;
mod drawing;
mod encode;
mod facts;
mod known;
mod office;
mod room;
#[cfg(test)]
mod tests;
mod variants;

pub(crate) use bare::{address as bare_address, is_picture};
pub(crate) use drawing::{address as drawing_address, clean};
#[cfg(feature = "fuzzing")]
pub(crate) use facts::facts;
pub(crate) use facts::{FACTS, Image, ImageKind, Unfit};
pub(crate) use known::{BlobCache, ImageMemory};
pub(crate) use office::{OfficePicture, for_office};
pub(crate) use variants::{RenditionSet, Variant, shown};

/// The version of the encoders and their settings. Raise it whenever the bytes change; a test tells you when.
pub(crate) const FORM: u32 = 1;
