//! The languages and directions that Word notes at words → `<span lang="cy">` around those that are not in the language of most others.

use std::collections::BTreeMap;

use super::body::Reader;
use super::runs::Line;
use super::spoken::spoken;
use super::styles::Styles;
use super::xml::Element;
use crate::import::document::{Inline, is_blank, words};

/// The language and the direction of words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Tongue {
    /// Its code: `cy-GB`; empty if nothing states it.
    lang: String,
    is_rtl: bool,
}

/// What is said of words by a `<span>`: its attributes.
pub(super) type Foreign = Vec<(String, String)>;

impl Tongue {
    /// The language and the direction of most letters of a document.
    pub(super) fn of(document: &Element, styles: &Styles) -> Self {
        let mut counts: BTreeMap<(String, bool), (usize, String)> = BTreeMap::new();
        for paragraph in document.below("w:p") {
            let style = paragraph.at(&["w:pPr", "w:pStyle"]).and_then(Element::val);
            for run in paragraph.below("w:r") {
                let empty = Element::default();
                let tongue = Self::stated(run.child("w:rPr").unwrap_or(&empty), style, styles);
                let letters = spoken(run).chars().filter(|c| c.is_alphabetic()).count();
                let count = counts.entry((primary(&tongue.lang), tongue.is_rtl)).or_insert((0, tongue.lang));
                count.0 += letters;
            }
        }
        let most = counts.into_iter().max_by_key(|(_, (count, _))| *count);
        most.map(|((_, is_rtl), (_, lang))| Self { lang, is_rtl }).unwrap_or_default()
    }

    /// What the look of a run states.
    fn stated(look: &Element, style: Option<&str>, styles: &Styles) -> Self {
        let own = look.child("w:rStyle").and_then(Element::val);
        let is_rtl =
            look.is_on("w:rtl").or_else(|| styles.is_on(own, "w:rtl")).or_else(|| styles.is_on(style, "w:rtl"));
        let is_rtl = is_rtl == Some(true);
        let attribute = if is_rtl { "w:bidi" } else { "w:val" };
        let all = [look.child("w:lang"), styles.look(own, "w:lang"), styles.language(style)];
        let lang = all.into_iter().flatten().find_map(|lang| lang.get(attribute)).filter(|lang| is_code(lang));
        Self { lang: lang.unwrap_or_default().to_owned(), is_rtl }
    }
}

/// Whether it is the code of a language: Word writes `x-none` for words in none.
fn is_code(lang: &str) -> bool {
    lang.len() >= 2
        && !lang.to_ascii_lowercase().starts_with("x-")
        && lang.split('-').all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// The language without its country.
fn primary(lang: &str) -> String {
    lang.split('-').next().unwrap_or_default().to_ascii_lowercase()
}

impl Reader<'_> {
    /// What must be said of the words of a run because they are in another language or direction than most, which is named.
    pub(super) fn foreign(&mut self, run: &Element, look: &Element) -> Foreign {
        if self.wishes.is_returned || self.fields.iter().any(|field| !field.is_in_result) {
            return Foreign::new();
        }
        let said = spoken(run);
        if !said.chars().any(char::is_alphabetic) {
            return Foreign::new();
        }
        let tongue = Tongue::stated(look, self.around.style(), &self.styles);
        let mut found = Foreign::new();
        let is_other = !tongue.lang.is_empty() && primary(&tongue.lang) != primary(&self.tongue.lang);
        if is_other && !self.tongue.lang.is_empty() {
            found.push(("lang".to_owned(), tongue.lang.clone()));
        }
        if tongue.is_rtl != self.tongue.is_rtl {
            found.push(("dir".to_owned(), if tongue.is_rtl { "rtl" } else { "ltr" }.to_owned()));
        }
        for (name, value) in &found {
            let span = format!("`<span {name}=\"{value}\">`");
            let (what, why) = match name.as_str() {
                "lang" => ("words that Word notes as another language", "take it away if Word guessed wrongly"),
                _ => ("words in the other direction", "see in the page whether the line reads well"),
            };
            let how = match self.wishes.shows_html {
                true => format!("they stand in {span}: {why}"),
                false => format!("that is not said here, since site.toml shows HTML as text; Word notes `{value}`"),
            };
            let place = self.place();
            self.losses.changed(what, &how, place, &said);
        }
        if self.wishes.shows_html { found } else { Foreign::new() }
    }

    /// Words that stand in a direction of their own.
    pub(super) fn turned(&mut self, element: &Element, line: &mut Line) {
        let mut inside = Line::new();
        // Fields within count their places from here.
        let fields = std::mem::take(&mut self.fields);
        self.runs(element, &mut inside);
        let rest = std::mem::replace(&mut self.fields, fields);
        self.fields.extend(rest);
        let Some(dir) = element.val().filter(|dir| matches!(*dir, "rtl" | "ltr") && !self.wishes.is_returned) else {
            line.extend(inside);
            return;
        };
        if is_blank(&inside) || (dir == "rtl") == self.tongue.is_rtl && element.name == "w:dir" {
            line.extend(inside);
            return;
        }
        let name = if element.name == "w:bdo" { "bdo" } else { "span" };
        let how = match self.wishes.shows_html {
            true => format!("they stand in `<{name} dir=\"{dir}\">`: see in the page whether the line reads well"),
            false => format!("that is not said here, since site.toml shows HTML as text; Word notes `{dir}`"),
        };
        let place = self.place();
        self.losses.changed("words in the other direction", &how, place, &words(&inside));
        match self.wishes.shows_html {
            true => line.push(Inline::Element {
                name: name.to_owned(),
                attributes: vec![("dir".to_owned(), dir.to_owned())],
                text: inside,
            }),
            false => line.extend(inside),
        }
    }

    /// Names a paragraph that runs in the other direction than the document, though its words do not say so.
    pub(super) fn other_way(&mut self, properties: &Element, paragraph: &Element) {
        let is_rtl = properties.is_on("w:bidi") == Some(true);
        let said = spoken(paragraph);
        let says_so = paragraph.below("w:r").any(|run| run.at(&["w:rPr", "w:rtl"]).is_some());
        if is_rtl && !self.tongue.is_rtl && !says_so && !said.is_empty() && !self.wishes.is_returned {
            let place = self.place();
            let how = "it begins at the left here, as the site's language does";
            self.losses.changed("a paragraph that begins at the right", how, place, "");
        }
    }
}

/// Adds words to a line, in one `<span>` with those before them that it is said of as well.
pub(super) fn spoken_in(foreign: &Foreign, inside: Line, line: &mut Line) {
    if foreign.is_empty() || is_blank(&inside) {
        return line.extend(inside);
    }
    if let Some(Inline::Element { name, attributes, text }) = line.last_mut()
        && name == "span"
        && attributes == foreign
    {
        return text.extend(inside);
    }
    line.push(Inline::Element { name: "span".to_owned(), attributes: foreign.clone(), text: inside });
}
