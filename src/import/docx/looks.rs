//! How words look in Word: what of it says what they are, what a page does not have, and what a tracked change did to it.

use super::Changes;
use super::body::Reader;
use super::spoken::spoken;
use super::xml::Element;
use crate::import::losses::shortened;

/// How the letters of a paragraph look.
pub(super) struct Looks {
    pub(super) is_bold: bool,
    pub(super) size: u32,
}

impl Looks {
    pub(super) fn of(reader: &Reader<'_>, paragraph: &Element, style: Option<&str>) -> Self {
        let usual = reader.styles.size(style);
        let runs = paragraph
            .below("w:r")
            .filter(|run| run.elements().any(|one| one.name == "w:t" && !one.text().trim().is_empty()));
        let looks: Vec<(bool, u32)> = runs
            .map(|run| {
                let own = run.child("w:rPr");
                let is_bold =
                    own.and_then(|own| own.is_on("w:b")).or_else(|| reader.styles.is_on(style, "w:b")).unwrap_or(false);
                let size =
                    own.and_then(|own| own.child("w:sz")).and_then(Element::val).and_then(|size| size.parse().ok());
                (is_bold, size.unwrap_or(usual))
            })
            .collect();
        Self {
            is_bold: !looks.is_empty() && looks.iter().all(|(is_bold, _)| *is_bold),
            size: looks.iter().map(|(_, size)| *size).min().unwrap_or(usual),
        }
    }
}

impl Reader<'_> {
    /// What a tracked change of look replaced, if that is to be read. It is listed among the changes if it changes what is read:
    /// one of `meant`.
    pub(super) fn look_before<'e>(
        &mut self,
        now: &'e Element,
        change: &str,
        meant: &[&str],
        changed: &Element,
    ) -> Option<&'e Element> {
        let change = now.child(change)?;
        let before = change.elements().find(|one| one.name == now.name)?;
        let words = spoken(changed);
        if words.is_empty() {
            return None;
        }
        let reject = self.wishes.changes == Changes::Reject;
        if meant.iter().any(|name| now.child(name) != before.child(name)) {
            let (place, who) = (self.place(), change.get("w:author").unwrap_or("somebody"));
            self.changes.push(format!("{place}: {who} changed the look of “{}”", shortened(&words)));
            let how = if reject { "the words look as before" } else { "the words look as after it" };
            self.losses.changed("a tracked change of look", how, place, "");
        }
        reject.then_some(before)
    }

    /// Names what words look like and a page does not show; `look` are their own properties.
    pub(super) fn plainer(&mut self, look: &Element, is_link: bool, words: &str) {
        if words.is_empty() {
            return;
        }
        let value = |name: &str| look.child(name).map(|one| one.val().unwrap_or_default());
        let is_set = |name: &str, unset: &[&str]| value(name).is_some_and(|value| !unset.contains(&value));
        let is_shaded = look.child("w:shd").and_then(|shade| shade.get("w:fill"));
        let is_shaded = is_shaded.is_some_and(|fill| !matches!(fill.to_lowercase().as_str(), "auto" | "ffffff"));
        let found = [
            (
                is_set("w:u", &["none"]) && !is_link,
                "underlined words",
                "they are plain, since on the web only links are underlined: write `**` around them if they matter",
            ),
            (
                is_set("w:highlight", &["none"]) || is_shaded,
                "words with a marker over them",
                "they are plain: see whether the marker says that something is still open",
            ),
            (
                look.is_on("w:caps") == Some(true) || look.is_on("w:smallCaps") == Some(true),
                "words that Word shows in capitals",
                "they are as they were typed",
            ),
            (
                is_set("w:color", &["auto", "000000", "windowText"]) && !is_link,
                "coloured words",
                "the site's design gives colours: say in words what the colour meant, if it meant something",
            ),
        ];
        for (_, what, how) in found.into_iter().filter(|(is_found, ..)| *is_found) {
            let place = self.place();
            self.losses.changed(what, how, place, words);
        }
    }
}
