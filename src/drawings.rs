//! An entry → the drawing that stands for it where there is no picture: what the drawing is made from, and its name.
//!
//! A name is known before anything is drawn: a drawing depends only on the entry's title, the fields that the theme names and
//! the templates of drawings, which can ask for nothing else. What two entries, or an entry and its translations, have in
//! common in all of that is one file.
//!
//! Not here: the template of the drawing (`template`), and what it looks like (the theme).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::Drawing;
use crate::index::Index;
use crate::path::Address;
use crate::schema::{Name, Trait, Type, Value};
use crate::site::{Ix, Site, reference_target};

/// The extension of templates of drawings.
pub(crate) const TEMPLATE: &str = "svg";

/// The folder of drawings of entries.
pub(crate) const FOLDER: &str = "/assets/drawings/";

/// The version of what templates of drawings can ask for, and of how numbers are written. Raise it whenever the bytes change.
const FORM: u32 = 2;

/// What a drawing is given of an entry.
pub(crate) type Facts = Index<String, Fact>;

/// One thing that a drawing is given.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Fact {
    None,
    Bool(bool),
    Int(i64),
    Number(f64),
    Text(String),
    List(Vec<Fact>),
    Of(Facts),
}

/// A drawing of an entry in one shape.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Drawn {
    /// Which of the theme's drawings it is.
    pub(crate) name: String,
    pub(crate) shape: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) facts: Facts,
    /// The hash of everything it is made from.
    pub(crate) key: [u8; 32],
    pub(crate) address: Address,
}

impl Drawn {
    /// The identity of its entry: `publications/small-lots`.
    pub(crate) fn of(&self) -> String {
        let text = |name: &str| match self.facts.get(name) {
            Some(Fact::Text(text)) => text.as_str(),
            _ => "",
        };
        format!("{}/{}", text("collection"), text("key"))
    }
}

// The numbers in facts are those of a TOML file, none of which differs from itself.
impl Eq for Drawn {}

/// What the drawings of a snapshot depend on, besides their entries.
#[derive(Debug)]
pub(crate) struct Drawings {
    hash: blake3::Hash,
    /// The places of terms among those of their collection, from 1.
    numbers: BTreeMap<Ix, usize>,
    /// How many entries stand before each among those of which the same would be drawn but for their titles, from 0.
    alike: BTreeMap<Ix, usize>,
}

impl Drawings {
    /// `None` if the theme draws nothing.
    pub(crate) fn new(site: &Site) -> Option<Self> {
        if site.config.drawings.is_empty() {
            return None;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(&FORM.to_le_bytes());
        of_templates(site, &mut hasher);
        of_colours(site, &mut hasher);
        let drawings = Self { hash: hasher.finalize(), numbers: numbers(site), alike: BTreeMap::new() };
        Some(Self { alike: alike(site, &drawings), ..drawings })
    }

    /// The drawing of the public entry `ix` in a shape; `None` if there is none.
    pub(crate) fn of(&self, site: &Site, ix: Ix, shape: &str) -> Option<Drawn> {
        let drawing = site.config.drawing_of(&site.entry(ix).id.collection)?;
        let size = *drawing.shapes.get(shape)?;
        site.is_shown(ix).then(|| self.drawn(drawing, shape, size, self.facts(site, ix)))
    }

    /// All drawings of public entries, each once, in order of address.
    pub(crate) fn all(&self, site: &Site) -> impl Iterator<Item = Drawn> + use<> {
        let mut all: BTreeMap<Address, Drawn> = BTreeMap::new();
        for ix in site.shown() {
            let Some(drawing) = site.config.drawing_of(&site.entry(ix).id.collection) else { continue };
            let facts = self.facts(site, ix);
            for (shape, size) in &drawing.shapes {
                let drawn = self.drawn(drawing, shape, *size, facts.clone());
                all.insert(drawn.address.clone(), drawn);
            }
        }
        all.into_values()
    }

    fn drawn(&self, drawing: &Drawing, shape: &str, (width, height): (u32, u32), facts: Facts) -> Drawn {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.hash.as_bytes()).update(&width.to_le_bytes()).update(&height.to_le_bytes());
        let Drawing { name, template, palettes, .. } = drawing;
        let inputs = serde_json::to_vec(&(name, template, palettes, shape, &facts));
        hasher.update(&inputs.unwrap_or_default());
        let key = hasher.finalize();
        let address = Address::new(&format!("{FOLDER}{name}-{shape}.{}.svg", &key.to_hex()[..16]));
        let (name, shape) = (name.clone(), shape.to_owned());
        Drawn { name, shape, width, height, facts, key: *key.as_bytes(), address }
    }

