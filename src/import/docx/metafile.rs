//! A drawing of Windows (EMF, WMF), which no browser shows → the same drawing as SVG.
//!
//! The library that reads them can stumble over damaged files, so it is called only where that ends nothing: in a program that
//! unwinds, as packages do. Without it, and where it fails, the file stays as it is, and the report says what to do.

#[cfg(all(feature = "metafiles", panic = "unwind"))]
pub(super) fn svg(bytes: &[u8]) -> Option<Vec<u8>> {
    /// In bytes: larger ones hold pictures of points, which SVG makes no better.
    const LARGEST: usize = 32 << 20;
    if bytes.len() > LARGEST {
        return None;
    }
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let drawn = std::panic::catch_unwind(|| emf_core::converter::convert_to_svg(bytes));
    std::panic::set_hook(hook);
    let drawn = drawn.ok()?.ok()?;
    let shows_something = ["<p", "<image", "<text", "<rect", "<ellipse", "<line"];
    let text = std::str::from_utf8(&drawn).ok()?;
    (drawn.len() <= LARGEST && shows_something.iter().any(|shape| text.contains(shape))).then_some(drawn)
}

#[cfg(not(all(feature = "metafiles", panic = "unwind")))]
pub(super) fn svg(_: &[u8]) -> Option<Vec<u8>> {
    None
}
