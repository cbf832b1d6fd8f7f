//! What Word does not show, and what a tracked change may have taken out of a table → left out, and named.

use super::body::Reader;
use super::spoken::spoken;
use super::xml::Element;

/// The colours of Word's markers.
const MARKERS: &[(&str, &str)] = &[
    ("black", "000000"),
    ("white", "ffffff"),
    ("red", "ff0000"),
    ("yellow", "ffff00"),
    ("green", "00ff00"),
    ("cyan", "00ffff"),
    ("magenta", "ff00ff"),
    ("blue", "0000ff"),
    ("darkBlue", "000080"),
    ("darkCyan", "008080"),
    ("darkGreen", "008000"),
    ("darkMagenta", "800080"),
    ("darkRed", "800000"),
    ("darkYellow", "808000"),
    ("darkGray", "808080"),
    ("lightGray", "c0c0c0"),
];

/// Why nobody saw words: what they are, and what is said of them.
pub(super) type Unseen = (&'static str, &'static str);

const HIDDEN: Unseen = ("hidden text", "Word does not show it either");

impl Reader<'_> {
    /// Why nobody saw the words of a run with this look, if nobody did; `is_hidden` says whether the look or a style hides them.
    pub(super) fn unseen(&self, look: &Element, is_hidden: bool) -> Option<Unseen> {
        if is_hidden {
            return Some(HIDDEN);
        }
        let shade = look.child("w:shd").and_then(|shade| shade.get("w:fill")).map(str::to_lowercase);
        let marker = look.child("w:highlight").and_then(Element::val).and_then(|name| {
            MARKERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, colour)| (*colour).to_owned())
        });
        let own = look.child("w:color").and_then(Element::val).map(str::to_lowercase);
        let is_covered = match own.as_deref() {
            // Letters without a colour of their own are black.
            None | Some("auto") => marker.as_deref() == Some("000000"),
            Some(own) => marker.as_deref() == Some(own) || marker.is_none() && shade.as_deref() == Some(own),
        };
        is_covered.then_some((
            "words on a ground of their own colour",
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

    /// Whether a row is hidden.
    pub(super) fn hides_row(&mut self, row: &Element) -> bool {
        let is_hidden = row.child("w:trPr").and_then(|look| look.is_on("w:hidden")) == Some(true);
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
        let is_hidden = near.and_then(|one| one.get("hidden")).is_some_and(is_on);
        if is_hidden {
            let alt = near.and_then(|one| one.get("descr")).unwrap_or_default();
            self.leave_unseen(("a hidden drawing", HIDDEN.1), &format!("{alt} {}", spoken(shape)));
        }
        is_hidden
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
