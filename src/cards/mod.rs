//! A page's title and kind → its share image, the image that other sites show beside a link to it.
//!
//! * here: which page has which image, and its name, which changes with everything the image is made from;
//! * `lines`: a text set in a limited space.
//!
//! A name is known before anything is drawn: the drawing depends only on the card and the theme. Not here: the template of
//! the drawing (`template`), the drawing of it in pixels (`raster`).

mod lines;

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::assets::Assets;
use crate::config::{Fit, Lang, ShareImages, listed};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::drawings::{self, Drawings, Drawn};
use crate::icons;
use crate::path::{Address, SitePath};
use crate::raster::{self, Typefaces};
use crate::site::{Ix, Site};

pub(crate) use lines::set;

/// Width and height of an image, in pixels: what Facebook, LinkedIn and others show whole.
pub(crate) const SIZE: (u32, u32) = (1_200, 630);

/// What one image says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Card {
    pub(crate) title: String,
    /// Its kind of publication, in words.
    pub(crate) kind: Option<String>,
    /// The drawing of its entry.
    pub(crate) drawing: Option<Drawn>,
    pub(crate) lang: Lang,
}

/// What the images of a site look like.
#[derive(Debug)]
pub(crate) struct Design {
    pub(crate) settings: ShareImages,
    /// The hash of everything that images are made from, except the card.
    hash: blake3::Hash,
    /// The drawings of entries, if the images show them.
    drawings: Option<Arc<Drawings>>,
    typefaces: OnceLock<Typefaces>,
}

impl Design {
    /// How a site's images look; `None` if its pages have no images.
    pub(crate) fn new(site: &Site, assets: &Assets, drawings: Option<&Arc<Drawings>>) -> Option<Self> {
        let settings = site.config.share_images.clone()?;
        let mut hasher = blake3::Hasher::new();
        hasher.update(&raster::FORM.to_le_bytes()).update(settings.template.as_bytes());
        let Fit { typeface, weight, width, lines, sizes, .. } = &settings.title;
        hasher.update(format!("\n{typeface}\n{weight} {width} {lines} {sizes:?}\n").as_bytes());
        drawings::of_templates(site, &mut hasher);
        let logo = site.config.organisation.logo.as_ref();
        let names = settings.typefaces.iter().chain(logo).map(|(name, _)| name.as_str());
        for name in names {
            hasher.update(assets.address(name).map_or("", Address::as_str).as_bytes()).update(b"\n");
        }
        drawings::of_colours(site, &mut hasher);
        hasher.update(icons::drawing(&site.tree, &site.config).as_bytes());
        let drawings = drawings.filter(|_| settings.drawing.is_some()).cloned();
        Some(Self { settings, hash: hasher.finalize(), drawings, typefaces: OnceLock::new() })
    }

    /// The typefaces of drawings.
    pub(crate) fn typefaces(&self, site: &Site, assets: &Assets) -> &Typefaces {
        self.typefaces.get_or_init(|| {
            let files = self.settings.typefaces.iter().filter_map(|(name, _)| assets.file(name));
            Typefaces::new(files.filter_map(|file| site.tree.bytes(site.tree.get(file)?).ok()))
        })
    }

