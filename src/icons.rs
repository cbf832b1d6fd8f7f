//! `favicon.svg` → the icons that browsers, telephones and search engines ask for, and what says where they are.
//!
//! Their names are fixed, since they are asked for without a page that names them. One that lies in `static/` is what its
//! owner wants, and is not made.
//!
//! Not here: the HTML that names them (`template`), and where their bytes are kept.

use image::ExtendedColorType;
use image::codecs::ico::{IcoEncoder, IcoFrame};

use crate::config::{Config, Lang};
use crate::path::Address;
use crate::raster;
use crate::source::{SourceFile, Tree};

/// The drawing from which all icons are made, in `static/` of the site or of its theme.
pub(crate) const DRAWING: &str = "favicon.svg";

/// Where the web app manifest is found.
pub(crate) const MANIFEST: &str = "/site.webmanifest";

/// How icons are put together: to be raised when other bytes come out, so that none is kept that was made otherwise.
const FORM: u32 = 1;

/// An icon that is made of the drawing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Icon {
    /// For tabs, bookmarks and search engines: 16, 32 and 48 points in one file.
    Ico,
    /// For the home screens of Apple's telephones, which want a ground.
    Apple,
    /// For the home screens of others: of so many points, without a ground.
    Plain(u32),
    /// The same for screens that cut icons into shapes of their own: all that matters lies in the middle.
    Maskable(u32),
}

impl Icon {
    /// All there are.
    pub(crate) const ALL: [Self; 5] = [Self::Ico, Self::Apple, Self::Plain(192), Self::Plain(512), Self::Maskable(512)];

    /// Where it is found.
    pub(crate) fn address(self) -> Address {
        Address::new(&match self {
            Self::Ico => "/favicon.ico".to_owned(),
            Self::Apple => "/apple-touch-icon.png".to_owned(),
            Self::Plain(points) => format!("/icon-{points}.png"),
            Self::Maskable(points) => format!("/icon-maskable-{points}.png"),
        })
    }

    /// What names its bytes: all that they are made from.
    pub(crate) fn key(self, drawing: &str, ground: &str) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher
            .update(&raster::FORM.to_le_bytes())
            .update(&FORM.to_le_bytes())
            .update(self.address().as_str().as_bytes());
        hasher.update(ground.as_bytes()).update(b"\n").update(drawing.as_bytes());
        *hasher.finalize().as_bytes()
    }

    /// Its bytes, of the drawing and the colour of the ground.
    ///
    /// # Errors
    /// In words for whoever made the drawing: what is wrong with it.
    pub(crate) fn bytes(self, drawing: &str, ground: &str) -> Result<Vec<u8>, String> {
        match self {
            Self::Ico => ico(drawing),
            Self::Apple => on_ground(drawing, ground, 180, 0.8),
            Self::Plain(points) => raster::png(drawing, (points, points), None),
            // Whatever the shape, the middle four fifths are seen (W3C, Web Application Manifest, "safe zone").
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

/// The drawing in the middle of a ground, `share` of its width wide.
fn on_ground(drawing: &str, ground: &str, points: u32, share: f32) -> Result<Vec<u8>, String> {
    let ground = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{points}\" height=\"{points}\">\
         <rect width=\"100%\" height=\"100%\" fill=\"{ground}\"/></svg>"
    );
    raster::layered(&[(&ground, 1.0), (drawing, share)], (points, points), None)
}

/// The file of the drawing of which icons are made, the site's before those of its themes.
pub(crate) fn file<'a>(tree: &'a Tree, config: &Config) -> Option<&'a SourceFile> {
    let folders =
        std::iter::once("static".to_owned()).chain(config.themes.iter().map(|theme| format!("themes/{theme}/static")));
    folders.into_iter().find_map(|folder| tree.named(&format!("{folder}/{DRAWING}")))
}

/// The drawing itself; nothing if there is none that can be read.
pub(crate) fn drawing(tree: &Tree, config: &Config) -> String {
    let bytes = file(tree, config).and_then(|file| tree.bytes(file).ok());
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// The colour on which icons stand that cannot be seen through.
pub(crate) fn ground(config: &Config) -> &str {
    config.icon_ground.as_deref().unwrap_or("#ffffff")
}

/// The web app manifest (W3C, Web Application Manifest): what a telephone calls the site on its home screen. It opens in
/// the browser, as the site that it is.
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