    /// What the drawing of `ix` is given: that of the original for a translation, so that both have one.
    fn facts(&self, site: &Site, ix: Ix) -> Facts {
        let ix = Some(site.subject(ix)).filter(|subject| site.is_shown(*subject)).unwrap_or(ix);
        let mut facts = self.own_facts(site, ix);
        let entry = site.entry(ix);
        let collection = &site.config.collections[&entry.id.collection];
        for name in site.config.drawing_of(&collection.name).iter().flat_map(|one| &one.fields) {
            let ty = collection.fields.get(name).map(|field| &field.ty);
            let value = ty.zip(entry.values.get(name));
            let fact = value.and_then(|(ty, placed)| self.fact(site, ty, &placed.value));
            facts.entry(name.to_string()).or_insert(fact.unwrap_or(Fact::None));
        }
        let alike = self.alike.get(&ix).and_then(|number| i64::try_from(*number).ok());
        facts.entry("alike".to_owned()).or_insert(Fact::Int(alike.unwrap_or_default()));
        facts
    }

    /// What every drawing is given.
    fn own_facts(&self, site: &Site, ix: Ix) -> Facts {
        let entry = site.entry(ix);
        let text = |text: &str| Fact::Text(text.to_owned());
        let number = self.numbers.get(&ix).and_then(|number| i64::try_from(*number).ok());
        Facts::from_iter([
            ("title".to_owned(), text(entry.title())),
            ("key".to_owned(), text(&entry.id.key)),
            ("collection".to_owned(), text(&entry.id.collection)),
            ("number".to_owned(), number.map_or(Fact::None, Fact::Int)),
        ])
    }

    /// A value; nothing for texts with marks, files, groups, and references to what is hidden. Of an entry that a field refers
    /// to, a drawing is given what that entry's own drawing would be given, but no further references.
    fn fact(&self, site: &Site, ty: &Type, value: &Value) -> Option<Fact> {
        Some(match value {
            Value::Text(_) | Value::Date(..) | Value::DateTime(_) => Fact::Text(value.as_text()),
            Value::Int(number) => Fact::Int(*number),
            Value::Number(number) => Fact::Number(*number),
            Value::Bool(flag) => Fact::Bool(*flag),
            Value::List(items) => {
                Fact::List(items.iter().filter_map(|item| self.fact(site, ty, &item.value)).collect())
            }
            Value::Ref(key) => {
                let ix = site.subject(site.shown_by_key(reference_target(ty)?, key, crate::config::Lang::OWN)?);
                Fact::Of(self.referred(site, Some(ix).filter(|ix| site.is_shown(*ix))?))
            }
            Value::Doc(_) | Value::Image(_) | Value::File(_) | Value::Record(_) => return None,
        })
    }

    fn referred(&self, site: &Site, ix: Ix) -> Facts {
        let mut facts = self.own_facts(site, ix);
        let entry = site.entry(ix);
        let fields: &[Name] = site.config.drawing_of(&entry.id.collection).map_or(&[], |one| &one.fields);
        for name in fields {
            let fact = entry.values.get(name).and_then(|placed| match &placed.value {
                Value::Text(text) => Some(Fact::Text(text.to_string())),
                Value::Int(number) => Some(Fact::Int(*number)),
                Value::Number(number) => Some(Fact::Number(*number)),
                Value::Bool(flag) => Some(Fact::Bool(*flag)),
                _ => None,
            });
            facts.entry(name.to_string()).or_insert(fact.unwrap_or(Fact::None));
        }
        facts
    }
}

