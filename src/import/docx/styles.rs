//! `styles.xml` and `numbering.xml` → what a style is called and looks like, and what numbers its paragraphs have.

use std::collections::BTreeMap;

use super::ground::{Ground, shade};
use super::xml::Element;

/// The styles of a document by their ids.
#[derive(Debug, Default)]
pub(super) struct Styles {
    all: BTreeMap<String, Style>,
    /// The style of paragraphs that name none.
    usual: Option<String>,
    /// The size of letters that nothing states, in half points.
    size: Option<u32>,
    /// The language of words that state none.
    language: Option<Element>,
}

/// One style, as far as it says so itself.
#[derive(Debug, Default)]
pub(super) struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    /// The id of its numbering, and the level.
    number: Option<(String, usize)>,
    look: Option<Element>,
    /// What it puts behind its paragraphs, and whether it shades parts of a table.
    ground: Option<Ground>,
    is_shaded: bool,
    /// The lines around its paragraphs.
    lines: Option<Element>,
}

impl Styles {
    pub(super) fn read(root: Option<&Element>) -> Self {
        let mut styles = Self::default();
        let Some(root) = root else { return styles };
        styles.size = root
            .at(&["w:docDefaults", "w:rPrDefault", "w:rPr", "w:sz"])
            .and_then(Element::val)
            .and_then(|size| size.parse().ok());
        styles.language = root.at(&["w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang"]).cloned();
        for one in root.elements().filter(|one| one.name == "w:style") {
            let Some(id) = one.get("w:styleId") else { continue };
            let properties = one.child("w:pPr");
            let style = Style {
                name: one.child("w:name").and_then(Element::val).unwrap_or(id).to_lowercase(),
                based_on: one.child("w:basedOn").and_then(Element::val).map(str::to_owned),
                outline: properties.and_then(outline),
                number: properties.and_then(number),
                look: one.child("w:rPr").cloned(),
                ground: properties.and_then(shade),
                lines: properties.and_then(|own| own.child("w:pBdr")).cloned(),
                is_shaded: one.get("w:type") == Some("table") && one.below("w:shd").next().is_some(),
            };
            if one.get("w:type") == Some("paragraph") && matches!(one.get("w:default"), Some("1" | "true" | "on")) {
                styles.usual = Some(id.to_owned());
            }
            styles.all.insert(id.to_owned(), style);
        }
        styles
    }

    /// A style and those that it is based on, itself first.
    fn chain<'a>(&'a self, id: Option<&str>) -> impl Iterator<Item = &'a Style> + use<'a> {
        let next = |style: &&'a Style| style.based_on.as_deref().and_then(|id| self.all.get(id));
        std::iter::successors(id.and_then(|id| self.all.get(id)), next).take(20)
    }

    /// The names of a style and of those it is based on, in small letters; an unknown style is called by its id.
    pub(super) fn names(&self, id: Option<&str>) -> Vec<String> {
        let mut names: Vec<String> = self.chain(id).map(|style| style.name.clone()).collect();
        if names.is_empty()
            && let Some(id) = id
        {
            names.push(id.to_lowercase());
        }
        names
    }

    pub(super) fn outline(&self, id: Option<&str>) -> Option<u8> {
        self.chain(id).find_map(|style| style.outline)
    }

    pub(super) fn number(&self, id: Option<&str>) -> Option<(String, usize)> {
        self.chain(id).find_map(|style| style.number.clone())
    }

    /// Whether a style sets a property of letters on.
    pub(super) fn is_on(&self, id: Option<&str>, property: &str) -> Option<bool> {
        self.chain(id).find_map(|style| style.look.as_ref()?.is_on(property))
    }

    /// The value of a property of letters that a style states.
    pub(super) fn value<'a>(&'a self, id: Option<&str>, property: &str) -> Option<&'a str> {
        self.chain(id).find_map(|style| style.look.as_ref()?.child(property)?.val())
    }

    /// A property of letters that a style states.
    pub(super) fn look<'a>(&'a self, id: Option<&str>, property: &str) -> Option<&'a Element> {
        self.chain(id).find_map(|style| style.look.as_ref()?.child(property))
    }

    /// What a style puts behind its paragraphs.
    pub(super) fn ground(&self, id: Option<&str>) -> Option<Ground> {
        self.chain(id).find_map(|style| style.ground)
    }

    /// The lines that a style draws around its paragraphs.
    pub(super) fn lines(&self, id: Option<&str>) -> Option<&Element> {
        self.chain(id).find_map(|style| style.lines.as_ref())
    }

    /// The language of words in a paragraph of this style, as `w:lang` states it.
    pub(super) fn language(&self, id: Option<&str>) -> Option<&Element> {
        self.look(id.or(self.usual.as_deref()), "w:lang").or(self.language.as_ref())
    }

    /// Whether the style of a table gives some of its cells a ground.
    pub(super) fn shades(&self, id: Option<&str>) -> bool {
        self.chain(id).any(|style| style.is_shaded)
    }

    /// The size of letters in a paragraph of this style, in half points.
    pub(super) fn size(&self, id: Option<&str>) -> u32 {
        let id = id.or(self.usual.as_deref());
        self.value(id, "w:sz").and_then(|size| size.parse().ok()).or(self.size).unwrap_or(20)
    }
}

