//! Two colours → how readable one is on the other, by WCAG 2.2's contrast ratio and relative luminance.

use std::fmt;

use lightningcss::traits::Parse;
use lightningcss::values::color::{CssColor, RGBA};

/// A colour without transparency, in sRGB.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Rgb([u8; 3]);

impl Rgb {
    const BLACK: Self = Self([0; 3]);
    const WHITE: Self = Self([255; 3]);

    /// A colour as CSS writes it: `#a8341f`, `rgb(…)`, `oklch(…)`, `teal`; `None` if it is not a colour or is transparent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let colour = CssColor::parse_string(text).ok()?.to_rgb().ok()?;
        match colour {
            CssColor::RGBA(RGBA { red, green, blue, alpha: 255 }) => Some(Self([red, green, blue])),
            _ => None,
        }
    }

    /// Relative luminance: 0 for black, 1 for white.
    pub(super) fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The colour `steps` of 255 along the way to `other`.
    fn towards(self, other: Self, steps: u16) -> Self {
        let part = |from: u8, to: u8| {
            let mixed = (u16::from(from) * (255 - steps) + u16::from(to) * steps + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Self(std::array::from_fn(|n| part(self.0[n], other.0[n])))
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The contrast ratio of two colours: 1 for equal ones, 21 for black and white.
pub(crate) fn ratio(a: Rgb, b: Rgb) -> f64 {
    ratio_of(a.luminance(), b.luminance())
}

/// The same of two relative luminances.
pub(super) fn ratio_of(a: f64, b: f64) -> f64 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The shades of `colour`, darker and lighter, the nearest first, with their relative luminances.
pub(super) fn shades(colour: Rgb) -> impl Iterator<Item = (Rgb, f64)> {
    let both = move |steps| [Rgb::BLACK, Rgb::WHITE].map(|end| colour.towards(end, steps));
    (0..=255).flat_map(both).map(|shade| (shade, shade.luminance()))
}

/// The shade of `colour`, darker or lighter, that is nearest to it and has with each of `others` at least the contrast that
/// stands beside it.
pub(super) fn nearest_readable(colour: Rgb, others: &[(Rgb, f64)]) -> Option<Rgb> {
    (0..=255).find_map(|steps| {
        let shades = [Rgb::BLACK, Rgb::WHITE].map(|end| colour.towards(end, steps));
        shades.into_iter().find(|shade| others.iter().all(|(other, needed)| ratio(*shade, *other) >= *needed))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rgb() -> impl Strategy<Value = Rgb> {
        any::<[u8; 3]>().prop_map(Rgb)
    }

    #[test]
    fn known_ratios() {
        // From the tables of the W3C and WebAIM.
        for (a, b, known) in [
            ("#000", "#fff", 21.0),
            ("#777", "#fff", 4.478),
            ("#767676", "white", 4.542),
            ("#0000ff", "#fff", 8.592),
            ("rgb(255 0 0)", "#fff", 3.998),
            ("hsl(120 100% 25.1%)", "#fff", 5.137),
        ] {
            let found = ratio(Rgb::parse(a).expect("a colour"), Rgb::parse(b).expect("a colour"));
            assert!((found - known).abs() < 0.01, "{a} on {b}: {found}");
        }
        for none in ["", "#12", "reddish", "#ffffff80", "transparent", "currentColor", "CanvasText", "red; x: y"] {
            assert_eq!(Rgb::parse(none), None, "{none}");
        }
    }

    proptest! {
        #[test]
        fn a_ratio_is_the_same_both_ways_and_what_is_proposed_can_be_read(a in rgb(), b in rgb(), needed in 1.0..21.0f64) {
            let found = ratio(a, b);
            prop_assert!((1.0..=21.0).contains(&found));
            prop_assert_eq!(found.to_bits(), ratio(b, a).to_bits());
            match nearest_readable(a, &[(b, needed)]) {
                Some(better) => prop_assert!(ratio(better, b) >= needed),
                None => prop_assert!(ratio(Rgb::BLACK, b).max(ratio(Rgb::WHITE, b)) < needed),
            }
            prop_assert_eq!(Rgb::parse(&a.to_string()), Some(a));
        }
    }
}
