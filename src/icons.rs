//! `favicon.svg` → the icons that browsers, telephones and search engines ask for, and the manifest that lists them.
//!
//! Their names are fixed, since they are asked for without a page that names them. An icon in `static/` is its owner's
//! choice, and is not made here.
//!
//! Not here: the HTML that names them (`template`), and where their bytes are kept.

use image::ExtendedColorType;
use image::codecs::ico::{IcoEncoder, IcoFrame};

use crate::config::{Config, Lang};
use crate::path::Address;
use crate::raster;
use crate::source::{SourceFile, Tree};

/// The drawing that all icons are made from, in `static/` of the site or its theme.
pub(crate) const DRAWING: &str = "favicon.svg";

/// The address of the web app manifest.
pub(crate) const MANIFEST: &str = "/site.webmanifest";

/// The version of how icons are composed. Raise it whenever the bytes change, so that cached icons are made again.
const FORM: u32 = 1;

/// An icon made from the drawing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Icon {
    /// For tabs, bookmarks and search engines: 16, 32 and 48 pixels in one file.
    Ico,
    /// For the home screens of Apple's telephones, which want an opaque background.
    Apple,
    /// For other home screens: of this many pixels, without a background.
    Plain(u32),
    /// The same for screens that cut icons into shapes of their own: everything that matters is in the middle.
    Maskable(u32),
}

impl Icon {
    /// All icons.
    pub(crate) const ALL: [Self; 5] = [Self::Ico, Self::Apple, Self::Plain(192), Self::Plain(512), Self::Maskable(512)];

    /// Its address.
    pub(crate) fn address(self) -> Address {
        Address::new(&match self {
            Self::Ico => "/favicon.ico".to_owned(),
            Self::Apple => "/apple-touch-icon.png".to_owned(),
            Self::Plain(points) => format!("/icon-{points}.png"),
            Self::Maskable(points) => format!("/icon-maskable-{points}.png"),
        })
    }

    /// The key of its bytes: the hash of everything they are made from.
    pub(crate) fn key(self, drawing: &str, ground: &str) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher
            .update(&raster::FORM.to_le_bytes())
            .update(&FORM.to_le_bytes())
            .update(self.address().as_str().as_bytes());
        hasher.update(ground.as_bytes()).update(b"\n").update(drawing.as_bytes());
        *hasher.finalize().as_bytes()
    }

    /// Its bytes, from the drawing and the background colour.
    ///
    /// # Errors
    /// What is wrong with the drawing, in words for its author.
    pub(crate) fn bytes(self, drawing: &str, ground: &str) -> Result<Vec<u8>, String> {
        match self {
            Self::Ico => ico(drawing),
            Self::Apple => on_ground(drawing, ground, 180, 0.8),
            Self::Plain(points) => raster::png(drawing, (points, points), None),
            // Whatever the shape, the middle four fifths are visible (W3C, Web Application Manifest, "safe zone").
            Self::Maskable(points) => on_ground(drawing, ground, points, 0.56),
        }
    }
}

fn ico(drawing: &str) -> Result<Vec<u8>, String> {
    let frame = |points: u32| {
        let png = raster::png(drawing, (points, points), None)?;
        IcoFrame::with_encoded(png, points, points, ExtendedColorType::Rgba8).map_err(|error| error.to_string())
    };
    let frames = [16, 32, 48].into_iter().map(frame).collect::<Result<Vec<_>, _>>()?;
    let mut out = Vec::new();
    IcoEncoder::new(&mut out).encode_images(&frames).map_err(|error| error.to_string())?;
    Ok(out)
}

/// The drawing in the middle of a background, at `share` of its width.
fn on_ground(drawing: &str, ground: &str, points: u32, share: f32) -> Result<Vec<u8>, String> {
    let ground = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{points}\" height=\"{points}\">\
         <rect width=\"100%\" height=\"100%\" fill=\"{ground}\"/></svg>"
    );
    raster::layered(&[(&ground, 1.0), (drawing, share)], (points, points), None)
}

/// The file of the drawing that icons are made from, the site's before those of its themes.
pub(crate) fn file<'a>(tree: &'a Tree, config: &Config) -> Option<&'a SourceFile> {
    let folders =
        std::iter::once("static".to_owned()).chain(config.themes.iter().map(|theme| format!("themes/{theme}/static")));
    folders.into_iter().find_map(|folder| tree.named(&format!("{folder}/{DRAWING}")))
}

/// The drawing itself; empty if there is none that can be read.
pub(crate) fn drawing(tree: &Tree, config: &Config) -> String {
    let bytes = file(tree, config).and_then(|file| tree.bytes(file).ok());
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// The background colour of icons that must be opaque.
pub(crate) fn ground(config: &Config) -> &str {
    config.icon_ground.as_deref().unwrap_or("#ffffff")
}

/// The web app manifest (W3C, Web Application Manifest): what a telephone calls the site on its home screen. It opens in the
/// browser, as a website.
pub(crate) fn manifest(config: &Config) -> String {
    let language = config.in_language(Lang::OWN);
    let organisation = &language.organisation;
    let icon = |icon: Icon, points: u32, purpose: &str| {
        serde_json::json!({
            "src": config.base.href(icon.address().as_str()),
            "sizes": format!("{points}x{points}"),
            "type": "image/png",
            "purpose": purpose,
        })
    };
    let icons: Vec<serde_json::Value> = Icon::ALL
        .into_iter()
        .filter_map(|one| match one {
            Icon::Plain(points) => Some(icon(one, points, "any")),
            Icon::Maskable(points) => Some(icon(one, points, "maskable")),
            Icon::Ico | Icon::Apple => None,
        })
        .collect();
    let short = organisation.short_name.as_deref().unwrap_or(&organisation.name);
    let manifest = serde_json::json!({
        "name": language.title,
        "short_name": if short.is_empty() { &language.title } else { short },
        "description": language.description,
        "lang": &*language.code,
        "dir": if language.is_right_to_left { "rtl" } else { "ltr" },
        "id": config.base.href("/"),
        "start_url": config.base.href("/"),
        "scope": config.base.href("/"),
        "display": "browser",
        "background_color": ground(config),
        "theme_color": ground(config),
        "icons": icons,
    });
    format!("{manifest:#}\n")
}