/// The level that a paragraph has in the outline, from 0.
pub(super) fn outline(properties: &Element) -> Option<u8> {
    properties.child("w:outlineLvl")?.val()?.parse().ok().filter(|level| *level < 9)
}

/// The numbering of a paragraph and its level in it.
pub(super) fn number(properties: &Element) -> Option<(String, usize)> {
    let number = properties.child("w:numPr")?;
    let level = number.child("w:ilvl").and_then(Element::val).and_then(|level| level.parse().ok()).unwrap_or(0);
    Some((number.child("w:numId")?.val()?.to_owned(), usize::min(level, 8)))
}

/// The numberings of a document.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// By the id that paragraphs name: the numbering behind it, and levels that begin anew.
    named: BTreeMap<String, (String, BTreeMap<usize, u64>)>,
    levels: BTreeMap<String, BTreeMap<usize, Level>>,
    /// The last number given at each level of each numbering.
    counted: BTreeMap<(String, usize), u64>,
}

#[derive(Clone, Debug)]
struct Level {
    format: String,
    start: u64,
    /// How the number is written: `%1.%2`.
    text: String,
}

/// How an item is marked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Mark {
    Bullet,
    /// Its number, and how Word writes it: `lowerLetter`.
    Number(u64, String),
}

impl Numbering {
    pub(super) fn read(root: Option<&Element>) -> Self {
        let mut numbering = Self::default();
        let Some(root) = root else { return numbering };
        let count =
            |element: Option<&Element>| element.and_then(Element::val).and_then(|count| count.parse::<u64>().ok());
        let index = |element: &Element| element.get("w:ilvl").and_then(|level| level.parse::<usize>().ok());
        for one in root.elements() {
            if let ("w:abstractNum", Some(id)) = (one.name.as_str(), one.get("w:abstractNumId")) {
                let levels = one.elements().filter(|level| level.name == "w:lvl").filter_map(|level| {
                    let format = level.child("w:numFmt").and_then(Element::val).unwrap_or("decimal").to_owned();
                    let text = level.child("w:lvlText").and_then(Element::val).unwrap_or_default().to_owned();
                    Some((index(level)?, Level { format, start: count(level.child("w:start")).unwrap_or(1), text }))
                });
                numbering.levels.insert(id.to_owned(), levels.collect());
            }
            if let ("w:num", Some(id)) = (one.name.as_str(), one.get("w:numId")) {
                let behind = one.child("w:abstractNumId").and_then(Element::val).unwrap_or_default().to_owned();
                let anew = one.elements().filter(|level| level.name == "w:lvlOverride");
                let anew = anew.filter_map(|level| Some((index(level)?, count(level.child("w:startOverride"))?)));
                numbering.named.insert(id.to_owned(), (behind, anew.collect()));
            }
        }
        numbering
    }

    /// Counts the next item; `None` if it has no mark.
    pub(super) fn next(&mut self, id: &str, level: usize) -> Option<Mark> {
        if id == "0" {
            return None;
        }
        let Some((behind, anew)) = self.named.get(id) else { return Some(Mark::Bullet) };
        let known = self.levels.get(behind).and_then(|levels| levels.get(&level));
        let Some(known) = known else { return Some(Mark::Bullet) };
        match known.format.as_str() {
            "bullet" => return Some(Mark::Bullet),
            "none" => return None,
            _ => {}
        }
        // A numbering that begins anew counts for itself.
        let counter = if anew.is_empty() { format!("a{behind}") } else { format!("n{id}") };
        let start = anew.get(&level).copied().unwrap_or(known.start);
        let number = self.counted.get(&(counter.clone(), level)).map_or(start, |last| last.saturating_add(1));
        let format = known.format.clone();
        self.counted.retain(|(name, deeper), _| *name != counter || *deeper <= level);
        self.counted.insert((counter, level), number);
        Some(Mark::Number(number, format))
    }

    /// What Word writes before the item that was counted last at this level: `1.2`; empty if it has no number.
    pub(super) fn shown(&self, id: &str, level: usize) -> String {
        let Some((behind, anew)) = self.named.get(id) else { return String::new() };
        let Some(levels) = self.levels.get(behind) else { return String::new() };
        let Some(own) = levels.get(&level).filter(|own| own.format != "bullet") else { return String::new() };
        let counter = if anew.is_empty() { format!("a{behind}") } else { format!("n{id}") };
        let mut out = own.text.clone();
        for (at, one) in levels {
            let number = self.counted.get(&(counter.clone(), *at)).copied().unwrap_or(one.start);
            out = out.replace(&format!("%{}", at + 1), &numeral(number, &one.format));
        }
        out.trim().to_owned()
    }
}

/// A number as Word writes it in this format.
fn numeral(number: u64, format: &str) -> String {
    let letter = |first: u8| match u8::try_from(number) {
        Ok(number @ 1..=26) => char::from(first + number - 1).to_string(),
        _ => number.to_string(),
    };
    match format {
        "lowerLetter" => letter(b'a'),
        "upperLetter" => letter(b'A'),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        "decimalZero" if number < 10 => format!("0{number}"),
        _ => number.to_string(),
    }
}

fn roman(mut number: u64) -> String {
    const SIGNS: &[(u64, &str)] = &[
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number > 3999 {
        return number.to_string();
    }
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while number >= *value {
            out.push_str(sign);
            number -= value;
        }
    }
    out
}
