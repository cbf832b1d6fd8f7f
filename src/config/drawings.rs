//! `[drawings]` → what stands where an entry has no picture: for which entries, in which shapes, from which template.
//!
//! Not here: what a drawing is given of an entry (`drawings`), and what it looks like (the template).

use super::Collection;
use super::contrast::Rgb;
use super::layers::{Layers, Setting, not_one_of};
use crate::data::{Raw, RawKind};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::index::Index;
use crate::schema::Name;
use crate::schema::secrecy::UNSEEN;

/// A kind of drawing that a theme makes of entries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Drawing {
    pub(crate) name: String,
    pub(crate) template: String,
    /// The collections whose entries it is made of.
    pub(crate) of: Vec<Name>,
    /// The fields that it depends on, besides the title.
    pub(crate) fields: Vec<Name>,
    /// Width and height by name.
    pub(crate) shapes: Index<String, (u32, u32)>,
    /// Lists of colours by name, for the template.
    pub(crate) palettes: Index<String, Vec<String>>,
}

/// The least and the greatest width and height.
const SIDES: std::ops::RangeInclusive<i64> = 16..=4_000;

/// Reads `[drawings]`.
pub(super) fn read(
    all: &Layers<'_>,
    collections: &Index<Name, Collection>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Drawing> {
    let table = all.table("drawings", faults);
    let mut drawings: Vec<Drawing> = Vec::new();
    for (name, span) in table.keys() {
        let one = table.table(&name, faults);
        let of = names(&one, "of", faults);
        let known = || collections.keys().map(|name| &**name);
        faults.extend(
            of.iter()
                .filter(|(name, _)| !collections.contains_key(&**name))
                .map(|(name, span)| not_one_of(&one.path("of"), name, span.clone(), known())),
        );
        let taken = |name: &str| drawings.iter().find(|other| other.of.iter().any(|of| **of == *name));
        let twice = of.iter().find_map(|(name, span)| Some((name, span, taken(name)?)));
        if let Some((collection, span, other)) = twice {
            let message =
                format!("`{collection}` has the drawing `{}` already, and cannot have `{name}` too", other.name);
            let fault = Diagnostic::new(Code::WrongSetting, message).span(span.clone());
            faults.push(fault.help("name the collection in `of` of one of them only"));
        }
        let fields = names(&one, "fields", faults);
        let declared = |field: &str| {
            of.iter().filter_map(|(name, _)| collections.get(&**name)).any(|one| one.fields.contains_key(field))
        };
        let is_known = |field: &str| declared(field) && !UNSEEN.contains(&field);
        for (field, span) in fields.iter().filter(|(field, _)| !of.is_empty() && !is_known(field)) {
            let known = of.iter().filter_map(|(name, _)| collections.get(&**name)).flat_map(|one| one.fields.keys());
            let known = known.map(|name| &**name).filter(|name| !UNSEEN.contains(name));
            let names: std::collections::BTreeSet<&str> = known.collect();
            faults.push(not_one_of(&one.path("fields"), field, span.clone(), names.iter().copied()));
        }
        let drawing = Drawing {
            template: one.text("template", faults).unwrap_or_else(|| format!("drawings/{name}.svg")),
            shapes: shapes(&one, &span, faults),
            palettes: palettes(&one, faults),
            of: of.into_iter().map(|(name, _)| name.as_str().into()).collect(),
            fields: fields.into_iter().map(|(name, _)| name.as_str().into()).collect(),
            name,
        };
        one.finish(faults);
        drawings.push(drawing);
    }
    drawings
}

fn names(one: &Layers<'_>, key: &str, faults: &mut Vec<Diagnostic>) -> Vec<(String, Span)> {
    one.texts(key, faults).unwrap_or_default()
}

fn shapes(one: &Layers<'_>, span: &Span, faults: &mut Vec<Diagnostic>) -> Index<String, (u32, u32)> {
    let table = one.table("shapes", faults);
    let mut shapes = Index::default();
    for (name, _) in table.keys() {
        let Some(setting) = table.get(&name) else { continue };
        let sides: Vec<u32> = match &setting.raw.kind {
            RawKind::List(items) => items
                .iter()
                .filter_map(|raw| match &raw.kind {
                    RawKind::Int(side) if SIDES.contains(side) => u32::try_from(*side).ok(),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        match sides[..] {
            [width, height] => {
                shapes.insert(name, (width, height));
            }
            _ => faults.push(
                setting.wrong(&table.path(&name), "a width and a height, each from 16 to 4000, such as `[600, 400]`"),
            ),
        }
    }
    if shapes.is_empty() && table.span().is_none() {
        faults.push(one.missing("shapes", "{ wide = [600, 400] }").span(span.clone()));
    }
    shapes
}

fn palettes(one: &Layers<'_>, faults: &mut Vec<Diagnostic>) -> Index<String, Vec<String>> {
    let table = one.table("palettes", faults);
    let mut palettes = Index::default();
    for (name, _) in table.keys() {
        let Some(setting) = table.get(&name) else { continue };
        let colour = |raw: &Raw| match &raw.kind {
            RawKind::Text(text) => Rgb::parse(text).map(|colour| colour.to_string()),
            _ => None,
        };
        let RawKind::List(items) = &setting.raw.kind else {
            faults.push(setting.wrong(&table.path(&name), WANTED));
            continue;
        };
        let wrong = items.iter().find(|raw| colour(raw).is_none());
        if let Some(raw) = wrong {
            faults.push(Setting { file: setting.file, raw }.wrong(&table.path(&name), WANTED));
        }
        palettes.insert(name, items.iter().filter_map(colour).collect());
    }
    palettes
}

/// What a palette must be.
const WANTED: &str = "a list of colours, each like `\"#a8341f\"`";
