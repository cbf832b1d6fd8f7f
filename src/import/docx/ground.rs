//! The colours of words and of what lies behind them → whether anybody could read them.

use super::styles::Styles;
use super::xml::Element;
use crate::config::{Rgb, ratio};

/// Words with less contrast than this, or smaller, in half points, were read by nobody.
const LEAST: f64 = 1.2;
const SMALLEST: u32 = 4;

/// The colours of Word's markers.
const MARKERS: &[(&str, &str)] = &[
    ("black", "000000"),
    ("white", "ffffff"),
    ("red", "ff0000"),
    ("yellow", "ffff00"),
    ("green", "00ff00"),
    ("cyan", "00ffff"),
    ("magenta", "ff00ff"),
    ("blue", "0000ff"),
    ("darkBlue", "000080"),
    ("darkCyan", "008080"),
    ("darkGreen", "008000"),
    ("darkMagenta", "800080"),
    ("darkRed", "800000"),
    ("darkYellow", "808000"),
    ("darkGray", "808080"),
    ("lightGray", "c0c0c0"),
];

/// What lies behind words.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ground {
    Colour(Rgb),
    /// A picture, a pattern, what a theme says: nobody can tell here.
    Unknown,
}

/// What surrounds the words that are being read.
#[derive(Clone, Debug)]
pub(super) struct Around {
    pub(super) ground: Ground,
    /// The style of the paragraph, and whether it hides its words.
    style: Option<String>,
    pub(super) hides: bool,
    /// What the paragraph itself lies on.
    own: Option<Ground>,
}

impl Around {
    /// What surrounds the words of a document: white paper, unless it says otherwise.
    pub(super) fn page(document: &Element) -> Self {
        let ground = if document.child("w:background").is_some() { Ground::Unknown } else { white() };
        Self { ground, style: None, hides: false, own: None }
    }

    /// Goes into a paragraph of this style.
    pub(super) fn enter(&mut self, properties: &Element, style: Option<&str>, styles: &Styles) {
        self.own = shade(properties).or_else(|| styles.ground(style));
        self.hides = styles.is_on(style, "w:vanish") == Some(true);
        self.style = style.map(str::to_owned);
    }

    /// The style of the paragraph that is being read.
    pub(super) fn style(&self) -> Option<&str> {
        self.style.as_deref()
    }

    /// Whether nobody could read words with this look in that style of letters: they have the colour of what they lie on, or no size.
    pub(super) fn covers(&self, look: &Element, style: Option<&str>, styles: &Styles) -> bool {
        let value = |name| look.child(name).and_then(Element::val);
        let of_styles = |name| styles.value(style, name).or_else(|| styles.value(self.style.as_deref(), name));
        let size = value("w:sz").or_else(|| of_styles("w:sz")).and_then(|size| size.parse::<u32>().ok());
        if size.is_some_and(|size| size <= SMALLEST) {
            return true;
        }
        let marker = value("w:highlight").and_then(|name| {
            MARKERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).and_then(|(_, colour)| hex(colour))
        });
        let ground = marker.map(Ground::Colour).or_else(|| shade(look)).or(self.own).unwrap_or(self.ground);
        let stated = || {
            let own = look.child("w:color");
            let of_style = || styles.look(style, "w:color").or_else(|| styles.look(self.style.as_deref(), "w:color"));
            own.or_else(of_style).and_then(colour)
        };
        let letters = match look.child("w14:textFill") {
            Some(fill) if fill.child("w14:noFill").is_some() => return true,
            Some(fill) => match fill.child("w14:solidFill").and_then(filled) {
                Some(Ground::Colour(colour)) => Some(colour),
                _ => return false,
            },
            None => stated(),
        };
        match (letters, ground) {
            (Some(letters), Ground::Colour(ground)) => ratio(letters, ground) < LEAST,
            // Letters without a colour of their own are black on a marker; on any other ground Word takes one that can be read.
            (None, _) => marker.is_some_and(|marker| hex("000000").is_some_and(|black| ratio(black, marker) < LEAST)),
            (Some(_), Ground::Unknown) => false,
        }
    }
}

/// Whether it is the white of paper.
pub(super) fn is_white(ground: Ground) -> bool {
    matches!((ground, hex("ffffff")), (Ground::Colour(ground), Some(white)) if ground == white)
}

fn white() -> Ground {
    hex("ffffff").map_or(Ground::Unknown, Ground::Colour)
}

fn hex(digits: &str) -> Option<Rgb> {
    Some(digits).filter(|digits| digits.len() == 6).and_then(|digits| Rgb::parse(&format!("#{digits}")))
}

/// The colour that `w:color` states; `None` if Word chooses it, or a theme that may have any.
fn colour(stated: &Element) -> Option<Rgb> {
    let light = ["background1", "light1", "background2", "light2"];
    stated.val().and_then(hex).or_else(|| {
        let is_light = stated.get("w:themeColor").is_some_and(|name| light.contains(&name));
        if is_light { hex("ffffff") } else { None }
    })
}

/// What the properties of words, a paragraph, a cell or a table put behind it.
pub(super) fn shade(properties: &Element) -> Option<Ground> {
    let shade = properties.child("w:shd")?;
    let colour = |name: &str| shade.get(name).filter(|value| *value != "auto");
    let known = |colour: Option<&str>| colour.map(|colour| hex(colour).map_or(Ground::Unknown, Ground::Colour));
    match shade.val() {
        Some("clear" | "nil") | None => known(colour("w:fill")),
        Some("solid") => known(colour("w:color")).or(Some(Ground::Unknown)),
        _ => Some(Ground::Unknown),
    }
}

/// The ground of a shape by its properties; `None` if it has none of its own.
pub(super) fn of_shape(shape: &Element) -> Option<Ground> {
    let Some(properties) = shape.child("wps:spPr").filter(|own| own.child("a:noFill").is_none()) else {
        return shape.child("wps:spPr").is_none().then_some(Ground::Unknown);
    };
    Some(properties.child("a:solidFill").and_then(filled).unwrap_or(Ground::Unknown))
}

/// The colour of a fill of one colour.
fn filled(fill: &Element) -> Option<Ground> {
    let stated = |name: &str| fill.child(name).and_then(|one| one.val().or_else(|| one.get("w14:val")));
    let plain = ["a:srgbClr", "w14:srgbClr"].iter().find_map(|name| stated(name));
    let theme = ["a:schemeClr", "w14:schemeClr"].iter().find_map(|name| stated(name));
    match (plain, theme) {
        (Some(digits), _) => Some(hex(digits).map_or(Ground::Unknown, Ground::Colour)),
        (None, Some("bg1" | "lt1")) => Some(white()),
        _ => None,
    }
}
