//! What Word does not show, and what a tracked change may have taken out of a table → left out, and named.

use super::body::{Flow, Reader};
use super::ground::{Ground, shade};
use super::spoken::spoken;
use super::xml::Element;

/// Why nobody saw words: what they are, and what is said of them.
pub(super) type Unseen = (&'static str, &'static str);

const HIDDEN: Unseen = ("hidden text", "Word does not show it either");

/// Whether a text is the place of a file on somebody's computer.
pub(super) fn is_of_a_computer(text: &str) -> bool {
    let bare = text.trim().to_lowercase();
    let homes = ["/users/", "/home/", "/volumes/", "~/"];
    bare.starts_with("file:")
        || bare.starts_with("\\\\")
        || homes.iter().any(|home| bare.starts_with(home))
        || bare.get(1..3).is_some_and(|drive| matches!(drive, ":\\" | ":/"))
            && bare.starts_with(|c: char| c.is_ascii_alphabetic())
}

impl Reader<'_> {
    /// Why nobody saw the words of a run with this look and style, if nobody did; `is_hidden` says whether the look or a style hides them.
    pub(super) fn unseen(&self, look: &Element, style: Option<&str>, is_hidden: bool) -> Option<Unseen> {
        if is_hidden {
            return Some(HIDDEN);
        }
        self.around.covers(look, style, &self.styles).then_some((
            "words on a ground of their own colour, or too small to see",
            "nobody could read them in Word: if they are no secret, write them into the page",
        ))
    }

    /// Names what nobody saw.
    pub(super) fn leave_unseen(&mut self, (what, how): Unseen, words: &str) {
        let place = self.place();
        self.losses.left(what, how, place, words);
    }

    /// Whether a table is hidden by its style.
    pub(super) fn hides_table(&mut self, table: &Element) -> bool {
        let style = table.at(&["w:tblPr", "w:tblStyle"]).and_then(Element::val);
        let is_hidden = self.styles.is_on(style, "w:vanish") == Some(true);
        if is_hidden {
            self.leave_unseen(("a hidden table", HIDDEN.1), &spoken(table));
        }
        is_hidden
    }

    /// What is in a table, on the ground that its style and its properties give it.
    pub(super) fn on_table(&mut self, table: &Element) -> Vec<Flow> {
        let outer = self.around.clone();
        let own = table.child("w:tblPr");
        let style = own.and_then(|own| own.child("w:tblStyle")).and_then(Element::val);
        if self.styles.shades(style) {
            self.around.ground = Ground::Unknown;
        }
        if let Some(ground) = own.and_then(shade) {
            self.around.ground = ground;
        }
        let flow = self.table(table);
        self.around = outer;
        flow
    }

    /// What is in a cell, on its own ground.
    pub(super) fn cell(&mut self, cell: &Element) -> Vec<Flow> {
        self.on(cell.child("w:tcPr").and_then(shade), cell)
    }

    /// What is in a part, on this ground if it has one of its own.
    pub(super) fn on(&mut self, ground: Option<Ground>, part: &Element) -> Vec<Flow> {
        let outer = self.around.clone();
        self.around.ground = ground.unwrap_or(outer.ground);
        let flow = self.flow(part);
        self.around = outer;
        flow
    }

    /// Whether a row is hidden, or too low to show anything.
    pub(super) fn hides_row(&mut self, row: &Element) -> bool {
        /// In twentieths of a point.
        const LOWEST: u32 = 60;
        let properties = row.child("w:trPr");
        let height = properties.and_then(|own| own.child("w:trHeight"));
        let is_exact = height.is_some_and(|height| height.get("w:hRule") == Some("exact"));
        let height = height.and_then(Element::val).and_then(|height| height.parse::<u32>().ok());
        let is_hidden = properties.and_then(|look| look.is_on("w:hidden")) == Some(true)
            || is_exact && height.is_some_and(|height| height <= LOWEST);
        if is_hidden {
            self.leave_unseen(("a hidden row of a table", HIDDEN.1), &spoken(row));
        }
        is_hidden
    }

    /// Whether a cell is to be read: a tracked change may have brought it, or taken it away.
    pub(super) fn takes_cell(&mut self, cell: &Element) -> bool {
        let Some(properties) = cell.child("w:tcPr") else { return true };
        if let Some(merge) = properties.child("w:cellMerge") {
            let (place, who) = (self.place(), merge.get("w:author").unwrap_or("somebody"));
            self.changes.push(format!("{place}: {who} merged cells of a table, or parted them"));
            self.losses.changed("a tracked change of cells", "the cells are as after it", place, "");
        }
        let change = properties.child("w:cellIns").or(properties.child("w:cellDel"));
        change.is_none_or(|change| self.takes(change.name == "w:cellIns", change, &spoken(cell)))
    }

    /// Whether Word does not show what is drawn here.
    pub(super) fn hides_shape(&mut self, shape: &Element) -> bool {
        let own = ["wp:docPr", "wps:cNvPr", "wpg:cNvPr", "pic:cNvPr"];
        let near = own.iter().find_map(|name| shape.child(name)).or(shape.at(&["pic:nvPicPr", "pic:cNvPr"]));
        let is_on = |value: &str| matches!(value, "1" | "true" | "on");
        // Words in a frame of less than two points.
        let is_flat = shape.child("wp:extent").is_some_and(|size| {
            ["cx", "cy"]
                .iter()
                .any(|side| size.get(side).and_then(|side| side.parse::<i64>().ok()).is_some_and(|side| side < 25_400))
        });
        let is_hidden =
            near.and_then(|one| one.get("hidden")).is_some_and(is_on) || is_flat && !spoken(shape).is_empty();
        if is_hidden {
            let alt = near.and_then(|one| one.get("descr")).unwrap_or_default();
            self.leave_unseen(("a hidden drawing", HIDDEN.1), &format!("{alt} {}", spoken(shape)));
        }
        is_hidden
    }

    /// Words for a picture, unless they only say where its file lay on somebody's computer, as Word writes by itself.
    pub(super) fn without_paths(&mut self, alt: String) -> String {
        if !is_of_a_computer(&alt) {
            return alt;
        }
        self.leave_unseen(
            ("the place of a picture on somebody's computer", "Word wrote it where words for the picture belong"),
            &alt,
        );
        String::new()
    }

    /// Whether a drawing of points and lines holds words that it does not show: the picture beside it has none.
    pub(super) fn has_unseen_words(&self, id: &str) -> bool {
        let part = self.related.get(id).filter(|one| !one.is_outside).map(|one| one.target.clone());
        let Some(text) = part.and_then(|part| self.package.bytes(&part)) else { return false };
        let text: String = String::from_utf8_lossy(text).to_lowercase().split_whitespace().collect();
        let hides = [
            "display=\"none",
            "display='none",
            "display:none",
            "visibility=\"hidden",
            "visibility='hidden",
            "visibility:hidden",
            "opacity=\"0\"",
            "opacity:0;",
            "<!--",
            "<metadata",
        ];
        hides.iter().any(|mark| text.contains(mark))
    }

    /// The same of a drawing as Word 2003 made them.
    pub(super) fn hides_vml(&mut self, pict: &Element) -> bool {
        let names = ["v:shape", "v:rect", "v:group", "v:roundrect", "v:oval", "v:line"];
        let is_unseen = |one: &Element| {
            let style: String = one.get("style").unwrap_or_default().split_whitespace().collect();
            let style = style.to_lowercase();
            style.contains("visibility:hidden") || style.contains("display:none") || style.contains("mso-hide:all")
        };
        let is_hidden = names.iter().any(|name| pict.below(name).any(is_unseen));
        if is_hidden {
            self.leave_unseen(("a hidden drawing", HIDDEN.1), &spoken(pict));
        }
        is_hidden
    }
}