    /// The key of the image of `card`: the hash of everything it is made from.
    pub(crate) fn key(&self, site: &Site, card: &Card) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.hash.as_bytes()).update(site.config.in_language(card.lang).code.as_bytes());
        for text in shown(site, card) {
            hasher.update(text.as_bytes()).update(b"\0");
        }
        if let Some(drawn) = &card.drawing {
            hasher.update(&drawn.key);
        }
        *hasher.finalize().as_bytes()
    }

    /// A hasher of everything that drawings look like, for the key of another drawing.
    pub(crate) fn hasher(&self) -> blake3::Hasher {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.hash.as_bytes());
        hasher
    }

    /// The first letter of a text that no typeface has.
    pub(crate) fn missing_letter(&self, site: &Site, assets: &Assets, text: &str) -> Option<char> {
        if text.is_ascii() { None } else { self.typefaces(site, assets).missing(text) }
    }

    /// The address of the image of `card` for the page at `page`.
    pub(crate) fn address(&self, site: &Site, card: &Card, page: &Address) -> Address {
        let hash = blake3::Hash::from(self.key(site, card)).to_hex();
        page.join(&format!("share.{}.png", &hash[..10]))
    }

    /// Faults in the settings, and titles with letters that no typeface has.
    pub(crate) fn faults(&self, site: &Site, assets: &Assets) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        let title = &self.settings.title;
        let families = || self.typefaces(site, assets).families();
        if let Some(span) = title.stated.as_ref().filter(|_| !families().contains(&&*title.typeface)) {
            let message = format!("the share images have no typeface `{}`", title.typeface);
            let help =
                format!("they have {}; name more in `typefaces` of `[share_images]`", listed(families().into_iter()));
            faults.push(Diagnostic::new(Code::WrongSetting, message).span(span.clone()).help(help));
        }
        for (name, span) in &self.settings.typefaces {
            let bytes = assets.file(name).and_then(|file| site.tree.bytes(site.tree.get(file)?).ok());
            if bytes.is_some_and(|bytes| Typefaces::count_in(&bytes) == 0) {
                let fault = Diagnostic::new(Code::WrongSetting, format!("`{name}` is not a readable typeface"));
                faults.push(fault.span(span.clone()).help("use a TrueType or OpenType file: .ttf or .otf"));
            }
        }
        // The site's name is on every image, so it is the cause of all.
        let cause = self.site_unlettered(site, assets);
        faults.extend(cause.or_else(|| self.unlettered(site, assets)));
        faults
    }

    /// A name of the site or its organisation with a letter that no typeface has.
    fn site_unlettered(&self, site: &Site, assets: &Assets) -> Option<Diagnostic> {
        let lacks = |lang| Some((lang, self.missing(site, assets, &site_card(site, lang))?));
        let (lang, letter) = site.config.languages().find_map(lacks)?;
        let message = format!(
            "no page in {} has a share image: no typeface has the letter `{letter}`, which is in the name of the site or its organisation",
            site.config.in_language(lang).name
        );
        let settings = SitePath::new(SETTINGS).expect("a plain name");
        Some(Diagnostic::new(Code::ShareImageLetters, message).span(Span::file(&settings)).help(TYPEFACES))
    }

    /// The first page whose title has a letter that no typeface has, and how many there are.
    fn unlettered(&self, site: &Site, assets: &Assets) -> Option<Diagnostic> {
        let entries: Vec<Ix> = site.shown().filter(|ix| site.has_page(*ix)).collect();
        let lacks = |ix: &Ix| Some((*ix, self.missing(site, assets, &own_card(site, *ix)?)?));
        let lacking: Vec<(Ix, char)> = entries.par_iter().filter_map(lacks).collect();
        let (first, letter) = lacking.first().copied()?;
        let others = lacking.len() - 1;
        let entry = site.entry(first);
        let also = match others {
            0 => String::new(),
            1 => "; another page has the same problem".to_owned(),
            others => format!("; {others} other pages have the same problem"),
        };
        let message = format!(
            "the share image of “{}” cannot be drawn: no typeface has the letter `{letter}`{also}",
            entry.title()
        );
        let start = entry.span.start;
        Some(Diagnostic::new(Code::ShareImageLetters, message).at(&entry.source, start..start).help(TYPEFACES))
    }

    /// A letter that the image of `card` may show and that no typeface has.
    fn missing(&self, site: &Site, assets: &Assets, card: &Card) -> Option<char> {
        let mut odd = shown(site, card).into_iter().filter(|text| !text.is_ascii());
        odd.find_map(|text| self.typefaces(site, assets).missing(text))
    }

    /// The image of an entry's own; `None` if its kind has none, or a letter is missing.
    pub(crate) fn card_of(&self, site: &Site, assets: &Assets, ix: Ix) -> Option<Card> {
        let card = own_card(site, ix).filter(|card| self.missing(site, assets, card).is_none())?;
        let drawn = |shape: &String| self.drawings.as_ref()?.of(site, ix, shape);
        Some(Card { drawing: self.settings.drawing.as_ref().and_then(drawn), ..card })
    }

    /// The image of all other pages in a language; `None` if a letter is missing.
    pub(crate) fn card_of_site(&self, site: &Site, assets: &Assets, lang: Lang) -> Option<Card> {
        let card = site_card(site, lang);
        self.missing(site, assets, &card).is_none().then_some(card)
    }
}

/// The advice for a missing letter.
pub(crate) const TYPEFACES: &str = "name a typeface with this letter in `typefaces` of `[share_images]` in site.toml; until then no such image is made";

/// The file of the settings.
const SETTINGS: &str = "site.toml";

/// What the image of pages without one of their own says.
fn site_card(site: &Site, lang: Lang) -> Card {
    Card { title: site.config.in_language(lang).title.clone(), kind: None, drawing: None, lang }
}

/// The texts given to a drawing of `card`.
fn shown<'a>(site: &'a Site, card: &'a Card) -> [&'a str; 5] {
    let language = site.config.in_language(card.lang);
    let organisation = &language.organisation;
    let short_name = organisation.short_name.as_deref().unwrap_or_default();
    [&card.title, card.kind.as_deref().unwrap_or_default(), &language.title, &organisation.name, short_name]
}

/// What an entry's own image says; `None` if its kind has none.
fn own_card(site: &Site, ix: Ix) -> Option<Card> {
    let (entry, lang) = (site.entry(ix), site.lang(ix));
    let collection = &site.config.collections[&entry.id.collection];
    let kind = entry.text_of("kind");
    let is_wanted = |kind: &str| collection.kinds.get(kind).is_some_and(|kind| kind.has_share_image);
    if !collection.has_share_image && !kind.is_some_and(is_wanted) {
        return None;
    }
    let label = kind.and_then(|kind| site.config.kind(lang, &collection.name, kind)).map(|kind| kind.label.clone());
    Some(Card { title: site.config.set(entry.title()).into_owned(), kind: label, drawing: None, lang })
}