/// Adds the texts of all templates of drawings to a hash.
pub(crate) fn of_templates(site: &Site, hasher: &mut blake3::Hasher) {
    let themes = site.config.themes.iter().map(|theme| format!("themes/{theme}/templates"));
    for folder in std::iter::once("templates".to_owned()).chain(themes) {
        for file in site.tree.below(&folder).filter(|file| file.path.ending() == TEMPLATE) {
            hasher.update(file.path.as_str().as_bytes()).update(file.text().unwrap_or_default().as_bytes());
        }
    }
}

/// Adds the colours that these templates are given.
pub(crate) fn of_colours(site: &Site, hasher: &mut blake3::Hasher) {
    for (name, colour) in &site.config.tokens.colours {
        hasher.update(format!("{name} {}\n", colour.light).as_bytes());
    }
}

/// The places of terms among those of their collection, by weight and name: so the first six of a kind differ, and a new one
/// that comes last changes no other.
fn numbers(site: &Site) -> BTreeMap<Ix, usize> {
    let mut numbers = BTreeMap::new();
    for collection in site.config.with_trait(Trait::Term) {
        let is_own = |ix: &Ix| site.entry(*ix).id.collection == collection.name && site.subject(*ix) == *ix;
        let mut terms: Vec<Ix> = site.shown().filter(is_own).collect();
        let weight = |ix: Ix| match site.entry(ix).values.get("weight").map(|placed| &placed.value) {
            Some(Value::Int(weight)) => *weight,
            _ => i64::MAX,
        };
        terms.sort_by(|a, b| (weight(*a), &site.entry(*a).id.key).cmp(&(weight(*b), &site.entry(*b).id.key)));
        numbers.extend(terms.into_iter().zip(1..));
    }
    numbers
}

/// How many entries stand before each among those of its collection that have the same values in the fields that its drawing
/// depends on, of several the first; by date and name. With it a theme gives neighbours on a list another arrangement, and a
/// newer entry changes no older one.
fn alike(site: &Site, drawings: &Drawings) -> BTreeMap<Ix, usize> {
    let mut groups: BTreeMap<(&Name, Vec<String>), Vec<Ix>> = BTreeMap::new();
    for ix in site.shown().filter(|ix| site.subject(*ix) == *ix) {
        let entry = site.entry(ix);
        let Some(drawing) = site.config.drawing_of(&entry.id.collection) else { continue };
        let fields = &site.config.collections[&entry.id.collection].fields;
        // As drawings are told it: nothing of what is hidden.
        let said = |name: &Name| {
            let value = fields.get(name).map(|field| &field.ty).zip(entry.values.get(name));
            let fact = value.and_then(|(ty, placed)| drawings.fact(site, ty, &placed.value));
            let first = match fact {
                Some(Fact::List(items)) => items.into_iter().next(),
                fact => fact,
            };
            serde_json::to_string(&first).unwrap_or_default()
        };
        groups.entry((&entry.id.collection, drawing.fields.iter().map(said).collect())).or_default().push(ix);
    }
    let mut alike = BTreeMap::new();
    for mut group in groups.into_values() {
        let day = |ix: Ix| {
            let dated = ["date", "start"].iter().find_map(|name| site.entry(ix).values.get(*name));
            dated.map(|placed| placed.value.as_text()).unwrap_or_default()
        };
        group.sort_by_cached_key(|ix| (day(*ix), site.entry(*ix).id.key.clone()));
        alike.extend(group.into_iter().zip(0..));
    }
    alike
}
