//! `[search]`, `[security]`, `[icons]`, `[share_images]` → what is published besides the pages, and how.

use super::layers::{Layers, Setting, not_one_of};
use super::tokens::Tokens;
use crate::data::RawKind;
use crate::diagnostic::{Code, Diagnostic, Span};

/// The search of the published site.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Search {
    /// The address of the search page.
    pub(crate) route: String,
    /// The fields that readers may filter by; `date.year` for the year of a date.
    pub(crate) facets: Vec<String>,
    /// Further fields to index, along with those of the entries they refer to.
    pub(crate) fields: Vec<String>,
    /// The rendition in which a result shows the picture of its entry, if it does.
    pub(crate) rendition: Option<String>,
    /// The shape in which a result shows the drawing of an entry without a picture, if it does.
    pub(crate) drawing: Option<String>,
    /// With more pages than this, only titles, summaries, headings and facets can be searched.
    pub(crate) full_text_up_to: usize,
}

/// Reads `[search]`; nothing if neither theme nor site has it, or the site switches it off.
pub(super) fn search(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Option<Search> {
    table.span()?;
    let is_wanted = table.flag("enabled", true, faults);
    let mut names = |key| -> Vec<String> {
        table.texts(key, faults).unwrap_or_default().into_iter().map(|(name, _)| name).collect()
    };
    let (facets, fields) = (names("facets"), names("fields"));
    let search = Search {
        route: table.text("route", faults).unwrap_or_else(|| "/search/".to_owned()),
        facets,
        fields,
        rendition: table.text("rendition", faults).filter(|name| !name.is_empty()),
        drawing: table.text("drawing", faults).filter(|shape| !shape.is_empty()),
        full_text_up_to: table.count("full_text_up_to", faults).unwrap_or(2_000),
    };
    table.finish(faults);
    is_wanted.then_some(search)
}

/// Where to report a weakness of the site, and until when that is valid (RFC 9116).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SecurityContact {
    /// Each a `mailto:`, `https:` or `tel:` address.
    pub(crate) contacts: Vec<String>,
    pub(crate) expires: jiff::civil::Date,
    pub(crate) span: Span,
}

/// Reads `[security]`: `contact` and `expires`.
pub(super) fn security(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Option<SecurityContact> {
    table.span()?;
    let contacts = table.texts("contact", faults);
    if contacts.is_none() {
        faults.push(table.missing("contact", "\"mailto:security@example.org\""));
    }
    let contacts = contacts.unwrap_or_default().into_iter().map(|(text, _)| match text.contains(':') {
        true => text,
        false => format!("mailto:{text}"),
    });
    let contacts: Vec<String> = contacts.collect();
    let expires = match table.get("expires") {
        None => {
            faults.push(table.missing("expires", "2027-06-30"));
            None
        }
        Some(setting) => {
            let day = match &setting.raw.kind {
                RawKind::Text(text) | RawKind::Date(text) => text.get(..10).and_then(|day| day.parse().ok()),
                _ => None,
            };
            if day.is_none() {
                faults.push(setting.wrong(&table.path("expires"), "a day such as 2027-06-30"));
            }
            day.map(|day| (day, setting.span()))
        }
    };
    table.finish(faults);
    let (expires, span) = expires?;
    (!contacts.is_empty()).then_some(SecurityContact { contacts, expires, span })
}

/// What share images look like: the images shown beside a link to a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ShareImages {
    /// The template of the drawing.
    pub(crate) template: String,
    /// The shape in which images show the drawing of their entry, if they do.
    pub(crate) drawing: Option<String>,
    /// Assets: typefaces in addition to the program's own.
    pub(crate) typefaces: Vec<(String, Span)>,
    pub(crate) title: Fit,
}

/// How to set a text in a limited space.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fit {
    /// The family and weight of its letters.
    pub(crate) typeface: String,
    /// Where the typeface is stated.
    pub(crate) stated: Option<Span>,
    pub(crate) weight: u16,
    /// How wide a line may be, in pixels.
    pub(crate) width: u32,
    /// How many lines there may be.
    pub(crate) lines: usize,
    /// The font sizes to choose from, in pixels, the largest first.
    pub(crate) sizes: Vec<u32>,
}

/// Reads `[share_images]`; nothing if neither theme nor site has it, or the site switches it off.
pub(super) fn share_images(table: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Option<ShareImages> {
    table.span()?;
    let is_wanted = table.flag("enabled", true, faults);
    let title = table.table("title", faults);
    let mut sizes = sizes(&title, faults).unwrap_or_else(|| vec![84, 72, 60, 48]);
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let (typeface, stated) = match title.text_at("typeface", faults) {
        Some((typeface, span)) => (typeface, Some(span)),
        None => ("Source Serif 4".to_owned(), None),
    };
    let share_images = ShareImages {
        template: table.text("template", faults).unwrap_or_else(|| "share.svg".to_owned()),
        drawing: table.text("drawing", faults).filter(|shape| !shape.is_empty()),
        typefaces: table.texts("typefaces", faults).unwrap_or_default(),
        title: Fit {
            typeface,
            stated,
            weight: title.count("weight", faults).and_then(|weight| u16::try_from(weight).ok()).unwrap_or(600),
            width: title.count("width", faults).and_then(|width| u32::try_from(width).ok()).unwrap_or(1_000),
            lines: title.count("lines", faults).unwrap_or(4),
            sizes,
        },
    };
    title.finish(faults);
    table.finish(faults);
    is_wanted.then_some(share_images)
}

fn sizes(title: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Option<Vec<u32>> {
    let setting = title.get("sizes")?;
    let wanted = "a list of sizes in pixels, each from 8 to 400, such as `[84, 72, 60]`";
    let RawKind::List(items) = &setting.raw.kind else {
        faults.push(setting.wrong(&title.path("sizes"), wanted));
        return None;
    };
    let mut sizes = Vec::new();
    for raw in items {
        match &raw.kind {
            RawKind::Int(size) if (8..=400).contains(size) => sizes.extend(u32::try_from(*size)),
            _ => faults.push(Setting { file: setting.file, raw }.wrong(&title.path("sizes"), wanted)),
        }
    }
    if items.is_empty() {
        faults.push(setting.wrong(&title.path("sizes"), wanted));
    }
    (!sizes.is_empty()).then_some(sizes)
}

/// Reads `[icons]`: the token of the background colour of icons that must be opaque.
pub(super) fn icon_ground(table: &Layers<'_>, tokens: &Tokens, faults: &mut Vec<Diagnostic>) -> Option<String> {
    let ground = table.text_at("ground", faults);
    table.finish(faults);
    let (name, span) = ground?;
    let colour = tokens.colours.get(&name).map(|colour| colour.light.to_string());
    if colour.is_none() {
        let names = tokens.colours.keys().map(String::as_str);
        faults.push(match tokens.colours.is_empty() {
            false => not_one_of("icons.ground", &name, span, names),
            true => Diagnostic::new(
                Code::WrongSetting,
                format!("there is no colour `{name}`: the theme does not declare it"),
            )
            .span(span)
            .help("delete the line to have a white background, or declare the colour in `[tokens]` of the theme"),
        });
    }
    colour
}
